"""What creation.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np


def unequal_lengths(data: Any) -> ValueError:
    return ValueError(
        'expected sequences of equal length, as the rows of a tensor are; got '
        f'{type(data).__name__} of different ones. Pad them first.')


def not_numbers(array: np.ndarray) -> Exception:
    odd = next(x for x in np.ravel(array).tolist() if not isinstance(x, (int, float)))
    if isinstance(odd, complex):
        return NotImplementedError(
            f'a tensor of complex numbers, as {odd}, is not implemented here: a tensor holds real '
            'ones. Keep real and imaginary parts in two tensors.')
    return (RuntimeError if array.dtype.kind == 'O' else TypeError)(
        f'could not infer dtype of {type(odd).__name__}: a tensor holds real numbers. Convert '
        f'{odd!r:.40} to a number first.')


def not_one_number(tensor: Any) -> ValueError:
    return ValueError(
        'only one element tensors can be converted to Python scalars, and one in the list has '
        f'shape {tuple(tensor.shape)}: a tensor in a list is a number. Use torch.stack().')


def not_an_integer(dtype: Any, wanted: Any) -> TypeError:
    return TypeError(
        f'{dtype} object cannot be interpreted as an integer, for a tensor of {wanted}: nothing '
        'is rounded silently. Use int(), or to() after torch.tensor().')


def integer_too_large(number: int) -> ValueError:
    return ValueError(
        f'Overflow when unpacking long long: {number} has more than 64 bits. Choose a '
        'floating-point dtype.')


def too_many_elements(shape: tuple[int, ...]) -> RuntimeError:
    return RuntimeError(
        f'Storage size calculation overflowed with sizes={list(shape)}: no memory has so many '
        'addresses. Check the sizes.')


def out_of_memory(shape: tuple[int, ...]) -> RuntimeError:
    return RuntimeError(
        f"can't allocate memory: you tried to allocate an array of shape {list(shape)}, which is "
        'more than there is. Make it smaller, or work in batches.')


def data_is_a_number(data: Any) -> TypeError:
    return TypeError(
        f'new(): data must be a sequence (got {type(data).__name__}): a number alone could be a '
        'size or a value. Use torch.tensor().')


def data_of_another_dtype(data: Any, dtype: Any) -> TypeError:
    return TypeError(
        f'expected a tensor of dtype {dtype}, got {data.dtype}: nothing is converted here. Use '
        'to().')


def fill_value_is_no_number(fill_value: Any) -> TypeError:
    return TypeError(
        "full(): argument 'fill_value' (position 2) must be Number, not "
        f'{type(fill_value).__name__}: one value fills all elements. Use expand() or tensor().')


def complex_fill_value(fill_value: Any) -> NotImplementedError:
    return NotImplementedError(
        f'full() of a complex number, {fill_value}, is not implemented here: a tensor holds real '
        'ones. Keep real and imaginary parts in two tensors.')


def unbounded_range(start: float, end: float) -> RuntimeError:
    return RuntimeError(
        f'unsupported range: {start} -> {end}: it has no last value. Give finite bounds.')


def step_is_zero() -> RuntimeError:
    return RuntimeError(
        'step must be nonzero, or the values never arrive at end. Give a difference of two values.')


def bound_is_no_number(argument: str, x: Any) -> TypeError:
    return TypeError(
        f"arange(): argument '{argument}' must be Number, not {type(x).__name__}: a range has one "
        'start, end and step. Use item() for a tensor of one element.')


def range_of_bools(function: str) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for bool, which has only two values. Use another dtype.')


def negative_count(function: str, argument: str, n: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: {argument} must be greater or equal to 0, got {n}: it is a count. Give 0 or '
        'more.')


def not_an_array(x: Any) -> TypeError:
    return TypeError(
        f'expected np.ndarray (got {type(x).__name__}): only an array has memory to share. Use '
        'torch.tensor() to copy.')


def size_missing(function: str) -> TypeError:
    return TypeError(
        f"{function}() missing 1 required positional arguments: 'size'. Give sizes, one by one or "
        'as a tuple; () makes a single element.')


def negative_size(shape: tuple[int, ...]) -> RuntimeError:
    return RuntimeError(
        f'Trying to create tensor with negative dimension {min(shape)}: {list(shape)}. Sizes are '
        'counts: give 0 or more.')


def ends_missing() -> TypeError:
    return TypeError(
        "arange() missing 1 required positional arguments: 'end': a range has to stop. Give it.")


def size_is_a_number(size: Any) -> TypeError:
    return TypeError(
        f"full(): argument 'size' must be tuple of ints, not {type(size).__name__}: {size!r:.40}. "
        f'Write ({size!r:.40},).')


def step_leads_away(start: float, end: float, step: float) -> RuntimeError:
    return RuntimeError(
        f'upper bound and lower bound inconsistent with step sign: from {start} to {end} by {step} '
        'never ends. Change the sign of step.')


def not_class_numbers(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'one_hot is only applicable to index tensor of type LongTensor, not {dtype}: each element '
        'is the index of a class. Use long().')


def classes_not_known() -> RuntimeError:
    return RuntimeError(
        'one_hot: Can not infer total number of classes from empty tensor: it is one more than the '
        'largest number. Give num_classes.')


def labels_do_not_fit(smallest: int, largest: int, num_classes: int) -> RuntimeError:
    if smallest < 0:
        return RuntimeError(
            f'one_hot: Class values must be non-negative, got {smallest}: classes are numbered '
            'from 0. Renumber them, or leave that sample out.')
    return RuntimeError(
        f'one_hot: Class values must be smaller than num_classes={num_classes}, got {largest}: '
        f'classes are numbered from 0. Give num_classes={largest + 1} or more.')


def nothing_to_mesh() -> RuntimeError:
    return RuntimeError(
        'meshgrid expects a non-empty TensorList: a grid has at least one dimension. Give the '
        'coordinates along each.')


def not_vectors(shapes: list[tuple[int, ...]]) -> RuntimeError:
    return RuntimeError(
        'torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got shapes '
        f'{", ".join(map(str, shapes))}: each gives the coordinates along one dimension. Use '
        'flatten().')


def unknown_indexing(indexing: Any) -> RuntimeError:
    return RuntimeError(
        'torch.meshgrid: indexing must be one of "xy" or "ij", but received: '
        f'{indexing!r}. Use one of these.')


def warn_of_lost_graph(call: str, data: Any) -> None:
    """Warn of data that is a tensor, or of a list that begins with one that requires grad."""
    first = data
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if not hasattr(first, '_requires_grad'):
        return
    if first is data:
        warnings.warn(
            'To copy construct from a tensor, it is recommended to use '
            'sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), '
            f'rather than {call}: the copy has no graph. Use clone() for one that has.',
            stacklevel=3)
    elif first._requires_grad:
        warnings.warn(
            'Converting a tensor with requires_grad=True to a scalar may lead to unexpected '
            'behavior: the new tensor has no graph. Use torch.stack() to keep it, or '
            'tensor.detach() first.', stacklevel=3)


def indices_are_integers(function: str, dtype: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {dtype}: indices are integers. Use int64.')
