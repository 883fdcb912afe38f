# %% [markdown]
# # Claim 5: without bias correction Adam goes astray at first
#
# m and v start at zero, so for the first 1 / (1 - beta) steps they are too small. Adam divides by
# 1 - beta^t to make up for it. Kingma and Ba (2015), section 6.4, take the correction away; so does
# this trial, with four values of beta2. It asks three things: are the first steps too long, does
# that do harm at the rate that is best with correction, and at the rate that is best without?
#
#     python demos/claims/5_bias_correction.py

# %%
from functools import partial
from itertools import product

import numpy as np

import common
from demos.claims.shared import figures, problems, verdicts
from tinygrad_adam import optim

BETAS = 0.9, 0.99, 0.999, 0.9999


class Uncorrected(optim.Adam):
    """Adam with m and v as they are."""

    def update(self, p, g, state, t, *, lr, betas, eps, **_):
        (beta1, beta2), m, v = betas, state['exp_avg'], state['exp_avg_sq']
        m[:] = beta1 * m + (1 - beta1) * g
        v[:] = beta2 * v + (1 - beta2) * g**2
        p -= lr * m / (np.sqrt(v) + eps)


RULES = {'corrected': optim.Adam, 'not corrected': Uncorrected}
args = common.parse(
    'Claim: without correction of m and v for their start at zero, Adam goes astray at first.',
    'digits MLP 64-32-10, batches of 32, 400 steps, beta1 0.9; 4 values of beta2, each with and '
    'without correction at the best of 11 learning rates (half decades) for the loss after 400 '
    'steps, chosen on 3 seeds and reported on 20 others',
    quick='10 steps, 5 learning rates, 2 seeds')
steps, reach = (10, 2) if args.quick else (400, 5)

# %% [markdown]
# Under the microscope: the longest of the steps of eight weights, in units of the learning rate.

# %%
moves = {(rule, beta2): np.array([
    problems.moves(partial(RULES[rule], lr=1e-4, betas=(0.9, beta2)), seed, min(steps, 100))
    for seed in args.seeds]) for rule, beta2 in common.each(args, product(RULES, BETAS))}

# %% [markdown]
# The loss: each at its own best rate, and without correction at the rate that is best with it.

# %%
lrs = common.rates('adam', -0.5, reach)
grid = {'lr': lrs, 'betas': [(0.9, beta2) for beta2 in BETAS]}
shape = len(lrs), len(BETAS), -1
network = partial(problems.network, scored=True)
results, loss, tuning = {}, {}, {}
for rule, make in RULES.items():
    search = common.run(args, network, make, grid, args.tuning, [0, steps])
    results[rule] = common.run(args, network, make, grid, args.seeds, [0, steps])
    loss[rule] = common.final(results[rule]).reshape(shape)
    tuning[rule] = np.median(common.final(search).reshape(shape), axis=2).argmin(axis=0)

rows = {}
for k, beta2 in enumerate(BETAS):
    own, kept = tuning['not corrected'][k], tuning['corrected'][k]
    error = {rule: results[rule]['test'][..., -1].reshape(shape)[tuning[rule][k], k]
             for rule in RULES}
    for row, corrected, without in (
            ('longest step / lr', *(moves[rule, beta2].max(axis=1) for rule in RULES)),
            ('loss at the rate of corrected', loss['corrected'][kept, k],
             loss['not corrected'][kept, k]),
            ('loss at its own best rate', loss['corrected'][kept, k],
             loss['not corrected'][own, k]),
            ('test error [%] at its own best rate', *error.values())):
        rows[f'beta2 {beta2}, {row}'] = {'corrected': corrected, 'not corrected': without}
    rows[f'beta2 {beta2}, best rate'] = {'corrected': [lrs[kept]], 'not corrected': [lrs[own]]}
    for rule in RULES:
        common.note_edge(args, f'beta2 {beta2}, {rule}', lrs[tuning[rule][k]], lrs)

figure = figures.bias_correction(moves, lrs, loss, BETAS, steps, args.show)
common.finish(args, figure, rows, verdicts.bias_correction)
