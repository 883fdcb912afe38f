"""Beta: a share between 0 and 1."""
from __future__ import annotations

from .._functions.indexing import stack
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
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

    arg_constraints: Rules = {'concentration1': constraints.positive,
                              'concentration0': constraints.positive}
    support: Constraint = constraints.unit_interval
    has_rsample = True

    def __init__(self, concentration1: Tensor | float, concentration0: Tensor | float,
                 validate_args: bool | None = None) -> None:
        both = stack(parameters(concentration1, concentration0), -1)
        self._dirichlet = Dirichlet(both, False)
        super().__init__(self._dirichlet.batch_shape, (), validate_args)

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
        return self.concentration1 / (self.concentration1 + self.concentration0)

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density; 1 if both concentrations are below 1."""
        return self._dirichlet.mode[..., 0]

    @property
    def variance(self) -> Tensor:
        total = self.concentration1 + self.concentration0
        return self.concentration1 * self.concentration0 / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self._dirichlet.rsample(sample_shape)[..., 0]

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self._dirichlet.log_prob(stack([value, 1 - value], -1))

    def entropy(self) -> Tensor:
        return self._dirichlet.entropy()
