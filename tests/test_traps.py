"""Cases that small autodiff frameworks get wrong, by the numbers of the collection they come from.

Where conventions differ, PyTorch's stand: its values and gradients are the expected ones here.
Numbers missing here belong to operations that this package does not have.
"""

import gc
import math
import subprocess
import sys
import weakref

import numpy as np
import pytest

import tinygrad_adam as torch
from helpers import refused

nn, optim, F = torch.nn, torch.optim, torch.nn.functional
nan, inf = math.nan, math.inf


def leaf(values, dtype=torch.float64):
    return torch.tensor(values, dtype=dtype, requires_grad=True)


def check(f, values, value, gradient, rtol=1e-12):
    """The value of f and the gradient of its sum are these, as in PyTorch."""
    x = leaf(values)
    y = f(x)
    np.testing.assert_allclose(y.detach().numpy(), value, rtol=rtol)
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), gradient, rtol=rtol)


# Pointwise and reductions

def test_trap_1_relu_at_zero_and_at_nan():
    check(torch.relu, [-1.0, 0.0, 1.0, nan], [0, 0, 1, nan], [0, 0, 1, 1])


def test_trap_1_a_zero_slope_stays_zero_under_an_infinite_gradient():
    for f in (torch.relu, torch.sign, torch.floor, torch.round, lambda x: x ** 0,
              lambda x: torch.clamp(x, 0, 1), lambda x: F.max_pool2d(x[None, None], (1, 2))):
        x = leaf([-1.0, 2.0])
        y = f(x)
        y.backward(torch.full(tuple(y.shape), inf, dtype=torch.float64))
        assert x.grad[0] == 0


def test_trap_2_leaky_relu_elu_and_gelu_at_zero():
    check(lambda x: F.leaky_relu(x, 0.1), [0.0], [0], [0.1])
    check(F.elu, [0.0], [0], [1])
    check(F.gelu, [0.0], [0], [0.5])


def test_trap_3_abs_and_l1_at_zero():
    check(torch.abs, [0.0, -2.0], [0, 2], [0, -1])
    check(lambda x: F.l1_loss(x, torch.zeros(1, dtype=torch.float64)), [0.0], 0, [0])


def test_trap_4_sqrt_at_zero_and_below():
    check(torch.sqrt, [0.0, 4.0, -1.0], [0, 2, nan], [inf, 0.25, nan])


def test_trap_5_power_one_half_at_zero():
    check(lambda x: x ** 0.5, [0.0], [0], [inf])


@pytest.mark.parametrize('exponent', [0, 0.0])
def test_trap_6_power_zero_at_zero(exponent):
    check(lambda x: x ** exponent, [0.0, 2.0], [1, 1], [0, 0])


def test_trap_7_powers_one_two_and_minus_one_at_zero():
    check(lambda x: x ** 1, [0.0], [0], [1])
    check(lambda x: x ** 2, [0.0], [0], [0])
    check(lambda x: x ** -1, [0.0], [inf], [-inf])


def test_trap_8_zero_to_a_power_in_the_exponent():
    check(lambda y: 0 ** y, [0.0, 2.0, -1.0], [1, 0, inf], [0, 0, -inf])
    check(lambda y: torch.zeros(3, dtype=torch.float64) ** y, [0.0, 2.0, -1.0], [1, 0, inf],
          [0, 0, -inf])


def test_trap_9_a_negative_base_is_nan_in_the_exponent_only():
    check(lambda y: leaf([-2.0]) ** y, [2.0], [4], [nan])
    check(lambda x: x ** torch.tensor([2.0], dtype=torch.float64), [-2.0], [4], [-4])


def test_trap_10_norm_at_zero():
    check(torch.linalg.norm, [0.0, 0.0], 0, [0, 0])
    check(torch.linalg.vector_norm, [0.0, 0.0], 0, [0, 0])


def test_trap_11_root_of_the_sum_of_squares_at_zero():
    check(lambda x: (x * x).sum().sqrt(), [0.0, 0.0], 0, [nan, nan])


def test_trap_12_max_and_min_of_everything_share_among_ties():
    check(torch.max, [1.0, 3.0, 3.0], 3, [0, 0.5, 0.5])
    check(torch.min, [1.0, 1.0, 3.0], 1, [0.5, 0.5, 0])
    check(torch.amax, [1.0, 3.0, 3.0], 3, [0, 0.5, 0.5])


def test_trap_13_max_along_a_dimension_takes_the_first_and_amax_shares():
    check(lambda x: x.max(dim=1).values, [[1.0, 3.0, 3.0]], [3], [[0, 1, 0]])
    check(lambda x: x.min(dim=1).values, [[2.0, 1.0, 1.0]], [1], [[0, 1, 0]])
    check(lambda x: x.amax(dim=1), [[1.0, 3.0, 3.0]], [3], [[0, 0.5, 0.5]])


def test_trap_14_maximum_of_equals_is_shared():
    check(lambda x: torch.maximum(x, leaf([2.0])), [2.0], [2], [0.5])
    check(lambda x: torch.minimum(x, leaf([2.0])), [2.0], [2], [0.5])
    check(lambda x: torch.maximum(x, torch.zeros(2, dtype=torch.float64)), [0.0, nan], [0, nan],
          [0.5, 1])
    check(lambda x: torch.maximum(x, x), [2.0], [2], [1])


def test_trap_15_clamp_passes_the_gradient_on_its_bounds():
    check(lambda x: x.clamp(0, 1), [0.0, 0.5, 1.0, 2.0], [0, 0.5, 1, 1], [1, 1, 1, 0])
    check(lambda x: x.clamp(min=0), [-1.0, 0.0], [0, 0], [0, 1])


def test_trap_16_max_pool_gives_ties_to_the_first_and_pads_with_minus_infinity():
    check(lambda x: F.max_pool2d(x, 2), [[[[1.0, 1.0], [1.0, 1.0]]]], [[[[1]]]],
          [[[[1, 0], [0, 0]]]])
    padded = F.max_pool2d(-torch.ones(1, 1, 2, 2), 2, padding=1)
    assert padded.flatten().tolist() == [-1.0, -1.0, -1.0, -1.0]


def test_trap_17_average_pool_counts_the_padding_unless_told_not_to():
    ones = [[[[1.0, 1.0], [1.0, 1.0]]]]
    check(lambda x: F.avg_pool2d(x, 2, padding=1).flatten(), ones, [0.25] * 4,
          np.full((1, 1, 2, 2), 0.25))
    check(lambda x: F.avg_pool2d(x, 2, padding=1, count_include_pad=False).flatten(), ones,
          [1] * 4, np.ones((1, 1, 2, 2)))


def test_trap_18_where_does_not_hide_a_nan_and_a_double_where_does():
    zero = torch.zeros((), dtype=torch.float64)
    check(lambda x: torch.where(x > 0, torch.sqrt(x), zero), [-1.0, 4.0], [0, 2], [nan, 0.25])
    check(lambda x: torch.where(x > 0, torch.log(x), zero), [0.0, 2.0], [0, math.log(2)],
          [nan, 0.5])
    check(lambda x: torch.where(x > 0, torch.log(torch.where(x > 0, x, zero + 1)), zero),
          [0.0, 2.0], [0, math.log(2)], [0, 0.5])


def test_trap_19_an_overflow_in_the_branch_not_taken_is_nan():
    check(lambda x: torch.where(x < 10, torch.exp(x), x), [1000.0], [1000], [nan])


def test_trap_20_logsumexp_of_large_numbers():
    check(lambda x: x.logsumexp(0), [1000.0, 1000.0], 1000 + math.log(2), [0.5, 0.5], 1e-9)


def test_trap_21_logsumexp_of_infinities():
    check(lambda x: x.logsumexp(0), [-inf, -inf], -inf, [nan, nan])
    check(lambda x: x.logsumexp(0), [-inf, 0.0], 0, [0, 1])
    check(lambda x: x.logsumexp(0), [inf, 0.0], inf, [nan, 0])


def test_trap_22_softmax_of_minus_infinities():
    check(lambda x: F.softmax(x, 0), [-inf, -inf], [nan, nan], [nan, nan])
    check(lambda x: F.log_softmax(x, 0)[1], [-inf, 0.0], 0, [0, 0])


def test_trap_23_saturated_sigmoid_log_sigmoid_and_softplus_do_not_overflow():
    check(torch.sigmoid, [-1000.0, 1000.0, 0.0], [0, 1, 0.5], [0, 0, 0.25])
    check(F.logsigmoid, [-1000.0, 1000.0, 0.0], [-1000, 0, -math.log(2)], [1, 0, 0.5])
    check(F.softplus, [-1000.0, 1000.0, 0.0], [0, 1000, math.log(2)], [0, 1, 0.5])


def test_trap_23_no_saturated_function_warns():
    program = '''if True:
        import tinygrad_adam as torch
        for f in (torch.sigmoid, torch.nn.functional.logsigmoid, torch.nn.functional.softplus):
            x = torch.tensor([-1000.0, 1000.0, 0.0], requires_grad=True)
            f(x).sum().backward()
        '''
    assert not subprocess.run([sys.executable, '-W', 'error', '-c', program]).returncode


def test_trap_24_binary_cross_entropy_with_large_logits():
    target = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    check(lambda x: F.binary_cross_entropy_with_logits(x, target, reduction='none'),
          [40.0, -40.0, 1000.0], [40, 40, 1000], [1, -1, 1])


def test_trap_25_binary_cross_entropy_on_the_wrong_side():
    target = torch.tensor([1.0, 0.0], dtype=torch.float64)
    check(lambda p: F.binary_cross_entropy(p, target), [0.0, 1.0], 100, [-5e11, 5e11], 1e-8)


def test_trap_26_cross_entropy_of_large_logits():
    check(lambda x: F.cross_entropy(x, torch.tensor([2])), [[1000.0, 0.0, -1000.0]], 2000,
          [[1, 0, -1]])


def test_trap_27_cross_entropy_of_nothing_and_out_of_range():
    x = leaf([[1.0, 2.0]])
    loss = F.cross_entropy(x, torch.tensor([-100]))
    loss.backward()
    assert math.isnan(loss.item()) and x.grad.tolist() == [[0.0, 0.0]]
    empty = F.cross_entropy(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64))
    assert math.isnan(empty.item())
    for target in (5, -1):
        with refused(IndexError, f'Target {target} is out of bounds', '2'):
            F.cross_entropy(x, torch.tensor([target]))


def test_trap_28_prod_with_zeros():
    check(torch.prod, [0.0, 2.0, 3.0], 0, [6, 0, 0])
    check(torch.prod, [0.0, 0.0, 3.0], 0, [0, 0, 0])


def test_trap_29_std_of_constants_and_of_one_element():
    check(lambda x: x.std(correction=0), [1.0, 1.0], 0, [0, 0])
    check(lambda x: x.std(correction=0), [1.0], 0, [0])
    for reduce in (torch.std, torch.var):
        with pytest.warns(UserWarning, match='degrees of freedom'):
            check(reduce, [1.0], nan, [nan])


def test_trap_30_sign_and_argmax():
    check(torch.sign, [0.0, -2.0], [0, -1], [0, 0])
    assert not leaf([1.0, 2.0]).argmax().requires_grad


def test_trap_31_x_log_x_at_zero():
    check(lambda x: x * torch.log(x), [0.0], [nan], [nan])


def test_trap_32_zero_over_zero():
    check(lambda x: x / x, [0.0], [nan], [nan])


def test_trap_33_layer_norm_of_a_constant_row():
    weight = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    check(lambda x: F.layer_norm(x, (3,)) * weight, [[5.0, 5.0, 5.0]], [[0, 0, 0]],
          [[-316.2277660168379, 0, 316.2277660168379]], 1e-9)


def test_trap_34_saturated_tanh_and_the_two_forms_of_gelu():
    check(torch.tanh, [1000.0], [1], [0])
    x = torch.tensor([1.0], dtype=torch.float64)
    assert F.gelu(x).item() == pytest.approx(0.5 * (1 + math.erf(math.sqrt(0.5))), rel=1e-14)
    assert F.gelu(x, approximate='tanh').item() != F.gelu(x).item()


# Shapes, indexing, dtypes

def test_trap_35_repeated_index_accumulates():
    check(lambda x: x[[0, 0, 2]], [1.0, 2.0, 3.0], [1, 1, 3], [2, 0, 1])
    weight = leaf([[1.0], [2.0], [3.0]])
    F.embedding(torch.tensor([0, 0, 2]), weight).sum().backward()
    assert weight.grad.tolist() == [[2.0], [0.0], [1.0]]


def test_trap_36_adding_in_place_at_repeated_indices_counts_once():
    x = torch.zeros(3)
    x[[0, 0, 2]] += 1
    assert x.tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize('shape, other', [((1, 1), (4, 3)), ((), (4,)), ((4, 1), (3,)),
                                          ((3,), (2, 4, 3))])
def test_trap_37_broadcasting_is_summed_back_to_the_shape(shape, other):
    x = torch.ones(shape, requires_grad=True)
    (x * torch.ones(other)).sum().backward()
    expected = np.broadcast(np.ones(shape), np.ones(other)).size / x.numel()
    assert x.grad.shape == shape and set(x.grad.flatten().tolist()) == {expected}


def test_trap_38_the_gradient_of_an_expanded_tensor_can_be_added_to():
    x = leaf([[1.0], [2.0]])
    for _ in range(2):
        x.sum().backward()
        x.expand(2, 3).sum().backward()
    x.grad += 1
    assert x.grad.tolist() == [[9.0], [9.0]]


@pytest.mark.parametrize('dim', [0, 1, -1, (0, 1), (-1, 0)])
def test_trap_39_sum_over_an_axis_of_a_square(dim):
    x = leaf(np.arange(9.0).reshape(3, 3))
    y = x.sum(dim=dim)
    weights = torch.arange(1.0, y.numel() + 1).reshape(y.shape).double()
    (y * weights).sum().backward()
    axis = tuple(np.arange(2)[[dim]].ravel())
    np.testing.assert_array_equal(
        x.grad.numpy(), np.broadcast_to(np.expand_dims(weights.numpy(), axis), (3, 3)))


def test_trap_40_matmul_of_vectors_matrices_and_batches():
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    (x @ y).backward()
    assert x.grad.tolist() == [3.0, 4.0] and y.grad.tolist() == [1.0, 2.0]
    matrix, vector = leaf([[1.0, 2.0], [3.0, 4.0]]), leaf([1.0, 1.0])
    (matrix @ vector).sum().backward()
    assert matrix.grad.tolist() == [[1.0, 1.0], [1.0, 1.0]] and vector.grad.tolist() == [4.0, 6.0]
    batch, shared = torch.ones(3, 2, 4), torch.ones(4, 5, requires_grad=True)
    (batch @ shared).sum().backward()
    assert shared.grad.shape == (4, 5) and set(shared.grad.flatten().tolist()) == {6.0}


def test_trap_41_arrays_and_numpy_numbers_on_the_left_give_tensors():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for result in (np.array([1.0, 2.0]) * x, np.float64(2) * x, np.array([[1.0, 0.0]]) @ x):
        assert type(result) is torch.Tensor and result.requires_grad
    assert (np.array([[1.0, 0.0], [5.0, 0.0]]) @ x).tolist() == [1.0, 5.0]


def test_trap_42_permute_with_negative_axes():
    x = leaf(np.arange(24.0).reshape(2, 3, 4))
    weights = torch.arange(24.0).reshape(4, 2, 3).double()
    (x.permute(-1, 0, 1) * weights).sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), weights.numpy().transpose(1, 2, 0))


def test_trap_43_pieces_of_length_zero():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    nothing, rest = x.split([0, 2], dim=1)
    assert nothing.shape == (2, 0)
    torch.cat([nothing, rest * 2, torch.zeros(2, 0).double()], dim=1).sum().backward()
    assert x.grad.tolist() == [[2.0, 2.0], [2.0, 2.0]]
    check(lambda x: x.flip(0) * torch.tensor([1.0, 10.0]).double(), [1.0, 2.0], [2, 10], [10, 1])
    check(lambda x: x.roll(1) * torch.tensor([1.0, 10.0]).double(), [1.0, 2.0], [2, 10], [10, 1])
    check(lambda x: x.repeat(3), [1.0, 2.0], [1, 2, 1, 2, 1, 2], [3, 3])
    check(lambda x: F.pad(x, (1, 0), value=7.0), [1.0, 2.0], [7, 1, 2], [1, 1])


@pytest.mark.parametrize('array', [np.asfortranarray(np.arange(6.0).reshape(2, 3)),
                                   np.arange(12.0).reshape(2, 6)[:, ::2],
                                   np.arange(6.0).reshape(2, 3)[::-1].copy(order='F')])
def test_trap_44_inputs_in_any_memory_order(array):
    x = torch.from_numpy(array).requires_grad_()
    weights = torch.tensor(np.arange(6.0))
    (x.reshape(6) * weights).sum().backward()
    np.testing.assert_array_equal(x.reshape(6).detach().numpy(), array.reshape(6))
    np.testing.assert_array_equal(x.grad.numpy(), np.arange(6.0).reshape(2, 3))
    image = torch.from_numpy(np.asfortranarray(np.arange(16.0).reshape(1, 1, 4, 4)))
    assert F.max_pool2d(image, 2).flatten().tolist() == [5.0, 7.0, 13.0, 15.0]


def test_trap_45_reductions_of_nothing():
    check(torch.sum, np.zeros((0, 3)), 0, np.zeros((0, 3)))
    check(torch.mean, np.zeros(0), nan, np.zeros(0))
    with refused(RuntimeError, 'numel() == 0', 'dim'):
        torch.zeros(0).max()


def test_trap_46_results_without_dimensions_are_tensors_of_shape_nothing():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for y in (x.sum(), x.mean(), x[0], x.max(), x @ x, x.sum() * 2, x.sum() ** 2):
        assert type(y) is torch.Tensor and y.shape == () and y.dtype == torch.float32
    (x[0] * x[0]).backward()
    assert x.grad.tolist() == [2.0, 0.0]
    zero = leaf(2.0)
    (zero * zero).backward()
    assert zero.grad.shape == () and zero.grad.item() == 4.0


def test_trap_47_scalars_do_not_widen_float32():
    x = torch.ones(2, requires_grad=True)
    for scalar in (2.0, np.float64(2), torch.tensor(2.0, dtype=torch.float64), np.int64(2)):
        for y in (x * scalar, scalar * x, x / scalar, x + scalar, scalar - x, x ** scalar):
            assert y.dtype == torch.float32
            assert torch.autograd.grad(y.sum(), x)[0].dtype == torch.float32


def test_trap_48_mixed_precision_gives_every_leaf_its_own():
    x, y = leaf([1.0], torch.float32), leaf([2.0])
    (x * y).sum().backward()
    assert x.grad.dtype == torch.float32 and y.grad.dtype == torch.float64


def test_trap_49_an_integer_leaf_cannot_require_grad():
    with refused(RuntimeError, 'Tensors of floating point', 'int64'):
        torch.tensor([1, 2], requires_grad=True)


def test_trap_50_float64_is_kept_until_asked():
    x = torch.tensor(np.array([2.0**24 + 1]))
    assert x.dtype == torch.float64 and (x * 1).item() == 2**24 + 1


def test_trap_51_a_tensor_does_not_alias_the_array_of_its_caller():
    array = np.ones(2, dtype=np.float32)
    x = torch.tensor(array, requires_grad=True)
    x.sum().backward()
    optim.SGD([x], lr=0.5).step()
    assert array.tolist() == [1.0, 1.0] and x.tolist() == [0.5, 0.5]
    assert np.shares_memory(torch.from_numpy(array).numpy(), array)


def test_trap_52_inputs_that_are_no_numbers():
    assert torch.tensor([True]).dtype == torch.bool and torch.tensor([1]).dtype == torch.int64
    with refused(RuntimeError, 'NoneType'):
        torch.tensor(None)
    with refused((TypeError, RuntimeError), 'NoneType'):
        torch.tensor(np.array([1, None]))


def test_trap_53_equality_by_element_and_hash_by_identity():
    x = torch.ones(2)
    assert {x: 1}[x] == 1 and (x == x).tolist() == [True, True]
    with refused(RuntimeError, 'ambiguous'):
        bool(x)
    zero = leaf(0.0)
    (zero * 3).backward(torch.tensor(0.0, dtype=torch.float64))
    assert zero.grad.item() == 0.0    # a gradient of 0 is not a missing one


# The engine

def test_trap_54_one_tensor_as_both_arguments():
    check(lambda x: x * x, [3.0], [9], [6])
    check(lambda x: x + x, [3.0], [6], [2])
    check(lambda x: torch.maximum(x, x * 1), [3.0], [3], [1])


def test_trap_55_diamonds_take_linear_time():
    a = leaf(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert a.grad.item() == 4.0
    x = leaf(1.0)
    y = x
    for _ in range(1000):
        y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad.item() == 1.0


def test_trap_56_a_chain_of_two_hundred_thousand_operations():
    y = leaf(1.0)
    first = weakref.ref(y)
    for _ in range(200_000):
        y = y * 1.0
    assert y.item() == 1.0 and first() is not None
    del y                     # never walked: freeing so deep a graph must not recurse either
    assert first() is None


def test_trap_57_a_second_backward():
    x = leaf(2.0)
    y = x * x * x / 2
    y.backward(retain_graph=True)
    assert x.grad.item() == 6.0
    y.backward()
    assert x.grad.item() == 12.0
    with refused(RuntimeError, 'second time', 'retain_graph=True'):
        y.backward()


def test_trap_58_two_losses_with_a_shared_part():
    x = leaf(2.0)
    shared = x * x
    first, second = shared * 2, shared * 3
    first.backward(retain_graph=True)
    second.backward()
    assert x.grad.item() == 20.0


def test_trap_59_leaves_accumulate_and_inner_nodes_keep_nothing():
    x = leaf(2.0)
    y = x * x
    (y * 1).backward(retain_graph=True)
    (y * 1).backward()
    assert x.grad.item() == 8.0


def test_trap_60_gradients_are_not_aliases_of_each_other():
    a, b = leaf([1.0]), leaf([2.0])
    (a + b).sum().backward()
    a.grad.mul_(100)
    assert b.grad.tolist() == [1.0]


def test_trap_61_no_rule_edits_the_gradient_it_receives():
    x = leaf([1.0, 2.0, 3.0])
    y = x.clone()
    y[1] = 5.0
    seed = torch.ones(3, dtype=torch.float64)
    torch.autograd.grad([y, x.reshape(3, 1)[1:] * 2], x, [seed, torch.ones(2, 1).double()])
    assert seed.tolist() == [1.0, 1.0, 1.0]


def test_trap_62_a_saved_value_changed_in_place():
    x = leaf([1.0, 2.0])
    y = x.exp()
    y.mul_(2)
    with refused(RuntimeError, 'inplace operation', 'exp'):
        y.sum().backward()
    w = leaf([1.0, 2.0])
    loss = (w * w).sum()
    with torch.no_grad():
        w.add_(1)
    with refused(RuntimeError, 'inplace operation', 'mul'):
        loss.backward()
    with refused(RuntimeError, 'leaf'):
        leaf([1.0]).add_(1)


def test_trap_62_an_edit_of_data_goes_unnoticed_as_in_pytorch():
    w = leaf([1.0, 2.0])
    loss = (w * w).sum()
    w.data.add_(10)
    loss.backward()
    assert w.grad.tolist() == [22.0, 24.0]


def test_trap_63_a_view_changed_in_place():
    x = leaf([1.0, 2.0, 3.0])
    y = x * 1
    y[1:] *= 10
    assert y.tolist() == [1.0, 20.0, 30.0]
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 10.0, 10.0]


def test_trap_64_adding_in_place_to_an_alias():
    x = torch.zeros(2)
    alias, result = x, x
    result = result + 1
    assert alias.tolist() == [0.0, 0.0]
    alias += 1                # in place, and seen by every name, as in PyTorch
    assert x.tolist() == [1.0, 1.0] and alias is x
    w = leaf([1.0, 2.0])
    y = w * 2
    y += w
    y.sum().backward()
    assert w.tolist() == [1.0, 2.0] and w.grad.tolist() == [3.0, 3.0]


def test_trap_65_backward_of_a_non_scalar():
    with refused(RuntimeError, 'scalar outputs', '(2,)'):
        (leaf([1.0, 2.0]) * 2).backward()


def test_trap_66_backward_where_nothing_requires_grad():
    with refused(RuntimeError, 'does not require grad'):
        torch.ones(1).sum().backward()
    with torch.no_grad():
        y = leaf([1.0]).sum()
    with refused(RuntimeError, 'does not require grad'):
        y.backward()


@pytest.mark.parametrize('make', [lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1),
                                  lambda p: optim.Adam(p, lr=0.1, weight_decay=0.1)])
def test_trap_67_an_unused_parameter_is_skipped(make):
    used, unused = leaf([1.0]), leaf([1.0])
    optimizer = make([used, unused])
    (used * 2).sum().backward()
    optimizer.step()
    assert unused.grad is None and unused.tolist() == [1.0] and used.tolist() != [1.0]
    assert unused not in optimizer.state or not optimizer.state[unused]


def test_trap_68_every_reduction_and_activation_has_a_gradient():
    for f in (torch.mean, torch.tanh, torch.var, torch.std, F.gelu, F.softplus):
        x = leaf([1.0, 2.0])
        f(x).sum().backward()
        assert x.grad is not None and f(x).requires_grad


def test_trap_69_an_exception_inside_no_grad_restores_the_mode():
    with pytest.raises(KeyError), torch.no_grad():
        raise KeyError
    assert torch.is_grad_enabled()


def test_trap_70_a_graph_is_freed_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        hidden = model[0](torch.ones(1, 2))
        dead = weakref.ref(hidden)
        loss = model[2](model[1](hidden)).sum()
        loss.backward()
        del hidden, loss
        assert dead() is None
    finally:
        gc.enable()


def test_trap_71_item_gives_a_number_without_a_graph():
    assert type(leaf([2.0]).sum().item()) is float


def test_trap_72_the_gradient_check_looks_at_every_element():
    def wrong(x):
        return torch.cat([x[:3], x[3:].detach()])

    with pytest.raises(RuntimeError):
        torch.autograd.gradcheck(wrong, leaf([1.0, 2.0, 3.0, 4.0]))


def test_trap_73_pooling_and_convolution_are_differentiated_twice():
    image = leaf(np.arange(16.0).reshape(1, 1, 4, 4) / 7 % 1)
    kernel = leaf(np.arange(4.0).reshape(1, 1, 2, 2))
    assert torch.autograd.gradgradcheck(lambda x: F.max_pool2d(x * x, 2), image)
    assert torch.autograd.gradgradcheck(lambda x, w: F.conv2d(x, w) ** 2, (image, kernel))


# Layers and optimizers

def test_trap_74_batch_norm_of_one_sample_and_its_running_variance():
    layer = nn.BatchNorm1d(2)
    with refused(ValueError, 'more than 1 value per channel', '1, 2'):
        layer(torch.ones(1, 2))
    layer = nn.BatchNorm1d(1).double()
    x = leaf([[0.0], [2.0]])
    (layer(x) * torch.tensor([[1.0], [3.0]]).double()).sum().backward()
    assert layer.running_mean.item() == pytest.approx(0.1)
    assert layer.running_var.item() == pytest.approx(1.1)     # 0.9 * 1 + 0.1 * 2, unbiased
    assert abs(x.grad.numpy()).max() < 1e-4                   # flows through mean and variance
    layer.eval()
    x.grad = None
    layer(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 1 / math.sqrt(1.1 + 1e-5), rtol=1e-6)


def test_trap_75_dropout_of_everything_and_of_nothing():
    assert F.dropout(torch.ones(4), 1.0).tolist() == [0.0] * 4
    x = torch.ones(4)
    assert F.dropout(x, 0.9, training=False).tolist() == [1.0] * 4
    assert set(F.dropout(torch.ones(500), 0.5).tolist()) == {0.0, 2.0}


def test_trap_76_a_kernel_larger_than_its_input():
    with refused(RuntimeError, '2, 2', '3, 3'):
        F.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3))
    assert F.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3), padding=1).shape == (1, 1, 2, 2)


def test_trap_77_the_mean_squared_error_is_over_all_elements():
    check(lambda x: F.mse_loss(x, torch.zeros(2, 2).double()), [[1.0, 2.0], [3.0, 4.0]], 7.5,
          [[0.5, 1], [1.5, 2]])


def test_trap_78_a_loss_of_a_column_against_a_row_warns_or_is_refused_as_in_pytorch():
    for loss in (F.mse_loss, F.l1_loss):
        with pytest.warns(UserWarning, match=r'Use input\.squeeze\(1\)'):
            loss(torch.zeros(3, 1), torch.zeros(3))
    with refused(ValueError, '(3, 1)', '(3,)'):
        F.binary_cross_entropy_with_logits(torch.zeros(3, 1), torch.zeros(3))


def test_trap_79_adam_counts_steps_for_each_parameter():
    often, seldom = leaf([1.0]), leaf([1.0])
    optimizer = optim.Adam([often, seldom], lr=0.1)
    for step in range(3):
        often.grad = torch.ones(1).double()
        seldom.grad = torch.ones(1).double() if step == 2 else None
        optimizer.step()
    assert float(optimizer.state[often]['step']) == 3
    assert float(optimizer.state[seldom]['step']) == 1
    assert seldom.item() == pytest.approx(0.9)                # corrected for its own first step


def test_trap_80_epsilon_of_adam_is_added_to_the_corrected_root():
    x = leaf([1.0])
    optimizer = optim.Adam([x], lr=0.1, eps=1.0)
    x.grad = torch.ones(1).double() * 3
    optimizer.step()
    assert x.item() == pytest.approx(1 - 0.1 * 3 / (3 + 1))


def test_trap_81_adamw_decays_before_its_step():
    x = leaf([1.0])
    optimizer = optim.AdamW([x], lr=0.1, weight_decay=0.5, eps=0.0)
    x.grad = torch.ones(1).double()
    optimizer.step()
    assert x.item() == pytest.approx(1 * (1 - 0.1 * 0.5) - 0.1)


def test_trap_82_centered_rmsprop_never_takes_the_root_of_a_negative_number():
    x = leaf([1.0])
    optimizer = optim.RMSprop([x], lr=1e-4, centered=True, eps=1e-8)
    for _ in range(4000):
        x.grad = torch.tensor([0.1], dtype=torch.float64)
        optimizer.step()
    assert math.isfinite(x.item())


def test_trap_83_momentum_starts_with_the_gradient_and_nesterov_needs_it():
    x = leaf([1.0])
    optimizer = optim.SGD([x], lr=0.1, momentum=0.9, dampening=0.5)
    x.grad = torch.ones(1).double()
    optimizer.step()
    assert x.item() == pytest.approx(0.9)                     # not dampened in the first step
    with refused(ValueError, 'esterov'):
        optim.SGD([x], lr=0.1, nesterov=True)


def test_trap_84_weight_decay_joins_the_gradient_before_momentum_and_after_maximize():
    x = leaf([2.0])
    optimizer = optim.SGD([x], lr=0.1, momentum=0.5, weight_decay=0.1, maximize=True)
    position, velocity = 2.0, 0.0
    for _ in range(2):
        x.grad = torch.ones(1).double()
        optimizer.step()
        velocity = 0.5 * velocity + (-1 + 0.1 * position)
        position -= 0.1 * velocity
    assert x.item() == pytest.approx(position)


def test_trap_85_clipping_zero_and_infinite_gradients():
    def clip(values, **options):
        x = leaf([0.0] * len(values))
        x.grad = torch.tensor(values, dtype=torch.float64)
        return nn.utils.clip_grad_norm_([x], 1.0, **options).item(), x.grad.tolist()

    assert clip([3.0, 4.0])[0] == 5.0
    np.testing.assert_allclose(clip([3.0, 4.0])[1], [0.6, 0.8], rtol=1e-6)
    assert clip([0.0]) == (0.0, [0.0])
    norm, gradient = clip([inf])
    assert norm == inf and math.isnan(gradient[0])
    with refused(RuntimeError, 'non-finite'):
        clip([inf], error_if_nonfinite=True)


@pytest.mark.parametrize('make, error, parts', [
    (lambda x: optim.SGD([], lr=0.1), ValueError, ['empty parameter list']),
    (lambda x: optim.SGD([x], lr=-1), ValueError, ['Invalid learning rate', '-1']),
    (lambda x: optim.Adam([x], betas=(1.0, 0.9)), ValueError, ['beta', '1.0']),
])
def test_trap_86_bad_settings_of_an_optimizer(make, error, parts):
    with refused(error, *parts):
        make(leaf([1.0]))
    with pytest.warns(UserWarning, match='duplicate parameters'):
        x = leaf([1.0])
        optim.SGD([x, x], lr=0.1)


def test_trap_87_tied_weights_are_one_parameter_with_a_summed_gradient():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(2, 2, bias=False)
            self.second = self.first

        def forward(self, x):
            return self.second(self.first(x))

    model = Tied()
    assert len(list(model.parameters())) == 1
    with torch.no_grad():
        model.first.weight.copy_(torch.eye(2))
    model(torch.ones(1, 2)).sum().backward()
    assert model.first.weight.grad.tolist() == [[2.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize('make', [
    lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, nesterov=True),
    lambda p: optim.Adam(p, weight_decay=0.1, maximize=True),
    lambda p: optim.RMSprop(p, weight_decay=0.1, momentum=0.9),
    lambda p: optim.Adagrad(p, weight_decay=0.1, maximize=True)])
def test_trap_88_an_optimizer_does_not_edit_gradients(make):
    x = leaf([1.0, 2.0])
    optimizer = make([x])
    for _ in range(3):
        x.grad = torch.tensor([1.0, -2.0], dtype=torch.float64)
        optimizer.step()
        assert x.grad.tolist() == [1.0, -2.0]


def test_trap_89_an_optimizer_resumed_from_its_state_goes_on_bit_for_bit():
    def train(x, optimizer, steps):
        for step in steps:
            x.grad = torch.tensor([math.sin(step), 1.0], dtype=torch.float64)
            optimizer.step()
        return x, optimizer

    whole, _ = train(*(lambda x: (x, optim.Adam([x], amsgrad=True)))(leaf([1.0, 2.0])), range(10))
    half, optimizer = train(*(lambda x: (x, optim.Adam([x], amsgrad=True)))(leaf([1.0, 2.0])),
                            range(5))
    copy = leaf(half.tolist())
    resumed = optim.Adam([copy], lr=9.0)
    resumed.load_state_dict(optimizer.state_dict())
    train(copy, resumed, range(5, 10))
    assert copy.tolist() == whole.tolist()


def test_trap_90_seed_zero_is_a_seed_and_samples_are_shuffled():
    torch.manual_seed(0)
    first = torch.rand(3).tolist()
    torch.manual_seed(0)
    assert torch.rand(3).tolist() == first
    data = torch.utils.data.TensorDataset(torch.arange(10))
    loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True)
    batches = [batch.tolist() for batch, in loader]
    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert sorted(sum(batches, [])) == list(range(10)) != sum(batches, [])


def test_trap_91_parameters_are_found_in_order_of_definition():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.z = nn.Parameter(torch.ones(1))
            self.layers = nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1)])
            self.a = nn.Parameter(torch.ones(1))

    assert [name for name, _ in Net().named_parameters()] == [
        'z', 'a', 'layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias']
