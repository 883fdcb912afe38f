"""Rprop: steps that look only at the signs of the gradients."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions.creation import full_like
from .._tensor import Tensor
from ._checks import Checks, check_implementation, shrinking_and_growing
from ._flat import Count
from .optimizer import Array, Optimizer, ParamsT


class Rprop(Optimizer):
    """Steps of a size of their own for each weight: longer while the slope keeps its sign.

        d = eta_plus d    if g has the sign of the g before
        d = eta_minus d   if it has the opposite one; then g = 0: the weight waits for a step
        w = w - d sign(g)

    The gradients must be those of all data: the sign of a batch's slope changes by chance.

    params                   the weights w, or groups of them, as in Optimizer
    lr          1e-2         the first d
    etas        (0.5, 1.2)   eta_minus, between 0 and 1, and eta_plus, above 1
    step_sizes  (1e-6, 50)   the least and the greatest d
    maximize    False        go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.Rprop([w], lr=0.3), []
    >>> for t in range(7):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.7, 0.34, -0.092, -0.092, 0.124, 0.124, 0.016]

    Riedmiller and Braun 1993, A direct adaptive method for faster backpropagation learning
    """

    elementwise = True
    slots: tuple[str, ...] = ('prev', 'step_size')
    checks: Checks = {**Optimizer.checks, 'etas': shrinking_and_growing}

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-2,
                 etas: tuple[float, float] = (0.5, 1.2),
                 step_sizes: tuple[float, float] = (1e-6, 50), *, capturable: bool = False,
                 foreach: bool | None = None, maximize: bool = False,
                 differentiable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, etas=etas, step_sizes=step_sizes, maximize=maximize))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *,
               etas: tuple[float, float], step_sizes: tuple[float, float], **_: Any) -> None:
        """The formula above with etas and step_sizes; p, g, state and t as in Optimizer."""
        (eta_minus, eta_plus), before, d = etas, state['prev'], state['step_size']
        product = g * before
        d[product > 0] *= eta_plus
        d[product < 0] *= eta_minus
        np.clip(d, *step_sizes, out=d)
        before[:] = np.where(product < 0, 0, g)
        p -= d * np.where(np.isnan(before), 0, np.sign(before))     # nan has no sign: no step

    def _count(self, entries: list[Any], hyper: dict[str, Any]) -> list[Count]:
        """Before the first step of a parameter, also set its step sizes to lr."""
        for p, _, state in entries:
            if 'step_size' not in state:
                state['step_size'] = full_like(p, hyper['lr'])
        return super()._count(entries, hyper)
