"""Smooth activations as layers: SiLU, Mish, ELU, SELU, CELU, LogSigmoid, GELU, Softplus, Softsign,
Tanhshrink; and those that join elements: GLU, Softmin, Softmax2d.

Each takes a floating-point tensor of any shape and returns one of the same shape, but for GLU,
which halves a size. The functions, with their formulas and sources, are those of nn.functional.
"""
from __future__ import annotations

from .._tensor import Tensor
from . import _activation_errors as errors, functional as F
from .activation import AlongDim, WithInplace
from .module import Module


class SiLU(WithInplace):
    """x * sigmoid(x), also called swish; inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, self.inplace)


class Mish(WithInplace):
    """x * tanh(log(1 + exp(x))); inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, self.inplace)


class SELU(WithInplace):
    """1.0507 * (x where x > 0, 1.6733 * (exp(x) - 1) elsewhere), which keeps mean 0 and variance 1;
    inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, self.inplace)


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


class CELU(Module):
    """x where x > 0, alpha * (exp(x / alpha) - 1) elsewhere; inplace overwrites the input."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)

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


class Softsign(Module):
    """x / (1 + |x|), between -1 and 1."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Tanhshrink(Module):
    """x - tanh(x)."""

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class GLU(Module):
    """a * sigmoid(b), where a and b are the halves of the input along dimension dim."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f'dim={self.dim}'


class Softmin(AlongDim):
    """softmax(-x) along dimension dim: the largest value for the smallest element."""

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """softmax over the channels of each pixel: takes (N, C, H, W) or (C, H, W)."""

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise errors.no_channels_of_pixels(input)
        return F.softmax(input, -3)
