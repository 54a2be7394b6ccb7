import math

import numpy as np
import pytest

from wunderkammer.imaging.mask_agreement import boundary_f, dice, iou, thin_part_recall

EMPTY = np.zeros((20, 30), bool)


def box(top, left, height, width):
    mask = EMPTY.copy()
    mask[top : top + height, left : left + width] = True
    return mask


def test_overlap_of_boxes_is_counted_by_hand():
    one, other = box(2, 2, 4, 6), box(4, 4, 4, 6)
    assert iou(one, other) == 8 / 40
    assert dice(one, other) == 16 / 48
    assert iou(one, one) == dice(one, one) == 1.0
    assert iou(one, EMPTY) == dice(EMPTY, one) == 0.0


def test_two_empty_masks_agree():
    assert iou(EMPTY, EMPTY) == dice(EMPTY, EMPTY) == boundary_f(EMPTY, EMPTY, 2) == 1.0


def test_overlap_is_the_same_both_ways_and_dice_follows_from_iou():
    draw = np.random.default_rng(0)
    for _ in range(10):
        one, other = draw.random((2, 9, 11)) < 0.5
        assert iou(one, other) == iou(other, one)
        assert dice(one, other) == pytest.approx(2 * iou(one, other) / (1 + iou(one, other)))


def test_an_outline_moved_within_the_tolerance_is_right_and_beyond_it_wrong():
    one = box(4, 4, 10, 15)
    assert boundary_f(one, box(6, 4, 10, 15), 2) == 1.0
    assert boundary_f(one, box(6, 4, 10, 15), 1) < 1.0
    assert boundary_f(one, one, 0) == 1.0
    assert boundary_f(one, EMPTY, 5) == boundary_f(EMPTY, one, 5) == 0.0
    assert boundary_f(box(0, 0, 2, 2), box(16, 26, 2, 2), 3) == 0.0


def test_boundary_pixels_are_counted_by_hand():
    one, other = box(5, 5, 1, 4), box(5, 7, 1, 6)
    # Lines: every pixel is boundary. Within 1 px: pixels 6, 7, 8 of 5-8, and 7, 8, 9 of 7-12.
    assert boundary_f(one, other, 1) == pytest.approx(2 * (3 / 4) * (3 / 6) / (3 / 4 + 3 / 6))
    diagonal = boundary_f(box(5, 5, 1, 1), box(6, 6, 1, 1), 1)
    assert diagonal == 0.0
    assert boundary_f(box(5, 5, 1, 1), box(6, 6, 1, 1), math.sqrt(2)) == 1.0


def test_the_frame_is_an_outline_too():
    full = ~EMPTY
    assert boundary_f(full, full, 0) == 1.0
    assert boundary_f(full, box(0, 0, 20, 29), 0) < 1.0


def test_the_share_of_an_antenna_that_is_covered():
    body, antenna = box(8, 2, 9, 9), box(12, 11, 2, 10)
    truth = body | antenna
    assert thin_part_recall(truth, truth, 3) == 1.0
    assert thin_part_recall(body, truth, 3) == 0.0
    assert thin_part_recall(body | box(12, 11, 2, 4), truth, 3) == 0.4
    assert thin_part_recall(~EMPTY, truth, 3) == 1.0


@pytest.mark.parametrize("width", [2, 3, 4, 5, 6, 7, 8])
def test_a_bar_is_thin_only_below_the_width(width):
    bar = np.zeros((30, 60), bool)
    bar[8 : 8 + width] = True  # it leaves the image on both sides
    assert math.isnan(thin_part_recall(bar, bar, width))
    assert thin_part_recall(bar, bar, width + 1) == 1.0


def test_without_thin_parts_there_is_nothing_to_say():
    assert math.isnan(thin_part_recall(EMPTY, EMPTY, 5))
    assert math.isnan(thin_part_recall(EMPTY, box(2, 2, 9, 9), 3))
    assert math.isnan(thin_part_recall(EMPTY, box(2, 2, 1, 9), 1))
    assert math.isnan(thin_part_recall(EMPTY, ~EMPTY, 7))
