# %% [markdown]
# # 12. A network, and the signs of its life
#
# The function of chapter 11 is a network, a multilayer perceptron. Each unit of its first layer
# draws a line in the plane, and is 0 on one side and growing on the other; the next layer adds such
# pieces up and bends the sum again. The same four lines train it. See that it is alive first:
#
# - the loss starts near ln 3: knowing nothing means 1/3 for each of three classes (chapter 9);
# - every layer gets a gradient. A unit that is 0 for all points gets none, it is dead: here at
#   most about a third are from the start, and the others are enough;
# - each step changes the weights by a small part of their length. A thousandth is a common rule;
#   far less is no learning, far more forgets. Adam with lr = 0.01 changes these layers by 20 to 110
#   thousandths in its first step, and by less than two when nothing is left to learn.

# %%
import math

import chapter
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, plot

page = chapter.Page(
    '12_mlp',
    'The same four lines train a network; check that it is alive before you train it.',
    question='Let all weights and biases be 0 at the start, train 300 steps with Adam, and let the '
             'three classes be of one size. What is the loss at the end?',
    answer='1.0986',
    hint='all scores are 0, so which probability does each class get? And which weights get a '
         'gradient that is not 0?',
    reason='It stays ln 3. Each class gets 1/3. All hidden units are 0, so the weights after them '
           'get the gradient 0; the weights before them get theirs through weights that are 0. The '
           'last bias gets 1/3 minus the share of its class, which is 0 too, the classes being of '
           'one size. All weights equal but not 0 is no better: all units stay alike.')

# %% [markdown]
# A network is a class of yours. `__init__` makes the layers, and `parameters()` finds what is
# assigned to `self`. `forward` says what becomes of x; to call the network is to call it.
# (`nn.Sequential(nn.Linear(2, 32), nn.ReLU(), ...)` is short for a chain like this one.)


# %%
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(2, 32), nn.Linear(32, 32)
        self.last = nn.Linear(32, 3)

    def hidden(self, x):
        """The units of both hidden layers, (n, 32) each, for points x, (n, 2)."""
        first = F.relu(self.first(x))
        return first, F.relu(self.second(first))

    def forward(self, x):
        return self.last(self.hidden(x)[1])


torch.manual_seed(page.seed)
x, y = datasets.spirals(300)
model = Network()
if page.reveal:
    model.load_state_dict({name: 0 * p for name, p in model.state_dict().items()})
optimizer = optim.Adam(model.parameters(), lr=0.01)
layers = {'first layer': model.first, 'second layer': model.second, 'last layer': model.last}

# %% [markdown]
# Before training: the loss, and for each layer the length of its gradient, and the share of its
# units that are 0 for all 300 points.

# %%
loss = F.cross_entropy(model(x), y)
loss.backward()
print(f'loss before training: {loss.item():.4f}   (ln 3 = {math.log(3):.4f})')
dead = [f'   {(h == 0).all(dim=0).float().mean().item():.0%} of the units are dead'
        for h in model.hidden(x)]
for (name, layer), units in zip(layers.items(), [*dead, '']):
    print(f'{name:12}   |gradient| {layer.weight.grad.norm().item():.5f}{units}')


# %% [markdown]
# The training keeps the loss and how far each layer moves. Four times it stops for a picture of the
# class that the network gives to every place of the plane, and of the lines of its first layer.

# %%
def draw(ax, step):
    """Points, classes of the plane, and where each unit of the first layer begins to grow."""
    plot.boundary(model, x, y, ax)
    limits = ax.axis()
    for (a, b), c in zip(*[p.tolist() for p in model.first.parameters()]):
        if b != 0:
            ax.axline((0, -c / b), slope=-a / b, color='black', linewidth=0.4)
    ax.axis(limits)
    ax.get_legend().remove()
    ax.set_title(f'step {step}' + ' (a line: where a unit begins)' * (step == 0))


STEPS = 30 if page.quick else 300
figure, axes = plot.subplots(3, 2, size=(8, 10), window=page.show)
pictures = dict(zip([0, STEPS // 30, STEPS // 6, STEPS], axes.flat))
losses, ratios = [], {name: [] for name in layers}
for step in range(1, STEPS + 1):
    if step - 1 in pictures:
        draw(pictures[step - 1], step - 1)
    before = [layer.weight.detach().clone() for layer in layers.values()]
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    for name, old in zip(layers, before):
        change = (layers[name].weight.detach() - old).norm() / old.norm().clamp(min=1e-12)
        ratios[name].append(change.item())
draw(pictures[STEPS], STEPS)
for step in 1, 10, STEPS:
    print(f'step {step:3}: loss {losses[step - 1]:.4f}, |update| / |weights| '
          + ', '.join(f'{values[step - 1]:.4f}' for values in ratios.values()))
plot.curves({'loss': losses}, axes[2, 0], xlabel='step', ylabel='training loss, in nats', log=True)
axes[2, 0].get_legend().remove()
axes[2, 0].set(ylim=(min(losses) / 2, 2), title='from ln 3, knowing nothing, to nearly 0')
axes[2, 0].axhline(math.log(3), color='black', linestyle=':')
axes[2, 1].set(xlim=(0, STEPS), ylim=(1e-4, 1), title='change at a step (dotted: a thousandth)')
plot.ratios(ratios, axes[2, 1])
figure.legend(*axes[0, 0].get_legend_handles_labels(), loc='outside upper center', ncols=3)
page.finish(figure)
