"""There is no GPU: programs that ask whether there is one run on the CPU.

What PyTorch without a GPU does in silence, such as seeding it, does nothing here either.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .._missing import names_of, refusal

if TYPE_CHECKING:    # imported on first use
    from . import amp as amp

__all__ = ['amp', 'device_count', 'empty_cache', 'is_available', 'is_bf16_supported',
           'is_initialized', 'manual_seed', 'manual_seed_all', 'max_memory_allocated',
           'max_memory_reserved', 'memory_allocated', 'memory_reserved', 'seed_all']

__getattr__: Callable[[str], Any] = refusal(__name__)
__dir__: Callable[[], list[str]] = names_of(__name__)


def is_available() -> bool:
    """Whether there is a GPU: False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether the GPU computes with bfloat16: False.

    including_emulation  whether a slow replacement counts
    """
    return False


def is_initialized() -> bool:
    """Whether a program has used the GPU: False."""
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


def seed_all() -> None:
    """Seed all GPUs, of which there are none, with a number that differs each time."""


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


def memory_reserved(device: None = None) -> int:
    """The bytes of a GPU that are kept for tensors: 0.

    device  which; leave it None
    """
    return 0


def max_memory_reserved(device: None = None) -> int:
    """The largest number of bytes of a GPU kept for tensors so far: 0.

    device  which; leave it None
    """
    return 0
