"""Averages of weights: PyTorch's values, schedules and refusals."""
import numpy as np
import pytest

import tinygrad_adam as ta
from helpers import refused
from tinygrad_adam.optim import swa_utils


def model(library):
    """A model with a BatchNorm layer; the same in each library."""
    net = library.nn.Sequential(library.nn.Linear(2, 3), library.nn.BatchNorm1d(3))
    return shifted(library, net, 0)


def shifted(library, net, seed):
    random = np.random.default_rng(seed)
    with library.no_grad():
        for x in [*net.parameters(), *net.buffers()]:
            values = random.integers(2, 90, tuple(x.shape)) / (1 if x.dtype == library.int64 else 9)
            x.copy_(library.tensor(values))
    return net


AVERAGES = [
    lambda utils: {}, lambda utils: dict(use_buffers=True),
    lambda utils: dict(avg_fn=utils.get_ema_avg_fn(0.9)),
    lambda utils: dict(avg_fn=utils.get_swa_avg_fn(), use_buffers=True),
    lambda utils: dict(multi_avg_fn=utils.get_ema_multi_avg_fn(0.9), use_buffers=True),
    lambda utils: dict(multi_avg_fn=utils.get_swa_multi_avg_fn()),
    lambda utils: dict(avg_fn=lambda average, weight, n: average * n + weight)]


@pytest.mark.parametrize('options', AVERAGES)
def test_averages_equal_pytorch(options):
    torch = pytest.importorskip('torch')
    states = []
    for library in (ta, torch):
        net, utils = model(library), library.optim.swa_utils
        averaged = utils.AveragedModel(net, **options(utils))
        for seed in range(1, 5):
            averaged.update_parameters(shifted(library, net, seed))
        states.append({name: x.tolist() for name, x in averaged.state_dict().items()})
    ours, theirs = states
    assert ours.keys() == theirs.keys()
    for name in ours:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-5, err_msg=name)


def test_batchnorm_starts_anew_after_a_reset():
    net, fresh = model(ta)[1], ta.nn.BatchNorm1d(3)
    net.reset_running_stats()
    assert [x.tolist() for x in net.buffers()] == [x.tolist() for x in fresh.buffers()]
    assert net.weight.tolist() != fresh.weight.tolist()
    net.reset_parameters()
    assert [x.tolist() for x in net.parameters()] == [x.tolist() for x in fresh.parameters()]


def test_average_is_a_copy_with_the_mean_of_the_weights():
    net = ta.nn.Linear(1, 1, bias=False)
    averaged = swa_utils.AveragedModel(net)
    for w in (1.0, 2.0, 6.0):
        ta.nn.init.constant_(net.weight, w)
        averaged.update_parameters(net)
    assert averaged(ta.ones(1, 1)).item() == 3.0 and net.weight.item() == 6.0
    assert averaged.n_averaged.item() == 3


@pytest.mark.parametrize('training', [True, False])
def test_statistics_of_batchnorm_become_those_of_the_batches(training):
    torch = pytest.importorskip('torch')
    batches = np.random.default_rng(0).normal(size=(4, 6, 2)).astype('float32')
    found = []
    for library in (ta, torch):
        net = model(library).train(training)
        loader = [[library.tensor(batch), None] for batch in batches]
        library.optim.swa_utils.update_bn(loader, net)
        found.append([x.tolist() for x in net[1].buffers()])
        assert net.training == training and net[1].momentum == 0.1
    for ours, theirs in zip(*found):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize('options', [
    dict(swa_lr=0.05), dict(swa_lr=[0.5, 0.05], anneal_epochs=4, anneal_strategy='linear'),
    dict(swa_lr=0.05, anneal_epochs=0)], ids=str)
def test_schedule_equals_pytorch_after_another_schedule(options):
    torch = pytest.importorskip('torch')
    paths = []
    for library in (ta, torch):
        a, b = [library.nn.Parameter(library.zeros(2)) for _ in range(2)]
        optimizer = library.optim.SGD([{'params': [a]}, {'params': [b], 'lr': 0.02}], lr=0.1)
        first = library.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
        second = library.optim.swa_utils.SWALR(optimizer, **options)
        paths.append([])
        for epoch in range(12):
            optimizer.step()
            (second if epoch > 4 else first).step()
            paths[-1].append([group['lr'] for group in optimizer.param_groups])
        state = second.state_dict()
        again = library.optim.swa_utils.SWALR(optimizer, **options)
        again.load_state_dict(state)
        assert again.last_epoch == second.last_epoch and state['anneal_epochs'] in (10, 4, 0)
    np.testing.assert_allclose(*paths, rtol=1e-12)


def test_what_is_no_average_is_refused():
    net, optimizer = model(ta), ta.optim.SGD([ta.ones(1, requires_grad=True)], lr=0.1)
    mean = swa_utils.get_swa_avg_fn()
    with refused(AssertionError, 'Only one of avg_fn and multi_avg_fn', 'Leave one out'):
        swa_utils.AveragedModel(net, avg_fn=mean, multi_avg_fn=mean)
    for make in (swa_utils.get_ema_avg_fn, swa_utils.get_ema_multi_avg_fn):
        with refused(ValueError, 'Invalid decay value 1.5', 'decay=0.999'):
            make(1.5)
    with refused(ValueError, 'anneal_strategy', 'instead got sine'):
        swa_utils.SWALR(optimizer, 0.1, anneal_strategy='sine')
    with refused(ValueError, 'anneal_epochs must be equal or greater than 0, got -1'):
        swa_utils.SWALR(optimizer, 0.1, -1)
