"""A hook, and the way to take it out again."""
from __future__ import annotations

from typing import Any, Callable


class RemovableHandle:
    """Adds a hook to the tuple `owner.hooks`; `remove()`, or leaving a `with` block, takes it out.

    owner  a tensor, node or module
    hook   the function to call

    https://pytorch.org/docs/stable/generated/torch.utils.hooks.RemovableHandle.html
    """

    def __init__(self, owner: Any, hook: Callable[..., Any]) -> None:
        self.owner = owner
        self.hook = hook
        owner.hooks = (*owner.hooks, hook)

    def remove(self) -> None:
        """Take the hook out; a second time does nothing."""
        self.owner.hooks = tuple(hook for hook in self.owner.hooks if hook is not self.hook)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()
