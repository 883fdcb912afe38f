"""The graph of the loss for one point, as screen B draws it: units, and edges between them."""
from __future__ import annotations

from typing import Any

from . import runs

# {layer: (how many units, how far it is from the left)}, in pixels.
LAYERS = {'x': (2, 44), 'hidden': (8, 262), 'tanh': (8, 410), 'score': (3, 710), 'log p': (3, 900),
          'loss': (1, 1056)}
WIDTH, HEIGHT = 1110, 530


def units() -> list[dict[str, Any]]:
    """The units from left to right: name, number of the layer and in it, place in the picture."""
    found = []
    for layer, (title, (count, x)) in enumerate(LAYERS.items()):
        for i in range(count):
            name = {'x': f'x{i + 1}', 'loss': title}.get(title, f'{title} {i}')
            y = 280 + (60 if count == 8 else 144) * (i - (count - 1) / 2)
            found.append({'name': name, 'layer': layer, 'i': i, 'x': x, 'y': y})
    return found


def edges() -> list[dict[str, Any]]:
    """The edges: the units they join, what their local factor is, and where it is written.

    The factor is a weight, or a row of the factors that `runs.graph` returns; the other is None.
    """
    places, labels = units(), list(runs.weights(runs.net(0)))
    index = {(unit['layer'], unit['i']): at for at, unit in enumerate(places)}
    found = []

    def edge(layer: int, i: int, j: int, share: float, weight: str = '', row: int | None = None,
             ) -> None:
        start, end = index[layer, i], index[layer + 1, j]
        (x, y), (x2, y2) = ((places[at]['x'], places[at]['y']) for at in (start, end))
        found.append({'from': start, 'to': end, 'row': row,
                      'weight': labels.index(weight) if weight else None,
                      'x': round(x + (x2 - x) * share, 1), 'y': round(y + (y2 - y) * share + 4, 1)})

    # A factor is written at such a share of its edge that no two of them meet.
    for j in range(8):
        for i in range(2):
            edge(0, i, j, 0.72 - 0.26 * i, f'0.weight[{j}, {i}]')
        edge(1, j, j, 0.5, row=j)
    for j in range(3):
        for i in range(8):
            edge(2, i, j, 0.27 + 0.21 * j, f'2.weight[{j}, {i}]')
        for i in range(3):
            edge(3, i, j, (0.5, 0.35, 0.7)[abs(i - j)], row=8 + 3 * j + i)
        edge(4, j, 0, 0.45, row=17 + j)
    return found
