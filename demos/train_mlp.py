# %% [markdown]
# # Two layers read handwritten digits
#
# 128 hidden units look at all pixels, each with weights of its own; ten outputs look at the units.
# It reads about 98 % of 450 digits it has not seen, after one second on one core.
#
#     python demos/train_mlp.py                     # 8x8 digits, Adam
#     python demos/train_mlp.py --optimizer all     # four optimizers in one picture
#     python demos/train_mlp.py --data FOLDER       # 28x28 digits of MNIST

# %%
import common
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot
from tinygrad_adam.utils.data import DataLoader

OPTIMIZERS = {
    'sgd':     (optim.SGD, 0.5),
    'adagrad': (optim.Adagrad, 0.1),
    'rmsprop': (optim.RMSprop, 0.003),
    'adam':    (optim.Adam, 0.003),
}
args, train_set, test_set = common.training(
    'A multilayer perceptron learns to read: every pixel is seen by every hidden unit.',
    OPTIMIZERS, epochs={'digits': 30, 'mnist': 10}, batch_size=32)
side = train_set[0][0].shape[-1]

# %% [markdown]
# Every optimizer starts from the same weights and sees the same batches. `drop_last` leaves out the
# rest of an epoch: three samples would move the weights as far as thirty-two do, and at random.

# %%
models, runs = {}, {}
for name in args.optimizers:
    torch.manual_seed(args.seed)
    model = models[name] = nn.Sequential(
        nn.Flatten(), nn.Linear(side * side, 128), nn.ReLU(), nn.Linear(128, 10))
    make_optimizer, lr = OPTIMIZERS[name]
    optimizer = make_optimizer(model.parameters(), lr=args.lr or lr)
    loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True, drop_last=True)
    runs[name] = common.Run(name, args)
    for epoch in range(args.epochs):
        total = 0.0
        for x, y in common.batches(loader):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        runs[name].add(total / len(loader), common.accuracy(model, train_set),
                       common.accuracy(model, test_set))
name, model = list(models.items())[-1]
common.summary(runs, model)

# %% [markdown]
# Top: how it went. Below, of the last model: what sixteen hidden units look for, red for ink and
# blue for none; and which digits were taken for which.

# %%
figure, axes = plot.subplots(2, 2, size=(8, 8), window=args.show)
common.curves(runs, axes[0])
plot.filters(model[1].weight[:16].reshape(16, 1, side, side), axes[1, 0])
axes[1, 0].set_title(f'{name}: weights of hidden units')
plot.confusion(test_set.tensors[1], common.scores(model, test_set).argmax(1), axes[1, 1])
axes[1, 1].set_title(f'{name}: test set')
common.finish(figure, args, 'train_mlp')
