"""Smooth activations as layers: SiLU, ELU, LogSigmoid, GELU, Softplus.

Each takes a floating-point tensor of any shape and returns one of the same shape. The functions,
with their formulas and sources, are those of nn.functional.
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from .activation import WithInplace
from .module import Module


class SiLU(WithInplace):
    """x * sigmoid(x), also called swish; inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, self.inplace)


class ELU(Module):
    """x where x > 0, alpha * (exp(x) - 1) elsewhere; inplace overwrites the input."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f'alpha={self.alpha}' + ', inplace=True' * bool(self.inplace)


class LogSigmoid(Module):
    """log(sigmoid(x)), without overflow."""

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class GELU(Module):
    """x * P(X < x) for a standard normal X; approximate is 'none' (exact) or 'tanh'."""

    def __init__(self, approximate: str = 'none') -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f'approximate={self.approximate!r}'


class Softplus(Module):
    """log(1 + exp(beta * x)) / beta, and x where beta * x > threshold."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f'beta={self.beta}, threshold={self.threshold}'
