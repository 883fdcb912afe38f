"""The workshop: what a learner's file may do, what is said about it, the commands, the grades."""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam
from tinygrad_adam.teach.workshop import child, commands, grading, running
from tinygrad_adam.teach.workshop import verdict as verdicts
from tinygrad_adam.teach.workshop.exercises import EXERCISES
from tinygrad_adam.teach.workshop.progress import Folder
from tinygrad_adam.teach.workshop.running import run
from tinygrad_adam.teach.workshop.verdict import check

PACKAGE = Path(tinygrad_adam.__file__).parents[1]
SLOPE, ADAM = EXERCISES[1], EXERCISES[15]
RIGHT = '    return (f(x + h) - f(x - h)) / (2 * h)\n'
PAGE = SLOPE.page.replace('    ...\n', '')     # the learner's file of exercise 1, without a body
FIRST = len(PAGE.splitlines()) + 1             # the line that follows


def verdict(body, above='', exercise=SLOPE, seconds=5):
    """Of exercise 1, with this body."""
    return check(exercise, (above + PAGE + body).encode(), 0, seconds)


def said(body, above='', seconds=5):
    found = verdict(body, above, seconds=seconds)
    assert not found.right
    return found.kind, found.line, ' '.join(found.said)


# What a file may do wrong.

def test_a_right_solution_is_right():
    found = verdict(RIGHT)
    assert found.right and found.kind == 'right' and len(found.said) == 1


def test_a_syntax_error_is_told_with_its_line():
    kind, line, text = said('    return (f(x + h)\n    y = 3\n')
    assert kind == 'syntax' and line == FIRST and 'was never closed' in text or line == FIRST + 1


def test_an_exception_is_told_with_its_line_and_the_smallest_input():
    kind, line, text = said('    y = x\n    return y / zero\n')
    assert (kind, line) == ('error', FIRST + 1)
    assert "name 'zero' is not defined" in text and 'x = 3, h = 0.5' in text
    assert f'line {line}, `return y / zero`' in text


def test_an_exception_while_loading_is_told():
    kind, line, text = said(RIGHT, above='1 / 0\n')
    assert (kind, line) == ('error', 1) and 'ZeroDivisionError' in text


def test_an_endless_loop_is_ended_and_told_with_its_line():
    start = time.perf_counter()
    kind, line, text = said('    while True:\n        x = x + h\n', seconds=1)
    assert kind == 'time' and line in (FIRST, FIRST + 1) and time.perf_counter() - start < 20


def test_who_calls_off_the_alarm_is_ended_too(monkeypatch):
    monkeypatch.setattr(running, 'GRACE', 1)
    kind, _, _ = said('    import faulthandler\n    faulthandler.cancel_dump_traceback_later()\n'
                      '    while True: pass\n', seconds=1)
    assert kind == 'time'


def test_too_much_memory_is_told_with_its_line():
    pytest.importorskip('resource')
    kind, line, text = said('    return np.ones((10**6, 10**6))\n')
    assert (kind, line) == ('memory', FIRST)


def test_print_is_a_remark_and_does_not_make_a_solution_wrong():
    found = verdict('    print("here", h)\n' + RIGHT)
    assert found.right and f'line {FIRST}' in found.said[1] and 'here 0.5' in found.said[1]


def test_a_wrong_type_is_told_with_its_line():
    kind, line, text = said('    return "steep"\n')
    assert (kind, line) == ('type', FIRST) and 'a value of type str' in text and 'a number' in text


def test_where_a_list_will_do_no_array_is_asked_for():
    exercise = EXERCISES[20]
    page = exercise.page[:exercise.page.index('def train')]
    text = exercise.solved.replace('loss.item()', 'loss')
    found = check(exercise, f'{page}{text[text.index("def train"):]}'.encode(), 0)
    assert found.kind == 'type'
    assert 'returns a list of 3; it should be a list of 3 numbers.' in found.said[0]


def test_a_missing_return_is_told():
    kind, line, text = said('    slope = (f(x + h) - f(x - h)) / (2 * h)\n')
    assert kind == 'type' and 'returns None: end it with return' in text


def test_a_wrong_shape_is_told_with_what_it_comes_from():
    kind, line, text = said('    return np.sum((f(x + h) - f(x - h)) / (2 * h))\n')
    assert (kind, line) == ('shape', FIRST) and 'It is the sum of the right numbers' in text


def test_a_changed_input_is_told_with_its_line():
    body = ('    high = f(x + h)\n    if np.ndim(x):\n        x -= h\n    else:\n'
            '        x = x - h\n    return (high - f(x)) / (2 * h)\n')
    kind, line, text = said(body)
    assert (kind, line) == ('changed', FIRST + 2) and 'x.copy()' in text


def test_a_view_of_an_input_is_a_remark():
    text = 'import numpy as np\ndef adam(w, gradients, lr, beta1, beta2, eps):\n    return {}\n'
    assert run(ADAM, text.format('gradients').encode(), [next(ADAM.inputs(None))]).view == (3,)
    assert run(ADAM, text.format('gradients + 1').encode(), [next(ADAM.inputs(None))]).view is None


def test_nan_is_told_with_the_line_it_comes_from():
    kind, line, text = said('    y = np.float64(x * 0)\n    y = y / y\n    return y\n')
    assert (kind, line) == ('nan', FIRST + 1) and 'nan' in text


def test_float64_where_float32_was_given_is_a_remark():
    found = verdict('    x = np.float64(x)\n' + RIGHT)
    assert found.right and 'float64' in found.said[1] and f'line {FIRST + 1}' in found.said[1]


def test_a_list_in_place_of_an_array_is_a_remark():
    found = verdict('    y = ' + RIGHT.strip()[7:] + '\n'
                    '    return y.tolist() if np.ndim(y) else y\n')
    assert found.right and 'a list where an array was asked for' in found.said[1]


@pytest.mark.parametrize('name', ['tinygrad_adam', 'torch', 'jax.numpy'])
def test_the_use_of_a_framework_is_told_with_its_line(name):
    kind, line, text = said(f'    import {name}\n' + RIGHT)
    assert (kind, line) == ('package', FIRST)
    assert 'A call of it would answer the exercise' in text
    kind, line, _ = said(f'    import importlib\n    importlib.import_module("{name}")\n' + RIGHT)
    assert (kind, line) in [('package', FIRST + 1), ('error', FIRST + 1)]    # it is not installed


def test_a_function_that_is_missing_is_told_with_those_that_are_there():
    found = check(SLOPE, b'def Slope(f, x, h):\n    return 1\n', 0)
    assert found.kind == 'missing' and '`slope`' in found.said[0] and '`Slope`' in found.said[0]


def test_another_signature_is_told():
    found = check(SLOPE, b'def slope(f, x):\n    return 1\n', 0)
    assert found.kind == 'error' and 'slope(f, x, h)' in found.said[0]


def test_nothing_that_a_file_says_moves_the_cursor():
    body = '    raise type("\\x1b[2J", (Exception,), {})("\\x1b[31m")    # \x1b[2J\n'
    _, line, text = said(body, above='print("\x1b[2J")\n')
    assert line == FIRST + 1 and '\x1b' not in text


def test_what_is_kept_from_call_to_call_is_told():
    kind, _, text = said('    KEPT.append(h)\n    return len(KEPT)\n', above='KEPT = []\n')
    assert kind == 'state' and 'Called twice' in text


def test_each_hole_as_it_is_given_fails_with_a_sentence():
    for exercise in EXERCISES.values():
        found = check(exercise, exercise.page.encode(), 0)
        assert not found.right and found.kind == 'empty' and 'where the dots are' in found.said[0]


def test_each_solution_passes_as_a_file():
    for exercise in EXERCISES.values():
        found = check(exercise, exercise.answer.encode(), 0)
        assert found.right and found.kind == 'right', (exercise.name, found.said)


# What is said about numbers.

def adam(*edits):
    text = ADAM.answer
    for right, wrong in edits:
        assert right in text
        text = text.replace(right, wrong)
    return check(ADAM, text.encode(), 0)


def test_a_wrong_adam_is_named_and_measured():
    found = adam(('m / (1', 'm * (1'), ('v / (1', 'v * (1'))
    assert found.kind == 'mistake'
    assert found.said[0] == ('These are the numbers of an Adam whose correction multiplies by '
                             '1 - beta^t where it has to divide.')
    assert 'is 43.15 with it, and 1 without' in found.said[1]
    assert 'chapter 8' in found.said[-1]


@pytest.mark.parametrize('number, edit, sentence', [
    (15, ('np.sqrt(v_hat) + eps', 'np.sqrt(v_hat + eps)'), 'multiples of lr, is '),
    (21, ('noise >= p', 'noise < p'), 'are kept with p = 0.2 is '),
])
def test_a_comma_after_what_is_measured_closes_one_before(number, edit, sentence):
    exercise = EXERCISES[number]
    text = exercise.solved.replace(*edit)
    found = check(exercise, f'import numpy as np\n{text}'.encode(), 0)
    assert sentence in found.said[1]


def test_exchanged_corrections_are_one_mistake_not_two_that_exclude_each_other():
    found = adam(('m / (1 - beta1', 'm / (1 - beta2'), ('v / (1 - beta2', 'v / (1 - beta1'))
    assert [len(made) for made in found.mistakes] == [1]
    assert 'the two corrections exchanged' in found.said[0]


def test_noise_that_equals_p_is_kept():
    text = EXERCISES[21].solved.replace('noise >= p', 'noise > p')
    found = check(EXERCISES[21], f'import numpy as np\n{text}'.encode(), 0)
    assert not found.right and 'drops where noise equals p, too' in found.said[0]


def test_two_mistakes_made_at_once_are_both_named():
    found = adam(('m / (1', 'm * (1'), ('np.sqrt(v_hat) + eps', 'np.sqrt(v_hat + eps)'))
    assert found.kind == 'mistake' and len(found.mistakes[0]) == 2
    assert 'and, at the same time, of an Adam with eps inside the root' in found.said[0]


def test_mistakes_in_two_results_are_both_named():
    exercise = EXERCISES[9]
    text = exercise.solved.replace('.mean()', '.sum()').replace('gradient / n', '-gradient / n')
    found = check(exercise, f'import numpy as np\n{text}'.encode(), 0)
    assert found.kind == 'mistake' and len(found.mistakes[0]) == 2


def test_a_mistake_beside_another_fault_is_named_with_what_it_does_not_explain():
    found = adam(('np.sqrt(v_hat) + eps', 'np.sqrt(v_hat + eps)'),
                 ('    m = v', '    lr = min(lr, 0.9)\n    m = v'))
    assert found.kind == 'mistake'
    assert 'For the others something else is wrong, too' in found.said[0]


@pytest.mark.parametrize('body, telling', [
    ('    return 3 * (f(x + h) - f(x - h)) / (2 * h)\n', 'It is 3 times the right one'),
    ('    return (1 - h) * (f(x + h) - f(x - h)) / (2 * h)\n', 'the right one times (1 - h)'),
    ('    return 0 * x\n', 'It is 0 everywhere'),
    ('    return x + 0\n', 'It is x as it was given'),
    ('    return (f(x + h) - f(x - h)) / (2 * h) + 1\n', 'It is the right one +1, in each element'),
    ('    y = (f(x + h) - f(x - h)) / (2 * h)\n    return y[::-1] + 0 if np.ndim(y) else y\n',
     'the right one in reverse order'),
    ('    return 1.01 * (f(x + h) - f(x - h)) / (2 * h) + 0.001 * x\n', 'nearly right'),
])
def test_numbers_of_no_known_mistake_are_told_what_is_most_telling(body, telling):
    kind, _, text = said(body)
    assert kind == 'unknown' and 'the result should be' in text and telling in text


def test_the_first_step_that_differs_is_told():
    found = adam(('w - lr', 'w - (lr if t < 2 else 3 * lr)'))
    text = ' '.join(found.said)
    assert found.kind == 'unknown' and 'The first number that differs is at step 2' in text
    assert 'right in the first step, and wrong later' in text


def test_results_of_one_step_late_are_told():
    found = adam(('path.append(w)', 'path.append(w if t == 1 else last)\n        last = w'))
    assert 'one step late' in ' '.join(found.said)


# The commands.

def workshop(*words, folder, status=0):
    path = os.pathsep.join([str(PACKAGE), os.environ.get('PYTHONPATH', '')])
    done = subprocess.run([sys.executable, '-m', 'tinygrad_adam.workshop', *map(str, words)],
                          cwd=folder, env={**os.environ, 'PYTHONPATH': path},
                          capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    assert 'Traceback' not in done.stderr
    return done.stdout + done.stderr


def called(capsys, *words, status=0):
    """The same in this process."""
    assert commands.main(list(map(str, words))) == status
    return ''.join(capsys.readouterr())


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    """A folder with workshop/ in it."""
    monkeypatch.chdir(tmp_path)
    called(capsys, 'start')
    return tmp_path / 'workshop'


def solve(folder, exercise):
    (folder / exercise.file).write_text(exercise.answer)


def test_a_learner_starts_is_corrected_and_goes_on(tmp_path):
    assert 'start' in workshop(folder=tmp_path)
    assert f'{len(EXERCISES)} exercises written' in workshop('start', folder=tmp_path)
    file = tmp_path / 'workshop' / '01_slope.py'
    assert 'where the dots are' in workshop('check', folder=tmp_path, status=1)
    file.write_text(PAGE + '    return (f(x + h) - f(x)) / h\n')
    assert 'a forward difference' in workshop('check', 1, folder=tmp_path, status=1)
    file.write_text(PAGE + RIGHT)
    assert 'Next: 2.' in workshop('check', 1, folder=tmp_path)
    assert f'1 of {len(EXERCISES)} right  [#.' in workshop(folder=tmp_path)


def test_all_that_is_shown_fits_80_columns(folder, capsys):
    (folder / ADAM.file).write_text(ADAM.answer.replace('m / (', 'm * ('))
    for words, status in [([], 0), (['start'], 0), (['check', 15], 1), (['hint', 15], 0),
                          (['solution', 9], 0), (['reset', 1], 0), (['check', 99], 2)]:
        assert max(map(len, called(capsys, *words, status=status).splitlines())) <= 80
    assert max(len(line) for exercise in EXERCISES.values()
               for line in commands.progress(Folder.here()).splitlines()) <= 80


def test_the_overview_fits_a_screen(folder, capsys):
    assert len(called(capsys).splitlines()) <= 23


def test_nothing_is_overwritten_unasked(folder, capsys):
    file = folder / SLOPE.file
    file.write_text('mine')
    (folder / ADAM.file).unlink()
    assert '1 exercises written' in called(capsys, 'start')
    assert file.read_text() == 'mine' and (folder / ADAM.file).read_text() == ADAM.page
    assert '01_slope.py.old1' in called(capsys, 'reset', 1)
    assert file.read_text() == SLOPE.page
    assert (folder / '01_slope.py.old1').read_text() == 'mine'
    file.write_text('mine again')
    assert '01_slope.py.old2' in called(capsys, 'reset', 'slope')


def test_hints_come_one_by_one_and_then_the_solution(folder, capsys):
    first, second = called(capsys, 'hint', 1), called(capsys, 'hint', 1)
    assert '2.' not in first.partition('\n')[2] and SLOPE.hints[0].split()[0] in first
    assert '2. ' in second.partition('\n')[2] and 'solution 1' in second
    assert called(capsys, 'solution', 1).endswith(RIGHT)


def test_a_file_that_was_changed_counts_as_right_only_after_a_new_check(folder, capsys):
    solve(folder, SLOPE)
    called(capsys, 'check', 1)
    assert Folder.here().is_right(SLOPE)
    (folder / SLOPE.file).write_text('')
    assert not Folder.here().is_right(SLOPE)
    called(capsys, 'check', 1, status=1)
    assert 'slope' not in Folder.here().right


def test_json_is_for_programs_and_a_seed_gives_the_same_again(folder, capsys):
    (folder / 'mine.py').write_text(PAGE + '    return (f(x + h) - f(x)) / h\n')
    words = 'check', 1, folder / 'mine.py', '--json', '--seed', 5
    found = json.loads(called(capsys, *words, status=1))
    assert (found['number'], found['name'], found['right'], found['seed']) == (1, 'slope', False, 5)
    assert found['kind'] == 'mistake' and 'a forward difference' in found['mistakes'][0][0]
    assert found == json.loads(called(capsys, *words, status=1))
    assert json.loads(called(capsys, *words[:-2], status=1))['seed'] != 5


@pytest.mark.parametrize('words, advice', [
    (['check', '99'], 'There is no exercise 99'),
    (['check', '1', 'nowhere.py'], 'nowhere.py cannot be read'),
    (['grade', 'nowhere'], 'nowhere is no folder'),
])
def test_a_command_that_cannot_be_followed_is_told_what_to_write(folder, capsys, words, advice):
    assert advice in called(capsys, *words, status=2)


def test_a_command_that_is_misspelt_is_told_which_there_are(capsys):
    with pytest.raises(SystemExit):
        commands.parser().parse_args(['chek'])
    assert "argument COMMAND: invalid choice: 'chek'" in capsys.readouterr().err


def test_without_start_check_and_watch_say_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert 'workshop start' in ' '.join(called(capsys, 'check', 1, status=2).split())
    assert 'workshop start' in ' '.join(called(capsys, 'watch', status=2).split())
    assert list(tmp_path.iterdir()) == []


def test_watch_checks_at_every_save_goes_on_and_ends_politely(folder, capsys, monkeypatch):
    saves = iter(['    return (f(x + h) - f(x)) / h\n', RIGHT])
    (folder / SLOPE.file).write_text(PAGE + '    ...\n')

    def save_then_stop():
        body = next(saves, None)
        if body is None:
            raise KeyboardInterrupt
        (folder / SLOPE.file).write_text(PAGE + body)
        os.utime(folder / SLOPE.file, (0, len(body)))
    monkeypatch.setattr(commands, 'pause', save_then_stop)
    shown = called(capsys, 'watch')
    assert shown.index('dots') < shown.index('a forward difference') < shown.index('Right:')
    assert 'Next: 2.' in shown and 'To go on:' in shown


def test_when_all_is_right_watch_ends(folder, capsys, monkeypatch):
    folder_ = Folder.here()
    for exercise in EXERCISES.values():
        solve(folder, exercise)
        if exercise is not SLOPE:
            folder_.note(exercise, True)
    assert 'All exercises are right.' in called(capsys, 'watch')
    assert 'All exercises are right.' in called(capsys)


# Grades.

HOSTILE = {
    'loops': ('while True: pass', 'time'),
    'exits': ('import os; os._exit(0)', 'exit'),
    'leaves': ('import sys; sys.exit()', 'exit'),
    'deletes': ('import os, shutil; shutil.rmtree(os.getcwd())', 'refused'),
    'forks': ('import os\nwhile True: os.fork()', 'refused'),
    'starts': ('import subprocess; subprocess.run(["ls"])', 'refused'),
    'starts_raw': ('import _posixsubprocess; _posixsubprocess.fork_exec()', 'refused'),
    'starts_by_its_loader': ('from importlib.machinery import BuiltinImporter as b, PathFinder\n'
                             'n = "_posixsubprocess"\n'
                             's = b.find_spec(n) or PathFinder.find_spec(n)\n'
                             's.loader.create_module(s)', 'refused'),
    'kills': ('import os; os.kill(os.getppid(), 9)', 'refused'),
    'imports': ('import tinygrad_adam.teach.workshop.exercises.slope as s\nslope = s.slope',
                'package'),
    'reads': (f'exec(open({str(Path(tinygrad_adam.__file__).parent / "teach" / "workshop" / "exercises" / "slope.py")!r}).read())',   # noqa: E501
              'package'),
    'peeks': ('import os; open(f"/proc/{os.getppid()}/mem", "rb")', 'refused'),
    'writes': ('open("found", "w").write("")', 'refused'),
    'calls_c': ('import ctypes; ctypes.CDLL(None)', 'refused'),
    'connects': ('import socket; socket.socket()', 'refused'),
}
BENT = """
import numpy as np
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
class Same(float):
    __eq__ = __lt__ = __le__ = lambda self, other: True
    __hash__ = float.__hash__
    __sub__ = __rsub__ = lambda self, other: 0.0
def slope(f, x, h):
    return Same(3)
"""
FORGED = """
import sys
def slope(f, x, h):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if hasattr(value, 'say'):
                value.say(case=0, result={'dtype': 'float', 'number': 6.0})
                value.say(done=True)
        frame = frame.f_back
    return 6.0
"""
LOUD = 'import sys\nfor i in range(300): print("x" * 100_000)\n'


@pytest.fixture(scope='module')
def graded(tmp_path_factory):
    """What grading a folder of good, bad and hostile submissions of exercises 1 and 2 gives."""
    root = tmp_path_factory.mktemp('class')
    submissions = {name: text + '\n' + SLOPE.solved for name, (text, _) in HOSTILE.items()}
    submissions.update({
        'ann': PAGE + RIGHT, 'bob': PAGE + '    return (f(x + h) - f(x)) / h\n', 'bent': BENT,
        'forged': FORGED, 'loud': LOUD + PAGE + RIGHT})
    for name, text in submissions.items():
        (root / 'all' / name / 'workshop').mkdir(parents=True)
        (root / 'all' / name / 'workshop' / SLOPE.file).write_text(text)
    (root / 'all' / 'empty').mkdir()
    if hasattr(os, 'symlink') and os.name == 'posix':
        os.symlink(root / 'all' / 'ann', root / 'all' / 'linked')
        (root / 'all' / 'copycat').mkdir()
        os.symlink(root / 'all' / 'ann' / 'workshop' / SLOPE.file,
                   root / 'all' / 'copycat' / SLOPE.file)
    real, grading.check = grading.check, lambda *args: check(*args, 3)      # 3 seconds are enough
    try:
        yield grading.grade(root / 'all', [SLOPE, EXERCISES[2]], 0)
    finally:
        grading.check = real


def test_no_hostile_submission_passes_and_each_is_told_what_it_did(graded):
    kinds = {name: graded[name]['slope'].kind for name in HOSTILE}
    assert kinds == {name: kind for name, (_, kind) in HOSTILE.items()}
    assert not graded['bent']['slope'].right and not graded['forged']['slope'].right


def test_good_ones_pass_and_loud_ones_too(graded):
    assert graded['ann']['slope'].right and graded['loud']['slope'].right
    assert graded['bob']['slope'].kind == 'mistake'
    assert graded['ann']['local_slopes'] is None and graded['empty']['slope'] is None


def test_links_are_not_followed(graded):
    assert 'linked' not in graded and graded.get('copycat', {'slope': None})['slope'] is None


def test_the_table_and_the_csv_have_a_row_a_student(graded):
    table, rows = graded.table(), graded.csv().splitlines()
    assert rows[0] == 'student,right,slope,local_slopes' and 'ann,1,right,' in rows
    assert 'bob,0,mistake,' in rows and len(rows) == len(graded) + 1
    assert [line.split() for line in table.splitlines() if line.startswith('ann')] == [
        ['ann', '1/2', '+.']]
    assert max(map(len, table.splitlines())) <= 80


def test_gradescope_is_given_what_it_reads(graded):
    found = json.loads(graded.results('bob'))
    assert found['score'] == 0 and [test['number'] for test in found['tests']] == ['1', '2']
    test = found['tests'][0]
    assert (test['score'], test['max_score'], test['status']) == (0, 1, 'failed')
    assert 'forward difference' in test['output']
    assert json.loads(graded.results('ann'))['tests'][0]['status'] == 'passed'


def test_grades_are_written_once_and_are_the_same_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, body in ('ann', RIGHT), ('=bob', '    return h\n'):
        (tmp_path / 'class' / name).mkdir(parents=True)
        (tmp_path / 'class' / name / 'slope.py').write_text(PAGE + body)
    words = 'grade', 'class', '--only', 1, '--seed', 3
    assert 'Written' in called(capsys, *words)
    files = sorted(path for path in (tmp_path / 'grades').rglob('*') if path.is_file())
    assert [path.name for path in files] == ['results.json', 'results.json', 'grades.csv'] or (
        len(files) == 3)
    before = {path: path.read_bytes() for path in files}
    assert "'=bob" in (tmp_path / 'grades' / 'grades.csv').read_text()
    called(capsys, *words)
    assert {path: path.read_bytes() for path in files} == before
    (tmp_path / 'class' / 'ann' / 'slope.py').write_text(PAGE + '    return 0\n')
    assert '--overwrite' in called(capsys, *words, status=1)
    assert {path: path.read_bytes() for path in files} == before
    called(capsys, *words, '--overwrite')
    assert 'ann,0' in (tmp_path / 'grades' / 'grades.csv').read_text()


def test_one_submission_is_graded_where_gradescope_looks(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'submission').mkdir()
    (tmp_path / 'submission' / SLOPE.file).write_text(PAGE + RIGHT)
    called(capsys, 'grade', 'submission', '--out', 'results', '--only', 1)
    assert json.loads((tmp_path / 'results' / 'results.json').read_text())['score'] == 1


def test_numbers_cannot_be_fitted_to_a_seed():
    a = check(SLOPE, (PAGE + '    return h\n').encode(), 0)
    b = check(SLOPE, (PAGE + '    return h  #\n').encode(), 0)
    assert a.seed == b.seed and not np.array_equal(a.said, b.said) or a.said[0] == b.said[0]


ODD = [None, 3, True, 1e400, float('nan'), 10**400, 3j, 'text', [], (), {}, object(), print,
       [[1.0], [2.0, 3.0]], np.array([]), np.array([None]), np.zeros(3), np.zeros((2, 3)),
       np.zeros((1, 1, 1)), np.array(3), np.array('a'), np.float32(3), np.array([1, 2], bool),
       np.arange(6), (1, 2), (1, (2, [3, None])), [np.nan] * 4, np.ma.masked_array([1.0], [True]),
       np.array([3j]), np.datetime64('2020'), range(3), np.full((4, 2), np.inf), 'x' * 10**6,
       [0] * 10**6, b'x', [object()] * 3]


@pytest.mark.parametrize('number', sorted(EXERCISES))
def test_whatever_is_returned_is_told_in_sentences_and_is_not_right(number, monkeypatch):
    exercise = EXERCISES[number]
    several = len(exercise.returns)
    values = [child.Learner.encode(value) for value in ODD]
    values += [{'tuple': [value] * several} for value in values if several > 1]
    monkeypatch.setattr(verdicts, 'run', lambda *arguments: running.Run())
    judge = verdicts.Judge(exercise, b'pass', 0, 1)
    for value in values:
        judge.found = [running.decode(json.loads(json.dumps(value)))] * len(judge.cases)
        judge.ran = running.Run(results=judge.found, lines=[1] * len(judge.cases))
        told = judge.verdict()
        assert not told.right and all(told.said)
        assert max(len(line) for part in told.said
                   for line in commands.wrapped(part).splitlines()) <= 80
