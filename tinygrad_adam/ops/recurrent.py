"""Recurrent layers: a whole sequence as one operation.

Each step makes a new state (n, hidden) from the old one h and the input x (n, i) at that time:

    parts = [h x 1] @ weights                          (parts, n, hidden)
    state = a function of parts and the old state, element by element

The number of parts and that function define the kind of layer: a class below. A state is h
alone, or h and c in an LSTM.

On the way back, the gradients of the parts must be computed step by step, the last first, since
every state affects the next (backpropagation through time, Werbos 1990). Those of the weights,
inputs and first state then follow for all steps at once. Hence the graph has two operations with
the parts between them, `product` and `states`, though one pass, `run`, has computed all the values.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import TensorBase, constant, primitive
from ..autograd.opaque import opaque
from ..autograd.primitive import Row
from . import _sequence_errors as errors
from .pointwise import only_where


def squash(x: Any) -> Any:
    """sigmoid(x), in place; it is half of 1 + tanh(x / 2), which never overflows."""
    x *= 0.5
    np.tanh(x, x)
    x *= 0.5
    x += 0.5


class RNN:
    """h' = tanh(part). Elman 1990."""

    from_hidden: list[int] = [0]      # where the rows of PyTorch's weights go, part by part
    from_input: list[int] = [0]

    @staticmethod
    def step(parts: Any, old: Any, new: Any) -> Any:
        """Write the new state; the parts may be changed into what `slopes` would recompute."""
        np.tanh(parts[0], new[0])

    @staticmethod
    def slopes(parts: Any, states: Any, d: Any) -> Any:
        """Write into d the gradient of the parts, without the factors known only on the way back.
        Return arrays that `back` needs besides, each with a step for every t."""
        h = states[0, 1:]
        d[0] = 1 - h * h
        return ()

    @staticmethod
    def back(d: Any, g: Any) -> Any:
        """Multiply d by the gradient g of the new state; make g that of the old state, as far as it
        does not pass through the parts."""
        d *= g
        g[...] = 0


class ReluRNN(RNN):
    """h' = max(part, 0)."""

    @staticmethod
    def step(parts: Any, old: Any, new: Any) -> Any:
        np.maximum(parts[0], 0, out=new[0])

    @staticmethod
    def slopes(parts: Any, states: Any, d: Any) -> Any:
        d[0] = ~(states[0, 1:] <= 0)
        return ()

    @staticmethod
    def back(d: Any, g: Any) -> Any:
        d[...] = only_where(g, d != 0)
        g[...] = 0


class LSTM:
    """c' = f c + i g; h' = o tanh(c'). Hochreiter & Schmidhuber 1997, Gers et al. 2000."""

    from_hidden: list[int] = [1, 2, 0, 3]     # PyTorch's i, f, g, o are g, i, f, o here
    from_input: list[int] = [1, 2, 0, 3]

    @staticmethod
    def step(parts: Any, old: Any, new: Any) -> Any:
        g, i, f, o = parts
        h, c = new
        np.tanh(g, g)
        squash(parts[1:])
        np.multiply(f, old[1], c)
        c += i * g
        np.tanh(c, h)
        h *= o

    @staticmethod
    def slopes(parts: Any, states: Any, d: Any) -> Any:
        g, i, f, o = parts
        c = states[1]
        np.subtract(1, parts, d)
        d *= parts                  # the next lines avoid large temporary arrays
        np.multiply(g, g, d[0])
        np.subtract(1, d[0], d[0])
        d[0] *= i
        d[1] *= g
        d[2] *= c[:-1]
        tanh = np.tanh(c[1:])
        d[3] *= tanh
        tanh *= tanh
        np.subtract(1, tanh, tanh)
        tanh *= o
        return tanh, f              # the derivatives of h' and c' by c' and c

    @staticmethod
    def back(d: Any, g: Any, h_by_c: Any, c_by_c: Any) -> Any:
        dh, dc = g
        dc += dh * h_by_c
        d[:3] *= dc
        d[3] *= dh
        dc *= c_by_c
        dh[...] = 0


class GRU:
    """h' = n + z (h - n); n = tanh(a + r b), a of the input and b of h. Cho et al. 2014."""

    from_input: list[int] = [0, 1, 2]      # the parts are r, z, a (then n) and b
    from_hidden: list[int] = [0, 1, 3]

    @staticmethod
    def step(parts: Any, old: Any, new: Any) -> Any:
        r, z, n, b = parts
        squash(parts[:2])
        n += r * b
        np.tanh(n, n)
        new[0] = n + z * (old[0] - n)

    @staticmethod
    def slopes(parts: Any, states: Any, d: Any) -> Any:
        r, z, n, b = parts
        d[2] = (1 - z) * (1 - n * n)
        d[3] = d[2] * r
        d[0] = d[3] * b * (1 - r)
        d[1] = (states[0, :-1] - n) * z * (1 - z)
        return z,

    @staticmethod
    def back(d: Any, g: Any, z: Any) -> Any:
        d *= g
        g *= z


def by_rows(w: Any) -> Any:
    """(parts, columns, hidden) as PyTorch has it, (parts hidden, columns)."""
    return w.swapaxes(1, 2).reshape(-1, w.shape[1])


@opaque
def _stack_weights(w_ih, w_hh, b_ih, b_hh, kind):
    """PyTorch's weights (parts hidden, ...) as one array (parts, hidden + i + 1, hidden)."""
    hidden = w_hh.shape[1]
    rows = hidden + w_ih.shape[1] + 1
    w = np.zeros((1 + max(kind.from_hidden), rows, hidden), w_hh.dtype)
    w[kind.from_hidden, :hidden] = w_hh.reshape(-1, hidden, hidden).swapaxes(1, 2)
    w[kind.from_input, hidden:-1] = w_ih.reshape(-1, hidden, rows - hidden - 1).swapaxes(1, 2)
    if b_ih is not None:
        w[kind.from_input, -1] += b_ih.reshape(-1, hidden)
        w[kind.from_hidden, -1] += b_hh.reshape(-1, hidden)
    return w


stack_weights: Row = primitive(
    _stack_weights,
    w_ih=lambda g, kind: by_rows(g[kind.from_input, g.shape[2]:-1]),
    w_hh=lambda g, kind: by_rows(g[kind.from_hidden, :g.shape[2]]),
    b_ih=lambda g, kind: g[kind.from_input, -1].reshape(-1),
    b_hh=lambda g, kind: g[kind.from_hidden, -1].reshape(-1))


@opaque
def run(x: Any, start: Any, weights: Any, kind: Any) -> Any:
    """For x (t, n, i) and the first state: what each step reads, z; its parts; and all states.

    Steps count from 1; step 0 of parts and states is the first state.
    """
    (steps, n, _), (count, rows, hidden) = x.shape, weights.shape
    z = np.empty((steps, n, rows), x.dtype)
    z[..., hidden:-1], z[..., -1] = x, 1
    parts = np.zeros((count, steps + 1, n, hidden), x.dtype)
    states = np.empty((len(start), steps + 1, n, hidden), x.dtype)
    states[:, 0] = parts[:len(start), 0] = start
    now = np.empty((count, n, hidden), x.dtype)     # in one piece, which is faster
    for t in range(steps):
        z[t, :, :hidden] = states[0, t]
        np.matmul(z[t], weights, now)
        kind.step(now, states[:, t], states[:, t + 1])
        parts[:, t + 1] = now
    return z, parts, states


@opaque
def through_time(g: Any, states: Any, parts: Any, weights: Any, kind: Any) -> Any:
    """The gradient of the parts, and of the first state as step 0."""
    if isinstance(g, TensorBase):
        raise errors.no_second_derivative_through_time()
    d = np.empty_like(parts)
    more = kind.slopes(parts[:, 1:], states, d[:, 1:])
    back = np.ascontiguousarray(weights[:, :states.shape[-1]].swapaxes(1, 2))
    now = np.zeros_like(states[:, 0])
    for t in reversed(range(g.shape[1] - 1)):
        now += g[:, t + 1]
        kind.back(d[:, t + 1], now, *(m[t] for m in more))
        now[0] += (d[:, t + 1] @ back).sum(0)
    d[:, 0] = 0
    d[:len(now), 0] = now + g[:, 0]
    return d


# Both are given their values. The second passes to the first the gradient of the parts of every
# step, with the paths through all later states; so weights count as constant in the second.

def _product(weights, x, h, c, z, parts):
    return parts


def _states(parts, weights, history, kind):
    return history


product: Row = primitive(
    _product, name='recurrent_product', z=constant,     # z is freed with the node
    weights=lambda g, z: z.reshape(-1, z.shape[2]).T @ g[:, 1:].reshape(g.shape[0], -1, g.shape[3]),
    x=lambda g, weights, x_shape:
    (g[:, 1:] @ weights[:, None, -1 - x_shape[2]:-1].swapaxes(2, 3)).sum(0),
    h=lambda g: g[0, 0],
    c=lambda g: g[1, 0])
states: Row = primitive(
    _states, name='recurrent_states', weights=constant,
    parts=lambda g, out, parts, weights, kind: through_time(g, out, parts, weights, kind))


def recurrent(x: Any, start: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None, *, kind:
              Any) -> Any:
    """All states (states, t + 1, n, hidden) for inputs x (t, n, i), from start = (h,) or (h, c)."""
    weights = stack_weights(w_ih, w_hh, b_ih, b_hh, kind)
    z, parts, history = run(x._array, [state._array for state in start], weights._array, kind)
    h, c = (*start, None)[:2]
    return states(product(weights, x, h, c, z, parts), weights, history, kind)
