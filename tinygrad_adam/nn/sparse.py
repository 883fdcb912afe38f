"""Embedding and EmbeddingBag: layers of vectors, one for each word of a vocabulary.

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
    max_norm            the largest norm of a vector: those of the words that are longer are made as
                        short, in place; None: any length
    norm_type           the p of max_norm's p-norm
    scale_grad_by_freq  whether the gradient of a vector is divided by how often its word occurs
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
        if sparse:
            raise errors.sparse_gradients_not_built()
        shape = num_embeddings, embedding_dim
        if _weight is not None and tuple(_weight.shape) != shape:
            raise errors.weight_does_not_match(_weight, shape)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = padding_idx if padding_idx is None else padding_idx % num_embeddings
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
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
        max_norm            the largest norm of a vector; None: any length
        norm_type           the p of max_norm's p-norm
        scale_grad_by_freq  whether the gradient of a vector is divided by how often its word occurs
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
        return F.embedding(input, self.weight, self.padding_idx, self.max_norm, self.norm_type,
                           self.scale_grad_by_freq)

    def extra_repr(self) -> str:
        usual = {'padding_idx': None, 'max_norm': None, 'norm_type': 2, 'scale_grad_by_freq': False}
        changed = [f'{name}={getattr(self, name)}' for name, value in usual.items()
                   if getattr(self, name) != value]
        return ', '.join([f'{self.num_embeddings}, {self.embedding_dim}', *changed])


class EmbeddingBag(Module):
    """The sum, mean or maximum of the vectors of the words of each bag.

    num_embeddings       how many words there are
    embedding_dim        the length of each vector
    max_norm             not implemented; leave it None
    norm_type            the p of max_norm's p-norm, not implemented; leave it 2
    scale_grad_by_freq   not implemented; leave it False
    mode                 'sum', 'mean' or 'max'; of an empty bag 0
    sparse               not implemented; leave it False
    _weight              the initial vectors, (num_embeddings, embedding_dim); None: random
    include_last_offset  whether the last of offsets is the end of the last bag
    padding_idx          a word that does not count, whose vector begins as zeros; may be negative
    device               the CPU, if given
    dtype                float32, the default, or float64

    https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html
    """

    weight: Parameter

    def __init__(self, num_embeddings: int, embedding_dim: int, max_norm: float | None = None,
                 norm_type: float = 2.0, scale_grad_by_freq: bool = False, mode: str = 'mean',
                 sparse: bool = False, _weight: Tensor | None = None,
                 include_last_offset: bool = False, padding_idx: int | None = None,
                 device: device | str | None = None, dtype: dtype | None = None) -> None:
        super().__init__()
        if max_norm is not None or norm_type != 2 or scale_grad_by_freq or sparse:
            raise errors.bag_options_not_built()
        vectors = Embedding(num_embeddings, embedding_dim, padding_idx, _weight=_weight,
                            device=device, dtype=dtype)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.mode = mode
        self.include_last_offset = include_last_offset
        self.padding_idx: int | None = vectors.padding_idx
        self.weight: Parameter = vectors.weight

    def reset_parameters(self) -> None:
        """Draw the vectors from N(0, 1); that of padding_idx becomes zeros."""
        Embedding.reset_parameters(self)    # type: ignore[arg-type]

    def forward(self, input: Tensor, offsets: Tensor | None = None,
                per_sample_weights: Tensor | None = None) -> Tensor:
        """(B, embedding_dim) for bags of words.

        input               words (B, N), or (n,), all in a row
        offsets             for (n,): where each bag starts
        per_sample_weights  how much each word counts, for 'sum'
        """
        return F.embedding_bag(input, self.weight, offsets, mode=self.mode,
                               per_sample_weights=per_sample_weights,
                               include_last_offset=self.include_last_offset,
                               padding_idx=self.padding_idx)

    def extra_repr(self) -> str:
        padding = '' if self.padding_idx is None else f', padding_idx={self.padding_idx}'
        return f'{self.num_embeddings}, {self.embedding_dim}, mode={self.mode!r}{padding}'
