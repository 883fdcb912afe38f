"""Checks of hyper-parameters, of parameters, and of a rule when it is first called."""
from __future__ import annotations

import inspect
import sys
from types import FrameType
from typing import Any, Callable, Dict

import numpy as np

from .._tensor import Tensor
from . import _errors as errors

# Hyper-parameters.

Checks = Dict[str, Callable[[str, Any], None]]    # {name of a hyper-parameter: its check}


def nonnegative(name: str, value: Any) -> None:
    """Raise ValueError unless value, called name, is a single number and not below 0."""
    if isinstance(value, Tensor) and value.numel() != 1:
        raise errors.several_elements(name, value.shape)
    if not value >= 0:
        raise errors.negative(name, value)


def fraction(name: str, value: Any) -> None:
    """Raise ValueError unless value, called name, is in [0, 1]."""
    nonnegative(name, value)
    if value > 1:
        raise errors.above_one(name, value)


def decay_rates(name: str, values: Any) -> None:
    """Raise ValueError unless all values, called name, are numbers in [0, 1), and IndexError
    unless there are two."""
    if len(values) < 2:
        raise errors.too_few_betas(values)
    for i, beta in enumerate(values):
        if not 0 <= beta < 1:
            raise errors.beta_out_of_range(i, beta)
    if any(isinstance(beta, Tensor) for beta in values):
        raise errors.betas_are_no_floats(values)


def decay_rates_of_adam(name: str, values: Any) -> None:
    """As decay_rates, for Adam, which does not accept integers."""
    decay_rates(name, values)
    if not all(isinstance(beta, float) for beta in values):
        raise errors.betas_are_no_floats(values)


def shrinking_and_growing(name: str, values: Any) -> None:
    """Raise ValueError unless the two values, called name, are in (0, 1) and above 1."""
    less, more = values
    if not 0 < less < 1 < more:
        raise errors.no_shrinking_and_growing(name, less, more)


def check_implementation(foreach: Any = None, fused: Any = None, lr: Any = None,
                         **options: Any) -> None:
    """Raise an error for what says how PyTorch is to compute a step, and is not built here.

    foreach, fused  loops that are faster there, with the same results; not both
    lr              the learning rate, where PyTorch's foreach takes no tensor
    options         {name: value} of those that must be off
    """
    if foreach and isinstance(lr, Tensor):
        raise errors.tensor_with_foreach()
    if foreach and fused:
        raise errors.foreach_and_fused()
    if any(options.values()):
        raise errors.unsupported(**options)


# Parameters.


def tensors_and_names(params: Any) -> tuple[list[Tensor], list[str]]:
    """The parameters of a group, and their names if they have any.

    params  a Tensor, or an iterable of Tensors or of pairs (name, Tensor)
    """
    if isinstance(params, set):
        raise errors.unordered()
    params = [params] if isinstance(params, Tensor) else list(params)
    names = [pair[0] for pair in params if isinstance(pair, tuple)]
    if 0 < len(names) < len(params):
        raise errors.names_for_some_parameters(len(names))
    tensors = [pair[1] for pair in params] if names else params
    for p in tensors:
        if not isinstance(p, Tensor):
            raise errors.not_a_tensor(p)
        if not (p.is_leaf or p.retains_grad):
            raise errors.not_a_leaf()
    return tensors, names


# Rules.

IN_PLACE: set[type] = set()   # classes whose rule was called and passed the check


def checked_update(optimizer: Any, p: np.ndarray[Any, Any], *args: Any, **hyper: Any) -> None:
    """Call optimizer.update(p, ...), and check that it changes p in place.

    `p = p - lr * g` in a rule gives the name p to a new array and silently changes no weight. So
    sys.setprofile shows which array the rule calls p when it returns. Raises TypeError unless that
    is the array it was given or a view of it, and if the rule returns something.

    optimizer    has the rule
    p            the array of the parameter
    args, hyper  the other arguments of update

    If a profiler is running, it is left alone, and a later call is checked.
    """
    update, profiled, at_end = optimizer.update, sys.getprofile() is not None, [p]
    code = getattr(inspect.unwrap(getattr(update, '__func__', update)), '__code__', None)
    arguments = code.co_varnames[:code.co_argcount] if code else ()
    name = ''.join(arguments[inspect.ismethod(update):][:1])   # of p, if it is not in *args

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == 'return' and frame.f_code is code:
            at_end.append(frame.f_locals.get(name, p))

    try:
        if not profiled:
            sys.setprofile(look)
        result = update(p, *args, **hyper)
    finally:
        if not profiled:
            sys.setprofile(None)
    if result is not None:
        raise errors.returned(optimizer, result)
    if p.size and not (isinstance(at_end[-1], np.ndarray) and np.may_share_memory(at_end[-1], p)):
        raise errors.rebound(optimizer, name)
    if not profiled:
        IN_PLACE.add(type(optimizer))
