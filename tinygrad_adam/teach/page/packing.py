"""Tables of numbers as text for the page, and back.

Every number is stored as the digits that `format(x, '.4g')` prints: a mantissa of four digits and a
power of ten. Of each, the difference from the number before is stored, low bytes first, then high
bytes, then the powers: such planes shrink well.

>>> tables = {'a': np.array([[0.5, 0.1234567, -3e-9, np.inf]])}
>>> unpacked(packed(tables), places(tables))
{'a': [['0.5', '0.1235', '-3e-09', 'inf']]}
"""
from __future__ import annotations

import base64
import itertools
import math
import zlib
from typing import Any, Mapping, Sequence

import numpy as np

INFINITE, NOT_A_NUMBER = 127, 126    # in place of a power of ten


def digits(x: float) -> tuple[int, int]:
    """The mantissa, of at most four digits, and the power of ten of its last digit.

    x  the number; an infinite one has the mantissa 1 or -1, one that is not a number 0
    """
    if not math.isfinite(x):
        return (0, NOT_A_NUMBER) if math.isnan(x) else (1 if x > 0 else -1, INFINITE)
    mantissa, _, power = f'{x:.3e}'.partition('e')
    mantissa = int(mantissa.replace('.', ''))
    return mantissa, int(power) - 3 if mantissa else 0


def text(mantissa: int, power: int) -> str:
    """What `format(x, '.4g')` prints.

    mantissa, power  what `digits` made of x
    """
    if power in (INFINITE, NOT_A_NUMBER):
        return {1: 'inf', -1: '-inf', 0: 'nan'}[mantissa]
    return f'{float(f"{mantissa}e{power}"):.4g}'


def packed(tables: Mapping[str, np.ndarray]) -> str:
    """All numbers of the tables, one table after the other, in base64.

    tables  {name: array}
    """
    pairs = [digits(x) for table in tables.values() for x in table.ravel().tolist()]
    mantissas, powers = np.diff(np.array(pairs).T, prepend=0)
    low, high = mantissas.astype('<u2').view(np.uint8).reshape(-1, 2).T
    return deflated(np.concatenate([low, high, powers.astype(np.uint8)]))


def places(tables: Mapping[str, np.ndarray]) -> dict[str, tuple[int, Sequence[int]]]:
    """Where each table begins among all numbers, and its shape, {name: (start, shape)}.

    tables  {name: array}
    """
    starts = itertools.accumulate((table.size for table in tables.values()), initial=0)
    return {name: (start, table.shape) for start, (name, table) in zip(starts, tables.items())}


def unpacked(packed: str, places: Mapping[str, tuple[int, Sequence[int]]]) -> dict[str, Any]:
    """The tables as nested lists of texts, {name: [..]}: what the page makes of them.

    packed  the text that `packed` returned
    places  what `places` returned
    """
    low, high, powers = np.frombuffer(inflated(packed), np.uint8).reshape(3, -1)
    mantissas = np.cumsum(low + 256 * high.astype(np.uint16), dtype=np.uint16).view(np.int16)
    powers = np.cumsum(powers, dtype=np.uint8).view(np.int8)
    texts = np.array([text(*pair) for pair in zip(mantissas.tolist(), powers.tolist())], object)
    return {name: texts[start:start + math.prod(shape)].reshape(shape).tolist()
            for name, (start, shape) in places.items()}


def packed_classes(grids: Mapping[str, np.ndarray]) -> str:
    """Small whole numbers, one grid after the other.

    grids  {name: array of numbers from 0 to 255}
    """
    return deflated(np.concatenate([grid.astype(np.uint8).ravel() for grid in grids.values()]))


def unpacked_classes(packed: str, places: Mapping[str, tuple[int, Sequence[int]]],
                     ) -> dict[str, np.ndarray]:
    """The grids, {name: array}.

    packed  the text that `packed_classes` returned
    places  what `places` returned
    """
    classes = np.frombuffer(inflated(packed), np.uint8)
    return {name: classes[start:start + math.prod(shape)].reshape(shape)
            for name, (start, shape) in places.items()}


def deflated(values: np.ndarray) -> str:
    """Bytes, compressed with zlib, in base64.

    values  an array of bytes
    """
    return base64.b64encode(zlib.compress(values.tobytes(), 9)).decode('ascii')


def inflated(text: str) -> bytes:
    """The bytes that `deflated` was given.

    text  what it returned
    """
    return zlib.decompress(base64.b64decode(text))
