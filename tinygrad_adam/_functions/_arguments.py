"""What public functions share: a check that they were given tensors, and NumPy's spellings."""
from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Callable, TypeVar

import numpy as np

from ..autograd import TensorBase
from ..autograd._errors import complex_number
from ..autograd.promotion import number

if TYPE_CHECKING:
    from .._tensor import Tensor

Function = TypeVar('Function', bound=Callable[..., Any])


def tensor(x: Any, function: str, argument: str = 'input') -> Tensor:
    """x, if it is a tensor. Raises TypeError.

    x         what the user passed
    function  the name of the public function
    argument  the name of its argument
    """
    if not isinstance(x, TensorBase):
        raise not_a_tensor(x, function, argument)
    return x    # type: ignore[return-value]


def operand(x: Any, function: str, argument: str = 'other') -> Any:
    """x, if it is a tensor or a number. TypeError if not, NotImplementedError for complex numbers.

    x         what the user passed
    function  the name of the public function
    argument  the name of its argument
    """
    if isinstance(x, (TensorBase, int, float)):
        return number(x)
    if isinstance(x, complex):
        raise complex_number(function, x)
    if not isinstance(x, np.generic):
        raise not_a_tensor(x, function, argument)
    return number(x)


def not_a_tensor(x: Any, function: str, argument: str) -> TypeError:
    """The error for an argument x that is no tensor."""
    return TypeError(
        f"{function}(): argument '{argument}' must be Tensor, not {type(x).__name__}: how to "
        'convert it, and to which dtype, is for you to decide. Use torch.tensor().')


def numpy_names(function: Function) -> Function:
    """Let a function with `dim` and `keepdim` take NumPy's `axis` and `keepdims`, as PyTorch does.

    function  a public function of tensors
    """
    @wraps(function)
    def renamed(*args: Any, **keywords: Any) -> Any:
        if 'axis' in keywords:
            keywords['dim'] = keywords.pop('axis')
        if 'keepdims' in keywords:
            keywords['keepdim'] = keywords.pop('keepdims')
        return function(*args, **keywords)
    return renamed    # type: ignore[return-value]
