"""RMSprop: Adagrad with a short memory."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._tensor import Tensor
from ._checks import Checks, check_implementation, nonnegative
from .optimizer import Array, Optimizer, ParamsT


class RMSprop(Optimizer):
    """Divides each gradient by the root of a running mean of its squares.

        v = alpha v + (1 - alpha) g^2    (centered: v - m^2 is used, m = alpha m + (1 - alpha) g)
        u = g / (sqrt(v) + eps)
        w = w - lr u                     (momentum: w - lr b, b = momentum b + u)

    params               the weights w, or groups of them, as in Optimizer
    lr            1e-2   step length once v has settled; the first is lr / sqrt(1 - alpha), 10 lr,
                         because v starts at 0, which Adam corrects and this does not
    alpha         0.99   decay rate of v
    eps           1e-8   against 0 / 0; outside the root, in TensorFlow 1 and optax inside it
    weight_decay  0      L2: g + weight_decay w stands for g
    momentum      0      decay rate of b
    centered      False  divide by the standard deviation of g. Rounding can make v - m^2
                         negative: it is 0 then; PyTorch takes the root and gets nan
    maximize      False  go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.RMSprop([w], lr=0.03), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.7, 0.5274, 0.4076, 0.3187, 0.2506]

    Tieleman and Hinton 2012, lecture 6.5; Graves 2013, arXiv 1308.0850, equations 38 to 45
    """

    elementwise = True
    slots: tuple[str, ...] = ('square_avg',)
    optional_slots: dict[str, str] = {'momentum_buffer': 'momentum', 'grad_avg': 'centered'}
    checks: Checks = {**Optimizer.checks, 'alpha': nonnegative}

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-2, alpha: float = 0.99,
                 eps: float = 1e-8, weight_decay: float = 0, momentum: float = 0,
                 centered: bool = False, capturable: bool = False, foreach: bool | None = None,
                 maximize: bool = False, differentiable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay,
                                      momentum=momentum, centered=centered, maximize=maximize))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               alpha: float, eps: float, momentum: float, centered: bool, **_: Any) -> None:
        """The formula above with lr, alpha, eps, momentum, centered; p, g, state, t: Optimizer."""
        v = state['square_avg']
        v *= alpha
        v += (1 - alpha) * g**2
        if centered:
            m = state['grad_avg']
            m *= alpha
            m += (1 - alpha) * g
            v = np.maximum(v - m**2, 0)
        u = g / (np.sqrt(v) + eps)
        if momentum:
            b = state['momentum_buffer']
            b *= momentum
            b += u
            u = b
        p -= lr * u
