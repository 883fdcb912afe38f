"""How a rank waits for others without keeping the processor from them."""
from __future__ import annotations

import os
from functools import partial
from time import monotonic, sleep
from typing import Any, Callable

give_way: Callable[[], Any] = getattr(os, 'sched_yield', partial(sleep, 0))    # not on Windows


def wait(request: Any) -> None:
    """Wait until a request of MPI is complete.

    request  the request

    MPI's own Wait keeps a core busy: it is quick, until there are more ranks than cores. So after
    0.1 ms this one sleeps, at first a little and never for more than 1 ms.
    """
    start = monotonic()
    while not request.Test():
        waited = monotonic() - start
        give_way() if waited < 1e-4 else sleep(min(waited / 10, 1e-3))
