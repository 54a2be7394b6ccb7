"""Curves and poses."""

import numpy as np
import pytest

from wunderkammer.testing.specimens.geometry import (
    Pose,
    edge,
    ellipse,
    resample_closed,
    ribbon,
    smooth_closed,
    spline,
)


@pytest.mark.parametrize("closed", [False, True])
def test_spline_passes_through_its_points(closed):
    knots = np.array([[0, 0], [1, 2], [3, 1], [4, 4]], float)
    curve = spline(knots, 400, closed=closed)
    gaps = np.hypot(*(curve[:, None] - knots[None]).transpose(2, 0, 1)).min(axis=0)
    assert gaps.max() < 0.03


def test_turn_is_counter_clockwise_as_seen():
    up = [[0.0, -1.0]]
    assert np.allclose(Pose().turned(90).apply(up), [[-1, 0]])
    assert np.allclose(Pose().turned(180).apply(up), [[0, 1]])


def test_parts_on_a_whole_move_with_it():
    part, whole = Pose().scaled(0.5).moved(1, 0), Pose().turned(30).scaled(4).moved(7, 9)
    point = [[0.3, 0.7]]
    assert np.allclose(whole.after(part).apply(point), whole.apply(part.apply(point)))
    assert whole.scale == pytest.approx(4)
    assert whole.mirrored().scale == pytest.approx(4)


def test_edge_bulges_to_the_left_of_its_way():
    curve = edge([0, 0], [1, 0], 0.2, 50)
    assert curve[:, 1].min() < -0.1
    assert curve[:, 1].max() <= 0


def test_smoothing_rounds_corners_and_keeps_the_middle():
    square = resample_closed(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float), 200)
    round_ = smooth_closed(square, 6)
    assert round_.mean(axis=0) == pytest.approx(square.mean(axis=0))
    assert np.ptp(round_[:, 0]) < np.ptp(square[:, 0])
    steps = np.hypot(*np.diff(resample_closed(square, 90), axis=0).T)
    assert steps.min() > 0.65 * steps.max()  # corners are cut


def test_ribbon_is_as_wide_as_told():
    line = np.stack([np.linspace(0, 10, 20), np.zeros(20)], axis=1)
    assert np.ptp(ribbon(line, 2.0)[:, 1]) == pytest.approx(2)
    assert np.ptp(ellipse((0, 0), (3, 1), 200)[:, 0]) == pytest.approx(6, abs=0.01)
