"""Claims on trial: verdicts follow from numbers, and the README says what a stored run found.

`python tests/test_claims.py out` stores the full run in `out`, and writes its part of the README.
"""
import importlib.util
import json
import math
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import tinygrad_adam
import tinygrad_adam as torch
from tinygrad_adam import optim
from tinygrad_adam.teach import lab
from tinygrad_adam.teach.statistics import quartiles

ROOT = Path(__file__).resolve().parents[1]
TRIALS = {path.stem: path for path in sorted((ROOT / 'demos' / 'claims').glob('[0-9]*.py'))}
STORED = Path(__file__).with_name('fixtures') / 'claims.json'
README = ROOT / 'README.md'
OPTIMIZERS = 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam'
HEAD = '| measured | SGD | momentum | Nesterov | Adagrad | RMSprop | Adam |'
SHOWN = {  # {label in the README: (trial, row)}
    'digits MLP: steps to the target': ('1_convergence', 'digits MLP, steps to target'),
    'unequal pixels: steps': ('1_convergence', 'unequal pixels, steps to target'),
    'transformer: steps': ('1_convergence', 'transformer, steps to target'),
    'worst loss after one gradient x 1000': ('2_stability', 'one gradient x 1000: worst loss'),
    'good learning rates, in decades': ('3_robustness', 'decades of lr within 3 points'),
    'points lost with batches of 512, equal epochs':
        ('3_robustness', 'batch 512, equal epochs: points lost'),
    "Wilson's problem: test error [%]": ('6_what_else', 'Wilson: test error [%]'),
}


def common():
    """The module that the trials share (the one of all demos has the same name)."""
    path = TRIALS['1_convergence'].with_name('common.py')
    spec = importlib.util.spec_from_file_location('claims_common', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COMMON = common()
VERDICTS = COMMON.verdicts
JUDGES = dict(zip(TRIALS, (
    VERDICTS.convergence, VERDICTS.stability, VERDICTS.robustness, VERDICTS.memory,
    VERDICTS.bias_correction, VERDICTS.what_else, VERDICTS.trajectories)))


def rows(**cells):
    """A fabricated result of twenty seeds, from {row: {column: typical value}}."""
    return {row: {column: [x * (1 + 0.001 * k) for k in range(20)] for column, x in values.items()}
            for row, values in cells.items()}


def every(x, **others):
    """One value for every optimizer, but for those named."""
    return {**dict.fromkeys(OPTIMIZERS, x), **others}


def race(steps, early, last):
    """Rows of trial 1 for one problem, in which Adam takes these, and the others 10."""
    return rows(**{'a, steps to target': every(10.0, adam=steps),
                   'a, early loss': every(10.0, adam=early),
                   'a, final loss': {**every(10.0, adam=last), 'adam, decaying': 1.0}})


def ranges(decades, lost):
    return rows(**{'decades of lr within 3 points': every(1.0, adam=decades),
                   'batch 8, equal steps: points lost': every(5.0, adam=lost)})


def kept(*state):
    names = 'sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam'
    return rows(**{'state, bytes a parameter': {
        **dict(zip(names, state)), 'adafactor': 0.1, 'l-bfgs': 88.0, 'full matrix': 1e6}})


def corrections(longest, same, own):
    """Rows of trial 5, in which the corrected one has 1."""
    return rows(**{f'beta2 0.9, {row}': {'corrected': 1.0, 'not corrected': x} for row, x in (
        ('longest step / lr', longest), ('loss at the rate of corrected', same),
        ('loss at its own best rate', own), ('best rate', 0.1))})


def cases(*adam):
    return rows(**{f'case {k}: loss': every(10.0, adam=x) for k, x in enumerate(adam)})


def arrivals(**others):
    return rows(valley=every(50.0), banana=every(math.inf, adam=7.0, **others))


FABRICATED = [  # trial, the word, a result for it
    ('1_convergence', 'true', race(5.0, 5.0, 10.0)),
    ('1_convergence', 'partly true', race(5.0, 5.0, 5.0)),
    ('1_convergence', 'partly true', race(10.0, 5.0, 20.0)),
    ('1_convergence', 'false', race(20.0, 10.0, 10.0)),
    ('2_stability', 'true', rows(spike=every(5.0, adam=1.0))),
    ('2_stability', 'partly true', rows(spike=every(5.0, adam=1.0, adagrad=0.1))),
    ('2_stability', 'false', rows(spike=every(5.0, adam=9.0))),
    ('3_robustness', 'true', ranges(2.0, 1.0)),
    ('3_robustness', 'partly true', ranges(2.0, 9.0)),
    ('3_robustness', 'false', ranges(0.5, 9.0)),
    ('4_memory', 'true', kept(0, 4, 4, 4, 4, 0)),
    ('4_memory', 'partly true', kept(0, 4, 4, 4, 4, 4)),
    ('4_memory', 'false', kept(0, 4, 4, 4, 4, 8)),
    ('5_bias_correction', 'true', corrections(9.0, 2.0, 2.0)),
    ('5_bias_correction', 'partly true', corrections(9.0, 2.0, 0.5)),
    ('5_bias_correction', 'false', corrections(1.0, 1.0, 0.5)),
    ('6_what_else', 'true', cases(1.0, 1.0, 1.0, 1.0, 10.0)),
    ('6_what_else', 'partly true', cases(1.0, 1.0, 20.0)),
    ('6_what_else', 'false', cases(1.0, 20.0)),
    ('7_trajectories', 'true', arrivals()),
    ('7_trajectories', 'partly true', arrivals(sgd=9.0)),
    ('7_trajectories', 'false', arrivals(**dict.fromkeys(OPTIMIZERS[:5], 9.0))),
]


@pytest.mark.parametrize('trial, word, found', FABRICATED)
def test_a_verdict_follows_from_the_numbers(trial, word, found):
    said, _ = JUDGES[trial](found)
    assert said.startswith(f'{word.capitalize()}. ') and said.endswith('.')


def test_every_trial_has_a_result_for_every_verdict():
    assert {(trial, word) for trial, word, _ in FABRICATED} == {
        (trial, word) for trial in TRIALS for word in ('true', 'partly true', 'false')}


def test_what_chance_could_do_is_not_shown():
    mixed = [5.0, 20.0] * 10
    said, found = VERDICTS.stability({'spike': {**rows(a=every(10.0))['a'], 'adam': mixed}})
    assert said.startswith('Not shown. ')
    assert {d.word for d in found.values()} == {'open'}


def test_a_diverged_run_is_counted_and_named():
    found = {'a, loss': {'sgd': [math.inf, 1.0], 'adam': [1.0, 2.0]},
             'a, steps to target': {'sgd': [math.inf, math.inf], 'adam': [1.0, 2.0]}}
    assert VERDICTS.lost(found) == ['a, loss: sgd diverged in 1 of 2',
                                    'a, steps to target: sgd never in 2 of 2']
    assert VERDICTS.table(found).splitlines()[1].split('  ')[-1] == '1.5 (1.25 to 1.75)'


# Options, seeds, rates and kept runs.

def options(tmp_path, monkeypatch, *words):
    monkeypatch.setattr(sys, 'argv', ['trial', '--out', str(tmp_path), *words])
    monkeypatch.setattr(sys, 'excepthook', sys.excepthook)
    return COMMON.parse('a claim', 'a protocol', quick='less')


def test_seeds_that_are_tuned_on_are_not_those_reported(tmp_path, monkeypatch, capsys):
    seeds = []
    for seed in ('0', '1'):
        args = options(tmp_path, monkeypatch, '--seed', seed)
        seeds += args.tuning + args.seeds
        assert len(args.seeds) == 20
    assert len(set(seeds)) == len(seeds) and min(args.seeds) > 700_000
    assert capsys.readouterr().out.startswith('a claim\nprotocol: a protocol\n')


def test_a_negative_seed_is_refused(tmp_path, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        options(tmp_path, monkeypatch, '--seed', '-1')
    assert 'seed' in capsys.readouterr().err


def test_every_optimizer_has_as_many_learning_rates():
    assert {len(COMMON.rates(name)) for name in OPTIMIZERS} == {9}
    assert COMMON.rates('adam')[4] == 0.01 and COMMON.rates('adam', 0.5, 1) == [0.01, 0.0316, 0.1]


def bowl(seeds):
    """w^2 from a start that the seed decides; SGD is best at a rate of 0.5."""
    w = torch.tensor([[1.0 + seed] for seed in seeds], requires_grad=True)
    return lab.Problem([w], lambda t: (w**2).sum(1), lambda: {'loss': (w**2).sum(1)})


@pytest.mark.parametrize('grid, best, noted', [
    ([0.25, 0.5, 1.0], 0.5, False), ([0.0625, 0.125, 0.25], 0.5, False),
    ([0.5, 0.625, 0.75], 0.5, False), ([0.001, 0.002, 0.004], 0.064, True)])
def test_a_grid_grows_where_its_edge_is_best(tmp_path, monkeypatch, grid, best, noted):
    args = options(tmp_path, monkeypatch)
    found = COMMON.tuned(args, 'bowl', bowl, optim.SGD, grid, {'': COMMON.final}, [0, 3])
    assert found[''].points == [{'lr': pytest.approx(best, rel=0.01)}]
    assert found['']['loss'].shape == (20, 2)
    assert bool(args.notes) == noted


def test_runs_are_found_again_and_said_to_be(tmp_path, monkeypatch):
    found = []
    for _ in range(2):
        args = options(tmp_path, monkeypatch)
        COMMON.run(args, bowl, optim.SGD, {'lr': [0.1, 0.2]}, args.seeds, [0, 3])
        found.append(args.found)
    assert found == [0, 40]


def start(trial, folder, *words, **how):
    path = os.pathsep.join([str(Path(tinygrad_adam.__file__).parents[1]),
                            os.environ.get('PYTHONPATH', '')])
    return subprocess.Popen([sys.executable, str(TRIALS[trial]), '--out', str(folder), *words],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, 'PYTHONPATH': path}, **how)


@pytest.mark.skipif(os.name == 'nt', reason='Windows has no SIGINT for a single process')
def test_an_interrupted_trial_says_one_line_and_keeps_its_runs(tmp_path):
    process = start('7_trajectories', tmp_path)
    while not list(tmp_path.glob('runs/*.npz')) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    error = process.communicate()[1].splitlines()
    progress = re.compile(r'7_trajectories: .*, \d+ of \d+')      # every ten seconds
    assert [line for line in error if not progress.fullmatch(line)] == [
        f'7_trajectories: stopped; finished runs are kept in {tmp_path / "runs"}, '
        'and the same command goes on from them']
    assert not list(tmp_path.glob('runs/*.part.npz')) and process.returncode


def test_the_same_seed_prints_the_same_numbers_and_another_seed_others(tmp_path):
    texts = []
    for seed in '334':
        out, error = start('5_bias_correction', tmp_path, '--quick', '--seed', seed).communicate()
        assert error == ''
        texts.append(out)
    first, again, other = texts
    assert first == again != other
    assert re.findall('^(Claim|protocol|verdict|figure): ', first, re.MULTILINE) == [
        'Claim', 'protocol', 'figure']
    assert 'protocol: QUICK RUN' in first


def test_published_sizes_of_states_are_those_of_pytorch():
    """4_memory computes what this package does not have."""
    oracle = pytest.importorskip('torch')
    model = oracle.nn.Sequential(oracle.nn.Linear(30, 20), oracle.nn.Linear(20, 5))
    shapes = [p.shape for p in model.parameters()]
    size = sum(shape.numel() for shape in shapes)
    x = oracle.randn(64, 30)

    def held(optimizer, steps):
        def closure():
            optimizer.zero_grad()
            loss = (model(x)**2).mean() + (model(x) - 1).pow(4).mean()
            loss.backward()
            return loss
        for _ in range(steps):
            optimizer.step(closure)
        (state, *more) = optimizer.state.values()
        tensors = [value for kept in (state, *more) for values in kept.values()
                   for value in (values if isinstance(values, list) else [values])
                   if oracle.is_tensor(value) and value.ndim]
        return sum(tensor.numel() for tensor in tensors)

    source = TRIALS['4_memory'].read_text(encoding='utf-8')
    names = {}
    exec(source[source.index('def published'):source.index('# %%\nshapes')], names)
    published = names['published'](shapes)
    lbfgs = oracle.optim.LBFGS(model.parameters(), lr=1e-3, max_iter=1, history_size=10)
    assert held(lbfgs, 15) == published['l-bfgs'] == 22 * size
    assert held(oracle.optim.Adafactor(model.parameters()), 3) == published['adafactor']


# The README.

def stored():
    return json.loads(STORED.read_text(encoding='utf-8'))


def test_the_stored_run_is_a_full_one_of_every_trial_as_it_is_now():
    assert list(stored()) == list(TRIALS)
    for trial, found in stored().items():
        source = TRIALS[trial].read_text(encoding='utf-8')
        assert 'QUICK' not in found['protocol'] and found['claim'] in source


@pytest.mark.parametrize('trial', TRIALS)
def test_the_stored_numbers_give_the_stored_verdict(trial):
    found = stored()[trial]
    assert JUDGES[trial](found['rows'])[0] == found['verdict']


def test_the_readme_says_what_the_stored_run_found():
    assert page(stored()) in README.read_text(encoding='utf-8')


def page(runs):
    """The verdicts and the table as they stand in the README."""
    lines = []
    for i, found in enumerate(runs.values(), 1):
        claim = found['claim'][len('Claim: '):]
        text = f'{i}. *{claim[0].upper()}{claim[1:]}* {found["verdict"]}'
        lines += textwrap.wrap(text, 100, subsequent_indent='   ', break_on_hyphens=False)
    lines += ['', HEAD, '|---|' + '---:|' * len(OPTIMIZERS)]
    for label, (trial, row) in SHOWN.items():
        found = runs[trial]['rows'][row]
        cells = [VERDICTS.number(quartiles(found[name])[1]) for name in OPTIMIZERS]
        lines.append(f'| {label} | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines) + '\n'


def store(folder):
    """Keep the full run in the folder, and write what it found into the README."""
    runs = {trial: json.loads((Path(folder) / f'{trial}.json').read_text(encoding='utf-8'))
            for trial in TRIALS}
    STORED.write_text(json.dumps(runs) + '\n', encoding='utf-8')
    text = README.read_text(encoding='utf-8')
    old = re.compile(r'^1\. [^|]*^\| measured .*\n(\|.*\n)+', re.MULTILINE)
    README.write_text(old.sub(lambda _: page(runs), text), encoding='utf-8')


if __name__ == '__main__':
    store(sys.argv[1])
    print(page(stored()))
