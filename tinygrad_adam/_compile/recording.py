"""Recording: a call runs as always, and what it does to arrays is noted, line by line.

Operations pass by `modes.watch` (primitive.py), which notes the function and its arrays. Between
them this package also reads arrays directly: it asks for shapes, checks class labels, updates
running statistics. So while a recording lasts, the `_array` of a tensor is shown to the engine
alone. All other code gets a `Proxy`, which knows shape, dtype and order, notes the NumPy functions
that are applied to it, and ends the recording when its values are wanted by Python, for then the
next call could take another way. Random generators are treated likewise. No number of a tensor
reaches the program unnoticed: all other arrays in it can only depend on shapes and constants.
"""
from __future__ import annotations

import operator
import sys
from threading import RLock, local
from typing import Any, Iterator

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ..autograd.graph import Modes, Output, TensorBase, modes
from ..autograd.opaque import OPAQUE, steps
from ..autograd.primitive import Plan, inside, of_user
from ..autograd.promotion import as_pytorch_types
from ..autograd.versions import InPlace
from ..ops.matmul import linear
from ..random import Generator


class Value:
    """An array of the program: computed by a line, or by none if it was there before."""

    def __init__(self, array: Any, line: Line | None = None) -> None:
        self.array, self.line = array, line
        self.name: str = ''         # what the user calls it, if that is known
        self.source: Any = None     # the tensor or generator outside that it belongs to
        self.of: Value | None = None        # what it is the gradient of

    @property
    def varies(self) -> bool:
        """Whether it may be another array in the next call."""
        return self.line is not None or self.source is not None


class Line:
    """A step of the program: results = function(*args, **options).

    function  a function of arrays, or the name of a method of the first argument
    kind      'value'; 'draw' of random numbers; 'change' of an array in place; 'check': of a value
    user      the line of the user's program, as (file, number)
    """

    def __init__(self, kind: str, function: Any, args: Any, options: Any, user: Any) -> None:
        self.kind, self.function, self.args, self.options = kind, function, args, options
        self.user = user
        self.results: list[Value] = []
        self.several: bool = False      # whether the function returns a tuple


class Typed:
    """An operation on arrays of several dtypes, which gives PyTorch's."""

    def __init__(self, operation: str, forward: Any, promote: bool) -> None:
        self.operation, self.forward, self.promote = operation, forward, promote
        self.__name__ = f'typed_{operation}'

    def __call__(self, *arrays: Any) -> Any:
        value = self.forward(*arrays)
        return as_pytorch_types(self.operation, value, self.forward, arrays, self.promote)


class Current(local):
    """The recorder of this thread."""

    recorder: Any = None


current: Current = Current()
one_at_a_time: Any = RLock()
SLOT: Any = TensorBase.__dict__['_array']
APPLY: Any = linear.__code__        # all operations share it
ENGINE: set[Any] = {APPLY, Plan.record.__code__, InPlace._in_order.__code__,
                    InPlace._keep_order.__code__, InPlace._save_as_result.__code__,
                    Output.__init__.__code__}
OF: Any = TensorBase._of.__func__.__code__
STATIC = {'shape', 'dtype', 'ndim', 'size', 'itemsize', 'nbytes', 'strides', 'flags'}
METHODS = {'all', 'any', 'argmax', 'argmin', 'astype', 'copy', 'cumsum', 'diagonal', 'max', 'mean',
           'min', 'prod', 'ravel', 'repeat', 'reshape', 'squeeze', 'sum', 'swapaxes', 'transpose',
           'view'}
FUNCTIONS = {
    np.where, np.broadcast_to, np.empty_like, np.zeros_like, np.ones_like, np.full_like, np.isclose,
    np.clip, np.sum, np.take_along_axis, np.concatenate, np.stack, np.sort, np.argsort, np.swapaxes,
    np.moveaxis, np.expand_dims, np.transpose, np.reshape, np.nonzero, np.atleast_1d, np.cumsum,
    np.flip, np.roll, np.any, np.all, np.searchsorted, np.count_nonzero, np.shape, np.ndim, np.size}


class Recorder:
    """Notes what a call does.

    reachable  {id: (tensor or generator, its name)} for those whose identity is guarded
    """

    def __init__(self, reachable: dict[int, Any]) -> None:
        self.reachable = reachable
        self.lines: list[Line] = []
        self.values: dict[int, Value] = {}          # of arrays, by id
        self.sources: dict[int, tuple[Any, Value]] = {}     # tensors and generators, by id
        self.born: dict[int, Any] = {}              # tensors that the call has made, by id
        self.kept: dict[int, Any] = {}              # arrays whose ids are known, alive
        self.reason: str | None = None              # why this cannot be a program
        self.at: Any = None

    def __enter__(self) -> Recorder:
        one_at_a_time.acquire()
        current.recorder = self
        TensorBase._array = property(read, write)           # type: ignore
        Generator.numpy = property(draw_from, reseed)       # type: ignore
        Modes.watched = True
        modes.watch, steps.note = self.note, self.note_whole
        return self

    def __exit__(self, *_: object) -> None:
        modes.watch = steps.note = current.recorder = None
        TensorBase._array = SLOT
        del Generator.numpy
        one_at_a_time.release()

    def forget(self, lines: list[Line]) -> None:
        """Hold no arrays any more: an optimizer moves the weights that nobody else holds."""
        for tensor in self.born.values():
            if tensor.grad_fn is not None and tensor.grad_fn.saved is not None:
                tensor.grad_fn.saved = [unwrapped(x) for x in tensor.grad_fn.saved]
        for value in [*self.values.values(), *(x for line in lines for x in line.results)]:
            value.array = value.line = value.source = value.of = None
        self.values, self.born, self.sources, self.kept = {}, {}, {}, {}

    def stop(self, reason: str) -> None:
        """Go on without recording."""
        if self.reason is None:
            self.reason, self.at = reason, user_line()

    def meet(self, owner: Any, array: Any) -> Value:
        """The value of a tensor's array, or of a generator."""
        value = self.values.get(id(array))
        if value is None:
            value = self.values[id(array)] = Value(array)
            if id(owner) not in self.born and id(owner) not in self.reachable:
                self.stop('a tensor that is not found by name is used')
        if id(owner) in self.reachable and id(owner) not in self.sources:
            self.sources[id(owner)] = owner, value
            if value.source is None and value.line is None:
                value.source, value.name = owner, self.reachable[id(owner)][1]
        return value

    def value(self, x: Any) -> Any:
        """An argument as it stands in the program: arrays as values."""
        if type(x) is Proxy:
            return x._value
        if isinstance(x, (list, tuple)):
            parts = map(self.value, x)
            return type(x)(*parts) if hasattr(x, '_fields') else type(x)(parts)
        if isinstance(x, np.ndarray):
            return self.values.setdefault(id(x), Value(x))
        return x

    def call(self, function: Any, args: Any, options: Any, result: Any, kind: str = 'value') -> Any:
        """Note result = function(*args, **options); the value of the result, or a list of them."""
        if isinstance(result, np.ndarray) and id(result) in self.values and kind == 'value':
            return self.values[id(result)]      # one of the arguments
        line = Line(kind, function, self.value(tuple(args)),
                    {name: self.value(x) for name, x in options.items()}, user_line())
        varies = kind != 'value' or any(x.varies for x in arrays_of(line))
        self.lines += [line] * varies
        if kind == 'change':
            return None
        line.several = several = isinstance(result, (list, tuple))
        for array in result if several else [result]:
            value = Value(array, line if varies else None)
            line.results.append(value)
            if isinstance(array, np.ndarray):
                self.values[id(array)] = value
        if varies and is_sized_by_values(line):
            self.check(line.results[0], 'shape', line.results[0].array.shape)
        return line.results if several else line.results[0]

    def check(self, value: Value, what: str, found: Any) -> None:
        """Note that the program holds only if bool(value), or its shape, is what was found."""
        self.lines.append(Line('check', what, (value, found), {}, user_line()))

    def note(self, direction: str, operation: str, value: Any, arrays: Any, how: Any) -> None:
        """Note an operation: a watch, see primitive.py."""
        if self.reason is not None:
            return
        if direction == 'backward':
            return self.stop('backward() is called')
        forward, promote, dtype = how
        kinds = {x.dtype for x in arrays if isinstance(x, np.ndarray)}
        plain = dtype is not None and arrays[dtype] is not None     # no dtype but the one asked for
        if not plain and value.dtype in kinds and (len(kinds) == 1 or not promote):
            plain = (value.ndim and len(kinds) == 1
                     or forward(*unwrapped(arrays)).dtype == value.dtype)
        elif not plain and value.dtype == bool and len(kinds) == 1:
            plain = kinds.pop().kind == 'f' or float not in map(type, arrays)
        self.last = self.call(forward if plain else Typed(operation, forward, promote), arrays, {},
                              value)
        name_values(self)

    def note_whole(self, function: Any, args: Any, result: Any) -> None:
        """Note the call of an opaque function."""
        if self.reason is None:
            self.call(function, args, {}, result)

    def replaced(self, old: Value, new: Value) -> bool:
        """Let the new value be what an array holds from now on, if that can be done."""
        array = old.array
        if old.source is not None or (array.dtype, array.strides) != (
                new.array.dtype, new.array.strides) or any(
                    x is not old and np.may_share_memory(x.array, array)
                    for x in self.values.values() if isinstance(x.array, np.ndarray)):
            return False
        old.array = array.copy('K')         # what it was, if it is a constant
        array[...] = new.array
        self.kept[id(new.array)] = new.array
        self.values[id(array)], new.array = new, array
        return True

    def written(self, tensor: Any, array: Any, code: Any) -> None:
        """Note that a tensor is given an array."""
        if code is APPLY:
            self.values.setdefault(id(array), self.last).array = array
        elif code is InPlace._in_order.__code__:
            self.call(np.ascontiguousarray, (SLOT.__get__(tensor),), {}, array)
        elif code is not OF and array is not SLOT.__get__(tensor):
            self.stop('.data is assigned')
        if code is APPLY or code is OF:
            self.born[id(tensor)] = tensor

    def traced(self, function: Any, args: Any, options: Any) -> Any:
        """The result of a NumPy function, noted, as a proxy."""
        arguments, keywords = unwrapped(args), {name: unwrapped(x) for name, x in options.items()}
        run = getattr(arguments[0], function) if isinstance(function, str) else function
        result = run(*arguments[isinstance(function, str):], **keywords)
        if function is np.count_nonzero:        # a number of Python, of values
            result = np.asarray(result)
        if isinstance(result, (np.ndarray, np.generic)):
            return Proxy(self, self.call(function, args, options, result))
        if isinstance(result, (list, tuple)) and all(isinstance(x, np.ndarray) for x in result):
            values = self.call(function, args, options, result)
            return type(result)([Proxy(self, value) for value in values])
        return result       # of shapes: FUNCTIONS and METHODS have no others


class Proxy(NDArrayOperatorsMixin):
    """Stands for an array while a call is recorded."""

    __class__ = property(lambda self: np.ndarray)     # type: ignore

    def __init__(self, recorder: Recorder, value: Value) -> None:
        self.__dict__.update(_recorder=recorder, _value=value)

    def _values_wanted(self, what: str) -> Any:
        self._recorder.stop(f'{what} asks for the values of a tensor')
        return self._value.array

    def _silent(self) -> bool:
        """Whether nothing is to be noted: the recording has ended, or one line is being run."""
        if self._recorder.reason is not None or current.recorder is not self._recorder:
            return True
        frame: Any = sys._getframe(2)
        while frame is not None and frame.f_code is not OPAQUE and (
                frame.f_code is not APPLY or frame.f_locals['kind'] is None):
            frame = frame.f_back
        return frame is not None

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        function = ufunc if method == '__call__' else getattr(ufunc, method)
        if self._silent():
            return function(*unwrapped(inputs), **{n: unwrapped(x) for n, x in options.items()})
        out = options.get('out')
        if method == 'at' or out and not out[0]._value.varies:
            self._values_wanted(ufunc.__name__)
            return function(*unwrapped(inputs), **{n: unwrapped(x) for n, x in options.items()})
        if out:
            self._recorder.call(function, inputs, options, None, 'change')
            function(*unwrapped(inputs), **{n: unwrapped(x) for n, x in options.items()})
            return out[0]
        return self._recorder.traced(function, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if not self._silent() and function in FUNCTIONS and 'out' not in options:
            return self._recorder.traced(function, args, options)
        if not self._silent():
            self._values_wanted(function.__name__)
        return function(*unwrapped(args), **{name: unwrapped(x) for name, x in options.items()})

    def __getattr__(self, name: str) -> Any:
        array = self._value.array
        if name.startswith('__'):       # NumPy would read the memory
            raise AttributeError(name)
        if name in STATIC or self._silent():
            return getattr(array, name)
        if name == 'T':
            return self._recorder.traced('transpose', (self,), {})
        if name in METHODS:
            return lambda *args, **options: self._recorder.traced(name, (self, *args), options)
        return getattr(self._values_wanted(name), name)

    def __getitem__(self, index: Any) -> Any:
        if self._silent():
            return self._value.array[unwrapped(index)]
        return self._recorder.traced('__getitem__', (self, index), {})

    def __setitem__(self, index: Any, x: Any) -> None:
        silent = self._silent()
        if not silent and index is Ellipsis and type(x) is Proxy and (
                self._recorder.replaced(self._value, x._value)):
            return
        array = self._value.array if silent else self._values_wanted('x[i] = ...')
        array[unwrapped(index)] = unwrapped(x)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        quiet = sys._getframe(1).f_code is OF or self._silent()
        array = self._value.array if quiet else self._values_wanted('Python')
        return array if dtype in (None, array.dtype) else array.astype(dtype)

    def __bool__(self) -> bool:
        found = bool(self._value.array)
        if not self._silent():
            self._recorder.check(self._value, 'bool', found)
        return found

    def __len__(self) -> int:
        return len(self._value.array)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return float(self.__array__())

    def __int__(self) -> int:
        return int(self.__array__())

    def __index__(self) -> int:
        array = self._value.array
        return operator.index(array if array.ndim else self.__array__())    # TypeError: many


class RandomProxy:
    """Stands for the NumPy generator of a Generator: draws are noted."""

    def __init__(self, recorder: Recorder, generator: Any) -> None:
        self.recorder, self.generator = recorder, generator

    def __getattr__(self, name: str) -> Any:
        recorder, own = self.recorder, vars(self.generator)['numpy']
        if name == 'bit_generator' or recorder.reason is not None:
            recorder.stop('the state of a random generator is read or set')
            return getattr(own, name)

        def drawn(*args: Any, **options: Any) -> Any:
            source = recorder.meet(self.generator, self.generator)
            result = getattr(own, name)(*unwrapped(args), **options)
            return Proxy(recorder, recorder.call(name, (source, *args), options, result, 'draw'))

        return drawn


def unwrapped(x: Any) -> Any:
    """The array of a proxy, also in a list or tuple; all else as it is."""
    if type(x) is Proxy:
        return x._value.array
    if isinstance(x, (list, tuple)):
        parts = map(unwrapped, x)
        return type(x)(*parts) if hasattr(x, '_fields') else type(x)(parts)
    return x


# What a tensor's _array and a generator's numpy are while a recording lasts.

def read(tensor: Any) -> Any:
    array, recorder, frame = SLOT.__get__(tensor), current.recorder, sys._getframe(1)
    if recorder is None or recorder.reason is not None:
        return array
    code = frame.f_code
    value = recorder.meet(tensor, array)
    if code in ENGINE:
        if frame.f_back.f_code.co_name == 'data_ptr':
            recorder.stop('data_ptr() asks where a tensor is')
        return array
    if code is TensorBase.numpy.__code__ or not inside(frame.f_globals.get('__name__')):
        recorder.stop('numpy() asks for the values of a tensor')
        return array
    return Proxy(recorder, value)


def write(tensor: Any, array: Any) -> None:
    array = unwrapped(array)
    if current.recorder is not None and current.recorder.reason is None:
        current.recorder.written(tensor, array, sys._getframe(1).f_code)
    SLOT.__set__(tensor, array)


def draw_from(generator: Any) -> Any:
    recorder = current.recorder
    if recorder is None or recorder.reason is not None:
        return vars(generator)['numpy']
    return RandomProxy(recorder, generator)


def reseed(generator: Any, own: Any) -> None:
    if current.recorder is not None:
        current.recorder.stop('a random generator is seeded')
    vars(generator)['numpy'] = own


def user_line() -> tuple[str, int]:
    """The file and line of the user's program that is being executed."""
    frame = of_user(sys._getframe(1))
    while frame.f_globals.get('__name__', '').startswith('numpy.'):     # which has called a proxy
        frame = of_user(frame.f_back)
    return frame.f_code.co_filename, frame.f_lineno


def name_values(recorder: Recorder) -> None:
    """Call values what the user calls them: the variables of the innermost function."""
    for name, x in of_user(sys._getframe(2)).f_locals.items():
        if isinstance(x, TensorBase):
            value = recorder.values.get(id(SLOT.__get__(x)))
            if value is not None and not value.name:
                value.name = name


def arrays_of(x: Any) -> Iterator[Value]:
    """The values in a line, or in a nested argument."""
    if isinstance(x, Line):
        yield from arrays_of((x.args, *x.options.values()))
    elif isinstance(x, (list, tuple)):
        for part in x:
            yield from arrays_of(part)
    elif isinstance(x, slice):
        yield from arrays_of((x.start, x.stop, x.step))
    elif isinstance(x, Value):
        yield x


def is_sized_by_values(line: Line) -> bool:
    """Whether the values of the arguments may decide the shape of the result."""
    function, module = line.function, getattr(line.function, '__module__', None) or 'numpy'
    if function in ('repeat', np.nonzero) or not inside(module) and not module.startswith('numpy'):
        return True
    index = line.args[1:] if function == '__getitem__' else [
        x for arg in line.args if isinstance(arg, (tuple, list)) for x in arg]
    return any(isinstance(x, Value) and x.array.dtype == bool for arg in index
               for x in (arg if isinstance(arg, (tuple, list)) else [arg]))
