"""Functions of each element: arithmetic, comparisons, exp and log, rounding, bounds, logic.

Where there are two arguments, their shapes are broadcast against each other, and the result has the
dtype that both are promoted to. What is computed, and the derivatives, are in ops/pointwise.py. The
page of a function in PyTorch's manual is https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ..autograd import TensorBase
from ..autograd.promotion import BOOL, common_type, fitting, number
from ..ops import pointwise as table
from ..ops import sorting, special
from ..types import NUMBERS, default_dtype, memory_format, preserve_format
from . import _pointwise_errors as errors
from ._arguments import in_rows, operand, tensor, typed
from .indexing import nonzero_positions
from .shapes import contiguous

if TYPE_CHECKING:
    from .._tensor import Tensor


def operands(input: Any, other: Any, function: str) -> tuple[Any, Any]:
    """Both, as of `operand`; of two numbers the first becomes a tensor.

    input     what the user passed
    other     what the user passed
    function  the name of the public function
    """
    input, other = operand(input, function, 'input'), operand(other, function)
    if not isinstance(input, TensorBase) and not isinstance(other, TensorBase):
        input = TensorBase._kind._of(np.array(input, NUMBERS[type(input)]))
    return input, other


def is_bool(x: Any) -> bool:
    """Whether x is a bool, or a tensor or array of bools.

    x  anything
    """
    return x is True or x is False or (
        getattr(getattr(x, '_array', x), 'dtype', None) is BOOL and not isinstance(x, np.bool_))


def no_bools(input: Tensor, function: str) -> Tensor:
    """input, if it is a tensor, not of bools. Raises TypeError, NotImplementedError.

    input     what the user passed
    function  the name of the public function
    """
    if tensor(input, function)._array.dtype is BOOL:
        raise errors.not_for_bools(function)
    return input


# Arithmetic.

def add(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """input + alpha * other.

    input  a tensor or a number
    other  a tensor or a number
    alpha  a number
    """
    input, other = operands(input, other, 'add')
    return table.add(input, scaled(input, other, alpha))


def sub(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """input - alpha * other.

    input  a tensor or a number, not of bools (RuntimeError)
    other  a tensor or a number, not of bools
    alpha  a number
    """
    input, other = operands(input, other, 'sub')
    if is_bool(input) or is_bool(other):
        raise errors.subtraction_of_bools()
    return table.sub(input, scaled(input, other, alpha))


def scaled(input: Any, other: Any, alpha: Any) -> Any:
    """alpha * other, in the dtype in which it meets input.

    input  a tensor or a number
    other  a tensor or a number
    alpha  a number that this dtype holds (RuntimeError)
    """
    if type(alpha) is int and alpha == 1:
        return other
    dtype = meeting(input, other)
    alpha = alpha.item() if isinstance(alpha, TensorBase) else alpha
    if isinstance(alpha, bool) and dtype.kind != 'b':
        raise errors.alpha_is_bool(dtype)
    if isinstance(alpha, float) and dtype.kind != 'f':
        raise errors.alpha_has_fractions(dtype, alpha)
    alpha = fitting(alpha, dtype)
    if dtype.kind == 'b':
        return other & alpha
    return table.mul(table.cast(other, dtype), alpha) if isinstance(other, TensorBase) else (
        other * alpha)


def meeting(*operands: Any) -> np.dtype[Any]:
    """The dtype, of NumPy, in which an operation on tensors and numbers is computed.

    operands  tensors, arrays and numbers
    """
    return common_type([getattr(x, '_array', x) for x in operands])


def difference(input: Any, other: Any) -> Tensor:
    """The operator -: input - other. Raises RuntimeError for bools.

    input  a tensor, an array or a number
    other  a tensor, an array or a number
    """
    if is_bool(input) or is_bool(other):
        raise errors.subtraction_of_bools()
    return table.sub(input, other)


def mul(input: Tensor | float, other: Tensor | float) -> Tensor:
    """input * other.

    input  a tensor or a number
    other  a tensor or a number
    """
    return table.mul(*operands(input, other, 'mul'))


def div(input: Tensor | float, other: Tensor | float, *,
        rounding_mode: str | None = None) -> Tensor:
    """input / other; not an error where other is 0: inf, -inf or nan.

    input          a tensor or a number
    other          a tensor or a number
    rounding_mode  'floor' rounds the quotient down, 'trunc' towards 0; None does not round, and
                   makes the default dtype of integers
    """
    input, other = operands(input, other, 'div')
    if rounding_mode is None:
        return table.div(input, other)
    if rounding_mode == 'floor':
        return table.div_floor(input, other)
    if rounding_mode == 'trunc':
        return table.div_trunc(input, other)
    raise errors.unknown_rounding_mode(rounding_mode)


def floor_divide(input: Tensor | float, other: Tensor | float) -> Tensor:
    """input / other, rounded down. It has no derivative: backward() raises NotImplementedError.

    input  a tensor or a number
    other  a tensor or a number; div(rounding_mode='floor') has the derivative 0
    """
    return sorting.floor_divide(*operands(input, other, 'floor_divide'))


def remainder(input: Tensor | float, other: Tensor | float) -> Tensor:
    """The remainder of input / other, rounded down: it has the sign of other.

    input  a tensor, or a number; then there is no derivative, and backward() raises
    other  a tensor or a number
    """
    if not isinstance(input, TensorBase) and not isinstance(other, TensorBase):
        raise errors.two_numbers('remainder', input, other)
    input, other = operand(input, 'remainder', 'input'), operand(other, 'remainder')
    row = table.remainder if isinstance(input, TensorBase) else sorting.remainder_of_number
    return row(input, other)


def pow(input: Tensor | float, exponent: Tensor | float) -> Tensor:
    """input ** exponent.

    input     a tensor, or a number if exponent is a tensor
    exponent  a tensor or a number

    Raises TypeError for two numbers.
    """
    if not isinstance(input, TensorBase) and not isinstance(exponent, TensorBase):
        raise errors.two_numbers('pow', input, exponent)
    return power(operand(input, 'pow', 'input'), operand(exponent, 'pow', 'exponent'))


def power(input: Any, exponent: Any) -> Tensor:
    """The operator **: input ** exponent. Integers take no negative number (RuntimeError).

    input     a tensor, an array or a number
    exponent  a tensor, an array or a number
    """
    if isinstance(exponent, bool) and is_bool(input):
        return table.logical_or(input, not exponent)
    if isinstance(exponent, (int, np.integer)) and input._array.dtype.kind != 'f':
        if exponent < 0:
            raise errors.negative_power(exponent)
        exponent = fitting(number(exponent), meeting(input, number(exponent)))
    return table.pow(input, exponent)


def positive(input: Tensor) -> Tensor:
    """input itself, as the operator +.

    input  a tensor of any shape, not of bools (RuntimeError)
    """
    return +tensor(input, 'positive')


def neg(input: Tensor) -> Tensor:
    """-input.

    input  a tensor of any shape, not of bools (RuntimeError)
    """
    if tensor(input, 'neg')._array.dtype is BOOL:
        raise errors.negation_of_bools()
    return table.neg(input)


def inverse(input: Tensor) -> Tensor:
    """The operator ~: not for bools, and each bit turned for integers.

    input  a tensor of bools or integers (TypeError)
    """
    if input._array.dtype.kind == 'f':
        raise errors.inversion_of_floats(input.dtype)
    return table.bitwise_not(input)


def abs(input: Tensor) -> Tensor:
    """The absolute value. The gradient at 0 is 0.

    input  a tensor of any shape
    """
    return table.abs(no_bools(input, 'abs'))


def sign(input: Tensor) -> Tensor:
    """-1, 0 or 1 where input is negative, zero or positive. The gradient is 0.

    input  a tensor of any shape
    """
    return table.clone(input) if is_bool(tensor(input, 'sign')) else table.sign(input)


def square(input: Tensor) -> Tensor:
    """input * input; int64 for bools.

    input  a tensor of any shape
    """
    return table.square(tensor(input, 'square'))


def reciprocal(input: Tensor) -> Tensor:
    """1 / input.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.reciprocal(tensor(input, 'reciprocal'))


def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """Linear interpolation: input + weight * (end - input).

    input   a tensor: the result for weight 0
    end     a tensor of the same dtype (RuntimeError): the result for weight 1
    weight  a tensor of the same dtype or a number

    Integers raise NotImplementedError, unless weight is a floating-point tensor without dimensions.
    """
    ends = [tensor(input, 'lerp'), tensor(end, 'lerp', 'end')]
    if isinstance(operand(weight, 'lerp', 'weight'), TensorBase) and weight._array.ndim:
        ends.append(weight)
    if len({x._array.dtype for x in ends}) > 1:
        raise errors.dtypes_of_lerp([x.dtype for x in ends])
    if input._array.dtype.kind != 'f':
        if not isinstance(weight, TensorBase) or weight._array.dtype.kind != 'f':
            raise errors.not_floating_point('lerp', input)
        input, end = [table.cast(x, weight._array.dtype) for x in (input, end)]
    return table.lerp(input, end, weight)


# Exponentials and roots.

def exp(input: Tensor) -> Tensor:
    """e to the power of input.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.exp(tensor(input, 'exp'))


def expm1(input: Tensor) -> Tensor:
    """exp(input) - 1, exact for small input.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.expm1(tensor(input, 'expm1'))


def log(input: Tensor) -> Tensor:
    """The natural logarithm: -inf at 0, nan below.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.log(tensor(input, 'log'))


def log1p(input: Tensor) -> Tensor:
    """log(1 + input), exact for small input.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.log1p(tensor(input, 'log1p'))


def log2(input: Tensor) -> Tensor:
    """The logarithm to base 2.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.log2(tensor(input, 'log2'))


def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """log(exp(input) + exp(other)), without overflow.

    input  a floating-point tensor
    other  a floating-point tensor; one of both may have integers
    """
    if meeting(tensor(input, 'logaddexp'), tensor(other, 'logaddexp', 'other')).kind != 'f':
        raise errors.not_floating_point('logaddexp', input)
    return table.logaddexp(input, other)


def sqrt(input: Tensor) -> Tensor:
    """The square root: nan below 0. The gradient at 0 is inf.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.sqrt(tensor(input, 'sqrt'))


def rsqrt(input: Tensor) -> Tensor:
    """1 / sqrt(input).

    input  a tensor of any shape; integers give the default dtype
    """
    return table.rsqrt(tensor(input, 'rsqrt'))


# Trigonometric and hyperbolic functions, sigmoid and relu.

def sin(input: Tensor) -> Tensor:
    """The sine.

    input  angles in radians, of any shape; integers give the default dtype
    """
    return table.sin(tensor(input, 'sin'))


def cos(input: Tensor) -> Tensor:
    """The cosine.

    input  angles in radians, of any shape; integers give the default dtype
    """
    return table.cos(tensor(input, 'cos'))


def tan(input: Tensor) -> Tensor:
    """The tangent.

    input  angles in radians, of any shape; integers give the default dtype
    """
    return table.tan(tensor(input, 'tan'))


def atan(input: Tensor) -> Tensor:
    """The inverse tangent, in radians in [-pi/2, pi/2].

    input  a tensor of any shape; integers give the default dtype
    """
    return table.atan(tensor(input, 'atan'))


def sinh(input: Tensor) -> Tensor:
    """The hyperbolic sine.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.sinh(tensor(input, 'sinh'))


def cosh(input: Tensor) -> Tensor:
    """The hyperbolic cosine.

    input  a tensor of any shape; integers give the default dtype
    """
    return table.cosh(tensor(input, 'cosh'))


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, in [-1, 1].

    input  a tensor of any shape; integers give the default dtype
    """
    return table.tanh(tensor(input, 'tanh'))


def sigmoid(input: Tensor) -> Tensor:
    """The logistic function 1 / (1 + exp(-input)), in [0, 1].

    input  a tensor of any shape; integers give the default dtype
    """
    return table.sigmoid(input.to(default_dtype()) if is_bool(tensor(input, 'sigmoid')) else input)


def relu(input: Tensor) -> Tensor:
    """max(input, 0). The gradient at 0 is 0.

    input  a tensor of any shape
    """
    if is_bool(tensor(input, 'relu')):
        raise errors.relu_of_bools()
    return table.relu(input)


# Rounding. The gradient is 0.

def floor(input: Tensor) -> Tensor:
    """The largest integers that are not above input, in its dtype.

    input  a tensor of any shape
    """
    return table.floor(no_bools(input, 'floor'))


def ceil(input: Tensor) -> Tensor:
    """The smallest integers that are not below input, in its dtype.

    input  a tensor of any shape
    """
    return table.ceil(no_bools(input, 'ceil'))


@typed
def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest integers, in input's dtype; halves go to the even neighbour.

    input     a tensor of any shape
    decimals  how many digits after the point are kept; -1 rounds to tens. Other than 0:
              NotImplementedError for integers
    """
    x = no_bools(input, 'round')
    if not decimals:
        return table.round(x)
    if x._array.dtype.kind != 'f':
        raise errors.not_floating_point('round', x)
    return special.round_to(x, decimals)


def trunc(input: Tensor) -> Tensor:
    """input without its fractional part: rounded towards 0.

    input  a tensor of any shape
    """
    return table.trunc(no_bools(input, 'trunc'))


# Bounds and choices.

def clamp(input: Tensor, min: Tensor | float | None = None,
          max: Tensor | float | None = None) -> Tensor:
    """input, but not below min and not above max. The gradient on a bound is 1.

    input  a tensor of any shape
    min    a tensor or a number; None is no lower bound
    max    a tensor or a number, which wins over min; None is no upper bound

    Raises RuntimeError without any bound, and for a number that the dtype of the result does not
    hold; TypeError for a number and a tensor with dimensions.
    """
    if min is None and max is None:
        raise errors.clamp_without_bounds()
    tensor(input, 'clamp')
    low, high = [x if x is None else operand(x, 'clamp', name)
                 for x, name in ((min, 'min'), (max, 'max'))]
    if isinstance(low, (int, float)) or isinstance(high, (int, float)):
        low, high = number_of_bound(low), number_of_bound(high)
        dtype = meeting(input, low, high)
        if dtype is BOOL:
            raise errors.not_for_bools('clamp')
        low, high = [x if x is None else dtype.type(fitting(x, dtype)).item() for x in (low, high)]
    return table.clamp(input, low, high)


def number_of_bound(bound: Any) -> Any:
    """A bound beside a number: None, or a number too. Raises TypeError.

    bound  None, a number, or a tensor without dimensions
    """
    if not isinstance(bound, TensorBase):
        return bound
    if bound._array.ndim:
        raise errors.mixed_bounds()
    return bound._array.item()


def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of two elements. Where they are equal, each gets half of the gradient.

    input  a tensor
    other  a tensor; for a number use clamp
    """
    return table.maximum(tensor(input, 'maximum'), tensor(other, 'maximum', 'other'))


def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of two elements. Where they are equal, each gets half of the gradient.

    input  a tensor
    other  a tensor; for a number use clamp
    """
    return table.minimum(tensor(input, 'minimum'), tensor(other, 'minimum', 'other'))


@overload
def where(condition: Tensor) -> tuple[Tensor, ...]: ...


@overload
def where(condition: Tensor, input: Tensor | float, other: Tensor | float) -> Tensor: ...


def where(condition: Tensor, input: Tensor | float | None = None,
          other: Tensor | float | None = None) -> Tensor | tuple[Tensor, ...]:
    """input where condition is True, other where it is False; where(condition) returns its indices.

    condition  a bool tensor (RuntimeError); uint8 is taken too, with a warning
    input      a tensor or a number
    other      a tensor or a number

    Without input and other returns nonzero(condition, as_tuple=True), of a tensor of any dtype.
    Raises RuntimeError for a number that the dtype of the result does not hold.
    """
    if input is None and other is None:
        return nonzero_positions(tensor(condition, 'where', 'condition'))
    dtype = tensor(condition, 'where', 'condition')._array.dtype
    if dtype is not BOOL:
        if dtype != np.uint8:
            raise errors.condition_is_not_bool(condition.dtype)
        errors.warn_of_uint8_condition()
        condition = table.ne(condition, 0)
    input, other = operand(input, 'where', 'input'), operand(other, 'where')
    if not isinstance(input, TensorBase):
        input = fitting(input, meeting(input, other))
    if not isinstance(other, TensorBase):
        other = fitting(other, meeting(input, other))
    return table.where(condition, input, other)


# Comparisons and logic, which give bools and have no gradient.

def eq(input: Tensor, other: Tensor | float) -> Tensor:
    """input == other, as a bool tensor.

    input  a tensor
    other  a tensor or a number
    """
    return table.eq(tensor(input, 'eq'), operand(other, 'eq'))


def ne(input: Tensor, other: Tensor | float) -> Tensor:
    """input != other, as a bool tensor.

    input  a tensor
    other  a tensor or a number
    """
    return table.ne(tensor(input, 'ne'), operand(other, 'ne'))


def lt(input: Tensor, other: Tensor | float) -> Tensor:
    """input < other, as a bool tensor.

    input  a tensor
    other  a tensor or a number
    """
    return table.lt(tensor(input, 'lt'), operand(other, 'lt'))


def le(input: Tensor, other: Tensor | float) -> Tensor:
    """input <= other, as a bool tensor.

    input  a tensor
    other  a tensor or a number
    """
    return table.le(tensor(input, 'le'), operand(other, 'le'))


def gt(input: Tensor, other: Tensor | float) -> Tensor:
    """input > other, as a bool tensor.

    input  a tensor
    other  a tensor or a number
    """
    return table.gt(tensor(input, 'gt'), operand(other, 'gt'))


def ge(input: Tensor, other: Tensor | float) -> Tensor:
    """input >= other, as a bool tensor.

    input  a tensor
    other  a tensor or a number
    """
    return table.ge(tensor(input, 'ge'), operand(other, 'ge'))


def isclose(input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8,
            equal_nan: bool = False) -> Tensor:
    """Whether |input - other| <= atol + rtol * |other|, as a bool tensor.

    input      a tensor
    other      a tensor of the same dtype (RuntimeError)
    rtol       the tolerance relative to other
    atol       the absolute tolerance
    equal_nan  whether nan is close to nan
    """
    if tensor(input, 'isclose').dtype != tensor(other, 'isclose', 'other').dtype:
        raise errors.dtypes_differ(input.dtype, other.dtype)
    if rtol == atol == 0:       # isclose compares in float64, which does not hold all integers
        return table.eq(input, other) | (isnan(input) & isnan(other) & equal_nan)
    return table.isclose(input, other, rtol, atol, equal_nan)


def isnan(input: Tensor) -> Tensor:
    """Whether each element is nan, as a bool tensor.

    input  a tensor of any shape
    """
    return table.isnan(tensor(input, 'isnan'))


def isinf(input: Tensor) -> Tensor:
    """Whether each element is inf or -inf, as a bool tensor.

    input  a tensor of any shape
    """
    return table.isinf(tensor(input, 'isinf'))


def isfinite(input: Tensor) -> Tensor:
    """Whether each element is neither infinite nor nan, as a bool tensor.

    input  a tensor of any shape
    """
    return table.isfinite(tensor(input, 'isfinite'))


def logical_and(input: Tensor, other: Tensor) -> Tensor:
    """Whether both elements are true (not 0), as a bool tensor.

    input  a tensor
    other  a tensor
    """
    return table.logical_and(tensor(input, 'logical_and'), tensor(other, 'logical_and', 'other'))


def logical_or(input: Tensor, other: Tensor) -> Tensor:
    """Whether at least one of both elements is true (not 0), as a bool tensor.

    input  a tensor
    other  a tensor
    """
    return table.logical_or(tensor(input, 'logical_or'), tensor(other, 'logical_or', 'other'))


def logical_xor(input: Tensor, other: Tensor) -> Tensor:
    """Whether exactly one of both elements is true (not 0), as a bool tensor.

    input  a tensor
    other  a tensor
    """
    return table.logical_xor(tensor(input, 'logical_xor'), tensor(other, 'logical_xor', 'other'))


def logical_not(input: Tensor) -> Tensor:
    """Whether each element is false (0), as a bool tensor.

    input  a tensor of any shape
    """
    return table.logical_not(tensor(input, 'logical_not'))


def clone(input: Tensor, *, memory_format: memory_format = preserve_format) -> Tensor:
    """A copy with its own memory; gradients flow through it.

    input          a tensor of any shape
    memory_format  torch.preserve_format keeps the order of its elements in memory,
                   torch.contiguous_format makes it contiguous; channels_last raises
                   NotImplementedError
    """
    copy = table.clone(tensor(input, 'clone'))
    return contiguous(copy) if in_rows(memory_format, 'clone') else copy
