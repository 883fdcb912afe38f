"""Pieces of tensors at given positions, and matrices put together of blocks and diagonals.

The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence, Union

import numpy as np

from ..autograd import TensorBase
from ..ops import indexing as table
from ..ops.shapes import axis_of
from ..types import Size
from . import _index_errors as errors
from ._arguments import tensor, typed
from .indexing import cat, split
from .joining import at_least, diag_embed
from .shapes import flatten, whole

if TYPE_CHECKING:
    from .._tensor import Tensor

Sections = Union[int, Sequence[int]]


@typed
def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice at an index along a dimension, without it; shares memory.

    input  a tensor of at least one dimension
    dim    the dimension
    index  an integer in [-size, size)

    Raises IndexError if there is no such slice.
    """
    shape = tensor(input, 'select')._array.shape
    if not shape:
        raise errors.nothing_to_select()
    axis, at = axis_of(dim, len(shape)), whole((index,), 'select')[0]
    if not -shape[axis] <= at < shape[axis]:
        raise errors.select_out_of_range(at, shape, axis)
    return table.getitem(input, (slice(None),) * axis + (at, Ellipsis))


@typed
def tensor_split(input: Tensor, indices_or_sections: Sections | Tensor,
                 dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along a dimension, which share memory.

    input                a tensor of at least one dimension
    indices_or_sections  how many pieces, of which the first have one element more if they cannot be
                         equal; or where each but the first starts, as in slices. Also a tensor of
                         int64 without dimensions, or a vector
    dim                  the dimension to split
    """
    shape = tensor(input, 'tensor_split')._array.shape
    if not shape:
        raise errors.nothing_to_split('tensor_split', 1, 0)
    axis, given = axis_of(dim, len(shape)), indices_or_sections
    if isinstance(given, TensorBase):
        if given._array.dtype != np.int64 or given._array.ndim > 1:
            raise errors.sections_of_wrong_kind(given)
        given = given._array.tolist()
    if isinstance(given, (tuple, list)):
        starts = whole(given, 'tensor_split')
    else:
        count = whole((given,), 'tensor_split')[0]
        if count < 1:
            raise errors.no_sections(count)
        size, longer = divmod(shape[axis], count)
        starts = tuple(i * size + min(i, longer) for i in range(1, count))
    before = (slice(None),) * axis
    return tuple(table.getitem(input, (*before, slice(*bounds), Ellipsis))
                 for bounds in zip((0, *starts), (*starts, None)))


def in_equal_parts(function: str, input: Tensor, given: Sections, ndim: int,
                   dim: int) -> tuple[Tensor, ...]:
    """tensor_split, where so many pieces have to be equal.

    function  the name of the public function
    input     a tensor of at least ndim dimensions
    given     how many pieces, or where they start
    ndim      how many dimensions there have to be
    dim       the dimension to split
    """
    shape = tensor(input, function)._array.shape
    if len(shape) < ndim:
        raise errors.nothing_to_split(function, ndim, len(shape))
    if not isinstance(given, (tuple, list)):
        count = whole((given,), function)[0]
        if count < 1 or shape[dim] % count:
            raise errors.parts_not_equal(function, shape[dim], dim, count)
    return tensor_split(input, given, dim)


def hsplit(input: Tensor, indices_or_sections: Sections) -> tuple[Tensor, ...]:
    """Pieces along the columns, dimension 1, or of a vector; they share memory.

    input                a tensor of at least one dimension
    indices_or_sections  how many equal pieces, or where each but the first starts
    """
    dim = 0 if tensor(input, 'hsplit')._array.ndim == 1 else 1
    return in_equal_parts('hsplit', input, indices_or_sections, 1, dim)


def vsplit(input: Tensor, indices_or_sections: Sections) -> tuple[Tensor, ...]:
    """Pieces along the rows, dimension 0, which share memory.

    input                a tensor of at least two dimensions
    indices_or_sections  how many equal pieces, or where each but the first starts
    """
    return in_equal_parts('vsplit', input, indices_or_sections, 2, 0)


def dsplit(input: Tensor, indices_or_sections: Sections) -> tuple[Tensor, ...]:
    """Pieces along the third dimension, which share memory.

    input                a tensor of at least three dimensions
    indices_or_sections  how many equal pieces, or where each but the first starts
    """
    return in_equal_parts('dsplit', input, indices_or_sections, 3, 2)


@typed
def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces of these sizes along a dimension, which share memory.

    input        a tensor of at least one dimension
    split_sizes  the size of each piece; together they are that of the dimension
    dim          the dimension to split
    """
    return split(tensor(input, 'split_with_sizes'), list(split_sizes), dim)


def block_diag(*tensors: Tensor) -> Tensor:
    """The matrix with these matrices along its diagonal, and 0 elsewhere.

    tensors  matrices; vectors count as rows. Of none the result has shape (1, 0)
    """
    for i, x in enumerate(tensors):
        if not isinstance(x, TensorBase):
            raise errors.no_block(i, x)
        if x._array.ndim > 2:
            raise errors.block_of_dimensions(i, x)
    if not tensors:
        return TensorBase._kind._of(np.zeros((1, 0), np.float32))
    blocks = [at_least(2, x, 'block_diag') for x in tensors]
    widths = [x._array.shape[1] for x in blocks]
    return cat([table.pad(x, ((0, 0), (sum(widths[:i]), sum(widths[i + 1:]))))
                for i, x in enumerate(blocks)])


@typed
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The matrix with all elements of a tensor on its diagonal, and 0 elsewhere.

    input   a tensor of any shape
    offset  which diagonal: 0 is the main one, 1 the one above
    """
    return diag_embed(flatten(tensor(input, 'diagflat')), offset)


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape to which tensors of these shapes are broadcast, as a torch.Size.

    shapes  sequences of sizes; an integer is the size of a vector

    Raises RuntimeError if they do not fit together, ValueError for a negative size.
    """
    given = [whole(shape if isinstance(shape, (tuple, list)) else (shape,), 'broadcast_shapes')
             for shape in shapes]
    if min((size for shape in given for size in shape), default=0) < 0:
        raise errors.negative_length(given)
    try:
        return Size(np.broadcast_shapes(*given))
    except ValueError:
        raise errors.shapes_do_not_broadcast(given) from None
