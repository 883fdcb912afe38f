"""Module, Parameter, containers and nn.utils: what belongs to a network, and in which order."""

import copy
import gc
from collections import OrderedDict

import numpy as np
import pytest

import tinygrad_adam
from tinygrad_adam import nn, no_grad, tensor


def test_data_parallel_is_the_module_itself_where_no_gpu_is():
    net = nn.Linear(3, 2)
    parallel = nn.DataParallel(net, device_ids=[0, 1], output_device=0, dim=1)
    x = tensor([[1.0, 2.0, 3.0]])
    assert parallel.module is net and parallel.device_ids == []
    assert parallel(x).tolist() == net(x).tolist()
    assert [*parallel.state_dict()] == ['module.weight', 'module.bias']
    assert nn.parallel.DataParallel is nn.DataParallel


def ones(*shape):
    return nn.Parameter(tinygrad_adam.ones(*shape))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('steps', tinygrad_adam.zeros(1))
        self.scale = ones(2)
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
        self.last = nn.Linear(3, 1, bias=False)
        self.first = ones(1)
        self.register_buffer('cache', tinygrad_adam.zeros(2), persistent=False)

    def forward(self, x):
        return self.last(self.inner(x * self.scale))


NAMES = ['scale', 'first', 'inner.0.weight', 'inner.0.bias', 'last.weight']


def names(pairs):
    return [name for name, _ in pairs]


def test_a_parameter_shares_memory_and_computes_plain_tensors():
    data = tinygrad_adam.zeros(2)
    parameter = nn.Parameter(data)
    parameter.data.fill_(3.0)
    assert data.tolist() == [3.0, 3.0]
    assert parameter.requires_grad and parameter.is_leaf
    for result in (parameter * 2, parameter[0], parameter.clone(), parameter.detach()):
        assert type(result) is tinygrad_adam.Tensor
    assert nn.Parameter().shape == (0,)
    assert not nn.Parameter(data, requires_grad=False).requires_grad


def test_a_parameter_from_a_computed_tensor_is_a_leaf():
    source = ones(2)
    parameter = nn.Parameter(source * 2)
    parameter.sum().backward()
    assert parameter.is_leaf and parameter.grad.tolist() == [1.0, 1.0] and source.grad is None


def test_everything_is_found_in_order_of_definition():
    net = Net()
    assert names(net.named_parameters()) == NAMES
    assert [p for p in net.parameters()] == [p for _, p in net.named_parameters()]
    assert names(net.named_parameters(prefix='net', recurse=False)) == ['net.scale', 'net.first']
    assert names(net.named_buffers()) == ['steps', 'cache']
    assert names(net.named_children()) == ['inner', 'last']
    assert names(net.named_modules()) == ['', 'inner', 'inner.0', 'inner.1', 'last']
    assert names(net.named_modules(prefix='a'))[:2] == ['a', 'a.inner']
    assert list(net.modules())[1] is net.inner and list(net.children()) == [net.inner, net.last]
    assert list(net.state_dict()) == ['scale', 'first', 'steps'] + NAMES[2:]


def test_what_is_shared_is_found_once_but_saved_under_every_name():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU())
    net[1].weight = net[0].weight
    net.append(net[0])
    assert names(net.named_parameters()) == ['0.weight', '0.bias', '1.bias']
    assert len(list(net.children())) == 3 and len(list(net.modules())) == 4
    assert names(net.named_parameters(remove_duplicate=False)) == list(net.state_dict()) == [
        '0.weight', '0.bias', '1.weight', '1.bias', '3.weight', '3.bias']


def test_tied_weights_sum_their_gradients():
    a, b = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    b.weight = a.weight
    a.weight.data.fill_(3.0)
    b(a(tensor([[2.0]]))).sum().backward()
    assert a.weight.grad.item() == 2 * 3.0 * 2.0


def test_assigning_replaces_in_place_and_moves_between_kinds():
    net = Net()
    net.scale = ones(5)
    net.inner = nn.ReLU()
    assert names(net.named_parameters()) == ['scale', 'first', 'last.weight']
    assert net.scale.shape == (5,)
    net.last = ones(1)
    net.steps = None
    net.first = None
    assert names(net.named_parameters()) == ['scale', 'last']
    assert names(net.named_buffers()) == ['cache']
    net.first = ones(7)
    assert names(net.named_parameters()) == ['scale', 'first', 'last']
    net.cache = ones(1)
    assert 'cache' in net.state_dict() and names(net.named_buffers()) == []
    net.note = 'plain'
    net.note = nn.Tanh()
    assert net.note is net._modules['note'] and 'note' not in vars(net)


def test_a_buffer_stays_a_buffer_when_a_tensor_is_assigned():
    net = Net()
    net.steps = tinygrad_adam.ones(1)
    assert names(net.named_buffers()) == ['steps', 'cache']
    assert net.state_dict()['steps'].item() == 1


def test_deleted_attributes_are_gone():
    net = Net()
    net.note = 1
    for name in ('scale', 'inner', 'cache', 'note'):
        delattr(net, name)
        assert not hasattr(net, name)
        with pytest.raises(AttributeError):
            delattr(net, name)
    assert names(net.named_parameters()) == ['first', 'last.weight']
    net.cache = ones(1)
    assert 'cache' in net.state_dict()


def test_none_stands_for_a_parameter_or_module_that_could_be_there():
    layer = nn.Linear(2, 3, bias=False)
    assert layer.bias is None and list(layer.state_dict()) == ['weight']
    layer.register_module('after', None)
    assert layer.after is None and list(layer.children()) == []
    assert '(after): None' in repr(layer)


def early(value):
    class Early(nn.Module):
        def __init__(self):
            self.value = value
    return Early


class Late(nn.Module):
    def __init__(self):
        self.size = 3  # an ordinary attribute may come first, as in PyTorch


@pytest.mark.parametrize('error, message, act', [
    (AttributeError, r'before Module.__init__\(\) call', early(nn.Tanh())),
    (AttributeError, r'before Module.__init__\(\) call', early(nn.Parameter())),
    (AttributeError, r'super\(\).__init__\(\)', lambda: list(Late().parameters())),
    (AttributeError, "'Net' object has no attribute 'scales'", lambda: Net().scales),
    (AttributeError, r"'register_backward_hook': it is not .* register_full_backward_hook\(\)",
     lambda: Net().register_backward_hook(print)),
    (AttributeError, "'cuda': it is not implemented here. Leave it out", lambda: Net().cuda()),
    (AttributeError, "'half': it is not implemented here. Use float", lambda: Net().half()),
    (NotImplementedError, 'modules in a list or dict are called one by one',
     lambda: nn.ModuleList()(1)),
    (TypeError, "cannot assign 'Tensor' as parameter 'weight'",
     lambda: setattr(nn.Linear(1, 1), 'weight', tinygrad_adam.ones(1, 1))),
    (TypeError, "cannot assign 'Tanh' as parameter",
     lambda: setattr(nn.Linear(1, 1), 'weight', nn.Tanh())),
    (TypeError, "cannot assign 'int' as module", lambda: setattr(Net(), 'inner', 3)),
    (TypeError, "cannot assign 'list' as buffer", lambda: setattr(Net(), 'steps', [3])),
    (TypeError, "cannot assign 'int' as module '0'", lambda: nn.Sequential(3)),
    (TypeError, "cannot assign 'Tensor' as parameter",
     lambda: Net().register_parameter('p', tinygrad_adam.ones(1))),
    (KeyError, 'already exists', lambda: Net().register_parameter('forward', ones(1))),
    (KeyError, 'already exists', lambda: Net().register_buffer('inner', None)),
    (KeyError, 'contains', lambda: Net().add_module('a.b', nn.Tanh())),
    (KeyError, 'empty', lambda: Net().register_parameter('', None)),
    (ValueError, 'boolean', lambda: Net().train('yes')),
    (TypeError, 'floating point', lambda: Net().to(tinygrad_adam.int64)),
    (IndexError, 'range', lambda: nn.Sequential(nn.Tanh())[1]),
    (IndexError, 'range', lambda: nn.ModuleList([nn.Tanh()])[-2]),
])
def test_misuse_is_explained(error, message, act):
    with pytest.raises(error, match=message):
        act()


def test_train_and_eval_reach_every_module_and_heed_overrides():
    class Frozen(nn.Dropout):
        def train(self, mode=True):
            return super().train(False)

    net = nn.Sequential(nn.Sequential(nn.Tanh(), Frozen()), nn.Tanh())
    assert net.eval() is net and not any(module.training for module in net.modules())
    net.train()
    assert [module.training for module in net.modules()] == [True, True, True, False, True]


def test_apply_sees_inner_modules_first():
    seen = []
    net = nn.Sequential(nn.Sequential(nn.Tanh()), nn.ReLU())
    assert net.apply(lambda module: seen.append(type(module).__name__)) is net
    assert seen == ['Tanh', 'Sequential', 'ReLU', 'Sequential']


def test_gradients_are_forgotten_or_zeroed():
    net = Net()
    net(tinygrad_adam.ones(4, 2)).sum().backward()
    grad = net.scale.grad
    net.zero_grad(set_to_none=False)
    assert grad.tolist() == [0.0, 0.0] and net.first.grad is None
    net.zero_grad()
    assert all(parameter.grad is None for parameter in net.parameters())


def test_frozen_parameters_get_no_gradient():
    net = Net()
    assert net.inner.requires_grad_(False) is net.inner
    net(tinygrad_adam.ones(4, 2)).sum().backward()
    assert net.inner[0].weight.grad is None and net.last.weight.grad is not None


def test_double_changes_floating_point_tensors_and_keeps_their_identity():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    weight = net[0].weight
    net(tinygrad_adam.rand(3, 2)).sum().backward()
    assert net.double() is net and net[0].weight is weight and weight.requires_grad
    assert {t.dtype for t in net.state_dict().values() if t is not net[1].num_batches_tracked} == {
        tinygrad_adam.float64, tinygrad_adam.int64}
    assert weight.grad.dtype == weight.dtype == tinygrad_adam.float64
    net.to('cpu').to(tinygrad_adam.float32)
    assert net[1].running_var.dtype == tinygrad_adam.float32
    assert net.double().float()[0].weight.dtype == tinygrad_adam.float32


def test_a_loaded_state_is_copied():
    a, b = Net(), Net()
    state = a.state_dict()
    keys = b.load_state_dict(state)
    assert repr(keys) == '<All keys matched successfully>'
    x = tinygrad_adam.randn(3, 2)
    assert b(x).tolist() == a(x).tolist()
    a.scale.data.fill_(9.0)
    assert state['scale'].tolist() == [9.0, 9.0] and b.scale.tolist() == [1.0, 1.0]
    assert not state['scale'].requires_grad and b.scale.requires_grad and b.scale.is_leaf


def test_a_prefix_and_a_destination_collect_states():
    state = nn.Linear(1, 1).state_dict(prefix='a.')
    nn.Linear(1, 1).state_dict(destination=state, prefix='b.', keep_vars=True)
    assert list(state) == ['a.weight', 'a.bias', 'b.weight', 'b.bias']
    assert isinstance(state['b.weight'], nn.Parameter)


def test_a_state_that_does_not_fit_is_listed_when_all_that_fits_is_loaded():
    layer = nn.Linear(2, 3)
    before = layer.bias.tolist()
    with pytest.raises(RuntimeError) as error:
        layer.load_state_dict({'bias': tinygrad_adam.zeros(3), 'c': before, 'd': before})
    assert str(error.value) == ('Error(s) in loading state_dict for Linear:\n'
                                '\tMissing key(s) in state_dict: "weight". \n'
                                '\tUnexpected key(s) in state_dict: "c", "d". ')
    with pytest.raises(RuntimeError, match=r'size mismatch for bias.* shape \D*4.* model is \D*3'):
        layer.load_state_dict({'weight': layer.weight, 'bias': tinygrad_adam.zeros(4)}, False)
    assert layer.bias.tolist() == [0.0, 0.0, 0.0]


def test_without_strict_what_fits_is_loaded_and_the_rest_returned():
    layer = nn.Linear(2, 3)
    missing, unexpected = keys = layer.load_state_dict(
        {'bias': tinygrad_adam.zeros(3), 'c': None}, strict=False)
    assert missing == keys.missing_keys == ['weight']
    assert unexpected == keys.unexpected_keys == ['c']
    assert layer.bias.tolist() == [0.0, 0.0, 0.0]
    assert repr(keys) == "_IncompatibleKeys(missing_keys=['weight'], unexpected_keys=['c'])"


def test_a_forward_hook_sees_and_replaces_the_output():
    layer, seen = nn.Identity(), []
    first = layer.register_forward_hook(lambda module, args, output: seen.append((module, args)))
    second = layer.register_forward_hook(lambda module, args, output: output + 1)
    assert layer(1) == 2 and seen == [(layer, (1,))]
    first.remove(), second.remove(), second.remove()
    assert layer(1) == 1 and len(seen) == 1


def test_a_deep_copy_owns_its_parameters():
    net = Net()
    twin = copy.deepcopy(net)
    twin.scale.data.fill_(5.0)
    assert isinstance(twin.scale, nn.Parameter) and twin.scale.requires_grad
    assert net.scale.tolist() == [1.0, 1.0] and names(twin.named_parameters()) == NAMES


def test_a_module_is_freed_without_the_garbage_collector():
    import weakref
    gc.disable()
    try:
        net = Net()
        net(tinygrad_adam.ones(1, 2))
        gone = weakref.ref(net)
        del net
        assert gone() is None
    finally:
        gc.enable()


def test_a_repr_shows_own_settings_above_what_is_inside():
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.act = nn.ReLU()

        def extra_repr(self):
            return 'size=3\nwidth=4'

    assert repr(Block()) == 'Block(\n  size=3\n  width=4\n  (act): ReLU()\n)'


def test_sequential_calls_in_order_and_behaves_like_a_list():
    a, b, c = nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)
    net = nn.Sequential(a, b)
    assert net.append(c) is net and len(net) == 3 and list(net) == [a, b, c]
    assert net[0] is a and net[-1] is c
    assert type(net[1:]) is nn.Sequential and list(net[1:].state_dict()) == ['2.weight', '2.bias']
    x = tinygrad_adam.randn(4, 2)
    assert net(x).tolist() == c(b(a(x))).tolist()
    net[1] = nn.ReLU()
    assert isinstance(net[1], nn.ReLU) and names(net.named_children()) == ['0', '1', '2']
    assert names(net.extend([nn.Tanh(), nn.Tanh()]).named_children()) == list('01234')


def test_sequential_takes_names_from_an_ordered_dictionary():
    net = nn.Sequential(OrderedDict([('lin', nn.Linear(1, 1)), ('act', nn.Tanh())]))
    assert names(net.named_children()) == ['lin', 'act'] and net.lin is net[0]
    net[-1] = nn.ReLU()
    assert isinstance(net.act, nn.ReLU) and names(net[:1].named_children()) == ['lin']


def kinds(modules):
    return [(name, type(module).__name__) for name, module in modules._modules.items()]


def test_a_sequential_is_joined_repeated_and_taken_apart():
    net = nn.Sequential(nn.ReLU(), nn.Tanh())
    more = nn.Sequential(nn.Sigmoid())
    assert kinds(net + more) == [('0', 'ReLU'), ('1', 'Tanh'), ('2', 'Sigmoid')]
    assert kinds(more * 2) == kinds(2 * more) == [('0', 'Sigmoid'), ('1', 'Sigmoid')]
    net += more
    del net[0]
    assert kinds(net) == [('0', 'Tanh'), ('1', 'Sigmoid')]
    assert net.insert(-1, nn.ReLU()) is net
    assert kinds(net) == [('0', 'Tanh'), ('1', 'ReLU'), ('2', 'Sigmoid')]
    assert type(net.pop(1)) is nn.ReLU and kinds(net) == [('0', 'Tanh'), ('1', 'Sigmoid')]
    net *= 2
    del net[1:3]
    assert kinds(net) == [('0', 'Tanh'), ('1', 'Sigmoid')] and net(ones(1)).shape == (1,)
    assert kinds(net[::-1]) == [('1', 'Sigmoid'), ('0', 'Tanh')]


def test_a_module_list_is_joined_and_taken_apart():
    layers = nn.ModuleList([nn.ReLU()])
    layers += [nn.Tanh()]
    assert type(layers + [nn.Sigmoid()]) is nn.ModuleList
    assert kinds(layers + [nn.Sigmoid()]) == [('0', 'ReLU'), ('1', 'Tanh'), ('2', 'Sigmoid')]
    layers.insert(0, nn.Sigmoid())
    assert type(layers.pop(-1)) is nn.Tanh
    del layers[0]
    assert kinds(layers) == [('0', 'ReLU')]


def test_a_parameter_list_grows_and_is_sliced():
    values = nn.ParameterList([tinygrad_adam.ones(1)])
    assert repr(values) == ('ParameterList(  (0): Parameter containing: '
                            '[torch.float32 of size 1])')      # PyTorch's one line
    values += [tinygrad_adam.zeros(2), 'a']
    assert len(values) == 3 and len(list(values.parameters())) == 2 and values[-1] == 'a'
    assert type(values[1:]) is nn.ParameterList and values[::-1][1].tolist() == [0.0, 0.0]


NET = nn.Sequential(nn.ReLU(), nn.Tanh())
LIST = nn.ModuleList([nn.ReLU(), nn.Tanh()])


@pytest.mark.parametrize('error, message, act', [
    (ValueError, 'only objects of Sequential', lambda: NET + [nn.ReLU()]),
    (ValueError, 'only objects of Sequential', lambda: NET.__iadd__(LIST)),
    (ValueError, 'Non-positive multiplication factor 0', lambda: NET * 0),
    (TypeError, 'unsupported operand type', lambda: NET * 1.5),
    (TypeError, 'unsupported operand type', lambda: LIST * 2),
    (IndexError, 'index 5 is out of range', lambda: NET.insert(5, nn.ReLU())),
    (AssertionError, 'should be of type Module', lambda: NET.insert(0, 3)),
    (IndexError, 'index 2 is out of range: there are 2', lambda: NET.pop(2)),
    (IndexError, 'index -3 is out of range', lambda: LIST.__delitem__(-3)),
    (TypeError, 'called with an iterable', lambda: LIST.extend(5)),
    (TypeError, 'called with an iterable', lambda: nn.ModuleList(0)),
    (TypeError, 'iterable', lambda: nn.ModuleDict(0)),
    (TypeError, 'called with an iterable, but got Tensor',
     lambda: nn.ParameterList(tinygrad_adam.ones(2, 2))),
    (RuntimeError, 'should not be called', lambda: nn.ParameterList()()),
])
def test_what_no_list_of_modules_does_is_refused(error, message, act):
    with pytest.raises(error, match=message):
        act()


def test_a_deep_copy_of_a_parameter_has_no_gradient_and_that_of_a_tensor_has():
    parameter, leaf = ones(2), tinygrad_adam.ones(2, requires_grad=True)
    (parameter + leaf).sum().backward()
    assert copy.deepcopy(parameter).grad is None and parameter.grad.tolist() == [1.0, 1.0]
    assert copy.deepcopy(leaf).grad.tolist() == [1.0, 1.0]


def test_converted_buffers_are_new_tensors():
    layer = nn.BatchNorm1d(2)
    mean = layer.running_mean
    assert layer.double().running_mean is not mean and mean.dtype == tinygrad_adam.float32


def test_zeroed_gradients_stay_the_tensors_that_they_are():
    net = nn.Linear(2, 1)
    net(tinygrad_adam.ones(1, 2)).sum().backward()
    grad = net.weight.grad
    net.zero_grad(set_to_none=False)
    assert net.weight.grad is grad and grad.tolist() == [[0.0, 0.0]]


def test_modules_in_a_module_list_are_found():
    layers = nn.ModuleList(nn.Linear(1, 1) for _ in range(3))
    layers.append(nn.Tanh()).extend([nn.ReLU()])
    assert len(layers) == 5 and len(list(layers.parameters())) == 6
    assert isinstance(layers[-1], nn.ReLU) and [type(m) for m in layers] == [nn.Linear] * 3 + [
        nn.Tanh, nn.ReLU]
    assert type(layers[3:]) is nn.ModuleList and names(layers[3:].named_children()) == ['0', '1']


def with_gradients(*gradients):
    parameters = [nn.Parameter(tinygrad_adam.zeros(*np.shape(g))) for g in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = tensor(gradient)
    return parameters


@pytest.mark.parametrize('norm_type, norm', [
    (2.0, 13.0), (1, 19.0), (float('inf'), 12.0), ('inf', 12.0), (3, (27 + 64 + 1728) ** (1 / 3))])
def test_gradients_are_scaled_together_to_the_largest_norm(norm_type, norm):
    parameters = [*with_gradients([3.0, 4.0], [[-12.0]]), ones(1)]
    total = nn.utils.clip_grad_norm_(iter(parameters), 2.0, norm_type)
    assert total.item() == pytest.approx(norm, rel=1e-6)
    np.testing.assert_allclose(parameters[0].grad.numpy(), np.array([3, 4]) * 2 / norm, rtol=1e-6)
    np.testing.assert_allclose(parameters[1].grad.numpy(), [[-12 * 2 / norm]], rtol=1e-6)
    assert parameters[2].grad is None


@pytest.mark.parametrize('gradient, norm, after', [
    ([3.0, 4.0], 5.0, [3.0, 4.0]),
    ([0.0, 0.0], 0.0, [0.0, 0.0]),
    ([np.inf, 1.0], np.inf, [np.nan, 0.0]),
    ([np.nan, 1.0], np.nan, [np.nan, np.nan]),
])
def test_small_zero_and_infinite_norms_are_treated_as_in_pytorch(gradient, norm, after):
    parameter, = with_gradients(gradient)
    total = nn.utils.clip_grad_norm_(parameter, 5.1)
    np.testing.assert_equal(total.item(), norm)
    np.testing.assert_equal(parameter.grad.numpy(), np.array(after, 'f4'))
    assert total.dtype == tinygrad_adam.float32


def test_a_norm_that_is_not_finite_can_be_an_error():
    with pytest.raises(RuntimeError, match='non-finite'):
        nn.utils.clip_grad_norm_(with_gradients([np.inf]), 1.0, error_if_nonfinite=True)


def test_no_gradients_have_norm_zero():
    assert nn.utils.clip_grad_norm_([ones(2)], 1.0).item() == 0


def test_gradient_values_are_clipped_each():
    parameter, = with_gradients([-3.0, 0.5, 3.0])
    grad = parameter.grad
    nn.utils.clip_grad_value_([parameter, ones(1)], 1.0)
    assert grad.tolist() == [-1.0, 0.5, 1.0]


@pytest.mark.parametrize('foreach', [None, False, True])
def test_loops_that_are_faster_in_pytorch_clip_the_same(foreach):
    parameter, = with_gradients([3.0, 4.0])
    assert nn.utils.get_total_norm([parameter.grad], foreach=foreach).item() == 5
    assert nn.utils.clip_grad_norm_(parameter, 2.5, foreach=foreach).item() == 5
    np.testing.assert_allclose(parameter.grad.numpy(), [1.5, 2.0], rtol=1e-6)
    nn.utils.clip_grads_with_norm_(parameter, 1.0, ones(()) * 2, foreach=foreach)
    np.testing.assert_allclose(parameter.grad.numpy(), [0.75, 1.0], rtol=1e-6)
    nn.utils.clip_grad_value_(parameter, 0.5, foreach=foreach)
    assert parameter.grad.tolist() == [0.5, 0.5]


def test_parameters_become_one_vector_and_come_back():
    net = nn.Linear(2, 3)
    vector = nn.utils.parameters_to_vector(net.parameters())
    assert vector.shape == (9,) and vector.requires_grad
    assert vector.tolist()[6:] == net.bias.tolist()
    with no_grad():
        nn.utils.vector_to_parameters(vector * 2, net.parameters())
    assert net.bias.tolist() == (vector[6:] * 2).tolist() and net.weight.requires_grad


def test_modules_parameters_and_buffers_are_found_by_their_dotted_names():
    net = nn.Sequential(nn.Sequential(nn.Linear(2, 3)), nn.BatchNorm1d(3))
    assert net.get_submodule('') is net and net.get_submodule('0.0') is net[0][0]
    assert net.get_parameter('0.0.weight') is net[0][0].weight
    assert net.get_buffer('1.running_var') is net[1].running_var and net.cpu() is net


@pytest.mark.parametrize('library', ['tinygrad_adam', 'torch'])
def test_a_module_is_put_under_a_dotted_name(library):
    nn = pytest.importorskip(library).nn
    net = nn.Sequential(nn.Sequential(nn.Linear(2, 3)))
    net.set_submodule('0.0', nn.ReLU(), strict=True)
    net.set_submodule('0.more', nn.Tanh())
    net.set_submodule('last', nn.Tanh())
    assert [name for name, _ in net.named_modules()] == ['', '0', '0.0', '0.more', 'last']
    for target, module in [('', nn.ReLU()), ('0', 3)]:
        with pytest.raises(ValueError, match='Cannot set the submodule|is not an nn.Module'):
            net.set_submodule(target, module)
    for target, strict in [('1.0', False), ('0.new', True), ('0.training', False)]:
        with pytest.raises(AttributeError, match='no attribute|is not an nn.Module'):
            net.set_submodule(target, nn.ReLU(), strict)


@pytest.mark.parametrize('library', ['tinygrad_adam', 'torch'])
@pytest.mark.parametrize('call, words', [
    ("get_submodule('0.x')", 'no attribute `x`'), ("get_parameter('weight')", 'no attribute'),
    ("get_submodule('0.weight')", '`weight` is not an nn.Module'),
    ("get_parameter('0')", '`0` is not an nn.Parameter'),
    ("get_buffer('0.weight')", '`weight` is not a buffer')])
def test_names_under_which_there_is_nothing_of_the_kind_are_refused(library, call, words):
    library = pytest.importorskip(library)
    with pytest.raises(AttributeError) as caught:
        eval(f'net.{call}', {'net': library.nn.Sequential(library.nn.Linear(2, 3))})
    assert words in str(caught.value)


def test_parameter_dict_is_a_dictionary_of_parameters_as_in_pytorch():
    torch = pytest.importorskip('torch')
    found = []
    for library in (tinygrad_adam, torch):
        nn = library.nn
        it = nn.ParameterDict({'b': library.ones(2), 'a': nn.Parameter(library.ones(2, 3)), 'c': 4})
        it['d'] = library.zeros(1)
        it.update([('e', library.ones(1)), ('f', None)])
        texts = [repr(it), list(it), list(it.keys()), [name for name, _ in it.named_parameters()],
                 it.pop('c'), 'c' in it, len(it), it.get('x', 3), it['f'], [*it.state_dict()]]
        del it['a']
        texts += [list(it), [*map(type, dict(it.items()).values())][0] is nn.Parameter]
        it.clear()
        found.append([*texts, len(it), list(it.values())])
        with pytest.raises(AttributeError):
            it['a']
        with pytest.raises(RuntimeError, match='should not be called'):
            it(1)
    assert found[0] == found[1]
