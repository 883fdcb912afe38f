"""Pixels from channels, and channels from pixels.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.pixel_shuffle(tensor([[[1.0]], [[2.0]], [[3.0]], [[4.0]]]), 2)
tensor([[[1., 2.],
         [3., 4.]]])
"""
from __future__ import annotations

import math

from .._functions._arguments import typed
from .._functions.shapes import permute, reshape
from .._tensor import Tensor
from . import _errors
from . import _layer_errors as errors


@typed
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Make images larger by turning channels into pixels.

    input           (..., C r^2, H, W)
    upscale_factor  r: each square of r x r pixels comes from r^2 channels of one pixel

    Returns (..., C, H r, W r). Raises RuntimeError if r^2 does not divide the number of channels.
    Shi et al. 2016. https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('pixel_shuffle', input=input)
    r = upscale_factor
    if input.ndim < 3 or r < 1 or input.shape[-3] % r ** 2:
        raise errors.channels_not_shuffled(input, r)
    *batch, c, h, w = input.shape
    split = reshape(input, (math.prod(batch), c // r ** 2, r, r, h, w))
    return reshape(permute(split, (0, 1, 4, 2, 5, 3)), (*batch, c // r ** 2, h * r, w * r))


@typed
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Make images smaller by turning pixels into channels: the inverse of pixel_shuffle.

    input             (..., C, H r, W r)
    downscale_factor  r: each square of r x r pixels becomes r^2 channels of one pixel

    Returns (..., C r^2, H, W). Raises RuntimeError if r does not divide height and width.
    https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('pixel_unshuffle', input=input)
    r = downscale_factor
    if input.ndim < 3 or r < 1 or input.shape[-1] % r or input.shape[-2] % r:
        raise errors.pixels_not_shuffled(input, r)
    *batch, c, h, w = input.shape
    split = reshape(input, (math.prod(batch), c, h // r, r, w // r, r))
    return reshape(permute(split, (0, 1, 3, 5, 2, 4)), (*batch, c * r ** 2, h // r, w // r))
