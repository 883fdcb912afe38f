# %% [markdown]
# # 8. Adam, and five Adams that are not
#
# Adam keeps two running means, of the gradient and of its square, and divides one by the root of
# the other. Both start at 0, and so are too small at first: after t steps, the weights of the
# gradients in m sum to 1 - 0.9^t. Dividing m by this sum makes a mean of it; v likewise.
#
#     m = 0.9 m + 0.1 g              m_hat = m / (1 - 0.9^t)
#     v = 0.999 v + 0.001 g^2        v_hat = v / (1 - 0.999^t)
#     w = w - lr m_hat / (sqrt(v_hat) + eps)

# %%
import inspect

import chapter
import numpy as np
import tinygrad_adam as torch
from numpy import sqrt
from tinygrad_adam import optim
from tinygrad_adam.teach import plot

CAUSES = {
    'a': 'right', 'b': 'no correction', 'c': 'times 1 - beta^t', 'd': 'divided by 1 - beta',
    'e': 'eps = 0.01 beside the fraction', 'f': 'eps = 1'}
page = chapter.Page(
    '08_adam',
    'Adam: the mean of g over the root of the mean of g^2, both corrected for starting at zero.',
    question='The six Adams below in the figure get gradients of 1 (solid) and of 0.01 (dashed), '
             'which stop half way. Which is which? Give six letters, for Adam 1 to 6: '
             + '; '.join(f'({letter}) {cause}' for letter, cause in CAUSES.items())
             + '. All but f have been published as Adam (e with a smaller eps).',
    answer='d e a c f b',
    hint='without correction the first step is 0.1 / sqrt(0.001) = 3.16 lr. How long is it for the '
         'others? Which one moves without a gradient? Which one minds the scale of g?',
    reason='Over lr, the first step is 1 for a and d, 3.16 for b, 0.01 / 0.001 = 10 for c, '
           'g / (g + 1) for f; then d climbs to 2.1. e subtracts eps from w at every step: it goes '
           'on when the gradient stops.')

# %% [markdown]
# First Adam itself, `optim/adam.py`, under four series of gradients; a loss g w has the gradient g.

# %%
lr, beta1, beta2, eps = 0.02, 0.9, 0.999, 1e-8
STEPS = 40 if page.quick else 100
t = np.arange(STEPS)
SERIES = {'steady': t**0.0, 'alternating': (-1.0)**t, 'every tenth': 1.0 * (t % 10 == 0),
          'until half way': 1.0 * (t < STEPS // 2)}


def watch(gradients, optimizer):
    """m, v and step / lr after each gradient, (3, steps). The step is counted downhill."""
    (w,) = optimizer.param_groups[0]['params']
    rows = []
    for g in gradients.tolist():
        before = w.item()
        optimizer.zero_grad()
        loss = g * w
        loss.backward()
        optimizer.step()
        m, v = [optimizer.state[w][name].item() for name in ('exp_avg', 'exp_avg_sq')]
        rows.append((m, v, (before - w.item()) / lr))
    return np.array(rows).T


def weights():
    return [torch.zeros((), dtype=torch.float64, requires_grad=True)]


seen = {name: watch(series, optim.Adam(weights(), lr)) for name, series in SERIES.items()}
print(f'step / lr           t = 1        2       10{STEPS:9}')
for name, (m, v, steps) in seen.items():
    print(f'{name:16}' + ''.join(f'{steps[i - 1]:9.4f}' for i in (1, 2, 10, STEPS)))
for g, small in (1e3, 1e-8), (1e-3, 1e-8), (1e-8, 1e-8), (0, 1e-8), (0, 0):
    (first,) = watch(np.array([g]), optim.Adam(weights(), lr, eps=small))[2]
    print(f'first step / lr, g = {g:<6g} eps = {small:<6g}{first:8.5f}')
stop = seen['until half way'][2, STEPS // 2:]
print(f'after the last gradient: {stop[0]:.3f} at once, {stop[9]:.3f} at the tenth step')

# %% [markdown]
# The six differ in the line that makes the step. Look at the figure before you look at the lines.


# %%
def adam_1(m, v, t): return lr * m / (1 - beta1) / (sqrt(v / (1 - beta2)) + eps)
def adam_2(m, v, t): return lr * m / (1 - beta1**t) / sqrt(v / (1 - beta2**t)) + 0.01
def adam_3(m, v, t): return lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps)
def adam_4(m, v, t): return lr * m * (1 - beta1**t) / (sqrt(v * (1 - beta2**t)) + eps)
def adam_5(m, v, t): return lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + 1)
def adam_6(m, v, t): return lr * m / (sqrt(v) + eps)


class Suspect(optim.Adam):
    def __init__(self, end):
        super().__init__(weights(), lr)
        self.end = end

    def update(self, p, g, state, t, **_):
        m, v = state['exp_avg'], state['exp_avg_sq']
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        p -= self.end(m, v, t)


# %%
figure, axes = plot.subplots(6, 3, size=(10, 13), window=page.show, sharex=True)
for row, (name, (m, v, steps)) in zip(axes, seen.items()):
    m_hat, v_hat = m / (1 - beta1**(t + 1)), v / (1 - beta2**(t + 1))
    for ax, lines in zip(row, ((SERIES[name], m, m_hat), (sqrt(v), sqrt(v_hat)), (steps,))):
        for line, color, style in zip(lines, plot.COLORS, plot.DASHES):
            ax.plot(t + 1, line, color=color, linestyle=style)
    row[0].set_ylabel(f'g {name}')
    row[2].set_ylim(-0.1, 1.1)
for ax, title in zip(axes[0], ('g solid, m dashed, m_hat dotted',
                               'root of v solid, of v_hat dashed', 'step / lr')):
    ax.set_title(title)
for i, (ax, end) in enumerate(zip(axes[4:].flat, [adam_1, adam_2, adam_3, adam_4, adam_5, adam_6])):
    for size, color, style in zip((1, 0.01), plot.COLORS, plot.DASHES):
        steps = watch(size * SERIES['until half way'], Suspect(end))[2]
        ax.plot(t + 1, steps, color=color, linestyle=style)
    ax.set(title=f'Adam {i + 1}: step / lr', yscale='log', ylim=(3e-3, 80), xlabel='step')
    ax.grid(alpha=0.3)
    if page.reveal:
        ax.set_title(CAUSES[page.answer.split()[i]])
        print(f'{ax.get_title()}:\n    {inspect.getsource(end).strip()}')
page.finish(figure)
