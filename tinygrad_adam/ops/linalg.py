"""The table of linear algebra: inverses, systems of equations, determinants, decompositions.

A matrix occupies the last two dimensions; those before are a batch. A decomposition has several
parts, each an operation of its own; one call of LAPACK computes them all, and gives each of them
what it has found. Where a rule needs another part it computes that again, as an operation, so that
it can be differentiated itself.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _errors as errors
from .indexing import put_diagonal, triangle
from .pointwise import where


def solved(function: Any, *arrays: Any) -> Any:
    """What a function of numpy.linalg returns. Raises LinAlgError, of PyTorch.

    function  one that NumPy gives up for some matrices
    arrays    its arguments
    """
    try:
        return function(*arrays)
    except np.linalg.LinAlgError as error:
        raise errors.not_decomposable(function.__name__, arrays[0].shape, error) from None


@opaque
def _inv(input):
    return solved(np.linalg.inv, input)


@opaque
def _solve(input, other):
    if other.ndim < input.ndim:
        other = other[None]     # matrices, and not vectors as for NumPy 1
    return solved(np.linalg.solve, input, other)


@opaque
def _det(input):
    with np.errstate(all='ignore'):    # the warnings would be attributed to NumPy's own code
        return np.linalg.det(input).astype(input.dtype)[...]


@opaque
def slogdet(input: Any) -> Any:
    """The sign of the determinant, and the logarithm of its size."""
    with np.errstate(all='ignore'):
        sign, size = np.linalg.slogdet(input)
        return sign.astype(input.dtype)[...], size.astype(input.dtype)[...]


def _logabsdet(input, found=None):
    return slogdet(input)[1] if found is None else found


def _sign_of_det(input, found=None):
    return slogdet(input)[0] if found is None else found


@opaque
def _cholesky(input):
    return solved(np.linalg.cholesky, input)


@opaque
def eigh(input: Any) -> Any:
    """The eigenvalues and the eigenvectors."""
    return tuple(np.linalg.eigh(input))


def _eigenvalues(input, found=None):
    return eigh(input)[0] if found is None else found


def _eigenvectors(input, found=None):
    return eigh(input)[1] if found is None else found


@opaque
def svd(input: Any, full_matrices: Any) -> Any:
    """U, the singular values, and Vh."""
    return tuple(np.linalg.svd(input, full_matrices))


def _singular_values(input, found=None):
    return svd(input, False)[1] if found is None else found


def _singular_vectors(input, full_matrices, side, found=None):
    return svd(input, full_matrices)[side] if found is None else found


@opaque
def qr(input: Any, mode: Any) -> Any:
    """Q and R."""
    return tuple(np.linalg.qr(input, mode))


def _orthogonal(input, mode, part, found=None):
    return qr(input, mode)[part] if found is None else found


@opaque
def _pinv(input, rtol):
    return np.linalg.pinv(input, rtol)


def transposed(x: Any) -> Any:
    """The matrices, each with rows for columns."""
    return x.swapaxes(-1, -2)


def of_each_matrix(g: Any) -> Any:
    """A number for each matrix, with two more dimensions to meet its elements."""
    return g[..., None, None]


def half_lower(x: Any) -> Any:
    """The lower triangles, with half of the diagonal."""
    rows, columns = x.shape[-2:]
    return (where(triangle(rows, columns, 0, False), x, 0.0)
            + where(triangle(rows, columns, -1, False), x, 0.0)) * 0.5


def slope_of_cholesky(g: Any, out: Any) -> Any:
    """inv(L).T @ half_lower(L.T @ g) @ inv(L), made symmetric (Murray 2016, equation 8)."""
    back = inv(out)
    slope = transposed(back) @ half_lower(transposed(out) @ g) @ back
    return (slope + transposed(slope)) * 0.5


def slope_of_eigenvalues(g: Any, input: Any) -> Any:
    """V @ diag(g) @ V.T."""
    vectors = eigenvectors(input)
    return (vectors * g[..., None, :]) @ transposed(vectors)


def slope_of_eigenvectors(g: Any, out: Any, input: Any) -> Any:
    """Each turns towards the others, the more the closer their eigenvalues are."""
    values = eigenvalues(input)
    gaps = values[..., None, :] - values[..., :, None]
    n = values.shape[-1]
    turns = where(np.eye(n, dtype=bool), 0.0, transposed(out) @ g / where(
        np.eye(n, dtype=bool), 1.0, gaps))
    slope = out @ turns @ transposed(out)
    return (slope + transposed(slope)) * 0.5


def slope_of_singular_values(g: Any, input: Any) -> Any:
    """U @ diag(g) @ Vh."""
    n = g.shape[-1]
    left = singular_vectors(input, False, 0)
    return left @ put_diagonal(g, 0, g.ndim - 1, g.ndim, (*g.shape, n)) @ singular_vectors(
        input, False, 2)


def slope_of_singular_vectors(g: Any, out: Any, input: Any, full_matrices: Any, side: Any) -> Any:
    """Of U, side 0: each turns towards the others, and out of their space. Vh is that of the
    transpose. Townsend 2016, equation 20."""
    if side == 2:
        return transposed(slope_of_singular_vectors(
            transposed(g), transposed(out), transposed(input), full_matrices, 0))
    values = singular_values(input)
    n = values.shape[-1]
    if full_matrices and out.shape[-1] > n or full_matrices and input.shape[-1] > n:
        raise errors.derivative_of_full_matrices('linalg.svd', 'full_matrices=False')
    diagonal, squares, inside = np.eye(n, dtype=bool), values * values, transposed(out) @ g
    gaps = where(diagonal, 1.0, squares[..., None, :] - squares[..., :, None])
    turns = where(diagonal, 0.0, inside / gaps)
    slope = out @ (turns + transposed(turns)) * values[..., None, :]
    slope = slope + (g - out @ inside) / values[..., None, :]
    return slope @ (transposed(out) @ input / values[..., :, None])


def mirrored(x: Any) -> Any:
    """The lower triangles, and above them the same: symmetric matrices."""
    n = x.shape[-1]
    below = where(triangle(n, n, -1, False), x, 0.0)
    return where(triangle(n, n, 0, False), x, 0.0) + transposed(below)


def slope_of_qr(g: Any, out: Any, input: Any, mode: Any, part: Any) -> Any:
    """Of Q, part 0, or of R. Walter and Lehmann 2018, equation 5.11, as a sum of two."""
    if input.shape[-2] < input.shape[-1] or out.shape[-2] > input.shape[-1 if part else -2] or (
            not part and out.shape[-1] > input.shape[-1]):
        raise errors.derivative_of_full_matrices('linalg.qr', "mode='reduced', and m >= n")
    if part:
        q, r = input @ inv(out), out
        slope = q @ mirrored(r @ transposed(g))
    else:
        q, r = out, transposed(out) @ input
        slope = g - q @ mirrored(transposed(g) @ q)
    return slope @ transposed(inv(r))


def slope_of_pinv(g: Any, out: Any, input: Any) -> Any:
    """Golub and Pereyra 1973, equation 4.12: two of its three terms are 0 for an inverse."""
    flat, back = transposed(g), transposed(out)
    left, right = out @ back, back @ out
    return (-(back @ g @ back) + (flat - input @ (out @ flat)) @ left
            + right @ (flat - flat @ out @ input))


inv: Row = primitive(_inv, name='linalg_inv',
                     input=lambda g, out: -(transposed(out) @ g @ transposed(out)))
solve: Row = primitive(_solve, name='linalg_solve',
                       input=lambda g, out, input: -(solve(transposed(input), g)
                                                     @ transposed(out)),
                       other=lambda g, input: solve(transposed(input), g))
det: Row = primitive(_det, name='linalg_det', input=lambda g, out, input:
                     of_each_matrix(g * out) * transposed(inv(input)))
logabsdet: Row = primitive(_logabsdet, name='linalg_slogdet', input=lambda g, input:
                           of_each_matrix(g) * transposed(inv(input)))
sign_of_det: Row = primitive(_sign_of_det, name='linalg_slogdet')
cholesky: Row = primitive(_cholesky, name='linalg_cholesky', input=slope_of_cholesky)
eigenvalues: Row = primitive(_eigenvalues, name='linalg_eigh', input=slope_of_eigenvalues)
eigenvectors: Row = primitive(_eigenvectors, name='linalg_eigh', input=slope_of_eigenvectors)
singular_values: Row = primitive(_singular_values, name='linalg_svd',
                                 input=slope_of_singular_values)
singular_vectors: Row = primitive(_singular_vectors, name='linalg_svd',
                                  input=slope_of_singular_vectors)
orthogonal: Row = primitive(_orthogonal, name='linalg_qr', input=slope_of_qr)
pinv: Row = primitive(_pinv, name='linalg_pinv', input=slope_of_pinv)
