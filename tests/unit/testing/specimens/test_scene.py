"""Light and shadow of a photograph."""

import dataclasses

import numpy as np
import pytest

from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import ellipse
from wunderkammer.testing.specimens.institutions import HABITS
from wunderkammer.testing.specimens.scene import cast_shadow, lit


@pytest.mark.parametrize("light_deg", [90.0, 0.0, 180.0])
def test_shadow_falls_away_from_the_light(light_deg):
    image = np.full((240, 320, 3), 220, np.uint8)
    canvas = Canvas(240, 320)
    canvas.fill(ellipse((160, 120), (40, 40)), (0, 0, 0))
    cast_shadow(image, canvas, light_deg, (0.5, 0.05, 0.01))
    weight = 220.0 - image[..., 0]
    rows, columns = np.indices(weight.shape)
    shift = np.array([(columns * weight).sum(), (rows * weight).sum()]) / weight.sum() - [160, 120]
    turn = np.radians(light_deg)
    away = np.array([-np.cos(turn), np.sin(turn)])
    assert shift @ away > 4
    assert np.hypot(*shift) == pytest.approx(shift @ away, abs=2.5)


def test_no_strength_no_shadow():
    image = np.full((24, 32, 3), 220, np.uint8)
    canvas = Canvas(24, 32)
    canvas.fill(ellipse((16, 12), (8, 8)), (0, 0, 0))
    cast_shadow(image, canvas, 90, (0.0, 0.1, 0.1))
    assert (image == 220).all()


def test_warm_light_is_redder_and_one_side_is_darker():
    flat = np.full((120, 160, 3), 150, np.uint8)
    home = dataclasses.replace(HABITS[0], warmth=1.0, light_deg=0.0, uneven=0.3)
    image = lit(flat, home, np.random.default_rng(0)).astype(float)
    assert image[..., 0].mean() > image[..., 2].mean() + 8
    assert image[:, 120:].mean() > image[:, :40].mean() + 15
