"""Attention as a function: means of values, weighted by how well their keys match a query.

>>> from tinygrad_adam import eye, nn, tensor
>>> nn.functional.scaled_dot_product_attention(eye(2), 100 * eye(2), tensor([[1.0], [2.0]]))
tensor([[1.],
        [2.]])
"""
from __future__ import annotations

import math

import numpy as np

from .._functions.indexing import masked_fill
from .._functions.scattering import repeat_interleave
from .._functions.softmax import softmax
from .._tensor import Tensor
from ..types import bool_, float32
from . import _errors
from . import _layer_errors as errors
from ._dropout import dropout


def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor,
                                 attn_mask: Tensor | None = None, dropout_p: float = 0.0,
                                 is_causal: bool = False, scale: float | None = None,
                                 enable_gqa: bool = False) -> Tensor:
    """softmax(query @ key.mT * scale + attn_mask) @ value.

    query       (..., L, E)
    key         (..., S, E)
    value       (..., S, F)
    attn_mask   a shape that expands to (..., L, S): booleans, True where a query may attend to a
                key, or floats that are added to the scores; None: all may
    dropout_p   the probability that a weight becomes 0; there is no eval mode here
    is_causal   whether query i attends to keys 0 to i only; then attn_mask must be None
    scale       None: 1 / sqrt(E)
    enable_gqa  whether keys and values have fewer heads, dimension -3, than queries, of which each
                serves as many, one after the other

    Returns (..., L, F), with zeros for a query that may attend to no key. Raises RuntimeError if
    both attn_mask and is_causal are given, or attn_mask is of integers or does not fit. Vaswani et
    al. 2017, section 3.2.1.
    """
    if not (isinstance(query, Tensor) and isinstance(key, Tensor) and isinstance(value, Tensor)):
        raise _errors.not_tensors('scaled_dot_product_attention', query=query, key=key, value=value)
    if enable_gqa:
        if min(query.ndim, key.ndim, value.ndim) < 3 or any(
                x.shape[-3] < 1 or query.shape[-3] % x.shape[-3] for x in (key, value)):
            raise errors.heads_do_not_repeat(query, key, value)
        key, value = (repeat_interleave(x, query.shape[-3] // x.shape[-3], -3)
                      for x in (key, value))
    scores = query @ key.mT * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        if attn_mask is not None:
            raise errors.two_masks()
        later = ~np.tri(*scores.shape[-2:], dtype=bool)
        scores = masked_fill(scores, Tensor._of(later), -math.inf)
    if attn_mask is not None:
        if not isinstance(attn_mask, Tensor):
            raise _errors.not_tensors('scaled_dot_product_attention', attn_mask=attn_mask)
        if attn_mask.dtype not in (bool_, float32, query.dtype):
            raise errors.mask_of_wrong_dtype(attn_mask, query)
        if attn_mask.ndim > scores.ndim:
            raise errors.mask_larger_than_scores(attn_mask, scores)
        scores = scores + (added(~attn_mask) if attn_mask.dtype.kind == 'b' else attn_mask)
    weights = softmax(scores, -1)
    if np.isnan(weights._array[..., :1]).any():
        hidden = Tensor._of((scores._array == -math.inf).all(-1, keepdims=True))
        weights = softmax(masked_fill(scores, hidden, 0.0), -1) * ~hidden
    return dropout(weights, dropout_p) @ value


def added(forbidden: Tensor) -> Tensor:
    """A mask of bools as one to add to scores: -inf where True, 0 elsewhere.

    forbidden  a bool tensor
    """
    return Tensor._of(np.where(forbidden._array, np.float32(-math.inf), np.float32(0)))
