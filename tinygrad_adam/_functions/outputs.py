"""out=: functions of the package that write their result into a tensor of the user's.

Nothing is gained by it here: the result is computed apart, and copied. It is for programs that were
written with it. Only functions have it, methods have not, as in PyTorch.
"""
from __future__ import annotations

from functools import wraps
from inspect import Parameter, signature
from typing import Any, Callable

import numpy as np

from ..autograd import TensorBase
from ..autograd._errors import written_and_read
from ..autograd.graph import modes, storage_of
from ..autograd.primitive import PACKAGE
from ..ops.indexing import partly_overlap
from . import _tensor_errors as errors
from .inplace import copy_

CAST = 'one that the dtype of the result can be cast to'
COMPUTED = 'that in which it is computed'
SAME = 'that of the result'
ARGUMENT = '''
    out  a tensor, or a tuple of one for each result, to write into and to return: empty, or of the
         shape of the result; its dtype is {}
    '''
JOINING = 'cat concat concatenate stack hstack vstack row_stack dstack column_stack'.split()
APART = {*JOINING, *('gather index_add index_copy index_select masked_select scatter scatter_add '
                     'scatter_reduce take take_along_dim').split()}     # out is no argument of them
# Of which PyTorch's take no out without a dim.
ALL_AT_ONCE = {'sum', 'prod', 'median', 'nanmedian'}

# {which dtypes out may have: functions}.
FUNCTIONS: dict[str, list[str]] = {
    CAST: [*JOINING, *(
        'acos acosh add addcdiv addcmul asin asinh atan atan2 atanh bernoulli bitwise_and '
        'bitwise_or bitwise_xor cholesky_inverse cholesky_solve clamp_max clamp_min copysign cos '
        'cosh deg2rad diff digamma div divide eq erf erfc erfinv exp exp2 expm1 floor_divide fmax '
        'fmin fmod gcd ge ger greater greater_equal gt hypot kron lcm ldexp le lerp less '
        'less_equal lgamma log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not '
        'logical_or logical_xor logit lt max maximum min minimum mul multiply ne not_equal outer '
        'polygamma pow rad2deg reciprocal remainder rsqrt sigmoid sin sinc sinh sqrt square sub '
        'subtract tan tanh true_divide xlogy arccos arccosh arcsin arcsinh arctan '
        'arctan2 arctanh').split()],
    COMPUTED: (
        'arange cumprod cumsum empty eye full linspace logspace mean nanmean ones prod rand '
        'randint randn randperm sum zeros').split(),
    SAME: (
        'abs absolute addmm addmv all amax amin aminmax any argmax argmin baddbmm bitwise_not bmm '
        'bucketize ceil clamp clip cummax cummin diag dot fix float_power floor frac gather '
        'heaviside histc index_add index_copy index_select inner inverse isin isneginf isposinf '
        'kthvalue log_softmax logcumsumexp logsumexp masked_select matmul matrix_power median mm '
        'mode msort multinomial mv nan_to_num nanmedian nansum neg negative nonzero norm normal '
        'quantile round scatter scatter_add scatter_reduce searchsorted sgn sign signbit slogdet '
        'softmax sort std take take_along_dim tensordot topk tril triu trunc var vdot '
        'where').split()}


def take_outputs(module: dict[str, Any]) -> None:
    """Let the functions of a module that are in FUNCTIONS take out=.

    module  {name: value} of the module
    """
    known: dict[Any, Any] = {}
    for dtypes, names in FUNCTIONS.items():
        for name in names:
            function = module[name]
            if function not in known:
                known[function] = with_out(function, name, dtypes)
            module[name] = known[function]


def with_out(function: Callable[..., Any], name: str, dtypes: str) -> Callable[..., Any]:
    """The function with one more argument, out.

    function  what computes the result
    name      its public name
    dtypes    a key of FUNCTIONS
    """
    @wraps(function)
    def call(*args: Any, out: Any = None, **options: Any) -> Any:
        if out is None:
            return function(*args, **options) if options else function(*args)    # faster
        if name in ALL_AT_ONCE and own.bind(*args, **options).arguments.get('dim') is None:
            raise errors.no_out_without_dim(name)
        if dtypes == COMPUTED and isinstance(out, TensorBase):
            options = {'dtype': out.dtype, **options}
        result = function(*args, **options)
        read = [x for arg in args for x in (arg if isinstance(arg, (tuple, list)) else [arg])
                if isinstance(x, TensorBase)]
        for one in out if isinstance(out, (tuple, list)) else [out]:
            check_memory(name, one, read)
        return written(name, dtypes, out, result)

    own = signature(function)
    last = Parameter('out', Parameter.KEYWORD_ONLY, default=None, annotation='Tensor | None')
    setattr(call, '__signature__', own.replace(parameters=[*own.parameters.values(), last]))
    call.__module__, call.__name__, call.__qualname__ = PACKAGE, name, name
    call.__doc__ = f'{(function.__doc__ or "").rstrip()}\n{ARGUMENT.format(dtypes)}'
    return call


def written(name: str, dtypes: str, out: Any, result: Any) -> Any:
    """out, with the values of the result.

    name    the public name of the function
    dtypes  a key of FUNCTIONS
    out     what the user passed
    result  a tensor or a tuple of them
    """
    if isinstance(result, tuple):
        if not isinstance(out, (tuple, list)):
            raise errors.out_is_no_tensor(name, out, len(result))
        if len(out) != len(result):
            raise errors.wrong_number_of_outs(name, len(out), len(result))
        pairs = [*zip(out, result)]
        for one, values in pairs:
            check(name, SAME, one, values)
        return type(result)(*[filled(one, values) for one, values in pairs])
    check(name, dtypes, out, result)
    return filled(out, result)


def check(name: str, dtypes: str, out: Any, result: Any) -> None:
    """Raises TypeError, RuntimeError, NotImplementedError if out cannot hold the result.

    name    the public name of the function
    dtypes  a key of FUNCTIONS
    out     what the user passed
    result  a tensor
    """
    if not isinstance(out, TensorBase):
        raise errors.out_is_no_tensor(name, out, 1)
    if result.requires_grad or out.requires_grad and modes.recording:
        raise errors.out_in_graph(name)
    kind, wanted = result._array.dtype.kind, out._array.dtype.kind
    if dtypes != CAST:
        if out.dtype != result.dtype:
            raise errors.out_has_another_dtype(name, result.dtype, out)
    elif kind == 'f' != wanted or kind != 'b' == wanted:
        raise errors.not_cast_to_out(name, TypeError if name in JOINING else RuntimeError,
                                 result.dtype, out)
    if out.shape != result.shape and (out.numel() or out._base is not None):
        raise errors.out_has_another_shape(name, tuple(result.shape), out)


def check_memory(name: str, out: Any, read: list[Any]) -> None:
    """Raises RuntimeError if out shares memory with an argument, but not element by element, or at
    all for functions that read elements of other places.

    name  the public name of the function
    out   what the user passed
    read  the tensors among the arguments
    """
    for x in read if isinstance(out, TensorBase) else []:
        if storage_of(x) is storage_of(out) and (
                x is out or np.shares_memory(x._array, out._array) if name in APART else
                partly_overlap(x._array, out._array)):
            raise written_and_read(out)


def filled(out: Any, result: Any) -> Any:
    """out, with the values of the result, for which an empty tensor is made large enough.

    out     a tensor
    result  a tensor
    """
    if out.shape != result.shape:
        out._change_shape(resized, result)
    return copy_(out, result)


def resized(out: Any, result: Any) -> Any:
    """A tensor of out's dtype and of the shape of the result.

    out     a tensor
    result  a tensor
    """
    return result.clone().to(out.dtype)
