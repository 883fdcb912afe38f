"""Hooks on gradients: how they are called and removed, and how a tensor retains its gradient.

A node or leaf has its hooks in a tuple. The walk (graph.py) calls each with what the one before it
returned: an array, a tensor if the walk is differentiable, or None if there is no gradient.
"""
from __future__ import annotations

import weakref
from typing import Any, Callable

from . import _errors as errors
from .graph import TensorBase


def on_tensors(hook: Callable[[Any], Any], kind: Any) -> Callable[[Any], Any]:
    """The user's hook, which takes tensors and may return None, in the form the walk calls.

    hook  the user's function
    kind  the class of the tensors to pass to it
    """
    def of_array_or_tensor(g):
        shown = kind._of(g) if g is not None and not isinstance(g, TensorBase) else g
        new = hook(shown)
        if new is None:
            return g
        if not isinstance(new, TensorBase):
            raise errors.hook_returned_no_tensor(new)
        if g is None:
            raise errors.hook_made_a_gradient()
        if new.dtype != shown.dtype or new.shape != shown.shape:
            raise errors.hook_changed_the_kind(hook, shown, new)
        return new if isinstance(g, TensorBase) else new._array

    return of_array_or_tensor


class Retain:
    """The last hook of a node: puts the gradient into the `grad` of a tensor that retains it."""

    def __init__(self, tensor: TensorBase) -> None:
        self.tensor: weakref.ref[TensorBase] = weakref.ref(tensor)

    def __call__(self, g: Any) -> Any:
        tensor = self.tensor()
        if tensor is not None and g is not None:
            own = g.clone() if isinstance(g, TensorBase) else tensor._kind._of(g.copy('K'))
            tensor._grad = own if tensor._grad is None else tensor._grad + own
        return g


class Accumulated:
    """The hooks of a leaf that are called when its `grad` has changed."""

    _hooks: tuple[Callable[[Any], Any], ...] = ()

    def __call__(self, leaf: TensorBase) -> None:
        for hook in self._hooks:
            if hook(leaf) is not None:
                raise errors.accumulation_hook_returned(hook)


def retained(tensor: TensorBase) -> Retain | None:
    """The hook that retains the gradient of this tensor, if there is one."""
    return next((hook for hook in getattr(tensor.grad_fn, '_hooks', ())
                 if isinstance(hook, Retain) and hook.tensor() is tensor), None)


def computed_by(tensor: TensorBase, node: Any, requires_grad: bool = True) -> None:
    """Give a tensor that was changed in place its new node, and move its Retain hook there.

    tensor         the tensor
    node           what computed its new values
    requires_grad  whether they require grad
    """
    hook = retained(tensor)
    if hook is not None:
        tensor.grad_fn._hooks = tuple(other for other in tensor.grad_fn._hooks if other is not hook)
    tensor._requires_grad, tensor.grad_fn = requires_grad, node
    if hook is not None and node is not None:
        node._hooks = (*node._hooks, hook)


class RemovableHandle:
    """Adds a hook to the tuple `owner._hooks`; `remove()`, or leaving a `with` block, removes it.

    owner  a tensor, node or module
    hook   the function to call

    https://pytorch.org/docs/stable/generated/torch.utils.hooks.RemovableHandle.html
    """

    def __init__(self, owner: Any, hook: Callable[..., Any]) -> None:
        self.owner = owner
        self.hook: Any = hook
        owner._hooks = tuple(sorted((*owner._hooks, hook), key=lambda x: isinstance(x, Retain)))

    def remove(self) -> None:
        """Remove the hook; a second call does nothing."""
        at = [i for i, hook in enumerate(self.owner._hooks) if hook is self.hook]
        if at:
            self.owner._hooks = self.owner._hooks[:at[0]] + self.owner._hooks[at[0] + 1:]
        self.hook = None

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()
