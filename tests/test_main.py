"""`python -m tinygrad_adam`: the list of chapters and demos, and running one of them."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tinygrad_adam
from tinygrad_adam import __main__ as program

PACKAGE = Path(tinygrad_adam.__file__).parents[1]     # the checkout, or where the wheel went


def run(*words, folder=PACKAGE):
    path = os.pathsep.join([str(PACKAGE), os.environ.get('PYTHONPATH', '')])
    return subprocess.run([sys.executable, '-m', 'tinygrad_adam', *words], cwd=folder,
                          env={**os.environ, 'PYTHONPATH': path, 'PYTHONDONTWRITEBYTECODE': '1'},
                          capture_output=True, text=True)


def test_every_demo_is_listed_with_its_idea_and_its_seconds():
    listed, how = [part.splitlines() for part in run().stdout.split('\n\n')]
    times = json.loads(program.TIMES.read_text(encoding='utf-8'))
    names = [line.split()[0] for line in listed]
    assert names == list(times)
    chapters = [name[:3] for name in names if name[:2].isdigit()]
    assert names[0] == '01_slope' and chapters == sorted(chapters)
    assert {'train_mlp', 'train_cnn'} < set(names)
    assert all(line.split()[2] == 's' and len(line.split()) > 5 for line in listed)
    assert len({line.index(' s  ') for line in listed}) == 1    # in columns
    assert '8 --help' in how[0] and run('--help').stdout == run().stdout


def test_a_chapter_is_run_by_its_number_with_the_options_that_follow(tmp_path):
    right = run('5', '--answer', '0.05')
    assert right.returncode == 0 and right.stdout == 'correct\n'
    wrong = run('5', '--answer', '3')
    assert wrong.returncode == 1 and wrong.stdout.startswith('not yet: ')


@pytest.mark.parametrize('word, said', [('99', 'no demo'), ('train', 'train_cnn or train_mlp'),
                                        ('--quick', 'no demo'), ('-1', 'no demo')])
def test_what_means_no_demo_or_several_is_refused(word, said):
    refused = run(word)
    assert refused.returncode == 2 and said in refused.stderr and 'all are listed' in refused.stderr


@pytest.mark.parametrize('name', ['8', 'train_mlp', '1_image', '5_bias'])
def test_in_an_empty_folder_a_demo_writes_into_out_alone(name, tmp_path):
    def files():
        return sorted(program.DEMOS.rglob('*'))

    before = files()
    done = run(name, '--quick', folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ['out']
    assert any((tmp_path / 'out').iterdir())
    assert files() == before


def test_installed_demos_are_not_measured(monkeypatch, capsys):
    monkeypatch.setattr(program, 'INSTALLED', program.DEMOS)
    monkeypatch.setattr(program, 'measure', lambda demos: pytest.fail('it measured'))
    assert program.main(['--measure']) == 2
    assert 'Run it in a checkout' in capsys.readouterr().err
