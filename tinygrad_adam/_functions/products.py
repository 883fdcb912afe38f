"""Products of matrices and vectors, and einsum.

A matrix occupies the last two dimensions of a tensor; those before are a batch. The dtypes of
both arguments have to be the same. What is computed is in ops/matmul.py. The page of a function in
PyTorch's manual is https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any, Sequence

import numpy as np

from ..autograd import TensorBase
from ..ops import matmul as table
from ..ops import pointwise as rows
from ..ops.pointwise import cast
from ..ops.reductions import sum
from ..ops.shapes import axis_of, unpacked
from . import _product_errors as errors
from ._arguments import not_a_tensor, tensor
from .indexing import diagonal
from .shapes import permute, reshape, unsqueeze

if TYPE_CHECKING:
    from .._tensor import Tensor


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product.

    input  (..., n, m), or a vector (m,), which counts as a row
    other  (..., m, p), or a vector (m,), which counts as a column; the batches are broadcast

    Returns a tensor (..., n, p), without n or p if that argument was a vector.
    """
    return product(tensor(input, 'matmul'), tensor(other, 'matmul', 'other'))


def product(input: Any, other: Any) -> Tensor:
    """The operator @: matmul of tensors, one of which may be an array.

    input  a tensor or an array
    other  a tensor or an array
    """
    for x in (input, other):
        if not isinstance(x, (TensorBase, np.ndarray)):
            raise not_a_tensor(x, 'matmul', 'other' if x is other else 'input')
    shape, other_shape = np.shape(getattr(input, '_array', input)), np.shape(
        getattr(other, '_array', other))
    if not shape or not other_shape:
        raise errors.no_dimensions(len(shape), len(other_shape))
    if shape[-1] != other_shape[-2 if len(other_shape) > 1 else 0]:
        raise errors.shapes_differ(shape, other_shape)
    if isinstance(input, TensorBase) and isinstance(other, TensorBase):
        same_dtype('matmul', input, other)
        if input._array.dtype.kind == 'b':
            raise errors.product_of_bools()
    row, column = len(shape) == 1, len(other_shape) == 1
    if not row and not column:
        return table.matmul(input, other)
    out = table.matmul(table.reshape(input, (1, *shape)) if row else input,
                       table.reshape(other, (*other_shape, 1)) if column else other)
    batch = (shape if column else other_shape)[:-2]
    return table.reshape(out, (*batch, *(() if row else shape[-2:-1]),
                               *(() if column else other_shape[-1:])))


def same_dtype(function: str, *tensors: Any) -> None:
    """Refuse tensors of mixed dtypes where PyTorch does. Raises RuntimeError.

    function  the name of the public function
    tensors   its arguments
    """
    for x in tensors:
        if x._array.dtype != tensors[0]._array.dtype:
            raise errors.dtypes_differ(function, *tensors)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, without broadcasting.

    input  (n, m)
    mat2   (m, p)

    Returns a tensor (n, p).
    """
    check_ndim('mm', input=(input, 2), mat2=(mat2, 2))
    return product(input, mat2)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two batches of matrices, without broadcasting.

    input  (b, n, m)
    mat2   (b, m, p)

    Returns a tensor (b, n, p).
    """
    check_ndim('bmm', input=(input, 3), mat2=(mat2, 3))
    if input.shape[0] != mat2.shape[0]:
        raise errors.batch_sizes_differ(input, mat2)
    return product(input, mat2)


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """The product of a matrix and a vector.

    input  (n, m)
    vec    (m,)

    Returns a tensor (n,).
    """
    check_ndim('mv', input=(input, 2), vec=(vec, 1))
    return product(input, vec)


def dot(input: Tensor, other: Tensor) -> Tensor:
    """The sum of the products of two vectors.

    input  (n,)
    other  (n,)

    Returns a tensor ().
    """
    check_ndim('dot', input=(input, 1), other=(other, 1))
    return product(input, other)


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an element of one vector and an element of another.

    input  (n,)
    vec2   (m,)

    Returns a tensor (n, m).
    """
    if (tensor(input, 'outer').ndim, tensor(vec2, 'outer', 'vec2').ndim) != (1, 1):
        raise errors.not_vectors(input, vec2)
    return unsqueeze(input, 1) * vec2


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1,
          alpha: float = 1) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2), as a linear layer with its bias.

    input  a tensor whose shape broadcasts to (n, p), of the same dtype; ignored where beta is 0
    mat1   (n, m)
    mat2   (m, p)
    beta   a number
    alpha  a number
    """
    out = scaled_product('addmm', alpha, mm(mat1, mat2))
    return added('addmm', input, out, beta)


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: float = 1,
          alpha: float = 1) -> Tensor:
    """beta * input + alpha * (mat @ vec).

    input  a tensor whose shape broadcasts to (n,), of the same dtype; ignored where beta is 0
    mat    (n, m)
    vec    (m,)
    beta   a number
    alpha  a number
    """
    return added('addmv', input, scaled_product('addmv', alpha, mv(mat, vec)), beta)


def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1,
            alpha: float = 1) -> Tensor:
    """beta * input + alpha * (batch1 @ batch2).

    input   a tensor whose shape broadcasts to (b, n, p), of the same dtype; ignored where beta is 0
    batch1  (b, n, m)
    batch2  (b, m, p)
    beta    a number
    alpha   a number
    """
    return added('baddbmm', input, scaled_product('baddbmm', alpha, bmm(batch1, batch2)), beta)


def scaled_product(function: str, alpha: float, out: Tensor) -> Tensor:
    """alpha * out, in whole numbers if out has such.

    function  the name of the public function
    alpha     a number
    out       a product of matrices
    """
    whole = out._array.dtype.kind != 'f'
    return out if alpha == 1 else rows.mul(out, int(alpha) if whole else alpha)


def added(function: str, input: Tensor, out: Tensor, beta: float) -> Tensor:
    """beta * input + out. Raises RuntimeError if input does not expand to the shape of out.

    function  the name of the public function
    input     a tensor
    out       a product of matrices
    beta      a number
    """
    same_dtype(function, tensor(input, function), out)
    shape = out._array.shape
    if input.ndim > len(shape) or any(
            n not in (1, m) for n, m in zip(input.shape[::-1], shape[::-1])):
        raise errors.does_not_expand(function, input, shape)
    if beta == 0:       # nan and inf in input do not count, and its gradient is 0
        return rows.where(False, input, out)
    return scaled_product(function, beta, input) + out


def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sums of the products along the last dimensions of both.

    input  (..., n), or a number, which multiplies
    other  (..., n), or a number

    Returns a tensor of input's other dimensions and then those of other.
    """
    if not tensor(input, 'inner').ndim or not tensor(other, 'inner', 'other').ndim:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise errors.last_sizes_differ(input, other)
    left, right = [reshape(x, (math.prod(x.shape[:-1]), x.shape[-1])) for x in (input, other)]
    out = product(left, permute(right, (1, 0)))
    return reshape(out, (*input.shape[:-1], *other.shape[:-1]))


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """Products of elements of two tensors, summed over dimensions of both.

    a     a tensor
    b     a tensor of the same dtype; sizes of 1 are broadcast
    dims  how many of the last dimensions of a and of the first of b; or a pair of lists of them

    Returns a tensor of the other dimensions of a and then those of b.
    """
    ndims = tensor(a, 'tensordot', 'a').ndim, tensor(b, 'tensordot', 'b').ndim
    if isinstance(dims, int):
        if not 0 <= dims <= min(ndims):
            raise errors.too_many_dims(dims, a, b)
        dims = range(ndims[0] - dims, ndims[0]), range(dims)
    summed = [[axis_of(dim, ndim) for dim in unpacked(given, ())] if not isinstance(
        given, range) else list(given) for given, ndim in zip(dims, ndims)]
    for i, j in zip(*summed):
        if a.shape[i] != b.shape[j] and 1 not in (a.shape[i], b.shape[j]):
            raise errors.summed_sizes_differ(a, b, summed)
        if b.shape[j] == 1:
            a = sum(a, i, True)
        elif a.shape[i] == 1:
            b = sum(b, j, True)
    sizes = [tuple(x.shape[dim] for dim in own) for x, own in zip((a, b), summed)]
    if sizes[0] != sizes[1]:
        raise errors.summed_sizes_differ(a, b, summed)
    kept = [[dim for dim in range(ndim) if dim not in own] for own, ndim in zip(summed, ndims)]
    first, last = [tuple(x.shape[dim] for dim in own) for x, own in zip((a, b), kept)]
    n = math.prod(sizes[0])
    left = reshape(permute(a, tuple(kept[0] + summed[0])), (math.prod(first), n))
    right = reshape(permute(b, tuple(summed[1] + kept[1])), (n, math.prod(last)))
    return reshape(product(left, right), first + last)


def check_ndim(function: str, **arguments: tuple[Tensor, int]) -> None:
    """Refuse what is no tensor, or one with another number of dimensions.

    function   the name of the public function
    arguments  each argument of it, and how many dimensions it has to have
    """
    for name, (x, _) in arguments.items():
        tensor(x, function, name)
    for x, ndim in arguments.values():
        if x.ndim != ndim:
            raise errors.wrong_ndim(function, x, ndim)


def weighted_sum(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """nn.functional.linear for a vector of weights: input @ weight + bias.

    input   (..., n)
    weight  (n,)
    bias    (), if the input is a vector, too (RuntimeError); None: nothing is added
    """
    if bias is None:
        return product(input, weight)
    if input._array.ndim > 1 or bias._array.ndim:
        raise errors.weights_are_no_matrix(input, bias)
    return product(input, weight) + bias


# Einsum.

def einsum(equation: str | Tensor, *operands: Any) -> Tensor:
    """Products of elements, summed over letters: Einstein's notation.

    equation  for each operand a letter for each dimension, separated by commas, then '->' and the
              letters of the result; '...' stands for any further dimensions. Without '->' the
              result has the letters that occur once, in alphabetical order
    operands  the tensors, of one dtype, or one sequence of them

    einsum('bij,bjk->bik', x, y) is a product of batches of matrices. The same with integers from 0
    to 51 as letters: einsum(x, [0, 1, 2], y, [0, 2, 3], [0, 1, 3]). Raises RuntimeError if the
    equation does not fit the shapes.
    """
    if isinstance(equation, TensorBase):
        equation, operands = of_numbers(equation, *operands)
    if not operands or not isinstance(equation, str):
        raise errors.no_equation(equation)
    given: Any = operands[0] if len(operands) == 1 else operands
    tensors = [tensor(x, 'einsum', 'operands') for x in
               (given if isinstance(given, (tuple, list)) else operands)]
    same_dtype('einsum', *tensors)
    inputs, output, sizes = parsed(equation, tensors)
    letters = output + [letter for letter in sizes if letter not in output]
    if letters != output and len(tensors) > 1 and tensors[0]._array.dtype.kind == 'b':
        raise errors.product_of_bools()
    total: Any = None
    seen: set[Any] = set()
    for i, (term, x) in enumerate(zip(inputs, tensors), 1):
        later = {*output, *chain.from_iterable(inputs[i:])}
        x = summed_except(over_letters(x, term, letters), letters, seen | later)
        total = x if total is None else summed_except(total * x, letters, later)
        seen.update(term)
    if letters == output:
        return total
    if len(tensors) == 1:                           # a sum over one number is a new tensor, too
        return sum(total, tuple(range(len(output), len(letters))))
    return cast(reshape(total, total.shape[:len(output)]), tensors[0]._array.dtype)


def summed_except(x: Tensor, letters: Sequence[Any], needed: set[Any]) -> Tensor:
    """x, summed over the dimensions whose letters are not needed any more; they keep size 1.

    x        a tensor
    letters  the letter of each of its dimensions
    needed   letters
    """
    dims = tuple(i for i, n in enumerate(x.shape) if n != 1 and letters[i] not in needed)
    return sum(x, dims, True) if dims else x


def of_numbers(*args: Any) -> tuple[str, tuple[Any, ...]]:
    """The equation and the operands of einsum(x, [0, 1], y, [1, 2], [0, 2]).

    args  each operand with the integers of its dimensions, and those of the result, if given
    """
    operands = args[:len(args) // 2 * 2:2]
    terms = [''.join(map(letter_of, listed)) for listed in (*args[1::2], *args[len(operands) * 2:])]
    left = ','.join(terms[:len(operands)])
    return '->'.join([left, *terms[len(operands):]]), operands


def letter_of(number: Any) -> str:
    """The letter for an integer of einsum: A to Z, then a to z.

    number  an integer in [0, 52), or `...`, which stays
    """
    if number is Ellipsis:
        return '...'
    if not isinstance(number, int) or not 0 <= number < 52:
        raise errors.not_a_subscript(number)
    return chr(number + (65 if number < 26 else 71))


def over_letters(x: Tensor, term: Sequence[Any], letters: Sequence[Any]) -> Tensor:
    """x, with a dimension for each of the letters, in their order; size 1 where it has none.

    x        a tensor
    term     the letter of each of its dimensions
    letters  all letters of the equation
    """
    term = list(term)
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:       # twice in one operand: the diagonal
            i = term.index(letter)
            j = term.index(letter, i + 1)
            x = diagonal(x, 0, i, j)
            term = [other for k, other in enumerate(term) if k not in (i, j)] + [letter]
    order = sorted(range(len(term)), key=lambda i: letters.index(term[i]))
    if order:
        x = permute(x, order)
    sizes = iter(x.shape)
    return reshape(x, tuple(next(sizes) if letter in term else 1 for letter in letters))


def parsed(equation: str, tensors: Sequence[Tensor]) -> tuple[list[Any], list[Any], dict[Any, int]]:
    """The letters of each operand, those of the output, and {letter: its size}.

    equation  as in einsum
    tensors   the operands

    The dimensions of '...' are letters, too: ('.', -1) is the last of them.
    """
    left, arrow, right = equation.replace(' ', '').partition('->')
    terms = left.split(',')
    if len(terms) != len(tensors):
        raise errors.terms_and_operands_differ(equation, len(terms), len(tensors))
    inputs: list[Any] = []
    sizes: dict[Any, int] = {}
    longest = 0
    for term, x in zip(terms, tensors):
        before, dots, after = term.partition('...')
        named = before + after
        unnamed = x.ndim - len(named)
        if named and not named.isalpha() or unnamed < 0 or unnamed and not dots:
            raise errors.term_does_not_fit(term, x)
        longest = max(longest, unnamed)
        letters = [*before, *[('.', i) for i in range(-unnamed, 0)], *after]
        own: dict[Any, int] = {}
        for letter, n in zip(letters, x.shape):
            if own.setdefault(letter, n) != n:
                raise errors.repeated_subscript_differs(letter, own[letter], n)
            size = sizes.setdefault(letter, n)
            if size != n and 1 not in (n, size):
                raise errors.subscript_differs(letter, size, n)
            sizes[letter] = max(size, n) if 0 not in (n, size) else 0
        inputs.append(letters)
    ellipsis = [('.', i) for i in range(-longest, 0)]
    if arrow:
        before, dots, after = right.partition('...')
        output = [*before, *(ellipsis if dots else []), *after]
    else:
        once = sorted(letter for letter in sizes
                      if isinstance(letter, str) and left.count(letter) == 1)
        output = [*ellipsis, *once]
    if len(set(output)) < len(output) or any(letter not in sizes for letter in output):
        raise errors.bad_output(equation)
    return inputs, output, sizes
