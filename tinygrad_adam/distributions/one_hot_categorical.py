"""OneHotCategorical: one of several, as a vector of zeros with a one in its place."""
from __future__ import annotations

from .._functions.creation import arange, one_hot
from .._tensor import Tensor
from . import constraints
from .categorical import Categorical
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape


class WithCategories(Distribution):
    """What distributions of K numbers share, one for each category. Give one of the parameters.

    probs          how probable each category is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check values (ValueError); None: do
    """

    arg_constraints: Rules = {'probs': constraints.simplex, 'logits': constraints.real_vector}

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None,
                 validate_args: bool | None = None) -> None:
        self._categorical = Categorical(probs, logits)
        super().__init__(self._categorical.batch_shape, (self._categorical._num_events,),
                         validate_args)

    @property
    def probs(self) -> Tensor:
        """How probable each category is, (*batch_shape, K)."""
        return self._categorical.probs

    @property
    def logits(self) -> Tensor:
        """The logarithms of probs."""
        return self._categorical.logits


class OneHotCategorical(WithCategories):
    """A vector of K numbers, of which one is 1, the others 0. Give one of the parameters.

    probs          how probable each place of the 1 is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#onehotcategorical
    """

    support: Constraint = constraints.one_hot
    has_enumerate_support = True

    @property
    def mean(self) -> Tensor:
        return self.probs

    @property
    def mode(self) -> Tensor:
        """The most probable vector."""
        return self._vectors(self._categorical.mode)

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        return self._vectors(self._categorical.sample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self._categorical.log_prob(value.argmax(-1))

    def entropy(self) -> Tensor:
        return self._categorical.entropy()

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._for_each(self._vectors(arange(self._event_shape[0])), expand)

    def _vectors(self, categories: Tensor) -> Tensor:
        return one_hot(categories, self._event_shape[0]).type_as(self.probs)


class OneHotCategoricalStraightThrough(OneHotCategorical):
    """OneHotCategorical, samples of which pass their gradient to probs as if they were probs.

    probs          how probable each place of the 1 is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check values (ValueError); None: do

    Bengio et al. 2013.
    https://pytorch.org/docs/stable/distributions.html#onehotcategoricalstraightthrough
    """

    has_rsample = True

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.sample(sample_shape) + (self.probs - self.probs.detach())
