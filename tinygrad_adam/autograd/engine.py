"""Reverse-mode differentiation: remember every operation, then walk back through them.

A *primitive* is a NumPy function with its derivatives, one rule for each argument:

    mul = primitive(np.multiply, lambda g, out, x, y: g * y,
                                 lambda g, out, x, y: g * x)

`g` is the gradient of the final result in `out`, what the primitive returned for `x` and `y`; the
rule turns it into the gradient in one argument. That is all a derivative is here.

Applied to arrays, `mul` is `np.multiply` and nothing more. Applied to tensors that require grad, it
also makes a `Node`, which remembers its parents: for each such tensor the node that made it (or the
tensor itself, a leaf) and the rule that leads there. `walk` follows parents back from a result and
applies the chain rule at every step: one rule called for each edge, the terms of a node added up.

Nodes are numbered as they are made, so an output has a higher number than its inputs: to take the
highest number first is to let no node speak before everything computed from it has spoken.

The type of `g` sets the currency. Arrays go through the rules as arrays. Tensors
(`create_graph=True`) go through the same rules as tensors, and so the gradients remember how they
were computed and can be differentiated again.

Broadcasting and mixed dtypes are undone here, after each rule, so that rules need not mention them.
"""
from __future__ import annotations

import sys
from dis import findlinestarts
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import count

import numpy as np

from .arrays import cast as _cast, clone as _clone, owner, sum_to as _sum_to
from .manners import FLOAT32, OVERTAKEN, as_pytorch_types, explained
from .reads import Like, reads

clock = count()       # numbers nodes and in-place changes in the order they happen
recording = True      # whether operations are remembered: see modes.py
watch = None          # called with every value and gradient computed: see anomaly.py
PACKAGE = __name__.partition('.')[0]


class TensorBase:
    """An array that can remember how it was computed. `Tensor` adds the manners."""

    __slots__ = '_array', '_requires_grad', 'grad_fn', '__weakref__', '__dict__'
    result = None     # the class of what is computed from this one: Tensor, for a Parameter too
    hooks = ()        # functions that may replace the gradient on its way
    _grad = None
    _memory = None    # what is known of changes in place, once there is something to know
    _seen = -1        # changes that a graph remembers are known to this tensor up to here
    _base = None      # the tensor this is a view of

    @classmethod
    def _of(cls, array, requires_grad=False, grad_fn=None):
        new = object.__new__(cls)
        new._array = array if type(array) is np.ndarray else np.asarray(array)
        new._requires_grad = requires_grad
        new.grad_fn = grad_fn
        return new

    def _catch_up(self):
        raise RuntimeError(OVERTAKEN)


class Memory:
    """When the memory that tensors share (an array and its views) was last changed in place."""

    changed = -1      # by anyone
    recorded = -1     # by an operation that the graph remembers
    of_leaf = False   # whether a leaf that requires grad lives here
    shared = False    # whether more than one tensor ever lived here


def memory_of(tensor):
    if tensor._memory is None:
        tensor._memory = Memory()
    return tensor._memory


class Node:
    """One operation that was done, and how to differentiate it."""

    __slots__ = 'plan', 'number', 'parents', 'args', 'static', 'out', 'memory', 'place', '__dict__'
    hooks = ()        # as in TensorBase
    retained = ()     # weak references to the tensors that want their gradient kept
    name = property(lambda self: self.plan.name)

    def __repr__(self):
        return f'<{self.name.title().replace("_", "")}Backward0>'

    def recall(self, kind):
        """What the rules read, as tensors of this kind or as arrays: the output and the arguments.

        Raises RuntimeError if it is gone, or was changed in place since.
        """
        if self.args is None:
            raise RuntimeError(
                f'Trying to backward through the graph a second time: what {self.where()} had kept '
                'for its derivative is gone, since backward() frees the graph as it goes. Compute '
                'the result anew, or pass retain_graph=True the first time.')
        out, arrays = self.out, []
        for x in self.args:
            if isinstance(x, TensorBase):
                memory, x = x._memory, x._array
                if memory is not None and memory.changed > self.number:
                    raise self.stale(x)
            arrays.append(x)
        if out is not None and self.memory.changed > self.number:
            raise self.stale(out)
        if kind is None:
            return out, arrays
        return None if out is None else kind._of(out, True, self), self.args

    def stale(self, array):
        return RuntimeError(
            'one of the variables needed for gradient computation has been modified by an inplace '
            f'operation: the value of shape {array.shape} that {self.where()} kept for its '
            'derivative has changed, so the gradient would be wrong. Change it after backward(), '
            'or make a new tensor: x = x + y instead of x += y.')

    def where(self):
        code, last = self.place
        line = max(pair for pair in findlinestarts(code) if pair[0] <= last)[1]
        return f'{self.name}() at line {line} of {code.co_filename}'


def constant(*_):
    """The rule for an argument in which the result is locally constant: no gradient flows."""


def primitive(forward, *rules, each=None, view=False, names=None, name=None):
    """Make `forward` differentiable; `rules[i]` gives the gradient in its i-th argument.

    Without rules the result never requires grad (comparisons, argmax). A rule of None refuses.
    `each(i)` gives the rules if the number of arguments is open. With `view`, the result may share
    memory with the first argument. `names` are PyTorch's for the positional arguments, `name` for
    the operation.
    """
    name = name or forward.__name__.strip('_')
    names = (names or ('input other' if getattr(forward, 'nin', 1) == 2 else 'input')).split()
    plans = {}
    operands = 'other' in names

    def apply(*args, **static):
        while static and len(args) < len(names) and names[len(args)] in static:
            args += static.pop(names[len(args)]),
        arrays, kind, wanted = [], None, 0
        for arg in args:
            if isinstance(arg, TensorBase):
                if arg._memory is not None and arg._memory.recorded > arg._seen:
                    arg._catch_up()
                if arg._requires_grad:
                    wanted |= 1 << len(arrays)
                kind, arg = arg.result, arg._array
            elif operands and isinstance(arg, (list, tuple, str)):
                raise TypeError(f'{name}() got a {type(arg).__name__}, {arg!r:.40}, but takes '
                                'tensors and numbers: how to convert it is yours to say. Use '
                                'torch.tensor().')
            arrays.append(arg)
        try:
            value = forward(*arrays, **static)
        except (ValueError, TypeError) as error:
            raise explained(error, name, arrays) from error
        if kind is None:
            return value
        if value.dtype is not FLOAT32 and 'dtype' not in static:
            value = as_pytorch_types(value, forward, arrays, static)
        if watch:
            watch('forward', name, value, arrays, None)
        out = object.__new__(kind)     # as kind._of(value), without the call
        out._array = value if type(value) is np.ndarray else np.asarray(value)
        out._requires_grad, out.grad_fn = False, None
        if view and value.base is not None and value.base is owner(arrays[0]):
            out._memory, out._seen = memory_of(args[0]), next(clock)
            out._memory.shared = True
            out._base = args[0] if args[0]._base is None else args[0]._base
        if wanted and recording and value.dtype.kind == 'f':
            plan = plans.get((wanted, len(args)))
            if plan is None:
                plan = plans[wanted, len(args)] = Plan(name, rules, each, wanted, len(args))
            if plan.edges:
                plan.remember(out, args, arrays, static)
        return out

    apply.__name__ = apply.__qualname__ = name
    apply.__doc__ = forward.__doc__
    return apply


class Plan:
    """What to remember of a primitive if the arguments in the bit set `wanted` require grad."""

    def __init__(self, name, rules, each, wanted, length):
        self.name, self.edges = name, []
        for i in range(length) if rules or each else ():
            if wanted >> i & 1:
                rule = each(i) if each else rules[i] if i < len(rules) else None
                if rule is None:
                    raise NotImplementedError(
                        f'{name}() has no derivative in its argument number {i + 1}: to leave it '
                        'out silently would train something else. Pass that argument with '
                        '.detach().')
                if rule is not constant:
                    self.edges.append((i, rule))
        out, *needs = reads([rule for _, rule in self.edges], 1 + length)
        self.keeps_out, self.keeps = out == 'value', 'value' in (out, *needs)
        self.unread = [i for i, need in enumerate(needs) if need is None]
        self.shapes = [i for i, need in enumerate(needs) if need == 'shape']

    def remember(self, out, args, arrays, static):
        """Make the node of `out`."""
        node = object.__new__(Node)
        node.plan, node.number, node.static = self, next(clock), static
        node.parents = parents = []
        for i, rule in self.edges:
            arg, array = args[i], arrays[i]
            parents.append((arg.grad_fn or arg, rule, array.shape, array.dtype))
        node.args = kept = list(args)
        for i in self.unread:
            kept[i] = None
        for i in self.shapes:
            kept[i] = Like(arrays[i])
        node.out, node.memory = (out._array, memory_of(out)) if self.keeps_out else (None, None)
        frame = of_user(sys._getframe(2))
        node.place = frame.f_code, frame.f_lasti
        out._requires_grad, out.grad_fn = True, node


def of_user(frame):
    """The innermost of this frame and those that called it which is outside this package."""
    while inside(frame.f_globals.get('__name__', '')) and frame.f_back:
        frame = frame.f_back
    return frame


@lru_cache(maxsize=None)
def inside(module):
    """Whether the module of this name belongs to this package."""
    return module.startswith(PACKAGE)


def walk(seeds, keep=False, wanted=None):
    """Pair everything the seeds were computed from with the gradient in it, youngest first.

    `seeds` maps nodes (or leaves) to the gradients to start from. Leaves come last. The graph is
    freed on the way unless `keep`. `wanted`, if given, is the only part of it worth visiting.
    """
    pending = dict(seeds)
    queue = [(-node.number, node) for node in pending if type(node) is Node]
    heapify(queue)
    kind = next((g.result for g in pending.values() if isinstance(g, TensorBase)), None)
    while queue:
        node = heappop(queue)[1]
        g = pending.pop(node)
        for hook in node.hooks:
            g = hook(g)
        yield node, g
        out, args = node.recall(kind)
        for parent, rule, shape, dtype in node.parents:
            if wanted is not None and parent not in wanted:
                continue
            term = rule(g, out, *args, **node.static)
            if term.shape != shape:
                term = sum_to(term, shape=shape)
            if term.dtype is not dtype:
                term = cast(term, dtype=dtype)
            if watch:
                watch('backward', node.name, term, args, node)
            if parent in pending:
                pending[parent] = pending[parent] + term
            elif type(parent) is Node:
                heappush(queue, (-parent.number, parent))
                pending[parent] = term
            else:  # no gradient array is ever shared by two tensors
                array = term if kind is None else term._array
                pending[parent] = term if term is not g and array.base is None else clone(term)
        if node.plan.keeps and not keep:
            node.args = node.out = None
    for leaf, g in pending.items():
        for hook in leaf.hooks:
            g = hook(g)
        yield leaf, g


sum_to = primitive(_sum_to, lambda g, out, x, shape: expand(g, shape=x.shape))
expand = primitive(np.broadcast_to, lambda g, out, x, shape: g, view=True)
cast = primitive(_cast, lambda g, out, x, dtype: g)
clone = primitive(_clone, lambda g, out, x: g)
