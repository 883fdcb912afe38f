"""Exponential: the time until something happens that may happen at any time."""
from __future__ import annotations

from .._functions.creation import rand, zeros_like
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, parameters


class Exponential(Distribution):
    """The exponential distribution, with density rate exp(-rate x) for x >= 0.

    rate           how often it happens in a unit of time, greater than 0; a tensor or a number
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#exponential
    """

    arg_constraints: Rules = {'rate': constraints.positive}
    support: Constraint = constraints.nonnegative
    has_rsample = True

    def __init__(self, rate: Tensor | float, validate_args: bool | None = None) -> None:
        self.rate: Tensor = parameters(rate)[0]
        super().__init__(self.rate.shape, (), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.rate.reciprocal()

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.rate)

    @property
    def stddev(self) -> Tensor:
        return self.rate.reciprocal()

    @property
    def variance(self) -> Tensor:
        return self.rate.pow(-2)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        drawn = rand(self._shape(sample_shape), dtype=self.rate.dtype)     # in [0, 1)
        return -(1 - drawn).log() / self.rate

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self.rate.log() - self.rate * value

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return 1 - (-self.rate * value).exp()

    def icdf(self, value: Tensor) -> Tensor:
        return -(-value).log1p() / self.rate

    def entropy(self) -> Tensor:
        return 1.0 - self.rate.log()
