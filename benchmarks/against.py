"""Training steps here and in PyTorch (or, without it, in NumPy by hand), turn about.

    python benchmarks/against.py [--torch] [--apart] [--compiled] [--seconds 5] [--out out] [CASE]

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
other: closer to what a user sees, but the machine may change in between. With --compiled the
trainings run once more, their loss compiled by `torch.compile`, each in a process of its own.
"""
import argparse
import importlib
import json
import platform
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import timing
from programs import CASES, Training

import tinygrad_adam

STEPS, AGREE = 20, 1e-4
SIDES = 'here', 'there'
HERE = Path(__file__).resolve()


def compare(case, threads, seconds, with_torch, only=None):
    """Milliseconds here and there, the median ratio, and the gap between the losses.

    With `only` 'here' or 'there' the other is not run: best and median milliseconds of this one.
    """
    other = case.step_by_hand
    if with_torch and only != 'here':
        torch = importlib.import_module('torch')
        torch.set_num_threads(threads)
        other = partial(case.step, torch)
    here = partial(case.step, tinygrad_adam)
    if only:
        program = {'here': here, 'there': other, 'compiled': partial(here, compiled=True)}[only]
        (times,) = timing.turn_about([program()], seconds)
        return [timing.best(times) * 1e3, timing.median(times) * 1e3]
    gap = 0.0
    if isinstance(case, Training):
        losses = [[float(step()) for _ in range(STEPS)]
                  for step in (here(np.float64), other(np.float64))]
        gap = float(np.max(np.abs(np.subtract(*losses))))
    times = timing.turn_about([here(), other()], seconds)
    return [*(timing.best(own) * 1e3 for own in times), timing.median_ratio(*times), gap]


def measured(keys, options):
    """A dictionary of numbers for each case and number of threads, printed as they come."""
    other = 'PyTorch' if options.torch else 'by hand'
    timing.head(*titles(other, options.compiled))
    found = []
    for key in keys:
        alone = None
        for threads in (1, 2):
            run = partial(timing.in_process, HERE, key, '--threads', threads,
                          *['--torch'] * options.torch, threads=threads)
            seconds = '--seconds', options.seconds
            here, there, median, gap = run('--seconds', 0 if options.apart else options.seconds)
            if options.apart:
                (here, mine), (there, theirs) = [run(*seconds, '--only', side) for side in SIDES]
                median = mine / theirs
            alone = alone or (here, there)
            stalled = any(both > 3 * one for both, one in zip((here, there), alone))
            fault = 'losses differ' if not gap <= AGREE else 'stalled' if stalled else ''
            case = CASES[key]
            found.append(dict(title=case.title, threads=threads, here=here, there=there,
                              ratio=here / there, median=median, most=case.most, fault=fault))
            if options.compiled:
                found[-1]['compiled'] = isinstance(case, Training) and run(
                    *seconds, '--only', 'compiled')[0]
            timing.row(*cells(found[-1], options.torch))
    return found


def titles(other, compiled):
    return ['program', 'threads', 'here, ms', f'{other}, ms', 'ratio', 'median', 'goal',
            *['compiled, ms', 'ratio'] * compiled]


def cells(found, with_torch):
    title, threads, here, there, ratio, median, most, fault, *compiled = found.values()
    ratios = [fault, ''] if fault else [f'{ratio:.2f}', f'{median:.2f}']
    more = [x for ms in compiled for x in ([f'{ms:.3g}', f'{ms / there:.2f}'] if ms else ['', ''])]
    return [title, threads, f'{here:.3g}', f'{there:.3g}', *ratios, most if with_torch else '',
            *more]


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('cases', nargs='*', metavar='CASE', help=', '.join(CASES))
    parser.add_argument('--torch', action='store_true', help='compare with PyTorch')
    parser.add_argument('--apart', action='store_true', help='each in a process of its own')
    parser.add_argument('--compiled', action='store_true', help='the loss compiled, too')
    parser.add_argument('--seconds', type=float, default=5, help='for a case and thread count')
    parser.add_argument('--out', type=Path, default=Path('out'), help='folder of what is written')
    parser.add_argument('--threads', type=int, help=argparse.SUPPRESS)
    parser.add_argument('--only', choices=(*SIDES, 'compiled'), help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f'no case {", ".join(unknown)}; there are: {", ".join(CASES)}')
    if options.threads:
        case = CASES[options.cases[0]]
        print(json.dumps(compare(case, options.threads, options.seconds, options.torch,
                                 options.only)))
        return
    found = measured(options.cases or CASES, options)
    name = 'PyTorch' if options.torch else 'NumPy by hand'
    options.out.mkdir(parents=True, exist_ok=True)
    table, chart = options.out / 'against.md', options.out / 'against.png'
    with table.open('w') as file:
        timing.head(*titles(name, options.compiled), file=file)
        for f in found:
            timing.row(*cells(f, options.torch), file=file)
        print('\n' + machine(options.torch), file=file)
    draw(found, name, chart)
    print(f'table: {table}\nfigure: {chart}')


if __name__ == '__main__':
    main()
