"""What happens when a rank fails: it ends the others, which would wait for it forever.

- A rank that raises an exception prints its traceback and its number, and aborts the job.
- One that is at its end while others still call collectives is told apart from them at their next
  call: see Agreement in process_group.py.
- One that is killed, crashes or calls os._exit() can say nothing. mpiexec ends the others, often
  without a word; a process beside the ranks of each machine, watcher.py, tells which one it was.
"""
from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any, Callable

import numpy as np

from . import _errors as errors

if TYPE_CHECKING:
    from .process_group import ProcessGroup


def watched(group: ProcessGroup) -> socket.socket | None:
    """A connection to the process that watches the ranks of this machine, which its first rank
    starts; None where Python cannot hand a socket to another process.

    group  the ranks
    """
    if os.name != 'posix':
        return None
    local = group.comm.Split_type(group.MPI.COMM_TYPE_SHARED)
    port = np.zeros(1, np.int64)
    if local.Get_rank() == 0:
        with socket.create_server(('127.0.0.1', 0), backlog=local.Get_size()) as listener:
            port[0] = listener.getsockname()[1]
            words = [listener.fileno(), group.size(), local.Get_size()]
            group.watcher = subprocess.Popen(
                [sys.executable, '-IS', str(Path(__file__).with_name('watcher.py')),
                 *map(str, words)], pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, start_new_session=True)
    local.Bcast(port)
    local.Free()
    # Its number is above those of MPI's own. Linux closes the files of a process that dies from the
    # last one down: the watcher knows of the death before mpiexec does, which kills the others.
    connection = socket.create_connection(('127.0.0.1', int(port[0])))
    connection.sendall(f'{group.rank()} {os.getpid()}'.ljust(32).encode())
    connection.recv(16)     # once all ranks of this machine are watched
    return connection


def end_together(group: ProcessGroup, watcher: socket.socket | None,
                 agreement: Callable[..., Any]) -> None:
    """From now on an exception in one rank ends all of them, and they end when all are at the end.

    group      the ranks
    watcher    a connection to what watches them
    agreement  the class Agreement
    """
    shown = sys.excepthook

    def tell(word: bytes) -> None:
        if watcher is not None:
            with suppress(ConnectionError):     # if the watcher was killed, nobody has to know
                watcher.sendall(word)

    def stop(message: str) -> None:
        sys.stdout.flush()
        print(message, file=sys.stderr, flush=True)
        tell(b'failure')
        sleep(0.5)      # mpiexec may drop what it has not passed on when it is told to abort
        group.abort()

    def failed(kind: Any, error: BaseException, traceback: Any) -> None:
        shown(kind, error, traceback)
        stop(errors.rank_failed(group.rank(), group.size(), error))

    def ended() -> None:
        try:
            agreement(group, 'the end of the program').check()
        except RuntimeError as error:
            stop(errors.ends_differ(group.rank(), group.size(), error))
        tell(b'end')

    sys.excepthook = failed
    atexit.register(ended)
