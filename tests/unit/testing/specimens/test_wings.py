"""Outlines, veins and coordinates of wings."""

import numpy as np
import pytest

from wunderkammer.testing import Taxonomy
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import Pose
from wunderkammer.testing.specimens.lepidoptera import draw, set_wings, spread
from wunderkammer.testing.specimens.plans import look
from wunderkammer.testing.specimens.wing_paint import paint_wing
from wunderkammer.testing.specimens.wings import Margin, fields, forewing, hindwing

SPECIES = Taxonomy.generate(2, n_families=10, n_genera=1, n_species=1).of("butterfly")
MOTHS = Taxonomy.generate(2, n_families=7, n_genera=1, n_species=1).of("moth")


@pytest.mark.parametrize("taxon", SPECIES + MOTHS, ids=lambda t: t.name)
def test_every_plan_gives_sound_wings(taxon):
    seen = look(taxon, "female")
    for make in (forewing, hindwing):
        wing = make(seen.number, Margin(8, seen.number["scallop"]))
        at = fields(wing, 120)
        assert np.isfinite(wing.outline).all()
        assert 0 <= at.v.min() <= at.v.max() <= 1
        assert np.percentile(at.u, 95) < 1.2
        assert at.cell.max() <= 8
        assert len(wing.veins) > 8
        sprite = paint_wing(wing, seen, "fore" if make is forewing else "hind", "dorsal", 120)
        assert (sprite.rgba[..., :3] <= sprite.rgba[..., 3:]).all()
        assert sprite.rgba[..., 3].mean() > 60


def test_points_come_back_from_wing_coordinates():
    wing = forewing(look(SPECIES[0], "male").number, Margin(8))
    at = fields(wing, 200)
    inside = (at.u > 0.3) & (at.u < 0.9) & (at.v > 0.1) & (at.v < 0.9)
    back = wing.at(at.u[inside], at.v[inside])
    assert np.abs(back[:, 0] - at.x[inside]).max() < 0.02
    assert np.abs(back[:, 1] - at.y[inside]).max() < 0.02


def test_a_tail_makes_the_hindwing_longer():
    number = look(SPECIES[0], "male").number
    short, long = (hindwing(number, Margin(8, tail=tail)) for tail in (0.0, 0.5))
    assert not short.tails
    assert long.tails[0][:, 1].max() > short.outline[:, 1].max() + 0.2


def test_scallops_only_take_away_from_the_margin():
    number = look(SPECIES[0], "male").number
    plain, cut = (fields(forewing(number, Margin(8, s)), 200) for s in (0.0, 0.03))
    assert 0.9 < len(cut.index) / len(plain.index) < 0.995


@pytest.mark.parametrize("taxon", [SPECIES[0], MOTHS[0]], ids=["butterfly", "moth"])
def test_a_missing_wing_leaves_its_side_empty(taxon):
    parts = spread(taxon, "male", "dorsal", 100.0)
    areas = {}
    for name in ("left forewing", "right hindwing"):
        canvas = Canvas(300, 400)
        setting = set_wings(np.random.default_rng(0), (name,))
        draw(canvas, parts, setting, Pose().scaled(140).moved(200, 130))
        areas[name] = (canvas.alpha[:, :190].sum(), canvas.alpha[:, 210:].sum())
    assert areas["left forewing"][0] < 0.75 * areas["left forewing"][1]
    assert areas["right hindwing"][1] < 0.9 * areas["right hindwing"][0]
