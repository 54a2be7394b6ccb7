"""Ways to spoil a photograph, and to lose parts of a specimen."""

import numpy as np
import pytest

from wunderkammer.testing.specimens import faults
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import ellipse


@pytest.fixture
def canvas():
    drawn = Canvas(200, 200)
    drawn.fill(ellipse((100, 100), (70, 70)), (90, 150, 60))
    return drawn


def test_gnawing_makes_holes_and_adds_nothing(canvas):
    before = canvas.alpha.copy()
    faults.gnaw(canvas, np.random.default_rng(0), 6)
    assert (canvas.alpha <= before).all()
    assert 30 < ((before > 127) & (canvas.alpha < 128)).sum() < 3000


def test_gnawing_nothing_is_no_error():
    faults.gnaw(Canvas(50, 50), np.random.default_rng(0), 6)


def test_tearing_takes_the_upper_part(canvas):
    before = canvas.alpha.copy()
    faults.tear(canvas, np.random.default_rng(0), (30, 30, 170, 170))
    assert not canvas.alpha[:40].any()
    assert np.array_equal(canvas.alpha[140:], before[140:])


def test_blur_and_dark():
    board = np.kron(np.indices((20, 20)).sum(axis=0) % 2, np.ones((10, 10)))
    image = np.repeat((board * 255).astype(np.uint8)[..., None], 3, axis=2)
    assert faults.blurred(image).std() < 0.5 * image.std()
    assert faults.dark(image).max() < 30
