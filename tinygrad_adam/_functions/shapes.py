"""Rearrangements of tensors: shapes, dimensions, copies side by side."""
from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any, Sequence, Union

import numpy as np

from ..ops import matmul as rows
from ..ops import shapes as table
from ..ops.shapes import axis_of, unpacked
from ..types import contiguous_format, dtype, memory_format
from . import _shape_errors as errors
from ._arguments import in_rows, tensor, typed
from ._tensor_errors import order_is_not_kept

if TYPE_CHECKING:
    from .._tensor import Tensor

Sizes = Union[int, Sequence[int]]


def whole(sizes: Sequence[Any], function: str) -> tuple[int, ...]:
    """Sizes as Python's integers. Raises TypeError if one is no integer, or a bool.

    sizes     what the user passed
    function  the name of the public function
    """
    try:
        if any(isinstance(size, bool) for size in sizes):
            raise TypeError
        return tuple(map(operator.index, sizes))
    except TypeError:
        raise errors.size_not_whole(sizes, function) from None


def reshape(input: Tensor, shape: Sizes, *more: int) -> Tensor:
    """The same elements in the same order in another shape.

    input  a tensor
    shape  the sizes, in one tuple or one by one; one of them may be -1, to be inferred

    Returns a tensor that shares memory with input if it can.
    """
    tensor(input, 'reshape')
    shape = whole(unpacked(shape, more), 'reshape')
    if min(shape, default=0) < -1 or -1 in shape and 0 in shape:
        raise errors.invalid_shape(shape)
    return rows.reshape(input, shape)


def view(input: Tensor, size: Sizes | dtype, *more: int) -> Tensor:
    """`reshape` that always shares memory. Raises RuntimeError where that is impossible.

    input  a tensor
    size   the sizes, in one tuple or one by one; a dtype is refused
    """
    if isinstance(size, dtype):
        raise errors.view_as_dtype()
    out = reshape(input, size, *more)
    if out._base is None and input._array.size:
        raise errors.view_needs_a_copy(input, out)
    return out


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """reshape(input, other.shape).

    input  a tensor
    other  a tensor of as many elements
    """
    return reshape(input, tuple(tensor(other, 'reshape_as', 'other').shape))


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """view(input, other.shape).

    input  a tensor
    other  a tensor of as many elements
    """
    return view(input, tuple(tensor(other, 'view_as', 'other').shape))


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Join the dimensions from start_dim to end_dim.

    input      a tensor
    start_dim  the first dimension to join
    end_dim    the last one
    """
    shape = tensor(input, 'flatten')._array.shape
    start, end = axis_of(start_dim, len(shape)), axis_of(end_dim, len(shape))
    if start > end:
        raise errors.nothing_to_flatten(start_dim, end_dim)
    if not shape:
        return reshape(input, (1,))
    if start == end:
        return input
    joined = math.prod(shape[start:end + 1])
    return rows.reshape(input, (*shape[:start], joined, *shape[end + 1:]))


@typed
def squeeze(input: Tensor, dim: Sizes | None = None) -> Tensor:
    """Drop dimensions of size 1.

    input  a tensor
    dim    the dimension, or a tuple of them; None is all. Those of another size stay
    """
    shape = tensor(input, 'squeeze')._array.shape
    dims = range(len(shape)) if dim is None else unpacked(dim, ())
    dims = [axis_of(d, len(shape)) for d in dims]
    if len(set(dims)) < len(dims):
        raise errors.dimension_twice(dim)
    return rows.reshape(input, tuple(n for i, n in enumerate(shape) if n != 1 or i not in dims))


@typed
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A new dimension of size 1.

    input  a tensor
    dim    its position in the result
    """
    shape = tensor(input, 'unsqueeze')._array.shape
    at = axis_of(dim, len(shape) + 1)
    return rows.reshape(input, (*shape[:at], 1, *shape[at:]))


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Swap two dimensions; the result shares memory.

    input       a tensor
    dim0, dim1  the dimensions
    """
    ndim = tensor(input, 'transpose')._array.ndim
    return table.transpose(input, axis_of(dim0, ndim), axis_of(dim1, ndim))


def permute(input: Tensor, dims: Sizes, *more: int) -> Tensor:
    """Reorder the dimensions; the result shares memory.

    input  a tensor
    dims   dimension i of the result is dimension dims[i] of input; a tuple, or one by one
    """
    ndim, given = tensor(input, 'permute')._array.ndim, unpacked(dims, more)
    order = tuple(axis_of(d, ndim) for d in given) if len(given) == ndim else ()
    if len(set(order)) < ndim or len(given) > ndim:
        raise errors.not_a_permutation(given, ndim)
    return table.permute(input, order)


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; tensors of fewer dimensions stay as they are.

    input  a tensor of at most two dimensions
    """
    ndim = tensor(input, 't')._array.ndim
    if ndim > 2:
        raise errors.no_matrix(ndim)
    return table.transpose(input, 0, max(0, ndim - 1))


def expand(input: Tensor, size: Sizes, *more: int) -> Tensor:
    """Repeat dimensions of size 1 without copying.

    input  a tensor
    size   the sizes, in one tuple or one by one; -1 keeps a size, and new ones come in front

    Returns a tensor that shares memory: many elements may share one location.
    """
    shape = tensor(input, 'expand')._array.shape
    sizes = whole(unpacked(size, more), 'expand')
    new = len(sizes) - len(shape)
    if new < 0 or -1 in sizes[:new]:
        raise errors.cannot_expand(sizes, shape)
    wanted = tuple(shape[i - new] if n == -1 else n for i, n in enumerate(sizes))
    if any(old not in (1, n) for old, n in zip(shape, wanted[new:])):
        raise errors.size_is_not_one(wanted, shape)
    return table.expand(input, wanted)


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """expand(input, other.shape).

    input  a tensor
    other  a tensor of the wanted shape
    """
    return expand(input, tuple(tensor(other, 'expand_as', 'other').shape))


def repeat(input: Tensor, repeats: Sizes, *more: int) -> Tensor:
    """Copies of the tensor side by side.

    input    a tensor
    repeats  how many along each dimension, in one tuple or one by one; new dimensions in front
    """
    shape = tensor(input, 'repeat')._array.shape
    counts = whole(unpacked(repeats, more), 'repeat')
    new = len(counts) - len(shape)
    if new < 0 or any(n < 0 for n in counts):
        raise errors.cannot_repeat(counts, shape)
    return table.repeat(input, counts)


def flip(input: Tensor, dims: Sizes, *more: int) -> Tensor:
    """Reverse the order of the elements.

    input  a tensor
    dims   the dimensions to reverse, in one tuple or one by one
    """
    ndim = tensor(input, 'flip')._array.ndim
    dims = tuple(axis_of(d, ndim) for d in unpacked(dims, more))
    if len(set(dims)) < len(dims):
        raise errors.dimension_twice(dims)
    return table.flip(input, dims if ndim else ())


def roll(input: Tensor, shifts: Sizes, dims: Sizes | None = None) -> Tensor:
    """Shift the elements; those that leave at the end come back at the front.

    input   a tensor
    shifts  by how many positions, for each of dims
    dims    the dimensions; None shifts the flattened tensor and restores its shape
    """
    ndim = tensor(input, 'roll')._array.ndim
    if dims is None or isinstance(dims, (tuple, list)) and not dims:
        if isinstance(shifts, (tuple, list)) and len(shifts) != 1:
            raise errors.shifts_without_dims(shifts)
        return reshape(roll(reshape(input, (-1,)), shifts, 0), tuple(input.shape))
    shifts, dims = whole(unpacked(shifts, ()), 'roll'), unpacked(dims, ())
    if len(shifts) != len(dims):
        raise errors.shifts_and_dims_differ(shifts, dims)
    dims = tuple(axis_of(d, ndim) for d in dims)
    if not ndim:
        raise errors.roll_of_a_number(dims)
    return table.roll(input, shifts, dims)


def contiguous(input: Tensor, memory_format: memory_format = contiguous_format) -> Tensor:
    """The tensor itself if it is contiguous in memory, else a contiguous copy.

    input          a tensor
    memory_format  torch.contiguous_format; preserve_format raises RuntimeError, and channels_last
                   NotImplementedError
    """
    if not in_rows(memory_format, 'contiguous'):
        raise order_is_not_kept()
    return input if input._in_order().flags.c_contiguous else table.contiguous(input)


def broadcast_tensors(*tensors: Tensor) -> tuple[Tensor, ...]:
    """All tensors expanded to the shape they broadcast to."""
    shapes: Any = [tensor(x, 'broadcast_tensors', 'tensors')._array.shape for x in tensors]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise errors.cannot_broadcast(shapes) from None
    return tuple(x if x._array.shape == shape else table.expand(x, shape) for x in tensors)
