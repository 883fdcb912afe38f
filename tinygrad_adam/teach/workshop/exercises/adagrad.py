"""Adagrad."""
from __future__ import annotations

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Training
from .sgd import descend, path_mistakes, path_of

TEXT = """
Adagrad (Duchi, Hazan and Singer 2011) gives each weight a learning rate of
its own: lr, divided by the root of the sum of all squares of its gradients so
far. At each step, with the gradient g:

    s = s + g^2             s is 0 before the first step
    w = w - lr g / (sqrt(s) + eps)

eps is there for weights whose gradients were all 0. w is an array, (n,),
gradients, (steps, n), the gradient at each step. Return w after each step,
(steps, n). Leave the w and the gradients of the caller as they are.
"""


def adagrad(w, gradients, lr, eps):
    """The weights after each step, (steps, n)."""
    s = np.zeros_like(w)
    path = []
    for g in gradients:
        s = s + g**2
        w = w - lr * g / (np.sqrt(s) + eps)
        path.append(w)
    return np.array(path)


def in_place(w, gradients, lr, eps):
    w, s, path = w.copy(), np.zeros(len(w)), np.zeros_like(gradients)
    for t, g in enumerate(gradients):
        s += np.square(g)
        own_lr = lr / (s**0.5 + eps)
        w -= own_lr * g
        path[t] = w
    return path


def by_loops(w, gradients, lr, eps):
    steps, n = gradients.shape
    path = np.zeros((steps, n))
    for i in range(n):
        place, total = w[i], 0.0
        for t in range(steps):
            total += gradients[t, i] * gradients[t, i]
            place = place - gradients[t, i] * lr / (eps + np.sqrt(total))
            path[t, i] = place
    return path


def at_once(w, gradients, lr, eps):
    sizes = np.sqrt(np.cumsum(gradients**2, axis=0)) + eps
    return w - np.cumsum(lr * gradients / sizes, axis=0)


def inputs(rng):
    yield np.array([1.0]), np.array([[3.0], [4.0], [12.0]]), 0.5, 1e-10
    yield np.array([0.0, 1.0]), np.array([[1.0, 0.5], [-1.0, 0.5], [2.0, 4.0]]), 0.5, 0.125
    for eps in 1e-10, 1e-3, 0.1:
        n = rng.integers(2, 4)
        yield (rng.normal(size=n), rng.normal(size=(n + rng.integers(3, 7), n)),
               rng.uniform(0.1, 0.5), eps)
    yield (rng.normal(size=2).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32),
           0.25, 0.01)
    yield np.array([0.0, 3.0]), 1e-8 * rng.uniform(1, 9, (5, 2)), 1.0, 1e-8
    yield np.array([0.5, 2.0]), np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 3.0]]), 1.0, 1e-8


def ravine(adagrad):
    return np.linalg.norm(descend(lambda w, gradients: adagrad(w, gradients, 2.0, 1e-10),
                                  np.array([9.0, 1.5]), np.array([1.0, 25.0]), 40))


def steady_step(adagrad):
    path = adagrad(np.zeros(1), np.ones((100, 1)), 1.0, 1e-10)
    return path[-2, 0] - path[-1, 0]


def alternating_step(adagrad):
    path = adagrad(np.zeros(1), (-1.0)**np.arange(101)[:, None], 1.0, 1e-10)
    return path[-2, 0] - path[-1, 0]


def tiny_gradients(adagrad):
    return -adagrad(np.zeros(1), np.full((1, 1), 1e-8), 1.0, 1e-10)[-1, 0]


def without_gradient(adagrad):
    return abs(adagrad(np.ones(1), np.zeros((100, 1)), 1.0, 1e-10)[-1, 0] - 1)


def package(w, gradients, lr, eps):
    return path_of(optim.Adagrad([tensor(w, requires_grad=True)], lr, eps=eps), gradients)


S, START, ROOT = 's = s + g**2', 's = np.zeros_like(w)', 'np.sqrt(s) + eps'
STEP, PATH = 'lr * g / (np.sqrt(s) + eps)', 'path = []'
APPEND = '        path.append(w)'

STEADY = Training('the 100th step for a constant gradient, in multiples of lr', steady_step)
TINY = Training('the first step for a gradient of 1e-8, in multiples of lr', tiny_gradients)
ALTERNATING = Training('the 101st step for gradients of 1 and -1 in turns, in multiples of lr',
                       alternating_step)
ZERO = Training('how far a weight whose gradient is 0 moves in 100 steps, in multiples of lr',
                without_gradient)

exercise = Exercise(
    13, 'Adagrad', chapter=7, text=TEXT, solution=adagrad, inputs=inputs, steps=True,
    right=[in_place, by_loops, at_once], package=package,
    training=Training('the distance from the minimum of (x^2 + 25 y^2) / 2, after 40 steps from '
                      '(9, 1.5) with lr = 2', ravine),
    hints=['s is made before the loop, as zeros like w, and grows at each step, element by '
           'element.',
           'First s, which then holds the g of this step, too; then w.',
           'The root is taken of s alone. eps is added to the root, and lr g is divided by all of '
           'that: parentheses.'],
    mistakes=[
        *path_mistakes('an Adagrad', 0.1, 1e-10),
        Mistake('an Adagrad that adds eps to the weight, downward: lr g / sqrt(s) + eps lacks '
                'parentheses, and 0 / 0 is nan where the gradient is 0',
                (STEP, '(lr * g / np.sqrt(s) + eps)'), training=ZERO),
        Mistake('an Adagrad that adds eps to the weight, upward: w - lr g / sqrt(s) + eps lacks '
                'parentheses, and 0 / 0 is nan where the gradient is 0',
                (f'({ROOT})', ROOT), training=ZERO),
        Mistake('an Adagrad with eps inside the root, or an s that begins at eps. optax and Keras '
                'have it so; PyTorch adds eps to the root', (ROOT, 'np.sqrt(s + eps)'),
                training=TINY, read='optim/adagrad.py, on eps'),
        Mistake('an Adagrad without eps: 0 / 0 is nan where all gradients were 0',
                (' + eps', ''), training=ZERO),
        Mistake('an Adagrad without the root: it divides by the sum of squares',
                ('np.sqrt(s)', 's'), training=STEADY),
        Mistake('an Adagrad whose s is the sum of the gradients, not of their squares, so that a '
                'root of negative numbers is taken', (S, 's = s + g'), training=TINY),
        Mistake('an Adagrad whose s is the sum of |g|, not of g^2', (S, 's = s + np.abs(g)'),
                training=TINY),
        Mistake('an Adagrad that divides by the sum of |g|, not by the root of the sum of g^2',
                (S, 's = s + np.abs(g)'), ('np.sqrt(s)', 's'), training=STEADY),
        Mistake('an Adagrad that divides by |sum of g|: gradients of different signs cancel, and '
                'their squares would not', (S, 's = s + g'), ('np.sqrt(s)', 'np.abs(s)'),
                training=ALTERNATING),
        Mistake('an Adagrad that forgets: s is the square of the last gradient alone, and each '
                'step is lr long', (S, 's = g**2'), training=STEADY),
        Mistake('an Adagrad whose s is a mean of all squares so far, not their sum: its steps do '
                'not shrink', (PATH, 'path, t = [], 0'), (S, 't, s = t + 1, s + g**2'),
                (ROOT, 'np.sqrt(s / t) + eps'), training=STEADY),
        Mistake('an Adagrad with a memory that fades, s = 0.9 s + 0.1 g^2 or another share: that '
                'is RMSprop', (S, 's = 0.9 * s + 0.1 * g**2'),
                also=[[(S, 's = 0.99 * s + 0.01 * g**2')], [(S, 's = 0.999 * s + 0.001 * g**2')],
                      [(S, 's = 0.95 * s + 0.05 * g**2')]], training=STEADY),
        Mistake('an Adagrad with one s for all weights, the sum of all squares: each weight has '
                'its own', (S, 's = s + (g**2).sum()')),
        Mistake('an Adagrad with one s for all weights, the mean of all squares: each weight has '
                'its own', (S, 's = s + (g**2).mean()')),
        Mistake('an Adagrad that divides by the old s, which lacks the gradient of this step: the '
                'first step is divided by eps alone',
                (f'        {S}\n', ''), (APPEND, f'        {S}\n' + APPEND)),
        Mistake('an Adagrad whose s begins at 0.1, as in TensorFlow. In PyTorch it is 0 unless '
                'initial_accumulator_value says otherwise', (START, 's = np.full_like(w, 0.1)'),
                training=TINY),
        Mistake('an Adagrad whose s begins at 1', (START, 's = np.ones_like(w)'), training=TINY),
        Mistake('an Adagrad whose lr is overwritten: lr = lr / (sqrt(s) + eps) divides again what '
                'was divided at the steps before',
                (f'        w = w - {STEP}', f'        lr = lr / ({ROOT})\n        w = w - lr * g'),
                training=STEADY),
        Mistake('an Adagrad without g in the step: lr / (sqrt(s) + eps) is never '
                'negative',
                ('lr * g', 'lr')),
        Mistake('an Adagrad without lr', ('lr * g', 'g')),
        Mistake('an Adagrad whose lr shrinks like 1 / sqrt(t) and minds no gradient: plain descent '
                'with a schedule', ('np.sqrt(s)', 'np.sqrt(len(path) + 1)'),
                training=TINY),
        Mistake('an Adagrad with a schedule 1 / sqrt(t) on top of its own division',
                ('lr * g', 'lr / np.sqrt(len(path) + 1) * g'),
                training=STEADY),
        Mistake('an Adagrad whose squares hold lr, too: s = s + (lr g)^2',
                (S, 's = s + (lr * g)**2')),
        Mistake('an Adagrad whose s is the sum over all steps already at the first: it uses '
                'gradients of steps that are still to come',
                (START, 's = (gradients**2).sum(axis=0)'), (S, '')),
        Mistake('an Adagrad that takes the root twice', ('np.sqrt(s)', 'np.sqrt(np.sqrt(s))'),
                training=STEADY),
        Mistake('an Adagrad whose s is the squared length of this gradient: nothing is summed over '
                'the steps, and all weights share one', (S, 's = (g**2).sum()'),
                training=STEADY),
        Mistake('an Adagrad that keeps the root in s, and adds the next square to that',
                (S, 's = np.sqrt(s + g**2)'), ('np.sqrt(s)', 's'), training=STEADY),
        Mistake('an Adagrad that takes the larger of the root and eps, and not their sum',
                (ROOT, 'np.maximum(np.sqrt(s), eps)'), training=Training(
                    'the first step for a gradient of 1e-10, in multiples of lr', lambda program: -(
                        program(np.zeros(1), np.full((1, 1), 1e-10), 1.0, 1e-10)[0, 0]))),
        Mistake('an Adagrad whose g is multiplied by eps: lr / sqrt(s) + eps g lacks parentheses',
                (STEP, 'lr / np.sqrt(s) + eps * g')),
        Mistake('an Adagrad that multiplies by the root where it has to divide',
                ('lr * g / (', 'lr * g * (')),
        Mistake('an Adagrad with the parenthesis in the wrong place: (w - lr g) / (sqrt(s) + eps) '
                'divides w, too', ('w - lr * g', '(w - lr * g)'),
                training=STEADY),
    ])
