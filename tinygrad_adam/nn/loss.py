"""Losses as layers. Each takes (input, target) and calls the function of nn.functional that has
its formula.

`reduction` is 'mean' (over all elements, the default), 'sum', or 'none' for one loss for each
element. `size_average` and `reduce`, its predecessors in PyTorch, mean 'sum' and 'none' if False.

>>> from tinygrad_adam import nn, tensor
>>> nn.MSELoss()(tensor([1.0, 2.0]), tensor([0.0, 0.0]))
tensor(2.5000)
"""
from __future__ import annotations

from typing import Callable, Sequence

from .._tensor import Tensor
from . import _errors as errors, functional as F
from ._losses import legacy_reduction
from .distance import PairwiseDistance
from .module import Module


class _Loss(Module):
    """A loss with a reduction."""

    def __init__(self, size_average: bool | None = None, reduce: bool | None = None,
                 reduction: str = 'mean') -> None:
        super().__init__()
        if size_average is not None or reduce is not None:
            reduction = legacy_reduction(size_average, reduce)
        self.reduction = reduction


class _WeightedLoss(_Loss):
    """A loss with a weight, which is a buffer, and a reduction."""

    weight: Tensor | None

    def __init__(self, weight: Tensor | None = None, size_average: bool | None = None,
                 reduce: bool | None = None, reduction: str = 'mean') -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer('weight', weight)


class MSELoss(_Loss):
    """Mean squared error: (input - target)^2; shapes that differ broadcast, with a warning.

    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of input's shape for 'none'.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(_Loss):
    """Mean absolute error: |input - target|; shapes that differ broadcast, with a warning.

    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of input's shape for 'none'.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """HuberLoss / beta: squared near 0, absolute beyond beta. Girshick 2015.

    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    beta                  the distance from which the loss is linear; 0 gives L1Loss

    input and target have the same shape; others broadcast, with a warning. Returns a number, or a
    tensor of that shape for 'none'.
    """

    def __init__(self, size_average: bool | None = None, reduce: bool | None = None,
                 reduction: str = 'mean', beta: float = 1.0) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """d^2 / 2 for |d| < delta, delta * (|d| - delta / 2) beyond; d = input - target. Huber 1964.

    reduction  'mean', 'sum' or 'none'
    delta      the distance from which the loss is linear

    input and target have the same shape; others broadcast, with a warning. Returns a number, or a
    tensor of that shape for 'none'.
    """

    def __init__(self, reduction: str = 'mean', delta: float = 1.0) -> None:
        if not isinstance(delta, (int, float)):
            raise errors.delta_is_no_number(delta)
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, self.reduction, self.delta)


class KLDivLoss(_Loss):
    """Kullback-Leibler divergence: target * (log(target) - input), for log probabilities input.

    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'batchmean' (the sum over the batch size, as the divergence is defined),
                          'mean', 'sum' or 'none'
    log_target            whether target holds log probabilities too

    input and target have the same shape. Returns a number, or a tensor of that shape for 'none'.
    """

    def __init__(self, size_average: bool | None = None, reduce: bool | None = None,
                 reduction: str = 'mean', log_target: bool = False) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class CrossEntropyLoss(_WeightedLoss):
    """Minus the log of softmax(input) at the target class.

    weight                (C,) how much each class counts; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    ignore_index          a target that is ignored
    reduction             'mean' (weighted), 'sum' or 'none'
    label_smoothing       the fraction of the target, in [0, 1], spread over all classes

    input (N, C, ...) holds scores before softmax; target (N, ...) classes, or probabilities of
    input's shape. Returns a number, or a tensor (N, ...) for 'none'. Szegedy et al. 2016.
    """

    def __init__(self, weight: Tensor | None = None, size_average: bool | None = None,
                 ignore_index: int = -100, reduce: bool | None = None, reduction: str = 'mean',
                 label_smoothing: float = 0.0) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(input, target, self.weight, ignore_index=self.ignore_index,
                               reduction=self.reduction, label_smoothing=self.label_smoothing)


class NLLLoss(_WeightedLoss):
    """Minus the log probability of the target class, as given by the input.

    weight                (C,) how much each class counts; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    ignore_index          a target that is ignored
    reduction             'mean' (weighted), 'sum' or 'none'

    input (N, C, ...) comes from LogSoftmax(dim=1); target (N, ...) holds classes. Returns a number,
    or a tensor (N, ...) for 'none'.
    """

    def __init__(self, weight: Tensor | None = None, size_average: bool | None = None,
                 ignore_index: int = -100, reduce: bool | None = None,
                 reduction: str = 'mean') -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(input, target, self.weight, ignore_index=self.ignore_index,
                          reduction=self.reduction)


class BCELoss(_WeightedLoss):
    """Binary cross-entropy of probabilities: -log(input) where the target is 1, -log(1 - input)
    where it is 0.

    weight                scales the loss of each element, broadcast; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    input, in [0, 1], and target have the same shape. Returns a number, or a tensor of that shape
    for 'none'.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_WeightedLoss):
    """BCELoss of sigmoid(input), exact for large inputs too.

    weight                scales the loss of each element, broadcast; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'
    pos_weight            scales the part of the target that is 1, broadcast

    input holds scores of any size, target values in [0, 1], of the same shape. Returns a number,
    or a tensor of that shape for 'none'.
    """

    pos_weight: Tensor | None

    def __init__(self, weight: Tensor | None = None, size_average: bool | None = None,
                 reduce: bool | None = None, reduction: str = 'mean',
                 pos_weight: Tensor | None = None) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.register_buffer('pos_weight', pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight)


class CTCLoss(_Loss):
    """Connectionist temporal classification: minus the log probability of the target text, summed
    over all alignments with the scores over time. Graves et al. 2006.

    blank          the class that stands for no letter
    reduction      'mean' (each loss divided by its target length first), 'sum' or 'none'
    zero_infinity  count a text too long for its scores as 0, not as infinity

    Takes log_probs (T, N, C) from LogSoftmax(dim=2), targets (N, S), and the lengths of each.
    Returns a number, or a tensor (N,) for 'none'.
    """

    def __init__(self, blank: int = 0, reduction: str = 'mean',
                 zero_infinity: bool = False) -> None:
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(self, log_probs: Tensor, targets: Tensor, input_lengths: Tensor | Sequence[int],
                target_lengths: Tensor | Sequence[int]) -> Tensor:
        return F.ctc_loss(log_probs, targets, input_lengths, target_lengths, self.blank,
                          self.reduction, self.zero_infinity)


class MarginRankingLoss(_Loss):
    """max(0, margin - target * (input1 - input2)): which of two scores is to be larger.

    margin                by how much
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    target is 1 where input1 is to be larger, -1 where input2 is. Returns a number, or a tensor of
    the common shape for 'none'.
    """

    def __init__(self, margin: float = 0.0, size_average: bool | None = None,
                 reduce: bool | None = None, reduction: str = 'mean') -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, self.margin,
                                     reduction=self.reduction)


class TripletMarginLoss(_Loss):
    """max(0, margin + d(anchor, positive) - d(anchor, negative)), d the distance of vectors.

    margin                by how much the negative is to be farther away; greater than 0
    p                     the exponent of the norm
    eps                   added to each element of a difference
    swap                  whether a negative that is nearer to the positive counts from there
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Takes three tensors (N, D), or (D,). Returns a number, or a tensor (N,) for 'none'. Balntas et
    al. 2016.
    """

    def __init__(self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False,
                 size_average: bool | None = None, reduce: bool | None = None,
                 reduction: str = 'mean') -> None:
        super().__init__(size_average, reduce, reduction)
        if margin <= 0:
            raise errors.margin_not_positive(margin)
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(anchor, positive, negative, self.margin, self.p, self.eps,
                                     self.swap, reduction=self.reduction)


class TripletMarginWithDistanceLoss(_Loss):
    """max(0, margin + d(anchor, positive) - d(anchor, negative)), d a distance of the user's.

    distance_function  d, a function of two tensors; None: PairwiseDistance()
    margin             by how much the negative is to be farther away; greater than 0
    swap               whether a negative that is nearer to the positive counts from there
    reduction          'mean', 'sum' or 'none'

    Takes three tensors. Returns a number, or a tensor of the distance's shape for 'none'. Balntas
    et al. 2016.
    """

    def __init__(self, *, distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
                 margin: float = 1.0, swap: bool = False, reduction: str = 'mean') -> None:
        super().__init__(reduction=reduction)
        if margin <= 0:
            raise errors.margin_not_positive(margin)
        self.distance_function: Callable[[Tensor, Tensor], Tensor] = (
            PairwiseDistance() if distance_function is None else distance_function)
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor, positive, negative, distance_function=self.distance_function,
            margin=self.margin, swap=self.swap, reduction=self.reduction)


class GaussianNLLLoss(_Loss):
    """(log(var) + (input - target)^2 / var) / 2: minus the logarithm of a normal density.

    full       whether to add the constant log(2 pi) / 2
    eps        the least variance that counts
    reduction  'mean', 'sum' or 'none'

    input holds means, var variances, of input's shape, with a last size of 1 or without it. Returns
    a number, or a tensor of input's shape for 'none'. Nix & Weigend 1994.
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = 'mean') -> None:
        super().__init__(reduction=reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)


class SoftMarginLoss(_Loss):
    """log(1 + exp(-target * input)): cross-entropy for labels of 1 and -1.

    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    input and target have the same shape. Returns a number, or a tensor of that shape for 'none'.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class HingeEmbeddingLoss(_Loss):
    """input where target is 1, max(0, margin - input) where it is -1: input are distances.

    margin                the distance from which pairs with target -1 cost nothing
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Returns a number, or a tensor of the common shape for 'none'.
    """

    def __init__(self, margin: float = 1.0, size_average: bool | None = None,
                 reduce: bool | None = None, reduction: str = 'mean') -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, self.margin, reduction=self.reduction)


class CosineEmbeddingLoss(_Loss):
    """1 - c where target is 1, max(0, c - margin) where it is -1; c is the cosine of an angle.

    margin                the cosine up to which pairs with target -1 cost nothing
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    Takes two tensors (N, D) and a target (N,), or (D,) and (). Returns a number, or a tensor of
    target's shape for 'none'.
    """

    def __init__(self, margin: float = 0.0, size_average: bool | None = None,
                 reduce: bool | None = None, reduction: str = 'mean') -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target, self.margin,
                                       reduction=self.reduction)


class MultiMarginLoss(_WeightedLoss):
    """The sum of max(0, margin - input[y] + input[i])^p over all classes i but the target y, / C.

    p                     1 or 2
    margin                by how much the score of the target is to be the largest
    weight                (C,) how much each target class counts; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean' (over the samples), 'sum' or 'none'

    Takes scores (N, C) and classes (N,), or (C,) and (). Returns a number, or a tensor of target's
    shape for 'none'. Raises ValueError for another p.
    """

    def __init__(self, p: int = 1, margin: float = 1.0, weight: Tensor | None = None,
                 size_average: bool | None = None, reduce: bool | None = None,
                 reduction: str = 'mean') -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise errors.exponent_neither_1_nor_2(p)
        if weight is not None and weight.ndim != 1:
            raise errors.margin_weight_not_a_vector(weight)
        self.p = p
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(input, target, self.p, self.margin, self.weight,
                                   reduction=self.reduction)


class MultiLabelMarginLoss(_Loss):
    """The sum of max(0, 1 - input[y] + input[i]) over target classes y and other classes i, / C.

    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean' (over the samples), 'sum' or 'none'

    Takes scores (N, C), or (C,), and a target of the same shape: in each row target classes, then
    -1. Returns a number, or a tensor (N,), or (), for 'none'.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """BCEWithLogitsLoss of each class, averaged over the classes.

    weight                how much each class counts, (C,), or a shape that broadcasts
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    reduction             'mean', 'sum' or 'none'

    input and target are (..., C). Returns a number, or a tensor without C for 'none'.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(input, target, self.weight, reduction=self.reduction)


class PoissonNLLLoss(_Loss):
    """exp(input) - target * input: minus the logarithm of a Poisson probability, without log(n!).

    log_input             False: input are the numbers; input - target * log(input + eps)
    full                  whether to add Stirling's approximation of log(target!), if that is over 1
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    eps                   against log(0) where log_input is False
    reduction             'mean', 'sum' or 'none'

    input are logarithms of expected numbers, target counts. Returns a number, or a tensor of the
    common shape for 'none'.
    """

    def __init__(self, log_input: bool = True, full: bool = False,
                 size_average: bool | None = None, eps: float = 1e-8, reduce: bool | None = None,
                 reduction: str = 'mean') -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(input, target, self.log_input, self.full, eps=self.eps,
                                  reduction=self.reduction)
