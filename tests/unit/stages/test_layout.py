"""The layout of a finished collection."""

import numpy as np

from wunderkammer.imaging.boxes import overlapping_pairs


def test_no_two_sprites_overlap_and_shapes_are_those_of_the_images(collection):
    parts = ", ".join(f'"layout/relax/{part}" AS {part}_' for part in ("x", "y", "width", "height"))
    rows = collection.query(f"SELECT {parts}, width, height FROM media")
    positions = np.column_stack([rows["x_"].to_numpy(), rows["y_"].to_numpy()])
    sizes = np.column_stack([rows["width_"].to_numpy(), rows["height_"].to_numpy()])
    assert overlapping_pairs(positions, sizes) == 0
    aspects = rows["width"].to_numpy() / rows["height"].to_numpy()
    np.testing.assert_allclose(sizes[:, 0] / sizes[:, 1], aspects)
    quality = collection.table().state(collection.configuration.stage("layout"))["quality"]
    assert quality["n_overlapping_pairs"] == 0
    assert quality["mean_displacement"] >= 0
