# %% [markdown]
# # Object detection: what is it, and where?
#
# The answer is a class and a box. For one shape a picture, seven outputs are enough; for one to
# three, a grid of 4x4 cells, each of which answers for the shape whose middle lies in it. The
# shapes are turned and stretched at will. A drawing of each, slid over the picture, is right less
# often than the network, which has learned from examples what turning and stretching do. Drawings
# in hundreds of poses are right more often: they know exactly how the shapes were made, which
# nobody knows of photographs. Of several shapes, momentum finds more than Adam.
#
#     python demos/applications/2_object_detection.py

# %%
from shared import boxes, figures, report, shapes    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F

args = report.parse('2_object_detection', report.parser(
    'Object detection: a network says what is in a picture, and draws a box.'))
PART = 60 if args.quick else 1    # a part of the pictures and of the steps
KINDS = len(shapes.CLASSES)


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()


def features():    # the first layers of both networks
    return (*conv(1, 8), nn.MaxPool2d(2), *conv(8, 16), nn.MaxPool2d(2),
            *conv(16, 32), nn.MaxPool2d(2))                              # (n, 32, size/8, size/8)


def fit(name, lr, seed, steps, network, criterion, *arrays):
    torch.manual_seed(seed)
    x, *truth = map(torch.from_numpy, arrays)
    model = nn.Sequential(*network())
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    run = report.Run(name, steps // PART)
    for step in run:
        i = torch.randint(0, len(x), (32,))
        optimizer.zero_grad()
        loss = criterion(model(x[i]), *[answer[i] for answer in truth])
        loss.backward()
        optimizer.step()
        run.add(loss)
    return model, run


# %% [markdown]
# ## One shape
# Cross-entropy asks for the class, smooth L1 for the box in parts of the picture. Its numbers are
# small, twenty of them weigh about as much.

# %%
generator = np.random.Generator(np.random.PCG64(args.seed))
images, _, truth = shapes.pictures(3000 // PART, 24, 1, generator, turn=True)
test_images, _, single = shapes.pictures(600 // PART, 24, 1, generator, turn=True)
truth, true = np.concatenate(truth), np.concatenate(single)
kind, box = truth[:, 0].astype(np.int64), truth[:, 1:] / 24


def network():
    return *features(), nn.Flatten(), nn.Linear(32 * 3 * 3, 64), nn.ReLU(), nn.Linear(64, KINDS + 4)


def terms(out, kind, box):
    return F.cross_entropy(out[:, :KINDS], kind), F.smooth_l1_loss(out[:, KINDS:].sigmoid(), box)


def criterion(out, kind, box):
    surprise, distance = terms(out, kind, box)
    return surprise + 20 * distance


# %% [markdown]
# All optimizers start from the same weights and see the same batches. Learning rates: the best of
# those in `demos/rates`, for each by the training loss of this network at the end, on a seed of
# their own; the other network takes the same.

# %%
def train(name, lr, seed):
    return fit(name, lr, seed, 1500, network, criterion, images, kind, box)


models, runs, answers = {}, {}, {}
rates = report.rates(args, train, count=1)
for name, lr in rates.items():
    models[name], runs[name] = train(name, lr, args.seed)
    with torch.no_grad():
        out = models[name](torch.from_numpy(test_images))
    answers[f'network, {name}'] = np.column_stack([out[:, :KINDS].argmax(dim=1).numpy(),
                                                   24 * out[:, KINDS:].sigmoid().numpy()])

# %% [markdown]
# The two terms, of the test pictures. A box whose four numbers are off by a tenth of the picture
# costs 0.005, half the square of a tenth: without the factor, it would hardly count beside the
# class.

# %%
torch.manual_seed(args.seed)
for when, model in ('before', nn.Sequential(*network())), ('after', models['adam']):
    with torch.no_grad():
        surprise, distance = terms(model(torch.from_numpy(test_images)),
                                   torch.from_numpy(true[:, 0].astype(np.int64)),
                                   torch.from_numpy(true[:, 1:].astype(np.float32) / 24))
    print(f'loss {when} training, adam: class {surprise:.3f} + 20 x box {distance:.4f} '
          f'= {surprise + 20 * distance:.3f}')

# %% [markdown]
# The mean box and the commonest class are the answer without looking. The linear model has a weight
# for every pixel and output. The templates, drawings of the shapes in four sizes, are slid over the
# picture; in all poses, each of them is turned in 16 directions, with three stretches.

# %%
POSES = {'angles': np.arange(16) * np.pi / 8, 'stretches': (0.6, 0.75, 0.9)}
pixels, asked = [np.insert(pictures.reshape(-1, 24 * 24), 0, 1, axis=1)    # 1 for the bias
                 for pictures in (images, test_images)]
linear = asked @ np.linalg.solve(pixels.T @ pixels + 100 * np.eye(1 + 24 * 24),
                                 pixels.T @ np.column_stack([np.eye(KINDS)[kind], 24 * box]))
mean = np.array([np.bincount(kind).argmax(), *24 * box.mean(axis=0)])


def best(found):
    """The surest row (class, box) of each picture; where nothing was found, the mean."""
    return np.array([[*rows[:, [0, 2, 3, 4, 5]], mean][0] for rows in found])


answers = {'mean box': np.tile(mean, (len(true), 1)),
           'linear': np.column_stack([linear[:, :KINDS].argmax(axis=1), linear[:, KINDS:]]),
           'templates': best(shapes.by_template(test_images)),
           'templates in all poses': best(shapes.by_template(test_images, **POSES)), **answers}
judged = {}
for name, answer in answers.items():
    overlap = boxes.iou(answer[:, 1:], true[:, 1:]).diagonal()
    right = answer[:, 0] == true[:, 0]
    judged[name] = {'class right [%]': 100 * right.mean(), 'mean IoU': overlap.mean(),
                    'both right [%]': 100 * (right & (overlap >= 0.5)).mean()}

# %% [markdown]
# ## One to three shapes
# Every cell answers, so the last layer is a convolution: is there a shape (binary cross-entropy),
# and in the cells with one, which and where, as before. Of overlapping boxes the surest is kept.

# %%
many_images, _, truth = shapes.pictures(2500 // PART, 32, 3, generator, turn=True)
many_test, _, many = shapes.pictures(300 // PART, 32, 3, generator, turn=True)


def grid():
    return *features(), *conv(32, 32), nn.Conv2d(32, 1 + KINDS + 4, 1)      # (n, 8, 4, 4)


def grid_criterion(out, there, kind, box):
    full = there > 0
    return (F.binary_cross_entropy_with_logits(out[:, 0], there)
            + criterion(out[:, 1:].permute(0, 2, 3, 1)[full], kind[full], box[full]))


grid_models, grid_runs = {}, {}
found = {'threshold': shapes.by_threshold(many_test),
         'templates': shapes.by_template(many_test),
         'templates in all poses': shapes.by_template(many_test, **POSES)}
for name, lr in rates.items():
    grid_models[name], grid_runs[name] = fit(name, lr, args.seed, 1000, grid, grid_criterion,
                                             many_images, *boxes.to_grid(truth, 32, 4))
    with torch.no_grad():
        out = grid_models[name](torch.from_numpy(many_test))
    found[f'network, {name}'] = boxes.from_grid(
        out[:, 0].sigmoid().numpy(), out[:, 1:1 + KINDS].argmax(dim=1).numpy(),
        out[:, 1 + KINDS:].permute(0, 2, 3, 1).sigmoid().numpy(), 32)

# %% [markdown]
# mAP is the mean average precision of the classes: 1 if all shapes are found, and nothing else. The
# threshold takes what is connected and bright. It finds the boxes, but its only sign of a class is
# how much of the box is filled, which changes as a shape is turned.

# %%
report.table(f'one shape, {len(true)} pictures', judged)
precision = {name: boxes.mean_average_precision(rows, many, KINDS) for name, rows in found.items()}
report.table(f'one to three shapes, {len(many)} pictures',
             {name: {'mAP at IoU 0.5': value} for name, value in precision.items()})
report.reached(f'{judged["network, adam"]["both right [%]"]:.1f} % of single shapes right in class '
               f'and box, mAP {precision["network, adam"]:.3f} of several',
               nn.ModuleList([models['adam'], grid_models['adam']]),
               runs['adam'], grid_runs['adam'])

# %% [markdown]
# Of several shapes, a dot marks the middle of each box, and the cell around it is the one that
# answered. The last picture of each row has the shape that Adam's network boxes worst.

# %%
sure = [np.delete(rows[rows[:, 1] > 0.5], 1, axis=1) for rows in found['network, adam']]
figure = figures.detection({
    'One shape': (runs, test_images, single, answers['network, adam'][:, None]),
    'One to three shapes': (grid_runs, many_test, many, sure)}, args)
report.finish(figure, args)
