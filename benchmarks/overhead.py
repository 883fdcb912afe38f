"""What an operation costs beside its arithmetic: microseconds for arrays of 8 x 8.

    python benchmarks/overhead.py [--seconds 0.5]

`forward` is without a graph; `in a chain` is one of 50 operations, forward and backward; `alone`
is one operation with a `backward()` of its own. NumPy's column is the bare function. PyTorch is
measured too if it is installed. One thread, turn about, the mean of the fastest fifth.
"""
import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np
import timing

import tinygrad_adam

LENGTH = 50
OPERATIONS = {
    'x * y': (lambda x, y: x * y, np.multiply),
    'x + y': (lambda x, y: x + y, np.add),
    'x @ y': (lambda x, y: x @ y, np.matmul),
    'x.relu()': (lambda x, y: x.relu(), lambda x, y: np.maximum(x, 0)),
    'x.tanh()': (lambda x, y: x.tanh(), lambda x, y: np.tanh(x)),
    'x.reshape(8, 8)': (lambda x, y: x.reshape(8, 8), lambda x, y: x.reshape(8, 8)),
}


def programs(torch, operation):
    """Three functions: forward, a chain, one alone; and how many operations each does."""
    x, y = (torch.eye(8).requires_grad_() for _ in range(2))
    seed = torch.ones(8, 8)

    def forward():
        with torch.no_grad():
            for _ in range(LENGTH):
                operation(x, y)

    def chain():
        out = x
        for _ in range(LENGTH):
            out = operation(out, y)
        out.backward(seed)
        x.grad = y.grad = None

    def alone():
        operation(x, y).backward(seed)
        x.grad = y.grad = None

    return [(forward, LENGTH), (chain, LENGTH), (alone, 1)]


def measure(seconds):
    """Rows of numbers: the name of an operation, then its microseconds column by column."""
    libraries, rows = [tinygrad_adam], []
    if importlib.util.find_spec('torch'):
        torch = importlib.import_module('torch')
        torch.set_num_threads(1)
        libraries.append(torch)
    array = np.eye(8, dtype=np.float32)
    for name, (operation, bare) in OPERATIONS.items():
        def plain():
            for _ in range(LENGTH):
                bare(array, array)
        pairs = [(plain, LENGTH)]
        for each in zip(*(programs(library, operation) for library in libraries)):
            pairs += each
        times = timing.turn_about([program for program, _ in pairs], seconds)
        rows.append([name, *(timing.best(t) / n * 1e6 for t, (_, n) in zip(times, pairs))])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seconds', type=float, default=0.5, help='for an operation')
    parser.add_argument('--inside', action='store_true', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure(options.seconds)))
        return
    rows = timing.in_process(Path(__file__).resolve(), '--inside', '--seconds', options.seconds)
    where = ['here', 'PyTorch'][:(len(rows[0]) - 2) // 3]
    timing.head('µs', 'NumPy', *(f'{what}, {place}' for what in ('forward', 'in a chain', 'alone')
                                 for place in where))
    for name, *numbers in rows:
        timing.row(name, *(f'{number:.2f}' for number in numbers))


if __name__ == '__main__':
    main()
