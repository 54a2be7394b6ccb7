"""Beetles."""

import numpy as np
import pytest

from wunderkammer.testing import Taxonomy
from wunderkammer.testing.specimens import beetles
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import Pose

SPECIES = Taxonomy.generate(2, n_families=8, n_genera=1, n_species=1).of("beetle")


def _drawn(taxon, sex="male", missing=(), side="dorsal"):
    canvas = Canvas(420, 420)
    parts = beetles.beetle(taxon, sex, side, 100.0)
    stance = beetles.stand(np.random.default_rng(0), missing)
    beetles.draw(canvas, parts, stance, Pose().scaled(120).moved(210, 230))
    return canvas


@pytest.mark.parametrize("taxon", SPECIES, ids=lambda t: t.name)
@pytest.mark.parametrize("side", ["dorsal", "ventral"])
def test_every_plan_gives_a_symmetric_beetle(taxon, side):
    body = beetles.beetle(taxon, "male", side, 100.0).body
    alpha = body.rgba[..., 3] > 127
    middle = round(body.origin[0])
    reach = min(middle, alpha.shape[1] - middle - 1)
    left = alpha[:, middle - reach : middle][:, ::-1]
    right = alpha[:, middle + 1 : middle + 1 + reach]
    # the axis may lie between two columns: one pixel of outline may differ
    assert (left == right).mean() > 0.95
    assert (_drawn(taxon, side=side).alpha > 127).sum() > alpha.sum()


def test_a_lost_leg_is_not_drawn():
    whole, lame = _drawn(SPECIES[0]), _drawn(SPECIES[0], missing=("left hindleg",))
    gone = (whole.alpha > 127) & (lame.alpha < 128)
    rows, columns = np.nonzero(gone)
    assert gone.sum() > 50
    assert columns.mean() < 210
    assert rows.mean() > 230


def test_sexes_of_horned_and_jawed_beetles_differ():
    taxon = next(t for t in SPECIES if beetles.look(t, "male").plan.name == "stag")
    tops = [np.nonzero(_drawn(taxon, sex).alpha.any(axis=1))[0][0] for sex in ("male", "female")]
    assert tops[0] < tops[1] - 10
