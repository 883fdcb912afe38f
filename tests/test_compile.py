"""torch.compile: a compiled call gives what the eager call gives, whatever has changed since."""
import copy
import gc
import subprocess
import sys
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
import pytest

import compile_programs
import test_layers
import test_ops
import tinygrad_adam as torch
from helpers import arrays, every_row, function
from tinygrad_adam import nn
from tinygrad_adam._compile import guards, recording
from tinygrad_adam.nn import functional as F


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


def the_default_dtype_changes(compile):
    f = compile(lambda x: x / 3)
    yield result(f(torch.arange(3)))
    torch.set_default_dtype(torch.float64)
    try:
        yield result(f(torch.arange(3)))
    finally:
        torch.set_default_dtype(torch.float32)


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


def two_arguments_become_one(compile):
    f = compile(lambda q, k: q * 2 if q is k else q * 3)
    yield result(f(numbers(3), numbers(3)))
    x = numbers(3)
    yield result(f(x, x))


def an_argument_is_the_weight(compile):
    w = numbers(3)
    f = compile(lambda x: x * 2 if x is w else x * w)
    yield result(f(numbers(3)))
    yield result(f(w))


def a_subclass_gets_a_method(compile):
    class Base(nn.Module):
        offset = 1.0

        def forward(self, x):
            return x + self.offset

    class Derived(Base):
        pass

    f = compile(Derived())
    yield result(f(numbers(3)))
    Derived.offset = 5.0
    yield result(f(numbers(3)))
    Derived.forward = lambda self, x: x * 7
    yield result(f(numbers(3)))


def an_attribute_is_named_by_a_text(compile):
    class Scaled(nn.Module):
        scale = 2.0

        def forward(self, x):
            return x * getattr(self, 'scale')

    f = compile(Scaled())
    yield result(f(numbers(3)))
    Scaled.scale = 3.0
    yield result(f(numbers(3)))


def a_tensor_has_an_attribute(compile):
    w = numbers(3)
    w.scale = 2.0
    f = compile(lambda x: x * w.scale)
    yield result(f(numbers(3)))
    w.scale = 3.0
    yield result(f(numbers(3)))


def a_tensor_gets_an_attribute(compile):
    w = numbers(3)
    f = compile(lambda x: x * getattr(w, 'scale', 2.0))
    yield result(f(numbers(3)))
    w.scale = 3.0
    yield result(f(numbers(3)))


def an_attribute_has_a_computed_name(compile):
    class Scaled(nn.Module):
        scale_0, scale_1 = 2.0, 3.0

        def forward(self, x):
            return sum(x * getattr(self, f'scale_{i}') for i in range(2))

    f = compile(Scaled())
    yield result(f(numbers(3)))
    Scaled.scale_1 = 5.0
    yield result(f(numbers(3)))


def a_module_is_imported_inside(compile):
    settings = sys.modules['settings_of_this_test'] = ModuleType('settings_of_this_test')
    settings.scale, settings.offset = 2.0, 1.0

    def f(x):
        import settings_of_this_test
        from settings_of_this_test import offset
        return x * settings_of_this_test.scale + offset

    f = compile(f)
    yield result(f(numbers(3)))
    settings.scale = 3.0
    yield result(f(numbers(3)))
    settings.offset = 5.0
    yield result(f(numbers(3)))
    del sys.modules['settings_of_this_test']


def a_key_is_no_text(compile):
    scales = {torch.float32: 2.0, float('inf'): 3.0}
    f = compile(lambda x: x * scales[x.dtype])
    yield result(f(numbers(3)))
    scales[torch.float32] = 5.0
    yield result(f(numbers(3)))


SCENES = {
    'modes': [grad_mode],
    'default dtype': [the_default_dtype_changes],
    'plain': [a_number_changes, the_sign_of_zero_changes],
    'length': [a_list_grows],
    'type': [a_tuple_becomes_a_list],
    'keys': [a_dictionary_grows, a_layer_is_appended],
    'identity': [a_tensor_is_replaced, a_default_changes],
    'builtin': [a_name_of_python_is_taken],
    'requires_grad': [a_weight_is_frozen],
    'views': [the_base_of_a_view_changes],
    'shape': [a_batch_is_smaller, a_parameter_has_another_shape],
    'dtype': [integers_come],
    'order': [a_transposed_matrix_comes],
    'alias': [one_tensor_is_given_twice],
    'distinct': [two_arguments_become_one, an_argument_is_the_weight],
}


MORE = [an_argument_has_another_name, layers_toggle_their_mode, hooks_come_and_go,
        weights_are_loaded_tied_and_replaced, an_attribute_changes,
        a_function_of_a_function_changes, a_subclass_gets_a_method, an_attribute_is_named_by_a_text,
        a_tensor_has_an_attribute, a_tensor_gets_an_attribute, an_attribute_has_a_computed_name,
        a_module_is_imported_inside, a_key_is_no_text]


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


# Where there is no program, the call runs eagerly, and says so once.

def by_item(x):
    return x * x.sum().item()


def by_if(x):
    return x if x.sum() > 0 else -x


def by_float(x):
    return x * float(x[0])


def by_numpy(x):
    return x * torch.tensor(x.detach().numpy().max())


def by_numpy_on_the_left(x):
    return x.detach().numpy().sum() * x


def by_asarray(x):
    return x * torch.tensor(np.asarray(x.detach()).argmax())


def by_print(x):
    print(x)
    return x * 2


def by_iteration_over_values(x):
    return x * [1, 2, 3][int(x[0])]


def by_a_caught_error(x):
    try:
        return x * 2 + torch.ones(3)[(x * 4).long()]
    except (IndexError, RuntimeError):
        return x * 3


def by_backward(x):
    w = torch.ones(3, requires_grad=True)
    (x * w).sum().backward()
    return x * w.grad


def by_an_attribute(x):
    by_an_attribute.calls = 1
    return x * 2


def by_a_generator_of_numpy(x):
    return x * np.random.default_rng(0).random()


@pytest.mark.parametrize('function', [
    by_item, by_if, by_a_caught_error, by_float, by_numpy, by_numpy_on_the_left, by_asarray,
    by_print, by_iteration_over_values, by_backward, by_an_attribute, by_a_generator_of_numpy])
def test_what_depends_on_values_runs_eagerly_with_one_warning(function):
    f = torch.compile(function)
    with pytest.warns(UserWarning, match=rf'^{function.__name__}\(\) is not compiled: ') as heard:
        for x in (numbers(3), -numbers(3), numbers(3) + 1):
            assert f(x.clone()).tolist() == function(x.clone()).tolist()
    assert len(heard) == 1 and heard[0].filename == __file__


def test_an_array_and_a_shape_can_be_returned():
    f = torch.compile(lambda x: (x * 2, x.numpy()))
    with pytest.warns(UserWarning, match=r'not compiled: numpy\(\) asks for the values'):
        for x in (numbers(3), numbers(3) + 1):
            double, array = f(x)
            assert type(array) is np.ndarray and double.tolist() == (2 * array).tolist()
    assert torch.compile(lambda x: (x * 2, x.shape))(numbers(3))[1] == (3,)


def test_the_warning_names_the_line():
    line = by_if.__code__.co_firstlineno + 1
    message = f'item asks for the values of a tensor at line {line} of '
    with pytest.warns(UserWarning, match=message):
        torch.compile(by_if)(numbers(3))


def test_fullgraph_raises_instead():
    with pytest.raises(RuntimeError, match='by_if.. is not compiled'):
        torch.compile(by_if, fullgraph=True)(numbers(3))


def test_a_side_effect_on_a_list_is_seen():
    seen = []

    def f(x):
        seen.append(1)
        return x * 2

    with pytest.warns(UserWarning, match='it changes what it reads'):
        compiled = torch.compile(f)
        for _ in range(3):
            compiled(numbers(3))
    assert seen == [1, 1, 1]


def test_a_tensor_put_into_a_list_is_seen():
    def f(tensors):
        tensors[0] = tensors[0] * 2
        return tensors[0] + 1

    compiled = torch.compile(f)
    given = [numbers(3)]
    with pytest.warns(UserWarning, match='it changes what it reads'):
        compiled(given)
    compiled(given)
    np.testing.assert_array_equal(given[0].numpy(), (numbers(3) * 4).numpy())


@pytest.mark.parametrize('training', [False, True])
def test_running_statistics_may_come_to_share_memory(training):
    def scene(compile):
        one, two = nn.BatchNorm1d(3).train(training), nn.BatchNorm1d(3)
        f = compile(lambda x: two(x * 2) + one(x))
        yield result(f(numbers(4, 3)))
        one.running_mean.data = two.running_mean.data
        for k in range(3):
            yield result(f(numbers(4, 3) + k))
        yield result(one.running_mean)

    with pytest.warns(UserWarning, match='changed in place|have the same memory'):
        found = shown(scene, torch.compile)
    assert_same(found, shown(scene, eager))


def test_a_list_of_the_caller_stays_that_list():
    given = {'x': [numbers(3)]}
    compiled = torch.compile(lambda given: given['x'])
    with pytest.warns(UserWarning, match='a list is returned that the caller has already'):
        compiled(given)
    assert compiled(given) is given['x']


@pytest.mark.parametrize('function', [
    lambda x: x * 2 if x.grad is None else x * 3, lambda x: x * 2 if x.is_leaf else x * 3,
    lambda x: x * 2 if x.grad_fn is None else x * 3])
def test_what_the_graph_says_of_a_tensor_is_not_remembered(function):
    compiled, leaf = torch.compile(function), numbers(3).requires_grad_()
    with pytest.warns(UserWarning, match='is read, and so its next call'):
        compiled(leaf).sum().backward()
    inner = leaf * 1
    inner.retain_grad()
    for x in (leaf, inner):
        np.testing.assert_array_equal(compiled(x).detach().numpy(), function(x).detach().numpy())


def test_random_numbers_of_a_module_imported_inside_are_drawn_anew():
    def f(x):
        import random
        return x * random.random()

    compiled = torch.compile(f)
    with pytest.warns(UserWarning, match='random, module, may change unnoticed'):
        first = compiled(numbers(3))
    assert (compiled(numbers(3)) != first).all()


def test_eight_programs_are_kept_then_it_runs_eagerly_with_one_warning():
    f = torch.compile(lambda x: x.sum())
    with pytest.warns(UserWarning, match='recompile_limit') as heard:
        for n in [*range(1, 12), 1, 2, 3]:
            assert f(numbers(n)).item() == numbers(n).sum().item()
    assert len(heard) == 1 and len(f._calls.programs) == 8


def test_the_first_draw_seeds_a_generator_as_in_eager_mode():
    generator = torch.Generator()
    draw = torch.compile(lambda: torch.rand(3, generator=generator), fullgraph=True)
    draws = torch.stack([draw(), draw()])
    generator.manual_seed(generator.initial_seed())
    assert torch.equal(draws, torch.rand(2, 3, generator=generator))


def test_draws_from_a_tensor_are_compiled():
    def drawn(compile):
        torch.manual_seed(0)
        f = compile(lambda p: torch.bernoulli(p) * 2)
        return [f(torch.full((5,), 0.5)).tolist() for _ in range(3)]

    with warnings.catch_warnings():
        warnings.simplefilter('error')
        assert drawn(torch.compile) == drawn(eager)


def test_a_recording_holds_no_weights_which_an_optimizer_may_move():
    net = nn.Linear(3, 2)
    gc.disable()
    try:
        held = [sys.getrefcount(net.weight._array)]
        torch.compile(net)(numbers(4, 3)).sum().backward()
        held.append(sys.getrefcount(net.weight._array))
    finally:
        gc.enable()
    assert held[0] == held[1]


def test_a_recording_is_freed_at_once():
    net = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout(0.5), nn.LSTM(3, 2))
    gc.collect()
    gc.disable()
    try:
        torch.compile(net)(numbers(4, 3))
        kinds = {type(x) for x in gc.get_objects()}
    finally:
        gc.enable()
    assert not kinds & {recording.Recorder, recording.Traced}


def test_how_many_a_mask_chooses_is_not_remembered():
    def f(x):
        y = x * 1
        return (y[x > 0] * w[:1]).sum()

    w = numbers(3).requires_grad_()
    compiled = torch.compile(f)
    for x in (numbers(3), numbers(3) - 0.6, numbers(3)):
        assert_same(result(compiled(x), w), result(f(x), w))


def test_errors_are_those_of_the_eager_call():
    net = nn.Linear(3, 2)
    f = torch.compile(lambda x, y: F.cross_entropy(net(x), y))
    f(numbers(4, 3), torch.tensor([0, 1, 1, 0]))
    for x, y in [(numbers(4, 2), torch.tensor([0, 1, 1, 0])), (numbers(4, 3), torch.tensor([0, 1])),
                 (numbers(4, 3), torch.tensor([0, 1, 2, 0]))]:
        with pytest.raises((RuntimeError, IndexError, ValueError)) as expected:
            F.cross_entropy(net(x), y)
        with pytest.raises(expected.type) as found:
            f(x, y)
        assert str(found.value) == str(expected.value)


# Gradients.

def loss_of_two():
    w = numbers(3).requires_grad_()
    f = torch.compile(lambda x: (x * w * w).sum())
    f(numbers(3))
    return f(numbers(3)), w


def test_a_second_backward_needs_retain_graph():
    loss, w = loss_of_two()
    loss.backward(retain_graph=True)
    once = w.grad.clone()
    loss.backward()
    assert (w.grad == 2 * once).all()
    with pytest.raises(RuntimeError, match='second time'):
        loss.backward()


def test_second_derivatives_are_refused_as_in_pytorch():
    loss, w = loss_of_two()
    with pytest.raises(RuntimeError, match='does not currently support double backward'):
        torch.autograd.grad(loss, w, create_graph=True)


def test_a_weight_changed_before_backward_is_an_error():
    loss, w = loss_of_two()
    with torch.no_grad():
        w.mul_(2)
    with pytest.raises(RuntimeError, match='modified by an inplace operation'):
        loss.backward()


def test_an_output_changed_before_backward_is_an_error():
    w = numbers(3).requires_grad_()
    f = torch.compile(lambda x: (x * w).exp())
    for _ in range(2):
        y = f(numbers(3))
    y.add_(1)
    with pytest.raises(RuntimeError, match='modified by an inplace operation'):
        y.sum().backward()


def test_hooks_on_the_result_and_on_leaves_are_called():
    loss, w = loss_of_two()
    seen = []
    loss.register_hook(lambda g: seen.append(g.item()) or g * 2)
    w.register_hook(lambda g: g * 3)
    loss.backward()
    assert seen == [1.0] and torch.allclose(w.grad, 12 * numbers(3) * numbers(3))


def test_a_hook_inside_runs_eagerly():
    def f(x):
        y = x * w
        y.register_hook(lambda g: g * 2)
        return y.sum()

    w = numbers(3).requires_grad_()
    with pytest.warns(UserWarning, match='a tensor inside has a hook'):
        compiled = torch.compile(f)
        for _ in range(2):
            w.grad = None
            compiled(numbers(3)).backward()
    assert (w.grad == 2 * numbers(3)).all()


def test_only_the_wanted_gradients_are_found():
    a, b = numbers(3).requires_grad_(), numbers(3).requires_grad_()
    f = torch.compile(lambda: (a * b * b).sum())
    f()
    grad, = torch.autograd.grad(f(), b)
    assert (grad == 2 * numbers(3) * numbers(3)).all() and a.grad is None


def test_anomalies_are_detected():
    w = numbers(3).requires_grad_()
    f = torch.compile(lambda x: (x / w).sum())
    f(numbers(3))
    loss = f(numbers(3) * float('inf'))
    with pytest.raises(RuntimeError, match='nan'), torch.autograd.detect_anomaly():
        f(numbers(3) * 0 / (w * 0))
    with pytest.raises(RuntimeError), torch.autograd.detect_anomaly():
        (loss * 0).backward()


def test_each_output_may_be_walked_once_if_they_share_nothing():
    def grads(compile):
        f = compile(lambda x: ((x * w).exp(), (x * v).exp(), (x * v).sin()))
        for _ in range(2):
            a, b, c = f(numbers(3))
            yield [g.tolist() for g in (*torch.autograd.grad(a.sum(), w),
                                        *torch.autograd.grad((b * c).sum(), v))]
            with pytest.raises(RuntimeError, match='second time'):
                torch.autograd.grad(a.sum(), w)

    w, v = numbers(3).requires_grad_(), numbers(3).requires_grad_()
    assert [*grads(torch.compile)] == [*grads(eager)]


def test_gradients_flow_through_to_the_graph_before():
    w = numbers(3).requires_grad_()
    f = torch.compile(lambda x: (x * x).sum())
    for _ in range(2):
        w.grad = None
        f(w * 2).backward()
    assert (w.grad == 8 * numbers(3)).all()


def changes_inside(compile):
    def f(x):
        y = x * w
        y += 1
        y[0] = 5.0
        total = torch.zeros(3)
        for row in y.relu_():
            total += row
        return y * total.mul_(2)

    w = numbers(3).requires_grad_()
    f = compile(f)
    for n in (2, 2, 3, 2):
        yield result(f(numbers(n, 3) - 1), w)


def test_values_that_the_function_made_may_be_changed_in_place():
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        assert_same([*changes_inside(torch.compile)], [*changes_inside(eager)])


def changes_of_arguments(compile):
    def f(x, y):
        x += 1
        y.copy_(x * w)
        return x * 2 + y

    w = numbers(3).requires_grad_(False)
    f = compile(f)
    for k in range(3):
        x, y = numbers(3) + k, torch.zeros(3)
        yield result(f(x, y)), result(x), result(y)


def copies_inside(compile):
    def f(x):
        z, y = x * 2, torch.zeros(3)
        y.copy_(z)
        v = y.view(3, 1)
        return z, y, (v * w).sum()

    w = numbers(3, 1).requires_grad_()
    f = compile(f)
    for k in range(3):
        z, y, total = f(numbers(3) + k)
        z += 1
        yield result(z), result(y), result(total, w)
        z, y, total = f(numbers(3) + k)
        y += 1
        with pytest.raises(RuntimeError, match='modified by an inplace operation'):
            total.backward()


def test_arguments_may_be_changed_in_place_and_copies_are_copies():
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        assert_same([*changes_of_arguments(torch.compile)], [*changes_of_arguments(eager)])
        assert_same([*copies_inside(torch.compile)], [*copies_inside(eager)])


def test_a_change_of_what_backward_needs_is_the_eager_error():
    def f(x):
        y = (x * w).exp()
        y += 1
        return y.sum()

    w = numbers(3).requires_grad_()
    with pytest.warns(UserWarning, match='what backward needs is changed in place'):
        compiled = torch.compile(f)
        for _ in range(2):
            with pytest.raises(RuntimeError, match='modified by an inplace operation'):
                compiled(numbers(3)).backward()


# In company.

def test_compiled_functions_call_each_other():
    inner = torch.compile(lambda x: x * 2)
    outer = torch.compile(lambda x: inner(x) + 1)
    for f in (inner, outer, outer, inner):
        f(numbers(3))
    assert (outer(numbers(3)) == numbers(3) * 2 + 1).all()


def test_threads_may_record_and_compute_at_once():
    def work(i):
        w = (numbers(3) + i).requires_grad_()
        f = torch.compile(lambda x: (x * w).sum())
        for n in range(20):
            w.grad = None
            f(numbers(3) + n).backward()
            eager = (numbers(3) + n) * 1
            if not (w.grad == eager).all():
                return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(16)))


def test_a_module_keeps_its_attributes_and_gets_pytorchs_names():
    net = nn.Linear(3, 2)
    f = torch.compile(net)
    assert list(f.state_dict()) == ['_orig_mod.weight', '_orig_mod.bias']
    assert f.weight is net.weight and [*f.parameters()] == [*net.parameters()]
    assert not f.eval().training and not net.training
    f.factor = 3
    assert net.factor == 3 and len(torch.compile(nn.Sequential(net))) == 1


def test_a_compiled_module_can_be_copied():
    net = torch.compile(nn.Sequential(nn.Linear(3, 2)))
    net(numbers(4, 3))
    other = copy.deepcopy(net)
    with torch.no_grad():
        other._orig_mod[0].weight.zero_()
    for _ in range(2):
        assert not (other(numbers(4, 3)) == net(numbers(4, 3))).all()


def test_a_method_may_be_compiled():
    class Net(nn.Module):
        def __init__(self, scale):
            super().__init__()
            self.scale = scale

        @torch.compile
        def forward(self, x):
            return x * self.scale

    two, three = Net(2), Net(3)
    for net in (two, three, two, three):
        assert (net(numbers(3)) == numbers(3) * net.scale).all()


def test_numbers_are_drawn_once_although_a_check_fails():
    def shown(compile):
        f = compile(lambda x: F.embedding(i, torch.randn(3, 2)) * x)
        found = []
        for last in (2, 1, 3):
            torch.manual_seed(0)
            i.copy_(torch.tensor([0, last]))
            try:
                found.append(f(numbers(2, 2)).tolist())
            except (IndexError, RuntimeError) as error:
                found.append(str(error))
            found.append(str(torch.get_rng_state()))
        return found

    i = torch.tensor([0, 0])
    assert shown(torch.compile) == shown(eager)


def test_it_is_a_decorator_with_and_without_arguments():
    @torch.compile
    def f(x):
        """Doubles."""
        return x * 2

    @torch.compile(fullgraph=True)
    def g(x):
        return x * 3

    assert f.__doc__ == 'Doubles.' and f.__name__ == 'f'
    for _ in range(2):
        assert (f(numbers(3)) == numbers(3) * 2).all() and (g(numbers(3)) == numbers(3) * 3).all()


def test_what_is_not_built_is_refused():
    for options in ({'backend': 'tvm'}, {'backend': by_if}, {'options': {'max_autotune': True}}):
        with pytest.raises(NotImplementedError, match='NumPy'):
            torch.compile(by_if, **options)
    with pytest.raises(RuntimeError, match='Unrecognized mode=fast, should be one of: default'):
        torch.compile(by_if, mode='fast')
    with pytest.raises(RuntimeError, match="both can't be specified"):
        torch.compile(by_if, mode='default', options={})
    with pytest.raises(AssertionError, match='A callable function is expected'):
        torch.compile(3)
    assert torch.compile(by_if, disable=True) is by_if


@pytest.mark.parametrize('options', [
    dict(backend='eager'), dict(backend='aot_eager', dynamic=True), dict(backend='inductor'),
    dict(mode='default'), dict(mode='reduce-overhead', dynamic=False), dict(mode='max-autotune'),
    dict(options={})])
def test_backends_and_modes_of_pytorch_make_the_same_program(options):
    def f(x):
        return x.exp() * 2

    plain, chosen = torch.compile(f), torch.compile(f, **options)
    assert plain(numbers(3)).tolist() == chosen(numbers(3)).tolist()
    assert plain.code == chosen.code


def test_a_module_compiled_in_place_stays_what_it_is():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
    twin = copy.deepcopy(net)
    assert twin.compile(fullgraph=True, mode='max-autotune') is None
    assert repr(twin) == repr(net) and [*twin.state_dict()] == [*net.state_dict()]
    for step in range(4):
        results = []
        for model in (net, twin):
            torch.manual_seed(step)
            model.train(step < 2)
            model.zero_grad()
            model(numbers(5, 3)).sum().backward()
            results.append([p.grad.tolist() for p in model.parameters()])
        assert results[0] == results[1]
    assert 'def forward(' in twin.forward.code
    whole = torch.compile(lambda x: twin(x) * 2, fullgraph=True)
    for _ in range(2):
        assert whole(numbers(5, 3)).tolist() == (net(numbers(5, 3)) * 2).tolist()


def test_a_copy_of_a_module_compiled_in_place_has_programs_of_its_own():
    net = nn.Linear(3, 2)
    net.compile(fullgraph=True)
    expected = net(numbers(5, 3)).tolist()
    other = copy.deepcopy(net)
    with torch.no_grad():
        net.weight.zero_()
    assert other(numbers(5, 3)).tolist() == expected != net(numbers(5, 3)).tolist()
    plain = nn.Linear(3, 2)
    plain.compile(disable=True)
    assert 'forward' not in vars(plain)


def test_a_training_with_random_numbers_is_the_same_to_the_last_bit():
    def trained(compile):
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.ReLU(),
                            nn.Linear(8, 3))
        loss_of = compile(lambda x, y: F.cross_entropy(net(x), y))
        optimizer = torch.optim.Adam(net.parameters())
        losses = []
        for step in range(12):
            net.train(step % 5 != 4)
            x, y = torch.randn(6, 4), torch.randint(0, 3, (6,))
            optimizer.zero_grad()
            loss = loss_of(x, y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses, [*net.state_dict().items()], str(torch.get_rng_state())

    for found, expected in zip(trained(torch.compile), trained(eager)):
        assert str(found) == str(expected)


def test_random_programs_are_the_same_compiled():
    for seed in range(100):
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            text, difference, _ = compile_programs.compare(seed)
        assert difference is None, f'seed {seed}\n{text}\n{difference}'


def test_the_same_script_gives_the_losses_of_pytorch():
    pytorch = pytest.importorskip('torch')

    def losses(torch, make):
        net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.Tanh(),
                                  torch.nn.Linear(8, 3)).double()
        with torch.no_grad():
            for i, p in enumerate(net.parameters()):
                p.copy_(make(np.sin(np.arange(p.numel()) + i).reshape(tuple(p.shape))))
        optimizer = torch.optim.Adam(net.parameters())

        def loss_of(x, y):
            return torch.nn.functional.cross_entropy(net(x), y)

        loss_of = torch.compile(loss_of, **({'backend': 'eager'} if torch is pytorch else {}))
        found = []
        for step in range(10):
            x = make(np.cos(np.arange(24.0) * (step + 1)).reshape(6, 4))
            y = make(np.arange(6) % 3)
            optimizer.zero_grad()
            loss = loss_of(x, y)
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        return found

    np.testing.assert_allclose(losses(torch, torch.tensor), losses(pytorch, pytorch.tensor), 1e-9)


# Everything that exists: rows of operations, layers and losses.

def bits(x):
    """What can be seen of a result, a gradient or a buffer."""
    return None if x is None else (str(x.dtype), x.requires_grad, repr(x.tolist()))


def step_of(function, inputs, tensors=()):
    """The results and gradients of a call with these arrays, and what else has changed."""
    torch.manual_seed(0)
    xs = [torch.tensor(x, requires_grad=x.dtype.kind == 'f') if isinstance(x, np.ndarray) else x
          for x in inputs]
    for x in tensors:
        x.grad = None
    outputs = leaves_of(function(*[x * 1 if getattr(x, 'requires_grad', False) else x for x in xs]))
    roots = [y for y in outputs if y.requires_grad]
    if roots:
        torch.autograd.backward(roots, [torch.full_like(y, 0.7) for y in roots])
    given = [x.grad for x in xs if isinstance(x, torch.Tensor)]
    return [bits(x) for x in [*outputs, *given, *(x.grad for x in tensors), *tensors]], str(
        torch.get_rng_state())


def leaves_of(y):
    """The tensors in a result."""
    if isinstance(y, (tuple, list)):
        return [x for part in y for x in leaves_of(part)]
    return [y] if isinstance(y, torch.Tensor) else []


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@every_row(dict.fromkeys([*test_ops.EVERY, *test_ops.CONSTANT]))
def test_every_operation_gives_the_same_bits(row, dtype):
    f = function(torch, row[0], len(row) - 1)
    compiled = torch.compile(f)
    for k in range(3):
        inputs = [np.asarray(x * (1 - 0.01 * k), dtype) for x in arrays(row[1:])]
        try:
            expected = step_of(f, inputs)
        except (RuntimeError, TypeError):
            pytest.skip('not of this dtype')
        assert step_of(compiled, inputs) == expected


@pytest.mark.filterwarnings('ignore')
@pytest.mark.parametrize('case', test_layers.CASES, ids=[
    f'{case["expression"]}-{i}' for i, case in enumerate(test_layers.CASES)])
def test_every_layer_and_loss_gives_the_same_bits(case):
    torch.manual_seed(1)
    module = test_layers.make(case['expression']).double()
    other = copy.deepcopy(module)
    compiled = torch.compile(other)
    inputs = [x.numpy() if isinstance(x, torch.Tensor) else x for x in test_layers.inputs_of(case)]
    for mode in (True, True, False, False, True):
        module.train(mode)
        other.train(mode)
        assert step_of(compiled, inputs, [*other.parameters(), *other.buffers()]) == step_of(
            module, inputs, [*module.parameters(), *module.buffers()])


def test_hardly_a_row_runs_eagerly():
    """Or the two tests above would compare little."""
    eager = []
    for row in [*test_ops.EVERY, *test_ops.CONSTANT]:
        f = torch.compile(function(torch, f'{row[0]}', len(row) - 1))
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter('always')
            try:
                f(*[torch.tensor(x) * 1 for x in arrays(row[1:])])
            except (RuntimeError, TypeError):
                continue
        eager += [row[0] for w in heard if 'a view' not in str(w.message)]
    assert len(eager) <= 13


# The text.

def a_net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(18, 5), nn.BatchNorm1d(5), nn.GELU(), nn.Linear(5, 3))


def test_the_text_has_the_users_names_lines_and_shapes():
    model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
    loss_of = torch.compile(lambda x: model(x).sum())
    assert loss_of.code is None
    loss_of(numbers(4, 3))
    forward, backward = loss_of.code.split('def backward(')
    assert 'def forward(x, model_0_weight, model_0_bias):' in forward
    assert '# test_compile.py:' in forward and 'loss_of = torch.compile(lambda x: model' in forward
    assert 'x @ model_0_weight.T' in forward and '# (4, 2)' in forward
    assert 'd_model_0_weight = d_linear.T @ x  # (2, 3)' in backward


def test_a_large_constant_of_equal_elements_is_a_number_in_the_text():
    x, w = torch.randn(200, 200), torch.randn(200, 200).requires_grad_()
    x[0], x[1] = -0.0, float('nan')

    def f(x):
        return F.relu(x) * w + torch.full((200, 200), 0.25).T * x.T

    compiled = torch.compile(f)
    for _ in range(2):
        found, expected = [[a.tobytes() for a in (result(g(x), w)[i] for i in (0, -1))]
                           for g in (compiled, f)]
        assert found == expected
    assert 'np.maximum(0.0, x)' in compiled.code and 'np.full' not in compiled.code


def test_a_constant_exponent_without_dimensions_is_a_number():
    x = numbers(3).requires_grad_()

    def f(x):
        return x.pow(torch.tensor(-1.0))

    assert_same(result(torch.compile(f)(x), x), result(f(x), x))


DENSE = [nn.Linear(64, 512), nn.Tanh(), nn.Linear(512, 128), *[nn.Tanh() for _ in range(6)],
         nn.Linear(128, 10)]
IMAGES = [nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
          nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
          nn.Linear(64, 10)]


@pytest.mark.parametrize('layers, n', [(DENSE, 2048), (IMAGES, 64), (IMAGES, 512)])
def test_a_compiled_step_takes_no_more_memory_than_the_eager_one(layers, n):
    def peak(compile):
        net = nn.Sequential(*layers)
        loss_of = compile(lambda x, y: F.cross_entropy(net(x), y))
        x, y = torch.randn(n, 64), torch.zeros(n).long()
        tracemalloc.start()
        try:
            for _ in range(3):
                net.zero_grad()
                tracemalloc.reset_peak()    # of the first call is that of the recording
                before, _ = tracemalloc.get_traced_memory()     # with the program's own text
                loss_of(x, y).backward()
            return tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()

    assert peak(torch.compile) < 1.02 * peak(eager)


@pytest.mark.parametrize('several', [False, True])
def test_what_the_walk_back_frees_early_is_kept_for_another_one(several):
    def f(x):
        hidden = x.exp().tanh()     # 40 KB
        return (hidden.sum(), (hidden * hidden).sum()) if several else hidden.sum()

    def grads(compile):
        x = torch.full((100, 100), 0.5).requires_grad_()
        g, found = compile(f), []
        for _ in range(2):
            outputs = g(x)
            for retain_graph in True, False:
                torch.autograd.backward(outputs, retain_graph=retain_graph)
                found.append(x.grad.tolist())
        with pytest.raises(RuntimeError, match='second time'):
            torch.autograd.backward(outputs)
        return found

    assert grads(torch.compile) == grads(eager)


@pytest.mark.parametrize('several', [False, True])
def test_a_pool_goes_before_relu_where_nothing_else_reads_it(several):
    def grads(compile):
        torch.manual_seed(0)
        conv, x = nn.Conv2d(1, 2, 3), torch.randn(3, 1, 6, 6)
        f = compile(lambda x: (F.max_pool2d(F.relu(conv(x)), 2),
                               conv.weight.sum() * 2)[:1 + several])
        for k in range(2):
            conv.zero_grad()
            f(x - k)[0].square().sum().backward()
            yield conv.weight.grad.tolist(), conv.bias.grad.tolist()
        yield getattr(f, 'code', '')

    *expected, _ = grads(eager)
    *found, code = grads(torch.compile)
    assert found == expected
    assert ('np.maximum(zeros, max_pool' in code) == (not several)


@pytest.mark.parametrize('special', [-np.inf, np.nan, np.inf, -0.0])
def test_a_pool_that_goes_before_relu_finds_the_same_maxima(special):
    def grad(compile):
        x = torch.tensor([[-1, special, 2, 2], [special, special, -3, 1],
                          [special, -1, -2, -3], [-4, -1, -5, -2]])[None, None].requires_grad_()
        f = compile(lambda x: F.max_pool2d(F.relu(x * 2), 2))
        g = torch.tensor([[[[1, -np.inf], [2, np.nan]]]])
        for _ in range(2):
            x.grad = None
            f(x).backward(g)
        return x.grad.numpy().tobytes()

    assert grad(torch.compile) == grad(eager)


def test_what_is_not_needed_is_not_in_the_text():
    def f(x):
        x.exp()
        return x * 2

    compiled = torch.compile(f)
    compiled(numbers(3))
    assert 'exp' not in compiled.code


def test_a_saved_program_needs_numpy_alone(tmp_path):
    model = a_net()
    loss_of = torch.compile(lambda x, y: F.cross_entropy(model(x), y))
    x, y = torch.randn(6, 1, 8, 8), torch.tensor([0, 1, 2, 2, 1, 0])
    loss_of(x, y)
    loss_of.save(tmp_path / 'program.py')
    named = [*model.named_parameters(prefix='model'), *model.named_buffers(prefix='model')]
    given = {name.replace('.', '_'): w.detach().numpy().copy() for name, w in named}
    np.savez(tmp_path / 'given.npz', x=x.numpy(), y=y.numpy(), **given)
    loss = loss_of(x, y)
    loss.backward()
    script = '''
import inspect, sys
sys.modules['tinygrad_adam'] = None
import numpy as np, program
given = dict(np.load('given.npz'))
arguments = inspect.signature(program.forward).parameters
loss, saved = program.forward(*[given[name] for name in arguments])
names = list(inspect.signature(program.backward).parameters)
found = program.backward(np.ones_like(loss), *[given[name] for name in names[1:-1]], saved)
np.savez('found.npz', loss, *found)'''
    subprocess.run([sys.executable, '-c', script], cwd=tmp_path, check=True)
    found = np.load(tmp_path / 'found.npz')
    assert found['arr_0'] == loss.item()
    gradients = [found[f'arr_{i + 1}'] for i in range(len(found.files) - 1)]
    expected = [p.grad.numpy() for p in model.parameters()]
    for g in gradients:
        assert any(g.shape == e.shape and (g == e).all() for e in expected)
    assert len(gradients) == len(expected)


@pytest.mark.filterwarnings('ignore')
@every_row(dict.fromkeys([*test_ops.EVERY, *test_ops.CONSTANT]))
def test_a_saved_program_has_all_that_its_functions_use(row, tmp_path):
    compiled = torch.compile(function(torch, row[0], len(row) - 1))
    try:
        compiled(*[torch.tensor(x, requires_grad=True) for x in arrays(row[1:])])
        compiled.save(tmp_path / 'program.py')
    except (RuntimeError, TypeError):
        pytest.skip('there is no program')
    with np.errstate():     # which a program sets
        exec((tmp_path / 'program.py').read_text(encoding='utf-8'), {'__name__': 'program'})


def test_saving_before_the_first_call_says_so():
    with pytest.raises(RuntimeError, match='has no program yet'):
        torch.compile(by_if).save('program.py')
