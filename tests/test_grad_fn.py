"""What a tensor tells of its graph, and which of its attributes may be set; as in PyTorch."""
import gc
import weakref

import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import autograd

F = torch.nn.functional


def leaf(*shape):
    return torch.ones(shape or (2,), requires_grad=True)


# The nodes

@pytest.mark.parametrize('function, name', [
    (lambda x: x + 1, 'AddBackward0'), (lambda x: x * 2, 'MulBackward0'),
    (lambda x: -x, 'NegBackward0'), (lambda x: x @ x, 'MmBackward0'),
    (lambda x: F.linear(x, x, x[0]), 'AddmmBackward0'), (lambda x: x.relu(), 'ReluBackward0'),
    (lambda x: F.log_softmax(x, 1), 'LogSoftmaxBackward0'), (lambda x: x[[0]], 'IndexBackward0'),
    (lambda x: F.cross_entropy(x, torch.tensor([0, 1])), 'NllLossBackward0'),
    (lambda x: x.expand(3, 2, 2), 'ExpandBackward0'), (lambda x: x.view(4), 'ViewBackward0'),
    (lambda x: F.conv2d(x[None, None], x[None, None]), 'ConvolutionBackward0'),
    (lambda x: F.max_pool2d(x[None, None], 2), 'MaxPool2DWithIndicesBackward0'),
    (lambda x: x.double(), 'ToCopyBackward0')])
def test_each_operation_has_a_class_of_nodes_with_the_name_of_pytorch(function, name):
    node, other = function(leaf(2, 2)).grad_fn, function(leaf(2, 2)).grad_fn
    assert type(node).__name__ == node.name() == name
    assert type(node) is type(other) and isinstance(node, autograd.graph.Node)
    assert str(node).startswith(f'<{name} object at 0x')


def test_next_functions_lead_to_what_came_before():
    x, w = leaf(), leaf()
    y = x * w
    loss = (y.relu() + 3).sum()
    total, = loss.grad_fn.next_functions
    addition = total[0].next_functions
    assert [(node and node.name(), i) for node, i in addition] == [('ReluBackward0', 0), (None, 0)]
    assert addition[0][0].next_functions == ((y.grad_fn, 0),)
    assert [node.variable for node, _ in y.grad_fn.next_functions] == [x, w]


def test_an_argument_without_gradient_leaves_its_place_empty():
    x, w = torch.ones(2), leaf()
    assert (x * w).grad_fn.next_functions[0] == (None, 0)
    assert (w * x).grad_fn.next_functions[1] == (None, 0)
    assert (w * 2).grad_fn.next_functions[1] == (None, 0)


def test_a_graph_ends_at_accumulators_of_its_leaves():
    x = leaf()
    (first, _), (second, _) = (x * x).grad_fn.next_functions
    assert first is second is x.exp().grad_fn.next_functions[0][0]
    assert first.variable is x and first.next_functions == ()
    assert first.name() == 'torch::autograd::AccumulateGrad'
    assert type(first).__name__ == 'AccumulateGrad'


def test_a_leaf_whose_graph_was_looked_at_is_freed_with_its_last_reference():
    x = leaf()
    y = x * 2
    assert y.grad_fn.next_functions[0][0].variable is x
    gone = weakref.ref(x)
    gc.disable()
    try:
        del x, y
        assert gone() is None
    finally:
        gc.enable()


def test_nodes_of_a_function_have_its_name_and_lead_to_its_arguments():
    class Scaled(autograd.Function):
        @staticmethod
        def forward(ctx, x, factor, y):
            return x * factor, y * factor

        @staticmethod
        def backward(ctx, g, h):
            return g, None, h

    x, y = leaf(), torch.ones(2)
    for output in Scaled.apply(x * 1, 3.0, y):
        assert output.grad_fn.name() == output.grad_fn.__class__.__name__ == 'ScaledBackward'
        names = [node and node.name() for node, _ in output.grad_fn.next_functions]
        assert names == ['MulBackward0', None]


def test_a_node_takes_notes():
    node = (leaf() * 2).grad_fn
    node.metadata['line'] = 5
    assert node.metadata == {'line': 5} and (leaf() * 2).grad_fn.metadata == {}


# What may be set and deleted

def test_a_gradient_can_be_deleted_as_often_as_one_likes():
    x = leaf()
    for _ in range(2):
        (x * 2).sum().backward()
        del x.grad
        assert x.grad is None
        del x.grad
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_no_tensor_is_its_own_gradient():
    for x in (leaf(), torch.ones(2), torch.nn.Parameter(torch.ones(2))):
        with refused(RuntimeError, "can't assign Variable as its own grad", 'clone()'):
            x.grad = x
        assert x.grad is None
        x.grad = x.detach()
        assert x.grad.tolist() == [1, 1]


def test_data_is_set_from_tensors_of_fractions_if_it_requires_grad():
    for x in (leaf(), leaf() * 2, torch.nn.Parameter(torch.ones(2))):
        for dtype in (torch.int64, torch.uint8, torch.bool):
            with refused(RuntimeError, 'data set to a tensor that requires gradients must be '
                         'floating point', str(dtype), 'float()'):
                x.data = torch.ones(2, dtype=dtype)
        x.data = torch.zeros(3, dtype=torch.float64)
        assert x.requires_grad and x.dtype == torch.float64 and x.tolist() == [0, 0, 0]
    y = torch.ones(2)
    y.data = torch.tensor([1, 2])
    assert y.dtype == torch.int64


@pytest.mark.parametrize('value', [3.0, [1.0, 2.0], None])
def test_data_that_is_no_tensor_is_refused(value):
    with refused(TypeError, 'Variable data has to be a tensor, but got', type(value).__name__):
        leaf().data = value


def test_data_cannot_be_deleted():
    with refused(RuntimeError, 'Deleting tensor data is not allowed', 'Delete tensor'):
        del leaf().data


@pytest.mark.parametrize('view', [
    lambda y: y[1:], lambda y: y.view(2, 2), lambda y: y.view(2, 2).t(), lambda y: y.unsqueeze(0),
    lambda y: y.expand(2, 4), lambda y: y.split(2)[0], lambda y: y.unbind()[0],
    lambda y: next(iter(y)), lambda y: y.narrow(0, 1, 2), lambda y: y.chunk(2)[1]])
def test_a_view_cannot_be_detached_in_place(view):
    for base in (leaf(4) * 2, leaf(4), torch.ones(4)):
        with refused(RuntimeError, "Can't detach views in-place", 'Use detach() instead'):
            view(base).detach_()


@pytest.mark.parametrize('own', [
    lambda y: y, lambda y: y.clone(), lambda y: y.detach(), lambda y: y.sum(), lambda y: y[[0, 1]],
    lambda y: y.contiguous(), lambda y: y.flatten()])
def test_what_is_no_view_can_be_detached_in_place(own):
    y = own(leaf(4) * 2)
    assert y.detach_() is y and not y.requires_grad and y.is_leaf


@pytest.mark.parametrize('value', [1, 0, None, 'yes'])
def test_requires_grad_is_true_or_false(value):
    x = torch.ones(2)
    with refused(RuntimeError, 'requires_grad must be a bool'):
        x.requires_grad = value
    with refused(TypeError, 'requires_grad_()', 'must be bool'):
        x.requires_grad_(value)
    assert x.requires_grad is False


# Operations with several outputs

class Scaled(autograd.Function):
    """Two and three times x."""

    @staticmethod
    def forward(ctx, x):
        return 2 * x, 3 * x

    @staticmethod
    def backward(ctx, g, h):
        return 2 * g + 3 * h


SEVERAL = [lambda x: x.unbind(), lambda x: x.split(1), lambda x: x.split([1, 1]),
           lambda x: x.chunk(2), lambda x: torch.split(x, 1), lambda x: tuple(x),
           Scaled.apply]


@pytest.mark.parametrize('several', SEVERAL)
def test_hooks_of_several_outputs_are_called_in_their_order_and_with_none_where_unused(several):
    calls = []
    for used in (1, 2):
        outputs = several(leaf(2, 3) * 1)
        for name, output in zip('ab', outputs):
            output.register_hook(lambda g, name=name: calls.append((name, g is None)))
        sum(output.sum() for output in outputs[:used]).backward()
    assert calls == [('a', False), ('b', True), ('a', False), ('b', False)]


@pytest.mark.parametrize('several', SEVERAL)
def test_of_several_outputs_each_knows_its_number(several):
    outputs = several(leaf(2, 3))
    assert [output.output_nr for output in outputs] == [0, 1]
    assert len({output.grad_fn.name() for output in outputs}) == 1
    assert (outputs[1] * 2).output_nr == leaf(2).output_nr == 0


@pytest.mark.parametrize('several', SEVERAL)
def test_a_hook_makes_no_gradient_where_none_arrives(several):
    a, b = several(leaf(2, 3))
    b.register_hook(lambda g: torch.ones(3))
    with refused(RuntimeError, "can't replace a None gradient", 'Return None'):
        a.sum().backward()


@pytest.mark.parametrize('several', SEVERAL[:-1])
@pytest.mark.parametrize('create_graph', [False, True])
def test_the_gradients_of_pieces_are_put_together(several, create_graph):
    x = torch.arange(6.0).reshape(2, 3).requires_grad_()
    a, b = several(x)
    total = (a * a).sum() + (b * 3).sum() + a.sum()
    g, = autograd.grad(total, x, create_graph=create_graph)
    assert g.tolist() == [[1, 3, 5], [3, 3, 3]]
    if create_graph:
        g.sum().backward()
        assert x.grad.tolist() == [[2, 2, 2], [0, 0, 0]]


def test_pieces_have_the_names_of_pytorch():
    names = [pieces[0].grad_fn.name() for pieces in
             (leaf(2).unbind(), leaf(2).split(1), leaf(2).chunk(2))]
    assert names == ['UnbindBackward0', 'SplitBackward0', 'SplitBackward0']


@pytest.mark.parametrize('name', ['register_hook', 'register_prehook'])
def test_a_node_takes_no_hook(name):
    with refused(NotImplementedError, f'MulBackward0.{name}()', 'of the tensor'):
        getattr((leaf(2) * 2).grad_fn, name)(print)
