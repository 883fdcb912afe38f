"""AdamW: Adam with decoupled weight decay."""
from __future__ import annotations

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Training
from .sgd import path_mistakes, path_of

TEXT = """
Weight decay makes each weight a little smaller at each step. AdamW (Loshchilov
and Hutter 2019) keeps it apart from the gradient: it does not enter m and v,
and is not divided by anything. At step t = 1, 2, 3, ..., with the gradient g:

    m = beta1 m + (1 - beta1) g          m_hat = m / (1 - beta1^t)
    v = beta2 v + (1 - beta2) g^2        v_hat = v / (1 - beta2^t)
    w = w - lr decay w - lr m_hat / (sqrt(v_hat) + eps)

Both times w is the weight before this step. The decay is multiplied by lr, as
in PyTorch. w is an array, (n,), gradients, (steps, n), the gradient at each
step. Return w after each step, (steps, n). Leave the w and the gradients of
the caller as they are.
"""


def adamw(w, gradients, lr, beta1, beta2, eps, decay):
    """The weights after each step, (steps, n)."""
    m = v = np.zeros_like(w)
    path = []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        w = w - lr * (decay * w + m_hat / (np.sqrt(v_hat) + eps))
        path.append(w)
    return np.array(path)


def in_place(w, gradients, lr, beta1, beta2, eps, decay):
    w, m, v = w.copy(), np.zeros(w.shape), np.zeros(w.shape)
    path = np.empty(gradients.shape)
    for t in range(len(gradients)):
        w *= 1 - lr * decay
        m += (1 - beta1) * (gradients[t] - m)
        v += (1 - beta2) * (np.square(gradients[t]) - v)
        w -= lr * (m / (1 - beta1**(t + 1))) / (np.sqrt(v / (1 - beta2**(t + 1))) + eps)
        path[t] = w
    return path


def by_loops(w, gradients, lr, beta1, beta2, eps, decay):
    path = np.zeros_like(gradients)
    for i in range(len(w)):
        p, m, v, t = w[i], 0.0, 0.0, 0
        for g in gradients[:, i]:
            t += 1
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            before = p
            p = p - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t))**0.5 + eps)
            p = p - lr * decay * before
            path[t - 1, i] = p
    return path


def inputs(rng):
    yield np.array([4.0]), np.array([[2.0], [2.0], [2.0]]), 0.5, 0.9, 0.99, 1e-8, 0.25
    yield (np.array([4.0, -2.0]), np.array([[1.0, 0.5], [-1.0, 0.5]]), 0.5, 0.5, 0.75, 0.125, 0.5)
    for eps in 1e-8, 1e-3, 0.1:
        n = rng.integers(2, 4)
        yield (rng.choice([-1, 1], n) * rng.uniform(1, 3, n),
               rng.normal(size=(rng.integers(5, 12), n)), rng.uniform(0.1, 0.5),
               rng.uniform(0.6, 0.95), rng.uniform(0.8, 0.999), eps, rng.uniform(0.1, 0.5))
    yield (rng.uniform(1, 3, 2).astype(np.float32), rng.normal(size=(4, 2)).astype(np.float32),
           0.25, 0.5, 0.75, 0.01, 0.25)
    yield np.array([2.0, 3.0]), 1e-8 * rng.uniform(1, 9, (6, 2)), 0.5, 0.9, 0.99, 1e-8, 0.1
    yield np.array([0.5, 2.0]), np.zeros((3, 2)), 1.0, 0.9, 0.999, 1e-8, 0.125


def left_without_gradient(adamw):
    return adamw(np.ones(1), np.zeros((100, 1)), 0.01, 0.9, 0.999, 1e-8, 0.01)[-1, 0]


def after_one_step(adamw):
    return adamw(np.ones(1), np.ones((1, 1)), 0.5, 0.9, 0.999, 1e-8, 0.5)[0, 0]


def at_rest(adamw):
    """Where the pull of the gradient, whose sign is that of w - 1, and the decay are equal."""
    w, gradients = np.full(1, 2.0), []
    for _ in range(60):
        gradients.append(w - 1)
        w = adamw(np.full(1, 2.0), np.array(gradients), 0.1, 0.9, 0.999, 1e-8, 0.1)[-1]
    return w[0]


def longest_step(adamw):
    path = adamw(np.zeros(1), np.ones((50, 1)), 1.0, 0.9, 0.999, 1e-8, 0.0)
    return np.abs(np.diff(path[:, 0], prepend=0)).max()


def tiny_gradients(adamw):
    return -adamw(np.zeros(1), np.full((10, 1), 1e-8), 1.0, 0.9, 0.999, 1e-8, 0.0)[-1, 0]


def package(w, gradients, lr, beta1, beta2, eps, decay):
    return path_of(optim.AdamW([tensor(w, requires_grad=True)], lr, (beta1, beta2), eps, decay),
                   gradients)


LOOP = 'for t, g in enumerate(gradients, start=1):\n'
M, V = 'm = beta1 * m + (1 - beta1) * g\n', 'v = beta2 * v + (1 - beta2) * g**2'
M_HAT, V_HAT = 'm_hat = m / (1 - beta1**t)', 'v_hat = v / (1 - beta2**t)'
DECAY, ROOT, APPEND = 'decay * w + m_hat', 'np.sqrt(v_hat) + eps', '        path.append(w)'
STEP = 'w - lr * (decay * w + m_hat / (np.sqrt(v_hat) + eps))'

ONE = Training('the weight after one step from 1 for a gradient of 1, with lr = decay = 0.5',
               after_one_step)
QUICK = Training('what is left of a weight of 1 after 100 steps without gradient, with lr = decay '
                 '= 0.1', lambda program: program(
                     np.ones(1), np.zeros((100, 1)), 0.1, 0.9, 0.999, 1e-8, 0.1)[-1, 0])
REST = Training('the weight after 60 steps from 2 on (w - 1)^2 / 2, with lr = decay = 0.1',
                at_rest)
LONGEST = Training('the longest of 50 steps for a constant gradient, without decay, in multiples '
                   'of lr', longest_step)
TINY = Training('the length of ten steps for a gradient of 1e-8, without decay, in multiples of '
                'lr', tiny_gradients)

exercise = Exercise(
    16, 'AdamW', chapter=8, text=TEXT, solution=adamw, inputs=inputs, steps=True,
    right=[in_place, by_loops], package=package,
    training=Training('what is left of a weight of 1 after 100 steps without gradient, with lr = '
                      'decay = 0.01', left_without_gradient),
    hints=['Begin with your adam of exercise 15. One term is new, and nothing of it enters g, m '
           'or v.',
           'w = w - lr * decay * w comes before the step of Adam, or both are taken at once from '
           'the old w.',
           'Without a gradient, m and v are 0, and a weight is multiplied by 1 - lr * decay at '
           'each step.'],
    mistakes=[
        *path_mistakes('an AdamW', 0.1, 0.9, 0.999, 1e-8, 0.1),
        Mistake('an Adam with L2: decay w is added to the gradient, and so goes through m, v and '
                'the division, after which its size hardly counts. AdamW was made to part them',
                (LOOP, LOOP + '        g = g + decay * w\n'), (DECAY, 'm_hat'),
                read='optim/adam.py, on weight_decay'),
        Mistake('an Adam with lr decay w added to the gradient, where it goes through m and v',
                (LOOP, LOOP + '        g = g + lr * decay * w\n'), (DECAY, 'm_hat')),
        Mistake('an AdamW that decays twice: in w, and as L2 in the gradient, too',
                (LOOP, LOOP + '        g = g + decay * w\n')),
        Mistake('an AdamW that adds decay w to the gradient in m alone',
                (M, 'm = beta1 * m + (1 - beta1) * (g + decay * w)\n'), (DECAY, 'm_hat'),
                training=REST),
        Mistake('an AdamW whose decay is divided by the root, with m_hat: lr (m_hat + decay w) / '
                '(sqrt(v_hat) + eps)', (DECAY, '(m_hat + decay * w)'), training=REST),
        Mistake('an AdamW whose decay is not multiplied by lr: w - decay w, as in the paper, '
                'which has a schedule there', ('(decay * w', '(decay * w / lr')),
        Mistake('an AdamW that decays after the step: the moved w shrinks, and not that before it',
                (DECAY, 'm_hat'), (APPEND, '        w = w - lr * decay * w\n' + APPEND),
                training=ONE),
        Mistake('an AdamW that decays after the step, and without lr: w = (1 - decay) w',
                (DECAY, 'm_hat'), (APPEND, '        w = (1 - decay) * w\n' + APPEND)),
        Mistake('an Adam: nothing decays', (DECAY, 'm_hat')),
        Mistake('an AdamW whose weights grow: the decay has the wrong sign', (DECAY, 'm_hat'),
                ('w - lr * (', 'w + lr * decay * w - lr * (')),
        Mistake('an AdamW whose decay is right, and whose step climbs: m_hat has the wrong sign',
                (DECAY, 'decay * w - m_hat'), training=ONE),
        Mistake('an AdamW that decays to the share decay of w: w is multiplied by decay, or by lr '
                'decay, and not by 1 - lr decay',
                (STEP, f'decay * w - lr * (m_hat / ({ROOT}))'),
                also=[[(STEP, f'lr * decay * w - lr * (m_hat / ({ROOT}))')]]),
        Mistake('an AdamW whose decay is twice as large, the slope of decay w^2',
                (DECAY, '2 * decay * w + m_hat'), training=ONE),
        Mistake('an AdamW whose decay is half as large', (DECAY, 'decay / 2 * w + m_hat'),
                training=ONE),
        Mistake('an AdamW that subtracts lr decay w^2, the penalty and not its slope',
                (DECAY, 'decay * w**2 + m_hat'), training=Training(
                    'what is left of a weight of 0.5 after 100 steps without gradient, with lr = '
                    'decay = 0.1', lambda program: program(
                        np.full(1, 0.5), np.zeros((100, 1)), 0.1, 0.9, 0.999, 1e-8, 0.1)[-1, 0])),
        Mistake('an AdamW that decays by the same length for all weights, lr decay: w is missing',
                (DECAY, 'decay + m_hat'), training=Training(
                    'a weight that begins at -1, after 100 steps without gradient, with lr = decay '
                    '= 0.1', lambda program: program(
                        -np.ones(1), np.zeros((100, 1)), 0.1, 0.9, 0.999, 1e-8, 0.1)[-1, 0])),
        Mistake('an AdamW that decays by lr decay toward 0, whatever w is: the sign of w in place '
                'of w, which is L1', (DECAY, 'decay * np.sign(w) + m_hat'), training=QUICK),
        Mistake('an AdamW that decays by lr decay times the first w, and not the present one',
                (DECAY, 'decay * start + m_hat'), ('path = []', 'path, start = [], w'),
                training=QUICK),
        Mistake('an AdamW whose decay grows with the steps: (1 - lr decay)^t is what is left after '
                't steps, not after one', ('w = w - lr', 'w = w * (1 - lr * decay)**t - lr'),
                (DECAY, 'm_hat')),
        Mistake('an AdamW whose decay takes the corrected lr, lr sqrt(1 - beta2^t) / (1 - beta1^t)',
                (DECAY, 'decay * w * np.sqrt(1 - beta2**t) / (1 - beta1**t) + m_hat'),
                training=ONE),
        Mistake('an AdamW without bias correction: m and v start at 0 and are taken as they are, '
                'as in the optimizer of BERT', (M_HAT, 'm_hat = m'), (V_HAT, 'v_hat = v'),
                training=LONGEST),
        Mistake('an AdamW whose correction multiplies by 1 - beta^t where it has to divide',
                (M_HAT, 'm_hat = m * (1 - beta1**t)'), (V_HAT, 'v_hat = v * (1 - beta2**t)'),
                training=LONGEST),
        Mistake('an AdamW that divides by 1 - beta: the exponent t is missing',
                (M_HAT, 'm_hat = m / (1 - beta1)'), (V_HAT, 'v_hat = v / (1 - beta2)'),
                training=LONGEST),
        Mistake('an AdamW that corrects m alone, and takes v as it is', (V_HAT, 'v_hat = v'),
                training=LONGEST),
        Mistake('an AdamW that corrects v alone, and takes m as it is', (M_HAT, 'm_hat = m'),
                training=ONE),
        Mistake('an AdamW with a product in place of the power: 1 - beta t, not 1 - beta^t',
                (M_HAT, 'm_hat = m / (1 - beta1 * t)'), (V_HAT, 'v_hat = v / (1 - beta2 * t)'),
                training=REST),
        Mistake('an AdamW that keeps the corrected means: m and v are themselves divided by 1 - '
                'beta^t, and corrected again at the next step',
                (M_HAT, 'm = m_hat = m / (1 - beta1**t)'),
                (V_HAT, 'v = v_hat = v / (1 - beta2**t)'), training=REST),
        Mistake('an AdamW whose t is one too large: it begins at 2',
                (M_HAT, 'm_hat = m / (1 - beta1**(t + 1))'),
                (V_HAT, 'v_hat = v / (1 - beta2**(t + 1))'), training=ONE),
        Mistake('an AdamW whose t begins at 0: 1 - beta^0 is 0, and 0 / 0 is nan',
                ('start=1', 'start=0')),
        Mistake('an AdamW with eps inside the root', (ROOT, 'np.sqrt(v_hat + eps)'),
                training=TINY),
        Mistake('an AdamW with eps added to the uncorrected root, as in TensorFlow. PyTorch adds '
                'it to the corrected one', (ROOT, '(np.sqrt(v) + eps) / np.sqrt(1 - beta2**t)'),
                training=TINY),
        Mistake('an AdamW without eps: 0 / 0 is nan where the gradient is 0',
                (' + eps', '')),
        Mistake('an AdamW that adds eps to the weight: m_hat / sqrt(v_hat) + eps lacks '
                'parentheses, and 0 / 0 is nan where the gradient is 0',
                (f'({ROOT})', 'np.sqrt(v_hat) + eps'),
                also=[[(f'({ROOT}))', 'np.sqrt(v_hat)) + eps')]]),
        Mistake('an AdamW without the root: it divides by v_hat', ('np.sqrt(v_hat)', 'v_hat'),
                training=TINY),
        Mistake('an AdamW whose v is a mean of g, not of g^2, so that a root of negative numbers '
                'is taken', ('g**2', 'g'), training=TINY),
        Mistake('an AdamW with g in place of m_hat', (DECAY, 'decay * w + g'), training=REST),
        Mistake('an AdamW that adds to m and v what should replace them, with +=',
                (M, 'm = m + beta1 * m + (1 - beta1) * g\n'),
                (V, 'v = v + beta2 * v + (1 - beta2) * g**2'), training=REST),
        Mistake('an AdamW with beta1 and beta2 exchanged',
                (M, 'm = beta2 * m + (1 - beta2) * g\n'),
                (V, 'v = beta1 * v + (1 - beta1) * g**2'), (M_HAT, 'm_hat = m / (1 - beta2**t)'),
                (V_HAT, 'v_hat = v / (1 - beta1**t)'), training=REST),
        Mistake('an AdamW that forgets: m and v begin at 0 in every step',
                (M, 'm = (1 - beta1) * g\n'), (V, 'v = (1 - beta2) * g**2'), training=REST),
        Mistake('an AdamW that has no lr in its step, only in its decay',
                (DECAY, 'decay * w + m_hat / lr'), training=ONE),
    ])
