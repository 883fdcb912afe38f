"""The figures of the applications, one function each, out of the way of what they show."""
from __future__ import annotations

import math
import textwrap

import numpy as np

from tinygrad_adam.teach import plot

from . import boxes, report, shapes, sound

BOX_COLORS = '#56B4E9', '#E69F00', '#F0E442'    # on black


def image_classification(runs, sizes, curve, images, scores, truth, args):
    """Losses, what is right by the number of training images, mistakes, and the worst images.

    curve: {method: how many percent are right, for each of sizes}; scores: of Adam's network.
    """
    figure, ((losses, right), (mistakes, worst)) = plot.subplots(2, 2, size=(11, 10),
                                                                 window=args.show)
    report.curves(runs, losses)
    losses.set_title('All three learn the training digits')
    plot.curves(curve, right, x=sizes, xlabel='training images', ylabel='test digits right [%]')
    right.set(xscale='log', title='The network needs no fewer images')
    right.set_xticks(sizes, sizes)
    right.minorticks_off()
    answer = scores.argmax(dim=1).numpy()
    plot.confusion(truth, answer, mistakes)
    mistakes.set_title(f'adam: {100 * np.mean(answer == truth):.1f} % of {len(truth)} test digits '
                       'right')
    plot.hardest(images, scores, truth, worst)
    worst.set_title('adam: highest loss, mistakes in red')
    return figure


def language_model(runs, counted, args):
    """Bits a character while training, of both texts, and what Adam's network writes.

    counted: bits of the validation text for n-grams, the 1-gram first.
    """
    figure, (axes, pages) = plot.subplots(2, 2, size=(11, 8.5), window=args.show)
    report.curves(runs, axes[0], unit=math.log(2), ylabel='bits a character')
    axes[0].set(title='Training text', yscale='linear')
    for name, run in runs.items():
        axes[1].plot(list(run.bits), list(run.bits.values()), label=name,
                     **plot.OPTIMIZER_STYLE[name])
    for n, value in list(enumerate(counted, 1))[2:]:
        axes[1].axhline(value, color='black', linewidth=0.8)
        axes[1].text(1.02, value, f'{n}-gram', transform=axes[1].get_yaxis_transform(), va='center')
    axes[1].set(title='Validation: topics it has not seen', xlabel='step',
                ylabel='bits a character')
    axes[1].grid(alpha=0.3)
    axes[1].legend()
    highest = max(values[-1] for values in (list(run.bits.values()) for run in runs.values()))
    for ax in axes:
        ax.set_ylim(1, max(4, highest))
    texts = list(runs['adam'].written.items())
    half = -(-len(texts) // 2)
    for ax, several in zip(pages, (texts[:half], texts[half:])):
        lines = []
        for step, written in several:
            wrapped = [row for line in written.split('\n')
                       for row in textwrap.wrap(line, 56, drop_whitespace=False) or ['']]
            lines += [f'AFTER {step} STEPS', *wrapped[:8], '']
        ax.text(0, 1, '\n'.join(lines), va='top', family='monospace', fontsize=9,
                parse_math=False)
        ax.axis('off')
    pages[0].set_title('adam: written by the model')
    return figure


def detection(parts, args):
    """Losses, and pictures with true and found boxes, the worst last.

    parts: {title: (runs, images, true, found)}; true and found: rows (class, box) for each image.
    """
    figure, axes = plot.subplots(2, 5, size=(12.5, 5.6), window=args.show,
                                 width_ratios=[1.6, 1, 1, 1, 1])
    for row, (title, (runs, images, true, found)) in zip(axes, parts.items()):
        report.curves(runs, row[0], ylabel='training loss')    # nats, and twenty times a distance
        row[0].set_title(title)
        worst = np.argmin([boxes.iou(one[:, 1:], two[:, 1:]).max(axis=0, initial=0).min()
                           for one, two in zip(found, true)])
        first = [i for i in range(4) if i != worst][:3]
        for ax, i in zip(row[1:], [*first, worst]):
            size = images.shape[-1]
            ax.imshow(images[i, 0], cmap='gray', extent=(0, size, size, 0))
            for j, (kind, x0, y0, x1, y1) in enumerate([*true[i], *found[i]]):
                is_true, name = j < len(true[i]), shapes.CLASSES[int(kind)]
                ax.plot([x0, x1, x1, x0, x0], [y0, y0, y1, y1, y0], lw=3 if is_true else 2,
                        color='white' if is_true else BOX_COLORS[int(kind)],
                        ls='-' if is_true else (0, (4, 2)))
                if not is_true:
                    ax.text(x0, max(y0 - 0.5, 2), name, color=BOX_COLORS[int(kind)],
                            fontsize=9, bbox={'color': 'black', 'pad': 1})
                    if title != 'One shape':
                        ax.plot((x0 + x1) / 2, (y0 + y1) / 2, '.', color=BOX_COLORS[int(kind)])
            if title != 'One shape':
                ax.set_xticks(range(0, size + 1, size // 4), [])
                ax.set_yticks(range(0, size + 1, size // 4), [])
                ax.grid(alpha=0.4)
                ax.tick_params(length=0)
            else:
                ax.set(xticks=[], yticks=[])
            ax.set_title('the worst' if i == worst else f'picture {i + 1}')
    axes[0, 1].plot([], [], color='white', lw=3, label='truth')
    axes[0, 1].plot([], [], color=BOX_COLORS[0], ls=(0, (4, 2)), lw=2, label='adam')
    figure.legend(loc='outside lower right', ncols=2, facecolor='#555555', labelcolor='white',
                  handles=axes[0, 1].get_legend_handles_labels()[0])
    return figure


def losses_by_seed(runs, axes, ylabel='training loss [nats]'):
    """For each optimizer its own Axes, a line for each seed, all on one scale."""
    for ax, (name, several) in zip(axes, runs.items()):
        report.curves({name: several}, ax, ylabel=ylabel)
        ax.set_title(f'{name}: {len(several)} seeds')
        ax.get_legend().remove()
    low, high = zip(*(ax.get_ylim() for ax in axes))
    for ax in axes:
        ax.set_ylim(min(low), max(high))


def segmentation(runs, images, masks, kinds, args, count=6):
    """Losses for each seed, and the first pictures with several masks of each.

    masks: {title: (n, h, w)}; kinds: the name of each class.
    """
    colors = '#222222', '#0072B2', '#E69F00', '#F0E442'    # in grey, too, each lighter
    palette = np.array([[int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)] for color in colors])
    grey = np.clip((images[:count, 0, ..., None] + 0.7) / 2.2, 0, 1) * np.ones(3)
    rows = {'picture': grey, **{name: palette[mask[:count]] for name, mask in masks.items()}}
    sheet = np.pad(np.stack([*rows.values()]), ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)),
                   constant_values=1)                               # (rows, count, 26, 26, 3)
    side = sheet.shape[2]

    figure, axes = plot.subplots(2, 2, size=(11, 9), window=args.show)
    axes = axes.ravel()
    plain = runs.pop('no skips')
    losses_by_seed(runs, axes[:3])
    for line in axes[2].lines:
        line.set_label(None)
    report.curves({'adam, no skips': plain}, axes[2])
    axes[3].imshow(sheet.swapaxes(1, 2).reshape(len(rows) * side, count * side, 3))
    axes[3].set_yticks(side * (0.5 + np.arange(len(rows))), rows)
    axes[3].set_xticks([])
    axes[3].set_title('adam: first where, then which; skips make the edges')
    for kind, color in zip(kinds, colors):
        axes[3].scatter([], [], 60, color, marker='s', label=kind)
    axes[3].legend(loc='upper center', bbox_to_anchor=(0.5, 0), ncols=4, frameon=False)
    return figure


def sentiment(runs, shown, args):
    """Losses for each seed, and the probability of "for" after every word of three sentences.

    shown: (where the sentence is from, its label or None, its words, probabilities) each.
    """
    figure, axes = plot.subplots(2, 3, size=(13, 8.5), window=args.show)
    losses_by_seed(runs, axes[0])
    for ax in axes[0]:
        ax.axhline(np.log(2), color='black', linewidth=0.8, zorder=0)
    axes[0, 2].text(0.98, np.log(2), 'guessing', va='bottom', ha='right',
                    transform=axes[0, 2].get_yaxis_transform())
    for ax, (part, label, words, shares) in zip(axes[1], shown):
        ax.plot(shares, '.-', color=plot.COLORS[0])
        ax.plot(len(shares) - 1, shares[-1], 'o', color=plot.COLORS[1], markersize=12)
        ax.axhline(0.5, color='black', linewidth=0.8)
        ax.set_xticks(range(len(words)), words, rotation=60, ha='right', rotation_mode='anchor')
        ax.set(ylim=(-0.05, 1.05), ylabel='adam: probability of "for"', title='said by you'
               if label is None else f'{part}: the truth is {"for" if label else "against"}')
        ax.grid(alpha=0.3)
    return figure


def text_classification(runs, truth, answer, pulls, args):
    """Losses, the confusion matrix, and the words that pull most towards each class.

    pulls: {class: {word: score}}, the strongest first.
    """
    figure, axes = plot.subplots(1, 3, size=(12.5, 6.5), window=args.show,
                                 width_ratios=[1, 1.4, 1.2])
    report.curves(runs, axes[0])
    axes[0].set_title('All three learn the training paragraphs')
    plot.confusion(truth, answer, axes[1], list(pulls))
    axes[1].tick_params(axis='x', rotation=45)
    axes[1].set_title(f'adam: {100 * np.mean(answer == truth):.0f} % of {len(truth)} paragraphs '
                      'right')
    labels, most = [], max(max(words.values()) for words in pulls.values())
    for i, (name, words) in enumerate(pulls.items()):
        axes[2].barh(len(labels) + np.arange(len(words)), list(words.values()),
                     color=plot.COLORS[i])
        axes[2].text(0.99, len(labels) + 2, name, transform=axes[2].get_yaxis_transform(),
                     ha='right', va='center')
        labels += [*words, '']
    axes[2].set_yticks(range(len(labels)), labels, fontsize=9)
    axes[2].tick_params(axis='y', length=0)
    axes[2].invert_yaxis()
    axes[2].set(xlabel='pull towards the chapter [score]', xlim=(0, 1.6 * most),
                title='adam: the words that pull most')
    return figure


def speech_to_text(runs, plateau, text, frames, letters, args):
    """Losses, and of one utterance what is heard, and what Adam's network says of it over time.

    plateau: the loss of who says the same in every step. Every run has `shares`, by step (t / 2,
    classes).
    """
    figure, ((losses, ear), *below) = plot.subplots(3, 2, size=(12, 12), window=args.show)
    report.curves(runs, losses, ylabel='training loss a letter [nats]')
    losses.axhline(plateau, color='black', linewidth=0.8)
    losses.text(0.98, plateau, 'the same said in every step', va='bottom', ha='right',
                transform=losses.get_yaxis_transform())
    losses.set_title('Below the thin line one letter is told from another')
    seconds = sound.HOP * len(frames)
    image = ear.imshow(frames.T, cmap='magma', origin='lower', aspect='auto',
                       extent=[0, seconds, 0, sound.BANDS])
    figure.colorbar(image, ax=ear, label='loudness [deviations from the mean]')
    sound.set_hertz(ear.yaxis)
    ear.set(xlabel='time [s]', title=f'Heard: {text}')
    for ax, (step, shares) in zip(np.ravel(below), runs['adam'].shares.items()):
        image = ax.imshow(shares.T, cmap='Blues', origin='lower', aspect='auto', vmin=0, vmax=1,
                          extent=[0, 2 * sound.HOP * len(shares), -0.5, shares.shape[1] - 0.5])
        ax.set_yticks(range(shares.shape[1]), ['none', *letters])
        read = sound.collapse(shares.argmax(axis=1), letters)
        ax.set(xlabel='time [s]', xlim=(0, seconds),
               title=f'adam after step {step} reads: {read or "nothing"}')
    figure.colorbar(image, ax=np.ravel(below), label='probability')
    return figure


def voice_recognition(runs, who, what, kinds, answer, args):
    """Losses, whom the network takes for whom, and the mean sound of speakers and of `kinds`."""
    figure, axes = plot.subplots(2, 2, size=(13, 9), window=args.show)
    report.curves(runs, axes[0, 0])
    axes[0, 0].set_title('Speakers: all three learn the training sounds')
    truth = who.y[who.test]
    plot.confusion(truth, answer, axes[0, 1], who.names)
    axes[0, 1].set_title(f'adam: {100 * np.mean(answer == truth):.1f} % of {len(truth)} speakers '
                         'right')
    for ax, task, title in (axes[1, 0], who, 'speakers'), (axes[1, 1], what, kinds):
        means = np.array([task.means[task.y == k].mean(axis=0) for k in range(task.count)])
        above = means - means.mean(axis=0)
        image = ax.imshow(above, cmap='RdBu_r', vmin=-10, vmax=10, aspect='auto',
                          extent=[0, 20, task.count - 0.5, -0.5])
        row, band = np.nonzero(above < -1)
        ax.scatter(band + 0.5, row, marker='_',
                   color=np.where(above[row, band] < -5, 'white', 'black'))
        ax.set_yticks(range(task.count), task.names)
        sound.set_hertz(ax.xaxis)
        ax.set(ylabel=title[:-1], title=f'Mean sound of {title}')
    figure.colorbar(image, ax=axes[1], label='above the mean of all [dB]; with a dash: below')
    return figure
