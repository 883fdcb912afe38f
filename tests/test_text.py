"""Words as numbers, the simple methods beside the networks, sentences by rules and from files."""
import doctest
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam

APPLICATIONS = Path(__file__).resolve().parents[1] / 'demos' / 'applications'
sys.path.insert(0, str(APPLICATIONS))
from shared import linear, text    # noqa: E402

CLASSES = np.array([0, 0, 1])
TABLE = np.array([[2, 3], [2, 0], [3, 3]])    # a b, a, b b


def random(seed=0):
    return np.random.Generator(np.random.PCG64(seed))


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(text)
    assert result.attempted and not result.failed


def test_no_paragraph_is_there_twice_and_each_is_of_its_topic():
    found = text.paragraphs()
    assert len({' '.join(paragraph.split()) for _, paragraph in found}) == len(found) > 1000
    assert all(paragraph in text.topics[topic] for topic, paragraph in found)


def test_every_chapter_has_paragraphs():
    topics = [topic for topic, _ in text.paragraphs()]
    for chapter in text.CHAPTERS.values():
        assert sum(topics.count(topic) for topic in chapter.split()) > 50
    assert len(text.CHAPTERS) == 6


def test_words_keep_their_apostrophe_but_no_quotes_or_digits():
    assert text.words("'Don't' say \"naïve\" 3 times, x1!") == [
        "don't", 'say', 'naïve', 'times', 'x']


def test_rare_words_have_no_number_and_an_unknown_word_is_a_one():
    known = text.vocabulary([['a', 'b', 'a'], ['b', 'a', 'c']], at_least=2)
    assert known == {'a': 2, 'b': 3}
    assert text.numbers([['b', 'c'], ['a', 'b', 'a'], []], known).tolist() == [
        [3, 1, 0], [2, 3, 2], [0, 0, 0]]


def test_padding_is_trimmed_to_the_longest_row():
    assert text.trim(np.array([[2, 0, 0, 0], [3, 1, 0, 0]])).tolist() == [[2, 0], [3, 1]]


def test_a_bag_counts_known_words_only():
    assert text.counts(np.array([[2, 3, 2], [1, 3, 0]]), 4).tolist() == [[0, 0, 2, 1], [0, 0, 0, 1]]


def test_naive_bayes_of_three_rows_worked_by_hand():
    weights, biases = text.naive_bayes(TABLE, CLASSES, size=4)
    assert np.allclose(np.exp(biases), [2 / 3, 1 / 3])
    # Class 0 has a twice, b once, each and one more: 3 and 2 of 5; class 1 has 1 and 3 of 4.
    assert np.allclose(np.exp(weights[2:]), [[3 / 5, 1 / 4], [2 / 5, 3 / 4]])
    assert not weights[:2].any()


def test_naive_bayes_weighs_both_what_is_seen_and_how_often_a_class_is():
    weights, biases = text.naive_bayes(TABLE, CLASSES, size=4)
    rows = np.array([[2, 2], [3, 3], [1, 0]])    # a a; b b; an unknown word
    assert (weights[rows].sum(axis=1) + biases).argmax(axis=1).tolist() == [0, 1, 0]


def test_tf_idf_of_three_rows_worked_by_hand():
    bags = np.array([[1, 1], [1, 0], [0, 0]])
    rarity = text.inverse_frequency(bags)
    assert np.allclose(rarity, [1 + np.log(4 / 3), 1 + np.log(4 / 2)])
    length = np.hypot(*rarity)
    assert np.allclose(text.tf_idf(bags, rarity), [rarity / length, [1, 0], [0, 0]])


def test_least_squares_of_three_points_worked_by_hand():
    # x - mean = -1, 0, 1 and y = [0, 0, 1]: the slope is 1 / (2 + penalty), the mean 1 / 3.
    weights, biases = linear.least_squares(np.array([[0.], [1.], [2.]]), CLASSES, penalty=2)
    assert np.allclose(weights, [[-1 / 4, 1 / 4]])
    assert np.allclose(biases, [2 / 3 + 1 / 4, 1 / 3 - 1 / 4])


@pytest.mark.parametrize('a, b, word', [
    ([100] * 9 + [0], [0] * 10, 'better'), ([0] * 10, [100] * 9 + [0], 'worse'),
    ([100, 0] * 5, [0, 100] * 5, 'luck'), ([100, 0], [100, 0], 'luck')])
def test_a_difference_within_two_standard_errors_is_luck(a, b, word):
    assert text.verdict({'a': np.array(a), 'b': np.array(b)}, 'a', 'b').endswith(word)


@pytest.mark.parametrize('unseen', [False, True])
def test_any_bag_of_words_has_both_labels_equally_often(unseen):
    found, labels = text.opinions(600, random(), unseen=unseen), defaultdict(list)
    assert len(dict(found)) == 600
    for sentence, label in found:
        labels[tuple(sorted(sentence.split()))].append(label)
    assert all(sum(each) * 2 == len(each) for each in labels.values())


def test_each_single_word_is_as_often_in_sentences_for_as_against():
    lead = defaultdict(int)
    for sentence, label in text.opinions(600, random()):
        for word in text.words(sentence):
            lead[word] += 2 * label - 1
    assert set(lead.values()) == {0}


def test_no_test_sentence_is_one_of_the_training():
    train = dict(text.opinions(1000, random()))
    assert not set(train) & set(dict(text.opinions(1000, random(), known=train)))


MEANING = {    # by hand: the first and the second opinion, and which counts
    'the plot was good , but the cast was bad': 0,
    'although the plot was good , the cast was bad': 0,
    'the plot was good , although the cast was bad': 1,
    'the plot was not bad , and the cast seemed good': 1,
    'the plot was never good , and nobody says that the cast seemed great': 0,
    'it is false that the plot was not good , but we know that the cast was awful': 0,
    'although nobody says that the plot was never dull , the cast was not bad': 1,
}


def by_hand(sentence):
    """The label of a sentence, from its words alone."""
    clauses = sentence.replace('although ', '').replace('but ', '').replace('and ', '').split(' , ')
    bad = {'bad', 'awful', 'stupid', 'boring', 'clumsy', 'dreadful', 'dull', 'weak', 'shallow'}
    values = [sum(clause.count(word) for word in ('not', 'never', 'nobody', 'false'))
              + len(bad & set(clause.split())) for clause in clauses]
    return int(values[', although' not in sentence] % 2 == 0)


@pytest.mark.parametrize('sentence, label', MEANING.items())
def test_the_rules_of_this_test_give_the_meaning(sentence, label):
    assert by_hand(sentence) == label


@pytest.mark.parametrize('unseen', [False, True])
def test_the_label_is_what_the_sentence_says(unseen):
    for sentence, label in text.opinions(500, random(1), unseen=unseen):
        assert label == by_hand(sentence), sentence


def test_plain_adjectives_are_never_negated_but_in_the_test_of_that():
    negations = {'not', 'never', 'nobody', 'false'}

    def clauses(unseen):
        return [set(clause.split()) for sentence, _ in text.opinions(500, random(), unseen=unseen)
                for clause in sentence.split(',')]
    seen = [clause for clause in clauses(False) if clause & text.PLAIN]
    assert len(seen) > 20 and not any(clause & negations for clause in seen)
    assert all(clause & negations and clause & text.PLAIN for clause in clauses(True))


def test_lines_of_all_text_files_are_read_in_the_order_of_their_names(tmp_path):
    (tmp_path / 'b.txt').write_text('Last.\t1', encoding='utf-8')
    (tmp_path / 'a.txt').write_bytes('\ufeffSo \x85 good\tas it is. \t1\r\n\nNo.\t 0\n'.encode())
    (tmp_path / 'c.md').write_text('not read')
    assert text.labelled(tmp_path) == [('So \x85 good\tas it is.', 1), ('No.', 0), ('Last.', 1)]


@pytest.mark.parametrize('line, message', [
    (b'Without a tab 1', 'no tab'), (b'Stars\t5', "'5': write 0"), (b'Nothing\t', "'': write 0"),
    (b'na\xefve\t1', 'not UTF-8')])
def test_a_bad_line_is_named_with_file_and_number(line, message, tmp_path):
    (tmp_path / 'reviews.txt').write_bytes(b'Good.\t1\n\n' + line + b'\nBad.\t0\n')
    with pytest.raises(ValueError, match=message) as error:
        text.labelled(tmp_path)
    assert f'{tmp_path / "reviews.txt"}, line 3: ' in str(error.value)


def test_a_folder_missing_or_empty_is_said(tmp_path):
    with pytest.raises(ValueError, match='nowhere is no folder'):
        text.labelled(tmp_path / 'nowhere')
    with pytest.raises(ValueError, match='has no .txt file'):
        text.labelled(tmp_path)


def test_every_fourth_sentence_is_for_the_test_and_none_is_there_twice():
    sentences = [(str(i), i // 4 % 2) for i in range(16)]
    train, test = text.parted(sentences[:5] + sentences)
    assert test == [('3', 0), ('7', 1), ('11', 0), ('15', 1)]
    assert sorted(train + test) == sorted(sentences)


@pytest.mark.parametrize('labels, part', [([1] * 8, 'learn from'), ([0, 1, 0, 1] * 2, 'test on')])
def test_a_part_without_both_labels_is_refused(labels, part):
    with pytest.raises(ValueError, match=f'are to {part}, and not both labels'):
        text.parted([(str(i), label) for i, label in enumerate(labels)])


def sentiment(folder, tmp_path, *options):
    """The finished process of the demo on sentences of a folder."""
    path = os.pathsep.join([str(Path(tinygrad_adam.__file__).parents[1]),
                            os.environ.get('PYTHONPATH', '')])
    return subprocess.run(
        [sys.executable, str(APPLICATIONS / '5_sentiment.py'), '--quick', '--data', str(folder),
         '--out', str(tmp_path / 'out'), *options], capture_output=True, text=True, timeout=900,
        env={**os.environ, 'MPLBACKEND': 'Agg', 'PYTHONPATH': path, 'PYTHONDONTWRITEBYTECODE': '1'})


def test_sentiment_reads_sentences_of_files_even_few_and_without_words(tmp_path):
    (tmp_path / 'few.txt').write_text(''.join(
        f'{line}\t{i // 4 % 2}\n' for i, line in enumerate([
            'Good.', 'So good!', ':-)', 'Fine', 'Bad.', 'Very bad', ':-(', '!'])))
    process = sentiment(tmp_path, tmp_path, '--say', 'So fine')
    assert process.returncode == 0, process.stderr
    assert 'accuracy on 2 sentences' in process.stdout
    assert re.search(r"'So fine' is (for|against), it says, .* It does not know: .*fine\.",
                     process.stdout)
    assert 'negation is new' not in process.stdout
    assert (tmp_path / 'out' / '5_sentiment.png').is_file()


def test_sentiment_says_in_one_sentence_what_is_wrong_with_a_file(tmp_path):
    (tmp_path / 'bad.txt').write_text('Good.\t1\nBad.\n')
    process = sentiment(tmp_path, tmp_path)
    assert process.returncode == 2
    assert 'bad.txt, line 2: no tab' in process.stderr and 'Traceback' not in process.stderr
