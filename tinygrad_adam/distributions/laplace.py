"""Laplace: two exponential distributions, back to back."""
from __future__ import annotations

import math

from .._functions.creation import rand
from .._tensor import Tensor
from ..types import finfo
from .distribution import LocationScale, Shape


class Laplace(LocationScale):
    """The Laplace distribution, with density exp(-|x - loc| / scale) / (2 scale).

    loc            the mean, a tensor or a number
    scale          the mean distance from it, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#laplace
    """

    @property
    def stddev(self) -> Tensor:
        return math.sqrt(2) * self.scale

    @property
    def variance(self) -> Tensor:
        return 2 * self.scale.pow(2)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        drawn = 2 * rand(self._shape(sample_shape), dtype=self.loc.dtype) - 1       # in [-1, 1)
        most = 1 - finfo(drawn.dtype).eps / 2
        return self.loc - self.scale * drawn.sign() * (-drawn.abs().clamp(max=most)).log1p()

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return -(2 * self.scale).log() - (value - self.loc).abs() / self.scale

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        distance = value - self.loc
        return 0.5 - 0.5 * distance.sign() * (-distance.abs() / self.scale).expm1()

    def icdf(self, value: Tensor) -> Tensor:
        above = value - 0.5
        return self.loc - self.scale * above.sign() * (-2 * above.abs()).log1p()

    def entropy(self) -> Tensor:
        return 1 + (2 * self.scale).log()
