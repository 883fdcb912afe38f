"""Dropout as functions: elements, or whole channels, set to 0 at random.

>>> from tinygrad_adam import nn, ones
>>> nn.functional.dropout(ones(3), training=False)
tensor([1., 1., 1.])
"""
from __future__ import annotations

from typing import Any

import numpy as np

from .._functions._arguments import check
from .._tensor import Tensor
from ..ops import pointwise
from ..random import uniform
from . import _activation_errors as errors
from . import _errors
from ._activations import SELU_ALPHA, SELU_SCALE


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Set each element to 0 with probability p, and scale the others by 1 / (1 - p).

    input     a floating-point tensor of any shape
    p         the probability of 0, for each element independently
    training  unless True, input is returned as it is
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Srivastava et al. 2014; scaling in training, where the
    original scales afterwards, keeps the mean.
    """
    if not _drops('dropout', input, p, training):
        return input
    keep = np.multiply(uniform(input.shape) >= p, _scale(input, p), np.empty_like(input._array))
    return input._change(pointwise.mul, keep) if inplace else pointwise.mul(input, keep)


def _scale(input: Tensor, p: float) -> Any:
    return input._array.dtype.type(1 / (1 - p) if p < 1 else 0)


def _drops(function: str, input: Tensor, p: float, training: bool, batched: int = 0) -> bool:
    """Whether anything may become 0, of arguments that are checked; `batched` is the number of
    dimensions of a batch, if it has to have one."""
    if not isinstance(input, Tensor):
        raise _errors.not_tensors(function, input=input)
    if batched and not batched - 1 <= input.ndim <= batched:
        raise errors.channels_are_not_there(function, input, batched)
    if not 0 <= p <= 1:
        raise errors.not_a_probability(p)
    check(training, bool, function, 'training')
    if not training or p == 0:
        return False
    if input._array.dtype.kind != 'f' and p < 1:
        raise errors.dropout_of_integers(input)
    return True


def _drop_channels(function: str, input: Tensor, p: float, training: bool, inplace: bool,
                   batched: int) -> Tensor:
    """dropout with one draw for each channel of each sample.

    batched  the number of dimensions of a batch; those of a single sample are one fewer
    """
    if not _drops(function, input, p, training, batched):
        return input
    channels = input.shape[:2 if input.ndim == batched else 1]
    shape = (*channels, *[1] * (input.ndim - len(channels)))
    keep = (uniform(shape) >= p) * _scale(input, p)
    return input._change(pointwise.mul, keep) if inplace else pointwise.mul(input, keep)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True,
              inplace: bool = False) -> Tensor:
    """Set each channel of series to 0 with probability p, and scale the others by 1 / (1 - p).

    input     a floating-point tensor (N, C, L), or (C, L)
    p         the probability of 0, for each channel of each sample independently
    training  unless True, input is returned as it is
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Raises RuntimeError for other numbers of dimensions. Tompson
    et al. 2015.
    """
    return _drop_channels('dropout1d', input, p, training, inplace, 3)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True,
              inplace: bool = False) -> Tensor:
    """Set each channel of images to 0 with probability p, and scale the others by 1 / (1 - p).

    input     a floating-point tensor (N, C, H, W); one of three dimensions counts as (N, C, L), and
              of two the elements are dropped, as in PyTorch, with a warning
    p         the probability of 0, for each channel of each sample independently
    training  unless True, input is returned as it is
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Raises RuntimeError for other numbers of dimensions. Tompson
    et al. 2015.
    """
    if isinstance(input, Tensor) and input.ndim == 3:
        errors.warn_of_series_in_dropout2d()
        return _drop_channels('dropout2d', input, p, training, inplace, 3)
    if isinstance(input, Tensor) and input.ndim == 2:
        errors.warn_of_no_channels('dropout2d')
        return dropout(input, p, training, inplace)
    return _drop_channels('dropout2d', input, p, training, inplace, 4)


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True,
              inplace: bool = False) -> Tensor:
    """Set each channel of volumes to 0 with probability p, and scale the others by 1 / (1 - p).

    input     a floating-point tensor (N, C, D, H, W), or (C, D, H, W)
    p         the probability of 0, for each channel of each sample independently
    training  unless True, input is returned as it is
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Raises RuntimeError for other numbers of dimensions. Tompson
    et al. 2015.
    """
    return _drop_channels('dropout3d', input, p, training, inplace, 5)


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False,
                  inplace: bool = False) -> Tensor:
    """dropout for selu: elements become its limit at minus infinity with probability p, and all are
    then scaled and shifted so that mean 0 and variance 1 stay.

    input     a floating-point tensor of any shape
    p         the probability of a change, for each element independently
    training  unless True, input is returned as it is
    inplace   overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Klambauer et al. 2017.
    """
    if not _drops('alpha_dropout', input, p, training):
        return input
    limit = -SELU_ALPHA * SELU_SCALE
    scale = ((1 - p) * (1 + p * limit * limit)) ** -0.5 if p < 1 else 0.0
    kept = (uniform(input.shape) >= p).astype(input._array.dtype)
    shift = (limit * scale * (1 - kept) - limit * scale * p).astype(kept.dtype)
    kept *= kept.dtype.type(scale)
    if inplace:
        return input._change(pointwise.mul, kept)._change(pointwise.add, shift)
    return pointwise.add(pointwise.mul(input, kept), shift)
