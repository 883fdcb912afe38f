# %% [markdown]
# # Claim 5: the bias correction matters
#
# m and v start at zero, so for the first 1 / (1 - beta) steps they are too small. Adam divides by
# 1 - beta^t to make up for it. Kingma and Ba (2015), section 6.4, take the correction away; so does
# this trial, with four values of beta2.
#
#     python demos/claims/5_bias_correction.py

# %%
from functools import partial

import numpy as np

import common
from tinygrad_adam import optim
from tinygrad_adam.teach import lab, plot


class Uncorrected(optim.Adam):
    """Adam with m and v as they are."""

    def update(self, p, g, state, t, *, lr, betas, eps, **_):
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m[:] = beta1 * m + (1 - beta1) * g
        v[:] = beta2 * v + (1 - beta2) * g**2
        p -= lr * m / (np.sqrt(v) + eps)


def verdict(rows):
    """Correction matters where without it the best rate moves, or the longest first step grows."""
    first = rows['longest step / lr, steps 1 to 100']
    best = rows['best lr, decades below corrected']
    matters = [name for name in first if first[name][1] > 1.5 or best[name][1] >= 0.5]
    same = [name for name in first if name not in matters]
    if not matters:
        return 'does not hold: steps and best learning rates are those of Adam for every beta2'
    if not same:
        return 'holds: for every beta2 steps are longer without correction, or the best rate moves'
    return (f'holds when beta2 is large ({", ".join(matters)}): without correction steps are '
            f'longer than 1.5 lr or the best rate moves; not for {", ".join(same)}')


# %%
args = common.parse(
    'Claim: without correction of m and v for their start at zero, Adam goes astray at first.',
    'digits MLP 64-32-10, batches of 32, 400 steps, beta1 0.9; 11 learning rates (half decades) x '
    '4 beta2 x with and without correction x 7 seeds',
    quick='10 steps, 5 learning rates, 2 seeds')
steps = 10 if args.quick else 400
rates = common.rates('adam', -0.5, reach=2 if args.quick else 5)
BETAS = 0.9, 0.99, 0.999, 0.9999
make = {'corrected': optim.Adam, 'not corrected': Uncorrected}
grid = {'lr': rates, 'betas': [(0.9, beta2) for beta2 in BETAS]}
problem = partial(common.network, scored=True)
results = {name: args.run(problem, rule, grid, args.seeds, [0, steps])
           for name, rule in make.items()}
shape = len(rates), len(BETAS), len(args.seeds)
accuracy = {name: r['accuracy'][..., -1].reshape(shape) for name, r in results.items()}
loss = {name: np.where(r.diverged, np.inf, r['loss'][..., -1]).reshape(shape)
        for name, r in results.items()}

# %% [markdown]
# Under the microscope: the longest of the steps of eight weights, in units of the learning rate.

# %%
moves = {(name, beta2): [common.longest_moves(partial(rule, lr=1e-4, betas=(0.9, beta2)), seed,
                                              min(steps, 100)) for seed in args.seeds]
         for name, rule in make.items() for beta2 in BETAS}

# %%
rows = {'longest step / lr, steps 1 to 100': {}, 'best lr, decades below corrected': {},
        'best test accuracy lost, points': {}}
for k, beta2 in enumerate(BETAS):
    column = f'{beta2}'
    rows['longest step / lr, steps 1 to 100'][column] = lab.quartiles(
        np.max(moves['not corrected', beta2], axis=1)).tolist()
    best = {name: np.log10(rates)[loss[name][:, k].argmin(axis=0)] for name in make}
    rows['best lr, decades below corrected'][column] = lab.quartiles(
        best['corrected'] - best['not corrected']).round(2).tolist()
    rows['best test accuracy lost, points'][column] = lab.quartiles(
        accuracy['corrected'][:, k].max(axis=0) - accuracy['not corrected'][:, k].max(axis=0)
    ).tolist()
rows['corrected: longest step / lr'] = {
    f'{beta2}': lab.quartiles(np.max(moves['corrected', beta2], axis=1)).tolist()
    for beta2 in BETAS}

# %%
figure, axes = plot.subplots(2, 2, size=(9, 7.5), window=args.show, sharey='row')
for row, (name, dashes) in enumerate({'corrected': '-', 'not corrected': '--'}.items()):
    for k, beta2 in enumerate(BETAS):
        style = {'color': plot.COLORS[(4, 2, 1, 5)[k]], 'label': f'beta2 = {beta2}',
                 'marker': 'os^D'[k], 'markersize': 4, 'linestyle': dashes}
        band = lab.quartiles(loss[name][:, k])
        axes[0, row].loglog(rates, band[:, 1], **style)
        axes[0, row].fill_between(rates, band[:, 0], band[:, 2], color=style['color'], alpha=0.2)
        band = lab.quartiles(np.transpose(moves[name, beta2]))
        axes[1, row].semilogy(range(1, len(band) + 1), band[:, 1], **{**style, 'marker': None})
    axes[0, row].set(title=name, xlabel='learning rate')
    axes[1, row].set(xlabel='step')
    axes[1, row].axhline(1, color='grey', linewidth=0.8)
axes[0, 0].set(ylabel=f'training loss after {steps} steps')
axes[1, 0].set(ylabel='longest step / lr')
axes[0, 0].legend()
common.finish(figure, args, '5_bias_correction', rows, verdict(rows))
