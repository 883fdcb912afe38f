"""Unflatten; its inverse, Flatten, is in linear.py."""
from __future__ import annotations

from .._tensor import Tensor
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
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f'dim={self.dim}, unflattened_size={self.unflattened_size}'
