"""A value used twice: its gradients add."""
from __future__ import annotations

from ..exercise import Exercise, Mistake, Training
from ..graphs import DIAMOND, PRODUCT, random_graph

TEXT = """
A value that is used twice moves the result in two ways, and what comes back
along them adds.

Nodes are numbered at birth, 0, 1, 2, ... Node i was computed from the nodes
inputs[i], with the local slopes slopes[i], two lists of the same length, []
for leaves. A node may be in inputs[i] twice: b = a + a.

Return the list of the slopes of output with respect to every node: 1 for
output itself, 0 for those on which it does not depend. To visit nodes with
the youngest first is a right order.
"""


def backward(inputs, slopes, output):
    """The list of gradients of output, one for each node."""
    gradients = [0.0] * len(inputs)
    gradients[output] = 1.0
    for node in range(output, -1, -1):
        for before, slope in zip(inputs[node], slopes[node]):
            gradients[before] += slope * gradients[node]
    return gradients


def by_recursion(inputs, slopes, output):
    def slope_to(target, node):
        return float(node == target) + sum(
            slope * slope_to(target, before) for before, slope in zip(inputs[node], slopes[node]))
    return [slope_to(target, output) for target in range(len(inputs))]


def from_the_users(inputs, slopes, output):
    gradients = [0.0] * len(inputs)
    for target in range(output, -1, -1):
        total = 1.0 if target == output else 0.0
        for user in range(target + 1, output + 1):
            for i in range(len(inputs[user])):
                if inputs[user][i] == target:
                    total += slopes[user][i] * gradients[user]
        gradients[target] = total
    return gradients


def naive(inputs, slopes, output):
    gradients = [0.0] * len(inputs)
    gradients[output] = 1.0

    def visit(node):
        for before, slope in zip(inputs[node], slopes[node]):
            gradients[before] += slope * gradients[node]
            visit(before)
    visit(output)
    return gradients


def naive_in_two_loops(inputs, slopes, output):
    gradients = [0.0] * len(inputs)
    gradients[output] = 1.0

    def visit(node):
        for before, slope in zip(inputs[node], slopes[node]):
            gradients[before] += slope * gradients[node]
        for before in inputs[node]:
            visit(before)
    visit(output)
    return gradients


def cases(rng):
    yield [[], [0, 0]], [[], [1.0, 1.0]], 1
    yield (*DIAMOND, 3)
    yield (*PRODUCT, 3)
    for leaves, others in (2, 4), (3, 6), (1, 6):
        inputs, slopes = random_graph(rng, leaves, others)
        yield inputs, slopes, len(inputs) - 1
    inputs, slopes = random_graph(rng, 2, 7)
    yield inputs, slopes, 6
    yield [[], []], [[], []], 1


def descend(backward):
    """(x x - 4)^2 after ten steps from x = 1, as the graph x x, minus 4, squared."""
    x = 1.0
    for _ in range(10):
        rest = x * x - 4
        g = backward([[], [0, 0], [1], [2, 2]], [[], [x, x], [1.0], [rest, rest]], 3)[0]
        x -= 0.02 * g
    return (x * x - 4)**2


LINE = 'gradients[before] += slope * gradients[node]'
PAIRS = 'zip(inputs[node], slopes[node])'

exercise = Exercise(
    5, 'A value that is used twice', chapter=3, text=TEXT, solution=backward, inputs=cases,
    right=[by_recursion, from_the_users],
    training=Training('the loss (x x - 4)^2, after ten steps downhill from x = 1', descend),
    hints=['Two loops: over the nodes from output down to 0, and over the inputs of each.',
           'What a node passes on to an input is its own gradient times the local slope. It is '
           'added to what the input has already.'],
    mistakes=[
        Mistake('a backward in which the last use of a value wins: = stands where += should',
                (LINE, 'gradients[before] = slope * gradients[node]')),
        Mistake('a backward in which the first use of a value wins',
                (LINE, 'gradients[before] = gradients[before] or slope * gradients[node]')),
        Mistake('a backward that visits the oldest first, so that gradients are passed on before '
                'they have arrived, or that ends after the output',
                ('range(output, -1, -1)', 'range(output + 1)')),
        Mistake('a backward by recursion along every path, each passing on all that has arrived so '
                'far', program=naive, also=[naive_in_two_loops]),
        Mistake('a backward that keeps the inputs of a node as a set: of a + a one half is lost',
                (PAIRS, 'dict(zip(inputs[node], slopes[node])).items()'),
                also=[[(PAIRS, 'dict(list(zip(inputs[node], slopes[node]))[::-1]).items()')]]),
        Mistake('a backward without the chain: local slopes are added, and not multiplied by the '
                'gradient of the node', (LINE, 'gradients[before] += slope')),
        Mistake('a backward without local slopes: each input gets the gradient of its node as it '
                'is', (LINE, 'gradients[before] += gradients[node]')),
        Mistake('a backward that adds slope and gradient: along a way they multiply',
                (LINE, 'gradients[before] += slope + gradients[node]')),
        Mistake('a backward that multiplies what comes along different ways, which adds',
                (LINE, 'gradients[before] = (gradients[before] or 1) * slope * gradients[node]')),
        Mistake('a backward that begins with 0: the gradient of the output itself is 1',
                ('gradients[output] = 1.0', 'gradients[output] = 0.0')),
        Mistake('a backward that begins with 1 in every node',
                ('[0.0] * len(inputs)', '[1.0] * len(inputs)')),
        Mistake('a backward from the last node, whichever the output is',
                ('gradients[output] = 1.0', 'gradients[-1] = 1.0'),
                ('range(output, -1, -1)', 'range(len(inputs) - 1, -1, -1)'),
                training=Training('the slope of a + a to a, where one more node, 3 a, was computed '
                                  'and is not used',
                                  lambda backward: backward([[], [0, 0], [0]],
                                                            [[], [1.0, 1.0], [3.0]], 1)[0])),
        Mistake('a backward that goes to the first input of each node alone',
                (PAIRS, 'zip(inputs[node][:1], slopes[node])')),
        Mistake('a backward that takes the mean over the inputs of a node',
                (LINE, 'gradients[before] += slope * gradients[node] / len(inputs[node])')),
        Mistake('a backward in which a leaf is left out: the loop ends before node 0',
                ('range(output, -1, -1)', 'range(output, 1, -1)')),
    ])
