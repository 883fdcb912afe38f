"""A voice made by code, recordings from files, what an ear hears in them, and how texts differ.

Speech is a source and a filter. The vocal folds let through puffs of air, `pitch` times a second;
or a narrow place hisses. Mouth and throat, a tube closed at one end, then strengthen some
frequencies, its resonances, called formants. Where they lie makes the vowel; how often the folds
open makes the pitch, which says little about the vowel. A longer tube has lower formants: so
speakers differ, and a vowel is known by the pattern, not by its frequencies.

An ear feels steps of pitch by ratio: `log_mel` measures energy in bands that are narrow at low
frequencies and wide at high ones, in decibels, a hundred times a second. Text comes out of these
frames through `collapse`: repeats are one letter, and the class 0, blank, parts double letters.
"""
from __future__ import annotations

import re
import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np

RATE = 8000                # samples a second of the voice made here
FLOAT = 3                  # the format of WAV files whose samples are floating-point numbers
HOP = 0.01                 # seconds between frames
WINDOW = 0.025             # seconds a frame looks at
LETTERS = 'aeioumst'
HISSES = 'st'
VOWELS = 'aeiou'
BANDS, TOP = 20, 4000        # of what is heard: how many, and where they end [Hz]

# Peterson & Barney 1952, averages of men; m: the murmur of a closed mouth, Fujimura 1962. [Hz]
FORMANTS = {
    'a': (730, 1090, 2440), 'e': (530, 1840, 2480), 'i': (270, 2290, 3010),
    'o': (570, 840, 2410), 'u': (300, 870, 2240), 'm': (250, 1100, 2200),
    's': (3600,), 't': (2700,),
}
WIDTHS = {'s': (700,), 't': (900,), 'm': (60, 250, 300)}    # of the resonances [Hz], else:
VOWEL_WIDTHS = 70, 100, 150
LOUDNESS = {'m': 0.4, 's': 0.25, 't': 0.5}                  # beside a vowel's 1
WORDS = 'zero one two three four five six seven eight nine'.split()


class Voice(NamedTuple):
    """What makes a speaker."""
    pitch: float           # puffs of air a second, on average [Hz]
    tube: np.ndarray       # factors (3,) on the formants
    corner: float          # above it the source is weaker [Hz]: a low corner sounds soft
    breath: float          # how much it hisses while the folds swing
    pace: float            # seconds a letter, on average


def voice(generator, pitch=(90, 240), tube=(0.92, 1.22), habit=0.05) -> Voice:
    """A speaker nobody has met, from a NumPy generator; men lie near tube 1, women near 1.17."""
    return Voice(generator.uniform(*pitch),
                 generator.uniform(*tube) * generator.normal(1, habit, 3),
                 generator.uniform(150, 600), generator.uniform(0.02, 0.2),
                 generator.uniform(0.09, 0.15))


def babble(generator) -> str:
    """A text of 3 to 7 letters, each as likely as any other; in two of five some letter doubles."""
    return ''.join(generator.choice(list(LETTERS), generator.integers(3, 8)))


def resonance(frequencies, centre, width):
    """Response of a two-pole resonator at these frequencies, complex, 1 at 0 Hz. Klatt 1980."""
    radius, angle = np.exp(-np.pi * width / RATE), 2 * np.pi * centre / RATE
    b, c = 2 * radius * np.cos(angle), -radius ** 2
    z = np.exp(-2j * np.pi * frequencies / RATE)
    return (1 - b - c) / (1 - b * z - c * z ** 2)


def tract(letter: str, voice: Voice, frequencies):
    """What mouth and throat, and the softness of the folds, make of each frequency, complex."""
    response = 1 if letter in HISSES else 1 / (1 + 1j * frequencies / voice.corner)
    for centre, width, factor in zip(FORMANTS[letter], WIDTHS.get(letter, VOWEL_WIDTHS),
                                     voice.tube):
        response = response * resonance(frequencies, min(centre * factor, 3800), width)
    return response


def say(text: str, voice: Voice, generator):
    """The sound of the text, float32 (n,), and the place in LETTERS, from 1, in each frame of it.

    The place is 0 before, after and between letters, where the sound is weaker: so two letters can
    be told from a long one. Frames are those of `log_mel`.
    """
    fade, edge = int(0.03 * RATE), int(0.05 * RATE)
    lengths = (RATE * voice.pace * generator.uniform(0.7, 1.4, len(text))).astype(int)
    ends = edge + np.cumsum(lengths)
    n = ends[-1] + edge
    time = np.arange(n)
    melody = np.interp(time, np.linspace(0, n, 4), generator.normal(1, 0.08, 4))
    swings = np.cumsum(voice.pitch * generator.normal(1, 0.06) * melody) / RATE
    puffs = np.diff(np.floor(swings), prepend=0) * np.sqrt(RATE / voice.pitch)
    noise = generator.standard_normal(n)
    size = 1 << int(lengths.max() + 3 * fade).bit_length()      # of the FFT: room to fade away
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    sound, places = np.zeros(n + size), np.zeros(n, int)
    for letter, start, end in zip(text, ends - lengths, ends):
        left, right, first = start - fade, end + fade, start + fade // 2
        near = time[left:right]
        weight = np.clip(np.minimum(near - start, end - near) / fade
                         + generator.uniform(0.15, 0.4), 0, 1)
        if letter == 't':                                       # the mouth is closed, then a burst
            first = (start + end) // 2
            weight = np.where(near < first, 0, np.exp((first - near) / (0.012 * RATE)))
        source = noise if letter in HISSES else puffs + voice.breath * noise
        piece = np.fft.irfft(tract(letter, voice, frequencies)
                             * np.fft.rfft(source[left:right] * weight, size))
        loud = LOUDNESS.get(letter, 1) * generator.uniform(0.6, 1.4)
        sound[left:left + size] += loud * piece / np.sqrt(np.sum(piece ** 2) / (right - left))
        places[first:end - fade // 2] = 1 + LETTERS.index(letter)
    sound = sound[:n] + generator.uniform(0.02, 0.1) * generator.standard_normal(n)
    hop = int(HOP * RATE)
    return ((0.3 * sound / np.abs(sound).max()).astype(np.float32),
            places[hop // 2::hop][:n // hop])


# What an ear hears.

def corners(bands: int = BANDS):
    """Where each band begins, peaks and ends [Hz], (bands + 2,): band i at i, i + 1 and i + 2."""
    mel = np.linspace(0, 2595 * np.log10(1 + TOP / 700), bands + 2)
    return 700 * (10 ** (mel / 2595) - 1)


def log_mel(samples, rate: int = RATE, bands: int = BANDS):
    """Decibels in each band and frame, float32 (frames, bands), of samples (n,); the mean is 0.

    Bands end at 4000 Hz whatever the rate, so recordings of different rates go together. What is
    60 dB below the loudest is not heard. Frame i has its middle at (i + 1/2) HOP.
    """
    window = round(WINDOW * rate)
    size = 1 << (2 * window - 1).bit_length()                                # of the FFT
    middles = HOP * rate * (0.5 + np.arange(max(1, int(len(samples) / (HOP * rate)))))
    around = np.pad(samples, window)[(middles + window / 2).astype(int)[:, None]
                                     + np.arange(window)]                    # (frames, window)
    low, peak, high = (corners(bands)[i:i + bands, None] for i in range(3))
    f = np.fft.rfftfreq(size, 1 / rate)
    triangles = np.maximum(0, np.minimum((f - low) / (peak - low), (high - f) / (high - peak)))
    power = np.abs(np.fft.rfft(around * np.hanning(window), size)) ** 2 @ triangles.T
    decibels = 10 * np.log10(power + 1e-6 * power.max() + 1e-12)
    return (decibels - decibels.mean()).astype(np.float32)


def pitch(samples, rate: int = RATE) -> float:
    """Puffs of air a second [Hz]: after which time, in most of the frames, the sound repeats.

    The median over frames of 40 ms of the lag, 1/400 to 1/70 s, at which the autocorrelation peaks.
    """
    size = int(0.04 * rate)
    starts = np.arange(0, max(1, len(samples) - size), size // 2)
    pieces = np.pad(samples, (0, size))[starts[:, None] + np.arange(size)]
    power = np.abs(np.fft.rfft(pieces - pieces.mean(axis=1, keepdims=True), 2 * size)) ** 2
    same = np.fft.irfft(power)[:, :size]                                     # lags 0, 1, ..
    lags = np.arange(rate // 400, rate // 70)
    same = same[:, lags] / (same[:, :1] + 1e-12)
    voiced = same.max(axis=1) >= min(0.4, same.max())
    return float(np.median(rate / lags[same[voiced].argmax(axis=1)]))


def set_hertz(axis) -> None:
    """On Matplotlib's axis of a picture of BANDS pixels, 0 to BANDS, the frequencies of bands."""
    ticks = [250, 500, 1000, 2000, 3000]
    axis.set_ticks(np.interp(ticks, corners()[1:-1], np.arange(BANDS) + 0.5), ticks)
    axis.set_label_text('frequency [Hz]')


def padded(pieces):
    """Pieces (t, bands) of different lengths as (n, bands, longest t), zeros after the end."""
    out = np.zeros((len(pieces), pieces[0].shape[1], max(map(len, pieces))), np.float32)
    for row, piece in zip(out, pieces):
        row[:, :len(piece)] = piece.T
    return out


def stacked(piece, around: int):
    """Every frame of a piece (t, bands) beside its neighbours, (t, (2 around + 1) bands)."""
    wide = np.pad(piece, ((around, around), (0, 0)), mode='edge')
    return np.concatenate([wide[i:i + len(piece)] for i in range(2 * around + 1)], axis=1)


# How texts differ.

def edit_distance(a, b) -> int:
    """Fewest insertions, deletions and replacements that make one sequence the other."""
    row = list(range(len(b) + 1))                      # from nothing to each beginning of b
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (x != y))
    return row[-1]


def nearest_word(text: str) -> str:
    """Of WORDS the one that fewest changes, for each of its letters, make of a text."""
    return min(WORDS, key=lambda word: edit_distance(text, word) / len(word))


def doubled(text: str) -> bool:
    """Whether a text has two equal letters side by side."""
    return any(a == b for a, b in zip(text, text[1:]))


def spelled(texts, letters: str) -> np.ndarray:
    """The place of each letter in `letters`, from 1, (n, longest): 0 after the end of a text."""
    return np.array([[1 + letters.index(c) for c in text] + [0] * (max(map(len, texts)) - len(text))
                     for text in texts])


def error_rate(answers, texts) -> float:
    """Percentage of letters wrong: edit distances over the length of the right texts."""
    return 100 * sum(map(edit_distance, answers, texts)) / sum(map(len, texts))


def collapse(classes, letters: str = LETTERS) -> str:
    """The text of one class a frame: repeats are one letter, 0 is none and parts double letters."""
    return ''.join(letters[c - 1] for c, last in zip(classes, [0, *classes]) if c and c != last)


# Files.

class Recording(NamedTuple):
    """Somebody says a digit."""
    digit: int
    speaker: str
    samples: np.ndarray    # float32 (n,), -1 to 1
    rate: int              # of them a second


def write_wav(path: str | Path, samples, rate: int = RATE) -> None:
    """Samples between -1 and 1 as a WAV file of 16 bits."""
    with wave.open(str(path), 'wb') as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.round(32767 * np.clip(samples, -1, 1)).astype('<i2').tobytes())


def read_wav(path: str | Path):
    """Samples float32 (n,) from -1 to 1, and the rate, of a mono WAV file of 8 or 16 bits.

    Raises ValueError, with the file's name, for any other, and for a damaged one.
    """
    try:
        with wave.open(str(path), 'rb') as file:
            channels, width, rate, count, *_ = file.getparams()
            if getattr(file, 'getformat', int)() == FLOAT:     # Python 3.15 reads them, too
                raise wave.Error(f'unknown format: {FLOAT}')
            if channels != 1:
                raise _refused(path, f'has {channels} channels', 'one is read; mix them to mono')
            if width not in (1, 2):
                raise _refused(path, f'has {8 * width} bits a sample', '8 or 16 are read; '
                               'convert it')
            says, room = count * width, Path(path).stat().st_size
            data = file.readframes(count) if says <= room else b''
    except (wave.Error, EOFError, RuntimeError) as error:
        raise _refused(path, 'is not a WAV file', f'{str(error) or "it ends too soon"}; '
                       'convert it to WAV with PCM samples') from error
    if len(data) != says:
        raise _refused(path, 'is cut short', f'it says {says} bytes of sound and holds '
                       f'{len(data) or "fewer"}; get it again from where it came')
    if rate < 4000 or not 0.12 <= count / rate <= 5:
        raise _refused(path, f'has {count} samples, {rate} a second', 'a word is 0.12 to 5 seconds '
                       'long, with 4000 samples a second or more; cut or convert it')
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / 128, rate
    return np.frombuffer(data, '<i2').astype(np.float32) / 32768, rate


def recordings(folder: str | Path, most: int | None = None) -> list:
    """Of all digit_speaker_number.wav of a folder, by digit, speaker and number, a Recording each.

    most: about so many of them, evenly taken. Raises ValueError or OSError with the file's name.
    """
    if not Path(folder).is_dir():
        raise _refused(folder, 'is not a folder', 'give one with WAV files')
    found = []
    for path in Path(folder).glob('*.wav'):
        parts = re.fullmatch(r'(\d)_([^_]+)_(\d+)\.wav', path.name, re.ASCII)
        if not parts:
            raise _refused(path, 'is not named digit_speaker_number.wav',
                           'the name says who says what; rename it, such as 7_ann_0.wav')
        found.append((int(parts[1]), parts[2], int(parts[3]), path))
    if len(found) < 8:
        raise _refused(folder, f'has {len(found)} files digit_speaker_number.wav', 'one in four '
                       'is for the test, so 8 are the least; give the folder that has them')
    found.sort()
    return [Recording(digit, speaker, *read_wav(path))
            for digit, speaker, _, path in found[::max(1, len(found) // (most or len(found)))]]


def _refused(path, what, why):
    return ValueError(f'{path} {what}: {why}')
