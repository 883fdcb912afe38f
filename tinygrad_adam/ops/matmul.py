"""Products of matrices, and `reshape`, which makes matrices: what linear layers are made of.

A matrix occupies the last two dimensions; those before are a batch.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import primitive
from ..autograd.primitive import Row
from ..autograd.sums import product_over_rows


def _linear(input, weight, bias=None):
    out = input @ weight.T
    return out if bias is None else np.add(out, bias, out)


def rows(x: Any) -> Any:
    """(..., n) as a matrix (rows, n)."""
    return x if x.ndim == 2 else reshape(x, (-1, x.shape[-1]))


reshape: Row = primitive(lambda input, shape: input.reshape(shape), name='view', view=True,
                         input=lambda g, input_shape: reshape(g, input_shape))
matmul: Row = primitive(np.matmul, 'input other', name='mm',
                        input=lambda g, other: g @ other.swapaxes(-1, -2),
                        other=lambda g, input: (input.swapaxes(-1, -2) @ g if len(input) <= 512
                                                else product_over_rows(input, g)))    # in blocks
linear: Row = primitive(_linear,                             # input (..., in), weight (out, in)
                        input=lambda g, weight: g @ weight,
                        weight=lambda g, input: (rows(g).T @ rows(input) if len(g) <= 512
                                                 else product_over_rows(rows(g), rows(input))),
                        bias=lambda g: g)
