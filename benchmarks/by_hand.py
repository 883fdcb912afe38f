"""Networks in NumPy without a framework, as fast as we can: what a framework may cost is measured
against it.

`first_draft.py` has the same layers as one writes them first. Here every array is made once,
before training: a layer is given the array that it reads, `x`, and the one for the gradient in it,
`dx` (None in the first layer), and makes `y`, which it writes, and `dy`, where it finds the
gradient in that. So forward and backward take no arguments. README.md says what else is faster.
"""
from itertools import chain, islice

import numpy as np
from numpy.lib.stride_tricks import as_strided

BLOCK = 200_000         # elements of an array of scratch: it should stay in the cache
PRODUCT = 10 ** 6       # multiplications of a product that OpenBLAS does without copying


def aligned(shape, like):
    """Zeros that begin at a multiple of 64 bytes, of the dtype of `like`."""
    raw = np.zeros(int(np.prod(shape)) + 64, like.dtype)
    start = -raw.ctypes.data % 64 // like.itemsize
    return raw[start:start + raw.size - 64].reshape(shape)


class Layer:
    weights = ()

    def prepare(self, x, dx):
        self.x, self.dx = x, dx
        self.y, self.dy = self.arrays()


class Linear(Layer):
    """Its weight is transposed: (features in, features out)."""

    def __init__(self, w, b):
        self.weights = [w.T, b]

    def arrays(self):
        self.ones = np.ones(len(self.x), self.x.dtype)
        shape = len(self.x), len(self.weights[1])
        return aligned(shape, self.x), aligned(shape, self.x)

    def forward(self):
        w, b = self.weights
        np.matmul(self.x, w, self.y)
        np.add(self.y, b, self.y)

    def backward(self):
        dw, db = self.gradients
        np.matmul(self.x.T, self.dy, dw)
        np.matmul(self.ones, self.dy, db)
        if self.dx is not None:
            np.matmul(self.dy, self.weights[0].T, self.dx)


class ReLU(Layer):
    """In place: the layer before it does not need what it has computed."""

    def arrays(self):
        self.zero, self.mask = np.zeros((), self.x.dtype), np.empty(self.x.shape, bool)
        return self.x, self.dx

    def forward(self):
        np.maximum(self.y, self.zero, out=self.y)

    def backward(self):
        np.greater(self.y, self.zero, self.mask)
        np.multiply(self.dy, self.mask, self.dy)


class Flatten(Layer):
    """From (h, c, w, n) to (n, features), which are ordered as c, h, w."""

    def arrays(self):
        h, c, w, n = self.x.shape
        y, dy = aligned((n, c * h * w), self.x), aligned((n, c * h * w), self.x)
        self.images, self.d_images = [a.reshape(n, c, h, w).transpose(2, 1, 3, 0) for a in (y, dy)]
        return y, dy

    def forward(self):
        self.images[:] = self.x

    def backward(self):
        self.dx[:] = self.d_images


class BatchNorm1d(Layer):
    """`x` becomes the normalized input."""

    def __init__(self, w, b):
        self.weights = [w, b]
        self.mean, self.var = np.zeros_like(w), np.ones_like(w)

    def arrays(self):
        n = len(self.x)
        self.means = np.full(n, 1 / n, self.x.dtype)
        self.scratch = np.empty_like(self.x)
        return aligned(self.x.shape, self.x), aligned(self.x.shape, self.x)

    def forward(self):
        (w, b), n, z = self.weights, len(self.x), self.x
        mean = self.means @ z
        np.subtract(z, mean, z)
        np.multiply(z, z, self.scratch)
        var = self.means @ self.scratch
        self.mean *= 0.9
        self.mean += 0.1 * mean
        self.var *= 0.9
        self.var += (0.1 * n / (n - 1)) * var
        var += 1e-5
        self.inverse = 1 / np.sqrt(var, var)
        np.multiply(z, self.inverse, z)
        np.multiply(z, w, self.y)
        np.add(self.y, b, self.y)

    def backward(self):
        (dw, db), z, g, n = self.gradients, self.x, self.dy, len(self.x)
        np.multiply(g, z, self.scratch)
        mean_gz, mean_g = self.means @ self.scratch, self.means @ g
        np.multiply(mean_gz, n, dw)
        np.multiply(mean_g, n, db)
        np.multiply(z, mean_gz, self.scratch)
        np.subtract(g, self.scratch, g)
        np.subtract(g, mean_g, g)
        np.multiply(g, self.weights[0] * self.inverse, self.dx)


class Conv2d(Layer):
    """Images are (h, c, w, n) in memory, so that the pixels under a column of filters are a matrix;
    the weight is (kw, o, kh c). See `ops/convolution.py`."""

    def __init__(self, w, b, padding):
        o, _, self.k, _ = w.shape
        self.weights = [w.transpose(3, 0, 2, 1).reshape(self.k, o, -1), b]
        self.padding = padding

    def arrays(self):
        x, p, k = self.x, self.padding, self.k
        h, c, w, n = x.shape
        o, q = len(self.weights[1]), k - 1 - p
        high, wide = h + 2 * p - k + 1, w + 2 * p - k + 1
        padded = aligned((h + 2 * p, c, w + 2 * p, n), x)
        self.inner = padded[p:p + h, :, p:p + w]
        y = aligned((high, o, wide, n), x)
        d_padded = aligned((high + 2 * q, o, wide + 2 * q, n), x)
        dy = d_padded[q:q + high, :, q:q + wide]
        self.forward_products = Products(padded, y, k)
        if self.dx is not None:
            self.backward_products = Products(d_padded, self.dx, k)
        self.pixels = [seen[:, 0] for seen in np.split(columns(padded, k, high, wide), k, axis=1)]
        line, channel, _, image = dy.strides
        self.d_lines = as_strided(dy, (high, wide * n, o), (line, image, channel))
        self.partial = aligned((high, k * c, o), x)
        return y, dy

    def forward(self):
        w, b = self.weights
        self.inner[:] = self.x
        self.forward_products(w, b[:, None, None])

    def backward(self):
        (dw, db), (w, b), k = self.gradients, self.weights, self.k
        for j in range(k):
            np.matmul(self.pixels[j], self.d_lines, self.partial)
            dw[j] = np.add.reduce(self.partial).T
        db[:] = np.add.reduce(self.dy).sum((1, 2))
        if self.dx is not None:
            flipped = w.reshape(k, len(b), k, -1)[::-1, :, ::-1].transpose(0, 3, 2, 1)
            self.backward_products(flipped.reshape(k, -1, k * len(b)))


def columns(x, k, high, wide):
    """What the k columns of filters meet in x (h, c, w, n): a view (lines, k, k c, pixels)."""
    _, c, _, n = x.shape
    line, channel, pixel, image = x.strides
    return as_strided(x, (high, k, k * c, wide * n), (line, pixel, channel, image))


class Products:
    """Filters slid over x (h, c, w, n) into out, in blocks of lines.

    With few channels the k columns are copied side by side for one product; else they are k
    products without a copy.
    """

    def __init__(self, x, out, k):
        high, o, wide, n = out.shape
        c = x.shape[1]
        self.joined = c < 6
        rows = k * c * (k if self.joined else 1)
        pixels = columns(x, k, high, wide)
        lines = max(1, BLOCK // (max(o, rows * self.joined) * wide * n))
        pieces = next(p for p in range(1, wide + 1) if wide % p == 0 and (
            o * rows * n * wide // p <= PRODUCT or p == wide))

        def cut(a):
            """Lines (.., rows, pixels) as (.., pieces, rows, pixels) of small products."""
            return a.reshape(*a.shape[:-1], pieces, -1).swapaxes(-2, -3)

        scratch = aligned((lines, rows if self.joined else o, wide * n), x)
        self.blocks = []
        for top in range(0, high, lines):
            seen = pixels[top:top + lines]
            result, part = out[top:top + lines], scratch[:len(seen)]
            flat = result.reshape(*result.shape[:2], -1)
            self.blocks.append((seen, result, cut(flat), [cut(seen[:, j]) for j in range(k)],
                                part.reshape(seen.shape) if self.joined else
                                part.reshape(result.shape), cut(part)))

    def __call__(self, w, b=None):
        if self.joined:
            joined = w.transpose(1, 0, 2).reshape(w.shape[1], -1)
        for seen, result, result_cut, seen_cut, part, part_cut in self.blocks:
            if self.joined:
                part[:] = seen
                np.matmul(joined, part_cut, result_cut)
            else:
                np.matmul(w[0], seen_cut[0], result_cut)
                for j in range(1, len(w)):
                    np.matmul(w[j], seen_cut[j], part_cut)
                    np.add(result, part, result)
            if b is not None:
                np.add(result, b, result)


class MaxPool2d(Layer):
    """Windows of 2 x 2 that do not overlap: the larger of two columns, then of two lines."""

    def arrays(self):
        h, c, w, n = self.x.shape
        self.row, self.d_row = [aligned((h, c, w // 2, n), self.x) for _ in range(2)]
        shape = h // 2, c, w // 2, n
        self.mask, self.mask_row = np.empty(shape, bool), np.empty(self.row.shape, bool)
        return aligned(shape, self.x), aligned(shape, self.x)

    def forward(self):
        np.maximum(self.x[:, :, ::2], self.x[:, :, 1::2], out=self.row)
        np.maximum(self.row[::2], self.row[1::2], out=self.y)

    def backward(self):
        choose(self.row[::2], self.row[1::2], self.dy, self.mask, self.d_row[::2], self.d_row[1::2])
        choose(self.x[:, :, ::2], self.x[:, :, 1::2], self.d_row, self.mask_row,
               self.dx[:, :, ::2], self.dx[:, :, 1::2])


def choose(first, second, g, mask, d_first, d_second):
    """The gradient goes to the larger one, and to the first if they are equal."""
    np.greater_equal(first, second, mask)
    np.multiply(g, mask, d_first)
    np.subtract(g, d_first, d_second)


class LSTM(Layer):
    """A sequence (time, n, features); its `y` is the last state.

    One product a time step: of all weights side by side, (4 hidden, hidden + features + 1), with
    state, x and a one below each other, (hidden + features + 1, n). So each gate is one piece of
    memory, (hidden, n). Their order is o, i, f, g: the first three are sigmoids, and the gradient
    comes to the last three through the cell. sigmoid(x) = tanh(x / 2) / 2 + 1/2.
    """

    order = [3, 0, 1, 2]

    def __init__(self, w, u, b, c):
        self.weights = [np.concatenate(np.array(np.split(a, 4))[self.order]) for a in (w, u, b, c)]

    def arrays(self):
        (time, n, features), x, hidden = self.x.shape, self.x, self.weights[1].shape[1]
        width = hidden + features + 1
        self.joined, self.d_joined = [aligned((4 * hidden, width), x) for _ in range(2)]
        self.inputs = aligned((time + 1, width, n), x)
        self.inputs[:, -1] = 1
        self.states, self.features = self.inputs[:, :hidden], self.inputs[:-1, hidden:-1]
        self.gates, self.slopes, self.d_gates = [
            aligned((time, 4, hidden, n), x) for _ in range(3)]
        self.cells = aligned((time + 1, hidden, n), x)
        self.tanhs, self.cell_slopes = [aligned((time, hidden, n), x) for _ in range(2)]
        self.dh, self.dc, self.scratch = [aligned((hidden, n), x) for _ in range(3)]
        self.d_rows, self.input_rows = [aligned((rows, time, n), x) for rows in (4 * hidden, width)]
        return self.states[-1].T, self.dh.T

    def forward(self):
        (w, u, b, c), hidden, joined = self.weights, len(self.dh), self.joined
        joined[:, :hidden], joined[:, hidden:-1], joined[:, -1] = u, w, b + c
        joined[:3 * hidden] *= 0.5
        self.features[:] = self.x.swapaxes(1, 2)
        states, cells, scratch = self.states, self.cells, self.scratch
        for t, (x, z, tanh) in enumerate(zip(self.inputs, self.gates, self.tanhs)):
            flat = z.reshape(4 * hidden, -1)
            np.matmul(joined, x, flat)
            np.tanh(z, z)
            sigmoids, (o, i, f, g) = z[:3], z
            np.multiply(sigmoids, 0.5, sigmoids)
            np.add(sigmoids, 0.5, sigmoids)
            np.multiply(i, g, scratch)
            np.multiply(f, cells[t], cells[t + 1])
            np.add(cells[t + 1], scratch, cells[t + 1])
            np.tanh(cells[t + 1], tanh)
            np.multiply(o, tanh, states[t + 1])

    def backward(self):
        gates, slopes, d_gates, tanhs = self.gates, self.slopes, self.d_gates, self.tanhs
        o, i, f, g = gates.swapaxes(0, 1)
        np.multiply(gates, gates, slopes)
        np.subtract(gates[:, :3], slopes[:, :3], slopes[:, :3])
        np.subtract(1, slopes[:, 3], slopes[:, 3])
        for k, factor in enumerate((tanhs, g, self.cells[:-1], i)):
            np.multiply(slopes[:, k], factor, slopes[:, k])
        np.multiply(tanhs, tanhs, self.cell_slopes)
        np.subtract(1, self.cell_slopes, self.cell_slopes)
        np.multiply(self.cell_slopes, o, self.cell_slopes)
        dh, dc, scratch, back = self.dh, self.dc, self.scratch, self.weights[1].T.copy()
        dc[:] = 0
        for t in reversed(range(len(f))):
            slope, d = slopes[t], d_gates[t]
            np.multiply(dh, self.cell_slopes[t], scratch)
            np.add(dc, scratch, dc)
            np.multiply(dh, slope[0], d[0])
            np.multiply(dc, slope[1:], d[1:])
            if t:
                np.matmul(back, d.reshape(-1, d.shape[-1]), dh)
                np.multiply(dc, f[t], dc)
        rows, width, size = *self.joined.shape, len(dh)
        self.d_rows[:] = d_gates.reshape(-1, rows, dh.shape[1]).swapaxes(0, 1)
        self.input_rows[:] = self.inputs[:-1].swapaxes(0, 1)
        d = np.matmul(self.d_rows.reshape(rows, -1), self.input_rows.reshape(width, -1).T,
                      self.d_joined)
        dw, du, db, dc = self.gradients
        du[:], dw[:], db[:], dc[:] = d[:, :size], d[:, size:-1], d[:, -1], d[:, -1]


class CrossEntropy:
    """The mean loss of scores (n, classes); writes its gradient into dy."""

    def __init__(self, y, dy):
        n, classes = y.shape
        self.y, self.dy, self.flat = y, dy, dy.reshape(-1)
        self.column = aligned((n, 1), y)
        self.starts = np.arange(n) * classes
        self.share = np.array(1 / n, y.dtype)

    def __call__(self, labels):
        p, column, places = self.dy, self.column, self.starts + labels
        np.maximum.reduce(self.y, 1, None, column, True)
        np.subtract(self.y, column, p)
        right = self.flat[places]
        np.exp(p, p)
        np.add.reduce(p, 1, None, column, True)
        loss = (np.log(column).sum() - right.sum()) * self.share
        np.divide(self.share, column, column)
        np.multiply(p, column, p)
        self.flat[places] -= self.share
        return loss


class Adam:
    """All weights, gradients and moments in four arrays, updated in blocks that stay in the cache.

    m and v are kept without their factors 1 - beta, which the step size makes good.
    """

    def __init__(self, weights, block=1 << 16):
        starts, end = [], 0
        for w in weights:
            starts.append(end)
            end += -(-w.size // 16) * 16            # 64 bytes
        flat = [aligned(end, weights[0]) for _ in range(4)]
        self.weights, self.gradients = [
            [array[start:start + w.size].reshape(w.shape) for start, w in zip(starts, weights)]
            for array in flat[:2]]
        for own, w in zip(self.weights, weights):
            own[:] = w
        scratch = aligned(min(block, end), weights[0])
        self.blocks = [[*(array[i:i + block] for array in flat), scratch[:end - i]]
                       for i in range(0, end, block)]
        self.t = 0

    def step(self):
        self.t += 1
        rate = 1e-3 * (1 - 0.9) / (1 - 0.9**self.t)
        root = ((1 - 0.999) / (1 - 0.999**self.t))**0.5
        for w, g, m, v, scratch in self.blocks:
            np.multiply(m, 0.9, m)
            np.add(m, g, m)
            np.multiply(g, g, scratch)
            np.multiply(v, 0.999, v)
            np.add(v, scratch, v)
            np.sqrt(v, scratch)
            np.multiply(scratch, root / rate, scratch)
            np.add(scratch, 1e-8 / rate, scratch)
            np.divide(m, scratch, scratch)
            np.subtract(w, scratch, w)


def adam_step(weights, gradients):
    """A function that takes the step of Adam alone."""
    adam = Adam(weights)
    for own, g in zip(adam.gradients, gradients):
        own[:] = g
    return adam.step


def training(layers, batches):
    """A function that takes one step on the next batch and returns the loss."""
    for i, pair in enumerate(zip(layers, layers[1:])):
        if isinstance(pair[0], ReLU) and isinstance(pair[1], MaxPool2d):
            layers[i:i + 2] = pair[::-1]            # the same, and relu has a quarter of the work
    adam = Adam([w for layer in layers for w in layer.weights])
    weights, gradients = iter(adam.weights), iter(adam.gradients)
    for layer in layers:
        layer.weights, layer.gradients = [list(islice(own, len(layer.weights)))
                                          for own in (weights, gradients)]

    def read(x):
        return x.transpose(2, 1, 3, 0) if isinstance(layers[0], Conv2d) else x

    first, labels = next(batches)
    x, dx = read(first), None
    for layer in layers:
        layer.prepare(x, dx)
        x, dx = layer.y, layer.dy
    cross_entropy = CrossEntropy(x, dx)
    batches = chain([(first, labels)], batches)

    def step():
        x, labels = next(batches)
        layers[0].x = read(x)
        for layer in layers:
            layer.forward()
        loss = cross_entropy(labels)
        for layer in reversed(layers):
            layer.backward()
        adam.step()
        return loss

    return step
