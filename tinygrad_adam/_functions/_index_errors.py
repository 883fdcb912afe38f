"""What the functions of _functions/indexing.py refuse."""
from __future__ import annotations

from typing import Any


def too_many_indices(count: int, shape: Any) -> IndexError:
    advice = 'Leave some out' if shape else 'Use tensor.item() for the number'
    return IndexError(
        f'too many indices for tensor of dimension {len(shape)}: {count} for the shape {shape}. '
        f'{advice}.')


def second_ellipsis(shape: Any) -> IndexError:
    return IndexError(
        f'an index into {tuple(shape)} has `...` a second time, before other parts: which '
        'dimensions those are is not clear. Write it once.')


def mask_does_not_fit(mask: Any, shape: Any, dim: int) -> IndexError:
    return IndexError(
        f'The shape of the mask {list(mask)} does not match the shape of the indexed tensor '
        f'{list(shape)} at index {dim}: every element needs its own True or False. Make the mask '
        'from the tensor, as in x[x > 0].')


def backward_slice(step: Any) -> ValueError:
    return ValueError(
        f'step must be greater than zero, not {step}: negative steps are not implemented, as in '
        'PyTorch. Use flip(dims).')


def bad_slice(bound: Any) -> TypeError:
    return TypeError(
        'slice indices must be integers or None or have an __index__ method, not '
        f'{bound!r}: elements are counted. Use int().')


def not_an_index(part: Any) -> Exception:
    kind = TypeError if isinstance(part, str) else IndexError
    return kind(
        'only integers, slices, ellipsis, None and tensors of long or bool can be an index, got '
        f'{part!r}. Convert it with int().')


def indices_of_wrong_dtype(dtype: Any) -> IndexError:
    return IndexError(
        f'tensors used as indices must be long, int, byte or bool tensors, not {dtype}: they count '
        'elements or say which to take. Use long() or bool().')


def cannot_assign(value: Any, tensor: Any) -> TypeError:
    return TypeError(
        f"can't assign a {type(value).__name__} to a tensor of {tensor.dtype}: how to convert it "
        'is for you to decide. Use torch.tensor().')


def dtype_of_value_differs(value: Any, tensor: Any) -> RuntimeError:
    return RuntimeError(
        'Index put requires the source and destination dtypes match, got '
        f'{tensor.dtype} for the destination and {value.dtype} for the source. Convert it with '
        'to(x.dtype).')


def split_size_not_positive(size: int, n: int) -> RuntimeError:
    return RuntimeError(
        f'split expects split_size be positive, but got {size}: {n} elements remain uncut. '
        'Give at least 1.')


def sections_do_not_sum(sections: Any, n: int, dim: int) -> RuntimeError:
    return RuntimeError(
        f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at "
        f'dimension {dim}), but got {list(sections)}.')


def no_chunks(chunks: int) -> RuntimeError:
    return RuntimeError(
        f'chunk expects `chunks` to be greater than 0, got: {chunks}. Give 1.')


def no_dimension(function: str) -> RuntimeError:
    return RuntimeError(
        f'{function} cannot be applied to a 0-dim tensor, it expects at least a 1-dimensional '
        'tensor: a number has no parts. Use reshape(1).')


def start_is_no_integer(start: Any) -> RuntimeError:
    return RuntimeError(
        f'narrow(): start must be an 0-dim integral Tensor, not {start.dtype} of shape '
        f'{tuple(start.shape)}: it counts elements. Use int(start).')


def start_out_of_range(start: int, n: int) -> IndexError:
    return IndexError(
        f'narrow(): start out of range (expected to be in range of [{-n}, {n}], but got {start}): '
        'there is no such element. Count from 0, or from -1 backwards.')


def length_out_of_range(start: int, length: int, n: int) -> RuntimeError:
    return RuntimeError(
        f'narrow(): start ({start}) + length ({length}) exceeds dimension size ({n}), or length '
        'must be non-negative and is not: nothing is cut off silently. Take fewer elements.')


def not_a_vector_of_indices(index: Any) -> IndexError:
    return IndexError(
        f'index_select(): Index is supposed to be a vector, got {index.ndim} dimensions: slices '
        'are put side by side. Use flatten().')


def bad_index_dtype(function: str, index: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected dtype int32/int64 for index, got {index.dtype}: elements are '
        'counted. Use long().')


def index_to_number(index: Any) -> RuntimeError:
    return RuntimeError(
        f'index_select(): Index to scalar can have only 1 value, got {index._array.size} value(s): '
        'the result is a single element, too. Give [0].')


def index_out_of_range(function: str, indices: Any, n: int, dim: int) -> Exception:
    kind = IndexError if function == 'index_select' else RuntimeError
    return kind(
        f'{function}(): index out of range in self: {indices.min()} to {indices.max()} is out of '
        f'bounds for dimension {dim} with size {n}; negative ones do not count from the end here. '
        'Keep them within it.')


def index_of_other_dimensions(function: str, input: Any, index: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Index tensor must have the same number of dimensions as input tensor, got '
        f'{index.ndim} and {input.ndim}: it has an index for each element of the result. Use '
        'unsqueeze().')


def index_too_large(array: Any, input: Any, dim: int) -> RuntimeError:
    return RuntimeError(
        f'Size does not match: expected index {array.shape} to be no larger than self '
        f'{tuple(input.shape)} apart from dimension {dim}. Slice it.')


def index_larger_than_src(index: Any, src: Any) -> RuntimeError:
    return RuntimeError(
        f'Expected index {tuple(index.shape)} to be no larger than src {tuple(src.shape)}, and of '
        'as many dimensions: every index needs a value. Slice the index.')


def src_of_another_dtype(input: Any, src: Any) -> RuntimeError:
    return RuntimeError(
        'scatter_add(): Expected self.dtype to be equal to src.dtype, got '
        f'{input.dtype} and {src.dtype}. Convert one with to().')


def not_a_sequence(tensors: Any, function: str) -> TypeError:
    return TypeError(
        f"{function}(): argument 'tensors' must be tuple of Tensors, not "
        f'{type(tensors).__name__}: which tensors to join is not clear. Write {function}([a, b]), '
        'or list(...) around it.')


def nothing_to_join(function: str) -> Exception:
    kind = ValueError if function == 'cat' else RuntimeError
    return kind(
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


def sizes_do_not_join(tensors: Any, dim: int) -> RuntimeError:
    return RuntimeError(
        f'Sizes of tensors must match except in dimension {dim}, but cat() got '
        f'{[tuple(x.shape) for x in tensors]}: their elements would have no place. Give another '
        'dim, or reshape them.')


def unequal_shapes(tensors: Any) -> RuntimeError:
    return RuntimeError(
        'stack expects each tensor to be equal size, but got '
        f'{[tuple(x.shape) for x in tensors]}. Use cat, or pad them.')


def mask_not_boolean(mask: Any, function: str = 'masked_fill') -> RuntimeError:
    return RuntimeError(
        f'{function} only supports boolean masks, but got mask with dtype {mask.dtype}: 0 and 1 '
        'could be meant as indices. Use mask.bool().')


def value_not_a_number(value: Any) -> RuntimeError:
    return RuntimeError(
        'masked_fill only supports a 0-dimensional value tensor, but got tensor with '
        f'{value.ndim} dimension(s). Use where().')


def no_triangle(function: str, ndim: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: input tensor must have at least 2 dimensions, not {ndim}: there is no '
        'triangle. Use unsqueeze().')


def no_diagonal(ndim: int) -> RuntimeError:
    return RuntimeError(
        f'fill_diagonal_(): dimensions must larger than 1, and there are {ndim}: a diagonal has '
        'equal indices in two. Use fill_().')


def diagonal_of_unequal_sizes(shape: Any) -> RuntimeError:
    return RuntimeError(
        f'fill_diagonal_(): all dimensions of input must be of equal length, not {tuple(shape)}: '
        'with more than two it is not clear where the diagonal ends. Use diagonal() of two.')


def equal_dimensions(dim1: int, dim2: int) -> RuntimeError:
    return RuntimeError(
        f'diagonal dimensions cannot be identical {dim1}, {dim2}: a plane has two. Choose another.')


# Taking and putting by indices.

def not_int64(function: str, index: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected a long tensor for index, but got {index.dtype}: indices are '
        'int64. Use long().')


def index_out_of_flat(indices: Any, n: int) -> IndexError:
    return IndexError(
        f'out of range: tried to access index {int(indices.max())} on a tensor of {n} elements: '
        f'the flattened tensor has those from {-n} to {n - 1}. Check where the indices come from.')


def repeats_are_no_count(repeats: Any) -> TypeError:
    return TypeError(
        "repeat_interleave(): argument 'repeats' must be an int or a tensor of integers, not "
        f'{type(repeats).__name__}: it says how often. Use torch.tensor() for a list.')


def repeats_of_wrong_kind(repeats: Any) -> Exception:
    fractions = getattr(repeats, 'ndim', 0) < 2
    return (NotImplementedError if fractions else RuntimeError)(
        f'"repeat_interleave" takes a vector of int64 or int32 as repeats, not {repeats.dtype} '
        f'of shape {tuple(repeats.shape)}: there is a count for each slice. Use long() and '
        'reshape(-1).')


def repeats_do_not_fit(given: int, n: int) -> RuntimeError:
    return RuntimeError(
        'repeats must have the same size as input along dim, but got repeats.size(0) = '
        f'{given} and input.size(dim) = {n}: it has a count for each slice. Give {n} of them, or '
        'one.')


def repeats_are_negative(least: int) -> RuntimeError:
    return RuntimeError(
        f'Repeats must be non-negative, but one is {least}: nothing is there less than zero times. '
        'Use clamp(min=0).')


def wrong_output_size(given: Any, n: int) -> RuntimeError:
    return RuntimeError(
        f'repeat_interleave: Invalid output_size, expected {n} but got {given}: it is the sum of '
        'the repeats. Leave it out.')


def scatter_with_reduce(reduce: Any) -> Exception:
    known = reduce in ('add', 'multiply')
    return (NotImplementedError if known else RuntimeError)(
        f'scatter() with reduce={reduce!r} is not implemented: reduce argument must be either add '
        'or multiply, and neither has a derivative in PyTorch. Use scatter_add().')


def unknown_reduction(reduce: Any) -> RuntimeError:
    return RuntimeError(
        f'reduce argument must be either sum, prod, mean, amax or amin, got {reduce}: these are '
        "the ways to put numbers together. Write reduce='sum' to add them up.")


def mean_of_bools() -> NotImplementedError:
    return NotImplementedError(
        "scatter_reduce() with reduce='mean' is not implemented for bool: a mean of True and False "
        "is a fraction. Use float(), or reduce='amax' for any and 'amin' for all.")


def source_too_short(source: Any, count: int) -> RuntimeError:
    return RuntimeError(
        f'masked_scatter: Number of elements of source, {source._array.size}, < number of ones in '
        f'mask, {count}: each of these takes one. Give a longer source.')


def not_a_tuple_of_tensors(indices: Any) -> TypeError:
    return TypeError(
        "index_put(): argument 'indices' must be tuple of Tensors, not "
        f'{type(indices).__name__}: it has an index for each dimension. Put a comma after one, and '
        'parentheses around it.')


def no_indices() -> RuntimeError:
    return RuntimeError(
        'index_put() got no indices, so that it is not clear where to put values: there has to be '
        'one for the first dimension. Use copy_() to replace all.')


def values_do_not_fit(values: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        f'shape mismatch: value tensor of shape {list(values.shape)} cannot be broadcast to '
        f'indexing result of shape {list(shape)}: each place takes one number. Reshape values.')


def src_or_value() -> TypeError:
    return TypeError(
        'scatter() takes src, a tensor, or value, a number, and not both: it puts one of them. '
        'Give one.')


def not_a_vector_of_int64(function: str, index: Any) -> Exception:
    kind = RuntimeError if (function, index.ndim < 2) in (
        ('index_copy', True), ('index_fill', False)) else IndexError
    return kind(
        f'{function}_(): Index is supposed to be a vector of int64, but got dim: {index.ndim} with '
        f'type: {index.dtype}: each of its numbers is that of a slice. Use long() and reshape(-1).')


def source_of_another_dtype(function: str, input: Any, source: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}_(): self ({input.dtype}) and source ({source.dtype}) must have the same '
        'scalar type: nothing is rounded in silence. Use source.to(input.dtype).')


def source_does_not_fit(function: str, input: Any, source: Any, count: int, dim: int) -> Exception:
    kind = RuntimeError if function == 'index_add' or source.ndim == input.ndim and (
        source.shape[dim] == count) else IndexError
    return kind(
        f'{function}_(): source of shape {tuple(source.shape)} has no slice for each of {count} '
        f'indices along dim {dim} of self of shape {tuple(input.shape)}: those sizes have to be '
        'the same. Reshape source.')


def fill_with_several(function: str, value: Any) -> RuntimeError:
    return RuntimeError(
        f'{function} only supports a 0-dimensional value tensor, but got tensor with '
        f'{value.ndim} dimension(s): one number fills all. Use index_copy().')


# Pieces.

def nothing_to_select() -> IndexError:
    return IndexError(
        'select() cannot be applied to a 0-dim tensor: a number has no slices. Use reshape(1).')


def select_out_of_range(index: int, shape: Any, dim: int) -> IndexError:
    return IndexError(
        f'select(): index {index} out of range for tensor of size {list(shape)} at dimension '
        f'{dim}: it has {shape[dim]} slices. Count from 0, or from -1 backwards.')


def nothing_to_split(function: str, ndim: int, given: int) -> RuntimeError:
    return RuntimeError(
        f'{function} requires a tensor with at least {ndim} dimension(s), but got {given}: the one '
        'to split is not there. Use unsqueeze(), or another function of this family.')


def sections_of_wrong_kind(given: Any) -> RuntimeError:
    return RuntimeError(
        'tensor_split expected indices_or_sections to be a zero-dimensional or one-dimensional '
        f'tensor of int64, but got {given.dtype} of shape {tuple(given.shape)}: it counts pieces, '
        'or says where they start. Use long() and reshape(-1).')


def no_sections(count: int) -> RuntimeError:
    return RuntimeError(
        f'number of sections must be larger than 0, got {count}: the elements have to be in one of '
        'them. Give at least 1.')


def parts_not_equal(function: str, n: int, dim: int, count: int) -> RuntimeError:
    return RuntimeError(
        f'torch.{function} attempted to split along dimension {dim}, but the size of the dimension '
        f'{n} is not divisible by the split_size {count}: equal pieces have a whole number of '
        'elements. Use tensor_split(), whose last pieces may be smaller.')


def no_block(i: int, x: Any) -> TypeError:
    return TypeError(
        f'block_diag() expected Tensor as element {i}, but got {type(x).__name__}: its arguments '
        'are the blocks, one by one. Use * before a list, and torch.tensor() for a number.')


def block_of_dimensions(i: int, x: Any) -> RuntimeError:
    return RuntimeError(
        'torch.block_diag: Input tensors must have 2 or fewer dimensions. Input '
        f'{i} has {x.ndim} dimensions: a block is a matrix. Use reshape().')


def negative_length(shapes: Any) -> ValueError:
    return ValueError(
        'Attempting to broadcast a dimension with negative length, in '
        f'{shapes}: sizes are counts. Give the size itself instead of -1.')


def shapes_do_not_broadcast(shapes: Any) -> RuntimeError:
    return RuntimeError(
        f'shapes {shapes} cannot be broadcast together: counted from the last, sizes have to be '
        'equal, or 1. Insert a size of 1 where one is repeated.')
