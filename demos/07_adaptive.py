# %% [markdown]
# # 7. A learning rate for each coordinate
#
# The steepest direction limits the learning rate (chapter 5), and momentum softens the limit
# (chapter 6). Another way out: divide each coordinate of the gradient by its own usual size.
#
# - Adagrad, 2011: the size is the root of the **sum** of all squares so far. It only grows, so
#   steps shrink for ever.
# - RMSprop, 2012: the root of a running **mean** of squares, v = 0.99 v + 0.01 g^2. It forgets, so
#   steps do not shrink by themselves.
#
# Read `update` in `optim/adagrad.py` and in `optim/rmsprop.py`.

# %%
import math

import chapter
import tinygrad_adam as torch
from tinygrad_adam import optim
from tinygrad_adam.teach import plot

page = chapter.Page(
    '07_adaptive',
    'Divide each coordinate of the gradient by its usual size, and the scale no longer matters.',
    question='Multiply the loss by 1000 and leave every learning rate as it is. Which of the four '
             'optimizers walk another path than in the figure? Give their names.',
    answer='sgd momentum',
    accepts=lambda words: sorted(map(str.lower, words)) == ['momentum', 'sgd'],
    hint='every gradient is 1000 times as large. Which optimizers divide it by something that is '
         '1000 times as large too?',
    reason='g / sqrt(sum of g^2) is the same for g and for 1000 g, so Adagrad and RMSprop do not '
           'notice. SGD and momentum step 1000 times as far, beyond the largest stable learning '
           'rate, and diverge. The figure shows the loss multiplied by 1000.')

# %% [markdown]
# A ravine of curvatures 1 and 25, and the same ravine turned by 45 degrees. Turned, no coordinate
# is steep or flat: each sees a mixture of both, and dividing one by one tells them apart no more.
# Each optimizer has the learning rate, of 0.001, 0.002, 0.005, 0.01 and so on to 10, with which it
# needs the fewest steps for the two ravines together.

# %%
scale = 1000 if page.reveal else 1
half = math.sqrt(0.5)


def aligned(x, y):
    return (x * x + 25 * y * y) / 2


def turned(x, y):
    return aligned(half * (x + y), half * (y - x))


RAVINES = {'aligned': (aligned, [9.0, 1.5]), 'turned': (turned, [half * 7.5, half * 10.5])}
OPTIMIZERS = {
    'sgd': lambda params: optim.SGD(params, lr=0.05),
    'momentum': lambda params: optim.SGD(params, lr=0.02, momentum=0.9),
    'adagrad': lambda params: optim.Adagrad(params, lr=5.0),
    'rmsprop': lambda params: optim.RMSprop(params, lr=0.5),
}
TARGET, BUDGET = 1e-3, 80 if page.quick else 200


def walk(make_optimizer, ravine, start):
    """The places visited, (steps + 1, 2), until the loss is TARGET or the BUDGET is spent."""
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer([w])
    path = [w.tolist()]
    while len(path) <= BUDGET and not ravine(*path[-1]) <= TARGET:
        optimizer.zero_grad()
        loss = scale * ravine(*w)
        loss.backward()
        optimizer.step()
        path.append(w.tolist())
    return path


paths = {place: {name: walk(make, *RAVINES[place]) for name, make in OPTIMIZERS.items()}
         for place in RAVINES}
steps = {place: {name: len(path) - 1 if RAVINES[place][0](*path[-1]) <= TARGET else math.inf
                 for name, path in paths[place].items()} for place in RAVINES}
print(f'steps until the loss is {TARGET:g}   (a loss multiplied by {scale})')
print('           aligned    turned')
for name in OPTIMIZERS:
    print(f'{name:9}{steps["aligned"][name]:9}{steps["turned"][name]:10}')

# %% [markdown]
# Under a steady gradient g = 1 the sum of squares after t steps is t, so Adagrad's step is
# lr / sqrt(t). RMSprop's mean of squares starts at 0 and needs hundreds of steps to reach 1; until
# then it divides by too little. Its first step is 1 / sqrt(0.01) = 10 times lr.

# %%
print('\nstep / lr under a steady gradient   t = 1       10      100')
for name in ('adagrad', 'rmsprop'):
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer, places = OPTIMIZERS[name]([w]), [0.0]
    for t in range(100):
        optimizer.zero_grad()
        loss = w.sum()      # its gradient is 1 everywhere
        loss.backward()
        optimizer.step()
        places.append(w.item())
    lengths = [(places[t - 1] - places[t]) / optimizer.defaults['lr'] for t in (1, 10, 100)]
    print(f'{name:30}' + ''.join(f'{length:9.3f}' for length in lengths))

# %%
figure, axes = plot.subplots(2, 2, size=(9, 7), window=page.show, height_ratios=[5, 2])
for column, (place, (ravine, start)) in enumerate(RAVINES.items()):
    above, below = axes[:, column]
    corners = [(-4, -4), (10, 10)] if place == 'turned' else [(-4, -7), (10, 7)]
    plot.trajectories(ravine, paths[place], above, corners)
    above.set(title=f'ravine {place}' + f', loss times {scale}' * page.reveal, aspect='equal')
    above.get_legend().remove()
    for row, (name, count) in enumerate(steps[place].items()):
        below.barh(row, min(count, BUDGET), color=plot.OPTIMIZER_STYLE[name]['color'])
        below.text(min(count, BUDGET) + BUDGET / 60, row, va='center',
                   s=count if count <= BUDGET else f'over {BUDGET}')
    below.set(xlim=(0, 1.35 * BUDGET), xlabel=f'steps until the loss is {TARGET:g}')
    below.set_yticks(range(len(OPTIMIZERS)), OPTIMIZERS)
    below.invert_yaxis()
figure.legend(*axes[0, 0].get_legend_handles_labels(), loc='outside upper center', ncols=4)
page.finish(figure)
