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

Without options it prints the idea, the text of the chapter page by page (each page is a markdown
cell; the file has the code between them), whatever the chapter prints, the question, and the path
of the figure. `--brief` leaves the text out. `--answer 0.05` prints `correct` or `not yet: HINT`
and ends (exit status 0 or 1) before anything is computed. `--reveal` prints `answer: 0.05` and the
reason in place of text and question.

In a notebook, which has no options and shows the text itself, `page.check('0.05')` checks an
answer, and `page.reason` says why it is right.

A number is right within 1 %, and may be written 2/40 or 131,071.
"""
from __future__ import annotations

import argparse
import re
import textwrap
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import common

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Page(argparse.Namespace):
    """The options of a chapter (seed, out, show, quick, brief, reveal), its question, its figure.

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
        self.reason, self.within, self.accepts = reason, within, accepts
        options = common.parser(idea)
        options.add_argument('--answer', nargs='+', action=Check, page=self, metavar='X',
                             default=argparse.SUPPRESS, help='is this the answer?')
        options.add_argument('--brief', action='store_true',
                             help='what is computed and the question, without the text')
        options.add_argument('--reveal', action='store_true',
                             help='the answer, why, and a figure of the asked case')
        super().__init__(**vars(common.parse(options)))
        if not (self.brief or self.reveal or common.in_notebook()):
            file = Path(__file__).with_name(f'{name}.py')
            print(f'\nThe text of {file},\nwhich has the code between these pages. '
                  '--brief leaves it out.\n')
            print('\n\n'.join(pages(file.read_text(encoding='utf-8'))), end='\n\n')

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
        wanted = self.answer.split()
        thousands = re.sub(r'(?<=\d),(?=\d{3}(?!\d))', '', answer)     # 131,071: one number or two
        readings = [text.replace(',', ' ').split() for text in (answer, thousands)]
        near = [sum(map(self.is_same, words, wanted)) for words in readings
                if len(words) == len(wanted)]
        right = (any(map(self.accepts, readings)) if self.accepts else len(wanted) in near)
        some = f'{max(near)} of {len(wanted)} are right; ' if len(wanted) > 1 and any(near) else ''
        print('correct' if right else f'not yet: {some}{self.hint}')
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


def pages(source: str) -> list[str]:
    """The text of a chapter, 80 columns wide: one page for each markdown cell.

    source  of the chapter, in cells

    Every page ends with its number, and the lines of the code that follows it.
    """
    lines = source.splitlines()
    starts = [i for i, line in enumerate(lines) if line == '# %% [markdown]']
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        code = next((i for i in range(start + 1, end) if not lines[i].startswith('#')), end)
        text = '\n'.join(line[2:] for line in lines[start + 1:code]).removeprefix('# ')
        where = f'Page {len(found) + 1} of {len(starts)}; its code: lines {code + 1} to {end}.'
        found.append('\n\n'.join([*map(wrapped, text.split('\n\n')), where]))
    return found


def wrapped(block: str) -> str:
    """A paragraph, 80 columns wide; a list keeps its items, what is indented stays as it is."""
    if block.startswith('    '):
        return block
    return '\n'.join(textwrap.fill(item, 80, subsequent_indent='  ' * item.startswith('- '))
                     for item in re.split(r'\n(?=- )', block))


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
