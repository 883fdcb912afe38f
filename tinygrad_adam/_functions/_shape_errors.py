"""What the functions of _functions/shapes.py refuse."""
from __future__ import annotations

from typing import Any


def invalid_shape(shape: Any) -> RuntimeError:
    return RuntimeError(
        f'invalid shape {shape}: sizes are counts, and -1 stands for the one that follows from the '
        'others. Give counts and at most one -1.')


def size_not_whole(sizes: Any, function: str) -> TypeError:
    return TypeError(
        f'{function}(): sizes must be ints, not {tuple(sizes)}: elements are counted. Use int(), '
        'or // instead of /.')


def view_as_dtype() -> NotImplementedError:
    return NotImplementedError(
        'view(dtype) is not implemented: reading bits as another type has no derivative. Use '
        'to(dtype) to convert.')


def view_needs_a_copy(input: Any, out: Any) -> RuntimeError:
    return RuntimeError(
        f'view size is not compatible with input tensor: shape {tuple(input.shape)} with strides '
        f'{input._array.strides} cannot be viewed as {tuple(out.shape)} without a copy. Use '
        '.reshape(...) instead.')


def nothing_to_flatten(start_dim: int, end_dim: int) -> RuntimeError:
    return RuntimeError(
        f'flatten() has invalid args: start_dim {start_dim} comes after end_dim {end_dim}, so '
        'there is nothing between. Swap them.')


def dimension_twice(dims: Any) -> RuntimeError:
    return RuntimeError(
        f'dim {dims} names a dimension multiple times: it can be used only once. List it once.')


def not_a_permutation(dims: Any, ndim: int) -> RuntimeError:
    return RuntimeError(
        f'permute(dims={dims}) does not name each of the {ndim} dimensions once: none may be '
        'missing or repeated. List every dimension once.')


def no_matrix(ndim: int) -> RuntimeError:
    return RuntimeError(
        f't() expects a tensor with <= 2 dimensions, but self is {ndim}D: which two to swap is not '
        'clear. Use transpose or mT.')


def cannot_expand(sizes: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        f'expand({sizes}) of a tensor of shape {shape}: every dimension needs a size, and only '
        f'existing ones may be -1. Give at least {len(shape)} sizes.')


def size_is_not_one(sizes: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        'The expanded size of the tensor must match the existing size at every dimension that is '
        f'not of size 1, but expand({sizes}) of shape {shape} changes one. Give -1 there, or use '
        'repeat().')


def cannot_broadcast(shapes: Any) -> RuntimeError:
    return RuntimeError(
        f'broadcast_tensors: the sizes of tensors of shapes {", ".join(map(str, shapes))} must '
        'match at every dimension, counted from the last, that is not of size 1. Reshape or '
        'unsqueeze them.')


def cannot_repeat(counts: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        f'repeat({counts}) of a tensor of shape {shape}: Number of dimensions of repeat dims can '
        'not be smaller than number of dimensions of tensor, nor a number negative. Give one for '
        'each dimension.')


def shifts_without_dims(shifts: Any) -> RuntimeError:
    return RuntimeError(
        f'roll: shifts and dimensions must align: {shifts} without dims. Give one dim for each '
        'shift, or one shift.')


def shifts_and_dims_differ(shifts: Any, dims: Any) -> RuntimeError:
    return RuntimeError(
        f'roll: shifts and dimensions must align: got shifts {shifts} and dims {dims}. Give one '
        'dim for each shift.')


def roll_of_a_number(dims: Any) -> IndexError:
    return IndexError(
        f'roll: a tensor without dimensions has no dimension {dims}. Leave dims out.')
