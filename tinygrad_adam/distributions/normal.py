"""Normal: the bell curve."""
from __future__ import annotations

import math

from .._functions.creation import randn
from .._tensor import Tensor
from ..ops.activations import normal_cdf
from .distribution import LocationScale, Shape


class Normal(LocationScale):
    """The normal distribution, with density exp(-(x - loc)^2 / (2 scale^2)) / (scale sqrt(2 pi)).

    loc            the mean, a tensor or a number
    scale          the standard deviation, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#normal
    """

    @property
    def stddev(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev.pow(2)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.loc + randn(self._shape(sample_shape), dtype=self.loc.dtype) * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return (-((value - self.loc) ** 2) / (2 * self.scale ** 2) - self.scale.log()
                - math.log(math.sqrt(2 * math.pi)))

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return normal_cdf(self._standardized(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self.loc + self.scale * (2 * value - 1).erfinv() * math.sqrt(2)

    def entropy(self) -> Tensor:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()
