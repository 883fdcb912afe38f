"""Rearrangements: the same numbers in other places.

All of them are linear, so the derivative of each is its transpose, and they come in pairs: getitem
and put, expand and sum, pad and crop. Those that can share memory with their input do (`view`).
"""
from __future__ import annotations


import math

import numpy as np

from ..autograd import primitive
from ..autograd.engine import expand as broadcast, memory_of
from ..types import dtype


def axis_of(dim, ndim):
    """A dimension counted from the front. Raises IndexError if there is no such dimension."""
    size = ndim or 1
    if not -size <= dim < size:
        raise IndexError(f'Dimension out of range: expected to be in range of [{-size}, {size - 1}]'
                         f', but got {dim}; the tensor has {ndim} dimensions. Count from 0, or '
                         'from -1 backwards.')
    return dim % size


def unpacked(first, more):
    """Sizes given one by one or as one tuple: x.reshape(2, 3) and x.reshape((2, 3))."""
    return tuple(first) if isinstance(first, (tuple, list)) else (first, *more)


# Shapes.

def _permute(x, dims):
    return x.transpose(dims)


def _inverse(dims):
    return tuple(int(i) for i in np.argsort(dims))


def _swap(x, dim0, dim1):
    return x.swapaxes(dim0, dim1) if x.ndim else x


def _reshape(x, shape):
    if x.ndim > 2 and x.strides[0] == x.itemsize and shape[:1] == x.shape[:1]:
        # Convolutions leave the images side by side: to keep them so is 7 times faster.
        x = x.transpose(*range(1, x.ndim), 0).reshape(*shape[1:], len(x))
        return x.transpose(x.ndim - 1, *range(x.ndim - 1))
    return x.reshape(shape)


reshaped = primitive(_reshape, lambda g, out, x, shape: reshaped(g, x.shape), view=True,
                     name='view')
permuted = primitive(_permute, lambda g, out, x, dims: permuted(g, _inverse(dims)), view=True,
                     name='permute')
swap = primitive(_swap, lambda g, out, x, dim0, dim1: swap(g, dim0, dim1), view=True,
                 name='transpose', names='input dim0 dim1')
flipped = primitive(np.flip, lambda g, out, x, dims: flipped(g, dims), name='flip')
rolled = primitive(np.roll, lambda g, out, x, shifts, dims:
                   rolled(g, tuple(-shift for shift in shifts), dims), name='roll')


def reshape(input, shape, *more):
    """The same elements in order in another shape; one size may be -1. Shares memory if it can."""
    shape = unpacked(shape, more)
    if min(shape, default=0) < -1 or -1 in shape and 0 in shape:
        raise RuntimeError(f'invalid shape {shape}: sizes are counts, and -1 stands for the one '
                           'that follows from the others. Give counts and at most one -1.')
    return reshaped(input, shape)


def view(input, size, *more):
    """`reshape` that always shares memory. Raises RuntimeError where that is impossible."""
    if isinstance(size, dtype):
        raise NotImplementedError('view(dtype) is not built: reading bits as another type has no '
                                  'derivative. Use to(dtype) to convert.')
    out = reshape(input, size, *more)
    if out._base is not None or not input.numel():
        return out
    if input._base is None and not memory_of(input).shared:
        input._array = np.ascontiguousarray(input._array)     # convolutions leave another order
        return reshape(input, size, *more)
    raise RuntimeError(f'view size is not compatible with input tensor: shape '
                       f'{tuple(input.shape)} with strides {input._array.strides} cannot be seen '
                       f'as {tuple(out.shape)} without a copy. Use .reshape(...) instead.')


def flatten(input, start_dim=0, end_dim=-1):
    """Join the dimensions from start_dim to end_dim."""
    start, end = axis_of(start_dim, input.ndim), axis_of(end_dim, input.ndim)
    if start > end:
        raise RuntimeError(f'flatten() has invalid args: start_dim {start_dim} comes after end_dim '
                           f'{end_dim}, so there is nothing between. Swap them.')
    if not input.ndim:
        return reshape(input, (1,))
    if start == end:
        return input
    shape = input._array.shape
    return reshape(input, (*shape[:start], math.prod(shape[start:end + 1]), *shape[end + 1:]))


def squeeze(input, dim=None):
    """Drop dimensions of size 1: all, or those named."""
    dims = range(input.ndim) if dim is None else unpacked(dim, ())
    dims = [axis_of(d, input.ndim) for d in dims]
    if len(set(dims)) < len(dims):
        raise RuntimeError(f'dim {dim} names a dimension multiple times: it can be dropped once. '
                           'List it once.')
    return reshape(input, tuple(n for i, n in enumerate(input.shape) if n != 1 or i not in dims))


def unsqueeze(input, dim):
    """A new dimension of size 1 at place dim."""
    at, shape = axis_of(dim, input.ndim + 1), input.shape
    return reshape(input, (*shape[:at], 1, *shape[at:]))


def transpose(input, dim0, dim1):
    """Swap two dimensions."""
    return swap(input, axis_of(dim0, input.ndim), axis_of(dim1, input.ndim))


def permute(input, dims, *more):
    """Dimension i of the result is dimension dims[i] of the input."""
    dims = tuple(axis_of(d, input.ndim) for d in unpacked(dims, more))
    if sorted(dims) != list(range(input.ndim)):
        raise RuntimeError(f'permute(dims={dims}) does not name each of the {input.ndim} '
                           'dimensions once: none may be lost or doubled. List every dimension '
                           'once.')
    return permuted(input, dims)


def t(input):
    """Rows for columns; only for up to two dimensions."""
    if input.ndim > 2:
        raise RuntimeError(f't() expects a tensor with <= 2 dimensions, but self is {input.ndim}D: '
                           'which two to swap is not clear. Use transpose or mT.')
    return swap(input, 0, 1) if input.ndim == 2 else input


def expand(input, size, *more):
    """Repeat dimensions of size 1 without copying; -1 keeps a size, new ones come in front."""
    size = unpacked(size, more)
    new = len(size) - input.ndim
    if new < 0 or -1 in size[:new]:
        raise RuntimeError(f'expand({size}) of a tensor of shape {tuple(input.shape)}: every '
                           'dimension needs a size, and only existing ones may be -1. Give at '
                           f'least {input.ndim} sizes.')
    return broadcast(input, shape=tuple(input.shape[i - new] if n == -1 else n
                                        for i, n in enumerate(size)))


def expand_as(input, other):
    return expand(input, tuple(other.shape))


def repeat(input, repeats, *more):
    """Copies of the tensor side by side, so many along each dimension."""
    repeats = unpacked(repeats, more)
    new = len(repeats) - input.ndim
    if new < 0 or any(n < 0 for n in repeats):
        raise RuntimeError(f'repeat({repeats}) of a tensor of shape {tuple(input.shape)}: Number '
                           'of dimensions of repeat dims can not be smaller than number of '
                           'dimensions of tensor, nor a number negative. Give one for each '
                           'dimension.')
    shape = (1,) * new + tuple(input.shape)
    x = reshape(input, [m for n in shape for m in (1, n)])
    x = broadcast(x, shape=tuple(m for pair in zip(repeats, shape) for m in pair))
    return reshape(x, tuple(n * m for n, m in zip(repeats, shape)))


def flip(input, dims, *more):
    """Reverse the order along these dimensions."""
    dims = tuple(axis_of(d, input.ndim) for d in unpacked(dims, more))
    if len(set(dims)) < len(dims):
        raise RuntimeError(f'dim {dims} names a dimension multiple times: flipped twice it is as '
                           'before. List it once.')
    return flipped(input, dims if input.ndim else ())


def roll(input, shifts, dims=None):
    """Move elements by so many places, those that fall off the end to the front."""
    if dims is None or dims == ():
        if isinstance(shifts, (tuple, list)) and len(shifts) != 1:
            raise RuntimeError(f'roll: shifts and dimensions must align: {shifts} without dims. '
                               'Give one dim for each shift, or one shift.')
        return reshape(roll(reshape(input, (-1,)), shifts, 0), tuple(input.shape))
    shifts, dims = unpacked(shifts, ()), unpacked(dims, ())
    if len(shifts) != len(dims):
        raise RuntimeError(f'roll: shifts and dimensions must align: got shifts {shifts} and dims '
                           f'{dims}. Give one dim for each shift.')
    dims = tuple(axis_of(d, input.ndim) for d in dims)
    if not input.ndim:
        raise IndexError(f'roll: a tensor without dimensions has no dimension {dims}. Leave dims '
                         'out.')
    return rolled(input, shifts, dims)


def _contiguous(x):
    return x if x.flags.c_contiguous else np.ascontiguousarray(x)


contiguous_copy = primitive(_contiguous, lambda g, out, x: g, view=True, name='clone')


def contiguous(input):
    """The tensor itself if its elements lie in order, else a copy in which they do."""
    return input if input.is_contiguous() else contiguous_copy(input)


def broadcast_tensors(*tensors):
    """All tensors expanded to the shape they broadcast to."""
    shape = np.broadcast_shapes(*(x.shape for x in tensors))
    return tuple(broadcast(x, shape=shape) for x in tensors)
