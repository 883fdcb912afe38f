# %% [markdown]
# # Claim 4: Adam gets by with little memory
#
# An optimizer's memory is counted on its arrays, and as the peak of a training. What is little
# depends on what it is compared with: plain SGD remembers nothing, L-BFGS twenty vectors, Newton's
# method a matrix; and Adafactor was made to remember next to nothing.
#
#     python demos/claims/4_memory.py

# %%
import tracemalloc

import common
import tinygrad_adam as torch
from demos.claims.shared import figures, verdicts
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F

args = common.parse(
    'Claim: Adam gets by with little memory.',
    'MLP 784-1024-1024-10, float32, batch of 64 random images, 3 steps; state counted on the '
    'arrays, and the peak of all arrays by tracemalloc; L-BFGS, Adafactor and the matrix computed '
    'from their published sizes',
    quick='MLP 784-128-128-10')
width = 128 if args.quick else 1024


def network():
    torch.manual_seed(args.seed)
    return nn.Sequential(nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
                         nn.Linear(width, 10))


def train(make):
    """Three steps; the model and the optimizer after them."""
    model = network()
    optimizer = make(model.parameters(), lr=1e-3)
    x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
    for step in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return model, optimizer


# %% [markdown]
# Published sizes, in numbers of 4 bytes. L-BFGS with a history of 10 keeps ten steps, ten changes
# of the gradient, the last gradient and a direction. Adafactor keeps the sums of the rows and of
# the columns of a matrix, and a whole copy of a bias (Shazeer and Stern 2018, without momentum).


def published(shapes):
    """{method: numbers that it keeps} for parameters of these shapes."""
    size = sum(shape.numel() for shape in shapes)
    return {'adafactor': sum(sum(shape) for shape in shapes),
            'l-bfgs': 22 * size,
            'full matrix': size**2}


# %%
shapes = [p.shape for p in network().parameters()]
size = sum(shape.numel() for shape in shapes)
rows = {'state, bytes a parameter': {}, 'peak of all arrays, bytes a parameter': {}}
state, peaks = rows.values()
for name, make in {**common.OPTIMIZERS, 'adamw': optim.AdamW}.items():
    tracemalloc.start()
    model, optimizer = train(make)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    held = sum(value.numpy().nbytes for kept in optimizer.state.values()
               for key, value in kept.items() if key != 'step')
    state[name], peaks[name] = [held / size], [peak / size]
for name, numbers in published(shapes).items():
    state[name] = [4 * numbers / size]

figure = figures.memory(rows, args.show)
common.finish(args, figure, rows, verdicts.memory)
