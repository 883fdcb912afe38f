"""Functions with a backward of their own, Jacobians and their products, and anomaly detection."""
import gc
import weakref

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import autograd
from tinygrad_adam.autograd import detect_anomaly, functional, gradcheck, gradgradcheck
from tinygrad_adam.autograd import set_detect_anomaly

F = torch.nn.functional
f64 = torch.float64


def leaf(*values):
    return torch.tensor(values, dtype=f64, requires_grad=True)


class Exp(torch.autograd.Function):
    """Saves its output."""

    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y


class Two(torch.autograd.Function):
    """Two outputs, and an argument that is a number."""

    @staticmethod
    def forward(ctx, x, k, y):
        ctx.k = k
        ctx.save_for_backward(x, y)
        return x * y, x + k * y

    @staticmethod
    def backward(ctx, a, b):
        x, y = ctx.saved_tensors
        assert ctx.needs_input_grad[1] is False
        return a * y + b, None, a * x + ctx.k * b


class Cube(torch.autograd.Function):
    """In the newer form, with setup_context."""

    @staticmethod
    def forward(x):
        return x ** 3

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return g * 3 * x ** 2


@pytest.mark.parametrize('f', [Exp.apply, Cube.apply], ids=['Exp', 'Cube'])
def test_a_function_is_differentiated_to_second_order(f):
    x = leaf(0.3, -1.2)
    assert gradcheck(f, x) and gradgradcheck(f, x)


def test_a_function_of_several_outputs_is_differentiated_to_second_order():
    x, y = leaf(1.0, 2.0), leaf(3.0, -4.0)
    assert gradcheck(lambda x, y: Two.apply(x, 2.0, y), (x, y))
    assert gradgradcheck(lambda x, y: Two.apply(x, 2.0, y), (x, y))


def test_an_output_that_is_not_used_has_a_gradient_of_zeros():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    Two.apply(x, 2.0, y)[1].sum().backward()
    assert x.grad.tolist() == [1.0, 1.0] and y.grad.tolist() == [2.0, 2.0]


def test_a_wrong_number_of_gradients_is_refused():
    class Short(Two):
        @staticmethod
        def backward(ctx, a, b):
            return a, b

    with pytest.raises(RuntimeError, match='incorrect number of gradients .expected 3, got 2.'):
        Short.apply(leaf(1.0), 2.0, leaf(2.0))[0].sum().backward()


class Returning(torch.autograd.Function):
    """Doubles, and returns from backward what `answer` makes of the gradient."""

    answer = None

    @staticmethod
    def forward(ctx, x, *others):
        return x * 2

    @classmethod
    def backward(cls, ctx, g):
        return cls.answer(g)


def returning(answer):
    """The apply of a Function whose backward returns answer(g)."""
    return type('Returning', (Returning,), dict(answer=staticmethod(answer))).apply


@pytest.mark.parametrize('answer, gradient', [
    (lambda g: (g, None, None), [1.0, 1.0]), (lambda g: g.float(), [1.0, 1.0]),
    (lambda g: g.long(), [1.0, 1.0]), (lambda g: torch.ones(3, 2), [3.0, 3.0])])
def test_gradients_are_fitted_to_their_arguments_and_surplus_none_is_left_out(answer, gradient):
    x = leaf(1.0, 2.0)
    returning(answer)(x).sum().backward()
    assert x.grad.tolist() == gradient and x.grad.dtype == f64


@pytest.mark.parametrize('answer, said', [
    (lambda g: 3.0, 'expected Variable or None (got float)'),
    (lambda g: [g], 'expected Variable or None (got list)'),
    (lambda g: g.numpy(), 'expected Variable or None (got ndarray)'),
    (lambda g: (g, g), 'incorrect number of gradients (expected 1, got 2)'),
    (lambda g: (), 'incorrect number of gradients (expected 1, got 0)'),
    (lambda g: g.mean(), 'shape ()'), (lambda g: torch.ones(3), 'shape (3,)')])
def test_what_is_no_gradient_is_refused(answer, said):
    with refused(RuntimeError, said):
        returning(answer)(leaf(1.0, 2.0)).sum().backward()


def test_none_is_no_gradient_and_hooks_are_told():
    x, seen = leaf(1.0, 2.0), []
    h = x * 3
    h.register_hook(seen.append)
    x.register_hook(seen.append)
    returning(lambda g: None)(h).sum().backward()
    assert x.grad is None and seen == [None, None]
    y = returning(lambda g: None)(x)
    with refused(RuntimeError, 'appears to not have been used in the graph'):
        torch.autograd.grad(y.sum(), x)
    assert torch.autograd.grad(y.sum(), x, allow_unused=True) == (None,)
    assert torch.autograd.grad(y.sum(), x, materialize_grads=True)[0].tolist() == [0.0, 0.0]


def test_none_beside_a_gradient_adds_nothing():
    x, none = leaf(1.0, 2.0), returning(lambda g: None)
    for total in (lambda h: none(h) + h, lambda h: h + none(h)):
        x.grad = None
        total(x * 3).sum().backward()
        assert x.grad.tolist() == [3.0, 3.0]
    both = type('Both', (torch.autograd.Function,), dict(
        forward=staticmethod(lambda ctx, x, y: x + y),
        backward=staticmethod(lambda ctx, g: (None, g)))).apply
    x.grad = None
    both(x, x).sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_a_function_behind_none_is_given_zeros():
    x = leaf(1.0, 2.0)
    returning(lambda g: None)(Exp.apply(x).exp()).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]


@pytest.mark.parametrize('hook', [lambda g: torch.ones(2, dtype=f64), lambda g: g])
def test_a_hook_makes_no_gradient_where_there_is_none(hook):
    x = leaf(1.0, 2.0)
    x.register_hook(hook)
    y = returning(lambda g: None)(x).sum()
    if hook(None) is None:
        y.backward()
    else:
        with refused(RuntimeError, "can't replace a None gradient with a non-None value"):
            y.backward()


def test_two_arguments_with_one_gradient_accumulate_apart():
    class Add(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            return a + b

        @staticmethod
        def backward(ctx, g):
            return g, g

    a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
    for _ in range(2):
        (Add.apply(a, b) * 2).sum().backward()
    assert a.grad.tolist() == [4.0, 4.0] and b.grad.tolist() == [4.0, 4.0]


@pytest.mark.parametrize('create_graph', [False, True])
def test_a_constant_that_backward_returns_is_not_written_to(create_graph):
    constant, x = torch.tensor([3.0, 4.0], dtype=f64), leaf(1.0, 2.0)
    double = returning(lambda g: constant)
    double(x).sum().backward(create_graph=create_graph)
    for _ in range(2):
        double(x).sum().backward()
    assert x.grad.tolist() == [9.0, 12.0]
    x.grad.mul_(2)
    assert constant.tolist() == [3.0, 4.0]


class Scaled(torch.autograd.Function):
    """In the newer form, with an argument that has a default."""

    @staticmethod
    def forward(x, factor=3.0):
        return x * factor

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.factor = inputs

    @staticmethod
    def backward(ctx, g):
        return g * ctx.factor, None


@pytest.mark.parametrize('call, factor', [
    (lambda x: Scaled.apply(x), 3.0), (lambda x: Scaled.apply(x, 2.0), 2.0),
    (lambda x: Scaled.apply(x, factor=2.0), 2.0), (lambda x: Scaled.apply(factor=2.0, x=x), 2.0)])
def test_setup_context_sees_defaults_and_keywords(call, factor):
    x = leaf(1.0, 2.0)
    call(x).sum().backward()
    assert x.grad.tolist() == [factor, factor]


def test_keywords_are_arguments_too():
    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, factor):
            ctx.save_for_backward(x, factor, None)
            return x * factor

        @staticmethod
        def backward(ctx, g):
            x, factor, nothing = ctx.saved_tensors
            assert nothing is None and ctx.needs_input_grad == (True, True)
            return g * factor, g * x

    x, factor = leaf(1.0, 2.0), leaf(3.0, 4.0)
    Product.apply(x, factor=factor).sum().backward()
    assert x.grad.tolist() == [3.0, 4.0] and factor.grad.tolist() == [1.0, 2.0]
    with refused(TypeError, "unexpected keyword argument 'other'"):
        Scaled.apply(x, other=2.0)

    class KeywordOnly(Scaled):
        @staticmethod
        def forward(x, *, factor=3.0):
            return x * factor

    with refused(TypeError, "unexpected keyword argument 'factor'", 'keyword-only'):
        KeywordOnly.apply(x)


def test_results_that_are_no_tensors_are_handed_through():
    class Mixed(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, result):
            return result(x)

        @staticmethod
        def backward(ctx, *gradients):
            assert [g is None for g in gradients] == [False, True, True, True, False]
            assert gradients[4].dtype == torch.int64 and gradients[4].tolist() == [0, 0]
            return gradients[0] * 5, None

    x = leaf(1.0, 2.0)
    for result in (None, 3.0, 'text', [x]):
        assert Mixed.apply(x, lambda x: result) is result
    y, *others, z = Mixed.apply(x, lambda x: (x * 2, 7, None, 'text', x.long()))
    y.sum().backward()
    assert others == [7, None, 'text'] and not z.requires_grad and x.grad.tolist() == [5.0, 5.0]


def test_hooks_of_outputs_that_were_not_used_are_called_with_none():
    x, y, seen = leaf(1.0, 2.0), leaf(3.0, 4.0), []
    first, second = Two.apply(x, 2.0, y)
    second.retain_grad()
    second.register_hook(seen.append)
    first.sum().backward()
    assert seen == [None] and second.grad is None and x.grad.tolist() == [3.0, 4.0]


def test_a_saved_output_is_differentiated_though_it_was_not_used():
    class Both(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            double, y = x * 2, x.exp()
            ctx.save_for_backward(y)
            return double, y

        @staticmethod
        def backward(ctx, g, h):
            y, = ctx.saved_tensors
            return g * 2 * y + h * y

    x = leaf(1.0, 2.0)
    double = Both.apply(x)[0]
    g, = torch.autograd.grad(double.sum(), x, create_graph=True)
    second, = torch.autograd.grad(g.sum(), x)
    assert torch.allclose(second, 2 * x.exp()) and torch.allclose(g, 2 * x.exp())


def test_saved_tensors_are_freed_and_what_saves_none_can_go_back_again():
    x = leaf(1.0, 2.0)
    y = Exp.apply(x)
    y.sum().backward()
    with refused(RuntimeError, 'backward through the graph a second time', 'retain_graph=True'):
        y.sum().backward()
    z = returning(lambda g: g)(x)
    x.grad = None
    z.sum().backward()
    z.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


@pytest.mark.parametrize('forward', [
    lambda ctx, x: x, lambda ctx, x: x[:1], lambda ctx, x: x.detach()])
def test_an_output_that_shares_memory_with_an_input_is_not_changed_in_place(forward):
    as_is = type('AsIs', (torch.autograd.Function,), dict(
        forward=staticmethod(forward), backward=staticmethod(lambda ctx, g: g))).apply
    h = leaf(1.0, 2.0) * 2
    with refused(RuntimeError, 'inplace operation'):
        as_is(h).mul_(3).sum().backward()


def test_an_output_of_its_own_is_changed_in_place():
    x = leaf(1.0, 2.0)
    returning(lambda g: g * 2)(x).mul_(3).sum().backward()
    assert x.grad.tolist() == [6.0, 6.0]


def test_only_tensors_are_saved_and_a_function_is_applied():
    class Saving(Exp):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x, 3.0)
            return x

    with refused(TypeError, 'can only save variables', 'argument 1', 'float', 'ctx.k = k'):
        Saving.apply(leaf(1.0))
    with refused(RuntimeError, 'Legacy autograd function', 'Exp.apply'):
        Exp()(leaf(1.0))


def test_a_backward_may_go_back_two_thousand_times_within_itself():
    class Deep(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            with torch.enable_grad():
                ctx.x = x.detach().requires_grad_() - 1
            return ctx.x.detach()

        @staticmethod
        def backward(ctx, g):
            assert not torch.is_grad_enabled()
            if ctx.x >= 0:
                with torch.enable_grad():
                    Deep.apply(ctx.x).sum().backward()
            return g

    x = torch.tensor(2000.0, requires_grad=True)
    Deep.apply(x).sum().backward()
    assert x.grad.item() == 1.0 and torch.is_grad_enabled()


@pytest.mark.parametrize('result', [3.0, None, [1.0], (np.ones(2), np.ones(2))])
def test_a_function_of_a_primitive_that_returns_no_array_is_told(result):
    operation = autograd.primitive(lambda x: result, name='odd', x=lambda g: g)
    with refused(TypeError, 'odd()', type(result).__name__, 'np.asarray'):
        operation(leaf(1.0, 2.0))


@pytest.mark.parametrize('gradient', [3.0, None, [1.0, 1.0]])
@pytest.mark.parametrize('create_graph', [False, True])
def test_a_rule_of_a_primitive_that_returns_no_gradient_is_told(gradient, create_graph):
    operation = autograd.primitive(lambda x: x + 0, name='odd', x=lambda g: gradient)
    with refused(TypeError, 'odd()', 'test_function.py', type(gradient).__name__, 'constant'):
        operation(leaf(1.0, 2.0)).sum().backward(create_graph=create_graph)


def test_a_saved_tensor_that_was_changed_is_noticed():
    x, y = leaf(1.0), leaf(2.0)
    out = Two.apply(x, 2.0, y)[0]
    with torch.no_grad():
        y.mul_(3.0)
    with pytest.raises(RuntimeError, match='modified by an inplace operation'):
        out.sum().backward()


def test_the_graph_of_a_function_that_saves_its_output_is_freed_without_the_collector():
    gc.disable()
    try:
        out = Exp.apply(leaf(1.0, 2.0))
        seen = weakref.ref(out)
        del out
        assert seen() is None
    finally:
        gc.enable()


def test_jacobian_and_hessian_have_their_closed_forms():
    x, y = leaf(1.0, 2.0), leaf(3.0)
    assert functional.jacobian(lambda x: x ** 2, x).tolist() == [[2.0, 0.0], [0.0, 4.0]]
    (xx, xy), (yx, yy) = functional.hessian(lambda x, y: (x ** 3).sum() * y.sum(), (x, y))
    assert xx.tolist() == [[18.0, 0.0], [0.0, 36.0]] and yy.tolist() == [[0.0]]
    assert xy.tolist() == [[3.0], [12.0]] and yx.tolist() == [[3.0, 12.0]]


def test_products_with_vectors_equal_those_with_the_matrices():
    def f(x):
        return torch.stack([x[0] * x[1], x[1] ** 2, x.sum()])

    x, v = leaf(1.5, -2.0), torch.tensor([1.0, 3.0], dtype=f64)
    u = torch.tensor([2.0, -1.0, 0.5], dtype=f64)
    jacobian = functional.jacobian(f, x)
    assert torch.allclose(functional.jvp(f, x, v)[1], jacobian @ v)
    assert torch.allclose(functional.vjp(f, x, u)[1], u @ jacobian)

    def g(x):
        return (x[0] ** 2 * x[1]).exp()

    value, product = functional.hvp(g, x, v)
    assert torch.allclose(product, functional.hessian(g, x) @ v) and value == g(x)


def net(x):
    """Piecewise linear: its gradient is constant around each point."""
    weight = torch.tensor([[1.0, 2.0], [-1.0, 0.5]], dtype=f64)
    return F.linear(torch.relu(F.linear(x, weight)), torch.ones(1, 2, dtype=f64)).sum()


CONSTANT_SLOPES = {
    'sum': torch.sum, 'mean': torch.mean, 'max': torch.max, 'a ReLU net': net,
    'an element': lambda x: x[0], 'relu': lambda x: torch.relu(x).sum(),
    'leaky_relu': lambda x: F.leaky_relu(x).sum(), 'abs': lambda x: x.abs().sum(),
    'clamp': lambda x: x.clamp(0, 1).sum(), 'a constant': lambda x: torch.ones((), dtype=f64),
    'a parameter': lambda x: leaf(1.0).sum(), 'what was detached': lambda x: x.detach().sum(),
}


@pytest.mark.parametrize('function', CONSTANT_SLOPES.values(), ids=CONSTANT_SLOPES)
@pytest.mark.parametrize('create_graph', [False, True])
def test_a_function_with_a_constant_slope_has_a_hessian_of_zeros(function, create_graph):
    x, v = leaf(0.5, -2.0), torch.tensor([1.0, 3.0], dtype=f64)
    assert functional.hessian(function, x, create_graph).tolist() == [[0, 0], [0, 0]]
    for product in (functional.hvp, functional.vhp):
        value, zeros = product(function, x, v, create_graph)
        assert value.tolist() == function(x).tolist() and zeros.tolist() == [0, 0]


@pytest.mark.parametrize('function', [
    torch.relu, F.leaky_relu, torch.abs, lambda x: F.max_pool2d(x.view(1, 1, 1, 2), 1), net])
def test_the_gradient_of_a_piecewise_linear_function_has_a_graph_and_a_slope_of_0(function):
    x = leaf(0.5, -2.0)
    slope, = torch.autograd.grad(function(x).sum(), x, create_graph=True)
    assert slope.requires_grad
    assert torch.autograd.grad(slope.sum(), x)[0].tolist() == [0, 0]


@pytest.mark.parametrize('function', [
    torch.sum, torch.mean, torch.max, lambda x: x * 2, lambda x: x.clamp(0, 1)])
def test_the_gradient_of_a_linear_function_has_none(function):
    x = leaf(0.5, -2.0)
    slope, = torch.autograd.grad(function(x).sum(), x, create_graph=True)
    assert not slope.requires_grad


def test_a_value_that_does_not_depend_on_an_input_has_a_derivative_of_zeros():
    def second_alone(x, y):
        return y * 2, torch.ones(3, dtype=f64)

    x, y = leaf(0.5, -2.0), leaf(3.0)
    (xx, xy), (zx, zy) = functional.jacobian(second_alone, (x, y))
    assert xx.tolist() == [[0, 0]] and xy.tolist() == [[2]]
    assert zx.tolist() == [[0, 0]] * 3 and zy.tolist() == [[0]] * 3
    v = leaf(1.0), torch.ones(3, dtype=f64)
    assert [g.tolist() for g in functional.vjp(second_alone, (x, y), v)[1]] == [[0, 0], [2]]
    v = leaf(1.0, 1.0), leaf(5.0)
    assert [g.tolist() for g in functional.jvp(second_alone, (x, y), v)[1]] == [[10], [0, 0, 0]]


STRICT = [
    ('jacobian', lambda x: x.detach() * 2, {}, 'Output 0 of the user-provided function does not'),
    ('vjp', lambda x: x.detach().sum(), {}, 'Output 0 of the user-provided function does not'),
    ('jvp', lambda x: x.detach() * 2, {}, 'Output 0 of the user-provided function does not'),
    ('jacobian', lambda x: PARAMETER * 2, {}, 'Output 0 .* is independent of input 0'),
    ('vjp', lambda x: PARAMETER.sum(), {}, 'The output .* is independent of input 0'),
    ('jvp', lambda x: PARAMETER * 2, {}, 'The output .* is independent of input 0'),
    ('jacobian', lambda x: x * 2, {'create_graph': True}, 'jacobian .* is independent of input 0'),
    ('vjp', torch.sum, {'create_graph': True}, 'jacobian .* is independent of input 0'),
    ('jvp', lambda x: x * 2, {'create_graph': True}, 'jacobian .* is independent of input 0'),
    *((name, function, options, said) for name in ('hessian', 'hvp', 'vhp')
      for function, options, said in [
          (lambda x: x.detach().sum(), {}, 'Output 0 of the user-provided function does not'),
          (lambda x: PARAMETER.sum(), {}, 'is independent'),
          (torch.sum, {}, 'the jacobian .* with respect to input 0 is independent of the input'),
          (lambda x: (x * PARAMETER).sum(), {}, 'is independent of input 0')]),
]
PARAMETER = leaf(3.0, 4.0)


@pytest.mark.parametrize('name, function, options, said', STRICT)
def test_strict_refuses_what_is_zeros_otherwise(name, function, options, said):
    x = leaf(1.0, 2.0)
    v = [torch.ones(2, dtype=f64)] if name in ('jvp', 'hvp', 'vhp') else []
    derivative = getattr(functional, name)
    derivative(function, x, *v, **options)
    with pytest.raises(RuntimeError, match=said):
        derivative(function, x, *v, strict=True, **options)


def test_strict_lets_pass_what_depends_on_its_input():
    x, v = leaf(1.0, 2.0), torch.ones(2, dtype=f64)
    assert functional.jacobian(lambda x: x * 2, x, strict=True).tolist() == [[2, 0], [0, 2]]
    assert functional.hessian(lambda x: (x ** 2).sum(), x, strict=True).tolist() == [[2, 0], [0, 2]]
    for product in (functional.hvp, functional.vhp):
        assert product(lambda x: (x ** 3).sum(), x, v, True, strict=True)[1].tolist() == [6, 12]


def test_functional_derivatives_refuse_what_they_cannot_do():
    x = leaf(1.0, 2.0)
    for inputs in ([x], 3.0, (x, 3.0)):
        with pytest.raises(TypeError, match='inputs given to vjp must be either a Tensor or'):
            functional.vjp(torch.sum, inputs)
    with pytest.raises(TypeError, match='outputs of the user-provided function given to jacobian'):
        functional.jacobian(lambda x: 3.0, x)
    with pytest.raises(RuntimeError, match='invalid length: should be 2 but got 1'):
        functional.jvp(lambda x, y: x * y, (x, x), x)
    with pytest.raises(RuntimeError, match='should return a single Tensor'):
        functional.hessian(lambda x: (x.sum(), x.sum()), x)
    with pytest.raises(AssertionError, match='forward-mode'):
        functional.jacobian(torch.exp, x, strategy='backward')
    with pytest.raises(NotImplementedError, match='forward-mode'):
        functional.hessian(torch.sum, x, outer_jacobian_strategy='forward-mode')
    with pytest.raises(RuntimeError, match='not supported together'):
        functional.jacobian(torch.exp, x, strict=True, vectorize=True)


def test_a_vector_of_the_wrong_shape_is_refused():
    with pytest.raises(RuntimeError, match='invalid size'):
        functional.vjp(lambda x: x * 2, leaf(1.0, 2.0), torch.ones(3, dtype=f64))
    with pytest.raises(RuntimeError, match='single element'):
        functional.vjp(lambda x: x * 2, leaf(1.0, 2.0))


def test_the_first_operation_that_makes_a_nan_is_named_with_shapes_and_line():
    x = torch.tensor([[-1.0, 4.0]])
    with detect_anomaly(), pytest.raises(RuntimeError) as error:
        (x + 1).log()
        x.sqrt() * 2
    said = str(error.value)
    assert 'sqrt((1, 2))' in said and 'test_function.py' in said and 'line' in said


def test_a_rule_that_makes_a_nan_is_named_with_the_line_of_its_operation():
    x = torch.zeros(3, requires_grad=True)
    with detect_anomaly(), pytest.raises(RuntimeError) as error:
        y = x.sqrt()
        (y * 0).sum().backward()
    said = str(error.value)
    assert "'SqrtBackward0' returned nan values" in said and '(3,)' in said
    assert 'sqrt() at line' in said and 'test_function.py' in said


def test_anomalies_are_looked_for_only_where_asked():
    x = torch.tensor([-1.0])
    assert x.sqrt().isnan().all()
    with set_detect_anomaly(False):
        assert x.sqrt().isnan().all()
    with detect_anomaly():
        assert (torch.tensor([float('nan')]) * 2).isnan().all()    # it was there before
    assert x.sqrt().isnan().all()


def test_a_backward_that_is_differentiable_once_says_so():
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(ctx, g):
            assert not torch.is_grad_enabled()
            x, = ctx.saved_tensors
            return 2 * g * x, None

    x = leaf(1.0, 2.0)
    assert autograd.grad(Square.apply(x, 3).sum(), x)[0].tolist() == [2, 4]
    g, = autograd.grad((Square.apply(x, 3) * x).sum(), x, create_graph=True)
    with refused(RuntimeError, 'twice', '@once_differentiable', 'not recorded'):
        g.sum().backward()
