"""The learning rates of the demos: which were tried, what they reached, and which is the best.

Every demo that compares optimizers finds its rates with `--tune`: the rates below, half a decade
apart, on seeds that are not those of its own run. Four are tried around the usual one, and more
until the best is none of the two outermost. The best has the least training loss at the end, in the
mean of the seeds; no test sample is looked at. What was tried is in `demos/rates/`, a table a demo:

    python demos/train_mlp.py --tune                 # writes out/rates/train_mlp.csv
    python demos/train_mlp.py --tune --out demos     # the rates that the demo takes
"""
from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence

RATES = 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0
USUAL = {'sgd': 0.1, 'momentum': 0.03, 'nesterov': 0.03, 'adagrad': 0.03, 'rmsprop': 3e-3,
         'adam': 3e-3}
SEEDS = 100, 101, 102
FOLDER = Path(__file__).resolve().parent / 'rates'

Losses = Mapping[float, Sequence[float]]    # of one optimizer: {rate: the loss for each seed}


def mean(losses: Sequence[float]) -> float:
    """The mean of losses; infinity if one of them is infinite."""
    return sum(losses) / len(losses)


def best(losses: Losses) -> float:
    """The rate with the least mean loss, the smaller of two equal ones.

    losses  {rate: the loss for each seed}
    """
    return min(sorted(losses), key=lambda rate: mean(losses[rate]))


def search(loss: Callable[[float], Sequence[float]], usual: float, widen: bool = True
           ) -> dict[float, Sequence[float]]:
    """Try rates: {rate: the loss for each seed}, by rate.

    loss   a function of a rate that trains with it, and returns the loss for each seed
    usual  the second of the four rates tried first
    widen  whether to go on while the best is the smallest or the largest
    """
    losses: dict[float, Sequence[float]] = {}
    low = RATES.index(usual) - 1
    high = low + 3
    while True:
        for rate in RATES[low:high + 1]:
            if rate not in losses:
                losses[rate] = loss(rate)
        where = RATES.index(best(losses))
        if not widen or low < where < high or where in (0, len(RATES) - 1):
            return dict(sorted(losses.items()))
        low, high = min(low, where - 1), max(high, where + 1)


def write(path: Path, losses: Mapping[str, Losses]) -> None:
    """Write a table: optimizer, rate, and the loss for each seed.

    path    of the file
    losses  {optimizer: {rate: the loss for each seed}}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='', encoding='utf-8') as file:
        table = csv.writer(file, lineterminator='\n')
        count = max(len(row) for tried in losses.values() for row in tried.values())
        table.writerow(['optimizer', 'lr', *(f'loss, seed {seed}' for seed in SEEDS[:count])])
        for name, tried in losses.items():
            table.writerows([name, f'{rate:g}', *(f'{loss:.4g}' for loss in row)]
                            for rate, row in tried.items())


def read(path: Path) -> dict[str, dict[float, list[float]]]:
    """{optimizer: {rate: the loss for each seed}} of a table that `write` wrote.

    path  of the file
    """
    losses: dict[str, dict[float, list[float]]] = {}
    with open(path, newline='', encoding='utf-8') as file:
        for name, rate, *row in list(csv.reader(file))[1:]:
            losses.setdefault(name, {})[float(rate)] = [float(loss) for loss in row]
    return losses


def rates(args: argparse.Namespace, train: Callable[[str, float, int], tuple[Any, Any]],
          count: int = len(SEEDS)) -> dict[str, float]:
    """{optimizer: its learning rate}, the best in the table of a demo.

    args   the options of the demo, with its `name` and its `optimizers`
    train  a function of optimizer, rate and seed that trains, and returns a model and its Run,
           whose `at_end()` is the training loss at the end
    count  the number of seeds to try rates on, fewer than all where a training takes long

    With --tune, it tries the rates, prints what each reaches, writes the table to `out`, and ends
    the program; with --quick too, only four rates on one seed.
    """
    if not args.tune:
        tried = read(FOLDER / f'{args.name}.csv')
        return {name: best(tried[name]) for name in args.optimizers}
    seeds = SEEDS[:1 if args.quick else count]

    def losses(name: str, rate: float) -> list[float]:
        with redirect_stdout(io.StringIO()):     # the rows of the training itself
            row = [train(name, rate, seed)[1].at_end() for seed in seeds]
        row = [loss if math.isfinite(loss) else math.inf for loss in row]
        print(f'{name:>9} {rate:7g}  {"  ".join(f"{loss:.4g}" for loss in row)}', flush=True)
        return row

    print(f'training loss at the end, on the seeds {", ".join(map(str, seeds))}\n'
          'optimizer      lr  losses')
    found = {name: search(partial(losses, name), USUAL[name], widen=not args.quick)
             for name in args.optimizers}
    print('best: ' + ', '.join(f'{name} {best(tried):g}' for name, tried in found.items()))
    path = args.out / 'rates' / f'{args.name}.csv'
    write(path, found)
    print(f'table: {path}')
    sys.exit()
