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
# 300 points is on; the loss is minus the mean logarithm of the probability it gives the right arm.

# %%
import chapter
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
    reason='The only rate with which SGD makes it in 200 steps is too slow for 100. Adam keeps '
           'three or four of its four or five (seeds 0 to 4): what it buys is width, rates that '
           'are good enough, and a first try is more likely to hit one. Here it is lowest as well; '
           'on other problems SGD with momentum ends lower. The figure is of 100 steps.')
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


figure, axes = plot.subplots(2, 2, size=(9, 8), window=page.show)
for ax, (title, rates) in zip(axes[0], RACES.items()):
    paths = {name: walk(name, lr) for name, lr in rates.items()}
    plot.trajectories(ravine, paths, ax, [(-4, -4), (9, 9)])
    labels = [f'{name}, lr {lr:.2g}: {len(paths[name]) - 1}' for name, lr in rates.items()]
    ax.legend(ax.get_legend_handles_labels()[0], labels, fontsize='small', loc='lower right')
    ax.set_title(f'{title}: steps to a loss of {TARGET}')

# %%
RATES = [10**(i / 2) for i in range(-8, 3, 5 if page.quick else 1)]
torch.manual_seed(page.seed)
x, y = datasets.spirals()


def train(make_optimizer, lr):
    """The loss after STEPS steps on all points."""
    torch.manual_seed(page.seed)
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(),
                          nn.Linear(32, 32), nn.ReLU(),
                          nn.Linear(32, 3))
    optimizer = make_optimizer(model.parameters(), lr)
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return F.cross_entropy(model(x), y).item()


losses, good = {}, {}
print(f'after {STEPS} steps   lowest loss   at lr   rates with a loss below 0.1')
for name, make in OPTIMIZERS.items():
    losses[name] = [train(make, lr) for lr in RATES]
    best = min(losses[name])
    good[name] = [lr for lr, loss in zip(RATES, losses[name]) if loss < 0.1]
    print(f'{name:15}{best:14.5f}{RATES[losses[name].index(best)]:8.2g}'
          f'{len(good[name]):8} of {len(RATES)}', flush=True)

# %%
plot.curves(losses, axes[1, 0], RATES, 'learning rate', f'loss after {STEPS} steps', log=True)
axes[1, 0].axhline(0.1, color='black', linestyle=':')
for row, (name, rates) in enumerate(good.items()):
    axes[1, 1].plot(RATES, [row] * len(RATES), 'o', color='#cccccc', markerfacecolor='white')
    axes[1, 1].plot(rates, [row] * len(rates), 'o', color=plot.OPTIMIZER_STYLE[name]['color'])
axes[1, 1].set(xlabel='learning rate', title='filled: loss below 0.1', ylim=(4.5, -0.5))
axes[1, 1].set_yticks(range(len(good)), good)
for ax in axes[1]:
    ax.set(xscale='log', xlim=(5e-5, 20))
page.finish(figure)
