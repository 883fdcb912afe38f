"""Parts of tensors, and joining them: indices, pieces, gather and scatter, cat, padding, masks.

Taking a part is linear, and its transpose puts the part back where it was, with zeros elsewhere:
getitem and put are each other's rule.
"""
from __future__ import annotations

import math

import numpy as np

from ..autograd import TensorBase, constant, primitive
from .pointwise import where
from .shapes import axis_of, reshape, unsqueeze


# Parts. A basic index (numbers, slices, None, ...) is a view; lists and tensors of indices copy.

def _getitem(x, index):
    try:
        return x[index]
    except IndexError as error:
        raise IndexError(f'an index does not fit the tensor of shape {x.shape}: {error}. Count '
                         'from 0 to size - 1 in each dimension; a mask needs the shape it '
                         'masks.') from None


def _put(y, index, shape):
    x = np.zeros(shape, y.dtype)
    if any(isinstance(part, np.ndarray) for part in index):
        np.add.at(x, index, y)    # indices may name one place twice
    else:
        x[index] = y
    return x


def _replaced(x, value, index):
    out = np.array(x)
    out[index] = value
    return out


getitem = primitive(_getitem, lambda g, out, x, index: put(g, index=index, shape=x.shape),
                    view=True)
put = primitive(_put, lambda g, out, y, index, shape: getitem(g, index=index))


replaced = primitive(_replaced,                                   # x with x[index] = value
                     lambda g, out, x, value, index: replaced(g, 0.0, index=index),
                     lambda g, out, x, value, index: getitem(g, index=index), name='setitem')


def plain_index(index, shape):
    """An index into a tensor of this shape as NumPy takes it: a tuple, tensors and lists in it as
    arrays, `...` at its end, so that an element is a 0-d array, a view like all basic indices."""
    index = index if isinstance(index, tuple) else (index,)
    parts = [_plain_part(part) for part in index]
    if len(parts) > 1 and any(part is True or part is False for part in parts):
        raise NotImplementedError('True or False among other indices is not built: they add a '
                                  'dimension of size 1 or 0. Use None or a slice.')
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if arrays and sum(map(_consumed, parts)) == len(shape):
        parts = [part for part in parts if part is not Ellipsis]    # it stands for no dimension
    parts = parts if any(part is Ellipsis for part in parts) else [*parts, Ellipsis]
    kinds = [type(part) for part in parts]
    if np.ndarray in kinds and (int in kinds or np.int64 in kinds):
        return _numbers_first(parts, shape)
    return tuple(parts)


def _consumed(part):
    """How many dimensions a part of an index speaks of."""
    if isinstance(part, np.ndarray) and part.dtype == bool:
        return part.ndim
    return 0 if part is None or part is Ellipsis else 1


def _numbers_first(parts, shape):
    """The same index in coordinates. Numbers beside arrays drop their dimension first in PyTorch,
    and count as arrays in NumPy, which puts the new dimensions elsewhere."""
    everything = slice(None)
    first = [part if isinstance(part, (int, np.integer)) or part is Ellipsis else everything
             for part in parts for _ in range(_consumed(part) or part is Ellipsis)]
    then = tuple(part for part in parts if not isinstance(part, (int, np.integer)))
    places = np.arange(math.prod(shape)).reshape(shape)[tuple(first)][then]
    return np.unravel_index(places, shape)


def _plain_part(part):
    if isinstance(part, TensorBase):
        part = part._array
        return int(part) if part.ndim == 0 and part.dtype.kind in 'iu' else part
    if isinstance(part, (list, tuple, range)):
        part = np.array([p._array if isinstance(p, TensorBase) else p for p in part])
        return part.astype(np.int64) if part.size == 0 else part
    if isinstance(part, slice):
        if part.step is not None and part.step <= 0:
            raise ValueError(f'step must be greater than zero, not {part.step}: a slice backwards '
                             'is not built, as in PyTorch. Use flip(dims).')
        return slice(*(int(p) if isinstance(p, TensorBase) else p
                       for p in (part.start, part.stop, part.step)))
    if isinstance(part, (float, str)):
        raise IndexError('only integers, slices, ellipsis, None and tensors of long or bool can '
                         f'be an index, got {part!r}. Convert it with int().')
    return part


def index(x, index):
    """x[index]."""
    return getitem(x, index=plain_index(index, x._array.shape))


def narrow(input, dim, start, length):
    """Elements start to start + length along dim."""
    if not hasattr(input, 'shape'):
        raise TypeError(f'narrow() got a {type(input).__name__}, not a Tensor.')
    part = (slice(None),) * axis_of(dim, input.ndim) + (slice(start, start + length),)
    return getitem(input, index=(*part, Ellipsis))


def split(tensor, split_size_or_sections, dim=0):
    """Views of pieces of this size along dim (the last may be smaller), or of these sizes."""
    n, sections = tensor.shape[axis_of(dim, tensor.ndim)], split_size_or_sections
    if not isinstance(sections, (tuple, list)):
        if sections < 0 or sections == 0 and n:
            raise RuntimeError(f'split expects split_size be positive, but got {sections}: {n} '
                               'elements cannot be cut so. Give at least 1.')
        sections = [min(sections, n - i) for i in range(0, n, sections or 1)] or [0]
    if sum(sections) != n or any(size < 0 for size in sections):
        raise RuntimeError(f'split_with_sizes expects split_sizes to sum exactly to {n} (input '
                           f"tensor's size at dimension {dim}), but got {sections}.")
    starts = np.cumsum([0, *sections]).tolist()
    return tuple(narrow(tensor, dim, start, size) for start, size in zip(starts, sections))


def chunk(input, chunks, dim=0):
    """At most so many pieces along dim, equal but for the last."""
    if chunks < 1:
        raise RuntimeError(f'chunk expects `chunks` to be greater than 0, got: {chunks}. Give 1.')
    n = input.shape[axis_of(dim, input.ndim)]
    if not n:
        return split(input, [0] * chunks, dim)
    return split(input, -(-n // chunks), dim)


def unbind(input, dim=0):
    """The slices along dim, each without that dimension."""
    axis = axis_of(dim, input.ndim)
    return tuple(getitem(input, index=(slice(None),) * axis + (i, Ellipsis))
                 for i in range(input.shape[axis]))


def index_select(input, dim, index):
    """The slices along dim at these indices."""
    if index.dtype.kind != 'i' or index.ndim > 1:
        raise IndexError('index_select(): Index is supposed to be a vector of long, got '
                         f'{index.ndim} dimensions of {index.dtype}. Use long() and flatten().')
    axis = axis_of(dim, input.ndim)
    n = (input.shape or (1,))[axis]
    if not input.ndim:
        return getitem(reshape(input, (1,)), index=(index._array.reshape(-1)[0],))
    where = _in_range('index_select', index._array.reshape(-1), n)
    return getitem(input, index=(slice(None),) * axis + (where, Ellipsis))


def _in_range(name, index, n):
    if index.size and not 0 <= index.min() <= index.max() < n:
        raise IndexError(f'{name}(): index out of range in self: got {index.min()} to '
                         f'{index.max()} for a dimension of size {n}; negative ones do not count '
                         'from the end here. Keep them within it.')
    return index


def _along(index, axis):
    """The index that np.take_along_axis uses: `index` along the axis, its own place elsewhere."""
    places = np.ogrid[tuple(slice(n) for n in index.shape)]
    return tuple(index if i == axis else place for i, place in enumerate(places))


def gather(input, dim, index):
    """out[i, j, ...] = input[index[i, j, ...], j, ...] for dim=0, and so on."""
    return getitem(input, index=_gathered('gather', input, dim, index))


def _gathered(name, input, dim, index):
    if not index.numel():
        return (np.zeros(index.shape, np.int64),) + (0,) * (input.ndim - 1)
    if index.dtype.kind not in 'iu' or max(index.ndim, 1) != max(input.ndim, 1):
        raise RuntimeError(f'{name}(): Expected dtype int64 for index and the same number of '
                           f'dimensions as input, got {index.dtype}, {index.ndim} against '
                           f'{input.ndim}. Use long() and unsqueeze().')
    axis, index = axis_of(dim, input.ndim), index._array
    if not input.ndim:
        _in_range(name, index, 1)
        return (Ellipsis,) if not index.ndim else (np.newaxis, Ellipsis)
    index = index.reshape(index.shape or (1,))
    if any(i != axis and m > n for i, (m, n) in enumerate(zip(index.shape, input.shape))):
        raise RuntimeError(f'Size does not match: expected index {index.shape} to be no larger '
                           f'than self {tuple(input.shape)} apart from dimension {dim}. Slice it.')
    return _along(_in_range(name, index, input.shape[axis]), axis)


def scatter_add(input, dim, index, src):
    """input, with src[i, j, ...] added at [index[i, j, ...], j, ...] for dim=0, and so on."""
    if any(m > n for m, n in zip(index.shape, src.shape)):
        raise RuntimeError(f'Expected index {tuple(index.shape)} to be no larger than src '
                           f'{tuple(src.shape)}: every index needs a value. Slice the index.')
    if src.dtype != input.dtype or index.ndim and src.ndim != index.ndim:
        raise RuntimeError(f'scatter_add(): Expected self.dtype to be equal to src.dtype and equal '
                           f'dimensions, got {input.dtype}, {src.dtype}. Convert one with to().')
    if not index.shape.numel():
        return input * 1
    part = getitem(src, index=(*(slice(n) for n in index.shape), Ellipsis))
    return input + put(part, index=_gathered('scatter_add', input, dim, index),
                       shape=tuple(input.shape))


# Joining and padding.

def _cat(*xs, dim, places):
    return np.concatenate(xs, dim)


joined = primitive(_cat, each=lambda i: lambda g, out, *xs, dim, places: narrow(g, dim, *places[i]))


def tensors_in(tensors, name):
    tensors = tuple(tensors)
    if not tensors:
        raise ValueError(f'{name} expected a non-empty list of Tensors, and got an empty one, '
                         'which has no shape. Leave the call out.')
    for x in tensors:
        if not isinstance(x, TensorBase):
            raise TypeError(f'{name} expected Tensors, but got a {type(x).__name__}: only tensors '
                            'can be joined. Convert it with torch.tensor().')
    return tensors


def cat(tensors, dim=0):
    """Join tensors one after the other along dim; other sizes must be equal."""
    tensors = tensors_in(tensors, 'torch.cat()')
    if any(not x.ndim for x in tensors):
        raise RuntimeError('zero-dimensional tensor cannot be concatenated: it has no dimension to '
                           'join along. Use stack, or reshape(1).')
    full = [x for x in tensors if x.shape != (0,)] or tensors[:1]     # (0,) fits anything
    axis = axis_of(dim, full[0].ndim)
    ends = np.cumsum([x.shape[axis] if x.ndim > axis else 0 for x in full]).tolist()
    places = [(end - x.shape[axis], x.shape[axis]) for x, end in zip(full, ends)]
    return joined(*full, dim=axis, places=places)


def stack(tensors, dim=0):
    """Join tensors of equal shape along a new dimension."""
    tensors = tensors_in(tensors, 'stack')
    if len({tuple(x.shape) for x in tensors}) > 1:
        raise RuntimeError(f'stack expects each tensor to be equal size, but got '
                           f'{[tuple(x.shape) for x in tensors]}. Use cat, or pad them.')
    return cat([unsqueeze(x, dim) for x in tensors], dim if dim >= 0 else dim + tensors[0].ndim + 1)


def _pad(x, widths, value=0):
    return np.pad(x, widths, constant_values=value)


padded = primitive(_pad, lambda g, out, x, widths, value=0: getitem(g, index=tuple(
    slice(before, before + n) for (before, _), n in zip(widths, x.shape))), name='pad')


# Masks.

def _masked(x, keep):
    return np.where(keep, x, x.dtype.type(0))


def _triangle(rows, columns, diagonal, upper):
    j_minus_i = np.arange(columns) - np.arange(rows)[:, None]
    return j_minus_i >= diagonal if upper else j_minus_i <= diagonal


def masked_fill(input, mask, value):
    """input, with this number where the mask is True."""
    if mask.dtype.kind != 'b':
        raise RuntimeError(f'masked_fill only supports boolean masks, but got mask with dtype '
                           f'{mask.dtype}: 0 and 1 could be meant as indices. Use mask.bool().')
    if isinstance(value, complex):
        raise RuntimeError(f'value {value} cannot be converted to {input.dtype} without overflow: '
                           'it is complex. Give a real number.')
    if getattr(value, 'ndim', 0):
        raise RuntimeError('masked_fill only supports a 0-dimensional value tensor, but got '
                           f'tensor with {value.ndim} dimension(s). Use where().')
    return where(mask, value, input).to(input.dtype)


masked = primitive(_masked, lambda g, out, x, keep: masked(g, keep=keep), constant)


def tril(input, diagonal=0):
    """The lower triangle of the last two dimensions, zeros above the diagonal."""
    return _tri(input, diagonal, False)


def triu(input, diagonal=0):
    """The upper triangle of the last two dimensions, zeros below the diagonal."""
    return _tri(input, diagonal, True)


def _tri(input, diagonal, upper):
    if input.ndim < 2:
        raise RuntimeError(f'tri{"ul"[not upper]}: input tensor must have at least 2 dimensions, '
                           f'not {input.ndim}: there is no triangle. Use unsqueeze().')
    return masked(input, keep=_triangle(*input.shape[-2:], diagonal, upper))


def diagonal(input, offset=0, dim1=0, dim2=1):
    """The diagonal of two dimensions, which becomes the last dimension. A view."""
    dim1, dim2 = axis_of(dim1, input.ndim), axis_of(dim2, input.ndim)
    if dim1 == dim2:
        raise RuntimeError(f'diagonal dimensions cannot be identical {dim1}, {dim2}: a plane has '
                           'two. Choose another.')
    return diagonals(input, offset=offset, dim1=dim1, dim2=dim2)


def _diagonal(x, offset, dim1, dim2):
    return x.diagonal(offset, dim1, dim2)


def _put_diagonal(y, offset, dim1, dim2, shape):
    x = np.zeros(shape, y.dtype)
    rows = np.arange(y.shape[-1])
    np.moveaxis(x, (dim1, dim2), (-2, -1))[..., rows - min(offset, 0), rows + max(offset, 0)] = y
    return x


diagonals = primitive(_diagonal, lambda g, out, x, offset, dim1, dim2: put_diagonal(
    g, offset=offset, dim1=dim1, dim2=dim2, shape=x.shape), view=True)
put_diagonal = primitive(_put_diagonal, lambda g, out, y, offset, dim1, dim2, shape: diagonals(
    g, offset=offset, dim1=dim1, dim2=dim2))
