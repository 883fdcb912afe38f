"""Recording: a call runs as always, on arrays that note what NumPy does with them.

While it lasts, the array of a tensor is shown as a `Traced`, which has its shape, dtype and order.
A NumPy function, method or operator that is given one runs, and becomes a `Value`: a step of the
program. What the values would decide ends the recording, since the next call could go another way,
or adds a step that checks it. So no number of a tensor reaches the program unnoticed: all other
arrays depend on shapes and constants alone. Random generators are shown likewise; draws are steps.

A change in place is a new value that the array has from then on. So the program has no such
changes, but at its end it writes into the arrays outside, such as running statistics.
"""
from __future__ import annotations

import operator
import sys
from threading import RLock, local
from typing import Any, Callable

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from .._tensor import Tensor
from ..autograd.graph import Output, TensorBase
from ..autograd.opaque import steps
from ..autograd.primitive import inside, of_user
from ..autograd.versions import InPlace
from ..ops.matmul import linear
from ..random import Generator

APPLY: Any = linear.__code__        # all operations share it
OF: Any = TensorBase._of.__func__.__code__
IN_ORDER: Any = InPlace._in_order.__code__
NUMPY: Any = TensorBase.numpy.__code__
ARRAY: Any = Tensor.__array__.__code__
SLOT: Any = TensorBase.__dict__['_array']
STATIC = {'shape', 'dtype', 'ndim', 'size', 'itemsize', 'nbytes', 'strides', 'flags'}
METHODS = {'all', 'any', 'argmax', 'argmin', 'astype', 'copy', 'cumsum', 'diagonal', 'max', 'mean',
           'min', 'prod', 'ravel', 'repeat', 'reshape', 'squeeze', 'sum', 'swapaxes', 'transpose',
           'view'}
FUNCTIONS = {
    np.where, np.broadcast_to, np.empty_like, np.zeros_like, np.ones_like, np.full_like, np.isclose,
    np.clip, np.sum, np.take_along_axis, np.concatenate, np.stack, np.sort, np.argsort, np.swapaxes,
    np.moveaxis, np.expand_dims, np.transpose, np.reshape, np.nonzero, np.atleast_1d, np.cumsum,
    np.flip, np.roll, np.any, np.all, np.searchsorted, np.count_nonzero, np.argwhere, np.tile,
    np.round, np.argmax, np.argmin, np.max, np.min, np.pad, np.result_type, np.shape, np.ndim,
    np.size, np.linalg.inv, np.linalg.det, np.linalg.cholesky, np.diagonal, np.bincount}
OF_SHAPES = {np.empty_like, np.zeros_like, np.ones_like}    # their results are constants
OF_VALUES = {'repeat', np.nonzero, np.argwhere, np.bincount}    # values decide the results' shapes


class Value:
    """An array of the program: constant, from outside, or function(*args, **options) of others.

    array     what it was in the recording
    function  of arrays, or the name of a method of the first argument
    user      the line of the user's program, as (file, number)
    """

    source: Any = None          # the tensor or generator outside that it belongs to
    of: Value | None = None     # what it is the gradient of
    name: str = ''              # what the user calls it
    operation: str = ''         # what computed it, if a tensor has it
    kept: bool = False          # whether it is computed though nothing reads it

    def __init__(self, array: Any, function: Any = None, args: Any = (), options: Any = None,
                 user: Any = None) -> None:
        self.array, self.user = array, user
        self.compute(function, args, options)

    def compute(self, function: Any, args: Any, options: Any = None) -> None:
        """Let it be the result of this call."""
        self.function, self.args, self.options = function, args, options or {}
        self.read = [x for x in leaves((args, self.options)) if isinstance(x, Value)]

    @property
    def varies(self) -> bool:
        """Whether it may be another array in the next call."""
        return self.function is not None or self.source is not None


def mapped(function: Callable[[Any], Any], x: Any) -> Any:
    """x with function(part) for each part of the lists, tuples, dictionaries and slices in it."""
    if isinstance(x, (list, tuple)):
        parts = [mapped(function, part) for part in x]
        return type(x)(*parts) if hasattr(x, '_fields') else type(x)(parts)
    if isinstance(x, dict):
        return type(x)({key: mapped(function, part) for key, part in x.items()})
    if isinstance(x, slice):
        return slice(*mapped(function, (x.start, x.stop, x.step)))
    return function(x)


def leaves(x: Any) -> list[Any]:
    """The parts of x."""
    if isinstance(x, slice):
        return [x.start, x.stop, x.step]
    if isinstance(x, (list, tuple, dict)):
        parts = x.values() if isinstance(x, dict) else x
        return [leaf for part in parts for leaf in leaves(part)]
    return [x]


def replaced(array: Any, index: Any, x: Any) -> Any:
    """A copy of the array with x at the index."""
    out = array.copy('K')
    out[index] = x
    return out


class Current(local):
    """The recorder of this thread."""

    recorder: Any = None


current: Current = Current()
one_at_a_time: Any = RLock()


class Recorder:
    """Notes what a call does.

    reachable  {id: (tensor or generator, its name)} for those whose identity is guarded
    """

    def __init__(self, reachable: dict[int, Any]) -> None:
        self.reachable = reachable
        self.lines: list[Value] = []                # in the order of the call
        self.shown: dict[int, Traced] = {}          # how arrays are shown, by id
        self.sources: dict[int, tuple[Any, Value]] = {}     # tensors and generators, by id
        self.born: dict[int, Any] = {}              # tensors that the call has made, by id
        self.changed: list[Any] = []                # arrays from outside
        self.user: Any = None                       # on the way back: the line that is undone
        self.reason: str | None = None              # why this cannot be a program
        self.at: Any = None

    def __enter__(self) -> Recorder:
        one_at_a_time.acquire()
        current.recorder, steps.note = self, self.whole
        TensorBase._array = property(read, write)           # type: ignore
        Generator.numpy = property(draw_from, reseed)       # type: ignore
        return self

    def __exit__(self, *_: object) -> None:
        current.recorder = steps.note = None
        TensorBase._array = SLOT
        del Generator.numpy
        one_at_a_time.release()
        for node in (tensor.grad_fn for tensor in self.born.values()):
            for x in getattr(node, 'saved', None) or ():
                if isinstance(x, Output):
                    x._array = raw(x._array)
            if getattr(node, 'saved', None) is not None:
                node.saved = mapped(raw, node.saved)
        for traced in self.shown.values():      # an optimizer moves weights that nobody else holds
            vars(traced)['_value'].array = None
        self.shown, self.changed = {}, []

    def stop(self, reason: str) -> None:
        """Go on without recording."""
        if self.reason is None:
            self.reason, self.at = reason, user_line()

    def of(self, array: Any) -> Traced:
        """How an array is shown, or a generator of NumPy's."""
        if id(array) not in self.shown:
            if isinstance(array, np.ndarray) and any(
                    np.may_share_memory(array, other) for other in self.changed):
                self.stop('what has the same memory is changed in place')
            self.shown[id(array)] = Traced(self, array, Value(array))
        return self.shown[id(array)]

    def value(self, x: Any) -> Any:
        """An argument as it stands in the program."""
        if type(x) is Traced:
            return x._value
        return self.of(x)._value if isinstance(x, np.ndarray) else x

    def meet(self, owner: Any, array: Any) -> Traced:
        """The array of a tensor, or of a generator, as it is shown."""
        if id(owner) in self.reachable:
            value = self.of(array)._value
            if id(owner) not in self.sources:
                if value.varies:
                    self.stop('two tensors that it reads have the same memory')
                self.sources[id(owner)] = owner, value
                value.source, value.name = owner, self.reachable[id(owner)][1]
        elif id(owner) not in self.born and id(array) not in self.shown:
            self.stop('a tensor that is not found by name is used')
        return self.of(array)

    def call(self, function: Any, args: Any, options: Any = None) -> Any:
        """The result of function(*args, **options), which becomes a step of the program."""
        arrays, method = mapped(raw, args), isinstance(function, str)
        if any(isinstance(x, TensorBase) for x in leaves(args)):
            self.stop('NumPy is given an array and a tensor')
        try:
            run = getattr(arrays[0], function) if method else function
            result = run(*arrays[method:], **mapped(raw, options or {}))
        except Exception as error:      # the user's program may go on in another way
            self.stop(f'{type(error).__name__} is raised')
            raise
        drawn = bool(arrays) and isinstance(arrays[0], np.random.Generator)
        if function is np.count_nonzero:
            result = np.asarray(result)
        if drawn and not isinstance(result, np.ndarray):
            self.stop('a single number is drawn')
        several = isinstance(result, (tuple, list)) and isinstance([*result, 0][0], np.ndarray)
        if self.reason is not None or not several and function != 'item' and not isinstance(
                result, (np.ndarray, np.generic)):
            return result
        if id(result) in self.shown:        # one of the arguments
            return self.shown[id(result)]
        value = Value(result, function, mapped(self.value, tuple(args)),
                      mapped(self.value, options or {}), self.user or user_line())
        if function in OF_SHAPES or not any(x.varies for x in value.read):
            value.function = None
        else:
            self.lines.append(value)
            value.kept = drawn
        parts = [Value(x, value.function and 'part', (value, i), user=value.user)
                 for i, x in enumerate(result)] if several else []
        self.lines += parts * value.varies
        first = parts[0] if several else value
        if value.varies and is_sized_by_values(value):
            self.check(first, 'shape', first.array.shape)
        return type(result)([*map(self.show, parts)]) if several else self.show(value)

    def whole(self, function: Any, args: Any) -> Any:
        """The same for an opaque function, unless another one calls it."""
        known = any(type(x) is Traced for x in leaves(args))
        return self.call(function, args) if known else function(*args)

    def show(self, value: Value) -> Traced:
        traced = Traced(self, value.array, value)
        if isinstance(value.array, np.ndarray):     # others, such as np.True_, exist once for all
            self.shown[id(value.array)] = traced
        return traced

    def check(self, value: Value, what: str, found: Any) -> None:
        """Note that the program holds only if bool(value), or its shape, is what was found."""
        self.lines.append(Value(None, 'check', (value, what, found), user=user_line()))
        self.lines[-1].kept = True

    def change(self, target: Traced, new: Any) -> None:
        """Let an array have a new value from now on."""
        array, value = target._raw, target._value
        if self.reason is None and any(
                traced is not target and isinstance(traced._raw, np.ndarray)
                and np.may_share_memory(traced._raw, array) for traced in self.shown.values()):
            self.stop('what has the same memory is changed in place')
        if (array.shape, array.strides, array.dtype) != (new.shape, new.strides, new.dtype):
            new = self.call(replaced, (target, ..., new))
        value.array = array.copy('K')       # what it was, if it is a constant
        array[...] = raw(new)
        if self.reason is None:
            target._value = new._value
            new._value.array = array        # of which views may be taken
        if value.source is not None:
            self.changed.append(array)


class Traced(NDArrayOperatorsMixin):
    """Stands for an array while a call is recorded.

    raw    the array
    value  what the program has for it now
    """

    __class__ = property(lambda self: type(self._raw))     # type: ignore

    def __init__(self, recorder: Recorder, raw: Any, value: Value) -> None:
        self.__dict__.update(_recorder=recorder, _raw=raw, _value=value)

    def _values_wanted(self, what: str) -> Any:
        self._recorder.stop(f'{what} asks for the values of a tensor')
        return self._raw

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None,
                        **options: Any) -> Any:
        recorder = self._recorder
        function = ufunc if method == '__call__' else getattr(ufunc, method)
        if method == 'at' or out and type(out[0]) is not Traced:
            recorder.stop(f'{ufunc.__name__} changes an array')
        if out and recorder.reason is not None:
            options['out'] = mapped(raw, out)
        result = recorder.call(function, inputs, options)
        if not out or recorder.reason is not None:
            return result
        if result.dtype != out[0].dtype:
            result = recorder.call('astype', (result, out[0].dtype))
        recorder.change(out[0], result)
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function not in FUNCTIONS or options.get('out') is not None:
            self._values_wanted(function.__name__)
        return self._recorder.call(function, args, options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):       # NumPy would read the memory
            raise AttributeError(name)
        if name in STATIC or self._recorder.reason is not None:
            return getattr(self._raw, name)
        if name == 'T':
            return self.transpose()
        if name == 'base':
            return None if self._raw.base is None else self._recorder.of(self._raw.base)
        if name == 'fill':
            return lambda x: self.__setitem__(..., x)
        if name in METHODS or name == 'item' and isinstance(self._raw, np.generic):
            return lambda *args, **options: self._recorder.call(name, (self, *args), options)
        return getattr(self._values_wanted(name), name)

    def __getitem__(self, index: Any) -> Any:
        return self._recorder.call(operator.getitem, (self, index))

    def __setitem__(self, index: Any, x: Any) -> None:
        whole = index is Ellipsis and type(x) is Traced
        self._recorder.change(self, self._recorder.call(
            'copy' if whole else replaced, (x, 'K') if whole else (self, index, x)))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        quiet = sys._getframe(1).f_code in (OF, IN_ORDER)
        array = raw(self._recorder.call(np.asarray, (self,))) if quiet else np.asarray(
            self._values_wanted('Python'))
        return array if dtype in (None, array.dtype) else array.astype(dtype)

    def __pow__(self, exponent: Any) -> Any:
        return self._recorder.call(operator.pow, (self, exponent))      # not always np.power

    def __rpow__(self, base: Any) -> Any:
        return self._recorder.call(operator.pow, (base, self))

    def __bool__(self) -> bool:
        found = bool(self._raw)
        if self._recorder.reason is None and self._value.varies:
            self._recorder.check(self._value, 'bool', found)
        return found

    def __len__(self) -> int:
        return len(self._raw)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return float(self.__array__())

    def __int__(self) -> int:
        return int(self.__array__())

    def __index__(self) -> int:
        return operator.index(self._raw if self._raw.ndim else self.__array__())    # TypeError


class TracedGenerator:
    """Stands for the NumPy generator of a Generator: draws are noted."""

    def __init__(self, recorder: Recorder, generator: Any) -> None:
        self.recorder, self.generator = recorder, generator

    def __getattr__(self, name: str) -> Any:
        recorder, own = self.recorder, of_numpy(self.generator)
        if name == 'bit_generator' or recorder.reason is not None:
            recorder.stop('the state of a random generator is read or set')
            return getattr(own, name)
        return lambda *args, **options: recorder.call(
            name, (recorder.meet(self.generator, own), *args), options)


def raw(x: Any) -> Any:
    """The array that is shown as x; all else as it is."""
    return x._raw if type(x) is Traced else x


# What a tensor's _array and a generator's numpy are while a recording lasts.

def read(tensor: Any) -> Any:
    array, recorder, frame = SLOT.__get__(tensor), current.recorder, sys._getframe(1)
    if recorder is not None and frame.f_code is NUMPY and asks_for_values(frame.f_back):
        recorder.stop('numpy() asks for the values of a tensor')
    return array if recorder is None or recorder.reason is not None else (
        recorder.meet(tensor, array))


def asks_for_values(frame: Any) -> bool:
    """Whether it is the user, or NumPy, who calls numpy() in this frame."""
    return frame.f_code is ARRAY or not inside(frame.f_globals.get('__name__', ''))


def write(tensor: Any, array: Any) -> None:
    recorder, frame = current.recorder, sys._getframe(1)
    if recorder is not None and recorder.reason is None:
        if frame.f_code is IN_ORDER:
            array = recorder.call(np.ascontiguousarray, (recorder.of(SLOT.__get__(tensor)),))
        elif frame.f_code not in (APPLY, OF) and raw(array) is not SLOT.__get__(tensor):
            recorder.stop('.data is assigned')
        array = recorder.shown.get(id(array), array)
        if isinstance(raw(array), np.generic):
            array = recorder.call(np.asarray, (array,))
        if frame.f_code is APPLY and type(array) is not Traced:
            recorder.stop('an operation asks for the values of a tensor')
        if frame.f_code in (APPLY, OF):
            recorder.born[id(tensor)] = tensor
            name_values(recorder, frame, array)
    SLOT.__set__(tensor, np.asarray(raw(array)))


def draw_from(generator: Any) -> Any:
    recorder = current.recorder
    return of_numpy(generator) if recorder is None or recorder.reason is not None else (
        TracedGenerator(recorder, generator))


def of_numpy(generator: Any) -> Any:
    """NumPy's generator; the first use of one without a seed seeds it, as in eager mode."""
    if 'numpy' not in vars(generator):
        recorder, current.recorder = current.recorder, None
        generator.seed()
        current.recorder = recorder
    return vars(generator)['numpy']


def reseed(generator: Any, own: Any) -> None:
    if current.recorder is not None:
        current.recorder.stop('a random generator is seeded')
    vars(generator)['numpy'] = own


def user_line() -> tuple[str, int]:
    """The file and line of the user's program that is being executed."""
    frame = of_user(sys._getframe(1))
    while frame.f_globals.get('__name__', '').startswith('numpy.'):     # which has called a Traced
        frame = of_user(frame.f_back)
    return frame.f_code.co_filename, frame.f_lineno


def name_values(recorder: Recorder, frame: Any, new: Any) -> None:
    """Call a new value as the operation, and the others as the innermost function of the user."""
    if frame.f_code is APPLY and type(new) is Traced:
        new._value.operation = frame.f_locals['operation']
    for name, x in of_user(frame).f_locals.items():
        if isinstance(x, TensorBase):
            shown = recorder.shown.get(id(SLOT.__get__(x)))
            if shown is not None:
                shown._value.name = shown._value.name or name


def is_sized_by_values(value: Value) -> bool:
    """Whether the values of the arguments may decide the shape of the result."""
    index = leaves(value.args[1:]) if value.function is operator.getitem else leaves(value.options)
    return value.function in OF_VALUES or any(
        isinstance(x, Value) and x.array.dtype == bool for x in index)
