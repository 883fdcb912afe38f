"""What the functions of _functions/indexing.py refuse."""
from __future__ import annotations

from typing import Any


def split_size_not_positive(size: int, n: int) -> RuntimeError:
    return RuntimeError(
        f'split expects split_size be positive, but got {size}: {n} elements cannot be cut so. '
        'Give at least 1.')


def sections_do_not_sum(sections: Any, n: int, dim: int) -> RuntimeError:
    return RuntimeError(
        f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at "
        f'dimension {dim}), but got {sections}.')


def no_chunks(chunks: int) -> RuntimeError:
    return RuntimeError(
        f'chunk expects `chunks` to be greater than 0, got: {chunks}. Give 1.')


def not_a_vector_of_indices(index: Any) -> IndexError:
    return IndexError(
        f'index_select(): Index is supposed to be a vector of long, got {index.ndim} dimensions of '
        f'{index.dtype}. Use long() and flatten().')


def index_out_of_range(function: str, indices: Any, n: int) -> IndexError:
    return IndexError(
        f'{function}(): index out of range in self: got {indices.min()} to {indices.max()} for a '
        f'dimension of size {n}; negative ones do not count from the end here. Keep them within '
        'it.')


def bad_index(function: str, input: Any, index: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected dtype int64 for index and the same number of dimensions as input, '
        f'got {index.dtype}, {index.ndim} against {input.ndim}. Use long() and unsqueeze().')


def index_too_large(array: Any, input: Any, dim: int) -> RuntimeError:
    return RuntimeError(
        f'Size does not match: expected index {array.shape} to be no larger than self '
        f'{tuple(input.shape)} apart from dimension {dim}. Slice it.')


def index_larger_than_src(index: Any, src: Any) -> RuntimeError:
    return RuntimeError(
        f'Expected index {tuple(index.shape)} to be no larger than src {tuple(src.shape)}: every '
        'index needs a value. Slice the index.')


def src_of_another_dtype(input: Any, src: Any) -> RuntimeError:
    return RuntimeError(
        'scatter_add(): Expected self.dtype to be equal to src.dtype and equal dimensions, got '
        f'{input.dtype}, {src.dtype}. Convert one with to().')


def nothing_to_join(function: str) -> ValueError:
    return ValueError(
        f'{function} expected a non-empty list of Tensors, and got an empty one, which has no '
        'shape. Leave the call out.')


def cannot_join(x: Any, function: str) -> TypeError:
    return TypeError(
        f'{function} expected Tensors, but got a {type(x).__name__}: only tensors can be joined. '
        'Convert it with torch.tensor().')


def cat_of_numbers() -> RuntimeError:
    return RuntimeError(
        'zero-dimensional tensor cannot be concatenated: it has no dimension to join along. Use '
        'stack, or reshape(1).')


def unequal_shapes(tensors: Any) -> RuntimeError:
    return RuntimeError(
        'stack expects each tensor to be equal size, but got '
        f'{[tuple(x.shape) for x in tensors]}. Use cat, or pad them.')


def mask_not_boolean(mask: Any) -> RuntimeError:
    return RuntimeError(
        f'masked_fill only supports boolean masks, but got mask with dtype {mask.dtype}: 0 and 1 '
        'could be meant as indices. Use mask.bool().')


def complex_value(value: complex, input: Any) -> RuntimeError:
    return RuntimeError(
        f'value {value} cannot be converted to {input.dtype} without overflow: it is complex. Give '
        'a real number.')


def value_not_a_number(value: Any) -> RuntimeError:
    return RuntimeError(
        'masked_fill only supports a 0-dimensional value tensor, but got tensor with '
        f'{value.ndim} dimension(s). Use where().')


def no_triangle(function: str, ndim: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: input tensor must have at least 2 dimensions, not {ndim}: there is no '
        'triangle. Use unsqueeze().')


def equal_dimensions(dim1: int, dim2: int) -> RuntimeError:
    return RuntimeError(
        f'diagonal dimensions cannot be identical {dim1}, {dim2}: a plane has two. Choose another.')
