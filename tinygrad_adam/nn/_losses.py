"""The losses of nn.functional, without cross_entropy and nll_loss, which are in functional.py.

`reduction` is 'mean' (over all elements), 'sum' or 'none'. `size_average` and `reduce`, its
predecessors in PyTorch, are refused unless None. Each function returns a number, or for 'none' a
tensor of input's shape. https://pytorch.org/docs/stable/nn.functional.html#loss-functions
"""
from __future__ import annotations

from ..ops import losses as table
from ..ops import softmax
from ..ops.pointwise import where
from .._functions.pointwise import abs, exp
from .._functions.reductions import mean, sum
from .._functions.shapes import reshape
from .._tensor import Tensor
from . import _errors as errors


def reduced(loss: Tensor, reduction: str, divisor: float | None = None) -> Tensor:
    """The loss of each element, reduced; 'mean' divides by divisor, or else by their number."""
    if reduction == 'none':
        return loss
    if reduction == 'sum':
        return sum(loss)
    if reduction == 'mean':
        return mean(loss) if divisor is None else sum(loss) / divisor
    raise errors.unknown_reduction(reduction)


def _check(function: str, input: Tensor, target: Tensor, size_average: bool | None = None,
           reduce: bool | None = None, same_shape: bool = True) -> None:
    """Refuse what is no tensor, deprecated options, and shapes that would broadcast: (n, 1) with
    (n,) compares all with all, n x n numbers."""
    if not (isinstance(input, Tensor) and isinstance(target, Tensor)):
        raise errors.not_tensors(function, input=input, target=target)
    if size_average is not None or reduce is not None:
        raise errors.only_reduction()
    if same_shape and input._array.shape != target._array.shape:
        raise errors.shapes_differ(function, input, target)


def _weighted(loss: Tensor, weight: Tensor | None) -> Tensor:
    return loss if weight is None else loss * weight


def mse_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
             reduce: bool | None = None, reduction: str = 'mean',
             weight: Tensor | None = None) -> Tensor:
    """(input - target)^2.

    input                 a tensor of any shape
    target                a tensor of the same shape
    size_average, reduce  not built; leave them None
    reduction             'mean', 'sum' or 'none'
    weight                scales the loss of each element, broadcast; None: all the same
    """
    _check('mse_loss', input, target, size_average, reduce)
    difference = input - target
    return reduced(_weighted(difference * difference, weight), reduction)


def l1_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
            reduce: bool | None = None, reduction: str = 'mean',
            weight: Tensor | None = None) -> Tensor:
    """|input - target|.

    input                 a tensor of any shape
    target                a tensor of the same shape
    size_average, reduce  not built; leave them None
    reduction             'mean', 'sum' or 'none'
    weight                scales the loss of each element, broadcast; None: all the same
    """
    _check('l1_loss', input, target, size_average, reduce)
    return reduced(_weighted(abs(input - target), weight), reduction)


def huber_loss(input: Tensor, target: Tensor, reduction: str = 'mean', delta: float = 1.0,
               weight: Tensor | None = None) -> Tensor:
    """d^2 / 2 for |d| < delta, delta * (|d| - delta / 2) beyond; d = input - target.

    input      a tensor of any shape
    target     a tensor of the same shape
    reduction  'mean', 'sum' or 'none'
    delta      the distance from which on the loss is linear
    weight     scales the loss of each element, broadcast; None: all the same

    Huber 1964.
    """
    if delta <= 0:
        raise errors.not_positive('huber_loss', 'delta', delta)
    _check('huber_loss', input, target)
    loss = table.huber(input - target, delta)
    return reduced(_weighted(loss, weight), reduction)


def smooth_l1_loss(input: Tensor, target: Tensor, size_average: bool | None = None,
                   reduce: bool | None = None, reduction: str = 'mean',
                   beta: float = 1.0) -> Tensor:
    """huber_loss with delta = beta, divided by beta; l1_loss for beta 0.

    input                 a tensor of any shape
    target                a tensor of the same shape
    size_average, reduce  not built; leave them None
    reduction             'mean', 'sum' or 'none'
    beta                  the distance from which on the loss is linear

    Girshick 2015.
    """
    if beta < 0:
        raise errors.not_positive('smooth_l1_loss', 'beta', beta)
    _check('smooth_l1_loss', input, target, size_average, reduce)
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return huber_loss(input, target, reduction, beta) / beta


def kl_div(input: Tensor, target: Tensor, size_average: bool | None = None,
           reduce: bool | None = None, reduction: str = 'mean',
           log_target: bool = False) -> Tensor:
    """target * (log(target) - input), and 0 where target is 0: Kullback-Leibler divergence.

    input                 log probabilities of any shape
    target                probabilities, of a shape that broadcasts
    size_average, reduce  not built; leave them None
    reduction             'mean', 'sum', 'none', or 'batchmean', the divergence of the definition:
                          the sum divided by the first size
    log_target            whether target holds log probabilities too
    """
    _check('kl_div', input, target, size_average, reduce, same_shape=False)
    if log_target:
        loss = exp(target) * (target - input)
    else:
        loss = table.xlogx(target) - target * input
    if reduction == 'batchmean':
        return sum(loss) / input.shape[0]
    return reduced(loss, reduction)


def binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None,
                         size_average: bool | None = None, reduce: bool | None = None,
                         reduction: str = 'mean') -> Tensor:
    """-target * log(input) - (1 - target) * log(1 - input), where each log is at least -100.

    input                 probabilities, in [0, 1], of any shape
    target                numbers in [0, 1], of the same shape
    weight                scales the loss of each element, broadcast; None: all the same
    size_average, reduce  not built; leave them None
    reduction             'mean', 'sum' or 'none'
    """
    _check('binary_cross_entropy', input, target, size_average, reduce)
    if input.numel() and not (0 <= input._array.min() and input._array.max() <= 1):
        raise errors.not_probabilities()
    return reduced(_weighted(table.binary_cross_entropy(input, target), weight), reduction)


def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor | None = None,
                                     size_average: bool | None = None, reduce: bool | None = None,
                                     reduction: str = 'mean',
                                     pos_weight: Tensor | None = None) -> Tensor:
    """binary_cross_entropy of sigmoid(input), exact for large inputs too.

    input                 scores of any shape
    target                numbers in [0, 1], of the same shape
    weight                scales the loss of each element, broadcast; None: all the same
    size_average, reduce  not built; leave them None
    reduction             'mean', 'sum' or 'none'
    pos_weight            scales the part of the target that is 1, broadcast
    """
    _check('binary_cross_entropy_with_logits', input, target, size_average, reduce)
    loss = table.binary_cross_entropy_with_logits(input, target, pos_weight)
    return reduced(_weighted(loss, weight), reduction)


# Parts of cross_entropy.

def soft_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None, reduction: str,
                       label_smoothing: float) -> Tensor:
    """cross_entropy for a target of probabilities, of input's shape."""
    _check('cross_entropy', input, target)
    dim = 1 if input.ndim > 1 else 0
    target = target * (1 - label_smoothing) + label_smoothing / input.shape[dim]
    if weight is not None:
        target = target * reshape(weight, (-1,) + (1,) * (input.ndim - dim - 1))
    loss = -sum(softmax.log_softmax(input, dim) * target, dim)
    return reduced(loss, reduction, input.numel() // input.shape[dim])


def smoothing_loss(log_probs: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int,
                   reduction: str, total: float) -> Tensor:
    """What a target spread evenly over all classes costs: log_probs (M, C) averaged over C, one
    for each target, reduced as cross_entropy is; total is the sum of the weights."""
    loss = -sum(log_probs if weight is None else log_probs * weight, 1)
    loss = where(target._array.reshape(-1) != ignore_index, loss, 0.0)
    loss = reduced(reshape(loss, target._array.shape), reduction, total)
    return loss / log_probs._array.shape[1]
