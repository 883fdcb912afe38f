"""How the benchmarks take the time: turn about, in a process with a given number of threads."""
import json
import os
import subprocess
import sys
from statistics import median
from time import perf_counter

TURN = 2e-3     # seconds; so long one program runs before the next has its turn


def turn_about(programs, seconds, clock=perf_counter):
    """Lists of seconds that one run of each program takes, one for each turn.

    In pairs, since the machine is not the same from one second to the next.
    """
    repeats = []
    for program in programs:
        program()
        start = clock()
        program()
        repeats.append(max(1, round(TURN / (clock() - start))))
    times, end = [[] for _ in programs], clock() + seconds
    while len(times[0]) < 5 or clock() < end:
        for program, own, repeat in zip(programs, times, repeats):
            start = clock()
            for _ in range(repeat):
                program()
            own.append((clock() - start) / repeat)
    return times


def best(times):
    """The mean of the fastest fifth: what it takes when no neighbour is in the way."""
    fastest = sorted(times)[:max(1, len(times) // 5)]
    return sum(fastest) / len(fastest)


def median_ratio(times, others):
    return median(a / b for a, b in zip(times, others))


def in_process(script, *options, threads=1):
    """What `script` prints last, as JSON; its NumPy (and PyTorch) have so many threads.

    They must be told before they are loaded, so every number of threads needs a process.
    """
    names = 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'
    env = {**os.environ, **dict.fromkeys(names, str(threads))}
    if threads == 1:
        env['XLA_FLAGS'] = '--xla_cpu_multi_thread_eigen=false'     # of JAX
    done = subprocess.run([sys.executable, script, *map(str, options)], env=env, check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def row(*cells, file=None):
    print('| ' + ' | '.join(map(str, cells)) + ' |', flush=True, file=file)


def head(*cells, file=None):
    row(*cells, file=file)
    print('|---' * len(cells) + '|', file=file)
