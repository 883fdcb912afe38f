"""Linear algebra, with the names of torch.linalg.

https://pytorch.org/docs/stable/linalg.html
"""
from __future__ import annotations

from typing import Any, Callable

from ._functions.linalg import (
    cholesky, cond, cross, det, diagonal, eigh, eigvalsh, inv, lstsq, matrix_norm, matrix_power,
    matrix_rank, multi_dot, norm, pinv, qr, slogdet, solve, solve_triangular, svd, svdvals, vecdot)
from ._functions.products import matmul
from ._functions.reductions import vector_norm
from ._missing import refusal
from .ops._errors import LinAlgError

__all__ = [
    'LinAlgError', 'cholesky', 'cond', 'cross', 'det', 'diagonal', 'eigh', 'eigvalsh', 'inv',
    'lstsq', 'matmul', 'matrix_norm', 'matrix_power', 'matrix_rank', 'multi_dot', 'norm', 'pinv',
    'qr', 'slogdet', 'solve', 'solve_triangular', 'svd', 'svdvals', 'vecdot', 'vector_norm']

__getattr__: Callable[[str], Any] = refusal(__name__)
