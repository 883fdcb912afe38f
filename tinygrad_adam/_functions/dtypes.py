"""What a program asks about dtypes before it computes.

The page of a function in PyTorch's manual is
https://pytorch.org/docs/stable/generated/torch.NAME.html.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..autograd import TensorBase
from ..autograd.promotion import RANKS, common_type
from ..types import DTYPES, numpy_dtype
from ..types import dtype as DType
from ._arguments import operand, tensor

if TYPE_CHECKING:
    from .._tensor import Tensor


def result_type(tensor: Tensor | float, other: Tensor | float) -> DType:
    """The dtype in which an operation on two tensors or numbers is computed.

    tensor  a tensor or a number
    other   a tensor or a number
    """
    given = (operand(tensor, 'result_type', 'tensor'), operand(other, 'result_type'))
    return DTYPES[common_type([x._array if isinstance(x, TensorBase) else x for x in given])]


def promote_types(type1: DType, type2: DType) -> DType:
    """The smallest dtype that holds what both hold; floating point is not made larger by integers.

    type1  a dtype
    type2  a dtype
    """
    return DTYPES[common_type([np.empty(1, numpy_dtype(x)) for x in (type1, type2)])]


def can_cast(from_: DType, to: DType) -> bool:
    """Whether a result of one dtype may be written into a tensor of another: fractions are not
    written into integers, nor numbers into bools.

    from_  the dtype of the result
    to     that of the tensor
    """
    kinds = [RANKS[numpy_dtype(x).kind] for x in (from_, to)]
    return kinds[0] <= kinds[1]


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is float32 or float64.

    input  a tensor
    """
    return tensor(input, 'is_floating_point').is_floating_point()


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is complex: False, since there are none here.

    input  a tensor
    """
    return tensor(input, 'is_complex').is_complex()


def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers: all but uint8 and bool.

    input  a tensor
    """
    return tensor(input, 'is_signed').is_signed()


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not 0.

    input  a tensor of one element (RuntimeError)
    """
    return bool(tensor(input, 'is_nonzero'))
