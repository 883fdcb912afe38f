"""Making tensors: from data, of one value, of a range, at random.

All of these take, if nothing else is said: dtype, None being the default dtype, which is float32
until set_default_dtype() is told another; device, None or 'cpu', as there is no other;
requires_grad, whether operations on the tensor are recorded; and if they are random, generator, a
torch.Generator, None being the one that manual_seed() seeds.
https://pytorch.org/docs/stable/torch.html#creation-ops
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ..autograd import TensorBase
from ..autograd.graph import storage_of
from ..autograd.nonfinite import quiet
from ..autograd.promotion import fitting, number
from ..ops import sorting as table
from ..ops.indexing import triangle
from ..ops.shapes import unpacked
from ..random import Generator, source, uniform
from ..random import normal as standard_normal
from ..types import NUMBERS, Size, holdable, int64, numpy_dtype, on_cpu
from ..types import device as Device
from ..types import dtype as DType
from . import _creation_errors as errors
from . import _random_errors as random_errors
from . import shapes
from ._arguments import laid_out_as
from ._arguments import tensor as checked
from ._arguments import typed
from ._data import allocated, array_of, shape_of
from ._draws import coins, counts_of, floating_point, integers_between, normal_around

if TYPE_CHECKING:
    from .._tensor import Tensor


def made(array: np.ndarray, device: str | Device | None = None,
         requires_grad: bool = False) -> Tensor:
    """The tensor of an array.

    array          an array that belongs to nobody else
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    if device is not None:
        on_cpu(device)
    quiet()
    out = TensorBase._kind._of(array)
    if requires_grad is not False and requires_grad is not None:
        out.requires_grad_(requires_grad)
    return out


# From data.

def tensor(data: Any, *, dtype: DType | None = None, device: str | Device | None = None,
           requires_grad: bool = False) -> Tensor:
    """A tensor of a copy of the data.

    data           a number, nested lists or tuples of numbers, an array, or a tensor
    dtype          None keeps that of arrays and tensors; Python's floats get the default
                   dtype, its integers int64 and its bools bool
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded

    Warns of a tensor as data, or of one among them that requires grad: the graph ends here.
    Raises TypeError or RuntimeError for anything that is not a number, ValueError for rows of
    unequal length. https://pytorch.org/docs/stable/generated/torch.tensor.html
    """
    errors.warn_of_lost_graph('torch.tensor(sourceTensor)', data)
    wanted = None if dtype is None else numpy_dtype(dtype)
    return made(array_of(data, wanted), device, requires_grad)


def as_tensor(data: Any, dtype: DType | None = None,
              device: str | Device | None = None) -> Tensor:
    """A tensor of the data, which shares its memory if that is possible.

    data    a tensor (which is returned itself), an array, or what tensor() takes, which is copied
    dtype   None keeps the data's; another one makes a copy
    device  None or 'cpu'
    """
    if device is not None:
        on_cpu(device)
    if isinstance(data, np.ndarray):
        data = from_numpy(data)
    elif not isinstance(data, TensorBase):
        data = tensor(data, dtype=dtype)
    return data if dtype is None else data.to(dtype)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array.

    ndarray  an array whose dtype tensors have (TypeError)
    """
    if not isinstance(ndarray, np.ndarray):
        raise errors.not_an_array(ndarray)
    out = made(holdable(ndarray))
    storage_of(out).ordered = True
    return out


# With a size. It may be several integers, `zeros(2, 3)`, or one tuple or list, also as size=.

def zeros(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
          dtype: DType | None = None, device: str | Device | None = None,
          requires_grad: bool = False) -> Tensor:
    """0 everywhere.

    sizes, size    the shape: integers one by one, or one tuple
    dtype          None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = shape_of('zeros', sizes, size)
    return made(allocated(shape, np.zeros, numpy_dtype(dtype)), device, requires_grad)


def ones(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
         dtype: DType | None = None, device: str | Device | None = None,
         requires_grad: bool = False) -> Tensor:
    """1 everywhere.

    sizes, size    the shape: integers one by one, or one tuple
    dtype          None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = shape_of('ones', sizes, size)
    return made(allocated(shape, np.ones, numpy_dtype(dtype)), device, requires_grad)


def empty(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
          dtype: DType | None = None, device: str | Device | None = None,
          requires_grad: bool = False) -> Tensor:
    """Uninitialized values, to be filled.

    sizes, size    the shape: integers one by one, or one tuple
    dtype          None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = shape_of('empty', sizes, size)
    return made(allocated(shape, np.empty, numpy_dtype(dtype)), device, requires_grad)


def rand(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
         generator: Generator | None = None, dtype: DType | None = None,
         device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers, uniform in [0, 1).

    sizes, size    the shape: integers one by one, or one tuple
    generator      the source of random numbers; None is the package's
    dtype          float32 or float64; None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    wanted = floating_point('uniform', numpy_dtype(dtype))
    array = allocated(shape_of('rand', sizes, size), uniform, generator, wanted)
    return made(array, device, requires_grad)


def randn(*sizes: int | Sequence[int], size: Sequence[int] | None = None,
          generator: Generator | None = None, dtype: DType | None = None,
          device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers from the normal distribution with mean 0 and standard deviation 1.

    sizes, size    the shape: integers one by one, or one tuple
    generator      the source of random numbers; None is the package's
    dtype          float32 or float64; None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    wanted = floating_point('normal', numpy_dtype(dtype))
    array = allocated(shape_of('randn', sizes, size), standard_normal, generator, wanted)
    return made(array, device, requires_grad)


def full(size: Sequence[int], fill_value: float | Tensor, *, dtype: DType | None = None,
         device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """One value everywhere.

    size           the shape, a tuple
    fill_value     a number, or a tensor with one element
    dtype          None is the default dtype for a float, int64 for an integer, bool for a bool
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    if not isinstance(size, (tuple, list)):
        raise errors.size_is_a_number(size)
    value = number_of(fill_value)
    if value is None:
        raise errors.fill_value_is_no_number(fill_value)
    if isinstance(value, complex):
        raise errors.complex_fill_value(value)
    wanted = NUMBERS[type(value)] if dtype is None else numpy_dtype(dtype)
    shape = shape_of('full', (), size)
    return made(allocated(shape, np.full, fitting(value, wanted), wanted), device, requires_grad)


def number_of(x: Any) -> Any:
    """A number, also of NumPy or in a tensor without dimensions or graph, as Python's; else None.

    x  anything
    """
    if isinstance(x, TensorBase):
        return None if x._array.ndim or x._requires_grad else x._array.item()
    return number(x) if isinstance(x, (int, float, complex, np.generic)) else None


def eye(n: int, m: int | None = None, *, dtype: DType | None = None,
        device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """A matrix with 1 on the diagonal and 0 elsewhere.

    n              the number of rows
    m              the number of columns; None is n
    dtype          None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    columns = n if m is None else m
    for argument, count in (('n', n), ('m', columns)):
        if count < 0:
            raise errors.negative_count('eye', argument, count)
    shape = shape_of('eye', (n, columns))
    array = allocated(shape, lambda shape: np.eye(*shape, dtype=numpy_dtype(dtype)))
    return made(array, device, requires_grad)


# Of the shape of another tensor.

def zeros_like(input: Tensor, *, dtype: DType | None = None, device: str | Device | None = None,
               requires_grad: bool = False) -> Tensor:
    """0 everywhere, in the shape of input.

    input          a tensor
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'zeros_like').shape
    return laid_out_as(input, zeros(shape, dtype=dtype or input.dtype, device=device,
                                    requires_grad=requires_grad))


def ones_like(input: Tensor, *, dtype: DType | None = None, device: str | Device | None = None,
              requires_grad: bool = False) -> Tensor:
    """1 everywhere, in the shape of input.

    input          a tensor
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'ones_like').shape
    return laid_out_as(input, ones(shape, dtype=dtype or input.dtype, device=device,
                                   requires_grad=requires_grad))


def empty_like(input: Tensor, *, dtype: DType | None = None, device: str | Device | None = None,
               requires_grad: bool = False) -> Tensor:
    """Uninitialized values, in the shape of input.

    input          a tensor
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'empty_like').shape
    return laid_out_as(input, empty(shape, dtype=dtype or input.dtype, device=device,
                                    requires_grad=requires_grad))


def full_like(input: Tensor, fill_value: float | Tensor, *, dtype: DType | None = None,
              device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """One value everywhere, in the shape of input.

    input          a tensor
    fill_value     a number, or a tensor with one element
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'full_like').shape
    return laid_out_as(input, full(shape, fill_value, dtype=dtype or input.dtype,
                                   device=device, requires_grad=requires_grad))


def rand_like(input: Tensor, *, generator: Generator | None = None, dtype: DType | None = None,
              device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers, uniform in [0, 1), in the shape of input.

    input          a tensor
    generator      the source of random numbers; None is the package's
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'rand_like').shape
    return laid_out_as(input, rand(shape, generator=generator, dtype=dtype or input.dtype,
                                   device=device, requires_grad=requires_grad))


def randn_like(input: Tensor, *, generator: Generator | None = None, dtype: DType | None = None,
               device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers, normal with mean 0 and standard deviation 1, in the shape of input.

    input          a tensor
    generator      the source of random numbers; None is the package's
    dtype          None is input's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'randn_like').shape
    return laid_out_as(input, randn(shape, generator=generator, dtype=dtype or input.dtype,
                                    device=device, requires_grad=requires_grad))


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
    requires_grad  whether operations on it are recorded
    """
    shape = checked(input, 'randint_like').shape
    return laid_out_as(input, randint(low, high, shape, generator=generator, device=device,
                                      dtype=dtype or input.dtype, requires_grad=requires_grad))


# Methods: with the dtype of a tensor.

def new_zeros(self: Tensor, *sizes: Any, size: Sequence[int] | None = None,
              dtype: DType | None = None, device: str | Device | None = None,
              requires_grad: bool = False) -> Tensor:
    """0 everywhere.

    sizes, size    the shape: integers one by one, or one tuple
    dtype          None is this tensor's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    return zeros(*sizes, size=size, dtype=dtype or self.dtype, device=device,
                 requires_grad=requires_grad)


def new_ones(self: Tensor, *sizes: Any, size: Sequence[int] | None = None,
             dtype: DType | None = None, device: str | Device | None = None,
             requires_grad: bool = False) -> Tensor:
    """1 everywhere.

    sizes, size    the shape: integers one by one, or one tuple
    dtype          None is this tensor's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    return ones(*sizes, size=size, dtype=dtype or self.dtype, device=device,
                requires_grad=requires_grad)


def new_empty(self: Tensor, *sizes: Any, size: Sequence[int] | None = None,
              dtype: DType | None = None, device: str | Device | None = None,
              requires_grad: bool = False) -> Tensor:
    """Uninitialized values.

    sizes, size    the shape: integers one by one, or one tuple
    dtype          None is this tensor's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    return empty(*sizes, size=size, dtype=dtype or self.dtype, device=device,
                 requires_grad=requires_grad)


def new_full(self: Tensor, size: Sequence[int], fill_value: float | Tensor, *,
             dtype: DType | None = None, device: str | Device | None = None,
             requires_grad: bool = False) -> Tensor:
    """One value everywhere.

    size           the shape, a tuple
    fill_value     a number that the dtype holds (RuntimeError), or a tensor of one
    dtype          None is this tensor's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    return full(size, fill_value, dtype=dtype or self.dtype, device=device,
                requires_grad=requires_grad)


def new_tensor(self: Tensor, data: Any, *, dtype: DType | None = None,
               device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """A tensor of a copy of the data, apart from any graph.

    data           a number, nested lists of numbers, an array, or a tensor
    dtype          None is this tensor's
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    return tensor(data, dtype=dtype or self.dtype, device=device, requires_grad=requires_grad)


def new(self: Tensor, *data: Any) -> Tensor:
    """A tensor of this dtype, as from before new_tensor() and new_empty(), one of which says more.

    data  nested lists or an array, which are copied; a tensor of this dtype, whose memory is
          shared; or sizes one by one, for uninitialized values
    """
    return made(data_or_sizes(self.dtype, data))


def data_or_sizes(dtype: DType, given: tuple[Any, ...], *, any_tensor: bool = False) -> np.ndarray:
    """The array that Tensor(...), LongTensor(...) and their kin make of their arguments.

    dtype       its dtype
    given       data, or sizes one by one for uninitialized values
    any_tensor  whether a tensor of another dtype is taken (else TypeError)
    """
    first = given[0] if given else 0
    if isinstance(first, TensorBase):
        if first._array.dtype != dtype.numpy and not any_tensor:
            raise errors.data_of_another_dtype(first, dtype)
        return first._array
    if not given or isinstance(first, (int, np.integer, Size)):
        shape = shape_of('Tensor', given or (0,))
        return allocated(shape, np.empty, dtype.numpy)
    if len(given) > 1 or isinstance(first, (float, np.generic, str)):
        raise errors.data_is_a_number(first)
    return array_of(first, dtype.numpy)


# Ranges.

def arange(start: float | None = None, end: float | None = None, step: float = 1, *,
           dtype: DType | None = None, device: str | Device | None = None,
           requires_grad: bool = False) -> Tensor:
    """The values start, start + step, start + 2 step, ... in [start, end).

    start          the first value; if end is not given, start is taken for end, and start is 0
    end            the bound, which is not reached
    step           the difference of two values, negative if end is below start (RuntimeError)
    dtype          None is int64 if all three are integers, else the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    if start is None or end is None:
        start, end = 0, start if end is None else end
    if end is None:
        raise errors.ends_missing()
    quiet()
    given = {'start': start, 'end': end, 'step': step}
    bounds = [number_of(x) for x in given.values()]
    for argument, x in zip(given, bounds):
        if x is None:
            raise errors.bound_is_no_number(argument, given[argument])
    floats = any(isinstance(x, float) for x in bounds)
    wanted = NUMBERS[float if floats else int] if dtype is None else numpy_dtype(dtype)
    if wanted.kind == 'b':
        raise errors.range_of_bools('arange')
    if not (math.isfinite(bounds[0]) and math.isfinite(bounds[1])):
        raise errors.unbounded_range(bounds[0], bounds[1])
    if wanted == np.int64:
        bounds = [fitting(x, wanted) for x in bounds]
    first, last, by = bounds
    if by == 0:
        raise errors.step_is_zero()
    if (last - first) / by < 0:
        raise errors.step_leads_away(first, last, by)
    size = -((first - last) // by) if wanted == np.int64 else math.ceil((last - first) / by)
    if wanted.kind != 'f':
        first, by = int(first), int(by)
    steps = allocated(shape_of('arange', (size,)), lambda shape: np.arange(shape[0]))
    return made((first + by * steps).astype(wanted), device, requires_grad)


@typed
def linspace(start: float, end: float, steps: int, *, dtype: DType | None = None,
             device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Evenly spaced values from start to end.

    start          the first value
    end            the last value
    steps          how many there are
    dtype          None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    wanted, (first, last) = numpy_dtype(dtype), [number_of(x) for x in (start, end)]
    if steps < 0:
        raise errors.negative_count('linspace', 'number of steps', steps)
    if wanted.kind == 'b':
        raise errors.range_of_bools('linspace')
    array = allocated((steps,), lambda shape: np.linspace(first, last, *shape))
    return made(array.astype(wanted), device, requires_grad)


@typed
def logspace(start: float, end: float, steps: int, base: float = 10.0, *,
             dtype: DType | None = None, device: str | Device | None = None,
             requires_grad: bool = False) -> Tensor:
    """Powers of a base, whose exponents are evenly spaced from start to end.

    start          the first exponent
    end            the last exponent
    steps          how many there are
    base           what is raised to these powers
    dtype          None is the default dtype
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    wanted, (first, last) = numpy_dtype(dtype), [number_of(x) for x in (start, end)]
    if steps < 0:
        raise errors.negative_count('logspace', 'number of steps', steps)
    if wanted.kind == 'b':
        raise errors.range_of_bools('logspace')
    array = allocated((steps,), lambda shape: np.logspace(first, last, *shape, base=base))
    return made(array.astype(wanted), device, requires_grad)


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: DType | None = None,
                 device: str | Device | None = None) -> Tensor:
    """The indices of the lower triangle of a matrix, row by row.

    row     the number of rows of the matrix
    col     the number of its columns
    offset  the diagonal up to which it goes: 0 is the main one, 1 the one above
    dtype   an integer dtype (NotImplementedError); None is int64
    device  None or 'cpu'

    Returns (2, number of elements): their rows, and their columns.
    """
    return triangle_indices('tril_indices', row, col, offset, dtype, device)


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: DType | None = None,
                 device: str | Device | None = None) -> Tensor:
    """The indices of the upper triangle of a matrix, row by row.

    row     the number of rows of the matrix
    col     the number of its columns
    offset  the diagonal from which it goes on: 0 is the main one, 1 the one above
    dtype   an integer dtype (NotImplementedError); None is int64
    device  None or 'cpu'

    Returns (2, number of elements): their rows, and their columns.
    """
    return triangle_indices('triu_indices', row, col, offset, dtype, device)


def triangle_indices(function: str, row: int, col: int, offset: int, dtype: DType | None,
                     device: str | Device | None) -> Tensor:
    """What tril_indices and triu_indices share.

    function  the name of the public function, whose arguments are the others:
              row, col, offset, dtype, device
    """
    for argument, count in (('row', row), ('col', col)):
        if count < 0:
            raise errors.negative_count(function, argument, count)
    wanted = numpy_dtype(int64 if dtype is None else dtype)
    if wanted.kind not in 'iu':
        raise errors.indices_are_integers(function, dtype)
    inside = triangle(row, col, offset, function == 'triu_indices')
    return made(np.array(inside.nonzero()).astype(wanted), device)


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


@typed
def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """Class indices as rows with a 1 at the position of the class, and 0 elsewhere.

    input        int64 values in [0, num_classes), of any shape (...)
    num_classes  the number of classes; -1 is one more than the largest that occurs

    Returns int64 (..., num_classes). Raises RuntimeError for other values.
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
    return made(np.eye(classes, dtype=np.int64)[labels])


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
    requires_grad  whether operations on it are recorded
    """
    if size is None:    # without low
        low, high, size = 0, low, high    # type: ignore[assignment]
    elif high is None:
        low, high = 0, low
    if size is None:
        raise random_errors.size_of_randint_is_missing()
    if not isinstance(size, (tuple, list)):
        raise random_errors.size_of_randint(size)
    shape = shape_of('randint', (), size)
    wanted = numpy_dtype(int64 if dtype is None else dtype)
    array = allocated(shape, integers_between, low, high, generator, wanted)
    return made(array, device, requires_grad)


def normal(mean: Tensor | float, std: Tensor | float = 1, size: Sequence[int] | None = None, *,
           generator: Generator | None = None, dtype: DType | None = None,
           device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """Random numbers from normal distributions.

    mean           the mean: a number, or a tensor with that of each element
    std            the standard deviation, not negative (RuntimeError), a number or a tensor
    size           the shape, a tuple, if both are numbers
    generator      the source of random numbers; None is the package's
    dtype          with size: float32 or float64; None is the default dtype
    device         None or 'cpu'
    requires_grad  with size: whether operations on it are recorded

    No gradient flows to the tensors: use mean + std * torch.randn(...) for that.
    https://pytorch.org/docs/stable/generated/torch.normal.html
    """
    tensors = [x for x in (mean, std) if isinstance(x, TensorBase)]
    if not tensors:
        if size is None:
            raise random_errors.size_of_normal()
        shape, wanted = shape_of('normal', (), size), numpy_dtype(dtype)
        array = normal_around(shape, mean, std, generator, wanted)    # type: ignore[arg-type]
        return made(array, device, requires_grad)
    if size is not None or dtype is not None or requires_grad:
        raise random_errors.size_is_that_of_the_tensors()
    for x in tensors:
        floating_point('normal', x._array.dtype)
    means, stds = (getattr(x, '_array', x) for x in (mean, std))
    if not np.all(np.asarray(stds) >= 0):
        raise random_errors.negative_std(np.min(stds))
    try:
        shape = np.broadcast_shapes(np.shape(means), np.shape(stds))
    except ValueError:
        raise random_errors.shapes_of_normal(np.shape(means), np.shape(stds)) from None
    drawn = standard_normal(shape, generator, tensors[0]._array.dtype) * stds + means
    return table.normal(mean, std, drawn.astype(tensors[0]._array.dtype, copy=False))


@typed
def randperm(n: int, *, generator: Generator | None = None, dtype: DType | None = None,
             device: str | Device | None = None, requires_grad: bool = False) -> Tensor:
    """The integers from 0 to n - 1 in random order.

    n              how many
    generator      the source of random numbers; None is the package's
    dtype          None is int64
    device         None or 'cpu'
    requires_grad  whether operations on it are recorded
    """
    wanted = numpy_dtype(int64 if dtype is None else dtype)
    shape = shape_of('randperm', (n,))
    if wanted.kind == 'b':
        raise errors.range_of_bools('randperm')
    fitting(n, wanted)
    array = allocated(shape, lambda shape: source(generator).permutation(*shape))
    return made(array.astype(wanted), device, requires_grad)


def bernoulli(input: Tensor, p: float | None = None, *,
              generator: Generator | None = None) -> Tensor:
    """1 with the probability that is given for each element, else 0.

    input      probabilities, of any shape
    p          one probability for all elements, in [0, 1] (RuntimeError); input is then only the
               shape and the dtype
    generator  the source of random numbers; None is the package's

    Returns a tensor of input's shape and dtype.
    """
    array = checked(input, 'bernoulli')._array
    if p is None:
        return table.bernoulli(input, coins(array.shape, input, generator, array.dtype))
    if isinstance(p, TensorBase):
        raise random_errors.probability_is_a_tensor()
    return table.bernoulli_of_one(input, coins(array.shape, p, generator, array.dtype))


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Counts drawn from Poisson distributions.

    input      the rates, which are the means: floating point (NotImplementedError), 0 or more
               (RuntimeError), of any shape
    generator  the source of random numbers; None is the package's

    Returns a tensor of input's shape and dtype. No gradient flows to the rates.
    """
    return table.poisson(input, counts_of(checked(input, 'poisson')._array, generator))


@typed
def multinomial(input: Tensor, num_samples: int, replacement: bool = False, *,
                generator: Generator | None = None) -> Tensor:
    """Categories drawn at random with given weights.

    input        (categories,) or (rows, categories): weights of at least 0; they need not sum to 1
    num_samples  how many to draw for each row
    replacement  whether a category can be drawn again
    generator    the source of random numbers; None is the package's

    Returns category indices, int64 (num_samples,) or (rows, num_samples). Raises RuntimeError for
    weights that are no such numbers, and if too few categories have a weight above 0.
    """
    weights = checked(input, 'multinomial')._array
    if weights.dtype.kind != 'f':
        raise random_errors.weights_of_integers(input.dtype)
    if weights.ndim not in (1, 2):
        raise random_errors.wrong_dimensions(weights.ndim)
    if num_samples <= 0:
        raise random_errors.too_few_samples(num_samples)
    if not np.all(np.isfinite(weights) & (weights >= 0)):
        raise random_errors.not_weights(weights)
    if not replacement and num_samples > weights.shape[-1]:
        raise random_errors.too_few_categories(num_samples, weights.shape[-1])
    rows = weights.reshape(-1, weights.shape[-1]).astype(np.float64)
    for row in rows:
        if not row.any():
            raise random_errors.no_weight()
        if not replacement and num_samples > np.count_nonzero(row):
            raise random_errors.too_few_categories(num_samples, int(np.count_nonzero(row)))
    drawn = [source(generator).choice(len(row), num_samples, replacement, row / row.sum())
             for row in rows]
    return made(np.array(drawn, np.int64).reshape(*weights.shape[:-1], num_samples))
