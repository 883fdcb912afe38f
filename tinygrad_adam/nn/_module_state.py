"""Modules beyond a first network: computed names, buffers, hooks, conversion, saving, printing."""
from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, TypeVar

from ..autograd import RemovableHandle, no_grad
from .._functions.creation import zeros
from .._tensor import Tensor
from ..types import float32, float64
from . import _errors as errors

if TYPE_CHECKING:
    from .module import Module, Parameter

T = TypeVar('T', bound='ModuleState')


class ModuleState:
    """The methods of Module that a first network does without."""

    # What these methods need of Module.
    _parameters: dict[str, Any]
    _modules: dict[str, Any]
    _buffers: dict[str, Any]
    _non_persistent_buffers_set: set[str]
    named_modules: Callable[..., Iterator[tuple[str, Any]]]
    _register: Callable[..., None]
    _named_tensors: Callable[..., Iterator[tuple[str, Any]]]
    parameters: Callable[..., Iterator[Any]]

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add the parameter `param` as `name`; None reserves the name (a layer without bias)."""
        self._register('_parameters', name, param)

    def register_module(self, name: str, module: Module | None) -> None:
        """Add `module` under a `name` that may be computed."""
        self._register('_modules', name, module)

    def add_module(self, name: str, module: Module | None) -> None:
        """The same as `register_module(name, module)`."""
        self._register('_modules', name, module)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a `tensor` (or None) that is not trained as `name`; unless `persistent`,
        state_dict omits it."""
        self._register('_buffers', name, tensor)
        names = self._non_persistent_buffers_set
        names.discard(name) if persistent else names.add(name)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Pairs (name, module) of the modules directly inside this one, each once."""
        seen = {None}
        for name, module in self._modules.items():
            if module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The modules directly inside this one, each once."""
        return (module for _, module in self.named_children())

    def named_buffers(self, prefix: str = '', recurse: bool = True,
                      remove_duplicate: bool = True) -> Iterator[tuple[str, Tensor]]:
        """Pairs (name, buffer); prefix, recurse, remove_duplicate as in named_parameters."""
        return self._named_tensors('_buffers', prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers, each once; recurse as in parameters."""
        return (buffer for _, buffer in self.named_buffers('', recurse))

    def register_forward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, args, output)` after each forward; what it returns, unless None,
        replaces the output. Returns a handle whose remove() ends this."""
        return RemovableHandle(self, hook)

    def apply(self: T, fn: Callable[[Any], Any]) -> T:
        """Call `fn(module)` for every module, inner ones first; returns self."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def requires_grad_(self: T, requires_grad: bool = True) -> T:
        """Set `requires_grad` of all parameters: False freezes them; returns self."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop all gradients, or fill them with zeros unless `set_to_none`."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else parameter.grad.detach().zero_()

    def to(self: T, *args: Any, **kwargs: Any) -> T:
        """Convert all floating-point parameters and buffers, in place; returns self.

        args, kwargs  those of `Tensor.to`: a dtype, float32 or float64, a device, or a tensor
        """
        dtype = zeros(0).to(*args, **kwargs).dtype
        if dtype not in (float32, float64):
            raise errors.not_floating_point(dtype)
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor.is_floating_point():
                tensor.data = tensor.data.to(*args, **kwargs)
                tensor.grad = None if tensor.grad is None else tensor.grad.to(*args, **kwargs)
        return self

    def float(self: T) -> T:
        """Convert to float32; returns self."""
        return self.to(float32)

    def double(self: T) -> T:
        """Convert to float64; returns self."""
        return self.to(float64)

    def state_dict(self, *, destination: dict[str, Any] | None = None, prefix: str = '',
                   keep_vars: bool = False) -> dict[str, Any]:
        """Parameters and persistent buffers by name, detached, sharing memory with the module's.

        destination  the dictionary to add them to; by default a new OrderedDict
        prefix       what each name begins with
        keep_vars    give the tensors themselves, not detached

        Returns the dictionary.
        """
        state: dict[str, Any] = OrderedDict() if destination is None else destination
        for path, module in self.named_modules(remove_duplicate=False):
            for name, tensor in {**module._parameters, **module._buffers}.items():
                if tensor is not None and name not in module._non_persistent_buffers_set:
                    key = prefix + dotted(path, name)
                    state[key] = tensor if keep_vars else tensor.detach()
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Any:
        """Copy tensors into the parameters and buffers that have their names.

        state_dict  what `state_dict()` of such a module returned
        strict      refuse names that are missing here or there

        Returns the names (missing_keys, unexpected_keys). Raises RuntimeError if `strict` and there
        are any, or if shapes differ; then nothing is copied (PyTorch copies what fits).
        """
        own = self.state_dict(keep_vars=True)
        shared = [name for name in own if name in state_dict]
        keys = _IncompatibleKeys([name for name in own if name not in state_dict],
                                 [name for name in state_dict if name not in own])
        problems = [f'{what} key(s) in state_dict: ' + ', '.join(f'"{key}"' for key in names) + '. '
                    for what, names in zip(['Missing', 'Unexpected'], keys) if names and strict]
        problems += [f'size mismatch for {name}: copying a param with shape '
                     f'{state_dict[name].shape} from checkpoint, the shape in current model is '
                     f'{own[name].shape}.'
                     for name in shared if state_dict[name].shape != own[name].shape]
        if problems:
            raise errors.state_does_not_fit(self, problems)
        with no_grad():
            for name in shared:
                own[name].copy_(state_dict[name])
        return keys

    def extra_repr(self) -> str:
        """The settings that `repr` shows between the brackets; layers define their own."""
        return ''

    def _children_repr(self) -> Iterator[str]:
        return (f'({name}): {module!r}' for name, module in self._modules.items())

    def __repr__(self) -> str:
        extra, children = self.extra_repr(), [*self._children_repr()]
        if children or '\n' in extra:
            lines = [*extra.splitlines(), *children]
            extra = ''.join('\n  ' + line.replace('\n', '\n  ') for line in lines) + '\n'
        return f'{type(self).__name__}({extra})'


def dotted(path: str, name: str) -> str:
    """The name of what lies at a path: 'layer.weight'."""
    return f'{path}.{name}' if path else name


class _IncompatibleKeys(namedtuple('IncompatibleKeys', 'missing_keys unexpected_keys')):
    def __repr__(self) -> str:
        return super().__repr__() if any(self) else '<All keys matched successfully>'
