# %% [markdown]
# # 2. A formula is a graph, and slopes along it multiply
#
# Measuring a slope costs one or two evaluations for every input, and a network has thousands of
# inputs. There is a cheaper way, exact but for rounding. It needs the formula only as what it is: a
# few operations, each of which has a simple slope of its own.
#
# f = (x + y) z is two of them: q = x + y, then f = q z. How far does f move if x moves a little?
# q moves as much as x, and f moves z times as much as q: so 1 * z. This is the chain rule: slopes
# along a path multiply, one factor for every edge.

# %%
import chapter
import tinygrad_adam as torch
from tinygrad_adam.teach import plot

page = chapter.Page(
    '02_graph',
    'A formula is a graph; the chain rule is one multiplication per edge, walked backwards.',
    question='f = (x y + z)^2 at x = 3, y = -4, z = 10. What are df/dx, df/dy and df/dz?',
    answer='16 -12 -4',
    hint='go back from f = s^2: df/ds = 2 s, and s = x y + z is -2. Then one factor for each edge.',
    reason='s = 3 * -4 + 10 = -2 and f = s^2, so df/ds = 2 s = -4. s moves as much as z: '
           'df/dz = -4. s moves y times as much as x: df/dx = -4 * -4 = 16. And x times as much as '
           'y: df/dy = -4 * 3 = -12.')

# %% [markdown]
# First by hand, from f back to the inputs. Every row is one edge: the slope of f that arrives from
# the right, times the slope of this one operation. Each operation needs only its own inputs.

# %%
x, y, z = -2, 5, -4
q = x + y
df_dq = 1 * z        # q z moves z times as much as q
df_dz = 1 * q        # and q times as much as z
df_dx = df_dq * 1    # x + y moves as much as x
df_dy = df_dq * 1    # and as much as y
print(f'by hand, at x = {x}, y = {y}, z = {z}')
print('edge      arriving * local = slope')
for edge, arriving, local, slope in (('f -> q', 1, z, df_dq), ('f -> z', 1, q, df_dz),
                                     ('q -> x', df_dq, 1, df_dx), ('q -> y', df_dq, 1, df_dy)):
    print(f'{edge:8} {arriving:9} * {local:5} = {slope:5}')

# %% [markdown]
# Now by machine. A tensor that says `requires_grad` remembers every operation that it goes through,
# and `backward` walks the same edges: the slopes of f, the *gradient*, arrive in `grad`.


# %%
def circuit(x, y, z):
    q = x + y
    return {'q': q, 'f': q * z}


def asked(x, y, z):
    p = x * y
    s = p + z
    return {'p': p, 's': s, 'f': s**2}


formula, values = circuit, {'x': -2.0, 'y': 5.0, 'z': -4.0}
titles = {'q': 'q = x + y', 'f': 'f = q z'}
factors = {('x', 'q'): 1, ('y', 'q'): 1, ('q', 'f'): -4, ('z', 'f'): 3}      # the local slopes
if page.reveal:
    formula, values = asked, {'x': 3.0, 'y': -4.0, 'z': 10.0}
    titles = {'p': 'p = x y', 's': 's = p + z', 'f': 'f = s * s'}
    factors = {('x', 'p'): -4, ('y', 'p'): 3, ('p', 's'): 1, ('z', 's'): 1, ('s', 'f'): -4}

inputs = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
steps = formula(**inputs)
f = steps['f']


def draw(ax, title, walked):
    """The graph with its values, `walked` gradients, and the factors of the edges walked."""
    plot.graph(f, {**inputs, **steps}, ax, backward=walked)
    texts, boxes = list(ax.texts), {}
    for text in texts:
        name = text.get_text().split(' = ')[0]
        if name in values or name in titles:
            text.set_text(titles.get(name, name))
            boxes[name] = text.xy, any(other.xy == text.xy and 'grad' in other.get_text()
                                       for other in texts)
    for (start, end), factor in factors.items():
        (x, y), reached = boxes[start]
        if reached:
            ax.text((x + boxes[end][0][0]) / 2, (y + boxes[end][0][1]) / 2, f'\u00d7 {factor}',
                    ha='center', va='center', fontsize=11, color='#D55E00', weight='bold',
                    bbox={'facecolor': 'white', 'edgecolor': 'none', 'pad': 1})
    ax.set_title(title)


figure, axes = plot.subplots(3, 1, size=(8, 10), window=page.show)
draw(axes[0], 'forward (blue): values', False)
draw(axes[1], 'back (orange): each edge multiplies by its own slope', 3)
draw(axes[2], 'until every input is reached: grad is the slope of f', True)

f.backward()

# %% [markdown]
# The check is chapter 1: nudge one input at a time and see how far f moves. One walk back gave all
# three slopes; measured, three inputs cost six evaluations, and a million would cost two million.

# %%
print('by machine')
print('input   value   backward()   measured')
h = 1e-6
for name, value in values.items():
    above = formula(**{**values, name: value + h})['f']
    below = formula(**{**values, name: value - h})['f']
    print(f'{name:5} {value:7} {inputs[name].grad.item():12.4f} {(above - below) / (2 * h):10.4f}')
page.finish(figure)
