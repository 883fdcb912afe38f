"""torch.linalg: what a row of values in test_ops.py does not show."""
import pytest

import tinygrad_adam as torch
from helpers import refused
from tinygrad_adam import linalg

a = torch.tensor([[2.0, 1.0], [1.0, 3.0]])
wide = torch.arange(6.0).reshape(2, 3)


def test_a_decomposition_multiplied_gives_the_matrix():
    for full in (False, True):
        u, s, vh = linalg.svd(wide, full_matrices=full)
        assert u.shape == (2, 2) and vh.shape == ((3, 3) if full else (2, 3))
        assert torch.allclose((u * s) @ vh[:2], wide, atol=1e-6)
    q, r = linalg.qr(wide.T)
    assert torch.allclose(q @ r, wide.T, atol=1e-6)
    assert linalg.qr(wide.T, 'complete').Q.shape == (3, 3) and not linalg.qr(a, 'r').Q.numel()
    values, vectors = linalg.eigh(a)
    assert torch.allclose((vectors * values) @ vectors.T, a, atol=1e-6)


def test_regression_returns_what_its_driver_finds():
    x, y = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), torch.tensor([1.0, 3.0, 6.0])
    fit = linalg.lstsq(x, y, driver='gelsd')
    assert fit.solution.tolist() == pytest.approx([5 / 6, 2.5])
    assert fit.residuals.tolist() == pytest.approx([1 / 6]) and fit.rank == 2
    assert len(fit.singular_values) == 2 and not linalg.lstsq(x, y).residuals.numel()
    assert linalg.matrix_rank(x @ x.T) == 2


@pytest.mark.parametrize('shape', [(0, 3), (3, 0), (0, 0), (2, 0, 3), (2, 3, 0)])
def test_a_matrix_without_elements_has_the_rank_and_the_norms_0(shape):
    for dtype in (torch.float32, torch.float64):
        x = torch.zeros(shape, dtype=dtype, requires_grad=True)
        none = x.detach().sum((-2, -1)).tolist()       # 0, or a list of them
        assert linalg.matrix_rank(x).tolist() == linalg.matrix_rank(x, rtol=0.5).tolist() == none
        for order in (1, 2, float('inf'), 'fro', 'nuc'):
            out = linalg.matrix_norm(x, order)
            out.sum().backward()
            assert out.tolist() == none and out.dtype is dtype and x.grad.shape == shape
        for order in (None, 2, -2):
            assert linalg.cond(x, order).tolist() == none


def test_the_norms_of_as_many_empty_sums_are_0_and_an_inverse_of_nothing_is_well_conditioned():
    x = torch.zeros(0, 3)
    assert linalg.matrix_norm(x, -1) == 0 and linalg.matrix_norm(x.T, -float('inf')) == 0
    assert linalg.matrix_norm(x, 2, keepdim=True).tolist() == [[0]]
    assert linalg.cond(x[:, :0], 1) == linalg.cond(x[:, :0], 'fro') == 0


def test_no_equations_are_solved_by_0_and_no_unknowns_by_nothing():
    x = torch.zeros(0, 3, requires_grad=True)
    fit = linalg.lstsq(x, torch.zeros(0, 2), driver='gelsd')
    fit.solution.sum().backward()
    assert fit.solution.tolist() == [[0, 0]] * 3 and fit.rank == 0 and x.grad.shape == (0, 3)
    assert fit.residuals.shape == fit.singular_values.shape == (0,)
    fit = linalg.lstsq(torch.zeros(2, 3, 0), torch.ones(2, 3, 4), driver='gelsd')
    assert fit.solution.shape == (2, 0, 4) and fit.rank.tolist() == [0, 0]
    assert fit.residuals.tolist() == [[3] * 4] * 2
    assert linalg.lstsq(torch.zeros(3, 0), torch.ones(3)).solution.shape == (0,)


def test_results_are_printed_with_their_names():
    assert repr(linalg.slogdet(a)).startswith('torch.return_types.linalg_slogdet(\nsign=tensor(1.)')


@pytest.mark.parametrize('error, parts, act', [
    (linalg.LinAlgError, ('(2, 2)', 'singular', 'lstsq'), lambda: linalg.inv(a * 0)),
    (linalg.LinAlgError, ('positive-definite', 'eigh'), lambda: linalg.cholesky(-a)),
    (RuntimeError, ('2 by 3', 'square', 'pinv'), lambda: linalg.det(wide)),
    (RuntimeError, ('at least 2 dim', '(3,)', 'A[None]'), lambda: linalg.svd(wide[0])),
    (RuntimeError, ('int64', 'float()'), lambda: linalg.eigh(a.long())),
    (RuntimeError, ('(2, 2) and (3,)', 'rows'), lambda: linalg.solve(a, wide[0])),
    (RuntimeError, ('(2, 2) and (3,)', 'rows'), lambda: linalg.lstsq(a, wide[0])),
    (RuntimeError, ('float32', 'float64'), lambda: linalg.solve(a, a.double())),
    (RuntimeError, ('float32', 'float64'), lambda: linalg.lstsq(a, a.double())),
    (RuntimeError, ("'x'", "'reduced'"), lambda: linalg.qr(a, 'x')),
    (RuntimeError, ('got X', "'L'"), lambda: linalg.eigh(a, 'X')),
    (RuntimeError, ('Order 3', "'nuc'"), lambda: linalg.matrix_norm(a, 3)),
    (RuntimeError, ('Order 3', "'nuc'"), lambda: linalg.cond(a[:0, :0], 3)),
    (IndexError, ('matrix_norm', '(0, 2)', 'numel()'), lambda: linalg.matrix_norm(a[:0], -2)),
    (IndexError, ('matrix_norm', '(2, 0)', 'numel()'), lambda: linalg.norm(a[:, :0], -1)),
    (RuntimeError, ("'nuc'", 'one dimension'), lambda: linalg.norm(a, 'nuc', 0)),
    (RuntimeError, ('length 3', '(2, 2)'), lambda: linalg.cross(a, a)),
    (RuntimeError, ('2 and 1', 'unsqueeze'), lambda: linalg.cross(wide, wide[0])),
    (RuntimeError, ('at least 2', 'got 1'), lambda: linalg.multi_dot([a])),
    (RuntimeError, ('tensor 0', '3D', '(1, 2, 2)', '@'), lambda: linalg.multi_dot([a[None], a])),
    (RuntimeError, ('tensor 1', '1D', '(2,)', '@'), lambda: linalg.multi_dot([a, a[0], a])),
    (TypeError, ('tensors', 'int'), lambda: linalg.multi_dot([a, 2])),
    (RuntimeError, ("'fast'", 'gelsy'), lambda: linalg.lstsq(a, a, driver='fast')),
    (NotImplementedError, ("'gesvd'", 'Leave it out'), lambda: linalg.svd(a, driver='gesvd')),
    (NotImplementedError, ('left=False', 'B.mT'), lambda: linalg.solve(a, a, left=False)),
    (NotImplementedError, ('linalg.svd', 'full_matrices=False'),
     lambda: linalg.svd(wide.requires_grad_())[2].sum().backward()),
    (NotImplementedError, ('linalg.qr', "'reduced'"),
     lambda: linalg.qr(wide.requires_grad_())[1].sum().backward())])
def test_what_linalg_refuses(error, parts, act):
    with refused(error, *parts):
        act()


@pytest.mark.parametrize('words, line, now', [
    (r'linalg.qr\(A, .reduced', 'torch.qr(wide.T).R', 'linalg.qr(wide.T).R'),
    (r'linalg.qr\(A, .complete', 'torch.qr(wide.T, False)[0]', "linalg.qr(wide.T, 'complete')[0]"),
    (r'linalg.cholesky\(A\)', 'torch.cholesky(a)', 'linalg.cholesky(a)'),
    (r'linalg.cholesky\(A, upper', 'torch.cholesky(a, True)', 'linalg.cholesky(a, upper=True)'),
    ('multi_dot', 'torch.chain_matmul(a, wide)', 'linalg.multi_dot([a, wide])'),
    ('Pass dim', 'torch.cross(wide.T, a.new_ones(3, 2))',
     'linalg.cross(wide.T, a.new_ones(3, 2), dim=0)')])
def test_older_names_warn_and_give_what_the_names_give_that_they_advise(words, line, now):
    scope = {'torch': torch, 'linalg': linalg, 'a': a, 'wide': torch.arange(6.0).reshape(2, 3)}
    with pytest.warns(UserWarning, match=words) as caught:
        found = eval(line, scope)
    assert caught[0].filename == '<string>'
    assert found.tolist() == eval(now, scope).tolist()


def test_svd_by_its_older_name_has_v_and_zeros_where_nothing_is_asked_for():
    flat = torch.arange(6.0).reshape(2, 3)
    for some in (True, False):
        u, s, v = torch.svd(flat, some)
        assert v.shape == (3, 2 if some else 3)
        assert torch.allclose((u * s) @ v[:, :2].T, flat, atol=1e-6)
    found = torch.svd(flat, compute_uv=False)
    assert found.U.tolist() == [[0, 0]] * 2 and found.V.tolist() == [[0, 0, 0]] * 3
    assert torch.allclose(found.S, s) and repr(found).startswith('torch.return_types.svd(\nU=')


@pytest.mark.filterwarnings('ignore:.*deprecated')
@pytest.mark.parametrize('error, parts, act', [
    (RuntimeError, ('got none', 'multi_dot'), lambda: torch.chain_matmul()),
    (RuntimeError, ('dimension is 1', 'multi_dot'), lambda: torch.chain_matmul(a, a[0])),
    (TypeError, ('matrices', 'list'), lambda: torch.chain_matmul([a, a])),
    (RuntimeError, ('no dimension of size 3', '(2, 2)', 'pass dim'), lambda: torch.cross(a, a)),
    (TypeError, ('input', 'list'), lambda: torch.cholesky([1.0])),
    (TypeError, ('some', 'int'), lambda: torch.svd(a, 1)),
    (linalg.LinAlgError, ('positive-definite',),
     lambda: linalg.cholesky(torch.tensor([[2.0, 5], [1, 3]]), upper=True))])
def test_what_older_names_refuse(error, parts, act):
    with refused(error, *parts):
        act()


def test_cholesky_reads_the_triangle_that_it_returns():
    both, lower, upper = a, torch.tril(a), torch.triu(a)
    assert linalg.cholesky(lower).tolist() == linalg.cholesky(both).tolist()
    assert linalg.cholesky(upper, upper=True).tolist() == linalg.cholesky(both).T.tolist()
