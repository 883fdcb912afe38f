"""Linear algebra: inverses, systems of equations, determinants, decompositions, norms of matrices.

Matrices occupy the last two dimensions; those before are a batch. NumPy computes, with LAPACK, as
PyTorch does on a CPU: the signs of singular vectors, eigenvectors and columns of Q may differ. The
page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.linalg.NAME.html.
"""
from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple, Sequence

import numpy as np

from ..ops import linalg as table
from ..ops.shapes import axis_of
from . import _linalg_errors as errors
from . import _reduction_errors as reduction_errors
from . import reductions
from ._arguments import tensor, typed
from .creation import eye
from .indexing import cat, narrow, tril, triu
from .joining import movedim
from .pointwise import abs, log, where
from .products import product
from .reductions import amax, amin, sum, vector_norm
from .shapes import permute, unsqueeze

if TYPE_CHECKING:
    from .._tensor import Tensor
    from ..types import dtype

DRIVERS = 'gels', 'gelsy', 'gelsd', 'gelss'
ORDERS = 'fro', 'nuc', 2, -2, 1, -1, float('inf'), -float('inf')


def told(results: Any) -> str:
    """How a named tuple of results is printed.

    results  the tuple
    """
    return reductions.told(results, 'linalg_')


class Slogdet(NamedTuple):
    """What slogdet(A) returns."""

    sign: Tensor
    logabsdet: Tensor

    __repr__ = told


class Eigh(NamedTuple):
    """What eigh(A) returns."""

    eigenvalues: Tensor
    eigenvectors: Tensor

    __repr__ = told


class Svd(NamedTuple):
    """What svd(A) returns."""

    U: Tensor
    S: Tensor
    Vh: Tensor

    __repr__ = told


class Qr(NamedTuple):
    """What qr(A) returns."""

    Q: Tensor
    R: Tensor

    __repr__ = told


class Lstsq(NamedTuple):
    """What lstsq(A, B) returns."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor

    __repr__ = told


def matrices(A: Any, function: str, square: bool = False) -> Tensor:
    """A, if it has floating-point matrices. Raises TypeError, RuntimeError.

    A         what the user passed
    function  the name of the public function
    square    whether they have to be square
    """
    x = tensor(A, function, 'A')
    if x.ndim < 2:
        raise errors.not_a_matrix(function, x)
    if square and x.shape[-1] != x.shape[-2]:
        raise errors.not_square(function, x)
    if not x.is_floating_point():
        raise errors.not_floating(function, x)
    return x


# Inverses and systems of equations.

def inv(A: Tensor) -> Tensor:
    """The inverse. To solve equations, solve(A, B) is faster and more accurate than inv(A) @ B.

    A  square matrices (..., n, n)

    Raises linalg.LinAlgError for a singular matrix.
    """
    return table.inv(matrices(A, 'linalg.inv', True))


@typed
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The solution X of A @ X = B.

    A     square matrices (..., n, n)
    B     (..., n, k); or vectors (..., n), if all dimensions but the last of A are these
    left  not implemented; leave it True

    Raises linalg.LinAlgError for a singular matrix.
    """
    a, b = matrices(A, 'linalg.solve', True), tensor(B, 'linalg.solve', 'B')
    if not left:
        raise errors.not_left()
    if a.dtype is not b.dtype:
        raise errors.dtypes_differ('linalg.solve', a, b)
    vectors = is_vectors(a, b)
    if vectors:
        b = unsqueeze(b, -1)
    if b.ndim < 2 or b.shape[-2] != a.shape[-1]:
        raise errors.rows_differ('linalg.solve', A, B)
    out = table.solve(a, b)
    return out[..., 0] if vectors else out


def is_vectors(a: Tensor, b: Tensor) -> bool:
    """Whether b has a vector, and not a matrix, for each matrix of a.

    a  matrices
    b  the right side of equations
    """
    return b.ndim == 1 or b.ndim == a.ndim - 1 and b.shape == a.shape[:-1]


@typed
def solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left: bool = True,
                     unitriangular: bool = False) -> Tensor:
    """The solution X of A @ X = B, of which A's other triangle is not read.

    A              square matrices (..., n, n)
    B              (..., n, k)
    upper          whether A has its elements on and above the diagonal
    left           False: X @ A = B is solved
    unitriangular  whether the diagonal counts as ones
    """
    a = matrices(A, 'linalg.solve_triangular', True)
    if unitriangular:
        ones = eye(a.shape[-1], dtype=a.dtype)
        a = (triu(a, 1) if upper else tril(a, -1)) + ones
    a = triu(a) if upper else tril(a)
    if left:
        return solve(a, matrices(B, 'linalg.solve_triangular'))
    return turned(solve(turned(a), turned(matrices(B, 'linalg.solve_triangular'))))


def turned(x: Tensor) -> Tensor:
    """The matrices, transposed.

    x  matrices
    """
    return permute(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def pinv(A: Tensor, *, rtol: float | None = None) -> Tensor:
    """The pseudoinverse, which gives the shortest of the best solutions: pinv(A) @ B.

    A     matrices (..., m, n)
    rtol  singular values below rtol times the largest count as 0; None: max(m, n) times the
          distance from 1 to the next number
    """
    x = matrices(A, 'linalg.pinv')
    return table.pinv(x, tolerance(x) if rtol is None else rtol)


def tolerance(x: Tensor) -> float:
    """How small a singular value has to be, as a part of the largest, to count as 0.

    x  matrices
    """
    return max(x.shape[-2:]) * float(np.finfo(x._array.dtype).eps)


def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> Lstsq:
    """The X with the least squares of A @ X - B: linear regression.

    A       matrices (..., m, n) of equations
    B       (..., m, k), or vectors (..., m)
    rcond   as rtol of pinv
    driver  the algorithm of LAPACK: 'gels', 'gelsy', 'gelsd' or 'gelss', or None; the solution is
            the same for matrices of full rank, and NumPy's for others

    Returns a named tuple of the solution, (..., n, k); the residuals, the sums of the squares that
    are left, empty for 'gelsy', which None is, and unless m > n and all matrices have full rank;
    the rank, empty for 'gels'; and the singular values, empty unless the driver is 'gelsd' or
    'gelss'. Only the solution has derivatives.
    """
    a, b = matrices(A, 'linalg.lstsq'), tensor(B, 'linalg.lstsq', 'B')
    if a.dtype is not b.dtype:
        raise errors.dtypes_differ('linalg.lstsq', a, b)
    if driver is not None and driver not in DRIVERS:
        raise errors.unknown_driver(driver)
    vectors = is_vectors(a, b)
    right = unsqueeze(b, -1) if vectors else b
    if right.ndim < 2 or right.shape[-2] != a.shape[-2]:
        raise errors.rows_differ('linalg.lstsq', a, b)
    solution = product(pinv(a, rtol=rcond), right)
    values = svdvals(a).detach()
    rank = ranks(a, values, rcond)
    m, n = a.shape[-2:]
    residuals = a.new_empty((0,))
    if driver not in (None, 'gelsy') and m > n and bool((rank._array == n).all()):
        rest = (product(a, solution) - right).detach()
        residuals = sum(rest * rest, -2)
    return Lstsq(solution[..., 0] if vectors else solution, residuals,
                 rank if driver != 'gels' else a.new_empty((0,)).long(),
                 values if driver in ('gelsd', 'gelss') else a.new_empty((0,)))


def ranks(x: Tensor, values: Tensor, rtol: float | None) -> Tensor:
    """How many singular values are not 0.

    x       matrices
    values  their singular values
    rtol    those below rtol times the largest are; None: as of pinv
    """
    least = (tolerance(x) if rtol is None else rtol) * largest(values)
    return sum(values > unsqueeze(least, -1), -1)


def largest(values: Tensor) -> Tensor:
    """The largest along the last dimension; of none, 0.

    values  numbers that are not negative
    """
    return amax(values, -1) if values.shape[-1] else sum(values, -1)


def matrix_rank(A: Tensor, *, rtol: float | None = None, hermitian: bool = False) -> Tensor:
    """The number of linearly independent rows.

    A          matrices (..., m, n)
    rtol       singular values up to rtol times the largest count as 0; None: as of pinv
    hermitian  whether they are symmetric, which makes no difference to the result

    Returns an int64 tensor.
    """
    x = matrices(A, 'linalg.matrix_rank', hermitian)
    return ranks(x, svdvals(x).detach(), rtol)


# Determinants.

def det(A: Tensor) -> Tensor:
    """The determinant. The derivative of a singular matrix raises linalg.LinAlgError.

    A  square matrices (..., n, n)
    """
    return table.det(matrices(A, 'linalg.det', True))


def slogdet(A: Tensor) -> Slogdet:
    """The sign of the determinant and the logarithm of its size, which does not overflow.

    A  square matrices (..., n, n)

    Returns a named tuple of sign, which has no derivative, and logabsdet.
    """
    x = matrices(A, 'linalg.slogdet', True)
    sign, size = table.slogdet(x._array)
    return Slogdet(table.sign_of_det(x, sign), table.logabsdet(x, size))


def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant; nan where that is negative.

    input  square matrices (..., n, n)
    """
    sign, size = slogdet(input)
    return where(sign < 0, log(sign), size)


# Decompositions.

@typed
def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The triangle L with a positive diagonal for which L @ L.mT is A.

    A      symmetric positive-definite matrices (..., n, n), whose lower triangle is read
    upper  whether to read the upper triangle, and to return L.mT

    Raises linalg.LinAlgError for a matrix that is not positive-definite.
    """
    x = matrices(A, 'linalg.cholesky', True)
    return turned(table.cholesky(turned(x))) if upper else table.cholesky(x)


def eigh(A: Tensor, UPLO: str = 'L') -> Eigh:
    """The eigenvalues, in ascending order, and eigenvectors of symmetric matrices.

    A     symmetric matrices (..., n, n)
    UPLO  which triangle is read: 'L', the lower one, or 'U'

    Returns a named tuple of eigenvalues (..., n) and eigenvectors (..., n, n), its columns. The
    derivative of the eigenvectors is nan or inf if two eigenvalues are equal.
    """
    x = symmetric('linalg.eigh', A, UPLO)
    values, vectors = table.eigh(x._array)
    return Eigh(table.eigenvalues(x, values), table.eigenvectors(x, vectors))


def eigvalsh(A: Tensor, UPLO: str = 'L') -> Tensor:
    """The eigenvalues of symmetric matrices, in ascending order.

    A     symmetric matrices (..., n, n)
    UPLO  which triangle is read: 'L', the lower one, or 'U'
    """
    return table.eigenvalues(symmetric('linalg.eigvalsh', A, UPLO))


def symmetric(function: str, A: Tensor, UPLO: str) -> Tensor:
    """The matrices, whose lower triangles are read from now on.

    function  the name of the public function
    A         what the user passed
    UPLO      which triangle was meant
    """
    if UPLO not in ('L', 'U', 'l', 'u'):
        raise errors.unknown_triangle(UPLO)
    x = matrices(A, function, True)
    return x if UPLO in 'Ll' else turned(x)


@typed
def svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> Svd:
    """The singular value decomposition: A = U @ diag(S) @ Vh, with orthogonal U and Vh.

    A              matrices (..., m, n)
    full_matrices  whether U and Vh are square; False: they have as many columns and rows as S
    driver         not implemented; leave it None

    Returns a named tuple. U and Vh have derivatives only without columns that do not belong to A
    (NotImplementedError); they are inf or nan where two singular values are equal.
    """
    if driver is not None:
        raise errors.no_driver_here('linalg.svd', driver)
    x = matrices(A, 'linalg.svd')
    left, values, right = table.svd(x._array, full_matrices)
    return Svd(table.singular_vectors(x, full_matrices, 0, left), table.singular_values(x, values),
               table.singular_vectors(x, full_matrices, 2, right))


def svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """The singular values, in descending order.

    A       matrices (..., m, n)
    driver  not implemented; leave it None
    """
    if driver is not None:
        raise errors.no_driver_here('linalg.svdvals', driver)
    return table.singular_values(matrices(A, 'linalg.svdvals'))


def qr(A: Tensor, mode: str = 'reduced') -> Qr:
    """A = Q @ R, with orthogonal columns of Q and an upper triangle R.

    A     matrices (..., m, n)
    mode  'reduced': Q is (..., m, min(m, n)); 'complete': Q is square; 'r': Q is empty

    Returns a named tuple. There are derivatives for 'reduced' and m >= n (NotImplementedError).
    """
    x = matrices(A, 'linalg.qr')
    if mode not in ('reduced', 'complete', 'r'):
        raise errors.unknown_mode(mode)
    form = 'reduced' if mode == 'r' else mode
    q, r = table.qr(x._array, form)
    first = x.new_empty((0,)) if mode == 'r' else table.orthogonal(x, form, 0, q)
    return Qr(first, table.orthogonal(x, form, 1, r))


# Norms of matrices.

def matrix_norm(A: Tensor, ord: float | str = 'fro', dim: Sequence[int] = (-2, -1),
                keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """How much a matrix can lengthen vectors, in one of several ways to measure.

    A        matrices in two of the dimensions
    ord      'fro': the square root of the sum of squares; 'nuc': the sum of the singular values; 2
             and -2: the largest and the smallest of them; 1, -1, inf, -inf: the largest or smallest
             sum of |A| over columns (1) or rows (inf)
    dim      the dimensions of rows and of columns
    keepdim  whether to keep them with size 1
    dtype    what to convert A to first
    """
    x = tensor(A, 'linalg.matrix_norm', 'A')
    x = matrices(x if dtype is None else x.to(dtype=dtype), 'linalg.matrix_norm')
    if ord not in ORDERS:
        raise errors.unknown_order(ord)
    first, second = (axis_of(d, x.ndim) for d in dim)
    at_end = movedim(x, (first, second), (-2, -1))
    if ord == 'fro':
        out = vector_norm(at_end, 2, (-2, -1))
    elif ord == 'nuc':
        out = sum(svdvals(at_end), -1)
    else:
        sizes = svdvals(at_end) if ord in (2, -2) else sum(
            abs(at_end), -2 if ord in (1, -1) else -1)
        if ord < 0 and not sizes.shape[-1]:    # type: ignore[operator]
            raise reduction_errors.empty('linalg.matrix_norm', x, tuple(dim))
        out = largest(sizes) if ord > 0 else amin(sizes, -1)    # type: ignore[operator]
    for d in sorted((first, second)) if keepdim else ():
        out = unsqueeze(out, d)
    return out


def cond(A: Tensor, p: float | str | None = None) -> Tensor:
    """The condition number: how much a small change of B can change the solution of A @ X = B.

    A  matrices (..., m, n), square unless p is None, 2 or -2
    p  the norm of A that is multiplied by that of its inverse, as in matrix_norm; None is 2

    Of matrices without elements it is 0.
    """
    x = matrices(A, 'linalg.cond', p not in (None, 2, -2))
    if p not in (None, *ORDERS):
        raise errors.unknown_order(p)
    if not x.numel():
        return x.new_zeros(x.shape[:-2])
    if p in (None, 2, -2):
        values = svdvals(x)
        n = values.shape[-1]
        first, last = values[..., 0], values[..., n - 1]     # they fall
        return last / first if p == -2 else first / last
    return matrix_norm(x, p) * matrix_norm(inv(x), p)    # type: ignore[arg-type]


# Products.

@typed
def matrix_power(A: Tensor, n: int) -> Tensor:
    """A @ A @ ..., n times.

    A  square matrices (..., m, m)
    n  an integer; negative ones take powers of the inverse
    """
    x = tensor(A, 'linalg.matrix_power', 'A')
    if n < 0:
        return matrix_power(inv(x), -n)
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise errors.not_square('linalg.matrix_power', x) if x.ndim > 1 else (
            errors.not_a_matrix('linalg.matrix_power', x))
    if n == 0:
        return eye(x.shape[-1], dtype=x.dtype).expand(x.shape).clone()
    half = matrix_power(x, n // 2) if n > 1 else x
    if n == 1:
        return half.clone()
    return product(product(half, half), x) if n % 2 else product(half, half)


def multi_dot(tensors: Sequence[Tensor]) -> Tensor:
    """The product of several matrices, from left to right; the first and last may be vectors.

    tensors  two or more, of two dimensions (RuntimeError)
    """
    if len(tensors) < 2:
        raise errors.nothing_to_multiply(len(tensors))
    ends = 0, len(tensors) - 1
    for i, x in enumerate(tensors):
        if tensor(x, 'linalg.multi_dot', 'tensors').ndim not in ((1, 2) if i in ends else (2,)):
            raise errors.no_matrix_to_multiply(i, x)
    return reduce(product, tensors)


def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The cross product of vectors in space, which is orthogonal to both.

    input  a tensor
    other  a tensor of as many dimensions; sizes of 1 are broadcast
    dim    the dimension, of size 3, of the vectors
    """
    x, y = tensor(input, 'linalg.cross'), tensor(other, 'linalg.cross', 'other')
    if x.ndim != y.ndim:
        raise errors.ndims_differ(x, y)
    for vector in (x, y):
        if vector.shape[axis_of(dim, vector.ndim)] != 3:
            raise errors.not_three(vector, dim)
    (a, b, c), (d, e, f) = ([narrow(v, axis_of(dim, v.ndim), i, 1) for i in range(3)]
                            for v in (x, y))
    return cat([b * f - c * e, c * d - a * f, a * e - b * d], axis_of(dim, x.ndim))


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """The sums of the products along a dimension.

    x    a tensor
    y    a tensor, whose shape broadcasts with that of x
    dim  the dimension
    """
    return sum(tensor(x, 'linalg.vecdot', 'x') * tensor(y, 'linalg.vecdot', 'y'), dim)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices, which share memory.

    A           a tensor of at least two dimensions
    offset      which: 0 is the main one, 1 the one above
    dim1, dim2  the dimensions of the matrices
    """
    return tensor(A, 'linalg.diagonal', 'A').diagonal(offset, dim1, dim2)


@typed
def norm(A: Tensor, ord: float | str | None = None, dim: int | Sequence[int] | None = None,
         keepdim: bool = False, *, dtype: dtype | None = None) -> Tensor:
    """The norm of vectors, or of matrices.

    A        a floating-point tensor of any shape
    ord      as in vector_norm, or in matrix_norm if there are two dimensions; None: the square root
             of the sum of squares
    dim      a dimension: of vectors; two: of matrices; None: all, which with ord are one or two
    keepdim  whether to keep them with size 1
    dtype    what to convert A to first
    """
    x = tensor(A, 'linalg.norm', 'A')
    dims = tuple(range(x.ndim)) if dim is None else (
        tuple(dim) if isinstance(dim, (tuple, list)) else (dim,))
    if len(dims) not in (1, 2) and not (dim is None and ord is None):
        raise reduction_errors.neither_vector_nor_matrix(dims)
    if ord is None or len(dims) == 1 and not isinstance(ord, str):
        return vector_norm(x, 2 if ord is None else ord, dim, keepdim, dtype=dtype)
    if len(dims) == 1:
        raise errors.norm_of_matrices(ord, dims)
    return matrix_norm(x, ord, dims, keepdim, dtype=dtype)


# Names outside of linalg.

def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The solution X of (L @ L.mT) @ X = B.

    B      (..., n, k)
    L      what cholesky returned, (..., n, n)
    upper  whether it is an upper triangle: of (L.mT @ L) @ X = B
    """
    first, second = (turned(L), L) if upper else (L, turned(L))
    return solve_triangular(second, solve_triangular(first, B, upper=False), upper=True)


def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """The inverse of L @ L.mT.

    L      what cholesky returned, (..., n, n)
    upper  whether it is an upper triangle: the inverse of L.mT @ L
    """
    x = matrices(L, 'cholesky_inverse', True)
    return cholesky_solve(eye(x.shape[-1], dtype=x.dtype), x, upper)
