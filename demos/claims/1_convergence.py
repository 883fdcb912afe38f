# %% [markdown]
# # Claim 1: Adam converges faster, above all in the beginning
#
# Five problems, five optimizers, each at its own best learning rate. The criterion is part of the
# result: a rate that is best after 100 steps need not be best in the end, so there are three
# criteria, with a choice of rate for each.
#
#     python demos/claims/1_convergence.py

# %%
from functools import partial

import numpy as np

import common
from common import apart, OPTIMIZERS
from tinygrad_adam import nn
from tinygrad_adam.teach import lab, plot


def verdict(rows):
    """A rival is slower on a problem if it takes 1.2 times the steps, and quartiles lie apart."""
    problems = [values for row, values in rows.items() if row.endswith('steps to target')]
    rivals = [name for name in problems[0] if name != 'adam']
    slower = {rival: sum(apart(values['adam'], values[rival])
                         and values[rival][1] >= 1.2 * values['adam'][1] for values in problems)
              for rival in rivals}
    always = [rival for rival in rivals if slower[rival] >= 0.8 * len(problems)]
    some = [rival for rival in rivals if 0 < slower[rival] and rival not in always]
    if always == rivals:
        return 'holds: on nearly all problems every other needs more steps to the target'
    if not always and not some:
        return 'does not hold: on no problem does another need more steps to the target'
    never = [rival for rival in rivals if slower[rival] == 0]
    parts = [f'{", ".join(names)} {what}' for names, what in (
        (always, 'on nearly all problems'), (some, 'on some, not on all'), (never, 'on none'))
        if names]
    return f'holds when compared with {"; with ".join(parts)}'


# %% [markdown]
# The targets are losses that all optimizers can reach. `around` moves the grids of learning rates
# where a problem needs it, for all optimizers by the same factor.

# %%
args = common.parse(
    'Claim: with Adam training converges faster than with the others, especially in the beginning.',
    'each optimizer at its best of 9 learning rates (half decades) by the criterion of the row, '
    'chosen on 3 seeds and reported on 7 others; same weights, batches of 32 and 400 steps for all '
    '(CNN: 7 rates, 1 and 5 seeds, 150 steps)',
    quick='digits MLP alone, 20 steps, 9 rates, 2 and 2 seeds')
tanh = partial(common.network, sizes=(64, *[24] * 6, 10), activation=nn.Tanh)
PROBLEMS = {  # name: (problem, target, steps, decades above the usual rates)
    'digits MLP': (common.network, 0.1, 400, 0),
    'digits CNN': (common.convolutions, 0.3, 150, 0),
    'unequal pixels': (partial(common.network, data=common.scaled_digits, sizes=(64, 10)),
                       0.3, 400, 0.5),
    'deep tanh net': (tanh, 0.8, 400, 0),
    'rare words': (partial(common.network, data=common.words, sizes=(400, 2)), 0.25, 400, 0.5),
}
if args.quick:
    PROBLEMS = {'digits MLP': (common.network, 1.0, 20, 0)}

# %%
rows, curves = {}, {}
for problem, (make_problem, target, steps, around) in PROBLEMS.items():
    early = min(100, steps)
    scores = {'steps to target': lambda r: r.steps_to(target) + r['loss'][..., -1] / 1e6,
              f'loss at step {early}': lambda r: r['loss'][..., r.at.index(early)],
              f'loss at step {steps}': lambda r: r['loss'][..., -1]}
    alone = make_problem is common.convolutions
    for name, make in OPTIMIZERS.items():
        tuning, seeds = (args.tuning[:1], args.seeds[:5]) if alone else (args.tuning, args.seeds)
        found = common.tuned(args, f'{problem}, {name},', make_problem, make,
                             common.rates(name, around, reach=3 if alone else 4), scores,
                             common.records(steps), tuning, seeds, together=not alone)
        for criterion, result in found.items():
            row = f'{problem}, {criterion}'
            rows.setdefault(row, {})[name] = lab.quartiles(scores[criterion](result)).tolist()
        curves.setdefault(problem, {})[name] = found[f'loss at step {steps}']

# %% [markdown]
# The curves are those of the rates that are best at the end.

# %%
figure, axes = plot.subplots(2, 3, size=(10, 7), window=args.show)
for ax, (problem, results) in zip(axes.flat, curves.items()):
    at = next(iter(results.values())).at
    bands = {name: lab.quartiles(result['loss'].T) for name, result in results.items()}
    plot.curves({name: band[:, 1] for name, band in bands.items()}, ax, x=at, xlabel='step',
                ylabel='training loss', log=True)
    for name, band in bands.items():
        ax.fill_between(at, band[:, 0], band[:, 2], alpha=0.2, linewidth=0,
                        color=plot.OPTIMIZER_STYLE[name]['color'])
    ax.axhline(PROBLEMS[problem][1], color='grey', linewidth=0.8)
    ax.set(title=problem, ylim=(max(1e-4, ax.get_ylim()[0]), 2 * np.nanmax(bands['adam'][0])))
    ax.tick_params(which='minor', labelleft=False)
    ax.legend().remove()
for ax in axes.flat[len(curves):]:
    ax.axis('off')
    ax.legend(*axes.flat[0].get_legend_handles_labels(), loc='center', title='grey line: target')
led = {criterion: [min(values, key=lambda name: values[name][1]) for row, values in rows.items()
                   if f'loss at step {criterion}' in row] for criterion in (100, 400)}
args.notes += [f'least median loss at step {step}: ' + ', '.join(
    f'{name} on {names.count(name)}' for name in OPTIMIZERS if name in names)
    for step, names in led.items() if names]
common.finish(figure, args, '1_convergence', rows, verdict(rows))
