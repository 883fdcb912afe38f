"""What all optimizers share: the loop over the parameters, their groups and their memory.

An optimizer is its defaults and one method, the rule:

>>> import numpy as np, tinygrad_adam as torch
>>> class SignSGD(torch.optim.Optimizer):
...     def __init__(self, params, lr=1e-3):
...         super().__init__(params, dict(lr=lr))
...     def update(self, p, g, state, t, lr, **_):
...         p -= lr * np.sign(g)

`p` is the parameter, `g` its gradient (read-only; maximize and weight decay are in it already),
`state` the arrays that `slots` names, `t` the number of this step from 1; hyper-parameters follow
by name. A rule changes `p` and `state` in place and element by element: it is applied to parts of
parameters, of large ones in several threads, and to several joined in one array, as is fastest
(blocks.py).
"""
from __future__ import annotations

import warnings
from collections import defaultdict
from copy import deepcopy
from typing import Any, Callable, Iterable, Optional

import numpy as np

from ..autograd import enable_grad, increment_version
from ..creation import zeros, zeros_like
from ..tensor import Tensor
from .blocks import Joined, free, joint, lots, pieces, put_back, share_out

ParamsT = Iterable  # of Tensors, (name, Tensor) pairs, or groups: dicts {'params': ..., 'lr': ...}


class Optimizer:
    """Moves parameters by the rule that a subclass states in `update`.

    `defaults` are the hyper-parameters of groups that do not set their own. `param_groups`, a list
    of dicts, may be edited between steps, as schedulers do. `state[p]` is what is remembered about
    p, under PyTorch's names: https://docs.pytorch.org/docs/2.13/optim.html (a page for each class)
    """

    slots: tuple = ()           # names of memories shaped like the parameter
    optional_slots: dict = {}   # more of them: {name: the hyper-parameter that switches it on}

    def __init__(self, params: ParamsT, defaults: dict, **unbuilt) -> None:
        if isinstance(params, Tensor):
            raise TypeError('params argument given to the optimizer should be an iterable of '
                            'Tensors or dicts, but got a Tensor; its rows are no leaves. Write [w]')
        _check(defaults)
        _refuse(unbuilt)
        self.defaults = defaults
        self.state: defaultdict = defaultdict(dict)
        self.param_groups: list[dict] = []
        self._joined: dict = {}   # {first parameter of a lot, or (name, this parameter): Joined}
        self.has_stepped = False
        groups = list(params)
        if not groups:
            raise ValueError('optimizer got an empty parameter list; nothing would be trained. '
                             'Pass a fresh model.parameters(): a used generator is empty')
        for group in groups if isinstance(groups[0], dict) else [{'params': groups}]:
            self.add_param_group(group)

    def update(self, p: np.ndarray, g: np.ndarray, state: dict, t: int, **hyper: Any) -> None:
        """The rule: given the gradient g, change p and the arrays of state in place."""
        raise NotImplementedError(f'{type(self).__name__} has no rule; define update(self, p, ...)')

    def step(self, closure: Optional[Callable] = None) -> Any:
        """Move the parameters that have a gradient; the others are skipped, not counted.

        closure, if given, computes the loss and its gradients anew; its loss is returned.
        """
        loss = None
        if closure:
            with enable_grad():
                loss = closure()
        self.has_stepped = True
        for group in self.param_groups:
            hyper = {name: _plain(group[name]) for name in self.defaults}
            counted = [(p, self._count(self.state[p], hyper)) for p in group['params']
                       if p.grad is not None]
            for lot, counts in lots(counted):
                self._move(lot, **hyper, **counts)
        return loss

    def _move(self, lot, t, maximize=False, weight_decay=0, decoupled_weight_decay=False, **hyper):
        names = [*self.slots, *(name for name, on in self.optional_slots.items() if hyper[on])]
        memories = [self._memory(name, lot) for name in names]

        def move(part):
            p, g, *state = part
            if maximize:
                g = -g
            if weight_decay and decoupled_weight_decay:
                p *= 1 - hyper['lr'] * weight_decay
            elif weight_decay:
                g = g + weight_decay * p
            g.setflags(write=False)
            self.update(p, g, dict(zip(names, state)), t, **hyper)
            if t % 64 == 0 and hyper.get('eps'):
                # Numbers below the normal range, all that is left of a mean over gradients that
                # ended, make some processors several times slower; beside eps they are nothing.
                for memory in state:
                    memory[np.abs(memory) < np.finfo(memory.dtype).tiny] = 0

        joined = self._weights(lot)
        weights = joint(lot) if joined is None else joined
        share_out(move, pieces([weights, joint([p.grad for p in lot]), *memories]))
        if joined is None:
            put_back(weights, lot)
        for p in lot:
            increment_version(p)

    def _weights(self, lot):
        """The parameters as one array, as in Joined, if there are several and all may be moved."""
        joined = self._joined.get(lot[0])
        if joined is None or not joined.holds(lot):
            if len(lot) == 1 or not all(map(free, lot)):
                return None
            joined = self._joined[lot[0]] = Joined(lot)
        return joined.array

    def _memory(self, name, lot):
        """The memories under this name as one array, as in Joined; of one parameter, its own."""
        for p in lot:
            if name not in self.state[p]:
                self.state[p][name] = self._initial(p)
        memories = [self.state[p][name] for p in lot]
        if len(lot) == 1:
            return memories[0].numpy()
        joined = self._joined.get((name, lot[0]))
        if joined is None or not joined.holds(memories):
            joined = self._joined[name, lot[0]] = Joined(memories)
        return joined.array

    def _count(self, state, hyper):
        """Count one more step of a parameter; the scalars that its rule needs besides hyper."""
        if 'step' not in state:
            state['step'] = zeros(())
        step = state['step'].numpy()
        t = int(step) + 1
        step.fill(t)
        return {'t': t}

    def _initial(self, p):
        """What a memory of parameter p is before the first step."""
        return zeros_like(p)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients: None, or with set_to_none=False zeros in the same memory."""
        for p in self._params():
            p.grad = None if set_to_none or p.grad is None else p.grad.detach().zero_()

    def _params(self):
        return [p for group in self.param_groups for p in group['params']]

    def add_param_group(self, param_group: dict) -> None:
        """Add parameters with hyper-parameters of their own: {'params': [...], 'lr': ...}."""
        if not isinstance(param_group, dict):
            raise TypeError(f'param_group must be a dict, but got {type(param_group)}; its options '
                            "have names. Write {'params': [...], 'lr': ...}")
        params, names = _tensors_and_names(param_group['params'])
        if any(bool(names) != ('param_names' in group) for group in self.param_groups):
            raise ValueError('all optimizer param groups should be with/without names. cannot add '
                             f'param group {"with" if names else "without"} names to the optimizer,'
                             ' as the earlier ones differ. Name all or none')
        if not set(params).isdisjoint(self._params()):
            raise ValueError('some parameters appear in more than one parameter group; each would '
                             'move twice a step. Leave them in one group')
        if len(set(params)) < len(params):
            warnings.warn('optimizer contains a parameter group with duplicate parameters; each '
                          'moves twice a step. List it once', stacklevel=4)
        names = {'param_names': names} if names else {}
        param_group.update({**self.defaults, **param_group, 'params': params, **names})
        self.param_groups.append(param_group)

    def state_dict(self) -> dict:
        """{'state': {index: {...}}, 'param_groups': [...]}, an index in place of each parameter.

        The Tensors in it are the optimizer's own, as in PyTorch; a deepcopy keeps the moment.
        """
        index = {p: i for i, p in reversed(list(enumerate(self._params())))}
        return {'state': {index.get(p, p): state for p, state in self.state.items() if state != {}},
                'param_groups': [{**group, 'params': [index[p] for p in group['params']]}
                                 for group in self.param_groups]}

    def load_state_dict(self, state_dict: dict) -> None:
        """Go on from where state_dict was taken; it is copied, parameters are matched by order."""
        groups = state_dict['param_groups']
        here, there = [[len(g['params']) for g in gs] for gs in (self.param_groups, groups)]
        if here != there:
            what = ('has a different number of parameter groups' if len(here) != len(there) else
                    "contains a parameter group that doesn't match the size of optimizer's group")
            raise ValueError(f'loaded state dict {what}: sizes {there}, not {here}; parameters are '
                             'matched by order. Make the same groups before loading')
        own = dict(zip((i for group in groups for i in group['params']), self._params()))
        self._joined.clear()
        self.state = defaultdict(dict, {own.get(i, i): self._copy(state, own.get(i))
                                        for i, state in state_dict['state'].items()})
        for group, saved in zip(self.param_groups, groups):
            group.update({**deepcopy(saved), 'params': group['params']})

    def _copy(self, saved, p):
        state = deepcopy(saved)
        for name in (*self.slots, *(name for name in self.optional_slots if name in saved)):
            if name not in saved or saved[name].shape != p.shape:
                raise ValueError(f'loaded state dict lacks {name} of shape {tuple(p.shape)}, which '
                                 f'{type(self).__name__} needs; another optimizer saved it, or the '
                                 'order of parameters changed. Make the same ones before loading')
            state[name] = state[name].to(p.dtype)
        return state

    def __repr__(self) -> str:
        lines = [type(self).__name__ + ' (']
        for i, group in enumerate(self.param_groups):
            options = [f'    {name}: {group[name]}' for name in sorted(group) if name != 'params']
            lines += [f'Parameter Group {i}', *options, '']
        return '\n'.join(lines) + ')'


def _plain(value):
    """A one-element Tensor or NumPy scalar as a Python number, which keeps float32 float32."""
    return value.item() if hasattr(value, 'item') else value


def _tensors_and_names(params):
    if isinstance(params, set):
        raise TypeError('optimizer parameters need to be organized in ordered collections, but the '
                        'ordering of tensors in sets will change between runs. Use a list instead')
    params = [params] if isinstance(params, Tensor) else list(params)
    names = [pair[0] for pair in params if isinstance(pair, tuple)]
    if 0 < len(names) < len(params):
        raise ValueError('all optimizer params should be with/without names. Some param names are '
                         f'missing; only {len(names)} have one. Name all or none')
    tensors = [pair[1] for pair in params] if names else params
    for p in tensors:
        if not isinstance(p, Tensor):
            raise TypeError('optimizer can only optimize Tensors, but one of the params is '
                            f'{type(p)}; it has no gradient. Write tensor(x, requires_grad=True)')
        if not (p.is_leaf or p.retains_grad):
            raise ValueError("can't optimize a non-leaf Tensor; the next forward pass computes it "
                             'anew from others. Pass those, or w.detach().requires_grad_()')
    return tensors, names


def _refuse(unbuilt):
    """PyTorch's options that change how fast a step is computed, and where, may be off or None."""
    for name, value in unbuilt.items():
        if name not in ('foreach', 'fused', 'capturable', 'differentiable'):
            raise TypeError(f'unexpected keyword argument {name!r}: no optimizer here has such an '
                            'option. See help() of this one for those it has')
        if value:
            raise NotImplementedError(f'{name}={value} is not built: steps are taken in NumPy, and '
                                      'no gradient flows through them. Leave it out')


def _check(defaults):
    what = {'lr': 'learning rate', 'eps': 'epsilon value'}
    for name in ('lr', 'lr_decay', 'eps', 'momentum', 'alpha', 'rho', 'weight_decay',
                 'momentum_decay', 'initial_accumulator_value'):
        value = defaults.get(name, 0)
        if isinstance(value, Tensor) and value.numel() != 1:
            raise ValueError(f'Tensor {name} must be 1-element, but its shape is '
                             f'{tuple(value.shape)}; a group has one {name}. Make more groups')
        if not value >= 0:
            raise ValueError(f'Invalid {what.get(name, name + " value")}: {value}; below 0 it '
                             f'undoes itself. Write {name} >= 0 (to go uphill: maximize=True)')
    if defaults.get('rho', 0) > 1:
        raise ValueError(f"Invalid rho value: {defaults['rho']}; it is the share of a mean that is "
                         'kept. Write 0 <= rho <= 1')
    betas = defaults.get('betas', ())
    for i, beta in enumerate(betas):
        if not 0 <= beta < 1:
            raise ValueError(f'Invalid beta parameter at index {i}: {beta}; it is the share of a '
                             'mean that is kept, and at 1 nothing new enters. Write 0 <= beta < 1')
    if not all(isinstance(beta, float) for beta in betas):
        raise ValueError(f'betas must be either both floats or both Tensors, but are {betas}; '
                         'Tensors are not supported here. Write two floats')
