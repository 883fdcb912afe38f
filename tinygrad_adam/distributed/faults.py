"""What happens when a rank fails: it ends the others, which would wait for it forever.

- A rank that raises an exception prints its traceback and its number, and aborts the job.
- One that is at its end while others still call collectives is told apart from them at their next
  call: see Agreement in process_group.py.
- One that is killed, crashes or calls os._exit() can say nothing. mpiexec ends the others, often
  without a word; on Linux a process beside the ranks of each machine, watcher.py, names the rank.
"""
from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

import numpy as np

from . import _errors as errors

if TYPE_CHECKING:
    from .process_group import ProcessGroup


class Watcher:
    """The process that watches the ranks of this machine.

    number   its own number; 0 if there is none, as on systems other than Linux
    process  what started it, in the rank that did
    """

    def __init__(self, number: int, process: subprocess.Popen[bytes] | None) -> None:
        self.process = process
        self.handle: int | None = os.pidfd_open(number) if number else None

    def dismiss(self) -> None:
        """Let it end without a word."""
        if self.handle is not None:
            signal.pidfd_send_signal(self.handle, signal.SIGTERM)
        if self.process is not None:
            self.process.wait()


def watched(group: ProcessGroup) -> Watcher:
    """Start a watcher on each machine, in the first of its ranks.

    group  the ranks
    """
    local = group.comm.Split_type(group.MPI.COMM_TYPE_SHARED)
    own = np.array([group.rank(), os.getpid()])
    ranks = np.empty((local.Get_size(), 2), own.dtype)
    local.Allgather(own, ranks)
    process, number = None, np.zeros(1, own.dtype)
    if local.Get_rank() == 0 and hasattr(os, 'pidfd_open'):
        words = [str(group.size()), *(f'{rank}:{pid}' for rank, pid in ranks.tolist())]
        process = subprocess.Popen(
            [sys.executable, '-IS', str(Path(__file__).with_name('watcher.py')), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        number[0] = process.pid
    local.Bcast(number)
    local.Free()
    return Watcher(int(number[0]), process)


def end_together(group: ProcessGroup, watcher: Watcher, agreement: Callable[..., Any]) -> None:
    """From now on an exception in one rank ends all of them, and they end when all are at the end.

    group      the ranks
    watcher    who watches them
    agreement  the class Agreement
    """
    shown = sys.excepthook

    def stop(message: str) -> None:
        sys.stdout.flush()
        print(message, file=sys.stderr, flush=True)
        watcher.dismiss()
        group.abort()

    def failed(kind: Any, error: BaseException, traceback: Any) -> None:
        shown(kind, error, traceback)
        stop(errors.rank_failed(group.rank(), group.size(), error))

    def ended() -> None:
        try:
            agreement(group, 'the end of the program').check()
        except RuntimeError as error:
            stop(errors.ends_differ(group.rank(), group.size(), error))
        watcher.dismiss()
        group.comm.Barrier()       # no rank is gone before the watchers are

    sys.excepthook = failed
    atexit.register(ended)
