"""From single samples to batches, as `torch.utils.data`.

A dataset answers `len(dataset)` and `dataset[i]`. `DataLoader` puts the indices in order, cuts the
order into lists, fetches the samples of each list and makes one batch of them. It runs in one
process. Not built: streams (PyTorch's IterableDataset), the Sampler classes (any iterable of
indices will do) and loading without batches (`batch_size=None`).
https://pytorch.org/docs/stable/data.html
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import Any, Protocol

import numpy as np

from .._functions.creation import from_numpy, randperm, tensor
from .._functions.indexing import stack
from .._tensor import Tensor
from ..random import Generator, default_generator
from ..types import float64


class _Samples(Protocol):
    """What can be a data set: anything with `dataset[i]`; most have `len(dataset)`, too."""

    def __getitem__(self, index: Any, /) -> Any: ...


class Dataset:
    """Base of data sets: a subclass defines `__getitem__(index)` and `__len__()`."""

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError(
            f'{type(self).__name__} has no __getitem__: samples are fetched by index. Define '
            '__getitem__(self, index).')


class TensorDataset(Dataset):
    """Sample `i` is the tuple of row `i` of every tensor.

    tensors  tensors of the same first size (AssertionError); others raise TypeError

    >>> from tinygrad_adam import arange
    >>> TensorDataset(arange(3), 10 * arange(3))[2]
    (tensor(2), tensor(20))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor) -> None:
        if not tensors or not all(isinstance(t, Tensor) for t in tensors):
            raise TypeError(
                f'TensorDataset got {[type(t).__name__ for t in tensors]}: its samples are rows of '
                'Tensors. Convert arrays with from_numpy.')
        if len({t.size(0) for t in tensors}) > 1:
            raise AssertionError(
                f'TensorDataset got shapes {[tuple(t.shape) for t in tensors]}: sample i is row i '
                'of each, so the first sizes must be equal. Cut the longer ones.')
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(t[index] for t in self.tensors)

    def __len__(self) -> int:
        return self.tensors[0].size(0)


class Subset(Dataset):
    """Some samples of a data set.

    dataset  a data set
    indices  the indices of the samples in it, in the order that they get
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
                 generator: Generator = default_generator) -> list[Subset]:
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
        raise ValueError(
            f'random_split got lengths {lengths} for {n} samples: every sample goes to one part. '
            f'Give counts with sum {n}, or fractions with sum 1.')
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
            raise RuntimeError(
                f'default_collate got samples with {sorted(sizes)} entries: entries are stacked '
                'position by position. Make them equally long, or pass collate_fn.')
        columns = [default_collate(column) for column in zip(*batch)]
        return type(first)(*columns) if hasattr(first, '_fields') else columns
    raise TypeError(
        f'default_collate got a {type(first).__name__}: it joins tensors, numpy arrays, numbers, '
        'strings, dicts, tuples and lists. Return one of these, or pass collate_fn.')


def _batch(dataset: Any, indices: Any, collate_fn: Callable[[Any], Any]) -> Any:
    """The samples at `indices`, collated; of tensors by one index instead of a loop over samples.

    The loop makes small tensors for every sample and stacks them again, several times as long as
    one index. Both ways give equal batches. Only the classes themselves take the short one: a
    subclass may change its samples in `__getitem__`.
    """
    while type(dataset) is Subset:
        dataset, indices = dataset.dataset, [dataset.indices[i] for i in indices]
    if type(dataset) is TensorDataset and collate_fn is default_collate:
        rows = tensor(indices)
        return [t[rows] for t in dataset.tensors]
    if hasattr(dataset, '__getitems__'):
        return collate_fn(dataset.__getitems__(indices))
    return collate_fn([dataset[i] for i in indices])


class DataLoader:
    """Batches of a data set; every `for` over the loader is one epoch.

    dataset        anything with `len(dataset)` and `dataset[i]`; if it has `__getitems__(indices)`,
                   which gives a list of samples, that is called once for each batch
    batch_size     samples in a batch
    shuffle        take the samples in a new random order each epoch
    sampler        an iterable of indices: the order to use
    batch_sampler  an iterable of lists of indices: the batches to make
    num_workers    makes no difference: one process loads the same batches
    collate_fn     makes the batch of a list of samples; None is default_collate
    pin_memory     makes no difference
    drop_last      leave out a last batch that is shorter
    generator      the source of random orders; None is the one that manual_seed() seeds

    Raises ValueError for arguments that exclude each other, TypeError when the length is unknown.

    >>> loader = DataLoader(range(5), batch_size=2)
    >>> len(loader), [batch.tolist() for batch in loader]
    (3, [[0, 1], [2, 3], [4]])
    """

    dataset: Any
    batch_size: int
    sampler: Any
    batch_sampler: Any
    collate_fn: Callable[[Any], Any]

    def __init__(self, dataset: _Samples, batch_size: int = 1, shuffle: bool | None = None,
                 sampler: Iterable[int] | None = None,
                 batch_sampler: Iterable[Sequence[int]] | None = None, num_workers: int = 0,
                 collate_fn: Callable[[Any], Any] | None = None, pin_memory: bool = False,
                 drop_last: bool = False, *, generator: Generator | None = None) -> None:
        if num_workers < 0:
            raise ValueError(
                f'num_workers={num_workers}: a number of processes is not negative. Leave it out: '
                'one process loads here.')
        if sampler is not None and shuffle:
            raise ValueError(
                'DataLoader got sampler and shuffle=True: both set the order. Leave one out.')
        if batch_sampler is not None and (batch_size != 1 or shuffle or sampler is not None
                                          or drop_last):
            raise ValueError(
                'DataLoader got batch_sampler with batch_size, shuffle, sampler or drop_last: it '
                'decides all four. Leave the others out.')
        if not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size < 1:
            raise ValueError(
                f'batch_size={batch_size!r}: a batch is a number of samples, and None, for no '
                'batches, is not built. Give an integer of at least 1.')
        if sampler is None and batch_sampler is None and not hasattr(dataset, '__len__'):
            raise TypeError(
                f'DataLoader got a {type(dataset).__name__} without __len__: indices run from 0 to '
                'the length, and streams are not built; define __len__, or pass a sampler.')
        if shuffle and len(dataset) == 0:    # type: ignore[arg-type]
            raise ValueError(
                'DataLoader got shuffle=True and no samples: there is nothing to draw from. Fill '
                'the data set, or leave shuffle out.')
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.collate_fn = collate_fn or default_collate
        self.drop_last = drop_last
        self.generator = generator

    def _order(self):
        if self.sampler is not None:
            return self.sampler
        n = len(self.dataset)
        return randperm(n, generator=self.generator).tolist() if self.shuffle else range(n)

    def __iter__(self) -> Iterator[Any]:
        batches = self.batch_sampler
        if batches is None:
            order = iter(self._order())
            batches = iter(lambda: list(islice(order, self.batch_size)), [])
        for indices in batches:
            if len(indices) == self.batch_size or not self.drop_last:
                yield _batch(self.dataset, indices, self.collate_fn)

    def __len__(self) -> int:
        if self.batch_sampler is not None:
            return len(self.batch_sampler)
        n = len(self.dataset if self.sampler is None else self.sampler)
        return n // self.batch_size if self.drop_last else math.ceil(n / self.batch_size)
