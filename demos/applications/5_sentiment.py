# %% [markdown]
# # Sentiment: is a sentence for or against?
#
# "Clever but boring" and "boring but clever" have the same words: who only counts them must guess.
# A recurrent network (GRU) reads word by word and keeps what it needs of those before. Of sentences
# made by rules ("not", "nobody says that", "although") it gets practically all right, and counting
# words exactly half. That is the rules' doing. Of a few thousand real reviews (`--data`), counting
# gets as many right or more: "great" is mostly said there of what is great.
#
#     python demos/applications/5_sentiment.py
#     python demos/applications/5_sentiment.py --data FOLDER    # of .txt: sentence, tab, 0 or 1

# %%
from shared import report, text    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

args = report.parse('Sentiment: a network that reads word by word hears what "not" and "but" do.',
                    data='folder of .txt files, each line a sentence, a tab and 0 or 1')

# %% [markdown]
# No test sentence is one of the training. Beside the ordinary test there is a harder one: six
# adjectives are never negated in training, and always in this test. Who learned what "not" does,
# and not only what "not good" is, understands "not dull" too. Some seeds learn it, some do not, and
# the training loss does not tell which. Of files, every fourth sentence is for the test.

# %%
rng = np.random.Generator(np.random.PCG64(args.seed))
if args.data:
    try:
        train, test = text.parted(text.labelled(args.data))
    except (OSError, ValueError) as error:
        args.error(f'--data: {error}')
    if args.quick:
        train, test = ([part[i] for i in rng.permutation(len(part))[:n]]
                       for part, n in ((train, 300), (test, 100)))
    tests = {'test': test}
else:
    train = text.opinions(200 if args.quick else 4000, rng)
    test = text.opinions(100 if args.quick else 2800, rng, known=dict(train))
    tests = {'test': test, 'negation is new': text.opinions(len(test) // 2, rng, unseen=True)}

known = text.vocabulary([text.words(sentence) for sentence, _ in train], 2 if args.data else 1)
size = len(known) + text.FIRST


def tensor(part):
    """Numbers of the words of each sentence, the last 60 at most, (n, longest)."""
    rows = [text.words(sentence)[-60:] or [''] for sentence, _ in part]
    return torch.tensor(text.numbers(rows, known))


class Reader(nn.Module):
    """Numbers of words (n, longest), 0 after the last, to scores of "against" and "for"."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(size, 16)
        self.gru = nn.GRU(16, 32, batch_first=True)
        self.linear = nn.Linear(32, 2)

    def every_word(self, x):
        return self.linear(self.gru(self.embedding(x))[0])    # (n, longest, 2)

    def forward(self, x):
        last = (x != text.PADDING).sum(dim=1) - 1
        return self.every_word(x)[torch.arange(len(x)), last]    # (n, 2)


# %% [markdown]
# Learning rates: for each optimizer the best of four, by the mean training loss at the end on the
# seeds 100 to 104, of the sentences made by rules.

# %%
RATES = {'momentum': 0.3, 'rmsprop': 0.01, 'adam': 0.01}
STEPS = 20 if args.quick else 1500
x_train, y_train = tensor(train), torch.tensor([label for _, label in train])


def train_with(name):
    torch.manual_seed(args.seed)
    model = Reader()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=RATES[name])
    run = report.Run(name, STEPS)
    for step in run:
        i = torch.randint(0, len(x_train), (32,))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(text.trim(x_train[i])), y_train[i])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        run.add(loss)
    return model, run


models, runs = {}, {}
for name in RATES:
    models[name], runs[name] = train_with(name)

# %% [markdown]
# The simple methods: the commonest label, and naive Bayes, which knows single words, or also every
# two neighbours.

# %%
labels = np.array([label for _, label in train])
rows = {name: [text.words(sentence) for sentence, _ in part]
        for name, part in {'train': train, **tests}.items()}
answers = {'the commonest label': dict.fromkeys(tests, np.bincount(labels).argmax())}
for name, cut in {'naive Bayes, words': list, 'naive Bayes, pairs of words': text.pairs}.items():
    features = text.vocabulary(map(cut, rows['train']))
    table = {part: text.numbers(list(map(cut, rows[part])), features) for part in rows}
    weights, biases = text.naive_bayes(table['train'], labels, len(features) + text.FIRST)
    answers[name] = {part: (weights[table[part]].sum(axis=1) + biases).argmax(axis=1)
                     for part in tests}
with torch.no_grad():
    for name, model in models.items():
        answers[f'GRU, {name}'] = {part: model(tensor(tests[part])).argmax(dim=1).numpy()
                                   for part in tests}
right = {part: {name: 100 * (answer[part] == np.array([label for _, label in tests[part]]))
                for name, answer in answers.items()} for part in tests}
report.table(f'accuracy on {len(test)} sentences', {
    name: {f'{part} [%]': right[part][name].mean() for part in tests} for name in answers})
print('\n' + text.verdict(right['test'], 'GRU, adam', 'naive Bayes, words'))
report.reached(f'accuracy {right["test"]["GRU, adam"].mean():.1f} % on {len(test)} sentences',
               models['adam'], runs['adam'])

# %% [markdown]
# Left above: at first the loss stays where guessing is, 0.69, and then falls in a few steps: "not"
# is of no use to who does not know "good", and "good" of none to who does not know "although".
# The others: what the network would answer after each word. It was only ever asked at the end, the
# large dot; before, the line shows what it bears in mind, not what it holds true. Of sentences made
# by rules, the upper right and the lower left have the same words.

# %%
figure, axes = plot.subplots(2, 2, size=(12, 9), window=args.show)
report.curves(runs, axes[0, 0])
axes[0, 0].axhline(np.log(2), color='black', linewidth=0.8, zorder=0)
axes[0, 0].set_title('the thin line is guessing')


def short(part):
    """The sentences of a test with few words and "but", or all if there is none."""
    return [each for each in part if len(text.words(each[0])) <= 15
            and 'but' in text.words(each[0])] or part


shown = [*short(test)[:2], short([*tests.values()][-1])[-1]]
for ax, (sentence, label), what in zip(axes.ravel()[1:], shown, ['test', 'test', [*tests][-1]]):
    with torch.no_grad():
        scores = models['adam'].every_word(tensor([(sentence, label)]))
    shares, row = F.softmax(scores, dim=2)[0, :, 1].numpy(), text.words(sentence)[-60:]
    ax.plot(shares, '.-', color=plot.COLORS[0])
    ax.plot(len(shares) - 1, shares[-1], 'o', color=plot.COLORS[4], markersize=12)
    ax.axhline(0.5, color='black', linewidth=0.8)
    ax.set_xticks(range(len(row)), row, rotation=60, ha='right', rotation_mode='anchor')
    ax.set(ylim=(-0.05, 1.05), ylabel='probability of "for"',
           title=f'{what}: the truth is {"for" if label else "against"}')
    ax.grid(alpha=0.3)
report.finish(figure, args, '5_sentiment')
