"""What is done to all gradients, or all parameters, together.

>>> from tinygrad_adam import nn, tensor
>>> w = tensor([0.0, 0.0], requires_grad=True)
>>> w.grad = tensor([3.0, 4.0])
>>> nn.utils.clip_grad_norm_(w, max_norm=1.0), w.grad
(tensor(5.), tensor([0.6000, 0.8000]))
"""

from __future__ import annotations

from typing import Iterable

import numpy as np

from ..autograd import no_grad
from ..creation import tensor
from ..ops.indexing import cat
from ..tensor import Tensor


def _gradients(parameters):
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [parameter.grad for parameter in parameters if parameter.grad is not None]


@no_grad()
def clip_grad_norm_(parameters: Tensor | Iterable[Tensor], max_norm: float,
                    norm_type: float = 2.0, error_if_nonfinite: bool = False) -> Tensor:
    """Shrink all gradients alike until, as one long vector, their norm is at most max_norm.

    Returns the norm before. If it is infinite or NaN, gradients become 0 and NaN, or RuntimeError
    is raised if error_if_nonfinite. Source: Pascanu et al. 2013, algorithm 1.
    """
    grads, norm_type = _gradients(parameters), float(norm_type)
    norms = [np.linalg.norm(grad.data.numpy().ravel('K'), norm_type) for grad in grads]
    total = np.linalg.norm(norms, norm_type) if norms else np.float32(0)
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(f'The total norm of order {norm_type} is non-finite ({total}), so the '
                           'gradients cannot be clipped. Find why, or set error_if_nonfinite=False')
    factor = np.minimum(max_norm / (total + 1e-6), 1.0)
    for grad in grads if factor != 1 else []:  # NaN != 1 too
        grad.mul_(float(factor))
    return tensor(total)


@no_grad()
def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float):
    """Bring every element of every gradient between -clip_value and clip_value."""
    for grad in _gradients(parameters):
        grad.copy_(grad.clamp(-clip_value, clip_value))


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All parameters, one after the other, in one vector."""
    return cat([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]):
    """Give the parameters, in their order, the values in `vec`, whose memory they then share."""
    start = 0
    for parameter in parameters:
        stop = start + parameter.numel()
        parameter.data = vec[start:stop].reshape(parameter.shape).data
        start = stop
