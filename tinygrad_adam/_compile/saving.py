"""A program as a file that needs NumPy alone: with the text of all the functions that it calls."""
from __future__ import annotations

import ast
import inspect
import sys
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ..autograd.graph import TensorBase
from ..autograd.primitive import inside
from . import _errors as errors
from .recording import APPLY
from .text import Writer, constant_text

HEAD = '''"""A program that torch.compile has written; it needs NumPy alone.

forward takes arrays; it returns the results, and last a list of what backward reads.
backward takes the gradients of the results, those arrays of forward that its arguments
name, and this list; it returns the gradients of weights and inputs.
"""
from __future__ import annotations

'''


def file_text(code: str, names: dict[str, Any]) -> str:
    """The file.

    code   the text of forward and backward
    names  what it uses, by name
    """
    meanings: dict[str, Any] = {'np': np}
    imports, definitions = {'import numpy as np'}, ['np.seterr(all="ignore")']

    def define(name: str, x: Any) -> None:
        """Add the definition of a name, after those of what it uses."""
        x = inspect.unwrap(x)
        if getattr(x, '__code__', None) is APPLY:       # an operation: its function of arrays
            x = x.__closure__[APPLY.co_freevars.index('forward')].cell_contents
        if name in meanings:
            if meanings[name] is not x:
                raise errors.no_text(name, x)
            return
        meanings[name], module = x, getattr(x, '__module__', None) or ''
        if isinstance(x, np.ndarray):
            definitions.append(f'{name} = {constant_text(x)}')
        elif isinstance(x, type) and issubclass(x, TensorBase):
            definitions.append(f'class {name}:\n    """There are none here."""')
        elif isinstance(x, ModuleType):
            imports.update([] if inside(x.__name__) else [f'import {x.__name__}'])
        elif isinstance(x, (FunctionType, type)) and inside(module):
            source = dedent(inspect.getsource(x)).replace('@opaque\n', '')
            if not source.startswith(('def', 'class', '@')):
                raise errors.no_text(name, x)
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Name) and node.id in vars(sys.modules[module]):
                    define(node.id, vars(sys.modules[module])[node.id])
            definitions.append(f'\n{source}')
            if name != x.__name__:
                definitions.append(f'{name} = {x.__name__}')
        elif module and not inside(module):
            imports.add(f'from {module} import {name}')
        else:
            definitions.append(f'{name} = {ast.unparse(Writer().tree(x))}')

    for name, x in names.items():
        define(name, x)
    return HEAD + '\n'.join([*sorted(imports), '', *definitions, '', '', code])
