"""A second backward, and zero_grad."""
from __future__ import annotations

import numpy as np

from ..exercise import Exercise, Mistake, Training
from ..graphs import DIAMOND, PRODUCT, random_graph

TEXT = """
A leaf keeps its gradient, and a second backward adds to it: so x x x at 3,
whose slope is 27, gives 27 and then 54. Nodes that are no leaves keep
nothing: each backward begins anew in them. zero_grad puts an end to this, and
is called before each backward of a training.

Nodes are numbered at birth; node i was computed from the nodes inputs[i],
with the local slopes slopes[i]; both are [] for leaves. grads is a list with
a number for each node. Both functions change it in place, and return nothing.
"""


def backward_again(grads, inputs, slopes, output):
    """Add to grads[i], for each leaf i, the slope of output to it."""
    fresh = [0.0] * len(inputs)
    fresh[output] = 1.0
    for node in range(output, -1, -1):
        for before, slope in zip(inputs[node], slopes[node]):
            fresh[before] += slope * fresh[node]
    for node in range(len(inputs)):
        if not inputs[node]:
            grads[node] += fresh[node]


def zero_grad(grads):
    """Set all of grads to 0, in place."""
    for node in range(len(grads)):
        grads[node] = 0.0


def with_a_dict(grads, inputs, slopes, output):
    new = {output: 1.0}
    for node in sorted(range(output + 1), reverse=True):
        g = new.pop(node, 0.0) if inputs[node] else new.get(node, 0.0)
        for i, before in enumerate(inputs[node]):
            new[before] = new.get(before, 0.0) + slopes[node][i] * g
    for leaf, g in new.items():
        grads[leaf] = grads[leaf] + g


def by_slice(grads):
    grads[:] = [0] * len(grads)


def with_an_array(grads, inputs, slopes, output):
    found = np.zeros(len(inputs))
    found[output] = 1
    for node in reversed(range(len(inputs))):
        np.add.at(found, np.array(inputs[node], int), np.array(slopes[node]) * found[node])
    for node, before in enumerate(inputs):
        grads[node] += found[node] if len(before) == 0 else 0


def use(learner, inputs, slopes, calls):
    """What grads is after each call: backward of that output, or zero_grad for -1."""
    grads, after = [0.0] * len(inputs), []
    for output in calls:
        if output < 0:
            learner.zero_grad(grads)
        else:
            learner.backward_again(grads, inputs, slopes, output)
        after.append([np.nan if g is None else float(g) for g in grads])
    return np.array([row + [np.nan] * (len(inputs) - len(row)) for row in after])


def cases(rng):
    yield [[], [0, 0]], [[], [3.0, 3.0]], [1, 1, -1, 1]
    yield [[], [0, 0], [1, 0]], [[], [3.0, 3.0], [3.0, 9.0]], [2, 2, -1, 2]
    yield (*DIAMOND, [3, 3, 2])
    yield (*PRODUCT, [3, -1, 2, 3])
    for leaves, others in (2, 4), (3, 5):
        inputs, slopes = random_graph(rng, leaves, others)
        last = len(inputs) - 1
        yield inputs, slopes, [last, last - 1, last, -1, last]
    yield [[], []], [[], []], [1, 0, 1, -1]


def cube(*calls):
    """What the leaf of x x x at 3 has after these calls."""
    return lambda program: program([[], [0, 0], [1, 0]], [[], [3.0, 3.0], [3.0, 9.0]],
                                   calls)[-1, 0]


LEAVES = '        if not inputs[node]:\n            grads[node] += fresh[node]'
CUBE = Training('the gradient of x x x at 3, after two calls of backward', cube(2, 2))
RESET = 'grads[node] = 0.0'
FRESH = 'fresh = [0.0] * len(inputs)'
ADD_SEED = 'fresh[output] = 1.0', 'fresh[output] += 1.0'

exercise = Exercise(
    6, 'A second backward, and zero_grad', chapter=3, text=TEXT,
    solution=[backward_again, zero_grad], inputs=cases, use=use, steps=True,
    right=[(with_a_dict, by_slice), (with_an_array, zero_grad)],
    training=Training('the gradient of x x x at 3, after backward, zero_grad and backward again',
                      cube(2, -1, 2)),
    hints=['Compute this backward in a list of its own, as in exercise 5. Only then add what '
           'leaves got.',
           'grads = [0.0] * n gives the name grads to a new list, and leaves the old one as it '
           'is. grads[i] = 0.0 changes it.'],
    mistakes=[
        Mistake('a backward that walks with grads itself: what nodes keep from the first call is '
                'passed on again in the second',
                (FRESH, 'fresh = grads'), (LEAVES, '        pass'),
                also=[[(FRESH, 'fresh = grads'), (LEAVES, '        pass'), ADD_SEED]],
                training=CUBE),
        Mistake('a backward that walks with what leaves and others have kept, and adds that once '
                'more', (FRESH, 'fresh = list(grads)'),
                also=[[(FRESH, 'fresh = list(grads)'), ADD_SEED]],
                training=CUBE),
        Mistake('a backward in which the last call wins: = stands where += should, or it begins '
                'with a zero_grad of its own',
                ('grads[node] += fresh[node]', 'grads[node] = fresh[node]'), training=CUBE),
        Mistake('a backward that keeps the gradients of all nodes: only leaves have one to keep',
                (LEAVES, '        grads[node] += fresh[node]'),
                training=Training('how many numbers are kept for x x x, which has one leaf',
                                  lambda program: np.count_nonzero(program(
                                      [[], [0, 0], [1, 0]], [[], [3.0, 3.0], [3.0, 9.0]], [2])))),
        Mistake('a backward that keeps all gradients of the last call, also of nodes that are no '
                'leaves', (LEAVES, '        grads[node] = fresh[node]'), training=CUBE),
        Mistake('a backward that overwrites what a value got from its other use: = stands where += '
                'should', ('fresh[before] += slope', 'fresh[before] = slope')),
        Mistake('a backward that subtracts', ('grads[node] += fresh', 'grads[node] -= fresh')),
        Mistake('a backward that adds to the nodes that are no leaves, and not to the leaves',
                ('if not inputs[node]', 'if inputs[node]')),
        Mistake('a backward that begins with the gradient 0, so that nothing ever comes',
                ('fresh[output] = 1.0', 'fresh[output] = 0.0')),
        Mistake('a zero_grad that does nothing: grads = [...] gives the name to a new list, and '
                'the caller keeps the old one',
                (RESET, 'pass'), read='chapter 16, on one who forgot zero_grad'),
        Mistake('a zero_grad that sets None, to which nothing can be added. PyTorch does so, but '
                'its backward begins with 0 where it finds None', (RESET, 'grads[node] = None')),
        Mistake('a zero_grad that empties the list: the numbers of the nodes point to nothing '
                'then. Set its elements', (RESET, 'pass\n    grads.clear()')),
        Mistake('a zero_grad that forgets the first leaf',
                ('range(len(grads))', 'range(1, len(grads))')),
        Mistake('a zero_grad that forgets the last node',
                ('range(len(grads))', 'range(len(grads) - 1)'),
                training=Training('the gradient of the second of two leaves after zero_grad',
                                  lambda program: program([[], []], [[], []], [1, -1])[-1, 1])),
        Mistake('a zero_grad that sets 1', (RESET, 'grads[node] = 1.0')),
        Mistake('a zero_grad that halves', (RESET, 'grads[node] /= 2')),
        Mistake('a backward whose mean of the calls is kept, not their sum',
                ('grads[node] += fresh[node]', 'grads[node] = (grads[node] + fresh[node]) / 2')),
    ])
