"""Multi-head attention: each position of a sequence takes a weighted mean over all positions of
another sequence, or of its own.

A position asks with its query; every position answers with a key and a value. The output is the
mean of the values, weighted by how well their keys match the query.

>>> from tinygrad_adam import nn, zeros
>>> x = zeros(5, 3, 8)                          # (L, N, E): positions, batch, features
>>> output, weights = nn.MultiheadAttention(embed_dim=8, num_heads=2)(x, x, x)
>>> output.shape, weights.shape                 # the weights are (N, queries, keys)
(torch.Size([5, 3, 8]), torch.Size([3, 5, 5]))
"""
from __future__ import annotations

import math
from contextlib import contextmanager
from enum import Enum
from typing import Iterator, Sequence

from .._functions.creation import empty
from .._functions.indexing import cat
from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from ._attention import added
from .init import xavier_normal_, xavier_uniform_, zeros_
from .linear import Linear
from .module import Module, Parameter


class NonDynamicallyQuantizableLinear(Linear):
    """Linear, with its arguments in_features, out_features, bias, device and dtype, under the name
    that PyTorch prints for out_proj."""


class MultiheadAttention(Module):
    """softmax(q k^T / sqrt(E')) v for num_heads queries q, keys k and values v at each position.

    All are linear functions of the inputs, each of E' = embed_dim / num_heads features; the results
    of the heads are concatenated and go through one more linear layer.

    embed_dim      E, the number of features of inputs and output
    num_heads      how many heads there are; must divide embed_dim
    dropout        the probability of a weight becoming 0 in training
    bias           whether the linear functions have biases
    add_bias_kv    whether there is one more key with its value, which are parameters
    add_zero_attn  whether there is one more key with its value, which are 0
    kdim           the number of features of keys; None: embed_dim
    vdim           the number of features of values; None: embed_dim
    batch_first    whether inputs and output are (N, L, E) instead of (L, N, E)
    device         the CPU, if given
    dtype          float32, the default, or float64

    Raises AssertionError, as PyTorch does, if num_heads does not divide embed_dim, ValueError if
    one of them is not positive.
    Vaswani et al. 2017, section 3.2.2;
    https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
    """

    in_proj_weight: Parameter | None        # of queries, keys and values, one below the other,
    q_proj_weight: Parameter | None         # or one each, if they differ in size
    k_proj_weight: Parameter | None
    v_proj_weight: Parameter | None
    bias_k: Parameter | None
    bias_v: Parameter | None
    in_proj_bias: Parameter | None
    out_proj: NonDynamicallyQuantizableLinear
    head_dim: int

    def __init__(self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True,
                 add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: int | None = None,
                 vdim: int | None = None, batch_first: bool = False,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        if min(embed_dim, num_heads) < 1:
            raise errors.no_heads(embed_dim, num_heads)
        if embed_dim % num_heads:
            raise errors.heads_do_not_divide(embed_dim, num_heads)
        self.embed_dim = embed_dim
        self.kdim: int = embed_dim if kdim is None else kdim
        self.vdim: int = embed_dim if vdim is None else vdim
        self.add_zero_attn = add_zero_attn
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        together = self.kdim == self.vdim == embed_dim
        for name, shape, there in [
                ('q_proj_weight', (embed_dim, embed_dim), not together),
                ('k_proj_weight', (embed_dim, self.kdim), not together),
                ('v_proj_weight', (embed_dim, self.vdim), not together),
                ('in_proj_weight', (3 * embed_dim, embed_dim), together),
                ('in_proj_bias', (3 * embed_dim,), bias),
                ('bias_k', (1, 1, embed_dim), add_bias_kv),
                ('bias_v', (1, 1, embed_dim), add_bias_kv)]:
            self.register_parameter(
                name, Parameter(empty(*shape, device=device, dtype=dtype)) if there else None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, device, dtype)
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for weight in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight,
                       self.v_proj_weight):
            if weight is not None:
                xavier_uniform_(weight)
        for bias in (self.bias_k, self.bias_v):
            if bias is not None:
                xavier_normal_(bias)
        for bias in (self.in_proj_bias, self.out_proj.bias):
            if bias is not None:
                zeros_(bias)

    def forward(self, query: Tensor, key: Tensor, value: Tensor,
                key_padding_mask: Tensor | None = None, need_weights: bool = True,
                attn_mask: Tensor | None = None, average_attn_weights: bool = True,
                is_causal: bool = False) -> tuple[Tensor, Tensor | None]:
        """Attention of L queries to S keys and their values.

        query                 (L, N, E), or (N, L, E) with batch_first, or (L, E)
        key                   (S, N, E), or (N, S, E) with batch_first, or (S, E)
        value                 of the shape of key
        key_padding_mask      (N, S) or (S,): True where a key must not be attended to, or values
                              that are added to the scores; None: all may be
        need_weights          whether to return the weights; if not, a query that may attend to no
                              key gets zeros (before out_proj), not nan
        attn_mask             (L, S) or (N num_heads, L, S): likewise for queries and keys; True
                              forbids, the opposite of scaled_dot_product_attention
        average_attn_weights  whether the weights are the mean over the heads
        is_causal             a hint that attn_mask, which must be given, is causal; without
                              need_weights and key_padding_mask it decides, and the mask is not
                              read: query i attends to keys 0 to i, those that the layer adds last

        Returns the output, of query's shape, and the weights: (N, L, S), (N, num_heads, L, S) if
        not averaged, without N if the inputs have none, or None if not needed; S counts the keys
        that the layer adds, too. Raises RuntimeError for shapes that do not match.
        """
        if query.ndim not in (2, 3) or not query.ndim == key.ndim == value.ndim:
            raise errors.wrong_attention_ndim(query, key, value)
        if query.ndim == 2:
            batch_dim = 0 if self.batch_first else 1
            if key_padding_mask is not None:
                key_padding_mask = key_padding_mask.unsqueeze(0)
            output, weights = self(*(x.unsqueeze(batch_dim) for x in (query, key, value)),
                                   key_padding_mask, need_weights, attn_mask, average_attn_weights,
                                   is_causal)
            return output.squeeze(batch_dim), weights if weights is None else weights.squeeze(0)
        sizes = self.embed_dim, self.kdim, self.vdim
        if tuple(x.shape[2] for x in (query, key, value)) != sizes:
            raise errors.wrong_embedding_dimension(sizes, query, key, value)
        weights_of = ((self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
                      if self.in_proj_weight is None else self.in_proj_weight.chunk(3))
        biases = [None] * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        q, k, v = (self._split_heads(F.linear(x, weight, bias)) for x, weight, bias in zip(
            (query, key, value), weights_of, biases))
        if k.shape != v.shape or q.shape[0] != k.shape[0]:
            raise errors.keys_and_values_differ(query, key, value)
        mask = self._mask(q.shape, k.shape[2], key_padding_mask, attn_mask, is_causal)
        k, v = self._more(k, self.bias_k), self._more(v, self.bias_v)
        if mask is not None:
            mask = F.pad(mask, (0, k.shape[2] - mask.shape[-1]))
        weights: Tensor | None = None
        if need_weights:
            scores = q @ k.mT / math.sqrt(self.head_dim)        # (N, heads, L, S)
            weights = F.softmax(scores if mask is None else scores + mask, -1)
            weights = F.dropout(weights, self.dropout, self.training)
            output = weights @ v                                # (N, heads, L, E')
        else:
            causal = is_causal and key_padding_mask is None
            output = F.scaled_dot_product_attention(
                q, k, v, None if causal else mask, self.dropout if self.training else 0.0, causal)
        output = self.out_proj(output.permute(2, 0, 1, 3).flatten(2))       # (L, N, E)
        if self.batch_first:
            output = output.transpose(0, 1)
        if weights is not None and average_attn_weights:
            weights = weights.mean(1)
        return output, weights

    def _split_heads(self, x: Tensor) -> Tensor:
        """(L, N, E), or (N, L, E) with batch_first, as (N, heads, L, E')."""
        x = x if self.batch_first else x.transpose(0, 1)
        return x.reshape(*x.shape[:2], self.num_heads, self.head_dim).transpose(1, 2)

    def _more(self, x: Tensor, bias: Parameter | None) -> Tensor:
        """Keys or values (N, heads, S, E') with those that the layer adds."""
        one = x.shape[0], self.num_heads, 1, self.head_dim
        if bias is not None:
            x = cat([x, bias.reshape(1, *one[1:]).expand(one)], 2)
        return cat([x, x.new_zeros(one)], 2) if self.add_zero_attn else x

    def _mask(self, shape: Sequence[int], keys: int, key_padding_mask: Tensor | None,
              attn_mask: Tensor | None, is_causal: bool) -> Tensor | None:
        """The sum of both masks, which broadcasts with scores (N, heads, L, S), as an addend."""
        n, heads, queries, _ = shape
        if is_causal and attn_mask is None:
            raise errors.causal_without_mask()
        total: Tensor | None = None
        for name, mask, shapes, view in [
                ('key_padding_mask', key_padding_mask, [(n, keys)], (n, 1, 1, keys)),
                ('attn_mask', attn_mask, [(queries, keys), (n * heads, queries, keys)],
                 (-1, heads, queries, keys))]:
            if mask is None:
                continue
            if mask.dtype.kind not in 'bf':
                raise errors.mask_of_integers(name, mask)
            if tuple(mask.shape) not in shapes:
                raise errors.bad_mask_shape(name, mask, shapes)
            if mask.ndim == 3 or name == 'key_padding_mask':
                mask = mask.reshape(view)
            mask = added(mask) if mask.dtype.kind == 'b' else mask
            total = mask if total is None else total + mask
        return total


class SDPBackend(Enum):
    """The programs with which PyTorch computes scaled_dot_product_attention."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


@contextmanager
def sdpa_kernel(backends: list[SDPBackend] | SDPBackend,
                set_priority: bool = False) -> Iterator[dict[str, object]]:
    """A scope in which PyTorch computes attention with one of some programs. All give the same
    numbers, and here NumPy computes them.

    backends      an SDPBackend, or a list of them, with one that runs on a CPU: MATH or
                  FLASH_ATTENTION
    set_priority  whether the first in the list is preferred, which changes no number

    Raises AssertionError for other types, RuntimeError if none runs on a CPU.
    https://pytorch.org/docs/stable/generated/torch.nn.attention.sdpa_kernel.html
    """
    if not isinstance(backends, (list, SDPBackend)):
        raise errors.no_attention_backends(backends)
    chosen = [backends] if isinstance(backends, SDPBackend) else backends
    if not {SDPBackend.MATH, SDPBackend.FLASH_ATTENTION} & {*chosen}:
        raise errors.no_backend_for_attention(chosen)
    yield {}
