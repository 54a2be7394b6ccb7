"""Every row of a real export is a record or an explained rejection, and the sums agree."""

import csv

import pytest
from dwca.read import DwCAReader

from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.dwca import DwcaSource
from wunderkammer.sources.table import TableSource

BOTH_READ = [
    "dwca-2extensions.zip", "dwca-csv-quote-dir", "dwca-ids.zip", "dwca-meta-default-values",
    "dwca-noheaders-1.zip", "dwca-orphaned-rows.zip", "dwca-partial-default.zip",
    "dwca-simple-csv-dos.zip", "dwca-simple-csv.zip", "dwca-simple-dir", "dwca-simple-subdir.zip",
    "dwca-simple-test-archive.tgz", "dwca-star-test-archive.zip", "dwca-utf8-eol-test.zip",
    "gbif-results.zip", "gbif-results-lacks-s-metadata.zip",
]  # fmt: skip
"""Archives that both readers read; what the others say has tests of its own."""

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def sorted_out(source):
    """Return the records of a source, and the messages of what it rejects by place."""
    found = list(source.records())
    records = [one for one in found if isinstance(one, Record)]
    rejected = [one for one in found if isinstance(one, Rejected)]
    assert len(records) + len(rejected) == len(found)
    assert all(one.where and one.error.message for one in rejected)
    assert len({one.media_id for one in records}) == len(records)
    return records, rejected


def counted(path):
    """Return the name of the core, its rows and those of its media, as another reader sees them."""
    with DwCAReader(str(path), skip_metadata=True) as archive:
        rows = list(archive)
        n_media = sum("ultimedia" in one.rowtype for row in rows for one in row.extensions)
        return archive.core_file_location, len(rows), n_media


def test_wasps(shared_data):
    folder = shared_data / "wasps" / "records"
    rows = 0
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            rows += sum(1 for row in csv.reader(stream) if row) - 1
    source = TableSource(path=folder, images=shared_data / "wasps" / "images")
    records, rejected = sorted_out(source)
    assert len(records) + len(rejected) == rows
    merged, faults = sorted_out(source.model_copy(update={"repeated": "merge"}))
    assert {one.media_id for one in merged} == {one.media_id for one in records}
    again = [one for one in rejected if "already" in one.error.message]
    assert len(rejected) - len(again) == len(faults)
    assert len(records) == 100


def test_museum_insects(shared_data):
    folder = shared_data / "museum-insects"
    source = DwcaSource(path=folder / "dwca.zip", images=folder / "images")
    records, rejected = sorted_out(source)
    _, n_rows, n_media = counted(folder / "dwca.zip")
    assert len(records) == n_rows == n_media == 464
    assert rejected == []


@pytest.mark.parametrize("name", sorted(BOTH_READ))
def test_archive_samples(name, shared_data):
    path = shared_data / "dwca-samples" / "python-dwca-reader" / name
    core, n_rows, n_media = counted(path)
    records, rejected = sorted_out(DwcaSource(path=path))
    of_core = [one for one in rejected if one.where.startswith(core)]
    assert len({one.specimen_id for one in records}) + len(of_core) == n_rows
    assert len(records) + len(rejected) - len(of_core) == n_media
