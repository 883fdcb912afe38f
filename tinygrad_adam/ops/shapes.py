"""Rearrangements: the same elements in other positions.

All of them are linear, so the rule of each is its transpose. Those that can share memory with their
input do (`view`).
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import TensorBase, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _errors as errors


def axis_of(dim: Any, ndim: Any) -> Any:
    """A dimension counted from the front. Raises TypeError if dim is no integer, or a bool, and
    IndexError if there is no such dimension."""
    size = ndim or 1
    if type(dim) is not int:
        number = dim._array[()] if isinstance(dim, TensorBase) else dim
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise errors.dim_not_an_integer(dim)
        dim = int(number)
    if not -size <= dim < size:
        raise errors.dim_out_of_range(dim, ndim)
    return dim % size


def unpacked(first: Any, more: Any) -> Any:
    """Sizes given one by one or as one tuple: x.reshape(2, 3) and x.reshape((2, 3))."""
    return tuple(first) if isinstance(first, (tuple, list)) else (first, *more)


def _permute(input, dims):
    return input.transpose(dims)


def _transpose(input, dim0, dim1):
    return input.swapaxes(dim0, dim1) if input.ndim else input[...]


def _expand(input, size):
    out = np.broadcast_to(input, size)
    out.flags.writeable = input.flags.writeable
    return out


def _repeat(input, repeats):
    return np.tile(input, repeats)


def _add_copies(g, input_shape, repeats):
    """The sum of the copies side by side in g, of this shape."""
    shape = (1,) * (len(repeats) - len(input_shape)) + input_shape
    copies = g.reshape(tuple(n for pair in zip(repeats, shape) for n in pair))
    return copies.sum(axis=tuple(range(0, 2 * len(shape), 2))).reshape(input_shape)


def _flip(input, dims):
    return np.flip(input, dims).copy('K')


def _contiguous(input):
    return input if input.flags.c_contiguous else input.copy()


@opaque
def _unfold(input, axis, size, step):
    count = (input.shape[axis] - size) // step + 1
    strides = [*input.strides]
    strides[axis] *= step
    return np.lib.stride_tricks.as_strided(     # sliding_window_view takes no windows of size 0
        input, (*input.shape[:axis], count, *input.shape[axis + 1:], size),
        (*strides, input.strides[axis]))


@opaque
def _add_windows(input, shape, axis, size, step):
    """The sums of the windows, where they were in an array of this shape."""
    out = np.zeros(shape, input.dtype)
    along = np.moveaxis(out, axis, 0)
    windows = np.moveaxis(input, axis, 0)
    for i in range(size):
        along[i:i + step * (len(windows) - 1) + 1:step] += windows[..., i]
    return out


def inverse(dims: Any) -> Any:
    """The permutation that undoes this one."""
    return tuple(int(i) for i in np.argsort(dims))


expand: Row = primitive(_expand, input=lambda g: g, view=True)
permute: Row = primitive(_permute, input=lambda g, dims: permute(g, inverse(dims)), view=True)
transpose: Row = primitive(_transpose, view=True,
                           input=lambda g, dim0, dim1: transpose(g, dim0, dim1))
repeat: Row = primitive(_repeat, input=_add_copies)
flip: Row = primitive(_flip, elementwise=True, input=lambda g, dims: flip(g, dims))
roll: Row = primitive(np.roll, 'input shifts dims', input=lambda g, shifts, dims:
                      roll(g, tuple(-shift for shift in shifts), dims))
contiguous: Row = primitive(_contiguous, input=lambda g: g, view=True, name='clone')
unfold: Row = primitive(_unfold, view=True, input=lambda g, input_shape, axis, size, step:
                        add_windows(g, input_shape, axis, size, step))
add_windows: Row = primitive(_add_windows, input=lambda g, axis, size, step:
                             unfold(g, axis, size, step))
