"""Adam under series of gradients that the reader chooses, with all settings of a small grid."""
from __future__ import annotations

import itertools
from functools import partial

import numpy as np

from ... import float64, from_numpy, optim, zeros
from .. import lab
from .runs import Uncorrected

STEPS, LR = 60, 0.05
BETA1, BETA2, EPS = (0.0, 0.5, 0.9, 0.99), (0.9, 0.99, 0.999, 0.9999), (1e-8, 0.01, 1.0)
RULES: dict[str, type[optim.Adam]] = {'on': optim.Adam, 'off': Uncorrected}    # correction
# The choices that each table depends on, by their keys in the address.
INDEX = {'g': ['f'], 'm': ['f', 'b1'], 'v': ['f', 'b2'], 'm_hat': ['f', 'b1'],
         'v_hat': ['f', 'b2'], 'root': ['f', 'c', 'b2'], 'divisor': ['f', 'c', 'b2', 'eps'],
         'move': ['f', 'c', 'b1', 'b2', 'eps'], 'move/lr': ['f', 'c', 'b1', 'b2', 'eps']}
T = np.arange(STEPS)
SERIES: dict[str, np.ndarray] = {
    'steady': np.ones(STEPS),
    'small': np.full(STEPS, 0.01),
    'alternating': (-1.0)**T,
    'every tenth': 1.0 * (T % 10 == 0),
    'until half way': 1.0 * (T < STEPS // 2),
    'noisy': 0.2 + np.random.default_rng(0).normal(size=STEPS).round(2),
}


def record() -> dict[str, np.ndarray]:
    """Tables whose last axis is the step: what each quantity is under all settings it depends on.

    g (series, ..), m and m_hat (series, beta1, ..), v and v_hat (series, beta2, ..), root
    (series, correction, beta2, ..), divisor (series, correction, beta2, eps, ..), move and
    move/lr (series, correction, beta1, beta2, eps, ..). root is that of v_hat, or of v without
    correction.
    """
    shape = len(SERIES), len(BETA1), len(BETA2), len(EPS)
    choices = list(itertools.product(SERIES.values(), BETA1, BETA2, EPS))
    g, beta1, beta2, eps = (np.array(column) for column in zip(*choices))
    found = [trained(rule, g, beta1, beta2, eps).reshape(*shape, STEPS, 3) for rule in RULES]
    m, v, path = np.moveaxis(np.stack(found, 1), -1, 0)    # (series, rule, beta1, beta2, eps, t)
    m, v, t = m[:, 0, :, 0, 0], v[:, 0, 0, :, 0], np.arange(1, STEPS + 1)
    m_hat = m / (1 - np.array(BETA1)[:, None]**t)
    v_hat = v / (1 - np.array(BETA2)[:, None]**t)
    root = np.sqrt(np.stack([v_hat, v], 1))
    move = np.diff(path, prepend=0)
    return {'g': np.stack(list(SERIES.values())), 'm': m, 'm_hat': m_hat, 'v': v, 'v_hat': v_hat,
            'root': root, 'divisor': root[:, :, :, None] + np.array(EPS)[:, None],
            'move': move, 'move/lr': abs(move) / LR}


def trained(rule: str, g: np.ndarray, beta1: np.ndarray, beta2: np.ndarray,
            eps: np.ndarray) -> np.ndarray:
    """m, v and the weight after each step, for all choices at once, (choices, steps, 3).

    rule               the key of the optimizer in RULES
    g                  the gradients (choices, steps)
    beta1, beta2, eps  the settings, each (choices,)
    """
    w = zeros(len(g), 1, dtype=float64, requires_grad=True)
    bank = lab.BankOptimizer(partial(RULES[rule], lr=LR), [w],
                             {'betas': np.stack([beta1, beta2], 1), 'eps': eps})
    rows = []
    for now in g.T:
        w.grad = None
        (from_numpy(now[:, None]) * w).sum().backward()
        bank.step()
        m, v = bank.states[0].values()
        rows.append(np.concatenate([m, v, w.numpy(force=True)], 1))
    return np.stack(rows, 1)
