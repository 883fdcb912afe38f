"""What makes a step fast: small parameters are moved together, and large ones in blocks.

A rule passes over its arrays a dozen times. If they are large, each pass fetches them from memory
anew; so they are cut into blocks that stay in the processor's cache, with all that is computed from
them on the way. Several threads share many blocks.

If they are small, calling NumPy takes longer than the work; so they lie in a flat buffer, one array
for all, their memories `state[p]['exp_avg']` and so on in others, and the gradients are copied into
one for the step. A parameter is moved into its buffer once, and only if it is the sole owner of its
array: whoever else holds it (a view, a state_dict, another tensor) would be left with the old one.
If somebody does, the parameters of that step are copied into one array, and back after it.

What this gains, for each optimizer and size: `python benchmarks/optimizers.py`.
"""
from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import accumulate
from typing import Any, Callable, Sequence

import numpy as np

from ..creation import from_numpy, zeros
from ..ops.images import THREADS
from ..tensor import Tensor

SMALL = 2**16   # elements; to copy more takes longer than to call NumPy
BLOCK = 2**17   # elements: 512 KB of float32

# Freed memory of the size of a block goes back to the system, and to get it again costs more than
# a rule, unless glibc's malloc has seen a larger piece freed. This one is never touched.
np.empty(30 * 2**20, np.uint8)

Row = tuple[Tensor, Tensor, dict[str, Any]]   # parameter, gradient, state


def one_by_one(rows: Sequence[Row], names: list[str], function: Callable) -> None:
    """Call function([parameter, gradient, *memories]) with the arrays of each row.

    names  of the memories, in the row's state
    """
    for param, grad, state in rows:
        tensors = param, grad, *[state[name] for name in names]
        p, g, *memories = [x.numpy(force=True) for x in tensors]
        function([p, g.view(), *memories])


class FlatBuffers:
    """The flat buffers of an optimizer: of its small parameters, and of each of their memories."""

    def __init__(self) -> None:
        self.buffers: dict[Any, Buffer] = {}   # {(name or None, first parameter): Buffer}

    def for_each(self, rows: Sequence[Row], names: list[str], function: Callable) -> None:
        """As one_by_one, for an elementwise function: faster, and not in this order."""
        for bucket in buckets(rows):
            if len(bucket) == 1:
                one_by_one(bucket, names, lambda arrays: parallel_for(function, blocks(arrays)))
                continue
            params, grads, states = zip(*bucket)
            used = []
            for name in [None, *names]:
                tensors = [state[name] for state in states] if name else params
                buffer = self.buffers.get((name, params[0]))
                if buffer is None or buffer.ids != [id(x.numpy(force=True)) for x in tensors]:
                    move = name is not None or all(map(is_sole_owner, params))
                    buffer = Buffer(tensors, move)
                    if move:
                        self.buffers[name, params[0]] = buffer
                used.append(buffer)
            weights, *memories = [buffer.array for buffer in used]
            gradients = np.concatenate([g.numpy(force=True) for g in grads], axis=None)
            parallel_for(function, blocks([weights, gradients, *memories]))
            if not used[0].moved:
                used[0].copy_back(params)


class Buffer:
    """A flat array with the numbers of all these tensors, which it may replace the arrays of.

    tensors  of one dtype
    move     make each tensor a view of the array; if not, the array is a copy
    """

    def __init__(self, tensors: Sequence[Tensor], move: bool) -> None:
        arrays = [x.numpy(force=True) for x in tensors]
        memory = bytearray(sum(a.nbytes for a in arrays))    # no array owns it, so that a view of
        self.array = np.frombuffer(memory, arrays[0].dtype)  # a part has the part as its base
        ends = accumulate(a.nbytes for a in arrays)
        self.parts = [np.ndarray(a.shape, a.dtype, memory, end - a.nbytes)
                      for a, end in zip(arrays, ends)]
        self.ids = [*map(id, self.parts)]
        self.moved = move
        for tensor, array, part in zip(tensors, arrays, self.parts):
            part[...] = array
            if move:
                tensor.data = from_numpy(part)

    def copy_back(self, tensors: Sequence[Tensor]) -> None:
        """Write the numbers into the tensors' own arrays."""
        for tensor, part in zip(tensors, self.parts):
            tensor.numpy(force=True)[...] = part


def buckets(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows that can move together: small parameters of one dtype, none of which share memory.

    A large parameter is alone in its bucket. This is no generator: one that waits would hold the
    last array, whose tensor would then not be its sole owner.
    """
    large, small, seen = [], {}, {}
    for row in rows:
        array = row[0].numpy(force=True)
        owner = id(array.base if isinstance(array.base, np.ndarray) else array)
        seen[owner] = seen.get(owner, 0) + 1
        if array.size > SMALL:
            large.append([row])
        else:
            small.setdefault((array.dtype, seen[owner]), []).append(row)
    return [*large, *small.values()]


def blocks(arrays: list[np.ndarray]) -> list[list[np.ndarray]]:
    """Cut arrays of one shape if they are large; the blocks are views."""
    if arrays[0].size > BLOCK and all(a.flags.c_contiguous for a in arrays):
        flat = [a.reshape(-1) for a in arrays]
        return [[a[start:start + BLOCK] for a in flat] for start in range(0, flat[0].size, BLOCK)]
    return [[a[None] for a in arrays]]    # not 0-d, for which NumPy 1 turns float32 into float64


def parallel_for(function: Callable, items: Sequence) -> None:
    """Call function with each of the items; threads share them if there are several of both."""
    if THREADS > 1 and len(items) > 1:
        list(thread_pool(os.getpid()).map(function, items))
    else:
        for item in items:
            function(item)


@lru_cache(maxsize=1)
def thread_pool(process: int) -> ThreadPoolExecutor:
    """Threads that wait for work as long as the process lives; a forked process has its own."""
    return ThreadPoolExecutor(THREADS)


def references(tensor: Tensor) -> int:
    return sys.getrefcount(tensor.numpy(force=True))


ALONE = references(zeros(1))


def is_sole_owner(tensor: Tensor) -> bool:
    """Whether nothing but the tensor holds its array."""
    return tensor.numpy(force=True).flags.owndata and references(tensor) == ALONE
