"""What Sequential and ModuleList do as lists: modules are added, removed, joined and repeated."""
from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, TypeVar, overload

from . import _errors as errors
from ._module_state import ModuleState

if TYPE_CHECKING:
    from .module import Module

L = TypeVar('L', bound='ListOfModules')


class ListOfModules:
    """The methods of a list; modules are named by their positions."""

    # What these methods need from Module.
    _modules: dict[str, Any]
    register_module: Callable[..., None]
    __iter__: Callable[..., Iterator[Module]]

    def __len__(self) -> int:
        return len(self._modules)

    def _name_at(self, index: int) -> str:
        if not -len(self) <= index < len(self):
            raise errors.index_out_of_range(index, len(self))
        return list(self._modules)[index]

    def _of_items(self: L, items: list[tuple[str, Module]]) -> L:
        """A new list of these pairs (name, module)."""
        make: Callable[..., L] = type(self)
        return make(OrderedDict(items))

    @overload
    def __getitem__(self, index: int) -> Module: ...
    @overload
    def __getitem__(self: L, index: slice) -> L: ...

    def __getitem__(self: L, index: int | slice) -> Module | L:
        if isinstance(index, slice):
            return self._of_items(list(self._modules.items())[index])
        module: Module = self._modules[self._name_at(index)]
        return module

    def __setitem__(self, index: int, module: Module) -> None:
        self.register_module(self._name_at(index), module)

    def __delitem__(self, index: int | slice) -> None:
        several = isinstance(index, slice)
        for name in list(self._modules)[index] if several else [self._name_at(index)]:
            del self._modules[name]
        self._modules = {str(i): module for i, module in enumerate(self)}

    def pop(self, key: int) -> Module:
        """Remove the module at position `key`; returns it."""
        module = self[key]
        del self[key]
        return module

    def append(self: L, module: Module) -> L:
        """Add `module` at the end, named by its position; returns self."""
        self.register_module(str(len(self)), module)
        return self

    def insert(self: L, index: int, module: Module) -> Any:
        """Insert `module` before the one at `index`; later ones are renamed."""
        for i in range(len(self), index, -1):
            self._modules[str(i)] = self._modules[str(i - 1)]
        self._modules[str(index)] = module


class SequentialMethods(ListOfModules):
    """What only a Sequential can do: be joined with others, and repeated."""

    _Sequential: Any = None    # the class in module.py, which imports this file

    def extend(self: L, sequential: Iterable[Module]) -> L:
        """Append all modules of `sequential`, which may be any iterable; returns self."""
        for module in sequential:
            self.append(module)
        return self

    def insert(self: L, index: int, module: Module) -> L:
        """Insert `module` before the one at `index`; later ones are renamed; returns self."""
        n = len(self)
        if not isinstance(module, ModuleState):
            raise errors.insert_of_no_module(module)
        if not -n <= index <= n:
            raise errors.index_out_of_range(index, n)
        super().insert(index + n if index < 0 else index, module)
        return self

    def __add__(self, other: Any) -> Any:
        return self._Sequential().extend([*self, *self._checked(other)])

    def __iadd__(self: L, other: Any) -> L:
        return self.extend(self._checked(other))

    def _checked(self, other: Any) -> Any:
        if not isinstance(other, self._Sequential):
            raise errors.not_a_sequential(other)
        return other

    def __mul__(self, times: int) -> Any:
        return self._Sequential().extend([*self] * self._times(times))

    __rmul__ = __mul__

    def __imul__(self: L, times: int) -> L:
        return self.extend([*self] * (self._times(times) - 1))

    def _times(self, times: Any) -> int:
        if not isinstance(times, int):
            raise errors.not_a_number_of_times(times)
        if times < 1:
            raise errors.not_repeated(times)
        return times
