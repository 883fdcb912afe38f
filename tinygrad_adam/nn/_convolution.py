"""Convolution as functions. The arithmetic is in ops; this file reads and checks the sizes.

>>> from tinygrad_adam import nn, ones
>>> nn.functional.conv2d(ones(1, 1, 3, 3), ones(1, 1, 2, 2))
tensor([[[[4., 4.],
          [4., 4.]]]])
"""
from __future__ import annotations

from functools import lru_cache

from ..ops import convolution
from .._functions.shapes import reshape, squeeze, unsqueeze
from .._tensor import Tensor
from ..autograd.promotion import BOOL
from ..types import float32, float64, int64
from . import _errors
from . import _layer_errors as errors
from ._images import Pair, Sizes, batched, pair, single
from ._padding import pad


def conv1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Sizes = 1,
           padding: Sizes | str = 0, dilation: Sizes = 1, groups: int = 1) -> Tensor:
    """Slide filters along series: the sum of products with each window.

    input     (N, C, L), or (C, L) for a single series
    weight    the filters, (O, C / groups, K)
    bias      (O,), added to the results of each filter; None: nothing is added
    stride    the step from window to window
    padding   how many zeros are added at both ends; 'valid': none; 'same': so many that L' = L
    dilation  the distance between the elements of a window
    groups    into how many parts channels and filters are split; each filter sees only its part

    Returns (N, O, L') or (O, L'), L' = (L + 2 padding - dilation (K - 1) - 1) // stride + 1.
    Raises RuntimeError if channels do not match or a window is longer than the padded series.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('conv1d', input=input, weight=weight)
    stride, dilation = single('stride', stride), single('dilation', dilation)
    if padding == 'same':
        total = dilation * (weight.shape[2] - 1)
        input, padding = pad(input, (0, total % 2)), total // 2
    height_padding = padding if isinstance(padding, str) else (0, single('padding', padding))

    def convolve(x: Tensor) -> Tensor:      # images of height 1
        return squeeze(conv2d(unsqueeze(x, 2), unsqueeze(weight, 2), bias, (1, stride),
                              height_padding, (1, dilation), groups), 2)
    return batched(convolve, input, 3)


def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Sizes = 1,
           padding: Sizes | str = 0, dilation: Sizes = 1, groups: int = 1) -> Tensor:
    """Slide filters over images: the sum of products with each window.

    input     (N, C, H, W), or (C, H, W) for a single image
    weight    the filters, (O, C / groups, kH, kW)
    bias      (O,), added to the results of each filter; None: nothing is added
    stride    the step from window to window, a number or (vertical, horizontal), as below
    padding   how many zeros are added at each edge; 'valid': none; 'same': so many that H' = H
    dilation  the distance between the pixels of a window
    groups    into how many parts channels and filters are split; each filter sees only its part

    Returns (N, O, H', W') or (O, H', W'), where
    H' = (H + 2 padding - dilation (kH - 1) - 1) // stride + 1, and W' likewise.
    Raises RuntimeError if channels do not match or a window is larger than the padded image.
    LeCun et al. 1989; https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('conv2d', input=input, weight=weight)
    stride, dilation = pair('stride', stride), pair('dilation', dilation)
    _check_dtypes(input, weight, bias)
    filters = weight._array.shape
    if len(filters) != 4 or bias is not None and bias._array.shape != filters[:1]:
        raise errors.bad_filters(filters, bias)
    if isinstance(padding, str):
        if padding == 'same' and stride != (1, 1) or padding not in ('same', 'valid'):
            raise errors.unknown_padding(padding, stride)
        total = [d * (k - 1) * (padding == 'same') for d, k in zip(dilation, filters[2:])]
        odd = [n % 2 for n in total]
        input = pad(input, (0, odd[1], 0, odd[0])) if any(odd) else input
        padding = tuple(n // 2 for n in total)
    padding = pair('padding', padding)

    def convolve(x: Tensor) -> Tensor:
        _check_convolution(x._array.shape, filters, stride, padding, dilation, groups)
        return convolution.conv(x, weight, bias, stride, padding, dilation, groups)
    return batched(convolve, input)


def _check_dtypes(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    dtype = input._array.dtype
    if dtype is BOOL:
        raise errors.not_implemented_for('conv', input)
    if weight._array.dtype is not dtype or bias is not None and bias._array.dtype is not dtype:
        raise _errors.input_of_another_dtype(input, weight, bias)


@lru_cache
def _check_convolution(shape: tuple[int, ...], filters: tuple[int, ...], stride: Pair,
                       padding: Pair, dilation: Pair, groups: int) -> None:
    """Raise RuntimeError unless such filters fit images of this shape (N, C, H, W)."""
    if min(stride) < 1 or min(dilation) < 1 or groups < 1:
        raise errors.steps_not_positive(stride, dilation, groups)
    if min(filters[2:]) < 1:
        raise errors.empty_filter(filters)
    if shape[1] != filters[1] * groups or filters[0] % groups:
        raise errors.channels_do_not_match(shape, filters, groups)
    positions = [n + 2 * p - d * (k - 1)
                 for n, p, d, k in zip(shape[2:], padding, dilation, filters[2:])]
    if min(padding) < 0 or min(positions) < 1 or 0 in shape[2:]:
        raise errors.filter_too_large(shape, filters, padding, dilation)


def conv_transpose2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Sizes = 1,
                     padding: Sizes = 0, output_padding: Sizes = 0, groups: int = 1,
                     dilation: Sizes = 1) -> Tensor:
    """The gradient of conv2d with respect to its input, as a function: each pixel adds a multiple
    of the filter to a window of the result. It enlarges where conv2d with this stride shrinks.

    input           (N, C, H, W), or (C, H, W) for a single image
    weight          the filters, (C, O / groups, kH, kW)
    bias            (O,), added to each channel of the result; None: nothing is added
    stride          the step from window to window in the result, a number or (vertical, horizontal)
    padding         how many pixels are cut off at each edge of the result
    output_padding  how many more rows and columns the result has, at the end; less than stride
    groups          into how many parts channels and filters are split
    dilation        the distance between the pixels of a window

    Returns (N, O, H', W') or (O, H', W'), where
    H' = (H - 1) stride - 2 padding + dilation (kH - 1) + output_padding + 1, and W' likewise.
    Raises RuntimeError if channels do not match or nothing would be left of the result.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('conv_transpose2d', input=input, weight=weight)
    stride, padding = pair('stride', stride), pair('padding', padding)
    extra, dilation = pair('output_padding', output_padding), pair('dilation', dilation)
    if min(*stride, *dilation) < 1 or min(padding) < 0:
        raise errors.transposed_steps_not_positive(stride, padding, dilation)
    if min(weight._array.shape[2:]) < 1:
        raise errors.empty_filter(weight._array.shape)
    _check_dtypes(input, weight, bias)
    if input.dtype not in (float32, float64, int64):
        raise errors.not_implemented_for('conv_transpose2d', input)
    if bias is not None and bias._array.shape != (weight.shape[1] * groups,):
        raise errors.bad_transposed_bias(weight, bias, groups)
    if any(e < 0 or e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise errors.output_padding_too_large(extra, stride, dilation)
    if any(e >= s for e, s in zip(extra, stride)):
        raise errors.output_padding_not_built(extra, stride)

    def convolve(x: Tensor) -> Tensor:
        if x.shape[1] != weight.shape[0] or x.shape[1] % groups:
            raise errors.transposed_channels_do_not_match(x, weight, groups)
        size = [(n - 1) * s - 2 * p + d * (k - 1) + e + 1 for n, s, p, d, k, e in zip(
            x.shape[2:], stride, padding, dilation, weight.shape[2:], extra)]
        if min(size) < 1:
            raise errors.nothing_left(size)
        shape = (x.shape[0], weight.shape[1] * groups, *size)
        out = convolution.conv_input(x, weight, shape, stride, padding, dilation, groups)
        return out if bias is None else out + reshape(bias, (-1, 1, 1))
    return batched(convolve, input)


def conv_transpose1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Sizes = 1,
                     padding: Sizes = 0, output_padding: Sizes = 0, groups: int = 1,
                     dilation: Sizes = 1) -> Tensor:
    """The gradient of conv1d with respect to its input, as a function: each element adds a multiple
    of the filter to a window of the result. It lengthens where conv1d with this stride shortens.

    input           (N, C, L), or (C, L) for a single series
    weight          the filters, (C, O / groups, K)
    bias            (O,), added to each channel of the result; None: nothing is added
    stride          the step from window to window in the result
    padding         how many elements are cut off at both ends of the result
    output_padding  how many more elements the result has, at the end; less than stride
    groups          into how many parts channels and filters are split
    dilation        the distance between the elements of a window

    Returns (N, O, L') or (O, L'), where
    L' = (L - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1.
    Raises RuntimeError if channels do not match or nothing would be left of the result.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('conv_transpose1d', input=input, weight=weight)
    steps = [(usual, single(name, size)) for name, size, usual in [
        ('stride', stride, 1), ('padding', padding, 0), ('output_padding', output_padding, 0)]]

    def convolve(x: Tensor) -> Tensor:      # images of height 1
        return squeeze(conv_transpose2d(unsqueeze(x, 2), unsqueeze(weight, 2), bias, *steps, groups,
                                        (1, single('dilation', dilation))), 2)
    return batched(convolve, input, 3)
