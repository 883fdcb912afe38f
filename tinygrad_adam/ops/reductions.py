"""From many numbers to fewer: sums, means, extremes. `dim` is None for all, a number or a tuple."""
from __future__ import annotations

import math
import warnings

import numpy as np

from ..autograd import TensorBase, primitive
from ..autograd.arrays import ones
from ..autograd.engine import expand
from .pointwise import exp, isclose, maximum, minimum, root
from ..types import pair
from .indexing import cat, gather, narrow
from .shapes import axis_of, flip, reshape


FEW = 32    # so few numbers side by side take NumPy long to reduce: there are faster ways


def axes(dim, ndim):
    """`dim` as a tuple of non-negative axes; None and () are all. Raises IndexError."""
    if type(dim) is int and ndim:
        return axis_of(dim, ndim),
    if dim is None or dim == ():
        return tuple(range(ndim))
    dims = dim if isinstance(dim, (tuple, list)) else (dim,)
    found = tuple(axis_of(d, ndim) for d in dims)
    if len(set(found)) < len(found):
        raise RuntimeError(f'dim {found[0]} appears multiple times in the list of dims {dim}, and '
                           'a dimension can be reduced once. List it once.')
    return found if ndim else ()


def kept(y, shape, dim):
    """Reshape `y`, something of this shape reduced over `dim`, as if `dim` had been kept."""
    gone = axes(dim, len(shape))
    return reshape(y, tuple(1 if i in gone else n for i, n in enumerate(shape)))


def count(shape, dim):
    return math.prod(shape[i] for i in axes(dim, len(shape)))


def _sum(x, dim=None, keepdim=False, dtype=None):
    """The sum over dim."""
    dim = axes(dim, x.ndim)
    few = x.ndim > 1 and dim == (x.ndim - 1,) and x.shape[-1] < FEW
    if few and x.dtype.kind == 'f' and dtype is None:
        total = x @ ones(x.shape[-1], x.dtype)    # up to 8 times faster over a few numbers
        return total[..., None] if keepdim else total
    return np.add.reduce(x, dim, dtype and dtype.numpy, None, keepdim)


def _mean(x, dim=None, keepdim=False, dtype=None):
    """The mean over dim."""
    if (dtype or x.dtype).kind != 'f':
        raise RuntimeError(f'mean(): could not infer output dtype: a mean of {x.dtype} is no '
                           'whole number. Call float() first, or pass dtype=.')
    n = count(x.shape, dim)
    return np.add.reduce(x, axes(dim, x.ndim), dtype and dtype.numpy, None, keepdim) / (n or np.nan)


def _logsumexp(x, dim, keepdim=False):
    """log(sum(exp(x))) over dim, without overflow."""
    dim = axes(dim, x.ndim)
    if not count(x.shape, dim):
        return np.log(np.sum(np.exp(x), dim, keepdims=keepdim))
    shift = np.max(x, dim, keepdims=True)
    shift = np.where(np.isfinite(shift), shift, 0)
    out = np.log(np.sum(np.exp(x - shift), dim, keepdims=True)) + shift
    return out if keepdim else out.reshape([n for i, n in enumerate(x.shape) if i not in dim])


def filled(name, x, dim):
    if 0 in [x.shape[i] for i in axes(dim, x.ndim)]:
        raise IndexError(f'{name}(): Expected reduction dim {dim} to have non-zero size, but the '
                         f'shape is {x.shape}: nothing has no extreme. Test numel() first.')


def _amax(x, dim=None, keepdim=False):
    """The largest over dim; equal ones share the gradient."""
    filled('amax', x, dim)
    return np.max(x, axes(dim, x.ndim), keepdims=keepdim)


def _amin(x, dim=None, keepdim=False):
    """The smallest over dim; equal ones share the gradient."""
    filled('amin', x, dim)
    return np.min(x, axes(dim, x.ndim), keepdims=keepdim)


def _cumsum(x, dim, dtype=None):
    """Sums of the elements up to each place along dim."""
    x = x if dtype is None else x.astype(dtype.numpy)
    x = x.astype(np.int64) if x.dtype == bool else x
    return np.cumsum(x, axes(dim, x.ndim)[0]) if x.ndim else x


def winners(g, x, best, dim):
    """Share `g` among the elements of `x` that equal the extreme `best`, evenly."""
    best, g = kept(best, x.shape, dim), kept(g, x.shape, dim)
    wins = x == best
    return g * wins / sum(wins, dim, True)


sum = primitive(_sum, lambda g, out, x, dim=None, keepdim=False, dtype=None:
                expand(kept(g, x.shape, dim), shape=x.shape), names='input')
mean = primitive(_mean, lambda g, out, x, dim=None, keepdim=False, dtype=None:
                 expand(kept(g / count(x.shape, dim), x.shape, dim), shape=x.shape), names='input')
logsumexp = primitive(_logsumexp, lambda g, out, x, dim, keepdim=False:
                      kept(g, x.shape, dim) * exp(x - kept(out, x.shape, dim)), names='input')
amax = primitive(_amax, lambda g, out, x, dim=None, keepdim=False: winners(g, x, out, dim),
                 names='input')
amin = primitive(_amin, lambda g, out, x, dim=None, keepdim=False: winners(g, x, out, dim),
                 names='input')
cumsum = primitive(_cumsum, lambda g, out, x, dim, dtype=None:
                   flip(cumsum(flip(g, (dim,)), dim), (dim,)) if x.ndim else g, names='input')


# Which element, or whether any: no derivative.

def _extreme(function):
    def index(x, dim=None, keepdim=False):
        if x.size == 0 and (dim is None or x.shape[dim] == 0):
            raise IndexError(f'{function.__name__}(): Expected reduction dim to be specified and '
                             f'non-empty for shape {x.shape}: nothing is the largest or smallest '
                             'of nothing. Test numel() first.')
        if dim is None or not x.ndim:
            axes(dim, x.ndim)
            return function(x).reshape((1,) * x.ndim if keepdim else ())
        return function(x, axes(dim, x.ndim)[0], keepdims=keepdim)
    index.__name__ = function.__name__
    index.__doc__ = f'Where the {function.__name__[3:]}imum is along dim, or in the flat tensor.'
    return index


def _all(x, dim=None, keepdim=False):
    """Whether all are true."""
    return np.all(x, axes(dim, x.ndim), keepdims=keepdim)


def _any(x, dim=None, keepdim=False):
    """Whether any is true."""
    return np.any(x, axes(dim, x.ndim), keepdims=keepdim)


argmax = primitive(_extreme(np.argmax), names='input')
argmin = primitive(_extreme(np.argmin), names='input')
all = primitive(_all, names='input')
any = primitive(_any, names='input')


# Made of the others.

Extreme = {name: pair(name) for name in ('max', 'min')}


def _max_or_min(name, arg, reduce, pairwise, input, dim, keepdim):
    if dim is None and isinstance(input, TensorBase):
        if input.shape.numel() == 0:
            raise RuntimeError(f'{name}(): Expected reduction dim to be specified for '
                               'input.numel() == 0: nothing has no extreme. Specify dim.')
        return reduce(input)
    if not isinstance(input, TensorBase):
        raise TypeError(f'{name}() got a {type(input).__name__}, not a Tensor. Use torch.tensor().')
    if isinstance(dim, TensorBase):
        return pairwise(input, dim)
    indices = arg(input, dim, True)
    values = gather(input, dim, indices)
    if input.ndim and not keepdim:
        values, indices = (reshape(x, _without(input.shape, dim)) for x in (values, indices))
    return Extreme[name](values, indices)


def _without(shape, dim):
    return tuple(n for i, n in enumerate(shape) if i != dim % len(shape))


def max(input, dim=None, keepdim=False, *, other=None):
    """The largest element; with `dim` (values, indices) along it; with a tensor the larger of each.

    Equal elements share the gradient of the first form; the first of them gets that of the second.
    """
    dim = dim if other is None else other
    return _max_or_min('max', argmax, amax, maximum, input, dim, keepdim)


def min(input, dim=None, keepdim=False, *, other=None):
    """The smallest element; otherwise as `max`."""
    dim = dim if other is None else other
    return _max_or_min('min', argmin, amin, minimum, input, dim, keepdim)


def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product. In pairs, so that the rule of `mul` is enough, zeros or not."""
    x = input if dtype is None else input.to(dtype)
    x = x.long() if x.dtype.kind in 'b' and dtype is None else x
    shape = x.shape
    if dim is None:
        x, axis = reshape(x, (-1,)), 0
    elif not x.ndim:
        axes(dim, 0)
        return x * 1
    else:
        axis = axes(dim, x.ndim)[0]
    while x.shape[axis] > 1:
        half = x.shape[axis] // 2
        rest = narrow(x, axis, 2 * half, x.shape[axis] - 2 * half)
        x = cat([narrow(x, axis, 0, half) * narrow(x, axis, half, half), rest], axis)
    x = x if x.shape[axis] else sum(x, axis, True) + 1
    if dim is None:
        return reshape(x, (1,) * len(shape) if keepdim else ())
    return x if keepdim else reshape(x, _without(shape, axis))


def var(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The mean squared distance from the mean, with n - correction in place of n (1 by default)."""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    rest = count(input.shape, dim) - correction
    if rest <= 0:
        warnings.warn('var(): degrees of freedom is <= 0, so the result is inf or nan. Correction '
                      'should be strictly less than the number of elements.', stacklevel=2)
    away = input - mean(input, dim, True)
    squares = sum(away * away, dim, keepdim)
    return squares / rest if rest > 0 else squares * (1.0 / np.zeros(()))


def std(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The root of `var`; its gradient is 0 where all elements are equal."""
    return root(var(input, dim, unbiased, keepdim, correction=correction))


def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    """(sum |x|^ord)^(1/ord); inf and -inf: the largest and smallest |x|; 0: how many are not 0."""
    x = x if dtype is None else x.to(dtype)
    if x.dtype.kind != 'f':
        raise RuntimeError(f'linalg.vector_norm: Expected a floating point tensor as input. Got '
                           f'{x.dtype}, which has no fractions. Call float() first.')
    if ord == 2:
        return root(sum(x * x, dim, keepdim))
    if ord in (float('inf'), float('-inf')):
        return (amax if ord > 0 else amin)(x.abs(), dim, keepdim)
    if ord == 0:
        return sum(x != 0, dim, keepdim).to(x.dtype) + 0 * sum(x, dim, keepdim)
    if ord == 1:
        return sum(x.abs(), dim, keepdim)
    return sum(x.abs() ** ord, dim, keepdim) ** (1 / ord)


def norm(input, p='fro', dim=None, keepdim=False, dtype=None):
    """`vector_norm` of the flattened dimensions; 'fro' is p=2."""
    if p is None or p == 'fro':
        p = 2
    if isinstance(p, str):
        raise NotImplementedError(f"norm(p={p!r}) is not built: it needs singular values. Use "
                                  "'fro' "
                                  'or a number.')
    return vector_norm(input, p, dim, keepdim, dtype=dtype)


def mean_and_var(x, dim):
    """The mean and the biased variance, with dim kept: what normalisations need."""
    centre = mean(x, dim, True)
    away = x - centre
    return centre, mean(away * away, dim, True)


def allclose(input, other, rtol=1e-5, atol=1e-8, equal_nan=False) -> bool:
    """Whether all elements differ by at most atol + rtol |other|."""
    return bool(isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan).all())


def equal(input, other) -> bool:
    """Whether both have the same shape and elements."""
    return input.shape == other.shape and bool((input == other).all())
