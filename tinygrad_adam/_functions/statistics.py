"""Medians, quantiles, running products, differences, distances.

They are composed of other functions, whose derivatives are theirs. The page of a function in
PyTorch's manual is https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ..autograd import TensorBase
from ..ops import sorting as table
from ..ops.reductions import distance
from ..ops.shapes import axis_of
from ..types import default_dtype
from . import _reduction_errors as errors
from ._arguments import tensor, typed
from ._pointwise_errors import not_floating_point
from .indexing import cat, gather, index_select, narrow
from .pointwise import clamp, isnan, lerp, logaddexp, where
from .products import product
from .reductions import ValuesAndIndices, any, argmax, cumsum, max as greatest
from .reductions import mean, std, sum, taken, var, vector_norm
from .shapes import flip, permute, reshape, unsqueeze
from .sorting import sort

if TYPE_CHECKING:
    from .._tensor import Tensor
    from ..types import dtype

INTERPOLATIONS = 'linear', 'lower', 'higher', 'midpoint', 'nearest'


class Median(ValuesAndIndices):
    """What median(input, dim) returns."""


class Nanmedian(ValuesAndIndices):
    """What nanmedian(input, dim) returns."""


class Kthvalue(ValuesAndIndices):
    """What kthvalue returns."""


class Mode(ValuesAndIndices):
    """What mode returns."""


# In order.

def axis_with_elements(function: str, x: Tensor, dim: int) -> tuple[int, int]:
    """dim counted from the front, and how many elements are along it; IndexError if there are none.

    function  the name of the public function, for the error
    x         a tensor
    dim       a dimension
    """
    axis = axis_of(dim, x.ndim)
    n = x.shape[axis] if x.ndim else 1
    if not n:
        raise errors.empty(function, x, axis)
    return axis, n


@typed
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element of all, or along dim: the lower one of two, and nan if there is a nan.

    input    a tensor of any shape, not of bools
    dim      a dimension; None: the median of all elements
    keepdim  whether to keep it with size 1

    Returns a tensor; for a dimension, a named tuple of values and indices. The gradient goes to
    that element; without a dimension, evenly to all that equal it. Raises IndexError if there are
    no elements along dim.
    """
    x = tensor(input, 'median')
    if x._array.dtype.kind == 'b':
        raise errors.median_of_bools()
    if dim is None:
        if not x.numel():
            return sum(x) * math.nan
        return evenly(x, median(reshape(x, (-1,)), 0).values)
    axis, n = axis_with_elements('median', x, dim)
    order = table.argsort(x, axis, False)
    middle = narrow(order, axis, (n - 1) // 2, 1) if x.ndim else order
    if x.ndim and x.is_floating_point():
        nans = isnan(x)
        middle = where(any(nans, axis, True), argmax(nans.float(), axis, True), middle)
    return Median(*taken(x, middle, axis, keepdim))


def evenly(x: Tensor, value: Tensor) -> Tensor:
    """One of the elements of x; its gradient is divided evenly among those that equal it.

    x      a tensor
    value  the element
    """
    if not x.is_floating_point():
        return value
    value = value.detach()
    return greatest(where((x == value) | isnan(value), x, -math.inf))


@typed
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The middle element of those that are not nan, as median; nan if there is nothing else.

    input    a tensor of any shape, not of bools
    dim      a dimension; None: the median of all elements
    keepdim  whether to keep it with size 1
    """
    x = tensor(input, 'nanmedian')
    if not x.is_floating_point() or dim is None and not x.numel():
        out = median(x, dim, keepdim)
        return out if dim is None else Nanmedian(*out)
    if dim is None:
        return evenly(x, nanmedian(reshape(x, (-1,)), 0).values)
    axis, _ = axis_with_elements('nanmedian', x, dim)
    at = table.argsort(x, axis, False)
    if x.ndim:
        at = gather(at, axis, clamp((sum(~isnan(x), axis, True) - 1) // 2, 0))
    return Nanmedian(*taken(x, at, axis, keepdim))


@typed
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> Kthvalue:
    """The k-th smallest element along dim, and where it is; nan is greater than all.

    input    a tensor of any shape, not of bools (NotImplementedError)
    k        1 for the smallest, up to the size of dim (RuntimeError)
    dim      a dimension
    keepdim  whether to keep it with size 1

    Returns a named tuple of values and indices. The gradient goes to that element.
    """
    x = tensor(input, 'kthvalue')
    if x._array.dtype.kind == 'b':
        raise errors.kthvalue_of_bools()
    axis, n = axis_with_elements('kthvalue', x, dim)
    if not 0 < k <= n:
        raise errors.rank_out_of_range(k, axis, n)
    at = table.argsort(x, axis, False)
    at = narrow(at, axis, k - 1, 1) if x.ndim else at
    return Kthvalue(*taken(x, at, axis, keepdim))


@typed
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> Mode:
    """The most frequent element along dim, and where it is last; the smallest of several.

    input    a tensor of any shape; each nan counts as another number
    dim      a dimension
    keepdim  whether to keep it with size 1

    Returns a named tuple of values and indices. The gradient goes to that element. Raises
    IndexError if there are no elements along dim.
    """
    x = tensor(input, 'mode')
    axis, _ = axis_with_elements('mode', x, dim)
    at = table.most_frequent(x, axis)
    return Mode(*taken(x, at, axis, keepdim))


@typed
def quantile(input: Tensor, q: Tensor | float, dim: int | None = None, keepdim: bool = False, *,
             interpolation: str = 'linear') -> Tensor:
    """The number below which a given fraction of the elements lies; nan if there is a nan.

    input          a floating-point tensor of any shape
    q              the fraction, in [0, 1], or a tensor of several, of input's dtype
    dim            a dimension; None: the quantile of all elements
    keepdim        whether to keep it with size 1
    interpolation  between two elements: 'linear', 'lower', 'higher', 'midpoint' or 'nearest'

    For several fractions the result has a first dimension that counts them. Raises RuntimeError if
    there are no elements.
    """
    x = tensor(input, 'quantile')
    if x._array.dtype.kind != 'f':
        raise errors.not_floating_point('quantile', x)
    if interpolation not in INTERPOLATIONS:
        raise errors.unknown_interpolation(interpolation, INTERPOLATIONS)
    if not x.numel():
        raise errors.quantile_of_nothing(x)
    if isinstance(q, TensorBase):
        if q._array.dtype != x._array.dtype or q._array.ndim > 1:
            raise errors.fractions_of_other_kind(q, x)
        fractions = reshape(q, (-1,))
    else:
        fractions = x.new_full((1,), q)
    if not ((fractions._array >= 0) & (fractions._array <= 1)).all():
        raise errors.no_fractions(q)
    shape = x._array.shape
    axis = 0 if dim is None else axis_of(dim, len(shape))
    kept = [1 if dim is None or i == axis else n for i, n in enumerate(shape)]
    if not keepdim:
        kept = [] if dim is None else kept[:axis] + kept[axis + 1:]
    y = sort(reshape(x, (-1,)) if dim is None or not shape else x, axis).values
    n = y.shape[axis]
    ranks = reshape(fractions * (n - 1), (-1,) + (1,) * (y.ndim - axis - 1))
    if interpolation == 'nearest':
        ranks = ranks.round()
    below, above = ranks.floor(), ranks.ceil()
    out, upper = (index_select(y, axis, reshape(rank, (-1,)).long()) for rank in (below, above))
    if interpolation == 'higher':
        out = upper
    elif interpolation in ('linear', 'midpoint'):
        weight = ranks - below
        out = lerp(out, upper, weight if interpolation == 'linear' else weight.ceil() * 0.5)
    last = narrow(y, axis, n - 1, 1)       # nan, if there is one
    out = where(isnan(last), last, out)
    if not isinstance(q, TensorBase) or not q._array.ndim:
        return reshape(out, tuple(kept))
    return cat([reshape(narrow(out, axis, i, 1), (1, *kept)) for i in range(len(fractions))])


# Running products and differences.

@typed
def cumprod(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The products of all elements up to each one along dim; the gradient is right even at 0.

    input  a tensor of any shape; integers and bools are multiplied as int64
    dim    a dimension
    dtype  what to convert input to first

    In each step the products of 1, 2, 4, ... neighbours become those of twice as many.
    """
    x = tensor(input, 'cumprod')
    axis = axis_of(dim, x.ndim)
    if dtype is not None:
        x = x.to(dtype=dtype)
    elif x._array.dtype.kind != 'f':
        x = x.long()
    if not x.ndim:
        return x.clone()
    n, width, out = x.shape[axis], 1, x.clone()
    while width < n:
        longer = narrow(out, axis, 0, n - width) * narrow(out, axis, width, n - width)
        out = cat([narrow(out, axis, 0, width), longer], axis)
        width *= 2
    return out


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The powers of the elements of a vector, a row for each: a Vandermonde matrix.

    x           (n,) (RuntimeError for another number of dimensions)
    N           how many powers, from x**0 on, not negative (RuntimeError); None: n
    increasing  whether x**0 is first, not last

    Returns a tensor (n, N), of integers and bools an int64 one.
    """
    if tensor(x, 'vander').ndim != 1:
        raise errors.powers_of_no_vector(x)
    columns = len(x) if N is None else N
    if columns < 0:
        raise errors.negative_number_of_powers(columns)
    x = x if x.is_floating_point() else x.long()
    if not columns:
        return narrow(unsqueeze(x, 1), 1, 0, 0)
    base = unsqueeze(x, 1)
    powers = cumprod(cat([base.new_ones(base.shape), *[base] * (columns - 1)], 1), 1)
    return powers if increasing else flip(powers, 1)


def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """log(cumsum(exp(input))) along dim, without overflow.

    input  a floating-point tensor of any shape (NotImplementedError)
    dim    a dimension

    In each step the sums of 1, 2, 4, ... neighbours become those of twice as many.
    """
    x = tensor(input, 'logcumsumexp')
    axis = axis_of(dim, x.ndim)
    if not x.is_floating_point():
        raise not_floating_point('logcumsumexp', x)
    n, width, out = x.shape[axis] if x.ndim else 1, 1, x.clone()
    while width < n:
        longer = logaddexp(narrow(out, axis, 0, n - width), narrow(out, axis, width, n - width))
        out = cat([narrow(out, axis, 0, width), longer], axis)
        width *= 2
    return out


def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float | None = None,
              dim: int = -1) -> Tensor:
    """The area below a line through points, along dim.

    y    the heights of the points, not bools (RuntimeError)
    x    where they are: (n,), or a tensor that broadcasts with y; None: dx apart
    dx   the distance of all from the next; None: 1. Not with x (TypeError)
    dim  the dimension of y that counts the points

    Raises IndexError for a y without dimensions, RuntimeError if x has another number of points.
    """
    return sum(areas('trapezoid', y, x, dx, dim), axis_of(dim, y.ndim)) / 2


def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: float | None = None,
                         dim: int = -1) -> Tensor:
    """The area below a line through points up to each of them but the first, along dim.

    y    the heights of the points, not bools (RuntimeError)
    x    where they are: (n,), or a tensor that broadcasts with y; None: dx apart
    dx   the distance of all from the next; None: 1. Not with x (TypeError)
    dim  the dimension of y that counts the points

    Returns a tensor with one element less along dim. Raises as trapezoid.
    """
    return cumsum(areas('cumulative_trapezoid', y, x, dx, dim), axis_of(dim, y.ndim)) / 2


def areas(function: str, y: Tensor, x: Tensor | None, dx: float | None, dim: int) -> Tensor:
    """Twice the area between each two neighbours.

    function  the name of the public function, whose arguments are y, x, dx, dim
    """
    for name, given in (('y', y), ('x', x)):
        if given is not None and tensor(given, function, name)._array.dtype.kind == 'b':
            raise errors.trapezoid_of_bools(function, name)
    if not y.ndim:
        raise errors.trapezoid_of_a_number(function)
    if x is not None and dx is not None:
        raise errors.two_kinds_of_distances(function)
    axis = axis_of(dim, y.ndim)
    n = y.shape[axis]
    size = max(n - 1, 0)
    both = narrow(y, axis, 0, size) + narrow(y, axis, n - size, size)
    if x is None:
        return both if dx is None else both * dx
    if not 0 < x.ndim <= y.ndim:
        raise errors.points_of_other_dimensions(function, x, y)
    if x.ndim == 1:
        if len(x) != n:
            raise errors.points_do_not_match(function, x, n)
        x = reshape(x, (n,) + (1,) * (y.ndim - axis - 1))
    return both * diff(x, dim=axis - y.ndim)


@typed
def diff(input: Tensor, n: int = 1, dim: int = -1, prepend: Tensor | None = None,
         append: Tensor | None = None) -> Tensor:
    """The differences of neighbours along dim; of bools, whether they differ.

    input    a tensor of at least one dimension
    n        how often differences are taken; for 0 the result is input
    dim      a dimension
    prepend  a tensor to join before the first element, of as many dimensions; None: nothing
    append   a tensor to join after the last one
    """
    x = tensor(input, 'diff')
    if not x.ndim:
        raise errors.diff_of_a_number()
    if n < 0:
        raise errors.negative_order(n)
    for more in (prepend, append):
        if more is not None and tensor(more, 'diff', 'prepend').ndim != x.ndim:
            raise errors.joined_of_other_dimensions(more, x)
    axis = axis_of(dim, x.ndim)
    if not n:
        return x.clone()
    parts = [y for y in (prepend, x, append) if y is not None]
    out = cat(parts, axis) if len(parts) > 1 else x
    for _ in range(min(n, out.shape[axis])):
        size = out.shape[axis] - 1
        before, after = narrow(out, axis, 0, size), narrow(out, axis, 1, size)
        out = after ^ before if out._array.dtype.kind == 'b' else after - before
    return out


# Means beside variances, and sums without nan.

def std_mean(input: Tensor, dim: int | Sequence[int] | bool | None = None,
             unbiased: bool | None = None, keepdim: bool = False, *,
             correction: float | None = None) -> tuple[Tensor, Tensor]:
    """std and mean along dim, as a pair.

    input       a floating-point tensor of any shape
    dim         a dimension, several, or None: all; a bool here is unbiased
    unbiased    True is correction 1, False is correction 0
    keepdim     whether to keep the reduced dimensions with size 1
    correction  what to subtract from the number of elements; None: as unbiased says, or else 1
    """
    dims = None if isinstance(dim, bool) else dim
    return (std(input, dim, unbiased, keepdim, correction=correction), mean(input, dims, keepdim))


def var_mean(input: Tensor, dim: int | Sequence[int] | bool | None = None,
             unbiased: bool | None = None, keepdim: bool = False, *,
             correction: float | None = None) -> tuple[Tensor, Tensor]:
    """var and mean along dim, as a pair.

    input       a floating-point tensor of any shape
    dim         a dimension, several, or None: all; a bool here is unbiased
    unbiased    True is correction 1, False is correction 0
    keepdim     whether to keep the reduced dimensions with size 1
    correction  what to subtract from the number of elements; None: as unbiased says, or else 1
    """
    dims = None if isinstance(dim, bool) else dim
    return (var(input, dim, unbiased, keepdim, correction=correction), mean(input, dims, keepdim))


def nansum(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
           dtype: dtype | None = None) -> Tensor:
    """The sum along dim, in which nan counts as 0.

    input    a tensor of any shape
    dim      a dimension, several, or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert input to first
    """
    x = tensor(input, 'nansum')
    x = where(isnan(x), 0.0, x) if x.is_floating_point() else x
    return sum(x, dim, keepdim, dtype=dtype)


def nanmean(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
            dtype: dtype | None = None) -> Tensor:
    """The mean along dim of what is not nan; nan if there is nothing else.

    input    a floating-point tensor of any shape (RuntimeError)
    dim      a dimension, several, or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert input to first
    """
    x = tensor(input, 'nanmean')
    if not x.is_floating_point():
        raise errors.nanmean_of_integers(x)
    if dtype is not None and not dtype.is_floating_point:
        raise errors.nanmean_in_integers(dtype)
    return nansum(x, dim, keepdim, dtype=dtype) / sum(~isnan(x), dim, keepdim)


# Distances.

def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The length of the difference of two tensors, as one vector.

    input  a floating-point tensor
    other  a tensor, of a shape that broadcasts with input's
    p      the order of the norm, as in linalg.vector_norm
    """
    return vector_norm(tensor(input, 'dist') - tensor(other, 'dist', 'other'), p)


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0,
          compute_mode: str = 'use_mm_for_euclid_dist_if_necessary') -> Tensor:
    """The distance of each vector of one tensor from each of another.

    x1            (..., n, m), floating-point
    x2            (..., k, m), of the same dtype
    p             the order of the norm, at least 0
    compute_mode  one of PyTorch's three names for ways to compute it; here there is one, by
                  differences, which loses nothing

    Returns a tensor (..., n, k). Where two vectors are equal, the gradient is 0; for p = inf nan
    does not count, and each of equal largest differences has the whole gradient.
    """
    if compute_mode not in ('use_mm_for_euclid_dist_if_necessary', 'use_mm_for_euclid_dist',
                            'donot_use_mm_for_euclid_dist'):
        raise errors.unknown_compute_mode(compute_mode)
    for name, x in (('x1', x1), ('x2', x2)):
        if tensor(x, 'cdist', name).ndim < 2 or x._array.dtype.kind != 'f':
            raise errors.no_points(name, x)
    if x1.shape[-1] != x2.shape[-1] or x1.dtype != x2.dtype:
        raise errors.points_differ(x1, x2)
    if p < 0:
        raise errors.negative_norm(p)
    return distance(unsqueeze(x1, -2) - unsqueeze(x2, -3), p, True)


# Of several variables.

@typed
def cov(input: Tensor, *, correction: int = 1) -> Tensor:
    """The covariances of variables.

    input       a row for each variable, a column for each observation; a vector is one variable
    correction  what is subtracted from the number of observations, by which is divided

    Returns a matrix, or a number for one variable.
    """
    x = tensor(input, 'cov')
    if x.ndim > 2:
        raise errors.too_many_dimensions('cov', x)
    x = x if x.is_floating_point() else x.to(default_dtype())
    rows = x if x.ndim == 2 else reshape(x, (1, x.numel()))
    n = rows.shape[1] - correction
    rows = rows - mean(rows, 1, True)
    out = product(rows, permute(rows, (1, 0))) / (n if n > 0 else 0)
    return out[0, 0] if len(rows) == 1 else out


def corrcoef(input: Tensor) -> Tensor:
    """The correlation coefficients of variables, in [-1, 1].

    input  a row for each variable, a column for each observation; a vector is one variable

    Returns a matrix, or a number for one variable.
    """
    if tensor(input, 'corrcoef').ndim > 2:
        raise errors.too_many_dimensions('corrcoef', input)
    out = cov(input)
    if not out.ndim:
        return out / out
    deviation = out.diagonal().sqrt()
    return clamp(out / deviation / unsqueeze(deviation, 1), -1, 1)


# The extremes so far.

class Cummax(ValuesAndIndices):
    """What cummax(input, dim) returns."""


class Cummin(ValuesAndIndices):
    """What cummin(input, dim) returns."""


def cummax(input: Tensor, dim: int) -> Cummax:
    """The largest element up to each along dim, and where it is: the last one of equal ones.

    input  a tensor of any shape
    dim    a dimension
    """
    return Cummax(*extremes_so_far(tensor(input, 'cummax'), dim, np.maximum))


def cummin(input: Tensor, dim: int) -> Cummin:
    """The smallest element up to each along dim, and where it is: the last one of equal ones.

    input  a tensor of any shape
    dim    a dimension
    """
    return Cummin(*extremes_so_far(tensor(input, 'cummin'), dim, np.minimum))


def extremes_so_far(x: Tensor, dim: int, larger: np.ufunc) -> tuple[Tensor, Tensor]:
    """The values and the indices of cummax, or of cummin.

    x       a tensor
    dim     a dimension
    larger  np.maximum or np.minimum
    """
    axis = axis_of(dim, x.ndim)
    array = np.atleast_1d(x._array)
    so_far = larger.accumulate(array, axis)
    new = (array == so_far) | (array != array)
    counted = np.arange(array.shape[axis]).reshape([-1 if i == axis else 1
                                                    for i in range(array.ndim)])
    at = np.maximum.accumulate(np.where(new, counted, 0), axis).reshape(x._array.shape)
    indices = x._kind._of(at)
    return gather(x, axis, indices), indices
