"""Cauchy: the quotient of two normal variables, with tails so heavy that there is no mean."""
from __future__ import annotations

import math

from .._functions.creation import full_like, rand
from .._tensor import Tensor
from .distribution import LocationScale, Shape


class Cauchy(LocationScale):
    """The Cauchy distribution, with density 1 / (pi scale (1 + ((x - loc) / scale)^2)).

    loc            the median, a tensor or a number
    scale          half the width at half of the greatest density, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#cauchy
    """

    @property
    def mean(self) -> Tensor:
        """nan: there is none."""
        return full_like(self.loc, math.nan)

    @property
    def variance(self) -> Tensor:
        """inf."""
        return full_like(self.loc, math.inf)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.icdf(rand(self._shape(sample_shape), dtype=self.loc.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return -math.log(math.pi) - self.scale.log() - (self._standardized(value) ** 2).log1p()

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self._standardized(value).atan() / math.pi + 0.5

    def icdf(self, value: Tensor) -> Tensor:
        return (math.pi * (value - 0.5)).tan() * self.scale + self.loc

    def entropy(self) -> Tensor:
        return math.log(4 * math.pi) + self.scale.log()
