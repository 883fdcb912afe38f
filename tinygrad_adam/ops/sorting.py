"""The table of orders, counts, draws and whole quotients, which have no derivative: most are
integers."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _errors as errors
from . import integers
from .pointwise import only_where
from .reductions import axes
from .shapes import axis_of


def _argsort(input, dim=-1, descending=False):
    """The indices of the elements in ascending order; equal ones keep their order."""
    if not input.ndim:
        return np.zeros((), np.int64)
    axis = axis_of(dim, input.ndim)
    if not descending:
        return np.argsort(input, axis, kind='stable')
    reverse = np.argsort(np.flip(input, axis), axis, kind='stable')
    return input.shape[axis] - 1 - np.flip(reverse, axis)   # flipped twice: equal ones keep order


@opaque
def _most_frequent(input, dim):
    """The last index of the most frequent elements along dim, which stays, with size 1."""
    if not input.ndim:
        return np.zeros((), np.int64)
    order = np.moveaxis(_argsort(input, dim), dim, -1)
    values = np.take_along_axis(np.moveaxis(input, dim, -1), order, -1)
    new = np.ones(values.shape, bool)
    new[..., 1:] = values[..., 1:] != values[..., :-1]
    counted = np.arange(values.shape[-1])
    length = counted - np.maximum.accumulate(np.where(new, counted, 0), -1)
    return np.moveaxis(np.take_along_axis(order, length.argmax(-1)[..., None], -1), -1, dim)


def _nonzero(input):
    """A row of indices for each element that is not 0."""
    return np.argwhere(input)


def _count_nonzero(input, dim=None):
    return np.count_nonzero(input, axes(dim, input.ndim))


def _bincount(input, weights=None, minlength=0):
    return np.bincount(input, weights, minlength)


def _result(input, value):
    """A value computed, or drawn, from the input, as the result of an operation on it."""
    return value


def without_derivative(operation: str) -> Any:
    """A rule for a floating-point operation that PyTorch does not differentiate either."""
    def rule(g):
        raise errors.derivative_not_implemented(operation)
    return rule


argsort: Row = primitive(_argsort)
most_frequent: Row = primitive(_most_frequent)
distinct: Row = primitive(_result, name='unique2', input=without_derivative('unique'))
distinct_from_last: Row = primitive(_result, name='unique_consecutive',
                                    input=without_derivative('unique_consecutive'))
nonzero: Row = primitive(_nonzero)
count_nonzero: Row = primitive(_count_nonzero)
bernoulli: Row = primitive(_result, name='bernoulli', input=lambda g: only_where(g, False))
bernoulli_of_one: Row = primitive(_result, name='bernoulli',
                                  input=without_derivative('bernoulli'))
poisson: Row = primitive(_result, name='poisson', input=lambda g: only_where(g, False))
normal: Row = primitive(lambda mean, std, value: value, name='normal',
                        mean=lambda g: only_where(g, False), std=lambda g: only_where(g, False))
bincount: Row = primitive(_bincount, weights=without_derivative('bincount'))
floor_divide: Row = primitive(integers.floor_divide, promote=True,
                              input=without_derivative('floor_divide'),
                              other=without_derivative('floor_divide'))
remainder_of_number: Row = primitive(integers.remainder, promote=True,
                                     other=without_derivative('remainder'))
