"""What the applications share, none of it about training: each module says what it has.

report       options, the three optimizers, progress and losses of a training, the table at the end
figures      the figure of each application
linear       linear classifiers to compare with
neighbours   the nearest training image, to compare with
shapes       pictures of discs, crosses and triangles with boxes and masks, and templates of them
boxes        overlap of boxes, non-maximum suppression, average precision
masks        overlap of masks, and pixels with their neighbours
text         paragraphs, sentences and words; naive Bayes and tf-idf to compare with
ngrams       characters, and models that count what follows the last ones to compare with
sound        a voice made by code, WAV files, log-mel bands, edit distance of what was understood
utterances   who says what, which speakers are held out, and linear classifiers to compare with
"""
import importlib.util
import sys
from pathlib import Path

if not importlib.util.find_spec('demos'):
    sys.path.append(str(Path(__file__).resolve().parents[3]))
import demos.common  # noqa: F401, before NumPy: it sets the number of threads
