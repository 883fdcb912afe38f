"""Functions of torch.special, most of which are also directly in torch.

https://pytorch.org/docs/stable/special.html
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ._functions import softmax as softmaxes
from ._functions.pointwise import expm1, log1p, round
from ._functions.pointwise import sigmoid as expit
from ._functions.reductions import logsumexp
from ._functions.special import digamma, erf, erfc, erfinv, exp2, logit, polygamma
from ._functions.special import digamma as psi
from ._functions.special import lgamma as gammaln
from ._missing import refusal

if TYPE_CHECKING:
    from ._tensor import Tensor
    from .types import dtype

__all__ = [
    'digamma', 'erf', 'erfc', 'erfinv', 'exp2', 'expit', 'expm1', 'gammaln', 'log1p', 'log_softmax',
    'logit', 'logsumexp', 'polygamma', 'psi', 'round', 'softmax']


def softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """exp(input) / sum(exp(input)) along dim: positive values with sum 1.

    input  a floating-point tensor of any shape
    dim    the dimension whose elements sum to 1
    dtype  what to convert input to first

    Returns a tensor of input's shape.
    """
    return softmaxes.softmax(input, dim, dtype=dtype)


def log_softmax(input: Tensor, dim: int, dtype: dtype | None = None) -> Tensor:
    """log(softmax(input)) along dim, exact where softmax itself would be 0.

    input  a floating-point tensor of any shape
    dim    the dimension whose elements are compared
    dtype  what to convert input to first

    Returns a tensor of input's shape.
    """
    return softmaxes.log_softmax(input, dim, dtype=dtype)


__getattr__: Callable[[str], Any] = refusal(__name__)
