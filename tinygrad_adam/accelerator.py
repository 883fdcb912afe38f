"""There is no accelerator: programs that ask for one run on the CPU."""
from __future__ import annotations

from .types import device

__all__ = ['current_accelerator', 'device_count', 'is_available']


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
