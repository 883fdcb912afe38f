"""The tensor: how it is made, converted, printed, indexed and combined, and what it refuses.

The expected values and texts are PyTorch 2.13's.
"""

import copy
import json
import math
import operator
import random

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

nan, inf = math.nan, math.inf
NAMES = {'torch': torch, 'np': np}


def evaluate(expression):
    return eval(expression, {**NAMES, 'nan': nan, 'inf': inf})


def name_of(dtype):
    return str(dtype).rpartition('.')[2]


# Making tensors

VALUES = [
    ('torch.tensor([1, 2])', [1, 2], 'int64'),
    ('torch.tensor([1, 2.5])', [1.0, 2.5], 'float32'),
    ('torch.tensor([True, False])', [True, False], 'bool'),
    ('torch.tensor([[1], [2]])', [[1], [2]], 'int64'),
    ('torch.tensor(3)', 3, 'int64'),
    ('torch.tensor(3.0)', 3.0, 'float32'),
    ('torch.tensor([])', [], 'float32'),
    ('torch.tensor((1.0, 2.0))', [1.0, 2.0], 'float32'),
    ('torch.tensor(range(3))', [0, 1, 2], 'int64'),
    ('torch.tensor([1, 2], dtype=torch.float64)', [1.0, 2.0], 'float64'),
    ('torch.tensor([1.5, 0.0], dtype=torch.bool)', [True, False], 'bool'),
    ('torch.tensor([1.9, -1.9], dtype=torch.int64)', [1, -1], 'int64'),
    ('torch.tensor(np.array([1.0, 2.0]))', [1.0, 2.0], 'float64'),
    ('torch.tensor(np.array([1.0], dtype=np.float32))', [1.0], 'float32'),
    ('torch.tensor(np.float64(2.0))', 2.0, 'float64'),
    ('torch.tensor(np.array([1, 2]))', [1, 2], 'int64'),
    ('torch.tensor([torch.tensor(1.0), torch.tensor(2.0)])', [1.0, 2.0], 'float32'),
    ('torch.tensor([np.float64(1.5)])', [1.5], 'float64'),
    ('torch.tensor([torch.tensor(1.0), 2.0])', [1.0, 2.0], 'float32'),
    ('torch.tensor([torch.tensor(1), 2.5])', [1.0, 2.5], 'float32'),
    ('torch.tensor([torch.tensor([1.0]), torch.tensor([[2.0]])])', [1.0, 2.0], 'float32'),
    ('torch.tensor([torch.tensor(1.0, dtype=torch.float64), 2])', [1.0, 2.0], 'float64'),
    ('torch.tensor([np.int8(1), 2])', [1, 2], 'int64'),
    ('torch.tensor([np.int8(1), np.int8(2)])', [1, 2], 'int8'),
    ('torch.tensor([np.float32(1), np.float64(2)])', [1.0, 2.0], 'float64'),
    ('torch.tensor([np.int64(1), 2.5])', [1.0, 2.5], 'float32'),
    ('torch.tensor([[], []])', [[], []], 'float32'),
    ('torch.Tensor([1, 2])', [1.0, 2.0], 'float32'),
    ('torch.Tensor(torch.tensor([1, 2]))', [1, 2], 'int64'),
    ('torch.LongTensor([1.5, 2])', [1, 2], 'int64'),
    ('torch.LongTensor()', [], 'int64'),
    ('torch.ByteTensor([1, 2])', [1, 2], 'uint8'),
    ('torch.DoubleTensor(np.array([1, 2]))', [1.0, 2.0], 'float64'),
    ('torch.tensor([1]).new_zeros(2)', [0, 0], 'int64'),
    ('torch.tensor([1]).new_zeros((1, 2), dtype=torch.float64)', [[0.0, 0.0]], 'float64'),
    ('torch.tensor([1]).new_ones(size=(2,))', [1, 1], 'int64'),
    ('torch.tensor([1]).new_full((2,), 3.7)', [3, 3], 'int64'),
    ('torch.tensor([1]).new_full((2,), 3.5, dtype=torch.float32)', [3.5, 3.5], 'float32'),
    ('torch.tensor([1]).new_tensor([1.5, 2])', [1, 2], 'int64'),
    ('torch.zeros(2)', [0.0, 0.0], 'float32'),
    ('torch.zeros(2, 1)', [[0.0], [0.0]], 'float32'),
    ('torch.zeros((1, 2))', [[0.0, 0.0]], 'float32'),
    ('torch.zeros(())', 0.0, 'float32'),
    ('torch.zeros(2, dtype=torch.int64)', [0, 0], 'int64'),
    ('torch.ones(2)', [1.0, 1.0], 'float32'),
    ('torch.ones([2], dtype=torch.bool)', [True, True], 'bool'),
    ('torch.full((2,), 3)', [3, 3], 'int64'),
    ('torch.full((2,), 3.0)', [3.0, 3.0], 'float32'),
    ('torch.full((2,), True)', [True, True], 'bool'),
    ('torch.full((2,), 3, dtype=torch.float64)', [3.0, 3.0], 'float64'),
    ('torch.arange(4)', [0, 1, 2, 3], 'int64'),
    ('torch.arange(3.0)', [0.0, 1.0, 2.0], 'float32'),
    ('torch.arange(1, 4)', [1, 2, 3], 'int64'),
    ('torch.arange(0, 1, 0.25)', [0.0, 0.25, 0.5, 0.75], 'float32'),
    ('torch.arange(5, 0, -2)', [5, 3, 1], 'int64'),
    ('torch.arange(3, dtype=torch.float64)', [0.0, 1.0, 2.0], 'float64'),
    ('torch.arange(torch.tensor(3))', [0, 1, 2], 'int64'),
    ('torch.arange(torch.tensor(2.0, dtype=torch.float64))', [0.0, 1.0], 'float32'),
    ('torch.arange(end=2)', [0, 1], 'int64'),
    ('torch.arange(0, 3, 0.5, dtype=torch.int32)', [0] * 6, 'int32'),
    ('torch.arange(0.5, 3.7, 1, dtype=torch.int64)', [0, 1, 2], 'int64'),
    ('torch.arange(2**62, 2**62 + 2)', [2**62, 2**62 + 1], 'int64'),
    ('torch.linspace(0, 10, 4, dtype=torch.int32)', [0, 3, 6, 10], 'int32'),
    ('torch.full((2,), torch.tensor(3))', [3, 3], 'int64'),
    ('torch.full((2,), np.float64(3))', [3.0, 3.0], 'float32'),
    ('torch.linspace(0, 1, 5)', [0.0, 0.25, 0.5, 0.75, 1.0], 'float32'),
    ('torch.linspace(0, 1, steps=1)', [0.0], 'float32'),
    ('torch.linspace(1, 0, 3, dtype=torch.float64)', [1.0, 0.5, 0.0], 'float64'),
    ('torch.eye(2)', [[1.0, 0.0], [0.0, 1.0]], 'float32'),
    ('torch.eye(2, 3, dtype=torch.int64)', [[1, 0, 0], [0, 1, 0]], 'int64'),
    ('torch.zeros_like(torch.ones(2, dtype=torch.int64))', [0, 0], 'int64'),
    ('torch.ones_like(torch.zeros(2), dtype=torch.float64)', [1.0, 1.0], 'float64'),
    ('torch.full_like(torch.ones(2, 1), 7)', [[7.0], [7.0]], 'float32'),
    ('torch.from_numpy(np.array([1, 2]))', [1, 2], 'int64'),
]


@pytest.mark.parametrize('expression, values, dtype', VALUES, ids=[row[0] for row in VALUES])
def test_a_new_tensor_has_these_values_and_this_dtype(expression, values, dtype):
    x = evaluate(expression)
    assert x.tolist() == values and x.shape == np.shape(values)
    assert name_of(x.dtype) == dtype and not x.requires_grad


@pytest.mark.parametrize('expression, shape, dtype', [
    ('torch.empty(2, 3)', (2, 3), 'float32'),
    ('torch.empty((2,), dtype=torch.int64)', (2,), 'int64'),
    ('torch.empty_like(torch.ones(3, dtype=torch.float64))', (3,), 'float64'),
    ('torch.rand(2, 3)', (2, 3), 'float32'),
    ('torch.rand((2,), dtype=torch.float64)', (2,), 'float64'),
    ('torch.rand(())', (), 'float32'),
    ('torch.randn(2, 3)', (2, 3), 'float32'),
    ('torch.randn(2, dtype=torch.float64)', (2,), 'float64'),
    ('torch.randint(5, (2, 3))', (2, 3), 'int64'),
    ('torch.randint(-3, 5, (4,))', (4,), 'int64'),
    ('torch.randint(0, 2, (4,), dtype=torch.float32)', (4,), 'float32'),
    ('torch.randperm(5)', (5,), 'int64'),
    ('torch.rand_like(torch.ones(2, 3))', (2, 3), 'float32'),
    ('torch.randint(10, size=(2, 3))', (2, 3), 'int64'),
    ('torch.randint(high=10, size=(2,))', (2,), 'int64'),
    ('torch.randint(0, 256, (2,), dtype=torch.uint8)', (2,), 'uint8'),
    ('torch.zeros(2, dtype=torch.int8).random_()', (2,), 'int8'),
    ('torch.LongTensor(3)', (3,), 'int64'),
    ('torch.FloatTensor(2, 3)', (2, 3), 'float32'),
    ('torch.Tensor(torch.Size([2, 3]))', (2, 3), 'float32'),
    ('torch.tensor([1]).new_empty((2, 3), dtype=torch.float64)', (2, 3), 'float64'),
    ('torch.randn_like(torch.ones(2, dtype=torch.float64))', (2,), 'float64'),
    ('torch.randint_like(torch.ones(2, 3), 4)', (2, 3), 'float32'),
])
def test_a_new_tensor_has_this_shape_and_dtype(expression, shape, dtype):
    x = evaluate(expression)
    assert x.shape == shape and name_of(x.dtype) == dtype


@pytest.mark.parametrize('expression', [
    'torch.zeros(2, requires_grad=True)', 'torch.rand(2, requires_grad=True)',
    'torch.arange(2.0, requires_grad=True)', 'torch.tensor([1.0], requires_grad=True)',
    'torch.full((2,), 1.0, requires_grad=True)', 'torch.eye(2, requires_grad=True)',
    'torch.randn(2, dtype=torch.float64, requires_grad=True)',
    'torch.linspace(0, 1, 3, requires_grad=True)', 'torch.ones_like(torch.ones(2), '
    'requires_grad=True)'])
def test_a_new_tensor_can_require_grad(expression):
    x = evaluate(expression)
    assert x.requires_grad and x.is_leaf and x.grad is None


def test_tensor_copies_and_from_numpy_shares():
    array = np.array([1.0, 2.0])
    copied, shared = torch.tensor(array), torch.from_numpy(array)
    array[0] = 9.0
    assert copied.tolist() == [1.0, 2.0] and shared.tolist() == [9.0, 2.0]
    shared.mul_(2)
    assert array.tolist() == [18.0, 4.0]
    assert np.shares_memory(shared.numpy(), array)


def test_numpy_shares_and_a_copy_of_a_tensor_is_its_own():
    x = torch.ones(2)
    x.numpy()[0] = 5.0
    assert x.tolist() == [5.0, 1.0]
    y = x.clone()
    y[0] = 7.0
    assert x.tolist() == [5.0, 1.0]


# Random numbers

@pytest.mark.parametrize('draw', [
    'torch.rand(5)', 'torch.randn(5)', 'torch.randint(1000, (5,))', 'torch.randperm(20)',
    'torch.rand_like(torch.ones(5))', 'torch.ones(5).normal_()', 'torch.ones(5).uniform_()',
    'torch.ones(5).exponential_()', 'torch.ones(5).cauchy_()', 'torch.ones(5).log_normal_()',
    'torch.ones(20).geometric_(0.1)', 'torch.poisson(torch.full((20,), 9.0))',
    'torch.ones(50).bernoulli(0.5)', 'torch.ones(20).multinomial(9)'])
def test_a_seed_repeats_the_numbers(draw):
    torch.manual_seed(0)
    first, second = evaluate(draw).tolist(), evaluate(draw).tolist()
    torch.manual_seed(0)
    assert evaluate(draw).tolist() == first != second
    torch.manual_seed(1)
    assert evaluate(draw).tolist() != first


def test_the_global_state_of_numpy_is_neither_read_nor_changed():
    def draws():
        torch.manual_seed(5)
        return torch.randn(3).tolist() + torch.rand(3).tolist() + torch.randperm(5).tolist()

    np.random.seed(1)
    random.seed(1)
    before = np.random.get_state()[1].tolist(), random.getstate()
    first = draws()
    assert (np.random.get_state()[1].tolist(), random.getstate()) == before
    np.random.seed(2)
    random.seed(2)
    assert draws() == first


def test_random_numbers_have_their_distribution():
    torch.manual_seed(0)
    uniform, normal = torch.rand(20_000).numpy(), torch.randn(20_000).numpy()
    assert 0 <= uniform.min() and uniform.max() < 1 and abs(uniform.mean() - 0.5) < 0.01
    assert abs(normal.mean()) < 0.03 and abs(normal.std() - 1) < 0.02
    assert sorted(set(torch.randint(2, 6, (1000,)).tolist())) == [2, 3, 4, 5]
    assert sorted(torch.randperm(50).tolist()) == list(range(50))


@pytest.mark.parametrize('draw, quartiles', [
    ('exponential_(2)', [0.1438, 0.3466, 0.6931]), ('cauchy_(1, 0.5)', [0.5, 1.0, 1.5]),
    ('log_normal_()', [0.7054, 2.7183, 10.4743]), ('log_normal_(0, 1)', [0.5094, 1.0, 1.9630]),
    ('geometric_(0.05)', [6, 14, 28])])
def test_numbers_drawn_in_place_have_the_quartiles_of_their_distribution(draw, quartiles):
    torch.manual_seed(0)
    drawn = evaluate(f'torch.zeros(40_000).{draw}')
    assert drawn.dtype == torch.float32
    assert np.allclose(np.quantile(drawn.numpy(), [0.25, 0.5, 0.75]), quartiles, rtol=0.04)


def test_counts_have_their_distribution():
    torch.manual_seed(0)
    trials = torch.zeros(20_000, dtype=torch.int64).geometric_(0.25)
    assert trials.min() == 1 and abs(trials.double().mean() - 4) < 0.1
    counts = torch.poisson(torch.tensor([0.0, 3.0], dtype=torch.float64).repeat(20_000, 1))
    assert counts.dtype == torch.float64 and not counts[:, 0].any()
    assert abs(counts[:, 1].mean() - 3) < 0.05 and abs(counts[:, 1].var() - 3) < 0.1
    heads = torch.arange(20_000).bernoulli(0.25)
    assert heads.dtype == torch.int64 and abs(heads.double().mean() - 0.25) < 0.01
    assert torch.tensor([0.0, 1.0]).bernoulli().tolist() == [0.0, 1.0]
    assert torch.tensor([0.0, 1.0]).multinomial(1).tolist() == [1]
    assert torch.zeros(0).exponential_().shape == torch.poisson(torch.zeros(0)).shape == (0,)


def test_one_probability_for_all_is_not_differentiated_and_counts_give_slopes_of_0():
    x = torch.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match='bernoulli'):
        x.bernoulli(0.5).sum().backward()
    torch.poisson(x).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]
    y = (x * 2).exponential_()
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]


# dtypes: float32 unless asked otherwise

@pytest.mark.parametrize('expression, dtype', [
    ('torch.ones(2) * 2.0', 'float32'),
    ('2.0 * torch.ones(2)', 'float32'),
    ('torch.ones(2) ** 0.5', 'float32'),
    ('torch.ones(2) * np.float64(2)', 'float32'),
    ('np.float64(2) * torch.ones(2)', 'float32'),
    ('torch.ones(2) + np.float32(2)', 'float32'),
    ('torch.ones(2) / np.int64(2)', 'float32'),
    ('torch.ones(2) * torch.tensor(2.0, dtype=torch.float64)', 'float32'),
    ('torch.tensor(2.0, dtype=torch.float64) - torch.ones(2)', 'float32'),
    ('torch.ones(()) * torch.tensor(2.0, dtype=torch.float64)', 'float64'),
    ('torch.ones(2) * torch.ones(2, dtype=torch.float64)', 'float64'),
    ('torch.ones(2) * torch.ones(1, dtype=torch.float64)', 'float64'),
    ('torch.ones(()) * torch.ones(2, dtype=torch.float64)', 'float64'),
    ('torch.ones(2) + torch.tensor([1, 2])', 'float32'),
    ('torch.ones(2) + torch.tensor([True, False])', 'float32'),
    ('torch.tensor([1, 2]) + 1', 'int64'),
    ('torch.tensor([1, 2]) + 1.5', 'float32'),
    ('torch.tensor([1, 2]) * True', 'int64'),
    ('torch.tensor([1, 2]) / 2', 'float32'),
    ('torch.tensor([1]) / torch.tensor([2])', 'float32'),
    ('torch.tensor([1]) + torch.tensor(1.5, dtype=torch.float64)', 'float64'),
    ('torch.tensor([1, 2]) ** 2', 'int64'),
    ('torch.tensor([1, 2]) ** 0.5', 'float32'),
    ('torch.tensor([1, 2]).exp()', 'float32'),
    ('torch.tensor([1, 2]).sqrt()', 'float32'),
    ('torch.tensor([4, 2]).sigmoid()', 'float32'),
    ('torch.tensor([True, True]).sum()', 'int64'),
    ('torch.tensor([1, 2]).sum()', 'int64'),
    ('torch.tensor([1, 2]).sum(dtype=torch.float32)', 'float32'),
    ('torch.ones(2).sum(dtype=torch.float64)', 'float64'),
    ('torch.ones(2).mean()', 'float32'),
    ('torch.ones(2).std()', 'float32'),
    ('torch.tensor([True]) + torch.tensor([True])', 'bool'),
    ('torch.tensor([True]) + 1', 'int64'),
    ('torch.tensor([3, -3]).abs()', 'int64'),
    ('torch.where(torch.tensor([True, False]), 1.0, 2.0)', 'float32'),
    ('torch.where(torch.tensor([True, False]), torch.ones(2), 0)', 'float32'),
    ('torch.cat([torch.ones(1), torch.ones(1, dtype=torch.float64)])', 'float64'),
    ('torch.cat([torch.ones(1), torch.tensor([1])])', 'float32'),
    ('torch.maximum(torch.ones(2), torch.tensor([1, 2]))', 'float32'),
    ('torch.ones(2).clamp(0, 2)', 'float32'),
    ('torch.tensor([1, 5]).clamp(0, 2)', 'int64'),
    ('torch.ones(2) > 0', 'bool'),
    ('torch.ones(2).argmax()', 'int64'),
    ('torch.ones(2, 2).matmul(torch.ones(2))', 'float32'),
    ('torch.ones(2).softmax(0)', 'float32'),
    ('torch.ones(2).float()', 'float32'), ('torch.ones(2).double()', 'float64'),
    ('torch.ones(2).long()', 'int64'), ('torch.ones(2).bool()', 'bool'),
    ('torch.ones(2).to(torch.float64)', 'float64'),
    ('torch.ones(2).to(dtype=torch.int64)', 'int64'),
    ('torch.ones(2).to(torch.zeros(1, dtype=torch.float64))', 'float64'),
    ('torch.ones(2).type_as(torch.zeros(1, dtype=torch.int64))', 'int64'),
])
def test_the_dtype_of_a_result(expression, dtype):
    assert name_of(evaluate(expression).dtype) == dtype


def test_a_number_beyond_24_bits_survives_in_float64():
    exact = torch.tensor(np.array([2.0**24 + 1]))
    assert exact.item() == 2**24 + 1 and exact.float().item() == 2**24


def test_a_conversion_to_the_same_dtype_is_the_tensor_itself():
    x = torch.ones(2)
    assert x.float() is x and x.to(torch.float32) is x and x.type_as(x) is x
    assert x.to('cpu') is x


def test_a_conversion_passes_the_gradient_back_in_the_first_dtype():
    x = torch.ones(2, requires_grad=True)
    (x.double() * 3).sum().backward()
    assert x.grad.dtype == torch.float32 and x.grad.tolist() == [3.0, 3.0]


def test_dtypes_have_the_names_of_pytorch():
    assert str(torch.float32) == repr(torch.float32) == 'torch.float32'
    assert torch.float is torch.float32 and torch.double is torch.float64
    assert torch.long is torch.int64
    assert torch.float32.is_floating_point and not torch.int64.is_floating_point
    assert torch.ones(2).is_floating_point() and not torch.arange(2).is_floating_point()
    assert torch.get_default_dtype() == torch.float32


# Properties and conversions

def test_sizes():
    x = torch.zeros(2, 3)
    assert x.shape == x.size() == torch.Size([2, 3]) == (2, 3)
    assert str(x.shape) == 'torch.Size([2, 3])' and x.shape.numel() == 6
    assert x.size(-1) == x.size(dim=1) == 3 and x.shape[0] == 2 and isinstance(x.shape, tuple)
    assert x.dim() == x.ndim == 2 and x.numel() == 6 and len(x) == 2
    assert torch.tensor(1.0).shape == () and torch.tensor(1.0).numel() == 1


def test_transposes():
    x = torch.arange(6).reshape(2, 3)
    assert x.T.tolist() == x.mT.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert torch.zeros(4, 2, 3).mT.shape == (4, 3, 2)


def test_python_numbers_and_lists():
    assert type(torch.tensor(2.5).item()) is float and type(torch.tensor([[3]]).item()) is int
    assert type(torch.tensor(True).item()) is bool
    assert torch.tensor([[1.5, 2.0]]).tolist() == [[1.5, 2.0]] and torch.tensor(2).tolist() == 2
    assert float(torch.tensor([2.5])) == 2.5 and int(torch.tensor(3.7)) == 3
    assert bool(torch.ones(1)) is True and bool(torch.zeros(())) is False
    assert f'{torch.tensor(1.23456):.2f}' == '1.23' and '%.1f' % torch.tensor(2.0) == '2.0'
    assert [10, 20, 30][torch.tensor(1)] == 20


def test_a_tensor_that_requires_grad_gives_its_number():
    x = torch.tensor(2.5, requires_grad=True)
    assert x.item() == 2.5 and int(x) == 2 and (x * 2).tolist() == 5.0


def test_numpy_reads_a_tensor():
    x = torch.tensor([1.0, 2.0])
    assert type(x.numpy()) is np.ndarray and x.numpy().dtype == np.float32
    np.testing.assert_array_equal(np.asarray(x), [1.0, 2.0])
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    assert json.dumps(x.tolist()) == '[1.0, 2.0]'


def test_iteration_goes_over_the_first_dimension():
    rows = list(torch.arange(4).reshape(2, 2))
    assert [row.tolist() for row in rows] == [[0, 1], [2, 3]]
    first, second = torch.tensor([5.0, 6.0])
    assert (first.item(), second.item()) == (5.0, 6.0)


def test_a_tensor_is_hashed_by_identity_and_compared_by_element():
    x, y = torch.ones(2), torch.ones(2)
    assert {x: 'x', y: 'y'}[y] == 'y' and len({x, y, x}) == 2
    assert (x == y).tolist() == [True, True] and (x != y).tolist() == [False, False]
    assert (x == None) is False and (x != None) is True  # noqa: E711


@pytest.mark.parametrize('options, numbers, text', [
    (dict(sci_mode=True), [1.5, 100.25], '[1.5000e+00, 1.0025e+02]'),
    (dict(sci_mode=True), [0.0, 0.0], '[0., 0.]'),
    (dict(sci_mode=False), [0.5, 1e-5], '[0.5000, 0.0000]'),
    (dict(profile='short'), [1.5, 2.25], '[1.50, 2.25]'),
    (dict(profile='short', precision=6), [1.5, 2.25], '[1.500000, 2.250000]'),
    (dict(profile='full'), [0.0] * 1001, f'[{"0., " * 1000}0.]')])
@pytest.mark.parametrize('library', ['tinygrad_adam', 'torch'])
def test_the_options_of_printing(options, numbers, text, library):
    torch = pytest.importorskip(library)
    torch.set_printoptions(**options)
    try:
        assert ' '.join(repr(torch.tensor(numbers)).split()) == f'tensor({text})'
    finally:
        torch.set_printoptions(profile='default')


def test_a_profile_of_another_name_is_refused():
    with refused(ValueError, "'long'", 'options have the names', 'Write one of these'):
        torch.set_printoptions(profile='long')


def test_a_fork_leaves_the_random_numbers_as_they_were():
    torch.manual_seed(3)
    expected = torch.rand(2).tolist()
    torch.manual_seed(3)
    with torch.random.fork_rng():
        torch.manual_seed(5)
        torch.rand(7)
    assert torch.initial_seed() == 3 and torch.rand(2).tolist() == expected
    torch.manual_seed(3)
    with torch.random.fork_rng(devices=[], enabled=False):
        torch.rand(7)
    assert torch.rand(2).tolist() != expected
    with refused(RuntimeError, 'GPUs [0]', 'NumPy on the CPU', 'Leave devices out'):
        torch.random.fork_rng(devices=[0]).__enter__()


def test_a_seed_of_the_system_is_another_each_time():
    seeds = {torch.seed(), torch.random.seed(), torch.seed()}
    assert len(seeds) == 3 and torch.initial_seed() in seeds
    torch.manual_seed(torch.seed())


def test_the_order_in_memory_can_be_said_by_name():
    x = torch.arange(6.0).reshape(2, 3).T.requires_grad_()
    assert x.clone().stride() == x.clone(memory_format=torch.preserve_format).stride() == (1, 3)
    for y in (x.clone(memory_format=torch.contiguous_format),
              x.contiguous(memory_format=torch.contiguous_format),
              torch.clone(x, memory_format=torch.contiguous_format),
              x.to(torch.float64, memory_format=torch.contiguous_format)):
        assert y.stride() == (2, 1) and y.tolist() == x.tolist() and y.requires_grad
        assert y.is_contiguous(memory_format=torch.contiguous_format)
    assert x.to('cpu', memory_format=torch.preserve_format) is x
    assert repr(torch.channels_last) == 'torch.channels_last'
    assert copy.deepcopy(torch.channels_last) is torch.channels_last
    image, net = torch.ones(1, 2, 3, 3), torch.nn.Conv2d(2, 1, 1)
    for act in (image.contiguous, image.clone, image.to, image.is_contiguous, net.to):
        for order in torch.channels_last, torch.channels_last_3d:
            with refused(NotImplementedError, f'memory_format={order}', 'no values', 'Leave it'):
                act(memory_format=order)
        with refused(TypeError, 'must be torch.memory_format, not str', 'an order in memory'):
            act(memory_format='channels_last')
    for act in image.contiguous, image.is_contiguous:
        with refused(RuntimeError, 'preserve memory format is unsupported', 'rows', 'Leave'):
            act(memory_format=torch.preserve_format)


def test_half_precision_has_its_names_and_no_tensors(tmp_path):
    types = {'float32': torch.float32, 'bfloat16': torch.bfloat16, 'float16': torch.float16}
    assert [f'torch.{name}' for name in types] == [*map(str, types.values())]
    assert torch.half is torch.float16 != torch.bfloat16 and torch.short is torch.int16
    for half in torch.float16, torch.bfloat16:
        assert half.is_floating_point and not half.is_complex and half.itemsize == 2
        assert torch.ones(2).dtype != half and copy.deepcopy(half) is half
        torch.save({'dtype': half}, tmp_path / 'types')
        assert torch.load(tmp_path / 'types') == {'dtype': half}
        for act in (lambda: torch.ones(2, dtype=half), lambda: torch.tensor(1.5, dtype=half),
                    lambda: torch.ones(2).to(half), lambda: torch.ones(2).type(half),
                    lambda: torch.ones(2).sum(dtype=half), lambda: torch.arange(2, dtype=half),
                    lambda: torch.nn.Linear(2, 1, dtype=half),
                    lambda: torch.nn.Linear(2, 1).to(half)):
            with refused(NotImplementedError, str(half), 'NumPy has no fast one', 'torch.float32'):
                act()
    for name in 'half', 'bfloat16':
        assert not hasattr(torch.ones(2), name)
        with refused(AttributeError, f'Tensor.{name} is not implemented', 'NumPy', 'float()'):
            getattr(torch.ones(2), name)()


def test_the_limits_of_half_precision():
    assert repr(torch.finfo(torch.half)) == (
        'finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, '
        'smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)')
    assert repr(torch.finfo(torch.bfloat16)) == (
        'finfo(resolution=0.01, min=-3.38953e+38, max=3.38953e+38, eps=0.0078125, '
        'smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=bfloat16)')
    assert torch.finfo(torch.bfloat16).bits == 16


def test_other_devices_have_their_names_and_no_tensors():
    device = torch.device('cuda:1')
    assert (device.type, device.index) == ('cuda', 1) and device == torch.device('cuda', 1)
    assert device != torch.device('cuda:0') != torch.device('cuda') != torch.device('cpu')
    assert repr(torch.device('mps')) == "device(type='mps')" and device != 'cuda:1'
    layer = torch.nn.Linear(2, 1)
    for act in (lambda: torch.ones(2, device=device), lambda: torch.ones(2).to(device),
                lambda: torch.ones(2).to('cuda:1', torch.float64), lambda: layer.to(device),
                lambda: torch.tensor([1.0], device='cuda:1'), device.__enter__,
                lambda: torch.set_default_device(device)):
        with refused(RuntimeError, "there is no device 'cuda:1'", 'NumPy', "torch.device('cpu')"):
            act()
    with refused(RuntimeError, 'accelerator', 'number of a GPU', "torch.device('cpu')"):
        torch.ones(2).to(0)


def test_a_block_of_a_device_has_it_as_the_default():
    with torch.device('cpu:0') as device:
        assert torch.get_default_device() == device == torch.device('cpu:0')
        with torch.device('cpu'):
            assert torch.get_default_device() == torch.ones(2).device
        assert torch.get_default_device() == device
    assert torch.get_default_device() == torch.device('cpu')


def test_a_tensor_says_that_it_is_on_the_cpu():
    x = torch.ones(2)
    assert x.is_cpu and not (x.is_cuda or x.is_mps or x.is_meta or x.is_sparse)
    assert x.get_device() == -1 and not x.is_pinned()
    for name in 'cuda', 'pin_memory':
        assert not hasattr(x, name)
        with refused(AttributeError, f'Tensor.{name} is not implemented', 'Leave it out'):
            getattr(x, name)()


def test_devices_are_all_the_cpu():
    x = torch.ones(2)
    assert str(x.device) == 'cpu' and x.cpu() is x and not torch.cuda.is_available()
    assert torch.zeros(2, device='cpu').device == torch.device('cpu') == x.device
    assert torch.as_tensor([1], device='cpu:0').device == torch.Generator('cpu').device == x.device


def test_a_device_has_a_number():
    device = torch.device('cpu:0')
    assert (device.type, device.index, str(device)) == ('cpu', 0, 'cpu:0')
    assert repr(device) == "device(type='cpu', index=0)"
    assert device == torch.device('cpu', 0) == torch.device(device) != torch.device('cpu')
    assert {device: 1}[torch.device('cpu', index=0)] == 1 and torch.device('cpu').index is None


def test_a_size_is_a_tuple_that_stays_a_size():
    size = torch.ones(2, 3).shape
    results = [(size * 2, [2, 3, 2, 3]), (2 * size, [2, 3, 2, 3]), (size + (4,), [2, 3, 4]),
               ((4,) + size, [4, 2, 3]), (size[1:], [3]), (size[::-1], [3, 2]),
               (torch.Size([torch.tensor(2), np.int64(3)]), [2, 3]), (torch.Size(), [])]
    for result, expected in results:
        assert repr(result) == f'torch.Size({expected})' and result == tuple(expected)
        assert all(type(n) is int for n in result)
    assert size.numel() == 6 and size[0] == 2 and hash(size) == hash((2, 3)) and size != [2, 3]
    sizes = [1]
    sizes += size
    assert sizes == [1, 2, 3]


def test_instances():
    assert isinstance(torch.ones(2), torch.Tensor) and torch.is_tensor(torch.ones(2))
    assert not torch.is_tensor(np.ones(2))


@pytest.mark.parametrize('name, dtype', [
    ('Float', 'float32'), ('Double', 'float64'), ('Long', 'int64'), ('Int', 'int32'),
    ('Short', 'int16'), ('Char', 'int8'), ('Byte', 'uint8'), ('Bool', 'bool')])
def test_tensors_of_each_dtype_have_a_type(name, dtype):
    kind, x = getattr(torch, f'{name}Tensor'), torch.ones(2).to(getattr(torch, dtype))
    assert x.type() == f'torch.{name}Tensor' and repr(kind) == f"<class 'torch.{name}Tensor'>"
    assert isinstance(x, kind) and kind.dtype is x.dtype and kind(x).tolist() == x.tolist()
    other = torch.LongTensor if name == 'Float' else torch.FloatTensor
    assert not isinstance(x, other) and not isinstance(3, kind)
    for wanted in other, other.dtype, str(other)[8:-2]:
        assert x.type(wanted).dtype is other.dtype
    with refused(TypeError, str(other.dtype), str(x.dtype), 'to()'):
        other(x)


def test_a_type_works_on_a_parameter_and_shares_the_memory_of_a_tensor():
    x = torch.nn.Parameter(torch.ones(2))
    assert isinstance(x, torch.FloatTensor) and x.type(torch.Tensor) is x
    torch.FloatTensor(x.detach()).mul_(2)
    assert x.tolist() == [2.0, 2.0]


def test_new_tensor_is_apart_from_the_graph():
    x = torch.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match='clone'):
        assert torch.tensor([1]).new_tensor(x).tolist() == [1, 1]
    with pytest.warns(UserWarning, match='clone'):
        assert not torch.zeros(1).new_tensor(x).requires_grad
    with pytest.warns(UserWarning, match='clone'):
        assert torch.zeros(1).new_tensor(x, requires_grad=True).is_leaf
    assert torch.tensor([1]).new_zeros(2, dtype=torch.float32, requires_grad=True).requires_grad


def test_nonzero_elements_are_counted_along_dimensions():
    x = torch.tensor([[1, 0], [1, 1]])
    for dim, counts in ((None, 3), (0, [2, 1]), (-1, [1, 2]), ((0, 1), 3), ([0], [2, 1]), ((), 3)):
        count = torch.count_nonzero(x, dim=dim)
        assert count.tolist() == counts and count.dtype == torch.int64


# Printing

REPRS = [
    ('torch.tensor(1.0)', 'tensor(1.)'),
    ('torch.tensor(3)', 'tensor(3)'),
    ('torch.tensor(True)', 'tensor(True)'),
    ('torch.tensor([])', 'tensor([])'),
    ('torch.tensor([1.0, 2.0, 3.0])', 'tensor([1., 2., 3.])'),
    ('torch.tensor([1.5, -2.25, 1000.0])', 'tensor([   1.5000,   -2.2500, 1000.0000])'),
    ('torch.tensor([1, -20, 300])', 'tensor([  1, -20, 300])'),
    ('torch.tensor([True, False])', 'tensor([ True, False])'),
    ('torch.tensor([[1.0, 2.0], [3.0, 4.0]])', 'tensor([[1., 2.],\n        [3., 4.]])'),
    ('torch.tensor([[1, 2], [3, 4]])', 'tensor([[1, 2],\n        [3, 4]])'),
    ('torch.tensor([1.0, 2.0], dtype=torch.float64)', 'tensor([1., 2.], dtype=torch.float64)'),
    ('torch.tensor(0.1, dtype=torch.float64)', 'tensor(0.1000, dtype=torch.float64)'),
    ('torch.tensor([1e-8, 1.0])', 'tensor([1.0000e-08, 1.0000e+00])'),
    ('torch.tensor([1e10, 1.0])', 'tensor([1.0000e+10, 1.0000e+00])'),
    ('torch.tensor([1e8, 2e8])', 'tensor([1.0000e+08, 2.0000e+08])'),
    ('torch.tensor([123456.0, 0.5])', 'tensor([1.2346e+05, 5.0000e-01])'),
    ('torch.tensor([0.00001, 0.5])', 'tensor([1.0000e-05, 5.0000e-01])'),
    ("torch.tensor([float('nan'), float('inf'), -float('inf')])", 'tensor([nan, inf, -inf])'),
    ("torch.tensor([1.0, float('nan')])", 'tensor([1., nan])'),
    ("torch.tensor([1.5, float('inf')])", 'tensor([1.5000,    inf])'),
    ("torch.tensor(float('nan'))", 'tensor(nan)'),
    ('torch.tensor(1e-20)', 'tensor(1.0000e-20)'),
    ('torch.tensor(123456789.0)', 'tensor(1.2346e+08)'),
    ('torch.tensor(0.3333333333)', 'tensor(0.3333)'),
    ('torch.tensor(-0.0)', 'tensor(-0.)'),
    ('torch.zeros(2, 3)', 'tensor([[0., 0., 0.],\n        [0., 0., 0.]])'),
    ('torch.zeros(0, 3)', 'tensor([], size=(0, 3))'),
    ('torch.zeros(2, 0)', 'tensor([], size=(2, 0))'),
    ('torch.zeros(0, dtype=torch.int64)', 'tensor([], dtype=torch.int64)'),
    ('torch.zeros(1, 2, 2)', 'tensor([[[0., 0.],\n         [0., 0.]]])'),
    ('torch.zeros(2, 2, 1, 2)',
     'tensor([[[[0., 0.]],\n\n         [[0., 0.]]],\n\n\n        [[[0., 0.]],\n\n'
     '         [[0., 0.]]]])'),
    ('torch.ones(2, requires_grad=True)', 'tensor([1., 1.], requires_grad=True)'),
    ('torch.ones(2, dtype=torch.float64, requires_grad=True)',
     'tensor([1., 1.], dtype=torch.float64, requires_grad=True)'),
    ('torch.ones((), requires_grad=True)', 'tensor(1., requires_grad=True)'),
    ('torch.ones(2, requires_grad=True) * 2', 'tensor([2., 2.], grad_fn=<MulBackward0>)'),
    ('torch.ones(2, requires_grad=True).exp()', 'tensor([2.7183, 2.7183], grad_fn=<ExpBackward0>)'),
    ('torch.ones(2, 2, requires_grad=True).sum()', 'tensor(4., grad_fn=<SumBackward0>)'),
    ('torch.ones(2, 2, requires_grad=True) @ torch.ones(2, 2)',
     'tensor([[2., 2.],\n        [2., 2.]], grad_fn=<MmBackward0>)'),
    ('torch.ones(2, requires_grad=True) + 1', 'tensor([2., 2.], grad_fn=<AddBackward0>)'),
    ('torch.ones(2, requires_grad=True) - 1', 'tensor([0., 0.], grad_fn=<SubBackward0>)'),
    ('torch.ones(2, requires_grad=True) / 2', 'tensor([0.5000, 0.5000], grad_fn=<DivBackward0>)'),
    ('-torch.ones(2, requires_grad=True)', 'tensor([-1., -1.], grad_fn=<NegBackward0>)'),
    ('torch.ones(2, requires_grad=True) ** 2', 'tensor([1., 1.], grad_fn=<PowBackward0>)'),
    ('torch.ones(2, requires_grad=True).mean()', 'tensor(1., grad_fn=<MeanBackward0>)'),
    ('torch.ones(2, requires_grad=True).tanh()',
     'tensor([0.7616, 0.7616], grad_fn=<TanhBackward0>)'),
    ('torch.ones(2, requires_grad=True).relu()', 'tensor([1., 1.], grad_fn=<ReluBackward0>)'),
    ('torch.ones(2, requires_grad=True).sigmoid()',
     'tensor([0.7311, 0.7311], grad_fn=<SigmoidBackward0>)'),
    ('torch.ones(2, requires_grad=True).log()', 'tensor([0., 0.], grad_fn=<LogBackward0>)'),
    ('torch.ones(2, requires_grad=True).clone()', 'tensor([1., 1.], grad_fn=<CloneBackward0>)'),
    ('torch.ones(1, 2, requires_grad=True).permute(1, 0)',
     'tensor([[1.],\n        [1.]], grad_fn=<PermuteBackward0>)'),
    ('torch.ones(1, 2, requires_grad=True).transpose(0, 1)',
     'tensor([[1.],\n        [1.]], grad_fn=<TransposeBackward0>)'),
    ('torch.cat([torch.ones(2, requires_grad=True), torch.zeros(1)])',
     'tensor([1., 1., 0.], grad_fn=<CatBackward0>)'),
    ('torch.ones(2, 2, requires_grad=True).softmax(1)',
     'tensor([[0.5000, 0.5000],\n        [0.5000, 0.5000]], grad_fn=<SoftmaxBackward0>)'),
    ('torch.arange(12)', 'tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11])'),
    ('torch.arange(30)',
     'tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n'
     '        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])'),
    ('torch.arange(1001)', 'tensor([   0,    1,    2,  ...,  998,  999, 1000])'),
    ('torch.arange(2000).reshape(2, 10, 100)',
     'tensor([[[   0,    1,    2,  ...,   97,   98,   99],\n'
     '         [ 100,  101,  102,  ...,  197,  198,  199],\n'
     '         [ 200,  201,  202,  ...,  297,  298,  299],\n         ...,\n'
     '         [ 700,  701,  702,  ...,  797,  798,  799],\n'
     '         [ 800,  801,  802,  ...,  897,  898,  899],\n'
     '         [ 900,  901,  902,  ...,  997,  998,  999]],\n\n'
     '        [[1000, 1001, 1002,  ..., 1097, 1098, 1099],\n'
     '         [1100, 1101, 1102,  ..., 1197, 1198, 1199],\n'
     '         [1200, 1201, 1202,  ..., 1297, 1298, 1299],\n         ...,\n'
     '         [1700, 1701, 1702,  ..., 1797, 1798, 1799],\n'
     '         [1800, 1801, 1802,  ..., 1897, 1898, 1899],\n'
     '         [1900, 1901, 1902,  ..., 1997, 1998, 1999]]])'),
    ('torch.zeros(1001)', 'tensor([0., 0., 0.,  ..., 0., 0., 0.])'),
    ('torch.linspace(0, 1, 11)',
     'tensor([0.0000, 0.1000, 0.2000, 0.3000, 0.4000, 0.5000, 0.6000, 0.7000, 0.8000,\n'
     '        0.9000, 1.0000])'),
    ('torch.eye(3)', 'tensor([[1., 0., 0.],\n        [0., 1., 0.],\n        [0., 0., 1.]])'),
    ('torch.arange(20.0) * 1e5',
     'tensor([      0.,  100000.,  200000.,  300000.,  400000.,  500000.,  600000.,\n'
     '         700000.,  800000.,  900000., 1000000., 1100000., 1200000., 1300000.,\n'
     '        1400000., 1500000., 1600000., 1700000., 1800000., 1900000.])'),
    ('torch.arange(8.0).reshape(2, 2, 2)',
     'tensor([[[0., 1.],\n         [2., 3.]],\n\n        [[4., 5.],\n         [6., 7.]]])'),
    ('torch.arange(20.0, dtype=torch.float64).sqrt()',
     'tensor([0.0000, 1.0000, 1.4142, 1.7321, 2.0000, 2.2361, 2.4495, 2.6458, 2.8284,\n'
     '        3.0000, 3.1623, 3.3166, 3.4641, 3.6056, 3.7417, 3.8730, 4.0000, 4.1231,\n'
     '        4.2426, 4.3589], dtype=torch.float64)'),
    ('torch.full((3,), 1e5)', 'tensor([100000., 100000., 100000.])'),
    ('torch.tensor([[0.5], [100.25]])', 'tensor([[  0.5000],\n        [100.2500]])'),
    ('torch.tensor([-1.0, 1.0]).abs() < 2', 'tensor([True, True])'),
    ('torch.tensor([-1.5, 2.0e5, 0.001])', 'tensor([-1.5000e+00,  2.0000e+05,  1.0000e-03])'),
    ('torch.tensor([99999999.0, 1.0])', 'tensor([1.0000e+08, 1.0000e+00])'),
    ('torch.tensor([100.0, 0.1])', 'tensor([100.0000,   0.1000])'),
    ('torch.tensor([1e-4, 0.1])', 'tensor([1.0000e-04, 1.0000e-01])'),
    ('torch.tensor([1000.5, 0.5])', 'tensor([1.0005e+03, 5.0000e-01])'),
    ('torch.tensor([1001.0, 1.5])', 'tensor([1001.0000,    1.5000])'),
    ('torch.tensor([-3, 4])', 'tensor([-3,  4])'),
    ('torch.tensor([[True], [False]])', 'tensor([[ True],\n        [False]])'),
    ('torch.tensor([0.0, 1e-45])', 'tensor([0.0000e+00, 1.4013e-45])'),
    ("torch.tensor([float('inf')])", 'tensor([inf])'),
    ('torch.tensor([1, 2]).bool()', 'tensor([True, True])'),
    ('torch.ones(3, 1001)',
     'tensor([[1., 1., 1.,  ..., 1., 1., 1.],\n        [1., 1., 1.,  ..., 1., 1., 1.],\n'
     '        [1., 1., 1.,  ..., 1., 1., 1.]])'),
]


@pytest.mark.parametrize('expression, text', REPRS, ids=[row[0] for row in REPRS])
def test_a_tensor_prints_as_in_pytorch(expression, text):
    assert repr(evaluate(expression)) == text
    assert str(evaluate(expression)) == text


@pytest.mark.parametrize('text, expected', [
    ("f'{torch.tensor(1.0)}'", '1.0'), ("f'{torch.tensor(3)}'", '3'),
    ("f'{torch.tensor(True)}'", 'True'), ("f'{torch.tensor(0.1)}'", '0.10000000149011612'),
    ("f'{torch.tensor(0.1, dtype=torch.float64)}'", '0.1'), ("f'{torch.tensor(1.5):.3f}'", '1.500'),
    ("f'{torch.tensor(3):5d}'", '    3'), ("f'{torch.tensor(3):.2f}'", '3.00'),
    ("f'{torch.tensor(1.0, requires_grad=True) * 2}'", '2.0'),
    ("f'{torch.tensor(2.5)!r} {torch.tensor(2.5)!s}'", 'tensor(2.5000) tensor(2.5000)'),
    ("f'{torch.tensor([1.5])} {torch.zeros(0)}'", 'tensor([1.5000]) tensor([])'),
    ("'%s %.2f %d' % (torch.tensor(2.5), torch.tensor([2.5]), torch.tensor(2.5))",
     'tensor(2.5000) 2.50 2'),
    ("f'{torch.nn.Parameter(torch.tensor(1.0))}'",
     'Parameter containing:\ntensor(1., requires_grad=True)')])
def test_a_number_in_an_f_string_is_a_number(text, expected):
    assert evaluate(text) == expected


# Indexing

GETITEM = [
    ('x[0]', [0, 1, 2, 3]), ('x[-1, -1]', 11), ('x[1:, :2]', [[4, 5], [8, 9]]),
    ('x[:, 1]', [1, 5, 9]), ('x[::2, ::3]', [[0, 3], [8, 11]]), ('x[..., 0]', [0, 4, 8]),
    ('x[None, 0]', [[0, 1, 2, 3]]), ('x[5:]', []), ('x[-2:, 0]', [4, 8]),
    ('x[[0, 2], [1, 1]]', [1, 9]), ('x[torch.tensor([2, 0]), 0]', [8, 0]),
    ('x[x > 8]', [9, 10, 11]), ('x[torch.tensor([True, False, True])][:, 0]', [0, 8]),
    ('x[np.array([0, 1]), np.int64(2)]', [2, 6]), ('x[torch.tensor(2)][torch.tensor(0)]', 8),
    ('x[:, torch.tensor([[0], [3]])][1]', [[4], [7]]), ('x[x[:, 0] > 3, 1]', [5, 9]),
    ('x[True].shape', (1, 3, 4)), ('x[1][2]', 6), ('x[slice(0, 1)][0, 0]', 0),
]


@pytest.mark.parametrize('expression, values', GETITEM, ids=[row[0] for row in GETITEM])
def test_indexing_reads(expression, values):
    x = torch.arange(12).reshape(3, 4)
    result = eval(expression, {**NAMES, 'x': x})
    assert (result.tolist() if isinstance(result, torch.Tensor) else result) == values


SETITEM = [
    ('x[0] = 9', [[9, 9], [2, 3], [4, 5]]),
    ('x[:, 1] = torch.tensor([7, 8, 9])', [[0, 7], [2, 8], [4, 9]]),
    ('x[1:, 0] = 0', [[0, 1], [0, 3], [0, 5]]),
    ('x[x > 2] = -1', [[0, 1], [2, -1], [-1, -1]]),
    ('x[[0, 2]] = torch.tensor([5, 6])', [[5, 6], [2, 3], [5, 6]]),
    ('x[torch.tensor([0, 1]), torch.tensor([1, 0])] = 8', [[0, 8], [8, 3], [4, 5]]),
    ('x[...] = 1', [[1, 1], [1, 1], [1, 1]]),
    ('x[-1, -1] = torch.tensor(7.9)', [[0, 1], [2, 3], [4, 7]]),
    ('x[0, 0] += 5', [[5, 1], [2, 3], [4, 5]]),
    ('x[:2] *= 2', [[0, 2], [4, 6], [4, 5]]),
    ('x[0] = x[1]', [[2, 3], [2, 3], [4, 5]]),
]


@pytest.mark.parametrize('statement, values', SETITEM, ids=[row[0] for row in SETITEM])
def test_indexing_writes(statement, values):
    x = torch.arange(6).reshape(3, 2)
    exec(statement, {**NAMES, 'x': x})
    assert x.tolist() == values and x.dtype == torch.int64


def test_a_slice_shares_memory_and_advanced_indexing_copies():
    x = torch.zeros(3, 2)
    x[1][0] = 5.0
    x[0:1].add_(1)
    x[[2]].add_(7)
    assert x.tolist() == [[1.0, 1.0], [5.0, 0.0], [0.0, 0.0]]
    y = x.view(6)
    y[5] = 9.0
    assert x[2, 1].item() == 9.0


def test_an_assigned_value_takes_the_dtype_of_the_tensor():
    x = torch.zeros(2)
    x[0] = torch.tensor(1.5, dtype=torch.float64)
    assert x.dtype == torch.float32 and x.tolist() == [1.5, 0.0]


# NumPy beside tensors (PyTorch refuses an array on the left)

@pytest.mark.parametrize('operation, expected', [
    (operator.add, [4.0, 6.0]), (operator.sub, [-2.0, -2.0]), (operator.mul, [3.0, 8.0]),
    (operator.truediv, [1 / 3, 0.5]), (operator.pow, [1.0, 16.0])])
def test_an_array_on_the_left_gives_a_tensor_with_a_gradient(operation, expected):
    x = torch.tensor([3.0, 4.0], dtype=torch.float64, requires_grad=True)
    result = operation(np.array([1.0, 2.0]), x)
    assert type(result) is torch.Tensor
    np.testing.assert_allclose(result.detach().numpy(), expected)
    result.sum().backward()
    assert x.grad.shape == (2,) and bool((x.grad != 0).any())


def test_array_at_tensor_multiplies_in_this_order():
    array = np.array([[1.0, 2.0], [3.0, 4.0]])
    x = torch.tensor([[0.0, 1.0], [0.0, 0.0]], dtype=torch.float64)
    assert (array @ x).tolist() == [[0.0, 1.0], [0.0, 3.0]]
    assert (x @ torch.tensor(array)).tolist() == [[3.0, 4.0], [0.0, 0.0]]


@pytest.mark.parametrize('operation', [
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne])
def test_an_array_compared_with_a_tensor_gives_a_tensor(operation):
    array = np.array([1.0, 2.0, 3.0])
    result = operation(array, torch.tensor([2.0, 2.0, 2.0]))
    assert type(result) is torch.Tensor and result.tolist() == operation(array, 2.0).tolist()


@pytest.mark.parametrize('expression', [
    'np.exp(x)', 'np.isnan(x)', 'np.sqrt(x.long())', 'np.maximum(x, 0)', 'np.maximum(0, x)',
    'np.add(x, x)', 'np.multiply([1.0, 2.0], x)', 'np.add.reduce(x)', 'np.modf(x)', 'np.round(x)',
    'np.exp(x, dtype=np.float64)', 'np.add.accumulate(x)', 'divmod(np.array([3.0, 4.0]), x)',
    'np.exp(x[0])', 'np.argmax(x)', 'np.power(x, 2)', 'np.float64(2) - x', 'np.less(x, 1.5)'])
def test_functions_of_numpy_give_tensors_of_the_same_values(expression):
    found, expected = [eval(expression, {'np': np, 'x': x}) for x in (
        torch.tensor([2.5, 1.25]), AsTensor([2.5, 1.25]))]
    found, expected = [x if isinstance(x, tuple) else (x,) for x in (found, expected)]
    assert {*map(type, found)} == {torch.Tensor}
    for x, y in zip(found, expected):
        assert not x.requires_grad
        np.testing.assert_allclose(x.numpy(), y, rtol=1e-6)


class AsTensor(np.ndarray):
    """An array of float32 with the methods of tensors that are used above."""

    def __new__(cls, data):
        return np.array(data, np.float32).view(cls)

    def long(self):
        return self.astype(np.int64)


def test_functions_of_numpy_do_not_lose_a_graph_in_silence():
    w, array = torch.tensor([1.0, 2.0], requires_grad=True), np.zeros(2)
    with refused(RuntimeError, "Can't call numpy()", 'not recorded', 'tensor.detach().numpy()'):
        np.exp(w)
    with refused(RuntimeError, "Can't call numpy()", 'not recorded', 'tensor.detach().numpy()'):
        array += w
    with refused(TypeError, 'np.exp(out=tensor)', 'arrays alone', 'the same name in torch'):
        np.exp(array, out=torch.zeros(2))
    with pytest.raises(TypeError, match='numpy.float16: tensors hold float32'):
        np.exp(torch.tensor([True]))


def test_an_array_is_changed_in_place_by_a_tensor():
    array = same = np.zeros(2)
    array += torch.tensor([1.0, 2.0])
    np.add.at(array, [0, 0], torch.tensor([3.0, 4.0]))
    assert np.exp(torch.zeros(2), out=array[1:].repeat(2)).tolist() == [1, 1]
    assert array is same and array.tolist() == [8, 2]


# Integers and truth values

@pytest.mark.parametrize('expression, values', [
    ('torch.tensor([7, -7]) // 2', [3, -4]), ('torch.tensor([7, -7]) % 4', [3, 1]),
    ('torch.tensor([7.0, -7.0]) // 2', [3.0, -4.0]), ('5 // torch.tensor([2])', [2]),
    ('5 % torch.tensor([3])', [2]), ('~torch.tensor([True, False])', [False, True]),
    ('~torch.tensor([5])', [-6]), ('abs(torch.tensor([-5]))', [5]),
    ('torch.tensor([True, False]) & True', [True, False]),
    ('torch.tensor([6, 3]) & 2', [2, 2]), ('torch.tensor([6, 3]) | 1', [7, 3]),
    ('torch.tensor([True, False]) ^ torch.tensor([True, True])', [False, True]),
    ('torch.tensor([3, 4]) ** 2', [9, 16]), ('2 ** torch.tensor([3, 4])', [8, 16]),
    ('torch.tensor([1, 2]) == 1', [True, False]), ('1 < torch.tensor([1, 2])', [False, True]),
    ('torch.tensor([[1, 0], [1, 1]]).all(dim=1)', [False, True]),
    ('torch.tensor([[0.0, 0.0], [nan, 0.0]]).any(dim=1)', [False, True]),
    ('torch.tensor([3, 1, 2]).max()', 3), ('torch.tensor([3, 1, 2]).argmin()', 1),
    ('torch.tensor([1.0, nan, 3.0]).max()', nan), ('torch.tensor([1.0, nan]).argmax()', 1),
    ('torch.tensor([2.0, 2.0]).argmax()', 0), ('torch.tensor([])', []),
    ('torch.tensor([]).sum()', 0.0), ('torch.zeros(2, 0).sum(1)', [0.0, 0.0]),
    ('torch.zeros(0).all()', True), ('torch.zeros(0).any()', False),
], ids=str)
def test_plain_values(expression, values):
    result = eval(expression, {**NAMES, 'nan': nan}).tolist()
    np.testing.assert_array_equal(result, values)
    assert type(result) is type(values)


def test_a_pair_of_values_and_indices_has_names():
    pair = torch.tensor([[1.0, 5.0], [7.0, 2.0]]).max(dim=1)
    values, indices = pair
    assert pair.values is values and pair.indices is indices and pair[0] is values
    assert values.tolist() == [5.0, 7.0] and indices.tolist() == [1, 0]
    assert indices.dtype == torch.int64


# What is refused, and how it is said

REFUSED = [
    ('torch.tensor(None)', RuntimeError, ['NoneType']),
    ('torch.tensor(object())', RuntimeError, ['object']),
    ("torch.tensor('a')", TypeError, ['str']),
    ('torch.tensor([1, None])', RuntimeError, ['NoneType']),
    ('torch.tensor([[1, 2], [3]])', ValueError, []),
    ("torch.zeros(2, dtype='float32')", TypeError, ['dtype', 'str', 'torch.float32']),
    ('torch.zeros(2, dtype=np.float32)', TypeError, ['dtype', 'torch.float32']),
    ('torch.ones(2).to(np.float64)', TypeError, []),
    ('torch.zeros(-1)', RuntimeError, ['-1']),
    ('torch.lobpcg', AttributeError, ["module 'tinygrad_adam'", "'lobpcg': it is not implemented"]),
    ('torch.nn.MaxPool3d', AttributeError, ["'tinygrad_adam.nn'", 'dir(tinygrad_adam.nn)']),
    ('torch.nn.modules.module.register_module_forward_hook', AttributeError,
     ["'tinygrad_adam.nn.modules.module'", 'not implemented here']),
    ('torch.nn.functional.conv3d', AttributeError, ['not implemented here']),
    ('torch.optim.SparseAdam', AttributeError, ['not implemented', 'Write Adam']),
    ('torch.utils.data.DataChunk', AttributeError, ['not implemented here']),
    ('torch.from_numpy([1])', TypeError, ['list', 'torch.tensor']),
    ("torch.from_numpy(np.array(['a']))", TypeError, ['U1']),
    ('torch.arange(0, 1, 0)', RuntimeError, ['step']),
    ('torch.randint(5, 2, (2,))', RuntimeError, ['5', '2']),
    ('torch.ones(2).item()', RuntimeError, ['2 elements', 'Scalar', 'index']),
    ('float(torch.ones(2))', ValueError, ['2 elements']),
    ('bool(torch.ones(2))', RuntimeError, ['ambiguous', '.any()', '.all()']),
    ('torch.ones(2) in [torch.ones(2)]', RuntimeError, ['ambiguous']),
    ('bool(torch.ones(0))', RuntimeError, ['ambiguous']),
    ('len(torch.ones(()))', TypeError, ['0-d tensor']),
    ('iter(torch.ones(()))', TypeError, ['0-d tensor']),
    ("torch.ones(2) + 'a'", TypeError, ['str']),
    ('torch.ones(2) + [1, 2]', TypeError, ['list']),
    ('torch.ones(2) * None', TypeError, ['NoneType']),
    ('torch.ones(2) + torch.ones(3)', RuntimeError, ['(2,)', '(3,)']),
    ('torch.ones(2, 3) @ torch.ones(2, 3)', RuntimeError, ['(2, 3)']),
    ('torch.ones(2, 3).mm(torch.ones(3))', RuntimeError, ['(3,)']),
    ('torch.bmm(torch.ones(2, 3), torch.ones(3, 2))', RuntimeError, ['(2, 3)']),
    ('torch.mv(torch.ones(2), torch.ones(2))', RuntimeError, ['(2,)']),
    ('torch.dot(torch.ones(2), torch.ones(3))', RuntimeError, ['(2,)', '(3,)']),
    ('torch.dot(torch.ones(2, 2), torch.ones(2))', RuntimeError, ['(2, 2)']),
    ('torch.ones(()) @ torch.ones(2)', RuntimeError, ['0D', '1D', '*']),
    ('torch.ones(2).sum(dim=1)', IndexError, ['1', '[-1, 0]']),
    ('torch.ones(2, 3).sum(dim=(0, 0))', RuntimeError, ['dim 0']),
    ('torch.ones(2, 3).mean(-3)', IndexError, ['-3', '[-2, 1]']),
    ('torch.ones(0).max()', RuntimeError, ['numel() == 0', 'dim']),
    ('torch.ones(2, 0).amax(1)', IndexError, ['(2, 0)']),
    ('torch.tensor([1, 2]).mean()', RuntimeError, ['int64', 'float()']),
    ('torch.tensor([1, 2]) ** -1', RuntimeError, ['negative', 'float()']),
    ('-torch.tensor([True])', RuntimeError, ['bool', '~']),
    ('torch.tensor([True]) - torch.tensor([True])', RuntimeError, ['bool', 'logical_xor']),
    ('torch.ones(2).view(3)', RuntimeError, ['(2,)', '3']),
    ('torch.ones(2, 3).reshape(-1, -1)', RuntimeError, ['-1']),
    ('torch.ones(2, 3).reshape(4, -1)', RuntimeError, ['(2, 3)', '(4, -1)']),
    ('torch.ones(2, 3).T.view(6)', RuntimeError, ['reshape']),
    ('torch.ones(2).transpose(0, 1)', IndexError, ['1', '[-1, 0]']),
    ('torch.ones(2, 3).permute(0, 0)', RuntimeError, ['(0, 0)']),
    ('torch.ones(2, 3).permute(0)', RuntimeError, ['(0,)', '2 dimensions']),
    ('torch.ones(2).expand(3)', RuntimeError, ['(2,)', '(3,)']),
    ('torch.ones(2).unsqueeze(2)', IndexError, ['2', '[-2, 1]']),
    ('torch.ones(2).flatten(1)', IndexError, ['1']),
    ('torch.ones(3).mT', RuntimeError, ['(3,)']),
    ('torch.ones(2, 3).split(0)', RuntimeError, ['0']),
    ('torch.ones(4).split([1, 2])', RuntimeError, ['[1, 2]', '4']),
    ('torch.ones(4).chunk(0)', RuntimeError, ['0']),
    ('torch.cat([])', ValueError, ['empty']),
    ('torch.cat([torch.ones(2), torch.ones(2, 2)])', RuntimeError, ['(2,)', '(2, 2)']),
    ('torch.cat([torch.ones(2, 3), torch.ones(2, 2)])', RuntimeError, ['(2, 3)', '(2, 2)']),
    ('torch.stack([torch.ones(2), torch.ones(3)])', RuntimeError, ['(2,)', '(3,)']),
    ('torch.where(torch.ones(2), 1.0, 2.0)', RuntimeError, ['float32', 'bool']),
    ('torch.ones(2).clamp()', RuntimeError, ['min', 'max']),
    ('torch.ones(2)[5]', IndexError, ['5', 'size 2']),
    ('torch.ones(2)[0, 0]', IndexError, ['(2,)']),
    ('torch.ones(2)[0.5]', IndexError, ['0.5', 'int']),
    ('torch.ones(2, 3)[torch.tensor([5])]', IndexError, ['5', 'size 2']),
    ('torch.ones(2, 3)[torch.tensor([True])]', IndexError, ['mask']),
    ("f'{torch.ones(1):.2f}'", TypeError, ['Tensor.__format__', '.2f', 'item()']),
    ("f'{torch.nn.Parameter(torch.tensor(1.0)):.2f}'", TypeError, ['Parameter.__format__']),
    ('torch.tensor([torch.ones(2)])', ValueError, ['one element', '(2,)', 'stack']),
    ('torch.tensor(range(2)).type("Foo")', ValueError, ['Foo', 'torch.LongTensor']),
    ('torch.Tensor(5.0)', TypeError, ['float', 'torch.tensor()']),
    ('torch.arange(0, inf)', RuntimeError, ['0 -> inf']),
    ('torch.arange(nan)', RuntimeError, ['nan']),
    ('torch.arange(torch.tensor([1, 2]))', TypeError, ['Tensor', 'item()']),
    ('torch.arange()', TypeError, ['end']),
    ('torch.arange(3, dtype=torch.bool)', NotImplementedError, ['arange', 'bool']),
    ('torch.linspace(0, 1, -1)', RuntimeError, ['-1']),
    ('torch.eye(-1)', RuntimeError, ['n must', '-1']),
    ('torch.empty(2**40, 2**40)', RuntimeError, ['overflowed', str(2**40)]),
    ('torch.rand(2**62)', RuntimeError, ['overflowed']),
    ('torch.zeros(2**50)', RuntimeError, ["can't allocate memory", str(2**50)]),
    ('torch.randperm(2**50)', RuntimeError, ["can't allocate memory"]),
    ('torch.full((2,), torch.ones(1))', TypeError, ['fill_value', 'Tensor']),
    ('torch.full((2,), None)', TypeError, ['fill_value', 'NoneType']),
    ('torch.rand(2, dtype=torch.int64)', NotImplementedError, ['uniform', 'int64']),
    ('torch.randn_like(torch.arange(2))', NotImplementedError, ['normal', 'int64']),
    ('torch.randint(10)', TypeError, ['size']),
    ('torch.randint(10, 2)', TypeError, ['size', 'int', '(n,)']),
    ('torch.randint(1.5, (2,))', TypeError, ['float', 'int()']),
    ('torch.randint(0, 257, (2,), dtype=torch.uint8)', RuntimeError, ['to - 1', 'uint8']),
    ('torch.randint(-1, 3, (2,), dtype=torch.uint8)', RuntimeError, ['from', 'uint8']),
    ('torch.zeros(2).random_(0)', RuntimeError, ['from=0', 'to=0']),
    ('torch.zeros(2).normal_(0, -1)', RuntimeError, ['std', '-1']),
    ('torch.zeros(2).normal_(0, nan)', RuntimeError, ['std', 'nan']),
    ('torch.zeros(2).uniform_(1, 0)', RuntimeError, ['from=1', 'to=0']),
    ('torch.zeros(2).uniform_(0, inf)', RuntimeError, ['to', 'inf']),
    ('torch.zeros(2).uniform_(-3e38, 3e38)', RuntimeError, ['3e+38', 'difference']),
    ('torch.arange(2).uniform_()', NotImplementedError, ['uniform', 'int64']),
    ('torch.zeros(2).bernoulli_(2)', RuntimeError, ['p=2', '[0, 1]']),
    ('torch.zeros(2).bernoulli_(torch.tensor([0.0, 1.5]))', RuntimeError, ['1.5', 'sigmoid()']),
    ('torch.zeros(2).bernoulli_(torch.ones(1, 2))', RuntimeError, ['(1, 2)', '(2,)']),
    ('torch.bernoulli(torch.tensor([-0.5]))', RuntimeError, ['-0.5']),
    ('torch.bernoulli(torch.arange(2))', NotImplementedError, ['bernoulli', 'int64']),
    ('torch.multinomial(torch.arange(2), 1)', RuntimeError, ['int64', 'float()']),
    ('torch.multinomial(torch.tensor([nan, 1.0]), 1)', RuntimeError, ['`nan`']),
    ('torch.multinomial(torch.zeros(2), 1)', RuntimeError, ['sum of probabilities <= 0']),
    ('torch.multinomial(torch.ones(2), 0)', RuntimeError, ['n_sample <= 0']),
    ('torch.multinomial(torch.ones(2), 3)', RuntimeError, ['3 of 2', 'replacement=True']),
    ('torch.multinomial(torch.ones(1, 1, 2), 1)', RuntimeError, ['1 or 2 dim', '3']),
    ('torch.ones(2).bernoulli(2)', RuntimeError, ['p=2', '[0, 1]']),
    ('torch.ones(2).bernoulli(torch.ones(2))', TypeError, ['float', 'torch.bernoulli(p)']),
    ('torch.poisson(torch.tensor([-1.0]))', RuntimeError, ['-1.0', 'non-negative', 'exp()']),
    ('torch.poisson(torch.tensor([nan]))', RuntimeError, ['nan', 'non-negative']),
    ('torch.poisson(torch.tensor([inf]))', RuntimeError, ['inf', '64 bits', 'torch.normal']),
    ('torch.poisson(torch.arange(2))', NotImplementedError, ['poisson', 'int64']),
    ('torch.poisson(2.0)', TypeError, ['poisson', 'float']),
    ('torch.zeros(2).exponential_(0)', RuntimeError, ['lambda=0']),
    ('torch.zeros(2).exponential_(nan)', RuntimeError, ['lambda=nan']),
    ('torch.arange(2).exponential_()', RuntimeError, ['int64', 'float()']),
    ('torch.zeros(2).log_normal_(0, 0)', RuntimeError, ['std=0']),
    ('torch.arange(2).log_normal_()', NotImplementedError, ['log_normal', 'int64']),
    ('torch.zeros(2).cauchy_(0, -1)', RuntimeError, ['sigma=-1']),
    ('torch.arange(2).cauchy_()', RuntimeError, ['int64', 'float()']),
    ('torch.zeros(2).geometric_(0)', RuntimeError, ['p=0', '(0, 1)']),
    ('torch.zeros(2).geometric_(1)', RuntimeError, ['p=1', '(0, 1)']),
    ('torch.zeros(2).bool().geometric_(0.5)', NotImplementedError, ['geometric', 'bool']),
    ('torch.nn.init.xavier_uniform_(torch.zeros(2, 2), gain=-1)', RuntimeError, ['uniform_']),
    ('torch.nn.init.calculate_gain("leaky_relu", True)', ValueError, ['negative_slope True']),
    ('torch.manual_seed(2**64)', ValueError, ['Overflow', '64']),
    ('torch.device("cpu:x")', RuntimeError, ['Invalid device string', 'cpu:x']),
    ('torch.device("cpu", -1)', RuntimeError, ['negative', '-1']),
    ('torch.device("tpu")', RuntimeError, ['Expected one of cpu, cuda', 'tpu']),
    ('torch.device("cuda:01")', RuntimeError, ['Invalid device string', "'cuda:0'"]),
    ('torch.device(0)', RuntimeError, ['Cannot access accelerator', "torch.device('cpu')"]),
    ('torch.device(1.5)', TypeError, ['must be str', '1.5']),
    ('torch.as_tensor(torch.ones(2), device="cuda")', RuntimeError, ['cuda']),
    ('torch.Generator("cuda")', RuntimeError, ['cuda']),
    ('torch.Size([1.5])', TypeError, ['item 0', 'float']),
    ('torch.ones(2).shape + [3]', TypeError, ['list']),
    ('torch.ones(2).no_such_method()', AttributeError, ['no_such_method']),
    ('torch.no_such_function', AttributeError, ['no_such_function']),
]


@pytest.mark.parametrize('expression, error, parts', REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_right_is_refused(expression, error, parts):
    with refused(error, *parts):
        evaluate(expression)


@pytest.mark.parametrize('statement, error, parts', [
    ('x[0] = torch.ones(3)', RuntimeError, ['(3,)']),
    ('x[5] = 1.0', IndexError, ['5']),
    ("x[0] = 'a'", TypeError, ['str']),
    ('x += torch.ones(3, 2)', RuntimeError, ['(3, 2)', '(2,)']),
    ('x.add_(torch.ones(3))', RuntimeError, ['(3,)']),
    ('n += 0.5', RuntimeError, ['int64']),
    ('n /= 2', RuntimeError, ['int64']),
])
def test_an_assignment_that_does_not_fit_is_refused(statement, error, parts):
    x, n = torch.zeros(2), torch.zeros(2, dtype=torch.int64)
    with refused(error, *parts):
        exec(statement, {**NAMES, 'x': x, 'n': n})
    assert x.tolist() == [0.0, 0.0] and n.tolist() == [0, 0]


def test_a_copy_shares_the_memory_and_a_deep_copy_does_not():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.sum().backward()
    x.note = ['seen']
    shallow, deep = copy.copy(x), copy.deepcopy(x)
    with torch.no_grad():
        x.fill_(7)
    assert shallow.tolist() == [7.0, 7.0] and deep.tolist() == [1.0, 2.0]
    assert shallow.requires_grad and shallow.is_leaf and shallow.grad is None
    assert shallow.note is x.note and deep.note == x.note and deep.note is not x.note
    parameter = torch.nn.Parameter(x)
    assert type(copy.copy(parameter)) is torch.nn.Parameter
    computed = copy.copy(x * 2)
    assert computed.is_leaf and computed.requires_grad
