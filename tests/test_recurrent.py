"""Recurrent layers: the operation over a whole sequence against its cells in a loop."""

import math

import numpy as np
import pytest
import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import nn
from tinygrad_adam.autograd import gradcheck, gradgradcheck
from tinygrad_adam.ops import recurrent

KINDS = [('RNN', {}), ('RNN', {'nonlinearity': 'relu'}), ('LSTM', {}), ('GRU', {})]
every_kind = pytest.mark.parametrize('kind, options', KINDS)


def made(kind, options, *args, **more):
    torch.manual_seed(0)
    return getattr(nn, kind)(*args, **options, **more).double()


def randn(*shape):
    return torch.tensor(np.random.default_rng(sum(shape)).normal(size=shape), requires_grad=True)


def states_for(kind, *shape):
    return tuple(randn(*shape) for _ in range(2 if kind == 'LSTM' else 1))


def given(states):
    return states if len(states) == 2 else states[0]


def cell_of(layer, kind, options):
    cell = getattr(nn, kind + 'Cell')(layer.input_size, layer.hidden_size, **options).double()
    cell.load_state_dict({name[:-3]: p for name, p in layer.named_parameters()})
    return cell


def equal(x, y):
    np.testing.assert_allclose(x.detach().numpy(), y.detach().numpy(), rtol=0, atol=1e-12)


@every_kind
@pytest.mark.parametrize('steps, batch', [(7, 3), (1, 1), (4, 0)])
def test_a_layer_is_its_cell_in_a_loop_in_values_and_gradients(kind, options, steps, batch):
    layer = made(kind, options, 3, 4)
    cell = cell_of(layer, kind, options)
    x, start = randn(steps, batch, 3), states_for(kind, batch, 4)

    output, last = layer(x, given(tuple(state.unsqueeze(0) for state in start)))
    last = last if kind == 'LSTM' else (last,)
    states, outputs = given(start), []
    for step in x:
        states = cell(step, states)
        outputs.append(states[0] if kind == 'LSTM' else states)
    states = states if kind == 'LSTM' else (states,)
    equal(output, torch.stack(outputs))
    for ours, theirs in zip(last, states):
        equal(ours[0], theirs)

    weight = randn(steps, batch, 4).detach()
    leaves = [[x, *start, *module.parameters()] for module in (layer, cell)]
    losses = [(ours * weight).sum() + sum((state * state).sum() for state in ends)
              for ours, ends in [(output, last), (torch.stack(outputs), states)]]
    for g, expected in zip(*map(torch.autograd.grad, losses, leaves)):
        equal(g, expected)


@pytest.mark.parametrize('kind, states, gates', [
    (recurrent.RNN, 1, 1), (recurrent.ReluRNN, 1, 1), (recurrent.LSTM, 2, 4),
    (recurrent.GRU, 1, 3)])
def test_gradients_of_a_sequence_are_those_of_finite_differences(kind, states, gates):
    weights = [randn(gates * 3, 2), randn(gates * 3, 3), randn(gates * 3), randn(gates * 3)]
    start = [randn(2, 3) for _ in range(states)]

    def function(x, *rest):
        return recurrent.recurrent(x, rest[:states], *rest[states:], kind=kind)

    assert gradcheck(function, (randn(3, 2, 2), *start, *weights))


@every_kind
def test_cells_can_be_differentiated_twice(kind, options):
    cell = made(kind + 'Cell', options, 2, 3)
    states = states_for(kind, 2, 3)

    def two_steps(x, *states):
        states = cell(x, given(states))
        return cell(x * x, states)

    assert gradgradcheck(two_steps, (randn(2, 2), *states))


@every_kind
def test_a_second_derivative_of_a_sequence_is_refused_and_the_cell_recommended(kind, options):
    layer, x = made(kind, options, 2, 3), randn(3, 2)
    output, _ = layer(x)
    with refused(NotImplementedError, 'create_graph', 'only the first derivative', 'Cell', 'loop'):
        torch.autograd.grad(output.sum(), x, create_graph=True)


@every_kind
def test_the_other_direction_reads_the_sequence_backwards(kind, options):
    both = made(kind, options, 2, 3, bidirectional=True)
    one = made(kind, options, 2, 3)
    one.load_state_dict({name[:-8]: p for name, p in both.named_parameters() if 'reverse' in name})
    x = randn(4, 2, 2)
    equal(both(x)[0][..., 3:].flip(0), one(x.flip(0))[0])
    last = both(x)[1][0] if kind == 'LSTM' else both(x)[1]
    equal(last[1], both(x)[0][0, :, 3:])       # it ends at the first step


@every_kind
def test_batch_first_and_no_batch_only_move_dimensions(kind, options):
    layer, x = made(kind, options, 2, 3), randn(4, 2, 2)
    output = layer(x)[0]
    equal(layer(x[:, 0])[0], output[:, 0])
    layer.batch_first = True
    equal(layer(x.transpose(0, 1))[0], output.transpose(0, 1))


def test_dropout_is_between_layers_and_only_in_training():
    layer, x = made('GRU', {}, 2, 3, num_layers=2, dropout=1.0), randn(4, 2, 2)
    equal(layer(x)[0], layer(x * 5)[0])          # the second layer sees zeros
    assert (layer(x)[1][0] != 0).all()           # what the first returns is not dropped
    layer.eval()
    assert (layer(x)[0] != layer(x * 5)[0]).any()
    with pytest.warns(UserWarning, match='num_layers=1'):
        nn.GRU(2, 3, dropout=0.5)


def test_weights_are_uniform_within_one_over_the_root_of_the_hidden_size():
    torch.manual_seed(0)
    for module in nn.LSTM(3, 100), nn.GRUCell(3, 100):
        for parameter in module.parameters():
            assert 0.095 < parameter.abs().max() <= 0.1 and abs(parameter.mean()) < 0.01


def test_float32_stays_float32_and_unasked_gradients_are_not_computed():
    layer, x = nn.LSTM(2, 3), torch.ones(4, 1, 2)
    output, (h, c) = layer(x)
    output.sum().backward()
    assert {t.dtype for t in (output, h, c, layer.weight_hh_l0.grad)} == {torch.float32}
    assert x.grad is None
    for parameter in layer.requires_grad_(False).parameters():
        parameter.grad = None
    assert not layer(x)[0].requires_grad
    x.requires_grad_()
    layer(x)[0].sum().backward()
    assert x.grad.shape == x.shape and layer.weight_ih_l0.grad is None


def test_a_retained_graph_gives_the_same_gradient_again_and_a_freed_one_raises():
    layer, x = made('LSTM', {}, 2, 3), randn(4, 1, 2)
    loss = layer(x)[0].sum()
    loss.backward(retain_graph=True)
    first = x.grad.clone()
    loss.backward()
    equal(x.grad, 2 * first)
    with pytest.raises(RuntimeError, match='second time'):
        loss.backward()


@pytest.mark.parametrize('name', ['RNN', 'GRU', 'LSTM'])
def test_an_output_may_be_changed_in_place_before_backward(name):
    layer, gradients = made(name, {}, 2, 3), []
    x = randn(4, 1, 2)
    for double in (lambda output: output * 2, lambda output: output.mul_(2)):
        layer.zero_grad()
        double(layer(x)[0]).sum().backward()
        gradients.append([p.grad.tolist() for p in layer.parameters()])
    assert gradients[0] == gradients[1]


@every_kind
def test_an_output_changed_in_place_shares_no_memory_with_the_last_states(kind, options):
    layer, x = made(kind, options, 2, 3), randn(4, 1, 2)
    output, states = layer(x)
    states = states if kind == 'LSTM' else [states]
    before = [state.tolist() for state in states]
    output.mul_(2).sum().backward()
    doubled = x.grad.clone()
    x.grad = None
    layer(x)[0].sum().backward()
    equal(doubled, 2 * x.grad)
    assert before == [state.tolist() for state in states]
    assert not any(state.detach_().requires_grad for state in states)   # as between sequences


def test_large_inputs_saturate_the_gates_without_overflow():
    layer = made('LSTM', {}, 1, 2).float()
    x = torch.tensor([[1e4], [-1e4]], requires_grad=True)
    output, _ = layer(x)
    output.sum().backward()
    assert torch.isfinite(output).all() and torch.isfinite(x.grad).all()


def test_a_gru_learns_to_remember():
    torch.manual_seed(0)
    net = nn.ModuleDict({'gru': nn.GRU(1, 8), 'out': nn.Linear(8, 1)})
    optimizer = torch.optim.Adam(net.parameters(), lr=0.02)
    x = (torch.rand(10, 64, 1) > 0.5).float()
    for _ in range(200):
        loss = nn.functional.binary_cross_entropy_with_logits(
            net['out'](net['gru'](x)[0][-1]), x[0])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1 < math.log(2)


def test_layers_have_a_mode_and_their_weights_in_lists_and_share_a_base():
    layer = nn.LSTM(2, 3, 2, bidirectional=True)
    names = [[name for name, _ in layer.named_parameters() if name.endswith(end)]
             for end in ('l0', 'l0_reverse', 'l1', 'l1_reverse')]
    assert [[id(w) for w in weights] for weights in layer.all_weights] == [
        [id(getattr(layer, name)) for name in group] for group in names]
    assert [len(weights) for weights in nn.GRU(2, 3, 2, bias=False).all_weights] == [2, 2]
    two = nn.GRU(2, 3, 2, bidirectional=True)
    assert two._flat_weights_names == [name for name, _ in two.named_parameters()]
    modes = [layer.mode for layer in (nn.LSTM(2, 3), nn.GRU(2, 3), nn.RNN(2, 3),
                                      nn.RNN(2, 3, nonlinearity='relu'))]
    assert modes == ['LSTM', 'GRU', 'RNN_TANH', 'RNN_RELU']
    assert isinstance(layer, nn.RNNBase) and isinstance(nn.GRUCell(2, 3), nn.RNNCellBase)
    base, cell = nn.RNNBase('GRU', 2, 3, bidirectional=True), nn.RNNCellBase(2, 3, True, 4)
    assert [tuple(p.shape) for p in base.parameters()] == [
        tuple(p.shape) for p in nn.GRU(2, 3, bidirectional=True).parameters()]
    assert repr(base) == 'RNNBase(2, 3, bidirectional=True)'
    assert [*cell.state_dict()] == [*nn.LSTMCell(2, 3).state_dict()]
    with pytest.raises(NotImplementedError, match='forward'):
        base(torch.ones(1, 1, 2))


@pytest.mark.parametrize('error, parts, act', [
    (NotImplementedError, ['proj_size=2', 'Linear'], lambda: nn.LSTM(2, 3, proj_size=2)),
    (TypeError, ['tuple', 'pad_sequence'], lambda: nn.LSTM(2, 3)(((), ()))),
    (ValueError, ['sigmoid', 'tanh', 'relu'], lambda: nn.RNN(2, 3, nonlinearity='sigmoid')),
    (ValueError, ['Unrecognized RNN mode: rnn', 'LSTM'], lambda: nn.RNNBase('rnn', 2, 3)),
    (ValueError, ['dropout', '1.5'], lambda: nn.GRU(2, 3, dropout=1.5)),
    (ValueError, ['hidden_size must be greater than zero, not 0'], lambda: nn.GRU(2, 0)),
    (ValueError, ['2D', '3D', '4D'], lambda: nn.GRU(2, 3)(torch.ones(1, 1, 1, 2))),
    (ValueError, ['1D', '2D', '3D'], lambda: nn.GRUCell(2, 3)(torch.ones(1, 1, 2))),
    (RuntimeError, ['input_size', '2', '5'], lambda: nn.GRU(2, 3)(torch.ones(4, 1, 5))),
    (RuntimeError, ['input_size', '2', '5'], lambda: nn.LSTMCell(2, 3)(torch.ones(4, 5))),
    (RuntimeError, ['length', '0'], lambda: nn.GRU(2, 3)(torch.ones(0, 1, 2))),
    (RuntimeError, ['(1, 1, 3)', '(1, 2, 3)'],
     lambda: nn.GRU(2, 3)(torch.ones(4, 1, 2), torch.ones(1, 2, 3))),
    (RuntimeError, ['2 of them'], lambda: nn.LSTM(2, 3)(torch.ones(4, 1, 2), torch.ones(1, 1, 3))),
    (ValueError, ['input is torch.float64', 'weights torch.float32', 'float()'],
     lambda: nn.GRU(2, 3)(torch.ones(4, 1, 2).double())),
    (RuntimeError, ['states', 'torch.float64', 'weights torch.float32', 'float()'],
     lambda: nn.GRU(2, 3)(torch.ones(4, 1, 2), torch.ones(1, 1, 3).double())),
    (RuntimeError, ['input is torch.float64', 'float()'],
     lambda: nn.GRUCell(2, 3)(torch.ones(4, 2).double())),
])
def test_what_does_not_fit_is_refused(error, parts, act):
    with refused(error, *parts):
        act()


# Packed sequences.

def trained_on_packed(torch, kind, num_layers, bidirectional, lengths, enforce_sorted):
    """All that a recurrent layer makes of packed sequences, and the gradients, as arrays."""
    random = np.random.default_rng(0)

    def numbers(*shape):
        return torch.tensor(random.normal(size=shape))

    layer = getattr(torch.nn, kind)(3, 2, num_layers, bidirectional=bidirectional).double()
    for parameter in layer.parameters():
        parameter.data = numbers(*parameter.shape)
    x = numbers(5, len(lengths), 3).requires_grad_()
    h = numbers(num_layers * (1 + bidirectional), len(lengths), 2).requires_grad_()
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=enforce_sorted)
    output, last = layer(packed, (h, h * 2) if kind == 'LSTM' else h)
    padded, sizes = torch.nn.utils.rnn.pad_packed_sequence(output)
    results = [padded, *(last if kind == 'LSTM' else [last])]
    sum((y * numbers(*y.shape)).sum() for y in results).backward()
    return [t.detach().numpy() for t in [
        output.data, output.batch_sizes, sizes, *results, x.grad, h.grad,
        *[parameter.grad for parameter in layer.parameters()]]]


@pytest.mark.parametrize('lengths, enforce_sorted', [([5, 3, 3, 1], True), ([2, 4, 1, 4], False)])
@pytest.mark.parametrize('num_layers, bidirectional', [(1, False), (2, True)])
@pytest.mark.parametrize('kind', ['RNN', 'LSTM', 'GRU'])
def test_packed_sequences_give_what_they_give_in_pytorch(
        kind, num_layers, bidirectional, lengths, enforce_sorted):
    pytorch = pytest.importorskip('torch')
    setting = kind, num_layers, bidirectional, lengths, enforce_sorted
    for found, expected in zip(trained_on_packed(torch, *setting),
                               trained_on_packed(pytorch, *setting)):
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize('kind', ['RNN', 'LSTM', 'GRU'])
def test_a_packed_sequence_gives_what_the_sequence_gives_alone(kind):
    torch.manual_seed(0)
    layer, sequences = getattr(nn, kind)(3, 2), [torch.randn(n, 3) for n in (2, 4, 1)]
    packed = nn.utils.rnn.pack_sequence(sequences, enforce_sorted=False)
    for output, sequence in zip(nn.utils.rnn.unpack_sequence(layer(packed)[0]), sequences):
        np.testing.assert_allclose(output.detach().numpy(), layer(sequence)[0].detach().numpy(),
                                   rtol=1e-5, atol=1e-6)


def test_packing_is_undone():
    rnn, sequences = nn.utils.rnn, [torch.ones(n, 2) * n for n in (1, 3, 2)]
    padded = rnn.pad_sequence(sequences, batch_first=True)
    for packed in (rnn.pack_sequence(sequences, enforce_sorted=False),
                   rnn.pack_padded_sequence(padded, torch.tensor([1, 3, 2]), True, False)):
        again, lengths = rnn.pad_packed_sequence(packed, batch_first=True)
        assert torch.equal(again, padded) and lengths.tolist() == [1, 3, 2]
        assert packed.sorted_indices.tolist() == [1, 2, 0] and packed.batch_sizes.sum() == 6
    for x, y in zip(rnn.unpad_sequence(padded, lengths, batch_first=True), sequences):
        assert torch.equal(x, y)


def test_lengths_are_whole_numbers_whatever_their_dtype():
    rnn, x = nn.utils.rnn, torch.ones(2, 3)
    for lengths in ([2.0, 1.0, 1.0], torch.tensor([2.9, 1.0, 1.5]), np.array([2.5, 1.5, 1.0]),
                    torch.tensor([2, 1, 1], dtype=torch.uint8),
                    torch.tensor([2.0, 1.0, 1.0], requires_grad=True)):
        assert rnn.pack_padded_sequence(x, lengths).batch_sizes.tolist() == [3, 1]
    packed = rnn.pack_padded_sequence(x, [1.2, 1.9, 2.0], enforce_sorted=False)
    assert packed.sorted_indices.tolist() == [2, 0, 1]


def test_the_elements_of_packed_sequences_are_converted():
    packed = nn.utils.rnn.pack_sequence([torch.ones(1), torch.ones(3)], enforce_sorted=False)
    for name in ('float', 'double', 'long', 'int', 'short', 'char', 'byte'):
        converted = getattr(packed, name)()
        assert converted.data.dtype == getattr(packed.data, name)().dtype
        assert all(a is b for a, b in zip(converted[1:], packed[1:]))
    assert packed.float() is packed.cpu() is packed.to(torch.float32) is packed
    with refused(AttributeError, 'PackedSequence.half', 'Use float()'):
        packed.half()


@pytest.mark.parametrize('error, parts, call', [
    (RuntimeError, ['(batch_size=3)', 'batch_first=True'], 'pack_padded_sequence(x, [2, 1])'),
    (RuntimeError, ['shape (1, 3)', '(batch_size=3)'], 'pack_padded_sequence(x, [[2, 1, 1]])'),
    (RuntimeError, ['greater than 0', '[2, 0, 0]'], 'pack_padded_sequence(x, [2, 0, 0])'),
    (RuntimeError, ['at most 2'], 'pack_padded_sequence(x, [3, 1, 1])'),
    (RuntimeError, ['sorted in decreasing order', 'enforce_sorted=False'],
     'pack_padded_sequence(x, [1, 2, 1])'),
    (IndexError, ['at least 2', 'unsqueeze(1)'], 'pack_padded_sequence(x[0], [1])'),
    (TypeError, ["'input' must be Tensor"], 'pack_padded_sequence([1.0], [1])'),
    (ValueError, ['total_length=1', 'Give 2'],
     'pad_packed_sequence(rnn.pack_sequence([x]), total_length=1)'),
    (RuntimeError, ['Expected iterable', 'list of tensors'], 'pad_sequence(3)'),
    (RuntimeError, ['empty list'], 'pad_sequence([])'),
    (RuntimeError, ['left or right', 'up'], "pad_sequence([x], padding_side='up')")])
def test_sequences_that_cannot_be_packed_or_padded_are_refused(error, parts, call):
    with refused(error, *parts):
        eval(f'rnn.{call}', {'rnn': nn.utils.rnn, 'x': torch.ones(2, 3)})
