"""DistributedSampler: which samples a rank of torch.distributed is given."""
from __future__ import annotations

from collections.abc import Iterator, Sized
from typing import Any, Callable

from ... import distributed
from ..._functions.creation import randperm
from ..._missing import refusal
from ...random import Generator
from . import _errors as errors
from .sampler import Sampler

__all__ = ['DistributedSampler']

__getattr__: Callable[[str], Any] = refusal(__name__)


class DistributedSampler(Sampler[int]):
    """Every num_replicas-th index, from the one of this rank on: equally many for each rank.

    dataset       the data set, the same on all ranks
    num_replicas  how many ranks there are; None asks torch.distributed
    rank          the number of this one; None asks torch.distributed
    shuffle       whether the indices are first put into a random order
    seed          decides about the order, and is the same on all ranks
    drop_last     leave out the last samples if they are too few for all ranks; otherwise the first
                  are given a second time

    Call set_epoch() before each epoch, or all have the same order. Raises ValueError if there is no
    such rank. Without shuffling the indices are PyTorch's; a shuffled order is another one, as that
    of randperm is for every seed.
    https://pytorch.org/docs/stable/data.html

    >>> [list(DistributedSampler('abcde', 2, rank, shuffle=False)) for rank in (0, 1)]
    [[0, 2, 4], [1, 3, 0]]
    """

    def __init__(self, dataset: Sized, num_replicas: int | None = None, rank: int | None = None,
                 shuffle: bool = True, seed: int = 0, drop_last: bool = False) -> None:
        self.num_replicas: int = (distributed.get_world_size() if num_replicas is None else
                                  num_replicas)
        self.rank: int = distributed.get_rank() if rank is None else rank
        if not 0 <= self.rank < self.num_replicas:
            raise errors.no_such_replica(self.rank, self.num_replicas)
        self.dataset = dataset
        self.shuffle = shuffle
        self.seed = seed
        self.drop_last = drop_last
        self.epoch: int = 0
        left_out = self.num_replicas - 1 if drop_last else 0
        self.num_samples: int = -(-(len(dataset) - left_out) // self.num_replicas)     # rounded up
        self.total_size: int = self.num_samples * self.num_replicas

    def __iter__(self) -> Iterator[int]:
        n = len(self.dataset)
        order = [*range(n)]
        if self.shuffle:
            order = randperm(n, generator=Generator().manual_seed(self.seed + self.epoch)).tolist()
        repeated = order * -(-self.total_size // n) if n else order
        return iter(repeated[self.rank:self.total_size:self.num_replicas])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Shuffle in another order from now on.

        epoch  the number of the epoch, the same on all ranks
        """
        self.epoch = epoch
