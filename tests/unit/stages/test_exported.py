"""What is exported of a finished atlas is what its collection says."""

import gzip
import json

import pyarrow as pa

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.records import ROWS_A_PAGE
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.engines.local import LocalEngine
from wunderkammer.stages._exported import record_pages, tells


def test_every_row_says_what_its_record_says(collection):
    folder = collection.artifacts("atlas")
    records = Atlas.model_validate_json((folder / "atlas.json").read_bytes()).records
    file = BlockFile(folder / records.path, records.blocks)
    assert file.n_rows("page_at") == 2
    page = json.loads(gzip.decompress(file.read("page").tobytes()))
    rows = collection.query(
        "SELECT media_id, occurrenceID, catalogNumber, genus, family, recordedBy "
        'FROM media ORDER BY "tile/relax/row"'
    ).to_pydict()
    assert {"occurrenceID", "license", "rightsHolder"} <= set(records.columns)
    for name, cells in rows.items():
        values, codes = page[name]["values"], page[name].get("codes")
        texts = values if len(values) == len(cells) else values * len(cells)
        assert ([values[code] for code in codes] if codes else texts) == cells, name


def test_columns_that_tell_nothing_are_not_exported():
    table = pa.table({"sex": ["", None], "family": [None, "Nymphalidae"]})
    assert not tells(table, "sex")
    assert not tells(table, "locality")
    assert tells(table, "family")


def test_many_rows_are_many_pages_whoever_makes_them():
    n = 33 * ROWS_A_PAGE
    table = pa.table({"media_id": [f"{row:020x}" for row in range(n)], "sex": ["male"] * n})
    order = pa.array(range(n)).to_numpy()[::-1]
    alone = list(record_pages(table, order, ["sex"]))
    with LocalEngine(0) as engine:
        assert list(record_pages(table, order, ["sex"], engine)) == alone
    assert len(alone) == 33
    assert json.loads(gzip.decompress(alone[-1]))["media_id"]["values"][-1] == "0" * 20
