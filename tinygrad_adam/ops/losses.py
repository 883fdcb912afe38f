"""Losses of each element, with rules of their own instead of those of their steps."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from .activations import _logsigmoid, logsigmoid
from .pointwise import abs, clamp, log, sigmoid


# Huber's loss of a difference d: its derivative is d, but at most delta in size.

def _huber(d, delta):
    size = np.abs(d)
    return np.where(size < delta, 0.5 * d * d, delta * (size - 0.5 * delta))


def _huber_slope(d, delta):
    return np.minimum(delta, np.maximum(-delta, d))


huber_slope: Row = primitive(_huber_slope, d=lambda g, d, delta: g * (abs(d) < delta))
huber: Row = primitive(_huber, elementwise=True, d=lambda g, d, delta: g * huber_slope(d, delta))


# x log x, which is 0 at 0, where it has no derivative.

def _xlogx(input):
    return np.where(input == 0, 0, input * np.log(input))


xlogx: Row = primitive(_xlogx, elementwise=True,
                       input=lambda g, input: g * log(input) + g * input / input)


# Binary cross-entropy of probabilities, in which a logarithm counts as at least -100; and of
# scores, whose sigmoid is the probability.

def _binary_cross_entropy(input, target):
    with np.errstate(divide='ignore'):
        return ((target - 1) * np.maximum(np.log1p(-input), -100)
                - target * np.maximum(np.log(input), -100))


def _binary_cross_entropy_with_logits(input, target, pos_weight):
    positive = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    return (1 - target) * input - positive * _logsigmoid(input)


def logits_slope(g: Any, x: Any, target: Any, pos_weight: Any) -> Any:
    if pos_weight is None:
        return g * (sigmoid(x) - target)
    return g * ((pos_weight * target + 1 - target) * sigmoid(x) - pos_weight * target)


def target_slope(g: Any, x: Any, pos_weight: Any) -> Any:
    return g * (-x if pos_weight is None else logsigmoid(-x) - pos_weight * logsigmoid(x))


TINY = float(np.float32(1e-12))
binary_cross_entropy: Row = primitive(
    _binary_cross_entropy, elementwise=True,
    input=lambda g, input, target: g * (input - target) / clamp(input * (1 - input), TINY, None),
    target=lambda g, input: g * (log(1 - input) - log(input)))
binary_cross_entropy_with_logits: Row = primitive(
    _binary_cross_entropy_with_logits, elementwise=True,
    input=lambda g, input, target, pos_weight: logits_slope(g, input, target, pos_weight),
    target=lambda g, input, pos_weight: target_slope(g, input, pos_weight))
