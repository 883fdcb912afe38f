# %% [markdown]
# # Claim 1: Adam converges faster, especially in the beginning
#
# Six problems, six optimizers, each at its own best learning rate. The criterion is part of the
# result: a rate that is best early need not be best in the end, so there are three criteria, with
# a choice of rate for each. A seventh row is Adam with a rate that falls linearly to zero.
#
#     python demos/claims/1_convergence.py

# %%
from functools import partial
from itertools import product

import common
from common import OPTIMIZERS
from demos.claims.shared import figures, problems, verdicts
from tinygrad_adam import nn
from tinygrad_adam.teach import lab

args = common.parse(
    'Claim: with Adam training converges faster than with the others, especially in the beginning.',
    'each optimizer at its best of 9 learning rates (half decades; CNN and transformer 7) by the '
    'criterion of the row, chosen on 3 seeds (CNN and transformer 2) and reported on 20 others; '
    'same weights, batches and numbers of steps for all',
    quick='digits MLP alone, 20 steps, 9 rates, 2 and 2 seeds')

# %% [markdown]
# The targets are losses that most optimizers can reach. `around` moves the grids of learning rates
# where a problem needs it, for all optimizers by the same factor.

# %%
tanh = partial(problems.network, sizes=(64, *[24] * 6, 10), activation=nn.Tanh)
pixels = partial(problems.network, data=problems.scaled_digits, sizes=(64, 10))
words = partial(problems.network, data=problems.words, sizes=(400, 2))
PROBLEMS = {  # name: (problem, target, early step, steps, decades above the usual rates)
    'digits MLP': (problems.network, 0.1, 100, 400, 0),
    'digits CNN': (problems.convolutions, 0.3, 40, 150, 0),
    'unequal pixels': (pixels, 0.3, 100, 400, 0.5),
    'deep tanh net': (tanh, 0.8, 100, 400, 0),
    'rare words': (words, 0.25, 100, 400, 0.5),
    'transformer': (problems.attention, 2.65, 50, 200, 0),
}
if args.quick:
    PROBLEMS = {'digits MLP': (problems.network, 1.0, 5, 20, 0)}


def decaying(steps, t):
    """The factor of the learning rate: from 1 in the first step to nearly 0 in the last."""
    return 1 - (t - 1) / steps


def records(steps):
    """Steps to record: every 5 to 100, then every 10."""
    return [t for t in range(steps + 1) if t % (5 if t <= 100 else 10) == 0]


# %%
rows, curves = {}, {}
for problem, name in common.each(args, product(PROBLEMS, [*OPTIMIZERS, 'adam, decaying'])):
    make_problem, target, early, steps, around = PROBLEMS[problem]
    scores = {'steps to target': lambda r: r.steps_to(target) + r['loss'][..., -1] / 1e6,
              'early loss': lambda r: r['loss'][..., r.at.index(early)],
              'final loss': common.final}
    small, options = problem in ('digits CNN', 'transformer'), {}
    if name == 'adam, decaying':
        scores, options = {'final loss': common.final}, {'schedule': partial(decaying, steps)}
    found = common.tuned(
        args, f'{problem}, {name},', make_problem, OPTIMIZERS.get(name, OPTIMIZERS['adam']),
        common.rates(name, around, reach=3 if small else 4), scores, records(steps),
        tuning=args.tuning[:2] if small else None, together=problem != 'digits CNN', **options)
    for criterion, result in found.items():
        rows.setdefault(f'{problem}, {criterion}', {})[name] = scores[criterion](result)
    if 'steps to target' in found:
        curves.setdefault(problem, {})[name] = found['steps to target']

# %% [markdown]
# A step of Adam computes more than one of SGD. The seconds are those of one network, not of a bank.

# %%
timed = [problem for problem in ('digits MLP', 'transformer') if problem in PROBLEMS]
seconds = {problem: lab.step_seconds(PROBLEMS[problem][0], OPTIMIZERS, 20 if args.quick else 200)
           for problem in timed}
for problem in timed:
    rows[f'{problem}, ms a step'] = {name: [1000 * s] for name, s in seconds[problem].items()}
targets = {problem: PROBLEMS[problem][1] for problem in PROBLEMS}
figure = figures.convergence(curves, targets, seconds, args.show)
common.finish(args, figure, rows, verdicts.convergence)
