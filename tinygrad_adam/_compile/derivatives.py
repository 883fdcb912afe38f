"""The way back, recorded: the walk of graph.py, on gradients that note what the rules do."""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd._errors import line_of
from ..autograd.graph import Node, TensorBase, walk
from ..autograd.several import Part, Pieces
from .recording import SLOT, Recorder, Traced, Value


def reached(recorder: Recorder, output: Any, outside: dict[Any, Any]) -> dict[Any, bool]:
    """{node or leaf that a tensor was computed from: whether the walk goes on from it}.

    outside  {node or leaf: the tensor}: what was there before the call
    """
    found: dict[Any, bool] = {}
    unexplored = [output.grad_fn]
    while unexplored:
        vertex = unexplored.pop()
        found[vertex] = vertex not in outside
        if isinstance(vertex, TensorBase) and found[vertex]:
            recorder.stop('a leaf that requires grad is made')
        elif found[vertex]:
            if type(vertex).terms not in (Node.terms, Part.terms, Pieces.terms):
                recorder.stop(f'{vertex.name()} has a backward of its own')
            if vertex._hooks:
                recorder.stop('a tensor inside has a hook, or retains its gradient')
            unexplored += [edge[0] for edge in vertex.edges if edge[0] not in found]
    return found


def gradients(recorder: Recorder, seeds: dict[Any, Traced], outside: dict[Any, Any],
              wanted: dict[Any, bool]) -> tuple[dict[Any, Value], list[Value]]:
    """{node or leaf outside: its gradient}, and the steps that compute them.

    seeds    {node of an output: its gradient}
    outside  {node or leaf: the tensor}
    wanted   {node or leaf: whether to go on from it}
    """
    found: dict[Any, Value] = {}
    of = {x.grad_fn or x: recorder.of(SLOT.__get__(x))._value
          for x in [*recorder.born.values(), *outside.values()]}
    hooks = {vertex: vars(vertex).pop('_hooks') for vertex in outside if '_hooks' in vars(vertex)}
    forward, recorder.lines = recorder.lines, []
    try:
        with np.errstate(all='ignore'):
            for vertex, g, _ in walk({**seeds}, True, wanted):
                if isinstance(g, (np.ndarray, np.generic)):
                    value = recorder.value(g)
                    while vertex in outside and value.function == 'copy':   # of the walk
                        value = value.args[0]
                    value.of = value.of or of.get(vertex)
                    if vertex in outside:
                        found[vertex] = value
                if isinstance(vertex, Node):
                    recorder.user = vertex.location[0].co_filename, line_of(vertex)
    except Exception:
        recorder.stop('what backward needs is changed in place, or has no derivative')
    finally:
        for vertex, own in hooks.items():
            vertex._hooks = own
        forward, recorder.lines, recorder.user = recorder.lines, forward, None
    if any(line.function == 'check' for line in forward):
        recorder.stop('the way back depends on values')
    return found, forward
