"""What demos share around their four training lines: options, data, a table, the last line."""
from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

# A matrix product of NumPy waits for all its threads. At the sizes here a second thread saves no
# time (MNIST's CNN: 2.6 s an epoch with one, 2.8 s with two), and costs tenfold when another
# program holds its core (39 s). NumPy reads this once, when it is loaded.
if 'numpy' not in sys.modules:
    os.environ.setdefault('OMP_NUM_THREADS', '1')

import tinygrad_adam as torch
from tinygrad_adam.teach import datasets, plot
from tinygrad_adam.utils.data import DataLoader, TensorDataset

HEADER = 'optimizer  epoch     loss    train     test  seconds'
ROWS = 20    # under it at most, however many epochs there are


def parser(idea: str) -> argparse.ArgumentParser:
    """The options every demo has."""
    options = argparse.ArgumentParser(description=idea)
    options.add_argument('--seed', type=int, default=0, help='of all random numbers (0)')
    options.add_argument('--out', type=Path, default=Path('out'), help='folder of figures (out)')
    options.add_argument('--show', action='store_true', help='open a window with the figure')
    options.add_argument('--quick', action='store_true', help='a short run that shows it works')
    return options


def parse(options: argparse.ArgumentParser) -> argparse.Namespace:
    """Read the command line (a notebook has none), make the folder and say the idea."""
    args = options.parse_args([] if hasattr(sys, 'ps1') else None)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        options.error(f'--out {args.out} cannot be made a folder: {error.strerror}')
    print(options.description)
    return args


def finish(figure, args: argparse.Namespace, name: str) -> None:
    """Save the figure, say where it is, and open a window if one was asked for."""
    path = args.out / f'{name}.png'
    plot.save(figure, path)
    print(f'figure: {path}')
    if args.show:
        plot.show()


def positive(kind):
    """A converter for argparse that refuses what is not a number above zero."""
    def number(text):
        value = kind(text)
        if not 0 < value < float('inf'):
            raise argparse.ArgumentTypeError(f'{text} is not a number above 0')
        return value
    return number


def training(idea: str, optimizers: dict, epochs: dict, batch_size: int):
    """Options and data of a training, (args, train set, test set), and the head of its table.

    optimizers: {name: (class, learning rate)}; epochs: {'digits': n, 'mnist': m}.
    """
    options = parser(idea)
    options.add_argument('--data', type=Path, metavar='DIR',
                         help="folder of MNIST's IDX files (without: the 8x8 digits)")
    options.add_argument('--optimizer', choices=[*optimizers, 'all'], default='adam')
    options.add_argument('--lr', type=positive(float), metavar='X', help='learning rate ('
                         + ', '.join(f'{name} {lr}' for name, (_, lr) in optimizers.items()) + ')')
    options.add_argument('--epochs', type=positive(int), metavar='N',
                         help='passes over the data ({digits} of digits, {mnist} of MNIST)'
                         .format_map(epochs))
    options.add_argument('--batch-size', type=positive(int), metavar='N', default=batch_size,
                         help='samples a step (%(default)s)')
    args = parse(options)
    try:
        train, test = datasets.mnist(args.data) if args.data else datasets.digits()
    except (OSError, ValueError) as error:
        options.error(str(error))
    args.epochs = args.epochs or epochs['mnist' if args.data else 'digits']
    if args.quick:
        args.epochs = min(args.epochs, 2)
        train, test = TensorDataset(*train[:256]), TensorDataset(*test[:100])
    args.batch_size = min(args.batch_size, len(train))
    args.optimizers = list(optimizers) if args.optimizer == 'all' else [args.optimizer]
    print(HEADER)
    return args, train, test


def batches(loader: DataLoader):
    """The loader, behind a progress bar if tqdm is installed and a terminal shows it."""
    if sys.stderr.isatty():
        try:
            from tqdm import tqdm
        except ImportError:
            return loader
        return tqdm(loader, leave=False)
    return loader


def scores(model, dataset: TensorDataset) -> torch.Tensor:
    """What the model says about every sample, (n, classes), outside any graph."""
    model.eval()
    with torch.no_grad():
        answers = torch.cat([model(x) for x, _ in DataLoader(dataset, batch_size=500)])
    model.train()
    return answers


def accuracy(model, dataset: TensorDataset) -> float:
    """Percentage of samples whose highest score is that of their class."""
    right = scores(model, dataset).argmax(1) == dataset.tensors[1]
    return 100 * right.float().mean().item()


class Run:
    """The record of one training, printed as rows of the table while it grows."""

    def __init__(self, name: str, args: argparse.Namespace):
        self.name, self.epochs = name, args.epochs
        self.every = -(-args.epochs * len(args.optimizers) // ROWS)
        self.loss, self.train, self.test = [], [], []
        self.start = time.perf_counter()

    def add(self, loss: float, train: float, test: float) -> None:
        """One more epoch: mean loss, and accuracy on both sets in percent."""
        self.loss.append(loss)
        self.train.append(train)
        self.test.append(test)
        self.seconds = time.perf_counter() - self.start
        epoch = len(self.loss)
        if epoch % self.every == 0 or epoch == self.epochs:
            print(f'{self.name:>9} {epoch:6} {loss:8.4f} {train:6.1f} % {test:6.1f} % '
                  f'{self.seconds:8.2f}', flush=True)


def summary(runs: dict, model) -> None:
    """Where every run ended, and the size of the model."""
    size = sum(p.numel() for p in model.parameters())
    for name, run in runs.items():
        print(f'{name}: test accuracy {run.test[-1]:.1f} %, {size:,} parameters, '
              f'{run.seconds:.1f} s')


def curves(runs: dict, axes) -> None:
    """Loss and accuracy over the epochs, of one run or of several side by side."""
    plot.curves({name: run.loss for name, run in runs.items()}, axes[0],
                ylabel='training loss', log=True)
    tests = {name: run.test for name, run in runs.items()}
    if len(runs) == 1:
        (run,) = runs.values()
        tests = {'training set': run.train, 'test set': run.test}
    plot.curves(tests, axes[1], ylabel='accuracy [%]' if len(runs) == 1 else 'test accuracy [%]')
