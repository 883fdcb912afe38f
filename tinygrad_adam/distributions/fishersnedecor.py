"""FisherSnedecor: the quotient of two variances."""
from __future__ import annotations

import math

from .._tensor import Tensor
from ..types import finfo
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, parameters
from .gamma import Gamma


class FisherSnedecor(Distribution):
    """The F-distribution, that of (Chi2(df1) / df1) / (Chi2(df2) / df2).

    df1            the degrees of freedom above, greater than 0; a tensor or a number
    df2            those below, greater than 0
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#fishersnedecor
    """

    arg_constraints: Rules = {'df1': constraints.positive, 'df2': constraints.positive}
    support: Constraint = constraints.positive
    has_rsample = True

    def __init__(self, df1: Tensor | float, df2: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.df1: Tensor
        self.df2: Tensor
        self.df1, self.df2 = parameters(df1, df2)
        super().__init__(self.df1.shape, (), validate_args)
        self._above, self._below = (Gamma(df * 0.5, df, False) for df in (self.df1, self.df2))

    @property
    def mean(self) -> Tensor:
        """nan for a df2 of at most 2."""
        df2 = self.df2.masked_fill(self.df2 <= 2, math.nan)
        return df2 / (df2 - 2)

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density; nan for a df1 of at most 2."""
        mode = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        return mode.masked_fill(self.df1 <= 2, math.nan)

    @property
    def variance(self) -> Tensor:
        """nan for a df2 of at most 4."""
        df1, df2 = self.df1, self.df2.masked_fill(self.df2 <= 4, math.nan)
        return 2 * df2.pow(2) * (df1 + df2 - 2) / (df1 * (df2 - 2).pow(2) * (df2 - 4))

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        quotient = self._above.rsample(sample_shape) / self._below.rsample(sample_shape)
        return quotient.clamp(min=finfo(quotient.dtype).tiny)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        a, b, ratio = self.df1 * 0.5, self.df2 * 0.5, self.df1 / self.df2
        return ((a + b).lgamma() - a.lgamma() - b.lgamma() + a * ratio.log()
                + (a - 1) * value.log() - (a + b) * (ratio * value).log1p())
