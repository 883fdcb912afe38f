"""Texts as numbers, n-gram models against cases worked by hand, and the demo that reads files."""
import lzma
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam

APPLICATIONS = Path(__file__).resolve().parents[1] / 'demos' / 'applications'
sys.path.insert(0, str(APPLICATIONS))
from shared import ngrams  # noqa: E402

PARAGRAPHS = [f'Paragraph {i} has\n    a second line and {i * i} words.\n' for i in range(300)]


def model(train, test, symbols, order):
    return ngrams.witten_bell(np.array(train), np.array(test), symbols, order)


def test_the_doctest_of_the_module_is_true():
    import doctest
    assert doctest.testmod(ngrams).failed == 0


def test_one_gram_is_the_share_of_a_symbol_mixed_with_all_alike():
    # 0 three times, 1 once, 2 never: 4 seen of 2 kinds, and each 1/3 before anything is seen
    (p,) = model([0, 0, 1, 0], [0, 1, 2], 3, 1)
    assert p == pytest.approx([(3 + 2 / 3) / 6, (1 + 2 / 3) / 6, (0 + 2 / 3) / 6])


def test_two_grams_fall_back_on_one_gram_by_the_kinds_that_followed():
    # in (0) 0 1 0 1, 0 was followed by 0 once and by 1 twice, 1 by 0 once
    p1, p2 = model([0, 1, 0, 1], [0, 0, 1, 1], 2, 2)
    assert p1 == pytest.approx(4 * [1 / 2])
    assert p2 == pytest.approx([(1 + 2 / 2) / 5, (1 + 2 / 2) / 5, (2 + 2 / 2) / 5, (0 + 1 / 2) / 2])


def test_a_context_never_seen_leaves_all_to_the_shorter_one():
    p1, p2 = model([0, 0, 0, 1], [2, 1], 3, 2)
    assert p2[1] == p1[1]


@pytest.mark.parametrize('order', [1, 2, 3, 4])
def test_all_orders_equal_the_formula_written_with_dictionaries(order):
    rng = np.random.Generator(np.random.PCG64(0))
    train, test = rng.integers(0, 4, 60) * rng.integers(0, 2, 60), rng.integers(0, 5, 30)
    padded = [0] * (order - 1) + train.tolist()

    def probability(context, symbol):
        n = len(context)
        rows = [padded[i:i + n + 1] for i in range(order - 1 - n, len(padded) - n)]
        after = Counter(row[-1] for row in rows if row[:-1] == context)
        shorter = probability(context[1:], symbol) if n else 1 / 5
        times, kinds = sum(after.values()), len(after)
        return (after[symbol] + kinds * shorter) / (times + kinds) if times else shorter

    asked = [0] * (order - 1) + test.tolist()
    rows = [(asked[i:i + order - 1], asked[i + order - 1]) for i in range(len(test))]
    assert model(train, test, 5, order)[-1] == pytest.approx([probability(*row) for row in rows])


def test_the_probabilities_of_all_symbols_sum_to_one():
    train = [0, 1, 2, 0, 1, 3, 0, 1, 2, 2]
    p = np.array([model(train, [0, 1, symbol], 5, 3)[:, -1] for symbol in range(5)])
    assert p.sum(axis=0) == pytest.approx([1, 1, 1])


def test_bits_of_a_fair_coin_are_one_and_of_certainty_none():
    assert ngrams.bits(np.array([[0.5, 0.5], [1, 1], [0.25, 1]])).tolist() == [1, 0, 1]


def test_too_many_kinds_of_ngrams_are_refused():
    with pytest.raises(ValueError, match='7-grams of 600 symbols are more than 64 bits'):
        model([0, 1], [1], 600, 7)


def test_contexts_are_numbers_to_the_base_of_the_symbols_after_zeros():
    assert ngrams.contexts(np.array([3, 1, 4]), 2, 10).tolist() == [0, 3, 31]
    assert ngrams.contexts(np.array([3, 1, 4]), 0, 10).tolist() == [0, 0, 0]


def test_a_rare_character_becomes_the_unknown_one():
    symbols = ngrams.alphabet('bbbaaa\n\ncbbb\ufffd', most=3, at_least=2)
    assert symbols == ['\n', 'a', 'b', '\ufffd']
    assert ngrams.numbers('ab\nc\ufffd', symbols).tolist() == [1, 2, 0, 3, 3]


def test_a_tenth_and_a_twentieth_are_held_out_of_topics_that_are_not_learnt_from():
    parts = [(i // 5, f'{i:010}') for i in range(200)]      # 12 characters each with the blank line
    texts = [text.split() for text in ngrams.split(parts, seed=1)]
    assert [len(text) for text in texts] == [200 - 30, 10, 20]
    train, validation, test = ({int(part) // 5 for part in text} for text in texts)
    assert not train & validation and not train & test and not validation & test
    assert ngrams.split(parts, seed=1) == ngrams.split(parts, seed=1) != ngrams.split(parts, seed=2)


def test_a_compressor_needs_few_bits_for_what_it_has_seen_and_all_for_what_is_random():
    rng = np.random.Generator(np.random.PCG64(0))
    train, new = rng.integers(0, 256, (2, 5000))
    assert ngrams.compressed(train, train, lzma.compress) < 0.5
    assert ngrams.compressed(train, new, lzma.compress) == pytest.approx(8, abs=0.1)


def test_a_file_is_read_in_paragraphs_none_twice_in_forty_stretches(tmp_path):
    path = tmp_path / 'text.txt'
    path.write_text('\n\n\n'.join(PARAGRAPHS * 2), encoding='utf-8-sig')
    stretches, parts = zip(*ngrams.read(path))
    assert list(parts) == [part.strip('\n') for part in PARAGRAPHS]
    assert sorted(stretches) == list(stretches) and set(stretches) == set(range(40))


def test_lines_may_end_as_on_windows_and_blank_ones_have_spaces(tmp_path):
    path = tmp_path / 'text.txt'
    path.write_bytes('\n  \n'.join(PARAGRAPHS).replace('\n', '\r\n').encode())
    assert [part for _, part in ngrams.read(path)] == [part.strip('\n') for part in PARAGRAPHS]


def test_only_the_beginning_of_a_long_file_is_used(tmp_path):
    path = tmp_path / 'text.txt'
    path.write_text('\n\n'.join(PARAGRAPHS))
    assert sum(len(part) for _, part in ngrams.read(path, limit=11_000)) <= 11_000


WRONG = {
    'missing': (None, 'cannot be read: No such file or directory'),
    'empty': (b'', 'has 0 characters'),
    'short': (b'Once upon a time.\n' * 50, 'has 899 characters'),
    'repeated': (b'The same.\n\n' * 2000, 'has 9 characters, without paragraphs that repeat'),
    'no blank lines': (b'A line.\n' * 2000, 'has a paragraph of 15,999 of its 15,999 characters'),
    'latin-1': (b'A line.\nAnother.\nCaf\xe9.\n', 'wrong.txt, line 3: not UTF-8: save it in'),
    'utf-16': ('A line.'.encode('utf-16'), 'wrong.txt, line 1: not UTF-8'),
}


@pytest.mark.parametrize('content, says', WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_used_is_named(content, says, tmp_path):
    path = tmp_path / 'wrong.txt'
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError) as error:
        ngrams.read(path)
    assert str(error.value).startswith(str(path)) and says in str(error.value)


def test_a_folder_is_no_text_file(tmp_path):
    with pytest.raises(ValueError, match='cannot be read: .* Give a text file'):
        ngrams.read(tmp_path)


def run(folder, *options):
    package = Path(tinygrad_adam.__file__).parents[1]
    path = os.pathsep.join([str(package), os.environ.get('PYTHONPATH', '')])
    return subprocess.run(
        [sys.executable, str(APPLICATIONS / '6_language_model.py'), '--out', str(folder / 'out'),
         *options], capture_output=True, text=True, encoding='utf-8', timeout=900, cwd=folder,
        env={**os.environ, 'MPLBACKEND': 'Agg', 'PYTHONPATH': path, 'PYTHONIOENCODING': 'utf-8',
             'PYTHONDONTWRITEBYTECODE': '1'})


def test_the_language_model_reads_a_file_of_ones_own(tmp_path):
    (tmp_path / 'mine.txt').write_text('\n\n'.join(PARAGRAPHS), encoding='utf-8')
    process = run(tmp_path, '--quick', '--data', 'mine.txt', '--prompt', 'Paragraph 7',
                  '--temperature', '0.01')
    assert process.returncode == 0, process.stderr
    assert 'steps:\nParagraph 7' in process.stdout
    for row in ('zlib', 'lzma', '3-gram', '5-gram', 'network, adam', 'network, momentum',
                'reached: '):
        assert f'\n{row}' in process.stdout
    assert (tmp_path / 'out' / '6_language_model.png').exists()


def test_the_language_model_refuses_a_wrong_file_in_a_sentence(tmp_path):
    (tmp_path / 'wrong.txt').write_bytes(b'A line.\n\xff\n')
    process = run(tmp_path, '--data', 'wrong.txt')
    assert 'optimizer   step' not in process.stdout
    assert process.returncode == 2 and 'Traceback' not in process.stderr
    assert 'error: --data wrong.txt, line 2: not UTF-8: save it in this encoding.' in process.stderr
