"""Reductions at their edges: what a dim may be, norms at zero and beyond, nothing to reduce.

The values are PyTorch's; the last test asks it where it is installed.
"""

from math import inf

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

F = torch.nn.functional

ONE_DIM = ['x.prod(D)', 'x.cumsum(D)', 'x.argmax(D)', 'x.argmin(D)', 'x.max(D)', 'x.min(D)',
           'x.sort(D)', 'x.argsort(D)', 'x.topk(1, D)', 'x.softmax(D)', 'x.log_softmax(D)',
           'x.unsqueeze(D)', 'x.transpose(D, 0)', 'x.flatten(D)', 'x.unbind(D)',
           'x.narrow(D, 0, 1)', 'x.chunk(2, D)', 'x.index_select(D, i)',
           'x.gather(D, i.view(1, 2))', 'x.size(D)',
           'torch.cat([x, x], D)', 'torch.stack([x, x], D)', 'x.diagonal(0, D, 0)', 'x.stride(D)',
           'F.cosine_similarity(x, x + 1, D)']
DIMS = ['x.sum(D)', 'x.mean(D)', 'x.logsumexp(D)', 'x.var(D, correction=0)', 'x.norm(2, D)',
        'torch.linalg.vector_norm(x, 1, D)', 'x.amax(D)', 'x.amin(D)', 'x.all(D)', 'x.any(D)',
        'x.count_nonzero(D)', 'x.squeeze(D)', 'x.flip((D,))', 'F.normalize(x, 2, D)']


def evaluated(library, expression, dim):
    """The numbers that it gives for this D, and their shapes; or the type of the error."""
    x = library.tensor(np.arange(1.0, 7.0).reshape(2, 3))
    names = {'torch': library, 'F': library.nn.functional, 'x': x, 'D': dim,
             'i': library.tensor([0, 1])}
    try:
        out = eval(expression, names)
    except (TypeError, IndexError, RuntimeError) as error:
        return type(error)
    parts = [getattr(part, 'tolist', lambda: part)() for part in (
        out if isinstance(out, (tuple, list)) else [out])]
    return [(np.shape(part), np.round(np.multiply(part, 1.0), 6).tolist()) for part in parts]


@pytest.mark.parametrize('expression', ONE_DIM + DIMS)
def test_a_dim_may_be_any_integer(expression):
    expected = evaluated(torch, expression, 1)
    assert expected is not TypeError
    for one in [np.int64(1), np.int32(1), np.uint8(1), torch.tensor(1), torch.tensor(1).int()]:
        if 'x.m' not in expression or not isinstance(one, torch.Tensor):    # max of two tensors
            assert evaluated(torch, expression, one) == expected


@pytest.mark.parametrize('expression', ONE_DIM)
def test_one_dim_is_not_several_nor_a_number_of_another_kind(expression):
    for dim in [True, False, 1.0, '1', np.float64(1), np.bool_(True), (0, 1), [0], ()]:
        assert evaluated(torch, expression, dim) is TypeError, dim


@pytest.mark.parametrize('expression', DIMS)
def test_several_dims_are_integers(expression):
    for dim in [1.0, '1', np.float64(1), np.bool_(True), torch.tensor(1.0), (1.0,), [(0,)]]:
        assert evaluated(torch, expression, dim) is TypeError, dim


def test_a_wrong_dim_is_told_what_to_be():
    with refused(TypeError, "argument 'dim' must be int, not tuple", '(0, 1)', 'flatten', '-1'):
        torch.ones(2, 3).argmax((0, 1))


def test_no_dims_are_all_but_for_truth_and_logsumexp_has_no_default():
    x = torch.tensor([[1.0, 0.0], [2.0, 3.0]])
    assert x.sum(()).item() == x.sum([]).item() == 6 and x.count_nonzero(()).item() == 3
    assert x.all(()).tolist() == x.any([]).tolist() == [[True, False], [True, True]]
    with refused(TypeError, 'logsumexp', 'dim', 'range'):
        x.logsumexp(None)


@pytest.mark.parametrize('shifts', [1.0, '1', (1.5,), None])
def test_a_shift_is_an_integer(shifts):
    with refused(TypeError, 'roll', 'int'):
        torch.ones(2, 3).roll(shifts, 0)


# Norms.

@pytest.mark.parametrize('p, x, norm, slope', [
    (3, [0.0, 0.0], 0, [0, 0]), (1.5, [0.0, 0.0], 0, [0, 0]), (0.5, [0.0, 0.0], 0, [0, 0]),
    (-1, [0.0, 0.0], 0, [0, 0]), (4, [0.0, 2.0], 2, [0, 1]), (0.5, [0.0, 2.0], 2, [0, 1]),
    (0.5, [0.0, -2.0], 2, [0, -1]), (-1, [0.0, 2.0], 0, [0, 0]), (0, [0.0, 2.0], 1, [0, 0]),
    (0, [inf, 2.0], 2, [0, 0]), (2, [0.0, 0.0], 0, [0, 0]), (inf, [0.0, -2.0], 2, [0, -1]),
    (inf, [2.0, -2.0], 2, [0.5, -0.5]), (-inf, [1.0, -2.0], 1, [1, 0]),
    (3, [1e-25, 0.0], 0, [0, 0]), (2, [1e-30, 1e-30], 0, [0, 0]), (2, [1e30, 1e30], inf, [0, 0])])
def test_a_norm_and_its_slope_at_zero_and_beyond_float32(p, x, norm, slope):
    x = torch.tensor(x, requires_grad=True)
    out = x.norm(p)
    out.backward()
    assert out.item() == pytest.approx(norm) and x.grad.tolist() == pytest.approx(slope)


@pytest.mark.parametrize('p', [0.5, 1, 1.5, 2, 3, -1, inf, -inf, 'fro'])
def test_the_norm_of_one_number_is_its_size(p):
    for size in (1e30, 1e-30):
        x = torch.tensor([[size], [-size]], requires_grad=True)
        assert torch.norm(x, p, 1).tolist() == torch.norm(x[1], p).expand(2).tolist()
        assert torch.norm(x, p, 1).tolist() == x.detach()[:, 0].abs().tolist()
    torch.nn.utils.clip_grad_norm_(x, 1.0)
    x.grad = torch.tensor([[1e30], [0.0]])
    assert torch.nn.utils.clip_grad_norm_(x[:0].detach(), 1.0) == 0


@pytest.mark.parametrize('p', [0.5, 1, 1.5, 2, 3, -1, inf])
def test_a_row_of_zeros_is_normalized_to_zeros_with_a_finite_slope(p):
    x = torch.tensor([[0.0, 0.0], [3.0, 4.0]], requires_grad=True)
    out = F.normalize(x, p)
    out.sum().backward()
    assert out[0].tolist() == [0, 0] and x.grad[0].tolist() == pytest.approx([1e12, 1e12])
    assert x.grad[1].isfinite().all()


@pytest.mark.parametrize('p', [-1, -0.5, -inf, inf])
def test_a_norm_without_identity_is_refused_for_nothing(p):
    for arguments in [(torch.zeros(0), p), (torch.zeros(0, 3), p, 0), (torch.zeros(2, 0, 3), p, 1),
                      (torch.zeros(2, 0), p)]:
        with refused(RuntimeError, 'empty', 'identity', 'numel()'):
            torch.norm(*arguments)
    assert torch.norm(torch.zeros(0, 3), p, 1).shape == (0,)


def test_one_dimension_in_a_tuple_is_a_vector_for_linalg_norm():
    x = torch.tensor([[3.0, 0.0], [4.0, 1.0]])
    assert torch.linalg.norm(x, 2, (0,)).tolist() == torch.linalg.norm(x, 2, 0).tolist() == [5, 1]
    for dim in [(), (0, 1, 2)]:
        with refused(RuntimeError, 'length 1 or 2', 'vector_norm'):
            torch.linalg.norm(x.unsqueeze(0), dim=dim)


# Nothing, and one.

@pytest.mark.parametrize('shape, dim, left', [((3, 0), 0, (0,)), ((2, 0, 3), 0, (0, 3)),
                                              ((2, 0, 3), 2, (2, 0)), ((2, 3, 0), -2, (2, 0))])
def test_extremes_beside_an_empty_dimension_are_empty(shape, dim, left):
    x = torch.zeros(shape, requires_grad=True)
    for out in [x.amax(dim), x.amin(dim), x.argmax(dim), x.argmin(dim), *x.max(dim), *x.min(dim)]:
        assert out.shape == left
    for out in [*x.sort(dim), x.argsort(dim), x.cumsum(dim), x.softmax(dim)]:
        assert out.shape == shape
    assert x.topk(1, dim).values.shape == x.max(dim, True).values.shape
    x.max(dim).values.sum().backward()
    assert x.grad.shape == shape


@pytest.mark.parametrize('expression, error', [
    ('x.amax()', RuntimeError), ('x.amin(())', RuntimeError), ('x.max()', RuntimeError),
    ('x.argmax()', IndexError), ('x.amax(1)', IndexError), ('x.max(1)', IndexError),
    ('x.argmin(-1)', IndexError), ('x.amin((0, 1))', IndexError)])
def test_the_extreme_of_nothing_is_refused(expression, error):
    with refused(error, 'numel()' if error is RuntimeError else 'Test numel()'):
        eval(expression, {'x': torch.zeros(2, 0)})


@pytest.mark.parametrize('shape, arguments', [((1, 3), (0,)), ((3, 1), (1, True)), ((1, 1), ()),
                                              ((), ()), ((1,), (0, True))])
@pytest.mark.parametrize('dtype', [torch.float32, torch.int64])
def test_a_product_of_one_number_is_a_new_tensor(shape, arguments, dtype):
    x = torch.ones(shape).to(dtype)
    x.prod(*arguments).fill_(7)
    assert (x == 1).all()
    y = torch.ones(shape, requires_grad=True)
    assert not y.prod(*arguments).is_leaf


def test_a_sum_over_one_number_is_a_new_tensor_for_einsum_too():
    x = torch.ones(3, 1, requires_grad=True)
    out = torch.einsum('ij->i', x)
    out.detach().fill_(7)
    assert x.flatten().tolist() == [1, 1, 1] and out.tolist() == [7, 7, 7]
    out.sum().backward()
    assert x.grad.shape == (3, 1)


# Integers and bools.

def test_means_of_int64_windows_are_cut_towards_zero_and_other_integers_refused():
    x = torch.tensor([[[7, -7, 1, 2], [8, -8, 2, 2]]])
    assert F.avg_pool2d(x, 2).tolist() == [[[0, 1]]] and F.avg_pool2d(x, 2).dtype == torch.int64
    assert F.avg_pool2d(x, (2, 1)).tolist() == [[[7, -7, 1, 2]]]
    assert F.avg_pool2d(x, 2, divisor_override=3).tolist() == [[[0, 2]]]
    for dtype in (torch.int32, torch.uint8, torch.bool):
        with refused(NotImplementedError, 'avg_pool2d', str(dtype), 'float()'):
            F.avg_pool2d(x.to(dtype), 2)


@pytest.mark.parametrize('layer', [
    lambda x: F.adaptive_avg_pool2d(x, 1), lambda x: F.adaptive_avg_pool2d(x, (None, 2)),
    lambda x: F.layer_norm(x, (4,)), lambda x: F.group_norm(x, 1),
    lambda x: F.batch_norm(x, None, None, training=True)])
def test_means_of_integers_are_refused(layer):
    for dtype in (torch.int64, torch.int32, torch.uint8, torch.bool):
        with refused(NotImplementedError, 'not implemented for', 'float()'):
            layer(torch.ones(2, 2, 4, 4).to(dtype))


def test_the_largest_integers_of_windows_have_a_place():
    x = torch.tensor([[[1, 5], [5, 0]]])
    for dtype in (torch.int64, torch.int32, torch.uint8):
        values, places = F.max_pool2d(x.to(dtype), 2, return_indices=True)
        assert values.item() == 5 and places.item() == 1 and values.dtype == dtype


def test_bools_have_no_largest_index_nor_a_largest_pixel():
    x = torch.tensor([[True, False]])
    for find in (x.argmax, x.argmin, lambda **_: torch.argmax(x, axis=1)):
        with refused(RuntimeError, 'bool', 'int()'):
            find(dim=1)
    assert x.max(1).values.tolist() == [True] and x.max(1).indices.tolist() == [0]
    with refused(NotImplementedError, 'max_pool2d', 'bool'):
        F.max_pool2d(x.view(1, 1, 2), 1)


@pytest.mark.parametrize('input, more, error, parts', [
    (torch.zeros(2, 2).long(), {}, RuntimeError, ['1-d', '(2, 2)']),
    (torch.tensor(1), {}, RuntimeError, ['1-d', '()']),
    (torch.tensor([-1]), {}, RuntimeError, ['non-negative']),
    (torch.tensor([1.0]), {}, NotImplementedError, ['float32', 'long()']),
    (torch.tensor([True]), {}, NotImplementedError, ['bool']),
    (torch.tensor([1]), {'weights': torch.ones(2)}, RuntimeError, ['same length', '(2,)']),
    (torch.tensor([1]), {'minlength': -1}, RuntimeError, ['minlength', '>= 0'])])
def test_what_cannot_be_counted_is_refused(input, more, error, parts):
    with refused(error, *parts):
        input.bincount(**more)


# Beside PyTorch.

@pytest.mark.parametrize('expression', ONE_DIM + DIMS)
def test_each_dim_does_what_it_does_in_pytorch(expression):
    pytorch = pytest.importorskip('torch')
    for dim in [0, 1, -1, -2, 2, -3, True, 1.0, '1', (0,), (0, 1), (0, 0), (0, 5), [1], (True,),
                np.int64(0), np.float32(0), (np.int64(1),), 2 ** 40]:
        assert evaluated(torch, expression, dim) == evaluated(pytorch, expression, dim), dim
