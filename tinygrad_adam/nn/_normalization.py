"""Batch, layer, group and instance normalization as functions: (x - mean) / sqrt(var + eps),
scaled and shifted; and normalization that subtracts no mean.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.layer_norm(tensor([1.0, 2.0, 3.0]), (3,))
tensor([-1.2247,  0.0000,  1.2247])
"""
from __future__ import annotations

import math
from typing import Sequence

import numpy as np

from ..autograd import increment_version
from ..ops import norms
from .._functions.pointwise import rsqrt, square
from .._functions.reductions import mean
from .._functions.shapes import reshape, whole
from .._tensor import Tensor
from . import _errors
from . import _layer_errors as errors
from ._padding import pad
from ._pooling import avg_pool2d


def _check_dtypes(function: str, input: Tensor, **parameters: Tensor | None) -> None:
    if not isinstance(input, Tensor):
        raise _errors.not_tensors(function, input=input)
    dtype = input._array.dtype
    if dtype.kind != 'f':
        raise _errors.needs_floating_point(function, input)
    for name, x in parameters.items():
        if x is None:
            continue
        if not isinstance(x, Tensor):
            raise _errors.not_tensors(function, **{name: x})
        if x._array.dtype != dtype:
            raise errors.parameter_of_another_dtype(function, name, x, input)


def batch_norm(input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
               weight: Tensor | None = None, bias: Tensor | None = None, training: bool = False,
               momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """(input - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each channel.

    input         (N, C) or (N, C, ...)
    running_mean  (C,) or None; the mean unless training, else updated by the batch's mean:
                  running_mean = (1 - momentum) running_mean + momentum mean
    running_var   (C,) or None; likewise, updated by the unbiased variance of the batch
    weight        (C,) or None: 1
    bias          (C,) or None: 0
    training      whether mean and var (biased) are those of the batch
    momentum      the weight of the batch in the running statistics, in [0, 1]
    eps           added to the variance

    Returns a tensor of input's shape. Raises ValueError when training with one value per channel or
    eps <= 0, RuntimeError for sizes that do not match. Ioffe & Szegedy 2015, algorithms 1 and 2.
    """
    _check_dtypes('batch_norm', input, running_mean=running_mean, running_var=running_var,
                  weight=weight, bias=bias)
    shape = input._array.shape
    if shape == (0,):
        return input * 1
    if len(shape) < 2:
        raise errors.no_channels(shape)
    one_each = shape[1:2]
    for name, x in zip(('running_mean', 'running_var', 'weight', 'bias'),
                       (running_mean, running_var, weight, bias)):
        if x is not None and x._array.shape != one_each:
            raise errors.not_one_per_channel(name, x, shape[1])
    if not training and (running_mean is None or running_var is None):
        raise errors.no_running_statistics()
    if (running_mean is None) != (running_var is None):
        raise errors.half_of_running_statistics()
    if len(shape) > 2:
        channels = (-1,) + (1,) * (len(shape) - 2)
        weight, bias = (x if x is None else reshape(x, channels) for x in (weight, bias))
    if 0 in shape:
        out = input if weight is None else input * weight
        return out * 1 if bias is None else out + bias
    if not training:
        if len(shape) > 2:
            running_mean, running_var = (reshape(x, channels) for x in (running_mean, running_var))
        scale = (running_var + eps).rsqrt()
        out = (input - running_mean) * (scale if weight is None else scale * weight)
        return out if bias is None else out + bias
    n = math.prod(shape) // shape[1]
    if n == 1:
        raise errors.one_value_per_channel(shape)
    if eps <= 0:
        raise errors.eps_not_positive(eps)
    dims = (0, *range(2, len(shape)))
    out, mean, var = norms.normalize_over(dims, input, weight, bias, eps)
    if running_mean is not None:
        for running, now in [(running_mean, mean), (running_var, var * (n / (n - 1)))]:
            running._array *= 1 - momentum
            running._array += momentum * now.reshape(-1)
            increment_version(running)
    return out


def layer_norm(input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None,
               bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """(input - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each sample.

    input             (..., *normalized_shape)
    normalized_shape  the sizes of the last dimensions, over which mean and var (biased) are taken
    weight            a tensor of normalized_shape, or None: 1
    bias              a tensor of normalized_shape, or None: 0
    eps               added to the variance

    Returns a tensor of input's shape. Raises RuntimeError for sizes that do not match.
    Ba, Kiros & Hinton 2016.
    """
    _check_dtypes('layer_norm', input, weight=weight, bias=bias)
    shape = whole(normalized_shape, 'layer_norm')
    if not shape or tuple(input.shape[-len(shape):]) != shape or any(
            tuple(x.shape) != shape for x in (weight, bias) if x is not None):
        raise errors.not_normalized_shape(input, shape)
    dims = tuple(range(input.ndim - len(shape), input.ndim))
    return norms.normalize_over(dims, input, weight, bias, eps)[0]


def group_norm(input: Tensor, num_groups: int, weight: Tensor | None = None,
               bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """(input - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each group of
    channels of each sample.

    input       (N, C, ...)
    num_groups  into how many groups of neighbouring channels C is split; must divide it
    weight      (C,) or None: 1
    bias        (C,) or None: 0
    eps         added to the variance (biased)

    Returns a tensor of input's shape. Raises RuntimeError if num_groups does not divide C,
    ValueError if a group has a single value.
    Wu & He 2018.
    """
    _check_dtypes('group_norm', input, weight=weight, bias=bias)
    n, c, *sizes = input._array.shape if input.ndim > 1 else (0, 1)
    if input.ndim < 2 or num_groups < 0 or c % num_groups:
        raise errors.groups_do_not_divide(input, num_groups)
    if n * c // num_groups * math.prod(sizes) == 1:
        raise errors.one_value_per_group(input)
    for name, x in (('weight', weight), ('bias', bias)):
        if x is not None and x._array.shape != (c,):
            raise errors.not_one_for_each_channel(name, x, input)
    grouped = reshape(input, (n, num_groups, c // num_groups * math.prod(sizes)))
    out = reshape(layer_norm(grouped, (grouped.shape[2],), eps=eps), tuple(input.shape))
    channels = (1, -1) + (1,) * (input.ndim - 2)
    out = out if weight is None else out * reshape(weight, channels)
    return out if bias is None else out + reshape(bias, channels)


def instance_norm(input: Tensor, running_mean: Tensor | None = None,
                  running_var: Tensor | None = None, weight: Tensor | None = None,
                  bias: Tensor | None = None, use_input_stats: bool = True,
                  momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """(input - mean) / sqrt(var + eps) * weight + bias, with a mean and var for each channel of
    each sample.

    input            (N, C, ...), with at least one dimension of positions
    running_mean     (C,) or None; updated by the mean over the batch of the samples' means
    running_var      (C,) or None; likewise, of the samples' unbiased variances
    weight           (C,) or None: 1
    bias             (C,) or None: 0
    use_input_stats  whether mean and var (biased) are those of the input, not the running ones
    momentum         the weight of the input in the running statistics, in [0, 1]
    eps              added to the variance

    Returns a tensor of input's shape. Raises ValueError if a channel has a single position.
    Ulyanov et al. 2016.
    """
    _check_dtypes('instance_norm', input, running_mean=running_mean, running_var=running_var,
                  weight=weight, bias=bias)
    if not isinstance(momentum, (int, float)):
        raise errors.momentum_is_no_number(momentum)
    n, c, *sizes = shape = input._array.shape if input.ndim > 1 else (0, 0)
    if use_input_stats and math.prod(sizes) == 1:
        raise errors.one_position(shape)
    repeated = [x if x is None else x.repeat(n) for x in (running_mean, running_var, weight, bias)]
    out = batch_norm(reshape(input, (1, n * c, *sizes)), *repeated, use_input_stats, momentum, eps)
    for running, now in zip((running_mean, running_var), repeated):
        if running is not None:
            running._array[...] = now._array.reshape(n, c).mean(0)
            increment_version(running)
    return reshape(out, shape)


def rms_norm(input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None,
             eps: float | None = None) -> Tensor:
    """input / sqrt(mean(input^2) + eps) * weight, with a mean for each sample: layer_norm that
    subtracts nothing.

    input             (..., *normalized_shape)
    normalized_shape  the sizes of the last dimensions, over which the mean is taken
    weight            a tensor of normalized_shape, or None: 1
    eps               added to the mean; None: the distance from 1 to the next number of the dtype

    Returns a tensor of input's shape. Raises RuntimeError for sizes that do not match. Zhang &
    Sennrich 2019.
    """
    _check_dtypes('rms_norm', input, weight=weight)
    shape = whole(normalized_shape, 'rms_norm')
    if not shape or tuple(input.shape[-len(shape):]) != shape or (
            weight is not None and tuple(weight.shape) != shape):
        raise errors.not_normalized_shape(input, shape)
    eps = float(np.finfo(input._array.dtype).eps) if eps is None else eps
    dims = tuple(range(input.ndim - len(shape), input.ndim))
    out = input * rsqrt(mean(square(input), dims, True) + eps)
    return out if weight is None else out * weight


def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75,
                        k: float = 1.0) -> Tensor:
    """input / (k + alpha * mean(input^2))^beta, with a mean over neighbouring channels, where those
    beyond the first and the last count as 0.

    input  (N, C, ...), of at least three dimensions
    size   how many channels, around each, the mean is taken over
    alpha  a factor
    beta   an exponent
    k      a constant

    Returns a tensor of input's shape. Krizhevsky et al. 2012, section 3.3.
    """
    _check_dtypes('local_response_norm', input)
    if input.ndim < 3:
        raise errors.no_positions('local_response_norm', input)
    if 0 in input.shape:
        return input
    n, c, *sizes = input.shape
    squares = reshape(square(input), (n, 1, c, math.prod(sizes)))
    padded = pad(squares, (0, 0, size // 2, (size - 1) // 2))
    means = reshape(avg_pool2d(padded, (size, 1), 1), tuple(input.shape))
    return input / (means * alpha + k) ** beta
