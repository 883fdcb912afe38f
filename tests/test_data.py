"""utils.data: order, cutting and collating, with the numbers and refusals of torch.utils.data."""
from collections import namedtuple

import numpy as np
import pytest

from tinygrad_adam import Generator, Tensor, arange, manual_seed, ones, tensor
from tinygrad_adam.utils.data import (
    BatchSampler, ChainDataset, ConcatDataset, DataLoader, Dataset, IterableDataset, RandomSampler,
    Sampler, SequentialSampler, StackDataset, Subset, SubsetRandomSampler, TensorDataset,
    WeightedRandomSampler, default_collate, get_worker_info, random_split)


def seen(loader):
    return [batch.tolist() for batch in loader]


def rows(n=10):
    return TensorDataset(arange(2 * n).reshape(n, 2), arange(n))


class Squares(Dataset):
    def __getitem__(self, i):
        return i * i

    def __len__(self):
        return 7


@pytest.mark.parametrize('n, drop_last, sizes', [
    (6, False, [3, 3]), (7, False, [3, 3, 1]), (7, True, [3, 3]), (2, False, [2]), (2, True, []),
    (0, False, [])])
def test_batches_and_their_count(n, drop_last, sizes):
    loader = DataLoader(range(n), batch_size=3, drop_last=drop_last)
    assert [len(batch) for batch in loader] == sizes and len(loader) == len(sizes)


def test_default_batch_is_one_sample():
    assert seen(DataLoader(range(2))) == [[0], [1]]


def test_shuffle_moves_samples_and_not_batches():
    generator = Generator().manual_seed(0)
    batches = seen(DataLoader(range(100), batch_size=10, shuffle=True, generator=generator))
    assert sorted(sum(batches, [])) == list(range(100))
    assert all(sorted(batch) != list(range(min(batch), min(batch) + 10)) for batch in batches)


def test_every_epoch_has_a_new_order_and_a_seed_repeats_them():
    first, again = [DataLoader(range(50), 5, shuffle=True, generator=Generator().manual_seed(0))
                    for _ in range(2)]
    epochs = [seen(first), seen(first)]
    assert epochs[0] != epochs[1] and epochs == [seen(again), seen(again)]


def test_manual_seed_sets_the_order_when_there_is_no_generator():
    loader = DataLoader(range(50), 50, shuffle=True)
    orders = []
    for seed in (0, 0, 1):
        manual_seed(seed)
        orders += seen(loader)
    assert orders[0] == orders[1] != orders[2]


def test_two_walks_over_one_loader_do_not_disturb_each_other():
    loader = DataLoader(range(4), batch_size=2)
    assert [(a.tolist(), b.tolist()) for a in loader for b in loader][1] == ([0, 1], [2, 3])


def test_a_sampler_or_a_batch_sampler_sets_the_order():
    by_sampler = DataLoader(Squares(), 2, sampler=[5, 1, 3])
    by_lists = DataLoader(Squares(), batch_sampler=[[6], [0, 2]])
    assert seen(by_sampler) == [[25, 1], [9]] and len(by_sampler) == 2
    assert seen(by_lists) == [[36], [0, 4]] and len(by_lists) == 2


@pytest.mark.parametrize('sampler', [np.array([3, 0]), tensor([3, 0]), iter([3, 0])])
def test_a_sampler_may_be_any_iterable_of_indices(sampler):
    x, y = next(iter(DataLoader(rows(), 2, sampler=sampler)))
    assert x.tolist() == [[6, 7], [0, 1]] and y.tolist() == [3, 0]


def test_workers_and_pinned_memory_change_nothing():
    loader = DataLoader(Squares(), 4, num_workers=2, pin_memory=True, worker_init_fn=print,
                        prefetch_factor=2, persistent_workers=True, multiprocessing_context='fork')
    assert seen(loader) == seen(DataLoader(Squares(), 4)) and get_worker_info() is None


def test_own_collate_gets_the_list_of_samples():
    batch = next(iter(DataLoader(rows(), 2, collate_fn=lambda samples: samples)))
    assert isinstance(batch, list) and [y.item() for x, y in batch] == [0, 1]


def test_own_getitems_is_asked_for_a_whole_batch():
    class Fetches(Squares):
        def __getitems__(self, indices):
            return [100 + i for i in indices]
    assert seen(DataLoader(Fetches(), 4)) == [[100, 101, 102, 103], [104, 105, 106]]


@pytest.mark.parametrize('arguments, reason', [
    (dict(sampler=[0], shuffle=True), 'both set the order'),
    (dict(batch_sampler=[[0]], batch_size=2), 'decides all four'),
    (dict(batch_sampler=[[0]], shuffle=True), 'decides all four'),
    (dict(batch_sampler=[[0]], sampler=np.arange(2)), 'decides all four'),
    (dict(batch_sampler=[[0]], drop_last=True), 'decides all four'),
    (dict(batch_size=0), 'at least 1'), (dict(batch_size=True), 'at least 1'),
    (dict(batch_size=2.0), 'at least 1'),
    (dict(batch_size=None, drop_last=True), 'no last batch'), (dict(drop_last=1), 'boolean'),
    (dict(num_workers=-1), 'not negative'), (dict(prefetch_factor=2), 'prefetch_factor.*processes'),
    (dict(persistent_workers=True), 'num_workers > 0'),
    (dict(multiprocessing_context='fork'), 'num_workers > 0'), (dict(timeout=-1), 'non-negative'),
])
def test_the_loader_refuses_arguments_that_make_no_sense(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        DataLoader(range(3), **arguments)


def test_there_is_no_process_to_wait_for():
    with pytest.raises(NotImplementedError, match='timeout.*no other process'):
        DataLoader(range(3), timeout=5)


def test_an_iterator_is_refused_with_its_reason():
    with pytest.raises(TypeError, match='without __len__.*Define __len__.*IterableDataset'):
        DataLoader(iter([1, 2]))
    assert seen(DataLoader({1: 5, 2: 6}, 2, sampler=[2, 1])) == [[6, 5]]


class Stream(IterableDataset):
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))


class SizedStream(Stream):
    def __len__(self):
        return self.n


def test_a_stream_comes_in_batches_in_its_own_order():
    assert seen(DataLoader(Stream(5), 2)) == [[0, 1], [2, 3], [4]]
    assert seen(DataLoader(Stream(5), 2, shuffle=False, drop_last=True)) == [[0, 1], [2, 3]]
    assert list(DataLoader(Stream(3), batch_size=None)) == [0, 1, 2]
    assert seen(DataLoader(Stream(2) + Stream(3), 4)) == [[0, 1, 0, 1], [2]]
    lengths = [len(DataLoader(SizedStream(7), 2, drop_last=drop)) for drop in (False, True)]
    assert lengths == [4, 3] and len(ChainDataset([SizedStream(2), SizedStream(3)])) == 5
    assert len(DataLoader(SizedStream(7), batch_size=None)) == 7


@pytest.mark.parametrize('options', [dict(shuffle=True), dict(sampler=[0]),
                                     dict(batch_sampler=[[0]])])
def test_the_order_of_a_stream_is_its_own(options):
    name, = options
    with pytest.raises(ValueError, match=f'IterableDataset: expected unspecified {name}.*Leave it'):
        DataLoader(Stream(3), **options)


def test_streams_are_chained_and_others_are_not():
    with pytest.raises(AssertionError, match='ConcatDataset does not support.*Use ChainDataset'):
        ConcatDataset([Stream(1)])
    with pytest.raises(AssertionError, match='not range.*Use ConcatDataset'):
        list(ChainDataset([range(3)]))
    with pytest.raises(TypeError, match='no len'):
        len(DataLoader(Stream(3)))
    with pytest.raises(TypeError, match='Define __iter__'):
        list(IterableDataset())


def test_data_sets_are_stacked_sample_by_sample():
    pairs = StackDataset(range(3), range(10, 13))
    assert (len(pairs), pairs[1]) == (3, (1, 11))
    named = StackDataset(image=range(3), label=range(3))
    assert len(named) == 3 and named[2] == {'image': 2, 'label': 2}
    batch = next(iter(DataLoader(named, 2)))
    assert {name: x.tolist() for name, x in batch.items()} == {'image': [0, 1], 'label': [0, 1]}
    for args, kwargs, reason in [((), {}, 'At least one'), ([range(2), range(3)], {}, 'mismatch'),
                                 ([range(2)], {'a': range(2)}, 'tuple or a dict')]:
        with pytest.raises(ValueError, match=reason):
            StackDataset(*args, **kwargs)


def test_shuffling_nothing_is_refused():
    with pytest.raises(ValueError, match='no samples'):
        DataLoader([], shuffle=True)


@pytest.mark.parametrize('dataset', [
    rows(), Subset(rows(), [3, 1, 4, 1, 5]),
    Subset(Subset(rows(), range(1, 10)), np.array([8, 0, 2, 7]))])
def test_one_index_gives_what_the_loop_gives(dataset):
    fast = list(DataLoader(dataset, 3))
    slow = list(DataLoader(dataset, 3, collate_fn=lambda samples: default_collate(samples)))
    assert len(fast) == len(slow)
    for batch, other in zip(fast, slow):
        assert type(batch) is type(other) is list
        for t, u in zip(batch, other):
            assert t.dtype == u.dtype and t.tolist() == u.tolist()


def test_a_subclass_that_changes_its_samples_is_asked_for_each():
    class Negated(TensorDataset):
        def __getitem__(self, i):
            return tuple(-t for t in super().__getitem__(i))

    class Doubled(Subset):
        def __getitem__(self, i):
            return tuple(2 * t for t in super().__getitem__(i))
    negated = Negated(arange(3))
    assert [x.tolist() for x, in DataLoader(negated, 3)] == [[0, -1, -2]]
    assert [x.tolist() for x, in DataLoader(Doubled(negated, [2, 1]), 3)] == [[-4, -2]]


def test_a_batch_is_a_copy_and_carries_gradients():
    x = ones(4, requires_grad=True)
    batch, = next(iter(DataLoader(TensorDataset(x), sampler=[2, 2], batch_size=2)))
    batch.sum().backward()
    assert x.grad.tolist() == [0, 0, 2, 0]


def test_tensor_dataset_needs_tensors_of_one_length():
    with pytest.raises(AssertionError, match=r'\(3, 2\).*\(4,\).*must be equal'):
        TensorDataset(ones(3, 2), ones(4))
    with pytest.raises(TypeError, match='from_numpy'):
        TensorDataset(np.ones(3))


def test_subset_keeps_the_order_given():
    subset = Subset(Squares(), [4, 2])
    assert (len(subset), subset[0], subset[-1]) == (2, 16, 4)


def test_a_dataset_without_getitem_says_so():
    with pytest.raises(NotImplementedError, match='__getitem__'):
        Dataset()[0]


def test_datasets_are_added_and_their_kinds_named():
    class Numbers(Dataset[int]):
        def __init__(self, *numbers):
            self.numbers = numbers

        def __getitem__(self, i):
            return self.numbers[i]

        def __len__(self):
            return len(self.numbers)

    both = Numbers(1, 2) + Numbers(3)
    assert type(both) is ConcatDataset and both.cumulative_sizes == [2, 3]
    assert [both[i] for i in range(3)] == [1, 2, 3] and (both[-1], both[-3]) == (3, 1)
    assert seen(DataLoader(both + Numbers(4, 5), 2)) == [[1, 2], [3, 4], [5]]
    with pytest.raises(ValueError, match='exceed dataset length'):
        both[-4]
    with pytest.raises(AssertionError, match='empty'):
        ConcatDataset([])


def test_without_batches_each_sample_comes_as_it_is():
    loader = DataLoader([(1, 'a', np.float32(2)), (3, 'b', np.float32(4))], batch_size=None)
    assert [[x, word, y.item()] for x, word, y in loader] == [[1, 'a', 2.0], [3, 'b', 4.0]]
    assert len(loader) == 2 and loader.batch_sampler is None
    assert list(DataLoader(range(5), batch_size=None, sampler=[3, 1])) == [3, 1]
    assert sorted(DataLoader(range(5), batch_size=None, shuffle=True)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize('name', ['batch_size', 'batch_sampler', 'sampler', 'drop_last', 'dataset'])
def test_what_a_loader_is_made_of_cannot_change(name):
    with pytest.raises(ValueError, match=f'{name} attribute should not be set after DataLoader'):
        setattr(DataLoader(range(3)), name, 2)


def test_a_loader_shows_its_samplers():
    loader = DataLoader(range(5), 2, shuffle=True)
    assert type(loader.sampler) is RandomSampler and loader.sampler.num_samples == 5
    assert type(loader.batch_sampler) is BatchSampler and len(loader.batch_sampler) == 3
    assert type(DataLoader(range(5)).sampler) is SequentialSampler
    assert DataLoader(range(5), batch_sampler=[[1]]).batch_size is None


def test_samplers_draw_as_many_as_they_are_asked_for():
    drawn = list(RandomSampler(range(3), num_samples=7))
    assert len(drawn) == 7 and sorted(drawn[:3]) == sorted(drawn[3:6]) == [0, 1, 2]
    assert set(RandomSampler(range(2), replacement=True, num_samples=50)) == {0, 1}
    assert list(BatchSampler(range(5), 2, True)) == [[0, 1], [2, 3]]


def test_rare_samples_are_drawn_as_often_as_their_weight_says():
    manual_seed(0)
    drawn = list(WeightedRandomSampler([1, 0, 3], 4000))
    assert len(drawn) == 4000 and set(drawn) == {0, 2} and 2850 < drawn.count(2) < 3150
    assert sorted(WeightedRandomSampler(tensor([1.0, 2.0, 3.0]), 3, False)) == [0, 1, 2]


def test_a_subset_is_drawn_in_a_new_order_each_time():
    manual_seed(0)
    sampler = SubsetRandomSampler([5, 1, 9, 7])
    orders = [list(sampler) for _ in range(20)]
    assert len(sampler) == 4 and len({*map(tuple, orders)}) > 1
    assert all(sorted(order) == [1, 5, 7, 9] for order in orders)


@pytest.mark.parametrize('error, act', [
    (ValueError, lambda: WeightedRandomSampler([1, 2], 0)),
    (ValueError, lambda: WeightedRandomSampler([[1, 2]], 1)),
    (ValueError, lambda: WeightedRandomSampler([1, 2], 1, 1)),
    (TypeError, lambda: RandomSampler(range(3), replacement=1)),
    (ValueError, lambda: RandomSampler(range(3), num_samples=0)),
    (ValueError, lambda: BatchSampler(range(3), 0, False)),
    (ValueError, lambda: BatchSampler(range(3), 1, 0)),
    (NotImplementedError, lambda: iter(Sampler()))])
def test_a_sampler_of_nothing_is_refused(error, act):
    with pytest.raises(error):
        act()


# the lengths are torch's: fractions floored, the rest dealt from the first part on
@pytest.mark.parametrize('lengths, expected', [
    ([3, 7], [3, 7]), ([0, 10], [0, 10]), ([0.5, 0.3, 0.2], [5, 3, 2]), ([0.25, 0.75], [3, 7]),
    ([0.33, 0.33, 0.34], [4, 3, 3]), ([1.0], [10])])
def test_random_split_covers_every_sample_once(lengths, expected):
    parts = random_split(range(10), lengths, generator=Generator().manual_seed(1))
    assert [len(part) for part in parts] == expected
    assert sorted(i for part in parts for i in part) == list(range(10))


def test_random_split_repeats_with_its_seed():
    split = [random_split(range(20), [15, 5], generator=Generator().manual_seed(seed))
             for seed in (0, 0, 1)]
    orders = [list(first) + list(second) for first, second in split]
    assert orders[0] == orders[1] != orders[2] and orders[0] != list(range(20))


@pytest.mark.parametrize('lengths', [[3, 3], [0.5, 0.6], [-0.5, 1.5], [12, -2], []])
def test_random_split_refuses_lengths_that_do_not_fit(lengths):
    with pytest.raises(ValueError, match='10 samples'):
        random_split(range(10), lengths)


# what torch 2.13 gives: dtype and values
@pytest.mark.parametrize('batch, dtype, values', [
    ([1.0, 2.0], 'float64', [1, 2]), ([1, 2], 'int64', [1, 2]), ([1, 2.5], 'float32', [1, 2.5]),
    ([True, False], 'bool', [True, False]), ([np.bool_(True)], 'bool', [True]),
    ([np.float32(1)], 'float32', [1]), ([np.float64(1)], 'float64', [1]),
    ([np.int64(3)], 'int64', [3]),
    ([np.array(3.0), np.array(4.0)], 'float64', [3, 4]),
    ([np.ones(2, np.float32)] * 2, 'float32', [[1, 1], [1, 1]]),
    ([tensor([1, 2]), tensor([3, 4])], 'int64', [[1, 2], [3, 4]])])
def test_numbers_and_arrays_become_tensors_of_torchs_dtype(batch, dtype, values):
    out = default_collate(batch)
    assert isinstance(out, Tensor) and str(out.dtype).endswith(dtype) and out.tolist() == values


def test_structures_are_kept():
    pair = namedtuple('pair', 'x y')
    assert default_collate(['a', 'b']) == ['a', 'b']
    number, word = default_collate([(1, 'a'), (2, 'b')])
    assert number.tolist() == [1, 2] and word == ('a', 'b')
    assert default_collate([{'k': [1, 2]}, {'k': [3, 4]}])['k'][1].tolist() == [2, 4]
    assert default_collate([pair(1, 2), pair(3, 4)]).y.tolist() == [2, 4]
    assert default_collate([(), ()]) == []


@pytest.mark.parametrize('error, batch', [
    (TypeError, [None]), (TypeError, [{1}]), (TypeError, [np.array(['a'])]), (TypeError, [1j]),
    (RuntimeError, [(1, 2), (3,)]), (RuntimeError, [ones(2), ones(3)]),
    (RuntimeError, [np.ones(2), np.ones(3)]), (KeyError, [{'a': 1}, {}])])
def test_what_cannot_be_joined_is_refused_as_in_torch(error, batch):
    with pytest.raises(error):
        default_collate(batch)


def test_the_same_batches_as_torch():
    torch = pytest.importorskip('torch')
    data = torch.utils.data
    theirs = data.TensorDataset(torch.arange(20).reshape(10, 2), torch.arange(10))
    for arguments in (dict(), dict(batch_size=4), dict(batch_size=4, drop_last=True),
                      dict(batch_size=2, sampler=[9, 0, 4]), dict(batch_sampler=[[1], [2, 3]])):
        ours_, theirs_ = DataLoader(rows(), **arguments), data.DataLoader(theirs, **arguments)
        assert len(ours_) == len(theirs_)
        assert ([[t.tolist() for t in batch] for batch in ours_]
                == [[t.tolist() for t in batch] for batch in theirs_])
