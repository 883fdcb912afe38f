"""Convolution by windows, and its two gradients."""
from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .... import tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
Loops over all places are slow in Python. NumPy can show an array as all its
windows at once, without a copy:

    np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))

makes of a batch of images x, (n, channels, rows, columns), an array (n,
channels, places down, places across, height, width), for stride 1; every
stride-th place is a slice of it. With it a convolution is one product, and so
is the gradient of the weight. np.einsum writes such products by the names of
their axes.

Return out, (n, filters, places down, places across), without bias and without
padding, and the gradients dx and dweight, where g is the gradient of out.
Loops over the height and the width of a filter are allowed, for dx: a pixel
lies in several windows, and what comes from each of them adds.
"""


def conv2d_windows(x, weight, stride, g):
    """out, dx and dweight."""
    a, b = weight.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(x, (a, b), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.einsum('ncijab,kcab->nkij', windows, weight)
    dweight = np.einsum('ncijab,nkij->kcab', windows, g)
    dx = np.zeros_like(x)
    down, across = stride * out.shape[2], stride * out.shape[3]
    for i in range(a):
        for j in range(b):
            terms = np.einsum('nkij,kc->ncij', g, weight[:, :, i, j])
            dx[:, :, i:i + down:stride, j:j + across:stride] += terms
    return out, dx, dweight


def by_columns(x, weight, stride, g):
    """The im2col of many courses."""
    n, c, h, w = x.shape
    k, _, a, b = weight.shape
    rows, columns = (h - a) // stride + 1, (w - b) // stride + 1
    table, places = [], []
    for i in range(rows):
        for j in range(columns):
            place = slice(stride * i, stride * i + a), slice(stride * j, stride * j + b)
            places.append(place)
            table.append(x[(slice(None), slice(None), *place)].reshape(n, -1))
    table = np.stack(table, axis=1)                                  # n, places, c a b
    flat, flat_g = weight.reshape(k, -1), g.reshape(n, k, -1)
    out = (table @ flat.T).transpose(0, 2, 1).reshape(n, k, rows, columns)
    dweight = sum(flat_g[i] @ table[i] for i in range(n)).reshape(weight.shape)
    dtable, dx = flat_g.transpose(0, 2, 1) @ flat, np.zeros(x.shape)
    for i, (down, across) in enumerate(places):
        dx[:, :, down, across] += dtable[:, i].reshape(n, c, a, b)
    return out, dx, dweight


def with_turned_filters(x, weight, stride, g):
    a, b = weight.shape[2:]
    rows, columns = x.shape[2] - a + 1, x.shape[3] - b + 1
    spread = np.zeros((*g.shape[:2], rows, columns), g.dtype)
    spread[:, :, ::stride, ::stride] = g
    windows = sliding_window_view(x, (a, b), axis=(2, 3))
    out = np.tensordot(windows, weight, ([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
    padded = np.pad(spread, [(0, 0), (0, 0), (a - 1, a - 1), (b - 1, b - 1)])
    turned = weight[:, :, ::-1, ::-1]
    dx = np.einsum('nkijab,kcab->ncij', sliding_window_view(padded, (a, b), axis=(2, 3)), turned)
    dweight = np.einsum('nkij,ncijab->kcab', spread, windows)
    return out[:, :, ::stride, ::stride], dx, dweight


def inputs(rng):
    yield (np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]]),
           np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]), 1,
           np.array([[[[1.0, 0.0], [0.0, 2.0]]]]))
    yield (np.array([[[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]]),
           np.array([[[[1.0, 0.0]], [[0.0, 10.0]]], [[[100.0, 0.0]], [[0.0, 0.0]]]]), 1,
           np.array([[[[1.0, 2.0]], [[10.0, 0.0]]]]))
    for n, c, h, w, k, a, b, stride in (
            (2, 3, 5, 6, 4, 3, 2, 1), (3, 2, 6, 5, 4, 2, 3, 1), (2, 3, 7, 8, 2, 3, 3, 2),
            (1, 2, 8, 6, 3, 2, 3, 2), (2, 1, 9, 7, 2, 2, 2, 3)):
        places = (h - a) // stride + 1, (w - b) // stride + 1
        yield (rng.normal(size=(n, c, h, w)), rng.normal(size=(k, c, a, b)), stride,
               rng.normal(size=(n, k, *places)))
    yield (rng.normal(size=(2, 2, 5, 4)).astype(np.float32),
           rng.normal(size=(3, 2, 2, 2)).astype(np.float32), 1,
           rng.normal(size=(2, 3, 4, 3)).astype(np.float32))


def package(x, weight, stride, g):
    x, weight = tensor(x, requires_grad=True), tensor(weight, requires_grad=True)
    out = F.conv2d(x, weight, stride=stride)
    out.backward(tensor(g))
    return out.detach().numpy(), x.grad.numpy(), weight.grad.numpy()


def two_layers(conv2d_windows):
    """The loss of two convolutions that learn what two others do, after 60 steps."""
    rng = np.random.default_rng(0)
    x, first = rng.normal(size=(8, 1, 8, 8)), rng.normal(0, 0.4, (3, 1, 3, 3))
    last = rng.normal(0, 0.3, (2, 3, 3, 3))
    target = forward(x, first, last)
    first, last = first + rng.normal(0, 0.2, first.shape), last + rng.normal(0, 0.2, last.shape)
    for _ in range(60):
        hidden, *_ = conv2d_windows(x, first, 1, np.zeros((8, 3, 6, 6)))
        active = np.maximum(hidden, 0)
        out, *_ = conv2d_windows(active, last, 1, np.zeros((8, 2, 4, 4)))
        errors = 2 * (out - target) / out.size
        _, dactive, dlast = conv2d_windows(active, last, 1, errors)
        _, _, dfirst = conv2d_windows(x, first, 1, dactive * (hidden > 0))
        first, last = first - 0.4 * dfirst, last - 0.4 * dlast
    return float(np.mean((forward(x, first, last) - target)**2))


def forward(x, first, last):
    return F.conv2d(F.conv2d(tensor(x), tensor(first)).relu(), tensor(last)).numpy()


IMAGE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
ONES = np.ones((1, 1, 2, 2))


def number(k, x=IMAGE, weight=ONES, stride=1, g=ONES, at=-1):
    """One number of result k, the last."""
    return lambda conv2d_windows: float(np.ravel(conv2d_windows(x, weight, stride, g)[k])[at])


def scrambled(x, weight, stride, g):
    """im2col with a reshape that does not move its axes: a common mistake."""
    n, c, h, w = x.shape
    k, _, a, b = weight.shape
    windows = sliding_window_view(x, (a, b), axis=(2, 3))[:, :, ::stride, ::stride]
    _, dx, _ = conv2d_windows(x, weight, stride, g)
    places = windows.shape[2:4]
    table = np.reshape(windows, (n * places[0] * places[1], c * a * b))
    flat_g = g.transpose(0, 2, 3, 1).reshape(-1, k)
    out = (table @ weight.reshape(k, -1).T).reshape(n, *places, k).transpose(0, 3, 1, 2)
    return out, dx, (flat_g.T @ table).reshape(weight.shape)


def overwritten(x, weight, stride, g):
    """The loop over places, in which the last window wins."""
    out, _, dweight = conv2d_windows(x, weight, stride, g)
    dx, (a, b) = np.zeros_like(x), weight.shape[2:]
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            rows, columns = (slice(stride * k, stride * k + n) for k, n in ((i, a), (j, b)))
            dx[:, :, rows, columns] = np.einsum('nk,kcab->ncab', g[:, :, i, j], weight)
    return out, dx, dweight


TABLE = 'windows = windows[:, :, ::stride, ::stride]'
OUT = "out = np.einsum('ncijab,kcab->nkij', windows, weight)"
DWEIGHT = "dweight = np.einsum('ncijab,nkij->kcab', windows, g)"
TERMS = "terms = np.einsum('nkij,kc->ncij', g, weight[:, :, i, j])"
PLACES = 'dx[:, :, i:i + down:stride, j:j + across:stride]'

ROW = Training('the second number that the filter (1, 10) makes of the row 1, 2, 3',
               number(0, IMAGE[:, :, :1], np.array([[[[1.0, 10.0]]]]), g=ONES[:, :, :1]))
SECOND_FILTER = Training(
    'the first number of the second filter, 10, at a row of pixels 1, 2', number(
        0, IMAGE[:, :, :1, :2], np.array([[[[1.0]]], [[[10.0]]]]), g=np.ones((1, 2, 1, 2)), at=2))
STRIDE = Training('the last number that four weights of 1 make of the 5x5 image 0 ... 24, with '
                  'stride 2', number(0, np.arange(25.0).reshape(1, 1, 5, 5), stride=2))
MIDDLE = Training('the gradient of the middle of a 3x3 image, for a filter of four weights of 1 '
                  'and g = 1', number(1, at=4))
PIXEL = Training('the gradient of the last pixel, for a filter 1, 2, 3, 4 and g = 1',
                 number(1, weight=IMAGE[:, :, :2, :2]))
BATCH = Training('the gradient of a weight that sees the pixels 1 and 3 of two images, for g = 1',
                 number(2, np.array([1.0, 3.0]).reshape(2, 1, 1, 1), np.ones((1, 1, 1, 1)),
                        g=np.ones((2, 1, 1, 1))))

exercise = Exercise(
    24, 'Convolution by windows, and its gradients', chapter=15, text=TEXT,
    solution=conv2d_windows, inputs=inputs, right=[by_columns, with_turned_filters],
    returns=['out', 'dx', 'dweight'], package=package,
    training=Training('the loss of two convolutions with relu between, after 60 steps',
                      two_layers),
    hints=["Name the axes: n image, c channel, i and j place, a and b place in the filter, k "
           "filter. Then out is np.einsum('ncijab,kcab->nkij', windows, weight).",
           'dweight is the same product with g in place of weight: sum over n, i and j.',
           'The weight at row a and column b of a filter met the pixels a, a + stride, a + 2 '
           'stride, ... down, and b, b + stride, ... across. To those, in dx, add g times it.'],
    mistakes=[
        Mistake('an out whose filter is turned by 180 degrees, as mathematics does it. PyTorch '
                'does not',
                (OUT, OUT.replace('weight)', 'weight[:, :, ::-1, ::-1])')), training=ROW),
        Mistake('a table of windows that is reshaped to (n places, c a b) before the axis of the '
                'channels was moved behind the places: the numbers of different windows are mixed',
                program=scrambled, training=Training(
                    'the first number of two images of two channels, 1 ... 8, for two weights of '
                    '1', number(0, np.arange(1.0, 9.0).reshape(1, 2, 2, 2), np.ones((1, 2, 1, 1)),
                                at=0))),
        Mistake('an out that is reshaped from (n, i, j, k) to (n, k, i, j): the axes have to be '
                'moved, by transpose',
                (OUT, "out = np.einsum('ncijab,kcab->nijk', windows, weight)\n"
                      '    out = out.reshape(g.shape)'), training=SECOND_FILTER),
        Mistake('an out whose filters are exchanged with its images: it is reshaped from (k, n, i, '
                'j)', (OUT, "out = np.einsum('ncijab,kcab->knij', windows, weight)\n"
                            '    out = out.reshape(g.shape)'), training=Training(
                    'the first number of the second filter, 10, for a first image of 1 and a '
                    'second of 2', number(0, np.array([1.0, 2.0]).reshape(2, 1, 1, 1), np.array(
                        [1.0, 10.0]).reshape(2, 1, 1, 1), g=np.ones((2, 2, 1, 1)), at=1))),
        Mistake('an out of the first channel alone: the sum goes over all',
                (OUT, "out = np.einsum('nijab,kab->nkij', windows[:, 0], weight[:, 0])"),
                training=Training('what two weights of 1 make of two channels of 3 and 4',
                                  number(0, np.array([3.0, 4.0]).reshape(1, 2, 1, 1),
                                         np.ones((1, 2, 1, 1)), g=np.ones((1, 1, 1, 1))))),
        Mistake('an out that is a mean of the products, not their sum',
                (OUT, OUT + ' / weight[0].size'), training=ROW),
        Mistake('a convolution whose windows are the first ones, not every stride-th',
                (TABLE, 'windows = windows[:, :, :g.shape[2], :g.shape[3]]'), training=STRIDE),
        Mistake('a convolution without its stride: it uses the windows at every pixel, and g, '
                'which has fewer, does not fit', (TABLE, 'pass'), training=STRIDE),
        Mistake('a dx that is overwritten where it should add: a pixel lies in several windows',
                (f'{PLACES} += terms', f'{PLACES} = terms'), training=MIDDLE, also=[overwritten]),
        Mistake('a g that is reshaped to (n places, filters): the axis of the filters has to be '
                'moved behind the places first, by transpose',
                (TABLE, TABLE + '\n    g = g.reshape(len(g), *g.shape[2:], -1)'
                                '.transpose(0, 3, 1, 2)')),
        Mistake('a filter that is flattened to (a, b, c), and a window to (c, a, b): their numbers '
                'do not belong together',
                (TABLE, TABLE + '\n    weight = weight.transpose(0, 2, 3, 1)'
                                '.reshape(weight.shape)'),
                training=Training(
                    'the number that a filter of two channels, (1, 10) and (100, 1000), makes of '
                    'the pixels (0, 1) and (0, 0)', number(
                        0, np.array([0.0, 1, 0, 0]).reshape(1, 2, 1, 2),
                        np.array([1.0, 10, 100, 1000]).reshape(1, 2, 1, 2),
                        g=np.ones((1, 1, 1, 1))))),
        Mistake('a backward that takes 1 for g', (TABLE, TABLE + '\n    g = np.ones_like(g)'),
                training=Training('the gradient of the weight of one pixel, 2, for g = 3', number(
                    2, np.full((1, 1, 1, 1), 2.0), np.ones((1, 1, 1, 1)),
                    g=np.full((1, 1, 1, 1), 3.0)))),
        Mistake('a dx of 0: nothing comes back', (f'{PLACES} += terms', 'pass'), training=MIDDLE),
        Mistake('a dweight that is reshaped from (c, a, b, k) to (k, c, a, b): it has to be '
                'transposed', (DWEIGHT, DWEIGHT.replace('kcab', 'cabk')
                               + '.reshape(weight.shape)')),
        Mistake('a dx that is divided by the number of windows in which a pixel lies: what comes '
                'from them adds, and is no mean',
                ('dx = np.zeros_like(x)', 'dx, count = np.zeros_like(x), np.zeros_like(x)'),
                (f'{PLACES} += terms', f'{PLACES} += terms\n            ' + (
                    PLACES.replace('dx', 'count') + ' += 1')),
                ('return out, dx,', 'return out, dx / np.maximum(count, 1),'), training=MIDDLE),
        Mistake('a dx whose filter is turned by 180 degrees',
                (TERMS, TERMS.replace('i, j])', '-1 - i, -1 - j])'))),
        Mistake('a dx without the weight: g as it is goes to the pixels',
                (TERMS, "terms = np.repeat(g.sum(axis=1, keepdims=True), x.shape[1], axis=1)"),
                training=PIXEL),
        Mistake('a dx from the first filter alone: what comes from all filters adds',
                (TERMS, "terms = g[:, :1] * weight[0, :, i, j][:, None, None]")),
        Mistake('a dx from the last filter alone',
                (TERMS, "terms = g[:, -1:] * weight[-1, :, i, j][:, None, None]")),
        Mistake('a dx of the mean over the filters, not of their sum',
                (TERMS, TERMS + ' / len(weight)')),
        Mistake('a dx that goes to the pixels side by side, not to every stride-th',
                (f'{PLACES} += terms', 'dx[:, :, i:i + g.shape[2], j:j + g.shape[3]] += terms'),
                training=Training('the gradient of the third of four pixels in a row, for the '
                                  'filter (1, 2), stride 2 and g = 1',
                                  number(1, np.ones((1, 1, 1, 4)), np.array([[[[1.0, 2.0]]]]), 2,
                                         np.ones((1, 1, 1, 2)), 2))),
        Mistake('a dx divided by the number of images', ('return out, dx,',
                                                         'return out, dx / len(x),'),
                training=Training('the gradient of the last of two images of one pixel, for a '
                                  'weight of 1 and g = 1', number(
                                      1, np.ones((2, 1, 1, 1)), np.ones((1, 1, 1, 1)),
                                      g=np.ones((2, 1, 1, 1))))),
        Mistake('a dweight that is a mean over the images: it is a sum, for the weight is used in '
                'each', (DWEIGHT, DWEIGHT + ' / len(x)'), training=BATCH),
        Mistake('a dweight of the first image alone',
                (DWEIGHT, DWEIGHT.replace('windows, g)', 'windows[:1], g[:1])')), training=BATCH),
        Mistake('a dweight of the last image alone',
                (DWEIGHT, DWEIGHT.replace('windows, g)', 'windows[-1:], g[-1:])')),
                training=BATCH),
        Mistake('a dweight that is a mean over the places: it is a sum, for the weight is used at '
                'each', (DWEIGHT, DWEIGHT + ' / g[0, 0].size')),
        Mistake('a dweight that is a mean over images and places',
                (DWEIGHT, DWEIGHT + ' / g[:, 0].size')),
        Mistake('a dweight that is turned by 180 degrees',
                (DWEIGHT, DWEIGHT + '[:, :, ::-1, ::-1]')),
        Mistake('a dweight without g: the pixels are summed as they are',
                (DWEIGHT, DWEIGHT.replace('windows, g)', 'windows, np.ones_like(g))'))),
        Mistake('a dweight of which all channels get the gradient of the first',
                (DWEIGHT, DWEIGHT.replace('windows, g)', 'windows[:, :1] + 0 * windows, g)')),
                training=Training('the gradient of the second channel, of pixel 4, for g = 1',
                                  number(2, np.array([3.0, 4.0]).reshape(1, 2, 1, 1),
                                         np.ones((1, 2, 1, 1)), g=np.ones((1, 1, 1, 1))))),
        Mistake('a dx and a dweight with the wrong sign', ('return out, dx, dweight',
                                                           'return out, -dx, -dweight')),
    ])
