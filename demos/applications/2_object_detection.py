# %% [markdown]
# # Object detection: what is it, and where?
#
# The answer is a class and a box. For one shape a picture, seven outputs are enough; for one to
# three, a grid of 4x4 cells, each of which answers for the shape whose middle lies in it. Adam gets
# there with both; so does momentum. Where the shapes look exactly like a drawing of them, as here,
# comparing with the drawings is better still: networks are for things that nobody can draw exactly.
#
#     python demos/applications/2_object_detection.py

# %%
from shared import boxes, report, shapes    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

args = report.parse('Object detection: a network says what is in a picture, and draws a box.')
PART = 60 if args.quick else 1    # a part of the pictures and of the steps
KINDS = len(shapes.CLASSES)


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()


def eyes():    # both networks look with the same
    return (*conv(1, 8), nn.MaxPool2d(2), *conv(8, 16), nn.MaxPool2d(2),
            *conv(16, 32), nn.MaxPool2d(2))                              # (n, 32, size/8, size/8)


def train(name, steps, network, criterion, *arrays):
    torch.manual_seed(args.seed)
    images, *truth = map(torch.from_numpy, arrays)
    model = nn.Sequential(*network())
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=RATES[name])
    run = report.Run(name, steps // PART)
    for step in run:
        i = torch.randint(0, len(images), (32,))
        optimizer.zero_grad()
        loss = criterion(model(images[i]), *[answer[i] for answer in truth])
        loss.backward()
        optimizer.step()
        run.add(loss)
    return model, run


# %% [markdown]
# ## One shape
# Cross-entropy asks for the class, smooth L1 for the box in parts of the picture. Its numbers are
# small, twenty of them weigh about as much. All optimizers start from the same weights and see the
# same batches. Learning rates: for each the best of four, by the training loss at the end, on seed
# 100; it is the same for both networks.

# %%
RATES = {'momentum': 0.03, 'rmsprop': 0.003, 'adam': 0.003}
generator = np.random.Generator(np.random.PCG64(args.seed))
images, _, truth = shapes.pictures(3000 // PART, 24, 1, generator)
test_images, _, test_truth = shapes.pictures(600 // PART, 24, 1, generator)
truth, single = np.concatenate(truth), np.concatenate(test_truth)
kind, box = truth[:, 0].astype(np.int64), truth[:, 1:] / 24


def network():
    return *eyes(), nn.Flatten(), nn.Linear(32 * 3 * 3, 64), nn.ReLU(), nn.Linear(64, KINDS + 4)


def criterion(out, kind, box):
    return (F.cross_entropy(out[:, :KINDS], kind)
            + 20 * F.smooth_l1_loss(out[:, KINDS:].sigmoid(), box))


models, runs, answers = {}, {}, {}
for name in RATES:
    models[name], runs[name] = train(name, 1500, network, criterion, images, kind, box)
    with torch.no_grad():
        out = models[name](torch.from_numpy(test_images))
    answers[f'network, {name}'] = np.column_stack([out[:, :KINDS].argmax(dim=1).numpy(),
                                                   24 * out[:, KINDS:].sigmoid().numpy()])

# %% [markdown]
# The mean box and the commonest class are the answer without looking. The linear model has a weight
# for every pixel and output. The templates, drawings of the shapes, are slid over the picture.

# %%
pixels, asked = [np.insert(pictures.reshape(-1, 24 * 24), 0, 1, axis=1)    # 1 for the bias
                 for pictures in (images, test_images)]
linear = asked @ np.linalg.solve(pixels.T @ pixels + 100 * np.eye(1 + 24 * 24),
                                 pixels.T @ np.column_stack([np.eye(KINDS)[kind], 24 * box]))
mean = np.array([np.bincount(kind).argmax(), *24 * box.mean(axis=0)])
alike = [[*rows[:, [0, 2, 3, 4, 5]], mean][0] for rows in shapes.by_template(test_images)]
answers = {'mean box': np.tile(mean, (len(single), 1)),
           'linear': np.column_stack([linear[:, :KINDS].argmax(axis=1), linear[:, KINDS:]]),
           'templates': np.array(alike), **answers}
judged = {}
for name, answer in answers.items():
    overlap = boxes.iou(answer[:, 1:], single[:, 1:]).diagonal()
    right = answer[:, 0] == single[:, 0]
    judged[name] = {'class right [%]': 100 * right.mean(), 'mean IoU': overlap.mean(),
                    'both right [%]': 100 * (right & (overlap >= 0.5)).mean()}

# %% [markdown]
# ## One to three shapes
# Every cell answers, so the last layer is a convolution: is there a shape (binary cross-entropy),
# and in the cells with one, which and where, as before. Of overlapping boxes the surest is kept.

# %%
many_images, _, truth = shapes.pictures(2500 // PART, 32, 3, generator)
many_test, _, many = shapes.pictures(300 // PART, 32, 3, generator)


def grid():
    return *eyes(), *conv(32, 32), nn.Conv2d(32, 1 + KINDS + 4, 1)          # (n, 8, 4, 4)


def grid_criterion(out, there, kind, box):
    full = there > 0
    return (F.binary_cross_entropy_with_logits(out[:, 0], there)
            + criterion(out[:, 1:].permute(0, 2, 3, 1)[full], kind[full], box[full]))


grid_models, grid_runs = {}, {}
found = {'threshold': shapes.by_threshold(many_test),
         'templates': shapes.by_template(many_test)}
for name in RATES:
    grid_models[name], grid_runs[name] = train(name, 1000, grid, grid_criterion, many_images,
                                               *boxes.to_grid(truth, 32, 4))
    with torch.no_grad():
        out = grid_models[name](torch.from_numpy(many_test))
    found[f'network, {name}'] = boxes.from_grid(
        out[:, 0].sigmoid().numpy(), out[:, 1:1 + KINDS].argmax(dim=1).numpy(),
        out[:, 1 + KINDS:].permute(0, 2, 3, 1).sigmoid().numpy(), 32)

# %% [markdown]
# mAP is the mean average precision of the classes: 1 if all shapes are found, and nothing else. The
# threshold takes what is connected and bright. It finds the boxes, but its only sign of a class is
# how much of the box is filled, which for a triangle and a cross is nearly the same.

# %%
report.table(f'one shape, {len(single)} pictures', judged)
precision = {name: boxes.mean_average_precision(rows, many, KINDS) for name, rows in found.items()}
report.table(f'one to three shapes, {len(many)} pictures',
             {name: {'mAP at IoU 0.5': value} for name, value in precision.items()})
report.reached(f'{judged["network, adam"]["both right [%]"]:.1f} % of single shapes right in class '
               f'and box, mAP {precision["network, adam"]:.3f} of several',
               nn.ModuleList([models['adam'], grid_models['adam']]),
               runs['adam'], grid_runs['adam'])

# %% [markdown]
# White: the truth. Dashed: what Adam's network says, if it is more than half sure. In the last
# picture of each row is the shape that it boxes worst.

# %%
figure, axes = plot.subplots(2, 5, size=(14, 6), window=args.show,
                             gridspec_kw={'width_ratios': [1.6, 1, 1, 1, 1]})
sure = [np.delete(rows[rows[:, 1] > 0.5], 1, axis=1) for rows in found['network, adam']]
for line, title, curves, pictures, true, said in zip(
        axes, ('one shape', 'one to three shapes'), (runs, grid_runs), (test_images, many_test),
        (single[:, None], many), (answers['network, adam'][:, None], sure)):
    report.curves(curves, line[0])
    line[0].set_title(title)
    worst = np.argmin([boxes.iou(one[:, 1:], two[:, 1:]).max(axis=0, initial=0).min()
                       for one, two in zip(said, true)])
    for ax, i in zip(line[1:], [0, 1, 2, worst]):
        ax.imshow(pictures[i, 0], cmap='gray', extent=(0, *[pictures.shape[-1]] * 2, 0))
        for rows, style, width in (true[i], '-', 1), (said[i], '--', 2):
            for kind, x0, y0, x1, y1 in rows:
                color = 'white' if style == '-' else plot.COLORS[int(kind)]
                ax.plot([x0, x1, x1, x0, x0], [y0, y0, y1, y1, y0], style, color=color, lw=width)
                if style == '--':
                    ax.text(x0, max(y0 - 0.5, 2), shapes.CLASSES[int(kind)], color=color,
                            fontsize=9, bbox={'color': 'black', 'pad': 1})
        ax.set_title('adam, worst' if i == worst else f'adam, picture {i}')
        ax.axis('off')
report.finish(figure, args, '2_object_detection')
