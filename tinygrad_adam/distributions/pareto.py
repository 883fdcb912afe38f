"""Pareto: sizes of which few are great, such as those of cities."""
from __future__ import annotations

from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .distribution import parameters
from .exponential import Exponential
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, ExpTransform


class Pareto(TransformedDistribution):
    """The Pareto distribution, with density alpha scale^alpha / x^(alpha + 1) for x >= scale.

    scale          the smallest value, greater than 0; a tensor or a number
    alpha          how fast the density falls, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#pareto
    """

    arg_constraints: Rules = {'alpha': constraints.positive, 'scale': constraints.positive}

    def __init__(self, scale: Tensor | float, alpha: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.scale: Tensor
        self.alpha: Tensor
        self.scale, self.alpha = parameters(scale, alpha)
        super().__init__(Exponential(self.alpha, validate_args),
                         [ExpTransform(), AffineTransform(0, self.scale)], validate_args)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Constraint:
        return constraints.greater_than_eq(self.scale)

    @property
    def mean(self) -> Tensor:
        """inf for an alpha of at most 1."""
        alpha = self.alpha.clamp(min=1)
        return alpha * self.scale / (alpha - 1)

    @property
    def mode(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        """inf for an alpha of at most 2."""
        alpha = self.alpha.clamp(min=2)
        return self.scale.pow(2) * alpha / ((alpha - 1).pow(2) * (alpha - 2))

    def entropy(self) -> Tensor:
        return (self.scale / self.alpha).log() + (1 + self.alpha.reciprocal())
