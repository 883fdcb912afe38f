"""Random trainings on both libraries: optimizers and schedulers, with groups that are added on the
way, gradients that are missing, and states that go over to the other library and back.

A training is a list of lines, so that one that fails can be read.
"""

import copy
import warnings

import numpy as np
import torch as pytorch

import tinygrad_adam

LIBRARIES = (pytorch, tinygrad_adam)
OPTIMIZERS = [
    'SGD(p, lr=0.1)', 'SGD(p, lr=0.1, momentum=0.9)', 'SGD(p, 0.1, 0.8, 0.1, 0.01, maximize=True)',
    'SGD(p, lr=torch.tensor(0.1, dtype=torch.float64), momentum=0.5, nesterov=True)',
    'Adam(p, lr=0.1)', 'Adam(p, 0.01, (0.5, 0.9), amsgrad=True, weight_decay=0.1)',
    'AdamW(p, lr=0.05, maximize=True)', 'Adagrad(p, 0.1, lr_decay=0.1)', 'Adadelta(p)',
    'RMSprop(p, 0.01, momentum=0.5, centered=True)', 'Adamax(p, 0.05)', 'NAdam(p, 0.05)',
    'RAdam(p, 0.05, decoupled_weight_decay=True, weight_decay=0.1)',
    'Rprop(p, 0.05)', 'ASGD(p, 0.1, 0.1, t0=3)']
RULES = [
    'StepLR(o, 2)', 'MultiStepLR(o, [1, 3, 3])', 'ExponentialLR(o, 0.8)', 'ConstantLR(o, 0.5, 3)',
    'LinearLR(o, 0.2, total_iters=4)', 'CosineAnnealingLR(o, 3, 0.001)',
    'MultiplicativeLR(o, lambda epoch: 0.9)', 'PolynomialLR(o, 8, 2.0)',
    'CosineAnnealingWarmRestarts(o, 3, 2)', 'CyclicLR(o, 0.01, 0.1, 3, cycle_momentum=False)',
    'LambdaLR(o, lambda epoch: 0.9**epoch)', 'OneCycleLR(o, 0.5, 30, cycle_momentum=False)']
SEQUENCES = [
    'SequentialLR(o, [{0}, {1}], [2])', 'SequentialLR(o, [{0}, {1}, {2}], [1, 4])',
    'SequentialLR(o, [SequentialLR(o, [{0}, {1}], [1]), {2}], [3])',
    'SequentialLR(o, [{0}, SequentialLR(o, [{1}, {2}], [1])], [3])',
    'ChainedScheduler([{0}, {1}])', 'ChainedScheduler([SequentialLR(o, [{0}, {1}], [2]), {2}])',
    'SequentialLR(o, [ChainedScheduler([{0}, {1}]), {2}], [3])']
PLATEAUS = ['ReduceLROnPlateau(o, patience=1)', 'ReduceLROnPlateau(o, "max", 0.5, 0, cooldown=1)']
ACTIONS = {'update': 12, 'schedule': 12, 'add a group': 1, 'jump': 1, 'resume': 1, 'change over': 1,
           'set a rate': 1, 'add it twice': 1}


def training(seed):
    """What is made, and what is done with it, in words."""
    random = np.random.default_rng(seed)
    rule = str(random.choice([*RULES, *SEQUENCES, *PLATEAUS]))
    weights = np.array([*ACTIONS.values()]) / sum(ACTIONS.values())
    return [str(random.choice(OPTIMIZERS)), rule.format(*random.choice(RULES, 3)),
            *random.choice([*ACTIONS], random.integers(10, 40), p=weights).tolist()]


class Run:
    """One training in one library."""

    def __init__(self, library, lines):
        self.library, self.lines = library, lines
        self.random = np.random.default_rng(0)
        self.groups = [self.parameters(2), self.parameters(1)]
        self.make()

    def parameters(self, count):
        return [self.library.nn.Parameter(self.library.tensor(self.random.normal(size=3)))
                for _ in range(count)]

    def make(self):
        optimizer, rule, *_ = self.lines
        groups = [{'params': group} for group in self.groups]
        groups[0]['lr'] = 0.03
        self.optimizer = self.evaluated(self.library.optim, optimizer, p=groups)
        self.scheduler = self.evaluated(self.library.optim.lr_scheduler, rule, o=self.optimizer)

    def evaluated(self, module, text, **names):
        return eval(text, dict(vars(module), torch=self.library, **names))

    def do(self, action):
        if action == 'update':
            for p in sum(self.groups, []):
                p.grad = (None if self.random.random() < 0.2 else
                          self.library.tensor(self.random.normal(size=3)))
            self.optimizer.step()
        elif action == 'add a group':
            self.groups.append(self.parameters(1))
            self.optimizer.add_param_group({'params': self.groups[-1], 'lr': 0.02})
        elif action == 'add it twice':
            self.optimizer.add_param_group({'params': self.groups[-1]})
        elif action == 'set a rate':
            self.optimizer.param_groups[0]['lr'] = 0.07
        elif action == 'resume':
            states = copy.deepcopy(self.states())
            self.make()
            self.load(states)
        else:
            metric = [self.random.normal()] if 'Plateau' in self.lines[1] else []
            self.scheduler.step(*metric, *[3] if action == 'jump' else [])

    def states(self):
        return self.optimizer.state_dict(), self.scheduler.state_dict()

    def load(self, states):
        self.optimizer.load_state_dict(states[0])
        self.scheduler.load_state_dict(states[1])

    def numbers(self):
        rates = [float(group['lr']) for group in self.optimizer.param_groups]
        last = [float(rate) for rate in self.scheduler.get_last_lr()]
        return np.concatenate([rates, last, *[p.detach().numpy() for p in sum(self.groups, [])]])


def in_library(library, x):
    """The same state with the Tensors of another library."""
    if isinstance(x, (pytorch.Tensor, tinygrad_adam.Tensor)):
        return library.tensor(np.array(x.detach().numpy()))
    if type(x) in (dict, list, tuple):
        items = [in_library(library, y) for y in (x.values() if type(x) is dict else x)]
        return dict(zip(x, items)) if type(x) is dict else type(x)(items)
    return x


def outcome(run, action):
    try:
        run.do(action)
    except Exception as error:
        return error
    return None


def wrong(lines):
    """In words, what this package computes or refuses differently; None if nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        runs = [Run(library, lines) for library in LIBRARIES]
        for i, action in enumerate(lines[2:]):
            if action == 'change over':
                states = [in_library(library, copy.deepcopy(run.states()))
                          for library, run in zip(LIBRARIES, reversed(runs))]
                for run, state in zip(runs, states):
                    run.load(state)
            else:
                theirs, ours = [outcome(run, action) for run in runs]
                if type(theirs) is not type(ours):
                    return f'{lines[:i + 3]}: {ours!r} instead of {theirs!r}'
                if theirs is not None and action != 'add it twice':
                    return None
            x, y = runs[1].numbers(), runs[0].numbers()
            if not np.allclose(x, y, rtol=1e-6, atol=1e-7, equal_nan=True):
                return f'{lines[:i + 3]}: {x} instead of {y}'
    return None
