"""Adam: momentum and RMSprop together, both corrected for having started at zero."""
import numpy as np

from .optimizer import Optimizer, ParamsT


class Adam(Optimizer):
    """Moves along the mean gradient, divided by the root of the mean squared gradient.

        m = beta1 m + (1 - beta1) g
        v = beta2 v + (1 - beta2) g^2
        m_hat = m / (1 - beta1^t)        m and v start at 0; after t steps their weights
        v_hat = v / (1 - beta2^t)        sum to 1 - beta^t
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    lr            1e-3          step length under a steady gradient, whatever its scale
    betas         (0.9, 0.999)  shares of m and of v that are kept
    eps           1e-8          against 0 / 0; a gradient far below it hardly moves its weight
    weight_decay  0             L2: g + weight_decay w stands for g (AdamW decays w itself)
    amsgrad       False         divide by the largest v so far, corrected (optax: largest v_hat)
    maximize      False         go uphill
    decoupled_weight_decay      False; True makes it AdamW

    eps stands outside the root and after the correction, as in Algorithm 1. Keras and TensorFlow
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

    slots = ('exp_avg', 'exp_avg_sq')
    optional_slots = {'max_exp_avg_sq': 'amsgrad'}

    def __init__(self, params: ParamsT, lr: float = 1e-3, betas: tuple = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0, amsgrad: bool = False, *,
                 maximize: bool = False, decoupled_weight_decay: bool = False,
                 **unbuilt) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      amsgrad=amsgrad, maximize=maximize,
                                      decoupled_weight_decay=decoupled_weight_decay), **unbuilt)

    def update(self, p, g, state, t, lr, betas, eps, amsgrad, **_):
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


class AdamW(Adam):
    """Adam with decoupled weight decay: it shrinks the weights and stays out of m and v.

        w = w - lr weight_decay w, then Adam's step

    The arguments are Adam's; weight_decay is 1e-2. Adam divides its L2 term by sqrt(v_hat) with the
    rest, so weights with large gradients hardly decay; here all decay alike. PyTorch multiplies the
    decay by lr, the paper only by its schedule. Five steps of zero gradient leave the decay alone:

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

    def __init__(self, params: ParamsT, lr: float = 1e-3, betas: tuple = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 1e-2, amsgrad: bool = False, *,
                 maximize: bool = False, **unbuilt) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize,
                         decoupled_weight_decay=True, **unbuilt)

    def load_state_dict(self, state_dict: dict) -> None:
        """As any optimizer's; the decay stays decoupled even if Adam saved the state."""
        super().load_state_dict(state_dict)
        for group in self.param_groups:
            group['decoupled_weight_decay'] = True
