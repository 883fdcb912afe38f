# %% [markdown]
# # 3. A node speaks once, after all its users
#
# In chapter 2 every value was used once. A value that is used twice moves the result in two ways,
# and the two slopes **add**. Here b = a + a, c = b + a, d = c + b, so d = 5 a and the slope is 5.
# All edges have slope 1; the only difficulty left is the order.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam.teach import plot

page = chapter.Page(
    '03_order',
    'A node used twice adds, and no node may speak before all its users have spoken.',
    question='y = x, then y = y + y sixteen times. How many calls does the function `paths` make '
             'for it, and how many tensors does a walk in the right order visit?',
    answer='131071 17', within=1,
    hint='each doubling makes two calls where one was: 1 + 2 + 4 + ... And a walk visits each '
         'tensor once; do not forget x.',
    reason='1 + 2 + 4 + ... + 2^16 = 2^17 - 1 = 131071 calls, one for each path from y back. There '
           'are only 17 tensors, x and sixteen sums. For a thousand operations in a row '
           'the first number has 302 digits.')

inputs: dict = {'d': ('c', 'b'), 'c': ('b', 'a'), 'b': ('a', 'a'), 'a': ()}

# %% [markdown]
# First try: every node hands its gradient to its inputs, then calls each of them to do the same.
# But b has two users, c and d. Each of them calls it, and each time it repeats all that it has.


# %%
def naive(node, grad, visits):
    visits.append(node)
    for x in inputs[node]:
        grad[x] += grad[node]
    for x in inputs[node]:
        naive(x, grad, visits)


# %% [markdown]
# Second try: hand on only what has just arrived. It is right, and follows every path to the end.


# %%
def paths(node, g, grad, visits):
    visits.append(node)
    grad[node] += g
    for x in inputs[node]:
        paths(x, g, grad, visits)


# %% [markdown]
# Third: a node speaks once, after all that were computed from it. Whatever is computed later cannot
# be an input of what came earlier, so *youngest first* is such an order. This is `backward`.


# %%
def ordered(grad, visits):
    for node in inputs:              # written down youngest first
        visits.append(node)
        for x in inputs[node]:
            grad[x] += grad[node]


print('method    dd/da   visits')
visited, grads = {}, {}
for method, start in ((naive, ['d']), (paths, ['d', 1]), (ordered, [])):
    grads[method], visited[method] = {'a': 0, 'b': 0, 'c': 0, 'd': method is not paths}, []
    arguments = [*start, grads[method], visited[method]]
    method(*arguments)
    print(f'{method.__name__:8} {grads[method]["a"]:6}   {" ".join(visited[method])}')

# %% [markdown]
# The machine: a hook is called when the gradient in its tensor is known. Ninety doublings are
# ninety additions; along paths they would take longer than the universe is old.

# %%
depths = range(1, 17 if page.reveal else 13)
calls = {'along every path': [], 'youngest first, backward()': []}
for depth in depths:
    inputs = {0: (), **{i: (i - 1, i - 1) for i in range(1, depth + 1)}}
    visits = []
    paths(depth, 1, dict.fromkeys(inputs, 0), visits)
    calls['along every path'].append(len(visits))
    y, visits = torch.ones(1, requires_grad=True), []
    y.register_hook(visits.append)
    for _ in range(depth):
        y = y + y
        y.register_hook(visits.append)
    y.backward()
    calls['youngest first, backward()'].append(len(visits))
print(f'{depths[-1]} doublings: {calls["along every path"][-1]:,} calls along paths, '
      f'{calls["youngest first, backward()"][-1]} visits youngest first')

# %% [markdown]
# Adding does not stop at the end of a walk: a second `backward` adds to what is in `grad`. That is
# why training loops begin with `zero_grad`.

# %%
x = torch.tensor(3.0, requires_grad=True)
for time in ('once', 'twice'):
    (x * x * x).backward()
    print(f'x * x * x at 3, backward() {time}: {x.grad.item():.0f}')

a = torch.tensor(1.0, requires_grad=True)
b = a + a
c = b + a
d = c + b
figure, axes = plot.subplots(3, 1, size=(8.5, 9), window=page.show)
for ax, method in zip(axes, (naive, ordered)):
    plot.graph(d, {'a': a, 'b': b, 'c': c, 'd': d}, ax, backward=False)
    for title in [text for text in ax.texts if text.get_text()[0] in 'abcd']:
        (x, y), name = title.xy, title.get_text()[0]
        numbers = [str(i) for i, node in enumerate(visited[method], 1) if node == name]
        ax.text(x, y - 0.45, 'visit ' + ', '.join(numbers), ha='center')
        ax.text(x, y + 0.58, f'grad {grads[method][name]:.0f}', ha='center', color='#D55E00')
axes[0].set_title('wrong: each calls its inputs, so b speaks twice, and dd/da is 9')
axes[1].set_title('right: youngest first, everyone once, and dd/da is 5')
plot.curves(calls, axes[2], x=depths, xlabel='doublings, y = y + y', ylabel='visits', log=True)
axes[2].set_title('paths double with every step, tensors are one more')
page.finish(figure)
