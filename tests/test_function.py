"""Functions with a backward of their own, Jacobians and their products, and anomaly detection."""
import gc
import weakref

import pytest

import tinygrad_adam as torch
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
