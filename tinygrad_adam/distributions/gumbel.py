"""Gumbel: the greatest of many variables."""
from __future__ import annotations

import math

from .._functions.creation import rand
from .._tensor import Tensor
from ..types import finfo
from .distribution import EULER, LocationScale, Shape


class Gumbel(LocationScale):
    """The Gumbel distribution, with density exp(-z - exp(-z)) / scale for z = (x - loc) / scale.

    loc            the mode, a tensor or a number
    scale          greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#gumbel
    """

    @property
    def mean(self) -> Tensor:
        return self.loc + self.scale * EULER

    @property
    def stddev(self) -> Tensor:
        return math.pi / math.sqrt(6) * self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev.pow(2)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.icdf(rand(self._shape(sample_shape), dtype=self.loc.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        y = -self._standardized(value)
        return y - y.exp() - self.scale.log()

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return (-(-self._standardized(value)).exp()).exp()

    def icdf(self, value: Tensor) -> Tensor:
        kind = finfo(self.loc.dtype)
        inside = kind.tiny + value * (1 - kind.eps - kind.tiny)     # 0 and 1 have finite ones
        return self.loc - self.scale * (-inside.log()).log()

    def entropy(self) -> Tensor:
        return self.scale.log() + (1 + EULER)
