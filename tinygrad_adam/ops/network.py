"""What networks use besides: smooth activations, softmax, cross-entropy, normalisation.

Each could be written with the rows of the other files; here it is one row because that is faster
(softmax, cross-entropy), or because the composed form overflows (log of a sigmoid).
"""
from __future__ import annotations

import math

import numpy as np

from ..autograd import constant, primitive
from ..autograd.arrays import ones
from ..autograd.engine import expand
from .indexing import getitem
from .pointwise import _sigmoid, clamped, exp, log, sigmoid, where
from .reductions import FEW, count, sum
from .shapes import squeeze, unsqueeze

# Activations.

_erf_of_one = np.frompyfunc(math.erf, 1, 1)     # NumPy has none


def _erf(x):
    return np.asarray(_erf_of_one(x)).astype(x.dtype)


# np.where takes ten times as long as arithmetic if its condition changes at random.

def _leaky_relu(x, slope):
    return np.maximum(x, x * slope) if 0 < slope <= 1 else np.where(x > 0, x, x * slope)


def _slopes(x, slope):
    """1 where x > 0, slope elsewhere."""
    above = x > 0
    return above + ~above * x.dtype.type(slope)


def _elu(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _softplus(x, beta, threshold):
    z = x * beta
    smooth = (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / beta
    return np.where(z > threshold, x, smooth)


def _logsigmoid(x):
    """log(sigmoid(x)), without overflow."""
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def _silu(x):
    return x * _sigmoid(x)


erf = primitive(_erf, lambda g, out, x: g * exp(-x * x) * (2 / 3.141592653589793 ** 0.5))
slopes = primitive(_slopes)
leaky_relu = primitive(_leaky_relu, lambda g, out, x, slope: g * slopes(x, slope=slope))
elu = primitive(_elu, lambda g, out, x, alpha: g * where(x > 0, 1.0, alpha * exp(x)))
softplus = primitive(_softplus, lambda g, out, x, beta, threshold:
                     g * where(x * beta > threshold, 1.0, sigmoid(x * beta)))
logsigmoid = primitive(_logsigmoid, lambda g, out, x: g * sigmoid(-x))
silu = primitive(_silu, lambda g, out, x: g * (sigmoid(x) * (1 - out) + out))


# Softmax: exp(x) / sum exp(x) along a dimension. The largest x is subtracted first: the result is
# the same, and exp cannot overflow.

def _below_the_largest(x, dim):
    if x.shape[dim] < FEW and x.strides[dim] == x.itemsize:
        x = np.asfortranarray(x)    # lines are fast to reduce
    return x - np.maximum.reduce(x, dim, keepdims=True, initial=-np.inf)


def _softmax(x, dim):
    e = np.exp(_below_the_largest(x, dim))
    e /= np.add.reduce(e, dim, keepdims=True)
    return e


def _log_softmax(x, dim):
    z = _below_the_largest(x, dim)
    z -= np.log(np.add.reduce(np.exp(z), dim, keepdims=True))
    return z


def _placed(y, labels, classes):
    """y (n,) at the labels among so many classes, and zeros elsewhere: (n, c).

    As `put`, but faster, since no place is named twice; and in lines if log_softmax has them.
    """
    x = np.zeros((len(labels), classes), y.dtype, 'F' if classes < FEW else 'C')
    x[np.arange(len(labels)), labels] = y
    return x


def _nll(logs, labels, share):
    """Minus the sum of the logs (n, c) at the labels (n,), each times its share (n,)."""
    logs = logs[np.arange(len(labels)), labels]
    return -(np.where(share, logs, 0) @ share)      # 0 times infinity is 0 here


softmaxed = primitive(_softmax, lambda g, out, x, dim: (g - sum(g * out, dim, True)) * out)
log_softmaxed = primitive(_log_softmax, lambda g, out, x, dim: g - exp(out) * sum(g, dim, True))
placed = primitive(_placed, lambda g, out, y, labels, classes:
                   getitem(g, index=(np.arange(len(labels)), labels)), constant)
nll = primitive(_nll, lambda g, out, logs, labels, share:
                placed(-g * share, labels, classes=logs.shape[1]), constant, constant)


def _along(function, input, dim, dtype):
    if dim is None:
        raise TypeError(f'{function.__name__}() got no dim: which numbers should sum to 1 is not '
                        'to be guessed. Give dim=-1 for the last dimension, dim=1 for class '
                        'scores.')
    x = input if dtype is None else input.to(dtype)
    if x.dtype.kind != 'f':
        raise RuntimeError(f'{function.__name__} is not implemented for {x.dtype}: its results are '
                           'fractions. Use float() first.')
    if not x.ndim:
        return squeeze(_along(function, unsqueeze(x, 0), dim, None), 0)
    return function(x, dim=dim)


def softmax(input, dim=None, _stacklevel=3, dtype=None):
    """exp(x) / sum exp(x) along dim: positive, with sum 1."""
    return _along(softmaxed, input, dim, dtype)


def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """The logarithm of softmax, exact where softmax itself underflows."""
    return _along(log_softmaxed, input, dim, dtype)


def _binary_cross_entropy(p, t):
    with np.errstate(divide='ignore'):
        return -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log(1 - p), -100))


def log_of(p):
    return clamped(log(p), -100.0, None)


binary_cross_entropy = primitive(                                # log counts as at least -100
    _binary_cross_entropy,
    lambda g, out, p, t: g * (p - t) / clamped(p * (1 - p), 1e-12, None),
    lambda g, out, p, t: g * (log_of(1 - p) - log_of(p)))


# Normalisation, of batches, layers and groups: subtract the mean, then multiply by r, which is one
# over the standard deviation, and by a weight, and add a bias.

def _average(x, dim):
    """mean(x, dim, True) for a tuple dim, with fewer questions: norms ask for it five times."""
    if dim == (0,) and x.ndim == 2:
        total = ones(len(x), x.dtype)[None] @ x
    else:
        total = np.add.reduce(x, dim, keepdims=True)
    return total / max(1, x.size // max(1, total.size))


def _centred(x, mean, dim):
    return x - mean


def _inverse_deviation(d, dim, eps):
    return 1 / np.sqrt(_average(d * d, dim) + eps)


def _normalized(d, r, weight, bias, dim, eps):
    out = d * (r if weight is None else r * weight)
    return out if bias is None else out + bias


def r_of(d, r, dim, eps):
    """r; if gradients are to be differentiated, as what it is, a function of d."""
    return r if isinstance(d, np.ndarray) else inverse_deviation(d, dim=dim, eps=eps)


def shortened(g, d, r, weight, dim, eps):
    """The gradient in d: where d grows, r shrinks, which takes what lies along d out of g."""
    g, r = g if weight is None else g * weight, r_of(d, r, dim, eps)
    return (g - d * (r * r * average(g * d, dim=dim))) * r


average = primitive(_average, lambda g, out, x, dim:
                    expand(g / count(x.shape, dim), shape=x.shape))
centred = primitive(_centred, lambda g, out, x, mean, dim: g - average(g, dim=dim))
inverse_deviation = primitive(_inverse_deviation, lambda g, out, d, dim, eps:
                              -g * out * out * out * d / count(d.shape, dim))
normalized = primitive(_normalized,
                       lambda g, out, d, r, weight, bias, dim, eps:
                       shortened(g, d, r, weight, dim, eps),
                       None,
                       lambda g, out, d, r, weight, bias, dim, eps: g * (d * r_of(d, r, dim, eps)),
                       lambda g, out, d, r, weight, bias, dim, eps: g)


def normalize_over(dim, input, weight, bias, eps):
    """The result, and mean and variance as arrays. The graph does not see them, nor r: the rules
    know how they depend on the input."""
    mean = _average(input._array, dim)
    away = centred(input, mean, dim=dim)
    var = _average(away._array * away._array, dim)
    return normalized(away, 1 / np.sqrt(var + eps), weight, bias, dim=dim, eps=eps), mean, var
