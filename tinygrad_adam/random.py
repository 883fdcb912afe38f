"""Random numbers: the package's generator, which `manual_seed` seeds, and separate generators.

NumPy's global generator is neither used nor changed. The algorithm is PCG64, so the numbers differ
from PyTorch's for the same seed. https://pytorch.org/docs/stable/random.html
"""
from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Any, Iterator, Sequence

import numpy as np

from .types import CPU, on_cpu
from .types import device as Device


class Generator:
    """A source of random numbers: `Generator().manual_seed(0)` always gives the same ones.

    device  'cpu': there is no other

    A new generator is seeded from system entropy, on first use: NumPy's generators take as long to
    import as a third of this package.
    https://pytorch.org/docs/stable/generated/torch.Generator.html
    """

    numpy: np.random.Generator
    _seed: int

    def __init__(self, device: str | Device = 'cpu') -> None:
        on_cpu(device)

    def __getattr__(self, name: str) -> Any:    # called for what is not there yet
        if name not in ('numpy', '_seed'):
            raise AttributeError(f'torch.Generator has no attribute {name!r}.')
        self.seed()
        return vars(self)[name]

    @property
    def device(self) -> Device:
        """Where it draws: device('cpu')."""
        return CPU

    def manual_seed(self, seed: int) -> Generator:
        """Reseed; returns the generator.

        seed  an integer of 64 bits (ValueError); a negative one counts from 2**64 downwards
        """
        if not -2 ** 63 <= int(seed) < 2 ** 64:
            raise ValueError(f'Overflow when unpacking long long: the seed {seed} has more than 64 '
                             'bits, and the generator no more states. Choose a smaller one.')
        self._seed = int(seed) % 2 ** 64
        self.numpy = np.random.Generator(np.random.PCG64(self._seed))
        return self

    def seed(self) -> int:
        """Reseed from system entropy; return the seed."""
        return self.manual_seed(int.from_bytes(os.urandom(8), 'little') % 2 ** 63).initial_seed()

    def initial_seed(self) -> int:
        """The seed that was set last."""
        return self._seed

    def get_state(self) -> dict[str, Any]:
        """The present state, for `set_state`: a dict of numbers (in PyTorch a tensor of bytes)."""
        return {'seed': self._seed, 'pcg64': self.numpy.bit_generator.state}

    def set_state(self, new_state: dict[str, Any]) -> None:
        """Continue from a state.

        new_state  what `get_state` returned
        """
        self.manual_seed(new_state['seed'])
        self.numpy.bit_generator.state = new_state['pcg64']


default_generator: Generator = Generator()


def manual_seed(seed: int) -> Generator:
    """Reseed the package's generator, and return it.

    seed  an integer

    https://pytorch.org/docs/stable/generated/torch.manual_seed.html
    """
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Reseed the package's generator from system entropy; return the seed."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed of the package's generator that was set last."""
    return default_generator.initial_seed()


def get_rng_state() -> dict[str, Any]:
    """The present state of the package's generator, for `set_rng_state`."""
    return default_generator.get_state()


def set_rng_state(new_state: dict[str, Any]) -> None:
    """Let the package's generator continue from a state.

    new_state  what `get_rng_state` returned
    """
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(devices: Sequence[int] | None = None, enabled: bool = True) -> Iterator[None]:
    """A context, or a decorator, after which the package's generator continues from its state
    before.

    devices  the GPUs whose generators to keep, too: none, since there are none (RuntimeError)
    enabled  False leaves out all that it does

    https://pytorch.org/docs/stable/random.html#torch.random.fork_rng
    """
    if devices:
        raise RuntimeError(f'fork_rng() of GPUs {list(devices)}, of which there are none: random '
                           'numbers are drawn by NumPy on the CPU. Leave devices out.')
    state = get_rng_state() if enabled else None
    try:
        yield
    finally:
        if state is not None:
            set_rng_state(state)


def source(generator: Generator | None) -> np.random.Generator:
    """The NumPy generator that draws the numbers.

    generator  the generator whose it is; None is the package's
    """
    if not isinstance(generator, (Generator, type(None))):
        raise TypeError('generator must be a torch.Generator, not '
                        f'{type(generator).__name__}: only that draws. Use '
                        'torch.Generator().manual_seed(...).')
    return (generator or default_generator).numpy


def uniform(shape: Any, generator: Generator | None = None, dtype: Any = np.float32) -> np.ndarray:
    """An array drawn uniformly from [0, 1).

    shape      a tuple of sizes
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64
    """
    return source(generator).random(shape, dtype)


def normal(shape: Any, generator: Generator | None = None, dtype: Any = np.float32) -> np.ndarray:
    """An array drawn from the normal distribution with mean 0 and standard deviation 1.

    shape      a tuple of sizes
    generator  the source of random numbers; None is the package's
    dtype      NumPy's float32 or float64
    """
    return source(generator).standard_normal(shape, dtype)
