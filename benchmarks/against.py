"""Training steps here and in PyTorch (or, without it, in NumPy by hand), turn about.

    python benchmarks/against.py [--torch] [--apart] [--seconds 5] [--out out] [CASE]
    python benchmarks/against.py --compiled [--torch] [--jax] [--seconds 5] [--out out] [CASE]

The same program runs on both libraries in one process, from the same weights on the same data; the
losses of the first 20 steps must agree to 1e-4, or the case does not count. They are compared in
float64: in float32 rounding alone moves them by 2e-4 by then, if the network is large.

With one thread for both, then with two. `ratio` compares the means of the fastest fifths; `median`
is that of the ratios of the single turns. A busy neighbour stalls a pool of threads for a hundred
milliseconds at a time, and that must flatter nobody: where two threads take three times as long as
one, here or there, the row says so and gives no ratio. The table and a bar chart are written into
the folder `out`.

In one process two pools of threads, of OpenBLAS and of PyTorch, also wait for work on the same two
cores, and slow each other down. With --apart each program has a process of its own, one after the
other: closer to what a user sees, but the machine may change in between.

--compiled is another table, of trainings alone: the package's step, the same with its loss compiled
by `torch.compile`, `by_hand.py`, PyTorch's (with --torch) and that of JAX, compiled whole (with
--jax). Each has a process of its own, with one thread, in three rounds of which the best counts;
the losses of all must agree in float64. The time is the processor's: a neighbour prolongs it less.
`first` is the first call of the compiled step, in steps.
"""
import argparse
import importlib
import importlib.util
import json
import platform
import time
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import timing
from programs import CASES, Training

import tinygrad_adam

STEPS, AGREE = 20, 1e-4
HERE = Path(__file__).resolve()
PROGRAMS = 'eager', 'compiled', 'by hand', 'PyTorch', 'JAX'
ROUNDS = 3


def program(case, name, threads=1):
    """What makes the step of a case, by the name of the program; it takes a dtype."""
    if name == 'by hand':
        return case.step_by_hand
    if name == 'JAX':
        return partial(importlib.import_module('in_jax').step, case)
    if name == 'PyTorch':
        torch = importlib.import_module('torch')
        torch.set_num_threads(threads)
        return partial(case.step, torch)
    here = partial(case.step, tinygrad_adam)
    return partial(here, compiled=True) if name == 'compiled' else here


def compare(case, threads, seconds, other):
    """Milliseconds here and there, the median ratio, and the gap between the losses."""
    here, other = program(case, 'eager'), program(case, other, threads)
    gap = 0.0
    if isinstance(case, Training):
        losses = [[float(step()) for _ in range(STEPS)]
                  for step in (here(np.float64), other(np.float64))]
        gap = float(np.max(np.abs(np.subtract(*losses))))
    times = timing.turn_about([here(), other()], seconds)
    return [*(timing.best(own) * 1e3 for own in times), timing.median_ratio(*times), gap]


def of_one(case, name, threads, seconds):
    """Best and median milliseconds of one program."""
    (times,) = timing.turn_about([program(case, name, threads)()], seconds)
    return [timing.best(times) * 1e3, timing.median(times) * 1e3]


def processor(case, name, seconds):
    """For a program of one thread: losses in float64, milliseconds, and those of the first call."""
    step = program(case, name)(np.float64)
    losses = [float(step()) for _ in range(3)]
    step, clock = program(case, name)(), time.process_time
    start = clock()
    step()
    first = clock() - start
    (times,) = timing.turn_about([step], seconds, clock)
    return [losses, timing.best(times) * 1e3, first * 1e3]


def compiled(keys, options):
    """A row for each training: ratios to PyTorch, or without it to the program by hand."""
    names = [name for name in PROGRAMS if options.torch or name != 'PyTorch']
    names = [name for name in names if options.jax or name != 'JAX']
    base = 'PyTorch' if options.torch else 'by hand'
    yield 'program', *(name for name in names if name != base), f'{base}, ms', 'first'
    yield ['---'] * (len(names) + 2)
    for key in keys:
        if not isinstance(CASES[key], Training):
            continue
        rounds = [[timing.in_process(HERE, key, '--only', name, '--processor', '--seconds',
                                     options.seconds / ROUNDS) for name in names]
                  for _ in range(ROUNDS)]
        losses = [losses for losses, *_ in rounds[0]]
        differ = np.ptp(losses, axis=0).max() > AGREE
        ms = {name: min(part[i][1] for part in rounds) for i, name in enumerate(names)}
        first = min(part[names.index('compiled')][2] for part in rounds)
        yield (CASES[key].title, *('losses differ' if differ else f'{ms[name] / ms[base]:.2f}'
                                   for name in names if name != base),
               f'{ms[base]:.3g}', f"{first / ms['compiled']:.0f}")


def measured(keys, options):
    """A dictionary of numbers for each case and number of threads, printed as they come."""
    other = 'PyTorch' if options.torch else 'by hand'
    timing.head(*titles(other))
    found = []
    for key in keys:
        alone = None
        for threads in (1, 2):
            run = partial(timing.in_process, HERE, key, '--threads', threads,
                          *['--torch'] * options.torch, threads=threads)
            seconds = '--seconds', options.seconds
            here, there, median, gap = run('--seconds', 0 if options.apart else options.seconds)
            if options.apart:
                (here, mine), (there, theirs) = [run(*seconds, '--only', name)
                                                 for name in ('eager', other)]
                median = mine / theirs
            alone = alone or (here, there)
            stalled = any(both > 3 * one for both, one in zip((here, there), alone))
            fault = 'losses differ' if not gap <= AGREE else 'stalled' if stalled else ''
            case = CASES[key]
            found.append(dict(title=case.title, threads=threads, here=here, there=there,
                              ratio=here / there, median=median, most=case.most, fault=fault))
            timing.row(*cells(found[-1], options.torch))
    return found


def titles(other):
    return 'program', 'threads', 'here, ms', f'{other}, ms', 'ratio', 'median', 'goal'


def cells(found, with_torch):
    title, threads, here, there, ratio, median, most, fault = found.values()
    ratios = [fault, ''] if fault else [f'{ratio:.2f}', f'{median:.2f}']
    return [title, threads, f'{here:.3g}', f'{there:.3g}', *ratios, most if with_torch else '']


def machine(with_torch):
    """The kind of machine and the versions, for the line under a table."""
    info = Path('/proc/cpuinfo')
    kinds = [line.split(': ')[1] for line in info.read_text().splitlines()
             if line.startswith('model name')] if info.exists() else [platform.processor()]
    other = f", PyTorch {importlib.import_module('torch').__version__}" if with_torch else ''
    return (f'{date.today()}, {len(kinds)} cores of {kinds[0]}, Python '
            f'{platform.python_version()}, NumPy {np.__version__}{other}')


def draw(found, name, path):
    """Bars for the ratios, and a mark where they should end."""
    import matplotlib
    matplotlib.use('Agg')
    from matplotlib import pyplot as plt

    titles = list(dict.fromkeys(f['title'] for f in found))
    figure, axes = plt.subplots(figsize=(10, 1.5 + 0.55 * len(titles)), layout='constrained')
    for threads, colour, shift in ((1, 'orange', -0.2), (2, 'skyblue', 0.2)):
        own = [f for f in found if f['threads'] == threads and not f['fault']]
        places = [titles.index(f['title']) + shift for f in own]
        axes.barh(places, [f['ratio'] for f in own], 0.38, color=colour,
                  label=f'{threads} thread{"s"[:threads - 1]}')
        for place, f in zip(places, own):        # where no mark and no other bar can be in the way
            axes.text(0.02, place, f"{f['ratio']:.2f}", fontsize=8, va='center', weight='bold')
    if name == 'PyTorch':
        axes.plot([f['most'] for f in found if f['threads'] == 2], range(len(titles)), 'k|',
                  markersize=18, label='goal, 2 threads')
    axes.axvline(1, color='black', linewidth=0.8)
    axes.set_yticks(range(len(titles)), titles)
    axes.invert_yaxis()
    axes.set_xlabel(f'time here / time of {name}, which is 1; shorter is faster')
    axes.margins(x=0.08)
    figure.legend(loc='outside upper right', ncols=3)
    figure.savefig(path, dpi=110)


def inside(case, options):
    """What a process of its own finds."""
    if options.processor:
        return processor(case, options.only, options.seconds)
    if options.only:
        return of_one(case, options.only, options.threads, options.seconds)
    other = 'PyTorch' if options.torch else 'by hand'
    return compare(case, options.threads, options.seconds, other)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('cases', nargs='*', metavar='CASE', help=', '.join(CASES))
    parser.add_argument('--torch', action='store_true', help='compare with PyTorch')
    parser.add_argument('--apart', action='store_true', help='each in a process of its own')
    parser.add_argument('--compiled', action='store_true', help='the trainings, compiled too')
    parser.add_argument('--jax', action='store_true', help='with --compiled: JAX too')
    parser.add_argument('--seconds', type=float, default=5, help='for a case and thread count')
    parser.add_argument('--out', type=Path, default=Path('out'), help='folder of what is written')
    parser.add_argument('--threads', type=int, help=argparse.SUPPRESS)
    parser.add_argument('--only', choices=PROGRAMS, help=argparse.SUPPRESS)
    parser.add_argument('--processor', action='store_true', help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f'no case {", ".join(unknown)}; there are: {", ".join(CASES)}')
    for library in 'torch', 'jax':
        if getattr(options, library) and not importlib.util.find_spec(library):
            parser.error(f'{library} is not installed, so its steps cannot be timed; install it '
                         f'(pip install {library}), or leave --{library} out')
    if options.only or options.threads:
        print(json.dumps(inside(CASES[options.cases[0]], options)))
        return
    options.out.mkdir(parents=True, exist_ok=True)
    if options.compiled:
        table = options.out / 'compiled.md'
        with table.open('w') as file:
            for row in compiled(options.cases or CASES, options):
                timing.row(*row)
                timing.row(*row, file=file)
            print('\n' + machine(options.torch), file=file)
        print(f'table: {table}')
        return
    found = measured(options.cases or CASES, options)
    name = 'PyTorch' if options.torch else 'NumPy by hand'
    table, chart = options.out / 'against.md', options.out / 'against.png'
    with table.open('w') as file:
        timing.head(*titles(name), file=file)
        for f in found:
            timing.row(*cells(f, options.torch), file=file)
        print('\n' + machine(options.torch), file=file)
    draw(found, name, chart)
    print(f'table: {table}\nfigure: {chart}')


if __name__ == '__main__':
    main()
