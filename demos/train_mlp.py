# %% [markdown]
# # Two layers read handwritten digits
#
# 128 hidden units look at all pixels, each with weights of its own; ten outputs look at the units.
# It reads about 99 % of 450 digits it has not seen, after one second on one core.
#
#     python demos/train_mlp.py                     # 8x8 digits, Adam
#     python demos/train_mlp.py --optimizer all     # six optimizers in one picture
#     python demos/train_mlp.py --data FOLDER       # 28x28 digits of MNIST
#     python demos/train_mlp.py --tune              # how the learning rates were found
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
    torch, 'train_mlp',
    'A multilayer perceptron learns to read: every pixel is seen by every hidden unit.',
    OPTIMIZERS, epochs={'digits': 30, 'mnist': 10}, batch_size=32)
side = train_set[0][0].shape[-1]

# %% [markdown]
# Every optimizer starts from the same weights and sees the same batches. `drop_last` leaves out the
# rest of an epoch: three samples would move the weights as far as thirty-two do, and at random.


# %%
def train(name, lr, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(side * side, 128), nn.ReLU(), nn.Linear(128, 10))
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
# Top: how it went. Below, of the last model: what sixteen hidden units look for, red for ink and
# blue for none; and which digits were taken for which.

# %%
figure, axes = plot.subplots(2, 2, size=(8, 8), window=args.show)
common.curves(args.runs, axes[0])
plot.filters(model[1].weight[:16].reshape(16, 1, side, side), axes[1, 0])
axes[1, 0].set_title(f'{name}: what 16 units look for')
plot.confusion(test_set.tensors[1], common.scores(torch, model, test_set).argmax(1), axes[1, 1])
axes[1, 1].set_title(f'{name}: {args.runs[name].test[-1]:.1f} % of the test set')
common.finish(figure, args, args.name)
