"""Backdrops: cached, not to be changed, of the right colour."""

import numpy as np
import pytest

from wunderkammer.testing.specimens.backdrops import backdrop, sensor_noise
from wunderkammer.testing.specimens.institutions import HABITS


@pytest.mark.parametrize("home", HABITS, ids=lambda h: h.habit)
def test_a_backdrop_has_its_tone_and_cannot_be_changed(home):
    image = backdrop(home.habit, home.tone, (120, 160), 0)
    if home.habit not in {"card", "station"}:
        assert np.median(image, axis=(0, 1)) == pytest.approx(np.array(home.tone), abs=8)
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 0
    assert not np.array_equal(image, backdrop(home.habit, home.tone, (120, 160), 1))


def test_noise_does_not_change_the_brightness():
    assert sensor_noise(2).mean() == pytest.approx(127.5, abs=0.6)
