# %% [markdown]
# # 6. Momentum makes a bowl a spring with friction
#
# Descent forgets. Momentum keeps a share beta of the last step and adds the new gradient:
#
#     v <- beta v + g        x <- x - lr v
#
# A bowl of curvature k pulls with a force k x, so this is a weight on a spring, and 1 - beta is its
# friction. With much friction it creeps home, with little it swings for a long time.
#
# Without v: the next x is (1 + beta - lr k) times this one minus beta times the last one. Something
# that shrinks by z at every step does that if z^2 - (1 + beta - lr k) z + beta = 0. If the roots z
# are complex, it swings, and both have the modulus sqrt(beta), whatever lr and k are: then all
# directions shrink alike. (Distill, "Why Momentum Really Works", prints 2 sqrt(beta).)

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam import optim
from tinygrad_adam.teach import plot

page = chapter.Page(
    '06_momentum',
    'Momentum turns the bowl into a damped spring.',
    question='The curvatures are 1 and 100 instead of 1 and 25. Plain descent shrinks the distance '
             'by 99/101 = 0.980 a step at best. And the best momentum?',
    answer='9/11',
    hint='it is sqrt(beta), and the root of the condition number is 10 now. For 25 it was '
         '(5 - 1) / (5 + 1).',
    reason='Both ends lie on the border between real and complex roots, z = r in the flat '
           'direction and z = -r in the steep one, with r = sqrt(beta): lr = (1 + r)^2 / 100 = '
           '(1 - r)^2 / 1. So (1 + r) / (1 - r) = 10 and r = 9/11 = 0.818, at beta = 0.669 and '
           'lr = 0.0331. The factor depends on the root of the condition number, no longer on the '
           'number itself: what took plain descent 346 steps takes 48.')
steep = 100 if page.reveal else 25


def bowl(x, y):
    return (x**2 + steep * y**2) / 2


def descend(lr, beta, steps):
    """The path of descent with momentum, (steps + 1, 2), from (10, 1)."""
    place = torch.tensor([10.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = optim.SGD([place], lr=lr, momentum=beta)
    path = [place.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        loss = bowl(place[0], place[1])
        loss.backward()
        optimizer.step()
        path.append(place.detach().clone())
    return torch.stack(path)


def factor(lr, beta):
    """The larger modulus of z over both directions, which decides in the long run."""
    moduli = []
    for curvature in (1, steep):
        half = (1 + beta - lr * curvature) / 2
        under = half**2 - beta
        moduli.append(torch.where(under > 0, half.abs() + under.clamp(min=0).sqrt(), beta**0.5))
    return torch.maximum(*moduli)


# %% [markdown]
# The best pair puts the flattest and the steepest direction on the border between real and complex
# roots. Below: the factor per step, from the formula and measured, and how many steps bring the
# distance to a thousandth.

# %%
root = steep**0.5
best = (2 / (root + 1)) ** 2, ((root - 1) / (root + 1)) ** 2
runs = {'no momentum': (2 / (1 + steep), 0.0), 'best': best, 'too much': (best[0], 0.9)}
paths, distances = {}, {}
print('                 lr    beta factor  measured   steps to 1/1000')
for name, (lr, beta) in runs.items():
    path = paths[name] = descend(lr, beta, 400)
    distance = distances[name] = (path**2).sum(1).sqrt()
    measured = ((distance[240:280].max() / distance[200:240].max()) ** (1 / 40)).item()
    formula = factor(torch.tensor(lr), torch.tensor(beta)).item()
    steps = 1 + max(t for t in range(400) if distance[t] > distance[0] / 1000)
    print(f'{name:12} {lr:6.4f}  {beta:6.4f} {formula:6.3f} {measured:9.3f} {steps:17}')

# %% [markdown]
# The map: the factor for every lr and beta, dark where it is fast. White is where it diverges: the
# largest lr is 2 (1 + beta) / k, for beta near 1 almost twice that of plain descent.

# %%
limit = 2 * (1 + 0.9) / steep
for lr in (0.999 * limit, 1.001 * limit):
    end = descend(lr, 0.9, 1000)[-1, 1].item()
    print(f'beta 0.9, lr {lr:.5f}: y goes from 1 to {abs(end):.2g} in 1000 steps')

figure, axes = plot.subplots(1, 3, size=(12, 4), window=page.show)
count = 60 if page.quick else 240
lrs, betas = torch.linspace(0.01 / steep, 4 / steep, count), torch.linspace(0, 1, count)
factors = factor(lrs, betas.unsqueeze(1))
image = axes[0].imshow(torch.where(factors < 1, factors, float('nan')).numpy(), origin='lower',
                       extent=(0, 4 / steep, 0, 1), aspect='auto', cmap='viridis')
figure.colorbar(image, ax=axes[0], label='distance, factor per step')
axes[0].set(xlabel='lr', ylabel='beta', title=f'curvature 1 and {steep}: darker is faster')
for mark, (name, (lr, beta)) in zip('os^', runs.items()):
    axes[0].plot(lr, beta, mark, color='white', markeredgecolor='black', markersize=9, label=name)
axes[0].legend(loc='lower right', bbox_to_anchor=(1, 0.06))
plot.curves({name: distance[:61] for name, distance in distances.items()}, axes[1], x=range(61),
            xlabel='step', ylabel='distance to the minimum', log=True)
axes[1].set(title='best: fastest in both directions')

# %% [markdown]
# Right: the flat direction alone, its place and last step, as one draws a pendulum. With too little
# friction it spirals in; with the best it comes home without a swing.

# %%
for (name, path), color, dash in zip(paths.items(), plot.COLORS, plot.DASHES):
    x = path[:61, 0].numpy()
    axes[2].plot(x[1:], x[1:] - x[:-1], marker='.', color=color, linestyle=dash, label=name)
axes[2].axhline(0, color='#bbbbbb', zorder=0)
axes[2].axvline(0, color='#bbbbbb', zorder=0)
axes[2].set(xlabel='x', ylabel='change of x in the last step', title='the flat direction alone')
page.finish(figure)
