# %% [markdown]
# # 4. What was copied forward is summed backward
#
# From here on a value is a whole tensor. Nothing new happens: an operation on tensors is many of
# chapter 2's at once. But broadcasting uses one number in many places. (3, 1) + (1, 4) gives
# (3, 4), a column copied four times plus a row copied three times. And chapter 3 says what becomes
# of a number that is used four times: its four slopes add. **What was copied forward is summed
# backward**, along the same axis.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam.teach import plot

page = chapter.Page(
    '04_broadcast',
    'What was copied forward is summed backward; shapes tell you the rule.',
    question='L = (a + c).mean() with a of shape (5, 1) and c of shape (6,). What is each element '
             'of a.grad, and each of c.grad?',
    answer='1/5 1/6',
    hint='a + c has shape (5, 6): the slope of its mean for every element is 1/30. How many of '
         'them does one element of a reach, and one of c?',
    reason='The mean hands 1/30 to each of the 30 elements of a + c. An element of a was copied '
           'along 6 columns, so 6 of them add up: 6/30 = 1/5. c counts as a row (1, 6), copied '
           'along 5 rows: 5/30 = 1/6. Each gradient has the shape of its tensor.')
torch.manual_seed(page.seed)

# %% [markdown]
# The slope of a sum with respect to each of its terms is 1. These ones flow back into a and c.

# %%
if page.reveal:
    a, c = torch.randint(0, 9, (5, 1)).float(), torch.randint(0, 9, (6,)).float()
else:
    a, c = torch.randint(0, 9, (3, 1)).float(), torch.randint(0, 9, (1, 4)).float()
a.requires_grad_()
c.requires_grad_()
total = a + c
total.retain_grad()     # gradients are kept at the inputs; this one is to be drawn as well
L = total.mean() if page.reveal else total.sum()
L.backward()
G = total.grad


def compare(name, tensor, rule, expected):
    error = (tensor.grad - expected).abs().max().item()
    print(f'{name:6} {str(tuple(tensor.shape)):8} {rule:27} {error:18.0f}')


print('tensor shape    its gradient                difference to grad')
compare('a', a, 'G.sum(1), copied axis kept', G.sum(1, keepdim=True))
kept = c.ndim == 2
compare('c', c, 'G.sum(0)' + ', copied axis kept' * kept, G.sum(0, keepdim=kept))

# %% [markdown]
# A layer is y = X W + b: 4 samples of 3 numbers become 4 samples of 2. With L = sum(y * y) / 2 the
# gradient for y is y itself; call it G, (4, 2). What is the gradient for W, of shape (3, 2)? It is
# made of X, (4, 3), and G, and there is only one way to multiply them that gives (3, 2): X.T @ G.
# And b, (2,), was copied to 4 rows: G.sum(0).

# %%
X = torch.randint(-2, 3, (4, 3)).float().requires_grad_()
W = torch.randint(-2, 3, (3, 2)).float().requires_grad_()
b = torch.randint(-2, 3, (2,)).float().requires_grad_()
y = X @ W + b
L = (y * y).sum() / 2
L.backward()
compare('X', X, 'G @ W.T', y @ W.T)
compare('W', W, 'X.T @ G', X.T @ y)
compare('b', b, 'G.sum(0)', y.sum(0))

# %% [markdown]
# In the figure negative numbers are blue and positive ones orange, the stronger the larger. What
# was copied is grey.


# %%
def row(ax, title, *parts):
    """Matrices beside each other: (name, tensor, copies down, copies across), or a sign."""
    tensors = [part[1] for part in parts if len(part) > 1]
    largest = max(tensor.abs().max().item() for tensor in tensors)
    left = 0.0
    for part in parts:
        if len(part) == 1:
            ax.text(left - 0.5, 1.5, part, ha='center', va='center', fontsize=14)
            continue
        name, tensor, down, across = part
        values = tensor.reshape(-1, tensor.shape[-1]).tolist()
        high, wide = len(values) * down, len(values[0]) * across
        for i in range(high):
            for j in range(wide):
                number = values[i % len(values)][j % len(values[0])]
                copied = i >= len(values) or j >= len(values[0])
                color = 'black' if copied else plot.COLORS[number > 0]
                square = [left + j, left + j + 1, left + j + 1, left + j], [i, i, i + 1, i + 1]
                ax.fill(*square, facecolor=color,
                        alpha=0.1 if copied else 0.6 * abs(number) / largest)
                ax.fill(*square, facecolor='none', edgecolor='#bbbbbb', linewidth=0.5)
                ax.text(left + j + 0.5, i + 0.5, f'{number:.2g}'.replace('0.', '.'), ha='center',
                        va='center', fontsize=10, color='#666666' if copied else 'black')
        ax.text(left, -0.2, f'{name}\n{tuple(tensor.shape)}', va='bottom', fontsize=10)
        left += max(wide, 0.2 * len(name)) + 1
    ax.set(xlim=(0, max(left, 16)), ylim=(max(len(tensor) for tensor in tensors) + 0.4, -1.6),
           aspect='equal')
    ax.set_title(title, loc='left', weight='bold')
    ax.axis('off')


figure, axes = plot.subplots(4, 1, size=(9, 10.5), window=page.show)
row(axes[0], 'forward: a is copied to the right, c down', ('a', a, 1, len(c.T)), '+',
    ('c', c, len(a), 1), '=', ('a + c', total, 1, 1))
row(axes[1], 'backward: what was copied is summed', ('G: gradient for a + c', G, 1, 1),
    ('a.grad = G.sum(1)', a.grad, 1, 1), ('c.grad = G.sum(0)', c.grad, 1, 1))
row(axes[2], 'forward: W meets every row of X, b is copied down', ('X', X, 1, 1), '@',
    ('W', W, 1, 1), '+', ('b', b, 4, 1), '=', ('y', y, 1, 1))
row(axes[3], 'backward: the shapes leave one way to multiply', ('X.T', X.T, 1, 1), '@',
    ('G: gradient for y', y, 1, 1), '=', ('W.grad', W.grad, 1, 1),
    ('b.grad = G.sum(0)', b.grad, 1, 1))
page.finish(figure)
