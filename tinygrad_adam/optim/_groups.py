"""Parameter groups, and how an optimizer is saved, loaded and printed."""
from __future__ import annotations

import warnings
from collections import defaultdict
from copy import deepcopy
from typing import Any

from .._tensor import Tensor
from . import _errors as errors
from ._checks import check_implementation, tensors_and_names
from ._flat import FlatBuffers
from ._step_hooks import StepHooks

IMPLEMENTATIONS = 'foreach', 'fused', 'capturable', 'differentiable'


class ParamGroups(StepHooks):
    """The groups of an optimizer, and its state as a dictionary: all but the steps."""

    slots: tuple[str, ...]
    optional_slots: dict[str, str]
    defaults: dict[str, Any]
    state: defaultdict[Any, dict[str, Any]]
    param_groups: list[dict[str, Any]]
    _buffers: FlatBuffers

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters that have hyper-parameters of their own.

        param_group  {'params': [...], 'lr': ...}; missing options are taken from the defaults
        """
        if not isinstance(param_group, dict):
            raise errors.group_is_no_dict(param_group)
        check_implementation(**{name: param_group.get(name) for name in IMPLEMENTATIONS})
        params, names = tensors_and_names(param_group['params'])
        if any(bool(names) != ('param_names' in group) for group in self.param_groups):
            raise errors.names_in_some_groups(bool(names))
        if not set(params).isdisjoint(self._params()):
            raise errors.in_two_groups()
        if len(set(params)) < len(params):
            warnings.warn(errors.duplicates(), stacklevel=4)
        named = {'param_names': names} if names else {}
        param_group.update({**self.defaults, **param_group, 'params': params, **named})
        self.param_groups.append(param_group)

    def _params(self) -> list[Tensor]:
        return [p for group in self.param_groups for p in group['params']]

    def state_dict(self) -> dict[str, Any]:
        """{'state': {index: {...}}, 'param_groups': [...]}, an index in place of each parameter.

        The Tensors in it are the optimizer's own, as in PyTorch; deepcopy them for a snapshot.
        """
        index = {p: i for i, p in enumerate(self._params())}
        return {'state': {index.get(p, p): state for p, state in self.state.items() if state != {}},
                'param_groups': [{**group, 'params': [index[p] for p in group['params']]}
                                 for group in self.param_groups]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from the state that a state_dict holds.

        state_dict  is copied; its parameters are matched with those here by order
        """
        groups = state_dict['param_groups']
        saved, own = [[len(g['params']) for g in gs] for gs in (groups, self.param_groups)]
        if saved != own:
            raise errors.other_groups(saved, own)
        params = dict(zip((i for group in groups for i in group['params']), self._params()))
        self._buffers = FlatBuffers()
        self.state = defaultdict(dict, {params.get(i, i): self._copy(state, params.get(i))
                                        for i, state in state_dict['state'].items()})
        options = {'param_names', *self.defaults}   # kept if the saved group lacks them
        self.param_groups = [
            {**deepcopy(other), 'params': group['params'],
             **{name: group[name] for name in group if name in options and name not in other}}
            for group, other in zip(self.param_groups, groups)]

    def _copy(self, saved: dict[str, Any], p: Any) -> dict[str, Any]:
        state = deepcopy(saved)
        for name in (*self.slots, *(name for name in self.optional_slots if name in saved)):
            if name not in saved or saved[name].shape != p.shape:
                raise errors.other_state(self, name, p.shape)
            state[name] = state[name].to(p.dtype)
        return state

    def __repr__(self) -> str:
        lines = [type(self).__name__ + ' (']
        for i, group in enumerate(self.param_groups):
            options = [f'    {name}: {group[name]}' for name in sorted(group) if name != 'params']
            lines += [f'Parameter Group {i}', *options, '']
        return '\n'.join(lines) + ')'
