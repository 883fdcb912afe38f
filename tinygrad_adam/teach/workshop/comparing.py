"""Whether two results are the same: of one structure, and equal but for rounding."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, NamedTuple, Sequence

import numpy as np

# Relative to the number, and to the largest of its array: wide enough for a program that computes
# in float32, and for one that computes in float64 on float32 inputs. Inputs are chosen such that
# mistakes differ by more.
TOLERANCES = {'float64': (1e-5, 1e-6), 'float32': (1e-4, 1e-5)}


@dataclass(frozen=True)
class Raised:
    """An error in place of a result.

    name  of its class
    text  of the error
    line  the learner's line, if it is a learner's
    """
    name: str
    text: str = ''
    line: int | None = None


class Leaf(NamedTuple):
    """An array of the expected result, and what was found in its place.

    name      where it stands in the result, such as 'gradient' or 'result[1]'
    expected  the array
    found     the array found; None if there is none of its shape
    other     what was found instead, if there is none
    """
    name: str
    expected: np.ndarray
    found: Any
    other: Any = None


def leaves(expected: Any, found: Any, names: Sequence[str] = (), name: str = 'result'
           ) -> Iterator[Leaf]:
    """The arrays of a result beside those expected.

    expected  a number, an array, or tuples and lists of these
    found     anything
    names     of the parts of the result, if it has several
    name      of the result
    """
    if isinstance(expected, (tuple, list)) and not is_plain(expected):
        array = isinstance(found, np.ndarray) and found.ndim > 0
        if not (array or isinstance(found, (tuple, list))) or len(found) != len(expected):
            yield Leaf(name, np.empty(len(expected), object), None, found)
            return
        for i, (part, other) in enumerate(zip(expected, found)):
            yield from leaves(part, other, (), names[i] if names else f'{name}[{i}]')
        return
    if expected is None and found is None:      # of a mistake that returns nothing
        return
    wanted = as_array(expected)
    if wanted is None:
        wanted = np.array('None')
    array = as_array(found)
    same_kind = array is not None and (array.dtype.kind in 'US') == (wanted.dtype.kind in 'US')
    if array is not None and same_kind and array.shape == wanted.shape:
        yield Leaf(name, wanted, array)
    else:
        yield Leaf(name, wanted, None, found)


def is_plain(value: Any) -> bool:
    """Whether a list is one of plain numbers or names, which is compared as one array."""
    return isinstance(value, list) and not any(
        isinstance(x, (tuple, list, np.ndarray)) for x in value)


def as_array(value: Any) -> np.ndarray | None:
    """A result as an array of numbers or names; None if it is none."""
    try:
        array = np.asarray(value)
    except ValueError:           # lists of different lengths
        return None
    return array if array.dtype.kind in 'fiubUS' else None


def precision(case: tuple) -> str:
    """The dtype in which a case is computed: float32 if one of its arrays is.

    case  a tuple of arguments
    """
    return 'float32' if any(getattr(x, 'dtype', None) == np.float32 for x in case) else 'float64'


def close(expected: np.ndarray, found: np.ndarray, dtype: str = 'float64') -> np.ndarray:
    """For each element, whether it is what was expected but for rounding.

    expected  an array
    found     an array of the same shape
    dtype     'float64' or 'float32', in which was computed
    """
    if expected.dtype.kind in 'US':
        return np.array(expected == found, bool)
    relative, absolute = TOLERANCES[dtype]
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size else 0.0
    with np.errstate(all='ignore'):
        return np.isclose(np.float64(found), np.float64(expected), relative,
                          absolute * scale or 1e-12, equal_nan=True)


def same(expected: Any, found: Any, dtype: str = 'float64') -> bool:
    """Whether a result is what was expected but for rounding; errors are results, too.

    expected  the result expected
    found     the result found
    dtype     'float64' or 'float32', in which was computed
    """
    if isinstance(expected, Raised) or isinstance(found, Raised):
        return (isinstance(expected, Raised) and isinstance(found, Raised)
                and expected.name == found.name)
    return all(leaf.found is not None and bool(close(leaf.expected, leaf.found, dtype).all())
               for leaf in leaves(expected, found))
