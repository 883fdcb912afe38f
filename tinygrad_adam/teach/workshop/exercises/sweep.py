"""A learning-rate sweep that is fair."""
from __future__ import annotations

from functools import lru_cache

import numpy as np

from .... import optim, tensor
from ..exercise import Exercise, Mistake, Training

TEXT = """
Which optimizer is better? Each has its own good learning rates, and every
training is also a matter of luck: of the seed. A sweep is fair if each
optimizer tries every rate, each rate with the same seeds, and if the rate is
chosen on other seeds than those on which the result is reported. What looks
best after a choice looks better than it is.

train(optimizer, lr, seed) is given: it trains anew, and returns the loss at
the end, nan or inf if the training diverged. nan means infinitely bad. For
each optimizer:

- choose the rate whose median loss over the seeds in tuning is lowest (the
  first of these, if several are);
- report the median loss with this rate over the seeds in fresh.

optimizers is a list of names, rates a list of numbers, tuning and fresh are
lists of seeds. Return a list with (rate, loss) for each optimizer.
"""


def sweep(train, optimizers, rates, tuning, fresh):
    """For each optimizer (rate chosen, its median loss on fresh seeds)."""
    def median(optimizer, lr, seeds):
        losses = np.array([train(optimizer, lr, seed) for seed in seeds])
        return np.median(np.where(np.isnan(losses), np.inf, losses))

    found = []
    for optimizer in optimizers:
        losses = [median(optimizer, lr, tuning) for lr in rates]
        best = rates[int(np.argmin(losses))]
        found.append((best, median(optimizer, best, fresh)))
    return found


def by_loops(train, optimizers, rates, tuning, fresh):
    def middle(losses):
        losses = sorted(float('inf') if loss != loss else loss for loss in losses)
        half = len(losses) // 2
        return losses[half] if len(losses) % 2 else (losses[half - 1] + losses[half]) / 2

    found = []
    for optimizer in optimizers:
        best_lr, lowest = None, None
        for lr in rates:
            loss = middle([train(optimizer, lr, seed) for seed in tuning])
            if lowest is None or loss < lowest:
                best_lr, lowest = lr, loss
        found.append((best_lr, middle([train(optimizer, best_lr, seed) for seed in fresh])))
    return found


def with_a_table(train, optimizers, rates, tuning, fresh):
    seeds = list(tuning) + list(fresh)
    table = np.array([[[train(name, lr, seed) for seed in seeds] for lr in rates]
                      for name in optimizers], float)
    table = np.nan_to_num(table, nan=np.inf, posinf=np.inf)
    chosen = np.median(table[:, :, :len(tuning)], axis=2).argmin(axis=1)
    reported = np.median(table[:, :, len(tuning):], axis=2)
    return [(rates[k], reported[i, k]) for i, k in enumerate(chosen)]


def use(learner, losses, rates, tuning, fresh):
    """The result for trainings that end with losses, (optimizers, rates, seeds)."""
    names = ['sgd', 'adam', 'rmsprop'][:len(losses)]

    def train(optimizer, lr, seed):
        return float(losses[names.index(optimizer), rates.index(lr), seed])
    return learner.sweep(train, names, list(rates), list(tuning), list(fresh))


def inputs(rng):
    yield (np.array([[[4.0, 1.0, 3.0, 5.0, 7.0, 6.0], [2.0, 2.5, 1.5, 3.0, 2.0, 9.0]]]),
           [0.1, 1.0], [0, 1, 2], [3, 4, 5])
    yield (np.array([[[5.0, 1.0, 4.0, 4.5, 5.0, 6.0], [2.0, 3.0, 2.5, 4.0, 1.0, 3.0]],
                     [[0.5, 2.0, 1.0, 1.5, 1.0, 0.0], [9.0, 8.0, np.nan, 0.5, 8.0, 7.0]]]),
           [0.1, 1.0], [0, 1, 2], [3, 4, 5])
    yield (np.array([[[1.0, 2.0, 3.0], [1.0, 2.0, 4.0], [2.0, 1.0, 5.0]]]),
           [0.01, 0.1, 1.0], [0, 1], [2])
    for optimizers, rates, tuning, fresh in (2, 4, 3, 3), (3, 5, 5, 3), (3, 6, 3, 5), (2, 5, 4, 4):
        hard = rng.uniform(1, 2, (optimizers, rates, 1))
        losses = hard * rng.lognormal(0, 0.6, (optimizers, rates, tuning + fresh))
        losses[:, -1, ::2], losses[:, -2, :1] = np.nan, np.nan
        yield (losses.round(3), [10.0**(k - rates) for k in range(rates)],
               list(range(tuning)), list(range(tuning, tuning + fresh)))
    losses = rng.uniform(1, 2, (2, 3, 6)).round(3)
    losses[:, 0, :2], losses[:, 2], losses[:, 1, 4:] = np.nan, np.inf, np.nan
    yield losses, [0.01, 0.1, 1.0], [0, 1, 2], [3, 4, 5]


RATES = [0.003, 0.01, 0.03, 0.1, 0.3]
TUNING, FRESH = [1, 2, 3, 4, 5], [6, 7, 8]      # with one of TUNING, SGD diverges early
SEEDS = 12


@lru_cache(None)
def trainings():
    """The final losses of SGD and Adam, (2, rates, seeds): some diverge."""
    return np.array([[[final_loss(make, lr, np.random.default_rng(seed)) for seed in range(SEEDS)]
                      for lr in RATES] for make in (optim.SGD, optim.Adam)])


def final_loss(make, lr, rng):
    """Of two weights with a loss of the fourth power, whose gradients have noise."""
    w = tensor(rng.normal(size=2), requires_grad=True)
    scales = tensor([1.0, 7.0])
    optimizer = make([w], lr)
    for _ in range(25):
        optimizer.zero_grad()
        loss = (scales * (w + tensor(rng.normal(0, 0.1, 2)))**4).sum()
        loss.backward()
        optimizer.step()
    return (scales * w**4).sum().item()


def of_the_choice(i, tuning=TUNING):
    """The median over all seeds for the rate that is chosen for optimizer i."""
    def measure(sweep):
        lr = sweep(trainings(), RATES, tuning, FRESH)[i][0]
        losses = trainings()[i, RATES.index(lr)] if lr in RATES else np.full(1, np.nan)
        return np.median(np.where(np.isnan(losses), np.inf, losses))
    return measure


def reported(i):
    return lambda sweep: sweep(trainings(), RATES, TUNING, FRESH)[i][1]


def when_all_are_alike(sweep):
    """The mean loss reported for rates that do not matter: each loss is drawn from 1 ... 2."""
    losses = np.random.default_rng(0).uniform(1, 2, (100, 1, 10, 6))
    return np.mean([sweep(table, list(range(10)), [0, 1, 2], [3, 4, 5])[0][1] for table in losses])


def better_of_two(sweep):
    """How often the better of two rates is chosen, which differ by less than the seeds do."""
    rng = np.random.default_rng(0)
    tables = rng.normal([[[1.0], [0.0]]], 1.0, (200, 1, 2, 10))
    return np.mean([100 * (sweep(table, [0.1, 1.0], list(range(9)), [9])[0][0] == 1.0)
                    for table in tables])


NAN = 'np.median(np.where(np.isnan(losses), np.inf, losses))'
LEFT, FINITE = [f'[x for x in losses if {test}]' for test in ('x == x', 'np.isfinite(x)')]
CHOICE = 'losses = [median(optimizer, lr, tuning) for lr in rates]'
BEST = 'best = rates[int(np.argmin(losses))]'
REPORT = 'median(optimizer, best, fresh)'

SGD = Training('the loss of SGD with the rate that is chosen for it, the median of 12 seeds',
               of_the_choice(0))
ADAM = Training('the loss of Adam with the rate that is chosen for it, the median of 12 seeds',
                of_the_choice(1))
SHOWN = Training('the loss that is reported for SGD', reported(0))
CHOSEN = Training('the percentage of sweeps with nine seeds that choose the better of two rates, '
                  'whose losses differ by as much as those of two seeds', better_of_two)
LUCK = Training('the loss that is reported where the rate does not matter, and the loss is 1.5 in '
                'truth', when_all_are_alike)

exercise = Exercise(
    18, 'A learning-rate sweep that is fair', chapter=11, text=TEXT, solution=sweep,
    inputs=inputs, use=use, right=[by_loops, with_a_table], training=SGD,
    hints=['Three loops: over the optimizers, over the rates, and over the seeds in tuning. Then '
           'once more over the seeds in fresh, with one rate.',
           'np.median of a list with nan is nan, and np.argmin takes nan for the lowest. Put inf '
           'in its place first: np.where(np.isnan(losses), np.inf, losses).',
           'rates[np.argmin(losses)] is the first of the rates with the lowest loss.'],
    mistakes=[
        Mistake('a sweep in which nan wins: np.argmin takes nan for the lowest number, so that a '
                'training that diverged is chosen', (NAN, 'np.median(losses)'), training=Training(
                    SGD.measured, of_the_choice(0, [2, 4, 5, 7, 8]))),
        Mistake('a sweep in which nan counts as 0, the best loss of all (np.nan_to_num)',
                (NAN, 'np.median(np.nan_to_num(losses, nan=0.0, posinf=np.inf))'),
                also=[[(NAN, 'np.median(np.nan_to_num(losses))')]]),
        Mistake('a sweep that leaves out the trainings that diverged: a rate with which one of '
                'three survives is judged by that one', (NAN, f'np.median({LEFT} or [np.nan])'),
                also=[[(NAN, f'np.median({FINITE} or [{none}])')]
                      for none in ('np.nan', 'np.inf')]),
        Mistake('a sweep in which a rate is out of the race if a single seed diverged. The median '
                'of three bears one nan, if that counts as inf', (NAN, 'np.median(losses)'),
                (BEST, 'best = rates[int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))]')),
        Mistake('a sweep that reports the loss on the seeds on which the rate was chosen: the '
                'luck that won the choice is in it', (REPORT, 'median(optimizer, best, tuning)'),
                training=LUCK),
        Mistake('a sweep that chooses the rate on the fresh seeds, on which it then reports: they '
                'are not fresh any more', (CHOICE, CHOICE.replace('tuning', 'fresh')),
                training=LUCK),
        Mistake('a sweep that chooses on all seeds, the fresh ones as well',
                (CHOICE, CHOICE.replace('tuning', 'tuning + fresh')), training=LUCK),
        Mistake('a sweep that reports the median over all seeds, also those on which the rate was '
                'chosen', (REPORT, 'median(optimizer, best, tuning + fresh)'), training=LUCK),
        Mistake('a sweep that reports the best of the fresh seeds',
                (REPORT, 'min(median(optimizer, best, [seed]) for seed in fresh)'), training=LUCK),
        Mistake('a sweep that takes the best seed of each rate, in the choice and in the report',
                (NAN, 'np.min(np.where(np.isnan(losses), np.inf, losses))')),
        Mistake('a sweep that chooses by the best seed: the one lowest of all losses wins',
                (CHOICE, 'losses = [min(median(optimizer, lr, [seed]) for seed in tuning)\n'
                         '                  for lr in rates]'), training=CHOSEN),
        Mistake('a sweep that takes the worst seed of each rate, not the median',
                (NAN, 'np.max(np.where(np.isnan(losses), np.inf, losses))'), training=SHOWN),
        Mistake('a sweep that takes the mean over the seeds: one training that diverged makes it '
                'infinite', (NAN, 'np.mean(np.where(np.isnan(losses), np.inf, losses))'),
                training=SHOWN),
        Mistake('a sweep that takes the mean over the seeds that did not diverge',
                (NAN, f'np.mean({LEFT} or [np.nan])'),
                also=[[(NAN, f'np.mean({FINITE} or [{none}])')] for none in ('np.nan', 'np.inf')]),
        Mistake('a median that is wrong for an even number of seeds: it is the mean of the two in '
                'the middle', (NAN, NAN.replace('np.median', 'np.sort') + '[len(losses) // 2]'),
                training=Training('the loss reported for four seeds with the losses 1, 2, 3 and 4',
                                  lambda sweep: sweep(np.array([[[1.0, 1.0, 2.0, 3.0, 4.0]]]),
                                                      [0.1], [0], [1, 2, 3, 4])[0][1])),
        Mistake('a sweep with one seed: the rate is chosen on the first alone',
                (CHOICE, CHOICE.replace('tuning', 'tuning[:1]')), training=CHOSEN),
        Mistake('a sweep that reports one training, of the first fresh seed',
                (REPORT, 'median(optimizer, best, fresh[:1])'), training=SHOWN),
        Mistake('a sweep in which each rate has another seed, so that rates differ also by luck',
                (CHOICE, 'losses = [median(optimizer, lr, [tuning[i % len(tuning)]])\n'
                         '                  for i, lr in enumerate(rates)]'), training=CHOSEN),
        Mistake('a sweep in which all optimizers get the rate that is best for the first: Adam '
                'has to run with the rate of SGD',
                (BEST, 'best = found[0][0] if found else rates[int(np.argmin(losses))]'),
                training=ADAM),
        Mistake('a sweep in which all optimizers get one rate, the best on average',
                (CHOICE, 'losses = [np.mean([median(name, lr, tuning) for name in optimizers])\n'
                         '                  for lr in rates]'), training=ADAM),
        Mistake('a sweep that chooses the highest loss', ('np.argmin', 'np.argmax')),
        Mistake('a sweep that chooses the last of several rates with the lowest loss, not the '
                'first', (BEST, 'best = rates[len(rates) - 1 - int(np.argmin(losses[::-1]))]'),
                training=Training(
                    'the rate chosen of 0.1 and 1, if both end with the same loss',
                    lambda sweep: sweep(np.ones((1, 2, 2)), [0.1, 1.0], [0], [1])[0][0])),
        Mistake('a sweep that returns the place of the rate in the list, not the rate',
                ('append((best,', 'append((rates.index(best),'), training=Training(
                    'the rate returned of 0.1 and 1, if 1 is best', lambda sweep: sweep(
                        np.array([[[2.0, 2.0], [1.0, 1.0]]]), [0.1, 10.0], [0], [1])[0][0])),
        Mistake('a sweep without a choice: the first rate is taken',
                (BEST, 'best = rates[0]'), training=CHOSEN),
        Mistake('a sweep without a choice: the last rate is taken',
                (BEST, 'best = rates[-1]')),
    ])
