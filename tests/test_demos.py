"""Every script in demos runs, keeps its contract, and leaves nothing but its figure behind."""
import csv
import json
import math
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from matplotlib.image import imread

import test_distributed
import tinygrad_adam

DEMOS = Path(__file__).resolve().parents[1] / 'demos'
sys.path.insert(0, str(DEMOS.parent))
from demos import tuning    # noqa: E402

SHARED = 'common.py', 'chapter.py', 'tuning.py', 'shared'    # what the demos import
SCRIPTS = sorted(path for path in DEMOS.glob('**/*.py') if not {*path.parts}.intersection(SHARED))
TRAININGS = [path for path in SCRIPTS if path.name.startswith('train_')]
CHAPTERS = sorted(DEMOS.glob('[0-9]*.py'))    # which tests/test_chapters.py runs
APPLICATIONS = [path for path in SCRIPTS if path.parent.name == 'applications']
SIX = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam']
FOUR_LINES = ['optimizer.zero_grad()', 'loss = ', 'loss.backward()', 'optimizer.step()']

each_script = pytest.mark.parametrize('script', SCRIPTS, ids=lambda path: path.stem)
each_training = pytest.mark.parametrize('script', TRAININGS, ids=lambda path: path.stem)


def run(script, folder, *options):
    """The finished process of a demo, started in an empty folder and told to write to `out`."""
    (folder / 'cwd').mkdir()
    return subprocess.run(
        [sys.executable, str(script), '--out', str(folder / 'out'), *options],
        cwd=folder / 'cwd', capture_output=True, text=True, timeout=900, env=environment())


def environment():
    """The variables of a demo's process: this package, no display, no compiled files."""
    package = Path(tinygrad_adam.__file__).parents[1]
    path = os.pathsep.join([str(package), os.environ.get('PYTHONPATH', '')])
    return {**os.environ, 'MPLBACKEND': 'Agg', 'PYTHONPATH': path, 'PYTHONDONTWRITEBYTECODE': '1'}


def files(folder):
    return sorted(path for path in folder.rglob('*') if path.is_file())


def check_figures(process, folder):
    """Exit 0, figures at the printed places, not blank, and nothing written outside `out`."""
    assert process.returncode == 0, process.stderr
    printed = [Path(line[len('figure: '):]) for line in process.stdout.splitlines()
               if line.startswith('figure: ')]
    assert printed and set(printed) <= set(files(folder / 'out'))
    assert files(folder) == files(folder / 'out')
    for path in printed:
        pixels = imread(path)[..., :3]
        assert pixels.shape[1] >= 800 and pixels.std() > 0.02, f'{path} is blank or small'


def check_report(printed):
    """The losses of three optimizers, and what was reached."""
    first_words = {word for line in printed.splitlines() for word in line.split()[:1]}
    assert {'adam', 'momentum', 'rmsprop'} < first_words
    assert re.search(r'reached: .*\d.*, [\d,]+ parameters, [\d.]+ s$', printed, re.M)


@pytest.mark.parametrize('script', sorted({*SCRIPTS} - {*CHAPTERS}), ids=lambda path: path.stem)
def test_a_demo_runs_quickly_says_its_idea_and_draws_its_figure(script, tmp_path):
    before = files(DEMOS)
    process = run(script, tmp_path, '--quick')
    check_figures(process, tmp_path)
    idea = process.stdout.splitlines()[0]
    assert len(idea) > 20 and ' ' in idea
    assert len(process.stdout.splitlines()) > 3
    assert files(DEMOS) == before
    if script in APPLICATIONS:
        check_report(process.stdout)


@each_script
def test_a_demo_is_in_cells(script):
    assert script.read_text().startswith('# %%')
    assert re.findall(r'^#+ ?%(?!%).*', script.read_text(encoding='utf-8'), re.M) == []


@pytest.mark.parametrize('script', TRAININGS + APPLICATIONS, ids=lambda path: path.stem)
def test_a_training_shows_its_four_lines(script):
    lines = [line.strip() for line in script.read_text().splitlines()]
    rest = iter(lines[lines.index(FOUR_LINES[0]):][:8])     # clipping or a scheduler may be between
    for start in FOUR_LINES:
        assert any(line.startswith(start) for line in rest)


@each_training
def test_a_training_prints_a_table_and_what_it_reached(script, tmp_path):
    process = run(script, tmp_path, '--quick', '--optimizer', 'sgd', '--lr', '0.1', '--epochs', '2',
                  '--batch-size', '100', '--seed', '3')
    header, first, second, last = process.stdout.splitlines()[1:5]
    assert header.split() == ['optimizer', 'epoch', 'loss', 'train', 'test', 'seconds']
    assert first.split()[:2] == ['sgd', '1'] and second.split()[:2] == ['sgd', '2']
    assert len(header) == len(first) == len(second)
    assert last.startswith('sgd: test accuracy ') and ' parameters, ' in last


@each_training
def test_a_training_compares_all_optimizers_in_one_figure(script, tmp_path):
    process = run(script, tmp_path, '--quick', '--optimizer', 'all')
    check_figures(process, tmp_path)
    for name in SIX:
        assert f'\n{name}: test accuracy' in process.stdout


@pytest.mark.parametrize('script, adam', [('train_mlp', 96.5), ('train_cnn', 98)])
def test_every_optimizer_reaches_95_percent_and_adam_more(script, adam, tmp_path):
    process = run(DEMOS / f'{script}.py', tmp_path, '--optimizer', 'all')
    ends = re.findall(r'(\w+): test accuracy ([\d.]+) %, [\d,]+ parameters, [\d.]+ s',
                      process.stdout)
    assert [name for name, _ in ends] == SIX
    assert all(float(accuracy) >= 95 for _, accuracy in ends)
    assert float(ends[-1][1]) >= adam


@each_training
def test_the_same_seed_gives_the_same_training(script, tmp_path):
    tables = []
    for i, seed in enumerate('112'):
        (tmp_path / str(i)).mkdir()
        process = run(script, tmp_path / str(i), '--quick', '--seed', seed)
        tables.append([line.split()[:-1] for line in process.stdout.splitlines()[2:4]])
    assert tables[0] == tables[1] != tables[2]


@pytest.mark.parametrize('optimizers', [['adam'], ['sgd', 'adagrad', 'rmsprop', 'adam']], ids=len)
@pytest.mark.parametrize('epochs', [1, 6, 20, 21, 39, 1000])
def test_a_table_has_at_most_twenty_rows_and_ends_with_the_last_epoch(
        epochs, optimizers, capsys, monkeypatch):
    monkeypatch.syspath_prepend(str(DEMOS))
    import common
    args = SimpleNamespace(epochs=epochs, optimizers=optimizers, runs={})
    for name in optimizers:
        record = common.Run(name, args)
        for _ in range(epochs):
            record.add(2.5, 50.0, 40.0)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert len(rows) <= max(20, len(optimizers))
    assert [row[0] for row in rows if row[1] == str(epochs)] == optimizers


@each_training
@pytest.mark.parametrize('options, says', [
    (['--data', 'nowhere'], 'nowhere has no train-images-idx3-ubyte'),
    (['--lr', '-1'], '-1 is not a number above 0'),
    (['--epochs', '0'], '0 is not a whole number above 0'),
    (['--epochs', '1.5'], '1.5 is not a whole number above 0'),
    (['--batch-size', 'many'], 'many is not a whole number above 0'),
    (['--seed', '-1'], '-1 is not a whole number from 0'),
    (['--optimizer', 'magic'], 'invalid choice'),
    (['--out', str(DEMOS / 'train_mlp.py')], 'cannot be made a folder'),
], ids=['data', 'lr', 'epochs', 'part', 'batch-size', 'seed', 'optimizer', 'out'])
def test_a_training_refuses_wrong_options_in_a_sentence(script, options, says, tmp_path):
    process = run(script, tmp_path, *options)
    assert process.returncode == 2
    assert says in process.stderr and 'Traceback' not in process.stderr


@pytest.mark.skipif(os.name == 'nt', reason='Windows has no SIGINT for one process')
@each_training
def test_ctrl_c_ends_a_training_in_one_line(script, tmp_path):
    process = subprocess.Popen(
        [sys.executable, str(script), '--epochs', '60', '--out', str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    while not process.stdout.readline().startswith('     adam'):    # rows of finished epochs
        pass
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == (f'Stopped by Ctrl-C. The finished epochs are drawn in '
                              f'{tmp_path / script.stem}_stopped.png')
    assert imread(tmp_path / f'{script.stem}_stopped.png').std() > 0.02


@pytest.fixture
def report(monkeypatch):
    """What applications share around their training, with no run started."""
    monkeypatch.syspath_prepend(str(DEMOS / 'applications'))
    from shared import report
    monkeypatch.setattr(report.Run, 'started', [])
    return report


def test_at_ctrl_c_an_application_draws_the_losses_so_far(report, tmp_path):
    args = SimpleNamespace(out=tmp_path, name='an_application')
    assert report.draw_stopped(args) == 'No step was finished.'
    for name in 'adam', 'adam', 'momentum':
        run = report.Run(name, 100)
        for step in range(7):
            run.add(tinygrad_adam.tensor(1 / (1 + step)))
    path = tmp_path / 'an_application_stopped.png'
    assert report.draw_stopped(args) == f'The losses so far are drawn in {path}'
    assert imread(path).std() > 0.02


def test_the_head_of_the_table_is_printed_once_and_with_the_first_run(report, capsys):
    assert capsys.readouterr().out == ''
    for name in 'adam', 'momentum':
        report.Run(name, 5)
    assert capsys.readouterr().out == report.HEADER + '\n'


def test_misread_texts_stand_beside_the_true_ones(report, capsys):
    report.misread(['one', 'to', ''], ['one', 'two', 'six'])
    assert capsys.readouterr().out == '\nmisread, 2 of 3: two as to, six as nothing\n'
    report.misread(['a'] * 3, ['b'] * 3, most=2)
    assert capsys.readouterr().out == '\nmisread, 3 of 3, the first 2: b as a, b as a\n'
    report.misread(['a'], ['a'])
    assert capsys.readouterr().out == '\nmisread, 0 of 1: none\n'


@pytest.mark.parametrize('script', TRAININGS + APPLICATIONS, ids=lambda path: path.stem)
def test_the_rates_of_a_demo_are_the_best_of_four_or_more_and_none_is_at_an_edge(script):
    for name, tried in tuning.read(tuning.FOLDER / f'{script.stem}.csv').items():
        best = tuning.best(tried)
        assert len(tried) >= 4 and min(tried) < best < max(tried), name


def test_rates_are_tried_until_the_best_is_not_at_an_edge():
    asked = []
    losses = tuning.search(lambda rate: asked.append(rate) or [abs(math.log(rate / 0.3))], 0.003)
    assert asked == [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0] and tuning.best(losses) == 0.3
    assert list(tuning.search(lambda rate: [-rate], 0.003, widen=False)) == asked[:4]


def test_a_rate_that_diverges_is_never_the_best():
    assert tuning.best({0.1: [2.0, 2.0], 0.3: [0.0, math.inf]}) == 0.1


@pytest.mark.parametrize('script', TRAININGS + APPLICATIONS[:1], ids=lambda path: path.stem)
def test_tune_writes_the_table_that_the_rates_come_from(script, tmp_path):
    process = run(script, tmp_path, '--tune', '--quick')
    assert process.returncode == 0, process.stderr
    table = tmp_path / 'out' / 'rates' / f'{script.stem}.csv'
    best = {name: tuning.best(tried) for name, tried in tuning.read(table).items()}
    stored = tuning.read(tuning.FOLDER / table.name)
    assert list(best) == list(stored)
    said = ', '.join(f'{name} {rate:g}' for name, rate in best.items())
    assert f'\nbest: {said}\n' in process.stdout


@pytest.mark.parametrize('name, figure, least, most', [
    ('1_image_classification', r'([\d.]+) % of \d+ unseen digits', 98, 100),
    ('2_object_detection', r'([\d.]+) % of single shapes', 65, 100),
    ('2_object_detection', r'mAP ([\d.]+)', 0.5, 1),
    ('3_segmentation', r'mean IoU ([\d.]+)', 0.85, 1),
    ('5_sentiment', r'accuracy ([\d.]+) %', 97, 100),
    ('6_language_model', r'([\d.]+) bits a character \(5-gram ([\d.]+)\)', 0, None),
    ('7_speech_to_text', r'([\d.]+) % of letters wrong', 0, 6),
    ('8_voice_recognition', r'([\d.]+) % of speakers right', 75, 100),
])
def test_the_stored_run_of_an_application_reaches_its_goal_within_a_minute(name, figure, least,
                                                                           most):
    times = json.loads((DEMOS / 'times.json').read_text(encoding='utf-8'))
    stored = times[f'applications/{name}']
    value, *limit = map(float, re.search(figure, stored['reached']).groups())
    assert least <= value <= (limit[0] if limit else most)
    assert stored['seconds'] < 120     # README.md tells what it took on its machine


@pytest.mark.parametrize('script, figure, least', [
    ('1_image_classification', r'([\d.]+) % of \d+ unseen digits', 98),
    ('8_voice_recognition', r'([\d.]+) % of speakers right', 75)])
def test_an_application_reaches_its_goal_here(script, figure, least, tmp_path):
    printed = run(DEMOS / 'applications' / f'{script}.py', tmp_path, '--seed', '1').stdout
    assert float(re.search('reached: .*?' + figure, printed)[1]) >= least


@test_distributed.with_mpi
def test_two_ranks_train_the_networks_of_one_and_stand_in_its_table(tmp_path):
    for ranks in 1, 2:
        job = test_distributed.start(ranks, str(DEMOS / 'distributed.py'), '--quick',
                                     '--out', str(tmp_path))
        printed, _ = job.communicate(timeout=300)
        assert job.returncode == 0 and printed.count('reached: ') == 1, printed
    with open(tmp_path / 'distributed.csv', newline='') as file:
        rows = list(csv.DictReader(file))
    assert [float(row['ranks']) for row in rows] == [1, 1, 1, 2, 2, 2]
    losses = [float(row['loss']) for row in rows]
    assert losses[3:] == pytest.approx(losses[:3], rel=1e-4)


def test_the_speeds_on_paper_follow_from_what_two_ranks_measured():
    text = (DEMOS / 'distributed.py').read_text(encoding='utf-8')
    batches = re.findall(
        r'ms a step  computing(.*?)with (\d+) samples for each rank, ([\d.]+) us a message '
        r'and ([\d.]+) GB a second\n.*?ranks\n(.*?)\n#\n', text, re.DOTALL)
    assert [samples for _, samples, *_ in batches] == ['64', '512']
    for measured, _, latency, bandwidth, paper in batches:
        for name, parameters, *gains in (re.split('  +', line[1:].strip())
                                         for line in paper.splitlines()):
            computing = float(re.search(rf'{name} +2 +[\d.]+ +([\d.]+)', measured)[1]) / 1000
            for n, gain in zip((2, 4, 8, 16, 32, 64), gains):
                message = float(latency) / 1e6 + (4 * int(parameters.replace(',', '')) / n
                                                  / (float(bandwidth) * 1e9))
                assert float(gain) == pytest.approx(
                    n * computing / (computing + 2 * (n - 1) * message), rel=0.02, abs=0.05)


@pytest.mark.parametrize('name', ['05_descent', 'train_mlp', 'applications/3_segmentation',
                                  'claims/4_memory'])
def test_without_matplotlib_a_demo_says_so_before_it_computes_anything(name, tmp_path):
    (tmp_path / 'sitecustomize.py').write_text("import sys; sys.modules['matplotlib'] = None")
    package = str(Path(tinygrad_adam.__file__).parents[1])
    process = subprocess.run(
        [sys.executable, DEMOS / f'{name}.py', '--quick', '--out', tmp_path / 'out'],
        capture_output=True, text=True, cwd=tmp_path, timeout=900,
        env={**os.environ, 'PYTHONPATH': os.pathsep.join([str(tmp_path), package])})
    assert process.returncode == 2 and process.stdout == ''
    assert process.stderr.splitlines()[-1].endswith(
        'Matplotlib is not installed, so the figure of this demo cannot be drawn. '
        'Install it: pip install matplotlib')


def test_in_a_notebook_the_figure_is_shown_and_the_answer_can_be_checked(tmp_path, capsys,
                                                                         monkeypatch):
    shown = []
    display = SimpleNamespace(Image=lambda path: path, display=shown.append)
    monkeypatch.setitem(sys.modules, 'IPython', SimpleNamespace(
        display=display, version_info=(8, 24), get_ipython=lambda: None))
    monkeypatch.setitem(sys.modules, 'IPython.display', display)
    monkeypatch.setattr(sys, 'ps1', 'In : ', raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(DEMOS))
    cell = {'__name__': '__main__'}
    exec((DEMOS / '05_descent.py').read_text(encoding='utf-8'), cell)
    assert shown == [Path('out/05_descent.png')] and shown[0].is_file()
    printed = capsys.readouterr().out
    assert "Check with page.check('X'); page.reason says why." in printed and '--' not in printed
    assert cell['page'].check('0.05') and not cell['page'].check('1')
    assert capsys.readouterr().out.startswith('correct\nnot yet: ')
