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
    hint='a + c has shape (5, 6): the slope of its mean in every element is 1/30. How many of them '
         'does one element of a reach, and one of c?',
    reason='The mean hands 1/30 to each of the 30 elements of a + c. An element of a was copied '
           'along 6 columns, so 6 of them add up: 6/30 = 1/5. c counts as a row (1, 6), copied '
           'along 5 rows: 5/30 = 1/6. Each gradient has the shape of its tensor.')
torch.manual_seed(page.seed)

# %% [markdown]
# The gradient of a sum in each of its terms is 1. These ones flow back into a and c.

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
compare('c', c, 'G.sum(0)', G.sum(0))

# %% [markdown]
# A layer is y = X W + b: 8 samples of 3 numbers become 8 samples of 2. With L = sum(y * y) / 2 the
# gradient in y is y itself; call it G, (8, 2). What is the gradient in W, of shape (3, 2)? It is
# made of X, (8, 3), and G, and there is only one way to multiply them that gives (3, 2): X.T @ G.
# And b, (2,), was copied to 8 rows: G.sum(0).

# %%
X = torch.randint(-2, 3, (8, 3)).float().requires_grad_()
W = torch.randint(-2, 3, (3, 2)).float().requires_grad_()
b = torch.randint(-2, 3, (2,)).float().requires_grad_()
y = X @ W + b
L = (y * y).sum() / 2
L.backward()
compare('X', X, 'G @ W.T', y @ W.T)
compare('W', W, 'X.T @ G', X.T @ y)
compare('b', b, 'G.sum(0)', y.sum(0))

# %% [markdown]
# Values in blue, gradients in orange.


# %%
def show(ax, tensor, title, size, colors='Blues'):
    """Every number of the tensor in its place; size is (rows, columns) of the picture."""
    values = tensor.detach().numpy().reshape(-1, tensor.shape[-1])
    rows, columns = values.shape
    largest = max(abs(values.min()), abs(values.max()))
    ax.imshow(values, cmap=colors, vmin=-largest, vmax=2 * largest, alpha=0.5)
    for i in range(rows):
        for j in range(columns):
            ax.text(j, i, f'{values[i, j]:.2g}', ha='center', va='center', fontsize=8)
    middle = (columns - 1) / 2
    ax.set(title=f'{title}\n{tuple(tensor.shape)}', ylim=(size[0] - 0.5, -0.5),
           xlim=(middle - size[1] / 2, middle + size[1] / 2))
    ax.axis('off')


figure, axes = plot.subplots(2, 6, size=(14, 7), window=page.show)
size = total.shape
for ax, tensor, title in zip(axes[0], (a, c, total), ('a', 'c', 'a + c')):
    show(ax, tensor, title, size)
for ax, tensor, title in zip(axes[0, 3:], (G, a.grad, c.grad),
                             ('G: gradient in a + c', 'a.grad = G.sum(1)', 'c.grad = G.sum(0)')):
    show(ax, tensor, title, size, 'Oranges')
for ax, tensor, title in zip(axes[1], (X, W, b), 'XWb'):
    show(ax, tensor, title, (8, 3))
for ax, tensor, title in zip(axes[1, 3:], (y, W.grad, b.grad),
                             ('G: gradient in y', 'W.grad = X.T @ G', 'b.grad = G.sum(0)')):
    show(ax, tensor, title, (8, 3), 'Oranges')
page.finish(figure)
