# %% [markdown]
# # Text classification: which chapter is a paragraph from?
#
# Every word has a vector of 32 numbers; a paragraph is the mean of its words' vectors, and a linear
# layer reads the chapter from it. It learns by itself which words matter. But there is an old
# recipe: count words, weight rare ones up (tf-idf), draw planes by least squares. On a thousand
# paragraphs of Python's own `help()` that takes no training step and is hard to beat.
#
#     python demos/applications/4_text_classification.py

# %%
from shared import linear, report, text    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

args = report.parse('Text classification: the mean of word vectors says what a text is about.')
chapter = {topic: i for i, topics in enumerate(text.CHAPTERS.values()) for topic in topics.split()}
names = list(text.CHAPTERS)

# %% [markdown]
# Topics share text, and a paragraph in both sets would be a test of memory: each is there once. One
# in four is for the test. Words seen once in the others are unknown words, all with one vector.

# %%
found = {}
for topic, paragraph in text.paragraphs():
    row = tuple(text.words(paragraph))
    if topic in chapter and len(row) >= 8:
        found.setdefault(row, chapter[topic])
order = np.random.Generator(np.random.PCG64(args.seed)).permutation(len(found))
order = order[:240] if args.quick else order
test, train = order[:len(order) // 4], order[len(order) // 4:]
rows, y = list(found), np.array(list(found.values()))
known = text.vocabulary([rows[i] for i in train], at_least=2)
size = len(known) + text.FIRST
x = text.numbers(rows, known)
x_train, y_train = torch.tensor(x[train]), torch.tensor(y[train])
x_test, y_test = torch.tensor(x[test]), torch.tensor(y[test])


# %% [markdown]
# The vectors start small, so that words seldom seen say little.

# %%
class MeanOfWords(nn.Module):
    """Numbers of words (n, longest), 0 where there is none, to a score of every chapter."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(size, 32)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.dropout = nn.Dropout(0.3)
        self.linear = nn.Linear(32, len(names))

    def forward(self, x):
        mask = (x != text.PADDING).float().unsqueeze(2)                 # (n, longest, 1)
        mean = (self.embedding(x) * mask).sum(dim=1) / mask.sum(dim=1)  # (n, 32)
        return self.linear(self.dropout(mean))


# %% [markdown]
# Learning rates: for each optimizer the best of four, by the mean training loss at the end on the
# seeds 100 to 104.

# %%
RATES = {'momentum': 1.0, 'rmsprop': 0.03, 'adam': 0.03}
STEPS = 20 if args.quick else 400


def train_with(name):
    torch.manual_seed(args.seed)
    model = MeanOfWords()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=RATES[name])
    run = report.Run(name, STEPS)
    for step in run:
        i = torch.randint(0, len(x_train), (32,))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(text.trim(x_train[i])), y_train[i])
        loss.backward()
        optimizer.step()
        run.add(loss)
    return model.eval(), run


models, runs = {}, {}
for name in RATES:
    models[name], runs[name] = train_with(name)

# %% [markdown]
# The simple methods know the same words.

# %%
bags = text.counts(x, size)
weighted = text.tf_idf(bags, text.inverse_frequency(bags[train]))
answers = {'the commonest chapter': np.bincount(y[train]).argmax()}
weights, biases = text.naive_bayes(x[train], y[train], size)
answers['naive Bayes on counts'] = (weights[x[test]].sum(axis=1) + biases).argmax(axis=1)
weights, biases = linear.least_squares(weighted[train], y[train])
answers['least squares on tf-idf'] = (weighted[test] @ weights + biases).argmax(axis=1)
with torch.no_grad():
    for name, model in models.items():
        answers[f'word vectors, {name}'] = model(x_test).argmax(dim=1).numpy()
right = {name: 100 * (answer == y[test]) for name, answer in answers.items()}
report.table(f'accuracy on {len(test)} paragraphs [%]',
             {name: each.mean() for name, each in right.items()})

print('\n' + text.verdict(right, 'word vectors, adam', 'least squares on tf-idf'))
ours = right['word vectors, adam'].mean()
report.reached(f'accuracy {ours:.1f} % on {len(test)} paragraphs', models['adam'], runs['adam'])

# %% [markdown]
# As only a mean and a linear layer follow, each word pulls by itself: its vector times the weights
# of a chapter, against the mean of the chapters. Right: the words that pull most, of those that
# occur ten times or more; rarer ones learn to tell single paragraphs.

# %%
model = models['adam']
with torch.no_grad():
    pulls = (model.embedding.weight @ model.linear.weight.T).numpy()    # (words, chapters)
pulls = pulls - pulls.mean(axis=1, keepdims=True)
often = bags[train].sum(axis=0) >= (1 if args.quick else 10)
spelling = ['', ''] + list(known)

figure, axes = plot.subplots(1, 3, size=(15, 6.5), window=args.show)
report.curves(runs, axes[0])
axes[0].set_title('how it went')
plot.confusion(y[test], answers['word vectors, adam'], axes[1], names)
axes[1].tick_params(axis='x', rotation=45)
axes[1].set_title(f'adam: {ours:.0f} % of {len(test)} paragraphs right')
labels = []
for i, name in enumerate(names):
    best = np.where(often, pulls[:, i], -np.inf).argsort()[::-1][:5]
    axes[2].barh(len(labels) + np.arange(len(best)), pulls[best, i], color=plot.COLORS[i])
    axes[2].text(0.99, len(labels) + 2, name, transform=axes[2].get_yaxis_transform(),
                 ha='right', va='center')
    labels += [spelling[word] for word in best] + ['']
axes[2].set_yticks(range(len(labels)), labels, fontsize=8)
axes[2].tick_params(axis='y', length=0)
axes[2].invert_yaxis()
axes[2].set(xlabel='pull towards the chapter [score]', xlim=(0, 1.4 * pulls[often].max()),
            title='adam: the words that pull most')
report.finish(figure, args, '4_text_classification')
