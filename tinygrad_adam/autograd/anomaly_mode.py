"""`detect_anomaly`: stop at the operation that makes the first NaN, and name it."""
from __future__ import annotations

import sys
from typing import Any, Callable, TypeVar

import numpy as np

from . import _errors as errors
from .grad_mode import Block
from .graph import Modes, TensorBase, modes
from .primitive import of_user

__all__ = ['detect_anomaly', 'set_detect_anomaly', 'watching']

Self = TypeVar('Self', bound='watching')


class watching(Block):
    """Pass every value and gradient that this thread computes in a `with` block to a function.

    watch  is called with direction, operation, value, arguments, and what computed the value: the
           node; forward (function, whether it promotes, position of dtype). None is not called
    """

    def __init__(self, watch: Callable[..., Any] | None) -> None:
        super().__init__()
        self.watch = watch

    def __enter__(self: Self) -> Self:
        self._restore('watch')
        Modes.watched = True
        modes.watch = self.watch
        return self


class detect_anomaly(watching):
    """Check every value and gradient that this thread computes in a `with` block; slow.

    check_nan  False checks nothing

    Raises RuntimeError at the first operation, forward or backward, whose result has a NaN although
    its arguments had none; the error gives their shapes and the line of the program.
    https://pytorch.org/docs/stable/autograd.html#anomaly-detection
    """

    def __init__(self, check_nan: bool = True) -> None:
        super().__init__(look if check_nan else None)


class set_detect_anomaly(watching):
    """As `detect_anomaly`, from here on; in a `with` block, only there.

    mode       whether to check
    check_nan  False checks nothing
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        super().__init__(look if mode and check_nan else None)
        super().__enter__()

    def __enter__(self: Self) -> Self:
        return self


def look(direction: Any, operation: Any, value: Any, args: Any, source: Any) -> Any:
    """Raise if `value`, which this operation or its rule made of the arguments, has a NaN."""
    if not has_nan(value) or direction == 'forward' and any(map(has_nan, args)):
        return
    if direction == 'forward':
        raise errors.forward_made_nan(operation, args, of_user(sys._getframe(2)))
    raise errors.rule_made_nan(source)


def has_nan(x: Any) -> Any:
    """Whether a floating-point tensor or array has a NaN; False for anything else."""
    x = x._array if isinstance(x, TensorBase) else x
    known = isinstance(x, (np.ndarray, np.floating)) and x.dtype.kind == 'f'
    return known and bool(np.isnan(x).any())
