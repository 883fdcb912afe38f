# %% [markdown]
# # Image classification: which digit is it?
#
# Two convolutions find strokes, a linear layer weighs them: 99 % of 450 digits it has not seen,
# after a second of training. On these 8x8 digits of known hands the oldest method of all, "which
# training image is nearest", is as good, and needs no more images to learn from; one linear layer
# is one or two percent behind.
#
#     python demos/applications/1_image_classification.py

# %%
from shared import figures, linear, neighbours, report    # first: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets

args = report.parse('1_image_classification', report.parser(
    'Image classification: small filters, the same at every place, read digits.'))
train_set, test_set = datasets.digits()
(x_train, y_train), (x_test, y_test) = train_set.tensors, test_set.tensors

# %% [markdown]
# All three start from the same weights and see the same batches. Learning rates sink to a
# twentieth, or a late jump of the loss may cost some percent, from the best of those in
# `demos/rates`, for each optimizer by the training loss at the end, on seeds of their own.

# %%
STEPS = 30 if args.quick else 630
EVERYTHING = torch.arange(len(x_train))


def train(name, lr, seed, known=EVERYTHING, rows=5):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(),                        # (n, 8, 8, 8)
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),      # (n, 16, 4, 4)
        nn.Flatten(), nn.Linear(16 * 4 * 4, 10))
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    schedule = optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, STEPS)
    run = report.Run(name, STEPS, rows)
    for step in run:
        i = known[torch.randint(0, len(known), (32,))]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x_train[i]), y_train[i])
        loss.backward()
        optimizer.step()
        schedule.step()
        run.add(loss)
    return model, run


models, runs = {}, {}
rates = report.rates(args, train)
for name, lr in rates.items():
    models[name], runs[name] = train(name, lr, args.seed)

# %% [markdown]
# What has learned nothing is right once in ten. The linear classifier has a weight for every pixel
# and class. The nearest neighbour learns nothing at all: it keeps every image, and looks at all of
# them for each answer; under shifts, at each of them in nine places. With 450 test images, a
# difference of less than a percent is luck.
#
# The same test images a pixel further up, down, left or right are other images to all but the last:
# the filters of the network are the same at every place, the weights of its last layer are not.

# %%
labels, truth = y_train.numpy(), y_test.numpy()
weights, biases = linear.logistic(x_train.flatten(1).numpy(), labels, 10,
                                  steps=50 if args.quick else 1000)


def by_neighbour(x, known=EVERYTHING):
    kept, asked = x_train[known].flatten(1).numpy(), x.flatten(1).numpy()
    return labels[known.numpy()][neighbours.nearest(kept, asked)]


def by_shifted_neighbour(x, known=EVERYTHING):
    kept, asked = x_train[known].numpy()[:, 0], x.numpy()[:, 0]
    return labels[known.numpy()][neighbours.nearest_shifted(kept, asked)]


def by_network(model, x):
    with torch.no_grad():
        return model(x).argmax(dim=1).numpy()


def percent(answer):
    """How many of the answers are right, to the test images once or several times, (k * 450,)."""
    return 100 * np.mean(answer.reshape(-1, len(truth)) == truth)


framed = F.pad(x_test, (1, 1, 1, 1))
moved = torch.cat([framed[:, :, i:i + 8, j:j + 8] for i, j in ((0, 1), (2, 1), (1, 0), (1, 2))])
rows = {'chance': {'as they are': 10.0, 'moved by a pixel': 10.0}}
for place, x in ('as they are', x_test), ('moved by a pixel', moved):
    answers = {'linear': (x.flatten(1).numpy() @ weights + biases).argmax(axis=1),
               'nearest neighbour': by_neighbour(x),
               'nearest neighbour under shifts': by_shifted_neighbour(x),
               **{f'network, {name}': by_network(model, x) for name, model in models.items()}}
    for name, answer in answers.items():
        rows.setdefault(name, {})[place] = percent(answer)
report.table(f'right of {len(truth)} digits [%]', rows)

# %% [markdown]
# How many images does it take to learn from? For each number, three draws of so many training
# images, and on each a network with Adam, for as many steps as above.

# %%
SIZES, DRAWS = ((20, 200), 1) if args.quick else ((20, 50, 100, 200, 500), 3)
curve = {'nearest neighbour': [], 'nearest neighbour under shifts': [], 'network, adam': []}
print('\ntraining images  ' + '  '.join(curve) + '   [%]')
for size in SIZES:
    right = []
    for seed in range(args.seed, args.seed + DRAWS):
        known = torch.randperm(len(x_train), generator=torch.Generator().manual_seed(seed))[:size]
        model, _ = train('adam', rates['adam'], seed, known, rows=0)
        right.append([percent(answer) for answer in (
            by_neighbour(x_test, known), by_shifted_neighbour(x_test, known),
            by_network(model, x_test))])
    for (name, values), mean in zip(curve.items(), np.mean(right, axis=0)):
        values.append(mean)
    print(f'{size:15}  ' + '  '.join(f'{values[-1]:{len(name)}.1f}'
                                     for name, values in curve.items()), flush=True)
for name, values in curve.items():
    values.append(rows[name]['as they are'])
print()
ours = rows['network, adam']['as they are']
report.reached(f'{ours:.1f} % of {len(truth)} unseen digits', models['adam'], runs['adam'])

# %% [markdown]
# Below right, the test images on which Adam's model has the highest loss: under a mistake, in red,
# what it is and what it was taken for; under the others, which the model only doubted, what it is;
# then how sure the model is of its answer.

# %%
with torch.no_grad():
    scores = models['adam'](x_test)
figure = figures.image_classification(runs, [*SIZES, len(x_train)], curve, x_test, scores, truth,
                                      args)
report.finish(figure, args)
