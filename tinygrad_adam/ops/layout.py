"""The memory layout of images: their shape is (n, c, h, w), their order is chosen for speed.

Results of convolutions and pools are stored as (h, c, w, n): line after line, in each of them
channel after channel, and in these each pixel of all images side by side. Elementwise functions
keep the order of their input, so that relu or batch norm in between run at full speed unchanged.
"""
from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

ALIGNED = 2**18     # bytes; smaller arrays begin where they like


def hcwn(x: Any) -> Any:
    return x.transpose(2, 1, 3, 0)


def nchw(x: Any) -> Any:
    return x.transpose(3, 1, 0, 2)


def empty(shape: Any, dtype: Any) -> Any:
    """An array that begins with a line of the cache if it is large: products of it then take up to
    a fifth less time; aligning a small one costs more than it saves."""
    size = prod(shape) * dtype.itemsize
    if size < ALIGNED:
        return np.empty(shape, dtype)
    memory = np.empty(size + 64, np.uint8)
    return np.ndarray(shape, dtype, memory, -memory.ctypes.data % 64)


def copy(x: Any, out: Any) -> Any:
    """Into out, both (h, c, w, n)."""
    # If images are a power of two apart, pixels side by side compete for few lines of the
    # cache: copying 16 at a time is up to 4 times faster.
    images = 16 if x.strides[3] > x.itemsize else max(1, x.shape[3])
    for i in range(0, x.shape[3], images):
        out[..., i:i + images] = x[..., i:i + images]
    return out


def packed(x: Any) -> Any:
    """x as (h, c, w, n), in memory too."""
    x = hcwn(x)
    return x if x.flags.c_contiguous else copy(x, empty(x.shape, x.dtype))


def framed(x: Any, start: Any, size: Any, step: Any = (1, 1), fill: Any = 0) -> Any:
    """x on a canvas of `size` pixels, its pixels `step` apart from `start` on, contiguous.

    What falls outside the canvas is cut off; `start` may be negative.
    """
    if (*start, *size, *step) == (0, 0, *x.shape[2:], 1, 1):
        return packed(x)
    x = hcwn(x)
    h, c, w, n = x.shape
    canvas = empty((size[0], c, size[1], n), x.dtype)
    np.copyto(canvas, fill, casting='unsafe')
    i, j = (max(0, -(a // s)) for a, s in zip(start, step))             # the first pixel inside
    inside = canvas[start[0] + i * step[0]::step[0], :, start[1] + j * step[1]::step[1]]
    x = x[i:i + inside.shape[0], :, j:j + inside.shape[2]]
    copy(x, inside[:x.shape[0], :, :x.shape[2]])
    return canvas
