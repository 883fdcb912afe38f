"""The net of the page, and what is recorded of its trainings.

Two coordinates of a point, eight hidden units with tanh, three scores: 51 weights, trained for 120
steps on all 90 points of three spirals at once, in float64.
"""
from __future__ import annotations

from typing import Any, Callable, NamedTuple

import numpy as np

from ... import Generator, Tensor, autograd, from_numpy, manual_seed, nn, no_grad, optim
from ...nn import functional as F
from .. import datasets, lab

STEPS, SEEDS, SIDE = 120, 3, 48
# The numbers of single points are recorded before these steps: many for Adam's first run, some for
# those of its other seeds, few for the others. A step of a run takes 23 kB of the page.
FEW, SOME, MANY = (1, 10, 120), (1, 5, 10, 40, 120), (1, 2, 5, 10, 20, 40, 80, 120)


class Uncorrected(optim.Adam):
    """Adam without the correction of m and v for their start at 0."""

    def update(self, p: Any, g: Any, state: dict[str, Any], t: int, *, lr: float,
               betas: tuple[float, float], eps: float, **_: Any) -> None:
        """Adam's formula, with m and v as they are.

        p, g, state, t  as in Optimizer
        lr, betas, eps  as in Adam
        """
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g**2
        p -= lr * m / (np.sqrt(v) + eps)


class Run(NamedTuple):
    """One training: an optimizer, its settings, and the seed of the first weights.

    rule     the optimizer's class
    options  its arguments
    columns  the quantities of lab.microscope that the rule has
    seed     that of the weights
    scale    what the loss is multiplied by
    steps    the steps before which the numbers of single points are recorded
    """

    rule: Callable[..., optim.Optimizer]
    options: dict[str, Any]
    columns: tuple[str, ...]
    seed: int = 0
    scale: float = 1
    steps: tuple[int, ...] = FEW


BARE, DIVIDED = ('g', 'move', 'move/lr'), ('g', 'v', 'divisor', 'move', 'move/lr')
RUNS: dict[str, Run] = {
    'adam': Run(optim.Adam, {'lr': 0.05}, lab.microscope.columns, steps=MANY),
    'adam-1': Run(optim.Adam, {'lr': 0.05}, lab.microscope.columns, seed=1, steps=SOME),
    'adam-2': Run(optim.Adam, {'lr': 0.05}, lab.microscope.columns, seed=2, steps=SOME),
    'uncorrected': Run(Uncorrected, {'lr': 0.05},
                       ('g', 'm', 'v', 'divisor', 'move', 'move/lr')),
    'loss1000': Run(optim.Adam, {'lr': 0.05}, lab.microscope.columns, scale=1000),
    'lr10': Run(optim.Adam, {'lr': 0.5}, lab.microscope.columns),
    'sgd': Run(optim.SGD, {'lr': 1.0}, BARE),
    'momentum': Run(optim.SGD, {'lr': 0.3, 'momentum': 0.9}, ('g', 'm', 'move', 'move/lr')),
    'adagrad': Run(optim.Adagrad, {'lr': 0.3}, DIVIDED),
    'rmsprop': Run(optim.RMSprop, {'lr': 0.05}, DIVIDED),
}


def points() -> tuple[Tensor, Tensor]:
    """The coordinates (90, 2) and classes (90,) of the points."""
    x, y = datasets.spirals(90, generator=Generator().manual_seed(0))
    return x.double(), y


def net(seed: int) -> nn.Sequential:
    """The net before its first step.

    seed  that of its weights
    """
    manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3)).double()


def weights(model: nn.Sequential) -> dict[str, tuple[Tensor, tuple[int, ...]]]:
    """The single weights, {label: (parameter, index)}, for lab.microscope.

    model  the net
    """
    return {f'{name}{list(index)}': (p, index) for name, p in model.named_parameters()
            for index in np.ndindex(*p.shape)}


def grid() -> Tensor:
    """The centres of the cells of the picture of the plane, (cells, 2), row by row from the top."""
    across = np.linspace(-1.2, 1.2, SIDE + 1)[:-1] + 1.2 / SIDE
    return from_numpy(np.stack(np.meshgrid(across, -across), -1).reshape(-1, 2))


def record(name: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Train, and record every weight at every step, and every point before some of the steps.

    name  the run, a key of RUNS

    Returns tables {quantity: array} whose last axis is the step, or the point where there is one:
    w and loss also after the last step; values, grads, factors (recorded step, unit, point) are
    those of the graph, see `graph`; shares (recorded step, weight, point) those of `wishes`. Then
    the class that the net gives to each cell of `grid`, (steps + 1, cells).
    """
    run, model, (x, y) = RUNS[name], net(RUNS[name].seed), points()
    optimizer = run.rule(model.parameters(), **run.options)
    scope = lab.microscope(optimizer, weights(model))
    losses, classes, path, graphs, shares = [], [], [], [], []
    for t in range(1, STEPS + 2):
        with no_grad():
            classes.append(model(grid()).numpy().argmax(1))
        path.append([p.numpy(force=True)[i] for p, i in scope.weights.values()])
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        losses.append(loss.item())
        if t > STEPS:
            break
        if t in run.steps:
            graphs.append(graph(model, x, y, run.scale))
            shares.append(wishes(model, x, y, run.scale))
        (run.scale * loss).backward()
        scope.step()
    rows = np.array(list(scope.rows.values()))    # (weights, steps, columns)
    tables = {c: rows[:, :, scope.columns.index(c)] for c in run.columns if c in scope.columns}
    if run.rule is Uncorrected:                   # the microscope's is that of the corrected rule
        tables['divisor'] = np.sqrt(tables['v']) + optimizer.param_groups[0]['eps']
    values, grads, factors = (np.array(part) for part in zip(*graphs))
    tables.update(w=np.array(path).T, loss=np.array(losses), values=values, grads=grads,
                  factors=factors, shares=np.array(shares))
    return tables, np.array(classes)


def graph(model: nn.Sequential, x: Tensor, y: Tensor,
          scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The graph of the loss, as each point sees it.

    model  the net
    x, y   the points and their classes
    scale  what the mean loss is multiplied by

    Returns three arrays whose last axis is the point: the values, and the gradients of the loss, of
    8 units before tanh, 8 after, 3 scores and 3 logarithms of probabilities (22, 90); and the local
    factors of the edges (20, 90): 8 of tanh, 9 from each logarithm back to each score, 3 of the
    loss back to each logarithm.
    """
    z = model[0](x)
    h = model[1](z)
    scores = model[2](h)
    logs = F.log_softmax(scores, 1)
    loss = scale * F.nll_loss(logs, y)

    def slopes(of: Tensor, *to: Tensor) -> list[np.ndarray]:
        return [g.numpy().T for g in autograd.grad(of, to, retain_graph=True)]

    factors = slopes(h.sum(), z)
    for k in range(3):
        factors += slopes(logs[:, k].sum(), scores)
    layers = z, h, scores, logs
    return (np.concatenate([layer.numpy(force=True).T for layer in layers]),
            np.concatenate(slopes(loss, *layers)), np.concatenate(factors + slopes(loss, logs)))


def wishes(model: nn.Sequential, x: Tensor, y: Tensor, scale: float) -> np.ndarray:
    """What each point adds to the gradient of each weight, (weights, points).

    model  the net
    x, y   the points and their classes
    scale  what the mean loss is multiplied by

    Each point has a copy of the net to itself, and so a gradient of its own.
    """
    copies, forward = lab.bank([model] * len(x))
    scores = forward(x.unsqueeze(1)).squeeze(1)
    gradients = autograd.grad(scale * F.cross_entropy(scores, y), copies)
    return np.concatenate([g.numpy().reshape(len(x), -1) for g in gradients], axis=1).T
