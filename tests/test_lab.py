"""The laboratory: a bank is its copies, runs are found again, the microscope tells the rule."""
import csv
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import lab

MAKERS = {
    'sgd': optim.SGD,
    'momentum': partial(optim.SGD, momentum=0.9),
    'nesterov': partial(optim.SGD, momentum=0.9, nesterov=True),
    'l2': partial(optim.SGD, weight_decay=0.1),
    'adagrad': optim.Adagrad,
    'rmsprop': optim.RMSprop,
    'centered': partial(optim.RMSprop, centered=True, momentum=0.5),
    'adam': optim.Adam,
    'amsgrad': partial(optim.Adam, amsgrad=True),
    'adamw': partial(optim.AdamW, weight_decay=0.5),
}
RATES, SEEDS, AT = [0.003, 0.03], [4, 7], range(0, 21, 5)


def one(seed):
    """A small network, and its batches."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    return model, torch.randn(20, 8, 3), torch.randint(0, 2, (20, 8))


def networks(seeds):
    models, xs, ys = zip(*map(one, seeds))
    parameters, forward = lab.bank(models)
    x, y = torch.stack(xs), torch.stack(ys)

    def losses(t=20):
        scores = forward(x[:, t - 1]).flatten(0, 1)
        loss = F.cross_entropy(scores, y[:, t - 1].flatten(), reduction='none')
        return loss.reshape(-1, 8).mean(1)

    return lab.Problem(parameters, losses, lambda: {'loss': losses()})


def alone(make, seed, **settings):
    """The last losses of one copy, trained in the ordinary way."""
    model, x, y = one(seed)
    optimizer, losses = make(model.parameters(), **settings), []
    for t in range(21):
        if t:
            optimizer.zero_grad()
            F.cross_entropy(model(x[t - 1]), y[t - 1]).backward()
            optimizer.step()
        if t in AT:
            losses.append(F.cross_entropy(model(x[19]), y[19]).item())
    return losses


def bowl(seeds):
    """w^2 from a start that the seed decides."""
    w = torch.tensor([[1.0 + seed] for seed in seeds], requires_grad=True)
    return lab.Problem([w], lambda t: (w**2).sum(1), lambda: {'loss': (w**2).sum(1)})


@pytest.mark.parametrize('make', MAKERS.values(), ids=MAKERS)
def test_a_bank_equals_its_copies_trained_one_by_one(make):
    found = lab.run(networks, make, {'lr': RATES}, SEEDS, AT)['loss']
    for i, lr in enumerate(RATES):
        for j, seed in enumerate(SEEDS):
            np.testing.assert_allclose(found[i, j], alone(make, seed, lr=lr), rtol=2e-4)


def test_betas_and_weight_decay_may_differ_from_copy_to_copy():
    betas, decays = [(0.9, 0.999), (0.5, 0.9)], [0.0, 0.3]
    grid = {'lr': [0.01], 'betas': betas, 'weight_decay': decays}
    result = lab.run(networks, optim.Adam, grid, [4], AT)
    for point, found in zip(result.points, result['loss'][:, 0]):
        np.testing.assert_allclose(found, alone(optim.Adam, 4, **point), rtol=2e-4)


def test_copies_one_after_the_other_are_the_same_as_together():
    together, apart = [lab.run(networks, optim.Adam, {'lr': RATES}, SEEDS, AT, together=t)
                       for t in (True, False)]
    np.testing.assert_allclose(together['loss'], apart['loss'], rtol=1e-5)
    assert together.state_bytes == apart.state_bytes == 8


@pytest.mark.parametrize('name, held', [('sgd', 0), ('momentum', 4), ('adagrad', 4), ('rmsprop', 4),
                                        ('adam', 8), ('amsgrad', 12)])
def test_bytes_of_state_are_counted_on_the_arrays(name, held):
    assert lab.run(bowl, MAKERS[name], {'lr': [0.1]}, [0], [0, 1]).state_bytes == held


def test_the_same_seed_gives_the_same_losses_and_another_seed_others():
    first, again, other = [lab.run(networks, optim.Adam, {'lr': RATES}, [seed], AT)['loss']
                           for seed in (4, 4, 5)]
    assert np.array_equal(first, again) and not np.allclose(first, other)


def test_divergence_is_counted():
    result = lab.run(bowl, optim.SGD, {'lr': [0.1, 1.5, 1e30]}, [0, 1, 2], [0, 40])
    assert result.diverged.tolist() == [[False] * 3, [True] * 3, [True] * 3]


def test_steps_to_a_target_are_the_first_record_that_reaches_it():
    result = lab.run(bowl, optim.SGD, {'lr': [0.25, 0.0]}, [0], range(0, 9, 2))
    assert result['loss'][0, 0].tolist() == [1, 1 / 16, 1 / 256, 1 / 4096, 1 / 65536]
    assert result.steps_to(1 / 100).tolist() == [[4], [np.inf]]
    assert result.best(result.steps_to(1 / 100)) == 0


def test_of_equally_good_points_the_middle_one_is_best():
    result = lab.Result()
    assert result.best(np.array([[3.0], [1.0], [1.0], [1.0], [2.0]])) == 2


def test_a_schedule_multiplies_the_learning_rate():
    halved = lab.run(bowl, optim.SGD, {'lr': [0.2]}, [0], [0, 3], schedule=lambda t: 0.5)
    plain = lab.run(bowl, optim.SGD, {'lr': [0.1]}, [0], [0, 3])
    assert np.array_equal(halved['loss'], plain['loss'])


def test_a_finished_run_is_found_again_and_another_protocol_is_not(tmp_path):
    calls = []

    def counted(seeds):
        calls.append(seeds)
        return bowl(seeds)

    run = partial(lab.run, counted, optim.Adam, folder=tmp_path)
    first = run({'lr': [0.1]}, [0, 1], [0, 5])
    again = run({'lr': [0.1]}, [0, 1], [0, 5])
    assert len(calls) == 1 and np.array_equal(first['loss'], again['loss'])
    assert again.state_bytes == 8
    run({'lr': [0.2]}, [0, 1], [0, 5])
    run({'lr': [0.1]}, [0, 2], [0, 5])
    run({'lr': [0.1]}, [0, 1], [0, 6])
    assert len(calls) == 4


def test_a_run_is_not_found_after_the_program_or_the_package_was_edited(tmp_path, monkeypatch):
    program = tmp_path / 'program.py'
    run = partial(lab.run, bowl, optim.Adam, {'lr': [0.1, 0.2]}, [0, 1], [0, 5],
                  folder=tmp_path / 'runs', sources=[program])
    found = []
    for text in ('valley = 1', 'valley = 1', 'valley = 2'):
        program.write_text(text)
        lab._contents.cache_clear()
        found.append(run().found)
    monkeypatch.setattr(lab, '_contents', lambda files: 'another package')
    assert [*found, run().found] == [0, 4, 0, 0]


def test_steps_of_several_optimizers_are_timed_in_turns():
    seconds = lab.step_seconds(networks, {name: MAKERS[name] for name in ('sgd', 'adam')}, 5)
    assert list(seconds) == ['sgd', 'adam'] and all(0 < s < 1 for s in seconds.values())


def test_an_interrupted_run_goes_on_where_it_was(tmp_path):
    calls = []

    def interrupted(seeds):
        calls.append(seeds[0])
        if calls == [0, 1]:
            raise KeyboardInterrupt
        return bowl(seeds)

    run = partial(lab.run, interrupted, optim.SGD, {'lr': [0.1]}, [0, 1, 2], [0, 2], together=False,
                  folder=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert run()['loss'].shape == (1, 3, 2) and calls == [0, 1, 1, 2]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ['.npz'] * 3


def test_a_changed_setting_of_a_partial_is_another_protocol():
    assert lab._key(partial(bowl, a=1)) != lab._key(partial(bowl, a=2)) != lab._key(bowl)
    assert lab._key(partial(bowl, a=one)) == lab._key(partial(bowl, a=one))


def look(make, steps=3):
    w = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    scope = lab.microscope(make([w], lr=0.1), {'w[1]': (w, 1), 'w[2]': (w, (2,))})
    for _ in range(steps):
        w.grad = (4 * w**3).detach()
        scope.step()
    return scope


@pytest.mark.parametrize('name', ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam', 'amsgrad'])
def test_under_the_microscope_a_step_is_made_of_its_parts(name):
    for row in look(MAKERS[name]).rows['w[1]']:
        g, m, v, m_hat, v_hat, divisor, move, ratio = row
        up = m_hat if 'a' in name[0] and name != 'adagrad' else m if name == 'momentum' else g
        assert move == pytest.approx(-0.1 * up / divisor, rel=1e-4)
        assert ratio == pytest.approx(abs(move) / 0.1)
        assert np.isnan(v) == (name in ('sgd', 'momentum'))


def test_the_first_step_of_adam_is_lr_and_that_of_rmsprop_ten_times_as_long():
    assert look(optim.Adam).rows['w[1]'][0][-1] == pytest.approx(1, rel=1e-4)
    assert look(optim.RMSprop).rows['w[1]'][0][-1] == pytest.approx(10, rel=1e-4)


def test_the_centered_divisor_is_the_deviation():
    scope = look(partial(optim.RMSprop, centered=True))
    g, m, v, _, _, divisor, _, _ = scope.rows['w[2]'][0]
    assert (m, v) == pytest.approx((0.01 * g, 0.01 * g**2), rel=1e-4)
    assert divisor == pytest.approx((v - m**2)**0.5, rel=1e-4)


def test_the_microscope_writes_a_table_a_file_and_a_picture(tmp_path):
    scope = look(optim.Adam)
    assert [line.split()[0] for line in scope.table('w[1]').splitlines()] == ['step', '1', '2', '3']
    scope.csv(tmp_path / 'steps.csv')
    with open(tmp_path / 'steps.csv', newline='') as file:
        rows = list(csv.DictReader(file))
    assert [(row['weight'], row['step']) for row in rows[2:4]] == [('w[1]', '3'), ('w[2]', '1')]
    assert float(rows[0]['move/lr']) == pytest.approx(1, rel=1e-4)
    upper, lower = scope.plot('w[1]')
    assert [line.get_label() for line in upper.lines] == ['g', 'm_hat', 'divisor']
    assert lower.lines[0].get_ydata().tolist() == [row[-1] for row in scope.rows['w[1]']]


TRIAL = '''
import sys
from pathlib import Path
out = Path(sys.argv[sys.argv.index('--out') + 1])
out.mkdir(exist_ok=True)
print('seed', sys.argv[sys.argv.index('--seed') + 1])
print('verdict: holds')
print(f'figure: {out / "1_a.png"}')
'''


def test_the_report_has_every_verdict_output_and_figure(tmp_path, capsys):
    (tmp_path / '1_a.py').write_text(TRIAL)
    (tmp_path / 'common.py').write_text('raise SystemExit(1)')
    lab.main(['--out', str(tmp_path / 'out'), '--seed', '5'], trials=tmp_path)
    page = (tmp_path / 'out' / 'report.md').read_text()
    assert '| 1_a | holds | ' in page and 'seed 5' in page and '![1_a.png](1_a.png)' in page
    assert 'report: ' in capsys.readouterr().out


def test_trials_run_two_at_a_time_and_are_reported_in_order(tmp_path):
    slow = 'import time\ntime.sleep(0.5)\n'
    for name, text in (('1_a', slow + TRIAL), ('2_b', TRIAL), ('3_c', TRIAL)):
        (tmp_path / f'{name}.py').write_text(text)
    lab.main(['--out', str(tmp_path / 'out')], trials=tmp_path)
    page = (tmp_path / 'out' / 'report.md').read_text()
    assert page.index('| 1_a |') < page.index('| 2_b |') < page.index('| 3_c |')


def test_a_quick_trial_has_no_verdict(tmp_path, capsys):
    (tmp_path / '1_a.py').write_text(TRIAL.replace('verdict: holds', 'no word'))
    lab.main(['--out', str(tmp_path / 'out'), '--quick'], trials=tmp_path)
    assert 'none, a quick run is too small' in (tmp_path / 'out' / 'report.md').read_text()


def test_a_negative_seed_is_refused_at_once(capsys):
    with pytest.raises(SystemExit):
        lab.main(['--seed', '-1'])
    assert '--seed -1: a seed is a whole number from 0 on' in capsys.readouterr().err


def test_a_trial_that_fails_ends_the_report_with_its_name(tmp_path, capsys):
    (tmp_path / '2_b.py').write_text('raise ValueError')
    with pytest.raises(SystemExit):
        lab.main(['--out', str(tmp_path)], trials=tmp_path)
    assert '2_b.py failed' in capsys.readouterr().err


def test_without_trials_the_command_says_what_is_missing(tmp_path, capsys):
    with pytest.raises(SystemExit):
        lab.main([], trials=tmp_path / 'none')
    assert 'there are no trials in' in capsys.readouterr().err


def test_the_command_takes_help():
    process = subprocess.run([sys.executable, '-m', 'tinygrad_adam.teach.lab', '--help'],
                             capture_output=True, text=True,
                             cwd=Path(lab.__file__).resolve().parents[2])
    assert process.returncode == 0 and 'python -m tinygrad_adam.teach.lab' in process.stdout
