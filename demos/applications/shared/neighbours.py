"""The oldest method: the answer is that of the training image most like the one asked about."""
from __future__ import annotations

import numpy as np


def distances(kept: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Squared distances (m, n) between rows: asked (m, features) and kept (n, features)."""
    return ((kept ** 2).sum(axis=1) + (asked ** 2).sum(axis=1)[:, None]) - 2 * asked @ kept.T


def nearest(kept: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """For each row asked (m, features), which of the kept rows (n, features) is nearest: (m,)."""
    return distances(kept, asked).argmin(axis=1)


def nearest_shifted(kept: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The same for images (n, h, w) and (m, h, w), each kept one moved by up to a pixel either way.

    A digit that is written a pixel further left is the same digit. What enters is 0.
    """
    n, h, w = kept.shape
    framed = np.pad(kept, ((0, 0), (1, 1), (1, 1)))
    shifted = [framed[:, i:i + h, j:j + w].reshape(n, -1) for i in range(3) for j in range(3)]
    return np.min([distances(rows, asked.reshape(len(asked), -1)) for rows in shifted],
                  axis=0).argmin(axis=1)
