"""`backward` and `grad`: where a walk through the graph starts, and what comes of it."""
from __future__ import annotations

import numpy as np

from .engine import Node, TensorBase, clock, clone, memory_of, walk
from .modes import set_grad_enabled


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, *, inputs=None):
    """Add to the `grad` of every leaf the derivative of the tensors in it.

    `grad_tensors` are the gradients to start from, shaped like the tensors; None for scalars is 1.
    The graph is freed unless `retain_graph`. With `create_graph` the gradients have one themselves.
    `inputs` limits the leaves.
    https://pytorch.org/docs/stable/generated/torch.autograd.backward.html
    """
    seeds = seeded(several(tensors), grad_tensors, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    wanted = inputs if inputs is None else set(several(inputs))
    with set_grad_enabled(create_graph):
        for place, g in walk(seeds, keep):
            if type(place) is not Node:
                if wanted is None or place in wanted:
                    accumulate(place, g)
            elif place.retained:
                for tensor in [reference() for reference in place.retained]:
                    if tensor is not None:
                        accumulate(tensor, clone(g))


def accumulate(tensor, g):
    """Add g, a tensor if differentiable and else an array that is nobody else's, to the grad."""
    if tensor._grad is None:
        tensor._grad = g if isinstance(g, TensorBase) else tensor.result._of(g)
    elif isinstance(g, TensorBase):
        tensor._grad = tensor._grad + g
    else:
        tensor._grad._array[...] += g
        increment_version(tensor._grad)


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False,
         allow_unused=None, materialize_grads=False):
    """The derivatives of the outputs in each of the inputs, as a tuple; no `grad` is touched.

    Arguments as for `backward`. An input that the outputs do not depend on raises RuntimeError,
    or gives None with `allow_unused`, zeros with `materialize_grads`.
    https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
    """
    outputs, inputs = several(outputs), several(inputs)
    if not all(x._requires_grad for x in inputs):
        raise RuntimeError(
            'One of the differentiated Tensors does not require grad: nothing was recorded from '
            'it. Call requires_grad_() on it before computing the outputs.')
    seeds = seeded(outputs, grad_outputs, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    places = [x.grad_fn or x for x in inputs]
    sought = set(places)
    with set_grad_enabled(create_graph):
        found = {node: g for node, g in walk(seeds, keep, leading(seeds, sought))
                 if node in sought}
    if not (allow_unused or materialize_grads) and sought - set(found):
        raise RuntimeError(
            'One of the differentiated Tensors appears to not have been used in the graph: the '
            'outputs do not depend on it. Set allow_unused=True to get None for it.')

    def wrapped(x, g):
        if g is None and materialize_grads:
            g = np.zeros_like(x._array)
        return g if g is None or isinstance(g, TensorBase) else x.result._of(np.array(g))

    return tuple(wrapped(x, found.get(place)) for x, place in zip(inputs, places))


def increment_version(tensor):
    """Tell the graph that the tensor's values were changed in place from outside.

    https://pytorch.org/docs/stable/generated/torch.autograd.graph.increment_version.html
    """
    memory_of(tensor).changed = next(clock)


def several(x):
    return [x] if isinstance(x, TensorBase) or x is None else list(x)


def seeded(outputs, gradients, differentiable):
    """The nodes of the outputs, each with the gradient to start from: arrays, or tensors."""
    seeds = {}
    gradients = [None] * len(outputs) if gradients is None else several(gradients)
    for output, g in zip(outputs, gradients):
        if output._memory is not None and output._memory.recorded > output._seen:
            output._catch_up()
        if not output._requires_grad:
            raise RuntimeError(
                'element 0 of tensors does not require grad and does not have a grad_fn: nothing '
                'it was computed from asks for a gradient, or that was under no_grad(). Make the '
                'tensors you want derivatives in with requires_grad=True before computing.')
        shape = output._array.shape
        if g is None:
            if output._array.size != 1:
                raise RuntimeError(
                    'grad can be implicitly created only for scalar outputs: this one has shape '
                    f'{shape}, so there is no single derivative. Reduce it first, with .sum() or '
                    '.mean(), or pass a gradient of its shape: backward(gradient).')
            g = np.ones(shape, output._array.dtype)
            g = output.result._of(g) if differentiable else g
        elif not isinstance(g, TensorBase) or g._array.shape != shape:
            given = f'shape {g._array.shape}' if isinstance(g, TensorBase) else type(g).__name__
            raise RuntimeError(
                f'Mismatch in shape: the gradient has {given}, the output shape {shape}; each '
                'element of the output needs its own. Pass a tensor of that shape.')
        elif not differentiable:
            g = np.array(g._array, output._array.dtype)
        node = output.grad_fn or output
        seeds[node] = seeds[node] + g if node in seeds else g
    return seeds


def leading(seeds, places):
    """The nodes between the seeds and these places: no other gradient need be computed."""
    seen, unexplored = set(seeds), list(seeds)
    while unexplored:
        node = unexplored.pop()
        for parent, *_ in node.parents if type(node) is Node else ():
            if parent not in seen:
                seen.add(parent)
                unexplored.append(parent)
    useful = set(places)
    for node in sorted((n for n in seen if type(n) is Node), key=lambda n: n.number):
        if any(parent in useful for parent, *_ in node.parents):
            useful.add(node)
    return useful
