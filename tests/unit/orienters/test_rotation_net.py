import shutil
from pathlib import Path

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.imaging.angles import difference_deg, summary
from wunderkammer.imaging.turning import turn
from wunderkammer.orienters.rotation_net import SHIPPED, RotationNetOrienter
from wunderkammer.testing import SpecimenGenerator


def loaded(**settings):
    orienter = RotationNetOrienter(**settings)
    orienter.load(Device("cpu", 1), Path())
    return orienter


@pytest.fixture(scope="module")
def specimens():
    """Return drawn specimens of kinds it knows, and how far each is turned."""
    generator = SpecimenGenerator(
        seed=77, size_px=240, kinds=("butterfly", "moth", "beetle", "leaf"), bad_share=0
    )
    draw = np.random.default_rng(0)
    made = []
    for number in range(24):
        one, angle = generator.specimen(number), float(draw.uniform(-180, 180))
        rgba = np.dstack([one.image, one.mask.astype(np.uint8) * 255])
        made.append((turn(rgba, angle), one.angle_deg + angle))
    return made


def errors(orienter, specimens):
    answers = orienter.orient([cutout for cutout, _ in specimens])
    truth = [angle for _, angle in specimens]
    return [difference_deg(a.angle_deg, t) for a, t in zip(answers, truth, strict=True)]


def test_drawn_specimens_it_has_never_seen_come_upright(specimens):
    found = summary(errors(loaded(), specimens))
    assert found.median_deg <= 2
    assert found.p95_deg <= 10
    assert found.upside_down == 0


def test_symmetry_makes_the_answer_finer_and_turns_no_head(specimens):
    bare = errors(loaded(snap_deg=0), specimens)
    snapped = errors(loaded(), specimens)
    assert np.median(np.abs(snapped)) < np.median(np.abs(bare))
    assert np.abs(np.subtract(snapped, bare)).max() <= 10


def test_a_cutout_with_a_wing_off_and_a_scrap_left_is_still_set_upright(specimens):
    harmed = []
    for cutout, angle in specimens[:12]:
        worse = cutout.copy()
        rows, columns = np.nonzero(worse[:, :, 3])
        worse[rows.min() : rows.min() + 24, columns.min() : columns.min() + 18] = (
            240,
            235,
            220,
            255,
        )
        worse[rows.max() - (rows.max() - rows.min()) // 6 :, :, 3] = 0
        harmed.append((worse, angle))
    found = summary(errors(loaded(), harmed))
    assert found.median_deg < 6
    assert found.upside_down <= 0.1


def test_what_has_no_head_is_less_sure_than_what_has(specimens):
    rows, columns = np.mgrid[-60:61, -60:61]
    disc = np.zeros((121, 121, 4), np.uint8)
    disc[rows**2 + columns**2 < 50**2] = (150, 150, 150, 255)
    orienter = loaded()
    known = [one.confidence for one in orienter.orient([cutout for cutout, _ in specimens])]
    assert orienter.orient([disc])[0].confidence < 0.3
    assert np.median(known) > 0.7


def test_the_weights_content_enters_the_key_and_their_place_does_not(tmp_path):
    moved = tmp_path / "weights" / "abc123"
    shutil.copytree(SHIPPED, moved)
    there, here = RotationNetOrienter(weights="abc"), RotationNetOrienter()
    assert there.settings_digest() == here.settings_digest()
    assert (
        there.files(tmp_path)["weights"].read_bytes()
        == here.files(tmp_path)["weights"].read_bytes()
    )
    there.load(Device(), tmp_path)


def test_missing_weights_are_said(tmp_path):
    with pytest.raises(StageError, match="holds no weights"):
        RotationNetOrienter(weights="none").load(Device(), tmp_path)


def test_what_ships_is_small_and_says_what_it_is():
    import tomllib

    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 2_500_000
    card = tomllib.loads((SHIPPED / "card.toml").read_text(encoding="utf-8"))
    assert card["licence"]
    assert {row["license"] for row in card["credits"]} <= {"CC0-1.0", "CC-BY-4.0"}
    assert all(row["creator"] or row["rightsHolder"] for row in card["credits"])
