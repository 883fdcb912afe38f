"""Every line of Python on a page runs, and prints what the page says it prints.

`python tests/test_readme.py` writes the outputs and line counts into the pages anew.
"""
import contextlib
import io
import json
import linecache
import os
import re
import tempfile
from pathlib import Path

import pytest

import tinygrad_adam
from tinygrad_adam import __main__ as demo_list

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path(tinygrad_adam.__file__).parent
README = ROOT / 'README.md'
PAGES = [README]

SNIPPET = re.compile(r'```python\n(.*?)```\n(?:```text\n(.*?)```\n)?', re.DOTALL)
DEMOS = re.compile(r'(\| demo \| idea \| seconds \|\n\|---\|---\|---:\|\n)((?:\|.*\n)*)')
COUNT = re.compile(r'^\| `([\w/]+\.py)` \| (\d+) \|', re.MULTILINE)
PERCENT = re.compile(r'\d+(?:\.\d+)?(?= ?%)')
AGAIN = 'If the new one is right, run: python tests/test_readme.py'


def printed(code, namespace, name):
    """What the code prints; its mistakes are reported with the name of the page."""
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, name, 'exec'), namespace)
    return output.getvalue()


def outputs(text, name):
    """(code, what the page says it prints, what it prints) of each snippet, in one namespace."""
    namespace = {'__name__': 'page'}
    for code, said in SNIPPET.findall(text):
        yield code, said, printed(code, namespace, name)


def lines_of(file):
    return len((SOURCE / file).read_text(encoding='utf-8').splitlines())


def assert_same_output(said, found):
    """Equal, but for one point in a percentage: rounding differs between processors."""
    assert PERCENT.sub('N', found) == PERCENT.sub('N', said), AGAIN
    for old, new in zip(PERCENT.findall(said), PERCENT.findall(found)):
        assert abs(float(old) - float(new)) <= 1, AGAIN


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.name)
def test_every_snippet_runs_and_prints_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)    # a snippet may write files
    for code, said, found in outputs(page.read_text(encoding='utf-8'), page.name):
        assert_same_output(said, found)
    kept = tinygrad_adam.load('checkpoint.pt')      # of a network and its own optimizer
    assert [state['exp_avg'].shape for state in kept['optimizer']['state'].values()] == [
        weight.shape for weight in kept['model'].values()]


def test_a_wrong_output_on_a_page_is_noticed():
    with pytest.raises(AssertionError):
        assert_same_output('loss 0.12, 97.0 %\n', 'loss 0.13, 97.0 %\n')
    with pytest.raises(AssertionError):
        assert_same_output('loss 0.12, 97.0 %\n', 'loss 0.12, 95.9 %\n')
    assert_same_output('loss 0.12, 97.0 %\n', 'loss 0.12, 96.8 %\n')


def test_a_number_is_printed_within_25_lines():
    start = '\n'.join(README.read_text(encoding='utf-8').splitlines()[:25]) + '\n'
    assert re.search(r'\d\.\d', SNIPPET.search(start)[2])


def test_the_line_counts_of_the_reading_order_are_those_of_the_files():
    counts = COUNT.findall(README.read_text(encoding='utf-8'))
    assert len(counts) >= 3
    assert [row for row in counts if abs(int(row[1]) - lines_of(row[0])) > 10] == [], AGAIN


def rows_of_demos():
    """The chapters and demos with their idea, their seconds, and what the longer ones reach."""
    times = json.loads((ROOT / 'demos' / 'times.json').read_text(encoding='utf-8'))
    files = {name: ROOT / 'demos' / f'{name}.py' for name in times}
    return ''.join(
        f'| `{name}` | {demo_list.idea(file)}{said(times[name]["reached"])} '.replace('?:', '?')
        + f'| {times[name]["seconds"]:.0f} |\n' for name, file in files.items())


def said(reached):
    """The figure a training reached; the verdicts of the claims have a section of their own."""
    return '' if reached.startswith('verdict: ') or not reached else (
        f': {reached.replace("reached: ", "")}')


def test_the_table_of_demos_is_what_was_measured():
    (_, rows), = DEMOS.findall(README.read_text(encoding='utf-8'))
    assert rows == rows_of_demos(), AGAIN


def test_two_commands_set_up_one_runs_the_demo_and_one_the_tests():
    blocks = re.findall(r'```sh\n(.*?)```', README.read_text(encoding='utf-8'), re.DOTALL)
    assert [len(block.splitlines()) for block in blocks[:3]] == [2, 1, 1]
    assert (ROOT / re.search(r'demos/\w+\.py', blocks[1])[0]).is_file()
    assert blocks[2].rstrip().endswith('-m pytest')


def test_the_first_snippet_is_pytorch_after_changing_its_import():
    pytest.importorskip('torch')
    code, said = SNIPPET.search(README.read_text(encoding='utf-8')).groups()
    code = code.replace('import tinygrad_adam as torch', 'import torch')
    assert 'tinygrad_adam' not in code
    assert printed(code, {}, 'README.md') == said


def rewrite(page):
    text = page.read_text(encoding='utf-8')
    results = outputs(text, page.name)

    def snippet(_):
        code, _, found = next(results)
        return f'```python\n{code}```\n' + (f'```text\n{found}```\n' if found else '')

    def count(row):
        return row[0].replace(f'| {row[2]} |', f'| {round(lines_of(row[1]), -1)} |')

    text = COUNT.sub(count, SNIPPET.sub(snippet, text))
    text = DEMOS.sub(lambda found: found[1] + rows_of_demos(), text)
    page.write_text(text, encoding='utf-8')


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for page in PAGES:
            rewrite(page)
        os.chdir(ROOT)    # some systems do not remove the folder one is in
