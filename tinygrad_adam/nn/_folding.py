"""unfold and fold: the windows of images as columns, and back.

>>> from tinygrad_adam import nn, ones
>>> columns = nn.functional.unfold(ones(1, 3, 4, 4), kernel_size=2)
>>> columns.shape, nn.functional.fold(columns, (4, 4), kernel_size=2)[0, 0, 0]
(torch.Size([1, 12, 9]), tensor([1., 2., 2., 1.]))
"""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions.shapes import reshape
from .._tensor import Tensor
from ..ops.indexing import getitem, put
from . import _errors
from . import _layer_errors as errors
from ._images import Sizes, batched, pair
from ._padding import pad


def unfold(input: Tensor, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0,
           stride: Sizes = 1) -> Tensor:
    """The windows of images: what a filter of a convolution sees, one column for each place.

    input        (N, C, H, W), or (C, H, W) for a single image
    kernel_size  the size of a window, a number or (height, width), as the others
    dilation     the distance between the pixels of a window
    padding      how many zeros are added at each edge
    stride       the step from window to window

    Returns (N, C kH kW, L), or without N; L is the number of windows. Raises RuntimeError if a
    window is larger than the padded image.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('unfold', input=input)
    ph, pw = pair('padding', padding)

    def windows(x: Tensor) -> Tensor:
        n, c, *size = x.shape
        index, (kh, kw, rows, columns) = _windows('unfold', size, kernel_size, dilation,
                                                  (ph, pw), stride)
        pixels = getitem(pad(x, (pw, pw, ph, ph)), index)
        return reshape(pixels, (n, c * kh * kw, rows * columns))
    return batched(windows, input)


def fold(input: Tensor, output_size: Sizes, kernel_size: Sizes, dilation: Sizes = 1,
         padding: Sizes = 0, stride: Sizes = 1) -> Tensor:
    """The sum of windows, each added to its place in an image: the transpose of unfold.

    input        (N, C kH kW, L), or (C kH kW, L) for a single image
    output_size  the size of the images, a number or (height, width), as the others
    kernel_size  the size of a window
    dilation     the distance between the pixels of a window
    padding      how many pixels at each edge are left out
    stride       the step from window to window

    Returns (N, C, H, W), or without N. Raises RuntimeError if these are not the windows of such an
    image. https://pytorch.org/docs/stable/generated/torch.nn.functional.fold.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('fold', input=input)
    (h, w), (ph, pw) = pair('output_size', output_size), pair('padding', padding)

    def image(x: Tensor) -> Tensor:
        index, window = _windows('fold', (h, w), kernel_size, dilation, (ph, pw), stride)
        kh, kw, rows, columns = window
        if x.shape[1] % (kh * kw) or x.shape[2] != rows * columns:
            raise errors.not_windows_of_such_an_image(x, (h, w), (kh, kw), rows * columns)
        n, c = x.shape[0], x.shape[1] // (kh * kw)
        padded = put(reshape(x, (n, c, *window)), index, (n, c, h + 2 * ph, w + 2 * pw))
        return padded[:, :, ph:ph + h, pw:pw + w]
    return batched(image, input, 3)


def _windows(function: str, size: Any, kernel_size: Any, dilation: Any, padding: Any,
             stride: Any) -> tuple[Any, tuple[int, ...]]:
    """The index of all pixels of all windows in padded images, and its sizes: height and width of
    a window, number of rows and columns of windows."""
    starts, offsets = [], []
    for n, k, d, p, s in zip(size, pair('kernel_size', kernel_size), pair('dilation', dilation),
                             padding, pair('stride', stride)):
        if min(k, d, s) < 1 or p < 0 or n + 2 * p < d * (k - 1) + 1:
            raise errors.no_windows(function, size, kernel_size, dilation, padding, stride)
        starts.append(np.arange(0, n + 2 * p - d * (k - 1), s))
        offsets.append(d * np.arange(k))
    rows = offsets[0][:, None, None, None] + starts[0][:, None]
    columns = offsets[1][:, None, None] + starts[1]
    sizes = *map(len, offsets), *map(len, starts)
    return (slice(None), slice(None), rows, columns), sizes
