"""Distances between vectors, as layers.

>>> from tinygrad_adam import nn, tensor
>>> nn.CosineSimilarity()(tensor([[1.0, 1.0]]), tensor([[0.0, 2.0]]))
tensor([0.7071])
"""
from __future__ import annotations

from .._tensor import Tensor
from . import functional as F
from .module import Module


class PairwiseDistance(Module):
    """The distance between vectors: the p-norm of x1 - x2 + eps along the last dimension.

    p        the exponent of the norm
    eps      added to each element, so that the norm has a slope where vectors are equal
    keepdim  whether to keep the last dimension, with size 1

    Takes two tensors (..., D) whose shapes are equal or broadcast.
    https://pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """The distances between the vectors x1 and x2."""
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class CosineSimilarity(Module):
    """The cosine of the angle between vectors: x1 . x2 / (max(|x1|, eps) max(|x2|, eps)).

    dim  the dimension of the vectors' elements
    eps  the least length that counts

    Takes two tensors whose shapes are equal or broadcast, and returns that shape without dim.
    https://pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        """The cosines of the angles between the vectors x1 and x2."""
        return F.cosine_similarity(x1, x2, self.dim, self.eps)
