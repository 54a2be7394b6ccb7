"""The files of a finished atlas agree with the collection."""

import json

from wunderkammer.atlas.points import find_row, read_block
from wunderkammer.atlas.schemas import Atlas, Dictionary


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
