"""Normalisation of batches, layers and groups.

Subtract the mean, multiply by r, which is one over the standard deviation, and by a weight, and add
a bias. `normalize` is one operation after the mean is subtracted.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.nonfinite import quiet
from ..autograd.primitive import Row
from ..autograd.graph import ones
from ..autograd.sums import total
from .shapes import expand


def _average(input, dim):
    """The mean over the tuple dim, which stays with size 1; with fewer checks than `mean`."""
    if dim == (0,) and input.ndim == 2 and len(input) <= 64:
        sums = ones(len(input), input.dtype)[None] @ input
    else:
        sums = total(input, dim, keepdims=True)
    return sums / max(1, input.size // max(1, sums.size))


def _centre(input, mean, dim):
    return input - mean


def _inverse_deviation(centred, dim, eps):
    return 1 / np.sqrt(_average(centred * centred, dim) + eps)


def _normalize(centred, r, weight, bias, dim, eps):
    out = centred * (r if weight is None else r * weight)
    return out if bias is None else out + bias


def count(shape: Any, dim: Any) -> Any:
    """How many elements of an array of this shape are reduced over the tuple dim."""
    return math.prod(shape[i] for i in dim)


def r_of(centred: Any, r: Any, dim: Any, eps: Any) -> Any:
    """r, as a function of the input if the gradient is to be differentiated."""
    return r if isinstance(centred, np.ndarray) else inverse_deviation(centred, dim, eps)


def slope(g: Any, centred: Any, r: Any, weight: Any, dim: Any, eps: Any) -> Any:
    """The gradient of the centred input: as it grows, r shrinks, which removes from g the component
    along it."""
    g, r = g if weight is None else g * weight, r_of(centred, r, dim, eps)
    return (g - centred * (r * r * average(g * centred, dim))) * r


average: Row = primitive(_average, input=lambda g, input_shape, dim:
                         expand(g / count(input_shape, dim), input_shape))
centre: Row = primitive(_centre, input=lambda g, dim: g - average(g, dim))
inverse_deviation: Row = primitive(_inverse_deviation, centred=lambda g, out, centred, dim:
                                   -g * out * out * out * centred / count(centred.shape, dim))
normalize: Row = primitive(_normalize, centred=slope, bias=lambda g: g,
                           weight=lambda g, centred, r, dim, eps:
                           g * (centred * r_of(centred, r, dim, eps)))


def normalize_over(dim: Any, input: Any, weight: Any, bias: Any, eps: Any) -> Any:
    """The normalised input, and its mean and variance as arrays.

    The graph does not see mean, variance and r: the rules know how they depend on the input.
    """
    quiet()
    mean = _average(input._array, dim)
    centred = centre(input, mean, dim)
    var = _average(centred._array * centred._array, dim)
    if np.count_nonzero(mean * mean > 1e4 * var):   # then the last digits of the mean matter
        rest = _average(centred._array, dim)
        centred, mean = centre(centred, rest, dim), mean + rest
        var = _average(centred._array * centred._array, dim)
    return normalize(centred, 1 / np.sqrt(var + eps), weight, bias, dim, eps), mean, var
