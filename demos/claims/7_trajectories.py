# %% [markdown]
# # Claim 7: the paths tell the optimizers apart
#
# Six surfaces of two variables, five optimizers from the same start. A valley along the axes is two
# problems of one variable, and methods that scale each coordinate look magical on it; the same
# valley turned by 45 degrees shows what is left. Beside each map: how the result depends on the
# learning rate.
#
#     python demos/claims/7_trajectories.py

# %%
from functools import partial

import numpy as np

import common
from common import OPTIMIZERS
import tinygrad_adam as torch
from tinygrad_adam.teach import lab, plot


def valley(x, y):
    return 0.5 * (x**2 + 100 * y**2)


def turned(x, y):
    return valley((x + y) / 2**0.5, (y - x) / 2**0.5)


def rosenbrock(x, y):
    return (1 - x)**2 + 100 * (y - x**2)**2


def beale(x, y):
    return (1.5 - x + x * y)**2 + (2.25 - x + x * y**2)**2 + (2.625 - x + x * y**3)**2


def saddle(x, y):
    return 0.5 * x**2 - 0.5 * y**2 + 0.05 * y**4 + 1.25


def rastrigin(x, y):
    return 20 + x**2 - 10 * (2 * np.pi * x).cos() + y**2 - 10 * (2 * np.pi * y).cos()


SURFACES = {  # name: (function, start, corners of the map); the least value of each is 0
    'valley': (valley, (-4, 1.5), ((-5, -2), (2, 2))),
    'valley, turned': (turned, (-4, -1.8), ((-5, -4), (2, 2))),
    'Rosenbrock': (rosenbrock, (-1.5, 2), ((-2, -1), (2, 3))),
    'Beale': (beale, (1, 1.5), ((-1, -1.5), (4, 2.5))),
    'saddle': (saddle, (-2, 1e-3), ((-2.5, -3.5), (1.5, 3.5))),
    'Rastrigin': (rastrigin, (-1.9, 2.2), ((-3, -3), (3, 3))),
}
START, LOW = 0.05, 0.01    # spread of the starts, and the value that counts as arrived


def surface(seeds, name):
    """A copy a seed, from near the surface's start; seeds 0, 1000 and so on from the start."""
    function, start, _ = SURFACES[name]
    near = [np.random.Generator(np.random.PCG64(s)).normal(0, START, 2) * (s % 1000 > 0)
            for s in seeds]
    points = torch.tensor(np.array(start) * (1 + np.array(near)), requires_grad=True)

    def loss(t=0):
        return function(points[:, 0], points[:, 1])

    return lab.Problem([points], loss, lambda: {'loss': loss(), 'x': points[:, 0],
                                                'y': points[:, 1]})


def verdict(rows):
    """An optimizer arrives on a surface if it does from three quarters of the starts."""
    arrived = {name: {row for row, values in rows.items() if np.isfinite(values[name][2])}
               for row in rows for name in rows[row]}
    fail = [name for name in arrived if arrived['adam'] - arrived[name]]
    rest = [name for name in arrived if name not in fail and name != 'adam']
    if not fail:
        return 'does not hold: wherever Adam arrives, all others do'
    if not rest:
        return 'holds: every other fails on a surface on which Adam arrives'
    return (f'holds when compared with {", ".join(fail)}, which fail on a surface on which Adam '
            f'arrives; {", ".join(rest)} on none')


# %%
args = common.parse(
    'Claim: momentum and a scale for each coordinate lead Adam down where others fail.',
    'float64, 500 steps from the same starts; 21 learning rates a quarter decade apart, the best '
    'by steps to 0.01 above the minimum, then by the last value, chosen on 7 starts within about '
    '5 % and reported on 15 others',
    quick='two surfaces, 40 steps, 5 learning rates, 2 starts, no animation')
steps, reach = (40, 2) if args.quick else (500, 10)
names = list(SURFACES)[1:3] if args.quick else list(SURFACES)
starts = [1000 * args.seed + 100 + k for k in range(2 if args.quick else 15)]

search_starts = [1000 * args.seed + k for k in range(1 if args.quick else 7)]

# %%
rows, paths, curves = {}, {}, {}
for name in names:
    for optimizer, make in OPTIMIZERS.items():
        around = -1.5 if 'sgd' in optimizer or 'mom' in optimizer else 0.5
        lrs = common.rates(optimizer, around, reach, 0.25)
        problem, at = partial(surface, name=name), range(steps + 1)
        search = args.run(problem, make, {'lr': lrs}, search_starts, at)
        final = search['loss'][..., -1]
        last = np.nan_to_num(final, nan=1e9, posinf=1e9)
        best = search.best(np.minimum(search.steps_to(LOW), 1e6) + np.minimum(last, 1e9))
        result = args.run(problem, make, {'lr': [lrs[best]]}, starts, at)
        row = rows.setdefault(f'{name}, steps to {LOW}', {})
        row[optimizer] = lab.quartiles(result.steps_to(LOW))[0].tolist()
        paths.setdefault(name, {})[optimizer] = np.stack(
            [search['x'][best, 0], search['y'][best, 0]], axis=1), lrs[best]
        curves.setdefault(name, {})[optimizer] = lrs, np.median(last, axis=1)


# %%
def draw(ax, name):
    """The map of a surface with the paths, and their lines by optimizer."""
    function, _, corners = SURFACES[name]
    plot.trajectories(function, {o: path for o, (path, _) in paths[name].items()}, ax, corners)
    ax.set_title(name)
    ax.legend().remove()
    lines = {line.get_label(): line for line in ax.lines if line.get_label() in OPTIMIZERS}
    for line in lines.values():
        line.set(markersize=3, linewidth=1)
    return lines


figure, axes = plot.subplots(len(names), 2, size=(9, 3.3 * len(names) + 0.5), window=args.show)
for (left, right), name in zip(axes, names):
    draw(left, name)
    for optimizer, (lrs, final) in curves[name].items():
        right.loglog(lrs, np.clip(final, 1e-12, 1e9),
                     label=f'{optimizer}, best {paths[name][optimizer][1]:.2g}',
                     **plot.OPTIMIZER_STYLE[optimizer])
    right.set(xlabel='learning rate', ylabel=f'value after {steps} steps', ylim=(1e-13, 1e5),
              xlim=(1e-9, 1e3))
    right.axhline(LOW, color='grey', linewidth=0.8)
    right.legend(fontsize=8, loc='lower left')

# %% [markdown]
# The same paths as a film, with the step and the learning rates in it.

# %%
if not args.quick:
    from matplotlib.animation import FuncAnimation, PillowWriter
    film, screen = plot.subplots(2, 3, size=(10, 7.5))
    lines = {}
    for ax, name in zip(screen.flat, names):
        lines[name] = draw(ax, name)
        used = [f'{optimizer} {lr:.2g}' for optimizer, (_, lr) in paths[name].items()]
        ax.set_title(f'{name}, lr {", ".join(used[:2])},\n{", ".join(used[2:])}', fontsize=8)
    film.legend(handles=list(lines[names[-1]].values()), loc='outside lower center', ncols=5)

    def frame(step):
        film.suptitle(f'step {step} of {steps}, each at its best of {len(lrs)} learning rates')
        for name in names:
            for optimizer, line in lines[name].items():
                line.set_data(*paths[name][optimizer][0][:step + 1].T)

    path = args.out / '7_trajectories.gif'
    frames = [*range(0, 40, 2), *range(40, 200, 20), *range(200, steps + 1, 100)]
    FuncAnimation(film, frame, frames).save(path, PillowWriter(fps=6), dpi=80)
    print(f'animation: {path}')
common.finish(figure, args, '7_trajectories', rows, verdict(rows))
