"""Losses for labels of 1 and -1, for several labels of one sample, and for counts.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.multi_margin_loss(tensor([0.5, 0.25, 2.0]), tensor(2))
tensor(0.)
"""
from __future__ import annotations

import math

from .._functions.creation import arange
from .._functions.indexing import gather
from .._functions.pointwise import clamp, exp, log, log1p, sqrt, where
from .._functions.reductions import sum
from .._functions.shapes import unsqueeze
from .._tensor import Tensor
from ..types import int64
from . import _errors as errors
from ._activations import logsigmoid
from ._losses import check_class_options, reduced
from ._margin_losses import checked_reduction


def soft_margin_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
                     reduce: bool | None = None, reduction: str = 'mean') -> Tensor:
    """log(1 + exp(-target * input)): cross-entropy for labels of 1 and -1.

    input                 scores of any shape
    target                1 or -1, of the same shape
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of input's shape for 'none'.
    """
    name = 'soft_margin_loss'
    reduction = checked_reduction(name, reduction, size_average, reduce, input=input, target=target)
    if input.shape != target.shape:
        raise errors.shapes_differ(name, input, target)
    if input.dtype.kind != 'f':
        raise errors.fractions_cut_off(name, 'input', input)
    return reduced(log1p(exp(-(target * input))), reduction)    # -target would be of its dtype


def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0,
                         size_average: bool | None = None, reduce: bool | None = None,
                         reduction: str = 'mean') -> Tensor:
    """input where target is 1, max(0, margin - input) where it is -1: input are distances.

    input                 distances of any shape
    target                1 for pairs that are to be near, -1 for others
    margin                the distance from which others cost nothing
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of the common shape for 'none'.
    """
    reduction = checked_reduction('hinge_embedding_loss', reduction, size_average, reduce,
                                  input=input, target=target)
    if input.dtype.kind in 'iu':
        raise errors.needs_floating_point('hinge_embedding_loss', input)
    near = where(target != -1, input, 0.0)
    far = where(target != 1, clamp(margin - input, min=0), 0.0)
    return reduced(near + far, reduction)


def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0,
                          size_average: bool | None = None, reduce: bool | None = None,
                          reduction: str = 'mean') -> Tensor:
    """1 - c where target is 1, max(0, c - margin) where it is -1; c is the cosine of an angle.

    input1                vectors (N, D), or (D,)
    input2                vectors of the same shape
    target                (N,), or (): 1 for pairs that are to have one direction, -1 for others
    margin                the cosine up to which others cost nothing
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of target's shape for 'none'. Raises RuntimeError for others.
    """
    reduction = checked_reduction('cosine_embedding_loss', reduction, size_average, reduce,
                                  input1=input1, input2=input2, target=target)
    dim = target.ndim
    if dim > 1 or not input1.ndim == input2.ndim == dim + 1:
        raise errors.no_pairs_of_vectors(input1, input2, target)
    squares = [sum(x * x, dim) + 1e-12 for x in (input1, input2)]
    cosine = sum(input1 * input2, dim) / sqrt(squares[0] * squares[1])
    near = where(target == 1, 1 - cosine, 0.0)
    far = where(target == -1, clamp(cosine - margin, min=0), 0.0)
    return reduced(near + far, reduction)


def multi_margin_loss(input: Tensor, target: Tensor, p: int = 1, margin: float = 1.0,
                      weight: Tensor | None = None, size_average: bool | None = None,
                      reduce: bool | None = None, reduction: str = 'mean') -> Tensor:
    """The sum of max(0, margin - input[y] + input[i])^p over all classes i but the target y, / C.

    input                 scores (N, C), or (C,)
    target                the class of each sample, (N,), or ()
    p                     1 or 2
    margin                by how much the score of the target is to be the largest
    weight                (C,) how much each target class counts; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean' (over the samples), 'sum' or 'none'

    Returns a number, or a tensor of target's shape for 'none'. Raises ValueError for another p,
    RuntimeError for other shapes and classes that there are not.
    """
    if p not in (1, 2):
        raise errors.exponent_neither_1_nor_2(p)
    if weight is not None and weight.ndim != 1:
        raise errors.margin_weight_not_a_vector(weight)
    reduction = checked_reduction('multi_margin_loss', reduction, size_average, reduce,
                                  input=input, target=target)
    scores, samples = _rows(input)
    classes = scores.shape[-1]
    if input.ndim > 2 or target.ndim > 1 or target.numel() != samples or not classes:
        raise errors.not_one_class_each(input, target)
    _check_kinds('multi_margin_loss', input, target)
    if target.numel() and not 0 <= target.min() <= target.max() < classes:
        raise errors.target_of_multi_margin_out_of_range(classes)
    check_class_options(weight, -1, classes)
    if weight is not None and weight.dtype != input.dtype:
        raise errors.weight_of_another_dtype(weight, input._array.dtype)
    labels = target.reshape(-1, 1)
    excess = margin - gather(scores, 1, labels) + scores
    excess = where((excess > 0) & (arange(classes) != labels), excess, 0.0)
    if weight is not None:
        excess = (excess if p == 1 else excess * excess) * weight[labels]
    elif p == 2:
        excess = excess * excess
    loss = sum(excess, 1) / classes
    return reduced(loss.reshape(target.shape if input.ndim == 2 else ()), reduction)


def multilabel_margin_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
                           reduce: bool | None = None, reduction: str = 'mean') -> Tensor:
    """The sum of max(0, 1 - input[y] + input[i]) over target classes y and other classes i, / C.

    input                 scores (N, C), or (C,)
    target                of the same shape: in each row target classes, then -1; what comes after
                          the first -1 does not count
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean' (over the samples), 'sum' or 'none'

    Returns a number, or a tensor (N,), or (), for 'none'. Raises RuntimeError for other shapes and
    classes that there are not.
    """
    reduction = checked_reduction('multilabel_margin_loss', reduction, size_average, reduce,
                                  input=input, target=target)
    scores, samples = _rows(input)
    classes = scores.shape[-1]
    if input.ndim > 2 or target.shape != input.shape or not classes:
        raise errors.no_list_of_classes_each(input, target)
    _check_kinds('multilabel_margin_loss', input, target)
    if target.numel() and not -1 <= target.min() <= target.max() < classes:
        raise errors.target_of_multilabel_margin_out_of_range(classes)
    target = target.reshape(scores.shape)
    counts = (target < 0).cumsum(1) == 0
    labels = where(counts, target, 0)
    is_target = (counts[..., None] & (labels[..., None] == arange(classes))).any(-2)
    excess = 1 - unsqueeze(gather(scores, 1, labels), 2) + unsqueeze(scores, 1)
    counts = unsqueeze(counts, 2) & ~unsqueeze(is_target, 1) & (excess > 0)
    loss = sum(where(counts, excess, 0.0), (1, 2)) / classes
    return reduced(loss.reshape(input.shape[:-1]), reduction)


def _rows(input: Tensor) -> tuple[Tensor, int]:
    """Scores (N, C), (C,) or () as rows of C, and the number of rows."""
    rows = input if input.ndim > 1 else input.reshape(1, -1)
    return rows, rows.shape[0]


def _check_kinds(function: str, input: Tensor, target: Tensor) -> None:
    """Raise an error unless input is of floating point and the classes are int64."""
    if input.dtype.kind != 'f':
        raise errors.needs_floating_point(function, input)
    if target.dtype != int64:
        raise errors.classes_are_not_int64(function, target)


def multilabel_soft_margin_loss(input: Tensor, target: Tensor, weight: Tensor | None = None,
                                size_average: bool | None = None, reduce: bool | None = None,
                                reduction: str = 'mean') -> Tensor:
    """binary_cross_entropy_with_logits of each class, averaged over the classes.

    input                 scores (..., C)
    target                values in [0, 1], of the same shape
    weight                how much each class counts, (C,), or a shape that broadcasts
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of input's shape without C for 'none'.
    """
    reduction = checked_reduction('multilabel_soft_margin_loss', reduction, size_average, reduce,
                                  input=input, target=target)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduced(sum(loss, -1) / input.shape[-1], reduction)


def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool = True, full: bool = False,
                     size_average: bool | None = None, eps: float = 1e-8,
                     reduce: bool | None = None, reduction: str = 'mean') -> Tensor:
    """exp(input) - target * input: minus the logarithm of a Poisson probability, without log(n!).

    input                 logarithms of expected numbers, of any shape
    target                counts, of a shape that broadcasts
    log_input             False: input are the numbers; input - target * log(input + eps)
    full                  whether to add Stirling's approximation of log(target!), if that is over 1
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    eps                   against log(0) where log_input is False
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of the common shape for 'none'.
    """
    reduction = checked_reduction('poisson_nll_loss', reduction, size_average, reduce,
                                  input=input, target=target)
    loss = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:
        stirling = target * log(target) - target + 0.5 * log(2 * math.pi * target)
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return reduced(loss, reduction)
