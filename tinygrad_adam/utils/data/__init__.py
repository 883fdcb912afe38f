"""From single samples to batches, like `torch.utils.data`.

A dataset answers `len(dataset)` and `dataset[i]`. `DataLoader` puts the indices in order, cuts the
order into lists, fetches the samples of each list and makes one batch of them. Of an
IterableDataset, a stream, it takes the samples as they come. It runs in one process.
https://pytorch.org/docs/stable/data.html
"""
from typing import TYPE_CHECKING

from . import dataloader as dataloader
from . import dataset as dataset
from . import sampler as sampler
from .dataloader import (
    DataLoader, default_collate, default_convert, get_worker_info)
from .dataset import (
    ChainDataset, ConcatDataset, Dataset, IterableDataset, StackDataset, Subset, TensorDataset,
    random_split)
from .sampler import (
    BatchSampler, RandomSampler, Sampler, SequentialSampler, SubsetRandomSampler,
    WeightedRandomSampler)

if TYPE_CHECKING:      # imported on first use: see _missing.py
    from . import distributed as distributed
    from .distributed import DistributedSampler as DistributedSampler

__all__ = ['BatchSampler', 'ChainDataset', 'ConcatDataset', 'DataLoader', 'Dataset',
           'IterableDataset', 'RandomSampler', 'Sampler', 'SequentialSampler', 'StackDataset',
           'Subset', 'SubsetRandomSampler', 'TensorDataset', 'WeightedRandomSampler',
           'default_collate', 'default_convert', 'get_worker_info', 'random_split']
