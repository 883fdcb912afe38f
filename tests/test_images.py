"""Convolution and pooling as functions of arrays: plain loops say what they should compute."""
from itertools import product

import numpy as np
import pytest

import tinygrad_adam as torch
from tinygrad_adam.autograd import gradcheck, gradgradcheck
from tinygrad_adam.ops import images

PLAIN = dict(stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1)
CONVOLUTIONS = [  # filters (o, c / groups, kh, kw), and what differs from PLAIN
    ((4, 3, 3, 3), {}),
    ((4, 7, 3, 2), {}),                                             # channels enough for no copy
    ((4, 7, 3, 3), dict(padding=(1, 2))),
    ((2, 3, 1, 1), dict(padding=(2, 1))),                           # more padding than filter
    ((2, 7, 3, 2), dict(stride=(2, 3))),
    ((2, 3, 1, 2), dict(stride=(3, 4), padding=(1, 1))),            # pixels that no filter meets
    ((2, 7, 2, 3), dict(dilation=(2, 3))),
    ((4, 2, 3, 2), dict(groups=2, padding=(1, 1))),
    ((6, 1, 2, 2), dict(groups=3, stride=(1, 2))),                  # of each channel, two
    ((4, 7, 2, 3), dict(groups=2, stride=(2, 1), padding=(1, 3), dilation=(3, 2))),
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
        monkeypatch.setattr(images, 'BLOCK', 300)
        monkeypatch.setattr(images, 'PRODUCT', 300)


def numbers(*shape, dtype='float64'):
    return np.random.default_rng(len(shape)).normal(size=shape).astype(dtype)


def setting(filters, more, n=2):
    """Images, filters, biases, a gradient in the result, and the keyword arguments."""
    static = {**PLAIN, **more}
    x, w, b = numbers(n, filters[1] * static['groups'], 9, 8), numbers(*filters), numbers(filters[0])
    return x, w, b, numbers(*images.conv(x, w, b, **static).shape), static


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
    np.testing.assert_allclose(images.conv(x, w, b, **static), looped(x, w, b, **static),
                               rtol=0, atol=1e-12)


@every_convolution
def test_the_transposes_of_convolution_are_transposes(filters, more, sizes):
    x, w, b, g, static = setting(filters, more)
    product = (images.conv(x, w, **static) * g).sum()
    np.testing.assert_allclose(
        [(x * images.conv_input(g, w, shape=x.shape, **static)).sum(),
         (w * images.conv_weight(x, g, shape=w.shape, **static)).sum()], product, rtol=1e-12)


@every_convolution
def test_no_images_give_no_results_and_zero_gradients(filters, more):
    x, w, b, g, static = setting(filters, more, n=0)
    assert images.conv_input(g, w, shape=x.shape, **static).shape == x.shape
    np.testing.assert_array_equal(images.conv_weight(x, g, shape=w.shape, **static), 0 * w)


@every_convolution
def test_convolution_has_derivatives_of_every_order(filters, more):
    x, w, b, g, static = setting(filters, more, n=1)
    x, w, g = x[..., :max(filters[2] + 1, 5), :], w / 3, None
    x, w, b = (torch.tensor(a, requires_grad=True) for a in (x, w, b))
    out = images.conv(x, w, b, **static)
    g = torch.tensor(numbers(*out.shape), requires_grad=True)
    for function, *inputs in ((lambda x, w, b: images.conv(x, w, b, **static), x, w, b),
                              (lambda g, w: images.conv_input(g, w, shape=x.shape, **static), g, w),
                              (lambda x, g: images.conv_weight(x, g, shape=w.shape, **static), x, g)):
        assert gradcheck(function, inputs) and gradgradcheck(function, inputs)
