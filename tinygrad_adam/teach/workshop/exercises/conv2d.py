"""Convolution by loops."""
from __future__ import annotations

from functools import lru_cache

import numpy as np

from .... import amax, manual_seed, nn, optim, tensor
from ....nn import functional as F
from ..exercise import Exercise, Mistake, Training

TEXT = """
A convolution lays a small matrix of weights, a filter, over an image, at one
place after the other, multiplies what lies on each other, and sums it up. An
image has channels (as red, green, blue), and a filter has a matrix for each;
the sum goes over all channels. So for filter k

    out[k, i, j] = bias[k] + sum over c, a, b of
                   weight[k, c, a, b] * padded[c, stride i + a, stride j + b]

padded is x with `padding` rows and columns of zeros on each of its four
sides. The places are all those at which the filter fits in: of a side of h
pixels, a filter of height 3 without padding and with stride 1 has h - 2.

x has the shape (channels, rows, columns), weight (filters, channels, height,
width), bias (filters,). Return out, (filters, rows, columns). The filter is
not turned by 180 degrees, as mathematicians do; nn.Conv2d does not turn it.
"""


def conv2d(x, weight, bias, stride, padding):
    """The output, (filters, rows, columns)."""
    (c, h, w), (filters, _, a, b) = x.shape, weight.shape
    rows = (h + 2 * padding - a) // stride + 1
    columns = (w + 2 * padding - b) // stride + 1
    padded = np.zeros((c, h + 2 * padding, w + 2 * padding), x.dtype)
    padded[:, padding:padding + h, padding:padding + w] = x
    out = np.zeros((filters, rows, columns), x.dtype)
    for k in range(filters):
        for i in range(rows):
            for j in range(columns):
                top, left = stride * i, stride * j
                window = padded[:, top:top + a, left:left + b]
                out[k, i, j] = (weight[k] * window).sum() + bias[k]
    return out


def six_loops(x, weight, bias, stride, padding):
    channels, h, w = x.shape
    filters, _, height, width = weight.shape
    rows = int((h + 2 * padding - height) / stride) + 1
    columns = int((w + 2 * padding - width) / stride) + 1
    out = np.zeros((filters, rows, columns))
    for k in range(filters):
        for i in range(rows):
            for j in range(columns):
                total = bias[k]
                for c in range(channels):
                    for a in range(height):
                        for b in range(width):
                            row, column = stride * i + a - padding, stride * j + b - padding
                            if 0 <= row < h and 0 <= column < w:
                                total += weight[k, c, a, b] * x[c, row, column]
                out[k, i, j] = total
    return out


def shifted_images(x, weight, bias, stride, padding):
    padded = np.pad(x, [(0, 0), (padding, padding), (padding, padding)])
    height, width = weight.shape[2:]
    rows, columns = padded.shape[1] - height + 1, padded.shape[2] - width + 1
    out = np.zeros((len(weight), rows, columns)) + bias[:, None, None]
    for a in range(height):
        for b in range(width):
            out += np.tensordot(weight[:, :, a, b], padded[:, a:a + rows, b:b + columns], 1)
    return out[:, ::stride, ::stride]


def inputs(rng):
    yield (np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]),
           np.array([[[[1.0, 0.0], [0.0, 10.0]]]]), np.array([0.5]), 1, 0)
    yield (np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]),
           np.array([0.0]), 1, 1)
    yield (np.array([[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]),
           np.array([[[[1.0, 10.0]], [[100.0, 1000.0]]]]), np.array([0.5]), 1, 0)
    yield (np.array([[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]),
           np.array([[[[1.0, 10.0]]], [[[100.0, 0.0]]]]), np.array([0.5, 0.25]), 2, 0)
    for c, h, w, filters, a, b, stride, padding in (
            (2, 5, 6, 3, 3, 3, 1, 1), (3, 6, 7, 2, 3, 2, 2, 1), (2, 8, 7, 3, 2, 3, 2, 0),
            (1, 7, 5, 2, 3, 3, 1, 0), (2, 6, 8, 2, 3, 3, 2, 2)):
        yield (rng.normal(size=(c, h, w)), rng.normal(size=(filters, c, a, b)),
               rng.normal(size=filters), stride, padding)
    yield (rng.normal(size=(2, 4, 5)).astype(np.float32),
           rng.normal(size=(2, 2, 3, 3)).astype(np.float32),
           rng.normal(size=2).astype(np.float32), 1, 1)


CORNER = np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])


def corners(n):
    """Images with noise, and which of four ways a corner in each of them is turned."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 0.2, (n, 2, 8, 8)), np.arange(n) % 4
    for image, turns in zip(x, y):
        i, j = rng.integers(6, size=2)
        image[1, i:i + 3, j:j + 3] += np.rot90(CORNER, turns)
    return x.astype(np.float32), y


@lru_cache(None)
def network():
    """Six filters, stride 1, padding 1, that were trained to tell corners; then a linear layer."""
    manual_seed(0)
    x, y = map(tensor, corners(128))
    filters, last = nn.Conv2d(2, 6, 3, padding=1), nn.Linear(6, 4)
    optimizer = optim.Adam([*filters.parameters(), *last.parameters()], 0.03)
    for _ in range(60):
        optimizer.zero_grad()
        loss = F.cross_entropy(last(amax(filters(x), (2, 3))), y)
        loss.backward()
        optimizer.step()
    return filters, last


def loss(conv2d):
    """Of the trained network, where this convolution takes the place of its own."""
    x, y = corners(16)
    filters, last = network()
    weight, bias = filters.weight.detach().numpy(), filters.bias.detach().numpy()
    largest = [conv2d(image, weight, bias, 1, 1).max(axis=(1, 2)) for image in x]
    return F.cross_entropy(last(tensor(np.array(largest, np.float32))), tensor(y)).item()


def count(conv2d):
    return np.size(conv2d(np.ones((1, 9, 9)), np.ones((1, 1, 3, 3)), np.zeros(1), 2, 1))


def corner(conv2d):
    x = np.arange(1.0, 10.0).reshape(1, 3, 3)
    return conv2d(x, np.ones((1, 1, 3, 3)), np.full(1, 0.5), 1, 1).flat[0]


def last_place(conv2d):
    x = np.arange(25.0).reshape(1, 5, 5)
    return conv2d(x, np.ones((1, 1, 1, 1)), np.zeros(1), 2, 0).flat[-1]


def package(x, weight, bias, stride, padding):
    return F.conv2d(*map(tensor, (x[None], weight, bias)), stride, padding).numpy()[0]


PLACES = 'top, left = stride * i, stride * j'
SUM = '(weight[k] * window).sum() + bias[k]'
INSIDE = 'padded[:, padding:padding + h, padding:padding + w] = x'
PADDED = 'padded = np.zeros((c, h + 2 * padding, w + 2 * padding), x.dtype)'
ROWS = 'rows = (h + 2 * padding - a) // stride + 1'
COLUMNS = 'columns = (w + 2 * padding - b) // stride + 1'

COUNT = Training('how many numbers a filter of 3x3 makes of a 9x9 image, with stride 2 and padding '
                 '1', count)
LAST = Training('the last number that a filter of one weight, 1, makes of the 5x5 image 0 ... 24, '
                'with stride 2', last_place)
NOT_SQUARE = Training('the last number that a filter of 2x2 ones makes of the 2x5 image 0 ... 9',
                      lambda conv2d: conv2d(np.arange(10.0).reshape(1, 2, 5), np.ones((1, 1, 2, 2)),
                                            np.zeros(1), 1, 0).flat[-1])
CHANNELS = Training('the sum of what a filter of 1x1 ones makes of two channels of one pixel, 3 '
                    'and 4, with padding 1', lambda conv2d: conv2d(
                        np.array([[[3.0]], [[4.0]]]), np.ones((1, 2, 1, 1)), np.zeros(1), 1,
                        1).sum())
CORNER_SUM = Training('the first number that nine weights of 1 and a bias of 0.5 make of the 3x3 '
                      'image 1 ... 9, with padding 1', corner)

exercise = Exercise(
    23, 'Convolution by loops', chapter=15, text=TEXT, solution=conv2d, inputs=inputs,
    right=[six_loops, shifted_images], package=package,
    training=Training('the loss of a trained network that tells corners, in which this '
                      'convolution takes the place of its own', loss),
    hints=['At how many places does a row of h + 2 padding pixels take a filter of height a, if it '
           'moves by stride? Count for h = 5, a = 3, stride 1, then 2.',
           'Three loops, over k, i and j; the sums over c, a and b are one .sum() of a window of '
           'the padded image, times weight[k].',
           'The window begins at row stride * i, and column stride * j, of the padded image.'],
    mistakes=[
        Mistake('a convolution whose filter is turned by 180 degrees, as mathematics and '
                'scipy.signal.convolve2d do it. PyTorch, and the formula here, do not turn it',
                ('weight[k] * window', 'weight[k, :, ::-1, ::-1] * window')),
        Mistake('a convolution whose filter is turned, and its channels are in reverse order, too: '
                'np.flip without axes turns them all',
                ('weight[k] * window', 'np.flip(weight[k]) * window')),
        Mistake('a convolution whose filter is upside down: its rows are in reverse order',
                ('weight[k] * window', 'weight[k, :, ::-1] * window')),
        Mistake('a convolution whose filter is mirrored: its columns are in reverse order',
                ('weight[k] * window', 'weight[k, :, :, ::-1] * window')),
        Mistake('a convolution of which the last row and the last column of places are missing: '
                'h - a is the last place, and with the place 0 there are h - a + 1',
                (ROWS, ROWS.replace(' + 1', '')), (COLUMNS, COLUMNS.replace(' + 1', '')),
                training=COUNT),
        Mistake('a convolution that moves by 1, and only counts its places with the stride: the '
                'window begins at row i and not at stride * i', (PLACES, 'top, left = i, j'),
                training=LAST),
        Mistake('a convolution that moves by stride from row to row, but by 1 from column to '
                'column', (PLACES, 'top, left = stride * i, j'), training=LAST),
        Mistake('a convolution without a stride: it moves by 1, whatever stride is',
                (ROWS, ROWS.replace('// stride ', '')),
                (COLUMNS, COLUMNS.replace('// stride ', '')),
                (PLACES, 'top, left = i, j'), training=COUNT),
        Mistake('a convolution without padding',
                ('(c, h, w), (filters', 'padding = 0\n    (c, h, w), (filters')),
        Mistake('a convolution that is padded by half the filter, whatever padding is: such that '
                'out gets the size of the image, as Keras names it "same"',
                ('(c, h, w), (filters, _, a, b) = x.shape, weight.shape',
                 '(c, h, w), (filters, _, a, b) = x.shape, weight.shape\n    padding = a // 2'),
                training=Training('how many numbers a filter of 3x3 makes of a 9x9 image without '
                                  'padding', lambda conv2d: np.size(conv2d(
                                      np.ones((1, 9, 9)), np.ones((1, 1, 3, 3)), np.zeros(1), 1,
                                      0)))),
        Mistake('a convolution that is padded, but whose places are counted without the padding: '
                'those at the lower and right side are missing',
                (ROWS, 'rows = (h - a) // stride + 1'),
                (COLUMNS, 'columns = (w - b) // stride + 1'),
                training=COUNT),
        Mistake('a convolution whose places are counted with the padding of one side: it is on '
                'both', (ROWS, ROWS.replace('2 * ', '')), (COLUMNS, COLUMNS.replace('2 * ', '')),
                training=COUNT),
        Mistake('a convolution that is padded below and at the right alone, by twice as much: the '
                'image lies in the corner of the padded one', (INSIDE, 'padded[:, :h, :w] = x'),
                training=CORNER_SUM),
        Mistake('a convolution that is padded above and at the left alone, by twice as much',
                (INSIDE, 'padded[:, 2 * padding:, 2 * padding:] = x'), training=CORNER_SUM),
        Mistake('a convolution that is padded with the pixels of the edge, not with 0',
                (INSIDE, "padded[:] = np.pad(x, [(0, 0)] + 2 * [(padding, padding)], 'edge')")),
        Mistake('a convolution that is padded with 1, not with 0', (PADDED, PADDED.replace(
            'np.zeros', 'np.ones'))),
        Mistake('a convolution whose channels are padded, too: np.pad(x, padding) adds to every '
                'axis',
                (PADDED, 'padded = np.pad(x, padding)'), (INSIDE, 'pass'), training=CHANNELS),
        Mistake('a convolution whose rows and columns of places are exchanged: it stops, or goes '
                'wrong, where an image is not square',
                (ROWS, ROWS.replace('(h', '(w').replace('- a', '- b')),
                (COLUMNS, COLUMNS.replace('(w', '(h').replace('- b', '- a')), training=NOT_SQUARE,
                also=[[(ROWS, ROWS.replace('(h', '(w')), (COLUMNS, COLUMNS.replace('(w', '(h'))]]),
        Mistake('a convolution whose filters are transposed: rows and columns of each are '
                'exchanged', ('weight[k] * window', 'weight[k].transpose(0, 2, 1) * window')),
        Mistake('a convolution whose places are counted as if the filter had no size: the last '
                'windows hang out of the image',
                (ROWS, 'rows = (h + 2 * padding) // stride'),
                (COLUMNS, 'columns = (w + 2 * padding) // stride'), training=NOT_SQUARE),
        Mistake('a convolution of the first channel alone: the sum goes over all',
                ('weight[k] * window', 'weight[k, 0] * window[0]')),
        Mistake('a convolution of the last channel alone, as a loop leaves it in which = stands '
                'where += should', ('weight[k] * window', 'weight[k, -1] * window[-1]')),
        Mistake('a convolution that takes the mean over the channels, not their sum',
                (SUM, '(weight[k] * window).sum() / c + bias[k]')),
        Mistake('a convolution whose filters have one matrix for all channels, the first',
                ('weight[k] * window', 'weight[k, :1] * window')),
        Mistake('a convolution without its bias', (SUM, '(weight[k] * window).sum()')),
        Mistake('a convolution to which the bias is added once a channel',
                (SUM, '(weight[k] * window).sum() + c * bias[k]')),
        Mistake('a convolution to which the bias is added once a weight',
                (SUM, '(weight[k] * window + bias[k]).sum()'), training=CORNER_SUM),
        Mistake('a convolution with the first bias for all filters',
                (SUM, '(weight[k] * window).sum() + bias[0]')),
        Mistake('a convolution from which the bias is subtracted',
                (SUM, '(weight[k] * window).sum() - bias[k]')),
        Mistake('a convolution with the first filter alone: weight[0] stands where weight[k] '
                'should', ('weight[k] * window', 'weight[0] * window')),
        Mistake('a convolution with the last filter and bias for all: out[:, i, j] stands where '
                'out[k, i, j] should', ('out[k, i, j]', 'out[:, i, j]')),
        Mistake('a convolution that takes the mean of the products, not their sum',
                (SUM, '(weight[k] * window).mean() + bias[k]')),
        Mistake('a convolution that takes the largest of the products, not their sum',
                (SUM, '(weight[k] * window).max() + bias[k]')),
        Mistake('a convolution with a relu in it: that is a layer of its own',
                (SUM, f'max(0, {SUM})'), training=Training(
                    'what a weight of -1 makes of a pixel of 2', lambda conv2d: conv2d(
                        np.full((1, 1, 1), 2.0), np.full((1, 1, 1, 1), -1.0), np.zeros(1), 1,
                        0).sum())),
        Mistake('a convolution whose rows are counted from below: out is upside down',
                ('out[k, i, j]', 'out[k, rows - 1 - i, j]'), training=LAST),
    ])
