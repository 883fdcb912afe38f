"""Graphs as lists: node i was computed from the nodes inputs[i], with the slopes slopes[i].

Nodes are numbered at birth, so that all of inputs[i] are below i; leaves have no inputs.
"""
from __future__ import annotations

from typing import List, Tuple

import numpy as np

Graph = Tuple[List[List[int]], List[List[float]]]

DIAMOND: Graph = ([[], [0, 0], [1, 0], [2, 1]],                  # b = a + a, c = b + a, d = c + b
                  [[], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
PRODUCT: Graph = ([[], [], [0, 1], [2, 0]],                      # a b a, at a = 3 and b = 2
                  [[], [], [2.0, 3.0], [3.0, 6.0]])


def random_graph(rng: np.random.Generator, leaves: int, others: int) -> Graph:
    """A graph in which values are used several times, and some lead nowhere.

    rng     the source of random numbers
    leaves  the number of leaves, which come first
    others  the number of other nodes, each with one to three inputs
    """
    inputs: list[list[int]] = [[] for _ in range(leaves)]
    for node in range(leaves, leaves + others):
        inputs.append(rng.integers(0, node, rng.integers(1, 4)).tolist())
        inputs[-1][rng.integers(len(inputs[-1]))] = node - 1     # a chain, with many side ways
    slopes = [rng.uniform(0.5, 1.5, len(before)).round(2).tolist() for before in inputs]
    return inputs, slopes
