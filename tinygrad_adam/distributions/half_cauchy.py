"""HalfCauchy: how far a Cauchy variable is from its median."""
from __future__ import annotations

import math

from .._functions.creation import full_like
from .._tensor import Tensor
from .cauchy import Cauchy
from .half_normal import Half


class HalfCauchy(Half):
    """The distribution of |x| for Cauchy variables x with median 0.

    scale          the scale of x, greater than 0; a tensor or a number
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#halfcauchy
    """

    def __init__(self, scale: Tensor | float, validate_args: bool | None = None) -> None:
        super().__init__(Cauchy(0, scale, False), validate_args)

    @property
    def mean(self) -> Tensor:
        """inf."""
        return full_like(self.scale, math.inf)

    @property
    def variance(self) -> Tensor:
        """inf."""
        return self.base_dist.variance
