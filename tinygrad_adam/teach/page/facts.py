"""What the page says and that is not a number of a table: formulas, source, commands, chapters."""
from __future__ import annotations

import inspect
import re
import textwrap
from typing import Any, Callable, Iterable

import numpy as np

from ... import optim
from ...__main__ import scripts
from ...autograd.graph import seeded, walk
from ...nn import functional as F
from ...ops import matmul, pointwise, softmax
from . import games, graph, play, runs

# The chapter behind each screen, by the name of its file: its number is looked up.
CHAPTERS = {'plane': 'mlp', 'graph': 'order', 'wishes': 'broadcast', 'desk': 'adam',
            'E': 'fair_race', 'F': 'adam'}

# For each rule, in the order of computing: a quantity; its formula, in which [m] stands for the
# number of this step, [m<] for that of the step before, {lr} for a setting; and the beginnings of
# the lines of `update` that compute it.
Row = tuple[str, str, list[str]]
M: Row = ('m', '{beta1}*[m<] + {rest1}*[g]', ['m *= beta1', 'm += '])
V: Row = ('v', '{beta2}*[v<] + {rest2}*[g]^2', ['v *= beta2', 'v += '])
RULES: dict[str, list[Row]] = {
    'Adam': [
        M, V,
        ('m_hat', '[m] / (1 - {beta1}^[t])', ['m_hat = ']),
        ('v_hat', '[v] / (1 - {beta2}^[t])', ['v_hat = ']),
        ('divisor', 'sqrt([v_hat]) + {eps}', ['p -= ']),
        ('move', '-{lr}*[m_hat] / [divisor]', ['p -= '])],
    'Uncorrected': [
        M, V,
        ('divisor', 'sqrt([v]) + {eps}', ['p -= ']),
        ('move', '-{lr}*[m] / [divisor]', ['p -= '])],
    'SGD': [('move', '-{lr}*[g]', ['p -= '])],
    'SGD momentum': [
        ('m', '{momentum}*[m<] + [g]', ['v *= momentum', 'v += ']),
        ('move', '-{lr}*[m]', ['p -= '])],
    'Adagrad': [
        ('v', '[v<] + [g]^2', ['s += ']),
        ('divisor', 'sqrt([v]) + {eps}', ['p -= ']),
        ('move', '-{lr}*[g] / [divisor]', ['p -= '])],
    'RMSprop': [
        ('v', '{alpha}*[v<] + {rest}*[g]^2', ['v *= alpha', 'v += ']),
        ('divisor', 'sqrt([v]) + {eps}', ['p -= ']),
        ('move', '-{lr}*[g] / [divisor]', ['p -= '])],
}


def printed(x: float) -> str:
    """A number as all of them stand on the page.

    x  the number
    """
    return f'{x:.4g}'


def rule_of(run: runs.Run) -> str:
    """The key of a run's rule in RULES.

    run  one of runs.RUNS
    """
    return run.rule.__name__ + ' momentum' * ('momentum' in run.options)


def settings(rule: Callable[..., optim.Optimizer], options: dict[str, Any]) -> dict[str, str]:
    """What stands for {lr} and its like in the formulas.

    rule     the optimizer's class
    options  its arguments
    """
    held = rule(runs.net(0).parameters(), **options).defaults
    found = {name: held[name] for name in ('lr', 'momentum', 'alpha', 'eps') if name in held}
    if 'alpha' in held:
        found['rest'] = 1 - held['alpha']
    for i, beta in enumerate(held.get('betas', ()), 1):
        found[f'beta{i}'], found[f'rest{i}'] = beta, 1 - beta
    return {name: printed(x) for name, x in found.items()}


def source(function: Callable[..., Any], rows: Iterable[Row]) -> dict[str, Any]:
    """The lines of a function, and which of them compute each quantity.

    function  one of the `update` of optimizers
    rows      its formulas, as in RULES
    """
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    lit = {name: [i for i, line in enumerate(lines) if line.strip().startswith(tuple(starts))]
           for name, _, starts in rows}
    return {'lines': lines, 'lit': lit}


def rules() -> dict[str, Any]:
    """For each rule its formulas and its source."""
    classes: dict[str, Any] = {rule_of(run): run.rule for run in runs.RUNS.values()}
    return {name: {'rows': [row[:2] for row in rows], **source(classes[name].update, rows)}
            for name, rows in RULES.items()}


def operations() -> dict[str, dict[str, Any]]:
    """The rows of the table of derivatives that the net uses, by operation.

    Returns their lines, and which of them are the rules.
    """
    found = {}
    for name, module in ('nll', softmax), ('log_softmax', softmax), ('linear', matmul), (
            'tanh', pointwise):
        (row,) = re.findall(rf'^{name}: Row = .*(?:\n .*)*', inspect.getsource(module), re.M)
        lines = row.splitlines()
        (first, *_) = (i for i, line in enumerate(lines) if re.search(' (input|logs)=', line))
        found[name] = {'lines': lines, 'lit': list(range(first, len(lines)))}
    return found


def order() -> list[str]:
    """The operations of the net in the order in which the engine walks back through them."""
    x, y = runs.points()
    loss = F.cross_entropy(runs.net(0)(x), y)
    return [vertex.plan.operation for vertex, *_ in walk(seeded([loss], None, False))
            if hasattr(vertex, 'plan')]


def chapters() -> dict[str, int]:
    """The number of the chapter behind each screen."""
    numbers = {}
    for name in scripts():
        number, _, title = name.partition('_')
        if number.isdecimal():
            numbers[title] = int(number)
    return {screen: numbers[title] for screen, title in CHAPTERS.items()}


def weights() -> list[dict[str, Any]]:
    """The weights: name, what they join (as names, and as numbers of units; None for what leads to
    a bias), the hidden unit they belong to, their cell on the page.

    A row of cells is a hidden unit: on the left what leads to it, on the right what leads on.
    """
    found, units = [], [unit['name'] for unit in graph.units()]
    for name in runs.weights(runs.net(0)):
        layer, kind, *index = re.findall(r'\w+', name)
        to, *source = map(int, index)
        if layer == '0':
            cell, ends = (source or [2]) + [to], f'hidden {to}'
        else:
            cell, ends = [3.6 + to, *(source or [8.4])], f'score {to}'
        start = 'bias' if kind == 'bias' else f'tanh {source[0]}' if layer == '2' else (
            f'x{source[0] + 1}')
        found.append({'name': name, 'from': start, 'to': ends, 'cell': cell,
                      'start': None if start == 'bias' else units.index(start),
                      'end': units.index(ends),
                      'unit': to if layer == '0' else source[0] if source else 0})
    return found


def address() -> dict[str, tuple[str, str]]:
    """What an address says, {key: (the value if it is not there, a pattern of all values)}."""
    def among(values: Iterable[object]) -> str:
        return '|'.join(map(str, values))

    def below(end: int) -> str:
        return among(range(end))

    def several(values: Iterable[object]) -> str:
        return f'(({among(values)})(,({among(values)}))*)?'

    found = {
        'z': ('plane', among(CHAPTERS)),                               # the screen
        'r': ('adam', among(keys())),                                  # the run
        's': ('0', below(runs.SEEDS)),                                 # the seed
        't': ('1', among(range(1, runs.STEPS + 1))),                   # the step
        'w': ('0', below(len(weights()))),                             # the weight
        'p': ('0', below(len(runs.points()[1]))),                      # the point
        'b': ('0', below(len(graph.LAYERS))),                          # how far the walk is
        'x': ('', among(['', *keys()])),                               # the run beside it
        'sort': ('point', 'point|share|class'),
        'f': ('', '|' + below(len(play.SERIES))),                      # gradients to play with
        'b1': ('2', below(len(play.BETA1))), 'b2': ('2', below(len(play.BETA2))),
        'eps': ('0', below(len(play.EPS))), 'c': ('0', below(len(play.RULES))),
        'o': ('', '|' + below(len(games.OPTIMIZERS))),                 # one try
        'lr': ('', '|' + below(len(games.RATES))), 'n': ('1', below(len(games.BUDGETS))),
        'k': ('0', below(games.SEEDS + 1)),                            # tries made
        'q': ('------', '[-0-5]{6}'),                                  # answers to F
        'all': ('0', '0|1'), 'mark': ('0', '0|1|2'), 'ask': ('0', '0|1'),
        'only': ('', several(CHAPTERS))}
    return {**found, 'lock': ('', several(found))}


def keys() -> list[str]:
    """The runs that have a key of their own: those from the first seed."""
    return [name for name, run in runs.RUNS.items() if run.seed == 0]


def facts() -> dict[str, Any]:
    """All of it, for JSON."""
    (_, labels), eight = runs.points(), games.chapter()
    played = [rule_of(runs.Run(rule, {}, ())) for rule in play.RULES.values()]
    shuffles = [np.random.default_rng(seed) for seed in range(runs.SEEDS)]
    return {
        'steps': runs.STEPS, 'side': runs.SIDE, 'labels': labels.tolist(),
        'weights': weights(),
        'runs': {name: {'rule': rule_of(run), 'columns': run.columns, 'steps': run.steps,
                        'times': '' if run.scale == 1 else f'{run.scale:g}*',
                        'settings': settings(run.rule, run.options)}
                 for name, run in runs.RUNS.items()},
        'keys': keys(), 'settings': address(), 'seeds': runs.SEEDS,
        'starts': {'adam': [name for name in runs.RUNS if name.split('-')[0] == 'adam']},
        'graph': {'units': graph.units(), 'edges': graph.edges(), 'width': graph.WIDTH,
                  'height': graph.HEIGHT,
                  'layers': [(name, x) for name, (_, x) in graph.LAYERS.items()]},
        'rules': rules(), 'operations': operations(), 'order': order(), 'chapters': chapters(),
        'play': {
            'steps': play.STEPS, 'index': play.INDEX, 'rules': played,
            'columns': [[name for name in play.INDEX if name in (
                'g', 'move/lr', *(row[0] for row in RULES[rule]))] for rule in played],
            'lr': printed(play.LR), 'series': list(play.SERIES),
            'correction': list(play.RULES), 'eps': [printed(x) for x in play.EPS],
            'beta1': [printed(x) for x in play.BETA1], 'beta2': [printed(x) for x in play.BETA2],
            'rest1': [printed(1 - x) for x in play.BETA1],
            'rest2': [printed(1 - x) for x in play.BETA2]},
        'tries': {
            'optimizers': list(games.OPTIMIZERS), 'rates': [printed(x) for x in games.RATES],
            'budgets': games.BUDGETS, 'ticks': ['1', '0.1', '0.01', '0.001'],
            'seeds': [rng.permutation(games.SEEDS).tolist() for rng in shuffles]},
        'suspects': {
            **eight, 'steps': games.STEPS, 'sizes': [printed(x) for x in games.SIZES],
            'curves': [rng.permutation(6).tolist() for rng in shuffles],
            'cards': [rng.permutation(6).tolist() for rng in shuffles]},
    }
