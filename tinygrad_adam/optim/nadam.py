"""NAdam: Adam with Nesterov momentum."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions.creation import ones
from .._tensor import Tensor
from ._checks import Checks, check_implementation, nonnegative
from ._flat import Count
from .optimizer import Array, Optimizer, ParamsT


class NAdam(Optimizer):
    """Adam with Nesterov's momentum: it looks one step ahead along m, more so as t grows.

        mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2)     the momentum of step t
        m and v as in Adam
        m_hat = mu_{t+1} m / (1 - mu_1 ... mu_{t+1}) + (1 - mu_t) g / (1 - mu_1 ... mu_t)
        v_hat = v / (1 - beta2^t)
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    params                        the weights w, or groups of them, as in Optimizer
    lr              2e-3          step length under a steady gradient, whatever its scale
    betas           (0.9, 0.999)  decay rates of m and v
    eps             1e-8          against 0 / 0
    weight_decay    0             L2: g + weight_decay w stands for g
    momentum_decay  4e-3          how fast mu_t grows from beta1 / 2 to beta1
    decoupled_weight_decay        False; True: weights decay as in AdamW
    maximize        False         go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.NAdam([w], lr=0.1), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.8944, 0.82, 0.7527, 0.6877, 0.6237]

    Dozat 2016, Incorporating Nesterov Momentum into Adam, Algorithm 2
    """

    elementwise = True
    slots: tuple[str, ...] = ('exp_avg', 'exp_avg_sq')
    checks: Checks = {**Optimizer.checks, 'momentum_decay': nonnegative}

    def __init__(self, params: ParamsT, lr: float | Tensor = 2e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 0, momentum_decay: float = 4e-3,
                 decoupled_weight_decay: bool = False, *, foreach: bool | None = None,
                 maximize: bool = False, capturable: bool = False,
                 differentiable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      momentum_decay=momentum_decay, maximize=maximize,
                                      decoupled_weight_decay=decoupled_weight_decay))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               betas: tuple[float, float], eps: float, mu: float, mu_next: float,
               mu_product: float, **_: Any) -> None:
        """The formula above with lr, betas and eps; p, g, state and t as in Optimizer.

        mu, mu_next, mu_product  mu_t, mu_{t+1}, and mu_1 ... mu_t
        """
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        m_hat = mu_next / (1 - mu_product * mu_next) * m + (1 - mu) / (1 - mu_product) * g
        v_hat = v / (1 - beta2**t)
        p -= lr * m_hat / (np.sqrt(v_hat) + eps)

    def _count(self, entries: list[Any], hyper: dict[str, Any]) -> list[Count]:
        """Also multiply mu_product, which each parameter has, by the mu of this step."""
        counts: list[Count] = []
        for (_, _, state), (t,) in zip(entries, super()._count(entries, hyper)):
            mu, mu_next = [hyper['betas'][0] * (1 - 0.5 * 0.96**(step * hyper['momentum_decay']))
                           for step in (t[1], t[1] + 1)]
            if 'mu_product' not in state:
                state['mu_product'] = ones(())
            product = state['mu_product'].numpy(force=True)
            product *= product.dtype.type(mu)    # in float32, as in PyTorch
            counts.append((t, ('mu', mu), ('mu_next', mu_next), ('mu_product', product.item())))
        return counts
