"""Weibull: how long something lasts that wears out."""
from __future__ import annotations

from .._functions.creation import ones_like
from .._tensor import Tensor
from . import constraints
from .constraints import Constraint, Rules
from .distribution import EULER, parameters
from .exponential import Exponential
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, PowerTransform


class Weibull(TransformedDistribution):
    """The Weibull distribution, that of scale * x^(1 / concentration) for exponential variables x.

    scale          what 63 % of all values are below, greater than 0; a tensor or a number
    concentration  greater than 0; above 1 what is old fails sooner than what is new
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#weibull
    """

    arg_constraints: Rules = {'scale': constraints.positive, 'concentration': constraints.positive}
    support: Constraint = constraints.positive

    def __init__(self, scale: Tensor | float, concentration: Tensor | float,
                 validate_args: bool | None = None) -> None:
        self.scale: Tensor
        self.concentration: Tensor
        self.scale, self.concentration = parameters(scale, concentration)
        self.concentration_reciprocal: Tensor = self.concentration.reciprocal()
        super().__init__(
            Exponential(ones_like(self.scale), validate_args),
            [PowerTransform(self.concentration_reciprocal), AffineTransform(0, self.scale)],
            validate_args)

    @property
    def mean(self) -> Tensor:
        return self.scale * self._log_moment(1).exp()

    @property
    def mode(self) -> Tensor:
        """The value of the greatest density; nan for a concentration below 1."""
        above = (self.concentration - 1) / self.concentration
        return self.scale * above ** self.concentration.reciprocal()

    @property
    def variance(self) -> Tensor:
        return self.scale.pow(2) * (self._log_moment(2).exp() - (2 * self._log_moment(1)).exp())

    def entropy(self) -> Tensor:
        return (EULER * (1 - self.concentration_reciprocal)
                + (self.scale * self.concentration_reciprocal).log() + 1)

    def _log_moment(self, n: int) -> Tensor:
        """The logarithm of the mean of (x / scale)^n."""
        return (1 + n * self.concentration_reciprocal).lgamma()
