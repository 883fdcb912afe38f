"""Beta: a share between 0 and 1."""
from __future__ import annotations

from .._functions.indexing import stack
from .._tensor import Tensor
from .dirichlet import Dirichlet
from .distribution import Distribution, Shape, parameters


class Beta(Distribution):
    """The beta distribution of x in [0, 1], with a density proportional to
    x^(concentration1 - 1) (1 - x)^(concentration0 - 1): the first share of a Dirichlet distribution
    of two.

    concentration1  often named alpha, greater than 0; a tensor or a number
    concentration0  often named beta, greater than 0
    validate_args   check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#beta
    """

    has_rsample = True

    def __init__(self, concentration1: Tensor | float, concentration0: Tensor | float,
                 validate_args: bool | None = None) -> None:
        both = stack(parameters(concentration1, concentration0), -1)
        self._dirichlet = Dirichlet(both, validate_args)
        super().__init__(self._dirichlet.batch_shape, (), validate_args)

    def expand(self, batch_shape: Shape) -> Beta:
        new = super().expand(batch_shape)
        new._dirichlet = self._dirichlet.expand(batch_shape)
        return new

    @property
    def concentration1(self) -> Tensor:
        """Often named alpha."""
        return self._dirichlet.concentration[..., 0]

    @property
    def concentration0(self) -> Tensor:
        """Often named beta."""
        return self._dirichlet.concentration[..., 1]

    @property
    def mean(self) -> Tensor:
        return self._dirichlet.mean[..., 0]

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density; 1 if both concentrations are below 1."""
        return self._dirichlet.mode[..., 0]

    @property
    def variance(self) -> Tensor:
        return self._dirichlet.variance[..., 0]

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self._dirichlet.rsample(sample_shape)[..., 0]

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value, lambda x: (x >= 0) & (x <= 1),
                          'Interval(lower_bound=0.0, upper_bound=1.0)')
        return self._dirichlet.log_prob(stack([value, 1 - value], -1))

    def entropy(self) -> Tensor:
        return self._dirichlet.entropy()
