"""Every exercise of the workshop: its solution, its mistakes, and what the learner reads."""
import ast
import re
from pathlib import Path

import numpy as np
import pytest

from tinygrad_adam.teach.workshop import exercises
from tinygrad_adam.teach.workshop.comparing import as_array
from tinygrad_adam.teach.workshop.exercise import results, source
from tinygrad_adam.teach.workshop.exercises import EXERCISES
from tinygrad_adam.teach.workshop.recognition import Bank

PAGES = list(EXERCISES.values())
SEEDS = 0, 1
every_page = pytest.mark.parametrize('page', PAGES, ids=lambda page: page.name)


def bank_of(page, seed):
    cases = list(page.inputs(np.random.default_rng(seed)))
    return Bank(page, cases, results(page.program(page.solution), cases))


def rounded(result):
    """A result of floats, as one that was computed in float32."""
    if isinstance(result, (tuple, list)):
        return type(result)(rounded(part) for part in result)
    array = as_array(result)
    with np.errstate(over='ignore'):
        return np.float32(array) if array is not None and array.dtype.kind == 'f' else result


def test_the_bank_holds_what_the_design_asks_for():
    assert len({page.number for page in PAGES}) == len(PAGES) == len(
        list(Path(exercises.__file__).parent.glob('*.py'))) - 1
    assert [page.number for page in PAGES] == list(range(1, len(PAGES) + 1)) and len(PAGES) >= 24
    assert [page.chapter for page in PAGES] == sorted(page.chapter for page in PAGES)
    assert sum(len(page.mistakes) for page in PAGES) >= 150


@every_page
def test_a_page_is_in_the_file_of_its_name(page):
    assert (Path(exercises.__file__).parent / f'{page.name}.py').is_file()


@every_page
def test_a_solution_is_short_and_its_text_fits_a_narrow_screen(page):
    body = [line for part in page.solution for line in source(part).splitlines() if line.strip()]
    assert len(body) <= 24
    assert max(map(len, (page.page + page.solved).splitlines())) <= 80
    ast.parse(page.page)
    assert '...' in page.page and len(page.hints) >= 2


@every_page
def test_a_solution_gives_the_numbers_of_the_package(page):
    if page.package:
        bank = bank_of(page, 0)
        assert all(bank.agreements(bank.expected, results(page.package, bank.cases)))


@every_page
def test_no_right_solution_is_refused(page):
    bank = bank_of(page, 0)
    assert not any(isinstance(result, Exception) for result in bank.expected)
    for right in page.right:
        assert all(bank.agreements(bank.expected, results(page.program(right), bank.cases)))
    assert len(page.right) >= 2
    assert all(bank.agreements(bank.expected, list(map(rounded, bank.expected))))


@every_page
@pytest.mark.parametrize('seed', SEEDS)
def test_every_mistake_is_recognised_as_itself_and_as_no_other(page, seed):
    bank = bank_of(page, seed)
    assert len(page.mistakes) >= 6
    for made in bank.forms:
        found = bank.run([made])
        assert found, f'the edits of this mistake do not fit the solution: {made.mistake.said}'
        assert not all(bank.agreements(bank.expected, found)), made.mistake.said
        for numbers in found, list(map(rounded, found)):
            match = bank.recognise(numbers)
            assert [[m.said for m in alternative] for alternative in match.mistakes] == [
                [made.mistake.said]]


@every_page
def test_what_a_mistake_does_to_a_training_shows(page):
    for mistake in page.mistakes:
        measured, bad, good = page.outcome(mistake)
        assert np.isfinite(float(good)) and bad != good, mistake.said


@every_page
def test_a_mistake_completes_the_sentence(page):
    for mistake in page.mistakes:
        assert re.match('[a-z]', mistake.said) and mistake.said[-1] not in '.,:'
