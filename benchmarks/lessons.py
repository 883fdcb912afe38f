"""One idea at a time: what was written first against the faster form, turn about.

    python benchmarks/lessons.py [--seconds 1]

The chapter in README.md goes through the rows. One thread, the mean of the fastest fifth.
"""
import argparse
import json
from pathlib import Path

import first_draft
import numpy as np
import timing
from programs import CASES

import tinygrad_adam as torch
from tinygrad_adam.nn import functional as F
from tinygrad_adam.ops import convolution, layout, pointwise, pooling

F32 = np.float32
SAME = dict(stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
POOL = dict(kernel=(2, 2), stride=(2, 2), padding=(0, 0), dilation=(1, 1), ceil_mode=False)


def randoms(*shapes):
    random = np.random.default_rng(0)
    return [random.standard_normal(shape, F32) for shape in shapes]


def by_line(x):
    """The same images (n, c, h, w), in memory as (h, c, w, n)."""
    return layout.nchw(np.ascontiguousarray(layout.hcwn(x)))


def relu():
    x, = randoms((256, 256))
    return lambda: np.where(x > 0, x, F32(0)), lambda: np.maximum(x, 0)


def zeros():
    x, = randoms((256, 256))
    return lambda: np.maximum(x, 0), lambda: pointwise.relu(x)


def transposed():
    """Images one after the other, as they come, into memory where they lie side by side."""
    x, = randoms((64, 64, 8, 8))
    return lambda: np.ascontiguousarray(layout.hcwn(x)), lambda: layout.packed(x)


def squares():
    x, = randoms((256, 256))
    return lambda: np.power(x, 2.0), lambda: x * x


def bias_gradient():
    g, ones = *randoms((1024, 10)), np.ones(1024, F32)
    return lambda: g.sum(0), lambda: ones @ g


def memory():
    x, = randoms((1024, 1024))
    out = np.empty_like(x)
    return lambda: x * x * x, lambda: np.multiply(np.multiply(x, x, out=out), x, out=out)


def losses():
    """The classes of 64 x 10 scores: operations of the graph against the function."""
    x, labels = torch.randn(64, 10).requires_grad_(), np.arange(64) % 10
    rows = np.arange(64)

    def composed():
        e = pointwise.exp(x - x.detach().amax(1, keepdim=True))
        (-(e / e.sum(1, keepdim=True)).log()[rows, labels].mean()).backward()

    target = torch.tensor(labels)
    return composed, lambda: F.cross_entropy(x, target).backward()


def conv():
    x, w, b, g = randoms((64, 32, 16, 16), (32, 32, 3, 3), (32,), (64, 32, 16, 16))
    first = first_draft.Conv2d(w, b, 1)
    x_by_line, g_by_line = by_line(x), by_line(g)

    def fast():
        convolution.conv(x_by_line, w, b, **SAME)
        convolution.conv_input(g_by_line, w, shape=x.shape, **SAME)
        convolution.conv_weight(x_by_line, g_by_line, shape=w.shape, **SAME)

    return lambda: (first.forward(x), first.backward(g)), fast


def pool():
    x, g = randoms((64, 32, 16, 16), (64, 32, 8, 8))
    first, x_by_line, g_by_line = first_draft.MaxPool2d(), by_line(x), by_line(g)

    def fast():
        out = pooling.max_pool(x_by_line, **POOL)
        pooling.scatter_maxima(g_by_line, x_by_line, out, **POOL)

    return lambda: (first.forward(x), first.backward(g)), fast


def adam(key):
    return lambda: (CASES[key].step_by_hand(by_hand=first_draft), CASES[key].step(torch))


def sequence():
    return CASES['lstm'].step_by_hand(by_hand=first_draft), CASES['lstm'].step(torch)


LESSONS = {
    'relu: where, maximum': relu,
    'relu: maximum with a number, with an array of zeros': zeros,
    'square: power, product': squares,
    'gradient of a bias: sum, product with ones': bias_gradient,
    'two products of 1M floats: new memory, the same memory': memory,
    'cross-entropy: composed, two operations': losses,
    'images side by side: all at once, 16 at a time': transposed,
    'convolution 3x3, 32 to 32, 16x16: im2col, lines': conv,
    'max pool 2x2: argmax, slices': pool,
    'a step of LSTM: first draft, a sequence at once': sequence,
    'Adam, 100k in 20 tensors: textbook, joined': adam('adam-100k'),
    'Adam, 10M in one tensor: textbook, in blocks': adam('adam-10M'),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seconds', type=float, default=1, help='for an idea')
    parser.add_argument('--inside', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        times = timing.turn_about(LESSONS[options.inside](), options.seconds)
        print(json.dumps([timing.best(own) * 1e6 for own in times]))
        return
    timing.head('what: first, then', 'first, µs', 'then, µs', 'faster')
    for name in LESSONS:
        first, fast = timing.in_process(Path(__file__).resolve(), '--inside', name, '--seconds',
                                        options.seconds)
        timing.row(name, f'{first:.3g}', f'{fast:.3g}', f'{first / fast:.1f}')


if __name__ == '__main__':
    main()
