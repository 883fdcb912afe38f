"""Losses as functions, reached as `nn.functional.mse_loss` and so on.

`reduction` is 'mean' (over all elements), 'sum' or 'none'.
https://pytorch.org/docs/stable/nn.functional.html#loss-functions
"""
from __future__ import annotations

import numpy as np

from ..autograd.arrays import ones
from ..ops import network
from ..ops.network import logsigmoid
from ..ops.pointwise import abs, exp, log, where
from ..ops.reductions import mean, sum
from ..ops.indexing import getitem
from ..ops.shapes import permute, reshape
from ..tensor import Tensor


def _reduced(loss, reduction, divisor=None):
    if reduction == 'none':
        return loss
    if reduction == 'sum':
        return sum(loss)
    if reduction == 'mean':
        return mean(loss) if divisor is None else sum(loss) / divisor
    raise ValueError(f"{reduction!r} is not a valid value for reduction: a loss is one number or "
                     "all of them. Choose 'mean', 'sum' or 'none'.")


def _only_reduction(size_average, reduce):
    if size_average is not None or reduce is not None:
        raise NotImplementedError('size_average and reduce are not built: PyTorch drops them. '
                                  'Write '
                                  "reduction='mean', 'sum' or 'none'.")


def _alike(name, input, target):
    """Refuse what would broadcast: (n, 1) against (n,) compares all with all, n x n numbers."""
    if input.shape != target.shape:
        raise ValueError(f'{name}: input {tuple(input.shape)} and target {tuple(target.shape)} '
                         'differ in shape; broadcasting would compare elements that do not belong '
                         'together. Make the shapes equal, for example with squeeze(1).')


def _weighted(loss, weight):
    return loss if weight is None else loss * weight


def mse_loss(input: Tensor, target: Tensor, size_average=None, reduce=None, reduction: str = 'mean',
             weight: Tensor = None) -> Tensor:
    """(input - target)^2."""
    _only_reduction(size_average, reduce)
    _alike('mse_loss', input, target)
    away = input - target
    return _reduced(_weighted(away * away, weight), reduction)


def l1_loss(input: Tensor, target: Tensor, size_average=None, reduce=None, reduction: str = 'mean',
            weight: Tensor = None) -> Tensor:
    """|input - target|."""
    _only_reduction(size_average, reduce)
    _alike('l1_loss', input, target)
    return _reduced(_weighted(abs(input - target), weight), reduction)


def huber_loss(input: Tensor, target: Tensor, reduction: str = 'mean', delta: float = 1.0,
               weight: Tensor = None) -> Tensor:
    """d^2 / 2 for |d| < delta, delta (|d| - delta / 2) beyond, d = input - target. Huber 1964."""
    if delta <= 0:
        raise RuntimeError('huber_loss does not support non-positive values for delta, got '
                           f'{delta}: '
                           'it is a distance. Give 1.0.')
    _alike('huber_loss', input, target)
    d = input - target
    loss = where(abs(d) < delta, 0.5 * d * d, delta * (abs(d) - 0.5 * delta))
    return _reduced(_weighted(loss, weight), reduction)


def smooth_l1_loss(input: Tensor, target: Tensor, size_average=None, reduce=None,
                   reduction: str = 'mean', beta: float = 1.0) -> Tensor:
    """huber_loss / beta; l1_loss for beta 0. Girshick 2015."""
    _only_reduction(size_average, reduce)
    if beta < 0:
        raise RuntimeError(f'smooth_l1_loss does not support negative values for beta, got {beta}: '
                           'it is a distance. Give 1.0.')
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return huber_loss(input, target, reduction, beta) / beta


def kl_div(input: Tensor, target: Tensor, size_average=None, reduce=None, reduction: str = 'mean',
           log_target: bool = False) -> Tensor:
    """target (log target - input), where input is log probabilities; 0 where target is 0.

    'batchmean', the divergence of its definition, divides the sum by the first size.
    """
    if log_target:
        loss = exp(target) * (target - input)
    else:
        loss = where(target > 0, target * (log(where(target > 0, target, 1.0)) - input),
                     where(target == 0, 0.0 * input, target + np.nan))
    if reduction == 'batchmean':
        return sum(loss) / input.shape[0]
    return _reduced(loss, reduction)


def binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor = None, size_average=None,
                         reduce=None, reduction: str = 'mean') -> Tensor:
    """-target log input - (1 - target) log(1 - input), each log at least -100. Input in 0..1."""
    _only_reduction(size_average, reduce)
    _alike('binary_cross_entropy', input, target)
    if input.numel() and not (0 <= input._array.min() and input._array.max() <= 1):
        raise RuntimeError('all elements of input should be between 0 and 1: they are '
                           'probabilities. Use sigmoid first, or binary_cross_entropy_with_logits.')
    return _reduced(_weighted(network.binary_cross_entropy(input, target), weight), reduction)


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor = None,
                                     size_average=None, reduce=None, reduction: str = 'mean',
                                     pos_weight: Tensor = None) -> Tensor:
    """binary_cross_entropy of sigmoid(input), exact for large inputs; pos_weight scales 1s."""
    _only_reduction(size_average, reduce)
    _alike('binary_cross_entropy_with_logits', input, target)
    positive = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    loss = (1 - target) * input - positive * logsigmoid(input)
    return _reduced(_weighted(loss, weight), reduction)


# Classes. Scores are (N, C, ...) or (C,): dimension 1 counts classes.

def _rows(name, input, target):
    """Scores as rows (M, C), and the class of each row (M,), both checked."""
    shape, ndim = input._array.shape, input._array.ndim
    expected = shape[:1] * (ndim > 1) + shape[2:]
    if ndim == 0 or target._array.dtype.kind not in 'iu' or target._array.shape != expected:
        raise ValueError(f'{name}: Expected class scores (N, C, ...) and whole numbers (N, ...) as '
                         f'target, got {input.dtype} {shape} and {target.dtype} '
                         f'{tuple(target.shape)}: each target is the number of a class. Drop '
                         'dimension 1 of the target, or use long().')
    classes = shape[ndim > 1]
    if ndim > 2:
        input = permute(input, (0, *range(2, ndim), 1))
    rows = input if ndim == 2 else reshape(input, (target.numel(), classes))
    return rows, target._array.reshape(-1)


def _counted(labels, classes, weight, ignore_index, dtype):
    """For every row a class within range, what it counts (its weight, or 0 if ignored), and the
    sum of that."""
    if weight is None and labels.size and not 0 <= ignore_index < classes:
        if np.maximum.reduce(labels.astype(np.uint64)) < classes:       # as if -1 were huge
            return labels, ones(labels.size, dtype), labels.size
    counts = labels != ignore_index
    labels = np.where(counts, labels, 0)
    wrong = labels[(labels < 0) | (labels >= classes)][:1]
    if wrong.size and counts.any():
        raise IndexError(f'Target {wrong[0]} is out of bounds: there are {classes} classes, 0 to '
                         f'{classes - 1}. Check the labels, or ask for more outputs.')
    if weight is not None and tuple(weight.shape) != (classes,):
        raise RuntimeError(f'weight tensor should be defined either for all {classes} classes or '
                           f'no classes but got weight tensor of shape: {list(weight.shape)}.')
    share = counts.astype(dtype) if weight is None else weight._array[labels] * counts
    return labels if classes else np.zeros(0, int), share, share.sum()


def nll_loss(input: Tensor, target: Tensor, weight: Tensor = None, size_average=None,
             ignore_index: int = -100, reduce=None, reduction: str = 'mean') -> Tensor:
    """Minus the log probability, given as input (N, C, ...), of the target class (N, ...).

    `weight` (C,) counts classes differently, also in the mean. Targets ignore_index do not count.
    """
    rows, labels = _rows('nll_loss', input, target)
    counted = _counted(labels, rows._array.shape[1], weight, ignore_index, input._array.dtype)
    return _of_classes(rows, *counted, target, reduction)


def _of_classes(logs, labels, share, total, target, reduction):
    if reduction == 'none':
        loss = -getitem(logs, index=(np.arange(len(labels)), labels))
        return reshape(where(share == 0, 0.0, loss * share), tuple(target.shape))
    if reduction == 'sum':
        return network.nll(logs, labels, share)
    if reduction != 'mean':
        return _reduced(logs, reduction)                    # refuses
    loss = network.nll(logs, labels, share / total if total else share)
    return loss if total else loss + np.nan                 # the mean of nothing


def cross_entropy(input: Tensor, target: Tensor, weight: Tensor = None, size_average=None,
                  ignore_index: int = -100, reduce=None, reduction: str = 'mean',
                  label_smoothing: float = 0.0) -> Tensor:
    """Minus the log of softmax(input) at the target class: nll_loss of log_softmax.

    input (N, C, ...) are scores before softmax, target (N, ...) classes, or probabilities of
    input's shape. label_smoothing mixes that share of equal probabilities into the target.
    """
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f'label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}: '
                           'it is a share. Give 0.1.')
    if target.is_floating_point():
        return _soft_cross_entropy(input, target, weight, reduction, label_smoothing)
    rows, labels = _rows('cross_entropy', input, target)
    counted = _counted(labels, rows._array.shape[1], weight, ignore_index, input._array.dtype)
    logs = network.log_softmax(rows, 1)
    loss = _of_classes(logs, *counted, target, reduction)
    if not label_smoothing:
        return loss
    counts = target._array.reshape(-1) != ignore_index
    even = -sum(logs if weight is None else logs * weight, 1)
    even = reshape(where(counts, even, 0.0), tuple(target.shape))
    even = _reduced(even, reduction, counted[2])
    return (1 - label_smoothing) * loss + label_smoothing / rows.shape[1] * even


def _soft_cross_entropy(input, target, weight, reduction, label_smoothing):
    _alike('cross_entropy', input, target)
    dim = 1 if input.ndim > 1 else 0
    target = target * (1 - label_smoothing) + label_smoothing / input.shape[dim]
    if weight is not None:
        target = target * reshape(weight, (-1,) + (1,) * (input.ndim - dim - 1))
    loss = -sum(network.log_softmax(input, dim) * target, dim)
    return _reduced(loss, reduction, input.numel() // input.shape[dim])
