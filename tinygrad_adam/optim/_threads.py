"""The blocks of large arrays: threads share them, and Ctrl-C waits until all are done."""
from __future__ import annotations

import _signal    # signal's own functions, without the enums that make them twenty times slower
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import current_thread, main_thread
from typing import Any, Callable, Sequence

from ..ops.convolution import THREADS


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


def uninterrupted(function: Callable[[Any], None], arrays: Any, note: Callable[[], Any]) -> None:
    """Call function(arrays), then note(); if Ctrl-C comes meanwhile, it is heeded afterwards."""
    handler = _signal.getsignal(_signal.SIGINT)
    came: list[int] = []
    heeding = current_thread() is main_thread() and callable(handler)
    if heeding:
        _signal.signal(_signal.SIGINT, lambda number, frame: came.append(number))
    try:
        function(arrays)
        note()
    finally:
        if heeding:
            _signal.signal(_signal.SIGINT, handler)
    if came:
        _signal.raise_signal(_signal.SIGINT)
