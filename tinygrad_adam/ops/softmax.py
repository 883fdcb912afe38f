"""Softmax, its logarithm, and the loss that is built on it.

softmax is exp(input) / sum exp(input) along a dimension. The largest element is subtracted first:
the result is the same, and exp cannot overflow.
"""
from __future__ import annotations

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from .pointwise import exp

FEW = 32    # up to so many classes are reduced faster in column-major order


def _minus_largest(input, dim):
    if input.shape[dim] < FEW and input.strides[dim] == input.itemsize:
        input = input.copy('F')    # columns are fast to reduce
    return input - np.maximum.reduce(input, dim, keepdims=True, initial=-np.inf)


def _softmax(input, dim):
    e = np.exp(_minus_largest(input, dim))
    return np.divide(e, np.add.reduce(e, dim, keepdims=True), e)


def _log_softmax(input, dim):
    z = _minus_largest(input, dim)
    return np.subtract(z, np.log(np.add.reduce(np.exp(z), dim, keepdims=True)), z)


def _nll(logs, rows, labels, row_weight):
    """Minus the sum of the logs at the labels of the rows, times their row_weight: all (m,)."""
    return -np.add.reduce(logs[rows, labels] * row_weight)


def _at_labels(values, rows, labels, shape):
    """values (m,) at the labels (m,) of the rows (m,), else 0; in log_softmax's memory layout."""
    out = np.empty_like(values, order='F' if shape[1] < FEW else 'C', shape=shape)
    out.fill(0)
    out[rows, labels] = values
    return out


softmax: Row = primitive(_softmax, input=lambda g, out, dim:
                         (g - (g * out).sum(axis=dim, keepdims=True)) * out)
log_softmax: Row = primitive(_log_softmax, input=lambda g, out, dim:
                             g - exp(out) * g.sum(axis=dim, keepdims=True))
at_labels: Row = primitive(_at_labels, values=lambda g, rows, labels: g[rows, labels])
nll: Row = primitive(_nll, logs=lambda g, logs_shape, rows, labels, row_weight:
                     at_labels(-g * row_weight, rows, labels, logs_shape))
