# %% [markdown]
# # 17. Attention: each character asks those before it
#
# To guess the next character of a text, one has to look back. How far, and at what? A table of
# counts looks at the last four characters, always. *Attention* lets every character decide.
# Each makes three vectors of itself with three matrices that are learned:
#
# - a query q: what am I looking for?
# - a key k: what can I be found by?
# - a value v: what do I tell who finds me?
#
# Their product q k says how well a query and a key fit. Softmax (chapter 9) makes weights with the
# sum 1 of these scores, and each character takes the mean of the values, so weighted. With one row
# for each character in Q, K and V, and scores brought to a size of about 1:
#
#     attention = softmax(Q K.T / sqrt(size of k)) V
#
# What comes later is hidden by scores of minus infinity: their weight is exp(-inf) = 0. Four such
# attentions, *heads*, look at once, each with 16 of the 64 numbers that stand for a character.

# %%
import math
import re

import chapter
import tinygrad_adam as torch
from applications.shared import ngrams, text
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

page = chapter.Page(
    '17_transformer',
    'Attention is a mean of what others say, weighted by how well their keys fit a query.',
    question='A head reads 64 characters. If all its scores were equal, what weight would the 40th '
             'give to each that it sees? And how many of the 64 * 64 weights are not 0? Two '
             'numbers.',
    answer='1/40 2080',
    hint='the 40th sees itself and all before it, and its weights sum to 1. The first sees one, '
         'the second two, and so on.',
    reason='The 40th sees 40 characters: 1/40 each. 1 + 2 + ... + 64 = 64 * 65 / 2 = 2080. Twice '
           'the length is four times the weights: this is what long texts cost. The figure is of a '
           'network that reads 64 characters at once.')
TIME = 64 if page.reveal else 32      # characters that are read at once
WIDTH, HEADS = 64, 4                  # numbers for each of them; kinds of attention in each layer

# %% [markdown]
# Scores do not know where a character stands, so each head adds a number to them for each distance,
# learned as well. At first these let one head look near and another far.


# %%
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = [
            nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4)]
        self.near = nn.Parameter(torch.stack([-2.0**(1 - h) * torch.arange(TIME)
                                              for h in range(HEADS)]))

    def forward(self, x):                                               # (n, t, WIDTH)
        n, t, _ = x.shape
        q, k, v = [part(x).reshape(n, t, HEADS, -1).transpose(1, 2)     # (n, HEADS, t, 16)
                   for part in (self.query, self.key, self.value)]
        back = torch.arange(t).unsqueeze(1) - torch.arange(t)           # (t, t): the distance
        scores = q @ k.transpose(2, 3) / (WIDTH / HEADS)**0.5 + self.near[:, back.clamp(min=0)]
        self.weights = F.softmax(scores.masked_fill(back < 0, -math.inf), dim=3)
        return self.out((self.weights @ v).transpose(1, 2).reshape(n, t, WIDTH))


class Layer(nn.Module):
    """Ask the others, then think: each adds to x, so that gradients have a short way back.

    LayerNorm first brings the numbers of each character to the mean 0 and the deviation 1.
    """

    def __init__(self):
        super().__init__()
        self.norm, self.attention = nn.LayerNorm(WIDTH), Attention()
        self.mlp = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 4 * WIDTH), nn.ReLU(),
                                 nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        x = x + self.attention(self.norm(x))
        return x + self.mlp(x)


# %% [markdown]
# The text is Python's own help, as in `applications/6_language_model`, a tenth of it held out; a
# step guesses 512 characters. With three fresh seeds it needs 2.31, 2.16 and 2.24 bits a character
# of new text, the 5-gram 2.40, 2.33 and 2.41, and that application's GRU, in as many such steps and
# half the time, 2.37, 2.25 and 2.34. (A GRU, a gated recurrent unit, reads one character after the
# other, and carries along what it remembers.) The steps grow for 100 steps and then shrink to 0,
# and a gradient longer than 1 is cut to the length 1.

# %%
torch.manual_seed(page.seed)
parts = [part for part in text.paragraphs() if not re.search(r'---|===|\*\*\*', part[1])]
train_text, *_, test_text = ngrams.split(parts[::20] if page.quick else parts, page.seed)
symbols = ngrams.alphabet(train_text)
train, test = [torch.from_numpy(ngrams.numbers(t, symbols)) for t in (train_text, test_text)]
model = nn.Sequential(nn.Embedding(len(symbols), WIDTH), Layer(), Layer(),
                      nn.LayerNorm(WIDTH), nn.Linear(WIDTH, len(symbols)))
half = TIME // 2
starts = torch.arange(0, len(test) - TIME - 1, half)       # where a window of the test begins
windows = test[starts.unsqueeze(1) + torch.arange(TIME + 1)]


def bits():
    """For each held-out character, guessed from the 17 to 32 before it (33 to 64 if revealed)."""
    with torch.no_grad():
        scores = torch.cat([model(part[:, :-1])[:, half:] for part in windows.split(64)])
    loss = F.cross_entropy(scores.flatten(0, 1), windows[:, half + 1:].flatten())
    return loss.item() / math.log(2)


STEPS, EVERY = (4, 2) if page.quick else (2400, 400)
optimizer = optim.Adam(model.parameters(), lr=0.006, betas=(0.9, 0.98))
schedule = optim.lr_scheduler.LambdaLR(
    optimizer, lambda step: min(1, (step + 1) / 100) * (1 - step / STEPS))
counted = ngrams.witten_bell(train.numpy(), test.numpy(), len(symbols), order=5)
counted = ngrams.bits(counted[:, half + 1:half + 1 + windows[:, half + 1:].numel()])
print(f'5-gram: {counted[4]:.3f} bits a character of new text\n step    seen     new')
history, seen = {}, []
try:
    for step in range(1, STEPS + 1):
        first = torch.randint(len(train) - TIME - 1, (512 // TIME, 1))
        batch = train[first + torch.arange(TIME + 1)]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        seen.append(loss.item() / math.log(2))
        if step % EVERY == 0:
            history[step] = sum(seen[-EVERY:]) / EVERY, bits()
            print(f'{step:5} {history[step][0]:7.3f} {history[step][1]:7.3f}', flush=True)
except KeyboardInterrupt:
    print(f'stopped after {len(seen)} steps; the figure shows what is learned so far')

# %% [markdown]
# Of the eight heads, the figure has the one that looks nearest and the one that looks furthest, on
# average over new text, in a sentence. Then the network writes: each character is drawn from its p.

# %%
sentence = 'If there are no more items left, the function returns a new value'[-TIME:]
letters = torch.from_numpy(ngrams.numbers(sentence, symbols))
back = (torch.arange(TIME).unsqueeze(1) - torch.arange(TIME)).clamp(min=0)
heads = {}
with torch.no_grad():
    model(torch.cat([letters[None], windows[:64, :-1]]))
    for number, layer in enumerate((model[1], model[2]), 1):
        for head, weights in enumerate(layer.attention.weights.unbind(1), 1):
            distance = (weights * back)[1:, half:].sum(2).mean().item()
            heads[distance] = f'layer {number}, head {head}', weights[0]
    written = letters.tolist()
    for _ in range(8 if page.quick else 200):
        scores = model(torch.tensor([written[-TIME:]]))[0, -1]
        written.append(int(torch.multinomial(F.softmax(scores / 0.6, dim=0), 1)))
said = ''.join(symbols[i] for i in written[TIME:])
print(f'\nwritten after "{sentence}":', *re.findall('.{1,80}', said, re.DOTALL), sep='\n')
figure, axes = plot.subplots(2, 2, size=(11, 9), window=page.show)
plot.curves({'text it learns from': [row[0] for row in history.values()],
             'new text': [row[1] for row in history.values()]},
            axes[0, 0], list(history), 'step', 'bits a character')
for n in (3, 5):
    axes[0, 0].axhline(counted[n - 1], color='black', linewidth=0.8)
    axes[0, 0].text(STEPS, counted[n - 1], f'{n}-gram, new text', ha='right', va='bottom')
axes[0, 0].set(title='how well the next character is guessed', xlim=(0, None))
axes[0, 1].barh([name for name, _ in heads.values()], list(heads), color=plot.COLORS[4])
axes[0, 1].set(ylim=(7.6, -0.6), title='each head looks at its own distance',
               xlabel='mean distance in characters')
for ax, distance in zip(axes[1], (min(heads), max(heads))):
    name, weights = heads[distance]
    ax.imshow(weights[-16:, -32:].numpy(), aspect='auto', cmap='Blues', vmin=0, vmax=1)
    ax.set_xticks(range(32), sentence[-32:], family='monospace', fontsize=10)
    ax.set_yticks(range(16), sentence[-16:], family='monospace', fontsize=10)
    ax.set(title=f'{name}: dark is a weight of 1', ylabel='who asks', xlabel='who is asked')
page.finish(figure)
