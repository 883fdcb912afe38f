"""Embedding: a layer of vectors, one for each word of a vocabulary.

>>> from tinygrad_adam import nn, tensor
>>> nn.Embedding(1000, 16)(tensor([[4, 7, 999]])).shape
torch.Size([1, 3, 16])
"""
from __future__ import annotations

from typing import TypeVar

from .._functions.creation import empty
from .._tensor import Tensor
from ..types import device, dtype
from . import _layer_errors as errors
from . import functional as F
from .init import normal_
from .module import Module, Parameter

E = TypeVar('E', bound='Embedding')


class Embedding(Module):
    """The vectors of words: integers of any shape (...) become (..., embedding_dim).

    num_embeddings      how many words there are; they are numbered in [0, num_embeddings)
    embedding_dim       the length of each vector
    padding_idx         a word whose vector begins as zeros and gets no gradient; may be negative
    max_norm            not implemented; leave it None
    norm_type           the p of max_norm's p-norm, not implemented; leave it 2
    scale_grad_by_freq  not implemented; leave it False
    sparse              not implemented; leave it False
    _weight             the initial vectors, (num_embeddings, embedding_dim); None: random
    _freeze             whether the vectors are not trained
    device              the CPU, if given
    dtype               float32, the default, or float64

    The vectors are the rows of weight. Raises AssertionError if padding_idx is not a word, as
    PyTorch does, IndexError when called with a number that is none. Bengio et al. 2003;
    https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
    """

    padding_idx: int | None
    weight: Parameter

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None,
                 max_norm: float | None = None, norm_type: float = 2.0,
                 scale_grad_by_freq: bool = False, sparse: bool = False,
                 _weight: Tensor | None = None, _freeze: bool = False,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise errors.padding_idx_out_of_range(padding_idx, num_embeddings)
        if max_norm is not None or norm_type != 2 or scale_grad_by_freq or sparse:
            raise errors.embedding_options_not_built()
        shape = num_embeddings, embedding_dim
        if _weight is not None and tuple(_weight.shape) != shape:
            raise errors.weight_does_not_match(_weight, shape)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = padding_idx if padding_idx is None else padding_idx % num_embeddings
        weight = empty(*shape, device=device, dtype=dtype) if _weight is None else _weight
        self.weight = Parameter(weight, not _freeze)
        if _weight is None:
            self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the vectors from N(0, 1); that of padding_idx becomes zeros."""
        normal_(self.weight)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    @classmethod
    def from_pretrained(cls: type[E], embeddings: Tensor, freeze: bool = True,
                        padding_idx: int | None = None, max_norm: float | None = None,
                        norm_type: float = 2.0, scale_grad_by_freq: bool = False,
                        sparse: bool = False) -> E:
        """A layer with these vectors, whose memory it shares.

        embeddings          the vectors, (num_embeddings, embedding_dim)
        freeze              whether they are not trained
        padding_idx         a word whose vector gets no gradient
        max_norm            not implemented; leave it None
        norm_type           the p of max_norm's p-norm, not implemented; leave it 2
        scale_grad_by_freq  not implemented; leave it False
        sparse              not implemented; leave it False

        Raises AssertionError, as PyTorch does, unless embeddings is 2-dimensional.
        """
        if embeddings.ndim != 2:
            raise errors.embeddings_not_a_matrix(embeddings)
        rows, columns = embeddings.shape
        return cls(rows, columns, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse,
                   _weight=embeddings, _freeze=freeze)

    def forward(self, input: Tensor) -> Tensor:
        """The vectors of the words input, integers of any shape."""
        return F.embedding(input, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        padding = '' if self.padding_idx is None else f', padding_idx={self.padding_idx}'
        return f'{self.num_embeddings}, {self.embedding_dim}{padding}'
