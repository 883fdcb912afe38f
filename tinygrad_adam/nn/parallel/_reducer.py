"""Reducer: averages gradients over all ranks while the walk back is still under way.

The walk (autograd/graph.py) takes nodes from the youngest to the oldest, and leaves last of all. To
know earlier when the gradient of a parameter is complete, forward puts a node in front of it, with
a number just below that of the first operation that used it: the walk comes to it right after that
operation. The gradient is then written into a *bucket*, one array for many parameters. When a
bucket is full, its average starts to be computed by all ranks together, and the walk goes on. The
last layer comes first, so most of the time that this takes is over before the walk is.

Behind these nodes stands a last one, older than everything. It waits for the buckets and writes
the averages into `grad`. Then the walk comes to the leaves: parameters whose gradients have come on
another way, and the Pass itself, which learns that the walk is over.
"""
from __future__ import annotations

from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..._tensor import Tensor
from ...autograd import Node, increment_version
from ...distributed.process_group import Agreement, ProcessGroup
from ...distributed.waiting import wait
from ...func import leaves
from . import _errors as errors

MB = 2**20
FIRST, OTHERS = 1, 25    # MB in the first bucket, so that it starts soon, and in each other one

reducers: count[int] = count()      # numbers them, the same on all ranks
passes: count[int] = count(1)       # numbers the passes of all models, the same on all ranks


class Reducer:
    """The gradients of a model.

    group        the ranks
    named        {name: parameter} of those to train
    capacity     MB in a bucket, or None
    find_unused  whether some may have no gradient
    """

    def __init__(self, group: ProcessGroup, named: dict[str, Any], capacity: float | None,
                 find_unused: bool) -> None:
        self.group: ProcessGroup = group
        self.find_unused: bool = find_unused
        self.number: int = next(reducers)
        self.names: dict[Any, str] = {parameter: name for name, parameter in named.items()}
        self.buckets: list[Bucket] = in_buckets(list(self.names), capacity)
        self.places: dict[Any, tuple[int, Any]] = {
            parameter: (i, view) for i, bucket in enumerate(self.buckets)
            for parameter, view in zip(bucket.parameters, bucket.views)}
        self.current: Pass | None = None        # the last forward passes, without a backward yet
        for parameter in self.names:
            parameter.register_hook(partial(self.come_to_leaf, parameter))

    def __deepcopy__(self, memo: Any) -> Any:
        raise errors.no_copy()

    def check_finished(self) -> None:
        """Raise RuntimeError if the last backward() has begun, and has not come to its end."""
        if self.current is not None and self.current.started:
            raise errors.unfinished(self.current.missing())

    def prepare(self, output: Any) -> None:
        """Put nodes in front of the parameters that an output was computed from.

        output  what forward has returned
        """
        tensors = [x for x in leaves(output) if isinstance(x, Tensor)]
        for x in leaves(output):
            if not isinstance(x, (Tensor, int, float, str, type(None))):
                raise errors.output_not_searched(x)
        if self.current is None or self.current.finished:
            self.current = Pass(self)
        self.current.connect([x.grad_fn for x in tensors if x.grad_fn is not None])

    def come_to_leaf(self, parameter: Any, gradient: Tensor) -> Tensor | None:
        """The hook of each parameter: averages what comes to it on another way than from the
        output of forward, such as a penalty of the weights in the loss.

        parameter  the parameter
        gradient   what comes
        """
        if self.current is None or self.current.finished and not self.current.at_leaves:
            return None
        if not self.current.at_leaves:
            if parameter not in self.current.nodes:
                raise errors.not_from_output(self.names[parameter])
            return None
        array = gradient.numpy() / self.group.size()
        Agreement(self.group, f'a gradient of DistributedDataParallel {self.number}, late').check()
        self.group.comm.Allreduce(self.group.MPI.IN_PLACE, array)
        return Tensor._of(array)


class Bucket:
    """Gradients that are averaged together.

    parameters  of one dtype
    """

    def __init__(self, parameters: list[Any]) -> None:
        self.parameters: list[Any] = parameters
        self.flat: Any = np.empty(sum(p.numel() for p in parameters), parameters[0]._array.dtype)
        ends = np.cumsum([p.numel() for p in parameters])
        self.views: list[Any] = [part.reshape(p.shape) for p, part in
                                 zip(parameters, np.split(self.flat, ends[:-1]))]


def in_buckets(parameters: list[Any], capacity: float | None) -> list[Bucket]:
    """The parameters, last ones first, in buckets of one dtype each.

    parameters  in the order of their definition
    capacity    MB in a bucket, or None
    """
    buckets: list[list[Any]] = []
    for parameter in reversed(parameters):
        room = (FIRST if len(buckets) == 1 else OTHERS) if capacity is None else capacity
        last = buckets[-1] if buckets else []
        used = sum(p.numel() * p.itemsize for p in last)
        if last and last[0].dtype == parameter.dtype and used < room * MB:
            last.append(parameter)
        else:
            buckets.append([parameter])
    return [Bucket(bucket) for bucket in buckets]


class Pass:
    """Forward passes, and the one walk back through them.

    reducer  whose gradients it averages
    """

    def __init__(self, reducer: Reducer) -> None:
        self.reducer: Reducer = reducer
        self.number: int = next(passes)
        self.nodes: dict[Any, Ready] = {}
        self.last: Last = Last(self)
        self.found: set[Any] = set()          # parameters whose gradient is in its bucket
        self.awaited: list[int] = [len(bucket.parameters) for bucket in reducer.buckets]
        self.requests: list[Any] = []         # of the buckets that were started, in their order
        self.agreement: Agreement | None = None
        self.finished: bool = False
        self.at_leaves: bool = False          # whether the walk has only leaves left
        self._hooks: Any = (self.leave,)      # called as the last of the leaves

    def leave(self, g: Any) -> None:
        """The walk is over.

        g  no gradient
        """
        self.at_leaves = False

    @property
    def started(self) -> bool:
        """Whether the walk has come to one of its parameters, and not to its end."""
        return bool(self.found) and not self.finished

    def missing(self) -> list[str]:
        """The names of the parameters without a gradient."""
        return [name for p, name in self.reducer.names.items() if p not in self.found]

    def connect(self, nodes: list[Any]) -> None:
        """Put a Ready in front of each parameter.

        nodes  those of the outputs
        """
        names, users = self.reducer.names, {}
        seen, unexplored = set(nodes), [*nodes]
        while unexplored:
            node = unexplored.pop()
            for i, edge in enumerate(node.edges):
                parent = edge[0]
                if parent in names:
                    users.setdefault(parent, []).append((node.number, node, i))
                elif isinstance(parent, Node) and parent not in seen:
                    seen.add(parent)
                    unexplored.append(parent)
        for i, parameter in enumerate(names):
            if parameter not in users:
                continue
            if parameter not in self.nodes:
                first = min(number for number, *_ in users[parameter])
                number = first - (i + 1) / (len(names) + 1)      # no two nodes have the same
                self.nodes[parameter] = Ready(self, parameter, number)
            for _, node, k in users[parameter]:
                node.edges = [*node.edges]      # a compiled program has one list for all its nodes
                node.edges[k] = (self.nodes[parameter], *node.edges[k][1:])

    def take(self, parameter: Any, g: Any) -> None:
        """Write a gradient into its bucket, and start the buckets that are full.

        parameter  the parameter
        g          its gradient, an array; None if it has no part in the loss
        """
        if self.finished:
            raise errors.second_backward()
        i, view = self.reducer.places[parameter]
        before = parameter.grad
        if before is not None:
            g = before._array if g is None else before._array + g
        if g is None:
            view[...] = 0
        elif g.shape != view.shape or g.dtype != view.dtype:
            raise errors.gradient_changed_kind(self.reducer.names[parameter], g, view)
        else:
            np.multiply(g, 1 / self.reducer.group.size(), out=view)
        self.found.add(parameter)
        self.awaited[i] -= 1
        self.start()

    def start(self) -> None:
        """Start to average the buckets that are full, in the same order on all ranks."""
        group, buckets = self.reducer.group, self.reducer.buckets
        for request in self.requests:
            request.Test()      # MPI goes on only while it is called
        while len(self.requests) < len(buckets) and not self.awaited[len(self.requests)]:
            if self.agreement is None:
                self.agreement = Agreement(
                    group, f'backward() {self.number} of DistributedDataParallel '
                    f'{self.reducer.number}')
            self.requests.append(group.comm.Iallreduce(
                group.MPI.IN_PLACE, buckets[len(self.requests)].flat))

    def finish(self) -> None:
        """Wait for the averages, and write them into `grad`."""
        names, group = self.reducer.names, self.reducer.group
        used = np.array([p in self.found for p in names])
        if not used.all():
            if not self.reducer.find_unused:
                raise errors.unfinished(self.missing())
            for parameter, found in zip(names, used):
                if not found:
                    self.take(parameter, None)
        self.agreement.check()      # type: ignore[union-attr]
        if self.reducer.find_unused:
            group.comm.Allreduce(group.MPI.IN_PLACE, used, group.MPI.LOR)
        for request in self.requests:
            wait(request)
        for parameter, anywhere in zip(names, used):
            if anywhere:
                _, average = self.reducer.places[parameter]
                if parameter.grad is None:
                    parameter.grad = Tensor._of(average.copy())
                else:
                    parameter.grad._array[...] = average
                    increment_version(parameter.grad)
        self.finished = True


class Ready(Node):
    """The node in front of a parameter, to which the walk comes when its gradient is complete.

    of         the pass it belongs to
    parameter  the parameter
    number     just below that of the first operation that used it
    """

    plan: Any = SimpleNamespace(operation='average', saves=(), edges=[(0,)], arguments=[0])
    number: Any
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None
    location: tuple[Any, int]

    def __init__(self, of: Pass, parameter: Any, number: float) -> None:
        self.of: Pass = of
        self.parameter: Any = parameter
        self.number, array = number, parameter._array
        self.edges = [(parameter, None, slice(0), array.shape, array.dtype)]

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        if wanted is not None and not wanted.get(self.parameter):
            return [(self.parameter, g)]       # autograd.grad: averages nothing, as in PyTorch
        if wanted is not None:
            raise errors.some_inputs()
        if kind is not None:
            raise errors.create_graph()
        for hook in self.parameter._hooks:
            g = hook(g)
        self.of.take(self.parameter, g)
        return [(self.of.last, None)]

    def forget(self) -> None:
        """It saves nothing."""


class Last(Node):
    """The node older than all others, to which the walk comes when all gradients are complete.

    of  the pass it belongs to
    """

    plan: Any = SimpleNamespace(operation='averages', saves=(), edges=[], arguments=[])
    number: int
    edges: list[tuple[Any, ...]]
    saved: list[Any] | None
    location: tuple[Any, int]

    def __init__(self, of: Pass) -> None:
        self.of: Pass = of
        self.number, self.edges = -of.number, []

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        self.of.finish()
        self.of.at_leaves = True
        return [(self.of, None)]

    def forget(self) -> None:
        """It saves nothing."""
