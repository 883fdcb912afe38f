"""Adam."""
from __future__ import annotations

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Training
from .sgd import path_of

TEXT = """
Adam (Kingma and Ba 2015) keeps two running means, of the gradient and of its
square. Both start at 0 and so are too small at first, which is corrected.
At step t = 1, 2, 3, ..., with the gradient g:

    m = beta1 m + (1 - beta1) g          m_hat = m / (1 - beta1^t)
    v = beta2 v + (1 - beta2) g^2        v_hat = v / (1 - beta2^t)
    w = w - lr m_hat / (sqrt(v_hat) + eps)

w is an array, (n,), gradients, (steps, n), the gradient at each step. Return
w after each step, (steps, n). Leave the w and the gradients of the caller as
they are.
"""


def adam(w, gradients, lr, beta1, beta2, eps):
    """The weights after each step, (steps, n)."""
    m = v = np.zeros_like(w)
    path = []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(w)
    return np.array(path)


def in_place(w, gradients, lr, beta1, beta2, eps):
    w, m, v = w.copy(), np.zeros(w.shape), np.zeros(w.shape)
    path = np.empty(gradients.shape)
    for t in range(len(gradients)):
        g = gradients[t]
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (np.square(g) - v)
        w -= lr * (m / (1 - beta1**(t + 1))) / ((v / (1 - beta2**(t + 1)))**0.5 + eps)
        path[t] = w
    return path


def by_loops(w, gradients, lr, beta1, beta2, eps):
    path = np.zeros_like(gradients)
    for i in range(len(w)):
        p, m, v, t = w[i], 0.0, 0.0, 0
        for step, g in enumerate(gradients[:, i]):
            t += 1
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            lr_t = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
            p = p - lr_t * m / (np.sqrt(v) + eps * np.sqrt(1 - beta2**t))
            path[step, i] = p
    return path


def inputs(rng):
    yield np.array([1.0]), np.array([[2.0], [2.0], [2.0]]), 0.1, 0.9, 0.99, 1e-8
    yield np.array([0.0, 1.0]), np.array([[1.0, 0.5], [-1.0, 0.5]]), 0.5, 0.5, 0.75, 0.125
    for eps in 1e-8, 1e-3, 0.1:
        steps, n = rng.integers(5, 12), rng.integers(2, 4)
        yield (rng.normal(size=n), rng.normal(size=(steps, n)), rng.uniform(0.1, 0.5),
               rng.uniform(0.6, 0.95), rng.uniform(0.8, 0.999), eps)
    yield (rng.normal(size=2).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32),
           0.25, 0.5, 0.75, 0.01)
    yield np.array([0.0, 3.0]), 1e-8 * rng.uniform(1, 9, (6, 2)), 1.0, 0.9, 0.99, 1e-8
    yield np.array([0.0]), np.array([[1.0], [0.0], [0.0], [0.0], [1.0]]), 1.0, 0.9, 0.99, 1e-8
    yield np.array([0.5, 2.0]), np.zeros((3, 2)), 1.0, 0.9, 0.999, 1e-8
    yield np.array([0.0, 1.0]), rng.uniform(50, 90, (4, 2)), 0.5, 0.9, 0.99, 1e-8


def longest_step(adam):
    path = adam(np.zeros(1), np.ones((100, 1)), 1.0, 0.9, 0.999, 1e-8)
    return np.abs(np.diff(path[:, 0], prepend=0)).max()


def bowl(adam):
    w, gradients = np.ones(1), []
    for _ in range(60):
        gradients.append(w)
        w = adam(np.ones(1), np.array(gradients), 0.1, 0.9, 0.999, 1e-8)[-1]
    return abs(w[0])


def tiny_gradients(adam):
    return -adam(np.zeros(1), np.full((10, 1), 1e-8), 1.0, 0.9, 0.999, 1e-8)[-1, 0]


def without_gradient(adam):
    return abs(adam(np.ones(1), np.zeros((100, 1)), 1.0, 0.9, 0.999, 1e-8)[-1, 0] - 1)


def after_an_outlier(adam):
    path = adam(np.zeros(1), np.r_[100.0, np.ones(999)][:, None], 1.0, 0.9, 0.99, 1e-8)
    return path[-2, 0] - path[-1, 0]


def package(w, gradients, lr, beta1, beta2, eps):
    return path_of(optim.Adam([tensor(w, requires_grad=True)], lr, (beta1, beta2), eps), gradients)


M, V = 'm = beta1 * m + (1 - beta1) * g\n', 'v = beta2 * v + (1 - beta2) * g**2'
M_HAT, V_HAT = 'm_hat = m / (1 - beta1**t)', 'v_hat = v / (1 - beta2**t)'
STEP = 'w - lr * m_hat / (np.sqrt(v_hat) + eps)'

BOWL = Training('the distance from the minimum of w^2 / 2, after 60 steps from 1 with lr = 0.1',
                bowl)
TINY = Training('the length of ten steps for a gradient of 1e-8, in multiples of lr',
                tiny_gradients)
ZERO = Training('how far a weight whose gradient is 0 moves in 100 steps, in multiples of lr',
                without_gradient)
OUTLIER = Training('the last of 1000 steps, in multiples of lr, if the first gradient was 100 and '
                   'all others are 1', after_an_outlier)

TINY_EPS = Training('the length of ten steps for a gradient of 1e-8 with eps = 1e-3, in multiples '
                    'of lr', lambda adam: -adam(np.zeros(1), np.full((10, 1), 1e-8), 1.0, 0.9,
                                                0.999, 1e-3)[-1, 0])
BETAS = Training('the step after the gradient has stopped, with betas 0 and 0.5, in units of lr',
                 lambda adam: np.diff(adam(np.zeros(1), np.array([[1.0], [0.0]]), -1.0, 0.0, 0.5,
                                           1e-8)[:, 0])[0])
TWO_SCALES = Training('the first step of a weight whose gradient is a thousandth of the other\'s, '
                      'in multiples of lr',
                      lambda adam: adam(np.zeros(2), np.array([[1.0, 1e-3]]), -1.0, 0.9, 0.999,
                                        1e-8)[0, 1])

exercise = Exercise(
    15, 'Adam', chapter=8, text=TEXT, solution=adam, inputs=inputs, steps=True, package=package,
    right=[in_place, by_loops],
    training=Training('the longest of 100 steps for a constant gradient, with betas 0.9 and 0.999, '
                      'in multiples of lr', longest_step),
    hints=['The first step is lr long, whatever the gradient is. How long is yours?',
           'm and v are kept as they are; m_hat and v_hat are made of them anew at each step, and '
           'the correction divides.',
           'eps is added to the root, and the root is taken of v_hat.'],
    mistakes=[
        Mistake('an Adam without bias correction: m and v start at 0 and are taken as they are',
                (M_HAT, 'm_hat = m'), (V_HAT, 'v_hat = v')),
        Mistake('an Adam whose correction multiplies by 1 - beta^t where it has to divide',
                (M_HAT, 'm_hat = m * (1 - beta1**t)'), (V_HAT, 'v_hat = v * (1 - beta2**t)')),
        Mistake('an Adam that divides by 1 - beta: the exponent t is missing (or t stays 1)',
                (M_HAT, 'm_hat = m / (1 - beta1)'), (V_HAT, 'v_hat = v / (1 - beta2)')),
        Mistake('an Adam whose correction of m multiplies by 1 - beta1^t where it has to divide',
                (M_HAT, 'm_hat = m * (1 - beta1**t)'), training=BOWL),
        Mistake('an Adam whose correction of v multiplies by 1 - beta2^t where it has to divide',
                (V_HAT, 'v_hat = v * (1 - beta2**t)')),
        Mistake('an Adam that divides m by 1 - beta1: the exponent t is missing there',
                (M_HAT, 'm_hat = m / (1 - beta1)')),
        Mistake('an Adam that divides v by 1 - beta2: the exponent t is missing there',
                (V_HAT, 'v_hat = v / (1 - beta2)'), training=BOWL),
        Mistake('an Adam that corrects m alone, and takes v as it is', (V_HAT, 'v_hat = v')),
        Mistake('an Adam that corrects v alone, and takes m as it is', (M_HAT, 'm_hat = m'),
                training=BOWL),
        Mistake('an Adam that keeps the corrected means: m and v are themselves divided by 1 - '
                'beta^t, and corrected again at the next step',
                (M_HAT, 'm = m_hat = m / (1 - beta1**t)'),
                (V_HAT, 'v = v_hat = v / (1 - beta2**t)'), training=BOWL),
        Mistake('an Adam whose t is one too large: it begins at 2',
                (M_HAT, 'm_hat = m / (1 - beta1**(t + 1))'),
                (V_HAT, 'v_hat = v / (1 - beta2**(t + 1))'), training=TINY),
        Mistake('an Adam whose t begins at 0: 1 - beta^0 is 0, and 0 / 0 is nan',
                ('start=1', 'start=0')),
        Mistake('an Adam that corrects both means with beta1',
                (V_HAT, 'v_hat = v / (1 - beta1**t)')),
        Mistake('an Adam that corrects both means with beta2',
                (M_HAT, 'm_hat = m / (1 - beta2**t)')),
        Mistake('an Adam with the two corrections exchanged: m is corrected with beta2, and v with '
                'beta1', (M_HAT, 'm_hat = m / (1 - beta2**t)'),
                (V_HAT, 'v_hat = v / (1 - beta1**t)')),
        Mistake('an Adam that divides by 1 - beta t, a product, where beta^t is a power',
                (M_HAT, 'm_hat = m / (1 - beta1 * t)'), (V_HAT, 'v_hat = v / (1 - beta2 * t)')),
        Mistake('an Adam whose correction lacks parentheses: m / 1 - beta^t divides by 1, and '
                'subtracts beta^t', (M_HAT, 'm_hat = m / 1 - beta1**t'),
                (V_HAT, 'v_hat = v / 1 - beta2**t')),
        Mistake('an Adam whose means have beta1 and beta2 exchanged, but not their correction',
                (M, 'm = beta2 * m + (1 - beta2) * g\n'),
                (V, 'v = beta1 * v + (1 - beta1) * g**2'), training=BOWL),
        Mistake('an Adam with beta1 and beta2 exchanged', (M, 'm = beta2 * m + (1 - beta2) * g\n'),
                (V, 'v = beta1 * v + (1 - beta1) * g**2'), (M_HAT, 'm_hat = m / (1 - beta2**t)'),
                (V_HAT, 'v_hat = v / (1 - beta1**t)'), training=BOWL),
        Mistake('an Adam that adds eps to the weight: w - lr m_hat / sqrt(v_hat) + eps lacks '
                'parentheses, and 0 / 0 is nan where the gradient is 0',
                (STEP, 'w - (lr * m_hat / np.sqrt(v_hat) + eps)'), training=ZERO),
        Mistake('an Adam that adds eps to the weight, upward: w - lr m_hat / sqrt(v_hat) + eps '
                'lacks parentheses, and 0 / 0 is nan where the gradient is 0',
                (STEP, 'w - lr * m_hat / np.sqrt(v_hat) + eps'), training=ZERO),
        Mistake('an Adam with eps inside the root',
                ('np.sqrt(v_hat) + eps', 'np.sqrt(v_hat + eps)'), training=TINY),
        Mistake('an Adam with eps added to the uncorrected root ("epsilon hat" of the paper, as '
                'in TensorFlow). PyTorch adds it to the corrected one',
                ('np.sqrt(v_hat) + eps', '(np.sqrt(v) + eps) / np.sqrt(1 - beta2**t)'),
                training=TINY),
        Mistake('an Adam without eps: 0 / 0 is nan where the gradient is 0',
                ('np.sqrt(v_hat) + eps', 'np.sqrt(v_hat)'), training=ZERO),
        Mistake('an Adam without the root: it divides by v_hat',
                ('np.sqrt(v_hat) + eps', 'v_hat + eps'), training=BOWL),
        Mistake('an Adam whose v is a mean of g, not of g^2, so that a root of negative numbers '
                'is taken', ('g**2', 'g'), training=TINY),
        Mistake('an Adam whose v is a mean of |g|, not of g^2', ('g**2', 'np.abs(g)'),
                training=TINY),
        Mistake('an Adam whose v is a mean of m^2, not of g^2', ('g**2', 'm**2')),
        Mistake('an Adam whose v is a mean of the squared length of g, one number for all weights',
                ('g**2', 'np.sum(g**2)'), training=TWO_SCALES),
        Mistake('an Adam whose v is a mean of the mean of g^2, one number for all weights',
                ('g**2', 'np.mean(g**2)'), training=TWO_SCALES),
        Mistake('an Adam whose m and v begin with the first gradient and its square: then there '
                'is nothing to correct, and 1 - beta^t makes them too large',
                ('    m = v = np.zeros_like(w)', '    m, v = gradients[0], gradients[0]**2')),
        Mistake('an Adam whose m and v begin with the first gradient and its square, without a '
                'correction',
                ('    m = v = np.zeros_like(w)', '    m, v = gradients[0], gradients[0]**2'),
                (M_HAT, 'm_hat = m'), (V_HAT, 'v_hat = v'), training=BOWL),
        Mistake('an Adam with an eps of its own, 1e-8, and not the one that is given',
                ('+ eps', '+ 1e-8'), also=[[('+ eps', '+ 1e-7')]], training=TINY_EPS),
        Mistake('an Adam with betas of its own, 0.9 and 0.999, and not those that are given',
                ('m = v = np.zeros_like(w)', 'm = v = np.zeros_like(w)\n'
                                             '    beta1, beta2 = 0.9, 0.999'), training=BETAS),
        Mistake('an Adam whose learning rate is divided by the root of t',
                ('w - lr', 'w - lr / np.sqrt(t)'), training=BOWL),
        Mistake('an Adam whose one correction, sqrt(1 - beta2^t) / (1 - beta1^t), lacks the root',
                (M_HAT, 'm_hat = m * (1 - beta2**t) / (1 - beta1**t)'),
                (V_HAT, 'v_hat = v')),
        Mistake('a Nadam: m_hat looks one step ahead', (
            M_HAT, 'm_hat = beta1 * m / (1 - beta1**t) + (1 - beta1) * g / (1 - beta1**t)'),
                training=BOWL),
        Mistake('an Adam that takes m_hat for its m in the next step', (
            M_HAT, 'm = m_hat = m / (1 - beta1**t)'), training=BOWL),
        Mistake('an Adam that takes v_hat for its v in the next step', (
            V_HAT, 'v = v_hat = v / (1 - beta2**t)'), training=BOWL),
        Mistake('an Adam that forgets: m and v begin at 0 in every step',
                (M, 'm = (1 - beta1) * g\n'), (V, 'v = (1 - beta2) * g**2'), training=BOWL),
        Mistake('an Adam that climbs: the step is added', ('w - lr', 'w + lr'), training=BOWL),
        Mistake('an Adam with g in place of m_hat: RMSprop with a correction',
                ('lr * m_hat', 'lr * g'), training=BOWL),
        Mistake('an Adam whose m lacks the factor 1 - beta1', (M, 'm = beta1 * m + g\n')),
        Mistake('an Adam whose v lacks the factor 1 - beta2', (V, 'v = beta2 * v + g**2')),
        Mistake('an Adam whose beta and 1 - beta are exchanged: it keeps 1 - beta of the old '
                'mean', (M, 'm = (1 - beta1) * m + beta1 * g\n'),
                (V, 'v = (1 - beta2) * v + beta2 * g**2')),
        Mistake('an Adam that squares (1 - beta2) g, not g alone',
                ('(1 - beta2) * g**2', '((1 - beta2) * g)**2')),
        Mistake('an Adam that does not walk: each step begins at the first w',
                ('w = w - lr', 'new = w - lr'), ('append(w)', 'append(new)'), training=BOWL),
        Mistake('an Adam whose path is the same array many times: w changes in place, and each '
                'entry shows its last value. Append a copy',
                ('np.array(path)', 'np.array([w] * len(path))')),
        Mistake('an Adam that keeps w before each step, not after it', ('path.append(w)', ''),
                ('    m_hat', '    path.append(w)\n        m_hat'), training=BOWL),
        Mistake('an Adam that takes the largest v so far (AMSGrad)',
                ('path = []', 'path, largest = [], 0'),
                (V_HAT, 'largest = np.maximum(largest, v)\n'
                        '        v_hat = largest / (1 - beta2**t)'), training=OUTLIER),
        Mistake('an Adam that subtracts the last step alone from 0: it returns steps, not '
                'weights', ('w = w - lr', 'w = -lr'), training=BOWL),
    ])
