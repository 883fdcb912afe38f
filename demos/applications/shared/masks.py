"""Which pixels are it: how right a mask is, and what simpler methods have to say to each pixel.

A mask (h, w) has a class at every pixel. That 86 % of the pixels are right says little: so many are
background. The IoU, intersection over union, asks for every class in turn how many pixels are it in
both masks, of those that are it in at least one. Pixels are counted over all pictures together, as
in the PASCAL VOC challenge, Everingham et al. 2010; the mean IoU is that of the classes, background
included. A class in no truth and no answer has no IoU and is left out; one that is only in an
answer, or only in the truth, counts as 0.

>>> mean_iou([[0, 1, 1, 1]], [[0, 0, 1, 1]], 3)    # 1/2 and 2/3; nobody speaks of class 2
0.5833333333333333
"""
from __future__ import annotations

import numpy as np

from . import shapes


def iou(answer, truth, classes: int) -> np.ndarray:
    """IoU of each class (classes,), of masks of any equal shape; not a number without a pixel.

    ValueError if the shapes differ, or a pixel has no class from 0 to classes - 1.
    """
    answer, truth = np.asarray(answer), np.asarray(truth)
    if answer.shape != truth.shape:
        raise ValueError(f'an answer {answer.shape} for masks {truth.shape}: pixels are compared '
                         'one by one. Give as many.')
    both = np.stack([answer, truth]).ravel()
    if both.size and not 0 <= both.min() <= both.max() < classes:
        raise ValueError(f'pixels of class {both.min()} to {both.max()} where there are {classes}: '
                         'they count from 0. Give more classes.')
    counts = np.bincount(classes * truth.ravel() + answer.ravel(), minlength=classes ** 2)
    counts = counts.reshape(classes, classes)                # a row a true class
    common = counts.diagonal()
    union = counts.sum(axis=0) + counts.sum(axis=1) - common
    return np.where(union, common / np.maximum(union, 1), np.nan)


def mean_iou(answer, truth, classes: int) -> float:
    """Mean IoU of the classes that are in the answer or the truth; errors as `iou`."""
    return float(np.nanmean(iou(answer, truth, classes)))


def edges(masks) -> np.ndarray:
    """Which pixels of masks (n, h, w) have one of another class among their eight neighbours."""
    h, w = masks.shape[1:]
    framed = np.pad(masks, ((0, 0), (1, 1), (1, 1)), 'edge')    # beyond the picture it goes on
    windows = [framed[:, i:i + h, j:j + w] for i in range(3) for j in range(3)]
    return np.any(windows != masks, axis=0)


def patches(images, side: int) -> np.ndarray:
    """The side x side pixels around every pixel of images (n, 1, h, w): (n h w, side side).

    Outside the image is 0. ValueError if side is even: such a patch has no middle.
    """
    if side % 2 == 0:
        raise ValueError(f'a patch of {side} x {side} pixels has none in its middle. Give an odd '
                         'side.')
    margin = side // 2
    framed = np.pad(images[:, 0], ((0, 0), *[(margin, margin)] * 2))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (side, side), axis=(1, 2))
    return windows.reshape(-1, side ** 2)


def drawn(answers, size: int) -> np.ndarray:
    """Masks (n, size, size) of what `shapes.by_template` found: for each picture rows (class,
    score, box), the best first, which covers the others."""
    masks, middle = np.zeros((len(answers), size, size), np.int64), np.arange(size) + 0.5
    for mask, rows in zip(masks, answers):
        for kind, _, x0, y0, x1, y1 in rows[::-1]:
            x, y, r = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2
            mask[shapes.inside((middle - x) / r, (middle[:, None] - y) / r)[int(kind)]] = 1 + kind
    return masks
