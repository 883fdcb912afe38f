# %% [markdown]
# # 13. A compiler writes the backward pass
#
# Every step of a training builds a graph, walks it back and throws it away, and the next step
# builds the same graph again. The calls of NumPy that the walk makes, written one after the other,
# are a program without a graph. A compiler of a training step runs the step once, records its
# operations and the rules of their way back, leaves out what no result needs, and writes the rest
# as functions of arrays. What all this depends on (shapes, modes, numbers, which weights require
# grad) is checked at each call; if any of it has changed, the step is recorded anew. The four lines
# of a training stay as they are. The program is what you would have written, had you written
# backpropagation by hand. Do so below, and compare.

# %%
import inspect
import timeit

import chapter
import numpy as np
import tinygrad_adam as torch
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

page = chapter.Page(
    '13_compile',
    'A compiler records one step, and writes the backward pass that you would write by hand.',
    question='The program of the figure has 5 products of two matrices, 2 in forward and 3 in '
             'backward (ones @ d is a sum). How many are left if w1 and b1 are frozen, so that '
             'they do not require grad? And how many if w2 and b2 are, in their place?',
    answer='3 4',
    hint='forward keeps its 2. In backward, go back from each gradient that is still wanted, and '
         'strike out the lines that you did not pass.',
    reason='The gradient of w2 takes one product. That of w1 takes two, one of them through w2, '
           'frozen or not. So to freeze the first layers of a network saves the whole way back to '
           'them, and to freeze a later one saves one product.')

# %% [markdown]
# The network has 16 hidden units, and is to learn a sine. `loss_of` is the same function, compiled;
# `@torch.compile` in the line before `def` does that too. It is recorded when it is first called.

# %%
torch.manual_seed(page.seed)
w1, b1, w2, b2 = [torch.randn(shape, requires_grad=True) for shape in ((16, 1), 16, (1, 16), 1)]
weights = dict(w1=w1, b1=b1, w2=w2, b2=b2)


def eager(x, y):
    h = torch.tanh(F.linear(x, w1, b1))
    error = F.linear(h, w2, b2) - y
    return (error * error).mean()


loss_of = torch.compile(eager)


def gradients(loss_of, x, y):
    """Those of the weights that are not frozen, {name: tensor}."""
    learning = {name: w for name, w in weights.items() if w.requires_grad}
    return dict(zip(learning, torch.autograd.grad(loss_of(x, y), list(learning.values()))))


# %% [markdown]
# This is the program by hand. Put yours in its place: go from the loss back to x, and write for
# each line the gradients of what it reads. A product a @ b.T passes on d @ b to a and d.T @ a to b;
# what was added to every row gets the sum over the rows.


# %%
def by_hand(x, y, w1, b1, w2, b2):
    h = np.tanh(x @ w1.T + b1)
    error = h @ w2.T + b2 - y
    loss = (error * error).mean()

    d_error = 2 * error / error.size
    d_b2 = d_error.sum(0)
    d_w2 = d_error.T @ h
    d_h = d_error @ w2
    d_sum = d_h * (1 - h * h)
    d_b1 = d_sum.sum(0)
    d_w1 = d_sum.T @ x
    return loss, dict(w1=d_w1, b1=d_b1, w2=d_w2, b2=d_b2)


def data(n):
    x = torch.linspace(-3, 3, n)[:, None]
    y = torch.sin(2 * x)
    return x, y, [array.detach().numpy() for array in (x, y, *weights.values())]


x, y, arrays = data(64)
for frozen in ['', 'w2 b2', 'w1 b1'][:3 if page.reveal else 1]:
    for name, w in weights.items():
        w.requires_grad_(name not in frozen)
    for name, d in gradients(loss_of, x, y).items():
        error = np.abs(d.numpy() / by_hand(*arrays)[1][name] - 1).max()
        print(f'gradient of {name}: the program and by hand differ by {100 * error:.5f} %')
    lines = [line.partition('#')[0] for line in loss_of.code.splitlines() if 'ones' not in line]
    print(f'frozen: {frozen or "nothing"}; products of matrices: {sum("@" in x for x in lines)}')
code = loss_of.code
print(code)

# %% [markdown]
# The fewer the points, the more of the time is the graph's. Every shape has a program of its own.

# %%
sizes = [1, 100] if page.quick else [1, 10, 100, 1000, 10000]
programs = {'eager': lambda x, y, _: gradients(eager, x, y),
            'compiled': lambda x, y, _: gradients(loss_of, x, y),
            'by hand': lambda x, y, arrays: by_hand(*arrays)}
print('points    ' + ''.join(f'{n:7}' for n in sizes))
times = {}
for name, program in programs.items():
    times[name] = [1e6 / 5 * min(timeit.repeat(lambda: program(*batch), number=5, repeat=5))
                   for batch in map(data, sizes)]
    print(f'{name:10}' + ''.join(f'{t:7.0f}' for t in times[name]) + '   µs')

figure, axes = plot.subplots(3, size=(12, 12), window=page.show, height_ratios=[4, 5, 3])
axes[0].set_title('the graph, built and walked back at each step')
figure.draw_without_rendering()     # lay it out, for letters of the graph that fit
plot.graph(eager(x, y), {**weights, 'x': x, 'y': y}, axes[0])
for place, text in (0, 'THE PROGRAM\n' + code), (0.55, f'BY HAND\n\n{inspect.getsource(by_hand)}'):
    axes[1].text(place, 1, text, family='monospace', fontsize=9, va='top')
axes[1].axis('off')
plot.curves(times, axes[2], sizes, 'points', 'forward and backward [µs]', log=True)
axes[2].set(xscale='log', title='The larger the arrays, the less the graph matters')
page.finish(figure)
