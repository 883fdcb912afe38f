"""Runs a learner's file in a process of its own, with bounded time and memory.

The process gets the inputs and gives back what the file computed; the results that are expected
stay here. What comes back is taken for what it may be: anything.
"""
from __future__ import annotations

import base64
import json
import math
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from .comparing import Raised
from .exercise import Exercise, source

CHILD = Path(__file__).with_name('child.py')
SECONDS = 10
GRACE = 5                  # seconds more to start, and to end by itself
MEMORY = 2**31
MOST = 2**24               # bytes of what is read back


class Unknown:
    """A result that is no number and no array.

    said  what it is
    """

    def __init__(self, said: str):
        self.said = said


@dataclass
class Run:
    """What a learner's file did.

    results  for each input a result, an Unknown or a Raised
    lines    for each input the line of its return
    loading  the error of the file itself, before any function was called
    missing  the functions that it lacks
    here     those that it has, if some are missing
    ended    why the process ended early: 'time', 'exit' or 'memory'
    line     where it was then
    printed  what was printed, and the first line that printed
    changed  an argument that was changed, and the line
    view     the line that returns an input or a view of it
    nan      the input for which nan came first, and the line
    """
    results: list[Any] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    loading: Raised | None = None
    missing: list[str] = field(default_factory=list)
    here: list[str] = field(default_factory=list)
    ended: str = ''
    line: int | None = None
    printed: tuple[str, int | None] | None = None
    changed: tuple[str, int | None] | None = None
    view: tuple[int | None] | None = None
    nan: tuple[int, int | None] | None = None


def run(exercise: Exercise, text: bytes, cases: Sequence[tuple], seconds: float = SECONDS) -> Run:
    """Run a learner's file on some inputs.

    exercise  the exercise it answers
    text      the file
    cases     the inputs
    seconds   how long it may take
    """
    task = {'name': exercise.file, 'text': text, 'cases': list(cases),
            'wanted': exercise.names, 'arguments': exercise.arguments,
            'use': (exercise.use.__name__, source(exercise.use)) if exercise.use else None,
            'seconds': seconds, 'memory': MEMORY}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / 'task').write_bytes(pickle.dumps(task))
        in_time = finish(folder, seconds + GRACE)
        found, trace = (read(Path(folder) / name) for name in ('found', 'trace'))
    return collect(found, trace, in_time, exercise.file)


def finish(folder: str, seconds: float) -> bool:
    """Let the process run to its end, or end it; returns whether it ended by itself."""
    process = subprocess.Popen(
        [sys.executable, '-B', str(CHILD), folder], cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, 'OMP_NUM_THREADS': '1', 'OPENBLAS_NUM_THREADS': '1',
             'PYTHONPATH': os.pathsep.join(os.path.abspath(path) for path in sys.path if path)})
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """End a process, and on POSIX those that it started."""
    try:
        if os.name == 'posix':
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:          # it has ended
        pass
    process.wait()


def read(file: Path) -> str:
    """The text of a file, as far as it is not too long; '' if there is none."""
    try:
        with open(file, 'rb') as stream:
            return stream.read(MOST).decode('ascii', 'replace')
    except OSError:
        return ''


def collect(found: str, trace: str, in_time: bool, name: str) -> Run:
    """Make a Run of what the process wrote.

    found    lines of JSON
    trace    what faulthandler wrote when the time was over
    in_time  whether the process ended by itself
    name     of the learner's file
    """
    ran, case, done = Run(), None, False
    for line in found.splitlines():
        try:
            words = json.loads(line)
            case = words.get('case', case)
            done = done or bool(words.get('done') or words.get('missing')
                                or 'error' in words and words['case'] is None)
            note(ran, words)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            pass             # not what child.py writes
    if not done:
        where = re.search(rf'File ".*{re.escape(name)}", line (\d+)', trace)
        ran.ended = 'time' if trace or not in_time else 'exit'
        ran.line = int(where[1]) if where else None
    return ran


def note(ran: Run, words: dict) -> None:
    """Enter one line of what the process wrote."""
    line = words.get('line')
    line = line if isinstance(line, int) else None
    if 'result' in words:
        ran.results.append(decode(words['result']))
        ran.lines.append(line)
    elif 'error' in words:
        error = Raised(clean(words['error']), clean(words['text']), line)
        if words['case'] is None:
            ran.loading = error
        else:
            ran.results.append(error)
            ran.lines.append(line or words['returned'])
    elif 'missing' in words:
        ran.missing, ran.here = ([clean(name) for name in words[kind]]
                                 for kind in ('missing', 'here'))
    elif 'printed' in words:
        text, first = ran.printed or ('', line)
        ran.printed = (text + clean(words['printed'], '\n'))[:2000], first
    elif 'changed' in words:
        ran.changed = ran.changed or (clean(words['changed']), line)
    elif 'view' in words:
        ran.view = ran.view or (line,)
    elif 'nan' in words:
        ran.nan = ran.nan or (words['case'], line)


def decode(value: Any, depth: int = 0) -> Any:
    """A result as child.py encodes it."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if 'number' in value:
        return int(value['number']) if value['dtype'] == 'int' else float(value['number'])
    if 'bytes' in value:
        if not re.fullmatch(r'[<|][fiubUS]\d{1,4}', value['dtype']):
            raise ValueError('this is no dtype of numbers or names')
        array = np.frombuffer(base64.b64decode(value['bytes']), value['dtype'])
        if math.prod(value['shape']) != array.size:
            raise ValueError('the shape does not belong to these numbers')
        array = array.reshape(value['shape'])
        return array[()] if array.ndim == 0 else array
    for kind in (tuple, list):
        if kind.__name__ in value:
            return kind(decode(part, depth + 1) for part in value[kind.__name__])
    return Unknown(clean(value['type']))


def clean(text: Any, keep: str = '') -> str:
    """A text of printable characters, which does nothing to a terminal.

    text  anything
    keep  characters to leave in it
    """
    return ''.join(c if c.isprintable() or c in keep else ' ' for c in str(text)[:1000])
