# %% [markdown]
# # Claim 6: Adam is the best choice for a wide range of tasks
#
# Five cases, some of which were made to answer back: a problem of Wilson et al. (2017) on which all
# adaptive methods learn the training set and read a third of the test set wrongly, rare words,
# noisy labels with weight decay, unequal pixels, and a transformer. Last, what Adam's steps
# depend on: not the scale of the gradient, but the directions of the axes.
#
#     python demos/claims/6_what_else.py

# %%
from functools import partial
from itertools import product

import numpy as np

import common
from common import OPTIMIZERS
import tinygrad_adam as torch
from demos.claims.shared import figures, problems, verdicts
from tinygrad_adam import optim
from tinygrad_adam.teach import lab

args = common.parse(
    'Claim: Adam is the best choice for a wide range of tasks.',
    'each optimizer at its best of 9 learning rates chosen on 3 seeds (transformer: 7 and 2), '
    'reported on 20 others. Wilson: 100 samples, 500 steps, best by training loss; words and '
    'pixels: 400 steps; transformer: 200; noisy labels: 300 digits, 30 % labels drawn at random, '
    '300 steps, 7 rates x 5 decays, best by validation; scale and turn: 200 steps at one rate',
    quick='20 steps, 3 rates, 2 seeds, Wilson, scale and turn only')
reach = 1 if args.quick else 4
rows = {}


def add(row, name, values):
    rows.setdefault(row, {})[name] = values


# %% [markdown]
# Wilson et al., section 3.3: the first feature is the label, two are always 1, and every sample has
# features of its own: one if it is positive (65 % are), five if it is negative. On new samples only
# the first three weights count.


# %%
def wilson(seeds, n=100):
    """Least squares on all samples; measures: 'loss' and 'error', the test error in percent."""
    draws = {}
    for seed in seeds:
        y = np.where(np.random.Generator(np.random.PCG64(seed)).random(n) < 0.65, 1, -1)
        x = np.zeros((n, 3 + 5 * n), np.float32)
        x[:, 0], x[:, 1:3] = y, 1
        for i in range(n):
            x[i, 3 + 5 * i:3 + 5 * i + (1 if y[i] > 0 else 5)] = 1
        draws[seed] = x, y
    x = torch.tensor(np.stack([draws[seed][0] for seed in seeds]))
    y = torch.tensor(np.stack([draws[seed][1] for seed in seeds]).astype(np.float32))
    w = torch.zeros(len(seeds), x.shape[2], 1, requires_grad=True)

    def losses(t=0):
        return ((x @ w).squeeze(2) - y).square().mean(1)

    def measures():
        first, rest = w[:, 0, 0], w[:, 1, 0] + w[:, 2, 0]
        error = 65 * (first + rest <= 0).float() + 35 * (rest - first >= 0).float()
        return {'loss': losses(), 'error': error}

    return lab.Problem([w], losses, measures)


CASES = {  # row: (problem, decades above the usual rates, reach, steps)
    'Wilson: test error [%]': (wilson, 0, reach, 20 if args.quick else 500),
    'rare words: loss': (partial(problems.network, data=problems.words, sizes=(400, 2)),
                         0.5, 4, 400),
    'unequal pixels: loss': (partial(problems.network, data=problems.scaled_digits, sizes=(64, 10)),
                             0.5, 4, 400),
    'transformer: loss': (problems.attention, 0, 3, 200),
}
for row, name in common.each(args, product(list(CASES)[:1 if args.quick else None], OPTIMIZERS)):
    problem, around, wide, steps = CASES[row]
    (result,) = common.tuned(
        args, f'{row} {name},', problem, OPTIMIZERS[name], common.rates(name, around, wide),
        {'': common.final}, [0, steps], args.tuning[:2] if 'transformer' in row else None).values()
    add(row, name, result['error'][:, -1] if '%' in row else common.final(result))

# %% [markdown]
# Weight decay: L2 adds it to the gradient, which Adam divides by its usual size; AdamW shrinks the
# weights themselves.

# %%
noisy = partial(problems.network, data=problems.noisy_digits, sizes=(64, 64, 10), scored=True,
                samples=300)
maps = {}
for (name,) in common.each(args, [] if args.quick else zip([*OPTIMIZERS, 'adamw'])):
    decays = [0, 0.1, 0.3, 1, 3] if name == 'adamw' else [0, 1e-3, 3e-3, 1e-2, 3e-2]
    lrs, make = common.rates(name, -0.5, reach=3), OPTIMIZERS.get(name, optim.AdamW)
    search = common.run(args, noisy, make, {'lr': lrs, 'weight_decay': decays}, args.tuning,
                        [0, 300])
    error = search['validation'][..., -1]
    best = search.points[search.best(error)]
    result = common.run(args, noisy, make, {key: [value] for key, value in best.items()},
                        args.seeds, [0, 300])
    add('noisy labels: test error [%]', name, result['test'][0][:, -1])
    maps[name] = lrs, decays, np.median(error, axis=1).reshape(len(lrs), len(decays)).T
    common.note_edge(args, f'noisy labels, {name}, lr', best['lr'], lrs)
    common.note_edge(args, f'noisy labels, {name}, decay', best['weight_decay'], decays)
    args.notes.append(f'noisy labels, {name}: lr {best["lr"]:g}, decay {best["weight_decay"]:g}')

# %% [markdown]
# A valley in ten dimensions, its gradient multiplied by 1000, and the same valley turned: does the
# path stay the same?


# %%
def valley(seeds, scale=1.0, turn=False):
    """Curvatures 1 to 1000; measures the path in the axes of the valley."""
    curvature = torch.tensor(np.logspace(0, 3, 10))
    draws = [np.random.Generator(np.random.PCG64(seed)) for seed in seeds]
    start = np.stack([draw.standard_normal(10) for draw in draws])
    axes = np.stack([np.linalg.qr(draw.standard_normal((10, 10)))[0] if turn else np.eye(10)
                     for draw in draws])
    axes = torch.tensor(axes)
    w = (axes.transpose(1, 2) @ torch.tensor(start).unsqueeze(2)).detach().requires_grad_()

    def losses(t=0):
        return scale * 0.5 * (curvature * (axes @ w).squeeze(2)**2).sum(1)

    return lab.Problem([w], losses, lambda: {'loss': losses() / scale})


paths = {}
for name, make in OPTIMIZERS.items():
    lr = [5e-4 if name in ('sgd', 'momentum', 'nesterov') else 0.02]
    kinds = {'as it is': valley, 'gradient x 1000': partial(valley, scale=1e3),
             'turned': partial(valley, turn=True)}
    paths[name] = {kind: common.run(args, problem, make, {'lr': lr}, args.seeds,
                                    range(0, 201, 5))['loss'][0] for kind, problem in kinds.items()}
    for kind in ('gradient x 1000', 'turned'):
        with np.errstate(all='ignore'):
            change = abs(np.log10(paths[name][kind][:, -1] / paths[name]['as it is'][:, -1]))
        add(f'{kind}: change of the loss, decades', name, change.round(4))

figure = figures.what_else(rows, paths, maps, args.show)
common.finish(args, figure, rows, verdicts.what_else)
