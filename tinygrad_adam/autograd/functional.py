"""Jacobians, Hessians and their products with vectors, of functions of tensors.

A backward pass gives one row of a Jacobian: v J for the v it starts from. The rest is arranging.
https://pytorch.org/docs/stable/autograd.html#functional-higher-level-api
"""
from __future__ import annotations

from ..ops.indexing import index, stack
from ..ops.shapes import reshape
from .engine import TensorBase
from .gradients import grad
from .modes import enable_grad


def _inputs(inputs, create_graph):
    """The inputs as fresh leaves, or, to be differentiated through, as they are in the graph."""
    single = isinstance(inputs, TensorBase)
    xs = (inputs,) if single else tuple(inputs)
    through = [create_graph and x.requires_grad for x in xs]
    return single, [x.view_as(x) if graph else x.detach().requires_grad_()
                    for x, graph in zip(xs, through)]


def _outputs(func, xs):
    found = func(*xs)
    single = isinstance(found, TensorBase)
    return single, [found] if single else list(found)


def _given(v, like, what):
    """The vector v, which only a scalar needs not."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(f'The vector v can only be None if the {what} is a single element: '
                               f'there are {[tuple(x.shape) for x in like]} here. Pass tensors of '
                               'that shape.')
        return [like[0].detach() * 0 + 1]
    v = [v] if isinstance(v, TensorBase) else list(v)
    if [tuple(x.shape) for x in v] != [tuple(x.shape) for x in like]:
        raise RuntimeError(f'v has invalid size: {[tuple(x.shape) for x in v]} for the {what} '
                           f'{[tuple(x.shape) for x in like]}: each element needs its own. Reshape '
                           'it.')
    return v


def _tuple(single, values):
    return values[0] if single else tuple(values)


def _results(single, tensors, create_graph):
    return _tuple(single, [x if create_graph else x.detach() for x in tensors])


def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), v J): one backward pass that starts from v."""
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph)
        one, ys = _outputs(func, xs)
        found = grad(ys, xs, _given(v, ys, 'output'), create_graph=create_graph,
                     materialize_grads=True)
    return _results(one, ys, create_graph), _results(one_input, found, create_graph)


def jvp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), J v), by going back twice: u J is linear in u, its derivative is J."""
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph)
        v = _given(v, xs, 'input')
        one, ys = _outputs(func, xs)
        us = [(y.detach() * 0).requires_grad_() for y in ys]
        rows = grad(ys, xs, us, create_graph=True, materialize_grads=True)
        found = [u * 0 for u in us]
        pairs = [(row, x) for row, x in zip(rows, v) if row.requires_grad]
        if pairs:
            found = grad([row for row, _ in pairs], us, [x for _, x in pairs],
                         create_graph=create_graph, materialize_grads=True)
    return _results(one, ys, create_graph), _results(one, found, create_graph)


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False):
    """All derivatives: for each output and input a tensor of shape output.shape + input.shape."""
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph)
        one, ys = _outputs(func, xs)
        tables = []
        for y in ys:
            flat = reshape(y, (-1,))
            rows = [grad(index(flat, i), xs, retain_graph=True, create_graph=create_graph,
                         materialize_grads=True) for i in range(y.numel())]
            tables.append(_tuple(one_input, [
                reshape(stack([row[j] for row in rows]), (*y.shape, *x.shape))
                for j, x in enumerate(xs)]))
    return _tuple(one, tables)


def hessian(func, inputs, create_graph=False, strict=False, vectorize=False):
    """The second derivatives of a scalar func: a table of tensors, one for each two inputs."""
    one_input = isinstance(inputs, TensorBase)

    def slopes(*xs):
        y = func(*xs)
        if y.numel() != 1:
            raise RuntimeError(f'hessian: func should return a single value, not {tuple(y.shape)}: '
                               'each output has a Hessian of its own. Sum it.')
        return _tuple(one_input, grad(reshape(y, ()), xs, create_graph=True,
                                      materialize_grads=True))
    return jacobian(slopes, inputs, create_graph)


def hvp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), H v) for a scalar func: the derivative of (gradient . v)."""
    value = func(*((inputs,) if isinstance(inputs, TensorBase) else inputs))
    one_input = isinstance(inputs, TensorBase)

    def slopes(*xs):
        return _tuple(one_input, grad(reshape(func(*xs), ()), xs, create_graph=True,
                                      materialize_grads=True))
    return (value if create_graph else value.detach()), vjp(slopes, inputs, v, create_graph)[1]


vhp = hvp      # H is symmetric
