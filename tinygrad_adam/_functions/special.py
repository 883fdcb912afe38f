"""Further functions of each element: inverse functions, erf, remainders, bounds.

What is computed, and the derivatives, are in ops/special.py. The page of a function in PyTorch's
manual is https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Callable

from ..autograd import TensorBase
from ..ops import pointwise as rows
from ..ops import special as table
from ..types import default_dtype, float32, float64
from . import _pointwise_errors as errors
from ._arguments import operand, tensor, typed
from .pointwise import clamp, is_bool, meeting, no_bools, pow

if TYPE_CHECKING:
    from .._tensor import Tensor


def fractions(input: Tensor, function: str) -> Tensor:
    """input, in the default dtype if it has integers or bools. Raises TypeError if it is no tensor.

    input     what the user passed
    function  the name of the public function
    """
    x = tensor(input, function)
    return x if x._array.dtype.kind == 'f' else x.to(default_dtype())


# Exponentials and logarithms.

def float_power(input: Tensor | float, exponent: Tensor | float) -> Tensor:
    """input ** exponent, computed in float64 whatever the dtypes.

    input     a tensor, or a number if exponent is a tensor
    exponent  a tensor or a number

    Raises TypeError for two numbers.
    """
    if not isinstance(input, TensorBase) and not isinstance(exponent, TensorBase):
        raise errors.two_numbers('float_power', input, exponent)
    given = operand(input, 'float_power', 'input'), operand(exponent, 'float_power', 'exponent')
    return pow(*[float(x) if isinstance(x, (int, float)) else x.double() for x in given])


def log10(input: Tensor) -> Tensor:
    """The logarithm to base 10: -inf at 0, nan below.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.log10(tensor(input, 'log10'))


def exp2(input: Tensor) -> Tensor:
    """2 to the power of input.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.exp2(tensor(input, 'exp2'))


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """log(input / (1 - input)), the inverse of sigmoid.

    input  probabilities, of any shape; integers give the default dtype
    eps    what input is kept from 0 and 1; None: nothing, and 0 gives -inf, outside [0, 1] nan
    """
    x = fractions(input, 'logit')
    return table.logit(x if eps is None else clamp(x, eps, 1 - eps))


def xlogy(input: Tensor | float, other: Tensor | float) -> Tensor:
    """input * log(other), and 0 where input is 0, unless other is nan: an entropy's summand.

    input  a tensor, or a number if other is a tensor
    other  a tensor or a number

    Integers give the default dtype. Raises TypeError for two numbers.
    """
    if not isinstance(input, TensorBase) and not isinstance(other, TensorBase):
        raise errors.two_numbers('xlogy', input, other)
    given = operand(input, 'xlogy', 'input'), operand(other, 'xlogy')
    if meeting(*given).kind != 'f':
        given = tuple(x.to(default_dtype()) if isinstance(x, TensorBase) else x for x in given)
    return table.xlogy(*given)


def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """log2(2**input + 2**other), without overflow.

    input  a floating-point tensor
    other  a floating-point tensor; one of both may have integers
    """
    if meeting(tensor(input, 'logaddexp2'), tensor(other, 'logaddexp2', 'other')).kind != 'f':
        raise errors.not_floating_point('logaddexp2', input)
    return table.logaddexp2(input, other)


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """input * 2**other.

    input  a tensor
    other  a tensor of exponents; two of integers give the default dtype
    """
    return rows.mul(tensor(input, 'ldexp'), pow(2.0, tensor(other, 'ldexp', 'other')))


def sinc(input: Tensor) -> Tensor:
    """sin(pi * input) / (pi * input), and 1 at 0.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.sinc(fractions(input, 'sinc'))


# Inverse trigonometric and hyperbolic functions, angles.

def asin(input: Tensor) -> Tensor:
    """The inverse sine, in radians in [-pi/2, pi/2]; nan outside [-1, 1].

    input  a tensor of any shape; integers give the default dtype
    """
    return table.asin(tensor(input, 'asin'))


def acos(input: Tensor) -> Tensor:
    """The inverse cosine, in radians in [0, pi]; nan outside [-1, 1].

    input  a tensor of any shape; integers give the default dtype
    """
    return table.acos(tensor(input, 'acos'))


def asinh(input: Tensor) -> Tensor:
    """The inverse hyperbolic sine.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.asinh(tensor(input, 'asinh'))


def acosh(input: Tensor) -> Tensor:
    """The inverse hyperbolic cosine; nan below 1.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.acosh(tensor(input, 'acosh'))


def atanh(input: Tensor) -> Tensor:
    """The inverse hyperbolic tangent; nan outside [-1, 1].

    input  a tensor of any shape; integers give the default dtype
    """
    return table.atanh(tensor(input, 'atanh'))


def atan2(input: Tensor, other: Tensor) -> Tensor:
    """The angle of the points (other, input), in radians in [-pi, pi].

    input  the y of each point
    other  its x
    """
    return table.atan2(tensor(input, 'atan2'), tensor(other, 'atan2', 'other'))


def hypot(input: Tensor, other: Tensor) -> Tensor:
    """The length of the vectors (input, other), without overflow on the way.

    input  a tensor
    other  a tensor; not both of integers (NotImplementedError)
    """
    if meeting(tensor(input, 'hypot'), tensor(other, 'hypot', 'other')).kind != 'f':
        raise errors.length_of_integers(input.dtype)
    return table.hypot(input, other)


def deg2rad(input: Tensor) -> Tensor:
    """Angles in radians.

    input  angles in degrees, of any shape; integers give the default dtype
    """
    return rows.mul(no_bools(input, 'deg2rad'), math.pi / 180)


def rad2deg(input: Tensor) -> Tensor:
    """Angles in degrees.

    input  angles in radians, of any shape; integers give the default dtype
    """
    return rows.mul(no_bools(input, 'rad2deg'), 180 / math.pi)


# The error function.

def erf(input: Tensor) -> Tensor:
    """The error function: the probability that a normal variable with variance 1/2 is in
    [-input, input], negative for negative input.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.erf(fractions(input, 'erf'))


def erfc(input: Tensor) -> Tensor:
    """1 - erf(input), exact also where it is small.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.erfc(fractions(input, 'erfc'))


def erfinv(input: Tensor) -> Tensor:
    """The inverse of erf: inf at 1, -inf at -1, nan outside.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.erfinv(fractions(input, 'erfinv'))


# The gamma function.

def lgamma(input: Tensor) -> Tensor:
    """The logarithm of the absolute value of the gamma function; inf at 0, -1, -2 and so on.

    lgamma(n + 1) is the logarithm of n factorial.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.lgamma(fractions(input, 'lgamma'))


def digamma(input: Tensor) -> Tensor:
    """The derivative of lgamma; nan at -1, -2 and so on.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.digamma(fractions(input, 'digamma'))


@typed
def polygamma(n: int, input: Tensor) -> Tensor:
    """The n-th derivative of digamma, which is polygamma(0, input).

    n      the order, an int; RuntimeError if it is negative
    input  a tensor of any shape; integers give the default dtype
    """
    if n < 0:
        raise errors.negative_order(n)
    return table.polygamma(n, fractions(input, 'polygamma'))


# Remainders and bounds.

def fmod(input: Tensor, other: Tensor | float) -> Tensor:
    """The remainder of input / other, rounded towards 0: it has the sign of input.

    input  a tensor
    other  a tensor or a number; 0 gives nan, and RuntimeError for integers
    """
    return table.fmod(tensor(input, 'fmod'), operand(other, 'fmod'))


def frac(input: Tensor) -> Tensor:
    """The fractional part, with the sign of input.

    input  a floating-point tensor of any shape
    """
    if tensor(input, 'frac')._array.dtype.kind != 'f':
        raise errors.not_floating_point('frac', input)
    return table.frac(input)


def nan_to_num(input: Tensor, nan: float | None = None, posinf: float | None = None,
               neginf: float | None = None) -> Tensor:
    """input with numbers in place of nan and the infinities. The gradient is 0 there.

    input   a tensor of any shape; integers and bools are copied
    nan     what stands for nan; None is 0
    posinf  what stands for inf; None is the largest number of the dtype
    neginf  what stands for -inf; None is the lowest
    """
    if tensor(input, 'nan_to_num')._array.dtype.kind != 'f':
        return rows.clone(input)
    return table.nan_to_num(input, 0.0 if nan is None else nan, posinf, neginf)


def fmax(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two elements, or the one that is not nan. Of equal ones the first is taken.

    input  a tensor
    other  a tensor
    """
    return table.fmax(tensor(input, 'fmax'), tensor(other, 'fmax', 'other'))


def fmin(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two elements, or the one that is not nan. Of equal ones the first is taken.

    input  a tensor
    other  a tensor
    """
    return table.fmin(tensor(input, 'fmin'), tensor(other, 'fmin', 'other'))


def clamp_min(input: Tensor, min: Tensor | float) -> Tensor:
    """input, but not below min.

    input  a tensor of any shape
    min    a tensor or a number
    """
    return clamp(input, min)


def clamp_max(input: Tensor, max: Tensor | float) -> Tensor:
    """input, but not above max.

    input  a tensor of any shape
    max    a tensor or a number
    """
    return clamp(input, None, max)


# Products and quotients, added.

def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value * tensor1 * tensor2.

    input    a tensor
    tensor1  a tensor
    tensor2  a tensor
    value    a number
    """
    factors = [tensor(x, 'addcmul', f'tensor{i}') for i, x in enumerate((tensor1, tensor2), 1)]
    dtype = meeting(tensor(input, 'addcmul'), *factors)
    value = value if dtype.kind == 'f' else int(value)
    return rows.add(input, rows.mul(rows.mul(rows.cast(factors[0], dtype), value), factors[1]))


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """input + value * tensor1 / tensor2: a step of Adam.

    input    a tensor
    tensor1  a tensor
    tensor2  a tensor; not both of integers (RuntimeError)
    value    a number
    """
    parts = [tensor(x, 'addcdiv', f'tensor{i}') for i, x in enumerate((tensor1, tensor2), 1)]
    if meeting(*parts).kind != 'f':
        raise errors.quotient_of_integers()
    return rows.add(tensor(input, 'addcdiv'), rows.div(rows.mul(parts[0], value), parts[1]))


# Signs and steps.

def sgn(input: Tensor) -> Tensor:
    """-1, 0 or 1, the sign: sign(input), as there are no complex numbers. The gradient is 0.

    input  a tensor of any shape
    """
    return rows.clone(input) if is_bool(tensor(input, 'sgn')) else table.sgn(input)


def copysign(input: Tensor, other: Tensor | float) -> Tensor:
    """The absolute value of input with the sign of other, which -0.0 has too.

    input  a tensor; integers give the default dtype
    other  a tensor or a number
    """
    return table.copysign(tensor(input, 'copysign'), operand(other, 'copysign'))


def signbit(input: Tensor) -> Tensor:
    """Whether each element has the sign -, which -0.0 has too, as a bool tensor.

    input  a tensor of any shape
    """
    return table.signbit(tensor(input, 'signbit'))


def isposinf(input: Tensor) -> Tensor:
    """Whether each element is inf, as a bool tensor.

    input  a tensor of any shape
    """
    return table.isposinf(tensor(input, 'isposinf'))


def isneginf(input: Tensor) -> Tensor:
    """Whether each element is -inf, as a bool tensor.

    input  a tensor of any shape
    """
    return table.isneginf(tensor(input, 'isneginf'))


def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """0 where input is negative, 1 where it is positive, `values` where it is 0. PyTorch has no
    derivative of it.

    input   a tensor of any shape
    values  a tensor of the same dtype (RuntimeError) that broadcasts with it
    """
    if tensor(input, 'heaviside').dtype != tensor(values, 'heaviside', 'values').dtype:
        raise errors.dtypes_of_heaviside(input.dtype, values.dtype)
    return table.heaviside(input, values)


# Divisors and multiples.

def whole_numbers(row: Callable[..., Tensor], function: str, input: Tensor,
                  other: Tensor) -> Tensor:
    """What gcd and lcm share. Raises NotImplementedError for bools and floats.

    row       a row of ops/special.py
    function  the name of the public function, whose arguments are input, other
    """
    dtype = meeting(tensor(input, function), tensor(other, function, 'other'))
    if dtype.kind not in 'iu':
        raise errors.not_whole(function, dtype)
    return row(input, other)


def gcd(input: Tensor, other: Tensor) -> Tensor:
    """The greatest common divisor; that of 0 and 0 is 0.

    input  a tensor of integers
    other  a tensor of integers
    """
    return whole_numbers(table.gcd, 'gcd', input, other)


def lcm(input: Tensor, other: Tensor) -> Tensor:
    """The least common multiple; 0 if one of both is 0.

    input  a tensor of integers
    other  a tensor of integers
    """
    return whole_numbers(table.lcm, 'lcm', input, other)


# Bits, and what is not finite.

def bitwise_not(input: Tensor) -> Tensor:
    """Each bit turned; for bools, not.

    input  a tensor of bools or integers
    """
    if tensor(input, 'bitwise_not')._array.dtype.kind == 'f':
        raise errors.bits_of_floats('bitwise_not', input.dtype)
    return rows.bitwise_not(input)


def bits(row: Callable[..., Tensor], function: str, input: Any, other: Any) -> Tensor:
    """What bitwise_and, bitwise_or and bitwise_xor share. Raises TypeError for two numbers.

    row       a row of ops/pointwise.py
    function  the name of the public function, whose arguments are input, other
    """
    if not isinstance(input, TensorBase) and not isinstance(other, TensorBase):
        raise errors.two_numbers(function, input, other)
    given = operand(input, function, 'input'), operand(other, function)
    for x in given:
        if isinstance(x, float) or getattr(x, 'dtype', None) in (float32, float64):
            raise errors.bits_of_floats(function, getattr(x, 'dtype', 'float'))
    return row(*given)


def bitwise_and(input: Tensor | int, other: Tensor | int) -> Tensor:
    """The bits that both have, as the operator &.

    input  a tensor of bools or integers, or a number
    other  a tensor of bools or integers, or a number
    """
    return bits(rows.bitwise_and, 'bitwise_and', input, other)


def bitwise_or(input: Tensor | int, other: Tensor | int) -> Tensor:
    """The bits that one of both has, as the operator |.

    input  a tensor of bools or integers, or a number
    other  a tensor of bools or integers, or a number
    """
    return bits(rows.bitwise_or, 'bitwise_or', input, other)


def bitwise_xor(input: Tensor | int, other: Tensor | int) -> Tensor:
    """The bits that exactly one of both has, as the operator ^.

    input  a tensor of bools or integers, or a number
    other  a tensor of bools or integers, or a number
    """
    return bits(rows.bitwise_xor, 'bitwise_xor', input, other)
