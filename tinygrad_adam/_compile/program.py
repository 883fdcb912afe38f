"""A recorded program: its text, and a call of it in place of the user's function."""
from __future__ import annotations

import operator
import re
import sys
from functools import reduce
from types import SimpleNamespace
from typing import Any, Iterator

import numpy as np

from .._tensor import Tensor
from ..autograd import _errors as graph_errors
from ..autograd import increment_version
from ..autograd.graph import Modes, Output, clock, modes, storage_of
from ..autograd.nonfinite import quiet
from ..autograd.primitive import of_user
from ..autograd.several import Parts, Several
from ..random import Generator
from . import _errors as errors
from .derivatives import gradients, reached
from .guards import Guards
from .recording import SLOT, Recorder, Value, mapped
from .rewriting import pool_before_relu
from .text import Writer, constant_text, needed


class New(int):
    """In place of a tensor that a call returns: its number among them."""


class Old(int):
    """In place of a tensor from outside that a call returns: its number among the sources."""


class Program:
    """What a call has done, as functions of arrays; sets recorder.reason if it cannot be that.

    recorder  is recording the call
    guards    what it depends on
    result    what it returned
    """

    def __init__(self, recorder: Recorder, guards: Guards, result: Any) -> None:
        def now(x: Any) -> Value:
            return recorder.of(SLOT.__get__(x))._value

        self.results: list[Any] = []        # the tensors that are returned
        self.template = self.template_of(result, recorder, {*guards.containers})
        sources = [*recorder.sources.values()]      # pairs (tensor or generator, value)
        outside = {x.grad_fn or x: x for x, _ in sources
                   if isinstance(x, Tensor) and x._requires_grad}
        if any(now(x) is not value for x, value in sources
               if isinstance(x, Tensor) and x._requires_grad):
            recorder.stop('a tensor from outside that requires grad is changed in place')
        roots = [x for x in self.results if x.grad_fn is not None]
        before = [reached(recorder, x, outside) for x in roots]
        if recorder.reason is not None:
            return
        outputs = {id(x): number_of(now(x)) for x in self.results}
        seeds = [recorder.of(np.ones_like(SLOT.__get__(x))) for x in roots]
        for x, seed in zip(roots, seeds):
            seed._value.source, seed._value.of = x, outputs[id(x)]
        ways = []       # of all outputs with a gradient, and of each alone
        for which in [range(len(roots)), *([i] for i in range(len(roots)) if len(roots) > 1)]:
            found, lines = gradients(
                recorder, {roots[i].grad_fn: seeds[i] for i in which}, outside,
                {vertex: goes_on for i in which for vertex, goes_on in before[i].items()})
            ways.append(([seeds[i]._value for i in which], found, lines))
        if recorder.reason is not None:
            return
        vertices = [*dict.fromkeys(vertex for _, found, _ in ways for vertex in found)]
        self.write(recorder, sources, [*outputs.values()], [
            (given, [found.get(vertex) for vertex in vertices], lines)
            for given, found, lines in ways])
        self.find: Any = guards.finder(sources, bool(self.changed))
        self.generators = [i for i, (x, _) in enumerate(sources) if isinstance(x, Generator)]
        self.differentiable = [x.grad_fn is not None for x in self.results]
        self.ordered = [i for i, x in enumerate(self.results)
                        if x._storage is not None and x._storage.ordered]
        self.frees = [{node.number for node, goes_on in nodes.items() if goes_on
                       and getattr(node.plan, 'frees', False)} for nodes in before]
        # What all walks together free, and with it the node; of one output, any walk does.
        self.freed: set[int] = set().union(*self.frees) if len(roots) > 1 else set()
        self.plan = SimpleNamespace(operation='compiled', saves=(), arguments=(), frees=any(
            self.frees), edges=[(i,) for i in range(len(vertices))])
        places = {id(x): i for i, (x, _) in enumerate(sources)}
        arrays = [SLOT.__get__(outside[vertex]) for vertex in vertices]
        self.targets = [(places[id(outside[vertex])], array.shape, array.dtype)
                        for vertex, array in zip(vertices, arrays)]
        # All leaves that are guarded: these edges are the same in every call.
        fixed = all(vertex is x and guards.access[id(x)] in guards.space
                    for vertex, x in outside.items())
        self.edges = fixed and [(vertex, None, (), array.shape, array.dtype)
                                for vertex, array in zip(vertices, arrays)]
        del self.results

    def template_of(self, result: Any, recorder: Recorder, containers: set[int]) -> Any:
        """The result with New or Old in place of its tensors."""
        def of(x: Any) -> Any:
            if isinstance(x, Tensor) and id(x) not in recorder.born:
                recorder.meet(x, SLOT.__get__(x))
                return Old([*recorder.sources, id(x)].index(id(x)))
            if isinstance(x, Tensor):
                if not any(x is y for y in self.results):
                    array = SLOT.__get__(x)
                    others = [SLOT.__get__(y) for y in [*self.results, *(
                        z for z, _ in recorder.sources.values() if isinstance(z, Tensor))]]
                    if any(np.may_share_memory(array, other) for other in others) or (
                            x._is_one_of_several or type(x) is not Tensor
                            or x._requires_grad and x.grad_fn is None):
                        recorder.stop('a view or a new leaf is returned')
                    self.results.append(x)
                return New(next(i for i, y in enumerate(self.results) if x is y))
            if x is not None and not isinstance(x, (bool, int, float, str)):
                recorder.stop(f'{type(x).__name__} is returned')
            return x

        unseen = [result]
        while unseen:
            x = unseen.pop()
            if isinstance(x, (list, dict)):
                if id(x) in containers or type(x) not in (list, dict):
                    recorder.stop(f'a {type(x).__name__} is returned that the caller has already')
                containers.add(id(x))
            if isinstance(x, (list, tuple, dict)):
                unseen += x.values() if isinstance(x, dict) else x
        return mapped(of, result)

    # Its text.

    def write(self, recorder: Recorder, sources: Any, outputs: list[Value], ways: Any) -> None:
        """Write forward and backward, and make them functions.

        ways  (the gradients that are given, those that are found, and the steps from them to these)
        """
        given, computed = [value for _, value in sources], {*recorder.lines}
        now = [value if isinstance(x, Generator) else recorder.of(SLOT.__get__(x))._value
               for x, value in sources]
        if len(ways) == 1:
            pool_before_relu(recorder.lines, ways[0][-1], outputs + now)
        ways = [(seeds, found, needed(lines, [g for g in found if g]))
                for seeds, found, lines in ways]
        self.changed = [i for i, value in enumerate(now) if value is not given[i]]
        for i in self.changed:
            now[i].name = now[i].name or given[i].name
        read = [x for _, found, lines in ways
                for x in [*found, *(y for line in lines for y in line.read)]]
        inner = [x for x in dict.fromkeys(read) if x in computed]
        self.read = [i for i, x in enumerate(given) if x in read]
        # Whose memory backward reads, too: if it is changed in place before, that is an error.
        self.shared = [[i for i, x in enumerate(arrays) if isinstance(x, np.ndarray)
                        and any(np.may_share_memory(x, y.array) for y in inner)]
                       for arrays in ([x.array for x in given], [x.array for x in outputs])]
        writer = Writer()
        texts = [writer.function('forward', given, recorder.lines, [*outputs, inner],
                                 [(given[i], now[i]) for i in self.changed])]
        saved = Value(inner)
        saved.name = 'saved'
        own = [*(given[i] for i in self.read), saved]
        for i, (seeds, found, lines) in enumerate(ways):
            name = 'backward' if i == 0 else f'backward_{i - 1}'
            texts += [writer.function(name, seeds + own, lines, found)] * bool(seeds)
        self.text = '\n\n'.join(texts)
        words = set(re.findall(r'\w+', self.text))
        self.used = {name: x for name, x in writer.names.items()
                     if name in words and not isinstance(x, Value) and name != 'np'}
        self.space = {**self.used, 'np': np, '__name__': f'{__package__}.recorded'}     # quiet
        exec(compile(self.text, '<compiled>', 'exec'), self.space)
        self.forward = self.space['forward']
        self.backward = self.space.get('backward')

    @property
    def code(self) -> str:
        """The program with its constants."""
        return '\n'.join([*(f'{name} = {constant_text(x)}' for name, x in self.used.items()
                            if isinstance(x, np.ndarray)), '', self.text])

    # A call.

    def run(self, function: Any, args: Any, kwargs: Any, tensors: Any, arrays: Any) -> Any:
        """What the function returns; it is called itself if the program does not hold."""
        quiet()
        states = [(arrays[i], arrays[i].bit_generator.state) for i in self.generators]
        try:
            *new, inner = self.forward(*arrays)
        except Exception:
            for generator, state in states:     # it will draw again
                generator.bit_generator.state = state
            return function(*args, **kwargs)
        for i in self.changed:
            increment_version(tensors[i])
        new = [Tensor._of(x) for x in new]
        if self.targets:
            node = object.__new__(CompiledFunctionBackward)
            node.program, node.plan, node.number = self, self.plan, next(clock)
            node.edges = self.edges or [(tensors[i].grad_fn or tensors[i], None, (), shape, dtype)
                                        for i, shape, dtype in self.targets]
            frame = of_user(sys._getframe(2))
            node.location = frame.f_code, frame.f_lasti
            roots = [x for x, differentiable in zip(new, self.differentiable) if differentiable]
            nodes = [node] if len(roots) == 1 else node.nodes_of_parts(len(roots))
            for x, own in zip(roots, nodes):
                x._requires_grad, x.grad_fn = True, own
            node.saved = [tensors[i] for i in self.read]
            node.saved += [tensors[i] for i in self.shared[0]]
            node.saved += [Output(new[i]) for i in self.shared[1]]
            node.saved.append(inner)
        for i in self.ordered:
            storage_of(new[i]).ordered = True
        if type(self.template) is New:      # the usual one
            return new[0]
        return mapped(lambda x: new[x] if type(x) is New else tensors[x] if type(x) is Old else x,
                      self.template)


class CompiledFunctionBackward(Several):
    """The node of a call of a program: it asks `backward` for all gradients at once."""

    program: Program
    freed: Any = frozenset()    # the nodes of the recording that a walk has freed
    walked: Any = frozenset()   # those that this walk frees

    def terms(self, g: Any, kind: Any, wanted: Any) -> Any:
        if kind is not None:
            raise errors.no_double_backward()
        if isinstance(g, Parts):
            self.call_hooks_of_unused(g)
            self.walked = set().union(*(self.program.frees[k] for k in g if g[k] is not None))
            if self.walked & self.freed:
                raise graph_errors.graph_freed(self)
        return self.computed(g, self.recall(None), wanted)

    def computed(self, g: Any, saved: list[Any], wanted: Any) -> Iterator[tuple[Any, Any]]:
        """The terms; the program frees what it was given in the list `inner` as soon as it can."""
        program, inner = self.program, [*saved.pop()]
        arrays = saved[:len(program.read)]
        if isinstance(g, Parts):
            found = of_parts(program, g, arrays, inner)
        else:
            found = None if g is None else program.backward(g, *arrays, inner)
        for edge, term in zip(self.edges, found or [None] * len(self.edges)):
            if (wanted is None or edge[0] in wanted) and (g is None or term is not None):
                if Modes.watched and modes.watch:
                    modes.watch('backward', 'compiled', term, arrays, self)
                yield edge[0], term

    def forget(self) -> None:
        """Free what this walk has used; other outputs may still be walked."""
        self.freed = self.walked | self.freed
        if self.freed >= self.program.freed:
            super().forget()


def of_parts(program: Program, g: Parts, arrays: list[Any], inner: list[Any]) -> Any:
    """What several outputs find, of which some may have no gradient."""
    seeds = {k: g[k] for k in sorted(g) if g[k] is not None}
    if len(seeds) == len(program.frees):
        return program.backward(*seeds.values(), *arrays, inner)
    several = [program.space[f'backward_{k}'](seed, *arrays, [*inner])
               for k, seed in seeds.items()]
    found = [[term for term in terms if term is not None] for terms in zip(*several)]
    return [reduce(np.add, terms) if terms else None for terms in found]


def number_of(value: Value) -> Value:
    """The value; a number instead of the array that a tensor makes of it."""
    if value.function is not operator.getitem or not isinstance(value.args[0].array, np.generic):
        return value
    number = value.args[0]
    number.name, number.operation = value.name, value.operation
    return number
