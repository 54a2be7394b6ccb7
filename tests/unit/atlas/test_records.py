"""Pages of records hold what the sources say, each text once."""

import gzip
import json
import random

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.records import ALWAYS, ROWS_A_PAGE, record_pages, write_records

BY = "http://creativecommons.org/licenses/by/4.0/"


def pages_of(columns, **cells):
    """Return the columns of each page, of all groups together."""
    pages = record_pages(pa.table(cells), columns)
    parts = [[json.loads(gzip.decompress(part)) for part in page] for page in pages]
    return [{name: told for part in page for name, told in part.items()} for page in parts]


def told(column, n):
    """Return the text of each row."""
    if "letters" in column:
        places = [one if len(one) == n else one * n for one in column["letters"]]
        return ["".join(letters).rstrip(" ") for letters in zip(*places, strict=True)]
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
    [page] = pages_of(["locality"], locality=cells)
    assert told(page["locality"], 3) == [text or "" for text in cells]


def test_rows_are_told_by_page():
    n = 2 * ROWS_A_PAGE + 3
    cells = [f"place {row // 5 * 7 % 64}" for row in range(n)]
    pages = pages_of(["locality"], locality=cells)
    sizes = [ROWS_A_PAGE, ROWS_A_PAGE, 3]
    texts = [
        text
        for page, size in zip(pages, sizes, strict=True)
        for text in told(page["locality"], size)
    ]
    assert texts == cells
    for page in pages:
        assert len(set(page["locality"]["values"])) == len(page["locality"]["values"])


def test_a_column_without_any_text_is_left_out():
    [page] = pages_of(["sex", "locality"], sex=["", None], locality=["Kew", None])
    assert "sex" not in page
    assert "locality" in page


def test_texts_are_plain():
    [page] = pages_of(["locality"], locality=["<i>Kew</i>\tGardens\n", "a &amp; b"])
    assert told(page["locality"], 2) == ["Kew Gardens", "a & b"]


@pytest.mark.parametrize("form", ["NHMUK{:09d}", "https://example.org/specimen/{}"])
def test_numbers_that_differ_in_few_letters_are_told_letter_by_letter(form):
    drawn = random.Random(1)
    cells = [form.format(drawn.randrange(10**6)) for _ in range(ROWS_A_PAGE)]
    [page] = pages_of(["locality"], locality=cells)
    assert told(page["locality"], len(cells)) == cells
    size = len(gzip.compress(json.dumps(page["locality"]).encode()))
    assert size < 0.85 * len(gzip.compress(json.dumps(cells).encode()))


@pytest.mark.parametrize("more", ["Zürich", "a" * 9999, ""])
def test_texts_that_are_not_alike_are_kept_whole(more):
    cells = [*(f"{number:06d}" for number in range(200)), more]
    [page] = pages_of(["locality"], locality=cells)
    assert told(page["locality"], len(cells)) == cells


def test_whose_it_is_is_told_as_on_the_card_whatever_is_chosen():
    [page] = pages_of(
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


def test_what_names_and_cites_a_medium_lies_apart_from_all_else(tmp_path):
    columns = ["media_id", "catalogNumber", "locality", "genus", "recordedBy"]
    pages = [[b"first", b"the rest of it"], [b"the second", b""]]
    reference = write_records(tmp_path, pages, columns, 300)
    assert reference.columns == [*columns, *ALWAYS]
    main, more = reference.groups
    assert main.columns == ["catalogNumber", "genus", *ALWAYS]
    assert more.columns == ["locality", "recordedBy"]
    file = BlockFile(tmp_path / reference.path, reference.blocks)
    for i, group in enumerate(reference.groups):
        at, data = file.read(f"page_at:{group.name}"), file.read(f"page:{group.name}")
        assert [data[at[row] : at[row + 1]].tobytes() for row in range(2)] == [
            page[i] for page in pages
        ]
        assert at.dtype == np.uint32


def test_there_is_no_group_without_columns(tmp_path):
    reference = write_records(tmp_path, [[b"page"]], ["genus"], 1)
    assert [group.name for group in reference.groups] == ["main"]
