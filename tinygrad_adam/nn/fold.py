"""Unfold and Fold: the windows of images as columns, and back.

>>> from tinygrad_adam import nn, ones
>>> nn.Unfold(2)(ones(1, 3, 4, 4)).shape
torch.Size([1, 12, 9])
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from ._images import Size2
from .module import Module


class Unfold(Module):
    """The windows of images as columns: (N, C, H, W), or without N, becomes (N, C kH kW, L).

    kernel_size  the size of a window, a number or (height, width), as the others
    dilation     the distance between the pixels of a window
    padding      how many zeros are added at each edge
    stride       the step from window to window

    https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html
    """

    def __init__(self, kernel_size: Size2, dilation: Size2 = 1, padding: Size2 = 0,
                 stride: Size2 = 1) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (f'kernel_size={self.kernel_size}, dilation={self.dilation}, '
                f'padding={self.padding}, stride={self.stride}')


class Fold(Module):
    """The sum of windows, each added to its place: (N, C kH kW, L) becomes (N, C, H, W).

    output_size  the size of the images, a number or (height, width), as the others
    kernel_size  the size of a window
    dilation     the distance between the pixels of a window
    padding      how many pixels at each edge are left out
    stride       the step from window to window

    https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
    """

    def __init__(self, output_size: Size2, kernel_size: Size2, dilation: Size2 = 1,
                 padding: Size2 = 0, stride: Size2 = 1) -> None:
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding,
                      self.stride)

    def extra_repr(self) -> str:
        return (f'output_size={self.output_size}, kernel_size={self.kernel_size}, '
                f'dilation={self.dilation}, padding={self.padding}, stride={self.stride}')
