"""Methods that change a tensor in place: `x.add_(y)` writes x + y into the memory of x.

Each returns the tensor itself, and is differentiated like the function without the underscore.
Raises RuntimeError for a leaf that requires grad, outside no_grad(); if the result has a
different shape; and if it cannot be converted to the tensor's dtype.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Sequence

import numpy as np

from .. import random
from ..autograd import TensorBase, no_grad
from ..autograd.graph import storage_of
from ..autograd.nonfinite import quiet
from ..autograd.promotion import fitting, number, of_64_bits
from ..ops import indexing as table
from ..ops import pointwise as rows
from . import _index_errors as index_errors
from . import _pointwise_errors as errors
from . import indexing, pointwise, products, reductions, scattering, shapes, special, statistics
from ._arguments import operand, typed
from ._draws import cauchy_around, coins, integers_between, log_normal_around, normal_around
from ._draws import trials, uniform_between, waiting_times
from ._indices import two_steps

if TYPE_CHECKING:
    from .._tensor import Tensor
    from .shapes import Sizes

Unary = Callable[['Tensor'], 'Tensor']
Binary = Callable[['Tensor', Any], 'Tensor']


# Arithmetic.

def add_(self: Tensor, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """Add alpha * other.

    other  a tensor or a number
    alpha  a number
    """
    return self._change(pointwise.add, other, alpha=alpha)


def sub_(self: Tensor, other: Tensor | float, *, alpha: float = 1) -> Tensor:
    """Subtract alpha * other.

    other  a tensor or a number
    alpha  a number
    """
    return self._change(pointwise.sub, other, alpha=alpha)


def mul_(self: Tensor, other: Tensor | float) -> Tensor:
    """Multiply by other.

    other  a tensor or a number
    """
    return self._change(pointwise.mul, other)


def div_(self: Tensor, other: Tensor | float, *, rounding_mode: str | None = None) -> Tensor:
    """Divide by other.

    other          a tensor or a number
    rounding_mode  None, 'floor' or 'trunc', as for div
    """
    return self._change(pointwise.div, other, rounding_mode=rounding_mode)


def pow_(self: Tensor, exponent: Tensor | float) -> Tensor:
    """Raise to the power of exponent.

    exponent  a tensor or a number
    """
    return self._change(pointwise.pow, exponent)


def addcmul_(self: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """Add value * tensor1 * tensor2.

    tensor1  a tensor
    tensor2  a tensor
    value    a number
    """
    return self._change(special.addcmul, tensor1, tensor2, value=value)


def addcdiv_(self: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: float = 1) -> Tensor:
    """Add value * tensor1 / tensor2.

    tensor1  a tensor
    tensor2  a tensor
    value    a number
    """
    return self._change(special.addcdiv, tensor1, tensor2, value=value)


def addmm_(self: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1,
           alpha: float = 1) -> Tensor:
    """Become beta * itself + alpha * (mat1 @ mat2).

    mat1   (n, m)
    mat2   (m, p)
    beta   a number
    alpha  a number
    """
    return self._change(products.addmm, mat1, mat2, beta=beta, alpha=alpha)


def lerp_(self: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """Move towards end: add weight * (end - self).

    end     a tensor of the same dtype
    weight  a tensor of the same dtype or a number
    """
    return self._change(pointwise.lerp, end, weight)


def fmod_(self: Tensor, other: Tensor | float) -> Tensor:
    """Take the remainder of the division by other, with the sign of self.

    other  a tensor or a number
    """
    return self._change(special.fmod, other)


def remainder_(self: Tensor, other: Tensor | float) -> Tensor:
    """Take the remainder of the division by other, with its sign.

    other  a tensor or a number
    """
    return self._change(pointwise.remainder, other)


# Functions of one argument.

def sign_(self: Tensor) -> Tensor:
    """Take the sign: -1, 0 or 1."""
    return self._change(pointwise.sign)


def square_(self: Tensor) -> Tensor:
    """Multiply each element by itself."""
    return self._change(pointwise.square)


def sin_(self: Tensor) -> Tensor:
    """Take the sine."""
    return self._change(pointwise.sin)


def cos_(self: Tensor) -> Tensor:
    """Take the cosine."""
    return self._change(pointwise.cos)


def log10_(self: Tensor) -> Tensor:
    """Take the logarithm to base 10."""
    return self._change(special.log10)


def log2_(self: Tensor) -> Tensor:
    """Take the logarithm to base 2."""
    return self._change(pointwise.log2)


def log1p_(self: Tensor) -> Tensor:
    """Take log(1 + each element)."""
    return self._change(pointwise.log1p)


def erf_(self: Tensor) -> Tensor:
    """Apply the error function."""
    return self._change(special.erf)


def ceil_(self: Tensor) -> Tensor:
    """Round up."""
    return self._change(pointwise.ceil)


def trunc_(self: Tensor) -> Tensor:
    """Round towards 0."""
    return self._change(pointwise.trunc)


def nan_to_num_(self: Tensor, nan: float | None = None, posinf: float | None = None,
                neginf: float | None = None) -> Tensor:
    """Put numbers in place of nan and the infinities.

    nan     what stands for nan; None is 0
    posinf  what stands for inf; None is the largest number of the dtype
    neginf  what stands for -inf; None is the lowest
    """
    return self._change(special.nan_to_num, nan, posinf, neginf)


def clamp_min_(self: Tensor, min: Tensor | float) -> Tensor:
    """Raise what is below min.

    min  a tensor or a number
    """
    return self._change(special.clamp_min, min)


def clamp_max_(self: Tensor, max: Tensor | float) -> Tensor:
    """Lower what is above max.

    max  a tensor or a number
    """
    return self._change(special.clamp_max, max)


def neg_(self: Tensor) -> Tensor:
    """Change the sign."""
    return self._change(pointwise.neg)


def abs_(self: Tensor) -> Tensor:
    """Take the absolute value."""
    return self._change(pointwise.abs)


def exp_(self: Tensor) -> Tensor:
    """Raise e to the power of each element."""
    return self._change(pointwise.exp)


def log_(self: Tensor) -> Tensor:
    """Take the natural logarithm."""
    return self._change(pointwise.log)


def sqrt_(self: Tensor) -> Tensor:
    """Take the square root."""
    return self._change(pointwise.sqrt)


def rsqrt_(self: Tensor) -> Tensor:
    """Take 1 / sqrt of each element."""
    return self._change(pointwise.rsqrt)


def reciprocal_(self: Tensor) -> Tensor:
    """Take 1 / each element."""
    return self._change(pointwise.reciprocal)


def tanh_(self: Tensor) -> Tensor:
    """Take the hyperbolic tangent."""
    return self._change(pointwise.tanh)


def sigmoid_(self: Tensor) -> Tensor:
    """Apply the logistic function."""
    return self._change(pointwise.sigmoid)


def relu_(self: Tensor) -> Tensor:
    """Set negative elements to 0."""
    return self._change(pointwise.relu)


def floor_(self: Tensor) -> Tensor:
    """Round down."""
    return self._change(pointwise.floor)


@typed
def round_(self: Tensor, *, decimals: int = 0) -> Tensor:
    """Round to the nearest integer, halves to the even one.

    decimals  how many digits after the point are kept; -1 rounds to tens
    """
    return self._change(pointwise.round, decimals=decimals)


def clamp_(self: Tensor, min: Tensor | float | None = None,
           max: Tensor | float | None = None) -> Tensor:
    """Raise what is below min, and lower what is above max.

    min  a tensor or a number; None is no lower bound
    max  a tensor or a number; None is no upper bound
    """
    return self._change(pointwise.clamp, min, max)


# The same of more functions: a row for each.

def unary(function: Callable[[Tensor], Tensor], text: str) -> Callable[[Tensor], Tensor]:
    """The method that changes a tensor to function(tensor).

    function  a public function of one argument
    text      what the method does
    """
    def change(self: Tensor) -> Tensor:
        return self._change(function)
    return named(change, function, text)


def binary(function: Callable[[Tensor, Any], Tensor], text: str, other: str
           ) -> Callable[[Tensor, Any], Tensor]:
    """The method that changes a tensor to function(tensor, other).

    function  a public function of two arguments
    text      what the method does
    other     what its argument is
    """
    def change(self: Tensor, other: Any) -> Tensor:
        return self._change(function, other)
    return named(change, function, f'{text}\n\n    other  {other}\n    ')


def truth(function: Callable[[Tensor, Any], Tensor], text: str
          ) -> Callable[[Tensor, Any], Tensor]:
    """The method that changes a tensor to function(tensor, other) as 0 and 1; no gradient passes.

    function  a public function of two arguments, whose values are bools
    text      what the method does
    """
    def change(self: Tensor, other: Any) -> Tensor:
        with no_grad():
            values = function(self, other)
        if values._array.shape != self._array.shape:
            return self._change(lambda old: values)     # which says that it does not fit
        return assign(self, values)
    return named(change, function,
                 f'{text}: 1, else 0.\n\n    other  a tensor or a number\n    ')


def named(method: Any, function: Any, text: str) -> Any:
    """The method with the name of a function and an underscore, and this text.

    method    a function
    function  what it does out of place
    text      its docstring
    """
    method.__name__ = method.__qualname__ = f'{function.__name__}_'
    method.__doc__ = text
    return method


acos_: Unary = unary(special.acos, 'Take the arc cosine.')
acosh_: Unary = unary(special.acosh, 'Take the inverse hyperbolic cosine.')
asin_: Unary = unary(special.asin, 'Take the arc sine.')
asinh_: Unary = unary(special.asinh, 'Take the inverse hyperbolic sine.')
atan_: Unary = unary(pointwise.atan, 'Take the arc tangent.')
atanh_: Unary = unary(special.atanh, 'Take the inverse hyperbolic tangent.')
tan_: Unary = unary(pointwise.tan, 'Take the tangent.')
sinh_: Unary = unary(pointwise.sinh, 'Take the hyperbolic sine.')
cosh_: Unary = unary(pointwise.cosh, 'Take the hyperbolic cosine.')
deg2rad_: Unary = unary(special.deg2rad, 'Convert degrees to radians.')
rad2deg_: Unary = unary(special.rad2deg, 'Convert radians to degrees.')
exp2_: Unary = unary(special.exp2, 'Raise 2 to the power of each element.')
expm1_: Unary = unary(pointwise.expm1, 'Take exp(each element) - 1.')
erfc_: Unary = unary(special.erfc, 'Take 1 minus the error function.')
erfinv_: Unary = unary(special.erfinv, 'Apply the inverse of the error function.')
lgamma_: Unary = unary(special.lgamma, 'Take the logarithm of the absolute gamma function.')
digamma_: Unary = unary(special.digamma, 'Take the derivative of lgamma.')
frac_: Unary = unary(special.frac, 'Take the fraction, with the sign of the element.')
sinc_: Unary = unary(special.sinc, 'Take sin(pi x) / (pi x), and 1 at 0.')
sgn_: Unary = unary(special.sgn, 'Take the sign: -1, 0 or 1.')
bitwise_not_: Unary = unary(special.bitwise_not, 'Invert the bits; of bools, take the other one.')
atan2_: Binary = binary(special.atan2, 'Take the angle of the point (other, self).', 'a tensor')
hypot_: Binary = binary(special.hypot, 'Take the length of the vector (self, other).',
                       'a tensor of floating point')
xlogy_: Binary = binary(special.xlogy, 'Multiply by log(other); what is 0 stays 0.',
                        'a tensor or a number')
ldexp_: Binary = binary(special.ldexp, 'Multiply by 2 to the power of other.', 'a tensor')
copysign_: Binary = binary(special.copysign, 'Take the sign of other.', 'a tensor or a number')
floor_divide_: Binary = binary(pointwise.floor_divide, 'Divide by other, and round down.',
                              'a tensor or a number')
gcd_: Binary = binary(special.gcd, 'Take the greatest common divisor.', 'a tensor of integers')
lcm_: Binary = binary(special.lcm, 'Take the least common multiple.', 'a tensor of integers')
bitwise_and_: Binary = binary(special.bitwise_and, 'Keep the bits that are set in both.',
                             'a tensor or a number, of integers or bools')
bitwise_or_: Binary = binary(special.bitwise_or, 'Keep the bits that are set in one or in both.',
                            'a tensor or a number, of integers or bools')
bitwise_xor_: Binary = binary(special.bitwise_xor, 'Keep the bits that are set in one of both.',
                             'a tensor or a number, of integers or bools')
eq_: Binary = truth(pointwise.eq, 'Whether it equals other')
ne_: Binary = truth(pointwise.ne, 'Whether it differs from other')
lt_: Binary = truth(pointwise.lt, 'Whether it is less than other')
le_: Binary = truth(pointwise.le, 'Whether it is at most other')
gt_: Binary = truth(pointwise.gt, 'Whether it is greater than other')
ge_: Binary = truth(pointwise.ge, 'Whether it is at least other')
logical_and_: Binary = truth(pointwise.logical_and, 'Whether both are not 0')
logical_or_: Binary = truth(pointwise.logical_or, 'Whether one or both are not 0')
logical_xor_: Binary = truth(pointwise.logical_xor, 'Whether one of both is not 0')


def logical_not_(self: Tensor) -> Tensor:
    """Whether it is 0: 1, else 0."""
    return assign(self, pointwise.logical_not(self.detach()))


def float_power_(self: Tensor, exponent: Tensor | float) -> Tensor:
    """Raise to the power of exponent. Raises RuntimeError unless the dtype is float64.

    exponent  a tensor or a number
    """
    if self._array.dtype != np.float64:
        raise errors.power_is_double(self)
    return self._change(special.float_power, exponent)


def heaviside_(self: Tensor, values: Tensor) -> Tensor:
    """Take the step from 0 to 1.

    values  what stands where it is 0, of the same dtype
    """
    return self._change(special.heaviside, values)


def logit_(self: Tensor, eps: float | None = None) -> Tensor:
    """Take log(x / (1 - x)).

    eps  x is first brought into [eps, 1 - eps]; None leaves it
    """
    return self._change(special.logit, eps)


@typed
def polygamma_(self: Tensor, n: int) -> Tensor:
    """Take the n-th derivative of digamma.

    n  the order, 0 or more (RuntimeError)
    """
    return self._change(lambda old: special.polygamma(n, old))


@typed
def tril_(self: Tensor, diagonal: int = 0) -> Tensor:
    """Set what is above a diagonal to 0.

    diagonal  which: 0 is the main one, 1 the one above
    """
    return self._change(indexing.tril, diagonal)


@typed
def triu_(self: Tensor, diagonal: int = 0) -> Tensor:
    """Set what is below a diagonal to 0.

    diagonal  which: 0 is the main one, 1 the one above
    """
    return self._change(indexing.triu, diagonal)


def cumsum_(self: Tensor, dim: int) -> Tensor:
    """Add to each element those before it.

    dim  the dimension
    """
    return accumulated(self, reductions.cumsum, dim)


def cumprod_(self: Tensor, dim: int) -> Tensor:
    """Multiply each element by those before it.

    dim  the dimension
    """
    return accumulated(self, statistics.cumprod, dim)


def accumulated(self: Tensor, function: Callable[[Tensor, int], Tensor], dim: int) -> Tensor:
    """Change a tensor to function(tensor, dim), in its own dtype. NotImplementedError for bools.

    self      a tensor
    function  cumsum or cumprod
    dim       the dimension
    """
    if self._array.dtype.kind == 'b':
        raise errors.bools_do_not_add_up(function.__name__)
    return self._change(lambda old: rows.cast(function(old, dim), old._array.dtype))


def addmv_(self: Tensor, mat: Tensor, vec: Tensor, *, beta: float = 1,
           alpha: float = 1) -> Tensor:
    """Become beta * itself + alpha * (mat @ vec).

    mat    (n, m)
    vec    (m,)
    beta   a number
    alpha  a number
    """
    return self._change(products.addmv, mat, vec, beta=beta, alpha=alpha)


def baddbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1,
             alpha: float = 1) -> Tensor:
    """Become beta * itself + alpha * (batch1 @ batch2).

    batch1  (b, n, m)
    batch2  (b, m, p)
    beta    a number
    alpha   a number
    """
    return self._change(products.baddbmm, batch1, batch2, beta=beta, alpha=alpha)


# Values from elsewhere.

def put(self: Tensor, index: Any, value: Tensor | float) -> None:
    """self[index] = value, as Tensor.__setitem__.

    index  as in self[index]
    value  a number that this dtype holds (RuntimeError), or a tensor, which is broadcast, may have
           more leading dimensions of size 1, and is converted unless positions are listed
    """
    if not isinstance(value, (TensorBase, int, float, complex, np.integer)):
        raise index_errors.cannot_assign(value, self)
    if not isinstance(value, TensorBase):
        value = fitting(of_64_bits(number(value), ValueError), self._array.dtype)
    if index is False:
        return
    view, arrays = two_steps(None if index is True else index, self._array.shape)
    if arrays is not None and isinstance(value, TensorBase):
        only_mask = len(arrays) == 1 and arrays[0].dtype == bool and value._array.size == 1
        if value._array.dtype != self._array.dtype and not only_mask:
            raise index_errors.dtype_of_value_differs(value, self)
        if only_mask:
            fitting(value.item(), self._array.dtype)
            value = pointwise.clone(value)
    shared = isinstance(value, TensorBase) and value._storage is storage_of(self)
    if view is not None and (arrays is not None or shared or self._overlaps()):
        table.getitem(self, view)._change(table.setitem, value, arrays or (Ellipsis,))
    else:
        self._change(table.setitem, value, arrays or view)


# The shape; the memory stays, and other views of it.

@typed
def squeeze_(self: Tensor, dim: Sizes | None = None) -> Tensor:
    """Drop dimensions of size 1. NotImplementedError in a graph, as for the next three.

    dim  the dimension, or a tuple of them; None is all. Those of another size stay
    """
    return self._change_shape(shapes.squeeze, *(() if dim is None else (dim,)))


def unsqueeze_(self: Tensor, dim: int) -> Tensor:
    """Insert a dimension of size 1.

    dim  its position in the result
    """
    return self._change_shape(shapes.unsqueeze, dim)


def transpose_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """Swap two dimensions.

    dim0, dim1  the dimensions
    """
    return self._change_shape(shapes.transpose, dim0, dim1)


def t_(self: Tensor) -> Tensor:
    """Transpose a matrix; tensors of fewer dimensions stay as they are."""
    return self._change_shape(shapes.t)


def copy_(self: Tensor, src: Tensor | float) -> Tensor:
    """Take the values of src.

    src  a tensor or a number; it is broadcast, and converted to this dtype
    """
    if isinstance(operand(src, 'copy_', 'src'), TensorBase):
        if src._array.ndim > self._array.ndim:    # type: ignore[union-attr]
            raise errors.source_does_not_broadcast(self, src)
        return assign(self, src)
    of_64_bits(src)
    quiet()
    return assign(self, np.array(src).astype(self._array.dtype))


def assign(self: Tensor, values: Any) -> Tensor:
    """As copy_, also from an array.

    values  a tensor, an array or a number
    """
    return self._change(table.setitem, values, (Ellipsis,))


def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
    """Replace each element by what a function returns for it: slow, as it is called for each.

    callable  a function of a number that returns one (TypeError)

    Raises RuntimeError for a tensor that requires grad: there is no derivative.
    """
    if self._requires_grad:
        raise errors.apply_in_graph()
    values = [callable(x) for x in self._array.ravel().tolist()]
    for x in values:
        if not isinstance(x, (int, float, np.number, np.bool_)):
            raise errors.applied_to_no_number(x)
    return assign(self, np.array(values, self._array.dtype).reshape(self._array.shape))


def fill_(self: Tensor, value: Tensor | float) -> Tensor:
    """Set every element to value.

    value  a number that this dtype holds, or a tensor without dimensions (RuntimeError)
    """
    if getattr(operand(value, 'fill_', 'value'), 'ndim', 0):
        raise errors.fill_with_many(value)
    value = pointwise.clone(value) if isinstance(value, TensorBase) else (    # may share memory
        fitting(number(value), self._array.dtype))
    if self._overlaps():     # each location in memory once
        index = tuple(slice(1 if stride == 0 else None) for stride in self._array.strides)
        assign(table.getitem(self, index), value)
        return self
    return assign(self, value)


def zero_(self: Tensor) -> Tensor:
    """Set every element to 0."""
    return fill_(self, 0)


def masked_fill_(self: Tensor, mask: Tensor, value: Tensor | float) -> Tensor:
    """Set the elements where mask is True to value.

    mask   a bool tensor whose shape broadcasts to this one
    value  a number, or a tensor with one element
    """
    value = pointwise.clone(value) if isinstance(value, TensorBase) else value    # may share memory
    return self._change(indexing.masked_fill, mask, value)


def scatter_add_(self: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """Add src[i] at position index[i] along dim; positions may repeat, and sum up.

    dim    the dimension that index counts along
    index  an int64 tensor, as long in each other dimension as this one, or shorter
    src    a tensor with at least the elements of index
    """
    return self._change(indexing.scatter_add, dim, index, src)


def scatter_(self: Tensor, dim: int, index: Tensor, src: Tensor | float | None = None, *,
             value: float | None = None, reduce: str | None = None) -> Tensor:
    """Put src[i] at position index[i] along dim, as for scatter.

    dim     the dimension that index counts along
    index   an int64 tensor
    src     a tensor with at least the elements of index, or one number
    value   one number, instead of src
    reduce  not implemented; leave it None
    """
    return self._change(scattering.scatter, dim, index, src, value=value, reduce=reduce)


def scatter_reduce_(self: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *,
                    include_self: bool = True) -> Tensor:
    """Reduce src[i] into position index[i] along dim, as scatter_reduce.

    dim           the dimension that index counts along
    index         integers in [0, size)
    src           a tensor with at least the elements of index
    reduce        'sum', 'prod', 'mean', 'amax' or 'amin'
    include_self  whether what is there is among the numbers that are reduced
    """
    return self._change(scattering.scatter_reduce, dim, index, src, reduce,
                        include_self=include_self)


def masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Put the elements of source, one after the other, where mask is True.

    mask    a bool tensor whose shape broadcasts to this one
    source  a tensor with at least as many elements, of this dtype
    """
    return self._change(scattering.masked_scatter, mask, source)


def index_put_(self: Tensor, indices: Sequence[Tensor], values: Tensor,
               accumulate: bool = False) -> Tensor:
    """Put values at self[indices], or add them to what is there.

    indices     a tuple of tensors of integers or bools
    values      of this dtype; they are broadcast to the shape of self[indices]
    accumulate  whether they are added; at equal indices all are
    """
    return self._change(scattering.index_put, indices, values, accumulate)


@typed
def fill_diagonal_(self: Tensor, fill_value: float, wrap: bool = False) -> Tensor:
    """Set the diagonal, where all indices are equal, to a number.

    fill_value  a number
    wrap        whether a matrix with more rows than columns has more diagonals, one row apart

    Raises RuntimeError for less than two dimensions, and for more if their sizes differ.
    """
    shape = self._array.shape
    if len(shape) < 2:
        raise index_errors.no_diagonal(len(shape))
    if len(shape) > 2 and len(set(shape)) > 1:
        raise index_errors.diagonal_of_unequal_sizes(shape)
    value = operand(fill_value, 'fill_diagonal_', 'fill_value')
    rows = np.arange(shape[0])
    columns = rows % (shape[1] + 1) if wrap and len(shape) == 2 else rows
    at = columns < shape[1]
    positions = (rows[at], *[columns[at]] * (len(shape) - 1))
    number = value.item() if isinstance(value, TensorBase) else value
    return self._change(table.setitem, self._array.dtype.type(number), positions)


def index_add_(self: Tensor, dim: int, index: Tensor, source: Tensor, *,
               alpha: float = 1) -> Tensor:
    """Add alpha times the slices of source to those at the indices, which may repeat.

    dim     the dimension that index counts along
    index   a vector of integers
    source  the slices, one for each index
    alpha   a number
    """
    return self._change(scattering.index_add, dim, index, source, alpha=alpha)


def index_copy_(self: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """Put the slices of source in place of those at the indices.

    dim     the dimension that index counts along
    index   a vector of int64
    source  the slices, one for each index
    """
    return self._change(scattering.index_copy, dim, index, source)


def index_fill_(self: Tensor, dim: int, index: Tensor, value: Tensor | float) -> Tensor:
    """Put a number into the slices at the indices.

    dim    the dimension that index counts along
    index  a vector of int64
    value  a number, or a tensor of one without dimensions
    """
    return self._change(scattering.index_fill, dim, index, value)


# Random numbers, from the given generator (torch.Generator) or the one that manual_seed() seeds.

def random_(self: Tensor, low: int | None = None, high: int | None = None, *,
            generator: random.Generator | None = None) -> Tensor:
    """Draw integers uniformly: random_(high) from [0, high), random_(low, high) from [low, high).

    low        the smallest integer
    high       one more than the largest; without both, all up to the largest that this dtype holds
               are drawn, of floating point those that it holds exactly
    generator  the source of random numbers; None is the package's
    """
    if high is None:
        low, high = 0, low
    array = self._array
    return assign(self, integers_between(array.shape, low or 0, high, generator, array.dtype))


def bernoulli_(self: Tensor, p: Tensor | float = 0.5, *,
               generator: random.Generator | None = None) -> Tensor:
    """Draw 1 with probability p, else 0.

    p          the probability, in [0, 1] (RuntimeError), or a tensor with that of each element
    generator  the source of random numbers; None is the package's
    """
    p = operand(p, 'bernoulli_', 'p')
    return assign(self, coins(self._array.shape, p, generator, self._array.dtype))


def normal_(self: Tensor, mean: float = 0, std: float = 1, *,
            generator: random.Generator | None = None) -> Tensor:
    """Draw from the normal distribution.

    mean       its mean
    std        its standard deviation, not negative (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    array = self._array
    return assign(self, normal_around(array.shape, mean, std, generator, array.dtype))


def uniform_(self: Tensor, a: float = 0, b: float = 1, *,
             generator: random.Generator | None = None) -> Tensor:
    """Draw uniformly from [a, b).

    a          the lower bound
    b          the upper bound, not below a (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    array = self._array
    return assign(self, uniform_between(array.shape, a, b, generator, array.dtype))


def log_normal_(self: Tensor, mean: float = 1, std: float = 2, *,
                generator: random.Generator | None = None) -> Tensor:
    """Draw numbers whose logarithms are from the normal distribution.

    mean       the mean of the logarithms
    std        their standard deviation, greater than 0 (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    array = self._array
    return assign(self, log_normal_around(array.shape, mean, std, generator, array.dtype))


def exponential_(self: Tensor, lambd: float = 1, *,
                 generator: random.Generator | None = None) -> Tensor:
    """Draw from the exponential distribution, with density lambd exp(-lambd x) for x >= 0.

    lambd      how often it happens in a unit of time, greater than 0 (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    return assign(self, waiting_times(self._array.shape, lambd, generator, self._array.dtype))


def cauchy_(self: Tensor, median: float = 0, sigma: float = 1, *,
            generator: random.Generator | None = None) -> Tensor:
    """Draw from the Cauchy distribution, which has no mean.

    median     its median
    sigma      half of the distance between its quartiles, greater than 0 (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    array = self._array
    return assign(self, cauchy_around(array.shape, median, sigma, generator, array.dtype))


def geometric_(self: Tensor, p: float, *, generator: random.Generator | None = None) -> Tensor:
    """Draw how many trials it takes to succeed once: 1, 2, ...

    p          the probability of success of each trial, in (0, 1) (RuntimeError)
    generator  the source of random numbers; None is the package's
    """
    return assign(self, trials(self._array.shape, p, generator, self._array.dtype))
