"""Deep learning on NumPy, small enough to read, with the names and numbers of PyTorch.

Read the source in this order: `autograd/engine.py` from its top, ten rows of `ops/pointwise.py`,
`optim/adam.py`. Whatever is here exists in PyTorch at the same place; what PyTorch does not have
is in `tinygrad_adam.teach`.
"""
import math as _math
import warnings as _warnings

from . import autograd, cuda, linalg, nn, optim, random, utils
from .autograd import functional as _functional  # noqa: F401, as autograd.functional
from .autograd.engine import clone
from .autograd import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from .creation import (
    arange, as_tensor, bernoulli, empty, empty_like, eye, from_numpy, full, full_like, linspace,
    meshgrid, multinomial, ones, ones_like, rand, rand_like, randint, randint_like, randn,
    randn_like, randperm, tensor, zeros, zeros_like)
from .ops.indexing import (
    cat, chunk, diagonal, gather, index_select, masked_fill, narrow, scatter_add, split, stack,
    tril, triu, unbind)
from .ops.linalg import bmm, dot, einsum, matmul, mm, mv, outer
from .ops.network import log_softmax, softmax
from .ops.pointwise import (
    abs, add, atan, ceil, clamp, cos, cosh, div, eq, exp, expm1, floor, floor_divide, ge, gt,
    isclose, isfinite, isinf, isnan, le, lerp, log, log1p, log2, logaddexp, logical_and,
    logical_not, logical_or, logical_xor, lt, maximum, minimum, mul, ne, neg, pow, reciprocal, relu,
    remainder, round, rsqrt, sigmoid, sign, sin, sinh, sqrt, square, sub, tan, tanh, trunc, where)
from .ops.reductions import (
    all, allclose, amax, amin, any, argmax, argmin, cumsum, equal, logsumexp, max, mean, min, norm,
    prod, std, sum, var)
from .ops.shapes import (
    broadcast_tensors, flatten, flip, permute, reshape, roll, squeeze, t, transpose, unsqueeze)
from .ops.sorting import argsort, bincount, count_nonzero, nonzero, sort, topk, unique
from .printing import set_printoptions
from .random import (Generator, default_generator, get_rng_state, initial_seed, manual_seed,
                     set_rng_state)
from .serialization import load, save
from .tensor import Tensor
from .types import (Size, bool_ as _bool, device, dtype, float32, float64, int8, int16, int32,
                    int64, uint8)

FloatTensor = Tensor


def DoubleTensor(data) -> Tensor:
    """A float64 tensor of the data."""
    return tensor(data, dtype=float64)


def LongTensor(data) -> Tensor:
    """An int64 tensor of the data."""
    return tensor(data, dtype=int64)


def BoolTensor(data) -> Tensor:
    """A bool tensor of the data."""
    return tensor(data, dtype=_bool)


def is_tensor(obj):
    """Whether it is a Tensor."""
    return isinstance(obj, Tensor)


def numel(input: Tensor):
    """The number of elements."""
    return input.numel()


def get_default_dtype() -> dtype:
    """The dtype of new tensors of fractions: always float32 here."""
    return float32


inf, nan, pi, e = _math.inf, _math.nan, _math.pi, _math.e
__version__ = '0.1.0'

# 1 / 0 is inf and 0 / 0 nan without a warning, as in PyTorch, inside this package and only here.
_warnings.filterwarnings('ignore', category=RuntimeWarning, module=__name__)

# Last, since they hide Python's own names:
float, double, long, int, bool = float32, float64, int64, int32, _bool
