"""Learning rates that change during training.

A scheduler is stepped after the optimizer, once an epoch (or a batch, if so planned), and writes
the new learning rates into `optimizer.param_groups`:

>>> from tinygrad_adam import nn, optim
>>> optimizer = optim.SGD(nn.Linear(2, 1).parameters(), lr=1.0)
>>> scheduler, rates = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5), []
>>> for epoch in range(5):
...     rates += scheduler.get_last_lr()
...     optimizer.step()
...     scheduler.step()
>>> rates
[1.0, 1.0, 0.5, 0.5, 0.25]

Most rules say how the rate follows from the one before, so that several schedulers can act on one
optimizer. https://docs.pytorch.org/docs/2.13/optim.html#how-to-adjust-learning-rate
"""
from __future__ import annotations

import math
import warnings
from bisect import bisect_right
from collections import Counter
from types import FunctionType
from typing import Callable, Iterable, Optional

from .optimizer import Optimizer


class LRScheduler:
    """Sets the learning rates for `last_epoch`, which counts the calls of step().

    A subclass says in `rate(group, epoch)` what group['lr'] becomes, or all of them in get_lr().
    With last_epoch >= 0 it goes on from there, in an optimizer whose state was loaded.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer = _checked(optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault('initial_lr', group['lr'])
            elif 'initial_lr' not in group:
                raise KeyError(f"param 'initial_lr' is not specified in param_groups[{i}] when "
                               f'resuming with last_epoch {last_epoch}; a schedule needs its '
                               'start. Load the optimizer first, or leave last_epoch out')
        self.base_lrs = [group['initial_lr'] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self.start()

    def rate(self, group: dict, epoch: int) -> float:
        """The learning rate of a group at this epoch; group['lr'] is that of the epoch before."""
        raise NotImplementedError(f'{type(self).__name__} has no rule; define get_lr(self)')

    def get_lr(self) -> list:
        """The learning rates at last_epoch, by group."""
        return [self.rate(group, self.last_epoch) for group in self.optimizer.param_groups]

    def get_last_lr(self) -> list:
        """The learning rates that were set last, by group."""
        return self._last_lr

    def start(self) -> None:
        """Set the first learning rates."""
        self._step_count, self._is_initial = 0, True
        self.step()
        self._is_initial = False

    def step(self) -> None:
        """Set the learning rates of the next epoch; call it after optimizer.step()."""
        if (self._step_count == 1 and not self.optimizer.has_stepped
                and type(self.optimizer).step is Optimizer.step):
            warnings.warn('Detected call of `lr_scheduler.step()` before `optimizer.step()`. The '
                          'first learning rate of the schedule is skipped. Call them in the '
                          'opposite order', stacklevel=2)
        self._step_count += 1
        self.advance()

    def advance(self) -> None:
        """Go to the next epoch and set its learning rates."""
        self.last_epoch += 1
        self._set(self.get_lr())

    def _set(self, rates):
        for group, lr in zip(self.optimizer.param_groups, rates):
            group['lr'] = lr
        self._last_lr = list(rates)

    def state_dict(self) -> dict:
        """All but the optimizer."""
        return {name: value for name, value in vars(self).items() if name != 'optimizer'}

    def load_state_dict(self, state_dict: dict) -> None:
        """Go on from where state_dict was taken; load the optimizer's as well."""
        vars(self).update(state_dict)


_LRScheduler = LRScheduler   # its old name


class LambdaLR(LRScheduler):
    """The initial rate times lr_lambda(epoch); a list has a function for each group.

    A function is not saved with the state, an object that can be called is.
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable, last_epoch: int = -1) -> None:
        self.lr_lambdas = _per_group(_checked(optimizer), lr_lambda, 'lr_lambdas')
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list:
        return [lr * scale(self.last_epoch) for lr, scale in zip(self.base_lrs, self.lr_lambdas)]

    def state_dict(self) -> dict:
        return {**super().state_dict(),
                'lr_lambdas': [None if isinstance(scale, FunctionType) else dict(vars(scale))
                               for scale in self.lr_lambdas]}

    def load_state_dict(self, state_dict: dict) -> None:
        super().load_state_dict({**state_dict, 'lr_lambdas': self.lr_lambdas})
        for scale, saved in zip(self.lr_lambdas, state_dict['lr_lambdas']):
            vars(scale).update(saved or {})


class StepLR(LRScheduler):
    """Times gamma after every step_size epochs."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1,
                 last_epoch: int = -1) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        return group['lr'] * self.gamma if epoch and epoch % self.step_size == 0 else group['lr']


class MultiStepLR(LRScheduler):
    """Times gamma at each of the milestones."""

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1,
                 last_epoch: int = -1) -> None:
        self.milestones, self.gamma = Counter(milestones), gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        return group['lr'] * self.gamma**self.milestones[epoch]


class ExponentialLR(LRScheduler):
    """Times gamma every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        return group['lr'] if epoch == 0 or self._is_initial else group['lr'] * self.gamma


class ConstantLR(LRScheduler):
    """Times factor for total_iters epochs."""

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5,
                 last_epoch: int = -1) -> None:
        if not 0 <= factor <= 1:
            raise ValueError('Constant multiplicative factor expected to be between 0 and 1, not '
                             f'{factor}: it lowers the rate for a while. Raise lr itself instead')
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        if epoch == 0:
            return group['lr'] * self.factor
        return group['lr'] * (1 / self.factor) if epoch == self.total_iters else group['lr']


class LinearLR(LRScheduler):
    """Times a factor that goes from start_factor to end_factor in total_iters epochs: a warm-up."""

    def __init__(self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0,
                 total_iters: int = 5, last_epoch: int = -1) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError('Starting multiplicative factor expected to be greater than 0 and '
                             f'less or equal to 1, not {start_factor}: the next are its multiples. '
                             'Write a small one, like 0.01')
        if not 0 <= end_factor <= 1:
            raise ValueError('Ending multiplicative factor expected to be between 0 and 1, not '
                             f'{end_factor}: lr is the highest rate. Raise lr itself instead')
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        if epoch == 0:
            return group['lr'] * self.start_factor
        if self._is_initial or epoch > self.total_iters:
            return group['lr']
        rise = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor + (epoch - 1) * rise
        return group['lr'] * (1 + rise / before)


class CosineAnnealingLR(LRScheduler):
    """Down to eta_min in T_max epochs along half a cosine, and up again.

    Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5, without restarts
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0,
                 last_epoch: int = -1) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        height = [1 + math.cos(math.pi * n / self.T_max) for n in (epoch - 1, epoch)]
        if epoch == 0 or self._is_initial:
            return group['lr']
        if (epoch - 1 - self.T_max) % (2 * self.T_max) == 0:   # just above the lowest point
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            return group['lr'] + (group['initial_lr'] - self.eta_min) * rise
        return height[1] / height[0] * (group['lr'] - self.eta_min) + self.eta_min


class OneCycleLR(LRScheduler):
    """From max_lr / div_factor up to max_lr, then down far below the start; momentum goes opposite.

    Stepped after every batch, total_steps = epochs * steps_per_epoch times. The way up takes the
    share pct_start; with three_phase the way down takes as long, and a third phase follows.
    Smith and Topin 2018, arXiv 1708.07120
    """

    def __init__(self, optimizer: Optimizer, max_lr: float, total_steps: Optional[int] = None,
                 epochs: Optional[int] = None, steps_per_epoch: Optional[int] = None,
                 pct_start: float = 0.3, anneal_strategy: str = 'cos', cycle_momentum: bool = True,
                 base_momentum: float = 0.85, max_momentum: float = 0.95, div_factor: float = 25.0,
                 final_div_factor: float = 1e4, three_phase: bool = False,
                 last_epoch: int = -1) -> None:
        given = ({'epochs': epochs, 'steps_per_epoch': steps_per_epoch} if total_steps is None
                 else {'total_steps': total_steps})
        if None in given.values():
            raise ValueError('You must define either total_steps OR (epochs AND steps_per_epoch): '
                             'the cycle must know its end. Write total_steps=epochs * len(loader)')
        for name, value in given.items():
            if not isinstance(value, int) or value <= 0:
                raise ValueError(f'Expected positive integer {name}, but got {value}: it counts '
                                 'batches. Write a whole number')
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(f'Expected float between 0 and 1 pct_start, but got {pct_start}: it '
                             'is the share of the way up. Write pct_start=0.3')
        if anneal_strategy not in ('cos', 'linear'):
            raise ValueError("anneal_strategy must be one of 'cos' or 'linear', instead got "
                             f'{anneal_strategy}: there are no others. Write one of these')
        names = _checked(optimizer).defaults.keys() & {'momentum', 'betas'}
        if cycle_momentum and not names:
            raise ValueError('optimizer must support momentum or beta1 with `cycle_momentum` '
                             f'enabled; {type(optimizer).__name__} has none. Set it to False')
        self.total_steps, self._anneal_func_type = math.prod(given.values()), anneal_strategy
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.use_beta1 = 'betas' in names
        up = pct_start * self.total_steps - 1
        phases = [(up, 'initial_lr', 'max_lr', 'max_momentum', 'base_momentum')]
        if three_phase:
            phases += [(2 * up, 'max_lr', 'initial_lr', 'base_momentum', 'max_momentum'),
                       (self.total_steps - 1, 'initial_lr', 'min_lr', 'max_momentum',
                        'max_momentum')]
        else:
            phases += [(self.total_steps - 1, 'max_lr', 'min_lr', 'base_momentum', 'max_momentum')]
        keys = 'end_step', 'start_lr', 'end_lr', 'start_momentum', 'end_momentum'
        self._schedule_phases = [dict(zip(keys, phase)) for phase in phases]
        rows = zip(optimizer.param_groups, _per_group(optimizer, max_lr, 'max_lr'),
                   _per_group(optimizer, max_momentum, 'max_momentum'),
                   _per_group(optimizer, base_momentum, 'base_momentum'))
        for group, lr, most, least in rows if last_epoch == -1 else ():
            start = lr / div_factor
            group.update(initial_lr=start, max_lr=lr, min_lr=start / final_div_factor)
            if cycle_momentum:
                group.update(max_momentum=most, base_momentum=least)
        super().__init__(optimizer, last_epoch)

    def rate(self, group, epoch):
        if epoch > self.total_steps:
            raise ValueError(f'Tried to step {epoch} times. The specified number of total steps is '
                             f'{self.total_steps}: the cycle is over. Give it more, or stop')
        begin = 0
        for phase in self._schedule_phases:
            if epoch <= phase['end_step'] or phase is self._schedule_phases[-1]:
                break
            begin = phase['end_step']
        share = (epoch - begin) / (phase['end_step'] - begin)
        if self._anneal_func_type == 'cos':
            share = (1 - math.cos(math.pi * share)) / 2

        def between(what):
            start, end = group[phase[f'start_{what}']], group[phase[f'end_{what}']]
            return start + share * (end - start)

        if self.cycle_momentum and self.use_beta1:
            group['betas'] = (between('momentum'), *group['betas'][1:])
        elif self.cycle_momentum:
            group['momentum'] = between('momentum')
        return between('lr')


class SequentialLR(LRScheduler):
    """One scheduler after the other; at each of the milestones the next takes over, at its start.

    >>> from tinygrad_adam.optim import SGD, lr_scheduler
    >>> from tinygrad_adam import nn
    >>> optimizer = SGD(nn.Linear(2, 1).parameters(), lr=1.0)
    >>> warm_up = lr_scheduler.LinearLR(optimizer, start_factor=0.5, total_iters=2)
    >>> decay = lr_scheduler.ExponentialLR(optimizer, gamma=0.1)
    >>> scheduler, rates = lr_scheduler.SequentialLR(optimizer, [warm_up, decay], [2]), []
    >>> for epoch in range(4):
    ...     rates += scheduler.get_last_lr()
    ...     optimizer.step()
    ...     scheduler.step()
    >>> rates
    [0.5, 0.75, 1.0, 0.1]
    """

    def __init__(self, optimizer: Optimizer, schedulers: list, milestones: list,
                 last_epoch: int = -1) -> None:
        for i, scheduler in enumerate(schedulers):
            if isinstance(scheduler, ReduceLROnPlateau):
                raise ValueError('SequentialLR does not support `ReduceLROnPlateau`, as number '
                                 f'{i}: its step() needs a metric. Step it by itself')
            if scheduler.optimizer is not optimizer:
                raise ValueError('SequentialLR expects all schedulers to belong to the same '
                                 f'optimizer, but number {i} has another. Make them with this one')
        if len(milestones) != len(schedulers) - 1:
            raise ValueError('SequentialLR expects one scheduler more than milestones, but got '
                             f'{len(schedulers)} and {len(milestones)}: a milestone is where one '
                             'follows another. Leave some out')
        self.optimizer, self.schedulers, self._milestones = optimizer, schedulers, milestones
        self.last_epoch = last_epoch + 1
        for group in optimizer.param_groups:
            group['lr'] = group['initial_lr']
        for scheduler in schedulers:   # undo the step that each took when it was made
            scheduler.last_epoch -= 1
        first = schedulers[bisect_right(milestones, 0)]
        first.start()
        self._last_lr = first.get_last_lr()

    def step(self) -> None:
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self.schedulers[i]
        if i > 0 and self._milestones[i - 1] == self.last_epoch:
            for group, lr in zip(self.optimizer.param_groups, scheduler.base_lrs):
                group['lr'] = lr
            scheduler.last_epoch = -1
            scheduler.advance()
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()

    def state_dict(self) -> dict:
        state = super().state_dict()
        del state['schedulers']
        return {**state, '_schedulers': [one.state_dict() for one in self.schedulers]}

    def load_state_dict(self, state_dict: dict) -> None:
        state = dict(state_dict)
        for scheduler, saved in zip(self.schedulers, state.pop('_schedulers')):
            scheduler.load_state_dict(saved)
        super().load_state_dict(state)


class ReduceLROnPlateau(LRScheduler):
    """Times factor when a metric has not improved for more than `patience` epochs.

    step(metric) is called after validation. mode 'min' (a loss) or 'max' (an accuracy); better
    means by a share ('rel') or an amount ('abs') of at least threshold. For `cooldown` epochs after
    a reduction it does not count; no rate goes below min_lr, or changes by less than eps.
    """

    def __init__(self, optimizer: Optimizer, mode: str = 'min', factor: float = 0.1,
                 patience: int = 10, threshold: float = 1e-4, threshold_mode: str = 'rel',
                 cooldown: int = 0, min_lr: float = 0, eps: float = 1e-8) -> None:
        if factor >= 1:
            raise ValueError(f'Factor should be < 1.0, not {factor}: it reduces. Write factor=0.1')
        for name, value, known in (('mode', mode, ('min', 'max')),
                                   ('threshold mode', threshold_mode, ('rel', 'abs'))):
            if value not in known:
                raise ValueError(f'{name} {value} is unknown! It says what is better. Write one of '
                                 f'{known}')
        self.optimizer = _checked(optimizer)
        self.mode, self.factor, self.patience, self.threshold = mode, factor, patience, threshold
        self.threshold_mode, self.cooldown, self.eps = threshold_mode, cooldown, eps
        self.min_lrs = _per_group(optimizer, min_lr, 'min_lr')
        self.best = math.inf if mode == 'min' else -math.inf
        self.last_epoch = self.cooldown_counter = self.num_bad_epochs = 0
        self._last_lr = [group['lr'] for group in optimizer.param_groups]

    def step(self, metrics: float) -> None:
        """Take note of the metric of one more epoch; reduce the learning rates if it is time."""
        self.last_epoch += 1
        current = float(metrics)
        if self._better(current):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        rates = [group['lr'] for group in self.optimizer.param_groups]
        if self.num_bad_epochs > self.patience:
            lower = [max(lr * self.factor, least) for lr, least in zip(rates, self.min_lrs)]
            rates = [new if lr - new > self.eps else lr for lr, new in zip(rates, lower)]
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._set(rates)

    def _better(self, current):
        sign = 1 if self.mode == 'max' else -1
        least = (self.best * (1 + sign * self.threshold) if self.threshold_mode == 'rel'
                 else self.best + sign * self.threshold)
        return sign * current > sign * least


def _checked(optimizer):
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f'{type(optimizer).__name__} is not an Optimizer, so it has no learning '
                        'rates to set. Pass the optimizer, not the model')
    return optimizer


def _per_group(optimizer, value, name):
    """The value for each parameter group, if it is no list of them already."""
    count = len(optimizer.param_groups)
    values = list(value) if isinstance(value, (list, tuple)) else [value] * count
    if len(values) != count:
        raise ValueError(f'{name} must have the same length as optimizer.param_groups: expected '
                         f'{count} {name}, got {len(values)}. Give one for each, or one for all')
    return values
