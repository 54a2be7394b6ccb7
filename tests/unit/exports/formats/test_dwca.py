"""A Darwin Core archive: read by another reader and by ours, and what GBIF asks of it."""

import json
import zipfile

import pytest
from dwca.read import DwCAReader

import gbif_rules
import handed_over
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen
from wunderkammer.sources import Record
from wunderkammer.sources.dwca import DwcaSource

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

DWC = "http://rs.tdwg.org/dwc/terms/"
AC = "http://rs.tdwg.org/ac/terms/"
OURS = {
    "WebStatement", "UsageTerms", "Credit", "providerManagedID", "hashFunction", "hashValue",
    "PixelXDimension", "PixelYDimension", "id", "core_identifier", "identifier",
}  # fmt: skip
"""What an archive says of a medium beside its source."""


def form(**options):
    return registry.get("dwca")(**options)


def records(path, **options):
    found = [one for one in DwcaSource(path=path, **options).records() if isinstance(one, Record)]
    return {one.terms.get("providerManagedID") or one.media_id: one for one in found}


def test_an_archive_in_is_the_same_archive_out(collection, tmp_path):
    handed_over.out(collection, form(), tmp_path / "out")
    source = collection.root / "source"
    again = records(tmp_path / "out", images=source)
    known = {
        one.media_id: one for one in DwcaSource(path=source).records() if isinstance(one, Record)
    }
    assert set(again) == set(known)
    for media_id, record in again.items():
        assert record.original_file == known[media_id].original_file
        assert record.specimen_id == known[media_id].specimen_id
        terms = {name: text for name, text in record.terms.items() if name not in OURS}
        assert terms == known[media_id].terms


def test_the_second_time_nothing_changes_at_all(collection, tmp_path):
    import wunderkammer

    handed_over.out(collection, form(), tmp_path / "one")
    settings = {"ingest.source.name": "dwca", "ingest.source.path": str(tmp_path / "one")}
    copy = wunderkammer.create(tmp_path / "copy", settings)
    copy.run(["ingest"], n_workers=0)
    handed_over.out(copy, form(), tmp_path / "two")
    one, two = (records(tmp_path / name) for name in ("one", "two"))
    assert len(one) == len(two) > 0
    assert sorted(str(sorted(record.terms.items())) for record in one.values()) == sorted(
        str(sorted(record.terms.items())) for record in two.values()
    )


@pytest.fixture(scope="module")
def whole(handed, tmp_path_factory):
    """Return an archive with everything there can be in one."""
    path = tmp_path_factory.mktemp("dwca") / "cut.zip"
    options = {
        "data_licence": "CC0",
        "original_url": "https://example.org/originals/{media_id}.png",
        "cutout_url": "https://example.org/pictures/{head}/{media_id}.png",
        "page_url": "https://example.org/#medium={media_id}",
    }
    handed_over.out(handed, form(**options), path)
    return path


def test_gbif_would_take_it(whole, tmp_path):
    with zipfile.ZipFile(whole) as packed:
        packed.extractall(tmp_path)
    assert gbif_rules.breaches(tmp_path) == []
    line = (tmp_path / "multimedia.txt").read_text().splitlines()[1]
    broken = (tmp_path / "multimedia.txt").read_text() + line.replace("https://", "") + "\n"
    (tmp_path / "multimedia.txt").write_text(broken)
    (tmp_path / "occurrence.txt").write_text(
        (tmp_path / "occurrence.txt").read_text().replace("Occurrence", "Drawing")
    )
    found = gbif_rules.breaches(tmp_path)
    assert "basisOfRecord 'Drawing'" in found, "the rules can be broken"
    assert any("is no address" in one for one in found)


def test_another_reader_finds_media_names_and_measurements(whole, handed):
    chosen = {one.media_id: one for one in Chosen(handed)}
    with DwCAReader(str(whole)) as read:
        assert read.descriptor.core.type == f"{DWC}Occurrence"
        rows = {row.data[f"{DWC}catalogNumber"]: row for row in read}
        extensions = [one for row in rows.values() for one in row.extensions]
    assert len(rows) == 4, "one for each specimen"
    by_kind = {}
    for one in extensions:
        by_kind.setdefault(one.rowtype.rpartition("/")[2], []).append(one.data)
    media = by_kind["Multimedia"]
    originals = [one for one in media if "originals" in one[f"{AC}accessURI"]]
    cutouts = [one for one in media if "pictures" in one[f"{AC}accessURI"]]
    assert (len(originals), len(cutouts)) == (4, 4)
    parents = {one.text("derivedFromMediaID") or one.media_id for one in chosen.values()}
    assert {one[f"{AC}providerManagedID"] for one in originals} == parents
    assert {one[f"{AC}derivedFrom"] for one in cutouts} <= parents
    assert all(one["http://purl.org/dc/terms/rightsHolder"] for one in media)
    names = [one[f"{DWC}scientificName"] for one in by_kind["Identification"]]
    assert names == ["Danaus plexippus", "Idea leuconoe", "Danaus"]
    kinds = {one[f"{DWC}measurementType"] for one in by_kind["MeasurementOrFact"]}
    assert {"cutout_confidence", "turned_deg"} <= kinds


def test_the_core_is_the_sources_word_unless_the_corrected_one_is_asked_for(handed, tmp_path):
    for corrected in (False, True):
        handed_over.out(handed, form(corrected=corrected), tmp_path / "out")
        found = {one.terms["catalogNumber"]: one for one in records(tmp_path / "out").values()}
        name = "Idea leuconoe" if corrected else "Danaus plexippus"
        assert found["BM 1/2"].terms["scientificName"] == name


def test_columns_that_are_no_terms_are_kept(tmp_path):
    import hand_cut

    told = [hand_cut.Told("a")]
    made = hand_cut.make(tmp_path / "c", told)
    text = (made.root / "records.csv").read_text().splitlines()
    lines = [f"{text[0]},shelf", f"{text[1]},17 b"]
    (made.root / "records.csv").write_text("\n".join(lines) + "\n")
    made.run(n_workers=0)
    handed_over.out(made, form(), tmp_path / "out")
    [record] = records(tmp_path / "out").values()
    assert json.loads(record.terms["dynamicProperties"]) == {"shelf": "17 b"}
