"""Data to learn from: digits that come with the package, points in the plane, MNIST from files.

PyTorch has no such module; what it returns are ordinary tensors and `TensorDataset`s. Nothing is
downloaded. Images are float32 `(n, 1, h, w)` in [0, 1], labels int64 `(n,)`.

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

CHUNK = 1 << 20   # bytes per read, so that a false size in a header cannot claim memory
DEFLATE = 1032    # the most bytes that one byte of a gzip file can stand for


def _labelled(images: np.ndarray, labels: np.ndarray, white: int) -> TensorDataset:
    """Images (n, h, w), in which a white pixel is `white`, and labels (n,) as a data set."""
    x = np.divide(images[:, None], white, dtype=np.float32)             # (n, 1, h, w)
    return TensorDataset(from_numpy(x), from_numpy(labels.astype(np.int64)))


def digits(seed: int = 0) -> tuple[TensorDataset, TensorDataset]:
    """1,797 handwritten digits of 8x8 pixels, shuffled and split.

    seed  an int, which fixes the order of the images and so the split

    Returns (train, test), of 1,347 and 450 samples (image (1, 8, 8) in [0, 1], label () in 0..9).
    The same 13 people wrote both parts, so the test accuracy is that for known handwriting.
    E. Alpaydin and C. Kaynak, UCI Machine Learning Repository 1998, CC BY 4.0.

    >>> train, test = digits()
    >>> len(train), len(test), tuple(train[0][0].shape)
    (1347, 450, (1, 8, 8))
    """
    with np.load(Path(__file__).with_name('digits.npz')) as file:
        images, labels = file['images'], file['labels']
    order = randperm(len(labels), generator=Generator().manual_seed(seed)).numpy()
    train, test = order[:1347], order[1347:]
    return _labelled(images[train], labels[train], 16), _labelled(images[test], labels[test], 16)


def _plane(x: np.ndarray, y: np.ndarray, label: np.ndarray, noise: float,
           generator: Generator | None) -> tuple[Tensor, Tensor]:
    """Points (n, 2) with normal noise of that standard deviation, and their labels (n,)."""
    points = from_numpy(np.stack([x, y], axis=1).astype(np.float32))
    return points + noise * randn(len(label), 2, generator=generator), from_numpy(label)


def _labels(n: int, classes: int) -> np.ndarray:
    """0, 1, .. in turn, (n,), so that every slice is balanced."""
    return np.arange(n, dtype=np.int64) % classes


def _uniform(n: int, generator: Generator | None) -> np.ndarray:
    """Random numbers (n,) in [0, 1)."""
    return rand(n, generator=generator).numpy()


def moons(n: int = 200, noise: float = 0.1,
          generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Two half circles of radius 1 that reach into each other.

    n          the number of points
    noise      the standard deviation of the normal noise added to each coordinate
    generator  a torch.Generator; without one, the package's own

    Returns points (n, 2), float32, and their classes (n,), int64 in 0..1.
    """
    label, u = _labels(n, 2), _uniform(n, generator)
    x, y = np.cos(np.pi * u), np.sin(np.pi * u)
    lower = label == 1
    return _plane(np.where(lower, 1 - x, x), np.where(lower, 0.5 - y, y), label, noise, generator)


def circles(n: int = 200, noise: float = 0.05, factor: float = 0.5,
            generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """A circle of radius 1 (class 0) around a smaller one (class 1).

    n          the number of points
    noise      the standard deviation of the normal noise added to each coordinate
    factor     the radius of the inner circle
    generator  a torch.Generator; without one, the package's own

    Returns points (n, 2), float32, and their classes (n,), int64 in 0..1.
    """
    label, u = _labels(n, 2), _uniform(n, generator)
    radius, angle = np.where(label == 1, factor, 1), 2 * np.pi * u
    return _plane(radius * np.cos(angle), radius * np.sin(angle), label, noise, generator)


def spirals(n: int = 300, noise: float = 0.02, classes: int = 3, turns: float = 0.75,
            generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Arms that wind around the origin, from radius 0.1 to 1, one arm for each class.

    n          the number of points
    noise      the standard deviation of the normal noise added to each coordinate
    classes    the number of arms
    turns      how many times an arm would wind around the origin between radius 0 and 1
    generator  a torch.Generator; without one, the package's own

    Returns points (n, 2), float32, and their classes (n,), int64 in 0..classes-1.
    """
    label, u = _labels(n, classes), _uniform(n, generator)
    radius = 0.1 + 0.9 * u
    angle = 2 * np.pi * (turns * radius + label / classes)
    return _plane(radius * np.cos(angle), radius * np.sin(angle), label, noise, generator)


def xor(n: int = 200, noise: float = 0.0,
        generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Points in the square [-1, 1] x [-1, 1]; class 1 where the signs of the coordinates differ.

    n          the number of points
    noise      the standard deviation of the normal noise added to each coordinate afterwards
    generator  a torch.Generator; without one, the package's own

    Returns points (n, 2), float32, and their classes (n,), int64 in 0..1.
    """
    quadrant, x, y = _labels(n, 4), _uniform(n, generator), _uniform(n, generator)
    right, upper = quadrant % 2, quadrant // 2
    return _plane(x * (2 * right - 1), y * (2 * upper - 1), right ^ upper, noise, generator)


def blobs(n: int = 300, noise: float = 0.5, classes: int = 3,
          generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Round clouds, whose centres are spaced evenly on a circle of radius 2.

    n          the number of points
    noise      the standard deviation of a cloud in each coordinate
    classes    the number of clouds
    generator  a torch.Generator; without one, the package's own

    Returns points (n, 2), float32, and their classes (n,), int64 in 0..classes-1.

    >>> x, y = blobs(6, noise=0.0)
    >>> y.tolist(), [round(value, 3) for value in x[1].tolist()]
    ([0, 1, 2, 0, 1, 2], [-1.0, 1.732])
    """
    label = _labels(n, classes)
    angle = 2 * np.pi * label / classes
    return _plane(2 * np.cos(angle), 2 * np.sin(angle), label, noise, generator)


def _damaged(path: Path, found: str, expected: str) -> ValueError:
    return ValueError(f'{path} {found}: {expected}; get the file again from its source')


def _read_idx(path: Path, item_shape: list[int]) -> np.ndarray:
    """The uint8 array (n, *item_shape) of an IDX file, plain or gzipped.

    The header gives the type (8: bytes), the number of dimensions and their sizes (big-endian
    int32); the bytes follow. The sizes are compared with `item_shape` and with the size on disk
    before memory is allocated. Format: http://yann.lecun.com/exdb/mnist (in the Internet Archive).
    """
    magic, start = 8 * 256 + 1 + len(item_shape), 8 + 4 * len(item_shape)
    with open(path, 'rb') as file:
        gzipped = file.read(2) == b'\x1f\x8b'
        file.seek(0)
        source = gzip.GzipFile(fileobj=file) if gzipped else file
        try:
            header = source.read(start)
            if len(header) < start:
                raise _damaged(path, f'holds {len(header)} bytes', f'the header alone has {start}')
            number, *shape = np.frombuffer(header, '>u4').tolist()
            if number != magic:
                raise _damaged(path, f'begins with {number}', f'the magic number must be {magic}')
            if shape[1:] != item_shape or shape[0] == 0:
                raise _damaged(path, f'says shape {shape}', f'it must be {["n > 0", *item_shape]}')
            size = math.prod(shape)
            room = path.stat().st_size * (DEFLATE if gzipped else 1) - start
            if size > room:
                raise _damaged(path, f'says {size} bytes of data', f'it has room for {room}')
            data = bytearray()
            while chunk := source.read(min(CHUNK, size + 1 - len(data))):
                data += chunk
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged(path, 'cannot be unpacked', str(error)) from error
    if len(data) != size:
        held = 'more' if len(data) > size else len(data)
        raise _damaged(path, f'says {size} bytes of data', f'it holds {held}')
    return np.frombuffer(data, np.uint8).reshape(shape)


def _read_pair(folder: Path, name: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Images (n, 28, 28) and labels (n,) of `name` in the folder; None if neither is there."""
    names = [f'{name}-images-idx3-ubyte', f'{name}-labels-idx1-ubyte']
    paths = [[path for path in (folder / file, folder / f'{file}.gz') if path.is_file()]
             for file in names]
    if not any(paths):
        return None
    for file, candidates in zip(names, paths):
        if not candidates:
            raise FileNotFoundError(f'{folder / file} (or .gz) is missing: images and labels come '
                                    'in pairs; put it next to the other')
    (image_path, *_), (label_path, *_) = paths
    labels, images = _read_idx(label_path, []), _read_idx(image_path, [28, 28])
    if len(images) != len(labels):
        raise _damaged(label_path, f'has {len(labels)} labels',
                       f'{image_path} has {len(images)} images')
    if labels.max() > 9:
        raise _damaged(label_path, f'has a label {labels.max()}', 'a digit is 0 to 9')
    return images, labels


def mnist(folder: str | Path, test: int = 2000) -> tuple[TensorDataset, TensorDataset]:
    """MNIST, or another set in its format such as Fashion-MNIST, read from IDX files.

    folder  holds train-images-idx3-ubyte and train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
            t10k-labels-idx1-ubyte, or one of these pairs; each plain or with .gz
    test    if there is one pair only: how many of its last images form the test part

    Returns (train, test), of samples (image (1, 28, 28) in [0, 1], label () in 0..9).
    Raises FileNotFoundError if a file is missing, and ValueError if one is damaged or if `test`
    leaves a part empty.
    """
    folder = Path(folder)
    pairs = [pair for pair in (_read_pair(folder, 'train'), _read_pair(folder, 't10k')) if pair]
    if not pairs:
        raise FileNotFoundError(f'{folder} has no train-images-idx3-ubyte or '
                                't10k-images-idx3-ubyte (or .gz): nothing is downloaded; give the '
                                'folder that holds these files')
    if len(pairs) == 1:
        images, labels = pairs[0]
        if not 0 < test < len(labels):
            raise ValueError(f'test={test} of {len(labels)} images in {folder}: both parts need '
                             f'images; give 1 to {len(labels) - 1}')
        pairs = [(images[:-test], labels[:-test]), (images[-test:], labels[-test:])]
    train, held_out = pairs
    return _labelled(*train, 255), _labelled(*held_out, 255)
