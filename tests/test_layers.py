"""Layers, losses and initialisation: the values, gradients and texts of PyTorch 2.13."""

import json
import math
import pathlib
from collections import OrderedDict

import numpy as np
import pytest

import tinygrad_adam
from helpers import refused, tolerance
from tinygrad_adam import nn

STORED = json.loads((pathlib.Path(__file__).parent / 'fixtures' / 'layers.json').read_text())
CASES = STORED['cases']
NAMES = {'nn': nn, 'torch': tinygrad_adam, 'OrderedDict': OrderedDict}


def make(expression):
    return eval(expression, dict(NAMES))


def tensor(value):
    return tinygrad_adam.tensor(np.array(value))


def inputs_of(case):
    return [x if x is None or isinstance(x, bool) else tensor(x) for x in case['inputs']]


def joined(output):
    """All that a layer returns, in one tensor."""
    if isinstance(output, tinygrad_adam.Tensor):
        return output
    return tinygrad_adam.cat([joined(x).reshape(-1) for x in output if x is not None])


def assert_close(ours, stored, allowed=1e-12):
    np.testing.assert_allclose(ours.detach().numpy(), np.array(stored), rtol=allowed, atol=1e-12)
    assert ours.shape == np.shape(stored)


@pytest.fixture(params=CASES, ids=[f'{case["expression"]}-{i}' for i, case in enumerate(CASES)])
def case(request):
    return request.param


def test_values_gradients_and_running_statistics_are_those_of_pytorch(case):
    module = make(case['expression']).double().train(case['training'])
    module.load_state_dict({name: tensor(value) for name, value in case['state'].items()})
    input, *others = inputs_of(case)
    input.requires_grad_(input.is_floating_point())
    # A leaf that requires grad may not be changed in place, which inplace=True does in PyTorch.
    output = joined(module(input.clone() if 'inplace' in case['expression'] else input, *others))
    (output * tensor(case['weights'])).sum().backward()
    assert_close(output, case['output'])
    gradients = {'input': input.grad} if input.is_floating_point() else {}
    gradients.update({name: p.grad for name, p in module.named_parameters()})
    assert list(gradients) == list(case['gradients'])
    for name, gradient in gradients.items():
        assert_close(gradient, case['gradients'][name], tolerance(case['expression'], 1e-12))
    for name, buffer in module.named_buffers():
        assert_close(buffer, case['state after'][name])


def test_state_names_and_order_are_those_of_pytorch(case):
    assert list(make(case['expression']).state_dict()) == list(case['state'])


def test_a_layer_prints_as_in_pytorch(case):
    assert repr(make(case['expression']).double()) == case['repr']


@pytest.mark.parametrize('expression', STORED['reprs'])
def test_settings_and_containers_print_as_in_pytorch(expression):
    assert repr(make(expression)) == STORED['reprs'][expression]


def test_float32_stays_float32(case):
    module = make(case['expression']).train(case['training'])
    inputs = [x.float() if getattr(x, 'dtype', None) == tinygrad_adam.float64 else x
              for x in inputs_of(case)]
    output = joined(module(*inputs))
    assert output.dtype == tinygrad_adam.float32
    if list(module.parameters()):
        output.sum().backward()
    assert {p.grad.dtype for p in module.parameters()} <= {tinygrad_adam.float32}


@pytest.mark.parametrize('make, shape', [
    (lambda: nn.Linear(50, 400), (400, 50)),
    (lambda: nn.Conv2d(6, 100, (3, 5), groups=2), (100, 3, 3, 5)),
    (lambda: nn.Conv1d(6, 100, 3), (100, 6, 3)),
])
def test_default_weights_are_uniform_within_one_over_the_root_of_fan_in(make, shape):
    tinygrad_adam.manual_seed(0)
    layer = make()
    assert layer.weight.shape == shape and layer.bias.shape == shape[:1]
    bound = 1 / math.sqrt(math.prod(shape[1:]))
    assert_uniform(layer.weight, bound)
    assert_uniform(layer.bias, bound)


def test_transposed_filters_have_the_fan_in_of_their_shape_as_in_pytorch():
    tinygrad_adam.manual_seed(0)
    layer = nn.ConvTranspose2d(8, 60, 3, groups=2)
    assert layer.weight.shape == (8, 30, 3, 3) and layer.bias.shape == (60,)
    assert_uniform(layer.weight, 1 / math.sqrt(30 * 9))


def test_words_are_drawn_normally_and_padding_is_zero():
    tinygrad_adam.manual_seed(0)
    weight = nn.Embedding(100, 50, padding_idx=-1).weight
    assert_normal(weight[:-1], 1.0)
    assert (weight[-1] == 0).all() and weight.requires_grad


def test_pretrained_words_are_frozen_unless_told_otherwise():
    vectors = tinygrad_adam.randn(3, 2)
    layer = nn.Embedding.from_pretrained(vectors)
    assert (layer(tensor([2])) == vectors[2]).all() and not layer.weight.requires_grad
    assert nn.Embedding.from_pretrained(vectors, freeze=False).weight.requires_grad


def assert_uniform(values, bound):
    values = values.detach().numpy().ravel() / bound
    assert abs(values).max() <= 1 + 1e-6
    assert abs(values).max() > 1 - 20 / len(values)
    assert abs(values.mean()) < 4 / math.sqrt(3 * len(values))
    assert abs(values.var() - 1 / 3) < 4 * math.sqrt(4 / 45 / len(values))


def assert_normal(values, std):
    values = values.detach().numpy().ravel() / std
    assert abs(values.mean()) < 4 / math.sqrt(len(values))
    assert abs(values.var() - 1) < 4 * math.sqrt(2 / len(values))
    assert 3 < abs(values).max() < 6


# For a weight of shape (60, 20, 2, 2): fan_in 80, fan_out 240.
@pytest.mark.parametrize('kind, options, variance', [
    ('xavier', {}, 2 / 320),
    ('xavier', {'gain': 3}, 9 * 2 / 320),
    ('kaiming', {}, 2 / 80),
    ('kaiming', {'a': math.sqrt(5)}, 2 / 6 / 80),
    ('kaiming', {'mode': 'fan_out', 'nonlinearity': 'relu'}, 2 / 240),
    ('kaiming', {'nonlinearity': 'tanh'}, 25 / 9 / 80),
    ('kaiming', {'nonlinearity': 'linear'}, 1 / 80),
])
def test_initial_variances_are_those_of_glorot_and_he(kind, options, variance):
    tinygrad_adam.manual_seed(0)
    weight = nn.Parameter(tinygrad_adam.empty(60, 20, 2, 2))
    uniform, normal = (getattr(nn.init, f'{kind}_{name}_') for name in ('uniform', 'normal'))
    assert uniform(weight, **options) is weight and weight.requires_grad
    assert_uniform(weight, math.sqrt(3 * variance))
    assert_normal(normal(weight, **options), math.sqrt(variance))


def test_simple_initial_values():
    tinygrad_adam.manual_seed(0)
    w = nn.Parameter(tinygrad_adam.empty(100, 100))
    assert_uniform(nn.init.uniform_(w, -2.0, 2.0), 2.0)
    assert_normal(nn.init.normal_(w, std=0.5), 0.5)
    assert nn.init.zeros_(w) is w and (w.data == 0).all()
    assert nn.init.ones_(w) is w and (w.data == 1).all()
    assert nn.init.constant_(w, -2.5) is w and (w.data == -2.5).all()


def test_an_own_generator_repeats_initial_values():
    first, second = (nn.init.kaiming_uniform_(
        tinygrad_adam.empty(3, 4), generator=tinygrad_adam.Generator().manual_seed(7))
        for _ in range(2))
    assert (first == second).all()


@pytest.mark.parametrize('name, param, gain', [
    ('linear', None, 1), ('conv2d', None, 1), ('sigmoid', None, 1), ('tanh', None, 5 / 3),
    ('relu', None, 2 ** 0.5), ('leaky_relu', None, (2 / 1.0001) ** 0.5), ('selu', None, 0.75),
    ('leaky_relu', 2, 0.4 ** 0.5), ('conv_transpose3d', None, 1), ('relu', 'unused', 2 ** 0.5)])
def test_gains(name, param, gain):
    assert nn.init.calculate_gain(name, param) == pytest.approx(gain, rel=1e-15)


@pytest.mark.parametrize('error, message, act', [
    (ValueError, 'fewer than 2', lambda: nn.init.xavier_uniform_(tinygrad_adam.empty(3))),
    (ValueError, 'Mode x', lambda: nn.init.kaiming_normal_(tinygrad_adam.eye(3), mode='x')),
    (ValueError, 'Unsupported nonlinearity x', lambda: nn.init.calculate_gain('x')),
    (ValueError, 'divisible by groups', lambda: nn.Conv2d(3, 4, 1, groups=2)),
    (ValueError, 'divisible by groups', lambda: nn.Conv2d(4, 3, 1, groups=2)),
    (ValueError, 'groups', lambda: nn.Conv2d(4, 4, 1, groups=0)),
    (ValueError, 'stride', lambda: nn.Conv2d(4, 3, 1, padding='same', stride=2)),
    (ValueError, 'padding', lambda: nn.Conv2d(4, 3, 1, padding='some')),
    (ValueError, 'mirror', lambda: nn.Conv2d(4, 3, 1, padding_mode='mirror')),
    (ValueError, 'reflect', lambda: nn.ConvTranspose2d(4, 3, 1, padding_mode='reflect')),
    (ValueError, 'output_padding|padding', lambda: nn.ConvTranspose2d(2, 3, 2, padding='same')),
    (NotImplementedError, 'output_size', lambda: nn.ConvTranspose2d(2, 3, 2)(
        tinygrad_adam.ones(1, 2, 3, 3), output_size=(4, 4))),
    (ValueError, 'divisible by num_groups', lambda: nn.GroupNorm(2, 3)),
    (AssertionError, 'got 3 for 3 rows', lambda: nn.Embedding(3, 2, padding_idx=3)),
    (ValueError, 'does not match', lambda: nn.Embedding(3, 2, _weight=tinygrad_adam.eye(3))),
    (NotImplementedError, 'sparse', lambda: nn.Embedding(3, 2, sparse=True)),
    (NotImplementedError, 'max_norm', lambda: nn.EmbeddingBag(3, 2, max_norm=1.0)),
    (NotImplementedError, 'sparse', lambda: nn.Embedding.from_pretrained(
        tinygrad_adam.eye(3), sparse=True)),
    (AssertionError, 'expected to be 2-dimensional', lambda: nn.Embedding.from_pretrained(
        tinygrad_adam.ones(2, 3, 4))),
    (IndexError, 'index out of range', lambda: nn.Embedding(3, 2)(tensor([3]))),
    (ValueError, 'only p == 1 and p == 2 supported', lambda: nn.MultiMarginLoss(3)),
    (ValueError, 'one-dimensional', lambda: nn.MultiMarginLoss(weight=tinygrad_adam.ones(1, 2))),
    (ValueError, 'between 0 and 1', lambda: nn.Dropout(1.5)),
    (ValueError, 'more than 1 value', lambda: nn.BatchNorm1d(3)(tinygrad_adam.ones(1, 3))),
    (ValueError, 'more than 1 value', lambda: nn.BatchNorm2d(3)(tinygrad_adam.ones(1, 3, 1, 1))),
    (ValueError, 'expected 4D input', lambda: nn.BatchNorm2d(3)(tinygrad_adam.ones(2, 3))),
    (ValueError, 'expected 2D or 3D', lambda: nn.BatchNorm1d(3)(tinygrad_adam.ones(3))),
    (ValueError, 'eps must be positive', lambda: nn.BatchNorm1d(3, 0)(tinygrad_adam.ones(2, 3))),
    (ValueError, 'not a valid number', lambda: nn.init.calculate_gain('leaky_relu', True)),
    (ValueError, 'between 0 and 1', lambda: nn.Dropout(-0.1)),
    (ValueError, 'input_size must be greater', lambda: nn.GRU(0, 3)),
    (ValueError, 'num_layers must be greater', lambda: nn.LSTM(3, 3, num_layers=-1)),
    (TypeError, 'hidden_size should be of type int, got: float', lambda: nn.RNN(3, 2.0)),
    (TypeError, 'bias should be of type bool, got: int', lambda: nn.GRU(2, 3, bias=1)),
    (TypeError, 'batch_first should be of type bool', lambda: nn.LSTM(2, 3, batch_first='yes')),
    (ValueError, 'number in range', lambda: nn.RNN(2, 3, 2, dropout='x')),
    (RuntimeError, 'kernel size should be greater than zero', lambda: nn.Conv2d(1, 1, 0)(
        tinygrad_adam.ones(1, 1, 2, 2))),
    (RuntimeError, 'dilation .* greater than zero', lambda: nn.ConvTranspose2d(
        1, 1, 2, dilation=0)(tinygrad_adam.ones(1, 1, 2, 2))),
    (RuntimeError, 'negative padding', lambda: nn.ConvTranspose2d(1, 1, 2, padding=-1)(
        tinygrad_adam.ones(1, 1, 2, 2))),
    (TypeError, 'delta must be a float or int', lambda: nn.HuberLoss(delta='x')),
    (IndexError, 'out of range', lambda: nn.Unflatten(2, (1, 2))(tinygrad_adam.ones(1, 2))),
    (TypeError, "'ceil_mode' must be bool, not int", lambda: nn.MaxPool2d(1, ceil_mode=1)(
        tinygrad_adam.ones(1, 2, 2))),
    (TypeError, "'divisor_override' must be int", lambda: nn.AvgPool2d(1, divisor_override=0.5)(
        tinygrad_adam.ones(1, 2, 2))),
    (TypeError, 'output_size is None', lambda: nn.AdaptiveAvgPool2d(None)(
        tinygrad_adam.ones(1, 2, 2))),
    (TypeError, 'kernel_size', lambda: nn.MaxPool2d()),
    (TypeError, 'slope', lambda: nn.LeakyReLU(slope=1)),
    (TypeError, 'argument', lambda: nn.Tanh(1)),
    (Exception, 'cuda', lambda: nn.Linear(2, 3, device='cuda')),
])
def test_what_cannot_be_is_refused(error, message, act):
    with pytest.raises(error, match=f'(?i){message}'):
        act()


def test_settings_can_be_changed_later():
    layer = nn.LeakyReLU(0.5)
    layer.negative_slope = 0.25
    assert layer(tensor([-4.0])).item() == -1.0 and repr(layer) == 'LeakyReLU(negative_slope=0.25)'


def test_a_layer_without_learning_can_be_subclassed():
    class Clipped(nn.Softplus):
        """Softplus of at most 1."""

        def __init__(self):
            super().__init__(beta=2.0)

        def forward(self, input):
            return super().forward(input).clamp(max=1.0)

    assert Clipped()(tensor([5.0])).item() == 1.0 and 'beta=2.0' in repr(Clipped())


def test_layers_take_float64_and_cpu():
    layers = [nn.Linear(2, 3, dtype=tinygrad_adam.float64, device='cpu'),
              nn.Conv2d(2, 3, 1, dtype=tinygrad_adam.float64),
              nn.BatchNorm1d(2, dtype=tinygrad_adam.float64)]
    for layer in layers:
        floats = [t for t in layer.state_dict().values() if t.is_floating_point()]
        assert {t.dtype for t in floats} == {tinygrad_adam.float64}


def test_dropout_zeroes_a_share_and_keeps_the_mean():
    tinygrad_adam.manual_seed(0)
    layer, ones = nn.Dropout(0.25), tinygrad_adam.ones(100, 100)
    out = layer(ones).numpy()
    assert set(np.unique(out)) == {np.float32(0), np.float32(1 / 0.75)}
    assert abs((out == 0).mean() - 0.25) < 4 * math.sqrt(0.25 * 0.75 / 1e4)
    assert (layer.eval()(ones).numpy() == 1).all()


def test_dropout_overwrites_its_input_if_told_so():
    x = tinygrad_adam.ones(100)
    assert nn.Dropout(0.5, inplace=True)(x) is x and 0 in x


def test_batch_norm_without_momentum_keeps_the_mean_of_all_batches():
    tinygrad_adam.manual_seed(0)
    layer, batches = nn.BatchNorm1d(2, momentum=None).double(), np.random.default_rng(0).normal(
        size=(3, 5, 2))
    for batch in batches:
        layer(tensor(batch))
    assert layer.num_batches_tracked.item() == 3
    assert_close(layer.running_mean, batches.mean(axis=(0, 1)))
    assert_close(layer.running_var, batches.var(axis=1, ddof=1).mean(axis=0))


def test_batch_norm_leaves_its_statistics_alone_after_eval():
    layer = nn.BatchNorm2d(2).eval()
    before = {name: buffer.clone().numpy() for name, buffer in layer.named_buffers()}
    layer(tinygrad_adam.randn(4, 2, 3, 3))
    for name, buffer in layer.named_buffers():
        assert (buffer.numpy() == before[name]).all()


def test_class_weights_are_buffers():
    loss = nn.CrossEntropyLoss(weight=tensor([1.0, 2.0]))
    assert list(loss.state_dict()) == ['weight'] and not list(loss.parameters())
    assert loss.double().weight.dtype == tinygrad_adam.float64


def test_signatures_are_those_of_pytorch():
    torch = pytest.importorskip('torch')
    import inspect
    names = [name for name in dir(nn) if isinstance(getattr(nn, name), type)
             and name not in ('Tanh', 'Sigmoid', 'LogSigmoid', 'Module', 'Parameter', 'Softmax2d',
                             'Softsign', 'Tanhshrink')
             and name not in ('RNN', 'LSTM', 'GRU')]  # theirs take *args
    assert len(names) >= 40
    for name in names:
        ours, theirs = (inspect.signature(getattr(module, name)).parameters.values()
                        for module in (nn, torch.nn))
        assert signature(ours) == signature(theirs), name


def signature(parameters):
    return [(p.name, p.kind, getattr(p.default, '__name__', p.default)) for p in parameters]


def images(nn):
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.ConvTranspose2d(4, 2, 2, stride=2), nn.GroupNorm(2, 2), nn.AdaptiveAvgPool2d(4),
        nn.Flatten(2), nn.Conv1d(2, 3, 3), nn.Flatten(), nn.LayerNorm(42),
        nn.Linear(42, 5, bias=False))


def words(nn):
    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(7, 4, padding_idx=0)
            self.layers = nn.ModuleDict({'rnn': nn.RNN(4, 6, nonlinearity='relu'),
                                         'lstm': nn.LSTM(6, 3, 2, bidirectional=True),
                                         'gru': nn.GRU(6, 4, bias=False)})
            self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, 0.0), 2,
                                                 enable_nested_tensor=False)
            self.translator = nn.Transformer(4, 2, 1, 1, 6, 0.0, batch_first=True)
            self.cells = nn.ModuleList([nn.RNNCell(4, 4), nn.GRUCell(4, 4), nn.LSTMCell(4, 4)])
            self.scales = nn.ParameterList([nn.Parameter(self.words.weight[1].detach().clone())])

        def forward(self, x):
            x = self.words(x)
            for layer in self.layers.values():
                x, _ = layer(x)
            x = self.translator(self.encoder(x), x)[-1] * self.scales[0]
            h = self.cells[1](self.cells[0](x), x)
            return self.cells[2](x, (h, h))[1]
    return Reader()


@pytest.mark.parametrize('make, input', [
    (images, np.random.default_rng(0).normal(size=(3, 1, 8, 8))),
    (words, np.array([[1, 2, 0], [6, 3, 3], [5, 4, 0], [1, 1, 2]])),
])
def test_state_dicts_move_to_pytorch_and_back_with_equal_outputs(make, input):
    torch = pytest.importorskip('torch')
    for forth in True, False:
        ours, theirs = make(nn).double(), make(torch.nn).double()
        ours(tensor(input)), theirs(torch.from_numpy(input))  # moves the running statistics
        if forth:
            theirs.load_state_dict({name: torch.tensor(t.detach().numpy())
                                    for name, t in ours.state_dict().items()})
        else:
            ours.load_state_dict({name: tensor(t.numpy())
                                  for name, t in theirs.state_dict().items()})
        expected = theirs.eval()(torch.from_numpy(input)).detach().numpy()
        assert_close(ours.eval()(tensor(input)), expected)


def test_orthogonal_weights_keep_lengths():
    for shape, side in [((3, 8), 3), ((8, 3), 3), ((3, 2, 4), 3), ((4, 4), 4)]:
        weight = nn.init.orthogonal_(tinygrad_adam.empty(*shape), gain=2.0).reshape(shape[0], -1)
        product = weight @ weight.T if weight.shape[0] == side else weight.T @ weight
        np.testing.assert_allclose(product.tolist(), 4 * np.eye(side), atol=1e-5)
    with refused(ValueError, '2 or more dimensions', 'Use normal_'):
        nn.init.orthogonal_(tinygrad_adam.empty(3))


def test_truncated_normal_weights_stay_within_bounds_and_have_the_moments_of_what_is_left():
    weight = nn.init.trunc_normal_(tinygrad_adam.empty(20_000), 0.5, 2.0, 0.0, 2.0)
    assert 0 <= weight.min() < 0.01 and 1.99 < weight.max() <= 2
    grid = np.linspace(0, 2, 2001)
    density = np.exp(-(grid - 0.5) ** 2 / 8)
    assert weight.mean().item() == pytest.approx((grid * density).sum() / density.sum(), abs=0.02)
    with pytest.warns(UserWarning, match='more than 2 std') as caught:
        nn.init.trunc_normal_(tinygrad_adam.empty(3), 9.0)
    assert caught[0].filename == __file__
    quantiles = np.array([-1, -0.999, -0.3, 0, 1e-9, 0.7, 1 - 1e-7, 1])
    inverse = nn.init._erfinv(quantiles)
    assert np.isfinite(inverse).all()
    np.testing.assert_allclose([math.erf(x) for x in inverse], quantiles, rtol=1e-12, atol=1e-12)
