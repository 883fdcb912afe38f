"""What the trials share: options, seeds, learning rates, and what is printed and kept of a result.

PROTOCOL.md states the rules. shared/problems.py has the problems, shared/verdicts.py what is said
of the numbers, and shared/figures.py draws them.
"""
from __future__ import annotations

import importlib.util
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, Iterable, Iterator

if not importlib.util.find_spec('demos'):
    sys.path.append(str(Path(__file__).resolve().parents[2]))
from demos import common as demos    # before NumPy: it sets the number of threads

import numpy as np

from demos.claims.shared import figures, verdicts
from tinygrad_adam import optim
from tinygrad_adam.teach import lab

HERE = Path(__file__).resolve().parent
RIVALS = {
    'sgd': optim.SGD,
    'momentum': partial(optim.SGD, momentum=0.9),
    'nesterov': partial(optim.SGD, momentum=0.9, nesterov=True),
    'adagrad': optim.Adagrad,
    'rmsprop': optim.RMSprop,
}
OPTIMIZERS = {**RIVALS, 'adam': optim.Adam}
CENTRES = {'sgd': -0.5, 'momentum': -1.5, 'nesterov': -1.5, 'adagrad': -1.0, 'rmsprop': -2.5,
           'adam': -2.0, 'adam, decaying': -2.0, 'amsgrad': -2.0, 'adamw': -2.0}
TUNING, REPORTING = 0, 700_000    # the first seeds of --seed 0


def rates(name, around=0.0, reach=4, step=0.5):
    """2 reach + 1 learning rates, `step` decades apart, `around` decades above the usual centre."""
    centre = CENTRES[name] + around
    return [float(f'{10 ** (centre + step * k):.3g}') for k in range(-reach, reach + 1)]


def parse(claim, protocol, quick):
    """Options, seeds and a `run` that keeps what it did; claim and protocol are said.

    quick: what --quick does instead of the protocol.
    """
    options = demos.parser(claim)
    args = demos.parse(options)
    if args.seed < 0:
        options.error(f'--seed {args.seed}: a seed is a whole number from 0 on')
    trial = Path(getattr(sys.modules['__main__'], '__file__', HERE / 'notebook.py'))
    args.name, args.claim, args.notes, args.found = trial.stem, claim, [], 0
    args.protocol = f'QUICK RUN, too small for a verdict: {quick}' if args.quick else protocol
    print(f'protocol: {args.protocol}')
    count = 2 if args.quick else 20
    args.tuning = [TUNING + 1000 * args.seed + k for k in range(min(3, count))]
    args.seeds = [REPORTING + 1000 * args.seed + k for k in range(count)]
    args.runs = None if args.quick else args.out / 'runs'    # a quick run leaves only its figure
    args.sources = [path for path in (trial, HERE / 'common.py', HERE / 'shared' / 'problems.py')
                    if path.exists()]
    sys.excepthook = partial(stopped, args)
    return args


def stopped(args, kind, error, trace):
    """One line for Ctrl-C; any other error as usual."""
    if not issubclass(kind, KeyboardInterrupt):
        return sys.__excepthook__(kind, error, trace)
    kept = f'; finished runs are kept in {args.runs}, and the same command goes on from them'
    print(f'{args.name}: stopped{kept if args.runs else ""}', file=sys.stderr)


def run(args, problem, make, grid, seeds, at, **options):
    """lab.run, which finds again what was finished and depends on nothing that was edited."""
    result = lab.run(problem, make, grid, seeds, at, folder=args.runs, sources=args.sources,
                     **options)
    args.found += result.found
    return result


def each(args, jobs: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """The jobs, tuples of names, one by one; every ten seconds a line says which it is."""
    jobs, said = list(jobs), time.monotonic()
    for i, job in enumerate(jobs, 1):
        if time.monotonic() - said > 10:
            said = time.monotonic()
            print(f'{args.name}: {", ".join(map(str, job))}, {i} of {len(jobs)}', file=sys.stderr)
        yield job


def tuned(args, label, problem, make, rates, scores, at, tuning=None, **options):
    """{criterion: Result of the rate that is best by it on tuning seeds, run on reporting seeds}.

    scores: {criterion: function of a Result that gives (points, seeds), the less the better}. If a
    best rate lies at the edge of its grid, the grid gets two more rates there, twice at most; a
    rate that is still at an edge is noted, under the label.
    """
    scored, new, best = {criterion: {} for criterion in scores}, rates, {}
    for widening in range(3):
        search = run(args, problem, make, {'lr': new}, tuning or args.tuning, at, **options)
        for criterion, score in scores.items():
            scored[criterion].update(zip(new, score(search)))
        rates = sorted({*rates, *new})
        best = {criterion: rates[search.best([found[lr] for lr in rates])]
                for criterion, found in scored.items()}
        step, edges = rates[1] / rates[0], {rates[0], rates[-1]}.intersection(best.values())
        if args.quick or not edges or widening == 2:
            break
        new = [float(f'{edge * step ** (k if edge == rates[-1] else -k):.3g}')
               for edge in edges for k in (1, 2)]
    chosen = sorted(set(best.values()))
    runs = run(args, problem, make, {'lr': chosen}, args.seeds, at, **options)
    found = {}
    for criterion, lr in best.items():
        i = chosen.index(lr)
        found[criterion] = one = lab.Result({name: values[i] for name, values in runs.items()})
        one.at, one.points = runs.at, [{'lr': lr}]
        note_edge(args, f'{label} {criterion}', lr, rates)
    return found


def note_edge(args, label, value, grid):
    """Note it if the best value is the first or last of its grid, but for a decay of 0."""
    if value in (grid[0], grid[-1]) and value and not args.quick:
        args.notes.append(f'{label.strip(" ,")}: the best, {value:g}, is at the edge of its grid')


def final(result, measure='loss'):
    """The last value of a measure, infinite where the run diverged."""
    return np.where(result.diverged, np.inf, result[measure][..., -1])


def short(values):
    """The numbers of a row as they are kept: four digits; what is not a number is infinite."""
    return [float(f'{x:.4g}') if x == x else np.inf for x in np.ravel(values)]


def finish(args, figure, rows, judge):
    """Print table, comparisons and verdict; save the figure, and of a full run the numbers.

    rows: {row: {column: values (seeds,)}}. judge: the function of verdicts.py for these rows.
    """
    if args.found:
        print(f'{args.found} finished runs found in {args.runs}')
    rows = {row: {column: short(values) for column, values in cells.items()}
            for row, cells in rows.items()}
    print('\nmedian (lower to upper quartile)')
    print(verdicts.table(rows))
    for note in [*verdicts.lost(rows), *args.notes]:
        print(note)
    if not args.quick:
        said, comparisons = judge(rows)
        print(f'\n{verdicts.comparisons(comparisons)}' * bool(comparisons))
        print(f'verdict: {said}')
        kept = {'claim': args.claim, 'protocol': args.protocol, 'seed': args.seed,
                'notes': args.notes, 'verdict': said, 'rows': rows}
        (args.out / f'{args.name}.json').write_text(json.dumps(kept) + '\n', encoding='utf-8')
    figures.foot(figure, args.protocol)
    demos.finish(figure, args, args.name)
