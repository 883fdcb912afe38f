# %% [markdown]
# # Speech to text: which letters were said, when nobody says at what time?
#
# A convolution and a recurrent network read the sound forwards and backwards and give, fifty times
# a second, a probability to every letter and to "none", the blank. CTC, the loss, adds up all ways
# to spend the text over the time, so a text is all it must be told. The voices are made by code: a
# new one for every utterance. A linear classifier that is told the letter of every frame, which
# CTC is not, makes several times as many mistakes. RMSprop is at least as good as Adam here.
#
#     python demos/applications/7_speech_to_text.py
#     python demos/applications/7_speech_to_text.py --data FOLDER     # digit_speaker_number.wav
#
# With recordings of spoken digits it learns to spell: "zero", "one", .. Every fourth is held out.

# %%
from shared import linear, report, sound    # before NumPy: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

args = report.parse('Speech to text: CTC learns when each letter is said, told only the text.',
                    data='folder of digit_speaker_number.wav (without: voices made by code)')
random = np.random.Generator(np.random.PCG64(args.seed))
found, said = [], []    # recordings, or what the voices of code say
if args.data:
    try:
        found = sound.recordings(args.data, most=80 if args.quick else None)
    except (OSError, ValueError) as error:
        args.error(str(error))
    test = np.arange(len(found)) % 4 == 3
    texts = [sound.WORDS[each.digit] for each in found]
    sounds = [(each.samples, each.rate) for each in found]
    letters = ''.join(sorted(set(''.join(sound.WORDS))))
else:
    n = 80 if args.quick else 1500
    test = np.arange(n) >= 0.8 * n
    texts = [sound.babble(random) for _ in range(n)]
    said = [sound.say(text, sound.voice(random), random) for text in texts]
    sounds = [(samples, sound.RATE) for samples, _ in said]
    letters = sound.LETTERS

# %% [markdown]
# What is heard: 20 bands, 100 frames a second, scaled by the training part. Letters count from 1.

# %%
frames = [sound.log_mel(*each) for each in sounds]
train, held_out = np.flatnonzero(~test), np.flatnonzero(test)
known = np.concatenate([frames[i] for i in train])
frames = [(each - known.mean(axis=0)) / known.std() for each in frames]
x = torch.tensor(sound.padded(frames))                                      # (n, 20, t)
longest = max(map(len, texts))
y = torch.tensor([[1 + letters.index(c) for c in text] + [0] * (longest - len(text))
                  for text in texts])                                       # (n, longest)
steps = torch.tensor([-(-len(each) // 2) for each in frames])
lengths = torch.tensor([len(text) for text in texts])


class Listener(nn.Module):
    """Frames (n, 20, t) to scores of blank and letters, two frames a step: (t / 2, n, letters)."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(20, 32, 5, stride=2, padding=2)
        self.gru = nn.GRU(32, 48, bidirectional=True)
        self.linear = nn.Linear(96, 1 + len(letters))

    def forward(self, x):
        features = F.relu(self.conv(x)).permute(2, 0, 1)
        return self.linear(self.gru(features)[0])


# %% [markdown]
# Learning rates sink to a twentieth, from the best of four for each optimizer, by the training loss
# at the end, on seed 100. First the network learns to say nothing, as most steps are blank: there
# the loss rests, until one letter is told from another.

# %%
RATES = {'momentum': 0.12, 'rmsprop': 0.006, 'adam': 0.012}
STEPS = 4 if args.quick else 500


def train_with(name):
    torch.manual_seed(args.seed)
    model = Listener()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=RATES[name])
    schedule = optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, STEPS)
    run = report.Run(name, STEPS)
    for step in run:
        i = torch.tensor(train)[torch.randint(0, len(train), (32,))]
        batch = x[i][:, :, :2 * steps[i].max().item()]
        optimizer.zero_grad()
        loss = F.ctc_loss(F.log_softmax(model(batch), dim=-1), y[i], steps[i], lengths[i])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        schedule.step()
        run.add(loss)
    return model, run


models, runs = {}, {}
for name in RATES:
    models[name], runs[name] = train_with(name)

# %% [markdown]
# Reading is greedy: the likeliest class of each step, repeats once, then no blanks. Errors are the
# fewest letters to insert, delete or replace. The linear classifier sees a frame and six on each
# side, and is told where letters begin and end. For recordings nobody knows that: there it learns
# which of ten words it hears, from the means of ten slices of the sound, and the network's digit is
# the word nearest to what it spells.

# %%
truth = [texts[i] for i in held_out]
answers: dict = {'the text of another': random.permutation([texts[i] for i in train])[:len(truth)]}
if args.data:
    words = np.array([each.digit for each in found])
    slices = np.array([[part.mean(axis=0) for part in np.array_split(each, 10)]
                       for each in frames]).reshape(len(frames), -1)
    weights, biases = linear.logistic(slices[train], words[train], 10)
    answers['linear, ten words'] = [sound.WORDS[k]
                                    for k in (slices[held_out] @ weights + biases).argmax(axis=1)]
else:
    wide = [sound.stacked(each, 6) for each in frames]
    weights, biases = linear.logistic(                                       # a quarter is enough
        np.concatenate([wide[i] for i in train])[::4],
        np.concatenate([said[i][1] for i in train])[::4], 1 + len(letters))
    answers['linear, frame by frame'] = [
        sound.collapse((wide[i] @ weights + biases).argmax(axis=1), letters) for i in held_out]
posteriors = {}
for name, model in models.items():
    with torch.no_grad():
        posteriors[name] = F.softmax(model(x[held_out]), dim=-1).numpy()    # (t / 2, n, classes)
    answers[f'network, {name}'] = [
        sound.collapse(best[:count], letters)
        for best, count in zip(posteriors[name].argmax(axis=-1).T, steps[held_out].tolist())]
rows = {}
for name, answer in answers.items():
    rows[name] = {'letters wrong [%]': sound.error_rate(answer, truth),
                  'texts right [%]': 100 * np.mean(np.array(answer) == truth)}
    if args.data:
        nearest = [min(sound.WORDS, key=lambda word: sound.edit_distance(text, word) / len(word))
                   for text in answer]
        rows[name]['digits right [%]'] = 100 * np.mean(np.array(nearest) == truth)
report.table(f'{len(truth)} unseen texts', rows)
report.reached(', '.join(f'{value:.1f} % of {measure[:-4]}'
                         for measure, value in rows['network, adam'].items()),
               models['adam'], runs['adam'])

# %% [markdown]
# One utterance, if there is one with a double letter: what is heard, and under it what the network
# says of it: for each letter a short peak, at a time nobody told it. Between two equal letters it
# must say "none", or they would be one. Of recordings it knows whole words, and spells them when it
# has heard enough: there the peaks need not lie where the sound is. The sound is written as a WAV
# file too, to listen to.

# %%
doubled = [any(a == b for a, b in zip(text, text[1:])) for text in truth]
shown = max(range(len(truth)), key=lambda i: (doubled[i], len(truth[i])))
heard, count = frames[held_out[shown]], steps[held_out[shown]].item()
share = posteriors['adam'][:count, shown]                                   # (count, classes)
seconds = sound.HOP * (0.5 + 2 * np.arange(count))
figure, axes = plot.subplots(3, 1, size=(9, 10), window=args.show)
report.curves(runs, axes[0])
axes[0].set_title('how it went')
axes[1].imshow(heard.T, cmap='magma', origin='lower', aspect='auto',
               extent=[0, sound.HOP * len(heard), 0, sound.BANDS])
sound.set_hertz(axes[1].yaxis)
axes[1].set(xlabel='time [s]', title=f'said: {truth[shown]}')
likeliest = share.argmax(axis=1)
axes[2].plot(seconds, share[:, 0], color='black', linestyle=':')
for i in sorted({*likeliest} - {0}):
    axes[2].plot(seconds, share[:, i], color=plot.COLORS[i % 6])
for part in np.split(np.arange(count), np.flatnonzero(np.diff(likeliest)) + 1):
    part = part.astype(int)
    letter = likeliest[part[0]]
    if letter:
        axes[2].text(seconds[part].mean(), 1.04, letters[letter - 1], ha='center')
axes[2].set(xlabel='time [s]', ylabel='probability', xlim=axes[1].get_xlim(), ylim=(0, 1.15),
            title=f'adam reads: {answers["network, adam"][shown]} (dotted: "none")')
sound.write_wav(args.out / '7_speech_to_text.wav', *sounds[held_out[shown]])
report.finish(figure, args, '7_speech_to_text')
