"""What pointwise.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

import warnings
from typing import Any


def subtraction_of_bools() -> RuntimeError:
    return RuntimeError(
        'Subtraction, the `-` operator, with a bool tensor is not supported: True - True would be '
        'no bool. Use ^ or logical_xor, or long() first.')


def unknown_rounding_mode(mode: Any) -> RuntimeError:
    return RuntimeError(
        f"div expected rounding_mode to be None, 'trunc' or 'floor' but found {mode!r}: there is "
        'no other. Use one of these.')


def two_numbers(function: str, input: Any, other: Any) -> TypeError:
    return TypeError(
        f'{function}() got {input!r:.40} and {other!r:.40}: neither is a tensor. Use the operator '
        'for numbers, and torch.tensor() to convert lists and arrays.')


def clamp_without_bounds() -> RuntimeError:
    return RuntimeError(
        "torch.clamp: At least one of 'min' or 'max' must not be None, or it would do nothing. "
        'Give a bound.')


def condition_is_not_bool(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'where expected condition to be a bool tensor, but got {dtype}: a number is neither true '
        'nor false. Write condition != 0.')


def source_does_not_broadcast(tensor: Any, src: Any) -> RuntimeError:
    return RuntimeError(
        f"output with shape {list(tensor.shape)} doesn't match the broadcast shape "
        f'{list(src.shape)}: memory cannot grow in place. Drop dimensions with reshape or squeeze.')


def fill_with_many(value: Any) -> RuntimeError:
    return RuntimeError(
        'fill_ only supports 0-dimension value tensor but got tensor with '
        f'{value.ndim} dimensions: one value fills all elements. Use copy_() to broadcast.')


def alpha_is_bool(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'Boolean alpha only supported for Boolean results, and this one is {dtype}: True is no '
        'factor. Write 1 or 0.')


def alpha_has_fractions(dtype: Any, alpha: float) -> RuntimeError:
    return RuntimeError(
        'For integral input tensors, argument alpha must not be a floating point number, as '
        f'{alpha} is for {dtype}: the product would lose its fractions. Use float() first.')


def negative_power(exponent: int) -> RuntimeError:
    return RuntimeError(
        f'Integers to negative integer powers are not allowed: ** {exponent} would give fractions. '
        f'Write {exponent}.0 as the exponent, or use float() first.')


def negation_of_bools() -> RuntimeError:
    return RuntimeError(
        'Negation, the `-` operator, on a bool tensor is not supported: -True would be no bool. '
        'Use ~ or logical_not().')


def not_for_bools(function: str) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for bool: True and False are no numbers. Use int() first.')


def relu_of_bools() -> RuntimeError:
    return RuntimeError(
        'Boolean inputs not supported for relu: none of them is negative. Leave it out.')


def inversion_of_floats(dtype: Any) -> TypeError:
    return TypeError(
        '~ (operator.invert) is only implemented on integer and Boolean-type tensors, not on '
        f'{dtype}, whose bits mean nothing by themselves. Compare first: ~(x > 0).')


def not_floating_point(function: str, input: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {input.dtype}: the result would lose its fractions. Use '
        'float() first.')


def dtypes_of_lerp(dtypes: Any) -> RuntimeError:
    return RuntimeError(
        'lerp: expected the same dtype for `input`, `end` and `weight`, but got '
        f'{", ".join(map(str, dtypes))}: one has to be chosen. Convert the others with to().')


def dtypes_differ(dtype: Any, other: Any) -> RuntimeError:
    return RuntimeError(
        f'{dtype} did not match {other}: what is close depends on the dtype. Use to() for one.')


def mixed_bounds() -> TypeError:
    return TypeError(
        'clamp() received an invalid combination of arguments: min and max are a number and a '
        'tensor with dimensions. Give two numbers or two tensors.')


def warn_of_uint8_condition() -> None:
    warnings.warn(
        'where received a uint8 condition tensor. This behavior is deprecated, since numbers are '
        'neither true nor false. Use a boolean condition: condition.bool().', stacklevel=3)


def bits_of_floats(function: str, dtype: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {dtype}: the bits of a fraction mean nothing by '
        'themselves. Compare first, or use long().')


def length_of_integers(dtype: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"hypot" not implemented for {dtype}: a length has fractions. Use float() first.')


def dtypes_of_heaviside(dtype: Any, other: Any) -> RuntimeError:
    return RuntimeError(
        f'heaviside is not yet implemented for tensors with different dtypes, {dtype} and {other}: '
        'the result could have either. Convert values with to(input.dtype).')


def not_whole(function: str, dtype: Any) -> NotImplementedError:
    return NotImplementedError(
        f'"{function}" not implemented for {dtype}: only whole numbers have divisors and '
        'multiples. Use long().')


def negative_order(n: int) -> RuntimeError:
    return RuntimeError(
        f'polygamma(n, x) does not support negative n, as {n} is: digamma is differentiated n '
        'times. Give 0 or more.')


def quotient_of_integers() -> RuntimeError:
    return RuntimeError(
        'Integer division with addcdiv is no longer supported: it would lose fractions. Use '
        'float() first, or add div(..., rounding_mode="trunc").')


def power_is_double(x: Any) -> RuntimeError:
    return RuntimeError(
        f'the base given to float_power_ has dtype {x.dtype} but the operation\'s result requires '
        'dtype torch.float64: the memory holds no more digits. Use pow_(), or double() first.')


def apply_in_graph() -> RuntimeError:
    return RuntimeError(
        "Can't call apply_() on Variable that requires grad: a function of numbers has no rule for "
        'its derivative. Use var.detach().apply_() instead.')


def applied_to_no_number(value: Any) -> TypeError:
    return TypeError(
        f'apply_(): must be real number, not {type(value).__name__}: the memory holds nothing '
        'else. Let the function return one.')


def bools_do_not_add_up(function: str) -> NotImplementedError:
    return NotImplementedError(
        f'{function}_() is not implemented for bool: the results are int64, which this memory does '
        f'not hold. Use {function}().')
