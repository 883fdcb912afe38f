"""Pooling layers: images and series made smaller, each window becoming one element.

>>> from tinygrad_adam import nn, zeros
>>> nn.MaxPool2d(2)(zeros(1, 3, 28, 28)).shape, nn.AdaptiveAvgPool2d(1)(zeros(1, 3, 28, 28)).shape
(torch.Size([1, 3, 14, 14]), torch.Size([1, 3, 1, 1]))
"""
from __future__ import annotations

from typing import Any, Sequence

from .._tensor import Tensor
from . import functional as F
from ._images import Size1, Size2
from .module import Module


class MaxPool2d(Module):
    """The largest pixel of each window: (N, C, H, W), or without N, becomes (N, C, H', W').

    H' = (H + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1, and W' likewise

    kernel_size     the size of a window, a number or (height, width), as all sizes below
    stride          the step from window to window; None: kernel_size
    padding         how many pixels of -inf are added at each edge; at most half of kernel_size
    dilation        the distance between the pixels of a window
    return_indices  whether to return also where in its flattened channel each pixel was
    ceil_mode       whether windows may extend beyond the lower and right edges: H' is rounded up

    If several pixels are largest, the first gets the gradient.
    https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """

    def __init__(self, kernel_size: Size2, stride: Size2 | None = None, padding: Size2 = 0,
                 dilation: Size2 = 1, return_indices: bool = False,
                 ceil_mode: bool = False) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride: Size2 = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The largest pixels of input, (N, C, H, W) or (C, H, W)."""
        return F.max_pool2d(input, self.kernel_size, self.stride, self.padding, self.dilation,
                            self.ceil_mode, self.return_indices)

    def extra_repr(self) -> str:
        return (f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, '
                f'dilation={self.dilation}, ceil_mode={self.ceil_mode}')


class AvgPool2d(Module):
    """The mean of each window: (N, C, H, W), or without N, becomes (N, C, H', W').

    H' = (H + 2 padding - kernel_size) // stride + 1, and W' likewise

    kernel_size        the size of a window, a number or (height, width), as all sizes below
    stride             the step from window to window; None: kernel_size
    padding            how many pixels of 0 are added at each edge; at most half of kernel_size
    ceil_mode          whether windows may extend beyond the lower and right edges: H' is rounded up
    count_include_pad  whether the mean counts the pixels of the padding
    divisor_override   what sums are divided by instead of the number of pixels; not 0

    https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
    """

    def __init__(self, kernel_size: Size2, stride: Size2 | None = None, padding: Size2 = 0,
                 ceil_mode: bool = False, count_include_pad: bool = True,
                 divisor_override: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride: Size2 = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        """The means of the windows of input, (N, C, H, W) or (C, H, W)."""
        return F.avg_pool2d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
                            self.count_include_pad, self.divisor_override)

    def extra_repr(self) -> str:
        return f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}'


class AdaptiveAvgPool2d(Module):
    """The means of windows that are as large as needed for an output of output_size.

    output_size  the size of the output, a number or (height, width), where None keeps that of the
                 input

    (N, C, H, W), or without N, becomes (N, C, *output_size). Of m windows over n pixels, window i
    is from floor(i n / m) to ceil((i + 1) n / m).
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
    """

    def __init__(self, output_size: int | tuple[int | None, int | None]) -> None:
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        """The means of the windows of input, (N, C, H, W) or (C, H, W)."""
        return F.adaptive_avg_pool2d(input, self.output_size)

    def extra_repr(self) -> str:
        return f'output_size={self.output_size}'


class MaxPool1d(Module):
    """The largest element of each window: (N, C, L), or without N, becomes (N, C, L').

    L' = (L + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1

    kernel_size     the length of a window
    stride          the step from window to window; None: kernel_size
    padding         how many elements of -inf are added at both ends; at most half of kernel_size
    dilation        the distance between the elements of a window
    return_indices  whether to return also where in its series each element was
    ceil_mode       whether windows may extend beyond the end: L' is rounded up

    If several elements are largest, the first gets the gradient.
    https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
    """

    def __init__(self, kernel_size: Size1, stride: Size1 | None = None, padding: Size1 = 0,
                 dilation: Size1 = 1, return_indices: bool = False,
                 ceil_mode: bool = False) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride: Size1 = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The largest elements of input, (N, C, L) or (C, L)."""
        return F.max_pool1d(input, self.kernel_size, self.stride, self.padding, self.dilation,
                            self.ceil_mode, self.return_indices)

    def extra_repr(self) -> str:
        return (f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, '
                f'dilation={self.dilation}, ceil_mode={self.ceil_mode}')


class AvgPool1d(Module):
    """The mean of each window: (N, C, L), or without N, becomes (N, C, L').

    L' = (L + 2 padding - kernel_size) // stride + 1

    kernel_size        the length of a window
    stride             the step from window to window; None: kernel_size
    padding            how many zeros are added at both ends; at most half of kernel_size
    ceil_mode          whether windows may extend beyond the end: L' is rounded up
    count_include_pad  whether the mean counts the elements of the padding

    https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
    """

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]

    def __init__(self, kernel_size: Size1, stride: Size1 | None = None, padding: Size1 = 0,
                 ceil_mode: bool = False, count_include_pad: bool = True) -> None:
        super().__init__()
        self.kernel_size = _tuple(kernel_size)
        self.stride = self.kernel_size if stride is None else _tuple(stride)
        self.padding = _tuple(padding)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        """The means of the windows of input, (N, C, L) or (C, L)."""
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
                            self.count_include_pad)

    def extra_repr(self) -> str:
        return f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}'


def _tuple(size: Size1) -> tuple[int, ...]:
    return size if isinstance(size, tuple) else (size,)


class AdaptiveAvgPool1d(Module):
    """The means of windows that are as long as needed for an output of output_size.

    output_size  the length of the output

    (N, C, L), or without N, becomes (N, C, output_size). Of m windows over n elements, window i is
    from floor(i n / m) to ceil((i + 1) n / m).
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html
    """

    def __init__(self, output_size: Size1) -> None:
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        """The means of the windows of input, (N, C, L) or (C, L)."""
        return F.adaptive_avg_pool1d(input, self.output_size)

    def extra_repr(self) -> str:
        return f'output_size={self.output_size}'


class AdaptiveMaxPool1d(Module):
    """The largest elements of windows that are as long as needed for an output of output_size.

    output_size     the length of the output
    return_indices  whether to return also where in its series each element was

    (N, C, L), or without N, becomes (N, C, output_size). Of m windows over n elements, window i is
    from floor(i n / m) to ceil((i + 1) n / m).
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html
    """

    def __init__(self, output_size: Size1, return_indices: bool = False) -> None:
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The largest elements of the windows of input, (N, C, L) or (C, L)."""
        return F.adaptive_max_pool1d(input, self.output_size, self.return_indices)

    def extra_repr(self) -> str:
        return f'output_size={self.output_size}'


class AdaptiveMaxPool2d(Module):
    """The largest pixels of windows that are as large as needed for an output of output_size.

    output_size     the size of the output, a number or (height, width), where None keeps that of
                    the input
    return_indices  whether to return also where in its flattened channel each pixel was

    (N, C, H, W), or without N, becomes (N, C, *output_size). Of m windows over n pixels, window i
    is from floor(i n / m) to ceil((i + 1) n / m).
    https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html
    """

    def __init__(self, output_size: int | tuple[int | None, int | None],
                 return_indices: bool = False) -> None:
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, input: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """The largest pixels of the windows of input, (N, C, H, W) or (C, H, W)."""
        return F.adaptive_max_pool2d(input, self.output_size, self.return_indices)

    def extra_repr(self) -> str:
        return f'output_size={self.output_size}'


class _MaxUnpool(Module):
    """What MaxUnpool1d and MaxUnpool2d share."""

    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]

    def _window(self, kernel_size: Any, stride: Any, padding: Any, dims: int) -> None:
        sizes = kernel_size, kernel_size if stride is None else stride, padding
        self.kernel_size, self.stride, self.padding = (
            tuple(size) if isinstance(size, (tuple, list)) else (size,) * dims for size in sizes)

    def extra_repr(self) -> str:
        return f'kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}'


class MaxUnpool1d(_MaxUnpool):
    """The elements of series back where MaxPool1d with return_indices took them from, zeros
    elsewhere: (N, C, L'), or without N, becomes (N, C, L), L = (L' - 1) stride - 2 padding +
    kernel_size.

    kernel_size  the length of a window
    stride       the step from window to window; None: kernel_size
    padding      how many elements were added at both ends

    https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html
    """

    def __init__(self, kernel_size: Size1, stride: Size1 | None = None, padding: Size1 = 0) -> None:
        super().__init__()
        self._window(kernel_size, stride, padding, 1)

    def forward(self, input: Tensor, indices: Tensor,
                output_size: Sequence[int] | None = None) -> Tensor:
        """The elements of input at the indices, of the same shape; output_size is that of what was
        pooled, if it is not the smallest one."""
        return F.max_unpool1d(input, indices, self.kernel_size, self.stride, self.padding,
                              output_size)


class MaxUnpool2d(_MaxUnpool):
    """The pixels of images back where MaxPool2d with return_indices took them from, zeros
    elsewhere: (N, C, H', W'), or without N, becomes (N, C, H, W), H = (H' - 1) stride - 2 padding +
    kernel_size, and W likewise.

    kernel_size  the size of a window, a number or (height, width), as the next two
    stride       the step from window to window; None: kernel_size
    padding      how many pixels were added at each edge

    Zeiler & Fergus 2014; https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
    """

    def __init__(self, kernel_size: Size2, stride: Size2 | None = None, padding: Size2 = 0) -> None:
        super().__init__()
        self._window(kernel_size, stride, padding, 2)

    def forward(self, input: Tensor, indices: Tensor,
                output_size: Sequence[int] | None = None) -> Tensor:
        """The pixels of input at the indices, of the same shape; output_size is that of what was
        pooled, if it is not the smallest one."""
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding,
                              output_size)


class _LPPool(Module):
    """What LPPool1d and LPPool2d share."""

    def __init__(self, norm_type: float, kernel_size: Any, stride: Any = None,
                 ceil_mode: bool = False) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size: Any = kernel_size
        self.stride: Any = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self) -> str:
        return (f'norm_type={self.norm_type}, kernel_size={self.kernel_size}, '
                f'stride={self.stride}, ceil_mode={self.ceil_mode}')


class LPPool1d(_LPPool):
    """The p-norm of each window of series, without the absolute value: (sum of x^p)^(1/p).

    norm_type    p; infinity: the largest absolute value
    kernel_size  the length of a window
    stride       the step from window to window; None: kernel_size
    ceil_mode    whether windows may extend beyond the end

    https://pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html
    """

    def forward(self, input: Tensor) -> Tensor:
        """The norms of the windows of input, (N, C, L) or (C, L)."""
        return F.lp_pool1d(input, float(self.norm_type), self.kernel_size, self.stride,
                           self.ceil_mode)


class LPPool2d(_LPPool):
    """The p-norm of each window of images, without the absolute value: (sum of x^p)^(1/p).

    norm_type    p; infinity: the largest absolute value
    kernel_size  the size of a window, a number or (height, width)
    stride       the step from window to window; None: kernel_size
    ceil_mode    whether windows may extend beyond the lower and right edges

    https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html
    """

    def forward(self, input: Tensor) -> Tensor:
        """The norms of the windows of input, (N, C, H, W) or (C, H, W)."""
        return F.lp_pool2d(input, float(self.norm_type), self.kernel_size, self.stride,
                           self.ceil_mode)
