"""What a recorded program depends on, and the test that all of it is still the same.

A recording took the way through the user's program that its numbers, flags and objects led to. So
everything is guarded that the functions can reach by a name: the variables around them, their
globals, defaults and attributes, and what those contain. Of each tensor that was used the shape,
dtype, memory order and whether it requires grad count as well. `GUARDS` has a row for each kind.
What cannot be guarded, such as a file or a generator of Python's random numbers, is refused.
"""
from __future__ import annotations

import builtins
import dis
import enum
import sys
from functools import partial
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..autograd.graph import TensorBase, modes
from ..autograd.primitive import inside
from ..nn._module_hooks import Hooks
from ..nn.module import Module
from ..random import Generator
from ..types import device, dtype

PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...), device, dtype, np.dtype,
         slice, range, np.generic)
SAFE = {'math', 'operator', '_operator', 'builtins', 'collections', 'functools', 'itertools',
        'typing', 'enum', '_functools'}
UNSAFE = {'print', 'input', 'open', 'next', 'iter', 'id', 'hash', 'exec', 'eval', 'globals',
          'locals', 'setattr', 'delattr', 'compile', '__import__', 'breakpoint', 'vars', 'dir'}
STATE = {'grad', 'grad_fn', 'is_leaf', 'retains_grad', '_version'}
BY_TEXT = {'getattr', 'hasattr', '__dict__', 'attrgetter', 'methodcaller'}
CHANGES = {'STORE_GLOBAL', 'DELETE_GLOBAL', 'STORE_ATTR', 'DELETE_ATTR'}

GUARDS: dict[str, str] = {      # {what is guarded: the test}
    'modes': 'modes.recording is {}',
    'identity': '{} is {}',
    'plain': '({0} is {1} or same({0}, {1}))',
    'length': 'len({}) == {}',
    'type': 'type({}) is {}',
    'keys': 'tuple({}) == {}',
    'code': '{0}.__code__ is {1} and {0}.__defaults__ is {2} and {0}.__kwdefaults__ is {3}',
    'builtin': '{1!r} not in {0}',
    'requires_grad': '{}._requires_grad is {}',
    'views': '({0}._base is None or {0}._vertex() is not None)',
    'shape': '({0} := {1}._array).shape == {2}',
    'dtype': '{}.dtype is {}',
    'order': '{}.strides == {}',
    'alias': '{} is {}',
    'distinct': 'len({{{}}} - {}) == {}',
}


def same(x: Any, y: Any) -> bool:
    """Whether two plain values are the same in all that a program can see; 0.0 is not -0.0."""
    return type(x) is type(y) and x == y and repr(x) == repr(y)


class Guards:
    """Collects what a call of a function with these arguments can reach.

    `reachable` is {id: (tensor or generator, its name)}; `refused` says what cannot be guarded.
    """

    def __init__(self, function: Any, args: Any, kwargs: Any, names: list[str]) -> None:
        self.space: dict[str, Any] = {
            'modes': modes, 'same': same, 'type': type, 'len': len, 'id': id}
        self.tests: list[str] = []
        self.reachable: dict[int, Any] = {}
        self.refused: str | None = None
        self.access: dict[int, str] = {}        # {id of a tensor: how a call finds it}
        self.seen: set[Any] = set()
        self.containers: set[int] = set()       # ids of the lists and dictionaries
        self.attributes = {'forward', '__call__'}       # all names after a dot
        self.later: list[Any] = []              # visits that wait for such a name
        self.test('modes', modes.recording)
        self.visit_function(function, 'model')
        self.test('length', 'args', len(args))
        self.test('keys', 'kwargs', self.constant(tuple(kwargs)))
        for i, x in enumerate(args):
            self.visit(x, f'args[{i}]', names[i] if i < len(names) else f'x{i}', False)
        for key, x in kwargs.items():
            self.visit(x, f'kwargs[{key!r}]', key, False)
        while True:
            now = [visit for key, visit in self.later if key in self.attributes]
            self.later = [item for item in self.later if item[0] not in self.attributes]
            if not now:
                break
            for visit in now:
                visit()
        for name in sorted(STATE & self.attributes):
            self.refused = self.refused or f'.{name} is read'
        given = [x for x, access in self.access.items() if access[0] != 'k'
                 or access.startswith('kwargs')]
        if given:       # `x is y` may count
            self.test('distinct', ', '.join(f'id({self.access[x]})' for x in given),
                      self.constant(frozenset(self.access.keys() - given)), len(given))

    def test(self, kind: str, *parts: Any) -> None:
        """Add a guard."""
        text = GUARDS[kind].format(*parts)
        if text not in self.tests:
            self.tests.append(text)

    def hold(self, args: Any, kwargs: Any) -> bool:
        """Whether all is as it was."""
        text = '\n and '.join(self.tests)
        space = {**self.space, 'args': args, 'kwargs': kwargs}
        return bool(eval(f'({text})', space)) and all(
            id(eval(access, space)) == x for x, access in self.access.items())

    def constant(self, x: Any) -> str:
        """A name for an object in the test."""
        name = f'k{id(x)}'
        self.space[name] = x
        return name

    def refuse(self, name: str, x: Any) -> None:
        self.refused = self.refused or f'{name}, {type(x).__name__}, may change unnoticed'

    def visit(self, x: Any, access: str, name: str, fixed: bool = True) -> None:
        """Guard an object, which a call finds by the expression `access`.

        fixed  whether it must be this very object, as all but arguments must
        """
        if isinstance(x, PLAIN) and not isinstance(x, TensorBase):
            return self.test('plain', access, self.constant(x))
        if isinstance(x, TensorBase):
            return self.visit_tensor(x, access, name, fixed)
        if isinstance(x, (list, dict)):
            self.containers.add(id(x))
        if type(x) in (list, tuple, dict) and not fixed:
            self.test('type', access, type(x).__name__)
        else:
            self.test('identity', access, self.constant(x))
            if id(x) in self.seen:
                return
            self.seen.add(id(x))
            access = self.constant(x)
        if isinstance(x, (list, tuple)):
            self.test('length', access, len(x))
            for i, part in enumerate(x):
                self.visit(part, f'{access}[{i}]', f'{name}_{i}', fixed)
        elif isinstance(x, dict):
            self.visit_entries(x, access, name, fixed)
        elif isinstance(x, (set, frozenset)) and all(isinstance(part, PLAIN) for part in x):
            self.test('keys', access, self.constant(tuple(x)))
        elif isinstance(x, Generator):
            self.reachable[id(x)] = x, name
        elif isinstance(x, (FunctionType, MethodType, partial)) or hasattr(x, '_original'):
            self.visit_function(x, name)
        elif isinstance(x, type):
            self.visit_class(x)
            if isinstance(x.__init__, FunctionType):
                self.visit_function(x.__init__, name)
        elif isinstance(x, ModuleType):
            self.visit_module(x, access, name)
        elif isinstance(x, BuiltinFunctionType) and isinstance(
                x.__self__, (ModuleType, type(None))):
            if (x.__module__ or 'builtins').partition('.')[0] not in SAFE | {'numpy'}:
                self.refuse(name, x)
        elif isinstance(x, (np.ufunc, enum.Enum)) or type(x).__module__ == 'numpy' and callable(x):
            pass
        elif type(x).__new__ is object.__new__ and hasattr(x, '__dict__') and (
                not inside(type(x).__module__) or isinstance(x, (Module, Hooks))):
            self.visit_class(type(x))
            self.test('type', access, self.constant(type(x)))
            self.visit_entries(vars(x), self.constant(vars(x)), name, True)
        else:
            self.refuse(name, x)

    def visit_tensor(self, x: Any, access: str, name: str, fixed: bool) -> None:
        if fixed:
            self.test('identity', access, self.constant(x))
            access = self.constant(x)
        elif id(x) in self.reachable:       # given twice, or a parameter, too
            self.test('alias', access, self.access[id(x)])
        if id(x) not in self.reachable:
            self.reachable[id(x)], self.access[id(x)] = (x, name), access
            self.test('type', access, self.constant(type(x)))
            self.test('requires_grad', access, x._requires_grad)
            for key, part in getattr(x, '__dict__', {}).items():
                self.later.append((key, partial(
                    self.visit, part, f'{access}.__dict__[{key!r}]', f'{name}_{key}', fixed)))

    def visit_entries(self, x: Any, access: str, name: str, fixed: bool) -> None:
        """Guard the entries of a dictionary."""
        self.test('keys', access, self.constant(tuple(x)))
        for key, part in x.items():
            if not isinstance(key, PLAIN):
                return self.refuse(name, key)
            inner = name if str(key)[:1] == '_' else f'{name}_{key}'
            text = repr(key) if isinstance(key, str) else self.constant(key)
            visit = partial(self.visit, part, f'{access}[{text}]', inner, fixed)
            if isinstance(part, (*PLAIN, TensorBase, Module, list, tuple, dict)):
                visit()
            else:       # it counts only if a function names it
                self.later.append((key if str(key) != '_module_hooks' else 'forward', visit))

    def visit_function(self, x: Any, name: str) -> None:
        """Guard what a function can reach: its closure, globals and defaults."""
        if hasattr(x, '_original'):
            return self.visit_function(x._original, name)
        if isinstance(x, MethodType):
            self.visit(x.__self__, self.constant(x.__self__), name)
            return self.visit_function(x.__func__, name)
        if isinstance(x, partial):
            for i, part in enumerate((x.func, x.args, x.keywords)):
                self.visit(part, self.constant(part), f'{name}_{i}')
            return
        if not isinstance(x, FunctionType):     # a module, or another object that can be called
            return self.visit(x, self.constant(x), name)
        if inside(x.__module__) or (x.__module__ or '').partition('.')[0] in SAFE | {'numpy'}:
            return
        parts = [self.constant(part) for part in (x, x.__code__, x.__defaults__, x.__kwdefaults__)]
        self.test('code', *parts)
        for what in (x.__defaults__, x.__kwdefaults__):
            for key, part in ([*what.items()] if isinstance(what, dict) else enumerate(what or ())):
                self.visit(part, f'{self.constant(what)}[{key!r}]', f'{name}_default')
        for variable, cell in zip(x.__code__.co_freevars, x.__closure__ or ()):
            self.visit_cell(cell, variable)
        if x.__code__.co_flags & 0x2a0:
            self.refuse(name, x)        # a generator or coroutine
        self.visit_code(x.__code__, x.__globals__)

    def visit_cell(self, cell: CellType, name: str) -> None:
        if name == '__class__':     # for super()
            return
        try:
            self.visit(cell.cell_contents, f'{self.constant(cell)}.cell_contents', name)
        except ValueError:
            self.refuse(name, cell)     # it has no value yet

    def visit_code(self, code: CodeType, scope: dict[str, Any]) -> None:
        """Guard the globals that a function names, and note its attributes."""
        if BY_TEXT & {*code.co_names}:
            self.attributes |= {x for x in code.co_consts if isinstance(x, str)}
        for step in dis.get_instructions(code):
            if step.opname in CHANGES or (
                    step.opname == 'STORE_DEREF' and step.argval in code.co_freevars):
                self.refused = self.refused or f'{step.argval} is assigned'
            elif step.opname == 'IMPORT_NAME':
                module = sys.modules.get(step.argval)
                self.visit(module, self.constant(module), step.argval)
                if module is None:
                    self.refuse(step.argval, ModuleType(step.argval))
            elif step.opname == 'IMPORT_FROM':
                self.attributes.add(step.argval)
            elif 'ATTR' in step.opname or 'METHOD' in step.opname:
                self.attributes.add(step.argval)
            elif 'GLOBAL' in step.opname or step.opname == 'LOAD_NAME':
                self.visit_global(step.argval, scope)
            elif isinstance(step.argval, CodeType):
                self.visit_code(step.argval, scope)

    def visit_global(self, name: str, scope: dict[str, Any]) -> None:
        own = self.constant(scope)
        if name in scope:
            self.visit(scope[name], f'{own}[{name!r}]', name)
        elif hasattr(builtins, name) and name not in UNSAFE:
            self.test('builtin', own, name)
        else:
            self.refused = self.refused or f'{name}() is called'

    def visit_class(self, x: type) -> None:
        """Guard the methods and attributes of a class that are named somewhere."""
        for base in x.__mro__:
            module = base.__module__ or ''
            if inside(module) or module.partition('.')[0] in SAFE | {'numpy'} or base in self.seen:
                continue
            self.seen.add(base)
            self.test('length', f'{self.constant(base)}.__dict__', len(vars(base)))
            for key, part in vars(base).items():
                inner = getattr(part, '__func__', None) or getattr(part, 'fget', None) or part
                path = f'{self.constant(base)}.__dict__[{key!r}]'
                if isinstance(inner, FunctionType):
                    visit = partial(self.visit_method, part, inner, path, key)
                    if key[:2] == '__' and key not in ('__init__', '__repr__'):
                        self.later.append(('forward', visit))
                elif key[:2] == '__':
                    continue
                else:
                    visit = partial(self.visit, part, path, key)
                self.later.append((key, visit))

    def visit_method(self, part: Any, function: Any, path: str, name: str) -> None:
        self.test('identity', path, self.constant(part))
        if id(function) not in self.seen:
            self.seen.add(id(function))
            self.visit_function(function, name)

    def visit_module(self, x: ModuleType, access: str, name: str) -> None:
        """Guard the attributes of a module of Python that are named somewhere."""
        family = x.__name__.partition('.')[0]
        if inside(x.__name__) or family in SAFE:
            return
        if x.__name__.startswith('numpy.random') or x.__name__ in ('random', 'time', 'os', 'sys'):
            return self.refuse(name, x)
        for key, part in vars(x).items():
            if key[:2] != '__':
                self.later.append((key, partial(self.visit, part, f'{access}.{key}', key)))
