"""What an exercise is made of. CONTRIBUTING.md says how to add one.

A *program* is a function of the inputs that gives the result: the solution, or one of its variants.
The text of the solution is the pattern of all others. Learners get it without the bodies of its
functions; a mistake is the text with some words replaced, so that two mistakes can be made at once.
"""
from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from copy import deepcopy
from types import SimpleNamespace
from typing import Any, Callable, Iterator, NamedTuple, Sequence, Union

import numpy as np

from .comparing import Raised

Program = Callable[..., Any]
Parts = Union[Callable, Sequence[Callable]]     # a function or class, or several
Form = Any      # of a mistake: parts in place of the solution's, or pieces of its text and others


class Training(NamedTuple):
    """A training whose outcome shows what a mistake does.

    measured  what is measured, without the number: 'the loss after 100 steps'
    run       maps a program to that number, in milliseconds
    """
    measured: str
    run: Callable[[Program], Any]


class Mistake:
    """A mistake that people make, and what it computes.

    said      what has these numbers; completes the sentence 'These are the numbers of ...'
    edits     (right, wrong): pieces of the solution's text, each found there once, and what stands
              in their place
    program   instead of edits: what computes the wrong numbers, with the parts of a solution
    also      other forms of the same mistake: a list of edits, or a program, for each
    training  shows what the mistake does; by default the training of the exercise
    read      where to read on; by default the chapter of the exercise
    """

    def __init__(self, said: str, *edits: tuple[str, str], program: Parts | None = None,
                 also: Sequence[Form] = (), training: Training | None = None, read: str = ''):
        self.said, self.training, self.read = said, training, read
        self.forms: list[Form] = [program or edits, *also]


class Made(NamedTuple):
    """A mistake in one of its forms."""
    mistake: Mistake
    form: Form


class Exercise:
    """An exercise: all that its file says.

    number    its place in the workshop
    title     what is to be written, in few words
    chapter   the chapter of demos/ that it follows
    text      what the learner reads: what is given, what is wanted, the formula if it has one
    solution  the function or class to write, or several; each begins with a docstring, which the
              learner gets, and what follows it is the hole
    inputs    maps a random generator to tuples of arguments: small ones with round numbers first,
              then random ones, then edge cases; with NumPy's types and functions alone
    training  shows what a mistake does, unless the mistake has its own
    hints     the first says where to look, the last nearly everything
    mistakes  the bank
    right     other ways to write it, which the tests use: by loops, in one line
    returns   the names of the results, if there are several
    steps     whether the first axis of the result counts steps
    given     functions and classes that the learner gets whole
    use       maps (learner, *inputs) to the result, if it takes more than to call the first part of
              the solution; learner.NAME is what the learner wrote. Its text runs by itself, where
              np is NumPy
    package   maps the inputs to what this package computes, for the tests
    """

    def __init__(self, number: int, title: str, *, chapter: int, text: str, solution: Parts,
                 inputs: Callable[[np.random.Generator], Iterator[tuple]], training: Training,
                 hints: Sequence[str], mistakes: Sequence[Mistake], right: Sequence[Parts] = (),
                 returns: Sequence[str] = (), steps: bool = False, given: Sequence[Callable] = (),
                 use: Callable | None = None, package: Callable | None = None):
        self.number, self.title, self.chapter, self.text = number, title, chapter, text.strip()
        self.solution, self.inputs, self.training = as_tuple(solution), inputs, training
        self.hints, self.mistakes, self.right = hints, mistakes, right
        self.returns, self.steps, self.given = returns, steps, given
        self.use, self.package = use, package
        self.name = self.solution[0].__name__
        self.names = [part.__name__ for part in self.solution]
        self.solved = '\n\n'.join(source(part) for part in self.solution)

    @property
    def file(self) -> str:
        """The name of the learner's file."""
        return f'{self.number:02d}_{self.name}.py'

    @property
    def page(self) -> str:
        """What the learner's file says before anything is written."""
        return (f'"""{self.number}. {self.title} (after chapter {self.chapter})\n\n{self.text}\n\n'
                f'    python -m tinygrad_adam.workshop check {self.number}\n"""\n'
                f'{self.head}{without_bodies(self.solved)}')

    @property
    def answer(self) -> str:
        """A file that is right."""
        return self.head + self.solved

    @property
    def head(self) -> str:
        """What a file begins with, after its text."""
        given = ''.join(f'{source(part)}\n\n' for part in self.given)
        return f'import numpy as np\n\n\n{given}'

    @property
    def holes(self) -> dict[str, str]:
        """Each function or method as the learner gets it, by its name."""
        text = without_bodies(self.solved)
        lines = text.splitlines()
        return {function.name: '\n'.join(lines[function.lineno - 1:function.end_lineno])
                for function in functions(text)}

    @property
    def arguments(self) -> list[str]:
        """The names of the inputs."""
        if self.use:
            return list(inspect.signature(self.use).parameters)[1:]
        return list(inspect.signature(self.solution[0]).parameters)

    def program(self, parts: Parts) -> Program:
        """What computes the result with these functions in place of the solution's.

        parts  as many as the solution has, in its order; their names do not matter
        """
        parts = as_tuple(parts)
        if not self.use:
            return parts[0]
        use, learner = self.use, SimpleNamespace(**dict(zip(self.names, parts)))
        return lambda *inputs: use(learner, *inputs)

    def program_of(self, made: Sequence[Made]) -> Program | None:
        """What makes all of these mistakes; None if they do not go together.

        made  one or several mistakes of the exercise
        """
        if len(made) == 1 and is_parts(made[0].form):
            return self.program(made[0].form)
        text = self.solved
        for mistake, form in made:
            if is_parts(form):
                return None
            for right, wrong in form:
                if text.count(right) != 1:
                    return None
                text = text.replace(right, wrong)
        namespace = dict(vars(sys.modules[self.solution[0].__module__]))
        try:
            exec(compile(text, f'<{self.name}>', 'exec'), namespace)
        except SyntaxError:      # two edits of one line need not fit
            return None
        return self.program([namespace[name] for name in self.names])

    def outcome(self, mistake: Mistake) -> tuple[str, str, str]:
        """What is measured in a training, and its outcome with a mistake and without."""
        training = mistake.training or self.training
        found = []
        for program in (self.program_of([Made(mistake, mistake.forms[0])]),
                        self.program(self.solution)):
            assert program is not None
            with np.errstate(all='ignore'):
                try:
                    found.append(f'{float(training.run(program)):.4g}')
                except Exception as error:
                    found.append(f'stopped by {type(error).__name__}')
        return training.measured, found[0], found[1]


def is_parts(form: Form) -> bool:
    """Whether a form of a mistake is functions or classes, not edits."""
    return callable(form) or callable(form[0])


def as_tuple(parts: Parts) -> tuple[Callable, ...]:
    """The functions and classes meant by one or several."""
    return (parts,) if callable(parts) else tuple(parts)


def source(part: Callable) -> str:
    """The text of a function or class."""
    return textwrap.dedent(inspect.getsource(part))


def functions(text: str) -> list[ast.FunctionDef]:
    """The functions and methods in a text, in its order."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]


def without_bodies(text: str) -> str:
    """A text with `...` in place of what follows the docstrings of its functions."""
    lines = text.splitlines(keepends=True)
    for function in reversed(functions(text)):
        docstring = function.body[0]
        lines[docstring.end_lineno:function.end_lineno] = [' ' * docstring.col_offset + '...\n']
    return ''.join(lines)


def results(program: Program, cases: Sequence[tuple]) -> list[Any]:
    """What a program gives for each input; a Raised, where it raises an error.

    program  a solution or a mistake, not a learner's: it runs in this process
    cases    tuples of arguments, which are copied
    """
    found = []
    for case in cases:
        with np.errstate(all='ignore'):
            try:
                found.append(program(*deepcopy(case)))
            except Exception as error:
                found.append(Raised(type(error).__name__, str(error)))
    return found
