"""Pictures of training, in Matplotlib: how it went, what was learned, and where it fails.

PyTorch has no such module. Every function draws on the Axes it is given, or on new ones, and
returns them; `ax.figure` is the picture. Tensors, arrays and lists are all accepted. Figures need
no display: a window opens for those of `subplots(window=True)` alone, on `show()`. In a notebook,
say `%matplotlib inline` once.

>>> ax = curves({'sgd': [2.3, 0.9, 0.4], 'adam': [2.3, 0.5, 0.1]}, ylabel='training loss')
>>> ax.get_xlabel(), ax.get_ylabel()
('epoch', 'training loss')
"""
from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from .. import Tensor, from_numpy, no_grad
from .drawing import graph as graph, graph_svg as graph_svg

# The colours of Okabe and Ito, told apart by colour-blind people too; dashes for prints in grey.
OPTIMIZER_STYLE = {
    'sgd':      {'color': '#000000', 'linestyle': (0, (5, 2))},
    'momentum': {'color': '#E69F00', 'linestyle': (0, (7, 2, 1, 2, 1, 2))},
    'adagrad':  {'color': '#009E73', 'linestyle': (0, (6, 2, 1, 2))},
    'rmsprop':  {'color': '#CC79A7', 'linestyle': (0, (1, 1))},
    'adam':     {'color': '#0072B2', 'linestyle': '-'},
    'adamw':    {'color': '#D55E00', 'linestyle': (0, (3, 1))},
}
COLORS = '#56B4E9', '#E69F00', '#009E73', '#CC79A7', '#0072B2', '#D55E00', '#F0E442', '#999999'


def subplots(rows: int = 1, columns: int = 1, size=(8, 5), window: bool = False, **options):
    """A figure of `size` inches and its Axes (an array if several), as `pyplot.subplots`."""
    if window:
        from matplotlib import pyplot
        return pyplot.subplots(rows, columns, figsize=size, layout='constrained', **options)
    from matplotlib.figure import Figure
    figure = Figure(figsize=size, layout='constrained')
    return figure, figure.subplots(rows, columns, **options)


def save(figure, path: str | Path) -> None:
    """Write the picture at 100 pixels an inch."""
    figure.savefig(path, dpi=100)


def show() -> None:
    """Open the windows of all `subplots(window=True)` and wait until they are closed."""
    from matplotlib import pyplot
    pyplot.show()


def _array(values):
    return values.detach().numpy() if isinstance(values, Tensor) else np.asarray(values)


def _styles(names):
    """A colour and a line for every name: an optimizer's own, else the colours in turn."""
    return [OPTIMIZER_STYLE.get(name, {'color': COLORS[i % len(COLORS)], 'linestyle': '-'})
            for i, name in enumerate(names)]


def curves(runs, ax=None, x=None, xlabel='epoch', ylabel='loss', log=False):
    """A line a run, `{name: values}`, over 1, 2, .. or `x`; an optimizer's name sets its style."""
    ax = ax or subplots()[1]
    for (name, values), style in zip(runs.items(), _styles(runs)):
        values = _array(values)
        ax.plot(range(1, len(values) + 1) if x is None else _array(x), values, label=name,
                marker='.' if len(values) < 50 else None, **style)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale='log' if log else 'linear')
    if x is None:
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(alpha=0.3)
    ax.legend()
    return ax


def ratios(runs, ax=None, x=None):
    """Length of the update over length of the weights, `{layer: values}`, step by step.

    Healthy is about 1e-3, the dotted line: far below, a layer hardly learns; far above, it forgets.
    """
    ax = curves(runs, ax, x, xlabel='step', ylabel='|update| / |weights|', log=True)
    ax.axhline(1e-3, color='black', linestyle=':')
    return ax


def histograms(layers, ax=None, xlabel='weight', bins=60):
    """How the finite values of each layer spread, `{name: values}`: a row a name over one x axis.

    For weights, gradients or updates. Every row is as high as its own fullest bin.
    """
    ax = ax or subplots()[1]
    rows = [values[np.isfinite(values)] for values in map(_array, layers.values())]
    edges = np.histogram_bin_edges(np.concatenate(rows), bins)
    for i, row in enumerate(rows):
        counts, _ = np.histogram(row, edges)
        ax.stairs(i + 0.9 * counts / max(counts.max(), 1), edges, baseline=i, fill=True,
                  color=COLORS[i % len(COLORS)])
    ax.set_yticks(range(len(rows)), layers)
    ax.set(xlabel=xlabel, ylabel='layer')
    return ax


def _mosaic(images, columns, below, right):
    """Images (n, h, w) in rows of `columns`, with empty pixels below and right of each."""
    n, h, w = images.shape
    rows, high, wide = math.ceil(n / columns), h + below, w + right
    sheet = np.full((rows * columns, high, wide), np.nan, np.float32)
    sheet[:n, :h, :w] = images
    sheet = sheet.reshape(rows, columns, high, wide).swapaxes(1, 2)
    return sheet.reshape(rows * high, columns * wide)[:, :columns * wide - right]


def images(pictures, captions=(), ax=None, columns=4):
    """Grey pictures (n, h, w) or (n, 1, h, w) in a grid, with a caption under each."""
    pictures = _array(pictures)
    h, w = pictures.shape[-2:]
    below, right = max(1, h // 4), max(1, w // 3)
    ax = ax or subplots()[1]
    ax.imshow(_mosaic(pictures.reshape(len(pictures), h, w), columns, below, right), cmap='gray')
    for i, caption in enumerate(captions):
        row, column = divmod(i, columns)
        ax.text(column * (w + right) + (w - 1) / 2, row * (h + below) + h, caption,
                ha='center', va='top', fontsize=8)
    ax.axis('off')
    return ax


def filters(weight, ax=None):
    """Filters (out, in, h, w) of a convolution, red where they add and blue where they subtract.

    All on one scale; a column for each output channel if there are several inputs, else a grid.
    """
    weight = _array(weight)
    out, channels, h, w = weight.shape
    columns = out if channels > 1 else math.ceil(math.sqrt(out))
    sheet = _mosaic(weight.swapaxes(0, 1).reshape(-1, h, w), columns, 1, 1)
    ax, largest = ax or subplots()[1], np.abs(weight).max()
    image = ax.imshow(sheet, cmap='RdBu_r', vmin=-largest, vmax=largest)
    ax.figure.colorbar(image, ax=ax, label='weight', location='bottom', shrink=0.8,
                       ticks=[-largest, 0, largest], format='%.2g')
    ax.axis('off')
    return ax


def confusion(truth, answer, ax=None, classes=None):
    """How many samples of each true class (row) got each answer (column); blank means none."""
    truth, answer = _array(truth), _array(answer)
    names = range(1 + max(truth.max(), answer.max())) if classes is None else classes
    counts = np.zeros((len(names), len(names)), np.int64)
    np.add.at(counts, (truth, answer), 1)
    ax = ax or subplots(size=(8, 7))[1]
    shade = np.log1p(counts)    # a single mistake shows next to a hundred right answers
    ax.imshow(shade, cmap='Blues')
    for row, column in np.argwhere(counts):
        ax.text(column, row, counts[row, column], ha='center', va='center',
                color='white' if shade[row, column] > shade.max() / 2 else 'black')
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel='answer', ylabel='true class')
    return ax


def _corners(points):
    """Low and high corner of the finite ones of points (n, 2), with a tenth of room around them."""
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.where(high > low, (high - low) / 10, 1)
    return low - room, high + room


def _grid(corners):
    """x and y (200, 200) between two corners."""
    return np.meshgrid(*np.linspace(*np.asarray(corners, np.float64), 200).T)


def boundary(model, x, y, ax=None):
    """The class `model` gives each place of the plane, under the points x (n, 2), classes y (n,).

    The model gives a score for each of two to eight classes, or one whose sign decides. It is
    called as it stands: say `model.eval()` before, if it has dropout or batch norm.
    """
    from matplotlib.colors import ListedColormap
    points, classes = _array(x), _array(y)
    across, up = _grid(_corners(points))
    places = np.stack([across.ravel(), up.ravel()], axis=1).astype(points.dtype)
    with no_grad():
        scores = _array(model(from_numpy(places))).reshape(len(places), -1)
    answer = scores.argmax(axis=1) if scores.shape[1] > 1 else scores[:, 0] > 0
    count = max(2, scores.shape[1])
    ax = ax or subplots()[1]
    ax.imshow(answer.reshape(across.shape), ListedColormap(COLORS[:count]), vmin=0, vmax=count - 1,
              extent=[*across[0, [0, -1]], *up[[0, -1], 0]], origin='lower', alpha=0.4)
    ax.set(xlabel='$x_1$', ylabel='$x_2$', aspect='auto')
    for i in range(count):
        ax.scatter(*points[classes == i].T, 25, COLORS[i], marker='os^Dv<>p'[i], edgecolors='black',
                   linewidths=0.5, label=f'class {i}')
    ax.legend()
    return ax


def trajectories(function, paths, ax=None, corners=None):
    """Paths `{optimizer: points (n, 2)}` on the contour of `function(x, y)`, a dot a step.

    corners: (left, bottom), (right, top) of the picture; without, all finite points are in it.
    """
    paths = {name: _array(points) for name, points in paths.items()}
    if corners is None:
        corners = _corners(np.concatenate(list(paths.values())))
    across, up = _grid(corners)
    with no_grad():
        height = _array(function(from_numpy(across), from_numpy(up)))
    ax = ax or subplots()[1]
    # Squares put the levels of a bowl at even distances, and most of them near the minimum.
    ax.contour(across, up, height, colors='#bbbbbb', linewidths=0.8, levels=height.min()
               + (height.max() - height.min()) * np.linspace(0.02, 1, 15) ** 2)
    for (name, points), style in zip(paths.items(), _styles(paths)):
        ax.plot(*points.T, marker='.', label=name, **style)
        ax.plot(*points[0], 'ko')
    ax.set(xlabel='x', ylabel='y', xlim=across[0, [0, -1]], ylim=up[[0, -1], 0])
    ax.legend()
    return ax
