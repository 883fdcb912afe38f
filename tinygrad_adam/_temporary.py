"""Files that are written next to a path, to be renamed to it atomically.

A writer that is killed leaves its file behind. Whoever saves to the same path next removes it, but
not the file of a writer that is alive: that one holds a lock on it, which ends with its process.
"""
from __future__ import annotations

import os
import re
import secrets
import sys
from contextlib import suppress
from typing import BinaryIO

if sys.platform == 'win32':    # where a file that is open cannot be removed
    def lock(file: BinaryIO) -> None:
        """Do nothing."""

    remove_abandoned = os.remove
else:
    from fcntl import LOCK_EX, LOCK_NB, flock

    def lock(file: BinaryIO) -> None:
        """Lock a file until it is closed, if its file system can."""
        with suppress(OSError):
            flock(file.fileno(), LOCK_EX)

    def remove_abandoned(path: str) -> None:
        """Remove a file; OSError if it is locked."""
        with open(path, 'rb') as file:
            flock(file.fileno(), LOCK_EX | LOCK_NB)
            os.remove(path)


def open_temporary(path: str) -> tuple[str, BinaryIO]:
    """The name and the file of a new temporary file, in the same folder as path and locked."""
    while True:
        temporary = f'{path}.{secrets.token_hex(4)}.tmp'
        file = open(temporary, 'xb')
        lock(file)
        if os.path.exists(temporary):
            return temporary, file
        file.close()    # it was removed as abandoned before it was locked


def remove_leftovers(path: str) -> None:
    """Remove the temporary files for a path whose writers are dead."""
    folder, name = os.path.split(path)
    ours = re.compile(re.escape(name) + r'\.[0-9a-f]{8}\.tmp')
    with suppress(OSError):
        for entry in filter(ours.fullmatch, os.listdir(folder)):
            with suppress(OSError):
                remove_abandoned(os.path.join(folder, entry))
