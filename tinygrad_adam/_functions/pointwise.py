"""Functions of each element: arithmetic, comparisons, exp and log, rounding, bounds, logic.

Where there are two arguments, their shapes are broadcast against each other, and the result has the
dtype that both are promoted to. What is computed, and the derivatives, are in ops/pointwise.py. The
page of a function in PyTorch's manual is https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ..autograd import TensorBase
from ..ops import pointwise as table
from . import _pointwise_errors as errors
from ._arguments import not_a_tensor, tensor
from .indexing import nonzero_positions

if TYPE_CHECKING:
    from .._tensor import Tensor

OPERANDS = TensorBase, int, float, np.generic
BOOL = np.dtype(bool)


def operand(x: Any, function: str, argument: str = 'other') -> Any:
    """x, if it is a tensor or a number. Raises TypeError.

    x         what the user passed
    function  the name of the public function
    argument  the name of its argument
    """
    if not isinstance(x, OPERANDS):
        raise not_a_tensor(x, function, argument)
    return x


def is_bool(x: Any) -> bool:
    """Whether x is a bool, or a tensor or array of bools.

    x  anything
    """
    return x is True or x is False or getattr(getattr(x, '_array', x), 'dtype', None) is BOOL


# Arithmetic.

def add(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """input + alpha * other.

    input  a tensor or a number
    other  a tensor or a number
    alpha  a number
    """
    operand(input, 'add', 'input')
    operand(other, 'add')
    if alpha != 1:
        other = table.mul(other, bool(alpha) if is_bool(input) and is_bool(other) else alpha)
    return table.add(input, other)


def sub(input: Tensor | float, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """input - alpha * other.

    input  a tensor or a number, not of bools (RuntimeError)
    other  a tensor or a number, not of bools
    alpha  a number
    """
    operand(input, 'sub', 'input')
    operand(other, 'sub')
    if alpha != 1 and not is_bool(other):
        other = table.mul(other, alpha)
    return difference(input, other)


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
    return table.mul(operand(input, 'mul', 'input'), operand(other, 'mul'))


def div(input: Tensor | float, other: Tensor | float, *,
        rounding_mode: str | None = None) -> Tensor:
    """input / other; not an error where other is 0: inf, -inf or nan.

    input          a tensor or a number
    other          a tensor or a number
    rounding_mode  'floor' rounds the quotient down, 'trunc' towards 0; None does not round, and
                   makes float32 of integers
    """
    operand(input, 'div', 'input')
    operand(other, 'div')
    if rounding_mode is None:
        return table.div(input, other)
    if rounding_mode == 'floor':
        return table.floor_divide(input, other)
    if rounding_mode == 'trunc':
        return table.trunc_divide(input, other)
    raise errors.unknown_rounding_mode(rounding_mode)


def floor_divide(input: Tensor | float, other: Tensor | float) -> Tensor:
    """input / other, rounded down. The gradient is 0.

    input  a tensor or a number
    other  a tensor or a number
    """
    return table.floor_divide(operand(input, 'floor_divide', 'input'),
                              operand(other, 'floor_divide'))


def remainder(input: Tensor | float, other: Tensor | float) -> Tensor:
    """What is left of input after dividing by other and rounding down: it has other's sign.

    input  a tensor or a number
    other  a tensor or a number
    """
    return table.remainder(operand(input, 'remainder', 'input'), operand(other, 'remainder'))


def pow(input: Tensor | float, exponent: Tensor | float) -> Tensor:
    """input ** exponent.

    input     a tensor, or a number if exponent is a tensor
    exponent  a tensor or a number

    Raises TypeError for two numbers.
    """
    if not isinstance(input, TensorBase) and not isinstance(exponent, TensorBase):
        raise errors.pow_of_numbers(input, exponent)
    return table.pow(operand(input, 'pow', 'input'), operand(exponent, 'pow', 'exponent'))


def neg(input: Tensor) -> Tensor:
    """-input.

    input  a tensor of any shape, not of bools (RuntimeError)
    """
    return table.neg(tensor(input, 'neg'))


def abs(input: Tensor) -> Tensor:
    """The absolute value. The gradient at 0 is 0.

    input  a tensor of any shape
    """
    return table.abs(tensor(input, 'abs'))


def sign(input: Tensor) -> Tensor:
    """-1, 0 or 1 where input is negative, zero or positive. The gradient is 0.

    input  a tensor of any shape
    """
    return table.sign(tensor(input, 'sign'))


def square(input: Tensor) -> Tensor:
    """input * input; int64 for bools.

    input  a tensor of any shape
    """
    return table.square(tensor(input, 'square'))


def reciprocal(input: Tensor) -> Tensor:
    """1 / input.

    input  a tensor of any shape; integers give float32
    """
    return table.reciprocal(tensor(input, 'reciprocal'))


def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """Linear interpolation: input + weight * (end - input).

    input   a tensor: the result for weight 0
    end     a tensor: the result for weight 1
    weight  a tensor or a number
    """
    tensor(input, 'lerp')
    return table.lerp(input, tensor(end, 'lerp', 'end'), operand(weight, 'lerp', 'weight'))


# Exponentials and roots.

def exp(input: Tensor) -> Tensor:
    """e to the power of input.

    input  a tensor of any shape; integers give float32
    """
    return table.exp(tensor(input, 'exp'))


def expm1(input: Tensor) -> Tensor:
    """exp(input) - 1, exact for small input.

    input  a tensor of any shape; integers give float32
    """
    return table.expm1(tensor(input, 'expm1'))


def log(input: Tensor) -> Tensor:
    """The natural logarithm: -inf at 0, nan below.

    input  a tensor of any shape; integers give float32
    """
    return table.log(tensor(input, 'log'))


def log1p(input: Tensor) -> Tensor:
    """log(1 + input), exact for small input.

    input  a tensor of any shape; integers give float32
    """
    return table.log1p(tensor(input, 'log1p'))


def log2(input: Tensor) -> Tensor:
    """The logarithm to base 2.

    input  a tensor of any shape; integers give float32
    """
    return table.log2(tensor(input, 'log2'))


def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """log(exp(input) + exp(other)), without overflow.

    input  a floating-point tensor
    other  a floating-point tensor
    """
    return table.logaddexp(tensor(input, 'logaddexp'), tensor(other, 'logaddexp', 'other'))


def sqrt(input: Tensor) -> Tensor:
    """The square root: nan below 0. The gradient at 0 is inf.

    input  a tensor of any shape; integers give float32
    """
    return table.sqrt(tensor(input, 'sqrt'))


def rsqrt(input: Tensor) -> Tensor:
    """1 / sqrt(input).

    input  a tensor of any shape; integers give float32
    """
    return table.rsqrt(tensor(input, 'rsqrt'))


# Trigonometric and hyperbolic functions, sigmoid and relu.

def sin(input: Tensor) -> Tensor:
    """The sine.

    input  angles in radians, of any shape; integers give float32
    """
    return table.sin(tensor(input, 'sin'))


def cos(input: Tensor) -> Tensor:
    """The cosine.

    input  angles in radians, of any shape; integers give float32
    """
    return table.cos(tensor(input, 'cos'))


def tan(input: Tensor) -> Tensor:
    """The tangent.

    input  angles in radians, of any shape; integers give float32
    """
    return table.tan(tensor(input, 'tan'))


def atan(input: Tensor) -> Tensor:
    """The inverse tangent, in radians in [-pi/2, pi/2].

    input  a tensor of any shape; integers give float32
    """
    return table.atan(tensor(input, 'atan'))


def sinh(input: Tensor) -> Tensor:
    """The hyperbolic sine.

    input  a tensor of any shape; integers give float32
    """
    return table.sinh(tensor(input, 'sinh'))


def cosh(input: Tensor) -> Tensor:
    """The hyperbolic cosine.

    input  a tensor of any shape; integers give float32
    """
    return table.cosh(tensor(input, 'cosh'))


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent, in [-1, 1].

    input  a tensor of any shape; integers give float32
    """
    return table.tanh(tensor(input, 'tanh'))


def sigmoid(input: Tensor) -> Tensor:
    """The logistic function 1 / (1 + exp(-input)), in [0, 1].

    input  a tensor of any shape; integers give float32
    """
    return table.sigmoid(tensor(input, 'sigmoid'))


def relu(input: Tensor) -> Tensor:
    """max(input, 0). The gradient at 0 is 0.

    input  a tensor of any shape
    """
    return table.relu(tensor(input, 'relu'))


# Rounding. The gradient is 0.

def floor(input: Tensor) -> Tensor:
    """The largest integers that are not above input, in its dtype.

    input  a tensor of any shape
    """
    return table.floor(tensor(input, 'floor'))


def ceil(input: Tensor) -> Tensor:
    """The smallest integers that are not below input, in its dtype.

    input  a tensor of any shape
    """
    return table.ceil(tensor(input, 'ceil'))


def round(input: Tensor) -> Tensor:
    """The nearest integers, in input's dtype; halves go to the even neighbour.

    input  a tensor of any shape
    """
    return table.round(tensor(input, 'round'))


def trunc(input: Tensor) -> Tensor:
    """input without its fraction: rounded towards 0.

    input  a tensor of any shape
    """
    return table.trunc(tensor(input, 'trunc'))


# Bounds and choices.

def clamp(input: Tensor, min: Tensor | float | None = None,
          max: Tensor | float | None = None) -> Tensor:
    """input, but not below min and not above max. The gradient on a bound is 1.

    input  a tensor of any shape
    min    a tensor or a number; None is no lower bound
    max    a tensor or a number, which wins over min; None is no upper bound

    Raises RuntimeError without any bound.
    """
    if min is None and max is None:
        raise errors.clamp_without_bounds()
    if min is not None:
        operand(min, 'clamp', 'min')
    if max is not None:
        operand(max, 'clamp', 'max')
    return table.clamp(tensor(input, 'clamp'), min, max)


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
    """input where condition is True, other where it is False; where(condition) tells where it is.

    condition  a bool tensor (RuntimeError)
    input      a tensor or a number
    other      a tensor or a number

    Without input and other returns nonzero(condition, as_tuple=True), of a tensor of any dtype.
    """
    if input is None and other is None:
        return nonzero_positions(tensor(condition, 'where', 'condition'))
    if tensor(condition, 'where', 'condition')._array.dtype is not BOOL:
        raise errors.condition_is_not_bool(condition.dtype)
    return table.where(condition, operand(input, 'where', 'input'), operand(other, 'where'))


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
    other      a tensor
    rtol       the tolerance relative to other
    atol       the absolute tolerance
    equal_nan  whether nan is close to nan
    """
    return table.isclose(tensor(input, 'isclose'), tensor(other, 'isclose', 'other'), rtol, atol,
                         equal_nan)


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


def clone(input: Tensor) -> Tensor:
    """A copy with its own memory; gradients flow through it.

    input  a tensor of any shape
    """
    return table.clone(tensor(input, 'clone'))
