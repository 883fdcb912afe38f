"""RAdam: Adam that warms itself up."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._tensor import Tensor
from ._checks import check_implementation
from .optimizer import Array, Optimizer, ParamsT


class RAdam(Optimizer):
    """Adam that does not divide by sqrt(v_hat) until that can be trusted: a warm-up of its own.

        m, v and m_hat as in Adam
        n = n_inf - 2 t beta2^t / (1 - beta2^t)     how many gradients v averages
        n_inf = 2 / (1 - beta2) - 1                 over; its limit
        r = sqrt((n - 4) (n - 2) n_inf / ((n_inf - 4) (n_inf - 2) n))
        w = w - lr r m_hat sqrt(1 - beta2^t) / (sqrt(v) + eps)    if n > 5
        w = w - lr m_hat                                          otherwise

    params                      the weights w, or groups of them, as in Optimizer
    lr            1e-3          final step length under a steady gradient
    betas         (0.9, 0.999)  decay rates of m and v
    eps           1e-8          against 0 / 0; added before the correction; the paper has none
    weight_decay  0             L2: g + weight_decay w stands for g
    decoupled_weight_decay      False; True: weights decay as in AdamW
    maximize      False         go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.RAdam([w], lr=0.1), []
    >>> for t in range(7):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.8, 0.6211, 0.4623, 0.3228, 0.2016, 0.1995, 0.197]

    Liu et al. 2020, arXiv 1908.03265, Algorithm 2
    """

    elementwise = True
    slots: tuple[str, ...] = ('exp_avg', 'exp_avg_sq')

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 0, decoupled_weight_decay: bool = False, *,
                 foreach: bool | None = None, maximize: bool = False, capturable: bool = False,
                 differentiable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      maximize=maximize,
                                      decoupled_weight_decay=decoupled_weight_decay))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               betas: tuple[float, float], eps: float, **_: Any) -> None:
        """The formula above with lr, betas and eps; p, g, state and t as in Optimizer."""
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        n_inf = 2 / (1 - beta2) - 1
        n = n_inf - 2 * t * beta2**t / (1 - beta2**t)
        if n > 5:
            r = math.sqrt((n - 4) * (n - 2) * n_inf / ((n_inf - 4) * (n_inf - 2) * n))
            p -= lr * r * m_hat * math.sqrt(1 - beta2**t) / (np.sqrt(v) + eps)
        else:
            p -= lr * m_hat
