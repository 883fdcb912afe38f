"""Operations with a backward written by hand: `class Exp(torch.autograd.Function)`.

The engine knows results with one output. A call of a Function may have several: each gets a node,
and behind all of them stands one node for the call, whose gradient is a collection of `Parts`, one
for each output. Its rules hand them to `backward` together.
"""
from __future__ import annotations

import sys
from types import SimpleNamespace

from . import engine
from .engine import Node, TensorBase, clock, memory_of
from .modes import no_grad


class Function:
    """Subclass it with static methods forward(ctx, *args) and backward(ctx, *grads); call `apply`.

    `forward` computes on tensors, unrecorded; or forward(*args) and setup_context(ctx, inputs,
    output). `backward` gets a gradient for each output and returns one for each argument, or None.
    Made of tensor operations, it can be differentiated again.
    https://pytorch.org/docs/stable/autograd.html#function
    """

    @staticmethod
    def forward(ctx, *args):
        raise NotImplementedError('a Function needs forward(ctx, *args), which computes the '
                                  'result. Define it as a static method.')

    @staticmethod
    def backward(ctx, *grad_outputs):
        raise NotImplementedError('a Function needs backward(ctx, *grad_outputs), a gradient for '
                                  'each argument of forward. Define it as a static method.')

    @classmethod
    def apply(cls, *args):
        """Compute, and remember how to go back."""
        needed = tuple(isinstance(x, TensorBase) and x._requires_grad for x in args)
        ctx = Context(needed)
        with no_grad():
            if 'setup_context' in dir(cls):
                results = cls.forward(*args)
                cls.setup_context(ctx, args, results)
            else:
                results = cls.forward(ctx, *args)
        several = isinstance(results, tuple)
        outputs = [x.detach() if any(x is arg for arg in args) else x
                   for x in (results if several else (results,))]
        if engine.recording and any(needed):
            connect(cls, ctx, args, outputs)
        return tuple(outputs) if several else outputs[0]


class Context:
    """What forward leaves for backward: `saved_tensors` and any attributes."""

    def __init__(self, needs_input_grad):
        self.needs_input_grad = needs_input_grad
        self._saved, self._constant, self._materialize, self._outputs = (), (), True, {}

    def save_for_backward(self, *tensors):
        """Keep tensors; a change in place of one before backward is noticed."""
        self._saved = [(x, next(clock)) for x in tensors]

    @property
    def saved_tensors(self):
        """What save_for_backward was given."""
        for x, time in self._saved:
            if isinstance(x, TensorBase) and memory_of(x).changed > time:
                raise RuntimeError(
                    'one of the variables needed for gradient computation has been modified by an '
                    f'inplace operation: a tensor of shape {x._array.shape} that a Function saved. '
                    'Its gradient would be wrong. Change it after backward(), or save a clone().')
        return tuple(self._outputs.get(x, x) if isinstance(x, TensorBase) else x
                     for x, _ in self._saved)

    def mark_non_differentiable(self, *outputs):
        """These outputs do not require grad."""
        self._constant = outputs

    def set_materialize_grads(self, value: bool):
        """Whether backward gets zeros, or None, for outputs that were not used."""
        self._materialize = value

    def mark_dirty(self, *tensors):
        """Not built."""
        raise NotImplementedError('mark_dirty is not built: forward may not change its arguments '
                                  'in place. Return a new tensor.')


class Parts:
    """The gradient of a call: {number of the output: (its gradient, the output)}."""

    shape = dtype = base = None

    def __init__(self, parts):
        self.parts, self.found = parts, None

    def __add__(self, other):
        return Parts({**self.parts, **other.parts})

    def of_argument(self, i, ctx, cls, outputs):
        """The gradient in argument i, in the currency of the parts; backward is called once."""
        if self.found is None:
            self.found = self.walk_back(ctx, cls, outputs)
        return self.found[i]

    def walk_back(self, ctx, cls, outputs):
        differentiable = any(isinstance(g, TensorBase) for g, _ in self.parts.values())
        gradients = []
        for k, like in enumerate(outputs):
            g, output = self.parts.get(k, (None, None))
            if g is None and ctx._materialize:
                g = engine.np.zeros_like(like._array)
            gradients.append(g if g is None or isinstance(g, TensorBase) else like.result._of(g))
            if isinstance(output, TensorBase):
                ctx._outputs[like] = output       # the saved output, with its place in the graph
        found = cls.backward(ctx, *gradients)
        ctx._outputs = {}
        found = found if isinstance(found, tuple) else (found,)
        if len(found) != len(ctx.needs_input_grad):
            raise RuntimeError(
                f'function {cls.__name__}Backward returned an incorrect number of gradients '
                f'(expected {len(ctx.needs_input_grad)}, got {len(found)}): each argument of '
                'forward needs one. Return None where there is none.')
        return [g if differentiable or g is None else g._array for g in found]


def connect(cls, ctx, args, outputs):
    """Make the node of the call and those of its outputs."""
    likes = [x.detach() for x in outputs]         # no node holds its own output
    ctx._saved = [(next((like for x, like in zip(outputs, likes) if x is saved), saved), time)
                  for saved, time in ctx._saved]
    frame = sys._getframe(2)
    place = frame.f_code, frame.f_lasti

    def rule_of(i):
        def rule(g, out, ctx):
            found = g.of_argument(i, ctx, cls, likes)
            return engine.np.zeros(args[i].shape, args[i]._array.dtype) if found is None else found
        return rule

    call = node_of(cls.__name__, place, [ctx], None)
    call.parents = [(x.grad_fn or x, rule_of(i), x._array.shape, x._array.dtype)
                    for i, x in enumerate(args) if ctx.needs_input_grad[i]]
    for k, x in enumerate(outputs):
        if x._array.dtype.kind == 'f' and not any(x is y for y in ctx._constant):
            node = node_of(cls.__name__, place, [], x)
            node.parents = [(call, lambda g, out, k=k: Parts({k: (g, out)}), None, None)]
            x._requires_grad, x.grad_fn = True, node


def node_of(name, place, args, out):
    node = object.__new__(Node)
    node.plan, node.number, node.place = SimpleNamespace(name=name, keeps=True), next(clock), place
    node.args, node.static = args, {}
    node.out, node.memory = (None, None) if out is None else (out._array, memory_of(out))
    return node
