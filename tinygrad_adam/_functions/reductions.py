"""Functions that reduce a tensor along dimensions: sums, means, extremes, norms, comparisons.

Where `dim` may be None, that means all dimensions; with `keepdim`, the reduced dimensions stay in
the result, with size 1. NumPy's names, axis and keepdims, are taken too. What is computed, and the
derivatives, are in ops/reductions.py. The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Sequence, overload

import numpy as np

from ..autograd import TensorBase
from ..ops import pointwise
from ..ops import reductions as table
from ..ops.shapes import axis_of, unpacked
from ..types import default_dtype
from . import _reduction_errors as errors
from ._arguments import check, tensor, typed
from ._tensor_errors import keepdim_without_dim
from .indexing import cat, gather, narrow
from .pointwise import isclose, maximum, minimum
from .shapes import Sizes, reshape, whole

if TYPE_CHECKING:
    from .._tensor import Tensor
    from ..types import dtype


UINT8 = np.dtype('uint8')


def told(results: Any, module: str = '') -> str:
    """How a named tuple of results is printed: as torch.return_types.NAME.

    results  the tuple
    module   what NAME begins with
    """
    name = f'{module}{type(results).__name__.lower()}'
    parts = [f'{field}={value!r}' for field, value in zip(results._fields, results)]
    return f'torch.return_types.{name}(\n' + ',\n'.join(parts) + ')'


class ValuesAndIndices(NamedTuple):
    """Two tensors, by name and as a tuple."""

    values: Tensor
    indices: Tensor

    __repr__ = told


class Max(ValuesAndIndices):
    """What max(input, dim) returns."""


class Min(ValuesAndIndices):
    """What min(input, dim) returns."""


def some_dims(dim: Any, input: Tensor) -> Any:
    """What the user passed, as a number, a tuple of them, or None. Raises TypeError or IndexError.

    dim    a dimension, several, or None: all
    input  a tensor
    """
    return dim if dim is None or type(dim) is int else table.axes(dim, input._array.ndim)


def dropped(input: Tensor, dim: int, keepdim: bool) -> Tensor:
    """input without dimension dim, which has size 1, unless keepdim.

    input    a tensor
    dim      a dimension, counted from the front
    keepdim  whether to return input as it is
    """
    shape = input._array.shape
    return input if keepdim or not shape else reshape(input, shape[:dim] + shape[dim + 1:])


def taken(input: Tensor, indices: Tensor, dim: int, keepdim: bool) -> tuple[Tensor, Tensor]:
    """The elements at these indices along dim, and the indices, both without dim unless keepdim.

    input    a tensor
    indices  of input's shape, but for dim, which has size 1
    dim      a dimension, counted from the front
    keepdim  whether to keep it
    """
    return dropped(gather(input, dim, indices), dim, keepdim), dropped(indices, dim, keepdim)


# Sums.

@typed
def sum(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
        dtype: dtype | None = None) -> Tensor:
    """The sum along dim.

    input    a tensor of any shape; integers and bools are added up as int64
    dim      a dimension, several, or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert input to first
    """
    tensor(input, 'sum')
    dims = some_dims(dim, input)
    if dtype is None:
        return table.sum(input, dims, keepdim)
    return table.sum(input.to(dtype=dtype), dims, keepdim).to(dtype)


def sum_to_size(input: Tensor, size: Sizes, *more: int) -> Tensor:
    """The sum along all dimensions that expand would add or enlarge: what it does, backwards.

    input  a tensor of any shape
    size   the sizes of the result, in one tuple or one by one; they broadcast to input's shape
           (RuntimeError)

    Integers are added up as int64.
    """
    sizes, shape = whole(unpacked(size, more), 'sum_to_size'), tensor(input, 'sum_to_size').shape
    new = len(shape) - len(sizes)
    if new < 0 or True in [n not in (1, old) for n, old in zip(sizes, shape[new:])]:
        raise errors.not_expandable(sizes, shape)
    dims = tuple(i for i, n in enumerate(shape) if i < new or n != sizes[i - new])
    out = table.sum(input, dims, True) if dims else input
    return reshape(out, sizes)


@typed
def mean(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False, *,
         dtype: dtype | None = None) -> Tensor:
    """The mean along dim; nan if there are no elements.

    input    a floating-point tensor of any shape
    dim      a dimension, several, or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert input to first

    Raises RuntimeError for integers, unless dtype is given.
    """
    tensor(input, 'mean')
    x = input if dtype is None else input.to(dtype=dtype)
    if x._array.dtype.kind != 'f':
        raise errors.mean_of_integers(x)
    return table.mean(x, some_dims(dim, x), keepdim)


@typed
def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *,
         dtype: dtype | None = None) -> Tensor:
    """The product along dim; its gradient is right even where elements are 0.

    input    a tensor of any shape; integers and bools are multiplied as int64
    dim      a dimension, or None: all
    keepdim  whether to keep it with size 1
    dtype    what to convert input to first
    """
    x = tensor(input, 'prod')
    if dtype is not None:
        x = x.to(dtype=dtype)
    elif x._array.dtype.kind != 'f':
        x = x.long()
    axis, shape = 0 if dim is None else axis_of(dim, x.ndim), x._array.shape
    if dim is None or not shape:
        x = reshape(x, (-1,))
    if x._array.shape[axis] == 1:
        x = x.clone()
    while x._array.shape[axis] > 1:     # in pairs, so that the derivative of * is enough
        half, odd = divmod(x._array.shape[axis], 2)
        pairs = narrow(x, axis, 0, half) * narrow(x, axis, half, half)
        x = cat([pairs, narrow(x, axis, 2 * half, 1)], axis) if odd else pairs
    if not x._array.shape[axis]:
        x = table.sum(x, axis, True) + 1
    if dim is None or not shape:
        return reshape(x, (1,) * len(shape) if keepdim else ())
    return dropped(x, axis, keepdim)


@typed
def logsumexp(input: Tensor, dim: int | Sequence[int], keepdim: bool = False) -> Tensor:
    """log(sum(exp(input))) along dim, without overflow.

    input    a tensor of any shape
    dim      a dimension or several
    keepdim  whether to keep them with size 1
    """
    x = tensor(input, 'logsumexp')
    if dim is None:
        raise errors.no_dim_to_sum()
    x = x if x.is_floating_point() else x.to(default_dtype())
    return table.logsumexp(x, some_dims(dim, x), keepdim)


@typed
def cumsum(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
    """The sums of all elements up to each one along dim.

    input  a tensor of any shape; integers and bools are added up as int64
    dim    a dimension
    dtype  what to convert input to first

    Returns a tensor of input's shape.
    """
    dim = axis_of(dim, tensor(input, 'cumsum').ndim)
    if dtype is None:
        return table.cumsum(input, dim)
    return table.cumsum(input.to(dtype=dtype), dim).to(dtype)


# Variances and norms.

@typed
def var(input: Tensor, dim: int | Sequence[int] | bool | None = None, unbiased: bool | None = None,
        keepdim: bool = False, *, correction: float | None = None) -> Tensor:
    """The variance along dim: the sum of squared distances from the mean over n - correction.

    input       a floating-point tensor of any shape
    dim         a dimension, several, or None: all; a bool here is unbiased
    unbiased    True is correction 1, False is correction 0
    keepdim     whether to keep the reduced dimensions with size 1
    correction  what to subtract from the number of elements n; None: as unbiased says, or else 1

    Warns if n - correction is not positive, when the result is inf or nan.
    """
    return spread(table.var, 'var', tensor(input, 'var'), dim, unbiased, keepdim, correction)


@typed
def std(input: Tensor, dim: int | Sequence[int] | bool | None = None, unbiased: bool | None = None,
        keepdim: bool = False, *, correction: float | None = None) -> Tensor:
    """The standard deviation along dim: the root of var. Its gradient is 0 where it is 0.

    input       a floating-point tensor of any shape
    dim         a dimension, several, or None: all; a bool here is unbiased
    unbiased    True is correction 1, False is correction 0
    keepdim     whether to keep the reduced dimensions with size 1
    correction  what to subtract from the number of elements n; None: as unbiased says, or else 1

    Warns if n - correction is not positive, when the result is inf or nan.
    """
    return spread(table.std, 'std', tensor(input, 'std'), dim, unbiased, keepdim, correction)


def spread(row: Callable[..., Tensor], function: str, input: Tensor, dim: Any,
           unbiased: bool | None, keepdim: bool, correction: float | None) -> Tensor:
    """What var and std share.

    row       table.var or table.std
    function  the name of the public function, whose arguments are the others:
              input, dim, unbiased, keepdim, correction
    """
    if input._array.dtype.kind != 'f':
        raise errors.variance_of_integers(input)
    if isinstance(dim, bool):
        if keepdim or unbiased is not None:
            raise keepdim_without_dim(function)
        dim, unbiased = None, dim
    if unbiased is not None:
        check(unbiased, bool, function, 'unbiased')
    if unbiased is not None and correction is not None:
        raise errors.two_corrections(function, unbiased, correction)
    if correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    dim = some_dims(dim, input)
    n = table.count(input._array.shape, dim)
    if n <= correction:
        errors.warn_of_degrees_of_freedom(function, n, correction)
    return row(input, dim, keepdim, correction)


@typed
def vector_norm(x: Tensor, ord: float = 2, dim: int | Sequence[int] | None = None,
                keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """The length of vectors along dim: (sum |x|^ord)^(1/ord).

    x        a floating-point tensor of any shape
    ord      a number; inf and -inf give the largest and the smallest |x|, 0 how many are not 0
    dim      a dimension, several (counted as one vector), or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert x to first

    The gradient is 0 where the norm is 0.
    https://pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html
    """
    tensor(x, 'linalg.vector_norm', 'x')
    x = x if dtype is None else x.to(dtype=dtype)
    if x._array.dtype.kind != 'f':
        raise errors.not_floating_point('linalg.vector_norm', x)
    dim, shape = some_dims(dim, x), x._array.shape
    if (ord < 0 or ord == math.inf) and 0 in [shape[d] for d in table.axes(dim, len(shape))]:
        raise errors.norm_of_nothing(ord, shape, dim)
    return table.vector_norm(x, ord, dim, keepdim)


def norm(input: Tensor, p: float | str | None = 'fro', dim: int | Sequence[int] | None = None,
         keepdim: bool = False, dtype: dtype | None = None) -> Tensor:
    """The length of vectors along dim: (sum |input|^p)^(1/p), as linalg.vector_norm.

    input    a floating-point tensor of any shape
    p        a number, inf or -inf; 'fro' and None are 2
    dim      a dimension, several (counted as one vector), or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert input to first
    """
    if p is None or p == 'fro':
        p = 2
    if isinstance(p, str):
        raise errors.matrix_norm(p)
    return vector_norm(tensor(input, 'norm'), p, dim, keepdim, dtype=dtype)


# Extremes.

@typed
def amax(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """The largest element along dim. Equal ones share the gradient evenly.

    input    a tensor of any shape
    dim      a dimension, several, or None: all
    keepdim  whether to keep them with size 1

    Raises IndexError, or RuntimeError if there are no elements.
    """
    return extreme(table.amax, 'amax', input, dim, keepdim)


@typed
def amin(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """The smallest element along dim. Equal ones share the gradient evenly.

    input    a tensor of any shape
    dim      a dimension, several, or None: all
    keepdim  whether to keep them with size 1

    Raises IndexError, or RuntimeError if there are no elements.
    """
    return extreme(table.amin, 'amin', input, dim, keepdim)


class AMinMax(NamedTuple):
    """What aminmax returns."""

    min: Tensor
    max: Tensor

    __repr__ = told


@typed
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> AMinMax:
    """The smallest and the largest element along dim, as amin and amax.

    input    a tensor of any shape
    dim      a dimension; None: all
    keepdim  whether to keep it with size 1

    Raises IndexError, or RuntimeError if there are no elements.
    """
    return AMinMax(*[extreme(row, 'aminmax', input, dim, keepdim)
                     for row in (table.amin, table.amax)])


def extreme(row: Callable[..., Tensor], function: str, input: Tensor, dim: Any,
            keepdim: bool) -> Tensor:
    """What amax and amin share.

    row       table.amax or table.amin
    function  the name of the public function, whose arguments are input, dim, keepdim
    """
    if not tensor(input, function)._array.size and dim in (None, (), []):
        raise errors.empty_extreme(function)
    dim = some_dims(dim, input)
    if not input._array.size and not table.count(input._array.shape, dim):
        raise errors.empty(function, input, dim)
    return row(input, dim, keepdim)


@typed
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The index of the largest element along dim; of equal ones, the first.

    input    a tensor of any shape
    dim      a dimension; None: the index in the flattened tensor
    keepdim  whether to keep the reduced dimensions with size 1

    Returns an int64 tensor. Raises IndexError if there are no elements, RuntimeError for bools.
    """
    if tensor(input, 'argmax')._array.dtype.kind == 'b':
        raise errors.extreme_of_bools('argmax')
    return index_of_extreme(table.argmax, 'argmax', input, dim, keepdim)


@typed
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """The index of the smallest element along dim; of equal ones, the first.

    input    a tensor of any shape
    dim      a dimension; None: the index in the flattened tensor
    keepdim  whether to keep the reduced dimensions with size 1

    Returns an int64 tensor. Raises IndexError if there are no elements, RuntimeError for bools.
    """
    if tensor(input, 'argmin')._array.dtype.kind == 'b':
        raise errors.extreme_of_bools('argmin')
    return index_of_extreme(table.argmin, 'argmin', input, dim, keepdim)


def index_of_extreme(row: Callable[..., Tensor], function: str, input: Tensor, dim: int | None,
                     keepdim: bool) -> Tensor:
    """What argmax, argmin, and max and min along a dimension share.

    row       table.argmax or table.argmin
    function  the name of the public function, whose arguments are input, dim, keepdim
    """
    if dim is not None:
        dim = axis_of(dim, input.ndim)
        if 0 in input._array.shape[dim:dim + 1]:
            raise errors.empty(function, input, dim)
    elif not input._array.size:
        raise errors.empty_index(function, input)
    return row(input, dim, keepdim)


@overload
def max(input: Tensor, dim: None = None, keepdim: bool = False, *,
        other: Tensor | None = None) -> Tensor: ...


@overload
def max(input: Tensor, dim: Tensor) -> Tensor: ...


@overload
def max(input: Tensor, dim: int, keepdim: bool = False) -> Max: ...


@typed
def max(input: Tensor, dim: Any = None, keepdim: bool = False, *,
        other: Tensor | None = None) -> Any:
    """The largest element of all, or along dim; or the larger of two, element by element.

    input    a tensor of any shape
    dim      a dimension; None: all; a tensor by position, without keepdim, is other
    keepdim  whether to keep dim with size 1
    other    a tensor, of a shape that broadcasts with input's

    Returns a tensor; for a dimension, a named tuple of values and indices. Equal elements share
    the gradient evenly; along a dimension, the first of them gets it all. Raises
    RuntimeError, or IndexError along a dimension, if there are no elements.
    """
    if isinstance(dim, TensorBase) and other is None and (dim._array.ndim or not keepdim):
        dim, other = None, dim
    if other is not None and dim is not None or keepdim and dim is None:
        raise errors.not_both('max', dim, keepdim, other)
    if other is not None:
        return maximum(tensor(input, 'max'), other)
    if dim is not None:
        return Max(*along_dim(table.argmax, 'max', tensor(input, 'max'), dim, keepdim))
    if not tensor(input, 'max')._array.size:
        raise errors.empty_extreme('max')
    return table.max_of_all(input)


@overload
def min(input: Tensor, dim: None = None, keepdim: bool = False, *,
        other: Tensor | None = None) -> Tensor: ...


@overload
def min(input: Tensor, dim: Tensor) -> Tensor: ...


@overload
def min(input: Tensor, dim: int, keepdim: bool = False) -> Min: ...


@typed
def min(input: Tensor, dim: Any = None, keepdim: bool = False, *,
        other: Tensor | None = None) -> Any:
    """The smallest element of all, or along dim; or the smaller of two, element by element.

    input    a tensor of any shape
    dim      a dimension; None: all; a tensor by position, without keepdim, is other
    keepdim  whether to keep dim with size 1
    other    a tensor, of a shape that broadcasts with input's

    Returns a tensor; for a dimension, a named tuple of values and indices. Equal elements share
    the gradient evenly; along a dimension, the first of them gets it all. Raises
    RuntimeError, or IndexError along a dimension, if there are no elements.
    """
    if isinstance(dim, TensorBase) and other is None and (dim._array.ndim or not keepdim):
        dim, other = None, dim
    if other is not None and dim is not None or keepdim and dim is None:
        raise errors.not_both('min', dim, keepdim, other)
    if other is not None:
        return minimum(tensor(input, 'min'), other)
    if dim is not None:
        return Min(*along_dim(table.argmin, 'min', tensor(input, 'min'), dim, keepdim))
    if not tensor(input, 'min')._array.size:
        raise errors.empty_extreme('min')
    return table.min_of_all(input)


def along_dim(row: Callable[..., Tensor], function: str, input: Tensor, dim: int,
              keepdim: bool) -> tuple[Tensor, Tensor]:
    """The extremes along a dimension, and their indices.

    row       table.argmax or table.argmin
    function  the name of the public function, whose arguments are input, dim, keepdim
    """
    indices = index_of_extreme(row, function, input, dim, True)
    return taken(input, indices, axis_of(dim, input.ndim), keepdim)


# Truth.

@typed
def all(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Whether all elements along dim are true: not 0.

    input    a tensor of any shape
    dim      a dimension, several, or None: all; an empty tuple: none
    keepdim  whether to keep them with size 1

    Returns a tensor of bools; of 0 and 1 for uint8.
    """
    return truth(table.all, tensor(input, 'all'), dim, keepdim)


@typed
def any(input: Tensor, dim: int | Sequence[int] | None = None, keepdim: bool = False) -> Tensor:
    """Whether any element along dim is true: not 0.

    input    a tensor of any shape
    dim      a dimension, several, or None: all; an empty tuple: none
    keepdim  whether to keep them with size 1

    Returns a tensor of bools; of 0 and 1 for uint8.
    """
    return truth(table.any, tensor(input, 'any'), dim, keepdim)


def truth(row: Callable[..., Tensor], input: Tensor, dim: Any, keepdim: bool) -> Tensor:
    """What all and any share: uint8 were bools once, and stay what they are.

    row      table.all or table.any
    input    a tensor
    dim      what the user passed; an empty tuple is no dimension, as in PyTorch
    keepdim  whether to keep the reduced dimensions with size 1
    """
    none = isinstance(dim, (tuple, list)) and not dim
    out = row(input, () if none else table.axes(dim, input._array.ndim), keepdim)
    return pointwise.cast(out, UINT8) if input._array.dtype == UINT8 else out


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8,
             equal_nan: bool = False) -> bool:
    """Whether |input - other| <= atol + rtol * |other| for all elements.

    input      a tensor
    other      a tensor, of a shape that broadcasts with input's
    rtol       the relative tolerance
    atol       the absolute tolerance
    equal_nan  whether two nan count as close
    """
    return bool(isclose(input, other, rtol, atol, equal_nan).all())


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and the same elements.

    input  a tensor
    other  a tensor
    """
    tensor(input, 'equal')
    tensor(other, 'equal', 'other')
    return input.shape == other.shape and bool(pointwise.eq(input, other).all())
