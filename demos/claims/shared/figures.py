"""The figures of the trials: medians and quartiles, a colour and dashes for each optimizer."""
from __future__ import annotations

import math
import textwrap
from itertools import cycle

import numpy as np

from demos.claims.shared.verdicts import NAMES
from tinygrad_adam.teach import plot
from tinygrad_adam.teach.statistics import quartiles

STYLES = {**plot.OPTIMIZER_STYLE,
          'nesterov': {'color': '#D55E00', 'linestyle': (0, (3, 1))},
          'amsgrad': {'color': '#56B4E9', 'linestyle': (0, (4, 1, 1, 1))},
          'adam, decaying': {'color': '#56B4E9', 'linestyle': (0, (4, 1, 1, 1))},
          'adafactor': {'color': '#999999'}, 'l-bfgs': {'color': '#999999'},
          'full matrix': {'color': '#999999'}}
MARKERS = dict(zip(STYLES, cycle('os^Dv<>p')))
LOST = 'X: from here on, more\nthan half have diverged'


def grid(rows, columns, size, window, title):
    """A figure with a title that says what to see, and its Axes in a flat list."""
    figure, axes = plot.subplots(rows, columns, size=size, window=window)
    figure.suptitle(title, fontsize=12)
    return figure, list(np.ravel(axes))


def foot(figure, protocol):
    """The protocol, under the figure."""
    wide = int(figure.get_figwidth() * 14)
    figure.supxlabel(textwrap.fill(protocol, wide), fontsize=9, color='#444444')


def key(ax, names, title):
    """An Axes that holds nothing but the names of the lines."""
    for name in names:
        ax.plot([], [], label=NAMES.get(name, name), **STYLES[name])
    ax.axis('off')
    ax.legend(loc='center', title=title, fontsize=10, title_fontsize=9, handlelength=4)


def band(ax, x, values, style, label=None):
    """The median of values (seeds, n) and their quartiles; an X where the median diverged."""
    x, found = np.asarray(x), quartiles(np.transpose(values))
    low, middle, high = np.where(np.isfinite(found), found, np.nan).T
    ax.plot(x, middle, label=label, **style)
    ax.fill_between(x, low, high, color=style['color'], alpha=0.15, linewidth=0)
    lost = np.flatnonzero(np.isnan(middle))
    if len(lost) and lost[0]:
        ax.plot(x[lost[0] - 1], middle[lost[0] - 1], 'X', color=style['color'], markersize=8)


def plain_numbers(axis):
    """Few and plain numbers on a logarithmic axis, also on one that spans less than a decade."""
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter
    low, high = sorted(axis.get_view_interval())
    if high < 1000 * low:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)) if high > 5 * low else MaxNLocator(4))
        axis.set_major_formatter(StrMethodFormatter('{x:g}'))
    axis.set_minor_formatter(NullFormatter())


def dots(ax, cells, title, xlabel, log=False):
    """The median and quartiles of each optimizer, one under the other; infinite ones are named."""
    names = list(cells)
    for y, name in enumerate(names):
        low, middle, high = quartiles(cells[name])
        if math.isfinite(middle):
            ends = [[middle - low], [high - middle if math.isfinite(high) else 0]]
            ax.errorbar([middle], [y], xerr=ends, fmt=MARKERS[name], capsize=3,
                        color=STYLES[name]['color'])
        else:
            ax.text(0.98, y, 'diverged', ha='right', va='center', fontsize=9,
                    transform=ax.get_yaxis_transform())
    ax.set_yticks(range(len(names)), [NAMES.get(name, name) for name in names])
    ax.set(title=title, xlabel=xlabel, xscale='log' if log else 'linear',
           ylim=(len(names) - 0.5, -0.5))
    ax.grid(alpha=0.3)
    if log:
        plain_numbers(ax.xaxis)


def convergence(curves, targets, seconds, window):
    figure, axes = grid(3, 3, (10, 10), window,
                        'Who reaches the target (grey line) first? By steps, and by seconds')
    panels = [(problem, 1, 'step') for problem in curves] + [
        (problem, 1000, 'milliseconds of training') for problem in seconds]
    for ax, (problem, unit, xlabel) in zip(axes, panels):
        for name, result in curves[problem].items():
            scale = 1 if xlabel == 'step' else unit * seconds[problem][name]
            band(ax, scale * np.asarray(result.at), result['loss'], STYLES[name])
        ax.axhline(targets[problem], color='grey', linewidth=1)
        start = quartiles(next(iter(curves[problem].values()))['loss'][:, 0])[1]
        ax.set(title=problem, xlabel=xlabel, ylabel='training loss', yscale='log',
               ylim=(max(0.15 * targets[problem], ax.get_ylim()[0]), 1.3 * start))
        plain_numbers(ax.yaxis)
    for ax in axes[len(panels):]:
        ax.axis('off')
    key(axes[-1], next(iter(curves.values())),
        'each at its best rate for the\nsteps to the target; median and\nquartiles of 20 seeds')
    return figure


def stability(curves, rows, window):
    figure, axes = grid(2, 4, (13, 7), window,
                        'Six meanings of stable: to the left, and lower, is steadier '
                        '(median and quartiles of 20 seeds)')
    for ax, row, title in ((axes[0], 'first steps: longest / lr', 'first steps'),
                           (axes[1], 'noise: loss with batches of 2', 'noise'),
                           (axes[3], 'one gradient x 1000: worst loss', 'its worst loss'),
                           (axes[4], 'long run: worst / median loss', 'late in a long run')):
        if row in rows:
            dots(ax, rows[row], title, row.split(': ')[1], log=True)
    for ax, kind, title, ylabel in (
            (axes[2], 'spike', 'after one gradient x 1000', 'training loss'),
            (axes[5], 'jumps', 'a target that jumps', 'squared distance'),
            (axes[6], 'reddi', 'Reddi: best -1, worst 1', 'x')):
        for name, (x, y) in curves[kind].items():
            band(ax, x, y, STYLES[name])
        ax.set(title=title, xlabel='step', ylabel=ylabel,
               yscale='linear' if kind == 'reddi' else 'log')
        ax.grid(alpha=0.3)
    key(axes[7], curves['spike'], 'Reddi: RMSprop lies\nunder Adam')
    return figure


def robustness(sensitivity, rows, sizes, lrs, maps, window):
    figure, axes = grid(3, 3, (11, 11), window, 'How wide is the range of good rates, and what '
                        'does another batch size cost?')
    for name, (tried, error) in sensitivity.items():
        band(axes[0], tried, error.T, STYLES[name])
    axes[0].set(title='every rate (colours as beside)', xscale='log', xlabel='learning rate',
                ylabel='validation error [%]')
    batches = [row for row in rows if 'batch' in row]
    for ax, row in zip(axes[1:], ['decades of lr within 3 points', *batches]):
        dots(ax, rows[row], row.split(':')[0], 'points of test error lost' if row in batches
             else 'decades: more is better')
    for ax, (setting, (values, error)) in zip(axes[6:], maps.items()):
        image = ax.imshow(error, cmap='cividis_r', vmin=0, vmax=30, aspect='auto')
        ax.set_xticks(range(0, len(lrs), 2), [f'{lr:.0e}' for lr in lrs[::2]], fontsize=9)
        names = [f'{v:.0e}' if setting == 'eps' else str(v[setting == 'beta2']) for v in values]
        ax.set_yticks(range(len(names)), names)
        ax.set(title=f"Adam's {setting}", xlabel='learning rate', ylabel=setting)
        figure.colorbar(image, ax=ax, label='validation error [%]', extend='max')
    for ax in axes[6 + len(maps):]:
        ax.axis('off')
    return figure


def memory(rows, window):
    figure, axes = grid(1, 2, (10, 5.5), window,
                        'What an optimizer keeps, and what a training holds')
    state, peak = ({name: cell[0] for name, cell in row.items()} for row in rows.values())
    order = sorted(state, key=lambda name: state[name])
    shown = [max(state[name], 1e-3) for name in order]
    axes[0].barh(range(len(order)), shown, color=[STYLES[name]['color'] for name in order])
    for y, (name, x) in enumerate(zip(order, shown)):
        said = f'{state[name]:.3g}' if state[name] < 1e6 else f'{state[name] / 1e6:.1f} million'
        axes[0].text(x * 1.3, y, said, va='center', fontsize=9)
    axes[0].set_yticks(range(len(order)), [NAMES.get(name, name) for name in order])
    axes[0].set(title='state', xlabel='bytes a parameter, logarithmic', xscale='log',
                xlim=(1e-3, 1e10))
    names, left = [name for name in order if name in peak], 0
    for label, values, style in (
            ('weights', [4] * len(names), {'color': '#0072B2'}),
            ('gradients', [4] * len(names), {'color': '#E69F00', 'hatch': '//'}),
            ('state', [state[name] for name in names], {'color': '#009E73', 'hatch': '..'}),
            ('all else at the peak', [max(peak[name] - 8 - state[name], 0) for name in names],
             {'color': '#dddddd'})):
        axes[1].barh(range(len(names)), values, left=left, label=label, edgecolor='white', **style)
        left = left + np.array(values)
    axes[1].set_yticks(range(len(names)), [NAMES[name] for name in names])
    axes[1].set(title='peak of a training', xlabel='bytes a parameter')
    axes[1].legend(loc='upper center', bbox_to_anchor=(0.5, -0.12), ncols=2, fontsize=9)
    return figure


def bias_correction(moves, lrs, loss, betas, steps, window):
    figure, axes = plot.subplots(2, 2, size=(10, 8.5), window=window, sharey='row')
    figure.suptitle('What the correction does to the best rate, to the loss there, and to the '
                    'first steps', fontsize=12)
    for column, (rule, title) in zip(axes.T, (('corrected', 'with correction'),
                                              ('not corrected', 'without correction'))):
        for k, beta2 in enumerate(betas):
            style = {'color': plot.COLORS[k], 'linestyle': plot.DASHES[k]}
            band(column[0], lrs, loss[rule][:, k].T, style, f'beta2 = {beta2}')
            band(column[1], range(1, 1 + moves[rule, beta2].shape[1]), moves[rule, beta2], style)
        column[0].set(title=title, xlabel='learning rate', xscale='log', yscale='log')
        column[1].set(xlabel='step', yscale='log')
        column[1].axhline(1, color='grey', linewidth=1)
        column[0].grid(alpha=0.3)
        column[1].grid(alpha=0.3)
    axes[0, 0].set(ylabel=f'training loss after {steps} steps')
    axes[1, 0].set(ylabel='longest step / lr')
    axes[1, 0].legend(*axes[0, 0].get_legend_handles_labels(), loc='upper right', fontsize=9,
                      title=LOST.replace('from here on', 'at larger rates'), title_fontsize=9)
    return figure


def what_else(rows, paths, maps, window):
    figure, axes = grid(3, 3, (11, 11), window, 'Five cases, and what a path depends on: the scale '
                        'of the gradient, or the axes?')
    cases = [row for row in rows if 'change' not in row]
    for ax, row in zip(axes, cases):
        case, measure = row.split(': ')
        dots(ax, rows[row], case, measure, log='%' not in row)
    for ax in axes[len(cases):5]:
        ax.axis('off')
    for ax, name in zip(axes[5:7], ('sgd', 'adam')):
        for k, (kind, y) in enumerate(paths[name].items()):
            band(ax, range(0, 201, 5), np.where(y < 1e12, y, np.inf),
                 {'color': plot.COLORS[k], 'linestyle': plot.DASHES[k]}, kind)
        ax.set(title=f'a valley, {NAMES[name]}', xlabel='step', ylabel='loss', yscale='log')
        ax.legend(loc='upper center', bbox_to_anchor=(0.5, -0.2), fontsize=9)
    for ax, name in zip(axes[7:], ('adam', 'adamw')):
        if name not in maps:
            ax.axis('off')
            continue
        lrs, decays, error = maps[name]
        image = ax.imshow(error, cmap='cividis_r', vmin=5, vmax=40, aspect='auto', origin='lower')
        ax.set_xticks(range(0, len(lrs), 2), [f'{lr:.0e}' for lr in lrs[::2]])
        ax.set_yticks(range(len(decays)), decays)
        ax.set(title=f'{NAMES[name]}, noisy labels', xlabel='learning rate', ylabel='weight decay')
        figure.colorbar(image, ax=ax, label='validation error [%]', extend='max')
    return figure


def path_map(ax, surface, paths):
    """The map of a surface with the paths on it; returns {optimizer: line}."""
    function, _, corners = surface
    plot.trajectories(function, {name: path for name, (path, _) in paths.items()}, ax, corners)
    ax.legend().remove()
    lines = {}
    for line in ax.lines:
        if line.get_label() in paths:
            lines[line.get_label()] = line
            line.set(linewidth=1.3, marker='', **STYLES[line.get_label()])
    return lines


def trajectories(surfaces, paths, curves, low, steps, window):
    figure, axes = grid(3, 4, (13, 10), window, 'The path of one start at the best rate, and '
                        'beside it the value reached at every rate')
    for i, (name, found) in enumerate(paths.items()):
        left, right = axes[2 * i:2 * i + 2]
        path_map(left, surfaces[name], found)
        left.set_title(name)
        for optimizer, (lrs, last) in curves[name].items():
            band(right, lrs, np.where(last < 1e3, np.maximum(last, 1e-6), np.inf).T,
                 STYLES[optimizer])
        right.axhline(low, color='grey', linewidth=1)
        right.set(title=f'value after {steps} steps', xlabel='learning rate', xscale='log',
                  yscale='log', ylim=(5e-7, 2e3))
        right.set_yticks([1e-6, 1e-4, 1e-2, 1, 100], ['≤ 1e-6', '1e-4', '0.01', '1', '100'])
    for ax in axes[2 * len(paths):]:
        ax.axis('off')
    key(axes[-2], next(iter(paths.values())), f'grey: {low} counts as arrived\n{LOST}')
    return figure


def film(surfaces, paths, steps, path, every=5):
    """The same paths as an animation at an even pace; a dot is where each is now."""
    from matplotlib.animation import FuncAnimation, PillowWriter
    figure, axes = plot.subplots(2, 3, size=(10, 7.5))
    moving = []
    for ax, (name, found) in zip(axes.flat, paths.items()):
        lines = path_map(ax, surfaces[name], found)
        ax.set_title(name)
        moving += [(line, ax.plot([], [], 'o', color=line.get_color(), markersize=7)[0],
                    found[optimizer][0]) for optimizer, line in lines.items()]
    key(axes.flat[-1], next(iter(paths.values())), 'each at its best rate; a dot is now')

    def frame(step):
        figure.suptitle(f'step {step}')
        for line, dot, points in moving:
            line.set_data(*points[:step + 1].T)
            dot.set_data(*points[step:step + 1].T)

    frames = range(0, steps // 2 + 1, every)
    FuncAnimation(figure, frame, frames).save(path, PillowWriter(fps=10), dpi=80)
    print(f'animation: {path}, the first {steps // 2} steps')
