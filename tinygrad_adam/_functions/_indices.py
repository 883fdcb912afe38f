"""What may be in brackets, x[...]: an index with PyTorch's meaning, in steps that NumPy takes."""
from __future__ import annotations

import operator
import warnings
from typing import Any

import numpy as np

from ..autograd import TensorBase
from . import _index_errors as errors

EVERYTHING: slice = slice(None)


def two_steps(index: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """An index into a tensor of this shape as two for NumPy: one gives a view, the other copies.

    index  what is in the brackets
    shape  that of the tensor

    The first has integers, slices and new dimensions; the second, for the result of the first, has
    arrays of integers or bools. None in place of one means that it is not needed. NumPy treats an
    integer next to arrays as an array, and then orders the dimensions differently from PyTorch.
    """
    parts = [_plain(part) for part in _as_tuple(index)]
    left = len(shape) - sum(map(_dimensions, parts))
    if left < 0:
        raise errors.too_many_indices(len(shape) - left, shape)
    second = [i for i, part in enumerate(parts) if part is Ellipsis][1:2]
    if second and left and any(part is not Ellipsis for part in parts[second[0]:]):
        raise errors.second_ellipsis(shape)
    views: list[Any] = []
    arrays: list[Any] = []
    dim = 0
    for part in parts:
        used = left if part is Ellipsis else _dimensions(part)
        if isinstance(part, np.ndarray):
            if part.dtype == bool and part.shape != shape[dim:dim + used]:
                raise errors.mask_does_not_fit(part.shape, shape, dim)
            views += [EVERYTHING] * used
            arrays.append(part)
        elif part is Ellipsis:
            views += [EVERYTHING] * left
            arrays += [EVERYTHING] * left
            left = 0        # a second `...`, at the end, stands for nothing
        elif isinstance(part, bool):    # a new dimension, of size 1 or 0
            views.append(None)
            arrays.append(np.zeros(int(part), np.int64))
        else:
            views.append(part)
            arrays += [] if isinstance(part, int) else [EVERYTHING]
        dim += used
    if not any(isinstance(part, np.ndarray) for part in arrays):
        return (*views, Ellipsis), None     # with `...` an element is an array too, and a view
    return None if all(part == EVERYTHING for part in views) else (*views, Ellipsis), tuple(arrays)


def _dimensions(part):
    """How many dimensions of a tensor a part of an index refers to."""
    if isinstance(part, np.ndarray) and part.dtype == bool:
        return part.ndim
    return 0 if part is None or part is Ellipsis or isinstance(part, bool) else 1


def _as_tuple(index):
    """The parts of an index. A list with lists, tensors, slices in it is a tuple to PyTorch."""
    if isinstance(index, tuple):
        return index
    if isinstance(index, list) and len(index) < 32 and any(
            part is None or part is Ellipsis
            or isinstance(part, (list, tuple, range, slice, np.ndarray, TensorBase))
            for part in index):
        warnings.warn('Using a non-tuple sequence for multidimensional indexing is deprecated: it '
                      'is taken for a tuple here. Use x[tuple(seq)] or x[torch.tensor(seq)].',
                      stacklevel=4)
        return tuple(index)
    return index,


def _plain(part):
    """A part of an index as None, `...`, a bool, an integer, a slice, or an array."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return part
    if isinstance(part, slice):
        if part.step is not None and part.step <= 0:
            raise errors.backward_slice(part.step)
        return slice(*map(_bound, (part.start, part.stop, part.step)))
    if isinstance(part, TensorBase):
        array = part._array
        if array.ndim == 0 and array.dtype.kind in 'iu':
            return bool(array) if array.dtype == np.uint8 else int(array)
    elif isinstance(part, (list, tuple, range)):
        array = np.array([p._array if isinstance(p, TensorBase) else p for p in part])
        array = array.astype(np.int64) if not array.size or array.dtype.kind == 'i' else array
    elif isinstance(part, np.ndarray) and part.ndim:
        array = part
    else:
        try:
            return operator.index(part)
        except TypeError:
            raise errors.not_an_index(part) from None
    if array.dtype == np.uint8:
        warnings.warn('indexing with dtype torch.uint8 is now deprecated, please use a dtype '
                      'torch.bool instead: it is taken for a mask. Use mask.bool().', stacklevel=5)
        array = array.astype(bool)
    if array.dtype not in (np.int64, np.int32, bool):
        raise errors.indices_of_wrong_dtype(array.dtype)
    return array if array.ndim else bool(array)


def _bound(bound):
    """Where a slice starts, ends, or how far it steps, as an integer."""
    try:
        return bound if bound is None else operator.index(bound)
    except TypeError:
        raise errors.bad_slice(bound) from None
