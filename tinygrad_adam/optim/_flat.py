"""What makes a step fast: small parameters are moved together, and large ones in blocks.

A rule passes over its arrays a dozen times. If they are large, each pass fetches them from memory
again; so they are cut into blocks that stay in the processor's cache, and threads share the blocks.

If they are small, calling NumPy takes longer than the arithmetic; so they are parts of one flat
buffer, their state arrays, `state[p]['exp_avg']` and so on, are parts of others, and the gradients
are copied into one array for the step. A parameter is moved into the buffer once, and only if
nothing else (a view, a state_dict, another tensor) holds its array, since that would keep the old
one. If something does, the parameters of that step are copied into one array, and back after it.

What it gains: `python benchmarks/optimizers.py`. `uninterrupted` keeps a step whole.
"""
from __future__ import annotations

import _signal    # type: ignore[import-not-found]    # as signal, without enums: 20 times faster
from functools import partial
from itertools import accumulate
from operator import attrgetter, is_
from threading import current_thread, main_thread
from typing import Any, Callable, Dict, List, Sequence, Tuple

import numpy as np

from .._functions.creation import from_numpy
from .._tensor import Tensor
from ..ops.convolution import THREADS
from ._machine import is_sole_owner, parallel_for

SMALL = 2**16   # elements; copying more takes longer than calling NumPy
BLOCK = 2**15 if THREADS == 1 else 2**18    # elements; threads wait for each other at every call

Count = Tuple[Tuple[str, Any], ...]             # arguments of a rule: (('t', 1), ...)
Entry = Tuple[Tensor, Tensor, Dict[str, Any]]   # a parameter, its gradient, its state
Arrays = List[np.ndarray]                       # [parameter, gradient, *state arrays], of one shape
Function = Callable[[Arrays], None]
to_array = attrgetter('_array')     # a step calls it often, and does not care about memory order


def one_by_one(entries: Sequence[Entry], names: list[str], function: Function) -> None:
    """Call function with the arrays of each entry; names are those of its state arrays."""
    for param, grad, state in entries:
        p, g, *states = map(to_array, (param, grad, *map(state.__getitem__, names)))
        function([p, g.view(), *states])


class FlatBuffers(Dict[Any, 'Buffer']):
    """{(name of a state array, None for the weights; first parameter): Buffer} of an optimizer."""

    def for_each(self, entries: Sequence[Entry], names: list[str], function: Function) -> None:
        """As one_by_one, for a function that is elementwise: faster, and not in this order."""
        cut = partial(in_blocks, function)
        for bucket in buckets(entries):
            if len(bucket) == 1:
                one_by_one(bucket, names, cut)
                continue
            params, gradients, states = zip(*bucket)
            used = []
            for name in (None, *names):
                tensors = [state[name] for state in states] if name else params
                buffer = self.get((name, params[0]))
                if buffer is None or not buffer.holds(tensors):
                    buffer = Buffer(tensors, move=bool(name) or all(map(is_sole_owner, params)))
                    if buffer.moved:
                        self[name, params[0]] = buffer
                used.append(buffer)
            arrays = [buffer.array for buffer in used]
            arrays.insert(1, np.concatenate([*map(to_array, gradients)], axis=None))
            cut(arrays)
            if not used[0].moved:
                for param, part in zip(params, used[0].parts):
                    to_array(param)[...] = part


class Buffer:
    """One array with the elements of all these tensors, which become parts of it if `move`."""

    def __init__(self, tensors: Sequence[Tensor], move: bool) -> None:
        arrays = [x.numpy(force=True) for x in tensors]
        memory = bytearray(sum(a.nbytes for a in arrays))    # no array owns it, so that a view of
        self.array = np.frombuffer(memory, arrays[0].dtype)  # a part has the part as its base
        ends = accumulate([a.nbytes for a in arrays])
        self.parts = [np.ndarray(a.shape, a.dtype, memory, end - a.nbytes)
                      for a, end in zip(arrays, ends)]
        self.moved = move
        for tensor, array, part in zip(tensors, arrays, self.parts):
            part[...] = array
            if move:
                tensor.data = from_numpy(part)

    def holds(self, tensors: Sequence[Tensor]) -> bool:
        """Whether the arrays of these tensors are still its parts."""
        return (len(tensors) == len(self.parts)
                and all(map(is_, map(to_array, tensors), self.parts)))


def buckets(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries that move together: small, of one dtype, no two sharing memory; or a large one.

    This is no generator, which would hold the last array while it waits.
    """
    large: list[list[Entry]] = []
    small: dict[Any, list[Entry]] = {}
    seen: dict[int, int] = {}
    for entry in entries:
        array = to_array(entry[0])
        owner = id(array.base if isinstance(array.base, np.ndarray) else array)
        seen[owner] = seen.get(owner, 0) + 1
        if array.size > SMALL:
            large.append([entry])
        else:
            small.setdefault((array.dtype, seen[owner]), []).append(entry)
    return [*large, *small.values()]


def in_blocks(function: Function, arrays: Arrays) -> None:
    """Call function with arrays of one shape, cut if they are large; the blocks are views."""
    if arrays[0].size > BLOCK and all(a.flags.c_contiguous for a in arrays):
        flat = [a.reshape(-1) for a in arrays]
        parallel_for(function, [[a[start:start + BLOCK] for a in flat]
                                for start in range(0, flat[0].size, BLOCK)])
    else:
        # Not 0-d, for which NumPy 1 turns float32 into float64.
        function(arrays if arrays[0].ndim else [a[None] for a in arrays])


def uninterrupted(function: Callable[[], None]) -> None:
    """Call function; Ctrl-C waits until it is done, or is pressed again."""
    handler, interrupts = _signal.getsignal(_signal.SIGINT), []

    def wait(*interrupt: Any) -> None:
        interrupts.append(interrupt)
        if len(interrupts) > 1:
            handler(*interrupt)

    deferred = current_thread() is main_thread() and callable(handler)
    if deferred:
        _signal.signal(_signal.SIGINT, wait)
    try:
        function()
    finally:
        if deferred:
            _signal.signal(_signal.SIGINT, handler)
    if len(interrupts) == 1:
        handler(*interrupts[0])
