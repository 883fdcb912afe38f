"""DataLoader: indices in order, cut into lists, and the samples of each list as one batch."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np

from ..._functions.creation import from_numpy, tensor
from ..._functions.indexing import stack
from ..._tensor import Tensor
from ...random import Generator
from ...types import float64
from . import _errors as errors
from .dataset import IterableDataset, Subset, TensorDataset, _Samples
from .sampler import BatchSampler, RandomSampler, SequentialSampler

T = TypeVar('T')


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


def get_worker_info() -> None:
    """What a worker process knows of itself: None, since the main process loads the batches."""
    return None


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

    dataset             anything with `len(dataset)` and `dataset[i]`; if it has
                        `__getitems__(indices)`, which gives a list of samples, that is called once
                        for each batch. Or an IterableDataset, a stream, which decides its order
    batch_size          samples in a batch; None for single samples, which are not joined
    shuffle             take the samples in a new random order each epoch
    sampler             an iterable of indices: the order to use
    batch_sampler       an iterable of lists of indices: the batches to make
    num_workers         makes no difference: one process loads the same batches
    collate_fn          makes the batch of a list of samples; None is default_collate, or without
                        batches default_convert
    pin_memory          makes no difference
    drop_last           leave out a last batch that is shorter
    timeout             how long to wait for a process, not implemented; leave it 0
    worker_init_fn      makes no difference: it would be called in each worker process
    multiprocessing_context, prefetch_factor, persistent_workers
                        make no difference either: they say how worker processes are started, how
                        many batches each loads ahead, and whether they stay between epochs
    generator           the source of random orders; None is the one that manual_seed() seeds

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
                 drop_last: bool = False, timeout: float = 0,
                 worker_init_fn: Callable[[int], Any] | None = None,
                 multiprocessing_context: Any = None, generator: Generator | None = None, *,
                 prefetch_factor: int | None = None, persistent_workers: bool = False) -> None:
        if num_workers < 0:
            raise errors.negative_workers(num_workers)
        if timeout:
            raise errors.nobody_to_wait_for(timeout)
        for option, value in (('multiprocessing_context', multiprocessing_context),
                              ('prefetch_factor', prefetch_factor),
                              ('persistent_workers', persistent_workers or None)):
            if value is not None and not num_workers:
                raise errors.option_of_workers(option, value)
        is_stream = isinstance(dataset, IterableDataset)
        if is_stream:
            for option, value in (('shuffle', shuffle or None), ('sampler', sampler),
                                  ('batch_sampler', batch_sampler)):
                if value is not None:
                    raise errors.order_of_a_stream(option, value)
        if sampler is not None and shuffle:
            raise errors.sampler_and_shuffle()
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise errors.batch_sampler_and_more()
            batch_size = None
        elif batch_size is None and drop_last:
            raise errors.drop_last_without_batches()
        if sampler is None and not is_stream:
            samples: Any = dataset
            if batch_sampler is None and not hasattr(dataset, '__len__'):
                raise errors.no_length(dataset)
            sampler = (RandomSampler(samples, generator=generator) if shuffle
                       else SequentialSampler(samples))
        if batch_size is not None:      # the indices of a stream are never asked for
            batch_sampler = BatchSampler(() if sampler is None else sampler, batch_size, drop_last)
        self.dataset = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.collate_fn = collate_fn or (default_convert if batch_sampler is None
                                         else default_collate)
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = generator
        self.prefetch_factor = prefetch_factor
        self.persistent_workers = persistent_workers

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ('batch_size', 'batch_sampler', 'sampler', 'drop_last', 'dataset') and (
                name in vars(self)):
            raise errors.set_after_start(name)
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        if isinstance(self.dataset, IterableDataset):
            return map(self.collate_fn, self._pieces_of_stream())
        if self.batch_sampler is None:
            return (self.collate_fn(self.dataset[i]) for i in self.sampler)
        return (_batch(self.dataset, indices, self.collate_fn) for indices in self.batch_sampler)

    def _pieces_of_stream(self) -> Iterator[Any]:
        """The samples of a stream in lists, or one by one without batches."""
        samples = iter(self.dataset)
        if self.batch_size is None:
            yield from samples
            return
        for batch in iter(lambda: list(islice(samples, self.batch_size)), []):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            n = len(self.dataset)    # type: ignore[arg-type]
            size = self.batch_size or 1
            return n // size if self.drop_last else -(-n // size)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)
