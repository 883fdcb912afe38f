# %% [markdown]
# # 16. Every disease has its vital signs
#
# A network that does not learn seldom says why, and the loss alone does not tell. Eight networks
# like that of chapter 12, each with one mistake; a sound one, trained by Adam with lr = 0.01, ends
# at a loss of about 0.001. Look at four signs: the loss, and in each layer the length of the
# gradient, the share of units that are 0 for every point (dead: they get no gradient), and the
# length of the weights. What is 0 is drawn at the lower edge; what ends after a dot met nan.

# %%
import chapter
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, plot

CAUSES = {
    'a': 'hidden biases start at -10', 'b': 'weights and biases start at 0',
    'c': 'SGD, lr = 20', 'd': 'Adam, lr = 10', 'e': 'Adam, eps = 1',
    'f': 'Adam, eps = 0, one unit is dead', 'g': 'weights start 10 times as large',
    'h': 'zero_grad forgotten, SGD, lr = 0.1'}
page = chapter.Page(
    '16_break_it',
    'Every disease of a network has its vital signs; the loss is only one of them.',
    question='What ails patients 1 to 8? Give eight letters. '
             + '; '.join(f'({letter}) {cause}' for letter, cause in CAUSES.items()) + '.',
    answer='e a h f c b g d',
    hint='three start with signs that the others do not have: all units dead, weights of 0, large '
         'weights. One ends at 0 / 0 at once; in one the gradients add up. Of the two whose '
         'weights jump in the first steps, Adam moves each weight by at most about lr.',
    reason='1 is alive, but its steps shrink to lr g. 2 and 6 have no gradient for any weight and '
           'end at a loss of ln 3 = 1.099; only in 6 the weights are 0. 3: its gradients add up, '
           'which is momentum that forgets nothing: fast at first, but nothing stops it, and its '
           'weights grow without end. 4: g = 0 for the dead unit, so 0 / 0. 5 and 8 killed units '
           'by wild first steps, 5 as far as its gradients, 8 at most about lr each. 7 is '
           'forgiven: Adam does not mind the scale.')

# %%
OPTIMIZERS = {'c': (optim.SGD, {'lr': 20.0}), 'd': (optim.Adam, {'lr': 10.0}),
              'e': (optim.Adam, {'lr': 0.01, 'eps': 1.0}),
              'f': (optim.Adam, {'lr': 0.01, 'eps': 0.0}), 'h': (optim.SGD, {'lr': 0.1})}
STEPS = 20 if page.quick else 300


def patient(letter):
    """The network with its mistake, and its optimizer."""
    torch.manual_seed(page.seed)
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(),
                          nn.Linear(32, 32), nn.ReLU(),
                          nn.Linear(32, 3))
    with torch.no_grad():
        for layer in model[0], model[2], model[4]:
            layer.weight *= {'b': 0, 'g': 10}.get(letter, 1)
            layer.bias *= 0 if letter == 'b' else 1
        if letter == 'a':
            model[0].bias[:] = model[2].bias[:] = -10
        if letter == 'f':
            model[0].bias[0] = -10
    make, options = OPTIMIZERS.get(letter, (optim.Adam, {'lr': 0.01}))
    return model, make(model.parameters(), **options)


def observe(letter):
    """Signs at each step until nan: loss, |gradient| (3), dead units [%] (2), |weights| (3)."""
    model, optimizer = patient(letter)
    weights = [model[i].weight for i in (0, 2, 4)]
    signs = []
    for step in range(STEPS + 1):
        first = model[:2](x)
        second = model[2:4](first)
        dead = [100 * (h == 0).all(dim=0).float().mean().item() for h in (first, second)]
        lengths = [w.norm().item() for w in weights]
        if letter != 'h':
            optimizer.zero_grad()
        loss = F.cross_entropy(model[4](second), y)
        loss.backward()
        optimizer.step()
        if loss.isnan():
            break
        signs.append([loss.item(), *(w.grad.norm().item() for w in weights), *dead, *lengths])
    return np.array(signs).T


# %%
x, y = datasets.spirals(generator=torch.Generator().manual_seed(page.seed))
letters = page.answer.split()[:2 if page.quick else 8]
figure, axes = plot.subplots(len(letters), 4, size=(10, 1.5 * len(letters) + 1), window=page.show,
                             sharex=True)
print(f'patient   loss at step 0       10{STEPS:9}   dead units at the end')
for number, (letter, row) in enumerate(zip(letters, axes), 1):
    signs = observe(letter)
    at = [f'{signs[0, i]:9.4g}' if i < signs.shape[1] else '      nan' for i in (0, 10, STEPS)]
    print(f'{number:7}{at[0]:>17}{at[1]}{at[2]}{signs[4, -1]:12.0f} % {signs[5, -1]:.0f} %')
    steps = range(signs.shape[1])
    names = ['layer 1', 'layer 2', 'layer 3']
    groups = (signs[:1], 1e-4), (signs[1:4], 1e-5), (signs[4:6], 0), (signs[6:], 0.1)
    for i, (ax, (group, lowest)) in enumerate(zip(row, groups)):
        group = np.maximum(group, lowest)
        log = i != 2 and (group.min() == lowest or group.max() > 10 * group.min())
        plot.curves(dict(zip(names if i else ['loss'], group)), ax, steps, '', '', log=log)
        ax.get_legend().remove()
        ax.set_ylim((-5, 105) if i == 2 else lowest / 1.5 if group.min() == lowest else None)
    row[0].set_ylabel(f'patient {number}')
    if page.reveal:
        row[0].set_title(CAUSES[letter], loc='left', fontsize='medium')
for top, low, name in zip(axes[0], axes[-1], ['loss', '|gradient|', 'dead units, %', '|weights|']):
    top.set_title(name, loc='right')
    low.set_xlabel('step')
figure.legend(*axes[0, 1].get_legend_handles_labels(), loc='outside upper center', ncols=3)

# %% [markdown]
# Depth is a disease of its own: a gradient is multiplied by the weights of every layer it passes.
# Twenty layers of 64 ReLU units divide or multiply it twenty times. Only with weights of the size
# sqrt(2 / 64), for half of the units pass nothing on, does it keep its length, to a factor of two.

# %%
print('\ngradient of length 45 sent back through 20 layers, weights of size c / sqrt(64)')
for c in 0.5, 1.0, 2**0.5, 2.0:
    source = x = torch.randn(32, 64, requires_grad=True)
    for layer in range(20):
        x = F.relu(x @ (torch.randn(64, 64) * c / 8))
    gradient, = torch.autograd.grad(x, source, torch.randn(32, 64))
    print(f'c = {c:.2f}: {gradient.norm().item():.2g} arrives')
page.finish(figure)
