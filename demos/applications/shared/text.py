"""Words, sentences and paragraphs: text to learn from, and simple methods to compare with.

A text becomes numbers in three moves: it is cut into words, each word gets a number, and rows of
numbers are filled up with 0 to one length. Number 0 is "no word here", 1 is "a word unknown".

>>> rows = [words('The cast was good.'), words('Good!')]
>>> known = vocabulary(rows)
>>> known
{'good': 2, 'the': 3, 'cast': 4, 'was': 5}
>>> numbers(rows, known)
array([[3, 4, 5, 2],
       [2, 0, 0, 0]])

Naive Bayes and least squares are linear in how often a word occurs: they ask which words there
are, and cannot ask in which order. `opinions` makes sentences of which exactly the order decides.
"""
from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from pydoc_data.topics import topics
from typing import Iterable

import numpy as np

PADDING, UNKNOWN, FIRST = 0, 1, 2    # numbers of no word, of any unknown word, of the first known

CHAPTERS = {
    'data model': 'attribute-access callable-types context-managers customization numeric-types '
                  'objects sequence-types specialnames types',
    'expressions': 'atom-identifiers atom-literals attribute-references await binary bitwise '
                   'booleans calls comparisons conversions dict exprlists lambda lists '
                   'operator-summary power shifting slicings subscriptions unary yield',
    'simple\nstatements': 'assert assignment augassign break continue del global import nonlocal '
                          'pass raise return',
    'compound\nstatements': 'async class compound else for function if try while with',
    'built-in types': 'bltin-code-objects bltin-ellipsis-object bltin-null-object truth '
                      'bltin-type-objects formatstrings specialattrs string-methods typesfunctions '
                      'typesmapping typesmethods typesmodules typesseq typesseq-mutable',
    'debugger': 'debugger',
}

NOUNS = 'plot cast music ending camera dialogue'.split()
GOOD = 'good great clever moving funny superb'.split()
BAD = 'bad awful stupid boring clumsy dreadful'.split()
GOOD_PLAIN = 'charming lively brilliant'.split()     # never said with a negation, see `opinions`
BAD_PLAIN = 'dull weak shallow'.split()
POSITIVE, PLAIN = {*GOOD, *GOOD_PLAIN}, {*GOOD_PLAIN, *BAD_PLAIN}
OUTER = {'': 1, 'we know that': 1, 'nobody says that': -1, 'it is false that': -1}
INNER = {'was': 1, 'seemed': 1, 'was not': -1, 'was never': -1}
JOINS = {'{} , but {}': 1, 'although {} , {}': 1, '{} , although {}': 0}    # which opinion counts


def paragraphs() -> list:
    """The texts of Python's `help('topics')` as [(topic, paragraph), ..], no paragraph twice.

    Topics are in alphabetical order and share text: the first that has a paragraph keeps it.
    Lines and their indents stay as they are. The text differs from one Python to another.
    """
    found = {}
    for topic in sorted(topics):
        for paragraph in topics[topic].split('\n\n'):
            found.setdefault(' '.join(paragraph.split()), (topic, paragraph.strip('\n')))
    found.pop('', None)
    return list(found.values())


def words(text: str) -> list:
    """The words of a text in small letters, without digits and punctuation.

    >>> words("It isn't 1984 in 'the_film'!")
    ['it', "isn't", 'in', 'the_film']
    """
    return re.findall(r"[^\W\d]+(?:'[^\W\d]+)?", text.lower())


def pairs(row: list) -> list:
    """A row of words and every two neighbours in it.

    >>> pairs(['not', 'so', 'good'])
    ['not', 'so', 'good', 'not so', 'so good']
    """
    return [*row, *map(' '.join, zip(row, row[1:]))]


def vocabulary(rows: Iterable, at_least: int = 1) -> dict:
    """{word: number} of the words that occur so often, the commonest first, from 2 on."""
    common = Counter(word for row in rows for word in row).most_common()
    return {word: number for number, (word, n) in enumerate(common, FIRST) if n >= at_least}


def numbers(rows: list, known: dict) -> np.ndarray:
    """Rows of words as numbers (n, longest), 1 for a word not known, filled up with 0."""
    table = np.zeros((len(rows), max(map(len, rows), default=0)), np.int64)
    for line, row in zip(table, rows):
        line[:len(row)] = [known.get(word, UNKNOWN) for word in row]
    return table


def trim(table):
    """Rows of numbers, an array or a tensor, without the columns in which all have ended."""
    return table[:, :int((table != PADDING).sum(1).max())]


def counts(table: np.ndarray, size: int) -> np.ndarray:
    """Bags of words: how often each known word is in each row of numbers, (n, size)."""
    bags = np.zeros((len(table), size), np.float32)
    np.add.at(bags, (np.arange(len(table))[:, None], table), 1)
    bags[:, :FIRST] = 0
    return bags


def naive_bayes(table: np.ndarray, classes: np.ndarray, size: int) -> tuple:
    """Weights (size, classes) and biases (classes,): log P(word | class) and log P(class).

    table: rows of numbers below size; classes: (n,), from 0. A word is counted once more than it
    was seen, so that none is impossible. The class of a row is the largest of
    `weights[row].sum(axis=0) + biases`.
    """
    seen = np.ones((size, classes.max() + 1))
    np.add.at(seen, (table, classes[:, None]), 1)
    weights = np.log(seen / seen[FIRST:].sum(axis=0))
    weights[:FIRST] = 0
    return weights, np.log(np.bincount(classes) / len(classes))


def inverse_frequency(bags: np.ndarray) -> np.ndarray:
    """How rare each word is, (size,): 1 + log((1 + n) / (1 + rows that have it))."""
    return 1 + np.log((1 + len(bags)) / (1 + (bags > 0).sum(axis=0)))


def tf_idf(bags: np.ndarray, rarity: np.ndarray) -> np.ndarray:
    """Bags with rare words weighted up, each scaled to length 1; an empty one stays 0."""
    weighted = bags * rarity
    return weighted / np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-12)


def opinions(n: int, rng, known=(), unseen: bool = False) -> list:
    """n sentences about films, [(sentence, 1 for or 0 against), ..], none twice, none of `known`.

    Two opinions, each with zero, one or two negations ("it is false that the plot was not good"):
    joined by "but" or "although" if they differ, then one counts, else by "and". For each sentence
    there is one of the same words in another order with the other label: the opinions have
    changed places, or, with "and", their adjectives. So nothing that only counts words, however
    clever, is right more often than half the time.

    rng: np.random.Generator; n: even. The adjectives in PLAIN are in no opinion with a negation;
    with `unseen`, each of the two opinions has such an adjective and a negation.
    """
    found, known = {}, set(known)
    while len(found) < n:
        first, second = _opinion(rng, unseen), _opinion(rng, unseen)
        if first[1] == second[1]:
            continue    # the same noun
        if _value(first) != _value(second):
            join = list(JOINS)[rng.integers(len(JOINS))]
            both = [(join, first, second), (join, second, first)]
        else:
            join = '{} , and {}'
            both = [(join, first, second),
                    (join, (*first[:3], second[3]), (*second[:3], first[3]))]
            if _value(both[1][1]) == _value(first):
                continue    # twice good or twice bad: no other label with these words
        pair = {_sentence(*each): _label(*each) for each in both}
        proper = all(_negated(each) == unseen or each[3] not in PLAIN
                     for _, *two in both for each in two)
        if proper and not known & set(pair):
            found.update(pair)
    return list(found.items())


def _opinion(rng, unseen):
    """(outer words, noun, verb, adjective), for `unseen` with an adjective in PLAIN."""
    adjectives = sorted(PLAIN) if unseen else GOOD + GOOD_PLAIN + BAD + BAD_PLAIN
    return tuple(choices[rng.integers(len(choices))]
                 for choices in (list(OUTER), NOUNS, list(INNER), adjectives))


def _negated(opinion):
    return OUTER[opinion[0]] < 0 or INNER[opinion[2]] < 0


def _value(opinion):
    outer, _, inner, adjective = opinion
    return OUTER[outer] * INNER[inner] * (1 if adjective in POSITIVE else -1)


def _label(join, *both):
    return int(_value(both[JOINS.get(join, 0)]) > 0)


def _sentence(join, *both):
    return join.format(*(f'{outer} the {noun} {inner} {adjective}'.strip()
                         for outer, noun, inner, adjective in both))


def labelled(folder: str | Path) -> list:
    """[(sentence, 0 or 1), ..] of all lines `sentence<TAB>0 or 1` of the .txt files in a folder.

    Files are read in alphabetical order, as UTF-8; blank lines are skipped.
    ValueError: not a folder, none of these files in it, or a line that is not so, with file and
    line number.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f'{folder} is no folder: give one with .txt files of labelled sentences')
    paths = sorted(folder.glob('*.txt'))
    if not paths:
        raise ValueError(f'{folder} has no .txt file: its lines would be a sentence, a tab, 0 or 1')
    return [each for path in paths for each in _labelled_lines(path)]


def utf8(path: str | Path) -> str:
    """What is in a text file. OSError: cannot be read; ValueError, with the line: not UTF-8."""
    content = Path(path).read_bytes()
    try:
        return content.decode('utf-8-sig').replace('\r\n', '\n')
    except UnicodeDecodeError as error:
        line = content.count(b'\n', 0, error.start) + 1
        raise ValueError(f'{path}, line {line}: not UTF-8: save it in this encoding') from None


def _labelled_lines(path):
    for line, content in enumerate(utf8(path).split('\n'), 1):    # splitlines() cuts at more
        if not content.strip():
            continue
        sentence, tab, label = content.rpartition('\t')
        if not tab:
            raise ValueError(f'{path}, line {line}: no tab, so no label: write the sentence, a tab '
                             'and 0 or 1')
        if label.strip() not in ('0', '1'):
            raise ValueError(f'{path}, line {line}: the label after the last tab is '
                             f'{label.strip()!r}: write 0 (against) or 1 (for)')
        yield sentence.strip(), int(label)


def parted(sentences: list) -> tuple:
    """Labelled sentences in two parts, (training, test): each once, every fourth for the test.

    ValueError if one of the parts has not both labels.
    """
    each = list(dict(sentences).items())
    train, test = [pair for i, pair in enumerate(each) if i % 4 != 3], each[3::4]
    for part, name in ((train, 'learn from'), (test, 'test on')):
        if len({label for _, label in part}) < 2:
            raise ValueError(f'of {len(each)} different sentences, {len(part)} are to {name}, and '
                             'not both labels are among them: write more, with 0 and 1 mixed')
    return train, test


def short(sentences: list) -> list:
    """The labelled sentences with at most 15 words, one of them "but"; all, if there is none."""
    return [each for each in sentences
            if len(words(each[0])) <= 15 and 'but' in words(each[0])] or sentences


def verdict(right: dict, ours: str, theirs: str) -> str:
    """A sentence on which of two methods is better, from {method: 100 or 0 for each question (n,)}.

    A difference of less than two standard errors is called luck.

    >>> verdict({'a': np.array([100, 100, 0, 100]), 'b': np.array([0, 100, 0, 100])}, 'a', 'b')
    'a against b: +25.0 points, standard error 21.7: no more than luck'
    """
    leads = right[ours] - right[theirs]
    lead, error = leads.mean(), leads.std() / len(leads) ** 0.5
    word = 'no more than luck' if abs(lead) <= 2 * error else 'better' if lead > 0 else 'worse'
    return f'{ours} against {theirs}: {lead:+.1f} points, standard error {error:.1f}: {word}'
