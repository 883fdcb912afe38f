"""Sums that stay accurate, however many elements are added.

NumPy adds neighbours in memory pairwise, but rows one after another: each sum is rounded to the
precision of the total so far. In float32, 20 million ones add up to 16,777,216, since adding 1
to that changes nothing. Here blocks of few rows are added instead, then the totals of few blocks,
and so on, so that no chain of additions is long.
"""
from __future__ import annotations

from math import prod
from typing import Any, Sequence

import numpy as np

CHAIN = 16      # how many rows are added one after another, as in PyTorch
BLOCK = 64      # rows of each product
RUN = 8192      # neighbours that every NumPy adds in pairs; before 2.1, runs one after another


def total(x: Any, dims: Sequence[int], dtype: Any = None, keepdims: bool = False) -> Any:
    """The sum of an array, or of a tensor, over dims, which are not negative."""
    if not isinstance(x, (np.ndarray, np.generic)):
        return x.sum(dims, keepdims)
    whole = len(dims) == x.ndim and x.flags.forc
    if whole and x.size > 16 * RUN:
        x, shape, end = x.ravel('K'), (1,) * x.ndim, x.size // RUN * RUN
        runs = np.add.reduce(x[:end].reshape(-1, RUN), 1, dtype)
        out = np.add.reduce(runs) + np.add.reduce(x[end:], 0, dtype)
        return out.reshape(shape) if keepdims else out
    apart = [] if whole else rows_of(x, dims)
    if apart and prod([x.shape[dim] for dim in apart]) > 2 * CHAIN:
        for dim in apart:
            x = added_in_blocks(x, dim, dtype)
        if len(apart) == len(dims):
            return x if keepdims else x.squeeze(tuple(dims))
    return np.add.reduce(x, tuple(dims), dtype, None, keepdims)


def rows_of(x: np.ndarray, dims: Sequence[int]) -> list[int]:
    """Which of dims NumPy adds row by row: all but those that form one contiguous run of memory."""
    apart, run = [], x.itemsize
    for dim in sorted(dims, key=x.strides.__getitem__):
        if x.strides[dim] == run:
            run *= x.shape[dim]
        elif x.shape[dim] > 1:
            apart.append(dim)
    return apart


def added_in_blocks(x: np.ndarray, dim: int, dtype: Any = None) -> np.ndarray:
    """The sum over dim, which stays with size 1."""
    if x.shape[dim] <= CHAIN:
        return np.add.reduce(x, dim, dtype, None, True)
    rows, rest = divmod(x.shape[dim], CHAIN)
    if rest:
        before = (slice(None),) * dim
        return (added_in_blocks(x[(*before, slice(-rest))], dim, dtype)
                + np.add.reduce(x[(*before, slice(-rest, None))], dim, dtype, None, True))
    blocks = x.reshape(*x.shape[:dim], CHAIN, rows, *x.shape[dim + 1:])
    return added_in_blocks(np.add.reduce(blocks, dim, dtype), dim, dtype)


def product_over_rows(a: Any, b: Any) -> Any:
    """a.T @ b, a sum over rows; for arrays with many short rows it is computed in blocks."""
    if a.ndim > 2 or a.shape[1] * b.shape[1] > 1024 or not isinstance(a, np.ndarray):
        return a.swapaxes(-1, -2) @ b
    end = len(a) // BLOCK * BLOCK
    x, y = (matrix[:end].reshape(-1, BLOCK, matrix.shape[1]) for matrix in (a, b))
    return total(x.swapaxes(1, 2) @ y, (0,)) + a[end:].T @ b[end:]
