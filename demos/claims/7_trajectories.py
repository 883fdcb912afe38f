# %% [markdown]
# # Claim 7: momentum and scales lead Adam down where others fail
#
# Five surfaces of two variables, six optimizers from the same starts. A valley along the axes is
# two problems of one variable, and methods that scale each coordinate look magical on it; the same
# valley turned by 45 degrees shows what is left. Beside each map: how the result depends on the
# learning rate.
#
#     python demos/claims/7_trajectories.py

# %%
from functools import partial
from itertools import product

import numpy as np

import common
from common import OPTIMIZERS
import tinygrad_adam as torch
from demos.claims.shared import figures, verdicts
from tinygrad_adam.teach import lab


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


SURFACES = {  # name: (function, start, corners of the map); the least value of each is 0
    'valley': (valley, (-4, 1.5), ((-5, -2), (2, 2))),
    'valley, turned': (turned, (-4, -1.8), ((-5, -4), (2, 2))),
    'Rosenbrock': (rosenbrock, (-1.5, 2), ((-2, -1), (2, 3))),
    'Beale': (beale, (1, 1.5), ((-1, -1.5), (4, 2.5))),
    'saddle': (saddle, (-2, 1e-3), ((-2.5, -3.5), (1.5, 3.5))),
}
SPREAD, LOW = 0.05, 0.01    # of the starts, and the value that counts as arrived


def surface(seeds, name):
    """A copy a seed, each from its own place near the surface's start."""
    function, start, _ = SURFACES[name]
    near = [np.random.Generator(np.random.PCG64(s)).normal(0, SPREAD, 2) for s in seeds]
    points = torch.tensor(np.array(start) * (1 + np.array(near)), requires_grad=True)

    def loss(t=0):
        return function(points[:, 0], points[:, 1])

    return lab.Problem([points], loss, lambda: {'loss': loss(), 'x': points[:, 0],
                                                'y': points[:, 1]})


def score(result):
    """Steps to arrive; where none do, the last value, above all steps."""
    last = np.nan_to_num(result['loss'][..., -1], nan=1e9, posinf=1e9).clip(max=1e9)
    steps = result.steps_to(LOW)
    return np.where(np.isfinite(steps), steps, 1e6 + last)


# %%
args = common.parse(
    'Claim: momentum and a scale for each coordinate lead Adam down where others fail.',
    'float64, 500 steps from the same starts; 21 learning rates a quarter decade apart, the best '
    'by steps to 0.01 above the minimum, then by the last value, chosen on 7 starts within about '
    '5 % and reported on 20 others',
    quick='two surfaces, 40 steps, 5 learning rates, 2 starts, no animation')
steps, reach = (40, 2) if args.quick else (500, 10)
names = list(SURFACES)[1:3] if args.quick else list(SURFACES)
starts = args.tuning if args.quick else [args.tuning[0] + k for k in range(7)]

# %%
rows, paths, curves = {}, {}, {}
for name, optimizer in common.each(args, product(names, OPTIMIZERS)):
    around = -1.5 if optimizer in ('sgd', 'momentum', 'nesterov') else 0.5
    lrs, problem = common.rates(optimizer, around, reach, 0.25), partial(surface, name=name)
    at, make = range(steps + 1), OPTIMIZERS[optimizer]
    (result,) = common.tuned(args, f'{name}, {optimizer},', problem, make, lrs, {'': score}, at,
                             tuning=starts).values()
    rows.setdefault(f'{name}, steps to {LOW}', {})[optimizer] = result.steps_to(LOW)
    paths.setdefault(name, {})[optimizer] = (
        np.stack([result['x'][0], result['y'][0]], axis=1), result.points[0]['lr'])
    every = common.run(args, problem, make, {'lr': lrs}, args.seeds, [0, steps])
    curves.setdefault(name, {})[optimizer] = lrs, every['loss'][..., -1]

figure = figures.trajectories(SURFACES, paths, curves, LOW, steps, args.show)
if not args.quick:
    figures.film(SURFACES, paths, steps, args.out / '7_trajectories.gif')
common.finish(args, figure, rows, verdicts.trajectories)
