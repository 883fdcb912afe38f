"""What the engine does to arrays: undo broadcasting, convert, copy; and whose memory is whose."""
from functools import lru_cache

import numpy as np


def owner(array):
    """The array whose memory this one looks at, itself if there is none."""
    return array.base if isinstance(array.base, np.ndarray) else array


def ones(n, dtype):
    """A vector of ones, not to be changed: the product with it is a sum, and BLAS is fast.

    Small ones are kept, since to make one takes as long as the product.
    """
    return _ones(n, dtype) if n <= 2**12 else np.ones(n, dtype)


@lru_cache(maxsize=64)
def _ones(n, dtype):
    found = np.ones(n, dtype)
    found.flags.writeable = False
    return found


def sum_to(x, shape):
    """The sum over what broadcasting added to this shape: new dimensions, stretched ones."""
    new = x.ndim - len(shape)
    if new == 1 and x.ndim == 2 and shape == x.shape[1:]:     # a bias
        return ones(len(x), x.dtype) @ x
    stretched = [new + i for i, n in enumerate(shape) if n == 1]
    return x.sum(axis=(*range(new), *stretched), keepdims=True).reshape(shape)


def cast(x, dtype):
    return x.astype(dtype)


def clone(x):
    """A copy; gradients flow through it."""
    return np.array(x, order='K')
