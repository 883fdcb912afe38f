"""From here to PyTorch and back: whole checkpoints by README's `carry`, and the demos."""
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam

pytorch = pytest.importorskip('torch')

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = [('SGD', {'momentum': 0.9}), ('Adagrad', {}), ('RMSprop', {}), ('Adam', {}),
            ('AdamW', {'amsgrad': True})]
BOTH_WAYS = pytest.mark.parametrize('start, end', [
    (tinygrad_adam, pytorch), (pytorch, tinygrad_adam)], ids=['there', 'back'])


def mlp(nn):
    return nn.Sequential(nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 3))


def cnn(nn):
    return nn.Sequential(nn.Unflatten(1, (1, 4, 4)), nn.Conv2d(1, 3, 3, bias=False),
                         nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 3))


def lstm(nn):
    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(4, 5, batch_first=True)
            self.last = nn.Linear(5, 3)

        def forward(self, x):
            return self.last(self.lstm(x.reshape(-1, 4, 4))[0][:, -1])
    return Reader()


def training(torch, make, rule, settings):
    """A model of float64 and its optimizer."""
    model = make(torch.nn).double()
    return model, getattr(torch.optim, rule)(model.parameters(), lr=0.05, **settings)


def train(torch, model, optimizer, steps):
    """Five samples a step, each step others; returns the losses."""
    losses = []
    for step in steps:
        draw = np.random.default_rng(step)
        x, y = map(torch.from_numpy, (draw.normal(size=(5, 16)), draw.integers(3, size=5)))
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def states(model, optimizer):
    return {'model': model.state_dict(), 'optimizer': optimizer.state_dict()}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """What README's lines define, run beside a checkpoint."""
    monkeypatch.chdir(tmp_path)
    tinygrad_adam.save(states(*training(tinygrad_adam, mlp, 'Adam', {})), 'checkpoint.pt')
    (code,) = re.findall(r'```py\n(.*?)```', (ROOT / 'README.md').read_text(encoding='utf-8'),
                         re.DOTALL)
    names = {}
    exec(code, names)
    return names


@BOTH_WAYS
@pytest.mark.parametrize('rule, settings', SETTINGS, ids=[rule for rule, _ in SETTINGS])
@pytest.mark.parametrize('make', [mlp, cnn, lstm])
def test_training_goes_on_in_the_other_package_with_the_same_numbers(
        make, rule, settings, start, end, page, tmp_path):
    before, after = training(start, make, rule, settings), training(end, make, rule, settings)
    train(start, *before, range(4))
    start.save(states(*before), tmp_path / 'start.pt')
    end.save(page['carry'](start.load(tmp_path / 'start.pt'), end), tmp_path / 'end.pt')
    for part, state in zip(after, end.load(tmp_path / 'end.pt').values()):
        part.load_state_dict(state)
    losses = [train(torch, *parts, range(4, 9))
              for torch, parts in ((start, before), (end, after))]
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-12)
    assert_close(states(*after), states(*before))


def assert_close(found, expected):
    """Equal but for rounding, and for the options of a group that this package does not have."""
    if isinstance(expected, dict):
        for key in found.keys() & expected.keys() if 'lr' in expected else expected:
            assert_close(found[key], expected[key])
    elif isinstance(expected, (list, tuple)):
        assert len(found) == len(expected)
        for pair in zip(found, expected):
            assert_close(*pair)
    elif hasattr(expected, 'numpy'):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-10, atol=1e-14)
        assert str(found.dtype) == str(expected.dtype)
    else:
        assert found == expected


@BOTH_WAYS
def test_the_schedule_goes_on_too(start, end, page):
    rates = []
    for torch in start, end:
        _, optimizer = training(torch, mlp, 'SGD', {})
        schedule = torch.optim.lr_scheduler
        rates.append([schedule.MultiStepLR(optimizer, [2, 2, 5], gamma=0.5), optimizer])
    for _ in range(3):
        rates[0][1].step()
        rates[0][0].step()
    for before, after in zip(*rates):
        after.load_state_dict(page['carry'](before.state_dict(), end))
    for _ in range(4):
        for schedule, optimizer in rates:
            optimizer.step()
            schedule.step()
    assert rates[0][0].get_last_lr() == rates[1][0].get_last_lr() == [0.05 * 0.5 ** 3]


def test_what_went_there_and_back_is_the_same(page):
    here, back = tinygrad_adam.load('checkpoint.pt'), tinygrad_adam.load('back.pt')
    assert repr(back) == repr(here)


def of_pytorch(demo, folder):
    """A copy of a demo for PyTorch: one line is changed, and only `teach` is still from here."""
    text = (ROOT / 'demos' / f'{demo}.py').read_text(encoding='utf-8')
    text, changed = re.subn('^import tinygrad_adam as torch$', 'import torch', text, flags=re.M)
    assert changed == 1
    left = re.findall(r'^(?:import|from) tinygrad_adam.*', text, re.M)
    assert all(line.startswith('from tinygrad_adam.teach import ') for line in left)
    path = folder / f'{demo}.py'
    path.write_text(text, encoding='utf-8')
    return str(path)


def environment():
    """The variables of a process that finds this package, and what the demos share."""
    paths = [str(Path(tinygrad_adam.__file__).parents[1]), str(ROOT / 'demos')]
    return {**os.environ, 'MPLBACKEND': 'Agg', 'PYTHONPATH': os.pathsep.join(paths)}


TORCHRUN = '-m', 'torch.distributed.run', '--standalone', '--nproc-per-node', '2'


@pytest.mark.parametrize('demo, launcher, reached', [
    ('train_mlp', (), r'adam: test accuracy ([\d.]+) %'),
    ('train_cnn', (), r'adam: test accuracy ([\d.]+) %'),
    ('distributed', TORCHRUN, r'reached: .*-1024-10 ([\d.]+) % of the test set, on 2 ranks')],
    ids=['train_mlp', 'train_cnn', 'distributed'])
def test_a_training_runs_under_pytorch_after_changing_one_line(demo, launcher, reached, tmp_path):
    script = of_pytorch(demo, tmp_path)
    process = subprocess.run(
        [sys.executable, *launcher, script, '--quick', '--out', str(tmp_path)],
        capture_output=True, text=True, env=environment(), timeout=300)
    assert process.returncode == 0, process.stderr
    assert float(re.search(reached, process.stdout)[1]) > 50
    assert (tmp_path / f'{demo}.png').is_file()
