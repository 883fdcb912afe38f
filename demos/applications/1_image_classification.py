# %% [markdown]
# # Image classification: which digit is it?
#
# Two convolutions find strokes, a linear layer weighs them: 99 % of 450 digits it has not seen,
# after a second of training. On these 8x8 digits of known hands the oldest method of all, "which
# training image is nearest", is as good, and one linear layer is only a percent behind.
#
#     python demos/applications/1_image_classification.py

# %%
from shared import linear, neighbours, report    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, plot

args = report.parse('1_image_classification', report.parser(
    'Image classification: small filters, the same at every place, read digits.'))
train_set, test_set = datasets.digits()
(x_train, y_train), (x_test, y_test) = train_set.tensors, test_set.tensors

# %% [markdown]
# All three start from the same weights and see the same batches. Learning rates: the best of those
# in `demos/rates`, for each optimizer by the training loss at the end, on seeds of their own.

# %%
STEPS = 30 if args.quick else 630


def train(name, lr, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(),                        # (n, 8, 8, 8)
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),      # (n, 16, 4, 4)
        nn.Flatten(), nn.Linear(16 * 4 * 4, 10))
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    run = report.Run(name, STEPS)
    for step in run:
        i = torch.randint(0, len(x_train), (32,))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x_train[i]), y_train[i])
        loss.backward()
        optimizer.step()
        run.add(loss)
    return model, run


models, runs = {}, {}
for name, lr in report.rates(args, train).items():
    models[name], runs[name] = train(name, lr, args.seed)

# %% [markdown]
# What has learned nothing is right once in ten. The linear classifier has a weight for every pixel
# and class. The nearest neighbour learns nothing at all: it keeps every image, and looks at all of
# them for each answer; under shifts, at each of them in nine places. With 450 test images, a
# difference of less than a percent is luck.

# %%
labels, truth = y_train.numpy(), y_test.numpy()
pixels, asked = x_train.numpy().reshape(-1, 64), x_test.numpy().reshape(-1, 64)

weights, biases = linear.logistic(pixels, labels, 10, steps=50 if args.quick else 1000)
with torch.no_grad():
    scores = {name: model(x_test) for name, model in models.items()}
answers = {'linear': (asked @ weights + biases).argmax(axis=1),
           'nearest neighbour': labels[neighbours.nearest(pixels, asked)],
           'nearest neighbour under shifts': labels[neighbours.nearest_shifted(
               x_train.numpy()[:, 0], x_test.numpy()[:, 0])],
           **{f'network, {name}': score.argmax(dim=1).numpy() for name, score in scores.items()}}
right = {name: 100 * np.mean(answer == truth) for name, answer in answers.items()}
report.table(f'right of {len(truth)} digits [%]', {'chance': 10.0, **right})
report.reached(f'{right["network, adam"]:.1f} % of {len(truth)} unseen digits',
               models['adam'], runs['adam'])

# %% [markdown]
# Right, the test images on which Adam's model has the highest loss: under a mistake, in red, what
# it is and what it was taken for; under the others, which the model only doubted, what it is; then
# how sure the model is of its answer.

# %%
figure, axes = plot.subplots(1, 3, size=(15, 5), window=args.show)
report.curves(runs, axes[0])
axes[0].set_title('All three learn the training digits')
plot.confusion(truth, answers['network, adam'], axes[1])
axes[1].set_title(f'adam: {right["network, adam"]:.1f} % of {len(truth)} test digits right')
plot.hardest(x_test, scores['adam'], y_test, axes[2])
axes[2].set_title('adam: highest loss, mistakes in red')
report.finish(figure, args)
