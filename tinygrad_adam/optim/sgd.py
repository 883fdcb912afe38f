"""Stochastic gradient descent, with momentum."""
from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from . import _errors as errors
from ._checks import check_implementation
from ._flat import Count
from .optimizer import Array, Optimizer, ParamsT


class SGD(Optimizer):
    """Steps against the gradient; with momentum, each step keeps part of the one before.

        v = momentum v + (1 - dampening) g    (at the first step v = g)
        w = w - lr v                          (nesterov: w - lr (g + momentum v))

    params               the weights w, or groups of them, as in Optimizer
    lr            1e-3   step length; under a steady gradient v grows to g / (1 - momentum)
    momentum      0      fraction of v that is kept, often 0.9
    dampening     0      fraction of g that is left out of v
    weight_decay  0      L2: g + weight_decay w stands for g
    nesterov      False  look one step ahead; needs momentum > 0 and dampening 0
    maximize      False  go uphill
    differentiable       not implemented; must be off
    foreach, fused       change PyTorch's speed, and nothing here

    Momentum has three conventions. The first two differ when lr changes; the third needs
    lr / (1 - b):

        v = b v + g          w = w - lr v    PyTorch, Distill, d2l.ai, this class
        v = b v - lr g       w = w + v       CS231n, ConvNetJS, DeZero
        v = b v + (1 - b) g  w = w - lr v    HIPS autograd, ML-From-Scratch, the m of Adam

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.SGD([w], lr=0.1, momentum=0.9), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.8, 0.46, 0.062, -0.3086, -0.5804]

    Polyak 1964; Sutskever et al. 2013, equations 1 to 4
    """

    elementwise = True
    optional_slots: dict[str, str] = {'momentum_buffer': 'momentum'}

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-3, momentum: float = 0,
                 dampening: float = 0, weight_decay: float | Tensor = 0, nesterov: bool = False, *,
                 maximize: bool = False, foreach: bool | None = None, differentiable: bool = False,
                 fused: bool | None = None) -> None:
        check_implementation(foreach=foreach, fused=fused, differentiable=differentiable)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise errors.nesterov(momentum, dampening)
        super().__init__(params, dict(lr=lr, momentum=momentum, dampening=dampening,
                                      weight_decay=weight_decay, nesterov=nesterov,
                                      maximize=maximize))

    def update(self, p: Array, g: Array, state: dict[str, Array], t: int, *, lr: float,
               momentum: float, dampening: float, nesterov: bool, **_: Any) -> None:
        """The formula above, with lr, momentum, dampening, nesterov; p, g, state, t: Optimizer."""
        if momentum:
            v = state['momentum_buffer']
            v *= momentum
            v += (1 - dampening) * g if t > 1 else g
            g = g + momentum * v if nesterov else v
        p -= lr * g

    def _count(self, entries: list[Any], hyper: dict[str, Any]) -> list[Count]:
        """PyTorch's SGD stores no step; its rule only needs to know the first."""
        return [(('t', 2 if 'momentum_buffer' in state else 1),) for _, _, state in entries]
