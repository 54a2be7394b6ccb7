import numpy as np
import pytest

from wunderkammer.imaging.centring import centred, turning
from wunderkammer.imaging.symmetry import (
    N_AXES,
    head_up,
    mirror_scores,
    principal_axis,
    symmetric_near,
)


def spread_wings():
    """Return a broad shape that mirrors about its upright axis, wider above than below."""
    rows, columns = np.mgrid[-100:101, -150:151].astype(float)
    fore = (np.abs(columns) < 140) & (np.abs(rows + 0.35 * np.abs(columns)) < 32)
    hind = ((np.abs(columns) - 45) / 45) ** 2 + ((rows - 35) / 45) ** 2 < 1
    body = (np.abs(columns) < 8) & (np.abs(rows) < 70)
    rgba = np.zeros((*rows.shape, 4), np.uint8)
    rgba[fore] = (200, 120, 40, 255)
    rgba[hind] = (60, 60, 180, 255)
    rgba[body] = (30, 20, 10, 255)
    return rgba


@pytest.mark.parametrize("angle", [0, 33.3, 90, -71, 160])
def test_the_axis_of_a_symmetric_shape_is_found_to_half_a_degree(angle):
    scores = mirror_scores(centred(spread_wings(), 96, turning(angle)))
    axis, score = symmetric_near(scores, 0.0, 90)
    assert (axis - 90 - angle + 90) % 180 - 90 == pytest.approx(0, abs=0.5)
    assert 0.85 < score <= 1.001


def test_scores_are_correlations_for_every_axis():
    scores = mirror_scores(centred(spread_wings(), 96))
    assert scores.shape == (N_AXES,)
    assert np.abs(scores).max() <= 1.001
    assert scores[0] < 0.6 * scores[N_AXES // 2]


def test_a_shape_without_symmetry_scores_low():
    comma = np.zeros((90, 90, 4), np.uint8)
    comma[10:80, 40:48] = (255, 255, 255, 255)
    comma[10:22, 48:80] = (255, 255, 255, 255)
    assert mirror_scores(centred(comma, 96)).max() < 0.8


def test_nothing_has_no_axis():
    assert not mirror_scores(np.zeros((32, 32, 4), np.uint8)).any()


def test_the_search_stays_near_what_was_asked():
    scores = mirror_scores(centred(spread_wings(), 96, turning(20)))
    assert abs(symmetric_near(scores, 112.0, 10)[0] - 110) < 0.5
    assert abs(symmetric_near(scores, -72.0, 10)[0] - -70) < 0.5
    assert abs(symmetric_near(scores, 20.0, 10)[0] - 20) <= 10.2


@pytest.mark.parametrize("angle", [0, 40, 89, -30])
def test_the_long_axis_of_a_bar(angle):
    bar = np.zeros((101, 101, 4), np.uint8)
    bar[45:56, 5:96] = 255
    found, elongation = principal_axis(centred(bar, 96, turning(angle))[:, :, 3])
    assert (found - angle + 90) % 180 - 90 == pytest.approx(0, abs=1)
    assert elongation > 0.9


def test_wing_tips_and_tapering_ends_are_up():
    wings = centred(spread_wings(), 96)[:, :, 3]
    assert head_up(wings, 0) > 0.1
    assert head_up(wings, 180) == pytest.approx(-head_up(wings, 0), abs=0.02)
    wedge = np.zeros((100, 40), np.uint8)
    for row in range(100):
        half = 2 + row // 6
        wedge[row, 20 - half : 20 + half] = 255
    assert head_up(wedge, 0) > 0.05
