"""What _flat.py needs of Python: reference counts, threads for blocks, and a deferred Ctrl-C."""
from __future__ import annotations

import _signal    # type: ignore[import-not-found]    # as signal, without enums: 20 times faster
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import current_thread, main_thread
from typing import Any, Callable, Sequence

import numpy as np

from .._functions.creation import zeros
from .._tensor import Tensor
from ..ops.convolution import THREADS

# Freed memory of the size of a block returns to the system, and getting it again costs more than a
# rule, unless glibc's malloc has seen a larger piece freed. This one is never touched.
np.empty(30 * 2**20, np.uint8)


def references(tensor: Tensor) -> int:
    """The reference count of the array of a tensor, as seen here."""
    return sys.getrefcount(tensor.numpy(force=True))


ALONE = references(zeros(1))


def is_sole_owner(tensor: Tensor) -> bool:
    """Whether nothing but the tensor holds its array."""
    return tensor.numpy(force=True).flags.owndata and references(tensor) == ALONE


def parallel_for(function: Callable[[Any], None], items: Sequence[Any]) -> None:
    """Call function with each of the items; threads share them if there are several of both."""
    if THREADS > 1 and len(items) > 1:
        list(thread_pool(os.getpid()).map(function, items))
    else:
        for item in items:
            function(item)


@lru_cache(maxsize=1)
def thread_pool(process: int) -> ThreadPoolExecutor:
    """Threads that wait for work as long as the process lives; a forked process has its own."""
    return ThreadPoolExecutor(THREADS)


def uninterrupted(function: Callable[[Any], None], arrays: Any, after: Callable[[], Any]) -> None:
    """Call function(arrays), then after(); a Ctrl-C in the meantime is handled at the end."""
    handler = _signal.getsignal(_signal.SIGINT)
    deferred = current_thread() is main_thread() and callable(handler)
    signals: list[int] = []
    if deferred:
        _signal.signal(_signal.SIGINT, lambda number, frame: signals.append(number))
    try:
        function(arrays)
        after()
    finally:
        if deferred:
            _signal.signal(_signal.SIGINT, handler)
    if signals:
        _signal.raise_signal(_signal.SIGINT)
