"""Connectionist temporal classification: the probability of a text when nobody said where each
letter is. Graves, Fernández, Gomez & Schmidhuber 2006.

At every step a network gives probabilities for each letter and for a blank, no letter. A way to
read a text names one of them for each step: letters in order, each for one or more steps, blanks
between them where one likes, and where one letter stands twice in a row, where one must. The text's
probability is the sum over all ways, found from step to step: a way stands at one of 2 s + 1
places, blank, letter, blank, ..., letter, blank, and stays, or moves on by one, or by two over a
blank.
"""
from __future__ import annotations

import numpy as np

from ..autograd import TensorBase, primitive


def places(labels, lengths, blank):
    """For labels (n, s): what is read at each place (n, 2 s + 1), whether the blank before may be
    left out, and where a way may end."""
    n, s = labels.shape
    inside = np.arange(s) < lengths[:, None]
    read = np.full((n, 2 * s + 1), blank)
    read[:, 1::2] = np.where(inside, labels, blank)
    skips = np.zeros(read.shape, bool)
    skips[:, 2:] = read[:, 2:] != read[:, :-2]          # never for blanks
    behind = 2 * lengths[:, None] - np.arange(2 * s + 1)
    return read, skips, (behind == 0) | (behind == 1)


def moved(x, skips, step):
    """log of the sum of exp x over the places a way can come from (step 1) or go to (step -1)."""
    result = x.copy()
    here, there = (slice(1, None), slice(None, -1))[::step]
    result[:, here] = np.logaddexp(x[:, here], x[:, there])
    here, there = (slice(2, None), slice(None, -2))[::step]
    over = np.where(skips[:, 2:], x[:, there], -np.inf)
    result[:, here] = np.logaddexp(result[:, here], over)
    return result


def begun(p, skips):
    """For log probabilities p (t, n, places): those of all beginnings of ways, up to each place."""
    a = np.full_like(p, -np.inf)
    if len(p):
        a[0, :, :2] = p[0, :, :2]
    for t in range(1, len(p)):
        a[t] = moved(a[t - 1], skips, 1) + p[t]
    return a


def ended(p, skips, ends, steps):
    """And of all ends of ways, from each place on."""
    b = np.full_like(p, -np.inf)
    after = b[:1].sum(0)
    for t in reversed(range(len(p))):
        last = t == steps[:, None] - 1
        after = np.where(last, np.where(ends, 0, -np.inf), moved(after, skips, -1)) + p[t]
        b[t] = after
    return b


def _ctc(log_probs, labels, steps, lengths, *, blank, zero_infinity):
    """Minus the log probability of labels (n, s); of log_probs (t, n, c), `steps` count."""
    read, skips, ends = places(labels, lengths, blank)
    n = np.arange(len(labels))
    a = begun(log_probs[:, n[:, None], read], skips)
    if len(a):
        loss = -np.logaddexp.reduce(np.where(ends, a[steps - 1, n], -np.inf), 1)
    loss = np.where(steps > 0, loss, np.where(lengths > 0, np.inf, 0)).astype(log_probs.dtype)
    return np.where(np.isinf(loss), 0, loss).astype(loss.dtype) if zero_infinity else loss


def gradient(g, loss, log_probs, labels, steps, lengths, blank, zero_infinity):
    """softmax minus how likely each letter is at each step, among the ways to read the text.

    That is the gradient in the scores before log_softmax, which this one goes through unchanged
    (its own rule subtracts softmax times the sum, here 0); PyTorch gives the same.
    """
    if isinstance(g, TensorBase):
        raise NotImplementedError('create_graph=True through ctc_loss: only its first derivative '
                                  'is built, as in PyTorch. Use backward() without it.')
    read, skips, ends = places(labels, lengths, blank)
    p = log_probs[:, np.arange(len(labels))[:, None], read]
    ways = begun(p, skips) + ended(p, skips, ends, steps) - p       # a step counts in both
    likely = np.exp(ways + loss[:, None]).swapaxes(0, 1)            # (n, t, places)
    letters = (read[:, :, None] == np.arange(log_probs.shape[2])).astype(p.dtype)
    d = (np.exp(log_probs) - (likely @ letters).swapaxes(0, 1)) * g[:, None]
    counts = np.arange(len(d))[:, None] < steps
    if zero_infinity:
        counts = counts & np.isfinite(_ctc(log_probs, labels, steps, lengths, blank=blank,
                                           zero_infinity=False))
    return np.where(counts[:, :, None], d, 0)


ctc = primitive(_ctc, lambda g, out, log_probs, labels, steps, lengths, blank, zero_infinity:
                gradient(g, out, log_probs, labels, steps, lengths, blank, zero_infinity))
