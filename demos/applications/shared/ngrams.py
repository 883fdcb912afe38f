"""What comes next: text as numbers, and models that guess it by counting, to compare with.

How often did each symbol follow these n - 1 symbols? If they were followed `seen` times, by `kinds`
different symbols, and `c` times by this one, its probability is

    p_n = (c + kinds p_(n-1)) / (seen + kinds)

where p_(n-1) is the same with one symbol less to look at, and p_0 is 1 / symbols for all (Witten &
Bell 1991, as interpolation). Where many kinds of symbols followed, a new one may soon, so more is
left to the shorter context; one never seen leaves all. How good a model is, is said in bits a
symbol: the mean of -log2 p, the length of the text if it were compressed with these guesses.

>>> witten_bell(np.array([0, 1, 0, 1]), np.array([0, 1]), symbols=2, order=2)
array([[0.5, 0.5],
       [0.4, 0.6]])
"""
from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Callable

import numpy as np

from .text import utf8

UNKNOWN = '\ufffd'    # stands for all rare characters


def read(path: str | Path, limit: int = 400_000) -> list:
    """The paragraphs of a text file, none twice, as [(stretch 0 .. 39 of the text, paragraph), ..].

    A paragraph ends with a blank line. Of a longer file the first `limit` characters are used.
    ValueError: no file, not UTF-8 (with the line), too short, or paragraphs too long to share out.
    """
    try:
        text = utf8(path)[:limit]
    except OSError as error:
        raise ValueError(f'{path} cannot be read: {error.strerror}. Give a text file') from None
    lines = '\n'.join(line.rstrip() for line in text.split('\n'))
    parts = list(dict.fromkeys(filter(None, (part.strip('\n') for part in lines.split('\n\n')))))
    sizes = list(map(len, parts))
    if sum(sizes) < 10_000:
        raise ValueError(f'{path} has {sum(sizes):,} characters, without paragraphs that repeat '
                         'others: too few to learn from. Give 10,000 or more')
    if max(sizes) > sum(sizes) / 10:
        raise ValueError(f'{path} has a paragraph of {max(sizes):,} of its {sum(sizes):,} '
                         'characters: only a tenth is held out. Write blank lines between')
    before = np.cumsum([0, *sizes])
    return list(zip((40 * before[:-1] // before[-1]).tolist(), parts))


def split(parts: list, seed: int) -> tuple:
    """Three texts of [(topic, paragraph), ..] without a topic in common: (train, validation, test).

    Topics are drawn until they have a tenth of all characters, for the test, then a twentieth, for
    the validation; what is more in the last topic of each is unused.
    """
    texts = {}
    for topic, paragraph in parts:
        texts[topic] = texts.get(topic, '') + f'{paragraph}\n\n'
    size = sum(map(len, texts.values()))
    drawn = iter(np.random.Generator(np.random.PCG64(seed)).permutation(list(texts)).tolist())
    held = {'test': '', 'validation': ''}
    for name, wanted in ('test', size // 10), ('validation', size // 20):
        while len(held[name]) < wanted:
            held[name] += texts.pop(next(drawn))
        held[name] = held[name][:wanted]
    return ''.join(texts.values()), held['validation'], held['test']


def alphabet(text: str, most: int = 250, at_least: int = 5) -> list:
    """The characters that occur so often, the commonest if there are more, sorted; and UNKNOWN."""
    common = Counter(text.replace(UNKNOWN, '')).most_common(most)
    return [*sorted(symbol for symbol, times in common if times >= at_least), UNKNOWN]


def numbers(text: str, symbols: list) -> np.ndarray:
    """The number of each character (n,) in symbols, of which the last stands for all others."""
    number = {symbol: i for i, symbol in enumerate(symbols)}
    return np.array([number.get(symbol, len(symbols) - 1) for symbol in text], np.int64)


def witten_bell(train: np.ndarray, test: np.ndarray, symbols: int, order: int) -> np.ndarray:
    """Probability of each symbol of test (n,) after those before it: (order, n), row k of the
    model that looks at k symbols, all counted in train (m,). Before a text comes symbol 0, always.

    ValueError if there are too many kinds of n-grams for numbers of 64 bits.
    """
    if symbols ** order >= 2 ** 63:
        raise ValueError(f'{order}-grams of {symbols} symbols are more than 64 bits can number: '
                         'take fewer symbols, or a lower order')
    rows, p = [], np.full(len(test), 1 / symbols)
    for length in range(order):
        known, asked = contexts(train, length, symbols), contexts(test, length, symbols)
        grams, times = np.unique(known * symbols + train, return_counts=True)
        seen = look_up(asked, *np.unique(known, return_counts=True))
        kinds = look_up(asked, *np.unique(grams // symbols, return_counts=True))
        c = look_up(asked * symbols + test, grams, times)
        p = np.where(seen, (c + kinds * p) / np.maximum(seen + kinds, 1), p)
        rows.append(p)
    return np.array(rows)


def contexts(codes: np.ndarray, length: int, symbols: int) -> np.ndarray:
    """The `length` symbols before each place of codes (n,) as one number: digits to this base."""
    padded = np.concatenate([np.zeros(length, np.int64), codes])
    number = np.zeros(len(codes), np.int64)
    for i in range(length):
        number = number * symbols + padded[i:i + len(codes)]
    return number


def look_up(asked: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The value of each number asked, 0 for those that are no key. Keys are sorted."""
    i = np.searchsorted(keys, asked).clip(max=len(keys) - 1)
    return np.where(keys[i] == asked, values[i], 0)


def compressed(train: np.ndarray, test: np.ndarray, compress: Callable[[bytes], bytes]) -> float:
    """Bits a symbol that a compressor needs for test (n,) after train (m,): numbers up to 255.

    compress: such as lzma.compress. It is what both together need more than train alone.
    """
    known, both = (bytes(codes.tolist()) for codes in (train, np.concatenate([train, test])))
    return 8 * (len(compress(both)) - len(compress(known))) / len(test)


def bits(probabilities: np.ndarray) -> np.ndarray:
    """Bits a symbol: the mean of -log2 p over the last axis."""
    return -np.log2(probabilities).mean(-1)
