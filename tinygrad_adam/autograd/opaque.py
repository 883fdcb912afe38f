"""Functions of arrays that a compiled program calls as a whole, whatever they do inside."""
from __future__ import annotations

from functools import wraps
from threading import local
from types import CodeType
from typing import Any, Callable, TypeVar

Function = TypeVar('Function', bound=Callable[..., Any])


class Steps(local):
    """Who is told of such calls in this thread."""

    note: Any = None    # called with the function, its arguments and its result


steps: Steps = Steps()


def opaque(function: Function) -> Function:
    """The function, each call of which is one step of a recording.

    function  of arrays; what it returns, an array or several, may only be passed to operations
    """
    @wraps(function)
    def call(*args):
        result = function(*args)
        if steps.note:
            steps.note(call, args, result)
        return result

    return call    # type: ignore[return-value]


OPAQUE: CodeType = opaque(len).__code__     # all share it
