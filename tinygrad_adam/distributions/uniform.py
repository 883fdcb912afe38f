"""Uniform: all values between two bounds are alike."""
from __future__ import annotations

from .._functions.creation import rand
from .._tensor import Tensor
from .distribution import Distribution, Shape, parameters


class Uniform(Distribution):
    """The uniform distribution on [low, high).

    low            the lower bound, a tensor or a number
    high           the upper bound, greater than low
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#uniform
    """

    has_rsample = True
    _parameters = 'low', 'high'

    def __init__(self, low: Tensor | float, high: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.low: Tensor
        self.high: Tensor
        self.low, self.high = parameters(low, high)
        super().__init__(self.low.shape, (), validate_args)
        self._require('low', self.low, self.low < self.high, f'LessThan(upper_bound={self.high})')

    @property
    def mean(self) -> Tensor:
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Tensor:
        """nan: all values are alike."""
        return self.high * float('nan')

    @property
    def variance(self) -> Tensor:
        return (self.high - self.low).pow(2) / 12

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.low + rand(self._shape(sample_shape), dtype=self.low.dtype) * (
            self.high - self.low)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value, lambda x: (x >= self.low) & (x <= self.high),
                          f'Interval(lower_bound={self.low}, upper_bound={self.high})')
        inside = (self.low <= value) & (value < self.high)
        return inside.type_as(self.low).log() - (self.high - self.low).log()

    def entropy(self) -> Tensor:
        return (self.high - self.low).log()
