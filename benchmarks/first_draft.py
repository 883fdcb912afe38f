"""Networks in NumPy without a framework: a backward pass written by hand for each layer.

What one writes first, with the formulas as they stand in a textbook and no thought of speed;
`README.md` tells what makes it faster, and `by_hand.py` does it. A layer has its weights and their
gradients in `weights` and `gradients`; `backward` is given the gradient in what `forward` returned,
and returns the one in what it was given.
"""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Layer:
    weights = ()


class Linear(Layer):
    def __init__(self, w, b):
        self.weights = [w, b]

    def forward(self, x):
        self.x = x
        w, b = self.weights
        return x @ w.T + b

    def backward(self, g):
        self.gradients = [g.T @ self.x, g.sum(0)]
        return g @ self.weights[0]


class ReLU(Layer):
    def forward(self, x):
        self.positive = x > 0
        return x * self.positive

    def backward(self, g):
        return g * self.positive


class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, g):
        return g.reshape(self.shape)


class BatchNorm1d(Layer):
    def __init__(self, w, b):
        self.weights = [w, b]
        self.mean, self.var = np.zeros_like(w), np.ones_like(w)

    def forward(self, x):
        w, b = self.weights
        mean, var = x.mean(0), x.var(0)
        self.mean = 0.9 * self.mean + 0.1 * mean
        self.var = 0.9 * self.var + 0.1 * var * len(x) / (len(x) - 1)
        self.deviation = np.sqrt(var + 1e-5)
        self.z = (x - mean) / self.deviation
        return self.z * w + b

    def backward(self, g):
        self.gradients = [(g * self.z).sum(0), g.sum(0)]
        g = g * self.weights[0]
        return (g - g.mean(0) - self.z * (g * self.z).mean(0)) / self.deviation


class Conv2d(Layer):
    """By im2col: every window of pixels becomes a row of a matrix."""

    def __init__(self, w, b, padding):
        self.weights, self.padding = [w, b], padding

    def forward(self, x):                                               # (n, c, h, w)
        w, b = self.weights
        o, c, k, _ = w.shape
        p = self.padding
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        windows = sliding_window_view(self.padded, (k, k), (2, 3))      # (n, c, h', w', k, k)
        n, c, h, width = windows.shape[:4]
        self.columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * h * width, c * k * k)
        out = self.columns @ w.reshape(o, -1).T + b
        return out.reshape(n, h, width, o).transpose(0, 3, 1, 2)

    def backward(self, g):                                              # (n, o, h', w')
        w = self.weights[0]
        o, c, k, _ = w.shape
        n, _, h, width = g.shape
        rows = g.transpose(0, 2, 3, 1).reshape(-1, o)
        self.gradients = [(rows.T @ self.columns).reshape(w.shape), rows.sum(0)]
        columns = (rows @ w.reshape(o, -1)).reshape(n, h, width, c, k, k)
        d = np.zeros_like(self.padded)
        for i in range(k):
            for j in range(k):
                d[:, :, i:i + h, j:j + width] += columns[..., i, j].transpose(0, 3, 1, 2)
        p = self.padding
        return d[:, :, p:d.shape[2] - p, p:d.shape[3] - p]


class MaxPool2d(Layer):
    """Windows of 2 x 2 that do not overlap."""

    def forward(self, x):
        n, c, h, w = x.shape
        windows = x.reshape(n, c, h // 2, 2, w // 2, 2).swapaxes(3, 4)
        self.windows = windows.reshape(n, c, h // 2, w // 2, 4)
        self.where = self.windows.argmax(-1)[..., None]
        return np.take_along_axis(self.windows, self.where, -1)[..., 0]

    def backward(self, g):
        n, c, h, w = g.shape
        d = np.zeros_like(self.windows)
        np.put_along_axis(d, self.where, g[..., None], -1)
        return d.reshape(n, c, h, w, 2, 2).swapaxes(3, 4).reshape(n, c, 2 * h, 2 * w)


class LSTM(Layer):
    """A sequence (time, n, features); returns the last state."""

    def __init__(self, w, u, b, c):
        self.weights = [w, u, b, c]

    def forward(self, x):
        w, u, b, c = self.weights
        h = cell = np.zeros((x.shape[1], u.shape[1]), x.dtype)
        self.steps = []
        for x_t in x:
            i, f, g, o = np.split(x_t @ w.T + h @ u.T + b + c, 4, axis=1)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            before, cell = cell, f * cell + i * g
            self.steps.append((x_t, h, before, cell, i, f, g, o))
            h = o * np.tanh(cell)
        return h

    def backward(self, dh):
        w, u, *_ = self.weights
        dw, du, db = np.zeros_like(w), np.zeros_like(u), np.zeros_like(self.weights[2])
        dcell = np.zeros_like(dh)
        dx = []
        for x_t, h, before, cell, i, f, g, o in reversed(self.steps):
            tanh = np.tanh(cell)
            dcell = dcell + dh * o * (1 - tanh**2)
            d = np.concatenate([dcell * g * i * (1 - i), dcell * before * f * (1 - f),
                                dcell * i * (1 - g**2), dh * tanh * o * (1 - o)], axis=1)
            dw += d.T @ x_t
            du += d.T @ h
            db += d.sum(0)
            dx.append(d @ w)
            dh, dcell = d @ u, dcell * f
        self.gradients = [dw, du, db, db]
        return np.stack(dx[::-1])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cross_entropy(x, labels):
    """The mean loss, and its gradient in x."""
    rows = np.arange(len(x))
    e = np.exp(x - x.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    g = p.copy()
    g[rows, labels] -= 1
    return -np.log(p[rows, labels]).mean(), g / len(x)


class Adam:
    def __init__(self, weights):
        self.m = [np.zeros_like(w) for w in weights]
        self.v = [np.zeros_like(w) for w in weights]
        self.t = 0

    def step(self, weights, gradients):
        self.t += 1
        for i, (w, g) in enumerate(zip(weights, gradients)):
            self.m[i] = 0.9 * self.m[i] + (1 - 0.9) * g
            self.v[i] = 0.999 * self.v[i] + (1 - 0.999) * g**2
            m_hat = self.m[i] / (1 - 0.9**self.t)
            v_hat = self.v[i] / (1 - 0.999**self.t)
            w -= 1e-3 * m_hat / (np.sqrt(v_hat) + 1e-8)


def adam_step(weights, gradients):
    """A function that takes the step of Adam alone."""
    adam = Adam(weights)
    return lambda: adam.step(weights, gradients)


def training(layers, batches):
    """A function that takes one step on the next batch and returns the loss."""
    weights = [w for layer in layers for w in layer.weights]
    adam = Adam(weights)

    def step():
        x, labels = next(batches)
        for layer in layers:
            x = layer.forward(x)
        loss, g = cross_entropy(x, labels)
        for layer in reversed(layers):
            g = layer.backward(g)
        adam.step(weights, [g for layer in layers if layer.weights for g in layer.gradients])
        return loss

    return step


def multiplications(x, y, n):
    """x y^n, one product after the other, and its derivatives in x and y."""
    kept = []
    for _ in range(n):
        kept.append(x)
        x = x * y
    g, dy = np.ones_like(x), np.zeros_like(y)
    for x in reversed(kept):
        dy = dy + g * x
        g = g * y
    return g, dy
