"""torch.compile: a compiled call gives what the eager call gives, whatever has changed since."""
import copy
import warnings

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F

guards = pytest.importorskip('tinygrad_adam._compile.guards')


def eager(function):
    return function


def result(y, *leaves):
    """The value, whether it requires grad, its strides, and the gradients of its sum."""
    found = [y.detach().numpy().copy(), y.requires_grad, y.stride()]
    if y.requires_grad:
        for leaf in leaves:
            leaf.grad = None
        y.sum().backward()
    return found + [None if x.grad is None else x.grad.numpy().copy() for x in leaves]


def assert_same(found, expected):
    np.testing.assert_equal(found, expected)


def numbers(*shape):
    return torch.arange(float(np.prod(shape))).reshape(shape) / 7 + 0.5


# What each guard is for: things that happen between two calls.

def grad_mode(compile):
    w = numbers(3).requires_grad_()
    f = compile(lambda x: x * w)
    yield result(f(numbers(3)), w)
    with torch.no_grad():
        yield result(f(numbers(3)), w)


def a_tensor_is_replaced(compile):
    w = numbers(3)
    f = compile(lambda x: x * w)
    yield result(f(numbers(3)))
    w = numbers(3) + 1
    yield result(f(numbers(3)))


def a_number_changes(compile):
    scale = 2.0
    f = compile(lambda x: x * scale)
    yield result(f(numbers(3)))
    scale = 3.0
    yield result(f(numbers(3)))


def the_sign_of_zero_changes(compile):
    scale = 0.0
    f = compile(lambda x: 1 / (x * scale))
    yield result(f(numbers(3)))
    scale = -0.0
    yield result(f(numbers(3)))


def a_list_grows(compile):
    weights = [numbers(3)]
    f = compile(lambda x: sum(x * w for w in weights))
    yield result(f(numbers(3)))
    weights.append(numbers(3))
    yield result(f(numbers(3)))


def a_tuple_becomes_a_list(compile):
    f = compile(lambda pair: pair[0] * (2 if isinstance(pair, tuple) else 3))
    yield result(f((numbers(3),)))
    yield result(f([numbers(3)]))


def a_dictionary_grows(compile):
    scales = {'a': 2.0}
    f = compile(lambda x: x * sum(scales.values()))
    yield result(f(numbers(3)))
    scales['b'] = 3.0
    yield result(f(numbers(3)))


def an_argument_has_another_name(compile):
    f = compile(lambda **options: options['x'] if 'x' in options else options['y'] * 2)
    yield result(f(x=numbers(3)))
    yield result(f(y=numbers(3)))


def a_layer_is_appended(compile):
    net = nn.Sequential(nn.ReLU())
    f = compile(net)
    yield result(f(numbers(3)))
    net.append(nn.Tanh())
    yield result(f(numbers(3)))


def a_default_changes(compile):
    def double(x, scale=2.0):
        return x * scale

    f = compile(lambda x: double(x))
    yield result(f(numbers(3)))
    double.__defaults__ = 3.0,
    yield result(f(numbers(3)))


def a_name_of_python_is_taken(compile):
    space = {}
    exec('def f(x): return abs(x)', space)
    f = compile(space['f'])
    yield result(f(-numbers(3)))
    space['abs'] = lambda x: x * 2
    yield result(f(-numbers(3)))


def a_weight_is_frozen(compile):
    w = numbers(3).requires_grad_()
    f = compile(lambda x: x * w)
    yield result(f(numbers(3)), w)
    w.requires_grad_(False)
    yield result(f(numbers(3)), w)


def the_base_of_a_view_changes(compile):
    w = numbers(2, 3).requires_grad_()
    f = compile(lambda x: x * 3)
    base = w * 1
    view = base[0]
    f(view)
    base.mul_(2)
    yield result(f(view), w)


def a_batch_is_smaller(compile):
    f = compile(lambda x: x / len(x))
    yield result(f(numbers(4, 3)))
    yield result(f(numbers(2, 3)))


def a_parameter_has_another_shape(compile):
    w = numbers(3)
    f = compile(lambda x: x.sum() / w.numel())
    yield result(f(numbers(3)))
    w.data = numbers(4)
    yield result(f(numbers(3)))


def integers_come(compile):
    f = compile(lambda x: x.float() if x.is_floating_point() else x * 2)
    yield result(f(numbers(3)))
    yield result(f(torch.arange(3, dtype=torch.int32)))


def a_transposed_matrix_comes(compile):
    f = compile(torch.relu)
    yield result(f(numbers(2, 3)))
    yield result(f(numbers(3, 2).T))


def one_tensor_is_given_twice(compile):
    f = compile(lambda x, y: x * 2 + y)
    x, y = numbers(3).requires_grad_(), (numbers(3) + 1).requires_grad_()
    yield result(f(x, x), x)
    yield result(f(x, y), x, y)


def layers_toggle_their_mode(compile):
    net = nn.Sequential(nn.Linear(3, 3), nn.Sequential(nn.Dropout(0.5)))
    f = compile(net)
    yield result(f(numbers(2, 3)), *net.parameters())
    net[1][0].eval()
    yield result(f(numbers(2, 3)), *net.parameters())
    net.eval()
    yield result(f(numbers(2, 3)), *net.parameters())
    net.train()
    yield result(f(numbers(2, 3)), *net.parameters())


def weights_are_loaded_tied_and_replaced(compile):
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    f = compile(net)
    yield result(f(numbers(2, 3)), *net.parameters())
    net.load_state_dict({name: w * 2 for name, w in net.state_dict().items()})
    yield result(f(numbers(2, 3)), *net.parameters())
    net[0].weight.data = numbers(3, 3)
    yield result(f(numbers(2, 3)), *net.parameters())
    net[1].weight = net[0].weight
    yield result(f(numbers(2, 3)), *net.parameters())
    net[1].bias = None
    yield result(f(numbers(2, 3)), *net.parameters())
    net[0] = nn.Identity()
    yield result(f(numbers(2, 3)), *net.parameters())


def hooks_come_and_go(compile):
    net = nn.Linear(3, 3)
    f = compile(net)
    yield result(f(numbers(2, 3)), *net.parameters())
    handle = net.register_forward_hook(lambda module, args, output: output * 2)
    yield result(f(numbers(2, 3)), *net.parameters())
    handle.remove()
    yield result(f(numbers(2, 3)), *net.parameters())
    net.weight.register_hook(lambda g: g * 3)
    yield result(f(numbers(2, 3)), *net.parameters())


def an_attribute_changes(compile):
    class Scaled(nn.Module):
        offset = 1.0

        def __init__(self):
            super().__init__()
            self.scale = 2

        def forward(self, x):
            return self.scaled(x) + self.offset

        def scaled(self, x):
            return x * self.scale

    module = Scaled()
    f = compile(module)
    yield result(f(numbers(3)))
    module.scale = 3
    yield result(f(numbers(3)))
    Scaled.offset = 5.0
    yield result(f(numbers(3)))
    module.scaled = lambda x: x
    yield result(f(numbers(3)))
    Scaled.forward = lambda self, x: x * 7
    yield result(f(numbers(3)))


def a_function_of_a_function_changes(compile):
    space = {'torch': torch}
    exec('scale = 2.0\ndef g(x): return x * scale\ndef f(x): return g(x) + 1', space)
    f = compile(space['f'])
    yield result(f(numbers(3)))
    space['scale'] = 3.0
    yield result(f(numbers(3)))
    exec('def g(x): return x', space)
    yield result(f(numbers(3)))


SCENES = {
    'modes': [grad_mode],
    'identity': [a_tensor_is_replaced],
    'plain': [a_number_changes, the_sign_of_zero_changes],
    'length': [a_list_grows],
    'type': [a_tuple_becomes_a_list],
    'keys': [a_dictionary_grows, a_layer_is_appended],
    'code': [a_default_changes],
    'builtin': [a_name_of_python_is_taken],
    'requires_grad': [a_weight_is_frozen],
    'views': [the_base_of_a_view_changes],
    'shape': [a_batch_is_smaller, a_parameter_has_another_shape],
    'dtype': [integers_come],
    'order': [a_transposed_matrix_comes],
    'alias': [one_tensor_is_given_twice],
}


MORE = [an_argument_has_another_name, layers_toggle_their_mode, hooks_come_and_go,
        weights_are_loaded_tied_and_replaced, an_attribute_changes,
        a_function_of_a_function_changes]


def shown(scene, compile):
    torch.manual_seed(0)
    return [*scene(compile)], str(torch.get_rng_state())


@pytest.mark.parametrize('scene', [*sum(SCENES.values(), []), *MORE])
def test_a_call_notices_what_has_changed(scene):
    with warnings.catch_warnings():
        warnings.simplefilter('error')      # running eagerly would notice, too
        assert_same(shown(scene, torch.compile), shown(scene, eager))


@pytest.mark.parametrize('guard', guards.GUARDS)
def test_without_any_one_of_the_guards_a_call_would_be_wrong(guard, monkeypatch):
    always = '({0} := {1}._array) is not None' if guard == 'shape' else 'True'
    monkeypatch.setitem(guards.GUARDS, guard, always)
    for scene in SCENES[guard]:
        with pytest.raises(Exception):
            assert_same([*scene(torch.compile)], [*scene(eager)])
