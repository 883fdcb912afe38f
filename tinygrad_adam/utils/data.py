"""From single samples to batches, like `torch.utils.data`.

A dataset answers `len(dataset)` and `dataset[i]`. `DataLoader` puts the indices in order, cuts the
order into lists, fetches the samples of each list and makes one batch of them. It runs in one
process. Streams (PyTorch's IterableDataset) are not implemented.
https://pytorch.org/docs/stable/data.html
"""
from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from .._functions.creation import from_numpy, randperm, tensor
from .._functions.indexing import stack
from .._tensor import Tensor
from ..random import Generator, default_generator
from ..types import float64
from . import _errors as errors
from ._samplers import BatchSampler, RandomSampler, Sampler, SequentialSampler

__all__ = ['BatchSampler', 'ConcatDataset', 'DataLoader', 'Dataset', 'RandomSampler', 'Sampler',
           'SequentialSampler', 'Subset', 'TensorDataset', 'default_collate', 'default_convert',
           'random_split']

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


def default_collate(batch: Sequence[Any]) -> Any:
    """A list of samples as one batch, with a new first dimension.

    batch  the samples, all of the same kind

    Tensors and arrays are stacked; ints and floats become int64 and float64 tensors; strings stay.
    Tuples and lists become a list with a batch for each position, named tuples stay named, dicts
    become a dict with a batch for each key. Raises RuntimeError when the samples differ in size,
    TypeError for anything else (None, sets, objects).

    >>> default_collate([(1, 'a'), (2, 'b')])
    [tensor([1, 2]), ('a', 'b')]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(batch)
    if isinstance(first, np.ndarray) and first.dtype.kind not in 'SUO':
        return stack([from_numpy(array) for array in batch])
    if isinstance(first, (np.bool_, np.number)):
        return from_numpy(np.array(batch))
    if isinstance(first, (int, float)):
        return tensor(batch, dtype=float64 if isinstance(first, float) else None)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, Mapping):
        return {key: default_collate([sample[key] for sample in batch]) for key in first}
    if isinstance(first, Sequence):
        sizes = {len(sample) for sample in batch}
        if len(sizes) > 1:
            raise errors.entries_differ(sorted(sizes))
        columns = [default_collate(column) for column in zip(*batch)]
        return type(first)(*columns) if hasattr(first, '_fields') else columns
    raise errors.cannot_join(first)


def default_convert(data: Any) -> Any:
    """A sample as it is, with Tensors in place of NumPy's arrays and numbers.

    data  the sample; in dicts, lists and tuples each entry is converted

    >>> default_convert([np.array([1, 2]), 'a', 3])
    [tensor([1, 2]), 'a', 3]
    """
    if isinstance(data, np.ndarray) and data.dtype.kind in 'SUO' or isinstance(data, (str, bytes)):
        return data
    if isinstance(data, (np.ndarray, np.bool_, np.number)):
        return from_numpy(np.asarray(data))
    if isinstance(data, Mapping):
        return {key: default_convert(value) for key, value in data.items()}
    if isinstance(data, Sequence):
        converted = [default_convert(value) for value in data]
        return type(data)(*converted) if hasattr(data, '_fields') else converted
    return data


def _batch(dataset: Any, indices: Any, collate_fn: Callable[[Any], Any]) -> Any:
    """The samples at `indices`, collated; of tensors by one index instead of a loop over samples.

    The loop makes small tensors for every sample and stacks them again, which takes several times
    as long as one index. Both ways give equal batches. Only the classes themselves take the index:
    a subclass may change its samples in `__getitem__`.
    """
    while type(dataset) is Subset:
        dataset, indices = dataset.dataset, [dataset.indices[i] for i in indices]
    if type(dataset) is TensorDataset and collate_fn is default_collate:
        rows = tensor(indices)
        return [t[rows] for t in dataset.tensors]
    if hasattr(dataset, '__getitems__'):
        return collate_fn(dataset.__getitems__(indices))
    return collate_fn([dataset[i] for i in indices])


class DataLoader(Generic[T]):
    """Batches of a data set; every `for` over the loader is one epoch.

    dataset        anything with `len(dataset)` and `dataset[i]`; if it has `__getitems__(indices)`,
                   which gives a list of samples, that is called once for each batch
    batch_size     samples in a batch; None for single samples, which are not joined
    shuffle        take the samples in a new random order each epoch
    sampler        an iterable of indices: the order to use
    batch_sampler  an iterable of lists of indices: the batches to make
    num_workers    makes no difference: one process loads the same batches
    collate_fn     makes the batch of a list of samples; None is default_collate, or without
                   batches default_convert
    pin_memory     makes no difference
    drop_last      leave out a last batch that is shorter
    timeout        how long to wait for a process, not implemented; leave it 0
    generator      the source of random orders; None is the one that manual_seed() seeds

    Raises ValueError for arguments that exclude each other, TypeError when the length is unknown.

    >>> loader = DataLoader(range(5), batch_size=2)
    >>> len(loader), [batch.tolist() for batch in loader]
    (3, [[0, 1], [2, 3], [4]])
    """

    dataset: Any
    batch_size: int | None
    drop_last: bool
    sampler: Any
    batch_sampler: Any
    collate_fn: Callable[[Any], Any]

    def __init__(self, dataset: _Samples, batch_size: int | None = 1, shuffle: bool | None = None,
                 sampler: Iterable[int] | None = None,
                 batch_sampler: Iterable[Sequence[int]] | None = None, num_workers: int = 0,
                 collate_fn: Callable[[Any], Any] | None = None, pin_memory: bool = False,
                 drop_last: bool = False, timeout: float = 0, *,
                 generator: Generator | None = None) -> None:
        if num_workers < 0:
            raise errors.negative_workers(num_workers)
        if timeout:
            raise errors.nobody_to_wait_for(timeout)
        if sampler is not None and shuffle:
            raise errors.sampler_and_shuffle()
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise errors.batch_sampler_and_more()
            batch_size = None
        elif batch_size is None and drop_last:
            raise errors.drop_last_without_batches()
        if sampler is None:
            samples: Any = dataset
            if batch_sampler is None and not hasattr(dataset, '__len__'):
                raise errors.no_length(dataset)
            sampler = (RandomSampler(samples, generator=generator) if shuffle
                       else SequentialSampler(samples))
        if batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.collate_fn = collate_fn or (default_convert if batch_sampler is None
                                         else default_collate)
        self.generator = generator

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ('batch_size', 'batch_sampler', 'sampler', 'drop_last', 'dataset') and (
                name in vars(self)):
            raise errors.set_after_start(name)
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        if self.batch_sampler is None:
            return (self.collate_fn(self.dataset[i]) for i in self.sampler)
        return (_batch(self.dataset, indices, self.collate_fn) for indices in self.batch_sampler)

    def __len__(self) -> int:
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)
