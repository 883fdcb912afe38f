"""The order of the walk: youngest first."""
from __future__ import annotations

from ..exercise import Exercise, Mistake, Training
from ..graphs import DIAMOND, random_graph

TEXT = """
Backward visits the nodes of a graph. A node passes its gradient on to those
it was computed from, so before it does, all that it will ever get must have
arrived: from every node that used it.

Nodes are numbered at birth, 0, 1, 2, ...; inputs[i] is the list of the nodes
that node i was computed from, [] for a leaf. A node that was squared, or
added to itself, is in it twice.

Return the numbers of output and of all nodes that it depends on, directly or
not, each once, in an order in which backward may visit them. There are
several; to take the youngest first is one.
"""


def walk_order(inputs, output):
    """The list of the nodes to visit, output first."""
    reached = set()
    waiting = [output]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(inputs[node])
    return sorted(reached, reverse=True)


def by_recursion(inputs, output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for before in inputs[node]:
                visit(before)
            order.append(node)
    visit(output)
    return order[::-1]


def by_marks(inputs, output):
    needed = [False] * len(inputs)
    needed[output] = True
    for node in range(output, -1, -1):
        if needed[node]:
            for before in inputs[node]:
                needed[before] = True
    return [node for node in range(output, -1, -1) if needed[node]]


def by_counting(inputs, output):
    uses = {}
    for node in set(walk_order(inputs, output)):
        for before in inputs[node]:
            uses[before] = uses.get(before, 0) + 1
    order, ready = [], [output]
    while ready:
        order.append(ready.pop(0))
        for before in inputs[order[-1]]:
            uses[before] -= 1
            if uses[before] == 0:
                ready.append(before)
    return order


def every_path(inputs, output):
    order = [output]
    for node in inputs[output]:
        order += every_path(inputs, node)
    return order


def deep_first(inputs, output):
    order, waiting = [], [output]
    while waiting:
        node = waiting.pop()
        if node not in order:
            order.append(node)
            waiting.extend(reversed(inputs[node]))
    return order


def deep_last_input_first(inputs, output):
    order, waiting = [], [output]
    while waiting:
        node = waiting.pop()
        if node not in order:
            order.append(node)
            waiting.extend(inputs[node])
    return order


def broad_first(inputs, output):
    order, waiting = [], [output]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting.extend(inputs[node])
    return order


def youngest_of_all_paths(inputs, output):
    return sorted(every_path(inputs, output), reverse=True)


def every_path_reversed(inputs, output):
    order = []

    def visit(node):
        for before in inputs[node]:
            visit(before)
        order.append(node)
    visit(output)
    return order[::-1]


def asked_too_early(inputs, output):
    order, waiting = [], [output]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += [before for before in inputs[node] if before not in order]
    return sorted(order, reverse=True)


def use(learner, inputs, slopes, output):
    """The gradients that a walk in this order finds, and the number of its visits."""
    order = learner.walk_order([list(before) for before in inputs], output)
    if order is None:
        return None
    gradients = [0.0] * len(inputs)
    gradients[output] = 1.0
    for node in order:
        for before, slope in zip(inputs[node], slopes[node]):
            gradients[before] += slope * gradients[node]
    return gradients, len(order)


def cases(rng):
    yield (*DIAMOND, 3)
    yield [[], [], [], [0], [3, 3], [4, 2, 3]], [[], [], [], [2.0], [1.0, 1.0], [3.0, 1.0, 0.5]], 5
    for last in [3, 1], [1, 3], [2, 3]:     # node 1 is used twice, along ways of various lengths
        before = [2] if 1 in last else [1]
        yield [[], [0], [1], before, last], [[], [2.0], [3.0], [0.5], [1.0, 4.0]], 4
    for leaves, others in (2, 5), (3, 7), (1, 6), (2, 8):
        inputs, slopes = random_graph(rng, leaves, others)
        yield inputs, slopes, len(inputs) - 1
    inputs, slopes = random_graph(rng, 2, 7)
    yield inputs, slopes, 5
    yield [[], [0]], [[], [2.0]], 0


def fibonacci(program):
    inputs = [[], [], *([i - 1, i - 2] if i % 2 else [i - 2, i - 1] for i in range(2, 11))]
    return program(inputs, [[1.0] * len(before) for before in inputs], 10)[0][1]


def visits(program):
    inputs = [[], *([i, i] for i in range(10))]
    return program(inputs, [[1.0] * len(before) for before in inputs], 10)[1]


VISITS = Training('the number of visits for ten doublings, a graph of 11 nodes', visits)
RETURN = 'return sorted(reached, reverse=True)'

exercise = Exercise(
    4, 'The order of the walk', chapter=3, text=TEXT, solution=walk_order, inputs=cases, use=use,
    right=[by_recursion, by_marks, by_counting], returns=['the gradient', 'the number of visits'],
    training=Training('the slope of the tenth Fibonacci number to the first, where each is the sum '
                      'of the two before', fibonacci),
    hints=['Collect first all nodes that are reached from output, each once: a list of those that '
           'wait, and a set of those that have been reached.',
           'All that use a node are younger than it. So what is right about the order in which '
           'they were born?',
           'sorted(..., reverse=True)'],
    mistakes=[
        Mistake('a walk that takes the oldest first, or inputs before what was computed from them. '
                'That is the order of forward; backward needs it reversed',
                (RETURN, 'return sorted(reached)')),
        Mistake('a walk along every path: a node that is used twice is visited twice, and passes '
                'on twice what it got first', program=every_path),
        Mistake('a walk into depth at once, first inputs first: a node is visited when it is met '
                'first, and not after all that use it', program=deep_first),
        Mistake('a walk into depth at once, last inputs first (a stack): a node is visited when it '
                'is met first, and not after all that use it', program=deep_last_input_first),
        Mistake('a walk by distance from the output (a queue): a node is visited when it is met '
                'first, but a longer way to it may still bring more', program=broad_first),
        Mistake('a walk that is in order but has a node once for each path to it: a set of those '
                'that were reached is missing', program=youngest_of_all_paths),
        Mistake('a walk along every path, its nodes noted after their inputs and the whole '
                'reversed: a set of those that were visited is missing',
                program=every_path_reversed),
        Mistake('a walk that asks too early whether a node was visited, when it is put in line: '
                'by the time it is its turn it may have been', program=asked_too_early),
        Mistake('a walk through all nodes, also those on which the output does not depend',
                (RETURN, 'return list(range(len(inputs)))[::-1]'),
                also=[[(RETURN, 'return list(range(output, -1, -1))')]],
                training=Training('the number of visits for a sum of two of 100 leaves',
                                  lambda program: program(
                                      [[]] * 100 + [[0, 1]], [[]] * 100 + [[1.0, 1.0]], 100)[1])),
        Mistake('a walk without the leaves: they are visited, too, if only to hand over what they '
                'got', (RETURN, 'return sorted((n for n in reached if inputs[n]), reverse=True)'),
                training=VISITS),
        Mistake('a walk without its beginning: the output itself is missing',
                (RETURN, 'return sorted(reached - {output}, reverse=True)')),
        Mistake('a walk that follows only the first input of each node',
                ('waiting.extend(inputs[node])', 'waiting.extend(inputs[node][:1])')),
        Mistake('a walk that follows only the last input of each node',
                ('waiting.extend(inputs[node])', 'waiting.extend(inputs[node][-1:])')),
        Mistake('a walk that goes one step: the output and its inputs',
                (RETURN, 'return sorted({output, *inputs[output]}, reverse=True)')),
    ])
