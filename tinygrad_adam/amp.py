"""Mixed precision is for GPUs: programs that ask for it run in full precision, as they do in
PyTorch on a computer without a GPU, with the same warnings.

https://pytorch.org/docs/stable/amp.html
"""
from __future__ import annotations

from contextlib import ContextDecorator
from typing import Any, Callable

from . import _amp_errors as errors
from ._missing import refusal
from ._tensor import Tensor
from .optim import Optimizer
from .types import HALF_PRECISION
from .types import dtype as DType

__all__ = ['GradScaler', 'autocast']

__getattr__: Callable[[str], Any] = refusal(__name__)


class autocast(ContextDecorator):
    """A context, or a decorator, in which everything is computed as outside of it.

    device_type    'cuda', which warns that there is none; 'cpu' with enabled=False, or with a
                   dtype other than half precision, which warns
    dtype          what operations would compute in; None is half precision
    enabled        whether to ask for mixed precision
    cache_enabled  whether casts of weights would be kept; without casts it has no effect

    Raises ValueError for a device_type that is no str, RuntimeError for an unknown one, and
    NotImplementedError for mixed precision on the CPU.
    https://pytorch.org/docs/stable/amp.html#torch.autocast
    """

    def __init__(self, device_type: str, dtype: DType | None = None, enabled: bool = True,
                 cache_enabled: bool | None = None) -> None:
        if not isinstance(device_type, str):
            raise errors.device_type_is_no_string(device_type)
        if device_type not in ('cpu', 'cuda'):
            raise errors.no_such_device_type(device_type)
        if enabled and device_type == 'cpu' and dtype in (None, *HALF_PRECISION):
            raise errors.half_precision_not_built()
        if enabled:
            errors.warn_of_full_precision(device_type, dtype)
        self.device = device_type

    def __enter__(self) -> autocast:
        return self

    def __exit__(self, *exception: Any) -> None:
        pass


class GradScaler:
    """Scales losses so that gradients in half precision do not vanish: here, never.

    device           'cuda' or 'cpu'
    init_scale       the first factor, were it enabled
    growth_factor    what the factor would be multiplied by after growth_interval good steps
    backoff_factor   what it would be multiplied by after a step with infinite gradients
    growth_interval  the number of steps
    enabled          whether to scale; with device='cuda' it warns that there is none

    `scale`, `step`, `unscale_` and `update` are those of a loss that is not scaled. Raises
    NotImplementedError for an enabled one on the CPU.
    https://pytorch.org/docs/stable/amp.html#torch.amp.GradScaler
    """

    def __init__(self, device: str = 'cuda', init_scale: float = 65536.0,
                 growth_factor: float = 2.0, backoff_factor: float = 0.5,
                 growth_interval: int = 2000, enabled: bool = True) -> None:
        if device not in ('cpu', 'cuda'):
            raise errors.no_such_device_type(device)
        if enabled and device == 'cpu':
            raise errors.scaling_not_built()
        if enabled:
            errors.warn_of_no_scaling()

    def scale(self, outputs: Any) -> Any:
        """The outputs as they are.

        outputs  a tensor, or whatever holds tensors
        """
        return outputs

    def unscale_(self, optimizer: Optimizer) -> None:
        """Leave gradients as they are.

        optimizer  whose parameters have them
        """

    def step(self, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
        """`optimizer.step`, whose result is returned.

        optimizer     what takes the step
        args, kwargs  what its `step` takes, such as a closure
        """
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale: float | Tensor | None = None) -> None:
        """Leave the scale at 1.

        new_scale  what it would become, were scaling enabled
        """

    def get_scale(self) -> float:
        """What losses are multiplied by: 1."""
        return 1.0

    def is_enabled(self) -> bool:
        """Whether losses are scaled: False."""
        return False

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs: nothing, {}."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Nothing, since there is no state.

        state_dict  what `state_dict` returned
        """
