"""The graph of an expression, drawn: what was computed from what, and the gradients.

Every box is a tensor. It shows the name of the operation that made the tensor, its shape, its value
if that is short, and the gradient of the result with respect to it. Blue arrows are values and
point to the right; orange arrows are gradients and point back. Each box stands in a column to the
right of all its inputs; a few sweeps move the boxes to the mean height of their neighbours.

PyTorch has no such module. Call `graph` as `plot.graph`.

>>> from tinygrad_adam import tensor
>>> x, y = tensor(2.0, requires_grad=True), tensor(5.0, requires_grad=True)
>>> ax = graph(x * y + x, names={'x': x, 'y': y})
>>> [text.get_text() for text in ax.texts][:3]
['x', '2', 'grad 6']
"""
from __future__ import annotations

from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping

import numpy as np

from .. import Tensor, ones_like
from ..autograd.graph import Node, Output, TensorBase, seeded, walk

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORWARD, BACKWARD, QUIET = '#0072B2', '#D55E00', '#666666'
WIDTH, HEIGHT = 0.7, 0.72     # of a box, where columns and rows are 1 apart
CELL = np.array([150, 95])    # pixels from column to column and from row to row


def graph(tensor: Tensor, names: Mapping[str, object] | None = None, ax: Axes | None = None,
          backward: bool | int = True) -> Axes:
    """Draw how a tensor was computed, with values and the gradients of its sum.

    tensor    the result, of any shape; it requires grad, unless backward is False
    names     {name: tensor} for the titles of boxes, such as locals(); other objects are ignored.
              The value of a box inside the graph is known only if it has a name here, or if the
              graph saved it for a derivative; so is an argument that does not require grad
    ax        where to draw; without it, on a new figure that fits
    backward  False leaves out the gradients, and then works after backward() has freed the graph;
              an int stops the walk after that many of them

    Returns the Axes.
    """
    boxes, edges = picture(tensor, names, backward)
    if ax is None:
        from matplotlib.figure import Figure
        left, right, top, bottom = extent(boxes, edges)
        width, height = (np.array([right - left, bottom - top]) * CELL / 100).tolist()
        ax = Figure(figsize=(width, height)).add_axes((0, 0, 1, 1))
    draw(boxes, edges, ax)
    return ax


def graph_svg(tensor: Tensor, names: Mapping[str, object] | None = None,
              backward: bool | int = True) -> SVG:
    """The same picture as an SVG image, which a notebook shows.

    tensor    the result, of any shape; it requires grad, unless backward is False
    names     {name: tensor} for the titles of boxes, such as locals()
    backward  False leaves out the gradients; an int stops the walk after that many of them

    Returns the text of the image, a str.
    """
    return SVG(svg(*picture(tensor, names, backward)))


class SVG(str):
    """The text of an SVG image, which a notebook shows as an image."""

    def _repr_svg_(self) -> str:
        return str(self)


# What is in the graph.

class Spot:
    """A position in the picture: of a box, or of an edge where it passes other boxes.

    column  its column; that of the result is 0, those of inputs are negative
    """

    height: float = 0.4

    def __init__(self, column: int = 0):
        self.column: int = column
        self.y: float = 0.0


class Box(Spot):
    """One tensor of the picture.

    title  its name, or that of the operation that made it
    value  its array, if known
    """

    height: float = 1

    def __init__(self, title: str, value: np.ndarray | None = None):
        super().__init__()
        self.title: str = title
        self.value: np.ndarray | None = value
        self.gradient: np.ndarray | None = None
        self.shape: tuple[int, ...] = () if value is None else value.shape
        self.inputs: list[Box] = []            # a box is here twice if it was used twice

    def lines(self) -> list[tuple[str, str]]:
        """Pairs (text, colour), from top to bottom."""
        shape = str(tuple(self.shape)) if self.shape else ''
        value, gradient = brief(self.value), brief(self.gradient)
        if gradient:
            gradient = f'grad {gradient}'
        elif self.gradient is not None:
            gradient = f'|grad| {np.linalg.norm(self.gradient):.3g}'
        return [(text, color) for text, color in (
            (self.title, 'black'), (shape, QUIET), (value, FORWARD), (gradient, BACKWARD)) if text]


def brief(array: np.ndarray | None) -> str:
    """An array of at most four numbers as text; '' for a larger one, or for None."""
    if array is None or np.size(array) > 4:
        return ''
    text = np.array2string(np.asarray(array), formatter={'all': '{:.4g}'.format}, separator=' ')
    return text.replace('\n', '') if len(text) <= 18 else ''


def picture(tensor: Tensor, names: Mapping[str, object] | None,
            backward: bool | int) -> tuple[list[Box], list[list[Spot]]]:
    """The boxes, inputs first, and the edges; tensor, names and backward are those of `graph`."""
    boxes = collect(tensor)
    last = boxes[tensor.grad_fn or tensor]
    last.value, last.shape = tensor._array, tensor._array.shape
    for name, value in (names or {}).items():
        if not isinstance(value, TensorBase) or name.startswith('_'):
            continue
        box = boxes.get(value.grad_fn or value)
        if box:
            box.title = f'{name} = {box.title}' if value.grad_fn else name
            box.value, box.shape = value._array, value._array.shape
    if backward is not False:
        steps = walk(seeded([tensor], ones_like(tensor), False), retain=True)
        for source, _, g in islice(steps, None if backward is True else backward):
            boxes[source].gradient, boxes[source].shape = g, g.shape
    return list(boxes.values()), arranged(list(boxes.values()), last)


def collect(tensor: Tensor) -> dict[Any, Box]:
    """{node or leaf: its box} for all that the tensor was computed from, the youngest node last."""
    sources = explore(tensor.grad_fn or tensor,
                      lambda source: [parent for parent, *_ in getattr(source, 'edges', ())])
    boxes = {leaf: Box('leaf', leaf._array) for leaf in sources if isinstance(leaf, TensorBase)}
    for node in sorted((n for n in sources if isinstance(n, Node)), key=lambda node: node.number):
        edges = {i: (boxes[parent], shape) for (i, *_), (parent, _, _, shape, _)
                 in zip(node.plan.edges, node.edges)}
        saved = dict(zip(node.plan.saves, node.saved or ()))
        out = next((x._array for x in saved.values() if isinstance(x, Output)), None)
        args = {i: x for (i, shape_only), x in saved.items() if i is not None and not shape_only}
        numbers = [f' {x:.4g}' for _, x in sorted(args.items()) if isinstance(x, (int, float))]
        box = boxes[node] = Box(''.join([node.plan.operation, *numbers]), out)
        for i in sorted({*edges, *args}):
            arg = args.get(i)
            if i in edges:
                x, x.shape = edges[i]
                x.value = arg._array if isinstance(arg, TensorBase) else x.value
                box.inputs.append(x)
            elif isinstance(arg, TensorBase):
                box.inputs.append(boxes.setdefault(arg, Box('', arg._array)))
    return boxes


def explore(start: Any, inputs: Callable[[Any], list[Any]]) -> list[Any]:
    """All ancestors of start, depth first: start itself, then its inputs(start), in their order."""
    seen, unexplored = {}, [start]
    while unexplored:
        source = unexplored.pop()
        if source not in seen:
            seen[source] = True
            unexplored += inputs(source)[::-1]
    return list(seen)


# The layout.

def arranged(boxes: list[Box], last: Box) -> list[list[Spot]]:
    """Set the positions of the boxes; return the edges as lists of spots from input to output.

    `last` is the box of the result; every other stands in the column before the first that uses it.
    """
    for box in reversed(boxes):
        for x in box.inputs:
            x.column = min(x.column, box.column - 1)
    edges: list[list[Spot]] = [[x, *map(Spot, range(x.column + 1, box.column)), box]
                               for box in boxes for x in box.inputs]
    columns: dict[int, list[Spot]] = {}
    neighbours: dict[Spot, list[Spot]] = {}
    between = [spot for edge in edges for spot in edge[1:-1]]
    for spot in explore(last, lambda box: box.inputs) + between:
        columns.setdefault(spot.column, []).append(spot)
        neighbours[spot] = []
    for edge in edges:
        for left, right in zip(edge, edge[1:]):
            neighbours[left].append(right)
            neighbours[right].append(left)
    for sweep in range(24):
        for column in sorted(columns, reverse=sweep % 2 == 1):
            settle(columns[column], neighbours)
    return edges


def settle(column: list[Spot], neighbours: dict[Spot, list[Spot]]) -> None:
    """Move the spots of one column as close to the mean of their neighbours as there is room."""
    wanted = {spot: float(np.mean([other.y for other in neighbours[spot]] or [0]))
              for spot in column}
    column.sort(key=lambda spot: wanted[spot])
    for above, spot in zip([None, *column], column):
        spot.y = wanted[spot]
        if above:
            spot.y = max(spot.y, above.y + (above.height + spot.height) / 2)
    shift = float(np.mean([wanted[spot] - spot.y for spot in column]))
    for spot in column:
        spot.y += shift


def routes(edges: list[list[Spot]]) -> Iterator[np.ndarray]:
    """The control points (n, 2) of each of the edges: its start, then three a Bezier curve."""
    stops = [[(spot.column, spot.y) for spot in edge] for edge in edges]
    heights = {}                     # where edge i touches a box, by (i, 0 at its start, -1 at end)
    for end, beyond in (0, 1), (-1, -2):
        touching: dict[Spot, list[int]] = {}
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


def arrows(edges: list[list[Spot]]) -> Iterator[tuple[np.ndarray, str]]:
    """Control points and colour of arrows along the edges: values forward, gradients back."""
    aside = np.array([0, 0.04])
    for edge, corners in zip(edges, routes(edges)):
        if any(isinstance(end, Box) and end.gradient is None for end in (edge[0], edge[-1])):
            yield corners, FORWARD
        else:
            yield corners - aside, FORWARD
            yield corners[::-1] + aside, BACKWARD


def extent(boxes: list[Box], edges: list[list[Spot]]) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a picture of boxes and edges, in columns and rows."""
    spots = [*boxes, *(spot for edge in edges for spot in edge)]
    columns, heights = [spot.column for spot in spots], [spot.y for spot in spots]
    return min(columns) - 0.5, max(columns) + 0.5, min(heights) - 0.5, max(heights) + 0.5


# The two forms: Matplotlib and SVG.

def draw(boxes: list[Box], edges: list[list[Spot]], ax: Axes) -> None:
    """Draw the boxes and edges on ax."""
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path
    left, right, top, bottom = extent(boxes, edges)
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect=CELL[1] / CELL[0])
    ax.axis('off')
    for corners, color in arrows(edges):
        path = Path(corners, [Path.MOVETO, *[Path.CURVE4] * (len(corners) - 1)])
        ax.add_patch(FancyArrowPatch(path=path, arrowstyle='-|>', mutation_scale=7, color=color,
                                     linewidth=0.9))
    # Points per pixel of CELL, as far as that is known before the figure is laid out.
    figure: Any = ax.figure
    scale = min(ax.get_position().size * figure.get_size_inches() * 72
                / np.array([right - left, bottom - top]) / CELL)
    letters = max(len(text) for box in boxes for text, _ in box.lines())
    most = max(len(box.lines()) for box in boxes)
    wide, high = scale * CELL * (WIDTH, HEIGHT)
    size = min(11, wide / (0.62 * letters), high / (1.3 * most + 0.5))
    for box in boxes:
        ax.add_patch(FancyBboxPatch(
            (box.column - WIDTH / 2, box.y - HEIGHT / 2), WIDTH, HEIGHT, fill=True,
            facecolor='white', edgecolor=QUIET, boxstyle='round,pad=0,rounding_size=0.08'))
        for dy, text, color in rows(box):
            ax.annotate(text, (box.column, box.y), (0, -1.3 * size * dy), color=color,
                        textcoords='offset points', ha='center', va='center', fontsize=size)


def rows(box: Box) -> Iterator[tuple[float, str, str]]:
    """Triples (lines below the middle, text, colour) of the text in a box."""
    lines = box.lines()
    for i, (text, color) in enumerate(lines):
        yield i - (len(lines) - 1) / 2, text, color


def svg(boxes: list[Box], edges: list[list[Spot]]) -> str:
    """The boxes and edges as the text of an SVG image."""
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
