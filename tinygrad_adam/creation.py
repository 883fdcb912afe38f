"""Making tensors: from data, of a constant, in a row, at random.

https://pytorch.org/docs/stable/torch.html#creation-ops
"""
from __future__ import annotations

import math

import numpy as np

from .ops.shapes import unpacked
from .random import normal, source, uniform
from .tensor import Tensor
from .types import (DTYPES, device as Device, float32, holdable, int64, numpy_dtype)


def tensor(data, *, dtype=None, device=None, requires_grad: bool = False) -> Tensor:
    """A tensor of a copy of the data: a number, nested lists, an array. Floats become float32.

    Raises TypeError for anything that is not numbers, ValueError for rows of unequal length.
    """
    if isinstance(data, Tensor):
        data = data._array
    elif isinstance(data, (list, tuple)):
        data = _plain(data)
    try:
        array = np.array(data, order='C')
    except ValueError as error:
        raise ValueError('expected sequences of equal length, as the rows of a tensor are; got '
                         f'{type(data).__name__} of different ones. Pad them first.') from error
    if array.dtype.kind not in 'biuf':
        odd = next(x for x in np.ravel(array).tolist() if not isinstance(x, (int, float)))
        raise (RuntimeError if array.dtype.kind == 'O' else TypeError)(
            f'could not infer dtype of {type(odd).__name__}: a tensor holds real numbers. Convert '
            f'{odd!r:.40} to a number first.')
    if dtype is None and not isinstance(_first(data), (np.ndarray, np.generic)):
        dtype = {'f': float32, 'i': int64}.get(array.dtype.kind)
    return _made(array, dtype or DTYPES[holdable(array).dtype], device, requires_grad)


def _first(data):
    while isinstance(data, list) and data:
        data = data[0]
    return data


def _plain(data):
    return [_plain(x) if isinstance(x, (list, tuple)) else x._array if isinstance(x, Tensor) else x
            for x in data]


def _made(array, dtype, device, requires_grad):
    Device() if device is None else Device(device)
    out = Tensor._of(np.asarray(array, numpy_dtype(dtype)))
    if requires_grad:
        out.requires_grad = True
    return out


def as_tensor(data, dtype=None, device=None) -> Tensor:
    """The data itself if it is a tensor or an array of this dtype, sharing memory; else a copy."""
    out = data if isinstance(data, Tensor) else (
        from_numpy(data) if isinstance(data, np.ndarray) else tensor(data, dtype=dtype))
    return out if dtype is None else out.to(dtype)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the array's memory."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f'expected np.ndarray (got {type(ndarray).__name__}): only an array has '
                        'memory to share. Use torch.tensor() to copy.')
    return Tensor._of(holdable(ndarray))


def _shape(size):
    shape = unpacked(size[0], size[1:]) if size else ()
    if any(n < 0 for n in shape):
        raise RuntimeError(f'Trying to create tensor with negative dimension {min(shape)}: '
                           f'{list(shape)}. Sizes are counts: give 0 or more.')
    return shape


def _of_size(name, values, doc):
    """A function of sizes; values(shape, dtype, generator) makes the array."""
    def make(*sizes, size=None, generator=None, dtype=None, device=None, requires_grad=False):
        array = values(_shape(sizes if size is None else (size,)), numpy_dtype(dtype), generator)
        return _made(array, dtype, device, requires_grad)
    make.__name__ = make.__qualname__ = name
    make.__doc__ = doc + ' Sizes one by one, or in one tuple.'
    return make


zeros = _of_size('zeros', lambda shape, dtype, _: np.zeros(shape, dtype), '0 everywhere.')
ones = _of_size('ones', lambda shape, dtype, _: np.ones(shape, dtype), '1 everywhere.')
empty = _of_size('empty', lambda shape, dtype, _: np.empty(shape, dtype),
                 'Whatever was in memory: to be filled.')
rand = _of_size('rand', lambda shape, dtype, generator: uniform(shape, generator, dtype),
                'Equally likely in [0, 1).')
randn = _of_size('randn', lambda shape, dtype, generator: normal(shape, generator, dtype),
                 'Normally distributed, mean 0 and standard deviation 1.')


def full(size, fill_value, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """One number everywhere; its type decides the dtype."""
    value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
    dtype = dtype or (float32 if isinstance(value, float) else DTYPES[np.asarray(value).dtype])
    return _made(np.full(_shape((size,)), value, dtype.numpy), dtype, device, requires_grad)


def eye(n: int, m: int = None, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """n rows and m columns (or n), 1 on the diagonal and 0 elsewhere."""
    return _made(np.eye(n, m), dtype, device, requires_grad)


def arange(start, end=None, step=1, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """From start (or 0) up to but without end; int64 if all three are whole numbers."""
    start, end = (0, start) if end is None else (start, end)
    if step == 0 or (end - start) / step < 0:
        raise RuntimeError(f'upper bound and lower bound inconsistent with step sign: from {start} '
                           f'to {end} by {step} never arrives. Turn the sign of step round.')
    whole = all(isinstance(x, (int, np.integer)) for x in (start, end, step))
    values = start + step * np.arange(math.ceil((end - start) / step))
    return _made(values, dtype or (int64 if whole else float32), device, requires_grad)


def linspace(start, end, steps: int, *, dtype=None, device=None, requires_grad=False) -> Tensor:
    """So many numbers at equal distances, from start to end."""
    return _made(np.linspace(start, end, steps), dtype, device, requires_grad)


def randint(low: int, high=None, size=None, *, generator=None, dtype=int64, device=None,
            requires_grad=False) -> Tensor:
    """Whole numbers equally likely from low (or 0) up to but without high."""
    if size is None:
        low, high, size = 0, low, high
    if high <= low:
        raise RuntimeError(f'random_ expects \'from\' to be less than \'to\', but got from={low} '
                                                                           '>= '
                           f'to={high}: nothing is between. Give a larger high.')
    return _made(source(generator).integers(low, high, tuple(size)), dtype, device, requires_grad)


def randperm(n: int, *, generator=None, dtype=int64, device=None) -> Tensor:
    """The numbers 0 to n - 1 in random order."""
    return _made(source(generator).permutation(n), dtype, device, False)


def bernoulli(input: Tensor, *, generator=None) -> Tensor:
    """1 with the probability given for each element, else 0."""
    return Tensor._of((uniform(input.shape, generator) < input._array).astype(input._array.dtype))


def multinomial(input: Tensor, num_samples: int, replacement: bool = False, *,
                generator=None) -> Tensor:
    """Numbers of categories drawn with the weights in each row of input (..., categories)."""
    weights = input._array.astype(np.float64)
    possible = np.count_nonzero(weights, -1).min()
    if weights.min() < 0 or not replacement and num_samples > possible:
        raise RuntimeError(f'multinomial: cannot draw {num_samples} samples of {possible} '
                           'categories with a weight above 0: each is drawn once. Set '
                           'replacement=True.')
    rows = weights.reshape(-1, weights.shape[-1])
    drawn = [source(generator).choice(len(row), num_samples, replacement, row / row.sum())
             for row in rows]
    return Tensor._of(np.array(drawn, np.int64).reshape(*weights.shape[:-1], num_samples))


def _like(make):
    def like(input, *args, dtype=None, device=None, requires_grad=False):
        return make(tuple(input.shape), *args, dtype=dtype or input.dtype, device=device,
                    requires_grad=requires_grad)
    like.__name__, like.__doc__ = f'{make.__name__}_like', f'{make.__name__}() of the same shape.'
    return like


zeros_like, ones_like, empty_like, full_like = map(_like, (zeros, ones, empty, full))
rand_like, randn_like = _like(rand), _like(randn)


def randint_like(input, low, high=None, *, dtype=None):
    """randint() of the same shape."""
    low, high = (0, low) if high is None else (low, high)
    return randint(low, high, input.shape, dtype=dtype or input.dtype)


def one_hot(labels, num_classes: int = -1) -> Tensor:
    """Class numbers (...) as rows (..., num_classes), a 1 at that place; -1: as many as occur."""
    found = int(labels._array.max()) + 1 if labels.numel() else 0
    if labels.dtype.kind != 'i' or labels.numel() and labels._array.min() < 0 or (
            -1 < num_classes < found):
        raise RuntimeError(f'one_hot got {labels.dtype} up to {found - 1} for {num_classes} '
                           'classes: class numbers count from 0 to num_classes - 1. Check the '
                           'labels.')
    classes = found if num_classes < 0 else num_classes
    return Tensor._of(np.eye(classes, dtype=np.int64)[labels._array])


def meshgrid(*tensors, indexing: str = 'ij'):
    """The points of a grid: for each tensor its values, repeated along the others."""
    tensors = unpacked(tensors[0], tensors[1:])
    return tuple(from_numpy(a) for a in np.meshgrid(*[t._array for t in tensors],
                                                    indexing=indexing))
