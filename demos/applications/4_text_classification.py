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
from shared import figures, linear, report, text    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F

args = report.parse('4_text_classification', report.parser(
    'Text classification: the mean of word vectors says what a text is about.'))
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
test_part, train_part = order[:len(order) // 4], order[len(order) // 4:]
rows, y = list(found), np.array(list(found.values()))
known = text.vocabulary([rows[i] for i in train_part], at_least=2)
size = len(known) + text.FIRST
x = text.numbers(rows, known)
x_train, y_train = torch.tensor(x[train_part]), torch.tensor(y[train_part])
x_test, y_test = torch.tensor(x[test_part]), torch.tensor(y[test_part])


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
# Learning rates: the best of those in `demos/rates`, for each optimizer by the training loss at the
# end, on seeds of their own.

# %%
STEPS = 20 if args.quick else 400


def train(name, lr, seed):
    torch.manual_seed(seed)
    model = MeanOfWords()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
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
for name, lr in report.rates(args, train).items():
    models[name], runs[name] = train(name, lr, args.seed)

# %% [markdown]
# The simple methods know the same words.

# %%
bags = text.counts(x, size)
weighted = text.tf_idf(bags, text.inverse_frequency(bags[train_part]))
answers = {'the commonest chapter': np.bincount(y[train_part]).argmax()}
weights, biases = text.naive_bayes(x[train_part], y[train_part], size)
answers['naive Bayes on counts'] = (weights[x[test_part]].sum(axis=1) + biases).argmax(axis=1)
weights, biases = linear.least_squares(weighted[train_part], y[train_part])
answers['least squares on tf-idf'] = (weighted[test_part] @ weights + biases).argmax(axis=1)
with torch.no_grad():
    for name, model in models.items():
        answers[f'word vectors, {name}'] = model(x_test).argmax(dim=1).numpy()
right = {name: 100 * (answer == y[test_part]) for name, answer in answers.items()}
report.table(f'accuracy on {len(test_part)} paragraphs [%]',
             {name: each.mean() for name, each in right.items()})

print('\n' + text.verdict(right, 'word vectors, adam', 'least squares on tf-idf'))
ours = right['word vectors, adam'].mean()
report.reached(f'accuracy {ours:.1f} % on {len(test_part)} paragraphs',
               models['adam'], runs['adam'])

# %% [markdown]
# As only a mean and a linear layer follow, each word pulls by itself: its vector times the weights
# of a chapter, against the mean of the chapters. Right: the words that pull most, of those that
# occur ten times or more; rarer ones learn to tell single paragraphs.

# %%
model = models['adam']
with torch.no_grad():
    pulls = (model.embedding.weight @ model.linear.weight.T).numpy()    # (words, chapters)
pulls = pulls - pulls.mean(axis=1, keepdims=True)
often = bags[train_part].sum(axis=0) >= (1 if args.quick else 10)
spelling = ['', ''] + list(known)

best = {name: np.where(often, pulls[:, i], -np.inf).argsort()[::-1][:5]
        for i, name in enumerate(names)}
figure = figures.text_classification(
    runs, y[test_part], answers['word vectors, adam'],
    {name: {spelling[word]: pulls[word, i] for word in best[name]}
     for i, name in enumerate(names)}, args)
report.finish(figure, args)
