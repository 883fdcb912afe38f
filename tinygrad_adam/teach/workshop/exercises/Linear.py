"""A Linear layer, and the random numbers with which it begins."""
from __future__ import annotations

import math

import numpy as np

from .... import manual_seed, nn, rand, randint, tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
A linear layer has a weight, (out_features, in_features), and a bias,
(out_features,). It makes of x, (n, in_features),

    x @ weight.T + bias

which is (n, out_features). Before training both are random: as in PyTorch's
nn.Linear, each number of the weight, and of the bias too, is equally likely
anywhere between -1 / sqrt(in_features) and 1 / sqrt(in_features).

rng is a generator of random numbers, np.random.default_rng(...), to draw them
from: rng.uniform(low, high, shape), rng.random(shape) for numbers between 0
and 1, rng.normal(mean, std, shape). Keep the two as self.weight and
self.bias.

The check makes many layers, and looks at how their numbers are spread: at the
mean and the standard deviation, in multiples of 1 / sqrt(in_features) and
rounded, and whether some are more than two standard deviations off. Then it
sets a weight and a bias, and calls forward.
"""


class Linear:
    """A layer with a weight and a bias."""

    def __init__(self, in_features, out_features, rng):
        """Draw self.weight and self.bias."""
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)

    def forward(self, x):
        """The output, (n, out_features), for x, (n, in_features)."""
        return x @ self.weight.T + self.bias


class Scaled:
    def __init__(self, in_features, out_features, rng):
        self.bias = (2 * rng.random(out_features) - 1) / in_features**0.5
        self.weight = (2 * rng.random((in_features, out_features)).T - 1) / in_features**0.5

    def forward(self, x):
        return np.einsum('ni,oi->no', x, self.weight) + self.bias


class ByLoops:
    def __init__(self, in_features, out_features, rng):
        k = math.sqrt(1.0 / in_features)
        self.weight = np.zeros((out_features, in_features))
        self.bias = np.zeros(out_features)
        for i in range(out_features):
            for j in range(in_features):
                self.weight[i, j] = rng.uniform(-k, k)
            self.bias[i] = rng.uniform(-k, k)

    def forward(self, x):
        y = np.zeros((len(x), len(self.weight)))
        for n in range(len(x)):
            for o, row in enumerate(self.weight):
                y[n, o] = sum(a * b for a, b in zip(x[n], row)) + self.bias[o]
        return y


def use(learner, x, weight, bias, layers, seed):
    """How the numbers of many layers are spread, and the output for a given weight and bias.

    Mean and spread are in multiples of 1 / sqrt(in_features), and rounded, for they are random.
    """
    out_features, in_features = weight.shape
    rng = np.random.default_rng(seed)
    made = [learner.Linear(in_features, out_features, rng) for _ in range(layers)]
    layer = made[-1]
    if not vars(layer):
        return None
    found = [layer.weight, layer.bias]
    if layers > 1:
        found = [f'{layer.weight.shape} and {layer.bias.shape}']
        for draws in [layer.weight for layer in made], [layer.bias for layer in made]:
            draws = np.array(draws, float) * np.sqrt(in_features)
            mean, spread = np.round(2 * draws.mean()) / 2 + 0.0, draws.std()
            far = bool(np.any(np.abs(draws - draws.mean()) > 2 * spread))
            words = (f'mean {mean}, spread {np.round(spread, 1 if spread < 2 else 0)}, '
                     f'{"some" if far else "none"} far off')
            if not np.any(draws != draws[0]):
                words = 'the same in each layer' if np.ptp(draws[0]) else f'all are {mean}'
            found.append(words)
    layer.weight = weight if layer.weight.shape == weight.shape else weight.T
    layer.bias = bias
    return (*found, layer.forward(x))


def inputs(rng):
    def seed():
        return int(rng.integers(2**31))
    yield (np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 10.0, 0.0],
           [100.0, 100.0, 100.0]]), np.array([0.0, 0.5, -200.0]), 800, seed())
    # Sizes for which what is rounded stands not between two numbers, whichever the mistake.
    for n, i, o, layers in (2, 17, 4, 600), (5, 38, 9, 280), (3, 17, 50, 50), (3, 17, 12, 210):
        arrays = rng.normal(size=(n, i)), rng.normal(size=(o, i)), rng.normal(size=o)
        dtype = np.float32 if o == 12 else np.float64
        yield (*(array.astype(dtype) for array in arrays), layers, seed())


def first(program, out_features, in_features):
    """The weight and the bias of a new layer."""
    sizes = np.zeros((out_features, in_features))
    weight, bias, _ = program(np.zeros((1, in_features)), sizes, np.zeros(out_features), 1, 0)
    return weight.reshape(out_features, in_features), bias


def network(program):
    """Three layers that read images of 64 pixels, as the learner's layer begins."""
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(),
                          nn.Linear(64, 10))
    for layer in (model[0], model[2], model[4]):
        weight, bias = first(program, *layer.weight.shape)
        layer.load_state_dict({'weight': tensor(weight), 'bias': tensor(bias)})
    manual_seed(0)
    x, y = rand(256, 64), randint(10, (256,))
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    return loss.item(), model[0].weight.grad.norm().item()


def kinks(program):
    """Where relu(w x + b) bends, for units of one input: how far from 0, the median."""
    weight, bias = first(program, 1000, 1)
    return float(np.median(np.abs(bias / weight[:, 0])))


def output(program):
    return program(np.array([[1.0, 2.0]]), np.array([[1.0, -3.0]]), np.array([0.5]), 2, 0)[-1].sum()


SHAPE = '(out_features, in_features)'
WEIGHT = 'self.weight = rng.uniform(-bound, bound, (out_features, in_features))'
BIAS = 'self.bias = rng.uniform(-bound, bound, out_features)'
FORWARD = 'x @ self.weight.T + self.bias'


def weight(draw):
    return WEIGHT, f'self.weight = {draw}'


def bias(draw):
    return BIAS, f'self.bias = {draw}'


def drawn(said, draw, training=None):
    """The mistake of a weight, or a weight and a bias, that are drawn in a wrong way."""
    return Mistake(said, weight(draw), training=training, also=[
        [weight(draw), bias(draw.replace(SHAPE, 'out_features'))]])


LOSS = Training('the loss of a new network of three layers of 64 units, where ln 10 = 2.303 means '
                'that it knows nothing', lambda program: network(program)[0])
GRADIENT = Training('the length of the first gradient that arrives in the first of three layers',
                    lambda program: network(program)[1])
UNITS = Training('how many of the 64 units of a new layer are different',
                 lambda program: len(np.unique(first(program, 64, 64)[0], axis=0)))
KINKS = Training('how far from 0 the units relu(w x + b) bend, the median of 1000', kinks)
OUTPUT = Training('the output for x = (1, 2), weight (1, -3) and bias 0.5', output)

exercise = Exercise(
    19, 'A Linear layer, and how it begins', chapter=12, text=TEXT, solution=Linear,
    inputs=inputs, use=use, right=[Scaled, ByLoops], training=LOSS,
    returns=['shapes', 'weight', 'bias', 'output'],
    hints=['1 / sqrt(in_features) is the limit, not the spread: draw with rng.uniform.',
           'The weight has a row for each output, so x has to be multiplied by its transpose.',
           'rng.uniform(-bound, bound, (out_features, in_features))'],
    mistakes=[
        drawn('a layer whose weights begin at 0: all units stay alike, and pass no gradient on',
              f'np.zeros({SHAPE})', training=UNITS),
        drawn('a layer whose weights begin at 1: all units stay alike',
              f'np.ones({SHAPE})', training=UNITS),
        drawn('a layer whose weights are standard normal (randn), whatever the number of inputs',
              f'rng.normal(size={SHAPE})'),
        drawn('a layer whose weights are 0.01 times standard normal: they fade from layer to '
              'layer', f'0.01 * rng.normal(size={SHAPE})', training=GRADIENT),
        drawn('a layer whose weights are 0.1 times standard normal, whatever the number of '
              'inputs', f'0.1 * rng.normal(size={SHAPE})', training=GRADIENT),
        drawn('a layer whose weights are uniform between 0 and 1: none is negative',
              f'rng.random({SHAPE})'),
        drawn('a layer whose weights are uniform between -0.5 and 0.5, whatever the number of '
              'inputs', f'rng.random({SHAPE}) - 0.5', training=GRADIENT),
        drawn('a layer whose weights are uniform between -1 and 1, whatever the number of inputs',
              f'rng.uniform(-1, 1, {SHAPE})'),
        drawn('a layer whose weights are uniform between 0 and the limit: the negative half is '
              'missing', f'rng.uniform(0, bound, {SHAPE})'),
        drawn('a layer whose weights are normal with the standard deviation 1 / '
              'sqrt(in_features). That is the limit of a uniform distribution, whose spread is '
              'smaller by sqrt(3)', f'bound * rng.normal(size={SHAPE})',
              training=GRADIENT),
        drawn("a layer whose weights have He's normal distribution, of standard deviation sqrt(2 "
              '/ in_features). It is a good one for relu, but not that of nn.Linear',
              f'np.sqrt(2) * bound * rng.normal(size={SHAPE})', training=GRADIENT),
        drawn("a layer whose weights have He's uniform distribution, with the limit sqrt(6 / "
              'in_features). It is a good one for relu, but not that of nn.Linear',
              f'rng.uniform(-1, 1, {SHAPE}) * bound * np.sqrt(6)', training=GRADIENT),
        drawn("a layer whose weights have Glorot's normal distribution (Xavier), of standard "
              'deviation sqrt(2 / (in_features + out_features))',
              f'np.sqrt(2 / (in_features + out_features)) * rng.normal(size={SHAPE})',
              training=GRADIENT),
        drawn("a layer whose weights have Glorot's uniform distribution (Xavier), with the limit "
              'sqrt(6 / (in_features + out_features))',
              f'rng.uniform(-1, 1, {SHAPE}) * np.sqrt(6 / (in_features + out_features))',
              training=GRADIENT),
        drawn('a layer whose weights have the right spread, but a normal distribution',
              f'bound / np.sqrt(3) * rng.normal(size={SHAPE})', training=Training(
                  'the largest weight of a layer of 64 inputs and 64 outputs, in multiples of 1 '
                  '/ sqrt(in_features)',
                  lambda program: 8 * np.abs(first(program, 64, 64)[0]).max())),
        drawn("a layer whose weights have LeCun's uniform distribution, with the limit sqrt(3 / "
              'in_features)', f'rng.uniform(-1, 1, {SHAPE}) * bound * np.sqrt(3)',
              training=GRADIENT),
        Mistake('a layer whose limit is 1 / in_features: the root is missing',
                ('1 / np.sqrt(in_features)', '1 / in_features'), training=GRADIENT),
        Mistake('a layer whose limit is made of out_features: what counts is the number of numbers '
                'that are added up, in_features',
                ('np.sqrt(in_features)', 'np.sqrt(out_features)'), training=Training(
                    'the length of the output of a new layer of 100 inputs of 1 and one output',
                    lambda program: abs(first(program, 1, 100)[0].sum()))),
        Mistake('a layer whose limit is 1 / sqrt(in_features + out_features)',
                ('np.sqrt(in_features)', 'np.sqrt(in_features + out_features)'),
                training=GRADIENT),
        Mistake('a layer whose limit is upside down, sqrt(in_features)',
                ('1 / np.sqrt(in_features)', 'np.sqrt(in_features)')),
        Mistake('a layer whose generator begins anew in each layer: all layers of a size are alike',
                ('bound = 1', 'rng = np.random.default_rng(0)\n        bound = 1'),
                training=Training('how many of two layers are different',
                                  lambda program: 2 - program(np.zeros((1, 2)), np.zeros((1, 2)),
                                                              np.zeros(1), 2, 0)[1].count('same'))),
        Mistake('a layer whose bias begins at 0. That is common, but nn.Linear draws it, as it '
                'does the weight', bias('np.zeros(out_features)'), training=KINKS),
        Mistake('a layer whose bias begins at 1', bias('np.ones(out_features)'), training=KINKS),
        Mistake('a layer whose bias is standard normal', bias('rng.normal(size=out_features)')),
        Mistake('a layer whose bias has a limit of its own, 1 / sqrt(out_features)',
                bias('rng.uniform(-1, 1, out_features) / np.sqrt(out_features)'), training=KINKS),
        Mistake('a layer whose bias is uniform between 0 and 1', bias('rng.random(out_features)')),
        Mistake('a layer with one bias for all units: each has its own',
                (BIAS, 'self.bias = rng.uniform(-bound, bound, 1)'), training=KINKS),
        Mistake('a layer whose bias is 2-dimensional, (1, out_features): the shape is that of '
                'PyTorch, (out_features,)',
                (BIAS, BIAS.replace('out_features)', '(1, out_features))')),
                also=[[bias('np.zeros((1, out_features))')]],
                training=Training('the number of axes of the bias',
                                  lambda program: first(program, 3, 2)[1].ndim)),
        Mistake('a weight of shape (in_features, out_features), the transpose of what PyTorch '
                'keeps', weight('rng.uniform(-bound, bound, (in_features, out_features))'),
                (FORWARD, 'x @ self.weight + self.bias'), training=Training(
                    'the number of rows of the weight for 3 inputs and 2 outputs',
                    lambda program: len(program(np.zeros((1, 3)), np.zeros((2, 3)), np.zeros(2), 1,
                                                0)[0]))),
        Mistake('an output of x @ weight: the weight has a row for each output, and so has to be '
                'transposed. For as many inputs as outputs it goes wrong without an error',
                (FORWARD, 'x @ self.weight + self.bias'), training=Training(
                    'the output for x = (1, 0) and the weight ((1, 2), (3, 4)), summed',
                    lambda program: program(np.array([[1.0, 0.0]]), np.array(
                        [[1.0, 2.0], [3.0, 4.0]]), np.zeros(2), 2, 0)[-1].sum())),
        Mistake('an output without the bias', (FORWARD, 'x @ self.weight.T'), training=OUTPUT),
        Mistake('an output with relu in it: the activation is a layer of its own',
                (FORWARD, f'np.maximum({FORWARD}, 0)'), training=OUTPUT),
        Mistake('an output with tanh in it: the activation is a layer of its own',
                (FORWARD, f'np.tanh({FORWARD})'), training=OUTPUT),
        Mistake('an output from which the bias is subtracted',
                (FORWARD, 'x @ self.weight.T - self.bias'), training=OUTPUT),
    ])
