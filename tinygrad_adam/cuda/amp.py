"""Mixed precision on GPUs, where programs written before `torch.amp` look for it."""
from __future__ import annotations

from typing import Any, Callable

from .. import _amp_errors as errors
from .. import amp
from .._missing import refusal
from ..types import dtype as DType

__all__ = ['GradScaler', 'autocast']

__getattr__: Callable[[str], Any] = refusal(__name__)


class autocast(amp.autocast):
    """torch.amp.autocast('cuda', ...), with a warning that this place for it is deprecated.

    enabled        whether to ask for mixed precision, which warns that there is no GPU
    dtype          what operations would compute in
    cache_enabled  whether casts of weights would be kept; without casts it has no effect
    """

    def __init__(self, enabled: bool = True, dtype: DType | None = None,
                 cache_enabled: bool = True) -> None:
        errors.warn_of_old_place('autocast')
        super().__init__('cuda', dtype, enabled, cache_enabled)


class GradScaler(amp.GradScaler):
    """torch.amp.GradScaler('cuda', ...), with a warning that this place for it is deprecated.

    init_scale       the first factor, were it enabled
    growth_factor    what the factor would be multiplied by after growth_interval good steps
    backoff_factor   what it would be multiplied by after a step with infinite gradients
    growth_interval  the number of steps
    enabled          whether to scale, which warns that there is no GPU
    """

    def __init__(self, init_scale: float = 65536.0, growth_factor: float = 2.0,
                 backoff_factor: float = 0.5, growth_interval: int = 2000,
                 enabled: bool = True) -> None:
        errors.warn_of_old_place('GradScaler')
        super().__init__('cuda', init_scale, growth_factor, backoff_factor, growth_interval,
                         enabled)
