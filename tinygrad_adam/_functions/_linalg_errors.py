"""What linalg.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

from typing import Any


def not_a_matrix(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: The input tensor A must have at least 2 dimensions, got shape '
        f'{tuple(x.shape)}: a matrix occupies the last two. Use reshape(), or A[None].')


def not_square(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: A must be batches of square matrices, but they are {x.shape[-2]} by '
        f'{x.shape[-1]} matrices: others have none. Use pinv or lstsq.')


def not_floating(function: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: Expected a floating point or complex tensor as input, got {x.dtype}: results '
        'have fractions. Use float() or double() first.')


def dtypes_differ(function: str, a: Any, b: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: Expected A and B to have the same dtype, but found {a.dtype} and {b.dtype}: '
        'neither is converted. Use to(dtype=...) for one of them.')


def rows_differ(function: str, a: Any, b: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: Incompatible shapes of A and B, {tuple(a.shape)} and {tuple(b.shape)}: each '
        'row of A is an equation, and B has its right side. Give B as many rows as A.')


def not_left() -> NotImplementedError:
    return NotImplementedError(
        'linalg.solve: left=False is not implemented: it solves X A = B. Write '
        'solve(A.mT, B.mT).mT.')


def unknown_mode(mode: Any) -> RuntimeError:
    return RuntimeError(
        f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or "
        "'complete': there are no other shapes of the factors. Use one of these.")


def unknown_triangle(uplo: Any) -> RuntimeError:
    return RuntimeError(
        f"Expected UPLO argument to be 'L' or 'U', but got {uplo}: a symmetric matrix has two "
        "triangles. Write 'L', or leave it out.")


def unknown_order(ord: Any) -> RuntimeError:
    return RuntimeError(
        f'linalg.matrix_norm: Order {ord} not supported: of a matrix there are the norms 1, -1, 2, '
        "-2, inf, -inf, 'fro' and 'nuc'. Use one of these, or vector_norm.")


def norm_of_matrices(ord: Any, dims: Any) -> RuntimeError:
    return RuntimeError(
        f'linalg.norm: the order {ord!r} is a norm of matrices, but there is one dimension, '
        f'{dims[0]}: vectors have none of this name. Use a number, or two dimensions.')


def unknown_driver(driver: Any) -> RuntimeError:
    return RuntimeError(
        'torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss), got '
        f'{driver!r}: these are the algorithms of LAPACK. Leave it out.')


def no_driver_here(function: str, driver: Any) -> NotImplementedError:
    return NotImplementedError(
        f'{function}: driver={driver!r} is not implemented: NumPy has one algorithm. Leave it out.')


def not_three(x: Any, dim: int) -> RuntimeError:
    return RuntimeError(
        f'linalg.cross: inputs dimension {dim} must have length 3. Got shape {tuple(x.shape)}: it '
        'is the product of vectors in space. Choose another dim.')


def ndims_differ(x: Any, y: Any) -> RuntimeError:
    return RuntimeError(
        f'linalg.cross: inputs must have the same number of dimensions, got {x.ndim} and {y.ndim}: '
        'vector i meets vector i. Use unsqueeze().')


def nothing_to_multiply(count: int) -> RuntimeError:
    return RuntimeError(
        f'multi_dot(): expected at least 2 tensors but got {count}: one alone is no product. Give '
        'more.')


def no_matrix_to_multiply(i: int, x: Any) -> RuntimeError:
    return RuntimeError(
        f'multi_dot(): tensor {i} must be 2D, or 1D as the first or last, but got {x.ndim}D of '
        f'shape {tuple(x.shape)}: all others are matrices. Use @, which multiplies batches too.')


def no_matrices() -> RuntimeError:
    return RuntimeError(
        'chain_matmul(): Expected one or more matrices, got none: there is nothing to multiply. '
        'Give them one by one, or linalg.multi_dot a list.')


def not_two_dimensions(x: Any) -> RuntimeError:
    return RuntimeError(
        f'chain_matmul(): Tensor dimension is {x.ndim}, expected 2 instead: all factors are '
        'matrices. Use linalg.multi_dot, whose first and last may be vectors.')


def no_dimension_of_three(x: Any) -> RuntimeError:
    return RuntimeError(
        f'cross: no dimension of size 3 in input, whose shape is {tuple(x.shape)}: it is the '
        'product of vectors in space. Check the shape, and pass dim.')
