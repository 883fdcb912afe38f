"""Four more rules, variations on RMSprop and Adam: Adadelta, Adamax, NAdam, RAdam."""
import math

import numpy as np

from ..creation import ones
from .optimizer import Optimizer, ParamsT


class Adadelta(Optimizer):
    """RMSprop that measures its steps, too, so that they have the unit of the weights.

        v = rho v + (1 - rho) g^2
        d = sqrt(u + eps) / sqrt(v + eps) g
        u = rho u + (1 - rho) d^2
        w = w - lr d

    lr            1.0    the paper has none
    rho           0.9    share of v and of u that is kept
    eps           1e-6   starts it, since u is 0 at first: the first steps are tiny
    weight_decay  0      L2: g + weight_decay w stands for g
    maximize      False  go uphill

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor(1.0, requires_grad=True)
    >>> optimizer, path = torch.optim.Adadelta([w]), []
    >>> for t in range(5):
    ...     optimizer.zero_grad()
    ...     (w**2).backward()
    ...     optimizer.step()
    ...     path.append(round(w.item(), 4))
    >>> path
    [0.9968, 0.9936, 0.9903, 0.987, 0.9836]

    Zeiler 2012, arXiv 1212.5701, Algorithm 1
    """

    slots = ('square_avg', 'acc_delta')

    def __init__(self, params: ParamsT, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6,
                 weight_decay: float = 0, *, maximize: bool = False, **unbuilt) -> None:
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay,
                                      maximize=maximize), **unbuilt)

    def update(self, p, g, state, t, lr, rho, eps, **_):
        v, u = state['square_avg'], state['acc_delta']
        v *= rho
        v += (1 - rho) * g**2
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        u *= rho
        u += (1 - rho) * d**2
        p -= lr * d


class Adamax(Optimizer):
    """Adam that divides by the largest recent gradient instead of the mean square.

        m = beta1 m + (1 - beta1) g
        u = max(beta2 u, |g| + eps)      an infinity norm that forgets; it needs no correction
        w = w - lr / (1 - beta1^t) m / u

    The arguments are Adam's, without amsgrad; lr is 2e-3.

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

    slots = ('exp_avg', 'exp_inf')

    def __init__(self, params: ParamsT, lr: float = 2e-3, betas: tuple = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0, *, maximize: bool = False,
                 **unbuilt) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      maximize=maximize), **unbuilt)

    def update(self, p, g, state, t, lr, betas, eps, **_):
        (beta1, beta2), m, u = betas, state['exp_avg'], state['exp_inf']
        m *= beta1
        m += (1 - beta1) * g
        np.maximum(beta2 * u, abs(g) + eps, out=u)
        p -= lr / (1 - beta1**t) * m / u


class NAdam(Optimizer):
    """Adam with Nesterov's momentum: it looks one step ahead along m, more so as t grows.

        mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2)     the share of m that step t counts on
        m and v as in Adam
        m_hat = mu_{t+1} m / (1 - mu_1 ... mu_{t+1}) + (1 - mu_t) g / (1 - mu_1 ... mu_t)
        v_hat = v / (1 - beta2^t)
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    The arguments are Adam's, without amsgrad; lr is 2e-3, momentum_decay 4e-3. With
    decoupled_weight_decay=True weights decay as in AdamW.

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

    slots = ('exp_avg', 'exp_avg_sq')

    def __init__(self, params: ParamsT, lr: float = 2e-3, betas: tuple = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0, momentum_decay: float = 4e-3,
                 decoupled_weight_decay: bool = False, *, maximize: bool = False,
                 **unbuilt) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      momentum_decay=momentum_decay, maximize=maximize,
                                      decoupled_weight_decay=decoupled_weight_decay), **unbuilt)

    def update(self, p, g, state, t, lr, betas, eps, mu, mu_next, mu_product, **_):
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        m_hat = mu_next / (1 - mu_product * mu_next) * m + (1 - mu) / (1 - mu_product) * g
        v_hat = v / (1 - beta2**t)
        p -= lr * m_hat / (np.sqrt(v_hat) + eps)

    def _count(self, state, hyper):
        t = super()._count(state, hyper)['t']
        mu, mu_next = [hyper['betas'][0] * (1 - 0.5 * 0.96**(step * hyper['momentum_decay']))
                       for step in (t, t + 1)]
        if 'mu_product' not in state:
            state['mu_product'] = ones(())
        product = state['mu_product'].numpy()
        product *= product.dtype.type(mu)   # in float32, as in PyTorch
        return {'t': t, 'mu': mu, 'mu_next': mu_next, 'mu_product': product.item()}


class RAdam(Optimizer):
    """Adam that does not divide by sqrt(v_hat) until that can be trusted: a warm-up of its own.

        m, v and m_hat as in Adam
        n = n_inf - 2 t beta2^t / (1 - beta2^t)     gradients that v averages over;
        n_inf = 2 / (1 - beta2) - 1                 so many in the end
        r = sqrt((n - 4) (n - 2) n_inf / ((n_inf - 4) (n_inf - 2) n))
        w = w - lr r m_hat sqrt(1 - beta2^t) / (sqrt(v) + eps)    if n > 5
        w = w - lr m_hat                                          before

    The arguments are Adam's, without amsgrad. With decoupled_weight_decay=True weights decay as in
    AdamW. eps is added before the correction, the paper has none.

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

    slots = ('exp_avg', 'exp_avg_sq')

    def __init__(self, params: ParamsT, lr: float = 1e-3, betas: tuple = (0.9, 0.999),
                 eps: float = 1e-8, weight_decay: float = 0, decoupled_weight_decay: bool = False,
                 *, maximize: bool = False, **unbuilt) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                                      maximize=maximize,
                                      decoupled_weight_decay=decoupled_weight_decay), **unbuilt)

    def update(self, p, g, state, t, lr, betas, eps, **_):
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
