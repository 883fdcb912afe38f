"""Uniform: all values between two bounds are alike."""
from __future__ import annotations

import math

from .._functions.creation import rand
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint
from .distribution import Distribution, Shape, parameters


class Uniform(Distribution):
    """The uniform distribution on [low, high).

    low            the lower bound, a tensor or a number
    high           the upper bound, greater than low
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#uniform
    """

    has_rsample = True

    def __init__(self, low: Tensor | float, high: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.low: Tensor
        self.high: Tensor
        self.low, self.high = parameters(low, high)
        super().__init__(self.low.shape, (), validate_args)

    @property
    def arg_constraints(self) -> dict[str, Constraint]:
        return {'low': constraints.less_than(self.high), 'high': constraints.greater_than(self.low)}

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Constraint:
        return constraints.interval(self.low, self.high)

    @property
    def mean(self) -> Tensor:
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Tensor:
        """nan: all values are alike."""
        return self.high * float('nan')

    @property
    def stddev(self) -> Tensor:
        return (self.high - self.low) / math.sqrt(12)

    @property
    def variance(self) -> Tensor:
        return (self.high - self.low).pow(2) / 12

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.low + rand(self._shape(sample_shape), dtype=self.low.dtype) * (
            self.high - self.low)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        inside = (self.low <= value) & (value < self.high)
        return inside.type_as(self.low).log() - (self.high - self.low).log()

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def icdf(self, value: Tensor) -> Tensor:
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Tensor:
        return (self.high - self.low).log()
