"""Data sets: what answers `dataset[i]` and `len(dataset)`, or gives its samples one by one."""
from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, Protocol, TypeVar

from ..._functions.creation import randperm
from ..._tensor import Tensor
from ...random import Generator, default_generator
from . import _errors as errors

T = TypeVar('T')


class _Samples(Protocol):
    """What can be a data set: anything with `dataset[i]`; most have `len(dataset)`, too."""

    def __getitem__(self, index: Any, /) -> Any: ...


class Dataset(Generic[T]):
    """Base of data sets: a subclass defines `__getitem__(index)` and `__len__()`; the sum of two
    is a ConcatDataset."""

    def __getitem__(self, index: Any) -> T:
        raise errors.no_getitem(self)

    def __add__(self, other: Dataset[T]) -> ConcatDataset[T]:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T]):
    """Base of streams: a subclass defines `__iter__()`, and `__len__()` if it is known; the sum of
    two is a ChainDataset."""

    def __iter__(self) -> Iterator[T]:
        raise errors.no_iter_of_stream(self)

    def __add__(self, other: Dataset[T]) -> ChainDataset[T]:    # type: ignore[override]
        return ChainDataset([self, other])


class ConcatDataset(Dataset[T]):
    """The samples of several data sets, one after the other.

    datasets  the data sets, any iterable of them
    """

    datasets: list[Any]
    cumulative_sizes: list[int]

    def __init__(self, datasets: Iterable[_Samples]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise errors.no_datasets()
        if any(isinstance(dataset, IterableDataset) for dataset in self.datasets):
            raise errors.stream_has_no_index()
        self.cumulative_sizes = [*accumulate(map(len, self.datasets))]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: Any) -> T:
        n = len(self)
        if index < -n:
            raise errors.before_the_first(index, n)
        index += n if index < 0 else 0
        i = bisect_right(self.cumulative_sizes, index)
        sample: T = self.datasets[i][index - (self.cumulative_sizes[i - 1] if i else 0)]
        return sample


class ChainDataset(IterableDataset[T]):
    """The samples of several streams, one stream after the other.

    datasets  the streams, any iterable of them; another data set raises AssertionError when its
              turn comes
    """

    def __init__(self, datasets: Iterable[Dataset[T]]) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[T]:
        for dataset in self.datasets:
            if not isinstance(dataset, IterableDataset):
                raise errors.not_a_stream(dataset)
            yield from dataset

    def __len__(self) -> int:
        return sum(len(dataset) for dataset in self.datasets)    # type: ignore[arg-type]


class StackDataset(Dataset[Any]):
    """Sample `i` has sample `i` of every data set: a tuple of them, or a dict if they have names.

    args    data sets of the same length (ValueError), whose samples become a tuple
    kwargs  instead of args: data sets with names, whose samples become a dict

    >>> StackDataset(image=[10, 20], label=[0, 1])[1]
    {'image': 20, 'label': 1}
    """

    datasets: Any

    def __init__(self, *args: _Samples, **kwargs: _Samples) -> None:
        if args and kwargs:
            raise errors.named_and_not()
        self.datasets = args or kwargs
        if not self.datasets:
            raise errors.nothing_to_stack()
        lengths = [len(dataset) for dataset in args or kwargs.values()]    # type: ignore[arg-type]
        if len(set(lengths)) > 1:
            raise errors.lengths_of_stack(lengths)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: dataset[index] for name, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __len__(self) -> int:
        first: Any = next(iter(
            self.datasets.values() if isinstance(self.datasets, dict) else self.datasets))
        return len(first)


class TensorDataset(Dataset['tuple[Tensor, ...]']):
    """Sample `i` is the tuple of row `i` of every tensor.

    tensors  tensors of the same first size (AssertionError); others raise TypeError

    >>> from tinygrad_adam import arange
    >>> TensorDataset(arange(3), 10 * arange(3))[2]
    (tensor(2), tensor(20))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor) -> None:
        if not tensors or not all(isinstance(t, Tensor) for t in tensors):
            raise errors.not_tensors(tensors)
        if len({t.size(0) for t in tensors}) > 1:
            raise errors.lengths_differ(tensors)
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(t[index] for t in self.tensors)

    def __len__(self) -> int:
        return self.tensors[0].size(0)


class Subset(Dataset[T]):
    """Some samples of a data set.

    dataset  a data set
    indices  the indices of the samples in it, in the order of the result
    """

    dataset: Any
    indices: Sequence[int]

    def __init__(self, dataset: _Samples, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(dataset: _Samples, lengths: Sequence[float],
                 generator: Generator = default_generator) -> list[Subset[Any]]:
    """Split a data set at random into parts that do not overlap.

    dataset    a data set with a length
    lengths    the lengths of the parts; or fractions that sum to 1, which are rounded down, and
               what is left goes to the first parts, one sample each
    generator  the source of random numbers

    Raises ValueError if the lengths do not add up to that of the data set.

    >>> [len(part) for part in random_split(range(10), [0.75, 0.25])]
    [8, 2]
    """
    n, parts = len(dataset), list(lengths)    # type: ignore[arg-type]
    if math.isclose(sum(parts), 1) and sum(parts) <= 1:
        parts = [math.floor(n * fraction) for fraction in parts]
        for i in range(n - int(sum(parts))):
            parts[i % len(parts)] += 1
    if sum(parts) != n or min(lengths) < 0:
        raise errors.bad_split(lengths, n)
    order = randperm(n, generator=generator).tolist()
    sizes = [int(size) for size in parts]
    return [Subset(dataset, order[end - size:end]) for end, size in zip(accumulate(sizes), sizes)]
