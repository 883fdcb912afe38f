"""Optimizers: PyTorch's trajectories, closed forms, and what small frameworks get wrong."""
import functools
import inspect
import json
import math
import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam as ta
from helpers import refused
from tinygrad_adam import nn, optim
from tinygrad_adam.optim import _machine
from tinygrad_adam.optim._flat import BLOCK

FIXTURE = json.loads((Path(__file__).parent / 'fixtures' / 'optimizers.json').read_text())
RULES = [optim.SGD, optim.Adagrad, optim.RMSprop, optim.Adam, optim.AdamW, optim.Adadelta,
         optim.Adamax, optim.NAdam, optim.RAdam, optim.Rprop, optim.ASGD]
SETTINGS = [
    (optim.SGD, {}),
    (optim.SGD, dict(momentum=0.9, dampening=0.5, weight_decay=0.1)),
    (optim.SGD, dict(momentum=0.9, nesterov=True, maximize=True)),
    (optim.Adagrad, dict(lr_decay=0.1, initial_accumulator_value=0.2, weight_decay=0.1)),
    (optim.RMSprop, dict(alpha=0.9)),
    (optim.RMSprop, dict(centered=True, momentum=0.9, eps=1e-3)),
    (optim.Adam, dict(weight_decay=0.1)),
    (optim.Adam, dict(amsgrad=True, maximize=True)),
    (optim.AdamW, dict(amsgrad=True, betas=(0.5, 0.9))),
    (optim.Adadelta, dict(rho=0.5, weight_decay=0.1, maximize=True)),
    (optim.Adamax, dict(weight_decay=0.1)),
    (optim.NAdam, dict(weight_decay=0.1, decoupled_weight_decay=True)),
    (optim.NAdam, dict(momentum_decay=0.1, maximize=True)),
    (optim.RAdam, dict(weight_decay=0.1, decoupled_weight_decay=True)),
    (optim.RAdam, dict(betas=(0.5, 0.7))),
    (optim.Rprop, dict(etas=(0.3, 1.5), maximize=True)),
    (optim.ASGD, dict(lambd=0.1, t0=4, weight_decay=0.1)),
]
every_rule = pytest.mark.parametrize('kind', RULES)
every_setting = pytest.mark.parametrize('kind, options', SETTINGS, ids=str)
both_floats = pytest.mark.parametrize('dtype', [ta.float32, ta.float64], ids=str)


def leaf(values, dtype=ta.float64):
    return ta.tensor(values, dtype=dtype, requires_grad=True)


def follow(optimizer, w, gradients):
    """The positions of w after each step along these gradients."""
    positions = []
    for g in gradients:
        w.grad = None if g is None else ta.tensor(g, dtype=w.dtype)
        optimizer.step()
        positions.append(w.data.numpy().copy())
    return np.array(positions)


def random_gradients(steps, size=3, seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(steps, size)) * 10.0**generator.integers(-4, 3, size=(steps, 1))


@pytest.mark.parametrize('case', FIXTURE['cases'],
                         ids=lambda case: f"{case['optimizer']} {case['options']}")
def test_trajectory_equals_pytorch(case):
    w = leaf(case['x0'])
    optimizer = getattr(optim, case['optimizer'])([w], lr=case['lr'], **case['options'])
    path = follow(optimizer, w, FIXTURE['grads'])
    np.testing.assert_allclose(path, case['trajectory'], rtol=0, atol=1e-12)


@pytest.mark.parametrize('g', [1e-6, -0.5, 3e5])
def test_first_step_of_adam_is_lr_whatever_the_scale(g):
    w = leaf([0.0])
    path = follow(optim.Adam([w], lr=0.1), w, [[g]])
    assert path[0, 0] == pytest.approx(-0.1 * g / (abs(g) + 1e-8), rel=1e-12)


def test_every_step_of_adam_along_a_constant_gradient_is_lr():
    w = leaf([0.0])
    path = follow(optim.Adam([w], lr=0.1, eps=0), w, [[2.5]] * 100)
    np.testing.assert_allclose(path[:, 0], -0.1 * np.arange(1, 101), rtol=1e-12)


def test_steps_of_adagrad_along_a_constant_gradient_are_lr_over_sqrt_t():
    w = leaf([0.0])
    path = follow(optim.Adagrad([w], lr=0.1, eps=0), w, [[-4.0]] * 100)
    np.testing.assert_allclose(np.diff(path[:, 0]), 0.1 / np.sqrt(np.arange(2, 101)), rtol=1e-11)


@pytest.mark.parametrize('alpha', [0.9, 0.99])
def test_first_step_of_rmsprop_is_lr_over_root_of_one_minus_alpha(alpha):
    w = leaf([0.0])
    path = follow(optim.RMSprop([w], lr=0.1, alpha=alpha, eps=0), w, [[7.0]])
    assert -path[0, 0] == pytest.approx(0.1 / math.sqrt(1 - alpha), rel=1e-12)


@pytest.mark.parametrize('nesterov', [False, True])
def test_steps_with_momentum_grow_to_lr_over_one_minus_momentum(nesterov):
    w = leaf([0.0])
    path = follow(optim.SGD([w], lr=0.1, momentum=0.9, nesterov=nesterov), w, [[3.0]] * 400)
    assert path[-2, 0] - path[-1, 0] == pytest.approx(3.0 * 0.1 / (1 - 0.9), rel=1e-12)


@every_setting
def test_steps_are_counted_per_parameter_and_one_without_gradient_is_skipped(kind, options):
    often, seldom, alone = leaf([1.0, 2.0]), leaf([1.0, 2.0]), leaf([1.0, 2.0])
    together, single = kind([often, seldom], **options), kind([alone], **options)
    for t, g in enumerate(random_gradients(12, 2)):
        often.grad = ta.tensor(g)
        seldom.grad = alone.grad = None
        if t % 3 == 0:
            seldom.grad, alone.grad = ta.tensor(g), ta.tensor(g)
        before = seldom.tolist()
        together.step()
        single.step()
        assert t % 3 == 0 or seldom.tolist() == before
    assert seldom.tolist() == alone.tolist()
    if kind is not optim.SGD:
        assert [together.state[p]['step'].item() for p in (often, seldom)] == [12, 4]


def test_eps_of_adam_is_added_outside_the_corrected_root():
    w = leaf([0.0])
    path = follow(optim.Adam([w], lr=1.0, eps=0.5, betas=(0.9, 0.99)), w, [[2.0], [1.0]])
    m_hat = (0.1 * 0.9 * 2 + 0.1 * 1) / (1 - 0.9**2)
    v_hat = (0.01 * 0.99 * 4 + 0.01 * 1) / (1 - 0.99**2)
    np.testing.assert_allclose(-np.diff(path[:, 0], prepend=0),
                               [2 / 2.5, m_hat / (math.sqrt(v_hat) + 0.5)], rtol=1e-12)


def test_amsgrad_keeps_the_largest_uncorrected_v_and_corrects_it():
    w = leaf([0.0])
    optimizer = optim.Adam([w], lr=1.0, betas=(0.0, 0.5), eps=0, amsgrad=True)
    path = follow(optimizer, w, [[4.0], [1.0], [1.0]])
    largest = 8.0  # v is 8.0, 4.5, 2.75
    assert optimizer.state[w]['max_exp_avg_sq'].item() == largest
    assert path[1, 0] - path[2, 0] == pytest.approx(1 / math.sqrt(largest / (1 - 0.5**3)))


def test_adamw_shrinks_the_weights_before_its_step_and_apart_from_the_gradient():
    decayed, plain = leaf([2.0, -3.0]), leaf([2.0 * 0.95, -3.0 * 0.95])
    path = follow(optim.AdamW([decayed], lr=0.1, weight_decay=0.5), decayed, [[1.0, 1e3]])
    same = follow(optim.Adam([plain], lr=0.1), plain, [[1.0, 1e3]])
    np.testing.assert_allclose(path, same, rtol=1e-15)


@pytest.mark.parametrize('alpha, steps', [(0.9, 400), (0.99, 3300)])
def test_centered_rmsprop_takes_no_root_of_a_negative_number(alpha, steps):
    gradient = np.linspace(0.1, 1, 50)
    w = leaf(gradient)
    optimizer = optim.RMSprop([w], alpha=alpha, centered=True)
    path = follow(optimizer, w, [gradient] * steps)
    state = optimizer.state[w]
    variance = state['square_avg'].numpy() - state['grad_avg'].numpy()**2
    assert variance.min() < 0  # where PyTorch has nan
    assert np.isfinite(path).all()


@pytest.mark.parametrize('dampening', [0, 0.5])
def test_momentum_starts_with_the_first_gradient(dampening):
    w = leaf([0.0])
    optimizer = optim.SGD([w], lr=1.0, momentum=0.9, dampening=dampening)
    path = follow(optimizer, w, [[2.0], [1.0]])
    assert path[0, 0] == -2.0
    assert optimizer.state[w]['momentum_buffer'].item() == 0.9 * 2.0 + (1 - dampening) * 1.0


def test_weight_decay_enters_the_momentum():
    w = leaf([1.0])
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.5)
    follow(optimizer, w, [[2.0]])
    assert optimizer.state[w]['momentum_buffer'].item() == 2.0 + 0.5 * 1.0


@every_setting
def test_maximize_turns_the_gradient_round_and_not_the_decay(kind, options):
    up, down = leaf([1.0, -2.0, 0.5]), leaf([1.0, -2.0, 0.5])
    gradients = random_gradients(10)
    climb = follow(kind([up], **{**options, 'maximize': True}), up, gradients)
    fall = follow(kind([down], **{**options, 'maximize': False}), down, -gradients)
    np.testing.assert_array_equal(climb, fall)


def test_clipped_gradients_reach_the_optimizer():
    w = leaf([0.0, 0.0])
    w.grad = ta.tensor([3.0, 4.0], dtype=w.dtype)
    assert float(nn.utils.clip_grad_norm_([w], 1.0)) == 5.0  # the norm before clipping
    optim.SGD([w], lr=1.0).step()
    np.testing.assert_allclose(w.data.numpy(), [-0.6, -0.8], rtol=1e-6)


def test_rprop_takes_no_step_where_the_gradient_is_nan():
    w = leaf([1.0, 2.0, 3.0])
    optimizer = optim.Rprop([w], lr=0.1)
    path = follow(optimizer, w, [[1.0, math.nan, math.nan], [math.nan, 1.0, math.nan], [1.0] * 3])
    np.testing.assert_allclose(path, [[0.9, 2.0, 3.0], [0.9, 1.9, 3.0], [0.8, 1.78, 2.9]])
    np.testing.assert_allclose(optimizer.state[w]['step_size'].numpy(), [0.1, 0.12, 0.1])
    assert optimizer.state[w]['prev'].tolist() == [1.0, 1.0, 1.0]


@every_rule
def test_tied_weights_are_one_parameter_with_one_state_and_one_update(kind):
    first, second = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
    second.weight = first.weight
    model = nn.Sequential(first, second)
    optimizer = kind(model.parameters(), lr=0.1)
    model(ta.ones(1, 2)).sum().backward()
    alone = first.weight.detach().clone().requires_grad_()
    alone.grad = first.weight.grad.clone()
    optimizer.step()
    kind([alone], lr=0.1).step()
    assert [len(group['params']) for group in optimizer.param_groups] == [1]
    assert first.weight.tolist() == alone.tolist()


@every_setting
def test_gradient_is_not_edited(kind, options):
    w = leaf([1.0, -2.0])
    w.grad = g = ta.tensor([0.5, 3.0], dtype=w.dtype)
    optimizer = kind([w], **options)
    for _ in range(3):
        optimizer.step()
    assert w.grad is g and g.tolist() == [0.5, 3.0]
    g.mul_(2.0)  # nor is it frozen
    assert g.tolist() == [1.0, 6.0]


def test_rule_that_edits_the_gradient_is_stopped():
    class Careless(optim.Optimizer):
        def update(self, p, g, state, t, lr):
            g *= lr

    w = leaf([1.0])
    with pytest.raises(ValueError, match='read-only'):
        follow(Careless([w], dict(lr=0.1)), w, [[1.0]])


@both_floats
@every_setting
def test_resuming_equals_not_stopping(kind, options, dtype):
    gradients = random_gradients(20)
    straight = leaf([1.0, -0.5, 2.0], dtype)
    path = follow(kind([straight], lr=0.03, **options), straight, gradients)
    first = leaf([1.0, -0.5, 2.0], dtype)
    stopped = kind([first], lr=0.03, **options)
    follow(stopped, first, gradients[:8])
    second = first.detach().clone().requires_grad_()
    resumed = kind([second], lr=7.0)
    resumed.load_state_dict(deepcopy(stopped.state_dict()))
    np.testing.assert_array_equal(follow(resumed, second, gradients[8:]), path[8:])


def test_loading_copies():
    w, other = leaf([1.0]), leaf([1.0])
    optimizer, loaded = optim.Adam([w]), optim.Adam([other])
    follow(optimizer, w, [[1.0]])
    loaded.load_state_dict(optimizer.state_dict())
    saved = loaded.state[other]['exp_avg'].tolist()
    follow(optimizer, w, [[5.0]])
    assert loaded.state[other]['exp_avg'].tolist() == saved
    assert loaded.state[other]['step'].item() == 1


def test_state_dict_has_pytorchs_layout():
    a, b, c = leaf([1.0]), leaf([1.0, 2.0]), leaf([3.0])
    optimizer = optim.Adam([{'params': [a]}, {'params': [b, c], 'lr': 0.5}])
    a.grad, c.grad = ta.ones(1, dtype=a.dtype), ta.ones(1, dtype=a.dtype)
    optimizer.step()
    saved = optimizer.state_dict()
    assert list(saved['state']) == [0, 2]
    assert list(saved['state'][0]) == ['step', 'exp_avg', 'exp_avg_sq']
    assert [group['params'] for group in saved['param_groups']] == [[0], [1, 2]]
    assert [group['lr'] for group in saved['param_groups']] == [1e-3, 0.5]
    assert saved['state'][0]['step'].dtype == ta.float32
    assert saved['state'][0]['exp_avg'].dtype == ta.float64


def test_plain_sgd_remembers_nothing():
    w = leaf([1.0])
    optimizer = optim.SGD([w])
    follow(optimizer, w, [[1.0]])
    assert optimizer.state_dict()['state'] == {}


def test_adagrads_sum_is_there_before_the_first_step():
    w = leaf([1.0, 2.0])
    state = optim.Adagrad([w], initial_accumulator_value=0.5).state[w]
    assert state['sum'].tolist() == [0.5, 0.5] and state['step'].item() == 0


def test_loaded_memory_takes_the_dtype_of_its_parameter_and_the_count_does_not():
    wide, narrow = leaf([1.0]), leaf([1.0], ta.float32)
    optimizer, loaded = optim.Adam([wide]), optim.Adam([narrow])
    follow(optimizer, wide, [[1.0]])
    loaded.load_state_dict(optimizer.state_dict())
    assert {x.dtype for x in loaded.state[narrow].values()} == {ta.float32}
    optimizer.load_state_dict(loaded.state_dict())
    assert [x.dtype for x in optimizer.state[wide].values()] == [ta.float32, *[ta.float64] * 2]


def test_adamw_stays_decoupled_after_loading_what_adam_saved():
    w = leaf([1.0])
    optimizer = optim.AdamW([w])
    optimizer.load_state_dict(optim.Adam([w]).state_dict())
    assert optimizer.param_groups[0]['decoupled_weight_decay'] is True


def saved_by(kind, *sizes):
    params = [leaf([1.0] * size) for size in sizes]
    optimizer = kind(params)
    for p in params:
        p.grad = p.detach().clone()
    optimizer.step()
    return optimizer.state_dict()


@pytest.mark.parametrize('saved, message', [
    (saved_by(optim.Adam, 2, 3), "contains a parameter group that doesn't match the size"),
    (saved_by(optim.Adam, 3), 'lacks exp_avg of shape (2,)'),
    (saved_by(optim.RMSprop, 2), 'lacks exp_avg'),
    ({'state': {}, 'param_groups': []}, 'has a different number of parameter groups'),
], ids=['size', 'shape', 'kind', 'groups'])
def test_state_of_something_else_is_refused(saved, message):
    with pytest.raises(ValueError, match='loaded state dict') as error:
        optim.Adam([leaf([1.0, 2.0])]).load_state_dict(saved)
    assert message in str(error.value)


def test_groups_have_their_own_hyper_parameters():
    a, b, c = leaf([0.0]), leaf([0.0]), leaf([0.0])
    optimizer = optim.SGD([{'params': a, 'lr': 0.5}, {'params': [b]}], lr=0.1)
    optimizer.add_param_group({'params': [c], 'lr': 2.0, 'maximize': True})
    for p in (a, b, c):
        p.grad = ta.ones(1, dtype=p.dtype)
    optimizer.step()
    assert [p.item() for p in (a, b, c)] == [-0.5, -0.1, 2.0]


def test_learning_rate_may_change_between_steps():
    w = leaf([0.0])
    optimizer = optim.SGD([w], lr=0.1)
    follow(optimizer, w, [[1.0]])
    optimizer.param_groups[0]['lr'] = np.float64(10.0)
    assert follow(optimizer, w, [[1.0]])[0, 0] == pytest.approx(-10.1)


@pytest.mark.parametrize('switch', ['momentum', 'centered', 'amsgrad'])
def test_memory_switched_on_while_training_starts_then(switch):
    kind = optim.Adam if switch == 'amsgrad' else optim.RMSprop
    w = leaf([0.0])
    optimizer = kind([w])
    follow(optimizer, w, [[1.0]])
    optimizer.param_groups[0][switch] = 0.9
    assert np.isfinite(follow(optimizer, w, [[1.0]])).all()
    assert len(optimizer.state[w]) == len(kind.slots) + 2


def test_learning_rate_may_be_a_tensor_of_one_element():
    w = leaf([0.0])
    assert follow(optim.SGD([w], lr=ta.tensor(0.5)), w, [[1.0]])[0, 0] == -0.5


def test_named_parameters_keep_their_names():
    model = nn.Linear(2, 1)
    optimizer = optim.SGD(model.named_parameters(), lr=0.1)
    assert optimizer.param_groups[0]['params'] == list(model.parameters())
    assert optimizer.state_dict()['param_groups'][0]['param_names'] == ['weight', 'bias']


def test_closure_is_run_with_gradients_on_and_its_loss_returned():
    w = leaf([3.0])
    optimizer = optim.SGD([w], lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    with ta.no_grad():
        assert optimizer.step(closure).item() == 9.0
    assert w.item() == 0.0
    assert optimizer.step() is None


def test_zero_grad_forgets_or_zeroes():
    w, unused = leaf([1.0]), leaf([1.0])
    optimizer = optim.SGD([w, unused])
    w.grad = g = ta.ones(1, dtype=w.dtype)
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.item() == g.item() == 0.0 and unused.grad is None
    optimizer.zero_grad()
    assert w.grad is None


def test_step_after_the_forward_pass_is_noticed_by_backward():
    w = leaf([1.0, 2.0])
    loss = (w * w).sum()
    w.grad = ta.ones(2, dtype=w.dtype)
    optim.SGD([w]).step()
    with pytest.raises(RuntimeError, match='modified by an inplace operation'):
        loss.backward()


def test_step_leaves_no_graph_and_the_same_memory():
    w = leaf([1.0])
    memory = w.data.numpy()
    follow(optim.Adam([w], weight_decay=0.1), w, [[1.0]])
    assert w.is_leaf and w.requires_grad and w.grad_fn is None
    assert memory[0] == w.item() != 1.0


@every_setting
def test_float32_stays_float32_and_a_scalar_steps_like_a_vector(kind, options):
    scalar, vector = leaf(0.7, ta.float32), leaf([0.7], ta.float32)
    optimizer = kind([scalar], **options)
    gradients = random_gradients(10, 1)
    path = follow(optimizer, scalar, gradients[:, 0])
    np.testing.assert_array_equal(path, follow(kind([vector], **options), vector, gradients)[:, 0])
    assert {x.dtype for x in (scalar, *optimizer.state[scalar].values())} == {ta.float32}
    assert all(tuple(x.shape) == () for x in optimizer.state[scalar].values())


@every_setting
def test_parameter_of_any_memory_layout_is_changed_in_place(kind, options):
    rows = np.arange(6.0).reshape(2, 3)
    plain, turned = leaf(rows), ta.from_numpy(rows.T.copy()).T.requires_grad_()
    for w in (plain, turned):
        optimizer = kind([w], **options)
        for g in random_gradients(4, 6):
            w.grad = ta.tensor(g.reshape(2, 3))
            optimizer.step()
    np.testing.assert_array_equal(plain.data.numpy(), turned.data.numpy())
    assert plain.tolist() != rows.tolist()


# The loop joins small parameters and cuts large ones (_flat.py): nobody may notice.

SHAPES = [(3, 4), (), (5,), (0, 2), (2, 1, 3), (1,)]


def leaves(seed, shapes=SHAPES, dtype='float64'):
    random = np.random.default_rng(seed)
    return [leaf(np.asarray(random.normal(size=shape), dtype), getattr(ta, dtype))
            for shape in shapes]


def give_gradients(params, seed, skip=()):
    random = np.random.default_rng(seed)
    for i, p in enumerate(params):
        g = random.normal(size=p.shape)
        p.grad = None if i in skip else ta.tensor(g, dtype=p.dtype)


def values(params):
    return [p.tolist() for p in params]


@every_setting
def test_many_parameters_move_as_each_alone(kind, options):
    together, alone = leaves(0), leaves(0)
    optimizer, single = kind(together, **options), [kind([p], **options) for p in alone]
    for t in range(8):
        skip = {t % 3} if t > 2 else ()
        for params in (together, alone):
            give_gradients(params, t, skip)
        optimizer.step()
        for each in single:
            each.step()
        assert values(together) == values(alone)
    for p, each, own in zip(together, single, alone):
        assert {name: x.tolist() for name, x in optimizer.state[p].items()} \
            == {name: x.tolist() for name, x in each.state[own].items()}
        assert all(x.shape in ((), p.shape) for x in optimizer.state[p].values())


@every_setting
@pytest.mark.parametrize('threads', [1, 2])
def test_large_parameter_moves_as_its_parts(kind, options, threads, monkeypatch):
    monkeypatch.setattr(_machine, 'THREADS', threads)
    n = 2 * BLOCK + 5
    whole, = leaves(1, [(n,)])
    parts = [whole.detach()[i:i + 9999].clone().requires_grad_() for i in range(0, n, 9999)]
    optimizer, others = kind([whole], **options), kind(parts, **options)
    for t in range(3):
        give_gradients([whole], t)
        for i, part in enumerate(parts):
            part.grad = whole.grad[9999 * i:9999 * (i + 1)]
        optimizer.step()
        others.step()
    np.testing.assert_array_equal(whole.detach().numpy(),
                                  np.concatenate([part.detach().numpy() for part in parts]))


def test_parameters_are_moved_into_one_array_and_stay_there():
    params = leaves(0)
    optimizer = optim.SGD(params, lr=0.1)
    places = set()
    for t in range(3):
        give_gradients(params, t, skip={1} if t == 1 else ())
        optimizer.step()
        places.add(tuple(p.data_ptr() for p in params))
    assert len(places) == 1
    large = [p for p in params if p.numel() > 1]
    assert np.diff(sorted(p.data_ptr() for p in large)).max() < 8 * sum(p.numel() for p in params)


@pytest.mark.parametrize('hold', [lambda p: p.detach(), lambda p: p.data, lambda p: p[:1],
                                  lambda p: p.detach().numpy(), lambda p: p.detach().numpy()[:1],
                                  lambda p: p.T.detach()],
                         ids=['detach', 'data', 'view', 'array', 'view of the array', 'transpose'])
@pytest.mark.parametrize('when', ['before the first step', 'after it'])
def test_whoever_holds_the_array_of_a_parameter_sees_it_move(hold, when):
    params = leaves(0, [(3, 4), (5, 1)])
    optimizer = optim.SGD(params, lr=0.1)
    if when == 'after it':
        give_gradients(params, 0)
        optimizer.step()
    held = hold(params[0])
    for t in range(1, 3):
        give_gradients(params, t)
        optimizer.step()
        assert np.shares_memory(held if isinstance(held, np.ndarray) else held.detach().numpy(),
                                params[0].detach().numpy())


def test_parameters_in_memory_of_others_stay_there():
    memory = bytearray(8 * 4)
    inside = ta.from_numpy(np.frombuffer(memory, np.float64)).requires_grad_()
    params = [inside, *leaves(0)]
    give_gradients(params, 0)
    optim.SGD(params, lr=1.0).step()
    assert np.frombuffer(memory, np.float64).tolist() == inside.tolist() != [0.0] * 4


def test_a_graph_made_before_parameters_move_is_noticed():
    params = leaves(0, [(3,), (3,)])
    give_gradients(params, 0)
    loss = (params[0] * params[1]).sum()
    optim.SGD(params, lr=0.1).step()
    with pytest.raises(RuntimeError, match='modified by an inplace operation'):
        loss.backward()


def test_an_error_of_a_rule_in_a_thread_is_raised(monkeypatch):
    class Wrong(optim.Optimizer):
        def update(self, p, g, state, t):
            raise ZeroDivisionError('the rule')

    monkeypatch.setattr(_machine, 'THREADS', 2)
    params = leaves(0, [(2 * BLOCK,)])
    give_gradients(params, 0)
    with pytest.raises(ZeroDivisionError, match='the rule'):
        Wrong(params, {}).step()


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='processes are forked on Unix only')
def test_a_process_forked_after_a_step_in_threads_can_step_too():
    code = f'''
import os, tinygrad_adam as torch
w = torch.zeros({2 * BLOCK}, requires_grad=True)
w.grad = torch.ones({2 * BLOCK})
optimizer = torch.optim.SGD([w], lr=1.0)
optimizer.step()
child = os.fork()
optimizer.step()
if child:
    print(os.waitpid(child, 0)[1], w.sum().item())'''
    path = os.pathsep.join([str(Path(ta.__file__).parents[1]), os.environ.get('PYTHONPATH', '')])
    done = subprocess.run([sys.executable, '-W', 'ignore', '-c', code], capture_output=True,
                          text=True, timeout=900,
                          env={**os.environ, 'OMP_NUM_THREADS': '2', 'PYTHONPATH': path})
    assert done.stdout.split() == ['0', f'{-4.0 * BLOCK}'], done.stderr


def adam_twice(change):
    """Six steps of parameters joined, and of each alone; `change(p, optimizer)` comes between."""
    found = []
    for joined in (True, False):
        params = leaves(2)
        groups = [params] if joined else [[p] for p in params]
        optimizers = [optim.Adam(group, lr=0.1) for group in groups]
        for t in range(6):
            give_gradients(params, t)
            if t == 3:
                for group, optimizer in zip(groups, optimizers):
                    for p in group:
                        change(p, optimizer)
            for optimizer in optimizers:
                optimizer.step()
        found.append(values(params))
    return found


def replace_data(p, optimizer):
    p.data = p.data * 2


def change_in_place(p, optimizer):
    p.data.mul_(2)
    optimizer.state[p]['exp_avg'].zero_()


def turn(p, optimizer):
    p.data = ta.from_numpy(np.asarray(p.detach().numpy(), order='F'))
    p.grad = ta.from_numpy(np.asarray(p.grad.numpy(), order='F'))


def replace_state(p, optimizer):
    optimizer.state[p]['exp_avg'] = ta.ones_like(p)
    optimizer.state[p]['exp_avg_sq'].data = ta.ones_like(p) * 4


def forget(p, optimizer):
    optimizer.state[p].clear()


def load_own_state(p, optimizer):
    optimizer.load_state_dict(deepcopy(optimizer.state_dict()))


@pytest.mark.parametrize('change', [replace_data, change_in_place, turn, replace_state, forget,
                                    load_own_state])
def test_what_is_done_to_parameters_and_memories_between_steps_is_heeded(change):
    joined, alone = adam_twice(change)
    assert joined == alone
    untouched, _ = adam_twice(lambda p, optimizer: None)
    assert (joined == untouched) == (change in (turn, load_own_state))


def test_tensors_that_share_memory_move_one_after_the_other():
    a, c = leaf([1.0, 2.0]), leaf([3.0])
    b = ta.tensor([0.0, 0.0], dtype=ta.float64, requires_grad=True)
    b.data = a.data
    optimizer = optim.SGD([a, c, b], lr=1.0)
    for p, g in ((a, [0.5, 0.5]), (b, [0.25, 0.0]), (c, [1.0])):
        p.grad = ta.tensor(g, dtype=ta.float64)
    optimizer.step()
    assert a.tolist() == b.tolist() == [0.25, 1.5] and c.tolist() == [2.0]


def test_parameter_listed_twice_moves_twice():
    w = leaf([1.0])
    with pytest.warns(UserWarning, match='duplicate'):
        optimizer = optim.SGD([w, w], lr=1.0)
    assert follow(optimizer, w, [[1.0]])[0, 0] == -1.0


def test_slices_of_one_array_may_be_parameters():
    memory = np.zeros((4, 3))
    rows = [ta.from_numpy(memory[i]).requires_grad_() for i in range(4)]
    columns = ta.from_numpy(np.zeros((3, 4))).T[1:].requires_grad_()
    optimizer = optim.Adam([*rows, columns], lr=0.5)
    give_gradients([*rows, columns], 0)
    optimizer.step()
    assert (np.abs(memory) > 0.4).all() and (np.abs(columns.detach().numpy()) > 0.4).all()


def test_parameters_of_both_floats_keep_them():
    params = [leaf([1.0], ta.float32), leaf([1.0], ta.float64), leaf([[1.0]], ta.float32)]
    optimizer = optim.Adam(params, lr=0.1)
    give_gradients(params, 0)
    optimizer.step()
    for p in params:
        assert {x.dtype for name, x in optimizer.state[p].items() if name != 'step'} == {p.dtype}


def test_group_added_later_joins_in_and_counts_its_own_steps():
    first, later = leaves(3), leaves(4)
    optimizer = optim.Adam(first, lr=0.1)
    give_gradients(first, 0)
    optimizer.step()
    optimizer.add_param_group({'params': later, 'lr': 0.5})
    give_gradients(first + later, 1)
    before = later[0].detach().clone()
    optimizer.step()
    np.testing.assert_allclose(abs(later[0] - before).tolist(), 0.5 * np.ones((3, 4)), rtol=1e-4)
    assert [optimizer.state[p]['step'].item() for p in (first[0], later[0])] == [2, 1]


def test_copy_of_an_optimizer_goes_its_own_way():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1))
    optimizer = optim.Adam(model.parameters(), lr=0.1)

    def train(model, optimizer):
        give_gradients(list(model.parameters()), 5)
        optimizer.step()

    train(model, optimizer)
    twin, its_optimizer = deepcopy((model, optimizer))
    before = values(model.parameters()), deepcopy(optimizer.state_dict())
    train(twin, its_optimizer)
    assert values(model.parameters()) == before[0]
    assert str(optimizer.state_dict()) == str(before[1])
    train(model, optimizer)
    assert values(model.parameters()) == values(twin.parameters()) != before[0]


def test_weights_of_a_model_are_still_its_own_after_steps():
    model = nn.Linear(3, 2)
    state, array = model.state_dict(), model.weight.detach().numpy()
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    for t in range(3):
        give_gradients(list(model.parameters()), t)
        optimizer.step()
    assert state['weight'].tolist() == array.tolist() == model.weight.tolist()
    model.load_state_dict({'weight': ta.zeros(2, 3), 'bias': ta.zeros(2)})
    assert (array == 0).all()
    give_gradients(list(model.parameters()), 9)
    optimizer.step()
    assert array.tolist() == model.weight.tolist() != ta.zeros(2, 3).tolist()


@pytest.mark.parametrize('kind', [optim.RMSprop, optim.Adam, optim.Adamax, optim.NAdam])
def test_memories_that_fade_out_become_zero_and_change_no_weight(kind):
    w, tiny = leaf([1.0, 1.0], ta.float32), np.finfo('float32').tiny
    optimizer = kind([w], **({'alpha': 0.5} if kind is optim.RMSprop else {'betas': (0.5, 0.5)}))
    follow(optimizer, w, [[1.0, 1.0]])
    path = follow(optimizer, w, [[0.0, 1.0]] * 512)
    memories = np.array([optimizer.state[w][name].tolist() for name in kind.slots])
    assert not ((0 < abs(memories)) & (abs(memories) < tiny)).any()
    assert (memories[:, 0] < 1e-7).all() and (memories[:, 1] > 0.4).all()
    assert len(set(path[200:, 0])) == 1


def test_without_eps_no_memory_is_rounded_to_zero():
    w = leaf([1.0], ta.float32)
    optimizer = optim.RMSprop([w], lr=0.01, alpha=0.5, eps=0)
    path = follow(optimizer, w, [[1e-20]] * 65)[:, 0]   # squares below the normal range
    assert np.isfinite(path).all() and (np.diff(path) < 0).all()


@every_setting
def test_random_training_of_groups_equals_pytorch(kind, options):
    torch = pytest.importorskip('torch')
    ours = leaves(7)
    theirs = [torch.tensor(p.detach().numpy().copy(), requires_grad=True) for p in ours]
    optimizer, reference = [
        getattr(library.optim, kind.__name__)([{'params': ps[:4]}, {'params': ps[4:], 'lr': 0.05}],
                                              **options)
        for library, ps in ((ta, ours), (torch, theirs))]
    for t in range(60):
        give_gradients(ours, t, skip={t % 4, (t // 8) % 7})
        for p, q in zip(ours, theirs):
            q.grad = None if p.grad is None else torch.tensor(p.grad.numpy().copy())
        for one in (optimizer, reference):
            one.param_groups[0]['lr'] = 0.01 / (1 + t // 10)
            one.step()
        for p, q in zip(ours, theirs):
            np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy(), rtol=1e-9, atol=1e-9)


def test_new_rule_fits_in_ten_lines():
    class AdaBelief(optim.Adam):
        slots = ('exp_avg', 'exp_avg_var')

        def update(self, p, g, state, t, lr, betas, eps, **_):
            (beta1, beta2), m, s = betas, state['exp_avg'], state['exp_avg_var']
            m[:] = beta1 * m + (1 - beta1) * g
            s[:] = beta2 * s + (1 - beta2) * (g - m)**2 + eps
            m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
            p -= lr * m_hat / (np.sqrt(s_hat) + eps)

    w = leaf([0.0])
    optimizer = AdaBelief([w], lr=0.1)
    path = follow(optimizer, w, [[2.0]])
    assert path[0, 0] == pytest.approx(-0.1 * 2.0 / (0.9 * 2.0), rel=1e-3)  # s = (g - m)^2 at t = 1
    assert list(optimizer.state[w]) == ['step', 'exp_avg', 'exp_avg_var']


class Normalized(optim.Optimizer):
    """A rule that is not elementwise: all parameters move by lr, whatever their gradient."""

    def __init__(self, params, lr=0.1):
        super().__init__(params, dict(lr=lr))

    def update(self, p, g, state, t, lr):
        p -= lr * g / np.sqrt((g**2).sum())


def test_rule_is_applied_to_whole_parameters_unless_it_says_elementwise():
    for others in range(3):
        params = [leaf([0.0, 0.0]) for _ in range(1 + others)]
        for p in params:
            p.grad = ta.tensor([1.0, 1.0], dtype=p.dtype)
        Normalized(params).step()
        assert values(params) == [pytest.approx([-0.1 / math.sqrt(2)] * 2)] * (1 + others)


def test_rule_sees_each_parameter_in_its_own_shape():
    class Shapes(optim.Optimizer):
        slots = ('memory',)

        def update(self, p, g, state, t, weight_decay=0):
            seen.append((p.shape, g.shape, state['memory'].shape, type(p), type(g), g.dtype))
            p -= g

    params, seen = leaves(0, [*SHAPES, (2 * BLOCK,)], 'float32'), []
    give_gradients(params, 0)
    grads = [p.grad.tolist() for p in params]
    optimizer = Shapes(params, dict(weight_decay=0.1, maximize=True))
    before = values(params)
    optimizer.step()
    assert seen == [(p.shape, p.shape, p.shape, np.ndarray, np.ndarray, np.float32) for p in params]
    for p, old, g in zip(params, before, grads):
        expected = np.array(old) - (0.1 * np.array(old) - np.array(g))
        np.testing.assert_allclose(p.tolist(), expected, rtol=1e-4, atol=1e-6)


def test_a_subclass_with_another_rule_says_again_that_it_is_elementwise():
    class Same(optim.Adam):
        pass

    class Other(optim.Adam):
        def update(self, p, g, state, t, **_):
            seen.append(p.shape)

    class Elementwise(Other):
        elementwise = True

    class Mixin:
        update = Other.update

    class Mixed(Mixin, optim.Adam):
        pass

    assert [kind.elementwise for kind in (Same, Other, Elementwise, Mixed)] == [1, 0, 1, 0]
    for kind, shapes in (Other, [(3,), (4,)]), (Elementwise, [(7,)]):
        params, seen = leaves(0, [(3,), (4,)]), []
        give_gradients(params, 0)
        kind(params).step()
        assert seen == shapes


def test_rule_that_rebinds_the_parameter_is_refused():
    class Rebinds(optim.Optimizer):
        def update(self, w, g, state, t, lr):
            w = w - lr * g

    w = leaf([1.0])
    optimizer = Rebinds([w], dict(lr=0.1))
    for _ in range(2):
        with refused(TypeError, 'Rebinds.update rebinds w', 'w -= ...', 'w[...] = ...'):
            follow(optimizer, w, [[1.0]])
    assert sys.getprofile() is None


def test_rule_that_returns_something_is_refused():
    class Returns(optim.Optimizer):
        elementwise = True

        def update(self, p, g, state, t, lr):
            return p - lr * g

    params = leaves(0)
    give_gradients(params, 0)
    with refused(TypeError, 'Returns.update returned', 'ndarray', 'Write p -= ...'):
        Returns(params, dict(lr=0.1)).step()


def test_rule_may_work_on_views_and_be_decorated():
    def decorated(rule):
        @functools.wraps(rule)
        def call(*args, **hyper):
            rule(*args, **hyper)
        return call

    class Flat(optim.Optimizer):
        @decorated
        def update(self, p, g, state, t, lr):
            p = p.reshape(-1)
            p -= lr * g.reshape(-1)
            helper(p)

    class Rebinds(Flat):
        @decorated
        def update(self, p, g, state, t, lr):
            p = p - lr * g

    def helper(p):
        p = p * 2

    params = leaves(0)
    give_gradients(params, 0)
    before = values(params)
    Flat(params, dict(lr=0.0)).step()
    assert values(params) == before
    with pytest.raises(TypeError, match='Rebinds.update rebinds p'):
        Rebinds(params, dict(lr=0.1)).step()


def test_rule_is_watched_once_and_disturbs_no_profiler():
    class Rule(optim.Optimizer):
        def update(self, p, g, state, t):
            profilers.append(sys.getprofile())
            p -= g

    def mine(frame, event, argument):
        pass

    w, profilers = leaf([1.0]), []
    optimizer = Rule([w], {})
    sys.setprofile(mine)
    try:
        follow(optimizer, w, [[1.0]])
        assert profilers == [mine] and sys.getprofile() is mine
    finally:
        sys.setprofile(None)
    follow(optimizer, w, [[1.0], [1.0]])
    assert profilers[1] is not None and profilers[2] is None and sys.getprofile() is None


def test_hyper_parameters_of_new_optimizers_are_checked_too():
    class Mine(optim.Optimizer):
        checks = {**optim.Optimizer.checks, 'power': optim.SGD.checks['lr']}

    for name in ('lr', 'eps', 'weight_decay', 'momentum', 'power'):
        with pytest.raises(ValueError, match='Invalid'):
            Mine([leaf([1.0])], {name: -1.0})
    Mine([leaf([1.0])], dict(alpha=-1.0))   # a name whose meaning is its own


def test_optimizer_with_a_step_of_its_own_works_as_under_pytorch():
    class Signs(optim.Optimizer):
        def __init__(self, params, lr=0.1):
            super().__init__(params, dict(lr=lr))

        @ta.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group['params']:
                    state = self.state[p]
                    state['calls'] = state.get('calls', 0) + 1
                    p.add_(p.grad.sign(), alpha=-group['lr'])

    w = leaf([1.0])
    optimizer = Signs([w])
    assert follow(optimizer, w, [[5.0], [-3.0], [2.0]])[:, 0] == pytest.approx([0.9, 1.0, 0.9])
    other = Signs([leaf([1.0])])
    other.load_state_dict(optimizer.state_dict())
    assert other.state_dict() == optimizer.state_dict()


def test_optimizer_without_a_rule_says_so():
    w = leaf([1.0])
    with pytest.raises(NotImplementedError, match='Optimizer has no rule; define update'):
        follow(optim.Optimizer([w], dict(lr=0.1)), w, [[1.0]])


@pytest.mark.parametrize('kind, options, message', [
    *[(kind, dict(lr=-0.1), 'Invalid learning rate: -0.1') for kind in RULES],
    *[(kind, dict(lr=math.nan), 'Invalid learning rate: nan') for kind in RULES],
    *[(kind, dict(weight_decay=-1), 'Invalid weight_decay value: -1') for kind in RULES
      if kind is not optim.Rprop],
    *[(kind, dict(eps=-1e-8), 'Invalid epsilon value: -1e-08') for kind in RULES[1:-2]],
    (optim.SGD, dict(momentum=-0.5), 'Invalid momentum value: -0.5'),
    (optim.SGD, dict(nesterov=True), 'Nesterov momentum requires a momentum and zero dampening'),
    (optim.SGD, dict(nesterov=True, momentum=0.9, dampening=0.1), 'Nesterov momentum requires'),
    (optim.SGD, dict(lr=ta.tensor([0.1, 0.2])), 'Tensor lr must be 1-element'),
    (optim.Adam, dict(lr=ta.tensor(0.1), foreach=True), 'lr as a Tensor is not supported'),
    (optim.Adagrad, dict(lr_decay=-0.5), 'Invalid lr_decay value: -0.5'),
    (optim.Adagrad, dict(initial_accumulator_value=-1),
     'Invalid initial_accumulator_value value: -1'),
    (optim.RMSprop, dict(momentum=-1.0), 'Invalid momentum value: -1.0'),
    (optim.RMSprop, dict(alpha=-1.0), 'Invalid alpha value: -1.0'),
    (optim.Adam, dict(betas=(1.0, 0.0)), 'Invalid beta parameter at index 0: 1.0'),
    (optim.Adam, dict(betas=(0.9, -0.1)), 'Invalid beta parameter at index 1: -0.1'),
    (optim.AdamW, dict(betas=(0.9, ta.tensor(0.99))), 'betas must be either both floats'),
    (optim.Adadelta, dict(rho=1.1), 'Invalid rho value: 1.1'),
    (optim.Adadelta, dict(rho=-0.1), 'Invalid rho value: -0.1'),
    (optim.Adamax, dict(betas=(0.0, 1.0)), 'Invalid beta parameter at index 1: 1.0'),
    (optim.NAdam, dict(momentum_decay=-0.2), 'Invalid momentum_decay value: -0.2'),
    (optim.Rprop, dict(etas=(0.5, 1.0)), 'Invalid eta values: 0.5, 1.0'),
    (optim.Rprop, dict(etas=(1.0, 1.2)), 'Invalid eta values: 1.0, 1.2'),
], ids=str)
def test_impossible_hyper_parameter_is_refused(kind, options, message):
    with pytest.raises(ValueError) as error:
        kind([leaf([1.0])], **options)
    assert str(error.value).startswith(message)


W, V = leaf([1.0]), leaf([2.0])


@pytest.mark.parametrize('params, error, message', [
    ([], ValueError, 'optimizer got an empty parameter list'),
    (W, TypeError, 'params argument given to the optimizer should be an iterable of Tensors or'),
    ([1.0], TypeError, 'optimizer can only optimize Tensors, but one of the params is'),
    ([W * 2], ValueError, "can't optimize a non-leaf Tensor"),
    ([{'params': {W}}], TypeError, 'optimizer parameters need to be organized in ordered'),
    ([{'params': W}, [V]], TypeError, 'param_group must be a dict, but got'),
    ([{'params': W}, {'params': [V, W]}], ValueError, 'some parameters appear in more than one'),
    ([('w', W), V], ValueError, 'all optimizer params should be with/without names. Some param '),
    ([{'params': W}, {'params': [('v', V)]}], ValueError,
     'all optimizer param groups should be with/without names. cannot add param group with names'),
], ids=['empty', 'tensor', 'number', 'non-leaf', 'set', 'list', 'twice', 'unnamed', 'names'])
def test_what_cannot_be_optimized_is_refused(params, error, message):
    with pytest.raises(error) as refusal:
        optim.SGD(params)
    assert str(refusal.value).startswith(message)


def test_what_is_no_list_of_parameters_is_told_how_to_become_one():
    model = nn.Linear(1, 1)
    for params, advice in [(model, 'Write model.parameters()'), (W, 'Write [w]'),
                           (model.parameters, 'Write model.parameters(), with brackets')]:
        with refused(TypeError, advice):
            optim.SGD(params)


def test_parameter_listed_twice_warns_at_the_users_line():
    with pytest.warns(UserWarning, match='a parameter group with duplicate parameters') as caught:
        optim.SGD([W, W])
    assert caught[0].filename == __file__


def test_repr_is_pytorchs():
    assert repr(optim.SGD([{'params': [W]}, {'params': [V], 'lr': 1}], lr=0.1)) == '''SGD (
Parameter Group 0
    dampening: 0
    lr: 0.1
    maximize: False
    momentum: 0
    nesterov: False
    weight_decay: 0

Parameter Group 1
    dampening: 0
    lr: 1
    maximize: False
    momentum: 0
    nesterov: False
    weight_decay: 0
)'''


@every_rule
def test_signature_is_pytorchs(kind):
    torch = pytest.importorskip('torch')
    ours, theirs = [inspect.signature(getattr(library.optim, kind.__name__)).parameters.values()
                    for library in (ta, torch)]
    assert [(p.name, p.default, p.kind) for p in ours] \
        == [(p.name, p.default, p.kind) for p in theirs]


@every_rule
def test_option_that_is_not_implemented_may_be_off_and_is_refused_when_on(kind):
    for name in inspect.signature(kind).parameters.keys() & {'capturable', 'differentiable'}:
        kind([leaf([1.0])], **{name: None})
        kind([leaf([1.0])], **{name: False})
        with refused(NotImplementedError, f'{name}=True is not implemented', 'Leave it out'):
            kind([leaf([1.0])], **{name: True})
    with refused(TypeError, "unexpected keyword argument 'momentun'"):
        kind([leaf([1.0])], momentun=0.9)


@every_rule
def test_loops_that_are_faster_in_pytorch_change_no_number(kind):
    loops = inspect.signature(kind).parameters.keys() & {'foreach', 'fused'}
    assert 'foreach' in loops
    ends = []
    for options in ({}, *({name: on} for name in loops for on in (None, False, True))):
        w = leaf([1.0, -2.0])
        optimizer = kind([w], **options)
        for _ in range(3):
            w.grad = (w.detach() + 1) / 3
            optimizer.step()
        ends.append(w.tolist())
    assert all(end == ends[0] for end in ends)
    if 'fused' in loops:
        with refused(RuntimeError, '`fused` and `foreach` cannot be `True` together', 'Leave both'):
            kind([leaf([1.0])], foreach=True, fused=True)


@both_floats
@every_setting
def test_random_run_equals_pytorch_with_states_exchanged_on_the_way(kind, options, dtype):
    torch = pytest.importorskip('torch')
    name = dtype.name if hasattr(dtype, 'name') else str(dtype).split('.')[-1]
    start = np.random.default_rng(1).normal(size=(5, 4)).astype(name)
    ours = ta.tensor(start, requires_grad=True)
    theirs = torch.tensor(start, requires_grad=True)
    optimizer, reference = kind([ours], **options), their_optimizer(torch, kind, theirs, options)
    for t, g in enumerate(random_gradients(200, 20)):
        if t == 60:  # theirs goes on from our state
            theirs = torch.tensor(ours.data.numpy().copy(), requires_grad=True)
            reference = their_optimizer(torch, kind, theirs, {})
            reference.load_state_dict(converted(optimizer.state_dict(), torch.from_numpy))
        if t == 120:  # ours goes on from their state
            ours = ta.tensor(theirs.detach().numpy(), requires_grad=True)
            optimizer = kind([ours])
            optimizer.load_state_dict(converted(reference.state_dict(), ta.from_numpy))
        if t % 7:
            ours.grad = ta.tensor(g.reshape(5, 4).astype(name))
            theirs.grad = torch.tensor(g.reshape(5, 4).astype(name))
        else:
            ours.grad = theirs.grad = None
        optimizer.step()
        reference.step()
        np.testing.assert_allclose(ours.data.numpy(), theirs.detach().numpy(),
                                   **dict(float32=dict(rtol=1e-4, atol=1e-5),
                                          float64=dict(rtol=1e-11, atol=1e-11))[name])


def their_optimizer(torch, kind, w, options):
    return getattr(torch.optim, kind.__name__)([w], **options)


def converted(state_dict, from_numpy):
    """A copy of a state_dict with the Tensors of the other library."""
    state = {index: {name: from_numpy(value.numpy().copy()) for name, value in entry.items()}
             for index, entry in state_dict['state'].items()}
    return {'state': state, 'param_groups': deepcopy(state_dict['param_groups'])}


def test_a_loaded_group_is_the_saved_one():
    w = ta.ones(1, requires_grad=True)
    optimizer, other = [ta.optim.SGD([w], lr=0.1) for _ in range(2)]
    other.param_groups[0].update(initial_lr=3.0, lr=0.5)
    del other.param_groups[0]['maximize']
    other.load_state_dict(optimizer.state_dict())
    assert other.param_groups == optimizer.param_groups


def test_gradients_that_are_zeroed_stay_the_tensors_that_they_are():
    w = ta.ones(1, requires_grad=True)
    w.square().sum().backward()
    grad = w.grad
    ta.optim.SGD([w], lr=0.1).zero_grad(set_to_none=False)
    assert w.grad is grad and grad.tolist() == [0.0]


def test_a_parameter_listed_twice_is_numbered_by_its_last_place():
    w = ta.ones(1, requires_grad=True)
    with pytest.warns(UserWarning, match='duplicate'):
        optimizer = ta.optim.SGD([w, w], lr=0.1)
    assert optimizer.state_dict()['param_groups'][0]['params'] == [1, 1]


def test_two_betas_are_asked_for_and_only_adam_wants_floats():
    w = [ta.ones(1, requires_grad=True)]
    for kind in (ta.optim.Adam, ta.optim.NAdam, ta.optim.RAdam, ta.optim.Adamax):
        with pytest.raises(IndexError, match='two numbers'):
            kind(w, betas=(0.9,))
    assert ta.optim.Adamax(w, betas=(0, 0)).defaults['betas'] == (0, 0)
    with pytest.raises(ValueError, match='both floats'):
        ta.optim.AdamW(w, betas=(0, 0))


@pytest.mark.parametrize('option', ['capturable', 'differentiable'])
def test_what_is_not_implemented_is_refused_in_a_group_too(option):
    w = ta.ones(1, requires_grad=True)
    with pytest.raises(NotImplementedError, match=f'{option}=True is not implemented'):
        ta.optim.SGD([{'params': [w], option: True}], lr=0.1)
    ta.optim.SGD([{'params': [w], option: None, 'fused': True}], lr=0.1)


# Hooks of steps.

def hooked(library, kind):
    """What hooks of an optimizer see, and what they change."""
    w, log = library.tensor([1.0, 2.0], requires_grad=True), []
    optimizer = getattr(library.optim, kind)([w], lr=0.5)

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    def note(this, args, kwargs):
        log.append((this is optimizer, args[0] is optimizer, len(args), sorted(kwargs),
                    [round(x, 5) for x in w.tolist()]))

    handles = [optimizer.register_step_pre_hook(note), optimizer.register_step_post_hook(note)]
    scheduler = library.optim.lr_scheduler.StepLR(optimizer, 1)
    log.append(round(optimizer.step(closure).item(), 5))
    optimizer.step(closure=closure)
    scheduler.step()
    handles[0].remove()
    with handles[1]:
        optimizer.step(closure)
    optimizer.step(closure)
    with optimizer.register_step_pre_hook(lambda this, args, kwargs: (args, {'closure': closure})):
        log.append(round(optimizer.step().item(), 5))
    with optimizer.register_step_pre_hook(lambda this, args, kwargs: 3):
        with pytest.raises(RuntimeError, match='must return None or a tuple of .new_args, new_kwa'):
            optimizer.step()
    return log


@pytest.mark.parametrize('kind', ['SGD', 'LBFGS'])
def test_hooks_are_called_before_and_after_a_step_as_in_pytorch(kind):
    log = hooked(ta, kind)
    assert log[0][0] and log[0][:4] == log[1][:4] == (True, True, 2, [])
    assert log[3][3] == log[4][3] == ['closure'] and len(log) == 7
    assert log == hooked(pytest.importorskip('torch'), kind)


def test_a_copy_of_an_optimizer_with_hooks_moves_its_own_parameters():
    w = leaf([1.0])
    optimizer = ta.optim.SGD([w], lr=1.0)
    optimizer.register_step_post_hook(lambda this, args, kwargs: seen.append(this))
    other, seen = deepcopy(optimizer), []
    other.param_groups[0]['params'][0].grad = leaf([1.0]).detach()
    other.step()
    assert w.tolist() == [1.0] and other.param_groups[0]['params'][0].tolist() == [0.0]
    assert seen == [other]


# L-BFGS, which is a loop of its own.

LBFGS_OPTIONS = [dict(lr=0.01), dict(lr=0.1, max_iter=7), dict(line_search_fn='strong_wolfe'),
                 dict(line_search_fn='strong_wolfe', max_eval=5, history_size=3),
                 dict(line_search_fn='strong_wolfe', max_eval=1),
                 dict(line_search_fn='strong_wolfe', lr=10.0, max_iter=9)]


def rosenbrock(library, optimizer, p, q):
    def closure():
        optimizer.zero_grad()
        calls.append(p.detach().tolist() + q.detach().tolist())
        loss = ((1 - p) ** 2 + 100 * (q - p ** 2) ** 2).sum() + (p[0] * q[1]) ** 2
        loss.backward()
        return loss
    calls = []
    return closure, calls


def minimized(library, steps, **options):
    """Where the closure was called, and the losses that 5 steps return."""
    p, q = (library.tensor(values, dtype=library.float64, requires_grad=True)
            for values in ([-1.2, 0.5], [1.0, 2.0]))
    optimizer = library.optim.LBFGS([p, q], **options)
    closure, calls = rosenbrock(library, optimizer, p, q)
    return calls, [optimizer.step(closure).item() for _ in range(steps)], optimizer


@pytest.mark.parametrize('options', LBFGS_OPTIONS, ids=str)
def test_lbfgs_looks_where_pytorchs_looks(options):
    torch = pytest.importorskip('torch')
    (ours, losses, _), (theirs, expected, _) = [minimized(library, 3, **options)
                                                for library in (ta, torch)]
    assert len(ours) == len(theirs)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(losses, expected, rtol=1e-5, atol=1e-12)


def test_lbfgs_finds_the_lowest_point_of_a_quadratic_in_few_steps():
    scales = ta.tensor([1.0, 10.0, 100.0], dtype=ta.float64)
    w = leaf([1.0, 1.0, 1.0])
    optimizer = optim.LBFGS([w], line_search_fn='strong_wolfe')

    def closure():
        optimizer.zero_grad()
        loss = (scales * w ** 2).sum()
        loss.backward()
        return loss
    optimizer.step(closure)
    assert optimizer.state[w]['func_evals'] < 25
    np.testing.assert_allclose(w.tolist(), 0, atol=1e-6)


def test_lbfgs_goes_on_from_its_state():
    torch = pytest.importorskip('torch')
    _, _, theirs = minimized(torch, 2, max_iter=4)
    _, _, ours = minimized(ta, 2, max_iter=4)
    state, expected = ours.state_dict()['state'][0], theirs.state_dict()['state'][0]
    assert expected.keys() - state.keys() == {'al'}     # room for work, which PyTorch keeps too
    straight = minimized(ta, 3, max_iter=4)[0]
    p, q = ours.param_groups[0]['params']
    resumed = optim.LBFGS([p, q])
    resumed.load_state_dict(ours.state_dict())
    closure, calls = rosenbrock(ta, resumed, p, q)
    resumed.step(closure)
    assert calls == straight[-len(calls):]


def test_lbfgs_refuses_groups_and_other_searches():
    w, v = leaf([1.0]), leaf([2.0])
    with refused(ValueError, "LBFGS doesn't support per-parameter options", 'in one list'):
        optim.LBFGS([{'params': [w]}, {'params': [v]}])
    optimizer = optim.LBFGS([w], line_search_fn='armijo')
    closure, _ = rosenbrock(ta, optimizer, leaf([1.0, 2.0]), leaf([1.0, 1.0]))
    w.grad = ta.tensor([1.0], dtype=ta.float64)
    with refused(RuntimeError, "only 'strong_wolfe' is supported", 'armijo'):
        optimizer.step(lambda: w.grad.sum() if w.grad is not None else None)
