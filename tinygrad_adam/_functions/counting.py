"""Positions in what is sorted, members of sets, histograms: results without derivatives.

The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Sequence

import numpy as np

from ..autograd import TensorBase
from ..autograd.nonfinite import quiet
from . import _reduction_errors as errors
from ._arguments import check, operand, tensor, typed
from .reductions import told

if TYPE_CHECKING:
    from .._tensor import Tensor


@typed
def searchsorted(sorted_sequence: Tensor, input: Tensor | float, *, out_int32: bool = False,
                 right: bool = False, side: str | None = None) -> Tensor:
    """Where each value would be inserted in sorted numbers to keep them sorted.

    sorted_sequence  numbers in ascending order along the last dimension: (n,), or (..., n)
    input            values of any shape, or a number; for (..., n) of the same first dimensions
    out_int32        whether to return int32 instead of int64
    right            whether a value is inserted after those that equal it
    side             'right' for True, 'left' for False

    Raises RuntimeError if the shapes do not fit, or if side and right contradict each other.
    """
    numbers = tensor(sorted_sequence, 'searchsorted', 'sorted_sequence')
    given = operand(input, 'searchsorted', 'input')
    values = given._array if isinstance(given, TensorBase) else np.asarray(given)
    if side not in (None, 'left', 'right'):
        raise errors.unknown_side(side)
    if side == 'left' and right:
        raise errors.opposite_sides()
    after = 'right' if right or side == 'right' else 'left'
    dtype = np.int32 if out_int32 else np.int64
    if numbers.ndim == 1:
        found = np.searchsorted(numbers._array, values, after)
        return numbers._kind._of(np.asarray(found, dtype))
    if not numbers.ndim or numbers._array.shape[:-1] != values.shape[:-1]:
        raise errors.sequences_do_not_match(numbers, values.shape)
    found = np.empty(values.shape, dtype)
    for row in np.ndindex(values.shape[:-1]):
        found[row] = np.searchsorted(numbers._array[row], values[row], after)
    return numbers._kind._of(found)


@typed
def bucketize(input: Tensor | float, boundaries: Tensor, *, out_int32: bool = False,
              right: bool = False) -> Tensor:
    """The number of the interval between boundaries in which each value lies.

    input       values of any shape, or a number
    boundaries  numbers in ascending order, (n,)
    out_int32   whether to return int32 instead of int64
    right       whether a value that equals a boundary lies above it
    """
    if tensor(boundaries, 'bucketize', 'boundaries').ndim != 1:
        raise errors.boundaries_no_vector(boundaries)
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


@typed
def isin(elements: Tensor | float, test_elements: Tensor | float, *,
         invert: bool = False) -> Tensor:
    """Whether each element is one of others.

    elements       a tensor of any shape, or a number
    test_elements  a tensor of any shape, or a number if the first is a tensor
    invert         whether to say which are not
    """
    both = [operand(elements, 'isin', 'elements'), operand(test_elements, 'isin', 'test_elements')]
    tensors = [x for x in both if isinstance(x, TensorBase)]
    if not tensors:
        raise errors.no_tensor_in_isin()
    arrays: list[Any] = [getattr(x, '_array', x) for x in both]
    return tensors[0]._kind._of(np.asarray(np.isin(*arrays, invert=invert)))    # type: ignore


@typed
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements lie in each of as many intervals of equal width.

    input  a floating-point tensor of any shape
    bins   how many intervals
    min    where the first begins
    max    where the last ends; if both are equal they are the least and the largest element

    Returns a tensor (bins,) of input's dtype. Elements outside are not counted.
    """
    array = tensor(input, 'histc')._array
    if array.dtype.kind != 'f':
        raise errors.histogram_of_integers(input)
    if bins < 1:
        raise errors.no_bins(bins)
    low, high = float(min), float(max)
    if low == high and array.size:
        low, high = float(array.min()), float(array.max())
    if low == high:
        low, high = low - 1, high + 1
    if not low < high or not np.isfinite([low, high]).all():
        raise errors.bounds_of_histogram(low, high)
    counts = np.histogram(array, bins, (low, high))[0]
    return input._kind._of(counts.astype(array.dtype))


class Histogram(NamedTuple):
    """What histogram returns."""

    hist: Tensor
    bin_edges: Tensor

    __repr__ = told


@typed
def histogram(input: Tensor, bins: int | Tensor = 100, *, range: Sequence[float] | None = None,
              weight: Tensor | None = None, density: bool = False) -> Histogram:
    """How many elements lie in each of several intervals, and where these end.

    input    a floating-point tensor of any shape
    bins     how many intervals of equal width; or their ends in ascending order, (bins + 1,)
    range    where the first begins and the last ends; None: at the least and largest element
    weight   how much each element counts, of input's shape; None: 1
    density  whether the counts are divided so that the area under them is 1

    Returns (hist, bin_edges), of input's dtype. Elements outside are not counted.
    """
    array = tensor(input, 'histogram')._array
    if array.dtype.kind != 'f':
        raise errors.histogram_of_integers(input, 'histogram')
    if isinstance(bins, TensorBase):
        ends = bins._array.copy()
        if (range is not None or ends.ndim != 1 or ends.dtype != array.dtype
                or not (ends[:-1] <= ends[1:]).all()):
            raise errors.wrong_ends(bins, input, range)
    else:
        check(bins, int, 'histogram', 'bins')
        low, high = range or ((array.min(), array.max()) if array.size else (0.0, 1.0))
        if not low <= high or not np.isfinite([low, high]).all():
            raise errors.bounds_of_histogram(low, high, 'histogram')
        low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
        ends = np.linspace(low, high, max(bins, 0) + 1, dtype=array.dtype)
    if len(ends) < 2:
        raise errors.no_bins(len(ends) - 1, 'histogram')
    if weight is not None and (tensor(weight, 'histogram', 'weight').shape != input.shape
                               or weight._array.dtype != array.dtype):
        raise errors.wrong_weights_of_histogram(weight, input)
    counts = np.histogram(array, ends, weights=None if weight is None else weight._array)[0]
    counts = counts.astype(array.dtype)
    if density:
        quiet()
        counts = counts / counts.sum() / np.diff(ends)
    return Histogram(input._kind._of(counts), input._kind._of(ends))
