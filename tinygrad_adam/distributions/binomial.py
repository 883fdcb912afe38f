"""Binomial: how often something succeeds in several trials."""
from __future__ import annotations

from .._functions.creation import arange, from_numpy
from .._tensor import Tensor
from ..nn.functional import softplus
from ..random import source
from . import _errors as errors
from . import constraints
from .bernoulli import WithProbability
from .constraints import Constraint, Rules
from .distribution import Shape


class Binomial(WithProbability):
    """k successes in total_count trials, each with probability probs. Give one of the last two.

    total_count    how many trials there are, 0 or more; a tensor or a number
    probs          the probability of success, in [0, 1]; a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#binomial
    """

    total_count: Tensor
    arg_constraints: Rules = {'total_count': constraints.nonnegative_integer,
                              **WithProbability.arg_constraints}
    has_enumerate_support = True

    def __init__(self, total_count: Tensor | int = 1, probs: Tensor | float | None = None,
                 logits: Tensor | float | None = None, validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args, total_count=total_count)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Constraint:
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        """The most probable number of successes."""
        return ((self.total_count + 1) * self.probs).floor().clamp(max=self.total_count)

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        trials, probs = self.total_count.long().numpy(), self.probs.detach().numpy()
        drawn = source(None).binomial(trials, probs, self._shape(sample_shape))
        return from_numpy(drawn.astype(probs.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        n = self.total_count
        return (value * self.logits - (value + 1).lgamma() - (n - value + 1).lgamma()
                - (n * softplus(self.logits) - (n + 1).lgamma()))

    def entropy(self) -> Tensor:
        """The entropy of each distribution, in nats; all must have as many trials
        (NotImplementedError)."""
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(log_prob.exp() * log_prob).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values that occur, along the first dimension; all distributions must have as many
        trials (NotImplementedError).

        expand  whether to repeat them for each distribution; if not, the sizes of the batch are 1
        """
        trials = int(self.total_count.max())
        if self.total_count.min() != trials:
            raise errors.different_numbers_of_trials(self)
        return self._for_each(arange(trials + 1, dtype=self.probs.dtype), expand)
