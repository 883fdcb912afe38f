"""The benchmarks run and print whole tables; how long anything takes is not tested."""
import importlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(tinygrad_adam.__file__).parents[1]     # the checkout, or where the wheel went


def tables(script, *options):
    """The tables that a script prints: lists of rows of cells."""
    path = os.pathsep.join([str(PACKAGE), os.environ.get('PYTHONPATH', '')])
    done = subprocess.run([sys.executable, ROOT / 'benchmarks' / script, *options], check=True,
                          capture_output=True, text=True, timeout=900,
                          env={**os.environ, 'PYTHONPATH': path, 'PYTHONDONTWRITEBYTECODE': '1'})
    found, before = [], ''
    for line in done.stdout.splitlines():
        if line.startswith('| '):
            if not before.startswith('|'):
                found.append([])
            found[-1].append(line.strip('|').split('|'))
        before = line
    for table in found:
        assert len({len(row) for row in table}) == 1, table
    return found


@pytest.mark.parametrize('case', ['mlp-digits', 'mlp-norm', 'cnn-digits', 'lstm', 'chain'])
def test_a_case_takes_the_steps_that_numpy_by_hand_takes(case, tmp_path):
    (table,) = tables('against.py', case, '--seconds', '0.01', '--out', str(tmp_path))
    assert len(table) == 3                                  # a head, two threads, one thread
    assert 'losses differ' not in table[1][4] + table[2][4]
    assert all(float(cell) > 0 for row in table[1:] for cell in row[2:4])
    assert (tmp_path / 'against.md').read_text().count('\n|') == 3
    assert (tmp_path / 'against.png').stat().st_size > 5000


@pytest.mark.parametrize('case', ['mlp-norm', 'cnn-digits'])
def test_a_compiled_training_takes_the_same_steps(case, tmp_path):
    (table,) = tables('against.py', '--compiled', case, 'chain', '--seconds', '0.01', '--out',
                      str(tmp_path))
    assert [cell.strip() for cell in table[0]] == ['program', 'eager', 'compiled', 'by hand, ms',
                                                   'first']
    assert len(table) == 3                                  # a head, a rule, and no chain
    assert all(float(cell) > 0 for cell in table[2][1:])
    assert (tmp_path / 'compiled.md').read_text().count('\n|') == 2


@pytest.mark.skipif(find_spec('jax') is not None, reason='JAX is installed')
def test_without_jax_its_column_is_refused():
    with pytest.raises(subprocess.CalledProcessError) as failed:
        tables('against.py', '--compiled', '--jax')
    assert 'jax is not installed, so its steps cannot be timed' in failed.value.stderr


def test_the_cost_of_every_small_operation_is_printed():
    (table,) = tables('overhead.py', '--seconds', '0.01')
    assert len(table) == 7
    assert all(float(cell) > 0 for row in table[1:] for cell in row[1:])


@pytest.mark.skipif(not Path('/proc/self/statm').exists(), reason='sizes are read from /proc')
def test_time_and_memory_of_growing_networks_are_printed():
    time, memory = tables('scaling.py', '--quick', '--seconds', '0.01')
    assert len(time) == len(memory) == 2
    assert all(float(cell) > 0 for cell in (*time[1][2:], *memory[1][1:]))


def test_every_lesson_of_the_chapter_is_printed():
    (table,) = tables('lessons.py', '--seconds', '0.01')
    assert len(table) == 13
    assert all(float(cell) > 0 for row in table[1:] for cell in row[1:])


def test_the_step_of_every_optimizer_is_printed():
    (table,) = tables('optimizers.py', '--rounds', '1')
    assert len(table) > 10


def test_the_parts_of_a_step_are_printed():
    (table,) = tables('parts.py', '--steps', '5')
    assert [row[0].strip() for row in table[1:]] == ['here', 'NumPy alone']
    for row in table[1:]:
        *parts, total = map(float, row[1:])
        assert sum(parts) == pytest.approx(total, abs=0.5) and total > 0


@pytest.fixture
def module(monkeypatch):
    """module(name) of benchmarks/."""
    monkeypatch.syspath_prepend(str(ROOT / 'benchmarks'))
    return importlib.import_module


@pytest.mark.parametrize('by_hand', ['first_draft', 'by_hand'])
@pytest.mark.parametrize('case', ['mlp-digits', 'mlp-mnist', 'mlp-norm', 'cnn-digits', 'lenet',
                                  'cnn-rgb', 'lstm'])
def test_by_hand_a_case_takes_the_steps_of_the_package(case, by_hand, module):
    case = module('programs').CASES[case]._replace(batch=5)
    programs = case.step(tinygrad_adam, np.float64), case.step_by_hand(np.float64, module(by_hand))
    losses = [[float(step()) for _ in range(4)] for step in programs]
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)
    assert len(set(losses[0])) == 4


@pytest.mark.parametrize('case', ['mlp-norm', 'cnn-digits', 'lstm'])
def test_in_jax_a_case_takes_the_steps_of_the_package(case, module):
    pytest.importorskip('jax')
    case = module('programs').CASES[case]._replace(batch=5)
    programs = case.step(tinygrad_adam, np.float64), module('in_jax').step(case, np.float64)
    losses = [[float(step()) for _ in range(4)] for step in programs]
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)


def test_the_step_of_adam_by_hand_is_that_of_the_package(module):
    case = module('programs').AdamStep('', 1.0, ((70, 1000), (3,)))
    weights, gradients = zip(*[pair.astype(np.float64) for pair in case.arrays()])
    draft = module('first_draft').Adam(weights)
    tuned = module('by_hand').Adam([w.copy() for w in weights])
    for own, g in zip(tuned.gradients, gradients):
        own[:] = g
    for _ in range(3):
        draft.step(weights, gradients)
        tuned.step()
    for w, own in zip(weights, tuned.weights):
        np.testing.assert_allclose(own, w, rtol=1e-12, atol=1e-12)


def test_numpy_alone_takes_the_same_steps(module):
    parts, programs = map(module, ('parts', 'programs'))
    case = programs.CASES['mlp-digits']
    losses = [[float(next(program)[0]) for _ in range(20)]
              for program in (parts.of(tinygrad_adam, case), parts.bare(case))]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert losses[0][-1] < losses[0][0]
