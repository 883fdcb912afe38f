"""Lazy layers: their first call, and what they are before and after it."""
import copy

import pytest

import tinygrad_adam as ta
from helpers import refused
from tinygrad_adam import nn

LAYERS = [('LazyLinear(3)', (4, 5)), ('LazyLinear(3, bias=False)', (2, 3, 4)),
          ('LazyConv1d(4, 2, groups=2)', (3, 2, 6)), ('LazyConv2d(4, 3, padding=1)', (2, 3, 4, 4)),
          ('LazyConvTranspose1d(4, 2, groups=2)', (3, 2, 6)),
          ('LazyConvTranspose2d(4, 3, 2, bias=False)', (3, 4, 4)),
          ('LazyInstanceNorm1d(affine=True)', (4, 3, 5)),
          ('LazyInstanceNorm2d(track_running_stats=True)', (4, 3, 2, 2)),
          ('LazyConv2d(4, 3, bias=False)', (3, 4, 4)), ('LazyBatchNorm1d()', (4, 3)),
          ('LazyBatchNorm1d(affine=False, bias=False)', (4, 3)),
          ('LazyBatchNorm2d(track_running_stats=False)', (4, 3, 2, 2))]


def described(library, text, shape):
    layer = eval('nn.' + text, dict(nn=library.nn))
    before = repr(layer), [name for name, _ in layer.named_parameters()]
    found = layer(library.ones(shape))
    return (before, repr(layer), type(layer).__name__, tuple(found.shape),
            [(name, tuple(x.shape)) for name, x in layer.state_dict().items()])


@pytest.mark.parametrize('text, shape', LAYERS)
def test_lazy_layer_becomes_what_it_becomes_in_pytorch(text, shape):
    torch = pytest.importorskip('torch')
    assert described(ta, text, shape) == described(torch, text, shape)


def test_weights_are_drawn_as_those_of_the_layer_that_it_becomes():
    ta.manual_seed(3)
    lazy = nn.LazyLinear(3)
    lazy(ta.ones(2, 5))
    ta.manual_seed(3)
    assert lazy.weight.tolist() == nn.Linear(5, 3).weight.tolist()


def test_optimizer_that_was_made_before_the_first_call_moves_the_weights():
    net = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d(), nn.LazyLinear(1))
    optimizer = ta.optim.SGD(net.parameters(), lr=0.1)
    assert net[0].has_uninitialized_params()
    net(ta.rand(4, 5)).sum().backward()
    before = net[2].bias.item()
    optimizer.step()
    assert net[2].weight.shape == (1, 3) and net[2].weight.grad.shape == (1, 3)
    assert net[2].bias.item() == pytest.approx(before - 0.1 * 4)


def test_copy_of_a_lazy_layer_is_another_lazy_layer():
    lazy = nn.LazyLinear(3)
    other = copy.deepcopy(lazy)
    other(ta.ones(2, 5))
    assert type(lazy) is nn.LazyLinear and type(other) is nn.Linear
    assert lazy(ta.ones(2, 4)).shape == (2, 3)


def test_parameter_without_a_size_does_not_tell_it():
    weight = nn.LazyLinear(3).weight
    for ask in (lambda: weight.shape, lambda: weight.size(0)):
        with refused(RuntimeError, "Can't access the shape", 'Call the model once'):
            ask()
    with refused(ValueError, 'Attempted to use an uninitialized parameter', 'Call the model once'):
        weight.numel()
    assert repr(weight) == '<UninitializedParameter>'
