"""channel_shuffle: mix the channels of groups.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.channel_shuffle(tensor([[[1], [2], [3], [4]]]), 2).flatten()
tensor([1, 3, 2, 4])
"""
from __future__ import annotations

from .._functions._arguments import typed
from .._functions.shapes import permute, reshape
from .._tensor import Tensor
from . import _errors
from . import _layer_errors as errors


@typed
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """Take the channels of several groups in turn, so that the next grouped layer sees all groups.

    input   (N, C, ...), with at least one dimension after the channels
    groups  how many groups of channels there are; must divide C

    Returns a tensor of input's shape. Raises RuntimeError for another number of groups.
    Zhang et al. 2018. https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('channel_shuffle', input=input)
    if input.ndim < 3 or groups < 1 or input.shape[1] % groups:
        raise errors.no_groups_of_channels(input, groups)
    n, c, *size = input.shape
    split = reshape(input, (n, groups, c // groups, *size))
    return reshape(permute(split, (0, 2, 1, *range(3, split.ndim))), input.shape)
