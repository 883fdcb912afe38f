"""Who says what: utterances made by code or recorded, those held out, and two simple listeners.

A network that is tested on a voice it has learned from may know the voice, and not the letters. So
whole speakers are held out: of code, every utterance has a voice of its own; of recordings, all
those of one speaker are for the test.
"""
from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from . import linear, sound


class Utterance(NamedTuple):
    """Somebody says a text."""
    text: str
    speaker: str
    samples: np.ndarray             # float32 (n,), -1 to 1
    rate: int                       # of them a second
    places: np.ndarray | None       # in sound.LETTERS, from 1, of each frame; 0 is none


def made(n: int, generator) -> list[Utterance]:
    """n texts of random letters, each said by a new voice made by code."""
    texts = [sound.babble(generator) for _ in range(n)]
    said = [sound.say(text, sound.voice(generator), generator) for text in texts]
    return [Utterance(text, f'voice {i}', samples, sound.RATE, places)
            for i, (text, (samples, places)) in enumerate(zip(texts, said))]


def recorded(folder: str | Path, most: int | None = None) -> list[Utterance]:
    """Spoken digits, 'zero', 'one', .., of a folder; arguments and errors as `sound.recordings`."""
    return [Utterance(sound.WORDS[each.digit], each.speaker, each.samples, each.rate, None)
            for each in sound.recordings(folder, most)]


def speakers_held_out(speakers: list[str], seed: int) -> tuple:
    """Which utterances are for the test, bool (n,), and a sentence that says so.

    Of up to ten speakers one, whom the seed chooses; of more, every fifth; of a single one, every
    fourth utterance.
    """
    names = sorted(set(speakers))
    if len(names) == 1:
        return (np.arange(len(speakers)) % 4 == 3,
                f'for the test: every fourth recording. All are of {names[0]}, so nothing is said '
                'about other voices')
    held = [names[seed % len(names)]] if len(names) <= 10 else names[4::5]
    who = ', whose voice it has not heard' if len(held) == 1 else 's whose voices it has not heard'
    return (np.isin(speakers, held), 'for the test: all that is said by '
            + (held[0] if len(held) == 1 else f'{len(held)} speaker') + who)


def latest(groups: list) -> np.ndarray:
    """Which members of each group are its last quarter, rounded up, in order: bool (n,)."""
    groups, count, place = list(groups), {}, []
    for group in groups:
        place.append(count.get(group, 0))
        count[group] = place[-1] + 1
    return np.array([4 * (i + 1) > 3 * count[group] for i, group in zip(place, groups)])


def frame_by_frame(utterances, frames, test) -> list[str]:
    """What a linear classifier reads that sees a frame and six on each side.

    It is told the letter of every frame of the training part, where it begins and where it ends.
    """
    wide = [sound.stacked(each, 6) for each in frames]
    known = np.flatnonzero(~test)
    weights, biases = linear.logistic(                                       # a quarter is enough
        np.concatenate([wide[i] for i in known])[::4],
        np.concatenate([utterances[i].places for i in known])[::4], 1 + len(sound.LETTERS))
    return [sound.collapse((wide[i] @ weights + biases).argmax(axis=1), sound.LETTERS)
            for i in np.flatnonzero(test)]


def word_by_word(utterances, frames, test) -> list[str]:
    """Which of the words a linear classifier hears in the means of ten slices of the sound.

    Nobody wrote down where letters begin in recordings; it need not spell, only choose.
    """
    words = sorted({each.text for each in utterances})
    classes = np.array([words.index(each.text) for each in utterances])
    slices = np.array([[part.mean(axis=0) for part in np.array_split(each, 10)]
                       for each in frames]).reshape(len(frames), -1)
    weights, biases = linear.logistic(slices[~test], classes[~test], len(words))
    return [words[k] for k in (slices[test] @ weights + biases).argmax(axis=1)]
