"""A slope, measured by a central difference."""
from __future__ import annotations

import numpy as np

from ..exercise import Exercise, Mistake, Training

TEXT = """
How steep is f at x? Move x by h to both sides, see how far f moves, and
divide by how far x moved.

f is a function of a number or an array, such as np.sin; x is a number or an
array; h, the distance, is positive. Use the h that is given, whatever it is.
"""


def slope(f, x, h):
    """The slope of f at x, measured at a distance h to either side."""
    return (f(x + h) - f(x - h)) / (2 * h)


def in_steps(f, x, h):
    above = f(x + h)
    below = f(x - h)
    return (above - below) / h / 2


def by_loops(f, x, h):
    if np.ndim(x) == 0:
        return float(f(x + h) - f(x - h)) / (2 * h)
    return np.array([(f(element + h) - f(element - h)) / (2.0 * h) for element in x])


def mean_of_two(f, x, h):
    middle = f(x)
    return ((f(x + h) - middle) / h + (middle - f(x - h)) / h) / 2


def inputs(rng):
    yield np.square, 3.0, 0.5
    yield np.poly1d([1.0, 0.0, 0.0, 0.0]), 2.0, 0.5
    yield np.sin, np.array([0.0, 1.0, 2.0]), 0.25
    for f in (np.exp, np.tanh, np.sin):
        yield f, float(rng.normal()), float(rng.uniform(0.1, 0.4))
        yield f, rng.normal(size=4), float(rng.uniform(0.1, 0.4))
    yield np.exp, 1.0, 1e-3
    yield np.cos, np.float32([0.5, 1.0]), 0.25
    yield np.exp, np.array([]), 0.25


def descend(slope):
    x = 0.0
    for _ in range(6):
        x -= 0.9 * slope(np.poly1d([0.5, -1.0, 0.0]), x, 0.1)
    return abs(x - 1)


def error_in_float32(slope):
    x = np.linspace(1, 2, 100, dtype=np.float32)
    return np.mean(np.abs(slope(np.square, x, np.float32(1e-3)) - 2 * x))


BOTH = '(f(x + h) - f(x - h)) / (2 * h)'
FLOAT32 = Training('the mean error of slopes of x^2 in float32, for h = 0.001', error_in_float32)

exercise = Exercise(
    1, 'A slope by a central difference', chapter=1, text=TEXT, solution=slope, inputs=inputs,
    right=[in_steps, by_loops, mean_of_two],
    training=Training('the distance from the minimum of x^2 / 2 - x, after six steps downhill '
                      'with h = 0.1', descend),
    hints=['The two points are x + h and x - h. How far apart are they?',
           'Parentheses: the whole difference is divided, and by the whole of 2 * h.'],
    mistakes=[
        Mistake('a forward difference: f(x) takes the place of f(x - h), so that the error shrinks '
                'like h and not like h^2', (BOTH, '(f(x + h) - f(x)) / h')),
        Mistake('a backward difference: f(x) takes the place of f(x + h), so that the error '
                'shrinks like h and not like h^2', (BOTH, '(f(x) - f(x - h)) / h')),
        Mistake('a difference divided by h, though its two points are 2 h apart', ('2 * h', 'h')),
        Mistake('a forward difference divided by 2 h, though its two points are h apart',
                ('f(x - h)', 'f(x)')),
        Mistake('a backward difference divided by 2 h, though its two points are h apart',
                ('f(x + h)', 'f(x)')),
        Mistake('a difference divided by 2 and multiplied by h: / 2 * h divides by 2 alone. Write '
                '/ (2 * h)', ('(2 * h)', '2 * h')),
        Mistake('a difference of which only the second term is divided: - binds less than /. Put '
                'the difference in parentheses', (BOTH, 'f(x + h) - f(x - h) / (2 * h)')),
        Mistake('a difference of which only the second term is divided by 2, and that multiplied '
                'by h', (BOTH, 'f(x + h) - f(x - h) / 2 * h')),
        Mistake('a slope with the wrong sign: f(x - h) minus f(x + h)',
                ('f(x + h) - f(x - h)', 'f(x - h) - f(x + h)')),
        Mistake('a difference that is not divided at all', (BOTH, 'f(x + h) - f(x - h)')),
        Mistake('a difference divided by 2, not by 2 h', ('2 * h', '2')),
        Mistake('a sum of f on both sides in place of the difference', (') - f(', ') + f(')),
        Mistake('a central difference over half the distance, from x - h / 2 to x + h / 2, divided '
                'by 2 h', ('x + h', 'x + h / 2'), ('x - h', 'x - h / 2')),
        Mistake('a central difference from x - h / 2 to x + h / 2. It is a good one, but h is '
                'the distance to either side', (BOTH, '(f(x + h / 2) - f(x - h / 2)) / h'),
                training=FLOAT32),
        Mistake('a derivative with a distance of its own, far smaller than the h that is given',
                (BOTH, '(f(x + 1e-5) - f(x - 1e-5)) / 2e-5'), training=FLOAT32,
                also=[[(BOTH, f'(f(x + {h}) - f(x - {h})) / (2 * {h})')]
                      for h in ('1e-4', '1e-6', '1e-7', '1e-8')]),
        Mistake('a second derivative: 2 f(x) is subtracted from the sum, and h is squared',
                (BOTH, '(f(x + h) - 2 * f(x) + f(x - h)) / h**2')),
        Mistake('a formula with four points, f(x - 2 h) to f(x + 2 h), whose error shrinks like '
                'h^4. It is a better one than was asked for', (
                    BOTH, '(f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / 12 / h'),
                training=FLOAT32),
        Mistake('a central difference from x - 2 h to x + 2 h, divided by 4 h. It is one, but h is '
                'the distance to either side',
                (BOTH, '(f(x + 2 * h) - f(x - 2 * h)) / (4 * h)'), training=FLOAT32),
        Mistake('a difference divided by h^2', (BOTH, '(f(x + h) - f(x - h)) / h**2')),
        Mistake('a difference divided by 2 h^2', ('2 * h', '2 * h * h')),
    ])
