"""Orders and counts. Values are taken by `gather`, so gradients flow to where they came from."""
from __future__ import annotations

import numpy as np

from ..autograd import primitive
from ..types import pair
from .indexing import gather, narrow
from .shapes import axis_of

Sorted, Largest = pair('sort'), pair('topk')


def _argsort(x, dim=-1, descending=False, stable=False):
    """The places of the elements along dim in ascending order; equal ones keep theirs."""
    if not x.ndim:
        return np.zeros((), np.int64)
    axis = axis_of(dim, x.ndim)
    if descending:      # flipped twice, so that equal elements stay in order
        return x.shape[axis] - 1 - np.flip(np.argsort(np.flip(x, axis), axis, kind='stable'), axis)
    return np.argsort(x, axis, kind='stable')


def _nonzero(x):
    return np.stack(np.nonzero(x), 1) if x.ndim else np.zeros((int(x != 0), 0), np.int64)


def _count_nonzero(x, dim=None):
    """How many elements are not 0."""
    return np.asarray(np.count_nonzero(x, dim))


def _bincount(x, weights=None, minlength=0):
    """How often each whole number from 0 occurs, or the sum of its weights."""
    return np.bincount(x, weights, minlength)


argsort = primitive(_argsort, names='input')
count_nonzero = primitive(_count_nonzero, names='input')
bincount = primitive(_bincount, names='input')
places = primitive(_nonzero, names='input')


def sort(input, dim=-1, descending=False, stable=False):
    """(values, indices) in ascending order along dim."""
    indices = argsort(input, dim=dim, descending=descending)
    return Sorted(gather(input, dim, indices), indices)


def topk(input, k, dim=-1, largest=True, sorted=True):
    """(values, indices) of the k largest, or smallest, along dim, in order."""
    n = input.shape[axis_of(dim, input.ndim)]
    if not 0 <= k <= n:
        raise RuntimeError(f'selected index k out of range: k={k}, but dimension {dim} has {n} '
                           'elements. Ask for fewer.')
    indices = narrow(argsort(input, dim=dim, descending=largest), dim, 0, k)
    return Largest(gather(input, dim, indices), indices)


def nonzero(input, as_tuple=False):
    """The indices of the elements that are not 0, a row each; or one tensor for each dimension."""
    found = places(input)
    return tuple(found[:, i] for i in range(input.ndim)) if as_tuple else found


def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The different elements, in ascending order; and where each is among them, and how often."""
    if dim is not None:
        raise NotImplementedError('unique(dim=...) is not built: it compares slices. Flatten them.')
    values, inverse, counts = np.unique(input._array, return_inverse=True, return_counts=True)
    wanted = [values] + [inverse.reshape(input.shape)] * return_inverse + [counts] * return_counts
    found = tuple(input.result._of(x) for x in wanted)
    return found if len(found) > 1 else found[0]
