# %% [markdown]
# # Segmentation: which pixels are it?
#
# A class for every pixel. On the way in, pooling halves the picture twice, so that it sees a whole
# shape at once; on the way out it is enlarged again, and *skips* hand over the fine picture from
# before each pooling. They make the edges: without them it knows as well what is where, but bends
# every cross. Momentum is slower than Adam at first, and as good in the end; RMSprop's loss still
# jumps then.
#
#     python demos/applications/3_segmentation.py

# %%
from shared import linear, masks, report, shapes    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

args = report.parse('Segmentation: an encoder-decoder says for every pixel what it belongs to.')
STEPS, TRAIN, TEST = (6, 30, 12) if args.quick else (600, 1500, 300)
KINDS = 'background', *shapes.CLASSES

images, truth, _ = shapes.pictures(TRAIN + TEST, 24, 2, np.random.Generator(
    np.random.PCG64(args.seed)))
x, y = torch.from_numpy(images[:TRAIN]), torch.from_numpy(truth[:TRAIN])
test_images, test_truth = images[TRAIN:], truth[TRAIN:]


# %% [markdown]
# The loss stays for a while where shapes stand out, but disc, cross and triangle are all the same
# to the network. Batch norm in the coarse part makes this shorter. So do leaky ReLUs, which pass a
# tenth of what is below 0: with plain ones, some seeds are still there at the end.

# %%
def conv(inputs, outputs, *norm):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), *norm, nn.LeakyReLU(0.1))


class EncoderDecoder(nn.Module):
    def __init__(self, skips):
        super().__init__()
        self.skips, self.shrink, self.enlarge = skips, nn.MaxPool2d(2), nn.Upsample(scale_factor=2)
        self.fine, self.middle = conv(1, 8), conv(8, 16)
        self.coarse = nn.Sequential(conv(16, 32, nn.BatchNorm2d(32)),
                                    conv(32, 32, nn.BatchNorm2d(32)))
        self.middle_out, self.fine_out = conv(32 + 16 * skips, 16), conv(16 + 8 * skips, 8)
        self.scores = nn.Conv2d(8, len(KINDS), 1)

    def join(self, enlarged, skip):
        return torch.cat([enlarged, skip], dim=1) if self.skips else enlarged

    def forward(self, x):                                              # (n, 1, 24, 24)
        fine = self.fine(x)                                            # (n, 8, 24, 24)
        middle = self.middle(self.shrink(fine))                        # (n, 16, 12, 12)
        x = self.enlarge(self.coarse(self.shrink(middle)))             # (n, 32, 12, 12)
        x = self.enlarge(self.middle_out(self.join(x, middle)))        # (n, 16, 24, 24)
        return self.scores(self.fine_out(self.join(x, fine)))          # (n, 4, 24, 24)


# %% [markdown]
# All optimizers start from the same weights and see the same batches; the network without skips
# too sees the same batches, with Adam. Learning rates: for each the best of four, by the training
# loss at the end, on seed 100.

# %%
RATES = {'momentum': 0.3, 'rmsprop': 0.003, 'adam': 0.01}


def train(name, skips):
    torch.manual_seed(args.seed)
    model = EncoderDecoder(skips)
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=RATES[name])
    generator = torch.Generator().manual_seed(args.seed)
    run = report.Run(name if skips else 'no skips', STEPS)
    for step in run:
        i = torch.randint(0, TRAIN, (16,), generator=generator)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[i]), y[i])                      # mean of 16 * 24 * 24 pixels
        loss.backward()
        optimizer.step()
        run.add(loss)
    return model.eval(), run


models, runs = {}, {}
for name in RATES:
    models[f'skips, {name}'], runs[name] = train(name, skips=True)
models['no skips, adam'], runs['no skips'] = train('adam', skips=False)

# %% [markdown]
# Background everywhere is right in 86 % of the pixels, and no good: the IoU of a class is the part
# that both masks share of what either covers. A linear classifier sees the 7x7 pixels around each
# place, of 100 pictures. The templates are drawings of the shapes, slid over the picture as in
# `2_object_detection`: they know what a shape is, but come in four sizes. At an edge, a pixel next
# to it is of another class.

# %%
part = slice(0, 5 if args.quick else 100)
weights, biases = linear.logistic(masks.patches(images[part], 7), truth[part].ravel(), len(KINDS))
linear = (masks.patches(test_images, 7) @ weights + biases).argmax(axis=1)
answers = {'background': np.zeros_like(test_truth),
           'linear, 7x7 pixels': linear.reshape(test_truth.shape),
           'templates': masks.drawn(shapes.by_template(test_images), 24)}
with torch.no_grad():
    answers.update({name: model(torch.from_numpy(test_images)).argmax(dim=1).numpy()
                    for name, model in models.items()})
ious = {name: masks.iou(answer, test_truth, len(KINDS)) for name, answer in answers.items()}
mean = {name: np.nanmean(values) for name, values in ious.items()}
edge = masks.edges(test_truth)
wrong = {name: 100 * (answer != test_truth) for name, answer in answers.items()}
report.table(f'IoU, {TEST} pictures', {
    name: {'mean': mean[name], **dict(zip(KINDS, ious[name])), 'wrong at edges [%]':
           wrong[name][edge].mean(), 'elsewhere [%]': wrong[name][~edge].mean()}
    for name in answers})
report.reached(f'mean IoU {mean["skips, adam"]:.3f}, without skips {mean["no skips, adam"]:.3f}',
               models['skips, adam'], runs['adam'])

# %% [markdown]
# The first test pictures, their true masks, and what Adam's two networks say.

# %%
colors = '#222222', *plot.COLORS[:3]
palette = np.array([[int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)] for color in colors])
shown = slice(0, 7)
grey = np.clip((test_images[shown, 0, ..., None] + 0.7) / 2.2, 0, 1) * np.ones(3)
rows = {'picture': grey, 'truth': palette[test_truth[shown]],
        **{name: palette[answers[f'{name}, adam'][shown]] for name in ('skips', 'no skips')}}
sheet = np.pad(np.stack([*rows.values()]), ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)),
               constant_values=1)                                      # (4, 7, 26, 26, 3)

figure, axes = plot.subplots(1, 2, size=(13, 5), window=args.show,
                             gridspec_kw={'width_ratios': [1, 1.7]})
report.curves({name: runs[name] for name in RATES}, axes[0])
report.curves({'adam': runs['no skips']}, axes[0])
axes[0].lines[-1].set(label='adam, no skips', color='black', linestyle=(0, (4, 2)))
axes[0].legend()
axes[1].imshow(sheet.swapaxes(1, 2).reshape(4 * 26, 7 * 26, 3))
axes[1].set_yticks(13 + 26 * np.arange(4), rows)
axes[1].set_xticks([])
for kind, color in zip(KINDS, colors):
    axes[1].scatter([], [], 60, color, marker='s', label=kind)
axes[1].legend(loc='upper center', bbox_to_anchor=(0.5, 0), ncols=4, frameon=False)
report.finish(figure, args, '3_segmentation')
