"""Convolution and pooling of images (n, c, h, w).

The shape is always (n, c, h, w); the order in memory is another matter, and chosen here for speed.
What these functions return lies in memory as (h, c, w, n), images innermost. Then the pixels that
one column of a filter meets, as it slides along a row, are a matrix already, without any copy:

    memory   | row 0: c x (w n) | row 1: c x (w n) | row 2: c x (w n) | row 3 ...
    filter     \\______ kh c lines, each starting at column j ______/
    product  weights (o, kh c) @ pixels (kh c, ow n) = part of one output row (o, ow n)

The sum of these products over the kw columns of the filter is one row of the result, and one call
of `np.matmul` computes many rows. NumPy's elementwise functions keep the order of their input, so
everything between two convolutions runs at full speed without knowing about it.

Convolution is linear in the image and in the weight, so three functions are each other's rules:
`conv`, and its transposes `conv_input` and `conv_weight`. The poolings come with theirs as well.
"""
from __future__ import annotations

from itertools import product

import numpy as np

from ..autograd import constant, primitive
from .reductions import sum

BLOCK = 200_000     # numbers in the matrices of one call of matmul: they should stay in the cache


def hcwn(x):
    return x.transpose(2, 1, 3, 0)


def nchw(x):
    return x.transpose(3, 1, 0, 2)


def framed(x, start, size, step=(1, 1), fill=0):
    """x on a canvas of `size` pixels, its own from `start` on and `step` apart: (h, c, w, n).

    What falls outside the canvas is cut off; `start` may be negative.
    """
    x = hcwn(x)
    h, c, w, n = x.shape
    if (*start, *size, *step) == (0, 0, h, w, 1, 1):
        return x
    canvas = np.full((size[0], c, size[1], n), fill, x.dtype)
    i, j = (max(0, -(a // s)) for a, s in zip(start, step))      # the first pixel on the canvas
    places = canvas[start[0] + i * step[0]::step[0], :, start[1] + j * step[1]::step[1]]
    x = x[i:i + places.shape[0], :, j:j + places.shape[2]]
    places[:x.shape[0], :, :x.shape[2]] = x
    return canvas


# Convolution.

def by_columns(w, groups):
    """A view (parts, groups, o, columns, kh, c) of the weights: each part is multiplied at once.

    A part is one column of the filter, whose pixels need no copy. If there are few channels the
    product would be thin, and to copy the pixels under all columns into one matrix is faster.
    """
    o, c, kh, kw = w.shape
    columns = kw if c < 6 else 1
    return w.reshape(groups, o // groups, c, kh, kw // columns, columns).transpose(4, 0, 1, 5, 3, 2)


def matrices(x, shape, size, stride, dilation):
    """Triples (first row, part, pixels (rows, groups, columns kh c, ow n)), for `by_columns`' shape.

    The pixels are a view, copied by reshape only for groups, dilation, or a stride along w.
    """
    x = np.ascontiguousarray(x)
    line, channel, pixel, image = x.strides
    parts, groups, _, columns, kh, c = shape
    (oh, ow), n, k = size, x.shape[3], columns * kh * c
    rows = max(1, BLOCK // max(1, groups * k * ow * n))
    strides = (stride[0] * line, c * channel, dilation[1] * pixel, dilation[0] * line, channel,
               stride[1] * pixel, image)
    for top in range(0, oh, rows):
        shape = min(rows, oh - top), groups, columns, kh, c, ow, n
        for part in range(parts):
            corner = top * stride[0] * line + part * dilation[1] * pixel
            pixels = np.ndarray(shape, x.dtype, x, corner, strides)
            yield top, part, pixels.reshape(shape[0], groups, k, ow * n)


def slide(x, w, b, size, stride, dilation, groups):
    """Filters w (o, c / groups, kh, kw) over x (h, c, w, n), plus b (o,): (n, o, *size)."""
    o, n = w.shape[0], x.shape[3]
    w = by_columns(w, groups)
    weights = w.reshape(*w.shape[:3], -1)
    out = np.empty((size[0], groups, o // groups, size[1] * n), x.dtype)
    for top, part, pixels in matrices(x, w.shape, size, stride, dilation):
        rows = out[top:top + len(pixels)]
        if part == 0:
            np.matmul(weights[0], pixels, out=rows)
        else:
            rows += weights[part] @ pixels
    out = out.reshape(size[0], o, size[1], n)
    if b is not None:
        out += b.reshape(o, 1, 1)
    return nchw(out)


def _conv(x, w, b=None, *, stride, padding, dilation, groups):
    padded = [n + 2 * p for n, p in zip(x.shape[2:], padding)]
    size = [(n - d * (k - 1) - 1) // s + 1
            for n, d, k, s in zip(padded, dilation, w.shape[2:], stride)]
    return slide(framed(x, padding, padded), w, b, size, stride, dilation, groups)


def _conv_input(g, w, *, shape, stride, padding, dilation, groups):
    """As a convolution: flipped filters over pixels of g `stride` apart, channels changing roles."""
    o, c, kh, kw = w.shape
    reach = [d * (k - 1) for d, k in zip(dilation, (kh, kw))]
    margin = [r - p for r, p in zip(reach, padding)]
    size = [n + r for n, r in zip(shape[2:], reach)]
    w = w[:, :, ::-1, ::-1].reshape(groups, o // groups, c, kh, kw).swapaxes(1, 2)
    return slide(framed(g, margin, size, stride), w.reshape(-1, o // groups, kh, kw), None,
                 shape[2:], (1, 1), dilation, groups)


def _conv_weight(x, g, *, shape, stride, padding, dilation, groups):
    n, o, oh, ow = g.shape
    out = np.empty(shape, x.dtype)
    w = by_columns(out, groups)
    g = hcwn(g).reshape(oh, groups, o // groups, ow * n).swapaxes(2, 3)
    total = np.zeros((*w.shape[:2], w[0, 0, 0].size, o // groups), x.dtype)
    x = framed(x, padding, [n + 2 * p for n, p in zip(x.shape[2:], padding)])
    for top, part, pixels in matrices(x, w.shape, (oh, ow), stride, dilation):
        total[part] += (pixels @ g[top:top + len(pixels)]).sum(0)
    w[...] = total.swapaxes(2, 3).reshape(w.shape)
    return out


conv = primitive(_conv,
                 lambda g, out, x, w, b, **s: conv_input(g, w, shape=x.shape, **s),
                 lambda g, out, x, w, b, **s: conv_weight(x, g, shape=w.shape, **s),
                 lambda g, out, x, w, b, **s: sum(g, (0, 2, 3)))
conv_input = primitive(_conv_input,
                       lambda x, out, g, w, shape, **s: conv(x, w, None, **s),
                       lambda x, out, g, w, shape, **s: conv_weight(x, g, shape=w.shape, **s))
conv_weight = primitive(_conv_weight,
                        lambda w, out, x, g, shape, **s: conv_input(g, w, shape=x.shape, **s),
                        lambda w, out, x, g, shape, **s: conv(x, w, None, **s))


# Pooling.

def pooled(shape, kernel, stride, padding, dilation=(1, 1), ceil_mode=False):
    """The size of the result, and of the canvas that the windows need."""
    size, canvas = [], []
    for n, k, s, p, d in zip(shape[2:], kernel, stride, padding, dilation):
        reach = d * (k - 1) + 1
        m = (n + 2 * p - reach + (s - 1) * ceil_mode) // s + 1
        m -= ceil_mode and (m - 1) * s >= n + p     # no window may start beyond the image
        size.append(m)
        canvas.append(max(n + p, (m - 1) * s + reach))
    return size, canvas


def taps(x, size, kernel, stride, dilation=(1, 1)):
    """For each place in the window, line by line, the pixels there: views (oh, c, ow, n) of x."""
    height, width = ((m - 1) * s + 1 for m, s in zip(size, stride))
    for i, j in product(range(0, kernel[0] * dilation[0], dilation[0]),
                        range(0, kernel[1] * dilation[1], dilation[1])):
        yield x[i:i + height:stride[0], :, j:j + width:stride[1]]


def _max_pool(x, *, kernel, stride, padding, dilation, ceil_mode):
    size, canvas = pooled(x.shape, kernel, stride, padding, dilation, ceil_mode)
    x = framed(x, padding, canvas, fill=-np.inf)
    first, *others = taps(x, size, kernel, stride, dilation)
    out = np.maximum(first, others.pop() if others else first)
    for pixels in others:
        np.maximum(out, pixels, out=out)
    return nchw(out)


def winners(x, out, *window):
    """For each place in the window where it won: it has the maximum, and none before it had."""
    *places, _ = taps(x, *window)
    undecided = np.ones_like(out, bool)
    for pixels in places:
        less = pixels < out
        yield undecided > less
        undecided = undecided & less
    yield undecided                                          # only the last place is left


def _place(g, x, out, *, kernel, stride, padding, dilation, ceil_mode):
    """The gradient of max_pool: g at the winners, 0 elsewhere."""
    size, canvas = pooled(x.shape, kernel, stride, padding, dilation, ceil_mode)
    window, (top, left), (h, w) = (size, kernel, stride, dilation), padding, x.shape[2:]
    apart = all(s > d * (k - 1) for s, d, k in zip(stride, dilation, kernel))
    x = framed(x, padding, canvas, fill=-np.inf)
    out, g, placed = hcwn(out), np.ascontiguousarray(hcwn(g)), np.zeros_like(x)
    for pixels, won in zip(taps(placed, *window), winners(x, out, *window)):
        if apart:
            np.multiply(g, won, out=pixels)
        else:
            pixels += g * won
    return nchw(placed[top:top + h, :, left:left + w])


def _pick(u, x, out, *, kernel, stride, padding, dilation, ceil_mode):
    """The pixels of u at the winners of x."""
    size, canvas = pooled(x.shape, kernel, stride, padding, dilation, ceil_mode)
    u, x = framed(u, padding, canvas), framed(x, padding, canvas, fill=-np.inf)
    window, picked = (size, kernel, stride, dilation), 0
    for pixels, won in zip(taps(u, *window), winners(x, hcwn(out), *window)):
        picked = picked + pixels * won
    return nchw(picked)


def _max_pool_indices(x, **window):
    h, w = x.shape[2:]
    flat = np.broadcast_to(np.arange(h * w).reshape(h, w), x.shape)
    return _pick(flat, x, _max_pool(x, **window), **window)


def counts(shape, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override):
    """By what avg_pool divides: the pixels in each window, those in the padding or not."""
    if divisor_override:
        return divisor_override
    size, _ = pooled(shape, kernel, stride, padding, (1, 1), ceil_mode)
    lengths = []
    for n, m, k, s, p in zip(shape[2:], size, kernel, stride, padding):
        first, edge = np.arange(m) * s - p, p if count_include_pad else 0
        lengths.append(np.minimum(first + k, n + edge) - np.maximum(first, -edge))
    lengths = np.outer(*lengths).astype(np.float32)      # exact, and does not widen float32
    return lengths[:, None, :, None]


def _avg_pool(x, *, kernel, stride, padding, ceil_mode, **counted):
    size, canvas = pooled(x.shape, kernel, stride, padding, (1, 1), ceil_mode)
    divisors = counts(x.shape, kernel, stride, padding, ceil_mode, **counted)
    total = 0
    for pixels in taps(framed(x, padding, canvas), size, kernel, stride):
        total = total + pixels
    return nchw(total / divisors)


def _spread(g, *, shape, kernel, stride, padding, ceil_mode, **counted):
    """The transpose of avg_pool: each window's share goes to all of its pixels."""
    size, canvas = pooled(shape, kernel, stride, padding, (1, 1), ceil_mode)
    (n, c, h, w), (top, left) = shape, padding
    g = hcwn(g) / counts(shape, kernel, stride, padding, ceil_mode, **counted)
    spread = np.zeros((canvas[0], c, canvas[1], n), g.dtype)
    for pixels in taps(spread, size, kernel, stride):
        pixels += g
    return nchw(spread[top:top + h, :, left:left + w])


max_pool = primitive(_max_pool, lambda g, out, x, **s: place(g, x, out, **s))
place = primitive(_place, lambda u, _, g, x, out, **s: pick(u, x, out, **s), constant, constant)
pick = primitive(_pick, lambda g, _, u, x, out, **s: place(g, x, out, **s), constant, constant)
max_pool_indices = primitive(_max_pool_indices)
avg_pool = primitive(_avg_pool, lambda g, out, x, **s: spread(g, shape=x.shape, **s))
spread = primitive(_spread, lambda u, out, g, shape, **s: avg_pool(u, **s))
