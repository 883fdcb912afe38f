"""The activations of nn.functional, without relu, which is in functional.py; and dropout.

Each takes a floating-point tensor of any shape and returns one of the same shape.
"""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from .._functions._arguments import check
from .._tensor import Tensor
from ..ops import activations, pointwise
from ..random import uniform
from . import _errors as errors


def _applied(function: Callable[..., Tensor], input: Tensor, inplace: bool,
             **options: Any) -> Tensor:
    _checked(input, function.__name__)
    return input._change(function, **options) if inplace else function(input, **options)


def _checked(input: Tensor, function: str) -> None:
    if not isinstance(input, Tensor):
        raise errors.not_tensors(function, input=input)
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
    return _applied(activations.elu, input, inplace, alpha=alpha)


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


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Set each element to 0 with probability p, and scale the others by 1 / (1 - p).

    input     a floating-point tensor of any shape
    p         the probability of 0, for each element independently
    training  unless True, input is returned as it is
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Srivastava et al. 2014; scaling in training, where the
    original scales afterwards, keeps the mean.
    """
    if not isinstance(input, Tensor):
        raise errors.not_tensors('dropout', input=input)
    if not 0 <= p <= 1:
        raise errors.not_a_probability(p)
    check(training, bool, 'dropout', 'training')
    if not training or p == 0:
        return input
    if input._array.dtype.kind != 'f' and p < 1:
        raise errors.dropout_of_integers(input)
    scale = input._array.dtype.type(1 / (1 - p) if p < 1 else 0)
    keep = np.multiply(uniform(input.shape) >= p, scale, np.empty_like(input._array))
    return input._change(pointwise.mul, keep) if inplace else pointwise.mul(input, keep)
