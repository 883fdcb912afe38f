"""Schedulers: PyTorch's learning rates, closed forms, states, and what is refused."""
import math
import warnings
from copy import deepcopy

import numpy as np
import pytest

import tinygrad_adam as ta
from tinygrad_adam import optim
from tinygrad_adam.optim import lr_scheduler

STEPS = 60


class Scale:
    """A function with a state, for LambdaLR."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, epoch):
        return self.factor**epoch


SETTINGS = [
    ('LambdaLR', dict(lr_lambda=lambda epoch: 1 / (1 + epoch))),
    ('LambdaLR', dict(lr_lambda=[lambda epoch: 0.9**epoch, Scale(0.8)])),
    ('StepLR', dict(step_size=7)),
    ('StepLR', dict(step_size=1, gamma=0.9)),
    ('MultiStepLR', dict(milestones=[3, 10, 10, 40], gamma=0.5)),
    ('MultiStepLR', dict(milestones=[0, 5])),
    ('ExponentialLR', dict(gamma=0.95)),
    ('ConstantLR', dict()),
    ('ConstantLR', dict(factor=0.25, total_iters=9)),
    ('LinearLR', dict()),
    ('LinearLR', dict(start_factor=0.01, end_factor=0.8, total_iters=20)),
    ('LinearLR', dict(start_factor=1.0, end_factor=0.0, total_iters=20)),
    ('CosineAnnealingLR', dict(T_max=60)),
    ('CosineAnnealingLR', dict(T_max=10, eta_min=1e-3)),
    ('OneCycleLR', dict(max_lr=0.5, total_steps=60)),
    ('OneCycleLR', dict(max_lr=[0.5, 0.3], epochs=6, steps_per_epoch=11, anneal_strategy='linear',
                        pct_start=0.2)),
    ('OneCycleLR', dict(max_lr=0.5, total_steps=64, three_phase=True, div_factor=10,
                        final_div_factor=100, base_momentum=0.8, max_momentum=[0.9, 0.99])),
    ('OneCycleLR', dict(max_lr=0.5, total_steps=60, cycle_momentum=False)),
    ('MultiplicativeLR', dict(lr_lambda=lambda epoch: 1 - 1 / (2 + epoch))),
    ('MultiplicativeLR', dict(lr_lambda=[lambda epoch: 0.9, Scale(0.99)])),
    ('PolynomialLR', dict()),
    ('PolynomialLR', dict(total_iters=50, power=0.9)),
    ('CosineAnnealingWarmRestarts', dict(T_0=7)),
    ('CosineAnnealingWarmRestarts', dict(T_0=4, T_mult=2, eta_min=1e-3)),
    ('CyclicLR', dict(base_lr=0.01, max_lr=0.5, step_size_up=7)),
    ('CyclicLR', dict(base_lr=[0.01, 0.02], max_lr=[0.5, 0.3], step_size_up=3, step_size_down=8,
                      mode='triangular2', base_momentum=0.7, max_momentum=[0.95, 0.9])),
    ('CyclicLR', dict(base_lr=0.01, max_lr=0.5, step_size_up=5, mode='exp_range', gamma=0.97)),
    ('CyclicLR', dict(base_lr=0.01, max_lr=0.5, step_size_up=5, scale_fn=Scale(0.9),
                      scale_mode='iterations', cycle_momentum=False)),
]
every_setting = pytest.mark.parametrize('name, options', SETTINGS, ids=str)


def made(library, kind='SGD', **options):
    """An optimizer with two groups, and with gradients of zero."""
    a, b = [library.nn.Parameter(library.zeros(2)) for _ in range(2)]
    a.grad, b.grad = library.zeros(2), library.zeros(2)
    groups = [{'params': [a]}, {'params': [b], 'lr': 0.02}]
    return getattr(library.optim, kind)(groups, lr=0.1, **options)


def scheduled(library, optimizer, name, options):
    return getattr(library.optim.lr_scheduler, name)(optimizer, **deepcopy(options))


def followed(optimizer, *schedulers, steps=STEPS):
    """Learning rates and momenta before each step, of all groups."""
    path = []
    for _ in range(steps):
        groups = optimizer.param_groups
        path.append([group['lr'] for group in groups]
                    + [group.get('momentum', group.get('betas', [0])[0]) for group in groups])
        optimizer.step()
        for scheduler in schedulers:
            scheduler.step()
    return np.array(path)


def path_of(library, name, options, kind='SGD', **more):
    optimizer = made(library, kind, **more)
    return followed(optimizer, scheduled(library, optimizer, name, options))


@every_setting
@pytest.mark.parametrize('kind', ['SGD', 'Adam'])
def test_rates_and_momenta_equal_pytorch(name, options, kind):
    torch = pytest.importorskip('torch')
    np.testing.assert_allclose(path_of(ta, name, options, kind),
                               path_of(torch, name, options, kind), rtol=1e-12, atol=1e-15)


def rates(name, **options):
    return path_of(ta, name, options)[:, 0]


def test_rates_have_their_closed_forms():
    n = np.arange(STEPS)
    for found, expected in [
            (rates('LambdaLR', lr_lambda=lambda epoch: 1 / (1 + epoch)), 1 / (1 + n)),
            (rates('StepLR', step_size=7), 0.1**(n // 7)),
            (rates('MultiStepLR', milestones=[3, 10, 10]), 0.1**((n >= 3) + 2. * (n >= 10))),
            (rates('ExponentialLR', gamma=0.95), 0.95**n),
            (rates('ConstantLR', factor=0.25, total_iters=9), np.where(n < 9, 0.25, 1)),
            (rates('LinearLR', start_factor=0.1, total_iters=9), np.minimum(0.1 + n / 10, 1)),
            (rates('CosineAnnealingLR', T_max=10), (1 + np.cos(np.pi * n / 10)) / 2)]:
        np.testing.assert_allclose(found, 0.1 * expected, rtol=1e-9, atol=1e-15)


def test_one_cycle_goes_up_and_far_down_and_momentum_goes_opposite():
    path = path_of(ta, 'OneCycleLR', dict(max_lr=1.0, total_steps=STEPS))
    lr, momentum = path[:, 0], path[:, 2]
    assert lr[0] == pytest.approx(1 / 25) and lr.argmax() == 0.3 * STEPS - 1
    assert lr.max() == 1 and lr[-1] == pytest.approx(1 / 25e4)
    assert (np.diff(lr) * np.diff(momentum) < 0).all()
    assert momentum[0] == 0.95 and momentum.min() == 0.85 and momentum[-1] == pytest.approx(0.95)


def sequence(library, optimizer):
    kinds = library.optim.lr_scheduler
    return kinds.SequentialLR(optimizer, [
        kinds.LinearLR(optimizer, start_factor=0.1, total_iters=8),
        kinds.CosineAnnealingLR(optimizer, T_max=10),
        kinds.ConstantLR(optimizer, factor=0.5, total_iters=4),
        kinds.MultiStepLR(optimizer, [2, 4]),
        kinds.ExponentialLR(optimizer, 0.9)], milestones=[8, 18, 30, 40])


def two_together(library, optimizer):
    kinds = library.optim.lr_scheduler
    return kinds.StepLR(optimizer, 4, gamma=0.5), kinds.CosineAnnealingLR(optimizer, 25)


@pytest.mark.parametrize('make', [sequence, two_together])
def test_schedulers_in_a_row_or_together_equal_pytorch(make):
    torch = pytest.importorskip('torch')
    paths = []
    for library in (ta, torch):
        optimizer = made(library)
        schedulers = make(library, optimizer)
        paths.append(followed(optimizer, *np.atleast_1d(schedulers)))
    np.testing.assert_allclose(*paths, rtol=1e-12, atol=1e-15)


def test_scheduler_takes_over_at_its_milestone_from_its_own_start():
    optimizer = made(ta)
    warm_up = lr_scheduler.LinearLR(optimizer, start_factor=0.5, total_iters=2)
    decay = lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    scheduler = lr_scheduler.SequentialLR(optimizer, [warm_up, decay], milestones=[3])
    path = followed(optimizer, scheduler, steps=6)[:, 0]
    np.testing.assert_allclose(path, [0.05, 0.075, 0.1, 0.1, 0.05, 0.025])


def metrics(seed):
    random = np.random.default_rng(seed)
    return np.maximum.accumulate(random.normal(size=200).cumsum()[::-1])[::-1] + 0.1


PLATEAUS = [dict(), dict(patience=2), dict(mode='max', patience=1, threshold=0.1), dict(
    threshold_mode='abs', threshold=0.5, patience=0, cooldown=3), dict(
    mode='max', threshold_mode='abs', patience=1, min_lr=[1e-3, 5e-3], factor=0.5), dict(
    patience=0, eps=1e-3, factor=0.9)]


@pytest.mark.parametrize('options', PLATEAUS, ids=str)
def test_plateau_rates_equal_pytorch(options):
    torch = pytest.importorskip('torch')
    paths = []
    for library in (ta, torch):
        optimizer = made(library)
        scheduler = scheduled(library, optimizer, 'ReduceLROnPlateau', options)
        path = []
        for metric in metrics(1):
            scheduler.step(library.tensor(metric))
            path.append([scheduler.num_bad_epochs, *scheduler.get_last_lr()])
        paths.append(path)
    np.testing.assert_allclose(*paths, rtol=1e-12)


def test_plateau_waits_for_patience_and_then_cools_down():
    optimizer = made(ta)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, patience=1, cooldown=2, factor=0.5)
    path = []
    for loss in [1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]:
        scheduler.step(loss)
        path.append(optimizer.param_groups[0]['lr'])
    assert path == [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025]


@every_setting
def test_resuming_from_states_equals_not_stopping(name, options):
    whole = path_of(ta, name, options, 'Adam')
    optimizer = made(ta, 'Adam')
    scheduler = scheduled(ta, optimizer, name, options)
    followed(optimizer, scheduler, steps=23)
    other = made(ta, 'Adam')
    resumed = scheduled(ta, other, name, options)
    other.load_state_dict(deepcopy(optimizer.state_dict()))
    resumed.load_state_dict(deepcopy(scheduler.state_dict()))
    assert resumed.last_epoch == 23 and resumed.get_last_lr() == scheduler.get_last_lr()
    np.testing.assert_array_equal(followed(other, resumed, steps=STEPS - 23), whole[23:])


def test_resuming_a_sequence_and_a_plateau_equals_not_stopping():
    optimizer, other = made(ta), made(ta)
    scheduler, resumed = sequence(ta, optimizer), sequence(ta, other)
    followed(optimizer, scheduler, steps=20)
    other.load_state_dict(optimizer.state_dict())
    resumed.load_state_dict(deepcopy(scheduler.state_dict()))
    np.testing.assert_array_equal(followed(other, resumed, steps=30),
                                  followed(optimizer, scheduler, steps=30))
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
    again = lr_scheduler.ReduceLROnPlateau(other, patience=5)
    for loss in (3.0, 2.0, 4.0):
        plateau.step(loss)
    again.load_state_dict(plateau.state_dict())
    assert vars(again).keys() == vars(plateau).keys()
    assert (again.best, again.num_bad_epochs, again.patience) == (2.0, 1, 1)


@pytest.mark.parametrize('name, options', [*SETTINGS[2:14], *SETTINGS[20:]], ids=str)
def test_resuming_from_a_last_epoch_equals_pytorch(name, options):
    torch = pytest.importorskip('torch')
    paths = []
    for library in (ta, torch):
        optimizer = made(library)
        for group in optimizer.param_groups:
            group['initial_lr'] = 2 * group['lr']
        paths.append(followed(optimizer, scheduled(library, optimizer, name,
                                                   dict(options, last_epoch=5))))
    np.testing.assert_allclose(*paths, rtol=1e-12, atol=1e-15)


@every_setting
def test_state_holds_what_pytorchs_holds(name, options):
    torch = pytest.importorskip('torch')
    ours, theirs = [scheduled(library, made(library), name, options) for library in (ta, torch)]
    internal = {'_get_lr_called_within_step', '_is_initial'}
    assert ours.state_dict().keys() - internal == theirs.state_dict().keys() - internal
    theirs.optimizer.step()
    theirs.step()
    ours.load_state_dict(theirs.state_dict())
    assert ours.state_dict() == theirs.state_dict()


def test_learning_rate_set_by_hand_is_what_the_next_follows_from():
    optimizer = made(ta)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.param_groups[0]['lr'] = 8.0
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [4.0, 0.01]


def test_a_subclass_may_give_its_attributes_any_name_that_pytorch_leaves_free():
    class WarmUp(lr_scheduler.LRScheduler):
        def __init__(self, optimizer, rate, start, advance):
            self.rate, self.start, self.advance = rate, start, advance
            super().__init__(optimizer)

        def get_lr(self):
            return [min(self.rate, self.start + self.advance * self.last_epoch)] * 2

    scheduler = WarmUp(made(ta), 0.5, 0.25, 0.125)
    assert followed(scheduler.optimizer, scheduler, steps=4)[:, 0].tolist() == [
        0.25, 0.375, 0.5, 0.5]


def test_subclass_with_get_lr_of_its_own_works_as_under_pytorch():
    class Halves(lr_scheduler.LRScheduler):
        def get_lr(self):
            return [lr / 2**self.last_epoch for lr in self.base_lrs]

    optimizer = made(ta)
    assert followed(optimizer, Halves(optimizer), steps=3)[:, 0].tolist() == [0.1, 0.05, 0.025]
    with pytest.raises(NotImplementedError, match='LRScheduler has no rule; define get_lr'):
        lr_scheduler.LRScheduler(optimizer)


def test_scheduler_stepped_before_the_optimizer_warns_once_at_the_users_line():
    scheduler = lr_scheduler.StepLR(made(ta), 1)
    with pytest.warns(UserWarning, match='before `optimizer.step') as caught:
        scheduler.step()
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        scheduler.step()


kinds = lr_scheduler
TWO, ONE = made(ta), optim.Adagrad([ta.nn.Parameter(ta.zeros(1))])


def with_a_group_added(kind, *args, **options):
    """An optimizer with rates 0.1, and 0.2 in a group that was added after its scheduler."""
    optimizer = ta.optim.SGD([ta.ones(1, requires_grad=True)], lr=0.1)
    scheduler = getattr(lr_scheduler, kind)(optimizer, *args, **options)
    optimizer.add_param_group({'params': [ta.ones(1, requires_grad=True)], 'lr': 0.2})
    optimizer.step()
    return optimizer, scheduler


@pytest.mark.parametrize('kind, args, rates', [
    ('StepLR', (1, 0.5), [0.05, 0.1]), ('MultiStepLR', ([1], 0.5), [0.05, 0.1]),
    ('ExponentialLR', (0.5,), [0.05, 0.1]), ('ConstantLR', (0.5, 1), [0.1, 0.4]),
    ('LinearLR', (0.5, 1.0, 2), [0.075, 0.3]), ('CosineAnnealingLR', (2,), [0.05, 0.1])])
def test_a_group_added_later_follows_a_schedule_that_goes_on_from_its_rate(kind, args, rates):
    optimizer, scheduler = with_a_group_added(kind, *args)
    scheduler.step()
    assert [group['lr'] for group in optimizer.param_groups] == pytest.approx(rates)
    assert scheduler.get_last_lr() == pytest.approx(rates)


def test_a_group_added_later_is_refused_by_a_schedule_that_does_not_know_its_start():
    _, scheduler = with_a_group_added('LambdaLR', lambda epoch: 0.5**epoch)
    with pytest.raises(ValueError, match='1 learning rates for 2 parameter groups'):
        scheduler.step()
    _, scheduler = with_a_group_added('OneCycleLR', 1.0, 10, cycle_momentum=False)
    with pytest.raises(KeyError, match='initial_lr'):
        scheduler.step()


def test_a_plateau_reaches_a_group_added_later():
    optimizer, scheduler = with_a_group_added('ReduceLROnPlateau', patience=0)
    for loss in (1.0, 1.0):
        scheduler.step(loss)
    assert [group['lr'] for group in optimizer.param_groups] == pytest.approx([0.01, 0.02])
    _, scheduler = with_a_group_added('ReduceLROnPlateau', patience=0, min_lr=[0.05])
    scheduler.step(1.0)
    with pytest.raises(RuntimeError, match='min_lrs'):
        scheduler.step(1.0)


@pytest.mark.parametrize('kind, args, rate', [
    ('StepLR', (2, 0.5), 0.25), ('MultiStepLR', ([1, 4, 9], 0.5), 0.25),
    ('ExponentialLR', (0.5,), 2**-5), ('ConstantLR', (0.5, 6), 0.5),
    ('LinearLR', (0.5, 1.0, 10), 0.75), ('CosineAnnealingLR', (10,), 0.5),
    ('LambdaLR', (lambda epoch: 1 / epoch if epoch else 1,), 0.2)])
def test_an_epoch_to_go_to_is_deprecated_and_answered_by_the_closed_form(kind, args, rate):
    optimizer = ta.optim.SGD([ta.ones(1, requires_grad=True)], lr=1.0)
    scheduler = getattr(lr_scheduler, kind)(optimizer, *args)
    optimizer.step()
    with pytest.warns(UserWarning, match='epoch parameter .* deprecated'):
        scheduler.step(5)
    assert scheduler.last_epoch == 5 and scheduler.get_last_lr() == pytest.approx([rate])


@pytest.mark.parametrize('t_mult', [1, 2, 3])
def test_warm_restarts_count_in_whole_epochs_until_they_are_given_others(t_mult):
    scheduler = scheduled(ta, made(ta), 'CosineAnnealingWarmRestarts', dict(T_0=12, T_mult=t_mult))
    for epoch in (*[None] * 14, 3):
        scheduler.step(epoch)
        assert type(scheduler.T_cur) is int
    scheduler.step(3.5)
    assert scheduler.T_cur == 3.5


@pytest.mark.parametrize('t_mult', [1, 2, 3])
def test_warm_restarts_jump_to_any_epoch_as_in_pytorch(t_mult):
    torch = pytest.importorskip('torch')
    paths = []
    for library in (ta, torch):
        optimizer = made(library)
        scheduler = scheduled(library, optimizer, 'CosineAnnealingWarmRestarts',
                              dict(T_0=3, T_mult=t_mult))
        paths.append([])
        for epoch in (0.25, 1, None, 7.5, None, 26, None, 2, 3, 9, 12.5):
            scheduler.step(epoch)
            paths[-1].append([scheduler.T_cur, scheduler.T_i, scheduler.last_epoch,
                              *scheduler.get_last_lr()])
    np.testing.assert_allclose(*paths, rtol=1e-12)


def test_a_sequence_in_a_sequence_starts_at_the_base_rate():
    optimizer = ta.optim.SGD([ta.ones(1, requires_grad=True)], lr=1.0)
    low = lr_scheduler.ConstantLR(optimizer, 0.1, 9)
    falling = lr_scheduler.ExponentialLR(optimizer, 0.5)
    inner = lr_scheduler.SequentialLR(optimizer, [low, falling], [2])
    with pytest.warns(UserWarning, match='before `optimizer.step'):      # as in PyTorch
        outer = lr_scheduler.SequentialLR(
            optimizer, [inner, lr_scheduler.StepLR(optimizer, 1, 0.1)], [4])
    rates = []
    for _ in range(7):
        rates += outer.get_last_lr()
        optimizer.step()
        outer.step()
    assert rates == pytest.approx([0.1, 1.0, 0.5, 0.25, 1.0, 0.1, 0.01])


def test_chained_schedulers_multiply_their_factors_and_are_resumed():
    def chain(optimizer):
        return lr_scheduler.ChainedScheduler([lr_scheduler.StepLR(optimizer, 2, 0.1),
                                              lr_scheduler.ExponentialLR(optimizer, 0.5)])

    optimizer = ta.optim.SGD([ta.ones(1, requires_grad=True)], lr=1.0)
    scheduler, rates = chain(optimizer), []
    for _ in range(4):
        rates += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    assert rates == pytest.approx([1.0, 0.5, 0.025, 0.0125])
    again = chain(optimizer)
    again.load_state_dict(deepcopy(scheduler.state_dict()))
    assert again.state_dict() == scheduler.state_dict()


def test_a_rate_that_is_a_tensor_stays_that_tensor():
    lr = ta.tensor(1.0)
    optimizer = ta.optim.SGD([ta.ones(1, requires_grad=True)], lr=lr)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]['lr'] is lr and lr.item() == 0.5
    assert optimizer.param_groups[0]['initial_lr'].item() == scheduler.base_lrs[0].item() == 1.0
    assert scheduler.get_last_lr()[0] is not lr


@pytest.mark.parametrize('make, error, message', [
    (lambda: kinds.ChainedScheduler([]), ValueError, 'at least one scheduler'),
    (lambda: kinds.SequentialLR(ONE, [3], []), TypeError, 'should have `optimizer`'),
    (lambda: kinds.ChainedScheduler([kinds.ReduceLROnPlateau(ONE)]), ValueError,
     'does not support `ReduceLROnPlateau`'),
    (lambda: kinds.StepLR(ta.nn.Linear(1, 1), 3), TypeError, 'Linear is not an Optimizer'),
    (lambda: kinds.StepLR(made(ta), 3, last_epoch=4), KeyError, "param 'initial_lr' is not"),
    (lambda: kinds.LambdaLR(TWO, [abs]), ValueError, 'expected 2 lr_lambdas, got 1'),
    (lambda: kinds.ConstantLR(TWO, 1.5), ValueError, 'expected to be between 0 and 1'),
    (lambda: kinds.LinearLR(TWO, 0.0), ValueError, 'expected to be greater than 0'),
    (lambda: kinds.LinearLR(TWO, end_factor=2.0), ValueError, 'Ending multiplicative factor'),
    (lambda: kinds.OneCycleLR(TWO, 1.0), ValueError, 'either total_steps OR'),
    (lambda: kinds.OneCycleLR(TWO, 1.0, epochs=3), ValueError, 'either total_steps OR'),
    (lambda: kinds.OneCycleLR(TWO, 1.0, 0), ValueError, 'Expected positive integer total'),
    (lambda: kinds.OneCycleLR(TWO, 1.0, None, 2, 1.5), ValueError, 'integer steps_per_epoch'),
    (lambda: kinds.OneCycleLR(TWO, 1.0, 9, pct_start=2.0), ValueError, 'between 0 and 1 pct'),
    (lambda: kinds.OneCycleLR(TWO, 1.0, 9, anneal_strategy='x'), ValueError, 'anneal_strat'),
    (lambda: kinds.OneCycleLR(TWO, [1.0], 9), ValueError, 'expected 2 max_lr, got 1'),
    (lambda: kinds.OneCycleLR(ONE, 1.0, 9), ValueError, 'must support momentum or beta1'),
    (lambda: followed(TWO, kinds.OneCycleLR(TWO, 1.0, 9)), ValueError, 'Tried to step 10 times'),
    (lambda: kinds.MultiplicativeLR(TWO, 0.9), TypeError, 'lr_lambda should be a function'),
    (lambda: kinds.CosineAnnealingWarmRestarts(TWO, 0), ValueError, 'positive integer T_0'),
    (lambda: kinds.CosineAnnealingWarmRestarts(TWO, 2, 1.5), ValueError, 'integer T_mult'),
    (lambda: kinds.CosineAnnealingWarmRestarts(TWO, 2, 1, '0'), ValueError, 'float or int eta_min'),
    (lambda: kinds.CosineAnnealingWarmRestarts(TWO, 2).step(-1), ValueError, 'non-negative epoch'),
    (lambda: kinds.CyclicLR(TWO, 0.1, 1.0, mode='x'), ValueError, 'mode is invalid'),
    (lambda: kinds.CyclicLR(ONE, 0.1, 1.0), ValueError, 'must support momentum or beta1'),
    (lambda: kinds.ReduceLROnPlateau(TWO, 'least'), ValueError, 'mode least is unknown'),
    (lambda: kinds.ReduceLROnPlateau(TWO, threshold_mode='x'), ValueError, 'threshold mode x'),
    (lambda: kinds.ReduceLROnPlateau(TWO, factor=1.0), ValueError, 'Factor should be < 1.0'),
    (lambda: kinds.ReduceLROnPlateau(TWO, min_lr=[0]), ValueError, 'expected 2 min_lrs, got 1'),
    (lambda: kinds.SequentialLR(TWO, [kinds.StepLR(TWO, 1)], [1]), ValueError,
     'one scheduler more than milestones'),
    (lambda: kinds.SequentialLR(TWO, [kinds.ReduceLROnPlateau(TWO)], []), ValueError,
     'does not support `ReduceLROnPlateau`'),
    (lambda: kinds.SequentialLR(TWO, [kinds.StepLR(ONE, 1)], []), ValueError,
     'belong to the same optimizer'),
])
def test_impossible_schedule_is_refused(make, error, message):
    with pytest.raises(error) as refusal:
        make()
    assert message in str(refusal.value)


def test_schedule_reaches_a_better_loss_than_its_first_rate():
    def distance(schedule):
        w = ta.tensor([1.0], requires_grad=True)
        optimizer = optim.SGD([w], lr=0.95)
        scheduler = kinds.CosineAnnealingLR(optimizer, 20) if schedule else None
        for _ in range(20):
            optimizer.zero_grad()
            (w**2).sum().backward()
            optimizer.step()
            scheduler and scheduler.step()
        return abs(w.item())

    assert distance(True) < distance(False) == pytest.approx(0.9**20) and math.isfinite(distance(1))
