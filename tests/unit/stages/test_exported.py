"""What is exported of a finished atlas is what its collection says."""

import gzip
import json

import numpy as np
import pyarrow as pa

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.records import ROWS_A_PAGE
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.engines.local import LocalEngine
from wunderkammer.stages._exported import record_pages, tells


def texts(column, n):
    """Return the text of each row."""
    if "letters" in column:
        places = [one if len(one) == n else one * n for one in column["letters"]]
        return ["".join(letters).rstrip(" ") for letters in zip(*places, strict=True)]
    values, codes = column["values"], column.get("codes")
    if codes is None:
        return values if len(values) == n else values * n
    return [values[code] for code in codes]


def test_every_row_says_what_its_record_says(collection):
    folder = collection.artifacts("atlas")
    atlas = Atlas.model_validate_json((folder / "atlas.json").read_bytes())
    records = atlas.records
    file = BlockFile(folder / records.path, records.blocks)
    page = {}
    for group in records.groups:
        assert file.n_rows(f"page_at:{group.name}") == 2
        part = json.loads(gzip.decompress(file.read(f"page:{group.name}").tobytes()))
        assert set(part) <= set(group.columns)
        page |= part
    rows = collection.query(
        "SELECT media_id, occurrenceID, catalogNumber, genus, family, recordedBy "
        'FROM media ORDER BY "tile/relax/row"'
    ).to_pydict()
    assert {"occurrenceID", "license", "rightsHolder"} <= set(records.columns)
    ids = BlockFile(folder / atlas.points.path, atlas.points.blocks).read("id")
    assert [one.tobytes().hex() for one in ids] == rows.pop("media_id")
    for name, cells in rows.items():
        assert texts(page[name], len(cells)) == cells, name


def test_columns_that_tell_nothing_are_not_exported():
    table = pa.table({"sex": ["", None], "family": [None, "Nymphalidae"]})
    assert not tells(table, "sex")
    assert not tells(table, "locality")
    assert tells(table, "family")


def test_many_rows_are_many_pages_whoever_makes_them():
    n = 129 * ROWS_A_PAGE
    table = pa.table({"sex": [f"sex {row}" for row in range(n)]})
    order = np.arange(n)[::-1]
    alone = list(record_pages(table, order, ["sex"]))
    with LocalEngine(0) as engine:
        assert list(record_pages(table, order, ["sex"], engine)) == alone
    assert len(alone) == 129
    [part] = alone[-1]
    assert texts(json.loads(gzip.decompress(part))["sex"], ROWS_A_PAGE)[-1] == "sex 0"
