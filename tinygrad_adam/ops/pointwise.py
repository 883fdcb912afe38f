"""Functions of each element. Rules speak of `g`, the gradient in `out`; see autograd/engine.py.

The engine undoes broadcasting, so the rules need not mention it. The comments give the conventions
at kinks and at the edges of a domain; they are PyTorch's.
"""
from __future__ import annotations

import operator

import numpy as np

from ..autograd import TensorBase, constant, primitive
from ..types import bool_

# Arithmetic.

plus = primitive(np.add,
                 lambda g, out, x, y: g,
                 lambda g, out, x, y: g)
minus = primitive(np.subtract,
                  lambda g, out, x, y: g,
                  lambda g, out, x, y: -g, name='sub')
mul = primitive(np.multiply,
                lambda g, out, x, y: g * y,
                lambda g, out, x, y: g * x, name='mul')
quotient = primitive(np.divide,
                     lambda g, out, x, y: g / y,
                     lambda g, out, x, y: -g * out / y, name='div')
neg = primitive(np.negative,
                lambda g, out, x: -g, name='neg')
power = primitive(operator.pow,                                    # 0 ** y in y: 0 for y >= 0
                  lambda g, out, x, y: g * power_slope(x, y),
                  lambda g, out, x, y: g * where((x == 0) & (y >= 0), 0.0, out * log(x)),
                  names='input exponent', name='pow')
larger = primitive(np.maximum,                                     # equal: half each
                   lambda g, out, x, y: where(x == y, g / 2, where(x < y, 0.0, g)),
                   lambda g, out, x, y: where(x == y, g / 2, where(x > y, 0.0, g)))
smaller = primitive(np.minimum,
                    lambda g, out, x, y: where(x == y, g / 2, where(x > y, 0.0, g)),
                    lambda g, out, x, y: where(x == y, g / 2, where(x < y, 0.0, g)))
log_sum = primitive(np.logaddexp,
                    lambda g, out, x, y: g * exp(x - out),
                    lambda g, out, x, y: g * exp(y - out))


def _where(condition, x, y):
    """x where condition is True, y elsewhere."""
    if condition.dtype.kind != 'b':
        raise RuntimeError('where expected condition to be a bool tensor, but got '
                           f'{condition.dtype}: a number is neither true nor false. Write '
                           'condition != 0.')
    return np.where(condition, x, y)


where = primitive(_where,
                  constant,
                  lambda g, out, condition, x, y: where(condition, g, 0.0),
                  lambda g, out, condition, x, y: where(condition, 0.0, g),
                  names='condition input other')


def power_slope(x, y):
    """y x^(y-1), and 0 where y is 0 whatever x."""
    if isinstance(y, (int, float)):
        return y * x ** (y - 1) if y else 0.0 * (x == x)
    return where(y == 0, 0.0, y * x ** (y - 1.0))


def add(input, other, *, alpha=1):
    """input + alpha other."""
    if alpha != 1 and all(x is True or x is False or getattr(x, 'dtype', 0) is bool_
                          for x in (input, other)):
        alpha = bool(alpha)    # True + True is True
    return plus(input, other if alpha == 1 else mul(other, alpha))


def sub(input, other, *, alpha=1):
    """input - alpha other."""
    for x in (input, other):
        if isinstance(x, bool) or getattr(x, 'dtype', None) and x.dtype.kind == 'b':
            raise RuntimeError('Subtraction, the `-` operator, with a bool tensor is not '
                               'supported: True - True would be no bool. Use ^ or logical_xor, or '
                               'long() first.')
    return minus(input, other if alpha == 1 else mul(other, alpha))


def div(input, other, *, rounding_mode=None):
    """input / other; with rounding_mode 'floor' or 'trunc' rounded to a whole number."""
    if rounding_mode is None:
        return quotient(input, other)
    if rounding_mode == 'floor':
        return floor_divide(input, other)
    if rounding_mode == 'trunc':
        return trunc_divide(input, other)
    raise RuntimeError(f"div expected rounding_mode to be None, 'trunc' or 'floor' but found "
                       f'{rounding_mode!r}: there is no other. Use one of these.')


# Functions of one number.

def _rsqrt(x):
    """1 / sqrt(x)."""
    return 1 / np.sqrt(x)


def _reciprocal(x):
    """1 / x."""
    return 1 / x


def _sigmoid(x):
    """1 / (1 + exp(-x))."""
    with np.errstate(over='ignore'):    # exp may overflow to inf, and 1 / inf is right
        return 1 / (1 + np.exp(-x))


def _relu(x):
    """max(x, 0)."""
    out = np.empty_like(x)
    out.fill(0)
    return np.maximum(x, out, out=out)    # of two arrays: 2 to 3 times faster than with a number


def _square(x):
    """x x."""
    return np.square(x, dtype=np.int64 if x.dtype == bool else None)


def _root(x):
    return np.sqrt(x)


exp = primitive(np.exp, lambda g, out, x: g * out)
expm1 = primitive(np.expm1, lambda g, out, x: g * (out + 1))
log = primitive(np.log, lambda g, out, x: g / x)
log1p = primitive(np.log1p, lambda g, out, x: g / (x + 1))
log2 = primitive(np.log2, lambda g, out, x: g / (x * 0.6931471805599453))
sqrt = primitive(np.sqrt, lambda g, out, x: g / (2 * out))         # inf at 0
root = primitive(_root, lambda g, out, x: where(out == 0, 0.0, g / (2 * out)))  # 0 at 0
rsqrt = primitive(_rsqrt, lambda g, out, x: -0.5 * g * out * out * out)
square = primitive(_square, lambda g, out, x: 2 * g * x)
reciprocal = primitive(_reciprocal, lambda g, out, x: -g * out * out)
sin = primitive(np.sin, lambda g, out, x: g * cos(x))
cos = primitive(np.cos, lambda g, out, x: -g * sin(x))
tan = primitive(np.tan, lambda g, out, x: g * (1 + out * out))
atan = primitive(np.arctan, lambda g, out, x: g / (1 + x * x), name='atan')
sinh = primitive(np.sinh, lambda g, out, x: g * cosh(x))
cosh = primitive(np.cosh, lambda g, out, x: g * sinh(x))
tanh = primitive(np.tanh, lambda g, out, x: g * (1 - out * out))
sigmoid = primitive(_sigmoid, lambda g, out, x: g * out * (1 - out))
relu = primitive(_relu, lambda g, out, x: g * ~(out <= 0))         # 0 at 0, 1 at nan
abs = primitive(np.abs, lambda g, out, x: g * sign(x), name='abs')           # 0 at 0
sign = primitive(np.sign, lambda g, out, x: 0 * g)
floor = primitive(np.floor, lambda g, out, x: 0 * g)
ceil = primitive(np.ceil, lambda g, out, x: 0 * g)
round = primitive(np.round, lambda g, out, x: 0 * g)
trunc = primitive(np.trunc, lambda g, out, x: 0 * g)


def _clamp(x, low, high):
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def below(x, bound, g):
    """g where x is not above the bound: None bounds nothing."""
    return g if bound is None else where(x > bound, 0.0, g)


def above(x, bound, g):
    return g if bound is None else where(x < bound, 0.0, g)


clamped = primitive(_clamp,                                        # 1 on the bounds
                    lambda g, out, x, low, high: above(x, low, below(x, high, g)),
                    lambda g, out, x, low, high: where(x < low, below(low, high, g), 0.0),
                    lambda g, out, x, low, high: where(x > high, g, 0.0) if low is None else
                    where(larger(x, low) > high, g, 0.0), name='clamp')


def clamp(input, min=None, max=None):
    """Bring every element between min and max, numbers or tensors; None bounds nothing."""
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None, or it "
                           'would do nothing. Give a bound.')
    return clamped(input, min, max)


def lerp(input, end, weight):
    """The point between input (weight 0) and end (weight 1)."""
    return input + weight * (end - input)


def _of_tensors(function, name):
    def checked(input, other):
        for x in (input, other):
            if not isinstance(x, TensorBase):
                raise TypeError(f'{name}() got a {type(x).__name__}, but takes two tensors: a '
                                'number has no elements. Use clamp, or torch.tensor().')
        return function(input, other)
    checked.__name__ = checked.__qualname__ = name
    checked.__doc__ = f'{name} of two tensors, element by element.'
    return checked


maximum = _of_tensors(larger, 'maximum')
minimum = _of_tensors(smaller, 'minimum')
logaddexp = _of_tensors(log_sum, 'logaddexp')


def pow(input, exponent):
    """input ** exponent; one of them may be a number."""
    if not isinstance(input, TensorBase) and not isinstance(exponent, TensorBase):
        raise TypeError(f'pow() got {input!r} and {exponent!r}: no tensor. Use ** for numbers.')
    return power(input, exponent)


# What is constant almost everywhere has no rule: its result never requires grad.

def _trunc_divide(x, y):
    return np.trunc(x / y).astype(np.result_type(x, y))


def _isclose(x, y, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether |x - y| is at most atol + rtol |y|."""
    return np.isclose(x, y, rtol, atol, equal_nan)


remainder = primitive(np.remainder,                                # refused in y, as in PyTorch
                      lambda g, out, x, y: g,
                      None)
floor_divide = primitive(np.floor_divide,
                         lambda g, out, x, y: 0 * g,
                         lambda g, out, x, y: 0 * g)
trunc_divide = primitive(_trunc_divide,
                         lambda g, out, x, y: 0 * g,
                         lambda g, out, x, y: 0 * g)
eq = primitive(np.equal)
ne = primitive(np.not_equal)
lt = primitive(np.less)
le = primitive(np.less_equal)
gt = primitive(np.greater)
ge = primitive(np.greater_equal)
isnan = primitive(np.isnan)
isinf = primitive(np.isinf)
isfinite = primitive(np.isfinite)
isclose = primitive(_isclose)
logical_and = primitive(np.logical_and)
logical_or = primitive(np.logical_or)
logical_xor = primitive(np.logical_xor)
logical_not = primitive(np.logical_not)
bitwise_and = primitive(np.bitwise_and)
bitwise_or = primitive(np.bitwise_or)
bitwise_xor = primitive(np.bitwise_xor)
bitwise_not = primitive(np.invert)
