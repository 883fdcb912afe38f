"""Dirichlet: how a whole is divided."""
from __future__ import annotations

from .._functions.creation import one_hot
from .._functions.pointwise import where
from .._functions.special import xlogy
from .._tensor import Tensor
from ..ops import implicit
from ..random import source
from . import _errors as errors
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape


class Dirichlet(Distribution):
    """The Dirichlet distribution of K shares whose sum is 1, with a density proportional to the
    product of x^(concentration - 1).

    concentration  (..., K), often named alpha, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    rsample has PyTorch's gradient, which PyTorch computes to three digits; a second derivative is
    not implemented. https://pytorch.org/docs/stable/distributions.html#dirichlet
    """

    arg_constraints: Rules = {'concentration': constraints.independent(constraints.positive, 1)}
    support: Constraint = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Tensor, validate_args: bool | None = None) -> None:
        if concentration.ndim < 1:
            raise errors.no_categories('concentration')
        self.concentration: Tensor = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.concentration.sum(-1, keepdim=True)

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density; the first corner if all concentrations are below 1."""
        above = (self.concentration - 1).clamp(min=0)
        mode = above / above.sum(-1, keepdim=True)
        corner = one_hot(mode.argmax(-1), mode.shape[-1]).type_as(mode)
        return where((self.concentration < 1).all(-1, keepdim=True), corner, mode)

    @property
    def variance(self) -> Tensor:
        total = self.concentration.sum(-1, keepdim=True)
        return self.concentration * (total - self.concentration) / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        concentration = self.concentration.expand(self._shape(sample_shape))
        drawn = source(None).standard_gamma(concentration._array)
        return implicit.dirichlet(drawn, concentration)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return xlogy(self.concentration - 1, value).sum(-1) - self._log_normalizer()

    def entropy(self) -> Tensor:
        a, total = self.concentration, self.concentration.sum(-1)
        return (self._log_normalizer() - (a.shape[-1] - total) * total.digamma()
                - ((a - 1) * a.digamma()).sum(-1))

    def _log_normalizer(self) -> Tensor:
        """The logarithm of the integral of the product."""
        return self.concentration.lgamma().sum(-1) - self.concentration.sum(-1).lgamma()
