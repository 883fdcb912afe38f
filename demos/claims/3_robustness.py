# %% [markdown]
# # Claim 3: Adam is robust to its hyper-parameters and easy to tune
#
# How many decades of learning rates come close to the best one? How much is lost when the batch
# size changes and the rate does not? And what do beta1, beta2 and eps do?
#
#     python demos/claims/3_robustness.py

# %%
import itertools
from functools import partial

import numpy as np

import common
from common import apart, OPTIMIZERS
from tinygrad_adam import optim
from tinygrad_adam.teach import lab, plot

STEP, MARGIN = 0.25, 3    # decades between two rates, points of accuracy
EQUAL = 'equal steps', 'equal epochs'


def width(accuracy):
    """(seeds,): decades of rates within the margin of the best, accuracy (rates, seeds)."""
    return STEP * (accuracy >= accuracy.max(axis=0) - MARGIN).sum(axis=0)


def verdict(rows):
    """Learning rate: Adam's width against the others'. Batch size: what Adam loses against them.

    Adam loses more than another if quartiles lie apart and its median is above one point.
    """
    widths = rows['decades of lr within 3 points']
    narrower = [n for n in widths if n != 'adam' and widths[n][1] < widths['adam'][1]]
    loses = {equal for equal in EQUAL for row, values in rows.items() if row.startswith(equal)
             if values['adam'][1] > 1 and any(apart(values[n], values['adam']) for n in values)}
    kept = [f'the batch size at {equal}' for equal in sorted(EQUAL) if equal not in loses]
    lost = [f'the batch size at {equal}' for equal in sorted(loses)]
    (kept if 'sgd' in narrower else lost).insert(0, 'the range of learning rates against SGD')
    if len(narrower) == len(widths) - 1 and not lost:
        return 'holds: the widest range of learning rates, and other batch sizes cost no more'
    if not kept:
        return 'does not hold: the range is not wider than that of SGD, and batch sizes cost more'
    return (f'holds when it means {" and ".join(kept)}; not '
            f'{" and ".join(lost) or "the range against all others"}')


# %%
args = common.parse(
    'Claim: Adam is less sensitive to learning rate and batch size, and so easier to tune.',
    'digits MLP 64-32-10, 300 steps of 32, test accuracy; 17 rates a quarter decade apart around '
    "each optimizer's usual one, 5 seeds; batch sizes 8, 128, 512 with the best rate of 32 and "
    'as many steps or as many samples; heat maps of Adam: 9 x 5 settings',
    quick='12 steps, 5 rates, 2 seeds, batch sizes 8 and 64, no heat maps')
steps, reach, seeds = (12, 2, args.seeds) if args.quick else (300, 8, args.seeds[:5])
sizes = (8, 64) if args.quick else (8, 128, 512)
problem = partial(common.network, scored=True)

# %% [markdown]
# The range of rates, and what one random rate of the grid reaches on average.

# %%
rows = {'best lr': {}, 'decades of lr within 3 points': {}, 'mean accuracy over the grid': {}}
sensitivity, best = {}, {}
for name, make in OPTIMIZERS.items():
    lrs = common.rates(name, reach=reach, step=STEP)
    result = args.run(problem, make, {'lr': lrs}, seeds, [0, steps])
    accuracy = result['accuracy'][..., -1]
    sensitivity[name] = lrs, accuracy
    best[name] = lrs[result.best(-accuracy)]
    rows['best lr'][name] = [best[name]] * 3
    rows['decades of lr within 3 points'][name] = lab.quartiles(width(accuracy)).tolist()
    rows['mean accuracy over the grid'][name] = lab.quartiles(accuracy.mean(axis=0)).tolist()

# %% [markdown]
# Other batch sizes: with as many steps a large batch sees more samples; with as many samples (equal
# epochs) it takes fewer steps. Accuracy lost is counted against the best rate for that size.

# %%
for equal in EQUAL:
    for name, size in itertools.product(OPTIMIZERS, sizes):
        budget = steps if equal == 'equal steps' else max(1, steps * 32 // size)
        lrs = [best[name] * 10 ** (k / 2) for k in range(-2, 3)]
        result = args.run(partial(problem, batch=size), OPTIMIZERS[name], {'lr': lrs}, seeds,
                          [0, budget])
        accuracy = result['accuracy'][..., -1]
        lost = accuracy[result.best(-accuracy)] - accuracy[2]
        row = rows.setdefault(f'{equal}, batch {size}: points lost', {})
        row[name] = lab.quartiles(lost).tolist()

# %% [markdown]
# Heat maps of Adam: learning rate against beta2, beta1 and eps.

# %%
maps = {}
lrs = common.rates('adam')
settings = {'beta2': [(0.9, b) for b in (0.5, 0.9, 0.99, 0.999, 0.9999)],
            'beta1': [(b, 0.999) for b in (0.0, 0.5, 0.9, 0.95, 0.99)],
            'eps': [1e-10, 1e-8, 1e-6, 1e-4, 1e-2]}
if not args.quick:
    for setting, values in settings.items():
        grid = {'lr': lrs, 'eps' if setting == 'eps' else 'betas': values}
        result = args.run(problem, optim.Adam, grid, seeds, [0, steps])
        maps[setting] = np.median(result['accuracy'][..., -1], axis=1).reshape(len(lrs), -1).T

# %%
figure, axes = plot.subplots(2, 3, size=(11, 7.5), window=args.show)
for name, (tried, accuracy) in sensitivity.items():
    band, style = lab.quartiles(accuracy), plot.OPTIMIZER_STYLE[name]
    axes[0, 0].semilogx(tried, band[:, 1], label=name, **style)
    axes[0, 0].fill_between(tried, band[:, 0], band[:, 2], color=style['color'], alpha=0.2)
axes[0, 0].set(xlabel='learning rate', ylabel='test accuracy [%]')
axes[0, 0].set_xlim(1e-8, 1e2)
axes[0, 0].legend(fontsize=8, loc='lower left')
for ax, equal in zip(axes[0, 1:], EQUAL):
    for k, name in enumerate(OPTIMIZERS):
        bands = np.array([rows[f'{equal}, batch {size}: points lost'][name] for size in sizes])
        places = np.arange(len(sizes)) + 0.12 * (k - 2)
        ax.errorbar(places, bands[:, 1], [bands[:, 1] - bands[:, 0], bands[:, 2] - bands[:, 1]],
                    fmt='os^Dv'[k], color=plot.OPTIMIZER_STYLE[name]['color'], label=name)
    ax.set_xticks(range(len(sizes)), sizes)
    ax.set(title=equal, xlabel='batch size', ylabel='points lost with the rate of 32')
    ax.set_yscale('symlog', linthresh=2)
    ax.set(ylim=(-3, 90))
    ax.set_yticks([-2, 0, 2, 10, 50], [-2, 0, 2, 10, 50])
    ax.grid(alpha=0.3)
for ax, (setting, values) in zip(axes[1], settings.items()):
    if setting in maps:
        image = ax.imshow(maps[setting], cmap='cividis', vmin=0, vmax=100, aspect='auto')
        ax.set_xticks(range(0, len(lrs), 4), [f'{lr:.0e}' for lr in lrs[::4]])
        ax.set_yticks(range(5), [f'{v:.0e}' if setting == 'eps' else
                                 v[setting == 'beta2'] for v in values])
        ax.set(title='Adam', xlabel='learning rate', ylabel=setting)
        figure.colorbar(image, ax=ax, location='bottom', label='test accuracy [%]')
    else:
        ax.axis('off')
common.finish(figure, args, '3_robustness', rows, verdict(rows))
