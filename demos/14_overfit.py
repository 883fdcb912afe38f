# %% [markdown]
# # 14. Learned by heart is not learned
#
# The loss on the images that a network is trained on says how well it knows those. What is wanted
# is that it reads others. So the images are divided into three sets:
#
# - the training set, for the gradients;
# - the validation set, which no gradient sees. It says when to stop, and which settings are best;
# - the test set, used once, at the end. The validation set can no longer judge: of many networks
#   the one that does best there was partly lucky there.
#
# At first both losses fall: what the network learns holds for all images. Then the loss in training
# goes on falling and that in validation rises: it learns the images by heart, wrong labels
# included. This is overfitting. Keep the weights of the step between the two.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import datasets, plot
from tinygrad_adam.utils.data import DataLoader, TensorDataset

page = chapter.Page(
    '14_overfit',
    'Only images that the network was not trained on say what it has learned.',
    question='Shuffle the ten labels among all training images: no image tells its label any more. '
             'To what percentage of the training images does the network give their label in '
             'the end, if it trains long enough? And what percentage of the test images will it '
             'read right, on average? Two numbers.',
    answer='100 10',
    within=1.05,
    hint='9,610 weights can tell 300 images apart, whatever they are called. Of what use is that '
         'for an image they have not seen?',
    reason='It learns all 300 by heart and guesses the others: one in ten. So a training loss near '
           '0 says nothing about reading. The loss in validation rises from the first epochs on, '
           'far beyond the ln 10 = 2.30 of one who knows nothing. The figure is of shuffled '
           'labels.')
torch.manual_seed(page.seed)

# %% [markdown]
# 300 images for training, the labels of 60 of them drawn by chance, as labels made in a hurry may
# be; 450 others to validate, and the 450 of the test set.

# %%
everything, test = datasets.digits()
images, labels = everything[:]
order = torch.randperm(len(images))
x, y = images[order[:300]], labels[order[:300]].clone()
validation = TensorDataset(images[order[-450:]], labels[order[-450:]])
if page.reveal:
    y = y[torch.randperm(300)]
else:
    y[:60] = torch.randint(10, (60,))
train = TensorDataset(x, y)

model = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = optim.Adam(model.parameters(), lr=0.003)


def judge(dataset):
    """The loss, and how many percent are right."""
    images, labels = dataset[:]
    with torch.no_grad():
        scores = model(images)
    return (F.cross_entropy(scores, labels).item(),
            100 * (scores.argmax(1) == labels).float().mean().item())


# %% [markdown]
# The loop trains, then looks at both sets, and keeps the weights whenever the loss in validation is
# the least so far.

# %%
EPOCHS = 8 if page.quick else 250 if page.reveal else 80
history = {'training': [], 'validation': []}
least, best, kept = float('inf'), 0, {}
for epoch in range(1, EPOCHS + 1):
    for x, y in DataLoader(train, batch_size=20, shuffle=True):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    history['training'].append(judge(train))
    history['validation'].append(judge(validation))
    if history['validation'][-1][0] < least:
        least, best = history['validation'][-1][0], epoch
        kept = {name: p.detach().clone() for name, p in model.named_parameters()}

print('              loss: training  validation   right, %: training  validation    test')
for name, epoch in ('last', EPOCHS), ('kept', best):
    if name == 'kept':
        model.load_state_dict(kept)
    (a, b), (c, d) = [history[part][epoch - 1] for part in ('training', 'validation')]
    print(f'{name}, epoch {epoch:3} {a:13.3f} {c:11.3f} {b:19.1f} {d:11.1f} {judge(test)[1]:7.1f}')

# %%
figure, axes = plot.subplots(1, 2, size=(10, 4.5), window=page.show)
for i, (ax, ylabel) in enumerate(zip(axes, ('loss, in nats', 'right [%]'))):
    plot.curves({name: [row[i] for row in rows] for name, rows in history.items()}, ax,
                ylabel=ylabel)
    ax.axvline(best, color='black', linestyle=':')
    ax.set_ylim(0, None if i == 0 else 105)
axes[0].set_title(f'by heart, from epoch {best} on (dotted: kept)')
axes[1].set_title('new images get worse as known ones get better')
page.finish(figure)
