"""Parts of tensors, and joining them.

Taking a part is linear, and its transpose puts the part back where it was, with zeros elsewhere:
getitem and put are each other's rule. A basic index (numbers, slices, None, ...) is a view; lists
and tensors of indices copy.
"""
from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ..autograd import TensorBase, primitive
from ..autograd.primitive import Row
from . import _errors as errors


def _getitem(input, index):
    try:
        return input[index]
    except IndexError as error:
        raise errors.index_does_not_fit(input, error) from None


def _put(input, index, shape):
    out = np.zeros(shape, input.dtype)
    if any(isinstance(part, np.ndarray) for part in index):
        np.add.at(out, index, input)    # indices may name one position twice
    else:
        out[index] = input
    return out


def _setitem(input, value, index):
    out = np.array(input)
    out[index] = value
    return out


getitem: Row = primitive(_getitem, input=lambda g, input_shape, index: put(g, index, input_shape),
                         view=True)
put: Row = primitive(_put, input=lambda g, index: getitem(g, index))
# input with input[index] = value.
setitem: Row = primitive(_setitem, input=lambda g, index: setitem(g, 0.0, index),
                         value=lambda g, index: getitem(g, index))


def plain_index(index: Any, shape: Any) -> Any:
    """An index into a tensor of this shape as NumPy takes it: a tuple, tensors and lists in it as
    arrays, `...` at its end, so that an element is a 0-d array, a view like all basic indices."""
    index = index if isinstance(index, tuple) else (index,)
    parts = [_plain_part(part) for part in index]
    if len(parts) > 1 and any(part is True or part is False for part in parts):
        raise errors.bool_among_indices()
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
    positions = np.arange(math.prod(shape)).reshape(shape)[tuple(first)][then]
    return np.unravel_index(positions, shape)


def _plain_part(part):
    if isinstance(part, TensorBase):
        part = part._array
        return int(part) if part.ndim == 0 and part.dtype.kind in 'iu' else part
    if isinstance(part, (list, tuple, range)):
        part = np.array([p._array if isinstance(p, TensorBase) else p for p in part])
        return part.astype(np.int64) if part.size == 0 else part
    if isinstance(part, slice):
        if part.step is not None and part.step <= 0:
            raise errors.backward_slice(part.step)
        return slice(*(int(p) if isinstance(p, TensorBase) else p
                       for p in (part.start, part.stop, part.step)))
    if isinstance(part, (float, str)):
        raise errors.not_an_index(part)
    return part


# Joining and padding.

@lru_cache(maxsize=None)
def cat_of(count: Any) -> Any:
    """The operation that joins so many tensors along dim; spans are (start, size) of each there."""
    def cat(*arrays):
        *tensors, dim, spans = arrays
        return np.concatenate(tensors, dim)

    def piece(i, g, dim, spans):
        return getitem(g, (slice(None),) * dim + (slice(spans[i][0], sum(spans[i])), Ellipsis))

    names = [f'tensor{i}' for i in range(count)]
    return primitive(cat, ' '.join([*names, 'dim', 'spans']),
                     **{name: partial(piece, i) for i, name in enumerate(names)})


def _pad(input, widths, value=0):
    return np.pad(input, widths, constant_values=value)


pad: Row = primitive(_pad, input=lambda g, input_shape, widths: getitem(g, tuple(
    slice(before, before + n) for (before, _), n in zip(widths, input_shape))))


# Masks and diagonals.

def _keep(input, mask):
    return np.where(mask, input, input.dtype.type(0))


def triangle(rows: Any, columns: Any, diagonal: Any, upper: Any) -> Any:
    """A mask (rows, columns) of the triangle above, or below, a diagonal, which is in it."""
    j_minus_i = np.arange(columns) - np.arange(rows)[:, None]
    return j_minus_i >= diagonal if upper else j_minus_i <= diagonal


def _diagonal(input, offset, dim1, dim2):
    return input.diagonal(offset, dim1, dim2)


def _put_diagonal(input, offset, dim1, dim2, shape):
    out = np.zeros(shape, input.dtype)
    rows = np.arange(input.shape[-1])
    np.moveaxis(out, (dim1, dim2), (-2, -1))[
        ..., rows - min(offset, 0), rows + max(offset, 0)] = input
    return out


keep: Row = primitive(_keep, input=lambda g, mask: keep(g, mask), name='masked')
diagonal: Row = primitive(_diagonal, view=True, input=lambda g, input_shape, offset, dim1, dim2:
                          put_diagonal(g, offset, dim1, dim2, input_shape))
put_diagonal: Row = primitive(_put_diagonal, input=lambda g, offset, dim1, dim2:
                              diagonal(g, offset, dim1, dim2))
