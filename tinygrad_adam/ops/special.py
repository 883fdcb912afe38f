"""The table of further functions of each element: inverse functions, erf, remainders, bounds.

As in pointwise.py, the comments give the conventions at kinks and at the edges of a domain.
"""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import constant, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import integers
from .pointwise import div_trunc, exp, rsqrt, where


def of_each(function: Any, x: Any) -> Any:
    """A function of the module math, which NumPy has not, of each element; in x's dtype."""
    return np.asarray(np.frompyfunc(function, 1, 1)(x)).astype(x.dtype)


@opaque
def _erf(input):
    return of_each(math.erf, input)


@opaque
def _erfc(input):
    return of_each(math.erfc, input)


def _fmod(input, other):
    return np.fmod(input, integers.nonzero(input, other))


def _frac(input):
    return input - np.trunc(input)


def inverse_square(y: Any, x: Any) -> Any:
    """1 over the squared length of (x, y), and 0 where that is 0."""
    square = x * x + y * y
    return where(square == 0, 0.0, 1 / square)


@opaque
def _nan_to_num(input, nan, posinf, neginf):
    return np.nan_to_num(input, True, nan, posinf, neginf)


log10: Row = primitive(np.log10, 'input', input=lambda g, input: g / (input * 2.302585092994046))
exp2: Row = primitive(np.exp2, 'input', input=lambda g, out: g * out * 0.6931471805599453)
asin: Row = primitive(np.arcsin, 'input', name='asin',
                      input=lambda g, input: g * rsqrt(1 - input * input))
acos: Row = primitive(np.arccos, 'input', name='acos',
                      input=lambda g, input: g * -rsqrt(1 - input * input))
asinh: Row = primitive(np.arcsinh, 'input', name='asinh',
                       input=lambda g, input: g * rsqrt(input * input + 1))
acosh: Row = primitive(np.arccosh, 'input', name='acosh',
                       input=lambda g, input: g * rsqrt(input * input - 1))
atanh: Row = primitive(np.arctanh, 'input', name='atanh',
                       input=lambda g, input: g * (1 / (1 - input * input)))
atan2: Row = primitive(np.arctan2, 'input other', name='atan2',                 # 0 at 0, 0
                       input=lambda g, input, other: g * other * inverse_square(input, other),
                       other=lambda g, input, other: g * -input * inverse_square(input, other))
erf: Row = primitive(_erf, elementwise=True,
                     input=lambda g, input: 1.1283791670955126 * exp(-(input * input)) * g)
erfc: Row = primitive(_erfc, elementwise=True,
                      input=lambda g, input: -1.1283791670955126 * exp(-(input * input)) * g)
fmod: Row = primitive(_fmod, promote=True, input=lambda g: g,
                      other=lambda g, input, other: -g * div_trunc(input, other))
frac: Row = primitive(_frac, elementwise=True, input=lambda g: g)
nan_to_num: Row = primitive(_nan_to_num, elementwise=True, nan=constant, posinf=constant,
                            neginf=constant, input=lambda g, input: g * (abs(input) < math.inf))
