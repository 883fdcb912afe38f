"""Functions of arrays that a compiled program calls as a whole, whatever they do inside."""
from __future__ import annotations

from functools import wraps
from threading import local
from typing import Any, Callable, TypeVar

Function = TypeVar('Function', bound=Callable[..., Any])


class Steps(local):
    """Who is told of such calls in this thread."""

    note: Any = None    # called instead, with the function and its arguments


steps: Steps = Steps()


def opaque(function: Function) -> Function:
    """The function, each call of which is one step of a recording.

    function  of arrays; what it returns, an array or several, may only be passed to operations
    """
    @wraps(function)
    def call(*args):
        return steps.note(function, args) if steps.note else function(*args)

    return call    # type: ignore[return-value]
