"""Pooling of images (n, c, h, w): the largest or the mean of each window.

For each offset in a window, the pixels there of all windows are a slice of the image. Each pool
comes with its transpose.
"""
from __future__ import annotations

from functools import lru_cache, reduce
from itertools import product
from typing import Any

import numpy as np

from ..autograd import constant, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from .layout import empty, framed, hcwn, nchw, packed
from .pointwise import INTEGERS, div_trunc, only_where


@lru_cache
def offsets(shape: Any, kernel: Any, stride: Any, padding: Any, dilation: Any = (1, 1),
            ceil_mode: bool = False) -> Any:
    """The size of the canvas, and for each offset in a window the index of its pixels."""
    canvas, axes = [], []
    for n, k, s, p, d in zip(shape[2:], kernel, stride, padding, dilation):
        reach = d * (k - 1) + 1
        m = (n + 2 * p - reach + (s - 1) * ceil_mode) // s + 1
        m -= ceil_mode and (m - 1) * s >= n + p                 # no window starts beyond the image
        canvas.append(max(n + p, (m - 1) * s + reach))
        axes.append([slice(i * d, i * d + (m - 1) * s + 1, s) for i in range(k)])
    return canvas, [(lines, slice(None), columns) for lines, columns in product(*axes)]


def cropped(canvas: Any, shape: Any, padding: Any) -> Any:
    (top, left), (h, w) = padding, shape[2:]
    return nchw(canvas[top:top + h, :, left:left + w])


@opaque
def _max_pool(input, kernel, stride, padding, dilation, ceil_mode):
    canvas, index = offsets(input.shape, kernel, stride, padding, dilation, ceil_mode)
    x = framed(input, padding, canvas, fill=-np.inf)
    out = np.maximum(x[index[0]], x[index[-1]])
    for offset in index[1:-1]:
        np.maximum(out, x[offset], out=out)
    return nchw(out)


def at_maxima(x: Any, maxima: Any, index: Any, shape: Any, padding: Any) -> Any:
    """For each offset, a mask of the windows whose first maximum, or last nan, is there."""
    if maxima.dtype.kind != 'f' or np.minimum.reduce(maxima, None, initial=np.inf) > -np.inf:
        return first_maxima(x, maxima, index)
    return any_maxima(x, index, shape, padding)


def first_maxima(x: Any, maxima: Any, index: Any) -> Any:
    undecided = np.ones_like(maxima, bool)
    for offset in index[:-1]:
        less = x[offset] < maxima
        yield undecided > less
        undecided &= less
    yield undecided                                             # only the last remains


def any_maxima(x: Any, index: Any, shape: Any, padding: Any) -> Any:
    """The same where a maximum is nan or -inf: padding, also -inf, is never taken."""
    inside = framed(np.ones(shape, bool), padding, x.shape[::2])
    best, chosen = np.full_like(x[index[0]], np.nan), np.zeros_like(x[index[0]], int)
    for i, offset in enumerate(index):
        new = x[offset]
        better = inside[offset] & (np.isnan(new) | (new > best) | (chosen == 0))
        best, chosen = np.where(better, new, best), np.where(better, i + 1, chosen)
    for i in range(len(index)):
        yield chosen == i + 1


@opaque
def _scatter_maxima(y, input, maxima, kernel, stride, padding, dilation, ceil_mode):
    """y, of the shape of maxima, at the maxima of the windows of input; zeros elsewhere."""
    canvas, index = offsets(input.shape, kernel, stride, padding, dilation, ceil_mode)
    padded = framed(input, padding, canvas, fill=-np.inf)
    y, total = packed(y), empty(padded.shape, y.dtype)
    apart = all(s > d * (k - 1) for s, d, k in zip(stride, dilation, kernel))
    if not apart or y.size * len(index) < total.size:       # else each pixel is written once
        total[...] = 0
    whole = INTEGERS[y.itemsize]        # as in only_where
    bits, total_bits = y.view(whole), total.view(whole)
    masks = at_maxima(padded, packed(maxima), index, input.shape, padding)
    for offset, mask in zip(index, masks):
        if apart:
            np.multiply(bits, mask, out=total_bits[offset])
        else:
            total[offset] += only_where(y, mask)
    return cropped(total, input.shape, padding)


@opaque
def _gather_maxima(x, input, maxima, kernel, stride, padding, dilation, ceil_mode):
    """x, of the shape of input, at the maxima of the windows of input."""
    canvas, index = offsets(input.shape, kernel, stride, padding, dilation, ceil_mode)
    x, padded = framed(x, padding, canvas), framed(input, padding, canvas, fill=-np.inf)
    masks = at_maxima(padded, packed(maxima), index, input.shape, padding)
    return nchw(reduce(np.add, [only_where(x[offset], mask) for offset, mask in zip(index, masks)]))


@opaque
def _max_pool_indices(input, kernel, stride, padding, dilation, ceil_mode):
    """Where in the flat image (h w) the maxima are."""
    h, w = input.shape[2:]
    flat = np.broadcast_to(np.arange(h * w).reshape(h, w), input.shape)
    out = _max_pool(input, kernel, stride, padding, dilation, ceil_mode)
    return _gather_maxima(flat, input, out, kernel, stride, padding, dilation, ceil_mode)


def divisor(shape: Any, padding: Any, canvas: Any, index: Any, count_include_pad: Any,
            divisor_override: Any) -> Any:
    """The divisor of avg_pool: a number, or (oh, 1, ow, 1), the sums over an image of ones."""
    if divisor_override:
        return divisor_override
    margin = padding if count_include_pad else (0, 0)
    ones = np.ones((1, 1, *(n + 2 * m for n, m in zip(shape[2:], margin))), np.float32)
    ones = framed(ones, [p - m for p, m in zip(padding, margin)], canvas)
    return reduce(np.add, [ones[offset] for offset in index])


@opaque
def _avg_pool(input, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override):
    canvas, index = offsets(input.shape, kernel, stride, padding, ceil_mode=ceil_mode)
    count = divisor(input.shape, padding, canvas, index, count_include_pad, divisor_override)
    x = framed(input, padding, canvas)
    total = reduce(np.add, [x[offset] for offset in index])
    if total.dtype.kind == 'i':
        return nchw(div_trunc(total, np.asarray(count, total.dtype)))
    return nchw(total / count)


@opaque
def _spread(y, shape, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override):
    """The transpose of avg_pool of images of this shape."""
    canvas, index = offsets(shape, kernel, stride, padding, ceil_mode=ceil_mode)
    y = hcwn(y) / divisor(shape, padding, canvas, index, count_include_pad, divisor_override)
    total = np.zeros((canvas[0], y.shape[1], canvas[1], y.shape[3]), y.dtype)
    for offset in index:
        total[offset] += y
    return cropped(total, shape, padding)


max_pool: Row = primitive(
    _max_pool,
    input=lambda g, input, out, kernel, stride, padding, dilation, ceil_mode: scatter_maxima(
             g, input, out, kernel, stride, padding, dilation, ceil_mode))
scatter_maxima: Row = primitive(
    _scatter_maxima, input=lambda g: only_where(g, False), maxima=constant,
    y=lambda g, input, maxima, kernel, stride, padding, dilation, ceil_mode: gather_maxima(
             g, input, maxima, kernel, stride, padding, dilation, ceil_mode))
gather_maxima: Row = primitive(
    _gather_maxima, input=constant, maxima=constant,
    x=lambda g, input, maxima, kernel, stride, padding, dilation, ceil_mode: scatter_maxima(
             g, input, maxima, kernel, stride, padding, dilation, ceil_mode))
max_pool_indices: Row = primitive(_max_pool_indices)
avg_pool: Row = primitive(
    _avg_pool,
    input=lambda g, input_shape, kernel, stride, padding, ceil_mode, count_include_pad,
    divisor_override: spread(g, input_shape, kernel, stride, padding, ceil_mode, count_include_pad,
                                  divisor_override))
spread: Row = primitive(
    _spread,
    y=lambda g, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override: avg_pool(
             g, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override))
