"""Whether operations are remembered: `no_grad` and its kin, for `with` and as decorators."""
from __future__ import annotations

from contextlib import ContextDecorator
from typing import Any, Callable, TypeVar, overload

from .graph import modes

Function = TypeVar('Function', bound=Callable[..., Any])


class _GradMode(ContextDecorator):
    """Sets the mode on entering and sets it back on leaving, however often it is nested."""

    mode = True

    def __init__(self) -> None:
        self.before: list[bool] = []

    def __enter__(self) -> None:
        self.before.append(modes.recording)
        modes.recording = self.mode

    def __exit__(self, *_: object) -> None:
        modes.recording = self.before.pop()

    def __call__(self, func: Function) -> Function:
        return super().__call__(func)    # type: ignore[return-value]


class no_grad(_GradMode):
    """Compute without remembering: what is made in this block or function has no graph.

    orig_func  the function, if the decorator is written without brackets

    https://pytorch.org/docs/stable/generated/torch.no_grad.html
    """

    mode = False

    @overload
    def __new__(cls, orig_func: Function) -> Function: ...

    @overload
    def __new__(cls, orig_func: None = None) -> no_grad: ...

    def __new__(cls, orig_func: Any = None) -> Any:
        new = super().__new__(cls)
        new.before = []
        return new if orig_func is None else new(orig_func)

    def __init__(self, orig_func: Any = None) -> None:
        super().__init__()


class enable_grad(_GradMode):
    """Remember operations in this block or function, even inside a no_grad block.

    orig_func  the function, if the decorator is written without brackets

    https://pytorch.org/docs/stable/generated/torch.enable_grad.html
    """

    @overload
    def __new__(cls, orig_func: Function) -> Function: ...

    @overload
    def __new__(cls, orig_func: None = None) -> enable_grad: ...

    def __new__(cls, orig_func: Any = None) -> Any:
        new = super().__new__(cls)
        new.before = []
        return new if orig_func is None else new(orig_func)

    def __init__(self, orig_func: Any = None) -> None:
        super().__init__()


class inference_mode(_GradMode):
    """As `no_grad`; PyTorch also forbids the results of the block in a graph later.

    mode  False leaves the grad mode as it is

    https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html
    """

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        self.mode: bool = mode is False and modes.recording


class set_grad_enabled(_GradMode):
    """Remember operations or not, from here on; in a `with` block or a function, only there.

    mode  whether to remember them

    https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.set_grad_enabled.html
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode: bool = bool(mode)
        self.before.append(modes.recording)
        modes.recording = self.mode

    def __enter__(self) -> None:
        modes.recording = self.mode

    def __call__(self, func: Function) -> Function:
        modes.recording = self.before.pop()
        return (enable_grad() if self.mode else no_grad())(func)


def is_grad_enabled() -> bool:
    """Whether operations are remembered now."""
    return modes.recording
