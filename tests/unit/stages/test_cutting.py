"""Steps of cutting out."""

import numpy as np
import pytest

from wunderkammer.core.errors import RecordError
from wunderkammer.imaging.keeping import KeepRule
from wunderkammer.stages import _cutting


@pytest.mark.parametrize(
    ("stated", "n", "found"),
    [
        ("dorsal_over_ventral", 2, ["dorsal", "ventral"]),
        ("Dorsal over ventral", 2, ["dorsal", "ventral"]),
        ("dorsal_over_ventral", 3, ["dorsal_over_ventral"] * 3),
        ("lateral", 2, ["lateral", "lateral"]),
        ("rollover", 2, ["rollover", "rollover"]),
        (None, 2, [None, None]),
    ],
)
def test_views_of_a_composite_go_from_top_to_bottom(stated, n, found):
    assert _cutting.views(stated, n) == found


def test_a_scale_is_what_a_medium_states_or_else_the_collections():
    assert _cutting.scale_px_per_mm("12.5", 3.0) == 12.5
    assert _cutting.scale_px_per_mm(None, 3.0) == 3.0
    assert _cutting.scale_px_per_mm(" ", None) is None
    with pytest.raises(RecordError, match="no positive number"):
        _cutting.scale_px_per_mm("-1", None)


def test_what_is_shrunken_keeps_its_colours_at_the_edge():
    rgba = np.zeros((400, 200, 4), np.uint8)
    rgba[100:300, 51:150] = (200, 30, 30, 255)
    small = _cutting.shrunken(rgba, 100)
    assert small.shape == (100, 50, 4)
    seen = small[:, :, 3] > 40
    assert np.abs(small[seen][:, :3].astype(int) - (200, 30, 30)).max() <= 3, "no dark fringe"
    assert _cutting.shrunken(rgba, 0) is rgba
    assert _cutting.shrunken(rgba, 400) is rgba


def test_a_drawn_mask_is_parted_and_no_pixel_is_lost():
    rows, columns = np.mgrid[:1500, :2400]
    mask = np.hypot(rows - 700, columns - 600) < 300
    mask |= np.hypot(rows - 700, columns - 1800) < 310
    mask[700:706, 1100:1300] = True
    image = np.full((1500, 2400, 3), 230, np.uint8)
    found = _cutting.drawn_specimens(mask, image, KeepRule())
    assert len(found) == 2
    left, right = (one.mask for one in found)
    np.testing.assert_array_equal(left | right, mask)
    assert not (left & right).any()
    assert left[700, 600]
    assert right[700, 1800]
    assert 600 <= found[0].longest_px <= 1000


def test_measures_are_those_of_what_is_solid():
    alpha = np.zeros((50, 60), np.uint8)
    alpha[10:30, 5:45] = 255
    alpha[30, 5:45] = 100
    assert _cutting.measures(alpha) == (800, 40, 20)
    assert _cutting.measures(np.zeros((4, 4), np.uint8)) == (0, 0, 0)
