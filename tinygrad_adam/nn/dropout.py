"""Dropout as a layer.

>>> from tinygrad_adam import nn, ones
>>> nn.Dropout(0.25).eval()(ones(3))
tensor([1., 1., 1.])
"""
from __future__ import annotations

from .._tensor import Tensor
from . import _activation_errors as errors, functional as F
from .module import Module


class _Dropout(Module):
    """What dropout layers share: a probability, and whether the input is overwritten."""

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise errors.not_a_probability(p)
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f'p={self.p}, inplace={self.inplace}'


class Dropout(_Dropout):
    """In training, sets elements to 0 at random and scales the others by 1 / (1 - p).

    p        the probability of 0, for each element independently
    inplace  overwrite the input instead of making a new tensor

    Takes and returns a floating-point tensor of any shape; after eval() it returns its input.
    Srivastava et al. 2014.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_Dropout):
    """In training, sets whole channels of series to 0 at random and scales the others by
    1 / (1 - p): neighbours are alike, so that a single zero would hide little.

    p        the probability of 0, for each channel of each sample independently
    inplace  overwrite the input instead of making a new tensor

    Takes and returns (N, C, L) or (C, L); after eval() it returns its input.
    Tompson et al. 2015.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """In training, sets whole channels of images to 0 at random and scales the others by
    1 / (1 - p): neighbours are alike, so that a single zero would hide little.

    p        the probability of 0, for each channel of each sample independently
    inplace  overwrite the input instead of making a new tensor

    Takes and returns (N, C, H, W); after eval() it returns its input.
    Tompson et al. 2015.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_Dropout):
    """In training, sets whole channels of volumes to 0 at random and scales the others by
    1 / (1 - p): neighbours are alike, so that a single zero would hide little.

    p        the probability of 0, for each channel of each sample independently
    inplace  overwrite the input instead of making a new tensor

    Takes and returns (N, C, D, H, W) or (C, D, H, W); after eval() it returns its input.
    Tompson et al. 2015.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropout):
    """Dropout for networks of SELU: in training, elements become its limit at minus infinity, and
    all are then scaled and shifted so that mean 0 and variance 1 stay.

    p        the probability of a change, for each element independently
    inplace  overwrite the input instead of making a new tensor

    Takes and returns a floating-point tensor of any shape; after eval() it returns its input.
    Klambauer et al. 2017.
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training, self.inplace)
