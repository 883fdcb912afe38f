"""No argument is accepted and ignored: each changes something, or another value is refused by name.

All that can be seen of a call is compared: its result, what it is good for, the gradients that come
back, and what it was given. A public function, method or class with an argument of which nothing is
known fails until tests/arguments.py has a row for it.
"""
import inspect
import re
from functools import lru_cache

import numpy as np
import pytest

import tinygrad_adam as torch
from arguments import COMMON, NOT_CALLED, ROWS, WITHOUT_EFFECT, names
from helpers import OF_LAYERS
from test_house import everything_public


def everything_callable():
    """(name, callable, its arguments) of public functions, classes and their methods, each once."""
    seen = set()
    for dotted, value in everything_public():
        if (not callable(value) or dotted in NOT_CALLED or value in seen
                or OF_LAYERS.get(dotted) == 'nn.functional'):       # called by its name there
            continue
        seen.update([value, getattr(value, '__wrapped__', value)])      # methods have no out
        yield dotted, value, arguments(value)
        if inspect.isclass(value):
            for name, method in inspect.getmembers(value, inspect.isroutine):
                key = getattr(method, '__func__', method)
                rule = dotted.startswith('optim') and name == 'update'
                if (callable(method) and name[0] != '_' and key not in seen and not rule and
                        (getattr(key, '__module__', None) or '').startswith('tinygrad_adam')):
                    seen.add(key)
                    if f'{home(value, name)}.{name}' not in NOT_CALLED:
                        yield f'{home(value, name)}.{name}', method, arguments(method)


@lru_cache(maxsize=None)
def public_classes():
    """{class: its first public name}."""
    classes = {}
    for dotted, value in everything_public():
        if inspect.isclass(value) and dotted not in NOT_CALLED:
            classes.setdefault(value, dotted)
    return classes


def home(cls, name):
    """The most basic public class that has the method which cls has under this name."""
    public = public_classes()
    method = inspect.getattr_static(cls, name)
    return [public[base] for base in cls.__mro__ if base in public
            and inspect.getattr_static(base, name, None) is method][-1]


def arguments(function):
    """The arguments that have a name; of forward(), which rows call, those that may be left out."""
    forward = getattr(function, '__name__', '') == 'forward'
    return [name for name, parameter in inspect.signature(function).parameters.items()
            if name not in ('self', '_stacklevel')
            and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
            and not (forward and parameter.default is parameter.empty)]


def seen(value):
    """The value as something to compare."""
    if isinstance(value, torch.Tensor):
        return ('tensor', type(value).__name__, str(value.dtype), value.requires_grad,
                repr(value.tolist()), seen(value.grad) if value.is_leaf else None)
    if isinstance(value, torch.nn.Module):
        return (repr(value), [module.training for module in value.modules()],
                seen({**dict(value.named_parameters()), **dict(value.named_buffers())}))
    if isinstance(value, torch.optim.Optimizer):
        return seen(value.param_groups)
    if isinstance(value, dict):
        return [(key, seen(part)) for key, part in value.items()]
    if isinstance(value, (list, tuple)) or inspect.isgenerator(value):
        return [seen(part) for part in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    plain = isinstance(value, (int, float, str, bytes, type(None)))
    return repr(value) if plain else type(value).__name__


def differentiated(result):
    """Go backward from all that requires grad in the result, with different weights."""
    parts = result if isinstance(result, (list, tuple)) else [result]
    for part in parts:
        if isinstance(part, (list, tuple)):
            differentiated(part)
        elif isinstance(part, torch.Tensor) and part.requires_grad:
            weights = torch.arange(part.numel()).cos().reshape(part.shape)
            try:
                part.backward(weights.to(part.dtype), retain_graph=True)
            except RuntimeError:
                return False
    return True


def outcome(name, function, row, other=None):
    """All that can be seen of the call of a row, with the other value of one argument."""
    known = names(row)
    try:
        on = row.get('on', 'model' if name.startswith('nn.Module.') else 'x')
        me = known['me'] = eval(on, known)
        given = {}
        for argument in arguments(function):
            values = {**COMMON, **row}.get(argument, '-').split(' | ')
            chosen = values[argument == other]
            if chosen != '-':
                given[argument] = eval(chosen, known)
        by_position = 'args' in row and 'args' not in arguments(function)
        args = eval(f'({row["args"]},)', known) if by_position else ()
        parameters = inspect.signature(function).parameters
        if any(x.kind is x.VAR_POSITIONAL for x in parameters.values()):     # after others
            args = (*(given.pop(key) for key in parameters if key in given and
                      parameters[key].kind is not inspect.Parameter.KEYWORD_ONLY), *args)
        if [*parameters][:1] == ['self']:
            args = me, *args
        known.update(it=function(*args, **given), given=given)
        result = eval(row.get('then', 'it'), known)
        module = known['it'] if isinstance(known['it'], torch.nn.Module) else None
        return seen([result, differentiated(result), module, *(known[key] for key in (
            'x', 'y', 'leaf', 'leaf_y', 'p', 'q', 'sgd'))])
    finally:
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        torch.autograd.set_detect_anomaly(False)
        torch.set_printoptions(profile='default')


def is_ignored(name, function, argument):
    """Whether the other value of the argument changes nothing, and is not refused by name."""
    rows = ROWS.get(name, {})
    for row in rows if isinstance(rows, list) else [rows]:
        _, *others = {**COMMON, **row}.get(argument, '-').split(' | ')
        if others:
            expected = outcome(name, function, row)
            try:
                if outcome(name, function, row, argument) != expected:
                    return False
            except (AssertionError, AttributeError, RuntimeError, ValueError, TypeError,
                    KeyError) as error:
                if re.search(rf'\b{others[1] if len(others) > 1 else argument}\b', str(error)):
                    return False
                raise
    return True


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('name, function, argument', [
    pytest.param(name, function, argument, id=f'{name}: {argument}')
    for name, function, names in everything_callable() for argument in names])
def test_every_argument_changes_something_or_is_refused_by_name(name, function, argument):
    rows = ROWS.get(name, {})
    rows = rows if isinstance(rows, list) else [rows]
    assert any(argument in {**COMMON, **row} for row in rows), f'ROWS has no {argument} for {name}'
    assert is_ignored(name, function, argument) == (f'{name}: {argument}' in WITHOUT_EFFECT)


def test_rows_name_only_what_exists():
    known = {name: arguments(function) for name, function, _ in everything_callable()}
    wrong = {}
    for name, rows in ROWS.items():
        for row in rows if isinstance(rows, list) else [rows]:
            extra = {*row} - {*known.get(name, ()), 'args', 'on', 'then'}
            if name not in known or extra:
                wrong[name] = extra
    assert wrong == {}
