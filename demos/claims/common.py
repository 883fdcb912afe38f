"""What the trials share: the protocol, problems to train on, the table, and what is kept of it.

The protocol: every optimizer gets as many learning rates, on a grid of half decades around its own
usual ones. The best is chosen by the stated criterion on tuning seeds, and what is reported comes
from other seeds. A seed sets weights and batches, for all optimizers alike.
"""
from __future__ import annotations

import importlib.util
import json
import math
import sys
import textwrap
from functools import lru_cache, partial
from pathlib import Path

if not importlib.util.find_spec('demos'):
    sys.path.append(str(Path(__file__).resolve().parents[2]))
from demos import common as demos    # before NumPy: it sets the number of threads

import numpy as np

import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, lab, plot

OPTIMIZERS = {
    'sgd': optim.SGD,
    'momentum': partial(optim.SGD, momentum=0.9),
    'adagrad': optim.Adagrad,
    'rmsprop': optim.RMSprop,
    'adam': optim.Adam,
}
VARIANTS = {
    **OPTIMIZERS,
    'centered': partial(optim.RMSprop, centered=True),
    'amsgrad': partial(optim.Adam, amsgrad=True),
    'adamw': optim.AdamW,
}
STYLES = {**plot.OPTIMIZER_STYLE,
          'centered': {'color': '#999999', 'linestyle': (0, (2, 2))},
          'amsgrad': {'color': '#56B4E9', 'linestyle': (0, (4, 1, 1, 1))}}
CENTRES = {'sgd': -0.5, 'momentum': -1.5, 'adagrad': -1.0, 'rmsprop': -2.5, 'adam': -2.0}


def rates(name, around=0.0, reach=4, step=0.5):
    """2 reach + 1 learning rates, `step` decades apart, `around` decades above the usual centre."""
    centre = CENTRES[name] + around
    return [float(f'{10 ** (centre + step * k):.3g}') for k in range(-reach, reach + 1)]


def parse(claim, protocol, quick):
    """Options, seeds and a `run` that keeps what it did; claim and protocol are said.

    quick: what --quick does instead of the protocol.
    """
    args = demos.parse(demos.parser(claim))
    args.claim, args.protocol = claim, protocol
    if args.quick:
        args.protocol = f'QUICK RUN, too small to conclude from: {quick}'
    print(f'protocol: {args.protocol}')
    args.notes, first = [], 1000 * args.seed
    args.tuning = [first, first + 1] if args.quick else [first + k for k in range(3)]
    args.seeds = [first + 100 + k for k in range(2 if args.quick else 7)]
    # A quick run leaves nothing but its figure.
    args.run = partial(lab.run, progress=demos.batches,
                       folder=None if args.quick else args.out / 'runs')
    return args


def more_seeds(args, count):
    """Seeds to report on where more are cheap; a quick run stays with its two."""
    return args.seeds if args.quick else [1000 * args.seed + 100 + k for k in range(count)]


def records(steps):
    """Steps to record: every 5 to 50, every 10 to 100, then every 25."""
    return [t for t in range(steps + 1)
            if t == steps or t % (5 if t <= 50 else 10 if t <= 100 else 25) == 0]


def tuned(args, label, problem, make, rates, scores, at, tuning=None, seeds=None, **options):
    """{criterion: Result of the rate that is best by it on tuning seeds, run on others}.

    scores: {criterion: function of a Result that gives (points, seeds), the less the better}.
    A best rate at the edge of its grid is noted, under the label.
    """
    search = args.run(problem, make, {'lr': rates}, tuning or args.tuning, at, **options)
    best = {criterion: search.best(score(search)) for criterion, score in scores.items()}
    chosen = sorted(set(best.values()))
    runs = args.run(problem, make, {'lr': [rates[i] for i in chosen]}, seeds or args.seeds, at,
                    **options)
    found = {}
    for criterion, i in best.items():
        one = lab.Result({name: values[chosen.index(i)] for name, values in runs.items()})
        one.at = runs.at
        found[criterion] = one
        if i in (0, len(rates) - 1):
            args.notes.append(f'{label} {criterion}: best rate {rates[i]} is at an edge')
    return found


# Problems.

@lru_cache
def digits():
    """Training and test part, pixels in a row: x, y, x_test, y_test."""
    train, test = datasets.digits()
    return (train.tensors[0].flatten(1), train.tensors[1],
            test.tensors[0].flatten(1), test.tensors[1])


@lru_cache
def scaled_digits():
    """Every pixel multiplied by a number of its own, spread over three decades."""
    x, y, x_test, y_test = digits()
    factor = 10 ** (3 * torch.rand(64, generator=torch.Generator().manual_seed(0)) - 2)
    return x * factor, y, x_test * factor, y_test


@lru_cache
def words(documents=2000, vocabulary=400, length=20):
    """Bags of words, their frequencies by Zipf's law; a hidden weight a word decides the class."""
    draw = np.random.Generator(np.random.PCG64(0))
    share = 1 / np.arange(1, vocabulary + 1)
    drawn = draw.choice(vocabulary, (documents, length), p=share / share.sum())
    x = np.zeros((documents, vocabulary), np.float32)
    x[np.arange(documents)[:, None], drawn] = 1
    y = torch.tensor((x @ draw.standard_normal(vocabulary) > 0).astype(np.int64))
    return torch.tensor(x[:1500]), y[:1500], torch.tensor(x[1500:]), y[1500:]


class Batches:
    """Random indices (copies, batch), with replacement; copies of one seed get the same ones."""

    def __init__(self, seeds, n, size):
        self.draws = {seed: torch.Generator().manual_seed(seed) for seed in seeds}
        self.where = [list(self.draws).index(seed) for seed in seeds]
        self.n, self.size = n, size

    def __call__(self):
        drawn = [torch.randint(0, self.n, (self.size,), generator=g) for g in self.draws.values()]
        return torch.stack(drawn)[self.where]


def layers(sizes, activation):
    """Linear layers of these sizes with activations between them."""
    steps = [[nn.Linear(a, b), activation()] for a, b in zip(sizes, sizes[1:])]
    return nn.Sequential(*sum(steps, [])[:-1])


def network(seeds, data=digits, sizes=(64, 32, 10), activation: type[nn.Module] = nn.ReLU,
            batch=32, scored=False, samples=512, weigh=None):
    """A bank of multilayer perceptrons that classify.

    measures: 'loss' over the first `samples` of the training set, and with `scored` the accuracy
    on the test set in percent. weigh(t) multiplies the loss of step t.
    """
    x, y, x_test, y_test = data()
    models = []
    for seed in seeds:
        torch.manual_seed(seed)
        models.append(layers(sizes, activation))
    parameters, forward = lab.bank(models)
    draw = Batches(seeds, len(x), batch)

    def cross_entropy(x, y):
        scores = forward(x).flatten(0, 1)
        return F.cross_entropy(scores, y.flatten(), reduction='none').reshape(y.shape).mean(1)

    def losses(t):
        i = draw()
        loss = cross_entropy(x[i], y[i])
        return weigh(t) * loss if weigh else loss

    def measures():
        n = len(seeds)
        found = {'loss': cross_entropy(x[:samples].expand(n, -1, -1), y[:samples].expand(n, -1))}
        if scored:
            answers = forward(x_test.expand(n, -1, -1)).argmax(2)
            found['accuracy'] = 100 * (answers == y_test).float().mean(1)
        return found

    return lab.Problem(parameters, losses, measures)


def convolutions(seeds, batch=32, samples=256):
    """Two convolutions, a pooling and a linear layer on the digits; a copy at a time."""
    (seed,) = seeds
    x, y, _, _ = digits()
    x = x.reshape(-1, 1, 8, 8)
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 16, 3), nn.ReLU(),
                          nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 10))
    draw = Batches(seeds, len(x), batch)

    def losses(t):
        i = draw()[0]
        return F.cross_entropy(model(x[i]), y[i]).reshape(1)

    def measures():
        return {'loss': F.cross_entropy(model(x[:samples]), y[:samples]).reshape(1)}

    return lab.Problem(list(model.parameters()), losses, measures)


def longest_moves(optimizer, seed, steps=100):
    """Under the microscope: the longest move over lr, by step, of eight weights of the digits MLP.

    optimizer: what makes one of the parameters, with a learning rate too small to change much.
    """
    x, y, _, _ = digits()
    torch.manual_seed(seed)
    model = layers((64, 32, 10), nn.ReLU)
    draw, weight = Batches([seed], len(x), 32), model[2].weight
    scope = lab.microscope(optimizer(model.parameters()),
                           {f'{i}': (weight, (0, i)) for i in range(0, 32, 4)})
    for _ in range(steps):
        model.zero_grad()
        i = draw()[0]
        F.cross_entropy(model(x[i]), y[i]).backward()
        scope.step()
    return np.array(list(scope.rows.values()))[..., -1].max(axis=0)


# What is said at the end.

def apart(a, b):
    """Whether a is below b: the upper quartile of one under the lower quartile of the other."""
    return a[2] < b[0]


def text(quartiles, infinite='infinite'):
    """median (lower quartile to upper quartile), three digits."""
    low, middle, high = (f'{x:.3g}' if math.isfinite(x) else infinite for x in quartiles)
    return middle if low == high else f'{middle} ({low} to {high})'


def table(rows):
    """{row: {column: quartiles}} as lines of text."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    cells = {row: [text(values[name], 'never' if 'steps to' in row else 'infinite')
                   if name in values else '' for name in names] for row, values in rows.items()}
    wide = [max(map(len, [name, *(row[i] for row in cells.values())]))
            for i, name in enumerate(names)]
    first = max(map(len, rows))
    lines = [' ' * first + ''.join(f'  {name:>{w}}' for name, w in zip(names, wide))]
    return '\n'.join(lines + [f'{row:<{first}}' + ''.join(f'  {c:>{w}}' for c, w in zip(cs, wide))
                              for row, cs in cells.items()])


def finish(figure, args, name, rows, verdict):
    """Print the table, notes and verdict; save the figure, and of a full run the numbers."""
    print('\nmedian (lower to upper quartile)')
    print(table(rows))
    for note in args.notes:
        print(note)
    print(f'verdict: {verdict}')
    figure.suptitle(textwrap.fill(args.protocol, 130), fontsize=8)
    if not args.quick:
        kept = {'claim': args.claim, 'protocol': args.protocol, 'seed': args.seed, 'rows': rows,
                'verdict': verdict}
        (args.out / f'{name}.json').write_text(json.dumps(kept, indent=1) + '\n', encoding='utf-8')
    demos.finish(figure, args, name)
