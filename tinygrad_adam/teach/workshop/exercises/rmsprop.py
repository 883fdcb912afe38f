"""RMSprop."""
from __future__ import annotations

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Training
from .sgd import descend, path_mistakes, path_of

TEXT = """
RMSprop (Tieleman and Hinton 2012) divides each gradient by the root of a
running mean of its squares. The mean forgets old gradients, so that steps do
not shrink by themselves as those of Adagrad do. At each step, with the
gradient g:

    v = alpha v + (1 - alpha) g^2          v is 0 before the first step
    w = w - lr g / (sqrt(v) + eps)

w is an array, (n,), gradients, (steps, n), the gradient at each step. Return
w after each step, (steps, n). Leave the w and the gradients of the caller as
they are.
"""


def rmsprop(w, gradients, lr, alpha, eps):
    """The weights after each step, (steps, n)."""
    v = np.zeros_like(w)
    path = []
    for g in gradients:
        v = alpha * v + (1 - alpha) * g**2
        w = w - lr * g / (np.sqrt(v) + eps)
        path.append(w)
    return np.array(path)


def in_place(w, gradients, lr, alpha, eps):
    w, v, path = w.copy(), np.zeros(len(w)), np.zeros_like(gradients)
    for t, g in enumerate(gradients):
        v += (1 - alpha) * (g * g - v)
        w -= lr / (v**0.5 + eps) * g
        path[t] = w
    return path


def by_loops(w, gradients, lr, alpha, eps):
    path = []
    place, v = [float(x) for x in w], [0.0] * len(w)
    for g in gradients.tolist():
        for i in range(len(place)):
            v[i] = alpha * v[i] + (1 - alpha) * g[i]**2
            place[i] -= lr * g[i] / (v[i]**0.5 + eps)
        path.append(list(place))
    return np.array(path)


def from_weighted_sums(w, gradients, lr, alpha, eps):
    t = np.arange(len(gradients))
    age = t[:, None] - t
    shares = np.where(age >= 0, (1 - alpha) * float(alpha)**np.maximum(age, 0), 0.0)
    return w - np.cumsum(lr * gradients / (np.sqrt(shares @ gradients**2) + eps), axis=0)


def inputs(rng):
    yield np.array([1.0]), np.array([[2.0], [2.0], [4.0]]), 0.5, 0.75, 1e-8
    yield np.array([0.0, 1.0]), np.array([[1.0, 0.5], [-1.0, 0.5], [2.0, 4.0]]), 0.5, 0.75, 0.125
    for eps in 1e-8, 1e-3, 0.1:
        n = rng.integers(2, 4)
        yield (rng.normal(size=n), rng.normal(size=(n + rng.integers(3, 7), n)),
               rng.uniform(0.1, 0.5), rng.uniform(0.6, 0.85), eps)
    yield (rng.normal(size=2).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32),
           0.25, 0.875, 0.01)
    yield np.array([0.0, 3.0]), 1e-8 * rng.uniform(1, 9, (5, 2)), 1.0, 0.9, 1e-8
    yield np.array([0.5, 2.0]), np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 3.0]]), 1.0, 0.99, 1e-8


def ravine(rmsprop):
    return np.linalg.norm(descend(lambda w, gradients: rmsprop(w, gradients, 0.3, 0.99, 1e-8),
                                  np.array([9.0, 1.5]), np.array([1.0, 25.0]), 50))


def first_step(rmsprop):
    return -rmsprop(np.zeros(1), np.ones((1, 1)), 1.0, 0.99, 1e-8)[0, 0]


def second_step(rmsprop):
    path = rmsprop(np.zeros(1), np.ones((2, 1)), 1.0, 0.99, 1e-8)
    return path[0, 0] - path[1, 0]


def in_tenths(rmsprop):
    return -rmsprop(np.zeros(1), np.ones((100, 1)), 0.1, 0.99, 1e-8)[-1, 0]


def late_step(rmsprop):
    path = rmsprop(np.zeros(1), np.ones((500, 1)), 1.0, 0.99, 1e-8)
    return path[-2, 0] - path[-1, 0]


def tiny_gradients(rmsprop):
    return -rmsprop(np.zeros(1), np.full((1, 1), 1e-8), 1.0, 0.99, 1e-8)[-1, 0]


def without_gradient(rmsprop):
    return abs(rmsprop(np.ones(1), np.zeros((100, 1)), 1.0, 0.99, 1e-8)[-1, 0] - 1)


def package(w, gradients, lr, alpha, eps):
    return path_of(optim.RMSprop([tensor(w, requires_grad=True)], lr, alpha, eps), gradients)


V, START, ROOT = 'v = alpha * v + (1 - alpha) * g**2', 'v = np.zeros_like(w)', 'np.sqrt(v) + eps'
STEP, PATH = 'lr * g / (np.sqrt(v) + eps)', 'path = []'
APPEND = '        path.append(w)'

FIRST = Training('the first step for a gradient of 1 and alpha = 0.99, in multiples of lr',
                 first_step)
LATE = Training('the last of 500 steps for a constant gradient of 1 and alpha = 0.99, in '
                'multiples of lr', late_step)
TINY = Training('the first step for a gradient of 1e-8, in multiples of lr', tiny_gradients)
SECOND = Training('the second step for a gradient of 1 and alpha = 0.99, in multiples of lr',
                  second_step)
TENTHS = Training('how far a weight moves in 100 steps for a gradient of 1, with lr = 0.1',
                  in_tenths)
ZERO = Training('how far a weight whose gradient is 0 moves in 100 steps, in multiples of lr',
                without_gradient)

exercise = Exercise(
    14, 'RMSprop', chapter=7, text=TEXT, solution=rmsprop, inputs=inputs, steps=True,
    right=[in_place, by_loops, from_weighted_sums], package=package,
    training=Training('the distance from the minimum of (x^2 + 25 y^2) / 2, after 50 steps from '
                      '(9, 1.5) with lr = 0.3', ravine),
    hints=['v is made before the loop, as zeros like w, and it is kept from step to step.',
           'First v, which then holds the g of this step, too; then w.',
           'The old v has the large share, alpha, the new square the small one, 1 - alpha. eps is '
           'added to the root, and lr g is divided by all of that: parentheses.'],
    mistakes=[
        *path_mistakes('an RMSprop', 0.1, 0.99, 1e-8),
        Mistake('an RMSprop that adds eps to the weight, downward: lr g / sqrt(v) + eps lacks '
                'parentheses, and 0 / 0 is nan where the gradient is 0',
                (STEP, '(lr * g / np.sqrt(v) + eps)'), training=ZERO),
        Mistake('an RMSprop that adds eps to the weight, upward: w - lr g / sqrt(v) + eps lacks '
                'parentheses, and 0 / 0 is nan where the gradient is 0',
                (f'({ROOT})', ROOT), training=ZERO),
        Mistake('an RMSprop with eps inside the root, as TensorFlow 1 and optax have it. PyTorch '
                'adds it to the root', (ROOT, 'np.sqrt(v + eps)'), training=TINY,
                read='optim/rmsprop.py, on eps'),
        Mistake('an RMSprop without eps: 0 / 0 is nan where all gradients were 0',
                (' + eps', ''), training=ZERO),
        Mistake('an RMSprop without the root: it divides by the mean of squares',
                ('np.sqrt(v)', 'v'), training=FIRST),
        Mistake('an RMSprop with alpha and 1 - alpha exchanged: it keeps the small share of the '
                'old mean', (V, 'v = (1 - alpha) * v + alpha * g**2'), training=FIRST),
        Mistake('an RMSprop whose v lacks the factor 1 - alpha: v = alpha v + g^2',
                (V, 'v = alpha * v + g**2'), training=FIRST),
        Mistake('an RMSprop that adds up all squares, v = v + g^2: that is Adagrad, and its steps '
                'shrink', (V, 'v = v + g**2'), training=LATE),
        Mistake('an RMSprop that never forgets, v = v + (1 - alpha) g^2: alpha is missing before '
                'v, and its steps shrink', (V, 'v = v + (1 - alpha) * g**2'), training=LATE),
        Mistake('an RMSprop that remembers nothing: v is (1 - alpha) g^2 of this step alone',
                (V, 'v = (1 - alpha) * g**2'), training=LATE),
        Mistake('an RMSprop with bias correction, v / (1 - alpha^t), as Adam has it: the first '
                'step is lr long, where that of RMSprop is lr / sqrt(1 - alpha)',
                (ROOT, 'np.sqrt(v / (1 - alpha**(len(path) + 1))) + eps'), training=FIRST,
                read='chapter 8'),
        Mistake('an RMSprop whose v begins as the square of the first gradient',
                (START, 'v = gradients[0]**2'), training=FIRST),
        Mistake('an RMSprop whose v begins at 1, as in TensorFlow 1',
                (START, 'v = np.ones_like(w)'), training=FIRST),
        Mistake('an RMSprop whose v is a mean of g, not of g^2, so that a root of negative numbers '
                'is taken', (V, 'v = alpha * v + (1 - alpha) * g'), training=TINY),
        Mistake('an RMSprop whose v is a mean of |g|, not of g^2',
                (V, 'v = alpha * v + (1 - alpha) * np.abs(g)'), training=TINY),
        Mistake('an RMSprop that divides by |mean of g|: gradients of different signs cancel, and '
                'their squares would not', (V, 'v = alpha * v + (1 - alpha) * g'),
                ('np.sqrt(v)', 'np.abs(v)'), training=FIRST),
        Mistake('an RMSprop that adds to v what should replace it: v += alpha v + (1 - alpha) g^2 '
                'keeps the old v once more', (V, 'v = v + alpha * v + (1 - alpha) * g**2'),
                training=LATE),
        Mistake('an RMSprop whose v is the mean over all steps already at the first: it uses '
                'gradients of steps that are still to come',
                (START, 'v = (gradients**2).mean(axis=0)'), (V, '')),
        Mistake('an RMSprop with the share alpha for both, v = alpha v + alpha g^2',
                (V, 'v = alpha * v + alpha * g**2'), training=FIRST),
        Mistake('an RMSprop that lacks the parentheses of (1 - alpha): v = alpha v + 1 - alpha '
                'g^2', (V, 'v = alpha * v + 1 - alpha * g**2'), training=TINY),
        Mistake('an RMSprop that takes the root twice', ('np.sqrt(v)', 'np.sqrt(np.sqrt(v))'),
                training=FIRST),
        Mistake('an RMSprop with v in place of g: the step is lr v / (sqrt(v) + eps), which is '
                'never negative', ('lr * g', 'lr * v'), training=FIRST),
        Mistake('an RMSprop that divides by a mean of |g|, and not by the root of a mean of g^2',
                (V, 'v = alpha * v + (1 - alpha) * np.abs(g)'), ('np.sqrt(v)', 'v'),
                training=FIRST),
        Mistake('an RMSprop that squares (1 - alpha) g, not g alone',
                (V, 'v = alpha * v + ((1 - alpha) * g)**2'), training=FIRST),
        Mistake('an RMSprop that keeps the root in v, and makes the next mean of that',
                (V, 'v = np.sqrt(alpha * v + (1 - alpha) * g**2)'), ('np.sqrt(v)', 'v')),
        Mistake('an RMSprop with one v for all weights, the mean of all squares: each weight has '
                'its own', (V, 'v = alpha * v + (1 - alpha) * (g**2).mean()')),
        Mistake('an RMSprop with one v for all weights, the sum of all squares: each weight has '
                'its own', (V, 'v = alpha * v + (1 - alpha) * (g**2).sum()')),
        Mistake('an RMSprop that divides by the old v, which lacks the gradient of this step: the '
                'first step is divided by eps alone',
                (f'        {V}\n', ''), (APPEND, f'        {V}\n' + APPEND),
                training=FIRST),
        Mistake('a centered RMSprop, which subtracts the square of a mean of g from v. PyTorch '
                'does it only if centered=True',
                (PATH, 'path, m = [], 0'),
                (V, 'm = alpha * m + (1 - alpha) * g\n        ' + V),
                (ROOT, 'np.sqrt(np.maximum(v - m**2, 0)) + eps'), training=LATE),
        Mistake('an RMSprop whose lr is overwritten: lr = lr / (sqrt(v) + eps) divides again what '
                'was divided at the steps before',
                (f'        w = w - {STEP}', f'        lr = lr / ({ROOT})\n        w = w - lr * g'),
                training=SECOND),
        Mistake('an RMSprop without g in the step: lr / (sqrt(v) + eps) is never '
                'negative', ('lr * g', 'lr')),
        Mistake('an RMSprop without lr', ('lr * g', 'g'), training=TENTHS),
        Mistake('an RMSprop with momentum 0.9 that nobody asked for: a share of the last step is '
                'added',
                (PATH, 'path, step = [], 0'),
                (f'        w = w - {STEP}', f'        step = 0.9 * step + g / ({ROOT})\n'
                                        '        w = w - lr * step'), training=LATE),
        Mistake('an Adam without correction: a mean of g, with the share alpha, takes the place '
                'of g', (PATH, 'path, m = [], 0'),
                (f'        w = w - {STEP}', '        m = alpha * m + (1 - alpha) * g\n'
                                        f'        w = w - lr * m / ({ROOT})'), training=FIRST),
        Mistake('an RMSprop that takes the larger of the root and eps, and not their sum',
                (ROOT, 'np.maximum(np.sqrt(v), eps)'), training=TINY),
        Mistake('an RMSprop whose g is multiplied by eps: lr / sqrt(v) + eps g lacks parentheses',
                (STEP, 'lr / np.sqrt(v) + eps * g')),
        Mistake('an RMSprop that multiplies by the root where it has to divide',
                ('lr * g / (', 'lr * g * ('), training=FIRST),
        Mistake('an RMSprop whose alpha is 0.9 or another of its own, not the one that is given',
                (V, 'v = 0.9 * v + 0.1 * g**2'), training=FIRST,
                also=[[(V, f'v = {a} * v + (1 - {a}) * g**2')] for a in (0.95, 0.99, 0.999)]),
        Mistake('an RMSprop with the parenthesis in the wrong place: (w - lr g) / (sqrt(v) + eps) '
                'divides w, too', ('w - lr * g', '(w - lr * g)'),
                training=LATE),
    ])
