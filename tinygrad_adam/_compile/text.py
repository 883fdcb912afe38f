"""A recording as the text of a Python program.

A line calls what the operation called. Where that is a formula, such as `lambda g, weight: g @
weight` in the table of rules, the formula itself is written, with the names of this program; tests
of shapes in it are decided here. Functions of several steps are called by their names.
"""
from __future__ import annotations

import ast
import builtins
import keyword
import linecache
import operator
import re
import warnings
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ..autograd.primitive import inside
from ..ops.indexing import getitem
from .recording import APPLY, Line, Value, arrays_of

OPERATORS = {np.add: '+', np.subtract: '-', np.multiply: '*', np.divide: '/', np.matmul: '@',
             np.greater: '>', np.greater_equal: '>=', np.less: '<', np.less_equal: '<=',
             np.equal: '==', np.not_equal: '!=', np.bitwise_and: '&', np.bitwise_or: '|',
             np.negative: '-', np.invert: '~', operator.add: '+'}
FOLDED = ast.Attribute, ast.JoinedStr, ast.BinOp, ast.Call, ast.Subscript   # if shapes decide them
SHAPES = {'shape', 'ndim', 'size', 'itemsize', 'dtype'}
LARGE = 2**17       # bytes; larger temporary arrays are deleted after their last use


class NotAFormula(Exception):
    """The function has to be called by its name."""


class Names(dict):
    """{value: its name in the program}; every name is used once."""

    def __init__(self) -> None:
        super().__init__()
        self.used: dict[str, Any] = {'np': np}

    def new(self, wanted: str, meaning: Any = None) -> str:
        """A name like the wanted one that is still free."""
        stem = re.sub(r'\W+', '_', wanted).strip('_') or 'x'
        stem = f'x_{stem}' if stem[0].isdigit() or keyword.iskeyword(stem) else stem
        name, i = stem, 1
        while name in self.used or hasattr(builtins, name):
            name, i = f'{stem}_{i}', i + 1
        self.used[name] = meaning
        return name

    def of(self, meaning: Any, wanted: str) -> str:
        """The name of a function or another object that the program uses."""
        known = [name for name, x in self.used.items() if x is meaning]
        return known[0] if known else self.new(wanted, meaning)


def primitive_of(function: Any) -> Any:
    """The function of arrays behind an operation; any other function as it is."""
    return of_operation(function, 'forward') or function


def of_operation(function: Any, name: str) -> Any:
    """What an operation was made with: `forward` or `promote`; None for any other function."""
    if getattr(function, '__code__', None) is APPLY:
        return function.__closure__[APPLY.co_freevars.index(name)].cell_contents
    return None


@lru_cache(maxsize=None)
def functions_in(path: str) -> dict[int, list[Any]]:
    """The functions and lambdas in a file by their first line."""
    found: dict[int, list[Any]] = {}
    for node in ast.walk(ast.parse(Path(path).read_text('utf-8'))):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            first = min([node.lineno, *(d.lineno for d in getattr(node, 'decorator_list', ()))])
            found.setdefault(first, []).append(node)
    return found


@lru_cache(maxsize=None)
def definition(code: Any) -> Any:
    """The syntax tree of a function of this package, or None."""
    for node in functions_in(code.co_filename).get(code.co_firstlineno, ()):
        if isinstance(node, ast.FunctionDef):
            return node if node.name == code.co_name else None
        lone = compile(ast.fix_missing_locations(ast.Expression(node)), '', 'eval').co_consts[0]
        if (lone.co_code, lone.co_names, lone.co_varnames, lone.co_consts) == (
                code.co_code, code.co_names, code.co_varnames, code.co_consts):
            return node
    return None


class Writer:
    """Writes the lines of one function of the program.

    names  are shared by its functions
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.known: dict[str, Any] = {}     # the arrays of the recording, to decide tests
        self.lines: list[str] = []

    # Expressions: syntax trees.

    def tree(self, x: Any, wanted: str = 'c') -> Any:
        """An argument."""
        if isinstance(x, Value):
            if x not in self.names and not x.varies:
                x = next((y for y in self.names if not y.varies and identical(x.array, y.array)), x)
            if x not in self.names:
                self.names[x] = self.names.new(wanted, x)
            self.known[self.names[x]] = x.array
            return ast.Name(self.names[x])
        if isinstance(x, (tuple, list)):
            parts = [self.tree(part, wanted) for part in x]
            return ast.Tuple(parts, ast.Load()) if isinstance(x, tuple) else ast.List(parts)
        if isinstance(x, slice):
            return ast.Call(ast.Name('slice'), [*map(self.tree, (x.start, x.stop, x.step))], [])
        if isinstance(x, np.dtype):
            return ast.Attribute(ast.Name('np'), 'bool_' if x == bool else x.name)
        if isinstance(x, np.generic):
            return ast.Call(self.tree(x.dtype), [self.tree(x.item())], [])
        if x is None or isinstance(x, (bool, int, str, type(...))) or (
                isinstance(x, float) and np.isfinite(x)):
            return ast.Constant(x)
        if isinstance(x, float):
            return ast.parse(f'np.{x}'.replace('np.-', '-np.'), mode='eval').body
        name = getattr(x, '__name__', wanted)
        if vars(np).get(name) is x:
            return ast.Attribute(ast.Name('np'), name)
        return ast.Name(self.names.of(x, name))

    def call(self, function: Any, args: list[Any], options: dict[str, Any]) -> Any:
        """function(*args, **options), the arguments being trees."""
        if isinstance(function, str):
            if function == '__getitem__':
                return ast.Subscript(args[0], index(args[1]), ast.Load())
            return self.plain(ast.Attribute(args[0], function), args[1:], options)
        function = primitive_of(function)
        if function is primitive_of(getitem):
            return ast.Subscript(args[0], index(args[1]), ast.Load())
        name = getattr(function, '__name__', type(function).__name__)
        if function is operator.add or not options and len(args) == getattr(function, 'nin', 0):
            symbol, (x, *y) = OPERATORS.get(function), args
            if symbol:
                formula = ast.parse(f'x {symbol} y' if y else f'{symbol}x', mode='eval').body
                return Substitute({'x': x, 'y': y and y[0]}).visit(formula)
        if isinstance(getattr(function, '__self__', None), np.ufunc):   # np.add.reduce
            head = ast.Attribute(ast.Name('np'), function.__self__.__name__)
            return self.plain(ast.Attribute(head, name), args, options)
        if vars(np).get(name) is function:
            return self.plain(ast.Attribute(ast.Name('np'), name), args, options)
        if getattr(builtins, name, None) is function:
            return self.plain(ast.Name(name), args, options)
        before = len(self.lines)
        try:
            return self.formula(function, args, options)
        except Exception:       # no formula: it is called by its name, which is always right
            del self.lines[before:]
        name = self.names.of(function, name.replace('<lambda>', 'rule'))
        return self.plain(ast.Name(name), args, options)

    def plain(self, head: Any, args: list[Any], options: dict[str, Any]) -> Any:
        return ast.Call(head, args, [ast.keyword(name, x) for name, x in options.items()])

    def formula(self, function: Any, args: list[Any], options: dict[str, Any]) -> Any:
        """What the function returns, written out."""
        if (not isinstance(function, FunctionType) or not inside(function.__module__)
                or function.__closure__ or options):
            raise NotAFormula
        node = definition(function.__code__)
        if node is None or node.args.vararg or node.args.kwonlyargs or node.args.kwarg:
            raise NotAFormula
        parameters = [a.arg for a in node.args.args]
        missing = len(parameters) - len(args)
        args = [*args, *map(self.tree, (function.__defaults__ or ())[-missing:] if missing else ())]
        scope = dict(zip(parameters, args))
        body = [ast.Return(node.body)] if isinstance(node, ast.Lambda) else node.body
        for name, x in scope.items():
            uses = [n for part in body for n in ast.walk(part)
                    if isinstance(n, ast.Name) and n.id == name]
            if len(uses) > 1 and not isinstance(x, (ast.Name, ast.Constant, ast.Tuple, ast.List)):
                scope[name] = self.assign(name, x)
        return self.body(body, Inline(self, function.__globals__, scope))

    def body(self, statements: list[Any], inline: Inline) -> Any:
        """The value of the statements, which end with a return."""
        for statement in statements:
            if isinstance(statement, ast.Return):
                return inline.visit(copied(statement.value))
            if isinstance(statement, ast.If):
                taken = inline.holds(inline.visit(copied(statement.test)))
                value = self.body(statement.body if taken else statement.orelse, inline)
                if value is not None:
                    return value
            elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name, value = statement.targets[0].id, inline.visit(copied(statement.value))
                inline.scope[name] = value if isinstance(value, (ast.Name, ast.Constant)) else (
                    self.assign(name, value))
            elif not isinstance(getattr(statement, 'value', None), ast.Constant):   # a docstring
                raise NotAFormula
        return None

    def assign(self, wanted: str, x: Any) -> Any:
        """A new variable for an expression."""
        name = self.names.new(wanted)
        self.known[name] = self.evaluated(x)
        self.lines.append(f'{name} = {text_of(x)}')
        return ast.Name(name)

    def evaluated(self, tree: Any) -> Any:
        """What an expression was in the recording."""
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            try:
                return eval(text_of(tree), {**self.names.used, **self.known})
            except (AttributeError, TypeError):     # of np.float32, which is written for a dtype
                raise NotAFormula from None

    # Lines.

    def write(self, line: Line, asarray: bool, last: list[Value]) -> None:
        """One line of the recording.

        asarray  whether its result, a number, has to be an array
        last     the large arrays that are not used after it
        """
        if line.kind == 'check':
            value, found = line.args
            test = text_of(self.tree(value))
            test = f'{test}.shape != {found}' if line.function == 'shape' else (
                f'not {test}' if found else test)
            self.lines.append(f'if {test}: raise Unrecorded')
            return
        wanted = getattr(primitive_of(line.function), '__code__', None)
        hints = list(wanted.co_varnames[:wanted.co_argcount]) if wanted else []
        hints += ['c'] * (len(line.args) - len(hints))
        args = [self.tree(x, hint) for x, hint in zip(line.args, hints)]
        expression = self.call(line.function, args, {
            name: self.tree(x) for name, x in line.options.items()})
        if line.kind == 'change':
            symbol, (target, *rest) = OPERATORS.get(line.function), args
            if symbol and len(rest) == 1 and line.args[0] is line.options['out'][0]:
                self.lines.append(f'{target.id} {symbol}= {text_of(rest[0])}')
            else:
                self.lines.append(text_of(expression))
            return
        if asarray:
            expression = ast.Call(ast.Attribute(ast.Name('np'), 'asarray'), [expression], [])
        for value in line.results:
            self.names[value] = self.names.new(self.wanted(value, line), value)
            self.known[self.names[value]] = value.array
        targets = ', '.join(self.names[value] for value in line.results)
        targets += ',' * (line.several and len(line.results) == 1)
        shapes = ', '.join(str(np.shape(value.array)) for value in line.results)
        self.lines.append(f'{targets} = {text_of(expression)}  # {shapes}')
        if last:
            self.lines.append('del ' + ', '.join(self.names[value] for value in last))

    def wanted(self, value: Value, line: Line) -> str:
        """What to call a value: as the user does, after what it is the gradient of, or after what
        computes it."""
        if value.name:
            return value.name
        if value.of is not None:
            return 'd_' + self.names.get(value.of, 'out')
        name = line.function if isinstance(line.function, str) else getattr(
            line.function, '__name__', 'value')
        return {'__getitem__': 'part', '<lambda>': 'value'}.get(name, name.strip('_'))


class Substitute(ast.NodeTransformer):
    """Replaces names by trees."""

    def __init__(self, scope: dict[str, Any]) -> None:
        self.scope = scope

    def visit_Name(self, node: Any) -> Any:
        return self.scope.get(node.id, node)


class Inline(Substitute):
    """Rewrites an expression of another function for this program."""

    def __init__(self, writer: Writer, others: dict[str, Any], scope: dict[str, Any]) -> None:
        super().__init__(scope)
        self.writer, self.others = writer, others

    def visit_Name(self, node: Any) -> Any:
        if node.id in self.scope:
            return self.scope[node.id]
        x = self.others.get(node.id)
        return node if x is None or x is np else self.writer.tree(primitive_of(x), node.id)

    def visit(self, node: Any) -> Any:
        tree = super().visit(node)
        if isinstance(tree, FOLDED) and (
                self.is_fixed(tree)):
            value = self.writer.evaluated(tree)
            read_only = isinstance(value, np.ndarray) and not value.flags.writeable
            if read_only or isinstance(value, (int, float, str, tuple, np.dtype, type)):
                wanted = getattr(getattr(tree, 'func', None), 'id', 'c')
                tree = self.writer.tree(Value(value) if isinstance(value, np.ndarray) else value,
                                        wanted)
        return tree

    def visit_Attribute(self, node: Any) -> Any:
        if isinstance(node.value, ast.Attribute) and node.value.attr == 'dtype':
            return ast.Attribute(ast.Attribute(self.visit(node.value.value), 'dtype'), node.attr)
        return self.generic_visit(node)

    def visit_IfExp(self, node: Any) -> Any:
        return self.visit(node.body if self.holds(self.visit(node.test)) else node.orelse)

    def visit_Lambda(self, node: Any) -> Any:
        raise NotAFormula

    visit_ListComp = visit_GeneratorExp = visit_DictComp = visit_SetComp = visit_Lambda
    visit_NamedExpr = visit_Starred = visit_Lambda

    def visit_BoolOp(self, node: Any) -> Any:
        """All but the last part decide whether the rest counts."""
        first, *rest = node.values
        tree = self.visit(first)
        if not rest or self.holds(tree) == isinstance(node.op, ast.Or):
            return tree
        return self.visit_BoolOp(ast.BoolOp(node.op, rest))

    def visit_Call(self, node: Any) -> Any:
        function = self.function(node.func)
        args = [self.visit(x) for x in node.args]
        options = {x.arg: self.visit(x.value) for x in node.keywords}
        if function is None:
            return self.writer.plain(self.visit(node.func), args, options)
        if of_operation(function, 'promote'):       # which converts other numbers
            for x in map(self.writer.evaluated, args):
                if not isinstance(x, (float, np.ndarray)) and not (type(x) is int and 0 <= x < 128):
                    raise NotAFormula
        return self.writer.call(function, args, options)

    def function(self, node: Any) -> Any:
        """What is called, if it is no method of an array."""
        if isinstance(node, ast.Name) and node.id not in self.scope:
            return self.others.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = self.others.get(node.value.id)
            return getattr(owner, node.attr) if isinstance(owner, ModuleType) else None
        return None

    def holds(self, tree: Any) -> bool:
        """Whether a test of shapes and options is true."""
        if not self.is_fixed(tree):
            raise NotAFormula
        return bool(self.writer.evaluated(tree))

    def is_fixed(self, tree: Any) -> bool:
        """Whether an expression depends on shapes, dtypes and options alone."""
        shapes = {id(node.value) for node in ast.walk(tree)
                  if isinstance(node, ast.Attribute) and node.attr in SHAPES}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in (
                    'len', 'isinstance'):
                shapes.add(id(node.args[0]))
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
                shapes.add(id(node.left))
        known, names = self.writer.known, self.writer.names.used
        return all(id(node) in shapes if node.id in known else
                   hasattr(builtins, node.id) or names.get(node.id) is not None
                   for node in ast.walk(tree) if isinstance(node, ast.Name))


def index(tree: Any) -> Any:
    """An index as it stands between brackets."""
    if isinstance(tree, ast.Tuple) and tree.elts:
        return ast.Tuple([index(part) for part in tree.elts], ast.Load())
    if isinstance(tree, ast.Call) and getattr(tree.func, 'id', '') == 'slice':
        return ast.Slice(*[None if isinstance(x, ast.Constant) and x.value is None else x
                           for x in tree.args])
    return tree


def identical(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether two constants are the same in all that a program can see."""
    return (x.shape, x.strides, x.dtype) == (y.shape, y.strides, y.dtype) and (
        x.tobytes() == y.tobytes())


def copied(tree: Any) -> Any:
    return ast.parse(ast.unparse(tree), mode='eval').body


def text_of(tree: Any) -> str:
    return ast.unparse(tree)


def user_comment(user: Any) -> str:
    """The line of the user's program, as a comment."""
    file, number = user
    return f'# {Path(file).name}:{number}  {linecache.getline(file, number).strip()}'.rstrip()


def constant_text(array: np.ndarray) -> str:
    """An expression for an array that never changes."""
    dtype = 'bool' if array.dtype == bool else f'np.{array.dtype}'
    flat = array.reshape(-1)
    if flat.size and (flat == flat[0]).all():
        return f'np.full({array.shape}, {flat[0].item()!r}, {dtype})'
    if array.ndim == 1 and array.dtype.kind == 'i' and (array == np.arange(flat.size)).all():
        return f'np.arange({flat.size})'
    return f'np.array({flat.tolist()!r}, {dtype}).reshape({array.shape})'.replace(
        'nan', 'np.nan').replace('inf', 'np.inf')


def used_in(lines: list[Line], wanted: set[Value]) -> list[Line]:
    """The lines that are needed for the wanted values, which grow by what these lines read."""
    needed = []
    for line in reversed(lines):
        if line.kind != 'value' or wanted.intersection(line.results):
            needed.append(line)
            wanted.update(arrays_of(line))
    return needed[::-1]
