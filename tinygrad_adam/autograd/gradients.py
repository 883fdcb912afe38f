"""`grad`: derivatives that are returned, not accumulated in leaves."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import _errors as errors
from .graph import TensorBase, modes, seeded, several, walk
from .paths import checked, leading

__all__ = ['grad']


def grad(outputs: Any, inputs: Any, grad_outputs: Any = None, retain_graph: bool | None = None,
         create_graph: bool = False, only_inputs: bool = True, allow_unused: bool | None = None,
         is_grads_batched: bool = False, materialize_grads: bool = False) -> tuple[Any, ...]:
    """The derivatives of the sum of the outputs with respect to each input; no `grad` changes.

    outputs, inputs    a tensor or a sequence of them
    grad_outputs       for each output the gradient to start from; None: 1 for one element
    retain_graph       keep the graph for another backward(); None means the same as create_graph
    create_graph       make the gradients differentiable
    only_inputs        True: PyTorch, too, ignores False, with a FutureWarning
    allow_unused       return None, not RuntimeError, for an input that no output depends on
    is_grads_batched   only False: for several grad_outputs, call it several times
    materialize_grads  return zeros for it

    Returns a tuple with a gradient for each input.
    https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
    """
    if not only_inputs:
        errors.warn_of_only_inputs()
    if is_grads_batched:
        raise errors.batched_gradients()
    outputs, inputs = several(outputs), checked(several(inputs), 'grad')
    vertices = [x._vertex() for x in inputs]     # a view of what has changed catches up
    if not all(x._requires_grad for x in inputs):
        raise errors.input_does_not_require_grad()
    if materialize_grads and allow_unused is False:
        raise errors.unused_inputs_are_materialized()
    seeds = seeded(outputs, grad_outputs, create_graph)
    retain = create_graph if retain_graph is None else retain_graph
    sought = set(vertices)
    wanted = leading(seeds, sought)
    before = modes.recording
    try:
        modes.recording = create_graph
        with np.errstate(all='ignore'):
            gradients = collected(walk(seeds, retain, wanted), sought, wanted)
    finally:
        modes.recording = before

    def wrapped(x, g):
        if g is None:
            if materialize_grads:
                g = x._kind._of(np.zeros_like(x._array))
                g.requires_grad = create_graph
            elif not allow_unused:
                raise errors.input_not_used()
            return g
        return g if isinstance(g, TensorBase) else x._kind._of(np.array(g))

    return tuple(wrapped(x, gradients.get(vertex)) for x, vertex in zip(inputs, vertices))


def collected(steps: Any, sought: Any, wanted: Any) -> dict[Any, Any]:
    """{node or leaf: its gradient}: as in PyTorch, hooks change it unless the walk goes on.

    steps   a walk
    sought  the nodes and leaves
    wanted  {node or leaf: whether the walk goes on}
    """
    return {vertex: g if wanted[vertex] else hooked
            for vertex, g, hooked in steps if vertex in sought}
