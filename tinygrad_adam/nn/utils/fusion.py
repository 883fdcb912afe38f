"""A layer and the batch normalization after it, as one layer: for evaluation both are linear.

>>> from tinygrad_adam import nn
>>> nn.utils.fuse_linear_bn_eval(nn.Linear(3, 2).eval(), nn.BatchNorm1d(2).eval())
Linear(in_features=3, out_features=2, bias=True)
"""
from __future__ import annotations

import copy
from typing import TypeVar

from ..._functions.creation import ones_like, zeros_like
from ..._tensor import Tensor
from .. import _errors as errors
from ..batchnorm import _BatchNorm
from ..conv import _ConvNd
from ..linear import Linear
from ..module import Module, Parameter

Convolution = TypeVar('Convolution', bound=_ConvNd)
LinearLayer = TypeVar('LinearLayer', bound=Linear)


def fuse_conv_bn_eval(conv: Convolution, bn: _BatchNorm, transpose: bool = False) -> Convolution:
    """A convolution that computes bn(conv(x)).

    conv       the convolution, in evaluation mode
    bn         the norm after it, in evaluation mode, with running statistics
    transpose  whether it is a transposed convolution, whose weight has the outputs second

    Returns a new layer. Raises AssertionError if one is in training mode, or without statistics.
    """
    mean, var = _statistics(conv, bn)
    fused = copy.deepcopy(conv)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, mean, var, bn.eps, bn.weight, bn.bias, transpose)
    return fused


def fuse_conv_bn_weights(conv_w: Tensor, conv_b: Tensor | None, bn_rm: Tensor, bn_rv: Tensor,
                         bn_eps: float, bn_w: Tensor | None, bn_b: Tensor | None,
                         transpose: bool = False) -> tuple[Parameter, Parameter]:
    """The weight and the bias of a convolution that also normalizes.

    conv_w        the weight of the convolution, (out, in, kernel size...)
    conv_b        its bias (out,); None: 0
    bn_rm, bn_rv  the running mean and variance of the norm, (out,)
    bn_eps        what it adds to the variance
    bn_w, bn_b    its weight and bias, (out,); None: 1 and 0
    transpose     whether the weight is (in, out, kernel size...)
    """
    bias = zeros_like(bn_rm) if conv_b is None else conv_b
    scale = (ones_like(bn_rm) if bn_w is None else bn_w) * (bn_rv + bn_eps).rsqrt()
    shape = [-1, 1, *[1] * (conv_w.ndim - 2)]
    shape[:2] = shape[1::-1] if transpose else shape[:2]
    shifted = (bias - bn_rm) * scale
    weight, bias_dtype = conv_w * scale.reshape(shape), (conv_w if conv_b is None else conv_b).dtype
    return (Parameter(weight.detach().to(conv_w.dtype), conv_w.requires_grad),
            Parameter((shifted if bn_b is None else shifted + bn_b).detach().to(bias_dtype),
                      bias.requires_grad))


def fuse_linear_bn_eval(linear: LinearLayer, bn: _BatchNorm) -> LinearLayer:
    """A linear layer that computes bn(linear(x)).

    linear  the layer, in evaluation mode
    bn      the norm after it, in evaluation mode, with running statistics, of as many features as
            the layer has outputs, or of one

    Returns a new layer. Raises AssertionError if one is in training mode, without statistics, or of
    other features.
    """
    mean, var = _statistics(linear, bn)
    if bn.num_features not in (linear.out_features, 1):
        raise errors.features_do_not_match(linear.out_features, bn.num_features)
    fused = copy.deepcopy(linear)
    fused.weight, fused.bias = fuse_linear_bn_weights(
        fused.weight, fused.bias, mean, var, bn.eps, bn.weight, bn.bias)
    return fused


def fuse_linear_bn_weights(linear_w: Tensor, linear_b: Tensor | None, bn_rm: Tensor, bn_rv: Tensor,
                           bn_eps: float, bn_w: Tensor | None, bn_b: Tensor | None
                           ) -> tuple[Parameter, Parameter]:
    """The weight and the bias of a linear layer that also normalizes.

    linear_w      the weight of the layer, (out, in)
    linear_b      its bias (out,); None: 0
    bn_rm, bn_rv  the running mean and variance of the norm, (out,) or (1,)
    bn_eps        what it adds to the variance
    bn_w, bn_b    its weight and bias, (out,) or (1,); None: 1 and 0
    """
    return fuse_conv_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)


def _statistics(layer: Module, norm: _BatchNorm) -> tuple[Tensor, Tensor]:
    """The running mean and variance, if both are in evaluation mode."""
    if layer.training or norm.training:
        raise errors.not_in_eval(layer, norm)
    if norm.running_mean is None or norm.running_var is None:
        raise errors.no_statistics_to_fuse(norm)
    return norm.running_mean, norm.running_var
