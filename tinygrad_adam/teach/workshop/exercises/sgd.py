"""Gradient descent, SGD. What an optimizer's path may lack is here for those that follow."""
from __future__ import annotations

from typing import Any

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Program, Training

TEXT = """
A step of gradient descent goes against the gradient g, downhill, as far as
the learning rate says:

    w = w - lr g

Each step begins where the last one ended. w is an array, (n,), gradients,
(steps, n), the gradient at each step. Return w after each step, (steps, n).
Leave the w and the gradients of the caller as they are.
"""


def sgd(w, gradients, lr):
    """The weights after each step, (steps, n)."""
    path = []
    for g in gradients:
        w = w - lr * g
        path.append(w)
    return np.array(path)


def in_place(w, gradients, lr):
    w, path = w.copy(), np.empty_like(gradients)
    for t in range(len(gradients)):
        w -= lr * gradients[t]
        path[t] = w
    return path


def by_loops(w, gradients, lr):
    place, path = list(w), []
    for g in gradients:
        for i in range(len(place)):
            place[i] = place[i] + -lr * g[i]
        path.append(place[:])
    return np.array(path)


def at_once(w, gradients, lr):
    return w - lr * np.cumsum(gradients, axis=0)


def inputs(rng):
    yield np.array([1.0]), np.array([[2.0], [4.0], [2.0]]), 0.25
    yield np.array([0.0, 1.0]), np.array([[1.0, 0.5], [-1.0, 0.5], [2.0, 4.0]]), 0.5
    for n in 2, 3, 4:
        steps = n + rng.integers(2, 6)
        yield rng.normal(size=n), rng.normal(size=(steps, n)), rng.uniform(0.1, 0.5)
    yield rng.normal(size=2).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32), 0.25
    yield np.array([0.5, 2.0]), np.zeros((3, 2)), 0.1
    yield np.array([3.0, -2.0]), rng.normal(size=(1, 2)), 1.5


def descend(optimizer: Program, start: np.ndarray, curvatures: np.ndarray, steps: int
            ) -> np.ndarray:
    """The weights after some steps on the bowl sum(curvatures w^2) / 2.

    optimizer   maps the first weights, and the gradients so far, to the path
    start       the first weights, (n,)
    curvatures  of the bowl, (n,)
    steps       how many
    """
    w, gradients = start, []
    for _ in range(steps):
        gradients.append(curvatures * w)
        w = optimizer(start, np.array(gradients))[-1]
    return w


def path_of(optimizer: optim.Optimizer, gradients: np.ndarray) -> np.ndarray:
    """The weights after each step of an optimizer of this package, (steps, n).

    optimizer  of one tensor
    gradients  the gradient at each step, (steps, n)
    """
    (weights,), path = optimizer.param_groups[0]['params'], []
    for g in gradients:
        weights.grad = tensor(g)
        optimizer.step()
        path.append(weights.detach().numpy().copy())
    return np.array(path)


def ravine(sgd):
    return np.linalg.norm(descend(lambda w, gradients: sgd(w, gradients, 2 / 26),
                                  np.array([10.0, 1.0]), np.array([1.0, 25.0]), 40))


def path_mistakes(kind: str, *hyper: Any, rest: str = 'gradients = gradients[1:]'
                  ) -> list[Mistake]:
    """What goes wrong on any optimizer's path, if its solution has the lines of sgd's.

    kind   of the optimizer, with its article
    hyper  its hyper-parameters, for a path of ten steps
    rest   the statement that leaves out the first step
    """
    def ten_steps(program: Program) -> np.ndarray:
        return program(np.full(3, 2.0), np.ones((10, 3)), *hyper)

    first = Training('the first weight of a path of ten steps, from 2, for a gradient of 1',
                     lambda program: ten_steps(program)[0, 0])
    rows = Training('the number of rows of a path of ten steps, of three weights',
                    lambda program: len(ten_steps(program)))
    last = Training('the last weight of a path of ten steps, from 2, for a gradient of 1',
                    lambda program: ten_steps(program)[-1, 0])
    return [
        Mistake(f'{kind} that climbs: the step is added, and it has to be subtracted',
                ('w = w - ', 'w = w + '), training=last),
        Mistake(f'{kind} that does not walk: each step begins at the first w, and not where the '
                'last one ended', ('w = w - ', 'new = w - '), ('append(w)', 'append(new)'),
                training=last),
        Mistake(f'{kind} whose path is the same array many times: w changes in place, and each '
                'entry shows its last value. Append a copy',
                ('np.array(path)', 'np.array([w] * len(path))'), training=first),
        Mistake(f'{kind} that keeps w before each step, not after it', ('path.append(w)', ''),
                ('        w = w - ', '        path.append(w)\n        w = w - '), training=first),
        Mistake(f'{kind} whose path begins with the first w, and so has one row too many',
                ('path = []', 'path = [w]'), training=rows),
        Mistake(f'{kind} whose path has the first w in place of the first step: the first gradient '
                'is never used',
                ('path = []', f'path = []\n    path += [w]\n    {rest}'), training=first),
        Mistake(f'{kind} that returns the last w alone, not w after each step',
                ('np.array(path)', 'w'), training=rows),
        Mistake(f'{kind} that returns after the first step: return stands inside the loop',
                ('        path.append(w)', '        return w'), training=rows),
        Mistake(f'{kind} that returns steps, not weights: w - is missing before them',
                ('w = w - ', 'w = -'), also=[[('w = w - ', 'w = ')]], training=last),
        Mistake(f'{kind} that begins at 0, and not at the w that is given',
                ('path = []', 'path, w = [], np.zeros_like(w)'), training=last),
    ]


def first_of_three(sgd):
    return sgd(np.full(1, 2.0), np.array([[1.0], [2.0], [3.0]]), 0.1)[0, 0]


def across_weights(w, gradients, lr):
    return w - lr * np.cumsum(gradients, axis=1)


def package(w, gradients, lr):
    return path_of(optim.SGD([tensor(w, requires_grad=True)], lr), gradients)


STEP, LOOP = 'lr * g', '    for g in gradients:\n'

THREE = Training('the first weight of a path from 2, for gradients of 1, 2 and 3 and lr = 0.1',
                 first_of_three)

exercise = Exercise(
    11, 'Gradient descent', chapter=5, text=TEXT, solution=sgd, inputs=inputs, steps=True,
    right=[in_place, by_loops, at_once], package=package,
    training=Training('the distance from the minimum of (x^2 + 25 y^2) / 2, after 40 steps from '
                      '(10, 1) with lr = 2/26', ravine),
    hints=['One step is one line: the old w, minus lr times the gradient of this step.',
           'Go through the gradients in a loop, and append w after each step to a list.',
           'w = w - lr * g makes a new array. w -= lr * g would change the one of the caller, and '
           'all that a list holds of it.'],
    mistakes=[
        *path_mistakes('a gradient descent', 0.1),
        Mistake('a gradient descent without a learning rate: w - g', (STEP, 'g')),
        Mistake('a gradient descent that divides by lr', (STEP, 'g / lr')),
        Mistake('a gradient descent with gradients that add up, as for one who forgets zero_grad: '
                'each step takes the sum of all so far',
                ('path = []', 'path, total = [], 0'), (STEP, 'lr * total'),
                (LOOP, LOOP + '        total = total + g\n'), read='chapter 16, on zero_grad'),
        Mistake('a gradient descent along the mean of all gradients so far, not along the one of '
                'this step', ('path = []', 'path, total = [], 0'),
                (STEP, 'lr * total / (len(path) + 1)'),
                (LOOP, LOOP + '        total = total + g\n')),
        Mistake('a gradient descent that always takes the first gradient',
                (STEP, 'lr * gradients[0]')),
        Mistake('a gradient descent that always takes the last gradient',
                (STEP, 'lr * gradients[-1]')),
        Mistake('a gradient descent whose gradients are divided by their length, so that each '
                'step is lr long',
                (STEP, 'lr * g / (np.linalg.norm(g) + 1e-12)'),
                also=[[(STEP, 'lr * g / np.linalg.norm(g)')],
                      [(STEP, 'lr * g / (np.linalg.norm(g) + 1e-8)')]]),
        Mistake('a gradient descent along the sign of the gradient: each weight moves by lr, '
                'however steep it is', (STEP, 'lr * np.sign(g)')),
        Mistake('a gradient descent that moves all weights by the mean of their gradients: each '
                'weight has its own', (STEP, 'lr * g.mean()')),
        Mistake('a gradient descent that moves all weights by the sum of their gradients: each '
                'weight has its own', (STEP, 'lr * g.sum()')),
        Mistake('a gradient descent whose lr is divided by the number of weights',
                (STEP, 'lr * g / len(w)')),
        Mistake('a gradient descent whose lr is multiplied by the number of weights: in a loop '
                'over the weights each pass moves all of them', (STEP, 'lr * len(w) * g')),
        Mistake('a gradient descent whose lr is divided by the number of steps',
                (STEP, 'lr * g / len(gradients)')),
        Mistake('a gradient descent whose lr shrinks from step to step, like 1 / t or in another '
                'way', (STEP, 'lr / (len(path) + 1) * g'),
                also=[[(STEP, 'lr / np.sqrt(len(path) + 1) * g')],
                      [(STEP, 'lr * 0.9**len(path) * g')], [(STEP, 'lr * 0.99**len(path) * g')]]),
        Mistake('a gradient descent that takes one step, along the mean of all gradients, and '
                'returns where it ends', ('np.array(path)', 'path[-1]'),
                ('path = []', 'path, gradients = [], gradients.mean(axis=0, keepdims=True)')),
        Mistake('a gradient descent whose gradients add up over the weights, and not over the '
                'steps: the axis of cumsum is 0', program=across_weights),
        Mistake('a gradient descent that takes the gradients from the last to the first',
                ('in gradients', 'in gradients[::-1]'), training=THREE),
        Mistake('a gradient descent that subtracts w: lr g - w', ('w - lr * g', 'lr * g - w'),
                training=THREE),
        Mistake('a gradient descent whose gradients are clipped to [-1, 1]',
                (STEP, 'lr * np.clip(g, -1, 1)')),
        Mistake('a gradient descent whose lr grows like t', (STEP, 'lr * (len(path) + 1) * g')),
        Mistake('a gradient descent whose step is multiplied by w: w - lr g w, or w (1 - lr g)',
                (STEP, 'lr * g * w')),
        Mistake('a gradient descent whose gradient is multiplied by itself',
                (STEP, 'lr * g * g')),
        Mistake('a gradient descent with parentheses that are not in its formula: (w - lr) g, or '
                'w (1 - lr) g', ('w - lr * g', '(w - lr) * g'),
                also=[[('w - lr * g', 'w * (1 - lr) * g')]]),
        Mistake('a gradient descent that shrinks w, too: (1 - lr) w - lr g is a mean of w and -g',
                ('w - lr * g', '(1 - lr) * w - lr * g')),
        Mistake('a gradient descent that moves only the first weight: the loop over the weights '
                'ends too early', (STEP, 'lr * g * (np.arange(len(w)) < 1)')),
        Mistake('a gradient descent with the factor 2 of the square of an error: the gradients '
                'that are given have it already, if they need it', (STEP, '2 * lr * g')),
        Mistake('a gradient descent with momentum 0.9 that nobody asked for: a share of the last '
                'step is added',
                ('path = []', 'path, v = [], 0'), (STEP, 'lr * v'),
                (LOOP, LOOP + '        v = 0.9 * v + g\n'), read='chapter 6'),
    ])
