"""checkpoint: memory is saved in forward, and time spent in backward.

The values inside a function are not kept for backward(), which computes them again.

>>> import tinygrad_adam as torch
>>> from tinygrad_adam.utils.checkpoint import checkpoint
>>> x, calls = torch.tensor([1.0, 2.0], requires_grad=True), []
>>> def block(x):
...     calls.append('block')
...     return (x * x).exp()
>>> y = checkpoint(block, x, use_reentrant=False).sum()
>>> y.backward()
>>> calls, [round(g, 3) for g in x.grad.tolist()]
(['block', 'block'], [5.437, 218.393])

Chen, Xu, Zhang and Guestrin 2016, Training deep nets with sublinear memory cost
"""
from __future__ import annotations

import warnings
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any, Callable, Iterator, Sequence

from .._missing import refusal
from .._tensor import Tensor
from ..autograd.grad_mode import is_grad_enabled, no_grad
from ..autograd.recomputation import Region
from ..nn import Sequential
from ..random import get_rng_state, set_rng_state
from . import _checkpoint_errors as errors

__all__ = ['checkpoint', 'checkpoint_sequential', 'noop_context_fn']

__getattr__: Callable[[str], Any] = refusal(__name__)


def noop_context_fn() -> tuple[Any, Any]:
    """Two contexts that do nothing, for the first call and for the second."""
    return nullcontext(), nullcontext()


def checkpoint(function: Callable[..., Any], *args: Any, use_reentrant: bool | None = None,
               context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
               determinism_check: str = 'default', debug: bool = False, early_stop: bool = True,
               **kwargs: Any) -> Any:
    """function(*args, **kwargs), whose inner values backward() computes again.

    function           computes tensors; it is called once here, and once in each backward()
    args, kwargs       its arguments; the keyword preserve_rng_state is none of them: unless it is
                       False the second call draws the same random numbers
    use_reentrant      False: recommended. True: some tensor of args has to require grad, or nothing
                       does; no kwargs; and backward(inputs=...) and autograd.grad raise
                       RuntimeError. None: as True, with a warning
    context_fn         returns the contexts of the two calls; only with use_reentrant=False
    determinism_check  'default': RuntimeError if the second call does not do what the first did, or
                       'none'
    debug              not implemented; leave it False
    early_stop         changes nothing: the second call always runs to its end

    Returns what the function returns. Layers with running statistics count a batch twice. A
    function for torch.compile that calls checkpoint() runs eagerly.
    https://docs.pytorch.org/docs/2.13/checkpoint.html
    """
    if use_reentrant is None:
        warnings.warn(errors.reentrant_or_not(), stacklevel=2)
        use_reentrant = True
    keep_random = kwargs.pop('preserve_rng_state', True)
    if use_reentrant and kwargs:
        raise errors.keywords(kwargs)
    if use_reentrant and (context_fn is not noop_context_fn or debug):
        raise errors.only_without_reentrant()
    if debug:
        raise errors.no_debug()
    if determinism_check not in ('default', 'none'):
        raise errors.unknown_check(determinism_check)
    call, (first, second) = partial(function, *args, **kwargs), context_fn()
    if use_reentrant and not any(isinstance(x, Tensor) and x.requires_grad for x in args):
        warnings.warn(errors.nothing_requires_grad(), stacklevel=2)
        with no_grad():
            return call()
    with first:
        if not is_grad_enabled():
            return call()
        random = get_rng_state() if keep_random else None
        return Region(call, partial(second_time, second, random), determinism_check == 'default',
                      use_reentrant).run()


@contextmanager
def second_time(context: Any, random: Any) -> Iterator[None]:
    """The context of a second call.

    context  the one from context_fn
    random   the state of the random numbers before the first call; None: go on with other ones
    """
    outside = get_rng_state()
    try:
        if random is not None:
            set_rng_state(random)
        with context:
            yield
    finally:
        if random is not None:
            set_rng_state(outside)


def checkpoint_sequential(functions: Sequence[Callable[[Any], Any]], segments: int, input: Any,
                          use_reentrant: bool | None = None, **kwargs: Any) -> Any:
    """Apply functions one after the other, in segments of which all but the last are checkpoints.

    functions      a Sequential, or functions of one argument
    segments       into how many parts they are cut
    input          what the first is given
    use_reentrant  as in checkpoint
    kwargs         preserve_rng_state, as in checkpoint

    Returns what the last returns.
    """
    if use_reentrant is None:
        warnings.warn(errors.reentrant_or_not(), stacklevel=2)
        use_reentrant = True
    keep_random = kwargs.pop('preserve_rng_state', True)
    if kwargs:
        raise errors.keywords(kwargs)
    parts = list(functions.children() if isinstance(functions, Sequential) else functions)
    size = len(parts) // segments
    starts = range(0, size * (segments - 1), size) if size else ()
    for start in starts:
        input = checkpoint(partial(in_turn, parts[start:start + size]), input,
                           use_reentrant=use_reentrant, preserve_rng_state=keep_random)
    return in_turn(parts[size * (segments - 1):], input)


def in_turn(functions: Sequence[Callable[[Any], Any]], input: Any) -> Any:
    """The input after all functions."""
    for function in functions:
        input = function(input)
    return input
