# %% [markdown]
# # 5. Downhill, as fast as the steepest direction allows
#
# To make a loss small, step against its gradient: x <- x - lr g. How long a step, lr, is not a
# matter of taste. Near a minimum a smooth loss looks like a bowl: along each of its main
# directions it is k x^2 / 2, with a curvature k of that direction. The gradient is k x, and so one
# step turns x into
#
#     x - lr k x = (1 - lr k) x
#
# Every direction shrinks by its own factor 1 - lr k, at every step.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam import optim
from tinygrad_adam.teach import plot

page = chapter.Page(
    '05_descent',
    'On a bowl each direction shrinks by 1 - lr * curvature; the steepest one sets the limit.',
    question='The steep direction has curvature 40 instead of 25. Above which lr does descent '
             'diverge?',
    answer='2/40',
    hint='the factor 1 - 40 lr may be negative, but what must it not fall below?',
    reason='With lr above 2 / 40 = 0.05 the factor 1 - 40 lr is below -1: each step jumps over the '
           'valley and lands higher up. The flat direction, curvature 1, would bear an lr of 2, '
           'and crawls. The best lr is 2 / 41: both directions shrink by 39 / 41 = 0.951.')
flat, steep = 1, 40 if page.reveal else 25


def bowl(x, y):
    return (flat * x**2 + steep * y**2) / 2


# %% [markdown]
# The training loop of nearly everything that follows is these four lines. `zero_grad`, because
# gradients add (chapter 3); the loss; its gradient; a step.


# %%
def descend(lr, steps):
    """The path of gradient descent, (steps + 1, 2), from (10, 1)."""
    place = torch.tensor([10.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = optim.SGD([place], lr=lr)
    path = [place.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = bowl(place[0], place[1])
        loss.backward()
        optimizer.step()
        path.append(place.detach().clone())
    return torch.stack(path)


edge, best = 2 / steep, 2 / (flat + steep)
rates = {'timid': edge / 8, 'best': best, 'edge': edge, 'too long': 1.02 * edge}
paths = {f'{name}: lr {lr:.4f}': descend(lr, 40) for name, lr in rates.items()}
print('                    x factor  y factor   loss after 40 steps')
for (name, path), lr in zip(paths.items(), rates.values()):
    print(f'{name:20} {1 - lr * flat:7.3f} {1 - lr * steep:9.3f} {bowl(*path[-1]):21.4g}')

# %% [markdown]
# Which lr is the best? The slower of the two directions counts, so the factor per step is the
# larger of abs(1 - lr) and abs(1 - 25 lr). The flat direction wants lr large, the steep one small;
# where they meet is the kink, at lr = 2 / (1 + 25), and the factor there is 24 / 26 = 0.923. The
# ratio of the curvatures, 25, is called the condition number: it alone decides how slow the best
# is.

# %%
tries = [edge * i / 40 for i in range(2, 45, 6 if page.quick else 1)]
measured = []
for lr in tries:
    distance = (descend(lr, 100) ** 2).sum(1).sqrt()
    measured.append(((distance[100] / distance[80]) ** (1 / 20)).item())

figure, axes = plot.subplots(2, 2, size=(12, 7), window=page.show, width_ratios=(3, 2))
for ax, shown in zip(axes[:, 0], (list(paths)[:2], list(paths)[2:])):
    plot.trajectories(bowl, {name: paths[name] for name in shown}, ax, ((-1, -2.4), (11, 2.4)))
    ax.set(aspect='equal')
    ax.legend(loc='lower right')
axes[0, 0].set(title=f'40 steps on a bowl of curvature {flat} and {steep}: below the limit')
axes[1, 0].set(title='at the limit, and 2 % above')
plot.curves({'flat: |1 - lr|': [abs(1 - lr * flat) for lr in tries],
             f'steep: |1 - {steep} lr|': [abs(1 - lr * steep) for lr in tries],
             'both, measured': measured},
            axes[0, 1], x=tries, xlabel='lr', ylabel='distance, factor per step')
axes[0, 1].axhline(1, color='black', linestyle=':')
axes[0, 1].set(title=f'fastest at {best:.4f}, limit at {edge:.4f}')
plot.curves({name.split(':')[0]: (path**2).sum(1).sqrt() for name, path in paths.items()},
            axes[1, 1], range(41), 'step', 'distance to the minimum', log=True)
axes[1, 1].set(title='the same 40 steps')

# %% [markdown]
# And the limit, closely: a thousandth below it, a thousandth above.

# %%
for lr in (0.999 * edge, 1.001 * edge):
    path = descend(lr, 1000)
    print(f'lr {lr:.5f}: y goes from 1 to {path[-1, 1].item():.3g} in 1000 steps')
page.finish(figure)
