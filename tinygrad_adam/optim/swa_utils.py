"""Averages of the weights on the way, which often generalise better than the last ones.

>>> import tinygrad_adam as torch
>>> from tinygrad_adam.optim import swa_utils
>>> model = torch.nn.Linear(1, 1, bias=False)
>>> averaged = swa_utils.AveragedModel(model)
>>> for w in (1.0, 2.0, 6.0):     # as training would move it
...     _ = torch.nn.init.constant_(model.weight, w)
...     averaged.update_parameters(model)
>>> averaged(torch.ones(1, 1)).item()
3.0

Izmailov et al. 2018, arXiv 1803.05407
"""
from __future__ import annotations

import math
from copy import deepcopy
from itertools import chain
from typing import Any, Callable, Iterable, List, Sequence

from .._functions.creation import tensor
from .._missing import refusal
from .._tensor import Tensor
from ..autograd import no_grad
from ..nn.batchnorm import BatchNorm1d, BatchNorm2d
from ..nn.module import Module
from ..types import device as Device, int64
from . import _errors as errors
from .lr_scheduler import LRScheduler, _per_group
from .optimizer import Optimizer

AvgFn = Callable[[Tensor, Tensor, Any], Tensor]
MultiAvgFn = Callable[[List[Tensor], List[Tensor], Any], None]
__getattr__: Callable[[str], Any] = refusal(__name__)


class AveragedModel(Module):
    """A copy of a model whose weights are averages of the model's.

    model         is copied
    device        of the copy; 'cpu', the only one, or None
    avg_fn        avg_fn(average, weight, number of models averaged so far) is the new average of
                  one weight; None: the mean of all, or what multi_avg_fn says
    multi_avg_fn  the same of all weights: two lists, of which the first is changed in place
    use_buffers   average the buffers too; otherwise they are copied
    """

    n_averaged: Tensor

    def __init__(self, model: Module, device: str | Device | None = None,
                 avg_fn: AvgFn | None = None, multi_avg_fn: MultiAvgFn | None = None,
                 use_buffers: bool = False) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise errors.two_averages()
        self.module: Module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer('n_averaged', tensor(0, dtype=int64, device=device))
        self.avg_fn: AvgFn | None = avg_fn
        self.multi_avg_fn: MultiAvgFn | None = multi_avg_fn
        self.use_buffers: bool = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the averaged model makes of args and kwargs."""
        return self.module(*args, **kwargs)

    @no_grad()
    def update_parameters(self, model: Module) -> None:
        """Take the present weights of a model into the average; the first time, copy them.

        model  one with the parameters of the model that was copied
        """
        averages, values = [[x.detach() for x in self._averaged(one)]
                            for one in (self.module, model)]
        if self.n_averaged == 0:
            for average, value in zip(averages, values):
                average.copy_(value)
        elif self.avg_fn is not None:
            for average, value in zip(averages, values):
                average.copy_(self.avg_fn(average, value, self.n_averaged))
        else:
            update = self.multi_avg_fn or get_swa_multi_avg_fn()
            for dtype in dict.fromkeys(x.dtype for x in averages):     # one list for each
                update(*([x for x, average in zip(all_of_them, averages) if average.dtype == dtype]
                         for all_of_them in (averages, values)), self.n_averaged)
        if not self.use_buffers:
            for own, other in zip(self.module.buffers(), model.buffers()):
                own.copy_(other)
        self.n_averaged += 1

    def _averaged(self, model: Module) -> Iterable[Tensor]:
        return chain(model.parameters(), model.buffers() if self.use_buffers else ())


def get_swa_avg_fn() -> AvgFn:
    """The avg_fn of AveragedModel that gives the mean: average + (weight - average) / (n + 1)."""
    def mean(average: Tensor, weight: Tensor, n: Any) -> Tensor:
        return average + (weight - average) / (n + 1)
    return no_grad()(mean)


def get_ema_avg_fn(decay: float = 0.999) -> AvgFn:
    """The avg_fn of AveragedModel that forgets: decay average + (1 - decay) weight.

    decay  the fraction of the average that is kept, in [0, 1]
    """
    if not 0 <= decay <= 1:
        raise errors.no_fraction_to_keep(decay)

    def moving_mean(average: Tensor, weight: Tensor, n: Any) -> Tensor:
        return decay * average + (1 - decay) * weight
    return no_grad()(moving_mean)


def get_swa_multi_avg_fn() -> MultiAvgFn:
    """The multi_avg_fn of AveragedModel that gives the mean, as get_swa_avg_fn."""
    return _of_each(get_swa_avg_fn())


def get_ema_multi_avg_fn(decay: float = 0.999) -> MultiAvgFn:
    """The multi_avg_fn of AveragedModel that forgets, as get_ema_avg_fn.

    decay  the fraction of the average that is kept, in [0, 1]
    """
    return _of_each(get_ema_avg_fn(decay))


def _of_each(avg_fn: AvgFn) -> MultiAvgFn:
    def update(averages: list[Tensor], weights: list[Tensor], n: Any) -> None:
        for average, weight in zip(averages, weights):
            average.copy_(avg_fn(average, weight, n))
    return no_grad()(update)


@no_grad()
def update_bn(loader: Iterable[Any], model: Module, device: str | Device | None = None) -> None:
    """Compute the running statistics of BatchNorm layers anew, as means over all batches.

    Averaged weights give activations that no model had for which statistics were taken.

    loader  batches: the inputs of the model, or lists of which these are the first part
    model   may have BatchNorm layers; is run in training mode, and then in the mode it had
    device  where the inputs are moved; 'cpu', the only one, or None
    """
    momenta = {layer: layer.momentum for layer in model.modules()
               if isinstance(layer, (BatchNorm1d, BatchNorm2d))}
    if not momenta:
        return
    was_training = model.training
    model.train()
    for layer in momenta:
        layer.reset_running_stats()
        layer.momentum = None     # the mean of all batches
    for batch in loader:
        input = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(input if device is None else input.to(device))
    for layer, momentum in momenta.items():
        layer.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """From the present rate to swa_lr in anneal_epochs epochs; there it stays.

    optimizer        whose learning rates are set
    swa_lr           the last rate, or a list with one for each parameter group
    anneal_epochs    number of epochs on the way; 0: at once
    anneal_strategy  'cos' or 'linear': the shape of the way
    last_epoch       where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, swa_lr: float | Sequence[float],
                 anneal_epochs: int = 10, anneal_strategy: str = 'cos',
                 last_epoch: int = -1) -> None:
        rates = _per_group(optimizer, swa_lr, 'swa_lr')
        for group, rate in zip(optimizer.param_groups, rates):
            group['swa_lr'] = rate
        if anneal_strategy not in ('cos', 'linear'):
            raise errors.unknown_strategy(anneal_strategy)
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise errors.negative_number_of_epochs(anneal_epochs)
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs: int = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._way(step - 1), self._way(step)
        start = group['swa_lr'] if before == 1 else (
            (group['lr'] - before * group['swa_lr']) / (1 - before))
        return group['swa_lr'] * now + start * (1 - now)

    def _way(self, step: int) -> float:
        """The fraction of the way that is behind after a number of steps."""
        fraction = max(0, min(1, step / max(1, self.anneal_epochs)))
        if self._anneal_strategy == 'linear':
            return fraction
        return (1 - math.cos(math.pi * fraction)) / 2
