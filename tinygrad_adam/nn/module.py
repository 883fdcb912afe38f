"""Modules: functions that own what they learn.

A Module sorts what is assigned to it into three dictionaries: `_parameters` (tensors to train),
`_modules` (what it is made of) and `_buffers` (tensors kept but not trained, such as a running
mean). All else, listing, saving, printing, is a walk over these, in order of definition.

>>> from tinygrad_adam import nn, zeros
>>> net = nn.Module()
>>> net.w = nn.Parameter(zeros(3))
>>> net.layer = nn.Linear(2, 1)
>>> [(name, parameter.shape) for name, parameter in net.named_parameters()]
[('w', torch.Size([3])), ('layer.weight', torch.Size([1, 2])), ('layer.bias', torch.Size([1]))]
"""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Callable, Iterator, Mapping

from ..autograd import RemovableHandle, no_grad
from ..creation import zeros
from ..tensor import Tensor
from ..types import float32, float64


class Parameter(Tensor):
    """A tensor to train. It shares the memory of `data`; what is computed from it is a Tensor."""

    def __new__(cls, data: Tensor = None, requires_grad: bool = True):
        new = cls._of((zeros(0) if data is None else data)._array)
        new.requires_grad = requires_grad
        return new

    def __repr__(self):
        return 'Parameter containing:\n' + super().__repr__()


class Module:
    """The base of all layers and networks; a subclass calls `super().__init__()` first."""

    def __init__(self):
        self.training = True
        self._parameters, self._modules, self._buffers = {}, {}, {}
        self._non_persistent_buffers_set = set()
        self.hooks = ()

    def forward(self, *inputs):
        """What the module computes; every subclass writes its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required '
                                  '"forward" function that a call runs. Write def forward(self, x)')

    def __call__(self, *args, **kwargs):
        output = self.forward(*args, **kwargs)
        for hook in self.hooks:
            replaced = hook(self, args, output)
            output = output if replaced is None else replaced
        return output

    def register_forward_hook(self, hook: Callable) -> RemovableHandle:
        """Call `hook(module, args, output)` after forward, until `remove()` of the handle."""
        return RemovableHandle(self, hook)

    def _registry(self, name):
        """Which dictionary an attribute lives in; None for ordinary ones."""
        for registry in KINDS:
            if name in self.__dict__.get(registry, ()):
                return registry

    def __getattr__(self, name):  # only called for what is not an ordinary attribute
        registry = self._registry(name)
        if registry is not None:
            return self.__dict__[registry][name]
        reason = '' if '_modules' in self.__dict__ else '. Call super().__init__() in its __init__'
        raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}{reason}')

    def __setattr__(self, name, value):
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

    def __delattr__(self, name):
        registry = self._registry(name)
        if registry is None:
            return super().__delattr__(name)
        del self.__dict__[registry][name]
        self._non_persistent_buffers_set.discard(name)

    def _register(self, registry, name, value):
        kind, what, members = KINDS[registry].__name__, registry[1:-1], self.__dict__.get(registry)
        if members is None:
            raise AttributeError(f'cannot assign {what} {name!r} before Module.__init__() call: it '
                                 'has no place yet. Write super().__init__() first in __init__')
        if value is not None and not isinstance(value, KINDS[registry]):
            raise TypeError(f'cannot assign {type(value).__name__!r} as {what} {name!r} ({kind} or '
                            f'None expected). Make it a {kind}, or del the attribute first')
        if not name or '.' in name or name not in members and hasattr(self, name):
            raise KeyError(f'{what} name {name!r} is empty, contains "." or already exists, so it '
                           'would not lead here. Choose another')
        members[name] = value

    def register_parameter(self, name: str, param: Parameter | None):
        """Add a Parameter, or None where there could be one (a layer without bias)."""
        self._register('_parameters', name, param)

    def register_module(self, name: str, module: Module | None):
        """Add a module under a computed name."""
        self._register('_modules', name, module)

    add_module = register_module

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True):
        """Add a tensor that is not trained; with persistent=False state_dict omits it."""
        self._register('_buffers', name, tensor)
        names = self._non_persistent_buffers_set
        names.discard(name) if persistent else names.add(name)

    def named_modules(self, memo: set = None, prefix: str = '', remove_duplicate: bool = True):
        """Pairs (dotted name, module): this module, then all inside it."""
        memo = set() if memo is None else memo
        if self not in memo:
            if remove_duplicate:
                memo.add(self)
            yield prefix, self
            for name, module in self._modules.items():
                if module is not None:
                    yield from module.named_modules(memo, _dotted(prefix, name), remove_duplicate)

    def modules(self) -> Iterator[Module]:
        """This module and all inside it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Pairs (name, module) of the modules directly inside this one."""
        seen = {None}
        for name, module in self._modules.items():
            if module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The modules directly inside this one, each once."""
        return (module for _, module in self.named_children())

    def _named_tensors(self, registry, prefix, recurse, remove_duplicate):
        seen = {None}
        for path, module in self.named_modules(None, prefix, remove_duplicate):
            for name, tensor in getattr(module, registry).items():
                if tensor not in seen:
                    yield _dotted(path, name), tensor
                    seen.update([tensor] if remove_duplicate else [])
            if not recurse:
                return

    def named_parameters(self, prefix: str = '', recurse: bool = True,
                         remove_duplicate: bool = True) -> Iterator[tuple[str, Parameter]]:
        """Pairs (dotted name, parameter); without those of inner modules if recurse=False."""
        return self._named_tensors('_parameters', prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once: what an optimizer is given."""
        return (parameter for _, parameter in self.named_parameters('', recurse))

    def named_buffers(self, prefix: str = '', recurse: bool = True,
                      remove_duplicate: bool = True) -> Iterator[tuple[str, Tensor]]:
        """Pairs (dotted name, buffer)."""
        return self._named_tensors('_buffers', prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers('', recurse))

    def apply(self, fn: Callable[[Module], None]):
        """Call `fn` on every module, inner ones first; returns self."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True):
        """Set training mode, which Dropout and BatchNorm heed; returns self."""
        if not isinstance(mode, bool):
            raise ValueError(f'training mode is expected to be boolean, not {mode!r}')
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        """The same as train(False): for using and testing what was trained."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True):
        """Let all parameters be trained, or freeze them; returns self."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True):
        """Forget all gradients, or fill them with zeros."""
        for parameter in self.parameters():
            if parameter.grad is not None:
                parameter.grad = None if set_to_none else parameter.grad.detach().zero_()

    def to(self, *args, **kwargs):
        """Change the dtype of floating-point tensors; as `Tensor.to` would; returns self."""
        dtype = zeros(0).to(*args, **kwargs).dtype
        if dtype not in (float32, float64):
            raise TypeError(f'nn.Module.to only accepts floating point dtypes, but got {dtype}: '
                            'there are no gradients in it. Use float32 or float64')
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor.is_floating_point():
                tensor.data = tensor.data.to(*args, **kwargs)
                tensor.grad = None if tensor.grad is None else tensor.grad.to(*args, **kwargs)
        return self

    def float(self):
        """Change to float32."""
        return self.to(float32)

    def double(self):
        """Change to float64."""
        return self.to(float64)

    def state_dict(self, *, destination=None, prefix: str = '', keep_vars: bool = False):
        """Parameters and persistent buffers by dotted name: detached, sharing memory."""
        state = OrderedDict() if destination is None else destination
        for path, module in self.named_modules(remove_duplicate=False):
            for name, tensor in {**module._parameters, **module._buffers}.items():
                if tensor is not None and name not in module._non_persistent_buffers_set:
                    key = prefix + _dotted(path, name)
                    state[key] = tensor if keep_vars else tensor.detach()
        return state

    def load_state_dict(self, state_dict: Mapping[str, Tensor], strict: bool = True):
        """Copy tensors to where their names say; returns the names (missing, unexpected).

        If there are any, or sizes differ, RuntimeError is raised and nothing copied (PyTorch copies
        what fits); with strict=False only for sizes.
        """
        own = self.state_dict(keep_vars=True)
        shared = [name for name in own if name in state_dict]
        keys = _IncompatibleKeys([name for name in own if name not in state_dict],
                                 [name for name in state_dict if name not in own])
        errors = [f'{what} key(s) in state_dict: ' + ', '.join(f'"{name}"' for name in names) + '. '
                  for what, names in zip(['Missing', 'Unexpected'], keys) if names and strict]
        errors += [f'size mismatch for {name}: copying a param with shape {state_dict[name].shape} '
                   f'from checkpoint, the shape in current model is {own[name].shape}.'
                   for name in shared if state_dict[name].shape != own[name].shape]
        if errors:
            title = f'Error(s) in loading state_dict for {type(self).__name__}:'
            raise RuntimeError('\n\t'.join([title, *errors]))
        with no_grad():
            for name in shared:
                own[name].copy_(state_dict[name])
        return keys

    def extra_repr(self) -> str:
        """The settings that `repr` shows between the brackets."""
        return ''

    def _children_repr(self):
        return [f'({name}): {module!r}' for name, module in self._modules.items()]

    def __repr__(self):
        extra, children = self.extra_repr(), [*self._children_repr()]
        if children or '\n' in extra:
            lines = [*extra.splitlines(), *children]
            extra = ''.join('\n  ' + line.replace('\n', '\n  ') for line in lines) + '\n'
        return f'{type(self).__name__}({extra})'


KINDS = {'_parameters': Parameter, '_modules': Module, '_buffers': Tensor}


def _dotted(path, name):
    return f'{path}.{name}' if path else name


class _IncompatibleKeys(namedtuple('IncompatibleKeys', 'missing_keys unexpected_keys')):
    def __repr__(self):
        return super().__repr__() if any(self) else '<All keys matched successfully>'
