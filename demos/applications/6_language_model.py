# %% [markdown]
# # Language modelling: which character comes next?
#
# A recurrent layer reads Python's own help, character by character, and learns to say what comes
# next; to write, let it say so again and again. On topics it has not seen it needs a few percent
# fewer bits than the best table of counts, and half a minute where counting takes a second.
#
#     python demos/applications/6_language_model.py
#     python demos/applications/6_language_model.py --data FILE     # a text of your own

# %%
import math
import re
import textwrap

from shared import ngrams, report, text    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

args = report.parse('Language modelling: say which character comes next, and you can write.',
                    data='a text file in UTF-8, of which 400,000 characters are used '
                         "(without: Python's help)")

# %% [markdown]
# A tenth of the text is held out, in whole topics: single paragraphs would have others much like
# them to learn from. Titles and tables, mostly lines drawn with characters, are left out. Of a file
# the first 400,000 characters are used, no paragraph twice, and fortieths of them held out. The
# network reads in 16 places at once, 64 characters a step.

# %%
try:
    parts = ngrams.read(args.data) if args.data else [
        part for part in text.paragraphs() if not re.search(r'---|===|\*\*\*', part[1])]
except ValueError as error:
    args.error(f'--data {error}.')
if args.quick:
    parts = parts[::-(-len(parts) // 300)]
train_text, test_text = ngrams.split(parts, args.seed)
symbols = ngrams.alphabet(train_text)
LANES, TIME = 16, 64


def lanes(text):
    """Numbers before and of each character, both (t, LANES), down the columns; and in one row."""
    codes = ngrams.numbers(text, symbols)[:len(text) // LANES * LANES]
    before = np.concatenate([[0], codes[:-1]])
    return [torch.from_numpy(each.reshape(LANES, -1).T.copy()) for each in (before, codes)], codes


(x_train, y_train), known = lanes(train_text)
(x_test, y_test), asked = lanes(test_text)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(symbols), 32)
        self.gru = nn.GRU(32, 128)
        self.linear = nn.Linear(128, len(symbols))

    def forward(self, x, state=None):
        output, state = self.gru(self.embedding(x), state)       # (t, n, 128), (1, n, 128)
        return self.linear(output), state                        # (t, n, symbols)


def bits(model):
    """Needed for each held-out character: the cross entropy, in units of log 2."""
    with torch.no_grad():
        scores, _ = model(x_test)
    return F.cross_entropy(scores.flatten(0, 1), y_test.flatten()).item() / math.log(2)


def write(model, temperature=0.6):
    """Draw 400 characters, each from what the model says; likely ones a little more often."""
    code, state, written = symbols.index('\n'), None, ''
    with torch.no_grad():
        for _ in range(400):
            scores, state = model(torch.tensor([[code]]), state)
            code = int(torch.multinomial(F.softmax(scores[0, 0] / temperature, dim=0), 1))
            written += symbols[code]
    return written.strip('\n')


# %% [markdown]
# Learning rates: for each optimizer the best of four, by the training loss at the end, on seed 100.
# They all fall along one line to zero; momentum and rmsprop stop on the way, to save time.

# %%
RATES = {'momentum': 1.2, 'rmsprop': 0.008, 'adam': 0.01}
STEPS = {'momentum': 300, 'rmsprop': 300, 'adam': 2100}
EVERY = 100    # steps, the bits of the held-out text are computed
if args.quick:
    STEPS, EVERY = {'momentum': 4, 'rmsprop': 4, 'adam': 12}, 4


class Run(report.Run):
    """With the bits of the held-out text, and what Adam's network writes, both by step."""

    def __init__(self, name, steps):
        super().__init__(name, steps)
        self.bits, self.written = {}, {}


def train(name):
    torch.manual_seed(args.seed)
    model = Reader()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=RATES[name])
    scheduler = optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=STEPS['adam'])
    run, state = Run(name, STEPS[name]), None
    for step in run:
        start = step % (len(x_train) // TIME) * TIME
        if start == 0:
            state = None    # the text begins
        scores, state = model(x_train[start:start + TIME], state)
        state = state.detach()    # the next step goes on from here; gradients stop here
        optimizer.zero_grad()
        loss = F.cross_entropy(scores.flatten(0, 1), y_train[start:start + TIME].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        run.add(loss)
        if (step + 1) % EVERY == 0:
            run.bits[step + 1] = bits(model)
        if name == 'adam' and step + 1 in (EVERY // 2, 4 * EVERY, run.steps):
            run.written[step + 1] = write(model)
    return model, run


models, runs = {}, {}
for name in RATES:
    models[name], runs[name] = train(name)

# %% [markdown]
# A 6-gram is no better than a 5-gram: most rows of six occur once, and one says little. After 300
# steps no optimizer leads on every seed: Adam's rate is the best for many more. What the model
# writes shows what it has learned: spaces, words, how the help is laid out, but no sense.

# %%
few, end = runs['rmsprop'].steps, runs['adam'].steps
counts = ngrams.bits(ngrams.witten_bell(known, asked, len(symbols), order=6))
rows = {'all alike': {'at the end': math.log2(len(symbols))},
        **{f'{n}-gram': {'at the end': counts[n - 1]} for n in (3, 4, 5, 6)},
        **{f'network, {name}': {f'after {few} steps': run.bits[few]} for name, run in runs.items()}}
rows['network, adam']['at the end'] = runs['adam'].bits[end]
print(f'\ntext: {len(known):,} characters to learn from, {len(symbols)} different')
report.table(f'bits a character on {len(asked):,} held out', rows)
for step, written in runs['adam'].written.items():
    print(f'\nwritten after {step} steps:\n{written}')
print()
report.reached(f'{runs["adam"].bits[end]:.2f} bits a character (5-gram {counts[4]:.2f})',
               models['adam'], runs['adam'])

# %%
figure, axes = plot.subplots(1, 3, size=(15, 5.5), window=args.show, width_ratios=[1, 1, 1.2])
report.curves(runs, axes[0])
axes[0].set(title='training text', ylabel='loss [nats a character]', yscale='linear')
for name, run in runs.items():
    axes[1].plot(list(run.bits), list(run.bits.values()), label=name, **plot.OPTIMIZER_STYLE[name])
for n in (3, 4, 5):
    axes[1].axhline(counts[n - 1], color='black', linewidth=1)
    axes[1].text(end, counts[n - 1], f'{n}-gram', ha='right', va='bottom')
axes[1].set(title='held-out text', xlabel='step', ylabel='bits a character')
axes[1].grid(alpha=0.3)
axes[1].legend()
lines = []
for step, written in runs['adam'].written.items():
    wrapped = [row for line in written.split('\n')
               for row in textwrap.wrap(line, 72, drop_whitespace=False) or ['']]
    lines += [f'AFTER {step} STEPS', *wrapped[:10], '']
axes[2].text(0, 1, '\n'.join(lines), va='top', family='monospace', fontsize=8, parse_math=False)
axes[2].set_title('adam: written by the model')
axes[2].axis('off')
report.finish(figure, args, '6_language_model')
