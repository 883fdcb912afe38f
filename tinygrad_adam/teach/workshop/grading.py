"""Grades a folder of submissions: a table, grades.csv, and results.json as Gradescope reads it.

A submission is a folder with some of the files that `start` makes, at any depth. Of several with
the same name the first counts, in the folder that is least deep. Links are not followed.
"""
from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path
from typing import Callable, Iterator, Sequence

from .exercise import Exercise
from .running import clean
from .verdict import Verdict, check

LARGEST = 2**20            # bytes of a file that is read
MARKS = {True: '+', False: '-', None: '.'}


class Grades(dict):
    """For each student a Verdict for each exercise, or None where there is no file.

    exercises  those that are graded
    """

    def __init__(self, exercises: Sequence[Exercise]):
        super().__init__()
        self.exercises = exercises

    def score(self, student: str) -> int:
        """The number of exercises that are right."""
        return sum(bool(verdict and verdict.right) for verdict in self[student].values())

    def table(self) -> str:
        """A line a student: the name, the number of right exercises, and a mark for each."""
        numbers = [f'{exercise.number:02d}' for exercise in self.exercises]
        rows = [f'{"":28}' + ''.join(number[i] for number in numbers) for i in (0, 1)]
        for student, verdicts in self.items():
            marks = ''.join(MARKS[verdict and verdict.right] for verdict in verdicts.values())
            rows.append(f'{student[:20]:20} {self.score(student):3}/{len(marks):<3}{marks}')
        return '\n'.join([*rows, '', '+ right   - not right   . no file'])

    def csv(self) -> str:
        """A row a student: the number of right exercises, and the kind of each verdict."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator='\n')
        rows.writerow(['student', 'right', *(exercise.name for exercise in self.exercises)])
        for student, verdicts in self.items():
            safe = f"'{student}" if student[:1] in tuple('=+-@') else student   # not a formula
            rows.writerow([safe, self.score(student),
                           *(verdict.kind if verdict else '' for verdict in verdicts.values())])
        return text.getvalue()

    def results(self, student: str) -> str:
        """What Gradescope shows a student."""
        tests = []
        for exercise, verdict in zip(self.exercises, self[student].values()):
            right = bool(verdict and verdict.right)
            tests.append({
                'name': exercise.title, 'number': str(exercise.number), 'score': int(right),
                'max_score': 1, 'status': 'passed' if right else 'failed',
                'output': '\n\n'.join(verdict.said) if verdict else f'There is no {exercise.file}.',
                'extra_data': verdict.as_dict() if verdict else None})
        return json.dumps({'score': self.score(student), 'tests': tests}, indent=1) + '\n'


def grade(folder: Path, exercises: Sequence[Exercise], seed: int,
          tell: Callable[[str], None] = lambda student: None) -> Grades:
    """Judge all submissions in a folder, or the folder itself if it is one.

    folder     of folders, one a student
    exercises  those to grade
    seed       of the inputs
    tell       is called with the name of each student
    """
    grades = Grades(exercises)
    for student, path in submissions(folder, exercises):
        tell(student)
        grades[student] = {exercise.name: judge(path, exercise, seed) for exercise in exercises}
    return grades


def submissions(folder: Path, exercises: Sequence[Exercise]) -> Iterator[tuple[str, Path]]:
    """(name, folder) of each student."""
    if any((folder / name).is_file() for exercise in exercises for name in names(exercise)):
        yield clean(folder.resolve().name), folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and path.name[0] not in '._':
            yield clean(path.name), path


def names(exercise: Exercise) -> list[str]:
    """What the file of an exercise may be called."""
    return [exercise.file, f'{exercise.name}.py']


def judge(folder: Path, exercise: Exercise, seed: int) -> Verdict | None:
    """The verdict of a submission in one exercise; None if there is no file."""
    for where, folders, files in sorted(os.walk(folder), key=lambda entry: (
            entry[0].count(os.sep), entry[0])):
        for name in names(exercise):
            file = Path(where) / name
            if name in files and is_readable(file):
                return check(exercise, file.read_bytes(), seed)
    return None


def is_readable(file: Path) -> bool:
    """Whether this is a file, neither a link nor a pipe, and not too large."""
    status = os.lstat(file)
    return stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST
