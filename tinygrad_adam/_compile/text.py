"""A recording as the text of a Python program.

A value that is read once is written where it is read, if no tensor has it: so there is a line for
each operation, and one for each gradient. A line calls NumPy, or opaque functions of this package.
"""
from __future__ import annotations

import ast
import builtins
import keyword
import linecache
import operator
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from .recording import Value, leaves, replaced

OPERATORS: dict[Any, Any] = {
    np.add: ast.Add, np.subtract: ast.Sub, np.multiply: ast.Mult, np.divide: ast.Div,
    np.matmul: ast.MatMult, np.greater: ast.Gt, np.greater_equal: ast.GtE, np.less: ast.Lt,
    np.less_equal: ast.LtE, np.equal: ast.Eq, np.not_equal: ast.NotEq, np.bitwise_and: ast.BitAnd,
    np.bitwise_or: ast.BitOr, np.negative: ast.USub, np.invert: ast.Invert,
    operator.pow: ast.Pow}
METHODS: dict[Any, str] = {np.add.reduce: 'sum', np.maximum.reduce: 'max', np.minimum.reduce: 'min'}
LARGE = 2**13       # bytes; larger arrays are deleted early, and constants may become a `number`


class Writer:
    """Writes the functions of a program, which share their names: {name: what it means}."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {'np': np}
        self.trees: dict[Value, Any] = {}       # how a value is written

    def new(self, wanted: str, meaning: Any) -> Any:
        """A name like the wanted one that is still free."""
        stem = re.sub(r'\W+', '_', wanted).strip('_') or 'x'
        stem = f'x_{stem}' if stem[0].isdigit() or keyword.iskeyword(stem) else stem
        name, i = stem, 1
        while name in self.names or hasattr(builtins, name):
            name, i = f'{stem}_{i}', i + 1
        self.names[name] = meaning
        return ast.Name(name)

    def of(self, meaning: Any, wanted: str) -> Any:
        """The name of a constant or a function."""
        for name, x in self.names.items():
            if x is meaning or isinstance(x, np.ndarray) and identical(x, meaning):
                return ast.Name(name)
        return self.new(wanted, meaning)

    def tree(self, x: Any) -> Any:
        """An argument."""
        if isinstance(x, Value):
            if x not in self.trees:
                self.trees[x] = (self.of(x.array.copy('K'), x.name or of_constant(x.array))
                                 if isinstance(x.array, np.ndarray) else self.tree(x.array))
            return self.trees[x]
        if isinstance(x, (tuple, list)):
            return (ast.Tuple if isinstance(x, tuple) else ast.List)([*map(self.tree, x)])
        if isinstance(x, dict):
            return ast.Dict([*map(self.tree, x)], [*map(self.tree, x.values())])
        if isinstance(x, slice):
            return ast.Call(ast.Name('slice'), [*map(self.tree, (x.start, x.stop, x.step))], [])
        if isinstance(x, np.dtype):
            return self.tree(x.type)
        if isinstance(x, np.generic):
            return ast.Call(self.tree(x.dtype), [self.tree(x.item())], [])
        if isinstance(x, float) and not np.isfinite(x):
            return ast.parse(f'np.{x}'.replace('np.-', '-np.'), mode='eval').body
        if x is None or isinstance(x, (bool, int, float, str, type(...))):
            return ast.Constant(x)
        name = getattr(x, '__name__', type(x).__name__)
        if isinstance(getattr(x, '__self__', None), np.ufunc):      # np.add.accumulate
            return ast.Attribute(self.tree(x.__self__), name)
        if getattr(np, name, None) is x:
            return ast.Attribute(ast.Name('np'), name)
        if getattr(builtins, name, None) is x:
            return ast.Name(name)
        return self.of(x, name)

    def expression(self, value: Value) -> Any:
        """What computes a value."""
        function, args = value.function, [*value.args]
        if function == 'copy' and args[0] in self.fresh and args[1:] == ['K']:
            return self.tree(args[0])
        options = {name: x for name, x in value.options.items()
                   if function not in METHODS or x is not None and x is not False}
        if function in METHODS and 'axis' in options:
            args.append(options.pop('axis'))
        if isinstance(function, np.ufunc):
            args = [number(x, value) for x in args]
        function = METHODS.get(function, function)
        trees = [*map(self.tree, args)]
        if function in (operator.getitem, 'part'):
            return ast.Subscript(trees[0], index(trees[1]))
        if function in OPERATORS and not options:
            symbol = OPERATORS[function]()
            if isinstance(symbol, ast.unaryop):
                return ast.UnaryOp(symbol, *trees)
            return ast.BinOp(trees[0], symbol, trees[1]) if isinstance(symbol, ast.operator) else (
                ast.Compare(trees[0], [symbol], trees[1:]))
        keywords = [ast.keyword(name, self.tree(x)) for name, x in sorted(options.items())]
        if function == 'transpose' and not args[1:]:
            return ast.Attribute(trees[0], 'T')
        if isinstance(function, str):
            return ast.Call(ast.Attribute(trees[0], function), trees[1:], keywords)
        return ast.Call(self.tree(function), trees, keywords)

    def function(self, name: str, given: list[Value], lines: list[Value], returned: Any,
                 writes: Any = ()) -> str:
        """The text of a function.

        given     its arguments; the array of one may be the list that another function returned
        lines     the steps
        returned  values, None, and a list of values
        writes    pairs (an array from outside, what is written into it)
        """
        results = [x for x in leaves((returned, writes)) if isinstance(x, Value)]
        lines = needed(lines, results)
        uses = Counter([*results, *results, *(x for line in lines for x in line.read)])
        self.fresh = {x for x in uses if uses[x] == 1 and x.function in OPERATORS
                      and x.array.base is None}     # which nobody else sees
        for x in given:
            if x not in self.trees:
                self.trees[x] = self.new(x.name or self.gradient(x) or 'x', x)
        statements, large, user = [], [], None
        for saved in [x for x in given if isinstance(x.array, list) and x.array]:
            name_of_list, names = self.trees[saved].id, [self.trees[x].id for x in saved.array]
            statements.append(f'{in_a_row(names)} = {name_of_list}')
            large = [own for own, x in zip(names, saved.array) if x.array.nbytes > LARGE]
            if large:       # the list would hold them
                statements.append(f'{name_of_list}.clear()')
        for line in lines:
            if line.user != user:
                user = line.user
                statements.append(user_comment(user))
            if line.function == 'part' and line in self.trees:      # named with all the parts
                continue
            statements += self.statements(line, lines, uses)
            if line in self.trees and isinstance(self.trees[line], ast.Name) and (
                    line.array.nbytes > LARGE and line not in results):
                large.append(self.trees[line].id)
        i = len(statements)
        while large:        # the last statement that names one deletes it
            i -= 1
            words = re.findall(r'(?<![.\w])\w+', statements[i].partition('#')[0])    # no methods
            dead = [target for target in large if target in words]
            if dead:
                statements[i] += f'\n    del {", ".join(dead)}'
                large = [target for target in large if target not in dead]
        for target, x in writes:
            statements.append(f'{self.trees[target].id}[...] = {ast.unparse(self.tree(x))}')
        parts = [f'[{", ".join(map(self.output, x))}]' if isinstance(x, list)
                 else self.output(x) for x in returned]
        body = '\n    '.join([*statements, f'return {in_a_row(parts)}'])
        return f'def {name}({", ".join(self.trees[x].id for x in given)}):\n    {body}\n'

    def statements(self, line: Value, lines: list[Value], uses: Counter[Value]) -> list[str]:
        """What stands in the program for a step; nothing if it is written where it is read.

        line   the step
        lines  all steps of the function
        uses   how often each value is read
        """
        if line.function == 'check':
            value, what, found = line.args
            test = ast.unparse(self.tree(value))
            test = f'{test}.shape != {found}' if what == 'shape' else (
                f'not {test}' if found else test)
            return [f'if {test}: raise ValueError("other values were recorded")']
        if isinstance(line.array, (tuple, list)):
            targets = ['_'] * len(line.array)
            for part in lines:
                if part.function == 'part' and part.args[0] is line:
                    self.trees[part] = self.new(self.wanted(part), part)
                    targets[part.args[1]] = self.trees[part].id
            shapes = ', '.join(str(x.shape) for x in line.array)
            return [f'{", ".join(targets)} = {ast.unparse(self.expression(line))}  # {shapes}']
        if line.function is replaced:
            old, at, x = map(self.tree, line.args)
            self.trees[line] = target = self.new(self.wanted(line), line)
            return [f'{target.id} = {ast.unparse(old)}.copy("K")',
                    f'{ast.unparse(ast.Subscript(target, index(at)))} = '
                    f'{ast.unparse(x)}  # {line.array.shape}']
        tree = self.expression(line)
        if not (uses[line] > 1 or line.operation or line.of or line.kept):
            self.trees[line] = tree
            return []
        self.trees[line] = target = self.new(self.wanted(line), line)
        return [f'{target.id} = {ast.unparse(tree)}  # {line.array.shape}']

    def output(self, x: Value | None) -> str:
        """What is returned: a copy if it is a constant."""
        return ast.unparse(self.tree(x)) + '.copy("K")' * (x is not None and not x.varies)

    def gradient(self, x: Value) -> str:
        """The name of a gradient, after what it is the gradient of."""
        if x.of is None:
            return ''
        return f'd_{getattr(self.trees.get(x.of), "id", None) or x.of.name or x.of.operation}'

    def wanted(self, x: Value) -> str:
        """What to call a value: as the user does, after what it is the gradient of, or after what
        computes it."""
        function = METHODS.get(x.function, x.function)
        name = x.operation or (function if isinstance(function, str) else function.__name__)
        return self.gradient(x) or x.name or {'getitem': 'part'}.get(name, name)


def index(tree: Any) -> Any:
    """An index as it stands between brackets."""
    if isinstance(tree, ast.Tuple) and tree.elts:
        return ast.Tuple([index(part) for part in tree.elts])
    if isinstance(tree, ast.Call) and getattr(tree.func, 'id', '') == 'slice':
        return ast.Slice(*[None if isinstance(x, ast.Constant) and x.value is None else x
                           for x in tree.args])
    return tree


def number(x: Any, value: Value) -> Any:
    """The argument x of a ufunc that gives this value; for a large constant whose elements are
    equal their number, if another argument decides the dtype, shape and order."""
    if not isinstance(x, Value) or x.varies or x.array.nbytes <= LARGE or not any(
            y.varies and y.array.dtype == x.array.dtype and y.array.shape == value.array.shape
            and y.array.strides == value.array.strides for y in value.read):
        return x
    first = x.array.flat[0]
    return first.item() if identical(x.array, np.full_like(x.array, first)) else x


def of_constant(array: np.ndarray) -> str:
    """What to call a constant."""
    return 'zeros' if not array.any() else 'ones' if (array == 1).all() else (
        'constant' if array.dtype.kind == 'f' else 'indices')


def identical(x: np.ndarray, y: Any) -> bool:
    """Whether two constants are the same in all that a program can see."""
    return isinstance(y, np.ndarray) and (x.shape, x.strides, x.dtype) == (
        y.shape, y.strides, y.dtype) and x.tobytes() == y.tobytes()


def in_a_row(texts: list[str]) -> str:
    """The texts as the parts of a tuple."""
    return ', '.join(texts) + ',' * (len(texts) == 1) or 'None'


def user_comment(user: Any) -> str:
    """The line of the user's program, as a comment."""
    file, number = user
    return f'# {Path(file).name}:{number}  {linecache.getline(file, number).strip()}'.rstrip()


def constant_text(array: np.ndarray) -> str:
    """An expression for an array that never changes."""
    order = sorted(range(array.ndim), key=lambda i: -array.strides[i])
    if order != [*range(array.ndim)]:
        back = tuple(map(order.index, range(array.ndim)))
        return f'{constant_text(array.transpose(order))}.transpose({back})'
    dtype = 'bool' if array.dtype == bool else f'np.{array.dtype}'
    flat = array.reshape(-1)
    if flat.size and (flat == flat[0]).all():
        x = repr(flat[0].item())
        name = {'0.0': 'zeros', '0': 'zeros', '1.0': 'ones', '1': 'ones'}.get(x)
        return f'np.{name}({array.shape}, {dtype})' if name else (
            f'np.full({array.shape}, {x}, {dtype})').replace('nan', 'np.nan').replace(
            'inf', 'np.inf')
    if array.ndim == 1 and array.dtype.kind == 'i' and (array == np.arange(flat.size)).all():
        return f'np.arange({flat.size})'
    return f'np.array({flat.tolist()!r}, {dtype}).reshape({array.shape})'.replace(
        'nan', 'np.nan').replace('inf', 'np.inf')


def needed(lines: list[Value], results: list[Value]) -> list[Value]:
    """The steps that are needed for the results."""
    wanted, kept = {*results}, []
    for line in reversed(lines):
        if line.kept or line in wanted:
            kept.append(line)
            wanted.update(line.read)
    return kept[::-1]
