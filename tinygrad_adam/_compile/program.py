"""A recorded program: its text, and a call of it in place of the user's function."""
from __future__ import annotations

import operator
import re
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np

from .._tensor import Tensor
from ..autograd import increment_version
from ..autograd.graph import Modes, Output, clock, modes, storage_of
from ..autograd.nonfinite import quiet
from ..autograd.primitive import of_user
from ..autograd.several import Parts, Several
from ..random import Generator
from . import _errors as errors
from .derivatives import Gradients, OfParts
from .guards import Guards
from .recording import SLOT, Line, Recorder, Value, arrays_of
from .rewriting import pool_before_relu
from .text import LARGE, Names, Writer, constant_text, used_in, user_comment


class Unrecorded(Exception):
    """A value is not as it was when the program was recorded."""


class Program:
    """What a call has done, as functions of arrays; sets recorder.reason if it cannot be that.

    recorder  has recorded it
    guards    what it depends on
    result    what it returned
    """

    def __init__(self, recorder: Recorder, guards: Guards, result: Any) -> None:
        self.results: list[Any] = []        # the tensors that are returned
        self.containers = {*guards.containers}      # lists that a call may not make anew
        self.template = self.template_of(result, recorder)
        if recorder.reason is None:
            self.gradients = Gradients(recorder, [x for x in self.results if x.grad_fn is not None])
            self.lines = scheduled(recorder)
        if len({id(value) for _, value in recorder.sources.values()}) < len(recorder.sources):
            recorder.stop('two tensors that it reads have the same memory')
        if recorder.reason is not None:
            return
        self.sources = [*recorder.sources.values()]     # (tensor or generator, value)
        self.write(recorder)
        self.generators = [i for i, (x, _) in enumerate(self.sources) if isinstance(x, Generator)]
        self.changed = {i for line in self.lines if line.kind == 'change'
                        for i, (_, x) in enumerate(self.sources) if x is line.options['out'][0]}
        self.find: Any = finder(guards, self.sources, bool(self.changed))
        places = {id(x): i for i, (x, _) in enumerate(self.sources)}
        self.targets = [(places[id(x)], SLOT.__get__(x).shape, SLOT.__get__(x).dtype)
                        for x, _ in self.gradients.found]
        self.differentiable = [x.grad_fn is not None for x in self.results]
        self.ordered = [i for i, x in enumerate(self.results)
                        if x._storage is not None and x._storage.ordered]
        self.plan = SimpleNamespace(operation='compiled', saves=(), arguments=(),
                                    frees=self.gradients.frees,
                                    edges=[(i,) for i in range(len(self.targets))])
        # All leaves that are guarded: these edges are the same in every call.
        self.edges = [(x, None, (), shape, dtype) for (x, _), (_, shape, dtype) in zip(
            self.gradients.found, self.targets)] if all(
            guards.access[id(x)][0] == 'k' and not guards.access[id(x)].startswith('kwargs')
            and x.grad_fn is None for x, _ in self.gradients.found) else None
        recorder.forget([*recorder.lines, *self.gradients.lines])
        del self.results, self.containers, self.lines, self.gradients, self.sources

    def template_of(self, x: Any, recorder: Recorder) -> Any:
        """The result with ('new', i) in place of tensor i, or ('old', i) of the i-th source."""
        if isinstance(x, Tensor):
            if id(x) not in recorder.born:
                recorder.meet(x, SLOT.__get__(x))
                return 'old', [*recorder.sources].index(id(x)) if id(x) in recorder.sources else 0
            known = [i for i, y in enumerate(self.results) if x is y]
            if not known:
                array = SLOT.__get__(x)
                others = [SLOT.__get__(y) for y in self.results] + [
                    y.array for z, y in recorder.sources.values() if isinstance(z, Tensor)]
                if any(np.may_share_memory(array, other) for other in others) or (
                        x._is_one_of_several or type(x) is not Tensor
                        or x._requires_grad and x.grad_fn is None):
                    recorder.stop('a view or a new leaf is returned')
                recorder.meet(x, array)
                self.results.append(x)
            return 'new', known[0] if known else len(self.results) - 1
        if isinstance(x, (list, dict)):
            if id(x) in self.containers:
                recorder.stop(f'a {type(x).__name__} is returned that the caller has already')
            self.containers.add(id(x))
        if isinstance(x, (list, tuple)):
            return type(x), [self.template_of(part, recorder) for part in x], hasattr(x, '_fields')
        if type(x) is dict:
            return dict, [*x], [self.template_of(part, recorder) for part in x.values()]
        if x is not None and not isinstance(x, (bool, int, float, str)):
            recorder.stop(f'{type(x).__name__} is returned')
        return 'plain', x

    def filled(self, template: Any, new: list[Any], old: Any) -> Any:
        """The result of a call."""
        kind, *rest = template
        if kind == 'new':
            return new[rest[0]]
        if kind == 'old':
            return old[rest[0]]
        if kind == 'plain':
            return rest[0]
        if kind is dict:
            return dict(zip(rest[0], [self.filled(part, new, old) for part in rest[1]]))
        parts = [self.filled(part, new, old) for part in rest[0]]
        return kind(*parts) if rest[1] else kind(parts)

    # Its text.

    def write(self, recorder: Recorder) -> None:
        """Write forward and backward, and make them functions."""
        outputs = [recorder.values[id(SLOT.__get__(x))] for x in self.results]
        found = [g for _, g in self.gradients.found]
        backward = used_in(self.gradients.lines, set(found))
        pool_before_relu(self.lines, backward, {*outputs})
        read = list(dict.fromkeys([*arrays_of([line.args for line in backward]), *found]))
        computed = set(self.lines)
        inner = [x for x in read if x.line in computed]
        self.read = [i for i, (_, x) in enumerate(self.sources) if x in read]
        # Whose memory backward reads, too: if it is changed in place before, that is an error.
        self.shared = [[i for i, x in enumerate(values) if isinstance(x.array, np.ndarray)
                        and any(np.may_share_memory(x.array, y.array) for y in inner)]
                       for values in ([x for _, x in self.sources], outputs)]
        names = Names()
        names.used['Unrecorded'] = Unrecorded
        given = [x for _, x in self.sources]
        for owner, x in self.sources:
            names[x] = names.new(x.name or 'x', x)
        lines = used_in(self.lines, {*outputs, *inner})
        texts = [function_text(names, 'forward', given, lines, outputs, inner)]
        seeds = self.gradients.seeds
        own = [given[i] for i in self.read] + inner
        for i, present in enumerate([seeds, *([seed] for seed in seeds)] if seeds else []):
            if i == 0 or len(seeds) > 1:
                name = f'backward_{i - 1}' if i else 'backward'
                kept, results = with_seeds(backward, found, seeds, present)
                texts.append(function_text(names, name, present + own, kept, results, None))
        space = {name: x.array.copy('K') if isinstance(x, Value) else x
                 for name, x in names.used.items() if not isinstance(x, Value) or (
                     isinstance(x.array, np.ndarray) and not x.varies)}
        words = set(re.findall(r'\w+', ' '.join(texts)))
        self.used = {name: x for name, x in space.items()
                     if name in words and x is not None and x is not np}
        self.text = '\n\n'.join(texts)
        self.space = {**self.used, 'np': np, '__name__': f'{__package__}.recorded'}
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
        if self.template == ('new', 0):     # the usual one
            return new[0]
        return self.filled(self.template, new, tensors)


class CompiledFunctionBackward(Several):
    """The node of a call of a program: it asks `backward` for all gradients at once."""

    program: Program

    def terms(self, g: Any, kind: Any, wanted: Any) -> list[tuple[Any, Any]]:
        if kind is not None:
            raise errors.no_double_backward()
        program = self.program
        *arrays, inner = self.recall(None)
        arrays = [*arrays[:len(program.read)], *inner]
        if not isinstance(g, Parts):
            found = [None] * len(self.edges) if g is None else program.backward(g, *arrays)
        else:
            self.call_hooks_of_unused(g)
            seeds = [g.get(k) for k in range(sum(program.differentiable))]
            if all(seed is not None for seed in seeds):
                found = program.backward(*seeds, *arrays)
            else:
                several = [program.space[f'backward_{k}'](seed, *arrays)
                           for k, seed in enumerate(seeds) if seed is not None]
                found = [sum_of(terms) for terms in zip(*several)] or [None] * len(self.edges)
        terms = [(edge[0], term) for edge, term in zip(self.edges, found)
                 if (wanted is None or edge[0] in wanted) and (g is None or term is not None)]
        if Modes.watched and modes.watch:
            for _, term in terms:
                modes.watch('backward', 'compiled', term, self.saved, self)
        return terms


def sum_of(terms: Any) -> Any:
    """The sum of those that are not None."""
    total = None
    for term in terms:
        total = term if total is None else total if term is None else total + term
    return total


def scheduled(recorder: Recorder) -> list[Line]:
    """The lines, with changes of tensors outside after all else; a check may fail until then."""
    changes = [line for line in recorder.lines
               if line.kind == 'change' and line.options['out'][0].source is not None]
    targets: list[Value] = []
    for line in recorder.lines:
        if line not in changes and any(np.may_share_memory(x.array, target.array)
                                       for x in arrays_of(line) for target in targets
                                       if isinstance(x.array, np.ndarray)):
            recorder.stop('a tensor is read after it was changed in place')
        if line in changes:
            targets.append(line.options['out'][0])
    return [line for line in recorder.lines if line not in changes] + changes


def with_seeds(lines: list[Line], found: list[Value], seeds: list[Value],
               present: list[Value]) -> Any:
    """The lines that remain if only some gradients of outputs are present, and what they find."""
    if len(present) == len(seeds):
        return lines, found
    instead: dict[Value, Any] = {seed: seed if seed in present else None for seed in seeds}
    kept = []
    for line in lines:
        args = [instead.get(x, x) if isinstance(x, Value) else x for x in line.args]
        some = isinstance(line.function, OfParts) and any(x is not None for x in args)
        if not some and (args[0] is None or line.function is operator.add and args[1] is None):
            instead[line.results[0]] = args[1] if args[0] is None and (
                line.function is operator.add) else args[0]
            continue
        kept.append(Line('value', line.function, tuple(args), line.options, line.user))
        kept[-1].results = line.results
        instead[line.results[0]] = line.results[0]
    return kept, [instead.get(x, x) for x in found]


def function_text(names: Names, name: str, given: list[Value], lines: list[Line],
                  outputs: list[Any], inner: list[Value] | None) -> str:
    """The text of one function: from given values to outputs, and what backward reads of it."""
    if name.startswith('backward'):
        for x in given:
            if x not in names:
                names[x] = names.new('d_' + names.get(x.of, 'out'), x)
    writer = Writer(names)
    writer.known = {names[x]: x.array for x in given}
    last: dict[Value, Line] = {}
    for line in lines:
        last.update({x: line for x in [*arrays_of(line), *line.results]})
    kept, user = {*given, *outputs, *(inner or ())}, None
    for line in lines:
        if line.user != user and line.user is not None:
            user = line.user
            writer.lines.append(user_comment(user))
        results = [x for x in line.results if isinstance(x.array, np.ndarray) and not x.array.ndim]
        number = inner is not None and bool(results) and any(
            x in set(arrays_of(other)) for x in results for other in lines)
        dead = [x for x, end in last.items() if end is line and x not in kept and x.line in lines
                and x.array.nbytes > LARGE]
        writer.write(line, number, dead)
    results = [text_of_output(writer, x) for x in outputs]
    if inner is not None:
        results.append(f'({in_a_row([names[x] for x in inner])})')
    body = '\n    '.join([*writer.lines, f'return {in_a_row(results)}'])
    return f'def {name}({", ".join(names[x] for x in given)}):\n    {body}\n'


def in_a_row(texts: list[str]) -> str:
    """The texts as the parts of a tuple."""
    return ', '.join(texts) + ',' * (len(texts) == 1)


def text_of_output(writer: Writer, x: Value | None) -> str:
    """What is returned: a copy if it is a constant."""
    if x is None:
        return 'None'
    return writer.tree(x).id + ("" if x.varies else ".copy('K')")


def finder(guards: Guards, sources: Any, changes: bool) -> Any:
    """A function of args and kwargs: the tensors and arrays of the sources, or None if a guard
    fails."""
    tensors, arrays = [], []
    for i, (x, value) in enumerate(sources):
        access = guards.access.get(id(x)) or guards.constant(x)
        tensors.append(access)
        if isinstance(x, Generator):
            arrays.append(f'{access}.numpy')
            continue
        array = SLOT.__get__(x)
        arrays.append(f'a{i}')
        guards.test('views', access)
        guards.test('shape', f'a{i}', access, array.shape)
        guards.test('dtype', f'a{i}', guards.constant(array.dtype))
        guards.test('order', f'a{i}', array.strides)
        if value.source is not x:       # the same array as that of another tensor
            same = next(j for j, (y, _) in enumerate(sources) if y is value.source)
            guards.test('alias', f'a{i}', f'a{same}')
    own = [i for i, (x, value) in enumerate(sources)
           if not isinstance(x, Generator) and value.source is x]
    if changes:     # in place: other tensors must not have the changed memory from now on
        guards.test('distinct', ', '.join(f'id(a{i})' for i in own),
                    guards.constant(frozenset()), len(own))
    tests = '\n            and '.join(guards.tests)
    found = ', '.join(tensors), ', '.join(arrays)
    text = f'''def find(args, kwargs):
    try:
        if ({tests}):
            return [{found[0]}], [{found[1]}]
    except (KeyError, IndexError, AttributeError, ValueError, TypeError):
        return None
    return None
'''
    exec(compile(text, '<guards>', 'exec'), guards.space)
    return guards.space['find']
