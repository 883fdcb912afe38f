"""Laplace: two exponential distributions, back to back."""
from __future__ import annotations

import math

from .._functions.creation import rand
from .._tensor import Tensor
from ..types import finfo
from .distribution import Distribution, Shape, parameters


class Laplace(Distribution):
    """The Laplace distribution, with density exp(-|x - loc| / scale) / (2 scale).

    loc            the mean, a tensor or a number
    scale          the mean distance from it, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#laplace
    """

    has_rsample = True
    _parameters = 'loc', 'scale'

    def __init__(self, loc: Tensor | float, scale: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.loc: Tensor
        self.scale: Tensor
        self.loc, self.scale = parameters(loc, scale)
        super().__init__(self.loc.shape, (), validate_args)
        self._require('loc', self.loc, self.loc == self.loc, 'Real()')
        self._require('scale', self.scale, self.scale > 0, 'GreaterThan(lower_bound=0.0)')

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

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
        self._check_value(value, lambda x: x == x, 'Real()')
        return -(2 * self.scale).log() - (value - self.loc).abs() / self.scale

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of a sample below value.

        value  of a shape that broadcasts with batch_shape
        """
        self._check_value(value, lambda x: x == x, 'Real()')
        distance = value - self.loc
        return 0.5 - 0.5 * distance.sign() * (-distance.abs() / self.scale).expm1()

    def entropy(self) -> Tensor:
        return 1 + (2 * self.scale).log()
