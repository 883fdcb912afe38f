"""Linear algebra by older names, most of which torch.linalg has replaced.

PyTorch warns of those that are to go, and so does this file.
"""
from __future__ import annotations

import warnings
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from . import _linalg_errors as errors
from . import linalg
from ._arguments import check, tensor
from .products import product
from .reductions import told

if TYPE_CHECKING:
    from .._tensor import Tensor


class Svd(NamedTuple):
    """What torch.svd(input) returns: V where linalg.svd has Vh."""

    U: Tensor
    S: Tensor
    V: Tensor

    __repr__ = told


class Qr(NamedTuple):
    """What torch.qr(input) returns."""

    Q: Tensor
    R: Tensor

    __repr__ = told


def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> Svd:
    """The singular value decomposition, input = U @ diag(S) @ V.mT. Write linalg.svd.

    input       matrices (..., m, n)
    some        whether U and V have as many columns as S; False: they are square
    compute_uv  False: U (..., m, m) and V (..., n, n) are zeros

    Returns a named tuple, whose derivatives are those of linalg.svd.
    """
    check(some, bool, 'svd', 'some')
    check(compute_uv, bool, 'svd', 'compute_uv')
    x = linalg.matrices(tensor(input, 'svd'), 'svd')
    if not compute_uv:
        m, n = x.shape[-2:]
        return Svd(x.new_zeros((*x.shape[:-1], m)), linalg.svdvals(x),
                   x.new_zeros((*x.shape[:-2], n, n)))
    left, values, right = linalg.svd(x, not some)
    return Svd(left, values, linalg.turned(right))


def qr(input: Tensor, some: bool = True) -> Qr:
    """input = Q @ R, with orthogonal columns of Q and an upper triangle R. Write linalg.qr.

    input  matrices (..., m, n)
    some   whether Q is (..., m, min(m, n)); False: it is square

    Returns a named tuple. Warns that it is to go.
    """
    check(some, bool, 'qr', 'some')
    mode = 'reduced' if some else 'complete'
    warn_of(f'torch.qr is deprecated in favor of torch.linalg.qr. Write torch.linalg.qr(A, '
            f'{mode!r}).')
    return Qr(*linalg.qr(linalg.matrices(tensor(input, 'qr'), 'qr'), mode))


def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """The triangle L with a positive diagonal for which L @ L.mT is input. Write linalg.cholesky.

    input  symmetric positive-definite matrices (..., n, n)
    upper  whether to read the upper triangle, and to return L.mT

    Raises linalg.LinAlgError for a matrix that is not positive-definite. Warns that it is to go.
    """
    check(upper, bool, 'cholesky', 'upper')
    warn_of('torch.cholesky is deprecated in favor of torch.linalg.cholesky. Write '
            f'torch.linalg.cholesky(A{", upper=True" * upper}).')
    return linalg.cholesky(tensor(input, 'cholesky'), upper=upper)


def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """The pseudoinverse. Write linalg.pinv, which tells singular values from 0 by the dtype.

    input  matrices (..., m, n)
    rcond  singular values below rcond times the largest count as 0

    Returns matrices (..., n, m).
    """
    return linalg.pinv(linalg.matrices(tensor(input, 'pinverse'), 'pinverse'), rtol=rcond)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """The product of one or more matrices. Write linalg.multi_dot, which takes a list.

    matrices  the factors, from left to right, each of two dimensions

    Warns that it is to go.
    """
    warn_of('torch.chain_matmul is deprecated. Use torch.linalg.multi_dot instead, which accepts a '
            'list of two or more tensors.')
    if not matrices:
        raise errors.no_matrices()
    for x in matrices:
        if tensor(x, 'chain_matmul', 'matrices').ndim != 2:
            raise errors.not_two_dimensions(x)
    return reduce(product, matrices)


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross product of vectors in space, which is orthogonal to both. Write linalg.cross.

    input  a tensor
    other  a tensor of as many dimensions; sizes of 1 are broadcast
    dim    the dimension, of size 3, of the vectors; None: the first of that size, with a warning
    """
    if dim is None:
        warn_of('Using torch.cross without specifying the dim arg is deprecated: PyTorch will take '
                'the last. Pass dim, or use torch.linalg.cross.')
        shape = tensor(input, 'cross').shape
        if 3 not in shape:
            raise errors.no_dimension_of_three(input)
        dim = shape.index(3)
    return linalg.cross(input, other, dim=dim)


def warn_of(message: str) -> None:
    """Warn at the line of the program.

    message  what is to go, and what to write
    """
    warnings.warn(message, stacklevel=3)
