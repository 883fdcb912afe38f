"""The dtypes in which PyTorch computes, where they are not NumPy's.

The arguments of the highest kind decide: floating point before integers before bools. Of these,
tensors with dimensions count first, then 0-d tensors, then numbers: int32 [1, 2] + tensor(5) is
int32, [1, 2] + 0.5 has the default dtype. All arguments are converted to that dtype first, and
integers that it cannot hold wrap around: uint8 [7] - 300 is 219. A function of integers whose
results are floating-point computes in the default dtype.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ..types import NUMBERS, holdable
from . import _errors as errors

BOOL: np.dtype[Any] = np.dtype(bool)
FLOAT32: np.dtype[Any] = np.dtype('float32')
AS_IN_NUMPY: list[Any] = [FLOAT32]      # NumPy's results of this dtype are PyTorch's
RANKS: dict[str, int] = {'b': 0, 'u': 1, 'i': 1, 'f': 2}


def change_default_dtype(wanted: np.dtype[Any]) -> None:
    """Let Python's floats, and functions of integers that give fractions, have another dtype.

    wanted  NumPy's float32 or float64
    """
    NUMBERS[float] = wanted
    AS_IN_NUMPY[0] = FLOAT32 if wanted is FLOAT32 else None     # NumPy's float32 of int16 is not


def common_type(arguments: Any) -> np.dtype[Any]:
    """The dtype in which an operation on these arrays and numbers is computed; others are skipped.

    arguments  arrays, numbers and whatever else an operation takes
    """
    common, highest = BOOL, (-1, 0)
    for x in arguments:
        if isinstance(x, np.ndarray):
            dtype, weight = holdable(x).dtype, 2 if x.ndim else 1
        elif type(x) in NUMBERS:
            dtype, weight = NUMBERS[type(x)], 0
        else:
            continue
        rank = RANKS[dtype.kind], weight
        if rank > highest:
            common, highest = dtype, rank
        elif rank == highest and dtype is not common:
            common = np.promote_types(common, dtype)
    return common


def as_pytorch_types(operation: str, value: Any, forward: Any, arrays: Any, promote: bool,
                     dtype: int | None) -> Any:
    """The value that forward returned for the arrays, as PyTorch computes it.

    operation  its name
    value      what forward returned
    forward    a function of arrays
    arrays     its arguments
    promote    whether they are converted to a common dtype first
    dtype      which of them says what dtype the value has, if it is not None; None is none of them
    """
    if dtype is not None and arrays[dtype] is not None:
        return value
    dtypes = {x.dtype for x in arrays if isinstance(x, np.ndarray)}
    if len(dtypes) == 1 and (value.dtype in dtypes or value.dtype is BOOL and (
            FLOAT32 in dtypes or float not in map(type, arrays))):
        return value        # NumPy's dtypes are the same
    common = common_type([x for x in arrays if promote or isinstance(x, np.ndarray)])
    if promote and dtypes != {common}:
        value = array_of(forward(*converted(arrays, common)))
    if value.dtype.kind == 'f':
        if common.kind != 'f':      # of integers
            common = NUMBERS[float]
            value = array_of(forward(*converted(arrays, common)))
        return value.astype(common, copy=False)
    if promote and value.dtype is not BOOL:
        if common is BOOL:      # NumPy's numbers of bools
            raise errors.not_implemented_for(operation, arrays)
        return value.astype(common, copy=False)
    return value


def array_of(value: Any) -> Any:
    """An array as it is, a number as an array: results from 0-d arrays are no arrays.

    value  what a function of arrays returned
    """
    return value if isinstance(value, np.ndarray) else value[...]


def converted(arrays: Any, dtype: np.dtype[Any]) -> list[Any]:
    """The arguments of an operation with all arrays in this dtype.

    arrays  arrays and other arguments
    dtype   NumPy's dtype
    """
    return [x.astype(dtype, copy=False) if isinstance(x, np.ndarray) else x for x in arrays]


def operand(operation: str, forward: Any, x: Any, args: Any) -> Any:
    """What an operation on each element takes for an argument that is no tensor.

    operation  its name
    forward    its function of arrays
    x          a number, of NumPy or of Python, or an array
    args       all arguments: integers wrap around if the dtype in which they meet is too small

    Raises TypeError for lists and texts, OverflowError for integers of more than 64 bits.
    """
    if type(x) is int and 0 <= x < 128:     # which all dtypes of numbers hold
        return x
    x = number(x)
    if isinstance(x, (list, tuple, str)):
        raise errors.not_a_tensor(operation, x)
    if isinstance(x, complex):
        raise errors.complex_number(operation, x)
    if type(x) is not int:
        return x
    of_64_bits(x)
    dtype = common_type([getattr(arg, '_array', arg) for arg in args])
    if dtype.kind not in 'iu' or limits(dtype)[0] <= x <= limits(dtype)[1]:
        return x
    if isinstance(forward, np.ufunc):
        if forward.resolve_dtypes((dtype, dtype, None))[-1].kind == 'f':    # as division
            return float(x)
    return int(np.array(x).astype(dtype))


def number(x: Any) -> Any:
    """A number of NumPy as one of Python, bools as floating point like PyTorch; all else as it is.

    x  anything
    """
    if isinstance(x, np.generic):
        return x.astype(float).item() if isinstance(x, np.bool_) else x.item()
    return x


# Where PyTorch stores a number, it must fit; other numbers are refused, not wrapped around.

def fitting(x: Any, dtype: np.dtype[Any]) -> Any:
    """A number that fits in dtype, or RuntimeError; uint8 takes negative ones down to -255 too.

    x       a bool, an integer or a floating-point number; into integers fractions are cut off
    dtype   NumPy's dtype
    """
    if dtype.kind == 'b':
        return bool(of_64_bits(x))
    if type(x) is int and 0 <= x < 128:
        return x
    of_64_bits(x)
    if isinstance(x, complex):
        raise errors.does_not_hold(dtype, x)
    lowest, highest = limits(dtype)
    if dtype.kind == 'f':
        if highest < abs(x) < np.inf:
            raise errors.does_not_hold(dtype, x)
        return x
    if dtype.kind == 'u' and isinstance(x, int):
        lowest = -highest
    if not lowest <= x <= highest:
        raise errors.does_not_hold(dtype, x)
    return int(np.array(x).astype(dtype))


@lru_cache(maxsize=None)
def limits(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    """The smallest and the largest finite value.

    dtype  NumPy's dtype of numbers
    """
    if dtype.kind == 'f':
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    return np.iinfo(dtype).min, np.iinfo(dtype).max


def of_64_bits(x: Any, error: type[Exception] = OverflowError) -> Any:
    """The number, or an error if it is an integer of more bits.

    x      any number
    error  OverflowError, or ValueError where PyTorch raises that
    """
    if isinstance(x, int) and not -2 ** 63 <= x < 2 ** 64:
        raise errors.integer_too_large(x, error)
    return x
