"""Initial values, written into a given tensor, which is returned.

What flows through a layer keeps its size when the weights have variance gain² / fan, where fan is
how many numbers each sum adds up (fan_in) or in how many sums each number is used (fan_out).

>>> from tinygrad_adam import empty, nn
>>> weight = nn.init.xavier_uniform_(empty(10, 20))
>>> bool(weight.abs().max() <= (6 / (10 + 20)) ** 0.5)
True
"""

from __future__ import annotations

import math

from ..autograd import no_grad
from ..tensor import Tensor


@no_grad()
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator=None) -> Tensor:
    """Equally likely between a and b."""
    return tensor.uniform_(a, b, generator=generator)


@no_grad()
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator=None) -> Tensor:
    """Normally distributed."""
    return tensor.normal_(mean, std, generator=generator)


@no_grad()
def constant_(tensor: Tensor, val: float) -> Tensor:
    """`val` everywhere."""
    return tensor.fill_(val)


def zeros_(tensor: Tensor) -> Tensor:
    """0 everywhere."""
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """1 everywhere."""
    return constant_(tensor, 1.0)


def calculate_gain(nonlinearity: str, param: float = None) -> float:
    """By how much weights grow for the nonlinearity after them; `param` is leaky_relu's slope."""
    slope = 0.01 if param is None else param
    gains = {'linear': 1, 'conv1d': 1, 'conv2d': 1, 'conv_transpose2d': 1, 'sigmoid': 1,
             'tanh': 5 / 3, 'relu': math.sqrt(2), 'leaky_relu': math.sqrt(2 / (1 + slope ** 2)),
             'selu': 3 / 4}
    if nonlinearity not in gains:
        raise ValueError(f'Unsupported nonlinearity {nonlinearity}: its gain is not known. Use one '
                         f'of {list(gains)}')
    return gains[nonlinearity]


def _calculate_fan_in_and_fan_out(tensor):
    if tensor.dim() < 2:
        raise ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 '
                         f'dimensions, here {tensor.dim()}: weights are (out, in). Use normal_')
    area = math.prod(tensor.shape[2:])  # of a convolution's kernel
    return tensor.shape[1] * area, tensor.shape[0] * area


def _kaiming_std(tensor, a, mode, nonlinearity):
    fans = dict(zip(['fan_in', 'fan_out'], _calculate_fan_in_and_fan_out(tensor)))
    if mode not in fans:
        raise ValueError(f'Mode {mode} not supported, please use one of {list(fans)}')
    return calculate_gain(nonlinearity, a) / math.sqrt(fans[mode])


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator=None) -> Tensor:
    """Variance 2 gain² / (fan_in + fan_out): Glorot & Bengio 2010, equation 16."""
    bound = gain * math.sqrt(6 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator=None) -> Tensor:
    """Variance 2 gain² / (fan_in + fan_out): Glorot & Bengio 2010, equation 12."""
    std = gain * math.sqrt(2 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(tensor: Tensor, a: float = 0, mode: str = 'fan_in',
                     nonlinearity: str = 'leaky_relu', generator=None) -> Tensor:
    """Variance gain² / fan, `a` the slope of leaky_relu: He et al. 2015, equation 15."""
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = 'fan_in',
                    nonlinearity: str = 'leaky_relu', generator=None) -> Tensor:
    """Variance gain² / fan, `a` the slope of leaky_relu: He et al. 2015, equation 15."""
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), generator)
