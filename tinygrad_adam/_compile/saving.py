"""A program as a file that needs NumPy alone: with the text of all the functions that it calls."""
from __future__ import annotations

import ast
import builtins
import inspect
import sys
from functools import lru_cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ..autograd.graph import TensorBase
from ..autograd.primitive import inside
from . import _errors as errors
from .recording import Typed
from .text import constant_text, definition, primitive_of


class Texts:
    """The definitions that a program needs, each once, under the name that it is called by.

    names  {name in the program: the object}
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = dict(names)
        self.lines: list[str] = []
        self.imports: set[str] = {'import numpy as np'}
        self.started: set[str] = set()
        for name in names:
            self.define(name)

    def name_of(self, wanted: str, x: Any) -> str:
        """The name under which an object is defined, which this defines if it is not yet."""
        name, i = wanted, 1
        while name in self.names and self.names[name] is not x or hasattr(builtins, name):
            name, i = f'{wanted}_{i}', i + 1
        self.names[name] = x
        self.define(name)
        return name

    def define(self, name: str) -> None:
        """Add the definition of a name, after those of what it uses."""
        if name in self.started:
            return
        self.started.add(name)
        x = inspect.unwrap(primitive_of(self.names[name]))
        if isinstance(x, np.ndarray):
            text = f'{name} = {constant_text(x)}'
        elif isinstance(x, type) and issubclass(x, TensorBase):
            text = f'class {name}:\n    """There are none here."""'
        elif isinstance(x, type) and issubclass(x, Exception):
            text = f'class {name}(Exception):\n    """{(x.__doc__ or "").strip()}"""'
        elif isinstance(x, dict):
            parts = [f'{key!r}: {self.expression(part, name)}' for key, part in x.items()]
            text = f'{name} = {{{", ".join(parts)}}}'
        elif isinstance(x, Typed):
            convert = self.name_of('as_pytorch_types', Typed.__call__.__globals__[
                'as_pytorch_types'])
            forward = self.expression(x.forward, f'_{x.operation}')
            text = (f'def {name}(*arrays):\n    return {convert}({x.operation!r}, '
                    f'{forward}(*arrays), {forward}, arrays, {x.promote})')
        elif isinstance(x, partial):
            parts = [self.expression(x.func, x.func.__name__), *map(repr, x.args)]
            self.imports.add('from functools import partial')
            text = f'{name} = partial({", ".join(parts)})'
        else:
            text = self.source(name, x)
        self.lines.append(text)

    def source(self, name: str, x: Any) -> str:
        """The text of a function or class of this package, under another name."""
        if isinstance(x, FunctionType) and not x.__closure__:
            tree, scope = definition(x.__code__), x.__globals__
        elif isinstance(x, type):
            scope = vars(sys.modules[x.__module__])
            tree = statements(scope['__file__']).get(x.__name__)
        else:
            tree = None
        if tree is None:
            raise errors.no_text(name, x)
        tree = Rename(self, scope, tree).visit(ast.parse(ast.unparse(tree)).body[0])
        if isinstance(tree, ast.Expr):
            return f'{name} = {ast.unparse(tree)}'
        tree.name = name
        return ast.unparse(tree)

    def expression(self, x: Any, wanted: str) -> str:
        """How the file says an object."""
        x = primitive_of(x)
        if vars(np).get(getattr(x, '__name__', '')) is x:
            return f'np.{x.__name__}'
        if isinstance(x, np.dtype):
            return f'np.dtype({x.name!r})'
        if x is None or isinstance(x, (bool, int, float, str)):
            return repr(x)
        module = getattr(x, '__module__', None) or ''
        if isinstance(x, ModuleType):
            self.imports.add(f'import {x.__name__}' + f' as {wanted}' * (wanted != x.__name__))
            return wanted
        if module and not inside(module) and hasattr(sys.modules.get(module), wanted):
            self.imports.add(f'from {module} import {wanted}')
            return wanted
        return self.name_of(wanted, x)


class Rename(ast.NodeTransformer):
    """Lets the global names of a function be those of the file; types and texts are left out."""

    def __init__(self, texts: Texts, scope: dict[str, Any], tree: Any) -> None:
        self.texts, self.scope = texts, scope
        self.local = {node.id for node in ast.walk(tree)
                      if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self.local |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}

    def visit_Name(self, node: Any) -> Any:
        if node.id in self.local or node.id not in self.scope or node.id == 'np':
            return node
        x = self.scope[node.id]
        assigned = statements(self.scope['__file__']).get(node.id)
        if isinstance(assigned, (ast.Assign, ast.AnnAssign)) and primitive_of(x) is x and not (
                isinstance(x, (bool, int, float, str, np.dtype))):
            if node.id not in self.texts.started:       # such as np.frompyfunc(math.erf, 1, 1)
                self.texts.started.add(node.id)
                value = self.visit(ast.parse(ast.unparse(assigned.value), mode='eval').body)
                self.texts.lines.append(f'{node.id} = {ast.unparse(value)}')
            return node
        return ast.parse(self.texts.expression(x, node.id), mode='eval').body

    def visit_Attribute(self, node: Any) -> Any:
        owner = self.scope.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(owner, ModuleType) and inside(owner.__name__):
            if owner.__name__.endswith('errors'):
                return ast.Name('RuntimeError')
            return ast.parse(self.texts.expression(getattr(owner, node.attr), node.attr),
                             mode='eval').body
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: Any) -> Any:
        node.decorator_list = [d for d in node.decorator_list
                               if getattr(d, 'id', '') == 'staticmethod']
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: Any) -> Any:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: Any) -> Any:
        return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)


@lru_cache(maxsize=None)
def statements(path: str) -> dict[str, Any]:
    """The classes and the assignments of a file by their names."""
    found: dict[str, Any] = {}
    for node in ast.parse(Path(path).read_text('utf-8')).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, 'target', node)]
        for target in targets:
            found[getattr(target, 'id', getattr(target, 'name', ''))] = node
    return found


def file_text(code: str, names: dict[str, Any]) -> str:
    """The file.

    code   the text of forward and backward
    names  what it uses, by name
    """
    texts = Texts(names)
    return '\n'.join([
        '"""A program that torch.compile has written; it needs NumPy alone.', '',
        'forward takes arrays; it returns the results, and last a tuple of what backward reads.',
        'backward takes the gradients of the results, then what its arguments name, given to',
        'forward or returned by it; it returns the gradients of weights and inputs.', '"""',
        *sorted(texts.imports), '', 'np.seterr(all="ignore")', '', *texts.lines, '', '', code])
