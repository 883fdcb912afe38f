"""Graphs whose saved values are computed again when they are needed: torch.utils.checkpoint.

A part of a graph is recorded as always. Then its nodes drop what they have saved, all but shapes.
The walk back asks the youngest of them first. The function then runs once more, which records a
second graph of the same nodes, and each node reads what its twin has saved.
"""
from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Callable

from . import _errors as errors
from .grad_fn import subclass
from .grad_mode import enable_grad
from .graph import Node, TensorBase, clock


class Recomputed(Node):
    """A node that has dropped what it saved."""

    __slots__ = ()

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        region, _ = vars(self)['twin']
        if wanted is not None and region.refuses_inputs:
            raise errors.reentrant_with_inputs()
        return super().terms(g, kind, wanted)

    def recall(self, kind: Any) -> list[Any]:
        """What the twin has saved."""
        if self.saved is None:
            raise errors.graph_freed(self)
        region, index = vars(self)['twin']
        return region.twin(index).recall(kind)


class Region:
    """A call whose nodes drop what they save.

    call            computes it, with all its arguments
    again           makes the context of a second call
    check           whether the second call has to do what the first did
    refuses_inputs  whether only a backward() of all leaves may pass
    """

    def __init__(self, call: Callable[[], Any], again: Callable[[], AbstractContextManager[Any]],
                 check: bool, refuses_inputs: bool) -> None:
        self.call: Callable[[], Any] = call
        self.again: Callable[[], AbstractContextManager[Any]] = again
        self.check: bool = check
        self.refuses_inputs: bool = refuses_inputs
        self.kinds: list[Any] = []            # of the nodes, by their birth
        self.twins: dict[int, Node] = {}

    def run(self) -> Any:
        """The result of the first call, whose nodes drop what they saved."""
        start = next(clock)
        result = self.call()
        nodes = born_since(start, result)
        self.kinds = [kind_of(node) for node in nodes]
        for i, node in enumerate(nodes):
            if type(node).terms is Node.terms and node.saved and node.plan.frees:
                node.__class__ = subclass(type(node).__name__, Recomputed)
                node.saved, vars(node)['twin'] = [], (self, i)
        return result

    def twin(self, index: int) -> Node:
        """The twin of a node, which is given once: it may be freed before the others are."""
        if index not in self.twins:
            self.compute()
        return self.twins.pop(index)

    def compute(self) -> None:
        """Run the call again."""
        start = next(clock)
        with enable_grad(), self.again():
            nodes = born_since(start, self.call())
        kinds = [kind_of(node) for node in nodes]
        if len(kinds) != len(self.kinds) or self.check and kinds != self.kinds:
            raise errors.recomputed_otherwise(self.kinds, kinds)
        self.twins = dict(enumerate(nodes))


def born_since(start: int, result: Any) -> list[Node]:
    """The nodes of which the tensors in a result are made, from a time on, the oldest first."""
    found, waiting = {}, [x.grad_fn for x in tensors_in(result)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Node) and node.number > start and node.number not in found:
            found[node.number] = node
            waiting += [parent for parent, *_ in node.edges]
    return [found[number] for number in sorted(found)]


def tensors_in(result: Any) -> list[Any]:
    """The tensors in a structure of tuples, lists and dicts."""
    if isinstance(result, dict):
        result = [*result.values()]
    if isinstance(result, (list, tuple)):
        return [x for part in result for x in tensors_in(part)]
    return [result] if isinstance(result, TensorBase) else []


def kind_of(node: Node) -> Any:
    """What a node and its twin have in common: the operation, and what its gradients are like."""
    return node.plan.operation, [edge[3:] for edge in node.edges]
