"""Adamax: Adam with the infinity norm."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._tensor import Tensor
from ._checks import check_implementation
from .optimizer import Array, Optimizer, ParamsT


class Adamax(Optimizer):
    """Adam that divides by the largest recent gradient instead of the mean square.

        m = beta1 m + (1 - beta1) g
        u = max(beta2 u, |g| + eps)      a decaying infinity norm; it needs no correction
        w = w - lr / (1 - beta1^t) m / u

    params                      the weights w, or groups of them, as in Optimizer
    lr            2e-3          step length under a steady gradient, whatever its scale
    betas         (0.9, 0.999)  decay rates of m and u
    eps           1e-8          against 0 / 0
    weight_decay  0             L2: g + weight_decay w stands for g
    maximize      False         go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.Adamax([w], lr=0.1), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.9, 0.8052, 0.7155, 0.631, 0.5516]

    Kingma and Ba 2015, arXiv 1412.6980, Algorithm 2
    """

    elementwise = True
    slots: tuple[str, ...] = ('exp_avg', 'exp_inf')

    def __init__(self, params: ParamsT, lr: float | Tensor = 2e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 0, foreach: bool | None = None, *, maximize: bool = False,
                 differentiable: bool = False, capturable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      maximize=maximize))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               betas: tuple[float, float], eps: float, **_: Any) -> None:
        """The formula above with lr, betas and eps; p, g, state and t as in Optimizer."""
        (beta1, beta2), m, u = betas, state['exp_avg'], state['exp_inf']
        m *= beta1
        m += (1 - beta1) * g
        np.maximum(beta2 * u, abs(g) + eps, out=u)
        p -= lr / (1 - beta1**t) * m / u
