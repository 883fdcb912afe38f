"""Names of PyTorch that are imported on first use, or not here."""
from __future__ import annotations

import sys
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Any, Callable, Mapping

# {module: {where it has them: names}}, where '' stands for modules themselves. A program that uses
# none of them is spared the time that importing them takes.
ON_FIRST_USE: dict[str, dict[str, str]] = {
    'tinygrad_adam': {
        '': 'accelerator amp backends cuda distributed distributions func functional linalg nn '
            'optim serialization utils',
        '_compile': 'compile',
        'amp': 'autocast',
        'func': 'vmap',
        'serialization': 'load save'},
    'tinygrad_adam.autograd': {'': 'functional'},
    'tinygrad_adam.cuda': {'': 'amp'},
    'tinygrad_adam.nn': {'': 'modules parallel parameter'},
    'tinygrad_adam.optim': {'': 'swa_utils'},
    'tinygrad_adam.utils.data': {'': 'distributed', 'distributed': 'DistributedSampler'}}


def on_first_use(module: str) -> dict[str, str]:
    """{name: where the module has it, '' for a module} of what it imports on first use.

    module  its name
    """
    return {name: place for place, names in ON_FIRST_USE.get(module, {}).items()
            for name in names.split()}


def refusal(module: str, instead: Mapping[str, str] = MappingProxyType({})
            ) -> Callable[[str], Any]:
    """The `__getattr__` of a module, which Python calls for names that the module does not have.

    module   its name
    instead  {name: what to write instead of it}
    """
    def missing(name: str) -> Any:
        places = on_first_use(module)
        if name in places:
            place = places[name]
            found = import_module(f'{module}.{place or name}')
            value = getattr(found, name) if place else found
            setattr(sys.modules[module], name, value)    # found at once from now on
            return value
        if name in instead:
            raise AttributeError(f'{module}.{name} is not implemented: {instead[name]}')
        raise AttributeError(
            f'module {module!r} has no attribute {name!r}: it is not implemented here, or PyTorch '
            f'does not have it either. dir({module}) lists what there is.')

    return missing


def names_of(module: str) -> Callable[[], list[str]]:
    """The `__dir__` of a module: all its names, also those imported on first use.

    module  its name
    """
    return lambda: sorted({*vars(sys.modules[module]), *on_first_use(module)})


def complete(*modules: ModuleType) -> None:
    """Let modules import on first use, list what they import so, and refuse what they have not.

    modules  whose names are PyTorch's
    """
    for module in modules:
        setattr(module, '__getattr__', refusal(module.__name__))
        setattr(module, '__dir__', names_of(module.__name__))
