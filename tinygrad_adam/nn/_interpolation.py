"""interpolate: resize images and series, by copying pixels or by means of neighbours; and its older
names.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.interpolate(tensor([[[1.0, 2.0]]]), scale_factor=2)
tensor([[[1., 1., 2., 2.]]])
"""
from __future__ import annotations

import warnings
from typing import Any, Sequence

import numpy as np

from ..ops import pooling
from ..ops.indexing import getitem
from ..ops.pointwise import add, mul
from .._functions.shapes import squeeze, unsqueeze
from .._tensor import Tensor
from . import _errors
from . import _layer_errors as errors
from ._pooling import adaptive_avg_pool1d, adaptive_avg_pool2d

NEAREST = 'nearest', 'nearest-exact'
DIMENSIONS = {'linear': [3], 'bilinear': [4], 'bicubic': [4]}       # of inputs; of others 3 and 4
CUBIC = -0.75       # the slope of Keys' kernel at distance 1


def interpolate(input: Tensor, size: int | Sequence[int] | None = None,
                scale_factor: float | Sequence[float] | None = None, mode: str = 'nearest',
                align_corners: bool | None = None, recompute_scale_factor: bool | None = None,
                antialias: bool = False) -> Tensor:
    """Resize images or series.

    input                   (N, C, H, W) or (N, C, L), floating point
    size                    the size of the result, (H', W') or (L'), or one number for both
    scale_factor            instead of size, for each dimension or all: n' = floor(n factor)
    mode                    'nearest': pixel i of n' is a copy of pixel floor(i n / n') of n, or
                            floor(i / factor); 'nearest-exact': of floor((i + 1/2) n / n');
                            'linear' for series and 'bilinear' for images: means of the pixels
                            around (i + 1/2) n / n' - 1/2, or (i + 1/2) / factor - 1/2; 'bicubic'
                            for images: weighted sums of the 4 x 4 pixels around there; 'area':
                            means of the pixels that pixel i covers, as of adaptive_avg_pool2d
    align_corners           True: pixel i is at i (n - 1) / (n' - 1); for 'linear', 'bilinear' and
                            'bicubic'
    recompute_scale_factor  True: once the size is known, ignore scale_factor
    antialias               not implemented; must be False

    Returns (N, C, H', W') or (N, C, L'). Raises ValueError unless exactly one of size and
    scale_factor is given, RuntimeError if there would be no pixels. Keys 1981 for 'bicubic'.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('interpolate', input=input)
    if mode not in (*NEAREST, 'area', *DIMENSIONS):
        raise errors.unknown_interpolation(mode)
    if input.ndim not in (3, 4) or input.dtype.kind != 'f':
        raise errors.not_images_of_floats(input)
    if mode not in DIMENSIONS and (align_corners is not None or antialias):
        raise errors.nearest_has_no_options(mode)
    if antialias:
        raise errors.no_antialias()
    if input.ndim not in DIMENSIONS.get(mode, [3, 4]):
        raise errors.mode_of_other_inputs(mode, input)
    if size is not None and recompute_scale_factor:
        raise errors.no_factor_to_recompute()
    sizes, factors = _sizes_and_factors(input.shape, size, scale_factor)
    if recompute_scale_factor:
        factors = [None] * len(sizes)
    if mode == 'area':
        return (adaptive_avg_pool1d if input.ndim == 3 else adaptive_avg_pool2d)(input, sizes)
    if mode not in NEAREST:
        resize = _cubic if mode == 'bicubic' else _linear
        for dim in range(input.ndim - 1, 1, -1):
            input = resize(input, dim, sizes[dim - 2], factors[dim - 2], bool(align_corners))
        return input
    centre = 0.5 if mode == 'nearest-exact' else 0.0
    if input.ndim == 3:
        columns = _nearest(input.shape[2], *sizes, *factors, input._array.dtype.type, centre)
        return squeeze(_take_pixels(unsqueeze(input, 2), np.zeros(1, int), columns), 2)
    if mode == 'nearest':
        factors = [None if m in (n, 2 * n) else factor  # PyTorch ignores it then, only in images
                   for n, m, factor in zip(input.shape[2:], sizes, factors)]
    return _take_pixels(input, *(_nearest(n, m, factor, np.float32, centre) for n, m, factor in zip(
        input.shape[2:], sizes, factors)))


def upsample(input: Tensor, size: int | Sequence[int] | None = None,
             scale_factor: float | Sequence[float] | None = None, mode: str = 'nearest',
             align_corners: bool | None = None) -> Tensor:
    """interpolate, under its older name, with a warning.

    input          (N, C, H, W) or (N, C, L), floating point
    size           the size of the result, (H', W') or (L'), or one number for both
    scale_factor   instead of size, for each dimension or all
    mode           'nearest', 'nearest-exact', 'area', 'linear', 'bilinear' or 'bicubic'
    align_corners  True: the outer pixels stay in place; for the last three
    """
    _warn_of_older_name('upsample')
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: int | Sequence[int] | None = None,
                     scale_factor: float | Sequence[float] | None = None) -> Tensor:
    """interpolate with mode 'nearest', under its older name, with a warning.

    input         (N, C, H, W) or (N, C, L), floating point
    size          the size of the result, (H', W') or (L'), or one number for both
    scale_factor  instead of size, for each dimension or all
    """
    _warn_of_older_name('upsample_nearest')
    return interpolate(input, size, scale_factor, mode='nearest')


def upsample_bilinear(input: Tensor, size: int | Sequence[int] | None = None,
                      scale_factor: float | Sequence[float] | None = None) -> Tensor:
    """interpolate with mode 'bilinear' and corners aligned, under its older name, with a warning.

    input         images (N, C, H, W), floating point
    size          the size of the result, (H', W'), or one number for both
    scale_factor  instead of size, for each dimension or both
    """
    _warn_of_older_name('upsample_bilinear')
    return interpolate(input, size, scale_factor, mode='bilinear', align_corners=True)


def _warn_of_older_name(name: str) -> None:
    warnings.warn(f'`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` instead.',
                  stacklevel=3)


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


def _nearest(n: int, m: int, factor: float | None, number: Any, centre: float
             ) -> np.ndarray[Any, Any]:
    """For each of m pixels, which of n it is a copy of; rounded as PyTorch rounds for this type."""
    step = number(n / m if factor is None else 1 / factor)
    places = (np.arange(m, dtype=number) + number(centre)) * step
    return np.minimum(np.floor(places.astype(np.float32)).astype(int), n - 1)


def _places(n: int, m: int, factor: float | None, align_corners: bool, number: Any
            ) -> np.ndarray[Any, Any]:
    """Where the centres of m pixels are among those of n."""
    if align_corners:
        return np.arange(m, dtype=number) * number((n - 1) / (m - 1) if m > 1 else 0)
    step = number(n / m if factor is None else 1 / factor)
    return step * (np.arange(m, dtype=number) + number(0.5)) - number(0.5)


def _linear(x: Tensor, dim: int, m: int, factor: float | None, align_corners: bool) -> Tensor:
    """x with m means of two neighbours along dim."""
    n, number = x.shape[dim], x._array.dtype.type
    if m == n:      # whatever the factor
        places = np.arange(n, dtype=number)
    else:
        places = np.maximum(_places(n, m, factor, align_corners, number), 0)
    low = np.minimum(places.astype(int), n - 1)
    share = (places - low).astype(number).reshape(-1, *(1,) * (x.ndim - dim - 1))
    before = (slice(None),) * dim
    high = low if m == n else np.minimum(low + 1, n - 1)
    left, right = (getitem(x, (*before, side)) for side in (low, high))
    return add(mul(left, 1 - share), mul(right, share))


def _cubic(x: Tensor, dim: int, m: int, factor: float | None, align_corners: bool) -> Tensor:
    """x with m weighted sums of four neighbours along dim; those outside are the outermost.

    PyTorch's gradient is that of a copy where no size changes, also if a factor moves the pixels.
    """
    n, number = x.shape[dim], x._array.dtype.type
    places = _places(n, m, factor, align_corners, number)
    low = np.floor(places)
    out, share = None, (places - low).reshape(-1, *(1,) * (x.ndim - dim - 1))
    for i in range(-1, 3):
        d = np.abs(share - number(i))
        weight = (((CUBIC + 2) * d - (CUBIC + 3)) * d * d + 1 if i in (0, 1) else
                  ((CUBIC * d - 5 * CUBIC) * d + 8 * CUBIC) * d - 4 * CUBIC)
        neighbours = np.clip(low.astype(int) + i, 0, n - 1)
        term = mul(getitem(x, (slice(None),) * dim + (neighbours,)), weight.astype(number))
        out = term if out is None else add(out, term)
    return out


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
