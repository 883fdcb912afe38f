"""Linear layers, and those that only rearrange their input.

>>> from tinygrad_adam import nn, zeros
>>> nn.Linear(20, 30)(zeros(128, 20)).shape, nn.Flatten()(zeros(2, 3, 4)).shape
(torch.Size([128, 30]), torch.Size([2, 12]))
"""
from __future__ import annotations

import math

from .._functions.creation import empty
from .._tensor import Tensor
from ..ops.matmul import reshape
from ..types import device, dtype
from . import functional as F
from .init import uniform_
from .module import Module, Parameter


class Identity(Module):
    """Returns its input, in place of another layer. args and kwargs are ignored, by design."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Linear(Module):
    """input @ weight.T + bias: (..., in_features) becomes (..., out_features).
    https://pytorch.org/docs/stable/generated/torch.nn.Linear.html

    in_features    size of each input
    out_features   size of each output
    bias           whether to add a bias (out_features,); the attribute is None otherwise
    device, dtype  'cpu', and float32, the default, or float64
    """

    weight: Parameter
    bias: Parameter | None

    def __init__(self, in_features: int, out_features: int, bias: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(empty(out_features, in_features, device=device, dtype=dtype))
        self.bias = Parameter(empty(out_features, device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias uniformly from [-k, k), where k = 1 / sqrt(in_features)."""
        bound = 1 / math.sqrt(max(self.in_features, 1))
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (f'in_features={self.in_features}, out_features={self.out_features}, '
                f'bias={self.bias is not None}')


class Flatten(Module):
    """Joins dimensions start_dim to end_dim: (N, C, H, W) becomes (N, C * H * W) by default."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        shape = input._array.shape
        if len(shape) > 2 and (self.start_dim, self.end_dim) == (1, -1):
            return reshape(input, (shape[0], math.prod(shape[1:])))
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f'start_dim={self.start_dim}, end_dim={self.end_dim}'
