"""Samplers: the order in which samples of a data set are taken, and their division into batches."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from itertools import islice
from typing import Any, Generic, Sequence, TypeVar

from ..._functions.creation import as_tensor, multinomial, randint, randperm
from ..._tensor import Tensor
from ...random import Generator
from ...types import float64
from . import _errors as errors

T = TypeVar('T')


class Sampler(Generic[T]):
    """Base of samplers: a subclass defines `__iter__()`, and `__len__()` if it is known."""

    def __iter__(self) -> Iterator[T]:
        raise errors.no_iter(self)


class SequentialSampler(Sampler[int]):
    """The indices 0, 1, 2, ...

    data_source  the data set
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """Indices in a random order, a new one each time.

    data_source  the data set
    replacement  draw each index from all of them, so that some may repeat
    num_samples  how many indices; None is the length of the data set
    generator    the source of random numbers; None is the one that manual_seed() seeds
    """

    def __init__(self, data_source: Sized, replacement: bool = False,
                 num_samples: int | None = None, generator: Generator | None = None) -> None:
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise errors.replacement_not_boolean(replacement)
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            raise errors.nothing_to_draw(self.num_samples)

    @property
    def num_samples(self) -> int:
        """How many indices there are."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        n, wanted = len(self.data_source), self.num_samples
        if self.replacement:
            yield from randint(0, n, (wanted,), generator=self.generator).tolist()
            return
        for start in range(0, wanted, n):
            yield from randperm(n, generator=self.generator).tolist()[:wanted - start]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """Given indices in a random order, a new one each time.

    indices    the indices
    generator  the source of random numbers; None is the one that manual_seed() seeds
    """

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in randperm(len(self), generator=self.generator).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Indices drawn with given weights, so that rare classes can be seen as often as others.

    weights      a weight for each sample; they need not sum to 1
    num_samples  how many indices to draw
    replacement  whether an index can be drawn again
    generator    the source of random numbers; None is the one that manual_seed() seeds
    """

    weights: Tensor

    def __init__(self, weights: Sequence[float], num_samples: int, replacement: bool = True,
                 generator: Generator | None = None) -> None:
        if not isinstance(num_samples, int) or isinstance(num_samples, bool) or num_samples <= 0:
            raise errors.nothing_to_draw(num_samples)
        if not isinstance(replacement, bool):
            raise errors.replacement_not_boolean(replacement, ValueError)
        self.weights = as_tensor(weights, dtype=float64)
        if self.weights.ndim != 1:
            raise errors.weights_are_no_list(self.weights)
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        drawn = multinomial(self.weights, self.num_samples, self.replacement,
                            generator=self.generator)
        return iter(drawn.tolist())

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler['list[int]']):
    """The indices of another sampler in lists.

    sampler     any iterable of indices
    batch_size  how many indices there are in a list
    drop_last   leave out a last list that is shorter

    >>> list(BatchSampler(range(5), 2, False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        if not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size < 1:
            raise errors.bad_batch_size(batch_size)
        if not isinstance(drop_last, bool):
            raise errors.drop_last_not_boolean(drop_last)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        order = iter(self.sampler)
        for batch in iter(lambda: list(islice(order, self.batch_size)), []):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        sampler: Any = self.sampler
        whole, rest = divmod(len(sampler), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)
