"""Boxes around things: how far two agree, which to keep of many, and how good a detector is.

A box is a row x0, y0, x1, y1, left and top before right and bottom, in any unit. What a detector
finds in a picture is rows (class, score, box); the truth is rows (class, box).

A network has a fixed number of outputs, a picture has any number of things. The usual way out is a
grid: each cell answers for the one thing whose middle lies in it. `to_grid` and `from_grid` go from
boxes to cells and back. Neighbours often claim one thing, `non_maximum_suppression` settles that.

`average_precision` sums up a detector in one number from 0 to 1. Take what it found from the surest
to the least sure. After each, *recall* is the part of the true things found so far, *precision* the
part of the found that is true. The number is the area under the highest precision still to come,
over recall: what Pascal VOC counts since 2010, with all points and not eleven.
"""
from __future__ import annotations

import numpy as np


def iou(a, b):
    """Intersection over union of boxes (n, 4) and (m, 4), an array (n, m): 1 same, 0 apart."""
    a, b = np.asarray(a, np.float64)[:, None], np.asarray(b, np.float64)
    shared = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.maximum(shared, 0).prod(axis=-1)
    both = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1)
    return shared / np.maximum(both - shared, 1e-12)


def non_maximum_suppression(boxes, scores, most: float = 0.5):
    """Which boxes (n, 4) to keep, best first: of those with an IoU above `most`, the best only."""
    order, overlap, keep = np.argsort(-scores, kind='stable'), iou(boxes, boxes), []
    while len(order):
        keep.append(order[0])
        order = order[1:][overlap[order[0], order[1:]] <= most]
    return np.array(keep, np.int64)


def matches(found, truth, least: float = 0.5):
    """Which of the found boxes (n, 4), best first, are the first to overlap one of the true ones.

    Each takes the true box it overlaps most. IoU must be `least` or more, and a second box for the
    same thing is wrong: (n,), bool.
    """
    overlap, free = iou(found, truth), np.ones(len(truth), bool)
    right = np.zeros(len(found), bool)
    for i in range(len(found) if len(truth) else 0):
        best = overlap[i].argmax()
        right[i] = free[best] and overlap[i, best] >= least
        free[best] &= ~right[i]
    return right


def average_precision(right, scores, count: int) -> float:
    """Area under precision over recall, of answers that are right or not, for `count` true things.

    At each recall counts the highest precision at it or beyond. What is never found counts 0.
    """
    right = np.asarray(right, bool)[np.argsort(-np.asarray(scores), kind='stable')]
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    highest = np.maximum.accumulate(precision[::-1])[::-1]
    return float(highest[right].sum() / count)    # recall grows by 1 / count at every right answer


def mean_average_precision(found, truth, classes: int, least: float = 0.5) -> float:
    """The mean over the classes there are of the average precision, at an IoU of `least` or more.

    found: for each picture rows (class, score, box); truth: for each picture rows (class, box).
    """
    values = []
    for k in range(classes):
        right, scores, count = [], [], 0
        for rows, true in zip(found, truth):
            rows, true = rows[rows[:, 0] == k], true[true[:, 0] == k]
            rows = rows[np.argsort(-rows[:, 1], kind='stable')]
            right.append(matches(rows[:, 2:], true[:, 1:], least))
            scores.append(rows[:, 1])
            count += len(true)
        if count:
            values.append(average_precision(np.concatenate(right), np.concatenate(scores), count))
    return float(np.mean(values))


def to_grid(truth, size: int, cells: int):
    """What a grid of `cells` x `cells` should say about pictures of `size`: (there, kind, place).

    there: (n, cells, cells), float32, 1 where the middle of a thing is; two in a cell are an error.
    kind: (n, cells, cells), int64, its class. place: (n, cells, cells, 4), float32, all from 0 to
    1: the middle x, y from the corner of the cell, in cells, and width, height in pictures.
    """
    there = np.zeros((len(truth), cells, cells), np.float32)
    kind = np.zeros(there.shape, np.int64)
    place = np.zeros((*there.shape, 4), np.float32)
    for i, rows in enumerate(truth):
        for name, *box in rows:
            box = np.array(box)
            middle = (box[:2] + box[2:]) / 2 * cells / size
            column, line = middle.astype(int)
            if there[i, line, column]:
                raise ValueError(f'two things of picture {i} have their middle in one cell, line '
                                 f'{line}, column {column}: it answers for one; take more cells')
            there[i, line, column], kind[i, line, column] = 1, name
            place[i, line, column] = *(middle - (column, line)), *((box[2:] - box[:2]) / size)
    return there, kind, place


def from_grid(there, kind, place, size: int, least: float = 0.05):
    """The way back from `to_grid`: for each picture rows (class, score, box), best first.

    there: (n, cells, cells), how sure each cell is of a thing, 0 to 1; it counts from `least` on.
    Of boxes that overlap, the surest is kept.
    """
    answers = []
    for sure, name, where in zip(there, kind, place):
        cell = np.nonzero(sure >= least)    # lines and columns
        middle = (where[cell][:, :2] + np.stack(cell[::-1], axis=1)) * size / sure.shape[-1]
        half = where[cell][:, 2:] * size / 2
        rows = np.column_stack([name[cell], sure[cell], middle - half, middle + half])
        answers.append(rows[non_maximum_suppression(rows[:, 2:], rows[:, 1])])
    return answers


def components(on):
    """Boxes of connected pixels: for each picture (n, h, w) of bool, rows (pixels, x0, y0, x1, y1).

    Pixels that touch along an edge are connected. Each starts with a number of its own, and takes
    the highest of its neighbours until nothing changes.
    """
    label = np.arange(1, on.size + 1).reshape(on.shape) * on
    before = np.full_like(label, -1)
    while not np.array_equal(label, before):
        before, wide = label, np.pad(label, ((0, 0), (1, 1), (1, 1)))
        label = on * np.max([label, wide[:, 2:, 1:-1], wide[:, :-2, 1:-1],
                             wide[:, 1:-1, 2:], wide[:, 1:-1, :-2]], axis=0)
    answers = []
    for picture in label:
        rows = [np.nonzero(picture == value) for value in np.unique(picture[picture > 0])]
        answers.append(np.array([(len(x), x.min(), y.min(), x.max() + 1, y.max() + 1)
                                 for y, x in rows], np.float64).reshape(-1, 5))
    return answers
