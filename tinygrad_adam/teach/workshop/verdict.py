"""What the learner is told about a file, from what it did and what the bank says."""
from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Sequence

import numpy as np

from .comparing import Leaf, Raised, as_array, precision, same
from .exercise import Exercise, Mistake, results
from .observation import Failure, about_shape, first_wrong, observe, wrong_leaves
from .recognition import Bank, Match
from .running import SECONDS, Unknown, clean, run

WIDTH = 76                 # of numbers that are shown
WHICH = 'the first alone', 'the second alone'


@dataclass
class Verdict:
    """The judgement of a file.

    number    of the exercise
    name      of the exercise
    right     whether it is solved
    kind      'right', 'empty', 'mistake', 'unknown', 'shape', 'type', 'state', 'changed', 'nan',
              'error', 'syntax', 'missing', 'package', 'refused', 'memory', 'time' or 'exit'
    mistakes  what has these numbers: alternatives, each a list of mistakes made at once
    line      the learner's line that it is about; None if there is none
    said      paragraphs, the first of which says the most
    seed      of the inputs: the same file and seed have the same verdict
    """
    number: int
    name: str
    right: bool
    kind: str
    said: list[str]
    line: int | None = None
    mistakes: list[list[str]] = field(default_factory=list)
    seed: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def check(exercise: Exercise, text: bytes, seed: int, seconds: float = SECONDS) -> Verdict:
    """Judge a learner's file.

    exercise  which it answers
    text      the file
    seed      of the inputs, which depend on the file, too: numbers cannot be fitted to a seed
    seconds   how long it may run
    """
    return empty(exercise, text, seed) or Judge(exercise, text, seed, seconds).verdict()


def empty(exercise: Exercise, text: bytes, seed: int) -> Verdict | None:
    """The verdict of a file in which a function still has nothing but its dots."""
    words = '\n'.join(line.rstrip() for line in text.decode('utf-8', 'replace').splitlines())
    for name, hole in exercise.holes.items():
        if hole in words:
            line = (words[:words.index(hole)] + hole).count('\n') + 1
            said = (f'Nothing stands yet where the dots are, in line {line}. Write the body of '
                    f'`{name}` there; `hint {exercise.number}` helps.')
            return Verdict(exercise.number, exercise.name, False, 'empty', [said], line, seed=seed)
    return None


class Judge:
    """Runs a file, and finds the verdict.

    exercise  which is answered
    text      the learner's file
    seed      of the inputs
    seconds   how long the file may run
    """

    def __init__(self, exercise: Exercise, text: bytes, seed: int, seconds: float):
        self.exercise, self.text, self.seed = exercise, text, seed
        digest = int.from_bytes(hashlib.sha256(text).digest()[:8], 'little')
        self.cases = list(exercise.inputs(np.random.default_rng([seed, digest])))
        self.expected = results(exercise.program(exercise.solution), self.cases)
        self.bank = Bank(exercise, self.cases, self.expected)
        # The first input comes again at the end: is nothing kept from call to call?
        self.ran = run(exercise, text, [*self.cases, self.cases[0]], seconds)
        self.found = self.ran.results[:len(self.cases)]
        self.again = self.ran.results[len(self.cases):]
        self.call = f'{exercise.name}({", ".join(exercise.arguments)})'

    def verdict(self) -> Verdict:
        """What is to be told first decides."""
        return (self.not_run() or self.nothing_returned() or self.wrong() or self.impure()
                or self.solved())

    def tell(self, kind: str, *said: str, line: int | None = None) -> Verdict:
        """A verdict about a line."""
        return Verdict(self.exercise.number, self.exercise.name, False, kind,
                       [*filter(None, said)], line, seed=self.seed)

    def at(self, line: int | None) -> str:
        """A line of the learner's, to be put into a sentence."""
        if line is None:
            return ''
        lines = self.text.decode('utf-8', 'replace').splitlines()
        words = clean(lines[line - 1].strip()) if 0 < line <= len(lines) else ''
        return f'line {line}, `{words[:60]}`' if words else f'line {line}'

    # It did not run to its end.

    def not_run(self) -> Verdict | None:
        ran = self.ran
        if ran.loading:
            return self.error(ran.loading, 'when the file is loaded')
        if ran.missing:
            return self.missing()
        if ran.ended == 'time':
            return self.tell('time', f'It does not come to an end: when its time was over it was '
                             f'in {self.at(ran.line) or "your code"}. Is there a loop whose '
                             'condition never changes?', self.input_shown(len(ran.results)),
                             line=ran.line)
        if ran.ended:
            return self.tell('exit', 'The process in which it runs ended before your function '
                             'returned. Look for exit() and os._exit(), and leave them out: a '
                             'function ends by return.', self.input_shown(len(ran.results)))
        return None

    def missing(self) -> Verdict:
        wanted = ' and '.join(f'`{name}`' for name in self.ran.missing)
        here = ', '.join(f'`{name}`' for name in self.ran.here)
        return self.tell('missing', f'The file has no {wanted}. '
                         + (f'It has {here}: names must be those of the exercise, to the letter.'
                            if here else f'`reset {self.exercise.number}` gives you the exercise '
                            'as it was, and keeps your file.'))

    def error(self, error: Raised, when: str, i: int | None = None) -> Verdict:
        """What is said about an exception."""
        where = self.at(error.line)
        if error.name in ('SyntaxError', 'IndentationError', 'TabError'):
            return self.tell('syntax', f'Python cannot read {where or "the file"}: {error.text}. '
                             'Look also at the end of the line before it.', line=error.line)
        if error.name in ('RefusedError', 'RefusedImportError'):
            return self.refused(error, where)
        if error.name == 'MemoryError':
            return self.tell('memory', f'It needs more memory than there is for an exercise, in '
                             f'{where or "your code"}. {error.text}', self.input_shown(i),
                             line=error.line)
        if error.name == 'SystemExit':
            return self.tell('exit', f'It ends the program, in {where or "your code"}. Leave this '
                             'out: a function ends by return.', line=error.line)
        if error.line is None and re.search('positional|keyword argument', error.text):
            return self.tell('error', f'It cannot be called as {self.call}: {error.text}. Leave '
                             'the first line of the function as it was given.')
        if i is not None and error.line is None:
            return self.tell('type', f'What it returns cannot be used: {error.name}: {error.text}.'
                             + self.returned(i), self.input_shown(i), line=self.ran.lines[i])
        place = f'In {where}, {when}' if where else when[0].upper() + when[1:]
        return self.tell('error', f'{place}: {error.name}: {error.text}'.rstrip(': '),
                         self.input_shown(i), line=error.line)

    def refused(self, error: Raised, where: str) -> Verdict:
        where = f'{where[0].upper()}{where[1:]}' if where else 'Your code'
        if error.name == 'RefusedImportError' and error.text[0] != '_':
            whose = 'this package' if error.text == 'tinygrad_adam' else error.text
            return self.tell('package', f'{where} uses {whose}. A call of it would answer the '
                             'exercise, which is to write that yourself. Use NumPy, or Python '
                             'alone.', line=error.line)
        return self.tell('refused', f'{where} does what an exercise needs not: {error.text}. An '
                         'exercise takes its arguments and returns its result; files and other '
                         'processes are closed to it.', line=error.line)

    # It returned something.

    def nothing_returned(self) -> Verdict | None:
        if any(result is not None for result in self.found):
            return None
        return self.tell('type', f'`{self.exercise.name}` returns None: end it with return and the '
                         f'result.{self.returned(0)}', line=self.ran.lines[0])

    def returned(self, i: int) -> str:
        where = self.at(self.ran.lines[i])
        return f' It ended in {where}.' if where else ''

    def wrong(self) -> Verdict | None:
        """Wrong numbers: asks the bank, then looks at them."""
        cases = self.cases[:len(self.found)]
        agreed = [same(a, b, precision(case))
                  for a, b, case in zip(self.expected, self.found, cases)]
        if all(agreed) and len(self.found) == len(self.cases):
            return None
        first = agreed.index(False) if False in agreed else len(self.found) - 1
        if self.again and show(self.found[0]) != show(self.again[0]):
            return self.state()
        match = self.bank.recognise(self.found) if len(self.found) == len(self.cases) else None
        if match and match.explained == match.failing:
            return self.known(match, first)
        errors = [i for i, result in enumerate(self.found) if isinstance(result, Raised)]
        if errors:
            return self.error(self.found[errors[0]], 'it stops', errors[0])
        return self.known(match, first) if match else self.unknown(first)

    def state(self) -> Verdict:
        return self.tell('state', f'Called twice with the same input, `{self.exercise.name}` '
                         'returns two different results: something is kept from call to call, in '
                         'a global variable or a default argument that is changed, or drawn at '
                         'random. Let each call begin anew.', self.input_shown(0)
                         + '\nthe first call returns\n' + indented(show(self.found[0]))
                         + '\nand the last\n' + indented(show(self.again[0])))

    def known(self, match: Match, first: int) -> Verdict:
        alternatives = [' and, at the same time, of '.join(mistake.said for mistake in made)
                        for made in match.mistakes]
        whole = match.explained == match.failing
        said = (f'These are the numbers of {", or of ".join(alternatives)}.' if whole else
                f'For {match.explained} of the {match.failing} inputs that fail, these are the '
                f'numbers of {", or of ".join(alternatives)}. For the others something else is '
                'wrong, too.')
        mistakes = list(dict.fromkeys(mistake for made in match.mistakes for mistake in made))
        effects = map(self.effect, mistakes[:2], WHICH if len(mistakes) > 1 else ['it'])
        verdict = self.tell('mistake', said, *effects, self.nan_line(),
                            self.read_on(mistakes), '' if whole else self.difference(first),
                            line=self.ran.lines[first])
        verdict.mistakes = [[mistake.said for mistake in made] for made in match.mistakes]
        return verdict

    def effect(self, mistake: Mistake, which: str) -> str:
        """What a mistake does to a training, measured now."""
        measured, bad, good = self.exercise.outcome(mistake)
        comma = ',' if ',' in measured else ''      # what began with a comma ends with one
        return f'Measured: {measured}{comma} is {bad} with {which}, and {good} without.'

    def read_on(self, mistakes: Sequence[Mistake]) -> str:
        places = list(dict.fromkeys(mistake.read for mistake in mistakes if mistake.read))
        chapter = self.exercise.chapter
        return 'Read on: ' + '; '.join(
            [*places, f'chapter {chapter}, python -m tinygrad_adam {chapter}.'])

    def nan_line(self) -> str:
        return (f'The first nan comes from {self.at(self.ran.nan[1])}.'
                if self.ran.nan and self.ran.nan[1] else '')

    def unknown(self, first: int) -> Verdict:
        leaf = wrong_leaves(self.expected[first], self.found[first], self.cases[first],
                            self.exercise.returns)[0]
        line = self.ran.lines[first]
        if leaf.found is None:
            return self.misshapen(leaf, first, line)
        if self.ran.nan and not has_nan(self.expected[self.ran.nan[0]]):
            i = self.ran.nan[0]
            return self.tell('nan', 'It gives nan, where the numbers are finite. '
                             + self.nan_line(), self.difference(i), line=self.ran.nan[1])
        seen = observe(self.exercise, self.cases, self.expected, self.found)
        return self.tell('unknown', 'Not yet, and it is none of the mistakes that are known here.',
                         ' '.join(seen), self.difference(first), line=line)

    def misshapen(self, leaf: Leaf, first: int, line: int | None) -> Verdict:
        is_result = leaf.name == 'result'
        subject = (f'`{self.exercise.name}` returns' if is_result
                   else f'As its {leaf.name} it returns')
        array = as_array(leaf.other)
        numeric = array is not None and array.dtype.kind in 'fiub'
        advice = about_shape(leaf) if numeric else ''
        return self.tell(
            'shape' if numeric else 'type',
            f'{subject} {describe(leaf.other)}; it should be {self.wanted(leaf)}. '
            + (f'{advice}. ' if advice else '')
            + (f'It was returned in {self.at(line)}.' if line else ''),
            self.difference(first), line=line)

    def wanted(self, leaf: Leaf) -> str:
        if leaf.expected.dtype == object:
            names = f' ({", ".join(self.exercise.returns)})' if self.exercise.returns else ''
            return f'{len(leaf.expected)} values{names if leaf.name == "result" else ""}'
        if isinstance(leaf.other, list) and leaf.expected.ndim == 1:
            return f'a list of {len(leaf.expected)} numbers'
        return describe(leaf.expected)

    # What is shown of an input.

    def input_shown(self, i: int | None) -> str:
        """The arguments of an input, one a line."""
        if i is None or i >= len(self.cases):
            return ''
        return 'For the input\n' + arguments(self.exercise, self.cases[i])

    def difference(self, i: int) -> str:
        """An input, what is right and what was found, and the first element that differs."""
        shown = [f'For the input\n{arguments(self.exercise, self.cases[i])}',
                 f'the result should be\n{indented(show(self.expected[i]))}',
                 f'and is\n{indented(show(self.found[i]))}']
        for leaf in wrong_leaves(self.expected[i], self.found[i], self.cases[i],
                                 self.exercise.returns)[:1]:
            if leaf.found is not None and leaf.expected.size > 1:
                index = first_wrong(Failure(self.cases[i], leaf, precision(self.cases[i])))
                where = (f'at step {index[0] + 1}' if self.exercise.steps
                         else f'at index {list(index)}')
                whose = '' if leaf.name == 'result' else f' of {leaf.name}'
                shown.append(f'The first number{whose} that differs is {where}: '
                             f'{show(leaf.found[index])} and not {show(leaf.expected[index])}.')
        return '\n'.join(shown)

    # The numbers are right.

    def impure(self) -> Verdict | None:
        if self.again and not same(self.expected[0], self.again[0], precision(self.cases[0])):
            return self.state()
        if self.ran.changed:
            name, line = self.ran.changed
            where = self.at(line) or 'your code'
            return self.tell('changed', f'The numbers are right, but {where} changes {name}, an '
                             f'array of whoever calls `{self.exercise.name}`, who finds other '
                             f'numbers in it afterwards. Change a copy, {name} = {name}.copy(), or '
                             f'write {name} = {name} - ... in place of {name} -= ....', line=line)
        return None

    def solved(self) -> Verdict:
        verdict = self.tell('right', 'Right: the numbers are those of this package, on '
                            f'{len(self.cases)} inputs.', *self.remarks())
        verdict.right = True
        return verdict

    def remarks(self) -> list[str]:
        """What does not make a solution wrong."""
        said = []
        if self.ran.view:
            said.append(f'Remark: {self.at(self.ran.view[0]) or "it"} returns an input array, or a '
                        'view of one: to change the result is to change the input.')
        if self.ran.printed:
            text, line = self.ran.printed
            shown = text.strip().splitlines()[:3]
            said.append(f'Remark: {self.at(line) or "it"} prints, which nobody reads here:\n'
                        + '\n'.join(f'    {words[:WIDTH - 4]}' for words in shown))
        kinds = {self.unasked(i) for i in range(len(self.cases))} - {''}
        said += [f'Remark: {kind}' for kind in sorted(kinds)]
        return said

    def unasked(self, i: int) -> str:
        """What is unasked for in the type of a result; '' if nothing is."""
        line = self.at(self.ran.lines[i])
        where = f' ({line})' if line else ''
        for leaf in wrong_types(self.expected[i], self.found[i]):
            if leaf == 'list':
                return f'it returns a list where an array was asked for{where}.'
            if leaf == 'float64' and precision(self.cases[i]) == 'float32':
                return (f'for float32 inputs it returns float64{where}, with which all that is '
                        'computed from it takes twice the memory.')
        return ''


def wrong_types(expected: Any, found: Any) -> list[str]:
    """'list' and 'float64', for parts of a result where an array or float32 was asked for."""
    if isinstance(expected, np.ndarray) and isinstance(found, (list, tuple)):
        return ['list']
    if isinstance(expected, (tuple, list)) and isinstance(found, (tuple, list)):
        return [kind for a, b in zip(expected, found) for kind in wrong_types(a, b)]
    wide = getattr(found, 'dtype', None) == np.float64 and isinstance(found, np.ndarray)
    return ['float64'] if wide and getattr(expected, 'dtype', None) == np.float32 else []


def has_nan(result: Any) -> bool:
    """Whether a result has a nan anywhere."""
    if isinstance(result, (tuple, list)):
        return any(map(has_nan, result))
    array = as_array(result)
    return array is not None and array.dtype.kind == 'f' and bool(np.isnan(array).any())


def describe(value: Any) -> str:
    """What a value is: its type, with its shape or length."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f'an array of shape {value.shape}'
    if isinstance(value, (tuple, list)):
        return f'a {type(value).__name__} of {len(value)}'
    if isinstance(value, (bool, int, float, np.generic, np.ndarray)):
        return 'a number'
    if isinstance(value, Unknown):
        return value.said if value.said.startswith('an ') else f'a value of type {value.said}'
    return 'None' if value is None else f'a value of type {type(value).__name__}'


def arguments(exercise: Exercise, case: tuple) -> str:
    """The arguments of an input; short ones share a line."""
    rows = ['']
    for name, value in zip(exercise.arguments, case):
        first, *others = show(value, len(name) + 7).split('\n')
        words = f'{name} = {first}'
        if rows[-1] and not others and len(rows[-1]) + len(words) < WIDTH:
            rows[-1] += f', {words}'
        else:
            rows += [f'    {words}', *(' ' * (len(name) + 7) + line for line in others)]
            rows += [''] if others else []
    rows = [row for row in rows if row]
    return '\n'.join(rows[:12] + (['    ...'] if len(rows) > 12 else []))


def indented(text: str) -> str:
    lines = text.split('\n')
    return '\n'.join('    ' + line for line in lines[:8] + (['...'] if len(lines) > 8 else []))


def show(value: Any, indent: int = 4) -> str:
    """A value in few digits, as one would write it."""
    if isinstance(value, np.ndarray):
        text = np.array2string(value, max_line_width=WIDTH - indent, precision=5, threshold=60,
                               separator=', ')
        one_line = ' '.join(text.split())
        return one_line if len(one_line) + indent < WIDTH else text
    if isinstance(value, (bool, str)) or value is None:
        return repr(value)
    if isinstance(value, (float, np.floating)):
        return f'{float(value):.6g}'
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (tuple, list)):
        parts = [show(part, indent + 1) for part in value]
        one = ', '.join(parts)
        if len(one) + indent < WIDTH and '\n' not in one:
            return f'[{one}]' if isinstance(value, list) else f'({one})'
        return '\n'.join(parts)
    if isinstance(value, Unknown):
        return describe(value)
    if isinstance(value, Raised):
        return f'{value.name}: {value.text}'.rstrip(': ')
    return getattr(value, '__name__', None) or ' '.join(str(value).split())[:WIDTH]
