"""The files of a finished atlas agree with the collection."""

import io
import json
import math
import shutil

import numpy as np
import pytest
from PIL import Image
from tests.conftest import SMALL

import wunderkammer
from wunderkammer.atlas.containers import PMTilesReader
from wunderkammer.atlas.dictionaries import rows_with, values_of
from wunderkammer.atlas.finding import find_rows
from wunderkammer.atlas.neighbours import neighbours_of
from wunderkammer.atlas.points import find_row, read_block
from wunderkammer.atlas.schemas import Atlas, Dictionary
from wunderkammer.imaging.compositing import halve


def test_every_medium_is_found_by_its_id_in_its_row_with_its_card(collection):
    folder = collection.artifacts("atlas")
    atlas = Atlas.model_validate_json((folder / "atlas.json").read_bytes())
    cards = json.loads((folder / "cards" / "0.json").read_text())
    names = collection.query("SELECT media_id, genus FROM media").to_pylist()
    genera = Dictionary.model_validate_json((folder / "dictionaries" / "genus.json").read_bytes())
    codes = read_block(folder, atlas.points, "code:genus")
    for medium in names:
        row = find_row(folder, atlas.ids, medium["media_id"])
        assert cards[row]["id"] == medium["media_id"]
        assert genera.values[codes[row] - 1].value == medium["genus"]


def test_columns_without_values_have_no_dictionary(collection):
    folder = collection.artifacts("atlas")
    atlas = Atlas.model_validate_json((folder / "atlas.json").read_bytes())
    for reference in atlas.dictionaries:
        assert reference.n > 0
        assert (folder / reference.path).exists()


def test_where_sources_lie_is_not_published(collection):
    text = collection.site().atlas_json().decode()
    assert str(collection.root.parent) not in text
    assert json.loads(text)["generator"].startswith("Wunderkammer ")


def described(collection):
    """Return the folder of an atlas and what it says."""
    folder = collection.artifacts("atlas")
    return folder, Atlas.model_validate_json((folder / "atlas.json").read_bytes())


def rows_of(collection, column):
    """Return the cell of each row, as the collection has it."""
    found = collection.query(
        f'SELECT "{column}" AS cell FROM media ORDER BY "tile/relax/row"'
    ).to_pylist()
    return [medium["cell"] for medium in found]


def test_the_rows_of_each_value_are_those_of_the_collection(collection):
    folder, atlas = described(collection)
    assert {"scientificName", "genus", "family"} <= {one.column for one in atlas.dictionaries}
    for reference in atlas.dictionaries:
        cells = rows_of(collection, reference.column)
        for value, text in enumerate(values_of(folder, reference, 0, reference.n)):
            lists = [[part.strip() for part in (cell or "").split("|")] for cell in cells]
            true = [row for row, listed in enumerate(lists) if text in listed]
            assert rows_with(folder, reference, value).tolist() == true


def test_names_and_numbers_are_found_as_they_are_typed(collection):
    folder, atlas = described(collection)
    numbers = rows_of(collection, "catalogNumber")
    for row, number in enumerate(numbers):
        assert find_rows(folder, atlas, number.lower()).tolist() == [row]
    genera = rows_of(collection, "genus")
    for genus in set(genera):
        true = {row for row, one in enumerate(genera) if one == genus}
        assert true <= set(find_rows(folder, atlas, genus.upper()).tolist())
        assert true <= set(find_rows(folder, atlas, f"{genus[:-1]}qq"[:-1]).tolist())


def test_years_and_coordinates_are_those_of_the_cards(collection):
    folder, atlas = described(collection)
    cards = json.loads((folder / "cards" / "0.json").read_text())
    ranges = {one.column: one for one in atlas.numbers}
    latitude = read_block(folder, atlas.points, "num:decimalLatitude")
    true = [math.nan if card["latitude"] is None else card["latitude"] for card in cards]
    assert latitude.tolist() == pytest.approx(true, nan_ok=True)
    assert any(map(math.isfinite, true))
    codes = read_block(folder, atlas.points, "num:year")
    least = ranges["year"].minimum
    told = [str(int(least + code - 1)) if code else "" for code in codes.tolist()]
    assert told == [card["date"][-4:] for card in cards]
    assert sum(ranges["year"].bins) == ranges["year"].n == sum(year != "" for year in told) > 0


def test_without_a_stage_that_finds_them_there_are_no_neighbours(collection):
    folder, atlas = described(collection)
    assert atlas.neighbours is None
    assert not (folder / "neighbours.bin").exists()


def test_similar_media_are_those_that_the_stage_found(tmp_path, archive):
    found = pytest.importorskip("wunderkammer.projections.neighbours")
    shutil.copytree(archive, tmp_path / "a" / "source")
    settings = {**SMALL, "neighbours.k": 12, "atlas.n_neighbours": 3}
    made = wunderkammer.create(tmp_path / "a", settings)
    made.run(n_workers=0)
    folder, atlas = described(made)
    graph = found.load_neighbours(made.artifacts("neighbours"))
    names = rows_of(made, "media_id")
    for medium, near in zip(sorted(names), graph.indices[:, :3], strict=True):
        rows = neighbours_of(folder, atlas.neighbours, names.index(medium))
        assert [names[row] for row in rows] == [sorted(names)[one] for one in near]
    published = set(made.site().paths())
    assert "neighbours.bin" in published
    assert not {name for name in published if name.endswith(".npy")}


@pytest.fixture(scope="module")
def raised(collection, tmp_path_factory):
    """Return a copy of the collection whose zoom 1 has representatives, drawn without loss."""
    root = tmp_path_factory.mktemp("raised") / "copy"
    shutil.copytree(collection.root, root)
    text = (root / "collection.toml").read_text()
    for name, default, value in (
        ("below_px", "24", "40"),
        ("from_zoom", "3", "1"),
        ("format", '"jpeg"', '"png"'),
        ("shadow_opacity", "0.45", "0"),
        ("retina", "true", "false"),
    ):
        assert f"# {name} = {default}\n" in text
        text = text.replace(f"# {name} = {default}\n", f"{name} = {value}\n")
    (root / "collection.toml").write_text(text)
    made = wunderkammer.open(root)
    made.run(n_workers=0)
    return made


def square(path, zoom):
    """Return all tiles of a zoom in one picture; white where there is none."""
    picture = np.full((256 << zoom, 256 << zoom, 3), 255, np.uint8)
    with PMTilesReader(path) as tiles:
        for z, x, y in list(tiles.tiles()):
            if z == zoom:
                tile = Image.open(io.BytesIO(tiles.read_tile(z, x, y)))
                picture[256 * y : 256 * y + 256, 256 * x : 256 * x + 256] = tile
    return picture


def test_the_tiles_show_representatives_in_the_boxes_of_points_bin_and_nowhere_else(raised):
    folder = raised.artifacts("atlas")
    atlas = Atlas.model_validate_json((folder / "atlas.json").read_bytes())
    assert atlas.tiles.max_zoom == 3
    assert [one.zoom for one in atlas.points.representatives] == [1]
    boxes = read_block(folder, atlas.points, "repbox:1")
    rows = read_block(folder, atlas.points, "rep:1")
    assert len(rows) == len(set(rows.tolist())) == len(boxes) > 0
    tiles = raised.artifacts("tile") / "tiles.pmtiles"
    without = halve(square(tiles, 2))
    changed = (square(tiles, 1) != without).any(axis=2)
    for left, top, width, height in (boxes / 2**2).astype(int).tolist():
        inside = changed[top : top + height, left : left + width]
        assert inside.any(axis=0).mean() > 0.7, "the sprite is not where it was when small"
        assert inside.any(axis=1).mean() > 0.7
        changed[top : top + height, left : left + width] = False
    assert not changed.any()


def test_where_representatives_lie_is_in_points_bin_and_not_published_twice(raised, collection):
    name = "representatives.parquet"
    assert (raised.artifacts("tile") / name).is_file()
    assert raised.site().file(name) is None
    assert name not in set(raised.site().paths())
    assert not (collection.artifacts("tile") / name).exists()
    assert "rep" not in {block["name"][:3] for block in points(collection)["blocks"]}
    assert points(collection)["representatives"] == []


def points(collection):
    return json.loads(collection.site().atlas_json())["points"]


def test_the_tiles_and_the_points_hold_the_same_media_in_the_same_rows(collection):
    folder = collection.artifacts("atlas")
    atlas = Atlas.model_validate_json((folder / "atlas.json").read_bytes())
    for medium in collection.query(
        'SELECT media_id, "tile/relax/row" AS row FROM media'
    ).to_pylist():
        assert find_row(folder, atlas.ids, medium["media_id"]) == medium["row"]
