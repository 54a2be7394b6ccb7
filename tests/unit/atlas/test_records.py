"""Pages of records hold what the sources say, each text once."""

import gzip
import json

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.records import record_page, write_records

BY = "http://creativecommons.org/licenses/by/4.0/"


def page_of(columns, **cells):
    n = max(map(len, cells.values()))
    table = pa.table({"media_id": [f"{row:020x}" for row in range(n)], **cells})
    return json.loads(gzip.decompress(record_page(table, columns)))


def told(column, n):
    """Return the text of each row."""
    values, codes = column["values"], column.get("codes")
    if codes is None:
        return values if len(values) == n else values * n
    return [values[code] for code in codes]


@pytest.mark.parametrize(
    "cells",
    [
        ["one", "two", "three"],
        ["same", "same", "same"],
        ["a", "b", "a"],
        ["", None, "last"],
        ["only", None, None],
    ],
)
def test_each_row_has_its_text(cells):
    page = page_of(["locality"], locality=cells)
    assert told(page["locality"], 3) == [text or "" for text in cells]


def test_a_column_without_any_text_is_left_out():
    page = page_of(["sex", "locality"], sex=["", None], locality=["Kew", None])
    assert "sex" not in page
    assert "locality" in page


def test_texts_are_plain():
    page = page_of(["locality"], locality=["<i>Kew</i>\tGardens\n", "a &amp; b"])
    assert told(page["locality"], 2) == ["Kew Gardens", "a & b"]


def test_whose_it_is_is_told_as_on_the_card_whatever_is_chosen():
    page = page_of(
        [],
        license=["CC-BY 4.0", None, "ask us"],
        rights=[None, BY, None],
        rightsHolder=["The Trustees", "", None],
        Owner=[None, "A Museum", None],
        references=["see the book", None, "https://example.org/3"],
        occurrenceID=["https://example.org/1", "urn:x", "https://example.org/other"],
    )
    assert told(page["UsageTerms"], 3)[:2] == ["CC BY 4.0", "CC BY 4.0"]
    first, second, third = told(page["license"], 3)
    assert "creativecommons.org/licenses/by/4.0" in first
    assert "creativecommons.org/licenses/by/4.0" in second
    assert third == "ask us"
    assert told(page["rightsHolder"], 3) == ["The Trustees", "A Museum", ""]
    assert told(page["references"], 3) == ["https://example.org/1", "", "https://example.org/3"]


def test_pages_lie_one_after_another(tmp_path):
    pages = [b"first", b"the second", b""]
    reference = write_records(tmp_path, pages, ["sex", "license"], 2100)
    assert reference.columns == [
        *("media_id", "sex", "license", "UsageTerms", "rightsHolder", "creator", "references")
    ]
    file = BlockFile(tmp_path / reference.path, reference.blocks)
    at, data = file.read("page_at"), file.read("page")
    assert [data[at[i] : at[i + 1]].tobytes() for i in range(3)] == pages
    assert at.dtype == np.uint32
