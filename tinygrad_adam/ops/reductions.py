"""The table of reductions: many elements become fewer along dimensions.

`dim` is an integer, several, or None for all; with `keepdim` they stay, with size 1.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from ..autograd.graph import ones
from ..autograd.sums import total
from . import _errors as errors
from .matmul import reshape
from .pointwise import abs, exp, only_where, sign, where
from .shapes import axis_of, expand, flip
from .softmax import FEW


def axes(dim: Any, ndim: Any) -> Any:
    """dim as a tuple of dimensions counted from the front; None, () and [] are all of them.

    Raises IndexError if there is no such dimension, RuntimeError if one is listed twice.
    """
    if type(dim) is int and ndim:
        return axis_of(dim, ndim),
    if dim is None or isinstance(dim, (tuple, list)) and not dim:
        return tuple(range(ndim))
    listed = dim if isinstance(dim, (tuple, list)) else (dim,)
    dims = tuple(axis_of(d, ndim) for d in listed)
    if len(set(dims)) < len(dims):
        raise errors.dim_repeated(dims)
    return dims if ndim else ()


def count(shape: Any, dim: Any) -> Any:
    """How many elements of an array of this shape are reduced to one over dim."""
    return math.prod(shape[i] for i in axes(dim, len(shape)))


def restore_dims(reduced: Any, shape: Any, dim: Any) -> Any:
    """What an array of this shape was reduced to over dim, as an array that broadcasts with it."""
    if dim is None or reduced.ndim == len(shape):
        return reduced
    dims = axes(dim, len(shape))
    return reshape(reduced, tuple(1 if i in dims else n for i, n in enumerate(shape)))


# Sums.

def _sum(input, dim=None, keepdim=False):
    dims = axes(dim, input.ndim)
    if input.ndim > 1 and dims == (input.ndim - 1,) and input.shape[-1] < FEW:
        if input.dtype.kind == 'f':
            sums = input @ ones(input.shape[-1], input.dtype)       # up to 8 times faster
            return sums[..., None] if keepdim else sums
    return total(input, dims, np.int64 if input.dtype.kind == 'u' else None, keepdim)


def _mean(input, dim=None, keepdim=False):
    n = count(input.shape, dim)
    return total(input, axes(dim, input.ndim), None, keepdim) / (n or np.nan)


def wide_var(input: Any, dim: Any, keepdim: Any, correction: Any) -> Any:
    """The variance in float64, as PyTorch computes it."""
    x = input.astype(np.float64)
    x -= _mean(x, dim, True)
    x *= x
    return _sum(x, dim, keepdim) / max(0, count(x.shape, dim) - correction)


def _var(input, dim, keepdim, correction):
    return wide_var(input, dim, keepdim, correction).astype(input.dtype, copy=False)


def _std(input, dim, keepdim, correction):
    return np.sqrt(wide_var(input, dim, keepdim, correction)).astype(input.dtype, copy=False)


def var_slope(g: Any, x: Any, dim: Any, correction: Any) -> Any:
    """The mean counts as constant: the deviations from it add up to 0."""
    freedom = count(x.shape, dim) - correction
    g = g * (2 / freedom if freedom else math.inf)
    return restore_dims(g, x.shape, dim) * (x - mean(x, dim, True))


def _logsumexp(input, dim, keepdim=False):
    """log(sum(exp(input))); the largest element is subtracted, so that exp cannot overflow."""
    dims = axes(dim, input.ndim)
    largest = np.maximum.reduce(input, dims, keepdims=True, initial=-np.inf)
    largest = np.where(np.isfinite(largest), largest, 0)
    out = np.log(total(np.exp(input - largest), dims, None, True)) + largest
    return out if keepdim else out.squeeze(dims)


def _cumsum(input, dim):
    floating = input.dtype.kind == 'f'      # then added up in float64, as in PyTorch
    sums = np.add.accumulate(np.atleast_1d(input), dim, np.float64 if floating else np.int64)
    sums += 0       # they start from 0, which -0 does not change
    return sums.reshape(input.shape).astype(input.dtype if floating else np.int64, copy=False)


sum: Row = primitive(_sum, input=lambda g, input_shape, dim:
                     expand(restore_dims(g, input_shape, dim), input_shape))
mean: Row = primitive(_mean, input=lambda g, input_shape, dim:
                      expand(restore_dims(g / count(input_shape, dim), input_shape, dim),
                             input_shape))
var: Row = primitive(_var, input=lambda g, input, dim, correction:
                     var_slope(g, input, dim, correction))
std: Row = primitive(_std, input=lambda g, out, input, dim, correction:     # 0 where it is 0
                     var_slope(where(out == 0, 0.0, g / (2 * out)), input, dim, correction))
logsumexp: Row = primitive(_logsumexp, input=lambda g, out, input, dim:
                           restore_dims(g, input.shape, dim)
                           * exp(input - restore_dims(out, input.shape, dim)))
cumsum: Row = primitive(_cumsum, input=lambda g, input_shape, dim:
                        flip(cumsum(flip(g, (dim,)), dim), (dim,)) if input_shape else g)


# Extremes.

def _amax(input, dim=None, keepdim=False):
    return np.maximum.reduce(input, axes(dim, input.ndim), None, None, keepdim)


def _amin(input, dim=None, keepdim=False):
    return np.minimum.reduce(input, axes(dim, input.ndim), None, None, keepdim)


def to_extremes(g: Any, out: Any, input: Any, dim: Any) -> Any:
    """g, divided evenly among the elements of input that equal the extreme out."""
    mask = input == restore_dims(out, input.shape, dim)
    return restore_dims(g, input.shape, dim) * mask / sum(mask, dim, True)


def to_extremes_of_all(g: Any, out: Any, input: Any) -> Any:
    """Likewise, where out is the extreme of all elements; of the nan, if there are any."""
    mask = (input == out) | (input != input)
    return only_where(g / sum(mask), mask)


amax: Row = primitive(_amax, input=to_extremes)
amin: Row = primitive(_amin, input=to_extremes)
max_of_all: Row = primitive(np.max, 'input', name='max', input=to_extremes_of_all)
min_of_all: Row = primitive(np.min, 'input', name='min', input=to_extremes_of_all)


# Without a derivative.

def _argmax(input, dim=None, keepdim=False):
    return index_of(np.argmax, input, dim, keepdim)


def _argmin(input, dim=None, keepdim=False):
    return index_of(np.argmin, input, dim, keepdim)


def index_of(extreme: Any, input: Any, dim: Any, keepdim: Any) -> Any:
    """The index of the extreme along dim; None is of the flat array."""
    if dim is None or not input.ndim:
        return extreme(input).reshape((1,) * input.ndim if keepdim else ())
    return extreme(input, dim, keepdims=keepdim)


def _all(input, dim=None, keepdim=False):
    return np.all(input, dim, keepdims=keepdim)


def _any(input, dim=None, keepdim=False):
    return np.any(input, dim, keepdims=keepdim)


argmax: Row = primitive(_argmax)
argmin: Row = primitive(_argmin)
all: Row = primitive(_all)
any: Row = primitive(_any)


# Norms.

def _vector_norm(input, ord, dim=None, keepdim=False):
    """(sum |input|^ord)^(1/ord), and its limits for the orders 0, inf and -inf."""
    if count(input.shape, dim) == 1 and ord:
        ord = 1                                     # of one element: its absolute value, exactly
    if ord == 2:
        return np.sqrt(_sum(input * input, dim, keepdim))
    if ord == 0:
        return _sum((input != 0).astype(input.dtype), dim, keepdim)
    size = np.abs(input)
    if np.isinf(ord):
        return (_amax if ord > 0 else _amin)(size, dim, keepdim)
    return _sum(size, dim, keepdim) if ord == 1 else _sum(size ** ord, dim, keepdim) ** (1 / ord)


def norm_slope(g: Any, out: Any, x: Any, ord: Any, dim: Any) -> Any:
    """PyTorch's formulas, which for orders up to infinity give 0 where the norm is 0, its kink."""
    g, out, size = restore_dims(g, x.shape, dim), restore_dims(out, x.shape, dim), abs(x)
    if ord == 0:
        return where(True, 0.0, g * x)
    if ord == 1:
        return g * sign(x)
    if ord == 2:
        return g * where(out == 0, 0.0, x / out)
    if np.isinf(ord):
        largest = (size == out) | (x != x)
        return sign(x) * (g / sum(largest, dim, True) * largest)
    if ord < 1:
        return sign(x) * where(x == 0, 0.0, size ** (ord - 1)) * g * out ** (1 - ord)
    slope = sign(x) * size ** (ord - 1) if ord < 2 else x * size ** (ord - 2)
    return slope * where(out == 0, 0.0, g / out ** (ord - 1))


def _distance(input, p, skip):
    """The norms of differences along the last dimension, nan where one is; but for p = inf, with
    skip, nan counts as 0."""
    if p == 0:
        return _sum(np.minimum(np.ceil(np.abs(input)), 1), -1)
    if p == np.inf:
        return (np.fmax if skip else np.maximum).reduce(np.abs(input), -1, initial=0)
    return _vector_norm(input, p, -1)


def distance_slope(g: Any, out: Any, input: Any, p: Any) -> Any:
    """As of norms, but nan where a difference is, all of g for each of equal largest ones, and 0 at
    kinks even if g is inf."""
    if p == 1:
        slope = where(input != input, input, sign(input))
    elif p == np.inf:
        gap = abs(input) - restore_dims(out, input.shape, -1)
        slope = sign(input) * where(gap == 0, 1.0, where(gap < 0, 0.0, gap))
    else:
        kink = (restore_dims(out, input.shape, -1) == 0) | (input == 0) & (p < 1)
        return where(kink, 0.0, norm_slope(g, out, input, p, -1))
    return restore_dims(g, input.shape, -1) * slope


vector_norm: Row = primitive(_vector_norm, input=lambda g, out, input, ord, dim:
                             norm_slope(g, out, input, ord, dim))
distance: Row = primitive(_distance, name='cdist', input=lambda g, out, input, p:
                          distance_slope(g, out, input, p))
