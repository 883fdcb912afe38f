"""InverseGamma: one over a gamma variable, such as an unknown variance."""
from __future__ import annotations

import math

from .._functions.creation import full
from .._functions.pointwise import where
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .gamma import Gamma
from .transformed_distribution import TransformedDistribution
from .transforms import PowerTransform


class InverseGamma(TransformedDistribution):
    """The distribution of 1 / x for gamma variables x.

    concentration  that of x, greater than 0; a tensor or a number
    rate           that of x, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#inversegamma
    """

    arg_constraints: Rules = {'concentration': constraints.positive, 'rate': constraints.positive}
    support: Constraint = constraints.positive
    has_rsample = True
    base_dist: Gamma

    def __init__(self, concentration: Tensor | float, rate: Tensor | float,
                 validate_args: bool | None = None) -> None:
        base = Gamma(concentration, rate, validate_args)
        super().__init__(base, PowerTransform(full((), -1.0, dtype=base.rate.dtype)), validate_args)

    @property
    def concentration(self) -> Tensor:
        """Often named alpha."""
        return self.base_dist.concentration

    @property
    def rate(self) -> Tensor:
        """Often named beta."""
        return self.base_dist.rate

    @property
    def mean(self) -> Tensor:
        """inf for a concentration of at most 1."""
        return where(self.concentration > 1, self.rate / (self.concentration - 1), math.inf)

    @property
    def mode(self) -> Tensor:
        return self.rate / (self.concentration + 1)

    @property
    def variance(self) -> Tensor:
        """inf for a concentration of at most 2."""
        a = self.concentration
        return where(a > 2, self.rate.square() / ((a - 1).square() * (a - 2)), math.inf)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a + self.rate.log() + a.lgamma() - (1 + a) * a.digamma()
