"""The compiled function: which of its programs a call can use."""
from __future__ import annotations

import inspect
import sys
import warnings
from copy import deepcopy
from functools import wraps
from pathlib import Path
from typing import Any

from ..autograd.graph import modes
from ..autograd.primitive import of_user
from ..nn.module import Module
from ..random import default_generator
from . import _errors as errors
from .guards import HELD, Guards
from .program import Program
from .recording import Recorder, current
from .saving import file_text


class Calls:
    """The programs of a function, and its calls.

    function   the user's
    fullgraph  raise an error where it would run eagerly
    limit      how many programs are kept
    """

    def __init__(self, function: Any, fullgraph: bool, limit: int) -> None:
        self.function, self.fullgraph, self.limit = function, fullgraph, limit
        self.programs: list[Program] = []
        self.shown: Any = self              # what has the text of the last program as `code`
        self.eager: bool = False            # whether it is never recorded again
        self.name: str = getattr(function, '__name__', type(function).__name__)
        try:
            named = function.forward if isinstance(function, Module) else function
            self.arguments = [*inspect.signature(named).parameters]
        except (ValueError, TypeError):
            self.arguments = []

    def __call__(self, args: Any, kwargs: Any) -> Any:
        if current.recorder is not None or modes.watch is not None:
            return self.function(*args, **kwargs)
        for program in self.programs:
            found = program.find(args, kwargs)
            if found is not None:
                return program.run(self.function, args, kwargs, *found)
        if self.eager:
            return self.function(*args, **kwargs)
        if len(self.programs) == self.limit:
            self.eager = True
            warn(errors.too_many_programs(self.name, self.limit))
            return self.function(*args, **kwargs)
        return self.record(args, kwargs)

    def __deepcopy__(self, memo: Any) -> Calls:
        return Calls(deepcopy(self.function, memo), self.fullgraph, self.limit)

    @property
    def last(self) -> Program:
        """The program that was recorded last."""
        if not self.programs:
            raise errors.nothing_recorded(self.name)
        return self.programs[-1]

    def save(self, path: Any) -> None:
        """Write the last program into a file that needs NumPy alone.

        path  the file's
        """
        Path(path).write_text(file_text(self.last.text, self.last.used), 'utf-8')

    def record(self, args: Any, kwargs: Any) -> Any:
        """Run the function, and make a program of it if it is one."""
        guards = Guards(self.function, args, kwargs, self.arguments)
        guards.reachable.setdefault(id(default_generator), (default_generator, 'random'))
        reason, at, result = guards.refused, None, None
        if reason is None:
            with Recorder(guards.reachable) as recorder:
                result = self.function(*args, **kwargs)
                if recorder.reason is None and not guards.hold(args, kwargs):
                    recorder.reason = 'it changes what it reads'
                program = Program(recorder, guards, result)
            reason, at = recorder.reason, recorder.at
            if reason is None:
                self.programs.append(program)
                self.shown.code = program.code
                return result
        if self.fullgraph:
            raise errors.needs_graph(self.name, reason, at)
        self.eager = True
        warn(errors.runs_eagerly(self.name, reason, at))
        return self.function(*args, **kwargs) if guards.refused else result


def warn(message: str) -> None:
    """Warn at the line of the user's program."""
    frame = of_user(sys._getframe(1))
    warnings.warn_explicit(message, UserWarning, frame.f_code.co_filename, frame.f_lineno,
                           frame.f_globals.get('__name__'),
                           frame.f_globals.setdefault('__warningregistry__', {}))


def compiled(model: Any, fullgraph: bool, limit: int) -> Any:
    """The function, or the Module that calls `model`."""
    if isinstance(model, Module):
        return OptimizedModule(model, fullgraph, limit)
    calls = Calls(model, fullgraph, limit)

    @wraps(model)
    def function(*args, **kwargs):
        return calls(args, kwargs)

    function._calls = calls
    function.code, function.save, calls.shown = None, calls.save, function
    return function


class Forward:
    """The compiled `forward` of a Module, whose copies have one of their own.

    calls  of the method
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    @property
    def __wrapped__(self) -> Any:
        return self._calls.function

    @property
    def code(self) -> str:
        """The text of the last program."""
        return self._calls.last.code

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._calls(args, kwargs)


HELD[Forward] = ('__wrapped__',)


class OptimizedModule(Module):
    """A Module whose calls are compiled; its other attributes are those of `_orig_mod`."""

    def __init__(self, model: Module, fullgraph: bool, limit: int) -> None:
        super().__init__()
        self._orig_mod = model
        self._calls = Calls(model, fullgraph, limit)

    @property
    def code(self) -> str:
        """The text of the last program."""
        return self._calls.last.code

    def save(self, path: Any) -> None:
        """Write the last program into a file that needs NumPy alone.

        path  the file's
        """
        self._calls.save(path)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self._calls(args, kwargs)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__('_orig_mod'), name)

    def __setattr__(self, name: str, value: Any) -> None:
        whole = '_orig_mod' in self.__dict__.get('_modules', ())
        super().__setattr__(name, value) if not whole or name in ('training', '_calls') else (
            setattr(self._orig_mod, name, value))

    def __len__(self) -> int:
        return len(self._orig_mod)    # type: ignore[arg-type]
