"""Outlines, boxes and runs say where the told mask is; runs as pycocotools reads them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco

import handed_over
from wunderkammer.exports.outlines import Outline, compressed, outline_of
from wunderkammer.exports.selection import Chosen

MASKS = arrays.arrays(np.bool_, arrays.array_shapes(min_dims=2, max_dims=2, max_side=24))


@given(MASKS, st.integers(0, 5), st.integers(0, 5))
def test_runs_are_what_pycocotools_writes_and_reads(mask, left, top):
    height, width = mask.shape[0] + top + 3, mask.shape[1] + left + 2
    whole = np.zeros((height, width), np.uint8, order="F")
    whole[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    outline = Outline(left, top, mask)
    runs = outline.runs(width, height)
    assert sum(runs) == width * height
    theirs = coco.encode(whole)
    assert compressed(runs).encode() == theirs["counts"]
    decoded = coco.decode({"size": [height, width], "counts": compressed(runs)})
    np.testing.assert_array_equal(decoded, whole)
    if mask.any():
        assert outline.box() == tuple(coco.toBbox(theirs).astype(int).tolist())


def test_an_outline_is_the_told_mask(handed):
    [medium] = [one for one in Chosen(handed) if one.text("original_file") == "b.png"]
    outline = outline_of(medium.row, handed.root)
    np.testing.assert_array_equal(outline.mask, handed_over.SHIFTED)
    rows, columns = np.nonzero(handed_over.SHIFTED)
    assert outline.box()[:2] == (columns.min(), rows.min())


def test_polygons_filled_again_are_the_mask_within_a_pixel(handed):
    import cv2

    outline = Outline(7, 3, handed_over.SHIFTED)
    [ring] = outline.polygons()
    drawn = np.zeros((140, 180), np.uint8)
    cv2.fillPoly(drawn, [np.floor(ring).astype(np.int32)], 1)
    whole = np.zeros((140, 180), np.uint8)
    whole[3:123, 7:167] = handed_over.SHIFTED
    shrunken = cv2.erode(whole, np.ones((3, 3), np.uint8))
    grown = cv2.dilate(whole, np.ones((3, 3), np.uint8))
    assert ((drawn >= shrunken) & (drawn <= grown)).all()
    assert len(ring) < 60


@pytest.mark.parametrize("row", [{}, {"cutout": "x", "cutout_left": 1}])
def test_without_a_cut_out_there_is_none(row, tmp_path):
    assert outline_of(row, tmp_path) is None


def test_an_empty_mask_has_no_polygon():
    outline = Outline(2, 3, np.zeros((4, 4), bool))
    assert outline.polygons() == []
    assert outline.box() == (2, 3, 0, 0)
