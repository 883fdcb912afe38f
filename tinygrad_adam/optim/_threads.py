"""Threads of an optimizer: they share the blocks of large arrays, and Ctrl-C does not reach them."""
from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from threading import Lock, current_thread, main_thread
from time import sleep
from typing import Any, Callable, Sequence

from ..ops.convolution import THREADS


def parallel_for(function: Callable[[Any], None], items: Sequence[Any]) -> None:
    """Call function with each of the items; threads share them if there are several of both."""
    if THREADS > 1 and len(items) > 1:
        list(thread_pool(os.getpid()).map(function, items))
    else:
        for item in items:
            function(item)


def uninterrupted(work: Callable[[], None]) -> None:
    """Call a function to its end. Ctrl-C is raised in the main thread, so another one calls it."""
    if current_thread() is not main_thread():
        return work()
    todo, ended, failed = [copy_context()], [], []
    end = Lock()
    end.acquire()

    def once():
        try:
            context = todo.pop()
        except IndexError:
            return    # the other thread does it
        try:
            context.run(work)
        except BaseException as error:
            failed.append(error)
        ended.append(True)
        end.release()

    try:
        thread_pool(os.getpid()).submit(once)
        end.acquire()
    except BaseException:
        once()    # if no thread has begun
        while not ended:
            sleep(1e-4)
        raise
    if failed:
        raise failed[0]


@lru_cache(maxsize=1)
def thread_pool(process: int) -> ThreadPoolExecutor:
    """Threads that wait for work as long as the process lives; a forked process has its own."""
    return ThreadPoolExecutor(THREADS + 1)    # one waits until the others have shared its blocks
