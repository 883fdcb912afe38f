"""The two gradients of a matrix product."""
from __future__ import annotations

import numpy as np

from .... import tensor
from ..exercise import Exercise, Mistake, Training

TEXT = """
A layer without a bias is a matrix product, y = x @ w: n samples of k numbers,
x (n, k), become n samples of m numbers, y (n, m), by the weights w (k, m).

    y_ij = sum over l of x_il w_lj

g, (n, m), is the gradient of the loss with respect to y. Return the gradients
with respect to x, (n, k), and w, (k, m). The loss is one number, so each
gradient has the shape of its array. Whether it is a mean over the samples is
not your concern: g knows.
"""


def matmul_gradients(x, w, g):
    """The gradients with respect to x, (n, k), and w, (k, m)."""
    dx = g @ w.T
    dw = x.T @ g
    return dx, dw


def by_loops(x, w, g):
    (n, k), m = x.shape, w.shape[1]
    dx, dw = np.zeros((n, k)), np.zeros((k, m))
    for i in range(n):
        for j in range(m):
            for inner in range(k):
                dx[i, inner] += g[i, j] * w[inner, j]
                dw[inner, j] += g[i, j] * x[i, inner]
    return dx, dw


def by_samples(x, w, g):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, (sample, slopes) in enumerate(zip(x, g)):
        dx[i] = w @ slopes
        dw += np.outer(sample, slopes)
    return dx, dw


def transposed_twice(x, w, g):
    return np.dot(w, g.T).T, np.transpose(np.matmul(np.transpose(g), x))


def by_einsum(x, w, g):
    return [np.einsum('nm,km->nk', g, w), np.einsum('nk,nm->km', x, g)]


def inputs(rng):
    yield (np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[1.0, 0.0], [4.0, 2.0]]),
           np.array([[1.0, 2.0], [3.0, -1.0]]))
    yield np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0]])
    for n, k, m in (2, 3, 4), (4, 2, 3), (3, 3, 3), (4, 4, 4), (5, 3, 3), (3, 5, 3), (3, 3, 5):
        yield rng.normal(size=(n, k)), rng.normal(size=(k, m)), rng.normal(size=(n, m))
    yield tuple(rng.normal(size=size).astype(np.float32) for size in ((3, 2), (2, 4), (3, 4)))


MIXING = np.roll(np.eye(4), 1, axis=1) + 0.3 * np.eye(4)
TARGET = np.array([[1.0, -1.0, 0.5, 2.0], [0.0, 1.0, 2.0, -1.0], [-2.0, 0.5, 1.0, 1.0],
                   [1.0, 2.0, -1.0, 0.0]])


def train_w(matmul_gradients):
    w = np.zeros((4, 4))
    for _ in range(20):
        w = w - 0.5 * matmul_gradients(MIXING, w, MIXING @ w - TARGET)[1]
    return np.mean((MIXING @ w - TARGET)**2)


def train_x(matmul_gradients):
    x = np.zeros((4, 4))
    for _ in range(20):
        x = x - 0.5 * matmul_gradients(x, MIXING, x @ MIXING - TARGET)[0]
    return np.mean((x @ MIXING - TARGET)**2)


def size_of_dw(matmul_gradients):
    return matmul_gradients(MIXING, TARGET, TARGET)[1].size


def package(x, w, g):
    x, w = (tensor(v, requires_grad=True) for v in (x, w))
    (x @ w).backward(tensor(g))
    return x.grad.numpy(), w.grad.numpy()


DX, DW = 'g @ w.T', 'x.T @ g'
SIZE = Training('the number of elements of dw, for w of shape (4, 4)', size_of_dw)
MOVING_X = Training('the mean squared error of x @ w, after 20 steps that move x', train_x)

exercise = Exercise(
    8, 'The two gradients of a matrix product', chapter=4, text=TEXT, solution=matmul_gradients,
    inputs=inputs, right=[by_loops, by_samples, transposed_twice, by_einsum], package=package,
    returns=['dx', 'dw'],
    training=Training('the mean squared error of x @ w, after 20 steps that move w', train_w),
    hints=['Look at the shapes: which product of g, (n, m), and w, (k, m), has the shape (n, k)?',
           'x_il meets g_ij for all j, and so does w_lj: dx_il = sum over j of g_ij w_lj. In the '
           'same way, dw_lj = sum over i of x_il g_ij.',
           'One of the two is g @ w.T.'],
    mistakes=[
        Mistake('a dx of g @ w: w is not transposed, which fits only where w is square',
                (DX, 'g @ w'),
                training=MOVING_X),
        Mistake('a dw of x @ g: x is not transposed, which fits only where x is square',
                (DW, 'x @ g')),
        Mistake('a dx of w @ g.T: it is transposed, (k, n) and not (n, k)', (DX, 'w @ g.T'),
                training=MOVING_X),
        Mistake('a dw of g.T @ x: it is transposed, (m, k) and not (k, m)', (DW, 'g.T @ x'),
                also=[[(DW, 'np.add(np.zeros_like(w), g.T @ x, out=np.zeros_like(w))')]]),
        Mistake('a dx of w.T @ g: the order of the factors counts. w stands to the right of x, '
                'and w.T to the right of g', (DX, 'w.T @ g'),
                training=MOVING_X),
        Mistake('a dw of g @ x.T: the order of the factors counts. x stands to the left of w, '
                'and x.T to the left of g', (DW, 'g @ x.T')),
        Mistake('a dx of w @ g, in the wrong order and not transposed', (DX, 'w @ g'),
                training=MOVING_X),
        Mistake('a dw of g @ x, in the wrong order and not transposed', (DW, 'g @ x')),
        Mistake('a dx of g.T @ w: what has to be transposed is w', (DX, 'g.T @ w'),
                training=MOVING_X),
        Mistake('a dw of x @ g.T: what has to be transposed is x', (DW, 'x @ g.T')),
        Mistake('a dx with w reshaped, not transposed: reshape keeps the numbers in their order, '
                'and so mixes rows and columns', (DX, 'g @ w.reshape(w.shape[::-1])'),
                training=MOVING_X),
        Mistake('a dw with x reshaped, not transposed: reshape keeps the numbers in their order, '
                'and so mixes rows and columns', (DW, 'x.reshape(x.shape[::-1]) @ g')),
        Mistake('a dx and a dw that are exchanged', ('dx, dw', 'dw, dx')),
        Mistake('a dw divided by the number of samples: if the loss is a mean, g is divided '
                'already', (DW, 'x.T @ g / len(x)')),
        Mistake('a dx divided by the number of samples', (DX, 'g @ w.T / len(x)'),
                training=MOVING_X),
        Mistake('a dx and a dw divided by the number of samples: if the loss is a mean, g is '
                'divided already', (DX, 'g @ w.T / len(x)'),
                (DW, 'x.T @ g / len(x)')),
        Mistake('a product of single elements, as for y = x * w: dx = g * w, dw = g * x',
                (DX, 'g * w'), (DW, 'g * x')),
        Mistake('a dx of g * w.T: * multiplies element by element, and @ is the matrix product',
                (DX, 'g * w.T'), training=MOVING_X),
        Mistake('a dw of x.T * g: * multiplies element by element, and @ is the matrix product',
                (DW, 'x.T * g')),
        Mistake('a dx without g: the local slopes alone, as if g were 1 everywhere',
                (DX, 'np.ones_like(g) @ w.T'),
                training=MOVING_X),
        Mistake('a dw without g: the local slopes alone, as if g were 1 everywhere',
                (DW, 'x.T @ np.ones_like(g)')),
        Mistake('a dx that is w.T, and a dw that is x.T: local slopes that have not met g',
                (DX, 'w.T'), (DW, 'x.T'),
                training=MOVING_X),
        Mistake('a dw of the sums over the samples: x and g are summed each, and then multiplied. '
                'The product of two sums is not the sum of the products',
                (DW, 'np.outer(x.sum(axis=0), g.sum(axis=0))')),
        Mistake('a dx of the sums over the outputs: g and w are summed each, and then multiplied. '
                'The product of two sums is not the sum of the products',
                (DX, 'np.outer(g.sum(axis=1), w.sum(axis=1))'), training=MOVING_X),
        Mistake('a dx and a dw divided by the number of all elements of g: if the loss is a mean, '
                'g is divided already', (DX, 'g @ w.T / g.size'), (DW, 'x.T @ g / g.size')),
        Mistake('a dw of np.outer(x, g), which is right for a single sample: several have to be '
                'multiplied one by one, and summed', (DW, 'np.outer(x, g)'), training=SIZE),
        Mistake('a dw of dx.T @ g: what w was multiplied by is x, not its gradient',
                (DW, 'dx.T @ g')),
        Mistake('a dw of the means over the samples, multiplied',
                (DW, 'np.outer(x.mean(axis=0), g.mean(axis=0))')),
        Mistake('a dw of the last sample alone: = stands where += should, in a loop over samples',
                (DW, 'np.outer(x[-1], g[-1])')),
        Mistake('a dw of the first sample alone',
                (DW, 'np.outer(x[0], g[0])')),
        Mistake('a dx of the last output alone: = stands where += should, in a loop over outputs',
                (DX, 'np.outer(g[:, -1], w[:, -1])'),
                training=MOVING_X),
        Mistake('a dx with the wrong sign', (DX, '-g @ w.T'),
                training=MOVING_X),
        Mistake('a dw with the wrong sign', (DW, '-x.T @ g')),
        Mistake('a dw of x.T @ y: the output in place of its gradient', (DW, 'x.T @ (x @ w)')),
        Mistake('a dx of y @ w.T: the output in place of its gradient', (DX, 'x @ w @ w.T'),
                training=MOVING_X),
        Mistake('a dx that is summed over the samples to one row, as the gradient of a bias is',
                (DX, '(g @ w.T).sum(axis=0)'), training=MOVING_X),
        Mistake('a dw that is summed to one row, as the gradient of a bias is',
                (DW, '(x.T @ g).sum(axis=0)')),
        Mistake('a dw that is one matrix for each sample: they have to be summed',
                (DW, 'x[:, :, None] * g[:, None, :]'), training=SIZE),
    ])
