# %% [markdown]
# # Claim 4: Adam requires little memory
#
# An optimizer's memory is counted on its arrays, and as the peak of a process that trains. What is
# little depends on what it is compared with: plain SGD remembers nothing, and second-order methods
# remember a matrix.
#
#     python demos/claims/4_memory.py

# %%
import inspect
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np

import common
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import lab, plot


def verdict(rows):
    """Little is less than the weights; then: than the others; then: than a matrix."""
    state, matrix = rows['state, bytes a parameter'], rows['full matrix, bytes a parameter']
    rivals = [state[name][1] for name in ('momentum', 'adagrad', 'rmsprop')]
    adam = state['adam'][1]
    if adam <= min(rivals):
        return 'holds: Adam remembers no more than momentum, Adagrad and RMSprop'
    if adam < matrix['adam'][1] / 100:
        return ('holds when compared with second-order methods; against SGD, momentum, Adagrad '
                f'and RMSprop it does not: {adam:.0f} bytes a parameter, theirs are '
                f'{state["sgd"][1]:.0f} to {max(rivals):.0f}')
    return 'does not hold: Adam remembers about as much as a second-order method'


# %%
args = common.parse(
    'Claim: Adam gets by with little memory.',
    'MLP 784-1024-1024-10, float32, batch of 64 random images, 3 steps; state counted on the '
    'arrays, peak of all arrays by tracemalloc, peak of a new process by the system, less what '
    'importing takes, median of 3 (this row alone differs from run to run)',
    quick='MLP 784-128-128-10, no processes of their own')
width, processes = (128, 0) if args.quick else (1024, 3)


def train(make, width, seed):
    """Three steps; the model and the optimizer after them."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
                          nn.Linear(width, 10))
    optimizer = make(model.parameters(), lr=1e-3)
    x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
    for step in range(3):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return model, optimizer


# %% [markdown]
# The four lines of a training hold weights, gradients, state, and activations while they run.

# %%
rows, sizes = {}, {}


def add(row, name, values):
    rows.setdefault(row, {})[name] = lab.quartiles(np.array(values, float)).round(2).tolist()


for name, make in common.VARIANTS.items():
    tracemalloc.start()
    model, optimizer = train(make, width, args.seed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sizes[name] = size = sum(p.numel() for p in model.parameters())
    held = sum(value.numpy().nbytes for state in optimizer.state.values()
               for key, value in state.items() if key != 'step')
    add('state, bytes a parameter', name, [held / size])
    add('with weights and gradients', name, [8 + held / size])
    add('peak of all arrays, bytes a parameter', name, [peak / size])
    add('full matrix, bytes a parameter', name, [4 * size])

# %% [markdown]
# A process of its own for each (on Linux, which tells its peak).

# %%
CHILD = f"""import common, tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
{inspect.getsource(train)}
NAME and train(common.VARIANTS[NAME], {width}, {args.seed})
print(*[line.split()[1] for line in open('/proc/self/status') if 'VmHWM' in line])"""


def process_peak(name):
    """Kilobytes that a new process takes at most; it trains with this optimizer, if any."""
    done = subprocess.run([sys.executable, '-c', CHILD.replace('NAME', repr(name))], check=True,
                          stdout=subprocess.PIPE, text=True,
                          env={**os.environ, 'PYTHONPATH': os.pathsep.join(sys.path)})
    return int(done.stdout)


if processes and Path('/proc/self/status').exists():
    empty = np.median([process_peak('') for _ in range(processes)])
    for name in common.VARIANTS:
        add('peak of a process, bytes a parameter', name,
            [1024 * (process_peak(name) - empty) / sizes[name] for _ in range(processes)])

# %%
figure, ax = plot.subplots(size=(9, 5.5), window=args.show)
names = list(common.VARIANTS)
state = np.array([values[1] for values in rows['state, bytes a parameter'].values()])
peak = np.array([values[1] for values in rows['peak of all arrays, bytes a parameter'].values()])
parts = {'weights': 4 + 0 * state, 'gradients': 4 + 0 * state, 'state': state,
         'everything else, at the peak': np.maximum(peak - 8 - state, 0)}
left = 0 * state
for (label, values), style in zip(parts.items(), (
        {'color': '#56B4E9'}, {'color': '#E69F00', 'hatch': '//'},
        {'color': '#0072B2', 'hatch': '..'}, {'color': '#dddddd'})):
    ax.barh(names, values, left=left, label=label, edgecolor='white', **style)
    left = left + values
ax.set(xlabel='bytes a parameter')
ax.invert_yaxis()
ax.legend()
common.finish(figure, args, '4_memory', rows, verdict(rows))
