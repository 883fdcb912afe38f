"""StudentT: like a normal distribution, with heavier tails."""
from __future__ import annotations

import math

from .._functions.creation import randn
from .._functions.pointwise import where
from .._tensor import Tensor
from . import constraints
from .chi2 import Chi2
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, parameters


class StudentT(Distribution):
    """Student's t-distribution: loc + scale * a standard normal variable / sqrt(Chi2(df) / df).

    df             the degrees of freedom, greater than 0; a tensor or a number
    loc            the mode
    scale          the scale, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#studentt
    """

    arg_constraints: Rules = {'df': constraints.positive, 'loc': constraints.real,
                              'scale': constraints.positive}
    support: Constraint = constraints.real
    has_rsample = True

    def __init__(self, df: Tensor | float, loc: Tensor | float = 0.0, scale: Tensor | float = 1.0,
                 validate_args: bool | None = None) -> None:
        self.df: Tensor
        self.loc: Tensor
        self.scale: Tensor
        self.df, self.loc, self.scale = parameters(df, loc, scale)
        super().__init__(self.df.shape, (), validate_args)

    @property
    def mean(self) -> Tensor:
        """loc; nan for at most 1 degree of freedom, since there is none."""
        return self.loc.masked_fill(self.df <= 1, math.nan)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        """inf for at most 2 degrees of freedom, nan for at most 1."""
        finite = self.df > 2
        excess = where(finite, self.df - 2, 1.0)
        infinite = where(self.df > 1, math.inf, math.nan)
        return where(finite, self.scale.pow(2) * self.df / excess, infinite.type_as(self.df))

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        drawn = randn(self._shape(sample_shape), dtype=self.df.dtype)
        squares = Chi2(self.df, validate_args=False).rsample(sample_shape)
        return self.loc + self.scale * drawn * (squares / self.df).rsqrt()

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        y = (value - self.loc) / self.scale
        return (-0.5 * (self.df + 1) * (y.pow(2) / self.df).log1p() - self.scale.log()
                - 0.5 * (self.df.log() + math.log(math.pi))
                - (0.5 * self.df).lgamma() + (0.5 * (self.df + 1)).lgamma())

    def entropy(self) -> Tensor:
        half, more = 0.5 * self.df, 0.5 * (self.df + 1)
        log_beta = half.lgamma() + math.lgamma(0.5) - more.lgamma()
        return (self.scale.log() + more * (more.digamma() - half.digamma())
                + 0.5 * self.df.log() + log_beta)
