"""Dropout as a layer.

>>> from tinygrad_adam import nn, ones
>>> nn.Dropout(0.25).eval()(ones(3))
tensor([1., 1., 1.])
"""
from __future__ import annotations

from .._tensor import Tensor
from . import _errors as errors, functional as F
from .module import Module


class Dropout(Module):
    """In training, sets elements to 0 at random and scales the others by 1 / (1 - p).

    p        the probability of 0, for each element independently
    inplace  overwrite the input instead of making a new tensor

    Takes and returns a floating-point tensor of any shape; after eval() it returns its input.
    Srivastava et al. 2014.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise errors.not_a_probability(p)
        self.p = p
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f'p={self.p}, inplace={self.inplace}'
