"""Poisson: how often something happens that may happen at any time."""
from __future__ import annotations

from .._functions.creation import from_numpy
from .._functions.special import xlogy
from .._tensor import Tensor
from ..random import source
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, parameters


class Poisson(Distribution):
    """The Poisson distribution, with probability rate^k exp(-rate) / k! of k = 0, 1, 2, ...

    rate           the mean, 0 or more; a tensor or a number
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#poisson
    """

    arg_constraints: Rules = {'rate': constraints.nonnegative}
    support: Constraint = constraints.nonnegative_integer

    def __init__(self, rate: Tensor | float, validate_args: bool | None = None) -> None:
        self.rate: Tensor = parameters(rate)[0]
        super().__init__(self.rate.shape, (), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.rate

    @property
    def mode(self) -> Tensor:
        """The most probable number."""
        return self.rate.floor()

    @property
    def variance(self) -> Tensor:
        return self.rate

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        rate = self.rate.detach().numpy()
        return from_numpy(source(None).poisson(rate, self._shape(sample_shape)).astype(rate.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        rate, value = parameters(self.rate, value)
        return xlogy(value, rate) - rate - (value + 1).lgamma()
