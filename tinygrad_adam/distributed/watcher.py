"""The process beside the ranks of one machine that says which of them has died, and ends the rest.

    python watcher.py SOCKET WORLD_SIZE RANKS

The ranks hold connections to it, which the system closes when they die, however that happens. They
go on when it has answered, so that none of them dies before all are watched: the order in which
they did would be lost. It needs nothing but Python, sleeps until a connection has something to say,
and ends with the ranks.
"""
from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress

PATIENCE = 5    # seconds that mpiexec has to end the other ranks


def main(number: int, size: int, count: int) -> None:
    """Watch.

    number  the file descriptor of the socket to which the ranks connect
    size    how many ranks there are on all machines
    count   how many of them are on this one
    """
    listener = socket.socket(fileno=number)
    listener.settimeout(60)
    ranks, alive, deadline = selectors.DefaultSelector(), set(), None
    for _ in range(count):
        connection, _ = listener.accept()
        rank, process = connection.recv(32, socket.MSG_WAITALL).decode().split()
        ranks.register(connection, selectors.EVENT_READ, (rank, int(process)))
        alive.add(int(process))
    listener.close()
    for key in ranks.get_map().values():
        with suppress(ConnectionError):
            key.fileobj.sendall(b'watched')     # type: ignore[union-attr]
    while alive:
        left = None if deadline is None else max(0, deadline - time.monotonic())
        ready = ranks.select(left)      # in the order in which the connections were closed
        for key, _ in ready:
            rank, process = key.data
            said = b''
            with suppress(ConnectionError):     # of a rank that died before it had read the answer
                said = key.fileobj.recv(16)     # type: ignore[union-attr]
            if said == b'failure':
                return      # it tells more than is known here, and ends the others itself
            if not said and deadline is None:
                deadline = time.monotonic() + PATIENCE
                tell(f'rank {rank} of {size}, process {process},')
            ranks.unregister(key.fileobj)
            alive.remove(process)
        if not ready:
            for process in alive:
                os.kill(process, signal.SIGKILL)
            return


def tell(name: str) -> None:
    """Say who has died.

    name  which rank
    """
    print(f'\nDied without a word: {name} was killed, perhaps for want of memory, crashed, or '
          'called os._exit(). The other ranks would wait for it forever, so all of them end here. '
          'Start the program again, from its last checkpoint.', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
