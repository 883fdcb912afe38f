"""Products of matrices, and `reshape`, which makes matrices: what linear layers are made of.

A matrix stands in the last two dimensions; those before it are a batch.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from ..autograd.sums import product_over_rows


def _reshape(input, shape):
    if input.ndim > 2 and input.strides[0] == input.itemsize and shape[:1] == input.shape[:1]:
        # Convolutions return the batch as innermost in memory: to keep that is 7 times faster.
        out = input.transpose(*range(1, input.ndim), 0).reshape(*shape[1:], len(input))
        return out.transpose(out.ndim - 1, *range(out.ndim - 1))
    return input.reshape(shape)


def _linear(input, weight, bias=None):
    out = input @ weight.T
    return out if bias is None else np.add(out, bias, out)


def rows(x: Any) -> Any:
    """(..., n) as a matrix (rows, n)."""
    return x if x.ndim == 2 else reshape(x, (-1, x.shape[-1]))


reshape: Row = primitive(_reshape, input=lambda g, input_shape: reshape(g, input_shape), view=True,
                         name='view')
matmul: Row = primitive(np.matmul, 'input other', name='mm',
                        input=lambda g, other: g @ other.swapaxes(-1, -2),
                        other=lambda g, input: (input.swapaxes(-1, -2) @ g if len(input) <= 512
                                                else product_over_rows(input, g)))
linear: Row = primitive(_linear,                             # input (..., in), weight (out, in)
                        input=lambda g, weight: g @ weight,
                        weight=lambda g, input: (rows(g).T @ rows(input) if len(g) <= 512
                                                 else product_over_rows(rows(g), rows(input))),
                        bias=lambda g: g)
