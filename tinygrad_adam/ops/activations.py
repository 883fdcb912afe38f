"""Smooth activations. Each could be composed of rows of pointwise.py: slower, or with overflow."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import constant, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from .pointwise import _sigmoid, exp, only_where, sigmoid, tanh, where
from .special import of_each


@opaque
def _normal_cdf(input):
    """The probability that a standard normal variable is smaller."""
    return 0.5 * (1 + of_each(math.erf, input * 0.5 ** 0.5))


# np.where takes ten times as long as arithmetic if its condition changes at random.

def _leaky_relu(input, negative_slope):
    scaled = input * negative_slope
    return np.maximum(input, scaled) if 0 < negative_slope <= 1 else np.where(
        input > 0, input, scaled)


def _leaky_relu_slope(input, negative_slope):
    """1 where input > 0, negative_slope elsewhere."""
    positive = input > 0
    return positive + ~positive * input.dtype.type(negative_slope)


def _elu(input, alpha, scale, sharpness):
    return np.where(input > 0, scale * input,
                    scale * alpha * np.expm1(sharpness * np.minimum(0, input)))


def _softplus(input, beta, threshold):
    z = input * beta
    smooth = (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / beta
    return np.where(z > threshold, input, smooth)


def _logsigmoid(input):
    return np.minimum(input, 0) - np.log1p(np.exp(-np.abs(input)))


def _silu(input):
    return input * _sigmoid(input)


def _mish(input):
    return input * np.tanh(np.logaddexp(0, input))


def _hardswish(input):
    return input * np.minimum(np.maximum(input + 3, 0), 6) / 6


def _hardsigmoid(input):
    return np.minimum(np.maximum(input + 3, 0), 6) / 6


def _softshrink(input, lambd):
    return np.where(np.abs(input) <= lambd, input * 0, input - np.sign(input) * lambd)


def _hardshrink(input, lambd):
    return np.where(np.abs(input) <= lambd, input.dtype.type(0), input)


def _hardtanh(input, min_val, max_val):
    return np.minimum(max_val, np.maximum(min_val, input))


def _gelu(input, cdf):
    return input * cdf


def _gelu_tanh(input):
    return 0.5 * input * (1 + np.tanh(bend(input)))


def bend(x: Any) -> Any:
    """The argument of tanh in the approximation of gelu."""
    return 0.7978845608028654 * (x + 0.044715 * (x * x * x))


def gelu_slope(g: Any, x: Any, cdf: Any) -> Any:
    """cdf is an array; for a gradient that is to be differentiated it is recomputed as a tensor."""
    cdf = cdf if isinstance(x, np.ndarray) else normal_cdf(x)
    return g * (cdf + x * normal_density(x))


def gelu_tanh_slope(g: Any, x: Any) -> Any:
    t = tanh(bend(x))
    return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t)
                * (0.7978845608028654 * (1 + 0.134145 * (x * x))))


def silu_slope(g: Any, x: Any) -> Any:
    s = sigmoid(x)
    return g * s * (1 + x * (1 - s))


def elu_slope(g: Any, x: Any, alpha: Any, scale: Any, sharpness: Any) -> Any:
    negative = g * (alpha * scale * sharpness) * exp(only_where(x, x < 0) * sharpness)
    return where(x <= 0, negative, g * scale)


def mish_slope(g: Any, x: Any) -> Any:
    t = tanh(softplus(x, 1, 20))
    return g * (t + x * sigmoid(x) * (1 - t * t))


def hardswish_slope(g: Any, x: Any) -> Any:
    bent = where(x < 3, g * (x / 3 + 0.5), g)
    return only_where(bent, ~(x <= -3))


def shrink_slope(g: Any, x: Any, lambd: Any) -> Any:
    return only_where(g, ~((x >= -lambd) & (x <= lambd)))


def normal_density(x: Any) -> Any:
    return exp(-0.5 * (x * x)) * 0.3989422804014327


normal_cdf: Row = primitive(_normal_cdf, elementwise=True,
                            input=lambda g, input: g * normal_density(input))
gelu: Row = primitive(_gelu, elementwise=True, cdf=constant,
                      input=lambda g, input, cdf: gelu_slope(g, input, cdf))
gelu_tanh: Row = primitive(_gelu_tanh, name='gelu', elementwise=True,
                           input=lambda g, input: gelu_tanh_slope(g, input))
leaky_relu_slope: Row = primitive(_leaky_relu_slope, input=lambda g: only_where(g, False))
leaky_relu: Row = primitive(_leaky_relu, elementwise=True, input=lambda g, input, negative_slope:
                            g * leaky_relu_slope(input, negative_slope))
prelu: Row = primitive(
    lambda input, weight: np.where(input > 0, input, weight * input), name='prelu',
    input=lambda g, input, weight: where(input > 0, g, weight * g),
    weight=lambda g, input: where(input > 0, 0.0, input * g))
elu: Row = primitive(_elu, elementwise=True, input=lambda g, input, alpha, scale, sharpness:
                     elu_slope(g, input, alpha, scale, sharpness))
hardtanh: Row = primitive(_hardtanh, elementwise=True, input=lambda g, input, min_val, max_val:
                          only_where(g, ~((input <= min_val) | (input >= max_val))))
hardswish: Row = primitive(_hardswish, elementwise=True,
                           input=lambda g, input: hardswish_slope(g, input))
hardsigmoid: Row = primitive(_hardsigmoid, elementwise=True, input=lambda g, input:
                             only_where(g / 6, (input > -3) & (input < 3)))
softshrink: Row = primitive(_softshrink, elementwise=True, input=lambda g, input, lambd:
                            shrink_slope(g, input, lambd))
hardshrink: Row = primitive(_hardshrink, elementwise=True, input=lambda g, input, lambd:
                            shrink_slope(g, input, lambd))
mish: Row = primitive(_mish, elementwise=True, input=lambda g, input: mish_slope(g, input))
softplus: Row = primitive(_softplus, elementwise=True, input=lambda g, input, beta, threshold:
                          g * where(input * beta > threshold, 1.0, sigmoid(input * beta)))
logsigmoid: Row = primitive(_logsigmoid, input=lambda g, input: g * sigmoid(-input))
silu: Row = primitive(_silu, elementwise=True, input=lambda g, input: silu_slope(g, input))
