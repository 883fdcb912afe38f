# %% [markdown]
# # 15. The same small matrix at every place
#
# In chapter 12 every unit has a weight of its own for each input. For an image this means that what
# is learned about a stroke in one corner says nothing about the same stroke in another. A
# convolution has one small matrix of weights, a filter, and multiplies it at **every** place:
#
#     out[i, j] = sum over a and b of weight[a, b] * image[i + a, j + b]
#
# A 3x3 filter fits into a side of 12 at 12 - 3 + 1 = 10 places, so eight filters make of a 12x12
# image eight 10x10 images, with 8 * 9 = 72 weights. `MaxPool2d(2)` then keeps the largest of each
# 2x2 square: that the stroke is there, and only roughly where.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

page = chapter.Page(
    '15_cnn',
    'A convolution is one small matrix multiplied at every place; what is shared generalises.',
    question='Eight filters of 5x5 instead of 3x3, without bias, look at a 12x12 image. How many '
             'rows does each output image have, and how many weights do the filters have '
             'together? Two numbers.',
    answer='8 200',
    hint='at how many places of a row of 12 pixels does a row of 5 begin? And how many numbers has '
         'one filter?',
    reason='12 - 5 + 1 = 8 rows, and 8 * 5 * 5 = 200 weights, wherever the digit stands: the size '
           'of the image is not in it. The figure is of 5x5 filters.')
side = 5 if page.reveal else 3

# %% [markdown]
# Digits of a pocket calculator, strokes a to g, somewhere in a 12x12 image with noise. Test images
# are new: other places and other noise. All is done with three seeds, as chance has a part in it.

# %%
STROKES = {'a': (0, slice(4)), 'b': (slice(4), 3), 'c': (slice(3, 7), 3), 'd': (6, slice(4)),
           'e': (slice(3, 7), 0), 'f': (slice(4), 0), 'g': (3, slice(4))}   # rows, columns
DIGITS = ['abcdef', 'bc', 'abdeg', 'abcdg', 'bcfg', 'acdfg', 'acdefg', 'abc', 'abcdefg', 'abcdfg']


def calculator(n):
    """Images (n, 1, 12, 12) and their digits (n,)."""
    x, y = 0.15 * torch.randn(n, 1, 12, 12), torch.arange(n) % 10
    for image, digit in zip(x, y.tolist()):
        row, column = torch.randint(6, ()).item(), torch.randint(9, ()).item()
        shape = torch.zeros(7, 4)
        for stroke in DIGITS[digit]:
            shape[STROKES[stroke]] = 1
        image[0, row:row + 7, column:column + 4] += shape
    return x, y


after = (12 - side + 1) // 2 - 2        # rows after the first filters, the pooling, 3x3 filters
MODELS = {
    'CNN': lambda: nn.Sequential(
        nn.Conv2d(1, 8, side, bias=False), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, bias=False), nn.ReLU(),
        nn.Flatten(), nn.Linear(16 * after**2, 10)),
    'MLP': lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(144, 64), nn.ReLU(), nn.Linear(64, 10)),
}


def percent(model, x, y):
    """How many of the digits are read right."""
    with torch.no_grad():
        return 100 * (model(x).argmax(1) == y).float().mean().item()


# %%
results = {name: [] for name in MODELS}
filters = []
print('seed         images seen   new images   parameters')
for seed in range(page.seed, page.seed + 3):
    torch.manual_seed(seed)
    (x, y), test = calculator(200 if page.quick else 2000), calculator(1000)
    for name, make in MODELS.items():
        model = make()
        if name == 'CNN' and seed == page.seed:
            filters = [model[0].weight.detach().clone(), model[0].weight]
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        for epoch in range(3 if page.quick else 25):
            for batch in torch.randperm(len(x)).reshape(-1, 50):
                optimizer.zero_grad()
                loss = F.cross_entropy(model(x[batch]), y[batch])
                loss.backward()
                optimizer.step()
        results[name].append((percent(model, x, y), percent(model, *test)))
        print(f'{seed:4}   {name} {results[name][-1][0]:11.1f} % {results[name][-1][1]:10.1f} % '
              f'{sum(p.numel() for p in model.parameters()):12,}', flush=True)

# %%
figure, axes = plot.subplots(1, 3, size=(11, 4.2), window=page.show)
x, y = calculator(12)
plot.images(x, [f'a {digit}' for digit in y.tolist()], axes[0])
axes[0].set_title('new images: the digit is anywhere')
for i, (label, hatch) in enumerate({'images seen': '', 'new images': '//'}.items()):
    values = [[row[i] for row in rows] for rows in results.values()]
    means = [sum(row) / len(row) for row in values]
    places = [column + 0.4 * i for column in range(len(means))]
    axes[1].bar(places, means, 0.4, color=plot.COLORS[i], hatch=hatch, edgecolor='white',
                label=label)
    axes[1].plot(places, values, 'o', color='white', markeredgecolor='black')
    for place, mean in zip(places, means):
        axes[1].text(place, 103, f'{mean:.0f}', ha='center')
axes[1].legend(loc='upper center', ncols=2)
axes[1].set_xticks([0.2, 1.2], results)
axes[1].set(ylabel='digits read right [%]', ylim=(0, 125),
            title='what is shared generalises\n(bars: mean of three seeds, dots: each)')
plot.filters(torch.cat(filters), axes[2])
axes[2].set_title(f'{side}x{side} filters on one scale:\ntwo rows before training, two after')
page.finish(figure)
