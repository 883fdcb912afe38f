"""embedding_bag and bilinear: sums of vectors of words, and products of two inputs.

>>> from tinygrad_adam import nn, tensor
>>> vectors = tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
>>> nn.functional.embedding_bag(tensor([[2, 0], [1, 1]]), vectors, mode='sum')
tensor([[2., 3.],
        [2., 3.]])
"""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions.creation import from_numpy
from .._functions.indexing import stack
from .._functions.products import einsum
from .._tensor import Tensor
from ..ops.indexing import put
from . import _errors
from . import _layer_errors as errors
from ._embedding import embedding


def embedding_bag(input: Tensor, weight: Tensor, offsets: Tensor | None = None,
                  max_norm: float | None = None, norm_type: float = 2,
                  scale_grad_by_freq: bool = False, mode: str = 'mean', sparse: bool = False,
                  per_sample_weights: Tensor | None = None, include_last_offset: bool = False,
                  padding_idx: int | None = None) -> Tensor:
    """The sum, mean or maximum of the vectors of the words of each bag.

    input                the indices of words: (B, N), bags of N words; or (n,), all words in a row
    weight               the vectors, (V, E)
    offsets              for input (n,): where each bag starts, (B,), from 0 on
    max_norm             not implemented; leave it None
    norm_type            the p of max_norm's p-norm, not implemented; leave it 2
    scale_grad_by_freq   not implemented; leave it False
    mode                 'sum', 'mean' or 'max'; of an empty bag 0
    sparse               not implemented; leave it False
    per_sample_weights   how much each word counts, of input's shape, for 'sum'; None: all 1
    include_last_offset  whether the last of offsets is the end of the last bag
    padding_idx          a word that does not count; may be negative

    Returns (B, E). Raises ValueError for other shapes, IndexError if there is no such row.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('embedding_bag', input=input, weight=weight)
    if mode not in ('sum', 'mean', 'max'):
        raise errors.unknown_bag_mode(mode)
    if max_norm is not None or norm_type != 2 or scale_grad_by_freq or sparse:
        raise errors.bag_options_not_built()
    if per_sample_weights is not None:
        if mode != 'sum':
            raise errors.weights_of_words_without_sum(mode)
        if per_sample_weights.shape != input.shape:
            raise errors.not_one_weight_a_word(per_sample_weights, input)
    if input.ndim not in (1, 2) or (input.ndim == 1) != (offsets is not None):
        raise errors.no_bags(input, offsets)
    words, starts = input.reshape(-1), _starts(input, offsets, include_last_offset)
    count = len(starts)
    bag = np.repeat(np.arange(count), np.diff([*starts, len(words)]))
    vectors = embedding(words, weight)
    if per_sample_weights is not None:
        vectors = vectors * per_sample_weights.reshape(-1, 1)
    if padding_idx is not None:
        keep = words._array != padding_idx % len(weight)
        vectors, bag = vectors[from_numpy(keep)], bag[keep]
    if mode == 'max':
        ends = np.searchsorted(bag, np.arange(count + 1))
        return stack([vectors[a:b].max(0).values if a < b else vectors.new_zeros(vectors.shape[1])
                      for a, b in zip(ends, ends[1:])])
    total = put(vectors, (bag,), (count, weight.shape[1]))
    if mode == 'sum':
        return total
    sizes = np.maximum(np.bincount(bag, minlength=count), 1).astype(weight._array.dtype)
    return total / from_numpy(sizes[:, None])


def _starts(input: Tensor, offsets: Tensor | None, include_last_offset: bool) -> Any:
    """Where each bag starts among all words in a row."""
    if offsets is None:
        return np.arange(input.shape[0]) * input.shape[1]
    starts = offsets._array[:-1] if include_last_offset else offsets._array
    ends = [*starts, len(input)]
    if starts.ndim != 1 or ends[0] != 0 or any(a > b for a, b in zip(ends, ends[1:])):
        raise errors.bags_do_not_follow(offsets, len(input))
    return starts


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input1 @ weight[o] @ input2 for each o, + bias.

    input1  (..., I)
    input2  (..., J), with the same sizes before
    weight  (O, I, J)
    bias    (O,); None: nothing is added

    Returns (..., O). Raises RuntimeError for other shapes.
    """
    for x in (input1, input2, weight):
        if not isinstance(x, Tensor):
            raise _errors.not_tensors('bilinear', input1=input1, input2=input2, weight=weight)
    shape = *input1.shape[:-1], input1.shape[-1], input2.shape[-1]
    if input1.shape[:-1] != input2.shape[:-1] or weight.ndim != 3 or shape[-2:] != weight.shape[1:]:
        raise errors.no_bilinear_map(input1, input2, weight)
    out = einsum('...i,oij,...j->...o', input1, weight, input2)
    return out if bias is None else out + bias
