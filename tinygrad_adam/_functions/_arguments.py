"""What public functions share: checks of what they are given, and NumPy's spellings."""
from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Callable, TypeVar

import numpy as np

from ..autograd import TensorBase
from ..autograd._errors import complex_number
from ..autograd.promotion import number
from ..types import contiguous_format, memory_format, preserve_format
from . import _tensor_errors as errors

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


def in_rows(wanted: memory_format, function: str) -> bool:
    """Whether elements are to be in the order of rows in memory; else they keep theirs.

    wanted    what the user passed: contiguous_format, preserve_format, or NotImplementedError for
              channels_last, TypeError for all else
    function  the name of the public function
    """
    if not isinstance(wanted, memory_format):
        raise errors.not_a_memory_format(function, wanted)
    if wanted not in (contiguous_format, preserve_format):
        raise errors.channels_last_not_built(function, wanted)
    return wanted is contiguous_format


def laid_out_as(input: Tensor, out: Tensor) -> Tensor:
    """out, with its elements in memory in the order of those of input, of the same shape.

    input  a tensor
    out    a tensor that is no view
    """
    if not input._array.flags.c_contiguous:
        array = np.empty_like(input._array, out._array.dtype)
        array[...] = out._array
        out._array = array
        out._keep_order((input,))
    return out


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


KINDS: dict[str, type] = {'bool': bool, 'int': int}
NEED_DIM = 'sum', 'mean', 'prod'    # if keepdim is given
NOT_NONE = 'max', 'min', 'prod', 'squeeze', 'squeeze_'      # is dim, if it is given


def typed(function: Function) -> Function:
    """Let a function take bools and integers only where its signature says so, as PyTorch does.

    function  a public function; its `dim` is for itself to check

    Where it has `dim` and `keepdim` it also takes NumPy's `axis` and `keepdims`.
    """
    name, annotations = function.__name__, function.__annotations__     # of all, in their order
    names = [argument for argument in annotations if argument != 'return']
    kinds = [(i, argument, KINDS[annotations[argument]]) for i, argument in enumerate(names)
             if annotations[argument] in KINDS and not argument.startswith('dim')]
    dim_counts = name in NOT_NONE + NEED_DIM

    @wraps(function)
    def of_its_types(*args: Any, **keywords: Any) -> Any:
        if keywords:
            if 'axis' in keywords:
                keywords['dim'] = keywords.pop('axis')
            if 'keepdims' in keywords:
                keywords['keepdim'] = keywords.pop('keepdims')
            if isinstance(keywords.get('dim'), TensorBase):
                keywords['dim'] = keywords['dim'].__index__()
        for i, argument, kind in kinds:
            x = args[i] if i < len(args) else keywords.get(argument, kind())
            if type(x) is not kind:
                check(x, kind, name, argument)
        if dim_counts and (len(args) > 1 or keywords):
            check_dim(name, {**dict(zip(names, args)), **keywords})
        return function(*args, **keywords)
    return of_its_types    # type: ignore[return-value]


def check_dim(function: str, given: dict[str, Any]) -> None:
    """Raise TypeError if dim is None, or is missing, where PyTorch's signatures do not have that.

    function  the name of the public function
    given     {argument: what the user passed}
    """
    if function in NOT_NONE and given.get('dim', 0) is None:
        raise errors.of_wrong_type(function, 'dim', int, None)
    if function in NEED_DIM and 'keepdim' in given and 'dim' not in given:
        raise errors.keepdim_without_dim(function)


def check(x: Any, kind: type, function: str, argument: str) -> None:
    """Raise TypeError unless x is of this kind; NumPy's integers and tensors of one are integers.

    x         what the user passed
    kind      bool or int
    function  the name of the public function
    argument  the name of its argument
    """
    integral = kind is int and not isinstance(x, (bool, float)) and hasattr(x, '__index__')
    if type(x) is not kind and not integral:
        raise errors.of_wrong_type(function, argument, kind, x)
