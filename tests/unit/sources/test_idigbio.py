import zipfile

import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.idigbio import IdigbioSource
from wunderkammer.testing.export_makers import (
    idigbio_medium,
    idigbio_occurrence,
    idigbio_raw,
    idigbio_raw_medium,
    make_idigbio,
    make_nhm,
    write_idigbio,
)
from wunderkammer.testing.fake_archive import CC_BY, Specimen

A, B = Specimen("K.1", "Aus bus"), Specimen("K.2", "Aus cus")


def read(source):
    found = list(source.records())
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, Rejected)],
    )


@pytest.fixture
def export(tmp_path):
    made = iter(range(100))

    def write(media, raw_media, occurrences=None, raw=None, **settings):
        path = write_idigbio(
            tmp_path / f"{next(made)}.zip",
            occurrences or [idigbio_occurrence(one) for one in (A, B)],
            raw or [idigbio_raw(one) for one in (A, B)],
            media,
            raw_media or [idigbio_raw_medium(Specimen("K.77", "Nemo"))],
        )
        return IdigbioSource(path=path, **settings)

    return write


def by_name(source):
    return {record.terms["scientificName"]: record.terms for record in read(source)[0]}


def test_several_images_of_one_specimen_stay_several(export):
    media, raw = [], []
    for n in range(4):
        address = f"https://images.example.org/K1-{n}.jpg"
        media.append(idigbio_medium(A, **{"ac:accessURI": address, "idigbio:uuid": f"uuid-{n}"}))
        raw.append(idigbio_raw_medium(A, **{"ac:accessURI": address, "dcterms:creator": f"P{n}"}))
    records, _ = read(export(media, raw))
    assert len({record.media_id for record in records}) == 4
    assert len({record.specimen_id for record in records}) == 1
    assert {(r.access_uri[-5], r.terms["creator"]) for r in records} == {
        (str(n), f"P{n}") for n in range(4)
    }


def test_a_medium_is_known_by_idigbios_id_not_by_its_address(export):
    first = export([idigbio_medium(A)], [idigbio_raw_medium(A)])
    moved = {"ac:accessURI": "https://elsewhere.example.org/1.jpg"}
    second = export([idigbio_medium(A, **moved)], [idigbio_raw_medium(A, **moved)])
    assert read(first)[0][0].media_id == read(second)[0][0].media_id


def test_without_such_ids_by_its_address(export):
    rows = [idigbio_medium(A), idigbio_medium(B)]
    for row in rows:
        del row["idigbio:uuid"]
    records, _ = read(export(rows, [idigbio_raw_medium(A)]))
    assert len({record.media_id for record in records}) == 2


def test_the_publishers_words_stand_and_idigbios_other_ones_beside(export):
    occurrences = [idigbio_occurrence(A, **{"dwc:family": "nymphalidae"}), idigbio_occurrence(B)]
    raw = [idigbio_raw(A, **{"dwc:family": "Satyridae"}), idigbio_raw(B)]
    source = export([idigbio_medium(A), idigbio_medium(B)], [], occurrences, raw)
    terms = by_name(source)
    assert terms["Aus bus"]["family"] == "Satyridae"
    assert terms["Aus bus"]["idigbio_family"] == "nymphalidae"
    assert terms["Aus cus"]["family"] == "papilionidae"  # its publisher gave none
    assert "idigbio_scientificName" not in terms["Aus bus"]  # the same but for capitals


def test_without_the_raw_tables_idigbios_values_stand(export, tmp_path):
    source = export([idigbio_medium(A)], [idigbio_raw_medium(A)])
    unread = source.model_copy(update={"raw": False})
    with zipfile.ZipFile(source.path) as archive:
        for name in ("occurrence.csv", "multimedia.csv"):
            archive.extract(name, tmp_path / "part")
    for other in (unread, IdigbioSource(path=tmp_path / "part")):
        [terms] = by_name(other).values()
        assert terms["scientificName"] == "aus bus"
        assert terms["license"] == "CC BY"
        assert "rightsHolder" not in terms
    assert {r.media_id for r in read(unread)[0]} == {r.media_id for r in read(source)[0]}


def test_the_licence_is_the_publishers_and_each_mediums_own(export):
    raw = [idigbio_raw_medium(A, **{"dcterms:rights": "© The Trustees, all rights reserved"})]
    terms = by_name(export([idigbio_medium(A), idigbio_medium(B)], raw))
    assert terms["Aus bus"]["license"] == "© The Trustees, all rights reserved"
    assert terms["Aus bus"]["idigbio_license"] == "CC BY"
    assert terms["Aus cus"]["license"] == "CC BY"


def test_the_web_statement_tells_the_version_of_a_licence(export):
    rows = [idigbio_medium(A, **{"xmpRights:WebStatement": CC_BY})]
    assert by_name(export(rows, []))["Aus bus"]["license"] == CC_BY


def test_prefixes_are_taken_off_and_no_two_columns_collide(export):
    [terms] = by_name(export([idigbio_medium(A)], [idigbio_raw_medium(A)])).values()
    assert terms["gbif_genus"] == "aus"
    assert terms["format"] == "image/jpeg"
    assert terms["providerManagedID"]
    assert not [name for name in terms if ":" in name]
    assert "inhs_drawer" not in terms


def test_raw_rows_of_a_medium_are_also_found_by_idigbios_id(export):
    key = {"idigbio:uuid": "one"}
    raw = idigbio_raw_medium(A, **key, **{"ac:accessURI": "", "dcterms:identifier": ""})
    [terms] = by_name(export([idigbio_medium(A, **key)], [raw])).values()
    assert terms["rightsHolder"] == "The Museum"


def test_coordinates_come_out_of_idigbios_point(export):
    rows = [idigbio_occurrence(A, **{"idigbio:geoPoint": '{"lat": -34.06, "lon": 150.98389}'})]
    [terms] = by_name(export([idigbio_medium(A)], [], rows)).values()
    assert (terms["decimalLatitude"], terms["decimalLongitude"]) == ("-34.06", "150.98389")


def test_media_that_are_only_sorted_as_sounds_are_no_images(export):
    rows = [idigbio_medium(A, **{"dc:type": "", "idigbio:mediaType": "sounds"})]
    records, rejected = read(export(rows, []))
    assert records == []
    assert "Sound" in rejected[0].error.message


def test_the_id_column_of_a_core_is_called_id(export):
    rows = [idigbio_occurrence(one) for one in (A, B)]
    for row in rows:
        row["id"] = row.pop("coreid")
    assert set(by_name(export([idigbio_medium(A)], [], rows))) == {"Aus bus"}


def test_a_missing_column_is_named_with_the_nearest_there_is(export):
    rows = [idigbio_medium(A)]
    rows[0]["ac:acessURI"] = rows[0].pop("ac:accessURI")
    with pytest.raises(SourceError, match="no column 'ac:accessURI'") as caught:
        list(export(rows, []).records())
    assert "Did you mean 'ac:acessURI'?" in caught.value.hint


def test_a_row_that_is_cut_off_is_told(export, tmp_path):
    source = export([idigbio_medium(A)], [idigbio_raw_medium(A)])
    with zipfile.ZipFile(source.path) as archive:
        archive.extractall(tmp_path / "cut")
    with (tmp_path / "cut" / "occurrence_raw.csv").open("a") as file:
        file.write("cut off,1\n")
    records, rejected = read(IdigbioSource(path=tmp_path / "cut"))
    assert len(records) == 1
    assert any(one.where == "occurrence_raw.csv, row 4" for one in rejected)


def test_it_is_known_by_its_tables_and_ids(tmp_path):
    for make in (make_idigbio, make_nhm):
        (tmp_path / make.__name__).mkdir()
        path = make(tmp_path / make.__name__).source.path
        assert IdigbioSource.recognises(path) == (make is make_idigbio)


def test_the_citation_names_the_day_and_the_recordsets(export):
    citation = export([idigbio_medium(A)], []).citation()
    assert "accessed on 2026-03-04" in citation
    assert "recordsets/" in citation


def test_capitals_in_the_header_make_no_difference(export, tmp_path):
    found = export([idigbio_medium(A)], [idigbio_raw_medium(A)])
    with zipfile.ZipFile(found.path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    other = tmp_path / "capitals.zip"
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content.replace(b"coreid", b"CoreID", 1))
    again = found.model_copy(update={"path": other})
    assert [str(one) for one in again.records()] == [str(one) for one in found.records()]
