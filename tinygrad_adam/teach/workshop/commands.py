"""`python -m tinygrad_adam.workshop`: the command line of the workshop."""
from __future__ import annotations

import argparse
import io
import json
import os
import secrets
import sys
import textwrap
import time
from pathlib import Path
from typing import Callable, Sequence

from .exercise import Exercise
from .exercises import EXERCISES
from .grading import grade
from .progress import Folder
from .verdict import Verdict, check

COMMAND = 'python -m tinygrad_adam.workshop'
COLUMNS = 79


def main(words: Sequence[str]) -> int:
    """Run a command; returns the exit status: 0, or 1 for what is not right yet, or 2.

    words  of the command line
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors='replace')     # a learner's letters on a narrow code page
    options = parser().parse_args(words)
    try:
        return options.run(options)
    except CommandError as error:
        print(wrapped(str(error)), file=sys.stderr)
        return 2
    except BrokenPipeError:      # who reads the output has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


class CommandError(Exception):
    """A command that cannot be followed, and what to write instead."""


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog=COMMAND, description='Write backpropagation and Adam yourself, and be told which '
        'mistake you made. Without a command: where you are, and how to go on.')
    top.set_defaults(run=status)
    commands = top.add_subparsers(title='commands', metavar='COMMAND')

    def command(name: str, run: Callable[[argparse.Namespace], int], said: str,
                exercise: str = '') -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=said, description=said)
        one.set_defaults(run=run)
        if exercise:
            one.add_argument('exercise', nargs='?', metavar='EXERCISE', help=exercise)
        return one

    which = 'its number or name; by default the next one'
    command('status', status, 'where you are, the next exercise, how to go on')
    command('start', start, 'make workshop/ here, or add to it what is missing')
    command('watch', watch, 're-check the exercise at every save, and go on when it is right',
            which)
    one = command('check', check_once, 'check an exercise', which)
    one.add_argument('file', nargs='?', type=Path, metavar='FILE',
                     help='the file; by default that in workshop/')
    one.add_argument('--json', action='store_true', help='for programs')
    seed(one)
    command('hint', hint, 'one more hint', which)
    command('solution', solution, 'one way to write it', which)
    command('reset', reset, 'the exercise as it was; what you wrote is kept beside it', which)
    one = command('grade', grade_all, 'check a folder of submissions, one folder a student')
    one.add_argument('folder', type=Path, metavar='DIR',
                     help='the folder of all submissions, or one submission')
    one.add_argument('--out', type=Path, default=Path('grades'), metavar='OUT',
                     help='where to write grades.csv and results.json (grades/)')
    one.add_argument('--only', nargs='+', metavar='EXERCISE', help='grade only these')
    one.add_argument('--overwrite', action='store_true', help='replace older grades')
    seed(one)
    return top


def seed(command: argparse.ArgumentParser) -> None:
    command.add_argument('--seed', type=int, metavar='N',
                         help='for the inputs, which also depend on the file')


# The commands of a learner.

def status(options: argparse.Namespace) -> int:
    """Where you are."""
    folder = Folder.here()
    if not folder:
        print(wrapped(f'The workshop: {len(EXERCISES)} short exercises, from the slope of a '
                      'function to Adam and a convolution. You write the function; the check '
                      'tells which mistake you made.\n\n'
                      f'    {COMMAND} start\n\nmakes the folder workshop/ here.'))
        return 0
    print(progress(folder) + '\n')
    print(listing(folder) + '\n')
    print(how_to_go_on(folder))
    return 0


def start(options: argparse.Namespace) -> int:
    """Make the folder."""
    folder = Folder.here()
    try:
        made = folder.start()
    except OSError as error:
        raise CommandError(f'{folder.path} cannot be written to ({error.strerror}). Go to a folder '
                           'of yours first.') from None
    kept = len(EXERCISES) - len(made)
    print(f'{folder.shown}{os.sep}: {len(made)} exercises written'
          + (f', {kept} that were there left as they are' if kept else '') + '.\n')
    print(how_to_go_on(folder))
    return 0


def check_once(options: argparse.Namespace) -> int:
    """Check one exercise."""
    folder = Folder.here()
    exercise = chosen(options.exercise, folder)
    named = (options.exercise or '').endswith('.py')     # check FILE
    file = options.file or (Path(options.exercise) if named else folder.file(exercise))
    verdict = judged(exercise, file, options.seed)
    if file.resolve() == folder.file(exercise).resolve():
        folder.note(exercise, verdict.right)
    if options.json:
        print(json.dumps(verdict.as_dict(), indent=1))
    else:
        print(told(exercise, verdict))
        if verdict.right and folder and folder.next():
            print('\n' + how_to_go_on(folder))
    return 0 if verdict.right else 1


def watch(options: argparse.Namespace) -> int:
    """Check an exercise at every save, and go on to the next when it is right."""
    folder = Folder.here()
    if not folder:
        raise CommandError(f'There is no workshop{os.sep} here. Make it with {COMMAND} start.')
    exercise: Exercise | None = chosen(options.exercise, folder)
    moved_on = False
    try:
        while exercise:
            watch_one(folder, exercise, moved_on)
            exercise, moved_on = folder.next(), True
            if exercise:
                print(f'\n{how_to_go_on(folder)}\n\n{waiting(exercise)}', flush=True)
    except KeyboardInterrupt:
        print(f'\nTo go on: {COMMAND} watch')
        return 0
    print('\nAll exercises are right.')
    return 0


def watch_one(folder: Folder, exercise: Exercise, moved_on: bool) -> None:
    """Check an exercise at every save until it is right.

    folder    the learner's
    exercise  which
    moved_on  whether the one before has just been shown to be right: that stays on the screen as
              long as nothing is written to this one
    """
    file = folder.file(exercise)
    seen = stamp(file) if moved_on and not folder.is_begun(exercise) else -1
    while True:
        now = stamp(file)
        if now != seen:
            seen = now
            verdict = judged(exercise, file, None) if now else None
            folder.note(exercise, bool(verdict and verdict.right))
            clear()
            print(progress(folder) + '\n')
            if verdict:
                print(told(exercise, verdict))
                if verdict.right:
                    return
                print('\n' + waiting(exercise), flush=True)
            else:
                print(f'{file.name} is gone: {COMMAND} reset {exercise.number} makes it anew.')
        pause()


def stamp(file: Path) -> int:
    """When a file was saved; 0 if there is none."""
    return file.stat().st_mtime_ns if file.exists() else 0


def waiting(exercise: Exercise) -> str:
    return wrapped(f'Save {exercise.file} to have it checked. Stuck? Run hint {exercise.number} in '
                   'another terminal. Ctrl-C ends.')


def pause() -> None:
    """Between two looks at a file."""
    time.sleep(0.3)


def hint(options: argparse.Namespace) -> int:
    """One more hint."""
    folder = Folder.here()
    exercise = chosen(options.exercise, folder)
    shown = folder.next_hint(exercise)
    print(heading(exercise) + '\n')
    for number, words in enumerate(exercise.hints[:shown], 1):
        print(wrapped(f'{number}. {words}'))
    print('\n' + (f'There are {len(exercise.hints)}: ask again.' if shown < len(exercise.hints)
                  else f'That was the last. {COMMAND} solution {exercise.number}'))
    return 0


def solution(options: argparse.Namespace) -> int:
    """One way to write it."""
    exercise = chosen(options.exercise, Folder.here())
    print(exercise.answer, end='')
    return 0


def reset(options: argparse.Namespace) -> int:
    """The exercise as it was."""
    folder = Folder.here()
    exercise = chosen(options.exercise, folder)
    kept = folder.reset(exercise)
    print(wrapped(f'{folder.shown / exercise.file} is as it was.'
                  + (f' What you had written is in {kept.name}.' if kept else '')))
    return 0


# The command of a teacher.

def grade_all(options: argparse.Namespace) -> int:
    """Grade a folder of submissions."""
    if not options.folder.is_dir():
        raise CommandError(f'{options.folder} is no folder. Give one that has a folder for each '
                           'student, or that is a submission.')
    exercises = [chosen(word, Folder.here()) for word in options.only or map(str, EXERCISES)]
    grades = grade(options.folder, exercises, options.seed or 0,
                   lambda student: print(f'{student} ...', file=sys.stderr, flush=True))
    if not grades:
        raise CommandError(f'There are no submissions in {options.folder}: a folder for each '
                           f'student, with files like {exercises[0].file}.')
    print(grades.table() + '\n')
    one = len(grades) == 1 and any((options.folder / exercise.file).is_file()
                                   for exercise in exercises)
    texts = {options.out / ('.' if one else student.strip()) / 'results.json':
             grades.results(student) for student in grades}
    texts[options.out / 'grades.csv'] = grades.csv()
    return write_new(texts, options.overwrite)


def write_new(texts: dict[Path, str], overwrite: bool) -> int:
    """Write files, but none that says something else already, unless asked to."""
    older = [file for file, text in texts.items() if not overwrite and file.exists()
             and file.read_text(encoding='utf-8', errors='replace') != text]
    for file, text in texts.items():
        if file not in older:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    *results, table = texts
    print(wrapped(f'Written: {table}, and {len(results)} results.json below {table.parent}.'
                  if not older else f'{len(older)} files with other grades were left as they are, '
                  f'such as {older[0]}. Add --overwrite, or --out with another folder.'))
    return 1 if older else 0


# What is shown.

def chosen(word: str | None, folder: Folder) -> Exercise:
    """The exercise that is meant by a number or a name; by default the next one."""
    if word is None:
        return folder.next() or EXERCISES[max(EXERCISES)]
    for exercise in EXERCISES.values():
        if Path(word).name in (exercise.name, exercise.file, f'{exercise.name}.py') or (
                word.isdecimal() and int(word) == exercise.number):
            return exercise
    raise CommandError(f'There is no exercise {word}. Give a number from 1 to {max(EXERCISES)}, or '
                       'a name: ' + ', '.join(exercise.name for exercise in EXERCISES.values())
                       + '.')


def judged(exercise: Exercise, file: Path, number: int | None) -> Verdict:
    """The verdict of a file, on new inputs if no seed is given."""
    try:
        text = file.read_bytes()
    except OSError as error:
        raise CommandError(f'{file} cannot be read ({error.strerror}). {COMMAND} start makes the '
                           'files; check takes another file after the number.') from None
    return check(exercise, text, secrets.randbelow(2**31) if number is None else number)


def told(exercise: Exercise, verdict: Verdict) -> str:
    """What the learner sees of a verdict."""
    return '\n\n'.join([heading(exercise), *map(wrapped, verdict.said)])


def heading(exercise: Exercise) -> str:
    return f'{exercise.number}. {exercise.title} (after chapter {exercise.chapter})'


def progress(folder: Folder) -> str:
    """The bar: a sign an exercise."""
    bar = ''.join('#' if folder.is_right(exercise) else '.' for exercise in EXERCISES.values())
    return f'Workshop: {bar.count("#")} of {len(bar)} right  [{bar}]'


def listing(folder: Folder) -> str:
    """All exercises in three columns; those that are right have a sign."""
    cells = [f'{exercise.number:2} {"#" if folder.is_right(exercise) else " "} {exercise.name}'
             for exercise in EXERCISES.values()]
    rows = -(-len(cells) // 3)
    return '\n'.join(''.join(f'{cell:26}' for cell in cells[i::rows]).rstrip()
                     for i in range(rows))


def how_to_go_on(folder: Folder) -> str:
    """The next exercise and the commands."""
    exercise = folder.next()
    if not exercise:
        return 'All exercises are right.'
    return (f'Next: {heading(exercise)}\n\n'
            f'    edit    {folder.shown / exercise.file}\n'
            f'    then    {COMMAND} check {exercise.number}\n'
            f'    or      {COMMAND} watch      checks at every save\n'
            f'    stuck?  {COMMAND} hint {exercise.number}')


def wrapped(text: str) -> str:
    """Paragraphs that fit the screen; lines that are set in stay lines."""
    return '\n'.join(line[:COLUMNS] if line.startswith('    ') else textwrap.fill(
        line, COLUMNS, break_long_words=False, break_on_hyphens=False)
        for line in text.split('\n'))


def clear() -> None:
    """An empty screen, where the output is one."""
    if sys.stdout.isatty():
        print('\n' * 3 if os.name == 'nt' else '\033[2J\033[H', end='')
