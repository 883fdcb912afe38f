"""Every plot draws on the axes it is given, or on new ones, labels them, and needs no display."""
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread

import tinygrad_adam as torch
from tinygrad_adam import nn
from tinygrad_adam.teach import plot

rng = np.random.default_rng(0)
PLANE = rng.normal(size=(30, 2)).astype(np.float32)
HALVES = (PLANE[:, 0] > 0).astype(np.int64)
PATH = np.array([[-2.0, 1.0], [-1.0, -0.5], [0.0, 0.2]])
LAYERS = {'0.weight': rng.normal(size=50), '2.weight': rng.normal(size=(5, 5))}

PLOTS = {
    'curves': (lambda ax: plot.curves({'adam': [2.0, 1.0], 'sgd': [2.0, 1.5]}, ax),
               ('epoch', 'loss')),
    'ratios': (lambda ax: plot.ratios({'0.weight': [1e-3, 2e-3]}, ax),
               ('step', '|update| / |weights|')),
    'histograms': (lambda ax: plot.histograms(LAYERS, ax, xlabel='gradient'),
                   ('gradient', 'layer')),
    'images': (lambda ax: plot.images(rng.random((2, 1, 8, 8)), ['3 as 8', '4'], ax), ('', '')),
    'filters': (lambda ax: plot.filters(rng.normal(size=(6, 1, 3, 3)), ax), ('', '')),
    'confusion': (lambda ax: plot.confusion([0, 1, 1], [0, 1, 0], ax), ('answer', 'true class')),
    'boundary': (lambda ax: plot.boundary(nn.Linear(2, 2), PLANE, HALVES, ax),
                 ('$x_1$', '$x_2$')),
    'trajectories': (lambda ax: plot.trajectories(lambda x, y: x * x + 9 * y * y, {'adam': PATH},
                                                  ax), ('x', 'y')),
}
each_plot = pytest.mark.parametrize('name', PLOTS)


def pixels(figure):
    """What the figure shows, (h, w, 3) in 0..255."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


@each_plot
def test_a_plot_draws_on_new_axes_800_pixels_wide(name):
    draw, _ = PLOTS[name]
    shown = pixels(draw(None).figure)
    assert shown.shape[1] == 800 and shown.std() > 5


@each_plot
def test_a_plot_draws_on_the_axes_it_is_given_and_returns_them(name):
    _, (left, right) = plot.subplots(1, 2)
    draw, labels = PLOTS[name]
    before = pixels(left.figure)
    assert draw(left) is left
    assert (left.get_xlabel(), left.get_ylabel()) == labels
    assert abs(pixels(left.figure) - before).max() > 50
    assert not right.has_data()


def test_plots_of_tensors_and_of_arrays_are_the_same_picture():
    values = rng.normal(size=(4, 1, 3, 3)).astype(np.float32)
    tensor = torch.from_numpy(values).requires_grad_()
    same = [pixels(plot.filters(weight).figure) for weight in (values, tensor)]
    np.testing.assert_array_equal(*same)


def test_no_plot_imports_pyplot_or_asks_for_a_display():
    program = ("import sys\nimport tinygrad_adam.teach.plot as plot\n"
               "assert 'matplotlib' not in sys.modules\n"
               "plot.curves({'adam': [2.0, 1.0]})\n"
               "assert 'matplotlib.pyplot' not in sys.modules")
    subprocess.run([sys.executable, '-c', program], check=True)


def test_a_window_is_a_figure_of_pyplot(monkeypatch):
    monkeypatch.setenv('MPLBACKEND', 'Agg')
    from matplotlib import pyplot
    shown = []
    monkeypatch.setattr(pyplot, 'show', lambda: shown.append(pyplot.get_fignums()))
    figure, _ = plot.subplots(window=True)
    plot.show()
    assert shown == [[figure.number]]
    pyplot.close(figure)


def test_an_optimizer_has_one_colour_and_one_line_everywhere():
    runs = {name: PATH for name in reversed(plot.OPTIMIZER_STYLE)}
    in_race = plot.trajectories(lambda x, y: x * x + y * y, runs).get_lines()[::2]
    in_curve = plot.curves({name: [2.0, 1.0] for name in runs}).get_lines()
    for a, b in zip(in_race, in_curve):
        assert a.get_label() == b.get_label()
        assert a.get_color() == b.get_color() == plot.OPTIMIZER_STYLE[a.get_label()]['color']
        assert a.get_linestyle() == b.get_linestyle()
    styles = list(plot.OPTIMIZER_STYLE.values())
    assert len({style['color'] for style in styles}) == len(styles)
    assert len({str(style['linestyle']) for style in styles}) == len(styles)


def test_filters_share_one_scale_with_zero_in_its_middle():
    (image,) = plot.filters([[[[0.5, -2.0]]], [[[1.0, 0.0]]]]).get_images()
    assert image.get_clim() == (-2.0, 2.0)
    np.testing.assert_array_equal(image.get_array()[0].filled(9), [0.5, -2, 9, 1, 0])


def test_filters_of_several_inputs_have_a_column_for_each_output():
    weight = np.arange(6.0).reshape(3, 2, 1, 1)
    (image,) = plot.filters(weight).get_images()
    np.testing.assert_array_equal(image.get_array()[::2, ::2], [[0, 2, 4], [1, 3, 5]])


def test_images_stand_row_by_row_above_their_captions():
    pictures = np.arange(3.0)[:, None, None] * np.ones((3, 8, 8))
    ax = plot.images(pictures, ['a', 'b', 'c'], columns=2)
    shown = ax.get_images()[0].get_array()
    assert [shown[0, 0], shown[0, 10], shown[10, 0]] == [0, 1, 2]
    assert [(t.get_text(), *t.get_position()) for t in ax.texts] == [
        ('a', 3.5, 8), ('b', 13.5, 8), ('c', 3.5, 18)]


def test_confusion_counts_true_classes_in_rows():
    ax = plot.confusion([0, 1, 1, 1], torch.tensor([0, 0, 1, 1]), classes=['cat', 'dog'])
    assert {(t.get_position(), t.get_text()) for t in ax.texts} == {
        ((0, 0), '1'), ((0, 1), '1'), ((1, 1), '2')}
    assert [t.get_text() for t in ax.get_yticklabels()] == ['cat', 'dog']


@pytest.mark.parametrize('model', [lambda x: x[:, :1], lambda x: torch.cat([-x, x], dim=1)[:, ::2]],
                         ids=['one score', 'two scores'])
def test_boundary_shows_the_class_the_model_gives_each_place(model):
    (image,) = plot.boundary(model, PLANE, HALVES).get_images()
    left, right, _, _ = image.get_extent()
    places = np.linspace(left, right, 200)
    np.testing.assert_array_equal(image.get_array()[7], places > 0)


def test_boundary_draws_a_line_only_where_two_classes_meet():
    for model, lines in (lambda x: x[:, :1], 1), (lambda x: 0 * x + 1, 0):
        drawn = plot.boundary(model, PLANE, HALVES).collections
        assert len(drawn) == 2 + lines      # beside the points of each class


def test_boundary_leaves_no_graph_and_no_gradient_behind():
    model = nn.Linear(2, 2)
    plot.boundary(model, torch.from_numpy(PLANE), torch.from_numpy(HALVES))
    assert model.weight.grad is None


def test_a_path_that_diverges_does_not_hide_the_others():
    ax = plot.trajectories(lambda x, y: x * x + y * y,
                           {'sgd': [[1, 1], [np.inf, np.nan]], 'adam': PATH})
    assert ax.get_xlim() == pytest.approx((-2.3, 1.3))
    ax = plot.trajectories(lambda x, y: x * x + y * y, {'sgd': [[1, 1], [9e9, 1]], 'adam': PATH},
                           corners=((-3, -2), (3, 2)))
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3, 3), (-2, 2))


def test_a_path_along_one_axis_still_has_a_picture():
    ax = plot.trajectories(lambda x, y: x * x + y * y, {'sgd': [[-2, 5], [0, 5]]})
    assert ax.get_ylim() == (4, 6)


def test_histograms_leave_out_what_is_not_finite():
    ax = plot.histograms({'dead': [np.nan, np.inf], 'alive': [0.0, 1.0, np.nan]}, bins=2)
    dead, alive = [patch.get_data() for patch in ax.patches]
    np.testing.assert_allclose(dead.values, [0, 0])
    np.testing.assert_allclose(alive.values, [1.9, 1.9])
    assert [t.get_text() for t in ax.get_yticklabels()] == ['dead', 'alive']


def test_curves_are_drawn_over_whole_epochs_or_over_the_given_steps():
    ax = plot.curves({'train': [3.0, 2.0, 1.0]})
    assert ax.get_lines()[0].get_xdata().tolist() == [1, 2, 3]
    assert all(tick == int(tick) for tick in ax.get_xticks())
    ax = plot.curves({'train': [3.0, 1.0]}, x=[0, 100], xlabel='step', log=True)
    assert ax.get_lines()[0].get_xdata().tolist() == [0, 100] and ax.get_yscale() == 'log'


def test_save_writes_a_picture_of_150_pixels_an_inch(tmp_path):
    figure = Figure(figsize=(3, 2))
    plot.save(figure, tmp_path / 'a.png')
    assert imread(tmp_path / 'a.png').shape[:2] == (300, 450)


def test_curves_without_the_name_of_an_optimizer_differ_in_dashes_and_in_contrast():
    lines = plot.curves({'train': [3.0, 1.0], 'test': [3.0, 2.0]}).get_lines()
    assert lines[0].get_linestyle() != lines[1].get_linestyle()

    def luminance(color):
        channels = np.array([int(color[i:i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(channels > 0.04045, ((channels + 0.055) / 1.055) ** 2.4, channels / 12.92)
        return linear @ [0.2126, 0.7152, 0.0722]

    assert all(1.05 / (luminance(line.get_color()) + 0.05) >= 3 for line in lines)


def test_the_hardest_images_come_first_and_mistakes_are_red():
    scores = np.log([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.55, 0.45]])
    ax = plot.hardest(np.arange(16.0).reshape(4, 2, 2), scores, [0, 0, 0, 0], count=3)
    assert [text.get_text() for text in ax.texts] == ['0 as 1\n80 %', '0 as 1\n60 %', '0\n55 %']
    assert [text.get_color() == plot.COLORS[1] for text in ax.texts] == [True, True, False]
    sheet = ax.images[0].get_array()
    assert (sheet[0, 0], sheet[1, 1]) == (8, 11)    # the third picture


def test_captions_of_two_lines_stay_clear_of_the_next_row():
    figure, ax = plot.subplots(size=(4, 4))
    plot.images(np.zeros((8, 8, 8)), ['7 as 2\n100 %'] * 8, ax)
    pixels(figure)
    bottom = [text.get_window_extent().y0 for text in ax.texts[:4]]
    _, next_row = ax.transData.transform((0, 8 + 6 - 0.5))    # 8 pixels of image, 6 of caption
    assert min(bottom) > next_row
