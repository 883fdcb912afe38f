"""Momentum, in PyTorch's convention."""
from __future__ import annotations

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Training
from .sgd import descend, path_mistakes

TEXT = """
Gradient descent forgets. Momentum keeps a share beta of where it was going,
and adds the new gradient g:

    v = beta v + g          v is 0 before the first step
    w = w - lr v

There are other conventions: some put lr into v, some take a mean of the
gradients. This one is PyTorch's, and the others walk other paths: to tell
them apart, lr changes here from step to step.

w is an array, (n,), gradients, (steps, n), the gradient at each step, lrs,
(steps,), the lr of each step. Return w after each step, (steps, n). Leave the
w and the gradients of the caller as they are.
"""


def momentum(w, gradients, lrs, beta):
    """The weights after each step, (steps, n)."""
    v = np.zeros_like(w)
    path = []
    for g, lr in zip(gradients, lrs):
        v = beta * v + g
        w = w - lr * v
        path.append(w)
    return np.array(path)


def in_place(w, gradients, lrs, beta):
    w, v, path = np.array(w), None, np.zeros(gradients.shape)
    for t in range(len(lrs)):
        if v is None:
            v = gradients[t].copy()
        else:
            v *= beta
            v += gradients[t]
        w -= lrs[t] * v
        path[t] = w
    return path


def by_loops(w, gradients, lrs, beta):
    steps, n = gradients.shape
    path = np.zeros((steps, n))
    for i in range(n):
        place, velocity = w[i], 0.0
        for t in range(steps):
            velocity = beta * velocity - gradients[t, i]
            place = place + lrs[t] * velocity
            path[t, i] = place
    return path


def from_weighted_sums(w, gradients, lrs, beta):
    t = np.arange(len(lrs))
    age = t[:, None] - t
    shares = np.where(age >= 0, float(beta)**np.maximum(age, 0), 0.0)
    return w - np.cumsum(lrs[:, None] * (shares @ gradients), axis=0)


def inputs(rng):
    yield np.array([1.0]), np.array([[2.0], [4.0], [2.0]]), np.array([0.5, 0.25, 0.25]), 0.5
    yield (np.array([0.0, 1.0]), np.array([[1.0, 0.5], [-1.0, 0.5], [2.0, 4.0]]),
           np.array([0.5, 0.25, 1.0]), 0.75)
    for n in 2, 3, 4:
        steps = n + rng.integers(3, 7)
        yield (rng.normal(size=n), rng.normal(size=(steps, n)), rng.uniform(0.1, 0.5, steps),
               rng.uniform(0.6, 0.95))
    yield (rng.normal(size=2).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32),
           np.float32([0.5, 0.25, 0.25, 0.125]), 0.75)
    yield rng.normal(size=2), rng.normal(size=(5, 2)), np.full(5, 0.25), 0.9
    yield np.array([0.0, 2.0]), np.array([[1.0, -1.0], *np.zeros((3, 2))]), np.ones(4), 0.9
    yield rng.normal(size=2), rng.normal(size=(4, 2)), rng.uniform(0.1, 0.5, 4), 0.0


BEST = 1 / 9, 4 / 9        # lr and beta for curvatures of 1 and 25


def ravine(momentum):
    lr, beta = BEST
    w = descend(lambda w, gradients: momentum(w, gradients, np.full(len(gradients), lr), beta),
                np.array([10.0, 1.0]), np.array([1.0, 25.0]), 30)
    return np.linalg.norm(w)


def after_a_cut(momentum):
    lrs = np.r_[np.ones(30), np.full(30, 0.1)]
    path = momentum(np.zeros(1), np.ones((60, 1)), lrs, 0.9)
    return path[29, 0] - path[30, 0]


def coasting(momentum):
    return -momentum(np.zeros(1), np.r_[1.0, np.zeros(99)][:, None], np.ones(100), 0.9)[-1, 0]


def steady_steps(momentum):
    path = momentum(np.zeros(1), np.ones((100, 1)), np.ones(100), 0.9)
    return path[-2, 0] - path[-1, 0]


def first_step(momentum):
    return -momentum(np.zeros(1), np.ones((1, 1)), np.ones(1), 0.9)[0, 0]


def package(w, gradients, lrs, beta):
    weights = tensor(w, requires_grad=True)
    optimizer = optim.SGD([weights], lr=0.0, momentum=beta)
    path = []
    for g, lr in zip(gradients, lrs):
        optimizer.param_groups[0]['lr'] = float(lr)
        weights.grad = tensor(g)
        optimizer.step()
        path.append(weights.detach().numpy().copy())
    return np.array(path)


V, STEP, START = 'v = beta * v + g', 'lr * v', 'v = np.zeros_like(w)'
LINES = f'        {V}\n        w = w - {STEP}\n'
CONVENTIONS = 'the table of conventions in the docstring of optim.SGD'

CUT = Training('the length of the step after lr was cut from 1 to 0.1, for a constant gradient of '
               '1 and beta = 0.9', after_a_cut)
COASTING = Training('the way of a weight whose gradient is 1 at the first step and then 0, with '
                    'lr = 1 and beta = 0.9', coasting)
STEADY = Training('the last of 100 steps for a constant gradient of 1, with lr = 1 and beta = '
                  '0.9', steady_steps)
FIRST = Training('the first step for a gradient of 1, with lr = 1 and beta = 0.9', first_step)

exercise = Exercise(
    12, 'Momentum', chapter=6, text=TEXT, solution=momentum, inputs=inputs, steps=True,
    right=[in_place, by_loops, from_weighted_sums], package=package,
    training=Training('the distance from the minimum of (x^2 + 25 y^2) / 2, after 30 steps from '
                      '(10, 1) with lr = 1/9 and beta = 4/9', ravine),
    hints=['v is made before the loop, as zeros like w, and it is kept from step to step.',
           'Two lines in the loop: v first, which holds no lr, then w.',
           'The whole of g is added to v, not a share 1 - beta of it.'],
    mistakes=[
        *path_mistakes('a momentum', np.full(10, 0.1), 0.9,
                       rest='gradients, lrs = gradients[1:], lrs[1:]'),
        Mistake('the other convention, with lr inside: v = beta v - lr g, w = w + v, so that the '
                'old gradients in v keep their old lr when lr changes. The same is w - lr g + beta '
                '(w - old w). In PyTorch v is made of gradients alone',
                (V, 'v = beta * v + lr * g'), (STEP, 'v'), training=CUT, read=CONVENTIONS),
        Mistake('a momentum that is a running mean: v = beta v + (1 - beta) g. Its steps are '
                'shorter by 1 - beta. PyTorch adds the whole of g',
                (V, 'v = beta * v + (1 - beta) * g'), training=STEADY, read=CONVENTIONS),
        Mistake('a momentum that is a running mean with lr inside: v = beta v + (1 - beta) lr g',
                (V, 'v = beta * v + (1 - beta) * lr * g'), (STEP, 'v'), training=STEADY,
                read=CONVENTIONS),
        Mistake('a running mean that begins with the first gradient: v = g, and then beta v + '
                '(1 - beta) g, which PyTorch calls dampening',
                (V, 'v = beta * v + (1 - beta) * g if path else g'), training=STEADY,
                read=CONVENTIONS),
        Mistake('a running mean with Adam\'s correction, v / (1 - beta^t)',
                (V, 'v = beta * v + (1 - beta) * g'),
                (STEP, 'lr * v / (1 - beta**(len(path) + 1))'), training=STEADY,
                read='chapter 8'),
        Mistake('a Nesterov momentum: the step is g + beta v, one step ahead, in place of v',
                (STEP, 'lr * (g + beta * v)'), training=FIRST),
        Mistake('a Nesterov momentum with lr inside v, as in CS231n',
                (LINES, '        old, v = v, beta * v - lr * g\n'
                        '        w = w - beta * old + (1 + beta) * v\n'), training=CUT,
                read=CONVENTIONS),
        Mistake('a momentum that forgets: v begins at 0 in every step, which is plain descent',
                (V, 'v = g'), training=COASTING),
        Mistake('a momentum without friction: v = v + g, beta is missing, as for one who forgets '
                'zero_grad', (V, 'v = v + g')),
        Mistake('a momentum that keeps 1 - beta of the old v: v = (1 - beta) v + g',
                (V, 'v = (1 - beta) * v + g'), training=COASTING),
        Mistake('a momentum that keeps 1 - beta of the old v, and adds beta g: a running mean with '
                'its shares exchanged', (V, 'v = (1 - beta) * v + beta * g'), training=STEADY),
        Mistake('a momentum that shrinks the new gradient, too: v = beta (v + g), or a step of lr '
                'beta v',
                (V, 'v = beta * (v + g)'), training=STEADY),
        Mistake('a momentum whose beta stands at g: v = v + beta g', (V, 'v = v + beta * g')),
        Mistake('a momentum that adds to v what should replace it: v += beta v + g keeps the old v '
                'once more', (V, 'v = v + beta * v + g')),
        Mistake('a momentum one step late: w moves by the old v, and then v is made anew',
                (LINES, f'        w = w - {STEP}\n        {V}\n')),
        Mistake('a momentum that adds the gradient twice: the step is g + v, and v holds g already',
                (STEP, 'lr * (v + g)'), training=STEADY),
        Mistake('a momentum whose v is the first gradient already before the first step, which '
                'adds it once more', (START, 'v = gradients[0]'), training=FIRST),
        Mistake('a momentum that has lr twice, in v and in the step',
                (V, 'v = beta * v + lr * g')),
        Mistake('a momentum that has no lr', (STEP, 'v')),
        Mistake('a momentum that remembers one step: v is the last gradient alone, not beta v + g',
                (LINES, '        w = w - lr * (beta * v + g)\n        v = g\n'), training=COASTING,
                also=[[(LINES, '        w = w - beta * v - lr * g\n        v = lr * g\n')]]),
        Mistake('a momentum whose v begins at 1, and not at 0', (START, 'v = np.ones_like(w)'),
                training=FIRST),
        Mistake('a momentum with beta^t, which shrinks from step to step, in place of beta',
                (V, 'v = beta**(len(path) + 1) * v + g'), training=COASTING),
        Mistake('a momentum that uses the lr of the first step in all steps',
                ('zip(gradients, lrs)', 'zip(gradients, np.full(len(lrs), lrs[0]))'),
                training=CUT),
        Mistake('a momentum that turns back in each step: beta v is subtracted, v = g - beta v',
                (V, 'v = g - beta * v'), training=STEADY),
        Mistake('a momentum that keeps a share of w, not of v: v = beta w + g',
                (V, 'v = beta * w + g')),
    ])
