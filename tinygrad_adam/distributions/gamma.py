"""Gamma: the time until something has happened several times."""
from __future__ import annotations

from .._functions.creation import as_tensor
from .._functions.special import xlogy
from .._tensor import Tensor
from ..ops import implicit
from ..random import source
from ..types import finfo
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, parameters


class Gamma(Distribution):
    """The gamma distribution, with a density proportional to x^(concentration - 1) exp(-rate x).

    concentration  its shape, often named alpha, greater than 0; a tensor or a number
    rate           1 / scale, often named beta, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    rsample has PyTorch's gradient, which PyTorch computes to three digits; a second derivative is
    not implemented. https://pytorch.org/docs/stable/distributions.html#gamma
    """

    arg_constraints: Rules = {'concentration': constraints.positive, 'rate': constraints.positive}
    support: Constraint = constraints.nonnegative
    has_rsample = True

    def __init__(self, concentration: Tensor | float, rate: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.concentration: Tensor
        self.rate: Tensor
        self.concentration, self.rate = parameters(concentration, rate)
        super().__init__(self.rate.shape, (), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density."""
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate.pow(2)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        concentration = self.concentration.expand(self._shape(sample_shape))
        drawn = source(None).standard_gamma(concentration._array)
        sample = implicit.gamma(drawn, concentration) / self.rate
        return sample + (finfo(sample.dtype).tiny - sample.detach()).clamp(min=0)   # never 0

    def log_prob(self, value: Tensor) -> Tensor:
        value = as_tensor(value, dtype=self.rate.dtype)
        self._validate_sample(value)
        return (xlogy(self.concentration, self.rate) + xlogy(self.concentration - 1, value)
                - self.rate * value - self.concentration.lgamma())

    def entropy(self) -> Tensor:
        return (self.concentration - self.rate.log() + self.concentration.lgamma()
                + (1 - self.concentration) * self.concentration.digamma())
