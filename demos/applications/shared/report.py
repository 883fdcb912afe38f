"""Around the training lines of an application: options, progress, losses, and what was reached."""
from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable, Iterator, NoReturn, Sequence

import numpy as np

from demos import common as demos, tuning
from tinygrad_adam import nn, optim
from tinygrad_adam.teach import plot

OPTIMIZERS = {
    'momentum': partial(optim.SGD, momentum=0.9),
    'rmsprop': optim.RMSprop,
    'adam': optim.Adam,
}
HEADER = 'optimizer   step     loss  seconds'
rates, RATE = tuning.rates, demos.RATE


class Options(argparse.Namespace):
    """What the command line says; `error(text)` ends the program, as a wrong option does."""

    error: Callable[[str], NoReturn]


def parser(idea: str, data: str | None = None) -> argparse.ArgumentParser:
    """The options every application has, and with `data`, its help text, also `--data`."""
    options = demos.parser(idea)
    options.add_argument('--tune', action='store_true',
                         help='try learning rates for all optimizers (see demos/tuning.py)')
    if data:
        options.add_argument('--data', type=Path, help=data)
    return options


def parse(name: str, options: argparse.ArgumentParser) -> Options:
    """Read the options of an application, `name`. At Ctrl-C the losses so far are drawn.

    With --tune the data, too, are those of the first seed of the tuning.
    """
    args = Options(**vars(demos.parse(options, lambda: draw_stopped(args))))
    args.name, args.error, args.optimizers = name, options.error, list(OPTIMIZERS)
    if args.tune:
        args.seed = tuning.SEEDS[0]
    return args


class Run:
    """The steps of one training: iterate over it, and `add` the loss of every step.

    Some rows of the table say how it goes, and a bar if a terminal shows it and tqdm is installed.
    """

    started: list[Run] = []

    def __init__(self, name: str, steps: int, rows: int = 5):
        if not self.started:
            print(HEADER)
        self.started.append(self)
        self.name, self.steps, self.rows = name, steps, rows
        self.losses: list[float] = []
        self.start, self.seconds = time.perf_counter(), 0.0

    def __iter__(self) -> Iterator[int]:
        return iter(demos.batches(range(self.steps), self.name))

    def add(self, loss) -> None:
        """Of this step, a tensor with one element."""
        self.losses.append(loss.item())
        self.seconds = time.perf_counter() - self.start
        step, every = len(self.losses), -(-self.steps // max(1, self.rows))
        if self.rows and (step % every == 0 or step == self.steps):
            print(f'{self.name:>9} {step:6} {np.mean(self.losses[-every:]):8.4f} '
                  f'{self.seconds:8.2f}', flush=True)

    def at_end(self) -> float:
        """The mean loss of the last tenth of the steps."""
        return float(np.mean(self.losses[-max(1, self.steps // 10):]))


def parameters(model: nn.Module) -> int:
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
            for column in columns).rstrip())


def digits(x: float) -> str:
    """A number with three digits."""
    return f'{x:#.3g}'.rstrip('.')


def misread(answers: Sequence[str], truth: Sequence[str], most: int = 10) -> None:
    """Print the first texts that were read wrongly, each beside what it is.

    answers: what was read; truth: what is right, as many.
    """
    wrong = [pair for pair in zip(truth, answers) if pair[0] != pair[1]]
    print(f'\nmisread, {len(wrong)} of {len(truth)}' + (f', the first {most}' * (len(wrong) > most))
          + ': ' + (', '.join(f'{true} as {answer or "nothing"}' for true, answer in wrong[:most])
                    or 'none'))


def reached(what: str, model: nn.Module, *runs: Run) -> None:
    """The last line of the report: the figure, the size of the model and the time it took."""
    seconds = sum(run.seconds for run in runs)
    print(f'reached: {what}, {parameters(model):,} parameters, {seconds:.1f} s')


def finish(figure: Any, args: Options) -> None:
    """Save the figure of an application, and say where."""
    demos.finish(figure, args, args.name)


def draw_stopped(args: Options) -> str:
    """Draw the losses of all steps done before Ctrl-C, and say where."""
    runs: dict[str, list[Run]] = {}
    for run in Run.started:
        if run.losses:
            runs.setdefault(run.name, []).append(run)
    if not runs:
        return 'No step was finished.'
    figure, ax = plot.subplots()
    curves(runs, ax)
    path = args.out / f'{args.name}_stopped.png'
    plot.save(figure, path)
    return f'The losses so far are drawn in {path}'


def curves(runs: dict, ax: Any, unit: float = 1, ylabel: str = 'training loss [nats]') -> None:
    """Training losses over the steps, `{optimizer: Run, or several}`: a line for each Run.

    Each point is the mean of a fiftieth of the steps. unit: that of the axis, in units of the loss.
    """
    for name, several in runs.items():
        style = plot.OPTIMIZER_STYLE.get(name, plot.OPTIMIZER_STYLE['adamw'])
        for i, run in enumerate([several] if isinstance(several, Run) else several):
            every = max(1, run.steps // 50)
            n = len(run.losses) // every
            means = np.reshape(run.losses[:n * every], (n, every)).mean(axis=1) / unit
            ax.plot(every * np.arange(1, n + 1), means, label=None if i else name, **style)
    ax.set(xlabel='step', ylabel=ylabel, yscale='log')
    ax.grid(alpha=0.3)
    ax.legend()
