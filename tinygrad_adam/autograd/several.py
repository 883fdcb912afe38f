"""Operations with several outputs: calls of a Function, and unbind, split and chunk.

A node has one output. So each of several has a node of its own, a `Part`, in front of that of the
operation, `Several`, which is given their gradients together, as `Parts`.
"""
from __future__ import annotations

import sys
import weakref
from types import SimpleNamespace
from typing import Any, Callable, Dict

from .grad_fn import subclass
from .graph import Node, TensorBase, clock
from .primitive import of_user


class Several(Node):
    """The node of an operation that has several outputs."""

    plan: Any
    number: int
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None
    location: tuple[Any, int]
    parts: Any = ()     # weak references to the nodes of the outputs

    def nodes_of_parts(self, count: int) -> list[Any]:
        """New nodes of the outputs. The first is the youngest: its hooks are called first.

        count  how many outputs there are
        """
        nodes = [self.part(k) for k in reversed(range(count))][::-1]
        self.parts = [weakref.ref(node) for node in nodes]
        return nodes

    def part(self, k: int) -> Part:
        """The node of output k."""
        return subclass(type(self).__name__, Part)(self, k)

    def call_hooks_of_unused(self, parts: Parts) -> None:
        """Call the hooks of the outputs that have no gradient, with None.

        parts  the gradients of the others
        """
        for k, reference in enumerate(self.parts):
            for hook in getattr(reference(), '_hooks', ()) if k not in parts else ():
                hook(None)


class Pieces(Several):
    """The node of an operation that returns parts of a tensor.

    input  the tensor
    rule   a function of Parts, which returns the gradient of the input
    """

    plan: Any
    number: int
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None
    location: tuple[Any, int]

    def __init__(self, operation: str, input: TensorBase, rule: Callable[[Parts], Any]) -> None:
        frame = of_user(sys._getframe(1))
        self.plan = SimpleNamespace(operation=operation, saves=(), edges=[(0,)], arguments=[0],
                                    frees=False)
        self.number, self.location, self.saved = next(clock), (frame.f_code, frame.f_lasti), []
        self.edges = [(input._vertex(), rule, slice(0), input._array.shape, input._array.dtype)]

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        self.call_hooks_of_unused(g)
        given = {k: piece for k, piece in g.items() if piece is not None}
        return super().terms(Parts(given) if given else None, kind, wanted)


class Part(Node):
    """The node of output k of a call that has several."""

    plan: Any
    number: int
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None
    location: tuple[Any, int]

    def __init__(self, call: Several, k: int) -> None:
        self.plan = SimpleNamespace(operation=call.plan.operation, saves=(), edges=[(0,)])
        self.number, self.location, self.saved = next(clock), call.location, []
        self.edges = [(call, k, slice(0), None, None)]

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """Those of the call."""
        functions: tuple[tuple[Any, int], ...] = self.edges[0][0].next_functions
        return functions

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        self.recall(kind)
        call, k, *_ = self.edges[0]
        return [(call, Parts({k: g}))] if not wanted or call in wanted else []

    def forget(self) -> None:
        """Nothing was saved."""


class Parts(Dict[int, Any]):
    """The gradients of several outputs of a call: {index of the output: gradient, or None}."""

    def __add__(self, other: Parts) -> Parts:
        return Parts({**self, **other})
