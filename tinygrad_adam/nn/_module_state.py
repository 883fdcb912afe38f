"""What modules can do besides: computed names, buffers, conversion, saving, printing."""
from __future__ import annotations

from collections import OrderedDict, namedtuple
from importlib import import_module
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, TypeVar

from ..autograd import no_grad
from .._functions.creation import zeros
from .._tensor import Tensor
from ..types import float32, float64
from . import _errors as errors
from ._module_hooks import ModuleHooks

if TYPE_CHECKING:
    from .module import Module, Parameter

T = TypeVar('T', bound='ModuleState')
EXTRA = '_extra_state'    # the key of what get_extra_state returns


class ModuleState(ModuleHooks):
    """The methods of Module that a first network does not need."""

    _version: int = 1     # of the contents of state_dict; a class that changes them adds one

    # What these methods need from Module.
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
        """Add `module` as `name`, which may be computed."""
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

    def get_submodule(self, target: str) -> Module:
        """The module of the dotted name `target`, as in named_modules; '' for this one. Raises
        AttributeError if there is none."""
        found: Any = self
        for name in target.split('.') if target else ():
            if not hasattr(found, name):
                raise errors.nothing_under(found, name)
            found = getattr(found, name)
            if not isinstance(found, ModuleState):
                raise errors.not_of_this_kind(name, 'an nn.Module')
        return found

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put a module under a dotted name, in place of the one that is there.

        target  its name, as in named_modules
        module  the new module
        strict  whether there must be one of this name already; otherwise it may be new in the
                module that the part before the last dot names

        Raises ValueError for an empty name or what is no module, AttributeError if there is nothing
        under the name, or something else than a module.
        """
        if not target or not isinstance(module, ModuleState):
            raise errors.no_module_to_set(target, module)
        path, _, name = target.rpartition('.')
        parent = self.get_submodule(path)
        if strict or hasattr(parent, name):
            parent.get_submodule(name)
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of the dotted name `target`, as in named_parameters. Raises AttributeError
        if there is none."""
        return self._get_tensor('_parameters', target, 'an nn.Parameter')

    def get_buffer(self, target: str) -> Tensor:
        """The buffer of the dotted name `target`, as in named_buffers. Raises AttributeError if
        there is none."""
        return self._get_tensor('_buffers', target, 'a buffer')

    def _get_tensor(self, registry: str, target: str, kind: str) -> Any:
        path, _, name = target.rpartition('.')
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise errors.nothing_under(module, name)
        if name not in getattr(module, registry):
            raise errors.not_of_this_kind(name, kind)
        return getattr(module, name)

    def cpu(self: T) -> T:
        """Return self, since all tensors are on the CPU."""
        return self

    def apply(self: T, fn: Callable[[Any], Any]) -> T:
        """Call `fn(module)` for every module, inner ones first; returns self."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Compile `forward` in place: this module stays what it is, and its calls get faster.

        args, kwargs  the options of torch.compile, by name

        A copy of the module has programs of its own.
        """
        import_module('.._compile', __package__).compile_in_place(self, *args, **kwargs)

    def requires_grad_(self: T, requires_grad: bool = True) -> T:
        """Set `requires_grad` of all parameters: False freezes them; returns self."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop all gradients, or fill them with zeros unless `set_to_none`."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else parameter.grad.detach_().zero_()

    def to(self: T, *args: Any, **kwargs: Any) -> T:
        """Convert all floating-point parameters and buffers, in place; returns self.

        args, kwargs  those of `Tensor.to`: a dtype, float32 or float64, a device, or a tensor
        """
        dtype = zeros(0).to(*args, **kwargs).dtype
        if dtype not in (float32, float64):
            raise errors.not_floating_point(dtype)
        return self._apply(lambda t: t.to(*args, **kwargs) if t.is_floating_point() else t)

    def _apply(self: T, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> T:
        """Replace every parameter's values, its gradient and every buffer by fn of them."""
        for module in self.children() if recurse else ():
            module._apply(fn)
        for parameter in self.parameters(recurse=False):
            parameter.data = fn(parameter.data)
            parameter.grad = None if parameter.grad is None else fn(parameter.grad)
        for name, buffer in self._buffers.items():
            self._buffers[name] = None if buffer is None else fn(buffer)
        return self

    def float(self: T) -> T:
        """Convert to float32; returns self."""
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)

    def double(self: T) -> T:
        """Convert to float64; returns self."""
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)

    def state_dict(self, *, destination: dict[str, Any] | None = None, prefix: str = '',
                   keep_vars: bool = False) -> dict[str, Any]:
        """Parameters and persistent buffers by name, detached, sharing memory with the module's.

        destination  the dictionary to add them to; by default a new OrderedDict
        prefix       what each name begins with
        keep_vars    return the tensors themselves, not detached

        Returns the dictionary. `_save_to_state_dict` of this module and of all inside it does the
        work, with the hooks.
        """
        state: Any = destination
        if state is None:
            state = OrderedDict()
            state._metadata = OrderedDict()
        metadata = {'version': self._version}
        if hasattr(state, '_metadata'):
            state._metadata[prefix[:-1]] = metadata
        for hook in self._module_hooks.at('before state_dict'):
            hook.function(self, prefix, keep_vars)
        self._save_to_state_dict(state, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=state, prefix=f'{prefix}{name}.', keep_vars=keep_vars)
        for hook in self._module_hooks.at('after state_dict'):
            if hook.function(self, state, prefix, metadata) is not None:
                raise errors.hook_returned('state_dict post-hook', 'state_dict')
        return state

    def _own_state(self) -> dict[str, Tensor]:
        """The parameters and persistent buffers of this module alone, by name."""
        return {name: tensor for name, tensor in {**self._parameters, **self._buffers}.items()
                if tensor is not None and name not in self._non_persistent_buffers_set}

    def _save_to_state_dict(self, destination: dict[str, Any], prefix: str,
                            keep_vars: bool) -> None:
        """Add what this module alone contributes to a state_dict; a subclass may add more."""
        for name, tensor in self._own_state().items():
            destination[prefix + name] = tensor if keep_vars else tensor.detach()
        if type(self).get_extra_state is not ModuleState.get_extra_state:
            destination[prefix + EXTRA] = self.get_extra_state()

    def get_extra_state(self) -> Any:
        """What else state_dict holds, under '_extra_state'; a subclass that defines it defines
        set_extra_state, too."""
        raise errors.no_extra_state(self)

    def set_extra_state(self, state: Any) -> None:
        """Restore the `state` that get_extra_state returned."""
        raise errors.no_extra_state(self)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True,
                        assign: bool = False) -> Any:
        """Copy tensors into the parameters and buffers that have their names.

        state_dict  what `state_dict()` of such a module returned
        strict      refuse names that only the module, or only state_dict, has
        assign      let the tensors themselves become the parameters and buffers

        Returns the names (missing_keys, unexpected_keys). Raises RuntimeError if `strict` and there
        are any, or if shapes differ, after all that fits has been copied. `_load_from_state_dict`
        of this module and of all inside it does the work, with the hooks.
        """
        if not isinstance(state_dict, Mapping):
            raise errors.no_mapping(state_dict)
        metadata = getattr(state_dict, '_metadata', {})
        state: Any = OrderedDict(state_dict)
        if metadata:
            state._metadata = metadata
        keys, problems = _IncompatibleKeys([], []), []

        def load(module: Any, state: Any, prefix: str) -> None:
            local = dict(metadata.get(prefix[:-1], {}))
            if assign:
                local['assign_to_params_buffers'] = assign
            module._load_from_state_dict(state, prefix, local, True, *keys, problems)
            for name, child in module._modules.items():
                if child is not None:
                    path = f'{prefix}{name}.'
                    load(child, {key: x for key, x in state.items() if key.startswith(path)}, path)
            for hook in module._module_hooks.at('after load_state_dict'):
                if hook.function(module, keys) is not None:
                    raise errors.load_hook_returned()

        load(self, state, '')
        if strict:
            problems[:0] = [
                f'{what} key(s) in state_dict: ' + ', '.join(f'"{key}"' for key in names) + '. '
                for what, names in zip(['Missing', 'Unexpected'], keys) if names]
        if problems:
            raise errors.state_does_not_fit(self, problems)
        return keys

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str,
                              local_metadata: dict[str, Any], strict: bool,
                              missing_keys: list[str], unexpected_keys: list[str],
                              error_msgs: list[str]) -> None:
        """Take what belongs to this module alone, its names beginning with prefix, from state_dict;
        a subclass may take more, or change state_dict before."""
        for hook in self._module_hooks.at('before load_state_dict'):
            hook.function(self, state_dict, prefix, local_metadata, strict, missing_keys,
                          unexpected_keys, error_msgs)
        own, extra = self._own_state(), prefix + EXTRA
        assign = local_metadata.get('assign_to_params_buffers', False)
        for name in own:
            if prefix + name in state_dict:
                error_msgs += self._take(name, state_dict[prefix + name], prefix + name, assign)
            elif strict:
                missing_keys.append(prefix + name)
        takes_extra = type(self).set_extra_state is not ModuleState.set_extra_state
        if takes_extra and extra in state_dict:
            self.set_extra_state(state_dict[extra])
        elif strict and takes_extra != (extra in state_dict):
            (missing_keys if takes_extra else unexpected_keys).append(extra)
        for key in state_dict if strict else ():
            name, dot, _ = key[len(prefix):].partition('.')
            if key.startswith(prefix) and key != extra and name not in (
                    self._modules if dot else own):
                unexpected_keys.append(key)

    def _take(self, name: str, new: Any, key: str, assign: bool) -> list[str]:
        """Copy a tensor into the parameter or buffer of a name, or assign it; returns the errors,
        if there are any."""
        tensor = getattr(self, name)
        if not isinstance(new, Tensor):
            return [f'While copying the parameter named "{key}", expected torch.Tensor or '
                    f'Tensor-like object from checkpoint but received {type(new)}']
        if tensor.shape == () and new.shape == (1,):
            new = new[0]
        if new.shape != tensor.shape:
            return [f'size mismatch for {key}: copying a param with shape {new.shape} from '
                    f'checkpoint, the shape in current model is {tensor.shape}.']
        with no_grad():
            if not assign:
                tensor.copy_(new)
            elif name in self._parameters:
                kind: Any = type(tensor)
                setattr(self, name, new.requires_grad_(tensor.requires_grad)
                        if isinstance(new, kind) else kind(new, tensor.requires_grad))
            else:
                setattr(self, name, new)
        return []

    def __dir__(self) -> list[str]:
        inside = [*self._parameters, *self._modules, *self._buffers]
        return sorted(name for name in {*super().__dir__(), *inside} if not name[0].isdigit())

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
        return f'{self._get_name()}({extra})'

    def _get_name(self) -> str:
        return type(self).__name__


def dotted(path: str, name: str) -> str:
    """The name of what is at a path: 'layer.weight'."""
    return f'{path}.{name}' if path else name


class _IncompatibleKeys(namedtuple('IncompatibleKeys', 'missing_keys unexpected_keys')):
    def __repr__(self) -> str:
        return super().__repr__() if any(self) else '<All keys matched successfully>'
