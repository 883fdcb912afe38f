"""How a rank waits for others without keeping the processor from them."""
from __future__ import annotations

from time import monotonic, sleep
from typing import Any


def wait(request: Any) -> None:
    """Wait until a request of MPI is complete.

    request  the request

    MPI's own Wait keeps a core busy. That is quickest, but slow if there are more ranks than cores.
    """
    start = monotonic()
    while not request.Test():
        sleep(0 if monotonic() - start < 0.01 else 0.001)
