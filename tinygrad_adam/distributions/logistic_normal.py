"""LogisticNormal: how a whole is divided, by normal variables."""
from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .normal import Normal
from .transformed_distribution import TransformedDistribution
from .transforms import StickBreakingTransform


class LogisticNormal(TransformedDistribution):
    """The distribution of K + 1 shares that StickBreakingTransform makes of K normal variables.

    loc            the means of the variables, (..., K); a number is one
    scale          their standard deviations, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#logisticnormal
    """

    arg_constraints: Rules = {'loc': constraints.real, 'scale': constraints.positive}
    support: Constraint = constraints.simplex
    has_rsample = True
    base_dist: Any

    def __init__(self, loc: Tensor | float, scale: Tensor | float,
                 validate_args: bool | None = None) -> None:
        base = Normal(loc, scale, validate_args)
        super().__init__(base if base.batch_shape else base.expand((1,)),
                         StickBreakingTransform(), validate_args)

    @property
    def loc(self) -> Tensor:
        """The means of the normal variables."""
        return self.base_dist.base_dist.loc

    @property
    def scale(self) -> Tensor:
        """Their standard deviations."""
        return self.base_dist.base_dist.scale
