"""Modules made of a list of modules.

>>> from tinygrad_adam import nn
>>> net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2, bias=False))
>>> net[2], len(net), len(net[1:])
(Linear(in_features=3, out_features=2, bias=False), 3, 2)
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import groupby
from typing import Any, Iterable, Iterator, Mapping

from ..tensor import Tensor
from .module import Module, Parameter


class _List(Module):
    """What Sequential and ModuleList share: they behave like a list of modules."""

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __getitem__(self, index: int | slice) -> Module:
        if isinstance(index, slice):
            return self._part(list(self._modules.items())[index])
        return list(self)[index]

    def __setitem__(self, index: int, module: Module):
        self.register_module(list(self._modules)[index], module)

    def append(self, module: Module):
        """Add a module at the end, named by its position; returns self."""
        self.register_module(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]):
        """Append all of them; returns self."""
        for module in modules:
            self.append(module)
        return self


class Sequential(_List):
    """Modules called one after the other: `Sequential(a, b)(x)` is `b(a(x))`.

    Their names are '0', '1', ..., or the keys of an OrderedDict given in their place.
    """

    def __init__(self, *args):
        super().__init__()
        named = args and isinstance(args[0], OrderedDict)
        for name, module in args[0].items() if named else enumerate(args):
            self.register_module(str(name), module)

    def _part(self, items):
        return type(self)(OrderedDict(items))

    def forward(self, input):
        for module in self:
            input = module(input)
        return input


class ModuleList(_List):
    """A list of modules that `parameters()` finds, as it would not in a Python list."""

    def __init__(self, modules: Iterable[Module] = None):
        super().__init__()
        self.extend(modules or ())

    def _part(self, items):
        return type(self)(module for _, module in items)

    def _children_repr(self):  # equal neighbours share a line
        for text, same in groupby(enumerate(map(repr, self)), key=lambda pair: pair[1]):
            indices = [index for index, _ in same]
            several = f'({indices[0]}-{indices[-1]}): {len(indices)} x '
            yield (several if len(indices) > 1 else f'({indices[0]}): ') + text


class ModuleDict(Module):
    """Modules by name, as in a dict, that `parameters()` finds."""

    def __init__(self, modules: Mapping[str, Module] | None = None):
        super().__init__()
        self.update(modules or {})

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def __getitem__(self, key: str) -> Module:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module):
        self.register_module(key, module)

    def __delitem__(self, key: str):
        del self._modules[key]

    def keys(self):
        return self._modules.keys()

    def items(self):
        return self._modules.items()

    def values(self):
        return self._modules.values()

    def pop(self, key: str) -> Module:
        """Take a module out; returns it."""
        return self._modules.pop(key)

    def update(self, modules: Mapping[str, Module]):
        """Add all of these."""
        for key, module in dict(modules).items():
            self[key] = module


class ParameterList(Module):
    """A list whose tensors become Parameters, which `parameters()` finds."""

    def __init__(self, values: Iterable[Any] | None = None):
        super().__init__()
        self._size = 0
        self.extend(values or ())

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int | slice):
        if isinstance(index, slice):
            return ParameterList(list(self)[index])
        return getattr(self, str(range(len(self))[index]))

    def __setitem__(self, index: int, value):
        tensor = isinstance(value, Tensor) and not isinstance(value, Parameter)
        setattr(self, str(range(len(self))[index]), Parameter(value) if tensor else value)

    def append(self, value):
        """Add a value at the end; returns self."""
        self._size += 1
        self[-1] = value
        return self

    def extend(self, values: Iterable[Any]):
        """Append all of them; returns self."""
        for value in values:
            self.append(value)
        return self

    def __repr__(self):
        texts = [f'Parameter containing: [{x.dtype} of size {"x".join(map(str, x.shape))}]'
                 if isinstance(x, Tensor) else f'Object of type: {type(x).__name__}' for x in self]
        lines = [f'    ({i}): {text}\n' for i, text in enumerate(texts)]
        return ''.join(['ParameterList(', '\n' * bool(lines), *lines, ')'])
