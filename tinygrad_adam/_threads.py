"""Threads: NumPy has as many as it started with, and programs may ask how many those are."""
from __future__ import annotations

import warnings
from typing import Any

from .ops.convolution import THREADS


def get_num_threads() -> int:
    """How many threads work on one operation: as many as OMP_NUM_THREADS says, or as cores."""
    return THREADS


def set_num_threads(number: int, /) -> None:
    """Set how many threads work on one operation: as many as there are.

    number  get_num_threads(); any other, of at least 1, changes nothing, and a warning says so.
            No number changes results, only speed.

    Raises RuntimeError for anything that is not such a number.
    """
    checked_threads('set_num_threads', number)
    if number != get_num_threads():
        warnings.warn(
            f'set_num_threads({number}) changes nothing: NumPy starts its threads when it is '
            f'imported, and has {get_num_threads()}. Set OMP_NUM_THREADS={number} before Python '
            'starts.', stacklevel=2)


def get_num_interop_threads() -> int:
    """How many operations are computed at the same time: 1."""
    return 1


def set_num_interop_threads(number: int, /) -> None:
    """Set how many operations are computed at the same time: 1, as it is.

    number  1; any larger one changes nothing, and a warning says so. No number changes results,
            only speed.

    Raises RuntimeError for anything that is not such a number.
    """
    checked_threads('set_num_interop_threads', number)
    if number != 1:
        warnings.warn(f'set_num_interop_threads({number}) changes nothing: operations are computed '
                      'one after another. Leave it out.', stacklevel=2)


def checked_threads(function: str, number: Any) -> None:
    """RuntimeError unless it is a number of threads.

    function  the name of the public function
    number    what the user passed
    """
    if not isinstance(number, int) or isinstance(number, bool):
        raise RuntimeError(f'{function} expects an int, but got {type(number).__name__}: threads '
                           'are counted. Write 1.')
    if number < 1:
        raise RuntimeError(f'{function} expects a positive integer, not {number}: something has '
                           'to do the work. Write 1.')
