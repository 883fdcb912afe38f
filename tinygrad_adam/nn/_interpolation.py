"""interpolate: resize images and series, by copying pixels or by means of neighbours.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.interpolate(tensor([[[1.0, 2.0]]]), scale_factor=2)
tensor([[[1., 1., 2., 2.]]])
"""
from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from ..ops import pooling
from ..ops.indexing import getitem
from ..ops.pointwise import add, mul
from .._functions.shapes import squeeze, unsqueeze
from .._tensor import Tensor
from . import _errors
from . import _layer_errors as errors


def interpolate(input: Tensor, size: int | Sequence[int] | None = None,
                scale_factor: float | Sequence[float] | None = None, mode: str = 'nearest',
                align_corners: bool | None = None, recompute_scale_factor: bool | None = None,
                antialias: bool = False) -> Tensor:
    """Resize images or series.

    input                   (N, C, H, W) or (N, C, L), floating point
    size                    the size of the result, (H', W') or (L'), or one number for both
    scale_factor            instead of size, for each dimension or all: n' = floor(n factor)
    mode                    'nearest': pixel i of n' is a copy of pixel floor(i n / n') of n, or
                            floor(i / factor); 'linear' for series and 'bilinear' for images: means
                            of the pixels around (i + 1/2) n / n' - 1/2, or (i + 1/2) / factor - 1/2
    align_corners           True: pixel i is at i (n - 1) / (n' - 1); for 'linear' and 'bilinear'
    recompute_scale_factor  True: once the size is known, ignore scale_factor
    antialias               not implemented; must be False

    Returns (N, C, H', W') or (N, C, L'). Raises ValueError unless exactly one of size and
    scale_factor is given, RuntimeError if there would be no pixels.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('interpolate', input=input)
    if mode not in ('nearest', 'linear', 'bilinear'):
        raise errors.unknown_interpolation(mode)
    if input.ndim not in (3, 4) or input.dtype.kind != 'f':
        raise errors.not_images_of_floats(input)
    if mode == 'nearest' and (align_corners is not None or antialias):
        raise errors.nearest_has_no_options()
    if antialias:
        raise errors.no_antialias()
    if mode != 'nearest' and input.ndim != {'linear': 3, 'bilinear': 4}[mode]:
        raise errors.mode_of_other_inputs(mode, input)
    if size is not None and recompute_scale_factor:
        raise errors.no_factor_to_recompute()
    sizes, factors = _sizes_and_factors(input.shape, size, scale_factor)
    if recompute_scale_factor:
        factors = [None] * len(sizes)
    if mode != 'nearest':
        for dim in range(input.ndim - 1, 1, -1):
            input = _linear(input, dim, sizes[dim - 2], factors[dim - 2], bool(align_corners))
        return input
    if input.ndim == 3:
        columns = _nearest(input.shape[2], *sizes, *factors, input._array.dtype.type)
        return squeeze(_take_pixels(unsqueeze(input, 2), np.zeros(1, int), columns), 2)
    factors = [None if m in (n, 2 * n) else factor      # PyTorch ignores it then, only in images
               for n, m, factor in zip(input.shape[2:], sizes, factors)]
    return _take_pixels(input, *map(_nearest, input.shape[2:], sizes, factors, [np.float32] * 2))


def _sizes_and_factors(shape: Sequence[int], size: Any, scale_factor: Any) -> tuple[Any, Any]:
    """The sizes (H', W') or (L',) of the result, and for each the factor, or None."""
    if (size is None) == (scale_factor is None):
        raise errors.size_or_factor(size, scale_factor)
    given = scale_factor if size is None else size
    given = given if isinstance(given, (tuple, list)) else [given] * len(shape[2:])
    if len(given) != len(shape[2:]):
        raise errors.wrong_number_of_sizes(shape, given)
    if size is not None and not all(isinstance(m, (int, np.integer)) for m in given):
        raise errors.size_not_whole(size)
    sizes = [int(n * f) for n, f in zip(shape[2:], given)] if size is None else given
    if min(*shape[1:], *sizes) < 1:
        raise errors.no_pixels(shape, sizes)
    return sizes, given if size is None else [None] * len(sizes)


def _nearest(n: int, m: int, factor: float | None, float_type: Any) -> np.ndarray[Any, Any]:
    """For each of m pixels, which of n it is a copy of; rounded as PyTorch rounds for this type."""
    positions = np.arange(m, dtype=float_type) * float_type(n / m if factor is None else 1 / factor)
    return np.minimum(np.floor(positions.astype(np.float32)).astype(int), n - 1)


def _linear(x: Tensor, dim: int, m: int, factor: float | None, align_corners: bool) -> Tensor:
    """x with m means of two neighbours along dim."""
    n, number = x.shape[dim], x._array.dtype.type
    if m == n:      # whatever the factor
        places = np.arange(n, dtype=number)
    elif align_corners:
        places = np.arange(m, dtype=number) * number((n - 1) / (m - 1) if m > 1 else 0)
    else:
        step = number(n / m if factor is None else 1 / factor)
        places = np.maximum(step * (np.arange(m, dtype=number) + number(0.5)) - number(0.5), 0)
    low = np.minimum(places.astype(int), n - 1)
    share = (places - low).astype(number).reshape(-1, *(1,) * (x.ndim - dim - 1))
    before = (slice(None),) * dim
    high = low if m == n else np.minimum(low + 1, n - 1)
    left, right = (getitem(x, (*before, side)) for side in (low, high))
    return add(mul(left, 1 - share), mul(right, share))


def _take_pixels(x: Tensor, rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any]) -> Tensor:
    """The pixels of the images x that are in these rows and columns, in this order."""
    n, c, *size = x.shape
    kernel = tuple(max(1, len(positions) // m) for positions, m in zip((rows, columns), size))
    if all(np.array_equal(positions, np.repeat(np.arange(m), k))
           for positions, m, k in zip((rows, columns), size, kernel)):
        # Each pixel fills a window: the transpose of adding the pixels of windows, which is faster
        # than indexing and keeps the order in memory that convolution likes.
        return pooling.spread(x, (n, c, len(rows), len(columns)), kernel, kernel, (0, 0),
                              False, True, 1)
    return getitem(x, (slice(None), slice(None), rows[:, None], columns))
