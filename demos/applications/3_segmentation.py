# %% [markdown]
# # Segmentation: which pixels are it?
#
# A class for every pixel. On the way in, pooling halves the picture twice, so that it sees a whole
# shape at once; on the way out it is enlarged again, and *skips* hand over the fine picture from
# before each pooling. They make the edges: without them it knows as well what is where, but bends
# every cross.
#
#     python demos/applications/3_segmentation.py

# %%
from shared import figures, linear, masks, report, shapes    # first: it sets the threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F

args = report.parse('3_segmentation', report.parser(
    'Segmentation: an encoder-decoder says for every pixel what it belongs to.'))
STEPS, TRAIN, TEST, SEEDS = (6, 30, 12, 2) if args.quick else (400, 1500, 300, 3)
LOOKS = (1, 2) if args.quick else (20, 100)     # steps after which masks are kept for the figure
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
# too sees the same batches, with Adam. Learning rates: the best of those in `demos/rates`, for each
# by the training loss at the end, on a seed of their own. How long the plateau lasts is luck as
# well: so every optimizer trains three times, from other weights and on other batches.

# %%
class Run(report.Run):
    """With the masks of the first test pictures, by step."""

    def __init__(self, name):
        super().__init__(name, STEPS)
        self.masks = {}


def masks_of(model, pictures):
    """The likeliest class of every pixel, (n, 24, 24). Batch norm keeps to what it has seen."""
    model.eval()
    with torch.no_grad():
        answer = model(torch.from_numpy(pictures)).argmax(dim=1).numpy()
    model.train()
    return answer


def train(name, lr, seed, skips=True):
    torch.manual_seed(seed)
    model = EncoderDecoder(skips)
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    generator = torch.Generator().manual_seed(seed)
    run = Run(name if skips else 'no skips')
    for step in run:
        i = torch.randint(0, TRAIN, (16,), generator=generator)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[i]), y[i])                      # mean of 16 * 24 * 24 pixels
        loss.backward()
        optimizer.step()
        run.add(loss)
        if step + 1 in LOOKS:
            run.masks[step + 1] = masks_of(model, test_images[:6])
    return model, run


models, runs = {}, {}
rates = report.rates(args, train, count=1)
for name, lr in rates.items():
    models[name], runs[name] = zip(*[train(name, lr, args.seed + i) for i in range(SEEDS)])
plain, runs['no skips'] = train('adam', rates['adam'], args.seed, skips=False)

# %% [markdown]
# Background everywhere is right in 85 to 86 % of the pixels, and no good: the IoU of a class is the
# part that both masks share of what either covers. A linear classifier sees the 7x7 pixels around
# each place, of 100 pictures. The templates are drawings of the shapes, slid over the picture as in
# `2_object_detection`: they know what a shape is, but come in four sizes. At an edge, a pixel next
# to it is of another class.

# %%
part = slice(0, 5 if args.quick else 100)
weights, biases = linear.logistic(masks.patches(images[part], 7), truth[part].ravel(), len(KINDS))
linear = (masks.patches(test_images, 7) @ weights + biases).argmax(axis=1)
answers = {'background': np.zeros_like(test_truth),
           'linear, 7x7 pixels': linear.reshape(test_truth.shape),
           'templates': masks.drawn(shapes.by_template(test_images), 24)}
said = {name: [masks_of(model, test_images) for model in each]
        for name, each in {**models, 'adam, no skips': [plain]}.items()}
edge = masks.edges(test_truth)


def judge(answer):
    """What the table says of one answer."""
    ious, wrong = masks.iou(answer, test_truth, len(KINDS)), 100 * (answer != test_truth)
    return {'mean': np.nanmean(ious), **dict(zip(KINDS, ious)),
            'wrong at edges [%]': wrong[edge].mean(), 'elsewhere [%]': wrong[~edge].mean()}


rows = {name: judge(answer) for name, answer in answers.items()}
for name, each in said.items():
    judged = [judge(answer) for answer in each]
    rows[f'network, {name}'] = {column: np.mean([row[column] for row in judged])
                                for column in judged[0]}
    rows[f'network, {name}']['worst seed'] = min(row['mean'] for row in judged)
report.table(f'IoU, {TEST} pictures', rows)
print(f'networks: the mean of {SEEDS} seeds, and the mean IoU of the worst; no skips: one seed')
report.reached(f'mean IoU {rows["network, adam"]["mean"]:.3f}, '
               f'without skips {rows["network, adam, no skips"]["mean"]:.3f}',
               models['adam'][0], *runs['adam'])

# %% [markdown]
# The first test pictures, their true masks, and what Adam's network says of them: early, on the
# plateau, where it sees that there is a shape and not which, and in the end; then the one without
# skips.

# %%
early = {f'step {step}': masks for step, masks in runs['adam'][0].masks.items()}
figure = figures.segmentation(runs, test_images, {
    'truth': test_truth, **early, f'step {STEPS}': said['adam'][0],
    'no skips': said['adam, no skips'][0]}, KINDS, args)
report.finish(figure, args)
