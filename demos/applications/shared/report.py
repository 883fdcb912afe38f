"""Around the training lines of an application: options, progress, losses, and what was reached."""
from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from typing import Callable, Iterator, NoReturn

import numpy as np

from demos import common as demos
from tinygrad_adam import optim
from tinygrad_adam.teach import plot

OPTIMIZERS = {
    'momentum': partial(optim.SGD, momentum=0.9),
    'rmsprop': optim.RMSprop,
    'adam': optim.Adam,
}
finish = demos.finish


class Options(argparse.Namespace):
    """What the command line says; `error(text)` ends the program, as a wrong option does."""

    error: Callable[[str], NoReturn]


def parse(idea: str, data: str | None = None) -> Options:
    """The options every demo has, and with `data`, its help text, also `--data`."""
    options = demos.parser(idea)
    if data:
        options.add_argument('--data', type=Path, help=data)
    args = Options(**vars(demos.parse(options)))
    args.error = options.error
    print('optimizer   step     loss  seconds')
    return args


class Run:
    """The steps of one training: iterate over it, and `add` the loss of every step.

    Five lines say how it goes, or a bar if a terminal shows it and tqdm is installed.
    """

    def __init__(self, name: str, steps: int):
        self.name, self.steps = name, steps
        self.losses: list[float] = []
        self.start, self.seconds = time.perf_counter(), 0.0

    def __iter__(self) -> Iterator[int]:
        return iter(demos.batches(range(self.steps)))

    def add(self, loss) -> None:
        """Of this step, a tensor with one element."""
        self.losses.append(loss.item())
        self.seconds = time.perf_counter() - self.start
        step, every = len(self.losses), -(-self.steps // 5)
        if step % every == 0 or step == self.steps:
            print(f'{self.name:>9} {step:6} {np.mean(self.losses[-every:]):8.4f} '
                  f'{self.seconds:8.2f}', flush=True)


def parameters(model) -> int:
    """How many numbers the model learns."""
    return sum(p.numel() for p in model.parameters())


def table(measure: str, rows: dict) -> None:
    """Print `{method: value}`, or `{method: {column: value}}`, with three digits.

    measure: what the numbers are, with unit and set, such as 'accuracy on 450 digits [%]'.
    """
    rows = {name: row if isinstance(row, dict) else {measure: row} for name, row in rows.items()}
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    first = max(map(len, [*rows, '' if columns == [measure] else measure]))
    print(f'\n{"" if columns == [measure] else measure:<{first}}  ' + '  '.join(columns))
    for name, row in rows.items():
        print(f'{name:<{first}}  ' + '  '.join(
            f'{digits(row[column]):>{len(column)}}' if column in row else ' ' * len(column)
            for column in columns))


def digits(x: float) -> str:
    """A number with three digits."""
    return f'{x:#.3g}'.rstrip('.')


def reached(what: str, model, *runs: Run) -> None:
    """The last line of the report: the figure, the size of the model and the time it took."""
    seconds = sum(run.seconds for run in runs)
    print(f'reached: {what}, {parameters(model):,} parameters, {seconds:.1f} s')


def curves(runs: dict, ax, parts: int = 50) -> None:
    """Training losses over the steps, `{optimizer: Run}`, each point the mean of some steps."""
    every = max(1, max(run.steps for run in runs.values()) // parts)
    for (name, run) in runs.items():
        n = len(run.losses) // every
        means = np.reshape(run.losses[:n * every], (n, every)).mean(axis=1)
        ax.plot(every * np.arange(1, n + 1), means, label=name, **plot.OPTIMIZER_STYLE[name])
    ax.set(xlabel='step', ylabel='training loss', yscale='log')
    ax.grid(alpha=0.3, which='both')
    ax.legend()
