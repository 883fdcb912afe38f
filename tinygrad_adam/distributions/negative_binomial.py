"""NegativeBinomial: how often something succeeds before it has failed several times."""
from __future__ import annotations

from .._tensor import Tensor
from ..autograd import no_grad
from ..nn.functional import logsigmoid
from . import constraints
from .bernoulli import WithProbability
from .constraints import Constraint, Rules
from .distribution import Shape
from .gamma import Gamma
from .poisson import Poisson


class NegativeBinomial(WithProbability):
    """k successes before total_count failures, each trial with probability probs of success. Give
    one of the last two parameters.

    total_count    how many failures there are, 0 or more; not only whole numbers
    probs          the probability of success, in [0, 1); a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#negativebinomial
    """

    total_count: Tensor
    arg_constraints: Rules = {'total_count': constraints.greater_than_eq(0),
                              'probs': constraints.half_open_interval(0.0, 1.0),
                              'logits': constraints.real}
    support: Constraint = constraints.nonnegative_integer

    def __init__(self, total_count: Tensor | float, probs: Tensor | float | None = None,
                 logits: Tensor | float | None = None, validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args, total_count=total_count)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.logits.exp()

    @property
    def mode(self) -> Tensor:
        """The most probable number of successes."""
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.mean / (-self.logits).sigmoid()

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        with no_grad():
            rate = Gamma(self.total_count, (-self.logits).exp(), False).sample(sample_shape)
            return Poisson(rate, False).sample()

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        n = self.total_count
        ways = (n + value).lgamma() - (1 + value).lgamma() - n.lgamma()
        return (n * logsigmoid(-self.logits) + value * logsigmoid(self.logits)
                + ways.masked_fill(n + value == 0, 0))
