"""Names that courses use: what a row of values in test_ops.py does not show."""
import math

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

x, m = torch.tensor([1.0, 2.0]), torch.arange(6.0).reshape(2, 3)
i, b = torch.tensor([1, 2]), torch.tensor([True, False])


def test_normal_takes_numbers_and_tensors():
    torch.manual_seed(0)
    drawn = torch.normal(5.0, 0.1, size=(1000,))
    assert drawn.shape == (1000,) and abs(drawn.mean() - 5) < 0.02
    spread = torch.normal(torch.tensor([0.0, 100.0]), torch.ones(500, 2))
    assert spread.shape == (500, 2) and abs(spread[:, 1].mean() - 100) < 0.2
    assert torch.normal(torch.zeros(3).double()).dtype is torch.float64
    mean = torch.zeros(3, requires_grad=True)
    torch.normal(mean, 2.0).sum().backward()
    assert mean.grad.tolist() == [0, 0, 0]


def test_what_is_multiplied_by_beta_0_is_ignored_and_has_the_gradient_0():
    hole = torch.tensor([math.nan, 1.0], requires_grad=True)
    out = torch.addmm(hole, torch.ones(2, 2), torch.ones(2, 2), beta=0)
    out.sum().backward()
    assert out.tolist() == [[2, 2], [2, 2]] and hole.grad.tolist() == [0, 0]


def test_types_and_sizes_have_their_short_names():
    assert [y.dtype for y in (x.byte(), x.short(), x.char())] == [
        torch.uint8, torch.int16, torch.int8]
    assert (m.nelement(), m.ndimension(), m.nbytes) == (6, 2, 24)


@pytest.mark.parametrize('code, values, gradient', [
    ('x.median()', [2, 1, 2, 2, 0, 3, 1], [1/3, 0, 1/3, 1/3, 0, 0, 0]),
    ('x.nanmedian()', [2, math.nan, 2, 0, math.nan], [1/2, 0, 1/2, 0, 0]),
    ('x.median()', [2, math.nan, 2, 0, math.nan], [0, 1/2, 0, 0, 1/2]),
    ('x.median(0).values', [2, math.nan, 2, 0, math.nan], [0, 1, 0, 0, 0]),
    ('x.quantile(0.5)', [2, math.nan, 2, 0, math.nan], [0, 0, 0, 0, 1])])
def test_medians_of_equal_elements_and_of_nan_have_the_gradients_of_pytorch(code, values, gradient):
    x = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    eval(code).backward()
    assert x.grad.tolist() == pytest.approx(gradient)


def test_medians_and_quantiles_know_nan_and_nothing():
    hole = torch.tensor([1.0, math.nan, 3.0])
    assert math.isnan(hole.median()) and hole.median(0).indices == 1
    assert math.isnan(torch.quantile(hole, 0.1)) and math.isnan(torch.tensor([]).median())
    median = m.median(1, keepdim=True)
    assert type(median).__name__ == 'Median' and median.values.tolist() == [[1], [4]]
    assert repr(m.median(0)).startswith('torch.return_types.median(')


def test_covariances_of_no_observations_are_nan_and_of_one_variable_a_number():
    for statistic in (torch.cov, torch.corrcoef):
        for shape in ((0,), (1, 0)):
            out = statistic(torch.zeros(shape))
            assert out.shape == () and out.isnan()
        nothing = statistic(torch.zeros(3, 0))
        assert nothing.shape == (3, 3) and nothing.isnan().all()
        assert statistic(torch.zeros(0, 0)).shape == statistic(torch.zeros(0, 3)).shape == (0, 0)
    one = torch.tensor([[1.0, 2.0, 6.0]], requires_grad=True)
    out = torch.cov(one)
    out.backward()
    assert (out.tolist(), one.grad.tolist()) == (7, [[-2, -1, 3]])
    assert torch.corrcoef(one).tolist() == 1


def test_products_summed_over_an_empty_dimension_are_0():
    empty = torch.zeros(3, 0, requires_grad=True)
    out = torch.inner(empty, torch.zeros(2, 3, 0))
    out.sum().backward()
    assert out.shape == (3, 2, 3) and not out.any() and empty.grad.shape == (3, 0)
    assert torch.inner(empty, empty[0]).tolist() == [0, 0, 0]
    assert torch.inner(empty.T, empty.T).shape == (0, 0)
    assert torch.tensordot(empty, empty.T, 1).tolist() == [[0] * 3] * 3
    assert torch.tensordot(empty, empty, 2).tolist() == 0
    assert torch.tensordot(empty, torch.tensor(2.0), 0).shape == (3, 0)


@pytest.mark.parametrize('p, point, distance, slope', [
    (0, [math.nan, 1, 2], math.nan, [0, 0, 0]), (0, [math.inf, 0, 2], 2, [0, 0, 0]),
    (1, [math.nan, 1, -2], math.nan, [math.nan, 1, -1]), (1, [math.inf, 0, 2], math.inf, [1, 0, 1]),
    (0.5, [math.nan, 0, 1], math.nan, [math.nan, 0, math.nan]),
    (math.inf, [math.nan, 1, 2], 2, [math.nan, 0, 1]), (math.inf, [3, -3, 1], 3, [1, -1, 0]),
    (math.inf, [math.nan] * 3, 0, [math.nan] * 3),
    (math.inf, [math.inf, 1, 0], math.inf, [math.nan, 0, 0])])
def test_distances_with_nan_inf_and_ties_are_those_of_pytorch(p, point, distance, slope):
    for dtype in (torch.float32, torch.float64):
        y = torch.tensor([point], dtype=dtype, requires_grad=True)
        out = torch.cdist(y, torch.zeros(1, 3, dtype=dtype), p)
        out.backward()
        np.testing.assert_array_equal(out.detach(), [[distance]])
        np.testing.assert_array_equal(y.grad, [slope])


def test_distances_of_empty_and_of_equal_points_are_0_and_have_the_gradient_0():
    for p in (0, 1, 2, math.inf):
        assert torch.cdist(torch.zeros(3, 0), torch.zeros(2, 0), p).tolist() == [[0, 0]] * 3
    for p in (1.5, 2, 3):
        y = torch.tensor([[1.0, 2.0], [5.0, 5.0]], requires_grad=True)
        torch.cdist(y, y.detach(), p).sqrt().sum().backward()       # inf where it is 0
        assert y.grad.isfinite().all() and (y.grad[0] < 0).all()


def test_a_window_shares_memory():
    base = torch.arange(5.0)
    base.unfold(0, 2, 2)[1, 0] = 9
    assert base.tolist() == [0, 1, 9, 3, 4]


def test_indices_that_repeat_add_up_and_triangles_have_their_indices():
    total = torch.zeros(3).index_add_(0, torch.tensor([0, 0, 2]), torch.tensor([1.0, 2.0, 4.0]))
    assert total.tolist() == [3, 0, 4]
    assert torch.tril_indices(2, 3).tolist() == [[0, 1, 1], [0, 0, 1]]
    assert torch.triu_indices(2, 2, 1).tolist() == [[0], [1]]
    assert torch.repeat_interleave(torch.tensor([1, 0, 2])).tolist() == [0, 2, 2]


def test_diagonals_are_filled_once_or_as_often_as_a_tall_matrix_has_them():
    assert torch.zeros(5, 2).fill_diagonal_(1).tolist() == [[1, 0], [0, 1], [0, 0], [0, 0], [0, 0]]
    assert torch.zeros(5, 2).fill_diagonal_(1, wrap=True).tolist() == [
        [1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]
    assert torch.zeros(2, 2, 2).fill_diagonal_(1).sum(0).tolist() == [[1, 0], [0, 1]]
    x = torch.zeros(2, 3).long()
    x.T.fill_diagonal_(1.5)
    assert x.tolist() == [[1, 0, 0], [0, 1, 0]]
    assert torch.zeros(2, 2).fill_diagonal_(torch.tensor(2.0)).sum() == 4


def test_integers_are_reduced_where_they_are_sent_and_their_means_are_rounded_down():
    x, i, src = torch.tensor([1, 2, 3]), torch.tensor([0, 0, 1]), torch.tensor([4, -5, 6])
    assert x.scatter_reduce(0, i, src, 'mean').tolist() == [0, 4, 3]
    assert x.scatter_reduce(0, i, src, 'mean', include_self=False).tolist() == [-1, 6, 3]
    assert x.scatter_reduce(0, i, src, 'prod').tolist() == [-20, 12, 3]
    assert x.scatter_reduce(0, i[:0], src, 'sum').tolist() == [1, 2, 3]
    assert (x > 1).scatter_reduce(0, i, src > 0, 'amax').tolist() == [True, True, True]
    assert (x > 1).scatter_reduce(0, i, src > 0, 'sum').dtype is torch.bool


def test_a_product_with_zeros_has_the_gradient_of_pytorch_or_says_why_it_has_none():
    x, src = torch.tensor([3.0, 2.0], requires_grad=True), torch.zeros(2, requires_grad=True)
    out = x.scatter_reduce(0, torch.tensor([0, 1]), src, 'prod')
    out.sum().backward()
    assert (x.grad.tolist(), src.grad.tolist()) == ([0, 0], [3, 2])
    out = x.scatter_reduce(0, torch.tensor([0, 0]), src, 'prod').sum()
    with refused(RuntimeError, '>1 zeros', 'prod()'):
        torch.autograd.grad(out, src, create_graph=True)


def test_one_hot_rows_by_scatter():
    rows = torch.zeros(2, 3).scatter_(1, torch.tensor([[2], [0]]), 1)
    assert rows.tolist() == [[0, 0, 1], [1, 0, 0]]


def test_a_step_of_adam_in_place():
    p, g = np.array([1.0, -2.0], np.float32), np.array([0.5, 0.1], np.float32)
    m, v = 0.1 * g, 0.001 * g * g
    expected = p - 0.01 * (m / 0.1) / (np.sqrt(v / 0.001) + 1e-8)
    weight, gradient = torch.tensor(p), torch.tensor(g)
    first = torch.zeros(2).mul_(0.9).add_(gradient, alpha=0.1)
    second = torch.zeros(2).mul_(0.999).addcmul_(gradient, gradient, value=0.001)
    weight.addcdiv_(first / 0.1, (second / 0.001).sqrt_().add_(1e-8), value=-0.01)
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-6)


def test_positions_among_sorted_numbers_and_members_of_sets():
    edges = torch.tensor([1, 3, 5])
    assert torch.bucketize(torch.tensor([[0, 1], [4, 9]]), edges).tolist() == [[0, 0], [2, 3]]
    assert torch.searchsorted(edges, 3, right=True).item() == 2
    rows = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert torch.searchsorted(rows, torch.tensor([[2.0], [9.0]])).tolist() == [[1], [2]]
    for shape in ((0, 3), (3, 0), (2, 0, 3), (2, 3, 0)):
        found = torch.searchsorted(torch.ones(shape), torch.ones(*shape[:-1], 2), out_int32=True)
        assert found.shape == (*shape[:-1], 2) and found.dtype is torch.int32 and not found.any()
    assert torch.isin(edges, torch.tensor([[5], [7]]), invert=True).tolist() == [True, True, False]
    assert torch.histc(torch.tensor([1.0, 2.0, 2.0, 9.0]), 2, 1, 3).tolist() == [1, 2]
    assert torch.histc(torch.ones(3), 2).tolist() == [0, 3]


def test_the_extremes_so_far_say_where_they_are():
    values, where = torch.cummax(torch.tensor([1.0, 3.0, 2.0, 3.0]), 0)
    assert values.tolist() == [1, 3, 3, 3] and where.tolist() == [0, 1, 1, 3]
    assert repr(torch.cummin(i, 0)).startswith('torch.return_types.cummin(')


@pytest.mark.parametrize('call', [
    'histogram(x, 4)', 'histogram(x)', 'histogram(x, 3, range=(1.0, 1.0))',
    'histogram(x, 3, range=(0.0, 6.0), weight=x * x, density=True)', 'histogram(x.double(), 7)',
    'histogram(x, torch.tensor([0.0, 1.0, 1.5, 5.0]), density=True)', 'histogram(x[:0], 2)',
    'histogram(torch.ones(2, 3), 2)', 'histogram(x, 3, range=(7.0, 9.0), density=True)'])
def test_histograms_are_those_of_pytorch(call):
    pytorch = pytest.importorskip('torch')
    numbers = [1.0, 2.0, 1.0, 5.0, 2.9]
    ours, theirs = [eval(f'torch.{call}', dict(torch=library, x=library.tensor(numbers)))
                    for library in (torch, pytorch)]
    for a, b in zip(ours, theirs):
        assert a.dtype.itemsize == b.dtype.itemsize
        np.testing.assert_allclose(a, b, rtol=1e-6)
    assert repr(ours).startswith('torch.return_types.histogram(\nhist=')


def test_what_dtype_a_result_has_can_be_asked_before():
    halves, small = torch.ones(2), torch.ones(2, dtype=torch.int8)
    assert torch.result_type(small, 1.5) is torch.result_type(small, halves) is torch.float32
    assert torch.result_type(small, torch.tensor(500)) is torch.int8
    assert torch.promote_types(torch.int64, torch.float32) is torch.float32
    assert torch.promote_types(torch.int8, torch.uint8) is torch.int16
    assert torch.can_cast(torch.float64, torch.float32)
    assert not torch.can_cast(torch.float32, torch.int64)
    assert not torch.can_cast(from_=torch.int64, to=torch.bool)
    assert small.is_signed() and not torch.is_signed(small.byte()) and not torch.is_complex(small)
    assert torch.is_nonzero(torch.tensor([0.5])) and not torch.tensor(False).is_nonzero()


def test_new_makes_a_tensor_of_the_same_dtype():
    i = torch.tensor([1, 2])
    assert i.new([3.5]).tolist() == [3] and i.new(2, 3).shape == (2, 3) and i.new().numel() == 0
    with pytest.raises(TypeError, match='int64'):
        i.new(torch.ones(2))


def test_combinations_are_those_of_itertools():
    numbers = torch.tensor([3.0, 1.0, 2.0])
    assert torch.combinations(numbers).tolist() == [[3, 1], [3, 2], [1, 2]]
    assert torch.combinations(numbers, 0).shape == (0,)
    assert torch.combinations(numbers, 4).shape == (0, 4)
    assert torch.combinations(numbers, with_replacement=True).shape == (6, 2)


def test_limits_of_dtypes_and_powers_on_a_scale():
    assert torch.finfo().eps == 2 ** -23 and torch.finfo(torch.float64).bits == 64
    assert torch.iinfo(torch.int8).max == 127 and torch.logspace(0, 2, 3).tolist() == [1, 10, 100]
    assert torch.is_floating_point(x) and x[torch.newaxis].shape == (1, 2)
    assert torch.vmap(torch.dot)(m, m).tolist() == [5, 50]


@pytest.mark.parametrize('error, parts, act', [
    (RuntimeError, ('got up', 'right=True'), lambda: torch.searchsorted(x, 1.0, side='up')),
    (RuntimeError, ('opposites', 'Leave'),
     lambda: torch.searchsorted(x, 1.0, side='left', right=True)),
    (RuntimeError, ('N-1', 'expand()'), lambda: torch.searchsorted(m, x)),
    (RuntimeError, ('1 dimension', '[]', 'expand()'), lambda: torch.searchsorted(x[0], x)),
    (RuntimeError, ('dim(2)', 'searchsorted'), lambda: torch.bucketize(x, m)),
    (TypeError, ('isin', '=='), lambda: torch.isin(1, 2)),
    (NotImplementedError, ('int64', 'bincount'), lambda: torch.histc(i)),
    (RuntimeError, ('got 0', 'bins'), lambda: torch.histc(x, 0)),
    (NotImplementedError, ('histogram', 'int64'), lambda: torch.histogram(i)),
    (RuntimeError, ('histogram', 'got 0'), lambda: torch.histogram(x, 0)),
    (RuntimeError, ('histogram', '[3.0, 1.0]'), lambda: torch.histogram(x, 2, range=(3.0, 1.0))),
    (RuntimeError, ('histogram', 'not finite'), lambda: torch.histogram(x / 0, 2)),
    (RuntimeError, ('ascend', 'sort()'), lambda: torch.histogram(x, torch.tensor([2.0, 1.0]))),
    (RuntimeError, ('[3]', 'expand_as'), lambda: torch.histogram(x, 2, weight=torch.ones(3))),
    (TypeError, ('range',), lambda: torch.histogram(x, x, range=(0.0, 1.0))),
    (TypeError, ('bins', 'int'), lambda: torch.histogram(x, 2.5)),
    (RuntimeError, ('[3.0, 1.0]', 'larger'), lambda: torch.histc(x, 2, 3, 1)),
    (RuntimeError, ('3 dimensions', 'reshape'), lambda: torch.cov(m[None])),
    (RuntimeError, ('3 dimensions', 'reshape'), lambda: torch.corrcoef(m[None])),
    (RuntimeError, ('1D', '[2, 3]'), lambda: torch.cartesian_prod(m)),
    (RuntimeError, ('1D', '[2, 3]'), lambda: torch.combinations(m)),
    (RuntimeError, ('-1', '0 or more'), lambda: torch.combinations(x, -1)),
    (RuntimeError, ('2 values', '.any()'), lambda: torch.is_nonzero(x)),
    (TypeError, ('dtype', 'float32'), lambda: torch.promote_types(1, torch.int64)),
    (TypeError, ('Tensor', 'list'), lambda: torch.result_type([1], x)),
    (TypeError, ('floating point', 'iinfo'), lambda: torch.finfo(torch.int64)),
    (TypeError, ('integer', 'finfo'), lambda: torch.iinfo(torch.float32)),
    (TypeError, ('size=(...)',), lambda: torch.normal(0, 1)),
    (TypeError, ('which the tensor decides',), lambda: torch.normal(x, 1.0, (2,))),
    (RuntimeError, ('(2, 3)', '(2,)', 'unsqueeze'), lambda: torch.normal(m, x)),
    (NotImplementedError, ('float32', 'int64'), lambda: torch.tril_indices(2, 2, dtype=(
        torch.float32))),
    (RuntimeError, ('row', '-1', '0 or more'), lambda: torch.tril_indices(-1, 2)),
    (RuntimeError, ('0D', 'diag_embed'), lambda: torch.diag(x[0])),
    (RuntimeError, ('identical 0, 0',), lambda: torch.diag_embed(m, dim1=0, dim2=0)),
    (RuntimeError, ('dim 1', 'diagonal('), lambda: torch.trace(x)),
    (RuntimeError, ('[2, 2]', 'dim 1', 'Write -1'), lambda: torch.unflatten(m, 1, (2, 2))),
    (RuntimeError, ('is 3 but size is 4', 'pad first'), lambda: m.unfold(1, 4, 1)),
    (RuntimeError, ('`source`', 'each once'), lambda: torch.movedim(m, (0, 0), (1, 0))),
    (RuntimeError, ('equally many',), lambda: torch.movedim(m, 0, (1, 0))),
    (RuntimeError, ('(0, 0)', 'two that differ'), lambda: torch.rot90(m, 1, (0, 0))),
    (RuntimeError, ('>= 2-d', 'unsqueeze'), lambda: torch.fliplr(x)),
    (RuntimeError, ('>= 1-d',), lambda: torch.flipud(x[0])),
    (IndexError, ('0-dim', 'reshape(1)'), lambda: x[0].select(0, 0)),
    (IndexError, ('3', 'dimension 1'), lambda: torch.select(m, 1, 3)),
    (RuntimeError, ('3 dimension(s)', 'unsqueeze'), lambda: torch.dsplit(m, 1)),
    (RuntimeError, ('1 dimension(s)', 'got 0'), lambda: torch.tensor_split(x[0], 1)),
    (RuntimeError, ('float32', 'long()'), lambda: torch.tensor_split(m, x)),
    (RuntimeError, ('larger than 0', 'at least 1'), lambda: torch.tensor_split(m, 0)),
    (RuntimeError, ('3 is not divisible', 'tensor_split'), lambda: torch.hsplit(m, 2)),
    (TypeError, ('element 1', 'list'), lambda: torch.block_diag(m, [m])),
    (RuntimeError, ('3 dimensions', 'reshape'), lambda: torch.block_diag(m[None])),
    (ValueError, ('negative', '-1'), lambda: torch.broadcast_shapes((-1,))),
    (RuntimeError, ('(2,)', '(3,)'), lambda: torch.broadcast_shapes((2,), (3,))),
    (RuntimeError, ('float32', 'long()'), lambda: torch.take(m, x)),
    (IndexError, ('index 6', '6 elements'), lambda: torch.take(m, torch.tensor([6]))),
    (TypeError, ('list', 'torch.tensor()'), lambda: torch.repeat_interleave(m, [1, 2], 0)),
    (NotImplementedError, ('float32', 'long()'), lambda: torch.repeat_interleave(m, x, 0)),
    (NotImplementedError, ('int16', 'long()'), lambda: torch.repeat_interleave(m, i.short(), 1)),
    (NotImplementedError, ('uint8', 'long()'), lambda: torch.repeat_interleave(m, i.byte(), 1)),
    (RuntimeError, ('= 2', '= 3'), lambda: torch.repeat_interleave(m, i, 1)),
    (RuntimeError, ('-1', 'clamp'), lambda: torch.repeat_interleave(m, -1)),
    (RuntimeError, ('expected 12', '11'), lambda: torch.repeat_interleave(m, 2, output_size=11)),
    (RuntimeError, ('got add', "reduce='sum'"),
     lambda: m.scatter_reduce(0, i[None] * 0, m, 'add')),
    (NotImplementedError, ('bool', 'float()'),
     lambda: torch.scatter_reduce(m > 0, 0, i[None] * 0, m > 0, 'mean')),
    (RuntimeError, ('masked_scatter', 'mask.bool()'), lambda: torch.masked_scatter(m, m, m)),
    (RuntimeError, ('2, <', 'longer'), lambda: torch.masked_scatter(m, m == m, x[:2])),
    (RuntimeError, ('float32', 'float64', 'to('),
     lambda: torch.masked_scatter(m, m > 0, m.double())),
    (TypeError, ('tuple', 'parentheses'), lambda: torch.index_put(m, i, x)),
    (TypeError, ('indices', 'int'), lambda: torch.index_put(m, (0,), x)),
    (RuntimeError, ('no indices', 'copy_()'), lambda: torch.index_put(m, (), x)),
    (RuntimeError, ('[2]', '[2, 3]', 'Reshape'), lambda: torch.index_put(m, (i * 0,), x[:2])),
    (IndexError, ('index 8', 'size - 1'), lambda: torch.index_put(m, (i + 7,), x)),
    (RuntimeError, ('larger than 1', 'fill_()'), lambda: x.clone().fill_diagonal_(1)),
    (RuntimeError, ('(1, 2, 3)', 'diagonal()'), lambda: m[None].clone().fill_diagonal_(1)),
    (NotImplementedError, ("'add'", 'scatter_add'), lambda: m.scatter(0, i[None] * 0, m,
                                                                      reduce='add')),
    (TypeError, ('value',), lambda: m.scatter(0, i[None] * 0)),
    (RuntimeError, ('float64', 'same'), lambda: m.index_add(0, i * 0, m.double())),
    (RuntimeError, ('(2, 2)', 'Reshape'), lambda: m.index_add(0, i * 0, m[:, :2])),
    (IndexError, ('float32', 'long()'), lambda: m.index_add(0, x, m)),
    (RuntimeError, ('1 dimension', 'index_copy'), lambda: m.index_fill(0, i * 0, x)),
    (NotImplementedError, ('bool', 'int()'), lambda: b.median()),
    (RuntimeError, ('[0, 1]', '1.5', 'percent'), lambda: torch.quantile(m, 1.5)),
    (RuntimeError, ("'x'", 'linear'), lambda: torch.quantile(m, 0.5, interpolation='x')),
    (RuntimeError, ('non-empty',), lambda: torch.quantile(m[:0], 0.5)),
    (RuntimeError, ('float64', '1D'), lambda: torch.quantile(m, x.double())),
    (RuntimeError, ('one-dimensional',), lambda: torch.diff(x[0])),
    (RuntimeError, ('-1', 'cumsum'), lambda: torch.diff(x, -1)),
    (RuntimeError, ('1 and 2', 'unsqueeze'), lambda: torch.diff(m, prepend=x)),
    (RuntimeError, ('X1: 3', 'X2: 2'), lambda: torch.cdist(m, m[:, :2])),
    (RuntimeError, ('1D', 'unsqueeze(0)'), lambda: torch.cdist(x, m)),
    (RuntimeError, ('-1', 'Use 2'), lambda: torch.cdist(m, m, -1.0)),
    (ValueError, ("'x'", 'compute_mode'), lambda: torch.cdist(m, m, compute_mode='x')),
    (RuntimeError, ('(4,)', '(3, 3)'), lambda: torch.addmm(torch.ones(4), m.T, m)),
    (RuntimeError, ('[2, 3]', '[2]'), lambda: torch.inner(m, x)),
    (RuntimeError, ('dims=3',), lambda: torch.tensordot(m, m, 3)),
    (RuntimeError, ('(2, 3)', 'same order'), lambda: torch.tensordot(m, m, ([0], [1]))),
    (RuntimeError, ('Integer division', 'float()'), lambda: torch.addcdiv(i, i, i)),
    (TypeError, ('2', '3', 'tensor'), lambda: torch.bitwise_and(2, 3)),
    (TypeError, ('2', '3', 'tensor'), lambda: torch.float_power(2, 3)),
    (NotImplementedError, ('int64', 'float()'), lambda: torch.hypot(i, i)),
    (TypeError, ('2', '3', 'tensor'), lambda: torch.xlogy(2, 3)),
    (RuntimeError, ('k is 4', 'up to 3'), lambda: torch.kthvalue(m, 4)),
    (RuntimeError, ('one-dimensional', '(2, 3)', 'reshape(-1)'), lambda: torch.vander(m)),
    (RuntimeError, ('N', '-1', '0 or more'), lambda: torch.vander(x, -1)),
    (RuntimeError, ('[2]', '[2, 3]', 'sum()'), lambda: m.sum_to_size(2)),
    (RuntimeError, ('requires grad', 'detach()'),
     lambda: torch.ones(2, requires_grad=True).apply_(abs)),
    (TypeError, ('apply_', 'real number', 'str'), lambda: torch.ones(2).apply_(str)),
    (AttributeError, ('as_strided', 'unfold'), lambda: m.as_strided((2,), (1,))),
    (NotImplementedError, ('kthvalue', 'bool', 'int()'), lambda: torch.kthvalue(m > 0, 1)),
    (IndexError, ('no slices', 'dim'), lambda: torch.unique(torch.tensor(1), dim=0)),
    (RuntimeError, ('(2, 0)', 'numel()'),
     lambda: torch.unique_consecutive(torch.ones(2, 0), dim=0)),
    (NotImplementedError, ('logcumsumexp', 'int64', 'float()'), lambda: torch.logcumsumexp(i, 0)),
    (RuntimeError, ('trapezoid', 'bool', 'int()'), lambda: torch.trapezoid(x > 0)),
    (IndexError, ('one point', 'reshape(1)'), lambda: torch.trapezoid(torch.tensor(1.0))),
    (RuntimeError, ('2 for 3 points', 'dx='), lambda: torch.trapezoid(m, torch.ones(2))),
    (RuntimeError, ('2 dimensions', 'y 1'), lambda: torch.trapezoid(m[0], m)),
    (TypeError, ('x and dx', 'dx out'), lambda: torch.trapezoid(m, m, dx=1)),
    (NotImplementedError, ('logaddexp2', 'int64', 'float()'), lambda: torch.logaddexp2(i, i)),
    (NotImplementedError, ('round', 'int64', 'float()'), lambda: torch.round(i, decimals=1)),
    (RuntimeError, ('int64', 'float()'), lambda: torch.nanmean(i)),
    (RuntimeError, ('int64', 'fractions'), lambda: torch.nanmean(x, dtype=torch.int64)),
    (RuntimeError, ('+', 'bool', 'int()'), lambda: torch.positive(x > 0)),
    (NotImplementedError, ('gcd', 'float32', 'long()'), lambda: torch.gcd(x, x)),
    (NotImplementedError, ('lcm', 'bool', 'long()'), lambda: torch.lcm(x > 0, x > 0)),
    (RuntimeError, ('float32', 'int64', 'to(input.dtype)'), lambda: torch.heaviside(x, m.long())),
    (RuntimeError, ('-1', '0 or more'), lambda: torch.polygamma(-1, x)),
    (RuntimeError, ('no dimensions', '[1, 1]', 'reshape()'),
     lambda: torch.tensor(1.0).unflatten(0, (1, 1))),
    (NotImplementedError, ('float32', 'long()'), lambda: torch.bitwise_and(x, 1)),
    (NotImplementedError, ('float32', 'long()'), lambda: torch.bitwise_not(x)),
    (RuntimeError, ('divided by 0', 'zeros first'), lambda: torch.fmod(i, 0))])
def test_what_they_refuse(error, parts, act):
    with refused(error, *parts):
        act()


@pytest.mark.parametrize('name, others', [
    *[(name, ()) for name in '''acos acosh asin asinh atan atanh tan sinh cosh deg2rad rad2deg exp2
      expm1 erfc erfinv lgamma digamma frac sgn logit logical_not tril triu absolute negative
      arccos arcsin arctan sinc'''.split()],
    *[(name, (0.5,)) for name in '''eq ne lt le gt ge floor_divide divide true_divide multiply
      subtract greater greater_equal less less_equal not_equal'''.split()],
    *[(name, ([[0.5, 0.0], [2.0, -1.0]],)) for name in '''atan2 arctan2 hypot heaviside float_power
      logical_and logical_or logical_xor xlogy ldexp copysign'''.split()],
    ('polygamma', (1,)), ('cumsum', (0,)), ('cumprod', (-1,)), ('logit', (0.1,)), ('triu', (1,)),
    ('addmv', ([[1.0, 2.0], [3.0, 4.0]], [1.0, 1.0])),
    ('baddbmm', ([[[1.0, 2.0], [3.0, 4.0]]],) * 2)])
def test_what_is_changed_in_place_is_what_is_computed_apart(name, others):
    x = torch.tensor([[0.5, 0.25], [0.0, 1.5]], dtype=torch.float64)
    x = {'baddbmm': x[None], 'addmv': x[0]}.get(name, x)
    others = [torch.tensor(y).double() if isinstance(y, list) else y for y in others]
    expected, leaf = getattr(x, name)(*others), torch.ones_like(x, requires_grad=True)
    changed = leaf * x
    result = getattr(changed, f'{name}_')(*others)
    assert result is changed and result.dtype == x.dtype
    np.testing.assert_array_equal(result.detach(), expected.to(x.dtype))


def test_numbers_are_changed_one_by_one_raised_to_powers_and_summed_up():
    x = torch.tensor([[1, -2], [3, -4]])
    assert x.t().apply_(abs).tolist() == [[1, 3], [2, 4]] and x.tolist() == [[1, 2], [3, 4]]
    assert x.apply_(lambda v: v + 0.7).tolist() == [[1, 2], [3, 4]]
    assert torch.zeros(0).apply_(abs).tolist() == []
    assert torch.vander(torch.tensor([True, False])).tolist() == [[1, 1], [0, 1]]
    y = torch.tensor([0.0, 2.0], requires_grad=True)
    assert torch.vander(y, 3).tolist() == [[0, 0, 1], [4, 2, 1]]
    assert torch.autograd.grad(torch.vander(y, 4, True).sum(), y)[0].tolist() == [1, 17]
    assert torch.vander(x[0], 0).shape == (2, 0) and x.int().sum_to_size(1, 2).dtype == torch.int64


def test_slices_are_compared_as_wholes():
    x = torch.tensor([[2, 1, 2, 2], [0, 1, 0, 1]])
    values, inverse, counts = torch.unique(x, return_inverse=True, return_counts=True, dim=1)
    assert values.tolist() == [[1, 2, 2], [1, 0, 1]]
    assert inverse.tolist() == [1, 0, 1, 2] and counts.tolist() == [1, 2, 1]
    values, inverse, counts = torch.unique_consecutive(x[:, [0, 2, 1, 0]], True, True, dim=-1)
    assert values.tolist() == [[2, 1, 2], [0, 1, 0]]
    assert inverse.tolist() == [0, 0, 1, 2] and counts.tolist() == [2, 1, 1]
    values, inverse = x.unique_consecutive(return_inverse=True)
    assert values.tolist() == [2, 1, 2, 0, 1, 0, 1]
    assert inverse.tolist() == [[0, 1, 2, 2], [3, 4, 5, 6]]


def test_the_most_frequent_element_is_the_smallest_of_several():
    assert [y.item() for y in torch.mode(torch.tensor([5, 1, 1, 5, 5, 1, 7]))] == [1, 5]
    values, indices = torch.mode(torch.tensor([[2, 2, 0], [2, 3, 0]]), 0, keepdim=True)
    assert values.tolist() == [[2, 2, 0]] and indices.tolist() == [[1, 0, 1]]


def test_what_is_true_in_place_passes_no_gradient():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    for change in ('eq_(2)', 'gt_(x.detach() * 0)', 'logical_and_(x)', 'logical_not_()'):
        x = w * 1
        total = eval(f'x.{change}', dict(x=x)).sum()
        assert torch.autograd.grad(total, w)[0].tolist() == [0, 0]
    with refused(RuntimeError, 'a leaf Variable'):
        w.eq_(1)
    with refused(RuntimeError, '(2, 2)'):
        torch.ones(2).eq_(torch.ones(2, 2))


def test_integers_in_place():
    x = torch.tensor([12, 18])
    assert x.clone().gcd_(torch.tensor(8)).tolist() == [4, 2]
    assert x.clone().lcm_(torch.tensor(8)).tolist() == [24, 72]
    assert x.clone().bitwise_and_(6).tolist() == [4, 2]
    assert x.clone().bitwise_or_(1).tolist() == [13, 19]
    assert x.clone().bitwise_xor_(2).tolist() == [14, 16]
    assert x.clone().bitwise_not_().tolist() == [-13, -19]
    assert x.clone().cumsum_(0).tolist() == [12, 30]
    with refused(NotImplementedError, 'bool', 'cumsum()'):
        (x > 0).cumsum_(0)
    with refused(RuntimeError, 'float32', 'float64', 'pow_()'):
        torch.ones(2).float_power_(2)


def test_integers_that_float64_cannot_tell_apart_are_not_close():
    large = torch.tensor([2**53, 1])
    assert torch.isclose(large, large + torch.tensor([1, 0]), 0, 0).tolist() == [False, True]
    nan = torch.tensor([math.nan, 1])
    assert torch.isclose(nan, nan, 0, 0).tolist() == [False, True]
    assert torch.isclose(nan, nan, 0, 0, True).tolist() == [True, True]
    with pytest.raises(AssertionError):
        torch.testing.assert_close(torch.tensor(2**62), torch.tensor(2**62 + 1))
