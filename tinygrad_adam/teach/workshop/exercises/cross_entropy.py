"""Softmax cross-entropy, stable, and its gradient."""
from __future__ import annotations

import numpy as np

from .... import tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
Each row of scores, (n, k), belongs to one example, target, (n,), holds the
numbers of the right classes. Softmax makes probabilities of a row of scores s:

    p_i = exp(s_i) / sum over j of exp(s_j)

The loss is the mean, over the rows, of -log p at the right class. Return it,
and its gradient with respect to the scores, (n, k).

Scores may be 1000 or -1000, and the loss is exact there too: exp must not
overflow, and log must not meet 0.
"""


def cross_entropy(scores, target):
    """The loss, a number, and its gradient with respect to scores, (n, k)."""
    n, k = scores.shape
    rows = np.arange(n)
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[rows, target].mean()
    gradient = p.copy()
    gradient[rows, target] -= 1
    return loss, gradient / n


def with_one_hot(scores, target):
    one_hot = np.eye(scores.shape[1])[target]
    peak = np.max(scores, axis=1)[:, None]
    log_sum = peak + np.log(np.sum(np.exp(scores - peak), axis=1, keepdims=True))
    log_p = scores - log_sum
    return -np.sum(np.where(one_hot == 1, log_p, 0)) / len(scores), (
        np.exp(log_p) - one_hot) / len(scores)


def by_loops(scores, target):
    n, k = scores.shape
    loss, gradient = 0.0, np.zeros((n, k))
    for i in range(n):
        peak = max(scores[i])
        total = sum(np.exp(s - peak) for s in scores[i])
        loss += peak + np.log(total) - scores[i, target[i]]
        for j in range(k):
            gradient[i, j] = (np.exp(scores[i, j] - peak) / total - (j == target[i])) / n
    return loss / n, gradient


def softmax_of_one_row(scores, target):
    """A common mistake: the axes are forgotten."""
    n, k = scores.shape
    p = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    loss = -np.log(p[np.arange(n), target]).mean()
    p[np.arange(n), target] -= 1
    return loss, p / n


def inputs(rng):
    yield np.array([[0.0, 0.0]]), np.array([1])
    yield np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), np.array([2, 0])
    for n, k in (5, 3), (4, 4), (3, 6):
        yield rng.normal(0, 2, (n, k)), rng.integers(0, k, n)
    yield rng.normal(size=(3, 2)).astype(np.float32), rng.integers(0, 2, 3)
    yield np.array([[1000.0, 0.0, -1000.0], [1.0, 2.0, 3.0]]), np.array([0, 1])
    yield np.array([[1000.0, 0.0, -1000.0], [1.0, 2.0, 3.0]]), np.array([2, 1])
    yield np.array([[-800.0, -801.0], [800.0, 801.0]]), np.array([0, 1])


def train(cross_entropy):
    """The loss of three classes of points after 30 steps of gradient descent."""
    rng = np.random.default_rng(0)
    target = np.repeat([0, 1, 2], 20)
    x = np.eye(3)[target] + rng.normal(0, 0.3, (60, 3))
    w = np.zeros((3, 3))
    for _ in range(30):
        w -= x.T @ cross_entropy(x @ w, target)[1]
    return F.cross_entropy(tensor(x @ w), tensor(target)).item()


def package(scores, target):
    scores = tensor(scores, requires_grad=True)
    loss = F.cross_entropy(scores, tensor(target))
    loss.backward()
    return loss.item(), scores.grad.numpy()


LOG_P = 'log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))'
MINUS_ONE = 'gradient[rows, target] -= 1'
SHIFTED = 'shifted = scores - scores.max(axis=1, keepdims=True)'
P = 'p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)'
COLUMNS = 'p = np.exp(shifted) / np.exp(shifted).sum(axis=0, keepdims=True)'
LOSS = 'loss = -log_p[rows, target].mean()'

UNSTABLE = Training(
    'the loss of two rows of scores, (1000, 0) and (0, 1000), both of class 0',
    lambda cross_entropy: cross_entropy(np.array([[1000.0, 0.0], [0.0, 1000.0]]),
                                        np.array([0, 0]))[0])
FAR_BELOW = Training(
    'the loss of two rows of scores, (1000, 1000) and (0, 0)',
    lambda cross_entropy: cross_entropy(np.array([[1000.0, 1000.0], [0.0, 0.0]]),
                                        np.array([0, 0]))[0])
LOSS_SHOWN = Training(
    'the loss shown before training, of three equal scores, where ln 3 is right',
    lambda cross_entropy: cross_entropy(np.zeros((4, 3)), np.array([0, 1, 2, 0]))[0])

exercise = Exercise(
    9, 'Softmax cross-entropy and its gradient', chapter=4, text=TEXT, solution=cross_entropy,
    inputs=inputs, right=[with_one_hot, by_loops], returns=['loss', 'gradient'], package=package,
    training=Training('the loss of three classes of points after 30 steps of gradient descent',
                      train),
    hints=['Subtract the largest score of each row first: the probabilities stay as they are.',
           'log p_i = s_i - log(sum of exp(s_j)): no quotient is needed, and no log of 0 is met.',
           'The gradient of -log p at the right class is p, minus 1 at the right class. '
           'The mean over n rows divides it by n.'],
    mistakes=[
        Mistake('a softmax without a shift: exp(1000) overflows, and infinity over infinity is '
                'nan. Subtract the largest score of each row first', (SHIFTED, 'shifted = scores'),
                training=UNSTABLE),
        Mistake('a log of a probability that has become 0: the loss is infinite where it should '
                'be large. Take s_i - log(sum of exp) in place of log(p_i)',
                (LOG_P, 'log_p = np.log(p)'), training=UNSTABLE),
        Mistake('a log of p + 1e-12, or another small number, or of a p that is clipped: it hides '
                'every large loss', (LOG_P, 'log_p = np.log(p + 1e-12)'), training=UNSTABLE,
                also=[[(LOG_P, f'log_p = np.log({p})')] for p in (
                    'p + 1e-15', 'p + 1e-10', 'p + 1e-9', 'p + 1e-8', 'p + 1e-7',
                    'np.clip(p, 1e-15, 1 - 1e-15)', 'np.clip(p, 1e-12, 1 - 1e-12)',
                    'np.clip(p, 1e-10, 1 - 1e-10)', 'np.clip(p, 1e-8, 1 - 1e-8)',
                    'np.clip(p, 1e-7, 1 - 1e-7)')]),
        Mistake('a shift by the largest of all scores: a row that is far below it has only zeros '
                'left. Each row has its own', (SHIFTED, 'shifted = scores - scores.max()'),
                training=FAR_BELOW),
        Mistake('a gradient that is not divided by n, though the loss is a mean over n rows',
                ('gradient / n', 'gradient')),
        Mistake('a loss that is a sum over the rows and not their mean',
                (LOSS, 'loss = -log_p[rows, target].sum()'), training=LOSS_SHOWN),
        Mistake('a loss that is divided by all n k scores, not by the n rows',
                (LOSS, 'loss = -log_p[rows, target].sum() / (n * k)'), training=LOSS_SHOWN),
        Mistake('a gradient divided by all n k scores, not by the n rows',
                ('gradient / n', 'gradient / (n * k)')),
        Mistake('a gradient divided by the k classes, not by the n rows',
                ('gradient / n', 'gradient / k')),
        Mistake('a gradient that is p alone: the 1 of the right class is not subtracted',
                (MINUS_ONE, '')),
        Mistake('a gradient with the wrong sign: 1 minus p at the right class',
                ('gradient / n', '-gradient / n')),
        Mistake('a gradient with respect to p, -1 / p at the right class: it has still to go '
                'through softmax',
                (MINUS_ONE, 'gradient = np.zeros_like(p)\n'
                            '    gradient[rows, target] = -1 / p[rows, target]')),
        Mistake('a gradient of -p (1 - p) at the right class: the slope of p itself, not of -log p',
                (MINUS_ONE, 'gradient = -p * (1 - p) * np.eye(k)[target]')),
        Mistake('a loss with the wrong sign: log p and not -log p',
                (LOSS, 'loss = log_p[rows, target].mean()'), training=LOSS_SHOWN),
        Mistake('a loss of which the logarithm is to base 2',
                (LOSS, 'loss = -log_p[rows, target].mean() / np.log(2)'), training=LOSS_SHOWN),
        Mistake('a loss of which the logarithm is to base 10',
                (LOSS, 'loss = -log_p[rows, target].mean() / np.log(10)'), training=LOSS_SHOWN),
        Mistake('a loss that is a mean of -p, without a logarithm',
                (LOSS, 'loss = -p[rows, target].mean()'), training=LOSS_SHOWN),
        Mistake('a binary cross-entropy: the wrong classes add -log(1 - p)',
                (LOSS, 'others = np.log(1 - p) * (1 - np.eye(k)[target])\n'
                       '    loss = -log_p[rows, target].mean() - others.sum() / n'),
                training=LOSS_SHOWN),
        Mistake('a softmax over the columns: the probabilities of each example have to sum to 1, '
                'and an example is a row, so the axis is 1', (
                    SHIFTED, 'shifted = scores - scores.max(axis=0, keepdims=True)'),
                (P, COLUMNS), (LOG_P, 'log_p = np.log(p)'),
                also=[[(SHIFTED, 'shifted = scores - scores.max(axis=0, keepdims=True)'),
                       (P, COLUMNS),
                       (LOG_P, 'log_p = shifted - np.log(np.exp(shifted).sum(axis=0))')],
                      [(P, COLUMNS), (LOG_P, 'log_p = np.log(p)')],
                      [(SHIFTED, 'shifted = scores'), (P, COLUMNS), (LOG_P, 'log_p = np.log(p)')]]),
        Mistake('a softmax over the whole matrix: its probabilities sum to 1 together, where each '
                'row should', program=softmax_of_one_row,
                also=[[(P, 'p = np.exp(shifted) / np.exp(shifted).sum()'),
                       (LOG_P, 'log_p = np.log(p)')]]),
        Mistake('a softmax applied twice: its probabilities are taken for scores',
                (SHIFTED, 'scores = np.exp(scores - scores.max(axis=1, keepdims=True))\n'
                          '    scores /= scores.sum(axis=1, keepdims=True)\n'
                          '    shifted = scores - scores.max(axis=1, keepdims=True)')),
    ])
