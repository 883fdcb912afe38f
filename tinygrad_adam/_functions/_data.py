"""What tensors are made of: nested lists, numbers and arrays, as an array of one dtype."""
from __future__ import annotations

import math
from typing import Any, Callable, Sequence

import numpy as np

from ..autograd import TensorBase
from ..autograd.nonfinite import quiet
from ..autograd.promotion import BOOL, RANKS, fitting, number
from ..ops.shapes import unpacked
from ..types import NUMBERS, holdable
from . import _creation_errors as errors


def array_of(data: Any, dtype: np.dtype[Any] | None) -> np.ndarray:
    """A new array of the data.

    data   a number, nested lists of numbers, an array or a tensor; a tensor inside lists is one
           number
    dtype  NumPy's dtype; None keeps that of arrays and tensors, and finds one that holds all
           numbers of a list, of which Python's count as NUMBERS says

    Numbers of a list have to fit (RuntimeError, ValueError beyond 64 bits); those of an array and a
    tensor wrap around. Raises TypeError or RuntimeError for what is no number, ValueError for rows
    of unequal length.
    """
    quiet()
    if type(data) is float and dtype is None:
        return np.array(data, NUMBERS[float])
    if isinstance(data, TensorBase):
        return np.array(data._array, dtype or data._array.dtype, order='C')
    if hasattr(data, '__array__') and not isinstance(data, np.generic):
        array = np.array(data, order='C')
        if array.dtype.kind not in 'biuf':
            raise errors.not_numbers(array)
        return holdable(array) if dtype is None else array.astype(dtype)
    types: set[np.dtype[Any]] = set()
    exact: set[np.dtype[Any]] = set()
    data = unwrapped(data, types, exact)
    try:
        array = np.array(data)
    except ValueError as error:
        raise errors.unequal_lengths(data) from error
    if array.dtype.kind not in 'biuf' and not all(isinstance(x, (int, float)) for x in array.flat):
        raise errors.not_numbers(array)
    if dtype is None:
        rank = max((RANKS[t.kind] for t in types), default=0)
        highest = [t for t in types if RANKS[t.kind] == rank] or [NUMBERS[float]]
        dtype = highest[0] if len(highest) == 1 else np.result_type(*highest)
    if dtype.kind in 'biu':
        for other in exact:
            if other.kind == 'f' or other is BOOL is not dtype:
                raise errors.not_an_integer(other, dtype)
    if dtype.kind in 'iu' and array.size and array.dtype != dtype:
        for x in map(number, (array.min(), array.max())):
            if isinstance(x, int) and not -2 ** 63 <= x < 2 ** 63:
                raise errors.integer_too_large(x)
            fitting(x, dtype)
    return array.astype(dtype)


def unwrapped(data: Any, types: set[np.dtype[Any]], exact: set[np.dtype[Any]]) -> Any:
    """Nested sequences as lists, with numbers in place of tensors of one element.

    data   as for array_of
    types  the dtypes of all numbers are added to it
    exact  those of numbers that no integer is made of, if they are floating-point: tensors' and
           NumPy's, but for float64, which is a float; and NumPy's bools
    """
    if isinstance(data, TensorBase):
        if data._array.size != 1:
            raise errors.not_one_number(data)
        types.add(data._array.dtype)
        if data._array.dtype is not BOOL:
            exact.add(data._array.dtype)
        return data._array.item()
    if isinstance(data, (np.ndarray, np.generic)):
        types.add(holdable(np.asarray(data)).dtype)
        if isinstance(data, np.generic) and not isinstance(data, float):
            exact.add(data.dtype)
        return data
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        kinds = set(map(type, data))
        if kinds <= NUMBERS.keys():
            types.update(NUMBERS[kind] for kind in kinds)
            return list(data)
        return [unwrapped(x, types, exact) for x in data]
    if type(data) in NUMBERS:
        types.add(NUMBERS[type(data)])
    return data


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
    if math.prod(shape) >= 2 ** 60:
        raise errors.too_many_elements(shape)
    return shape


def allocated(shape: tuple[int, ...], make: Callable[..., np.ndarray], *args: Any) -> np.ndarray:
    """make(shape, *args). Raises RuntimeError if there is not so much memory.

    shape  a tuple of sizes
    make   a function that returns a new array
    args   its further arguments
    """
    try:
        return make(shape, *args)
    except MemoryError as error:
        raise errors.out_of_memory(shape) from error
