"""Which known mistakes give these numbers: the bank of an exercise is asked.

One mistake that gives all of them is the answer, or the several that do. Otherwise two at once may
give them: two edits of the solution, or one mistake in each part of the result. Otherwise one
mistake may explain most of the inputs that fail.
"""
from __future__ import annotations

from itertools import combinations
from typing import Any, Iterable, Iterator, NamedTuple, Sequence

import numpy as np

from .comparing import as_array, leaves, precision, same
from .exercise import Exercise, Made, Mistake, results

MOST = 0.6          # the share of failing inputs that one mistake has to explain; two at least
ALTERNATIVES = 2    # that a pair of mistakes may have


class Match(NamedTuple):
    """Mistakes that give the numbers.

    mistakes   alternatives; of each, the mistakes that were made at once
    explained  the number of failing inputs they explain
    failing    the number of failing inputs
    """
    mistakes: list[tuple[Mistake, ...]]
    explained: int
    failing: int


class Bank:
    """The mistakes of an exercise on some inputs.

    exercise  whose mistakes they are
    cases     the inputs
    expected  the right results
    """

    def __init__(self, exercise: Exercise, cases: Sequence[tuple], expected: Sequence[Any]):
        self.exercise, self.cases, self.expected = exercise, cases, expected
        self.forms = [Made(mistake, form) for mistake in exercise.mistakes
                      for form in mistake.forms]
        self.results: dict[tuple[int, int], Any] = {}

    def run(self, made: Sequence[Made]) -> list[Any]:
        """What a program with these mistakes gives; [] if they do not go together."""
        program = self.exercise.program_of(made)
        return results(program, self.cases) if program else []

    def result(self, form: int, i: int) -> Any:
        """What a mistake in one of its forms gives for one input; it is computed when asked for."""
        if (form, i) not in self.results:
            program = self.exercise.program_of([self.forms[form]])
            self.results[form, i] = results(program, self.cases[i:i + 1])[0] if program else None
        return self.results[form, i]

    def numbers(self) -> Iterator[tuple[Mistake, list[Any]]]:
        """What each mistake gives, in each of its forms."""
        for form, made in enumerate(self.forms):
            yield made.mistake, [self.result(form, i) for i in range(len(self.cases))]

    def agreements(self, wanted: Sequence[Any], found: Sequence[Any]) -> list[bool]:
        """For each input, whether two results are the same."""
        return [same(a, b, precision(case)) for a, b, case in zip(wanted, found, self.cases)]

    def recognise(self, found: Sequence[Any]) -> Match | None:
        """Find the mistakes that give these results, of which some are wrong.

        found  a result for each input
        """
        failing = [not agreed for agreed in self.agreements(self.expected, found)]
        first = failing.index(True)
        order = [first, *(i for i in range(len(found)) if i != first)]
        alternatives = self.alone(found, order)
        if not alternatives and self.is_comparable(found, first):
            alternatives = self.pairs(found, order) or self.by_parts(found)
        if alternatives:
            return Match(alternatives, sum(failing), sum(failing))
        return self.partly(found, failing) if self.is_comparable(found, first) else None

    def alone(self, found: Sequence[Any], order: Sequence[int]) -> list[tuple[Mistake, ...]]:
        """The mistakes that give these results.

        found  a result for each input
        order  in which they are compared; the first is wrong
        """
        return unique((made.mistake,) for form, made in enumerate(self.forms)
                      if all(self.is_same(self.result(form, i), found, i) for i in order))

    def pairs(self, found: Sequence[Any], order: Sequence[int]) -> list[tuple[Mistake, ...]]:
        """The pairs of mistakes that, made at once, give these results; [] if there are many.

        found  a result for each input
        order  in which they are compared; the first is wrong
        """
        pairs = []
        for made in combinations(self.forms, 2):
            program = self.exercise.program_of(made)
            if program and all(self.is_same(results(program, self.cases[i:i + 1])[0], found, i)
                               for i in order):
                pairs.append(tuple(mistake for mistake, _ in made))
        return unique(pairs) if len(unique(pairs)) <= ALTERNATIVES else []

    def is_same(self, result: Any, found: Sequence[Any], i: int) -> bool:
        """Whether what was found for input i is this result."""
        return same(result, found[i], precision(self.cases[i]))

    def is_comparable(self, found: Sequence[Any], first: int) -> bool:
        """Whether results have the right shape, and are not 0 or nan everywhere.

        found  a result for each input
        first  an input whose result is wrong
        """
        return not all(map(is_trivial, found)) and all(
            leaf.found is not None for leaf in leaves(self.expected[first], found[first]))

    def by_parts(self, found: Sequence[Any]) -> list[tuple[Mistake, ...]]:
        """For each wrong part of the result a mistake that gives it, if there is one for each."""
        parts = len(self.exercise.returns)
        if parts < 2 or any(not isinstance(x, (tuple, list)) or len(x) != parts for x in found):
            return []
        made: list[Mistake] = []
        for i in range(parts):
            if not self.agree_in(i, self.expected, found):
                causes = [mistake for mistake, numbers in self.numbers()
                          if self.agree_in(i, numbers, found)]
                if not causes:
                    return []
                made += causes[:1]
        return [tuple(unique(made))]

    def agree_in(self, i: int, wanted: Sequence[Any], found: Sequence[Any]) -> bool:
        """Whether two lists of results agree in part i of each."""
        return all(isinstance(a, (tuple, list)) and len(a) == len(b)
                   and same(a[i], b[i], precision(case))
                   for a, b, case in zip(wanted, found, self.cases))

    def partly(self, found: Sequence[Any], failing: Sequence[bool]) -> Match | None:
        """The mistakes that explain most of the wrong results, if they explain enough.

        found    a result for each input
        failing  whether it is wrong
        """
        explained = [(mistake, sum(agreed and wrong for agreed, wrong in zip(
            self.agreements(numbers, found), failing))) for mistake, numbers in self.numbers()]
        most = max((n for _, n in explained), default=0)
        if most < max(2, MOST * sum(failing)):
            return None
        return Match(unique((mistake,) for mistake, n in explained if n == most), most,
                     sum(failing))


def is_trivial(result: Any) -> bool:
    """Whether a result is 0 or nan everywhere, which which many mistakes give."""
    if isinstance(result, (tuple, list)):
        return all(map(is_trivial, result))
    array = as_array(result)
    return array is not None and array.dtype.kind in 'fiub' and not np.nan_to_num(array).any()


def unique(items: Iterable[Any]) -> list[Any]:
    """The items without repetition, in their order."""
    return list(dict.fromkeys(items))
