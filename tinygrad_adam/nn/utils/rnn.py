"""Sequences of different lengths in one batch: padded to the longest, or packed without padding.

>>> from tinygrad_adam import nn, tensor
>>> padded = nn.utils.rnn.pad_sequence([tensor([1.0, 2.0, 3.0]), tensor([4.0])], batch_first=True)
>>> padded
tensor([[1., 2., 3.],
        [4., 0., 0.]])
>>> packed = nn.utils.rnn.pack_padded_sequence(padded, [3, 1], batch_first=True)
>>> packed.data, packed.batch_sizes     # the first step of both, then what is left of one
(tensor([1., 4., 2., 3.]), tensor([2, 1, 1]))
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple, Sequence

import numpy as np

from ..._functions.creation import as_tensor, full, tensor
from ..._functions.indexing import cat, index_select, stack
from ..._functions.shapes import transpose
from ..._missing import NotBuilt
from ..._tensor import HALF, Tensor
from ...types import float32, float64, int8, int16, int32, int64, uint8
from .. import _errors
from .. import _sequence_errors as errors

__all__ = ['PackedSequence', 'pack_padded_sequence', 'pack_sequence', 'pad_packed_sequence',
           'pad_sequence', 'unpack_sequence', 'unpad_sequence']


class _Packed(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(_Packed):
    """Sequences of different lengths, the longest first, without padding: the first elements of
    all, then the second elements of those that have one, and so on. Recurrent layers take it, and
    return one.

    data              the elements, (the sum of all lengths, ...)
    batch_sizes       how many sequences have a first element, a second one, ..., int64
    sorted_indices    where the sequences, from the longest to the shortest, were in the batch; None
                      if they were in that order
    unsorted_indices  the inverse of sorted_indices; computed if it is None

    pack_padded_sequence and pack_sequence make it.
    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html
    """

    def __new__(cls, data: Tensor, batch_sizes: Tensor, sorted_indices: Tensor | None = None,
                unsorted_indices: Tensor | None = None) -> PackedSequence:
        if unsorted_indices is None and sorted_indices is not None:
            unsorted_indices = sorted_indices.argsort()
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The same sequences with converted elements; itself if there is nothing to convert.

        args, kwargs  those of `Tensor.to`
        """
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else type(self)(data, *self[1:])

    def float(self) -> PackedSequence:
        """With elements of float32."""
        return self.to(float32)

    def double(self) -> PackedSequence:
        """With elements of float64."""
        return self.to(float64)

    def long(self) -> PackedSequence:
        """With elements of int64."""
        return self.to(int64)

    def int(self) -> PackedSequence:
        """With elements of int32."""
        return self.to(int32)

    def short(self) -> PackedSequence:
        """With elements of int16."""
        return self.to(int16)

    def char(self) -> PackedSequence:
        """With elements of int8."""
        return self.to(int8)

    def byte(self) -> PackedSequence:
        """With elements of uint8."""
        return self.to(uint8)

    def cpu(self) -> PackedSequence:
        """Itself: all tensors are on the CPU."""
        return self

    half: Final = NotBuilt(HALF)


def lengths_of(packed: PackedSequence) -> np.ndarray[Any, Any]:
    """The lengths of the sequences in packed, from the longest to the shortest."""
    sizes = packed.batch_sizes.numpy()
    return (sizes[:, None] > np.arange(sizes[0])).sum(0)


def pad_packed(packed: PackedSequence, steps: int, padding_value: float) -> Tensor:
    """The sequences in packed, from the longest to the shortest, as one tensor (steps, N, ...)."""
    sizes, data = packed.batch_sizes.numpy(), packed.data
    places = np.full((steps, sizes[0]), len(data))      # of the padding, behind all elements
    places[:len(sizes)][sizes[:, None] > np.arange(sizes[0])] = np.arange(len(data))
    padding = full((1, *data.shape[1:]), padding_value, dtype=data.dtype)
    return cat([data, padding])[places]


def pack_padded(padded: Tensor, lengths: np.ndarray[Any, Any]) -> tuple[Tensor, Tensor]:
    """data and batch_sizes of sequences (steps, N, ...), the longest first."""
    present = np.arange(lengths.max())[:, None] < lengths
    return padded[present.nonzero()], tensor(present.sum(1))


def pack_padded_sequence(input: Tensor, lengths: Tensor | Sequence[float],
                         batch_first: bool = False, enforce_sorted: bool = True) -> PackedSequence:
    """Pack a batch of padded sequences.

    input           (L, N, ...), or (N, L, ...) with batch_first
    lengths         the length of each sequence, N numbers in [1, L]; fractions are cut off
    batch_first     whether the sequences are dimension 0 of input
    enforce_sorted  require that the sequences come from the longest to the shortest; if not, they
                    are sorted, and recurrent layers undo that in the states they return

    Raises RuntimeError for lengths that do not fit input, or are not sorted.
    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
    """
    if not isinstance(input, Tensor):
        raise _errors.not_tensors('pack_padded_sequence', input=input)
    if input.ndim < 2:
        raise errors.no_batch_of_sequences(input)
    x = transpose(input, 0, 1) if batch_first else input
    sizes = as_tensor(lengths, dtype=int64).numpy()
    if sizes.shape != (x.shape[1],):
        raise errors.not_one_length_each(sizes.shape, x.shape[1])
    if sizes.min() <= 0 or sizes.max() > x.shape[0]:
        raise errors.impossible_lengths(sizes.tolist(), x.shape[0])
    order = None
    if enforce_sorted:
        if (np.diff(sizes) > 0).any():
            raise errors.lengths_not_sorted(sizes.tolist())
    else:
        places = np.argsort(-sizes, kind='stable')
        order, sizes = tensor(places), sizes[places]
        x = index_select(x, 1, order)
    return PackedSequence(*pack_padded(x, sizes), order)


def pad_packed_sequence(sequence: PackedSequence, batch_first: bool = False,
                        padding_value: float = 0.0,
                        total_length: int | None = None) -> tuple[Tensor, Tensor]:
    """Pad packed sequences: the inverse of pack_padded_sequence.

    sequence       packed sequences
    batch_first    whether to return (N, L, ...) instead of (L, N, ...)
    padding_value  what stands behind the end of shorter sequences
    total_length   L; None: the length of the longest sequence

    Returns the padded sequences, in the order of the batch that was packed, and their lengths,
    int64. Raises ValueError if total_length is less than that of the longest sequence.
    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
    """
    longest = len(sequence.batch_sizes)
    if total_length is not None and total_length < longest:
        raise errors.total_length_too_short(total_length, longest)
    padded = pad_packed(sequence, longest if total_length is None else total_length, padding_value)
    lengths = tensor(lengths_of(sequence))
    if sequence.unsorted_indices is not None:
        padded = index_select(padded, 1, sequence.unsorted_indices)
        lengths = lengths[sequence.unsorted_indices]
    return transpose(padded, 0, 1) if batch_first else padded, lengths


def pad_sequence(sequences: Iterable[Tensor], batch_first: bool = False, padding_value: float = 0.0,
                 padding_side: str = 'right') -> Tensor:
    """Stack sequences of different lengths, padded to that of the longest.

    sequences      tensors (L_i, ...), alike but for the first size
    batch_first    whether to return (N, L, ...) instead of (L, N, ...)
    padding_value  what is added to shorter sequences
    padding_side   'right', behind their ends, or 'left', before their starts

    Raises RuntimeError if there is no sequence.
    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
    """
    if not isinstance(sequences, Iterable):
        raise errors.no_sequences(sequences)
    sequences = list(sequences)
    if not sequences:
        raise errors.empty_list_of_sequences()
    if padding_side not in ('right', 'left'):
        raise errors.unknown_padding_side(padding_side)
    longest, padded = max(len(x) for x in sequences), []
    for x in sequences:
        padding = full((longest - len(x), *x.shape[1:]), padding_value, dtype=x.dtype)
        padded.append(cat([x, padding] if padding_side == 'right' else [padding, x]))
    return stack(padded, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Tensor, lengths: Tensor,
                   batch_first: bool = False) -> list[Tensor]:
    """The sequences in a padded batch, without padding: the inverse of pad_sequence.

    padded_sequences  (L, N, ...), or (N, L, ...) with batch_first
    lengths           the length of each sequence, (N,)
    batch_first       whether the sequences are dimension 0

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html
    """
    x = padded_sequences if batch_first else transpose(padded_sequences, 0, 1)
    return [sequence[:length] for sequence, length in zip(x, lengths.tolist())]


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Pack sequences of different lengths.

    sequences       tensors (L_i, ...), alike but for the first size
    enforce_sorted  as in pack_padded_sequence

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html
    """
    lengths = [len(x) for x in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed: the inverse of pack_sequence.

    packed_sequences  packed sequences

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpack_sequence.html
    """
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
