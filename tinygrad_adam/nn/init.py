"""Initial values, written into a given tensor, which is returned.

The signal keeps its size from layer to layer when weights have variance gain^2 / fan, where fan is
the number of inputs that each output sums up (fan_in), or of outputs that each input is part of
(fan_out). Each function takes a tensor of any shape, or for those that need fans a weight (out, in)
or (out, in, kernel size...), and a `generator`, whose default is that of the package.

>>> from tinygrad_adam import empty, nn
>>> weight = nn.init.xavier_uniform_(empty(10, 20))
>>> bool(weight.abs().max() <= (6 / (10 + 20)) ** 0.5)
True
"""
from __future__ import annotations

import math
import warnings
from functools import wraps
from typing import Any, Callable, Final, TypeVar

import numpy as np

from ..autograd import no_grad
from ..random import Generator
from .._functions.creation import eye as identity, from_numpy, randperm, zeros_like
from ..ops.special import of_each
from .._tensor import Tensor
from . import _errors as errors

_Function = TypeVar('_Function', bound=Callable[..., Any])


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0,
             generator: Generator | None = None) -> Tensor:
    """Fill tensor with values drawn uniformly from [a, b).

    tensor     what to fill
    a, b       the bounds
    generator  the source of random numbers; None: that of the package
    """
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0,
            generator: Generator | None = None) -> Tensor:
    """Fill tensor with normally distributed values.

    tensor     what to fill
    mean, std  mean and standard deviation of the distribution
    generator  the source of random numbers; None: that of the package
    """
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill tensor with the value val."""
    with no_grad():
        return tensor.fill_(val)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill tensor with 0."""
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """Fill tensor with 1."""
    return constant_(tensor, 1.0)


def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with 1 on the diagonal and 0 elsewhere, so that a linear layer passes on its
    inputs, or as many of them as it has outputs.

    tensor  the matrix to fill

    Raises ValueError for another number of dimensions than two.
    """
    if tensor.ndim != 2:
        raise errors.no_matrix_to_fill(tensor)
    with no_grad():
        return tensor.copy_(identity(*tensor.shape))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill the weight of a convolution with 1 in the middle of the window of each channel's own
    filter, and 0 elsewhere, so that it passes its input on, or as many channels as it has filters.

    tensor  the weight (out, in, kernel size...), of three to five dimensions
    groups  into how many parts the filters are split; each passes on what it sees

    Raises ValueError for other dimensions, or if groups does not divide the number of filters.
    """
    if tensor.ndim not in (3, 4, 5):
        raise errors.no_filters_to_fill(tensor)
    if tensor.shape[0] % groups:
        raise errors.filters_not_divisible(tensor, groups)
    filters = tensor.shape[0] // groups
    channels = np.arange(min(filters, tensor.shape[1]))
    weight = zeros_like(tensor).detach()
    middle = tuple(n // 2 for n in tensor.shape[2:])
    for first in range(0, tensor.shape[0], max(filters, 1)):
        weight[(first + channels, channels, *middle)] = 1
    with no_grad():
        return tensor.copy_(weight)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights grow to make up for the nonlinearity after them.

    nonlinearity  'linear', 'conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d',
                  'conv_transpose3d', 'sigmoid', 'tanh', 'relu', 'leaky_relu' or 'selu'
    param         the negative slope of leaky_relu; None: 0.01

    Returns a number. https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
    """
    if nonlinearity == 'leaky_relu':
        slope = 0.01 if param is None else param
        if not isinstance(slope, (int, float)) or isinstance(slope, bool):
            raise errors.slope_is_no_number(slope)
        return math.sqrt(2 / (1 + slope ** 2))
    linear = [f'conv{kind}{n}d' for kind in ('', '_transpose') for n in (1, 2, 3)]
    gains = {**dict.fromkeys(['linear', *linear, 'sigmoid'], 1.0), 'tanh': 5 / 3,
             'relu': math.sqrt(2), 'selu': 3 / 4}
    if nonlinearity not in gains:
        raise errors.unknown_nonlinearity(nonlinearity, [*gains, 'leaky_relu'])
    return gains[nonlinearity]


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    if tensor.dim() < 2:
        raise errors.no_fans(tensor)
    area = math.prod(tensor.shape[2:])  # of a convolution's kernel
    return tensor.shape[1] * area, tensor.shape[0] * area


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fans = dict(zip(['fan_in', 'fan_out'], _calculate_fan_in_and_fan_out(tensor)))
    if mode.lower() not in fans:
        raise errors.unknown_mode(mode, list(fans))
    return calculate_gain(nonlinearity, a) / math.sqrt(fans[mode.lower()])


def xavier_uniform_(tensor: Tensor, gain: float = 1.0,
                    generator: Generator | None = None) -> Tensor:
    """Fill with uniform values of variance 2 gain^2 / (fan_in + fan_out).

    tensor     the weight to fill
    gain       from calculate_gain
    generator  the source of random numbers; None: that of the package

    Glorot & Bengio 2010, equation 16.
    """
    bound = gain * math.sqrt(6 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0,
                   generator: Generator | None = None) -> Tensor:
    """Fill with normal values of variance 2 gain^2 / (fan_in + fan_out).

    tensor     the weight to fill
    gain       from calculate_gain
    generator  the source of random numbers; None: that of the package

    Glorot & Bengio 2010, equation 12.
    """
    std = gain * math.sqrt(2 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(tensor: Tensor, a: float = 0, mode: str = 'fan_in',
                     nonlinearity: str = 'leaky_relu',
                     generator: Generator | None = None) -> Tensor:
    """Fill with uniform values of variance gain^2 / fan.

    tensor        the weight to fill
    a             the negative slope of leaky_relu, if that is the nonlinearity
    mode          'fan_in' keeps the size of outputs, 'fan_out' that of gradients
    nonlinearity  what follows: a name that calculate_gain knows
    generator     the source of random numbers; None: that of the package

    He et al. 2015, equation 15.
    """
    if 0 in tensor.shape:
        errors.warn_of_nothing_to_fill()
        return tensor
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = 'fan_in',
                    nonlinearity: str = 'leaky_relu',
                    generator: Generator | None = None) -> Tensor:
    """Fill with normal values of variance gain^2 / fan.

    tensor        the weight to fill
    a             the negative slope of leaky_relu, if that is the nonlinearity
    mode          'fan_in' keeps the size of outputs, 'fan_out' that of gradients
    nonlinearity  what follows: a name that calculate_gain knows
    generator     the source of random numbers; None: that of the package

    He et al. 2015, equation 15.
    """
    if 0 in tensor.shape:
        errors.warn_of_nothing_to_fill()
        return tensor
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), generator)


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """Fill with a random orthogonal matrix: rows or columns, those that are fewer, of length gain
    and orthogonal to each other.

    tensor     the weight to fill, a matrix after its dimensions from the second on are joined
    gain       what the matrix is multiplied by
    generator  the source of random numbers; None: that of the package

    Raises ValueError for fewer than two dimensions. Saxe et al. 2013, arXiv 1312.6120
    """
    if tensor.ndim < 2:
        raise errors.no_matrix_to_make_orthogonal(tensor)
    if tensor.numel() == 0:
        return tensor
    flat = normal_(tensor.new_empty(tensor.shape[0], tensor.numel() // tensor.shape[0]),
                   generator=generator).numpy()
    wide = flat.shape[0] < flat.shape[1]
    q, r = np.linalg.qr(flat.T if wide else flat)
    q = q * np.sign(np.diag(r))     # without it, the distribution would not be uniform
    with no_grad():
        return tensor.copy_(from_numpy((q.T if wide else q).reshape(tensor.shape) * gain))


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01,
            generator: Generator | None = None) -> Tensor:
    """Fill a matrix with normally distributed values, and as many zeros in each column.

    tensor     the matrix to fill
    sparsity   the fraction of the elements of a column, in [0, 1], that are 0, rounded up
    std        the standard deviation of the others, whose mean is 0
    generator  the source of their random numbers; None: that of the package, which also chooses
               where the zeros are

    Raises ValueError for another number of dimensions than two. Martens 2010.
    """
    if tensor.ndim != 2:
        raise errors.no_matrix_to_fill(tensor)
    rows, columns = tensor.shape
    normal_(tensor, 0.0, std, generator)
    with no_grad():
        for column in range(columns):
            tensor[randperm(rows)[:math.ceil(sparsity * rows)], column] = 0
    return tensor


def trunc_normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0,
                  b: float = 2.0, generator: Generator | None = None) -> Tensor:
    """Fill with normally distributed values, of which those outside of [a, b] are left out.

    tensor     what to fill
    mean, std  mean and standard deviation of the distribution before that
    a, b       the bounds, which are numbers, not multiples of std
    generator  the source of random numbers; None: that of the package
    """
    if not a - 2 * std <= mean <= b + 2 * std:
        warnings.warn(errors.mean_far_from_bounds(), stacklevel=2)
    low, high = (math.erf((bound - mean) / (std * math.sqrt(2))) for bound in (a, b))
    with no_grad():
        tensor.uniform_(low, high, generator=generator)
        values = mean + std * math.sqrt(2) * _erfinv(tensor.detach().double().numpy())
        return tensor.copy_(from_numpy(np.clip(values, a, b)))


def _erfinv(y: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The x with erf(x) = y: a formula of S. Winitzki (2008), then Newton's method."""
    y = np.clip(y, -1 + 1e-16, 1 - 1e-16)
    log = np.log1p(-y * y)
    half = 2 / (math.pi * 0.147) + log / 2
    x = np.copysign(np.sqrt(np.sqrt(half * half - log / 0.147) - half), y)
    for _ in range(3):
        x = x - (of_each(math.erf, x) - y) * math.sqrt(math.pi) / 2 * np.exp(x * x)
    return x


# Older names.

def _older(function: _Function) -> _Function:
    """The function under its name without an underscore, with a warning."""
    name = function.__name__

    @wraps(function)
    def older(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(f'`nn.init.{name[:-1]}` is now deprecated in favor of `nn.init.{name}`.',
                      FutureWarning, stacklevel=2)
        return function(*args, **kwargs)

    older.__name__ = older.__qualname__ = name[:-1]
    older.__doc__ = f'The older name of {name}, with a warning.\n\n    {function.__doc__}'
    return older    # type: ignore[return-value]


uniform: Final = _older(uniform_)
normal: Final = _older(normal_)
constant: Final = _older(constant_)
eye: Final = _older(eye_)
dirac: Final = _older(dirac_)
xavier_uniform: Final = _older(xavier_uniform_)
xavier_normal: Final = _older(xavier_normal_)
kaiming_uniform: Final = _older(kaiming_uniform_)
kaiming_normal: Final = _older(kaiming_normal_)
orthogonal: Final = _older(orthogonal_)
sparse: Final = _older(sparse_)
