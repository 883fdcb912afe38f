"""Functions with a backward of their own, Jacobians and their products, and anomaly detection."""
import gc
import weakref

import pytest

import tinygrad_adam as torch
from tinygrad_adam.autograd import detect_anomaly, functional, gradcheck, gradgradcheck
from tinygrad_adam.autograd import set_detect_anomaly

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
