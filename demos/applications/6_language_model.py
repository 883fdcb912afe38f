# %% [markdown]
# # Language modelling: which character comes next?
#
# A recurrent layer reads Python's own help, character by character, and learns to say what comes
# next; to write, let it say so again and again. On topics it has not seen it needs 2.3 to 2.4 bits
# a character, as does the best table of counts, with momentum 2.2 to 2.35, and a dozen seconds
# where counting takes one. A compressor, lzma, needs 1.9 to 2.1: topics share whole passages, and
# it copies. Of Shakespeare's plays (`--data`), where no passage is said twice, it needs 2.2, the
# counts as well, and lzma 2.6.
#
#     python demos/applications/6_language_model.py
#     python demos/applications/6_language_model.py --prompt "The method" --temperature 0.9
#     python demos/applications/6_language_model.py --data FILE     # a text of your own

# %%
import lzma
import math
import re
import zlib

from shared import figures, ngrams, report, text    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F

options = report.parser(
    'Language modelling: say which character comes next, and you can write.',
    data="a text file in UTF-8, of which 400,000 characters are used (without: Python's help)")
options.add_argument('--prompt', default='\n', help='the text that it goes on with')
options.add_argument('--temperature', type=report.RATE, default=0.6, metavar='X', help='of what it '
                     'writes: below 1 likely characters come more often, above 1 less (0.6)')
args = report.parse('6_language_model', options)

# %% [markdown]
# A tenth of the text is for the test and a twentieth for the validation, in whole topics: single
# paragraphs would have others much like them to learn from. Titles and tables, mostly lines drawn
# with characters, are left out. A file has no topics; it is cut in forty stretches, which take
# their place.

# %%
try:
    parts = ngrams.read(args.data) if args.data else [
        part for part in text.paragraphs() if not re.search(r'---|===|\*\*\*', part[1])]
except ValueError as error:
    args.error(f'--data {error}.')
if args.quick:
    parts = parts[::max(1, len(parts) // 300)]
train_text, validation_text, test_text = ngrams.split(parts, args.seed)
symbols = ngrams.alphabet(train_text)
known, seen, asked = (ngrams.numbers(each, symbols)
                      for each in (train_text, validation_text, test_text))


# %% [markdown]
# The training text is cut in 16 stretches, which are read side by side, 64 characters a step.

# %%
def side_by_side(codes, count):
    """The characters before each, and each, of codes (n,) cut in `count` stretches: (t, count)."""
    codes = codes[:len(codes) // count * count]
    before = np.concatenate([[0], codes[:-1]])
    return [torch.from_numpy(each.reshape(count, -1).T.copy()) for each in (before, codes)]


TIME = 64
x_train, y_train = side_by_side(known, 16)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(symbols), 32)
        self.gru = nn.GRU(32, 128)
        self.linear = nn.Linear(128, len(symbols))

    def forward(self, x, state=None):
        output, state = self.gru(self.embedding(x), state)       # (t, n, 128), (1, n, 128)
        return self.linear(output), state                        # (t, n, symbols)


def bits(model, codes, count):
    """Needed for each character, read in `count` stretches: the cross entropy over log 2."""
    x, y = side_by_side(codes, count)
    with torch.no_grad():
        scores, _ = model(x)
    return F.cross_entropy(scores.flatten(0, 1), y.flatten()).item() / math.log(2)


# %% [markdown]
# To write, the model reads the prompt, a character is drawn from what it says comes next, is read
# too, and so on. Scores are divided by the temperature first. At 1 characters come as often as the
# model says; near 0 always the likeliest, and it soon goes round in circles.

# %%
def write(model, length=400):
    generator = torch.Generator().manual_seed(args.seed)
    written, state = ngrams.numbers(args.prompt, symbols).tolist(), None
    with torch.no_grad():
        scores, state = model(torch.tensor(written)[:, None])
        for _ in range(length):
            share = F.softmax(scores[-1, 0] / args.temperature, dim=0)
            written.append(int(torch.multinomial(share, 1, generator=generator)))
            scores, state = model(torch.tensor([written[-1:]]), state)
    return ''.join(symbols[code] for code in written).strip('\n')


# %% [markdown]
# All three start from the same weights, see the same batches, and take as many steps. Learning
# rates: the best of those in `demos/rates`, for each by the training loss at the end, on seeds of
# their own. They fall along a line to zero: large steps find the way, small ones settle. Gradients
# longer than 1 are cut to 1, as one rare passage can give a gradient a hundred times as long as
# all others.

# %%
STEPS, EVERY = (8, 4) if args.quick else (1000, 100)    # the validation text is read every EVERY


class Run(report.Run):
    """With the bits of the validation text, and what the network writes, both by step."""

    def __init__(self, name):
        super().__init__(name, STEPS)
        self.bits, self.written = {}, {}


def train(name, lr, seed):
    torch.manual_seed(seed)
    model = Reader()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    schedule = optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=STEPS)
    run, state = Run(name), None
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
        schedule.step()
        run.add(loss)
        if (step + 1) % EVERY == 0:
            run.bits[step + 1] = bits(model, seen, 16)
        if step + 1 in (EVERY // 2, 3 * EVERY, STEPS):
            run.written[step + 1] = write(model)
    return model, run


models, runs = {}, {}
for name, lr in report.rates(args, train, count=1).items():
    models[name], runs[name] = train(name, lr, args.seed)

# %% [markdown]
# An n-gram counts how often each character followed the n - 1 before it. A 6-gram is no better than
# a 5-gram: most rows of six occur once, and one says little. The compressors read the training text
# first; what the test text adds is what they need for it. What the model writes shows what it has
# learned: spaces, words, how the help is laid out, but no sense.

# %%
counts = ngrams.bits(ngrams.witten_bell(known, asked, len(symbols), order=6))
rows = {'all alike': math.log2(len(symbols)),
        'zlib': ngrams.compressed(known, asked, lambda text: zlib.compress(text, 9)),
        'lzma': ngrams.compressed(known, asked, lzma.compress),
        **{f'{n}-gram': counts[n - 1] for n in (3, 4, 5, 6)},
        **{f'network, {name}': bits(model, asked, 1) for name, model in models.items()}}
print(f'\ntext: {len(known):,} characters to learn from, {len(symbols)} different')
report.table(f'bits a character on {len(asked):,} of the test', rows)
for step, written in runs['adam'].written.items():
    print(f'\nwritten after {step} steps:\n{written}')
print()
report.reached(f'{rows["network, adam"]:.2f} bits a character (5-gram {counts[4]:.2f})',
               models['adam'], runs['adam'])
figure = figures.language_model(
    runs, ngrams.bits(ngrams.witten_bell(known, seen, len(symbols), order=5)), args)
report.finish(figure, args)
