"""Pictures made by code have right answers, and what judges detectors agrees with paper and pen."""
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'demos' / 'applications'))
from shared import boxes, neighbours, shapes  # noqa: E402


def generator(seed=0):
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize('a, b, value', [
    ([0, 0, 2, 2], [0, 0, 2, 2], 1),
    ([0, 0, 2, 2], [1, 1, 3, 3], 1 / 7),
    ([0, 0, 4, 4], [1, 1, 3, 3], 4 / 16),
    ([0, 0, 2, 2], [2, 0, 4, 2], 0),       # they touch
    ([0, 0, 1, 1], [5, 5, 6, 6], 0),       # both differences negative: no product of the two
    ([1, 1, 1, 1], [1, 1, 1, 1], 0),       # no area, and no division by it
])
def test_overlap_of_two_boxes(a, b, value):
    assert boxes.iou([a], [b]).item() == pytest.approx(value)
    assert boxes.iou([b], [a]).item() == pytest.approx(value)


def test_overlaps_of_many_boxes_are_a_table_even_of_none():
    a, b = np.zeros((3, 4)), np.zeros((2, 4))
    assert boxes.iou(a, b).shape == (3, 2)
    assert boxes.iou(a, b[:0]).shape == (3, 0)


def test_of_boxes_that_overlap_the_surest_is_kept():
    row = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10], [0, 0, 10, 4]], float)
    scores = np.array([0.6, 0.9, 0.5, 0.7])
    assert boxes.non_maximum_suppression(row, scores).tolist() == [1, 3, 2]
    assert boxes.non_maximum_suppression(row[:0], scores[:0]).tolist() == []


def test_a_box_suppressed_suppresses_no_other():
    chain = np.array([[0, 0, 10, 1], [3, 0, 13, 1], [6, 0, 16, 1]], float)    # IoU 7/13, 4/16
    assert boxes.non_maximum_suppression(chain, np.array([3, 2, 1])).tolist() == [0, 2]


def test_a_second_box_for_the_same_thing_is_wrong():
    found = [[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60]]
    assert boxes.matches(found, [[0, 0, 10, 10], [90, 90, 99, 99]]).tolist() == [True, False, False]
    assert boxes.matches(found, np.zeros((0, 4))).tolist() == [False] * 3
    assert boxes.matches(np.zeros((0, 4)), found).tolist() == []


@pytest.mark.parametrize('right, scores, count, value', [
    ([1, 1], [0.9, 0.8], 2, 1),
    ([1, 1], [0.9, 0.8], 4, 0.5),                     # half is never found
    ([0, 1], [0.9, 0.8], 1, 0.5),
    ([1, 0], [0.9, 0.8], 1, 1),                       # a mistake after everything is found
    ([1, 0, 1], [0.3, 0.9, 0.8], 2, (2 / 3 + 2 / 3) / 2),    # of 0, 1/2, 2/3 the highest to come
    ([1, 0, 0, 1, 1], [5, 4, 3, 2, 1], 3, (1 + 3 / 5 + 3 / 5) / 3),
    ([], [], 3, 0),
])
def test_average_precision_worked_by_hand(right, scores, count, value):
    assert boxes.average_precision(right, scores, count) == pytest.approx(value)


def test_mean_average_precision_is_that_of_the_classes():
    truth = [np.array([[0, 0, 0, 10, 10], [1, 20, 0, 30, 10]]), np.array([[1, 0, 0, 10, 10]])]
    found = [np.array([[1, 0.9, 20, 0, 30, 10], [1, 0.8, 0, 0, 10, 10]]),    # one of a wrong class
             np.array([[1, 0.7, 0, 0, 10, 10]])]
    assert boxes.mean_average_precision(found, truth, 2) == pytest.approx((0 + (1 + 2 / 3) / 2) / 2)
    exact = [np.insert(rows, 1, 1, axis=1) for rows in truth]
    assert boxes.mean_average_precision(exact, truth, 3) == 1    # of a third class there is none


def test_one_box_in_a_grid_worked_by_hand():
    there, kind, place = boxes.to_grid([np.array([[2, 8, 16, 16, 28]], np.float32)], 32, 4)
    assert there.shape == kind.shape == (1, 4, 4) and place.shape == (1, 4, 4, 4)
    assert np.argwhere(there).tolist() == [[0, 2, 1]] and kind[0, 2, 1] == 2
    assert place[0, 2, 1].tolist() == [0.5, 0.75, 8 / 32, 12 / 32]
    assert there.dtype == place.dtype == np.float32 and kind.dtype == np.int64


def test_boxes_come_back_from_the_grid():
    _, _, truth = shapes.pictures(100, 32, 3, generator())
    found = boxes.from_grid(*boxes.to_grid(truth, 32, 4), 32)
    assert boxes.mean_average_precision(found, truth, 3, least=0.999) == 1


def test_an_empty_grid_finds_nothing():
    found = boxes.from_grid(*boxes.to_grid([np.zeros((0, 5))], 32, 4), 32)
    assert [rows.shape for rows in found] == [(0, 6)]


def test_two_things_in_a_cell_are_refused_with_their_place():
    rows = np.array([[0, 0, 0, 4, 4], [1, 2, 2, 6, 6]])
    with pytest.raises(ValueError, match='picture 0 .* line 0, column 0.* take more cells'):
        boxes.to_grid([rows], 32, 4)


def test_connected_pixels_make_a_box_and_a_corner_does_not_connect():
    picture = np.array([[1, 1, 0, 0],
                        [0, 1, 0, 1],
                        [0, 0, 1, 1]], bool)
    found, nothing = boxes.components(np.stack([picture, picture & False]))
    assert sorted(found.tolist()) == [[3, 0, 0, 2, 2], [3, 2, 1, 4, 3]]
    assert nothing.shape == (0, 5)


def test_the_first_pictures_of_a_stack_do_not_touch_the_next():
    full = boxes.components(np.ones((2, 3, 5), bool))
    assert [rows.tolist() for rows in full] == [[[15, 0, 0, 5, 3]]] * 2


@pytest.mark.parametrize('turn', [False, True], ids=['straight', 'turned'])
@pytest.mark.parametrize('size, most', [(24, 1), (24, 2), (32, 3)])
def test_masks_and_boxes_of_a_picture_agree(size, most, turn):
    images, masks, truth = shapes.pictures(200, size, most, generator(), turn)
    assert images.shape == (200, 1, size, size) and images.dtype == np.float32
    assert masks.shape == (200, size, size) and masks.dtype == np.int64
    assert {len(rows) for rows in truth} == set(range(1, most + 1))
    place = np.arange(size) + 0.5
    for mask, rows in zip(masks, truth):
        inside = np.zeros(mask.shape, bool)
        for kind, x0, y0, x1, y1 in rows:
            assert 0 <= x0 < x1 <= size and 0 <= y0 < y1 <= size
            box = ((x0 < place) & (place < x1)) & ((y0 < place) & (place < y1))[:, None]
            assert not (inside & box).any(), 'two boxes overlap'
            assert set(np.unique(mask[box])) == {0, 1 + kind}
            high, wide = np.nonzero(mask * box)
            assert max(wide.min() - x0, high.min() - y0, x1 - wide.max(), y1 - high.max()) < 2.5
            inside |= box
        assert not mask[~inside].any()


def test_a_shape_is_brighter_than_its_background():
    images, masks, _ = shapes.pictures(300, 24, 1, generator())
    inside = [image[0][mask > 0].mean() - image[0][mask == 0].mean()
              for image, mask in zip(images, masks)]
    assert np.mean(np.array(inside) > 0.3) > 0.97


@pytest.mark.parametrize('kind, filled', [*enumerate(shapes.FILLED)])
def test_how_much_of_its_box_a_shape_fills(kind, filled):
    place = np.linspace(-1, 1, 1001)
    assert shapes.inside(place, place[:, None])[kind].mean() == pytest.approx(filled, abs=0.005)


def test_a_triangle_is_wide_below_and_a_cross_has_no_corners():
    disc, cross, triangle = shapes.inside(np.array([0.8, 0.8, 0.0, 0.8]),
                                          np.array([-0.9, 0.9, -0.9, 0.0]))
    assert disc.tolist() == cross.tolist() == [False, False, True, True]
    assert triangle.tolist() == [False, True, True, False]


def test_a_shape_turned_by_a_quarter_has_its_width_for_height():
    lying, standing = (shapes.Pose(2, shapes.turned(angle, 0.5)) for angle in (0, np.pi / 2))
    assert lying.half == pytest.approx([1, 0.5]) and standing.half == pytest.approx([0.5, 1])
    x, y = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    assert (standing.covers(x, y) == lying.covers(y, -x)).mean() > 0.99    # but for its edge


def test_templates_of_every_pose_find_turned_shapes_that_straight_ones_do_not():
    images, _, truth = shapes.pictures(100, 32, 3, generator(1), turn=True)
    straight = boxes.mean_average_precision(shapes.by_template(images), truth, 3)
    every = boxes.mean_average_precision(shapes.by_template(
        images, angles=np.arange(8) * np.pi / 4, stretches=(0.6, 0.85)), truth, 3)
    assert straight < 0.6 < every


def test_all_classes_are_as_common():
    _, _, truth = shapes.pictures(3000, 24, 1, generator())
    counts = np.bincount(np.concatenate(truth)[:, 0].astype(int))
    assert len(counts) == 3 and counts.min() > 900


def test_the_same_seed_makes_the_same_pictures():
    first, again, other = [shapes.pictures(5, 24, 2, generator(seed))[0] for seed in (1, 1, 2)]
    assert (first == again).all() and not (first == other).all()


def test_a_picture_too_small_for_a_shape_is_refused():
    with pytest.raises(ValueError, match='a picture of 12 pixels is too small for shapes of 13'):
        shapes.pictures(1, 12, 1, generator())


@pytest.mark.parametrize('find, least', [(shapes.by_threshold, 0.3), (shapes.by_template, 0.95)])
def test_detectors_that_learn_nothing_find_shapes(find, least):
    images, _, truth = shapes.pictures(100, 32, 3, generator(1))
    assert boxes.mean_average_precision(find(images), truth, 3) > least


def test_a_digit_moved_by_a_pixel_is_nearest_to_itself_only_under_shifts():
    kept = generator().normal(size=(20, 8, 8)).astype(np.float32)
    moved = np.zeros_like(kept)
    moved[:, 1:, :-1] = kept[:, :-1, 1:]                   # down and to the left
    plain = neighbours.nearest(kept.reshape(20, -1), moved.reshape(20, -1))
    assert (plain == np.arange(20)).mean() < 0.5
    assert neighbours.nearest_shifted(kept, moved).tolist() == [*range(20)]
    assert neighbours.nearest_shifted(kept, kept).tolist() == [*range(20)]
