"""Operations with a backward written by hand: `class Exp(torch.autograd.Function)`.

A node has one output. A call of a Function may have several: each gets a node, and behind all of
them stands one node for the call, whose gradient is a collection of `Parts`, one for each output.
Its rules hand them to `backward` together.
"""
from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np

from . import _errors as errors
from .grad_fn import subclass
from .grad_mode import no_grad
from .graph import Node, Output, TensorBase, clock, modes, storage_of

__all__ = ['Function']


class Function:
    """Subclass it with static methods forward(ctx, *args) and backward(ctx, *grads); call `apply`.

    `forward` computes on tensors, unrecorded; or forward(*args) and setup_context(ctx, inputs,
    output). `backward` gets a gradient for each output and returns one for each argument, or None.
    Made of tensor operations, it can be differentiated again.
    https://pytorch.org/docs/stable/autograd.html#function
    """

    @staticmethod
    def forward(*args: Any) -> Any:
        """The result, a tensor or a tuple of tensors; `ctx` comes first without setup_context."""
        raise errors.no_forward()

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """The gradient in each argument of forward, or None.

        ctx  what forward left; the gradients in its outputs follow
        """
        raise errors.no_backward()

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Compute forward of the arguments, and remember how to go back."""
        needed = tuple(isinstance(x, TensorBase) and x._requires_grad for x in args)
        ctx = Context(needed)
        with no_grad():
            if 'setup_context' in dir(cls):
                results = cls.forward(*args)
                cls.setup_context(ctx, args, results)    # type: ignore[attr-defined]
            else:
                results = cls.forward(ctx, *args)
        several = isinstance(results, tuple)
        outputs = [x.detach() if any(x is arg for arg in args) else x
                   for x in (results if several else (results,))]
        if modes.recording and any(needed):
            connect(cls, ctx, args, outputs)
        return tuple(outputs) if several else outputs[0]


class Context:
    """What forward leaves for backward: `saved_tensors` and any attributes.

    needs_input_grad  for each argument of forward whether a gradient in it is wanted
    """

    def __init__(self, needs_input_grad: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs_input_grad
        self._saved: Any = ()
        self._constant: Any = ()
        self._materialize = True
        self._outputs: dict[Any, Any] = {}

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors; a change in place of one before backward is noticed."""
        self._saved = [(x, next(clock)) for x in tensors]

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What save_for_backward was given. RuntimeError if it has changed since."""
        for x, version in self._saved:
            if isinstance(x, TensorBase) and storage_of(x).version > version:
                raise errors.saved_tensor_changed(x)
        return tuple(self._outputs.get(x, x) if isinstance(x, TensorBase) else x
                     for x, _ in self._saved)

    def mark_non_differentiable(self, *outputs: Any) -> None:
        """These outputs do not require grad."""
        self._constant = outputs

    def set_materialize_grads(self, value: bool) -> None:
        """Whether backward gets zeros, or None, for outputs that were not used.

        value  True for zeros
        """
        self._materialize = value

    def mark_dirty(self, *tensors: Any) -> None:
        """Not built."""
        raise errors.mark_dirty()


class Parts:
    """The gradient of a call: {number of the output: (its gradient, the output)}."""

    shape = dtype = base = None
    _array = property(lambda self: self)      # Node.terms asks for the dtype of an array

    def __init__(self, parts: Any) -> None:
        self.parts: Any = parts
        self.gradients: Any = None

    def __add__(self, other: Any) -> Any:
        return Parts({**self.parts, **other.parts})

    def of_argument(self, i: Any, ctx: Any, cls: Any, outputs: Any) -> Any:
        """The gradient in argument i, of the kind of the parts; backward is called once."""
        if self.gradients is None:
            self.gradients = self.walk_back(ctx, cls, outputs)
        return self.gradients[i]

    def walk_back(self, ctx: Any, cls: Any, outputs: Any) -> Any:
        """The gradients in all arguments, as backward gives them."""
        differentiable = any(isinstance(g, TensorBase) for g, _ in self.parts.values())
        given = []
        for k, like in enumerate(outputs):
            g, output = self.parts.get(k, (None, None))
            if g is None and ctx._materialize:
                g = np.zeros_like(like._array)
            given.append(g if g is None or isinstance(g, TensorBase) else like.result._of(g))
            if isinstance(output, TensorBase):
                ctx._outputs[like] = output       # the saved output, as it is in the graph
        gradients = cls.backward(ctx, *given)
        ctx._outputs = {}
        gradients = gradients if isinstance(gradients, tuple) else (gradients,)
        expected = len(ctx.needs_input_grad)
        if len(gradients) != expected:
            raise errors.wrong_number_of_gradients(cls.__name__, expected, len(gradients))
        return [g if differentiable or g is None else g._array for g in gradients]


def connect(cls: Any, ctx: Any, args: Any, outputs: Any) -> Any:
    """Make the node of the call and those of its outputs."""
    likes = [x.detach() for x in outputs]         # no node holds its own output
    ctx._saved = [(next((like for x, like in zip(outputs, likes) if x is saved), saved), version)
                  for saved, version in ctx._saved]
    frame = sys._getframe(2)
    location = frame.f_code, frame.f_lasti

    def rule_of(i):
        def rule(g, ctx):
            gradient = g.of_argument(i, ctx, cls, likes)
            return np.zeros(args[i].shape, args[i]._array.dtype) if gradient is None else gradient
        return rule

    call = node_of(cls.__name__, location, [ctx])
    call.edges = [(x.grad_fn or x, rule_of(i), (0,), x._array.shape, x._array.dtype)
                  for i, x in enumerate(args) if ctx.needs_input_grad[i]]
    call.plan.edges = [(i,) for i, needed in enumerate(ctx.needs_input_grad) if needed]
    call.plan.arguments = [i for i, x in enumerate(args) if isinstance(x, TensorBase)]
    for k, x in enumerate(outputs):
        if x._array.dtype.kind == 'f' and not any(x is y for y in ctx._constant):
            node = node_of(cls.__name__, location, [Output(x)], OutputOfCall)
            node.edges = [(call, lambda g, out, k=k: Parts({k: (g, out)}), (0,), None, None)]
            x._requires_grad, x.grad_fn = True, node


class OutputOfCall(Node):
    """The node of an output: what comes before it is what comes before the call."""

    __slots__ = ()
    next_functions = property(lambda self: self.edges[0][0].next_functions)


def node_of(operation: Any, location: Any, saved: Any, base: Any = Node) -> Any:
    """A node without edges yet."""
    node = subclass(f'{operation}Backward', base)()
    node.plan = SimpleNamespace(operation=operation, saves=(), edges=[(0,)], arguments=[0],
                                frees=True)
    node.number = next(clock)
    node.location, node.saved = location, saved
    return node
