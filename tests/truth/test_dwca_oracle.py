"""Our reading of real Darwin Core archives against python-dwca-reader's."""

import pytest
from dwca.descriptors import shorten_term
from dwca.read import DwCAReader

from wunderkammer.core.errors import SourceError
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources._archive import open_archive
from wunderkammer.sources._dwca_description import describe
from wunderkammer.sources._dwca_rows import TermRow, read_term_rows
from wunderkammer.sources.dwca import DwcaSource
from wunderkammer.testing.archives import make_dwca
from wunderkammer.vocab.darwin_core import term_of

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

BOTH_READ = {
    "dwca-2extensions.zip": 4,
    "dwca-csv-quote-dir": 2,
    "dwca-default-metadata-filename.zip": 2,
    "dwca-ids.zip": 4,
    "dwca-meta-default-values": 2,
    "dwca-noheaders-1.zip": 2,
    "dwca-noheaders-2.zip": 2,
    "dwca-nometadata.zip": 2,
    "dwca-orphaned-rows.zip": 4,
    "dwca-partial-default.zip": 2,
    "dwca-simple-csv-dos.zip": 3,
    "dwca-simple-csv-eml.zip": 3,
    "dwca-simple-csv-notenclosed.zip": 3,
    "dwca-simple-csv.zip": 3,
    "dwca-simple-dir": 4,
    "dwca-simple-subdir.zip": 2,
    "dwca-simple-test-archive-enclosed.zip": 2,
    "dwca-simple-test-archive.tgz": 2,
    "dwca-simple-test-archive.zip": 2,
    "dwca-star-test-archive.zip": 4,
    "dwca-test-default.zip": 2,
    "dwca-utf8-eol-test.zip": 1,
    "gbif-results-lacks-s-metadata.zip": 158,
    "gbif-results-whitespace-in-xml.zip": 158,
    "gbif-results.zip": 158,
}
"""Archives python-dwca-reader reads, and the rows of their cores."""

NEITHER_READS = {
    "dwca-invalid-simple-toomuch.zip": "random_file",
    "dwca-invalid-simple-two.zip": "random_file",
}
ONLY_WE_READ = {
    "dwca-invalid-lacks-metadata": 2,  # eml.xml is missing, which no row needs
    "dwca-missing-extension-details": 4,  # the extension is not one of media
    "dwca-metadata-windows1252-encoding": 4,  # eml.xml is not UTF-8, which no row needs
}


def read_by_us(path):
    with open_archive(path) as archive:
        rows = list(read_term_rows(archive, describe(archive).core))
    assert all(isinstance(row, TermRow) for row in rows), rows
    return [{k: v for k, v in row.terms.items() if k != "id"} for row in rows]


def read_by_oracle(path, *, skip_metadata=False):
    with DwCAReader(str(path), skip_metadata=skip_metadata) as archive:
        plain = archive.descriptor is None
        return [
            {
                (term_of(term) or term) if plain else shorten_term(term): value
                for term, value in row.data.items()
                if value and not value.isspace()
            }
            for row in archive
        ]


@pytest.fixture
def samples(shared_data):
    return shared_data / "dwca-samples" / "python-dwca-reader"


@pytest.mark.shared_data
def test_every_sample_is_accounted_for(samples):
    known = {*BOTH_READ, *NEITHER_READS, *ONLY_WE_READ, "dwca-malformed-descriptor"}
    assert {path.name for path in samples.iterdir()} == known | {"description.rst"}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", sorted(BOTH_READ))
def test_core_rows_equal_the_oracles(name, samples):
    ours = read_by_us(samples / name)
    assert len(ours) == BOTH_READ[name]
    assert ours == read_by_oracle(samples / name)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", sorted(NEITHER_READS))
def test_what_cannot_be_read_is_an_error_that_names_the_obstacle(name, samples):
    with pytest.raises(SourceError, match=NEITHER_READS[name]) as caught:
        list(DwcaSource(path=samples / name).records())
    assert caught.value.hint


@pytest.mark.shared_data
@pytest.mark.parametrize("name", sorted(ONLY_WE_READ))
def test_faults_that_touch_no_row_stop_nothing(name, samples):
    assert len(read_by_us(samples / name)) == ONLY_WE_READ[name]


@pytest.mark.shared_data
def test_rows_with_fewer_cells_than_described_are_rejected_one_by_one(samples):
    found = list(DwcaSource(path=samples / "dwca-malformed-descriptor").records())
    assert len(found) == 4
    for one in found:
        assert isinstance(one, Rejected)
        assert "234 cells, the header has 235" in one.error.message


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("docs/data/aafc/herbarium/latest/dwc-archive.zip", "50 columns.* header has 15"),
        ("examples/AAFC-SRDC/aafc_herbarium_dwca.zip", "well-formed.* line 3"),
        ("examples/AAFC-SRDC", "well-formed.* line 3"),
    ],
)
def test_broken_herbarium_archives_say_what_is_wrong(name, reason, shared_data):
    with pytest.raises(SourceError, match=reason):
        list(DwcaSource(path=shared_data / "dwca-samples" / "aafc" / name).records())


@pytest.mark.shared_data
def test_museum_insects_equal_the_oracles_core_and_extension(shared_data):
    path = shared_data / "museum-insects" / "dwca.zip"
    assert read_by_us(path) == read_by_oracle(path)
    records = {r.terms["gbifID"]: r for r in DwcaSource(path=path).records()}
    with DwCAReader(str(path)) as archive:
        for row in archive:
            (medium,) = row.extensions
            data = {shorten_term(term): value for term, value in medium.data.items() if value}
            terms = records[row.id].terms
            assert terms["accessURI"] == data.pop("identifier")
            assert {name: terms[name] for name in data} == data


def test_a_made_archive_reads_alike(tmp_path):
    archive = make_dwca(tmp_path)
    ours = read_by_us(archive.source.path)
    assert ours == read_by_oracle(archive.source.path)
    assert all(isinstance(r, Record | Rejected) for r in archive.source.records())
