# %% [markdown]
# # 11. A fair race
#
# Pictures of optimizers racing down a slope are everywhere, and whoever draws one can choose the
# winner: each optimizer has its own good learning rates. Above in the figure, five optimizers start
# from one place in the turned ravine of chapter 7, twice, with other learning rates each time.
#
# Below, a race that is fair: all see the same data from the same start for the same number of
# steps, each with the same eleven learning rates, and the whole curve is the result. What they
# train is a function that bends: twice X @ W + b (chapter 4) with max(0, .) after it, which is
# called ReLU, then a third X @ W + b for three scores. It has to say which arm of a spiral each of
# 300 points is on; the loss is that of chapter 9, the mean surprise. All of it is done with three
# seeds, so three sets of points and of first weights: one race alone shows luck as well.

# %%
import chapter
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, plot

page = chapter.Page(
    '11_fair_race',
    'A race between optimizers is a curve over the learning rate, not a path.',
    question='Of eleven learning rates, two a decade, how many bring SGD below a loss of 0.1 after '
             '100 steps, half of what it has in the figure? And Adam? Give two numbers.',
    answer='0 4',
    accepts=lambda words: len(words) == 2 and words[0] == '0' and words[1] in ('3', '4', '5'),
    hint='the figure shows how far below 0.1 each of them comes in 200 steps. The one with little '
         'room to spare loses most when the budget is cut.',
    reason='The only rate with which SGD makes it in 200 steps, if any, is too slow for 100. Adam '
           'keeps three to five, RMSprop two or three: what Adam buys is width, rates that are '
           'good enough, so that a first try is likely to hit one. On other problems SGD with '
           'momentum ends lower. The figure is of 100 steps.')
OPTIMIZERS = {
    'sgd': lambda params, lr: optim.SGD(params, lr),
    'momentum': lambda params, lr: optim.SGD(params, lr, momentum=0.9),
    'adagrad': lambda params, lr: optim.Adagrad(params, lr),
    'rmsprop': lambda params, lr: optim.RMSprop(params, lr),
    'adam': lambda params, lr: optim.Adam(params, lr),
}
STEPS = (100 if page.reveal else 200) // (20 if page.quick else 1)

# %%
RACES = {'one race': {'sgd': 2 / 26, 'momentum': 0.03, 'adagrad': 1, 'rmsprop': 0.03, 'adam': 0.1},
         'another race': {'sgd': 0.03, 'momentum': 0.003, 'adagrad': 3, 'rmsprop': 0.3, 'adam': 1}}
TARGET, BUDGET = 1e-3, 20 if page.quick else 500


def ravine(x, y):
    return ((x + y)**2 + 25 * (x - y)**2) / 4


def walk(name, lr):
    """The places on the way into the ravine, until the loss is TARGET or the BUDGET is spent."""
    w = torch.tensor([5.3, 7.4], requires_grad=True)
    optimizer = OPTIMIZERS[name]([w], lr)
    path = [w.tolist()]
    while ravine(*path[-1]) > TARGET and len(path) <= BUDGET:
        optimizer.zero_grad()
        loss = ravine(*w)
        loss.backward()
        optimizer.step()
        path.append(w.tolist())
    return path


figure, axes = plot.subplots(2, 2, size=(10, 9), window=page.show)
for ax, (title, rates) in zip(axes[0], RACES.items()):
    paths = {name: walk(name, lr) for name, lr in rates.items()}
    plot.trajectories(ravine, paths, ax, [(-4, -4), (9, 9)])
    labels = [f'{name}, lr {lr:.2g}: {len(paths[name]) - 1}' for name, lr in rates.items()]
    ax.legend(ax.get_legend_handles_labels()[0], labels, loc='lower right', fontsize=9)
    ax.set_title(f'{title}: lr, and steps to a loss of {TARGET}')

# %%
RATES = [10**(i / 2) for i in range(-8, 3, 5 if page.quick else 1)]


def train(make_optimizer, lr, seed):
    """The loss after STEPS steps on all points."""
    torch.manual_seed(seed)
    x, y = datasets.spirals()
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(),
                          nn.Linear(32, 32), nn.ReLU(),
                          nn.Linear(32, 3))
    optimizer = make_optimizer(model.parameters(), lr)
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return abs(F.cross_entropy(model(x), y).item())     # -0.0 where all is right


print(f'after {STEPS} steps   least loss   at lr   rates with a loss below 0.1 (medians)')
for row, (name, make) in enumerate(OPTIMIZERS.items()):
    style = plot.OPTIMIZER_STYLE[name]
    losses = np.array([[train(make, lr, page.seed + i) for lr in RATES] for i in range(3)])
    median, low, high = np.median(losses, 0), losses.min(0), losses.max(0)
    good = [lr for lr, loss in zip(RATES, median) if loss < 0.1]
    print(f'{name:15}{min(median):13.5f}{RATES[median.argmin()]:8.2g}'
          f'{len(good):8} of {len(RATES)}', flush=True)
    axes[1, 0].plot(RATES, median, marker='.', **style)
    axes[1, 0].fill_between(RATES, low, high, color=style['color'], alpha=0.12)
    axes[1, 1].plot(RATES, [row] * len(RATES), 'o', color='#cccccc', markerfacecolor='white')
    axes[1, 1].plot(good, [row] * len(good), 'o', color=style['color'])

# %%
axes[1, 0].axhline(0.1, color='black', linestyle=':')
axes[1, 0].set(yscale='log', ylabel=f'loss after {STEPS} steps', ylim=(1e-5, 1e2),
               title='the fair race: median, range of 3 seeds')
axes[1, 1].set(title='who has room: filled if below 0.1', ylim=(4.5, -0.5))
axes[1, 1].set_yticks(range(len(OPTIMIZERS)), OPTIMIZERS)
for ax in axes[1]:
    ax.set(xscale='log', xlim=(5e-5, 20), xlabel='learning rate')
page.finish(figure)
