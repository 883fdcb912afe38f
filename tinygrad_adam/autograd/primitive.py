"""How a NumPy function becomes an operation that can be differentiated.

A *primitive* is a NumPy function, the names of its arguments, and a rule for each argument that has
a derivative:

    exp = primitive(np.exp,      'input',       input=lambda g, out: g * out)
    mul = primitive(np.multiply, 'input other', input=lambda g, other: g * other,
                                                other=lambda g, input: g * input)

A rule returns the gradient of its argument. The names of the rule's own arguments say what it
reads, and so what has to be saved for the walk back (graph.py):

    g             the gradient of the output
    out           the output
    input, ...    an argument of the operation, by its name
    input_shape   only the shape of that argument, which costs no memory

A rule may be any callable that has a signature: a function, a partial, a method, an object. It
works on arrays and on tensors alike. It need not mention broadcasting or mixed dtypes, which
`Node.terms` undoes after each rule.

Applied to arrays, `mul` is `np.multiply` and nothing more. Applied to tensors it also gives the
result PyTorch's dtype; and if one of them requires grad, it makes the node.
"""
from __future__ import annotations

import sys
import warnings
from functools import lru_cache
from typing import Any, Callable, Sequence

import numpy as np

from . import _errors as errors
from .grad_fn import class_of
from .graph import Modes, Node, Output, TensorBase, clock, modes, storage_of
from .nonfinite import quiet
from .promotion import AS_IN_NUMPY, as_pytorch_types, operand
from .signatures import bound, described, read_by, signature_of

__all__ = ['constant', 'primitive']

PACKAGE: str = __name__.partition('.')[0]
Row = Callable[..., Any]      # a primitive, as a row of the tables in ops
PLAIN = float, np.ndarray     # what an operation on each element takes as it is


def constant() -> None:
    """The rule for an argument in which the result is piecewise constant: no gradient flows."""


def primitive(forward: Callable[..., Any], names: str | None = None, *, name: str | None = None,
              view: bool = False, elementwise: bool = False, promote: bool = False,
              **rules: Callable[..., Any] | None) -> Row:
    """Make a function of arrays an operation on tensors.

    forward      the function; it is called with all its arguments by position
    names        the names of its arguments in one string; None: those of forward's signature
    name         the operation's name in graphs and errors; None: that of forward
    view         whether the result may share memory with the first argument
    elementwise  whether the result has its arguments' memory layout, as those of ufuncs have
    promote      whether it is elementwise, and its arguments are first converted to one dtype, too
    rules        argument=rule for each argument with a derivative; another one, or one with
                 None, must not require grad. Without any rules the result never requires grad.

    Raises TypeError if a rule reads something that does not exist.
    """
    operation = name or getattr(forward, '__name__', type(forward).__name__).strip('_')
    signature = signature_of(forward, names, operation, rules)
    readers = {argument: rule if rule is None or rule is constant else
               read_by(rule, operation, argument, signature) for argument, rule in rules.items()}
    plans: dict[int, Plan] = {}
    promote = promote or isinstance(forward, np.ufunc)
    arity, elementwise = len(signature), elementwise or promote
    dtype = [*signature].index('dtype') if 'dtype' in signature else None

    def apply(*args, **keywords):
        if keywords or len(args) != arity:
            args = bound(operation, signature, args, keywords)
        if view and isinstance(args[0], TensorBase) and not args[0]._array.flags.c_contiguous:
            args[0]._in_order()
        arrays, kind, wanted, ordered = [], None, 0, False
        for arg in args:
            if isinstance(arg, TensorBase):
                if arg._storage is not None:
                    ordered = ordered or arg._storage.ordered
                    if arg._storage.recorded > arg._seen:
                        arg._catch_up()
                if arg._requires_grad:
                    wanted |= 1 << len(arrays)
                kind, arg = arg._kind, arg._array
            elif promote and type(arg) not in PLAIN:
                arg = operand(operation, forward, arg, args)
            arrays.append(arg)
        if not warnings.filters or warnings.filters[0] is not quiet.filter:
            quiet()    # inf and nan come without warnings: see nonfinite.py
        try:
            value = forward(*arrays)
        except (ValueError, TypeError) as error:
            raise errors.does_not_fit(operation, arrays, error) from error
        if kind is None:
            return value
        if not isinstance(value, np.ndarray):
            if not isinstance(value, np.generic):
                raise errors.no_array(operation, value)
            value = value[...]      # a 0-d array
        if value.dtype is not AS_IN_NUMPY[0]:
            value = as_pytorch_types(operation, value, forward, arrays, promote, dtype)
        if Modes.watched and modes.watch:
            modes.watch('forward', operation, value, arrays, (forward, promote, dtype))
        out = object.__new__(kind)     # as kind._of(value), without the call
        out._array = value
        out._requires_grad, out.grad_fn = False, None
        if view and value.base is not None and owner(value) is owner(arrays[0]):
            out._storage, out._seen = storage_of(args[0]), next(clock)
            out._storage.ordered = True
            out._base = args[0] if args[0]._base is None else args[0]._base
            out._is_one_of_several = args[0]._is_one_of_several
        elif ordered and elementwise and not value.flags.c_contiguous:
            out._keep_order(args)
        if wanted and modes.recording and readers and value.dtype.kind == 'f':
            plan = plans.get(wanted)
            if plan is None:
                plan = plans[wanted] = Plan(operation, signature, readers, wanted)
            plan.record(out, args, arrays)
        return out

    return described(apply, operation, forward, rules, signature)


class Plan:
    """What to record if the arguments in the bit set `wanted` require grad."""

    def __init__(self, operation: str, signature: dict[str, Any], readers: dict[str, Any],
                 wanted: int) -> None:
        self.operation: str = operation
        self.node: Any = class_of(operation, Node)
        self.edges: list[Any] = []
        names: list[str] = []
        arguments = [*signature]
        self.arguments: Any = [i for i, x in enumerate(arguments) if type(readers.get(x)) is tuple]
        for i, argument in enumerate(arguments):
            rule = readers.get(argument)
            if wanted >> i & 1 and rule is not constant:
                if rule is None:
                    raise errors.no_derivative(operation, argument)
                rule, reads = rule
                names += reads
                self.edges.append((i, rule, slice(len(names) - len(reads), len(names))))
        self.saves: list[tuple[int | None, bool]] = [    # (argument, whether its shape alone)
            (None, False) if name == 'out' else
            (arguments.index(name), False) if name in signature else
            (arguments.index(name[:-len('_shape')]), True) for name in names]
        # Whether a walk frees the node: not if it saves only shapes and options.
        self.frees: bool = any(i is None or not shape_only and arguments[i] in readers
                               for i, shape_only in self.saves)

    def record(self, out: Any, args: Sequence[Any], arrays: Sequence[Any]) -> None:
        """Make the node of `out`."""
        if not self.edges:
            return
        node = object.__new__(self.node)
        node.plan, node.number = self, next(clock)
        node.edges = edges = []
        for i, rule, reads in self.edges:
            arg, array = args[i], arrays[i]
            edges.append((arg.grad_fn or arg, rule, reads, array.shape, array.dtype))
        frame = of_user(sys._getframe(2))
        node.location = frame.f_code, frame.f_lasti
        node.saved = saved = []
        for i, shape_only in self.saves:
            saved.append(Output(out) if i is None else np.shape(arrays[i]) if shape_only
                         else args[i])
        out._requires_grad, out.grad_fn = True, node


def owner(array: Any) -> Any:
    """The array that this one is a view of; itself if it is none."""
    base = array.base
    if base is not None and not isinstance(base, np.ndarray):
        base = getattr(base, 'base', None)      # what as_strided puts in between
    return owner(base) if isinstance(base, np.ndarray) else array


def of_user(frame: Any) -> Any:
    """The innermost frame outside this package, of this one and its callers."""
    while inside(frame.f_globals.get('__name__', '')) and frame.f_back:
        frame = frame.f_back
    return frame


@lru_cache(maxsize=None)
def inside(module: Any) -> Any:
    """Whether the module of this name belongs to this package."""
    return f'{module}.'.startswith(f'{PACKAGE}.')
