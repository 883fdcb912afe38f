# %% [markdown]
# # Claim 3: Adam is less sensitive to learning rate and batch size
#
# How many decades of learning rates come close to the best one? How much is lost when the batch
# size changes and the rate does not? And what do beta1, beta2 and eps do?
#
#     python demos/claims/3_robustness.py

# %%
from functools import partial
from itertools import product

import numpy as np

import common
from common import OPTIMIZERS
from demos.claims.shared import figures, problems, verdicts
from tinygrad_adam import optim

STEP, MARGIN = 0.25, 3    # decades between two rates, points of accuracy
args = common.parse(
    'Claim: Adam is less sensitive to learning rate and batch size, and so easier to tune.',
    'digits MLP 64-32-10, 300 steps of 32, 20 seeds; 21 rates a quarter decade apart, by the '
    'validation error; batches of 8 and 512 with the best rate of 32 and with their own, chosen on '
    '3 other seeds by validation, as many steps or as many samples, by the test error; heat maps '
    'of Adam: 9 x 5 settings, 3 seeds',
    quick='12 steps, 5 rates, 2 seeds, batches of 8 and 64, no heat maps')
steps, reach, sizes = (12, 2, (8, 64)) if args.quick else (300, 10, (8, 512))
problem = partial(problems.network, scored=True)


def validation(result):
    return result['validation'][..., -1]


# %% [markdown]
# The range of rates: how many decades are within 3 points of the best, seed by seed.

# %%
rows, sensitivity = {'decades of lr within 3 points': {}, 'error of a random rate [%]': {}}, {}
for (name,) in common.each(args, zip(OPTIMIZERS)):
    lrs = common.rates(name, reach=reach, step=STEP)
    result = common.run(args, problem, OPTIMIZERS[name], {'lr': lrs}, args.seeds, [0, steps])
    error = validation(result)
    sensitivity[name] = lrs, error
    near = error <= error.min(axis=0) + MARGIN
    rows['decades of lr within 3 points'][name] = STEP * near.sum(axis=0)
    rows['error of a random rate [%]'][name] = error.mean(axis=0)
    if near[[0, -1]].any() and not args.quick:
        args.notes.append(f'{name}: a rate at the edge of the grid is within {MARGIN} points')

# %% [markdown]
# Other batch sizes: with as many steps a large batch sees more samples; with as many samples (equal
# epochs) it takes fewer steps. What is lost is counted against the best rate for that size.

# %%
best = {}
for name, size, equal in common.each(args, product(OPTIMIZERS, (32, *sizes), ('steps', 'epochs'))):
    if size == 32 and equal == 'epochs':    # the same as equal steps
        continue
    budget = steps if equal == 'steps' else max(1, steps * 32 // size)
    (own,) = common.tuned(
        args, f'{name}, batch {size}, equal {equal}', partial(problem, batch=size),
        OPTIMIZERS[name], common.rates(name), {'': validation}, [0, budget]).values()
    if size == 32:
        best[name] = own.points[0]
        continue
    kept = common.run(args, partial(problem, batch=size), OPTIMIZERS[name],
                      {'lr': [best[name]['lr']]}, args.seeds, [0, budget])
    rows.setdefault(f'batch {size}, equal {equal}: points lost', {})[name] = (
        kept['test'][0][:, -1] - own['test'][:, -1])

# %% [markdown]
# Heat maps of Adam: learning rate against beta2, beta1 and eps.

# %%
lrs, maps = common.rates('adam'), {}
settings = {'beta2': [(0.9, b) for b in (0.5, 0.9, 0.99, 0.999, 0.9999)],
            'beta1': [(b, 0.999) for b in (0.0, 0.5, 0.9, 0.95, 0.99)],
            'eps': [1e-10, 1e-8, 1e-6, 1e-4, 1e-2]}
for setting, values in ({} if args.quick else settings).items():
    grid = {'lr': lrs, 'eps' if setting == 'eps' else 'betas': values}
    result = common.run(args, problem, optim.Adam, grid, args.tuning, [0, steps])
    maps[setting] = values, np.median(validation(result), axis=1).reshape(len(lrs), -1).T

figure = figures.robustness(sensitivity, rows, sizes, lrs, maps, args.show)
common.finish(args, figure, rows, verdicts.robustness)
