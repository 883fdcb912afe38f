"""The errors of indices and dimensions."""
from __future__ import annotations


def dim_out_of_range(dim, ndim):
    size = ndim or 1
    return IndexError(
        f'Dimension out of range: expected to be in range of [{-size}, {size - 1}], but got {dim}; '
        f'the tensor has {ndim} dimensions. Count from 0, or from -1 backwards.')


def dim_not_an_integer(dim):
    return TypeError(
        f"argument 'dim' must be int, not {type(dim).__name__}: {dim} is not the number of one "
        'dimension. Write 0 for the first, -1 for the last. Where only one is taken, flatten '
        'several first, or call the function once for each.')


def index_does_not_fit(array, error):
    return IndexError(
        f'an index does not fit the tensor of shape {array.shape}: '
        f'{str(error).replace("axis", "dimension")}. Count from 0 to size - 1 in each dimension.')


def dim_repeated(dims):
    return RuntimeError(
        f'dim {dims[0]} appears multiple times in the list of dims {dims}: each can '
        'be reduced only once. List it once.')


def derivative_not_implemented(operation):
    return NotImplementedError(
        f'the derivative for {operation!r} is not implemented, neither here nor in PyTorch: a '
        'gradient of 0 would train something else. Use detach() on its result.')


def several_zeros():
    return RuntimeError(
        'scatter_reduce(): Double backward is unsupported for src when >1 zeros in src are '
        'scattered to the same position in self: its products of all but two are not kept. Use '
        'prod() of rows that hold the values.')


def division_by_zero():
    return RuntimeError(
        'ZeroDivisionError: integers are divided by 0, and none of them is infinite or nan. Divide '
        'with /, which gives floating point, or replace the zeros first.')


# Linear algebra.

class LinAlgError(RuntimeError):
    """A matrix does not have what was asked for: an inverse, or a Cholesky factor."""


def not_decomposable(function, shape, error):
    why, instead = ('it is singular', 'Add a small multiple of the identity, or use lstsq or pinv')
    if function == 'cholesky':
        why = 'it is not positive-definite'
        instead = 'Add a small multiple of the identity, or use eigh'
    return LinAlgError(
        f'linalg.{function}: a matrix of shape {shape} could not be decomposed, because {why} '
        f'(NumPy: {error}). {instead}.')


def derivative_of_full_matrices(function, instead):
    return NotImplementedError(
        f'the derivative of {function} is not implemented for these shapes: columns that do not '
        f'belong to the matrix have none. Use {instead}.')
