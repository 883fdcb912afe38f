"""VonMises: an angle, distributed much like a normal variable."""
from __future__ import annotations

import math
from functools import reduce
from typing import Any, Sequence

from .._functions.creation import from_numpy
from .._functions.pointwise import where
from .._tensor import Tensor
from ..random import source
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Centred, Shape, derived, parameters

# Of the modified Bessel functions of order 0 and 1: of x up to 3.75, in powers of (x / 3.75)^2; and
# of sqrt(x) exp(-x) times the function beyond, in powers of 3.75 / x. (Abramowitz and Stegun 1964,
# 9.8.1 to 9.8.4.)
SMALL = [[1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813],
         [0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411]]
LARGE = [[0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537,
          -0.01647633, 0.00392377],
         [0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555, 0.02282967, -0.02895312,
          0.01787654, -0.00420059]]


def polynomial(coefficients: Sequence[float], x: Tensor) -> Any:
    """The sum of coefficients times powers of x, the constant first.

    coefficients  at least one
    x             a tensor
    """
    *others, last = coefficients
    return reduce(lambda out, coefficient: coefficient + x * out, reversed(others), last)


def log_bessel(x: Tensor, order: int) -> Tensor:
    """The logarithm of the modified Bessel function of the first kind, to seven digits.

    x      greater than 0
    order  0 or 1
    """
    small = polynomial(SMALL[order], (x / 3.75) ** 2)
    large = x - 0.5 * x.log() + polynomial(LARGE[order], 3.75 / x).log()
    return where(x < 3.75, (x.abs() * small if order else small).log(), large)


class VonMises(Centred):
    """The von Mises distribution of angles in [-pi, pi), with a density proportional to
    exp(concentration cos(x - loc)).

    loc            the mean, in radians; a tensor or a number
    concentration  about 1 / variance, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#vonmises
    """

    arg_constraints: Rules = {'loc': constraints.real, 'concentration': constraints.positive}
    support: Constraint = constraints.real

    def __init__(self, loc: Tensor | float, concentration: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.loc: Tensor
        self.concentration: Tensor
        self.loc, self.concentration = parameters(loc, concentration)
        super().__init__(self.loc.shape, (), validate_args)

    @derived
    def variance(self) -> Tensor:
        """1 minus the length of the mean of the points of the circle at these angles."""
        return 1 - (log_bessel(self.concentration, 1) - log_bessel(self.concentration, 0)).exp()

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        loc, concentration = self.loc.detach().numpy(), self.concentration.detach().numpy()
        drawn = source(None).vonmises(loc, concentration, self._shape(sample_shape))
        return from_numpy(drawn.astype(loc.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return (self.concentration * (value - self.loc).cos() - math.log(2 * math.pi)
                - log_bessel(self.concentration, 0))
