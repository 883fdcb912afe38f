# %% [markdown]
# # 1. A slope is measured with two errors that fight
#
# A derivative is how much the output moves per unit of input. So it can be measured: move the input
# by h, see how far the output moves, divide. Two ways:
#
# - forward: (f(x + h) - f(x)) / h, the slope of a line through two points of the curve;
# - central: (f(x + h) - f(x - h)) / 2h, the same with x in the middle.
#
# The smaller h, the closer the line is to the tangent. Then why not h = 1e-15?

# %%
import math

import chapter
import tinygrad_adam as torch
from tinygrad_adam.teach import plot

page = chapter.Page(
    '01_slope',
    'A derivative is how much the output moves per unit of input. Measuring it has two errors.',
    question='These numbers have 16 digits (float64). Networks are trained with 7 (float32). Which '
             'h is best for central differences then, to within a decade?',
    answer='5e-3', within=10,
    hint='rounding is 5e8 times larger now. The errors are about h^2 / 6 and 6e-8 / h: where are '
         'they equal?',
    reason='The bend of the curve cancels between the two sides; how the bend changes costs '
           'h^2 / 6, and rounding about 6e-8 / h. The sum is smallest at the cube root of '
           '3 * 6e-8, h = 5.6e-3, and five digits of the slope are all there is to have. In '
           'float64 it is h = 7e-6 and eleven digits: that is why gradients are checked in '
           'float64, with h = 1e-6, and never in float32.')

# %% [markdown]
# The slope of the sine is the cosine, so here every error is known. At x = 1 it is 0.5403...:

# %%
dtype = torch.float32 if page.reveal else torch.float64


def forward(f, x, h):
    return (f(x + h) - f(x)) / h


def central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


one = torch.tensor(1, dtype=dtype)
print('      h   forward at 1         error    central at 1         error')
for power in range(-1, -8 if page.reveal else -16, -2):
    slopes = [slope(torch.sin, one, 10**power).item() for slope in (forward, central)]
    print(f'{10**power:7.0e}', *(f'{s:14.11f}  {abs(s - math.cos(1)):12.1e}' for s in slopes))

# %% [markdown]
# The error first falls with h, and then rises again. Going left in the picture, it is the rounding
# of f(x + h) and f(x - h): they agree in nearly all their digits, the difference keeps only the
# last ones, and dividing by h makes them large. To see the law and not the luck of one point,
# the errors at 200 points around x = 1 are averaged.

# %%
x = torch.linspace(0.5, 1.5, 200, dtype=dtype)
exact = torch.cos(x.double())
count = 46 if page.quick else 151
steps = [10 ** (-15 + 15 * i / (count - 1)) for i in range(count)]
if page.reveal:
    steps = [h for h in steps if h > 1e-8]
errors = {}
for slope in (forward, central):
    error = [(slope(torch.sin, x, h).double() - exact).abs().mean().item() for h in steps]
    best = min(zip(error, steps))
    errors[f'{slope.__name__}: best h {best[1]:.0e}'] = error
    print(f'{slope.__name__}: best h {best[1]:.1e}, error {best[0]:.1e}')

# %% [markdown]
# And what is measured: lines through two points of the curve, turning into the tangent.

# %%
figure, (left, right) = plot.subplots(1, 2, size=(10, 4.5), window=page.show)
inputs = torch.linspace(0, 3, 100)
start = math.sin(1)
lines = {'sin x': torch.sin(inputs)}
for h in (2, 1, 0.4):
    slope = forward(torch.sin, torch.tensor(1.0), h).item()
    lines[f'h = {h}: slope {slope:.2f}'] = start + slope * (inputs - 1)
    left.plot([1, 1 + h], [start, math.sin(1 + h)], 'ko', markersize=4)
lines[f'tangent: slope {math.cos(1):.2f}'] = start + math.cos(1) * (inputs - 1)
plot.curves(lines, left, x=inputs, xlabel='x', ylabel='sin x')
left.lines[3].set(color='black', linewidth=3, zorder=0)
left.legend(loc='upper left')
left.set(ylim=(0, 2.6), title='lines through two points turn into the tangent')
plot.curves(errors, right, x=steps, xlabel='h', ylabel='mean error of the slope', log=True)
right.set(xscale='log', title=f'left rounding, right the curve ({str(dtype)[6:]})')
page.finish(figure)
