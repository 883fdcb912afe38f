"""RelaxedOneHotCategorical: nearly one of several, with a gradient."""
from __future__ import annotations

import math

from .._functions.creation import as_tensor, rand
from .._tensor import Tensor
from . import constraints
from .bernoulli import clamped
from .constraints import Constraint, Rules
from .distribution import Shape, parameters
from .one_hot_categorical import WithCategories
from .transformed_distribution import TransformedDistribution
from .transforms import ExpTransform


class ExpRelaxedCategorical(WithCategories):
    """The logarithms of relaxed one-hot vectors. Give one of the last two parameters.

    temperature    how far samples are from vectors with one 1, greater than 0; a tensor
    probs          how probable each place of the 1 is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check values (ValueError); None: do

    Maddison et al. 2017; Jang et al. 2017.
    """

    support: Constraint = constraints.real_vector
    has_rsample = True

    def __init__(self, temperature: Tensor, probs: Tensor | None = None,
                 logits: Tensor | None = None, validate_args: bool | None = None) -> None:
        self._temperature = temperature
        super().__init__(probs, logits, validate_args)

    @property
    def temperature(self) -> Tensor:
        """How far samples are from vectors with one 1."""
        return self._temperature

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        drawn = clamped(rand(self._shape(sample_shape), dtype=self.logits.dtype))
        scores = (self.logits - (-drawn.log()).log()) / self.temperature
        return scores - scores.logsumexp(-1, keepdim=True)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        others = self._event_shape[0] - 1
        logits, value = parameters(self.logits, value)
        score = logits - value * self.temperature
        score = (score - score.logsumexp(-1, keepdim=True)).sum(-1)
        return score + (math.lgamma(others + 1) + as_tensor(self.temperature).log() * others)


class RelaxedOneHotCategorical(TransformedDistribution):
    """K shares, one of which is nearly 1, and which have a gradient: the relaxation of
    OneHotCategorical. Give one of the last two parameters.

    temperature    how far samples are from vectors with one 1, greater than 0; a tensor
    probs          how probable each place of the 1 is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check values (ValueError); None: do

    Maddison et al. 2017; Jang et al. 2017.
    https://pytorch.org/docs/stable/distributions.html#relaxedonehotcategorical
    """

    arg_constraints: Rules = {'probs': constraints.simplex, 'logits': constraints.real_vector}
    support: Constraint = constraints.simplex
    has_rsample = True
    base_dist: ExpRelaxedCategorical

    def __init__(self, temperature: Tensor, probs: Tensor | None = None,
                 logits: Tensor | None = None, validate_args: bool | None = None) -> None:
        super().__init__(ExpRelaxedCategorical(temperature, probs, logits, validate_args),
                         ExpTransform(), validate_args)

    @property
    def temperature(self) -> Tensor:
        """How far samples are from vectors with one 1."""
        return self.base_dist.temperature

    @property
    def probs(self) -> Tensor:
        """How probable each place of the 1 is, (*batch_shape, K)."""
        return self.base_dist.probs

    @property
    def logits(self) -> Tensor:
        """The logarithms of probs."""
        return self.base_dist.logits
