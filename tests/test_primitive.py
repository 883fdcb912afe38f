"""How a NumPy function becomes an operation: rules say what they read, calls are checked."""
import functools
import inspect
from math import factorial

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam.autograd import constant, gradcheck, gradgradcheck, primitive


def leaf(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def cube(input, scale):
    return scale * input ** 3


class Slope:
    """A rule with something of its own, as a method and as an object."""

    def __init__(self, factor):
        self.factor = factor

    def method(self, g, input, scale):
        return self.factor * g * scale * input * input

    __call__ = method


def decorated(rule):
    @functools.wraps(rule)
    def called(*args, **options):
        return rule(*args, **options)
    return called


def scaled_square(factor, g, input, scale):
    return factor * g * scale * input * input


RULES = {
    'a function': lambda g, input, scale: 3 * g * scale * input * input,
    'a partial by position': functools.partial(scaled_square, 3),
    'a partial by name': functools.partial(scaled_square, factor=3),
    'a partial of its last argument': functools.partial(
        lambda g, input, scale, factor: factor * g * scale * input * input, factor=3),
    'a bound method': Slope(3).method,
    'a callable object': Slope(3),
    'a cached function': functools.lru_cache(maxsize=None)(
        lambda g, input, scale: 3 * g * scale * input * input),
    'a decorated function': decorated(lambda g, input, scale: 3 * g * scale * input * input),
    'a rule with keywords only': lambda *, g, scale, input: 3 * g * scale * input * input,
    'a rule that reads in another order': lambda scale, input, g: 3 * g * scale * input * input,
    'a rule with a default of its own': lambda g, input, scale, factor=3:
        factor * g * scale * input * input,
}


@pytest.mark.parametrize('rule', RULES.values(), ids=RULES)
def test_any_callable_that_tells_its_signature_is_a_rule(rule):
    operation = primitive(cube, input=rule)
    x = leaf(0.5, -2.0)
    operation(x, 2.0).backward(torch.ones(2, dtype=torch.float64))
    np.testing.assert_allclose(x.grad.numpy(), 6 * x.detach().numpy() ** 2)
    if 'cached' not in str(rule):
        assert gradgradcheck(lambda x: operation(x, 2.0), x)


def test_a_rule_may_use_its_arguments_in_a_comprehension():
    series = primitive(
        lambda x: sum([x ** k / factorial(k) for k in range(4)]), name='series',
        x=lambda g, x: g * sum([x ** k / factorial(k) for k in range(3)]))
    assert gradcheck(series, leaf(0.5, -2.0)) and gradgradcheck(series, leaf(0.5, -2.0))
    masked = primitive(
        lambda x, s: np.where(x != 0, s * x, 0), name='masked',
        x=lambda g, x, s: g * sum([(x != 0) * s for _ in range(1)]), s=constant)
    x = leaf(0.0, 1.0, 2.0)
    masked(x, 3.0).sum().backward()
    assert x.grad.tolist() == [0, 3, 3]


def test_a_rule_may_hand_an_argument_and_its_shape_to_numpy():
    double = primitive(lambda x: 2 * x, name='double',
                       x=lambda g, x, x_shape: 2 * g * np.broadcast_to(1.0, x_shape)
                       if isinstance(x, np.ndarray) else 2 * g)
    same = primitive(lambda x: x + 0, name='same',
                     x=lambda g, x: g * (np.broadcast_to(x, x.shape) == x))
    x = leaf(1.0, 2.0)
    (double(x) + same(x)).sum().backward()
    assert x.grad.tolist() == [3, 3]


def test_a_graph_saves_what_its_rules_read_and_nothing_else():
    x, y = leaf(1.0, 2.0), torch.tensor([3.0, 4.0], dtype=torch.float64)
    assert [s is y for s in (x * y).grad_fn.saved] == [True]
    assert (x + y).grad_fn.saved == []
    shape_only = primitive(lambda x: x.sum(), name='total',
                           x=lambda g, x_shape: g * np.ones(x_shape))
    assert shape_only(x).grad_fn.saved == [(2,)]


def test_a_graph_that_saves_no_array_can_be_walked_again():
    x = leaf(1.0, 2.0, 3.0)
    part = (x + x)[1:].sum()
    part.backward()
    part.backward()
    assert x.grad.tolist() == [0, 4, 4]


def test_a_rule_keeps_the_defaults_of_its_own_parameters():
    square = primitive(lambda input: input * input, name='square',
                       input=lambda g, factor=2, input=None: factor * g * input)
    x = leaf(3.0, 4.0)
    square(x).sum().backward()
    assert x.grad.tolist() == [6, 8]


def test_a_rule_that_gives_a_gradient_of_another_shape_is_named():
    wrong = primitive(lambda x: 2 * x, name='twice', x=lambda g: g[:2])
    with refused(RuntimeError, 'twice()', '(2,)', '(3,)'):
        wrong(leaf(1.0, 2.0, 3.0)).sum().backward()


@pytest.mark.parametrize('make, part', [
    (lambda: primitive(lambda x, *, k=2: x, name='f', x=lambda g: g), 'fixed number'),
    (lambda: primitive(lambda *xs: xs[0], name='f'), 'fixed number'),
    (lambda: primitive(np.hypot, x=lambda g: g), 'names of its arguments'),
    (lambda: primitive(np.hypot, 'x', x=lambda g: g), '2 arrays'),
    (lambda: primitive(np.exp, 'x out', x=lambda g: g), '1 arrays'),
    (lambda: primitive(cube, inputs=lambda g: g), "'inputs'"),
    (lambda: primitive(cube, input=lambda g, y: g), "reads 'y'"),
    (lambda: primitive(cube, input=lambda g, y_shape: g), "reads 'y_shape'"),
    (lambda: primitive(cube, input=lambda *args: args[0]), 'names'),
    (lambda: primitive(lambda g: g, name='f', g=lambda g: g), "called 'g'"),
])
def test_what_a_rule_cannot_mean_is_refused_when_the_primitive_is_made(make, part):
    with refused(TypeError, 'primitive', part):
        make()


def test_a_gradient_in_an_argument_without_a_rule_is_refused():
    operation = primitive(cube, input=lambda g, input, scale: 3 * g * scale * input * input)
    with refused(NotImplementedError, "'scale'", '.detach()'):
        operation(leaf(1.0), leaf(2.0))


# Calls.

X = torch.tensor([1.0, 4.0])


def test_a_surplus_argument_never_reaches_the_out_of_numpy():
    for name in ('sqrt', 'tanh', 'exp', 'floor', 'abs', 'isnan', 'sigmoid'):
        y = torch.tensor([5.0, 6.0])
        for function in (getattr(torch, name), lambda x, *more: getattr(x, name)(*more)):
            with refused(TypeError, name):
                function(X, y)
        assert y.tolist() == [5, 6]


@pytest.mark.parametrize('call, name, part', [
    (lambda: torch.exp(), 'exp', "'input'"),
    (lambda: torch.exp(X, where=True), 'exp', "'where'"),
    (lambda: torch.mul(X), 'mul', "'other'"),
    (lambda: torch.mul(X, X, X, X), 'mul', '4'),
    (lambda: X.sum(dims=0), 'sum', "'dims'"),
    (lambda: X.softmax(dim=0, casting='no'), 'softmax', "'casting'"),
])
def test_a_wrong_argument_is_a_type_error_that_names_it(call, name, part):
    with refused(TypeError, f'{name}()', part):
        call()


NUMPY_SPELLINGS = [
    'sum(axis=0)', 'mean(axis=0, keepdims=True)', 'std(axis=0)', 'var(axis=0, keepdims=True)',
    'amax(axis=0)', 'amin(axis=0, keepdims=True)', 'argmax(axis=0)', 'argmin(axis=0)',
    'prod(axis=0)', 'cumsum(axis=0)', 'all(axis=0)', 'any(axis=0, keepdims=True)',
    'logsumexp(axis=0)', 'softmax(axis=0)', 'log_softmax(axis=0)', 'max(axis=0)[0]',
    'min(axis=0, keepdims=True)[1]', 'sort(axis=0)[0]', 'argsort(axis=0)', 'topk(1, axis=0)[0]',
    'squeeze(axis=0)', 'unsqueeze(axis=0)', 'unbind(axis=0)[0]', 'chunk(2, axis=0)[0]',
    'narrow(axis=0, start=0, length=1)', 'count_nonzero(axis=0)',
    'index_select(axis=0, index=torch.tensor([0]))',
]


@pytest.mark.parametrize('form', NUMPY_SPELLINGS)
def test_numpy_spellings_are_taken_where_pytorch_takes_them(form):
    ours = eval(f'x.{form}', {'x': torch.tensor([[1.0, 4.0]] * 2), 'torch': torch})
    plain = form.replace('axis=', 'dim=').replace('keepdims=', 'keepdim=')
    assert ours.tolist() == eval(f'x.{plain}', {'x': torch.tensor([[1.0, 4.0]] * 2),
                                                'torch': torch}).tolist()
    pytorch = pytest.importorskip('torch')
    theirs = eval(f'x.{form}', {'x': pytorch.tensor([[1.0, 4.0]] * 2), 'torch': pytorch})
    assert ours.tolist() == theirs.tolist()


@pytest.mark.parametrize('call', [
    lambda: torch.exp([1.0, 2.0]), lambda: torch.exp(np.ones(2)), lambda: torch.sum([1.0]),
    lambda: torch.add([1.0], 2), lambda: torch.matmul(np.eye(2), torch.eye(2)),
    lambda: torch.softmax(np.ones(2), 0), lambda: torch.reshape(np.ones(2), (2, 1)),
    lambda: torch.flatten([[1.0]]), lambda: torch.nn.Linear(2, 1)(np.ones((1, 2), np.float32)),
    lambda: torch.nn.functional.relu(np.ones(2)), lambda: torch.cat([np.ones(2), np.ones(2)]),
    lambda: torch.ones(2) * [1.0, 2.0], lambda: torch.clamp(np.ones(2), 0, 1),
])
def test_arrays_and_lists_are_not_tensors(call):
    with pytest.raises(TypeError):
        call()


def test_help_shows_the_text_and_signature_of_this_package():
    for name in ('exp', 'sqrt', 'add', 'matmul', 'sum', 'where', 'maximum', 'floor', 'isnan'):
        function = getattr(torch, name)
        assert 'input' in inspect.signature(function).parameters or name == 'where'
        text = function.__doc__
        assert 'ufunc' not in text and 'Parameters\n' not in text and 'array_like' not in text
        assert function.__module__.startswith('tinygrad_adam')
    own = primitive(np.hypot, 'x y', x=lambda g, out, x: g * x / out,
                                     y=lambda g, out, y: g * y / out)
    assert str(inspect.signature(own)) == '(x, y)' and 'with respect to x, y' in own.__doc__


def test_a_mistake_in_a_forward_function_is_told_as_it_is():
    mistaken = primitive(lambda x: np.no_such_function(x), name='mistaken', x=lambda g: g)
    with pytest.raises(AttributeError, match='no_such_function'):
        mistaken(torch.ones(2))
