"""Categorical: one of several."""
from __future__ import annotations

import numpy as np

from .._functions.creation import full, multinomial
from .._functions.shapes import broadcast_tensors
from .._tensor import Tensor
from ..autograd import no_grad
from . import _errors as errors
from .bernoulli import clamped, one_of
from .distribution import Distribution, Shape


class Categorical(Distribution):
    """A category 0, 1, ..., K - 1, each with its probability. Give one of the parameters.

    probs          how probable each category is, (..., K), at least 0; divided by their sum
    logits         scores, what softmax makes probs of, (..., K)
    validate_args  check parameters and values (ValueError); None: do

    https://pytorch.org/docs/stable/distributions.html#categorical
    """

    probs: Tensor
    logits: Tensor
    _parameters = 'probs', 'logits'

    def __init__(self, probs: Tensor | None = None, logits: Tensor | None = None,
                 validate_args: bool | None = None) -> None:
        name, x = one_of(probs, logits)
        if not isinstance(x, Tensor):
            raise errors.parameters_are_no_numbers(x)
        if x.ndim < 1:
            raise errors.no_categories(name)
        self._num_events = x.shape[-1]
        self.__dict__[name] = x
        super().__init__(x.shape[:-1], (), validate_args)
        if name == 'probs':
            self._require(name, x, x >= 0, 'Simplex()')
            self.__dict__[name] = x / x.sum(-1, keepdim=True)
        else:
            self._require(name, x, x == x, 'IndependentConstraint(Real(), 1)')
            self.__dict__[name] = x - x.logsumexp(-1, keepdim=True)

    def __getattr__(self, name: str) -> Tensor:     # called for the parameter that was not given
        if name == 'probs':
            return self.logits.softmax(-1)
        if name == 'logits':
            return clamped(self.probs).log()
        raise AttributeError(name)

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
        self._check_value(value, lambda x: (x >= 0) & (x < self._num_events) & (x == x.long()),
                          f'IntegerInterval(lower_bound=0, upper_bound={self._num_events - 1})')
        index, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, index[..., :1]).squeeze(-1)

    def entropy(self) -> Tensor:
        lowest = float(np.finfo(str(self.logits.dtype).rpartition('.')[2]).min)
        return -(self.logits.clamp(min=lowest) * self.probs).sum(-1)
