"""Bernoulli: 1 or 0."""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions.creation import arange, bernoulli
from .._tensor import Tensor
from ..autograd import no_grad
from ..nn import functional as F
from . import _errors as errors
from . import constraints
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, derived, parameters


def clamped(probs: Tensor) -> Tensor:
    """Probabilities that are neither 0 nor 1, for their logarithms."""
    eps = float(np.finfo(str(probs.dtype).rpartition('.')[2]).eps)
    return probs.clamp(min=eps, max=1 - eps)


def one_of(probs: Any, logits: Any) -> tuple[str, Any]:
    """The name and the value of the parameter that is given; ValueError unless one is.

    probs   probabilities, or None
    logits  their scores, or None
    """
    if (probs is None) == (logits is None):
        raise errors.not_one_of_two()
    return ('probs', probs) if logits is None else ('logits', logits)


class WithProbability(Distribution):
    """What distributions share that count one of two outcomes; `others` are broadcast with its
    probability."""

    arg_constraints: Rules = {'probs': constraints.unit_interval, 'logits': constraints.real}

    def __init__(self, probs: Tensor | float | None, logits: Tensor | float | None,
                 validate_args: bool | None, **others: Tensor | float) -> None:
        name, x = one_of(probs, logits)
        x, *rest = parameters(x, *others.values())
        vars(self).update(zip((name, *others), (x, *(other.type_as(x) for other in rest))))
        super().__init__(x.shape, (), validate_args)

    # What was given stands in __dict__, and hides what is computed here.

    @derived
    def probs(self) -> Tensor:
        """How probable a 1 is, or a success."""
        return self.logits.sigmoid()

    @derived
    def logits(self) -> Tensor:
        """log(probs / (1 - probs))."""
        probs = clamped(self.probs)
        return probs.log() - (-probs).log1p()


class Bernoulli(WithProbability):
    """1 with probability probs, else 0. Give one of the parameters.

    probs          the probability of 1, in [0, 1]; a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#bernoulli
    """

    support: Constraint = constraints.boolean
    has_enumerate_support = True

    def __init__(self, probs: Tensor | float | None = None, logits: Tensor | float | None = None,
                 validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args)

    @property
    def mean(self) -> Tensor:
        return self.probs

    @property
    def mode(self) -> Tensor:
        """The more probable value; nan if both are alike."""
        mode = (self.probs >= 0.5).type_as(self.probs)
        return mode.masked_fill(self.probs == 0.5, float('nan'))

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        with no_grad():
            return bernoulli(self.probs.expand(self._shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = parameters(self.logits, value)
        return -F.binary_cross_entropy_with_logits(logits, value, reduction='none')

    def entropy(self) -> Tensor:
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction='none')

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._for_each(arange(2, dtype=self.probs.dtype), expand)
