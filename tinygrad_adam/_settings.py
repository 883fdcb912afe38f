"""What programs set for all that follows, as far as there is a choice here."""
from __future__ import annotations

from typing import Any

from .types import CPU, DEFAULT_DEVICES, float32, float64, on_cpu
from .types import device as Device
from .types import dtype as DType

PRECISIONS = 'highest', 'high', 'medium'


class Settings:
    """What was set last."""

    deterministic: bool = False
    precision: str = 'highest'


def get_default_dtype() -> DType:
    """The dtype of new tensors of Python's floats: always float32 here."""
    return float32


def set_default_dtype(d: DType) -> None:
    """Set the dtype of new tensors of Python's floats: float32, as it is.

    d  float32; float64 raises NotImplementedError, others TypeError
    """
    if d is float64:
        raise NotImplementedError(
            'set_default_dtype(torch.float64) is not implemented: Python\'s floats always become '
            'float32 here. Write dtype=torch.float64 for tensors, and model.double().')
    if d is not float32:
        raise TypeError(f'only floating-point types are supported as the default type, not {d!r}: '
                        'it is that of 1.5. Write torch.float32.')


def get_default_device() -> Device:
    """Where new tensors are stored: the CPU."""
    return DEFAULT_DEVICES[-1]


def set_default_device(device: str | Device | None) -> None:
    """Set where new tensors are stored: the CPU, as it is.

    device  'cpu' or None; others raise RuntimeError
    """
    DEFAULT_DEVICES[-1] = CPU if device is None else on_cpu(device)


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Whether to use only algorithms that give the same numbers every time: all here do.

    mode       what are_deterministic_algorithms_enabled() returns from now on
    warn_only  whether to warn of others instead of refusing them, of which there are none
    """
    Settings.deterministic = bool(mode)


def are_deterministic_algorithms_enabled() -> bool:
    """What use_deterministic_algorithms() was told last."""
    return Settings.deterministic


def get_float32_matmul_precision() -> str:
    """What set_float32_matmul_precision() was told last."""
    return Settings.precision


def set_float32_matmul_precision(precision: Any) -> None:
    """How far matrix products may round float32 for speed: here they never do.

    precision  'highest', 'high' or 'medium' (ValueError)
    """
    if precision not in PRECISIONS:
        raise ValueError(f'{precision!r} is not one of {", ".join(PRECISIONS)}: the precision of '
                         "float32 has no other names. Write 'highest'.")
    Settings.precision = precision
