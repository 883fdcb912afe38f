"""`detect_anomaly`: stop at the operation that makes the first NaN, and name it."""
from __future__ import annotations

import sys

import numpy as np

from . import engine
from .engine import TensorBase, of_user


class set_detect_anomaly:
    """Look at every value and gradient from here on, or in a `with` block; slow.

    Raises RuntimeError at the first operation, forward or backward, whose result has a NaN that its
    arguments had not: with their shapes and the line of the program.
    https://pytorch.org/docs/stable/autograd.html#anomaly-detection
    """

    def __init__(self, mode: bool, check_nan: bool = True):
        self.before = engine.watch
        engine.watch = look if mode and check_nan else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        engine.watch = self.before


class detect_anomaly(set_detect_anomaly):
    """`set_detect_anomaly(True)`, for a `with` block."""

    def __init__(self, check_nan: bool = True):
        super().__init__(True, check_nan)


def look(direction, name, value, args, node):
    """Raise if there is a NaN in `value`, made by this operation or its rule of these arguments."""
    if not has_nan(value) or direction == 'forward' and any(map(has_nan, args)):
        return
    if node is None:
        shapes = ', '.join(str(x.shape) if hasattr(x, 'shape') else repr(x) for x in args)
        frame = of_user(sys._getframe(2))
        raise RuntimeError(
            f'{name}({shapes}) at line {frame.f_lineno} of {frame.f_code.co_filename} returned nan '
            'values from arguments without any: it is undefined there (0 / 0, log or root of a '
            'negative number, inf - inf). Keep its argument in the domain, with clamp or a small '
            'eps.')
    shapes = ', '.join(str(shape) for _, _, shape, _ in node.parents)
    raise RuntimeError(
        f"Function '{repr(node)[1:-1]}' returned nan values: the derivative of {node.where()} in "
        "an "
        f'argument of shape {shapes} is undefined there (0 * inf, 0 / 0), though the result is '
        'not. Keep away from that point: a small eps in a root or quotient, where() before the '
        'function.')


def has_nan(x):
    x = x._array if isinstance(x, TensorBase) else x
    known = isinstance(x, (np.ndarray, np.floating)) and x.dtype.kind == 'f'
    return known and bool(np.isnan(x).any())
