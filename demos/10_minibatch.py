# %% [markdown]
# # 10. A few samples say nearly what all say
#
# The loss is a mean over all samples, and so is its gradient. A mean can be estimated from a few
# that are drawn by chance, a mini-batch. That the estimate is off by chance is no harm: over many
# draws the errors average out to zero. How far is one off? Like every mean of n independent
# numbers, by
#
#     (spread of one sample) / sqrt(n)
#
# So a batch four times as large costs four times as much and is only twice as exact. For the price
# of one exact step one can make many rough ones, and far from the minimum rough is good enough.
# Near it, the noise of the batches keeps the weights moving to and fro, unless lr shrinks.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, plot
from tinygrad_adam.utils.data import DataLoader

page = chapter.Page(
    '10_minibatch',
    'A mini-batch estimates the gradient; its error shrinks with the root of the batch size.',
    question='The gradient of a batch of 16 is off by 60 % of the length of the exact one. How '
             'many samples must a batch have, drawn from a very large set, to be off by 15 %?',
    answer='256', within=1.05,
    hint='a quarter of the error. What does a batch of twice the size gain?',
    reason='A quarter of the error takes 4^2 = 16 times as many samples, 256, and 16 times the '
           'work. The figure has the same law from 1 to 1024 samples, and next to it batches of 16 '
           'and 256 in a training.')
torch.manual_seed(page.seed)

# %% [markdown]
# The function is X W + b (chapter 4) with the loss of chapter 9: ten scores for an image of 8x8
# pixels of a digit. `nn.Linear(64, 10)` holds b, and W transposed, (10, 64). At the start the
# error of 16 samples is larger than the gradient itself; yet over many steps errors cancel, and the
# gradient does not.

# %%
train, _ = datasets.digits()
images, labels = train[:]
model = nn.Linear(64, 10)


def gradient(x, y):
    """Of the loss, for the weight, (10, 64)."""
    model.zero_grad()
    F.cross_entropy(model(x.flatten(1)), y).backward()
    return model.weight.grad.clone()


exact = gradient(images, labels)
SIZES = [1, 4, 16, 64, 256, 1024]
DRAWS = 5 if page.quick else 60
errors = []
print('samples   error of the gradient, of its length   error * sqrt(samples)')
for size in SIZES:
    squares = 0
    for _ in range(DRAWS):
        batch = torch.randint(len(images), (size,))
        squares += ((gradient(images[batch], labels[batch]) - exact)**2).sum().item()
    errors.append((squares / DRAWS)**0.5 / exact.norm().item())
    print(f'{size:7} {errors[-1]:37.0%} {errors[-1] * size**0.5:23.2f}')

# %% [markdown]
# A training. `DataLoader` shuffles the samples and cuts them into batches; when each was seen once,
# that is an epoch. Equal work, eight epochs, and lr = 1 for all, with the exact gradient and with
# two sizes of batches. The loss on all images is kept after every step.

# %%
EPOCHS = 1 if page.quick else 8
runs = {}
print(f'\nbatch   steps   loss on all images after {EPOCHS} epochs')
for size in (16, 256 if page.reveal else 128, len(train)):
    torch.manual_seed(page.seed)
    model = nn.Linear(64, 10)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    losses = [F.cross_entropy(model(images.flatten(1)), labels).item()]
    for epoch in range(EPOCHS):
        for x, y in DataLoader(train, batch_size=size, shuffle=True):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x.flatten(1)), y)
            loss.backward()
            optimizer.step()
            losses.append(F.cross_entropy(model(images.flatten(1)), labels).item())
    name = f'batches of {size}' if size < len(train) else f'all {size}'
    runs[f'{name}: {len(losses) - 1} steps'] = losses
    print(f'{size:5} {len(losses) - 1:7} {losses[-1]:12.3f}')

# %%
figure, (left, right) = plot.subplots(1, 2, size=(11, 4.5), window=page.show)
plot.curves({'measured': errors, f'{errors[0]:.1f} / sqrt(samples)':
             [errors[0] / size**0.5 for size in SIZES]}, left, x=SIZES, log=True,
            xlabel='samples in the batch', ylabel='error of the gradient, of its length')
left.set(xscale='log', title='four times the samples, half the error')
left.set_xticks(SIZES, SIZES, minor=False)
left.set_yticks([0.25, 0.5, 1, 2, 4, 8], ['25 %', '50 %', '100 %', '200 %', '400 %', '800 %'])
left.minorticks_off()
for i, size in enumerate((16, 256) if page.reveal else ()):
    left.plot(size, errors[SIZES.index(size)], 'o', markersize=14, fillstyle='none', color='black')
for (name, losses), color, dash in zip(runs.items(), plot.COLORS, plot.DASHES):
    epochs = [EPOCHS * i / (len(losses) - 1) for i in range(len(losses))]
    right.plot(epochs, losses, color=color, linestyle=dash, label=name, linewidth=1.5)
right.set(yscale='log', xlabel='epoch (equal work)', ylabel='loss on all images, in nats',
          title='many rough steps go further than few exact ones')
right.grid(alpha=0.3, which='both')
figure.legend(*right.get_legend_handles_labels(), loc='outside lower right', ncols=3)
page.finish(figure)
