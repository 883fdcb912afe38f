"""Where the time of a small step goes: its parts here, in PyTorch, and NumPy's calls alone.

    python benchmarks/parts.py [--torch]

`bare` is what the step of the 64-64-10 network asks of NumPy, call by call, with no graph, no
tensor and no check around it: what is left if everything else were free. Microseconds, one thread;
the mean of the fastest third of the steps.
"""
import argparse
import importlib
import json
from itertools import cycle
from pathlib import Path
from time import perf_counter

import numpy as np
import timing
from programs import CASES

import tinygrad_adam

TURN = 20       # steps
PARTS = 'forward', 'loss', 'zero_grad', 'backward', 'step'


def of(torch, case):
    """Take steps of training; yields the loss, and the times between the parts."""
    network = case.network(torch)
    with torch.no_grad():
        for p, w in zip(network.parameters(), case.weights()):
            p.copy_(torch.from_numpy(w))
    optimizer = torch.optim.Adam(network.parameters())
    for x, y in cycle([(torch.from_numpy(x), torch.from_numpy(y)) for x, y in case.batches()]):
        times = [perf_counter()]
        out = network(x)
        times.append(perf_counter())
        loss = torch.nn.functional.cross_entropy(out, y)
        times.append(perf_counter())
        optimizer.zero_grad()
        times.append(perf_counter())
        loss.backward()
        times.append(perf_counter())
        optimizer.step()
        yield loss.detach(), [*times, perf_counter()]


def bare(case):
    """The same for the NumPy calls of the network with one hidden layer."""
    arrays = case.weights()
    w = np.concatenate(arrays, axis=None)
    m, v = np.zeros_like(w), np.zeros_like(w)
    ends = np.cumsum([a.size for a in arrays])
    w1, b1, w2, b2 = [part.reshape(a.shape) for part, a in zip(np.split(w, ends[:-1]), arrays)]
    n, ones = case.batch, np.ones(case.batch, np.float32)
    for t, (x, y) in enumerate(cycle(case.batches()), 1):
        times = [perf_counter()]
        h = x @ w1.T
        h += b1
        a = np.maximum(h, np.zeros(h.shape, h.dtype))
        out = a @ w2.T
        out += b2
        times.append(perf_counter())
        z = np.asfortranarray(out)
        z = z - np.maximum.reduce(z, 1, keepdims=True)
        z -= np.log(np.add.reduce(np.exp(z), 1, keepdims=True))
        rows, share = np.arange(n), ones / n
        loss = -(z[rows, y] @ share)
        times += [perf_counter()] * 2                       # nothing to do for zero_grad
        g = np.zeros(z.shape, z.dtype, 'F')
        g[rows, y] = -share
        g = g - np.exp(z) * (g @ ones[:10])[:, None]
        gw2, gb2 = g.T @ a, ones @ g
        g = (g @ w2) * (a > 0)
        gw1, gb1 = g.T @ x, ones @ g
        times.append(perf_counter())
        g = np.concatenate([gw1, gb1, gw2, gb2], axis=None)
        m *= 0.9
        m += 0.1 * g
        v *= 0.999
        v += 0.001 * g**2
        w -= 1e-3 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        yield loss, [*times, perf_counter()]


def measured(programs, steps):
    """For each program the microseconds of the parts, and their sum; turns are of 20 steps."""
    times = [[] for _ in programs]
    for _ in range(0, steps, TURN):
        for program, own in zip(programs, times):
            own += [np.diff(next(program)[1]) for _ in range(TURN)]
    for own in np.array(times) * 1e6:
        fastest = np.argsort(own.sum(1))[:len(own) // 3]
        parts = own[fastest].mean(0)
        yield [*parts, parts.sum()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--torch', action='store_true', help='PyTorch too')
    parser.add_argument('--steps', type=int, default=3000)
    parser.add_argument('--inside', action='store_true', help=argparse.SUPPRESS)
    options = parser.parse_args()
    case = CASES['mlp-digits']
    if options.inside:
        programs = [of(tinygrad_adam, case), bare(case)]
        if options.torch:
            torch = importlib.import_module('torch')
            torch.set_num_threads(1)
            programs.append(of(torch, case))
        print(json.dumps([*measured(programs, options.steps)]))
        return
    found = timing.in_process(Path(__file__).resolve(), '--inside', '--steps', options.steps,
                              *['--torch'] * options.torch)
    timing.head(f'µs of a step of {case.title}', *PARTS, 'all')
    for name, parts in zip(('here', 'NumPy alone', 'PyTorch'), found):
        timing.row(name, *(f'{part:.1f}' for part in parts))


if __name__ == '__main__':
    main()
