"""What convolution and pooling share: sizes given as one number or several; batches of one."""
from __future__ import annotations

from typing import Any, Callable, Sequence, Tuple, Union

import numpy as np

from .._functions.shapes import squeeze, unsqueeze
from .._tensor import Tensor
from . import _layer_errors as errors

Size1 = Union[int, Tuple[int]]          # the sizes of layers: of a series,
Size2 = Union[int, Tuple[int, int]]     # and of an image, (height, width), or one number for both
Sizes = Union[int, Sequence[int]]       # of functions
Pair = Tuple[int, int]


def pair(name: str, size: Any) -> Pair:
    """size, the argument `name`, as (height, width); one number stands for both."""
    if type(size) is int:
        return size, size
    if type(size) is tuple and len(size) == 2 and type(size[0]) is type(size[1]) is int:
        return size                                                     # as layers give it
    sizes: Any = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    sizes = sizes * 2 if len(sizes) == 1 else sizes
    if len(sizes) != 2 or any(isinstance(n, bool) or not isinstance(n, (int, np.integer))
                              for n in sizes):
        raise errors.not_a_pair(name, size)
    return sizes


def single(name: str, size: Any) -> int:
    """size, the argument `name` of a function of series, as a number; it may be a tuple of one."""
    if not isinstance(size, (tuple, list)):
        return size
    if len(size) != 1:
        raise errors.not_single(name, size)
    return size[0]


def batched(function: Callable[[Tensor], Any], input: Tensor, ndim: int = 4) -> Any:
    """function(input) for a batch of `ndim` dimensions; a single image becomes a batch of one."""
    if input.ndim == ndim - 1:
        return squeeze(function(unsqueeze(input, 0)), 0)
    if input.ndim != ndim:
        raise errors.neither_single_nor_batch(input, ndim)
    return function(input)
