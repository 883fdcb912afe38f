"""Layers that bring what flows through a network to mean 0 and variance 1, then scale and shift it.

>>> from tinygrad_adam import nn, tensor
>>> nn.LayerNorm(3)(tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]))
tensor([[-1.2247,  0.0000,  1.2247],
        [-1.2247,  0.0000,  1.2247]], grad_fn=<NormalizedBackward0>)
"""
from __future__ import annotations

from ..autograd import increment_version
from ..creation import ones, tensor, zeros
from ..tensor import Tensor
from ..types import int64
from . import functional as F
from .module import Module, Parameter


class _Norm(Module):
    """A scale of ones and a shift of zeros of this shape, or None."""

    def _create(self, shape, scale, shift, device, dtype):
        options = {'device': device, 'dtype': dtype}
        self.weight = Parameter(ones(shape, **options)) if scale else None
        self.bias = Parameter(zeros(shape, **options)) if scale and shift else None


class _BatchNorm(_Norm):
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
        self._create(num_features, affine, bias, device, dtype)
        options, track = {'device': device, 'dtype': dtype}, track_running_stats
        self.register_buffer('running_mean', zeros(num_features, **options) if track else None)
        self.register_buffer('running_var', ones(num_features, **options) if track else None)
        self.register_buffer('num_batches_tracked', tensor(0, dtype=int64) if track else None)

    def forward(self, input: Tensor) -> Tensor:
        if input.dim() not in self.dims:
            raise ValueError(f'expected {" or ".join(f"{dim}D" for dim in self.dims)} input (got '
                             f'{input.dim()}D input), channels in dimension 1. Reshape it first')
        momentum, mean, var = self.momentum, self.running_mean, self.running_var
        if self.training and self.track_running_stats:
            self.num_batches_tracked._array += 1
            increment_version(self.num_batches_tracked)
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


class LayerNorm(_Norm):
    """The same over the last dimensions, of normalized_shape, of each sample by itself.

    No batch, no memory: training and use are alike. Source: Ba, Kiros & Hinton 2016.
    """

    def __init__(self, normalized_shape, eps: float = 1e-5, elementwise_affine: bool = True,
                 bias: bool = True, device=None, dtype=None):
        super().__init__()
        several = isinstance(normalized_shape, (tuple, list))
        self.normalized_shape = tuple(normalized_shape) if several else (normalized_shape,)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self._create(self.normalized_shape, elementwise_affine, bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (f'{self.normalized_shape}, eps={self.eps}, elementwise_affine='
                f'{self.elementwise_affine}, bias={self.bias is not None}')


class GroupNorm(_Norm):
    """The same over groups of channels of each sample (N, num_channels, ...). Wu & He 2018."""

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
                 device=None, dtype=None, *, bias: bool = True):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(f'num_channels={num_channels} must be divisible by num_groups='
                             f'{num_groups}, to be shared out. Choose a divisor')
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.affine = affine
        self._create(num_channels, affine, bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (f'{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, '
                f'bias={self.bias is not None}')
