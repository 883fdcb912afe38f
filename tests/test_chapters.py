"""Every chapter keeps its contract: one idea, one figure, one question, and only what is public."""
import ast
import json
import os
import re
import runpy
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from matplotlib.image import imread

import tinygrad_adam

DEMOS = Path(__file__).resolve().parents[1] / 'demos'
CHAPTERS = sorted(DEMOS.glob('[0-9]*.py'))
OWN = {'chapter', 'tinygrad_adam'}
COMMON = {'inspect', 'math', 'numpy', 're', 'timeit'}    # what every reader has
LINES = 125                                            # about 120 with prose
# The last chapter builds a transformer, and trains it to be compared with the language model of the
# applications, on their text: more lines, and a minute. Chapter 11 trains 165 networks.
LAST = SimpleNamespace(lines=180, seconds=60, imports={'applications'})
LIMITS = {'11_fair_race': SimpleNamespace(lines=LINES, seconds=20, imports=set()),
          '17_transformer': LAST}
OTHERS = SimpleNamespace(lines=LINES, seconds=10, imports=set())
FOUR_LINES = ['optimizer.zero_grad()', 'loss = ', 'loss.backward()', 'optimizer.step()']

each_chapter = pytest.mark.parametrize('script', CHAPTERS, ids=lambda path: path.stem)


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """run(script, *options): what it printed and the files it wrote, once for all."""
    package = Path(tinygrad_adam.__file__).parents[1]
    path = os.pathsep.join([str(package), os.environ.get('PYTHONPATH', '')])
    environment = {**os.environ, 'MPLBACKEND': 'Agg', 'PYTHONPATH': path, 'OMP_NUM_THREADS': '1',
                   'PYTHONDONTWRITEBYTECODE': '1'}

    @lru_cache(maxsize=None)
    def once(script, *options):
        folder = tmp_path_factory.mktemp(script.stem)
        (folder / 'elsewhere').mkdir()
        process = subprocess.run([sys.executable, script, '--out', folder / 'out', *options],
                                 cwd=folder / 'elsewhere', env=environment, text=True,
                                 capture_output=True, timeout=900)
        assert process.stderr == ''
        return SimpleNamespace(
            status=process.returncode, text=process.stdout, lines=process.stdout.splitlines(),
            files=[path.relative_to(folder) for path in folder.rglob('*') if path.is_file()],
            figure=folder / 'out' / f'{script.stem}.png')

    before = sorted(path for path in DEMOS.rglob('*') if '__pycache__' not in path.parts)
    yield once
    assert before == sorted(path for path in DEMOS.rglob('*') if '__pycache__' not in path.parts)


@pytest.fixture
def ask(monkeypatch, capsys, tmp_path):
    """ask(script, *words): the exit status and what it prints, for --answer; nothing is written."""
    def asked(script, *words):
        monkeypatch.syspath_prepend(str(DEMOS))
        monkeypatch.setattr(sys, 'argv', [str(script), '--out', str(tmp_path / 'out'),
                                          '--answer', *words])
        with pytest.raises(SystemExit) as end:
            runpy.run_path(str(script), run_name='__main__')
        assert not (tmp_path / 'out').exists()
        return int(end.value.code or 0), capsys.readouterr().out
    return asked


def answer(revealed):
    (line,) = [line for line in revealed.lines if line.startswith('answer: ')]
    return line[len('answer: '):].split()


def test_chapters_are_numbered_from_one_without_a_gap():
    assert [int(path.stem[:2]) for path in CHAPTERS] == list(range(1, len(CHAPTERS) + 1))


# What it prints and draws.

@each_chapter
def test_a_chapter_says_its_idea_and_asks_without_giving_the_answer_away(script, run):
    plain = run(script)
    assert plain.status == 0
    assert 20 < len(plain.lines[0]) <= 100 and plain.lines[0].endswith('.')
    assert len([line for line in plain.lines if line.startswith('question: ')]) == 1
    assert '--answer X' in plain.text and 'answer: ' not in plain.text
    assert max(len(line) for line in plain.lines if str(script.parent) not in line) <= 100


@each_chapter
def test_a_run_begins_with_the_text_in_pages_that_fit_a_screen(script, run):
    plain = run(script, '--quick')
    assert f'The text of {script},' in plain.lines
    pages = re.split(r'\nPage \d+ of \d+; its code: .*\n\n', plain.text)
    heading = script.read_text(encoding='utf-8').splitlines()[1]
    assert heading[4:] in pages[0].splitlines() and len(pages) > 1
    for page in pages[:-1]:
        text = page.split('leaves it out.\n\n')[-1].splitlines()
        assert len(text) + 2 <= 25 and max(map(len, text)) <= 80


def test_brief_leaves_the_text_out(run):
    plain, brief = [run(CHAPTERS[4], '--quick', *options).text for options in ((), ('--brief',))]
    after_text = re.split(r'\nPage \d+ of \d+; its code: .*\n\n', plain)[-1]
    assert brief.splitlines()[:-1] == [plain.splitlines()[0], *after_text.splitlines()[:-1]]


def test_the_code_of_a_page_is_where_it_says(page):
    import chapter
    source = (DEMOS / '05_descent.py').read_text(encoding='utf-8')
    lines = source.splitlines()
    for text in chapter.pages(source):
        first, last = map(int, re.search(r'lines (\d+) to (\d+)\.$', text).groups())
        assert lines[first - 2].startswith('#') and not lines[first - 1].startswith('# ')
        assert last == len(lines) or lines[last] == '# %% [markdown]'


@each_chapter
def test_a_chapter_draws_one_figure_that_is_not_blank_and_writes_nothing_else(script, run):
    pictures = []
    for options, name in ((), ''), (('--quick',), ''), (('--reveal', '--quick'), '_asked'):
        result = run(script, *options)
        assert result.status == 0
        assert result.files == [Path('out') / f'{script.stem}{name}.png']
        assert result.lines[-1] == f'figure: {result.figure.parent / result.files[0].name}'
        pictures.append(imread(result.figure.with_name(result.files[0].name))[..., :3])
        assert pictures[-1].shape[1] >= 800 and pictures[-1].std() > 0.02
    shown, asked = pictures[1:]
    assert shown.shape != asked.shape or abs(shown - asked).max() > 0.1


@each_chapter
def test_a_chapter_took_ten_seconds_at_most_where_readme_measured_or_a_minute_the_last(script):
    times = json.loads((DEMOS / 'times.json').read_text(encoding='utf-8'))
    assert times[script.stem]['seconds'] <= LIMITS.get(script.stem, OTHERS).seconds


# Its question.

@each_chapter
def test_the_revealed_answer_is_accepted(script, run, ask):
    assert ask(script, *answer(run(script, '--reveal', '--quick'))) == (0, 'correct\n')


@each_chapter
@pytest.mark.parametrize('wrong', ['nonsense', '12345', None])
def test_a_wrong_answer_gets_a_hint(script, wrong, run, ask):
    given = [wrong] if wrong else ['7', *answer(run(script, '--reveal', '--quick'))]
    status, text = ask(script, *given)
    assert status == 1 and len(text.splitlines()) == 1
    assert text.startswith('not yet: ') and len(text) > 30


@each_chapter
def test_the_answer_comes_with_a_reason(script, run):
    revealed = run(script, '--reveal', '--quick')
    number = [line.startswith('answer: ') for line in revealed.lines].index(True)
    assert len(' '.join(revealed.lines[number + 1:-1])) > 80
    assert 'question: ' not in revealed.text


# Its source.

@each_chapter
def test_a_chapter_is_short_and_in_cells_under_a_heading(script):
    lines = script.read_text(encoding='utf-8').splitlines()
    assert lines[0] == '# %% [markdown]'
    assert re.match(rf'# # {int(script.stem[:2])}\. \w', lines[1])
    assert len(lines) <= LIMITS.get(script.stem, OTHERS).lines


@each_chapter
def test_a_chapter_uses_the_public_package_and_nothing_else(script):
    tree = ast.parse(script.read_text(encoding='utf-8'))
    imported = {name.partition('.')[0] for node in ast.walk(tree) for name in (
        [alias.name for alias in node.names] if isinstance(node, ast.Import) else
        [node.module] if isinstance(node, ast.ImportFrom) else [])}
    assert OWN <= imported <= OWN | COMMON | LIMITS.get(script.stem, OTHERS).imports
    private = [node.attr for node in ast.walk(tree)
               if isinstance(node, ast.Attribute) and re.match('_[^_]', node.attr)]
    assert private == []


@each_chapter
def test_a_chapter_that_trains_shows_the_four_lines(script):
    lines = [line.strip() for line in script.read_text(encoding='utf-8').splitlines()]
    if 'optimizer.step()' not in lines:
        return
    shown = [line for line in lines if line.startswith(tuple(FOUR_LINES))]
    first = shown.index(FOUR_LINES[0])
    for line, start in zip(shown[first:first + 4], FOUR_LINES):
        assert line.startswith(start)


# The numbers its prose states are those it measures.

@pytest.mark.parametrize('name, options, stated', [
    ('01_slope', (), 'central: best h 6.3e-06, error 3.0e-12'),
    ('02_graph', ('--reveal', '--quick'), 'y        -4.0     -12.0000   -12.0000'),
    ('03_order', (), 'naive         9 '),
    ('03_order', ('--reveal', '--quick'), '131,071 calls along paths, 17 visits'),
    ('05_descent', (), 'best: lr 0.0769        0.923    -0.923'),
    ('05_descent', ('--reveal', '--quick'), 'best: lr 0.0488        0.951    -0.951'),
    ('06_momentum', (), 'best         0.1111  0.4444  0.667     0.670                23'),
    ('06_momentum', ('--reveal', '--quick'), 'no momentum  0.0198  0.0000  0.980     0.980'
     '               346\nbest         0.0331  0.6694  0.818     0.822                48'),
    ('13_compile', (), 'gradient of w1: the program and by hand differ by 0.0000'),
    ('13_compile', (), 'frozen: nothing; products of matrices: 5'),
    ('13_compile', ('--reveal', '--quick'), 'frozen: w2 b2; products of matrices: 4'),
    ('13_compile', ('--reveal', '--quick'), 'frozen: w1 b1; products of matrices: 3')])
def test_a_number_in_the_text_is_measured(name, options, stated, run):
    assert stated in run(DEMOS / f'{name}.py', *options).text


def numbers(line):
    return [float(number) for number in re.findall(r'-?\d+(?:\.\d+)?', line)]


@pytest.mark.parametrize('seed', ['31', '32', '33'])
@pytest.mark.parametrize('name, options, row, holds', [
    ('10_minibatch', (), '   16     ', lambda row: row[2] < 0.2),
    ('10_minibatch', (), '  128      ', lambda row: 0.2 < row[2] < 0.6),
    ('11_fair_race', ('--reveal',), 'sgd', lambda row: row[2:] == [0, 11]),
    ('11_fair_race', ('--reveal',), 'adam', lambda row: row[2] in (3, 4, 5)),
    ('11_fair_race', ('--reveal',), 'rmsprop', lambda row: row[2] in (2, 3)),
    ('12_mlp', (), 'first layer', lambda row: row[1] <= 35),
    ('12_mlp', (), 'step   1', lambda row: 0.02 <= min(row[2:]) and max(row[2:]) <= 0.11),
    ('12_mlp', (), 'step 300', lambda row: max(row[2:]) < 0.002),
    ('14_overfit', (), 'last', lambda row: row[3] > 95 and row[4] < 86),
    ('14_overfit', (), 'kept', lambda row: row[3] < 95 and row[4] > 84),
    ('14_overfit', ('--reveal',), 'last', lambda row: row[3] > 95 and row[5] < 20)])
def test_what_the_text_says_holds_with_other_seeds(name, options, row, holds, seed, run):
    lines = run(DEMOS / f'{name}.py', '--brief', '--seed', seed, *options).lines
    (found,) = [line for line in lines if line.startswith(row)]
    assert holds(numbers(found)), found


def test_of_new_images_the_convolution_reads_more_with_each_of_its_three_seeds(run):
    lines = run(DEMOS / '15_cnn.py', '--brief', '--seed', '31').lines
    rows = {(line.split()[0], line.split()[1]): numbers(line.split(maxsplit=2)[2])
            for line in lines if line.startswith('  3')}
    for seed in '31', '32', '33':
        assert rows[seed, 'CNN'][1] > 84 and rows[seed, 'MLP'][0] > 99 and rows[seed, 'MLP'][1] < 84


# chapter.py.

@pytest.fixture
def page(monkeypatch, tmp_path):
    """page(answer, **more): a Page, as if run without options."""
    monkeypatch.syspath_prepend(str(DEMOS))
    monkeypatch.setattr(sys, 'argv', ['chapter', '--brief', '--out', str(tmp_path)])
    import chapter
    return lambda answer, **more: chapter.Page('name', 'An idea.', question='?', answer=answer,
                                               hint='', reason='', **more)


@pytest.mark.parametrize('wanted, given', [
    ('0.05', '2/40'), ('0.05', '0.0504'), ('2/40', '5e-2'), ('-4 3', '-4 3.0'), ('0', '0.0'),
    ('b a', 'B a'), ('1/5 1/6', '0.2 0.167')])
def test_an_answer_may_be_written_in_many_ways(page, wanted, given):
    assert page(wanted).check(given)


@pytest.mark.parametrize('wanted, given', [
    ('0.05', '0.051'), ('0.05', '-0.05'), ('0.05', ''), ('0.05', '0.05 0.05'), ('4 3', '3 4'),
    ('0', '1e-9'), ('a b', 'a c'), ('1', 'one'), ('1', '1/0'), ('1', 'nan')])
def test_an_answer_is_refused_if_it_is_another_one(page, wanted, given):
    assert not page(wanted).check(given)


def test_a_comma_may_stand_between_two_answers_or_before_thousands(page):
    assert page('131071 17', within=1).check('131,071 17') and page('8 200').check('8,200')
    assert page('1234567').check('1,234,567') and not page('1234567').check('1,23,4567')


def test_a_question_says_how_near_is_near_enough(page):
    assert page('5e-3', within=10).check('6e-4')
    assert not page('5e-3', within=10).check('4e-4')
    assert not page('131071', within=1).check('131072')
    assert page('3', accepts=lambda words: words == ['three']).check('three')


@pytest.mark.parametrize('given, said', [
    ('a c b', 'not yet: 1 of 3 are right; '), ('b c a', 'not yet: '), ('a b', 'not yet: '),
    ('a b c', 'correct')])
def test_a_check_says_how_many_of_several_answers_are_right(page, given, said, capsys):
    chapter = page('a b c')
    capsys.readouterr()
    chapter.check(given)
    assert capsys.readouterr().out == f'{said}\n'
