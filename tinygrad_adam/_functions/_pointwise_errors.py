"""What pointwise.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

from typing import Any


def subtraction_of_bools() -> RuntimeError:
    return RuntimeError(
        'Subtraction, the `-` operator, with a bool tensor is not supported: True - True would be '
        'no bool. Use ^ or logical_xor, or long() first.')


def unknown_rounding_mode(mode: Any) -> RuntimeError:
    return RuntimeError(
        f"div expected rounding_mode to be None, 'trunc' or 'floor' but found {mode!r}: there is "
        'no other. Use one of these.')


def pow_of_numbers(input: Any, exponent: Any) -> TypeError:
    return TypeError(
        f'pow() got {input!r:.40} and {exponent!r:.40}: neither is a tensor. Use ** for numbers, '
        'and torch.tensor() to convert lists and arrays.')


def clamp_without_bounds() -> RuntimeError:
    return RuntimeError(
        "torch.clamp: At least one of 'min' or 'max' must not be None, or it would do nothing. "
        'Give a bound.')


def condition_is_not_bool(dtype: Any) -> RuntimeError:
    return RuntimeError(
        f'where expected condition to be a bool tensor, but got {dtype}: a number is neither true '
        'nor false. Write condition != 0.')


def source_has_more_dimensions(tensor: Any, src: Any) -> RuntimeError:
    return RuntimeError(
        f"output with shape {list(tensor.shape)} doesn't match the broadcast shape "
        f'{list(src.shape)}: memory cannot grow in place. Drop dimensions with reshape or squeeze.')


def fill_with_many(value: Any) -> RuntimeError:
    return RuntimeError(
        'fill_ only supports 0-dimension value tensor but got tensor with '
        f'{value.ndim} dimensions: one value fills all elements. Use copy_() to broadcast.')
