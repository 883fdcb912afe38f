"""The activations of nn.functional, without relu, which is in functional.py.

Each takes a floating-point tensor of any shape and returns one of the same shape.
"""
from __future__ import annotations

from math import inf
from typing import Any, Callable

import numpy as np

from .._functions._arguments import check
from .._functions.indexing import chunk, masked_fill
from .._tensor import Tensor
from ..ops import activations, pointwise
from ..random import uniform
from . import _activation_errors as errors
from . import _errors

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def _applied(function: Callable[..., Tensor], input: Tensor, inplace: bool,
             **options: Any) -> Tensor:
    _checked(input, function.__name__)
    return input._change(function, **options) if inplace else function(input, **options)


def _checked(input: Tensor, function: str) -> None:
    if not isinstance(input, Tensor):
        raise _errors.not_tensors(function, input=input)
    if input._array.dtype.kind != 'f':
        raise errors.not_for_integers(function, input)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """input where it is positive, negative_slope * input elsewhere.

    input           a floating-point tensor of any shape
    negative_slope  the slope for negative elements
    inplace         overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Maas et al. 2013.
    """
    return _applied(activations.leaky_relu, input, inplace, negative_slope=negative_slope)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """input where it is positive, alpha * (exp(input) - 1) elsewhere.

    input    a floating-point tensor of any shape
    alpha    minus the limit at minus infinity
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Clevert et al. 2016.
    """
    return _applied(activations.elu, input, inplace, alpha=alpha, scale=1, sharpness=1)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """elu scaled so that its outputs keep mean 0 and variance 1 from layer to layer:
    1.0507 * (input where it is positive, 1.6733 * (exp(input) - 1) elsewhere).

    input    a floating-point tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Klambauer et al. 2017.
    """
    return _applied(activations.elu, input, inplace, alpha=SELU_ALPHA, scale=SELU_SCALE,
                    sharpness=1)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """input where it is positive, alpha * (exp(input / alpha) - 1) elsewhere; its slope at 0 is 1.

    input    a floating-point tensor of any shape
    alpha    minus the limit at minus infinity; not 0
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Raises RuntimeError for alpha=0. Barron 2017.
    """
    if alpha == 0:
        raise errors.celu_of_zero_alpha()
    return _applied(activations.elu, input, inplace, alpha=alpha, scale=1, sharpness=1 / alpha)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """input where it is positive, weight * input elsewhere: leaky_relu with a slope to be learned.

    input   a floating-point tensor (N, C, ...), or of any shape if there is one weight
    weight  (C,), a slope for each channel, or one number, () or (1,)

    Returns a tensor of input's shape. Raises RuntimeError for another number of weights. He et al.
    2015.
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise _errors.not_tensors('prelu', input=input, weight=weight)
    if input._array.dtype != weight._array.dtype:
        raise errors.slopes_of_another_dtype(input, weight)
    _checked(input, 'prelu')
    channels = input.shape[1] if input.ndim > 1 else 1
    if weight.ndim > 1 or weight.numel() not in (1, channels):
        raise errors.wrong_number_of_slopes(input, weight)
    if weight.numel() > 1:
        weight = weight.reshape(-1, *[1] * (input.ndim - 2))
    elif weight.ndim > input.ndim:
        weight = weight.reshape(())
    return activations.prelu(input, weight)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0,
             inplace: bool = False) -> Tensor:
    """input, but at least min_val and at most max_val; on the bounds the derivative is 0.

    input    a floating-point tensor of any shape
    min_val  the lower bound
    max_val  the upper bound, not below min_val
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Raises ValueError if min_val is above max_val.
    """
    if min_val > max_val:
        raise errors.bounds_crossed(min_val, max_val)
    return _applied(activations.hardtanh, input, inplace, min_val=min_val, max_val=max_val)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """min(max(input, 0), 6); at 0 and at 6 the derivative is 0.

    input    a floating-point tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Krizhevsky 2010.
    """
    _checked(input, 'relu6')
    return hardtanh(input, 0.0, 6.0, inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """input * relu6(input + 3) / 6, cheaper than silu.

    input    a floating-point tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Howard et al. 2019.
    """
    return _applied(activations.hardswish, input, inplace)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """relu6(input + 3) / 6, cheaper than sigmoid; at -3 and at 3 the derivative is 0.

    input    a floating-point tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Between the bends the slope is 1 / 6; PyTorch's has, also in
    float64, only the digits of float32, and it has no second derivative. Courbariaux et al. 2015.
    """
    return _applied(activations.hardsigmoid, input, inplace)


def rrelu(input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False,
          inplace: bool = False) -> Tensor:
    """leaky_relu with a random slope for each element that is not positive.

    input     a floating-point tensor of any shape
    lower     the smallest slope
    upper     the largest slope, not below lower; both are finite
    training  draw slopes uniformly between the two; unless True, their mean is the slope
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Raises RuntimeError for other slopes. Xu et al. 2015.
    """
    _checked(input, 'rrelu')
    check(training, bool, 'rrelu', 'training')
    if not -inf < lower <= upper < inf:
        raise errors.no_slopes_between(lower, upper)
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    drawn = lower + (upper - lower) * uniform(input.shape)
    slopes = np.where(input._array <= 0, drawn, 1).astype(input._array.dtype)
    return input._change(pointwise.mul, slopes) if inplace else pointwise.mul(input, slopes)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """input moved by lambd towards 0, and 0 where |input| is at most lambd.

    input  a floating-point tensor of any shape
    lambd  a finite number, not negative

    Returns a tensor of input's shape. Raises RuntimeError for another lambd. Donoho 1995.
    """
    _checked(input, 'softshrink')
    if not 0 <= lambd < float('inf'):
        raise errors.negative_lambd(lambd)
    return activations.softshrink(input, lambd=lambd)


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """input, but 0 where |input| is at most lambd.

    input  a floating-point tensor of any shape
    lambd  a number

    Returns a tensor of input's shape. Donoho & Johnstone 1994.
    """
    return _applied(activations.hardshrink, input, False, lambd=lambd)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """input * tanh(log(1 + exp(input))).

    input    a floating-point tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Misra 2020.
    """
    return _applied(activations.mish, input, inplace)


def softsign(input: Tensor) -> Tensor:
    """input / (1 + |input|), between -1 and 1.

    input  a floating-point tensor of any shape

    Returns a tensor of input's shape. Glorot & Bengio 2010.
    """
    _checked(input, 'softsign')
    return input / (pointwise.abs(input) + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """input - tanh(input).

    input  a floating-point tensor of any shape

    Returns a tensor of input's shape.
    """
    _checked(input, 'tanhshrink')
    return input - pointwise.tanh(input)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """input where it is above the threshold, value elsewhere.

    input      a floating-point tensor of any shape
    threshold  a number
    value      what stands for all elements that are not above it
    inplace    overwrite input instead of making a new tensor

    Returns a tensor of input's shape.
    """
    _checked(input, 'threshold')
    below = input <= threshold
    return input.masked_fill_(below, value) if inplace else masked_fill(input, below, value)


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """a * sigmoid(b), where a and b are the halves of input along dim: a gated linear unit.

    input  a floating-point tensor whose size along dim is even
    dim    the dimension to split

    Returns a tensor of half that size. Raises RuntimeError for an odd size. Dauphin et al. 2017.
    """
    _checked(input, 'glu')
    if not input.ndim:
        raise errors.glu_of_a_number()
    if input.shape[dim] % 2:
        raise errors.odd_size_to_split(input, dim)
    a, b = chunk(input, 2, dim)
    return a * pointwise.sigmoid(b)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """input * sigmoid(input), also called swish.

    input    a floating-point tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Elfwing et al. 2018.
    """
    return _applied(activations.silu, input, inplace)


def logsigmoid(input: Tensor) -> Tensor:
    """log(sigmoid(input)), without overflow.

    input  a floating-point tensor of any shape

    Returns a tensor of input's shape.
    """
    return _applied(activations.logsigmoid, input, False)


def gelu(input: Tensor, approximate: str = 'none') -> Tensor:
    """input * P(X < input) for a standard normal X.

    input        a floating-point tensor of any shape
    approximate  'none' for the error function, 'tanh' for an approximation by tanh

    Returns a tensor of input's shape. Hendrycks & Gimpel 2016.
    """
    _checked(input, 'gelu')
    if approximate == 'none':
        return activations.gelu(input, activations.normal_cdf(input._array))
    if approximate == 'tanh':
        return activations.gelu_tanh(input)
    raise errors.unknown_approximation(approximate)


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """log(1 + exp(beta * input)) / beta, a smooth relu.

    input      a floating-point tensor of any shape
    beta       how sharp the bend at 0 is
    threshold  where beta * input is larger, the result is input itself

    Returns a tensor of input's shape. Dugas et al. 2001.
    """
    return _applied(activations.softplus, input, False, beta=beta, threshold=threshold)


# The same, in place.

def relu_(input: Tensor) -> Tensor:
    """relu, written into input.

    input  a tensor of any shape
    """
    if not isinstance(input, Tensor) or input._array.dtype.kind == 'b':
        raise _errors.relu_of(input)
    return input.relu_()


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """leaky_relu, written into input.

    input           a floating-point tensor of any shape
    negative_slope  the slope for negative elements
    """
    return leaky_relu(input, negative_slope, True)


def rrelu_(input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3,
           training: bool = False) -> Tensor:
    """rrelu, written into input.

    input         a floating-point tensor of any shape
    lower, upper  the bounds of the slope for negative elements
    training      whether the slope of each is drawn; otherwise it is the mean of the bounds
    """
    return rrelu(input, lower, upper, training, True)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """elu, written into input.

    input  a floating-point tensor of any shape
    alpha  minus the limit at minus infinity
    """
    return elu(input, alpha, True)


def selu_(input: Tensor) -> Tensor:
    """selu, written into input.

    input  a floating-point tensor of any shape
    """
    return selu(input, True)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """celu, written into input.

    input  a floating-point tensor of any shape
    alpha  minus the limit at minus infinity; not 0
    """
    return celu(input, alpha, True)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """hardtanh, written into input.

    input    a floating-point tensor of any shape
    min_val  the lower bound
    max_val  the upper bound, not below min_val
    """
    return hardtanh(input, min_val, max_val, True)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """threshold, written into input.

    input      a floating-point tensor of any shape
    threshold  a number
    value      what stands for all elements that are not above it
    """
    _checked(input, 'threshold_')
    return input.masked_fill_(input <= threshold, value)
