"""Max pooling, forward and backward."""
from __future__ import annotations

import numpy as np

from .... import tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
Max pooling lays a square window of size times size pixels over an image, at
every stride-th row and column where it fits in, and keeps the largest pixel
of each window. The backward brings g, the gradient of out, to that pixel; the
others get nothing, since to change them a little changes nothing.

If several pixels of a window are largest, the first gets all, counted row by
row, as in PyTorch. If windows overlap, a pixel may be largest in several: what
it gets from them adds. Pixels may be negative.

x is (channels, rows, columns); out and g are (channels, places down, places
across). Return out, and the gradient of x.
"""


def max_pool(x, size, stride, g):
    """out and dx."""
    c, h, w = x.shape
    down, across = (h - size) // stride + 1, (w - size) // stride + 1
    out, dx = np.zeros((c, down, across), x.dtype), np.zeros_like(x)
    for k in range(c):
        for i in range(down):
            for j in range(across):
                top, left = stride * i, stride * j
                window = x[k, top:top + size, left:left + size]
                a, b = divmod(window.argmax(), size)
                out[k, i, j] = window[a, b]
                dx[k, top + a, left + b] += g[k, i, j]
    return out, dx


def by_comparing(x, size, stride, g):
    channels, rows, columns = g.shape
    out, dx = np.full(g.shape, -np.inf), np.zeros(x.shape)
    for k, i, j in np.ndindex(channels, rows, columns):
        best = None
        for a in range(stride * i, stride * i + size):
            for b in range(stride * j, stride * j + size):
                if x[k, a, b] > out[k, i, j]:
                    out[k, i, j], best = x[k, a, b], (k, a, b)
        dx[best] += g[k, i, j]
    return out, dx


def with_windows(x, size, stride, g):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    c, down, across = windows.shape[:3]
    flat = windows.reshape(c, down, across, -1)
    a, b = np.unravel_index(flat.argmax(axis=-1), (size, size))
    k, i, j = np.indices((c, down, across))
    dx = np.zeros_like(x)
    np.add.at(dx, (k, stride * i + a, stride * j + b), g)
    return flat.max(axis=-1), dx


def inputs(rng):
    yield np.array([[[1.0, 2.0], [4.0, 3.0]]]), 2, 2, np.array([[[10.0]]])
    yield (np.array([[[1.0, 5.0, 5.0, 2.0], [5.0, 5.0, 3.0, 5.0]]]), 2, 2,
           np.array([[[1.0, 10.0]]]))
    yield (np.array([[[1.0, 2.0, 1.0], [2.0, 9.0, 8.0], [1.0, 7.0, 1.0]]]), 2, 1,
           np.array([[[1.0, 10.0], [100.0, 1000.0]]]))
    for c, h, w, size, stride in (2, 4, 6, 2, 2), (3, 6, 7, 3, 2), (2, 5, 4, 2, 1), (1, 8, 7, 3, 3):
        places = (h - size) // stride + 1, (w - size) // stride + 1
        yield rng.normal(size=(c, h, w)), size, stride, rng.normal(size=(c, *places))
    yield (rng.permutation(50).reshape(2, 5, 5) - 60.0, 3, 2, rng.normal(size=(2, 2, 2)))
    yield (rng.integers(0, 2, (2, 4, 6)) + 0.5, 2, 2, rng.normal(size=(2, 2, 3)))
    yield (rng.normal(size=(2, 4, 4)).astype(np.float32), 2, 2,
           rng.normal(size=(2, 2, 2)).astype(np.float32))


def train(max_pool):
    """The loss of a filter under a max pooling, which learns what another one does."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(8, 1, 7, 7)), rng.normal(size=(1, 1, 3, 3))
    target = F.max_pool2d(F.conv2d(tensor(x), tensor(w)), 3, 2).numpy()[:, 0]
    w = tensor(w + rng.normal(0, 0.7, w.shape), requires_grad=True)
    for _ in range(100):
        w.grad = None
        hidden = F.conv2d(tensor(x), w)
        images = hidden.detach().numpy()[:, 0]
        out, _ = max_pool(images, 3, 2, np.zeros_like(target))
        errors = 2 * (out - target) / out.size
        hidden.backward(tensor(max_pool(images, 3, 2, errors)[1][:, None]))
        w = tensor(w.detach().numpy() - 0.1 * w.grad.numpy(), requires_grad=True)
    out = F.max_pool2d(F.conv2d(tensor(x), w), 3, 2)
    return F.mse_loss(out[:, 0], tensor(target)).item()


def number(k, x, stride=2, g=1.0, at=-1):
    """One number of result k, for windows of 2x2."""
    x = np.array([x], float)
    places = [(n - 2) // stride + 1 for n in x.shape[1:]]
    return lambda max_pool: float(np.ravel(max_pool(x, 2, stride, np.full((1, *places), g))[k])[at])


def package(x, size, stride, g):
    x = tensor(x, requires_grad=True)
    out = F.max_pool2d(x, size, stride)
    out.backward(tensor(g))
    return out.detach().numpy(), x.grad.numpy()


PLACE = 'a, b = divmod(window.argmax(), size)'
ADD = 'dx[k, top + a, left + b] += g[k, i, j]'
OUT = 'out[k, i, j] = window[a, b]'
COUNT = '(h - size) // stride + 1, (w - size) // stride + 1'
EQUAL = 'dx[k, top:top + size, left:left + size]'

TIES = Training('the gradients of four equal pixels, summed, for g = 1',
                lambda max_pool: max_pool(np.ones((1, 2, 2)), 2, 2, np.ones((1, 1, 1)))[1].sum())
FIRST_OF_TWO = Training('the gradient of the first of four equal pixels, for g = 1',
                        number(1, [[1, 1], [1, 1]], at=0))
OVERLAP = Training('the gradient of the largest pixel, in the middle of 3x3, with stride 1 and g = '
                   '1', number(1, [[1, 2, 3], [4, 9, 5], [6, 7, 8]], 1, at=4))
NEGATIVE = Training('the largest of -1, -2, -3 and -4', number(0, [[-1, -2], [-3, -4]]))
RIGHT_WINDOW = Training('the largest gradient in the right half of an image, where a window has '
                        'its largest pixel', lambda max_pool: max_pool(
                            np.array([[[4.0, 1.0, 1.0, 4.0], [1.0, 1.0, 1.0, 1.0]]]), 2, 2,
                            np.ones((1, 1, 2)))[1][:, :, 2:].max())
WITH_G = Training('the gradient of the largest of four pixels, 4, for g = 3',
                  number(1, [[1, 2], [3, 4]], g=3.0))
PLACES = Training('how many numbers windows of 2x2 make of a 6x6 image, with stride 2',
                  lambda max_pool: np.size(max_pool(np.ones((1, 6, 6)), 2, 2,
                                                    np.ones((1, 3, 3)))[0]))

exercise = Exercise(
    25, 'Max pooling, forward and backward', chapter=15, text=TEXT, solution=max_pool,
    inputs=inputs, right=[by_comparing, with_windows], returns=['out', 'dx'], package=package,
    training=Training('the loss of a filter under a max pooling, after 100 steps', train),
    hints=['window.argmax() is the number of the first largest pixel, counted row by row: divmod '
           'by the number of columns of the window makes a row and a column of it.',
           'These are counted from the corner of the window, which is at (stride i, stride j).',
           '+= and not =, for windows may overlap.'],
    mistakes=[
        Mistake('a dx in which every largest pixel gets g, if several are largest (window == '
                'window.max()): more comes back than came', (ADD, f'{EQUAL} += (window == '
                                                             'window.max()) * g[k, i, j]'),
                training=TIES),
        Mistake('a dx in which every largest pixel gets g, and windows that overlap overwrite each '
                'other: = stands where += should', (ADD, f'{EQUAL} = (window == window.max()) * '
                                                         'g[k, i, j]'), training=TIES),
        Mistake('a dx in which all pixels of the channel get g that are as large as the largest of '
                'the window, also those outside of it',
                (ADD, 'dx[k][x[k] == window.max()] += g[k, i, j]'), training=Training(
                    'the gradients of two windows of four equal pixels, summed, for g = 1',
                    lambda max_pool: max_pool(np.ones((1, 2, 4)), 2, 2,
                                              np.ones((1, 1, 2)))[1].sum())),
        Mistake('a dx in which several largest pixels share g. PyTorch does so in amax, '
                'but in pooling the first gets all',
                (ADD, f'{EQUAL} += (window == window.max()) * g[k, i, j] / (window == '
                      'window.max()).sum()'), training=FIRST_OF_TWO),
        Mistake('a dx in which the last of several largest pixels gets all, as >= in a loop makes '
                'it', (PLACE, 'a, b = divmod(size**2 - 1 - window[::-1, ::-1].argmax(), size)'),
                training=FIRST_OF_TWO),
        Mistake('a dx in which the first of several largest pixels is counted column by column',
                (PLACE, 'b, a = divmod(window.T.argmax(), size)'), training=Training(
                    'the gradient of the upper right of four pixels, which is largest together '
                    'with the lower left one, for g = 1', number(1, [[1, 2], [2, 1]], at=1))),
        Mistake('a dx that is overwritten where windows overlap: = stands where += should',
                (ADD, ADD.replace('+=', '=')), training=OVERLAP,
                also=[[(ADD, f'{EQUAL} = 0\n                ' + ADD.replace('+=', '='))]]),
        Mistake('a dx that is spread evenly over the window: that is the backward of the mean',
                (ADD, f'{EQUAL} += g[k, i, j] / size**2')),
        Mistake('a dx in which every pixel of the window gets g',
                (ADD, f'{EQUAL} += g[k, i, j]')),
        Mistake('a dx that goes to the corner of the window, not to the largest pixel',
                (ADD, 'dx[k, top, left] += g[k, i, j]')),
        Mistake('a dx that forgets the corner: the place in the window is taken for the place in '
                'the image', (ADD, 'dx[k, a, b] += g[k, i, j]')),
        Mistake('a dx in which the number of the pixel in the window (argmax) is taken for its '
                'number in the image', (ADD, 'dx[k].flat[window.argmax()] += g[k, i, j]')),
        Mistake('a dx with row and column exchanged in the window',
                (ADD, 'dx[k, top + b, left + a] += g[k, i, j]')),
        Mistake('a pooling whose row and column in the window are counted with the stride, not '
                'with the size of the window', (PLACE, 'a, b = divmod(window.argmax(), stride)'),
                (OUT, 'out[k, i, j] = window.max()'), training=Training(
                    'the gradient of the lower left pixel, the largest, with windows of 2x2 and '
                    'stride 3', number(1, [[1, 0, 0], [2, 0, 0]], 3, at=3))),
        Mistake('a dx of 1 at the largest pixel, without g',
                (ADD, ADD.replace('g[k, i, j]', '1')), training=WITH_G),
        Mistake('a dx that is g times the largest pixel: the slope of a pixel to itself is 1',
                (ADD, ADD + ' * window[a, b]'), training=WITH_G),
        Mistake('a dx at the smallest pixel (argmin)', (PLACE, PLACE.replace('argmax', 'argmin')),
                (OUT, 'out[k, i, j] = window.max()')),
        Mistake('a pooling that keeps the smallest pixel',
                (PLACE, PLACE.replace('argmax', 'argmin')), training=NEGATIVE),
        Mistake('a pooling that begins with 0: windows of negative pixels give 0. Begin with '
                '-inf, or with the first pixel', (OUT, 'out[k, i, j] = max(window[a, b], 0)'),
                training=NEGATIVE, also=[[
                    (OUT, 'out[k, i, j] = max(window[a, b], 0)'),
                    (PLACE, f'{PLACE} if window.max() > 0 else (0, 0)')]]),
        Mistake('a pooling with 0 for negative windows, in out and in dx, as relu would do it',
                (OUT, 'out[k, i, j] = max(window[a, b], 0)'),
                (ADD, ADD + ' * (window[a, b] > 0)'), training=NEGATIVE),
        Mistake('a pooling of the largest absolute value',
                (PLACE, 'a, b = divmod(np.abs(window).argmax(), size)'), training=NEGATIVE,
                also=[[(PLACE, 'a, b = divmod(np.abs(window).argmax(), size)'),
                       (OUT, 'out[k, i, j] = np.abs(window).max()')]]),
        Mistake('a pooling that takes the mean of the window',
                (OUT, 'out[k, i, j] = window.mean()'), training=NEGATIVE),
        Mistake('a mean pooling, forward and backward', (OUT, 'out[k, i, j] = window.mean()'),
                (ADD, f'{EQUAL} += g[k, i, j] / size**2'), training=NEGATIVE),
        Mistake('a pooling that moves by the size of the window, whatever stride is',
                ('stride * i, stride * j', 'min(size * i, h - size), min(size * j, w - size)'),
                also=[[('stride * i, stride * j', 'size * i, size * j'),
                       (COUNT, COUNT.replace('stride', 'size'))]],
                training=Training('the second number of out for stride 1, of the pixels 1 ... 4',
                                  number(0, [[1, 2, 3, 4], [1, 2, 3, 4]], 1, at=1))),
        Mistake('a pooling that moves by 1, and only counts its places with the stride',
                ('stride * i, stride * j', 'i, j'), training=RIGHT_WINDOW),
        Mistake('a pooling whose windows move by 1, while dx moves by the stride',
                ('x[k, top:top + size, left:left + size]', 'x[k, i:i + size, j:j + size]')),
        Mistake('a dx that moves by 1, while the windows move by the stride',
                (ADD, 'dx[k, i + a, j + b] += g[k, i, j]')),
        Mistake('a pooling of which the last row and the last column of places are missing',
                (COUNT, '(h - size) // stride, (w - size) // stride'), training=PLACES),
        Mistake('a pooling with the largest pixel of the whole channel in every window',
                (OUT, 'out[k, i, j] = x[k].max()'), training=Training(
                    'the second number of out, for the windows 1 ... 4 and 0', number(
                        0, [[1, 2, 0, 0], [3, 4, 0, 0]]))),
        Mistake('a pooling in which the place of the first channel is used for all channels',
                (PLACE, 'a, b = divmod(x[0, top:top + size, left:left + size].argmax(), size)'),
                training=Training('out for the pixels 4 ... 1 in a second channel, where the first '
                                  'has 1 ... 4', lambda max_pool: max_pool(
                                      np.array([[[1.0, 2], [3, 4]], [[4, 3], [2, 1]]]), 2, 2,
                                      np.ones((2, 1, 1)))[0][1, 0, 0])),
        Mistake('a dx with the wrong sign', (ADD, ADD.replace('+=', '-='))),
        Mistake('a dx that is nothing: g is not used', (ADD, 'pass'), training=WITH_G),
    ])
