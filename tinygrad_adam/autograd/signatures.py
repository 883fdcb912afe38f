"""The arguments of primitives: names, defaults, calls with keywords, and what rules read."""
from __future__ import annotations

import inspect
from inspect import Parameter, Signature, unwrap
from types import FunctionType
from typing import Any

import numpy as np

from . import _errors as errors


NUMPY_NAMES = {'axis': 'dim', 'keepdims': 'keepdim'}    # PyTorch takes these spellings, too
MISSING, OPEN = Parameter.empty, (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def signature_of(forward: Any, names: Any, operation: Any, rules: Any) -> Any:
    """{argument: its default, or MISSING}, from the names or from the function itself."""
    if names is not None:
        names = names.split()
        if isinstance(forward, np.ufunc) and len(names) != forward.nin:
            raise errors.wrong_number_of_names(forward, names)
        signature = dict.fromkeys(names, MISSING)
    elif (signature := plain_arguments(forward)) is None:
        own = signature_or_none(forward)
        if own is None or isinstance(forward, np.ufunc):
            raise errors.no_names(forward)
        for parameter in own.parameters.values():
            if parameter.kind in (*OPEN, Parameter.KEYWORD_ONLY):
                raise errors.open_arguments(operation, parameter)
        signature = {name: parameter.default for name, parameter in own.parameters.items()}
    for argument in signature:
        if argument in ('g', 'out'):
            raise errors.reserved_name(operation, argument)
    for argument in rules:
        if argument not in signature:
            raise errors.rule_of_unknown_argument(operation, argument, signature)
    return signature


def plain_arguments(function: Any) -> Any:
    """{argument: its default, or MISSING} of a plain function; None for others, which need
    inspect.signature: thirty times as slow, and there are hundreds of rules."""
    code = getattr(function, '__code__', None)
    if type(function) is not FunctionType or vars(function) or code.co_kwonlyargcount or (
            code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)):
        return None
    names, defaults = code.co_varnames[:code.co_argcount], function.__defaults__ or ()
    return dict(zip(names, (MISSING,) * (len(names) - len(defaults)) + defaults))


def signature_or_none(function: Any) -> Any:
    """inspect.signature, or None for a callable that has none."""
    try:
        return inspect.signature(function)
    except (ValueError, TypeError):
        return None


def bound(operation: Any, signature: Any, args: Any, keywords: Any) -> Any:
    """All arguments in order: those given by keyword included, and defaults for the others."""
    if len(args) > len(signature):
        raise errors.too_many_arguments(operation, signature, args)
    values = [*args, *list(signature.values())[len(args):]]
    for spelling, value in keywords.items():
        argument = spelling if spelling in signature else NUMPY_NAMES.get(spelling)
        if argument not in signature:
            raise errors.argument_unknown(operation, signature, spelling)
        position = [*signature].index(argument)
        if values[position] is not signature[argument] or position < len(args):
            raise errors.argument_twice(operation, argument)
        values[position] = value
    for argument, value in zip(signature, values):
        if value is MISSING:
            raise errors.argument_missing(operation, signature, argument)
    return values


def read_by(rule: Any, operation: Any, argument: Any, signature: Any) -> Any:
    """(the rule as a function of g and of whatever else it reads, the names of the latter)."""
    if hasattr(rule, 'cache_info'):
        rule = unwrap(rule)     # without lru_cache: arrays are not hashable
    first, *others = plain_arguments(rule) or [None]
    if first == 'g' and all(known(name, signature) for name in others):
        return rule, others
    own = signature_or_none(rule)
    positional, by_name, skipped = [], [], False
    for name, parameter in own.parameters.items() if own else ():
        if known(name, signature):
            by_keyword = skipped or parameter.kind is Parameter.KEYWORD_ONLY
            (by_name if by_keyword else positional).append(name)
        elif parameter.default is MISSING and parameter.kind not in OPEN:
            raise errors.rule_reads_unknown(operation, argument, name, signature)
        else:
            skipped = True      # a parameter of the rule's own, which keeps its default
    names = positional + by_name
    if 'g' not in names:
        raise errors.rule_hides_what_it_reads(operation, argument, rule)
    others = [name for name in names if name != 'g']
    if positional[:1] == ['g'] and not by_name:
        return rule, others

    def of_g_and_others(*values):
        given = dict(zip(['g', *others], values))
        return rule(*[given[n] for n in positional], **{n: given[n] for n in by_name})

    return of_g_and_others, others


def known(name: str, signature: Any) -> bool:
    """Whether a rule may read what has this name."""
    return name in signature or name in ('g', 'out') or (
        name.endswith('_shape') and name[:-6] in signature)


def described(apply: Any, operation: Any, forward: Any, rules: Any, signature: Any) -> Any:
    """The function, with the name, signature and text that help() shows; NumPy's do not apply."""
    apply.__name__ = apply.__qualname__ = operation
    apply.__signature__ = Signature([
        Parameter(argument, Parameter.POSITIONAL_OR_KEYWORD, default=default)
        for argument, default in signature.items()])
    module = getattr(forward, '__module__', None) or 'numpy'
    function = getattr(forward, '__name__', operation)
    apply.__doc__ = forward.__doc__
    if not forward.__doc__ or module.partition('.')[0] == 'numpy' or module.startswith('_'):
        apply.__doc__ = (
            f'{operation}({", ".join(signature)}): {function} of arrays as an operation on '
            f'tensors, differentiable with respect to {", ".join(rules) or "nothing"}.')
    return apply
