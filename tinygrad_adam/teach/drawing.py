"""The graph of an expression, drawn: what was computed from what, and the gradients in it.

Every box is a tensor, under the name of the operation that made it, with its shape, its value if it
is short, and the gradient of the result in it. Values run to the right, in blue; gradients run
back, in orange. The boxes stand in columns, each to the right of all that it was computed from,
and a few sweeps move them to the mean height of their neighbours.

PyTorch has no such module. `plot.graph` is how to call it.

>>> from tinygrad_adam import tensor
>>> x, y = tensor(2.0, requires_grad=True), tensor(5.0, requires_grad=True)
>>> ax = graph(x * y + x, names={'x': x, 'y': y})
>>> [text.get_text() for text in ax.texts][:3]
['x', '2', 'grad 6']
"""
from __future__ import annotations

from html import escape
from itertools import islice

import numpy as np

from ..autograd.engine import Node, TensorBase, walk
from ..autograd.gradients import seeded

FORWARD, BACKWARD, QUIET = '#0072B2', '#D55E00', '#666666'
WIDTH, HEIGHT = 0.7, 0.72     # of a box, where columns and rows are 1 apart
CELL = np.array([150, 95])    # pixels from column to column and from row to row


def graph(tensor, names=None, ax=None, backward=True):
    """Draw what `tensor` was computed from, with values and the gradients of its sum in them.

    names: {name: tensor}, such as locals(), for titles; a value inside an expression is known only
    if it has a name or the graph keeps it for a derivative, and so is an argument that does not
    require grad. backward: False leaves the gradients out (and works after backward() has freed
    the graph); a number stops the walk after so many of them.
    """
    boxes, edges = picture(tensor, names, backward)
    if ax is None:
        from matplotlib.figure import Figure
        left, right, top, bottom = extent(boxes, edges)
        size = np.array([right - left, bottom - top]) * CELL / 100
        ax = Figure(figsize=size).add_axes((0, 0, 1, 1))
    draw(boxes, edges, ax)
    return ax


def graph_svg(tensor, names=None, backward=True) -> SVG:
    """The same picture as the text of an SVG image, which a notebook shows as a picture."""
    return SVG(svg(*picture(tensor, names, backward)))


class SVG(str):
    """The text of an image."""

    def _repr_svg_(self):
        return str(self)


# What is in the graph.

class Spot:
    """A place in the picture: of a box, or of an edge on its way past other boxes."""

    height = 0.4

    def __init__(self, column=0):
        self.column, self.y = column, 0.0


class Box(Spot):
    """One tensor of the picture."""

    height = 1

    def __init__(self, title, value=None):
        super().__init__()
        self.title, self.value, self.gradient = title, value, None
        self.shape = np.shape(value)
        self.inputs = []             # boxes; one twice if it was used twice

    def lines(self):
        """Pairs (text, colour)."""
        shape = str(tuple(self.shape)) if self.shape else ''
        value, gradient = brief(self.value), brief(self.gradient)
        if gradient:
            gradient = f'grad {gradient}'
        elif self.gradient is not None:
            gradient = f'|grad| {np.linalg.norm(self.gradient):.3g}'
        return [(text, color) for text, color in (
            (self.title, 'black'), (shape, QUIET), (value, FORWARD), (gradient, BACKWARD)) if text]


def brief(array):
    """A number or a few as text; '' for more, or None."""
    if array is None or np.size(array) > 4:
        return ''
    text = np.array2string(np.asarray(array), formatter={'all': '{:.4g}'.format}, separator=' ')
    return text.replace('\n', '') if len(text) <= 18 else ''


def picture(tensor, names, backward):
    """The boxes, inputs before outputs, and the edges between them."""
    boxes = collect(tensor)
    last = boxes[tensor.grad_fn or tensor]
    last.value, last.shape = tensor._array, tensor._array.shape
    for name, value in (names or {}).items():
        box = isinstance(value, TensorBase) and boxes.get(value.grad_fn or value)
        if box and not name.startswith('_'):
            box.title = f'{name} = {box.title}' if value.grad_fn else name
            box.value, box.shape = value._array, value._array.shape
    if backward is not False:
        ones = tensor.result._of(np.ones_like(tensor._array))
        steps = walk(seeded([tensor], ones, False), keep=True)
        for place, g in islice(steps, None if backward is True else backward):
            boxes[place].gradient, boxes[place].shape = g, g.shape
    boxes = list(boxes.values())
    return boxes, arranged(boxes, last)


def collect(tensor):
    """{node or leaf: its box} for all that the tensor was computed from, the youngest node last."""
    found = explore(tensor.grad_fn or tensor,
                    lambda place: [parent for parent, *_ in getattr(place, 'parents', ())])
    boxes = {leaf: Box('leaf', leaf._array) for leaf in found if type(leaf) is not Node}
    for node in sorted((n for n in found if type(n) is Node), key=lambda node: node.number):
        edges = {i: (boxes[parent], shape) for (i, _), (parent, _, shape, _)
                 in zip(node.plan.edges, node.parents)}
        args = node.args or [None] * (1 + max(edges))
        numbers = [f' {arg:.4g}' for arg in args if isinstance(arg, (int, float))]
        box = boxes[node] = Box(''.join([node.name, *numbers]), node.out)
        for i, arg in enumerate(args):
            if i in edges:
                x, x.shape = edges[i]
                x.value = arg._array if isinstance(arg, TensorBase) else x.value
                box.inputs.append(x)
            elif isinstance(arg, TensorBase):
                box.inputs.append(boxes.setdefault(arg, Box('', arg._array)))
    return boxes


def explore(start, inputs):
    """Everything the start came from, each before its inputs, and those in their order."""
    found, unexplored = {}, [start]
    while unexplored:
        place = unexplored.pop()
        if place not in found:
            found[place] = True
            unexplored += inputs(place)[::-1]
    return list(found)


# Where it stands.

def arranged(boxes, last):
    """The edges as lists of spots from input to output, and every spot moved to its place.

    `last` is the box of the result; every other stands in the column before the first that uses it.
    """
    for box in reversed(boxes):
        for x in box.inputs:
            x.column = min(x.column, box.column - 1)
    edges = [[x, *map(Spot, range(x.column + 1, box.column)), box]
             for box in boxes for x in box.inputs]
    columns, near = {}, {}
    between = [spot for edge in edges for spot in edge[1:-1]]
    for spot in explore(last, lambda box: box.inputs) + between:
        columns.setdefault(spot.column, []).append(spot)
        near[spot] = []
    for edge in edges:
        for left, right in zip(edge, edge[1:]):
            near[left].append(right)
            near[right].append(left)
    for sweep in range(24):
        for column in sorted(columns, reverse=sweep % 2):
            settle(columns[column], near)
    return edges


def settle(column, near):
    """Move the spots of one column as near to the mean of their neighbours as there is room."""
    wanted = {spot: np.mean([other.y for other in near[spot]] or [0]) for spot in column}
    column.sort(key=wanted.get)
    for above, spot in zip([None, *column], column):
        spot.y = wanted[spot]
        if above:
            spot.y = max(spot.y, above.y + (above.height + spot.height) / 2)
    shift = np.mean([wanted[spot] - spot.y for spot in column])
    for spot in column:
        spot.y += shift


def routes(edges):
    """For each edge its corners (n, 2): a start, then three at a time for a Bezier curve."""
    stops = [[(spot.column, spot.y) for spot in edge] for edge in edges]
    heights = {}                     # (edge, 0 at its start or -1 at its end): where it touches
    for end, beyond in (0, 1), (-1, -2):
        touching = {}
        for i, edge in enumerate(edges):
            touching.setdefault(edge[end], []).append(i)
        for box, meeting in touching.items():
            meeting.sort(key=lambda i: stops[i][beyond][1])
            apart = min(0.2, 0.5 * HEIGHT / len(meeting))
            for rank, i in enumerate(meeting):
                heights[i, end] = box.y + apart * (rank - (len(meeting) - 1) / 2)
    for i, ((first, _), *between, (last, _)) in enumerate(stops):
        half = WIDTH / 2
        points = [(first + half, heights[i, 0]),
                  *((x + side, y) for x, y in between for side in (-half, half)),
                  (last - half, heights[i, -1])]
        corners = points[:1]
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            middle = (x0 + x1) / 2
            corners += [(middle, y0), (middle, y1), (x1, y1)]
        yield np.array(corners)


def arrows(edges):
    """Corners and colour of each arrow: values forward, and next to them gradients back."""
    aside = np.array([0, 0.04])
    for edge, corners in zip(edges, routes(edges)):
        if edge[0].gradient is None or edge[-1].gradient is None:
            yield corners, FORWARD
        else:
            yield corners - aside, FORWARD
            yield corners[::-1] + aside, BACKWARD


def extent(boxes, edges):
    """Left, right, top and bottom of the picture."""
    spots = [*boxes, *(spot for edge in edges for spot in edge)]
    columns, heights = [spot.column for spot in spots], [spot.y for spot in spots]
    return min(columns) - 0.5, max(columns) + 0.5, min(heights) - 0.5, max(heights) + 0.5


# Its two forms.

def draw(boxes, edges, ax):
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path
    left, right, top, bottom = extent(boxes, edges)
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect=CELL[1] / CELL[0])
    ax.axis('off')
    for corners, color in arrows(edges):
        path = Path(corners, [Path.MOVETO, *[Path.CURVE4] * (len(corners) - 1)])
        ax.add_patch(FancyArrowPatch(path=path, arrowstyle='-|>', mutation_scale=7, color=color,
                                     linewidth=0.9))
    # Points a pixel of CELL, so far as is known before the layout of the whole figure.
    scale = min(ax.get_position().size * ax.figure.get_size_inches() * 72
                / np.array([right - left, bottom - top]) / CELL)
    letters = max(len(text) for box in boxes for text, _ in box.lines())
    most = max(len(box.lines()) for box in boxes)
    wide, high = scale * CELL * (WIDTH, HEIGHT)
    size = min(11, wide / (0.62 * letters), high / (1.3 * most))
    for box in boxes:
        ax.add_patch(FancyBboxPatch(
            (box.column - WIDTH / 2, box.y - HEIGHT / 2), WIDTH, HEIGHT, fill=True,
            facecolor='white', edgecolor=QUIET, boxstyle='round,pad=0,rounding_size=0.08'))
        for dy, text, color in rows(box):
            ax.annotate(text, (box.column, box.y), (0, -1.3 * size * dy), color=color,
                        textcoords='offset points', ha='center', va='center', fontsize=size)


def rows(box):
    """Triples (lines below the middle, text, colour)."""
    lines = box.lines()
    for i, (text, color) in enumerate(lines):
        yield i - (len(lines) - 1) / 2, text, color


def svg(boxes, edges):
    left, right, top, bottom = extent(boxes, edges)

    def at(points):
        return ((points - (left, top)) * CELL).round(1)

    width, height = at(np.array([right, bottom]))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             f'width="{width}" height="{height}" font-family="sans-serif" font-size="13" '
             'text-anchor="middle">']
    for color in FORWARD, BACKWARD:
        parts.append(f'<marker id="to-{color[1:]}" viewBox="0 0 8 8" refX="8" refY="4" '
                     'markerWidth="7" markerHeight="7" orient="auto">'
                     f'<path d="M0 1L8 4L0 7z" fill="{color}"/></marker>')
    for corners, color in arrows(edges):
        start, *rest = [f'{x} {y}' for x, y in at(corners)]
        parts.append(f'<path d="M{start}C{" ".join(rest)}" fill="none" stroke="{color}" '
                     f'marker-end="url(#to-{color[1:]})"/>')
    for box in boxes:
        x, y = at(np.array([box.column, box.y]))
        wide, high = CELL * (WIDTH, HEIGHT)
        parts.append(f'<rect x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:.1f}" '
                     f'height="{high:.1f}" rx="8" fill="white" stroke="{QUIET}"/>')
        for dy, text, color in rows(box):
            parts.append(f'<text x="{x}" y="{y + 16 * dy + 5:.1f}" fill="{color}">{escape(text)}'
                         '</text>')
    return '\n'.join([*parts, '</svg>'])
