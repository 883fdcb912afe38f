"""`grad`: derivatives handed out, instead of accumulated in leaves."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import _errors as errors
from .graph import Node, TensorBase, modes, seeded, several, walk

__all__ = ['grad']


def grad(outputs: Any, inputs: Any, grad_outputs: Any = None, retain_graph: bool | None = None,
         create_graph: bool = False, allow_unused: bool | None = None,
         materialize_grads: bool = False) -> tuple[Any, ...]:
    """The derivatives of the sum of the outputs in each of the inputs; no `grad` is touched.

    outputs, inputs    a tensor or a sequence of them
    grad_outputs       for each output the gradient to start from; None is 1 for a single number
    retain_graph       keep the graph; None is create_graph
    create_graph       make the gradients differentiable
    allow_unused       give None for an input that the outputs do not depend on (RuntimeError)
    materialize_grads  give zeros for it

    Returns a tuple with a gradient for each input.
    https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
    """
    outputs, inputs = several(outputs), several(inputs)
    if not all(x._requires_grad for x in inputs):
        raise errors.input_does_not_require_grad()
    seeds = seeded(outputs, grad_outputs, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    vertices = [x.grad_fn or x for x in inputs]
    sought = set(vertices)
    before, modes.recording = modes.recording, create_graph
    try:
        gradients = {vertex: g for vertex, g in walk(seeds, keep, leading(seeds, sought))
                     if vertex in sought}
    finally:
        modes.recording = before
    if not (allow_unused or materialize_grads) and len(gradients) < len(sought):
        raise errors.input_not_used()

    def wrapped(x, g):
        if g is None and materialize_grads:
            g = np.zeros_like(x._array)
        return g if g is None or isinstance(g, TensorBase) else x.result._of(np.array(g))

    return tuple(wrapped(x, gradients.get(vertex)) for x, vertex in zip(inputs, vertices))


def leading(seeds: Any, vertices: Any) -> Any:
    """The nodes between the seeds and these nodes and leaves: no other gradient is needed."""
    seen, unexplored = set(seeds), list(seeds)
    while unexplored:
        node = unexplored.pop()
        for parent, *_ in node.edges if isinstance(node, Node) else ():
            if parent not in seen:
                seen.add(parent)
                unexplored.append(parent)
    useful = set(vertices)
    for node in sorted((n for n in seen if isinstance(n, Node)), key=lambda n: n.number):
        if any(parent in useful for parent, *_ in node.edges):
            useful.add(node)
    return useful
