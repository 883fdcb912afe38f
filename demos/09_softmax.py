# %% [markdown]
# # 9. Scores become probabilities, and the loss is the surprise
#
# To say which of k classes something is, a function gives each class a score: any number, the
# higher the likelier. Softmax makes probabilities of them, positive and with the sum 1:
#
#     p_i = exp(s_i) / (exp(s_1) + ... + exp(s_k))
#
# The loss is how surprising the right class is, -ln p of it. Who was sure and right pays nothing,
# who knows nothing pays ln k, and who is sure and wrong pays without limit.
#
# And its gradient is as simple as it can be. For the score of each class it is p minus what p
# should have been: p - 1 for the right class, p for the others. The step against it lifts the right
# score and lowers the others, each by as much as it is wrong.

# %%
import math

import chapter
import tinygrad_adam as torch
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot

page = chapter.Page(
    '09_softmax',
    'Softmax makes probabilities of scores; the gradient of the loss is p minus what it should be.',
    question='Ten classes, and all scores are 0. What is the loss, and what is the slope of the '
             'loss for the score of the right class? Two numbers.',
    answer='2.3026 -0.9',
    hint='equal scores give equal probabilities. The loss is -ln p of the right class, the slope '
         'p - 1.',
    reason='Each class gets p = 1/10. The loss is -ln(1/10) = ln 10 = 2.3026, what a network that '
           'knows nothing should start with. The slope is 1/10 - 1 = -0.9 for the right class and '
           '0.1 for each of the others; they sum to 0, as adding one number to all scores changes '
           'nothing.')

# %% [markdown]
# One example: three scores, of which the second should be the highest. First by the formula, then
# `cross_entropy`, which takes scores and the number of the right class, counted from 0.

# %%
scores = torch.zeros(10) if page.reveal else torch.tensor([2.0, 1.0, -1.0])
right = 1
s = scores.double().requires_grad_()
p = torch.exp(s) / torch.exp(s).sum()
loss = F.cross_entropy(s, torch.tensor(right))
loss.backward()
print('class   score       p   p - should   slope by backward()')
for i in range(len(s)):
    should = 1.0 if i == right else 0.0
    print(f'{i:5} {s[i].item():7.1f} {p[i].item():7.3f} {p[i].item() - should:12.3f} '
          f'{s.grad[i].item():21.3f}')
print(f'loss: -ln {p[right].item():.3f} = {-math.log(p[right].item()):.4f}, '
      f'by cross_entropy {loss.item():.4f}')

# %% [markdown]
# Adding one number to all scores multiplies all exp by the same, so p stays the same. That is why
# `softmax` can subtract the largest score first: exp then cannot overflow, as it does in the
# formula.

# %%
for more in (0, 1000):
    exp = torch.exp(scores + more)
    print(f'{more:4} added to all scores: p by the formula {(exp / exp.sum())[right].item():.3f}, '
          f'by softmax {F.softmax(scores + more, dim=0)[right].item():.3f}')

# %% [markdown]
# Why not the square of what is missing, (1 - p)^2? Let all other scores be 0 and move the right
# one. Far on the wrong side the square is flat: who is badly wrong learns nothing from it.

# %%
x = torch.linspace(-8, 8, 200, dtype=torch.float64).requires_grad_()
rows = torch.stack([x, *[torch.zeros(200, dtype=torch.float64)] * (len(scores) - 1)], dim=1)
prob = F.softmax(rows, dim=1)[:, 0]
losses = {'surprise, -ln p': -prob.log(), 'square, (1 - p)$^2$': (1 - prob)**2}
slopes = {name: torch.autograd.grad(y.sum(), x, retain_graph=True)[0] for name, y in losses.items()}
for name, slope in slopes.items():
    print(f'slope where the right score is -8: {slope[0].item():9.6f} of {name.split(",")[0]}')

# %%
figure, axes = plot.subplots(1, 3, size=(12, 4), window=page.show)
names = [f'{i}\n(right)' if i == right else str(i) for i in range(len(s))]
axes[0].bar(names, scores.tolist(), color=plot.COLORS[4])
axes[0].axhline(0, color='black', linewidth=0.8)
axes[0].set(title='scores: any numbers', xlabel='class', ylabel='score')
axes[1].bar(names, p.tolist(), color=plot.COLORS[4])
for i in range(len(s)):
    axes[1].annotate('', (i, 1 if i == right else 0), (i, p[i].item()),
                     arrowprops={'arrowstyle': '->', 'linewidth': 2})
axes[1].set(title='probabilities; arrows lead to what they\nshould be: the gradient, downhill',
            xlabel='class', ylabel='p', ylim=(0, 1.08))
plot.curves(losses, axes[2], x.detach(), 'score of the right class', 'loss')
axes[2].set(title=f'the right score moves, the other {len(s) - 1} are 0:\n'
            'where it is badly wrong the square is flat')
page.finish(figure)
