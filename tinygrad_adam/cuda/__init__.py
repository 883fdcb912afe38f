"""There is no GPU: programs that ask whether there is one run on the CPU.

What PyTorch without a GPU does in silence, such as seeding it, does nothing here either.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .._missing import names_of, refusal

if TYPE_CHECKING:    # imported on first use
    from . import amp as amp

__all__ = ['amp', 'device_count', 'empty_cache', 'is_available', 'manual_seed',
           'manual_seed_all', 'max_memory_allocated', 'memory_allocated']

__getattr__: Callable[[str], Any] = refusal(__name__)
__dir__: Callable[[], list[str]] = names_of(__name__)


def is_available() -> bool:
    """Whether there is a GPU: False."""
    return False


def device_count() -> int:
    """The number of GPUs: 0."""
    return 0


def manual_seed(seed: int) -> None:
    """Seed the GPU, if there is one.

    seed  an integer (ValueError)
    """
    int(seed)


def manual_seed_all(seed: int) -> None:
    """Seed all GPUs, of which there are none.

    seed  an integer (ValueError)
    """
    int(seed)


def empty_cache() -> None:
    """Free memory of GPUs that is not used, which is none."""


def memory_allocated(device: None = None) -> int:
    """The bytes of tensors on a GPU: 0.

    device  which; leave it None
    """
    return 0


def max_memory_allocated(device: None = None) -> int:
    """The largest number of bytes of tensors on a GPU so far: 0.

    device  which; leave it None
    """
    return 0
