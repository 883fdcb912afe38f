"""ASGD: gradient descent that also averages the weights."""
from __future__ import annotations

from typing import Any

from .._functions.creation import full, ones
from .._tensor import Tensor
from ._checks import check_implementation
from ._flat import Count
from .optimizer import Array, Optimizer, ParamsT


class ASGD(Optimizer):
    """Gradient descent with shrinking steps, and the mean of the weights on the way.

        w = (1 - lambd eta_t) w - eta_t g
        a = a + (w - a) mu_t                                 the mean of w since step t0
        eta_{t+1} = lr / (1 + lambd lr t)^alpha              eta_1 = lr
        mu_{t+1} = 1 / max(1, t - t0)

    The weights are w; the mean a, for which the method is known, is `state[p]['ax']`.

    params               the weights w, or groups of them, as in Optimizer
    lr            1e-2   step length at first
    lambd         1e-4   decay of the weights, and of the step length
    alpha         0.75   how fast the step length decays
    t0            1e6    the step at which averaging starts; a is w until then
    weight_decay  0      L2: g + weight_decay w stands for g
    maximize      False  go uphill
    capturable, differentiable    not implemented; must be off
    foreach                       changes PyTorch's speed, and nothing here

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.ASGD([w], lr=0.1, t0=2), []
    >>> for t in range(6):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path, round(optimizer.state[w]['ax'].item(), 4)
    ([0.8, 0.64, 0.512, 0.4096, 0.3277, 0.2621], 0.3331)

    Polyak and Juditsky 1992, Acceleration of stochastic approximation by averaging
    """

    elementwise = True
    slots: tuple[str, ...] = ('ax',)

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-2, lambd: float = 1e-4,
                 alpha: float = 0.75, t0: float = 1e6, weight_decay: float = 0,
                 foreach: bool | None = None, maximize: bool = False,
                 differentiable: bool = False, capturable: bool = False) -> None:
        check_implementation(foreach=foreach, capturable=capturable, differentiable=differentiable)
        super().__init__(params, dict(lr=lr, lambd=lambd, alpha=alpha, t0=t0,
                                      weight_decay=weight_decay, maximize=maximize))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lambd: float,
               eta: float, mu: float, **_: Any) -> None:
        """The formula above with lambd; p, g, state and t as in Optimizer.

        eta, mu  eta_t and mu_t
        """
        a = state['ax']
        p *= 1 - lambd * eta
        p -= eta * g
        a[:] = p if mu == 1 else a + (p - a) * mu

    def _count(self, entries: list[Any], hyper: dict[str, Any]) -> list[Count]:
        """Also give each parameter the eta and mu of this step, and note those of the next."""
        lr, lambd, alpha, t0 = (hyper[name] for name in ('lr', 'lambd', 'alpha', 't0'))
        counts: list[Count] = []
        for (_, _, state), (t,) in zip(entries, super()._count(entries, hyper)):
            if 'eta' not in state:
                state.update(eta=full((), float(lr)), mu=ones(()))
            counts.append((t, ('eta', state['eta'].item()), ('mu', state['mu'].item())))
            state.update(eta=full((), lr / (1 + lambd * lr * t[1])**alpha),
                         mu=full((), 1 / max(1.0, t[1] - t0)))    # in float32, as in PyTorch
        return counts
