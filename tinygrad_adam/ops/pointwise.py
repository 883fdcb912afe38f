"""The table of functions of each element: what is computed, and the rule for each argument.

`g` is the gradient of `out`; autograd/primitive.py says how a row works. Broadcasting is undone by
the engine, so the rules need not mention it. The comments give the conventions at kinks and at the
edges of a domain; they are PyTorch's.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import constant, primitive
from ..autograd.primitive import Row
from . import integers


# Arithmetic.

def _pow(input, exponent):
    is_rsqrt = isinstance(exponent, float) and exponent == -0.5     # differs at -0 and -inf
    return _rsqrt(input) if is_rsqrt else integers.power(input, exponent)


def _lerp(input, end, weight):
    way = end - input
    return np.where(np.abs(weight) < 0.5, input + weight * way, end - way * (1 - weight))


add: Row = primitive(np.add, 'input other', input=lambda g: g,
                                            other=lambda g: g)
sub: Row = primitive(np.subtract, 'input other', input=lambda g: g,
                                                 other=lambda g: -g, name='sub')
mul: Row = primitive(np.multiply, 'input other', input=lambda g, other: g * other,
                                                 other=lambda g, input: g * input, name='mul')
div: Row = primitive(np.divide, 'input other', name='div',
                     input=lambda g, other: g / other,
                     other=lambda g, input, other: -g * (input / other / other))
pow: Row = primitive(_pow, promote=True,
                     input=lambda g, input, exponent: power_slope(g, input, exponent),
                     exponent=lambda g, out, input, exponent: g * where(    # 0 ** y: 0 for y >= 0
                         (input == 0) & (exponent >= 0), 0.0, out * log(input)))
neg: Row = primitive(np.negative, 'input', input=lambda g: -g, name='neg')
remainder: Row = primitive(integers.remainder, promote=True, input=lambda g: g,
                           other=lambda g, input, other: -g * div_floor(input, other))
lerp: Row = primitive(_lerp, promote=True, input=lambda g, weight: g * (1 - weight),
                                           end=lambda g, weight: g * weight,
                                           weight=lambda g, input, end: g * (end - input))
maximum: Row = primitive(np.maximum, 'input other',                     # equal: half each
                         input=lambda g, input, other: where(
                             input == other, g / 2, where(input < other, 0.0, g)),
                         other=lambda g, input, other: where(
                             input == other, g / 2, where(input > other, 0.0, g)))
minimum: Row = primitive(np.minimum, 'input other',
                         input=lambda g, input, other: where(
                             input == other, g / 2, where(input > other, 0.0, g)),
                         other=lambda g, input, other: where(
                             input == other, g / 2, where(input < other, 0.0, g)))
logaddexp: Row = primitive(np.logaddexp, 'input other',
                           input=lambda g, input, other: g / (1 + exp(other - input)),
                           other=lambda g, input, other: g / (1 + exp(input - other)))
where: Row = primitive(np.where, 'condition input other', condition=constant, promote=True,
                       input=lambda g, condition: only_where(g, condition),
                       other=lambda g, condition: only_where(g, condition == 0))


INTEGERS: dict[int, np.dtype[Any]] = {n: np.dtype(f'i{n}') for n in (1, 2, 4, 8)}   # of n bytes


def only_where(g: Any, mask: Any, of: Any = None) -> Any:
    """g where the mask, computed from `of`, is True, else 0; in g * mask, 0 * inf would be nan."""
    if not isinstance(g, np.ndarray):
        return where(mask, g, 0.0 if of is None else only_where(of, False))
    bits = g.view(INTEGERS[g.itemsize])     # since 0 times any integer is 0
    return (bits * mask).view(g.dtype)      # ten times faster than np.where


def power_slope(g: Any, x: Any, y: Any) -> Any:
    """g y x^(y-1), and 0 where y is 0 whatever x and g."""
    if isinstance(y, (int, float)):
        return g * (y * pow(x, y - 1)) if y else only_where(g, False)
    return only_where(g * (y * pow(x, y - 1.0)), y != 0)


# Functions of one argument.

def _rsqrt(input):
    return 1 / np.sqrt(input)


def _sigmoid(input):
    with np.errstate(over='ignore'):    # exp may overflow to inf, and 1 / inf is right
        return 1 / (1 + np.exp(-input))


def _relu(input):
    out = np.empty_like(input)
    out.fill(0)
    return np.maximum(out, input, out=out)    # faster with an array of zeros than with a scalar


def _sign(input):
    return np.subtract(input > 0, input < 0, dtype=input.dtype)     # 0 at nan


exp: Row = primitive(np.exp, 'input', input=lambda g, out: g * out)
expm1: Row = primitive(np.expm1, 'input', input=lambda g, out: g * (out + 1))
log: Row = primitive(np.log, 'input', input=lambda g, input: g / input)
log1p: Row = primitive(np.log1p, 'input', input=lambda g, input: g / (input + 1))
log2: Row = primitive(np.log2, 'input', input=lambda g, input: g / (input * 0.6931471805599453))
sqrt: Row = primitive(np.sqrt, 'input', input=lambda g, out: g / (2 * out))      # inf at 0
rsqrt: Row = primitive(_rsqrt, elementwise=True, input=lambda g, out: -0.5 * g * (out * out * out))
square: Row = primitive(
    lambda input: np.square(input, dtype=np.int64 if input.dtype == bool else None), name='square',
    elementwise=True, input=lambda g, input: 2 * g * input)
reciprocal: Row = primitive(lambda input: 1 / input, name='reciprocal', elementwise=True,
                            input=lambda g, out: -g * (out * out))
sin: Row = primitive(np.sin, 'input', input=lambda g, input: g * cos(input))
cos: Row = primitive(np.cos, 'input', input=lambda g, input: -g * sin(input))
tan: Row = primitive(np.tan, 'input', input=lambda g, out: g * (1 + out * out))
atan: Row = primitive(np.arctan, 'input', name='atan', input=lambda g, input: g / (1 + input**2))
sinh: Row = primitive(np.sinh, 'input', input=lambda g, input: g * cosh(input))
cosh: Row = primitive(np.cosh, 'input', input=lambda g, input: g * sinh(input))
tanh: Row = primitive(np.tanh, 'input', input=lambda g, out: g * (1 - out * out))
sigmoid: Row = primitive(_sigmoid, elementwise=True, input=lambda g, out: g * out * (1 - out))
relu: Row = primitive(_relu, elementwise=True,                                           # 1 at nan
                      input=lambda g, out: only_where(g, out != 0, out))
abs: Row = primitive(np.abs, 'input', name='abs',                            # 0 at 0 and nan
                     input=lambda g, input: g * sign(input))
sign: Row = primitive(_sign, elementwise=True, input=lambda g: only_where(g, False))
floor: Row = primitive(np.floor, 'input', input=lambda g: only_where(g, False))
ceil: Row = primitive(np.ceil, 'input', input=lambda g: only_where(g, False))
round: Row = primitive(np.round, 'input', elementwise=True, input=lambda g: only_where(g, False))
trunc: Row = primitive(np.trunc, 'input', input=lambda g: only_where(g, False))
clone: Row = primitive(lambda input: input.copy('K'), name='clone', elementwise=True,
                       input=lambda g: g)
cast: Row = primitive(lambda input, dtype: input.astype(dtype), name='to_copy', elementwise=True,
                      input=lambda g: g)


# Bounds; None bounds nothing.

def _clamp(input, min, max):
    out = input if min is None else np.maximum(min, input)
    return out if max is None else np.minimum(max, out)


clamp: Row = primitive(_clamp, promote=True,                            # 1 on the bounds, 0 at nan
                       input=lambda g, input, min, max: only_where(
                           g, (min is None or input >= min) & (max is None or input <= max)),
                       min=lambda g, input, min, max: only_where(
                           g, (input < min) & (max is None or min < max)),
                       max=lambda g, input, min, max: only_where(
                           g, (input > max) | (min is not None and max < min)))


# What is constant almost everywhere, and so has no rule or one that gives 0.

def _isclose(input, other, rtol=1e-5, atol=1e-8, equal_nan=False):
    with np.errstate(all='ignore'):
        return np.isclose(input, other, rtol, atol, equal_nan)


div_floor: Row = primitive(integers.floor_divide, promote=True, name='div',
                           input=lambda g: only_where(g, False),
                           other=lambda g: only_where(g, False))
div_trunc: Row = primitive(integers.trunc_divide, promote=True, name='div',
                           input=lambda g: only_where(g, False),
                           other=lambda g: only_where(g, False))
eq: Row = primitive(np.equal, 'input other')
ne: Row = primitive(np.not_equal, 'input other')
lt: Row = primitive(np.less, 'input other')
le: Row = primitive(np.less_equal, 'input other')
gt: Row = primitive(np.greater, 'input other')
ge: Row = primitive(np.greater_equal, 'input other')
isnan: Row = primitive(np.isnan, 'input')
isinf: Row = primitive(np.isinf, 'input')
isfinite: Row = primitive(np.isfinite, 'input')
isclose: Row = primitive(_isclose, elementwise=True)
logical_and: Row = primitive(np.logical_and, 'input other')
logical_or: Row = primitive(np.logical_or, 'input other')
logical_xor: Row = primitive(np.logical_xor, 'input other')
logical_not: Row = primitive(np.logical_not, 'input')
bitwise_and: Row = primitive(np.bitwise_and, 'input other')
bitwise_or: Row = primitive(np.bitwise_or, 'input other')
bitwise_xor: Row = primitive(np.bitwise_xor, 'input other')
bitwise_not: Row = primitive(np.invert, 'input')
