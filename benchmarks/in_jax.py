"""The trainings as one writes them in JAX: a pure function of weights and batch, compiled whole.

The step that is compiled, `jax.jit`, has the loss, its gradients, and Adam.
"""
from functools import partial
from itertools import cycle

import jax
import numpy as np
from jax import lax, nn
from jax import numpy as jnp


def outputs(layers, weights, running, x):
    """The output of the last layer, and the running statistics of BatchNorm after it."""
    weights, running, moved = iter(weights), iter(running), []
    for name, *args in layers:
        if name == 'Linear':
            w, b = next(weights), next(weights)
            x = x @ w.T + b
        elif name == 'ReLU':
            x = nn.relu(x)
        elif name == 'Flatten':
            x = x.reshape(len(x), -1)
        elif name == 'Conv2d':
            w, b = next(weights), next(weights)
            x = lax.conv_general_dilated(x, w, (1, 1), [(args[4], args[4])] * 2) + b[:, None, None]
        elif name == 'MaxPool2d':
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), 'VALID')
        elif name == 'BatchNorm1d':
            w, b = next(weights), next(weights)
            n, mean, var = len(x), x.mean(0), x.var(0)
            moved += [0.9 * next(running) + 0.1 * mean,
                      0.9 * next(running) + 0.1 * n / (n - 1) * var]
            x = (x - mean) * lax.rsqrt(var + 1e-5) * w + b
        elif name == 'LSTM':
            x = lstm(*[next(weights) for _ in range(4)], x)
    return x, moved


def lstm(w, u, b, c, x):
    """The last state; x: (time, n, features)."""
    def advance(carry, x_t):
        h, cell = carry
        i, f, g, o = jnp.split(x_t + h @ u.T, 4, axis=1)
        cell = nn.sigmoid(f) * cell + nn.sigmoid(i) * jnp.tanh(g)
        return (nn.sigmoid(o) * jnp.tanh(cell), cell), None

    start = jnp.zeros((x.shape[1], u.shape[1]), x.dtype)
    (h, _), _ = lax.scan(advance, (start, start), x @ w.T + b + c)
    return h


def loss_of(layers, weights, running, x, labels):
    scores, running = outputs(layers, weights, running, x)
    return -nn.log_softmax(scores)[jnp.arange(len(labels)), labels].mean(), running


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def advanced(layers, state, x, labels):
    """The state after a step, and the loss before it."""
    weights, ms, vs, running, t = state
    (loss, running), gradients = jax.value_and_grad(
        partial(loss_of, layers), has_aux=True)(weights, running, x, labels)
    t = t + 1
    ms = [0.9 * m + 0.1 * g for m, g in zip(ms, gradients)]
    vs = [0.999 * v + 0.001 * g * g for v, g in zip(vs, gradients)]
    weights = [w - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
               for w, m, v in zip(weights, ms, vs)]
    return (weights, ms, vs, running, t), loss


def step(case, dtype=np.float32):
    """A function that takes a step on the next batch and returns the loss."""
    jax.config.update('jax_enable_x64', dtype == np.float64)
    weights = [jnp.asarray(w, dtype) for w in case.weights()]
    running = [jnp.full(args[0], value, dtype) for name, *args in case.layers
               if name == 'BatchNorm1d' for value in (0, 1)]
    state = (weights, *[[jnp.zeros_like(w) for w in weights] for _ in range(2)], running,
             jnp.zeros((), dtype))
    data = cycle([(jnp.asarray(x, dtype), jnp.asarray(y)) for x, y in case.batches()])

    def step():
        nonlocal state
        state, loss = advanced(case.layers, state, *next(data))
        jax.block_until_ready(state)
        return loss

    return step
