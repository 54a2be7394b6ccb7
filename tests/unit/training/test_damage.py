import numpy as np
import pytest

from wunderkammer.imaging.angles import difference_deg
from wunderkammer.imaging.centring import centred
from wunderkammer.training.damage import Damage, ragged, relit, torn, with_scrap

NONE = {"mirror": 0, "stretch": 0, "scale": 0, "shift": 0, "torn": 0, "ragged": 0, "scrap": 0}


def arrow():
    """Return an upright arrow whose left half is darker than its right."""
    rows, columns = np.mgrid[:120, :100]
    inside = (rows > 10) & (rows < 110) & (np.abs(columns - 50) < (rows - 10) * 0.3)
    rgba = np.zeros((120, 100, 4), np.uint8)
    rgba[inside] = (90, 160, 90, 255)
    rgba[inside & (columns < 50), 0] = 30
    return rgba


def direction(square):
    """Return where the arrow's tip lies, counter-clockwise from up."""
    alpha = square[:, :, 3].astype(float)
    rows, columns = np.mgrid[: alpha.shape[0], : alpha.shape[1]] - (alpha.shape[0] - 1) / 2
    # The tip is the farthest point from the centroid.
    far = np.argmax(np.where(alpha > 128, np.hypot(rows, columns), 0))
    return np.degrees(np.arctan2(-columns.ravel()[far], -rows.ravel()[far]))


@pytest.mark.parametrize("wanted", [0, 60, -120, 175])
@pytest.mark.parametrize("mirror", [0, 1])
def test_it_lies_as_was_asked_mirrored_or_not(wanted, mirror):
    damage = Damage(**{**NONE, "mirror": mirror, "stretch": 0.1}, photometric=0)
    square = damage.apply(arrow(), 0.0, wanted, 96, np.random.default_rng(0))
    assert abs(difference_deg(direction(square), wanted)) < 4


def test_a_known_turn_is_undone_first():
    damage = Damage(**NONE, photometric=0)
    lying = np.ascontiguousarray(np.rot90(arrow()))
    square = damage.apply(lying, 90.0, 30.0, 96, np.random.default_rng(0))
    plain = damage.apply(arrow(), 0.0, 30.0, 96, np.random.default_rng(0))
    assert np.abs(square.astype(int) - plain).mean() < 2


def test_a_mirror_swaps_left_and_right():
    damage = Damage(**{**NONE, "mirror": 1}, photometric=0)
    square = damage.apply(arrow(), 0.0, 0.0, 96, np.random.default_rng(0))
    assert square[60, 40, 0] > 80
    assert square[60, 56, 0] < 40


def test_no_damage_is_the_plain_square():
    square = Damage(**NONE, photometric=0).apply(arrow(), 0, 0, 64, np.random.default_rng(0))
    assert np.abs(square.astype(int) - centred(arrow(), 64)).max() <= 2


def test_the_same_seed_gives_the_same_look_and_another_another():
    looks = [Damage().apply(arrow(), 0, 40, 64, np.random.default_rng(k)) for k in (1, 1, 2)]
    assert (looks[0] == looks[1]).all()
    assert (looks[0] != looks[2]).any()


@pytest.mark.parametrize("seed", range(12))
def test_every_harm_leaves_most_of_the_specimen(seed):
    rng = np.random.default_rng(seed)
    whole = (arrow()[:, :, 3] > 128).sum()
    rest = torn(arrow()[:, :, 3], rng)
    assert 0.5 * whole <= (rest > 128).sum() <= whole
    eaten = ragged(arrow(), rng)[:, :, 3]
    assert 0.4 * whole <= (eaten > 128).sum() <= 2 * whole
    scrap = with_scrap(arrow(), rng)
    assert (scrap[:, :, 3] > 128).sum() >= whole
    assert relit(arrow()[:, :, :3], rng).dtype == np.uint8


def test_something_is_torn_off_and_something_left_over_at_times():
    rng = np.random.default_rng(5)
    whole = (arrow()[:, :, 3] > 128).sum()
    assert min((torn(arrow()[:, :, 3], rng) > 128).sum() for _ in range(20)) < 0.9 * whole
    assert max((with_scrap(arrow(), rng)[:, :, 3] > 128).sum() for _ in range(20)) > 1.02 * whole


def test_the_cutout_itself_is_not_changed():
    given = arrow()
    Damage(torn=1, ragged=1, scrap=1).apply(given, 0, 0, 64, np.random.default_rng(0))
    assert (given == arrow()).all()
