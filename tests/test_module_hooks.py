"""Hooks of modules, and their state: what is called when, with what, and what it may change."""
import copy
import warnings
from collections import OrderedDict

import numpy as np
import pytest

import tinygrad_adam
from tinygrad_adam import nn, no_grad, ones, tensor


def linear(library=tinygrad_adam):
    """y = [0.5 a - b + 1, 2 a + 3 b]."""
    layer = library.nn.Linear(2, 2)
    with library.no_grad():
        layer.weight.copy_(library.tensor([[0.5, -1.0], [2.0, 3.0]]))
        layer.bias.copy_(library.tensor([1.0, 0.0]))
    return layer


def x_of(library=tinygrad_adam, requires_grad=True):
    return library.tensor([[1.0, 2.0]], requires_grad=requires_grad)


# Forward.

def test_pre_hooks_replace_the_arguments_and_hooks_the_output_in_their_order():
    layer, seen = nn.Identity(), []
    layer.register_forward_pre_hook(lambda module, args: seen.append(args))
    layer.register_forward_pre_hook(lambda module, args: args[0] * 2)
    layer.register_forward_pre_hook(lambda module, args: (args[0] + 1,), prepend=True)
    layer.register_forward_hook(lambda module, args, output: output * 10)
    layer.register_forward_hook(lambda module, args, output: seen.append((args, output)))
    layer.register_forward_hook(lambda module, args, output: output + 5, prepend=True)
    assert layer(1) == 90 and seen == [(2,), ((4,), 90)]


def test_hooks_may_see_and_replace_keywords():
    class Scale(nn.Module):
        def forward(self, x, by=2):
            return x * by

    scale, seen = Scale(), []
    scale.register_forward_pre_hook(lambda module, args, kwargs: (args, {'by': kwargs['by'] + 1}),
                                    with_kwargs=True)
    scale.register_forward_hook(lambda module, args, kwargs, output: seen.append(kwargs),
                                with_kwargs=True)
    assert scale(5, by=3) == 20 and seen == [{'by': 4}]
    scale.register_forward_pre_hook(lambda module, args, kwargs: 3, with_kwargs=True)
    with pytest.raises(RuntimeError, match=r'None or a tuple of \(new_args, new_kwargs\)'):
        scale(5, by=3)


def test_a_hook_can_be_called_even_if_forward_fails():
    layer, seen = nn.Linear(2, 1), []
    layer.register_forward_hook(lambda *_: seen.append('usual'))
    layer.register_forward_hook(lambda module, args, output: seen.append(output), always_call=True)
    layer.register_forward_hook(lambda *_: 1 / 0, always_call=True)
    with pytest.warns(UserWarning, match='silenced'), pytest.raises(RuntimeError, match='linear'):
        layer(ones(3))
    assert seen == [None]


def test_the_same_function_may_be_a_hook_twice_and_each_handle_removes_one():
    layer, seen = nn.Identity(), []

    def hook(*_):
        seen.append('called')

    first, second = layer.register_forward_hook(hook), layer.register_forward_hook(hook)
    layer(1)
    first.remove()
    layer(1)
    second.remove()
    layer(1)
    assert len(seen) == 3


def test_a_module_may_have_an_attribute_called_hooks():
    class Watched(nn.Module):
        def __init__(self):
            super().__init__()
            self.hooks = [self.register_forward_hook(lambda module, args, output: output + 1)]

        def forward(self, x):
            return x

    assert Watched()(1) == 2


def test_hooks_of_a_deep_copy_are_its_own():
    layer = nn.Identity()
    handle = layer.register_forward_hook(lambda module, args, output: output + 1)
    twin = copy.deepcopy(layer)
    handle.remove()
    assert (layer(1), twin(1)) == (1, 2)


# Backward.

def test_a_backward_hook_sees_the_gradients_in_inputs_and_outputs():
    layer, x, seen = linear(), x_of(), []
    layer.register_full_backward_hook(
        lambda module, grad_input, grad_output: seen.append((module, grad_input, grad_output)))
    layer(x).sum().backward()
    (module, (into,), (out,)), = seen
    assert module is layer and into.tolist() == [[2.5, 2.0]] and out.tolist() == [[1.0, 1.0]]
    assert x.grad.tolist() == [[2.5, 2.0]] and layer.bias.grad.tolist() == [1.0, 1.0]


def test_backward_hooks_replace_gradients():
    layer, x = linear(), x_of()
    layer.register_full_backward_pre_hook(lambda module, grad_output: (grad_output[0] * 10,))
    layer.register_full_backward_hook(
        lambda module, grad_input, grad_output: (grad_input[0] + 1,))
    layer(x).sum().backward()
    assert x.grad.tolist() == [[26.0, 21.0]] and layer.bias.grad.tolist() == [10.0, 10.0]


def test_without_a_gradient_in_the_input_the_hook_is_told_so():
    layer, seen = linear(), []
    layer.register_full_backward_hook(
        lambda module, grad_input, grad_output: seen.append((grad_input, grad_output[0].tolist())))
    with pytest.warns(UserWarning, match='no inputs require gradients'):
        layer(x_of(requires_grad=False)).sum().backward()
    assert seen == [((None,), [[1.0, 1.0]])]


@pytest.mark.parametrize('register, returned', [
    ('register_full_backward_hook', lambda module, into, out: (into[0], into[0])),
    ('register_full_backward_pre_hook', lambda module, out: (out[0], out[0]))])
def test_a_wrong_number_of_gradients_is_refused(register, returned):
    layer = linear()
    getattr(layer, register)(returned)
    with pytest.raises(RuntimeError, match='invalid number of grad_.*got 2, but expected 1'):
        layer(x_of()).sum().backward()


def test_a_change_in_place_behind_a_backward_hook_is_refused():
    layer = nn.ReLU(inplace=True)
    layer.register_full_backward_hook(lambda *_: None)
    with pytest.raises(RuntimeError, match='inplace'):
        layer(x_of() * 2).sum().backward()


# Programs that log what they see; PyTorch logs the same.

class Pair(nn.Module):
    def forward(self, a, b, n=2):
        return a * b, a + b * n


def pairs(library):
    return type('Pair', (library.nn.Module,), {'forward': Pair.forward})()


def backward_log(module, log, name='backward'):
    module.register_full_backward_hook(lambda module, into, out: log(name, into, out))
    module.register_full_backward_pre_hook(lambda module, out: log(name, out))


def of_two_outputs_one_is_used(library, log):
    module, a, b = pairs(library), x_of(library), x_of(library)
    backward_log(module, log)
    module(a, b, 4)[0].sum().backward()
    log(a.grad, b.grad)


def one_input_requires_grad(library, log):
    module, a, b = pairs(library), x_of(library, False), x_of(library)
    backward_log(module, log)
    y, z = module(a, b)
    (y.sum() + 2 * z.sum()).backward()
    log(a.grad, b.grad)


def modules_in_modules(library, log):
    net = library.nn.Sequential(linear(library), library.nn.Tanh(), linear(library))
    x = x_of(library)
    for i, module in enumerate([*net, net]):
        backward_log(module, log, i)
    net(x).sum().backward()
    log(x.grad, net[0].weight.grad)


def a_module_called_twice(library, log):
    module, x = linear(library), x_of(library)
    backward_log(module, log)
    module(module(x)).sum().backward()
    log(x.grad, module.weight.grad)


def a_second_derivative(library, log):
    net, x = library.nn.Sequential(linear(library), library.nn.Tanh()), x_of(library)
    backward_log(net, lambda name, *gradients: log(name, len(gradients)))
    g, = library.autograd.grad(net(x).sum(), x, create_graph=True)
    g.pow(2).sum().backward()
    log(x.grad, net[0].weight.grad)


def a_retained_graph(library, log):
    module, x = linear(library), x_of(library)
    backward_log(module, log)
    loss = module(x).square().sum()
    loss.backward(retain_graph=True)
    loss.backward()
    log(x.grad)


def an_output_that_is_no_tensor(library, log):
    module = type('Named', (library.nn.Module,), {'forward': lambda self, x: {'y': x * 2}})()
    backward_log(module, log)
    module(x_of(library))['y'].sum().backward()


def hooks_of_state_dict(library, log):
    net = library.nn.Sequential(linear(library), linear(library))
    for i, module in enumerate([net, *net]):
        module.register_state_dict_pre_hook(lambda *args, i=i: log('pre', i, *args[1:]))
        module.register_state_dict_post_hook(
            lambda module, state, prefix, local, i=i: log('post', i, [*state], prefix, local))
    net.register_state_dict_post_hook(lambda module, state, *_: state.update(more=1))
    log([*net.state_dict(prefix='a.', keep_vars=True)])


def hooks_of_load_state_dict(library, log):
    net = library.nn.Sequential(linear(library), linear(library))
    state = net.state_dict()
    state['0.kernel'] = state.pop('0.weight')

    def rename(module, state, prefix, local, strict, *lists):
        log(prefix, [*state], local, strict, *lists)
        state[f'{prefix}weight'] = state.pop(f'{prefix}kernel')

    net[0].register_load_state_dict_pre_hook(rename)
    for i, module in enumerate([net, *net]):
        module.register_load_state_dict_post_hook(
            lambda module, keys, i=i: log('post', i, *map(list, keys)))
    net.register_load_state_dict_post_hook(lambda module, keys: keys.unexpected_keys.clear())
    log(*map(list, net.load_state_dict(state)))


def hooks_that_return(library, log):
    layer = linear(library)
    layer.register_load_state_dict_post_hook(lambda *_: 3)
    layer.load_state_dict(layer.state_dict())


def parts_of_a_state_by_hand(library, log):
    class Counted(library.nn.Linear):
        _version = 3
        count = 0

        def _save_to_state_dict(self, destination, prefix, keep_vars):
            super()._save_to_state_dict(destination, prefix, keep_vars)
            destination[f'{prefix}count'] = self.count

        def _load_from_state_dict(self, state, prefix, local, *rest):
            log(prefix, local.get('version'), *rest)
            self.count = state.pop(f'{prefix}count')
            super()._load_from_state_dict(state, prefix, local, *rest)

    net = library.nn.Sequential(Counted(1, 1), Counted(1, 1))
    net[1].count = 7
    state = net.state_dict()
    other = library.nn.Sequential(Counted(1, 1), Counted(1, 1))
    log([*state], *map(list, other.load_state_dict(state)), other[1].count)
    log(*map(list, other.load_state_dict(dict(state))))


def extra_state(library, log):
    class Extra(library.nn.Linear):
        extra = 1

        def get_extra_state(self):
            return {'extra': self.extra}

        def set_extra_state(self, state):
            self.extra = state['extra']

    net, other = [library.nn.Sequential(Extra(1, 1)) for _ in range(2)]
    net[0].extra = 9
    state = net.state_dict()
    log([*state], *map(list, other.load_state_dict(state)), other[0].extra)
    log(*map(list, library.nn.Sequential(library.nn.Linear(1, 1)).load_state_dict(state, False)))
    del state['0._extra_state']
    other.load_state_dict(state)


def a_module_that_saves_itself(library, log):
    class Marked(library.nn.Linear):
        def state_dict(self, *, destination=None, prefix='', keep_vars=False):
            state = super().state_dict(destination=destination, prefix=prefix, keep_vars=keep_vars)
            state[f'{prefix}mark'] = 1
            return state

    log([*library.nn.Sequential(Marked(1, 1)).state_dict()])


def what_else_is_converted(library, log):
    class Table(library.nn.Linear):
        def __init__(self):
            super().__init__(1, 1)
            self.table = library.ones(2)

        def _apply(self, fn, recurse=True):
            self.table = fn(self.table)
            return super()._apply(fn, recurse)

    net = library.nn.Sequential(Table())
    for convert in (net.double, net.float, lambda: net.to(library.float64)):
        convert()
        log(str(net[0].table.dtype).rpartition('.')[2])


def assigned_tensors(library, log):
    layer = linear(library)
    state = {'weight': library.ones(2, 2), 'bias': library.nn.Parameter(library.ones(2), False)}
    layer.load_state_dict(state, assign=True)
    state['weight'].fill_(4)
    log(layer.weight, layer.weight.requires_grad, layer.bias is state['bias'],
        layer.bias.requires_grad)


def a_scalar_of_one(library, log):
    module = library.nn.Module()
    module.scale = library.nn.Parameter(library.tensor(1.0))
    module.load_state_dict({'scale': library.tensor([5.0])})
    log(module.scale)
    module.load_state_dict({'scale': library.tensor([5.0, 6.0])})


def old_batch_norms(library, log):
    layer = library.nn.BatchNorm1d(2)
    layer.num_batches_tracked.fill_(4)
    state = layer.state_dict()
    del state['num_batches_tracked']
    log(*map(list, library.nn.BatchNorm1d(2).load_state_dict(dict(state))))
    log(*map(list, layer.load_state_dict(dict(state))), layer.num_batches_tracked)
    library.nn.BatchNorm1d(2).load_state_dict(state)      # its version says that it has the count


def batch_norm_without_a_count(library, log):
    layer = library.nn.BatchNorm1d(2, momentum=None)
    layer.num_batches_tracked = None
    layer(library.tensor([[1.0, 2.0], [3.0, 5.0]]))
    log(layer.running_mean, [*layer.state_dict()])


def no_state(library, log):
    linear(library).load_state_dict('')


def a_state_of_lists(library, log):
    linear(library).load_state_dict({'weight': [[1, 2], [3, 4]], 'bias': library.ones(2)})


def plain(library, x):
    """What was logged, without what differs by library."""
    if isinstance(x, library.Tensor):
        return [type(x).__name__ == 'Parameter', x.requires_grad,
                np.round(x.detach().numpy(), 4).tolist()]
    if isinstance(x, (list, tuple)):
        return [plain(library, y) for y in x]
    return x


def logged(library, program):
    log = []
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter('always')
        try:
            program(library, lambda *args: log.append(plain(library, args)))
        except Exception as error:
            log.append(type(error).__name__)
    return repr([*log, [warning.category.__name__ for warning in told]]).replace('-0.0', '0.0')


@pytest.mark.parametrize('program', [
    of_two_outputs_one_is_used, one_input_requires_grad, modules_in_modules,
    a_module_called_twice, a_retained_graph, an_output_that_is_no_tensor, hooks_of_state_dict,
    hooks_of_load_state_dict, hooks_that_return, parts_of_a_state_by_hand, extra_state,
    a_second_derivative, a_module_that_saves_itself, what_else_is_converted, assigned_tensors,
    a_scalar_of_one, old_batch_norms, batch_norm_without_a_count, no_state, a_state_of_lists],
    ids=lambda program: program.__name__)
def test_a_program_sees_what_it_sees_in_pytorch(program):
    torch = pytest.importorskip('torch')
    assert logged(tinygrad_adam, program) == logged(torch, program)


# State, without PyTorch.

def test_extra_state_is_saved_and_comes_back():
    class Extra(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = []

        def get_extra_state(self):
            return self.words

        def set_extra_state(self, state):
            self.words = state

    net, other = nn.Sequential(Extra()), nn.Sequential(Extra())
    net[0].words = ['a', 'b']
    state = net.state_dict()
    other.load_state_dict(state)
    assert state == {'0._extra_state': ['a', 'b']} and other[0].words == ['a', 'b']


def test_half_an_extra_state_is_refused():
    class Half(nn.Module):
        def set_extra_state(self, state):
            """Takes what nothing gives."""

    with pytest.raises(RuntimeError, match='Missing key.*_extra_state'):
        Half().load_state_dict(Half().state_dict())


def test_the_versions_of_modules_are_beside_their_state():
    state = nn.Sequential(nn.BatchNorm1d(1)).state_dict()
    assert state._metadata == {'': {'version': 1}, '0': {'version': 2}}
    assert type(state) is OrderedDict


def test_a_batch_norm_of_before_the_count_is_loaded():
    layer = nn.BatchNorm1d(1)
    state = dict(layer.state_dict())
    del state['num_batches_tracked']
    assert layer.load_state_dict(state).missing_keys == []


def test_attributes_that_are_inside_are_listed():
    net = nn.Sequential(nn.Linear(1, 1))
    net.last = nn.Tanh()
    assert {'last', 'training', 'append'} <= {*dir(net)} and '0' not in dir(net)
    assert {'weight', 'bias'} <= {*dir(net[0])}


def test_batch_norm_refuses_an_eps_that_divides_by_zero_in_training():
    layer = nn.BatchNorm1d(1, eps=0.0)
    with pytest.raises(ValueError, match='eps must be positive during training'):
        layer(ones(3, 1))
    with no_grad():
        assert layer.eval()(tensor([[2.0]])).tolist() == [[2.0]]
