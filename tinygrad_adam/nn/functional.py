"""Layers as functions: what a module computes, with its parameters as arguments.

Images are (N, C, H, W): number, channel, height, width. Where PyTorch's documentation gives a
formula, the function is that formula: https://pytorch.org/docs/stable/nn.functional.html
"""
from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from ..autograd import increment_version
from ..creation import one_hot
from ..ops import images, network, pointwise
from ..ops.linalg import linear as affine_map, matmul
from ..ops.network import log_softmax, logsigmoid, softmax
from ..ops.pointwise import clamp, sigmoid, tanh
from ..ops.reductions import sum, vector_norm
from ..ops.indexing import getitem, index, masked_fill, padded
from ..ops.shapes import broadcast_tensors, reshape, squeeze, transpose, unsqueeze
from ..random import uniform
from ..tensor import Tensor
from .ctc import ctc_loss
from .losses import (binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy,
                     huber_loss, kl_div, l1_loss, mse_loss, nll_loss, smooth_l1_loss)

__all__ = [
    'adaptive_avg_pool2d', 'avg_pool2d', 'batch_norm', 'binary_cross_entropy',
    'binary_cross_entropy_with_logits', 'conv1d', 'conv2d', 'conv_transpose2d',
    'cosine_similarity', 'cross_entropy', 'ctc_loss', 'dropout', 'elu', 'embedding', 'gelu',
    'group_norm', 'huber_loss', 'interpolate', 'kl_div', 'l1_loss', 'layer_norm', 'leaky_relu',
    'linear', 'log_softmax', 'logsigmoid', 'max_pool2d', 'mse_loss', 'nll_loss', 'normalize',
    'one_hot', 'pad', 'relu', 'scaled_dot_product_attention', 'sigmoid', 'silu', 'smooth_l1_loss',
    'softmax', 'softplus', 'tanh']


def linear(input: Tensor, weight: Tensor, bias: Tensor = None) -> Tensor:
    """input (..., in) @ weight.T (in, out) + bias (out,)."""
    if weight.ndim == 1:
        out = matmul(input, weight)
        return out if bias is None else out + bias
    return affine_map(input, weight, bias)


# Activations.

def _activation(function, input, inplace, **options):
    return input._change(function, **options) if inplace else function(input, **options)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0)."""
    return _activation(pointwise.relu, input, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, negative_slope x elsewhere."""
    return _activation(network.leaky_relu, input, inplace, slope=negative_slope)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, alpha (exp(x) - 1) elsewhere. Clevert et al. 2016."""
    return _activation(network.elu, input, inplace, alpha=alpha)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x sigmoid(x), also called swish."""
    return _activation(network.silu, input, inplace)


def gelu(input: Tensor, approximate: str = 'none') -> Tensor:
    """x P(X < x) for a standard normal X; 'tanh' is an approximation. Hendrycks & Gimpel 2016."""
    if approximate == 'none':
        return 0.5 * input * (1 + network.erf(input * 0.5 ** 0.5))
    if approximate == 'tanh':
        return 0.5 * input * (1 + tanh((2 / math.pi) ** 0.5 * (input + 0.044715 * input ** 3)))
    raise RuntimeError("gelu: approximate argument must be either 'none' or 'tanh', not "
                       f'{approximate!r}: there are these two formulas. Choose one.')


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """log(1 + exp(beta x)) / beta, and x where beta x > threshold."""
    return network.softplus(input, beta=beta, threshold=threshold)


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Set each element to 0 with probability p, scale the others by 1 / (1 - p); only in training.

    Srivastava et al. 2014; the scale (of the original, in testing) keeps the mean.
    """
    if not 0 <= p <= 1:
        raise ValueError(f'dropout probability has to be between 0 and 1, but got {p}: it is a '
                         'probability. Give a share such as 0.5.')
    if not training or p == 0:
        return input
    scale = input._array.dtype.type(1 / (1 - p) if p < 1 else 0)
    keep = (uniform(input.shape) >= p) * scale
    return _activation(pointwise.mul, input, inplace, other=keep)


# Images.

def _pair(name, value):
    if type(value) is tuple and len(value) == 2 and type(value[0]) is type(value[1]) is int:
        return value                                                      # as layers give it
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    pair = pair * 2 if len(pair) == 1 else pair
    if len(pair) != 2 or not all(isinstance(n, (int, np.integer)) for n in pair):
        raise TypeError(f'{name} is {value!r}: images have a height and a width. Give a whole '
                        'number or a pair.')
    return pair


def _batched(function, input, ndim=4):
    """Call function with a batch; one image (C, H, W) is a batch of one."""
    if input.ndim == ndim - 1:
        return squeeze(function(unsqueeze(input, 0)), 0)
    if input.ndim != ndim:
        raise RuntimeError(f'Expected {ndim - 1}D (unbatched) or {ndim}D (batched) input, but got '
                           f'input of size: {list(input.shape)}. Reshape it to (N, C, ...).')
    return function(input)


@lru_cache
def _check_conv(shape, filters, stride, padding, dilation, groups):
    if min(stride) < 1 or min(dilation) < 1 or groups < 1:
        raise RuntimeError(f'conv2d: stride {stride}, dilation {dilation} and groups {groups} must '
                           'be greater than zero: they count steps and parts. Give 1 or more.')
    if shape[1] != filters[1] * groups or filters[0] % groups:
        raise RuntimeError(f'Given groups={groups}, weight of size {list(filters)}, expected '
                           f'input{list(shape)} to have {filters[1] * groups} channels, but got '
                           f'{shape[1]} channels instead. Change in_channels.')
    room = [n + 2 * p - d * (k - 1)
            for n, p, d, k in zip(shape[2:], padding, dilation, filters[2:])]
    if min(padding) < 0 or min(room) < 1:
        raise RuntimeError(f'Calculated padded input size: {list(shape[2:])} + 2 {padding}. '
                           f'Kernel size: {list(filters[2:])} with dilation {dilation}. Kernel '
                           "size can't be greater than actual input size. Pad more.")


def conv2d(input: Tensor, weight: Tensor, bias: Tensor = None, stride=1, padding=0, dilation=1,
           groups: int = 1) -> Tensor:
    """Slide filters over images: (N, C, H, W) and weight (O, C / groups, kH, kW) to (N, O, H', W').

    H' = (H + 2 padding - dilation (kH - 1) - 1) // stride + 1; padding='same' keeps H.
    """
    stride, dilation = _pair('stride', stride), _pair('dilation', dilation)
    filters = weight._array.shape
    if len(filters) != 4 or bias is not None and bias._array.shape != filters[:1]:
        raise RuntimeError('conv2d: expected a weight (O, C / groups, kH, kW) and a bias (O,), got '
                           f'{filters} and {bias if bias is None else tuple(bias.shape)}. Give as '
                           'many biases as filters.')
    if isinstance(padding, str):
        if padding == 'same' and stride != (1, 1) or padding not in ('same', 'valid'):
            raise RuntimeError(f'conv2d: padding={padding!r} is not supported for stride {stride}: '
                               "there are 'valid', and 'same' for stride 1. Give numbers.")
        total = [d * (k - 1) * (padding == 'same') for d, k in zip(dilation, filters[2:])]
        odd = [n % 2 for n in total]
        input = pad(input, (0, odd[1], 0, odd[0])) if any(odd) else input
        padding = tuple(n // 2 for n in total)
    padding = _pair('padding', padding)

    def convolve(x):
        _check_conv(x._array.shape, filters, stride, padding, dilation, groups)
        return images.conv(x, weight, bias, stride=stride, padding=padding, dilation=dilation,
                           groups=groups)
    return _batched(convolve, input)


def conv1d(input: Tensor, weight: Tensor, bias: Tensor = None, stride=1, padding=0, dilation=1,
           groups: int = 1) -> Tensor:
    """As conv2d for series: (N, C, L) and weight (O, C / groups, k) to (N, O, L')."""
    stride, dilation = _one(stride), _one(dilation)
    if padding == 'same':
        total = dilation * (weight.shape[2] - 1)
        input, padding = pad(input, (0, total % 2)), total // 2
    padding = padding if isinstance(padding, str) else (0, _one(padding))

    def convolve(x):
        return squeeze(conv2d(unsqueeze(x, 2), unsqueeze(weight, 2), bias, (1, stride), padding,
                              (1, dilation), groups), 2)
    return _batched(convolve, input, 3)


def _one(value):
    return value[0] if isinstance(value, (tuple, list)) else value


def conv_transpose2d(input: Tensor, weight: Tensor, bias: Tensor = None, stride=1, padding=0,
                     output_padding=0, groups: int = 1, dilation=1) -> Tensor:
    """conv2d's gradient in its input, as a layer: (N, C, H, W), weight (C, O / groups, kH, kW).

    H' = (H - 1) stride - 2 padding + dilation (kH - 1) + output_padding + 1.
    """
    stride, padding, extra, dilation = (
        _pair(name, value) for name, value in [('stride', stride), ('padding', padding),
                                               ('output_padding', output_padding),
                                               ('dilation', dilation)])
    if any(e < 0 or e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise RuntimeError('output padding must be smaller than either stride or dilation, but '
                           f'got {extra} for {stride} and {dilation}: it chooses among the sizes '
                           'that these leave open. Give 0.')
    if any(e >= s for e, s in zip(extra, stride)):
        raise NotImplementedError(f'output_padding {extra} of at least the stride {stride} is not '
                                  'built, though PyTorch allows it with dilation. Give less.')

    def convolve(x):
        if x.shape[1] != weight.shape[0] or x.shape[1] % groups:
            raise RuntimeError(f'Given transposed=1, weight of size {list(weight.shape)}, expected '
                               f'input{list(x.shape)} to have {weight.shape[0]} channels, but got '
                               f'{x.shape[1]} channels instead. Change in_channels.')
        size = [(n - 1) * s - 2 * p + d * (k - 1) + e + 1 for n, s, p, d, k, e in zip(
            x.shape[2:], stride, padding, dilation, weight.shape[2:], extra)]
        if min(size) < 1:
            raise RuntimeError(f'conv_transpose2d: the output would have size {size}: padding cuts '
                               'everything away. Pad less.')
        shape = (x.shape[0], weight.shape[1] * groups, *size)
        out = images.conv_input(x, weight, shape=shape, stride=stride, padding=padding,
                                dilation=dilation, groups=groups)
        return out if bias is None else out + reshape(bias, (-1, 1, 1))
    return _batched(convolve, input)


def _window(name, kernel_size, stride, padding, dilation=1):
    kernel, padding = _pair('kernel_size', kernel_size), _pair('padding', padding)
    stride = kernel if stride in (None, (), []) else _pair('stride', stride)
    dilation = _pair('dilation', dilation)
    return dict(kernel=kernel, stride=stride, padding=padding), dilation


@lru_cache
def _check_window(name, shape, kernel, stride, padding, dilation=(1, 1)):
    if min(kernel) < 1 or min(stride) < 1 or min(dilation) < 1:
        raise RuntimeError(f'{name}: kernel_size {kernel}, stride {stride} and dilation {dilation} '
                           'must be greater than zero: they count pixels. Give 1 or more.')
    if any(p < 0 or 2 * p > d * (k - 1) + 1 for p, k, d in zip(padding, kernel, dilation)):
        raise RuntimeError(f'{name}: pad should be at most half of effective kernel size, but got '
                           f'{padding} for {kernel}: a window could hold no pixel. Pad less.')
    if 0 in shape[1:] or any(n + 2 * p < d * (k - 1) + 1 for n, p, d, k in zip(
            shape[2:], padding, dilation, kernel)):
        raise RuntimeError(f'{name}: an image of {shape[2:]} with padding {padding} has no room '
                           f'for a window of {kernel}: Output size is too small. Use a smaller '
                           'one.')


def max_pool2d(input: Tensor, kernel_size, stride=None, padding=0, dilation=1,
               ceil_mode: bool = False, return_indices: bool = False):
    """The largest pixel of each window; the stride is the kernel size by default.

    Outside the image is -inf. Of equal pixels the first gets the gradient. With return_indices
    also where in the flat image each came from.
    """
    window, dilation = _window('max_pool2d', kernel_size, stride, padding, dilation)
    more = dict(dilation=dilation, ceil_mode=ceil_mode)

    def pool(x):
        _check_window('max_pool2d', x._array.shape, *window.values(), dilation)
        return images.max_pool(x, **window, **more)
    out = _batched(pool, input)
    if return_indices:
        return out, _batched(lambda x: images.max_pool_indices(x, **window, **more), input)
    return out


def avg_pool2d(input: Tensor, kernel_size, stride=None, padding=0, ceil_mode: bool = False,
               count_include_pad: bool = True, divisor_override: int = None) -> Tensor:
    """The mean of each window; pixels outside the image are 0 and count unless told not to."""
    window, _ = _window('avg_pool2d', kernel_size, stride, padding)
    if divisor_override == 0:
        raise RuntimeError('divisor must be not zero: nothing is divided by 0. Leave it out.')

    def pool(x):
        _check_window('avg_pool2d', x._array.shape, *window.values())
        return images.avg_pool(x, **window, ceil_mode=ceil_mode, divisor_override=divisor_override,
                               count_include_pad=count_include_pad)
    return _batched(pool, input)


def adaptive_avg_pool2d(input: Tensor, output_size) -> Tensor:
    """The means of output_size windows that share the image out evenly; None keeps a size.

    Window i of m over n pixels is from floor(i n / m) to ceil((i + 1) n / m).
    """
    size = output_size if isinstance(output_size, (tuple, list)) else (output_size, output_size)
    if len(size) != 2 or any(m is not None and m < 0 for m in size):
        raise RuntimeError(f'adaptive_avg_pool2d: output_size must be 2 sizes, not {output_size}.')

    def pool(x):
        for axis, m in zip((-2, -1), size):
            x = x if m is None else transpose(matmul(transpose(x, axis, -1), _shares(
                x.shape[axis], m, x._array.dtype)), axis, -1)
        return x
    return _batched(pool, input)


def _shares(n, m, dtype):
    """A matrix (n, m) whose column i is one over the length of window i, inside it."""
    shares = np.zeros((n, m), dtype)
    for i in range(m):
        start, stop = i * n // m, -(-(i + 1) * n // m)
        shares[start:stop, i] = 1 / (stop - start)
    return shares


def interpolate(input: Tensor, size=None, scale_factor=None, mode: str = 'nearest',
                align_corners: bool = None, recompute_scale_factor: bool = None,
                antialias: bool = False) -> Tensor:
    """Resize images (N, C, H, W) or series (N, C, L): pixel i is a copy of pixel floor(i in / out).

    Give the size of the result, or a scale_factor: then it is floor(in factor), and the copy is of
    pixel floor(i / factor) unless recompute_scale_factor. One number is for all dimensions.
    """
    if mode != 'nearest':
        raise NotImplementedError(f"interpolate: mode {mode!r} is not built: there is 'nearest', "
                                  'which copies pixels. Use it, or conv_transpose2d.')
    if input.ndim not in (3, 4) or input.dtype.kind != 'f':
        raise NotImplementedError('interpolate: Only 3D and 4D input Tensors of floats are '
                                  f'supported, got {input.ndim}D of {input.dtype}: images are '
                                  '(N, C, H, W). Use unsqueeze() or float().')
    if align_corners is not None or antialias:
        raise ValueError('interpolate: align_corners option can only be set with the interpolating '
                         'modes, Anti-alias option likewise: nothing lies between copied pixels. '
                         'Leave them out.')
    if size is not None and recompute_scale_factor:
        raise ValueError('interpolate: recompute_scale_factor is not meaningful with an explicit '
                         'size: there is no factor. Leave it out.')
    size, factors = _resized(input.shape, size, scale_factor)
    if recompute_scale_factor:
        factors = [None] * len(size)
    if input.ndim == 3:
        columns = _nearest(input.shape[2], *size, *factors, input._array.dtype.type)
        return squeeze(_copies(unsqueeze(input, 2), np.zeros(1, int), columns), 2)
    factors = [None if m in (n, 2 * n) else factor      # PyTorch ignores it then, in images only
               for n, m, factor in zip(input.shape[2:], size, factors)]
    return _copies(input, *map(_nearest, input.shape[2:], size, factors, [np.float32] * 2))


def _resized(shape, size, factor):
    """The last sizes after interpolate, and a factor or None for each."""
    if (size is None) == (factor is None):
        raise ValueError('interpolate: either size or scale_factor should be defined, and only one '
                         f'of size or scale_factor, got {size} and {factor}: each gives the other. '
                         'Leave one out.')
    given = factor if size is None else size
    given = given if isinstance(given, (tuple, list)) else [given] * len(shape[2:])
    if len(given) != len(shape[2:]):
        raise ValueError('interpolate: Input and output must have the same number of spatial '
                         f'dimensions, got {given} for an input of {list(shape)}: the last '
                         f'{len(shape[2:])} are resized. Give one number for each.')
    if size is not None and not all(isinstance(m, (int, np.integer)) for m in given):
        raise TypeError(f'interpolate: expected size to be of int, got {size}: pixels are counted. '
                        'Use int().')
    sizes = [int(n * f) for n, f in zip(shape[2:], given)] if size is None else given
    if min(*shape[1:], *sizes) < 1:
        raise RuntimeError('interpolate: Input and output sizes should be greater than 0, but got '
                           f'input {list(shape)} and output {list(sizes)}: there is no pixel to '
                           'copy. Use a larger size.')
    return sizes, given if size is None else [None] * len(sizes)


def _nearest(n, m, factor, kind):
    """Of which of n pixels each of m is a copy, rounded as PyTorch rounds numbers of this kind."""
    place = np.arange(m, dtype=kind) * kind(n / m if factor is None else 1 / factor)
    return np.minimum(np.floor(place.astype(np.float32)).astype(int), n - 1)


def _copies(x, lines, columns):
    """These lines of the images x, and of them these columns."""
    n, c, *size = x.shape
    kernel = tuple(max(1, len(places) // m) for places, m in zip((lines, columns), size))
    if all(np.array_equal(places, np.repeat(np.arange(m), k))
           for places, m, k in zip((lines, columns), size, kernel)):
        # The transpose of adding the pixels of windows: both keep the order convolution likes.
        return images.spread(x, shape=(n, c, len(lines), len(columns)), kernel=kernel,
                             stride=kernel, padding=(0, 0), ceil_mode=False,
                             count_include_pad=True, divisor_override=1)
    return getitem(x, index=(slice(None), slice(None), lines[:, None], columns))


def pad(input: Tensor, pad, mode: str = 'constant', value: float = None) -> Tensor:
    """Add pad[0] numbers before and pad[1] after in the last dimension, and so on forwards.

    Negative ones cut. Modes: constant, reflect, replicate, circular.
    """
    if len(pad) % 2 or len(pad) > 2 * input.ndim:
        raise RuntimeError(f'Padding length must be divisible by 2 and at most twice the number of '
                           f'dimensions of the input, got {tuple(pad)} for {input.ndim}: there are '
                           'a before and an after. Give pairs, the last dimension first.')
    widths = [(0, 0)] * (input.ndim - len(pad) // 2) + [*zip(pad[::2], pad[1::2])][::-1]
    if any(n + sum_ < 0 or n + before < 0 or n + after < 0 for n, (before, after), sum_ in zip(
            input.shape, widths, [b + a for b, a in widths])):
        raise RuntimeError(f'pad {tuple(pad)} would cut more than there is of a tensor of shape '
                           f'{tuple(input.shape)}. Cut less.')
    if mode != 'constant':
        return _pad_by_index(input, widths, mode, value)
    cut = tuple(slice(max(-before, 0), n - max(-after, 0))
                for n, (before, after) in zip(input.shape, widths))
    x = getitem(input, index=(*cut, Ellipsis))
    return padded(x, widths=[(max(b, 0), max(a, 0)) for b, a in widths], value=value or 0)


def _pad_by_index(input, widths, mode, value):
    if mode not in ('reflect', 'replicate', 'circular') or value is not None:
        raise NotImplementedError(f"pad: mode {mode!r} with value {value}: there are 'constant', "
                                  "which takes a value, 'reflect', 'replicate' and 'circular'. "
                                  "Choose one.")
    for axis, (n, (before, after)) in enumerate(zip(input.shape, widths)):
        if (before, after) == (0, 0):
            continue
        limit = {'reflect': n - 1, 'replicate': math.inf, 'circular': n}[mode]
        if max(before, after) > limit or not n or axis < input.ndim - 3:
            raise RuntimeError('Padding size should be less than the corresponding input '
                               f'dimension, but got: padding ({before}, {after}) at dimension '
                               f'{axis} of input {list(input.shape)}: there is nothing to mirror. '
                               'Pad less.')
        place = np.arange(-before, n + after)
        first, last = max(-before, 0), n - max(-after, 0)       # circular cuts before it repeats
        place = {'reflect': n - 1 - np.abs(n - 1 - np.abs(place)),
                 'replicate': np.clip(place, 0, n - 1),
                 'circular': first + (place - first) % max(last - first, 1)}[mode]
        input = getitem(input, index=(slice(None),) * axis + (place, Ellipsis))
    return input


# Normalisation.

def batch_norm(input: Tensor, running_mean, running_var, weight: Tensor = None, bias: Tensor = None,
               training: bool = False, momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """(x - mean) / sqrt(var + eps) * weight + bias, a mean and a variance for each channel.

    In training they are the batch's (var biased), and running_mean moves towards its mean by the
    share momentum, running_var likewise to the unbiased var; else the two are used. Ioffe & Szegedy
    2015, algorithms 1 and 2.
    """
    shape = input._array.shape
    if 0 in shape:
        return input * 1
    if len(shape) < 2:
        raise RuntimeError(f'batch_norm: input {shape} needs at least 2 dimensions, (N, C, ...). '
                           'Use unsqueeze(0).')
    for name, x in zip(('running_mean', 'running_var', 'weight', 'bias'),
                       (running_mean, running_var, weight, bias)):
        if x is not None and x._array.shape != (shape[1],):
            raise RuntimeError(f'{name} should contain {shape[1]} elements not {x.numel()}: one '
                               'for each channel, dimension 1. Make it (C,).')
    if not training and (running_mean is None or running_var is None):
        raise RuntimeError('batch_norm: Expected running_mean and running_var to be defined when '
                           'training=False: they are what is subtracted. Pass training=True.')
    if len(shape) > 2:
        channels = (-1,) + (1,) * (len(shape) - 2)
        weight, bias = (x if x is None else reshape(x, channels) for x in (weight, bias))
    if not training:
        if len(shape) > 2:
            running_mean, running_var = (reshape(x, channels) for x in (running_mean, running_var))
        scale = (running_var + eps).rsqrt()
        out = (input - running_mean) * (scale if weight is None else scale * weight)
        return out if bias is None else out + bias
    n = math.prod(shape) // shape[1]
    if n == 1:
        raise ValueError('Expected more than 1 value per channel when training, got input size '
                         f'{input.shape}: the variance of one is 0. Use a larger batch or eval().')
    dims = (0, *range(2, len(shape)))
    out, mean, var = network.normalize_over(dims, input, weight, bias, eps)
    if running_mean is not None:
        for running, now in [(running_mean, mean), (running_var, var * (n / (n - 1)))]:
            running._array *= 1 - momentum
            running._array += momentum * now.reshape(-1)
            increment_version(running)
    return out


def layer_norm(input: Tensor, normalized_shape, weight: Tensor = None, bias: Tensor = None,
               eps: float = 1e-5) -> Tensor:
    """As batch_norm over the last dimensions, normalized_shape, of each sample. Ba et al. 2016."""
    shape = tuple(normalized_shape)
    if not shape or tuple(input.shape[-len(shape):]) != shape or any(
            tuple(x.shape) != shape for x in (weight, bias) if x is not None):
        raise RuntimeError(f'Given normalized_shape={list(shape)}, expected input with shape [*, '
                           f'{", ".join(map(str, shape))}] and weight and bias of that shape, but '
                           f'got input of size{list(input.shape)}. Give the last sizes of the '
                           'input.')
    dims = tuple(range(-len(shape), 0))
    return network.normalize_over(dims, input, weight, bias, eps)[0]


def group_norm(input: Tensor, num_groups: int, weight: Tensor = None, bias: Tensor = None,
               eps: float = 1e-5) -> Tensor:
    """As layer_norm over groups of channels of (N, C, ...). Wu & He 2018."""
    if input.ndim < 2 or input.shape[1] % num_groups:
        raise RuntimeError('Expected number of channels in input to be divisible by num_groups, '
                           f'but got input of shape {list(input.shape)} and '
                           f'num_groups={num_groups}: each '
                           'group has as many. Choose a divisor.')
    grouped = reshape(input, (input.shape[0], num_groups, math.prod(input.shape[1:]) // num_groups))
    out = reshape(layer_norm(grouped, (grouped.shape[2],), eps=eps), tuple(input.shape))
    channels = (1, -1) + (1,) * (input.ndim - 2)
    out = out if weight is None else out * reshape(weight, channels)
    return out if bias is None else out + reshape(bias, channels)


# Words and similarity.

def embedding(input: Tensor, weight: Tensor, padding_idx: int = None, max_norm: float = None,
              norm_type: float = 2.0, scale_grad_by_freq: bool = False,
              sparse: bool = False) -> Tensor:
    """The rows of weight (words, features) at these numbers; row padding_idx gets no gradient."""
    if max_norm is not None or scale_grad_by_freq or sparse:
        raise NotImplementedError('embedding: max_norm, scale_grad_by_freq and sparse are not '
                                  'built. Leave them out.')
    if weight.ndim != 2:
        raise RuntimeError(f"'weight' must be 2-D, a row for each word, not {tuple(weight.shape)}.")
    if input.dtype.kind not in 'iu':
        raise RuntimeError('embedding: Expected tensor for indices to have a whole number type, '
                           f'but got {input.dtype}: words are counted. Use long().')
    if input.numel() and not 0 <= input._array.min() <= input._array.max() < len(weight):
        raise IndexError(f'index out of range in self: got {input._array.min()} to '
                         f'{input._array.max()} for {len(weight)} rows. Enlarge num_embeddings.')
    if padding_idx is not None:
        row = np.arange(len(weight))[:, None] == padding_idx % len(weight)
        weight = pointwise.where(row, weight.detach(), weight)
    return index(weight, input)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """x1 . x2 / (|x1| |x2|) along dim, each length at least eps (its gradient is that of |x|)."""
    x1, x2 = broadcast_tensors(x1, x2)
    lengths = [vector_norm(x, 2, dim, True) for x in (x1, x2)]
    lengths = [n + (clamp(n.detach(), min=eps) - n.detach()) for n in lengths]
    return sum(x1 / lengths[0] * (x2 / lengths[1]), dim)


def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """input / its p-norm along dim, which counts as at least eps."""
    return input / clamp(vector_norm(input, p, dim, True), min=eps)


def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor,
                                 attn_mask: Tensor = None, dropout_p: float = 0.0,
                                 is_causal: bool = False, scale: float = None,
                                 enable_gqa: bool = False) -> Tensor:
    """softmax(query @ key.mT * scale) @ value; scale is 1 / sqrt(features). Vaswani et al. 2017.

    query (..., L, E), key (..., S, E), value (..., S, F). A boolean attn_mask (L, S) is True where
    attention is allowed, one of numbers is added; is_causal allows no look at later places.
    """
    if enable_gqa:
        raise NotImplementedError('scaled_dot_product_attention: enable_gqa is not built. Repeat '
                                  'the keys and values.')
    scores = query @ key.mT * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        if attn_mask is not None:
            raise RuntimeError('scaled_dot_product_attention: Explicit attn_mask should not be set '
                               'when is_causal=True: there are two masks. Give one.')
        attn_mask = Tensor._of(np.tri(*scores.shape[-2:], dtype=bool))
    if attn_mask is not None:
        scores = (masked_fill(scores, ~attn_mask, -math.inf) if attn_mask.dtype.kind == 'b'
                  else scores + attn_mask)
    return dropout(softmax(scores, -1), dropout_p) @ value
