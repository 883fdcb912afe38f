"""What chapters share: the question, the check of an answer, and the saving of the figure.

A chapter is a script in cells with one idea, one figure and one question, about a case close to the
one that the figure shows:

    import chapter

    page = chapter.Page(
        '05_descent',
        'On a bowl every direction shrinks at its own rate; the steepest one sets the limit.',
        question='The steep direction has curvature 40. Which learning rate is the largest that '
                 'does not diverge?',
        answer='0.05',                          # words or numbers, separated by spaces
        hint='what must 1 - lr * 40 lie between?',
        reason='The factor 1 - lr * 40 has to stay above -1, so lr must stay below 2 / 40.')

    steep = 40 if page.reveal else 25           # with --reveal, the figure is of the asked case
    figure, axes = plot.subplots(1, 2, size=(9, 4), window=page.show)
    ...                                         # also: page.seed, page.quick, page.out
    page.finish(figure)                         # asks the question and saves the figure

Without options it prints the idea, whatever the chapter prints, the question, and the path of the
figure. `--answer 0.05` prints `correct` or `not yet: HINT` and ends (exit status 0 or 1) before
anything is computed; in a notebook, which has no options, `page.check('0.05')` prints the same.
`--reveal` prints `answer: 0.05` and the reason in place of the question.

A number is right within 1 %, and may be written 2/40 or 131,071.
"""
from __future__ import annotations

import argparse
import re
import textwrap
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Callable

import common

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Page(argparse.Namespace):
    """The options of a chapter (seed, out, show, quick, reveal), its question and its figure.

    name      the name of the chapter and of its figure, such as '05_descent'
    idea      the sentence that the chapter prints first
    question  the question
    answer    its answer: words or numbers, separated by spaces
    hint      what a wrong answer is told
    reason    why the answer is right
    within    the factor by which a number may differ from that of the answer, either way
    accepts   a function of the list of words given that replaces the comparison with `answer`
    """

    def __init__(self, name: str, idea: str, *, question: str, answer: str, hint: str, reason: str,
                 within: float = 1.01, accepts: Callable[[list[str]], bool] | None = None):
        self.name, self.question, self.answer, self.hint = name, question, answer, hint
        self.reason, self.within, self.accepts = reason, within, accepts or self.is_near
        options = common.parser(idea)
        options.add_argument('--answer', nargs='+', action=Check, page=self, metavar='X',
                             default=argparse.SUPPRESS, help='is this the answer?')
        options.add_argument('--reveal', action='store_true',
                             help='the answer, why, and a figure of the asked case')
        super().__init__(**vars(common.parse(options)))

    def is_near(self, given: list[str]) -> bool:
        """Whether an answer is right: its words are equal, its numbers differ by little.

        given  the words of the answer
        """
        wanted = self.answer.split()
        return len(given) == len(wanted) and all(map(self.is_same, given, wanted))

    def is_same(self, word: str, wanted: str) -> bool:
        """Whether two words are equal, or are numbers within the factor `within`.

        word    one given
        wanted  the one of the answer
        """
        try:
            x, y = Fraction(word), Fraction(wanted)
        except (ValueError, ZeroDivisionError):
            return word.lower() == wanted.lower()
        return x == y or x * y > 0 and max(x / y, y / x) <= self.within

    def check(self, answer: str) -> bool:
        """Print whether an answer is right, or else a hint, and return whether it is.

        answer  words or numbers, separated by spaces or commas
        """
        thousands = re.sub(r'(?<=\d),(?=\d{3}(?!\d))', '', answer)     # 131,071: one number or two
        right = any(self.accepts(text.replace(',', ' ').split()) for text in (answer, thousands))
        print('correct' if right else f'not yet: {self.hint}')
        return right

    def finish(self, figure: Figure) -> None:
        """Ask the question, or with --reveal answer it, and save the figure.

        figure  the figure of the chapter
        """
        if self.reveal:
            lines = f'answer: {self.answer}', self.reason
        else:
            blanks = ' '.join('X' for _ in self.answer.split())
            how = (f"page.check('{blanks}'); page.reason" if common.in_notebook() else
                   f'--answer {blanks}; --reveal')
            lines = f'question: {self.question}', f'Check with {how} says why.'
        for line in lines:
            print(textwrap.fill(line, 100))
        common.finish(figure, self, f'{self.name}_asked' if self.reveal else self.name)


class Check(argparse.Action):
    """Prints whether the answer is right, and ends the program, as --help does.

    names    of the option
    page     the Page that knows the answer
    options  others of argparse.Action
    """

    def __init__(self, *names: Any, page: Page, **options: Any):
        super().__init__(*names, **options)
        self.page = page

    def __call__(self, parser, namespace, values, option=None):
        """Judge the words of the answer, `values`; argparse passes the other arguments."""
        parser.exit(not self.page.check(' '.join(values)))
