"""Figures fit their stage."""

from dataclasses import dataclass

import numpy as np
import pytest

from wunderkammer.testing import Taxonomy
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.figures import figure
from wunderkammer.testing.specimens.taxonomy import Taxon

TREE = Taxonomy.generate(4, n_families=8, n_genera=1, n_species=1)


@dataclass(frozen=True)
class _Subject:
    kind: str
    taxon: Taxon
    sex: str = "male"
    missing: tuple[str, ...] = ()
    index: int = 3


@pytest.mark.parametrize("kind", ["butterfly", "moth", "beetle", "leaf", "herbarium"])
@pytest.mark.parametrize("angle_deg", [0.0, 90.0, -137.0])
def test_nothing_reaches_far_beyond_the_stage(kind, angle_deg):
    group = {"leaf": "plant", "herbarium": "plant"}.get(kind, kind)
    for taxon in TREE.of(group):
        canvas = Canvas(300, 360)
        placing = ((40.0, 40.0, 320.0, 260.0), angle_deg, np.random.default_rng(1))
        drawn = figure(canvas, _Subject(kind, taxon), "dorsal", placing)
        rows, columns = np.nonzero(canvas.alpha > 127)
        assert len(rows) > 800
        assert drawn.px_per_mm > 0
        assert rows.min() > 12
        assert rows.max() < 288
        assert columns.min() > 12
        assert columns.max() < 348
