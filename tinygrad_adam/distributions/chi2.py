"""Chi2: the sum of squares of normal variables."""
from __future__ import annotations

from .._tensor import Tensor
from . import constraints
from .constraints import Rules
from .gamma import Gamma


class Chi2(Gamma):
    """The distribution of the sum of df squares of standard normal variables: Gamma(df / 2, 1 / 2).

    df             the degrees of freedom, greater than 0; a tensor or a number
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#chi2
    """

    arg_constraints: Rules = {'df': constraints.positive}

    def __init__(self, df: Tensor | float, validate_args: bool | None = None) -> None:
        super().__init__(0.5 * df, 0.5, validate_args)

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self.concentration * 2
