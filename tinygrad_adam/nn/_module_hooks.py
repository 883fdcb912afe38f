"""Hooks of modules: functions that are called before and after forward, backward, saving, loading.

A hook of backward has to see the gradients of all inputs and of all outputs of one call. So the
inputs and the outputs pass through a `Boundary`: an operation that changes nothing, and that on the
way back passes the gradients of all its tensors to a function.
"""
from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from .._tensor import Tensor
from ..autograd import Function, RemovableHandle, is_grad_enabled
from . import _errors as errors

if TYPE_CHECKING:
    from .module import Module


class Hook(NamedTuple):
    """A function, when it is called, and how."""

    moment: str
    function: Callable[..., Any]
    with_kwargs: bool = False
    always_call: bool = False


class Hooks:
    """The hooks of a module, in the order of their calls."""

    _hooks: tuple[Hook, ...] = ()

    def at(self, moment: str) -> list[Hook]:
        """The hooks of one moment."""
        return [hook for hook in self._hooks if hook.moment == moment]


class ModuleHooks:
    """The methods of Module that add hooks."""

    _module_hooks: Hooks

    def _add_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        handle = RemovableHandle(self._module_hooks, hook)
        if prepend:
            self._module_hooks._hooks = (hook, *self._module_hooks._hooks[:-1])
        return handle

    def register_forward_pre_hook(self, hook: Callable[..., Any], *, prepend: bool = False,
                                  with_kwargs: bool = False) -> RemovableHandle:
        """Call `hook(module, args)` before each forward; what it returns, unless None, replaces the
        arguments.

        hook         the function
        prepend      call it before the hooks that are there already
        with_kwargs  call hook(module, args, kwargs), which returns None or a pair of new ones

        Returns a handle whose remove() removes the hook.
        """
        return self._add_hook(Hook('before forward', hook, with_kwargs), prepend)

    def register_forward_hook(self, hook: Callable[..., Any], *, prepend: bool = False,
                              with_kwargs: bool = False,
                              always_call: bool = False) -> RemovableHandle:
        """Call `hook(module, args, output)` after each forward; what it returns, unless None,
        replaces the output.

        hook         the function
        prepend      call it before the hooks that are there already
        with_kwargs  call hook(module, args, kwargs, output)
        always_call  call it also if forward, or a hook before it, raises an exception

        Returns a handle whose remove() removes the hook.
        """
        return self._add_hook(Hook('after forward', hook, with_kwargs, always_call), prepend)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any],
                                        prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_output)` when the gradients of the outputs of a call are known; a
        tuple that it returns replaces them.

        hook     the function
        prepend  call it before the hooks that are there already

        Returns a handle whose remove() removes the hook.
        """
        return self._add_hook(Hook('before backward', hook), prepend)

    def register_full_backward_hook(self, hook: Callable[..., Any],
                                    prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when the gradients of the inputs of a call
        are known; a tuple that it returns replaces them.

        hook     the function; arguments that are no tensors have None among the gradients
        prepend  call it before the hooks that are there already

        Returns a handle whose remove() removes the hook.
        """
        return self._add_hook(Hook('after backward', hook), prepend)

    def register_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, prefix, keep_vars)` before state_dict collects. Returns a handle."""
        return self._add_hook(Hook('before state_dict', hook))

    def register_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata)`, which may change state_dict in
        place and returns None, when state_dict has collected. Returns a handle."""
        return self._add_hook(Hook('after state_dict', hook))

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata, strict, missing_keys,
        unexpected_keys, error_msgs)`, which may change them in place, before the module takes its
        tensors from state_dict. Returns a handle."""
        return self._add_hook(Hook('before load_state_dict', hook))

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, incompatible_keys)`, which may change the lists of keys in place, when
        the module and all inside it have their tensors. Returns a handle."""
        return self._add_hook(Hook('after load_state_dict', hook))


def call_with_hooks(module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What module(*args, **kwargs) returns, with the hooks before and after it.

    module        is called
    args, kwargs  what it is called with
    """
    left = [hook for hook in module._module_hooks.at('after forward') if hook.always_call]
    output = None
    try:
        for hook in module._module_hooks.at('before forward'):
            args, kwargs = _replaced_arguments(hook, module, args, kwargs)
        backward = BackwardHooks(module)
        output = module.forward(*backward.enter(args), **kwargs)
        for hook in module._module_hooks.at('after forward'):
            if hook in left:
                left.remove(hook)
            output = _replaced_output(hook, module, args, kwargs, output)
        return backward.leave(output)
    except Exception:
        for hook in left:
            try:
                output = _replaced_output(hook, module, args, kwargs, output)
            except Exception as error:
                warnings.warn(errors.hook_failed_too(error), stacklevel=3)
        raise


def _replaced_arguments(hook: Hook, module: Module, args: Any,
                        kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    if not hook.with_kwargs:
        new = hook.function(module, args)
        return (args if new is None else new if isinstance(new, tuple) else (new,)), kwargs
    pair = hook.function(module, args, kwargs)
    if pair is None:
        return args, kwargs
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise errors.not_args_and_kwargs(pair)
    return pair


def _replaced_output(hook: Hook, module: Module, args: Any, kwargs: Any, output: Any) -> Any:
    given = (module, args, kwargs, output) if hook.with_kwargs else (module, args, output)
    new = hook.function(*given)
    return output if new is None else new


class Boundary(Function):
    """Passes tensors on unchanged; on the way back passes their gradients to `show`, together."""

    @staticmethod
    def forward(ctx: Any, show: Callable[[Any], Any], zeros: bool,
                *tensors: Tensor) -> tuple[Tensor, ...]:
        """The tensors.

        ctx      what backward is given
        show     show(gradients) returns the gradients to go on with
        zeros    whether tensors that were not used have gradients of zeros, or else None
        tensors  what passes
        """
        outputs = tuple(x.detach() for x in tensors)
        ctx.show = show
        ctx.set_materialize_grads(zeros)
        ctx.mark_non_differentiable(*(out for x, out in zip(tensors, outputs)
                                      if not x.requires_grad))
        return outputs

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Any, ...]:
        """What `show` makes of the gradients."""
        return (None, None, *ctx.show(gradients))


class BackwardHooks:
    """The backward hooks of one call of a module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.before = module._module_hooks.at('before backward')
        self.after = module._module_hooks.at('after backward')
        self.grad_output: Any = None      # the gradients of the outputs, once they are known
        self.inputs: Any = None           # the positions of the tensors among the arguments
        self.outputs: Any = None

    def enter(self, args: Any) -> Any:
        """The arguments, with their tensors behind a boundary."""
        if not self.before and not self.after:
            return args
        self.n_inputs = len(args)
        args, self.inputs = self._bounded(args, self._show_inputs, zeros=True)
        return args

    def leave(self, output: Any) -> Any:
        """The output, with its tensors behind a boundary."""
        if not self.before and not self.after:
            return output
        if not isinstance(output, (Tensor, tuple)):
            warnings.warn(errors.output_without_hooks(output), stacklevel=4)
        several = output if isinstance(output, tuple) else (output,)
        self.n_outputs = len(several)
        several, self.outputs = self._bounded(several, self._show_outputs, zeros=False)
        return several if isinstance(output, tuple) else several[0]

    def _bounded(self, values: Any, show: Callable[[Any], Any],
                 zeros: bool) -> tuple[Any, Any]:
        positions = [i for i, x in enumerate(values) if isinstance(x, Tensor)]
        if not is_grad_enabled() or not any(values[i].requires_grad for i in positions):
            return values, None
        new = dict(zip(positions, Boundary.apply(show, zeros, *(values[i] for i in positions))))
        changed = [new.get(i, x) for i, x in enumerate(values)]
        return (tuple(changed) if type(values) is tuple else type(values)(*changed)), positions

    def _show_outputs(self, gradients: Any) -> Any:
        self.grad_output = _spread(self.outputs, gradients, self.n_outputs)
        for hook in self.before:
            new = hook.function(self.module, self.grad_output)
            if new is not None:
                if len(new) != self.n_outputs:
                    raise errors.wrong_number_of_gradients('grad_output', len(new), self.n_outputs)
                self.grad_output = new
        kept = self.grad_output
        if self.inputs is None:
            self._call_without_inputs()
        return [kept[i] for i in self.outputs]

    def _call_without_inputs(self) -> None:
        warnings.warn(errors.no_input_requires_grad(), stacklevel=4)
        for hook in self.after:
            new = hook.function(self.module, (None,) * self.n_inputs, self.grad_output)
            if new is not None and any(g is not None for g in new):
                raise errors.gradients_for_no_inputs()
        self.grad_output = None

    def _show_inputs(self, gradients: Any) -> Any:
        if self.grad_output is None:      # the gradients have not passed through the outputs
            return gradients
        grad_input = _spread(self.inputs, gradients, self.n_inputs)
        for hook in self.after:
            new = hook.function(self.module, grad_input, self.grad_output)
            if new is not None:
                if len(new) != self.n_inputs:
                    raise errors.wrong_number_of_gradients('grad_input', len(new), self.n_inputs)
                grad_input = new
        self.grad_output = None
        return [grad_input[i] for i in self.inputs]


def _spread(positions: list[int], values: Any, n: int) -> tuple[Any, ...]:
    """The values at their positions among n; None elsewhere."""
    given = dict(zip(positions, values))
    return tuple(given.get(i) for i in range(n))
