"""Convolution and pooling of images (n, c, h, w).

The shape is always (n, c, h, w); the order in memory is another matter, and chosen here for speed.
Results lie in memory as (h, c, w, n): line after line, in it channel after channel, and there each
pixel of all images side by side. Now slide one column of o filters, each kh x kw pixels, along a
line. The pixels it meets are a matrix that is there already, kh c rows of ow n neighbours each:

    lines i to i + kh, all channels, from pixel j on        pixels  (kh c, ow n)   a view
    column j of the filters                                 weights (o, kh c)
    its share in line i of the result                       weights @ pixels = (o, ow n)

The sum over the kw columns is the line, and one call of matmul does many lines. No pixel is copied,
while the usual matrix of all windows holds each kh kw times. Elementwise functions keep the order
of their input, so that relu or batch norm in between run at full speed without knowing about it.

Convolution is linear in the image and in the weight: `conv` and its two transposes, `conv_input`
and `conv_weight`, are each other's rules. The poolings come with their transposes too.
"""
from __future__ import annotations

import os
from functools import lru_cache, reduce
from itertools import product
from math import prod

import numpy as np

from ..autograd import constant, primitive
from .linalg import same_dtype
from .reductions import sum

BLOCK = 200_000     # elements of the matrices in one call of matmul: they should stay in the cache

CORES, ASKED = os.cpu_count() or 1, os.environ.get('OMP_NUM_THREADS', '')
THREADS = min(CORES, int(ASKED) if ASKED.isdigit() and int(ASKED) else CORES)   # of a product

# OpenBLAS does not repack matrices whose product takes at most so many multiplications, and is up
# to twice as fast for it. With several threads larger ones are better: only these are shared out.
PRODUCT = 10 ** 6 if THREADS == 1 else 10 ** 12


def hcwn(x):
    return x.transpose(2, 1, 3, 0)


def nchw(x):
    return x.transpose(3, 1, 0, 2)


def copy(x, out):
    """Into out, both (h, c, w, n)."""
    # If a power of two lies between images, those side by side compete for few places in the
    # cache: to copy 16 at a time is up to 4 times faster.
    images = 16 if x.strides[3] > x.itemsize else max(1, x.shape[3])
    for i in range(0, x.shape[3], images):
        out[..., i:i + images] = x[..., i:i + images]
    return out


def packed(x):
    """x as (h, c, w, n), in memory too."""
    x = hcwn(x)
    return x if x.flags.c_contiguous else copy(x, np.empty(x.shape, x.dtype))


def framed(x, start, size, step=(1, 1), fill=0):
    """x on a canvas of `size` pixels, its own `step` apart from `start` on, packed.

    What falls outside the canvas is cut off; `start` may be negative.
    """
    if (*start, *size, *step) == (0, 0, *x.shape[2:], 1, 1):
        return packed(x)
    x = hcwn(x)
    h, c, w, n = x.shape
    canvas = np.full((size[0], c, size[1], n), fill, x.dtype)
    i, j = (max(0, -(a // s)) for a, s in zip(start, step))             # the first pixel inside
    inside = canvas[start[0] + i * step[0]::step[0], :, start[1] + j * step[1]::step[1]]
    x = x[i:i + inside.shape[0], :, j:j + inside.shape[2]]
    copy(x, inside[:x.shape[0], :, :x.shape[2]])
    return canvas


# Convolution.

def by_columns(w, groups):
    """The weights (o, c, kh, kw) as a view (kw, groups, o / groups, kh, c, 1), for kw products.

    If there is one channel and many filters, to copy whole windows is 1.5 times faster than to add
    so many thin products: then it is (1, groups, o / groups, kh, c, kw), for a single one.
    """
    o, c, kh, kw = w.shape
    w = w.reshape(groups, o // groups, c, kh, kw, 1)
    joined = c == 1 and kh * kw <= 2 * o // groups
    return w.transpose(5, 0, 1, 3, 2, 4) if joined else w.transpose(4, 0, 1, 3, 2, 5)


def matrices(x, shape, size, stride, dilation):
    """What to multiply, x being (h, c, w, n) and `shape` that of by_columns: for each block of the
    result (oh, groups, o, ow n) its index, and for each column j the pixels (lines, groups, kh c,
    pixels). They are a view; only for columns joined, groups, a dilation of lines or a stride of
    pixels is there none, and reshape copies them, block by block.
    """
    line, channel, pixel, image = x.strides
    products, groups, o, kh, c, joined = shape
    (oh, ow), n, k = size, x.shape[3], kh * c * joined
    width = max(1, min(ow, PRODUCT // max(1, o * k * n)))
    height = max(1, BLOCK // max(1, groups * k * width * n))
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


def slide(x, w, b, size, stride, dilation, groups):
    """Filters w over x (h, c, w, n), plus b: (n, o, *size)."""
    o, n = w.shape[0], x.shape[3]
    w = by_columns(w, groups)
    weights = w.reshape(*w.shape[:3], -1)                         # (products, groups, o, rows)
    out = np.empty((size[0], groups, o // groups, size[1] * n), x.dtype)
    for where, j, pixels in matrices(x, w.shape, size, stride, dilation):
        lines = out[where]
        if j > 0:
            lines += weights[j] @ pixels
        else:
            np.matmul(weights[0], pixels, out=lines)
            if b is not None:
                lines += b.reshape(groups, -1, 1)
    return nchw(out.reshape(size[0], o, size[1], n))


def _conv(x, w, b=None, *, stride, padding, dilation, groups):
    same_dtype('conv2d', x, w, b)
    padded = [n + 2 * p for n, p in zip(x.shape[2:], padding)]
    size = [(n - d * (k - 1) - 1) // s + 1
            for n, d, k, s in zip(padded, dilation, w.shape[2:], stride)]
    return slide(framed(x, padding, padded), w, b, size, stride, dilation, groups)


def _conv_input(g, w, *, shape, stride, padding, dilation, groups):
    """A convolution too: flipped filters, o and c changing roles, over g with gaps for a stride."""
    o, c, kh, kw = w.shape
    reach = [d * (k - 1) for d, k in zip(dilation, (kh, kw))]
    start = [r - p for r, p in zip(reach, padding)]
    size = [n + r for n, r in zip(shape[2:], reach)]
    w = w[:, :, ::-1, ::-1].reshape(groups, o // groups, c, kh, kw).swapaxes(1, 2)
    return slide(framed(g, start, size, stride), w.reshape(-1, o // groups, kh, kw), None,
                 shape[2:], (1, 1), dilation, groups)


def _conv_weight(x, g, *, shape, stride, padding, dilation, groups):
    n, o, oh, ow = g.shape
    out = np.empty(shape, x.dtype)
    w = by_columns(out, groups)
    g = packed(g).reshape(oh, groups, o // groups, ow * n)
    total = np.zeros((*w.shape[:2], prod(w.shape[3:]), o // groups), x.dtype)
    x = framed(x, padding, [m + 2 * p for m, p in zip(x.shape[2:], padding)])
    for where, j, pixels in matrices(x, w.shape, (oh, ow), stride, dilation):
        if j == 0:
            lines = g[where].swapaxes(2, 3)
            if lines.shape[2] < ow * n:         # small products are faster from transposed lines,
                lines = lines.copy('K').copy()  # and to transpose is, once they are in the cache
        total[j] += (pixels @ lines).sum(0)
    w[...] = total.swapaxes(2, 3).reshape(w.shape)
    return out


conv = primitive(_conv,
                 lambda g, out, x, w, b=None, **s: conv_input(g, w, shape=x.shape, **s),
                 lambda g, out, x, w, b=None, **s: conv_weight(x, g, shape=w.shape, **s),
                 lambda g, out, x, w, b=None, **s: sum(g, (0, 2, 3)), names='input weight bias')
conv_input = primitive(_conv_input,
                       lambda u, out, g, w, shape, **s: conv(u, w, **s),
                       lambda u, out, g, w, shape, **s: conv_weight(u, g, shape=w.shape, **s))
conv_weight = primitive(_conv_weight,
                        lambda u, out, x, g, shape, **s: conv_input(g, u, shape=x.shape, **s),
                        lambda u, out, x, g, shape, **s: conv(x, u, **s))


# Pooling. For each place in a window, the pixels there of all windows are a slice of the image.

@lru_cache
def places(shape, kernel, stride, padding, dilation=(1, 1), ceil_mode=False):
    """The size of the canvas, and for each place, line by line, the index of its pixels in it."""
    canvas, axes = [], []
    for n, k, s, p, d in zip(shape[2:], kernel, stride, padding, dilation):
        reach = d * (k - 1) + 1
        m = (n + 2 * p - reach + (s - 1) * ceil_mode) // s + 1
        m -= ceil_mode and (m - 1) * s >= n + p                 # no window starts beyond the image
        canvas.append(max(n + p, (m - 1) * s + reach))
        axes.append([slice(i * d, i * d + (m - 1) * s + 1, s) for i in range(k)])
    return canvas, [(lines, slice(None), columns) for lines, columns in product(*axes)]


def cropped(canvas, shape, padding):
    (top, left), (h, w) = padding, shape[2:]
    return nchw(canvas[top:top + h, :, left:left + w])


def _max_pool(x, *, padding, **window):
    canvas, index = places(x.shape, padding=padding, **window)
    x = framed(x, padding, canvas, fill=-np.inf)
    out = np.maximum(x[index[0]], x[index[-1]])
    for place in index[1:-1]:
        np.maximum(out, x[place], out=out)
    return nchw(out)


def winners(x, out, index):
    """For each place, in which windows it won: it has the maximum, and none before it had."""
    undecided = np.ones_like(out, bool)
    for place in index[:-1]:
        less = x[place] < out
        yield undecided > less
        undecided &= less
    yield undecided                                             # only the last place is left


def _put_at_winners(g, x, out, *, kernel, stride, padding, dilation, ceil_mode):
    canvas, index = places(x.shape, kernel, stride, padding, dilation, ceil_mode)
    padded = framed(x, padding, canvas, fill=-np.inf)
    g, put = packed(g), np.zeros(padded.shape, g.dtype)
    apart = all(s > d * (k - 1) for s, d, k in zip(stride, dilation, kernel))
    for place, won in zip(index, winners(padded, hcwn(out), index)):
        if apart:
            np.multiply(g, won, out=put[place])
        else:
            put[place] += g * won
    return cropped(put, x.shape, padding)


def _pick_winners(u, x, out, *, padding, **window):
    canvas, index = places(x.shape, padding=padding, **window)
    u, x = framed(u, padding, canvas), framed(x, padding, canvas, fill=-np.inf)
    won = winners(x, hcwn(out), index)
    return nchw(reduce(np.add, [u[place] * w for place, w in zip(index, won)]))


def _max_pool_indices(x, **window):
    """Where in the flat image (h w) the maxima are."""
    h, w = x.shape[2:]
    flat = np.broadcast_to(np.arange(h * w).reshape(h, w), x.shape)
    return _pick_winners(flat, x, _max_pool(x, **window), **window)


def counts(shape, padding, canvas, index, count_include_pad, divisor_override):
    """By what avg_pool divides: a number, or (oh, 1, ow, 1), the sums over an image of ones."""
    if divisor_override:
        return divisor_override
    margin = padding if count_include_pad else (0, 0)
    ones = np.ones((1, 1, *(n + 2 * m for n, m in zip(shape[2:], margin))), np.float32)
    ones = framed(ones, [p - m for p, m in zip(padding, margin)], canvas)
    return reduce(np.add, [ones[place] for place in index])


def _avg_pool(x, *, padding, count_include_pad, divisor_override, **window):
    canvas, index = places(x.shape, padding=padding, **window)
    divisor = counts(x.shape, padding, canvas, index, count_include_pad, divisor_override)
    x = framed(x, padding, canvas)
    return nchw(reduce(np.add, [x[place] for place in index]) / divisor)


def _spread(g, *, shape, padding, count_include_pad, divisor_override, **window):
    canvas, index = places(shape, padding=padding, **window)
    g = hcwn(g) / counts(shape, padding, canvas, index, count_include_pad, divisor_override)
    spread = np.zeros((canvas[0], g.shape[1], canvas[1], g.shape[3]), g.dtype)
    for place in index:
        spread[place] += g
    return cropped(spread, shape, padding)


max_pool = primitive(_max_pool, lambda g, out, x, **s: put_at_winners(g, x, out, **s))
put_at_winners = primitive(_put_at_winners,
                           lambda u, put, g, x, out, **s: pick_winners(u, x, out, **s),
                           constant, constant)
pick_winners = primitive(_pick_winners,
                         lambda g, picked, u, x, out, **s: put_at_winners(g, x, out, **s),
                         constant, constant)
max_pool_indices = primitive(_max_pool_indices)
avg_pool = primitive(_avg_pool, lambda g, out, x, **s: spread(g, shape=x.shape, **s))
spread = primitive(_spread, lambda u, out, g, shape, **s: avg_pool(u, **s))
