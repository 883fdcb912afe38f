"""Parts of tensors, and joining them.

Taking a part is linear, and its transpose puts the part back where it was, with zeros elsewhere:
getitem and put are each other's rule. A basic index (integers, slices, None, ...) is a view; lists
and tensors of indices copy.
"""
from __future__ import annotations

from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np

from ..autograd import TensorBase, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _errors as errors
from .pointwise import add, only_where, where


def _getitem(input, index):
    try:
        return input[index]
    except IndexError as error:
        raise errors.index_does_not_fit(input, error) from None


@opaque
def _put(input, index, shape):
    out = np.zeros(shape, input.dtype)
    if any(isinstance(part, np.ndarray) for part in index):
        np.add.at(out, index, input)    # indices may contain one position twice
    else:
        out[index] = input
    return out


def _setitem(input, value, index):
    out = input.copy('K')
    while np.ndim(value) and len(value) == 1:
        value = value[0, ...]       # NumPy allows no leading 1 if the index is a mask
    try:
        out[index] = value
    except IndexError as error:
        raise errors.index_does_not_fit(input, error) from None
    return out


def _given(g, value_shape, index):
    """The part of g at the index; a value may have more leading sizes of 1 than the part."""
    part = getitem(g, index)
    return part.reshape((1,) * (len(value_shape) - part.ndim) + tuple(part.shape))


getitem: Row = primitive(_getitem, input=lambda g, input_shape, index: put(g, index, input_shape),
                         view=True)
put: Row = primitive(_put, input=lambda g, index: getitem(g, index))
# input with input[index] = value.
setitem: Row = primitive(_setitem, input=lambda g, index: setitem(g, 0.0, index),
                         value=_given)


@opaque
def from_pieces(indices: Any, shape: Any, pieces: Any) -> Any:
    """Zeros of this shape but for the pieces, {k: what is at indices[k]}, which may be shared."""
    if any(isinstance(piece, TensorBase) for piece in pieces.values()):
        return reduce(add, [put(piece, indices[k], shape) for k, piece in pieces.items()])
    out = np.zeros(shape, next(iter(pieces.values())).dtype)
    for k, piece in pieces.items():
        out[indices[k]] = piece
    return out


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
    return np.pad(input, widths, constant_values=value) if widths else input.copy()


pad: Row = primitive(_pad, input=lambda g, input_shape, widths: getitem(g, tuple(
    slice(before, before + n) for (before, _), n in zip(widths, input_shape))))


# Masks and diagonals.

def _keep(input, mask):
    return np.where(mask, input, input.dtype.type(0))


def triangle(rows: Any, columns: Any, diagonal: Any, upper: Any) -> Any:
    """A mask (rows, columns) of the triangle above, or below, a diagonal, which is included."""
    j_minus_i = np.arange(columns) - np.arange(rows)[:, None]
    return j_minus_i >= diagonal if upper else j_minus_i <= diagonal


def _diagonal(input, offset, dim1, dim2):
    out = input.diagonal(offset, dim1, dim2)
    out.flags.writeable = input.flags.writeable
    return out


@opaque
def _put_diagonal(input, offset, dim1, dim2, shape):
    out = np.zeros(shape, input.dtype)
    rows = np.arange(input.shape[-1])
    np.moveaxis(out, (dim1, dim2), (-2, -1))[
        ..., rows - min(offset, 0), rows + max(offset, 0)] = input
    return out


scale_gradient: Row = primitive(lambda input, factor: input.copy(), 'input factor',
                                input=lambda g, factor: g * factor, name='scale_gradient')
keep: Row = primitive(_keep, input=lambda g, mask: keep(g, mask), name='masked')
diagonal: Row = primitive(_diagonal, view=True, input=lambda g, input_shape, offset, dim1, dim2:
                          put_diagonal(g, offset, dim1, dim2, input_shape))
put_diagonal: Row = primitive(_put_diagonal, input=lambda g, offset, dim1, dim2:
                              diagonal(g, offset, dim1, dim2))


# Products and extremes of all that is sent to one position; sums are `put`.

@opaque
def _multiplied(input, src, positions):
    out = input.copy()
    np.multiply.at(out, positions, src)
    return out


def extreme(at: Any, input: Any, src: Any, positions: Any, include_self: Any) -> Any:
    """The extremes, by NumPy's maximum.at or minimum.at."""
    out = input.copy()
    if not include_self:
        out[positions] = src        # one of those that are sent there
    at(out, positions, src)
    return out


@opaque
def _largest(input, src, positions, include_self):
    return extreme(np.maximum.at, input, src, positions, include_self)


@opaque
def _smallest(input, src, positions, include_self):
    return extreme(np.minimum.at, input, src, positions, include_self)


def ones_where(mask: Any, like: Any) -> Any:
    """1 where the mask is True, else 0, of the dtype of another array or tensor."""
    return only_where(setitem(like, 1.0, (Ellipsis,)), mask)


def product_of_others(g: Any, out: Any, input: Any, src: Any, positions: Any) -> Any:
    """g times, for each value of src, the product of all others at its position.

    A value that is the only 0 there counts as 1; where there are more zeros all products are 0.
    """
    zero = src == 0
    zeros = getitem(put(ones_where(zero, src), positions, input.shape), positions)
    if isinstance(g, TensorBase) and bool((zeros > 1).any()):
        raise errors.several_zeros()
    alone = zero & (zeros == 1)
    rest = scatter_prod(input, where(alone, 1.0, src), positions)
    return where(alone, getitem(g * rest, positions),
                 getitem(g * out, positions) / where(zero, 1.0, src))


def shares(g: Any, out: Any, input: Any, src: Any, positions: Any) -> Any:
    """g, divided evenly among what equals the extreme out: the parts of input and of src."""
    own, among = input == out, src == getitem(out, positions)
    part = g / (ones_where(own, input) + put(ones_where(among, src), positions, input.shape))
    return part * own, getitem(part, positions) * among


def share_of_input(g: Any, out: Any, input: Any, src: Any, positions: Any,
                   include_self: Any) -> Any:
    """What is left of g for input: nothing where it was replaced."""
    own, _ = shares(g, out, input, src, positions)
    return own if include_self else setitem(own, 0.0, positions)


def extremes_of(function: Any) -> Any:
    """The operation that a function of arrays computes."""
    return primitive(function, name='scatter_reduce', input=share_of_input,
                     src=lambda g, out, input, src, positions:
                     shares(g, out, input, src, positions)[1])


def product_of_src(g: Any, input: Any, src: Any, positions: Any) -> Any:
    """g times the product of what is sent to each position."""
    own = where(input == 0, 1.0, input)
    return g * scatter_prod(own, src, positions) / own


# input with src multiplied to it at these positions; the largest and the smallest there.
scatter_prod: Row = primitive(_multiplied, name='scatter_reduce', input=product_of_src,
                              src=product_of_others)
scatter_amax: Row = extremes_of(_largest)
scatter_amin: Row = extremes_of(_smallest)


# Memory.

def partly_overlap(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether arrays without gaps share memory, but not element by element.

    a, b  any arrays; False if one has gaps
    """
    spans = []
    for array in (a, b):
        start = array.ctypes.data
        last = sum((n - 1) * stride for n, stride in zip(array.shape, array.strides))
        if not array.size or last + array.itemsize != array.nbytes:
            return False
        steps = [stride for n, stride in zip(array.shape, array.strides) if n > 1]
        spans.append((start, start + array.nbytes, steps, array.shape))
    (start, end, *_), (other_start, other_end, *_) = spans
    return start < other_end and other_start < end and spans[0] != spans[1]
