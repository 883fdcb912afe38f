"""Connectionist temporal classification: the probability of a text without times for its letters.

Graves, Fernandez, Gomez & Schmidhuber 2006. At every step a network gives a probability to each
letter and to a blank, which is no letter. An alignment names one of them for each step; it reads as
the text once repetitions are merged and blanks dropped. The probability of the text is the sum over
all its alignments. It is computed step by step over the *extended labels* blank, letter, blank,
..., letter, blank: an alignment stays at its position, or moves on by one, or by two over a blank
that does not separate equal letters. `alphas` are the log probabilities of all beginnings of
alignments that end at a position, `betas` those of all ends that start there.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import TensorBase, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _sequence_errors as errors


def extended(labels: Any, lengths: Any, blank: Any) -> Any:
    """Of labels (n, s): the extended labels (n, 2 s + 1), where the blank before may be skipped,
    and where an alignment may end."""
    n, s = labels.shape
    inside = np.arange(s) < lengths[:, None]
    letters = np.full((n, 2 * s + 1), blank)
    letters[:, 1::2] = np.where(inside, labels, blank)
    skips = np.zeros(letters.shape, bool)
    skips[:, 2:] = letters[:, 2:] != letters[:, :-2]        # never True at blanks
    from_end = 2 * lengths[:, None] - np.arange(2 * s + 1)
    return letters, skips, (from_end == 0) | (from_end == 1)


def moved(x: Any, skips: Any, step: Any) -> Any:
    """log of the sum of exp x over the positions before (step 1) or after (step -1) a move."""
    total = x.copy()
    here, there = (slice(1, None), slice(None, -1))[::step]
    total[:, here] = np.logaddexp(x[:, here], x[:, there])
    here, there = (slice(2, None), slice(None, -2))[::step]
    over_blank = np.where(skips[:, 2:], x[:, there], -np.inf)
    total[:, here] = np.logaddexp(total[:, here], over_blank)
    return total


def forward_alphas(p: Any, skips: Any) -> Any:
    """alphas (t, n, positions) of log probabilities p (t, n, positions)."""
    alphas = np.full_like(p, -np.inf)
    if len(p):
        alphas[0, :, :2] = p[0, :, :2]
    for t in range(1, len(p)):
        alphas[t] = moved(alphas[t - 1], skips, 1) + p[t]
    return alphas


def backward_betas(p: Any, skips: Any, ends: Any, steps: Any) -> Any:
    """betas (t, n, positions) of log probabilities p (t, n, positions), of which `steps` count."""
    betas = np.full_like(p, -np.inf)
    after = betas[:1].sum(0)
    for t in reversed(range(len(p))):
        last = t == steps[:, None] - 1
        after = np.where(last, np.where(ends, 0, -np.inf), moved(after, skips, -1)) + p[t]
        betas[t] = after
    return betas


@opaque
def _ctc(log_probs, labels, steps, lengths, blank, zero_infinity):
    """Minus the log probability of labels (n, s); of log_probs (t, n, c), `steps` count."""
    letters, skips, ends = extended(labels, lengths, blank)
    n = np.arange(len(labels))
    alphas = forward_alphas(log_probs[:, n[:, None], letters], skips)
    if len(alphas):
        loss = -np.logaddexp.reduce(np.where(ends, alphas[steps - 1, n], -np.inf), 1)
    else:
        loss = np.zeros(len(n))
    loss = np.where(steps > 0, loss, np.where(lengths > 0, np.inf, 0)).astype(log_probs.dtype)
    return np.where(np.isinf(loss), 0, loss).astype(loss.dtype) if zero_infinity else loss


@opaque
def gradient(g: Any, out: Any, log_probs: Any, labels: Any, steps: Any, lengths: Any, blank: Any,
             zero_infinity: Any) -> Any:
    """softmax minus the probability of each letter at each step, among the alignments of the text.

    That is the gradient of the scores before log_softmax, which this one goes through unchanged
    (its own rule subtracts softmax times the sum, here 0); PyTorch gives the same.
    """
    if isinstance(g, TensorBase):
        raise errors.no_second_derivative_of_ctc()
    letters, skips, ends = extended(labels, lengths, blank)
    p = log_probs[:, np.arange(len(labels))[:, None], letters]
    both = forward_alphas(p, skips) + backward_betas(p, skips, ends, steps) - p   # p is in each
    posterior = np.exp(both + out[:, None]).swapaxes(0, 1)                  # (n, t, positions)
    one_hot = (letters[:, :, None] == np.arange(log_probs.shape[2])).astype(p.dtype)
    d = (np.exp(log_probs) - (posterior @ one_hot).swapaxes(0, 1)) * g[:, None]
    counts = np.arange(len(d))[:, None] < steps
    if zero_infinity:
        counts = counts & ~np.isinf(_ctc(log_probs, labels, steps, lengths, blank, False))
    return np.where(counts[:, :, None], d, 0)


ctc: Row = primitive(_ctc, log_probs=gradient)
