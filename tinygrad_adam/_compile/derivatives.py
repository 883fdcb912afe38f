"""The backward part of a program: the walk of graph.py, with each step noted as a line.

The rules are called as in a plain `backward()`, on arrays, in the same order. So the program gives
the same gradients to the last digit; if the function has several outputs, what they contribute to a
gradient may be added in another order.
"""
from __future__ import annotations

import operator
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

from ..autograd._errors import line_of
from ..autograd.graph import Node, TensorBase, unbroadcast
from ..autograd.nonfinite import quiet
from ..autograd.several import Part, Parts, Pieces
from .recording import SLOT, Line, Recorder, Value, unwrapped


class OfParts:
    """A rule for the input of an operation with several outputs, of the gradients of some.

    rule  a function of Parts
    keys  which outputs have a gradient
    """

    def __init__(self, rule: Any, keys: list[int]) -> None:
        self.rule, self.keys = rule, keys
        self.__name__ = 'of_parts'

    def __call__(self, *gradients: Any) -> Any:
        return self.rule(Parts({k: g for k, g in zip(self.keys, gradients) if g is not None}))


class Gradients:
    """What is computed from the gradients of the outputs.

    recorder  has recorded a call
    outputs   the tensors among its results that require grad

    `seeds` are the gradients of the outputs, `found` pairs (tensor, its gradient) for all tensors
    from outside that require grad, and `lines` lead from the ones to the others.
    """

    def __init__(self, recorder: Recorder, outputs: list[Any]) -> None:
        self.recorder = recorder
        self.lines: list[Line] = []
        self.seeds: list[Value] = []
        self.found: list[tuple[Any, Value]] = []
        self.frees: bool = False            # whether a walk may be made only once
        forward, recorder.lines = recorder.lines, self.lines
        with np.errstate(all='ignore'):
            self.walk(outputs)
        self.lines = [line for line in self.lines if line.kind != 'check']
        recorder.lines = forward

    def walk(self, outputs: list[Any]) -> None:
        """Go back from the outputs, the youngest node first."""
        recorder = self.recorder
        self.of = {id(x.grad_fn): recorder.values[id(SLOT.__get__(x))]
                   for x in recorder.born.values() if x.grad_fn is not None}
        outside = {id(x.grad_fn or x): x for x, _ in recorder.sources.values()
                   if isinstance(x, TensorBase) and x._requires_grad}
        pending: dict[Any, Any] = {}
        for x in outputs:
            seed = Value(np.ones_like(SLOT.__get__(x)))
            seed.source = x
            self.seeds.append(self.named(seed, x.grad_fn))
            self.add(pending, x.grad_fn, seed)
        queue = [(-node.number, node) for node in pending if id(node) not in outside]
        heapify(queue)
        while queue:
            node = heappop(queue)[1]
            g = pending.pop(node)
            if type(node).terms not in (Node.terms, Part.terms, Pieces.terms):
                recorder.stop(f'{node.name()} has a backward of its own')
            if node._hooks:
                recorder.stop('a tensor inside has a hook, or retains its gradient')
            if recorder.reason is not None:
                return
            if isinstance(node, Part):      # its operation is given all gradients together
                pieces, k, *_ = node.edges[0]
                if pieces not in pending:
                    heappush(queue, (-pieces.number, pieces))
                pending.setdefault(pieces, {})[k] = g
                continue
            self.frees = self.frees or node.plan.frees
            for parent, term in self.terms(node, g):
                new = parent not in pending
                self.add(pending, parent, term)
                if new and isinstance(parent, Node) and id(parent) not in outside:
                    heappush(queue, (-parent.number, parent))
        for vertex, g in pending.items():
            if id(vertex) not in outside:
                return recorder.stop('a leaf that requires grad is made')
            self.found.append((outside[id(vertex)], g))

    def terms(self, node: Any, g: Any) -> Any:
        """Pairs of a parent and the value of the gradient it receives: see Node.terms."""
        try:
            values = [unwrapped(x) for x in node.recall(None)]
        except RuntimeError:
            return self.recorder.stop('what backward needs is changed in place')
        if any(isinstance(x, np.ndarray) and id(x) not in self.recorder.values for x in values):
            return self.recorder.stop('what backward needs is kept apart from a change in place')
        given = (g,)
        for parent, rule, reads, shape, dtype in node.edges:
            if isinstance(node, Pieces):
                rule, given = OfParts(rule, [*g]), tuple(g.values())
            term = self.line(rule, (*given, *values[reads]), node)
            if term.array.shape != shape:
                term = self.line(unbroadcast, (term, shape), node)
            if term.array.dtype is not dtype:
                term = self.line('astype', (term, dtype), node)
            yield parent, self.named(term, parent)

    def add(self, pending: dict[Any, Value], vertex: Any, term: Value) -> None:
        """Add a term to the gradient of a node or leaf."""
        if vertex in pending:
            term = self.named(self.line(operator.add, (pending[vertex], term), vertex), vertex)
        pending[vertex] = term

    def line(self, function: Any, args: Any, node: Any) -> Value:
        """Note a step, and its place in the user's program."""
        quiet()
        arrays = [x.array if isinstance(x, Value) else x for x in args]
        method = isinstance(function, str)
        result = (getattr(arrays[0], function) if method else function)(*arrays[method:])
        before = len(self.lines)
        value: Value = self.recorder.call(function, args, {}, result)
        for line in self.lines[before:]:
            line.user = None
            if isinstance(node, Node):
                line.user = node.location[0].co_filename, line_of(node)
        return value

    def named(self, g: Value, vertex: Any) -> Value:
        """The gradient, named after what it is the gradient of."""
        if g.of is None:
            g.of = self.of.get(id(vertex))
            if isinstance(vertex, TensorBase):
                g.of = self.recorder.values.get(id(SLOT.__get__(vertex)))
        return g
