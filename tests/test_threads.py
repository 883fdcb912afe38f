"""What belongs to a thread, and what Ctrl-C at any moment leaves behind."""
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.autograd import detect_anomaly, set_detect_anomaly
from tinygrad_adam.autograd.graph import storage_of
from tinygrad_adam.nn import functional as F
from tinygrad_adam.optim._flat import SMALL

PACKAGE = os.path.dirname(torch.__file__) + os.sep
OPTIMIZERS = ['SGD', 'Adam', 'NAdam', 'RAdam', 'RMSprop', 'Adagrad', 'Adadelta', 'Adamax', 'Rprop',
              'ASGD']


@pytest.fixture(autouse=True)
def fresh_start():
    before = np.geterr()
    yield
    np.seterr(**before)    # np.errstate is left by Python code, which an interrupt may miss
    sys.setprofile(None)
    torch.set_grad_enabled(True)


@pytest.fixture
def eager_threads():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_thread(function):
    """What a function returns, or raises, in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result(timeout=60)


def digits(seed, kind='Adam', **options):
    """A small model with its optimizer and a batch."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
    optimizer = getattr(optim, kind)(model.parameters(), lr=0.01, **options)
    return model, optimizer, torch.randn(8, 6), torch.randint(0, 3, (8,))


def step(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


# Threads

def test_a_graph_has_all_its_terms_though_another_thread_sits_in_no_grad():
    w = torch.tensor(1.0, requires_grad=True)
    inside, done = threading.Event(), threading.Event()

    def sit():
        with torch.no_grad():
            inside.set()
            assert done.wait(60) and not (w * 3).requires_grad

    thread = threading.Thread(target=sit)
    a = w * 2
    thread.start()
    assert inside.wait(60)
    b = w * 3
    done.set()
    thread.join()
    (a + b).backward()
    assert w.grad.item() == 5.0


def test_blocks_of_two_threads_may_overlap_in_any_order():
    steps = [threading.Event() for _ in range(3)]

    def first():
        with torch.no_grad():
            steps[0].set()
            assert steps[1].wait(60)
        modes = [torch.is_grad_enabled()]
        steps[2].set()
        return modes

    def second():
        assert steps[0].wait(60)
        with torch.no_grad():
            steps[1].set()
            assert steps[2].wait(60)
        return [torch.is_grad_enabled()]

    with ThreadPoolExecutor(2) as pool:
        assert [f.result(60) for f in (pool.submit(first), pool.submit(second))] == [[True], [True]]
    assert torch.is_grad_enabled()


def test_a_new_thread_remembers_operations_whatever_its_parent_does():
    with torch.no_grad():
        assert in_thread(torch.is_grad_enabled)
    torch.set_grad_enabled(False)
    assert in_thread(torch.is_grad_enabled)
    torch.set_grad_enabled(True)
    in_thread(lambda: torch.set_grad_enabled(False))
    assert torch.is_grad_enabled()


def test_a_decorated_function_may_run_in_many_threads(eager_threads):
    @torch.no_grad()
    def half(x):
        return x * 0.5

    def often(outer):
        with torch.set_grad_enabled(outer):
            modes = [half(w).requires_grad or torch.is_grad_enabled() for _ in range(300)]
        return set(modes)

    w = torch.ones(2, requires_grad=True)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(often, [True, False] * 4))
    assert found == [{True}, {False}] * 4


def test_anomalies_are_looked_for_in_the_thread_that_asked():
    x = torch.tensor([-1.0])
    with detect_anomaly():
        assert in_thread(lambda: x.sqrt().isnan().all())
        with pytest.raises(RuntimeError, match='nan'):
            x.sqrt()
    in_thread(lambda: set_detect_anomaly(True))
    assert x.sqrt().isnan().all()


def test_detect_anomaly_looks_only_inside_its_block():
    x = torch.tensor([-1.0])
    block = detect_anomaly()
    assert x.sqrt().isnan().all()
    with pytest.raises(RuntimeError, match='nan'):
        with block:
            x.sqrt()
    assert x.sqrt().isnan().all()


@pytest.mark.parametrize('kind', OPTIMIZERS)
def test_eight_threads_train_as_one_after_the_other_would(kind, eager_threads):
    def train(run):
        for _ in range(25):
            loss = step(*run)
            with torch.no_grad():
                run[0](run[2])
        return loss.item(), [p.tolist() for p in run[0].parameters()]

    serial = [train(digits(seed, kind)) for seed in range(8)]
    runs = [digits(seed, kind) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(train, runs)) == serial
    assert torch.is_grad_enabled()


def test_a_tensor_has_one_storage_whoever_asks_first(eager_threads):
    tensors = [torch.ones(2) for _ in range(500)]
    start = threading.Barrier(4)

    def ask(_):
        start.wait(60)
        return [id(storage_of(x)) for x in tensors]

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(ask, range(4))
    assert others == [first] * 3


# Ctrl-C

@pytest.fixture
def default_handler():
    """Ctrl-C raises KeyboardInterrupt, and still does after the test."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    now = signal.signal(signal.SIGINT, handler)
    assert now is signal.default_int_handler


def press(*_):
    signal.raise_signal(signal.SIGINT)


def interrupt(k):
    """Press Ctrl-C where the package could heed a signal for the k-th time.

    That is where one of its functions begins, and after it has called a compiled one. Returns a
    list, which is empty until then.
    """
    raised = []

    def note(frame, event, _):
        nonlocal k
        if event in ('call', 'c_return') and frame.f_code.co_filename.startswith(PACKAGE):
            k -= 1
            if k < 0:
                sys.setprofile(None)
                raised.append(frame)
                press()

    sys.setprofile(note)
    return raised


def state(model, optimizer):
    """For each parameter its values, and those of its memories."""
    return [[p.tolist(), {name: x.tolist() for name, x in optimizer.state[p].items()}]
            for p in model.parameters()]


@pytest.mark.parametrize('held', [False, True], ids=['in a flat buffer', 'held by others'])
@pytest.mark.parametrize('kind, options', [
    ('SGD', dict(momentum=0.9, nesterov=True)), ('Adam', dict(amsgrad=True, weight_decay=0.1)),
    ('NAdam', {})])
def test_ctrl_c_at_any_moment_leaves_all_parameters_before_or_after_their_step(
        kind, options, held, default_handler):
    def started():
        run = digits(0, kind, **options)
        views = [p.detach() for p in run[0].parameters()] if held else []
        for _ in range(2):
            step(*run)
        return run, views

    run, _ = started()
    before = state(*run[:2])
    step(*run)
    after = state(*run[:2])
    for k in count():
        run, _views = started()
        try:
            raised = interrupt(k)
            step(*run)
        except KeyboardInterrupt:
            pass
        sys.setprofile(None)
        assert torch.is_grad_enabled()
        assert state(*run[:2]) in (before, after)
        if k % 16 == 0:
            assert np.isfinite(step(*run).item())
        if not raised:
            break
    assert k > 200


class Bounded(nn.Module):
    """Changes modes in its forward pass."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    @torch.no_grad()
    def bound(self):
        return self.layer.weight.abs().max()

    def forward(self, x):
        with torch.no_grad(), torch.enable_grad(), torch.inference_mode():
            scale = self.bound() + 1
        return self.layer(x) / scale


@pytest.mark.skipif(not hasattr(signal, 'setitimer'), reason='there is no such signal here')
@pytest.mark.skipif(sys.version_info < (3, 10), reason='Python 3.9 heeds signals anywhere')
def test_ctrl_c_at_random_moments_leaves_the_modes_as_they_were(default_handler):
    def train():
        while True:
            optimizer.zero_grad()
            model(x).sum().backward()
            optimizer.step()
            with torch.no_grad():
                model(x)
            with detect_anomaly():
                model(x)

    model, x = Bounded(), torch.ones(4, 3)
    optimizer = optim.Adam(model.parameters())
    seconds = np.random.default_rng(0).uniform(1e-4, 2e-3, 200)
    handler = signal.signal(signal.SIGALRM, press)
    try:
        for moment in seconds:
            with pytest.raises(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, moment)
                train()
            assert torch.is_grad_enabled()
            assert torch.tensor([-1.0]).sqrt().isnan().all()
            assert len({optimizer.state[p]['step'].item() for p in model.parameters()
                        if 'step' in optimizer.state[p]}) < 2
    finally:
        signal.signal(signal.SIGALRM, handler)


class Halved(optim.Optimizer):
    """Its rule calls `between` when half of the work is done."""

    slots = ('half',)
    between = staticmethod(lambda: None)

    def __init__(self, params):
        super().__init__(params, dict(lr=1))

    def update(self, p, g, state, t, **_):
        state['half'] += g / 2
        self.between()
        np.sqrt(2.0)    # Python looks for signals after calls
        p -= state['half']


def halved(size):
    w = torch.ones(size, requires_grad=True)
    w.grad = torch.ones(size)
    optimizer = Halved([w])
    optimizer.step()
    return w, optimizer


def press_twice():
    press()
    press()


@pytest.mark.parametrize('size', [8, SMALL + 8])
@pytest.mark.parametrize('elementwise', [False, True])
def test_ctrl_c_within_a_rule_waits_for_the_end_of_the_step(
        size, elementwise, default_handler, monkeypatch):
    monkeypatch.setattr(Halved, 'elementwise', elementwise)
    w, optimizer = halved(size)
    optimizer.between = press
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert optimizer.state[w]['step'].item() == 2
    assert optimizer.state[w]['half'][0].item() == 1 and w[0].item() == -0.5


def test_a_rule_that_does_not_end_is_left_when_ctrl_c_is_pressed_again(default_handler):
    w, optimizer = halved(8)
    optimizer.between = press_twice
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert w[0].item() == 0.5


def test_ctrl_c_is_heeded_again_after_a_rule_has_failed(default_handler):
    w, optimizer = halved(8)
    optimizer.between = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        optimizer.step()
    with pytest.raises(KeyboardInterrupt):
        press()
