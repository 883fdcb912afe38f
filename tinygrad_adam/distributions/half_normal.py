"""HalfNormal: how far a normal variable is from its mean."""
from __future__ import annotations

import math

from .._functions.creation import as_tensor, zeros_like
from .._functions.pointwise import where
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .distribution import LocationScale
from .normal import Normal
from .transformed_distribution import TransformedDistribution
from .transforms import AbsTransform


class Half(TransformedDistribution):
    """What distributions of |x| share, for an x with a symmetric density around 0.

    base_distribution  that of x
    validate_args      check parameters and values (ValueError); None: do
    """

    arg_constraints: Rules = {'scale': constraints.positive}
    support: Constraint = constraints.nonnegative
    has_rsample = True
    base_dist: LocationScale

    def __init__(self, base_distribution: LocationScale,
                 validate_args: bool | None = None) -> None:
        super().__init__(base_distribution, AbsTransform(), validate_args)

    @property
    def scale(self) -> Tensor:
        """The scale of x."""
        return self.base_dist.scale

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.scale)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        value = as_tensor(value, dtype=self.scale.dtype)
        return where(value >= 0, self.base_dist.log_prob(value) + math.log(2), -math.inf)

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return 2 * self.base_dist.cdf(value) - 1

    def icdf(self, prob: Tensor) -> Tensor:
        """What a sample is at most with the probability prob: the inverse of cdf.

        prob  in [0, 1], which is not checked; of a shape that broadcasts with batch_shape
        """
        return self.base_dist.icdf((prob + 1) / 2)

    def entropy(self) -> Tensor:
        return self.base_dist.entropy() - math.log(2)


class HalfNormal(Half):
    """The distribution of |x| for normal variables x with mean 0.

    scale          the standard deviation of x, greater than 0; a tensor or a number
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#halfnormal
    """

    def __init__(self, scale: Tensor | float, validate_args: bool | None = None) -> None:
        super().__init__(Normal(0, scale, False), validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Tensor:
        return self.scale.pow(2) * (1 - 2 / math.pi)
