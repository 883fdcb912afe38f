"""grid_sample and affine_grid: images looked at through a grid that is turned, moved or bent.

>>> from tinygrad_adam import nn, tensor
>>> image = tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
>>> turn = tensor([[[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]])
>>> grid = nn.functional.affine_grid(turn, (1, 1, 2, 2), align_corners=False)
>>> nn.functional.grid_sample(image, grid, align_corners=False)
tensor([[[[3., 1.],
          [4., 2.]]]])
"""
from __future__ import annotations

import warnings
from itertools import product
from typing import Sequence

import numpy as np

from .._functions.creation import from_numpy, tensor
from .._functions.pointwise import where
from .._tensor import Tensor
from ..ops.indexing import getitem
from . import _errors
from . import _layer_errors as errors


def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """Where each pixel of the result of grid_sample comes from, for maps of the plane.

    theta          (N, 2, 3): (x, y) = theta @ (x', y', 1)
    size           that of the result, (N, C, H, W)
    align_corners  whether -1 and 1 are the centres of the outer pixels; False: their outer edges;
                   None: False, with a warning

    Returns the grid (N, H, W, 2). Jaderberg et al. 2015.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
    """
    if not isinstance(theta, Tensor):
        raise _errors.not_tensors('affine_grid', theta=theta)
    if len(size) != 4 or tuple(theta.shape) != (size[0], 2, 3) or min(size) < 1:
        raise errors.not_affine_maps(theta, size)
    if theta.dtype.kind != 'f':
        raise errors.grid_of_integers('affine_grid', theta)
    if align_corners is None:
        warnings.warn(errors.corners_are_not_aligned(), stacklevel=2)
    n, _, h, w = size
    x, y = [np.linspace(-1, 1, m) * (1 if align_corners or m == 1 else (m - 1) / m) * (m > 1)
            for m in (w, h)]
    places = np.ones((h, w, 3))
    places[..., 0], places[..., 1] = x, y[:, None]
    flat = from_numpy(places.reshape(1, h * w, 3).astype(theta._array.dtype))
    return (flat @ theta.transpose(1, 2)).reshape(n, h, w, 2)


def grid_sample(input: Tensor, grid: Tensor, mode: str = 'bilinear', padding_mode: str = 'zeros',
                align_corners: bool | None = None) -> Tensor:
    """The values of images at the places of a grid, between pixels.

    input          (N, C, H, W), floating point
    grid           (N, H', W', 2): pairs (x, y), of input's dtype; -1 is the left or upper edge, 1
                   the right or lower one
    mode           'bilinear': a mean of the four pixels around; 'nearest': the nearest pixel
    padding_mode   what is outside: 'zeros'; 'border', the pixel at the edge; or 'reflection'
    align_corners  whether -1 and 1 are the centres of the outer pixels; False: their outer edges;
                   None: False, with a warning

    Returns (N, C, H', W'). Jaderberg et al. 2015.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
    """
    if not (isinstance(input, Tensor) and isinstance(grid, Tensor)):
        raise _errors.not_tensors('grid_sample', input=input, grid=grid)
    if mode not in ('bilinear', 'nearest'):
        raise errors.unknown_sampling(mode)
    if padding_mode not in ('zeros', 'border', 'reflection'):
        raise errors.unknown_outside(padding_mode)
    if input.ndim != 4 or grid.ndim != 4 or grid.shape[3] != 2 or grid.shape[0] != input.shape[0]:
        raise errors.no_grid(input, grid)
    if input.dtype != grid.dtype or input.dtype.kind != 'f':
        raise errors.grid_of_another_dtype(input, grid)
    if min(input.shape[1:]) < 1:
        raise errors.no_pixels_to_sample(input)
    if align_corners is None:
        warnings.warn(errors.corners_are_not_aligned(), stacklevel=2)
    sizes = input.shape[3], input.shape[2]
    places = [_pixel(grid[..., i], n, padding_mode, bool(align_corners))
              for i, n in enumerate(sizes)]
    if mode == 'nearest':
        pixels = _pixels(input, *(place.detach().round() for place in places))
        return where(tensor(False), grid[..., 0].unsqueeze(1), pixels)    # its slope is 0
    low = [place.detach().floor() for place in places]
    parts = []
    for below, right in product((0, 1), (0, 1)):
        weight_x, weight_y = (place - start if step else start + 1 - place
                              for place, start, step in zip(places, low, (right, below)))
        pixels = _pixels(input, low[0] + right, low[1] + below)
        parts.append(pixels * (weight_x * weight_y).unsqueeze(1))
    return parts[0] + parts[1] + parts[2] + parts[3]


def _pixel(x: Tensor, n: int, padding_mode: str, align_corners: bool) -> Tensor:
    """Which of n pixels in a row is at x, in [-1, 1]; between two, a fraction."""
    place = (x + 1) / 2 * (n - 1) if align_corners else ((x + 1) * n - 1) / 2
    if padding_mode == 'reflection':
        low, span = (0.0, n - 1) if align_corners else (-0.5, n)
        if span == 0:
            return place * 0
        distance = (place - low).abs()
        turns = (distance.detach() / span).floor()
        rest = distance - turns * span
        place = where(turns % 2 == 0, rest + low, span - rest + low)
    if padding_mode != 'zeros':      # at an edge the slope is 0, where that of clamp is 1
        place = where(place <= 0, 0.0, where(place >= n - 1, float(n - 1), place))
    return place


def _pixels(images: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The pixels (N, C, H', W') of images in columns x and rows y, both (N, H', W'); 0 outside."""
    n, _, h, w = images.shape
    inside = (x >= 0) & (x < w) & (y >= 0) & (y < h)
    rows, columns = (where(inside, place, 0.0)._array.astype(int) for place in (y, x))
    index = np.arange(n)[:, None, None], slice(None), rows, columns
    return where(inside.unsqueeze(1), getitem(images, index).permute(0, 3, 1, 2), 0.0)
