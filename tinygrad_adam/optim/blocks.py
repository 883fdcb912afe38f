"""What makes a step fast: a rule is given small parameters together, and large ones in pieces.

A rule passes over its arrays a dozen times. If they are large, each pass fetches them from memory
anew; so they are cut into blocks that stay in the processor's cache, with all that is computed from
them on the way. Several threads share many blocks.

If they are small, calling NumPy takes longer than the work; so they are joined: they lie in one
array, their memories `state[p]['exp_avg']` and so on in others, and the gradients are copied into
one for the step. A parameter is moved there once, and only if nobody else holds its array (a view,
a state_dict, another tensor), who would be left behind with the old one. If somebody does, the
parameters of that step are copied together too, and back after it.

What this buys, for each optimizer and size: `python benchmarks/optimizers.py`.
"""
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import accumulate

import numpy as np

from ..autograd.arrays import owner
from ..creation import from_numpy, zeros
from ..ops.images import THREADS

SMALL = 2**16   # elements; to copy more takes longer than to call NumPy
BLOCK = 2**17   # elements: 512 KB of float32

# Memory of the size of a block that is freed goes back to the system, and to get it again costs
# more than a rule; unless glibc's malloc has seen a larger piece freed. This one is never touched.
np.empty(30 * 2**20, np.uint8)


def lots(counted):
    """Sort pairs (parameter, its counts) into lots that move as one: ([parameters], counts).

    Small ones with equal counts are together, but not two that share memory. This is no generator:
    one that waits would hold the last array, which would then not be `free`.
    """
    large, small, seen = [], {}, {}
    for p, counts in counted:
        array = p.numpy(force=True)
        memory = id(owner(array))
        seen[memory] = seen.get(memory, 0) + 1
        if array.size > SMALL:
            large.append(([p], counts))
        else:
            alike = array.dtype, seen[memory], *counts.values()
            small.setdefault(alike, ([], counts))[0].append(p)
    return [*large, *small.values()]


def joint(tensors):
    """A copy of all their numbers in one array, or the array itself of a single tensor."""
    arrays = [tensor.numpy(force=True) for tensor in tensors]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=None)


def put_back(array, tensors):
    """What `joint` copied, into the tensors; of a single one nothing was."""
    if len(tensors) > 1:
        for tensor, end in zip(tensors, accumulate(t.numel() for t in tensors)):
            own = tensor.numpy(force=True)
            own[...] = array[end - own.size:end].reshape(own.shape)


@lru_cache(maxsize=1)
def threads(process):
    """They wait for work as long as the process lives; one that was forked off has its own."""
    return ThreadPoolExecutor(THREADS)


def share_out(function, parts):
    """Call function with each of the parts; threads share them if there are several of both."""
    if THREADS > 1 and len(parts) > 1:
        list(threads(os.getpid()).map(function, parts))
    else:
        for part in parts:
            function(part)


def pieces(arrays):
    """Cut arrays of one shape if they are large; the pieces are views."""
    if arrays[0].size > BLOCK and all(a.flags.c_contiguous for a in arrays):
        flat = [a.reshape(-1) for a in arrays]
        return [[a[start:start + BLOCK] for a in flat] for start in range(0, flat[0].size, BLOCK)]
    return [[a[None] for a in arrays]]    # not 0-d, for which NumPy 1 turns float32 into float64


def references(tensor):
    return sys.getrefcount(tensor.numpy(force=True))


ALONE = references(zeros(1))


def free(p):
    """Whether nothing but p holds its array."""
    return p.numpy(force=True).flags.owndata and references(p) == ALONE


class Joined:
    """One array of which all these tensors are parts, until somebody replaces one."""

    def __init__(self, tensors):
        arrays = [tensor.numpy(force=True) for tensor in tensors]
        memory = bytearray(sum(a.nbytes for a in arrays))    # no array owns it, so that a view of
        self.array = np.frombuffer(memory, arrays[0].dtype)  # a part has the part as its base
        ends = accumulate(a.nbytes for a in arrays)
        self.parts = [np.ndarray(a.shape, a.dtype, memory, end - a.nbytes)
                      for a, end in zip(arrays, ends)]
        for tensor, array, part in zip(tensors, arrays, self.parts):
            part[...] = array
            tensor.data = from_numpy(part)
        self.places = [*map(id, self.parts)]

    def holds(self, tensors):
        return [id(tensor.numpy(force=True)) for tensor in tensors] == self.places
