import csv
import io
import shutil
import zipfile

import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.nhm import NhmSource
from wunderkammer.testing.export_makers import (
    make_idigbio,
    nhm_medium,
    nhm_specimen,
    write_nhm,
)
from wunderkammer.testing.fake_archive import Specimen
from wunderkammer.testing.gbif_makers import make_gbif

A, B = Specimen("K.1", "Aus bus"), Specimen("K.2", "Aus cus")
GUID = "f0fba266-a4ce-4ead-b43a-31dfaf4aaae8"
OLD = f"https://www.nhm.ac.uk/services/media-store/asset/{GUID}/contents/preview"
NEW = f"https://data.nhm.ac.uk/media/{GUID}"


def read(source):
    found = list(source.records())
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, Rejected)],
    )


@pytest.fixture
def export(tmp_path):
    made = iter(range(100))

    def write(media, specimens=(A, B), **settings):
        rows = [one if isinstance(one, dict) else nhm_specimen(one) for one in specimens]
        path = write_nhm(tmp_path / f"{next(made)}.zip", rows, media)
        return NhmSource(path=path, **settings)

    return write


def by_id(source):
    return {record.media_id: record for record in read(source)[0]}


def only(source):
    (record,), _ = read(source)
    return record


def test_a_medium_stays_the_same_when_the_museum_changes_its_addresses(export):
    addresses = (
        OLD,
        OLD.replace("https://www.nhm", "http://www.nhm"),
        OLD.replace("preview", "original"),
        NEW,
        f"{NEW}/preview",
        f"{NEW}/original",
        NEW.replace(GUID, GUID.upper()),
    )
    records = [only(export([nhm_medium(A, identifier=one)])) for one in addresses]
    assert len({record.media_id for record in records}) == 1
    assert {record.terms["assetID"] for record in records} == {GUID}
    assert [record.access_uri for record in records] == list(addresses)


def test_images_of_one_specimen_and_specimens_of_one_image_are_media_of_their_own(export):
    other = NEW.replace("f0fba266", "00000000")
    records, _ = read(
        export([
            nhm_medium(A, identifier=NEW),
            nhm_medium(A, identifier=other),
            nhm_medium(B, identifier=NEW),
        ])
    )  # fmt: skip
    assert len({record.media_id for record in records}) == 3
    assert len({record.specimen_id for record in records}) == 2


def test_the_same_image_in_both_styles_stands_here_twice(export):
    records, rejected = read(
        export([nhm_medium(A, identifier=OLD), nhm_medium(A, identifier=NEW)], (A,))
    )
    assert len(records) == 1
    assert "twice" in rejected[0].error.message


def test_columns_may_stand_in_any_order(export, tmp_path):
    first = export([nhm_medium(A), nhm_medium(B)])
    shuffled = [dict(sorted(row.items(), reverse=True)) for row in (nhm_medium(A), nhm_medium(B))]
    assert next(iter(shuffled[0])) != "_id"
    second = export(shuffled)
    assert by_id(first) == by_id(second)


def test_pictures_of_labels_stay_out_and_are_counted(export):
    media = [nhm_medium(A), *(
        nhm_medium(A, title=f"BMNH(E)_1_Label_{n}", identifier=f"{NEW[:-1]}{n}") for n in range(5)
    )]  # fmt: skip
    records, rejected = read(export(media, (A,)))
    assert len(records) == 1
    [left_out] = rejected
    assert left_out.where == "multimedia.csv, 5 rows"
    assert "_label_" in left_out.error.message
    assert "label_images = true" in left_out.error.hint
    records, rejected = read(export(media, (A,), label_images=True))
    assert (len(records), rejected) == (6, [])


def test_a_medium_without_title_is_no_label(export):
    assert only(export([nhm_medium(A, title="")], (A,)))


def test_formats_can_be_chosen(export):
    media = [nhm_medium(A, format="image/jpeg"), nhm_medium(B, format="IMAGE/TIFF")]
    assert len(read(export(media))[0]) == 2
    records, rejected = read(export(media, formats=("image/tiff",)))
    assert [record.terms["scientificName"] for record in records] == ["Aus cus"]
    assert any("formats = ['image/tiff']" in one.error.message for one in rejected)


def test_the_format_may_stand_under_mime(export):
    row = nhm_medium(A)
    row["mime"] = row.pop("format")
    record = only(export([row], (A,), formats=("image/jpeg",)))
    assert record.terms["format"] == "image/jpeg"


def test_specimens_are_chosen_by_their_classification(export):
    moss = nhm_specimen(B, higherClassification="Plantae;Bryophyta")
    media = [nhm_medium(A), nhm_medium(B)]
    source = export(media, (A, moss), classification=("LEPIDOPTERA", "Coleoptera"))
    records, rejected = read(source)
    assert [record.terms["scientificName"] for record in records] == ["Aus bus"]
    assert {one.where for one in rejected} == {"occurrence.csv, 1 rows", "multimedia.csv, 1 rows"}
    none = nhm_specimen(B, higherClassification="")
    assert len(read(export(media, (A, none), classification=("Lepidoptera",)))[0]) == 1


def test_originals_are_had_of_addresses_of_the_newer_style(export):
    media = [nhm_medium(A, identifier=f"{NEW}/preview"), nhm_medium(B, identifier=OLD)]
    by_name = {r.terms["scientificName"]: r for r in read(export(media, size="original"))[0]}
    assert by_name["Aus bus"].access_uri == f"{NEW}/original"
    assert by_name["Aus cus"].access_uri == OLD
    ids = {record.media_id for record in by_name.values()}
    assert ids == {record.media_id for record in read(export(media))[0]}


def test_a_specimen_has_the_address_of_its_page(export):
    record = only(export([nhm_medium(A)], (nhm_specimen(A, occurrenceID=GUID),)))
    assert record.terms["references"] == f"https://data.nhm.ac.uk/object/{GUID}"
    record = only(export([nhm_medium(A)], (nhm_specimen(A, occurrenceID="17"),)))
    assert "references" not in record.terms


def test_a_missing_column_is_named_with_the_nearest_there_is(export):
    rows = [nhm_medium(A)]
    rows[0]["identifer"] = rows[0].pop("identifier")
    with pytest.raises(SourceError, match="no column 'identifier'") as caught:
        list(export(rows).records())
    assert "Did you mean 'identifer'?" in caught.value.hint
    assert "rightsHolder" in caught.value.hint
    with pytest.raises(SourceError, match=r"occurrence\.csv.*no column '_id'"):
        list(export([nhm_medium(A)], ({"id": "1", "scientificName": "Aus"},)).records())


def test_a_missing_table_is_named_with_what_there_is(tmp_path):
    (tmp_path / "occurence.csv").write_text("_id,x\n1,2\n")
    with pytest.raises(SourceError, match=r"no 'occurrence\.csv'") as caught:
        list(NhmSource(path=tmp_path).records())
    assert "Did you mean 'occurence.csv'?" in caught.value.hint
    assert "Darwin Core Archive" in caught.value.hint


def test_a_zip_and_its_folder_say_the_same(export, tmp_path):
    zipped = export([nhm_medium(A), nhm_medium(B)])
    with zipfile.ZipFile(zipped.path) as archive:
        archive.extractall(tmp_path / "outside" / "inside")
    folder = NhmSource(path=tmp_path / "outside" / "inside")
    assert by_id(folder) == by_id(zipped)
    assert [path.name for path in folder.inputs()] == ["occurrence.csv", "multimedia.csv"]
    nested = NhmSource(path=tmp_path / "outside")
    assert by_id(nested) == by_id(zipped)
    assert NhmSource.recognises(nested.path)


def test_tables_saved_anew_with_semicolons_are_read(tmp_path):
    for name, row in (("occurrence.csv", nhm_specimen(A)), ("multimedia.csv", nhm_medium(A))):
        out = io.StringIO()
        writer = csv.DictWriter(out, list(row), delimiter=";")
        writer.writeheader()
        writer.writerow(row)
        (tmp_path / name).write_text("\ufeff" + out.getvalue(), encoding="utf-8")
    assert only(NhmSource(path=tmp_path)).terms["scientificName"] == "Aus bus"


def test_it_is_known_by_its_two_tables(export, tmp_path):
    source = export([nhm_medium(A)])
    assert NhmSource.recognises(source.path)
    for make in (make_gbif, make_idigbio):
        (tmp_path / make.__name__).mkdir()
        assert not NhmSource.recognises(make(tmp_path / make.__name__).source.path)
    broken = tmp_path / "broken.zip"
    shutil.copy(source.path, broken)
    broken.write_bytes(broken.read_bytes()[:-30])
    assert not NhmSource.recognises(broken)
    assert not NhmSource.recognises(tmp_path / "nowhere")


def test_the_citation_is_the_one_of_its_metadata(export, tmp_path):
    source = export([nhm_medium(A)])
    assert source.citation() == ""
    with zipfile.ZipFile(source.path) as archive:
        archive.extractall(tmp_path / "export")
    (tmp_path / "export" / "eml.xml").write_text(
        "<eml><additionalMetadata><metadata><gbif>"
        '<citation identifier="https://doi.org/10.5519/qd.abc">Natural History Museum (2026). '
        "Data Portal query</citation></gbif></metadata></additionalMetadata></eml>"
    )
    assert NhmSource(path=tmp_path / "export").citation() == (
        "Natural History Museum (2026). Data Portal query. https://doi.org/10.5519/qd.abc"
    )
