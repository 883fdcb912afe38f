"""datasets: the shipped digits, the toy sets, and a reader of IDX files that survives any bytes."""
import gzip
import tracemalloc

import numpy as np
import pytest

from tinygrad_adam import Generator, float32, int64, manual_seed
from tinygrad_adam.teach import datasets

TOYS = [(datasets.moons, 2), (datasets.circles, 2), (datasets.spirals, 3), (datasets.xor, 2),
        (datasets.blobs, 3)]


def test_digits_are_the_1797_of_uci():
    train, test = datasets.digits()
    x = np.concatenate([part.tensors[0].numpy() for part in (train, test)])
    y = np.concatenate([part.tensors[1].numpy() for part in (train, test)])
    assert (len(train), len(test), x.shape) == (1347, 450, (1797, 1, 8, 8))
    assert [t.dtype for t in train.tensors + test.tensors] == [float32, int64] * 2
    assert (x.min(), x.max(), int((16 * x).sum())) == (0, 1, 561718)
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_a_seed_of_digits_is_one_split():
    first, again, other = (datasets.digits(seed)[1].tensors[1].tolist() for seed in (0, 0, 1))
    assert first == again != other
    assert first == datasets.digits()[1].tensors[1].tolist()


def test_no_sample_of_digits_is_in_both_parts():
    train, test = ({x.tobytes() for x in part.tensors[0].numpy()} for part in datasets.digits())
    assert not train & test and len(train | test) == 1797


@pytest.mark.parametrize('toy, classes', TOYS)
def test_toys_are_balanced_points_with_labels(toy, classes):
    x, y = toy(n=61)
    assert (tuple(x.shape), x.dtype, tuple(y.shape), y.dtype) == ((61, 2), float32, (61,), int64)
    counts = np.bincount(y.numpy())
    assert len(counts) == classes and counts.max() - counts.min() <= 1


@pytest.mark.parametrize('toy, classes', TOYS)
def test_a_generator_or_manual_seed_repeats_a_toy(toy, classes):
    draws = [toy(generator=Generator().manual_seed(seed))[0].tolist() for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]
    manual_seed(3)
    first = toy()[0].tolist()
    manual_seed(3)
    assert first == toy()[0].tolist()


def test_without_noise_the_toys_lie_where_they_should():
    x, y = [t.numpy() for t in datasets.circles(50, noise=0, factor=0.25)]
    assert np.allclose(np.hypot(*x.T), np.where(y == 1, 0.25, 1))
    x, y = [t.numpy() for t in datasets.moons(50, noise=0)]
    assert np.allclose(np.hypot(*(x - np.outer(y, [1, 0.5])).T), 1) and (x[y == 0, 1] >= 0).all()
    x, y = [t.numpy() for t in datasets.xor(50, noise=0)]
    assert ((x[:, 0] * x[:, 1] < 0) == (y == 1)).all()
    x, y = [t.numpy() for t in datasets.spirals(50, noise=0, classes=2, turns=1)]
    radius = np.hypot(*x.T)
    angle = 2 * np.pi * (radius + y / 2)
    assert np.allclose(x, np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), atol=1e-5)


def idx(array, shape=None, magic=None):
    sizes = array.shape if shape is None else shape
    header = np.array([magic or 2048 + len(sizes), *sizes], '>u4')
    return header.tobytes() + array.astype(np.uint8).tobytes()


IMAGES = np.random.default_rng(0).integers(0, 256, (5, 28, 28))
IMAGES[0, 0, :2] = 0, 255
LABELS = np.array([3, 1, 4, 1, 9])


def folder_with(folder, images=idx(IMAGES), labels=idx(LABELS), part='t10k', pack=bytes, end=''):
    (folder / f'{part}-images-idx3-ubyte{end}').write_bytes(pack(images))
    (folder / f'{part}-labels-idx1-ubyte{end}').write_bytes(pack(labels))
    return folder


@pytest.mark.parametrize('pack, end', [(bytes, ''), (gzip.compress, '.gz'), (bytes, '.gz')])
def test_one_pair_is_split_with_its_last_images_for_testing(tmp_path, pack, end):
    train, test = datasets.mnist(folder_with(tmp_path, pack=pack, end=end), test=2)
    x, y = train.tensors
    assert (tuple(x.shape), x.dtype, y.dtype) == ((3, 1, 28, 28), float32, int64)
    assert x[0, 0, 0, :2].tolist() == [0, 1] and y.tolist() == [3, 1, 4]
    assert np.allclose(test.tensors[0].numpy()[:, 0] * 255, IMAGES[3:])
    assert test.tensors[1].tolist() == [1, 9]


def test_two_pairs_are_the_two_parts(tmp_path):
    folder_with(folder_with(tmp_path), idx(IMAGES[:2]), idx(LABELS[:2]), 'train')
    assert [len(part) for part in datasets.mnist(str(tmp_path))] == [2, 5]


@pytest.mark.parametrize('test', [0, 5, -1, 2000])
def test_a_split_that_leaves_a_part_empty_is_refused(tmp_path, test):
    with pytest.raises(ValueError, match='of 5 images.*give 1 to 4'):
        datasets.mnist(folder_with(tmp_path), test=test)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match='nothing is downloaded'):
        datasets.mnist(tmp_path / 'nowhere')
    (folder_with(tmp_path) / 't10k-labels-idx1-ubyte').unlink()
    with pytest.raises(FileNotFoundError, match='t10k-labels-idx1-ubyte.*missing'):
        datasets.mnist(tmp_path)


HUGE = [4_000_000_000, 28, 28]


@pytest.mark.parametrize('pack', [bytes, gzip.compress])
@pytest.mark.parametrize('files, reason', [
    (dict(images=b''), 'holds 0 bytes'),
    (dict(images=idx(IMAGES, magic=2049)), 'magic number must be 2051'),
    (dict(labels=idx(LABELS, magic=0x0D01)), 'magic number must be 2049'),
    (dict(images=idx(IMAGES.reshape(5, 14, 56))), r'says shape \[5, 14, 56\]'),
    (dict(images=idx(IMAGES[:0])), r'says shape \[0, 28, 28\]'),
    (dict(images=idx(IMAGES, HUGE)), 'has room for'),
    (dict(labels=idx(LABELS, [6])), 'says 6 bytes of data'),
    (dict(images=idx(IMAGES) + b'\0'), 'it holds more'),
    (dict(images=idx(IMAGES[:4])), 'has 5 labels.*has 4 images'),
    (dict(labels=idx(LABELS + 1)), 'has a label 10')])
def test_a_damaged_file_is_refused_with_its_name(tmp_path, pack, files, reason):
    folder_with(tmp_path, pack=pack, **files)
    with pytest.raises(ValueError, match=f'{next(iter(files))}-idx.*') as info:
        datasets.mnist(tmp_path, test=2)
    assert info.match(reason)


@pytest.mark.parametrize('pack', [bytes, gzip.compress])
def test_every_truncation_of_a_file_is_a_value_error(tmp_path, pack):
    whole, path = pack(idx(LABELS)), tmp_path / 'labels'
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match='labels'):
            datasets._read_idx(path, [])
    path.write_bytes(whole)
    assert datasets._read_idx(path, []).tolist() == LABELS.tolist()


@pytest.mark.parametrize('pack', [bytes, gzip.compress])
def test_a_changed_byte_is_a_value_error_or_another_label(tmp_path, pack):
    whole, path = pack(idx(LABELS)), tmp_path / 'labels'
    rng = np.random.default_rng(0)
    refused = 0
    for place in list(range(len(whole))) * 8:
        damaged = bytearray(whole)
        damaged[place] ^= rng.integers(1, 256)
        path.write_bytes(damaged)
        try:
            assert len(datasets._read_idx(path, [])) == 5
        except ValueError as error:
            refused += 'labels' in str(error)
    assert refused >= 8 * 8


@pytest.mark.parametrize('says', [[5, 28, 28], [10_000, 28, 28], HUGE])
def test_a_gzip_bomb_is_left_packed(tmp_path, says):
    bomb = gzip.compress(np.array([2051, *says], '>u4').tobytes() + bytes(30_000_000))
    path = tmp_path / 'images'
    path.write_bytes(bomb)
    tracemalloc.start()
    with pytest.raises(ValueError, match='images'):
        datasets._read_idx(path, [28, 28])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * np.prod(says) + 8_000_000 and peak < 40_000_000
