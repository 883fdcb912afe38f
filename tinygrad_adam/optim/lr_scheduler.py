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

Most rules compute the rate from the one before, so that several schedulers can act on one
optimizer. https://docs.pytorch.org/docs/2.13/optim.html#how-to-adjust-learning-rate
"""
from __future__ import annotations

import math
import warnings
from bisect import bisect_right
from collections import Counter
from types import FunctionType
from typing import Any, Callable, Iterable, Sequence

from .._tensor import Tensor
from . import _errors as errors
from .optimizer import Optimizer


class LRScheduler:
    """Sets the learning rates for `last_epoch`, which counts the calls of step().

    optimizer   whose learning rates are set
    last_epoch  -1 starts the schedule; a later epoch resumes there, and the optimizer must have
                loaded a state that holds 'initial_lr'

    A subclass defines get_lr(); those of this file only the rate of one group, in `_rate`.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer: Optimizer = _checked(optimizer)
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault('initial_lr', _own(group['lr']))
            elif 'initial_lr' not in group:
                raise errors.no_initial_lr(i, last_epoch)
        self.base_lrs: list[float] = _rates(optimizer, 'initial_lr')
        self.last_epoch: int = last_epoch
        self._initial_step()

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a parameter group at an epoch.

        group  of optimizer.param_groups; group['lr'] is the learning rate of the epoch before
        epoch  the number of the epoch, from 0
        """
        raise errors.no_schedule(self)

    def get_lr(self) -> list[float]:
        """The learning rates at last_epoch, by group."""
        return [self._rate(group, self.last_epoch) for group in self.optimizer.param_groups]

    def get_last_lr(self) -> list[float]:
        """The learning rates that were set last, by group."""
        return self._last_lr

    def _initial_step(self) -> None:
        """Set the first learning rates."""
        self._step_count, self._is_initial = 0, True
        self.step()
        self._is_initial = False

    def step(self, epoch: int | None = None) -> None:
        """Set the learning rates of the next epoch; call it after optimizer.step().

        epoch  deprecated: the epoch to go to; None is the next
        """
        if (self._step_count == 1 and not self.optimizer.has_stepped
                and type(self.optimizer).step is Optimizer.step):
            warnings.warn(errors.stepped_too_early(), stacklevel=2)
        self._step_count += 1
        if epoch is not None:
            warnings.warn(errors.epoch_is_deprecated(), stacklevel=2)
        self._update_lr(epoch)

    def _update_lr(self, epoch: int | None = None) -> None:
        """Set the learning rates of the next epoch, or of any other by the closed form."""
        rates = self.get_lr
        if epoch is not None:
            rates = getattr(self, '_get_closed_form_lr', rates)
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        self._set(rates())

    def _set(self, rates: list[float]) -> None:
        """Set the learning rates, by group."""
        for group, lr in _strict_zip(self.optimizer.param_groups, rates):
            _set_lr(group, lr)
        self._last_lr = _rates(self.optimizer)

    def state_dict(self) -> dict[str, Any]:
        """All but the optimizer, by name."""
        return {name: value for name, value in vars(self).items() if name != 'optimizer'}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from the state in state_dict; load the state of the optimizer as well."""
        vars(self).update(state_dict)


_LRScheduler = LRScheduler   # its old name


class LambdaLR(LRScheduler):
    """The initial rate times lr_lambda(epoch).

    optimizer   whose learning rates are set
    lr_lambda   a function of the epoch, or a list with one for each parameter group
    last_epoch  where to resume, as in LRScheduler

    The state omits functions, but includes callable objects of other classes.
    """

    def __init__(self, optimizer: Optimizer,
                 lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
                 last_epoch: int = -1) -> None:
        self.lr_lambdas: list[Any] = _per_group(optimizer, lr_lambda, 'lr_lambdas')
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at last_epoch, by group."""
        return [lr * scale(self.last_epoch) for lr, scale in zip(self.base_lrs, self.lr_lambdas)]

    def state_dict(self) -> dict[str, Any]:
        """All but the optimizer and functions, by name."""
        return {**super().state_dict(),
                'lr_lambdas': [None if isinstance(scale, FunctionType) else dict(vars(scale))
                               for scale in self.lr_lambdas]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from the state in state_dict, with the present functions."""
        super().load_state_dict({**state_dict, 'lr_lambdas': self.lr_lambdas})
        for scale, saved in zip(self.lr_lambdas, state_dict['lr_lambdas']):
            vars(scale).update(saved or {})


class MultiplicativeLR(LambdaLR):
    """The rate is multiplied by lr_lambda(epoch) at each epoch but the first.

    optimizer   whose learning rates are set
    lr_lambda   a function of the epoch, or a list with one for each parameter group
    last_epoch  where to resume, as in LRScheduler

    The state omits functions, but includes callable objects of other classes.
    """

    def __init__(self, optimizer: Optimizer,
                 lr_lambda: Callable[[int], float] | Sequence[Callable[[int], float]],
                 last_epoch: int = -1) -> None:
        for factor in _per_group(optimizer, lr_lambda, 'lr_lambdas'):
            if not callable(factor):
                raise errors.no_function_of_the_epoch(factor)
        super().__init__(optimizer, lr_lambda, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at last_epoch, by group."""
        rates = _rates(self.optimizer)
        if self._is_initial:
            return rates
        return [lr * factor(self.last_epoch) for lr, factor in zip(rates, self.lr_lambdas)]


class StepLR(LRScheduler):
    """The rate is multiplied by gamma after every step_size epochs.

    optimizer   whose learning rates are set
    step_size   number of epochs between two changes
    gamma       the factor
    last_epoch  where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1,
                 last_epoch: int = -1) -> None:
        self.step_size: int = step_size
        self.gamma: float = gamma
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        return group['lr'] * self.gamma if epoch and epoch % self.step_size == 0 else group['lr']

    def _get_closed_form_lr(self) -> list[float]:
        return [lr * self.gamma**(self.last_epoch // self.step_size) for lr in self.base_lrs]


class MultiStepLR(LRScheduler):
    """The rate is multiplied by gamma at each of the milestones.

    optimizer   whose learning rates are set
    milestones  epochs, in any order; one that is listed twice counts twice
    gamma       the factor
    last_epoch  where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1,
                 last_epoch: int = -1) -> None:
        self.milestones: Counter[int] = Counter(milestones)
        self.gamma: float = gamma
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        return group['lr'] * self.gamma**self.milestones[epoch]

    def _get_closed_form_lr(self) -> list[float]:
        passed = bisect_right(sorted(self.milestones.elements()), self.last_epoch)
        return [lr * self.gamma**passed for lr in self.base_lrs]


class ExponentialLR(LRScheduler):
    """The rate is multiplied by gamma every epoch.

    optimizer   whose learning rates are set
    gamma       the factor
    last_epoch  where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma: float = gamma
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        return group['lr'] if self._is_initial else group['lr'] * self.gamma

    def _get_closed_form_lr(self) -> list[float]:
        return [lr * self.gamma**self.last_epoch for lr in self.base_lrs]


class ConstantLR(LRScheduler):
    """The rate is multiplied by factor for total_iters epochs.

    optimizer    whose learning rates are set
    factor       in [0, 1]
    total_iters  number of epochs after which the rate is the initial one
    last_epoch   where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5,
                 last_epoch: int = -1) -> None:
        if not 0 <= factor <= 1:
            raise errors.constant_factor(factor)
        self.factor: float = factor
        self.total_iters: int = total_iters
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        if epoch == 0:
            return group['lr'] * self.factor
        return group['lr'] * (1 / self.factor) if epoch == self.total_iters else group['lr']

    def _get_closed_form_lr(self) -> list[float]:
        factor = 1 if self.last_epoch >= self.total_iters else self.factor
        return [lr * factor for lr in self.base_lrs]


class LinearLR(LRScheduler):
    """The rate is multiplied by a factor that changes linearly: a warm-up.

    optimizer     whose learning rates are set
    start_factor  the factor at epoch 0, in (0, 1]
    end_factor    the factor from epoch total_iters on, in [0, 1]
    total_iters   number of epochs from one to the other
    last_epoch    where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0,
                 total_iters: int = 5, last_epoch: int = -1) -> None:
        if not 0 < start_factor <= 1:
            raise errors.start_factor(start_factor)
        if not 0 <= end_factor <= 1:
            raise errors.end_factor(end_factor)
        self.start_factor: float = start_factor
        self.end_factor: float = end_factor
        self.total_iters: int = total_iters
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        if epoch == 0:
            return group['lr'] * self.start_factor
        if self._is_initial or epoch > self.total_iters:
            return group['lr']
        rise = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor + (epoch - 1) * rise
        return group['lr'] * (1 + rise / before)

    def _get_closed_form_lr(self) -> list[float]:
        fraction = min(self.total_iters, self.last_epoch) / self.total_iters
        factor = self.start_factor + (self.end_factor - self.start_factor) * fraction
        return [lr * factor for lr in self.base_lrs]


class PolynomialLR(LRScheduler):
    """Down to 0 in total_iters epochs, along (1 - epoch / total_iters)^power.

    optimizer    whose learning rates are set
    total_iters  number of epochs after which the rate is 0
    power        1: along a line; above 1: faster at first
    last_epoch   where to resume, as in LRScheduler
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0,
                 last_epoch: int = -1) -> None:
        self.total_iters: int = total_iters
        self.power: float = power
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        if self._is_initial or epoch > self.total_iters:
            return group['lr']
        left, before = [1 - n / self.total_iters for n in (epoch, epoch - 1)]
        return group['lr'] * (left / before)**self.power

    def _get_closed_form_lr(self) -> list[float]:
        left = 1 - min(self.total_iters, self.last_epoch) / self.total_iters
        return [lr * left**self.power for lr in self.base_lrs]


class CosineAnnealingLR(LRScheduler):
    """Down to eta_min in T_max epochs along half a cosine, and up again.

    optimizer   whose learning rates are set
    T_max       number of epochs on the way down
    eta_min     the lowest rate
    last_epoch  where to resume, as in LRScheduler

    Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5, without restarts
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0,
                 last_epoch: int = -1) -> None:
        self.T_max: int = T_max
        self.eta_min: float = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at last_epoch, by group."""
        rates, epoch = _rates(self.optimizer), self.last_epoch
        if self._is_initial:
            return rates
        if (epoch - 1 - self.T_max) % (2 * self.T_max) == 0:   # just above the lowest point
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            return [lr + (base_lr - self.eta_min) * rise
                    for lr, base_lr in _strict_zip(rates, self.base_lrs)]
        before, now = [1 + math.cos(math.pi * n / self.T_max) for n in (epoch - 1, epoch)]
        return [now / before * (lr - self.eta_min) + self.eta_min for lr in rates]

    def _get_closed_form_lr(self) -> list[float]:
        height = (1 + math.cos(math.pi * self.last_epoch / self.T_max)) / 2
        return [self.eta_min + (lr - self.eta_min) * height for lr in self.base_lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    """Down to eta_min along half a cosine; then at once up again, and so on.

    optimizer   whose learning rates are set
    T_0         number of epochs until the first restart
    T_mult      each way down takes T_mult times as many epochs as the one before
    eta_min     the lowest rate
    last_epoch  where to resume, as in LRScheduler

    Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0,
                 last_epoch: int = -1) -> None:
        for name, value in (('T_0', T_0), ('T_mult', T_mult)):
            if not isinstance(value, int) or value <= 0:
                raise errors.not_a_number_of_epochs(name, value)
        if not isinstance(eta_min, (float, int)):
            raise errors.no_lowest_rate(eta_min)
        self.T_0: int = T_0
        self.T_i: int = T_0
        self.T_mult: int = T_mult
        self.eta_min: float = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at T_cur of T_i epochs, by group."""
        height = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (lr - self.eta_min) * height for lr in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:   # type: ignore[override]
        """Set the learning rates of the next epoch, or of any other.

        epoch  where to go, also between two epochs: step(epoch + i / len(loader)) after batch i
        """
        if epoch is None and self.last_epoch >= 0:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur, self.T_i = self.T_cur % self.T_i, self.T_i * self.T_mult
        else:
            epoch = epoch or 0
            if epoch < 0:
                raise errors.negative_epoch(epoch)
            if self.T_mult == 1:
                self.T_cur = epoch % self.T_0
            elif epoch < self.T_0:
                self.T_cur, self.T_i = epoch, self.T_0      # an integer stays one
            else:
                growth = epoch / self.T_0 * (self.T_mult - 1) + 1
                longer = self.T_mult**int(math.log(growth, self.T_mult))
                self.T_i = self.T_0 * longer
                self.T_cur = epoch - self.T_0 * (longer - 1) / (self.T_mult - 1)
        self.last_epoch: int = math.floor(epoch)
        self._set(self.get_lr())


class CyclicLR(LRScheduler):
    """Up from base_lr to max_lr along a line, down again, and so on; momentum mirrors it.

    Step it after every batch, not every epoch.

    optimizer       whose learning rates are set
    base_lr         the lowest rate, or a list with one for each parameter group
    max_lr          the highest rate, or a list with one for each parameter group
    step_size_up    number of batches on the way up
    step_size_down  number of batches on the way down; None: step_size_up
    mode            'triangular': every cycle is as high; 'triangular2': half as high as the one
                    before; 'exp_range': gamma times as high with every batch
    gamma           the factor of 'exp_range'
    scale_fn        a function for the height, in place of mode: of the number of the cycle, from 1,
                    or of the batch
    scale_mode      'cycle' or 'iterations': of what scale_fn is a function
    cycle_momentum  also change momentum (or beta1), in the opposite direction
    base_momentum   the lowest momentum, or a list with one for each group
    max_momentum    the highest momentum, or a list with one for each group
    last_epoch      number of the batch at which to resume, as in LRScheduler

    The state omits scale_fn. Smith 2017, arXiv 1506.01186
    """

    def __init__(self, optimizer: Optimizer, base_lr: float | Sequence[float],
                 max_lr: float | Sequence[float], step_size_up: int = 2000,
                 step_size_down: int | None = None, mode: str = 'triangular', gamma: float = 1.0,
                 scale_fn: Callable[[float], float] | None = None, scale_mode: str = 'cycle',
                 cycle_momentum: bool = True, base_momentum: float | Sequence[float] = 0.8,
                 max_momentum: float | Sequence[float] = 0.9, last_epoch: int = -1) -> None:
        if mode not in ('triangular', 'triangular2', 'exp_range') and scale_fn is None:
            raise errors.unknown_cycle(mode)
        names = _checked(optimizer).defaults.keys() & {'momentum', 'betas'}
        if cycle_momentum and not names:
            raise errors.no_momentum_to_cycle(optimizer)
        base_lrs = _per_group(optimizer, base_lr, 'base_lr')
        self.max_lrs: list[float] = _per_group(optimizer, max_lr, 'max_lr')
        down = step_size_up if step_size_down is None else step_size_down
        self.total_size: float = float(step_size_up + down)
        self.step_ratio: float = step_size_up / self.total_size
        self.mode: str = mode
        self.gamma: float = gamma
        self._scale_fn_custom = scale_fn
        if scale_fn is None:
            scale_mode = 'iterations' if mode == 'exp_range' else 'cycle'
        self.scale_mode: str = scale_mode
        self.cycle_momentum: bool = cycle_momentum
        if cycle_momentum:
            self.use_beta1: bool = 'betas' in names
            self.base_momentums: list[float] = _per_group(optimizer, base_momentum, 'base_momentum')
            self.max_momentums: list[float] = _per_group(optimizer, max_momentum, 'max_momentum')
        for i, group in enumerate(optimizer.param_groups if last_epoch == -1 else ()):
            _set_lr(group, base_lrs[i])
            if cycle_momentum:
                group.update(max_momentum=self.max_momentums[i],
                             base_momentum=self.base_momentums[i])
        super().__init__(optimizer, last_epoch)
        self.base_lrs: list[float] = base_lrs

    def scale_fn(self, x: float) -> float:
        """The height of the cycle, as a fraction.

        x  the number of the cycle, from 1, or of the batch
        """
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        return {'triangular': 1.0, 'triangular2': 2.0**(1 - x),
                'exp_range': self.gamma**x}[self.mode]

    def get_lr(self) -> list[float]:
        """The learning rates at last_epoch, by group; also sets the momenta."""
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1 + self.last_epoch / self.total_size - cycle
        height = (x / self.step_ratio if x <= self.step_ratio else
                  (x - 1) / (self.step_ratio - 1))
        height *= self.scale_fn(cycle if self.scale_mode == 'cycle' else self.last_epoch)
        for group, least, most in zip(self.optimizer.param_groups, self.base_momentums,
                                      self.max_momentums) if self.cycle_momentum else ():
            _set_momentum(group, most - (most - least) * height, self.use_beta1)
        return [least + (most - least) * height
                for least, most in zip(self.base_lrs, self.max_lrs)]

    def state_dict(self) -> dict[str, Any]:
        """All but the optimizer, by name; of scale_fn only what is not a function."""
        scale = self._scale_fn_custom
        plain = scale is None or isinstance(scale, FunctionType)
        return {**super().state_dict(), '_scale_fn_custom': None if plain else dict(vars(scale))}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from the state in state_dict, with the present scale_fn."""
        scale = self._scale_fn_custom
        super().load_state_dict({**state_dict, '_scale_fn_custom': scale})
        if state_dict['_scale_fn_custom'] is not None:
            vars(scale).update(state_dict['_scale_fn_custom'])


class OneCycleLR(LRScheduler):
    """From max_lr / div_factor up to max_lr, then down far below the start; momentum mirrors it.

    Step it after every batch, not every epoch.

    optimizer         whose learning rates are set
    max_lr            the highest rate, or a list with one for each parameter group
    total_steps       number of batches in the cycle; if None, epochs * steps_per_epoch
    epochs            number of epochs in the cycle
    steps_per_epoch   number of batches in an epoch
    pct_start         fraction of the cycle in which the rate rises, in [0, 1]
    anneal_strategy   'cos' or 'linear': the shape of the rise and fall
    cycle_momentum    also change momentum (or beta1), in the opposite direction
    base_momentum     the lowest momentum, or a list with one for each group
    max_momentum      the highest momentum, or a list with one for each group
    div_factor        the first rate is max_lr / div_factor
    final_div_factor  the last rate is the first one / final_div_factor
    three_phase       fall to the first rate as fast as it rose; a third phase falls to the last
    last_epoch        number of the batch at which to resume, as in LRScheduler

    Smith and Topin 2018, arXiv 1708.07120
    """

    def __init__(self, optimizer: Optimizer, max_lr: float | Sequence[float],
                 total_steps: int | None = None, epochs: int | None = None,
                 steps_per_epoch: int | None = None, pct_start: float = 0.3,
                 anneal_strategy: str = 'cos', cycle_momentum: bool = True,
                 base_momentum: float | Sequence[float] = 0.85,
                 max_momentum: float | Sequence[float] = 0.95, div_factor: float = 25.0,
                 final_div_factor: float = 1e4, three_phase: bool = False,
                 last_epoch: int = -1) -> None:
        given: dict[str, Any] = {'total_steps': total_steps}
        if total_steps is None:
            given = {'epochs': epochs, 'steps_per_epoch': steps_per_epoch}
        if None in given.values():
            raise errors.no_end_of_cycle()
        for name, value in given.items():
            if not isinstance(value, int) or value <= 0:
                raise errors.not_a_positive_integer(name, value)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise errors.fraction_of_the_cycle(pct_start)
        if anneal_strategy not in ('cos', 'linear'):
            raise errors.unknown_strategy(anneal_strategy)
        names = _checked(optimizer).defaults.keys() & {'momentum', 'betas'}
        if cycle_momentum and not names:
            raise errors.no_momentum_to_cycle(optimizer)
        self.total_steps: int = math.prod(given.values())
        self._anneal_func_type = anneal_strategy
        self.cycle_momentum: bool = cycle_momentum
        if cycle_momentum:
            self.use_beta1: bool = 'betas' in names
        up = pct_start * self.total_steps - 1
        phases = [(up, 'initial_lr', 'max_lr', 'max_momentum', 'base_momentum')]
        if three_phase:
            phases += [(2 * up, 'max_lr', 'initial_lr', 'base_momentum', 'max_momentum'),
                       (self.total_steps - 1, 'initial_lr', 'min_lr', 'max_momentum',
                        'max_momentum')]
        else:
            phases += [(self.total_steps - 1, 'max_lr', 'min_lr', 'base_momentum', 'max_momentum')]
        keys = 'end_step', 'start_lr', 'end_lr', 'start_momentum', 'end_momentum'
        self._schedule_phases: list[dict[str, Any]] = [dict(zip(keys, phase)) for phase in phases]
        rows = zip(optimizer.param_groups, _per_group(optimizer, max_lr, 'max_lr'),
                   _per_group(optimizer, max_momentum, 'max_momentum'),
                   _per_group(optimizer, base_momentum, 'base_momentum'))
        for group, lr, most, least in rows if last_epoch == -1 else ():
            start = lr / div_factor
            group.update(initial_lr=start, max_lr=lr, min_lr=start / final_div_factor)
            if cycle_momentum:
                group.update(max_momentum=most, base_momentum=least)
        super().__init__(optimizer, last_epoch)

    def _rate(self, group: dict[str, Any], epoch: int) -> float:
        """The learning rate of a group at an epoch, as in LRScheduler."""
        if epoch > self.total_steps:
            raise errors.cycle_is_over(epoch, self.total_steps)
        begin, (*earlier, phase) = 0, self._schedule_phases
        for one in earlier:
            if epoch <= one['end_step']:
                phase = one
                break
            begin = one['end_step']
        fraction = (epoch - begin) / (phase['end_step'] - begin)
        if self._anneal_func_type == 'cos':
            fraction = (1 - math.cos(math.pi * fraction)) / 2

        def between(what: str) -> float:
            start, end = group[phase[f'start_{what}']], group[phase[f'end_{what}']]
            return start + fraction * (end - start)

        if self.cycle_momentum:
            _set_momentum(group, between('momentum'), self.use_beta1)
        return between('lr')


class _Several(LRScheduler):
    """What schedulers made of others have in common: `_schedulers`, and their states."""

    def _of(self, optimizer: Optimizer | None, schedulers: Sequence[LRScheduler]) -> None:
        name = type(self).__name__
        if not schedulers:
            raise errors.no_schedulers(name)
        for i, scheduler in enumerate(schedulers):
            if not hasattr(scheduler, 'optimizer'):
                raise errors.not_a_scheduler(name, i, scheduler)
            if isinstance(scheduler, ReduceLROnPlateau):
                raise errors.plateau_among_several(name, i)
            if scheduler.optimizer is not (optimizer or schedulers[0].optimizer):
                raise errors.scheduler_of_another(name, i)
        self.optimizer: Optimizer = optimizer or schedulers[0].optimizer
        self._schedulers: Sequence[LRScheduler] = schedulers

    def state_dict(self) -> dict[str, Any]:
        """All but the optimizer, by name; the states of the schedulers are in it."""
        return {**super().state_dict(),
                '_schedulers': [scheduler.state_dict() for scheduler in self._schedulers]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from the state in state_dict; load the state of the optimizer as well."""
        super().load_state_dict({**state_dict, '_schedulers': self._schedulers})
        for scheduler, saved in zip(self._schedulers, state_dict['_schedulers']):
            scheduler.load_state_dict(saved)


class SequentialLR(_Several):
    """One scheduler after the other; at each of the milestones the next takes over, at its start.

    optimizer   whose learning rates are set
    schedulers  made with this optimizer; no ReduceLROnPlateau
    milestones  increasing epochs, one fewer than schedulers
    last_epoch  one less than where the count of epochs starts

    Only the first of the schedulers can be a sequence itself: the others must be able to restart at
    their epoch 0, for which a sequence has no formula (NotImplementedError).

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

    def __init__(self, optimizer: Optimizer, schedulers: list[LRScheduler],
                 milestones: list[int], last_epoch: int = -1) -> None:
        self._of(optimizer, schedulers)
        if len(milestones) != len(schedulers) - 1:
            raise errors.other_number_of_milestones(len(schedulers), len(milestones))
        self._milestones = milestones
        self.last_epoch: int = last_epoch + 1
        for group in optimizer.param_groups:
            _set_lr(group, group['initial_lr'])
        _undo_first_step(self)
        first = schedulers[bisect_right(milestones, 0)]
        first._initial_step()
        self._last_lr = first.get_last_lr()

    def step(self) -> None:   # type: ignore[override]
        """Set the learning rates of the next epoch; call it after optimizer.step()."""
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[i]
        if i > 0 and self._milestones[i - 1] == self.last_epoch:
            scheduler._update_lr(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


def _undo_first_step(scheduler: LRScheduler) -> None:
    """Undo the epoch that a scheduler, or each one in it, counted when it was created."""
    for one in getattr(scheduler, '_schedulers', ()):
        _undo_first_step(one)
    if not hasattr(scheduler, '_schedulers'):
        scheduler.last_epoch -= 1


class ChainedScheduler(_Several):
    """Several schedulers stepped together: their factors multiply.

    schedulers  made with one optimizer; no ReduceLROnPlateau
    optimizer   whose learning rates are set; None is that of the schedulers
    """

    def __init__(self, schedulers: Sequence[LRScheduler],
                 optimizer: Optimizer | None = None) -> None:
        self._of(optimizer, schedulers)
        self._last_lr = _rates(self.optimizer)

    def step(self) -> None:   # type: ignore[override]
        """Set the learning rates of the next epoch; call it after optimizer.step()."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = _rates(self.optimizer)


class ReduceLROnPlateau(LRScheduler):
    """Multiplies the rate by factor when the metric passed to step(metric) stops improving.

    optimizer       whose learning rates are set
    mode            'min': lower is better, as for a loss; 'max': higher is, as for an accuracy
    factor          less than 1
    patience        number of epochs without improvement that pass before the rate is reduced
    threshold       by how much the metric must improve on the best one
    threshold_mode  'rel': threshold is a fraction of the best; 'abs': it is a difference
    cooldown        number of epochs after a reduction in which none is counted as bad
    min_lr          no rate goes below it; a list has one for each parameter group
    eps             a rate is left as it is if it would change by no more than this
    """

    def __init__(self, optimizer: Optimizer, mode: str = 'min', factor: float = 0.1,
                 patience: int = 10, threshold: float = 1e-4, threshold_mode: str = 'rel',
                 cooldown: int = 0, min_lr: float | Sequence[float] = 0, eps: float = 1e-8) -> None:
        if factor >= 1:
            raise errors.plateau_factor(factor)
        for name, value, known in (('mode', mode, ('min', 'max')),
                                   ('threshold mode', threshold_mode, ('rel', 'abs'))):
            if value not in known:
                raise errors.unknown_mode(name, value, known)
        self.optimizer: Optimizer = _checked(optimizer)
        self.mode: str = mode
        self.factor: float = factor
        self.patience: int = patience
        self.threshold: float = threshold
        self.threshold_mode: str = threshold_mode
        self.cooldown: int = cooldown
        self.eps: float = eps
        self.default_min_lr: Any = None if isinstance(min_lr, (list, tuple)) else min_lr
        self.min_lrs: list[float] = _per_group(optimizer, min_lr, 'min_lrs')
        self.mode_worse: float = math.inf if mode == 'min' else -math.inf
        self.best: float = self.mode_worse
        self.last_epoch: int = 0
        self.cooldown_counter: int = 0
        self.num_bad_epochs: int = 0
        self._last_lr = _rates(optimizer)

    def step(self, metrics: float | Tensor,  # type: ignore[override]
             epoch: int | None = None) -> None:
        """Record one more epoch; reduce the learning rates if it is time.

        metrics  what was measured: a number, or a tensor with one element
        epoch    deprecated: what last_epoch becomes; None is the next
        """
        current = float(metrics)
        if epoch is not None:
            warnings.warn(errors.epoch_is_deprecated(), stacklevel=2)
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        if self._better(current):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce_lr()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = _rates(self.optimizer)

    def _reduce_lr(self) -> None:
        groups = self.optimizer.param_groups
        if len(groups) != len(self.min_lrs):     # one was added since
            if self.default_min_lr is None:
                raise errors.no_min_lr_for_new_group(len(groups), len(self.min_lrs))
            self.min_lrs = [self.default_min_lr] * len(groups)
        for group, least in zip(groups, self.min_lrs):
            old = float(group['lr'])
            new = max(old * self.factor, least)
            if old - new > self.eps:
                _set_lr(group, new)

    def _better(self, current: float) -> bool:
        sign = 1 if self.mode == 'max' else -1
        least = (self.best * (1 + sign * self.threshold) if self.threshold_mode == 'rel'
                 else self.best + sign * self.threshold)
        return sign * current > sign * least


def _checked(optimizer: Optimizer) -> Optimizer:
    if not isinstance(optimizer, Optimizer):
        raise errors.not_an_optimizer(optimizer)
    return optimizer


def _rates(optimizer: Optimizer, name: str = 'lr') -> list[Any]:
    """The learning rate, or the value of another name, of each group."""
    return [_own(group[name]) for group in optimizer.param_groups]


def _own(value: Any) -> Any:
    """The value itself; a copy of a Tensor, which is changed in place."""
    return value.clone() if isinstance(value, Tensor) else value


def _set_lr(group: dict[str, Any], lr: Any) -> None:
    """Set the learning rate of a group; a Tensor is changed in place."""
    if isinstance(group['lr'], Tensor):
        group['lr'].fill_(lr)
    else:
        group['lr'] = lr


def _set_momentum(group: dict[str, Any], momentum: float, use_beta1: bool) -> None:
    """Set the momentum of a group, which some optimizers call beta1."""
    if use_beta1:
        group['betas'] = (momentum, *group['betas'][1:])
    else:
        group['momentum'] = momentum


def _strict_zip(groups: Sequence[Any], values: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """Pairs of a group, or something of it, and its value; ValueError if one lacks the other."""
    if len(groups) != len(values):
        raise errors.group_added_later(len(groups), len(values))
    return zip(groups, values)


def _per_group(optimizer: Optimizer, value: Any, name: str) -> list[Any]:
    """The value for each parameter group, if it is not a list of them already."""
    count = len(_checked(optimizer).param_groups)
    values = list(value) if isinstance(value, (list, tuple)) else [value] * count
    if len(values) != count:
        raise errors.other_length(name, count, len(values))
    return values
