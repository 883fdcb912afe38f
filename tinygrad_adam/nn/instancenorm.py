"""Instance normalization layers: each channel of each sample is normalized separately.

>>> from tinygrad_adam import nn, tensor
>>> nn.InstanceNorm1d(1)(tensor([[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]]])).flatten()
tensor([-1.2247,  0.0000,  1.2247, -1.2247,  0.0000,  1.2247])
"""
from __future__ import annotations

from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from .batchnorm import BatchStatistics


class _InstanceNorm(BatchStatistics):
    """What instance normalization layers share; `_ndims` are the dimensions their input may have,
    without and with a batch."""

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
                 affine: bool = False, track_running_stats: bool = False,
                 device: device | str | None = None, dtype: dtype | None = None, *,
                 bias: bool = True) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype,
                         bias)

    def forward(self, input: Tensor) -> Tensor:
        """Normalize input, a batch or a single sample. Raises ValueError for a wrong number of
        dimensions, or with affine of channels."""
        self._check_ndim(input)
        batched = input.ndim == self._ndims[1]
        if input.shape[batched] != self.num_features:
            if self.affine:
                raise errors.not_num_features(input, batched, self.num_features)
            errors.warn_of_num_features(batched)
        momentum = 0.0 if self.momentum is None else self.momentum
        out = F.instance_norm(
            input if batched else input.unsqueeze(0), self.running_mean, self.running_var,
            self.weight, self.bias, self.training or not self.track_running_stats, momentum,
            self.eps)
        return out if batched else out.squeeze(0)


class InstanceNorm1d(_InstanceNorm):
    """(x - mean) / sqrt(var + eps) * weight + bias, with a mean and var (biased) for each channel
    of each sample.

    num_features         C, how many channels the input (N, C, L) or (C, L) has; only counts
                         with affine or track_running_stats
    eps                  added to the variance
    momentum             the weight of each input in the running statistics, in [0, 1]; None: 0
    affine               whether there are weight and bias, (C,), else None
    track_running_stats  whether there are running statistics, updated in training, by which eval()
                         normalizes
    device               the CPU, if given
    dtype                float32, the default, or float64
    bias                 with affine: whether there is a bias

    Returns a tensor of the input's shape. Raises ValueError for a single position per channel.
    Ulyanov et al. 2016.
    """

    _ndims = 2, 3


class InstanceNorm2d(_InstanceNorm):
    """(x - mean) / sqrt(var + eps) * weight + bias, with a mean and var (biased) for each channel
    of each sample.

    num_features         C, how many channels the input (N, C, H, W) or (C, H, W) has; only counts
                         with affine or track_running_stats
    eps                  added to the variance
    momentum             the weight of each input in the running statistics, in [0, 1]; None: 0
    affine               whether there are weight and bias, (C,), else None
    track_running_stats  whether there are running statistics, updated in training, by which eval()
                         normalizes
    device               the CPU, if given
    dtype                float32, the default, or float64
    bias                 with affine: whether there is a bias

    Returns a tensor of the input's shape. Raises ValueError for a single position per channel.
    Ulyanov et al. 2016.
    """

    _ndims = 3, 4
