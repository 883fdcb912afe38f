"""Jacobians, Hessians and their products with vectors, of functions of tensors.

A backward pass that starts from v gives v J; for a unit vector v that is a row of the Jacobian J.

The derivative with respect to an input that a result does not depend on is zeros. With
`strict=True` it is a RuntimeError instead, and so is a result that cannot be differentiated again
although `create_graph=True` asks for it: then a mistake in `func`, such as a detach(), is noticed.
https://pytorch.org/docs/stable/autograd.html#functional-higher-level-api
"""
from __future__ import annotations

from typing import Any, Callable

from .._functions.indexing import index, stack
from .._functions.shapes import reshape
from . import _functional_errors as errors
from .grad_mode import enable_grad
from .gradients import grad
from .graph import TensorBase

__all__ = ['hessian', 'hvp', 'jacobian', 'jvp', 'vhp', 'vjp']


def _several(x, what, name):
    """(whether x is a single tensor, a tuple of tensors)."""
    single = not isinstance(x, tuple)
    tensors = (x,) if single else x
    for tensor in tensors:
        if not isinstance(tensor, TensorBase):
            raise errors.not_tensors(name, what, tensor)
    return single, tensors


def _inputs(inputs, create_graph, name):
    """The inputs as fresh leaves, or, to be differentiated through, as they are in the graph."""
    single, xs = _several(inputs, 'inputs', name)
    return single, [x.view_as(x) if create_graph and x.requires_grad else
                    x.detach().requires_grad_() for x in xs]


def _outputs(func, xs, strict, name):
    """What func returns."""
    single, ys = _several(func(*xs), 'outputs of the user-provided function', name)
    for i, y in enumerate(ys):
        if strict and not y.requires_grad:
            raise errors.output_without_graph(i)
    return single, ys


def _value(func, xs, strict, name):
    """The only value of func, of whatever shape."""
    single, ys = _outputs(func, xs, strict, name)
    if not single:
        raise errors.several_values(name, ys)
    if ys[0].numel() != 1:
        raise errors.not_a_single_value(name, ys[0])
    return ys[0]


def _gradient(y, xs, strict):
    """The gradients of a single value, differentiable."""
    grads = _grads([y], xs, create_graph=True)
    for i, g in enumerate(grads):
        if strict and g is None:
            raise errors.independent('The output', i)
        if strict and not g.requires_grad:
            raise errors.constant_jacobian(i)
    return grads


def _given(v, like, create_graph, what, name):
    """The vector v as a list of tensors; it may be None only for a single element."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise errors.vector_needed(like, what)
        return [like[0].new_ones(like[0].shape)]
    v = _several(v, 'v', name)[1]
    if [x.shape for x in v] != [x.shape for x in like]:
        raise errors.vector_does_not_fit(v, like, what)
    return [x if create_graph else x.detach() for x in v]


def _grads(ys, xs, gradients=None, **options) -> list[Any]:
    """grad, with None for each x that no y depends on in the graph."""
    pairs = zip(ys, gradients or [None] * len(ys))
    pairs = [(y, g) for y, g in pairs if y is not None and y.requires_grad]
    if not pairs:
        return [None] * len(xs)
    return [*grad([y for y, _ in pairs], xs, [g for _, g in pairs], allow_unused=True, **options)]


def _filled(grads, like, create_graph, strict=False, of='The output', slope='The jacobian'):
    """The gradients, with zeros for None; errors say that `slope`, or `of`, has no derivative."""
    for i, g in enumerate(grads):
        if strict and g is None:
            raise errors.independent(of, i)
        if strict and create_graph and not g.requires_grad:
            raise errors.constant_slope(slope, i)
    return [x.new_zeros(x.shape) if g is None else g if create_graph else g.detach()
            for x, g in zip(like, grads)]


def _tuple(single, values):
    return values[0] if single else tuple(values)


def _results(single, tensors, create_graph):
    return _tuple(single, [x if create_graph else x.detach() for x in tensors])


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """A vector times the Jacobian: one backward pass that starts from v.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the outputs; may be None for a single element
    create_graph  make the results differentiable
    strict        refuse an output that depends on no input, and an input that has no effect

    Returns (func(inputs), v J).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.vjp.html
    """
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph, 'vjp')
        one, ys = _outputs(func, xs, strict, 'vjp')
        v = _given(v, ys, create_graph, 'output', 'vjp')
        grads = _grads(ys, xs, v, create_graph=create_graph)
        grads = _filled(grads, xs, create_graph, strict)
    return _results(one, ys, create_graph), _tuple(one_input, grads)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """The Jacobian times a vector, by two backward passes: the derivative of u J by u is J.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the inputs; may be None for a single element
    create_graph  make the results differentiable
    strict        refuse an output that depends on no input, and an input that has no effect

    Returns (func(inputs), J v).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.jvp.html
    """
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph, 'jvp')
        v = _given(v, xs, create_graph, 'input', 'jvp')
        one, ys = _outputs(func, xs, strict, 'jvp')
        us = [y.new_zeros(y.shape).requires_grad_() for y in ys]
        rows = _grads(ys, xs, us, create_graph=True)
        _filled(rows, xs, False, strict)
        grads = _grads(rows, us, v, create_graph=create_graph)
        grads = _filled(grads, ys, create_graph, strict)
    return _results(one, ys, create_graph), _tuple(one, grads)


def jacobian(func: Callable[..., Any], inputs: Any, create_graph: bool = False,
             strict: bool = False, vectorize: bool = False,
             strategy: str = 'reverse-mode') -> Any:
    """All derivatives of all outputs.

    func          a function of tensors that returns a tensor or several
    inputs        a tensor or a tuple of tensors
    create_graph  make the results differentiable
    strict        refuse an output that depends on no input, and an input that has no effect
    vectorize     a hint about speed, without effect: rows are computed one by one
    strategy      'reverse-mode'; the other is not implemented

    Returns for each output and input a tensor of shape output.shape + input.shape.
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html
    """
    _check_strategy(strategy, strict and vectorize, 'jacobian')
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph, 'jacobian')
        one, ys = _outputs(func, xs, strict, 'jacobian')
        tables = []
        for k, y in enumerate(ys):
            flat = reshape(y, (-1,))
            rows = [_filled(_grads([index(flat, i)], xs, retain_graph=True,
                                    create_graph=create_graph),
                            xs, create_graph, strict, f'Output {k}') for i in range(y.numel())]
            tables.append(_tuple(one_input, [
                reshape(stack([row[j] for row in rows]), (*y.shape, *x.shape))
                for j, x in enumerate(xs)]))
    return _tuple(one, tables)


def _check_strategy(strategy, strict_and_vectorize, name):
    if strategy not in ('forward-mode', 'reverse-mode'):
        raise errors.unknown_strategy(name, strategy)
    if strategy == 'forward-mode':
        raise errors.forward_mode_not_built(name)
    if strict_and_vectorize:
        raise errors.strict_and_vectorize(name)


def hessian(func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False,
            vectorize: bool = False, outer_jacobian_strategy: str = 'reverse-mode') -> Any:
    """The second derivatives of a function with a single value.

    func                     a function of tensors that returns a tensor of one element
    inputs                   a tensor or a tuple of tensors
    create_graph             make the results differentiable
    strict                   refuse a value, or a gradient, that does not depend on the inputs
    vectorize                a hint about speed, without effect: rows are computed one by one
    outer_jacobian_strategy  'reverse-mode'; the other is not implemented

    Returns a table of tensors, one for each pair of inputs.
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html
    """
    _check_strategy(outer_jacobian_strategy, strict and vectorize, 'hessian')
    one_input = _several(inputs, 'inputs', 'hessian')[0]

    def gradient(*xs):
        grads = _gradient(_value(func, xs, strict, 'hessian'), xs, strict)
        return _tuple(one_input, _filled(grads, xs, True))

    return jacobian(gradient, inputs, create_graph, strict)


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """The Hessian of a function with a single value times v: the same as vhp, as H is symmetric.

    func          a function of tensors that returns a tensor of one element
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the inputs; may be None for a single element
    create_graph  make the results differentiable
    strict        refuse a value, or a gradient, that does not depend on the inputs

    Returns (func(inputs), H v).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.hvp.html
    """
    return _product(func, inputs, v, create_graph, strict, 'hvp')


def vhp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> Any:
    """A vector times the Hessian of a function with a single value: the derivative of gradient . v.

    func          a function of tensors that returns a tensor of one element
    inputs        a tensor or a tuple of tensors
    v             tensors shaped like the inputs; may be None for a single element
    create_graph  make the results differentiable
    strict        refuse a value, or a gradient, that does not depend on the inputs

    Returns (func(inputs), v H).
    https://pytorch.org/docs/stable/generated/torch.autograd.functional.vhp.html
    """
    return _product(func, inputs, v, create_graph, strict, 'vhp')


def _product(func, inputs, v, create_graph, strict, name):
    with enable_grad():
        one_input, xs = _inputs(inputs, create_graph, name)
        v = _given(v, xs, create_graph, 'input', name)
        y = _value(func, xs, strict, name)
        grads = _grads(_gradient(y, xs, strict), xs, v, create_graph=create_graph)
        grads = _filled(grads, xs, create_graph, strict, 'The jacobian', 'The hessian')
    return (y if create_graph else y.detach()), _tuple(one_input, grads)
