"""Deep learning on NumPy, small enough to read, with the names and numbers of PyTorch.

Read the source in this order: `autograd/graph.py` from its top, `autograd/primitive.py`, ten rows
of `ops/pointwise.py`, `optim/adam.py`. What is here exists in PyTorch under the same name; what
PyTorch does not have is in `tinygrad_adam.teach`.
"""
import builtins as _builtins
import math as _math
import sys as _sys
from typing import TYPE_CHECKING
from typing import Any as _Any

from . import autograd as autograd
from . import random as random
from ._functions._arguments import tensor as _tensor_given
from ._functions.creation import (
    arange as arange, as_tensor as as_tensor, bernoulli as bernoulli, empty as empty,
    empty_like as empty_like, eye as eye, from_numpy as from_numpy, full as full,
    full_like as full_like, linspace as linspace, logspace as logspace, meshgrid as meshgrid,
    multinomial as multinomial, normal as normal, ones as ones, ones_like as ones_like,
    poisson as poisson, rand as rand, rand_like as rand_like, randint as randint,
    randint_like as randint_like, randn as randn, randn_like as randn_like, randperm as randperm,
    tensor as tensor, tril_indices as tril_indices, triu_indices as triu_indices, zeros as zeros,
    zeros_like as zeros_like)
from ._functions.counting import (
    bucketize as bucketize, histc as histc, histogram as histogram, isin as isin,
    searchsorted as searchsorted)
from ._functions.dtypes import (
    can_cast as can_cast, is_complex as is_complex, is_floating_point as is_floating_point,
    is_nonzero as is_nonzero, is_signed as is_signed, promote_types as promote_types,
    result_type as result_type)
from ._functions.indexing import (
    cat as cat, cat as concat, cat as concatenate, chunk as chunk, diagonal as diagonal,
    gather as gather, index_select as index_select, masked_fill as masked_fill, narrow as narrow,
    scatter_add as scatter_add, split as split, stack as stack, tril as tril, triu as triu,
    unbind as unbind)
from ._functions.joining import (
    atleast_1d as atleast_1d, atleast_2d as atleast_2d, atleast_3d as atleast_3d,
    broadcast_to as broadcast_to, cartesian_prod as cartesian_prod, column_stack as column_stack,
    combinations as combinations, diag as diag, diag_embed as diag_embed, dstack as dstack,
    fliplr as fliplr, flipud as flipud, hstack as hstack, kron as kron, movedim as movedim,
    movedim as moveaxis, ravel as ravel, rot90 as rot90, tile as tile, trace as trace,
    unflatten as unflatten, vstack as vstack, vstack as row_stack)
from ._functions.linalg import (
    cholesky_inverse as cholesky_inverse, cholesky_solve as cholesky_solve, det as det,
    inv as inverse, logdet as logdet, matrix_power as matrix_power, slogdet as slogdet)
from ._functions.outputs import take_outputs as _take_outputs
from ._functions.pieces import (
    block_diag as block_diag, broadcast_shapes as broadcast_shapes, diagflat as diagflat,
    dsplit as dsplit, hsplit as hsplit, select as select, split_with_sizes as split_with_sizes,
    tensor_split as tensor_split, vsplit as vsplit)
from ._functions.pointwise import (
    abs as abs, add as add, atan as atan, ceil as ceil, clamp as clamp, clone as clone, cos as cos,
    cosh as cosh, div as div, eq as eq, exp as exp, expm1 as expm1, floor as floor,
    floor_divide as floor_divide, ge as ge, gt as gt, isclose as isclose, isfinite as isfinite,
    isinf as isinf, isnan as isnan, le as le, lerp as lerp, log as log, log1p as log1p,
    log2 as log2, logaddexp as logaddexp, logical_and as logical_and, logical_not as logical_not,
    logical_or as logical_or, logical_xor as logical_xor, lt as lt, maximum as maximum,
    minimum as minimum, mul as mul, ne as ne, neg as neg, positive as positive, pow as pow,
    reciprocal as reciprocal, relu as relu, remainder as remainder, round as round, rsqrt as rsqrt,
    sigmoid as sigmoid, sign as sign, sin as sin, sinh as sinh, sqrt as sqrt, square as square,
    sub as sub, tan as tan, tanh as tanh, trunc as trunc, where as where)
from ._functions.pointwise import (
    abs as absolute, atan as arctan, clamp as clip, div as divide, gt as greater,
    ge as greater_equal, lt as less, le as less_equal, mul as multiply, neg as negative,
    ne as not_equal, sub as subtract, div as true_divide, trunc as fix)
from ._functions.products import (
    bmm as bmm, dot as dot, einsum as einsum, matmul as matmul, mm as mm, mv as mv, outer as outer)
from ._functions.products import dot as vdot, outer as ger
from ._functions.products import (
    addmm as addmm, addmv as addmv, baddbmm as baddbmm, inner as inner, tensordot as tensordot)
from ._functions.reductions import (
    all as all, allclose as allclose, amax as amax, amin as amin, aminmax as aminmax, any as any,
    argmax as argmax, argmin as argmin, cumsum as cumsum, equal as equal, logsumexp as logsumexp,
    max as max, mean as mean, min as min, norm as norm, prod as prod, std as std, sum as sum,
    var as var)
from ._functions.scattering import (
    index_add as index_add, index_copy as index_copy, index_fill as index_fill,
    index_put as index_put, masked_scatter as masked_scatter, masked_select as masked_select,
    repeat_interleave as repeat_interleave, scatter as scatter, scatter_reduce as scatter_reduce,
    take as take, take_along_dim as take_along_dim)
from ._functions.shapes import (
    broadcast_tensors as broadcast_tensors, flatten as flatten, flip as flip, permute as permute,
    reshape as reshape, roll as roll, squeeze as squeeze, t as t, transpose as transpose,
    transpose as swapaxes, transpose as swapdims, unsqueeze as unsqueeze)
from ._functions.softmax import log_softmax as log_softmax, softmax as softmax
from ._functions.sorting import (
    argsort as argsort, argwhere as argwhere, bincount as bincount, count_nonzero as count_nonzero,
    msort as msort, nonzero as nonzero, sort as sort, topk as topk, unique as unique,
    unique_consecutive as unique_consecutive)
from ._functions.special import (
    acos as acos, acos as arccos, acosh as acosh, acosh as arccosh, addcdiv as addcdiv,
    addcmul as addcmul, asin as asin, asin as arcsin, asinh as asinh, asinh as arcsinh,
    atan2 as atan2, atan2 as arctan2, atanh as atanh, atanh as arctanh, bitwise_and as bitwise_and,
    bitwise_not as bitwise_not, bitwise_or as bitwise_or, bitwise_xor as bitwise_xor,
    clamp_max as clamp_max, clamp_min as clamp_min, copysign as copysign, deg2rad as deg2rad,
    digamma as digamma, erf as erf, erfc as erfc, erfinv as erfinv, exp2 as exp2,
    float_power as float_power, fmax as fmax, fmin as fmin, fmod as fmod, frac as frac, gcd as gcd,
    heaviside as heaviside, hypot as hypot, isneginf as isneginf, isposinf as isposinf, lcm as lcm,
    ldexp as ldexp, lgamma as lgamma, log10 as log10, logaddexp2 as logaddexp2, logit as logit,
    nan_to_num as nan_to_num, polygamma as polygamma, rad2deg as rad2deg, sgn as sgn,
    signbit as signbit, sinc as sinc, xlogy as xlogy)
from ._functions.statistics import (
    cdist as cdist, corrcoef as corrcoef, cov as cov, cummax as cummax, cummin as cummin,
    cumprod as cumprod, cumulative_trapezoid as cumulative_trapezoid, diff as diff, dist as dist,
    kthvalue as kthvalue, logcumsumexp as logcumsumexp, median as median, mode as mode,
    nanmean as nanmean, nanmedian as nanmedian, nansum as nansum, quantile as quantile,
    std_mean as std_mean, trapezoid as trapezoid, trapezoid as trapz, vander as vander,
    var_mean as var_mean)
from ._missing import complete as _complete
from ._printing import set_printoptions as set_printoptions
from ._settings import (
    are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled,
    get_default_device as get_default_device, get_default_dtype as get_default_dtype,
    get_float32_matmul_precision as get_float32_matmul_precision,
    set_default_device as set_default_device, set_default_dtype as set_default_dtype,
    set_default_tensor_type as set_default_tensor_type,
    set_float32_matmul_precision as set_float32_matmul_precision,
    use_deterministic_algorithms as use_deterministic_algorithms)
from ._tensor import Tensor as Tensor
from ._tensor_types import (
    BoolTensor as BoolTensor, ByteTensor as ByteTensor, CharTensor as CharTensor,
    DoubleTensor as DoubleTensor, FloatTensor as FloatTensor, IntTensor as IntTensor,
    LongTensor as LongTensor, ShortTensor as ShortTensor)
from .autograd import (
    enable_grad as enable_grad, inference_mode as inference_mode,
    is_grad_enabled as is_grad_enabled, no_grad as no_grad, set_grad_enabled as set_grad_enabled)
from .random import (
    Generator as Generator, default_generator as default_generator, get_rng_state as get_rng_state,
    initial_seed as initial_seed, manual_seed as manual_seed, seed as seed,
    set_rng_state as set_rng_state)
from .types import (
    Size as Size, device as device, dtype as dtype, finfo as finfo, iinfo as iinfo,
    bfloat16 as bfloat16, float16 as float16, float32 as float32, float64 as float64, int8 as int8,
    int16 as int16, int32 as int32, int64 as int64, uint8 as uint8,
    channels_last as channels_last, channels_last_3d as channels_last_3d,
    contiguous_format as contiguous_format, memory_format as memory_format,
    preserve_format as preserve_format)
from .types import bool_ as _bool

if TYPE_CHECKING:      # imported on first use: see _missing.py
    from . import accelerator as accelerator
    from . import amp as amp
    from . import backends as backends
    from . import cuda as cuda
    from . import distributed as distributed
    from . import distributions as distributions
    from . import func as func
    from . import functional as functional
    from . import linalg as linalg
    from . import nn as nn
    from . import optim as optim
    from . import serialization as serialization
    from . import special as special
    from . import testing as testing
    from . import utils as utils
    from . import version as version
    from ._compile import compile as compile
    from ._functions.older_linalg import (
        chain_matmul as chain_matmul, cholesky as cholesky, cross as cross, pinverse as pinverse,
        qr as qr, svd as svd)
    from ._threads import (
        get_num_interop_threads as get_num_interop_threads, get_num_threads as get_num_threads,
        set_num_interop_threads as set_num_interop_threads, set_num_threads as set_num_threads)
    from .amp import GradScaler as GradScaler, autocast as autocast
    from .func import vmap as vmap
    from .nn._functions_of_torch import (
        alpha_dropout as alpha_dropout, celu as celu, dropout as dropout, max_pool1d as max_pool1d,
        max_pool2d as max_pool2d, rrelu as rrelu, selu as selu, threshold as threshold)
    from .nn.functional import (
        adaptive_avg_pool1d as adaptive_avg_pool1d, avg_pool1d as avg_pool1d, bilinear as bilinear,
        celu_ as celu_, channel_shuffle as channel_shuffle, conv1d as conv1d, conv2d as conv2d,
        conv_transpose1d as conv_transpose1d, conv_transpose2d as conv_transpose2d,
        cosine_similarity as cosine_similarity, group_norm as group_norm, hardshrink as hardshrink,
        layer_norm as layer_norm, pairwise_distance as pairwise_distance, pdist as pdist,
        pixel_shuffle as pixel_shuffle, pixel_unshuffle as pixel_unshuffle, prelu as prelu,
        relu_ as relu_, rms_norm as rms_norm, rrelu_ as rrelu_, selu_ as selu_,
        threshold_ as threshold_)
    from .serialization import load as load, save as save

__version__ = '0.1.0'


def is_tensor(obj: _Any) -> _builtins.bool:
    """Whether obj is a Tensor.

    obj  anything
    """
    return isinstance(obj, Tensor)


def numel(input: Tensor) -> _builtins.int:
    """The number of elements.

    input  a tensor
    """
    return _tensor_given(input, 'numel').numel()


newaxis: None = None
inf: _builtins.float = _math.inf
nan: _builtins.float = _math.nan
pi: _builtins.float = _math.pi
e: _builtins.float = _math.e

_take_outputs(vars(_sys.modules[__name__]))

# What is not built is refused by name.
_complete(_sys.modules[__name__], autograd, autograd.graph, random)

# Last, since these hide Python's own names:
float: dtype = float32
double: dtype = float64
half: dtype = float16
long: dtype = int64
int: dtype = int32
short: dtype = int16
bool: dtype = _bool
