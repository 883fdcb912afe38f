"""Claims on trial: verdicts follow from numbers, and the README says what a stored run found.

`python tests/test_claims.py out` stores the full run in `out`, and writes the README's table anew.
"""
import ast
import importlib.util
import json
import math
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam

ROOT = Path(__file__).resolve().parents[1]
TRIALS = {path.stem: path for path in sorted((ROOT / 'demos' / 'claims').glob('[0-9]*.py'))}
STORED = Path(__file__).with_name('fixtures') / 'claims.json'
README = ROOT / 'README.md'
OPTIMIZERS = 'sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'
HEAD = '| measured | ' + ' | '.join(OPTIMIZERS) + ' |'
SHOWN = {  # rows of the README's table
    '1_convergence': ('digits MLP, steps to target', 'digits MLP, loss at step 400',
                      'unequal pixels, steps to target', 'rare words, loss at step 400'),
    '2_stability': ('first steps: longest / lr', 'one gradient x 1000: worst loss',
                    'Reddi: distance from the best point'),
    '3_robustness': ('decades of lr within 3 points', 'equal steps, batch 512: points lost',
                     'equal epochs, batch 512: points lost'),
    '4_memory': ('state, bytes a parameter', 'peak of all arrays, bytes a parameter'),
    '6_what_else': ('Wilson: test error [%]', 'turned: change of the loss, decades'),
    '7_trajectories': ('valley, steps to 0.01', 'valley, turned, steps to 0.01',
                       'Rosenbrock, steps to 0.01')}

each_trial = pytest.mark.parametrize('trial', TRIALS)


def common():
    """The module that the trials share (the one of all demos has the same name)."""
    path = TRIALS['1_convergence'].with_name('common.py')
    spec = importlib.util.spec_from_file_location('claims_common', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COMMON = common()


def verdict(trial):
    """The verdict function of a trial, with its constants, without running the trial."""
    names = {**vars(COMMON), 'np': np}
    for node in ast.parse(TRIALS[trial].read_text(encoding='utf-8')).body:
        plain = isinstance(node, ast.Assign) and not any(
            isinstance(part, (ast.Call, ast.Attribute, ast.Name)) for part in ast.walk(node.value))
        if plain or isinstance(node, ast.FunctionDef) and node.name == 'verdict':
            exec(compile(ast.Module([node], []), trial, 'exec'), names)
    return names['verdict']


def rows(**cells):
    """A fabricated result {row: {column: quartiles}}, from {row: {column: median}}."""
    return {row: {column: [0.95 * x, x, 1.05 * x] for column, x in values.items()}
            for row, values in cells.items()}


def values(**others):
    """One for every optimizer, but for those named."""
    return {**dict.fromkeys(OPTIMIZERS, 1.0), **others}


ALL_TEN = dict.fromkeys(OPTIMIZERS, 10.0)
FABRICATED = [  # trial, a result for which its claim holds, partly holds, and does not hold
    ('1_convergence',
     {'a, steps to target': {**ALL_TEN, 'adam': 5.0}, 'a, loss': values()},
     {'a, steps to target': {**ALL_TEN, 'adam': 5.0, 'momentum': 5.0}},
     {'a, steps to target': {**ALL_TEN, 'adam': 20.0}}),
    ('2_stability',
     {'spike: worst': values(adagrad=5.0, rmsprop=5.0)},
     {'spike: worst': values(adagrad=5.0), 'start: longest': values(adagrad=0.1, rmsprop=9.0)},
     {'spike: worst': values(adam=5.0)}),
    ('3_robustness',
     {'decades of lr within 3 points': values(adam=2.0), 'equal steps': values(adam=1.0),
      'equal epochs': values(adam=0.5)},
     {'decades of lr within 3 points': values(adam=2.0), 'equal steps': values(),
      'equal epochs': values(adam=9.0)},
     {'decades of lr within 3 points': values(sgd=2.0), 'equal steps': values(adam=8.0),
      'equal epochs': values(adam=9.0)}),
    ('4_memory',
     {'state, bytes a parameter': values(adam=1.0), 'full matrix, bytes a parameter': ALL_TEN},
     {'state, bytes a parameter': values(sgd=0.0, adam=2.0),
      'full matrix, bytes a parameter': dict.fromkeys(OPTIMIZERS, 1e6)},
     {'state, bytes a parameter': values(adam=9.0), 'full matrix, bytes a parameter': ALL_TEN}),
    ('5_bias_correction',
     {'longest step / lr, steps 1 to 100': {'0.9': 3.0, '0.99': 9.0},
      'best lr, decades below corrected': {'0.9': 0.0, '0.99': 0.0}},
     {'longest step / lr, steps 1 to 100': {'0.9': 1.0, '0.99': 1.0},
      'best lr, decades below corrected': {'0.9': 0.0, '0.99': 0.5}},
     {'longest step / lr, steps 1 to 100': {'0.9': 1.0, '0.99': 1.2},
      'best lr, decades below corrected': {'0.9': 0.0, '0.99': 0.0}}),
    ('6_what_else',
     {'Wilson: test error [%]': values(adam=0.5), 'rare words: training loss': values(),
      'noisy labels: test error [%]': values(adam=1.5)},
     {'Wilson: test error [%]': values(adam=30.0), 'rare words: training loss': values(),
      'noisy labels: test error [%]': values()},
     {'Wilson: test error [%]': values(adam=30.0), 'rare words: training loss': values(adam=2.0),
      'noisy labels: test error [%]': values(adam=3.0)}),
    ('7_trajectories',
     {'valley': values(), 'banana': {**dict.fromkeys(OPTIMIZERS, math.inf), 'adam': 7.0}},
     {'valley': values(), 'banana': values(sgd=math.inf)},
     {'valley': values(), 'banana': values(adam=math.inf)}),
]


@pytest.mark.parametrize('trial, holds, partly, fails', FABRICATED, ids=TRIALS)
def test_a_verdict_follows_from_the_numbers(trial, holds, partly, fails):
    judge = verdict(trial)
    assert judge(rows(**holds)).startswith('holds: ')
    assert judge(rows(**partly)).startswith('holds when ')
    assert judge(rows(**fails)).startswith('does not hold: ')


def test_every_trial_has_fabricated_results():
    assert [row[0] for row in FABRICATED] == list(TRIALS)


def test_a_verdict_names_those_it_speaks_of():
    found = verdict('7_trajectories')(rows(a=values(sgd=math.inf), b=values()))
    assert 'with sgd, which fail' in found and 'momentum, adagrad, rmsprop on none' in found


def test_overlapping_quartiles_are_no_difference():
    assert COMMON.apart([1, 2, 3], [4, 5, 6])
    assert not COMMON.apart([1, 2, 4], [3, 5, 6])
    slower = {name: [8, 10, 12] for name in OPTIMIZERS}
    found = verdict('1_convergence')({'a, steps to target': {**slower, 'adam': [5, 7, 9]}})
    assert found.startswith('does not hold')


def test_a_table_has_a_line_a_row_and_says_never_for_a_target_missed():
    lines = COMMON.table({'steps to 0.1': {'sgd': [9, math.inf, math.inf], 'adam': [3, 3, 3]},
                          'loss': {'adam': [1, 2, math.inf]}}).splitlines()
    assert lines[0].split() == ['sgd', 'adam']
    assert 'never (9 to never)' in lines[1] and '2 (1 to infinite)' in lines[2]
    assert len({len(line) for line in lines}) == 1


def test_tuning_seeds_are_not_those_reported(tmp_path, monkeypatch, capsys):
    seeds = []
    for seed in ('0', '1'):
        monkeypatch.setattr(sys, 'argv', ['trial', '--out', str(tmp_path), '--seed', seed])
        args = COMMON.parse('a claim', 'a protocol', quick='less')
        seeds += args.tuning + args.seeds
        assert len(args.seeds) >= 5
    assert len(set(seeds)) == len(seeds)
    assert capsys.readouterr().out.startswith('a claim\nprotocol: a protocol\n')


def test_every_optimizer_has_as_many_learning_rates():
    assert {len(COMMON.rates(name)) for name in OPTIMIZERS} == {9}
    assert COMMON.rates('adam')[4] == 0.01 and COMMON.rates('adam', 0.5, 1) == [0.01, 0.0316, 0.1]


def quick(trial, folder, *options):
    path = os.pathsep.join([str(Path(tinygrad_adam.__file__).parents[1]),
                            os.environ.get('PYTHONPATH', '')])
    process = subprocess.run(
        [sys.executable, str(TRIALS[trial]), '--quick', '--out', str(folder), *options],
        capture_output=True, text=True, env={**os.environ, 'PYTHONPATH': path})
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_the_same_seed_prints_the_same_numbers_and_another_seed_others(tmp_path):
    first, again, other = [quick('5_bias_correction', tmp_path, '--seed', s) for s in '334']
    assert first == again != other
    assert re.findall('^(Claim|protocol|verdict|figure): ', first, re.MULTILINE) == [
        'Claim', 'protocol', 'verdict', 'figure']
    assert 'protocol: QUICK RUN' in first


# The README.

def stored():
    return json.loads(STORED.read_text(encoding='utf-8'))


def readme_rows():
    """{label: [text of each cell]} of the table in the README."""
    lines = README.read_text(encoding='utf-8').splitlines()
    assert HEAD in lines, f'README.md has no table of claims: {HEAD}'
    cells = [[cell.strip() for cell in line.strip('|').split('|')]
             for line in lines[lines.index(HEAD) + 2:]]
    end = next(i for i, row in enumerate(cells) if len(row) == 1)
    return {label: numbers for label, *numbers in cells[:end]}


def test_the_stored_run_is_a_full_one_of_every_trial_as_it_is_now():
    assert list(stored()) == list(TRIALS)
    for trial, kept in stored().items():
        source = TRIALS[trial].read_text(encoding='utf-8')
        assert 'QUICK' not in kept['protocol'] and kept['claim'] in source
        assert verdict(trial)(kept['rows']) == kept['verdict']


def test_the_table_in_the_readme_lies_within_the_quartiles_of_the_stored_run():
    said = readme_rows()
    assert len(said) == sum(map(len, SHOWN.values()))
    for trial, labels in SHOWN.items():
        for label in labels:
            for name, number in zip(OPTIMIZERS, said[label]):
                quartiles = stored()[trial]['rows'][label].get(name)
                if quartiles is None:
                    assert number == ''
                elif not math.isfinite(quartiles[1]):
                    assert number in ('never', 'infinite')
                else:
                    low, _, high = quartiles
                    assert 0.995 * low <= float(number) <= 1.005 * high, (label, name)


def test_the_verdicts_in_the_readme_are_those_of_the_stored_run():
    page = ' '.join(README.read_text(encoding='utf-8').split())
    missing = [trial for trial, kept in stored().items() if kept['verdict'] not in page]
    assert missing == []


def page(runs):
    """The verdicts and the table as they stand in the README."""
    lines = []
    for i, kept in enumerate(runs.values(), 1):
        claim = kept['claim'][len('Claim: '):]
        text = f'{i}. {claim[0].upper()}{claim[1:]} Verdict: {kept["verdict"]}.'
        lines += textwrap.wrap(text, 100, subsequent_indent='   ', break_on_hyphens=False)
    lines += ['', HEAD, '|---|' + '---:|' * len(OPTIMIZERS)]
    for trial, labels in SHOWN.items():
        for label in labels:
            found = runs[trial]['rows'][label]
            cells = [COMMON.text([found[name][1]] * 3, 'never' if 'steps' in label else 'infinite')
                     if name in found else '' for name in OPTIMIZERS]
            lines.append(f'| {label} | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines) + '\n'


def store(folder):
    """Keep the full run in the folder, and write what it found into the README."""
    runs = {trial: json.loads((Path(folder) / f'{trial}.json').read_text(encoding='utf-8'))
            for trial in TRIALS}
    STORED.write_text(json.dumps(runs, indent=1) + '\n', encoding='utf-8')
    text = README.read_text(encoding='utf-8')
    old = re.compile(r'^1\. [^|]*^' + re.escape(HEAD) + r'\n(\|.*\n)+', re.MULTILINE)
    README.write_text(old.sub(lambda _: page(runs), text), encoding='utf-8')


if __name__ == '__main__':
    store(sys.argv[1])
    print(page(stored()))
