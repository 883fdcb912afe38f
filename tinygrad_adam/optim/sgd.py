"""Stochastic gradient descent, with momentum."""
from .optimizer import Optimizer, ParamsT


class SGD(Optimizer):
    """Downhill along the gradient; with momentum, a step keeps some of the one before.

        v = momentum v + (1 - dampening) g    (at the first step v = g)
        w = w - lr v                          (nesterov: w - lr (g + momentum v))

    lr            1e-3   step length; under a steady gradient v grows to g / (1 - momentum)
    momentum      0      share of v that is kept, often 0.9
    dampening     0      share of g that is left out of v
    weight_decay  0      L2: g + weight_decay w stands for g
    nesterov      False  look one step ahead; needs momentum > 0 and dampening 0
    maximize      False  go uphill

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

    optional_slots = {'momentum_buffer': 'momentum'}

    def __init__(self, params: ParamsT, lr: float = 1e-3, momentum: float = 0,
                 dampening: float = 0, weight_decay: float = 0, nesterov: bool = False, *,
                 maximize: bool = False, **unbuilt) -> None:
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError('Nesterov momentum requires a momentum and zero dampening, not '
                             f'{momentum}, {dampening}; it looks ahead along v. Set momentum=0.9')
        super().__init__(params, dict(lr=lr, momentum=momentum, dampening=dampening,
                                      weight_decay=weight_decay, nesterov=nesterov,
                                      maximize=maximize), **unbuilt)

    def update(self, p, g, state, t, lr, momentum, dampening, nesterov, **_):
        if momentum:
            v = state['momentum_buffer']
            v *= momentum
            v += (1 - dampening) * g if t > 1 else g
            g = g + momentum * v if nesterov else v
        p -= lr * g

    def _count(self, state, hyper):
        """PyTorch's SGD stores no step; its rule asks only which is the first."""
        return {'t': 2 if 'momentum_buffer' in state else 1}
