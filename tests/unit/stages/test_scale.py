"""True scale: sizes of sprites from millimetres."""

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.inputs import Inputs
from wunderkammer.stages._scale import longest_sides


def inputs(width_mm, height_mm, width=None, height=None):
    n = len(width_mm)
    table = pa.table(
        {
            "cutout_width_mm": pa.array(width_mm, pa.float64()),
            "cutout_height_mm": pa.array(height_mm, pa.float64()),
            "upright_width": pa.array(width or [100] * n, pa.int64()),
            "upright_height": pa.array(height or [100] * n, pa.int64()),
        }
    )
    return Inputs([f"{row:020x}" for row in range(n)], table, {}, {})


def test_twice_as_long_is_twice_as_long_and_the_median_is_one():
    longest, quality = longest_sides(inputs([10, 20, 40], [5, 10, 5]), "cutout", 4)
    assert longest.tolist() == [0.5, 1.0, 2.0]
    assert quality == {"n_without_scale": 0, "n_drawn_in": 0, "mm_per_unit": 20}


def test_what_lies_beyond_the_range_is_drawn_in_and_what_is_not_known_is_median():
    longest, quality = longest_sides(inputs([1, 10, 10, 900, None], [1] * 5), "cutout", 3)
    assert longest.tolist() == pytest.approx([1 / 3, 1, 1, 3, 1])
    assert (quality["n_drawn_in"], quality["n_without_scale"]) == (2, 1)


def test_a_turned_specimen_is_as_long_as_it_is_not_as_it_lay():
    # an ellipse of 40 x 10 mm, photographed at 45 degrees: its box is a square
    side = np.hypot(40, 10) / np.sqrt(2)
    told = inputs([side, 40], [side, 10], width=[10, 10], height=[40, 40])
    longest, quality = longest_sides(told, "upright", 4)
    assert quality["mm_per_unit"] == pytest.approx(40)
    assert longest.tolist() == pytest.approx([1, 1])


def test_the_scale_stays_that_of_the_last_time():
    old = np.array([[0.5, 0.2], [1.0, 0.4], [np.nan, np.nan], [np.nan, np.nan]])
    longest, quality = longest_sides(inputs([10, 20, 50, 70], [1] * 4), "cutout", 4, old)
    assert quality["mm_per_unit"] == pytest.approx(20)
    assert longest.tolist() == pytest.approx([0.5, 1.0, 2.5, 3.5])


def test_photographs_have_no_scale():
    with pytest.raises(ConfigurationError, match="photographs have none"):
        longest_sides(inputs([1], [1]), "image", 4)


def test_where_no_scale_is_known_it_says_where_to_state_one():
    with pytest.raises(StageError, match="none of 2 media") as caught:
        longest_sides(inputs([None, None], [None, None]), "upright", 4)
    assert "px_per_mm" in caught.value.hint
