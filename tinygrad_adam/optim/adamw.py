"""AdamW: Adam with decoupled weight decay."""
from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from .adam import Adam
from .optimizer import ParamsT


class AdamW(Adam):
    """Adam with decoupled weight decay: it shrinks the weights and stays out of m and v.

        w = w - lr weight_decay w, then Adam's step

    params                      the weights w, or groups of them, as in Optimizer
    lr            1e-3          step length; scales the decay, too (in the paper its schedule does)
    weight_decay  1e-2          the fraction of w that a step with lr 1 removes
    betas, eps, amsgrad, maximize    as in Adam
    capturable, differentiable       not implemented; must be off
    foreach, fused                   change PyTorch's speed, and nothing here

    Adam divides its L2 term by sqrt(v_hat), too, so weights with large gradients hardly
    decay; here all decay alike. Five steps of zero gradient leave nothing but the decay:

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer = torch.optim.AdamW([w], lr=0.1, weight_decay=0.5)
    >>> for t in range(5):
    ...     w.grad = torch.tensor(0.0)
    ...     optimizer.step()
    >>> round(w.item(), 4), round((1 - 0.1 * 0.5)**5, 4)
    (0.7738, 0.7738)

    Loshchilov and Hutter 2019, arXiv 1711.05101, Algorithm 2
    """

    def __init__(self, params: ParamsT, lr: float | Tensor = 1e-3,
                 betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8,
                 weight_decay: float = 1e-2, amsgrad: bool = False, *, maximize: bool = False,
                 foreach: bool | None = None, capturable: bool = False,
                 differentiable: bool = False, fused: bool | None = None) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, foreach=foreach,
                         maximize=maximize, capturable=capturable, differentiable=differentiable,
                         fused=fused, decoupled_weight_decay=True)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from state_dict; the decay stays decoupled even if Adam saved it."""
        super().load_state_dict(state_dict)
        for group in self.param_groups:
            group['decoupled_weight_decay'] = True
