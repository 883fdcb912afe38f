"""relu, maximum and amax backward: kinks and ties."""
from __future__ import annotations

import numpy as np

from .... import amax, maximum, tensor
from ..exercise import Exercise, Mistake, Training

TEXT = """
Where a function has a kink, or where several numbers are the largest, a
gradient is a matter of convention. PyTorch's convention:

    relu(x)          max(x, 0) for each element. The slope is 1 where x > 0 and
                     0 elsewhere, so 0 at 0.
    maximum(x, y)    the larger one, for each element. g goes to it; where both
                     are equal, each gets half.
    amax(x)          the largest of all, one number. g goes to it; if several
                     are the largest, each of them gets an equal share.

Write the three backward functions. x and y are arrays, (n,). g is the gradient
of the result: (n,) for relu and maximum, a number for amax.
"""


def relu_backward(x, g):
    """The gradient of x, (n,), where g, (n,), is that of relu(x)."""
    return np.where(x > 0, g, 0)


def maximum_backward(x, y, g):
    """The gradients of x and y, where g is that of maximum(x, y); all (n,)."""
    half = np.where(x == y, g / 2, 0)
    dx = np.where(x > y, g, half)
    dy = np.where(y > x, g, half)
    return dx, dy


def amax_backward(x, g):
    """The gradient of x, (n,), where g, a number, is that of amax(x)."""
    largest = x == x.max()
    return np.where(largest, g / largest.sum(), 0)


def relu_by_product(x, g):
    return g * (x > 0)


def maximum_by_sign(x, y, g):
    share = (np.sign(x - y) + 1) / 2
    return [g * share, g * (1 - share)]


def amax_by_count(x, g):
    mask = (x >= np.max(x)).astype(x.dtype)
    return g * mask / np.sum(mask)


def relu_by_mask(x, g):
    dx = np.array(g)
    dx[x <= 0] = 0
    return dx


def maximum_by_loops(x, y, g):
    dx, dy = np.zeros_like(x), np.zeros_like(y)
    for i in range(len(x)):
        if x[i] > y[i]:
            dx[i] = g[i]
        elif x[i] < y[i]:
            dy[i] = g[i]
        else:
            dx[i] = dy[i] = 0.5 * g[i]
    return dx, dy


def amax_by_loops(x, g):
    dx = np.zeros_like(x)
    places = [i for i in range(len(x)) if x[i] == max(x)]
    for i in places:
        dx[i] = g / len(places)
    return dx


def use(learner, x, y, g, g_of_amax):
    """The gradients of relu(x), maximum(x, y) and amax(x)."""
    of_amax = learner.amax_backward(x.copy(), g_of_amax)
    of_maximum = learner.maximum_backward(x.copy(), y.copy(), g.copy())
    found = learner.relu_backward(x, g), of_maximum, of_amax
    return found if any(part is not None for part in found) else None


def inputs(rng):
    yield np.array([1.0, -1.0, 0.0]), np.array([0.0, 2.0, 0.0]), np.array([3.0, 4.0, 5.0]), 6.0
    yield (np.array([2.0, 3.0, 3.0, -1.0]), np.array([2.0, 3.0, 1.0, 0.0]),
           np.array([1.0, -2.0, 3.0, 4.0]), -3.0)
    for n in 4, 6, 7:
        x, y = rng.integers(-2, 3, (2, n)).astype(float)
        x[:4] = 0, 2, -1, 2
        y[:4] = -1, 2, -1, 0
        order = rng.permutation(n)
        yield x[order], y[order], rng.normal(size=n), float(rng.uniform(1, 3))
    yield rng.normal(size=5), rng.normal(size=5), rng.normal(size=5), float(rng.uniform(1, 3))
    yield (np.float32([0, 1, 2, 2]), np.float32([1, 1, 0, 2]),
           rng.normal(size=4).astype(np.float32), 2.0)
    yield -np.ones(3), -np.array([2.0, 1.0, 1.0]), rng.normal(size=3), 1.0


def train(program):
    """The mean squared error of relu(w x + b) on the right half of abs(x), after 40 steps."""
    x = np.linspace(-2, 2, 8)
    w, b = 0.5, 0.2
    for _ in range(40):
        z = w * x + b
        g = 2 * (np.maximum(z, 0) - np.abs(x)) / len(x)
        dz = program(z, z, g, 1.0)[0]
        w, b = w - 0.3 * np.sum(dz * x), b - 0.3 * np.sum(dz)
    return np.mean((np.maximum(w * x + b, 0) - np.abs(x))[4:]**2)


def to_1(program, start, lr):
    w = np.full(1, start)
    for _ in range(20):
        w = w - lr * program(w, w, np.maximum(w, 0) - 1, 1.0)[0]
    return max(w[0], 0)


def wake(program):
    return to_1(program, 0.0, 0.2)


def from_3(program):
    return to_1(program, 3.0, 0.5)


def down_maximum(program):
    return 2 - 0.5 * program(np.full(1, 2.0), np.full(1, 2.0), np.ones(1), 1.0)[1][0][0]


def apart(program):
    x, y = np.array([2.0]), np.array([0.0])
    for _ in range(4):
        dx, dy = program(x, y, np.ones(1), 1.0)[1]
        x, y = x - 0.5 * dx, y - 0.5 * dy
    return max(x[0], y[0])


def down_amax(program):
    x = np.array([1.0, 1.0, 0.0, -1.0])
    return np.max(x - 0.5 * program(x, x, x, 1.0)[2])


def down_twice_amax(program):
    x = np.array([4.0, 3.0, 0.0, -1.0])
    for _ in range(4):
        x = x - 0.5 * program(x, x, x, 1.0)[2]
    return np.max(x)


def package(x, y, g, g_of_amax):
    x, y = (tensor(v, requires_grad=True) for v in (x, y))

    def gradients(result, g):
        x.grad = y.grad = None
        result.backward(tensor(g, dtype=x.dtype))
        return x.grad.numpy(), y.grad.numpy() if y.grad is not None else None

    return (gradients(x.relu(), g)[0], gradients(maximum(x, y), g),
            gradients(amax(x, 0), g_of_amax)[0])


RELU, HALF = 'np.where(x > 0, g, 0)', 'half = np.where(x == y, g / 2, 0)'
DX, DY = 'dx = np.where(x > y, g, half)', 'dy = np.where(y > x, g, half)'
AMAX, LARGEST = 'np.where(largest, g / largest.sum(), 0)', 'largest = x == x.max()'

WAKE = Training('relu(w), which should become 1, after 20 steps from w = 0', wake)
FROM_3 = Training('relu(w), which should become 1, after 20 steps from w = 3', from_3)
TIE = Training('x after one step down maximum(x, y), from x = y = 2 with lr = 0.5', down_maximum)
APART = Training('maximum(x, y) after four steps down, from x = 2 and y = 0 with lr = 0.5', apart)
TIES = Training('the largest of 1, 1, 0 and -1 after one step down amax, with lr = 0.5', down_amax)
LARGE = Training('the largest of 4, 3, 0 and -1 after four steps down amax, with lr = 0.5',
                 down_twice_amax)

exercise = Exercise(
    10, 'relu, maximum and amax: kinks and ties', chapter=4, text=TEXT, inputs=inputs, use=use,
    solution=[relu_backward, maximum_backward, amax_backward],
    right=[[relu_by_product, maximum_by_sign, amax_by_count],
           [relu_by_mask, maximum_by_loops, amax_by_loops]],
    returns=['relu', 'maximum', 'amax'], package=package,
    training=Training('the mean squared error of relu(w x + b) on the right half of |x|, to which '
                      'it is fitted in 40 steps', train),
    hints=['Each of the three hands g on to some elements, and 0 to the others. Which get it is '
           'decided by x and y, never by g.',
           'np.where(condition, a, b) takes a where the condition is true, and b elsewhere. At 0 '
           'relu has the slope 0: the condition is x > 0.',
           'x == x.max() is true at all elements that are the largest; its sum is how many.'],
    mistakes=[
        Mistake('a relu whose slope is 1 at 0: the condition is x > 0, not x >= 0',
                (RELU, 'np.where(x >= 0, g, 0)'), training=WAKE),
        Mistake('a relu whose slope is 1/2 at 0, as if it were maximum(x, 0)',
                (RELU, 'np.where(x > 0, g, np.where(x == 0, g / 2, 0))'), training=WAKE),
        Mistake('a relu of the gradient: what is cut off is decided by x, and not by the sign of '
                'g', (RELU, 'np.where(g > 0, g, 0)')),
        Mistake('a relu that lets g through only where x and g are both positive',
                (RELU, 'np.where((x > 0) & (g > 0), g, 0)')),
        Mistake('a relu that lets all of g through', (RELU, 'g')),
        Mistake('a relu whose slopes alone are returned: they have not met g',
                (RELU, 'np.where(x > 0, 1.0, 0.0)')),
        Mistake('a relu in which g is multiplied by relu(x), and not by the slope',
                (RELU, 'g * np.maximum(x, 0)'), training=FROM_3),
        Mistake('a relu whose slope is computed as relu(x) / x: at 0 that is 0 / 0, and nan',
                (RELU, 'g * np.maximum(x, 0) / x'), training=WAKE),
        Mistake('a relu forward: it returns max(x, 0)', (RELU, 'np.maximum(x, 0)')),
        Mistake('a relu that lets g through where x is negative',
                (RELU, 'np.where(x < 0, g, 0)'), also=[[(RELU, 'np.where(x <= 0, g, 0)')]]),
        Mistake('a relu whose slope is -1 on the left: that is abs, or the sign of x',
                (RELU, 'g * np.sign(x)'), also=[[(RELU, 'np.where(x > 0, g, -g)')]]),
        Mistake('a leaky relu, whose slope on the left is 0.01 or 0.1, and not 0',
                (RELU, 'np.where(x > 0, g, 0.01 * g)'),
                also=[[(RELU, f'np.where(x > 0, g, {slope} * g)')] for slope in (0.1, 0.2)]),
        Mistake('a maximum that gives the whole of g to both where they are equal',
                (HALF, 'half = np.where(x == y, g, 0)'), training=TIE),
        Mistake('a maximum that gives g to x alone where they are equal',
                ('x > y', 'x >= y'), ('np.where(y > x, g, half)', 'np.where(y > x, g, 0)'),
                training=TIE),
        Mistake('a maximum that gives g to y alone where they are equal',
                ('y > x', 'y >= x'), ('np.where(x > y, g, half)', 'np.where(x > y, g, 0)'),
                training=TIE),
        Mistake('a maximum that gives nothing to either where they are equal',
                (HALF, 'half = 0'), training=TIE),
        Mistake('a maximum that gives 1/2 to both where they are equal, and not half of g',
                (HALF, 'half = np.where(x == y, 0.5, 0)'), training=Training(
                    'x after one step down 3 maximum(x, y), from x = y = 2 with lr = 0.5',
                    lambda program: 2 - 0.5 * program(
                        np.full(1, 2.0), np.full(1, 2.0), np.full(1, 3.0), 1.0)[1][0][0])),
        Mistake('a maximum that compares the largest of x and of y: each element has to be '
                'compared', (DX, 'dx = g * (x.max() > y.max())'),
                (DY, 'dy = g * (x.max() <= y.max())'), training=TIE),
        Mistake('a maximum that gives g max(x, y) to both: the value in place of the slope',
                (DX, 'dx = g * np.maximum(x, y)'), (DY, 'dy = g * np.maximum(x, y)'),
                training=APART),
        Mistake('a maximum that gives half of g to the smaller one, too',
                (HALF, 'half = g / 2'), training=Training(
                    'y after one step down maximum(x, y), from x = 2 and y = 0 with lr = 0.5',
                    lambda program: -0.5 * program(
                        np.full(1, 2.0), np.zeros(1), np.ones(1), 1.0)[1][1][0])),
        Mistake('a maximum that gives g to the smaller one', ('x > y', 'x < y'),
                ('y > x', 'y < x'), training=APART),
        Mistake('a maximum that gives half of g to both, whichever is larger',
                (DX, 'dx = g / 2'), (DY, 'dy = g / 2'), training=APART),
        Mistake('a maximum that gives the whole of g to both, whichever is larger',
                (DX, 'dx = g'), (DY, 'dy = g'), training=TIE),
        Mistake('a maximum whose slopes alone are returned: they have not met g',
                (HALF, 'half = np.where(x == y, 0.5, 0)'),
                (DX, 'dx = np.where(x > y, 1.0, half)'),
                (DY, 'dy = np.where(y > x, 1.0, half)'), also=[
                    [(HALF, f'half = np.where(x == y, {tie}, 0)'),
                     (DX, 'dx = np.where(x > y, 1.0, half)'),
                     (DY, 'dy = np.where(y > x, 1.0, half)')] for tie in (0.0, 1.0)] + [
                    [(DX, 'dx = np.where(x > y, 1.0, 0)'), (DY, 'dy = np.where(x > y, 0, 1.0)')],
                    [(DX, 'dx = np.where(x >= y, 1.0, 0)'), (DY, 'dy = np.where(x >= y, 0, 1.0)')],
                ], training=Training(
                    'maximum(x, y) after one step down 3 maximum(x, y), from x = 2 and y = 0 with '
                    'lr = 0.5', lambda program: 2 - 0.5 * program(
                        np.full(1, 2.0), np.zeros(1), np.full(1, 3.0), 1.0)[1][0][0])),
        Mistake('a maximum in which g is multiplied by the larger number, not by the slope',
                (HALF, 'half = np.where(x == y, g * x / 2, 0)'),
                (DX, 'dx = np.where(x > y, g * x, half)'),
                (DY, 'dy = np.where(y > x, g * y, half)'), training=APART,
                also=[[(HALF, 'half = 0'), (DX, 'dx = np.where(x > y, g * x, half)'),
                       (DY, 'dy = np.where(y > x, g * y, half)')]]),
        Mistake('a maximum forward: it returns the larger numbers, and not g in their places',
                (DX, 'dx = np.where(x >= y, x, 0)'), (DY, 'dy = np.where(y >= x, y, 0)'),
                also=[[(DX, f'dx = {dx}'), (DY, f'dy = {dy}')] for dx, dy in (
                    ('np.maximum(x, y)', 'np.maximum(x, y)'),
                    ('np.where(x > y, x, 0)', 'np.where(y > x, y, 0)'),
                    ('np.where(x > y, x, 0)', 'np.where(x > y, 0, y)'),
                    ('np.where(x >= y, x, 0)', 'np.where(x >= y, 0, y)'))], training=TIE),
        Mistake('an amax forward: it returns the largest number, and not g in its place',
                (AMAX, 'x.max()'), also=[[(AMAX, 'np.where(largest, x, 0)')]], training=LARGE),
        Mistake('an amax that gives the whole of g to each of the largest: they have to share it',
                (AMAX, 'np.where(largest, g, 0)'), training=TIES),
        Mistake('an amax that gives g to the first of the largest alone, as max(dim) does, and '
                'argmax', (LARGEST, 'largest = np.arange(len(x)) == x.argmax()'), training=TIES,
                also=[[(AMAX, 'np.where(np.arange(len(x)) == x.argmax(), g, 0)')]]),
        Mistake('an amax that gives g to the last of the largest alone',
                (LARGEST, 'largest = np.arange(len(x)) == len(x) - 1 - x[::-1].argmax()'),
                training=TIES),
        Mistake('an amax that gives the first of the largest an equal share, and nothing to the '
                'others', (AMAX, 'np.where(np.arange(len(x)) == x.argmax(), g / largest.sum(), 0)'),
                training=TIES),
        Mistake('an amax that divides by the number of all elements, not by that of the largest',
                ('largest.sum()', 'len(x)'), training=LARGE),
        Mistake('an amax that gives each element the whole of g', (AMAX, 'np.full(len(x), g)'),
                training=LARGE),
        Mistake('an amax that gives each element an equal share of g, as a mean does',
                (AMAX, 'np.full(len(x), g / len(x))'), training=LARGE),
        Mistake('an amax whose slopes alone are returned: they have not met g',
                (AMAX, 'np.where(largest, 1 / largest.sum(), 0)'), training=Training(
                    'the largest of 4, 0 and 0 after one step down 3 amax, with lr = 0.5',
                    lambda program: np.max(np.array([4.0, 0.0, 0.0]) - 0.5 * program(
                        np.array([4.0, 0.0, 0.0]), np.zeros(3), np.zeros(3), 3.0)[2]))),
        Mistake('an amax that returns 1 at each of the largest: they have not met g, and do not '
                'share it', (AMAX, 'largest.astype(float)'), training=TIES),
        Mistake('an amax in which g is multiplied by the largest number, not by the slope',
                (AMAX, 'np.where(largest, g * x / largest.sum(), 0)'), training=LARGE,
                also=[[(AMAX, 'np.where(largest, g * x, 0)')]]),
        Mistake('an amax that returns g as it is, one number: x has n of them',
                (AMAX, 'g'), training=LARGE),
        Mistake('an amax that returns 1 at the first of the largest: it has not met g',
                (AMAX, 'np.eye(len(x))[x.argmax()]'), training=TIES),
        Mistake('an amax that gives g to the smallest', ('x.max()', 'x.min()'), training=LARGE),
    ])
