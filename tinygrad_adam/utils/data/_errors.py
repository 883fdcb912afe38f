"""The errors of data sets, samplers and loaders: functions that return an exception which says what
happened, why it is wrong, and what to write instead."""
from __future__ import annotations

from typing import Any, Sequence

# Data sets.


def no_getitem(dataset: object) -> NotImplementedError:
    return NotImplementedError(
        f'{type(dataset).__name__} has no __getitem__: samples are fetched by index. Define '
        '__getitem__(self, index).')


def not_tensors(found: Sequence[Any]) -> TypeError:
    return TypeError(
        f'TensorDataset got {[type(t).__name__ for t in found]}: its samples are rows of Tensors. '
        'Convert arrays with from_numpy.')


def lengths_differ(tensors: Sequence[Any]) -> AssertionError:
    return AssertionError(
        f'TensorDataset got shapes {[tuple(t.shape) for t in tensors]}: sample i is row i of each, '
        'so the first sizes must be equal. Cut the longer ones.')


def no_datasets() -> AssertionError:
    return AssertionError(
        'datasets should not be an empty iterable: there is nothing to join. Pass [first, second]')


def stream_has_no_index() -> AssertionError:
    return AssertionError(
        'ConcatDataset does not support IterableDataset: it finds samples by their index, and a '
        'stream has none. Use ChainDataset.')


def no_iter_of_stream(dataset: object) -> TypeError:
    return TypeError(
        f"Can't iterate over {type(dataset).__name__} without __iter__: a stream gives its samples "
        'one after the other. Define __iter__(self).')


def not_a_stream(dataset: object) -> AssertionError:
    return AssertionError(
        f'ChainDataset only supports IterableDataset, not {type(dataset).__name__}: it joins '
        'streams. Use ConcatDataset for data sets with an index.')


def named_and_not() -> ValueError:
    return ValueError(
        'StackDataset got data sets with names and without: a sample is either a tuple or a dict. '
        'Give all of them names, or none.')


def nothing_to_stack() -> ValueError:
    return ValueError(
        'At least one dataset should be passed to StackDataset: without one, samples have no parts '
        'and no number. Pass StackDataset(first, second).')


def lengths_of_stack(lengths: list[int]) -> ValueError:
    return ValueError(
        f'Size mismatch between datasets of a StackDataset: {lengths} samples; sample i has sample '
        'i of each, so they must be equally long. Cut the longer ones with Subset.')


def before_the_first(index: int, size: int) -> ValueError:
    return ValueError(
        f'absolute value of index should not exceed dataset length, but it is {index} of {size}. '
        f'Give {-size} to {size - 1}')


def bad_split(lengths: Sequence[float], n: int) -> ValueError:
    return ValueError(
        f'random_split got lengths {lengths} for {n} samples: every sample goes to one part. '
        f'Give counts with sum {n}, or fractions with sum 1.')


# Batches.

def entries_differ(sizes: list[int]) -> RuntimeError:
    return RuntimeError(
        f'default_collate got samples with {sizes} entries: entries are stacked position by '
        'position. Make them equally long, or pass collate_fn.')


def cannot_join(found: Any) -> TypeError:
    return TypeError(
        f'default_collate got a {type(found).__name__}: it joins tensors, numpy arrays, numbers, '
        'strings, dicts, tuples and lists. Return one of these, or pass collate_fn.')


# Samplers.

def no_iter(sampler: object) -> NotImplementedError:
    return NotImplementedError(
        f'{type(sampler).__name__} has no __iter__: a sampler gives indices one after the other. '
        'Define __iter__(self).')


def replacement_not_boolean(replacement: Any, kind: type[Exception] = TypeError) -> Exception:
    return kind(
        f'replacement should be a boolean value, but got replacement={replacement!r}: indices are '
        'drawn again or not. Give True or False.')


def weights_are_no_list(weights: Any) -> ValueError:
    return ValueError(
        f'weights should be a 1d sequence but given weights have shape {tuple(weights.shape)}: '
        'each sample has one weight. Use reshape(-1).')


def nothing_to_draw(num_samples: Any) -> ValueError:
    return ValueError(
        f'num_samples should be a positive integer value, but got num_samples={num_samples!r}: '
        'with no samples there is nothing to draw from. Fill the data set, or leave shuffle out.')


def bad_batch_size(batch_size: Any) -> ValueError:
    return ValueError(
        f'batch_size should be a positive integer value, but got batch_size={batch_size!r}: a '
        'batch is a number of samples. Give an integer of at least 1.')


def drop_last_not_boolean(drop_last: Any) -> ValueError:
    return ValueError(
        f'drop_last should be a boolean value, but got drop_last={drop_last!r}: a short batch is '
        'left out or not. Give True or False.')


# Loaders.

def negative_workers(num_workers: int) -> ValueError:
    return ValueError(
        f'num_workers={num_workers}: a number of processes is not negative. Leave it out: one '
        'process loads here.')


def option_of_workers(option: str, value: Any) -> ValueError:
    return ValueError(
        f'{option} option needs num_workers > 0, but is {value!r} with num_workers=0: it is about '
        'processes that load batches. Leave it out.')


def nobody_to_wait_for(timeout: float) -> Exception:
    return (ValueError if timeout < 0 else NotImplementedError)(
        f'DataLoader: timeout option should be non-negative, and is not implemented here, got '
        f'{timeout}: no other process loads batches. Leave it out.')


def sampler_and_shuffle() -> ValueError:
    return ValueError(
        'DataLoader got sampler and shuffle=True: both set the order. Leave one out.')


def batch_sampler_and_more() -> ValueError:
    return ValueError(
        'DataLoader got batch_sampler with batch_size, shuffle, sampler or drop_last: it decides '
        'all four. Leave the others out.')


def drop_last_without_batches() -> ValueError:
    return ValueError(
        'batch_size=None option disables auto-batching and is mutually exclusive with drop_last: '
        'there is no last batch. Leave one out.')


def no_length(dataset: object) -> TypeError:
    return TypeError(
        f'DataLoader got a {type(dataset).__name__} without __len__: indices run from 0 to the '
        'length. Define __len__, pass a sampler, or derive a stream from IterableDataset.')


def order_of_a_stream(option: str, value: Any) -> ValueError:
    return ValueError(
        f'DataLoader with IterableDataset: expected unspecified {option} option, but got {option}='
        f'{value!r}: a stream decides its order itself. Leave it out.')


def set_after_start(name: str) -> ValueError:
    return ValueError(
        f'{name} attribute should not be set after DataLoader is initialized: its samplers are '
        'made of it. Make a new DataLoader.')


def no_such_replica(rank: int, num_replicas: int) -> ValueError:
    return ValueError(
        f'Invalid rank {rank}, rank should be in the interval [0, {num_replicas - 1}]: ranks are '
        'counted from 0. Leave it out, and torch.distributed is asked.')
