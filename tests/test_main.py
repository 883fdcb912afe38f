"""`python -m tinygrad_adam`: the list of chapters and demos, and running one of them."""
import json
import subprocess
import sys
from pathlib import Path

import pytest

import tinygrad_adam

ROOT = Path(tinygrad_adam.__file__).parents[1]
pytestmark = pytest.mark.skipif(not (ROOT / 'demos').is_dir(),
                                reason='the wheel has no demos: it lists them in a checkout only')


def run(*words):
    return subprocess.run([sys.executable, '-m', 'tinygrad_adam', *words], cwd=ROOT,
                          capture_output=True, text=True)


def test_every_demo_is_listed_with_its_idea_and_its_seconds():
    listed = run().stdout.splitlines()
    times = json.loads((ROOT / 'demos' / 'times.json').read_text())
    names = [line.split()[0] for line in listed]
    assert names == list(times)
    assert [name[:3] for name in names[:12]] == [f'{i:02d}_' for i in range(1, 13)]
    assert {'train_mlp', 'train_cnn'} < set(names)
    assert all(line.split()[2] == 's' and len(line.split()) > 5 for line in listed)


def test_a_chapter_is_run_by_its_number_with_the_options_that_follow(tmp_path):
    right = run('5', '--answer', '0.05')
    assert right.returncode == 0 and right.stdout == 'correct\n'
    wrong = run('5', '--answer', '3')
    assert wrong.returncode == 1 and wrong.stdout.startswith('not yet: ')


@pytest.mark.parametrize('word, said', [('99', 'no demo'), ('train', 'train_cnn or train_mlp')])
def test_what_means_no_demo_or_several_is_refused(word, said):
    refused = run(word)
    assert refused.returncode == 2 and said in refused.stderr and 'There are' in refused.stderr
