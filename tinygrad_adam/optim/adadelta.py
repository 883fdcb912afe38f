"""Adadelta: RMSprop with steps in the unit of the weights."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._tensor import Tensor
from ._checks import Checks, check_implementation, fraction
from .optimizer import Array, Optimizer, ParamsT


class Adadelta(Optimizer):
    """RMSprop with a running mean of the steps as well, which gives them the unit of the weights.

        v = rho v + (1 - rho) g^2
        d = sqrt(u + eps) / sqrt(v + eps) g
        u = rho u + (1 - rho) d^2
        w = w - lr d

    params               the weights w, or groups of them, as in Optimizer
    lr            1.0    the paper has none
    rho           0.9    decay rate of v and u
    eps           1e-6   gets it started, since u is 0 at first: the first steps are tiny
    weight_decay  0      L2: g + weight_decay w stands for g
    maximize      False  go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.Adadelta([w]), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.9968, 0.9936, 0.9903, 0.987, 0.9836]

    Zeiler 2012, arXiv 1212.5701, Algorithm 1
    """

    elementwise = True
    slots: tuple[str, ...] = ('square_avg', 'acc_delta')
    checks: Checks = {**Optimizer.checks, 'rho': fraction}

    def __init__(self, params: ParamsT, lr: float | Tensor = 1.0, rho: float = 0.9,
                 eps: float = 1e-6, weight_decay: float = 0, foreach: bool | None = None, *,
                 capturable: bool = False, maximize: bool = False,
                 differentiable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay,
                                      maximize=maximize))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float, rho: float,
               eps: float, **_: Any) -> None:
        """The formula above with lr, rho and eps; p, g, state and t as in Optimizer."""
        v, u = state['square_avg'], state['acc_delta']
        v *= rho
        v += (1 - rho) * g**2
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        u *= rho
        u += (1 - rho) * d**2
        p -= lr * d
