"""Is one optimizer better than another, or were its seeds lucky? Exact statistics of pairs.

Two optimizers that start from the same weights and see the same batches form a pair, one for each
seed. What counts is their difference in each pair, so that easy and hard seeds cancel out. Nothing
here is approximated or drawn at random, and infinity, the value of a diverged run, is a value.

Twenty seeds, in which b needs one to twenty steps more than a, and twenty in which it needs as
often more as fewer:

>>> more, mixed = np.arange(1, 21), np.array([-1, 1] * 10)
>>> found = compare({'more': more, 'mixed': mixed}, {'more': 2, 'mixed': 2})
>>> found['more']
Difference(median=10.5, low=6.0, high=15.0, p=3.814697265625e-06, word='better')
>>> found['mixed'].word, found['mixed'].p
('level', 1.0)
>>> verdict([found['more'].word] * 4), verdict(['better', 'worse', 'level', 'open'])
('true', 'false')
"""
from __future__ import annotations

import math
from typing import Hashable, Iterable, Mapping, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

Key = TypeVar('Key', bound=Hashable)


def quartiles(values: ArrayLike) -> np.ndarray:
    """Lower quartile, median and upper quartile over the last axis.

    values  (.., n); nan counts as infinity

    Returns (.., 3). Between two of the sorted values, it is interpolated linearly.
    """
    values = np.asarray(values, np.float64)
    values = np.sort(np.where(np.isnan(values), math.inf, values), axis=-1)
    place = np.array([0.25, 0.5, 0.75]) * (values.shape[-1] - 1)
    left = np.floor(place).astype(int)
    below, above, t = values[..., left], values[..., np.ceil(place).astype(int)], place - left
    with np.errstate(invalid='ignore'):
        return np.where(t == 0, below, (1 - t) * below + t * above)


def difference(a: ArrayLike, b: ArrayLike, ratio: bool = False) -> np.ndarray:
    """b - a, or the logarithm of b / a, for each seed; above 0 if b is larger.

    a, b   the results of two optimizers, (seeds,); those at the same place form a pair
    ratio  whether to compare by factors, for quantities such as steps and losses

    Returns (seeds,). Equal values differ by 0, also infinite ones.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    with np.errstate(invalid='ignore', divide='ignore'):
        return np.where(a == b, 0, np.log(b) - np.log(a) if ratio else b - a)


def signed_rank(differences: ArrayLike) -> float:
    """The exact two-sided p-value of Wilcoxon's signed-rank test.

    differences  one for each pair (n,); zeros are left out

    If both optimizers are equal, each difference could as well have had the other sign. The
    p-value is the share of all 2^n choices of signs that put as much weight as was seen, or more,
    on one side; the weight of a difference is its rank by size. Wilcoxon (1945), Biometrics 1(6).
    """
    differences = np.asarray(differences, np.float64)
    differences = differences[differences != 0]
    size = abs(differences)
    smaller, same = (size[:, None] > size).sum(axis=1), (size[:, None] == size).sum(axis=1)
    ranks = 2 * smaller + same + 1    # twice the rank, whole also where equal sizes share one
    ways = np.zeros(ranks.sum() + 1)
    ways[0] = 1
    for rank in ranks:    # ways[s]: choices of signs whose positive ranks add up to s
        ways[rank:] += ways[:-rank].copy()
    positive = ranks[differences > 0].sum()
    lesser = min(positive, ranks.sum() - positive)
    return min(1.0, 2 * float(ways[:lesser + 1].sum() / ways.sum()))


def interval(differences: ArrayLike, confidence: float = 0.95) -> tuple[float, float]:
    """An interval that holds the true median with at least this probability.

    differences  one for each pair (n,)
    confidence   the probability

    Returns two of the sorted differences, as far from both ends. Whatever their distribution, the
    number of differences below the median is that of heads in n throws of a coin. Of fewer than 6
    pairs, no interval can be sure of 0.95, and the whole line is returned.
    """
    ordered = np.sort(np.asarray(differences, np.float64))
    n = len(ordered)
    heads = np.cumsum([math.comb(n, k) for k in range(n)]) / 2**n
    left_out = int((heads <= (1 - confidence) / 2).sum())
    if not left_out:
        return -math.inf, math.inf
    return float(ordered[left_out - 1]), float(ordered[n - left_out])


def holm(p_values: ArrayLike) -> np.ndarray:
    """p-values corrected for their number, so that 5 % is the chance of any false alarm.

    p_values  those of a family of tests (m,)

    Returns (m,): the smallest is multiplied by m, the next by m - 1, and so on, and none becomes
    smaller than the one before it. Holm (1979), Scandinavian Journal of Statistics 6(2).
    """
    p_values = np.asarray(p_values, np.float64)
    order = np.argsort(p_values)
    corrected = np.empty_like(p_values)
    corrected[order] = np.maximum.accumulate(
        p_values[order] * np.arange(len(order), 0, -1)).clip(max=1)
    return corrected


class Difference(NamedTuple):
    """How b compares with a, where less is better.

    median     of the differences b - a
    low, high  the interval of 95 % for it
    p          the p-value, corrected for the family
    word       'better' if a is shown to be better than b by the margin, 'worse' if b is; 'level'
               if the interval lies within the margin on both sides; 'open' if nothing is shown
    """
    median: float
    low: float
    high: float
    p: float
    word: str


def compare(family: Mapping[Key, ArrayLike], margins: Mapping[Key, float]
            ) -> dict[Key, Difference]:
    """Test a family of comparisons together.

    family   {comparison: differences b - a, one for each pair}
    margins  {comparison: the least median difference that matters}

    Returns {comparison: Difference}.
    """
    corrected = holm([signed_rank(differences) for differences in family.values()])
    found = {}
    for (key, differences), p in zip(family.items(), corrected):
        median = float(quartiles(differences)[1])
        (low, high), margin = interval(differences), margins[key]
        word = ('better' if p < 0.05 and median >= margin else
                'worse' if p < 0.05 and median <= -margin else
                'level' if -margin < low and high < margin else 'open')
        found[key] = Difference(median, low, high, float(p), word)
    return found


def verdict(words: Iterable[str]) -> str:
    """What the comparisons of a claim, "a is better than b", say about it.

    words  'better', 'worse', 'level' or 'open' for each comparison

    Returns 'true' if four fifths are better and none is worse; else 'partly true' if more are
    better than worse; 'not shown' if nothing is better or worse and less than half is level; and
    'false' in all other cases.
    """
    words = list(words)
    better, worse = words.count('better'), words.count('worse')
    if better >= 0.8 * len(words) and not worse:
        return 'true'
    if better > worse:
        return 'partly true'
    if not worse and words.count('level') < len(words) / 2:
        return 'not shown'
    return 'false'
