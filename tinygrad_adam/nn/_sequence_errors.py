"""The errors of padded and packed sequences: functions that return an exception which says what
happened, why it is wrong, and what to write instead."""
from __future__ import annotations

from typing import Any, Sequence

from .._tensor import Tensor


def no_batch_of_sequences(input: Tensor) -> IndexError:
    return IndexError(
        'pack_padded_sequence: Dimension out of range: a batch of sequences has at least 2 '
        f'dimensions, but input is {tuple(input.shape)}. Use unsqueeze(1) for a single sequence.')


def not_one_length_each(shape: Sequence[int], batch_size: int) -> RuntimeError:
    found = shape[0] if len(shape) == 1 else f'a tensor of shape {tuple(shape)}'
    return RuntimeError(
        'pack_padded_sequence: Expected `len(lengths)` to be equal to batch_size, but got '
        f'{found} (batch_size={batch_size}): each sequence has a length. With input '
        '(N, L, ...) give batch_first=True.')


def impossible_lengths(lengths: list[int], longest: int) -> RuntimeError:
    return RuntimeError(
        'pack_padded_sequence: Length of all samples has to be greater than 0, and at most '
        f'{longest}, the length of the padded sequences, but lengths are {lengths}. Leave out '
        'empty sequences before padding.')


def lengths_not_sorted(lengths: list[int]) -> RuntimeError:
    return RuntimeError(
        'pack_padded_sequence: `lengths` array must be sorted in decreasing order when '
        f'`enforce_sorted` is True, but is {lengths}: the sequences of each step have to be the '
        'first of the batch. Give enforce_sorted=False, which sorts them.')


def total_length_too_short(total_length: int, longest: int) -> ValueError:
    return ValueError(
        'pad_packed_sequence: Expected total_length to be at least the length of the longest '
        f'sequence in input, but got total_length={total_length} and max sequence length being '
        f'{longest}: padding cuts nothing off. Give {longest} or more.')


def no_sequences(sequences: Any) -> RuntimeError:
    return RuntimeError(
        'pad_sequence: Expected iterable for input sequences, but got arg of type: '
        f'{type(sequences)}: there are several sequences. Give a list of tensors.')


def empty_list_of_sequences() -> RuntimeError:
    return RuntimeError(
        'pad_sequence: received an empty list of sequences: the result would have no size. Give at '
        'least one tensor.')


def unknown_padding_side(padding_side: str) -> RuntimeError:
    return RuntimeError(
        f'pad_sequence: Expected padding_side to be one of left or right, but got {padding_side}: '
        "sequences have two ends. Choose 'right' or 'left'.")
