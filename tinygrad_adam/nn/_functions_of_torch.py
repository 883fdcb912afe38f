"""Functions that torch has with fewer or other arguments than nn.functional, by the same names.

>>> from tinygrad_adam import dropout, ones
>>> dropout(ones(3), p=0.5, train=False)
tensor([1., 1., 1.])
"""
from __future__ import annotations

from .._functions._arguments import check
from .._tensor import Tensor
from . import _activations, _dropout, _pooling
from ._images import Sizes


def dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Set each element to 0 with probability p, and scale the others by 1 / (1 - p).

    input  a floating-point tensor of any shape
    p      the probability of 0, for each element independently
    train  unless True, input is returned as it is

    Returns a tensor of input's shape. See nn.functional.dropout.
    """
    check(train, bool, 'dropout', 'train')
    return _dropout.dropout(input, p, train)


def alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Dropout for selu, which keeps mean 0 and variance 1.

    input  a floating-point tensor of any shape
    p      the probability with which an element is replaced
    train  unless True, input is returned as it is

    Returns a tensor of input's shape. See nn.functional.alpha_dropout.
    """
    check(train, bool, 'alpha_dropout', 'train')
    return _dropout.alpha_dropout(input, p, train)


def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """input where it is positive, alpha * (exp(input / alpha) - 1) elsewhere; its slope at 0 is 1.

    input  a floating-point tensor of any shape
    alpha  minus the limit at minus infinity; not 0 (RuntimeError)

    Returns a tensor of input's shape. Barron 2017.
    """
    return _activations.celu(input, alpha)


def selu(input: Tensor) -> Tensor:
    """elu scaled so that its outputs keep mean 0 and variance 1 from layer to layer.

    input  a floating-point tensor of any shape

    Returns a tensor of input's shape. Klambauer et al. 2017.
    """
    return _activations.selu(input)


def rrelu(input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3,
          training: bool = False) -> Tensor:
    """leaky_relu with a random slope for each element that is not positive.

    input     a floating-point tensor of any shape
    lower     the smallest slope
    upper     the largest slope, not below lower; both are finite
    training  draw slopes uniformly between the two; unless True, their mean is the slope

    Returns a tensor of input's shape. Raises RuntimeError for other slopes. Xu et al. 2015.
    """
    return _activations.rrelu(input, lower, upper, training)


def threshold(input: Tensor, threshold: float, value: float) -> Tensor:
    """input where it is above the threshold, value elsewhere.

    input      a floating-point tensor of any shape
    threshold  a number
    value      what stands for all elements that are not above it

    Returns a tensor of input's shape.
    """
    return _activations.threshold(input, threshold, value)


def max_pool1d(input: Tensor, kernel_size: Sizes, stride: Sizes = (), padding: Sizes = 0,
               dilation: Sizes = 1, ceil_mode: bool = False) -> Tensor:
    """The largest element of each window of series, channel by channel.

    input        (N, C, L), or (C, L) for a single series
    kernel_size  the length of a window
    stride       the step from window to window; (): kernel_size
    padding      how many elements of -inf are added at both ends; at most half of kernel_size
    dilation     the distance between the elements of a window
    ceil_mode    whether windows may extend beyond the end

    Returns (N, C, L'). See nn.functional.max_pool1d, which also says where they are.
    """
    return _pooling.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool2d(input: Tensor, kernel_size: Sizes, stride: Sizes = (), padding: Sizes = 0,
               dilation: Sizes = 1, ceil_mode: bool = False) -> Tensor:
    """The largest element of each window of images, channel by channel.

    input        (N, C, H, W), or (C, H, W) for a single image
    kernel_size  the height and width of a window, or one number for both
    stride       the step from window to window; (): kernel_size
    padding      how many rows and columns of -inf are added on each side; at most half of
                 kernel_size
    dilation     the distance between the elements of a window
    ceil_mode    whether windows may extend beyond the bottom and right edges

    Returns (N, C, H', W'). See nn.functional.max_pool2d, which also says where they are.
    """
    return _pooling.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode)
