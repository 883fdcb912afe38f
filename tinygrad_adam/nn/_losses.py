"""The losses of nn.functional, without cross_entropy and nll_loss, which are in functional.py.

`reduction` is 'mean' (over all elements), 'sum' or 'none'. `size_average` and `reduce`, its
predecessors in PyTorch, mean 'sum' and 'none' if False. Each function returns a number, or for
'none' a tensor of input's shape. https://pytorch.org/docs/stable/nn.functional.html#loss-functions
"""
from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..autograd import is_grad_enabled
from ..ops import losses as table
from ..ops import softmax
from ..ops.pointwise import sub as subtracted
from ..ops.pointwise import where
from .._functions.pointwise import abs, exp
from .._functions.reductions import mean, sum
from .._functions.shapes import reshape
from .._tensor import Tensor
from . import _errors as errors


def reduced(loss: Tensor, reduction: str, divisor: Any = None) -> Tensor:
    """The losses of the elements, reduced; 'mean' divides by divisor, or by their number."""
    if reduction == 'none':
        return loss
    if reduction == 'sum':
        return sum(loss)
    if reduction == 'mean':
        return mean(loss) if divisor is None else sum(loss) / divisor
    raise errors.unknown_reduction(reduction)


def legacy_reduction(size_average: bool | None, reduce: bool | None) -> str:
    """The reduction for which two options of PyTorch 0.4 stand, with its warning."""
    if any(isinstance(option, Tensor) for option in (size_average, reduce)):
        raise errors.tensor_as_option()
    name = ('none' if reduce in (False, 0) else 'sum' if size_average in (False, 0) else 'mean')
    warnings.warn(errors.options_are_deprecated(name), stacklevel=4)
    return name


KL_DIVERGENCE = 'kl_div', 'batchmean'    # a reduction that only this function has


def _check(function: str, input: Tensor, target: Tensor, reduction: str,
           size_average: bool | None = None, reduce: bool | None = None,
           same_shape: bool = True) -> str:
    """The reduction, which the deprecated options may say. Refuses what is no tensor, reductions
    that do not exist, and, unless same_shape is False, shapes that would broadcast: (n, 1) with
    (n,) compares all with all, n x n elements."""
    if not (isinstance(input, Tensor) and isinstance(target, Tensor)):
        raise errors.not_tensors(function, input=input, target=target)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if reduction not in ('mean', 'sum', 'none') and (function, reduction) != KL_DIVERGENCE:
        raise errors.unknown_reduction(reduction)
    if same_shape and input._array.shape != target._array.shape:
        raise errors.shapes_differ(function, input, target)
    return reduction


def _check_distance(function: str, input: Tensor, target: Tensor, reduction: str,
                    size_average: bool | None = None, reduce: bool | None = None) -> str:
    """As _check, for losses that broadcast, as PyTorch's do: with a warning."""
    reduction = _check(function, input, target, reduction, size_average, reduce, same_shape=False)
    if input._array.shape != target._array.shape:
        warnings.warn(errors.broadcasts(input, target), stacklevel=3)
    return reduction


def _difference(function: str, input: Tensor, target: Tensor) -> Tensor:
    """input - target, at least one of which is floating-point."""
    if not (input.is_floating_point() or target.is_floating_point()):
        raise errors.needs_floating_point(function, input)
    return subtracted(input, target)        # bools, too


def _element_weight(function: str, weight: Tensor, input: Tensor) -> Tensor:
    """The weight, if it has one value for each element of input."""
    if not isinstance(weight, Tensor):
        raise errors.not_tensors(function, weight=weight)
    if weight._array.shape != input._array.shape:
        raise errors.not_one_weight_each(function, weight, input)
    return weight


def _constant_weight(function: str, name: str, weight: Tensor, input: Tensor) -> Tensor:
    """The weight, if it broadcasts to input's shape and requires no grad."""
    if not isinstance(weight, Tensor):
        raise errors.not_tensors(function, **{name: weight})
    _check_constant(function, name, weight)
    shape, sizes = input._array.shape, weight._array.shape
    if len(sizes) > len(shape) or any(
            n not in (1, m) for n, m in zip(sizes[::-1], shape[::-1])):
        raise errors.weight_does_not_broadcast(function, name, weight, input)
    return weight


def _check_constant(function: str, name: str, weight: Tensor) -> None:
    if weight._requires_grad and is_grad_enabled():
        raise errors.weight_requires_grad(function, name)


def mse_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
             reduce: bool | None = None, reduction: str = 'mean',
             weight: Tensor | None = None) -> Tensor:
    """(input - target)^2.

    input                 a tensor of any shape
    target                a tensor of the same shape; another is broadcast, with a warning
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    weight                how much each element counts, a tensor of the same shape; 'mean' divides
                          by their sum; None: all the same
    """
    reduction = _check_distance('mse_loss', input, target, reduction, size_average, reduce)
    if weight is None:
        d = _difference('mse_loss', input, target)
        return reduced(d * d, reduction)
    weight, d = _element_weight('mse_loss', weight, input), input - target
    return reduced(d * d * weight, reduction, sum(weight))


def l1_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
            reduce: bool | None = None, reduction: str = 'mean',
            weight: Tensor | None = None) -> Tensor:
    """|input - target|.

    input                 a tensor of any shape
    target                a tensor of the same shape; another is broadcast, with a warning
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    weight                how much each element counts, a tensor of the same shape; 'mean' divides
                          by their sum; None: all the same
    """
    reduction = _check_distance('l1_loss', input, target, reduction, size_average, reduce)
    if weight is None:
        return reduced(abs(input - target), reduction)
    weight = _element_weight('l1_loss', weight, input)
    return reduced(abs(input - target) * weight, reduction, sum(weight))


def huber_loss(input: Tensor, target: Tensor, reduction: str = 'mean', delta: float = 1.0,
               weight: Tensor | None = None) -> Tensor:
    """d^2 / 2 for |d| < delta, delta * (|d| - delta / 2) beyond; d = input - target.

    input      a tensor of any shape
    target     a tensor of the same shape; another is broadcast, with a warning
    reduction  'mean', 'sum' or 'none'
    delta      the distance from which the loss is linear
    weight     scales the loss of each element, a tensor of the same shape; 'mean' still divides by
               the number of elements; None: all the same

    Huber 1964.
    """
    if not delta > 0:
        raise errors.not_positive('huber_loss', 'delta', delta)
    _check_distance('huber_loss', input, target, reduction)
    d = _difference('huber_loss', input, target)
    if not input.is_floating_point():
        raise errors.fractions_cut_off('huber_loss', 'input', input)
    loss = table.huber(d, delta).type_as(input)
    return reduced(loss if weight is None else loss * _element_weight('huber_loss', weight, input),
                   reduction)


def smooth_l1_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
                   reduce: bool | None = None, reduction: str = 'mean',
                   beta: float = 1.0) -> Tensor:
    """huber_loss with delta = beta, divided by beta; l1_loss for beta 0.

    input                 a tensor of any shape
    target                a tensor of the same shape; another is broadcast, with a warning
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    beta                  the distance from which the loss is linear

    Girshick 2015.
    """
    if not beta >= 0:
        raise errors.not_positive('smooth_l1_loss', 'beta', beta)
    reduction = _check_distance('smooth_l1_loss', input, target, reduction, size_average, reduce)
    d = _difference('smooth_l1_loss', input, target)
    return reduced(table.huber(d, beta) / beta if beta else abs(d), reduction)


def kl_div(input: Tensor, target: Tensor, size_average: bool | None = None,
           reduce: bool | None = None, reduction: str = 'mean',
           log_target: bool = False) -> Tensor:
    """target * (log(target) - input), and 0 where target is 0: Kullback-Leibler divergence.

    input                 log probabilities of any shape
    target                probabilities, of a shape that broadcasts
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum', 'none', or 'batchmean', the divergence of the definition:
                          the sum divided by the first size
    log_target            whether target holds log probabilities too
    """
    reduction = _check('kl_div', input, target, reduction, size_average, reduce, same_shape=False)
    if not (input.is_floating_point() and target.is_floating_point()):
        raise errors.not_log_probabilities(input, target)
    if log_target:
        loss = exp(target) * (target - input)
    else:
        loss = table.xlogx(target) - target * input
    if reduction == 'batchmean':
        return sum(loss) / (input.shape[0] if input.ndim else 1)
    return reduced(loss, reduction)


def binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None,
                         size_average: bool | None = None, reduce: bool | None = None,
                         reduction: str = 'mean') -> Tensor:
    """-target * log(input) - (1 - target) * log(1 - input), where each log is at least -100.

    input                 probabilities, in [0, 1], of any shape
    target                values in [0, 1], of the same shape and dtype
    weight                scales the loss of each element, broadcast to input's shape; it gets no
                          gradient; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    """
    name = 'binary_cross_entropy'
    reduction = _check(name, input, target, reduction, size_average, reduce)
    if input._array.dtype != target._array.dtype:
        raise errors.another_dtype(name, input, target)
    if not input.is_floating_point():
        raise errors.needs_floating_point(name, input)
    for argument, x in (('input', input._array), ('target', target._array)):
        if x.size and not (0 <= x.min() and x.max() <= 1):
            raise errors.not_probabilities(argument)
    loss = table.binary_cross_entropy(input, target)
    if weight is not None:
        loss = (loss * _constant_weight(name, 'weight', weight, input)).type_as(loss)
    return reduced(loss, reduction)


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor | None = None,
                                     size_average: bool | None = None, reduce: bool | None = None,
                                     reduction: str = 'mean',
                                     pos_weight: Tensor | None = None) -> Tensor:
    """binary_cross_entropy of sigmoid(input), exact for large inputs too.

    input                 scores of any shape
    target                values in [0, 1], of the same shape; the result has its dtype
    weight                scales the loss of each element, broadcast to input's shape; it gets no
                          gradient; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    pos_weight            scales the part of the target that is 1; otherwise like weight
    """
    name = 'binary_cross_entropy_with_logits'
    reduction = _check(name, input, target, reduction, size_average, reduce)
    if not input.is_floating_point():
        raise errors.needs_floating_point(name, input)
    if not target.is_floating_point():
        raise errors.fractions_cut_off(name, 'target', target)
    if pos_weight is not None:
        pos_weight = _constant_weight(name, 'pos_weight', pos_weight, input)
    loss = table.binary_cross_entropy_with_logits(input, target, pos_weight).type_as(target)
    if weight is not None:
        loss = (loss * _constant_weight(name, 'weight', weight, input)).type_as(loss)
    return reduced(loss, reduction)


# Parts of cross_entropy and nll_loss.

CLASS_NUMBERS = {np.dtype(np.int64), np.dtype(np.uint8)}    # dtypes of class numbers


def check_class_options(weight: Tensor | None, ignore_index: int, classes: int,
                        dtype: Any = None) -> None:
    """Refuse a weight that does not give each class a number (of this dtype, if one is given), and
    an ignore_index that is no class number."""
    if not isinstance(ignore_index, (int, np.integer)) or isinstance(ignore_index, bool):
        raise errors.ignore_index_not_whole(ignore_index)
    if weight is None:
        return
    if not isinstance(weight, Tensor) or weight._array.shape != (classes,):
        raise errors.bad_class_weight(weight, classes)
    if dtype is not None:
        _check_constant('nll_loss', 'weight', weight)
        if weight._array.dtype != dtype:
            raise errors.weight_of_another_dtype(weight, dtype)


def soft_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int,
                       reduction: str, label_smoothing: float) -> Tensor:
    """cross_entropy for a target of probabilities, of input's shape."""
    _check('cross_entropy', input, target, reduction)
    if not target.is_floating_point():
        raise errors.probabilities_not_floating_point(target)
    if not input.ndim:
        raise errors.not_class_scores('cross_entropy', input, target)
    if not input.is_floating_point():
        raise errors.needs_floating_point('cross_entropy', input)
    dim = 1 if input.ndim > 1 else 0
    classes = input.shape[dim]
    check_class_options(weight, ignore_index, classes)
    if ignore_index >= 0:
        raise errors.no_class_to_ignore()
    if label_smoothing:
        target = target * (1 - label_smoothing) + label_smoothing / max(classes, 1)
    if weight is not None:
        target = target * reshape(weight, (-1,) + (1,) * (input.ndim - dim - 1))
    loss = -sum(softmax.log_softmax(input, dim) * target, dim)
    return reduced(loss, reduction, loss.numel() if classes else math.nan)


def smoothing_loss(log_probs: Tensor, labels: np.ndarray, ignore_index: int, weight: Tensor | None,
                   reduction: str, total: float) -> Tensor:
    """What a target spread evenly over all classes costs: log_probs (M, C) averaged over C, where
    it counts, reduced as cross_entropy is, or (M,); total is the sum of the weights."""
    if weight is not None and reduction == 'mean' and labels.dtype == np.uint8:
        raise errors.smoothing_of_bytes()
    loss = -sum(log_probs if weight is None else log_probs * weight, 1)
    loss = where(labels != ignore_index, loss, 0.0)
    return reduced(loss, reduction, total) / log_probs._array.shape[1]
