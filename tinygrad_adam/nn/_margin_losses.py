"""Losses that compare samples with each other, and that of a predicted variance.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.margin_ranking_loss(tensor([2.0]), tensor([1.5]), tensor([1.0]), margin=1.0)
tensor(0.5000)
"""
from __future__ import annotations

import math
from typing import Callable

from .._functions.creation import ones_like
from .._functions.pointwise import clamp, log, minimum
from .._functions.shapes import unsqueeze
from .._tensor import Tensor
from ..autograd import no_grad
from . import _errors as errors
from ._losses import legacy_reduction, reduced
from ._similarity import pairwise_distance


def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0,
                        size_average: bool | None = None, reduce: bool | None = None,
                        reduction: str = 'mean') -> Tensor:
    """max(0, margin - target * (input1 - input2)): which of two scores is to be larger.

    input1                scores of any shape
    input2                scores, with as many dimensions
    target                1 where input1 is to be larger, -1 where input2 is
    margin                by how much
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of the common shape for 'none'. Raises RuntimeError for different
    numbers of dimensions.
    """
    reduction = checked_reduction('margin_ranking_loss', reduction, size_average, reduce,
                                  input1=input1, input2=input2, target=target)
    if not input1.ndim == input2.ndim == target.ndim:
        raise errors.dimensions_to_rank_differ(input1, input2, target)
    return reduced(clamp(-target * (input1 - input2) + float(margin), min=0), reduction)


def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0,
                        p: float = 2, eps: float = 1e-6, swap: bool = False,
                        size_average: bool | None = None, reduce: bool | None = None,
                        reduction: str = 'mean') -> Tensor:
    """max(0, margin + d(anchor, positive) - d(anchor, negative)), d the distance of vectors.

    anchor                vectors (N, D), or (D,)
    positive              vectors that are to be near
    negative              vectors that are to be farther away
    margin                by how much; greater than 0
    p                     the exponent of the norm
    eps                   added to each element of a difference
    swap                  whether a negative that is nearer to the positive counts from there
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor (N,) for 'none'. Raises ValueError for a margin of 0 or less,
    RuntimeError for different numbers of dimensions. Balntas et al. 2016.
    """
    reduction = checked_reduction('triplet_margin_loss', reduction, size_average, reduce,
                                  anchor=anchor, positive=positive, negative=negative)
    return triplet_margin_with_distance_loss(
        anchor, positive, negative, margin=margin, swap=swap, reduction=reduction,
        distance_function=lambda x, y: pairwise_distance(x, y, p, eps))


def triplet_margin_with_distance_loss(
        anchor: Tensor, positive: Tensor, negative: Tensor, *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None, margin: float = 1.0,
        swap: bool = False, reduction: str = 'mean') -> Tensor:
    """max(0, margin + d(anchor, positive) - d(anchor, negative)), d a distance of the user's.

    anchor             what the others are compared with, of any shape that the distance takes
    positive           what is to be near
    negative           what is to be farther away
    distance_function  d, a function of two tensors; None: pairwise_distance
    margin             by how much; greater than 0
    swap               whether a negative that is nearer to the positive counts from there
    reduction          'mean', 'sum' or 'none'

    Returns a number, or a tensor of the distance's shape for 'none'. Raises ValueError for a margin
    of 0 or less, RuntimeError for different numbers of dimensions. Balntas et al. 2016.
    """
    checked_reduction('triplet_margin_with_distance_loss', reduction, None, None,
                      anchor=anchor, positive=positive, negative=negative)
    if margin <= 0:
        raise errors.margin_not_positive(margin)
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise errors.dimensions_of_triplet_differ(anchor, positive, negative)
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduced(clamp(margin + near - far, min=0), reduction)


def gaussian_nll_loss(input: Tensor, target: Tensor, var: Tensor | float, full: bool = False,
                      eps: float = 1e-6, reduction: str = 'mean') -> Tensor:
    """(log(var) + (input - target)^2 / var) / 2: minus the logarithm of a normal density.

    input      means of any shape
    target     samples, of a shape that broadcasts
    var        variances, at least 0: of input's shape, or with a last size of 1, or without it; or
               one number
    full       whether to add the constant log(2 pi) / 2
    eps        the least variance that counts; the gradient of a smaller one is still that of var
    reduction  'mean', 'sum' or 'none'

    Returns a number, or a tensor of input's shape for 'none'. Raises ValueError for a negative
    variance, or a shape of var that does not fit. Nix & Weigend 1994.
    """
    if isinstance(var, float):
        var = var * ones_like(input)
    checked_reduction('gaussian_nll_loss', reduction, None, None, input=input, target=target,
                      var=var)
    if (var < 0).any():
        raise errors.negative_variance()
    if var.shape != input.shape:
        sizes = [m for n, m in zip(input.shape, var.shape) if n != m]
        if input.shape[:-1] == var.shape:
            var = unsqueeze(var, -1)
        elif input.ndim != var.ndim or sum(sizes) != 1:
            raise errors.variance_of_wrong_shape(var, input)
    var = var.clone()
    with no_grad():
        var.clamp_(min=eps)
    loss = 0.5 * (log(var) + (input - target) ** 2 / var)
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction)


def checked_reduction(function: str, reduction: str, size_average: bool | None,
                      reduce: bool | None, **tensors: Tensor) -> str:
    """The reduction, which the deprecated options may say; refuses what is no tensor."""
    if not all(isinstance(x, Tensor) for x in tensors.values()):
        raise errors.not_tensors(function, **tensors)
    if size_average is not None or reduce is not None:
        return legacy_reduction(size_average, reduce)
    return reduction
