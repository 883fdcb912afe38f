"""Upsample: enlarge images and series.

>>> from tinygrad_adam import nn, tensor
>>> nn.Upsample(scale_factor=2)(tensor([[[1.0, 2.0]]]))
tensor([[[1., 1., 2., 2.]]])
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from .module import Module


class Upsample(Module):
    """Resizes images (N, C, H, W) or series (N, C, L), as nn.functional.interpolate does.

    size                    that of the output, (H', W') or (L'), or one number for all dimensions
    scale_factor            given instead of size: the output is floor(scale_factor) times as large,
                            one number for all dimensions or a tuple with one for each
    mode                    'nearest' and 'nearest-exact': copies; 'linear' for series, 'bilinear'
                            and 'bicubic' for images, and 'area': means of neighbours
    align_corners           for 'linear', 'bilinear' and 'bicubic': whether the outer pixels stay in
                            place
    recompute_scale_factor  True: choose pixels by the sizes alone, which are rounded

    Raises ValueError when called unless exactly one of size and scale_factor is given.
    https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html
    """

    scale_factor: float | tuple[float, ...] | None

    def __init__(self, size: int | tuple[int, ...] | None = None,
                 scale_factor: float | tuple[float, ...] | None = None, mode: str = 'nearest',
                 align_corners: bool | None = None,
                 recompute_scale_factor: bool | None = None) -> None:
        super().__init__()
        self.size = size
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor
        if isinstance(scale_factor, tuple):
            self.scale_factor = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None

    def forward(self, input: Tensor) -> Tensor:
        """Resize input, (N, C, H, W) or (N, C, L)."""
        return F.interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners,
                             self.recompute_scale_factor)

    def extra_repr(self) -> str:
        size = f'scale_factor={self.scale_factor}' if self.scale_factor else f'size={self.size}'
        return f'{size}, mode={self.mode!r}'


class UpsamplingNearest2d(Upsample):
    """Upsample for images, with mode 'nearest'.

    size          that of the output, (H', W'), or one number
    scale_factor  given instead of size
    """

    def __init__(self, size: int | tuple[int, int] | None = None,
                 scale_factor: float | tuple[float, float] | None = None) -> None:
        super().__init__(size, scale_factor, mode='nearest')


class UpsamplingBilinear2d(Upsample):
    """Upsample for images, with mode 'bilinear' and align_corners=True.

    size          that of the output, (H', W'), or one number
    scale_factor  given instead of size
    """

    def __init__(self, size: int | tuple[int, int] | None = None,
                 scale_factor: float | tuple[float, float] | None = None) -> None:
        super().__init__(size, scale_factor, mode='bilinear', align_corners=True)
