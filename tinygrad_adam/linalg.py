"""Linear algebra, with the names of torch.linalg."""
from __future__ import annotations

from typing import Sequence

from ._functions import _reduction_errors as errors
from ._functions._arguments import tensor, typed
from ._functions.reductions import vector_norm
from ._tensor import Tensor
from .types import dtype

__all__ = ['norm', 'vector_norm']


@typed
def norm(A: Tensor, ord: float | str | None = None, dim: int | Sequence[int] | None = None,
         keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """The length of A as one vector, or of the vectors along dim. No norms of matrices.

    A        a floating-point tensor of any shape
    ord      as in vector_norm; None is 2
    dim      a dimension, several (only for ord None), or None: all
    keepdim  whether to keep them with size 1
    dtype    what to convert A to first

    https://pytorch.org/docs/stable/generated/torch.linalg.norm.html
    """
    dims = tensor(A, 'linalg.norm', 'A').ndim if dim is None else (
        len(dim) if isinstance(dim, (tuple, list)) else 1)
    if dim is not None and dims not in (1, 2):
        raise errors.neither_vector_nor_matrix(dim)
    if ord is not None and dims > 1 or isinstance(ord, str):
        raise errors.linalg_matrix_norm(ord)
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim, dtype=dtype)
