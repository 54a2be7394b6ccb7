import numpy as np
import pytest

from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.segmenters.contrast import Contrast

ROWS, COLUMNS = np.mgrid[0:300, 0:400]
DISC = np.hypot(ROWS - 150, COLUMNS - 200) < 70


def photograph(ground, colour=(90, 60, 40), where=DISC):
    grain = np.random.default_rng(0).integers(-4, 5, (*where.shape, 3))
    image = np.where(where[:, :, None], np.array(colour), ground) + grain
    return np.clip(image, 0, 255).astype(np.uint8)


def found(image):
    return Contrast().segment([image])[0]


def test_a_dark_disc_on_a_plain_ground_is_found_to_the_pixel():
    seen = found(photograph((230, 228, 220)))
    assert iou(seen.probability > 0.5, DISC) > 0.97
    assert 0.6 < seen.confidence < 0.9


def test_uneven_light_is_background_and_not_specimen():
    light = 0.65 + 0.35 * COLUMNS[:, :, None] / 400 - 0.1 * (ROWS[:, :, None] / 300) ** 2
    seen = found(photograph(np.array((240, 235, 225)) * light))
    assert iou(seen.probability > 0.5, DISC) > 0.95


def test_a_ground_of_two_colours_is_all_background():
    ground = np.where(
        COLUMNS[:, :, None] < 260, np.array((235, 235, 230)), np.array((150, 160, 150))
    )
    assert iou(found(photograph(ground)).probability > 0.5, DISC) > 0.95


def test_a_pale_specimen_is_found_by_its_hue():
    seen = found(photograph((205, 205, 205), colour=(215, 210, 160)))
    assert iou(seen.probability > 0.5, DISC) > 0.95


def test_what_is_pale_is_found_beside_what_is_bright():
    card = (ROWS > 240) & (COLUMNS > 300) & (ROWS < 280) & (COLUMNS < 380)
    image = photograph((150, 150, 150), colour=(185, 190, 150))
    image[card] = (255, 230, 0)
    assert iou(found(image).probability > 0.5, DISC | card) > 0.93


@pytest.mark.parametrize("ground", [(235, 230, 220), (20, 20, 25), (60, 120, 200)])
def test_where_there_is_nothing_little_is_found(ground):
    seen = found(photograph(ground, where=np.zeros_like(DISC)))
    assert (seen.probability > 0.5).mean() < 0.001


def test_labels_are_found_too():
    image = photograph((150, 160, 170))
    image[20:60, 300:380] = 245
    assert found(image).probability[25:55, 305:375].min() > 0.9


def test_large_photographs_are_looked_at_reduced():
    image = np.repeat(np.repeat(photograph((230, 228, 220)), 3, axis=0), 3, axis=1)
    seen = found(image)
    assert seen.probability.shape == (384, 512)
    assert Contrast().input_px == 512
