"""assert_close: whether a result is right, as far as rounding lets it.

>>> import tinygrad_adam as torch
>>> torch.testing.assert_close(torch.tensor([0.1, 0.2]).sum(), torch.tensor(0.3))
>>> torch.testing.assert_close(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.5, 3.1]))
Traceback (most recent call last):
    ...
AssertionError: Tensor-likes are not close!
<BLANKLINE>
Mismatched elements: 2 / 3 (66.7%)
Greatest absolute difference: 0.5 at index (1,) (up to 1e-05 allowed)
Greatest relative difference: 0.20000000298023224 at index (1,) (up to 1.3e-06 allowed)
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Callable, Iterator

import numpy as np

from ._functions.creation import from_numpy
from ._missing import refusal
from ._tensor import Tensor
from .types import float32, float64, int64

__all__ = ['assert_close']

__getattr__: Callable[[str], Any] = refusal(__name__)

TOLERANCES = {float32: (1.3e-6, 1e-5), float64: (1e-7, 1e-7)}    # relative, absolute; else 0, 0
NUMBERS = int, float, np.number
BOOLS = bool, np.bool_


def assert_close(actual: Any, expected: Any, *, allow_subclasses: bool = True,
                 rtol: float | None = None, atol: float | None = None, equal_nan: bool = False,
                 check_device: bool = True, check_dtype: bool = True, check_layout: bool = True,
                 check_stride: bool = False,
                 msg: str | Callable[[str], str] | None = None) -> None:
    """Raise AssertionError unless |actual - expected| <= atol + rtol * |expected| everywhere.

    actual            tensors, NumPy arrays, numbers, bools or None, or sequences and mappings of
                      these
    expected          what it should be, of the same structure and kinds
    allow_subclasses  whether a Parameter may be compared with a Tensor
    rtol              relative tolerance; by default 1.3e-6 in float32, 1e-7 in float64 and for
                      Python's floats, else 0: the larger of the two that are compared
    atol              absolute tolerance; by default 1e-5, 1e-7 and 0. Give both, or none
    equal_nan         whether nan is close to nan
    check_device      changes nothing, since all tensors are on the CPU
    check_dtype       whether dtypes, and types of numbers, must be the same
    check_layout      changes nothing, since all tensors are dense
    check_stride      whether strides must be the same
    msg               the message of the error, or a function that makes it of the usual one

    The message names the largest absolute and the largest relative difference, and where they are.
    Raises TypeError for things that cannot be compared, and ValueError for one tolerance alone.
    https://docs.pytorch.org/docs/2.13/testing.html
    """
    __tracebackhide__ = True      # pytest shows the line of the test
    found = [(place, a, b, tolerances(a, b, rtol, atol, place))
             for place, a, b in pairs(actual, expected, allow_subclasses, ())]
    for place, a, b, (relative, absolute) in found:
        text = (difference_of_tensors(a, b, relative, absolute, equal_nan, check_dtype,
                                      check_stride) if isinstance(a, Tensor) else
                difference_of_numbers(a, b, relative, absolute, equal_nan, check_dtype))
        if text:
            raise AssertionError(msg if isinstance(msg, str) else msg(text + at(place)) if msg else
                                 text + at(place))


# What is compared with what.

def pairs(actual: Any, expected: Any, subclasses: bool,
          place: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    """(place, actual, expected) of all tensors, numbers, bools and None inside.

    actual, expected  as in assert_close
    subclasses        whether tensors may be of different classes
    place             the keys and indices that lead here
    """
    if is_sequence(actual) and is_sequence(expected):
        if len(actual) != len(expected):
            raise AssertionError('The length of the sequences mismatch: '
                                 f'{len(actual)} != {len(expected)}' + at(place))
        for i, (a, b) in enumerate(zip(actual, expected)):
            yield from pairs(a, b, subclasses, (*place, i))
    elif isinstance(actual, Mapping) and isinstance(expected, Mapping):
        if actual.keys() != expected.keys():
            raise AssertionError(
                'The keys of the mappings do not match:\n'
                f'Missing keys in the actual mapping: {in_order(expected.keys() - actual.keys())}\n'
                'Additional keys in the actual mapping: '
                f'{in_order(actual.keys() - expected.keys())}' + at(place))
        for key in in_order(actual):
            yield from pairs(actual[key], expected[key], subclasses, (*place, key))
    elif actual is None or expected is None or all(
            isinstance(x, BOOLS) for x in (actual, expected)):
        yield place, actual, expected
    elif all(isinstance(x, NUMBERS) and not isinstance(x, bool) for x in (actual, expected)):
        yield (place, *(x.item() if isinstance(x, np.number) else x for x in (actual, expected)))
    elif (isinstance(actual, (Tensor, np.ndarray)) and isinstance(expected, (Tensor, np.ndarray))
            and (type(actual) is type(expected) or subclasses and (
                isinstance(actual, type(expected)) or isinstance(expected, type(actual))))):
        yield (place, *(x.detach() if isinstance(x, Tensor) else from_numpy(x)
                        for x in (actual, expected)))
    else:
        raise TypeError(
            f'No comparison pair was able to handle inputs of type {type(actual)} and '
            f'{type(expected)}: a tensor is compared with a tensor, a number with a number. Write '
            'torch.tensor(expected)' + at(place))


def in_order(keys: Any) -> list[Any]:
    """The keys, sorted if they can be."""
    try:
        return sorted(keys)
    except TypeError:
        return [*keys]


def is_sequence(x: Any) -> bool:
    """Whether x is a list, a tuple or the like, and no text."""
    return isinstance(x, Sequence) and not isinstance(x, str)


def tolerances(actual: Any, expected: Any, rtol: float | None, atol: float | None,
               place: tuple[Any, ...]) -> tuple[float, float]:
    """The relative and the absolute tolerance, the given ones or those of the dtypes."""
    if actual is None or expected is None or isinstance(actual, BOOLS):
        return 0, 0
    if rtol is not None and atol is not None:
        return rtol, atol
    if rtol is not None or atol is not None:
        raise ValueError(
            "Both 'rtol' and 'atol' must be either specified or omitted, but got no "
            f"{'rtol' if rtol is None else 'atol'}: the default of one would hide what the other "
            'finds. Write 0 for it' + at(place))
    dtypes = [x.dtype if isinstance(x, Tensor) else float64 if isinstance(x, float) else int64
              for x in (actual, expected)]
    relative, absolute = zip(*(TOLERANCES.get(dtype, (0.0, 0.0)) for dtype in dtypes))
    return max(relative), max(absolute)


def at(place: tuple[Any, ...]) -> str:
    """Where in a structure it is."""
    names = ''.join(f'[{key!r}]' for key in place)
    return f'\n\nThe failure occurred for item {names}' if names else ''


# How they differ: the text of the error, empty if they are close.

def difference_of_numbers(a: Any, b: Any, rtol: float, atol: float, equal_nan: bool,
                          check_dtype: bool) -> str:
    """Of numbers, bools and None: what assert_close says of actual a and expected b."""
    if a is None or b is None:
        return '' if a is b else f'None mismatch: {a} is not {b}'
    if isinstance(a, BOOLS):
        return '' if bool(a) is bool(b) else f'Booleans mismatch: {bool(a)} is not {bool(b)}'
    if check_dtype and type(a) is not type(b):
        return f'The (d)types do not match: {type(a)} != {type(b)}.'
    if a == b or equal_nan and a != a and b != b or abs(a - b) <= atol + rtol * abs(b) < np.inf:
        return ''
    return scalars(a, b, rtol, atol)


def scalars(a: Any, b: Any, rtol: float, atol: float) -> str:
    """What is said of two numbers that differ."""
    relative = np.inf if b == 0 else abs(a - b) / abs(b)
    return '\n'.join([*heading('Scalars', rtol, atol), f'Expected {b} but got {a}.',
                      f'Absolute difference: {abs(a - b)}{allowed(atol, rtol, atol)}',
                      f'Relative difference: {relative}{allowed(rtol, rtol, atol)}'])


def difference_of_tensors(a: Tensor, b: Tensor, rtol: float, atol: float, equal_nan: bool,
                          check_dtype: bool, check_stride: bool) -> str:
    """Of tensors: what assert_close says of actual a and expected b."""
    for attribute, differs in [('shape', True), ('stride()', check_stride), ('dtype', check_dtype)]:
        values = [x.stride() if attribute == 'stride()' else getattr(x, attribute) for x in (a, b)]
        if differs and values[0] != values[1]:
            return (f"The values for attribute '{attribute}' do not match: "
                    f'{values[0]} != {values[1]}.')
    if a.dtype != b.dtype:
        common = (a.reshape(-1)[:0] + b.reshape(-1)[:0]).dtype
        a, b = a.to(common), b.to(common)
    close = a.isclose(b, rtol, atol, equal_nan)
    if close.all():
        return ''
    if not a.ndim:
        return scalars(a.item(), b.item(), rtol, atol)
    if not a.is_floating_point():
        a, b = a.long(), b.long()
    absolute = (a - b).abs().masked_fill(close, 0)
    relative = (absolute / b.abs()).masked_fill(close, 0)
    wrong, count = int((~close).sum()), close.numel()
    return '\n'.join([
        *heading('Tensor-likes', rtol, atol),
        f'Mismatched elements: {wrong} / {count} ({wrong / count:.1%})',
        f'Greatest absolute difference: {greatest(absolute)}{allowed(atol, rtol, atol)}',
        f'Greatest relative difference: {greatest(relative)}{allowed(rtol, rtol, atol)}'])


def heading(kind: str, rtol: float, atol: float) -> list[str]:
    """The first lines of an error."""
    return [f'{kind} are not {"close" if rtol or atol else "equal"}!', '']


def allowed(tolerance: float, rtol: float, atol: float) -> str:
    """What a difference is allowed to be; nothing if both tolerances are 0."""
    return f' (up to {tolerance} allowed)' if rtol or atol else ''


def greatest(x: Tensor) -> str:
    """The largest element, and its index."""
    at = int(x.argmax())
    index = tuple(int(i) for i in np.unravel_index(at, x.shape))
    return f'{x.flatten()[at].item()} at index {index}'
