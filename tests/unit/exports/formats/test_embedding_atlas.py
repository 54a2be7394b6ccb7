"""Embedding Atlas' table: places as on the map, neighbours as numbers of rows."""

import io

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from handed_over import with_neighbours
from wunderkammer.core.errors import StageError
from wunderkammer.core.whole import gather
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Selection
from wunderkammer.exports.writing import export


@pytest.fixture(scope="module")
def mapped(collection, tmp_path_factory):
    return with_neighbours(collection, tmp_path_factory.mktemp("mapped") / "c")


def table_of(collection, path, where="", **options):
    export(collection, registry.get("embedding-atlas")(**options), path, Selection(where))
    return pq.read_table(path)


def test_neighbours_are_the_nearest_rows_by_the_features(mapped, tmp_path):
    table = table_of(mapped, tmp_path / "m.parquet")
    inputs = gather(mapped.table(), mapped.configuration.stage("neighbours"))
    features = inputs.vectors("features/colour-histogram")
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    place = {one: n for n, one in enumerate(inputs.ids)}
    ids = table["media_id"].to_pylist()
    for row, cell in enumerate(table["neighbors"].to_pylist()):
        assert len(cell["ids"]) == len(cell["distances"]) == 4
        assert row not in cell["ids"]
        likeness = unit @ unit[place[ids[row]]]
        likeness[place[ids[row]]] = -2
        found = [likeness[place[ids[other]]] for other in cell["ids"]]
        np.testing.assert_allclose(sorted(found), np.sort(likeness)[-4:], atol=1e-5)
        assert cell["distances"] == sorted(cell["distances"])


def test_places_are_those_of_the_map_and_y_goes_up(mapped, tmp_path):
    table = table_of(mapped, tmp_path / "m.parquet", places="layout")
    known = {
        row["media_id"]: (row["x"], -row["y"])
        for row in mapped.query(
            'SELECT media_id, "layout/relax/x" AS x, "layout/relax/y" AS y FROM media'
        ).to_pylist()
    }
    for row in table.select(["media_id", "projection_x", "projection_y"]).to_pylist():
        assert (row["projection_x"], row["projection_y"]) == known[row["media_id"]]
    assert all(table["rightsHolder"].to_pylist())
    with pytest.raises(StageError, match="gives no places"):
        table_of(mapped, tmp_path / "n.parquet", places="image")


def test_a_selection_numbers_its_own_rows_and_pictures_can_come_along(mapped, tmp_path):
    ids = mapped.query("SELECT media_id FROM media ORDER BY media_id LIMIT 9")["media_id"]
    listing = ", ".join(f"'{one}'" for one in ids.to_pylist())
    table = table_of(mapped, tmp_path / "m.parquet", f"media_id IN ({listing})", images=True)
    assert table.num_rows == 9
    assert max(max(cell["ids"], default=0) for cell in table["neighbors"].to_pylist()) < 9
    with Image.open(io.BytesIO(table["image"][0].as_py()["bytes"])) as image:
        assert image.format == "JPEG"


def test_without_neighbours_there_is_no_such_column(collection, tmp_path):
    assert "neighbors" not in table_of(collection, tmp_path / "m.parquet").column_names
