"""What is measured: the same program for two libraries, from the same weights, on the same data.

`torch` is the library in all that follows, whichever it is: its names are the same.
"""
from __future__ import annotations

from itertools import cycle
from typing import NamedTuple

import by_hand
import first_draft
import numpy as np

import tinygrad_adam


class Training(NamedTuple):
    """Steps of a network that learns to tell ten classes apart: forward, backward, Adam."""

    title: str
    most: float                 # what the time may be, in PyTorch's: the goal
    layers: tuple               # (name in torch.nn, its arguments)
    shape: tuple                # of an input
    batch: int

    def network(self, torch):
        layers = [getattr(torch.nn, name)(*args) for name, *args in self.layers]
        return torch.nn.Sequential(*layers)

    def output(self, network, x):
        if self.layers[0][0] != 'LSTM':
            return network(x)
        lstm, linear = network
        states, _ = lstm(x)                                             # (time, n, hidden)
        return linear(states[-1])

    def weights(self):
        tinygrad_adam.manual_seed(0)
        return [p.detach().numpy() for p in self.network(tinygrad_adam).parameters()]

    def batches(self, n=20):
        """Arrays (inputs, classes) again and again; a class is the largest of ten projections."""
        random = np.random.default_rng(0)
        sequence = self.layers[0][0] == 'LSTM'
        shape = (self.shape[0], self.batch, *self.shape[1:]) if sequence else (
            self.batch, *self.shape)
        found = []
        for _ in range(n):
            x = random.standard_normal(shape, np.float32)
            flat = (x.swapaxes(0, 1) if sequence else x).reshape(self.batch, -1)
            found.append((x, flat[:, :10].argmax(1)))
        return found

    def step(self, torch, dtype=np.float32, compiled=False):
        """A function that takes a step on the next batch and returns the loss."""
        network = self.network(torch)
        network.to(getattr(torch, dtype.__name__))
        with torch.no_grad():
            for p, w in zip(network.parameters(), self.weights()):
                p.copy_(torch.from_numpy(w.copy()))
        optimizer = torch.optim.Adam(network.parameters())
        data = cycle([(torch.from_numpy(x.astype(dtype)), torch.from_numpy(y))
                      for x, y in self.batches()])

        def loss_of(x, y):
            return torch.nn.functional.cross_entropy(self.output(network, x), y)

        if compiled:
            loss_of = torch.compile(loss_of)

        def step():
            x, y = next(data)
            optimizer.zero_grad()
            loss = loss_of(x, y)
            loss.backward()
            optimizer.step()
            return loss.detach()

        return step

    def step_by_hand(self, dtype=np.float32, by_hand=by_hand):
        """The same without a library; by_hand: the module with the layers."""
        weights, layers = iter([w.astype(dtype) for w in self.weights()]), []
        for name, *args in self.layers:
            needs = {'LSTM': 4, 'Linear': 2, 'Conv2d': 2, 'BatchNorm1d': 2}.get(name, 0)
            own = [next(weights) for _ in range(needs)]
            padding = args[4:] if name == 'Conv2d' else []
            layers.append(getattr(by_hand, name)(*own, *padding))
        return by_hand.training(layers, cycle([(x.astype(dtype), y) for x, y in self.batches()]))


class AdamStep(NamedTuple):
    """The step of the optimizer alone."""

    title: str
    most: float
    shapes: tuple

    def arrays(self):
        random = np.random.default_rng(0)
        return [random.standard_normal((2, *shape), np.float32) for shape in self.shapes]

    def step(self, torch):
        weights = []
        for w, g in self.arrays():
            weights.append(torch.tensor(w, requires_grad=True))
            weights[-1].grad = torch.tensor(g)
        return torch.optim.Adam(weights).step

    def step_by_hand(self, by_hand=by_hand):
        return by_hand.adam_step(*zip(*self.arrays()))


class Chain(NamedTuple):
    """n products one after the other, and back: what an operation costs beside its arithmetic."""

    title: str
    most: float
    n: int = 100

    def step(self, torch):
        x = torch.ones(64, requires_grad=True)
        y = torch.ones(64, requires_grad=True)

        def step():
            out = x
            for _ in range(self.n):
                out = out * y
            out.sum().backward()
            x.grad = y.grad = None

        return step

    def step_by_hand(self):
        x = np.ones(64, np.float32)
        return lambda: first_draft.multiplications(x, x, self.n)


def dense(*sizes, norm=False):
    layers = []
    for n, m in zip(sizes, sizes[1:]):
        layers += [('Linear', n, m)] + [('BatchNorm1d', m)] * norm + [('ReLU',)]
    return tuple(layers[:-1 - norm])


def conv(c, o, k, padding=0, pool=True):
    """Conv2d(c, o, k) with stride 1, ReLU, and a pool of 2 x 2."""
    return ('Conv2d', c, o, k, 1, padding), ('ReLU',), *[('MaxPool2d', 2)] * pool


FLATTEN = ('Flatten',),
CASES = {
    'mlp-digits': Training('MLP 64-64-10, batch 64', 0.35, dense(64, 64, 10), (64,), 64),
    'mlp-mnist': Training('MLP 784-128-64-10, batch 64', 0.6, dense(784, 128, 64, 10), (784,), 64),
    'mlp-large': Training('MLP 784-1024-1024-10, batch 256', 1.0, dense(784, 1024, 1024, 10),
                          (784,), 256),
    'mlp-norm': Training('MLP with BatchNorm1d 64-128-64-10, batch 64', 0.6,
                         dense(64, 128, 64, 10, norm=True), (64,), 64),
    'cnn-digits': Training('CNN 1x8x8: conv3(8), pool, conv3(16), pool, linear, batch 64', 0.4,
                           conv(1, 8, 3, 1) + conv(8, 16, 3, 1) + FLATTEN + dense(64, 10),
                           (1, 8, 8), 64),
    'lenet': Training('LeNet 1x28x28: conv5(6), pool, conv5(16), pool, 120-84-10, batch 64', 0.7,
                      conv(1, 6, 5, 2) + conv(6, 16, 5) + FLATTEN + dense(400, 120, 84, 10),
                      (1, 28, 28), 64),
    'cnn-rgb': Training('CNN 3x32x32: conv3(32) twice, pool, conv3(64), pool, linear, batch 64',
                        1.3, conv(3, 32, 3, 1, False) + conv(32, 32, 3, 1) + conv(32, 64, 3, 1)
                        + FLATTEN + dense(4096, 10), (3, 32, 32), 64),
    'lstm': Training('LSTM 20 steps, 32 to 64, batch 32', 0.8,
                     (('LSTM', 32, 64), ('Linear', 64, 10)), (20, 32), 32),
    'adam-100k': AdamStep('Adam step, 100k weights in 20 tensors', 0.4,
                          ((100, 99), (100,)) * 10),
    'adam-10M': AdamStep('Adam step, 10M weights in one tensor', 0.5, ((10_000_000,),)),
    'chain': Chain('100 small products in a chain, forward and backward', 0.7),
}
