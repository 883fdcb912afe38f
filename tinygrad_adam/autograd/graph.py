"""Reverse-mode differentiation: the graph of what was computed, and the walk back through it.

Every operation on tensors that require grad leaves a `Node` behind (primitive.py makes it). The
node has an edge for each argument that requires grad: to the node that computed the argument, or to
the argument itself if nothing did (a leaf, such as a weight). Each edge has a *rule*. It turns g,
the gradient of the output (that of the final result with respect to the output), into the gradient
of that argument. For `out = input * other` the rules are

    input: g * other          other: g * input

That is the chain rule, one edge at a time. What remains is the order. A value that was used twice
receives two gradients, which add up, and it must not pass them on before both have arrived. Nodes
are numbered as they are made, so an output has a higher number than its inputs: `walk` takes the
highest number first.

The rules are written with operators, with methods that arrays and tensors share, and with other
operations. So the type of g decides what they compute on. From an array come arrays. From a tensor
(`create_graph=True`) come tensors, which record how they were computed: gradients that can be
differentiated again.
"""
from __future__ import annotations

import warnings
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import count
from sys import getrefcount
from threading import local
from typing import Any, Callable, Iterator

import numpy as np

from . import _errors as errors
from .grad_fn import GradFn
from .nonfinite import quiet
from .paths import leading_to
from .sums import total

__all__ = ['Node', 'TensorBase', 'backward', 'increment_version']

clock: count[int] = count()    # numbers nodes and changes in place as they happen


class Modes(local):
    """The settings of a thread, which grad_mode.py and anomaly_mode.py change."""

    recording: bool = True    # whether operations are recorded
    watch: Any = None         # called with every value and every gradient that is computed
    watched: bool = False     # set on the class if any thread has a watch: quicker to read


modes: Modes = Modes()


class Storage:
    """The memory that a tensor shares with its views, for changes in place: see versions.py."""

    version = -1          # when it was last changed in place, on the clock
    recorded = -1         # when it was last changed by an operation that the graph recorded
    of_leaf = False       # whether it belongs to a leaf that requires grad
    ordered = False       # whether users can see the order of its elements


class TensorBase:
    """An array that can record how it was computed; `Tensor` adds PyTorch's methods."""

    __slots__ = '_array', '_requires_grad', 'grad_fn', '__weakref__', '__dict__'
    _array: np.ndarray
    _requires_grad: bool
    grad_fn: Node | None  # what computed it; None for a leaf
    _in_order: Callable[[], np.ndarray]     # see versions.py
    _kind: Any = None     # the class of what is computed from this tensor: Tensor
    _hooks: tuple[Callable[[Any], Any], ...] = ()    # get the gradient, may replace it
    _accumulated: Any = None    # of a leaf: called when its `grad` has changed
    _grad: Any = None
    _storage: Any = None  # created when it is needed
    _seen: int = -1       # this tensor knows the recorded changes of the storage up to here
    _base: Any = None     # the tensor that this one is a view of
    _is_one_of_several: bool = False    # made by unbind, split, ..., or a view of such

    @classmethod
    def _of(cls, array: Any, requires_grad: bool = False, grad_fn: Any = None) -> Any:
        new = object.__new__(cls)
        new._array = array if type(array) is np.ndarray else np.asarray(array)
        new._requires_grad = requires_grad
        new.grad_fn = grad_fn
        return new

    def _catch_up(self) -> None:
        raise errors.overtaken()

    def _vertex(self) -> Any:
        """The node that computed this tensor, or the tensor itself, a leaf."""
        if self._storage is not None and self._storage.recorded > self._seen:
            self._catch_up()
        return self.grad_fn or self

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The array itself, not a copy.

        force  allow it if the tensor requires grad: the graph does not see what NumPy does
        """
        if self._requires_grad and not force:
            raise errors.numpy_of_graph()
        return self._array if self._array.flags.c_contiguous else self._in_order()

    @property
    def grad(self) -> Any:
        """The gradient that backward() has accumulated in this leaf, or None."""
        if self._grad is None and self.grad_fn is not None:
            errors.warn_of_grad_that_is_not_retained(self)
        return self._grad

    @grad.setter
    def grad(self, new: Any) -> None:
        if new is not None and (not isinstance(new, TensorBase) or new is self
                                or new._array.shape != self._array.shape
                                or new._array.dtype != self._array.dtype):
            raise errors.grad_does_not_fit(self, new)
        self._grad = new

    def backward(self, gradient: Any = None, retain_graph: bool | None = None,
                 create_graph: bool = False, inputs: Any = None) -> None:
        """Add to the `grad` of every leaf the derivative of this tensor with respect to it.

        gradient      the gradient to start from, of this tensor's shape; None: 1 for one element
        retain_graph  keep the graph for another backward(); None means the same as create_graph
        create_graph  make the gradients differentiable
        inputs        the tensors whose `grad` is accumulated; None: all leaves
        """
        backward(self, gradient, retain_graph, create_graph, inputs=inputs)


class Output:
    """The value of an operation, saved for its own rules: the tensor would close a cycle."""

    __slots__ = '_array', '_storage'

    def __init__(self, tensor: TensorBase) -> None:
        self._array: np.ndarray = tensor._array
        self._storage: Storage = storage_of(tensor)


# The reference count of what has one name and is held by nothing else.
ALONE: int = next(getrefcount(term) for term in map(np.zeros, [1]))


class Node(GradFn):
    """One operation that was performed, and how to differentiate it."""

    # An edge: the parent, the rule, the slice of `saved` it reads, the parent's shape and dtype.
    __slots__ = 'plan', 'number', 'edges', 'saved', 'location', '__dict__'
    plan: Any                    # the operation's name, and what it saves: see primitive.py
    number: int                  # of an output higher than of its inputs
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None      # what the rules read; None once it is freed
    location: tuple[Any, int]    # the user's line, for errors
    _hooks: tuple[Callable[[Any], Any], ...] = ()    # as in TensorBase

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        """Pairs of a parent and the gradient it receives, in the parent's shape and dtype.

        g       the gradient of the output; None if there is none, and so none for the parents
        kind    the class of tensors to compute on; None: arrays
        wanted  the parents whose gradient is needed; None: all of them
        """
        saved, terms, watch = self.recall(kind), [], Modes.watched and modes.watch
        if g is None:
            return [(parent, None) for parent, *_ in self.edges if not wanted or parent in wanted]
        for parent, rule, reads, shape, dtype in self.edges:
            if wanted is None or parent in wanted:
                term = rule(g, *saved[reads])
                try:
                    if term.shape != shape:
                        term = unbroadcast(term, shape)
                    array = term if kind is None else term._array
                except (AttributeError, ValueError, RuntimeError) as error:
                    raise errors.rule_gives_no_gradient(self, term, shape) from error
                if array.dtype is not dtype:
                    term = term.astype(dtype) if kind is None else term._astype(dtype)
                if watch:
                    watch('backward', self.plan.operation, term, saved, self)
                terms.append((parent, term))
        return terms

    def recall(self, kind: Any) -> list[Any]:
        """The saved values: as arrays, or as tensors of this kind. RuntimeError if any is stale."""
        if self.saved is None:
            raise errors.graph_freed(self)
        values = []
        for value in self.saved:
            if isinstance(value, (TensorBase, Output)):
                storage, array = value._storage, value._array
                if storage is not None and storage.version > self.number:
                    raise errors.saved_value_changed(self, array)
                if kind is None:
                    value = array
                elif type(value) is Output:
                    value = kind._of(array, True, self)
            values.append(value)
        return values

    def forget(self) -> None:
        """Drop the saved values, if any is data, not an option: the graph is walked only once."""
        if self.plan.frees:
            self.saved = None


def walk(seeds: dict[Any, Any], retain: bool = False,
         wanted: dict[Any, bool] | None = None) -> Iterator[tuple[Any, Any, Any]]:
    """All that the seeds were computed from, youngest first: (node or leaf, gradient, hooked).

    seeds   {node or leaf: the gradient to start from}
    retain  whether the graph can be walked again; else it is freed on the way
    wanted  {node or leaf: whether to go on from it}: no others are visited

    A gradient is None where none arrives: a Function may return None. `hooked` is what the hooks
    made of it, and is passed on.
    """
    pending = {vertex: g for vertex, g in seeds.items() if wanted is None or vertex in wanted}
    queue = [(-node.number, node) for node in pending if isinstance(node, Node)]
    heapify(queue)
    kind = next((g._kind for g in pending.values() if isinstance(g, TensorBase)), None)
    while queue:
        node = heappop(queue)[1]
        g = hooked = pending.pop(node)
        for hook in node._hooks:
            hooked = hook(hooked)
        yield node, g, hooked
        if wanted is not None and not wanted[node]:
            continue
        terms = node.terms(hooked, kind, wanted)
        if not retain:
            node.forget()
        for parent, term in terms:      # a compiled call computes them here, and frees on the way
            if parent not in pending:
                pending[parent] = term
                if isinstance(parent, Node):
                    heappush(queue, (-parent.number, parent))
            elif term is not None:
                other = pending[parent]
                pending[parent] = term if other is None else other + term
        del terms       # or a leaf's gradient would seem to be held by somebody else, and be copied
    for leaf in [*pending]:
        term = pending.pop(leaf)
        if term is not None and (getrefcount(term) > ALONE
                                 or (term if kind is None else term._array).base is not None):
            term = term.copy('K') if kind is None else term.clone()     # an array of its own
        hooked = term
        for hook in leaf._hooks:
            hooked = hook(hooked)
        yield leaf, term, hooked


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum g over the axes along which broadcasting has stretched an array of this shape."""
    new = g.ndim - len(shape)
    if g.ndim == 2 and len(g) <= 64 and g.shape[1:] == shape and isinstance(g, np.ndarray):
        return ones(len(g), g.dtype) @ g        # a bias: BLAS is fastest, and exact for few rows
    stretched = [new + i for i, n in enumerate(shape) if n == 1]
    return total(g, (*range(new), *stretched)).reshape(shape)


@lru_cache(maxsize=64)
def ones(n: int, dtype: np.dtype[Any]) -> np.ndarray:
    """A read-only vector of ones, to sum by a product."""
    vector = np.ones(n, dtype)
    vector.flags.writeable = False
    return vector


# Where the walk starts and ends.

def backward(tensors: Any, grad_tensors: Any = None, retain_graph: bool | None = None,
             create_graph: bool = False, *, inputs: Any = None) -> None:
    """Add to the `grad` of every leaf the derivative of the sum of the tensors with respect to it.

    tensors       a tensor or a sequence of them
    grad_tensors  for each tensor the gradient to start from; None: 1 for one element
    retain_graph  keep the graph for another backward(); None means the same as create_graph
    create_graph  make the gradients differentiable
    inputs        the tensors whose `grad` is accumulated; None: all leaves

    https://pytorch.org/docs/stable/generated/torch.autograd.backward.html
    """
    seeds = seeded(several(tensors), grad_tensors, create_graph)
    retain = create_graph if retain_graph is None else retain_graph
    wanted = None if inputs is None else leading_to(several(inputs), seeds)
    before = modes.recording
    try:    # without a loop: in one that begins with `if`, Python 3.13 heeds Ctrl-C as if outside
        modes.recording = create_graph
        with np.errstate(all='ignore'):
            accumulate(walk(seeds, retain, wanted))
    finally:
        modes.recording = before


def accumulate(gradients: Iterator[tuple[Any, Any, Any]]) -> None:
    """Add the gradients of leaves, unless frozen, to their `grad`; what a hook saw is copied."""
    for leaf, _, g in gradients:
        if isinstance(leaf, Node) or g is None or not leaf._requires_grad:
            continue
        if isinstance(g, TensorBase):
            leaf._grad = g.clone() if leaf._grad is None else leaf._grad + g
        elif leaf._grad is None:
            leaf._grad = leaf._kind._of(g.copy('K') if leaf._hooks else g)
        else:
            leaf._grad._array[...] += g
            increment_version(leaf._grad)
        if leaf._accumulated:
            leaf._accumulated(leaf)


def several(x: Any) -> list[Any]:
    """A tensor, None, or a sequence of them, as a list."""
    return [x] if isinstance(x, TensorBase) or not hasattr(x, '__iter__') else list(x)


def seeded(outputs: list[Any], gradients: Any, differentiable: bool) -> dict[Any, Any]:
    """{node or leaf of each output: the gradient to start from}, as arrays or as tensors."""
    if not warnings.filters or warnings.filters[0] is not quiet.filter:
        quiet()    # inf and nan come without warnings
    seeds: dict[Any, Any] = {}
    gradients = [None] * len(outputs) if gradients is None else several(gradients)
    for output, g in zip(outputs, gradients):
        vertex, array = output._vertex(), output._array
        if not output._requires_grad:
            raise errors.output_does_not_require_grad()
        if g is None:
            if array.size != 1:
                raise errors.no_single_derivative(array)
            g = np.empty(array.shape, array.dtype)
            g[...] = 1    # faster than np.ones
            g = output._kind._of(g) if differentiable else g
        elif not isinstance(g, TensorBase) or g._array.shape != array.shape:
            raise errors.gradient_does_not_fit(g, array)
        elif not differentiable:
            g = np.array(g._array, array.dtype)
        seeds[vertex] = seeds[vertex] + g if vertex in seeds else g
    if len(gradients) != len(outputs):
        raise errors.unequal_numbers(outputs, gradients)
    return seeds


def storage_of(tensor: TensorBase) -> Storage:
    """The Storage of a tensor, which is created if there is none yet."""
    return tensor._storage or vars(tensor).setdefault('_storage', Storage())    # once, in threads


def increment_version(tensor: Any) -> None:
    """Tell the graph that the values of a tensor were changed in place from outside.

    tensor  what was changed

    https://pytorch.org/docs/stable/generated/torch.autograd.graph.increment_version.html
    """
    storage_of(tensor).version = next(clock)
