"""What _flat.py needs of Python: reference counts, and threads for blocks."""
from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Callable, Sequence

import numpy as np

from .._functions.creation import zeros
from .._tensor import Tensor
from ..ops.convolution import THREADS

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

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
    from concurrent.futures import ThreadPoolExecutor
    return ThreadPoolExecutor(THREADS)
