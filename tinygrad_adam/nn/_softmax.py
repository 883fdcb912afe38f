"""softmax, log_softmax and softmin, which choose a dimension if none is given, and warn; and
gumbel_softmax, which draws categories.

>>> from tinygrad_adam import nn, tensor
>>> nn.functional.softmin(tensor([0.0, 0.0]), dim=0)
tensor([0.5000, 0.5000])
"""
from __future__ import annotations

import warnings

from .._functions import softmax as functions
from .._functions.creation import rand, zeros_like
from .._tensor import Tensor
from ..types import dtype
from . import _activation_errors as errors
from ._activations import _checked


def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
            dtype: dtype | None = None) -> Tensor:
    """exp(input) / sum(exp(input)) along dim: positive values with sum 1.

    input        a floating-point tensor of any shape
    dim          the dimension whose elements sum to 1; None, which is deprecated, is 0 for tensors
                 of 0, 1 or 3 dimensions, and 1 for others
    _stacklevel  how many calls above the warning of a missing dim stands
    dtype        what to convert input to first

    Returns a tensor of input's shape.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
    """
    if dim is None:
        dim = _implicit_dim('softmax', input, _stacklevel)
    return functions.softmax(input, dim, dtype=dtype)


def log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
                dtype: dtype | None = None) -> Tensor:
    """log(softmax(input)) along dim, exact where softmax itself would be 0.

    input        a floating-point tensor of any shape
    dim          the dimension whose elements are compared; None as in softmax
    _stacklevel  as in softmax
    dtype        what to convert input to first

    Returns a tensor of input's shape.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
    """
    if dim is None:
        dim = _implicit_dim('log_softmax', input, _stacklevel)
    return functions.log_softmax(input, dim, dtype=dtype)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3,
            dtype: dtype | None = None) -> Tensor:
    """softmax(-input): positive values with sum 1, the largest for the smallest element.

    input        a floating-point tensor of any shape
    dim          the dimension whose elements sum to 1; None as in softmax
    _stacklevel  as in softmax
    dtype        what to convert input to first

    Returns a tensor of input's shape.
    """
    _checked(input, 'softmin')
    if dim is None:
        dim = _implicit_dim('softmin', input, _stacklevel)
    return functions.softmax(-input, dim, dtype=dtype)


def _implicit_dim(name: str, input: Tensor, stacklevel: int) -> int:
    """The dimension that early versions of PyTorch chose."""
    _checked(input, name)
    warnings.warn(errors.implicit_dim(name), stacklevel=stacklevel)
    return 0 if input.ndim in (0, 1, 3) else 1


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10,
                   dim: int = -1) -> Tensor:
    """Categories drawn at random, as functions of their scores, which get a gradient: softmax of
    the scores and Gumbel noise, divided by a temperature.

    logits  a floating-point tensor of any shape: scores, what softmax makes probabilities of
    tau     the temperature, greater than 0; the lower, the nearer to one-hot
    hard    return one-hot vectors, with the gradient of the soft ones: straight-through
    eps     without effect, and deprecated; another value than the default warns
    dim     the dimension of the categories

    Returns a tensor of logits' shape. Jang et al. 2017; Maddison et al. 2017.
    https://pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html
    """
    _checked(logits, 'gumbel_softmax')
    if eps != 1e-10:
        warnings.warn(errors.eps_without_effect(), stacklevel=2)
    uniform = rand(logits.shape, dtype=logits.dtype).clamp(min=1e-30)       # 0 has no logarithm
    soft = functions.softmax((logits - (-uniform.log()).log()) / tau, dim)
    if not hard:
        return soft
    one_hot = zeros_like(soft).scatter(dim, soft.argmax(dim, keepdim=True), 1.0)
    return one_hot - soft.detach() + soft
