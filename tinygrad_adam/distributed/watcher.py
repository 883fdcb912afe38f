"""The process beside the ranks of one machine that says which of them has died, and ends the rest.

    python watcher.py WORLD_SIZE RANK:PROCESS RANK:PROCESS ...

It sleeps until one of these processes ends. If the program ends as it should, the ranks have
dismissed it before. It needs nothing but Python on Linux, and starts in some milliseconds.
"""
import os
import select
import signal
import sys
import time

PATIENCE = 5    # seconds that mpiexec has to end the other ranks


def main(size, *ranks):
    """Watch.

    size   how many ranks there are on all machines
    ranks  'rank:process' of each one on this machine
    """
    sleeper, alive, ended = select.poll(), {}, []
    for word in ranks:
        rank, process = word.split(':')
        name = f'rank {rank} of {size} (process {process})'
        try:
            handle = os.pidfd_open(int(process))
        except ProcessLookupError:
            ended.append(name)
        else:
            alive[handle] = name
            sleeper.register(handle, select.POLLIN)
    ended = ended or [alive.pop(handle) for handle, _ in sleeper.poll()]
    print(f'\nWithout a word ended {" or ".join(ended)}: it was killed, perhaps for want of '
          'memory, it crashed, or it called os._exit(). The other ranks would wait for it forever, '
          'so all of them end here. Start the program again, from its last checkpoint.',
          file=sys.stderr, flush=True)
    time.sleep(PATIENCE)
    for handle in alive:
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        except ProcessLookupError:
            pass


if __name__ == '__main__':
    main(*sys.argv[1:])
