"""Arithmetic in which integers are not small real numbers: they have no infinity and no fractions.

Dividing integers by 0 raises RuntimeError, and a power with a negative exponent is 0, but for the
bases 1 and -1. Floating-point numbers are computed as usual.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from . import _errors as errors


def floor_divide(input: Any, other: Any) -> Any:
    """The quotient, rounded down."""
    return np.floor_divide(input, nonzero(input, other))


def remainder(input: Any, other: Any) -> Any:
    """What floor_divide leaves; it has the sign of other, and 0 that of input."""
    if input is None or other is None:      # NumPy would look for a method fmod of None
        raise TypeError('None is no number')
    if np.result_type(input, other).kind != 'f':
        return np.remainder(input, nonzero(input, other))
    out = np.fmod(input, other)
    return np.where((out != 0) & ((out < 0) != (other < 0)), out + other, out)


def trunc_divide(input: Any, other: Any) -> Any:
    """The quotient, rounded towards 0."""
    if np.result_type(input, other).kind == 'f':
        return np.trunc(input / other)
    down = np.floor_divide(input, nonzero(input, other))
    return down + ((down < 0) & (down * other != input))


def nonzero(input: Any, other: Any) -> Any:
    """other; it must not have a 0 if both are integers and there is something to divide."""
    if (np.result_type(input, other).kind in 'iu' and not np.all(other)
            and np.size(input) and np.size(other)):
        raise errors.division_by_zero()
    return other


def power(input: Any, exponent: Any) -> Any:
    """input ** exponent; a number as exponent of integers must not be negative."""
    if getattr(exponent, 'dtype', FLOAT).kind != 'i' or np.result_type(input).kind == 'f':
        return input ** exponent
    inverse = np.where(np.abs(input) == 1, np.power(input, np.abs(exponent)), 0)
    return np.where(exponent < 0, inverse, input ** np.maximum(exponent, 0))


FLOAT = np.dtype(float)
