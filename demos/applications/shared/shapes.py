"""Pictures of discs, crosses and triangles, made by code, with the answers to three questions.

What is it (a class), where is it (a box), and which pixels are it (a mask): a picture made by code
knows all three, while people must draw the boxes and masks of photographs by hand. A shape is
brighter than the background it covers: noise, a slope of light and thin lines.

Two detectors that learn nothing are here to compare with: `by_threshold` knows that shapes are
bright, `by_template` knows exactly how they are drawn. That is hard to beat as long as they are
drawn in one way; when they are turned and stretched there are too many ways to try them all.

A box is x0, y0, x1, y1 in pixels, x to the right and y down: pixel (row, column) is the square from
(column, row) to (column + 1, row + 1), and belongs to a shape if its middle does.

>>> images, masks, shapes = pictures(2, 24, 1, np.random.Generator(np.random.PCG64(0)))
>>> images.shape, masks.shape, len(shapes), shapes[0].shape
((2, 1, 24, 24), (2, 24, 24), 2, (1, 5))
"""
from __future__ import annotations

import numpy as np

from .boxes import components, non_maximum_suppression

CLASSES = 'disc', 'cross', 'triangle'
RADII = 3.5, 6.5       # pixels from the middle of a shape to each side of its box
CONTRAST = 0.6, 1.0    # how much brighter than the background
NOISE, SLOPE, LINES = 0.15, 0.5, 3
FILLED = np.pi / 4, 5 / 9, 1 / 2    # the part of the box that each shape fills
STRETCH = 0.5, 1.0     # of a turned shape: height over width, before it is turned
_CIRCLE, _THIRD = np.linspace(0, 2 * np.pi, 721), 1 / 3
OUTLINES = (           # points (k, 2) between which each shape lies
    np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1),
    np.array([(x, y) for a, b in ((1, _THIRD), (_THIRD, 1)) for x in (-a, a) for y in (-b, b)]),
    np.array([(0, -1), (-1, 1), (1, 1)]))


def inside(x, y):
    """Three arrays of bool, a shape each: is (x, y) in it, where its box is from -1 to 1?"""
    across, up = np.abs(x), np.abs(y)
    box = (across <= 1) & (up <= 1)
    return (x ** 2 + y ** 2 <= 1,
            box & (np.minimum(across, up) <= 1 / 3),
            box & (2 * across <= 1 + y))


class Pose:
    """How a shape of a class is stretched and turned, in a box whose longer side is from -1 to 1.

    kind: the class. matrix: (2, 2), first stretches, then turns.
    """

    def __init__(self, kind: int, matrix=np.eye(2)):
        outline = OUTLINES[kind] @ matrix.T
        low, high = outline.min(axis=0), outline.max(axis=0)
        self.kind, self.middle, scale = kind, (low + high) / 2, (high - low).max() / 2
        self.half = (high - low) / 2 / scale             # of the box: its half width and height
        self.back, self.scale = np.linalg.inv(matrix), scale

    def covers(self, x, y):
        """Is (x, y) in the shape? Arrays of any one shape; the box has its middle at (0, 0)."""
        points = np.stack(np.broadcast_arrays(x, y), axis=-1) * self.scale + self.middle
        return inside(*np.moveaxis(points @ self.back.T, -1, 0))[self.kind]


def turned(angle, stretch):
    """The matrix (2, 2) that makes heights `stretch` times as long, and then turns by an angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin * stretch], [sin, cos * stretch]])


def places(n: int, size: int, most: int, generator):
    """Middles and radii (n, most, 3) of 1 to `most` shapes a picture, not a number where is none.

    Boxes are at least one pixel apart, and inside the picture. One without room is left out.
    """
    found = np.full((n, most, 3), np.nan)
    count = generator.integers(1, most, n, endpoint=True)
    for k in range(most):
        waiting = np.flatnonzero(count > k)
        for _ in range(50):
            r = generator.uniform(*RADII, len(waiting))
            x, y = generator.uniform(r, size - r, (2, len(waiting)))
            others = found[waiting].transpose(2, 1, 0)    # x, y, r: (most, waiting) each
            apart = np.maximum(abs(x - others[0]), abs(y - others[1])) - r - others[2]
            free = ~(apart < 1).any(axis=0)               # a comparison with none is False
            found[waiting[free], k] = np.stack([x, y, r], axis=1)[free]
            waiting = waiting[~free]
    return found


def background(n: int, size: int, generator):
    """Noise, a slope of light in some direction, and lines, (n, size, size)."""
    middle = np.arange(size) + 0.5
    images = generator.normal(0, NOISE, (n, size, size))
    for kind in 'slope', *['line'] * LINES:
        angle = generator.uniform(0, 2 * np.pi, (n, 1, 1))
        x, y = generator.uniform(0, size, (2, n, 1, 1))    # a place on the line
        away = (middle - x) * np.cos(angle) + (middle[:, None] - y) * np.sin(angle)
        if kind == 'slope':
            images += SLOPE * away / size
        else:
            images += generator.uniform(-0.6, 0.6, (n, 1, 1)) * (abs(away) < 0.5)
    return images


def pictures(n: int, size: int, most: int, generator, turn: bool = False):
    """`n` pictures of 1 to `most` shapes each, (images, masks, shapes).

    generator: of NumPy, np.random.Generator(np.random.PCG64(seed)).
    turn: whether each shape is stretched, by a factor in STRETCH, and turned by any angle.
    images: (n, 1, size, size), float32, about -1.5 to 2.
    masks: (n, size, size), int64: 0 is background, 1 + i a pixel of a CLASSES[i].
    shapes: a list of n arrays, a row a shape: i, x0, y0, x1, y1, float32.
    """
    if size < 2 * RADII[1]:
        raise ValueError(f'a picture of {size} pixels is too small for shapes of {2 * RADII[1]:g}')
    found = places(n, size, most, generator)
    classes = generator.integers(0, len(CLASSES), (n, most))
    contrasts = generator.uniform(*CONTRAST, (n, most))
    angles, stretches = np.zeros((n, most)), np.ones((n, most))
    if turn:
        angles = generator.uniform(0, 2 * np.pi, (n, most))
        stretches = generator.uniform(*STRETCH, (n, most))
    pixel = np.arange(size) + 0.5
    images, masks = background(n, size, generator), np.zeros((n, size, size), np.int64)
    rows = [[] for _ in range(n)]
    for i, k in np.argwhere(~np.isnan(found[..., 0])):
        x, y, r = found[i, k]
        pose = Pose(classes[i, k], turned(angles[i, k], stretches[i, k]))
        covered = pose.covers((pixel - x) / r, (pixel[:, None] - y) / r)
        images[i] += contrasts[i, k] * covered
        masks[i] += (1 + pose.kind) * covered
        rows[i].append([pose.kind, *((x, y) - r * pose.half), *((x, y) + r * pose.half)])
    return images[:, None].astype(np.float32), masks, [np.array(row, np.float32) for row in rows]


def by_threshold(images):
    """What is bright and connected: for each picture rows (class, score, box).

    Bright is 0.75 standard deviations above the mean of the picture, the best of 0.5 to 2 on seed
    100. The class is the one whose shape fills as much of its box, the score the number of pixels.
    """
    images = images[:, 0]
    level = images.mean(axis=(1, 2)) + 0.75 * images.std(axis=(1, 2))
    answers = []
    for rows in components(images > level[:, None, None]):
        rows = rows[rows[:, 0] >= 20]
        filled = rows[:, 0] / (rows[:, 3:] - rows[:, 1:3]).prod(axis=1)
        classes = abs(filled[:, None] - FILLED).argmin(axis=1)
        answers.append(np.column_stack([classes, rows]))
    return answers


def by_template(images, least: float = 0.5, angles=(0,), stretches=(1,)):
    """What looks like a drawing of a shape: for each picture rows (class, score, box), best first.

    Drawings of every shape at four radii, and in every pose of these angles and stretches, go over
    the picture (n, 1, size, size) pixel by pixel. The score is the correlation of a drawing with
    what it covers, of the best at each place; it counts from `least` on. Of boxes that overlap the
    best is kept.
    """
    near, reach = int(RADII[0]), int(np.ceil(RADII[1]))
    side, middle = 2 * reach + 1, np.arange(-reach, reach + 1)         # 15 pixels
    poses = [(Pose(kind, turned(angle, stretch)), r) for kind in range(len(CLASSES))
             for angle in angles for stretch in stretches for r in np.linspace(*RADII, 4)]
    drawings = _standard(np.array([pose.covers(middle / r, middle[:, None] / r).ravel()
                                   for pose, r in poses]))             # (poses, 225)
    kinds, halves = (np.array(each) for each in zip(*((pose.kind, r * pose.half)
                                                      for pose, r in poses)))
    answers = []
    for image in np.pad(images[:, 0], ((0, 0), *[(reach - near,) * 2] * 2), 'edge'):
        parts = np.lib.stride_tricks.sliding_window_view(image, (side, side))
        scores = _standard(parts.reshape(-1, side ** 2)) @ drawings.T  # (places, poses)
        which, score = scores.argmax(axis=1), scores.max(axis=1)
        place = np.flatnonzero(score >= least)
        centre = np.stack(np.divmod(place, parts.shape[1])[::-1], axis=1) + near + 0.5
        half = halves[which[place]]
        rows = np.column_stack([kinds[which[place]], score[place], centre - half, centre + half])
        answers.append(rows[non_maximum_suppression(rows[:, 2:], rows[:, 1], 0.2)])
    return answers


def _standard(rows):
    """Rows of mean 0 and length 1, whose product is their correlation."""
    rows = rows - rows.mean(axis=1, keepdims=True, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
