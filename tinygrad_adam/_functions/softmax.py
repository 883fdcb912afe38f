"""Softmax and its logarithm, of any dimension. What is computed is in ops/softmax.py."""
from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from ..ops import softmax as table
from ..ops.shapes import axis_of
from . import _reduction_errors as errors
from ._arguments import tensor, typed
from .shapes import reshape

if TYPE_CHECKING:
    from .._tensor import Tensor
    from ..types import dtype


@typed
def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
            dtype: dtype | None = None) -> Tensor:
    """exp(input) / sum(exp(input)) along dim: positive values with sum 1.

    input        a floating-point tensor of any shape
    dim          the dimension whose elements sum to 1; it has to be given (TypeError)
    _stacklevel  has no effect; PyTorch has it here
    dtype        what to convert input to first

    Returns a tensor of input's shape.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
    """
    return along_dim(table.softmax, 'softmax', input, dim, dtype)


@typed
def log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
                dtype: dtype | None = None) -> Tensor:
    """log(softmax(input)) along dim, exact where softmax itself would be 0.

    input        a floating-point tensor of any shape
    dim          the dimension whose elements are compared; it has to be given (TypeError)
    _stacklevel  has no effect; PyTorch has it here
    dtype        what to convert input to first

    Returns a tensor of input's shape.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
    """
    return along_dim(table.log_softmax, 'log_softmax', input, dim, dtype)


def along_dim(row: Callable[..., Tensor], function: str, input: Tensor, dim: int | None,
              dtype: dtype | None) -> Tensor:
    """What softmax and log_softmax share.

    row       table.softmax or table.log_softmax
    function  the name of the public function, whose arguments are input, dim, dtype
    """
    tensor(input, function)
    if dim is None:
        raise errors.no_dim(function)
    x = input if dtype is None else input.to(dtype=dtype)
    dim = axis_of(dim, x.ndim)
    if x._array.dtype.kind != 'f':
        raise errors.softmax_of_integers(function, x)
    return row(x, dim) if x.ndim else reshape(row(reshape(x, (1,)), 0), ())
