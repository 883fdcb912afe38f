"""torch.func: derivatives as functions, vmap as a loop, modules as functions."""
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import nn
from tinygrad_adam.func import (functional_call, grad, grad_and_value, hessian, jacfwd, jacrev, jvp,
                                stack_module_state, vjp, vmap)

x = torch.tensor([1.0, 2.0])


def cubes(x):
    return (x ** 3).sum()


def test_the_gradient_is_a_function_and_has_one_of_its_own():
    assert grad(cubes)(x).tolist() == [3, 12] and not grad(cubes)(x).requires_grad
    assert grad(lambda x: grad(cubes)(x).sum())(x).tolist() == [6, 12]
    assert grad(grad(grad(lambda x: x ** 3)))(x[0]).item() == 6
    gradient, value = grad_and_value(cubes)(x)
    assert gradient.tolist() == [3, 12] and value.item() == 9 and not value.requires_grad
    with torch.no_grad():
        assert grad(cubes)(x).tolist() == [3, 12]


def test_gradients_are_nested_as_the_arguments_are():
    def f(d, y):
        return (d['a'] * d['b'][0] * y).sum()

    given = {'a': x, 'b': [x + 1]}
    by_dict, by_y = grad(f, argnums=(0, 1))(given, x)
    assert by_dict['a'].tolist() == [2, 6] and by_dict['b'][0].tolist() == [1, 4]
    assert by_y.tolist() == [2, 6] and grad(f, argnums=1)(given, x).tolist() == [2, 6]
    gradient, aux = grad(lambda x: (cubes(x), 'aux'), has_aux=True)(x)
    assert gradient.tolist() == [3, 12] and aux == 'aux'
    assert grad(lambda x: torch.tensor(1.0))(x).tolist() == [0, 0]


def test_a_gradient_can_be_differentiated_by_what_is_outside():
    p = torch.tensor(2.0, requires_grad=True)
    g = grad(lambda x: (p * x ** 2).sum())(x)
    assert g.requires_grad
    g.sum().backward()
    assert p.grad.item() == 6
    q = torch.tensor(2.0, requires_grad=True)
    grad(lambda q: q ** 3)(q).backward()
    assert q.grad.item() == 12


def test_jacobians_and_hessians():
    y = torch.tensor([3.0, 5.0])
    assert jacrev(lambda x: x ** 2)(x).tolist() == jacfwd(lambda x: x ** 2)(x).tolist() == [
        [2, 0], [0, 4]]
    by_x, by_y = jacrev(lambda x, y: x * y, argnums=(0, 1))(x, y)
    assert by_x.tolist() == [[3, 0], [0, 5]] and by_y.tolist() == [[1, 0], [0, 2]]
    assert hessian(cubes)(x).tolist() == [[6, 0], [0, 12]]
    assert hessian(lambda d: (d['a'] ** 2).sum())({'a': x})['a']['a'].tolist() == [[2, 0], [0, 2]]
    table, aux = jacrev(lambda x: ({'sum': x.sum()}, 7), has_aux=True)(x)
    assert table['sum'].tolist() == [1, 1] and aux == 7


def test_products_with_the_jacobian_from_both_sides():
    y = torch.tensor([3.0, 5.0])
    value, back = vjp(lambda x, y: x * y, x, y)
    assert value.tolist() == [3, 10] and [g.tolist() for g in back(x)] == [[3, 10], [1, 4]]
    assert [z.tolist() for z in jvp(lambda x: x ** 2, (x,), (y,))] == [[1, 4], [6, 20]]
    assert vjp(lambda x: (x, 'aux'), x, has_aux=True)[2] == 'aux'
    assert jvp(lambda x: (x, 'aux'), (x,), (y,), has_aux=True)[2] == 'aux'


def test_vmap_calls_a_function_for_each_slice():
    m = torch.arange(6.0).reshape(2, 3)
    assert vmap(torch.sum)(m).tolist() == [3, 12] and vmap(torch.sum, in_dims=1)(m).tolist() == [
        3, 5, 7]
    assert vmap(torch.dot, in_dims=(0, None))(m, m[0]).tolist() == [5, 14]
    total, same = vmap(lambda a, k: (a.sum() * k, a), out_dims=(0, 1))(m, k=2)
    assert total.tolist() == [6, 24] and same.tolist() == m.T.tolist()
    pairs = vmap(vmap(torch.mul, in_dims=(None, 0)), in_dims=(0, None))(x, x)
    assert pairs.tolist() == [[1, 2], [2, 4]]
    assert vmap(lambda d: {'twice': d['a'] * 2}, in_dims=({'a': 0},))({'a': x})[
        'twice'].tolist() == [2, 4]


def test_vmap_says_whether_slices_get_the_same_random_numbers():
    def noise(a):
        return torch.rand(())

    same, other = [vmap(noise, randomness=kind)(x) for kind in ('same', 'different')]
    assert same[0] == same[1] and other[0] != other[1]
    with refused(RuntimeError, 'randomness error mode', 'equal numbers', "randomness='same'"):
        vmap(noise)(x)


def test_a_gradient_for_each_sample():
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    images, labels = torch.randn(4, 3), torch.tensor([0, 1, 1, 0])

    def loss(parameters, image, label):
        scores = functional_call(model, parameters, (image[None],))
        return nn.functional.cross_entropy(scores, label[None])

    parameters = {name: p.detach() for name, p in model.named_parameters()}
    each = vmap(grad(loss), in_dims=(None, 0, 0))(parameters, images, labels)
    assert each['weight'].shape == (4, 2, 3)
    nn.functional.cross_entropy(model(images), labels).backward()
    assert torch.allclose(each['weight'].mean(0), model.weight.grad, atol=1e-6)
    assert torch.allclose(each['bias'].mean(0), model.bias.grad, atol=1e-6)


def test_models_are_stacked_and_called_together():
    models = [nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval() for _ in range(3)]
    parameters, buffers = stack_module_state(models)
    out = vmap(lambda p, b: functional_call(models[0], (p, b), x[None]))(parameters, buffers)
    assert parameters['0.weight'].is_leaf and parameters['0.weight'].requires_grad
    for one, model in zip(out, models):
        assert torch.allclose(one, model(x[None]))


def test_functional_call_leaves_the_module_as_it_was():
    layer = nn.Linear(2, 1)
    weight = layer.weight
    zero = torch.zeros(1)
    assert functional_call(layer, {'weight': x[None], 'bias': zero}, x, strict=True).item() == 5
    assert functional_call(layer, {'weight': x[None], 'no': x}, (x,)) == 5 + layer.bias
    assert functional_call(layer, {'bias': zero}, kwargs={'input': x}) == (layer.weight @ x)
    assert layer.weight is weight
    with pytest.raises(RuntimeError):
        functional_call(layer, {'weight': torch.ones(5, 5)}, x)
    assert layer.weight is weight
    twice = nn.ModuleList([layer, layer])
    twice.forward = lambda x: twice[0](x) - twice[1](x)
    assert functional_call(twice, {'0.weight': x[None]}, x).item() == 0


@pytest.mark.parametrize('error, parts, act', [
    (RuntimeError, ('1 dims', 'scalar', 'jacrev'), lambda: grad(lambda x: x)(x)),
    (RuntimeError, ('float', 'to return a Tensor', 'has_aux'), lambda: grad(lambda x: 3.0)(x)),
    (RuntimeError, ('argnum=2', '2 positional'), lambda: grad(torch.dot, argnums=2)(x, x)),
    (RuntimeError, ('floating point',), lambda: grad(torch.sum)(torch.tensor([1]))),
    (RuntimeError, ('float', 'torch.tensor()'), lambda: grad(torch.sum)(1.0)),
    (RuntimeError, ('(output, aux)',), lambda: grad(cubes, has_aux=True)(x)),
    (RuntimeError, ('same structure', '1 tensors for 2'), lambda: vjp(lambda x: (x, x), x)[1](x)),
    (RuntimeError, ('same structure',), lambda: jvp(cubes, (x,), ())),
    (ValueError, ('float', 'None'), lambda: vmap(torch.sin)(3.0)),
    (ValueError, ('in_dim=3', 'dimensionality 1'), lambda: vmap(torch.sin, in_dims=3)(x)),
    (ValueError, ('[2, 3]', 'in_dims'), lambda: vmap(torch.mul)(x, torch.ones(3))),
    (ValueError, ('at least one Tensor',), lambda: vmap(torch.sin, in_dims=None)(x)),
    (ValueError, ('in_dims', '(0, 0)'), lambda: vmap(torch.sin, in_dims=(0, 0))(x)),
    (ValueError, ('out_dims', '(0, 1)'), lambda: vmap(torch.sin, out_dims=(0, 1))(x)),
    (ValueError, ('float', 'stacked'), lambda: vmap(lambda a: 1.0)(x)),
    (RuntimeError, ("'x'", "'same'"), lambda: vmap(torch.sin, randomness='x')(x)),
    (NotImplementedError, ('chunk_size',), lambda: vmap(torch.sin, chunk_size=2)),
    (NotImplementedError, ('chunk_size',), lambda: jacrev(torch.sin, chunk_size=2)),
    (RuntimeError, ("['bias']", 'strict=True'),
     lambda: functional_call(nn.Linear(2, 1), {'weight': x}, x, strict=True)),
    (ValueError, ("['a']", 'multiple dict'),
     lambda: functional_call(nn.Linear(2, 1), ({'a': x}, {'a': x}), x)),
    (TypeError, ('3', 'torch.tensor()'), lambda: functional_call(nn.ReLU(), {'a': 3}, x)),
    (RuntimeError, ('at least one model',), lambda: stack_module_state([]))])
def test_what_torch_func_refuses(error, parts, act):
    with refused(error, *parts):
        act()
