"""Attention, and the encoder made of it. Vaswani et al. 2017.

Every place of a sequence asks (query) all places of another one, or of its own, what they have to
offer (key), and takes a mean of what they say (value), weighted by how well these fit.

>>> from tinygrad_adam import nn, zeros
>>> x = zeros(5, 3, 8)                          # (places, batch, features)
>>> output, weights = nn.MultiheadAttention(embed_dim=8, num_heads=2)(x, x, x)
>>> output.shape, weights.shape                 # weights: (batch, asking, asked)
(torch.Size([5, 3, 8]), torch.Size([3, 5, 5]))
"""
from __future__ import annotations

import copy
import math

from ..creation import empty
from ..tensor import Tensor
from . import functional as F
from .containers import ModuleList
from .init import xavier_uniform_, zeros_
from .layers import Linear
from .module import Module, Parameter
from .normalization import LayerNorm
from .stateless import Dropout


class NonDynamicallyQuantizableLinear(Linear):
    """Linear, under the name that PyTorch prints here."""


class MultiheadAttention(Module):
    """Attention with num_heads questions at once, each in embed_dim / num_heads of the features.

    query (L, N, E), key and value (S, N, E); (N, L, E) and so on with batch_first; N may be left
    out. Returns the output, like query, and the weights (N, L, S): the mean over the heads; those
    of all heads (N, heads, L, S) with average_attn_weights=False; None without need_weights.
    key_padding_mask (N, S) and attn_mask (L, S) or (N heads, L, S) are True where attention is not
    allowed (the opposite of scaled_dot_product_attention), or numbers added to the scores.
    """

    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False,
                 add_zero_attn=False, kdim=None, vdim=None, batch_first=False, device=None,
                 dtype=None):
        super().__init__()
        if min(embed_dim, num_heads) < 1 or embed_dim % num_heads:
            raise ValueError(
                f'embed_dim must be divisible by num_heads, and both greater than 0, not '
                f'{embed_dim} and {num_heads}: the heads share the features out. Choose a divisor.')
        if add_bias_kv or add_zero_attn or {kdim, vdim} - {None, embed_dim}:
            raise NotImplementedError(
                'MultiheadAttention: add_bias_kv, add_zero_attn, and kdim and vdim other than '
                'embed_dim are not built. Leave them out; nn.Linear can change the size of keys.')
        self.embed_dim, self.num_heads, self.head_dim = embed_dim, num_heads, embed_dim // num_heads
        self.dropout, self.batch_first = dropout, batch_first
        options = {'device': device, 'dtype': dtype}
        self.in_proj_weight = Parameter(empty(3 * embed_dim, embed_dim, **options))
        self.in_proj_bias = Parameter(empty(3 * embed_dim, **options)) if bias else None
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, **options)
        self._reset_parameters()

    def _reset_parameters(self):
        xavier_uniform_(self.in_proj_weight)
        if self.in_proj_bias is not None:
            zeros_(self.in_proj_bias)
            zeros_(self.out_proj.bias)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor = None,
                need_weights: bool = True, attn_mask: Tensor = None,
                average_attn_weights: bool = True, is_causal: bool = False):
        if query.ndim not in (2, 3) or not query.ndim == key.ndim == value.ndim:
            raise ValueError(
                'MultiheadAttention: query, key and value must all be 2D (unbatched) or 3D, but '
                f'are {query.ndim}D, {key.ndim}D and {value.ndim}D. Use unsqueeze().')
        if query.ndim == 2:
            batch = 0 if self.batch_first else 1
            if key_padding_mask is not None:
                key_padding_mask = key_padding_mask.unsqueeze(0)
            output, weights = self(*(x.unsqueeze(batch) for x in (query, key, value)),
                                   key_padding_mask, need_weights, attn_mask, average_attn_weights,
                                   is_causal)
            return output.squeeze(batch), weights if weights is None else weights.squeeze(0)
        biases = [None] * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        q, k, v = (self._heads(F.linear(x, weight, bias)) for x, weight, bias in zip(
            (query, key, value), self.in_proj_weight.chunk(3), biases))
        if k.shape != v.shape or q.shape[0] != k.shape[0]:
            raise RuntimeError(
                f'MultiheadAttention: key {tuple(key.shape)} and value {tuple(value.shape)} must '
                f'have equal shapes, and the batch size of query {tuple(query.shape)}: each key '
                'has its value. Make them agree.')
        scores = q @ k.mT / math.sqrt(self.head_dim)            # (N, heads, L, S)
        weights = F.softmax(self._masked(scores, key_padding_mask, attn_mask, is_causal), -1)
        weights = F.dropout(weights, self.dropout, self.training)
        output = (weights @ v).transpose(1, 2)                  # (N, L, heads, E / heads)
        output = self.out_proj(output.flatten(2))
        output = output if self.batch_first else output.transpose(0, 1)
        if not need_weights:
            return output, None
        return output, weights.mean(1) if average_attn_weights else weights

    def _heads(self, x):
        """(L, N, E), or (N, L, E), as (N, heads, L, E / heads)."""
        x = x if self.batch_first else x.transpose(0, 1)
        return x.reshape(*x.shape[:2], self.num_heads, self.head_dim).transpose(1, 2)

    def _masked(self, scores, key_padding_mask, attn_mask, is_causal):
        n, heads, asking, asked = scores.shape
        if is_causal and attn_mask is None:
            raise RuntimeError(
                'MultiheadAttention: Need attn_mask if specifying the is_causal hint, which only '
                'says what the mask is. Pass torch.ones(L, S).tril() == 0.')
        for name, mask, shapes, view in [
                ('key_padding_mask', key_padding_mask, [(n, asked)], (n, 1, 1, asked)),
                ('attn_mask', attn_mask, [(asking, asked), (n * heads, asking, asked)],
                 (-1, heads, asking, asked))]:
            if mask is None:
                continue
            if tuple(mask.shape) not in shapes:
                raise RuntimeError(
                    f'MultiheadAttention: The shape of {name} is {tuple(mask.shape)}, but should '
                    f'be {" or ".join(map(str, shapes))}, one for each place asked. Reshape it.')
            if mask.ndim == 3 or name == 'key_padding_mask':
                mask = mask.reshape(view)
            if mask.dtype.kind == 'b':
                scores = scores.masked_fill(mask, -math.inf)
            else:
                scores = scores + mask
        return scores


class TransformerEncoderLayer(Module):
    """Attention of a sequence (L, N, d_model) to itself, then two linear layers for every place.

    Both are added to what they got, and normalised after that, or before them with norm_first.
    """

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1,
                 activation=F.relu, layer_norm_eps: float = 1e-05, batch_first: bool = False,
                 norm_first: bool = False, bias: bool = True, device=None, dtype=None):
        super().__init__()
        options = {'device': device, 'dtype': dtype}
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first,
                                            **options)
        self.linear1 = Linear(d_model, dim_feedforward, bias, **options)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **options)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, **options)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, **options)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        if isinstance(activation, str) and activation not in ('relu', 'gelu'):
            raise RuntimeError(f'activation should be relu/gelu, not {activation}: no other name '
                               'is known. Pass a function.')
        self.activation = getattr(F, activation) if isinstance(activation, str) else activation

    def forward(self, src: Tensor, src_mask: Tensor = None, src_key_padding_mask: Tensor = None,
                is_causal: bool = False) -> Tensor:
        def attend(x):
            return self.dropout1(self.self_attn(x, x, x, src_key_padding_mask, False, src_mask,
                                                is_causal=is_causal)[0])

        def think(x):
            return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))

        if self.norm_first:
            src = src + attend(self.norm1(src))
            return src + think(self.norm2(src))
        src = self.norm1(src + attend(src))
        return self.norm2(src + think(src))


class TransformerEncoder(Module):
    """num_layers copies of encoder_layer, one after the other, then norm. The rest is for speed."""

    def __init__(self, encoder_layer, num_layers: int, norm: Module = None,
                 enable_nested_tensor: bool = True, mask_check: bool = True):
        super().__init__()
        self.layers = ModuleList(copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.num_layers, self.norm = num_layers, norm

    def forward(self, src: Tensor, mask: Tensor = None, src_key_padding_mask: Tensor = None,
                is_causal: bool = None) -> Tensor:
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, bool(is_causal) and mask is not None)
        return src if self.norm is None else self.norm(src)
