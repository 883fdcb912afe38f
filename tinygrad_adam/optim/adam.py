"""Adam: momentum and RMSprop together, both corrected for having started at zero."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._tensor import Tensor
from ._checks import Checks, check_implementation, decay_rates_of_adam
from .optimizer import Array, Optimizer, ParamsT


class Adam(Optimizer):
    """Moves along the mean gradient, divided by the root of the mean squared gradient.

        m = beta1 m + (1 - beta1) g
        v = beta2 v + (1 - beta2) g^2
        m_hat = m / (1 - beta1^t)        m and v start at 0; after t steps their weights
        v_hat = v / (1 - beta2^t)        sum to 1 - beta^t
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    params                      the weights w, or groups of them, as in Optimizer
    lr            1e-3          step length under a steady gradient, whatever its scale
    betas         (0.9, 0.999)  decay rates of m and v
    eps           1e-8          against 0 / 0; a gradient far below it hardly moves its weight
    weight_decay  0             L2: g + weight_decay w stands for g (AdamW decays w itself)
    amsgrad       False         divides by the largest v so far, corrected (optax: largest v_hat)
    maximize      False         go uphill
    decoupled_weight_decay      False; True makes it AdamW
    capturable, differentiable    not implemented; must be off
    foreach, fused                change PyTorch's speed, and nothing here

    eps is added outside the root and after the correction, as in Algorithm 1. Keras and TensorFlow
    add it to sqrt(v), the paper's "epsilon hat": 30 times as much at first. optax has another
    one inside the root.

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.Adam([w], lr=0.1), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.9, 0.8004, 0.7016, 0.6039, 0.508]

    Kingma and Ba 2015, arXiv 1412.6980, Algorithm 1; Reddi et al. 2018, Algorithm 2 (amsgrad)
    """

    elementwise = True
    slots: tuple[str, ...] = ('exp_avg', 'exp_avg_sq')
    optional_slots: dict[str, str] = {'max_exp_avg_sq': 'amsgrad'}
    checks: Checks = {**Optimizer.checks, 'betas': decay_rates_of_adam}

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 0, amsgrad: bool = False, *, foreach: bool | None = None,
                 maximize: bool = False, capturable: bool = False, differentiable: bool = False,
                 fused: bool | None = None, decoupled_weight_decay: bool = False) -> None:
        check_implementation(foreach=foreach, fused=fused, capturable=capturable,
                             differentiable=differentiable, lr=lr)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      amsgrad=amsgrad, maximize=maximize,
                                      decoupled_weight_decay=decoupled_weight_decay))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               betas: tuple[float, float], eps: float, amsgrad: bool, **_: Any) -> None:
        """The formula above with lr, betas, eps, amsgrad; p, g, state and t as in Optimizer."""
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        if amsgrad:
            v = np.maximum(v, state['max_exp_avg_sq'], out=state['max_exp_avg_sq'])
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        p -= lr * m_hat / (np.sqrt(v_hat) + eps)
