"""Convolutional layers.

>>> from tinygrad_adam import nn, zeros
>>> nn.Conv2d(3, 8, kernel_size=3, padding=1)(zeros(1, 3, 28, 28)).shape
torch.Size([1, 8, 28, 28])
>>> nn.ConvTranspose2d(8, 3, kernel_size=2, stride=2)(zeros(1, 8, 14, 14)).shape
torch.Size([1, 3, 28, 28])
"""
from __future__ import annotations

import math
from typing import Any, Sequence

from .._functions.creation import empty
from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from ._images import Size1, Size2
from .init import uniform_
from .module import Module, Parameter

PADDING_MODES = 'zeros', 'reflect', 'replicate', 'circular'


class _ConvNd(Module):
    """What convolutional layers share; `_dims` is 1 for series and 2 for images."""

    _dims: int
    transposed: bool = False
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    output_padding: tuple[int, ...]
    weight: Parameter
    bias: Parameter | None

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Any, stride: Any,
                 padding: Any, dilation: Any, output_padding: Any, groups: int, bias: bool,
                 padding_mode: str, device: device | str | None, dtype: dtype | None) -> None:
        super().__init__()
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise errors.channels_not_divisible(in_channels, out_channels, groups)
        if self.transposed and padding_mode != 'zeros':
            raise errors.padding_of_a_transposed_convolution(type(self).__name__, padding_mode)
        if padding_mode not in PADDING_MODES:
            raise errors.unknown_mode_of_layer_padding(padding_mode, PADDING_MODES)
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.groups = groups
        self.kernel_size, self.stride = self._per_dim(kernel_size), self._per_dim(stride)
        if isinstance(padding, str):
            known = () if self.transposed else ('valid', 'same')[:1 + (set(self.stride) == {1})]
            if padding not in known:
                raise errors.unknown_layer_padding(padding, stride, known)
        self.padding = padding if isinstance(padding, str) else self._per_dim(padding)
        self.dilation, self.output_padding = self._per_dim(dilation), self._per_dim(output_padding)
        self.padding_mode = padding_mode
        first, second = (out_channels, in_channels)[::-1 if self.transposed else 1]
        self.weight = Parameter(empty(first, second // groups, *self.kernel_size, device=device,
                                      dtype=dtype))
        self.bias = Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None
        self.reset_parameters()

    def _per_dim(self, size: Any) -> tuple[int, ...]:
        """One number for each dimension that filters slide along."""
        return tuple(size) if isinstance(size, (tuple, list)) else (size,) * self._dims

    def _padded(self, input: Tensor) -> tuple[Tensor, str | tuple[int, ...]]:
        """The input, with the copies that padding_mode adds, and the padding that is left to do."""
        if self.padding_mode == 'zeros':
            return input, self.padding
        totals = [0] * self._dims
        if self.padding == 'same':
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size)]
        elif not isinstance(self.padding, str):
            totals = [2 * n for n in self.padding]
        widths = [width for total in reversed(totals) for width in (total // 2, total - total // 2)]
        return F.pad(input, widths, mode=self.padding_mode), (0,) * self._dims

    def reset_parameters(self) -> None:
        """Draw weight and bias uniformly from [-k, k), where k is one over the square root of the
        number of elements of weight[0]; for the weight this is kaiming_uniform_ with a = sqrt(5).
        """
        bound = 1 / math.sqrt(max(math.prod(self.weight.shape[1:]), 1))
        for parameter in self.parameters():
            uniform_(parameter, -bound, bound)

    def extra_repr(self) -> str:
        usual = {'padding': 0, 'dilation': 1, 'output_padding': 0, 'groups': 1}
        more = [f', {name}={getattr(self, name)}' for name, value in usual.items()
                if getattr(self, name) not in (value, self._per_dim(value))]
        more += [', bias=False'] * (self.bias is None)
        more += [f', padding_mode={self.padding_mode}'] * (self.padding_mode != 'zeros')
        return (f'{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, '
                f'stride={self.stride}{"".join(more)}')


class Conv1d(_ConvNd):
    """Filters slid along series: (N, in_channels, L), or without N, becomes (N, out_channels, L').

    L' = (L + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1

    in_channels   how many channels the input has
    out_channels  how many filters there are
    kernel_size   the length of a window
    stride        the step from window to window
    padding       how many elements are added at both ends; 'valid': none; 'same': so many that
                  L' = L
    dilation      the distance between the elements of a window
    groups        into how many parts channels and filters are split; a filter sees only its part
    bias          whether to add a bias (out_channels,); the attribute is None otherwise
    padding_mode  what is added: 'zeros', or copies of elements as in nn.functional.pad, 'reflect',
                  'replicate' or 'circular'
    device        the CPU, if given
    dtype         float32, the default, or float64

    The weight is (out_channels, in_channels / groups, kernel_size). Raises ValueError if groups
    does not divide both numbers of channels, or for padding='same' with a stride.
    https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
    """

    _dims = 1

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Size1, stride: Size1 = 1,
                 padding: Size1 | str = 0, dilation: Size1 = 1, groups: int = 1, bias: bool = True,
                 padding_mode: str = 'zeros', device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, 0,
                         groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        """The convolution of input, (N, in_channels, L) or (in_channels, L)."""
        input, padding = self._padded(input)
        return F.conv1d(input, self.weight, self.bias, self.stride, padding, self.dilation,
                        self.groups)


class Conv2d(_ConvNd):
    """Filters slid over images: (N, in_channels, H, W), or without N, becomes
    (N, out_channels, H', W').

    H' = (H + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1, and W' likewise

    in_channels   how many channels the input has
    out_channels  how many filters there are
    kernel_size   the size of a window, a number or (height, width), as the next three sizes
    stride        the step from window to window
    padding       how many pixels are added at each edge; 'valid': none; 'same': so many that
                  H' = H
    dilation      the distance between the pixels of a window
    groups        into how many parts channels and filters are split; a filter sees only its part
    bias          whether to add a bias (out_channels,); the attribute is None otherwise
    padding_mode  what is added: 'zeros', or copies of elements as in nn.functional.pad, 'reflect',
                  'replicate' or 'circular'
    device        the CPU, if given
    dtype         float32, the default, or float64

    The weight is (out_channels, in_channels / groups, *kernel_size). Raises ValueError if groups
    does not divide both numbers of channels, or for padding='same' with a stride.
    LeCun et al. 1989; https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    """

    _dims = 2

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Size2, stride: Size2 = 1,
                 padding: Size2 | str = 0, dilation: Size2 = 1, groups: int = 1, bias: bool = True,
                 padding_mode: str = 'zeros', device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, 0,
                         groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        """The convolution of input, (N, in_channels, H, W) or (in_channels, H, W)."""
        input, padding = self._padded(input)
        return F.conv2d(input, self.weight, self.bias, self.stride, padding, self.dilation,
                        self.groups)


class ConvTranspose2d(_ConvNd):
    """The gradient of Conv2d with respect to its input, as a layer: it enlarges images where Conv2d
    shrinks them. (N, in_channels, H, W), or without N, becomes (N, out_channels, H', W').

    H' = (H - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1, W' likewise

    in_channels     how many channels the input has
    out_channels    how many channels the output has
    kernel_size     the size of a window, a number or (height, width), as all sizes below
    stride          the step from window to window in the output
    padding         how many pixels are cut off at each edge of the output
    output_padding  how many more rows and columns the output has, at its end; less than stride
    groups          into how many parts, which do not mix, the channels are split
    bias            whether to add a bias (out_channels,); the attribute is None otherwise
    dilation        the distance between the pixels of a window
    padding_mode    'zeros'; PyTorch has no others here either
    device          the CPU, if given
    dtype           float32, the default, or float64

    The weight is (in_channels, out_channels / groups, *kernel_size). Raises ValueError if groups
    does not divide both numbers of channels.
    https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """

    _dims = 2
    transposed: bool = True

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Size2, stride: Size2 = 1,
                 padding: Size2 = 0, output_padding: Size2 = 0, groups: int = 1, bias: bool = True,
                 dilation: Size2 = 1, padding_mode: str = 'zeros',
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation,
                         output_padding, groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The transposed convolution of input, (N, in_channels, H, W) or (in_channels, H, W).

        output_size is not implemented; leave it None.
        """
        if output_size is not None:
            raise errors.output_size_not_built()
        return F.conv_transpose2d(input, self.weight, self.bias, self.stride, self.padding,
                                  self.output_padding, self.groups, self.dilation)


class ConvTranspose1d(_ConvNd):
    """The gradient of Conv1d with respect to its input, as a layer: it lengthens series where
    Conv1d shortens them. (N, in_channels, L), or without N, becomes (N, out_channels, L').

    L' = (L - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1

    in_channels     how many channels the input has
    out_channels    how many channels the output has
    kernel_size     the length of a window
    stride          the step from window to window in the output
    padding         how many elements are cut off at both ends of the output
    output_padding  how many more elements the output has, at its end; less than stride
    groups          into how many parts, which do not mix, the channels are split
    bias            whether to add a bias (out_channels,); the attribute is None otherwise
    dilation        the distance between the elements of a window
    padding_mode    'zeros'; PyTorch has no others here either
    device          the CPU, if given
    dtype           float32, the default, or float64

    The weight is (in_channels, out_channels / groups, kernel_size). Raises ValueError if groups
    does not divide both numbers of channels.
    https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
    """

    _dims = 1
    transposed: bool = True

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Size1, stride: Size1 = 1,
                 padding: Size1 = 0, output_padding: Size1 = 0, groups: int = 1, bias: bool = True,
                 dilation: Size1 = 1, padding_mode: str = 'zeros',
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation,
                         output_padding, groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """The transposed convolution of input, (N, in_channels, L) or (in_channels, L).

        output_size is not implemented; leave it None.
        """
        if output_size is not None:
            raise errors.output_size_not_built()
        return F.conv_transpose1d(input, self.weight, self.bias, self.stride, self.padding,
                                  self.output_padding, self.groups, self.dilation)
