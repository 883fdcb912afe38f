"""Layers that normalize each sample separately: the same in training and afterwards.

>>> from tinygrad_adam import nn, tensor
>>> nn.LayerNorm(3)(tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])).detach()
tensor([[-1.2247,  0.0000,  1.2247],
        [-1.2247,  0.0000,  1.2247]])
"""
from __future__ import annotations

from typing import Any, Sequence

from .._functions.creation import ones, zeros
from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from .module import Module, Parameter


class LayerNorm(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each sample.

    normalized_shape    the sizes of the last dimensions of the input, over which mean and var
                        (biased) are taken; a number for the last dimension alone
    eps                 added to the variance
    elementwise_affine  whether there are weight and bias, of normalized_shape, else None
    bias                with elementwise_affine: whether there is a bias
    device              the CPU, if given
    dtype               float32, the default, or float64

    Takes (..., *normalized_shape) and returns that shape. Ba, Kiros & Hinton 2016.
    """

    weight: Parameter | None
    bias: Parameter | None

    def __init__(self, normalized_shape: int | Sequence[int], eps: float = 1e-5,
                 elementwise_affine: bool = True, bias: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        sizes: Any = normalized_shape
        shape = tuple(sizes) if isinstance(sizes, (tuple, list)) else (sizes,)
        self.normalized_shape: tuple[int, ...] = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        bias = elementwise_affine and bias
        self.weight = (
            Parameter(ones(shape, device=device, dtype=dtype)) if elementwise_affine else None)
        self.bias = Parameter(zeros(shape, device=device, dtype=dtype)) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        """Normalize input, (..., *normalized_shape)."""
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (f'{self.normalized_shape}, eps={self.eps}, '
                f'elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}')


class GroupNorm(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias, with a mean and var (biased) for each group of
    channels of each sample.

    num_groups    into how many groups of neighbouring channels to split
    num_channels  C, how many channels the input has; num_groups must divide it
    eps           added to the variance
    affine        whether there are weight and bias, (C,), else None
    device        the CPU, if given
    dtype         float32, the default, or float64
    bias          with affine: whether there is a bias

    Takes (N, C, ...) and returns that shape. Raises ValueError if num_groups does not divide
    num_channels. Wu & He 2018.
    """

    weight: Parameter | None
    bias: Parameter | None

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None, *,
                 bias: bool = True) -> None:
        super().__init__()
        if num_channels % num_groups:
            raise errors.num_groups_does_not_divide(num_channels, num_groups)
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.weight = (
            Parameter(ones(num_channels, device=device, dtype=dtype)) if affine else None)
        self.bias = (
            Parameter(zeros(num_channels, device=device, dtype=dtype)) if affine and bias else None)

    def forward(self, input: Tensor) -> Tensor:
        """Normalize input, (N, C, ...)."""
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (f'{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, '
                f'bias={self.bias is not None}')


class RMSNorm(Module):
    """x / sqrt(mean(x^2) + eps) * weight, with a mean for each sample.

    normalized_shape    the sizes of the last dimensions of the input, over which the mean is taken;
                        a number for the last dimension alone
    eps                 added to the mean; None: the distance from 1 to the next number of the dtype
    elementwise_affine  whether there is a weight, of normalized_shape, else None
    device              the CPU, if given
    dtype               float32, the default, or float64

    Takes (..., *normalized_shape) and returns that shape. Zhang & Sennrich 2019.
    """

    weight: Parameter | None

    def __init__(self, normalized_shape: int | Sequence[int], eps: float | None = None,
                 elementwise_affine: bool = True, device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__()
        sizes: Any = normalized_shape
        shape = tuple(sizes) if isinstance(sizes, (tuple, list)) else (sizes,)
        self.normalized_shape: tuple[int, ...] = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = (
            Parameter(ones(shape, device=device, dtype=dtype)) if elementwise_affine else None)

    def reset_parameters(self) -> None:
        """Set the weight to ones."""
        if self.weight is not None:
            self.weight.data.fill_(1)

    def forward(self, input: Tensor) -> Tensor:
        """Normalize input, (..., *normalized_shape)."""
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (f'{self.normalized_shape}, eps={self.eps}, '
                f'elementwise_affine={self.elementwise_affine}')


class LocalResponseNorm(Module):
    """x / (k + alpha * mean(x^2))^beta, with a mean over neighbouring channels.

    size   how many channels, around each, the mean is taken over
    alpha  a factor
    beta   an exponent
    k      a constant

    Takes (N, C, ...), of at least three dimensions, and returns that shape.
    Krizhevsky et al. 2012, section 3.3.
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        """Normalize input, (N, C, ...)."""
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f'{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}'
