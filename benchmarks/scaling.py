"""How the cost of a training step grows with the batch, the width, the depth and the sequence.

    python benchmarks/scaling.py [--seconds 1] [--quick]

The first table is time, with one thread; the second the peak memory of the first five steps: how
far the largest size the process ever had (`ru_maxrss`) is above its size before the network was
made. Both have PyTorch beside, if it is installed.
"""
import argparse
import importlib
import importlib.util
import json
import resource
from pathlib import Path

import timing
from programs import CASES, Training, dense

HERE = Path(__file__).resolve()
LIBRARIES = ['tinygrad_adam'] + ['torch'] * bool(importlib.util.find_spec('torch'))


def perceptron(batch=64, width=128, depth=2):
    return Training('', 0, dense(64, *[width] * depth, 10), (64,), batch)


def sequence(length):
    return Training('', 0, (('LSTM', 32, 64), ('Linear', 64, 10)), (length, 32), 32)


GROWTH = {
    'batch, MLP 64-128-128-10': [(n, perceptron(batch=n)) for n in (16, 64, 256, 1024)],
    'width, MLP of batch 64': [(n, perceptron(width=n)) for n in (32, 128, 512)],
    'depth, MLP of width 128': [(n, perceptron(depth=n)) for n in (1, 2, 4, 8)],
    'length, LSTM 32 to 64': [(n, sequence(n)) for n in (5, 20, 80)],
}
MEMORY = 'mlp-mnist', 'mlp-large', 'lenet', 'cnn-rgb', 'lstm'


def library(name):
    """The module, with one thread."""
    torch = importlib.import_module(name)
    if name == 'torch':
        torch.set_num_threads(1)
    return torch


def times(what, i, seconds):
    """Milliseconds of a step in each library."""
    case = GROWTH[what][i][1]
    steps = [case.step(library(name)) for name in LIBRARIES]
    return [timing.best(own) * 1e3 for own in timing.turn_about(steps, seconds)]


def peak(key, name):
    """Megabytes that the first five steps need at most."""
    torch = library(name)
    CASES['mlp-digits'].step(torch)()              # what a first step loads is not counted
    step_of_case = CASES[key].step
    before = int(Path('/proc/self/statm').read_text().split()[1]) * resource.getpagesize()
    step = step_of_case(torch)
    for _ in range(5):
        step()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before) / 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seconds', type=float, default=1, help='for a size')
    parser.add_argument('--quick', action='store_true', help='the first of everything')
    parser.add_argument('--times', nargs=2, help=argparse.SUPPRESS)
    parser.add_argument('--peak', nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.times:
        print(json.dumps(times(options.times[0], int(options.times[1]), options.seconds)))
        return
    if options.peak:
        print(json.dumps(peak(*options.peak)))
        return
    few = slice(1 if options.quick else None)
    names = ['here', 'PyTorch'][:len(LIBRARIES)]
    timing.head('what grows', 'size', *(f'{name}, ms' for name in names))
    for what in list(GROWTH)[few]:
        for i, (size, _) in list(enumerate(GROWTH[what]))[few]:
            found = timing.in_process(HERE, '--times', what, i, '--seconds', options.seconds)
            timing.row(what, size, *(f'{ms:.3g}' for ms in found))
    print()
    timing.head('peak memory of', *(f'{name}, MB' for name in names))
    for key in MEMORY[few]:
        found = [timing.in_process(HERE, '--peak', key, name) for name in LIBRARIES]
        timing.row(CASES[key].title, *(f'{size:.0f}' for size in found))


if __name__ == '__main__':
    main()
