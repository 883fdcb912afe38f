# %% [markdown]
# # A small convolutional network reads handwritten digits
#
# Sixteen filters of 5x5 pixels look everywhere in the image, thirty-two of 3x3 at what they found.
# It reads about 99 % of 450 digits it has not seen, after two seconds on one core. Of MNIST, with
# 8,000 images to learn from, it reads 97 % of 2,000 others, after twenty seconds.
#
#     python demos/train_cnn.py                     # 8x8 digits, Adam
#     python demos/train_cnn.py --optimizer all     # six optimizers in one picture
#     python demos/train_cnn.py --data FOLDER       # 28x28 digits of MNIST
#     python demos/train_cnn.py --tune              # how the learning rates were found
#
# With `import torch` in place of `import tinygrad_adam as torch`, PyTorch does the training.

# %%
from functools import partial

import common    # before NumPy: it sets the number of threads
import tuning
import tinygrad_adam as torch
from tinygrad_adam.teach import plot

nn, optim, F, DataLoader = torch.nn, torch.optim, torch.nn.functional, torch.utils.data.DataLoader

OPTIMIZERS = {
    'sgd':      optim.SGD,
    'momentum': partial(optim.SGD, momentum=0.9),
    'nesterov': partial(optim.SGD, momentum=0.9, nesterov=True),
    'adagrad':  optim.Adagrad,
    'rmsprop':  optim.RMSprop,
    'adam':     optim.Adam,
}
args, train_set, test_set = common.training(
    torch, 'train_cnn',
    'A convolutional network learns to read: the same small filters look at every place.',
    OPTIMIZERS, epochs={'digits': 30, 'mnist': 6}, batch_size=32)
side = train_set[0][0].shape[-1]

# %% [markdown]
# Every optimizer starts from the same weights and sees the same batches. `drop_last` leaves out the
# rest of an epoch: three samples would move the weights as far as thirty-two do, and at random.


# %%
def train(name, lr, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),     # (n, 16, side/2, side/2)
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),    # (n, 32, side/4, side/4)
        nn.Flatten(), nn.Linear(32 * (side // 4) ** 2, 10))
    optimizer = OPTIMIZERS[name](model.parameters(), lr=lr)
    loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True, drop_last=True)
    run = common.Run(name, args)
    for epoch in range(args.epochs):
        total = 0.0
        for x, y in common.batches(loader):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        run.add(total / len(loader), common.accuracy(torch, model, train_set),
                common.accuracy(torch, model, test_set))
    return model, run


# %% [markdown]
# The rates are the best of those in `demos/rates`, each by the training loss at the end, on
# seeds other than that of this run.

# %%
models = {}
for name, lr in tuning.rates(args, train).items():
    models[name], _ = train(name, args.lr or lr, args.seed)
name, model = list(models.items())[-1]
common.summary(args.runs, model)

# %% [markdown]
# Top: how it went. Below, of the last model: its sixteen filters, red where ink counts for and blue
# where it counts against; and the test images with the highest loss. Under a mistake, in red, is
# written what the digit is and what it was taken for; under the others what it is; then how sure
# the model is of its answer.

# %%
figure, axes = plot.subplots(2, 2, size=(8, 8), window=args.show)
common.curves(args.runs, axes[0])
plot.filters(model[0].weight, axes[1, 0])
axes[1, 0].set_title(f'{name}: filters of the first layer')
images, labels = test_set.tensors
plot.hardest(images, common.scores(torch, model, test_set), labels, axes[1, 1], count=16)
axes[1, 1].set_title(f'{name}: highest loss, mistakes in red')
common.finish(figure, args, args.name)
