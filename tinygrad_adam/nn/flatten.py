"""Unflatten; its inverse, Flatten, is in linear.py."""
from __future__ import annotations

import math

from .._tensor import Tensor
from ..ops.shapes import axis_of
from . import _layer_errors as errors
from .module import Module


class Unflatten(Module):
    """Splits a dimension into several: the inverse of Flatten.

    dim               the dimension to split
    unflattened_size  the sizes it is split into, one of which may be -1
    """

    def __init__(self, dim: int, unflattened_size: tuple[int, ...] | list[int]) -> None:
        super().__init__()
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        shape, at = tuple(input.shape), axis_of(self.dim, input.ndim)
        n, sizes = input.size(at) if shape else 1, tuple(self.unflattened_size)
        known = math.prod(size for size in sizes if size != -1)
        if -1 in sizes and known:
            sizes = tuple(n // known if size == -1 else size for size in sizes)
        if min(sizes, default=0) < 0 or math.prod(sizes) != n:
            raise errors.sizes_do_not_multiply(self.unflattened_size, self.dim, n)
        return input.reshape(*shape[:at], *sizes, *shape[at + 1:])

    def extra_repr(self) -> str:
        return f'dim={self.dim}, unflattened_size={self.unflattened_size}'
