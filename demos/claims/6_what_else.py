# %% [markdown]
# # Claim 6: Adam is the right choice for a wide range of tasks
#
# Cases made to answer back: a problem of Wilson et al. (2017) on which all adaptive methods learn
# the training set and read a third of the test set wrongly, rare words, weight decay, and what
# Adam's steps depend on: not the scale of the gradient, but the directions of the axes.
#
#     python demos/claims/6_what_else.py

# %%
from functools import partial

import numpy as np

import common
from common import apart, OPTIMIZERS
import tinygrad_adam as torch
from tinygrad_adam import optim
from tinygrad_adam.teach import lab, plot

SAYS = {'Wilson: test error [%]': 'generalising', 'rare words: training loss': 'rare words',
        'noisy labels: test error [%]': 'noisy labels'}


def verdict(rows):
    """A case is lost if another's quartiles lie below Adam's, and errors differ by a point."""
    def beaten(row, values):
        return any(apart(values[name], values['adam']) and
                   ('%' not in row or values['adam'][1] - values[name][1] >= 1) for name in values)

    lost = [SAYS[row] for row, values in rows.items() if row in SAYS and beaten(row, values)]
    kept = [said for said in SAYS.values() if said not in lost]
    if not lost:
        return 'holds: in no case here another does better'
    if not kept:
        return 'does not hold: in every case here another does better'
    return (f'holds when the case is {" or ".join(kept)}; for {" and ".join(lost)} '
            'another does better')


# %%
args = common.parse(
    'Claim: Adam is the best choice for a wide range of tasks.',
    'each optimizer at its best of 9 learning rates chosen on 3 seeds, reported on 7 others. '
    'Wilson: 100 samples, 500 steps, best by training loss; words: 400 steps; noisy labels: 300 '
    'digits, 30 % labels drawn at random, 300 steps, 7 rates x 5 decays; scale and turn: 200 '
    'steps at one rate',
    quick='20 steps, 3 rates, 2 seeds, Wilson, scale and turn only')
reach = 1 if args.quick else 4
rows = {}


def add(row, name, values):
    rows.setdefault(row, {})[name] = lab.quartiles(np.asarray(values, float)).tolist()


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


def final(result):
    return np.where(result.diverged, np.inf, result['loss'][..., -1])


for name, make in OPTIMIZERS.items():
    (result,) = common.tuned(args, f'Wilson, {name}', wilson, make, common.rates(name, 0, reach),
                             {'': final}, [0, 20 if args.quick else 500]).values()
    add('Wilson: test error [%]', name, result['error'][:, -1])
    add('Wilson: training loss', name, result['loss'][:, -1])
    if not args.quick:
        words = partial(common.network, data=common.words, sizes=(400, 2))
        (result,) = common.tuned(args, f'words, {name}', words, make, common.rates(name, 0.5),
                                 {'': final}, common.records(400)).values()
        add('rare words: training loss', name, result['loss'][:, -1])

# %% [markdown]
# Weight decay: L2 adds it to the gradient, which Adam divides by its usual size; AdamW shrinks the
# weights themselves.


# %%
def noisy_digits():
    """300 digits, three tenths of them with labels drawn at random; the whole test set."""
    x, y, x_test, y_test = common.digits()
    draw = np.random.Generator(np.random.PCG64(0))
    labels = np.where(draw.random(300) < 0.3, draw.integers(0, 10, 300), y[:300].numpy())
    return x[:300], torch.tensor(labels), x_test, y_test


noisy = partial(common.network, data=noisy_digits, sizes=(64, 64, 10), scored=True, samples=300)
maps = {}
for name, make in ({} if args.quick else {**OPTIMIZERS, 'adamw': optim.AdamW}).items():
    decays = [0, 0.01, 0.1, 1, 3] if name == 'adamw' else [0, 1e-3, 3e-3, 1e-2, 3e-2]
    lrs = common.rates('adam' if name == 'adamw' else name, -0.5, reach=3)
    search = args.run(noisy, make, {'lr': lrs, 'weight_decay': decays}, args.tuning, [0, 300])
    error = 100 - search['accuracy'][..., -1]
    best = search.points[search.best(error)]
    result = args.run(noisy, make, {key: [value] for key, value in best.items()}, args.seeds,
                      [0, 300])
    add('noisy labels: test error [%]', name, 100 - result['accuracy'][0][:, -1])
    maps[name] = lrs, decays, np.median(error, axis=1).reshape(len(lrs), len(decays)).T

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
    lr = [5e-4 if name in ('sgd', 'momentum') else 0.02]
    kinds = {'as it is': valley, 'gradient x 1000': partial(valley, scale=1e3),
             'turned': partial(valley, turn=True)}
    found = {kind: args.run(problem, make, {'lr': lr}, args.seeds, range(0, 201, 5))['loss'][0]
             for kind, problem in kinds.items()}
    paths[name] = found
    for kind in ('gradient x 1000', 'turned'):
        with np.errstate(all='ignore'):
            change = abs(np.log10(found[kind][:, -1] / found['as it is'][:, -1]))
        add(f'{kind}: change of the loss, decades', name,
            np.where(np.isfinite(change), change, np.inf).round(4))

# %%
figure, axes = plot.subplots(2, 2, size=(9, 8), window=args.show)
errors = rows['Wilson: test error [%]']
axes[0, 0].bar(list(errors), [e[1] for e in errors.values()],
               color=[common.STYLES[name]['color'] for name in errors])
axes[0, 0].set(title='Wilson et al.: all learn the training set', ylabel='test error [%]')
axes[0, 0].tick_params(axis='x', rotation=20)
for name, found in paths.items():
    if name in ('sgd', 'adam'):
        for kind, marker in (('as it is', ''), ('gradient x 1000', 'o'), ('turned', 'x')):
            median = lab.quartiles(found[kind].T)[:, 1]
            axes[0, 1].semilogy(range(0, 201, 5), np.clip(median, 1e-3, 1e5), marker=marker,
                                markevery=4, label=f'{name}, {kind}',
                                **plot.OPTIMIZER_STYLE[name])
axes[0, 1].set(title='a valley', xlabel='step', ylabel='loss')
axes[0, 1].legend(fontsize=7)
for ax, name in zip(axes[1], ('adam', 'adamw')):
    if name in maps:
        lrs, decays, error = maps[name]
        image = ax.imshow(error, cmap='cividis_r', vmin=5, vmax=40, aspect='auto', origin='lower')
        ax.set_xticks(range(len(lrs)), [f'{lr:.1g}' for lr in lrs])
        ax.set_yticks(range(len(decays)), decays)
        ax.set(title=f'{name}, noisy labels', xlabel='learning rate', ylabel='weight decay')
        figure.colorbar(image, ax=ax, location='bottom', label='test error [%]')
    else:
        ax.axis('off')
common.finish(figure, args, '6_what_else', rows, verdict(rows))
