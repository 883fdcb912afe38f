"""Kumaraswamy: a share between 0 and 1, much like Beta, whose samples are simple functions."""
from __future__ import annotations

import math

from .._functions.creation import full_like
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .distribution import EULER, parameters
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, PowerTransform
from .uniform import Uniform


class Kumaraswamy(TransformedDistribution):
    """The Kumaraswamy distribution, that of (1 - x^(1 / concentration0))^(1 / concentration1) for
    uniform variables x in [0, 1].

    concentration1  greater than 0; a tensor or a number
    concentration0  greater than 0
    validate_args   check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#kumaraswamy
    """

    arg_constraints: Rules = {'concentration1': constraints.positive,
                              'concentration0': constraints.positive}
    support: Constraint = constraints.unit_interval
    has_rsample = True

    def __init__(self, concentration1: Tensor | float, concentration0: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.concentration1: Tensor
        self.concentration0: Tensor
        self.concentration1, self.concentration0 = parameters(concentration1, concentration0)
        base = Uniform(full_like(self.concentration0, 0), full_like(self.concentration0, 1),
                       validate_args)
        super().__init__(base, [PowerTransform(self.concentration0.reciprocal()),
                                AffineTransform(1.0, -1.0),
                                PowerTransform(self.concentration1.reciprocal())], validate_args)

    @property
    def mean(self) -> Tensor:
        return self._moment(1)

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density; nan for a concentration below 1."""
        a, b = self.concentration1, self.concentration0
        log = b.reciprocal() * (-b).log1p() - (-b * a).log1p()
        return log.masked_fill((b < 1) | (a < 1), math.nan).exp()

    @property
    def variance(self) -> Tensor:
        return self._moment(2) - self.mean.pow(2)

    def entropy(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        return (1 - b.reciprocal() + (1 - a.reciprocal()) * ((b + 1).digamma() + EULER)
                - a.log() - b.log())

    def _moment(self, n: int) -> Tensor:
        """The mean of x^n."""
        first, b = 1 + n / self.concentration1, self.concentration0
        return b * (first.lgamma() + b.lgamma() - (first + b).lgamma()).exp()
