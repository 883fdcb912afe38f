"""Making tensors: from data, of one value, of a range, at random.

All of these take, if nothing else is said: dtype, None being float32; device, None or 'cpu', as
there is no other; requires_grad, whether operations on the tensor are remembered; and if they are
random, generator, a torch.Generator, None being the one that manual_seed() seeds.
https://pytorch.org/docs/stable/torch.html#creation-ops
"""
from __future__ import annotations

import math
from typing import Any, Sequence

import numpy as np

from .._tensor import Tensor
from ..autograd.graph import storage_of
from ..autograd.nonfinite import quiet
from ..ops import sorting as table
from ..ops.shapes import unpacked
from ..random import Generator, normal, source, uniform
from ..types import DTYPES, float32, holdable, int64, numpy_dtype
from ..types import device as Device
from ..types import dtype as DType
from . import _creation_errors as errors
from . import shapes
from ._arguments import tensor as checked


def made(array: Any, dtype: DType | None, device: str | Device | None,
         requires_grad: bool) -> Tensor:
    """The tensor of an array.

    array          an array that belongs to nobody else
    dtype          its dtype, to which the array is converted; None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    if device is not None:
        Device(device)
    quiet()
    out = Tensor._of(np.asarray(array, numpy_dtype(dtype)))
    if requires_grad:
        out.requires_grad = True
    return out


# From data.

def tensor(data: Any, *, dtype: DType | None = None, device: str | Device | None = None,
           requires_grad: bool = False) -> Tensor:
    """A tensor of a copy of the data.

    data           a number, nested lists or tuples of numbers, an array, or a tensor
    dtype          None keeps that of arrays and tensors; Python's floats become float32, its
                   integers int64 and its bools bool
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered

    Warns of a tensor as data, or of one among them that requires grad: the graph ends here.
    Raises TypeError or RuntimeError for anything that is not a number, ValueError for rows of
    unequal length. https://pytorch.org/docs/stable/generated/torch.tensor.html
    """
    errors.warn_of_lost_graph('torch.tensor(sourceTensor)', data)
    if isinstance(data, Tensor):
        data = data._array
    elif isinstance(data, (list, tuple)):
        data = _plain(data)
    try:
        array = np.array(data, order='C')
    except ValueError as error:
        raise errors.unequal_lengths(data) from error
    if array.dtype.kind not in 'biuf':
        raise errors.not_numbers(array)
    if dtype is None and not isinstance(_first(data), (np.ndarray, np.generic)):
        dtype = {'f': float32, 'i': int64}.get(array.dtype.kind)
    return made(array, dtype or DTYPES[holdable(array).dtype], device, requires_grad)


def _first(data):
    while isinstance(data, list) and data:
        data = data[0]
    return data


def _plain(data):
    return [_plain(x) if isinstance(x, (list, tuple)) else x._array if isinstance(x, Tensor) else x
            for x in data]


def as_tensor(data: Any, dtype: DType | None = None,
              device: str | Device | None = None) -> Tensor:
    """A tensor of the data, which shares its memory if that is possible.

    data    a tensor (which is returned itself), an array, or what tensor() takes, which is copied
    dtype   None keeps the data's; another one makes a copy
    device  None or 'cpu'
    """
    if device is not None:
        Device(device)
    if isinstance(data, np.ndarray):
        data = from_numpy(data)
    elif not isinstance(data, Tensor):
        data = tensor(data, dtype=dtype)
    return data if dtype is None else data.to(dtype)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array.

    ndarray  an array whose dtype tensors have (TypeError)
    """
    if not isinstance(ndarray, np.ndarray):
        raise errors.not_an_array(ndarray)
    out = Tensor._of(holdable(ndarray))
    storage_of(out).ordered = True
    return out


# Of a size. It may be given number by number, `zeros(2, 3)`, or in a tuple or list, also as size=.

def shape_of(function: str, sizes: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    """The shape that is meant by the arguments of a function of sizes.

    function  its name
    sizes     its arguments by position
    size      its argument size=
    """
    if size is not None:
        sizes = size,
    if not sizes:
        raise errors.size_missing(function)
    shape = unpacked(sizes[0], sizes[1:])
    if min(shape, default=0) < 0:
        raise errors.negative_size(shape)
    return shape


def zeros(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
          dtype: DType | None = None, device: str | Device | None = None,
          requires_grad: bool = False) -> Tensor:
    """0 everywhere.

    sizes, size    the shape: numbers one by one, or one tuple
    dtype          None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = shape_of('zeros', sizes, size)
    return made(np.zeros(shape, numpy_dtype(dtype)), dtype, device, requires_grad)


def ones(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
         dtype: DType | None = None, device: str | Device | None = None,
         requires_grad: bool = False) -> Tensor:
    """1 everywhere.

    sizes, size    the shape: numbers one by one, or one tuple
    dtype          None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = shape_of('ones', sizes, size)
    return made(np.ones(shape, numpy_dtype(dtype)), dtype, device, requires_grad)


def empty(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
          dtype: DType | None = None, device: str | Device | None = None,
          requires_grad: bool = False) -> Tensor:
    """Uninitialized values, to be filled.

    sizes, size    the shape: numbers one by one, or one tuple
    dtype          None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = shape_of('empty', sizes, size)
    return made(np.empty(shape, numpy_dtype(dtype)), dtype, device, requires_grad)


def rand(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
         generator: Generator | None = None, dtype: DType | None = None,
         device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers, uniform in [0, 1).

    sizes, size    the shape: numbers one by one, or one tuple
    generator      the source of random numbers; None is the package's
    dtype          float32 or float64; None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    array = uniform(shape_of('rand', sizes, size), generator, numpy_dtype(dtype))
    return made(array, dtype, device, requires_grad)


def randn(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
          generator: Generator | None = None, dtype: DType | None = None,
          device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers from the normal distribution with mean 0 and standard deviation 1.

    sizes, size    the shape: numbers one by one, or one tuple
    generator      the source of random numbers; None is the package's
    dtype          float32 or float64; None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    array = normal(shape_of('randn', sizes, size), generator, numpy_dtype(dtype))
    return made(array, dtype, device, requires_grad)


def full(size: Sequence[int], fill_value: float | Tensor, *, dtype: DType | None = None,
         device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """One value everywhere.

    size           the shape, a tuple
    fill_value     a number, or a tensor of one
    dtype          None is float32 for a float, int64 for an integer, bool for a bool
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    if not isinstance(size, (tuple, list)):
        raise errors.size_is_a_number(size)
    value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
    if dtype is None:
        dtype = float32 if isinstance(value, float) else DTYPES[np.asarray(value).dtype]
    array = np.full(shape_of('full', (), size), value, numpy_dtype(dtype))
    return made(array, dtype, device, requires_grad)


def eye(n: int, m: int | None = None, *, dtype: DType | None = None,
        device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """A matrix with 1 on the diagonal and 0 elsewhere.

    n              the number of rows
    m              the number of columns; None is n
    dtype          None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    return made(np.eye(n, m), dtype, device, requires_grad)


# Of the shape of another tensor.

def zeros_like(input: Tensor, *, dtype: DType | None = None, device: str | Device | None = None,
               requires_grad: bool = False) -> Tensor:
    """0 everywhere, in the shape of input.

    input          a tensor
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'zeros_like').shape
    return zeros(shape, dtype=dtype or input.dtype, device=device, requires_grad=requires_grad)


def ones_like(input: Tensor, *, dtype: DType | None = None, device: str | Device | None = None,
              requires_grad: bool = False) -> Tensor:
    """1 everywhere, in the shape of input.

    input          a tensor
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'ones_like').shape
    return ones(shape, dtype=dtype or input.dtype, device=device, requires_grad=requires_grad)


def empty_like(input: Tensor, *, dtype: DType | None = None, device: str | Device | None = None,
               requires_grad: bool = False) -> Tensor:
    """Uninitialized values, in the shape of input.

    input          a tensor
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'empty_like').shape
    return empty(shape, dtype=dtype or input.dtype, device=device, requires_grad=requires_grad)


def full_like(input: Tensor, fill_value: float | Tensor, *, dtype: DType | None = None,
              device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """One value everywhere, in the shape of input.

    input          a tensor
    fill_value     a number, or a tensor of one
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'full_like').shape
    return full(shape, fill_value, dtype=dtype or input.dtype, device=device,
                requires_grad=requires_grad)


def rand_like(input: Tensor, *, generator: Generator | None = None, dtype: DType | None = None,
              device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers, uniform in [0, 1), in the shape of input.

    input          a tensor
    generator      the source of random numbers; None is the package's
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'rand_like').shape
    return rand(shape, generator=generator, dtype=dtype or input.dtype, device=device,
                requires_grad=requires_grad)


def randn_like(input: Tensor, *, generator: Generator | None = None, dtype: DType | None = None,
               device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers, normal with mean 0 and standard deviation 1, in the shape of input.

    input          a tensor
    generator      the source of random numbers; None is the package's
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'randn_like').shape
    return randn(shape, generator=generator, dtype=dtype or input.dtype, device=device,
                 requires_grad=requires_grad)


def randint_like(input: Tensor, low: int = 0, high: int | None = None, *,
                 generator: Generator | None = None, dtype: DType | None = None,
                 device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random integers, uniform in [low, high), in the shape of input.

    input          a tensor
    low            the smallest integer; if high is not given, low is taken for high, and low is 0
    high           one more than the largest integer
    generator      the source of random numbers; None is the package's
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    shape = checked(input, 'randint_like').shape
    return randint(low, high, shape, generator=generator, dtype=dtype or input.dtype,
                   device=device, requires_grad=requires_grad)


# Ranges.

def arange(start: float, end: float | None = None, step: float = 1, *, dtype: DType | None = None,
           device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """The values start, start + step, start + 2 step, ... in [start, end).

    start          the first value; if end is not given, start is taken for end, and start is 0
    end            the bound, which is not reached
    step           the difference of two values, negative if end is below start (RuntimeError)
    dtype          None is int64 if all three are integers, else float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    if end is None:
        start, end = 0, start
    if step == 0 or (end - start) / step < 0:
        raise errors.step_leads_away(start, end, step)
    integers = all(isinstance(x, (int, np.integer)) for x in (start, end, step))
    values = start + step * np.arange(math.ceil((end - start) / step))
    return made(values, dtype or (int64 if integers else float32), device, requires_grad)


def linspace(start: float, end: float, steps: int, *, dtype: DType | None = None,
             device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Evenly spaced values from start to end.

    start          the first value
    end            the last value
    steps          how many there are
    dtype          None is float32
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    return made(np.linspace(start, end, steps), dtype, device, requires_grad)


def meshgrid(*tensors: Tensor | Sequence[Tensor], indexing: str = 'ij') -> tuple[Tensor, ...]:
    """The points of a grid: for each tensor its values, repeated along the other dimensions.

    tensors   coordinates along each dimension: tensors of one dimension, or one list of them
    indexing  'ij': dimension i of the results belongs to tensor i; 'xy': the first two change
              places, so that the first tensor counts columns, and the second rows

    Returns a tensor for each, all of the same shape, which shares memory with it.
    https://pytorch.org/docs/stable/generated/torch.meshgrid.html
    """
    if indexing not in ('ij', 'xy'):
        raise errors.unknown_indexing(indexing)
    if not tensors:
        raise errors.nothing_to_mesh()
    given: Any = unpacked(tensors[0], tensors[1:])
    if any(checked(x, 'meshgrid', 'tensors').ndim > 1 for x in given):
        raise errors.not_vectors([tuple(x.shape) for x in given])
    dims = list(range(len(given)))
    if indexing == 'xy':
        dims[:2] = dims[1::-1]
    size = [given[i].numel() for i in dims]
    columns = [shapes.reshape(x, (-1,) + (1,) * (len(given) - 1 - i)) for x, i in zip(given, dims)]
    return tuple(shapes.expand(x, size) for x in columns)


def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """Class numbers as rows with a 1 at the position of the class, and 0 elsewhere.

    input        int64 numbers in [0, num_classes), of any shape (...)
    num_classes  the number of classes; -1 is one more than the largest that occurs

    Returns int64 (..., num_classes). Raises RuntimeError for other numbers.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
    """
    labels = checked(input, 'one_hot')._array
    if input.dtype != int64:
        raise errors.not_class_numbers(input.dtype)
    if not labels.size and num_classes <= 0:
        raise errors.classes_not_known()
    count = int(labels.max()) + 1 if labels.size else 0
    classes = count if num_classes == -1 else num_classes
    if classes < count or labels.size and labels.min() < 0:
        raise errors.labels_do_not_fit(labels.min(), labels.max(), num_classes)
    return Tensor._of(np.eye(classes, dtype=np.int64)[labels])


# At random; rand and randn are above.

def randint(low: int = 0, high: int | Sequence[int] | None = None,
            size: Sequence[int] | None = None, *, generator: Generator | None = None,
            dtype: DType | None = None, device: str | Device | None = None,
            requires_grad: bool = False) -> Tensor:
    """Random integers, uniform in [low, high).

    low            the smallest integer; `randint(high, size)` leaves it out, and it is 0
    high           one more than the largest integer
    size           the shape, a tuple
    generator      the source of random numbers; None is the package's
    dtype          None is int64
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    bounds: list[Any] = [low, high]
    if size is None:
        size, bounds = bounds[1], [0, low]
    elif high is None:
        bounds = [0, low]
    if bounds[1] <= bounds[0]:
        raise errors.empty_range(*bounds)
    array = source(generator).integers(*bounds, shape_of('randint', (), size))
    return made(array, dtype or int64, device, requires_grad)


def randperm(n: int, *, generator: Generator | None = None, dtype: DType | None = None,
             device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """The integers from 0 to n - 1 in random order.

    n              how many
    generator      the source of random numbers; None is the package's
    dtype          None is int64
    device         None or 'cpu'
    requires_grad  whether operations on it are remembered
    """
    return made(source(generator).permutation(n), dtype or int64, device, requires_grad)


def bernoulli(input: Tensor, *, generator: Generator | None = None) -> Tensor:
    """1 with the probability that is given for each element, else 0.

    input      probabilities, of any shape
    generator  the source of random numbers; None is the package's

    Returns a tensor of input's shape and dtype.
    """
    p = checked(input, 'bernoulli')._array
    return table.bernoulli(input, (uniform(p.shape, generator) < p).astype(p.dtype))


def multinomial(input: Tensor, num_samples: int, replacement: bool = False, *,
                generator: Generator | None = None) -> Tensor:
    """Categories drawn at random with given weights.

    input        (categories,) or (rows, categories): weights of at least 0; they need not sum to 1
    num_samples  how many to draw for each row
    replacement  whether a category can be drawn again
    generator    the source of random numbers; None is the package's

    Returns category numbers, int64 (num_samples,) or (rows, num_samples).
    Raises RuntimeError if too few categories have a weight above 0.
    """
    if checked(input, 'multinomial').ndim not in (1, 2) or input.dtype.kind != 'f':
        raise errors.not_rows_of_weights(input)
    weights = input._array.astype(np.float64)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise errors.not_weights()
    possible = np.count_nonzero(weights, -1).min(initial=weights.shape[-1])
    if num_samples < 1 or not possible or not replacement and num_samples > possible:
        raise errors.too_few_categories(num_samples, possible)
    rows = weights.reshape(-1, weights.shape[-1])
    drawn = [source(generator).choice(len(row), num_samples, replacement, row / row.sum())
             for row in rows]
    return Tensor._of(np.array(drawn, np.int64).reshape(*weights.shape[:-1], num_samples))
