"""Layers as functions: what a module computes, with its parameters as arguments.

Those of a first network are here; the others are in the files that `_layer_functions.py` names.
https://pytorch.org/docs/stable/nn.functional.html

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.cross_entropy(tensor([[2.0, 0.0]]), tensor([0]))
tensor(0.1269)
"""
from __future__ import annotations

import numpy as np

from .._functions.products import weighted_sum
from .._tensor import Tensor
from ..ops import matmul, pointwise
from ..ops import softmax as softmaxes
from . import _errors as errors, _layer_functions
from ._layer_functions import *  # noqa: F401, F403
from ._losses import (
    CLASS_NUMBERS, check_class_options, legacy_reduction, smoothing_loss, soft_cross_entropy)

__all__ = ['cross_entropy', 'linear', 'nll_loss', 'relu']
__all__ += _layer_functions.__all__


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input @ weight.T + bias.

    input   (..., in_features)
    weight  (out_features, in_features), or (in_features,)
    bias    (out_features,), or () if input and weight are vectors; None: nothing is added

    Returns a tensor (..., out_features), or (...) for a weight of one dimension.
    """
    if not (isinstance(input, Tensor) and isinstance(weight, Tensor)):
        raise errors.not_tensors('linear', input=input, weight=weight)
    x, w = input._array, weight._array
    if x.shape[-1:] != w.shape[-1:] or w.dtype.kind == 'b':
        raise errors.no_linear_map(x, w)
    if x.dtype is not w.dtype or bias is not None and bias._array.dtype is not w.dtype:
        raise errors.dtypes_differ('linear', input, weight, bias)
    if w.ndim == 1:
        return weighted_sum(input, weight, bias)
    return matmul.linear(input, weight, bias)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(input, 0), element by element; the derivative at 0 is 0.

    input    a tensor of any shape
    inplace  overwrite input instead of making a new tensor

    Returns a tensor of input's shape. Nair & Hinton 2010.
    """
    if not isinstance(input, Tensor) or input._array.dtype.kind == 'b':
        raise errors.relu_of(input)
    return input.relu_() if inplace else pointwise.relu(input)


def cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None,
                  size_average: bool | None = None, ignore_index: int = -100,
                  reduce: bool | None = None, reduction: str = 'mean',
                  label_smoothing: float = 0.0) -> Tensor:
    """Minus the log of softmax(input) at the target class: nll_loss of log_softmax.

    input                 scores before softmax, (N, C, ...) or (C,): a score for each class
    target                the class of each sample, (N, ...) or (), in [0, C), int64 or uint8; or
                          probabilities of input's shape
    weight                (C,) how much each class counts, of input's dtype; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    ignore_index          a target that is ignored; not for probabilities
    reduction             'mean' (weighted), 'sum' or 'none'
    label_smoothing       the fraction of the target, in [0, 1], spread over all classes

    Returns a number, or a tensor (N, ...) for 'none'. Raises IndexError if there is no such class.
    https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html; Szegedy et al. 2016.
    """
    if not (isinstance(input, Tensor) and isinstance(target, Tensor)):
        raise errors.not_tensors('cross_entropy', input=input, target=target)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if not 0 <= label_smoothing <= 1:
        raise errors.bad_label_smoothing(label_smoothing)
    if target._array.shape == input._array.shape:
        return soft_cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing)
    scores, labels = _rows('cross_entropy', input, target)
    rows, classes, row_weight, total = _counted(labels, scores, weight, ignore_index, reduction)
    log_probs = softmaxes.log_softmax(scores, 1)
    if reduction == 'none':
        loss = _unreduced(log_probs, rows, classes, row_weight, input, target)
    else:
        loss = softmaxes.nll(log_probs, rows, classes, row_weight)
        loss = loss if total else loss + np.nan                 # the mean of nothing
    if not label_smoothing:
        return loss
    spread = smoothing_loss(log_probs, labels, ignore_index, weight, reduction, total)
    return (1 - label_smoothing) * loss + label_smoothing * spread.reshape(loss._array.shape)


def nll_loss(input: Tensor, target: Tensor, weight: Tensor | None = None,
             size_average: bool | None = None, ignore_index: int = -100,
             reduce: bool | None = None, reduction: str = 'mean') -> Tensor:
    """Minus the log probability of the target class, as given by the input.

    input                 log probabilities, (N, C, ...) or (C,), from log_softmax(dim=1)
    target                the class of each sample, (N, ...) or (), in [0, C), int64 or uint8
    weight                (C,) how much each class counts, of input's dtype; None: all the same
    size_average, reduce  deprecated; if False, the reduction is 'sum', or 'none'
    ignore_index          a target that is ignored
    reduction             'mean' (weighted), 'sum' or 'none'

    Returns a number, or a tensor (N, ...) for 'none'. Raises IndexError if there is no such class.
    """
    if not (isinstance(input, Tensor) and isinstance(target, Tensor)):
        raise errors.not_tensors('nll_loss', input=input, target=target)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    log_probs, labels = _rows('nll_loss', input, target)
    rows, classes, row_weight, total = _counted(labels, log_probs, weight, ignore_index, reduction)
    if reduction == 'none':
        return _unreduced(log_probs, rows, classes, row_weight, input, target)
    loss = softmaxes.nll(log_probs, rows, classes, row_weight)
    return loss if total else loss + np.nan


def _rows(function: str, input: Tensor, target: Tensor) -> tuple[Tensor, np.ndarray]:
    """Scores (N, C, ...) as rows (M, C), and the class of each row (M,)."""
    if input._array.dtype.kind != 'f':
        raise errors.needs_floating_point(function, input)
    shape, labels = input._array.shape, target._array
    expected = shape[:1] + shape[2:] if len(shape) > 1 else (1,) * min(labels.ndim, 1)
    if not shape or labels.dtype not in CLASS_NUMBERS or labels.shape != expected:
        raise errors.not_class_scores(function, input, target)
    if len(shape) == 2:
        return input, labels
    if len(shape) > 2:
        input = input.permute(0, *range(2, len(shape)), 1)
    return input.reshape(labels.size, input._array.shape[-1]), labels.reshape(-1)


def _counted(labels: np.ndarray, scores: Tensor, weight: Tensor | None, ignore_index: int,
             reduction: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """The rows that count, their labels and weights, normalised for 'mean'; and the sum of the
    weights for 'mean', else 1."""
    if reduction not in ('mean', 'sum', 'none'):
        raise errors.unknown_reduction(reduction)
    classes, dtype = scores._array.shape[1], scores._array.dtype
    if (weight is None and labels.size and type(ignore_index) is int
            and not 0 <= ignore_index < classes
            and np.maximum.reduce(labels.astype(np.uint64)) < classes):     # unsigned -1 is huge
        rows = np.arange(labels.size)
        row_weight, total = np.ones(labels.size, dtype), labels.size
    else:
        check_class_options(weight, ignore_index, classes, dtype)
        rows, = np.nonzero(labels != ignore_index)
        labels = labels[rows]
        wrong = labels[(labels < 0) | (labels >= classes)]
        if wrong.size:
            raise errors.class_out_of_range(wrong[0], classes)
        row_weight = np.ones(labels.size, dtype) if weight is None else weight._array[labels]
        total = row_weight.sum()
    if reduction != 'mean':
        return rows, labels, row_weight, 1
    return rows, labels, row_weight / total, total


def _unreduced(log_probs: Tensor, rows: np.ndarray, labels: np.ndarray, row_weight: np.ndarray,
               input: Tensor, target: Tensor) -> Tensor:
    """Minus the weighted log probability of each row that counts, in the shape of target."""
    loss = -log_probs[rows, labels.astype(np.int64)] * row_weight     # uint8 would be a mask
    loss = softmaxes.at_labels(loss, rows, 0, (target._array.size, 1))
    return loss.reshape(target._array.shape if input._array.ndim > 1 else ())
