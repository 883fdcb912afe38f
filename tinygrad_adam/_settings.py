"""What programs set for all that follows, as far as there is a choice here."""
from __future__ import annotations

import warnings
from typing import Any

from ._tensor_types import TensorType
from .autograd.promotion import change_default_dtype
from .types import CPU, DEFAULT_DEVICES, TENSOR_TYPES, default_dtype, numpy_dtype, on_cpu
from .types import device as Device
from .types import dtype as DType

PRECISIONS = 'highest', 'high', 'medium'


class Settings:
    """What was set last."""

    deterministic: bool = False
    precision: str = 'highest'


def get_default_dtype() -> DType:
    """The dtype of new tensors of Python's floats."""
    return default_dtype()


def set_default_dtype(d: DType) -> None:
    """Set the dtype of new tensors of Python's floats, and of functions of integers that give
    fractions. At first it is float32.

    d  float32 or float64; half precision raises NotImplementedError, others TypeError

    https://pytorch.org/docs/stable/generated/torch.set_default_dtype.html
    """
    if not isinstance(d, DType) or not d.is_floating_point:
        raise TypeError(
            'invalid dtype object: only floating-point types are supported as the default type, '
            f'not {d!r:.40}: it is that of 1.5. Write torch.float32 or torch.float64.')
    change_default_dtype(numpy_dtype(d))


def set_default_tensor_type(t: Any) -> None:
    """Set the default dtype by a type of tensors, with a warning that this way is deprecated.

    t  torch.FloatTensor or torch.DoubleTensor, or its name; others raise TypeError
    """
    names = {name: d for d, name in TENSOR_TYPES.items()}
    found = names.get(t) if isinstance(t, str) else t.dtype if isinstance(t, TensorType) else None
    if found is None or not found.is_floating_point:
        raise TypeError(
            'invalid type object: only floating-point types are supported as the default type, '
            f"not {t!r:.40}: they are torch.FloatTensor and torch.DoubleTensor. Write "
            'torch.set_default_dtype(torch.float64).')
    warnings.warn(
        'torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use '
        'torch.set_default_dtype() and torch.set_default_device() as alternatives.', stacklevel=2)
    set_default_dtype(found)


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
