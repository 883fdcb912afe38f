"""Names of PyTorch that are imported on first use, or not here."""
from __future__ import annotations

from importlib import import_module
from typing import Any, Callable

# Modules that most programs do not use, each of which costs time to import.
ON_FIRST_USE = {'tinygrad_adam': ('accelerator', 'backends', 'distributed', 'distributions', 'func',
                                  'functional'),
                'tinygrad_adam.nn': ('modules', 'parallel', 'parameter'),
                'tinygrad_adam.utils.data': ('distributed',)}


def refusal(module: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module, which Python calls for names that the module does not have.

    module  its name
    """
    def missing(name: str) -> Any:
        if name in ON_FIRST_USE.get(module, ()):
            return import_module(f'{module}.{name}')
        raise AttributeError(
            f'module {module!r} has no attribute {name!r}: it is not implemented here, or PyTorch '
            f'does not have it either. dir({module}) lists what there is.')

    return missing
