"""Statistics of pairs: exact, corrected for their number, and blind to nothing but chance."""
import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from tinygrad_adam.teach.statistics import (
    compare, difference, holm, interval, quartiles, signed_rank, verdict)

RUNS = json.loads(Path(__file__).with_name('fixtures').joinpath('claims_aa.json').read_text())


def draws(seed=0):
    return np.random.Generator(np.random.PCG64(seed))


def test_quartiles_are_interpolated_and_nan_is_infinite():
    values = draws().standard_normal((4, 7))
    assert np.allclose(quartiles(values), np.quantile(values, [0.25, 0.5, 0.75], axis=1).T)
    assert quartiles([1, 2, 3, np.nan]).tolist() == [1.75, 2.5, np.inf]
    assert quartiles([np.inf] * 3).tolist() == [np.inf] * 3


def by_counting(differences):
    """The p-value from the definition: all choices of signs."""
    size = np.abs(differences)
    ranks = [(size < s).sum() + ((size == s).sum() + 1) / 2 for s in size]
    sums = [sum(r for r, up in zip(ranks, signs) if up)
            for signs in itertools.product([0, 1], repeat=len(ranks))]
    seen = sum(r for r, d in zip(ranks, differences) if d > 0)
    middle = sum(ranks) / 2
    return np.mean([abs(s - middle) >= abs(seen - middle) for s in sums])


@pytest.mark.parametrize('differences', [
    [1, 2, 3, 4, 5], [1, -2, 3, 4, -5, 6.5], [1, 1, -1, 2, 2, 2, -3], [np.inf, np.inf, 1, -2]])
def test_the_signed_rank_test_counts_all_choices_of_signs(differences):
    assert signed_rank(differences) == pytest.approx(by_counting(np.array(differences)))


def test_equal_pairs_say_nothing():
    assert signed_rank([0, 0, 0]) == signed_rank([]) == 1
    assert signed_rank([0, 0, 1, 2, 3, 4, 5]) == signed_rank([1, 2, 3, 4, 5])
    assert difference([1, np.inf, np.inf], [1, np.inf, 1], ratio=True).tolist() == [0, 0, -np.inf]


@pytest.mark.parametrize('n, least', [(20, 0.958), (7, 0.984)])
def test_an_interval_holds_the_true_median_as_often_as_it_says(n, least):
    samples = draws().exponential(size=(4000, n)) - np.log(2)     # median 0, and far from normal
    held = [low <= 0 <= high for low, high in map(interval, samples)]
    assert np.mean(held) == pytest.approx(least, abs=0.01)


def test_too_few_pairs_have_no_interval():
    assert interval([1, 2, 3, 4, 5]) == (-np.inf, np.inf) != interval([1, 2, 3, 4, 5, 6])


def test_holm_multiplies_the_smallest_by_the_number_of_tests():
    assert holm([0.01, 0.04, 0.03, 0.2]).tolist() == pytest.approx([0.04, 0.09, 0.09, 0.2])
    assert holm([0.9, 0.8]).tolist() == [1, 1]


def test_a_difference_has_to_be_shown_and_to_matter():
    up = np.linspace(1, 2, 20)
    words = {'better': up, 'worse': -up, 'level': 0.1 * up, 'open': up * np.array([3, -1] * 10)}
    found = compare(words, dict.fromkeys(words, 1))
    assert {name: d.word for name, d in found.items()} == {name: name for name in words}
    assert found['better'].median == pytest.approx(1.5)


def test_a_family_is_corrected_together():
    weak = np.array([5, 4, 3, 2, -1, 6, 7])
    alone = compare({0: weak}, {0: 1})[0]
    among = compare(dict.fromkeys(range(10), weak), dict.fromkeys(range(10), 1))[0]
    assert alone.p < 0.05 < among.p == pytest.approx(10 * alone.p)
    assert (alone.word, among.word) == ('better', 'open')


@pytest.mark.parametrize('better, worse, level, open, word', [
    (4, 0, 1, 0, 'true'), (4, 1, 0, 0, 'partly true'), (3, 0, 0, 2, 'partly true'),
    (2, 2, 0, 1, 'false'), (0, 1, 0, 4, 'false'), (0, 0, 3, 2, 'false'), (0, 0, 2, 3, 'not shown'),
    (0, 0, 0, 5, 'not shown')])
def test_a_verdict_counts_the_words(better, worse, level, open, word):
    assert verdict(['better'] * better + ['worse'] * worse + ['level'] * level
                   + ['open'] * open) == word


# A/A: 240 stored runs of one optimizer, Adam on the digits MLP, are compared with each other.

def families(count=120, size=30, seeds=20):
    """Families of comparisons of equal optimizers: pairs of runs drawn from the stored ones."""
    draw = draws()
    for _ in range(count):
        family = {}
        for k in range(size):
            runs = np.array(list(RUNS.values())[k % len(RUNS)])
            a, b = draw.permutation(runs)[:2 * seeds].reshape(2, seeds)
            family[k] = a, b
        yield family


def test_equal_optimizers_are_called_different_in_at_most_one_family_of_twenty():
    alarms, single = [], []
    for family in families():
        found = {k: difference(a, b, ratio=True) for k, (a, b) in family.items()}
        alarms.append(any(d.p < 0.05 for d in compare(found, dict.fromkeys(found, 0)).values()))
        single += [signed_rank(d) < 0.05 for d in found.values()]
    assert np.mean(alarms) <= 0.05 and np.mean(single) <= 0.055


def test_the_rule_that_this_one_replaced_called_more_of_them_different():
    def apart(a, b):    # middle three of seven runs below the middle three of the others
        return np.sort(a)[4] < np.sort(b)[2]

    different = [apart(a, b) or apart(b, a) for family in families(100, seeds=7)
                 for a, b in family.values()]
    assert np.mean(different) > 0.2


def test_a_real_difference_of_ten_percent_is_found():
    runs = np.array(RUNS['loss at step 100'])
    family = {k: difference(runs[20 * k:20 * k + 20], 1.15 * runs[20 * k + 120:20 * k + 140], True)
              for k in range(6)}
    assert {d.word for d in compare(family, dict.fromkeys(family, 0.01)).values()} == {'better'}
