"""ContinuousBernoulli: a number between 0 and 1, such as the grey of a pixel."""
from __future__ import annotations

import math

from .._functions.creation import ones_like, rand, zeros_like
from .._functions.pointwise import where
from .._tensor import Tensor
from ..nn import functional as F
from . import constraints
from .bernoulli import WithProbability, clamped
from .constraints import Constraint
from .distribution import Shape, derived, parameters


class ContinuousBernoulli(WithProbability):
    """The distribution of x in [0, 1] with a density proportional to probs^x (1 - probs)^(1 - x).
    Give one of the first two parameters.

    probs          in [0, 1], then clamped by one unit of rounding; a tensor or a number
    logits         log(probs / (1 - probs)), what sigmoid makes probs of
    lims           between these two probs, near 0.5, series stand for formulas that divide by 0
    validate_args  check parameters and values (ValueError); None: do

    Loaiza-Ganem and Cunningham 2019.
    https://pytorch.org/docs/stable/distributions.html#continuousbernoulli
    """

    support: Constraint = constraints.unit_interval
    has_rsample = True

    def __init__(self, probs: Tensor | float | None = None, logits: Tensor | float | None = None,
                 lims: tuple[float, float] = (0.499, 0.501),
                 validate_args: bool | None = None) -> None:
        self._lims = lims
        super().__init__(probs, logits, validate_args)
        if probs is not None:
            vars(self)['probs'] = clamped(self.probs)

    @derived
    def probs(self) -> Tensor:
        """What the density at 1 is, over the sum of those at 0 and 1."""
        return clamped(self.logits.sigmoid())

    @property
    def mean(self) -> Tensor:
        probs, x = self._cut_probs(), self.probs - 0.5
        mean = probs / (2 * probs - 1) + 1 / ((-probs).log1p() - probs.log())
        return where(self._is_far(), mean, 0.5 + (1 / 3 + 16 / 45 * x.pow(2)) * x)

    @property
    def variance(self) -> Tensor:
        probs, x = self._cut_probs(), (self.probs - 0.5).pow(2)
        variance = (probs * (probs - 1) / (1 - 2 * probs).pow(2)
                    + 1 / ((-probs).log1p() - probs.log()).pow(2))
        return where(self._is_far(), variance, 1 / 12 - (1 / 15 - 128 / 945 * x) * x)

    def rsample(self, sample_shape: Shape = ()) -> Tensor:
        return self.icdf(rand(self._shape(sample_shape), dtype=self.probs.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = parameters(self.logits, value)
        return (self._log_norm()
                - F.binary_cross_entropy_with_logits(logits, value, reduction='none'))

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        probs = self._cut_probs()
        cdf = (probs.pow(value) * (1 - probs).pow(1 - value) + probs - 1) / (2 * probs - 1)
        cdf = where(self._is_far(), cdf, value)
        return where(value <= 0, zeros_like(value), where(value >= 1, ones_like(value), cdf))

    def icdf(self, value: Tensor) -> Tensor:
        probs = self._cut_probs()
        none = (-probs).log1p()
        icdf = ((-probs + value * (2 * probs - 1)).log1p() - none) / (probs.log() - none)
        return where(self._is_far(), icdf, value)

    def entropy(self) -> Tensor:
        none = (-self.probs).log1p()
        return self.mean * (none - self.probs.log()) - self._log_norm() - none

    def _is_far(self) -> Tensor:
        """Where probs are not near 0.5."""
        return (self.probs <= self._lims[0]) | (self.probs > self._lims[1])

    def _cut_probs(self) -> Tensor:
        """probs, and a number that formulas do not divide by 0 where they are near 0.5."""
        return where(self._is_far(), self.probs, self._lims[0])

    def _log_norm(self) -> Tensor:
        """The logarithm of what makes the integral of the density 1."""
        probs, x = self._cut_probs(), (self.probs - 0.5).pow(2)
        below = where(probs <= 0.5, probs, 0.0)
        above = where(probs >= 0.5, probs, 1.0)
        log_norm = (((-probs).log1p() - probs.log()).abs().log()
                    - where(probs <= 0.5, (-2 * below).log1p(), (2 * above - 1).log()))
        return where(self._is_far(), log_norm, math.log(2) + (4 / 3 + 104 / 45 * x) * x)
