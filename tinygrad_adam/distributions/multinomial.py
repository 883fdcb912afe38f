"""Multinomial: how often each category comes in several trials."""
from __future__ import annotations

import math

import numpy as np

from .._functions.creation import from_numpy
from .._tensor import Tensor
from ..random import source
from . import _errors as errors
from . import constraints
from .binomial import Binomial
from .constraints import Constraint
from .distribution import Shape, parameters
from .one_hot_categorical import WithCategories


class Multinomial(WithCategories):
    """K counts whose sum is total_count, the number of trials. Give one of the other parameters.

    total_count    how many trials there are, an integer
    probs          how probable each category is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#multinomial
    """

    total_count: int

    def __init__(self, total_count: int = 1, probs: Tensor | None = None,
                 logits: Tensor | None = None, validate_args: bool | None = None) -> None:
        if not isinstance(total_count, int):
            raise errors.several_numbers_of_trials(total_count)
        self.total_count = total_count
        super().__init__(probs, logits, validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Constraint:
        return constraints.multinomial(self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        probs = self.probs.detach().numpy()
        exact = probs.astype(np.float64)
        drawn = source(None).multinomial(self.total_count, exact / exact.sum(-1, keepdims=True),
                                         (*sample_shape, *self._batch_shape))
        return from_numpy(drawn.astype(probs.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = parameters(self.logits, value)
        logits = logits.masked_fill((value == 0) & (logits == -math.inf), 0)
        return ((value.sum(-1) + 1).lgamma() - (value + 1).lgamma().sum(-1)
                + (logits * value).sum(-1))

    def entropy(self) -> Tensor:
        counts = Binomial(self.total_count, self.probs, validate_args=False)
        support = counts.enumerate_support(False)[1:]
        factorials = (counts.log_prob(support).exp() * (support + 1).lgamma()).sum((0, -1))
        return (self.total_count * self._categorical.entropy() - math.lgamma(self.total_count + 1)
                + factorials)
