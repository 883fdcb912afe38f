"""What is said of wrong arguments by reductions.py, sorting.py, softmax.py and linalg.py: what
happened, why it is wrong, what to write."""
from __future__ import annotations

import warnings
from typing import Any


def several_dims(function: str, dim: Any) -> TypeError:
    return TypeError(
        f"{function}(): argument 'dim' must be int, not {type(dim).__name__}: it works along one "
        f'dimension, not {dim}. Flatten those dimensions first, or call it once for each.')


def not_floating_point(function: str, input: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}(): expected a floating point tensor as input, but got {input.dtype}: the '
        'result has fractions. Call float() first.')


def mean_of_integers(input: Any) -> RuntimeError:
    return RuntimeError(
        f'mean(): could not infer output dtype: a mean of {input._array.dtype} is no whole number. '
        'Call float() first, or pass dtype=.')


def variance_of_integers(input: Any) -> RuntimeError:
    return RuntimeError(
        f'std and var only support floating point dtypes, not {input.dtype}: the result has '
        'fractions. Call float() first.')


def warn_of_degrees_of_freedom(function: str, n: int, correction: float) -> None:
    warnings.warn(
        f'{function}(): degrees of freedom is <= 0, so the result is inf or nan: {n} - '
        f'{correction} is what it divides by. Correction should be strictly less than the number '
        'of elements.',
        stacklevel=5)


def empty(function: str, input: Any, dim: Any) -> IndexError:
    return IndexError(
        f'{function}(): Expected reduction dim {dim} to have non-zero size, but the shape is '
        f'{tuple(input.shape)}: nothing has no extreme. Test numel() first.')


def empty_index(function: str, input: Any) -> IndexError:
    return IndexError(
        f'{function}(): Expected reduction dim to be specified for input.numel() == 0, but the '
        f'shape is {tuple(input.shape)}: nothing has no extreme. Test numel() first.')


def empty_extreme(function: str) -> RuntimeError:
    return RuntimeError(
        f'{function}(): Expected reduction dim to be specified for input.numel() == 0: nothing has '
        'no extreme. Specify dim.')


# Norms.

def matrix_norm(p: Any) -> NotImplementedError:
    return NotImplementedError(
        f'norm(p={p!r}) is not built: it needs singular values. Use a number, or "fro".')


def linalg_matrix_norm(ord: Any) -> NotImplementedError:
    return NotImplementedError(
        f'linalg.norm: the norm {ord!r} of a matrix is not built: it needs singular values. Use '
        'vector_norm for vectors.')


# Softmax.

def no_dim(function: str) -> TypeError:
    return TypeError(
        f'{function}() got no dim: which numbers should sum to 1 is not to be guessed. Give dim=-1 '
        'for the last dimension, dim=1 for class scores.')


def softmax_of_integers(function: str, input: Any) -> RuntimeError:
    return RuntimeError(
        f'{function} is not implemented for {input.dtype}: its results are fractions. Use float() '
        'first.')


# Sorting.

def k_out_of_range(k: int, dim: int, n: int) -> RuntimeError:
    return RuntimeError(
        f'selected index k out of range: k={k}, but dimension {dim} has {n} elements. Ask for '
        'fewer.')


def unique_slices() -> NotImplementedError:
    return NotImplementedError(
        'unique(dim=...) is not built: it would compare slices. Leave dim out to compare elements.')
