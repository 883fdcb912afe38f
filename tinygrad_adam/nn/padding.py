"""Padding as layers: elements added at the ends of series and the edges of images.

>>> from tinygrad_adam import nn, tensor
>>> nn.ReflectionPad1d(2)(tensor([[1.0, 2.0, 3.0]]))
tensor([[3., 2., 1., 2., 3., 2., 1.]])
"""
from __future__ import annotations

from typing import Tuple, Union

from .._tensor import Tensor
from . import functional as F
from .module import Module

Padding = Union[int, Tuple[int, ...]]


class _Pad(Module):
    """What padding layers share; `_dims` is how many dimensions are padded, the last ones."""

    _dims: int
    _mode: str = 'constant'

    def __init__(self, padding: Padding) -> None:
        super().__init__()
        self.padding: tuple[int, ...] = (
            tuple(padding) if isinstance(padding, (tuple, list)) else (padding,) * 2 * self._dims)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f'{self.padding}'


class ReflectionPad1d(_Pad):
    """Adds to series, at each end, the elements mirrored at the first and the last one.

    padding  how many elements are added: a number for all ends, or (left, right)

    Takes (N, C, L) or (C, L).
    https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html
    """

    _dims, _mode = 1, 'reflect'


class ReflectionPad2d(_Pad):
    """Adds to images, at each end, the elements mirrored at the first and the last one.

    padding  how many elements are added: a number for all ends, or (left, right, top, bottom)

    Takes (N, C, H, W) or (C, H, W).
    https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
    """

    _dims, _mode = 2, 'reflect'


class ReplicationPad1d(_Pad):
    """Adds to series, at each end, copies of the first and the last element.

    padding  how many elements are added: a number for all ends, or (left, right)

    Takes (N, C, L) or (C, L).
    https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html
    """

    _dims, _mode = 1, 'replicate'


class ReplicationPad2d(_Pad):
    """Adds to images, at each end, copies of the first and the last element.

    padding  how many elements are added: a number for all ends, or (left, right, top, bottom)

    Takes (N, C, H, W) or (C, H, W).
    https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
    """

    _dims, _mode = 2, 'replicate'


class CircularPad1d(_Pad):
    """Adds to series, at each end, the elements of the other end.

    padding  how many elements are added: a number for all ends, or (left, right)

    Takes (N, C, L) or (C, L).
    https://pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html
    """

    _dims, _mode = 1, 'circular'


class CircularPad2d(_Pad):
    """Adds to images, at each end, the elements of the other end.

    padding  how many elements are added: a number for all ends, or (left, right, top, bottom)

    Takes (N, C, H, W) or (C, H, W).
    https://pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html
    """

    _dims, _mode = 2, 'circular'


class _ConstantPad(_Pad):
    """What layers share that pad with a value of the user's."""

    def __init__(self, padding: Padding, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, 'constant', self.value)

    def extra_repr(self) -> str:
        return f'padding={self.padding}, value={self.value}'


class ConstantPad1d(_ConstantPad):
    """Adds a value to series, at each end; negative numbers cut elements off.

    padding  how many elements are added: a number for all ends, or (left, right)
    value    what is added

    Takes a tensor of any number of dimensions, of which the last is padded.
    https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html
    """

    _dims = 1


class ConstantPad2d(_ConstantPad):
    """Adds a value to images, at each end; negative numbers cut elements off.

    padding  how many elements are added: a number for all ends, or (left, right, top, bottom)
    value    what is added

    Takes a tensor of any number of dimensions, of which the last two are padded.
    https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html
    """

    _dims = 2


class ZeroPad1d(_Pad):
    """Adds zeros to series, at each end; negative numbers cut elements off.

    padding  how many elements are added: a number for all ends, or (left, right)

    Takes a tensor of any number of dimensions, of which the last is padded.
    https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html
    """

    _dims = 1


class ZeroPad2d(_Pad):
    """Adds zeros to images, at each end; negative numbers cut elements off.

    padding  how many elements are added: a number for all ends, or (left, right, top, bottom)

    Takes a tensor of any number of dimensions, of which the last two are padded.
    https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html
    """

    _dims = 2
