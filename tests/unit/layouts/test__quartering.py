import numpy as np

from wunderkammer.layouts._quartering import cells_for, in_cells


def test_each_box_fits_its_cell_and_not_the_next_smaller_one():
    boxes = np.exp(np.random.default_rng(0).normal(scale=0.7, size=(500, 2)))
    cells = cells_for(boxes)
    side = cells.largest / 2.0 ** cells.level[:, None]
    assert (boxes <= side * (1 + 1e-9)).all()
    deepest = cells.level.max()
    shallow = cells.level < deepest
    assert (boxes[shallow] > side[shallow] / 2).any(axis=1).all()
    assert deepest <= np.median(cells.level) + 1


def test_boxes_of_one_size_have_cells_of_one_size():
    assert not cells_for(np.full((9, 2), 0.7)).level.any()


def test_no_cell_lies_over_another():
    draw = np.random.default_rng(1)
    boxes = np.repeat(2.0 ** -draw.integers(0, 3, 400), 2).reshape(-1, 2)
    cells = cells_for(boxes)
    places = in_cells(draw.normal(size=(400, 2)) ** 2 * 3, cells)
    depth = (boxes[:, None] + boxes) / 2 - np.abs(places[:, None] - places)
    assert np.triu((depth > 1e-9).all(axis=2), 1).sum() == 0


def test_large_and_small_spread_together():
    draw = np.random.default_rng(2)
    large = draw.random(1500) < 0.05
    boxes = np.where(large, 4.0, 1.0)[:, None].repeat(2, axis=1)
    points = draw.normal(size=(1500, 2))
    places = in_cells((points - points.min(axis=0)) * 4, cells_for(boxes))
    radius = np.hypot(*(places - places.mean(axis=0)).T)
    # the large ones take no more of the middle, nor of the rim, than their share
    assert np.median(radius[large]) / np.median(radius[~large]) > 0.75
    assert np.median(radius[large]) / np.median(radius[~large]) < 1.33
