"""Pooling as functions. The arithmetic is in ops; this file reads and checks the sizes.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.max_pool2d(tensor([[[1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 5.0]]]), 2)
tensor([[[4., 5.]]])
"""
from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Callable, Literal, Sequence, overload

from ..ops import pooling
from ..ops.pointwise import relu
from .._functions._arguments import check, typed
from .._functions.indexing import cat, narrow
from .._functions.pointwise import clone
from .._functions.reductions import mean
from .._functions.scattering import scatter
from .._functions.shapes import reshape, squeeze, unsqueeze
from .._tensor import Tensor
from ..types import int64
from . import _errors
from . import _layer_errors as errors
from ._images import Pair, Sizes, batched, pair, single

# What PyTorch takes for no stride: that of the kernel.
NO_STRIDE: tuple[Any, ...] = None, (), []


@overload
def max_pool2d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = ..., padding: Sizes = ...,
               dilation: Sizes = ..., ceil_mode: bool = ...,
               return_indices: Literal[False] = ...) -> Tensor: ...


@overload
def max_pool2d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = ..., padding: Sizes = ...,
               dilation: Sizes = ..., ceil_mode: bool = ...,
               *, return_indices: Literal[True]) -> tuple[Tensor, Tensor]: ...


@overload
def max_pool2d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = ..., padding: Sizes = ...,
               dilation: Sizes = ..., ceil_mode: bool = ...,
               return_indices: bool = ...) -> Tensor | tuple[Tensor, Tensor]: ...


@typed
def max_pool2d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0,
               dilation: Sizes = 1, ceil_mode: bool = False, return_indices: bool = False) -> Any:
    """The largest pixel of each window, channel by channel.

    input           (N, C, H, W), or (C, H, W) for a single image
    kernel_size     the size of a window, a number or (height, width), as all sizes below
    stride          the step from window to window; None: kernel_size
    padding         how many pixels of -inf are added at each edge; at most half of kernel_size
    dilation        the distance between the pixels of a window
    ceil_mode       whether windows may extend beyond the lower and right edges
    return_indices  whether to return also where the largest pixels are

    Returns (N, C, H', W'), H' = (H + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1,
    rounded up with ceil_mode. With return_indices also an int64 tensor of that shape: the index of
    each pixel in its flattened channel. If several pixels are largest, the first gets the gradient.
    Raises RuntimeError if no window fits, or padding is too large.
    https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('max_pool2d', input=input)
    if input._array.dtype.kind == 'b':
        raise errors.not_implemented_for('max_pool2d', input)
    kernel, stride, padding = _window(kernel_size, stride, padding)
    dilation = pair('dilation', dilation)
    window = kernel, stride, padding, dilation, ceil_mode

    def pool(x: Tensor) -> Tensor:
        _check_window('max_pool2d', x._array.shape, kernel, stride, padding, dilation, ceil_mode)
        return pooling.max_pool(x, *window)
    out = batched(pool, input)
    if return_indices:
        return out, batched(lambda x: pooling.max_pool_indices(x, *window), input)
    return out


@typed
def avg_pool2d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0,
               ceil_mode: bool = False, count_include_pad: bool = True,
               divisor_override: int | None = None) -> Tensor:
    """The mean of the pixels of each window, channel by channel.

    input              (N, C, H, W), or (C, H, W) for a single image
    kernel_size        the size of a window, a number or (height, width), as all sizes below
    stride             the step from window to window; None: kernel_size
    padding            how many pixels of 0 are added at each edge; at most half of kernel_size
    ceil_mode          whether windows may extend beyond the lower and right edges
    count_include_pad  whether the mean counts the pixels of the padding
    divisor_override   what sums are divided by instead of the number of pixels; not 0

    Returns (N, C, H', W') or (C, H', W'), where
    H' = (H + 2 padding - kernel_size) // stride + 1, rounded up with ceil_mode. The means of int64
    are truncated towards 0; other integers are refused.
    Raises RuntimeError if no window fits, padding is too large, or divisor_override is 0.
    https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('avg_pool2d', input=input)
    if input._array.dtype.kind != 'f' and input.dtype is not int64:
        raise errors.not_implemented_for('avg_pool2d', input)
    kernel, stride, padding = _window(kernel_size, stride, padding)
    if divisor_override is not None:
        check(divisor_override, int, 'avg_pool2d', 'divisor_override')
    if divisor_override == 0:
        raise errors.divisor_is_zero()

    def pool(x: Tensor) -> Tensor:
        _check_window('avg_pool2d', x._array.shape, kernel, stride, padding, (1, 1), ceil_mode)
        return pooling.avg_pool(x, kernel, stride, padding, ceil_mode, count_include_pad,
                                divisor_override)
    return batched(pool, input)


def adaptive_avg_pool2d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """The means of windows, as large as needed for a result of this size.

    input        (N, C, H, W), or (C, H, W) for a single image
    output_size  the size of the result, a number or (height, width), where None keeps that of the
                 input

    Returns (N, C, *output_size) or (C, *output_size). Of m windows over n pixels, window i is from
    floor(i n / m) to ceil((i + 1) n / m); neighbours may overlap. Raises RuntimeError for a
    negative size. https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('adaptive_avg_pool2d', input=input)
    if input._array.dtype.kind != 'f':
        raise errors.not_implemented_for('adaptive_avg_pool2d', input)
    size = _output_size('adaptive_avg_pool2d', output_size)

    def pool(x: Tensor) -> Tensor:
        if size == (1, 1):
            return mean(x, (-2, -1), True)
        if 0 in x.shape[-2:]:
            raise errors.no_pixels_to_pool('adaptive_avg_pool2d', x)
        if size == (None, None):
            return clone(x)
        for dim, m in zip((-2, -1), size):
            if m is not None:
                means = [mean(narrow(x, dim, start, stop - start), dim, True)
                         for start, stop in _spans(x.shape[dim], m)]
                x = cat([narrow(x, dim, 0, 0), *means], dim)      # m may be 0
        return x
    return batched(pool, input)


@overload
def max_pool1d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = ..., padding: Sizes = ...,
               dilation: Sizes = ..., ceil_mode: bool = ...,
               return_indices: Literal[False] = ...) -> Tensor: ...


@overload
def max_pool1d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = ..., padding: Sizes = ...,
               dilation: Sizes = ..., ceil_mode: bool = ...,
               *, return_indices: Literal[True]) -> tuple[Tensor, Tensor]: ...


@overload
def max_pool1d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = ..., padding: Sizes = ...,
               dilation: Sizes = ..., ceil_mode: bool = ...,
               return_indices: bool = ...) -> Tensor | tuple[Tensor, Tensor]: ...


@typed
def max_pool1d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0,
               dilation: Sizes = 1, ceil_mode: bool = False, return_indices: bool = False) -> Any:
    """The largest element of each window of series, channel by channel: max_pool2d of one row.

    input           (N, C, L), or (C, L) for a single series
    kernel_size     the length of a window
    stride          the step from window to window; None: kernel_size
    padding         how many elements of -inf are added at both ends; at most half of kernel_size
    dilation        the distance between the elements of a window
    ceil_mode       whether windows may extend beyond the end
    return_indices  whether to return also where the largest elements are

    Returns (N, C, L'), L' = (L + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1, rounded
    up with ceil_mode. With return_indices also an int64 tensor of that shape: the position of each
    element in its series. Raises RuntimeError if no window fits, or padding is too large.
    https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('max_pool1d', input=input)

    def pool(x: Tensor) -> Any:
        return max_pool2d(
            x, _row('kernel_size', kernel_size),
            stride if stride in NO_STRIDE else _row('stride', stride), _row('padding', padding, 0),
            _row('dilation', dilation), ceil_mode, return_indices)
    return _series(pool, input)


@typed
def avg_pool1d(input: Tensor, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0,
               ceil_mode: bool = False, count_include_pad: bool = True) -> Tensor:
    """The mean of each window of series, channel by channel: avg_pool2d of one row.

    input              (N, C, L), or (C, L) for a single series
    kernel_size        the length of a window
    stride             the step from window to window; None: kernel_size
    padding            how many zeros are added at both ends; at most half of kernel_size
    ceil_mode          whether windows may extend beyond the end
    count_include_pad  whether the mean counts the elements of the padding

    Returns (N, C, L') or (C, L'), where L' = (L + 2 padding - kernel_size) // stride + 1, rounded
    up with ceil_mode. Raises RuntimeError if no window fits, or padding is too large.
    https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('avg_pool1d', input=input)

    def pool(x: Tensor) -> Tensor:
        return avg_pool2d(
            x, _row('kernel_size', kernel_size),
            stride if stride in NO_STRIDE else _row('stride', stride), _row('padding', padding, 0),
            ceil_mode, count_include_pad)
    return _series(pool, input)


def adaptive_avg_pool1d(input: Tensor, output_size: int | Sequence[int]) -> Tensor:
    """The means of windows of series, as long as needed for a result of this length.

    input        (N, C, L), or (C, L) for a single series
    output_size  the length of the result

    Returns (N, C, output_size) or (C, output_size). Of m windows over n elements, window i is from
    floor(i n / m) to ceil((i + 1) n / m).
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('adaptive_avg_pool1d', input=input)
    size = _output_row('adaptive_avg_pool1d', output_size)
    return _series(lambda x: adaptive_avg_pool2d(x, size), input)


@overload
def adaptive_max_pool1d(input: Tensor, output_size: int | Sequence[int],
                        return_indices: Literal[False] = ...) -> Tensor: ...


@overload
def adaptive_max_pool1d(input: Tensor, output_size: int | Sequence[int],
                        return_indices: Literal[True]) -> tuple[Tensor, Tensor]: ...


@overload
def adaptive_max_pool1d(input: Tensor, output_size: int | Sequence[int],
                        return_indices: bool = ...) -> Tensor | tuple[Tensor, Tensor]: ...


@typed
def adaptive_max_pool1d(input: Tensor, output_size: int | Sequence[int],
                        return_indices: bool = False) -> Any:
    """The largest elements of windows of series, as long as needed for a result of this length.

    input           (N, C, L), or (C, L) for a single series
    output_size     the length of the result
    return_indices  whether to return also the positions of the largest elements, int64

    Returns (N, C, output_size) or (C, output_size). Of m windows over n elements, window i is from
    floor(i n / m) to ceil((i + 1) n / m).
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('adaptive_max_pool1d', input=input)
    size = _output_row('adaptive_max_pool1d', output_size)
    return _series(lambda x: adaptive_max_pool2d(x, size, return_indices), input)


@overload
def adaptive_max_pool2d(input: Tensor, output_size: int | Sequence[int | None],
                        return_indices: Literal[False] = ...) -> Tensor: ...


@overload
def adaptive_max_pool2d(input: Tensor, output_size: int | Sequence[int | None],
                        return_indices: Literal[True]) -> tuple[Tensor, Tensor]: ...


@overload
def adaptive_max_pool2d(input: Tensor, output_size: int | Sequence[int | None],
                        return_indices: bool = ...) -> Tensor | tuple[Tensor, Tensor]: ...


@typed
def adaptive_max_pool2d(input: Tensor, output_size: int | Sequence[int | None],
                        return_indices: bool = False) -> Any:
    """The largest pixels of windows, as large as needed for a result of this size.

    input           (N, C, H, W), or (C, H, W) for a single image
    output_size     the size of the result, a number or (height, width), where None keeps that of
                    the input
    return_indices  whether to return also the index of each pixel in its flattened channel, int64

    Returns (N, C, *output_size) or (C, *output_size). Of m windows over n pixels, window i is from
    floor(i n / m) to ceil((i + 1) n / m); neighbours may overlap. If several pixels are largest,
    the first gets the gradient. Raises RuntimeError for a negative size.
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('adaptive_max_pool2d', input=input)
    if input._array.dtype.kind != 'f':
        raise errors.not_implemented_for('adaptive_max_pool2d', input)
    size = _output_size('adaptive_max_pool2d', output_size)

    def pool(x: Tensor, pool: Any) -> Tensor:
        h, w = x.shape[-2:]
        if 0 in x.shape[1:]:
            raise errors.no_pixels_to_pool('adaptive_max_pool2d', x)
        rows, columns = _spans(h, size[0]), _spans(w, size[1])
        if not rows or not columns:
            nothing = narrow(pool(x, 0, 1, 0, 1), -1, 0, 0)
            return reshape(nothing, (*x.shape[:-2], len(rows), len(columns)))
        return cat([cat([pool(x, *row, *column) for column in columns], -1) for row in rows], -2)
    out = batched(lambda x: pool(x, _maximum), input)
    if return_indices:
        return out, batched(lambda x: pool(x, _place_of_maximum), input)
    return out


def _maximum(x: Tensor, top: int, bottom: int, left: int, right: int) -> Tensor:
    """The largest pixel of one window, (N, C, 1, 1)."""
    window = narrow(narrow(x, -2, top, bottom - top), -1, left, right - left)
    return max_pool2d(window, (bottom - top, right - left))


def _place_of_maximum(x: Tensor, top: int, bottom: int, left: int, right: int) -> Tensor:
    """Its index in the flattened channel."""
    window = narrow(narrow(x, -2, top, bottom - top), -1, left, right - left)
    _, index = max_pool2d(window, (bottom - top, right - left), return_indices=True)
    row, column = index // (right - left), index % (right - left)
    return (row + top) * x.shape[-1] + column + left


def _spans(n: int, m: int | None) -> list[tuple[int, int]]:
    """The start and the stop of each of m windows over n pixels; of one pixel each for None."""
    m = n if m is None else m
    return [(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]


def _output_size(function: str, output_size: Any) -> tuple[int | None, int | None]:
    """The size of the result of adaptive pooling, checked."""
    if output_size is None:
        raise errors.no_output_size(function)
    size = output_size if isinstance(output_size, (tuple, list)) else (output_size, output_size)
    for m in size:
        check(0 if m is None else m, int, function, 'output_size')
    if len(size) != 2 or any(m is not None and m < 0 for m in size):
        raise errors.bad_output_size(function, output_size)
    return size[0], size[1]


def _output_row(function: str, output_size: Any) -> tuple[int, int]:
    """The same of series, as that of images of one row."""
    row = _row('output_size', output_size)
    check(row[1], int, function, 'output_size')
    if row[1] < 0:
        raise errors.bad_output_length(function, output_size)
    return row


def max_unpool1d(input: Tensor, indices: Tensor, kernel_size: Sizes, stride: Sizes | None = None,
                 padding: Sizes = 0, output_size: Sequence[int] | None = None) -> Tensor:
    """The elements of series back at the places that max_pool1d took them from, zeros elsewhere.

    input        what max_pool1d returned, (N, C, L') or (C, L')
    indices      where in its series each element was, int64, of input's shape
    kernel_size  the length of a window
    stride       the step from window to window; None: kernel_size
    padding      how many elements were added at both ends
    output_size  the size of the result, L or that of all dimensions; None: the smallest that gives
                 L'

    Returns (N, C, L) or (C, L). Raises ValueError if no series of that size becomes one of L'.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html
    """
    sizes = [single(name, size) for name, size in (
        ('kernel_size', kernel_size),
        ('stride', kernel_size if stride in NO_STRIDE else stride), ('padding', padding))]
    return _unpooled('max_unpool1d', input, indices, [(size,) for size in sizes], output_size)


def max_unpool2d(input: Tensor, indices: Tensor, kernel_size: Sizes, stride: Sizes | None = None,
                 padding: Sizes = 0, output_size: Sequence[int] | None = None) -> Tensor:
    """The pixels of images back at the places that max_pool2d took them from, zeros elsewhere.

    input        what max_pool2d returned, (N, C, H', W') or (C, H', W')
    indices      where in its flattened channel each pixel was, int64, of input's shape
    kernel_size  the size of a window, a number or (height, width), as the next two
    stride       the step from window to window; None: kernel_size
    padding      how many pixels were added at each edge
    output_size  the size of the result, (H, W) or that of all dimensions; None: the smallest that
                 gives (H', W')

    Returns (N, C, H, W) or (C, H, W). Raises ValueError if no image of that size becomes one of
    (H', W'). Zeiler & Fergus 2014.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html
    """
    sizes = [pair('kernel_size', kernel_size),
             pair('stride', kernel_size if stride in NO_STRIDE else stride),
             pair('padding', padding)]
    return _unpooled('max_unpool2d', input, indices, sizes, output_size)


def _unpooled(function: str, input: Tensor, indices: Tensor, window: Sequence[tuple[int, ...]],
              output_size: Sequence[int] | None) -> Tensor:
    """input scattered over zeros; the window is (kernel_size, stride, padding), each by dimension.
    """
    if not (isinstance(input, Tensor) and isinstance(indices, Tensor)):
        raise _errors.not_tensors(function, input=input, indices=indices)
    dims = len(window[0])
    if input.ndim - dims not in (1, 2):
        raise errors.neither_single_nor_batch(input, dims + 2)
    if indices.dtype != int64 or indices.shape != input.shape:
        raise errors.not_indices_of_maxima(function, input, indices)
    usual = [(n - 1) * s - 2 * p + k for n, k, s, p in zip(input.shape[-dims:], *window)]
    size = usual if output_size is None else [*output_size]
    size = size[2:] if len(size) == dims + 2 else size
    if len(size) != dims or output_size is not None and any(
            abs(m - n) >= s for m, n, s in zip(size, usual, window[1])):
        raise errors.no_size_to_unpool(function, size, usual, window[1])
    total = math.prod(size)
    if indices.numel() and not 0 <= indices._array.min() <= indices._array.max() < total:
        raise errors.maxima_outside(function, indices, size)
    outer = input.shape[:-dims]
    out = scatter(input.new_zeros((*outer, total)), -1, reshape(indices, (*outer, -1)),
                  reshape(input, (*outer, -1)))
    return reshape(out, (*outer, *size))


def lp_pool1d(input: Tensor, norm_type: float, kernel_size: int, stride: Sizes | None = None,
              ceil_mode: bool = False) -> Tensor:
    """The p-norm of each window of series, without the absolute value: (sum of x^p)^(1/p).

    input        (N, C, L), or (C, L) for a single series
    norm_type    p; infinity: the largest absolute value
    kernel_size  the length of a window
    stride       the step from window to window; None: kernel_size
    ceil_mode    whether windows may extend beyond the end

    Returns (N, C, L') or (C, L'); where the sum is 0, the gradient is 0.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool1d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('lp_pool1d', input=input)
    if math.isinf(norm_type):
        sign = math.copysign(1, norm_type)
        return max_pool1d(input.abs() * sign, kernel_size, stride, 0, 1, ceil_mode) * sign
    return _root(avg_pool1d(input ** norm_type, kernel_size, stride, 0, ceil_mode),
                 single('kernel_size', kernel_size), norm_type)


def lp_pool2d(input: Tensor, norm_type: float, kernel_size: Sizes, stride: Sizes | None = None,
              ceil_mode: bool = False) -> Tensor:
    """The p-norm of each window of images, without the absolute value: (sum of x^p)^(1/p).

    input        (N, C, H, W), or (C, H, W) for a single image
    norm_type    p; infinity: the largest absolute value
    kernel_size  the size of a window, a number or (height, width)
    stride       the step from window to window; None: kernel_size
    ceil_mode    whether windows may extend beyond the lower and right edges

    Returns (N, C, H', W') or (C, H', W'); where the sum is 0, the gradient is 0.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('lp_pool2d', input=input)
    if math.isinf(norm_type):
        sign = math.copysign(1, norm_type)
        return max_pool2d(input.abs() * sign, kernel_size, stride, 0, 1, ceil_mode) * sign
    return _root(avg_pool2d(input ** norm_type, kernel_size, stride, 0, ceil_mode),
                 math.prod(pair('kernel_size', kernel_size)), norm_type)


def _root(mean: Tensor, count: int, p: float) -> Tensor:
    """(count * mean)^(1/p), with the slope 0 at 0."""
    return (mean.sign() * relu(mean.abs()) * count) ** (1 / p)


def _row(name: str, size: Any, height: int = 1) -> tuple[Any, Any]:
    """The size of a window in series, as that of images of one row."""
    return height, single(name, size)


def _series(function: Callable[[Tensor], Any], input: Tensor) -> Any:
    """function(input) for series (N, C, L) or (C, L), which it gets as images of one row."""
    if input.ndim not in (2, 3):
        raise errors.neither_single_nor_batch(input, 3)
    out = function(unsqueeze(input, -2))
    return tuple(squeeze(y, -2) for y in out) if isinstance(out, tuple) else squeeze(out, -2)


def _window(kernel_size: Sizes, stride: Sizes | None, padding: Sizes) -> tuple[Pair, Pair, Pair]:
    """Kernel, stride (that of the kernel if there is none) and padding, as pairs."""
    kernel, padding = pair('kernel_size', kernel_size), pair('padding', padding)
    return kernel, kernel if stride in NO_STRIDE else pair('stride', stride), padding


@lru_cache
def _check_window(function: str, shape: tuple[int, ...], kernel: Pair, stride: Pair, padding: Pair,
                  dilation: Pair, ceil_mode: bool) -> None:
    """Raise RuntimeError unless such windows fit images of this shape (N, C, H, W)."""
    if min(kernel) < 1 or min(stride) < 1 or min(dilation) < 1:
        raise errors.window_not_positive(function, kernel, stride, dilation)
    if any(p < 0 or 2 * p > k for p, k in zip(padding, kernel)):
        raise errors.padding_too_large(function, padding, kernel)
    if 0 in shape[1:] or any(n + 2 * p + (s - 1) * ceil_mode < d * (k - 1) + 1 for n, p, d, k, s
                             in zip(shape[2:], padding, dilation, kernel, stride)):
        raise errors.window_too_large(function, shape, padding, kernel)
