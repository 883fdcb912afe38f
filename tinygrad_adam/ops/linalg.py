"""Matrix products. A matrix stands in the last two dimensions; those before it are a batch."""
from __future__ import annotations

import numpy as np

from ..autograd import TensorBase, primitive
from .indexing import diagonal
from .shapes import permute, reshape, squeeze, swap, unsqueeze
from .reductions import sum


def _linear(x, weight, bias=None):
    if x.shape[-1:] != weight.shape[-1:]:
        raise RuntimeError(f'linear: input {x.shape} and weight {weight.shape} cannot be '
                           'multiplied: the last size of the input must be the last of the weight, '
                           'in_features. Flatten the input, or change in_features.')
    same_dtype('linear', x, weight, bias)
    out = x @ weight.T
    if bias is not None:
        out += bias
    return out


def same_dtype(name, x, y, z=None):
    """Refuse arrays of mixed dtypes where PyTorch does."""
    if x.dtype != y.dtype or z is not None and x.dtype != z.dtype:
        found = ', '.join(str(a.dtype) for a in (x, y, z) if a is not None)
        raise RuntimeError(f'{name}: expected tensors of the same dtype, got {found}: products of '
                           'matrices are not promoted. Convert one with to().')


def flat(x):
    """(..., n) as a matrix (rows, n)."""
    return reshape(x, (-1, x.shape[-1])) if x.ndim != 2 else x


products = primitive(np.matmul,
                     lambda g, out, x, y: g @ swap(y, -1, -2),
                     lambda g, out, x, y: swap(x, -1, -2) @ g, name='mm')
linear = primitive(_linear,                                  # x (..., in), weight (out, in)
                   lambda g, out, x, weight, bias=None: g @ weight,
                   lambda g, out, x, weight, bias=None: flat(g).T @ flat(x),
                   lambda g, out, x, weight, bias=None: g, names='input weight bias')


def matmul(input, other):
    """The matrix product; vectors count as a row on the left, a column on the right."""
    shapes = [np.shape(getattr(x, '_array', x)) for x in (input, other)]
    ndims = [len(shape) for shape in shapes]
    if 0 in ndims:
        raise RuntimeError('matmul: both arguments need to be at least 1D, but they are '
                           f'{ndims[0]}D and {ndims[1]}D: a number is no matrix. Use * for '
                           'numbers.')
    if shapes[0][-1] != shapes[1][-2 if ndims[1] > 1 else 0]:
        raise RuntimeError(f'mat1 and mat2 shapes cannot be multiplied: {shapes[0]} @ {shapes[1]}: '
                           'the last size of the first must be the last but one of the second. '
                           'Transpose one of them.')
    if ndims[0] == 1:
        return squeeze(matmul(unsqueeze(input, 0), other), -2 if ndims[1] > 1 else 0)
    if ndims[1] == 1:
        return squeeze(matmul(input, unsqueeze(other, 1)), -1)
    if isinstance(input, TensorBase) and isinstance(other, TensorBase):
        same_dtype('matmul', input._array, other._array)
    return products(input, other)


def of_dims(name, *pairs):
    for x, ndim in pairs:
        if x.ndim != ndim:
            raise RuntimeError(f'{name}: expected a {ndim}D tensor, but got {x.ndim}D of shape '
                               f'{tuple(x.shape)}: this function does not broadcast. Use matmul.')


def mm(input, mat2):
    """Matrix (n, m) times matrix (m, p)."""
    of_dims('mm', (input, 2), (mat2, 2))
    return matmul(input, mat2)


def bmm(input, mat2):
    """A batch of matrices (b, n, m) times another (b, m, p)."""
    of_dims('bmm', (input, 3), (mat2, 3))
    if len(input.shape) and input.shape[0] != mat2.shape[0]:
        raise RuntimeError(f'bmm: batch sizes {input.shape[0]} and {mat2.shape[0]} differ, and '
                           'there is no broadcasting here. Use matmul.')
    return matmul(input, mat2)


def mv(input, vec):
    """Matrix (n, m) times vector (m,)."""
    of_dims('mv', (input, 2), (vec, 1))
    return matmul(input, vec)


def dot(input, other):
    """The sum of products of two vectors (n,)."""
    of_dims('dot', (input, 1), (other, 1))
    return matmul(input, other)


def outer(input, vec2):
    """All products of two vectors: (n,), (m,) becomes (n, m)."""
    if input.ndim != 1 or vec2.ndim != 1:
        raise RuntimeError(f'outer: expected 1-D tensors, but got {input.ndim}D and {vec2.ndim}D. '
                           'Flatten them.')
    return unsqueeze(input, 1) * vec2


def einsum(equation, *operands):
    """Products summed over letters: einsum('bij,bjk->bik', x, y) is a batched matrix product.

    https://pytorch.org/docs/stable/generated/torch.einsum.html
    """
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = tuple(operands[0])
    inputs, output, sizes = _terms(equation, operands)
    letters = list(output) + [a for a in sizes if a not in output]
    product = None
    for term, x in zip(inputs, operands):        # each as a tensor over all letters, then matmul
        x, term = _diagonal_free(x, term)
        order = sorted(range(len(term)), key=lambda i: letters.index(term[i]))
        x, term = permute(x, order) if order else x, [term[i] for i in order]
        x = reshape(x, tuple(sizes[a] if a in term and x.shape[term.index(a)] != 1 else 1
                             for a in letters))
        product = x if product is None else product * x
    gone = tuple(range(len(output), len(letters)))
    return sum(product, gone) if gone else product


def _diagonal_free(x, term):
    """Take the diagonal wherever a letter stands twice in one operand."""
    term = list(term)
    for a in dict.fromkeys(term):
        while term.count(a) > 1:
            i = term.index(a)
            j = term.index(a, i + 1)
            x = diagonal(x, 0, i, j)
            term = [b for k, b in enumerate(term) if k not in (i, j)] + [a]
    return x, term


def _terms(equation, operands):
    """The letters of every operand and of the output, '...' as letters of its own, and sizes."""
    left, arrow, right = equation.replace(' ', '').partition('->')
    terms = left.split(',')
    if len(terms) != len(operands):
        raise RuntimeError(f'einsum(): {len(terms)} terms in {equation!r} for {len(operands)} '
                           'operands: each needs its own. Separate terms by commas.')
    inputs, sizes, dots = [], {}, 0
    for term, x in zip(terms, operands):
        named = term.replace('...', '')
        extra = x.ndim - len(named)
        if not named.isalpha() and named or extra < 0 or extra > 0 and '...' not in term:
            raise RuntimeError(f'einsum(): the term {term!r} does not name the {x.ndim} dimensions '
                               f'of shape {tuple(x.shape)}, a letter each. Write one letter for '
                               'each.')
        dots = max(dots, extra)
        before, _, after = term.partition('...')
        letters = [*before, *[('.', i) for i in range(-extra, 0)], *after]
        for a, n in zip(letters, x.shape):
            if sizes.setdefault(a, n) != n and 1 not in (n, sizes[a]):
                raise RuntimeError(f'einsum(): operands do not broadcast: subscript {a} is '
                                   f'{sizes[a]} and {n}. Make the sizes equal.')
            sizes[a] = max(sizes[a], n) if 0 not in (n, sizes[a]) else 0
        inputs.append(letters)
    ellipsis = [('.', i) for i in range(-dots, 0)]
    if arrow:
        before, has, after = right.partition('...')
        output = [*before, *(ellipsis if has else []), *after]
    else:
        output = ellipsis + sorted(a for a in sizes if isinstance(a, str) and left.count(a) == 1)
    if len(set(output)) < len(output) or any(a not in sizes for a in output):
        raise RuntimeError(f'einsum(): the output of {equation!r} names a letter twice or one that '
                           'no operand has. Name each once.')
    return inputs, output, sizes
