"""Adagrad: every weight has a learning rate of its own."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions.creation import full_like, zeros
from .._tensor import Tensor
from ._checks import Checks, check_implementation, nonnegative
from .optimizer import Array, Optimizer, ParamsT


class Adagrad(Optimizer):
    """Divides each gradient by the root of the sum of all its squares so far.

        s = s + g^2
        w = w - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)

    params                            the weights w, or groups of them, as in Optimizer
    lr                         1e-2   the first step; under a steady gradient step t is lr / sqrt(t)
    lr_decay                   0      shrinks lr further, like 1 / t in the long run
    weight_decay               0      L2: g + weight_decay w stands for g
    initial_accumulator_value  0      s at the start; above 0 the first steps are shorter
    eps                        1e-10  against 0 / 0; outside the root, in optax and Keras inside it
    maximize                   False  go uphill
    differentiable             False  not implemented; must be off
    foreach, fused                    change PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.Adagrad([w], lr=0.1), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.9, 0.8331, 0.7805, 0.7362, 0.6977]

    Duchi, Hazan and Singer 2011, figure 1, in its diagonal form
    """

    elementwise = True
    slots: tuple[str, ...] = ('sum',)
    checks: Checks = {**Optimizer.checks, 'lr_decay': nonnegative,
                      'initial_accumulator_value': nonnegative}

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-2, lr_decay: float = 0,
                 weight_decay: float = 0, initial_accumulator_value: float = 0,
                 eps: float = 1e-10, foreach: bool | None = None, *, maximize: bool = False,
                 differentiable: bool = False, fused: bool | None = None) -> None:
        check_implementation(foreach=foreach, fused=fused, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay,
                                      initial_accumulator_value=initial_accumulator_value,
                                      maximize=maximize))
        for p in self._params():
            self.state[p] = {'step': zeros(()), 'sum': self._initial(p)}

    def _initial(self, p: Tensor) -> Tensor:
        return full_like(p, self.defaults['initial_accumulator_value'])

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               lr_decay: float, eps: float, **_: Any) -> None:
        """The formula above with lr, lr_decay and eps; p, g, state and t as in Optimizer."""
        s = state['sum']
        s += g**2
        p -= lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(s) + eps)
