"""Modules: functions that own what they learn.

A Module sorts what is assigned to it into three dictionaries: `_parameters` (tensors to train),
`_modules` (the modules it is made of) and `_buffers` (tensors that are saved but not trained, such
as a running mean). Everything else is a walk over these, in the order of definition. Buffers,
saving, converting and printing are in `_module_state.py`, hooks in `_module_hooks.py`.

>>> from tinygrad_adam import nn, zeros
>>> net = nn.Module()
>>> net.w = nn.Parameter(zeros(3))
>>> net.layer = nn.Linear(2, 1)
>>> [(name, parameter.shape) for name, parameter in net.named_parameters()]
[('w', torch.Size([3])), ('layer.weight', torch.Size([1, 2])), ('layer.bias', torch.Size([1]))]
"""
from __future__ import annotations

from collections import OrderedDict
from typing import Any, Callable, Final, Iterator, TypeVar

from .._functions.creation import zeros
from .._tensor import Tensor
from . import _errors as errors
from ._module_hooks import Hooks, call_with_hooks
from ._module_list import ListOfModules, SequentialMethods
from ._module_state import ModuleState, dotted

M = TypeVar('M', bound='Module')


class Parameter(Tensor):
    """A tensor to train. What is computed from it is a plain Tensor.

    data           its values, whose memory it shares; None for an empty tensor
    requires_grad  whether backward() computes its gradient
    """

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        new = cls._of((zeros(0) if data is None else data)._in_order())
        new.requires_grad = requires_grad
        new._storage.ordered = True
        return new

    def __deepcopy__(self, memo: Any) -> Any:
        new = memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        return new

    def __repr__(self) -> str:
        return 'Parameter containing:\n' + super().__repr__()


class Module(ModuleState):
    """The base of all layers and networks.

    A subclass calls `super().__init__()` first, assigns its parameters and modules as attributes,
    and defines `forward`. https://pytorch.org/docs/stable/generated/torch.nn.Module.html
    """

    training: bool
    _module_hooks: Hooks

    def __init__(self) -> None:
        self.training = True
        self._parameters: dict[str, Any] = {}
        self._modules: dict[str, Any] = {}
        self._buffers: dict[str, Any] = {}
        self._non_persistent_buffers_set: set[str] = set()
        self._module_hooks = Hooks()

    def _no_forward(self, *inputs: Any) -> Any:
        """What the module computes of its inputs; every subclass defines its own."""
        raise errors.no_forward(self)

    forward: Callable[..., Any] = _no_forward

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._module_hooks._hooks:
            return call_with_hooks(self, args, kwargs)
        return self.forward(*args, **kwargs)

    # Attributes.

    def __getattr__(self, name: str) -> Any:     # called only if there is no ordinary attribute
        for registry in _KINDS:
            members = self.__dict__.get(registry, ())
            if name in members:
                return members[name]
        raise errors.no_attribute(self, name)

    def _registry(self, name: str) -> str | None:
        """The dictionary that holds an attribute; None for an ordinary one."""
        return next((kind for kind in _KINDS if name in self.__dict__.get(kind, ())), None)

    def __setattr__(self, name: str, value: Any) -> None:
        old = new = self._registry(name)
        if isinstance(value, Parameter):
            new = '_parameters'
        elif isinstance(value, Module) and old != '_parameters':
            new = '_modules'
        if new is None:
            return super().__setattr__(name, value)
        if new != old and (old or name in self.__dict__):
            delattr(self, name)
        self._register(new, name, value)

    def __delattr__(self, name: str) -> None:
        registry = self._registry(name)
        if registry is None:
            return super().__delattr__(name)
        del self.__dict__[registry][name]
        self._non_persistent_buffers_set.discard(name)

    def _register(self, registry: str, name: str, value: Any) -> None:
        what, kind, members = registry[1:-1], _KINDS[registry], self.__dict__.get(registry)
        if members is None:
            raise errors.assigned_too_early(what, name)
        if value is not None and not isinstance(value, kind):
            raise errors.wrong_kind(what, name, value, kind)
        if not name or '.' in name or name not in members and hasattr(self, name):
            raise errors.bad_name(what, name)
        members[name] = value

    # What is inside. Names are dotted paths: 'layer.weight'.

    def named_modules(self, memo: set[Module] | None = None, prefix: str = '',
                      remove_duplicate: bool = True) -> Iterator[tuple[str, Module]]:
        """Pairs (name, module): this module, then all inside it, depth first.

        memo              modules to omit; those that are listed are added
        prefix            what each name begins with
        remove_duplicate  list a module that is shared once, not under each of its names
        """
        memo = set() if memo is None else memo
        if self not in memo:
            if remove_duplicate:
                memo.add(self)
            yield prefix, self
            for name, module in self._modules.items():
                if module is not None:
                    yield from module.named_modules(memo, dotted(prefix, name), remove_duplicate)

    def modules(self) -> Iterator[Module]:
        """This module and all inside it, each once."""
        return (module for _, module in self.named_modules())

    def _named_tensors(self, registry: str, prefix: str, recurse: bool,
                       remove_duplicate: bool) -> Iterator[tuple[str, Any]]:
        seen = {None}
        for path, module in self.named_modules(None, prefix, remove_duplicate):
            for name, tensor in getattr(module, registry).items():
                if tensor not in seen:
                    yield dotted(path, name), tensor
                    seen.update([tensor] if remove_duplicate else [])
            if not recurse:
                return

    def named_parameters(self, prefix: str = '', recurse: bool = True,
                         remove_duplicate: bool = True) -> Iterator[tuple[str, Parameter]]:
        """Pairs (name, parameter).

        prefix            what each name begins with
        recurse           include those of the modules inside this one
        remove_duplicate  list a parameter that is shared once, not under each of its names
        """
        return self._named_tensors('_parameters', prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once: what an optimizer is given. With recurse=False without those
        of the modules inside this one."""
        return (parameter for _, parameter in self.named_parameters('', recurse))

    # How it behaves: Dropout and BatchNorm do different things in training and afterwards.

    def train(self: M, mode: bool = True) -> M:
        """Set `training` to `mode` in this module and all inside it; returns self."""
        if not isinstance(mode, bool):
            raise errors.mode_not_boolean(mode)
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self: M) -> M:
        """The same as train(False): for using and testing a trained model."""
        return self.train(False)


_KINDS: Final[dict[str, type]] = {'_parameters': Parameter, '_modules': Module, '_buffers': Tensor}


class ModuleSequence(ListOfModules, Module):
    """What Sequential and ModuleList have in common: they behave like a list of modules."""

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())


class Sequential(SequentialMethods, ModuleSequence):
    """Modules called one after the other: `Sequential(a, b)(x)` is `b(a(x))`.

    args  modules, named '0', '1', ...; or one OrderedDict of names and modules
    """

    def __init__(self, *args: Module | OrderedDict[str, Module]) -> None:
        super().__init__()
        pairs: Any = enumerate(args)
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            pairs = args[0].items()
        for name, module in pairs:
            self.register_module(str(name), module)

    def forward(self, input: Any) -> Any:
        for module in self:
            input = module(input)
        return input


Sequential._Sequential = Sequential
