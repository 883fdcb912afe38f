"""Operations on all gradients, or all parameters, together.

>>> from tinygrad_adam import nn, tensor
>>> w = tensor([0.0, 0.0], requires_grad=True)
>>> w.grad = tensor([3.0, 4.0])
>>> nn.utils.clip_grad_norm_(w, max_norm=1.0), w.grad
(tensor(5.), tensor([0.6000, 0.8000]))
"""
from __future__ import annotations

import warnings
from typing import Any, Iterable

import numpy as np

from ...autograd import no_grad
from ..._functions.creation import tensor
from ..._functions.indexing import cat
from ...ops import reductions
from ..._tensor import Tensor
from ...types import numpy_dtype
from .. import _errors as errors
from . import rnn
from ._weight_normalization import (
    remove_spectral_norm, remove_weight_norm, spectral_norm, weight_norm)
from .fusion import (
    fuse_conv_bn_eval, fuse_conv_bn_weights, fuse_linear_bn_eval, fuse_linear_bn_weights)
from .init import skip_init

__all__ = ['clip_grad_norm', 'clip_grad_norm_', 'clip_grad_value_', 'clip_grads_with_norm_',
           'fuse_conv_bn_eval', 'fuse_conv_bn_weights', 'fuse_linear_bn_eval',
           'fuse_linear_bn_weights', 'get_total_norm', 'parameters_to_vector',
           'remove_spectral_norm', 'remove_weight_norm', 'rnn', 'skip_init', 'spectral_norm',
           'vector_to_parameters', 'weight_norm']


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Any]:
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [parameter.grad for parameter in parameters if parameter.grad is not None]


def get_total_norm(tensors: Tensor | Iterable[Tensor], norm_type: float = 2.0,
                   error_if_nonfinite: bool = False, foreach: bool | None = None) -> Tensor:
    """The norm of all tensors, as one long vector.

    tensors             a tensor, or any iterable of them
    norm_type           the order of the norm; infinity for the largest absolute value
    error_if_nonfinite  raise RuntimeError if the norm is infinite or nan
    foreach             changes PyTorch's speed, and nothing here

    Returns a number without a graph, 0 of no tensors.
    """
    tensors, norm_type = [tensors] if isinstance(tensors, Tensor) else tensors, float(norm_type)
    norms = [reductions.vector_norm(x.data.numpy(), norm_type) for x in tensors]
    total = reductions.vector_norm(np.array(norms), norm_type) if norms else (
        numpy_dtype(None).type(0))
    if error_if_nonfinite and not np.isfinite(total):
        raise errors.norm_not_finite(norm_type, total)
    return tensor(total)


def clip_grads_with_norm_(parameters: Tensor | Iterable[Tensor], max_norm: float,
                          total_norm: Tensor, foreach: bool | None = None) -> None:
    """Scale all gradients by max_norm / total_norm, if that is below 1.

    parameters  a tensor, or any iterable of them; those without a gradient are skipped
    max_norm    the largest norm allowed
    total_norm  the norm of all gradients, from get_total_norm
    foreach     changes PyTorch's speed, and nothing here
    """
    if not isinstance(total_norm, Tensor):
        raise errors.not_tensors('clip_grads_with_norm_', total_norm=total_norm)
    factor = np.minimum(float(max_norm) / (total_norm.data.numpy()[()] + 1e-6), 1.0)
    with no_grad():
        for grad in _gradients(parameters) if factor != 1 else []:  # NaN != 1 too
            grad.mul_(float(factor))


def clip_grad_norm_(parameters: Tensor | Iterable[Tensor], max_norm: float,
                    norm_type: float = 2.0, error_if_nonfinite: bool = False,
                    foreach: bool | None = None) -> Tensor:
    """Scale all gradients by one factor so that, as one long vector, their norm is at most
    max_norm.

    parameters          a tensor, or any iterable of them; those without a gradient are skipped
    max_norm            the largest norm allowed
    norm_type           the order of the norm; infinity for the largest absolute value
    error_if_nonfinite  raise RuntimeError if the norm is infinite or nan; otherwise gradients
                        become 0 and nan
    foreach             changes PyTorch's speed, and nothing here

    Returns the norm before scaling. Pascanu et al. 2013, algorithm 1.
    """
    parameters = [parameters] if isinstance(parameters, Tensor) else [*parameters]
    total = get_total_norm(_gradients(parameters), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(parameters, max_norm, total)
    return total


def clip_grad_norm(parameters: Tensor | Iterable[Tensor], max_norm: float, norm_type: float = 2.0,
                   error_if_nonfinite: bool = False, foreach: bool | None = None) -> Tensor:
    """clip_grad_norm_, under its older name, with a warning.

    parameters          a tensor, or any iterable of them; those without a gradient are skipped
    max_norm            the largest norm allowed
    norm_type           the order of the norm
    error_if_nonfinite  raise RuntimeError if the norm is infinite or nan
    foreach             changes PyTorch's speed, and nothing here
    """
    warnings.warn('`torch.nn.utils.clip_grad_norm` is now deprecated in favor of '
                  '`torch.nn.utils.clip_grad_norm_`.', FutureWarning, stacklevel=2)
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite)


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float,
                     foreach: bool | None = None) -> None:
    """Clamp every element of every gradient to [-clip_value, clip_value].

    parameters  a tensor, or any iterable of them; those without a gradient are skipped
    clip_value  the largest absolute value allowed
    foreach     changes PyTorch's speed, and nothing here
    """
    with no_grad():
        for grad in _gradients(parameters):
            grad.copy_(grad.clamp(-clip_value, clip_value))


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All parameters, flattened, one after the other in one vector (n,).

    parameters  any iterable of tensors
    """
    return cat([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Give the parameters, in order, the values in vec, whose memory they then share.

    vec         as many numbers (n,) as the parameters have together
    parameters  any iterable of tensors
    """
    start = 0
    for parameter in parameters:
        stop = start + parameter.numel()
        parameter.data = vec[start:stop].reshape(parameter.shape).data
        start = stop
