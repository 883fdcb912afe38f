"""Which part of a graph a walk has to visit if only some gradients are needed."""
from __future__ import annotations

from typing import Any, Iterable

from . import _errors as errors


def leading_to(inputs: list[Any], seeds: Iterable[Any]) -> dict[Any, bool]:
    """As `leading`, for tensors whose `grad` is needed; those that are not leaves retain it.

    inputs  the tensors
    seeds   nodes and leaves where a walk starts

    The walk goes on from all of them, which frees their nodes, as in PyTorch.
    """
    vertices = [x._vertex() for x in checked(inputs, 'backward')]
    for x in inputs:
        if x.grad_fn is not None or not x._requires_grad:
            x.retain_grad()
    return dict.fromkeys(leading(seeds, vertices), True)


def checked(inputs: list[Any], function: str) -> list[Any]:
    """The inputs of backward() or grad(), if they are tensors."""
    if not inputs:
        raise errors.no_inputs(function)
    for x in inputs:
        if not hasattr(x, 'grad_fn'):
            raise errors.input_is_no_tensor(x)
    return inputs


def leading(seeds: Iterable[Any], vertices: Iterable[Any]) -> dict[Any, bool]:
    """{node or leaf on a path from the seeds to these: whether the path goes on from it}.

    seeds     nodes and leaves where a walk starts
    vertices  nodes and leaves whose gradient is needed
    """
    seen, unexplored = set(seeds), [*seeds]
    while unexplored:
        for parent, *_ in getattr(unexplored.pop(), 'edges', ()):
            if parent not in seen:
                seen.add(parent)
                unexplored.append(parent)
    useful = dict.fromkeys(vertices, False)
    for node in sorted((x for x in seen if hasattr(x, 'edges')), key=lambda node: node.number):
        if any(parent in useful for parent, *_ in node.edges):
            useful[node] = True
    return useful
