"""Masks of the segmentation demo, against cases worked by hand."""
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'demos' / 'applications'))

from shared import masks, shapes  # noqa: E402


def test_a_right_mask_has_an_iou_of_one_in_every_class():
    truth = np.array([[[0, 1], [2, 2]]])
    assert masks.iou(truth, truth, 3).tolist() == [1, 1, 1] and masks.mean_iou(truth, truth, 3) == 1


def test_a_mask_that_is_wrong_everywhere_has_an_iou_of_zero():
    assert masks.iou([1, 1, 0], [0, 0, 1], 2).tolist() == [0, 0]


def test_pixels_in_both_are_divided_by_pixels_in_either():
    answer = [[1, 1, 0, 0], [1, 1, 0, 2]]
    truth = [[0, 1, 1, 0], [0, 1, 1, 2]]
    # Class 1: 2 pixels in both, 4 in each, 6 in either. Class 0: 1 in both, 3 in each, 5 in either.
    np.testing.assert_allclose(masks.iou(answer, truth, 3), [1 / 5, 2 / 6, 1])
    assert masks.mean_iou(answer, truth, 3) == pytest.approx((1 / 5 + 1 / 3 + 1) / 3)


def test_pixels_of_all_pictures_count_together_not_picture_by_picture():
    answer = np.array([[1, 1, 1, 1], [0, 0, 0, 1]])
    truth = np.array([[1, 1, 1, 1], [0, 0, 1, 0]])
    assert masks.iou(answer, truth, 2).tolist() == [2 / 4, 4 / 6]    # not (1 + 0) / 2 for class 1


def test_a_class_that_nobody_speaks_of_is_left_out():
    assert np.isnan(masks.iou([0, 2], [0, 2], 4)).tolist() == [False, True, False, True]
    assert masks.mean_iou([0, 2], [0, 2], 4) == 1


@pytest.mark.parametrize('answer, truth', [([0, 0, 0, 1], [0, 0, 0, 0]), ([0] * 4, [0, 0, 0, 1])])
def test_a_class_only_in_the_answer_or_only_in_the_truth_counts_as_zero(answer, truth):
    assert masks.iou(answer, truth, 3)[:2].tolist() == [3 / 4, 0]
    assert masks.mean_iou(answer, truth, 3) == 3 / 8


def test_background_only_has_its_share_of_the_pixels_over_the_number_of_classes():
    truth = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2, 3])
    assert masks.mean_iou(0 * truth, truth, 4) == pytest.approx(0.6 / 4)


@pytest.mark.parametrize('answer, part', [
    ([0, 1, 1], r'\(3,\) for masks \(2,\)'), ([0, 2], 'class 0 to 2 where there are 2'),
    ([-1, 0], 'class -1')])
def test_masks_that_cannot_be_compared_are_refused(answer, part):
    with pytest.raises(ValueError, match=part):
        masks.iou(answer, [0, 1], 2)


def test_an_edge_has_another_class_at_a_side_or_corner_and_the_frame_is_none():
    mask = np.array([[[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 2]]])
    assert masks.edges(mask).astype(int).tolist() == [[[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]]


def test_pixels_of_another_picture_make_no_edge():
    assert not masks.edges(np.array([[[0, 0]] * 2, [[1, 1]] * 2])).any()


def test_a_patch_is_the_neighbours_of_a_pixel_and_zero_outside_the_image():
    images = np.arange(1, 7).reshape(1, 1, 2, 3)
    rows = masks.patches(images, 3)
    assert rows.shape == (6, 9)
    assert rows[0].tolist() == [0, 0, 0, 0, 1, 2, 0, 4, 5]
    assert rows[4].tolist() == [1, 2, 3, 4, 5, 6, 0, 0, 0]


def test_patches_come_picture_by_picture_and_line_by_line():
    images = np.arange(24).reshape(2, 1, 3, 4)
    assert masks.patches(images, 1).ravel().tolist() == list(range(24))
    assert masks.patches(images, 5)[:, 12].tolist() == list(range(24))


def test_a_patch_without_a_middle_is_refused():
    with pytest.raises(ValueError, match='odd'):
        masks.patches(np.zeros((1, 1, 4, 4)), 2)


def test_a_disc_of_radius_one_and_a_half_covers_nine_pixels():
    (mask,) = masks.drawn([np.array([[0, 0.9, 1, 0, 4, 3]])], 5)
    assert mask.tolist() == [[0, 1, 1, 1, 0]] * 3 + [[0] * 5] * 2


def test_the_shape_with_the_best_score_covers_the_others_and_no_shape_is_background():
    rows = np.array([[1, 0.9, 0, 0, 3, 3], [0, 0.8, 0, 0, 3, 3]])    # a cross before a disc
    covered, empty = masks.drawn([rows, np.zeros((0, 6))], 3)
    assert covered.tolist() == [[1, 2, 1], [2, 2, 2], [1, 2, 1]] and not empty.any()


def test_drawing_the_true_shapes_gives_the_true_masks():
    generator = np.random.Generator(np.random.PCG64(0))
    _, truth, rows = shapes.pictures(20, 24, 2, generator)
    rows = [np.insert(one, 1, 1, axis=1) for one in rows]
    assert masks.mean_iou(masks.drawn(rows, 24), truth, 4) > 0.999    # boxes are float32
