# %% [markdown]
# # Speech to text: which letters were said, when nobody says at what time?
#
# A convolution and a recurrent network read the sound forwards and backwards and give, fifty times
# a second, a probability to every letter and to "none", the blank. CTC, the loss, adds up all ways
# to spend the text over the time, so a text is all it must be told. The voices are made by code: a
# new one for every utterance. With Adam it reads 3 to 5 % of the letters wrongly. A linear
# classifier that is told the letter of every frame, which CTC is not, makes three to five times as
# many mistakes. RMSprop makes fewer than Adam here, 2 to 3 %, and momentum more.
#
#     python demos/applications/7_speech_to_text.py
#     python demos/applications/7_speech_to_text.py --data FOLDER     # digit_speaker_number.wav
#
# With recordings of spoken digits it learns to spell, "zero", "one", .., and one speaker is held
# out. Three of the four voices of the Free Spoken Digit Dataset are too few for it: of the fourth
# it spells 6 to 22 % of the words right, and is nearest to the right one in 30 to 57 %; a linear
# classifier, which only chooses among ten words, is right in 46 to 55 %.

# %%
from itertools import product

from shared import figures, report, sound, utterances    # first: it sets the number of threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F

args = report.parse('7_speech_to_text', report.parser(
    'Speech to text: CTC learns to spell what it hears, told only the text.',
    data='folder of digit_speaker_number.wav (without: voices made by code)'))
random = np.random.Generator(np.random.PCG64(args.seed))
if args.data:
    try:
        speech = utterances.recorded(args.data, most=80 if args.quick else None)
    except (OSError, ValueError) as error:
        args.error(str(error))
else:
    speech = utterances.made(80 if args.quick else 1500, random)
test, who = utterances.speakers_held_out([each.speaker for each in speech], args.seed)
print(who)

# %% [markdown]
# ## What CTC adds up
# Four frames can say "ab" in fifteen ways, such as `aabb`, `-ab-` and `a--b`; `a-ab` is none of
# them, it says "aab". The probability of such a path is the product of those of its frames, that of
# a text the sum over its paths, and the loss minus its logarithm. `ctc_loss` finds the sum without
# going through the paths, which are too many for longer sounds.

# %%
share = random.dirichlet(np.ones(3), size=4)            # of none, a and b, in each of four frames
paths = [path for path in product(range(3), repeat=4) if sound.collapse(path, 'ab') == 'ab']
total = sum(np.prod(share[np.arange(4), path]) for path in paths)
loss = F.ctc_loss(torch.tensor(np.log(share)), torch.tensor([1, 2]), [4], [2], reduction='sum')
print(f'"ab" in 4 frames: {len(paths)} paths, minus the logarithm of their sum '
      f'{-np.log(total):.6f}, ctc_loss {loss.item():.6f}')

# %% [markdown]
# ## What is heard
# 20 bands, 100 frames a second, scaled by the training part. Letters count from 1, 0 is "none". The
# network gives scores for every second frame.

# %%
letters = ''.join(sorted(set(''.join(each.text for each in speech))))
known, asked = np.flatnonzero(~test), np.flatnonzero(test)
frames = [sound.log_mel(each.samples, each.rate) for each in speech]
heard = np.concatenate([frames[i] for i in known])
frames = [(each - heard.mean(axis=0)) / heard.std() for each in frames]
x = torch.tensor(sound.padded(frames))                                      # (n, 20, t)
y = torch.tensor(sound.spelled([each.text for each in speech], letters))    # (n, longest)
input_lengths = torch.tensor([-(-len(each) // 2) for each in frames])
target_lengths = torch.tensor([len(each.text) for each in speech])


class Listener(nn.Module):
    """Frames (n, 20, t) to scores of none and letters, two frames a step: (t / 2, n, letters)."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(20, 32, 5, stride=2, padding=2)
        self.gru = nn.GRU(32, 48, bidirectional=True)
        self.linear = nn.Linear(96, 1 + len(letters))

    def forward(self, x):
        features = F.relu(self.conv(x)).permute(2, 0, 1)
        return self.linear(self.gru(features)[0])


def loss_of(scores, i):
    """CTC loss of scores (t, n, letters) for the utterances i (n,), for each letter of a text."""
    return F.ctc_loss(F.log_softmax(scores, dim=-1), y[i], input_lengths[i], target_lengths[i])


# %% [markdown]
# First the network learns to say "none", as most steps are. After a fifth of the training each
# letter stirs where it is said, and "none" is still likelier nearly everywhere. Learning rates sink
# to a twentieth, from the best of those in `demos/rates`, for each optimizer by the training loss
# at the end, on a seed of its own. Gradients longer than 5 are cut to 5.

# %%
STEPS, MOMENTS = (5, (1, 2, 4, 5)) if args.quick else (500, (20, 100, 200, 500))
shown = max(asked, key=lambda i: (sound.doubled(speech[i].text), len(speech[i].text)))


class Run(report.Run):
    """With what the network says of the utterance shown, by step."""

    def __init__(self, name):
        super().__init__(name, STEPS)
        self.shares = {}


def train(name, lr, seed):
    torch.manual_seed(seed)
    model = Listener()
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    schedule = optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, STEPS)
    run = Run(name)
    for step in run:
        i = torch.tensor(known)[torch.randint(0, len(known), (32,))]
        batch = x[i][:, :, :2 * input_lengths[i].max().item()]
        optimizer.zero_grad()
        loss = loss_of(model(batch), i)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        schedule.step()
        run.add(loss)
        if step + 1 in MOMENTS:
            run.shares[step + 1] = shares(model, [shown])[:, 0]
    return model, run


def shares(model, i):
    """The probability of none and each letter in the steps of utterances i: (t, n, classes)."""
    with torch.no_grad():
        return F.softmax(model(x[i][:, :, :2 * input_lengths[i].max().item()]), dim=-1).numpy()


models, runs = {}, {}
for name, lr in report.rates(args, train, count=1).items():
    models[name], runs[name] = train(name, lr, args.seed)

# %% [markdown]
# Decoding is greedy: the likeliest class of each step, repeats once, then no blanks. The text with
# the largest sum over its paths can be another; a beam search would look for it. Errors are the
# fewest letters to insert, delete or replace. Of recordings there is a simpler question too, which
# of ten words it is: the network's is the word nearest to what it spells.

# %%
right = [speech[i].text for i in asked]
read = {'the text of another': random.choice([speech[i].text for i in known], len(right)).tolist()}
if args.data:
    read['linear, ten words'] = utterances.word_by_word(speech, frames, test)
else:
    read['linear, frame by frame'] = utterances.frame_by_frame(speech, frames, test)
for name, model in models.items():
    best = shares(model, asked).argmax(axis=-1).T                           # (n, t / 2)
    read[f'network, {name}'] = [sound.collapse(row[:count], letters)
                                for row, count in zip(best, input_lengths[asked].tolist())]
rows = {}
for name, texts in read.items():
    rows[name] = {'letters wrong [%]': sound.error_rate(texts, right),
                  'texts right [%]': 100 * np.mean(np.array(texts) == right)}
    if args.data:
        words = [sound.nearest_word(text) for text in texts]
        rows[name]['digits right [%]'] = 100 * np.mean(np.array(words) == right)
report.table(f'{len(right)} unseen texts', rows)
report.misread(read['network, adam'], right)
report.reached(', '.join(f'{value:.1f} % of {measure[:-4]}'
                         for measure, value in rows['network, adam'].items()),
               models['adam'], runs['adam'])

# %% [markdown]
# One utterance, if there is one with a double letter: what is heard, and what the network says of
# it while it learns: in the end, for each letter a short peak. Between two equal letters it must
# say "none", or they would be one. Nobody told it when a letter is said, and nothing asks it to say
# it then: with few voices to learn from, letters come before they are said, or after. The sound is
# written as a WAV file too, to listen to. The thin line is the loss of who says the same in every
# step.

# %%
plateau = min(loss_of(torch.tensor(np.log([p] + [(1 - p) / len(letters)] * len(letters)),
                                   dtype=torch.float32).expand(len(x[0, 0]), len(known[:200]), -1),
                      torch.tensor(known[:200])).item() for p in np.linspace(0.5, 0.95, 10))
path = args.out / f'{args.name}.wav'
sound.write_wav(path, speech[shown].samples, speech[shown].rate)
print(f'sound: {path}')
figure = figures.speech_to_text(runs, plateau, speech[shown].text, frames[shown], letters, args)
report.finish(figure, args)
