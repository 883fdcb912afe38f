"""A voice made by code, what is heard in a sound, how texts differ, and WAV files of others."""
import os
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

import tinygrad_adam

APPLICATIONS = Path(__file__).resolve().parents[1] / 'demos' / 'applications'
sys.path.insert(0, str(APPLICATIONS))
from shared import linear, sound, utterances    # noqa: E402

MAN = sound.Voice(pitch=120, tube=np.ones(3), corner=500, breath=0.1, pace=0.15)


def random(seed=0):
    return np.random.Generator(np.random.PCG64(seed))


def tone(frequency, rate=8000, seconds=0.5):
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


# How texts differ.

@pytest.mark.parametrize('a, b, distance', [
    ('', '', 0), ('', 'one', 3), ('six', 'six', 0), ('a', 'aa', 1), ('ab', 'ba', 2),
    ('kitten', 'sitting', 3),       # k to s, e to i, and a g
    ('three', 'tree', 1), ('seven', 'nine', 4), ([1, 2, 3], [2, 3, 4], 2),
])
def test_the_edit_distance_is_the_fewest_changes_either_way(a, b, distance):
    assert sound.edit_distance(a, b) == sound.edit_distance(b, a) == distance


def test_the_error_rate_counts_letters_not_texts():
    assert sound.error_rate(['ab', 'c'], ['abc', 'd']) == 50      # one missing, one other, of four
    assert sound.error_rate(['aaaa'], ['b']) == 400


@pytest.mark.parametrize('classes, text', [
    ([], ''), ([0, 0], ''), ([1], 'a'), ([1, 1, 1], 'a'), ([1, 0, 1], 'aa'), ([1, 2, 1], 'aba'),
    ([0, 2, 2, 0, 0, 1, 0, 1, 1, 2], 'baab'),
])
def test_repeats_are_one_letter_unless_a_blank_parts_them(classes, text):
    assert sound.collapse(classes, 'ab') == sound.collapse(np.array(classes, int), 'ab') == text


# What is heard.

def test_bands_are_even_in_mel_up_to_4000_hertz():
    corners = sound.corners(3)      # 4000 Hz are 2146 mel: steps of 536.5
    assert np.allclose(corners, [0, 426.8, 1113.9, 2219.9, 4000], atol=0.5)


@pytest.mark.parametrize('rate', [8000, 11025, 16000, 44100])
def test_a_pure_tone_is_loudest_in_its_band(rate):
    for band, frequency in enumerate(sound.corners()[1:-1]):
        frames = sound.log_mel(tone(frequency, rate), rate)
        assert frames.shape in [(49, 20), (50, 20)] and frames.dtype == np.float32
        assert (frames[2:-2].argmax(axis=1) == band).all()


def test_neither_loudness_nor_the_rate_changes_what_is_heard():
    noise = 0.01 * random().standard_normal(4000)
    frames = sound.log_mel(tone(700) + noise)
    assert np.allclose(sound.log_mel(0.01 * (tone(700) + noise)), frames, atol=0.01)
    slow, fast = sound.log_mel(tone(700)), sound.log_mel(tone(700, 16000), 16000)
    assert np.abs(slow - fast)[2:-2, :7].max() < 0.5
    assert abs(frames.mean()) < 1e-4


def test_a_click_is_heard_in_the_frame_of_its_time():
    samples = np.zeros(4000)
    samples[2440] = 1                   # 0.305 s
    assert sound.log_mel(samples).sum(axis=1).argmax() == 30


def test_silence_is_heard_as_nothing_and_a_short_sound_has_one_frame():
    assert (sound.log_mel(np.zeros(800)) == 0).all()
    assert sound.log_mel(np.ones(3)).shape == (1, 20)


def test_the_pitch_of_regular_puffs_is_exact_and_that_of_a_voice_near():
    puffs = np.zeros(4000)
    puffs[::80] = 1
    assert sound.pitch(puffs) == pytest.approx(100)
    for seed in range(5):
        assert sound.pitch(sound.say('aeiou', MAN, random(seed))[0]) == pytest.approx(120, rel=0.25)
    assert 70 <= sound.pitch(np.zeros(4000)) <= 420


def test_frames_are_padded_at_the_end_and_stacked_with_their_neighbours():
    out = sound.padded([np.ones((2, 1)), np.full((3, 1), 2)])
    assert out.tolist() == [[[1, 1, 0]], [[2, 2, 2]]]
    assert sound.stacked(np.array([[1], [2], [3]]), 1).tolist() == [[1, 1, 2], [1, 2, 3], [2, 3, 3]]


# A voice.

@pytest.mark.parametrize('centre', [300, 1000, 3000])
def test_a_resonance_is_1_at_0_hertz_and_highest_at_its_centre(centre):
    frequencies = np.arange(0, 4000)
    response = abs(sound.resonance(frequencies, centre, 50))
    assert response[0] == pytest.approx(1)
    assert abs(response.argmax() - centre) <= 10


def test_vowels_are_loud_at_their_formants_and_quiet_between():
    for vowel in sound.VOWELS:
        samples, places = sound.say(4 * vowel, MAN, random(1))
        power = np.abs(np.fft.rfft(samples)) ** 2
        frequencies = np.fft.rfftfreq(len(samples), 1 / sound.RATE)

        def around(f):
            return power[np.abs(frequencies - f) < 130].mean()
        first, second, third = sound.FORMANTS[vowel]
        assert around(first) > 10 * around((second + third) / 2 if vowel in 'aou' else 1300)
        assert around(second) > 2 * around((second + third) / 2 if vowel in 'aou' else 1300)


def test_the_places_of_letters_spell_the_text_with_gaps_in_double_letters():
    for seed in range(30):
        generator = random(seed)
        text = sound.babble(generator)
        samples, places = sound.say(text, sound.voice(generator), generator)
        assert sound.collapse(places) == text and 3 <= len(text) <= 7
        assert samples.dtype == np.float32 and len(places) == len(sound.log_mel(samples))
        assert np.abs(samples).max() == pytest.approx(0.3)


def test_the_same_generator_says_the_same_and_another_something_else():
    said = [sound.say('mist', sound.voice(generator), generator)[0]
            for generator in (random(1), random(1), random(2))]
    assert np.array_equal(said[0], said[1]) and not np.array_equal(said[0], said[2])


def test_two_texts_in_five_have_a_double_letter():
    generator = random()
    texts = [sound.babble(generator) for _ in range(2000)]
    assert 0.36 < np.mean([any(a == b for a, b in zip(text, text[1:])) for text in texts]) < 0.45


def test_the_linear_classifier_takes_features_as_they_are():
    x = np.array([[100, 0], [110, 0], [300, 1], [310, 1]], np.float32)
    weights, biases = linear.logistic(x, np.array([0, 0, 1, 1]), 2)
    assert (x @ weights + biases).argmax(axis=1).tolist() == [0, 0, 1, 1]
    assert ([[120, 0], [290, 1]] @ weights + biases).argmax(axis=1).tolist() == [0, 1]


# Files.

def write(path, data, width=2, rate=8000, channels=1):
    with wave.open(str(path), 'wb') as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return path


def test_a_sound_comes_back_from_its_file(tmp_path):
    samples, _ = sound.say('moist', MAN, random())
    sound.write_wav(tmp_path / 'a.wav', samples, 11025)
    back, rate = sound.read_wav(tmp_path / 'a.wav')
    assert rate == 11025 and back.dtype == np.float32
    assert np.abs(back - samples).max() < 2 / 32768


def test_eight_bits_count_from_the_middle_and_sixteen_from_the_low_byte(tmp_path):
    path = write(tmp_path / 'a.wav', bytes([0, 128, 192]) * 320, width=1)
    assert sound.read_wav(path)[0].tolist() == [-1, 0, 0.5] * 320
    path = write(tmp_path / 'a.wav', bytes([0, 128, 0, 64, 1, 0]) * 320)
    assert sound.read_wav(path)[0].tolist() == [-1, 0.5, 1 / 32768] * 320


@pytest.fixture
def folder(tmp_path):
    """Two speakers say two digits four times; bits and rates differ."""
    (tmp_path / 'recordings').mkdir()
    for i in range(16):
        digit, who, number, wide = i // 8, i // 4 % 2, i % 4, i % 2
        samples, _ = sound.say(('ou', 'iei')[digit], MAN._replace(tube=np.ones(3) + 0.2 * who),
                               random(i))
        numbers = samples * 32767 if wide else 128 + samples * 127
        write(tmp_path / 'recordings' / f'{digit}_{("ann", "bob")[who]}_{8 + number}.wav',
              numbers.astype('<i2' if wide else np.uint8).tobytes(), 1 + wide, 8000 + 3025 * wide)
    return tmp_path / 'recordings'


def test_recordings_come_by_digit_speaker_and_number(folder):
    found = sound.recordings(folder)
    assert [(each.digit, each.speaker) for each in found] == [
        (digit, who) for digit in (0, 1) for who in ('ann', 'bob') for _ in range(4)]
    assert [each.rate for each in found] == [8000, 11025] * 8      # 10 comes after 9
    assert len(sound.recordings(folder, most=8)) == 8


def broken(path, kind):
    """Make the file, or the folder it is in, one that cannot be used."""
    data = path.read_bytes()
    samples = bytes(2000)
    if kind == 'name':
        path.rename(path.with_name('seven.wav'))
    elif kind == 'few':
        for other in sorted(path.parent.iterdir())[7:]:
            other.unlink()
    elif kind == 'billions':
        path.write_bytes(data[:40] + struct.pack('<I', 4 * 10 ** 9) + data[44:])
    elif kind == 'float':
        path.write_bytes(data[:20] + b'\3\0' + data[22:])
    elif kind in ('text', 'empty', 'cut'):
        path.write_bytes({'text': b'RIFF or not', 'empty': b'', 'cut': data[:-5]}[kind])
    else:
        write(path, samples, **{'stereo': {'channels': 2}, '32 bits': {'width': 4},
                                'slow': {'rate': 400}, 'fast': {'rate': 48000}}[kind])
    return path


PROBLEMS = {
    'name': r'seven.wav is not named digit_speaker_number.wav: ',
    'few': r'recordings has 7 files digit_speaker_number.wav: ',
    'billions': r'0_ann_8.wav is cut short: it says \d+ bytes of sound and holds fewer; ',
    'cut': r'0_ann_8.wav is cut short: it says \d+ bytes of sound and holds \d+; ',
    'float': r'0_ann_8.wav is not a WAV file: unknown format: 3; ',
    'text': r'0_ann_8.wav is not a WAV file: ',
    'empty': r'0_ann_8.wav is not a WAV file: it ends too soon; ',
    'stereo': r'0_ann_8.wav has 2 channels: ',
    '32 bits': r'0_ann_8.wav has 32 bits a sample: ',
    'slow': r'0_ann_8.wav has 1000 samples, 400 a second: ',
    'fast': r'0_ann_8.wav has 1000 samples, 48000 a second: ',
}


@pytest.mark.parametrize('kind', PROBLEMS)
def test_a_file_that_cannot_be_used_is_named(kind, folder):
    broken(folder / '0_ann_8.wav', kind)
    with pytest.raises(ValueError, match=PROBLEMS[kind]):
        sound.recordings(folder)


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(ValueError, match='nowhere is not a folder: '):
        sound.recordings(tmp_path / 'nowhere')


def test_a_file_cut_anywhere_is_refused(tmp_path):
    path = write(tmp_path / 'a.wav', bytes(1920))
    data = path.read_bytes()
    assert len(sound.read_wav(path)[0]) == 960
    for end in [*range(60), 1000, len(data) - 1]:
        path.write_bytes(data[:end])
        with pytest.raises(ValueError, match='a.wav is (not a WAV file|cut short): '):
            sound.read_wav(path)


def test_a_header_with_any_byte_changed_is_read_or_refused(tmp_path):
    path = write(tmp_path / 'a.wav', bytes(1920))
    data = path.read_bytes()
    for place in range(44):
        for byte in 0, 1, 3, 16, 127, 128, 255:
            path.write_bytes(data[:place] + bytes([byte]) + data[place + 1:])
            try:
                sound.read_wav(path)
            except ValueError as error:
                assert 'a.wav ' in str(error)


def application(name, folder, tmp_path):
    """The finished process of a demo on recordings of a folder."""
    path = os.pathsep.join([str(Path(tinygrad_adam.__file__).parents[1]),
                            os.environ.get('PYTHONPATH', '')])
    return subprocess.run(
        [sys.executable, str(APPLICATIONS / f'{name}.py'), '--quick', '--data', str(folder),
         '--out', str(tmp_path / 'out')], capture_output=True, text=True, timeout=900,
        env={**os.environ, 'MPLBACKEND': 'Agg', 'PYTHONPATH': path, 'PYTHONDONTWRITEBYTECODE': '1'})


each_application = pytest.mark.parametrize('name', ['7_speech_to_text', '8_voice_recognition'])


@pytest.mark.parametrize('name, unseen', [
    ('7_speech_to_text', '8 unseen texts'),
    ('8_voice_recognition', '4 unseen sounds (speakers), 8 (digits)')])
def test_an_application_learns_from_recordings(name, unseen, folder, tmp_path):
    process = application(name, folder, tmp_path)
    assert process.returncode == 0, process.stderr
    assert unseen in process.stdout and '% of digits right, ' in process.stdout
    assert 'said by ann, whose voice it has not heard' in process.stdout
    assert (tmp_path / 'out' / f'{name}.png').is_file()


@each_application
def test_an_application_says_in_one_sentence_which_file_is_bad(name, folder, tmp_path):
    broken(folder / '0_ann_8.wav', 'stereo')
    process = application(name, folder, tmp_path)
    assert process.returncode == 2
    assert '0_ann_8.wav has 2 channels: ' in process.stderr and 'Traceback' not in process.stderr


def test_a_single_speaker_cannot_be_told_from_others(folder, tmp_path):
    for path in folder.glob('*_bob_*'):
        path.unlink()
    process = application('8_voice_recognition', folder, tmp_path)
    assert process.returncode == 2
    assert 'of ann at least two are needed' in process.stderr and 'Traceback' not in process.stderr


def test_the_utterance_of_the_picture_can_be_listened_to(folder, tmp_path):
    application('7_speech_to_text', folder, tmp_path)
    samples, rate = sound.read_wav(tmp_path / 'out' / '7_speech_to_text.wav')
    assert rate in (8000, 11025) and len(samples) > 1000


# Who is held out.

def test_one_of_few_speakers_is_held_out_and_the_seed_says_who():
    speakers = ['bob', 'ann', 'cid', 'ann', 'bob']
    for seed, name in enumerate(['ann', 'bob', 'cid', 'ann']):
        test, sentence = utterances.speakers_held_out(speakers, seed)
        assert test.tolist() == [speaker == name for speaker in speakers]
        assert f'by {name}, whose voice it has not heard' in sentence


def test_of_many_speakers_every_fifth_is_held_out_and_of_one_every_fourth_recording():
    test, sentence = utterances.speakers_held_out([f'{i:02}' for i in range(20)], 0)
    assert np.flatnonzero(test).tolist() == [4, 9, 14, 19] and 'by 4 speakers' in sentence
    test, sentence = utterances.speakers_held_out(['ann'] * 8, 0)
    assert np.flatnonzero(test).tolist() == [3, 7] and 'All are of ann' in sentence


def test_the_latest_are_the_last_quarter_of_each_group():
    groups = ['a'] * 4 + ['b'] + ['a'] * 4
    assert np.flatnonzero(utterances.latest(groups)).tolist() == [4, 7, 8]
    assert utterances.latest(['a'] * 20).sum() == 5


def test_texts_are_spelled_in_numbers_and_the_nearest_word_is_found():
    assert sound.spelled(['ab', 'b'], 'ab').tolist() == [[1, 2], [2, 0]]
    assert sound.nearest_word('thre') == 'three' and sound.nearest_word('egt') == 'eight'
    assert sound.doubled('noon') and not sound.doubled('nono')


def test_the_linear_classifier_of_frames_reads_most_letters_of_new_voices():
    speech = utterances.made(200, np.random.Generator(np.random.PCG64(5)))
    test = np.arange(200) % 4 == 3
    frames = [sound.log_mel(each.samples, each.rate) for each in speech]
    frames = [(each - np.mean(frames[0], axis=0)) / 10 for each in frames]
    read = utterances.frame_by_frame(speech, frames, test)
    assert sound.error_rate(read, [each.text for each in speech[3::4]]) < 50
