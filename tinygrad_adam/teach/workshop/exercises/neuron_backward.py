"""Backward through one node: a neuron."""
from __future__ import annotations

from functools import lru_cache

import numpy as np

from .... import tensor
from ..exercise import Exercise, Mistake, Training

TEXT = """
A neuron computes one number, from inputs x and weights w, both (n,), and a
bias b:

    out = tanh(x_1 w_1 + x_2 w_2 + ... + x_n w_n + b)

What comes after it is not known here, but for one number: g, the slope of the
loss with respect to out. The chain rule says what the slopes of the loss with
respect to x, w and b are: g times the local slopes on the way. Return the
three.
"""


def neuron_backward(x, w, b, g):
    """The gradients with respect to x, (n,), w, (n,), and b, a number."""
    out = np.tanh(x @ w + b)
    inner = g * (1 - out**2)
    dx = inner * w
    dw = inner * x
    db = inner
    return dx, dw, db


def by_loops(x, w, b, g):
    total = b
    for i in range(len(x)):
        total += x[i] * w[i]
    slope = 1 - np.tanh(total)**2
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(x)):
        dx[i] = g * slope * w[i]
        dw[i] = g * slope * x[i]
    return dx, dw, g * slope


def backward_order(x, w, b, g):
    db = g / np.cosh(np.dot(w, x) + b)**2
    return db * w, db * x, db


def inputs(rng):
    yield np.array([1.0]), np.array([0.5]), 0.0, 1.0
    yield np.array([1.0, -2.0]), np.array([0.5, 0.25]), 0.5, 3.0
    for n in 3, 4, 2:
        yield (rng.normal(size=n), rng.normal(0, 0.5, n), float(rng.normal(0, 0.5)),
               float(rng.uniform(0.5, 2) * rng.choice([-1, 1])))
    # So small that tanh is not saturated: 1 - out^2 would have few digits left in float32.
    yield (rng.uniform(-1, 1, 3).astype(np.float32), rng.uniform(-0.5, 0.5, 3).astype(np.float32),
           0.25, 2.0)
    yield np.zeros(2), np.array([1.0, -1.0]), 0.5, 2.0


LABELS = np.repeat([-1.0, 1.0], 6)
POINTS = LABELS[:, None] * [1.0, 0.5] + np.random.default_rng(0).normal(0, 1.5, (12, 2))


def train(neuron_backward, steps=150):
    """The mean squared error of a neuron that tells two kinds of points apart."""
    w, b = np.array([0.1, -0.1]), 0.2
    for _ in range(steps):
        steps_of_w, steps_of_b = [], []
        for x, y in zip(POINTS, LABELS):
            _, dw, db = neuron_backward(x, w, b, 2 * (np.tanh(x @ w + b) - y))
            steps_of_w.append(dw)
            steps_of_b.append(db)
        w, b = w - 0.5 * np.mean(steps_of_w, axis=0), b - 0.5 * np.mean(steps_of_b)
    return np.mean((np.tanh(POINTS @ w + b) - LABELS)**2)


@lru_cache(maxsize=None)
def best():
    return train(neuron_backward, 400)


def train_below(neuron_backward):
    w, x = np.array([1.0, -0.5]), np.array([0.0, 1.0])
    for _ in range(10):
        x = x - 0.7 * neuron_backward(x, w, 0.1, 2 * (np.tanh(x @ w + 0.1) - 0.5))[0]
    return abs(np.tanh(x @ w + 0.1) - 0.5)


def package(x, w, b, g):
    x, w = (tensor(v, requires_grad=True) for v in (x, w))
    bias = tensor(b, requires_grad=True, dtype=x.dtype)
    (x @ w + bias).tanh().backward(tensor(g, dtype=x.dtype))
    return x.grad.numpy(), w.grad.numpy(), bias.grad.item()


INNER = 'inner = g * (1 - out**2)'
BELOW = Training('how far tanh(w x + b) is from 0.5, after ten steps that move x', train_below)

exercise = Exercise(
    3, 'Backward through one node, a neuron', chapter=2, text=TEXT, solution=neuron_backward,
    inputs=inputs, right=[by_loops, backward_order], package=package, returns=['dx', 'dw', 'db'],
    training=Training('how far the mean squared error of a neuron that tells two kinds of points '
                      'apart is above the best, after 150 steps',
                      lambda program: train(program) - best()),
    hints=['Go backward: through tanh first. Its local slope is 1 - out^2, times g.',
           'The sum passes that on to each of its terms, and so to b.',
           'x_i w_i is a product: its slope to x_i is w_i.'],
    mistakes=[
        Mistake('a gradient without g: the local slopes alone, as if out were the loss',
                (INNER, 'inner = 1 - out**2')),
        Mistake('a gradient that does not go through tanh: its slope 1 - out^2 is missing',
                (INNER, 'inner = g')),
        Mistake('a tanh whose slope is 1 - z^2, with z the sum and not out = tanh(z)',
                (INNER, 'inner = g * (1 - (x @ w + b)**2)')),
        Mistake('a tanh whose slope is out (1 - out), the rule of the sigmoid',
                (INNER, 'inner = g * out * (1 - out)')),
        Mistake('a tanh whose slope is 1 - out: the square is missing',
                (INNER, 'inner = g * (1 - out)')),
        Mistake('a gradient in which g times is written as g plus: slopes along a way multiply',
                (INNER, 'inner = g + (1 - out**2)')),
        Mistake('a gradient that is multiplied by out, and not by the slope 1 - out^2',
                (INNER, 'inner = g * out')),
        Mistake('a tanh whose slope is (1 - out)^2: the square belongs to out alone',
                (INNER, 'inner = g * (1 - out)**2')),
        Mistake('a g that is put into tanh: 1 - (g out)^2', (INNER, 'inner = 1 - (g * out)**2')),
        Mistake('a gradient with the wrong sign', (INNER, 'inner = -g * (1 - out**2)')),
        Mistake('a neuron without its bias: out is computed from x and w alone',
                ('x @ w + b', 'x @ w'), training=BELOW),
        Mistake('a dx and a dw that are exchanged: the slope of x_i w_i to x_i is w_i',
                ('inner * w', 'inner * x'), ('dw = inner * x', 'dw = inner * w')),
        Mistake('a db of 0: a bias moves the sum as much as itself', ('db = inner', 'db = 0.0')),
        Mistake('a db of 1, the local slope of the sum: what comes after it is missing',
                ('db = inner', 'db = 1.0')),
        Mistake('a neuron with a sigmoid in place of tanh',
                ('out = np.tanh(x @ w + b)', 'out = 1 / (1 + np.exp(-(x @ w + b)))'),
                (INNER, 'inner = g * out * (1 - out)')),
        Mistake('a db of g: it has to go through tanh, too', ('db = inner', 'db = g')),
        Mistake('a db that is multiplied by b, as if the bias had a factor',
                ('db = inner', 'db = inner * b')),
        Mistake('a db of 1 - out^2, without g', ('db = inner', 'db = 1 - out**2')),
        Mistake('a dw that is a sum, one number for all weights: each weight has its own',
                ('inner * x', 'inner * x.sum() * np.ones_like(w)')),
        Mistake('a dw without the slope of tanh', ('inner * x', 'g * x')),
        Mistake('a dx without the slope of tanh', ('inner * w', 'g * w'), training=BELOW),
    ])
