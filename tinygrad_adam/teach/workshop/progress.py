"""The learner's folder: its files, which of them are right, and how many hints were asked for."""
from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Iterator

from .exercise import Exercise
from .exercises import EXERCISES

NAME = 'workshop'          # of the folder that `start` makes
NOTES = '.progress.json'


class Folder:
    """A folder of exercises.

    path  of the folder, which need not exist
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            notes = json.loads((path / NOTES).read_text(encoding='utf-8'))
            self.right, self.hints = dict(notes['right']), dict(notes['hints'])
        except (OSError, ValueError, KeyError, TypeError):
            self.right, self.hints = {}, {}

    @classmethod
    def here(cls) -> Folder:
        """The folder `workshop`, or the current one if it holds the exercises."""
        here = Path.cwd()
        return cls(here if (here / NOTES).is_file() else here / NAME)

    def __bool__(self) -> bool:
        return any(self.file(exercise).is_file() for exercise in EXERCISES.values())

    def file(self, exercise: Exercise) -> Path:
        """Where an exercise is written.

        exercise  which
        """
        return self.path / exercise.file

    @property
    def shown(self) -> Path:
        """The path as the learner would write it."""
        here = Path.cwd()
        return self.path.relative_to(here) if here in [self.path, *self.path.parents] else self.path

    def start(self) -> list[Exercise]:
        """Write the exercises that are missing, and return them; what is there stays."""
        self.path.mkdir(parents=True, exist_ok=True)
        missing = [exercise for exercise in EXERCISES.values() if not self.file(exercise).exists()]
        for exercise in missing:
            self.file(exercise).write_text(exercise.page, encoding='utf-8')
        self.save()
        return missing

    def reset(self, exercise: Exercise) -> Path | None:
        """Write an exercise anew; returns where what was written before is kept.

        exercise  which
        """
        file, kept = self.file(exercise), None
        if self.is_begun(exercise):
            kept = next(path for path in self.names_of_old(file) if not path.exists())
            file.rename(kept)
        self.path.mkdir(parents=True, exist_ok=True)
        file.write_text(exercise.page, encoding='utf-8')
        self.right.pop(exercise.name, None)
        self.save()
        return kept

    @staticmethod
    def names_of_old(file: Path) -> Iterator[Path]:
        """Names for what `reset` takes away."""
        number = 0
        while True:
            number += 1
            yield file.with_name(f'{file.name}.old{number}')

    def note(self, exercise: Exercise, right: bool) -> None:
        """Remember whether the present file of an exercise is right."""
        if right:
            self.right[exercise.name] = digest(self.file(exercise))
        else:
            self.right.pop(exercise.name, None)
        self.save()

    def is_right(self, exercise: Exercise) -> bool:
        """Whether the file was found right, and has not been changed since."""
        return self.right.get(exercise.name, '') == digest(self.file(exercise))

    def is_begun(self, exercise: Exercise) -> bool:
        """Whether something else is written than what `start` wrote."""
        file = self.file(exercise)
        return file.exists() and file.read_text(encoding='utf-8', errors='replace') != exercise.page

    def next(self) -> Exercise | None:
        """The first exercise that is not right yet."""
        return next((exercise for exercise in EXERCISES.values() if not self.is_right(exercise)),
                    None)

    def next_hint(self, exercise: Exercise) -> int:
        """How many hints are shown now: one more than before."""
        self.hints[exercise.name] = min(int(self.hints.get(exercise.name, 0)) + 1,
                                        len(exercise.hints))
        self.save()
        return self.hints[exercise.name]

    def save(self) -> None:
        """Write the notes, if there is a folder for them."""
        if self.path.is_dir():
            notes = json.dumps({'right': self.right, 'hints': self.hints}, indent=1)
            (self.path / NOTES).write_text(notes + '\n', encoding='utf-8')


def digest(file: Path) -> str:
    """Of the bytes of a file; another one, if there is no file."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return 'missing'
