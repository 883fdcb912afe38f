"""Pixels from channels, and channels from pixels, as layers.

>>> from tinygrad_adam import nn, zeros
>>> nn.PixelShuffle(2)(zeros(1, 8, 3, 3)).shape, nn.PixelUnshuffle(2)(zeros(1, 2, 6, 6)).shape
(torch.Size([1, 2, 6, 6]), torch.Size([1, 8, 3, 3]))
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from .module import Module


class PixelShuffle(Module):
    """Turns channels into pixels: (..., C r^2, H, W) becomes (..., C, H r, W r).

    upscale_factor  r

    Shi et al. 2016. https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
    """

    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return f'upscale_factor={self.upscale_factor}'


class PixelUnshuffle(Module):
    """Turns pixels into channels: (..., C, H r, W r) becomes (..., C r^2, H, W).

    downscale_factor  r

    https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
    """

    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return f'downscale_factor={self.downscale_factor}'
