"""What products.py says of wrong arguments: what happened, why it is wrong, what to write."""
from __future__ import annotations

from typing import Any


def dtypes_differ(function: str, *tensors: Any) -> RuntimeError:
    dtypes = ', '.join(str(x.dtype) for x in tensors)
    method = 'double' if 'float64' in dtypes else 'float'
    return RuntimeError(
        f'{function}: expected tensors to have the same dtype, but got {dtypes}: products of '
        f'matrices are not promoted. Use {method}() for all of them.')


def product_of_bools() -> NotImplementedError:
    return NotImplementedError(
        'the product of matrices is not implemented for bool: sums of bools are integers. Use '
        'int() or float() first.')


def weights_are_no_matrix(input: Any, bias: Any) -> RuntimeError:
    return RuntimeError(
        f'linear: mat2 must be a matrix, got 1-D tensor, for an input of shape '
        f'{tuple(input.shape)} and a bias of shape {tuple(bias.shape)}: a vector of weights gives '
        'one number, to which a number is added. Use weight[None], or add the bias afterwards.')


def no_dimensions(ndim: int, other_ndim: int) -> RuntimeError:
    return RuntimeError(
        f'matmul: both arguments need to be at least 1D, but they are {ndim}D and {other_ndim}D: a '
        'number is no matrix. Use * for numbers.')


def shapes_differ(shape: tuple[int, ...], other: tuple[int, ...]) -> RuntimeError:
    return RuntimeError(
        f'mat1 and mat2 shapes cannot be multiplied: {shape} @ {other}: the last size of the first '
        'must be the last but one of the second. Transpose one of them.')


def wrong_ndim(function: str, x: Any, ndim: int) -> RuntimeError:
    return RuntimeError(
        f'{function}: expected a {ndim}D tensor, but got {x.ndim}D of shape {tuple(x.shape)}: this '
        'function does not broadcast. Use matmul.')


def batch_sizes_differ(input: Any, mat2: Any) -> RuntimeError:
    return RuntimeError(
        f'bmm: batch sizes {input.shape[0]} and {mat2.shape[0]} differ, and there is no '
        'broadcasting here. Use matmul.')


def not_vectors(input: Any, vec2: Any) -> RuntimeError:
    return RuntimeError(
        f'outer: expected 1-D tensors, but got {input.ndim}D and {vec2.ndim}D. Flatten them.')


# Einsum.

def no_equation(equation: Any) -> Exception:
    kind = ValueError if isinstance(equation, str) else TypeError
    return kind(
        'einsum(): must specify the equation string and at least one operand, got '
        f'{type(equation).__name__}, or at least one operand and its subscripts list. Write '
        "einsum('ij,jk->ik', x, y).")


def not_a_subscript(number: Any) -> Exception:
    kind = ValueError if isinstance(number, int) else TypeError
    return kind(
        f'einsum(): subscript {number!r} in subscript list is not within the valid range [0, 52), '
        'nor `...`: each number is a dimension. Write [0, 1].')


def repeated_subscript_differs(letter: Any, size: int, other: int) -> RuntimeError:
    return RuntimeError(
        f"einsum(): subscript {letter} is repeated for one operand but the sizes don't match, "
        f'{size} != {other}: its diagonal is meant. Use two letters.')


def terms_and_operands_differ(equation: str, terms: int, operands: int) -> RuntimeError:
    return RuntimeError(
        f'einsum(): {terms} terms in {equation!r} for {operands} operands: each needs its own. '
        'Separate terms by commas.')


def term_does_not_fit(term: str, x: Any) -> RuntimeError:
    return RuntimeError(
        f'einsum(): the term {term!r} does not name the {x.ndim} dimensions of shape '
        f'{tuple(x.shape)}, a letter each. Write one letter for each.')


def subscript_differs(letter: Any, size: int, other: int) -> RuntimeError:
    return RuntimeError(
        f'einsum(): operands do not broadcast: subscript {letter} is {size} and {other}. Make the '
        'sizes equal.')


def bad_output(equation: str) -> RuntimeError:
    return RuntimeError(
        f'einsum(): the output of {equation!r} names a letter twice or one that no operand has. '
        'Name each once.')


def does_not_expand(function: str, input: Any, shape: Any) -> RuntimeError:
    return RuntimeError(
        f'{function}: The expanded size of the tensor {tuple(input.shape)} must match the product '
        f'{tuple(shape)}: input is added to each of its rows. Reshape input, or use +.')


def last_sizes_differ(input: Any, other: Any) -> RuntimeError:
    return RuntimeError(
        'inner() the last dimension must match on both input tensors but got shapes '
        f'{list(input.shape)} and {list(other.shape)}: products along it are summed. Transpose '
        'one of them.')


def too_many_dims(dims: int, a: Any, b: Any) -> RuntimeError:
    return RuntimeError(
        f'tensordot expects dims >= 0, and both tensors to have as many: got dims={dims} for '
        f'shapes {tuple(a.shape)} and {tuple(b.shape)}. Give fewer.')


def summed_sizes_differ(a: Any, b: Any, dims: Any) -> RuntimeError:
    return RuntimeError(
        f'contracted dimensions need to match, but dims {dims} of shapes {tuple(a.shape)} and '
        f'{tuple(b.shape)} do not: products along them are summed. Name them in the same order.')
