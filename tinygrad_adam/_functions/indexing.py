"""Parts of tensors, and joining them: indices, pieces, gather and scatter, cat, masks."""
from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ..autograd import TensorBase
from ..autograd.grad_fn import subclass
from ..autograd.promotion import fitting
from ..autograd.several import Pieces
from ..ops import indexing as table
from ..ops import pointwise
from ..ops.shapes import axis_of
from . import _index_errors as errors
from ._arguments import not_a_tensor, operand, tensor, typed
from ._indices import two_steps
from .shapes import contiguous, reshape, unsqueeze, whole

INDICES = np.dtype(np.int64), np.dtype(np.int32)

if TYPE_CHECKING:
    from .._tensor import Tensor


def index(input: Tensor, index: Any) -> Tensor:
    """input[index], as Tensor.__getitem__.

    input  a tensor
    index  integers, slices, None, `...`, lists and tensors of integers or bools, or a tuple of them

    Shares memory unless there is a list, a tensor or a bool in the index.
    """
    view, arrays = two_steps(index, input._array.shape)
    if view is not None:
        input = table.getitem(input, view)
    return input if arrays is None else table.getitem(input, arrays)


@typed
def narrow(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """The elements start to start + length - 1 along a dimension; shares memory.

    input   a tensor
    dim     the dimension
    start   the first element; negative numbers count from the end
    length  how many

    Raises IndexError if there is no such element, RuntimeError if there are fewer after it.
    """
    shape = tensor(input, 'narrow')._array.shape
    if not shape:
        raise errors.no_dimension('narrow')
    axis = axis_of(dim, len(shape))
    if isinstance(start, TensorBase) and (start._array.ndim or start._array.dtype.kind != 'i'):
        raise errors.start_is_no_integer(start)
    n, start = shape[axis], whole((start,), 'narrow')[0]
    if not -n <= start <= n:
        raise errors.start_out_of_range(start, n)
    start += n * (start < 0)
    if length < 0 or start + length > n:
        raise errors.length_out_of_range(start, length, n)
    return table.getitem(input, (slice(None),) * axis + (slice(start, start + length), Ellipsis))


def together(operation: str, input: Tensor, indices: list[Any]) -> tuple[Tensor, ...]:
    """The views that one function returns; in a graph they must not be changed in place.

    operation  its name
    input      a tensor
    indices    those of the views, which do not overlap
    """
    views = tuple(table.getitem(input, index) for index in indices)
    for view in views:
        view._is_one_of_several = True
    if views and views[0]._requires_grad:
        rule = partial(table.from_pieces, indices, input._array.shape)
        node = subclass(f'{operation}Backward0', Pieces)(operation.lower(), input, rule)
        for view, part in zip(views, node.nodes_of_parts(len(views))):
            view.grad_fn = part
    return views


@typed
def split(tensor: Tensor, split_size_or_sections: int | Sequence[int],
          dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along a dimension, which share memory.

    tensor                  a tensor
    split_size_or_sections  the size of all pieces but the last, which may be smaller; or of each
    dim                     the dimension to split
    """
    if not isinstance(tensor, TensorBase):
        raise not_a_tensor(tensor, 'split', 'tensor')
    if not tensor.ndim:
        raise errors.no_dimension('split')
    n, sections = tensor.shape[axis_of(dim, tensor.ndim)], split_size_or_sections
    if not isinstance(sections, (tuple, list)):
        size = whole((sections,), 'split')[0]
        if size < 0 or size == 0 and n:
            raise errors.split_size_not_positive(size, n)
        sections = [min(size, n - i) for i in range(0, n, size or 1)] or [0]
    sections = whole(sections, 'split')
    if sum(sections) != n or any(size < 0 for size in sections):
        raise errors.sections_do_not_sum(sections, n, dim)
    before = (slice(None),) * axis_of(dim, tensor.ndim)
    starts = np.cumsum([0, *sections]).tolist()
    return together('Split', tensor, [(*before, slice(start, start + size), Ellipsis)
                                      for start, size in zip(starts, sections)])


@typed
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` pieces along a dimension, equal but for the last; they share memory.

    input   a tensor
    chunks  how many
    dim     the dimension to split
    """
    shape = tensor(input, 'chunk')._array.shape
    if not shape:
        raise errors.no_dimension('chunk')
    chunks = whole((chunks,), 'chunk')[0]
    if chunks < 1:
        raise errors.no_chunks(chunks)
    n = shape[axis_of(dim, len(shape))]
    return split(input, -(-n // chunks) if n else [0] * chunks, dim)


@typed
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along a dimension, each without it; they share memory.

    input  a tensor
    dim    the dimension
    """
    before = (slice(None),) * axis_of(dim, tensor(input, 'unbind')._array.ndim)
    return together('Unbind', input, [(*before, i, Ellipsis)
                                      for i in range(input._array.shape[len(before)])])


@typed
def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices along a dimension at these indices; a copy.

    input  a tensor
    dim    the dimension
    index  a vector of integers in [0, size)
    """
    array = tensor(index, 'index_select', 'index')._array
    if array.ndim > 1:
        raise errors.not_a_vector_of_indices(index)
    axis = axis_of(dim, tensor(input, 'index_select')._array.ndim)
    if array.dtype not in INDICES:
        raise errors.bad_index_dtype('index_select', index)
    shape = input._array.shape
    if not shape and array.size != 1:
        raise errors.index_to_number(index)
    rows = in_range('index_select', array.reshape(-1), shape[axis] if shape else 1, axis)
    if not shape:
        return reshape(table.getitem(reshape(input, (1,)), (rows,)), ())
    return table.getitem(input, (slice(None),) * axis + (rows, Ellipsis))


def in_range(function: str, indices: np.ndarray, n: int, dim: int) -> np.ndarray:
    """The indices, if all are in [0, n), the elements of dimension dim."""
    if indices.size and not 0 <= indices.min() <= indices.max() < n:
        raise errors.index_out_of_range(function, indices, n, dim)
    return indices


@typed
def gather(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """out[i, j, ...] = input[index[i, j, ...], j, ...] for dim=0, and so on.

    input  a tensor
    dim    the dimension in which the index counts
    index  integers in [0, size), no larger than input in the other dimensions

    Returns a tensor of index's shape.
    """
    positions = positions_along('gather', tensor(input, 'gather'), dim, index)
    x = input if input._array.ndim and index._array.size else reshape(input, (-1,))
    out = table.getitem(x, positions)
    return out if out._array.shape == index._array.shape else reshape(out, index._array.shape)


def positions_along(function: str, input: Tensor, dim: int, index: Tensor) -> tuple[Any, ...]:
    """The index of gather and scatter_add as one of getitem: along dim it is `index` itself.

    For an empty index, and for a 0-d input, it indexes the flat input.
    """
    array, shape = tensor(index, function, 'index')._array, input._array.shape or (1,)
    axis = axis_of(dim, len(shape))
    if not array.size:
        return np.zeros(0, np.int64), Ellipsis
    if array.dtype not in INDICES:
        raise errors.bad_index_dtype(function, index)
    array = array.reshape(array.shape or (1,))
    if array.ndim != len(shape):
        raise errors.index_of_other_dimensions(function, input, index)
    if any(i != axis and m > n for i, (m, n) in enumerate(zip(array.shape, shape))):
        raise errors.index_too_large(array, input, dim)
    in_range(function, array, shape[axis], axis)
    own = np.ogrid[tuple(slice(n) for n in array.shape)]
    return tuple(array if i == axis else position for i, position in enumerate(own))


@typed
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """input with src[i, j, ...] added at [index[i, j, ...], j, ...] for dim=0, and so on.

    input  a tensor
    dim    the dimension in which the index counts
    index  integers in [0, size)
    src    the values to add, at least as large as index, of input's dtype
    """
    positions = positions_along('scatter_add', tensor(input, 'scatter_add'), dim, index)
    if tensor(src, 'scatter_add', 'src').dtype != input.dtype:
        raise errors.src_of_another_dtype(input, src)
    if not index._array.size:
        return pointwise.clone(input)
    if not input._array.ndim:
        return reshape(scatter_add(reshape(input, (1,)), dim, index, src), ())
    index, src = (x if x._array.ndim else reshape(x, (1,)) for x in (index, src))
    if src.ndim != index.ndim or any(m > n for m, n in zip(index.shape, src.shape)):
        raise errors.index_larger_than_src(index, src)
    part = table.getitem(src, (*(slice(n) for n in index.shape), Ellipsis))
    return input + table.put(part, positions, input._array.shape)


def nonzero_positions(input: Tensor) -> tuple[Tensor, ...]:
    """For each dimension the indices of the elements that are not 0: input[positions] are those.

    input  a tensor; a 0-d tensor counts as having one dimension
    """
    return tuple(map(input._kind._of, np.atleast_1d(input._array).nonzero()))


def listed(tensors: Any, function: str) -> tuple[Tensor, ...]:
    """The tensors that are to be joined. Raises TypeError unless they are a sequence of tensors.

    tensors   what the user passed
    function  the name of the public function
    """
    if not isinstance(tensors, (tuple, list)):
        raise errors.not_a_sequence(tensors, function)
    if not tensors:
        raise errors.nothing_to_join(function)
    for x in tensors:
        if not isinstance(x, TensorBase):
            raise errors.cannot_join(x, function)
    return tuple(tensors)    # type: ignore[arg-type]


@typed
def cat(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors one after the other along a dimension.

    tensors  a sequence of tensors; their sizes may differ along dim only
    dim      the dimension
    """
    given = listed(tensors, 'cat')
    if any(not x._array.ndim for x in given):
        raise errors.cat_of_numbers()
    shape = next((x._array.shape for x in given if x._array.shape != (0,)), (0,))
    axis = 0 if shape == (0,) else axis_of(dim, len(shape))
    nothing = (*shape[:axis], 0, *shape[axis + 1:])
    parts = [x if x._array.shape != (0,) else reshape(x, nothing) for x in given]  # (0,) fits all
    if len({x._array.shape[:axis] + x._array.shape[axis + 1:] for x in parts}) > 1:
        raise errors.sizes_do_not_join(parts, axis)
    sizes = [x.shape[axis] for x in parts]
    ends = np.cumsum(sizes).tolist()
    spans = [(end - size, size) for end, size in zip(ends, sizes)]
    return table.cat_of(len(parts))(*parts, axis, spans)


@typed
def stack(tensors: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Join tensors of equal shape along a new dimension.

    tensors  a sequence of tensors
    dim      the position of the new dimension
    """
    given = listed(tensors, 'stack')
    if len({x._array.shape for x in given}) > 1:
        raise errors.unequal_shapes(given)
    return cat([unsqueeze(x, dim) for x in given], dim if dim >= 0 else dim + given[0].ndim + 1)


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """input, with a number where the mask is True.

    input  a tensor
    mask   bools, of a shape that broadcasts with input's
    value  a number that input's dtype holds (RuntimeError), or a tensor of one without dimensions
    """
    dtype = tensor(input, 'masked_fill')._array.dtype
    if tensor(mask, 'masked_fill', 'mask')._array.dtype.kind != 'b':
        raise errors.mask_not_boolean(mask)
    if not isinstance(operand(value, 'masked_fill', 'value'), TensorBase):
        return contiguous(pointwise.where(mask, fitting(value, dtype), input))
    if value._array.ndim:
        raise errors.value_not_a_number(value)
    fitting(value._array.item(), dtype)
    return contiguous(pointwise.where(mask, pointwise.cast(value, dtype), input))


@typed
def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """The lower triangle of the last two dimensions, zeros above a diagonal.

    input     a tensor of at least two dimensions
    diagonal  which: 0 is the main one, 1 the one above
    """
    return _triangle(input, diagonal, 'tril')


@typed
def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """The upper triangle of the last two dimensions, zeros below a diagonal.

    input     a tensor of at least two dimensions
    diagonal  which: 0 is the main one, 1 the one above
    """
    return _triangle(input, diagonal, 'triu')


def _triangle(input: Tensor, diagonal: int, function: str) -> Tensor:
    shape = tensor(input, function)._array.shape
    if len(shape) < 2:
        raise errors.no_triangle(function, len(shape))
    return table.keep(input, table.triangle(*shape[-2:], diagonal, function == 'triu'))


@typed
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of two dimensions, which becomes the last dimension; shares memory.

    input       a tensor
    offset      which diagonal: 0 is the main one
    dim1, dim2  the two dimensions
    """
    ndim = tensor(input, 'diagonal')._array.ndim
    axis1, axis2 = axis_of(dim1, ndim), axis_of(dim2, ndim)
    if axis1 == axis2:
        raise errors.equal_dimensions(axis1, axis2)
    return table.diagonal(input, offset, axis1, axis2)
