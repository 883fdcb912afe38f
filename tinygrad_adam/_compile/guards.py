"""What a recorded program depends on, and the test that all of it is still the same.

A recording took the way through the user's program that its numbers, flags and objects led to. So
everything is guarded that the functions can reach by a name: the variables around them, their
globals, defaults and attributes, and what those contain. An object must be the same one; then what
it holds is guarded in turn. Of each tensor that was used the shape, dtype, memory order and whether
it requires grad count as well. `GUARDS` has a row for each kind of test. What cannot be guarded,
such as a file or a generator of Python's random numbers, is refused. Functions and classes of this
package count as fixed.
"""
from __future__ import annotations

import builtins
import dis
import enum
import sys
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..autograd.graph import TensorBase, modes
from ..autograd.primitive import inside
from ..nn._module_hooks import Hooks
from ..nn.module import Module
from ..random import Generator
from ..types import NUMBERS, device, dtype
from .recording import SLOT

PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...), device, dtype, np.dtype,
         slice, range, np.generic, CodeType)
HELD: dict[type, tuple[str, ...]] = {       # what counts of functions and their like
    FunctionType: ('__code__', '__defaults__', '__kwdefaults__'),
    MethodType: ('__self__', '__func__'), partial: ('func', 'args', 'keywords'),
    staticmethod: ('__func__',), classmethod: ('__func__',), property: ('fget',)}
SAFE = {'math', 'operator', '_operator', 'builtins', 'collections', 'functools', 'itertools',
        'typing', 'enum', '_functools', 'numpy'}
UNSAFE = {'print', 'input', 'open', 'next', 'iter', 'id', 'hash', 'exec', 'eval', 'globals',
          'locals', 'setattr', 'delattr', 'compile', '__import__', 'breakpoint', 'vars', 'dir'}
STATE = {'grad', 'grad_fn', 'is_leaf', 'retains_grad', '_version'}
BY_TEXT = {'getattr', 'hasattr', '__dict__', 'attrgetter', 'methodcaller'}
CHANGES = {'STORE_GLOBAL', 'DELETE_GLOBAL', 'STORE_ATTR', 'DELETE_ATTR'}

GUARDS: dict[str, str] = {      # {what is guarded: the test}
    'modes': 'modes.recording is {}',
    'default dtype': 'numbers[float] is {}',
    'identity': '{} is {}',
    'plain': '({0} is {1} or same({0}, {1}))',
    'length': 'len({}) == {}',
    'type': 'type({}) is {}',
    'keys': 'tuple({}) == {}',
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


def own(tensor: Any) -> list[str]:
    """The attributes that a user has given to a tensor."""
    return [name for name in vars(tensor) if name[0] != '_']


def fixed_module(name: Any) -> bool:
    """Whether what a module of this name defines counts as fixed."""
    return inside(name) or (name or '').partition('.')[0] in SAFE


class Guards:
    """Collects what a call of a function with these arguments can reach.

    `reachable` is {id: (tensor or generator, its name)}; `refused` says what cannot be guarded.
    """

    def __init__(self, function: Any, args: Any, kwargs: Any, names: list[str]) -> None:
        self.space: dict[str, Any] = {
            'modes': modes, 'numbers': NUMBERS, 'same': same, 'own': own, 'type': type, 'len': len,
            'id': id, 'float': float}
        self.tests: dict[str, None] = {}        # in this order
        self.reachable: dict[int, Any] = {}
        self.refused: str | None = None
        self.access: dict[int, str] = {}        # {id of a tensor: how a call finds it}
        self.seen: set[Any] = set()
        self.containers: set[int] = set()       # ids of the lists and dictionaries
        self.attributes = {'forward', '__call__'}       # all names after a dot
        self.by_text = False                    # whether there may be others
        self.later: list[Any] = []              # visits that wait for such a name
        self.test('modes', modes.recording)
        self.test('default dtype', self.constant(NUMBERS[float]))
        self.visit(function, self.constant(function), 'model')
        self.test('length', 'args', len(args))
        self.test('keys', 'kwargs', self.constant(tuple(kwargs)))
        for i, x in enumerate(args):
            self.visit(x, f'args[{i}]', names[i] if i < len(names) else f'x{i}', False)
        for key, x in kwargs.items():
            self.visit(x, f'kwargs[{key!r}]', key, False)
        while any(self.by_text or key in self.attributes for key, *_ in self.later):
            later, self.later = self.later, []
            for key, *visit in later:
                if self.by_text or key in self.attributes:
                    self.visit(*visit)
                else:
                    self.later.append((key, *visit))
        for name in sorted(STATE & self.attributes):
            self.refused = self.refused or f'.{name} is read'
        if self.by_text:
            for x, _ in self.reachable.values():
                if isinstance(x, TensorBase):
                    self.test('keys', f'own({self.access[id(x)]})', self.constant(tuple(own(x))))
        given = [id(x) for x, _ in self.reachable.values()
                 if isinstance(x, TensorBase) and self.access[id(x)] not in self.space]
        if given:       # `x is y` may count
            self.test('distinct', ', '.join(f'id({self.access[x]})' for x in given),
                      self.constant(frozenset(self.access.keys() - given)), len(given))
        tests = '\n            and '.join(self.tests)
        self.define(f'''def holds(args, kwargs):
    return ({tests})

def hold(args, kwargs):
    return holds(args, kwargs) and {given} == [{', '.join(f'id({self.access[x]})' for x in given)}]
''')
        self.hold: Any = self.space['hold']     # all, and the tensors that were given are the same

    def test(self, kind: str, *parts: Any) -> None:
        """Add a guard."""
        self.tests[GUARDS[kind].format(*parts)] = None

    def define(self, text: str) -> None:
        """Make functions of the test."""
        exec(compile(text, '<guards>', 'exec'), self.space)

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
        self.visit_inside(x, access, name, fixed)

    def visit_inside(self, x: Any, access: str, name: str, fixed: bool) -> None:
        """Guard what an object holds, as `visit` guards the object."""
        if isinstance(x, (list, tuple)):
            self.test('length', access, len(x))
            for i, part in enumerate(x):
                self.visit(part, f'{access}[{i}]', f'{name}_{i}', fixed)
        elif isinstance(x, (dict, set, frozenset)) and all(isinstance(key, PLAIN) for key in x):
            self.test('keys', access, self.constant(tuple(x)))
            for key, part in x.items() if isinstance(x, dict) else ():
                self.visit(part, f'{access}[{self.constant(key)}]', f'{name}_{key}', fixed)
        elif isinstance(x, Generator):
            self.reachable[id(x)] = x, name
        elif isinstance(x, FunctionType) and fixed_module(x.__globals__.get('__name__')):
            if hasattr(x, '__wrapped__'):       # a compiled function, or one in no_grad()
                self.visit(x.__wrapped__, f'{access}.__wrapped__', name)
        elif type(x) in HELD:
            for attribute in HELD[type(x)]:
                self.visit(getattr(x, attribute), f'{access}.{attribute}', name)
            if isinstance(x, FunctionType):
                self.visit_function(x, access, name)
        elif isinstance(x, type):
            self.visit_class(x)
            self.visit(x.__init__, f'{access}.__init__', name)
        elif isinstance(x, ModuleType):
            if x.__name__.startswith('numpy.random') or x.__name__ in (
                    'random', 'time', 'os', 'sys'):
                self.refuse(name, x)
            elif not fixed_module(x.__name__) or x is np:
                self.later += [(key, part, f'{access}.{key}', key) for key, part in vars(x).items()
                               if key[:2] != '__']
        elif isinstance(x, BuiltinFunctionType) and isinstance(
                x.__self__, (ModuleType, type(None))):
            if (getattr(x, '__module__', None) or 'builtins').partition('.')[0] not in SAFE:
                self.refuse(name, x)
        elif type(x).__new__ is object.__new__ and hasattr(x, '__dict__') and (
                not inside(type(x).__module__) or isinstance(x, (Module, Hooks))):
            self.test('type', access, self.constant(type(x)))
            self.visit_class(type(x))
            self.visit_attributes(vars(x), name)
        elif not isinstance(x, (np.ufunc, enum.Enum)) and not (
                type(x).__module__ == 'numpy' and callable(x)):
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
            self.later += [(key, part, f'{access}.__dict__[{key!r}]', f'{name}_{key}', fixed)
                           for key, part in vars(x).items() if key[0] != '_']

    def visit_attributes(self, x: dict[str, Any], name: str) -> None:
        """Guard the attributes of an object."""
        own = self.constant(x)
        self.test('keys', own, self.constant(tuple(x)))
        for key, part in x.items():
            visit = part, f'{own}[{key!r}]', name if key[0] == '_' else f'{name}_{key}'
            if isinstance(part, (*PLAIN, TensorBase, Module, Hooks, list, tuple, dict)):
                self.visit(*visit)
            else:       # it counts only if a function names it
                self.later.append((key, *visit))

    def visit_function(self, x: FunctionType, access: str, name: str) -> None:
        """Guard what a function can reach: its closure and globals."""
        for i, (variable, cell) in enumerate(zip(x.__code__.co_freevars, x.__closure__ or ())):
            try:
                if variable != '__class__':     # for super()
                    self.visit(cell.cell_contents, f'{access}.__closure__[{i}].cell_contents',
                               variable)
            except ValueError:
                self.refuse(variable, cell)     # it has no value yet
        if x.__code__.co_flags & 0x2a0:
            self.refuse(name, x)        # a generator or coroutine
        self.visit_code(x.__code__, x.__globals__)

    def visit_code(self, code: CodeType, scope: dict[str, Any]) -> None:
        """Guard the globals that a function names, and note its attributes."""
        self.by_text = self.by_text or bool(BY_TEXT & {*code.co_names})
        for step in dis.get_instructions(code):
            if step.opname in CHANGES or (
                    step.opname == 'STORE_DEREF' and step.argval in code.co_freevars):
                self.refused = self.refused or f'{step.argval} is assigned'
            elif step.opname == 'IMPORT_NAME':
                module = sys.modules.get(step.argval)
                self.visit(module, self.constant(module), step.argval)
                if module is None:
                    self.refuse(step.argval, ModuleType(step.argval))
            elif step.opname == 'IMPORT_FROM' or 'ATTR' in step.opname or 'METHOD' in step.opname:
                self.attributes.add(step.argval)
            elif 'GLOBAL' in step.opname or step.opname == 'LOAD_NAME':
                own, name = self.constant(scope), step.argval
                if name in scope:
                    self.visit(scope[name], f'{own}[{name!r}]', name)
                elif hasattr(builtins, name) and name not in UNSAFE:
                    self.test('builtin', own, name)
                else:
                    self.refused = self.refused or f'{name}() is called'
            elif isinstance(step.argval, CodeType):
                self.visit_code(step.argval, scope)

    def visit_class(self, x: type) -> None:
        """Guard the methods and attributes of a class that are named somewhere, or special."""
        for base in x.__mro__:
            own = f'{self.constant(base)}.__dict__'
            if not fixed_module(base.__module__) and own not in self.seen:
                self.seen.add(own)
                self.test('length', own, len(vars(base)))
                for key, part in vars(base).items():
                    special = key[:2] == '__' and key not in ('__init__', '__repr__')
                    if not special or type(part) in HELD:
                        self.later.append(
                            ('forward' if special else key, part, f'{own}[{key!r}]', key))

    def finder(self, sources: Any, changes: bool) -> Any:
        """A function of args and kwargs: the tensors and arrays of the sources, or None if a guard
        fails.

        sources  pairs of a tensor or generator and its value
        changes  whether any is changed in place
        """
        tensors, arrays, tests = [], [], ['holds(args, kwargs)']
        for i, (x, _) in enumerate(sources):
            access = self.access.get(id(x)) or self.constant(x)
            tensors.append(access)
            arrays.append(f'{access}.numpy' if isinstance(x, Generator) else f'a{i}')
            if isinstance(x, TensorBase):
                array = SLOT.__get__(x)
                tests += [GUARDS['views'].format(access),
                          GUARDS['shape'].format(f'a{i}', access, array.shape),
                          GUARDS['dtype'].format(f'a{i}', self.constant(array.dtype)),
                          GUARDS['order'].format(f'a{i}', array.strides)]
        if changes:     # other tensors must not have the changed memory from now on
            own = [name for name in arrays if name[0] == 'a' and name[1:].isdigit()]
            tests.append(GUARDS['distinct'].format(
                ', '.join(f'id({name})' for name in own), 'set()', len(own)))
        all_tests = '\n            and '.join(tests)
        self.define(f'''def find(args, kwargs):
    try:
        if ({all_tests}):
            return [{', '.join(tensors)}], [{', '.join(arrays)}]
    except (KeyError, IndexError, AttributeError, ValueError, TypeError):
        return None
    return None
''')
        return self.space['find']
