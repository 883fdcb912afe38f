"""ctc_loss: its arguments are checked here; the dynamic programming is in ops/ctc.py.

>>> from tinygrad_adam import nn, tensor, zeros
>>> log_probs = zeros(2, 1, 2).log_softmax(2)                   # 4 alignments, each of 1 / 4
>>> nn.functional.ctc_loss(log_probs, tensor([[1]]), [2], [1])  # 3 of them read "1"
tensor(0.2877)
"""
from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from ..ops.ctc import ctc
from .._functions.shapes import squeeze, unsqueeze
from .._tensor import Tensor
from . import _errors
from . import _layer_errors as errors
from ._losses import reduced


def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Tensor | Sequence[int],
             target_lengths: Tensor | Sequence[int], blank: int = 0, reduction: str = 'mean',
             zero_infinity: bool = False) -> Tensor:
    """Minus the log probability of the targets, summed over all alignments with the time steps.

    log_probs       (T, N, C), or (T, C) for a single sequence; from log_softmax
    targets         the classes of the labels, (N, S), each row padded to S, or all rows, without
                    padding, joined into (sum of target_lengths,)
    input_lengths   (N,): how many of the T time steps each sequence has
    target_lengths  (N,): how many labels each target has
    blank           the class of the blank, which is no label
    reduction       'mean' (of each loss divided by its target length), 'sum' or 'none'
    zero_infinity   whether a target that is too long for its sequence costs 0 instead of infinity

    Returns a number, or (N,) for 'none'. The gradient of log_probs is that of the scores before
    log_softmax, as in PyTorch: it is right only for the output of log_softmax.
    Raises RuntimeError for sizes that do not match or targets that contain blank, IndexError if
    there is no such class. Graves et al. 2006.
    """
    if not (isinstance(log_probs, Tensor) and isinstance(targets, Tensor)):
        raise _errors.not_tensors('ctc_loss', log_probs=log_probs, targets=targets)
    if log_probs.ndim == 2:
        targets = unsqueeze(targets, 0) if targets.ndim == 1 else targets
        loss = ctc_loss(unsqueeze(log_probs, 1), targets, input_lengths, target_lengths, blank,
                        reduction, zero_infinity)
        return squeeze(loss, 0) if loss.ndim else loss
    if log_probs.ndim != 3 or log_probs.dtype.kind != 'f' or targets.dtype.kind not in 'iu':
        raise errors.not_log_probs_and_labels(log_probs, targets)
    steps, n, classes = log_probs.shape
    if not log_probs.numel():
        raise errors.nothing_to_align(log_probs)
    if not 0 <= blank < classes:
        raise errors.blank_out_of_range(blank, classes)
    input_lengths = _lengths('input_lengths', input_lengths, n, steps)
    labels = targets._array.astype(np.int64)
    if targets.ndim == 1:
        target_lengths = _lengths('target_lengths', target_lengths, n, len(labels))
        if target_lengths.sum() != len(labels):
            raise errors.wrong_number_of_labels(target_lengths.sum(), len(labels))
        rows = np.split(labels, np.cumsum(target_lengths)[:-1])
        labels = np.zeros((n, max(target_lengths, default=0)), np.int64)
        for padded_row, row in zip(labels, rows):
            padded_row[:len(row)] = row
    elif targets.ndim != 2 or len(labels) != n:
        raise errors.bad_target_shape(targets, n)
    target_lengths = _lengths('target_lengths', target_lengths, n, labels.shape[1])
    counted = labels[np.arange(labels.shape[1]) < target_lengths[:, None]]
    if counted.size and not 0 <= counted.min() <= counted.max() < classes:
        raise errors.label_out_of_range(counted, classes)
    if (counted == blank).any():
        raise errors.blank_among_labels(blank)
    loss = ctc(log_probs, labels, input_lengths, target_lengths, blank=blank,
               zero_infinity=zero_infinity)
    if reduction == 'mean':
        loss = loss / np.maximum(target_lengths, 1).astype(loss._array.dtype)
    return reduced(loss, reduction)


def _lengths(name: str, lengths: Any, n: int, most: int) -> Any:
    """The argument `name` as an array (n,) of integers in [0, most]."""
    array = np.asarray(getattr(lengths, '_array', lengths)).reshape(-1)
    if array.dtype.kind != 'i':
        raise errors.lengths_not_whole(name, array)
    if len(array) != n:
        raise errors.wrong_number_of_lengths(name, array, n)
    if n and not 0 <= array.min() <= array.max() <= most:
        raise errors.length_out_of_range(name, array, most)
    return array
