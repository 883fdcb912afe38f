"""The Transformer: an encoder and a decoder of layers of attention and feedforward networks.

>>> from tinygrad_adam import nn, zeros
>>> layer = nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16)
>>> nn.TransformerEncoder(layer, num_layers=2)(zeros(5, 3, 8)).shape    # (L, N, d_model)
torch.Size([5, 3, 8])
>>> model = nn.Transformer(8, 2, num_encoder_layers=1, num_decoder_layers=1, dim_feedforward=16)
>>> model(zeros(5, 3, 8), zeros(4, 3, 8)).shape                         # as long as the target
torch.Size([4, 3, 8])
"""
from __future__ import annotations

import copy
from typing import Callable

from .._functions.creation import full
from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from .attention import MultiheadAttention
from .container import ModuleList
from .dropout import Dropout
from .init import xavier_uniform_
from .linear import Linear
from .module import Module
from .normalization import LayerNorm


class _Layer(Module):
    """What a layer of the encoder and one of the decoder share: each block, of attention or of two
    linear layers, has a LayerNorm and a Dropout of its own."""

    _attentions: tuple[str, ...]
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
        for name in self._attentions:
            self.add_module(name, MultiheadAttention(
                d_model, nhead, dropout, bias, batch_first=batch_first, device=device, dtype=dtype))
        self.linear1 = Linear(d_model, dim_feedforward, bias, device, dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, device, dtype)
        self.norm_first = norm_first
        blocks = range(1, len(self._attentions) + 2)
        for i in blocks:
            self.add_module(f'norm{i}', LayerNorm(
                d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype))
        for i in blocks:
            self.add_module(f'dropout{i}', Dropout(dropout))
        if isinstance(activation, str):
            if activation not in ('relu', 'gelu'):
                raise errors.unknown_activation(activation)
            activation = F.relu if activation == 'relu' else F.gelu
        self.activation = activation

    def _add_and_norm(self, x: Tensor, norm: LayerNorm,
                      block: Callable[[Tensor], Tensor]) -> Tensor:
        """A residual block, normalized after the sum, or before the block with norm_first."""
        return x + block(norm(x)) if self.norm_first else norm(x + block(x))

    def _feed_forward(self, x: Tensor) -> Tensor:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


class TransformerEncoderLayer(_Layer):
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

    _attentions = 'self_attn',

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
        src = self._add_and_norm(src, self.norm1, lambda x: self.dropout1(_attended(
            self.self_attn, x, x, src_mask, src_key_padding_mask, is_causal)))
        return self._add_and_norm(src, self.norm2, lambda x: self.dropout2(self._feed_forward(x)))


class TransformerDecoderLayer(_Layer):
    """Attention of a sequence to itself, then to the encoder's output, then two linear layers.

    All three blocks are residual, x + block(x), and normalized: after the sum, or before the block
    with norm_first. (T, N, d_model) becomes (T, N, d_model); N may be left out.

    d_model          the number of features at each position
    nhead            the number of attention heads; must divide d_model
    dim_feedforward  the number of features between the two linear layers
    dropout          the probability of an element being zeroed in training: of the attention
                     weights, after the activation, and at the end of each block
    activation       between the linear layers: 'relu', 'gelu' or a function of a tensor
    layer_norm_eps   the eps of the three LayerNorms
    batch_first      whether inputs and output are (N, T, d_model)
    norm_first       whether normalization comes first in each block
    bias             whether linear layers, attention and LayerNorms have biases
    device           the CPU, if given
    dtype            float32, the default, or float64

    Raises AssertionError if nhead does not divide d_model, RuntimeError for another name of
    activation.
    Vaswani et al. 2017, section 3.1;
    https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
    """

    _attentions = 'self_attn', 'multihead_attn'
    multihead_attn: MultiheadAttention
    norm3: LayerNorm
    dropout3: Dropout

    def forward(self, tgt: Tensor, memory: Tensor, tgt_mask: Tensor | None = None,
                memory_mask: Tensor | None = None, tgt_key_padding_mask: Tensor | None = None,
                memory_key_padding_mask: Tensor | None = None, tgt_is_causal: bool = False,
                memory_is_causal: bool = False) -> Tensor:
        """The next representation of each position of the target.

        tgt                      (T, N, d_model), or (N, T, d_model) with batch_first, or
                                 (T, d_model)
        memory                   the encoder's output, (S, N, d_model) and so on
        tgt_mask                 (T, T) or (N nhead, T, T): which positions of the target may not
                                 attend to which, as attn_mask of MultiheadAttention
        memory_mask              (T, S) or (N nhead, T, S): likewise for those of the memory
        tgt_key_padding_mask     (N, T) or (T,): True where a position of the target is padding
        memory_key_padding_mask  (N, S) or (S,): True where one of the memory is
        tgt_is_causal            a hint that tgt_mask, which must be given, is causal
        memory_is_causal         a hint that memory_mask, which must be given, is causal

        Returns a tensor of tgt's shape.
        """
        tgt = self._add_and_norm(tgt, self.norm1, lambda x: self.dropout1(_attended(
            self.self_attn, x, x, tgt_mask, tgt_key_padding_mask, tgt_is_causal)))
        tgt = self._add_and_norm(tgt, self.norm2, lambda x: self.dropout2(_attended(
            self.multihead_attn, x, memory, memory_mask, memory_key_padding_mask,
            memory_is_causal)))
        return self._add_and_norm(tgt, self.norm3, lambda x: self.dropout3(self._feed_forward(x)))


def _attended(attention: MultiheadAttention, x: Tensor, memory: Tensor, mask: Tensor | None,
              key_padding_mask: Tensor | None, is_causal: bool) -> Tensor:
    """What x gets from memory."""
    output, _ = attention(x, memory, memory, key_padding_mask, False, mask, is_causal=is_causal)
    return output


class _Copies(Module):
    """Copies of a layer, one after the other, and a module for what comes out of the last."""

    layers: ModuleList

    def __init__(self, layer: Module, num_layers: int, norm: Module | None) -> None:
        super().__init__()
        self.layers = ModuleList(copy.deepcopy(layer) for _ in range(num_layers))
        self.num_layers = num_layers
        self.norm = norm

    def _normalized(self, x: Tensor) -> Tensor:
        return x if self.norm is None else self.norm(x)


class TransformerEncoder(_Copies):
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

    def __init__(self, encoder_layer: TransformerEncoderLayer, num_layers: int,
                 norm: Module | None = None, enable_nested_tensor: bool = True,
                 mask_check: bool = True) -> None:
        super().__init__(encoder_layer, num_layers, norm)

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
        return self._normalized(src)


class TransformerDecoder(_Copies):
    """Copies of a layer, one after the other: (T, N, d_model) becomes (T, N, d_model).

    decoder_layer  the layer that is copied, weights included
    num_layers     how many copies there are
    norm           a module applied to the final output; None: none

    Vaswani et al. 2017, section 3.1;
    https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html
    """

    def __init__(self, decoder_layer: TransformerDecoderLayer, num_layers: int,
                 norm: Module | None = None) -> None:
        super().__init__(decoder_layer, num_layers, norm)

    def forward(self, tgt: Tensor, memory: Tensor, tgt_mask: Tensor | None = None,
                memory_mask: Tensor | None = None, tgt_key_padding_mask: Tensor | None = None,
                memory_key_padding_mask: Tensor | None = None, tgt_is_causal: bool | None = None,
                memory_is_causal: bool = False) -> Tensor:
        """The representation of each position of the target after the last layer.

        tgt                      (T, N, d_model), or (N, T, d_model) with batch_first, or
                                 (T, d_model)
        memory                   the encoder's output, (S, N, d_model) and so on
        tgt_mask                 (T, T) or (N nhead, T, T): which positions of the target may not
                                 attend to which
        memory_mask              (T, S) or (N nhead, T, S): likewise for those of the memory
        tgt_key_padding_mask     (N, T) or (T,): True where a position of the target is padding
        memory_key_padding_mask  (N, S) or (S,): True where one of the memory is
        tgt_is_causal            a hint that tgt_mask is causal; RuntimeError without a mask
        memory_is_causal         a hint that memory_mask is causal; RuntimeError without a mask

        Returns a tensor of tgt's shape.
        """
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask,
                        memory_key_padding_mask, bool(tgt_is_causal), memory_is_causal)
        return self._normalized(tgt)


class Transformer(Module):
    """An encoder of the source and a decoder of the target, which attends to the encoder's output.

    d_model             the number of features at each position
    nhead               the number of attention heads; must divide d_model
    num_encoder_layers  how many layers the encoder has
    num_decoder_layers  how many layers the decoder has
    dim_feedforward     the number of features between the two linear layers of each layer
    dropout             the probability of an element being zeroed in training
    activation          between the linear layers: 'relu', 'gelu' or a function of a tensor
    custom_encoder      a module in place of the encoder, called with the same arguments
    custom_decoder      a module in place of the decoder, called with the same arguments
    layer_norm_eps      the eps of all LayerNorms
    batch_first         whether source, target and output are (N, L, d_model)
    norm_first          whether normalization comes first in each block
    bias                whether linear layers, attention and LayerNorms have biases
    device              the CPU, if given
    dtype               float32, the default, or float64

    Embeddings, positions and the last linear layer are the user's. All matrices begin with
    Glorot's uniform distribution. Raises AssertionError if nhead does not divide d_model.
    Vaswani et al. 2017; https://pytorch.org/docs/stable/generated/torch.nn.Transformer.html
    """

    encoder: Module
    decoder: Module

    def __init__(self, d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6,
                 num_decoder_layers: int = 6, dim_feedforward: int = 2048, dropout: float = 0.1,
                 activation: str | Callable[[Tensor], Tensor] = F.relu,
                 custom_encoder: Module | None = None, custom_decoder: Module | None = None,
                 layer_norm_eps: float = 1e-5, batch_first: bool = False, norm_first: bool = False,
                 bias: bool = True, device: device | str | None = None,
                 dtype: dtype | None = None) -> None:
        super().__init__()
        options = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps,
                   batch_first, norm_first, bias, device, dtype)
        norm = LayerNorm(d_model, layer_norm_eps, bias=bias, device=device, dtype=dtype)
        self.encoder = custom_encoder if custom_encoder is not None else TransformerEncoder(
            TransformerEncoderLayer(*options), num_encoder_layers, norm)
        self.decoder = custom_decoder if custom_decoder is not None else TransformerDecoder(
            TransformerDecoderLayer(*options), num_decoder_layers, copy.deepcopy(norm))
        self._reset_parameters()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def _reset_parameters(self) -> None:
        for parameter in self.parameters():
            if parameter.ndim > 1:
                xavier_uniform_(parameter)

    def forward(self, src: Tensor, tgt: Tensor, src_mask: Tensor | None = None,
                tgt_mask: Tensor | None = None, memory_mask: Tensor | None = None,
                src_key_padding_mask: Tensor | None = None,
                tgt_key_padding_mask: Tensor | None = None,
                memory_key_padding_mask: Tensor | None = None, src_is_causal: bool | None = None,
                tgt_is_causal: bool | None = None, memory_is_causal: bool = False) -> Tensor:
        """The decoder's representation of each position of the target.

        src                      (S, N, d_model), or (N, S, d_model) with batch_first, or
                                 (S, d_model)
        tgt                      (T, N, d_model) and so on
        src_mask                 (S, S) or (N nhead, S, S): which positions of the source may not
                                 attend to which
        tgt_mask                 (T, T) or (N nhead, T, T): likewise in the target; in training
                                 generate_square_subsequent_mask(T)
        memory_mask              (T, S) or (N nhead, T, S): likewise from the target to the source
        src_key_padding_mask     (N, S) or (S,): True where a position of the source is padding
        tgt_key_padding_mask     (N, T) or (T,): True where one of the target is
        memory_key_padding_mask  (N, S) or (S,): True where the decoder must not attend to; mostly
                                 src_key_padding_mask
        src_is_causal            a hint that src_mask is causal; RuntimeError without a mask
        tgt_is_causal            a hint that tgt_mask is causal; RuntimeError without a mask
        memory_is_causal         a hint that memory_mask is causal; RuntimeError without a mask

        Returns a tensor of tgt's shape. Raises RuntimeError if the batches differ in size, or the
        number of features is not d_model.
        """
        batch_dim = 0 if self.batch_first else 1
        if src.ndim == 3 and src.shape[batch_dim] != tgt.shape[batch_dim]:
            raise errors.batches_differ(src, tgt, batch_dim)
        if {src.shape[-1], tgt.shape[-1]} != {self.d_model}:
            raise errors.wrong_number_of_features(src, tgt, self.d_model)
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask,
                              is_causal=src_is_causal)
        return self.decoder(tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                            tgt_key_padding_mask=tgt_key_padding_mask,
                            memory_key_padding_mask=memory_key_padding_mask,
                            tgt_is_causal=tgt_is_causal, memory_is_causal=memory_is_causal)

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: device | str | None = None,
                                        dtype: dtype | None = None) -> Tensor:
        """The causal mask (sz, sz): 0 up to the diagonal, -inf where a position comes later.

        sz      the length of the sequence
        device  the CPU, if given
        dtype   that of the mask; None is the default dtype
        """
        return full((sz, sz), float('-inf'), dtype=dtype, device=device).triu(1)
