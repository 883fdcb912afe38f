"""embedding: the rows of a matrix, by index.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.embedding(tensor([2, 0]), tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]]))
tensor([[2.0000, 2.5000],
        [0.0000, 0.5000]])
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import no_grad
from ..ops import pointwise
from ..ops.indexing import scale_gradient
from ..ops.reductions import vector_norm
from .._functions._arguments import check
from .._functions.indexing import index
from .._tensor import Tensor
from ..types import int32, int64
from . import _errors
from . import _layer_errors as errors


def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None,
              max_norm: float | None = None, norm_type: float = 2.0,
              scale_grad_by_freq: bool = False, sparse: bool = False) -> Tensor:
    """weight[input]: the vector of each word.

    input               the indices of words, in [0, V), int64 or int32, of any shape
    weight              the vectors, (V, E)
    padding_idx         a row of weight that gets no gradient; may be negative; None: all rows do
    max_norm            the largest norm of a vector: those of the words that are longer are made as
                        short, in place; None: any length
    norm_type           the p of max_norm's p-norm
    scale_grad_by_freq  whether the gradient of a vector is divided by how often its word occurs
    sparse              not implemented; leave it False

    Returns (*input.shape, E). Raises IndexError if there is no such row.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('embedding', input=input, weight=weight)
    if sparse:
        raise errors.sparse_gradients_not_built()
    if weight.ndim != 2:
        raise errors.embedding_weight_not_a_matrix(weight)
    if input.dtype not in (int64, int32):
        raise errors.indices_not_whole(input)
    if padding_idx is not None:
        check(padding_idx, int, 'embedding', 'padding_idx')
    if padding_idx is not None and not -len(weight) <= padding_idx < len(weight):
        raise errors.padding_idx_out_of_range(padding_idx, len(weight))
    if input.numel() and not 0 <= input._array.min() <= input._array.max() < len(weight):
        raise errors.no_such_row(input, weight)
    if max_norm is not None:
        _shorten(weight, np.unique(input._array), max_norm, norm_type)
    if padding_idx is not None:
        row = np.arange(len(weight))[:, None] == padding_idx % len(weight)
        weight = pointwise.where(row, weight.detach(), weight)
    vectors = index(weight, input)
    if not scale_grad_by_freq:
        return vectors
    counts = np.bincount(input._array.reshape(-1), minlength=1)[input._array]
    return scale_gradient(vectors, (1 / counts[..., None]).astype(weight._array.dtype))


def _shorten(weight: Tensor, words: np.ndarray[Any, Any], max_norm: float, norm_type: float
             ) -> None:
    """Make the vectors of the words, where they are longer than max_norm, as short, in place."""
    for word in words:
        norm = float(vector_norm(weight._array[word], norm_type))
        if norm > max_norm:
            with no_grad():
                weight[int(word)] *= max_norm / (norm + 1e-7)
