"""Whether operations are recorded: `no_grad` and its relatives, as blocks and decorators."""
from __future__ import annotations

import inspect
from functools import partial, wraps
from io import IOBase
from typing import Any, Callable, Generator, TypeVar, overload

from . import _errors as errors
from .graph import modes

Function = TypeVar('Function', bound=Callable[..., Any])


class Block(IOBase):
    """A `with` block that sets a mode of its thread on entering, and restores it on leaving.

    It ends as files do: `IOBase.__exit__` calls close(), and both are compiled code, which Ctrl-C
    cannot interrupt. At the first line of an __exit__ in Python it could, and the mode would stay.
    For the same reason a mode is set by the last statement of __enter__, without a call.
    """

    close: Any       # set by _restore
    closed = True    # else IOBase would call close() again when the block is deallocated

    def _restore(self, name: str) -> None:
        """Let close() restore the present value of a mode.

        name  the attribute of modes
        """
        self.close = partial(setattr, modes, name, getattr(modes, name))    # type: ignore


class _GradMode(Block):
    """Sets the grad mode in a `with` block, or in each call of a decorated function."""

    mode: bool = True

    def __enter__(self) -> None:    # type: ignore[override]
        self._restore('recording')
        modes.recording = self.mode

    def _again(self) -> Any:
        """Another block of this mode: one for each call, since threads may call at once."""
        return type(self)()

    def __call__(self, func: Function) -> Function:
        if inspect.isclass(func):
            errors.warn_of_decorated_class(func)
        elif inspect.isgeneratorfunction(func):
            return resumed_in(self._again, func)    # type: ignore[return-value]

        @wraps(func)
        def in_mode(*args, **kwargs):
            with self._again():
                return func(*args, **kwargs)

        return in_mode    # type: ignore[return-value]


def resumed_in(block: Callable[[], Any], func: Callable[..., Any]) -> Callable[..., Any]:
    """The generator function, each of whose steps runs in a block; its callers do not.

    block  makes a new block
    func   a generator function
    """
    @wraps(func)
    def generator(*args, **kwargs) -> Generator[Any, Any, Any]:
        inner = func(*args, **kwargs)
        resume, sent = inner.send, None
        while True:
            try:
                with block():
                    value = resume(sent)
            except StopIteration as end:
                return end.value
            try:
                resume, sent = inner.send, (yield value)
            except GeneratorExit:
                with block():
                    inner.close()
                raise
            except BaseException as error:
                resume, sent = inner.throw, error

    return generator


class no_grad(_GradMode):
    """Do not record operations: what is computed in this block or function has no graph.

    orig_func  the function, if the decorator is written without parentheses

    https://pytorch.org/docs/stable/generated/torch.no_grad.html
    """

    mode = False

    @overload
    def __new__(cls, orig_func: Function) -> Function: ...

    @overload
    def __new__(cls, orig_func: None = None) -> no_grad: ...

    def __new__(cls, orig_func: Any = None) -> Any:
        return super().__new__(cls) if orig_func is None else cls()(orig_func)

    def __init__(self, orig_func: Any = None) -> None:
        super().__init__()


class enable_grad(_GradMode):
    """Record operations in this block or function, even inside a no_grad block.

    orig_func  the function, if the decorator is written without parentheses

    https://pytorch.org/docs/stable/generated/torch.enable_grad.html
    """

    @overload
    def __new__(cls, orig_func: Function) -> Function: ...

    @overload
    def __new__(cls, orig_func: None = None) -> enable_grad: ...

    def __new__(cls, orig_func: Any = None) -> Any:
        return super().__new__(cls) if orig_func is None else cls()(orig_func)

    def __init__(self, orig_func: Any = None) -> None:
        super().__init__()


class inference_mode(_GradMode):
    """As `no_grad`; PyTorch also forbids using the results of the block in a graph later.

    mode  False records operations, even inside a no_grad block; or the function, if the decorator
          is written without parentheses

    https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html
    """

    @overload
    def __new__(cls, mode: Function) -> Function: ...

    @overload
    def __new__(cls, mode: bool = True) -> inference_mode: ...

    def __new__(cls, mode: Any = True) -> Any:
        return super().__new__(cls) if isinstance(mode, bool) else cls()(mode)

    def __init__(self, mode: Any = True) -> None:
        super().__init__()
        self.mode: bool = not mode

    def _again(self) -> inference_mode:
        return inference_mode(not self.mode)


class set_grad_enabled(_GradMode):
    """Record operations or not, from here on; in a `with` block or a function, only there.

    mode  whether to record them

    https://pytorch.org/docs/stable/generated/torch.autograd.grad_mode.set_grad_enabled.html
    """

    def __init__(self, mode: bool) -> None:
        super().__init__()
        if not isinstance(mode, bool):
            raise errors.mode_is_no_bool(mode)
        self.mode: bool = mode
        self._restore('recording')
        modes.recording = mode

    def __enter__(self) -> None:    # type: ignore[override]
        modes.recording = self.mode

    def __call__(self, func: Function) -> Function:
        self.close()
        return super().__call__(func)

    def _again(self) -> set_grad_enabled:
        return set_grad_enabled(self.mode)

    def __repr__(self) -> str:
        return f'torch.autograd.grad_mode.set_grad_enabled(mode={self.mode})'


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this thread."""
    return modes.recording
