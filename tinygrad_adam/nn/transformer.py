"""The encoder of the Transformer: layers of attention and feedforward networks.

>>> from tinygrad_adam import nn, zeros
>>> layer = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16)
>>> nn.TransformerEncoder(layer, num_layers=2)(zeros(5, 3, 8)).shape    # (L, N, d_model)
torch.Size([5, 3, 8])
"""
from __future__ import annotations

import copy
from typing import Callable

from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from .attention import MultiheadAttention
from .container import ModuleList
from .dropout import Dropout
from .linear import Linear
from .module import Module
from .normalization import LayerNorm


class TransformerEncoderLayer(Module):
    """Attention of a sequence to itself, then two linear layers at each position.

    Both blocks are residual, x + block(x), and normalized: after the sum, or before the block with
    norm_first. (L, N, d_model) becomes (L, N, d_model); N may be left out.

    d_model          the number of features at each position
    nhead            the number of attention heads; must divide d_model
    dim_feedforward  the number of features between the two linear layers
    dropout          the probability of an element being zeroed in training: of the attention
                     weights, after the activation, and at the end of each block
    activation       between the linear layers: 'relu', 'gelu' or a function of a tensor
    layer_norm_eps   the eps of both LayerNorms
    batch_first      whether input and output are (N, L, d_model)
    norm_first       whether normalization comes first in each block
    bias             whether linear layers, attention and LayerNorms have biases
    device           the CPU, if given
    dtype            float32, the default, or float64

    Raises AssertionError if nhead does not divide d_model, RuntimeError for another name of
    activation.
    Vaswani et al. 2017, section 3.1;
    https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
    """

    self_attn: MultiheadAttention
    linear1: Linear
    dropout: Dropout
    linear2: Linear
    norm1: LayerNorm
    norm2: LayerNorm
    dropout1: Dropout
    dropout2: Dropout
    activation: Callable[[Tensor], Tensor]

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1,
                 activation: str | Callable[[Tensor], Tensor] = F.relu,
                 layer_norm_eps: float = 1e-5, batch_first: bool = False, norm_first: bool = False,
                 bias: bool = True, device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first,
                                            device=device, dtype=dtype)
        self.linear1 = Linear(d_model, dim_feedforward, bias, device, dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, device, dtype)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        if isinstance(activation, str):
            if activation not in ('relu', 'gelu'):
                raise errors.unknown_activation(activation)
            activation = F.relu if activation == 'relu' else F.gelu
        self.activation = activation

    def forward(self, src: Tensor, src_mask: Tensor | None = None,
                src_key_padding_mask: Tensor | None = None, is_causal: bool = False) -> Tensor:
        """The next representation of each position.

        src                   (L, N, d_model), or (N, L, d_model) with batch_first, or (L, d_model)
        src_mask              (L, L) or (N nhead, L, L): which positions may not attend to which, as
                              attn_mask of MultiheadAttention
        src_key_padding_mask  (N, L) or (L,): True where a position is padding
        is_causal             a hint that src_mask, which must be given, is causal

        Returns a tensor of src's shape.
        """
        if self.norm_first:
            src = src + self._attend(self.norm1(src), src_mask, src_key_padding_mask, is_causal)
            return src + self._feed_forward(self.norm2(src))
        src = self.norm1(src + self._attend(src, src_mask, src_key_padding_mask, is_causal))
        return self.norm2(src + self._feed_forward(src))

    def _attend(self, x: Tensor, mask: Tensor | None, key_padding_mask: Tensor | None,
                is_causal: bool) -> Tensor:
        output, _ = self.self_attn(x, x, x, key_padding_mask, False, mask, is_causal=is_causal)
        return self.dropout1(output)

    def _feed_forward(self, x: Tensor) -> Tensor:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerEncoder(Module):
    """Copies of a layer, one after the other: (L, N, d_model) becomes (L, N, d_model).

    encoder_layer         the layer that is copied, weights included
    num_layers            how many copies there are
    norm                  a module applied to the final output; None: none
    enable_nested_tensor  chooses a faster kernel in PyTorch, which leaves zeros where there is
                          padding; the results elsewhere are the same
    mask_check            belongs to enable_nested_tensor

    Vaswani et al. 2017, section 3.1;
    https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
    """

    layers: ModuleList

    def __init__(self, encoder_layer: TransformerEncoderLayer, num_layers: int,
                 norm: Module | None = None, enable_nested_tensor: bool = True,
                 mask_check: bool = True) -> None:
        super().__init__()
        self.layers = ModuleList(copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.num_layers = num_layers
        self.norm = norm

    def forward(self, src: Tensor, mask: Tensor | None = None,
                src_key_padding_mask: Tensor | None = None,
                is_causal: bool | None = None) -> Tensor:
        """The representation of each position after the last layer.

        src                   (L, N, d_model), or (N, L, d_model) with batch_first, or (L, d_model)
        mask                  (L, L) or (N nhead, L, L): which positions may not attend to which
        src_key_padding_mask  (N, L) or (L,): True where a position is padding
        is_causal             a hint that mask is causal; RuntimeError without a mask

        Returns a tensor of src's shape.
        """
        for layer in self.layers:
            src = layer(src, mask, src_key_padding_mask, bool(is_causal))
        return src if self.norm is None else self.norm(src)
