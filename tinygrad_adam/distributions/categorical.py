"""Categorical: one of several."""
from __future__ import annotations

import numpy as np

from .._functions.creation import arange, full, multinomial
from .._functions.shapes import broadcast_tensors
from .._tensor import Tensor
from ..autograd import no_grad
from . import _errors as errors
from . import constraints
from .bernoulli import clamped, one_of
from .constraints import Constraint, Rules
from .distribution import Distribution, Shape, derived


class Categorical(Distribution):
    """A category 0, 1, ..., K - 1, each with its probability. Give one of the parameters.

    probs          how probable each category is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#categorical
    """

    arg_constraints: Rules = {'probs': constraints.simplex, 'logits': constraints.real_vector}
    has_enumerate_support = True

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None,
                 validate_args: bool | None = None) -> None:
        name, x = one_of(probs, logits)
        if not isinstance(x, Tensor):
            raise errors.parameters_are_no_numbers(x)
        if x.ndim < 1:
            raise errors.no_categories(name)
        self._num_events = x.shape[-1]
        vars(self)[name] = (x / x.sum(-1, keepdim=True) if name == 'probs' else
                            x - x.logsumexp(-1, keepdim=True))
        super().__init__(x.shape[:-1], (), validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Constraint:
        return constraints.integer_interval(0, self._num_events - 1)

    # What was given stands in __dict__, and hides what is computed here.

    @derived
    def probs(self) -> Tensor:
        """How probable each category is, (*batch_shape, K)."""
        return self.logits.softmax(-1)

    @derived
    def logits(self) -> Tensor:
        """The logarithms of probs."""
        return clamped(self.probs).log()

    @property
    def mean(self) -> Tensor:
        """nan: categories have no order."""
        return full(self._batch_shape, float('nan'), dtype=self.probs.dtype)

    @property
    def mode(self) -> Tensor:
        """The most probable category."""
        return self.probs.argmax(-1)

    @property
    def variance(self) -> Tensor:
        """nan: categories have no order."""
        return self.mean

    def sample(self, sample_shape: Shape = ()) -> Tensor:
        shape = self._shape(sample_shape)
        count = int(np.prod(tuple(sample_shape), dtype=int))
        with no_grad():
            drawn = multinomial(self.probs.reshape(-1, self._num_events), count, True)
        return drawn.T.reshape(shape)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        index, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, index[..., :1]).squeeze(-1)

    def entropy(self) -> Tensor:
        lowest = float(np.finfo(str(self.logits.dtype).rpartition('.')[2]).min)
        return -(self.logits.clamp(min=lowest) * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._for_each(arange(self._num_events), expand)
