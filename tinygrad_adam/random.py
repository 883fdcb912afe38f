"""Random numbers: one generator of the package, set by `manual_seed`, and others by name.

NumPy's global generator is never touched. The numbers are not PyTorch's: another generator.
"""
from __future__ import annotations

import numpy as np


class Generator:
    """A source of random numbers: `Generator().manual_seed(0)` always gives the same ones."""

    def __init__(self, device='cpu'):
        self.seed()

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from this number; returns self."""
        self._seed = int(seed)
        self.numpy = np.random.Generator(np.random.PCG64(self._seed % 2 ** 64))
        return self

    def seed(self) -> int:
        """Start anew from a number nobody knows; returns it."""
        return self.manual_seed(np.random.SeedSequence().entropy % 2 ** 63).initial_seed()

    def initial_seed(self) -> int:
        """The number it started from."""
        return self._seed

    def get_state(self) -> dict:
        """Where it is now: numbers only, for `set_state`. (PyTorch's is a tensor of bytes.)"""
        return {'seed': self._seed, 'pcg64': self.numpy.bit_generator.state}

    def set_state(self, new_state: dict) -> None:
        """Go on from there."""
        self.manual_seed(new_state['seed'])
        self.numpy.bit_generator.state = new_state['pcg64']


default_generator = Generator()


def manual_seed(seed: int) -> Generator:
    """Start the package's generator anew from this number."""
    return default_generator.manual_seed(seed)


def initial_seed() -> int:
    """The number the package's generator started from."""
    return default_generator.initial_seed()


def get_rng_state() -> dict:
    """Where the package's generator is now, for `set_rng_state`."""
    return default_generator.get_state()


def set_rng_state(new_state: dict) -> None:
    """Let the package's generator go on from there."""
    default_generator.set_state(new_state)


def source(generator: Generator | None) -> np.random.Generator:
    """NumPy's generator in this one, or in the package's."""
    return (generator or default_generator).numpy


def uniform(shape, generator=None, dtype=np.float32) -> np.ndarray:
    """An array of numbers equally likely in [0, 1)."""
    return source(generator).random(shape, dtype)


def normal(shape, generator=None, dtype=np.float32) -> np.ndarray:
    """An array of normally distributed numbers of mean 0 and standard deviation 1."""
    return source(generator).standard_normal(shape, dtype)
