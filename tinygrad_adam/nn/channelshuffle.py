"""The channels of groups in turn, as a layer.

>>> from tinygrad_adam import nn, tensor
>>> nn.ChannelShuffle(2)(tensor([[[1], [2], [3], [4]]])).flatten()
tensor([1, 3, 2, 4])
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from .module import Module


class ChannelShuffle(Module):
    """Takes the channels of several groups in turn: (N, C, ...) becomes (N, C, ...).

    groups  how many groups of channels there are; must divide C

    Zhang et al. 2018. https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f'groups={self.groups}'
