"""The problems that several trials train on: a bank of small networks, one for each seed.

Data are (training, validation, test), each (x, y). Rates are chosen by the training loss or on the
validation part; only the test part is reported.
"""
from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, lab


@lru_cache
def digits():
    """Pixels in a row: 1047 digits to learn from, 300 to choose by and 450 to report on."""
    train, test = datasets.digits()
    x, y = train.tensors[0].flatten(1), train.tensors[1]
    return (x[:-300], y[:-300]), (x[-300:], y[-300:]), (test.tensors[0].flatten(1), test.tensors[1])


@lru_cache
def scaled_digits():
    """Every pixel multiplied by a number of its own, spread over three decades."""
    factor = 10 ** (3 * torch.rand(64, generator=torch.Generator().manual_seed(0)) - 2)
    return tuple((x * factor, y) for x, y in digits())


@lru_cache
def noisy_digits():
    """300 digits, three tenths of them with labels drawn at random; the other parts are clean."""
    (x, y), *rest = digits()
    draw = np.random.Generator(np.random.PCG64(0))
    labels = np.where(draw.random(300) < 0.3, draw.integers(0, 10, 300), y[:300].numpy())
    return ((x[:300], torch.tensor(labels)), *rest)


@lru_cache
def words(documents=1500, vocabulary=400, length=20):
    """Bags of words, their frequencies by Zipf's law; a hidden weight a word decides the class."""
    draw = np.random.Generator(np.random.PCG64(0))
    share = 1 / np.arange(1, vocabulary + 1)
    drawn = draw.choice(vocabulary, (documents, length), p=share / share.sum())
    x = np.zeros((documents, vocabulary), np.float32)
    x[np.arange(documents)[:, None], drawn] = 1
    y = torch.tensor((x @ draw.standard_normal(vocabulary) > 0).astype(np.int64))
    return ((torch.tensor(x), y),)


class Batches:
    """Random indices (copies, batch), with replacement; copies of one seed get the same ones."""

    def __init__(self, seeds, n, size):
        self.draws = {seed: torch.Generator().manual_seed(seed) for seed in seeds}
        self.where = [list(self.draws).index(seed) for seed in seeds]
        self.n, self.size = n, size

    def __call__(self):
        drawn = [torch.randint(0, self.n, (self.size,), generator=g) for g in self.draws.values()]
        return torch.stack(drawn)[self.where]


def layers(sizes, activation):
    """Linear layers of these sizes with activations between them."""
    steps = [[nn.Linear(a, b), activation()] for a, b in zip(sizes, sizes[1:])]
    return nn.Sequential(*sum(steps, [])[:-1])


def cross_entropy(scores, y):
    """The mean loss of each copy, from scores (copies, .., classes) and classes (copies, ..)."""
    rows = F.cross_entropy(scores.flatten(0, -2), y.flatten(), reduction='none')
    return rows.reshape(len(y), -1).mean(1)


def network(seeds, data=digits, sizes=(64, 32, 10), activation: type[nn.Module] = nn.ReLU,
            batch=32, scored=False, samples=512, weigh=None):
    """A bank of multilayer perceptrons that classify.

    measures: 'loss' over the first `samples` of the training part; with `scored` also 'validation'
    and 'test', the errors on these parts in percent. weigh(t) multiplies the loss of step t.
    """
    (x, y), *unseen = data()
    models = []
    for seed in seeds:
        torch.manual_seed(seed)
        models.append(layers(sizes, activation))
    parameters, forward = lab.bank(models)
    draw, n = Batches(seeds, len(x), batch), len(seeds)

    def losses(t):
        i = draw()
        loss = cross_entropy(forward(x[i]), y[i])
        return weigh(t) * loss if weigh else loss

    def error(x, y):
        return 100 * (forward(x.expand(n, -1, -1)).argmax(2) != y).float().mean(1)

    def measures():
        found = {'loss': cross_entropy(forward(x[:samples].expand(n, -1, -1)),
                                       y[:samples].expand(n, -1))}
        if scored:
            found.update(validation=error(*unseen[0]), test=error(*unseen[1]))
        return found

    return lab.Problem(parameters, losses, measures)


def convolutions(seeds, batch=32, samples=256):
    """Two convolutions, a pooling and a linear layer on the digits; a copy at a time."""
    (seed,) = seeds
    x, y = digits()[0]
    x = x.reshape(-1, 1, 8, 8)
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 16, 3), nn.ReLU(),
                          nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64, 10))
    draw = Batches(seeds, len(x), batch)

    def losses(t):
        i = draw()[0]
        return F.cross_entropy(model(x[i]), y[i]).reshape(1)

    def measures():
        return {'loss': F.cross_entropy(model(x[:samples]), y[:samples]).reshape(1)}

    return lab.Problem(list(model.parameters()), losses, measures)


@lru_cache
def characters(symbols=48):
    """Python's help on its topics as numbers of characters, and how many of them there are.

    The most frequent characters, in lower case, have numbers of their own; the rest share one.
    """
    from pydoc_data.topics import topics
    text = re.sub(r'\s+', ' ', ' '.join(topics[name] for name in sorted(topics))).lower()[:200_000]
    codes = np.frombuffer(text.encode('utf-32-le'), np.uint32)
    kinds, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
    rank = np.argsort(np.argsort(-counts, kind='stable'))
    return np.minimum(rank, symbols - 1)[which.ravel()], symbols


def attention(seeds, blocks=2, width=16, length=16, batch=16):
    """A bank of small transformers that say which character comes next.

    Each of the blocks has causal attention with one head, and two layers of 4 x width. measures:
    'loss' over 32 stretches of the text, in nats a character.
    """
    text, symbols = characters()
    one_hot, n = np.eye(symbols, dtype=np.float32), len(seeds)
    shapes = [(symbols, width), (length, width), (width, symbols)] + blocks * [
        (width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)]
    stacks = []
    for seed in seeds:
        draw = np.random.Generator(np.random.PCG64(seed))
        stacks.append([draw.standard_normal(s) / (s[0]**0.5 if i > 1 else 4)
                       for i, s in enumerate(shapes)])
    parameters: list[torch.Tensor] = [
        nn.Parameter(torch.tensor(np.stack(same), dtype=torch.float32)) for same in zip(*stacks)]

    def forward(inputs):
        embedding, position, out, *rest = parameters
        x = torch.from_numpy(one_hot[inputs.reshape(n, -1)]) @ embedding
        x = x.reshape(n, -1, length, width) + position.unsqueeze(1)
        for k in range(0, len(rest), 4):
            qkv, join, wide, narrow = (w.unsqueeze(1) for w in rest[k:k + 4])
            q, k_, v = (F.layer_norm(x, (width,)) @ qkv).chunk(3, -1)
            x = x + F.scaled_dot_product_attention(q, k_, v, is_causal=True) @ join
            x = x + F.relu(F.layer_norm(x, (width,)) @ wide) @ narrow
        return F.layer_norm(x, (width,)) @ out.unsqueeze(1)

    def loss(starts):
        pieces = text[starts[..., None] + np.arange(length + 1)]
        return cross_entropy(forward(pieces[..., :-1]), torch.from_numpy(pieces[..., 1:].copy()))

    draw = Batches(seeds, len(text) - length - 1, batch)
    fixed = np.linspace(0, len(text) - length - 2, 32).astype(int)
    return lab.Problem(parameters, lambda t: loss(draw().numpy()),
                       lambda: {'loss': loss(np.broadcast_to(fixed, (n, 32)))})


def moves(optimizer, seed, steps=100):
    """Under the microscope: the longest move over lr, by step, of eight weights of the digits MLP.

    optimizer: what makes one of the parameters, with a learning rate too small to change much.
    """
    x, y = digits()[0]
    torch.manual_seed(seed)
    model = layers((64, 32, 10), nn.ReLU)
    draw, weight = Batches([seed], len(x), 32), model[2].weight
    scope = lab.microscope(optimizer(model.parameters()),
                           {f'{i}': (weight, (0, i)) for i in range(0, 32, 4)})
    for _ in range(steps):
        model.zero_grad()
        i = draw()[0]
        F.cross_entropy(model(x[i]), y[i]).backward()
        scope.step()
    return np.array(list(scope.rows.values()))[..., -1].max(axis=0)
