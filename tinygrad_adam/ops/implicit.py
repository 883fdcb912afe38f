"""Samples of gamma and Dirichlet distributions as functions of the concentration.

When the concentration a of a sample x moves, x moves so that F(x; a), the probability of a smaller
sample, stays what it is: dx/da = -(dF/da) / (dF/dx). Both F are the density times a power series
with positive terms, and the derivative of such a term is the term times that of its logarithm.
(Figurnov, Mohamed & Mnih 2018; the series are 6.5.29 and 26.5.4 of Abramowitz and Stegun 1964.)
"""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from ..autograd import TensorBase, constant, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _sampling_errors as errors
from .special import digamma


def series(ratio: Callable[[int], Any], slope: Any, change: Callable[[int], Any]) -> Any:
    """The sum of terms times slopes of their logarithms; the first term is 1.

    ratio   of k: term k + 1 over term k; less than 1 from some k on
    slope   that of term 0
    change  of k: slope k + 1 minus slope k
    """
    out, term, k, r = 0 * slope, 1.0, 0, np.inf
    while not np.all(np.isnan(out) | (term * abs(slope) <= 1e-16 * abs(out)) & (r < 1)):
        out = out + term * slope
        r = ratio(k)
        term, slope, k = term * r, slope + change(k), k + 1
    return out


def gamma_slope(x: Any, a: Any) -> Any:
    """dx/da of samples x with concentration a."""
    return x / a * series(lambda k: x / (a + 1 + k), digamma(a + 1) - np.log(x),
                          lambda k: 1 / (a + 1 + k))


def beta_slope(x: Any, a: Any, b: Any) -> Any:
    """dx/da / (1 - x) of samples x of beta distributions; 0 where b is 0, since x is always 1."""
    y, total = 1 - x, a + b
    low = x <= 0.5      # there the series of F is the shorter one, elsewhere that of 1 - F
    near, own, sign = np.where(low, x, y), np.where(low, a, b), np.where(low, -1, 1)
    first = np.log(x) + digamma(total) - np.where(low, digamma(a + 1), digamma(a))
    out = series(lambda k: near * (total + k) / (own + 1 + k), first,
                 lambda k: 1 / (total + k) - np.where(low, 1 / (a + 1 + k), 0))
    return np.where(b > 0, sign * x * out / np.where(b > 0, own, 1), 0)


@opaque
def _gamma(drawn, concentration):
    kind = np.finfo(concentration.dtype)
    return np.maximum(drawn, kind.tiny).astype(kind.dtype)


@opaque
def _gamma_gradient(g, out, concentration):
    if isinstance(g, TensorBase):
        raise errors.no_second_derivative_of_samples()
    slope = gamma_slope(out.astype(np.float64), concentration.astype(np.float64))
    return g * slope.astype(g.dtype)


@opaque
def _dirichlet(drawn, concentration):
    kind = np.finfo(concentration.dtype)
    drawn = np.maximum(drawn, np.finfo(np.float64).tiny)
    shares = drawn / drawn.sum(-1, keepdims=True)
    return shares.astype(kind.dtype).clip(kind.tiny, 1 - kind.epsneg)


@opaque
def _dirichlet_gradient(g, out, concentration):
    if isinstance(g, TensorBase):
        raise errors.no_second_derivative_of_samples()
    a = concentration.astype(np.float64)
    slope = beta_slope(out.astype(np.float64), a, a.sum(-1, keepdims=True) - a)
    return slope.astype(g.dtype) * (g - (out * g).sum(-1, keepdims=True))


# Both are given what NumPy's generator has drawn from gamma distributions.
gamma: Row = primitive(_gamma, name='gamma', drawn=constant, concentration=_gamma_gradient)
dirichlet: Row = primitive(_dirichlet, name='dirichlet', drawn=constant,
                           concentration=_dirichlet_gradient)
