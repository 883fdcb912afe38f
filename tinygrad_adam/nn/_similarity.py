"""Vectors compared by direction, and scaled to length 1.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.normalize(tensor([[3.0, 4.0]]))
tensor([[0.6000, 0.8000]])
"""
from __future__ import annotations

import numpy as np

from .._functions.pointwise import clamp, clone
from .._functions.reductions import sum, vector_norm
from .._functions.shapes import broadcast_tensors
from .._tensor import Tensor
from ..ops.indexing import getitem
from ..ops.reductions import distance
from ..ops.shapes import axis_of
from . import _errors
from . import _layer_errors as errors


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors: x1 . x2 / (max(|x1|, eps) max(|x2|, eps)).

    x1   vectors along dimension dim, of any shape
    x2   likewise, of a shape that broadcasts with that of x1
    dim  the dimension of the vectors' elements
    eps  the least length that counts; the gradient of a shorter vector is still that of |x|

    Returns a tensor of the common shape without dim.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html
    """
    if not (isinstance(x1, Tensor) and isinstance(x2, Tensor)):
        raise _errors.not_tensors('cosine_similarity', x1=x1, x2=x2)
    x1, x2 = broadcast_tensors(x1, x2)
    dim = axis_of(dim, x1.ndim)
    norms = [clone(vector_norm(x, 2, dim, True)) for x in (x1, x2)]
    for n in norms:     # hidden from the graph: the gradient is that of |x|
        np.maximum(n._array, eps, out=n._array)
    return sum(x1 / norms[0] * (x2 / norms[1]), dim)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6,
                      keepdim: bool = False) -> Tensor:
    """The distance between vectors: the p-norm of x1 - x2 + eps along the last dimension.

    x1       vectors (..., D)
    x2       likewise, of a shape that broadcasts with that of x1
    p        the exponent of the norm
    eps      added to each element, so that the norm has a slope where vectors are equal
    keepdim  whether to keep the last dimension, with size 1

    Returns a tensor of the common shape without its last dimension.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html
    """
    if not (isinstance(x1, Tensor) and isinstance(x2, Tensor)):
        raise _errors.not_tensors('pairwise_distance', x1=x1, x2=x2)
    return vector_norm(x1 - x2 + eps, p, -1, keepdim)


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The distances between all pairs of points, each once: the p-norm of input[i] - input[j], for
    i < j.

    input  points (N, D), floating-point
    p      the exponent of the norm, at least 0

    Returns a tensor (N (N - 1) / 2,), in the order (0, 1), (0, 2), ..., (1, 2), and so on. Where
    two points are equal, the gradient is 0; for p = inf each of equal largest differences has the
    whole gradient.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('pdist', input=input)
    if input.ndim != 2 or input._array.dtype.kind != 'f':
        raise errors.no_points_to_compare(input)
    if p < 0:
        raise errors.no_negative_norm(p)
    first, second = np.triu_indices(len(input), 1)
    return distance(getitem(input, (first,)) - getitem(input, (second,)), p, False)


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """Divide vectors by their p-norm: input / max(|input|_p, eps).

    input  vectors along dimension dim, of any shape
    p      the exponent of the norm
    dim    the dimension of the vectors' elements
    eps    the least norm that counts

    Returns a tensor of input's shape.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('normalize', input=input)
    return input / clamp(vector_norm(input, p, dim, True), min=eps)
