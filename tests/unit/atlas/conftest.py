"""Small atlases whose every number is known."""

import numpy as np
import pytest

from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.core.identity import stable_id


@pytest.fixture
def grid():
    """Return a maker of geometries: sprites on a square grid, one unit each, a quarter apart."""

    def make(n, sprite_px=32, margin_px=8, pitch=1.25):
        side = int(np.ceil(np.sqrt(n)))
        positions = np.stack([np.arange(n) % side, np.arange(n) // side], axis=1) * pitch
        ids = [stable_id(str(number)) for number in range(n)]
        return geometry_of(
            ids, positions, np.ones((n, 2)), sprite_px=sprite_px, margin_px=margin_px
        )

    return make
