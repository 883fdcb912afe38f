"""Convolution and pooling as functions of arrays: plain loops say what they should compute."""
from itertools import product

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam.autograd import gradcheck, gradgradcheck
from tinygrad_adam.ops import convolution, layout, pooling

PLAIN = dict(stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1)
CONVOLUTIONS = [  # filters (o, c / groups, kh, kw), and what differs from PLAIN
    ((4, 3, 3, 3), {}),
    ((4, 7, 3, 2), {}),
    ((4, 7, 3, 3), dict(padding=(1, 2))),
    ((2, 3, 1, 1), dict(padding=(2, 1))),                           # more padding than filter
    ((2, 7, 3, 2), dict(stride=(2, 3))),
    ((2, 3, 1, 2), dict(stride=(3, 4), padding=(1, 1))),            # pixels that no filter meets
    ((2, 7, 2, 3), dict(dilation=(2, 3))),
    ((4, 2, 3, 2), dict(groups=2, padding=(1, 1))),
    ((6, 1, 2, 2), dict(groups=3, stride=(1, 2))),                  # of each channel, two
    ((4, 7, 2, 3), dict(groups=2, stride=(2, 1), padding=(1, 3), dilation=(3, 2))),
    ((12, 2, 3, 2), dict(groups=2, stride=(2, 1), padding=(1, 2), dilation=(1, 2))),
    ((1, 2, 9, 8), {})]                                             # as large as the image
WINDOW = dict(kernel=(2, 2), stride=(2, 2), padding=(0, 0), ceil_mode=False)
WINDOWS = [dict(WINDOW, **more) for more in (
    {}, dict(kernel=(3, 2)), dict(kernel=(1, 1)), dict(kernel=(1, 2), stride=(3, 3)),
    dict(kernel=(3, 3), padding=(1, 1)), dict(stride=(1, 1), padding=(1, 0)),
    dict(ceil_mode=True), dict(kernel=(3, 3), stride=(2, 3), padding=(1, 1), ceil_mode=True),
    dict(stride=(4, 3), padding=(1, 1), ceil_mode=True))]
every_convolution = pytest.mark.parametrize('filters, more', CONVOLUTIONS, ids=str)
every_window = pytest.mark.parametrize('window', WINDOWS, ids=lambda w: str([*w.values()]))


@pytest.fixture(params=['as it comes', 'small blocks and products'])
def sizes(request, monkeypatch):
    """Images of tests are small; blocks must be smaller still for a convolution to have several."""
    if request.param != 'as it comes':
        monkeypatch.setattr(convolution, 'BLOCK', 300)
        monkeypatch.setattr(convolution, 'PRODUCT', 300)
        monkeypatch.setattr(layout, 'ALIGNED', 0)


def numbers(*shape, dtype='float64'):
    return np.random.default_rng(len(shape)).normal(size=shape).astype(dtype)


def setting(filters, more, n=2):
    """Images, filters, biases, a gradient in the result, and the keyword arguments."""
    static = {**PLAIN, **more}
    x = numbers(n, filters[1] * static['groups'], 9, 8)
    w, b = numbers(*filters), numbers(filters[0])
    return x, w, b, numbers(*convolution.conv(x, w, b, **static).shape), static


def sizes_of(x, kernel, stride, padding, dilation):
    return [range((n + 2 * p - d * (k - 1) - 1) // s + 1)
            for n, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation)]


def looped(x, w, b, stride, padding, dilation, groups):
    """Convolution as it is defined, one window at a time."""
    (top, left), (n, c), (o, _, kh, kw) = padding, x.shape[:2], w.shape
    lines, columns = sizes_of(x, (kh, kw), stride, padding, dilation)
    out = np.empty((n, o, len(lines), len(columns)))
    x = np.pad(x, ((0, 0), (0, 0), (top, top), (left, left)))
    for f, i, j in product(range(o), lines, columns):
        first = f // (o // groups) * (c // groups)
        seen = x[:, first:first + c // groups,
                 i * stride[0]:i * stride[0] + dilation[0] * kh:dilation[0],
                 j * stride[1]:j * stride[1] + dilation[1] * kw:dilation[1]]
        out[:, f, i, j] = (seen * w[f]).sum((1, 2, 3)) + b[f]
    return out


@every_convolution
def test_convolution_is_the_sum_over_each_window(filters, more, sizes):
    x, w, b, _, static = setting(filters, more)
    np.testing.assert_allclose(convolution.conv(x, w, b, **static), looped(x, w, b, **static),
                               rtol=0, atol=1e-12)


@every_convolution
def test_the_transposes_of_convolution_are_transposes(filters, more, sizes):
    x, w, b, g, static = setting(filters, more)
    product = (convolution.conv(x, w, **static) * g).sum()
    np.testing.assert_allclose(
        [(x * convolution.conv_input(g, w, shape=x.shape, **static)).sum(),
         (w * convolution.conv_weight(x, g, shape=w.shape, **static)).sum()], product, rtol=1e-12)


@every_convolution
def test_no_images_give_no_results_and_zero_gradients(filters, more):
    x, w, b, g, static = setting(filters, more, n=0)
    assert convolution.conv_input(g, w, shape=x.shape, **static).shape == x.shape
    np.testing.assert_array_equal(convolution.conv_weight(x, g, shape=w.shape, **static), 0 * w)


@pytest.mark.parametrize('size, filters, more', [
    ((1, 1, 3, 4), (2, 1, 2, 2), {}),
    ((1, 6, 3, 3), (1, 6, 2, 2), {}),
    ((1, 2, 2, 3), (2, 1, 2, 1), dict(stride=(1, 2), padding=(1, 1), dilation=(2, 1), groups=2)),
    ((1, 1, 2, 2), (1, 1, 1, 1), dict(padding=(1, 0)))], ids=str)
def test_convolution_has_derivatives_of_every_order(size, filters, more):
    static = {**PLAIN, **more}
    x, w, b = (torch.tensor(numbers(*shape), requires_grad=True)
               for shape in (size, filters, filters[:1]))
    g = convolution.conv(x, w, b, **static).detach().requires_grad_()
    for function, *inputs in (
            (lambda x, w, b: convolution.conv(x, w, b, **static), x, w, b),
            (lambda g, w: convolution.conv_input(g, w, shape=x.shape, **static), g, w),
            (lambda x, g: convolution.conv_weight(x, g, shape=w.shape, **static), x, g)):
        assert gradcheck(function, inputs) and gradgradcheck(function, inputs)


@pytest.mark.parametrize('order', [(0, 1, 2, 3), (3, 2, 1, 0), (2, 1, 3, 0), (0, 2, 3, 1)])
def test_convolution_does_not_mind_how_arrays_lie_in_memory(order):
    x, w, _, g, static = setting((4, 7, 3, 3), dict(padding=(1, 1)))
    other = [np.ascontiguousarray(a.transpose(order)[::-1])[::-1].transpose(np.argsort(order))
             for a in (x, w, g)]
    results = [(convolution.conv(x, w, **static),
                convolution.conv_input(g, w, shape=x.shape, **static),
                convolution.conv_weight(x, g, shape=w.shape, **static))
               for x, w, g in ((x, w, g), other)]
    for expected, result in zip(*results):
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-12)


def test_the_pixels_under_a_filter_are_a_view_of_the_image():
    x, shape = numbers(9, 7, 8, 2), convolution.by_columns(numbers(4, 7, 3, 2), 1, False).shape
    for stride, dilation, view in (((1, 1), (1, 1), True), ((2, 1), (1, 3), True),
                                   ((1, 2), (1, 1), False), ((1, 1), (2, 1), False)):
        triples = convolution.matrices(x, shape, (2, 2), stride, dilation)
        assert {np.shares_memory(pixels, x) for _, _, pixels in triples} == {view}


def test_convolution_of_arrays_that_were_broadcast():
    w = np.broadcast_to(numbers(1, 1, 2, 2), (3, 2, 2, 2))
    x = np.broadcast_to(numbers(1, 1, 4, 4), (5, 2, 4, 4))
    np.testing.assert_allclose(convolution.conv(x, w, **PLAIN),
                               convolution.conv(x.copy(), w.copy(), **PLAIN))


def test_elementwise_functions_and_pooling_keep_the_order_that_convolution_likes():
    x, w, b, _, static = setting((4, 3, 3, 3), dict(padding=(1, 1)))
    out = convolution.conv(x, w, b, **static)
    for y in (out, np.maximum(out, 0) * 2, pooling.max_pool(out, dilation=(1, 1), **WINDOW)):
        assert layout.hcwn(y).flags.c_contiguous


def test_float32_stays_float32():
    x, w, b, _, static = setting((4, 3, 3, 3), {})
    x, w, b = (torch.tensor(a.astype('float32'), requires_grad=True) for a in (x, w, b))
    y = convolution.conv(x, w, b, **static)
    y = pooling.max_pool(y, dilation=(1, 1), **WINDOW)
    y = pooling.avg_pool(y, count_include_pad=False, divisor_override=None, **WINDOW)
    y.sum().backward()
    assert {y.dtype, x.grad.dtype, w.grad.dtype, b.grad.dtype} == {torch.float32}


# Pooling.

def windows(x, kernel, stride, padding, ceil_mode, dilation=(1, 1)):
    """The pixels inside the image that each window sees, as {place: [(line, column), ...]}."""
    axes = []
    for n, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation):
        starts = range(-p, n + p - d * (k - 1) + (s - 1) * ceil_mode, s)
        axes.append([[i for i in range(start, start + d * k, d) if 0 <= i < n]
                     for start in starts if start < n or not ceil_mode])
    return {(i, j): list(product(axes[0][i], axes[1][j]))
            for i in range(len(axes[0])) for j in range(len(axes[1]))}


@every_window
@pytest.mark.parametrize('dilation', [(1, 1), (2, 1)])
def test_max_pooling_takes_the_first_of_the_largest(window, dilation):
    x = numbers(2, 3, 7, 8).round()                                 # many are equal
    static = dict(window, dilation=dilation)
    out, g = pooling.max_pool(x, **static), 1.0 + np.arange(200)
    seen = windows(x, **static)
    indices = pooling.max_pool_indices(x, **static)
    assert out.shape[2:] == tuple(np.add(max(seen), 1))
    expected, g = np.zeros_like(x), g[:out.shape[3]] * np.ones(out.shape)
    for (a, c), ((i, j), pixels) in product(np.ndindex(2, 3), seen.items()):
        line, column = max(pixels, key=lambda pixel: x[(a, c, *pixel)])     # max: the first
        assert out[a, c, i, j] == x[a, c, line, column]
        assert indices[a, c, i, j] == line * 8 + column
        expected[a, c, line, column] += g[a, c, i, j]
    np.testing.assert_array_equal(pooling.scatter_maxima(g, x, out, **static), expected)


@every_window
@pytest.mark.parametrize('counted', [(True, None), (False, None), (True, 3)], ids=str)
def test_average_pooling_divides_by_the_pixels_or_the_window(window, counted):
    x = numbers(2, 3, 7, 8)
    include, divisor = counted
    out = pooling.avg_pool(x, count_include_pad=include, divisor_override=divisor, **window)
    padded = np.pad(x, ((0, 0), (0, 0), *((p, p) for p in window['padding'])))
    whole = windows(padded, **dict(window, padding=(0, 0)))         # with the padding as pixels
    for place, pixels in windows(x, **window).items():
        total = sum(x[(..., *pixel)] for pixel in pixels)
        count = divisor or len(whole[place] if include else pixels)
        np.testing.assert_allclose(out[(..., *place)], total / count, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize('window', WINDOWS[4:6] + WINDOWS[-1:], ids=lambda w: str([*w.values()]))
def test_pooling_has_derivatives_of_every_order(window):
    x = np.random.default_rng(0).permutation(24).reshape(1, 2, 3, 4) / 8
    x = torch.tensor(x, requires_grad=True)
    more = dict(count_include_pad=False, divisor_override=None)
    for pool in (lambda x: pooling.max_pool(x * x, dilation=(1, 1), **window),
                 lambda x: pooling.avg_pool(x * x, **window, **more)):
        assert gradcheck(pool, x) and gradgradcheck(pool, x)


def test_padding_never_wins_and_not_a_number_always_does():
    x = -np.ones((1, 1, 2, 2))
    window = dict(WINDOW, padding=(1, 1), dilation=(1, 1))
    assert (pooling.max_pool(x, **window) == -1).all()
    x[0, 0, 1, 1] = np.nan
    np.testing.assert_array_equal(pooling.max_pool(x, **window), [[[[-1, -1], [-1, np.nan]]]])


def test_a_window_of_one_pixel_copies_the_image():
    x = numbers(1, 1, 2, 2)
    static = dict(WINDOW, kernel=(1, 1), stride=(1, 1))
    for out in (pooling.max_pool(x, dilation=(1, 1), **static),
                pooling.avg_pool(x, count_include_pad=True, divisor_override=None, **static)):
        assert (out == x).all() and not np.shares_memory(out, x)
