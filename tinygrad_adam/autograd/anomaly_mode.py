"""`detect_anomaly`: stop at the operation that makes the first NaN, and name it."""
from __future__ import annotations

import sys
from typing import Any, TypeVar

import numpy as np

from . import _errors as errors
from .graph import TensorBase, modes
from .primitive import of_user

__all__ = ['detect_anomaly', 'set_detect_anomaly']

Self = TypeVar('Self', bound='set_detect_anomaly')


class set_detect_anomaly:
    """Look at every value and gradient from here on, or in a `with` block; slow.

    mode       whether to look
    check_nan  False looks at nothing

    Raises RuntimeError at the first operation, forward or backward, whose result has a NaN that its
    arguments had not: with their shapes and the line of the program.
    https://pytorch.org/docs/stable/autograd.html#anomaly-detection
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before: Any = modes.watch
        modes.watch = look if mode and check_nan else None

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        modes.watch = self.before


class detect_anomaly(set_detect_anomaly):
    """`set_detect_anomaly(True)`, for a `with` block.

    check_nan  False looks at nothing
    """

    def __init__(self, check_nan: bool = True) -> None:
        super().__init__(True, check_nan)


def look(direction: Any, operation: Any, value: Any, args: Any, node: Any) -> Any:
    """Raise if there is a NaN in `value`, made by this operation or its rule of these arguments."""
    if not has_nan(value) or direction == 'forward' and any(map(has_nan, args)):
        return
    if node is None:
        raise errors.forward_made_nan(operation, args, of_user(sys._getframe(2)))
    raise errors.rule_made_nan(node)


def has_nan(x: Any) -> Any:
    """Whether a tensor or array of fractions has a NaN; False of anything else."""
    x = x._array if isinstance(x, TensorBase) else x
    known = isinstance(x, (np.ndarray, np.floating)) and x.dtype.kind == 'f'
    return known and bool(np.isnan(x).any())
