"""A laboratory for optimizers: fair comparisons, and a microscope for single steps.

PyTorch has no such module. `run` trains a copy of a problem for each point of a grid of
hyper-parameters and each seed. Copies with the same seed start from the same weights and see the
same batches, and all take the same number of steps. They are trained as one *bank*: parameters have
a first axis of copies, hyper-parameters are vectors along it, and one batched matmul serves all.
The rules are those of `optim`, which work element by element and so apply to a bank unchanged.

A problem is a function of a list of seeds, one for each copy, that returns a `Problem`. This one
minimizes w^2 from w = 1, whatever the seed:

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
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping, NamedTuple, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .. import Tensor, nn, no_grad, optim, stack
from ..__main__ import DEMOS
from ..autograd import increment_version
from . import plot
from .statistics import quartiles

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Problem(NamedTuple):
    """What is trained: parameters with a first axis of copies, and two functions.

    parameters  a list of tensors (copies, ..)
    losses      losses(t) is the loss of every copy, (copies,), on the batch of step t = 1, 2, ..
    measures    measures() is a dict of what is recorded, {'loss': (copies,), ..}
    """
    parameters: list[Tensor]
    losses: Callable[[int], Tensor]
    measures: Callable[[], dict[str, Tensor]]


def bank(models: Sequence[nn.Sequential]) -> tuple[list[Tensor], Callable[[Tensor], Tensor]]:
    """Several networks of one form as one that is evaluated with batched products.

    models  a Sequential of Linear layers and activations for each copy, all of the same sizes

    Returns their parameters, stacked to (copies, ..), and the forward pass, which maps
    (copies, batch, in) to (copies, batch, out).
    """
    parameters: list[Tensor] = [nn.Parameter(stack([p.detach() for p in same]))
                                for same in zip(*(model.parameters() for model in models))]

    def forward(x: Tensor) -> Tensor:
        rest = iter(parameters)
        for layer in models[0]:
            if isinstance(layer, nn.Linear):
                weight, bias = next(rest), next(rest)
                x = x @ weight.transpose(1, 2) + bias.unsqueeze(1)
            else:
                x = layer(x)
        return x

    return parameters, forward


def column(values: ArrayLike, p: Tensor) -> Any:
    """Hyper-parameters, shaped so that they broadcast against a parameter of the bank.

    values  one for each copy (copies,), or a pair for each, such as betas (copies, 2)
    p       the parameter (copies, ..)

    Returns an array (copies, 1, ..), or a pair of them, in float64, so that 1 - 0.9999 keeps its
    digits; the results are rounded to float32 once.
    """
    values = np.asarray(values, np.float64)
    if values.ndim == 2:
        return tuple(column(one, p) for one in values.T)
    return values.reshape(-1, *[1] * (p.ndim - 1))


class BankOptimizer:
    """The rule of an optimizer, with hyper-parameters that are vectors along the first axis.

    make        a function of the parameters that returns the optimizer, such as optim.Adam
    parameters  a list of tensors (copies, ..)
    vectors     {hyper-parameter: values (copies,)}; for betas the values are (copies, 2)

    Other hyper-parameters are those of `make`. This serves rules that need only the gradient, their
    state and the number of the step: SGD, Adagrad, RMSprop, Adam and AdamW.
    """

    def __init__(self, make: Callable[..., optim.Optimizer], parameters: Sequence[Tensor],
                 vectors: Mapping[str, ArrayLike]):
        self.inner: optim.Optimizer = make(parameters)
        self.parameters: Sequence[Tensor] = parameters
        self.vectors: Mapping[str, ArrayLike] = vectors
        self.t: int = 0
        settings, slots = self.inner.defaults, self.inner.slots
        names = [*slots, *(n for n, on in self.inner.optional_slots.items() if settings[on])]
        self.states: list[dict[str, np.ndarray]] = [
            {n: np.zeros_like(p.numpy(force=True)) for n in names} for p in parameters]

    def step(self, factor: float = 1.0) -> None:
        """Take one step of all copies.

        factor  multiplies their learning rates
        """
        self.t += 1
        for p, state in zip(self.parameters, self.states):
            hyper = {**self.inner.defaults, **{n: column(v, p) for n, v in self.vectors.items()}}
            assert p.grad is not None, 'backward() comes before step()'
            x, g = p.numpy(force=True), p.grad.numpy()
            hyper['lr'] = np.asarray(hyper['lr'] * factor, x.dtype)
            decay = np.asarray(hyper.get('weight_decay', 0), x.dtype)
            if hyper.get('decoupled_weight_decay'):
                x *= 1 - hyper['lr'] * decay
            elif decay.any():
                g = g + decay * x
            self.inner.update(x, g, state, self.t, **hyper)
            increment_version(p)

    def state_bytes(self) -> float:
        """The size of the optimizer's state in bytes per parameter, measured on the arrays."""
        held = sum(array.nbytes for state in self.states for array in state.values())
        return held / sum(p.numel() for p in self.parameters)


class Result(dict[str, np.ndarray]):
    """What `run` measured: {measure: array (points, seeds, records)}.

    Its attributes are `points`, the points of the grid; `seeds`; `at`, the recorded steps;
    `state_bytes`, the optimizer's state in bytes per parameter; and `found`, how many of its copies
    had been trained before and were found in the folder.
    """

    points: list[dict[str, Any]]
    seeds: list[int]
    at: list[int]
    state_bytes: float
    found: int

    @property
    def diverged(self) -> np.ndarray:
        """(points, seeds): whether the last loss is above the first, or not a number."""
        return ~(self['loss'][..., -1] <= self['loss'][..., 0])

    def steps_to(self, target: float, measure: str = 'loss') -> np.ndarray:
        """The first recorded step at which a measure is at most the target.

        target   the value to reach
        measure  its key in this dict

        Returns (points, seeds); infinity where the target is not reached.
        """
        reached = self[measure] <= target
        return np.where(reached.any(-1), np.asarray(self.at)[reached.argmax(-1)], math.inf)

    def best(self, score: ArrayLike) -> int:
        """The index of the point with the least median score; of equal ones the middle one.

        score  (points, seeds), lower is better
        """
        medians = quartiles(score)[..., 1]
        ties = np.flatnonzero(medians == medians.min())
        return int(ties[(len(ties) - 1) // 2])


def _key(thing: Any) -> Any:
    """A function, class, partial of one, or plain value as text that changes when it does."""
    if isinstance(thing, partial):
        return [_key(thing.func), *([n, _key(v)] for n, v in thing.keywords.items())]
    if not callable(thing):
        return repr(thing)
    try:
        return [thing.__qualname__, inspect.getsource(thing)]
    except (OSError, TypeError):    # typed at a prompt
        return [thing.__qualname__, '']


@lru_cache
def _contents(files: tuple[Path, ...]) -> str:
    """A hash of the package's source and data, and of these files."""
    package = Path(__file__).resolve().parents[1]
    own = [path for path in package.rglob('*') if path.suffix in ('.py', '.npz')]
    contents = hashlib.sha256()
    for path in [*sorted(own), *files]:
        contents.update(path.read_bytes())
    return contents.hexdigest()


def _cached(path: Path | None, compute: Callable[[], dict]) -> dict[str, np.ndarray]:
    """What compute() returned the first time, {name: array}; a file is complete or absent."""
    if path and path.is_file():
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    arrays = compute()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix('.part.npz')
        try:
            np.savez_compressed(part, **arrays)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    return arrays


def _train(problem, make, points, seeds, at, schedule, progress) -> dict[str, np.ndarray]:
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


def run(problem: Callable[[list[int]], Problem], make: Callable[..., optim.Optimizer],
        grid: Mapping[str, Sequence[Any]], seeds: Sequence[int], at: Sequence[int],
        together: bool = True, schedule: Callable[[int], float] = lambda t: 1.0,
        folder: str | Path | None = None, sources: Iterable[str | Path] = (),
        progress: Callable[[range], Iterable[int]] = iter) -> Result:
    """Train a copy of the problem for each point of the grid and each seed.

    problem    a function of a list of seeds, one for each copy, that returns a Problem
    make       an optimizer class, or functools.partial of one with fixed settings
    grid       {hyper-parameter: values}; its points are all combinations
    seeds      the seeds of weights and batches
    at         the steps at which the measures are recorded; the last one is the budget
    together   whether all copies are one bank; False trains one copy after the other, for problems
               that are not banks, such as convolutions
    schedule   the factor of the learning rate at each step, a function of the step from 1
    folder     where finished runs are stored, under a hash of the arguments, of this package and of
               the sources: the same call finds them, after an interruption too, unless anything
               that they depend on was edited
    sources    the files of the program that defines the problem
    progress   a function that is applied to the range of steps, for example tqdm

    Returns a Result.
    """
    points = [dict(zip(grid, values)) for values in itertools.product(*grid.values())]
    banks = [(points, seeds)] if together else [([p], [s]) for p in points for s in seeds]
    parts, found = [], 0
    for copies in banks:
        path = None
        if folder:
            key = [_contents(tuple(map(Path, sources))), _key(problem), _key(make), copies,
                   list(at), together, _key(schedule)]
            name = hashlib.sha256(json.dumps(key, default=str).encode()).hexdigest()[:20]
            path = Path(folder) / f'{name}.npz'
            found += path.is_file() * len(copies[0]) * len(copies[1])
        parts.append(_cached(path,
                             lambda: _train(problem, make, *copies, at, schedule, progress)))
    result = Result({name: np.concatenate([part[name] for part in parts]).reshape(
        len(points), len(seeds), len(at)) for name in parts[0] if name != 'state_bytes'})
    result.points, result.seeds, result.at = points, list(seeds), list(at)
    result.state_bytes, result.found = float(parts[0]['state_bytes']), found
    return result


def step_seconds(problem: Callable[[list[int]], Problem],
                 makes: Mapping[str, Callable[..., optim.Optimizer]], steps: int = 200
                 ) -> dict[str, float]:
    """The seconds of a training step: forward, backward, and the step of the optimizer itself.

    problem  a function of a list of seeds that returns a Problem; it is trained with seed 0
    makes    {name: an optimizer class, or functools.partial of one}
    steps    how many are measured

    Returns {name: median}. The optimizers take turns, step by step, so that all share what else the
    machine does.
    """
    trained = {}
    for name, make in makes.items():
        parameters, losses, _ = problem([0])
        trained[name] = make(parameters, lr=1e-4), losses
    seconds: dict[str, list[float]] = {name: [] for name in makes}
    for t in range(1, steps + 1):
        for name, (optimizer, losses) in trained.items():
            start = time.perf_counter()
            optimizer.zero_grad()
            losses(t).sum().backward()
            optimizer.step()
            seconds[name].append(time.perf_counter() - start)
    return {name: float(np.median(taken)) for name, taken in seconds.items()}


class microscope:
    """Steps an optimizer and records, for chosen weights, every quantity of its rule at every step.

    optimizer  the optimizer; call `step()` of the microscope in place of its own
    weights    {label: (parameter, index)}, where parameter[index] is a single number

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

    columns: tuple[str, ...] = 'g', 'm', 'v', 'm_hat', 'v_hat', 'divisor', 'move', 'move/lr'

    def __init__(self, optimizer: optim.Optimizer, weights: Mapping[str, tuple[Tensor, Any]]):
        self.optimizer: optim.Optimizer = optimizer
        self.weights: Mapping[str, tuple[Tensor, Any]] = weights
        self.rows: dict[str, list[list[float]]] = {label: [] for label in weights}

    def step(self) -> None:
        """Take the optimizer's step and record it.

        A quantity that a rule does not have is nan; a divisor that it does not have is 1.
        """
        before = {label: p.numpy(force=True)[i].item() for label, (p, i) in self.weights.items()}
        self.optimizer.step()
        for label, (p, i) in self.weights.items():
            move = p.numpy(force=True)[i].item() - before[label]
            self.rows[label].append(self._row(p, i, move, len(self.rows[label]) + 1))

    def _row(self, p: Tensor, i: Any, move: float, t: int) -> list[float]:
        assert p.grad is not None, 'backward() comes before step()'
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

    def table(self, label: str) -> str:
        """What happened to one weight, a line for each step.

        label  its key in `weights`
        """
        head = 'step' + ''.join(f'{name:>11}' for name in self.columns)
        return '\n'.join([head, *(f'{t:4}' + ''.join(f'{x:11.4g}' for x in row)
                                  for t, row in enumerate(self.rows[label], 1))])

    def csv(self, path: str | Path) -> None:
        """Write a table of all weights and steps, in one row each.

        path  the name of the file
        """
        with open(path, 'w', newline='') as file:
            writer = csv.writer(file)
            writer.writerow(['weight', 'step', *self.columns])
            writer.writerows([label, t, *row] for label, rows in self.rows.items()
                             for t, row in enumerate(rows, 1))

    def plot(self, label: str, axes: Sequence[Axes] | None = None) -> tuple[Axes, Axes]:
        """Draw the gradient and what the rule makes of it, and the length of each step over lr.

        label  the key of the weight in `weights`
        axes   two Axes; without them, those of a new figure

        Returns the two Axes.
        """
        upper, lower = plot.subplots(2, 1, size=(8, 7))[1] if axes is None else axes
        values = dict(zip(self.columns, np.array(self.rows[label]).T))
        shown = {n: abs(values[n]) for n in ('g', 'm_hat', 'divisor')
                 if np.isfinite(values[n]).any()}
        plot.curves(shown, upper, xlabel='step', ylabel=f'size, {label}', log=True)
        plot.curves({'move': values['move/lr']}, lower, xlabel='step', ylabel='|move| / lr')
        return upper, lower


def _report(folder: Path, rows: list[tuple[str, str, float, str]]) -> None:
    """Write out/report.md: the verdict of every trial, then the output and figures of each."""
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


def _trial(script: Path, options: list[str]) -> tuple[str, str, float, str]:
    """Run a trial; its name, verdict, seconds and all that it printed."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, str(script), *options], stdout=subprocess.PIPE,
                          text=True, check=True)
    seconds = time.perf_counter() - start
    verdict = [line.partition(': ')[2] for line in done.stdout.splitlines()
               if line.startswith('verdict: ')]
    said = ' '.join(verdict) or 'none, a quick run is too small for one'
    print(f'{script.stem} ({seconds:.0f} s): {said}', flush=True)
    return script.stem, said, seconds, done.stdout


def main(arguments: Sequence[str] | None = None,
         trials: Path = DEMOS / 'claims') -> None:
    """Run every trial, two at a time, and write the report.

    arguments  the command line; None takes sys.argv
    trials     the folder of the scripts
    """
    options = argparse.ArgumentParser(prog='python -m tinygrad_adam.teach.lab',
                                      description='Run every trial and write the report.')
    options.add_argument('--seed', type=int, default=0, help='seed of all random numbers (0)')
    options.add_argument('--out', type=Path, default=Path('out'), help='folder of results (out)')
    options.add_argument('--quick', action='store_true', help='small budgets, to see that it works')
    args = options.parse_args(arguments)
    if args.seed < 0:
        options.error(f'--seed {args.seed}: a seed is a whole number from 0 on')
    scripts = sorted(trials.glob('[0-9]*.py'))
    if not scripts:
        options.error(f'there are no trials in {trials}: a wheel carries them, and a checkout has '
                      'them in demos/claims. Install the package again')
    words = ['--seed', str(args.seed), '--out', str(args.out), *['--quick'] * args.quick]
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(_trial, script, words) for script in scripts]
        try:
            rows = [trial.result() for trial in running]
        except subprocess.CalledProcessError as error:
            pool.shutdown(cancel_futures=True)
            options.exit(1, f'{error.cmd[1]} failed; its error is above\n')
        except KeyboardInterrupt:    # the trials got it too, and say what is kept
            pool.shutdown(cancel_futures=True)
            options.exit(130)
    _report(args.out, rows)


if __name__ == '__main__':
    main()
