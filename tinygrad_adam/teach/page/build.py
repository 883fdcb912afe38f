"""The file: tables, facts and strings put into the template."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from . import games, packing, play, runs
from .facts import facts, printed

TEMPLATE = Path(__file__).parent / 'template'
SCRIPTS = ('numbers', 'state', 'drawing', 'guess', 'plane', 'graph', 'wishes', 'desk', 'try',
           'wrong', 'sheet', 'main')


def tables() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """All numbers of the page, {name: array}, and the pictures of the plane, {run: classes}."""
    numbers = {'points': runs.points()[0].numpy().T}
    classes = {}
    for name in runs.RUNS:
        recorded, classes[name] = runs.record(name)
        numbers.update({f'{name}/{quantity}': table for quantity, table in recorded.items()})
    numbers.update({f'play/{name}': table for name, table in play.record().items()})
    numbers.update({f'tries/{name}': table for name, table in games.tries().items()})
    numbers['suspects'] = games.suspects()
    return numbers, classes


def json_of(value: Any) -> str:
    """A value as JSON that may stand inside a script element.

    value  anything that json can write
    """
    return json.dumps(value, ensure_ascii=False, separators=(',', ':')).replace('</', '<\\/')


def script() -> str:
    """The script of the page, all its files one after the other."""
    return ''.join((TEMPLATE / f'{name}.js').read_text(encoding='utf-8') for name in SCRIPTS)


def strings() -> dict[str, Any]:
    """All that the page says in words: to translate it, translate these."""
    return json.loads((TEMPLATE / 'strings.json').read_text(encoding='utf-8'))


def page() -> str:
    """The text of the page."""
    numbers, classes = tables()
    longest = {name: printed(numbers[f'{name}/move/lr'].max()) for name in runs.RUNS}
    parts = {
        'style': (TEMPLATE / 'page.css').read_text(encoding='utf-8'),
        'strings': json_of(strings()),
        'facts': json_of({**facts(), 'longest': longest, 'pictures': packing.places(classes),
                          'tables': packing.places(numbers)}),
        'numbers': packing.packed(numbers), 'classes': packing.packed_classes(classes),
        'script': script()}
    text = (TEMPLATE / 'page.html').read_text(encoding='utf-8')
    for name, part in parts.items():
        text = text.replace(f'<!-- {name} -->', part)
    return text
