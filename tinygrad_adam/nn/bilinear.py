"""Bilinear: a layer of products of two inputs. PyTorch has it in nn.modules.linear.

>>> from tinygrad_adam import nn, zeros
>>> nn.Bilinear(20, 30, 40)(zeros(128, 20), zeros(128, 30)).shape
torch.Size([128, 40])
"""
from __future__ import annotations

import math

from .._functions.creation import empty
from .._tensor import Tensor
from ..types import device, dtype
from . import functional as F
from .init import uniform_
from .module import Module, Parameter


class Bilinear(Module):
    """input1 @ weight[o] @ input2 for each output o, + bias.

    in1_features   size of each first input
    in2_features   size of each second input
    out_features   size of each output
    bias           whether to add a bias (out_features,); the attribute is None otherwise
    device, dtype  'cpu', and float32, the default, or float64

    Takes (..., in1_features) and (..., in2_features).
    https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html
    """

    weight: Parameter
    bias: Parameter | None

    def __init__(self, in1_features: int, in2_features: int, out_features: int, bias: bool = True,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(empty(out_features, in1_features, in2_features, device=device,
                                      dtype=dtype))
        self.bias = Parameter(empty(out_features, device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias uniformly from [-k, k), where k = 1 / sqrt(in1_features)."""
        bound = 1 / math.sqrt(max(self.in1_features, 1))
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (f'in1_features={self.in1_features}, in2_features={self.in2_features}, '
                f'out_features={self.out_features}, bias={self.bias is not None}')
