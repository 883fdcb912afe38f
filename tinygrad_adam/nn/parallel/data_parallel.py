"""DataParallel: a module whose batches several GPUs share; without any it is the module itself."""
from __future__ import annotations

from typing import Any

from ..module import Module


class DataParallel(Module):
    """Calls a module, as PyTorch's does on a machine without GPUs.

    module         the module; it is the attribute `module`, and so begins the names in state_dict
    device_ids     changes nothing: there are no GPUs
    output_device  changes nothing, either
    dim            changes nothing: batches are not cut

    https://docs.pytorch.org/docs/2.13/generated/torch.nn.DataParallel.html
    """

    def __init__(self, module: Module, device_ids: Any = None, output_device: Any = None,
                 dim: int = 0) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[Any] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)
