"""What demos share around their four training lines: options, data, a table and a summary."""
from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping, Sequence, TypeVar

# A matrix product of NumPy waits for all its threads. At the sizes here a second thread saves no
# time (MNIST's CNN: 2.6 s an epoch with one, 2.8 s with two), and takes ten times as long when
# another program occupies its core (39 s). NumPy reads this variable once, when it is loaded.
if 'numpy' not in sys.modules:
    os.environ.setdefault('OMP_NUM_THREADS', '1')

from tinygrad_adam.teach import datasets, plot
from tinygrad_adam.utils.data import TensorDataset

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEADER = 'optimizer  epoch     loss    train     test  seconds'
ROWS = 20    # the most rows printed under it, however many epochs there are
T = TypeVar('T')


def number(kind: Callable[[str], Any], what: str, accepts: Callable[[Any], bool]
           ) -> Callable[[str], Any]:
    """A converter for argparse that refuses other words and numbers in a sentence.

    kind     int or float
    what     what is asked for, such as 'a whole number above 0'
    accepts  a function that says of a number whether it is such a one
    """
    def convert(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not accepts(value):
            raise argparse.ArgumentTypeError(f'{text} is not {what}')
        return value
    return convert


SEED = number(int, 'a whole number from 0 to 4294967295', lambda n: 0 <= n < 2 ** 32)
COUNT = number(int, 'a whole number above 0', lambda n: n > 0)
RATE = number(float, 'a number above 0', lambda x: 0 < x < float('inf'))


def parser(idea: str) -> argparse.ArgumentParser:
    """A parser of the options that every demo has.

    idea  the sentence that the demo prints first
    """
    options = argparse.ArgumentParser(description=idea)
    options.add_argument('--seed', type=SEED, default=0, help='of all random numbers (0)')
    options.add_argument('--out', type=Path, default=Path('out'), help='folder of figures (out)')
    options.add_argument('--show', action='store_true', help='open a window with the figure')
    options.add_argument('--quick', action='store_true', help='a short run that shows it works')
    return options


def parse(options: argparse.ArgumentParser,
          at_stop: Callable[[], str] = lambda: '') -> argparse.Namespace:
    """Read the command line (a notebook has none), make the output folder and print the idea.

    options  the parser of the demo
    at_stop  what is done at Ctrl-C: it keeps what is finished, and returns a sentence about it

    Ends the program if Matplotlib is missing, before anything is computed. From here on Ctrl-C ends
    it with one line.
    """
    args = options.parse_args([] if in_notebook() else None)
    if importlib.util.find_spec('matplotlib') is None:
        options.error('Matplotlib is not installed, so the figure of this demo cannot be drawn. '
                      'Install it: pip install matplotlib')
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        options.error(f'--out {args.out} cannot be made a folder: {error.strerror}')
    sys.excepthook = partial(stopped, at_stop, sys.excepthook)
    print(options.description)
    return args


def stopped(at_stop: Callable[[], str], otherwise: Callable[..., Any], kind: type[BaseException],
            error: BaseException, trace: TracebackType | None) -> None:
    """What Python calls when an error ends the program: at Ctrl-C one line, else a traceback.

    at_stop             see `parse`
    otherwise           what Python called before
    kind, error, trace  the error, as sys.excepthook gets it
    """
    if issubclass(kind, KeyboardInterrupt):
        print(f'\nStopped by Ctrl-C. {at_stop()}'.rstrip(), file=sys.stderr)
        sys.exit(130)    # what a shell says of a program that Ctrl-C ended
    otherwise(kind, error, trace)


def in_notebook() -> bool:
    """Whether a person runs the demo cell by cell, at a prompt or in a notebook."""
    return hasattr(sys, 'ps1')


def finish(figure: Figure, args: argparse.Namespace, name: str) -> None:
    """Save a figure, print where it is, and show it in a notebook, or in a window with --show.

    figure  the figure
    args    the options of the demo
    name    the name of the file, without folder and ending
    """
    path = args.out / f'{name}.png'
    plot.save(figure, path)
    print(f'figure: {path}')
    if 'IPython' in sys.modules and in_notebook():
        display = importlib.import_module('IPython.display')
        display.display(display.Image(path))
    elif args.show:
        plot.show()


def training(torch: Any, demo: str, idea: str, optimizers: Mapping[str, Callable[..., Any]],
             epochs: dict[str, int], batch_size: int
             ) -> tuple[argparse.Namespace, Any, Any]:
    """Read the options and data of a training.

    torch       the package that trains, this one or PyTorch
    demo        the name of the demo and its figure
    idea        the sentence that the demo prints first
    optimizers  {name: class}
    epochs      {'digits': n, 'mnist': m}, the usual numbers of epochs
    batch_size  the usual batch size

    Returns (options, training set, test set), the sets with tensors of the package that trains. At
    Ctrl-C the finished epochs are drawn.
    """
    options = parser(idea)
    options.add_argument('--data', type=Path, metavar='DIR',
                         help="folder of MNIST's IDX files (without: the 8x8 digits)")
    options.add_argument('--optimizer', choices=[*optimizers, 'all'], default='adam')
    options.add_argument('--lr', type=RATE, metavar='X',
                         help=f'learning rate (the best in demos/rates/{demo}.csv)')
    options.add_argument('--epochs', type=COUNT, metavar='N',
                         help='passes over the data ({digits} of digits, {mnist} of MNIST)'
                         .format_map(epochs))
    options.add_argument('--batch-size', type=COUNT, metavar='N', default=batch_size,
                         help='samples a step (%(default)s)')
    options.add_argument('--tune', action='store_true',
                         help='try learning rates for all optimizers (see demos/tuning.py)')
    args = parse(options, lambda: draw_stopped(args))
    try:
        train, test = datasets.mnist(args.data) if args.data else datasets.digits()
    except (OSError, ValueError) as error:
        options.error(str(error))
    args.name, args.epochs = demo, args.epochs or epochs['mnist' if args.data else 'digits']
    if args.quick:
        args.epochs = min(args.epochs, 2)
        train, test = TensorDataset(*train[:256]), TensorDataset(*test[:100])
    train, test = tensors_of(torch, train), tensors_of(torch, test)
    args.batch_size = min(args.batch_size, len(train))
    everything = args.tune or args.optimizer == 'all'
    args.optimizers = list(optimizers) if everything else [args.optimizer]
    args.runs = {}
    return args, train, test


def tensors_of(torch: Any, dataset: TensorDataset) -> Any:
    """A data set with tensors of another package, in the same memory.

    torch    the package that trains, this one or PyTorch
    dataset  samples of this package
    """
    return torch.utils.data.TensorDataset(*(torch.from_numpy(x.numpy()) for x in dataset.tensors))


def draw_stopped(args: argparse.Namespace) -> str:
    """Draw the epochs finished before Ctrl-C, and say where.

    args  the options of a training
    """
    runs = {name: run for name, run in getattr(args, 'runs', {}).items() if run.loss}
    if not runs:
        return 'No epoch was finished.'
    figure, axes = plot.subplots(1, 2, size=(8, 4))
    curves(runs, axes)
    path = args.out / f'{args.name}_stopped.png'
    plot.save(figure, path)
    return f'The finished epochs are drawn in {path}'


def batches(loader: Iterable[T], name: str | None = None) -> Iterable[T]:
    """An iterable, with a progress bar if tqdm is installed and the output is a terminal.

    loader  a DataLoader, a range of steps, or the like
    name    what stands before the bar
    """
    if sys.stderr.isatty():
        try:
            from tqdm import tqdm
        except ImportError:
            return loader
        return tqdm(loader, name, leave=False)
    return loader


def scores(torch: Any, model: Any, dataset: Any) -> Any:
    """The outputs of a model in evaluation mode, without a graph.

    torch    the package of the model, this one or PyTorch
    model    maps images (n, 1, h, w) to scores (n, classes)
    dataset  (image, label) samples

    Returns the scores of all samples, (n, classes).
    """
    model.eval()
    with torch.no_grad():
        answers = torch.cat([model(x) for x in dataset.tensors[0].split(500)])
    model.train()
    return answers


def accuracy(torch: Any, model: Any, dataset: Any) -> float:
    """The percentage of samples whose highest score is that of their class.

    torch    the package of the model, this one or PyTorch
    model    maps images (n, 1, h, w) to scores (n, classes)
    dataset  (image, label) samples
    """
    right = scores(torch, model, dataset).argmax(1) == dataset.tensors[1]
    return 100 * right.float().mean().item()


class Run:
    """The record of one training, printed as rows of the table while it grows.

    name  of the optimizer
    args  the options of the demo; its `runs` hold all of them, {optimizer: its run}
    """

    def __init__(self, name: str, args: argparse.Namespace):
        if not args.runs:
            print(HEADER)
        args.runs[name] = self
        self.name, self.epochs = name, args.epochs
        self.every = -(-args.epochs * len(args.optimizers) // ROWS)
        self.loss: list[float] = []
        self.train: list[float] = []
        self.test: list[float] = []
        self.start, self.seconds = time.perf_counter(), 0.0

    def at_end(self) -> float:
        """The mean loss of the last epoch."""
        return self.loss[-1]

    def add(self, loss: float, train: float, test: float) -> None:
        """Record one more epoch.

        loss   the mean loss
        train  the accuracy on the training set in percent
        test   the accuracy on the test set in percent
        """
        self.loss.append(loss)
        self.train.append(train)
        self.test.append(test)
        self.seconds = time.perf_counter() - self.start
        epoch = len(self.loss)
        if epoch % self.every == 0 or epoch == self.epochs:
            print(f'{self.name:>9} {epoch:6} {loss:8.4f} {train:6.1f} % {test:6.1f} % '
                  f'{self.seconds:8.2f}', flush=True)


def summary(runs: Mapping[str, Run], model: Any) -> None:
    """Print the result of every run, and the size of the model.

    runs   {optimizer: its run}
    model  the model, as trained in any of them
    """
    size = sum(p.numel() for p in model.parameters())
    for name, run in runs.items():
        print(f'{name}: test accuracy {run.test[-1]:.1f} %, {size:,} parameters, '
              f'{run.seconds:.1f} s')


def curves(runs: Mapping[str, Run], axes: Sequence[Axes]) -> None:
    """Draw loss and accuracy over the epochs.

    runs  {optimizer: its run}; one run is drawn on both sets, several on the test set
    axes  two Axes
    """
    plot.curves({name: run.loss for name, run in runs.items()}, axes[0],
                ylabel='training loss [nats]', log=True)
    tests = {name: run.test for name, run in runs.items()}
    if len(runs) == 1:
        (run,) = runs.values()
        tests = {'training set': run.train, 'test set': run.test}
    plot.curves(tests, axes[1], ylabel='accuracy [%]' if len(runs) == 1 else 'test accuracy [%]')
    axes[0].legend(loc='lower left')    # the losses fall from above
    axes[1].legend(loc='lower right')
    if len(runs) > 2:    # there is no room for so many names inside
        axes[0].figure.legend(*axes[0].get_legend_handles_labels(), loc='outside upper center',
                              ncols=len(runs))
        for ax in axes:
            ax.legend().remove()
