"""What all optimizers share: the loop over the parameters, their groups and their state.

An optimizer consists of its defaults and one method, the rule:

>>> import numpy as np, tinygrad_adam as torch
>>> class SignSGD(torch.optim.Optimizer):
...     def __init__(self, params, lr=1e-3):
...         super().__init__(params, dict(lr=lr))
...     def update(self, p, g, state, t, lr, **_):
...         p -= lr * np.sign(g)
"""
from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any, Callable, Dict, Iterable, Tuple, Union

import numpy as np

from ..autograd import enable_grad, increment_version
from .._functions.creation import zeros, zeros_like
from .._tensor import Tensor
from . import _errors as errors
from ._checks import IN_PLACE, Checks, checked_update, decay_rates, nonnegative
from ._flat import Count, FlatBuffers, one_by_one, uninterrupted
from ._groups import ParamGroups

Array = np.ndarray[Any, Any]
ParamsT = Union[Iterable[Tensor], Iterable[Tuple[str, Tensor]], Iterable[Dict[str, Any]]]


class Optimizer(ParamGroups):
    """Moves parameters by the rule that a subclass states in `update`.

    params    Tensors, pairs (name, Tensor), or groups {'params': [...], 'lr': ...}
    defaults  the hyper-parameters of groups that do not set their own

    `param_groups`, a list of dicts, may be edited between steps, as schedulers do. `state[p]` holds
    the state arrays of p, under PyTorch's names. A rule is called for one whole parameter at a
    time, unless its class says `elementwise = True`: the rule treats all elements alike and
    separately. Then many small parameters are updated in one call, and large ones in several.
    https://docs.pytorch.org/docs/2.13/optim.html (a page for each class)
    """

    slots: tuple[str, ...] = ()           # names of state arrays, of the parameter's shape
    optional_slots: dict[str, str] = {}   # {name: the hyper-parameter that switches it on}
    elementwise: bool = False             # of the rule in the same class
    checks: Checks = {                    # of hyper-parameters, each by its name; in _checks.py
        'lr': nonnegative, 'betas': decay_rates, 'eps': nonnegative, 'momentum': nonnegative,
        'weight_decay': nonnegative}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        rule = next(c for c in cls.__mro__ if {'update', 'elementwise'} & vars(c).keys())
        cls.elementwise = vars(rule).get('elementwise', False)   # a new rule must set it again

    def __init__(self, params: ParamsT, defaults: dict[str, Any]) -> None:
        if isinstance(params, Tensor) or not hasattr(params, '__iter__'):
            raise errors.not_parameters(params)
        for name, check in self.checks.items():
            if name in defaults:
                check(name, defaults[name])
        self.defaults = defaults
        self.state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        self.has_stepped: bool = False
        self._buffers = FlatBuffers()
        groups: list[Any] = list(params)
        if not groups:
            raise errors.no_parameters()
        for group in groups if isinstance(groups[0], dict) else [{'params': groups}]:
            self.add_param_group(group)

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int,
               *args: Any, **hyper: Any) -> None:
        """The rule: change p and the arrays of state in place.

        p      the parameter; if elementwise, a block of a large one, or several small ones in one
        g      its gradient, read-only; maximize and weight_decay are in it already
        state  {name: array} for the slots: zeros before the first step
        t      the number of this step, from 1
        hyper  the other hyper-parameters, by name
        """
        raise errors.no_rule(self)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update the parameters that have a gradient; the others are skipped, and count no step.

        closure  recomputes the loss and its gradients; the loss is returned
        """
        loss = None
        if closure:
            with enable_grad():
                loss = closure()
        self.has_stepped = True
        uninterrupted(self._step)
        return loss

    def _step(self) -> None:
        for group in self.param_groups:
            hyper = {name: x.item() if hasattr(x := group[name], 'item') else x
                     for name in self.defaults}    # Python numbers do not widen float32
            slots = [*self.slots, *[name for name, on in self.optional_slots.items() if hyper[on]]]
            entries = [(p, g, self.state[p]) for p in group['params'] if (g := p.grad) is not None]
            alike = defaultdict(list)    # {count: entries with these arguments}
            for entry, count in zip(entries, self._count(entries, hyper)):
                p, _, state = entry
                for name in slots:
                    if name not in state:
                        state[name] = self._initial(p)
                alike[count].append(entry)
                increment_version(p)
            for_each = self._buffers.for_each if self.elementwise else one_by_one
            for count, some in alike.items():
                for_each(some, slots, partial(self._move, slots, **hyper, **dict(count)))

    def _count(self, entries: list[Any], hyper: dict[str, Any]) -> list[Count]:
        """Count this step of each parameter; returns what `update` is to know of it, as pairs."""
        counts: list[Count] = []
        for _, _, state in entries:
            if 'step' not in state:
                state['step'] = zeros(())
            step = state['step'].numpy(force=True)
            step[...] = t = int(step) + 1
            counts.append((('t', t),))
        return counts

    def _initial(self, p: Tensor) -> Tensor:
        """A state array of parameter p before the first step."""
        return zeros_like(p)

    def _move(self, slots: list[str], arrays: list[Array], /, t: int, maximize: bool = False,
              weight_decay: float = 0, decoupled_weight_decay: bool = False, **hyper: Any) -> None:
        """Apply the rule to [parameter, gradient, *state arrays]."""
        p, g, *states = arrays
        if maximize:
            g = np.asarray(-g)    # results from 0-d arrays are no arrays
        if weight_decay and decoupled_weight_decay:
            p *= 1 - hyper['lr'] * weight_decay
        elif weight_decay:
            g = np.asarray(g + weight_decay * p, p.dtype)
        g.setflags(write=False)
        update = self.update if type(self) in IN_PLACE else partial(checked_update, self)
        update(p, g, dict(zip(slots, states)), t, **hyper)
        if t % 64 == 0 and hyper.get('eps'):
            # Denormal numbers, which remain of a mean when its gradients have become 0, make some
            # processors several times slower; compared with eps they are nothing.
            for array in states:
                array[np.abs(array) < np.finfo(array.dtype).tiny] = 0

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Reset the gradients.

        set_to_none  True: to None; False: to zeros in the same memory
        """
        for group in self.param_groups:
            for p in group['params']:
                p.grad = None if set_to_none or p.grad is None else p.grad.detach_().zero_()
