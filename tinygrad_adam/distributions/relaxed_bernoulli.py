"""RelaxedBernoulli: nearly 1 or nearly 0, with a gradient."""
from __future__ import annotations

from .._functions.creation import as_tensor, rand
from .._tensor import Tensor
from . import constraints
from .bernoulli import WithProbability, clamped
from .constraints import Constraint, Rules
from .distribution import Shape, parameters
from .transformed_distribution import TransformedDistribution
from .transforms import SigmoidTransform


class LogitRelaxedBernoulli(WithProbability):
    """The logits of relaxed Bernoulli variables. Give one of the last two parameters.

    temperature    how far samples are from 1 and 0, greater than 0; a tensor
    probs          the probability of 1, in [0, 1]; a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    validate_args  check parameters and values (ValueError); None: do

    Maddison et al. 2017; Jang et al. 2017.
    """

    support: Constraint = constraints.real

    def __init__(self, temperature: Tensor, probs: Tensor | float | None = None,
                 logits: Tensor | float | None = None, validate_args: bool | None = None) -> None:
        self._temperature = temperature
        super().__init__(probs, logits, validate_args)

    @property
    def temperature(self) -> Tensor:
        """How far samples are from 1 and 0."""
        return self._temperature

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        drawn = clamped(rand(self._shape(sample_shape), dtype=self.probs.dtype))
        probs = clamped(self.probs)
        return (drawn.log() - (-drawn).log1p() + probs.log() - (-probs).log1p()) / self.temperature

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = parameters(self.logits, value)
        difference = logits - value * self.temperature
        return (as_tensor(self.temperature).log() + difference
                - 2 * difference.exp().log1p())


class RelaxedBernoulli(TransformedDistribution):
    """A number in (0, 1) that is near 1 with probability probs, else near 0, and has a gradient:
    the relaxation of Bernoulli. Give one of the last two parameters.

    temperature    how far samples are from 1 and 0, greater than 0; a tensor
    probs          the probability of 1, in [0, 1]; a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    validate_args  check values (ValueError); None: do

    Maddison et al. 2017; Jang et al. 2017.
    https://pytorch.org/docs/stable/distributions.html#relaxedbernoulli
    """

    arg_constraints: Rules = {'probs': constraints.unit_interval, 'logits': constraints.real}
    support: Constraint = constraints.unit_interval
    has_rsample = True
    base_dist: LogitRelaxedBernoulli

    def __init__(self, temperature: Tensor, probs: Tensor | float | None = None,
                 logits: Tensor | float | None = None, validate_args: bool | None = None) -> None:
        super().__init__(LogitRelaxedBernoulli(temperature, probs, logits), SigmoidTransform(),
                         validate_args)

    @property
    def temperature(self) -> Tensor:
        """How far samples are from 1 and 0."""
        return self.base_dist.temperature

    @property
    def probs(self) -> Tensor:
        """How probable a 1 is."""
        return self.base_dist.probs

    @property
    def logits(self) -> Tensor:
        """log(probs / (1 - probs))."""
        return self.base_dist.logits
