"""What the page shows at a cursor, printed: the command that stands under every screen."""
from __future__ import annotations

from typing import Any, Iterator, Mapping
from urllib.parse import parse_qsl

from . import games, graph, play, runs
from .facts import address, chapters, printed


def row(*cells: object) -> str:
    """Cells side by side, numbers with the digits of the page.

    cells  texts, whole numbers and floats
    """
    texts = [printed(cell) if isinstance(cell, float) else str(cell) for cell in cells]
    return '  '.join(f'{text:11}' for text in texts).rstrip()


def shown(cursor: str) -> Iterator[str]:
    """The lines of numbers that the page shows at a cursor.

    cursor  settings as in its address: 'z=desk&r=adam&t=12&w=17'
    """
    normal = {key: value for key, (value, _) in address().items()}
    at = {**normal, **dict(parse_qsl(cursor))}
    if at['z'] == 'E':
        yield from of_tries(at['o'])
    elif at['z'] == 'F':
        yield f'The six lines are those of chapter {chapters()["F"]}:'
        for line, paths in zip(games.chapter()['lines'], games.suspects().tolist()):
            yield line
            yield from (row(f'g = {size:g}', *path[::10]) for size, path in zip(games.SIZES, paths))
    elif at['z'] == 'desk' and at['f']:
        yield from of_play(at)
    else:
        of = {'plane': of_plane, 'graph': of_graph, 'wishes': of_wishes, 'desk': of_desk}[at['z']]
        starts = [name for name in runs.RUNS if name.split('-')[0] == at['r']]
        name = starts[int(at['s']) if len(starts) > 1 else 0]
        yield from of(name, runs.record(name)[0], *(int(at[key]) for key in 'twp'))


def of_plane(name: str, tables: Mapping[str, Any], t: int, w: int, p: int) -> Iterator[str]:
    """The loss, and every weight.

    name    the run
    tables  what was recorded of it
    t       the step, from 1
    w, p    the weight and the point, from 0
    """
    yield row('loss', float(tables['loss'][t - 1]))
    columns = 'w', 'g', 'move', 'move/lr'
    yield row(*columns, 'weight')
    for i, label in enumerate(runs.weights(runs.net(0))):
        yield row(*(float(tables[column][i, t - 1]) for column in columns), label)


def of_graph(name: str, tables: Mapping[str, Any], t: int, w: int, p: int) -> Iterator[str]:
    """The values and gradients of a point, at the last recorded step up to t.

    name, tables, t, w, p  as in `of_plane`
    """
    at = last_recorded(name, t)
    yield row('value', 'gradient', 'unit')
    for i, unit in enumerate(graph.units()[2:-1]):
        yield row(*(float(tables[column][at, i, p]) for column in ('values', 'grads')),
                  unit['name'])


def of_wishes(name: str, tables: Mapping[str, Any], t: int, w: int, p: int) -> Iterator[str]:
    """The share of each point in the gradient of a weight, and their sum.

    name, tables, t, w, p  as in `of_plane`
    """
    at = last_recorded(name, t)
    yield row('g', float(tables['g'][w, runs.RUNS[name].steps[at] - 1]))
    yield from (row(float(share), f'point {i}') for i, share in enumerate(tables['shares'][at, w]))


def of_desk(name: str, tables: Mapping[str, Any], t: int, w: int, p: int) -> Iterator[str]:
    """The quantities of a weight at this step and the one before.

    name, tables, t, w, p  as in `of_plane`
    """
    columns = runs.RUNS[name].columns
    yield row('step', *columns)
    for step in range(max(1, t - 1), t + 1):
        yield row(step, *(float(tables[column][w, step - 1]) for column in columns))


def last_recorded(name: str, t: int) -> int:
    """Which of the steps at which single points were recorded is the last one up to t.

    name  the run
    t     the step
    """
    return sum(step <= t for step in runs.RUNS[name].steps) - 1


def of_play(at: Mapping[str, str]) -> Iterator[str]:
    """The quantities under a series of gradients, at this step and the one before.

    at  the settings
    """
    tables, t = play.record(), int(at['t'])
    shown = {name: tables[name][tuple(int(at[key]) for key in keys)]
             for name, keys in play.INDEX.items() if name != 'root'}
    yield row('step', *shown)
    for step in range(max(1, t - 1), t + 1):
        yield row(step, *(float(series[step - 1]) for series in shown.values()))


def of_tries(optimizer: str) -> Iterator[str]:
    """The losses of 20 seeds, for each budget and learning rate.

    optimizer  its number; '' for all of them
    """
    names = list(games.OPTIMIZERS)
    for name, table in games.tries([names[int(optimizer)]] if optimizer else names).items():
        yield name
        for steps, rates in zip(games.BUDGETS, table.tolist()):
            for lr, losses in zip(games.RATES, rates):
                yield row(f'{steps} steps', f'lr {printed(lr)}', *losses)
