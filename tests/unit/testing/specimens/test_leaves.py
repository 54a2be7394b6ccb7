"""Leaves and pressed plants."""

import numpy as np
import pytest

from wunderkammer.testing import Taxonomy
from wunderkammer.testing.specimens import herbarium, leaves
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import Pose

SPECIES = Taxonomy.generate(2, n_families=7, n_genera=1, n_species=1).of("plant")


@pytest.mark.parametrize("taxon", SPECIES, ids=lambda t: t.name)
def test_every_plan_gives_a_leaf_with_its_foot_at_the_origin(taxon):
    blade = leaves.leaf(taxon, "fresh", 160.0)
    x, y = (round(c) for c in blade.origin)
    assert blade.rgba[max(y - 8, 0) : y + 2, x - 6 : x + 7, 3].max() == 255
    assert y > 0.9 * blade.rgba.shape[0]
    assert (blade.rgba[..., 3] > 127).mean() > 0.15


def test_states_differ_in_colour_not_in_shape():
    fresh, autumn, pressed = (
        leaves.leaf(SPECIES[0], s, 160.0) for s in ("fresh", "autumn", "pressed")
    )
    assert np.array_equal(fresh.rgba[..., 3], autumn.rgba[..., 3])
    colours = [b.rgba[b.rgba[..., 3] == 255][:, :3].mean(axis=0) for b in (fresh, autumn, pressed)]
    assert colours[0][1] > colours[0][0]
    assert colours[1][0] > colours[1][1]
    assert colours[2].sum() < colours[0].sum()


@pytest.mark.parametrize("taxon", SPECIES, ids=lambda t: t.name)
def test_a_pressed_plant_is_one_piece(taxon):
    import cv2

    canvas = Canvas(480, 320)
    pose = Pose().scaled(280).moved(160, 240)
    herbarium.draw(canvas, taxon, np.random.default_rng(1), pose, 100.0)
    solid = cv2.dilate((canvas.alpha > 40).astype(np.uint8), np.ones((5, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid)
    assert stats[1:, cv2.CC_STAT_AREA].max() > 0.9 * solid.sum()
