"""Activations as layers. Each takes a floating-point tensor of any shape and returns one of the
same shape; in ReLU and LeakyReLU `inplace=True` overwrites the input. The functions, with their
formulas and sources, are those of nn.functional.

>>> from tinygrad_adam import nn, tensor
>>> nn.LeakyReLU(0.5), nn.LeakyReLU(0.5)(tensor([-1.0, 2.0]))
(LeakyReLU(negative_slope=0.5), tensor([-0.5000,  2.0000]))
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from .module import Module


class WithInplace(Module):
    """An activation whose one setting is inplace."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return 'inplace=True' if self.inplace else ''


class ReLU(WithInplace):
    """max(x, 0); inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, self.inplace)


class LeakyReLU(Module):
    """x where x > 0, negative_slope * x elsewhere; inplace overwrites the input."""

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f'negative_slope={self.negative_slope}' + ', inplace=True' * bool(self.inplace)


class Tanh(Module):
    """tanh(x), between -1 and 1."""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanh(input)


class Sigmoid(Module):
    """1 / (1 + exp(-x)), between 0 and 1."""

    def forward(self, input: Tensor) -> Tensor:
        return F.sigmoid(input)


class AlongDim(Module):
    """A function of all elements along dimension dim, chosen with a warning if it is None."""

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def extra_repr(self) -> str:
        return f'dim={self.dim}'


class Softmax(AlongDim):
    """exp(x) / sum(exp(x)) along dimension dim: positive values with sum 1."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim, _stacklevel=5)


class LogSoftmax(AlongDim):
    """The logarithm of softmax along dimension dim, exact where softmax underflows."""

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim, _stacklevel=5)
