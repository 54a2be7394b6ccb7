"""The layout of a finished collection."""

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.stage import Context, Inputs
from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.stages.layout import LayoutStage


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


@pytest.mark.parametrize(
    ("method", "column"),
    [("taxonomy", "genus"), ("timeline", "year_from"), ("map", "decimalLatitude")],
)
def test_what_a_layout_goes_by_is_read_and_handed_over(collection, method, column):
    stage = LayoutStage(embedding="pca", method=method, picture="image")
    assert column in stage.reads()
    assert column not in LayoutStage(embedding="pca", picture="image").reads()
    rows = collection.query("SELECT * FROM media ORDER BY media_id")
    for name in set(stage.reads()) - set(rows.column_names):  # ranks that no record tells
        rows = rows.append_column(name, pa.nulls(rows.num_rows))
    inputs = Inputs(rows["media_id"].to_pylist(), rows, {}, {})
    result = stage.process(inputs, Context(collection.root))
    assert result.quality["n_overlapping_pairs"] == 0
    assert result.quality["n_apart"] < len(inputs)
    assert {len(values) for values in result.values.values()} == {len(inputs)}
