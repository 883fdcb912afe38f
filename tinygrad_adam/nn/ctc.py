"""The arguments of ctc_loss; what it computes stands in ops/ctc.py."""
from __future__ import annotations

import numpy as np

from ..ops.ctc import ctc
from ..ops.shapes import squeeze, unsqueeze
from ..tensor import Tensor
from .losses import _reduced


def _lengths(name, value, n, most):
    array = np.asarray(getattr(value, '_array', value)).reshape(-1)
    if array.dtype.kind != 'i':
        raise TypeError(f'ctc_loss: {name} must be whole numbers, but they are {array.dtype}: they '
                        'count. Use long().')
    if len(array) != n:
        raise RuntimeError(f'ctc_loss: {name} must be of size batch_size, {n}, but are '
                           f'{len(array)}: each sequence has one. Pass one for each.')
    if n and not 0 <= array.min() <= array.max() <= most:
        raise RuntimeError(f'ctc_loss: Expected {name} to have value at least 0 and at most '
                           f'{most}, but got {array.tolist()}: there are no more. Count again.')
    return array


def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths, target_lengths, blank: int = 0,
             reduction: str = 'mean', zero_infinity: bool = False) -> Tensor:
    """Minus the log probability that log_probs (T, N, C), or (T, C), read as the targets.

    log_probs come from log_softmax; class `blank` is none of the letters. targets are (N, S),
    padded to one length, or all concatenated. Of each sequence count input_lengths steps and
    target_lengths letters. A text too long for its steps costs infinity, or 0 with zero_infinity.
    'mean' divides each loss by its target length first. Graves et al. 2006.

    The gradient in log_probs is that in the scores before log_softmax, as in PyTorch: right for
    what comes out of log_softmax, and for nothing else.
    """
    if log_probs.ndim == 2:
        targets = unsqueeze(targets, 0) if targets.ndim == 1 else targets
        loss = ctc_loss(unsqueeze(log_probs, 1), targets, input_lengths, target_lengths, blank,
                        reduction, zero_infinity)
        return squeeze(loss, 0) if loss.ndim else loss
    if log_probs.ndim != 3 or log_probs.dtype.kind != 'f' or targets.dtype.kind not in 'iu':
        raise RuntimeError(f'ctc_loss: expected log_probs (T, N, C) and whole numbers as targets, '
                           f'got {log_probs.dtype} {tuple(log_probs.shape)} and {targets.dtype}. '
                           'Use log_softmax(-1) for the first, long() for the second.')
    steps, n, classes = log_probs.shape
    if not 0 <= blank < classes:
        raise RuntimeError(f'ctc_loss: blank must be in label range, 0 to {classes - 1}, not '
                           f'{blank}: it is one of the classes. Give its number.')
    input_lengths = _lengths('input_lengths', input_lengths, n, steps)
    labels = targets._array.astype(np.int64)
    if targets.ndim == 1:
        target_lengths = _lengths('target_lengths', target_lengths, n, len(labels))
        if target_lengths.sum() != len(labels):
            raise RuntimeError(f'ctc_loss: Expected tensor to have size {target_lengths.sum()} at '
                               f'dimension 0, but got {len(labels)} targets: target_lengths share '
                               'them out. Make them agree.')
        pieces = np.split(labels, np.cumsum(target_lengths)[:-1])
        labels = np.zeros((n, max(target_lengths, default=0)), np.int64)
        for row, piece in zip(labels, pieces):
            row[:len(piece)] = piece
    elif targets.ndim != 2 or len(labels) != n:
        raise RuntimeError(f'ctc_loss: Expected targets of size ({n}, S) or one dimension, but got '
                           f'{tuple(targets.shape)}: each sequence has a text. Pad them.')
    target_lengths = _lengths('target_lengths', target_lengths, n, labels.shape[1])
    counted = labels[np.arange(labels.shape[1]) < target_lengths[:, None]]
    if counted.size and not 0 <= counted.min() <= counted.max() < classes:
        raise IndexError(f'ctc_loss: targets are {counted.min()} to {counted.max()}, but there are '
                         f'{classes} classes. Check the targets, or ask for more outputs.')
    if (counted == blank).any():
        raise RuntimeError(f'ctc_loss: targets contain {blank}, the blank, which is no letter '
                           '(PyTorch takes it, with a wrong gradient). Leave it out.')
    loss = ctc(log_probs, labels, input_lengths, target_lengths, blank=blank,
               zero_infinity=zero_infinity)
    if reduction == 'mean':
        loss = loss / np.maximum(target_lengths, 1).astype(loss._array.dtype)
    return _reduced(loss, reduction)
