# %% [markdown]
# # Several processes train one network
#
#     python demos/distributed.py                   # one process
#     mpiexec -n 2 python demos/distributed.py      # two: pip install "tinygrad_adam[mpi]"
#     mpiexec -n 4 python demos/distributed.py      # each run adds its rows to out/distributed.csv
#
# The same file runs under PyTorch with `import torch` in place of `import tinygrad_adam as torch`:
#
#     torchrun --nproc-per-node 2 demos/distributed.py

# %% [markdown]
# ## Why the mean of gradients is the gradient of a larger batch
#
# The loss of a batch is the mean of the losses of its B samples, and the gradient of a mean is the
# mean of the gradients. In which order a mean is taken, and by whom, does not matter: each of n
# processes, called ranks, takes B/n of the samples and computes the gradient of its own mean; the
# mean of these n gradients is the gradient of the whole batch. So n ranks with B/n samples each
# take the very step that one process takes with B.
#
# `DistributedDataParallel` adds what makes this true. It gives all ranks the weights of rank 0 at
# the start, and averages the gradients in `backward()`. After that nobody has to send weights, or
# what the optimizer remembers: equal weights and equal gradients lead to equal steps.
# `DistributedSampler` deals the samples out, different ones to each rank, and repeats a few so that
# all get the same number: of unequal shares, the mean of the means is not the mean.
#
# There are two limits. Where samples meet inside the network it is not true: in training,
# `BatchNorm` normalizes by the mean of the B/n samples that its rank has. And it does not make a
# larger batch a better one: if B grows with n, an epoch has fewer steps, and the learning rate has
# to be found again.

# %% [markdown]
# ## What scales and what does not
#
# A step has two parts. Computing shrinks with n, for each rank has B/n samples. Sending does not.
# In a ring, each rank passes n - 1 pieces, each 1/n of the gradient, to its neighbour until the
# sums are complete, and n - 1 more until everyone has them: 2 (n - 1)/n gradients in all. That is
# one gradient for two ranks, and nearly two for any number of them. It depends on the size of the
# model, hardly on the number of ranks, and not at all on the number of samples.
#
# So what counts is how much is computed for each number that is sent. A linear layer uses a weight
# once for each sample, in the forward pass and for two gradients: six operations. A filter of a
# convolution is used at every place of the image, in the first layer here at 64, and a weight of a
# transformer for every word of the text: many more operations for the same four bytes. Convolutions
# scale; linear layers do so with large batches only. And very small networks do not scale at all:
# even an empty message takes its time, and so does the bookkeeping of a step, however few its
# samples are.
#
# Three remedies are in use. `DistributedDataParallel` sends the gradients of the last layers while
# those of the first are still being computed. With `no_sync()` the gradients of several batches are
# added up before they are sent. And if every rank keeps B samples, so that n ranks take n B, the
# computing of a rank does not shrink, and the share of sending does not grow: this is how large
# machines are filled.

# %% [markdown]
# ## What two cores say
#
# On 2026-11-28, on two cores of an Intel Xeon that other programs used as well, with MPICH 5.0.2
# and 128 samples a step:
#
#     network               ranks  ms a step  computing  sending  speed-up  train loss     test
#     CNN                       1       2.27       2.27     0.00      1.00    0.063967   96.2 %
#     CNN                       2       1.68       1.58     0.10      1.35    0.063968   96.2 %
#     CNN                       4       4.33       1.15     3.18      0.52    0.061490   96.2 %
#     MLP 784-128-64-10         1       0.90       0.90     0.00      1.00    0.024895   98.9 %
#     MLP 784-128-64-10         2       1.18       0.87     0.31      0.76    0.024895   98.9 %
#     MLP 784-128-64-10         4       4.01       0.78     3.23      0.23    0.024895   98.9 %
#     MLP 784-1024-1024-10      1      12.43      12.43     0.00      1.00    0.013083   98.7 %
#     MLP 784-1024-1024-10      2      15.53      10.17     5.36      0.80    0.013038   98.7 %
#     MLP 784-1024-1024-10      4      44.62      14.33    30.29      0.28    0.013094   98.7 %
#
#     speed-up on paper, with 64 samples for each rank, 5.5 us a message and 1.39 GB a second
#     network               parameters   2 ranks   4 ranks   8 ranks  16 ranks  32 ranks  64 ranks
#     CNN                        6,346       2.0       3.9       7.5      14.2      25.9      43.9
#     MLP 784-128-64-10        109,386       1.5       2.5       4.6       8.6      15.3      25.5
#     MLP 784-1024-1024-10   1,863,690       1.3       2.2       4.1       8.0      15.6      30.4
#
# The CNN gains, since it has little to send. The others lose: their computing shrinks little, for
# the gradients and the step pass over all weights, however few the samples are, and sending takes
# longer than that saves. With four ranks on two cores, each has to wait for its turn.
#
# The losses agree but for rounding, which 200 steps through ReLU and pooling make larger: in
# float64 the CNN ends at 0.061571 on one, two and four ranks. Now with `--batch-size 1024`, without
# the losses, which are equal to six digits:
#
#     network               ranks  ms a step  computing  sending  speed-up
#     CNN                       1      18.72      18.72     0.00      1.00
#     CNN                       2       9.71       8.97     0.74      1.93
#     CNN                       4      14.06       5.82     8.24      1.33
#     MLP 784-128-64-10         1       4.23       4.23     0.00      1.00
#     MLP 784-128-64-10         2       2.73       2.36     0.37      1.55
#     MLP 784-128-64-10         4       6.67       2.11     4.56      0.63
#     MLP 784-1024-1024-10      1      79.44      79.44     0.00      1.00
#     MLP 784-1024-1024-10      2      55.00      41.49    13.51      1.44
#     MLP 784-1024-1024-10      4      73.70      51.85    21.85      1.08
#
#     speed-up on paper, with 512 samples for each rank, 5.7 us a message and 0.55 GB a second
#     network               parameters   2 ranks   4 ranks   8 ranks  16 ranks  32 ranks  64 ranks
#     CNN                        6,346       2.0       4.0       7.9      15.6      30.5      58.7
#     MLP 784-128-64-10        109,386       1.5       2.6       4.9       9.4      17.8      32.6
#     MLP 784-1024-1024-10   1,863,690       1.5       2.7       5.1       9.9      19.5      38.6
#
# With eight times the samples two ranks are faster for all three. On paper, 64 ranks whose network
# were as fast as this memory would do 33 to 59 times the work of one in the same time. The network
# between machines is slower. How fast yours is, the same table tells if each rank has a node of its
# own: `srun --nodes=2 --ntasks-per-node=1`.

# %% [markdown]
# ## From a laptop to a cluster
#
# There the scheduler starts the ranks in the place of `mpiexec`. The program stays as it is:
#
#     #!/bin/bash
#     #SBATCH --nodes=4 --ntasks-per-node=16 --cpus-per-task=1 --time=00:10:00
#     export OMP_NUM_THREADS=1        # a rank for each core, and one thread for each rank
#     srun python demos/distributed.py --batch-size 1024
#
# Install mpi4py for the MPI of the cluster, which knows its network: `module load` that MPI, then
# `pip install --no-binary mpi4py mpi4py`. If every process takes itself for rank 0 of 1, `srun` and
# MPI do not speak the same protocol: `srun --mpi=list` names the ones that can be chosen. Every
# rank reads the data, so it has to lie where all nodes see it. Only rank 0 prints and saves; and
# since a job ends at its time limit, it saves often.

# %% [markdown]
# ## When to move to PyTorch
#
# Ranks divide the samples, but each of them holds the whole model. When the model does not fit into
# the memory of one process, when the step of a single sample takes seconds, or when there is a GPU,
# it is time for PyTorch. "From here to PyTorch" in README.md carries the checkpoint over, with the
# state of the optimizer, and in this file one line is changed.

# %%
import csv
import gc
import os
import sys
from contextlib import nullcontext
from functools import partial
from operator import itemgetter
from time import perf_counter

import common    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam.teach import datasets, plot

dist, nn, F, data = torch.distributed, torch.nn, torch.nn.functional, torch.utils.data

if 'RANK' in os.environ:            # PyTorch's torchrun started this process
    dist.init_process_group('gloo')
elif dist.is_mpi_available():       # mpiexec or srun did, or nobody: then it is rank 0 of 1
    dist.init_process_group('mpi')
rank, ranks = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
if rank > 0:
    sys.stdout = open(os.devnull, 'w')    # rank 0 speaks for all

options = common.parser('Several processes train one network: each takes a part of every batch.')
options.add_argument('--batch-size', type=common.COUNT, metavar='N', default=128,
                     help='samples a step, of all ranks together (%(default)s)')
options.add_argument('--epochs', type=common.COUNT, metavar='N', default=20,
                     help='passes over the data (%(default)s)')
args = common.parse(options)
digits = [common.tensors_of(torch, part) for part in datasets.digits()]
if args.batch_size % ranks or args.batch_size > len(digits[0]):
    options.error(f'{args.batch_size} of {len(digits[0])} samples cannot be dealt out equally to '
                  f'{ranks} ranks: give a multiple of {ranks} up to {len(digits[0])}')
share = args.batch_size // ranks
epochs, repeats = (1, 2) if args.quick else (args.epochs, 50)

# %% [markdown]
# Three networks, with few, many and very many weights. The small one is that of `train_cnn`; the
# others see the same digits at the size of MNIST's.


# %%
def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(128, 10))


def mlp(*widths):
    layers = [nn.Flatten()]
    for inputs, outputs in zip(widths, widths[1:]):
        layers += nn.Linear(inputs, outputs), nn.ReLU()
    return nn.Sequential(*layers[:-1])


enlarged = [data.TensorDataset(F.interpolate(images, size=28), labels)
            for images, labels in (part.tensors for part in digits)]
NETWORKS = {
    'CNN': (cnn, digits),
    'MLP 784-128-64-10': (partial(mlp, 784, 128, 64, 10), enlarged),
    'MLP 784-1024-1024-10': (partial(mlp, 784, 1024, 1024, 10), enlarged),
}

# %% [markdown]
# Three lines more than in one process: the model is wrapped, the sampler is given, and told the
# epoch, so that each has an order of its own. The optimizer is momentum. Adam divides a gradient by
# its size, also one that is zero but for rounding, and would make rounding visible in the loss.


# %%
def train(make, train_set):
    """A trained model, the same one as the ranks share it, and its optimizer."""
    torch.manual_seed(args.seed)
    model = make()
    shared = nn.parallel.DistributedDataParallel(model) if ranks > 1 else model
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    sampler = data.distributed.DistributedSampler(train_set, ranks, rank, seed=args.seed)
    loader = data.DataLoader(train_set, batch_size=share, sampler=sampler, drop_last=True)
    for epoch in range(epochs):
        sampler.set_epoch(epoch)
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(shared(x), y)
            loss.backward()
            optimizer.step()
    return model, shared, optimizer


# %% [markdown]
# Sending is the difference between a step and one in a `no_sync()` block, which sends nothing. What
# is sent while the rank computes is not in it, the wait for a slower rank is. The figures are the
# least of many turns, which all ranks begin together: other programs only ever make them larger.


# %%
def seconds(*works):
    """The least time of each of some works that the ranks do together, taken in turn."""
    times = [[] for _ in works]
    for _ in range(repeats):
        for work, of_work in zip(works, times):
            if ranks > 1:
                dist.barrier()
            start = perf_counter()
            work()
            of_work.append(perf_counter() - start)
    return [min(of_work) for of_work in times]


def step(shared, optimizer, x, y, sends):
    optimizer.zero_grad()
    with nullcontext() if sends else shared.no_sync():
        F.cross_entropy(shared(x), y).backward()
    optimizer.step()


settings = dict(package=torch.__name__, batch=args.batch_size, epochs=epochs, seed=args.seed)
new = []
for name, (make, (train_set, test_set)) in NETWORKS.items():
    model, shared, optimizer = train(make, train_set)
    images, labels = train_set.tensors
    loss = F.cross_entropy(common.scores(torch, model, train_set), labels).item()
    test = common.accuracy(torch, model, test_set)
    times = seconds(*(partial(step, shared, optimizer, images[:share], labels[:share], sends)
                      for sends in ([True, False] if ranks > 1 else [True])))
    new.append({**settings, 'ranks': ranks, 'network': name, 'loss': loss, 'test': test,
                'parameters': sum(p.numel() for p in model.parameters()),
                'step': times[0], 'computing': min(times)})
    del model, shared, optimizer
smallest_sum, = seconds(partial(dist.all_reduce, torch.zeros(1))) if ranks > 1 else [0.0]
if dist.is_initialized():
    gc.collect()    # models that PyTorch still holds when a process ends abort it now and then
    dist.destroy_process_group()
if rank > 0:
    sys.exit()

# %% [markdown]
# Rank 0 adds its rows to those of earlier runs, and shows those with the same settings.

# %%
table = args.out / 'distributed.csv'
rows, run = list(new), itemgetter(*settings, 'ranks')
if table.exists():
    with open(table, newline='', encoding='utf-8') as file:
        rows += [row for row in csv.DictReader(file, quoting=csv.QUOTE_NONNUMERIC)
                 if run(row) != run(new[0])]
rows.sort(key=itemgetter('ranks'))
with open(table, 'w', newline='', encoding='utf-8') as file:
    writer = csv.DictWriter(file, list(new[0]), quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows(rows)
print(f'table: {table}\n'
      'network               ranks  ms a step  computing  sending  speed-up  train loss     test')
measured = {name: [row for row in rows if row['network'] == name
                   and settings.items() <= row.items()] for name in NETWORKS}
for name, of_network in measured.items():
    for row in of_network:
        first, ms, computing = of_network[0], 1000 * row['step'], 1000 * row['computing']
        gain = f'{first["step"] / row["step"]:.2f}' if first['ranks'] == 1 else ''
        print(f'{name:<22}{row["ranks"]:5.0f}{ms:11.2f}{computing:11.2f}{ms - computing:9.2f}'
              f'{gain:>10}{row["loss"]:12.6f}{row["test"]:7.1f} %')

# %% [markdown]
# On paper: in a ring of n ranks, each sends 2 (n - 1) messages of 1/n of the gradient. The sum of
# one number tells how long a message with nearly nothing in it takes, the largest network how long
# a byte takes. That something is sent while the ranks compute is left out. Where other programs
# keep the cores so busy that sending cannot be seen, there is nothing to put on paper.

# %%
messages, largest, sizes = 2 * (ranks - 1), new[-1], (2, 4, 8, 16, 32, 64)
sending = largest['step'] - largest['computing'] - smallest_sum
if sending > 0:
    latency = smallest_sum / messages
    bandwidth = messages * 4 * largest['parameters'] / ranks / sending
    print(f'\nspeed-up on paper, with {share} samples for each rank, {1e6 * latency:.1f} us a '
          f'message and {bandwidth / 1e9:.2f} GB a second\n'
          f'network               parameters{"".join(f"{n:4} ranks" for n in sizes)}')
    for row in new:
        gains = [n * row['computing'] / (row['computing'] + 2 * (n - 1) * (
            latency + 4 * row['parameters'] / n / bandwidth)) for n in sizes]
        print(f'{row["network"]:<22}{row["parameters"]:10,}{"".join(f"{x:10.1f}" for x in gains)}')

# %%
figure, axes = plot.subplots(1, 3, size=(10, 4), window=args.show)
figure.suptitle('A step on several ranks: is computing shared equally, and what does sending add?')
for ax, (name, of_network) in zip(axes, measured.items()):
    places = np.arange(len(of_network))
    computing = [1000 * row['computing'] for row in of_network]
    sending = [1000 * (row['step'] - row['computing']) for row in of_network]
    ax.bar(places, computing, color=plot.COLORS[0], label='computing')
    ax.bar(places, sending, bottom=computing, color=plot.COLORS[1], hatch='//', label='sending')
    shares = [computing[0] * of_network[0]['ranks'] / row['ranks'] for row in of_network]
    ax.hlines(shares, places - 0.4, places + 0.4, 'black', linewidth=2.5,
              label='an equal share of the computing')
    ax.set_ylim(0, 1.1 * max(row['step'] for row in of_network) * 1000)
    ax.set_xticks(places, [f'{row["ranks"]:.0f}' for row in of_network])
    ax.set(xlabel='ranks', title=f'{name}\n{of_network[0]["parameters"]:,.0f} weights')
axes[0].set_ylabel('a step [ms]')
figure.legend(*axes[0].get_legend_handles_labels(), loc='outside lower center', ncols=3)
common.finish(figure, args, 'distributed')
accuracies = ', '.join(f'{row["network"]} {row["test"]:.1f} %' for row in new)
print(f'reached: {accuracies} of the test set, on {ranks} rank{"s" * (ranks > 1)}')
