"""The process beside the ranks of one machine that says which of them has died, and ends the rest.

    python watcher.py SOCKET WORLD_SIZE RANKS

The ranks hold connections to it, which the system closes when they die, however that happens. It
needs nothing but Python, sleeps until a connection has something to say, and ends with the ranks.
"""
from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time

PATIENCE = 5    # seconds that mpiexec has to end the other ranks


def main(number: int, size: int, count: int) -> None:
    """Watch.

    number  the file descriptor of the socket to which the ranks connect
    size    how many ranks there are on all machines
    count   how many of them are on this one
    """
    listener = socket.socket(fileno=number)
    listener.settimeout(60)
    sleeper, ranks = select.poll(), {}
    for _ in range(count):
        connection, _ = listener.accept()
        rank, process = connection.makefile().readline().split()
        ranks[connection.fileno()] = connection, f'rank {rank} of {size}', int(process)
        sleeper.register(connection, select.POLLIN)
    listener.close()
    dead, deadline = [], None
    while ranks:
        left = None if deadline is None else max(0, deadline - time.monotonic()) * 1000
        ready = sleeper.poll(left)
        for number, _ in ready:
            connection, name, _ = ranks[number]
            said = connection.recv(16)
            if said == b'failure':
                return      # it tells more than is known here, and ends the others itself
            if not said:
                dead.append(name)
            sleeper.unregister(number)
            del ranks[number]
        if dead and deadline is None:
            deadline = time.monotonic() + PATIENCE
            tell(dead)
        if not ready:
            for _, _, process in ranks.values():
                os.kill(process, signal.SIGKILL)
            return


def tell(names: list[str]) -> None:
    """Say who has died.

    names  those whose connections were closed at the same time, so that any can have been the first
    """
    print(f'\nDied without a word: {" or ".join(names)}. It was killed, perhaps for want of '
          'memory, crashed, or called os._exit(). The other ranks would wait for it forever, so '
          'all of them end here. Start the program again, from its last checkpoint.',
          file=sys.stderr, flush=True)


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
