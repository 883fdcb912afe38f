"""Hooks of an optimizer: functions that are called before and after each step."""
from __future__ import annotations

from typing import Any, Callable, Iterator

from ..autograd import RemovableHandle
from . import _errors as errors


class Hooks:
    """The hooks of one moment, in the order of their calls."""

    _hooks: tuple[Any, ...] = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._hooks)


class StepHooks:
    """The methods of an optimizer that add hooks.

    An optimizer with hooks has a `step` of its own, which calls them; the others take no detour.
    """

    step: Callable[..., Any]
    _before: Hooks
    _after: Hooks

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before each step.

        hook  the function; it returns None, or a pair (args, kwargs) that the step is called with

        As in PyTorch the first of args is the optimizer itself. Returns a handle whose remove()
        removes the hook.
        """
        self._hook_step()
        return RemovableHandle(self._before, hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after each step.

        hook  the function; what it returns does not matter

        Returns a handle whose remove() removes the hook.
        """
        self._hook_step()
        return RemovableHandle(self._after, hook)

    def _hook_step(self) -> None:
        if '_before' not in vars(self):
            self._before, self._after = Hooks(), Hooks()
            vars(self)['step'] = self._hooked_step

    def _hooked_step(self, *args: Any, **kwargs: Any) -> Any:
        args = self, *args
        for hook in self._before:
            new = hook(self, args, kwargs)
            if new is not None:
                if not isinstance(new, tuple) or len(new) != 2:
                    raise errors.wrong_step_hook(hook, new)
                args, kwargs = new
        result = type(self).step(*args, **kwargs)
        for hook in self._after:
            hook(self, args, kwargs)
        return result
