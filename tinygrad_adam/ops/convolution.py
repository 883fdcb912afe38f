"""Convolution of images (n, c, h, w).

The shape is always (n, c, h, w); the order in memory is chosen for speed. Results are stored as
(h, c, w, n): line after line, in each of them channel after channel, and in these each pixel of all
images side by side. Now slide one column of o filters, each kh x kw pixels, along a line. The
pixels it meets are already a matrix, kh c rows of ow n neighbours each:

    lines i to i + kh, all channels, from pixel j on        pixels  (kh c, ow n)   a view
    column j of the filters                                 weights (o, kh c)
    its part of line i of the result                        weights @ pixels = (o, ow n)

The sum over the kw columns is the line, and one call of matmul does many lines. No pixel is copied,
while the usual matrix of all windows (im2col) holds each kh kw times. Where kh c is small (`slide`
says when), windows are copied all the same, block by block, for one product instead of kw.

Convolution is linear in the image and in the weight: `conv` and its two transposes, `conv_input`
and `conv_weight`, are each other's rules.
"""
from __future__ import annotations

import os
from itertools import product
from math import prod
from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from .layout import empty, framed, nchw, packed

BLOCK = 200_000     # elements that one call of matmul meets: they should stay in the cache

CORES, ASKED = os.cpu_count() or 1, os.environ.get('OMP_NUM_THREADS', '')
THREADS = min(CORES, int(ASKED) if ASKED.isdigit() and int(ASKED) else CORES)   # of a product

# OpenBLAS does not repack matrices whose product takes at most so many multiplications, and is up
# to twice as fast for it. With several threads larger ones are better: they share only these.
PRODUCT = 10 ** 6 if THREADS == 1 else 10 ** 12


def by_columns(w: Any, groups: Any, joined: bool) -> Any:
    """The weights (o, c, kh, kw) as a view (kw, groups, o / groups, kh, c, 1), for kw products; if
    they are joined (1, groups, o / groups, kh, c, kw), for a single one, which copies windows."""
    o, c, kh, kw = w.shape
    w = w.reshape(groups, o // groups, c, kh, kw, 1)
    return w.transpose(5, 0, 1, 3, 2, 4) if joined else w.transpose(4, 0, 1, 3, 2, 5)


def matrices(x: Any, shape: Any, size: Any, stride: Any, dilation: Any) -> Any:
    """What to multiply, x being (h, c, w, n) and `shape` that of by_columns: for each block of the
    result (oh, groups, o, ow n) its index, and for each column j the pixels (lines, groups, kh c,
    pixels). They are a view; only for columns joined, groups, a dilation of lines or a stride of
    pixels is there none, and reshape copies them, block by block.
    """
    line, channel, pixel, image = x.strides
    products, groups, o, kh, c, joined = shape
    (oh, ow), n, k = size, x.shape[3], kh * c * joined
    if not n:
        return
    width = max(1, min(ow, PRODUCT // max(1, o * k * n)))
    rows = o + (c if joined == 1 else k)        # of a line; those of a view are shared by kh lines
    height = max(1, BLOCK // max(1, groups * rows * width * n))
    strides = (stride[0] * line, c * channel, dilation[0] * line, channel, dilation[1] * pixel,
               stride[1] * pixel, image)
    for top, left in product(range(0, oh, height), range(0, ow, width)):
        where = np.s_[top:top + height, ..., left * n:(left + width) * n]
        lines, across = min(height, oh - top), min(width, ow - left)
        for j in range(products):
            corner = top * stride[0] * line + (left * stride[1] + j * dilation[1]) * pixel
            pixels = np.ndarray((lines, groups, kh, c, joined, across, n), x.dtype, x, corner,
                                strides)
            yield where, j, pixels.reshape(lines, groups, k, across * n)


def slide(x: Any, w: Any, b: Any, size: Any, stride: Any, dilation: Any, groups: Any) -> Any:
    """Filters w over x (h, c, w, n), plus b: (n, o, *size)."""
    o, n, rows = w.shape[0], x.shape[3], w.shape[1] * w.shape[2]
    # Copying that many rows for each column takes less time than adding products of o rows.
    w = by_columns(w, groups, joined=rows <= min(64, o // groups))
    weights = w.reshape(*w.shape[:3], -1)                         # (products, groups, o, rows)
    out = empty((size[0], groups, o // groups, size[1] * n), x.dtype)
    for where, j, pixels in matrices(x, w.shape, size, stride, dilation):
        lines = out[where]
        if j > 0:
            lines += weights[j] @ pixels
        else:
            np.matmul(weights[0], pixels, out=lines)
            if b is not None:
                lines += b.reshape(groups, -1, 1)
    return nchw(out.reshape(size[0], o, size[1], n))


@opaque
def _conv(input, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    padded = [n + 2 * p for n, p in zip(input.shape[2:], padding)]
    size = [(n - d * (k - 1) - 1) // s + 1
            for n, d, k, s in zip(padded, dilation, weight.shape[2:], stride)]
    return slide(framed(input, padding, padded), weight, bias, size, stride, dilation, groups)


@opaque
def _conv_input(y, weight, shape, stride, padding, dilation, groups):
    """A convolution too: flipped filters, o and c changing roles, over y with gaps for a stride."""
    o, c, kh, kw = weight.shape
    reach = [d * (k - 1) for d, k in zip(dilation, (kh, kw))]
    start = [r - p for r, p in zip(reach, padding)]
    size = [n + r for n, r in zip(shape[2:], reach)]
    w = weight[:, :, ::-1, ::-1].reshape(groups, o // groups, c, kh, kw).swapaxes(1, 2)
    return slide(framed(y, start, size, stride), w.reshape(-1, o // groups, kh, kw), None,
                 shape[2:], (1, 1), dilation, groups)


@opaque
def _conv_weight(input, y, shape, stride, padding, dilation, groups):
    n, o, oh, ow = y.shape
    out = np.empty(shape, input.dtype)
    # What is added up here is small: copying windows pays with one channel and many filters.
    w = by_columns(out, groups, joined=shape[1] == 1 and prod(shape[2:]) <= 2 * o // groups)
    y = packed(y).reshape(oh, groups, o // groups, ow * n)
    total = np.zeros((*w.shape[:2], prod(w.shape[3:]), o // groups), input.dtype)
    x = framed(input, padding, [m + 2 * p for m, p in zip(input.shape[2:], padding)])
    for where, j, pixels in matrices(x, w.shape, (oh, ow), stride, dilation):
        if j == 0:
            lines = y[where].swapaxes(2, 3)
            if lines.shape[2] < ow * n:         # small products are faster with transposed lines,
                lines = lines.copy('K').copy()  # and transposing is, once they are in the cache
        total[j] += np.add.reduce(pixels @ lines, 0)
    w[...] = total.swapaxes(2, 3).reshape(w.shape)
    return out


# The geometry of a convolution is its shape (where it cannot be seen), stride, padding, dilation
# and groups.

conv: Row = primitive(
    _conv,
    input=lambda g, weight, input_shape, stride, padding, dilation, groups: conv_input(
             g, weight, input_shape, stride, padding, dilation, groups),
    weight=lambda g, input, weight_shape, stride, padding, dilation, groups: conv_weight(
             input, g, weight_shape, stride, padding, dilation, groups),
    bias=lambda g: g.sum(axis=(0, 2, 3)))
conv_input: Row = primitive(
    _conv_input,
    y=lambda g, weight, stride, padding, dilation, groups: conv(
             g, weight, None, stride, padding, dilation, groups),
    weight=lambda g, y, weight_shape, stride, padding, dilation, groups: conv_weight(
             g, y, weight_shape, stride, padding, dilation, groups))
conv_weight: Row = primitive(
    _conv_weight,
    input=lambda g, y, input_shape, stride, padding, dilation, groups: conv_input(
             y, g, input_shape, stride, padding, dilation, groups),
    y=lambda g, input, stride, padding, dilation, groups: conv(
             input, g, None, stride, padding, dilation, groups))
