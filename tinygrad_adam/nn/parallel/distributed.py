"""DistributedDataParallel: the same model on all ranks, each with its part of the batch."""
from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import Any, Callable, Iterator

from ... import distributed as dist
from ..._missing import refusal
from ...autograd import is_grad_enabled, no_grad
from ...distributed.process_group import default_group
from ..module import Module
from . import _errors as errors
from ._reducer import Reducer

__all__ = ['DistributedDataParallel']

__getattr__: Callable[[str], Any] = refusal(__name__)


class DistributedDataParallel(Module):
    """A module whose gradients are averaged over all ranks, so that its weights stay the same.

    module                  the module, of the same shapes on all ranks; `ddp.module` is it again,
                            and the keys of state_dict() begin with 'module.'
    broadcast_buffers       deprecated in PyTorch: False leaves buffers alone, also at the start
    init_sync               whether all ranks begin with the parameters and buffers of rank 0
    bucket_cap_mb           gradients are sent together in buckets of this size in MB (2**20 bytes);
                            None is 25, and 1 for the first bucket
    find_unused_parameters  whether parameters may have no part in the loss. Those that have none on
                            any rank keep their grad; without it they are a RuntimeError
    forward_sync_buffers    whether the ranks take the buffers of rank 0 before each forward; None
                            is True
    device_ids, output_device, dim, process_group, check_reduction, gradient_as_bucket_view,
    static_graph, delay_all_reduce_named_params, param_to_hook_all_reduce, mixed_precision,
    device_mesh, skip_all_reduce_unused_params, bucket_cap_mb_list, batched_grad_copy
                            only the defaults

    Calls, losses and optimizers stay as they are; `backward()` averages on its way (_reducer.py).
    With `grad` left from no_sync() the average is that of the sum. If the loss is the mean over B/n
    samples on each of n ranks, a step is that of one process with B samples; but BatchNorm in
    training normalizes with the B/n samples of its rank, and running statistics are rank 0's.

    Every rank must call forward and backward equally often: one that has fewer batches is an error
    on all of them. join() is not implemented; DistributedSampler gives all ranks as many samples.
    https://pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html
    """

    def __init__(self, module: Module, device_ids: Any = None, output_device: Any = None,
                 dim: int = 0, broadcast_buffers: bool | None = None, init_sync: bool = True,
                 process_group: Any = None, bucket_cap_mb: float | None = None,
                 find_unused_parameters: bool = False, check_reduction: bool = False,
                 gradient_as_bucket_view: bool = False, static_graph: bool = False,
                 delay_all_reduce_named_params: Any = None, param_to_hook_all_reduce: Any = None,
                 mixed_precision: Any = None, device_mesh: Any = None,
                 skip_all_reduce_unused_params: bool = False, bucket_cap_mb_list: Any = None,
                 batched_grad_copy: bool = False, forward_sync_buffers: bool | None = None) -> None:
        super().__init__()
        refused = {'dim': dim, 'check_reduction': check_reduction,
                   'gradient_as_bucket_view': gradient_as_bucket_view, 'static_graph': static_graph,
                   'delay_all_reduce_named_params': delay_all_reduce_named_params,
                   'param_to_hook_all_reduce': param_to_hook_all_reduce,
                   'mixed_precision': mixed_precision, 'device_mesh': device_mesh,
                   'skip_all_reduce_unused_params': skip_all_reduce_unused_params,
                   'bucket_cap_mb_list': bucket_cap_mb_list, 'batched_grad_copy': batched_grad_copy}
        for name, value in refused.items():
            if value:
                raise errors.not_built(name, value)
        if device_ids or output_device:
            raise errors.devices(device_ids, output_device)
        group = default_group('DistributedDataParallel', process_group)
        named = {name: parameter for name, parameter in module.named_parameters()
                 if parameter.requires_grad}
        if not named:
            raise errors.nothing_to_train()
        if broadcast_buffers is not None:
            warnings.warn(errors.broadcast_buffers() if forward_sync_buffers is None else
                          errors.buffers_twice(), FutureWarning, stacklevel=2)
        sync_at_start = forward_sync_buffers is not None or broadcast_buffers is not False
        self.module = module
        self.find_unused_parameters = find_unused_parameters
        self.forward_sync_buffers: bool = (sync_at_start if forward_sync_buffers is None else
                                           forward_sync_buffers)
        self.require_backward_grad_sync: bool = True      # not in no_sync()
        self.require_forward_param_sync: bool = True      # not after a forward without averages
        if init_sync:
            self._broadcast(module.parameters())
            if sync_at_start:
                self._broadcast(module.buffers())
        self.reducer: Reducer = Reducer(group, named, bucket_cap_mb, find_unused_parameters)

    def __getattr__(self, name: str) -> Any:
        if name in errors.INSTEAD:
            raise errors.no_method(name)
        return super().__getattr__(name)

    def _broadcast(self, tensors: Any) -> None:
        with no_grad():
            for tensor in tensors:
                dist.broadcast(tensor, 0)

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        averages = is_grad_enabled() and self.require_backward_grad_sync
        if averages:
            self.reducer.check_finished()
        if self.forward_sync_buffers and self.require_forward_param_sync:
            self._broadcast(self.module.buffers())
        self.require_forward_param_sync = averages
        output = self.module(*inputs, **kwargs)
        if averages:
            self.reducer.prepare(output)
        return output

    @contextmanager
    def no_sync(self) -> Iterator[None]:
        """Within this block, forward and backward leave gradients in `grad` as they are on this
        rank. The next ones outside average what has accumulated."""
        before = self.require_backward_grad_sync
        self.require_backward_grad_sync = False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before
