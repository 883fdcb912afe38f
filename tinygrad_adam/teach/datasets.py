"""Data to learn from: digits that come with the package, points in the plane, MNIST from files.

PyTorch has no such module; what it returns are ordinary tensors and `TensorDataset`s. Nothing is
downloaded. Images are float32 `(n, 1, h, w)` in 0..1, labels int64 `(n,)`.

digits.npz holds the test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and
C. Kaynak, UCI Machine Learning Repository, 1998, https://doi.org/10.24432/C50P49, in the copy of
scikit-learn, unchanged: 1,797 images of 8x8 pixels, each a count from 0 to 16. Licence: CC BY 4.0,
https://creativecommons.org/licenses/by/4.0/.
"""
from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from .. import Generator, Tensor, from_numpy, rand, randn, randperm
from ..utils.data import TensorDataset

CHUNK = 1 << 20   # bytes read at a time, so that memory follows what a file holds, not what it says
DEFLATE = 1032    # gzip cannot pack more bytes into one


def _labelled(images, labels, white):
    x = np.divide(images[:, None], white, dtype=np.float32)             # (n, 1, h, w)
    return TensorDataset(from_numpy(x), from_numpy(labels.astype(np.int64)))


def digits(seed: int = 0) -> tuple[TensorDataset, TensorDataset]:
    """1,797 handwritten digits of 8x8 pixels as (train, test): 1,347 and 450, shuffled by `seed`.

    E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0. The same 13 people wrote
    both parts, so the test accuracy is that of known hands.

    >>> train, test = digits()
    >>> len(train), len(test), tuple(train[0][0].shape)
    (1347, 450, (1, 8, 8))
    """
    with np.load(Path(__file__).with_name('digits.npz')) as file:
        images, labels = file['images'], file['labels']
    order = randperm(len(labels), generator=Generator().manual_seed(seed)).numpy()
    train, test = order[:1347], order[1347:]
    return _labelled(images[train], labels[train], 16), _labelled(images[test], labels[test], 16)


def _plane(x, y, label, noise, generator):
    """Points (n, 2) with normal noise of that standard deviation, and their labels (n,)."""
    points = from_numpy(np.stack([x, y], axis=1).astype(np.float32))
    return points + noise * randn(len(label), 2, generator=generator), from_numpy(label)


def _classes(n, classes, generator):
    """Labels 0, 1, .. in turn, so that every slice is balanced, and a number in 0..1 for each."""
    return np.arange(n, dtype=np.int64) % classes, rand(n, generator=generator).numpy()


def moons(n: int = 200, noise: float = 0.1, generator=None) -> tuple[Tensor, Tensor]:
    """Two half circles that reach into each other: x float32 (n, 2), y int64 (n,) in 0..1."""
    label, place = _classes(n, 2, generator)
    x, y = np.cos(np.pi * place), np.sin(np.pi * place)
    lower = label == 1
    return _plane(np.where(lower, 1 - x, x), np.where(lower, 0.5 - y, y), label, noise, generator)


def circles(n: int = 200, noise: float = 0.05, factor: float = 0.5,
            generator=None) -> tuple[Tensor, Tensor]:
    """A circle of radius 1 (class 0) around one of radius `factor` (class 1)."""
    label, place = _classes(n, 2, generator)
    radius, angle = np.where(label == 1, factor, 1), 2 * np.pi * place
    return _plane(radius * np.cos(angle), radius * np.sin(angle), label, noise, generator)


def spirals(n: int = 300, noise: float = 0.02, classes: int = 3, turns: float = 0.75,
            generator=None) -> tuple[Tensor, Tensor]:
    """Arms that wind `turns` times around the origin, from radius 0.1 to 1, one arm a class."""
    label, place = _classes(n, classes, generator)
    radius = 0.1 + 0.9 * place
    angle = 2 * np.pi * (turns * radius + label / classes)
    return _plane(radius * np.cos(angle), radius * np.sin(angle), label, noise, generator)


def xor(n: int = 200, noise: float = 0.0, generator=None) -> tuple[Tensor, Tensor]:
    """Points in the square -1..1; class 1 where the two signs differ (before the noise)."""
    quadrant, x = _classes(n, 4, generator)
    y = rand(n, generator=generator).numpy()
    right, upper = quadrant % 2, quadrant // 2
    return _plane(x * (2 * right - 1), y * (2 * upper - 1), right ^ upper, noise, generator)


def blobs(n: int = 300, noise: float = 0.5, classes: int = 3,
          generator=None) -> tuple[Tensor, Tensor]:
    """Round clouds of standard deviation `noise`, their centres evenly on a circle of radius 2.

    >>> x, y = blobs(6, noise=0.0)
    >>> y.tolist(), [round(value, 3) for value in x[1].tolist()]
    ([0, 1, 2, 0, 1, 2], [-1.0, 1.732])
    """
    label = np.arange(n, dtype=np.int64) % classes
    angle = 2 * np.pi * label / classes
    return _plane(2 * np.cos(angle), 2 * np.sin(angle), label, noise, generator)


def _broken(path, what, why):
    return ValueError(f'{path} {what}: {why}; get the file again from where it came')


def _read_idx(path, item_shape):
    """The uint8 array [n, *item_shape] of an IDX file, plain or gzipped.

    A file says its type (8: bytes), its number of dimensions and their sizes (big-endian int32),
    then come the bytes. What it says is compared with `item_shape` and with the size on disk before
    memory is taken. Format: http://yann.lecun.com/exdb/mnist (kept by the Internet Archive).
    """
    magic, start = 8 * 256 + 1 + len(item_shape), 8 + 4 * len(item_shape)
    with open(path, 'rb') as file:
        packed = file.read(2) == b'\x1f\x8b'
        file.seek(0)
        source = gzip.GzipFile(fileobj=file) if packed else file
        try:
            header = source.read(start)
            if len(header) < start:
                raise _broken(path, f'holds {len(header)} bytes', f'the header alone has {start}')
            number, *shape = np.frombuffer(header, '>u4').tolist()
            if number != magic:
                raise _broken(path, f'begins with {number}', f'the magic number must be {magic}')
            if shape[1:] != item_shape or shape[0] == 0:
                raise _broken(path, f'says shape {shape}', f'it must be {["n > 0", *item_shape]}')
            says = math.prod(shape)
            room = path.stat().st_size * (DEFLATE if packed else 1) - start
            if says > room:
                raise _broken(path, f'says {says} bytes of data', f'it has room for {room}')
            data = bytearray()
            while chunk := source.read(min(CHUNK, says + 1 - len(data))):
                data += chunk
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _broken(path, 'cannot be unpacked', str(error)) from error
    if len(data) != says:
        held = 'more' if len(data) > says else len(data)
        raise _broken(path, f'says {says} bytes of data', f'it holds {held}')
    return np.frombuffer(data, np.uint8).reshape(shape)


def _read_pair(folder, name):
    """Images (n, 28, 28) and labels (n,) of `name` in the folder; None when neither is there."""
    names = [f'{name}-images-idx3-ubyte', f'{name}-labels-idx1-ubyte']
    paths = [[path for path in (folder / file, folder / f'{file}.gz') if path.is_file()]
             for file in names]
    if not any(paths):
        return None
    for file, found in zip(names, paths):
        if not found:
            raise FileNotFoundError(f'{folder / file} (or .gz) is missing: images and labels come '
                                    'in pairs; put it next to the other')
    (image_path, *_), (label_path, *_) = paths
    labels, images = _read_idx(label_path, []), _read_idx(image_path, [28, 28])
    if len(images) != len(labels):
        raise _broken(label_path, f'has {len(labels)} labels',
                      f'{image_path} has {len(images)} images')
    if labels.max() > 9:
        raise _broken(label_path, f'has a label {labels.max()}', 'a digit is 0 to 9')
    return images, labels


def mnist(folder: str | Path, test: int = 2000) -> tuple[TensorDataset, TensorDataset]:
    """MNIST (or Fashion-MNIST) from its IDX files in `folder`, plain or .gz, as (train, test).

    The files are train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k. With one
    pair only, its last `test` images are the test part and the others the training part.
    Raises FileNotFoundError for a missing file; ValueError for a damaged one, and for a `test` that
    leaves a part empty.
    """
    folder = Path(folder)
    pairs = [pair for pair in (_read_pair(folder, 'train'), _read_pair(folder, 't10k')) if pair]
    if not pairs:
        raise FileNotFoundError(f'{folder} has no train-images-idx3-ubyte or t10k-images-idx3-'
                                'ubyte (or .gz): nothing is downloaded; give the folder that has')
    if len(pairs) == 1:
        images, labels = pairs[0]
        if not 0 < test < len(labels):
            raise ValueError(f'test={test} of {len(labels)} images in {folder}: both parts need '
                             f'images; give 1 to {len(labels) - 1}')
        pairs = [(images[:-test], labels[:-test]), (images[-test:], labels[-test:])]
    train, held_out = pairs
    return _labelled(*train, 255), _labelled(*held_out, 255)
