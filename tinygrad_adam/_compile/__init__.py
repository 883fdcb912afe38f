"""`torch.compile`: the program that a careful person would have written by hand.

The first call of a compiled function runs as always, on arrays that note what NumPy does with them:
recording.py. So does the walk back: derivatives.py. What takes less time in another order is
exchanged: rewriting.py. Both ways are written down as a program of NumPy: text.py. Later calls run
that program, as long as all it depends on is unchanged: guards.py and calling.py. The graph then
has one node for the whole call: program.py. A file of the program needs NumPy alone: saving.py.
"""
from __future__ import annotations

from importlib import import_module
from typing import Any, Callable

from . import _errors as errors

BACKENDS = 'inductor', 'eager', 'aot_eager'    # compilers of PyTorch; what they compute is the same
MODES = 'default', 'lite', 'reduce-overhead', 'max-autotune-no-cudagraphs', 'max-autotune'


def compile(model: Any = None, *, fullgraph: bool = False, dynamic: bool | None = None,
            backend: str | None = None, mode: str | None = None,
            options: dict[str, Any] | None = None, disable: bool = False,
            recompile_limit: int | None = None) -> Any:
    """Make a function, or a Module, faster: record it once, then run the recorded NumPy program.

    model            the function or Module; None: returns a decorator
    fullgraph        raise an error, RuntimeError, where it would otherwise run eagerly
    dynamic          changes nothing: each shape has a program of its own
    backend          changes nothing: 'inductor', 'eager' or 'aot_eager'; others are not implemented
    mode             changes nothing: 'default', 'reduce-overhead', 'max-autotune',
                     'max-autotune-no-cudagraphs' or 'lite'; others raise RuntimeError
    options          not implemented; leave it None or {}
    disable          return the function or Module as it is
    recompile_limit  how many programs are kept, for other shapes, numbers and modes; None: 8

    Returns a function with the same results, gradients and errors; for a Module a Module that has
    it as `_orig_mod`. What it reads may change, except functions and classes of this package: it is
    then recorded again. It runs eagerly, with a warning, if it turns the values of tensors into
    numbers of Python (`item()`, `if`, printing).
    Second derivatives (`create_graph=True`) are refused. Beyond PyTorch, `.code` of the function is
    the text of its last program, and `.save(path)` writes that as a file that needs NumPy alone.
    https://pytorch.org/docs/stable/generated/torch.compile.html
    """
    if backend not in (None, *BACKENDS):
        raise errors.no_other_backend(backend)
    if mode not in (None, *MODES):
        raise errors.unknown_mode(mode, MODES)
    if mode is not None and options is not None:
        raise errors.mode_and_options()
    if options:
        raise errors.no_options(options)

    def decorated(model: Callable[..., Any]) -> Any:
        if not callable(model):
            raise errors.not_callable(model)
        if disable:
            return model
        calling = import_module('.calling', __package__)    # when it is needed
        return calling.compiled(model, fullgraph, 8 if recompile_limit is None else recompile_limit)

    return decorated if model is None else decorated(model)


def compile_in_place(module: Any, **options: Any) -> None:
    """Let a Module call its `forward` compiled.

    module   the Module
    options  those of compile()
    """
    function = compile(module.forward, **options)
    if hasattr(function, '_calls'):
        vars(module)['forward'] = import_module('.calling', __package__).Forward(function._calls)
