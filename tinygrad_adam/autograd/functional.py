"""Jacobians, Hessians and their products with vectors, of functions of tensors.

A backward pass gives one row of a Jacobian: v J for the v it starts from. The rest is arranging.
https://pytorch.org/docs/stable/autograd.html#functional-higher-level-api
"""
from __future__ import annotations

from typing import Any, Callable

from .._functions.indexing import index, stack
from .._functions.shapes import reshape
from . import _errors as errors
from .grad_mode import enable_grad
from .gradients import grad
from .graph import TensorBase

__all__ = ['hessian', 'hvp', 'jacobian', 'jvp', 'vhp', 'vjp']


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
    """The vector v as a list of tensors; only for a single number it may be None."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise errors.vector_needed(like, what)
        return [like[0].detach() * 0 + 1]
    v = [v] if isinstance(v, TensorBase) else list(v)
    if [tuple(x.shape) for x in v] != [tuple(x.shape) for x in like]:
        raise errors.vector_does_not_fit(v, like, what)
    return v


def _refuse(strict, name):
    if strict:
        raise errors.strict_not_built(name)


def _tuple(single, values):
    return values[0] if single else tuple(values)


def _results(single, tensors, create_graph):
    return _tuple(single, [x if create_graph else x.detach() for x in tensors])


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """A vector times the Jacobian: one backward pass that starts from v.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the outputs; may be None for a single number
    create_graph  make the results differentiable
    strict        not built

    Returns (func(inputs), v J).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.vjp.html
    """
    _refuse(strict, 'vjp')
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph)
        one, ys = _outputs(func, xs)
        found = grad(ys, xs, _given(v, ys, 'output'), create_graph=create_graph,
                     materialize_grads=True)
    return _results(one, ys, create_graph), _results(one_input, found, create_graph)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """The Jacobian times a vector, by going back twice: the derivative of u J in u is J.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the inputs; may be None for a single number
    create_graph  make the results differentiable
    strict        not built

    Returns (func(inputs), J v).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.jvp.html
    """
    _refuse(strict, 'jvp')
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


def jacobian(func: Callable[..., Any], inputs: Any, create_graph: bool = False,
             strict: bool = False, vectorize: bool = False) -> Any:
    """All derivatives of all outputs.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    create_graph  make the results differentiable
    strict        not built
    vectorize     a hint about speed, without effect: rows are computed one by one

    Returns for each output and input a tensor of shape output.shape + input.shape.
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html
    """
    _refuse(strict, 'jacobian')
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


def hessian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False,
            vectorize: bool = False) -> Any:
    """The second derivatives of a function with a single value.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    create_graph  make the results differentiable
    strict        not built
    vectorize     a hint about speed, without effect: rows are computed one by one

    Returns a table of tensors, one for each two inputs.
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html
    """
    _refuse(strict, 'hessian')
    one_input = isinstance(inputs, TensorBase)

    def slopes(*xs):
        y = func(*xs)
        if y.numel() != 1:
            raise errors.not_a_single_value(y)
        return _tuple(one_input, grad(reshape(y, ()), xs, create_graph=True,
                                      materialize_grads=True))
    return jacobian(slopes, inputs, create_graph)


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """The Hessian of a function with a single value times v: the derivative of gradient . v.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the inputs; may be None for a single number
    create_graph  make the results differentiable
    strict        not built

    Returns (func(inputs), H v).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.hvp.html
    """
    _refuse(strict, 'hvp')
    value = func(*((inputs,) if isinstance(inputs, TensorBase) else inputs))
    one_input = isinstance(inputs, TensorBase)

    def slopes(*xs):
        return _tuple(one_input, grad(reshape(func(*xs), ()), xs, create_graph=True,
                                      materialize_grads=True))
    return (value if create_graph else value.detach()), vjp(slopes, inputs, v, create_graph)[1]


def vhp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """A vector times the Hessian, which is symmetric: the same as hvp.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the inputs; may be None for a single number
    create_graph  make the results differentiable
    strict        not built

    Returns (func(inputs), v H).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.vhp.html
    """
    _refuse(strict, 'vhp')
    return hvp(func, inputs, v, create_graph)
