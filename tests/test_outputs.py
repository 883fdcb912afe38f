"""out=: functions that write their result into a tensor of the user's."""
import inspect
import pickle

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam._functions.outputs import CAST, FUNCTIONS

NAMES = [name for names in FUNCTIONS.values() for name in names]
DTYPES = 'float32 float64 int64 int32 uint8 bool'.split()
VALUES = dict(x=np.linspace(0.1, 0.75, 6, dtype=np.float32).reshape(2, 3),
              y=np.linspace(0.3, 0.9, 6, dtype=np.float32).reshape(2, 3),
              v=np.array([0.2, 0.3, 0.5], np.float32),
              square=np.array([[2, 1], [1, 3]], np.float32),
              i=np.arange(6).reshape(2, 3), k=np.arange(1, 7).reshape(2, 3), n=np.arange(3))
OF_TWO = (
    'add atan2 arctan2 div divide eq float_power floor_divide fmod ge greater greater_equal gt '
    'heaviside hypot le less less_equal logaddexp logical_and logical_or logical_xor lt max '
    'maximum min minimum mul multiply ne not_equal pow remainder sub subtract true_divide '
    'clamp_max clamp_min copysign fmax fmin ldexp logaddexp2 xlogy').split()
ARGUMENTS = {     # of the others: x
    **dict.fromkeys(OF_TWO, 'x, y'), 'acosh': 'x + 1', 'arccosh': 'x + 1',
    **dict.fromkeys(['lcm', 'gcd', 'isin'], 'i, k'),
    **{f'bitwise_{name}': 'i, k' for name in ('and', 'or', 'xor')}, 'bitwise_not': 'i',
    **dict.fromkeys('argmax argmin cummax cummin cumprod cumsum diff kthvalue log_softmax '
                    'logcumsumexp logsumexp median mode nanmean nanmedian nansum prod quantile '
                    'softmax sort sum topk'.split(), 'x, 1'),
    **dict.fromkeys('cat concat concatenate stack hstack vstack row_stack dstack '
                    'column_stack'.split(), '[x, y]'),
    'quantile': 'x, 0.5', 'topk': 'x, 2', 'addcdiv': 'x, y, y', 'addcmul': 'x, y, y',
    'addmm': 'square, x, y.t()', 'addmv': 'v[:2], x, v', 'bmm': 'x[None], y.t()[None]',
    'baddbmm': 'square[None], x[None], y.t()[None]', 'bucketize': 'x, v', 'searchsorted': 'v, x',
    **dict.fromkeys(['mm', 'matmul', 'tensordot'], 'x, y.t()'), 'tensordot': 'x, y.t(), 1',
    **dict.fromkeys(['dot', 'vdot', 'inner', 'kron', 'outer', 'ger'], 'v, v'), 'mv': 'x, v',
    **dict.fromkeys(['inverse', 'slogdet', 'cholesky_inverse'], 'square'),
    'cholesky_solve': 'square, square', 'matrix_power': 'square, 2',
    'clamp': 'x, 0.2, 0.5', 'clip': 'x, 0.2', 'lerp': 'x, y, 0.5', 'polygamma': '1, x',
    'gather': 'x, 1, i % 3', 'take_along_dim': 'x, i % 3, 1', 'take': 'x, i', 'histc': 'x, 4',
    'index_select': 'x, 1, n', 'index_add': 'x, 1, n, y', 'scatter': 'x, 1, i % 3, y',
    'scatter_add': 'x, 1, i % 3, y', 'scatter_reduce': "x, 1, i % 3, y, 'amax'",
    'index_copy': 'x, 1, n, y', 'masked_select': 'x, x > 0.3', 'where': 'x > 0.3, x, y',
    'arange': '3', 'empty': '2', 'eye': '2', 'full': '(2,), 2', 'linspace': '0, 3, 4',
    'logspace': '0, 2, 3', 'ones': '2', 'zeros': '2, 3', 'rand': '4', 'randn': '4',
    'randint': '0, 9, (4,)', 'randperm': '4', 'normal': 'x, y', 'multinomial': 'v, 2'}
# Dtypes that PyTorch's take, besides: those of these are not computed in out's, or not cast.
WIDER = {'all': 'uint8', 'any': 'uint8', 'nansum': 'float64', 'logsumexp': 'float64',
         'std': 'float64', 'var': 'float64', 'normal': 'float64',
         'bernoulli': 'int64 int32 uint8 bool'}
NARROWER = {'cumsum': 'bool', 'cumprod': 'bool'}


def called(library, name, out=None):
    """What the row's call returns, with out."""
    scope = {key: library.tensor(value) for key, value in VALUES.items()}
    library.manual_seed(0)
    args = eval(f'({ARGUMENTS.get(name, "x")},)', scope)
    return getattr(library, name)(*args, **({} if out is None else {'out': out}))


def parts(result):
    return list(result) if isinstance(result, tuple) else [result]


def outcome(library, name, dtype):
    """The values that are written to an empty tensor of this dtype, or the kind of error."""
    results = parts(called(library, name))
    outs = [library.empty(0, dtype=getattr(library, dtype) if result.dtype == results[0].dtype
                          else result.dtype) for result in results]
    try:
        called(library, name, outs[0] if len(outs) == 1 else tuple(outs))
    except (RuntimeError, TypeError) as error:
        return TypeError if isinstance(error, TypeError) else RuntimeError
    return [out.tolist() for out in outs]


@pytest.mark.parametrize('name', NAMES)
def test_the_result_is_written_into_out(name):
    results = parts(called(torch, name))
    for outs in ([torch.empty(0, dtype=x.dtype) for x in results],
                 [torch.zeros(x.shape, dtype=x.dtype) for x in results]):
        written = parts(called(torch, name, outs[0] if len(outs) == 1 else tuple(outs)))
        assert all(a is b for a, b in zip(outs, written))
        assert [x.shape for x in outs] == [x.shape for x in results]
        if name != 'empty':
            assert [x.tolist() for x in outs] == [x.tolist() for x in results]


@pytest.mark.parametrize('name', [name for name in NAMES if name not in ('empty', 'rand', 'randn')])
def test_out_has_a_dtype_that_pytorch_takes(name):
    pytorch = pytest.importorskip('torch')
    for dtype in DTYPES:
        mine, theirs = outcome(torch, name, dtype), outcome(pytorch, name, dtype)
        if dtype in WIDER.get(name, ''):
            assert mine is RuntimeError and isinstance(theirs, list), dtype
        elif dtype in NARROWER.get(name, ''):
            assert theirs is RuntimeError, dtype
        elif isinstance(mine, list) and isinstance(theirs, list):
            if name not in ('randint', 'randperm', 'bernoulli', 'multinomial', 'normal'):
                for a, b in zip(mine, theirs):
                    np.testing.assert_allclose(a, b, 1e-5, 1e-6, err_msg=dtype)
        else:
            assert mine == theirs, dtype


def test_what_requires_grad_is_not_written():
    x, out = torch.ones(3, requires_grad=True), torch.empty(0)
    for tensors in ((x, x), [(x, x)]):
        with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
            (torch.cat if len(tensors) == 1 else torch.add)(*tensors, out=out)
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        torch.exp(torch.ones(3), out=x)
    with torch.no_grad():
        assert torch.exp(torch.zeros(3), out=x) is x
    assert x.tolist() == [1, 1, 1] and torch.gt(x, 0, out=torch.empty(0)).tolist() == [1, 1, 1]


def test_out_may_be_an_argument_and_a_view():
    x = torch.ones(2, 3)
    torch.add(x[0], 1, out=x[1])
    assert torch.mul(x, x, out=x) is x and x.tolist() == [[1, 1, 1], [4, 4, 4]]


def test_a_change_of_out_is_noticed_by_backward():
    x, out = torch.ones(2, requires_grad=True), torch.ones(2)
    y = x * out
    torch.exp(out, out=out)
    with pytest.raises(RuntimeError, match='modified by an inplace operation'):
        y.sum().backward()


def test_outs_that_cannot_be_written_are_refused():
    x = torch.ones(3)
    for call, error, words in [
            (lambda: torch.exp(x, out=3), TypeError, "'out' must be Tensor, not int"),
            (lambda: torch.max(x, 0, out=x), TypeError, 'a tuple of 2 tensors, not Tensor'),
            (lambda: torch.max(x, 0, out=(x,)), TypeError, 'tuple of 2 elements but got 1'),
            (lambda: torch.sum(x, out=x), TypeError, 'without dim'),
            (lambda: torch.exp(x, out=torch.ones(4)), NotImplementedError, r'\(4,\).*\(3,\)'),
            (lambda: torch.exp(x, out=torch.ones(4)[:0]), NotImplementedError, 'no view'),
            (lambda: torch.exp(x, out=torch.ones(1).expand(3)), RuntimeError, 'unsupported oper'),
            (lambda: torch.zeros(3, out=x, dtype=torch.float64), RuntimeError, 'out tensor to'),
            (lambda: x.exp(out=x), TypeError, 'out')]:
        with pytest.raises(error, match=words):
            call()


def test_functions_say_that_they_take_out_and_methods_that_they_do_not():
    for name in NAMES:
        function = getattr(torch, name)
        assert 'out' in inspect.signature(function).parameters and '    out  ' in function.__doc__
        assert pickle.loads(pickle.dumps(function)) is function
        if hasattr(torch.Tensor, name) and name != 'std':
            assert 'out' not in inspect.signature(getattr(torch.Tensor, name)).parameters
    assert torch.absolute is torch.abs and 'add' in FUNCTIONS[CAST]


def test_out_is_written_in_a_compiled_function():
    @torch.compile
    def step(x, out):
        return torch.mul(x, 2, out=out) + 1

    out = torch.zeros(3)
    for start in (1.0, 2.0, 3.0):
        assert step(torch.full((3,), start), out).tolist() == [2 * start + 1] * 3
        assert out.tolist() == [2 * start] * 3
    with pytest.warns(UserWarning, match='is not compiled'):
        assert step(torch.ones(3), torch.empty(0)).tolist() == [3, 3, 3]


@pytest.mark.parametrize('call', [
    'torch.gather(x, 0, torch.arange(6), out=x)', 'torch.take(x, torch.arange(3), out=x[:3])',
    'torch.cat([x[:3], x[:3]], out=x)', 'torch.cat([x, x[:0]], 0, out=x)',
    'torch.masked_select(x, x > 2, out=x[3:])', 'torch.exp(x[:5], out=x[1:])',
    'torch.add(x[1:], 1, out=x[:5])', 'torch.scatter(x, 0, torch.arange(6), x, out=x)'])
def test_out_does_not_share_memory_with_what_is_read_elsewhere(call):
    pytorch = pytest.importorskip('torch')
    for library in (torch, pytorch):
        with pytest.raises(RuntimeError, match='single memory location|unsupported operation'):
            eval(call, dict(torch=library, x=library.arange(6.0)))


def test_out_may_be_an_argument():
    x = torch.arange(3.0)
    assert torch.add(x, 1, out=x) is x and x.tolist() == [1, 2, 3]
    assert torch.cumsum(x, 0, out=x).tolist() == [1, 3, 6]
