"""Methods that change a tensor in place: `x.add_(y)` writes x + y into the memory of x.

Each returns the tensor itself, and is differentiated like the function without the underscore.
Raises RuntimeError for a leaf that requires grad, outside no_grad(); if the result has another
shape than the tensor; and if it cannot be converted to the tensor's dtype.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import random
from ..autograd import TensorBase
from ..autograd.graph import storage_of
from ..autograd.nonfinite import quiet
from ..ops import indexing as table
from . import _index_errors as index_errors
from . import _pointwise_errors as errors
from . import indexing, pointwise
from ._indices import two_steps

if TYPE_CHECKING:
    from .._tensor import Tensor


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


# Functions of one number.

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


def round_(self: Tensor) -> Tensor:
    """Round to the nearest integer, halves to the even one."""
    return self._change(pointwise.round)


def clamp_(self: Tensor, min: Tensor | float | None = None,
           max: Tensor | float | None = None) -> Tensor:
    """Raise what is below min, and lower what is above max.

    min  a tensor or a number; None is no lower bound
    max  a tensor or a number; None is no upper bound
    """
    return self._change(pointwise.clamp, min, max)


# Values from elsewhere.

def put(self: Tensor, index: Any, value: Tensor | float) -> None:
    """self[index] = value, as Tensor.__setitem__.

    index  as in self[index]
    value  a tensor or a number; it is broadcast, and may have more leading dimensions of size 1
    """
    if not isinstance(value, (TensorBase, int, float, complex, np.integer)):
        raise index_errors.cannot_assign(value, self)
    if index is False:
        return
    view, arrays = two_steps(None if index is True else index, self._array.shape)
    if arrays is not None and isinstance(value, TensorBase):
        only_mask = len(arrays) == 1 and arrays[0].dtype == bool and value._array.size == 1
        if value._array.dtype != self._array.dtype and not only_mask:
            raise index_errors.dtype_of_value_differs(value, self)
        value = pointwise.clone(value) if only_mask else value
    shared = isinstance(value, TensorBase) and value._storage is storage_of(self)
    if view is not None and (arrays is not None or shared or self._overlaps()):
        table.getitem(self, view)._change(table.setitem, value, arrays or (Ellipsis,))
    else:
        self._change(table.setitem, value, arrays or view)


def copy_(self: Tensor, src: Tensor | float) -> Tensor:
    """Take the values of src.

    src  a tensor or a number; it is broadcast, and converted to this dtype
    """
    src = pointwise.operand(src, 'copy_', 'src')
    if getattr(src, 'ndim', 0) > self._array.ndim:
        raise errors.source_has_more_dimensions(self, src)
    return assign(self, src)


def assign(self: Tensor, values: Any) -> Tensor:
    """As copy_, also from an array.

    values  a tensor, an array or a number
    """
    return self._change(table.setitem, values, (Ellipsis,))


def fill_(self: Tensor, value: Tensor | float) -> Tensor:
    """Set every element to value.

    value  a number, or a tensor without dimensions (RuntimeError)
    """
    if getattr(pointwise.operand(value, 'fill_', 'value'), 'ndim', 0):
        raise errors.fill_with_many(value)
    value = pointwise.clone(value) if isinstance(value, TensorBase) else value    # may lie in self
    if self._overlaps():     # each number in memory once
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
    value  a number, or a tensor of one
    """
    value = pointwise.clone(value) if isinstance(value, TensorBase) else value    # may lie in self
    return self._change(indexing.masked_fill, mask, value)


def scatter_add_(self: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """Add src[i] at position index[i] along dim; positions may repeat, and sum up.

    dim    the dimension that index counts along
    index  an int64 tensor, as long in each other dimension as this one, or shorter
    src    a tensor with at least the elements of index
    """
    return self._change(indexing.scatter_add, dim, index, src)


# Random numbers, from the given generator (torch.Generator) or the one that manual_seed() seeds.

def random_(self: Tensor, low: int = 0, high: int | None = None, *,
            generator: random.Generator | None = None) -> Tensor:
    """Draw integers uniformly from [low, high), or from [0, low) if high is not given.

    low        the smallest integer
    high       one more than the largest
    generator  the source of random numbers; None is the package's
    """
    low, high = (0, low) if high is None else (low, high)
    return assign(self, random.source(generator).integers(low, high, self._array.shape))


def bernoulli_(self: Tensor, p: Tensor | float = 0.5, *,
               generator: random.Generator | None = None) -> Tensor:
    """Draw 1 with probability p, else 0.

    p          the probability, or a tensor with that of each element
    generator  the source of random numbers; None is the package's
    """
    return assign(self, random.uniform(self._array.shape, generator) < p)


def normal_(self: Tensor, mean: float = 0, std: float = 1, *,
            generator: random.Generator | None = None) -> Tensor:
    """Draw from the normal distribution.

    mean       its mean
    std        its standard deviation
    generator  the source of random numbers; None is the package's
    """
    quiet()
    draw = random.normal(self._array.shape, generator, self._array.dtype)
    return assign(self, draw * std + mean)


def uniform_(self: Tensor, a: float = 0, b: float = 1, *,
             generator: random.Generator | None = None) -> Tensor:
    """Draw uniformly from [a, b).

    a          the lower bound
    b          the upper bound
    generator  the source of random numbers; None is the package's
    """
    quiet()
    draw = random.uniform(self._array.shape, generator, self._array.dtype)
    return assign(self, draw * (b - a) + a)
