import numpy as np
import pytest
from pmtiles.tile import zxy_to_tileid

from wunderkammer.atlas.hilbert import tile_ids, zooms_of


@pytest.mark.parametrize("zoom", [0, 1, 2, 7, 15])
def test_ids_are_those_of_pmtiles(zoom):
    x, y = np.random.default_rng(zoom).integers(0, 1 << zoom, (2, 100))
    ids = tile_ids(zoom, x, y)
    pairs = zip(x.tolist(), y.tolist(), strict=True)
    assert ids.tolist() == [zxy_to_tileid(zoom, *pair) for pair in pairs]
    assert (zooms_of(ids) == zoom).all()


def test_what_lies_below_a_tile_is_one_range_of_ids():
    x, y = np.mgrid[8:12, 20:24]
    ids = np.sort(tile_ids(5, x.ravel(), y.ravel()))
    assert (np.diff(ids) == 1).all()
