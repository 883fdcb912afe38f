"""Gradients clipped by their global norm."""
from __future__ import annotations

import math

import numpy as np

from .... import tensor
from ....nn import utils
from ..exercise import Exercise, Mistake, Training

TEXT = """
One gradient that is far too long can undo a whole training: it throws the
weights away. Clipping shortens it and keeps its direction. All gradients of a
network count as one long vector, whose length is the global norm:

    norm = sqrt(sum of g^2 over all elements of all arrays)

If norm is larger than max_norm, every array is multiplied by the same number,
so that the norm becomes max_norm. Otherwise all stay as they are, also where
all of them are 0.

gradients is a list of arrays of any shapes. Return the list of the new ones,
and the norm before clipping, which one likes to watch. Leave the arrays of
the caller as they are.
"""


def clip_grad_norm(gradients, max_norm):
    """The list of clipped gradients, and the global norm before clipping."""
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [g * scale for g in gradients], norm


def in_one_vector(gradients, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    return [g * min(1.0, max_norm / (norm + 1e-6)) for g in gradients], float(norm)


def by_loops(gradients, max_norm):
    total = 0.0
    for g in gradients:
        for element in g.flat:
            total += float(element)**2
    norm = math.sqrt(total)
    clipped = []
    for g in gradients:
        g = g.copy()
        if norm > max_norm:
            g /= norm
            g *= max_norm
        clipped.append(g)
    return clipped, norm


def norm_of_norms(gradients, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])
    return tuple(np.where(norm <= max_norm, g, g / norm * max_norm) for g in gradients), norm


def inputs(rng):
    yield [np.array([3.0]), np.array([4.0])], 1.0
    yield [np.array([[1.0, -2.0], [2.0, 4.0]])], 10.0
    yield [np.array([[6.0, 0.0], [0.0, 2.0]]), np.array([3.0, 0.0])], 3.5
    for factor in 0.3, 0.8, 2.5:
        rows, columns = rng.integers(2, 5), rng.integers(2, 5)
        gradients = [rng.normal(size=(rows, columns)), rng.normal(size=columns),
                     rng.normal(size=(columns, 3)), rng.normal(size=3)]
        norm = float(np.sqrt(sum((g**2).sum() for g in gradients)))
        yield gradients, factor * norm
    yield [rng.normal(size=(2, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32)], 0.5
    yield [rng.uniform(0.1, 0.2, (2, 2)), rng.uniform(0.1, 0.2, 2)], 0.45
    yield [np.zeros((2, 2)), np.zeros(2)], 1.0


def chain(clip_grad_norm):
    """Two weights that are used ten times in a row, and a matrix: their gradient explodes."""
    weights = np.array([1.5, 0.5]), np.array([[0.5, 0.2], [-0.4, 1.0]])
    for _ in range(60):
        tensors = [tensor(w, requires_grad=True) for w in weights]
        loss_of_chain(*tensors).backward()
        clipped, _ = clip_grad_norm([w.grad.numpy() for w in tensors], 0.7)
        weights = [w - 0.01 * g for w, g in zip(weights, clipped)]
    return loss_of_chain(*map(tensor, weights)).item()


def loss_of_chain(w, matrix):
    return ((w**10 @ matrix - tensor([2.0, 1.0]))**2).sum()


def bowl(clip_grad_norm):
    """How far from the minimum of w^2 / 2 a descent ends."""
    w = np.array([3.0, 4.1])
    for _ in range(70):
        (w_grad,), _ = clip_grad_norm([w], 2.0)
        w = w - 0.1 * w_grad
    return float(np.sqrt(w @ w))


def short(clip_grad_norm):
    return float(abs(clip_grad_norm([np.array([1.5])], 2.0)[0][0][0]))


TOO_LONG = [np.diag([3.0, 4.0]), np.array([12.0])]       # the norm is 13


def length(clip_grad_norm):
    return float(np.sqrt(sum((g**2).sum() for g in clip_grad_norm(TOO_LONG, 2.0)[0]))) / 2


def angle(clip_grad_norm):
    clipped, _ = clip_grad_norm(TOO_LONG, 2.0)
    dot, square = (sum((a * b).sum() for a, b in zip(clipped, other))
                   for other in (TOO_LONG, clipped))
    return round(math.degrees(math.acos(min(dot / 13 / math.sqrt(square), 1.0))), 4)


def norm_shown(clip_grad_norm):
    return float(clip_grad_norm(TOO_LONG, 2.0)[1])


def package(gradients, max_norm):
    weights = [tensor(np.zeros_like(g), requires_grad=True) for g in gradients]
    for w, g in zip(weights, gradients):
        w.grad = tensor(g)
    norm = utils.clip_grad_norm_(weights, max_norm)
    return [w.grad.numpy() for w in weights], norm.item()


def norm_so_far(gradients, max_norm):
    total, clipped = 0.0, []
    for g in gradients:
        total += (g**2).sum()
        norm = np.sqrt(total)
        clipped.append(g * (max_norm / norm if norm > max_norm else 1.0))
    return clipped, norm


SQUARES = 'sum((g**2).sum() for g in gradients)'
NORM = f'norm = np.sqrt({SQUARES})'
SCALE = 'scale = max_norm / norm if norm > max_norm else 1.0'
CLIPPED = '[g * scale for g in gradients]'
BOWL = Training('the distance from the minimum of a bowl after 70 steps, of which only the first '
                'have to be clipped', bowl)
SHORT = Training('the length of a gradient of 1.5 that is clipped to 2', short)
LENGTH = Training('the length of a gradient that was too long, after clipping, in multiples of '
                  'max_norm', length)
ANGLE = Training('the angle between the gradient and what is left of it, in degrees', angle)
SHOWN = Training('the norm that is shown for two arrays, of norms 5 and 12', norm_shown)

exercise = Exercise(
    17, 'Gradient clipping by the global norm', chapter=8, text=TEXT, solution=clip_grad_norm,
    inputs=inputs, right=[in_one_vector, by_loops, norm_of_norms],
    returns=['clipped gradients', 'norm'], package=package,
    training=Training('the loss after 60 steps of gradient descent with lr = 0.01, where '
                      'weights are used ten times in a row and the first gradient is 2e4 long',
                      chain),
    hints=['One number for all arrays: the squares of all elements of all of them are summed, and '
           'then the root is taken, once.',
           'How long is a gradient that is multiplied by max_norm / norm? And which ones should '
           'not be touched?',
           'norm = np.sqrt(sum((g**2).sum() for g in gradients))'],
    mistakes=[
        Mistake('a clipping of each array by its own norm: they are shortened by different '
                'factors, and the direction changes. The norm is one for all arrays',
                (CLIPPED, '[g * min(1.0, max_norm / max(np.linalg.norm(g), 1e-12)) '
                          'for g in gradients]'),
                training=ANGLE),
        Mistake('a clipping of each element to -max_norm ... max_norm: it changes the direction '
                '(PyTorch calls it clip_grad_value_)',
                (CLIPPED, '[np.clip(g, -max_norm, max_norm) for g in gradients]'),
                training=ANGLE),
        Mistake('gradients that all get the length max_norm, also short ones: those should stay '
                'as they are. Multiply by at most 1',
                (SCALE, 'scale = max_norm / norm'), training=BOWL,
                also=[[(SCALE, 'scale = max_norm / (norm + 1e-6)')]]),
        Mistake('a norm without its root, a sum of squares',
                (NORM, f'norm = {SQUARES}'), training=LENGTH),
        Mistake('a comparison of the sum of squares with max_norm, not of its root',
                ('norm > max_norm', 'norm**2 > max_norm'),
                training=SHORT),
        Mistake('a norm that is the sum of the norms of the arrays: their squares are summed, and '
                'the root is taken last', (NORM, 'norm = sum(np.linalg.norm(g) for g in '
                                                 'gradients)'), training=LENGTH),
        Mistake('a norm that is the sum of the absolute values, the norm called L1',
                (NORM, 'norm = sum(np.abs(g).sum() for g in gradients)'), training=LENGTH),
        Mistake('a norm that is the largest absolute value of all',
                (NORM, 'norm = max(np.abs(g).max() for g in gradients)'), training=LENGTH),
        Mistake('a norm that is the largest of the norms of the arrays',
                (NORM, 'norm = max(np.linalg.norm(g) for g in gradients)'), training=LENGTH),
        Mistake('a norm that is a mean of the norms of the arrays',
                (NORM, 'norm = np.mean([np.linalg.norm(g) for g in gradients])'), training=LENGTH),
        Mistake('a norm of the mean of the squares of the norms: they are summed',
                (NORM, f'norm = np.sqrt({SQUARES} / len(gradients))'), training=LENGTH),
        Mistake('a norm of the mean square: it is the sum of the squares, whatever their number',
                (NORM, f'norm = np.sqrt({SQUARES} / sum(g.size for g in gradients))'),
                training=LENGTH),
        Mistake('a norm in which each array is summed before it is squared: + and - cancel',
                (SQUARES, 'sum(g.sum()**2 for g in gradients)'), training=LENGTH),
        Mistake('a norm in which a matrix counts with its largest singular value, as '
                'np.linalg.norm(g, 2) gives it. Leave out the 2',
                (NORM, 'norm = np.sqrt(sum(np.linalg.norm(g, 2)**2 for g in gradients))'),
                training=LENGTH),
        Mistake('a norm of the first array alone',
                (SQUARES, '(gradients[0]**2).sum()'), training=LENGTH),
        Mistake('a norm of the last array alone, as a loop leaves it in which = stands where += '
                'should', (SQUARES, '(gradients[-1]**2).sum()'), training=LENGTH),
        Mistake('a norm that is not known yet: each array is clipped by what the loop has summed '
                'so far. It takes two loops', program=norm_so_far, training=LENGTH),
        Mistake('a factor that is upside down: norm / max_norm makes long gradients longer',
                ('max_norm / norm', 'norm / max_norm')),
        Mistake('a factor of 1 / norm: gradients that are too long get the length 1 and not '
                'max_norm', ('max_norm / norm', '1 / norm')),
        Mistake('a factor of max_norm, not divided by the norm',
                ('max_norm / norm', 'max_norm')),
        Mistake('a factor with the square of the norm: max_norm / norm^2',
                ('max_norm / norm', 'max_norm / norm**2')),
        Mistake('a factor with its root: sqrt(max_norm / norm)',
                ('max_norm / norm', 'np.sqrt(max_norm / norm)')),
        Mistake('a factor of sqrt(max_norm) / norm: the root is that of the squares, and max_norm '
                'is no square',
                (SCALE, 'scale = min(1.0, np.sqrt(max_norm) / max(norm, 1e-12))')),
        Mistake('a factor of 1 / max_norm', ('max_norm / norm', '1 / max_norm')),
        Mistake('a factor of min(norm, max_norm) / norm, which is 0 / 0, nan, where all gradients '
                'are 0', (SCALE, 'scale = min(norm, max_norm) / norm'), training=Training(
                    'the first of two gradients of 0 after clipping',
                    lambda clip_grad_norm: clip_grad_norm([np.zeros(2)], 1.0)[0][0][0])),
        Mistake('a clipping of short gradients: long ones are left, and short ones made longer',
                ('norm > max_norm', '0 < norm < max_norm')),
        Mistake('gradients that are only looked at: the norm is right, but nothing is clipped',
                (CLIPPED, 'gradients')),
        Mistake('gradients that are set to 0 when they are too long: the step is left out',
                ('max_norm / norm', '0.0')),
        Mistake('a norm after clipping: the one before is asked for, which tells how wild the '
                'training is', (f'{CLIPPED}, norm', f'{CLIPPED}, norm * scale'), training=SHOWN),
        Mistake('a factor that is returned in place of the norm',
                (f'{CLIPPED}, norm', f'{CLIPPED}, scale'), training=SHOWN),
    ])
