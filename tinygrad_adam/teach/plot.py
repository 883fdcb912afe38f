"""Figures of training, in Matplotlib: how it went, what was learned, and where it fails.

PyTorch has no such module. Every function draws on the Axes that it is given, or on new ones, and
returns them; `ax.figure` is the figure. Tensors (PyTorch's too), arrays and lists are all accepted.
Figures need no display: only those of `subplots(window=True)` open a window, on `show()`. In a
notebook, run `%matplotlib inline` once.

>>> ax = curves({'sgd': [2.3, 0.9, 0.4], 'adam': [2.3, 0.5, 0.1]}, ylabel='training loss')
>>> ax.get_xlabel(), ax.get_ylabel()
('epoch', 'training loss')
"""
from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .. import Tensor, from_numpy, no_grad
from .drawing import graph as graph, graph_svg as graph_svg  # noqa: F401, for plot.graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The colours of Okabe and Ito, which colour-blind people can tell apart; dashes for grey prints.
OPTIMIZER_STYLE: dict[str, dict[str, Any]] = {
    'sgd':      {'color': '#000000', 'linestyle': (0, (5, 2))},
    'momentum': {'color': '#E69F00', 'linestyle': (0, (7, 2, 1, 2, 1, 2))},
    'nesterov': {'color': '#56B4E9', 'linestyle': (0, (9, 2))},
    'adagrad':  {'color': '#009E73', 'linestyle': (0, (6, 2, 1, 2))},
    'rmsprop':  {'color': '#CC79A7', 'linestyle': (0, (1, 1))},
    'adam':     {'color': '#0072B2', 'linestyle': '-'},
    'adamw':    {'color': '#D55E00', 'linestyle': (0, (3, 1))},
}
COLORS = '#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#F0E442', '#999999'
DASHES: tuple[Any, ...] = '-', (0, (5, 2)), (0, (1, 1)), (0, (6, 2, 1, 2)), (0, (9, 2)), '-.'


def subplots(rows: int = 1, columns: int = 1, size: tuple[float, float] = (8, 5),
             window: bool = False, **options: Any) -> tuple[Figure, Any]:
    """A figure and its Axes, as pyplot.subplots makes them.

    rows     the number of Axes from top to bottom
    columns  the number of Axes from left to right
    size     width and height in inches
    window   whether `show` opens a window with the figure; this needs a display
    options  others of Figure.subplots, such as sharex=True or width_ratios=[1, 2]

    Returns (figure, ax); if there are several Axes, they are an array (rows, columns), without an
    axis of size 1.
    """
    if window:
        from matplotlib import pyplot
        return pyplot.subplots(rows, columns, figsize=size, layout='constrained', **options)
    from matplotlib.figure import Figure
    figure = Figure(figsize=size, layout='constrained')
    return figure, figure.subplots(rows, columns, **options)


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure to a file, at 150 pixels per inch.

    figure  one that `subplots` made, or ax.figure
    path    the name of the file; its ending decides the format, such as .png or .svg
    """
    figure.savefig(path, dpi=150)


def show() -> None:
    """Open the windows of all `subplots(window=True)` and wait until they are closed."""
    from matplotlib import pyplot
    pyplot.show()


def _axes(ax: Axes | None, size: tuple[float, float] = (8, 5)) -> Axes:
    """These Axes, or those of a new figure."""
    return subplots(size=size)[1] if ax is None else ax


def _array(values: Any) -> np.ndarray:
    return np.asarray(values.detach() if hasattr(values, 'detach') else values)


def _styles(names: Iterable[str]) -> list[dict[str, Any]]:
    """Colour and line style for every name: an optimizer has its own, others take turns."""
    return [OPTIMIZER_STYLE.get(name, {'color': COLORS[i % len(COLORS)],
                                       'linestyle': DASHES[i % len(DASHES)]})
            for i, name in enumerate(names)]


def curves(runs: Mapping[str, Tensor | ArrayLike], ax: Axes | None = None,
           x: Tensor | ArrayLike | None = None, xlabel: str = 'epoch', ylabel: str = 'loss',
           log: bool = False) -> Axes:
    """A line for each run, such as the losses of several optimizers.

    runs    {name: values (n,)}; the name of an optimizer sets the style of its line
    ax      where to draw; without it, on a new figure
    x       the horizontal positions (n,); without them 1, 2, ..
    xlabel  the text under the horizontal axis
    ylabel  the text beside the vertical axis
    log     whether the vertical axis is logarithmic

    Returns the Axes.
    """
    ax = _axes(ax)
    for (name, values), style in zip(runs.items(), _styles(runs)):
        values = _array(values)
        ax.plot(range(1, len(values) + 1) if x is None else _array(x), values, label=name,
                marker='.' if len(values) < 50 else None, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale='log' if log else 'linear')
    if x is None:
        locator: Any = ax.xaxis.get_major_locator()
        locator.set_params(integer=True)
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def ratios(runs: Mapping[str, Tensor | ArrayLike], ax: Axes | None = None,
           x: Tensor | ArrayLike | None = None) -> Axes:
    """The norm of the update over the norm of the weights, step by step.

    runs  {layer: values (n,)}
    ax    where to draw; without it, on a new figure
    x     the steps (n,); without them 1, 2, ..

    Returns the Axes. A healthy ratio is about 1e-3, the dotted line: far below it, a layer hardly
    learns; far above it, the layer forgets what it has learned.
    """
    ax = curves(runs, ax, x, xlabel='step', ylabel='|update| / |weights|', log=True)
    ax.axhline(1e-3, color='black', linestyle=':')
    return ax


def histograms(layers: Mapping[str, Tensor | ArrayLike], ax: Axes | None = None,
               xlabel: str = 'weight', bins: int = 60) -> Axes:
    """The distribution of weights, gradients or updates: a row for each layer, over one x axis.

    layers  {name: values of any shape}; values that are not finite are left out
    ax      where to draw; without it, on a new figure
    xlabel  the text under the horizontal axis
    bins    the number of bins

    Returns the Axes. Every row is scaled to its own fullest bin.
    """
    ax = _axes(ax)
    rows = [values[np.isfinite(values)] for values in map(_array, layers.values())]
    edges = np.histogram_bin_edges(np.concatenate(rows), bins)
    for i, row in enumerate(rows):
        counts, _ = np.histogram(row, edges)
        ax.stairs(i + 0.9 * counts / max(counts.max(), 1), edges, baseline=i, fill=True,
                  color=COLORS[i % len(COLORS)])
    ax.set_yticks(range(len(rows)), list(layers))
    ax.set(xlabel=xlabel, ylabel='layer')
    return ax


def _mosaic(images: np.ndarray, columns: int, below: int, right: int) -> np.ndarray:
    """Images (n, h, w) in rows of `columns`, with empty pixels below and right of each."""
    n, h, w = images.shape
    rows, high, wide = math.ceil(n / columns), h + below, w + right
    sheet = np.full((rows * columns, high, wide), np.nan, np.float32)
    sheet[:n, :h, :w] = images
    sheet = sheet.reshape(rows, columns, high, wide).swapaxes(1, 2)
    return sheet.reshape(rows * high, columns * wide)[:, :columns * wide - right]


def images(pictures: Tensor | ArrayLike, captions: Sequence[str] = (), ax: Axes | None = None,
           columns: int = 4, wrong: Sequence[bool] = ()) -> Axes:
    """Grey images in a grid, with a caption under each.

    pictures  (n, h, w) or (n, 1, h, w); the least value is black, the greatest white
    captions  n texts, or fewer, of one line or more
    ax        where to draw; without it, on a new figure
    columns   the number of images in a row
    wrong     n answers, or fewer, to whether an image was taken for something else: then its
              caption is bold and red

    Returns the Axes.
    """
    pictures = _array(pictures)
    h, w = pictures.shape[-2:]
    lines = 1 + max((caption.count('\n') for caption in captions), default=0)
    below, right = max(1, (2 * lines - 1) * h // 4), max(1, w // 3)
    ax = _axes(ax)
    ax.imshow(_mosaic(pictures.reshape(len(pictures), h, w), columns, below, right), cmap='gray')
    for i, caption in enumerate(captions):
        row, column = divmod(i, columns)
        ax.text(column * (w + right) + (w - 1) / 2, row * (h + below) + h, caption,
                ha='center', va='top', fontsize=9)
    for caption, is_wrong in zip(ax.texts, wrong):
        if is_wrong:
            caption.set(color=COLORS[1], fontweight='bold')
    ax.axis('off')
    return ax


def hardest(pictures: Tensor | ArrayLike, scores: Tensor | ArrayLike, truth: Tensor | ArrayLike,
            ax: Axes | None = None, count: int = 12) -> Axes:
    """The images on which a classifier has the highest loss, the worst first.

    pictures  (n, h, w) or (n, 1, h, w); the least value is black, the greatest white
    scores    the scores of the classes (n, classes), as cross_entropy takes them
    truth     the true classes (n,), integers from 0
    ax        where to draw; without it, on a new figure
    count     how many of them, in rows of four

    Returns the Axes. Under a mistake, in red, stands what the image is and what it was taken for,
    under another what it is; below, the probability of the answer.
    """
    scores, truth = _array(scores), _array(truth)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    worst = shares[np.arange(len(truth)), truth].argsort()[:count]
    answers = shares[worst].argmax(axis=1)
    wrong = answers != truth[worst]
    captions = [f'{label} as {answer}' if mistaken else f'{label}'
                for label, answer, mistaken in zip(truth[worst], answers, wrong)]
    captions = [f'{caption}\n{100 * share.max():.0f} %'
                for caption, share in zip(captions, shares[worst])]
    return images(_array(pictures)[worst], captions, ax, wrong=wrong)


def filters(weight: Tensor | ArrayLike, ax: Axes | None = None) -> Axes:
    """The filters of a convolution, all on one scale: red is positive, blue is negative.

    weight  (out_channels, in_channels, h, w), such as Conv2d(..).weight
    ax      where to draw; without it, on a new figure

    Returns the Axes. With several input channels there is a column for each output channel, with
    one a grid of all output channels.
    """
    weight = _array(weight)
    out, channels, h, w = weight.shape
    columns = out if channels > 1 else math.ceil(math.sqrt(out))
    sheet = _mosaic(weight.swapaxes(0, 1).reshape(-1, h, w), columns, 1, 1)
    ax, largest = _axes(ax), np.abs(weight).max()
    image = ax.imshow(sheet, cmap='RdBu_r', vmin=-largest, vmax=largest)
    ax.figure.colorbar(image, ax=ax, label='weight', location='bottom', shrink=0.8,
                       ticks=[-largest, 0, largest], format='%.2g')
    ax.axis('off')
    return ax


def confusion(truth: Tensor | ArrayLike, answer: Tensor | ArrayLike, ax: Axes | None = None,
              classes: Sequence[str] | None = None) -> Axes:
    """The confusion matrix: how many samples of each true class (row) got each answer (column).

    truth    the true classes (n,), integers from 0
    answer   the predicted classes (n,)
    ax       where to draw; without it, on a new figure
    classes  the names of the classes; without them, their numbers

    Returns the Axes. Blank cells are zeros. The shade is that of the logarithm: a single mistake
    shows next to a hundred right answers.
    """
    from matplotlib.colors import LogNorm
    truth, answer = _array(truth), _array(answer)
    names = [*map(str, range(1 + max(truth.max(), answer.max())) if classes is None else classes)]
    counts = np.zeros((len(names), len(names)), np.int64)
    np.add.at(counts, (truth, answer), 1)
    ax = _axes(ax, size=(8, 7))
    image = ax.imshow(np.ma.masked_equal(counts, 0), 'Blues', LogNorm(0.5, max(2, counts.max())))
    ticks = [10 ** k for k in range(len(str(counts.max())))]
    bar = ax.figure.colorbar(image, ax=ax, label='samples', shrink=0.8, ticks=ticks, format='%d')
    bar.minorticks_off()
    for row, column in np.argwhere(counts):
        dark = image.norm(counts[row, column]) > 0.6
        ax.text(column, row, str(counts[row, column]), ha='center', va='center',
                color='white' if dark else 'black')
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel='answer', ylabel='true class')
    return ax


def _corners(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lower left and upper right corner of the finite points (n, 2), with a margin of a tenth."""
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, (high - low) / 10, 1)
    return low - margin, high + margin


def _grid(corners: ArrayLike) -> list[np.ndarray]:
    """x and y, each (200, 200), between two corners (2, 2)."""
    (left, bottom), (right, top) = np.asarray(corners, np.float64)
    return list(np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200)))


def boundary(model: Callable[[Tensor], Tensor], x: Tensor | ArrayLike, y: Tensor | ArrayLike,
             ax: Axes | None = None) -> Axes:
    """The class that a model predicts in each part of the plane, under points and their classes.

    model  maps points (m, 2) to scores (m, classes) of two to eight classes, or to (m,) or (m, 1),
           whose sign decides between two; call model.eval() before, if it has dropout or batch norm
    x      the points (n, 2)
    y      their classes (n,), integers from 0
    ax     where to draw; without it, on a new figure

    Returns the Axes.
    """
    from matplotlib.colors import ListedColormap
    points, classes = _array(x), _array(y)
    across, up = _grid(_corners(points))
    centres = np.stack([across.ravel(), up.ravel()], axis=1).astype(points.dtype)
    with no_grad():
        scores = _array(model(from_numpy(centres))).reshape(len(centres), -1)
    answer = scores.argmax(axis=1) if scores.shape[1] > 1 else np.int64(scores[:, 0] > 0)
    answer = answer.reshape(across.shape)
    count = max(2, scores.shape[1])
    ax = _axes(ax)
    ax.imshow(answer, ListedColormap(COLORS[:count]), vmin=0, vmax=count - 1,
              extent=(*across[0, [0, -1]], *up[[0, -1], 0]), origin='lower', alpha=0.4)
    if answer.min() < answer.max():    # a white line between classes, for grey prints
        ax.contour(across, up, answer, np.arange(count - 1) + 0.5, colors='white', linewidths=2,
                   zorder=0.5)
    ax.set(xlabel='$x_1$', ylabel='$x_2$', aspect='auto')
    for i in range(count):
        ax.scatter(*points[classes == i].T, s=25, c=COLORS[i], marker='os^Dv<>p'[i],
                   edgecolors='black', linewidths=0.5, label=f'class {i}')
    ax.legend()
    return ax


def trajectories(function: Callable[[Tensor, Tensor], Tensor],
                 paths: Mapping[str, Tensor | ArrayLike], ax: Axes | None = None,
                 corners: ArrayLike | None = None) -> Axes:
    """The paths of optimizers on the contour lines of a function of two variables.

    function  maps x and y, tensors of one shape, to the heights, a tensor of that shape
    paths     {optimizer: points (n, 2)}, drawn with a dot for each step
    ax        where to draw; without it, on a new figure
    corners   (left, bottom), (right, top) of the figure; without them it holds all finite points

    Returns the Axes.
    """
    arrays = {name: _array(points) for name, points in paths.items()}
    if corners is None:
        corners = _corners(np.concatenate(list(arrays.values())))
    across, up = _grid(corners)
    with no_grad():
        height = _array(function(from_numpy(across), from_numpy(up)))
    ax = _axes(ax)
    # On a bowl, squares space the contour lines evenly, and put most of them near the minimum.
    ax.contour(across, up, height, colors='#bbbbbb', linewidths=0.8, levels=height.min()
               + (height.max() - height.min()) * np.linspace(0.02, 1, 15) ** 2)
    for (name, points), style in zip(arrays.items(), _styles(arrays)):
        ax.plot(*points.T, marker='.', label=name, **style)
        ax.plot(*points[0], 'ko')
    ax.set(xlabel='x', ylabel='y', xlim=across[0, [0, -1]], ylim=up[[0, -1], 0])
    ax.legend()
    return ax
