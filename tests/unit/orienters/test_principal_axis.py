import numpy as np
import pytest

from wunderkammer.imaging.angles import difference_deg
from wunderkammer.imaging.turning import turn
from wunderkammer.orienters.principal_axis import PrincipalAxis
from wunderkammer.testing import SpecimenGenerator


def drawn(kind, n):
    generator = SpecimenGenerator(seed=12, size_px=240, kinds=(kind,), bad_share=0, partial_share=0)
    for number in range(n):
        one = generator.specimen(number)
        yield np.dstack([one.image, one.mask.astype(np.uint8) * 255]), one.angle_deg


@pytest.mark.parametrize("kind", ["butterfly", "beetle"])
def test_most_drawn_insects_come_upright_to_a_degree(kind):
    draw = np.random.default_rng(1)
    errors = []
    for cutout, angle in drawn(kind, 8):
        turned = float(draw.uniform(-180, 180))
        answer = PrincipalAxis().orient([turn(cutout, turned)])[0]
        errors.append(abs(difference_deg(answer.angle_deg, angle + turned)))
    assert np.median(errors) < 1.5
    assert np.mean(np.array(errors) > 90) < 0.2


def test_a_round_thing_is_not_trusted_and_a_butterfly_is():
    rows, columns = np.mgrid[-50:51, -50:51]
    disc = np.zeros((101, 101, 4), np.uint8)
    disc[rows**2 + columns**2 < 45**2] = (120, 90, 60, 255)
    butterfly = next(drawn("butterfly", 1))[0]
    round_thing, spread = PrincipalAxis().orient([disc, butterfly])
    assert round_thing.confidence < 0.1
    assert spread.confidence > 0.25
