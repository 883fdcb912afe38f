"""Values put together where their indices send them: products and extremes of all at one position.

Sums are `put` of indexing.py. Positions are those of an index of arrays; the rules read, for each
value of src, what became of its position.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import TensorBase, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _errors as errors
from .indexing import getitem, put, setitem
from .pointwise import only_where, where


@opaque
def _multiplied(input, src, positions):
    out = input.copy()
    np.multiply.at(out, positions, src)
    return out


def extreme(at: Any, input: Any, src: Any, positions: Any, include_self: Any) -> Any:
    """The extremes, by NumPy's maximum.at or minimum.at."""
    out = input.copy()
    if not include_self:
        out[positions] = src        # one of those that are sent there
    at(out, positions, src)
    return out


@opaque
def _largest(input, src, positions, include_self):
    return extreme(np.maximum.at, input, src, positions, include_self)


@opaque
def _smallest(input, src, positions, include_self):
    return extreme(np.minimum.at, input, src, positions, include_self)


def ones_where(mask: Any, like: Any) -> Any:
    """1 where the mask is True, else 0, of the dtype of another array or tensor."""
    return only_where(setitem(like, 1.0, (Ellipsis,)), mask)


def product_of_others(g: Any, out: Any, input: Any, src: Any, positions: Any) -> Any:
    """g times, for each value of src, the product of all others at its position.

    A value that is the only 0 there counts as 1; where there are more zeros all products are 0.
    """
    zero = src == 0
    zeros = getitem(put(ones_where(zero, src), positions, input.shape), positions)
    if isinstance(g, TensorBase) and bool((zeros > 1).any()):
        raise errors.several_zeros()
    alone = zero & (zeros == 1)
    rest = scatter_prod(input, where(alone, 1.0, src), positions)
    return where(alone, getitem(g * rest, positions),
                 getitem(g * out, positions) / where(zero, 1.0, src))


def shares(g: Any, out: Any, input: Any, src: Any, positions: Any) -> Any:
    """g, divided evenly among what equals the extreme out: the parts of input and of src."""
    own, among = input == out, src == getitem(out, positions)
    part = g / (ones_where(own, input) + put(ones_where(among, src), positions, input.shape))
    return part * own, getitem(part, positions) * among


def share_of_input(g: Any, out: Any, input: Any, src: Any, positions: Any,
                   include_self: Any) -> Any:
    """What is left of g for input: nothing where it was replaced."""
    own, _ = shares(g, out, input, src, positions)
    return own if include_self else setitem(own, 0.0, positions)


def extremes_of(function: Any) -> Any:
    """The operation that a function of arrays computes."""
    return primitive(function, name='scatter_reduce', input=share_of_input,
                     src=lambda g, out, input, src, positions:
                     shares(g, out, input, src, positions)[1])


def product_of_src(g: Any, input: Any, src: Any, positions: Any) -> Any:
    """g times the product of what is sent to each position."""
    own = where(input == 0, 1.0, input)
    return g * scatter_prod(own, src, positions) / own


# input with src multiplied to it at these positions; the largest and the smallest there.
scatter_prod: Row = primitive(_multiplied, name='scatter_reduce', input=product_of_src,
                              src=product_of_others)
scatter_amax: Row = extremes_of(_largest)
scatter_amin: Row = extremes_of(_smallest)
