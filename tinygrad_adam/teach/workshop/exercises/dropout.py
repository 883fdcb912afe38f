"""Dropout: what is dropped, and what the rest is multiplied by."""
from __future__ import annotations

import numpy as np

from .... import tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
In training, dropout sets each number of x to 0 with probability p, and
multiplies the others by 1 / (1 - p): so the mean stays, and at evaluation,
where nothing is dropped, nothing has to be scaled.

noise has the shape of x and holds random numbers between 0 and 1. Drop where
noise < p. training is True or False; if it is False, x stays as it is. p may
be 1: then everything is dropped, and all is 0, not nan.

Return the output, and the gradient with respect to x, both of the shape of x,
where g is the gradient of the output.
"""


def dropout(x, p, training, noise, g):
    """The output, and the gradient with respect to x."""
    if not training:
        return x.copy(), g.copy()
    if p == 1:
        return np.zeros_like(x), np.zeros_like(g)
    keep = noise >= p
    return keep * x / (1 - p), keep * g / (1 - p)


def by_loops(x, p, training, noise, g):
    out, gradient = x.copy(), g.copy()
    if training:
        for place in np.ndindex(*x.shape):
            if noise[place] < p:
                out[place] = gradient[place] = 0.0
            else:
                out[place] /= 1 - p
                gradient[place] /= 1 - p
    return out, gradient


def with_where(x, p, training, noise, g):
    if not training or p == 0:
        return x.copy(), g.copy()
    keep = 1.0 - p
    return tuple(np.where(noise < p, 0, a / max(keep, 1e-12)) for a in (x, g))


def inputs(rng):
    yield np.array([1.0, 2.0, 3.0, 4.0]), 0.75, True, np.array([0.9, 0.1, 0.8, 0.5]), np.ones(4)
    yield np.array([1.0, 2.0]), 0.75, False, np.array([0.9, 0.1]), np.array([1.0, 5.0])
    for p in 0.2, 0.5, 0.8, 0.35:
        shape = tuple(rng.integers(3, 6, 2))
        noise = rng.uniform(0.02, 0.98, shape)
        noise[0, :3] = p / 2, (1 + p) / 2, min(p, 1 - p) / 3     # some are dropped, some are not
        yield rng.normal(1, 1, shape), p, True, noise, rng.normal(size=shape)
    yield rng.normal(size=(2, 3)), 0.3, False, rng.random((2, 3)), rng.normal(size=(2, 3))
    yield (rng.normal(size=(4, 3)).astype(np.float32), 0.25, True,
           rng.random((4, 3)).astype(np.float32), rng.normal(size=(4, 3)).astype(np.float32))
    yield np.array([1.0, 2.0, 3.0]), 0.0, True, np.array([0.1, 0.5, 0.9]), np.ones(3)
    yield np.array([1.0, 2.0, 4.0, 3.0]), 0.25, True, np.array([0.25, 0.1, 0.25, 0.9]), np.ones(4)
    yield np.array([1.0, 2.0]), 0.0, True, np.array([0.0, 0.5]), np.ones(2)
    yield np.array([1.0, -2.0]), 1.0, True, np.array([0.3, 0.9]), np.array([1.0, 2.0])


def train(dropout):
    """The loss at evaluation of a line, trained with dropout of its ten inputs."""
    rng = np.random.default_rng(0)
    x = rng.normal(2, 1, (200, 10))
    w, target = np.zeros(10), x @ np.linspace(0.5, 1.5, 10)
    for _ in range(300):
        noise = rng.random(x.shape)
        dropped, _ = dropout(x, 0.2, True, noise, x)
        w = w - 0.0025 * dropped.T @ (dropped @ w - target) / len(x)
    x, _ = dropout(x, 0.2, False, noise, x)
    return F.mse_loss(tensor(x @ w), tensor(target)).item()


def evaluation(dropout):
    """A mean of outputs at evaluation, over that in training."""
    x, noise = np.full(10000, 5.0), np.random.default_rng(0).random(10000)
    mean, rest = (np.mean(dropout(x, 0.2, training, noise, x)[0]) for training in (True, False))
    return mean / rest


def slope(dropout):
    x, noise = np.ones(10000), np.random.default_rng(0).random(10000)
    return np.mean(dropout(x, 0.2, True, noise, x)[1])


def of_the_dropped(dropout):
    noise = np.random.default_rng(0).random(100)
    return np.count_nonzero(dropout(np.ones(100), 0.5, True, noise, np.ones(100))[1][noise < 0.5])


def all_dropped(dropout):
    return dropout(np.ones(3), 1.0, True, np.array([0.1, 0.5, 0.9]), np.ones(3))[0].sum()


def kept(dropout):
    noise = np.random.default_rng(0).random(1000)
    return np.count_nonzero(dropout(np.ones(1000), 0.2, True, noise, np.ones(1000))[0])


def package(x, p, training, noise, g):
    """The package draws its own noise: of it only the scale is taken."""
    with_grad = tensor(x, requires_grad=True)
    out = F.dropout(with_grad, p, False)
    if training:
        scale = F.dropout(tensor(np.ones(1000, x.dtype)), p, True).max()
        out = with_grad * tensor((noise >= p).astype(x.dtype)) * scale
    out.backward(tensor(g))
    return out.detach().numpy(), with_grad.grad.numpy()


EVAL = 'return x.copy(), g.copy()'
ALL = '    if p == 1:\n        return np.zeros_like(x), np.zeros_like(g)\n'
KEEP, OUT, GRAD = 'keep = noise >= p', 'keep * x / (1 - p)', 'keep * g / (1 - p)'


def scaled(words):
    """Edits of the scale of both results."""
    return (OUT, f'keep * x {words}'), (GRAD, f'keep * g {words}')


MEAN = Training('the mean of the outputs in training with p = 0.2, over that at evaluation',
                evaluation)
SLOPE = Training('the mean gradient of the sum of 10000 outputs, with p = 0.2', slope)
DROPPED = Training('how many of the inputs that were dropped get a gradient', of_the_dropped)
KEPT = Training('how many of 1000 inputs are kept with p = 0.2', kept)
NAN = Training('the sum of the outputs for p = 1', all_dropped)

exercise = Exercise(
    21, "Dropout's scale", chapter=12, text=TEXT, solution=dropout, inputs=inputs,
    right=[by_loops, with_where], returns=['output', 'gradient'], package=package,
    training=Training('the loss at evaluation of a line that fits its points, after 300 steps with '
                      'a dropout of 0.2', train),
    hints=['There are three cases: evaluation, p = 1, and the rest.',
           'noise >= p is an array of True and False. Multiplied by x it leaves x or 0.',
           'With p = 0.5, p and 1 - p are the same. Think of p = 0.2: which part is kept?'],
    mistakes=[
        Mistake('a dropout that does not scale: in training the mean is smaller than at evaluation',
                *scaled('')),
        Mistake('a dropout that scales at evaluation and not in training, by 1 - p: that of the '
                'first paper. PyTorch divides in training, so that evaluation is free of it',
                *scaled(''), (EVAL, 'return (1 - p) * x, (1 - p) * g'), training=Training(
                    'the output at evaluation for x = 1 and p = 0.2', lambda dropout: dropout(
                        np.ones(1), 0.2, False, np.ones(1), np.ones(1))[0][0])),
        Mistake('a dropout that scales twice, by 1 / (1 - p) in training and by 1 - p at '
                'evaluation', (EVAL, 'return (1 - p) * x, (1 - p) * g'), training=MEAN),
        Mistake('a dropout that scales at evaluation, too, by 1 / (1 - p)',
                (EVAL, 'return x / max(1 - p, 1e-12), g / max(1 - p, 1e-12)'), training=MEAN),
        Mistake('a dropout that multiplies by 1 - p where it has to divide',
                *scaled('* (1 - p)')),
        Mistake('a dropout that divides by p: what is kept is 1 - p of all. With p = 0.5 it does '
                'not show', *scaled('/ p')),
        Mistake('a dropout that takes p for the probability to keep: it keeps where noise < p, and '
                'divides by p', (KEEP, 'keep = noise < p'), *scaled('/ p'), training=KEPT,
                also=[[(KEEP, 'keep = noise < p'), *scaled('/ p'), (ALL, '')]]),
        Mistake('a dropout that drops where noise equals p, too: with p = 0, a noise of 0 is '
                'dropped, though nothing should be', (KEEP, 'keep = noise > p'), training=Training(
                    'the output for x = 1, p = 0 and noise = 0', lambda dropout: dropout(
                        np.ones(1), 0.0, True, np.zeros(1), np.ones(1))[0][0])),
        Mistake('a dropout that keeps where noise < p, and drops the others',
                (KEEP, 'keep = noise < p'), training=KEPT,
                also=[[(KEEP, 'keep = noise < p'), (ALL, '')]]),
        Mistake('a dropout that keeps where noise < p, and does not scale',
                (KEEP, 'keep = noise < p'), *scaled(''), training=KEPT,
                also=[[(KEEP, 'keep = noise < p'), *scaled(''), (ALL, '')]]),
        Mistake('a dropout that keeps where noise < 1 - p: as many are kept, but not those where '
                'noise >= p', (KEEP, 'keep = noise < 1 - p'), training=Training(
                    'the output for x = 1, p = 0.5 and noise = 0.1', lambda dropout: dropout(
                        np.ones(1), 0.5, True, np.full(1, 0.1), np.ones(1))[0][0])),
        Mistake('a dropout that multiplies by 1 + p', *scaled('* (1 + p)')),
        Mistake('a dropout that drops at evaluation, too',
                ('if not training', 'if False'), training=Training(
                    'how many of four numbers are 0 at evaluation with p = 0.5',
                    lambda dropout: 4 - np.count_nonzero(dropout(
                        np.ones(4), 0.5, False, np.array([0.2, 0.7, 0.3, 0.8]), np.ones(4))[0]))),
        Mistake('a dropout that drops at evaluation and not in training',
                ('if not training', 'if training'), training=KEPT),
        Mistake('a dropout that never drops: training is not looked at',
                ('if not training', 'if True'), training=KEPT),
        Mistake('a dropout that scales by the share that was kept this time, not by 1 - p, which '
                'is the share on average', *scaled('/ max(keep.mean(), 1e-12)'),
                training=Training('the largest of four outputs for x = 1, p = 0.5, where three are '
                                  'kept', lambda dropout: dropout(
                                      np.ones(4), 0.5, True, np.array([0.2, 0.7, 0.9, 0.8]),
                                      np.ones(4))[0].max())),
        Mistake('a dropout that divides by sqrt(1 - p): it keeps the mean of the squares',
                *scaled('/ np.sqrt(1 - p)')),
        Mistake('a dropout that scales but drops nothing', (KEEP, 'keep = 1.0')),
        Mistake('a dropout that multiplies by the noise', (KEEP, 'keep = noise')),
        Mistake('a dropout with one mask for all rows: each number has its own chance',
                (KEEP, 'keep = (noise >= p)[:1]'), training=Training(
                    'how many of 10 rows are alike', lambda dropout: 11 - len(np.unique(dropout(
                        np.ones((10, 9)), 0.5, True, np.random.default_rng(0).random((10, 9)),
                        np.ones((10, 9)))[0], axis=0)))),
        Mistake('a dropout of whole rows', (KEEP, 'keep = (noise >= p)[..., :1]'),
                training=Training('how many of 10 rows of 9 numbers are all 0',
                                  lambda dropout: 10 - np.count_nonzero(dropout(
                                      np.ones((10, 9)), 0.5, True, np.random.default_rng(0).random(
                                          (10, 9)), np.ones((10, 9)))[0].any(axis=1)))),
        Mistake('a dropout whose p = 1 gives 0 / 0, which is nan', (ALL, ''), training=NAN),
        Mistake('a dropout whose p = 1 drops nothing',
                (ALL, ALL.replace('np.zeros_like(x), np.zeros_like(g)', 'x, g')), training=NAN),
        Mistake('a gradient of g as it is: what was dropped gets one, too, and nothing is scaled',
                (GRAD, 'g.copy()'), training=DROPPED),
        Mistake('a gradient that is scaled and not dropped: an input that was dropped had no part '
                'in the output', (GRAD, 'g / (1 - p)'), training=DROPPED),
        Mistake('a gradient without the scale 1 / (1 - p)', (GRAD, 'keep * g'), training=SLOPE),
        Mistake('a gradient that is scaled twice', (GRAD, 'keep * g / (1 - p)**2'),
                training=SLOPE),
        Mistake('a gradient multiplied by 1 - p where it has to be divided',
                (GRAD, 'keep * g * (1 - p)'), training=SLOPE),
        Mistake('a gradient that is multiplied by x: the output is x times a number, whose slope '
                'is that number', (GRAD, 'keep * x * g / (1 - p)'), training=Training(
                    'the gradient of a kept 3, with p = 0.5', lambda dropout: dropout(
                        np.full(1, 3.0), 0.5, True, np.full(1, 0.9), np.ones(1))[1][0])),
        Mistake('a gradient that is the mask, without g', (GRAD, 'keep / (1 - p)'),
                training=Training('the gradient of a kept number for g = 3, with p = 0.5',
                                  lambda dropout: dropout(np.ones(1), 0.5, True, np.full(1, 0.9),
                                                          np.full(1, 3.0))[1][0])),
        Mistake('a gradient that is dropped at evaluation, too',
                (EVAL, 'return x.copy(), g * (noise >= p)'), training=Training(
                    'how many of four gradients are 0 at evaluation with p = 0.5',
                    lambda dropout: 4 - np.count_nonzero(dropout(
                        np.ones(4), 0.5, False, np.array([0.2, 0.7, 0.3, 0.8]), np.ones(4))[1]))),
        Mistake('a gradient of 0 at evaluation', (EVAL, 'return x.copy(), 0 * g'),
                training=Training('the gradient at evaluation for g = 3',
                                  lambda dropout: dropout(np.ones(1), 0.5, False, np.ones(1),
                                                          np.full(1, 3.0))[1][0])),
    ])
