"""Figures of a layout."""

import numpy as np
import pytest

from wunderkammer.metrics.layout import (
    displacement,
    layout_quality,
    moved_quality,
    neighbours_kept,
)


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(200, 2))


def test_a_map_that_is_only_shifted_and_scaled_has_not_moved(points):
    layout = points * [30.0, 10.0] + [5.0, -7.0]
    np.testing.assert_allclose(displacement(points, layout), 0, atol=1e-9)
    assert neighbours_kept(points, points * 7 + 1) == 1.0


def test_one_sprite_that_moved_is_the_one_that_is_found(points):
    layout = points * 10
    layout[17] += [3.0, 4.0]
    moved = displacement(points, layout)
    assert moved.argmax() == 17
    assert moved[17] == pytest.approx(5, rel=0.1)
    assert np.delete(moved, 17).max() < 0.5


def test_a_shuffled_layout_keeps_few_neighbours(points):
    shuffled = points[np.random.default_rng(1).permutation(200)]
    assert neighbours_kept(points, shuffled) < 0.15


def test_overlaps_are_counted_over_all_pairs():
    positions = np.array([[0.0, 0.0], [0.5, 0.0], [5.0, 5.0], [5.2, 5.2]])
    quality = layout_quality(positions, positions, np.ones((4, 2)))
    assert quality["n_overlapping_pairs"] == 2


def test_media_without_a_point_count_among_overlaps_and_are_not_measured(points):
    layout = points * 10
    layout[3] += 500
    told = points.copy()
    told[3] = np.nan
    quality = layout_quality(told, layout, np.full((200, 2), 1e-3))
    assert quality["n_apart"] == 1
    assert quality["max_displacement"] < 1e-9
    layout[3] = layout[4]
    assert layout_quality(told, layout, np.full((200, 2), 1e-3))["n_overlapping_pairs"] == 1


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_media_are_measured_too(n):
    points = np.zeros((n, 2))
    quality = layout_quality(points, points, np.ones((n, 2)))
    assert quality["max_displacement"] == 0


def test_what_moved_is_counted_among_those_that_were_there(points):
    before = points.copy()
    before[:3] = np.nan
    after = points.copy()
    after[10] += [3.0, 4.0]
    found = moved_quality(before, after)
    assert found == {"n_new": 3, "n_moved": 1, "median_moved": 0, "max_moved": pytest.approx(5)}
    assert moved_quality(np.full((2, 2), np.nan), after[:2])["max_moved"] == 0
