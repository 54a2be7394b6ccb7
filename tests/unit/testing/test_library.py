"""A drawn library, as a digital library would export it."""

import csv

import pytest

from wunderkammer.sources import registry
from wunderkammer.testing import SpecimenGenerator, write_library


def drawn(folder, n=6, seed=3):
    return write_library(folder, SpecimenGenerator(seed, size_px=160, kinds=("plate", "text")), n)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("library"))


def test_its_tables_are_those_that_the_source_of_libraries_reads(library, tmp_path):
    source = registry.get("bhl").model_validate({"path": library, "images": library.parent})
    tables = [one for one in source.batches(tmp_path) if not isinstance(one, list)]
    rows = [row for table in tables for row in table.to_pylist()]
    assert len(rows) == 6
    assert {row["title"] for row in rows} == {"Insects of all lands"}
    assert all(row["license"].startswith("Public domain") for row in rows)


def test_the_catalogue_calls_every_page_a_plate_and_the_truth_knows_better(library):
    with (library.parent / "truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    assert {row["kind"] for row in truth} == {"plate", "text"}
    listing = library.read_text("utf-8-sig")
    for row in truth:
        assert f"{row['PageID']}\t1\t" in listing
        assert (library.parent / "images" / f"{row['PageID']}.jpeg").is_file()
    assert listing.count("Illustration") == len(truth)


def test_the_same_seed_writes_the_same_bytes(library, tmp_path):
    again = drawn(tmp_path).parent
    for path in sorted(library.parent.rglob("*.*")):
        assert (again / path.relative_to(library.parent)).read_bytes() == path.read_bytes()
