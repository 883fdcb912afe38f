"""Functions that sort and count. Values are taken by `gather`, so gradients flow through them.

The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, Sequence, overload

import numpy as np

from ..autograd.graph import storage_of
from ..ops import sorting as table
from ..ops.pointwise import cast
from ..ops.shapes import axis_of
from . import _reduction_errors as errors
from ._arguments import laid_out_as, tensor, typed
from .indexing import gather, narrow, nonzero_positions
from .reductions import ValuesAndIndices, some_dims
from .shapes import contiguous

if TYPE_CHECKING:
    from .._tensor import Tensor


class Sort(ValuesAndIndices):
    """What sort returns."""


class TopK(ValuesAndIndices):
    """What topk returns."""


@typed
def sort(input: Tensor, dim: int = -1, descending: bool = False, *, stable: bool = False) -> Sort:
    """The elements in ascending order along dim, and where they were.

    input       a tensor of any shape
    dim         a dimension
    descending  whether the largest comes first
    stable      whether equal elements have to keep their order; here they always do

    Returns a named tuple of values and indices, both of input's shape.
    """
    indices = table.argsort(tensor(input, 'sort'), axis_of(dim, input.ndim), descending)
    return Sort(*[laid_out_as(input, x) for x in (gather(input, dim, indices), indices)])


def msort(input: Tensor) -> Tensor:
    """The elements in ascending order along the first dimension.

    input  a tensor of any shape
    """
    return sort(tensor(input, 'msort'), 0).values


@typed
def argsort(input: Tensor, dim: int = -1, descending: bool = False, *,
            stable: bool = False) -> Tensor:
    """The indices that sort the elements along dim.

    input       a tensor of any shape
    dim         a dimension
    descending  whether the largest comes first
    stable      whether equal elements have to keep their order; here they always do

    Returns an int64 tensor of input's shape.
    """
    indices = table.argsort(tensor(input, 'argsort'), axis_of(dim, input.ndim), descending)
    return laid_out_as(input, indices)


@typed
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> TopK:
    """The k largest elements along dim, and where they were.

    input    a tensor of any shape
    k        how many, in [0, size of dim]
    dim      a dimension
    largest  False: the k smallest instead
    sorted   whether they have to be in order; here they always are

    Returns a named tuple of values and indices, of input's shape with k in place of the size of
    dim. Raises RuntimeError if k is out of range.
    """
    if tensor(input, 'topk')._array.dtype == bool:
        raise errors.topk_of_bools()
    axis = axis_of(dim, input.ndim)
    n = input.shape[axis] if input.ndim else 1
    if not 0 <= k <= n:
        raise errors.k_out_of_range(k, dim, n)
    indices = table.argsort(input, axis, largest)
    if input.ndim:
        indices = contiguous(narrow(indices, axis, 0, k))
    return TopK(gather(input, axis, indices), indices)


@overload
def nonzero(input: Tensor, *, as_tuple: Literal[False] = False) -> Tensor: ...


@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...


@typed
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Tensor | tuple[Tensor, ...]:
    """The indices of the elements that are not 0.

    input     a tensor of any shape, with n elements that are not 0
    as_tuple  whether to return a tensor (n,) for each dimension, with which input can be indexed

    Returns an int64 tensor (n, input.ndim), or the tuple.
    """
    x = tensor(input, 'nonzero')
    if as_tuple:
        return nonzero_positions(x)
    out = table.nonzero(x)      # column by column, also in PyTorch
    storage_of(out).ordered = True
    return out


def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not 0, a row for each.

    input  a tensor of any shape, with n elements that are not 0

    Returns an int64 tensor (n, input.ndim).
    """
    return nonzero(tensor(input, 'argwhere'))


@overload
def unique(input: Tensor, sorted: bool = True, return_inverse: Literal[False] = False,
           return_counts: Literal[False] = False, dim: None = None) -> Tensor: ...


@overload
@typed
def unique(input: Tensor, sorted: bool = True, return_inverse: bool = False,
           return_counts: bool = False, dim: int | None = None) -> Any: ...


@typed
def unique(input: Tensor, sorted: bool = True, return_inverse: bool = False,
           return_counts: bool = False, dim: int | None = None) -> Any:
    """The distinct elements, or slices along dim, in ascending order.

    input           a tensor of any shape
    sorted          whether they have to be in order; here they always are
    return_inverse  whether to return the index among them of each element of input, too
    return_counts   whether to return how often each occurs, too
    dim             the dimension whose slices are compared; their first elements count most. None:
                    elements are

    Returns a tensor (n,), or a tuple of it and what was asked for: the indices, of input's shape,
    and the counts (n,). For a dim the tensor has n slices, and there is an index for each slice.
    Raises IndexError for a dim of a tensor without dimensions, RuntimeError for slices without
    elements.
    """
    x = tensor(input, 'unique')
    if dim is not None:
        return runs(x, 'unique', True, return_inverse, return_counts, dim)
    values, inverse, counts = np.unique(x._array, return_inverse=True, return_counts=True,
                                        equal_nan=False)
    new = x._kind._of
    if not (return_inverse or return_counts):
        return table.distinct(x, values)
    return (table.distinct(x, values), *[new(inverse.reshape(x._array.shape))] * return_inverse,
            *[new(counts)] * return_counts)


@typed
def unique_consecutive(input: Tensor, return_inverse: bool = False, return_counts: bool = False,
                       dim: int | None = None) -> Any:
    """The elements, or slices along dim, without those that equal the one before.

    input           a tensor of any shape
    return_inverse  whether to return the index in the result of each element of input, too
    return_counts   whether to return how many each stands for, too
    dim             the dimension whose slices are compared; None: all elements are, in their order

    Returns a tensor (n,), or a tuple of it and what was asked for, as unique.
    """
    return runs(tensor(input, 'unique_consecutive'), 'unique_consecutive', False, return_inverse,
                return_counts, dim)


def runs(x: Tensor, function: str, in_order: bool, return_inverse: bool, return_counts: bool,
         dim: int | None) -> Any:
    """What unique_consecutive returns, and unique for a dim.

    x               a tensor
    function        the name of the public function
    in_order        whether the slices are sorted first
    return_inverse  as there
    return_counts   as there
    dim             as there
    """
    array = x._array
    if dim is None:
        slices, shape = array.reshape(-1, 1), array.shape
    else:
        axis = axis_of(dim, array.ndim)
        if not array.ndim:
            raise errors.no_slices(function)
        array = np.moveaxis(array, axis, 0)
        if 0 in array.shape[1:]:
            raise errors.slices_of_nothing(function, x, dim)
        slices, shape = array.reshape(len(array), math.prod(array.shape[1:])), array.shape[:1]
    order = np.lexsort(slices.T[::-1]) if in_order else np.arange(len(slices))
    slices = slices[order]
    starts = np.ones(len(slices), bool)
    starts[1:] = (slices[1:] != slices[:-1]).any(1)
    inverse = np.empty(len(slices), np.int64)
    inverse[order] = np.cumsum(starts) - 1
    values = slices[starts].reshape(-1, *array.shape[1:] if dim is not None else ())
    new = x._kind._of
    row = table.distinct if in_order else table.distinct_from_last
    out = (row(x, values if dim is None else np.moveaxis(values, 0, axis)),
           *[new(inverse.reshape(shape))] * return_inverse,
           *[new(np.bincount(inverse))] * return_counts)
    return out if len(out) > 1 else out[0]


@typed
def count_nonzero(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """How many elements along dim are not 0.

    input  a tensor of any shape
    dim    a dimension, several, or None: all

    Returns an int64 tensor.
    """
    return table.count_nonzero(tensor(input, 'count_nonzero'), some_dims(dim, input))


@typed
def bincount(input: Tensor, weights: Tensor | None = None, minlength: int = 0) -> Tensor:
    """How often each integer from 0 up to the largest element occurs.

    input      integers, not negative, (n,)
    weights    the weight of each element, (n,); None: 1
    minlength  the least size of the result

    Returns an int64 tensor (max(largest + 1, minlength),), or for weights a floating-point one,
    the sum of the weights of each integer. Raises RuntimeError for other shapes and values.
    """
    array = tensor(input, 'bincount')._array
    if array.dtype.kind not in 'iu' or array.ndim != 1 or array.size and array.min() < 0:
        raise errors.not_countable(input)
    if minlength < 0:
        raise errors.minlength_is_negative(minlength)
    if weights is not None:
        if tensor(weights, 'bincount', 'weights').shape != input.shape:
            raise errors.weights_do_not_fit(input, weights)
        if not weights.is_floating_point():
            weights = cast(weights, np.dtype(np.float64))
    return table.bincount(input, weights, minlength)
