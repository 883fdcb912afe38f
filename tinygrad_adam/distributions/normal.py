"""Normal: the bell curve."""
from __future__ import annotations

import math

from .._functions.creation import randn
from .._tensor import Tensor
from ..ops.activations import normal_cdf
from .distribution import Distribution, Shape, parameters


class Normal(Distribution):
    """The normal distribution, with density exp(-(x - loc)^2 / (2 scale^2)) / (scale sqrt(2 pi)).

    loc            the mean, a tensor or a number
    scale          the standard deviation, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#normal
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
        """The value of the greatest density."""
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        return self.stddev.pow(2)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.loc + randn(self._shape(sample_shape), dtype=self.loc.dtype) * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value, lambda x: x == x, 'Real()')
        return (-((value - self.loc) ** 2) / (2 * self.scale ** 2) - self.scale.log()
                - math.log(math.sqrt(2 * math.pi)))

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of a sample below value.

        value  of a shape that broadcasts with batch_shape
        """
        self._check_value(value, lambda x: x == x, 'Real()')
        return normal_cdf((value - self.loc) / self.scale)

    def entropy(self) -> Tensor:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()
