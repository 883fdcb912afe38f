"""Operations with a backward written by hand: `class Exp(torch.autograd.Function)`.

A call leaves a node behind, `Call`, which asks `backward` for the gradients of all arguments; if it
has several outputs, see several.py.
"""
from __future__ import annotations

import inspect
import sys
from functools import wraps
from operator import itemgetter
from threading import local
from types import SimpleNamespace
from typing import Any, Callable

import numpy as np

from . import _errors as errors
from .grad_fn import subclass
from .grad_mode import no_grad
from .graph import Node, Output, TensorBase, clock, modes, storage_of
from .primitive import primitive
from .several import Parts, Several

__all__ = ['Function', 'once_differentiable']


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
        """The gradient of each argument of forward, or None.

        ctx  what forward saved; the gradients of its outputs follow
        """
        raise errors.no_backward()

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Compute forward of the arguments, and record how to go back."""
        setup_context = getattr(cls, 'setup_context', None)
        if setup_context:
            bound = inspect.signature(cls.forward).bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
            if kwargs:
                raise errors.keyword_only(cls.__name__, kwargs)
        inputs = (*args, *kwargs.values())
        ctx = Context(tuple(isinstance(x, TensorBase) and x._requires_grad for x in inputs))
        with no_grad():
            if setup_context:
                results = cls.forward(*args)
                setup_context(ctx, args, results)
            else:
                results = cls.forward(ctx, *args, **kwargs)
        outputs = list(results) if isinstance(results, tuple) else [results]
        marked = [isinstance(x, TensorBase) and x._array.dtype.kind == 'f'
                  and not any(x is y for y in ctx._constant) for x in outputs]
        outputs = [x.detach() if isinstance(x, TensorBase) and any(x is y for y in inputs) else x
                   for x in outputs]
        if modes.recording and any(ctx.needs_input_grad):
            call = subclass(f'{cls.__name__}Backward', Call)(cls, ctx, inputs, outputs)
            call.connect(outputs, marked)
        return tuple(outputs) if isinstance(results, tuple) else outputs[0]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise errors.called_instead_of_applied(type(self).__name__)


def once_differentiable(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator for `backward`: to differentiate what it returns is an error, not a wrong number.

    fn  the backward of a Function; it is called unrecorded
    """
    @wraps(fn)
    def backward(ctx: Any, *grads: Any) -> Any:
        recording = modes.recording and any(
            isinstance(g, TensorBase) and g._requires_grad for g in grads)
        with no_grad():
            results = fn(ctx, *grads)
        if not recording:
            return results
        if isinstance(results, tuple):
            return tuple(map(not_again, results))
        return not_again(results)

    return backward


def not_again(gradient: Any) -> Any:
    """The gradient as a result of an operation whose derivative is an error; None stays."""
    if gradient is None:
        return None
    return delayed_error(gradient.detach().requires_grad_())


def _no_second_derivative(g):
    raise errors.differentiated_twice()


delayed_error: Any = primitive(lambda input: input.copy(), name='DelayedError',
                               input=_no_second_derivative)


class Context:
    """What forward saves for backward: `saved_tensors` and any attributes.

    needs_input_grad  for each argument of forward whether its gradient is needed
    """

    def __init__(self, needs_input_grad: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs_input_grad
        self._saved: Any = ()           # (tensor, when it was saved, which output it is or None)
        self._constant: Any = ()
        self._materialize = True
        self._call: Any = None          # the node, during a differentiable walk

    def save_for_backward(self, *tensors: Any) -> None:
        """Save tensors, or None; backward notices if one was changed in place since."""
        for i, x in enumerate(tensors):
            if x is not None and not isinstance(x, TensorBase):
                raise errors.saves_tensors_only(i, x)
        self._saved = [(x, next(clock), None) for x in tensors]

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What save_for_backward was given. RuntimeError if it has changed since, or is freed."""
        if self._saved is None:
            raise errors.saved_tensors_freed()
        for x, time, _ in self._saved:
            if x is not None and storage_of(x).version > time:
                raise errors.saved_tensor_changed(x)
        return tuple(self._call.in_graph(x, k) if self._call and k is not None else x
                     for x, _, k in self._saved)

    def mark_non_differentiable(self, *outputs: Any) -> None:
        """These outputs do not require grad."""
        self._constant = outputs

    def set_materialize_grads(self, value: bool) -> None:
        """Whether backward gets zeros, or None, for outputs that were not used.

        value  True for zeros
        """
        self._materialize = value

    def mark_dirty(self, *tensors: Any) -> None:
        """Not implemented."""
        raise errors.mark_dirty()


class Call(Several):
    """The node of a call of a Function.

    function  the class
    ctx       what forward saved
    inputs    the arguments of forward
    outputs   its results
    """

    plan: Any
    number: int
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None
    location: tuple[Any, int]
    function: Any
    ctx: Context

    def __init__(self, function: Any, ctx: Context, inputs: Any, outputs: Any) -> None:
        needed = [i for i, needed in enumerate(ctx.needs_input_grad) if needed]
        frame = sys._getframe(2)
        self.plan = SimpleNamespace(
            operation=function.__name__, saves=(), edges=[(i,) for i in needed],
            arguments=[i for i, x in enumerate(inputs) if isinstance(x, TensorBase)])
        self.edges = [(x._vertex(), itemgetter(i), slice(0), x._array.shape, x._array.dtype)
                      for i, x in enumerate(inputs) if ctx.needs_input_grad[i]]
        self.number, self.location, self.saved = next(clock), (frame.f_code, frame.f_lasti), []
        self.function, self.ctx = function, ctx
        self.tensor: Any = inputs[needed[0]]._kind      # the class of what backward is given
        self.kinds: list[Any] = [(x._array.shape, x._array.dtype) if isinstance(x, TensorBase)
                                 else None for x in outputs]
        storages = {id(x._storage) for x in inputs if getattr(x, '_storage', None)}
        # Whether each output shares memory with an input: changes in place of it are refused.
        self.shared: list[bool] = [id(getattr(x, '_storage', None)) in storages for x in outputs]

    def connect(self, outputs: list[Any], marked: list[bool]) -> None:
        """Give the outputs their nodes.

        outputs  the results of forward
        marked   for each of them whether it is differentiable
        """
        positions = {id(x): k for k, x in enumerate(outputs)}
        # No node holds its own output: a tensor that shares its memory is saved instead.
        self.ctx._saved = [(x.detach() if id(x) in positions else x, next(clock),
                            positions.get(id(x))) for x, *_ in self.ctx._saved]
        nodes = self.nodes_of_parts(len(outputs)) if len(outputs) > 1 else [self]
        for k, (x, node) in enumerate(zip(outputs, nodes)):
            if marked[k]:
                node.saved = [Output(x)] if self.shared[k] else []
                x._requires_grad, x.grad_fn = True, node

    def in_graph(self, x: Any, k: int) -> Any:
        """Output k, saved as x, as the tensor that this call computed."""
        node = (self.parts[k]() or self.part(k)) if self.parts else self
        return x._of(x._array, True, node)

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        self.recall(kind)
        parts = g if isinstance(g, Parts) else Parts({0: g})
        self.call_hooks_of_unused(parts)
        gradients = self.gradients(parts, kind)
        flowing = Node()
        flowing.plan, flowing.location, flowing.saved = self.plan, self.location, []
        flowing.edges = [edge for edge in self.edges if edge[1](gradients) is not None]
        return [*flowing.terms(gradients, kind, wanted),
                *((parent, None) for parent, gradient, *_ in self.edges
                  if gradient(gradients) is None and (not wanted or parent in wanted))]

    def gradients(self, parts: Parts, kind: Any) -> Any:
        """What backward returns for each argument of forward: an array, a tensor, or None."""
        given = []
        for k, shape_and_dtype in enumerate(self.kinds):
            g = parts.get(k)
            if g is None and self.ctx._materialize and shape_and_dtype:
                g = np.zeros(*shape_and_dtype)
            given.append(self.tensor._of(g) if isinstance(g, np.ndarray) else g)
        self.ctx._call = self if kind else None
        try:
            returned = on_a_stack_with_room(self.function.backward, self.ctx, *given)
        finally:
            self.ctx._call = None
        returned = returned if isinstance(returned, tuple) else (returned,)
        expected = len(self.ctx.needs_input_grad)
        if len(returned) < expected or any(x is not None for x in returned[expected:]):
            raise errors.wrong_number_of_gradients(self.name(), expected, len(returned))
        for x in returned:
            if x is not None and not isinstance(x, TensorBase):
                raise errors.no_gradient_returned(self.name(), x)
        return returned if kind else [x if x is None else x._array for x in returned]

    def forget(self) -> None:
        if self.ctx._saved:
            self.ctx._saved = None


class Nesting(local):
    """How deeply calls of backward() are nested in a thread."""

    depth = 0


nesting: Nesting = Nesting()
DEEPEST = 50    # such calls; each takes about 10 of the 1,000 frames that Python allows


def on_a_stack_with_room(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function that may call backward(), and so itself; at some depths in a new thread.

    function  the function
    args      its arguments
    """
    recording, watch = modes.recording, modes.watch

    def in_thread():
        modes.recording, modes.watch = recording, watch
        return on_a_stack_with_room(function, *args)

    if nesting.depth == DEEPEST:
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(in_thread).result()
    nesting.depth += 1
    try:
        return function(*args)
    finally:
        nesting.depth -= 1
