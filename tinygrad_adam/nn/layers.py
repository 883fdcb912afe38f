"""Layers that learn, and BatchNorm, which also remembers.

>>> from tinygrad_adam import nn, zeros
>>> nn.Linear(20, 30)(zeros(128, 20)).shape
torch.Size([128, 30])
>>> nn.Conv2d(3, 8, kernel_size=3, padding=1)(zeros(1, 3, 28, 28)).shape
torch.Size([1, 8, 28, 28])
"""

from __future__ import annotations

import math

from ..creation import empty, ones, tensor, zeros
from ..tensor import Tensor
from ..types import int64
from . import functional as F
from .init import _calculate_fan_in_and_fan_out, uniform_
from .module import Module, Parameter


class _Affine(Module):
    """A weight of shape (out, in, ...), and a bias of shape (out,) or None."""

    def _create(self, shape, bias, device, dtype):
        self.weight = Parameter(empty(*shape, device=device, dtype=dtype))
        self.bias = Parameter(empty(shape[0], device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw both between ±1 / sqrt(fan_in), for a weight the same as kaiming_uniform_(a=√5)."""
        fan_in, _ = _calculate_fan_in_and_fan_out(self.weight)
        bound = 1 / math.sqrt(max(fan_in, 1))
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)


class Linear(_Affine):
    """input @ weight.T + bias: (..., in_features) becomes (..., out_features)."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True,
                 device=None, dtype=None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self._create((out_features, in_features), bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self):
        return (f'in_features={self.in_features}, out_features={self.out_features}, '
                f'bias={self.bias is not None}')


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


class Conv2d(_Affine):
    """Filters slid over images: (N, in_channels, H, W) becomes (N, out_channels, H', W').

    H' = (H + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1, or H with padding='same'.
    Sizes are numbers or pairs. `groups` of channels do not mix.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size, stride=1, padding=0,
                 dilation=1, groups: int = 1, bias: bool = True, padding_mode: str = 'zeros',
                 device=None, dtype=None):
        super().__init__()
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(f'in_channels={in_channels} and out_channels={out_channels} must be '
                             f'divisible by groups={groups}, to be shared out. Choose a divisor')
        if padding_mode != 'zeros':
            raise NotImplementedError(f"padding_mode={padding_mode!r} is not built, only 'zeros'. "
                                      'Pad the input before, and give padding=0')
        known = ('valid', 'same') if _pair(stride) == (1, 1) else ('valid',)  # strides shrink
        if isinstance(padding, str) and padding not in known:
            raise ValueError(f'padding={padding!r} is not supported with stride={stride}, only '
                             f'{known} are. Give one of them, a number or a pair')
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride, self.dilation = map(_pair, (kernel_size, stride, dilation))
        self.padding = padding if isinstance(padding, str) else _pair(padding)
        shape = out_channels, in_channels // groups, *self.kernel_size
        self._create(shape, bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation,
                        self.groups)

    def extra_repr(self):
        usual = {'padding': (0, 0), 'dilation': (1, 1), 'groups': 1}
        rest = [f', {name}={getattr(self, name)}' for name in usual
                if getattr(self, name) != usual[name]] + [', bias=False'] * (self.bias is None)
        return (f'{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, '
                f'stride={self.stride}{"".join(rest)}')


class _BatchNorm(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias, where mean and var are those of each channel.

    In training they are the batch's, and running_mean moves towards its mean by the share momentum
    (None: it is the mean over all batches), running_var likewise to the unbiased variance; after
    eval() these two are used. Source: Ioffe & Szegedy 2015, algorithms 1 and 2.
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
                 affine: bool = True, track_running_stats: bool = True, device=None, dtype=None,
                 *, bias: bool = True):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        options, track = {'device': device, 'dtype': dtype}, track_running_stats
        self.weight = Parameter(ones(num_features, **options)) if affine else None
        self.bias = Parameter(zeros(num_features, **options)) if affine and bias else None
        self.register_buffer('running_mean', zeros(num_features, **options) if track else None)
        self.register_buffer('running_var', ones(num_features, **options) if track else None)
        self.register_buffer('num_batches_tracked', tensor(0, dtype=int64) if track else None)

    def forward(self, input: Tensor) -> Tensor:
        if input.dim() not in self.dims:
            raise ValueError(f'expected {" or ".join(f"{dim}D" for dim in self.dims)} input (got '
                             f'{input.dim()}D input), channels in dimension 1. Reshape it first')
        momentum, mean, var = self.momentum, self.running_mean, self.running_var
        if self.training and self.track_running_stats:
            self.num_batches_tracked.add_(1)
            momentum = 1 / self.num_batches_tracked.item() if momentum is None else momentum
        elif self.training:
            mean = var = None
        return F.batch_norm(input, mean, var, self.weight, self.bias,
                            self.training or mean is None, momentum, self.eps)

    def extra_repr(self):
        return (f'{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine='
                f'{self.affine}, bias={self.bias is not None}, '
                f'track_running_stats={self.track_running_stats}')


class BatchNorm1d(_BatchNorm):
    __doc__ = 'For (N, C) or (N, C, L): ' + _BatchNorm.__doc__
    dims = 2, 3


class BatchNorm2d(_BatchNorm):
    __doc__ = 'For (N, C, H, W): ' + _BatchNorm.__doc__
    dims = 4,
