"""The settings of PyTorch's optim_db, 60 steps each, on the optimizers of this package."""

import functools
import warnings

import numpy as np
import torch as pytorch
from torch.testing._internal.common_optimizers import optim_db

import tinygrad_adam

from .operations import COLUMNS, Report
from .samples import Built

NAMES = 'SGD Adagrad RMSprop Adam AdamW Adadelta Adamax NAdam RAdam Rprop ASGD'.split()
STEPS = 60


@functools.lru_cache(maxsize=None)
def report(name):
    """How this package answers the settings and the bad settings of one optimizer."""
    counts = dict.fromkeys(COLUMNS, 0)
    failures = []
    info, = [info for info in optim_db if info.optim_cls.__name__ == name]
    for setting in info.optim_inputs_func('cpu'):
        counts['samples'] += 1
        outcome, words = answer(name, setting.kwargs)
        counts[outcome] += 1
        if outcome != 'agree':
            failures.append(f'{outcome}: {setting.desc}, {setting.kwargs}\n        {words}')
    for error in info.optim_error_inputs_func('cpu', pytorch.float64):
        counts['errors'] += 1
        if accepted(name, error.optimizer_error_input):
            counts['accepted'] += 1
            failures.append(f'accepted: {error.optimizer_error_input.desc}')
    return Report(name, **counts, failures=failures)


def answer(name, kwargs):
    expected = trajectory(pytorch, name, kwargs)
    try:
        result = trajectory(tinygrad_adam, name, kwargs)
    except Exception as error:
        kind = 'refused' if isinstance(error, (NotImplementedError, TypeError)) else 'raised'
        return kind, f'{type(error).__name__}: {error}'
    for step, (x, y) in enumerate(zip(result, expected)):
        if not np.allclose(x, y, rtol=1e-9, atol=1e-9):
            return 'different', f'step {step}: {x} instead of {y}'
    return 'agree', ''


def trajectory(library, name, kwargs):
    """All parameters after each of the steps; one of them has no gradient in every fourth."""
    random = np.random.default_rng(0)
    start = np.array([1.0, -0.5, 2.0])
    parameters = [library.nn.Parameter(library.tensor(start * scale)) for scale in (1, 0.1, -3)]
    optimizer = getattr(library.optim, name)(parameters, **Built(library)(kwargs))
    path = []
    for step in range(STEPS):
        for i, p in enumerate(parameters):
            g = random.normal(size=3) * 10.0 ** random.integers(-3, 3)
            p.grad = None if i == step % 4 else library.tensor(g)
        optimizer.step()
        path.append(np.concatenate([p.detach().numpy() for p in parameters]))
    return path


def accepted(name, setting):
    built = Built(tinygrad_adam)
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        try:
            params = setting.params or [pytorch.nn.Parameter(pytorch.ones(2))]
            getattr(tinygrad_adam.optim, name)(built(params), **built(setting.kwargs))
        except (Exception, UserWarning):
            return False
    return True
