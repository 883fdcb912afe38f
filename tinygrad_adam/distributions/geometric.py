"""Geometric: how often something fails before it succeeds."""
from __future__ import annotations

from .._functions.creation import rand, zeros_like
from .._tensor import Tensor
from ..autograd import no_grad
from ..nn import functional as F
from . import _errors as errors
from . import constraints
from .bernoulli import WithProbability
from .constraints import Constraint
from .distribution import Shape, parameters


class Geometric(WithProbability):
    """k failures before the first success, with probability (1 - probs)^k probs. Give one of the
    parameters.

    probs          the probability of success, in (0, 1]; a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#geometric
    """

    support: Constraint = constraints.nonnegative_integer

    def __init__(self, probs: Tensor | float | None = None, logits: Tensor | float | None = None,
                 validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args)
        if self._validate_args and probs is not None and not (self.probs > 0).all():
            raise errors.bad_parameter(self, 'probs', self.probs, constraints.positive)

    @property
    def mean(self) -> Tensor:
        return 1 / self.probs - 1

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        return (1 / self.probs - 1) / self.probs

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        with no_grad():
            drawn = 1 - rand(self._shape(sample_shape), dtype=self.probs.dtype)     # in (0, 1]
            return (drawn.log() / (-self.probs).log1p()).floor()

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        probs, value = parameters(self.probs, value)
        failing = probs.masked_fill((probs == 1) & (value == 0), 0)
        return value * (-failing).log1p() + self.probs.log()

    def entropy(self) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            self.logits, self.probs, reduction='none') / self.probs
