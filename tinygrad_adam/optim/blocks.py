"""What makes a step fast: a rule is given its arrays in blocks that fit the processor's cache.

A rule passes over its arrays a dozen times. If they are large, each pass fetches them from memory
anew; if they are small, calling NumPy takes longer than the work. So a large parameter is cut into
blocks, and small ones are joined to a block. For this their memories lie in one array, of which
`state[p]['exp_avg']` and so on are views. Parameters and gradients stay where they are: they are
copied into a block, and the parameters back.

Adam, float32, against the rule on one whole parameter after the other: 10 million weights in one
tensor 3 times faster, 100 thousand in 20 tensors 1.4 times (`benchmarks/optimizers.py`).
"""
from itertools import accumulate

import numpy as np

BLOCK = 2**16   # elements: 256 KB of float32; p, g, m, v and the temporaries stay in the L2 cache

# Blocks of memory this large that are freed go back to the system, and to get them again costs more
# than a rule; unless glibc's malloc has seen a larger one freed. This one is never touched.
np.empty(30 * 2**20, np.uint8)


def joined(arrays):
    """All elements, one array after the other, in one new array."""
    return np.concatenate(arrays, axis=None)


def cut(flat, arrays):
    """The views of a joined array that stand for these."""
    ends = accumulate(a.size for a in arrays)
    return [flat[end - a.size:end].reshape(a.shape) for a, end in zip(arrays, ends)]


def blocks(arrays, gradients, memories):
    """Triples (part of the parameters, of their gradients, of their memories) to apply a rule to.

    What is done to the parts is done to the arrays. Memories are joined already: {name: array}.
    """
    apart = len(arrays) > 1 or not arrays[0].flags.c_contiguous
    x = joined(arrays) if apart else arrays[0].reshape(-1)
    g = joined(gradients) if len(arrays) > 1 else gradients[0].reshape(-1)
    for start in range(0, x.size, BLOCK):
        part = slice(start, start + BLOCK)
        yield x[part], g[part], {name: memory[part] for name, memory in memories.items()}
    if apart:
        for array, piece in zip(arrays, cut(x, arrays)):
            array[...] = piece
