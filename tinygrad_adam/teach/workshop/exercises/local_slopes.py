"""The local derivatives of +, * and tanh."""
from __future__ import annotations

from functools import lru_cache

import numpy as np

from .... import tensor
from ..exercise import Exercise, Mistake, Training

TEXT = """
A formula is made of operations, and each has its own slopes: how much its
result moves for each unit by which one of its arguments moves, while the
others stay. For numbers x and y, return five of them:

    d (x + y) / dx,   d (x + y) / dy,   d (x y) / dx,   d (x y) / dy,
    d tanh(x) / dx
"""


def local_slopes(x, y):
    """The slopes of x + y, of x y, each to x and to y, and of tanh(x)."""
    sum_x, sum_y = 1.0, 1.0
    product_x, product_y = y, x
    tanh_x = 1 - np.tanh(x)**2
    return sum_x, sum_y, product_x, product_y, tanh_x


def in_one_line(x, y):
    return 1, 1, y, x, 1 / np.cosh(x)**2


def by_exponentials(x, y):
    t = (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)
    return [1.0, 1.0, float(y), float(x), (1 + t) * (1 - t)]


def inputs(rng):
    yield 2.0, 3.0
    yield 0.5, -4.0
    for _ in range(4):
        yield float(rng.normal()), float(rng.normal())
    yield 0.0, 2.0
    yield 3.0, 3.0


X = np.linspace(-2, 2, 20)
Y = np.tanh(1.5 * X - 0.5) + np.random.default_rng(0).normal(0, 0.5, 20)


def fit(local_slopes, steps=300):
    """The mean squared error of tanh(a x + b), fitted to X and Y by gradient descent."""
    a, b = 0.0, 0.0
    for _ in range(steps):
        z = a * X + b
        sum_x, sum_y, *_ = local_slopes(a * X, b)
        product_a = local_slopes(a, X)[2]
        g = 2 * (np.tanh(z) - Y) * local_slopes(z, 0.0)[4]
        a, b = a - 0.5 * np.mean(g * sum_x * product_a), b - 0.5 * np.mean(g * sum_y)
    return np.mean((np.tanh(a * X + b) - Y)**2)


@lru_cache(maxsize=None)
def best():
    return fit(local_slopes, 2000)


def package(x, y):
    x, y = tensor(x, requires_grad=True), tensor(y, requires_grad=True)
    slopes = []
    for result in x + y, x * y, x.tanh():
        x.grad = y.grad = None
        result.backward()
        slopes += [float(v.grad.item()) for v in (x, y) if v.grad is not None]
    return tuple(slopes)


SUM, PRODUCT = 'sum_x, sum_y = 1.0, 1.0', 'product_x, product_y = y, x'
TANH = '1 - np.tanh(x)**2'

exercise = Exercise(
    2, 'The local slopes of +, * and tanh', chapter=2, text=TEXT, solution=local_slopes,
    inputs=inputs, right=[in_one_line, by_exponentials], package=package,
    returns=['d (x + y) / dx', 'd (x + y) / dy', 'd (x y) / dx', 'd (x y) / dy', 'd tanh(x) / dx'],
    training=Training('how far the mean squared error of tanh(a x + b), fitted in 300 steps, is '
                      'above the best', lambda program: fit(program) - best()),
    hints=['Move x by a little, h, and keep y. By how much does x + y move? And x y?',
           'In x y, x is multiplied by y: so it moves y times as much as x.',
           'd tanh(x) / dx is 1 - tanh(x)^2, with tanh(x) and not x in it.'],
    mistakes=[
        Mistake('a product whose slopes are exchanged: the slope to x is y, for x is multiplied '
                'by it', (PRODUCT, 'product_x, product_y = x, y')),
        Mistake('a sum whose slopes are its arguments, x and y: however large they are, the sum '
                'moves as much as each of them', (SUM, 'sum_x, sum_y = x, y')),
        Mistake('a sum whose slopes are y and x, as if it were a product',
                (SUM, 'sum_x, sum_y = y, x')),
        Mistake('a sum whose slopes are 0: it does move when x moves',
                (SUM, 'sum_x, sum_y = 0.0, 0.0')),
        Mistake('a sum that shares one unit: its slopes are 1 each, not 1/2',
                (SUM, 'sum_x, sum_y = 0.5, 0.5')),
        Mistake('a product whose slopes are both x y, which is its value',
                (PRODUCT, 'product_x, product_y = x * y, x * y')),
        Mistake('a product whose slopes are both x + y: each argument has its own',
                (PRODUCT, 'product_x, product_y = x + y, x + y')),
        Mistake('a product whose slopes are 1, as those of a sum',
                (PRODUCT, 'product_x, product_y = 1.0, 1.0')),
        Mistake('a tanh whose slope is 1 - x^2: the formula is 1 - t^2 with t = tanh(x)',
                (TANH, '1 - x**2')),
        Mistake('a tanh whose slope is 1 - tanh(x): the square is missing',
                (TANH, '1 - np.tanh(x)')),
        Mistake('a tanh whose slope is tanh(x), which is its value', (TANH, 'np.tanh(x)')),
        Mistake('a tanh whose slope is t (1 - t), which is the rule of the sigmoid',
                (TANH, 'np.tanh(x) * (1 - np.tanh(x))')),
        Mistake('a slope of the sigmoid, s (1 - s), and not of tanh',
                (TANH, '1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x)))')),
        Mistake('a tanh whose slope is 1 / cosh(x): the square is missing',
                (TANH, '1 / np.cosh(x)')),
        Mistake('a tanh whose slope is 1 + tanh(x)^2: tanh is flatter where it is large',
                (TANH, '1 + np.tanh(x)**2')),
        Mistake('a tanh whose slope is tanh(x)^2 - 1: the sign is turned',
                (TANH, 'np.tanh(x)**2 - 1')),
        Mistake('a tanh whose slope has tanh applied twice', (TANH, '1 - np.tanh(np.tanh(x))**2')),
        Mistake('a tanh whose slope has the square inside: tanh(x^2)', (TANH, '1 - np.tanh(x**2)')),
        Mistake('a tanh whose slope is (1 - tanh(x))^2: the square belongs to tanh(x) alone',
                (TANH, '(1 - np.tanh(x))**2')),
        Mistake('a tanh whose slope is taken at y, and not at x', (TANH, '1 - np.tanh(y)**2')),
        Mistake('a tanh whose slope is 1 / cos(x)^2: that of tan', (TANH, '1 / np.cos(x)**2')),
    ])
