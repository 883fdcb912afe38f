"""Joining and turning tensors: side by side, above each other, by quarter turns.

The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ..ops import indexing as table
from ..ops import shapes as rows
from ..ops.shapes import axis_of, unpacked
from . import _shape_errors as errors
from ._arguments import tensor, typed
from .creation import from_numpy
from .indexing import cat, diagonal, listed
from .pointwise import clone
from .reductions import sum
from .shapes import Sizes, flatten, flip, permute, repeat, reshape, transpose, whole

if TYPE_CHECKING:
    from .._tensor import Tensor


# Side by side.

def at_least(ndim: int, input: Tensor, function: str) -> Tensor:
    """input with new dimensions of size 1 up to so many: rows for 2, and planes at the end for 3.

    ndim      how many dimensions there have to be
    input     what the user passed
    function  the name of the public function
    """
    shape = tensor(input, function)._array.shape
    if len(shape) >= ndim:
        return input
    if ndim == 3 and shape:
        return reshape(input, (*((1,) * (2 - len(shape))), *shape, 1))
    return reshape(input, (1,) * (ndim - len(shape)) + shape)


def each_at_least(ndim: int, tensors: tuple[Any, ...], function: str) -> Any:
    """at_least for several tensors: a tuple of them, or for one by itself one.

    ndim      how many dimensions there have to be
    tensors   what the user passed
    function  the name of the public function
    """
    if len(tensors) == 1 and not isinstance(tensors[0], (tuple, list)):
        return at_least(ndim, tensors[0], function)
    given = unpacked(tensors[0], tensors[1:]) if tensors else ()
    return tuple(at_least(ndim, x, function) for x in given)


def atleast_1d(*tensors: Tensor | Sequence[Tensor]) -> Any:
    """Tensors without dimensions as tensors of one; others as they are.

    tensors  one tensor, which gives a tensor, or several or one list, which gives a tuple
    """
    return each_at_least(1, tensors, 'atleast_1d')


def atleast_2d(*tensors: Tensor | Sequence[Tensor]) -> Any:
    """Vectors as rows of a matrix, (n,) as (1, n); tensors of more dimensions as they are.

    tensors  one tensor, which gives a tensor, or several or one list, which gives a tuple
    """
    return each_at_least(2, tensors, 'atleast_2d')


def atleast_3d(*tensors: Tensor | Sequence[Tensor]) -> Any:
    """Vectors (n,) as (1, n, 1) and matrices (n, m) as (n, m, 1).

    tensors  one tensor, which gives a tensor, or several or one list, which gives a tuple
    """
    return each_at_least(3, tensors, 'atleast_3d')


def hstack(tensors: Sequence[Tensor]) -> Tensor:
    """Join tensors along their columns, dimension 1; vectors one after the other.

    tensors  a sequence of tensors
    """
    given = [at_least(1, x, 'hstack') for x in listed(tensors, 'hstack')]
    return cat(given, 0 if given[0]._array.ndim == 1 else 1)


def vstack(tensors: Sequence[Tensor]) -> Tensor:
    """Join tensors along their rows, dimension 0; vectors count as rows.

    tensors  a sequence of tensors
    """
    return cat([at_least(2, x, 'vstack') for x in listed(tensors, 'vstack')])


def dstack(tensors: Sequence[Tensor]) -> Tensor:
    """Join tensors along their third dimension, which is new for vectors and matrices.

    tensors  a sequence of tensors
    """
    return cat([at_least(3, x, 'dstack') for x in listed(tensors, 'dstack')], 2)


def column_stack(tensors: Sequence[Tensor]) -> Tensor:
    """Join tensors along their columns; vectors count as columns.

    tensors  a sequence of tensors
    """
    return hstack([reshape(x, (x.numel(), 1)) if x._array.ndim < 2 else x
                   for x in listed(tensors, 'column_stack')])


def tile(input: Tensor, dims: Sizes, *more: int) -> Tensor:
    """Copies of the tensor side by side.

    input  a tensor
    dims   how many along each of the last dimensions, in one tuple or one by one
    """
    counts = whole(unpacked(dims, more), 'tile')
    missing = tensor(input, 'tile')._array.ndim - len(counts)
    return repeat(input, (1,) * missing + counts)


# Dimensions in another order.

def movedim(input: Tensor, source: Sizes, destination: Sizes) -> Tensor:
    """Move dimensions; the others keep their order, and the result shares memory.

    input        a tensor
    source       a dimension, or several
    destination  where it goes, or each of them
    """
    ndim = tensor(input, 'movedim')._array.ndim
    places = []
    for name, dims in (('source', source), ('destination', destination)):
        given = [axis_of(dim, ndim) for dim in unpacked(dims, ())]
        if len(set(given)) < len(given):
            raise errors.moved_twice(name, dims)
        places.append(given)
    if len(places[0]) != len(places[1]):
        raise errors.moves_differ(source, destination)
    kept = iter([dim for dim in range(ndim) if dim not in places[0]])
    origin = dict(zip(places[1], places[0]))
    return permute(input, tuple(origin[i] if i in origin else next(kept) for i in range(ndim)))


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """Turn by quarter turns, from the first of two dimensions towards the second; a copy.

    input  a tensor of at least two dimensions
    k      how many quarter turns; negative ones go the other way
    dims   the two dimensions
    """
    ndim = tensor(input, 'rot90')._array.ndim
    if ndim < 2 or len(dims) != 2:
        raise errors.no_plane(ndim, dims)
    first, second = (axis_of(dim, ndim) for dim in dims)
    if first == second:
        raise errors.no_plane(ndim, dims)
    if k % 4 == 1:
        return transpose(flip(input, second), first, second)
    if k % 4 == 2:
        return flip(input, (first, second))
    return transpose(flip(input, first), first, second) if k % 4 else clone(input)


def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order.

    input  a tensor of at least two dimensions
    """
    if tensor(input, 'fliplr')._array.ndim < 2:
        raise errors.nothing_to_flip('fliplr', 2, input)
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order.

    input  a tensor of at least one dimension
    """
    if not tensor(input, 'flipud')._array.ndim:
        raise errors.nothing_to_flip('flipud', 1, input)
    return flip(input, 0)


# Other shapes.

def ravel(input: Tensor) -> Tensor:
    """All elements in one dimension.

    input  a tensor of any shape
    """
    return flatten(tensor(input, 'ravel'))


@typed
def unflatten(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor:
    """Split a dimension into several, the inverse of flatten.

    input  a tensor
    dim    the dimension
    sizes  the sizes it is split into, whose product is its own; one may be -1, to be inferred
    """
    shape = tensor(input, 'unflatten')._array.shape
    at, given = axis_of(dim, len(shape)), whole(sizes, 'unflatten')
    if not shape:
        raise errors.nothing_to_split(given)
    n, known = shape[at], math.prod(size for size in given if size != -1)
    split = tuple(n // known if size == -1 and known else size for size in given)
    if min(split, default=-1) < 0 or math.prod(split) != n:
        raise errors.sizes_do_not_multiply(given, at, n)
    return reshape(input, shape[:at] + split + shape[at + 1:])


def broadcast_to(input: Tensor, size: Sequence[int]) -> Tensor:
    """The tensor expanded to a shape; as expand, it shares memory.

    input  a tensor
    size   the shape, with which input's broadcasts
    """
    return tensor(input, 'broadcast_to').expand(size)


@typed
def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows of neighbours along a dimension, which share memory and may overlap.

    input      a tensor
    dimension  the dimension; in the result it counts the windows
    size       the number of elements in a window, which become the last dimension
    step       how many elements one window starts after the other

    Raises RuntimeError if there is no window.
    """
    shape = tensor(input, 'unfold')._array.shape
    axis = axis_of(dimension, len(shape))
    n = shape[axis] if shape else 1
    if size > n or size < 0 or step < 1:
        raise errors.no_window(n, size, step)
    x = input if shape else reshape(input, (1,))
    windows = rows.unfold(x, axis, size, step)
    return windows if shape else reshape(windows, (size,))


# Diagonals.

@typed
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """The matrix with a vector on its diagonal, or the diagonal of a matrix.

    input     a tensor of one dimension or two
    diagonal  which: 0 is the main one, 1 the one above
    """
    ndim = tensor(input, 'diag')._array.ndim
    if ndim not in (1, 2):
        raise errors.diag_of_dimensions(ndim)
    return diag_embed(input, diagonal) if ndim == 1 else clone(input.diagonal(diagonal))


@typed
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Matrices with the vectors in the last dimension on their diagonals, and 0 elsewhere.

    input       a tensor of at least one dimension
    offset      which diagonal: 0 is the main one, 1 the one above
    dim1, dim2  the dimensions of the matrices in the result, of which it has one more than input
    """
    shape = tensor(input, 'diag_embed')._array.shape
    first, second = axis_of(dim1, len(shape) + 1), axis_of(dim2, len(shape) + 1)
    if first == second:
        raise errors.same_diagonal_dimensions(dim1, dim2)
    n = shape[-1] + (offset if offset > 0 else -offset)
    size = list(shape[:-1])
    for dim in sorted((first, second)):
        size.insert(dim, n)
    return table.put_diagonal(input, offset, first, second, tuple(size))


def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix.

    input  a matrix
    """
    if tensor(input, 'trace')._array.ndim != 2:
        raise errors.no_trace(input)
    return sum(diagonal(input))


# Products of all with all.

def kron(input: Tensor, other: Tensor) -> Tensor:
    """Kronecker's product: copies of other side by side, each times an element of input.

    input  a tensor
    other  a tensor; the one with fewer dimensions gets more of size 1 in front
    """
    ndim = max(tensor(input, 'kron').ndim, tensor(other, 'kron', 'other').ndim)
    x, y = (reshape(z, (1,) * (ndim - z.ndim) + tuple(z.shape)) for z in (input, other))
    pairs = reshape(x, [n for size in x.shape for n in (size, 1)]) * reshape(
        y, [n for size in y.shape for n in (1, size)])
    return reshape(pairs, [n * m for n, m in zip(x.shape, y.shape)])


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of an element of each vector, a row for each.

    tensors  vectors; of one alone the result is it
    """
    for x in tensors:
        if tensor(x, 'cartesian_prod', 'tensors').ndim != 1:
            raise errors.not_a_vector('cartesian_prod', x)
    if len(tensors) == 1:
        return tensors[0]
    sizes = [len(x) for x in tensors]
    columns = [flatten(reshape(x, [-1 if i == j else 1 for j in range(len(sizes))]).expand(sizes))
               for i, x in enumerate(tensors)]
    return cat([reshape(column, (-1, 1)) for column in columns], 1)


@typed
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of r elements of a vector, a row for each, in the order of the vector.

    input             a vector (RuntimeError)
    r                 how many are chosen, not negative (RuntimeError)
    with_replacement  whether an element may be chosen several times
    """
    if tensor(input, 'combinations').ndim != 1:
        raise errors.not_a_vector('combinations', input)
    if r < 0:
        raise errors.negative_choice(r)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    if r == 0:
        return input[:0]
    places = [*choose(range(len(input)), r)]
    return input[from_numpy(np.array(places, np.int64).reshape(-1, r))]
