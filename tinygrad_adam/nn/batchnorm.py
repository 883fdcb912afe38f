"""Batch normalization layers.

>>> from tinygrad_adam import nn, tensor
>>> nn.BatchNorm1d(1)(tensor([[1.0], [2.0], [3.0]])).flatten().detach()
tensor([-1.2247,  0.0000,  1.2247])
"""
from __future__ import annotations

from typing import Any

from ..autograd import increment_version, no_grad
from .._functions.creation import ones, tensor, zeros
from .._tensor import Tensor
from ..types import device, dtype, int64
from . import _layer_errors as errors
from . import functional as F
from .module import Module, Parameter


class BatchStatistics(Module):
    """What batch and instance normalization layers share: settings, weights and running statistics;
    `_ndims` are the dimensions their input may have."""

    _ndims: tuple[int, ...]
    weight: Parameter | None
    bias: Parameter | None
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None
    _version: int = 2      # version 1 had no num_batches_tracked

    def __init__(self, num_features: int, eps: float, momentum: float | None, affine: bool,
                 track_running_stats: bool, device: device | str | None, dtype: dtype | None,
                 bias: bool) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.weight = (
            Parameter(ones(num_features, device=device, dtype=dtype)) if affine else None)
        self.bias = (
            Parameter(zeros(num_features, device=device, dtype=dtype)) if affine and bias else None)
        mean = var = batches = None
        if track_running_stats:
            mean = zeros(num_features, device=device, dtype=dtype)
            var = ones(num_features, device=device, dtype=dtype)
            batches = tensor(0, dtype=int64)
        self.register_buffer('running_mean', mean)
        self.register_buffer('running_var', var)
        self.register_buffer('num_batches_tracked', batches)

    @no_grad()
    def reset_running_stats(self) -> None:
        """Forget all batches: mean 0, variance 1."""
        if self.track_running_stats:
            for buffer, value in ((self.running_mean, 0), (self.running_var, 1),
                                  (self.num_batches_tracked, 0)):
                buffer.fill_(value)    # type: ignore[union-attr]

    @no_grad()
    def reset_parameters(self) -> None:
        """Forget all batches, and make the weights 1 and the biases 0 again."""
        self.reset_running_stats()
        if self.weight is not None:
            self.weight.fill_(1)
        if self.bias is not None:
            self.bias.fill_(0)

    def _check_ndim(self, input: Tensor) -> None:
        """Raise ValueError unless input has one of the numbers of dimensions."""
        if input.dim() not in self._ndims:
            raise errors.wrong_ndim(input, self._ndims)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str,
                              local_metadata: dict[str, Any], *rest: Any) -> None:
        batches = self.num_batches_tracked
        if batches is not None and (local_metadata.get('version') or 1) < 2:
            state_dict.setdefault(f'{prefix}num_batches_tracked', batches)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *rest)

    def extra_repr(self) -> str:
        return (f'{self.num_features}, eps={self.eps}, momentum={self.momentum}, '
                f'affine={self.affine}, bias={self.bias is not None}, '
                f'track_running_stats={self.track_running_stats}')


class _BatchNorm(BatchStatistics):
    """What batch normalization layers share: a call."""

    def forward(self, input: Tensor) -> Tensor:
        """Normalize input, whose channels are dimension 1; in training mode update the running
        statistics. Raises ValueError for a wrong number of dimensions."""
        self._check_ndim(input)
        mean, var = self.running_mean, self.running_var
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats:
            batches = self.num_batches_tracked
            if batches is not None:
                batches._array += 1
                increment_version(batches)
                if self.momentum is None:
                    momentum = 1 / batches.item()
        elif self.training:
            mean = var = None
        return F.batch_norm(input, mean, var, self.weight, self.bias,
                            self.training or mean is None, momentum, self.eps)


class BatchNorm1d(_BatchNorm):
    """(x - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each channel.

    In training they are the batch's (var biased), and the buffers running_mean and running_var
    are updated by its mean and unbiased variance; after eval() these two are used instead.

    num_features         C, how many channels the input (N, C) or (N, C, L) has
    eps                  added to the variance
    momentum             the weight of each batch in the running statistics, in [0, 1]; None: they
                         are the means over all batches
    affine               whether there are weight and bias, (C,), else None
    track_running_stats  whether there are running statistics; if not, eval() uses the batch's, too
    device               the CPU, if given
    dtype                float32, the default, or float64
    bias                 with affine: whether there is a bias

    Returns a tensor of the input's shape. Raises ValueError in training with one value per channel.
    Ioffe & Szegedy 2015, algorithms 1 and 2.
    """

    _ndims = 2, 3

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
                 affine: bool = True, track_running_stats: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None, *,
                 bias: bool = True) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype,
                         bias)


class BatchNorm2d(_BatchNorm):
    """(x - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each channel.

    In training they are the batch's (var biased), and the buffers running_mean and running_var
    are updated by its mean and unbiased variance; after eval() these two are used instead.

    num_features         C, how many channels the input (N, C, H, W) has
    eps                  added to the variance
    momentum             the weight of each batch in the running statistics, in [0, 1]; None: they
                         are the means over all batches
    affine               whether there are weight and bias, (C,), else None
    track_running_stats  whether there are running statistics; if not, eval() uses the batch's, too
    device               the CPU, if given
    dtype                float32, the default, or float64
    bias                 with affine: whether there is a bias

    Returns a tensor of the input's shape. Raises ValueError in training with one value per channel.
    Ioffe & Szegedy 2015, algorithms 1 and 2.
    """

    _ndims = 4,

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
                 affine: bool = True, track_running_stats: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None, *,
                 bias: bool = True) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype,
                         bias)
