"""Elements taken by their indices, and put there: take, repeat_interleave, scatter, index_put.

The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ..autograd import TensorBase
from ..ops import indexing as table
from ..ops import pointwise as rows
from ..ops.shapes import axis_of
from . import _index_errors as errors
from ._arguments import operand, tensor, typed
from ._indices import two_steps
from .indexing import gather, in_range, index_select, positions_along
from .pointwise import clamp, div, scaled
from .shapes import broadcast_tensors, reshape

if TYPE_CHECKING:
    from .._tensor import Tensor

INT64 = np.dtype(np.int64)


# Taken.

def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements where the mask is True, in one dimension; a copy.

    input  a tensor
    mask   bools, of a shape that broadcasts with input's
    """
    if tensor(mask, 'masked_select', 'mask')._array.dtype.kind != 'b':
        raise errors.mask_not_boolean(mask)
    x, where = broadcast_tensors(tensor(input, 'masked_select'), mask)
    return table.getitem(x, (where._array,))


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of the flattened tensor at these indices.

    input  a tensor
    index  int64, of any shape; negative ones count from the end

    Returns a tensor of index's shape.
    """
    array, n = tensor(index, 'take', 'index')._array, tensor(input, 'take').numel()
    if array.dtype != INT64:
        raise errors.not_int64('take', index)
    if array.size and not -n <= array.min() <= array.max() < n:
        raise errors.index_out_of_flat(array, n)
    return table.getitem(reshape(input, (-1,)), (array,))


def take_along_dim(input: Tensor, indices: Tensor, dim: int | None = None) -> Tensor:
    """gather, whose other dimensions are broadcast: with the indices of argsort it sorts.

    input    a tensor
    indices  int64, in [-size, size), of as many dimensions as input
    dim      the dimension in which the indices count; None: that of the flattened tensors
    """
    x, at = tensor(input, 'take_along_dim'), tensor(indices, 'take_along_dim', 'indices')
    if at._array.dtype != INT64:
        raise errors.not_int64('take_along_dim', at)
    if dim is None:
        x, at, dim = reshape(x, (-1,)), reshape(at, (-1,)), 0
    if x.ndim != at.ndim:
        raise errors.index_of_other_dimensions('take_along_dim', x, at)
    axis = axis_of(dim, x.ndim)
    shape = np.broadcast_shapes(*[y.shape[:axis] + (1,) + y.shape[axis + 1:] for y in (x, at)])
    x = x.expand(shape[:axis] + x.shape[axis:axis + 1] + shape[axis + 1:])
    at = at.expand(shape[:axis] + at.shape[axis:axis + 1] + shape[axis + 1:])
    negative = at._array < 0
    if negative.any():
        at = at._kind._of(at._array + negative * x.shape[axis])
    return gather(x, axis, at)


def repeat_interleave(input: Tensor, repeats: Tensor | int | None = None, dim: int | None = None,
                      *, output_size: int | None = None) -> Tensor:
    """Each element or slice several times, one after the other.

    input        a tensor; without repeats it holds these, and the result has the indices
    repeats      how often: an integer, or int64 or int32 with one for each slice
    dim          the dimension; None: that of the flattened tensor
    output_size  the size of the result in it, if it is known: another one raises RuntimeError
    """
    if repeats is None:
        repeats = tensor(input, 'repeat_interleave', 'repeats')
        input = input._kind._of(np.arange(len(repeats)))
    x = tensor(input, 'repeat_interleave')
    if dim is None or not x._array.ndim:
        x, dim = reshape(x, (-1,)), 0
    n, counts = x.shape[axis_of(dim, x.ndim)], getattr(repeats, '_array', repeats)
    if not isinstance(repeats, (TensorBase, int)) or isinstance(repeats, bool):
        raise errors.repeats_are_no_count(repeats)
    if np.asarray(counts).dtype.name not in ('int32', 'int64') or np.ndim(counts) > 1:
        raise errors.repeats_of_wrong_kind(repeats)
    if np.size(counts) not in (1, n):
        raise errors.repeats_do_not_fit(np.size(counts), n)
    if np.size(counts) and np.min(counts) < 0:
        raise errors.repeats_are_negative(int(np.min(counts)))
    indices = np.repeat(np.arange(n), counts)
    if output_size not in (None, len(indices)):
        raise errors.wrong_output_size(output_size, len(indices))
    return index_select(x, dim, x._kind._of(indices))


# Put.

@typed
def scatter(input: Tensor, dim: int, index: Tensor, src: Tensor | float | None = None, *,
            value: float | None = None, reduce: str | None = None) -> Tensor:
    """input with src[i, j, ...] put at [index[i, j, ...], j, ...] for dim=0, and so on.

    input   a tensor
    dim     the dimension in which the index counts
    index   integers in [0, size); of equal ones the last counts, but each src gets a gradient
    src     the values, at least as large as index, of input's dtype; or one number
    value   one number, instead of src
    reduce  not implemented; leave it None, and use scatter_add()
    """
    if reduce is not None:
        raise errors.scatter_with_reduce(reduce)
    if (src is None) == (value is None):
        raise errors.src_or_value()
    positions = positions_along('scatter', tensor(input, 'scatter'), dim, index)
    given: Any = operand(value if src is None else src, 'scatter', 'src')
    if not index._array.size:
        return rows.clone(input)
    if not input._array.ndim:
        given = given if isinstance(given, (int, float)) else reshape(given, (1,))
        return reshape(scatter(reshape(input, (1,)), dim, reshape(index, (1,)), given), ())
    if isinstance(given, (int, float)):
        return table.setitem(input, input._array.dtype.type(given), positions)
    return table.setitem(input, part_of_src(input, index, given), positions)


def part_of_src(input: Tensor, index: Tensor, src: Tensor) -> Tensor:
    """The part of src for which there are indices. Raises RuntimeError if it does not fit.

    input  the tensor to put it into
    index  the indices
    src    the values
    """
    if src._array.dtype != input._array.dtype:
        raise errors.src_of_another_dtype(input, src)
    if src.ndim != index.ndim or any(m > n for m, n in zip(index.shape, src.shape)):
        raise errors.index_larger_than_src(index, src)
    return table.getitem(src, (*(slice(n) for n in index.shape), Ellipsis))


NEUTRAL = {'sum': 0, 'mean': 0, 'prod': 1}


@typed
def scatter_reduce(input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *,
                   include_self: bool = True) -> Tensor:
    """input with src[i, j, ...] reduced into [index[i, j, ...], j, ...] for dim=0, and so on.

    input         a tensor
    dim           the dimension in which the index counts
    index         integers in [0, size); what equal ones send to one place is reduced together
    src           the values, at least as large as index, of input's dtype
    reduce        'sum', 'prod', 'mean', 'amax' or 'amin'; an extreme's gradient is divided evenly
                  among the equal ones
    include_self  whether the elements of input are among those that are reduced; elsewhere than at
                  the indices they stay in any case
    """
    positions = positions_along('scatter_reduce', tensor(input, 'scatter_reduce'), dim, index)
    dtype = tensor(src, 'scatter_reduce', 'src')._array.dtype
    if reduce not in ('sum', 'prod', 'mean', 'amax', 'amin'):
        raise errors.unknown_reduction(reduce)
    if reduce == 'mean' and dtype.kind == 'b':
        raise errors.mean_of_bools()
    if not index._array.size:
        return rows.clone(input)
    if not input._array.ndim:
        return reshape(scatter_reduce(reshape(input, (1,)), dim, index, src, reduce,
                                      include_self=include_self), ())
    index, src = (x if x._array.ndim else reshape(x, (1,)) for x in (index, src))
    part = part_of_src(input, index, src)
    if reduce in NEUTRAL:
        x = input if include_self else table.setitem(input, dtype.type(NEUTRAL[reduce]), positions)
        if reduce == 'prod':
            return table.scatter_prod(x, part, positions)
        total = x + table.put(part, positions, input._array.shape)
        return total if reduce == 'sum' else mean_of(total, part, positions, include_self)
    extreme = table.scatter_amax if reduce == 'amax' else table.scatter_amin
    return extreme(input, part, positions, include_self)


def mean_of(total: Tensor, src: Tensor, positions: tuple[Any, ...], include_self: bool) -> Tensor:
    """Sums divided by how many numbers they are of, as scatter_reduce() has it.

    total         the sums
    src           what was added
    positions     where it was added
    include_self  whether what was there before counts
    """
    ones = table.setitem(src.detach(), 1, (Ellipsis,))
    counts = table.put(ones, positions, total._array.shape) + int(include_self)
    return div(total, clamp(counts, min=1),
               rounding_mode=None if total._array.dtype.kind == 'f' else 'floor')


def positions_of_slices(function: str, input: Tensor, dim: int, index: Tensor,
                        source: Tensor | None) -> tuple[Any, ...]:
    """The index of slices along a dimension, for whose values source has to fit.

    function  the name of the public function
    input     the tensor to put them into
    dim       the dimension
    index     a vector of integers in [0, size)
    source    their values, a slice for each index; None: no matter
    """
    shape = tensor(input, function)._array.shape
    axis = axis_of(dim, len(shape))
    array = tensor(index, function, 'index')._array
    if array.ndim > 1 or array.dtype != INT64 and (function != 'index_add' or (
            array.dtype != np.int32)):
        raise errors.not_a_vector_of_int64(function, index)
    array = array.reshape(-1)
    n = shape[axis] if shape else 1
    if source is not None:
        if tensor(source, function, 'source')._array.dtype != input._array.dtype:
            raise errors.source_of_another_dtype(function, input, source)
        wanted = (*shape[:axis], len(array), *shape[axis + 1:]) if shape else source.shape
        if source.shape != wanted or source.numel() != len(array) and not shape:
            raise errors.source_does_not_fit(function, input, source, len(array), axis)
    else:
        array = np.where((array < 0) & (array >= -n), array + n, array)
    return (slice(None),) * axis + (in_range(function, array, n, axis), Ellipsis)


def with_slices(input: Tensor, values: Any, positions: tuple[Any, ...]) -> Tensor:
    """input with other values at these positions; without dimensions it counts as a vector of one.

    input      a tensor
    values     a tensor, or an element
    positions  of slices
    """
    if input._array.ndim:
        return table.setitem(input, values, positions)
    return reshape(table.setitem(reshape(input, (1,)), values, positions), ())


@typed
def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *,
              alpha: float = 1) -> Tensor:
    """input with alpha times the slices of source added to those at these indices.

    input   a tensor
    dim     the dimension
    index   a vector of integers in [0, size); at equal ones all slices are added
    source  the slices, one for each index, of input's dtype
    alpha   a number
    """
    positions = positions_of_slices('index_add', input, dim, index, source)
    shape = input._array.shape or (1,)
    added = table.put(reshape(source, (-1,)) if not input._array.ndim else source, positions, shape)
    return input + scaled(input, reshape(added, input._array.shape), alpha)


@typed
def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """input with the slices of source in place of those at these indices.

    input   a tensor
    dim     the dimension
    index   a vector of int64 in [0, size)
    source  the slices, one for each index, of input's dtype
    """
    positions = positions_of_slices('index_copy', input, dim, index, source)
    return with_slices(input, source if input._array.ndim else reshape(source, (-1,)), positions)


@typed
def index_fill(input: Tensor, dim: int, index: Tensor, value: Tensor | float) -> Tensor:
    """input with a number in the slices at these indices.

    input  a tensor
    dim    the dimension
    index  a vector of int64 in [-size, size)
    value  a number, or a tensor of one without dimensions
    """
    positions = positions_of_slices('index_fill', input, dim, index, None)
    given: Any = operand(value, 'index_fill', 'value')
    if not isinstance(given, TensorBase):
        given = input._array.dtype.type(given)
    elif given._array.ndim:
        raise errors.fill_with_several('index_fill_', given)
    else:       # each place has one gradient, however often it is named
        positions = tuple(np.unique(part) if isinstance(part, np.ndarray) else part
                          for part in positions)
        given = rows.cast(given, input._array.dtype)
    return with_slices(input, given, positions)


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """input, with the elements of source, one after the other, where the mask is True.

    input   a tensor
    mask    bools, of a shape that broadcasts with input's
    source  at least as many elements as are put there, of input's dtype
    """
    tensor(input, 'masked_scatter')
    if tensor(mask, 'masked_scatter', 'mask')._array.dtype.kind != 'b':
        raise errors.mask_not_boolean(mask, 'masked_scatter')
    if tensor(source, 'masked_scatter', 'source')._array.dtype != input._array.dtype:
        raise errors.source_of_another_dtype('masked_scatter', input, source)
    x, where = broadcast_tensors(input, mask)
    count = int(np.count_nonzero(where._array))
    if source._array.size < count:
        raise errors.source_too_short(source, count)
    return table.setitem(x, table.getitem(reshape(source, (-1,)), (slice(count),)),
                         (where._array,))


@typed
def index_put(input: Tensor, indices: Sequence[Tensor], values: Tensor,
              accumulate: bool = False) -> Tensor:
    """input with other values at input[indices].

    input       a tensor
    indices     a tuple of tensors of integers, in [-size, size), or of bools
    values      of input's dtype; they are broadcast to the shape of input[indices]
    accumulate  whether they are added to what is there; at equal indices all are added, where
                otherwise the last counts
    """
    shape = tensor(input, 'index_put')._array.shape
    if not isinstance(indices, (tuple, list)):
        raise errors.not_a_tuple_of_tensors(indices)
    for x in indices:
        tensor(x, 'index_put', 'indices')
    if not indices:
        raise errors.no_indices()
    if tensor(values, 'index_put', 'values')._array.dtype != input._array.dtype:
        raise errors.source_of_another_dtype('index_put', input, values)
    flat: Any = np.arange(input._array.size).reshape(shape)
    for step in two_steps(tuple(indices), shape):
        flat = flat if step is None else table.getitem(flat, step)
    try:
        np.broadcast_to(values._array, flat.shape)
    except ValueError:
        raise errors.values_do_not_fit(values, flat.shape) from None
    given, x = reshape(values.expand(flat.shape), (-1,)), reshape(input, (-1,))
    positions = flat.reshape(-1),
    return reshape(x + table.put(given, positions, x._array.shape) if accumulate else
                   table.setitem(x, given, positions), shape)
