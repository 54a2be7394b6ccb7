"""How sharp and how light an image is."""

import cv2
import numpy as np
import pytest

from wunderkammer.imaging.measuring import highlight, luma, sharpness


@pytest.fixture(scope="module")
def specimen():
    from wunderkammer.testing import SpecimenGenerator

    return SpecimenGenerator(seed=3, size_px=320, bad_share=0).specimen(0).image


def test_blurring_lowers_it_step_by_step(specimen):
    steps = [sharpness(cv2.GaussianBlur(specimen, (0, 0), sigma)) for sigma in (0.5, 1.5, 3, 6)]
    assert sharpness(specimen) > steps[1] > steps[2] > steps[3]
    assert steps[0] > steps[1]


def test_motion_in_one_direction_is_found(specimen):
    for kernel in ((1, 15), (15, 1)):
        assert sharpness(cv2.blur(specimen, kernel)) < 0.8 * sharpness(specimen)


def test_it_does_not_depend_on_how_light_the_image_is(specimen):
    dark = (specimen * 0.4).astype(np.uint8)
    assert sharpness(dark) == pytest.approx(sharpness(specimen), abs=0.05)


def test_a_plain_image_has_nothing_sharp():
    assert sharpness(np.full((50, 60, 3), 128, np.uint8)) == 0


def test_a_dark_specimen_on_white_is_light_and_a_light_one_on_black_too():
    page = np.full((100, 100, 3), 250, np.uint8)
    page[20:80, 20:80] = 10
    assert highlight(page) > 0.9
    assert highlight(255 - page) > 0.9
    assert highlight((page * 0.1).astype(np.uint8)) < 0.15


def test_luma_is_weighed_as_the_eye_does():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert luma(colours)[0] == pytest.approx([0.299, 0.587, 0.114, 1], abs=0.003)
