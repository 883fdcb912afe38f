"""The training loop."""
from __future__ import annotations

import textwrap

import numpy as np

from .... import nn, optim, tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
Four lines train every network. Here are three small classes with PyTorch's
names for them. A model keeps its weight and the gradient of the weight;
backward adds to the gradient; step moves the weight against it; zero_grad
sets it to 0.

Write the loop: as many epochs as are wanted, and in each of them a step for
each batch, in the order in which they are given. batches is a list of (x, y),
x of shape (n, features) and y (n,); w is the weight to begin with.

Return the weight after the last step, and the list of the losses, a number
for each step, as they come before the step. Do not change the classes.
"""


class Model:
    """scores = x @ weight"""

    def __init__(self, w):
        self.weight = np.array(w)
        self.grad = np.zeros_like(self.weight)

    def __call__(self, x):
        return Scores(self, x, x @ self.weight)


class Scores:
    """What a model gives for x, and where it comes from."""

    def __init__(self, model, x, values):
        self.model, self.x, self.values = model, x, values

    def loss(self, y):
        return Loss(self, y)


class Loss:
    """The mean of (scores - y)^2."""

    def __init__(self, scores, y):
        self.scores, self.errors = scores, scores.values - y

    def item(self):
        return float(np.mean(self.errors**2))

    def backward(self):
        slopes = 2 * self.errors / len(self.errors)
        self.scores.model.grad += self.scores.x.T @ slopes


class SGD:
    """weight = weight - lr * grad"""

    def __init__(self, model, lr):
        self.model, self.lr = model, lr

    def zero_grad(self):
        self.model.grad[:] = 0

    def step(self):
        self.model.weight -= self.lr * self.model.grad


def train(w, batches, lr, epochs):
    """The weight after training, and the loss of each step."""
    model = Model(w)
    optimizer = SGD(model, lr)
    losses = []
    for epoch in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss = model(x).loss(y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model.weight, losses


def zero_after_the_step(w, batches, lr, epochs):
    model, losses = Model(w), []
    optimizer = SGD(model, lr)
    for _ in range(epochs):
        for i in range(len(batches)):
            loss = model(batches[i][0]).loss(batches[i][1])
            losses += [loss.item()]
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    return model.weight, np.array(losses)


def by_hand(w, batches, lr, epochs):
    w, losses = w.copy(), []
    for x, y in epochs * list(batches):
        errors = x @ w - y
        losses.append(np.mean(errors**2))
        w -= lr * 2 * x.T @ errors / len(x)
    return w, losses


def zero_between(w, batches, lr, epochs):
    model = Model(w)
    optimizer = SGD(model, lr)
    losses = []
    for step in range(epochs * len(batches)):
        x, y = batches[step % len(batches)]
        loss = model(x).loss(y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model.weight, losses


def inputs(rng):
    yield np.array([0.0]), [(np.array([[1.0]]), np.array([1.0]))], 0.25, 3
    yield (np.array([0.0, 0.0]), [(np.array([[1.0, 0.0]]), np.array([1.0])),
                                  (np.array([[1.0, 1.0]]), np.array([4.0]))], 0.25, 2)
    for k, features, epochs in (3, 2, 3), (2, 3, 4), (4, 2, 2), (3, 4, 1):
        batches = [(rng.normal(size=(n, features)), rng.normal(size=n))
                   for n in rng.permutation([3, 5, 4, 6])[:k]]
        yield rng.normal(size=features), batches, round(rng.uniform(0.05, 0.2), 3), epochs
    yield (rng.normal(size=2).astype(np.float32), [
        (rng.normal(size=(n, 2)).astype(np.float32), rng.normal(size=n).astype(np.float32))
        for n in (3, 2)], 0.125, 3)


def problem():
    """Sixteen batches of eight examples that a weight explains."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(16, 8, 3))
    return list(zip(x, x @ [1.0, -2.0, 3.0]))


def final_loss(train, lr=0.05):
    batches = problem()
    w, _ = train(np.zeros(3), batches, lr, 2)
    x, y = (tensor(np.concatenate(arrays)) for arrays in zip(*batches))
    return F.mse_loss(x @ tensor(w), y).item()


def losses_kept(train):
    return np.size(train(np.zeros(3), problem(), 0.05, 2)[1])


def first_loss(train):
    return np.ravel(train(np.zeros(3), problem(), 0.05, 2)[1])[0]


def last_loss(train):
    return np.ravel(train(np.zeros(3), problem(), 0.05, 2)[1])[-1]


def package(w, batches, lr, epochs):
    model = nn.Linear(len(w), 1, bias=False, dtype=tensor(w).dtype)
    model.load_state_dict({'weight': tensor(w[None])})
    optimizer = optim.SGD(model.parameters(), lr)
    losses = []
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss = F.mse_loss(model(tensor(x))[:, 0], tensor(y))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model.weight.detach().numpy()[0], losses


ZERO, LOSS, BACKWARD, STEP, KEEP = (f'            {line}\n' for line in (
    'optimizer.zero_grad()', 'loss = model(x).loss(y)', 'loss.backward()', 'optimizer.step()',
    'losses.append(loss.item())'))
NEW = '            model = Model(w)\n            optimizer = SGD(model, lr)\n'
LOOPS = '    for epoch in range(epochs):\n        for x, y in batches:\n'
FOUR = ZERO + LOSS + BACKWARD + STEP


def outside(*lines):
    """Lines that stand in the outer loop, not in the inner one."""
    return textwrap.indent(textwrap.dedent(''.join(lines)), 8 * ' ')


def of_an_epoch(total):
    """In place of the losses of an epoch one number."""
    return KEEP, KEEP + f'        losses[-len(batches):] = [{total}(losses[-len(batches):])]\n'


def order(*lines):
    return FOUR + KEEP, ''.join(lines)


KEPT = Training('the number of losses that are kept in 2 epochs of 16 batches', losses_kept)
FAST = Training('the loss of a line that fits its points, after 2 epochs of 16 batches with lr = '
                '0.6', lambda train: final_loss(train, 0.6))
LAST = Training('the last number in the list of losses', last_loss)
FIRST = Training('the first loss that is kept', first_loss)

exercise = Exercise(
    20, 'The training loop', chapter=12, text=TEXT, solution=train, inputs=inputs,
    given=[Model, Scores, Loss, SGD], right=[zero_after_the_step, by_hand, zero_between],
    returns=['weight', 'losses'], package=package,
    training=Training('the loss of a line that fits its points, after 2 epochs of 16 batches with '
                      'lr = 0.05', final_loss),
    hints=['Make the model and the optimizer once, before the loops: Model(w), SGD(model, lr).',
           'The gradient has to be 0 before backward adds to it, and complete before step uses it.',
           'loss = model(x).loss(y) is made anew in each step. loss.item() is its number.'],
    mistakes=[
        Mistake('a loop without zero_grad: each step uses the sum of all gradients so far',
                order(LOSS, BACKWARD, STEP, KEEP), read='chapter 16, on one who forgot zero_grad'),
        Mistake('a loop with zero_grad once an epoch: the gradients of an epoch pile up',
                order(LOSS, BACKWARD, STEP, KEEP),
                (LOOPS, LOOPS.replace('        for', outside(ZERO) + '        for'))),
        Mistake('a loop in which nothing moves: step or backward is missing, or zero_grad stands '
                'between backward and step, or step comes between zero_grad and backward',
                order(LOSS, BACKWARD, ZERO, STEP, KEEP)),
        Mistake('a loop with step before backward: each step uses the gradient of the batch before',
                order(LOSS, STEP, ZERO, BACKWARD, KEEP), training=FAST),
        Mistake('a loop with step before backward and without zero_grad: each step uses the sum of '
                'all gradients before', order(LOSS, STEP, BACKWARD, KEEP)),
        Mistake('a loop with two backwards, or two steps, for each zero_grad: it moves twice as '
                'far as it should', order(ZERO, LOSS, BACKWARD, BACKWARD, STEP, KEEP),
                training=FAST),
        Mistake('a loop with one step an epoch: step stands outside the inner loop, and takes the '
                'sum of the gradients of all batches',
                order(LOSS, BACKWARD, KEEP, outside(STEP)),
                (LOOPS, LOOPS.replace('        for', outside(ZERO) + '        for'))),
        Mistake('a loop with one step an epoch, for the last batch alone: step stands outside the '
                'inner loop', order(ZERO, LOSS, BACKWARD, KEEP, outside(STEP))),
        Mistake('a loop whose four lines stand outside the inner one: only the last batch of an '
                'epoch is used', (FOUR + KEEP, '            pass\n' + outside(FOUR, KEEP))),
        Mistake('a loop that ends after one epoch: the one over epochs is missing, or return '
                'stands inside it', ('    return model', '        return model')),
        Mistake('a loop that ends after one step: return stands inside the inner loop',
                ('    return model', '            return model')),
        Mistake('a loop whose losses were computed before it: they know only the first weight. '
                'PyTorch refuses their second backward',
                (LOOPS, f'    old = [model(x).loss(y) for x, y in batches]\n{LOOPS}'.replace(
                    'for x, y in batches:', 'for loss in old:')), (LOSS, '')),
        Mistake('a loop with one step an epoch, for all batches at once: it moves once where it '
                'should move once a batch',
                (LOOPS, LOOPS.replace('for x, y in batches', 'for x, y in [whole]')),
                ('    losses = []\n', '    losses = []\n    whole = [np.concatenate(a) for a in '
                                     'zip(*batches)]\n'), training=KEPT),
        Mistake('a loop of one epoch too few', ('range(epochs)', 'range(epochs - 1)'),
                training=KEPT),
        Mistake('a loop of one epoch too many', ('range(epochs)', 'range(epochs + 1)'),
                training=KEPT),
        Mistake('a loop that uses the first batch only', ('in batches', 'in batches[:1]')),
        Mistake('a loop with the batches in reverse order', ('in batches', 'in batches[::-1]'),
                training=LAST),
        Mistake('a loop that makes a new model in each epoch: what was learned is thrown away',
                (LOOPS, LOOPS.replace('        for', outside(NEW) + '        for'))),
        Mistake('a loop that makes a new model in each step: what was learned is thrown away',
                (ZERO, NEW + ZERO)),
        Mistake('a loss that is kept after the step: it was to be that with which the step was '
                'made', (KEEP, '            losses.append(model(x).loss(y).item())\n'),
                training=FIRST),
        Mistake('a list with one loss an epoch, that of its last batch: append stands outside the '
                'inner loop', (KEEP, outside(KEEP)), training=KEPT),
        Mistake('a list with one loss an epoch, the mean over its batches',
                of_an_epoch('np.mean'), training=KEPT),
        Mistake('a list with one loss an epoch, the sum over its batches',
                of_an_epoch('np.sum'), training=KEPT),
        Mistake('a running sum of the losses in place of the losses',
                (KEEP, '            losses.append(loss.item() + (losses[-1] if losses else 0))\n'),
                training=LAST),
        Mistake('a return of the first weight: that of the model has moved, w has not',
                ('return model.weight', 'return w')),
        Mistake('a return of the gradient in place of the weight',
                ('return model.weight', 'return model.grad')),
    ])
