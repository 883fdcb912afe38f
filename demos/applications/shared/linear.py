"""Linear classifiers, the simple methods to compare a network with: a weight a feature and class.

Both return weights (features, classes) and biases (classes,): the answer is the class for which
`x @ weights + biases` is largest. They differ in what they ask for.
"""
from __future__ import annotations

import numpy as np


def least_squares(x: np.ndarray, classes: np.ndarray, penalty: float = 1) -> tuple:
    """Weights (size, classes) and biases (classes,) nearest to 1 for the class and 0 for others.

    penalty: on the square of the weights (ridge regression), which has an answer for any x.
    """
    y = np.eye(classes.max() + 1)[classes]
    centred = x - x.mean(axis=0)
    weights = np.linalg.solve(centred.T @ centred + penalty * np.eye(x.shape[1]), centred.T @ y)
    return weights, y.mean(axis=0) - x.mean(axis=0) @ weights


def logistic(x, classes, count: int, steps: int = 200) -> tuple:
    """Weights (features, count) and biases of a linear classifier of x (n, features).

    Cross entropy, on features of mean 0 and deviation 1, by gradient descent with momentum 0.9.
    """
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    x, wanted = (x - mean) / scale, np.eye(count, dtype=np.float32)[classes]
    weights, biases = np.zeros((x.shape[1], count), np.float32), np.zeros(count, np.float32)
    speeds = [0, 0]
    for _ in range(steps):
        scores = x @ weights + biases
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (share / share.sum(axis=1, keepdims=True) - wanted) / len(x)
        speeds = [0.9 * speed - 0.5 * g for speed, g in zip(speeds, (x.T @ error, error.sum(0)))]
        weights, biases = weights + speeds[0], biases + speeds[1]
    weights = weights / scale[:, None]
    return weights, biases - mean @ weights
