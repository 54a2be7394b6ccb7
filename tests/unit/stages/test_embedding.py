"""The embedding of a finished collection."""

import numpy as np


def test_every_medium_has_a_finite_point_and_the_map_is_measured(collection):
    rows = collection.query('SELECT "embedding/pca/x" AS x, "embedding/pca/y" AS y FROM media')
    points = np.column_stack([rows["x"].to_numpy(), rows["y"].to_numpy()])
    assert points.shape == (24, 2)
    assert np.isfinite(points).all()
    quality = collection.table().state(collection.configuration.stage("embedding"))["quality"]
    assert 0.5 < quality["trustworthiness"] <= 1
