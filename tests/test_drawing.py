"""The picture of a graph shows every tensor once, with its value and gradient, and is legible."""
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.nn import functional as F
from tinygrad_adam.teach import plot
from tinygrad_adam.teach.drawing import Box, picture


def leaf(value):
    return torch.tensor(value, requires_grad=True)


def lines(ax):
    """The lines of text of each box, from the one that stands leftmost and highest."""
    boxes = {}
    for text in ax.texts:
        boxes.setdefault(text.xy, []).append(text.get_text())
    return [boxes[place] for place in sorted(boxes)]


def circuit():
    x, y, z = leaf(-2.0), leaf(5.0), leaf(-4.0)
    q = x + y
    return q * z, {'x': x, 'y': y, 'z': z, 'q': q}


def of_micrograd():
    """The expression in micrograd's README, with its two inputs."""
    a, b = leaf(-4.0), leaf(2.0)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    return g, {'a': a, 'b': b, 'e': e, 'f': f}


def layers():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 3))
    x = torch.randn(8, 2)
    loss = F.cross_entropy(model(x), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1]))
    return loss, {**dict(model.named_parameters()), 'x': x}


def recurrent():
    """More than 40 boxes, and edges that pass many columns."""
    torch.manual_seed(0)
    h, w, u = torch.zeros(1, 4), leaf([[0.25] * 4] * 4), leaf([[0.25] * 4] * 3)
    for _ in range(9):
        h = (torch.randn(1, 3) @ u + h @ w).tanh()
    return (h * h).mean(), {'w': w, 'u': u}


each_graph = pytest.mark.parametrize('make', [circuit, of_micrograd, layers, recurrent])


# What it shows.

def test_a_box_shows_name_operation_value_and_gradient():
    f, names = circuit()
    assert lines(plot.graph(f, {**names, 'f': f})) == [
        ['x', '-2', 'grad -4'], ['y', '5', 'grad -4'],
        ['q = add', '3', 'grad -4'], ['z', '-4', 'grad 3'], ['f = mul', '-12', 'grad 1']]


def test_gradients_are_those_of_backward():
    g, names = of_micrograd()
    shown = {box[0]: box[-1] for box in lines(plot.graph(g, names))}
    g.backward()
    assert [f'{x:.4f}' for x in (g.item(), names['a'].grad.item(), names['b'].grad.item())] == [
        '24.7041', '138.8338', '645.5773']
    assert shown['a'] == 'grad 138.8' and shown['b'] == 'grad 645.6'


def test_a_picture_leaves_grad_and_the_graph_as_they_were():
    f, names = circuit()
    plot.graph(f)
    plot.graph_svg(f)
    assert names['x'].grad is None
    f.backward()
    assert names['x'].grad.item() == -4


def test_large_tensors_show_their_shape_and_the_length_of_their_gradient():
    loss, names = layers()
    shown = {box[0]: box[1:] for box in lines(plot.graph(loss, names))}
    loss.backward()
    length = names['0.weight'].grad.norm().item()
    assert shown['0.weight'] == ['(16, 2)', f'|grad| {length:.3g}']
    assert shown['relu'][0] == '(8, 16)'


def test_data_is_shown_without_a_gradient():
    loss, names = layers()
    assert ['x', '(8, 2)'] in lines(plot.graph(loss, names))


def test_values_inside_are_shown_if_the_graph_keeps_them():
    x = leaf(3.0)
    assert ['pow 2', '9', 'grad 0.1111'] in lines(plot.graph((x**2).log()))
    assert ['add', 'grad 1'] in lines(plot.graph((x + x) + 1))


def test_a_tensor_of_several_numbers_is_drawn_with_the_gradient_of_its_sum():
    x = leaf([1.0, 2.0])
    assert lines(plot.graph(x * x))[0] == ['leaf', '(2,)', '[1 2]', 'grad [2 4]']


def test_the_walk_can_be_stopped_or_left_out():
    f, names = circuit()
    for backward, gradients in ((False, 0), (1, 1), (3, 3), (True, 5)):
        shown = lines(plot.graph(f, names, backward=backward))
        assert sum(box[-1].startswith('grad') for box in shown) == gradients


def test_the_graph_can_be_drawn_after_it_was_freed_but_not_its_gradients():
    f, names = circuit()
    f.backward()
    assert len(lines(plot.graph(f, names, backward=False))) == 5
    with pytest.raises(RuntimeError, match='second time'):
        plot.graph(f)


def test_a_leaf_alone_is_one_box():
    assert lines(plot.graph(leaf(2.0))) == [['leaf', '2', 'grad 1']]


def test_names_may_be_all_variables_there_are():
    x = leaf(2.0)
    y = x * 3
    _y, number, unused = y, 5, leaf(1.0)
    assert lines(plot.graph(y, locals()))[1][0] == 'y = mul 3'
    assert unused is not None and _y is y and number == 5


def test_what_does_not_require_grad_has_no_graph():
    with pytest.raises(RuntimeError, match='does not require grad'):
        plot.graph(torch.ones(1))


# Where it stands.

def test_an_input_used_twice_has_two_edges():
    x = leaf(2.0)
    boxes, edges = picture(x * x, None, False)
    assert len(boxes) == 2 and len(edges) == 2
    assert len(plot.graph(x * x, backward=False).patches) == 2 + 2


@each_graph
def test_inputs_stand_left_of_outputs_and_nothing_overlaps(make):
    boxes, edges = picture(*make(), True)
    assert all(left.column + 1 == right.column for edge in edges
               for left, right in zip(edge, edge[1:]))
    spots = {spot for edge in edges for spot in edge}
    assert set(boxes) == {spot for spot in spots if isinstance(spot, Box)}
    for column in {spot.column for spot in spots}:
        stack = sorted((s for s in spots if s.column == column), key=lambda s: s.y)
        for above, below in zip(stack, stack[1:]):
            assert below.y - above.y > (above.height + below.height) / 2 - 1e-9


def test_forty_boxes_are_legible():
    result, names = recurrent()
    ax = plot.graph(result, names)
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    boxes = {text.xy: [] for text in ax.texts}
    assert len(boxes) > 40
    for text in ax.texts:
        assert text.get_fontsize() >= 7
        boxes[text.xy].append(text.get_window_extent())
    width = 0.7 * 150                       # of a box, in pixels
    for extents in boxes.values():
        assert all(extent.width < width for extent in extents)
        stack = sorted(extents, key=lambda extent: extent.y0)
        assert all(below.y1 < above.y0 + 2 for below, above in zip(stack, stack[1:]))


@each_graph
def test_the_same_graph_gives_the_same_picture(make):
    first, second = (plot.graph_svg(*make()) for _ in range(2))
    assert first == second


def test_a_chain_of_thousands_is_no_recursion():
    x = y = leaf(1.0)
    for _ in range(3000):
        y = y + 1
    boxes, edges = picture(y, {'x': x}, True)
    assert len(boxes) == 3001 and len(edges) == 3000


# Its two forms.

def test_a_picture_is_drawn_on_the_axes_it_is_given():
    figure, (left, right) = plot.subplots(1, 2)
    f, names = circuit()
    assert plot.graph(f, names, left) is left
    assert len(left.patches) == 5 + 8 and not right.patches
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    assert np.asarray(canvas.buffer_rgba())[..., :3].std() > 5


@each_graph
def test_svg_says_the_same_and_stays_inside_its_frame(make):
    result, names = make()
    svg = plot.graph_svg(result, names)
    root = ElementTree.fromstring(svg)
    width, height = float(root.get('width')), float(root.get('height'))
    shown = [element.text for element in root.iter() if element.tag.endswith('}text')]
    drawn = plot.graph(result, names)
    assert sorted(shown) == sorted(text.get_text() for text in drawn.texts)
    for path in root.iter():
        if path.tag.endswith('}path') and path.get('stroke'):
            numbers = [float(n) for n in re.findall(r'-?[\d.]+', path.get('d'))]
            assert 0 <= min(numbers) and max(numbers[::2]) <= width and max(numbers[1::2]) <= height


def test_a_notebook_shows_the_svg():
    f, names = circuit()
    svg = plot.graph_svg(f, {'<x>': names['x']})
    assert svg._repr_svg_() == svg and svg.startswith('<svg ')
    assert '&lt;x&gt;' in svg
