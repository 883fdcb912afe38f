"""What makes a step fast: a rule is given small parameters together, and large ones in pieces.

A rule passes over its arrays a dozen times. If they are large, each pass fetches them from memory
anew; so they are cut into blocks that stay in the processor's cache, with all that is computed from
them on the way. If they are small, calling NumPy takes longer than the work; so they are joined:
their memories lie in one array, of which `state[p]['exp_avg']` and so on are views, and parameters
and gradients are copied into one for the step, the parameters back after it.

What this buys, for each optimizer and size: `python benchmarks/optimizers.py`.
"""
from itertools import accumulate

import numpy as np

from ..creation import from_numpy

SMALL = 2**16   # elements; to copy more takes longer than to call NumPy
BLOCK = 2**17   # elements: 512 KB of float32

# Memory of the size of a block that is freed goes back to the system, and to get it again costs
# more than a rule; unless glibc's malloc has seen a larger piece freed. This one is never touched.
np.empty(30 * 2**20, np.uint8)


def lots(counted):
    """Sort pairs (parameter, its counts) into lots that move as one: ([parameters], counts).

    Small ones with equal counts are together, but not two that share memory.
    """
    small, seen = {}, {}
    for p, counts in counted:
        array = p.numpy(force=True)
        owner = id(array if array.base is None else array.base)
        seen[owner] = seen.get(owner, 0) + 1
        if array.size > SMALL:
            yield [p], counts
        else:
            alike = array.dtype, seen[owner], *counts.values()
            small.setdefault(alike, ([], counts))[0].append(p)
    yield from small.values()


def blocks(params, memories):
    """What a rule is applied to, again and again: (parameters, gradients, *memories), as arrays.

    What it does to these is done to the parameters. Memories are joined like the parameters.
    """
    arrays = [p.numpy(force=True) for p in params]
    gradients = [p.grad.numpy(force=True) for p in params]
    if len(params) == 1:
        yield from pieces([*arrays, *gradients, *memories])
    else:
        x, g = [np.concatenate(xs, axis=None) for xs in (arrays, gradients)]
        yield from pieces([x, g, *memories])
        for array, moved in zip(arrays, cut(x, arrays)):
            array[...] = moved


def pieces(arrays):
    """Cut arrays of one shape if they are large; the pieces are views."""
    if arrays[0].size > BLOCK and all(a.flags.c_contiguous for a in arrays):
        flat = [a.reshape(-1) for a in arrays]
        for start in range(0, arrays[0].size, BLOCK):
            yield [a[start:start + BLOCK] for a in flat]
    else:
        yield [a[None] for a in arrays]   # not 0-d, for which NumPy 1 turns float32 into float64


def cut(joined, arrays):
    """The views of a joined array that stand for these arrays."""
    ends = accumulate(a.size for a in arrays)
    return [joined[end - a.size:end].reshape(a.shape) for a, end in zip(arrays, ends)]


class Joined:
    """One array of which all these tensors are views, until somebody replaces one."""

    def __init__(self, tensors):
        arrays = [tensor.numpy() for tensor in tensors]
        self.array = np.concatenate(arrays, axis=None)
        self.views = cut(self.array, arrays)
        for tensor, view in zip(tensors, self.views):
            tensor.data = from_numpy(view)

    def holds(self, tensors):
        return [id(tensor.numpy()) for tensor in tensors] == [*map(id, self.views)]
