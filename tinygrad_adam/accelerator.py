"""There is no accelerator: programs that ask for one run on the CPU."""
from __future__ import annotations

from typing import Any, Callable

from ._missing import refusal
from .types import device

__all__ = ['current_accelerator', 'device_count', 'is_available']

__getattr__: Callable[[str], Any] = refusal(__name__)


def is_available() -> bool:
    """Whether there is an accelerator, such as a GPU: False."""
    return False


def device_count() -> int:
    """The number of accelerators: 0."""
    return 0


def current_accelerator(check_available: bool = False) -> device | None:
    """The kind of accelerator: None, since there is none.

    check_available  whether one of it has to be there, too, which changes nothing where is none
    """
    return None
