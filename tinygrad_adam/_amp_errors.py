"""What programs that ask for mixed precision are told."""
from __future__ import annotations

import warnings
from typing import Any


def device_type_is_no_string(device_type: Any) -> ValueError:
    return ValueError(f'Expected `device_type` of type `str`, got: `{type(device_type)}`. The kind '
                      "of device is its name: write device_type='cpu', or device.type.")


def no_such_device_type(device_type: str) -> RuntimeError:
    return RuntimeError(f'Expected one of cpu, cuda device type, got: {device_type}. There is '
                        "no other kind here. Write 'cpu'.")


def half_precision_not_built() -> NotImplementedError:
    return NotImplementedError(
        "autocast('cpu') computes in half precision, in bfloat16 if no dtype is given, which is "
        'not built here: NumPy has no fast one. Write enabled=False, and it computes in float32.')


def scaling_not_built() -> NotImplementedError:
    return NotImplementedError(
        "GradScaler('cpu') scales losses for half precision, which is not built here. Write "
        'enabled=False: gradients in float32 need no scale.')


def warn_of_full_precision(device_type: str, dtype: Any) -> None:
    if device_type == 'cuda':
        message = 'CUDA is not available. Disabling autocast.'
    else:
        message = (f'In CPU autocast, but the target dtype {dtype} is not supported. Disabling '
                   'autocast.')
    warnings.warn(message, stacklevel=3)


def warn_of_no_scaling() -> None:
    warnings.warn('GradScaler is enabled, but CUDA is not available. Disabling.', stacklevel=3)


def warn_of_old_place(name: str) -> None:
    warnings.warn(f"`torch.cuda.amp.{name}(args...)` is deprecated. Please use "
                  f"`torch.amp.{name}('cuda', args...)` instead.", FutureWarning, stacklevel=3)
