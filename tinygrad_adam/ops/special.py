"""The table of further functions of each element: inverse functions, erf, remainders, bounds.

As in pointwise.py, the comments give the conventions at kinks and at the edges of a domain.
"""
from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np

from ..autograd import constant, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import integers
from .pointwise import cos, div_trunc, exp, only_where, rsqrt, sign, sin, where
from .sorting import without_derivative


def of_each(function: Any, x: Any) -> Any:
    """A function of the module math, which NumPy has not, of each element; in x's dtype."""
    return np.asarray(np.frompyfunc(function, 1, 1)(x)).astype(x.dtype)


@opaque
def _erf(input):
    return of_each(math.erf, input)


@opaque
def _erfc(input):
    return of_each(math.erfc, input)


def _inverse_erf(y):
    """Winitzki's approximation (2008), and three steps of Halley towards the root."""
    size = abs(y)
    if not size < 1:
        return math.copysign(math.inf, y) if size == 1 else math.nan
    log = math.log1p(-size * size)
    middle = 2 / (math.pi * 0.147) + log / 2
    x = math.sqrt(math.sqrt(middle * middle - log / 0.147) - middle)
    for _ in range(3):
        excess = math.erf(x) - size if size < 0.5 else 1 - size - math.erfc(x)
        step = excess * math.exp(x * x) / 1.1283791670955126
        x -= step / (1 + x * step)
    return math.copysign(x, y)


@opaque
def _erfinv(input):
    return of_each(_inverse_erf, input)


def _log_gamma(x):
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):    # a pole, or too large
        return math.inf


@opaque
def _lgamma(input):
    return of_each(_log_gamma, input)


# The Bernoulli numbers B_2, B_4 and so on, of Stirling's series.
BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]


def stirling(n: int, x: Any) -> Any:
    """The n-th derivative of digamma, without its sign, at large x: the first terms of its series.
    (Abramowitz and Stegun 1964, 6.3.18 and 6.4.11.)"""
    out = math.factorial(n) / (2 * x**(n + 1)) + (
        math.factorial(n - 1) / x**n if n else -np.log(x))
    for k, number in enumerate(BERNOULLI, 1):
        out += number * (math.factorial(2 * k + n - 1) / math.factorial(2 * k)) / x**(2 * k + n)
    return out


def cotangent(n: int, x: Any) -> Any:
    """The n-th derivative of pi / tan(pi x), a polynomial in the cotangent."""
    turns = x if n == 1 else x - np.round(x)    # as PyTorch: trigamma is not infinite at -1
    cot, rule = 1 / np.tan(np.pi * turns), np.polynomial.Polynomial([0, 1])
    for _ in range(n):
        rule = rule.deriv() * np.polynomial.Polynomial([-1, 0, -1])    # cot' = -(1 + cot^2)
    return np.pi**(n + 1) * reduce(lambda out, number: out * cot + number, rule.coef[::-1])


@opaque
def _polygamma(n, input):
    x = input.astype(np.float64)
    with np.errstate(all='ignore'):
        reflected = x <= 0
        z, out = np.where(reflected, 1 - x, x), np.zeros_like(x)
        for _ in range(10 + n):     # psi(z) = psi(z + 1) - 1 / z, up to where the series is exact
            small = z < 10 + n
            out += np.where(small, math.factorial(n) / z**(n + 1), 0)
            z = z + small
        out = (-1)**(n + 1) * (out + stirling(n, z))
        out = np.where(reflected, (-1)**n * out - cotangent(n, x), out)
        if n == 0:
            pole = reflected & (x == np.floor(x))
            out = np.where(pole, np.where(x == 0, np.copysign(np.inf, -x), np.nan), out)
    return out.astype(input.dtype)


def _heaviside(input, values):
    return np.where(input == 0, values, input > 0).astype(input.dtype)


def _xlogy(input, other):
    return np.where((input == 0) & (other == other), 0, input * np.log(other))


def _sinc(input):
    turn = input * math.pi
    return np.where(turn == 0, 1, np.sin(turn) / turn).astype(input.dtype)


def sinc_slope(g: Any, x: Any) -> Any:
    """The gradient of sinc: 0 where x is 0, or its square is."""
    turn, square = x * math.pi, x * x * math.pi
    return where(square == 0, 0.0, g * ((turn * cos(turn) - sin(turn)) / square))


def _round_to(input, decimals):
    scale = input.dtype.type(np.float64(10)**abs(decimals))
    return np.round(input * scale) / scale if decimals > 0 else np.round(input / scale) * scale


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
hypot: Row = primitive(np.hypot, 'input other',                                # nan at 0, 0
                       input=lambda g, out, input: g * input / out,
                       other=lambda g, out, other: g * other / out)
sgn: Row = primitive(lambda input: sign(input), name='sgn', elementwise=True,
                     input=lambda g: only_where(g, False))
heaviside: Row = primitive(_heaviside, elementwise=True, input=without_derivative('heaviside'),
                           values=without_derivative('heaviside'))
gcd: Row = primitive(np.gcd, 'input other')
lcm: Row = primitive(np.lcm, 'input other')
erf: Row = primitive(_erf, elementwise=True,
                     input=lambda g, input: 1.1283791670955126 * exp(-(input * input)) * g)
erfc: Row = primitive(_erfc, elementwise=True,
                      input=lambda g, input: -1.1283791670955126 * exp(-(input * input)) * g)
erfinv: Row = primitive(_erfinv, elementwise=True,
                        input=lambda g, out: 0.886226925452758 * exp(out * out) * g)
lgamma: Row = primitive(_lgamma, elementwise=True,
                        input=lambda g, input: g * digamma(input))
digamma: Row = primitive(lambda input: _polygamma(0, input), name='digamma', elementwise=True,
                         input=lambda g, input: g * polygamma(1, input))
polygamma: Row = primitive(_polygamma, 'n input', n=constant, elementwise=True,
                           input=lambda g, n, input: g * polygamma(n + 1, input))
fmod: Row = primitive(_fmod, promote=True, input=lambda g: g,
                      other=lambda g, input, other: -g * div_trunc(input, other))
frac: Row = primitive(_frac, elementwise=True, input=lambda g: g)
logit: Row = primitive(lambda input: np.log(input / (1 - input)), name='logit', elementwise=True,
                       input=lambda g, input: where(        # inf at 0, of which -0 + 0 has no sign
                           (input < 0) | (input > 1), math.nan,
                           g / ((input + 0) * (1 - input))))
xlogy: Row = primitive(_xlogy, promote=True,                            # 0 at 0 and other <= 0
                       input=lambda g, input, other: where(
                           (input == 0) & (other <= 0), 0.0, xlogy(g, other)),
                       other=lambda g, input, other: g * input / other)
logaddexp2: Row = primitive(np.logaddexp2, 'input other',
                            input=lambda g, input, other: g / (1 + exp2(other - input)),
                            other=lambda g, input, other: g / (1 + exp2(input - other)))
sinc: Row = primitive(_sinc, elementwise=True,
                      input=lambda g, input: sinc_slope(g, input))
copysign: Row = primitive(np.copysign, 'input other',                   # 0 at 0
                          input=lambda g, input, out: g * where(input == 0, 0.0, out / input),
                          other=lambda g: only_where(g, False))
fmax: Row = primitive(np.fmax, 'input other',                           # equal: all to input
                      input=lambda g, input, other: only_where(
                          g, (input >= other) | (other != other)),
                      other=lambda g, input, other: only_where(
                          g, (input < other) | (input != input) & (other == other)))
fmin: Row = primitive(np.fmin, 'input other',
                      input=lambda g, input, other: only_where(
                          g, (input <= other) | (other != other)),
                      other=lambda g, input, other: only_where(
                          g, (input > other) | (input != input) & (other == other)))
signbit: Row = primitive(np.signbit, 'input')
isposinf: Row = primitive(lambda input: input == math.inf, name='isposinf', elementwise=True)
isneginf: Row = primitive(lambda input: input == -math.inf, name='isneginf', elementwise=True)
round_to: Row = primitive(_round_to, name='round', elementwise=True, decimals=constant,
                          input=lambda g: only_where(g, False))
nan_to_num: Row = primitive(_nan_to_num, elementwise=True, nan=constant, posinf=constant,
                            neginf=constant, input=lambda g, input: g * (abs(input) < math.inf))
