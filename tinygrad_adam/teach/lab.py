"""A laboratory for optimizers: fair comparisons, and a microscope on single steps.

PyTorch has no such module. `run` trains a copy of a problem for each point of a grid of
hyper-parameters and each seed. Copies with the same seed start from the same weights and see the
same batches, and all take the same number of steps. They are trained as one *bank*: parameters have
a first axis of copies, hyper-parameters are vectors along it, and one batched matmul serves all.
The rules of `optim` are the ones applied: elementwise formulas do not mind.

A problem is a function of a list of seeds, one for each copy, that returns a `Problem`. This one
walks down w^2 from 1, in the same way whatever the seed:

>>> import tinygrad_adam as torch
>>> def bowl(seeds):
...     w = torch.ones(len(seeds), 1, requires_grad=True)
...     return Problem([w], lambda t: (w**2).sum(1), lambda: {'loss': (w**2).sum(1)})
>>> result = run(bowl, torch.optim.SGD, {'lr': [0.1, 0.5, 2.0]}, seeds=[0, 1], at=[0, 1, 2])
>>> (100 * result['loss'][:, 0]).astype(int).tolist()      # (points of the grid, seeds, records)
[[100, 64, 40], [100, 0, 0], [100, 900, 8100]]
>>> result.diverged.sum(1).tolist(), result.best(result['loss'][:, :, -1])
([0, 0, 2], 1)

    python -m tinygrad_adam.teach.lab         # all trials of demos/claims, and a report of them
"""
from __future__ import annotations

import argparse
import csv
import hashlib
import inspect
import itertools
import json
import math
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Callable, NamedTuple

import numpy as np

from .. import nn, no_grad, stack
from . import plot
from ..autograd import increment_version


class Problem(NamedTuple):
    """What is trained: parameters with a first axis of copies, and two functions.

    losses(t) is the loss of every copy, (copies,), on the batch of step t, from 1; measures() is a
    dict of what is recorded, each (copies,): 'loss', and more if there is more.
    """
    parameters: list
    losses: Callable
    measures: Callable


def bank(models):
    """Parameters and forward pass of Sequentials of one form, of Linear layers and activations.

    x (copies, batch, in) gives (copies, batch, out). Weights are (copies, out, in).
    """
    parameters = [nn.Parameter(stack([p.detach() for p in same]))
                  for same in zip(*(model.parameters() for model in models))]

    def forward(x):
        rest = iter(parameters)
        for layer in models[0]:
            if isinstance(layer, nn.Linear):
                weight, bias = next(rest), next(rest)
                x = x @ weight.transpose(1, 2) + bias.unsqueeze(1)
            else:
                x = layer(x)
        return x

    return parameters, forward


def column(values, p):
    """Hyper-parameters (copies,), or pairs of them, so that they broadcast against p (copies, ..).

    They are float64, so that 1 - 0.9999 keeps its digits; results are rounded to float32 once.
    """
    values = np.asarray(values, np.float64)
    if values.ndim == 2:
        return tuple(column(one, p) for one in values.T)
    return values.reshape(-1, *[1] * (p.ndim - 1))


class BankOptimizer:
    """The rule of `make(parameters)` with hyper-parameters that are vectors along the first axis.

    vectors: {name: (copies,)}, for betas (copies, 2). Other settings are those of `make`. For rules
    that ask for nothing but t, as those of SGD, Adagrad, RMSprop, Adam and AdamW do.
    """

    def __init__(self, make, parameters, vectors):
        self.inner, self.parameters, self.vectors, self.t = make(parameters), parameters, vectors, 0
        settings, slots = self.inner.defaults, self.inner.slots
        names = [*slots, *(n for n, on in self.inner.optional_slots.items() if settings[on])]
        self.memories = [{n: np.zeros_like(p.numpy(force=True)) for n in names} for p in parameters]

    def step(self, factor=1.0):
        """One step of all copies; factor multiplies their learning rates."""
        self.t += 1
        for p, memory in zip(self.parameters, self.memories):
            hyper = {**self.inner.defaults, **{n: column(v, p) for n, v in self.vectors.items()}}
            x, g = p.numpy(force=True), p.grad.numpy()
            hyper['lr'] = np.asarray(hyper['lr'] * factor, x.dtype)
            decay = np.asarray(hyper.get('weight_decay', 0), x.dtype)
            if hyper.get('decoupled_weight_decay'):
                x *= 1 - hyper['lr'] * decay
            elif decay.any():
                g = g + decay * x
            self.inner.update(x, g, memory, self.t, **hyper)
            increment_version(p)

    def state_bytes(self) -> float:
        """Bytes of memory for each parameter, counted on the arrays."""
        held = sum(array.nbytes for memory in self.memories for array in memory.values())
        return held / sum(p.numel() for p in self.parameters)


class Result(dict):
    """{measure: array (points, seeds, records)}, with `points`, `seeds`, `at`, `state_bytes`."""

    @property
    def diverged(self) -> np.ndarray:
        """(points, seeds): the last loss is above the first, or is no number."""
        return ~(self['loss'][..., -1] <= self['loss'][..., 0])

    def steps_to(self, target, measure='loss') -> np.ndarray:
        """(points, seeds): first recorded step with a loss of at most the target, or infinity."""
        reached = self[measure] <= target
        return np.where(reached.any(-1), np.asarray(self.at)[reached.argmax(-1)], math.inf)

    def best(self, score) -> int:
        """The point with the least median of score (points, seeds); of equals the middle one."""
        medians = quartiles(score)[..., 1]
        ties = np.flatnonzero(medians == medians.min())
        return int(ties[(len(ties) - 1) // 2])


def quartiles(values) -> np.ndarray:
    """(.., 3): lower quartile, median, upper quartile over the last axis; nan is infinite."""
    values = np.where(np.isnan(values), math.inf, values)
    return np.moveaxis(np.quantile(values, [0.25, 0.5, 0.75], axis=-1, method='nearest'), 0, -1)


def _said(thing):
    """A function, class, partial of one, or plain value as text that changes when it does."""
    if isinstance(thing, partial):
        return [_said(thing.func), *([n, _said(v)] for n, v in thing.keywords.items())]
    if not callable(thing):
        return repr(thing)
    try:
        return [thing.__qualname__, inspect.getsource(thing)]
    except (OSError, TypeError):    # typed at a prompt
        return [thing.__qualname__, '']


def _cached(path, compute):
    """What compute() returned the first time, {name: array}; a file appears whole or not at all."""
    if path and path.is_file():
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    arrays = compute()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix('.part.npz')
        np.savez_compressed(part, **arrays)
        os.replace(part, path)
    return arrays


def _train(problem, make, points, seeds, at, schedule, progress):
    """{measure: (copies, records)} and the state bytes: a copy for each point and each seed."""
    copies = list(itertools.product(points, seeds))
    parameters, losses, measures = problem([seed for _, seed in copies])
    vectors = {name: [point[name] for point, _ in copies] for name in points[0]}
    optimizer, records = BankOptimizer(make, parameters, vectors), []
    for t in progress(range(at[-1] + 1)):
        if t:
            for p in parameters:
                p.grad = None
            losses(t).sum().backward()
            optimizer.step(schedule(t))
        if t in at:
            with no_grad():
                records.append({name: np.array(v.numpy()) for name, v in measures().items()})
    arrays = {name: np.stack([r[name] for r in records], axis=-1) for name in records[0]}
    return {**arrays, 'state_bytes': np.array(optimizer.state_bytes())}


def run(problem, make, grid, seeds, at, together=True, schedule=lambda t: 1.0, folder=None,
        progress=iter) -> Result:
    """Train a copy of the problem for each point of the grid and each seed.

    make       an optimizer class, or functools.partial of one with fixed settings
    grid       {hyper-parameter: values}; its points are all combinations
    at         the steps at which the measures are recorded; the last one is the budget
    together   False: one copy after the other, for problems that are no bank, like convolutions
    schedule   multiplies the learning rate, by step
    folder     where finished runs are kept, under the source of problem and make, and the other
               arguments: the same call finds them, after an interruption too. If something else
               changes that they depend on, delete the folder
    progress   shown around the steps, for example tqdm
    """
    points = [dict(zip(grid, values)) for values in itertools.product(*grid.values())]
    lots = [(points, seeds)] if together else [([p], [s]) for p in points for s in seeds]
    parts = []
    for lot in lots:
        key = [_said(problem), _said(make), lot, list(at), together, _said(schedule)]
        name = hashlib.sha256(json.dumps(key, default=str).encode()).hexdigest()[:20]
        parts.append(_cached(folder and Path(folder) / f'{name}.npz',
                             lambda: _train(problem, make, *lot, at, schedule, progress)))
    result = Result({name: np.concatenate([part[name] for part in parts]).reshape(
        len(points), len(seeds), len(at)) for name in parts[0] if name != 'state_bytes'})
    result.points, result.seeds, result.at = points, list(seeds), list(at)
    result.state_bytes = float(parts[0]['state_bytes'])
    return result


class microscope:
    """Steps an optimizer and keeps, for chosen weights, every quantity of its rule at every step.

    weights: {label: (parameter, index)}. Call its `step()` in place of the optimizer's.

    >>> import tinygrad_adam as torch
    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> scope = microscope(torch.optim.Adam([w], lr=0.1), {'w[1]': (w, 1)})
    >>> for _ in range(2):
    ...     w.grad = 2 * w.detach()
    ...     scope.step()
    >>> print(scope.table('w[1]'))
    step          g          m          v      m_hat      v_hat    divisor       move    move/lr
       1          4        0.4      0.016          4         16          4       -0.1          1
       2        3.8       0.74    0.03042      3.895      15.22      3.901   -0.09983     0.9983
    """

    columns = 'g', 'm', 'v', 'm_hat', 'v_hat', 'divisor', 'move', 'move/lr'

    def __init__(self, optimizer, weights):
        self.optimizer, self.weights = optimizer, weights
        self.rows = {label: [] for label in weights}

    def step(self):
        """The optimizer's step, recorded. What a rule does not have is nan, or a divisor of 1."""
        before = {label: p.numpy(force=True)[i].item() for label, (p, i) in self.weights.items()}
        self.optimizer.step()
        for label, (p, i) in self.weights.items():
            move = p.numpy(force=True)[i].item() - before[label]
            self.rows[label].append(self._row(p, i, move, len(self.rows[label]) + 1))

    def _row(self, p, i, move, t):
        (group,) = [g for g in self.optimizer.param_groups if any(q is p for q in g['params'])]
        held = {n: x.numpy()[i].item() for n, x in self.optimizer.state[p].items() if n != 'step'}
        m, v = [next((held[n] for n in names if n in held), math.nan) for names in (
            ('exp_avg', 'grad_avg', 'momentum_buffer'), ('exp_avg_sq', 'square_avg', 'sum'))]
        beta1, beta2 = group.get('betas', (math.nan, math.nan))
        m_hat, v_hat = m / (1 - beta1**t), held.get('max_exp_avg_sq', v) / (1 - beta2**t)
        square = v_hat if 'betas' in group else v - m**2 if group.get('centered') else v
        denominator = 1.0 if math.isnan(v) else math.sqrt(max(square, 0)) + group['eps']
        return [p.grad.numpy()[i].item(), m, v, m_hat, v_hat, denominator, move,
                abs(move) / group['lr']]

    def table(self, label) -> str:
        """What happened to one weight, a line a step."""
        head = 'step' + ''.join(f'{name:>11}' for name in self.columns)
        return '\n'.join([head, *(f'{t:4}' + ''.join(f'{x:11.4g}' for x in row)
                                  for t, row in enumerate(self.rows[label], 1))])

    def csv(self, path) -> None:
        """Write all weights and steps, one row each."""
        with open(path, 'w', newline='') as file:
            writer = csv.writer(file)
            writer.writerow(['weight', 'step', *self.columns])
            writer.writerows([label, t, *row] for label, rows in self.rows.items()
                             for t, row in enumerate(rows, 1))

    def plot(self, label, axes=None):
        """Two Axes: the gradient and what the rule makes of it; the length of each step over lr."""
        axes = plot.subplots(2, 1, size=(8, 7))[1] if axes is None else axes
        values = dict(zip(self.columns, np.array(self.rows[label]).T))
        shown = {n: abs(values[n]) for n in ('g', 'm_hat', 'divisor')
                 if np.isfinite(values[n]).any()}
        plot.curves(shown, axes[0], xlabel='step', ylabel=f'size, {label}', log=True)
        plot.curves({'move': values['move/lr']}, axes[1], xlabel='step', ylabel='|move| / lr')
        return axes


def _report(folder, rows):
    """The page out/report.md: what every trial found, then each one's output and figures."""
    lines = ['# Claims about optimizers, measured', '', '| trial | verdict | seconds |',
             '|---|---|---:|']
    lines += [f'| {name} | {verdict} | {seconds:.0f} |' for name, verdict, seconds, _ in rows]
    for name, _, _, text in rows:
        figures = [Path(line.partition(': ')[2]).name for line in text.splitlines()
                   if line.startswith('figure: ')]
        lines += ['', f'## {name}', '', '```text', text.rstrip(), '```', '']
        lines += [f'![{figure}]({figure})' for figure in figures]
    path = folder / 'report.md'
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    print(f'report: {path}')


def main(arguments=None, trials=Path(__file__).resolve().parents[2] / 'demos' / 'claims'):
    """Run every trial and write the report."""
    options = argparse.ArgumentParser(prog='python -m tinygrad_adam.teach.lab',
                                      description='Run every trial and write the report.')
    options.add_argument('--seed', default='0', help='of all random numbers (0)')
    options.add_argument('--out', type=Path, default=Path('out'), help='folder of results (out)')
    options.add_argument('--quick', action='store_true', help='small budgets, to see that it works')
    args = options.parse_args(arguments)
    scripts = sorted(trials.glob('[0-9]*.py'))
    if not scripts:
        options.error(f'there are no trials in {trials}: they are scripts of the source, not part '
                      'of the installed package. Run this in a checkout')
    rows = []
    for script in scripts:
        start = time.perf_counter()
        command = [sys.executable, str(script), '--seed', args.seed, '--out', str(args.out)]
        done = subprocess.run(command + ['--quick'] * args.quick, stdout=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - start
        if done.returncode:
            options.exit(1, f'{script} failed; what is said above tells why\n')
        verdict = next(line.partition(': ')[2] for line in done.stdout.splitlines()
                       if line.startswith('verdict: '))
        rows.append((script.stem, verdict, seconds, done.stdout))
        print(f'{script.stem} ({seconds:.0f} s): {verdict}', flush=True)
        _report(args.out, rows)


if __name__ == '__main__':
    main()
