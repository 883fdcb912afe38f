# %% [markdown]
# # Voice recognition: who speaks, whatever is said?
#
# Ten voices made by code say random letters. Their pitches overlap; what differs is the tube above
# the vocal folds, and it must be told from the letters. Two convolutions see sounds in their
# context; means and maxima over the time forget when they came. That finds 91 to 97 % of the
# speakers, a linear classifier of the mean sound and its spread 82 to 88 %. Momentum is as good as
# Adam here, in the mean of four seeds. Which vowel a new voice says is easier: there the linear
# classifier is right as often, within about a percent.
#
#     python demos/applications/8_voice_recognition.py
#     python demos/applications/8_voice_recognition.py --data FOLDER     # digit_speaker_number.wav
#
# With recordings: which of the speakers, tested on the latest recordings of each; and which digit,
# tested on a speaker it has not heard. Speakers are easy then, for the linear classifier too:
# microphone and room, which are the same in the test, tell as well as the voice.

# %%
from shared import figures, linear, report, sound, utterances    # first: it sets the threads
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam import nn, optim
from tinygrad_adam.nn import functional as F

args = report.parse('8_voice_recognition', report.parser(
    'Voice recognition: a network that forgets what was said knows who said it.',
    data='folder of digit_speaker_number.wav (without: voices made by code)'))
random = np.random.Generator(np.random.PCG64(args.seed))


class Task:
    """Sounds [(samples, rate), ..], a name for each, and which of them are for the test (n,)."""

    def __init__(self, sounds, names, test):
        self.names = sorted(set(names))
        self.sounds, self.count, self.test = sounds, len(self.names), test
        self.y = np.array([self.names.index(name) for name in names])
        if len(set(self.y[~test])) < max(2, self.count):
            args.error(f'{args.data}: of {", ".join(self.names)} at least two are needed, each in '
                       'more files than those held out for the test; add recordings')
        frames = [sound.log_mel(*each) for each in sounds]                  # (t, 20) each
        self.means = np.array([each.mean(axis=0) for each in frames])       # (n, 20)
        self.spreads = np.array([each.std(axis=0) for each in frames])      # (n, 20)
        t = max(map(len, frames))
        x = np.array([np.resize(each, (t, 20)) for each in frames])         # repeated until t
        known = x[~test].reshape(-1, 20)
        self.x = torch.tensor((x - known.mean(axis=0)) / known.std(axis=0)).permute(0, 2, 1)


if args.data:
    try:
        found = sound.recordings(args.data, most=80 if args.quick else None)
    except (OSError, ValueError) as error:
        args.error(str(error))
    sounds = [(each.samples, each.rate) for each in found]
    late = utterances.latest([(each.digit, each.speaker) for each in found])
    who = Task(sounds, [each.speaker for each in found], late)
    held, sentence = utterances.speakers_held_out([each.speaker for each in found], args.seed)
    what = Task(sounds, [str(each.digit) for each in found], held)
    print('speakers, for the test: the last quarter of the recordings of each digit and speaker\n'
          f'digits, {sentence}')
else:
    n = 80 if args.quick else 1500
    fourth = np.arange(n) % 4 == 3
    speakers = [sound.voice(random, pitch=(110, 150), tube=(0.96, 1.16)) for _ in range(10)]
    who = Task([(sound.say(sound.babble(random), speakers[i // 4 % 10], random)[0], sound.RATE)
                for i in range(n)], [i // 4 % 10 for i in range(n)], fourth)
    vowels = random.choice(list(sound.VOWELS), n)
    what = Task([(sound.say(vowel, sound.voice(random), random)[0], sound.RATE)
                 for vowel in vowels], vowels, fourth)


class Listener(nn.Module):
    """Frames (n, 20, t) to a score of each class, whatever t is."""

    def __init__(self, classes):
        super().__init__()
        self.convs = nn.Sequential(
            nn.Conv1d(20, 32, 5, padding=2), nn.ReLU(),                     # (n, 32, t)
            nn.Conv1d(32, 32, 5, stride=2, padding=2), nn.ReLU())           # (n, 32, t / 2)
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        features = self.convs(x)
        return self.linear(torch.cat([features.mean(dim=2), features.amax(dim=2)], dim=1))


# %% [markdown]
# All optimizers start from the same weights and see the same batches. Learning rates sink to a
# twentieth, from the best of those in `demos/rates`, for each by the training loss at the end, on a
# seed of its own.

# %%
STEPS = 10 if args.quick else 800


def train(name, lr, seed, task=who):
    torch.manual_seed(seed)
    model = Listener(task.count)
    optimizer = report.OPTIMIZERS[name](model.parameters(), lr=lr)
    schedule = optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, STEPS)
    run = report.Run(name, STEPS)
    known, y = torch.tensor(np.flatnonzero(~task.test)), torch.tensor(task.y)
    for step in run:
        i = known[torch.randint(0, len(known), (32,))]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(task.x[i]), y[i])
        loss.backward()
        optimizer.step()
        schedule.step()
        run.add(loss)
    return model, run


models, runs = {}, {}
rates = report.rates(args, train, count=1)
for name, lr in rates.items():
    models[name], runs[name] = train(name, lr, args.seed)
hears_what, _ = train('adam', rates['adam'], args.seed, what)

# %% [markdown]
# The simple methods get one number, the pitch, or the mean of each band, and the linear classifier
# also how far each band spreads. "Nearest mean" is the class whose mean is nearest.

# %%
rows = {name: {} for name in ('chance', 'pitch, nearest mean', 'bands, nearest mean',
                              'bands, linear', *(f'network, {name}' for name in runs))}


def nearest_mean(x, task):
    means = np.array([x[~task.test & (task.y == k)].mean(axis=0) for k in range(task.count)])
    return ((x[task.test][:, None] - means) ** 2).sum(axis=2).argmin(axis=1)


def compare(task, measure, models):
    pitch = np.log([[sound.pitch(*each)] for each in task.sounds])          # (n, 1)
    both = np.concatenate([task.means, task.spreads], axis=1)               # (n, 40)
    weights, biases = linear.logistic(both[~task.test], task.y[~task.test], task.count, steps=1000)
    answers = {'pitch, nearest mean': nearest_mean(pitch, task),
               'bands, nearest mean': nearest_mean(task.means, task),
               'bands, linear': (both[task.test] @ weights + biases).argmax(axis=1)}
    with torch.no_grad():
        for name, model in models.items():
            answers[f'network, {name}'] = model(task.x[task.test]).argmax(dim=1).numpy()
    rows['chance'][measure] = 100 / task.count
    for name, answer in answers.items():
        rows[name][measure] = 100 * np.mean(answer == task.y[task.test])
    return answers['network, adam']


kind = 'digit' if args.data else 'vowel'
answer = compare(who, 'speaker right [%]', models)
compare(what, f'{kind} right [%]', {'adam': hears_what})
report.table(f'{who.test.sum()} unseen sounds (speakers), {what.test.sum()} ({kind}s)', rows)
report.reached(', '.join(f'{value:.1f} % of {measure[:-10]}s right'
                         for measure, value in rows['network, adam'].items()),
               models['adam'], runs['adam'])

# %% [markdown]
# Below, how the mean of each band differs from that of all. Vowels differ much, voices made by code
# little, and less than the letters that each utterance happens to have. So the nearest mean finds
# the vowels, and the speaker only twice as often as chance does.

# %%
figure = figures.voice_recognition(runs, who, what, f'{kind}s', answer, args)
report.finish(figure, args)
