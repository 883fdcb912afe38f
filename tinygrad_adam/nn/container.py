"""Containers: lists and dictionaries whose contents `parameters()` finds. Sequential, which also
calls its modules, is in module.py.

>>> from tinygrad_adam import nn
>>> net = nn.ModuleDict({'hidden': nn.Linear(4, 3), 'out': nn.Linear(3, 2)})
>>> [name for name, _ in net.named_parameters()]
['hidden.weight', 'hidden.bias', 'out.weight', 'out.bias']
"""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from itertools import groupby
from typing import Any, ItemsView, Iterator, KeysView, Mapping, TypeVar, ValuesView

from .._tensor import Tensor
from . import _errors as errors
from .module import Module, ModuleSequence, Parameter

L = TypeVar('L', bound='ModuleList')
P = TypeVar('P', bound='ParameterList')


class ModuleList(ModuleSequence):
    """A list of modules that are registered, unlike those in a Python list.

    modules  the modules, any iterable of them; None for an empty list

    https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self.extend(() if modules is None else modules)

    def _of_items(self: L, items: list[tuple[str, Module]]) -> L:
        return type(self)(module for _, module in items)

    def extend(self: L, modules: Iterable[Module]) -> L:
        """Append all `modules`; returns self."""
        if not isinstance(modules, Iterable):
            raise errors.extend_needs_an_iterable('ModuleList', modules)
        for module in modules:
            self.append(module)
        return self

    def __iadd__(self: L, modules: Iterable[Module]) -> L:
        return self.extend(modules)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def _children_repr(self) -> Iterator[str]:      # equal neighbours share a line
        for text, same in groupby(enumerate(map(repr, self)), key=lambda pair: pair[1]):
            indices = [index for index, _ in same]
            several = f'({indices[0]}-{indices[-1]}): {len(indices)} x '
            yield (several if len(indices) > 1 else f'({indices[0]}): ') + text


class ModuleDict(Module):
    """A dictionary of modules that are registered.

    modules  a mapping from names to modules, or pairs of them; None for an empty dictionary

    https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        super().__init__()
        self.update({} if modules is None else modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: object) -> bool:
        return key in self._modules

    def __getitem__(self, key: str) -> Module:
        module: Module = self._modules[key]
        return module

    def __setitem__(self, key: str, module: Module) -> None:
        self.register_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._modules.keys()

    def items(self) -> ItemsView[str, Module]:
        """Pairs (name, module)."""
        return self._modules.items()

    def values(self) -> ValuesView[Module]:
        """The modules."""
        return self._modules.values()

    def clear(self) -> None:
        """Remove all modules."""
        self._modules.clear()

    def pop(self, key: str) -> Module:
        """Remove the module named `key`; returns it."""
        module: Module = self._modules.pop(key)
        return module

    def update(self, modules: Mapping[str, Module]) -> None:
        """Add all `modules` of a mapping; a name that is already there gets the new module."""
        for key, module in dict(modules).items():
            self[key] = module


class ParameterList(Module):
    """A list whose tensors become registered parameters.

    values  any iterable; tensors in it become Parameters, other values stay as they are

    https://pytorch.org/docs/stable/generated/torch.nn.ParameterList.html
    """

    _size: int

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._size = 0
        self.extend(() if values is None else values)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return type(self)().extend(list(self)[index])
        return getattr(self, str(range(len(self))[index]))

    def __setitem__(self, index: int, value: Any) -> None:
        tensor = isinstance(value, Tensor) and not isinstance(value, Parameter)
        setattr(self, str(range(len(self))[index]), Parameter(value) if tensor else value)

    def append(self: P, value: Any) -> P:
        """Add `value` at the end; returns self."""
        self._size += 1
        self[-1] = value
        return self

    def extend(self: P, values: Iterable[Any]) -> P:
        """Append all `values`; returns self."""
        if not isinstance(values, Iterable) or isinstance(values, Tensor):
            raise errors.extend_needs_an_iterable('ParameterList', values)
        for value in values:
            self.append(value)
        return self

    def __iadd__(self: P, values: Iterable[Any]) -> P:
        return self.extend(values)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise errors.list_is_not_called()

    def extra_repr(self) -> str:
        return '\n'.join(f'  ({i}): {_summary(x, str(getattr(x, "dtype", "")))}'
                         for i, x in enumerate(self))


class ParameterDict(Module):
    """A dictionary whose tensors become registered parameters.

    parameters  a mapping, whose keys are sorted, an OrderedDict, or pairs; tensors become
                Parameters, other values stay as they are

    https://pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html
    """

    _keys: dict[str, None]

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self._keys = {}
        self.update({} if parameters is None else parameters)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        tensor = isinstance(value, Tensor) and not isinstance(value, Parameter)
        self._keys[key] = None
        setattr(self, key, Parameter(value) if tensor else value)

    def __delitem__(self, key: str) -> None:
        del self._keys[key]
        delattr(self, key)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._keys.keys()

    def items(self) -> list[tuple[str, Any]]:
        """Pairs (name, value)."""
        return [(key, self[key]) for key in self]

    def values(self) -> list[Any]:
        """The values."""
        return [self[key] for key in self]

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`, or `default`."""
        return self[key] if key in self else default

    def pop(self, key: str) -> Any:
        """Remove the value of `key`; returns it."""
        value = self[key]
        del self[key]
        return value

    def clear(self) -> None:
        """Remove all values."""
        for key in list(self):
            del self[key]

    def update(self, parameters: Any) -> None:
        """Add all `parameters`, as those of the class; a name that is there gets the new value."""
        if not isinstance(parameters, Iterable):
            raise errors.extend_needs_an_iterable('ParameterDict', parameters)
        if isinstance(parameters, (OrderedDict, ParameterDict)):
            pairs: Any = parameters.items()
        elif isinstance(parameters, Mapping):
            pairs = sorted(parameters.items())
        else:
            pairs = parameters
        for key, value in pairs:
            self[key] = value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise errors.dict_is_not_called()

    def extra_repr(self) -> str:
        kinds = {'float64': 'DoubleTensor', 'float32': 'FloatTensor', 'int64': 'LongTensor'}
        return '\n'.join(f'  ({key}): ' + _summary(
            x, 'torch.' + kinds.get(str(getattr(x, 'dtype', ''))[6:], 'Tensor'))
            for key, x in self.items())


def _summary(value: Any, kind: str) -> str:
    """A value in one line."""
    if not isinstance(value, Tensor):
        return f'Object of type: {type(value).__name__}'
    return f'Parameter containing: [{kind} of size {"x".join(map(str, value.shape))}]'
