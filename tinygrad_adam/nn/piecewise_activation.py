"""Activations of straight pieces as layers, beside ReLU and LeakyReLU: PReLU, ReLU6, RReLU,
Hardtanh, Hardswish, Hardsigmoid, Softshrink, Hardshrink, Threshold.

Each takes a floating-point tensor of any shape and returns one of the same shape. The functions,
with their formulas and sources, are those of nn.functional.

>>> from tinygrad_adam import nn, tensor
>>> nn.ReLU6()(tensor([-1.0, 2.0, 9.0]))
tensor([0., 2., 6.])
"""
from __future__ import annotations

from .._functions.creation import full
from .._tensor import Tensor
from ..types import device, dtype
from . import _activation_errors as errors
from . import functional as F
from .activation import WithInplace
from .module import Module, Parameter


class PReLU(Module):
    """x where x > 0, weight * x elsewhere, with slopes that are learned.

    num_parameters  the number of slopes: 1, or that of the channels, dimension 1 of the input
    init            what they begin with
    device          the CPU, if given
    dtype           float32, the default, or float64

    He et al. 2015. https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html
    """

    weight: Parameter

    def __init__(self, num_parameters: int = 1, init: float = 0.25,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(full((num_parameters,), float(init), device=device, dtype=dtype))

    def reset_parameters(self) -> None:
        """Set all slopes to init."""
        self.weight.data.fill_(self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f'num_parameters={self.num_parameters}'


class Hardtanh(Module):
    """x, but at least min_val and at most max_val; inplace overwrites the input. min_value and
    max_value, older names of the bounds, are not implemented; leave them None."""

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False,
                 min_value: float | None = None, max_value: float | None = None) -> None:
        super().__init__()
        if min_value is not None or max_value is not None:
            raise errors.older_names_of_bounds()
        if min_val >= max_val:
            raise errors.nothing_between_bounds(min_val, max_val)
        self.min_val = min_val
        self.max_val = max_val
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return (f'min_val={self.min_val}, max_val={self.max_val}'
                + ', inplace=True' * bool(self.inplace))


class ReLU6(Hardtanh):
    """min(max(x, 0), 6); inplace overwrites the input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return 'inplace=True' * bool(self.inplace)


class Hardswish(WithInplace):
    """x * min(max(x + 3, 0), 6) / 6; inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        return ''


class Hardsigmoid(WithInplace):
    """min(max(x + 3, 0), 6) / 6; inplace overwrites the input."""

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        return ''


class RReLU(Module):
    """x where x > 0, slope * x elsewhere, with slopes drawn between lower and upper in training,
    their mean otherwise; inplace overwrites the input."""

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f'lower={self.lower}, upper={self.upper}' + ', inplace=True' * bool(self.inplace)


class Softshrink(Module):
    """x moved by lambd towards 0, and 0 where |x| <= lambd."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Hardshrink(Module):
    """x, but 0 where |x| <= lambd."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Threshold(Module):
    """x where x > threshold, value elsewhere; inplace overwrites the input."""

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return (f'threshold={self.threshold}, value={self.value}'
                + ', inplace=True' * bool(self.inplace))
