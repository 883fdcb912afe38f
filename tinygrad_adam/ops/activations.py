"""Smooth activations. Each could be composed of rows of pointwise.py, slower or with overflow."""
from __future__ import annotations

import math

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from .pointwise import _sigmoid, exp, sigmoid, where

_erf_of_one = np.frompyfunc(math.erf, 1, 1)     # NumPy has none


def _erf(input):
    return np.asarray(_erf_of_one(input)).astype(input.dtype)


# np.where takes ten times as long as arithmetic if its condition changes at random.

def _leaky_relu(input, negative_slope):
    scaled = input * negative_slope
    return np.maximum(input, scaled) if 0 < negative_slope <= 1 else np.where(
        input > 0, input, scaled)


def _leaky_relu_slope(input, negative_slope):
    """1 where input > 0, negative_slope elsewhere."""
    positive = input > 0
    return positive + ~positive * input.dtype.type(negative_slope)


def _elu(input, alpha):
    return np.where(input > 0, input, alpha * np.expm1(np.minimum(input, 0)))


def _softplus(input, beta, threshold):
    z = input * beta
    smooth = (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / beta
    return np.where(z > threshold, input, smooth)


def _logsigmoid(input):
    return np.minimum(input, 0) - np.log1p(np.exp(-np.abs(input)))


def _silu(input):
    return input * _sigmoid(input)


erf: Row = primitive(_erf, input=lambda g, input:
                     g * exp(-input * input) * (2 / 3.141592653589793 ** 0.5))
leaky_relu_slope: Row = primitive(_leaky_relu_slope)
leaky_relu: Row = primitive(_leaky_relu, input=lambda g, input, negative_slope:
                            g * leaky_relu_slope(input, negative_slope))
elu: Row = primitive(_elu, input=lambda g, input, alpha:
                     g * where(input > 0, 1.0, alpha * exp(input)))
softplus: Row = primitive(_softplus, input=lambda g, input, beta, threshold:
                          g * where(input * beta > threshold, 1.0, sigmoid(input * beta)))
logsigmoid: Row = primitive(_logsigmoid, input=lambda g, input: g * sigmoid(-input))
silu: Row = primitive(_silu, input=lambda g, out, input: g * (sigmoid(input) * (1 - out) + out))
