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


def moved_twice(name: str, dims: Any) -> RuntimeError:
    return RuntimeError(
        f'movedim: repeated dim in `{name}` ({dims}): a dimension has one place. Name each once.')


def moves_differ(source: Any, destination: Any) -> RuntimeError:
    return RuntimeError(
        f'movedim: Invalid source or destination dims: {source} and {destination} are not equally '
        'many, so it is not said where each goes. Give a destination for each source.')


def no_plane(ndim: int, dims: Any) -> RuntimeError:
    return RuntimeError(
        f'rot90: expected rotation dims to be different, and total dims >= 2, but got dims {dims} '
        f'of {ndim}: a plane has two dimensions. Name two that differ.')


def nothing_to_flip(function: str, least: int, input: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: Input must be >= {least}-d, not of shape {tuple(input.shape)}: there is '
        'nothing to turn around. Use unsqueeze().')


def nothing_to_split(sizes: Any) -> RuntimeError:
    return RuntimeError(
        f'unflatten got a tensor that has no dimensions, and sizes {list(sizes)}: they are those '
        'of the parts of one. Use reshape() instead.')


def sizes_do_not_multiply(sizes: Any, dim: int, n: int) -> RuntimeError:
    return RuntimeError(
        f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} ({n}) "
        'in the input tensor: each element needs its place. Write -1 for one of them.')


def no_window(n: int, size: int, step: int) -> RuntimeError:
    return RuntimeError(
        f'unfold: maximum size for tensor at dimension is {n} but size is {size}, and step is '
        f'{step} but must be > 0: there would be no window. Choose a smaller size, or pad first.')


def diag_of_dimensions(ndim: int) -> RuntimeError:
    return RuntimeError(
        f'diag(): Supports 1D or 2D tensors. Got {ndim}D: it makes a matrix of a vector, or takes '
        'the diagonal of a matrix. Use diag_embed() or diagonal().')


def same_diagonal_dimensions(dim1: int, dim2: int) -> RuntimeError:
    return RuntimeError(
        f'diagonal dimensions cannot be identical {dim1}, {dim2}: a matrix has two. Name two that '
        'differ.')


def no_trace(input: Any) -> RuntimeError:
    return RuntimeError(
        f'trace: expected a matrix, but got tensor with dim {input.ndim}: only that has one '
        'diagonal. Use diagonal(dim1=-2, dim2=-1).sum(-1) for several.')


def not_a_vector(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: Expect a 1D vector, but got shape {list(x.shape)}: its elements are '
        'combined with each other. Use flatten().')


def negative_choice(r: int) -> RuntimeError:
    return RuntimeError(
        f'combinations: Expect a non-negative number, but got {r}: it is how many elements are '
        'chosen. Use 0 or more.')
